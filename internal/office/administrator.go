package office

import (
	"context"

	"essaim/access"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/member"
)

// A cooperative that nobody administers can be mended by nobody in it: whatever takes the role, the way in or the person
// away is refused when a day would be left, today or later, without an administrator who can sign in. A day that had none
// before is no reason to refuse.

// closedLogins are the logins of administrators that are closed for every cooperative: their people cannot sign in.
func (o *Office) closedLogins(ctx context.Context, coop int64) (map[int64]bool, error) {
	var all []member.Person
	err := o.db.Read(ctx, coop, func(tx *store.Tx) (err error) {
		all, err = tx.Persons()
		return err
	})
	if err != nil {
		return nil, err
	}
	closed := map[int64]bool{}
	err = o.db.Read(ctx, 0, func(tx *store.Tx) error {
		for _, p := range all {
			if p.Login == 0 || !administers(p) {
				continue
			}
			l, found, err := tx.Login(p.Login)
			if err != nil {
				return err
			}
			if !found || l.Disabled != 0 {
				closed[p.Login] = true
			}
		}
		return nil
	})
	return closed, err
}

func administers(p member.Person) bool {
	for _, g := range p.Grants {
		if g.Role == member.Administrator {
			return true
		}
	}
	return false
}

// keepAdministrator refuses to put a person in place of what they were when the cooperative would be left without an
// administrator from a day on; closed are the logins that open nothing.
func keepAdministrator(tx *store.Tx, a access.Actor, old, now member.Person, closed map[int64]bool) error {
	if !administers(old) {
		return nil
	}
	all, err := tx.Persons()
	if err != nil {
		return err
	}
	for i := range all {
		if closed[all[i].Login] {
			all[i].Login = 0
		}
	}
	if closed[now.Login] {
		now.Login = 0
	}
	field := "roles"
	if now.Left != old.Left {
		field = "left"
	}
	return noneLeft(all, now, a, field)
}

// noneLeft compares the people before and after one of them changes.
func noneLeft(all []member.Person, now member.Person, a access.Actor, field string) error {
	before, lacked := member.Without(all, member.Administrator, a.Today)
	after := make([]member.Person, len(all))
	for i, p := range all {
		if after[i] = p; p.ID == now.ID {
			after[i] = now
		}
	}
	day, lacks := member.Without(after, member.Administrator, a.Today)
	if !lacks || lacked && before <= day {
		return nil
	}
	return fault.At(field, "office.last_administrator", "day", day)
}

// MayClose says whether a login can be closed: not that of the last administrator of a cooperative.
func (o *Office) MayClose(ctx context.Context, login int64) error {
	places, err := o.db.Memberships(ctx, login)
	if err != nil {
		return err
	}
	for _, m := range places {
		closed, err := o.closedLogins(ctx, m.Coop)
		if err != nil {
			return err
		}
		a, err := o.System(ctx, m.Coop)
		if err != nil {
			return err
		}
		err = o.db.Read(ctx, m.Coop, func(tx *store.Tx) error {
			p, err := tx.Person(m.Person)
			if err != nil || closed[p.Login] {
				return err
			}
			shut := p
			shut.Login = 0
			return keepAdministrator(tx, a, p, shut, closed)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
