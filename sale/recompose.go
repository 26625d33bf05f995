package sale

import (
	"slices"

	"essaim/money"
)

// Recompose returns what the invoice of a quote says once all that is not its author's to decide is taken from the quote
// and from its other invoices again: the works of the quote and what was invoiced of them before, the VAT of a deduction
// and the words that name its deposit. What a person decides stays: how far each line is done, the words of a line, how
// much of a deposit is deducted now. A deduction without a price takes what is proposed.
//
// Once the works of a quote are invoiced as they advance, whatever follows on it does so too.
func Recompose(c Content, quote Document, made []Document) Content {
	c.Lines = slices.Clone(c.Lines)
	if c.Currency != quote.Content.Currency { // its rate was of another currency
		c.Currency, c.Exchange, c.ExchangeOn, c.ExchangeSource = quote.Content.Currency, 0, 0, ""
	}
	if c.Stage == Deposit {
		c.Situation, c.Before, c.Retention, c.ReleaseOn = 0, nil, 0, 0
		c.Lines = slices.DeleteFunc(c.Lines, func(l Line) bool { return l.Deposit != 0 })
		for i := range c.Lines {
			c.Lines[i] = c.Lines[i].plain()
		}
		return c
	}
	deducted := slices.DeleteFunc(slices.Clone(c.Lines), func(l Line) bool { return l.Deposit == 0 })
	c.Lines = slices.DeleteFunc(c.Lines, func(l Line) bool { return l.Deposit != 0 })
	_, situations := stagesOf(made)
	switch {
	case c.Stage == Progress || c.Situation != 0 || len(situations) > 0:
		c = progress(c, quote, situations)
	default:
		c.Situation, c.Before = 0, nil
		for i := range c.Lines {
			c.Lines[i] = c.Lines[i].plain()
		}
	}
	proposed := ProposedDeductions(c, quote, made)
	for _, l := range deducted {
		at := slices.IndexFunc(proposed, func(p Line) bool {
			return p.Deposit == l.Deposit && p.Nature == l.Nature && p.Tax == l.Tax && p.Axis == l.Axis
		})
		switch {
		case l.Price == 0 && at < 0:
			continue
		case l.Price == 0 || at >= 0 && l.Price == proposed[at].Price:
			l = proposed[at]
		default:
			l = deduction(c, l, made)
		}
		c.Lines = append(c.Lines, l)
	}
	if c.Stage == "" && len(c.Lines) > 0 && deducts(c) {
		c.Stage = Balance
	}
	return c
}

// plain is a line that neither advances nor deducts.
func (l Line) plain() Line {
	l.Done, l.Before, l.Deposit, l.VAT = 0, 0, 0, 0
	return l
}

// progress is a situation of the quote's works with the shares and the words that were typed.
func progress(c Content, quote Document, situations []Document) Content {
	var done []money.Rate
	if c.Stage == Progress {
		done = DoneBy(quote, situations)
		for i := range done {
			if i < len(c.Lines) {
				done[i] = c.Lines[i].Done
			}
		}
	}
	next := ProgressOf(quote, situations, done)
	for i := range next.Lines {
		if i < len(c.Lines) && c.Lines[i].Label != "" {
			next.Lines[i].Label = c.Lines[i].Label
		}
	}
	c.Stage, c.Situation, c.Before, c.Lines, c.Gross, c.Currency = next.Stage, next.Situation, next.Before, next.Lines, next.Gross, next.Currency
	return c
}

// deduction is a line that deducts an amount that was typed: its VAT is the deposit's own share of it.
func deduction(c Content, l Line, made []Document) Line {
	amount := -money.Extend(money.Unit, l.Price)
	kept := Line{Label: l.Label, Nature: l.Nature, Quantity: money.Unit, Price: (-amount).Micro(), Tax: l.Tax, Deposit: l.Deposit, Axis: l.Axis}
	at := slices.IndexFunc(made, func(d Document) bool { return d.ID == l.Deposit && isDeposit(d) })
	if at < 0 {
		return kept // refused on its line when it is submitted
	}
	dep := made[at]
	left := findPart(leftToDeduct(dep), Part{Nature: l.Nature, Tax: l.Tax, Axis: l.Axis})
	whole := left.Net
	if c.Gross {
		whole += left.VAT
	}
	kept.VAT = -left.VAT.Share(amount, whole)
	kept.Label = deductionLabel(dep)
	return kept
}

func deductionLabel(d Document) string {
	return french.T("sale.deduction", "number", d.Number, "on", d.Date)
}

// stagesOf are the deposits and the situations among the invoices of a quote; those that a credit note took back whole
// count no more.
func stagesOf(made []Document) (deposits, situations []Document) {
	for _, d := range made {
		switch {
		case takenBack(d):
		case isDeposit(d):
			deposits = append(deposits, d)
		case d.Content.Situation != 0:
			situations = append(situations, d)
		}
	}
	return deposits, situations
}

// Undeducted returns, by nature, tax code and second axis, what of a deposit invoice neither a credit note nor a later invoice has
// taken.
func Undeducted(d Document) []Part {
	return slices.DeleteFunc(leftToDeduct(d), func(p Part) bool { return p.Net == 0 && p.VAT == 0 })
}

// NextTerm returns the place in the schedule of a quote of what comes next, -1 when there is no schedule or nothing is
// left: invoices take the terms in their order, deposits those of deposits and situations those of situations.
func NextTerm(quote Document, made []Document) int {
	deposits, situations := stagesOf(made)
	d, s := len(deposits), len(situations)
	for i, t := range quote.Content.Schedule {
		switch {
		case t.Stage == Deposit && d > 0:
			d--
		case t.Stage == Progress && s > 0:
			s--
		default:
			return i
		}
	}
	return -1
}

// RecomposeCredit does so for a credit note: it is of a deposit when its invoice is, and what it gives back of deposits
// bears their own share of VAT.
func RecomposeCredit(c Content, inv Document) Content {
	c.Stage, c.Situation, c.Before, c.Schedule, c.Retention, c.ReleaseOn = "", 0, nil, nil, 0, 0
	c.Currency, c.Exchange, c.ExchangeOn, c.ExchangeSource = inv.Content.Currency, inv.Content.Exchange, inv.Content.ExchangeOn, inv.Content.ExchangeSource
	if isDeposit(inv) || isPenalty(inv) {
		c.Stage = inv.Content.Stage
	}
	c.Late = nil
	c.Lines = slices.Clone(c.Lines)
	left := creditable(inv.inOwn())
	for i, l := range c.Lines {
		id := l.Deposit
		if l = l.plain(); id != 0 {
			l.Deposit = id
			p := findPart(left, Part{Nature: l.Nature, Tax: l.Tax, Deposit: id, Axis: l.Axis})
			whole := p.Net
			if c.Gross {
				whole += p.VAT
			}
			if amount, err := l.amount(); err == nil {
				l.VAT = p.VAT.Share(amount, whole)
			}
		}
		c.Lines[i] = l
	}
	return c
}
