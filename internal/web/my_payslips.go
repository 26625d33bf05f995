package web

import (
	"cmp"
	"html/template"

	"essaim/i18n"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/money"
	"essaim/payroll"
)

// mySlips are « Mes bulletins »: the payslips that were issued, the last first; each opens in plain words and as its PDF.
func (s *Server) mySlips(v *Visit) error {
	all, err := s.office.MySlips(v.Ctx(), v.Actor)
	if err != nil {
		return err
	}
	around, err := s.office.MyPayAround(v.Ctx(), v.Actor)
	if err != nil {
		return err
	}
	p := v.P
	page := Page{Title: p.T("mypay.slips"), Section: v.slipsSection(), Main: "narrow", Team: v.Team() && len(v.Actor.Activities) == 0}
	parts := []any{Head{Title: p.T("mypay.slips"), Lead: p.T("mypay.slips_lead")}}
	if len(all) == 0 {
		parts = append(parts, Empty{Title: p.T("mypay.slips_none"), Text: p.T("mypay.slips_none_about")})
	} else {
		kinds := map[string]bool{}
		for _, x := range all {
			kinds[x.Kind] = true
		}
		var l List
		for _, x := range all {
			l.Items = append(l.Items, v.slipItem(x, len(kinds) > 1))
		}
		parts = append(parts, l)
	}
	return v.Blocks(page, append(parts, v.payAround(&around, false))...)
}

// slipsSection is where payslips stand: with the pay that one asks for, alone for who has a contract of the team only.
func (v *Visit) slipsSection() string {
	if len(v.Actor.Activities) > 0 {
		return "pay"
	}
	return "payslips"
}

// slipItem is a payslip in the list; of which contract is told to who has several.
func (v *Visit) slipItem(x office.MySlip, kind bool) Item {
	it := Item{Icon: "file-text", Name: upperFirst(v.P.Month(x.Month)), Href: v.URL("payslips", x.ID), Amount: new(x.Body.Payslip.Totals.Paid), Why: v.URL("payslips", x.ID)}
	m := new(markup)
	if kind && x.Kind != "" {
		m.text(v.P.T(x.Kind) + " · ")
	}
	if office.HasPaper(x.Slip) {
		m.raw(`<a class="lk" href="`).text(v.URL("payslips", x.ID, "file")).raw(`">`).text(v.P.T("mypay.pdf")).raw("</a>")
	} else {
		m.text(v.P.T("mypay.slip_software"))
	}
	it.AboutRaw = m.html()
	return it
}

// mySlip is one payslip in plain words.
func (s *Server) mySlip(v *Visit) error {
	id, err := v.ID("id")
	if err != nil {
		return err
	}
	x, err := s.office.PaySlip(v.Ctx(), v.Actor, id)
	if err != nil {
		return err
	}
	p := v.P
	t := x.Body.Payslip.Totals
	title := p.T("mypay.slip_of", "month", x.Month)
	head := Head{Title: title, Fresh: []string{p.T("mypay.slip_cost", "cost", t.Cost, "gross", t.Gross, "net", t.Net)}}
	if x.Person == v.Actor.Person {
		head.Back = Link{Label: p.T("mypay.slips"), Href: v.URL("payslips")}
		if t.Paid > 0 {
			mark := p.Euros(t.Paid)
			before, after := around(p.T("mypay.slip_got", "month", p.Month(x.Month), "amount", mark), mark)
			head.Title, head.Eyebrow, head.Answer = "", title, Answer{Before: before, Mark: mark, After: after}
		}
	}
	if x.Origin == store.SlipSoftware {
		head.Fresh = append(head.Fresh, p.T("mypay.slip_software"))
	}
	if office.HasPaper(x) {
		head.Acts = []Link{{Label: p.T("mypay.pdf"), Href: v.URL("payslips", x.ID, "file"), Icon: "file-download"}}
	}
	m := new(markup).raw(`<section class="pane block"><div class="bh"><h2>`).text(p.T("mypay.where")).raw("</h2></div>")
	slipWords(m, p, x.Body.Payslip, nil, false)
	m.raw("</section>")
	return v.Blocks(Page{Title: title, Section: v.slipsSection(), Main: "narrow", Team: v.Team() && len(v.Actor.Activities) == 0}, head, m.html())
}

// mySlipFile is its PDF.
func (s *Server) mySlipFile(v *Visit) error {
	id, err := v.ID("id")
	if err != nil {
		return err
	}
	name, body, err := s.office.PaySlipFile(v.Ctx(), v.Actor, id)
	if err != nil {
		return err
	}
	return v.Send(name, body, true)
}

// slipWords writes a payslip as its second page on paper tells it: what the pay costs, where the difference goes, what is
// received. What the cooperative adds to the cost is told beside. Where an amount is being tried, what each is for is left
// to the payslip.
func slipWords(m *markup, pr i18n.Printer, s payroll.Payslip, added []payroll.Named, trying bool) {
	t := s.Totals
	whole := t.Cost
	for _, a := range added {
		whole += a.Amount
	}
	sign := func(c money.Cents) string {
		if c > 0 {
			return "+" + pr.Euros(c)
		}
		return pr.Euros(c)
	}
	end := func(class, key string, c money.Cents, bar template.HTML) {
		m.raw(`<div class="`).raw(class).raw(`"><dt>`).text(pr.T(key)).raw(`</dt><dd class="amt">`).text(pr.Euros(c)).raw("</dd>").put(bar).raw("</div>")
	}
	row := func(label, why, parts string, c money.Cents) {
		if c == 0 {
			return
		}
		m.raw("<div><dt>").text(label).raw(`</dt><dd class="amt">`).text(sign(-c)).raw("</dd>").put(euroBar("seg", c, whole))
		if trying {
			m.raw("</div>")
			return
		}
		if why != "" || parts != "" {
			m.raw(`<dd class="what">`).text(joinWords(" ", why, parts)).raw("</dd>")
		}
		m.raw("</div>")
	}
	m.raw(`<dl class="euros`)
	if trying {
		m.raw(" tight")
	}
	m.raw(`">`)
	end("whole", "slip.told.cost", whole, "")
	for _, x := range payroll.Shares(s) {
		label, why := x.Words(pr)
		parts := ""
		switch {
		case x.Item || x.Code == "tax" || x.Code == "relief":
		case x.Employer == 0:
			parts = pr.T("mypay.part_mine")
		case x.Employee == 0:
			parts = pr.T("mypay.part_beside")
		default:
			parts = pr.T("mypay.part_both", "mine", x.Employee, "beside", x.Employer)
		}
		row(label, why, parts, x.Amount())
	}
	for _, a := range added {
		row(cmp.Or(a.Label, pr.T(a.Key)), "", "", a.Amount)
	}
	if t.Paid < 0 {
		end("got", "slip.told.owed", -t.Paid, "")
	} else {
		end("got", "slip.told.received", t.Paid, euroBar("kept", t.Paid, whole))
	}
	m.raw(`</dl><details class="twin"><summary>`).text(pr.T("slip.told.steps")).raw(`</summary><dl class="rest">`)
	step := func(label, value string) {
		m.raw("<div><dt>").text(label).raw(`</dt><dd class="amt">`).text(value).raw("</dd></div>")
	}
	if len(added) > 0 {
		step(pr.T("slip.told.cost"), pr.Euros(whole))
		for _, a := range added {
			step(cmp.Or(a.Label, pr.T(a.Key)), pr.Euros(-a.Amount))
		}
	}
	for _, x := range payroll.Steps(s, pr) {
		step(x.Label, x.Value)
	}
	m.raw("</dl></details>")
}

// euroBar is how much of the whole an amount takes.
func euroBar(class string, c, whole money.Cents) template.HTML {
	if whole <= 0 || c <= 0 {
		return ""
	}
	return new(markup).raw(`<dd class="eb" aria-hidden="true"><svg viewBox="0 0 500 6" preserveAspectRatio="none"><rect class="trk" width="500" height="6" rx="3"/><rect class="`).raw(class).raw(`" width="`).px(500 * min(float64(c)/float64(whole), 1)).raw(`" height="6" rx="3"/></svg></dd>`).html()
}
