package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"essaim/access"
	"essaim/activity"
	"essaim/date"
	"essaim/internal/office"
	"essaim/ledger"
)

// accountPages are the activity account and what opens from it.
func (s *Server) accountPages() {
	s.keptPage("/{coop}/a/{activity}/", access.ViewAccount, s.account)
	s.page("POST", "/{coop}/a/{activity}/reserve", access.SetReserve, s.setReserve)
	s.page("GET", "/{coop}/a/{activity}/why/{figure}", access.ViewAccount, s.why)
	s.page("GET", "/{coop}/a/{activity}/moves", access.ViewAccount, s.moves)
	s.page("GET", "/{coop}/a/{activity}/statement/{file}", access.ViewAccount, s.statement)
}

// movesShown are those on the account's own page.
const movesShown = 8

// account is the page an entrepreneur opens every day: what remains for pay and why, the treasury that was and will be,
// what customers owe, the year month by month, what moved.
func (s *Server) account(v *Visit) error { return s.accountPage(v, nil) }

// yearAsked reads ?year= : the id of a fiscal year, 0 for today's.
func (v *Visit) yearAsked() int64 {
	id, err := strconv.ParseInt(v.Query("year"), 10, 64)
	if err != nil || id < 0 {
		return 0
	}
	return id
}

func (s *Server) accountPage(v *Visit, reserve *Form) error {
	view, moves, err := s.office.AccountPage(v.Ctx(), v.Actor, v.Activity, v.yearAsked(), movesShown)
	if err != nil {
		return err
	}
	v.meet(&view)
	a := &view.Account
	w := v.accountWords(a, view.Year.ID)
	page := Page{Title: w.T("account.title"), Section: "account", Script: "account.js"}
	if w.team {
		page.Title, page.Section, page.Team = a.Activity.Name, "activities", true
	}
	if reserve != nil {
		page.Status = http.StatusUnprocessableEntity
	}
	return v.written(page, func(m *markup) {
		m.accountHead(w, &view)
		m.accountAlerts(w, &view, activity.Late)
		m.raw(`<div class="cols cw compte"><div>`).part(accountChart(w, a), v.P)
		m.accountAlerts(w, &view, activity.Wait)
		m.uses(w, a)
		m.owedByAge(w, a)
		m.depositsReceived(w, a)
		if !w.team && v.can(access.SetReserve, v.Activity) && a.Year.Contains(a.Today) {
			m.reserve(w, a, reserve)
		}
		m.raw(`</div><div class="whycol" data-why>`).part(w.available(&view), v.P).raw(`</div><div class="mv block">`)
		m.latest(w, v.documents(v.Activity), moves)
		m.raw("</div></div>")
		m.treasury(w, a)
		m.months(w, a)
		m.statements(w, a)
	})
}

// accountHead is the answer, how fresh it is, and the other years.
func (m *markup) accountHead(w accountWords, view *office.AccountView) {
	a := &view.Account
	answer, lead := w.answer(a, false)
	m.raw(`<div class="head"><div>`)
	if w.team {
		var about strings.Builder
		about.WriteString(a.Activity.Name)
		for _, name := range view.People {
			about.WriteString(" · " + name)
		}
		m.raw(`<p class="eyebrow">`).text(about.String() + " · " + w.v.P.T(a.Status.Label())).raw("</p>")
	}
	m.answer(answer)
	if lead != "" {
		m.raw(`<p class="lead">`).text(lead).raw("</p>")
	}
	m.fresh(w.v.freshness(view)).raw("</div>")
	m.raw(`<div class="deskact">`)
	if w.team {
		if w.v.can(access.ViewDocument, a.Activity.ID) {
			m.button(Link{w.v.P.T("account.team.sales"), w.v.URL("a", a.Activity.ID, "sales"), "file-invoice"}, "b")
		}
		if w.v.can(access.ViewCustomer, a.Activity.ID) {
			m.button(Link{w.v.P.T("account.team.customers"), w.v.URL("a", a.Activity.ID, "customers"), "address-book"}, "b")
		}
	}
	m.years(w, view)
	m.raw("</div></div>")
}

// freshness says how far the figures reach.
func (v *Visit) freshness(view *office.AccountView) []string {
	var facts []string
	if view.BankDay != 0 {
		facts = append(facts, v.P.T("account.bank", "day", v.P.ShortDay(view.BankDay)))
	}
	if view.Waiting > 0 {
		facts = append(facts, v.P.T("account.waiting", "n", view.Waiting))
	}
	return facts
}

// years is the switch between fiscal years, the latest first.
func (m *markup) years(w accountWords, view *office.AccountView) {
	var shown []ledger.FiscalYear
	for _, y := range view.Years {
		if y.Span.End >= view.Account.Activity.Opened {
			shown = append(shown, y)
		}
	}
	if len(shown) < 2 {
		return
	}
	m.raw(`<nav class="seg yrs"`).attr("aria-label", w.v.P.T("account.years")).raw(">")
	for _, y := range shown {
		href := w.v.URL("a", view.Account.Activity.ID) + "/"
		if !y.Span.Contains(w.v.Actor.Today) {
			href += "?year=" + strconv.FormatInt(y.ID, 10)
		}
		m.raw("<a").attr("href", href)
		if y.ID == view.Year.ID {
			m.raw(` aria-current="page"`)
		}
		m.raw("><span>").text(y.Span.Label()).raw("</span></a>")
	}
	m.raw("</nav>")
}

// accountAlerts tells what to look at, with what it speaks of one click away.
func (m *markup) accountAlerts(w accountWords, view *office.AccountView, level activity.Level) {
	a := &view.Account
	for _, x := range a.Alerts {
		if x.Level != level {
			continue
		}
		n := Note{Tone: ToneWait, Icon: "trending-down", Strong: w.T(x.Key, x.Args...)}
		if level == activity.Late {
			n.Tone, n.Icon = ToneLate, ""
		}
		if f, ok := a.Find(x.Figure); ok && x.Figure != "" {
			n.Links = append(n.Links, Link{Label: w.v.P.T("account.why_link"), Href: w.base + f.Key})
		}
		if ask := w.ask(view); ask != nil && x.Figure == "cash" { // the step there is: to talk of it
			n.Links = append(n.Links, *ask)
		}
		m.raw(`<div class="alert">`).note(n).raw("</div>")
	}
}

// accountChart is the treasury at each end of month, today, and what is expected.
func accountChart(w accountWords, a *activity.Account) Cash {
	c := Cash{Title: w.T("account.chart"), Today: a.Today, Reserve: a.Activity.Reserve}
	point := func(day date.Day, x activity.CashMonth) CashPoint {
		return CashPoint{Day: day, Cents: x.End.Amount, In: x.In.Amount, Out: x.Out.Amount, Why: w.why(x.End), InWhy: w.why(x.In), OutWhy: w.why(x.Out)}
	}
	present := a.Year.Contains(a.Today)
	for _, x := range a.CashByMonth {
		if x.Month < a.Activity.Opened.Month() && x.End.Amount == 0 {
			continue
		}
		day := min(x.Month.Last(), a.Year.End)
		if present && x.Month > a.Today.Month() {
			break // booked ahead: the forecast says what it will be
		}
		if present && x.Month == a.Today.Month() {
			day = a.Today
		}
		c.Points = append(c.Points, point(day, x))
	}
	for _, x := range a.Forecast {
		if x.Month.Last() > a.Today {
			expected := point(x.Month.Last(), x)
			expected.Forecast = true
			c.Points = append(c.Points, expected)
		}
	}
	if !present {
		c.Reserve = 0
	}
	if untouched(a) {
		c.Points = nil
	}
	return c
}

// uses says what the money of the account is for.
func (m *markup) uses(w accountWords, a *activity.Account) {
	if !a.Year.Contains(a.Today) || a.Cash.Amount == 0 && len(a.Uses) < 2 {
		return
	}
	s := Split{Title: w.T("account.uses"), Total: a.Cash.Amount, Href: w.why(a.Cash)}
	for _, u := range a.Uses {
		s.Parts = append(s.Parts, SplitPart{Label: w.label(u), Cents: u.Amount, Href: w.why(u)})
	}
	m.raw(`<div class="block">`).part(s, w.v.P).raw("</div>")
}

// owedByAge is what customers owe, by how late they are.
func (m *markup) owedByAge(w accountWords, a *activity.Account) {
	if !a.Year.Contains(a.Today) {
		return
	}
	p := w.v.P
	m.raw(`<section class="pane block"><div class="bh"><h2>`).text(w.label(a.Receivable)).raw("</h2>").amount(p, a.Receivable.Amount, w.why(a.Receivable), "strong").raw("</div>")
	if a.Receivable.Amount == 0 {
		m.raw(`<p class="muted small">`).text(w.T("account.owed_none")).raw("</p></section>")
		return
	}
	m.raw(`<ul class="legend ages">`)
	for i, f := range a.Receivables {
		if f.Amount == 0 {
			continue
		}
		m.raw("<li>")
		if i == 0 {
			m.icon("clock")
		} else {
			m.raw(`<span class="st late">`).icon("alert-triangle").raw("</span>")
		}
		m.raw("<span>").text(w.label(f)).raw("</span>").amount(p, f.Amount, w.why(f), "").raw("</li>")
	}
	m.raw("</ul>")
	if w.v.can(access.ViewDocument, a.Activity.ID) {
		state := "unpaid"
		if a.Overdue.Amount > 0 {
			state = "overdue"
		}
		m.raw(`<a class="lk" href="`).text(w.v.URL("a", a.Activity.ID, "sales") + "?kind=invoice&state=" + state).raw(`">`)
		if state == "overdue" {
			m.text(p.T("account.owed_late"))
		} else {
			m.text(p.T("account.owed_list"))
		}
		m.raw("</a>")
	}
	m.raw("</section>")
}

// depositsReceived is what came before the work: the next invoices make turnover of it.
func (m *markup) depositsReceived(w accountWords, a *activity.Account) {
	if a.Deposits.Amount == 0 {
		return
	}
	p := w.v.P
	m.raw(`<section class="pane block"><div class="bh"><h2>`).text(w.label(a.Deposits)).raw("</h2>").amount(p, a.Deposits.Amount, w.why(a.Deposits), "strong").raw("</div>")
	m.raw(`<p class="muted small">`).text(p.T("account.deposits_about")).raw("</p></section>")
}

// reserve is what one keeps aside by choice.
func (m *markup) reserve(w accountWords, a *activity.Account, f *Form) {
	p := w.v.P
	if f == nil {
		f = w.v.NewForm().Set("reserve", a.Activity.Reserve).Opened()
	}
	about := p.T("account.reserve_about")
	if a.Activity.Reserve > 0 && a.Activity.ReserveOn != 0 {
		about = p.T("account.reserve_since", "day", a.Activity.ReserveOn)
	}
	m.raw(`<section class="pane block" id="reserve"><div class="bh"><h2>`).text(p.T("account.reserve")).raw(`</h2></div><form method="post" class="askr2" action="`).
		text(w.v.URL("a", a.Activity.ID, "reserve")).raw(`">`).put(f.Once()).put(f.Since()).
		put(f.Field("reserve", p.T("account.reserve_amount"), "amount", "unit=€", "hint="+about, "autocomplete=off", "required")).
		raw(`<button class="b">`).text(p.T("account.reserve_save")).raw("</button></form></section>")
}

// setReserve changes what one keeps aside.
func (s *Server) setReserve(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	act, err := s.office.Activity(v.Ctx(), v.Actor, v.Activity)
	if err != nil {
		return err
	}
	f.Label("reserve", v.P.T("account.reserve_amount"))
	now := v.NewForm().Set("reserve", act.Reserve)
	if err := v.since(f, now, nil, access.SetReserve, access.Subject{Activity: v.Activity}, thingOf("activity", v.Activity), "activity.reserve"); err != nil {
		return err
	}
	amount := f.Cents("reserve")
	if f.Get("reserve") == "" {
		f.Refuse("reserve", "web.field_needed")
	}
	if f.OK() {
		err := s.office.ChangeReserve(v.Ctx(), v.Actor, v.Activity, act.Reserve, amount)
		if office.Changed(err) {
			return s.setReserve(v)
		}
		if err == nil {
			v.Say("account.reserve_saved", "amount", amount)
			return v.Go(v.URL("a", v.Activity) + "/#reserve")
		}
		if !f.Take(err) {
			return err
		}
	}
	return s.accountPage(v, f)
}

// latest lists what moved last.
func (m *markup) latest(w accountWords, d documents, moves []office.PanelLine) {
	p := w.v.P
	m.raw(`<div class="bh"><h2>`).text(p.T("account.moves")).raw("</h2>")
	if len(moves) == 0 {
		m.raw(`</div><ul class="list"><li><div class="d">`).text(p.T("account.moves_none")).raw("</div></li></ul>")
		return
	}
	m.raw(`<a class="lk" href="`).text(w.v.URL("a", w.v.Activity, "moves")).raw(`">`).text(p.T("account.moves_all")).raw("</a></div>")
	m.list(p, List{Items: moveItems(w, d, moves)})
}

func moveItems(w accountWords, d documents, moves []office.PanelLine) []Item {
	items := make([]Item, 0, len(moves))
	for _, x := range moves {
		day := w.v.P.ShortDay(x.Date)
		i := Item{Name: w.lineWords(x), About: day, Amount: new(x.Amount), Why: d.href(x.Document, x.Entry)}
		if i.Why == "" {
			i.Why = w.cashOf(x)
		}
		if x.Folded {
			i.Fold, i.Name, i.Why = true, day+" · "+i.Name, ""
		} else if w.shows(x) && !strings.Contains(i.Name, x.Ref) {
			i.About += " · " + x.Ref
		}
		if x.Amount > 0 {
			i.Class = "pos"
		}
		items = append(items, i)
	}
	return items
}

// cashOf opens a movement that has no document of its own: what came in, or went out, in its month.
func (w accountWords) cashOf(l office.PanelLine) string {
	y, ok := w.yearOf(l.Date)
	if !ok {
		return ""
	}
	key, period := "cash-out-", y.Span.Period(l.Date)
	if l.Amount > 0 {
		key = "cash-in-"
	}
	if period < 10 {
		key += "0"
	}
	href := w.base + key + strconv.Itoa(period)
	if !y.Span.Contains(w.v.Actor.Today) {
		href += "?year=" + strconv.FormatInt(y.ID, 10)
	}
	return href
}

// yearOf is the fiscal year of a day.
func (w accountWords) yearOf(d date.Day) (ledger.FiscalYear, bool) {
	h, err := w.v.House()
	if err != nil {
		return ledger.FiscalYear{}, false
	}
	return h.set.YearOf(d)
}

// treasury is the three treasuries of the cooperative's grid.
func (m *markup) treasury(w accountWords, a *activity.Account) {
	if untouched(a) {
		return
	}
	p := w.v.P
	day, reference := p.T("account.cash_today"), p.T("account.cash_reference")
	if !a.Year.Contains(a.Today) {
		day = p.T("account.cash_end", "year", a.Year.Label())
	}
	m.raw(`<section class="block three"><div class="bh"><h2>`).text(p.T("account.treasury")).raw("</h2></div>").put(Figures{
		{Label: day, Words: p.Euros(a.Cash.Amount), Href: w.why(a.Cash), Status: Status{Text: p.T("account.cash_today_about")}},
		{Label: reference, Words: p.Euros(a.Reference.Amount), Href: w.why(a.Reference), Status: Status{Text: p.T("account.cash_reference_about")}},
		{Label: p.T("account.cash_future"), Words: p.Euros(a.Projected.Amount), Href: w.why(a.Projected), Status: Status{Text: p.T("account.cash_future_about")}},
	}.HTML()).raw("</section>")
}

// months is the year, month by month. Charges are negative: the result is the sum of its row, receipts apart.
func (m *markup) months(w accountWords, a *activity.Account) {
	if untouched(a) {
		return
	}
	p := w.v.P
	t := Table{
		Caption: p.T("account.months", "year", a.Year.Label()), Class: "months", Wide: true,
		Cols: []Col{
			{Label: p.T("account.month")}, {Label: p.T("account.invoiced"), Num: true}, {Label: p.T("account.collected"), Num: true}, {Label: p.T("account.purchases"), Num: true},
			{Label: p.T("account.charges"), Num: true}, {Label: w.T("account.share"), Num: true}, {Label: p.T("account.pay"), Num: true}, {Label: p.T("account.result"), Num: true},
		},
	}
	together := slices.ContainsFunc(append(slices.Clone(a.Months), a.Total), func(r activity.MonthRow) bool {
		return slices.ContainsFunc(r.Exchanged.Children, func(f activity.Figure) bool { return f.Amount != 0 })
	})
	if together { // few activities work for each other: the others have no empty column
		t.Cols = slices.Insert(t.Cols, 6, Col{Label: p.T("account.exchanged"), Num: true})
	}
	row := func(name string, r activity.MonthRow) []Cell {
		cells := make([]Cell, 0, 8)
		cells = append(cells, cellText(name))
		figures := []activity.Figure{r.Invoiced, r.Collected, r.Purchases, r.Charges, r.Contribution}
		if together {
			figures = append(figures, r.Exchanged)
		}
		for _, f := range append(figures, r.Pay) {
			cells = append(cells, cellAmount(f.Amount, w.why(f)))
		}
		class := "strong"
		if r.Result.Amount < 0 {
			class = "strong neg"
		}
		return append(cells, cellAmount(r.Result.Amount, w.why(r.Result), class))
	}
	for i := range a.Months {
		r := a.Months[len(a.Months)-1-i]
		if r.Month < a.Activity.Opened.Month() && r.Result.Amount == 0 {
			continue
		}
		name := p.Month(r.Month)
		if a.Year.Start.Month().Year() == a.Year.End.Month().Year() {
			name = p.MonthName(r.Month) // the heading tells the year
		}
		t.Rows = append(t.Rows, Row{Cells: row(name, r)})
	}
	t.Foot = row(p.T("account.whole_year", "year", a.Year.Label()), a.Total)
	m.raw(`<section class="block" id="mois"><div class="bh"><h2>`).text(t.Caption).raw("</h2></div>").table(p, t).raw("</section>")
}

// statements are the months one can have on paper (R7331-5 Code du travail).
func (m *markup) statements(w accountWords, a *activity.Account) {
	p := w.v.P
	first, last := max(a.Year.Start, a.Activity.Opened).Month(), min(a.Today, a.Year.End).Month()
	if first > last {
		return
	}
	m.raw(`<section class="block"><div class="bh"><h2>`).text(w.T("account.statements")).raw(`</h2></div><ul class="chips">`)
	for mo := last; mo >= first; mo-- {
		m.raw(`<li><a class="fi" href="`).text(w.v.statementURL(a.Activity.ID, mo)).raw(`">`).icon("file-download").text(p.Month(mo)).raw("</a></li>")
	}
	m.raw("</ul></section>")
}

func (v *Visit) statementURL(activityID int64, mo date.Month) string {
	return v.URL("a", activityID, "statement", mo.String()+".pdf")
}

// untouched says whether nothing has happened on an account in the year, and nothing was carried over.
func untouched(a *activity.Account) bool {
	t := a.Total
	if a.Cash.Amount != 0 || a.Receivable.Amount != 0 || a.Reference.Amount != 0 {
		return false
	}
	for _, f := range []activity.Figure{t.Invoiced, t.Collected, t.Purchases, t.Charges, t.Contribution, t.Exchanged, t.Pay} {
		if f.Amount != 0 {
			return false
		}
	}
	for _, c := range a.CashByMonth {
		if c.In.Amount != 0 || c.Out.Amount != 0 {
			return false
		}
	}
	return true
}
