package office

import (
	"context"
	"slices"

	"essaim/access"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/money"
	"essaim/sale"
)

// depositFacts adds what the rules must know of the sale that a document belongs to: the deposits that it deducts or is the
// credit note of, and the other situations of its quote.
func depositFacts(tx *store.Tx, d sale.Document, f *sale.Facts) error {
	needs := d.Content.Stage == sale.Deposit
	for _, l := range d.Content.Lines {
		if l.Deposit == 0 || slices.ContainsFunc(f.Deposits, func(x sale.Document) bool { return x.ID == l.Deposit }) {
			continue
		}
		needs = true
		dep, err := tx.Sale(l.Deposit)
		switch {
		case fault.KindOf(err) == fault.NotFound: // told on the line
		case err != nil:
			return err
		case dep.Activity == d.Activity:
			f.Deposits = append(f.Deposits, dep)
		}
	}
	if needs && f.Customer.Third != 0 {
		items, err := tx.OpenItemsOf(f.Customer.Third, ledger.Advances)
		if err != nil {
			return err
		}
		f.DepositItems = slices.DeleteFunc(items, func(it ledger.OpenItem) bool { return it.Account == ledger.Advances })
	}
	named := len(f.Deposits) > 0
	if d.Content.Situation == 0 && !named || d.Origin == 0 || d.Kind != sale.Invoice {
		return nil
	}
	made, err := invoicesOf(tx, d.Origin)
	if err == nil && named {
		quote, err := tx.Sale(d.Origin)
		if err != nil {
			return err
		}
		f.More = quote.Kind == sale.Quote && sale.LeavesMore(d, quote.Taken(), made, f.Taxes)
	}
	if d.Content.Situation == 0 {
		return err
	}
	f.Situations = slices.DeleteFunc(made, func(x sale.Document) bool { return x.ID == d.ID || x.Content.Situation == 0 })
	return err
}

// invoicesOf returns the invoices of a quote that have a number, the oldest first.
func invoicesOf(tx *store.Tx, quote int64) ([]sale.Document, error) {
	rows, err := tx.SalesFrom(quote)
	if err != nil {
		return nil, err
	}
	var made []sale.Document
	for _, r := range rows {
		if r.Kind != sale.Invoice || r.Number == "" {
			continue
		}
		d, err := tx.Sale(r.ID)
		if err != nil {
			return nil, err
		}
		made = append(made, d)
	}
	slices.SortFunc(made, func(a, b sale.Document) int { return int(a.ID - b.ID) })
	return made, nil
}

// StartInvoice returns the next invoice of an accepted quote as it would be: a deposit, a situation of the works or the
// balance. Nothing is saved.
func (o *Office) StartInvoice(ctx context.Context, a access.Actor, quoteID int64, how sale.Invoicing) (Sheet, error) {
	var s Sheet
	err := o.read(ctx, a, func(tx *store.Tx) error {
		quote, err := tx.Sale(quoteID)
		if err != nil {
			return absent(a, access.DraftDocument, err)
		}
		if err := can(a, access.DraftDocument, access.Subject{Activity: quote.Activity, Kind: string(sale.Invoice)}); err != nil {
			return err
		}
		d := sale.Document{Kind: sale.Invoice, Activity: quote.Activity, Status: sale.Draft, Author: a.Person}
		if err := derive(&d, quote); err != nil {
			return err
		}
		made, err := invoicesOf(tx, quote.ID)
		if err != nil {
			return err
		}
		if err := invoicedWhole(tx, sale.Document{Kind: sale.Invoice, Content: sale.Content{Stage: how.Stage, Currency: quote.Content.Currency}}, quote, true); err != nil {
			return err // told with the invoice that holds it
		}
		if d.Content, err = sale.Compose(quote.Taken(), made, how); err != nil {
			return err
		}
		if err := atRate(tx, &d, true); err != nil {
			return err
		}
		if err := depositFits(d, quote.Taken(), askedOf(quote, made)); err != nil {
			return fault.At("amount", "sale.fault.deposit_left", fault.All(err)[0].Args...)
		}
		s.Staged = staged(d, quote.Taken(), made)
		s.Doc, s.Subject = d, access.Subject{Activity: d.Activity, Author: d.Author, Kind: string(d.Kind)}
		if err := o.sheet(tx, a, &s); err != nil {
			return err
		}
		s.Doc.Totals, _ = sale.Amounts(s.Doc, s.Facts)
		s.ReadKey, s.ReadArgs, s.Read = sale.Read(s.Doc, s.Facts)
		return nil
	})
	return s, err
}

// askedOf is what the invoices of a quote have sold and asked for in advance, in its currency.
func askedOf(quote sale.Document, made []sale.Document) (sum money.Cents) {
	for _, d := range made {
		sold, waiting := sale.SoldOf(quote, d)
		sum += sold + waiting
	}
	return sum
}

// Invoiced is what became of a quote: its invoices, how far each line is done, and what its schedule asks. Its amounts are in
// the currency of the quote.
type Invoiced struct {
	Quote   sale.Document
	Made    []sale.Document // invoices with a number, the oldest first
	Done    []money.Rate    // of each line, by situations
	Terms   []money.Cents   // what each line of the schedule comes to
	Sold    money.Cents     // invoiced of the sale, tax included
	Waiting money.Cents     // asked in advance and not deducted yet
	Left    money.Cents     // to invoice still, deposits not deducted
	Whole   money.Cents     // what an invoice of all that is left comes to
	Next    int             // place in the schedule of what comes next, -1: nothing
	Comes   money.Cents     // what its invoice comes to
}

// InvoicedOf returns what became of a quote.
func (o *Office) InvoicedOf(ctx context.Context, a access.Actor, quoteID int64) (d Invoiced, err error) {
	err = o.read(ctx, a, func(tx *store.Tx) error {
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		if d.Quote, err = tx.Sale(quoteID); err != nil {
			return absent(a, access.ViewDocument, err)
		}
		if err := can(a, access.ViewDocument, of(set, d.Quote)); err != nil {
			d = Invoiced{}
			return err
		}
		d.Quote = d.Quote.Taken()
		if d.Made, err = invoicesOf(tx, quoteID); err != nil {
			return err
		}
		d.Done = sale.DoneBy(d.Quote, d.Made)
		d.Terms = sale.TermAmounts(d.Quote.Content.Schedule, d.Quote.Totals.Own().Gross)
		for _, inv := range d.Made {
			sold, waiting := sale.SoldOf(d.Quote, inv)
			d.Sold, d.Waiting = d.Sold+sold, d.Waiting+waiting
		}
		d.Left, d.Next = sale.LeftOf(d.Quote, d.Made), sale.NextTerm(d.Quote, d.Made)
		if d.Left > 0 {
			d.Whole = d.comesTo(sale.Invoicing{Stage: sale.Balance})
		}
		if d.Left > 0 && d.Next >= 0 {
			d.Comes = d.comesTo(d.Asks(d.Next))
		}
		return nil
	})
	return d, err
}

// comesTo is what the next invoice would come to, as it is proposed.
func (d Invoiced) comesTo(how sale.Invoicing) money.Cents {
	c, err := sale.Compose(d.Quote, d.Made, how)
	if err != nil {
		return 0
	}
	t, err := sale.Compute(c, ledger.France())
	if err != nil {
		return 0
	}
	return max(0, t.Gross)
}

// Asks is how a line of the schedule is invoiced: works go on so far that it asks its amount, each line alike.
func (d Invoiced) Asks(i int) sale.Invoicing {
	t := d.Quote.Content.Schedule[i]
	how := sale.Invoicing{Stage: t.Stage}
	switch t.Stage {
	case sale.Deposit:
		if how.Share = t.Share; t.Share == 0 {
			how.Amount = t.Amount
		}
	case sale.Progress:
		// What the customer is to pay of the works, once the deposits are given back as they advance.
		whole := d.Quote.Totals.Own().Gross
		for k, x := range d.Quote.Content.Schedule {
			if x.Stage == sale.Deposit {
				whole -= d.Terms[k]
			}
		}
		share := money.One
		if amount := d.Terms[i]; amount < whole {
			share = money.Rate(money.MulDiv(int64(money.One), int64(amount), int64(whole)))
		}
		for _, done := range d.Done {
			how.Done = append(how.Done, min(money.One, done+share))
		}
	case sale.Balance:
	}
	return how
}
