package office

import (
	"context"

	"essaim/access"
	"essaim/coop"
	"essaim/internal/store"
	"essaim/sale"
)

// Delay returns the delay of payment that a document of an activity proposes to a customer (0: not known yet).
func (o *Office) Delay(ctx context.Context, a access.Actor, activity, customer int64) (d coop.Delay, err error) {
	if err := can(a, access.DraftDocument, access.Subject{Activity: activity, Kind: string(sale.Invoice)}); err != nil {
		return d, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		doc := sale.Document{Kind: sale.Invoice, Activity: activity, Customer: customer, Author: a.Person}
		f, err := o.facts(tx, doc)
		if err != nil {
			return err
		}
		if err := ownCustomer(doc, f); err != nil {
			return err
		}
		d, _ = f.Delay()
		return nil
	})
	return d, err
}

// Paying is how a customer is to pay, and how they do.
type Paying struct {
	Delay coop.Delay
	Whose sale.Whose
	Habit sale.Habit
}

// CustomerPays tells how a customer is to pay the next invoice, and how they paid the last ones.
func (o *Office) CustomerPays(ctx context.Context, a access.Actor, id int64) (p Paying, err error) {
	err = o.read(ctx, a, func(tx *store.Tx) error {
		c, err := tx.Customer(id)
		if err != nil {
			return absent(a, access.ViewCustomer, err)
		}
		if err := can(a, access.ViewCustomer, access.Subject{Activity: c.Activity}); err != nil {
			return err
		}
		f, err := o.facts(tx, sale.Document{Kind: sale.Invoice, Activity: c.Activity, Customer: id, Author: a.Person})
		if err != nil {
			return err
		}
		p.Delay, p.Whose = f.Delay()
		settled, err := tx.Payoffs(c.Activity, id)
		p.Habit = sale.HabitOf(settled)
		return err
	})
	return p, err
}
