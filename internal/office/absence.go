package office

import (
	"context"
	"fmt"
	"slices"

	"essaim/access"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/member"
)

// Absences returns the absences that are not over: all of them for who declares anyone's, otherwise one's own and those
// that one stands in for.
func (o *Office) Absences(ctx context.Context, a access.Actor) (all []member.Absence, err error) {
	if err := can(a, access.DeclareAbsence, access.Subject{Person: a.Person}); err != nil {
		return nil, err
	}
	every := access.Can(a, access.DeclareAbsence, access.Subject{Coop: a.Coop}) == access.Allowed
	err = o.read(ctx, a, func(tx *store.Tx) error {
		all, err = tx.Absences(a.Today)
		return err
	})
	if !every {
		all = slices.DeleteFunc(all, func(x member.Absence) bool { return x.Person != a.Person && x.Substitute != a.Person })
	}
	return all, err
}

// SaveAbsence declares days away with their substitute, who reads what the person would have read and stands where the
// person stands for the activities they accompany (practice 23).
func (o *Office) SaveAbsence(ctx context.Context, a access.Actor, x member.Absence) (member.Absence, error) {
	if err := can(a, access.DeclareAbsence, access.Subject{Person: x.Person}); err != nil {
		return x, err
	}
	x.ID, x.By = 0, a.Person
	err := o.writeOnce(ctx, a, "absence", x, func(_ *store.Tx, id int64) error { x.ID = id; return nil }, func(tx *store.Tx) (int64, error) {
		today, err := tx.Today()
		if err != nil {
			return 0, err
		}
		known, err := tx.Absences(today)
		if err != nil {
			return 0, err
		}
		if err := x.Check(known); err != nil {
			return 0, err
		}
		if x.Until < today {
			return 0, fault.At("until", "office.absence_past")
		}
		for field, id := range map[string]int64{"person": x.Person, "substitute": x.Substitute} {
			p, err := tx.Person(id)
			if err != nil {
				return 0, err
			}
			if p.Left != 0 && p.Left < x.Until || !slices.ContainsFunc(p.Roles(max(today, x.From)), access.Reads) {
				return 0, fault.At(field, "office.absence_reader", "name", p.Name())
			}
		}
		if err := tx.SaveAbsence(&x); err != nil {
			return 0, err
		}
		return x.ID, tx.Audit(a.Person, "absence.save", fmt.Sprintf("person:%d", x.Person), map[string]any{"substitute": x.Substitute, "from": x.From, "until": x.Until})
	})
	return x, err
}

// EndAbsence ends an absence before today; one that has not begun is dropped.
func (o *Office) EndAbsence(ctx context.Context, a access.Actor, id int64) error {
	return o.write(ctx, a, func(tx *store.Tx) error {
		today, err := tx.Today()
		if err != nil {
			return err
		}
		all, err := tx.Absences(today)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(x member.Absence) bool { return x.ID == id })
		if i < 0 {
			if err := can(a, access.DeclareAbsence, access.Subject{}); err != nil {
				return err
			}
			return fault.New(fault.NotFound, "store.absence_unknown")
		}
		x := all[i]
		if err := can(a, access.DeclareAbsence, access.Subject{Person: x.Person}); err != nil {
			return err
		}
		if x.From < today {
			x.Until = today - 1
			err = tx.SaveAbsence(&x)
		} else {
			err = tx.DeleteAbsence(x.ID)
		}
		if err != nil {
			return err
		}
		return tx.Audit(a.Person, "absence.end", fmt.Sprintf("person:%d", x.Person), map[string]any{"substitute": x.Substitute, "from": x.From, "until": x.Until})
	})
}
