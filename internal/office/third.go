package office

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"essaim/access"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/ledger"
)

// The third parties of the books. A customer's comes with the customer, a worker's with the person; suppliers and bodies
// are opened by who keeps the books, from the entry where they first appear or by themselves.

// Thirds returns third parties of a kind ("" is any) whose code or name holds a text, by name: what an entry may name.
func (o *Office) Thirds(ctx context.Context, a access.Actor, kind ledger.ThirdKind, q string, limit int) ([]ledger.Third, error) {
	if err := can(a, access.PostEntry, access.Subject{}); err != nil {
		return nil, err
	}
	return o.thirds(ctx, a, kind, q, limit)
}

// ThirdsSeen is [Office.Thirds] for who reads the books: those whose account opens to the actor.
func (o *Office) ThirdsSeen(ctx context.Context, a access.Actor, kind ledger.ThirdKind, q string, limit int) ([]ledger.Third, error) {
	if err := can(a, access.ViewLedger, access.Subject{Year: a.Year()}); err != nil {
		return nil, err
	}
	all, err := o.thirds(ctx, a, kind, q, limit)
	return slices.DeleteFunc(all, func(t ledger.Third) bool { return !opens(a, t) }), err
}

func (o *Office) thirds(ctx context.Context, a access.Actor, kind ledger.ThirdKind, q string, limit int) (all []ledger.Third, err error) {
	err = o.read(ctx, a, func(tx *store.Tx) error {
		all, err = tx.Thirds(kind, q, limit)
		return err
	})
	return all, err
}

// opens says whether a third party is named to the actor: what somebody is paid or refunded opens to those who may see
// that person's pay (practice 24).
func opens(a access.Actor, t ledger.Third) bool {
	return t.Kind != ledger.Worker || access.Can(a, access.ViewPay, access.Subject{Coop: a.Coop, Person: t.Person}) == access.Allowed
}

// ThirdsOf returns the third parties that lines of the books name, by id. Of a person whose pay the actor may not see
// nothing is told but that it is a person: a third party without code and name.
func (o *Office) ThirdsOf(ctx context.Context, a access.Actor, ids []int64) (all map[int64]ledger.Third, err error) {
	if err := can(a, access.ViewLedger, access.Subject{Year: a.Year()}); err != nil {
		return nil, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		if all, err = tx.ThirdsOf(slices.Compact(slices.Sorted(slices.Values(ids)))); err != nil {
			return err
		}
		for id, t := range all {
			if !opens(a, t) {
				all[id] = ledger.Third{ID: id, Kind: t.Kind}
			}
		}
		return nil
	})
	return all, err
}

// Worker returns the third party of a person, on the accounts of pay and refunds.
func (o *Office) Worker(ctx context.Context, a access.Actor, person int64) (t ledger.Third, err error) {
	if err := can(a, access.PostEntry, access.Subject{}); err != nil {
		return t, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		t, err = tx.WorkerOf(person)
		return err
	})
	return t, err
}

// AddThird opens a supplier or a body; key makes a repeat harmless. A supplier is known by its name: a second one of the
// same name is refused, with the code of the first.
func (o *Office) AddThird(ctx context.Context, a access.Actor, t ledger.Third, key string) (ledger.Third, error) {
	if err := can(a, access.PostEntry, access.Subject{}); err != nil {
		return t, err
	}
	added := t
	err := o.write(ctx, a, func(tx *store.Tx) error {
		added = t
		id, done, err := once(tx, a, "third", key, t)
		if err != nil {
			return err
		}
		if done {
			added, err = tx.Third(id)
			return err
		}
		if err := addThird(tx, a, &added); err != nil {
			return err
		}
		return keep(tx, a, "third", key, t, added.ID)
	})
	return added, err
}

// maxThirdName bounds the name of a third party, in characters.
const maxThirdName = 200

func addThird(tx *store.Tx, a access.Actor, t *ledger.Third) error {
	t.Name = strings.Join(strings.Fields(t.Name), " ")
	t.Code = strings.ToUpper(strings.TrimSpace(t.Code))
	switch {
	case t.Kind == ledger.Customer:
		return fault.At("kind", "office.third_customer")
	case t.Kind == ledger.Worker:
		return fault.At("kind", "store.third_person")
	case t.Kind != ledger.Supplier && t.Kind != ledger.Body:
		return fault.At("kind", "office.third_kind")
	case t.Name == "":
		return fault.At("name", "office.third_name")
	case utf8.RuneCountInString(t.Name) > maxThirdName:
		return fault.At("name", "office.third_name_long", "max", maxThirdName)
	case t.Kind == ledger.Body && strings.ContainsAny(t.Code, " \t"):
		return fault.At("code", "office.third_code_spaces")
	case t.Kind == ledger.Body && utf8.RuneCountInString(t.Code) > maxThirdCode:
		return fault.At("code", "office.third_code_long", "max", maxThirdCode)
	}
	t.ID, t.Person = 0, 0
	same, err := tx.ThirdsNamed(t.Kind, t.Name)
	if err != nil {
		return err
	}
	if len(same) > 0 {
		return &fault.Error{Kind: fault.Conflict, Field: "name", Key: "office.third_known", Args: []any{"code", same[0].Code, "name", same[0].Name}}
	}
	if err := tx.AddThird(t); err != nil {
		return err
	}
	return tx.Audit(a.Person, "third.add", fmt.Sprintf("third:%d", t.ID), t)
}

// maxThirdCode bounds the code of a body, in characters.
const maxThirdCode = 20
