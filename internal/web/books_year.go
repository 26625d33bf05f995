package web

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"strings"

	"essaim/fault"
	"essaim/internal/office"
)

// monthsData is the page that closes months.
type monthsData struct {
	Years []yearMonths
	Ahead *yearAhead // the year that can be opened ahead of its first day
}

type yearAhead struct {
	After int64 // id of the year it follows
	Label string
	From  string // its first day
}

type yearMonths struct {
	ID     int64
	Label  string
	Closed int
	Upto   string // the closed months in words: « jusqu’à septembre 2026 »
	All    bool   // every month is closed
	Months []monthState
}

type monthState struct {
	Period int
	Name   string
	Closed bool
	Future bool // not begun: nothing to take yet
	Over   bool // it can be closed
	Next   bool // the first open one: it can be closed
	Last   bool // the last closed one: it can be reopened
	Month  string
}

func (s *Server) months(v *Visit) error {
	b, err := s.office.BooksOf(v.Ctx(), v.Actor, 0)
	if err != nil {
		return err
	}
	var d monthsData
	for _, y := range b.Years {
		ym := yearMonths{ID: y.ID, Label: y.Span.Label(), Closed: y.ClosedTo}
		for k, m := range y.Span.Months() {
			ym.Months = append(ym.Months, monthState{Period: k + 1, Name: v.P.Month(m), Closed: k < y.ClosedTo, Next: k == y.ClosedTo, Last: k == y.ClosedTo-1, Month: m.String(), Future: m.First() > v.Today(), Over: m.Last() < v.Today()})
			if k == y.ClosedTo-1 {
				ym.Upto = v.P.Month(m)
			}
		}
		ym.All = y.ClosedTo == len(ym.Months)
		d.Years = append(d.Years, ym)
	}
	if all := b.Settings.Years; len(all) > 0 && all[len(all)-1].Span.Start <= v.Today() {
		last := all[len(all)-1]
		d.Ahead = &yearAhead{After: last.ID, Label: last.Span.Next().Label(), From: v.P.Day(last.Span.End + 1)}
	}
	return v.Show("books_months", Page{Title: v.P.T("books.months"), Section: "months", Team: true}, d)
}

func (s *Server) monthsSent(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	year, to := f.ID("year"), f.Int("period", 0, 24)
	if f.Need("period", 2); !f.OK() { // none would be the first of the year, and reopen it all
		return fault.New(fault.Invalid, "office.period")
	}
	b, err := s.office.BooksOf(v.Ctx(), v.Actor, year) // 0: that of today
	if err != nil {
		return err
	}
	if err := s.office.CloseMonths(v.Ctx(), v.Actor, cmp.Or(year, b.Year.ID), to); err != nil {
		return err
	}
	switch months := b.Year.Span.Months(); {
	case to > b.Year.ClosedTo:
		v.Say("books.month_closed_now", "month", months[to-1])
	case to < b.Year.ClosedTo:
		v.Say("books.month_open_now", "month", months[to])
	}
	return v.Go(v.URL("books", "months"))
}

func (s *Server) openYear(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	y, err := s.office.OpenYear(v.Ctx(), v.Actor, f.ID("after"))
	if err != nil {
		return err
	}
	v.Say("books.year_opened", "year", y.Span.Label())
	return v.Go(v.URL("books", "months"))
}

func (s *Server) runContributions(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	m := f.Month("month")
	if m == 0 || !f.OK() {
		return fault.New(fault.Invalid, "office.period")
	}
	if err := s.office.RunContributions(v.Ctx(), v.Actor, m); err != nil {
		return err
	}
	v.Say("books.contributions_done", "month", m)
	return v.Go(v.URL("books", "months"))
}

type fecData struct {
	Years []fecYear
}

type fecYear struct {
	ID         int64
	Label      string
	Name, Side string
	Open       bool
}

func (s *Server) fecPage(v *Visit) error {
	b, err := s.office.BooksOf(v.Ctx(), v.Actor, 0)
	if err != nil {
		return err
	}
	var d fecData
	for _, y := range b.Years {
		name := office.FECName(b.Settings, y)
		d.Years = append(d.Years, fecYear{ID: y.ID, Label: y.Span.Label(), Name: name, Side: strings.TrimSuffix(name, ".txt") + "-sections.csv", Open: y.ClosedTo < len(y.Span.Months())})
	}
	return v.Show("books_fec", Page{Title: v.P.T("books.fec"), Section: "fec", Team: true}, d)
}

func (s *Server) fecFile(v *Visit) error {
	id, err := strconv.ParseInt(v.PathValue("year"), 10, 64)
	if err != nil || !slices.Contains([]string{"latin9", "utf8", "sections"}, v.PathValue("file")) {
		return errAbsent()
	}
	var file, side bytes.Buffer
	if err := s.office.ExportFEC(v.Ctx(), v.Actor, id, v.PathValue("file") == "latin9", &file, &side); err != nil {
		return err
	}
	b, err := s.office.BooksOf(v.Ctx(), v.Actor, id)
	if err != nil {
		return err
	}
	name := office.FECName(b.Settings, b.Year)
	switch v.PathValue("file") {
	case "latin9":
		return v.sendIn("iso-8859-15", name, file.Bytes(), false)
	case "utf8":
		return v.Send(name, file.Bytes(), false)
	case "sections":
		return v.Send(strings.TrimSuffix(name, ".txt")+"-sections.csv", side.Bytes(), false)
	}
	return errAbsent()
}
