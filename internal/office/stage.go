package office

import (
	"slices"
	"strconv"
	"strings"

	"essaim/internal/store"
	"essaim/ledger"
	"essaim/money"
	"essaim/sale"
)

// Staged is what the form of an invoice of a quote shows beside what is typed: what was quoted and invoiced, and what the
// invoice would deduct of deposits as it stands.
type Staged struct {
	Quote    sale.Document
	Made     []sale.Document // invoices with a number, the oldest first
	Proposed []sale.Line     // deductions
	Done     []money.Rate    // of each line, by the situations before this one
	OfQuotes []sale.Document // of an invoice without a quote: deposits of the customer's quotes, which their own invoices clear
}

// recompose takes from the books again what the author of an invoice of a quote does not decide: see [sale.Recompose].
func recompose(tx *store.Tx, d *sale.Document) (*Staged, error) {
	if d.Kind == sale.CreditNote && d.Corrects != 0 {
		inv, err := tx.Sale(d.Corrects)
		if err == nil {
			d.Content = sale.RecomposeCredit(d.Content, inv)
		}
		return nil, err
	}
	if d.Kind != sale.Invoice {
		return nil, nil
	}
	if d.Content.Late = nil; d.Content.Stage == sale.Penalty { // never written by hand: see [Office.AskPenalties]
		d.Content.Stage = ""
	}
	if d.Origin == 0 {
		return recomposeFree(tx, d)
	}
	quote, err := tx.Sale(d.Origin)
	if err != nil {
		return nil, err
	}
	if quote.Kind != sale.Quote {
		return nil, nil
	}
	quote = quote.Taken()
	made, err := invoicesOf(tx, quote.ID)
	if err != nil {
		return nil, err
	}
	d.Content = sale.Recompose(d.Content, quote, made)
	return staged(*d, quote, made), nil
}

func staged(d, quote sale.Document, made []sale.Document) *Staged {
	return &Staged{Quote: quote, Made: made, Proposed: sale.ProposedDeductions(d.Content, quote, made), Done: sale.DoneBy(quote, made)}
}

// recomposeFree does so for an invoice without a quote: it may deduct what its customer was asked in advance without a
// quote either. The deposit of a quote is cleared by the invoices of that quote, which know what is left of it.
func recomposeFree(tx *store.Tx, d *sale.Document) (*Staged, error) {
	c := d.Content
	named := slices.ContainsFunc(c.Lines, func(l sale.Line) bool { return l.Deposit != 0 })
	if d.Customer == 0 || c.Stage == sale.Deposit || c.Stage == sale.Progress || c.Situation != 0 {
		return nil, nil
	}
	made, quoted, err := depositsOf(tx, *d)
	if err != nil {
		return nil, err
	}
	if named {
		d.Content = sale.Recompose(c, sale.Document{}, made)
	}
	if d.Content.Stage == sale.Balance && !slices.ContainsFunc(d.Content.Lines, func(l sale.Line) bool { return l.Deposit != 0 }) {
		d.Content.Stage = "" // nothing is deducted any more: an invoice like another
	}
	if len(made)+len(quoted) == 0 {
		return nil, nil
	}
	beside := staged(*d, sale.Document{}, made)
	beside.OfQuotes = quoted
	return beside, nil
}

// depositsOf are the deposit invoices of a document's customer that something is left of, the oldest first: those without a
// quote, and those of quotes.
func depositsOf(tx *store.Tx, d sale.Document) (free, quoted []sale.Document, err error) {
	customer, err := tx.Customer(d.Customer)
	if err != nil || customer.Activity != d.Activity || customer.Third == 0 {
		return nil, nil, err
	}
	items, err := tx.OpenItemsOf(customer.Third, ledger.Advances)
	if err != nil {
		return nil, nil, err
	}
	var ids []int64
	for _, it := range items {
		// Beside deposits an over-payment stands there too.
		if id, err := strconv.ParseInt(strings.TrimPrefix(it.Document, string(sale.Invoice)+":"), 10, 64); err == nil && it.Account != ledger.Advances {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		dep, err := tx.Sale(id)
		if err != nil {
			return nil, nil, err
		}
		switch {
		case dep.Kind != sale.Invoice || dep.Content.Stage != sale.Deposit || dep.Activity != d.Activity || dep.Content.Currency != d.Content.Currency || len(sale.Undeducted(dep)) == 0:
		case dep.Origin == 0:
			free = append(free, dep)
		default:
			quoted = append(quoted, dep)
		}
	}
	return free, quoted, nil
}
