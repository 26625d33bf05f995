package office

import (
	"essaim/internal/store"
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
	if d.Kind != sale.Invoice || d.Origin == 0 {
		return nil, nil
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
