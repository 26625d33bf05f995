package sale

import (
	"essaim/i18n"
	"essaim/money"
)

// What the paper of a document in another currency says: every amount in it, the rate with its day and its source, and in
// euros the VAT, whatever the currency of the invoice (CGI art. 289-IV, converted as art. 266-1 bis says; directive
// 2006/112/CE art. 230; BOI-TVA-DECLA-30-20-20-10 n° 380), with the total that the books hold.

// Sum is an amount in the currency of the document.
func (c Content) Sum(v money.Cents) i18n.Sum { return i18n.Sum{Amount: v, Currency: c.Currency} }

// Own are the amounts in the currency of the document: those that its customer reads.
func (t Totals) Own() Totals { return t.own() }

// Own is a document as its customer reads it: every amount in its currency, what remains being what [Owing] says.
func (d Document) Own() Document {
	if d.Totals.Foreign == nil {
		return d
	}
	left, _ := Owing(d)
	credited := d.Credited
	own := d.inOwn()
	own.Paid, own.Lost = 0, 0
	if d.Kind == Invoice {
		own.Paid = own.Totals.Gross - own.Credited - left
	} else {
		own.Credited = credited
	}
	return own
}

// sum writes an amount of the paper.
func (w writer) sum(v money.Cents) string { return w.p.Sum(w.d.Content.Sum(v)) }

// unitPrice writes a price by unit with its currency.
func (w writer) unitPrice(v money.Micro) string { return w.d.Content.UnitPrice(v, w.p) }

// UnitPrice writes a price by unit in the currency of the document.
func (c Content) UnitPrice(v money.Micro, p i18n.Printer) string {
	if !c.abroad() {
		return p.UnitEuros(v)
	}
	return p.UnitPrice(v) + nbsp + c.Currency
}

// exchange tells the rate of a document in another currency: « 1 € = 1,0854 USD (BCE, 20 nov. 2026) ».
func (w writer) exchange() string {
	c := w.d.Content
	switch {
	case !c.abroad() || c.Exchange == 0:
		return ""
	case c.ExchangeSource == "":
		return w.p.T("paper.exchange_on", "rate", c.Exchange, "currency", c.Currency, "on", c.ExchangeOn)
	}
	return w.p.T("paper.exchange_of", "rate", c.Exchange, "currency", c.Currency, "source", c.ExchangeSource, "on", c.ExchangeOn)
}

// inEuros are the VAT of each rate and the total, in euros.
func (w writer) inEuros() (list []Pair) {
	if w.books.Totals.Foreign == nil {
		return nil
	}
	e := writer{d: w.books, f: w.f, p: w.p}
	t := e.before()
	var rate money.Rate = -1
	var sum money.Cents
	add := func() {
		if sum != 0 {
			list = append(list, Pair{w.p.T("paper.vat_euros", "rate", rate), w.p.Euros(sum)})
		}
	}
	for _, row := range t.Taxes { // by falling rate
		if row.Rate != rate {
			add()
			rate, sum = row.Rate, 0
		}
		sum += row.VAT
	}
	add()
	return append(list, Pair{w.p.T("paper.gross_euros"), w.p.Euros(t.Gross)})
}
