package sale

import (
	"slices"
	"strings"

	"essaim/date"
	"essaim/fault"
	"essaim/i18n"
	"essaim/money"
)

// What a customer is asked for having paid late is a document of its own: an invoice of the stage [Penalty], in a series
// apart, settled, given up and credited like any other. It sells nothing: interest and indemnity are damages, out of the scope
// of VAT (CJCE 1 July 1982, 222/81, BAZ Bausystem, for interest; BOI-TVA-BASE-10-10-20 for the indemnity), they are no
// turnover, and they bear no interest in their turn. Income: interest on 763, « revenus des autres créances », the
// indemnity on 7588, « autres produits divers de gestion courante », both as the chart of the plan comptable général names them.

// Claim is what one invoice owes for being late, as it was computed and is printed.
type Claim struct {
	Invoice  int64       `json:"invoice"`
	Number   string      `json:"number"`
	Due      date.Day    `json:"due"`
	Until    date.Day    `json:"until"`          // last day that bears interest
	Paid     bool        `json:"paid,omitempty"` // nothing was left to pay from then on
	Spans    []LateSpan  `json:"spans"`
	Before   money.Cents `json:"before,omitempty"` // interest of them that was asked before
	Interest money.Cents `json:"interest"`
	Forty    money.Cents `json:"forty,omitempty"`
}

// Total is what is asked for the invoice.
func (c Claim) Total() money.Cents { return c.Interest + c.Forty }

// Asked is what was asked of a customer for an invoice being late, less what was taken back.
type Asked struct {
	Interest money.Cents
	Forty    money.Cents
}

// Less returns what of it was not asked yet.
func (l Late) Less(a Asked) Late {
	l.Interest, l.Forty = max(0, l.Interest-a.Interest), max(0, l.Forty-a.Forty)
	return l
}

// ClaimOf returns what may be asked of an invoice, out of what it owes and what was asked before.
func ClaimOf(inv Document, l Late, a Asked) Claim {
	c := Claim{Invoice: inv.ID, Number: inv.Number, Due: inv.Due, Spans: l.Spans, Before: min(a.Interest, l.Interest), Paid: Remaining(inv) == 0 && inv.Lost == 0}
	rest := l.Less(a)
	c.Interest, c.Forty = rest.Interest, rest.Forty
	if n := len(l.Spans); n > 0 {
		c.Until = l.Spans[n-1].To
	}
	return c
}

// The natures of what is asked.
const (
	natureInterest = "interest"
	natureRecovery = "recovery"
)

// isPenalty says whether a document, an invoice or the credit note of one, is of what a late customer owes.
func isPenalty(d Document) bool { return d.Content.Stage == Penalty }

// PenaltyOf returns the content of the document that asks for some claims. They are to be paid at once: they were due from the
// first day without any reminder (Code de commerce L441-10 II).
func PenaltyOf(claims []Claim, today date.Day) Content {
	title := french.T("sale.penalty.titles", "n", len(claims))
	if len(claims) == 1 {
		title = french.T("sale.penalty.title", "number", claims[0].Number)
	}
	return Content{Title: title, Stage: Penalty, Late: claims, Lines: penaltyLines(claims), Delivered: today}
}

// penaltyLines are the lines of claims: the interest, with how it was counted, then the indemnity.
func penaltyLines(claims []Claim) (lines []Line) {
	for _, c := range claims {
		if c.Interest != 0 {
			lines = append(lines, Line{Label: c.label(french), Nature: natureInterest, Quantity: money.Unit, Price: c.Interest.Micro(), Tax: taxOutside})
		}
		if c.Forty != 0 {
			lines = append(lines, Line{Label: french.T("sale.penalty.forty", "number", c.Number), Nature: natureRecovery, Quantity: money.Unit, Price: c.Forty.Micro(), Tax: taxOutside})
		}
	}
	return lines
}

// label tells how the interest was counted, span by span; of an account paid in very many parts, their number and days only.
func (c Claim) label(p i18n.Printer) string {
	key := "sale.penalty.unpaid"
	if c.Paid {
		key = "sale.penalty.paid"
	}
	head := p.T(key, "number", c.Number, "due", c.Due, "until", c.Until)
	text := []string{head}
	days := 0
	for _, s := range c.Spans {
		days += s.Days()
		text = append(text, p.T("sale.penalty.span", "base", s.Base, "rate", s.Rate, "n", s.Days(), "from", s.From, "to", s.To))
	}
	if c.Before != 0 {
		text = append(text, p.T("sale.penalty.before", "amount", c.Before))
	}
	if all := strings.Join(text, "\n"); !tooLong(all, maxLabel) {
		return all
	}
	return head + "\n" + p.T("sale.penalty.spans", "spans", len(c.Spans), "n", days)
}

// whole says whether a claim asks for no more than what it was computed to.
func (c Claim) whole() bool {
	return c.Invoice != 0 && c.Interest >= 0 && c.Before >= 0 && c.Interest+c.Before <= InterestOf(c.Spans) && (c.Forty == 0 || c.Forty == Recovery) && c.Total() > 0
}

// PenaltyAddsUp says whether a document of penalties asks for what its claims come to, line by line, once for each invoice.
func PenaltyAddsUp(d Document) bool {
	seen := map[int64]bool{}
	for _, c := range d.Content.Late {
		if seen[c.Invoice] || !c.whole() {
			return false
		}
		seen[c.Invoice] = true
	}
	same := func(a, b Line) bool {
		return a.Nature == b.Nature && a.Tax == b.Tax && a.Quantity == b.Quantity && a.Price == b.Price && a.Axis == 0 && a.Discount == 0 && a.DiscountFlat == 0
	}
	return len(d.Content.Late) > 0 && slices.EqualFunc(d.Content.Lines, penaltyLines(d.Content.Late), same)
}

// checkPenalty keeps what is asked for being late apart from what is sold: neither stands on the paper of the other.
func checkPenalty(d Document, f Facts) (errs []error) {
	c := d.Content
	for i, l := range c.Lines {
		if n, ok := NatureOf(l.Nature); ok && n.Late != isPenalty(d) {
			errs = append(errs, lineFault(i, "nature", "sale.fault.penalty_nature"))
		}
	}
	switch {
	case d.Kind != Invoice:
	case !isPenalty(d):
		if len(c.Late) > 0 {
			errs = append(errs, fault.At("stage", "sale.fault.penalty_lines"))
		}
	case !f.Customer.Kind.OwesLate():
		errs = append(errs, fault.At("customer", "sale.fault.penalty_consumer"))
	case !PenaltyAddsUp(d) || c.Gross || c.abroad() || c.Situation != 0 || c.Retention != 0 || d.Origin != 0:
		errs = append(errs, fault.At("lines", "sale.fault.penalty_lines"))
	}
	return errs
}

// claimed is what the paper of penalties says beside its lines: the law that gives them.
func (w writer) claimed(add func(string)) {
	if w.f.Customer.Kind == Public {
		add(w.p.T("paper.penalty_law_public"))
	} else {
		add(w.p.T("paper.penalty_law"))
	}
}
