package sale

import (
	"fmt"
	"maps"
	"slices"

	"essaim/ledger"
	"essaim/money"
)

// Receivable is an invoice with what the books hold open of it.
type Receivable struct {
	Invoice   Document
	Item      ledger.ItemRef // its line on 411
	Remaining money.Cents    // open on that line
	Third     int64
}

// Effect is what an event does: one entry, the invoices it changes, and what it collects.
type Effect struct {
	Entry     ledger.Entry
	Invoices  []Document // with their Paid, Credited and Settled after the event
	Collected []Collected
}

// Collected is a change of the net turnover collected of one invoice, by nature; negative when money goes back.
type Collected struct {
	Invoice  int64
	Activity int64
	Nature   string
	Net      money.Cents
}

// effective returns an invoice less its credit notes: gross, VAT by tax code, net by nature.
func effective(inv Document) (gross money.Cents, vat, net map[string]money.Cents) {
	vat, net = map[string]money.Cents{}, map[string]money.Cents{}
	for _, p := range remainingParts(inv) {
		vat[p.Tax] += p.VAT
		net[p.Nature] += p.Net
	}
	return inv.Totals.Gross - inv.Credited, vat, net
}

// rule returns what should be booked of an invoice by now: the VAT due of the codes due on receipt, and the net turnover
// collected by nature, each the share of its effective total that has been paid, rounded. Paid in full, they are exact.
func rule(inv Document, taxes ledger.Taxes) (vat, net map[string]money.Cents, err error) {
	gross, vats, nets := effective(inv)
	vat, net = map[string]money.Cents{}, map[string]money.Cents{}
	for tax, v := range vats {
		code, ok := taxes[tax]
		if !ok {
			return nil, nil, fmt.Errorf("settle invoice %s: unknown tax code %q", inv.Number, tax)
		}
		if code.OnReceipt && !inv.Settled.Debits {
			vat[tax] = paidShare(v, inv.Paid, gross)
		}
	}
	for nature, n := range nets {
		net[nature] = paidShare(n, inv.Paid, gross)
	}
	return vat, net, nil
}

// paidShare returns the part of v that is paid, exact once nothing is left to pay (which includes an invoice that credit
// notes brought to nil).
func paidShare(v, paid, gross money.Cents) money.Cents {
	if paid == gross {
		return v
	}
	return v.Share(paid, gross)
}

// settle brings Settled up to the rule and returns the lines and the collected turnover that this takes:
// rounded(cumulated) − booked. The maps of the document it is given are left alone.
func settle(inv *Document, taxes ledger.Taxes) ([]ledger.Line, []Collected, error) {
	vat, net, err := rule(*inv, taxes)
	if err != nil {
		return nil, nil, err
	}
	var lines []ledger.Line
	for _, tax := range slices.Sorted(maps.Keys(bothKeys(vat, inv.Settled.VAT))) {
		move := vat[tax] - inv.Settled.VAT[tax]
		if move == 0 {
			continue
		}
		l := ledger.Line{Section: inv.Activity, Tax: tax, Document: documentOf(*inv)}
		l.Account, l.Amount = ledger.VATPending, move
		lines = append(lines, l)
		l.Account, l.Amount = ledger.VATDue, -move
		lines = append(lines, l)
	}
	var collected []Collected
	for _, nature := range slices.Sorted(maps.Keys(bothKeys(net, inv.Settled.Net))) {
		if move := net[nature] - inv.Settled.Net[nature]; move != 0 {
			collected = append(collected, Collected{Invoice: inv.ID, Activity: inv.Activity, Nature: nature, Net: move})
		}
	}
	inv.Settled.VAT, inv.Settled.Net = nonZero(vat), nonZero(net)
	return lines, collected, nil
}

// Settlement returns what an invoice must hold as settled, out of what it is, what it has been paid and its validated
// credit notes: verify compares it with what events have left.
func Settlement(inv Document, credits []Document, taxes ledger.Taxes) (Settled, error) {
	s := Settled{Debits: inv.Settled.Debits, Moved: inv.Settled.Moved}
	inv.Credited = 0
	for _, cn := range credits {
		s.Credited = addParts(s.Credited, parts(cn.Content, cn.Totals))
		inv.Credited += cn.Totals.Gross
	}
	if inv.Paid == 0 && len(credits) == 0 {
		return s, nil // nothing has settled anything
	}
	inv.Settled = s
	vat, net, err := rule(inv, taxes)
	s.VAT, s.Net = nonZero(vat), nonZero(net)
	return s, err
}

func bothKeys(a, b map[string]money.Cents) map[string]money.Cents {
	all := maps.Clone(a)
	for k, v := range b {
		if _, ok := all[k]; !ok {
			all[k] = v
		}
	}
	return all
}

// nonZero drops what is nil, so that the same state has one form.
func nonZero(m map[string]money.Cents) map[string]money.Cents {
	maps.DeleteFunc(m, func(_ string, v money.Cents) bool { return v == 0 })
	if len(m) == 0 {
		return nil
	}
	return m
}
