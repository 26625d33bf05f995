package sale

import (
	"slices"

	"essaim/fault"
	"essaim/ledger"
	"essaim/money"
)

// CreditOf returns the content of the credit note that cancels an invoice: the same lines, hence the same amounts (a
// credit note is written in positive amounts; its entry is the mirror). When credit notes came before, it holds one
// line for each nature and rate that still has something to credit.
func CreditOf(inv Document) Content {
	c := inv.Content
	c.Note, c.Reason, c.DueDays, c.ValidUntil = "", "", 0, 0
	c.SendWhenValidated, c.Word = false, ""
	if len(inv.Settled.Credited) == 0 {
		c.Lines = slices.Clone(c.Lines)
		return c
	}
	c.Lines = nil
	for _, p := range remainingParts(inv) {
		amount := p.Net
		if c.Gross {
			amount += p.VAT
		}
		if amount == 0 {
			continue
		}
		i := slices.IndexFunc(inv.Content.Lines, func(l Line) bool { return l.Nature == p.Nature && l.Tax == p.Tax })
		l := inv.Content.Lines[i]
		c.Lines = append(c.Lines, Line{Label: l.Label, Nature: p.Nature, Quantity: money.Unit, Price: amount.Micro(), Tax: p.Tax, Axis: l.Axis})
	}
	return c
}

// remainingParts returns what of an invoice no validated credit note has taken yet, by nature and tax code.
func remainingParts(inv Document) []Part {
	list := parts(inv.Content, inv.Totals)
	for i := range list {
		for _, c := range inv.Settled.Credited {
			if c.Nature == list[i].Nature && c.Tax == list[i].Tax {
				list[i].Net -= c.Net
				list[i].VAT -= c.VAT
			}
		}
	}
	return list
}

// Amounts returns the totals of a document of any kind: [Compute], and for a credit note [ComputeCredit].
func Amounts(d Document, f Facts) (Totals, error) {
	if d.Kind == CreditNote && f.Invoice != nil {
		return ComputeCredit(d.Content, *f.Invoice, f.Taxes)
	}
	return Compute(d.Content, f.Taxes)
}

// ComputeCredit returns the amounts of a credit note: those of [Compute], except that it never takes more VAT than the
// natures of the invoice still hold and that the one which takes all that remains under a tax code takes its exact VAT. So credit
// notes that sum to the invoice leave no cent. It does not judge whether the credit note is too large: [CheckSubmit].
func ComputeCredit(c Content, inv Document, taxes ledger.Taxes) (Totals, error) {
	t, err := Compute(c, taxes)
	if err != nil {
		return t, err
	}
	left := remainingParts(inv)
	if c.Gross {
		t.fitGross(c, left)
		t.sum(c, taxes)
	} else {
		for i := range t.Taxes {
			row := &t.Taxes[i]
			var net, given, taken money.Cents // taken: what natures below zero, a rebate, hold under the code
			for _, p := range left {
				if p.Tax == row.Tax {
					net += p.Net
					given += max(p.VAT, 0)
					taken += min(p.VAT, 0)
				}
			}
			if row.Net == net {
				row.VAT = given + taken
			} else {
				row.VAT = max(taken, min(row.VAT, given))
			}
		}
	}
	t.total()
	return t, nil
}

// fitGross corrects the nets of a credit note typed TTC so that no nature takes more net or VAT than the invoice holds,
// and the one that takes the whole gross takes the whole net. The cents go to the largest line.
func (t *Totals) fitGross(c Content, left []Part) {
	for _, p := range left {
		var gross, net money.Cents
		largest := -1
		for i, l := range c.Lines {
			if l.Nature == p.Nature && l.Tax == p.Tax {
				gross += t.Lines[i].Gross
				net += t.Lines[i].Net
				if largest < 0 || t.Lines[i].Gross.Abs() > t.Lines[largest].Gross.Abs() {
					largest = i
				}
			}
		}
		if largest < 0 {
			continue
		}
		fit := p.Net
		if gross != p.Net+p.VAT {
			fit = clamp(gross-clamp(gross-net, p.VAT), p.Net)
		}
		t.Lines[largest].Net += fit - net
	}
}

// clamp returns the amount nearest to v between nothing and a limit that may be of either sign.
func clamp(v, limit money.Cents) money.Cents { return max(min(0, limit), min(v, max(0, limit))) }

// within says whether v lies between nothing and a limit that may be of either sign.
func within(v, limit money.Cents) bool { return min(0, limit) <= v && v <= max(0, limit) }

// checkCredit tells what a credit note may not do to its invoice.
func checkCredit(d Document, inv Document, taxes ledger.Taxes) []error {
	var errs []error
	c := d.Content
	switch {
	case inv.Kind != Invoice || inv.Number == "":
		return append(errs, fault.New(fault.Conflict, "sale.fault.credit_of_nothing"))
	case d.Activity != inv.Activity || d.Customer != inv.Customer || d.Corrects != inv.ID:
		return append(errs, fault.New(fault.Conflict, "sale.fault.credit_elsewhere", "invoice", inv.Number))
	case c.Gross != inv.Content.Gross:
		return append(errs, fault.At("gross", "sale.fault.credit_mode", "invoice", inv.Number))
	}
	if inv.Totals.Gross <= inv.Credited {
		return append(errs, fault.New(fault.Conflict, "sale.fault.credit_done", "invoice", inv.Number))
	}
	left := remainingParts(inv)
	sums := map[[2]string]money.Cents{}
	first := map[[2]string]int{}
	for i, l := range c.Lines {
		k := [2]string{l.Nature, l.Tax}
		amount, err := l.amount()
		if err != nil {
			continue // told by [Compute]
		}
		if _, ok := first[k]; !ok {
			first[k] = i
		}
		sums[k] += amount
	}
	for i, l := range c.Lines {
		k := [2]string{l.Nature, l.Tax}
		if first[k] != i {
			continue
		}
		at := slices.IndexFunc(left, func(p Part) bool { return p.Nature == l.Nature && p.Tax == l.Tax })
		if at < 0 {
			errs = append(errs, lineFault(i, "tax", "sale.fault.credit_other", "invoice", inv.Number))
			continue
		}
		rest := left[at].Net
		if c.Gross {
			rest += left[at].VAT
		}
		if !within(sums[k], rest) {
			errs = append(errs, lineFault(i, "price", "sale.fault.credit_above", "invoice", inv.Number, "rest", rest))
		}
	}
	rest := inv.Totals.Gross - inv.Credited
	if t, err := ComputeCredit(c, inv, taxes); len(errs) == 0 && err == nil && t.Gross > rest {
		errs = append(errs, fault.At("lines", "sale.fault.credit_total", "invoice", inv.Number, "rest", rest))
	}
	return errs
}
