package sale

import (
	"encoding/binary"

	"essaim/money"
)

// Read says whether the team reads a document before it leaves, and why, as a message (practice 34). Before anything is
// typed the document is empty and the answer is what is known by then: the rule that holds whatever will be written,
// or the conditions under which it will leave alone.
func Read(d Document, f Facts) (key string, args []any, read bool) {
	t := f.Rules.Trust
	if d.Kind == Quote && !t.Quotes {
		return "sale.read.quote_free", nil, false
	}
	if d.Kind == Quote {
		return "sale.read.quote", nil, true
	}
	if isPenalty(d) && d.Kind == Invoice { // computed out of what was read already
		return "sale.read.penalty", nil, false
	}
	if t.AllUnderCAPE && f.underCAPE() {
		return "sale.read.cape", nil, true
	}
	if c := f.Contract; c.Kind != "" && !c.ActiveOn(f.Today) { // work goes on, and nobody is bound to do it (practice 33)
		return "sale.read.contract_over", []any{"end", c.End}, true
	}
	if d.Kind == Invoice && f.IssuedBefore < t.FirstInvoices {
		return "sale.read.first", []any{"n", f.IssuedBefore + 1, "of", t.FirstInvoices}, true
	}
	if t.AlwaysForeign && (f.Customer.Kind == EUCompany || f.Customer.Kind == Foreign) {
		return "sale.read.foreign", nil, true
	}
	if t.AlwaysExempt && d.exempt(f) {
		return "sale.read.exempt", nil, true
	}
	net := d.Totals.Net
	if now, err := Amounts(d, f); err == nil {
		net = now.Net
	}
	if d.Kind == CreditNote {
		return readCredit(net, creditedNet(f.Invoice), t.CreditAbove)
	}
	known := f.CustomerKnown || !t.KnownCustomers
	switch {
	case net.Abs() > t.AloneUpTo:
		return "sale.read.above", []any{"limit", t.AloneUpTo}, true
	case f.Customer.Kind != "" && !known:
		return "sale.read.new_customer", nil, true
	case len(d.Content.Lines) > 0 && f.Customer.Kind != "" && len(Findings(d, f)) > 0:
		return "sale.read.gate", nil, true
	case len(d.Content.Lines) > 0 && f.Customer.Kind != "":
		return "sale.read.alone", nil, false
	case t.KnownCustomers:
		return "sale.read.alone_known", []any{"limit", t.AloneUpTo}, false
	}
	return "sale.read.alone_up_to", []any{"limit", t.AloneUpTo}, false
}

// Sampled says whether a document that left alone is read afterwards, from its link in the chain of validations: it holds
// the instant and every document before it, so that its author cannot foresee the answer, and whoever recomputes the chain
// finds the same.
func Sampled(link []byte, percent int) bool {
	if len(link) < 8 {
		return false
	}
	return binary.BigEndian.Uint64(link)%100 < uint64(max(percent, 0)) //nolint:gosec // never negative
}

// creditedNet is what credit notes took of an invoice already: many small ones make a large one.
func creditedNet(inv *Document) (net money.Cents) {
	if inv != nil {
		for _, p := range inv.Settled.Credited {
			net += p.Net
		}
	}
	return net
}

func readCredit(net, before, above money.Cents) (key string, args []any, read bool) {
	switch {
	case net.Abs() > above:
		return "sale.read.credit_above", []any{"limit", above}, true
	case net+before > above:
		return "sale.read.credit_together", []any{"limit", above, "before", before}, true
	}
	return "sale.read.credit_alone", []any{"limit", above}, false
}

// exempt says whether a line bears no VAT.
func (d Document) exempt(f Facts) bool {
	for _, l := range d.Content.Lines {
		if c, ok := f.Taxes[l.Tax]; ok && c.Exempt() {
			return true
		}
	}
	return false
}
