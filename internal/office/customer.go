package office

import (
	"context"
	"slices"

	"essaim/access"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/money"
	"essaim/sale"
)

// CustomerOpen returns what a customer still owes, the oldest due first, then what was written off of theirs and may come in
// the end, and what is kept in advance.
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
		lost, err := tx.LostInvoices(c.Activity, id)
		if err != nil {
			return err
		}
		for _, inv := range lost {
			if sale.Remaining(inv) == 0 { // otherwise it is there already
				owed = append(owed, inv)
			}
		}
		items, err := tx.OpenItemsOf(c.Third, ledger.Advances)
		for _, it := range items {
			if it.Account == ledger.Advances { // deposits, below it, are for the work they were asked for
				advances -= it.Remaining
			}
		}
		return err
	})
	return owed, advances, err
}

// CustomerNames names those of the customers that the actor may see.
func (o *Office) CustomerNames(ctx context.Context, a access.Actor, ids []int64) (map[int64]string, error) {
	names := map[int64]string{}
	err := o.read(ctx, a, func(tx *store.Tx) error {
		customers, err := tx.CustomersOf(slices.Compact(slices.Sorted(slices.Values(ids))))
		if err != nil {
			return err
		}
		for _, c := range customers {
			// An auditor reads the documents that these customers stand on.
			if len(a.AuditYears) > 0 || access.Can(a, access.ViewDocument, access.Subject{Coop: a.Coop, Activity: c.Activity}) == access.Allowed {
				names[c.ID] = c.FullName()
			}
		}
		return nil
	})
	return names, err
}

// OwedBy returns what each customer of an activity owes; of one customer when it is given.
func (o *Office) OwedBy(ctx context.Context, a access.Actor, activityID, customer int64) (all map[int64]store.Owing, err error) {
	if err := can(a, access.ViewDocument, access.Subject{Activity: activityID}); err != nil {
		return nil, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		all, err = tx.OwedBy(activityID, customer, a.Today)
		return err
	})
	return all, err
}
