package office

import (
	"context"

	"essaim/access"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/sale"
)

// Preview returns the sheet of a document as it stands on a form, saved (its ID) or not: its amounts as far as they go,
// what it would print, and whether it would be read before it leaves. Nothing is written.
func (o *Office) Preview(ctx context.Context, a access.Actor, d sale.Document) (s Sheet, err error) {
	if err := can(a, access.DraftDocument, access.Subject{Activity: d.Activity}); err != nil {
		return s, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		if d.ID != 0 {
			old, err := tx.Sale(d.ID)
			if err != nil {
				return err
			}
			if old.Activity != d.Activity {
				return fault.New(fault.NotFound, "office.absent")
			}
			content, customer := d.Content, d.Customer
			d = old
			d.Content = content
			if old.Corrects == 0 {
				d.Customer = customer
			}
		} else if d.Origin != 0 || d.Corrects != 0 {
			from, err := tx.Sale(max(d.Origin, d.Corrects))
			if err != nil {
				return err
			}
			if from.Activity != d.Activity {
				return fault.New(fault.NotFound, "office.absent")
			}
			if d.Corrects != 0 {
				d.Customer = from.Customer
			}
		}
		beside, err := recompose(tx, &d)
		if err != nil {
			return err
		}
		if err := atRate(tx, &d, false); err != nil {
			return err
		}
		if d.Status == "" {
			d.Status, d.Author = sale.Draft, a.Person
		}
		f, err := o.facts(tx, d)
		if err != nil {
			return err
		}
		if err := wear(tx, d, &f); err != nil {
			return err
		}
		if d.Customer != 0 && f.Customer.Activity != d.Activity {
			return fault.New(fault.NotFound, "office.absent")
		}
		d.Content = d.Content.Fit(f.Taxes)
		d.Totals, _ = sale.Amounts(d, f) // of what is typed so far
		s = Sheet{Doc: d, Facts: f, State: sale.State(d, f.Today), Staged: beside}
		if s.Newer, err = newerRate(tx, d); err != nil {
			return err
		}
		s.ReadKey, s.ReadArgs, s.Read = sale.Read(d, f)
		return o.addUsual(tx, &s)
	})
	return s, err
}
