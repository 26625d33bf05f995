package office

import (
	"context"

	"essaim/access"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/money"
	"essaim/sale"
)

// CustomerOpen returns what a customer still owes, the oldest due first, and what is kept in advance.
func (o *Office) CustomerOpen(ctx context.Context, a access.Actor, id int64) (owed []sale.Document, advances money.Cents, err error) {
	err = o.read(ctx, a, func(tx *store.Tx) error {
		c, err := tx.Customer(id)
		if err != nil {
			return absent(a, access.ViewCustomer, err)
		}
		if err := can(a, access.ViewCustomer, access.Subject{Activity: c.Activity}); err != nil {
			return err
		}
		if owed, err = tx.OpenInvoices(c.Activity, id); err != nil {
			return err
		}
		items, err := tx.OpenItemsOf(c.Third, ledger.Advances)
		for _, it := range items {
			advances -= it.Remaining
		}
		return err
	})
	return owed, advances, err
}

// CustomerNames names those of the customers that the actor may see.
func (o *Office) CustomerNames(ctx context.Context, a access.Actor, ids []int64) (map[int64]string, error) {
	names := map[int64]string{}
	err := o.read(ctx, a, func(tx *store.Tx) error {
		for _, id := range ids {
			if _, known := names[id]; known {
				continue
			}
			c, err := tx.Customer(id)
			if err != nil {
				return err
			}
			// An auditor reads the documents that these customers stand on.
			if len(a.AuditYears) > 0 || access.Can(a, access.ViewDocument, access.Subject{Coop: a.Coop, Activity: c.Activity}) == access.Allowed {
				names[id] = c.FullName()
			}
		}
		return nil
	})
	return names, err
}
