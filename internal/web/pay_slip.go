package web

import (
	"cmp"
	"slices"
	"strings"

	"essaim/access"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/money"
	"essaim/payroll"
)

func (s *Server) paySlipPage(v *Visit) error {
	m, err := v.payMonthAsked()
	if err != nil {
		return err
	}
	id, err := v.ID("slip")
	if err != nil {
		return err
	}
	x, err := s.office.SlipOfMonth(v.Ctx(), v.Actor, m, id)
	if err != nil {
		return err
	}
	h, err := v.House()
	if err != nil {
		return err
	}
	p := v.P
	body := &x.Slip.Body
	t := body.Payslip.Totals
	title := p.T("pay_month.slip_of", "month", p.Month(m))
	if x.Charge {
		title = p.T("pay_month.charge_of", "month", p.Month(m))
	}
	page := Page{Title: title, Section: "pay", Team: true}
	head := Head{Title: x.Person.Name() + ", " + p.Month(m), Lead: p.T("pay_month.slip_lead", "month", p.Month(m), "contract", p.T(x.Kind.Label()), "activity", h.SectionName(x.Slip.Activity)), Fresh: []string{v.slipState(&x)}}
	if v.can(access.ViewPay, 0) {
		head.Back = Link{Label: p.T("pay_month.title_of", "month", p.Month(m)), Href: v.URL("pay", m)}
	}
	if !x.Charge && (x.Slip.Origin == store.SlipOwn || x.Slip.Origin == store.SlipEstimate || x.Slip.File != "") {
		head.Acts = append(head.Acts, Link{p.T("pay_month.pdf"), v.URL("pay", m, id, "pdf"), "file-download"})
	}
	if x.Entry.ID != 0 && v.can(access.ViewLedger, 0) {
		head.Acts = append(head.Acts, Link{p.T("pay_month.entry", "number", x.Entry.Journal+" "+idText(x.Entry.Number)), v.URL("books", "entries", x.Entry.ID), "books"})
	}
	if v.can(access.ViewPay, 0) {
		head.Acts = append(head.Acts, Link{p.T("pay_month.back_to"), v.URL("pay", m), "arrow-left"})
	}
	figures := Figures{{Label: p.T("pay_month.gross"), Words: p.Euros(t.Gross)}, {Label: p.T("pay_month.net"), Words: p.Euros(t.Net)}, {Label: p.T("pay_month.net_social"), Words: p.Euros(t.NetSocial)}, {Label: p.T("pay_month.paid"), Words: p.Euros(t.Paid)}, {Label: p.T("pay_month.cost"), Words: p.Euros(t.Cost)}}
	return v.written(page, func(mk *markup) {
		head.write(mk, p)
		mk.part(figures, p)
		v.slipNotes(mk, &x)
		issue := p.T("pay_month.do.issue_one")
		if x.Charge {
			issue = p.T("pay_month.do.charge", "n", 1)
		}
		if x.MayRun && x.Slip.State == store.SlipDraft && x.Slip.Origin == store.SlipOwn && x.Now && !x.Locked && m <= v.Today().Month() {
			mk.raw(`<form class="acts" method="post" action="`).text(v.URL("pay", m, "issue")).raw(`">`).put(v.NewForm().Once()).raw(`<input type="hidden" name="slip" value="`).text(idText(id)).raw(`"><button class="b go">`).text(issue).raw("</button></form>")
		}
		Block{Title: p.T("pay_month.lines"), Body: v.slipLines(&x)}.write(mk, p)
		Block{Title: p.T("pay_month.totals"), Body: v.slipTotals(&x)}.write(mk, p)
		Block{Title: p.T("pay_month.full"), Body: v.slipFull(&x)}.write(mk, p)
		Block{Title: p.T("pay_month.year", "year", idText(int64(m.Year()))), Body: v.slipYear(body)}.write(mk, p)
		if x.Other != nil {
			Block{Title: p.T("pay_month.beside"), Body: v.slipBeside(&x)}.write(mk, p)
		}
		if x.Slip.Hash != "" {
			mk.raw(`<p class="fresh"><span class="seal">SHA-256 <code>`).text(x.Slip.Hash).raw("</code></span></p>")
		}
	})
}

func (v *Visit) slipState(x *office.PaySlipView) string {
	switch {
	case x.Charge && x.Slip.State == store.SlipIssued:
		return v.P.T("pay_month.charge.booked")
	case x.Charge:
		return v.P.T("pay_month.charge.computed")
	case x.File != nil && x.File.Left() != 0:
		return v.P.T("pay_month.row.sent", "day", x.File.Left())
	case x.File != nil:
		return v.P.T("pay_month.row.ordered")
	case x.Slip.State == store.SlipIssued:
		return v.P.T("pay_month.row.issued")
	case x.Slip.Origin == store.SlipEstimate:
		return v.P.T("pay_month.row.estimate")
	}
	return v.P.T("pay_month.row.draft")
}

func (v *Visit) slipNotes(m *markup, x *office.PaySlipView) {
	p := v.P
	if x.Charge {
		m.note(Note{Text: p.T("pay_month.charge.about")})
	}
	for _, e := range x.Refused {
		m.note(Note{Tone: ToneLate, Strong: p.Fault(e)})
	}
	if x.Slip.State == store.SlipDraft && !x.Now && len(x.Refused) == 0 && !x.Locked {
		m.note(Note{Tone: ToneWait, Strong: p.T("pay_month.look.stale")})
	}
	if x.Own && x.Slip.State == store.SlipDraft {
		m.note(Note{Tone: ToneWait, Strong: p.T("pay_month.own"), Text: p.T("pay_month.own_about")})
	}
	for _, text := range slices.Concat(v.payWords(x.Slip.Body.Notes), v.payWords(x.Slip.Body.Payslip.Notes), v.payWords(x.Waits)) {
		m.note(Note{Text: text})
	}
}

// lineName names a contribution line; what makes good earlier months says so.
func (v *Visit) lineName(code string) string {
	base, again := strings.CutSuffix(code, "_regularisation")
	words := base
	if key := "pay_month.line." + base; v.P.Has(key) {
		words = v.P.T(key)
	}
	if again {
		return v.P.T("pay_month.line_again", "line", words)
	}
	return words
}

// slipLine is a line of this month and of the month before.
type slipLine struct {
	name, about      string
	base             money.Cents
	rate             money.Rate
	employee, boss   money.Cents
	wasWorker, wasUs money.Cents
}

// slipLines are the lines of a payslip: base, rate, both parts, the rule they stand on and how they differ from the month
// before.
func (v *Visit) slipLines(x *office.PaySlipView) Table {
	p := v.P
	s := &x.Slip.Body.Payslip
	t := Table{Caption: p.T("pay_month.lines"), Class: "plain", Cols: []Col{{Label: p.T("pay_month.line")}, {Label: p.T("pay_month.base"), Num: true}, {Label: p.T("pay_month.rate"), Num: true}, {Label: p.T("pay_month.employee"), Num: true}, {Label: p.T("pay_month.employer"), Num: true}, {Label: p.T("pay_month.gap"), Num: true}}}
	var before *payroll.Payslip
	if x.Last != nil {
		before = &x.Last.Body.Payslip
	}
	for _, it := range s.Items {
		e, _ := payroll.Law().ElementOf(it.Element)
		amount := it.Amount
		if e.Sign < 0 || e.Kind == "recovery" {
			amount = -amount
		}
		was := money.Cents(0)
		if before != nil {
			for _, o := range before.Items {
				if o.Element == it.Element {
					was += o.Amount
				}
			}
		}
		gap := ""
		if before != nil && was != it.Amount {
			gap = v.signed(it.Amount - was)
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{cellSub(p.T("slip.element."+it.Element), it.Text, ""), cellNumber(""), cellNumber(""), cellAmount(amount, "", "strong"), cellNumber(""), cellNumber(gap)}})
	}
	var employee, employer money.Cents
	for _, l := range v.slipPairs(s, before) {
		rate := ""
		if l.rate != 0 {
			rate = p.Rate(l.rate)
		}
		gap := ""
		if before != nil && (l.employee != l.wasWorker || l.boss != l.wasUs) {
			gap = v.signed(l.employee + l.boss - l.wasWorker - l.wasUs)
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{cellSub(l.name, l.about, ""), cellAmount(l.base, ""), cellNumber(rate), v.slipPart(-l.employee), v.slipPart(l.boss), cellNumber(gap)}})
		employee, employer = employee+l.employee, employer+l.boss
	}
	t.Foot = []Cell{cellText(p.T("pay_month.contributions")), cellText(""), cellText(""), cellAmount(-employee, ""), cellAmount(employer, ""), cellText("")}
	return t
}

func (v *Visit) slipPart(c money.Cents) Cell {
	if c == 0 {
		return cellNumber("")
	}
	return cellAmount(c, "", negative(c))
}

// slipPairs are the contribution lines in their order, with what they were the month before; what only that month had
// comes last.
func (v *Visit) slipPairs(s, before *payroll.Payslip) []slipLine {
	var all []slipLine
	of := map[string]int{}
	add := func(l payroll.Line, was bool) {
		key := l.Code + "/" + string(l.Part)
		n, known := of[key]
		if !known {
			n = len(all)
			of[key] = n
			x := slipLine{name: v.lineName(l.Code), base: l.Base, rate: l.Rate}
			if param, found := payroll.Law().Source(l.Param, s.Month); found {
				x.about = v.lawOf(param)
			}
			if was {
				x.base, x.rate = 0, 0
			}
			all = append(all, x)
		}
		switch {
		case l.Part == payroll.Employee && was:
			all[n].wasWorker += l.Amount
		case l.Part == payroll.Employee:
			all[n].employee += l.Amount
		case was:
			all[n].wasUs += l.Amount
		default:
			all[n].boss += l.Amount
		}
	}
	for _, l := range s.Lines {
		add(l, false)
	}
	if before != nil {
		for _, l := range before.Lines {
			add(l, true)
		}
	}
	return all
}

// lawOf names the texts that a parameter stands on; how it was read is no matter of the reader's.
func (v *Visit) lawOf(param payroll.Parameter) string {
	var words []string
	for _, x := range param.Texts() {
		words = append(words, v.P.T("pay_month.law."+string(x.Kind), "name", x.Name, "day", x.On))
	}
	return strings.Join(words, ", ")
}

// slipTotals puts the totals of the month beside those of the month before.
func (v *Visit) slipTotals(x *office.PaySlipView) Table {
	p := v.P
	t := Table{Caption: p.T("pay_month.totals"), Class: "plain", Cols: []Col{{Label: p.T("pay_month.total")}, {Label: p.T("pay_month.this_month"), Num: true}, {Label: p.T("pay_month.month_before"), Num: true}, {Label: p.T("pay_month.gap"), Num: true}}}
	var was *payroll.Totals
	if x.Last != nil {
		was = &x.Last.Body.Payslip.Totals
	}
	now := &x.Slip.Body.Payslip.Totals
	for _, r := range []struct {
		key string
		of  func(*payroll.Totals) money.Cents
	}{
		{"pay_month.gross", func(t *payroll.Totals) money.Cents { return t.Gross }}, {"pay_month.employee", func(t *payroll.Totals) money.Cents { return t.Employee }},
		{"pay_month.net", func(t *payroll.Totals) money.Cents { return t.Net }}, {"pay_month.net_social", func(t *payroll.Totals) money.Cents { return t.NetSocial }},
		{"pay_month.net_taxable", func(t *payroll.Totals) money.Cents { return t.NetTaxable }}, {"pay_month.tax", func(t *payroll.Totals) money.Cents { return t.Tax }},
		{"pay_month.beside_paid", func(t *payroll.Totals) money.Cents { return t.Beside }}, {"pay_month.paid", func(t *payroll.Totals) money.Cents { return t.Paid }},
		{"pay_month.reduction", func(t *payroll.Totals) money.Cents { return t.Reduction }}, {"pay_month.employer", func(t *payroll.Totals) money.Cents { return t.Employer }},
		{"pay_month.cost", func(t *payroll.Totals) money.Cents { return t.Cost }},
	} {
		last, gap := cellNumber(""), cellNumber("")
		if was != nil {
			last = cellAmount(r.of(was), "")
			gap = cellNumber(v.signed(r.of(now) - r.of(was)))
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{cellText(p.T(r.key)), cellAmount(r.of(now), "", cmp.Or(negative(r.of(now)), "strong")), last, gap}})
	}
	return t
}

// slipFull names every part of what a payslip costs the cooperative, by its own rules.
func (v *Visit) slipFull(x *office.PaySlipView) Table {
	t := Table{Caption: v.P.T("pay_month.full"), Class: "plain", Cols: []Col{{Label: v.P.T("pay_month.full_part")}, {Label: v.P.T("pay_month.total"), Num: true}}}
	for _, n := range x.Full {
		label := n.Label
		if n.Key != "" {
			label = v.P.T(n.Key)
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{cellText(label), cellAmount(n.Amount, "", negative(n.Amount))}})
	}
	t.Foot = []Cell{cellText(v.P.T("pay_month.full_sum")), cellAmount(x.Cost, "")}
	return t
}

// slipYear puts the year to date before the payslip beside the one after it.
func (v *Visit) slipYear(b *store.SlipBody) Table {
	p := v.P
	t := Table{Caption: p.T("pay_month.year_caption"), Class: "plain", Cols: []Col{{Label: p.T("pay_month.total")}, {Label: p.T("pay_month.before"), Num: true}, {Label: p.T("pay_month.after"), Num: true}, {Label: p.T("pay_month.this_month"), Num: true}}}
	for _, r := range []struct {
		key string
		of  func(*payroll.YearToDate) money.Cents
	}{
		{"pay_month.gross", func(y *payroll.YearToDate) money.Cents { return y.Gross }}, {"pay_month.y.pay", func(y *payroll.YearToDate) money.Cents { return y.Pay }}, {"pay_month.y.ceiling", func(y *payroll.YearToDate) money.Cents { return y.Ceiling }},
		{"pay_month.y.t1", func(y *payroll.YearToDate) money.Cents { return y.T1 }}, {"pay_month.y.t2", func(y *payroll.YearToDate) money.Cents { return y.T2 }},
		{"pay_month.reduction", func(y *payroll.YearToDate) money.Cents { return y.Granted }}, {"pay_month.net", func(y *payroll.YearToDate) money.Cents { return y.Net }},
		{"pay_month.net_taxable", func(y *payroll.YearToDate) money.Cents { return y.NetTaxable }}, {"pay_month.net_social", func(y *payroll.YearToDate) money.Cents { return y.NetSocial }},
		{"pay_month.tax", func(y *payroll.YearToDate) money.Cents { return y.Tax }}, {"pay_month.cost", func(y *payroll.YearToDate) money.Cents { return y.Cost }},
	} {
		x, y := r.of(&b.Before), r.of(&b.After)
		t.Rows = append(t.Rows, Row{Cells: []Cell{cellText(p.T(r.key)), cellAmount(x, ""), cellAmount(y, "", "strong"), cellNumber(v.signed(y - x))}})
	}
	return t
}

// slipBeside puts our figures beside those of the payroll software, and every gap of a cent.
func (v *Visit) slipBeside(x *office.PaySlipView) Table {
	p := v.P
	ours, theirs := &x.Slip, x.Other
	if ours.Origin == store.SlipSoftware {
		ours, theirs = theirs, ours
	}
	t := Table{Caption: p.T("pay_month.beside"), Class: "plain", Cols: []Col{{Label: p.T("pay_month.total")}, {Label: p.T("pay_month.ours"), Num: true}, {Label: p.T("pay_month.theirs"), Num: true}, {Label: p.T("pay_month.gap"), Num: true}}}
	a, b := ours.Body.Payslip.Totals, theirs.Body.Payslip.Totals
	for _, r := range []struct {
		key  string
		x, y money.Cents
	}{{"pay_month.gross", a.Gross, b.Gross}, {"pay_month.employee", a.Employee, b.Employee}, {"pay_month.net", a.Net, b.Net}, {"pay_month.net_taxable", a.NetTaxable, b.NetTaxable}, {"pay_month.net_social", a.NetSocial, b.NetSocial}, {"pay_month.tax", a.Tax, b.Tax}, {"pay_month.paid", a.Paid, b.Paid}, {"pay_month.employer", a.Employer, b.Employer}, {"pay_month.cost", a.Cost, b.Cost}} {
		st := cellStatus(Status{Tone: ToneOK, Icon: "check", Text: p.T("pay_month.same")})
		if r.x != r.y {
			st = cellStatus(Status{Tone: ToneLate, Icon: "alert-triangle", Text: v.signed(r.x - r.y)})
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{cellText(p.T(r.key)), cellAmount(r.x, ""), cellAmount(r.y, ""), st}})
	}
	return t
}

func (s *Server) paySlipPDF(v *Visit) error {
	if _, err := v.payMonthAsked(); err != nil {
		return err
	}
	id, err := v.ID("slip")
	if err != nil {
		return err
	}
	name, b, err := s.office.PaySlipPDF(v.Ctx(), v.Actor, id)
	if err != nil {
		return err
	}
	return v.Send(name, b, true)
}
