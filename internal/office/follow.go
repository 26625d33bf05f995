package office

import (
	"context"

	"essaim/access"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/sale"
)

// FollowCustomer gives the lines of a draft the tax codes of the customer that it has now, as far as nobody chose others
// than those it started with for the customer before. Nothing is saved.
func (o *Office) FollowCustomer(ctx context.Context, a access.Actor, d sale.Document, before int64) (sale.Content, error) {
	c := d.Content
	if err := can(a, access.DraftDocument, access.Subject{Activity: d.Activity, Kind: string(d.Kind)}); err != nil {
		return c, err
	}
	err := o.read(ctx, a, func(tx *store.Tx) error {
		f, err := o.facts(tx, sale.Document{Kind: d.Kind, Activity: d.Activity, Author: a.Person})
		if err != nil {
			return err
		}
		of := func(id int64) (sale.Facts, error) {
			own := f
			if id == 0 {
				return own, nil
			}
			customer, err := tx.Customer(id)
			if err == nil && customer.Activity == d.Activity {
				own.Customer = customer
			}
			if fault.KindOf(err) == fault.NotFound { // merged, or never ours
				err = nil
			}
			return own, err
		}
		was, err := of(before)
		if err != nil {
			return err
		}
		now, err := of(d.Customer)
		if err != nil {
			return err
		}
		sale.FollowTaxes(&c, was, now)
		return nil
	})
	return c, err
}
