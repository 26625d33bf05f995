package office

import (
	"cmp"
	"context"
	"slices"

	"essaim/access"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/money"
	"essaim/sale"
)

// Money that came ahead of any invoice is an advance, without VAT, until somebody says what it is for. Received for goods or
// services that are agreed, it is a deposit, and its VAT is due at receipt (CGI art. 269-2 a and c): its invoice is made of it.

// DepositFromAdvance makes and submits the deposit invoice of what a customer has sent ahead on an accepted quote: an
// amount tax included, at most what is held. Once validated, at once or by a reader, the advance pays it.
func (o *Office) DepositFromAdvance(ctx context.Context, a access.Actor, quoteID int64, amount money.Cents, key string) (d sale.Document, err error) {
	err = o.write(ctx, a, func(tx *store.Tx) error {
		d = sale.Document{}
		what := [2]int64{quoteID, int64(amount)}
		if id, done, err := once(tx, a, "deposit_advance", key, what); err != nil || done {
			if err == nil {
				d, err = tx.Sale(id)
			}
			return err
		}
		quote, err := tx.Sale(quoteID)
		if err != nil {
			return absent(a, access.SubmitDocument, err)
		}
		if err := can(a, access.SubmitDocument, access.Subject{Activity: quote.Activity, Author: a.Person, Kind: string(sale.Invoice)}); err != nil {
			return err
		}
		if quote.Content.Abroad() { // each would be worth another rate: the deposit is written in its currency, and paid as it is
			return fault.At("amount", "office.advance_currency", "quote", quote.Number, "currency", quote.Content.Currency)
		}
		customer, err := tx.Customer(quote.Customer)
		if err != nil {
			return err
		}
		facts, err := o.payFacts(tx, customer, nil)
		if err != nil {
			return err
		}
		if held := heldFor(facts, quote.Activity); amount <= 0 || amount > held {
			return fault.At("amount", "sale.fault.advance_short", "held", held)
		}
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		if err := boughtTooSoon(set, customer, quote, facts.Today); err != nil {
			return err
		}
		d = sale.Document{Kind: sale.Invoice, Activity: quote.Activity, Status: sale.Draft, Author: a.Person}
		if err := derive(&d, quote); err != nil {
			return err
		}
		made, err := invoicesOf(tx, quote.ID)
		if err != nil {
			return err
		}
		if d.Content, err = sale.Compose(quote.Taken(), made, sale.Invoicing{Stage: sale.Deposit, Amount: amount}); err != nil {
			return err
		}
		if err := invoicedWhole(tx, d, quote, true); err != nil {
			return err
		}
		d.Content.UseAdvance = true
		if err := o.saveDraft(tx, a, &d); err != nil {
			return err
		}
		if err := o.submit(tx, a, &d); err != nil {
			return err
		}
		return keep(tx, a, "deposit_advance", key, what, d.ID)
	})
	return d, err
}

// Ahead returns what a customer has sent ahead of any invoice and nothing has used, the oldest first.
func (o *Office) Ahead(ctx context.Context, a access.Actor, customer int64) (items []ledger.OpenItem, err error) {
	err = o.read(ctx, a, func(tx *store.Tx) error {
		c, err := tx.Customer(customer)
		if err != nil {
			return absent(a, access.ViewCustomer, err)
		}
		if err := can(a, access.ViewCustomer, access.Subject{Activity: c.Activity}); err != nil || c.Third == 0 {
			return err
		}
		all, err := tx.OpenItemsOf(c.Third, ledger.Advances)
		for _, it := range all {
			if it.Account == ledger.Advances && it.Section == c.Activity && it.Remaining < 0 {
				items = append(items, it)
			}
		}
		slices.SortStableFunc(items, func(x, y ledger.OpenItem) int { return cmp.Compare(x.Date, y.Date) })
		return err
	})
	return items, err
}

// heldFor is what the customer of some facts has sent ahead to an activity and nothing has used.
func heldFor(f sale.PayFacts, activity int64) (held money.Cents) {
	for _, it := range f.Advances {
		if it.Account == ledger.Advances && it.Section == activity && it.Third == f.Customer.Third {
			held -= it.Remaining
		}
	}
	return held
}

// useAdvance pays a document that was just issued with what its customer had sent ahead, as far as it goes: whoever
// validates it decides no payment, its author said so.
func (o *Office) useAdvance(tx *store.Tx, a access.Actor, d *sale.Document) error {
	customer, err := tx.Customer(d.Customer)
	if err != nil {
		return err
	}
	rec, err := receivable(tx, *d)
	if err != nil {
		return err
	}
	facts, err := o.payFacts(tx, customer, []sale.Receivable{rec})
	if err != nil {
		return err
	}
	amount := min(heldFor(facts, d.Activity), sale.Remaining(*d))
	if amount <= 0 || d.Content.Abroad() { // used, or given back, meanwhile: the invoice is to be paid like another
		return nil
	}
	set, err := tx.Settings()
	if err != nil {
		return err
	}
	switch err := paidTooSoon(tx, set, customer, []sale.Allocation{{Invoice: d.ID}}, facts.Today); {
	case fault.KindOf(err) == fault.Invalid: // nothing may be taken for it yet: it is to be paid like another, on its day
		return nil
	case err != nil:
		return err
	}
	p := sale.Payment{Date: facts.Today, Amount: amount, Means: sale.Advance, Customer: d.Customer, Activity: d.Activity, Allocations: []sale.Allocation{{Invoice: d.ID, Amount: amount}}}
	effect, err := sale.Receive(p, []sale.Receivable{rec}, facts)
	if err != nil {
		return err
	}
	touched, err := o.bookPayment(tx, a, &p, effect, 0, "payment")
	if err != nil {
		return err
	}
	if *d, err = tx.Sale(d.ID); err != nil {
		return err
	}
	return o.contributeAll(tx, touched, effect.Entry.Ref)
}
