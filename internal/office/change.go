package office

import (
	"context"
	"reflect"

	"essaim/access"
	"essaim/activity"
	"essaim/coop"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/member"
	"essaim/money"
	"essaim/sale"
)

// What a form changes was read before it was written over: each Change… is the Save… of its thing that refuses, with
// [Changed], when what is stored is no longer what the form began from.

// ChangePerson is [Office.SavePerson] over what was read.
func (o *Office) ChangePerson(ctx context.Context, a access.Actor, was, p member.Person) (member.Person, error) {
	return o.savePerson(ctx, a, &was, p)
}

// ChangeActivity is [Office.SaveActivity] over what was read. The reserve is not part of it.
func (o *Office) ChangeActivity(ctx context.Context, a access.Actor, was, act activity.Activity) (activity.Activity, error) {
	return o.saveActivity(ctx, a, &was, act)
}

// ChangeContract is [Office.SaveContract] over what was read.
func (o *Office) ChangeContract(ctx context.Context, a access.Actor, was, c member.Contract) (member.Contract, error) {
	return o.saveContract(ctx, a, &was, c)
}

// ChangeCooperative is [Office.SaveCooperative] over what was read.
func (o *Office) ChangeCooperative(ctx context.Context, a access.Actor, was, c coop.Cooperative) error {
	return o.saveCooperative(ctx, a, &was, c)
}

// ChangeCustomer is [Office.SaveCustomer] over what was read.
func (o *Office) ChangeCustomer(ctx context.Context, a access.Actor, was, c sale.Customer) (sale.Customer, error) {
	return o.saveCustomer(ctx, a, &was, c, "", nil)
}

// ChangeReserve is [Office.SetReserve] over what was read.
func (o *Office) ChangeReserve(ctx context.Context, a access.Actor, id int64, was, amount money.Cents) error {
	return o.setReserve(ctx, a, id, &was, amount)
}

// ChangeRule is [Office.SaveRule] when no version of the rule was adopted after the last that was read (0: none).
func (o *Office) ChangeRule(ctx context.Context, a access.Actor, last int64, r coop.Rule) (coop.Rule, error) {
	return o.saveRule(ctx, a, &last, r)
}

// LastRule returns the version of a rule that was adopted last, whenever it begins: of a kind, and for contributions of a
// name.
func LastRule(rules []coop.Rule, kind coop.RuleKind, name string) (last coop.Rule) {
	for _, r := range rules {
		if r.Kind == kind && (kind != coop.RuleContribution || r.Name == name) && r.ID > last.ID {
			last = r
		}
	}
	return last
}

const changed = "office.changed"

func errChanged() error { return fault.New(fault.Conflict, changed) }

// Changed says whether an error means that someone else changed the thing since it was read.
func Changed(err error) bool {
	for _, e := range fault.All(err) {
		if e.Kind == fault.Conflict && e.Key == changed {
			return true
		}
	}
	return false
}

func same[T any](a, b T) bool { return reflect.DeepEqual(a, b) }

// LastChange returns the last change of a thing that the log holds, and who made it ("" for the program); At is 0 when
// it holds none. May the actor do the action on the subject, they may know.
func (o *Office) LastChange(ctx context.Context, a access.Actor, act access.Action, s access.Subject, thing string, actions ...string) (last store.AuditRow, by string, err error) {
	if err := can(a, act, s); err != nil {
		return last, "", err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		for _, action := range actions {
			rows, err := tx.Audits(store.AuditFilter{Subject: thing, Action: action, Limit: 1})
			if err != nil {
				return err
			}
			if len(rows) > 0 && rows[0].ID > last.ID {
				last = rows[0]
			}
		}
		if last.By == 0 {
			return nil
		}
		p, err := tx.Person(last.By)
		by = p.Name()
		return err
	})
	return last, by, err
}
