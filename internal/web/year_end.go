package web

import (
	"html/template"
	"net/http"
	"slices"
	"strconv"

	"essaim/access"
	"essaim/activity"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/money"
)

// yearEndPages are the end of a fiscal year: what becomes of each activity's result, for the team and for each person.
func (s *Server) yearEndPages() {
	s.page("GET", "/{coop}/year-end", access.ViewPay, s.yearEnd)
	s.page("POST", "/{coop}/year-end/ask", access.RunPay, s.yearAsked)
	s.page("POST", "/{coop}/year-end/remind", access.RunPay, s.yearReminded)
	s.page("POST", "/{coop}/year-end/book", access.ViewPay, s.yearBooked)
	s.page("POST", "/{coop}/year-end/release", access.ViewPay, s.yearReleased)
	s.page("POST", "/{coop}/year-end/profit", access.RunPay, s.yearProfit)
	s.page("GET", "/{coop}/year-choice", "", s.yearForms)
	s.page("GET", "/{coop}/year-choice/{year}/{id}/profit", "", s.profitSheet)
	s.page("GET", "/{coop}/year-choice/{year}/{id}", "", s.yearForm)
	s.page("POST", "/{coop}/year-choice/{year}/{id}", "", s.yearSigned)
}

type yearData struct {
	F         *Form
	V         office.YearEndView
	Label     string
	Nav       template.HTML
	Years     []Option
	Sums      Table
	People    Table
	Total     money.Cents // of the rows
	Proof     bool        // it is the result of the activities
	Silent    []string
	Aside     []asideRow
	Profit    []Item
	PF        *Form // to pay it
	Months    []Option
	MayPay    bool
	Late      bool // the term to pay has passed
	MayBook   bool // now
	Why       string
	BookedAll money.Cents
}

type asideRow struct {
	F                 *Form
	Name, About       string
	Activity, Person  int64
	Aside, Left, Gone money.Cents
	May               bool
	To                []Option
}

func (s *Server) yearEnd(v *Visit) error { return s.showYearEnd(v, nil, http.StatusOK) }

func (s *Server) showYearEnd(v *Visit, f *Form, status int) error {
	year := v.queryID("year")
	if f != nil {
		year = f.ID("year")
	}
	e, err := s.office.YearEnd(v.Ctx(), v.Actor, year)
	if err != nil {
		return err
	}
	p := v.P
	refused := f
	if f == nil {
		f = v.NewForm()
		f.Set("deadline", max(e.Asked.Deadline, v.Today()+date.Day(e.Rule.AnswerDays)))
	}
	f.Set("year", e.Year.ID)
	d := yearData{F: f, V: e, Label: e.Year.Span.Label(), Nav: v.payNav("year", v.Today().Month()), BookedAll: e.Booked}
	for _, y := range e.Years {
		d.Years = append(d.Years, Option{Value: strconv.FormatInt(y.ID, 10), Label: y.Span.Label()})
	}
	var sum activity.YearRow
	for _, r := range e.Rows {
		d.Total += r.Balance
		sum.Base, sum.Paid, sum.Balance, sum.Received, sum.Leave = sum.Base+r.Base, sum.Paid+r.Paid, sum.Balance+r.Balance, sum.Received+r.Received, sum.Leave+r.Leave
		sum.Profit += r.Profit
		sum.Out, sum.Kept, sum.Provided, sum.Given, sum.Aside, sum.Stays = sum.Out+r.Out, sum.Kept+r.Kept, sum.Provided+r.Provided, sum.Given+r.Given, sum.Aside+r.Aside, sum.Stays+r.Stays
	}
	d.Proof = d.Total-e.Booked == e.Result
	// A column that says nothing of any activity is left out, but for those that the others are read by.
	columns := []struct {
		key  string
		kept bool
		of   func(activity.YearRow) money.Cents
	}{
		{"base", true, func(r activity.YearRow) money.Cents { return r.Base }}, {"paid", true, func(r activity.YearRow) money.Cents { return r.Paid }},
		{"balance", true, func(r activity.YearRow) money.Cents { return r.Balance }}, {"given", false, func(r activity.YearRow) money.Cents { return r.Received - r.Given }},
		{"leave", false, func(r activity.YearRow) money.Cents { return r.Leave }}, {"out", true, func(r activity.YearRow) money.Cents { return r.Out }},
		{"profit", false, func(r activity.YearRow) money.Cents { return r.Profit }},
		{"provided", false, func(r activity.YearRow) money.Cents { return r.Provided }}, {"aside", false, func(r activity.YearRow) money.Cents { return r.Aside }},
		{"kept", false, func(r activity.YearRow) money.Cents { return r.Kept }}, {"stays", true, func(r activity.YearRow) money.Cents { return r.Stays }},
	}
	d.Sums = Table{Caption: p.T("pay_year.table"), Class: "plain yend", Cols: []Col{{Label: p.T("pay_year.activity")}}}
	for i, c := range columns {
		columns[i].kept = c.kept || slices.ContainsFunc(e.Rows, func(r activity.YearRow) bool { return c.of(r) != 0 })
		if columns[i].kept {
			d.Sums.Cols = append(d.Sums.Cols, Col{Label: p.T("pay_year.col." + c.key), Num: true})
		}
	}
	figures := func(r activity.YearRow) (all []Cell) {
		for _, c := range columns {
			class := ""
			if c.key == "balance" || c.key == "stays" {
				class = "strong"
			}
			if c.kept {
				all = append(all, cellAmount(c.of(r), "", class))
			}
		}
		return all
	}
	d.People = Table{Caption: p.T("pay_year.people"), Class: "plain yppl", Cols: []Col{{Label: p.T("pay_year.person")}, {Label: p.T("pay_year.activity")}, {Label: p.T("pay_year.col.share"), Num: true}, {Label: p.T("pay_year.answer")}}}
	for _, r := range e.Rows {
		act := e.Sections[r.Activity]
		d.Sums.Rows = append(d.Sums.Rows, Row{Cells: append([]Cell{cellActivity(act.Name, act.Code, "")}, figures(r)...)})
		for _, part := range r.Parts {
			if part.Balance == 0 {
				continue
			}
			d.People.Rows = append(d.People.Rows, Row{Cells: []Cell{cellPerson(e.Names[part.Person], "", ""), cellText(act.Name), cellAmount(part.Balance, ""), cellStatus(v.answerOf(e, part))}})
		}
	}
	d.Sums.Foot = append([]Cell{cellText(p.T("pay_year.all"))}, figures(sum)...)
	for _, id := range e.Silent {
		d.Silent = append(d.Silent, e.Names[id])
	}
	switch {
	case !e.MayBook:
	case !e.Over:
		d.Why = p.T("pay_year.not_over", "end", e.Year.Span.End)
	case !e.Open:
		d.Why = p.T("pay_year.not_asked")
	case len(e.Silent) > 0 && v.Today() <= e.Asked.Deadline:
		d.Why = p.T("pay_year.waiting", "n", len(e.Silent), "deadline", e.Asked.Deadline)
	case e.Missing == 0:
		d.Why = p.T("pay_year.done")
	default:
		d.MayBook = true
	}
	for _, x := range e.Aside {
		r := asideRow{F: v.NewForm(), Name: e.Names[x.Person], About: e.Sections[x.Activity].Name, Activity: x.Activity, Person: x.Person, Aside: x.Aside, Gone: x.Released, Left: x.Aside - x.Released, May: e.MayBook && x.Person != v.Actor.Person}
		if refused != nil && refused.ID("person") == x.Person && refused.ID("activity") == x.Activity {
			r.F = refused
		} else {
			r.F.Set("amount", r.Left)
		}
		for _, to := range []string{office.AsideToAccount, office.AsideToCompany} {
			r.To = append(r.To, Option{Value: to, Label: p.T("pay_year.release_to." + to)})
		}
		d.Aside = append(d.Aside, r)
	}
	s.showProfit(v, &d, refused)
	return v.Show("year_end", Page{Title: p.T("pay_year.title"), Section: "year-end", Team: true, Wide: true, Status: status}, d)
}

// answerOf says what a person answered, or what becomes of a part without one.
func (v *Visit) answerOf(e office.YearEndView, part activity.YearPart) Status {
	c := e.Choices[part.Activity][part.Person]
	switch {
	case part.Standing == activity.StandsCAPE:
		return Status{Text: v.P.T("pay_year.state.cape"), Tone: "info"}
	case part.Standing == activity.StandsApart:
		return Status{Text: v.P.T("pay_year.state.apart"), Tone: "info"}
	case c.State == store.ChoiceSigned && part.Moved:
		return Status{Text: v.P.T("pay_year.state.moved"), Tone: "wait"}
	case c.State == store.ChoiceSigned:
		return Status{Text: v.P.T("pay_year.state.signed"), Tone: "ok"}
	case c.State == store.ChoiceSilent:
		return Status{Text: v.P.T("pay_year.state.silent"), Tone: "ok"}
	}
	return Status{Text: v.P.T("pay_year.state.waits"), Tone: "wait"}
}

// yearDeed does a deed of the team's page and comes back to it.
func (s *Server) yearDeed(v *Visit, do func(f *Form, year int64) (string, error)) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	year := f.ID("year")
	to := v.URL("year-end") + "?year=" + strconv.FormatInt(year, 10)
	if f.OK() {
		other, err := do(f, year)
		if err == nil {
			if other != "" {
				to = other
			}
			return v.Go(to)
		}
		if !f.Take(err) {
			return err
		}
	}
	return s.showYearEnd(v, f, http.StatusUnprocessableEntity)
}

func (s *Server) yearAsked(v *Visit) error {
	return s.yearDeed(v, func(f *Form, year int64) (string, error) {
		deadline := f.Day("deadline")
		if !f.OK() {
			return "", fault.New(fault.Invalid, "web.form_broken")
		}
		err := s.office.AskYear(v.Ctx(), v.Actor, year, deadline, f.Key)
		if err == nil {
			v.Say("pay_year.said_asked", "deadline", deadline)
		}
		return "", err
	})
}

func (s *Server) yearReminded(v *Visit) error {
	return s.yearDeed(v, func(f *Form, year int64) (string, error) {
		err := s.office.RemindYear(v.Ctx(), v.Actor, year, f.Key)
		if err == nil {
			v.Say("pay_year.said_reminded")
		}
		return "", err
	})
}

func (s *Server) yearBooked(v *Visit) error {
	return s.yearDeed(v, func(f *Form, year int64) (string, error) {
		run, err := s.office.BookYear(v.Ctx(), v.Actor, year, f.Key)
		return v.URL("runs", run.ID), err
	})
}

func (s *Server) yearReleased(v *Visit) error {
	return s.yearDeed(v, func(f *Form, year int64) (string, error) {
		amount := f.Cents("amount")
		if !f.OK() {
			return "", fault.New(fault.Invalid, "web.form_broken")
		}
		err := s.office.ReleaseAside(v.Ctx(), v.Actor, year, f.ID("activity"), f.ID("person"), amount, f.Choice("to", office.AsideToAccount, office.AsideToCompany), f.Key)
		if err == nil {
			v.Say("pay_year.said_released", "amount", amount)
		}
		return "", err
	})
}
