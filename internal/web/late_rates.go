package web

import (
	"net/http"
	"slices"

	"essaim/access"
	"essaim/coop"
	"essaim/date"
	"essaim/i18n"
	"essaim/sale"
)

// lateRatePages are the official rates that late payment is counted with: those the program came with, and those that the
// team has read since.
func (s *Server) lateRatePages() {
	s.page("GET", "/{coop}/books/late-rates", access.PostEntry, s.lateRates)
	s.page("POST", "/{coop}/books/late-rates", access.PostEntry, s.lateRateSent)
}

func (s *Server) lateRates(v *Visit) error { return s.showLateRates(v, nil, http.StatusOK) }

// halfOf names a half-year.
func halfOf(p i18n.Printer, from date.Day) string {
	y, m, _ := from.Date()
	key := "late_rates.first"
	if m > 6 {
		key = "late_rates.second"
	}
	return p.T(key, "year", date.Of(y, 1, 1).String()[:4])
}

func (s *Server) showLateRates(v *Visit, f *Form, status int) error {
	all, r, err := s.office.LateRates(v.Ctx(), v.Actor)
	if err != nil {
		return err
	}
	p := v.P
	now := lateHalf(v.Today())
	if f == nil {
		want := now
		for _, x := range all { // nothing is to be read: what is to be confirmed
			if x.Confirm && all[len(all)-1].From >= now {
				want = min(want, x.From)
			}
		}
		if day, err := date.Parse(v.Query("from")); err == nil {
			want = lateHalf(day)
		}
		known := sale.SemesterOn(r, want)
		f = v.NewForm().Set("from", want.String()).Set("legal", known.Legal).Set("ecb", known.ECB)
		if known.From != want { // another half-year's are no start
			f = v.NewForm().Set("from", want.String())
		}
	}
	var halves []Option
	y, _, _ := now.Date()
	for _, from := range []date.Day{date.Of(y+1, 1, 1), date.Of(y, 7, 1), date.Of(y, 1, 1), date.Of(y-1, 7, 1), date.Of(y-1, 1, 1), date.Of(y-2, 7, 1), date.Of(y-2, 1, 1), date.Of(y-3, 7, 1), date.Of(y-3, 1, 1)} {
		if from <= v.Today()+31 {
			halves = append(halves, Option{Value: from.String(), Label: halfOf(p, from)})
		}
	}
	page := Page{Title: p.T("late_rates.title"), Section: "rules", Team: true, Status: status}
	return v.written(page, func(m *markup) {
		Head{Back: Link{Label: p.T("rules.title"), Href: v.URL("rules") + "#late_rates"}, Title: p.T("late_rates.title"), Lead: p.T("late_rates.lead")}.write(m, p)
		m.raw(`<div class="stack">`).put(f.Summary())
		if last := all[len(all)-1]; last.From < now {
			m.note(Note{Tone: ToneWait, Strong: p.T("late_rates.missing", "half", halfOf(p, now)), Text: p.T("late_rates.missing_about", "half", halfOf(p, last.From))})
		}
		m.raw(`<form class="pane stack" method="post" action="`).text(v.URL("books", "late-rates")).raw(`" data-main>`).put(f.Once())
		m.raw(`<div class="bh"><h2>`).text(p.T("late_rates.enter")).raw("</h2></div>")
		m.put(f.Select("from", p.T("late_rates.half"), halves))
		m.raw(`<div class="frow">`).put(f.Field("legal", p.T("late_rates.legal"), "amount", "unit=%", "autocomplete=off", "required", "hint="+p.T("late_rates.legal_hint")))
		m.put(f.Field("ecb", p.T("late_rates.ecb"), "amount", "unit=%", "autocomplete=off", "required", "hint="+p.T("late_rates.ecb_hint"))).raw("</div>")
		m.put(f.Field("source", p.T("late_rates.source"), "maxlength=250", "required", "hint="+p.T("late_rates.source_hint")))
		m.raw(`<div class="acts"><button class="b go">`).text(p.T("web.save")).raw("</button></div></form></div>")
		m.raw(`<section class="block"><div class="bh"><h2>`).text(p.T("late_rates.known")).raw("</h2></div>").part(lateTable(v, all), p).raw("</section>")
	})
}

// lateHalf is the first day of the half-year of a day.
func lateHalf(d date.Day) date.Day {
	y, m, _ := d.Date()
	if m > 6 {
		return date.Of(y, 7, 1)
	}
	return date.Of(y, 1, 1)
}

func lateTable(v *Visit, all []sale.Semester) Table {
	p := v.P
	t := Table{Caption: p.T("late_rates.known"), Class: "plain", Cols: []Col{{Label: p.T("late_rates.half")}, {Label: p.T("late_rates.legal"), Num: true}, {Label: p.T("late_rates.ecb"), Num: true}, {Label: p.T("late_rates.source")}}}
	for _, x := range slices.Backward(all) {
		about := ""
		switch {
		case x.Own:
			about = p.T("late_rates.own")
		case x.Confirm:
			about = p.T("late_rates.confirm")
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{cellSub(halfOf(p, x.From), about, v.URL("books", "late-rates")+"?from="+x.From.String()), cellNumber(p.Rate(x.Legal)), cellNumber(p.Rate(x.ECB)), cellText(x.Source)}})
	}
	return t
}

func (s *Server) lateRateSent(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	h := coop.LateHalf{LateRates: coop.LateRates{ECB: f.Rate("ecb"), Legal: f.Rate("legal")}, Source: f.Need("source", 250)}
	for _, name := range []string{"ecb", "legal"} {
		if f.Get(name) == "" {
			f.Refuse(name, "web.field_needed")
		}
	}
	if h.From, err = date.Parse(f.Get("from")); err != nil {
		f.Refuse("from", "coop.late_from")
	}
	if f.OK() {
		err := s.office.SaveLateRates(v.Ctx(), v.Actor, h, f.Key)
		if err == nil {
			v.Say("late_rates.said", "half", halfOf(v.P, h.From))
			return v.Go(v.URL("books", "late-rates"))
		}
		if !f.Take(err) {
			return err
		}
	}
	return s.showLateRates(v, f, http.StatusUnprocessableEntity)
}

// lateWords are the rates of the last half-years known, for the page of rules.
func lateWords(p i18n.Printer, r coop.Reminders) (words []string) {
	all := sale.Semesters(r)
	for _, x := range slices.Backward(all[max(0, len(all)-2):]) {
		line := p.T("late_rates.word", "half", halfOf(p, x.From), "legal", x.Legal, "ecb", x.ECB, "source", x.Source)
		if x.Confirm {
			line = p.T("late_rates.word_confirm", "line", line)
		}
		words = append(words, line)
	}
	return words
}
