package sale

import (
	"slices"

	"essaim/coop"
	"essaim/fault"
	"essaim/ledger"
	"essaim/money"
)

// CreditOf returns the content of the credit note that cancels an invoice: the same lines, hence the same amounts (a
// credit note is written in positive amounts; its entry is the mirror). When credit notes came before, it holds one
// line for each nature and rate that still has something to credit.
func CreditOf(inv Document) Content {
	c := inv.Content
	c.Note, c.Reason, c.ValidUntil = "", "", 0
	c.SetDelay(coop.Delay{})
	c.SendWhenValidated, c.UseAdvance, c.Word = false, false, ""
	c.Before, c.Schedule, c.Retention, c.ReleaseOn = nil, nil, 0, 0
	works := c.Situation != 0
	c.Situation = 0
	c.Late = nil
	if c.Stage != Deposit && c.Stage != Penalty {
		c.Stage = ""
	}
	if len(inv.Settled.Credited) == 0 && !works && len(inv.Settled.Deducted) == 0 {
		c.Lines = slices.Clone(c.Lines)
		return c
	}
	c.Lines = nil
	for _, p := range creditable(inv.inOwn()) {
		amount := p.Net
		if c.Gross {
			amount += p.VAT
		}
		if amount == 0 {
			continue
		}
		i := slices.IndexFunc(inv.Content.Lines, func(l Line) bool {
			return l.Nature == p.Nature && l.Tax == p.Tax && l.Deposit == p.Deposit && l.Axis == p.Axis
		})
		l := Line{Label: inv.Content.Lines[i].Label, Nature: p.Nature, Quantity: money.Unit, Price: amount.Micro(), Tax: p.Tax, Axis: inv.Content.Lines[i].Axis}
		if p.Deposit != 0 {
			l.Deposit, l.VAT = p.Deposit, p.VAT
		}
		c.Lines = append(c.Lines, l)
	}
	return c
}

// remainingParts returns what of an invoice no validated credit note has taken yet, by nature and tax code.
func remainingParts(inv Document) []Part {
	return lessParts(parts(inv.Content, inv.Totals), inv.Settled.Credited)
}

// creditable returns what a credit note may still take of an invoice seen in its own currency: of a deposit, what no later
// invoice has deducted.
func creditable(inv Document) []Part {
	left := remainingParts(inv)
	if isDeposit(inv) {
		left = lessParts(left, inv.Settled.Deducted)
	}
	return left
}

// Amounts returns the totals of a document of any kind: [Compute], and for a credit note [ComputeCredit]; in euros, with
// those of its currency beside, once the rate of another currency is known.
func Amounts(d Document, f Facts) (Totals, error) {
	var t Totals
	var err error
	if d.Kind == CreditNote && f.Invoice != nil {
		t, err = ComputeCredit(d.Content, f.Invoice.inOwn(), f.Taxes)
	} else {
		t, err = Compute(d.Content, f.Taxes)
	}
	if err != nil || !d.Content.abroad() || d.Content.Exchange <= 0 {
		return t, err
	}
	return t.inEuros(d, f)
}

// ComputeCredit returns the amounts of a credit note: those of [Compute], except that it never takes more VAT than the
// natures of the invoice still hold and that the one which takes all that remains under a tax code takes its exact VAT. So credit
// notes that sum to the invoice leave no cent. It does not judge whether the credit note is too large: [CheckSubmit].
func ComputeCredit(c Content, inv Document, taxes ledger.Taxes) (Totals, error) {
	t, err := Compute(c, taxes)
	if err != nil {
		return t, err
	}
	left := creditable(inv)
	if c.Gross {
		t.fitGross(c, left)
		t.sum(c, taxes)
		t.deduct(c, taxes)
	} else {
		for i := range t.Taxes {
			row := &t.Taxes[i]
			var net, given, taken money.Cents // taken: what natures below zero, a rebate, hold under the code
			for _, p := range left {
				if p.Tax == row.Tax && p.Deposit == 0 {
					net += p.Net
					given += max(p.VAT, 0)
					taken += min(p.VAT, 0)
				}
			}
			var off TaxTotal // what the credit note gives back of deposits bears what it says
			for k, l := range c.Lines {
				if l.Deposit != 0 && l.Tax == row.Tax {
					off.Net += t.Lines[k].Net
					off.VAT += t.Lines[k].VAT
				}
			}
			if row.Net-off.Net == net {
				row.VAT = given + taken + off.VAT
			} else {
				row.VAT = max(taken, min(row.VAT-off.VAT, given)) + off.VAT
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
			if l.Nature == p.Nature && l.Tax == p.Tax && l.Axis == p.Axis && l.Deposit == 0 && p.Deposit == 0 {
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
	switch {
	case inv.Lost > 0:
		return append(errs, fault.New(fault.Conflict, "sale.fault.credit_lost", "invoice", inv.Number))
	case inv.Totals.Gross <= inv.Credited && inv.Totals.Gross > 0:
		return append(errs, fault.New(fault.Conflict, "sale.fault.credit_done", "invoice", inv.Number))
	case c.Currency != inv.Content.Currency || c.Exchange != inv.Content.Exchange:
		return append(errs, fault.At("currency", "sale.fault.credit_currency", "invoice", inv.Number))
	}
	inv = inv.inOwn()
	left := creditable(inv)
	sums := map[Part]money.Cents{}
	first := map[Part]int{}
	for i, l := range c.Lines {
		k := Part{Nature: l.Nature, Tax: l.Tax, Deposit: l.Deposit, Axis: l.Axis}
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
		k := Part{Nature: l.Nature, Tax: l.Tax, Deposit: l.Deposit, Axis: l.Axis}
		if first[k] != i {
			continue
		}
		at := slices.IndexFunc(left, k.is)
		if at < 0 {
			errs = append(errs, lineFault(i, "tax", "sale.fault.credit_other", "invoice", inv.Number))
			continue
		}
		rest := left[at].Net
		if c.Gross {
			rest += left[at].VAT
		}
		if !within(sums[k], rest) {
			errs = append(errs, lineFault(i, "price", "sale.fault.credit_above", "invoice", inv.Number, "rest", c.Sum(rest)))
		}
	}
	rest := inv.Totals.Gross - inv.Credited
	if t, err := ComputeCredit(c, inv, taxes); len(errs) == 0 && err == nil && t.Gross > rest {
		errs = append(errs, fault.At("lines", "sale.fault.credit_total", "invoice", inv.Number, "rest", c.Sum(rest)))
	}
	return errs
}
