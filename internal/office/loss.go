package office

import (
	"context"
	"fmt"

	"essaim/access"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/sale"
)

// Lose writes off what is open of an invoice; Restore undoes it when it was a mistake.
func (o *Office) Lose(ctx context.Context, a access.Actor, id int64, reason string) error {
	return o.aboutInvoice(ctx, a, id, "lost", reason, func(_ *store.Tx, r sale.Receivable, f sale.PayFacts) (sale.Effect, error) {
		return sale.Lose(r, f)
	})
}

// Restore undoes the loss of an invoice.
func (o *Office) Restore(ctx context.Context, a access.Actor, id int64, reason string) error {
	return o.aboutInvoice(ctx, a, id, "restored", reason, func(tx *store.Tx, r sale.Receivable, f sale.PayFacts) (sale.Effect, error) {
		if r.Invoice.Settled.LossEntry == 0 {
			return sale.Restore(r, ledger.Entry{}, f)
		}
		entry, err := tx.Entry(r.Invoice.Settled.LossEntry)
		if err != nil {
			return sale.Effect{}, err
		}
		return sale.Restore(r, entry, f)
	})
}

// Doubt moves an invoice to the doubtful customers.
func (o *Office) Doubt(ctx context.Context, a access.Actor, id int64, reason string) error {
	return o.aboutInvoice(ctx, a, id, "doubtful", reason, func(_ *store.Tx, r sale.Receivable, f sale.PayFacts) (sale.Effect, error) {
		return sale.Doubt(r, f)
	})
}

// aboutInvoice books what is decided of an invoice that is not paid. The reason is told in its history and in the log.
func (o *Office) aboutInvoice(ctx context.Context, a access.Actor, id int64, deed, reason string, do func(*store.Tx, sale.Receivable, sale.PayFacts) (sale.Effect, error)) error {
	if err := checkReason(reason, true); err != nil {
		return err
	}
	return o.write(ctx, a, func(tx *store.Tx) error {
		recs, err := o.receivables(tx, a, []sale.Allocation{{Invoice: id}})
		if err != nil {
			return err
		}
		r := recs[0]
		customer, err := tx.Customer(r.Invoice.Customer)
		if err != nil {
			return err
		}
		facts, err := o.payFacts(tx, customer, recs)
		if err != nil {
			return err
		}
		effect, err := do(tx, r, facts)
		if err != nil {
			return err
		}
		effect.Entry.By = a.Person
		if err := tx.Post(&effect.Entry); err != nil {
			return err
		}
		switch deed {
		case "doubtful":
			effect.Invoices[0].Settled.Doubtful = ledger.ItemRef{Entry: effect.Entry.ID, Line: 1}
		case "lost":
			effect.Invoices[0].Settled.LossEntry = effect.Entry.ID
		}
		if err := o.settle(tx, effect, effect.Entry.Date, 0); err != nil {
			return err
		}
		if err := tx.AddEvent(id, deed, reason, 0, a.Person, a.Name); err != nil {
			return err
		}
		if err := tx.Audit(a.Person, "sale."+deed, fmt.Sprintf("invoice:%d", id), map[string]any{"number": r.Invoice.Number, "comment": reason}); err != nil {
			return err
		}
		return o.contributeAll(tx, map[int64]date.Day{r.Invoice.Activity: effect.Entry.Date}, effect.Entry.Ref)
	})
}

// Refund gives back an advance of a customer, or (means "cents") keeps the cents that are not asked for.
func (o *Office) Refund(ctx context.Context, a access.Actor, p sale.Payment, key string) (sale.Payment, error) {
	var saved sale.Payment
	err := o.write(ctx, a, func(tx *store.Tx) error {
		saved = p
		if id, done, err := once(tx, a, "refund", key, p); err != nil || done {
			if err == nil {
				saved, err = tx.Payment(id)
			}
			return err
		}
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		customer, err := tx.Customer(p.Customer)
		if err != nil {
			return absent(a, access.RecordPayment, err)
		}
		saved.Activity, saved.Excess = customer.Activity, p.Amount
		if err := can(a, access.RecordPayment, ofPaid(set, saved)); err != nil {
			return err
		}
		facts, err := o.payFacts(tx, customer, nil)
		if err != nil {
			return err
		}
		facts.Bears = booksDay(set, saved.Date, facts.Today)
		if saved.ID, err = tx.NextPayment(); err != nil { // its entry names it
			return err
		}
		effect, err := sale.Refund(saved, facts)
		if err != nil {
			return err
		}
		if _, err := o.bookPayment(tx, a, &saved, effect, 0, "refund"); err != nil {
			return err
		}
		return keep(tx, a, "refund", key, p, saved.ID)
	})
	return saved, err
}

// FreeRetention changes the day from which a customer has to pay what was retained: the works were received later, a bank
// has given its guarantee, or the customer contests them.
func (o *Office) FreeRetention(ctx context.Context, a access.Actor, id int64, day date.Day, reason string) error {
	if err := checkReason(reason, true); err != nil {
		return err
	}
	return o.write(ctx, a, func(tx *store.Tx) error {
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		inv, err := tx.Sale(id)
		if err != nil {
			return absent(a, access.RecordPayment, err)
		}
		if err := can(a, access.RecordPayment, of(set, inv)); err != nil {
			return err
		}
		today, err := tx.Today()
		if err != nil {
			return err
		}
		switch {
		case sale.RetainedOpen(inv, 0) == 0:
			return fault.New(fault.Conflict, "office.nothing_retained", "invoice", inv.Number)
		case day < inv.Date || day > today+3653:
			return fault.At("day", "sale.fault.day_absurd")
		}
		inv.Settled.Release = day
		if err := tx.SaveSale(&inv); err != nil {
			return err
		}
		rec, err := receivable(tx, inv)
		if err != nil {
			return err
		}
		for _, it := range rec.Items {
			if it.Account == ledger.Retention {
				if err := tx.DueItem(it.Item, day); err != nil {
					return err
				}
			}
		}
		if err := tx.AddEvent(id, "retention", day.String()+" "+reason, 0, a.Person, a.Name); err != nil {
			return err
		}
		return tx.Audit(a.Person, "sale.retention", fmt.Sprintf("invoice:%d", id), map[string]any{"number": inv.Number, "comment": reason, "day": day.String()})
	})
}

// checkReason refuses a reason that is missing where one is due, or that no page or paper could show.
func checkReason(reason string, due bool) error {
	if due && reason == "" {
		return fault.At("reason", "office.reason_missing")
	}
	if !fault.Plain(reason) || len([]rune(reason)) > 500 {
		return fault.At("reason", "office.reason_text")
	}
	return nil
}
