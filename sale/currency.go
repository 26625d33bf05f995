package sale

import (
	"slices"

	"essaim/fault"
	"essaim/ledger"
	"essaim/money"
)

// Currencies are those a document may be written in besides the euro: the ones that the European Central Bank quotes and that
// have cents (amounts are cents of the currency).
func Currencies() []string { return slices.Clone(currencies) }

var currencies = []string{
	"USD", "GBP", "CHF", "CAD", "SEK", "NOK", "DKK", "PLN", "CZK", "RON", "HUF", "MAD", "AUD", "NZD", "SGD", "HKD", "CNY", "INR", "BRL", "MXN", "ZAR", "ILS", "THB", "MYR", "PHP", "TRY",
}

// CurrencyOf is the currency that a customer of a country usually pays in, when a document may be written in it; otherwise
// the euro.
func CurrencyOf(country string) string {
	if c, ok := currencyOf[country]; ok {
		return c
	}
	return "EUR"
}

// currencyOf has the countries whose own currency is among [Currencies] (ISO 4217, list one).
var currencyOf = map[string]string{
	"US": "USD", "PR": "USD", "EC": "USD", "SV": "USD", "GB": "GBP", "JE": "GBP", "GG": "GBP", "IM": "GBP", "CH": "CHF", "LI": "CHF", "CA": "CAD", "SE": "SEK", "NO": "NOK",
	"DK": "DKK", "GL": "DKK", "FO": "DKK", "PL": "PLN", "CZ": "CZK", "RO": "RON", "HU": "HUF", "MA": "MAD", "AU": "AUD", "NZ": "NZD", "SG": "SGD", "HK": "HKD", "CN": "CNY",
	"IN": "INR", "BR": "BRL", "MX": "MXN", "ZA": "ZAR", "IL": "ILS", "TH": "THB", "MY": "MYR", "PH": "PHP", "TR": "TRY",
}

// Abroad says whether a document is in another currency than the euro.
func (c Content) Abroad() bool { return c.abroad() }

// abroad says whether a document is in another currency than the euro.
func (c Content) abroad() bool { return c.Currency != "" && c.Currency != "EUR" }

// euros converts an amount at the rate of the document, rounded to the cent.
func (c Content) euros(v money.Cents) money.Cents {
	return money.Cents(money.MulDiv(int64(v), int64(money.Unit), int64(c.Exchange)))
}

// units converts euros at the rate of the document.
func (c Content) units(v money.Cents) money.Cents {
	return money.Cents(money.MulDiv(int64(v), int64(c.Exchange), int64(money.Unit)))
}

// inOwn is an invoice seen in its own currency: what a credit note, written in it too, is compared with.
func (d Document) inOwn() Document {
	if d.Totals.Foreign == nil {
		return d
	}
	d.Settled.Deducted = foreignDeducted(d)
	d.Settled.Credited = d.Settled.Refunded
	d.Totals = *d.Totals.Foreign
	d.Credited = 0
	for _, p := range d.Settled.Credited {
		d.Credited += p.Net + p.VAT
	}
	return d
}

// inEuros converts the amounts of a document for the books: by part, *rounded(cumulated) − given*, so that net and VAT add
// up. What a document takes of another, a credit note of its invoice or a balance of a deposit, is worth what that one was.
func (t Totals) inEuros(d Document, f Facts) (Totals, error) {
	own := t
	list := parts(d.Content, t)
	book := slices.Clone(list)
	var sum, given money.Cents
	next := func(v money.Cents) money.Cents {
		sum += v
		part := d.Content.euros(sum) - given
		given += part
		return part
	}
	var ownDeducted, bookDeducted []Part // deducted of deposits, in both
	for i, p := range list {
		if p.Deposit != 0 && d.Kind != CreditNote {
			at := slices.IndexFunc(f.Deposits, func(x Document) bool { return x.ID == p.Deposit })
			if at < 0 {
				return t, noDeposit(d, p.Deposit)
			}
			net, vat := worth(Part{Nature: p.Nature, Tax: p.Tax, Axis: p.Axis, Net: -p.Net, VAT: -p.VAT}, f.Deposits[at], true)
			book[i].Net, book[i].VAT = -net, -vat
			ownDeducted = addParts(ownDeducted, []Part{{Nature: p.Nature, Tax: p.Tax, Axis: p.Axis, Net: -p.Net, VAT: -p.VAT}})
			bookDeducted = addParts(bookDeducted, []Part{{Nature: p.Nature, Tax: p.Tax, Axis: p.Axis, Net: net, VAT: vat}})
		}
	}
	for i, p := range list {
		b := &book[i]
		switch {
		case d.Kind == CreditNote && f.Invoice != nil && f.Invoice.Totals.Foreign != nil:
			b.Net, b.VAT = worth(p, *f.Invoice, false)
		case p.Deposit == 0: // the part that deposits have paid is worth what they were, the rest what it is today
			o, k := findPart(ownDeducted, p), findPart(bookDeducted, p)
			b.Net, b.VAT = k.Net+next(p.Net-o.Net), k.VAT+next(p.VAT-o.VAT)
		}
	}
	out := Totals{Lines: make([]LineTotal, len(own.Lines)), Foreign: &own}
	for k, p := range list {
		var net, gross, netGiven, grossGiven money.Cents
		for i, l := range d.Content.Lines {
			if i >= len(own.Lines) || !p.is(Part{Nature: l.Nature, Tax: l.Tax, Deposit: l.Deposit, Axis: l.Axis}) {
				continue
			}
			o := &out.Lines[i]
			net += own.Lines[i].Net
			o.Net = book[k].Net.Share(net, p.Net) - netGiven
			netGiven += o.Net
			if d.Content.Gross {
				gross += own.Lines[i].Gross
				o.Gross = (book[k].Net+book[k].VAT).Share(gross, p.Net+p.VAT) - grossGiven
				grossGiven += o.Gross
			}
			if l.Deposit != 0 {
				o.VAT = o.Gross - o.Net
				if !d.Content.Gross {
					o.VAT = book[k].VAT.Share(own.Lines[i].VAT, p.VAT)
				}
			}
		}
	}
	for _, row := range own.Taxes {
		r := TaxTotal{Tax: row.Tax, Rate: row.Rate}
		for _, b := range book {
			if b.Tax == row.Tax {
				r.Net += b.Net
				r.VAT += b.VAT
			}
		}
		out.Taxes = append(out.Taxes, r)
	}
	out.total()
	out.Retained = out.Gross.Share(own.Retained, own.Gross)
	return out, nil
}

// worth returns what the books hold of a part of another document that is taken now, in the currency of both: with what
// was taken before, its share of the whole, less what was booked of it.
func worth(p Part, of Document, deducted bool) (net, vat money.Cents) {
	whole, bookWhole := findPart(parts(of.Content, *of.Totals.Foreign), p), findPart(parts(of.Content, of.Totals), p)
	taken, bookTaken := findPart(of.Settled.Refunded, p), findPart(of.Settled.Credited, p)
	if deducted {
		more, book := findPart(foreignDeducted(of), p), findPart(of.Settled.Deducted, p)
		taken.Net, taken.VAT = taken.Net+more.Net, taken.VAT+more.VAT
		bookTaken.Net, bookTaken.VAT = bookTaken.Net+book.Net, bookTaken.VAT+book.VAT
	}
	return bookWhole.Net.Share(taken.Net+p.Net, whole.Net) - bookTaken.Net, bookWhole.VAT.Share(taken.VAT+p.VAT, whole.VAT) - bookTaken.VAT
}

// inCurrency writes on the lines of customers, beside the euros, what they are in the currency of the document.
func (f Facts) inCurrency(d Document, e *ledger.Entry) error {
	own := d.Totals.Foreign
	if own == nil || d.Totals.Gross == 0 {
		return nil
	}
	for i := range e.Lines {
		if l := &e.Lines[i]; l.Third != 0 {
			l.Currency, l.Foreign = d.Content.Currency, int64(own.Gross.Share(l.Amount, d.Totals.Gross))
		}
	}
	return nil
}

// Owing is what remains of an invoice in the currency of the customer, and that currency.
func Owing(inv Document) (amount money.Cents, currency string) {
	if inv.Totals.Foreign == nil {
		return Remaining(inv), "EUR"
	}
	if Remaining(inv) == 0 {
		return 0, inv.Content.Currency
	}
	return OwnPayable(inv).Share(Remaining(inv), Payable(inv)), inv.Content.Currency
}

// OwnPayable is [Payable] in the currency of the invoice.
func OwnPayable(inv Document) money.Cents {
	if inv.Totals.Foreign == nil || Payable(inv) == 0 {
		return Payable(inv)
	}
	own := inv.inOwn()
	return max(0, own.Totals.Gross-own.Credited-inv.Settled.Foreign)
}

// settledBy returns the euros that a payment of an amount in the currency of the invoice settles in its books: with what was
// paid before, its share of the whole, less what was booked. What was written off may come all the same.
func settledBy(inv Document, amount money.Cents) money.Cents {
	own := inv.inOwn()
	return (inv.Totals.Gross-inv.Credited).Share(inv.Settled.Foreign+amount, own.Totals.Gross-own.Credited) - inv.Paid
}

// checkExchange: another currency has its rate, and bears no VAT that waits for the money (its rate would be that of the day
// of each receipt: CGI art. 266-1 bis).
func checkExchange(d Document, f Facts) []error {
	c := d.Content
	if !c.abroad() {
		return nil
	}
	var errs []error
	if c.Exchange <= 0 && d.Kind != Quote {
		errs = append(errs, fault.At("exchange", "sale.fault.exchange_missing", "currency", c.Currency))
	} else if c.ExchangeOn == 0 && d.Kind != Quote {
		errs = append(errs, fault.At("exchangeOn", "sale.fault.exchange_day"))
	} else if c.ExchangeOn > f.Today {
		errs = append(errs, fault.At("exchangeOn", "sale.fault.exchange_ahead", "on", c.ExchangeOn))
	}
	for i, l := range c.Lines {
		if waits(Document{Content: c, Settled: Settled{Debits: f.Rules.VAT.OnDebits}}, f.Taxes[l.Tax]) {
			errs = append(errs, lineFault(i, "tax", "sale.fault.currency_vat"))
		}
	}
	return errs
}
