package office

import (
	"cmp"
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
	made, err := freeDeposits(tx, *d)
	if err != nil {
		return nil, err
	}
	if named {
		d.Content = sale.Recompose(c, sale.Document{}, made)
	}
	if d.Content.Stage == sale.Balance && !slices.ContainsFunc(d.Content.Lines, func(l sale.Line) bool { return l.Deposit != 0 }) {
		d.Content.Stage = "" // nothing is deducted any more: an invoice like another
	}
	if len(made) == 0 {
		return nil, nil
	}
	return staged(*d, sale.Document{}, made), nil
}

// freeDeposits are the deposit invoices of a document's customer that no quote is behind and that something is left of, the
// oldest first.
func freeDeposits(tx *store.Tx, d sale.Document) ([]sale.Document, error) {
	customer, err := tx.Customer(d.Customer)
	if err != nil || customer.Activity != d.Activity || customer.Third == 0 {
		return nil, err
	}
	items, err := tx.OpenItemsOf(customer.Third, ledger.Advances)
	if err != nil {
		return nil, err
	}
	var made []sale.Document
	for _, it := range items {
		id, err := strconv.ParseInt(strings.TrimPrefix(it.Document, string(sale.Invoice)+":"), 10, 64)
		if it.Account == ledger.Advances || err != nil || slices.ContainsFunc(made, func(x sale.Document) bool { return x.ID == id }) {
			continue // an over-payment, or the receipt of a deposit
		}
		dep, err := tx.Sale(id)
		if err != nil {
			return nil, err
		}
		if dep.Kind == sale.Invoice && dep.Content.Stage == sale.Deposit && dep.Origin == 0 && dep.Activity == d.Activity && dep.Content.Currency == d.Content.Currency && len(sale.Undeducted(dep)) > 0 {
			made = append(made, dep)
		}
	}
	slices.SortFunc(made, func(a, b sale.Document) int { return cmp.Compare(a.ID, b.ID) })
	return made, nil
}
