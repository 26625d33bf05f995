package web

import (
	"net/http"

	"essaim/access"
	"essaim/format/sheet"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/sale"
)

// ratePages are the rates of the day that documents in another currency take: entered one by one, or from the file that
// the European Central Bank publishes.
func (s *Server) ratePages() {
	s.page("GET", "/{coop}/books/rates", access.PostEntry, s.rates)
	s.page("POST", "/{coop}/books/rates", access.PostEntry, s.rateSent)
	s.page("POST", "/{coop}/books/rates/import", access.PostEntry, s.ratesImported)
}

func (s *Server) rates(v *Visit) error {
	f := v.NewForm().Set("day", v.Today()).Set("currency", v.Query("currency"))
	return s.showRates(v, f, nil, "", 0)
}

func (s *Server) showRates(v *Visit, f *Form, file *office.RateFile, text string, status int) error {
	of := f.Get("currency")
	all, err := s.office.Rates(v.Ctx(), v.Actor, of)
	if err != nil {
		return err
	}
	p := v.P
	page := Page{Title: p.T("rates.title"), Section: "rates", Team: true, Status: status, Script: "books.js"}
	return v.written(page, func(m *markup) {
		Head{Title: p.T("rates.title"), Lead: p.T("rates.lead")}.write(m, p)
		f.Label("file", p.T("rates.file"))
		m.put(f.Summary())
		if file != nil {
			m.note(Note{Tone: ToneOK, Strong: p.T("rates.would", "n", len(file.Rates)), Text: p.T("rates.would_about", "from", file.From, "until", file.To, "new", file.New, "changed", file.Changed)})
			m.raw(`<form method="post" action="`).text(v.URL("books", "rates", "import")).raw(`">`).put(f.Once()).raw(`<textarea name="text" hidden aria-hidden="true">`).raw("\n").text(text).raw(`</textarea><div class="acts">`)
			if file.New+file.Changed > 0 {
				m.raw(`<button class="b go" name="do" value="accept">`).text(p.T("rates.accept", "n", file.New+file.Changed)).raw("</button>")
			}
			m.raw(`<a class="b" href="`).text(v.URL("books", "rates")).raw(`">`).text(p.T("products.other")).raw("</a></div></form>")
		}
		m.raw(`<div class="payg"><form class="pane stack" method="post" action="`).text(v.URL("books", "rates")).raw(`" data-main>`).put(f.Once())
		m.raw(`<div class="bh"><h2>`).text(p.T("rates.enter")).raw("</h2></div>")
		m.put(f.Select("currency", p.T("form.currency"), currencyOptions(p, Option{Label: p.T("rates.choose")})))
		m.raw(`<div class="frow lined">`).put(f.Field("rate", p.T("form.exchange"), "amount", "autocomplete=off", "required")).put(f.Field("day", p.T("form.exchange_on"), "icon=calendar", "required")).raw("</div>")
		m.put(f.Field("source", p.T("form.exchange_source"), "maxlength=100", "required", "placeholder="+p.T("form.exchange_source_hint")))
		m.raw(`<div class="acts"><button class="b go">`).text(p.T("web.save")).raw("</button></div></form>")
		m.raw(`<form class="pane stack" method="post" enctype="multipart/form-data" action="`).text(v.URL("books", "rates", "import")).raw(`">`).put(f.Once())
		m.raw(`<div class="bh"><h2>`).text(p.T("rates.import")).raw("</h2></div>")
		m.raw(`<div class="f upl" id="f-file"><label class="lab" for="file">`).text(p.T("rates.file")).raw(`</label><input type="file" id="file" name="file" accept=".csv,.zip,text/csv,application/zip"><p class="hint"><span>`).text(p.T("rates.file_hint")).raw("</span></p></div>")
		m.raw(`<div class="acts"><button class="b">`).icon("arrow-up").text(p.T("rates.try")).raw("</button></div></form></div>")
		if len(all.Last) == 0 {
			m.put(Empty{Title: p.T("rates.none"), Text: p.T("rates.none_about")}.HTML())
			return
		}
		m.raw(`<div class="bh"><h2>`).text(p.T("rates.last")).raw("</h2></div>").part(rateTable(v, p.T("rates.last"), all.Last, true), p)
		if len(all.Of) > 0 {
			m.raw(`<div class="bh"><h2>`).text(p.T("rates.of", "currency", of)).raw("</h2></div>").part(rateTable(v, p.T("rates.of", "currency", of), all.Of, false), p)
		}
	})
}

// rateTable lists rates; those of several currencies lead each to its own.
func rateTable(v *Visit, caption string, all []store.Rate, link bool) Table {
	p := v.P
	t := Table{Caption: caption, Class: "plain", Cols: []Col{{Label: p.T("form.currency")}, {Label: p.T("form.exchange"), Num: true}, {Label: p.T("form.exchange_on")}, {Label: p.T("form.exchange_source")}}}
	for _, r := range all {
		name := cellSub(r.Currency, p.T("currency."+lower(r.Currency)), "")
		if link {
			name = cellSub(r.Currency, p.T("currency."+lower(r.Currency)), v.With("currency", r.Currency))
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{name, cellNumber(p.Micro(r.Rate)), cellDay(r.Day), cellText(r.Source)}})
	}
	return t
}

func (s *Server) rateSent(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	r, source := sale.DayRate{Currency: f.Get("currency"), Rate: f.Micro("rate"), Day: f.Day("day")}, f.Text("source", 100)
	if f.OK() {
		err := s.office.SaveRate(v.Ctx(), v.Actor, r, source, f.Key)
		if err == nil {
			v.Say("rates.said", "currency", r.Currency, "rate", r.Rate, "on", r.Day)
			return v.Go(v.URL("books", "rates") + "?currency=" + r.Currency)
		}
		if !f.Take(err) {
			return err
		}
	}
	return s.showRates(v, f, nil, "", http.StatusUnprocessableEntity)
}

func (s *Server) ratesImported(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	body := f.table()
	if f.OK() && f.Get("do") == "accept" {
		rf, err := s.office.ImportRates(v.Ctx(), v.Actor, body, f.Key)
		if err == nil {
			v.Say("rates.said_imported", "n", rf.New+rf.Changed)
			return v.Go(v.URL("books", "rates"))
		}
		if !f.Take(err) {
			return err
		}
	}
	if f.OK() {
		rf, err := s.office.TryRates(v.Ctx(), v.Actor, body)
		if err == nil {
			text, err := sheet.Head(body, sale.RateDays+1) // what was read, for the form that brings it back
			if err != nil {
				return err
			}
			return s.showRates(v, f, &rf, string(text), http.StatusOK)
		}
		if !f.Take(err) {
			return err
		}
	}
	return s.showRates(v, f, nil, "", http.StatusUnprocessableEntity)
}
