package office

import (
	"context"
	"errors"
	"fmt"

	"essaim/access"
	"essaim/coop"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/sale"
)

// LateRates returns the official rates known to the cooperative, the oldest half-year first, and its rule.
func (o *Office) LateRates(ctx context.Context, a access.Actor) (all []sale.Semester, r coop.Reminders, err error) {
	if err := can(a, access.PostEntry, access.Subject{}); err != nil {
		return nil, r, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		rules, err := o.rulesToday(tx, a)
		r = rules.Reminders
		all = sale.Semesters(r)
		return err
	})
	return all, r, err
}

// lateAhead bounds how far ahead of its first day a half-year may be read: they are published within the month before it.
const lateAhead = 31

// SaveLateRates keeps the official rates of a half-year as whoever keeps the books has read them, with the text: they are
// found, not decided. What was kept of it before stays written.
func (o *Office) SaveLateRates(ctx context.Context, a access.Actor, h coop.LateHalf, key string) error {
	if err := can(a, access.PostEntry, access.Subject{}); err != nil {
		return err
	}
	return o.writeOnce(Keyed(ctx, key), a, "late_rates", h, func(*store.Tx, int64) error { return nil }, func(tx *store.Tx) (int64, error) {
		today, err := tx.Today()
		if err != nil {
			return 0, err
		}
		r, err := RuleOf(coop.RuleLateRates, "", h.From, h.LateRates, h.Source)
		if err != nil {
			return 0, err
		}
		var errs []error
		for _, e := range fault.All(r.Check()) { // named as on the form
			switch e.Field {
			case "decision":
				errs = append(errs, fault.At("source", "office.late_source"))
			case "value.ecb", "value.legal":
				errs = append(errs, fault.At(e.Field[len("value."):], e.Key, e.Args...))
			default:
				errs = append(errs, e)
			}
		}
		if h.From > today+lateAhead {
			errs = append(errs, fault.At("from", "office.late_ahead"))
		}
		if err := errors.Join(errs...); err != nil {
			return 0, err
		}
		set, err := tx.Settings()
		if err != nil {
			return 0, err
		}
		var before coop.Rule
		for _, x := range set.Rules {
			if x.Kind == r.Kind && x.From == r.From && x.ID > before.ID {
				before = x
			}
		}
		if err := tx.SaveRule(&r); err != nil {
			return 0, err
		}
		return r.ID, tx.Audit(a.Person, "rule.save", fmt.Sprintf("rule:%d", r.ID), toldRule(before, r))
	})
}
