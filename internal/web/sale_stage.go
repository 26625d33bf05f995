package web

import (
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"essaim/money"
	"essaim/sale"
)

// What the form of a document holds of the life of a sale: the schedule of a quote, the retention of works, how far each
// line of a situation is done, and what is deducted of deposits. The use case takes all the rest from the books again.

// termFields are what a row of a schedule holds.
var termFields = []string{"stage", "share", "amount", "when", "on"}

func termName(i int, field string) string { return fmt.Sprintf("schedule[%d].%s", i, field) }

// compactTerms numbers the rows of the schedule from 0, the balance last; do takes one out ("termdrop1"), adds one ("term")
// or fills the schedule with a proposal ("plan2").
func (f *Form) compactTerms(do string) {
	type row map[string]string
	var kept []row
	balance := row{"stage": string(sale.Balance)}
	var numbers []int
	for field := range f.values {
		if rest, ok := strings.CutPrefix(field, "schedule["); ok {
			index, _, _ := strings.Cut(rest, "]")
			if n, err := strconv.Atoi(index); err == nil && n >= 0 && n < 1000 && !slices.Contains(numbers, n) {
				numbers = append(numbers, n)
			}
		}
	}
	slices.Sort(numbers)
	for _, i := range numbers {
		r := row{}
		for _, field := range termFields {
			r[field] = f.values.Get(termName(i, field))
			f.values.Del(termName(i, field))
		}
		switch {
		case do == "termdrop"+strconv.Itoa(i):
		case r["stage"] == string(sale.Balance):
			balance = r
		default:
			kept = append(kept, r)
		}
	}
	if do == "term" {
		kept = append(kept, row{"stage": string(sale.Deposit)})
	}
	if n, err := strconv.Atoi(strings.TrimPrefix(do, "plan")); err == nil && strings.HasPrefix(do, "plan") && n >= 0 && n < len(plans) {
		kept, balance = nil, row{"stage": string(sale.Balance)}
		for _, t := range plans[n].terms {
			r := row{"stage": string(t.Stage)}
			if t.Share != 0 {
				r["share"] = f.decimal(t.Share.String())
			}
			if t.When != "" {
				r["when"] = f.P.T(t.When)
			}
			if t.Stage == sale.Balance {
				balance = r
			} else {
				kept = append(kept, r)
			}
		}
	}
	if len(kept) == 0 {
		return
	}
	for i, r := range append(kept, balance) {
		for field, value := range r {
			f.values.Set(termName(i, field), value)
		}
	}
}

// A plan is a schedule proposed in one gesture.
type plan struct {
	label string
	terms []sale.Term
}

// plans are those that are most often agreed. When holds a message.
var plans = []plan{
	{"form.plan_deposit", []sale.Term{{Stage: sale.Deposit, Share: 30 * money.Percent, When: "form.when_order"}, {Stage: sale.Balance, When: "form.when_delivery"}}},
	{"form.plan_half", []sale.Term{{Stage: sale.Deposit, Share: 50 * money.Percent, When: "form.when_order"}, {Stage: sale.Balance, When: "form.when_delivery"}}},
	{"form.plan_thirds", []sale.Term{{Stage: sale.Deposit, Share: 333_333, When: "form.when_order"}, {Stage: sale.Deposit, Share: 333_333, When: "form.when_middle"}, {Stage: sale.Balance, When: "form.when_delivery"}}},
	{"form.plan_site", []sale.Term{{Stage: sale.Deposit, Share: 30 * money.Percent, When: "form.when_order"}, {Stage: sale.Progress, Share: 40 * money.Percent, When: "form.when_middle"}, {Stage: sale.Balance, When: "form.when_received"}}},
}

// readStage reads what the form holds of the life of the sale.
func readStage(f *Form, d sale.Document, c *sale.Content) {
	was := d.Content
	c.Stage, c.Situation = was.Stage, was.Situation
	switch d.Kind {
	case sale.CreditNote:
		for i := range c.Lines {
			c.Lines[i].Deposit = f.ID(fmt.Sprintf("lines[%d].deposit", i))
		}
		return
	case sale.Quote:
		c.Stage, c.Situation = "", 0
		readSchedule(f, c)
	case sale.Invoice:
		if was.Stage == "" {
			switch stage := sale.Stage(f.Get("stage")); stage {
			case sale.Deposit, sale.Progress, sale.Balance:
				c.Stage = stage
			}
		}
		for i := range c.Lines {
			c.Lines[i].Done = f.Rate(fmt.Sprintf("lines[%d].done", i))
		}
		readDeductions(f, c)
	}
	c.Retention, c.ReleaseOn = f.Rate("retention"), f.Day("releaseOn")
	if c.Retention == 0 {
		c.ReleaseOn = 0
	}
}

func readSchedule(f *Form, c *sale.Content) {
	for i := 0; f.Has(termName(i, "stage")); i++ {
		t := sale.Term{Stage: sale.Stage(f.Get(termName(i, "stage"))), When: f.Text(termName(i, "when"), 200), On: f.Day(termName(i, "on"))}
		if t.Stage != sale.Balance {
			t.Share, t.Amount = f.Rate(termName(i, "share")), f.Cents(termName(i, "amount"))
		}
		c.Schedule = append(c.Schedule, t)
	}
}

// deductRow is what can be deducted of one deposit under one nature and rate, of one member of a deal.
type deductRow struct {
	I     int
	Name  string // "deduct[0]."
	Label string
	Hint  string
	part  sale.Part
}

func deductName(i int, field string) string { return fmt.Sprintf("deduct[%d].%s", i, field) }

// readDeductions adds the lines that deduct deposits. An amount that was left as it was proposed follows the works; one
// that was emptied deducts nothing.
func readDeductions(f *Form, c *sale.Content) {
	for i := 0; f.Has(deductName(i, "deposit")) && i < sale.MaxLines; i++ {
		amount := f.Cents(deductName(i, "amount"))
		l := sale.Line{Nature: f.Get(deductName(i, "nature")), Tax: f.Get(deductName(i, "tax")), Quantity: money.Unit, Deposit: f.ID(deductName(i, "deposit")), Axis: f.ID(deductName(i, "axis"))}
		if f.Get(deductName(i, "amount")) != f.Get(deductName(i, "was")) {
			if amount == 0 {
				continue
			}
			l.Price = (-amount).Micro()
		}
		if l.Deposit > 0 {
			c.Lines = append(c.Lines, l)
		}
	}
}

// fillStage writes it into the fields of the form.
func fillStage(f *Form, c sale.Content) {
	if c.Stage != "" {
		f.Set("stage", string(c.Stage))
	}
	if c.Retention != 0 {
		f.Set("retention", c.Retention)
	}
	f.Set("releaseOn", c.ReleaseOn)
	for i, t := range c.Schedule {
		f.Set(termName(i, "stage"), string(t.Stage)).Set(termName(i, "when"), t.When).Set(termName(i, "on"), t.On)
		if t.Share != 0 {
			f.Set(termName(i, "share"), t.Share)
		}
		if t.Amount != 0 {
			f.Set(termName(i, "amount"), t.Amount)
		}
	}
	for i, l := range c.Lines {
		name := "lines[" + strconv.Itoa(i) + "]."
		if c.Situation != 0 {
			f.Set(name+"done", l.Done)
		}
		if l.Deposit != 0 {
			f.Set(name+"deposit", l.Deposit)
		}
	}
}

// prepareStage writes the rows of deductions as the document now stands, and leads what was refused of them to their
// fields.
func (d *saleForm) prepareStage(v *Visit) {
	c, beside := d.Doc.Content, d.Sheet.Staged
	if beside == nil || c.Stage == sale.Deposit {
		return
	}
	amountOf := func(lines []sale.Line, id int64, p sale.Part) money.Cents {
		for _, l := range lines {
			if l.Deposit == id && l.Nature == p.Nature && l.Tax == p.Tax && l.Axis == p.Axis {
				return -money.Extend(money.Unit, l.Price)
			}
		}
		return 0
	}
	for _, dep := range beside.Made {
		if dep.Content.Stage != sale.Deposit {
			continue
		}
		for _, p := range sale.Undeducted(dep) {
			i := len(d.Deducts)
			left := p.Net
			if c.Gross {
				left += p.VAT
			}
			row := deductRow{I: i, Name: deductName(i, ""), part: p}
			row.Label = v.P.T("form.deducted", "number", dep.Number, "on", dep.Date)
			row.Hint = v.P.T("form.deducted_left", "amount", c.Sum(left), "rate", d.Sheet.Facts.Taxes[p.Tax].Rate)
			row.part.Deposit = dep.ID
			d.Deducts = append(d.Deducts, row)
			f := d.F
			f.Set(deductName(i, "deposit"), dep.ID).Set(deductName(i, "nature"), p.Nature).Set(deductName(i, "tax"), p.Tax).Set(deductName(i, "axis"), p.Axis)
			f.Set(deductName(i, "was"), amountOf(beside.Proposed, dep.ID, p))
			if f.Refusal(deductName(i, "amount")) == "" {
				f.Set(deductName(i, "amount"), amountOf(c.Lines, dep.ID, p))
			}
		}
	}
	for _, e := range d.F.refused {
		for k, l := range c.Lines {
			if l.Deposit == 0 || e.Field != fmt.Sprintf("lines[%d].price", k) && e.Field != fmt.Sprintf("lines[%d].deposit", k) {
				continue
			}
			if at := slices.IndexFunc(d.Deducts, func(r deductRow) bool {
				return r.part.Deposit == l.Deposit && r.part.Nature == l.Nature && r.part.Tax == l.Tax && r.part.Axis == l.Axis
			}); at >= 0 {
				e.Field = deductName(at, "amount")
			}
		}
	}
}

// Deposit and Works say which invoice the form writes: money asked in advance, or works as they advance.
func (d *saleForm) Deposit() bool {
	return d.Doc.Kind == sale.Invoice && d.Doc.Content.Stage == sale.Deposit
}

// Works says whether the lines are works invoiced as they advance.
func (d *saleForm) Works() bool { return d.Doc.Kind == sale.Invoice && d.Doc.Content.Situation != 0 }

// Locked says whether lines come from the quote alone.
func (d *saleForm) Locked() bool { return d.Deposit() || d.Works() }

// Advancing says whether the shares of the lines are typed: not on a balance.
func (d *saleForm) Advancing() bool { return d.Doc.Content.Stage == sale.Progress }

// MayRetain says whether the form asks for a retention: works are sold, other than in advance.
func (d *saleForm) MayRetain() bool {
	if d.Credit() || d.Deposit() {
		return false
	}
	return d.Doc.Content.Retention != 0 || d.F.Get("retention") != "" || slices.ContainsFunc(d.Doc.Content.Lines, func(l sale.Line) bool {
		n, _ := sale.NatureOf(l.Nature)
		return n.Works
	})
}

// ReleaseLate warns that the retention is kept longer than one year after works that end on their day.
func (s screen) ReleaseLate() string {
	d, ok := s.D.(*saleForm)
	if !ok {
		return ""
	}
	if by := sale.ReleaseLate(d.Doc.Content, s.Actor.Today); by != 0 {
		return s.P.T("form.release_late", "on", by)
	}
	return ""
}

// termRow is a row of the schedule on the form.
type termRow struct {
	I       int
	Name    string
	Balance bool
	Amount  string
}

// Terms are the rows of the schedule.
func (s screen) Terms() (list []termRow) {
	d, ok := s.D.(*saleForm)
	if !ok {
		return nil
	}
	terms := d.Doc.Content.Schedule
	amounts := sale.TermAmounts(terms, d.Doc.Totals.Own().Gross)
	for i, t := range terms {
		r := termRow{I: i, Name: termName(i, ""), Balance: t.Stage == sale.Balance}
		if !d.Unread {
			r.Amount = s.P.Sum(d.Doc.Content.Sum(amounts[i]))
		}
		list = append(list, r)
	}
	return list
}

// TermError is the refusal that stands beside the balance: what comes before it is more than the quote.
func (s screen) TermError(r termRow) template.HTML {
	d, ok := s.D.(*saleForm)
	if !ok {
		return ""
	}
	told := d.F.Refusal(r.Name + "share")
	d.F.Label(r.Name+"share", s.P.T("sale.term_balance"))
	if told == "" {
		return ""
	}
	return new(markup).raw(`<p class="hint">`).icon("alert-triangle").raw("<span>").text(told).raw("</span></p>").html()
}

// TermStages are what a row before the balance may be.
func (s screen) TermStages() []Option {
	return []Option{{Value: string(sale.Deposit), Label: s.P.T("sale.term_deposit")}, {Value: string(sale.Progress), Label: s.P.T("sale.term_progress")}}
}

// Plans are the schedules proposed.
func (s screen) Plans() (list []Option) {
	for i, p := range plans {
		list = append(list, Option{Value: "plan" + strconv.Itoa(i), Label: s.P.T(p.label)})
	}
	return list
}

// TermID is the place that the summary of refusals leads to.
func (s screen) TermID(r termRow) string { return fieldID(r.Name + "share") }

// worksLine tells what a line of works comes to: what was agreed, what was invoiced before and what is invoiced now.
func (v *Visit) worksLine(d *saleForm, i int, l sale.Line) string {
	c := d.Doc.Content
	one := c
	l.Done, l.Before = money.One, 0
	one.Lines, one.Before, one.Retention = []sale.Line{l}, nil, 0
	whole, err := sale.Compute(one, d.Sheet.Facts.Taxes)
	if err != nil || i >= len(d.Doc.Totals.Lines) {
		return ""
	}
	t, agreed := d.Doc.Totals.Lines[i], whole.Net
	now := t.Net
	key := "form.works_net"
	if c.Gross {
		agreed, now, key = whole.Gross, t.Gross, "form.works_gross"
	}
	return v.P.T(key, "whole", agreed, "before", c.Lines[i].Before, "now", now)
}

// StageAbout says in a line what an invoice of a stage is.
func (d *saleForm) StageAbout() string {
	switch {
	case d.Credit() && d.Sheet.Facts.Invoice != nil && d.Sheet.Facts.Invoice.Content.Stage == sale.Deposit:
		return "form.about_credit_deposit"
	case d.Credit() && slices.ContainsFunc(d.Doc.Content.Lines, func(l sale.Line) bool { return l.Deposit != 0 }):
		return "form.about_credit_balance"
	case d.Deposit():
		return "form.about_deposit"
	case d.Works() && d.Advancing():
		return "form.about_situation"
	case d.Doc.Kind == sale.Invoice && d.Doc.Content.Stage == sale.Balance:
		return "form.about_balance"
	}
	return ""
}

// rowScreen is what the block of one deduction sees.
type rowScreen struct {
	screen
	Row deductRow
}

// Row pairs a deduction with the page.
func (s screen) Row(r deductRow) rowScreen { return rowScreen{s, r} }

// Keeps says whether the customer keeps a part of the invoice for a while; PaidNow is the rest.
func (d *saleForm) Keeps() bool {
	return d.Doc.Kind == sale.Invoice && d.Own().Retained != 0 && !d.Unread
}

// PaidNow is what the invoice asks for now, in its currency.
func (d *saleForm) PaidNow() money.Cents { return d.Own().Gross - d.Own().Retained }
