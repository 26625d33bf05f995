package sale

import (
	"cmp"
	"slices"

	"essaim/date"
	"essaim/money"
)

// ClosingKind is the period that a closing covers.
type ClosingKind string

// The three closings that the law asks of software that records payments (CGI art. 286-I-3° bis; BOI-TVA-DECLA-30-10-30).
const (
	ClosingDay   ClosingKind = "day"
	ClosingMonth ClosingKind = "month"
	ClosingYear  ClosingKind = "year" // fiscal year
)

// Closing holds what was recorded in a period: takings and payments, by VAT rate and by means, with the total since the
// beginning that no reversal hides. What it covers are places in the two chains: closings follow each other without a
// hole whatever day a record bears.
type Closing struct {
	ID       int64         `json:"id"`
	Kind     ClosingKind   `json:"kind"`
	From     date.Day      `json:"from"`
	To       date.Day      `json:"to"`
	Payments [2]int64      `json:"payments"` // last payment before, last payment of the period
	Records  [2]int64      `json:"records"`  // of the register, likewise
	Count    int           `json:"count"`    // payments and takings, with those that undo one
	Rates    []ClosedRate  `json:"rates"`
	Means    []ClosedMeans `json:"means"`
	Total    money.Cents   `json:"total"`
	Grand    money.Cents   `json:"grand"`  // since the beginning: payments and takings less what was undone
	Turned   money.Cents   `json:"turned"` // what was recorded in the period whatever its sign: reversals do not lessen it
	At       int64         `json:"at"`
}

// NoRate stands for money that pays no sale yet: advances.
const NoRate money.Rate = -1

// ClosedRate is the total of one VAT rate.
type ClosedRate struct {
	Rate  money.Rate  `json:"rate"`
	Net   money.Cents `json:"net"`
	VAT   money.Cents `json:"vat"`
	Gross money.Cents `json:"gross"`
}

// ClosedMeans is the total of one means of payment.
type ClosedMeans struct {
	Means  Means       `json:"means"`
	Amount money.Cents `json:"amount"`
}

// Operation is a payment or takings as closings count it; undone ones come once more with the other sign.
type Operation struct {
	Rates []ClosedRate
	Means []ClosedMeans
}

// TakingOperation is how closings count takings.
func TakingOperation(t Taking, undo bool) Operation {
	var o Operation
	for _, m := range t.Means.List() {
		if m.Amount != 0 {
			o.Means = append(o.Means, ClosedMeans{m.Means, m.Amount})
		}
	}
	for _, row := range t.Totals.Taxes {
		o.Rates = append(o.Rates, ClosedRate{row.Rate, row.Net, row.VAT, row.Net + row.VAT})
	}
	return o.signed(undo)
}

// PaymentOperation is how closings count a payment: what goes to an invoice by the rates of that invoice as it was
// issued, the rest at no rate. The use of an advance brings no money: it goes from no rate to rates. Cents that are given up
// are no money, and were never any: they are counted under no rate and no means.
func PaymentOperation(p Payment, undo bool, taxes func(invoice int64) []TaxTotal) Operation {
	var o Operation
	if p.Means == GivenUp {
		return o
	}
	for _, a := range p.Allocations {
		rows := taxes(a.Invoice)
		var whole, so, given money.Cents
		for _, row := range rows {
			whole += row.Net + row.VAT
		}
		if whole == 0 {
			o.Rates = append(o.Rates, ClosedRate{Rate: NoRate, Net: a.Amount, Gross: a.Amount})
			continue
		}
		// Each rate has its part by *rounded(cumulated) − given*, net first: they sum to what was paid.
		take := func(part money.Cents) money.Cents {
			so += part
			x := a.Amount.Share(so, whole) - given
			given += x
			return x
		}
		for _, row := range rows {
			n, v := take(row.Net), take(row.VAT)
			o.Rates = append(o.Rates, ClosedRate{row.Rate, n, v, n + v})
		}
	}
	// What no invoice takes: advances kept, used or given back, exchange differences.
	var came money.Cents
	if p.Means != Advance {
		came = p.Amount
		o.Means = []ClosedMeans{{p.Means, p.Amount}}
	}
	for _, r := range o.Rates {
		came -= r.Gross
	}
	if came != 0 {
		o.Rates = append(o.Rates, ClosedRate{Rate: NoRate, Net: came, Gross: came})
	}
	return o.signed(undo)
}

func (o Operation) signed(undo bool) Operation {
	if !undo {
		return o
	}
	for i := range o.Rates {
		r := &o.Rates[i]
		r.Net, r.VAT, r.Gross = -r.Net, -r.VAT, -r.Gross
	}
	for i := range o.Means {
		o.Means[i].Amount = -o.Means[i].Amount
	}
	return o
}

// Add counts an operation.
func (c *Closing) Add(o Operation) {
	c.Count++
	for _, r := range o.Rates {
		i := slices.IndexFunc(c.Rates, func(x ClosedRate) bool { return x.Rate == r.Rate })
		if i < 0 {
			i = len(c.Rates)
			c.Rates = append(c.Rates, ClosedRate{Rate: r.Rate})
		}
		x := &c.Rates[i]
		x.Net, x.VAT, x.Gross = x.Net+r.Net, x.VAT+r.VAT, x.Gross+r.Gross
	}
	for _, m := range o.Means {
		i := slices.IndexFunc(c.Means, func(x ClosedMeans) bool { return x.Means == m.Means })
		if i < 0 {
			i = len(c.Means)
			c.Means = append(c.Means, ClosedMeans{Means: m.Means})
		}
		c.Means[i].Amount += m.Amount
		c.Total += m.Amount
		c.Turned += m.Amount.Abs()
	}
}

// Merge adds a shorter closing to a longer one.
func (c *Closing) Merge(o Closing) {
	n := c.Count + o.Count
	c.Add(Operation{Rates: o.Rates, Means: o.Means})
	c.Turned += o.Turned
	for _, m := range o.Means {
		c.Turned -= m.Amount.Abs()
	}
	c.Count = n
}

// Seal puts the rows in order and carries the total since the beginning on.
func (c *Closing) Seal(before money.Cents) {
	slices.SortFunc(c.Rates, func(a, b ClosedRate) int { return cmp.Compare(b.Rate, a.Rate) })
	slices.SortFunc(c.Means, func(a, b ClosedMeans) int { return cmp.Compare(a.Means, b.Means) })
	c.Grand = before + c.Total
}
