package sale

import (
	"errors"
	"fmt"
	"slices"

	"essaim/date"
	"essaim/fault"
	"essaim/ledger"
	"essaim/money"
)

// Taking is the takings of a day without an invoice: a market, a shop, a salon (practice 7). What was sold is told by
// nature and VAT rate, all taxes included, and how it was paid; both sum to the same. It is never edited: it is undone
// and made again.
type Taking struct {
	Lines  []TakingLine `json:"lines"`
	Means  Tenders      `json:"means"`
	Count  int          `json:"count"` // number of sales: what is reported of non-taxable customers (CGI art. 290)
	Note   string       `json:"note,omitempty"`
	Totals Totals       `json:"totals"`
}

// TakingLine is what was sold of one nature at one rate.
type TakingLine struct {
	Nature string      `json:"nature"`
	Tax    string      `json:"tax"`
	Gross  money.Cents `json:"gross"`
}

// Tenders are the means by which takings were paid.
type Tenders struct {
	Cash   money.Cents `json:"cash,omitempty"`
	Card   money.Cents `json:"card,omitempty"`
	Cheque money.Cents `json:"cheque,omitempty"`
	Online money.Cents `json:"online,omitempty"`
}

// Tender is one of them.
type Tender struct {
	Means   Means
	Account string
	Amount  money.Cents
}

// List returns the means in the order forms show them, those of nil amount too.
func (t Tenders) List() []Tender {
	return []Tender{{Cash, Till, t.Cash}, {Card, Cards, t.Card}, {Cheque, Cheques, t.Cheque}, {Online, Onlines, t.Online}}
}

// Total is what was paid in all.
func (t Tenders) Total() money.Cents { return t.Cash + t.Card + t.Cheque + t.Online }

// Gross is what was sold in all.
func (t Taking) Gross() money.Cents {
	var sum money.Cents
	for _, l := range t.Lines {
		sum += l.Gross
	}
	return sum
}

const maxTakingLines = 20

// content is the takings as a document typed TTC: the odd cent follows the one rule of [Compute] (practice 8).
func (t Taking) content() Content {
	c := Content{Gross: true}
	for _, l := range t.Lines {
		c.Lines = append(c.Lines, Line{Nature: l.Nature, Tax: l.Tax, Quantity: 1_000_000, Price: l.Gross.Micro()})
	}
	return c
}

// Fit gives every line the tax code that goes with its nature (see [Nature.Fit]).
func (t Taking) Fit(taxes ledger.Taxes) Taking {
	c := t.content().Fit(taxes)
	t.Lines = slices.Clone(t.Lines)
	for i := range t.Lines {
		t.Lines[i].Tax = c.Lines[i].Tax
	}
	return t
}

// Check tells what is wrong with takings, each on its field, and returns them with their totals.
func (t Taking) Check(day date.Day, f RegisterFacts) (Taking, error) {
	var errs []error
	bad := func(field, key string, args ...any) { errs = append(errs, fault.At(field, key, args...)) }
	if err := checkDay(day, f.Today); err != nil {
		errs = append(errs, err)
	}
	t = t.Fit(f.Taxes)
	if len(t.Lines) == 0 {
		bad("lines", "till.fault.lines_none")
	}
	if len(t.Lines) > maxTakingLines {
		bad("lines", "sale.fault.lines_many", "max", maxTakingLines)
	}
	for i, l := range t.Lines {
		at := func(field string) string { return fmt.Sprintf("lines[%d].%s", i, field) }
		n, known := NatureOf(l.Nature)
		if !known {
			bad(at("nature"), "till.fault.nature")
		}
		switch code, ok := f.Taxes.On(l.Tax, day); {
		case !ok || code.Input || code.Category != "S" && code.Category != "E":
			bad(at("tax"), "till.fault.tax")
		case l.Tax == taxTraining && (!n.Training || !holdsTraining(f.VAT, day)):
			bad(at("tax"), "till.fault.tax_training")
		}
		switch {
		case l.Gross < 0:
			bad(at("gross"), "till.fault.line_negative")
		case l.Gross == 0:
			bad(at("gross"), "till.fault.line_nil")
		case l.Gross > money.Max:
			bad(at("gross"), "sale.fault.amount_large", "max", money.Max)
		}
	}
	for _, m := range t.Means.List() {
		switch {
		case m.Amount < 0:
			bad(string(m.Means), "till.fault.means_negative")
		case m.Amount > money.Max:
			bad(string(m.Means), "sale.fault.amount_large", "max", money.Max)
		}
	}
	switch {
	case t.Count <= 0:
		bad("count", "till.fault.count_missing")
	case t.Count > maxCount:
		bad("count", "till.fault.count_large", "max", maxCount)
	}
	if err := checkWord("note", t.Note); err != nil {
		errs = append(errs, err)
	}
	if len(errs) > 0 {
		return t, errors.Join(errs...)
	}
	if sold, paid := t.Gross(), t.Means.Total(); sold != paid {
		key := "till.fault.sums_less"
		if paid < sold {
			key = "till.fault.sums_more"
		}
		return t, fault.At("cash", key, "sold", sold, "paid", paid, "gap", (sold - paid).Abs())
	}
	var err error
	t.Totals, err = Compute(t.content(), f.Taxes)
	return t, err
}

// NetByNature is what takings bring to the turnover of their activity, invoiced and collected at once.
func (t Taking) NetByNature() map[string]money.Cents {
	return Document{Content: t.content(), Totals: t.Totals}.NetByNature()
}

// lines are the money by means against revenue net by nature and VAT, due at once: it is paid (CGI art. 269-2).
func (t Taking) lines(section ledger.Section, taxes ledger.Taxes) ([]ledger.Line, error) {
	var all []ledger.Line
	line := func(l ledger.Line) {
		if l.Amount != 0 {
			l.Section = section
			all = append(all, l)
		}
	}
	for _, m := range t.Means.List() {
		line(ledger.Line{Account: m.Account, Amount: m.Amount})
	}
	revenue, err := revenues(Document{Content: t.content(), Totals: t.Totals})
	if err != nil {
		return nil, err
	}
	for _, l := range revenue {
		l.Amount = -l.Amount
		line(l)
	}
	for _, row := range t.Totals.Taxes {
		if _, ok := taxes[row.Tax]; !ok {
			return nil, fmt.Errorf("takings: unknown tax code %q", row.Tax)
		}
		line(ledger.Line{Account: ledger.VATDue, Tax: row.Tax, Amount: -row.VAT})
	}
	return all, nil
}

// Recompute says whether the totals of takings are those of their lines, and lines and means sum to the same.
func (t Taking) Recompute(taxes ledger.Taxes) bool {
	want, err := Compute(t.content(), taxes)
	return err == nil && slices.Equal(want.Lines, t.Totals.Lines) && slices.Equal(want.Taxes, t.Totals.Taxes) &&
		want.Net == t.Totals.Net && want.VAT == t.Totals.VAT && want.Gross == t.Totals.Gross && t.Gross() == t.Means.Total()
}
