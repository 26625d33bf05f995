package web

import (
	"strconv"
	"strings"

	"essaim/access"
	"essaim/date"
	"essaim/i18n"
	"essaim/internal/office"
	"essaim/member"
	"essaim/money"
	"essaim/payroll"
)

// payOpeningPages are what a cooperative takes over when it begins to pay here on the way: the sums of the year and the
// counters of leave of each contract, typed on a file or by a table.
func (s *Server) payOpeningPages() {
	s.page("GET", "/{coop}/pay-files/openings", access.RunPay, s.payOpenings)
	s.page("GET", "/{coop}/pay-files/openings/table.csv", access.RunPay, s.payOpeningTable)
	s.page("GET", "/{coop}/pay-files/openings/import", access.RunPay, s.payOpeningImport)
	s.page("POST", "/{coop}/pay-files/openings/import", access.RunPay, s.payOpeningImportSent)
	s.page("GET", "/{coop}/people/{id}/opening/{contract}", access.RunPay, s.editOpening)
	s.page("POST", "/{coop}/people/{id}/opening/{contract}", access.RunPay, s.openingSent)
	s.page("POST", "/{coop}/people/{id}/opening/{contract}/drop", access.RunPay, s.openingDropped)
	s.page("GET", "/{coop}/people/{id}/leave/{contract}", access.RunPay, s.editLeave)
	s.page("POST", "/{coop}/people/{id}/leave/{contract}", access.RunPay, s.leaveSent)
	s.page("POST", "/{coop}/people/{id}/leave/{contract}/drop", access.RunPay, s.leaveDropped)
}

// openingMonth is the first month to be paid here, as the page is asked: this one or the next.
func (v *Visit) openingMonth() date.Month {
	this := v.Today().Month()
	if m, err := date.ParseMonth(v.Query("month")); err == nil && (m == this || m == this+1) {
		return m
	}
	return this
}

// missingWords say what is not known of the year.
func missingWords(p i18n.Printer, miss *office.PayMissing) string {
	if miss.Gap {
		return p.T("payopening.gap", "from", miss.From, "until", miss.Until)
	}
	return p.T("payopening.missing", "from", miss.From, "until", miss.Until)
}

// payOpenings is the list of who lacks counters, those first.
func (s *Server) payOpenings(v *Visit) error {
	m := v.openingMonth()
	all, err := s.office.PayOpenings(v.Ctx(), v.Actor, m)
	if err != nil {
		return err
	}
	p, this := v.P, v.Today().Month()
	here := v.URL("pay-files", "openings")
	t := Table{Caption: p.T("payopening.title"), Cols: []Col{{Label: p.T("payfile.who")}, {Label: p.T("payfile.number")}, {Label: p.T("payfile.contract")}, {Label: p.T("payopening.state")}, {Label: p.T("payopening.next")}}}
	for _, l := range all.Rows {
		name := l.Person.Name()
		st, next := Status{Tone: ToneOK, Text: p.T("payopening.kept")}, cellText("")
		edit := v.URL("people", l.Person.ID, "opening", l.Contract.ID)
		switch {
		case l.Missing != nil && l.Used != 0:
			st = Status{Tone: ToneLate, Text: p.T("payopening.too_late", "from", l.Missing.From, "until", l.Missing.Until, "used", l.Used)}
		case l.Missing != nil && l.Own:
			st, next = Status{Tone: ToneWait, Text: missingWords(p, l.Missing)}, cellText(p.T("payopening.another"))
		case l.Missing != nil:
			st, next = Status{Tone: ToneWait, Text: missingWords(p, l.Missing)}, cellLink(p.T("payopening.type"), edit)
		case l.Used != 0:
			st.Text = p.T("payopening.used", "until", l.Opening.Month, "used", l.Used)
		default:
			st.Text = p.T("payopening.kept_until", "until", l.Opening.Month)
			if !l.Own {
				next = cellLink(p.T("people.change"), edit)
			}
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{cellPerson(name, "", v.URL("people", l.Person.ID, "pay")), cellText(l.Number), cellText(joinWords(", ", p.T(l.Contract.Kind.Label()), p.T("people.since", "day", l.Contract.Start))), cellStatus(st), next}})
	}
	return v.written(Page{Title: p.T("payopening.title"), Section: "pay", Team: true}, func(mk *markup) {
		Head{Back: Link{Label: p.T("payfile.title"), Href: v.URL("pay-files")}, Title: p.T("payopening.title"), Lead: p.T("payopening.lead", "month", m), Acts: []Link{{p.T("payopening.import"), here + "/import", "upload"}, {p.T("payopening.template"), here + "/table.csv?month=" + m.String(), "download"}}}.write(mk, p)
		mk.put(Filters{{Label: p.T("payopening.before", "month", this), Href: here + "?month=" + this.String(), Current: m == this}, {Label: p.T("payopening.before", "month", this+1), Href: here + "?month=" + (this + 1).String(), Current: m != this}}.HTML(p))
		if all.Lack > 0 {
			mk.note(Note{Tone: ToneWait, Strong: p.T("payopening.lack", "n", all.Lack), Text: p.T("payopening.lack_about")})
		} else {
			mk.note(Note{Tone: ToneOK, Strong: p.T("payopening.none"), Text: p.T("payopening.none_about")})
		}
		if len(t.Rows) > 0 {
			mk.table(p, t)
		}
	})
}

func (s *Server) payOpeningTable(v *Visit) error {
	m := v.openingMonth()
	b, err := s.office.OpeningTemplate(v.Ctx(), v.Actor, m)
	if err != nil {
		return err
	}
	return v.Send("reprise-paie-"+m.String()+".csv", b, false)
}

// openingFields are the amounts of the form, in their order; those that may stay empty have a default that is told.
var openingFields = []struct {
	name string
	of   func(*payroll.Opening) *money.Cents
}{
	{"gross", func(o *payroll.Opening) *money.Cents { return &o.Gross }},
	{"base", func(o *payroll.Opening) *money.Cents { return &o.Base }},
	{"ceiling", func(o *payroll.Opening) *money.Cents { return &o.Ceiling }},
	{"t1", func(o *payroll.Opening) *money.Cents { return &o.T1 }},
	{"t2", func(o *payroll.Opening) *money.Cents { return &o.T2 }},
	{"reduction", func(o *payroll.Opening) *money.Cents { return &o.Reduction }},
	{"smic", func(o *payroll.Opening) *money.Cents { return &o.SMIC }},
	{"net", func(o *payroll.Opening) *money.Cents { return &o.Net }},
	{"netTaxable", func(o *payroll.Opening) *money.Cents { return &o.NetTaxable }},
	{"netSocial", func(o *payroll.Opening) *money.Cents { return &o.NetSocial }},
	{"tax", func(o *payroll.Opening) *money.Cents { return &o.Tax }},
	{"cost", func(o *payroll.Opening) *money.Cents { return &o.Cost }},
}

// openingKeys make the names of messages out of those of fields.
var openingKeys = strings.NewReplacer("netTaxable", "net_taxable", "netSocial", "net_social")

func (v *Visit) fillOpening(f *Form, k office.PayContract) *Form {
	o := k.Opening
	if o == nil {
		if k.Missing != nil {
			f.Set("until", k.Missing.Until.String())
		}
		return f
	}
	f.Set("until", o.Until.String())
	for _, x := range openingFields {
		if c := *x.of(o); c != 0 || x.name == "gross" || x.name == "reduction" && o.NoReduction {
			f.Set(x.name, c)
		}
	}
	if o.Hours != 0 {
		f.Set("hours", strings.TrimSuffix(strings.TrimSpace(v.P.Amount(money.Cents(o.Hours))), " "))
	}
	return f
}

func (s *Server) editOpening(v *Visit) error {
	x, k, err := s.contractIn(v)
	if err != nil {
		return err
	}
	return s.showOpening(v, v.fillOpening(v.NewForm(), k).Opened(), x, k, 0)
}

// takenMonths are the months that what is taken over of a contract may be of.
func (v *Visit) takenMonths(c member.Contract) []Option {
	this := v.Today().Month()
	return payMonths(v.P, max(date.MonthOf(this.Year(), 1), c.Start.Month()), this)
}

func (s *Server) showOpening(v *Visit, f *Form, x office.PayFile, k office.PayContract, status int) error {
	p, c := v.P, k.Contract
	v.w.Header().Set("Cache-Control", "no-store")
	here := v.URL("people", x.Person.ID, "opening", c.ID)
	field := func(name string) (label, hint string) {
		key := openingKeys.Replace(name)
		return p.T("payopening.field." + key), "hint=" + p.T("payopening.hint."+key)
	}
	return v.written(Page{Title: p.T("payopening.of", "name", x.Person.Name()), Section: "people", Team: true, Status: status}, func(m *markup) {
		Head{Back: Link{Label: x.Person.Name(), Href: v.URL("people", x.Person.ID, "pay")}, Title: p.T("payopening.of", "name", x.Person.Name()), Lead: p.T("payopening.form_lead", "contract", p.T(c.Kind.Label()), "day", c.Start)}.write(m, p)
		if k.Used != 0 {
			m.note(Note{Tone: ToneWait, Icon: "lock", Strong: p.T("payopening.fault.used", "month", k.Used)})
			return
		}
		for _, o := range openingFields {
			label, _ := field(o.name)
			f.Label(o.name, label)
		}
		f.Label("until", p.T("payopening.until"))
		f.Label("hours", p.T("payopening.field.hours"))
		m.put(f.Summary()).raw(`<form method="post" class="wform" data-main autocomplete="off"`).attr("action", here).raw(">").put(f.Once()).raw(`<section class="pane">`).put(f.Select("until", p.T("payopening.until"), append([]Option{{Label: p.T("payopening.choose")}}, v.takenMonths(c)...), "hint="+p.T("payopening.until_hint"))).raw("</section>")
		group := func(title string, names ...string) {
			m.raw(`<section class="pane"><div class="bh"><h2>`).text(p.T(title)).raw("</h2></div>")
			for i, name := range names {
				if i%2 == 0 {
					m.raw(`<div class="frow">`)
				}
				label, hint := field(name)
				if name == "hours" {
					m.put(f.Field(name, label, "inputmode=decimal", hint))
				} else {
					m.put(f.Field(name, label, "amount", "unit=€", hint))
				}
				if i%2 == 1 || i == len(names)-1 {
					m.raw("</div>")
				}
			}
			m.raw("</section>")
		}
		group("payopening.group_pay", "gross", "net", "netTaxable", "netSocial", "tax", "cost")
		group("payopening.group_bases", "base", "ceiling", "t1", "t2")
		group("payopening.group_reduction", "reduction", "smic", "hours")
		m.raw(`<div class="acts"><button class="b go">`).text(p.T("web.save")).raw(` <kbd>Ctrl ↵</kbd></button></div></form>`)
		if k.Opening != nil {
			m.raw(`<form method="post" action="`).text(here + "/drop").raw(`">`).put(v.NewForm().Once()).raw(`<div class="acts"><button class="b q">`).icon("trash").text(p.T("payopening.drop")).raw("</button></div></form>")
		}
	})
}

func (s *Server) openingSent(v *Visit) error {
	x, k, err := s.contractIn(v)
	if err != nil {
		return err
	}
	f, err := v.Form()
	if err != nil {
		return err
	}
	if err := v.since(f, v.fillOpening(v.NewForm(), k), nil, access.RunPay, access.Subject{Person: x.Person.ID}, thingOf("person", x.Person.ID), "pay.opening", "pay.opening_drop"); err != nil {
		return err
	}
	o := payroll.Opening{Until: f.Month("until")}
	for _, a := range openingFields {
		*a.of(&o) = f.Cents(a.name)
	}
	o.NoReduction = o.Reduction == 0 && f.Get("reduction") != ""
	if f.Get("gross") == "" {
		f.Refuse("gross", "payroll.opening.missing")
	}
	o.Hours = int64(f.Cents("hours")) // hundredths, written as amounts are
	if f.OK() {
		err := s.office.SaveOpening(v.Ctx(), v.Actor, k.Opening, x.Person.ID, k.Contract.ID, o)
		if office.Changed(err) {
			return s.openingSent(v)
		}
		if err == nil {
			v.Say("payopening.saved", "name", x.Person.Name(), "until", o.Until)
			return v.Go(v.URL("people", x.Person.ID, "pay"))
		}
		if !f.Take(err) {
			return err
		}
	}
	return s.showOpening(v, f, x, k, 422)
}

func (s *Server) openingDropped(v *Visit) error {
	x, k, err := s.contractIn(v)
	if err != nil {
		return err
	}
	if _, err := v.Form(); err != nil {
		return err
	}
	if err := s.office.DropOpening(v.Ctx(), v.Actor, x.Person.ID, k.Contract.ID, v.Today().Month().Year()); err != nil {
		return err
	}
	v.Say("payopening.dropped", "name", x.Person.Name())
	return v.Go(v.URL("people", x.Person.ID, "pay"))
}

// payOpeningImport is the page of a table: sent, told line by line, then taken whole.
func (s *Server) payOpeningImport(v *Visit) error {
	return s.showOpeningImport(v, v.NewForm(), nil, "", 0)
}

func (s *Server) showOpeningImport(v *Visit, f *Form, im *office.OpeningImport, text string, status int) error {
	p, here := v.P, v.URL("pay-files", "openings")
	v.w.Header().Set("Cache-Control", "no-store")
	return v.written(Page{Title: p.T("payopening.import"), Section: "pay", Team: true, Status: status}, func(m *markup) {
		Head{Back: Link{Label: p.T("payopening.title"), Href: here}, Title: p.T("payopening.import"), Lead: p.T("payopening.import_lead"), Acts: []Link{{p.T("payopening.template"), here + "/table.csv", "download"}}}.write(m, p)
		f.Label("file", p.T("payopening.file"))
		m.put(f.Summary())
		if im == nil {
			m.raw(`<form class="pane stack wform" method="post" enctype="multipart/form-data"`).attr("action", here+"/import").raw(">").put(f.Once())
			m.raw(`<div class="f upl" id="f-file"><label class="lab" for="file">`).text(p.T("payopening.file")).raw(`</label><input type="file" id="file" name="file" accept=".csv,.txt,text/csv,text/plain"><p class="hint"><span>`).text(p.T("payopening.file_hint")).raw("</span></p></div>")
			m.put(f.Area("text", p.T("payfile.rates_paste"), "rows=6"))
			m.raw(`<div class="acts"><button class="b go">`).text(p.T("payopening.try")).raw("</button></div></form>")
			return
		}
		n := Note{Tone: ToneOK, Strong: p.T("payopening.would", "n", len(im.Rows)), Text: p.T("payopening.would_about")}
		if im.Refused > 0 {
			n = Note{Tone: ToneLate, Strong: p.T("payopening.fault.refused", "n", im.Refused), Text: p.T("payopening.refused_about")}
		}
		m.note(n)
		t := Table{Caption: p.T("payopening.import"), Class: "plain", Cols: []Col{{Label: p.T("payfile.line")}, {Label: p.T("payfile.who")}, {Label: p.T("payopening.until")}, {Label: p.T("pay_month.gross"), Num: true}, {Label: p.T("payopening.field.ceiling"), Num: true}, {Label: p.T("payopening.field.t1"), Num: true}, {Label: p.T("payopening.field.reduction"), Num: true}, {Label: p.T("payfile.becomes")}}}
		for _, r := range im.Rows {
			st := Status{Tone: ToneOK, Text: p.T("payopening.kept")}
			amounts := []Cell{cellAmount(r.After.Gross, ""), cellAmount(r.After.Ceiling, ""), cellAmount(r.After.T1, ""), cellAmount(r.After.Granted, "")}
			if len(r.Refused) > 0 {
				var words []string
				for _, e := range r.Refused {
					w := upperFirst(p.Fault(e))
					for _, o := range openingFields {
						if e.Field == o.name {
							w = p.T("payopening.in_column", "column", p.T("payopening.field."+openingKeys.Replace(o.name)), "words", p.Fault(e))
						}
					}
					words = append(words, w)
				}
				st, amounts = Status{Tone: ToneLate, Text: strings.Join(words, " ")}, []Cell{cellText(""), cellText(""), cellText(""), cellText("")}
			}
			until := ""
			if r.Opening.Until != 0 {
				until = p.Month(r.Opening.Until)
			}
			cells := append([]Cell{cellText(strconv.Itoa(r.N)), cellText(joinWords(", ", r.Name, r.Who)), cellText(until)}, amounts...)
			t.Rows = append(t.Rows, Row{Cells: append(cells, cellStatus(st))})
		}
		m.part(t, p)
		m.raw(`<form method="post"`).attr("action", here+"/import").raw(">").put(f.Once()).raw(`<textarea name="text" hidden aria-hidden="true">`).raw("\n").text(text).raw(`</textarea><div class="acts">`)
		if im.Refused == 0 {
			m.raw(`<button class="b go" name="do" value="accept">`).text(p.T("payopening.accept", "n", len(im.Rows))).raw("</button>")
		}
		m.raw(`<a class="b" href="`).text(here + "/import").raw(`">`).text(p.T("products.other")).raw("</a></div></form>")
	})
}

func (s *Server) payOpeningImportSent(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	text := f.table()
	if !f.OK() {
		return s.showOpeningImport(v, f, nil, "", 422)
	}
	if f.Get("do") == "accept" {
		im, err := s.office.ImportOpenings(office.Keyed(v.Ctx(), f.Key), v.Actor, text)
		if err == nil {
			v.Say("payopening.taken", "n", len(im.Rows))
			return v.Go(v.URL("pay-files", "openings"))
		}
		if !f.Take(err) {
			return err
		}
		return s.showOpeningImport(v, f, nil, "", 422)
	}
	im, err := s.office.TryOpenings(v.Ctx(), v.Actor, text)
	if f.Take(err) {
		return s.showOpeningImport(v, f, nil, "", 422)
	}
	if err != nil {
		return err
	}
	plain, err := plainSheet(text)
	if err != nil {
		return err
	}
	f.Key = v.key()
	return s.showOpeningImport(v, f, &im, plain, 0)
}
