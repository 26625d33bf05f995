package web

import (
	"html/template"

	"essaim/access"
	"essaim/i18n"
	"essaim/internal/office"
	"essaim/money"
	"essaim/payroll"
)

// payYearPart is, of a contract on a pay file, the leave and what was taken over of the year.
type payYearPart struct {
	Leave       Table
	LeaveAbout  string
	LeaveEdit   string // address, for who may
	Missing     Note   // what is not known of the year
	Opening     []fact
	OpeningEdit string
}

// payYear fills it.
func (v *Visit) payYear(x office.PayFile, k office.PayContract) (y payYearPart) {
	p, c := v.P, k.Contract
	if k.Leave != nil {
		y.Leave = leaveTable(p, k.Leave)
		switch {
		case !k.Leave.Known:
			y.LeaveAbout = p.T("payopening.leave_unknown", "day", k.Leave.From)
		case k.Left != nil:
			y.LeaveAbout = p.T("payopening.leave_since", "month", k.Left.Until)
		}
		if !x.Own {
			y.LeaveEdit = v.URL("people", x.Person.ID, "leave", c.ID)
		}
	}
	if x.Own {
		return y
	}
	if k.Used == 0 && (k.Missing != nil || k.Opening != nil) {
		y.OpeningEdit = v.URL("people", x.Person.ID, "opening", c.ID)
	}
	if k.Missing != nil {
		y.Missing = Note{Tone: ToneWait, Icon: "alert-triangle", Strong: missingWords(p, k.Missing), Text: p.T("payopening.missing_why")}
		if k.Used != 0 {
			y.Missing.Text = p.T("payopening.too_late_why", "used", k.Used)
		} else {
			y.Missing.Links = []Link{{Label: p.T("payopening.type"), Href: y.OpeningEdit}}
		}
	}
	if o := k.Opening; o != nil {
		y.Opening = []fact{{p.T("payopening.until"), upperFirst(p.Month(o.Until))}, {p.T("payopening.field.gross"), p.Euros(o.Gross)}, {p.T("payopening.field.net_taxable"), p.Euros(o.NetTaxable)}, {p.T("payopening.field.net_social"), p.Euros(o.NetSocial)}, {p.T("payopening.field.tax"), p.Euros(o.Tax)}, {p.T("payopening.field.reduction"), p.Euros(o.Reduction)}}
	}
	return y
}

// leaveTable are the counters of leave as a page shows them.
func leaveTable(p i18n.Printer, s *payroll.LeaveState) Table {
	t := Table{Caption: p.T("slip.leave"), Class: "plain", Cols: []Col{{Label: p.T("payopening.leave_period")}, {Label: p.T("slip.leave_earned"), Num: true}, {Label: p.T("slip.leave_taken"), Num: true}, {Label: p.T("slip.leave_due"), Num: true}}}
	for _, r := range payroll.LeaveRows(p, s) {
		row := []Cell{cellText(r.Label)}
		for _, w := range r.Words(p) {
			row = append(row, cellNumber(w))
		}
		t.Rows = append(t.Rows, Row{Cells: row})
	}
	return t
}

// leaveLine tells one's own leave, with the way to its detail.
func (v *Visit) leaveLine(s *payroll.LeaveState) template.HTML {
	if s == nil {
		return ""
	}
	return Note{Icon: "calendar-event", Strong: v.P.T("payopening.left", "n", money.Micro(s.Left())*(money.Unit/100)), Links: []Link{{Label: v.P.T("payopening.left_see"), Href: v.URL("pay-file")}}}.HTML()
}

// dayWords writes days of leave in a field: « 12,5 ».
func dayWords(p i18n.Printer, d payroll.Days) string {
	return p.Micro(money.Micro(d) * (money.Unit / 100))
}

// days reads days of leave, to the hundredth.
func (f *Form) days(name string) payroll.Days {
	const part = money.Unit / 100
	n := f.Micro(name)
	if n%part != 0 || n > 1000*money.Unit || n < -1000*money.Unit {
		f.Refuse(name, "payopening.days")
		return 0
	}
	return payroll.Days(n / part)
}

func (v *Visit) fillLeave(f *Form, o *payroll.LeaveOpening) *Form {
	if o == nil {
		return f
	}
	f.Set("until", o.Until.String()).Set("before", dayWords(v.P, o.Before)).Set("acquired", dayWords(v.P, o.Acquired)).Set("taken", dayWords(v.P, o.Taken))
	if o.Aside != 0 {
		f.Set("aside", o.Aside)
	}
	return f
}

func (s *Server) editLeave(v *Visit) error {
	x, k, err := s.contractIn(v)
	if err != nil {
		return err
	}
	return s.showLeave(v, v.fillLeave(v.NewForm(), k.Left).Opened(), x, k, 0)
}

func (s *Server) showLeave(v *Visit, f *Form, x office.PayFile, k office.PayContract, status int) error {
	p, c := v.P, k.Contract
	here := v.URL("people", x.Person.ID, "leave", c.ID)
	v.w.Header().Set("Cache-Control", "no-store")
	return v.written(Page{Title: p.T("payopening.leave_of", "name", x.Person.Name()), Section: "people", Team: true, Status: status}, func(m *markup) {
		Head{Back: Link{Label: x.Person.Name(), Href: v.URL("people", x.Person.ID, "pay")}, Title: p.T("payopening.leave_of", "name", x.Person.Name()), Lead: p.T("payopening.leave_lead")}.write(m, p)
		if k.Leave == nil {
			m.note(Note{Tone: ToneWait, Strong: p.T("payopening.no_leave")})
			return
		}
		m.part(leaveTable(p, k.Leave), p)
		f.Label("until", p.T("payopening.leave_until"))
		for _, name := range []string{"before", "acquired", "taken", "aside"} {
			f.Label(name, p.T("payopening.leave."+name))
		}
		m.put(f.Summary()).raw(`<form method="post" class="wform" data-main autocomplete="off"`).attr("action", here).raw(">").put(f.Once()).raw(`<section class="pane">`)
		m.put(f.Select("until", p.T("payopening.leave_until"), append([]Option{{Label: p.T("payopening.choose")}}, v.takenMonths(c)...), "hint="+p.T("payopening.leave_until_hint")))
		m.raw(`<div class="frow">`)
		for _, name := range []string{"before", "acquired", "taken"} {
			m.put(f.Field(name, p.T("payopening.leave."+name), "inputmode=decimal", "hint="+p.T("payopening.leave_hint."+name)))
		}
		m.raw("</div>")
		if k.Leave.Aside != nil {
			m.put(f.Field("aside", p.T("payopening.leave.aside"), "amount", "unit=€", "hint="+p.T("payopening.leave_hint.aside")))
		}
		m.raw(`</section><div class="acts"><button class="b go">`).text(p.T("web.save")).raw(` <kbd>Ctrl ↵</kbd></button></div></form>`)
		if k.Left != nil {
			m.raw(`<form method="post" action="`).text(here + "/drop").raw(`">`).put(v.NewForm().Once()).raw(`<div class="acts"><button class="b q">`).icon("trash").text(p.T("payopening.leave_drop", "month", k.Left.Until)).raw("</button></div></form>")
		}
	})
}

func (s *Server) leaveSent(v *Visit) error {
	x, k, err := s.contractIn(v)
	if err != nil {
		return err
	}
	f, err := v.Form()
	if err != nil {
		return err
	}
	if err := v.since(f, v.fillLeave(v.NewForm(), k.Left), nil, access.RunPay, access.Subject{Person: x.Person.ID}, thingOf("person", x.Person.ID), "pay.leave", "pay.leave_drop"); err != nil {
		return err
	}
	o := payroll.LeaveOpening{Until: f.Month("until"), LeaveCounters: payroll.LeaveCounters{Before: f.days("before"), Acquired: f.days("acquired"), Taken: f.days("taken")}, Aside: f.Cents("aside")}
	if f.OK() {
		err := s.office.SaveLeave(v.Ctx(), v.Actor, k.Left, x.Person.ID, k.Contract.ID, o)
		if office.Changed(err) {
			return s.leaveSent(v)
		}
		if err == nil {
			v.Say("payopening.leave_saved", "name", x.Person.Name())
			return v.Go(v.URL("people", x.Person.ID, "pay"))
		}
		if !f.Take(err) {
			return err
		}
	}
	return s.showLeave(v, f, x, k, 422)
}

func (s *Server) leaveDropped(v *Visit) error {
	x, k, err := s.contractIn(v)
	if err != nil {
		return err
	}
	if _, err := v.Form(); err != nil {
		return err
	}
	if k.Left != nil {
		if err := s.office.DropLeave(v.Ctx(), v.Actor, x.Person.ID, k.Contract.ID, k.Left.Until); err != nil {
			return err
		}
	}
	v.Say("payopening.leave_dropped", "name", x.Person.Name())
	return v.Go(v.URL("people", x.Person.ID, "pay"))
}
