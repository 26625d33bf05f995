package web

import (
	"cmp"
	"html/template"
	"slices"
	"strings"

	"essaim/access"
	"essaim/activity"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/money"
)

// housePages are those of the activities side by side: what needs the team, the proofs of the house, and the form that
// opens an activity.
func (s *Server) housePages() {
	s.page("GET", "/{coop}/activities", "", s.activities)
	s.page("GET", "/{coop}/activities.csv", "", s.activities)
	s.page("GET", "/{coop}/proofs/{figure}", access.ViewHouse, s.proof)
	s.page("GET", "/{coop}/activities/new", access.ManageActivity, s.newActivity)
	s.page("POST", "/{coop}/activities/new", access.ManageActivity, s.activitySent)
	s.page("GET", "/{coop}/activities/{id}/edit", access.ManageActivity, s.editActivity)
	s.page("POST", "/{coop}/activities/{id}/edit", access.ManageActivity, s.activitySent)
}

// An activityFilter is one choice above the table.
type activityFilter struct {
	show, label string
	keep        func(activity.HouseRow, *Visit) bool
}

var activityFilters = []activityFilter{
	{"", "house.filter_all", func(activity.HouseRow, *Visit) bool { return true }},
	{"watch", "house.filter_watch", func(r activity.HouseRow, _ *Visit) bool { return len(r.Alerts) > 0 }},
	{"negative", "house.filter_negative", func(r activity.HouseRow, _ *Visit) bool { return r.Cash < 0 }},
	{"cape", "activity.status.cape", ofStatus(activity.UnderCAPE)},
	{"cesa", "activity.status.cesa", ofStatus(activity.UnderCESA)},
	{"associate", "house.filter_associates", ofStatus(activity.Associate)},
	{"several", "activity.status.several", ofStatus(activity.Several)},
	{"mine", "house.filter_mine", func(r activity.HouseRow, v *Visit) bool { return slices.Contains(v.Actor.Followed(), r.Activity) }},
}

func ofStatus(s activity.Status) func(activity.HouseRow, *Visit) bool {
	return func(r activity.HouseRow, _ *Visit) bool { return r.Status == s }
}

// activityCols are the columns, by their name in the address.
var activityCols = []struct {
	name, label string
	num         bool
	order       func(a, b activity.HouseRow) int // ascending
}{
	{"name", "house.activity", false, func(a, b activity.HouseRow) int { return cmp.Compare(store.Normal(a.Name), store.Normal(b.Name)) }},
	{"status", "house.status", false, func(a, b activity.HouseRow) int { return cmp.Compare(a.Status, b.Status) }},
	{"watch", "house.watch", false, nil}, // as the room sorts them
	{"sales", "house.sales", true, func(a, b activity.HouseRow) int { return cmp.Compare(a.Sales, b.Sales) }},
	{"cash", "house.cash", true, func(a, b activity.HouseRow) int { return cmp.Compare(a.Cash, b.Cash) }},
	{"available", "house.available", true, func(a, b activity.HouseRow) int { return cmp.Compare(a.Available, b.Available) }},
	{"overdue", "house.overdue", true, func(a, b activity.HouseRow) int { return cmp.Compare(a.Overdue, b.Overdue) }},
}

// activityOrder reads the order from the address: a column, and which end first.
func (v *Visit) activityOrder() (name string, descending bool) {
	name, down := strings.CutPrefix(v.Query("sort"), "-")
	for _, c := range activityCols {
		if c.name == name {
			return name, down
		}
	}
	return "watch", true
}

// shownActivities are the rows that the address asks for, in its order.
func (v *Visit) shownActivities(all []activity.HouseRow) []activity.HouseRow {
	rows := slices.Clone(all)
	for _, f := range activityFilters {
		if f.show == v.Query("show") {
			rows = slices.DeleteFunc(rows, func(r activity.HouseRow) bool { return !f.keep(r, v) })
			break
		}
	}
	name, down := v.activityOrder()
	for _, c := range activityCols {
		switch {
		case c.name != name:
		case c.order == nil:
			if !down {
				slices.Reverse(rows)
			}
		default:
			slices.SortStableFunc(rows, func(a, b activity.HouseRow) int {
				if down {
					a, b = b, a
				}
				return c.order(a, b)
			})
		}
	}
	return rows
}

// activities is « Qui a besoin de nous ? »: every activity on a line, the most pressing first.
func (s *Server) activities(v *Visit) error {
	view, err := s.office.House(v.Ctx(), v.Actor)
	if fault.KindOf(err) == fault.NotFound && (v.can(access.ManageActivity, 0) || v.can(access.ViewPortfolio, 0)) {
		return s.activityList(v) // without figures, or none to show yet
	}
	if err != nil {
		return err
	}
	rows := v.shownActivities(view.House.Rows)
	if v.wantsCSV() {
		return v.activitiesCSV(view, rows)
	}
	p := v.P
	all := v.can(access.ViewHouse, 0)
	head := Head{Answer: v.houseAnswer(view, all), Acts: []Link{{Label: p.T("house.export"), Href: v.csvHref(), Icon: "download"}}}
	head.Lead = v.houseLead(view, all)
	if v.can(access.ManageActivity, 0) {
		head.Acts = append(head.Acts, Link{Label: p.T("house.new"), Href: v.URL("activities", "new"), Icon: "plus"})
	}
	h, err := v.House()
	if err != nil {
		return err
	}
	parts := []any{head, v.setup(h)}
	if all {
		parts = append(parts, v.houseProof(view.House.Proof))
	}
	if len(view.House.Rows) == 0 {
		parts = append(parts, v.noActivity())
	} else {
		parts = append(parts, v.houseFilters(view.House.Rows, all))
		if len(rows) == 0 {
			parts = append(parts, Empty{Title: p.T("house.none_shown"), Text: p.T("house.none_shown_text"), Acts: []Link{{Label: p.T("house.show_all"), Href: v.With("show", "")}}})
		} else {
			parts = append(parts, v.houseTable(view, rows), v.houseKeys(len(rows), len(view.House.Rows)))
		}
	}
	return v.Blocks(Page{Title: p.T("house.title"), Section: "activities", Team: true, Wide: true}, parts...)
}

func (v *Visit) csvHref() string {
	href := v.r.URL.Path + ".csv"
	if q := v.r.URL.RawQuery; q != "" {
		href += "?" + q
	}
	return href
}

// houseAnswer is the sentence of the page: how many, and how many need someone.
func (v *Visit) houseAnswer(view office.HouseView, all bool) Answer {
	n := len(view.House.Rows)
	before := v.P.T("house.of", "n", n)
	if !all {
		before = v.P.T("house.of_mine", "n", n)
	}
	if view.House.Watch == 0 {
		return Answer{Before: before, Mark: v.P.T("house.need_none")}
	}
	if all {
		return Answer{Before: before, Mark: v.P.T("house.need", "n", view.House.Watch), Href: v.With("show", "watch")}
	}
	return Answer{Before: before, Mark: v.P.T("house.need_me", "n", view.House.Watch), Href: v.With("show", "watch")}
}

func (v *Visit) houseLead(view office.HouseView, all bool) string {
	var words []string
	if n := view.House.Urgent; n > 0 {
		words = append(words, v.P.T("house.urgent", "n", n))
	}
	if all {
		proof := view.House.Proof
		if proof.Covered {
			words = append(words, v.P.T("house.covered_lead"))
		} else {
			words = append(words, v.P.T("house.uncovered_lead", "amount", proof.ToActivities+proof.Owed-proof.Bank))
		}
	}
	return strings.Join(words, " ")
}

// houseProof is the row of the house's own figures; each opens.
func (v *Visit) houseProof(proof activity.Proof) Figures {
	p := v.P
	covered := Status{Tone: ToneOK, Text: p.T("house.covered")}
	if !proof.Covered {
		covered = Status{Tone: ToneLate, Text: p.T("house.uncovered")}
	}
	right := Status{Tone: ToneOK, Text: p.T("house.right")}
	if !proof.Right {
		right = Status{Tone: ToneLate, Text: p.T("house.wrong")}
	}
	return Figures{
		{Label: p.T("house.bank"), Words: p.Euros(proof.Bank), Href: v.URL("proofs", office.ProofBank)},
		{Label: p.T("house.to_activities"), Words: p.Euros(proof.ToActivities), Href: v.URL("proofs", office.ProofActivities)},
		{Label: p.T("house.owed"), Words: p.Euros(proof.Owed), Href: v.URL("proofs", office.ProofOwed)},
		{Label: p.T("house.coverage"), Words: v.wholeRate(proof.Coverage), Href: v.URL("proofs", office.ProofCoverage), Status: covered},
		{Label: p.T("house.equal"), Words: p.T("house.gap", "amount", p.Euros(proof.Gap)), Href: v.URL("proofs", office.ProofGap), Status: right},
	}
}

// wholeRate writes a rate without decimals, cut below: 117,9 % is not yet 118 %.
func (v *Visit) wholeRate(r money.Rate) string { return v.P.Rate(r - r%money.Percent) }

func (v *Visit) houseFilters(all []activity.HouseRow, whole bool) Filters {
	var list Filters
	for _, f := range activityFilters {
		n := 0
		for _, r := range all {
			if f.keep(r, v) {
				n++
			}
		}
		current := v.Query("show") == f.show
		if n == 0 && !current && f.show != "" && f.show != "watch" && f.show != "negative" || f.show == "mine" && (!whole || len(v.Actor.Followed()) == 0) {
			continue
		}
		list = append(list, Filter{Label: v.P.T(f.label, "name", v.Actor.Name), Count: v.P.Int(int64(n)), Href: v.With("show", f.show), Current: current})
	}
	return list
}

func (v *Visit) houseTable(view office.HouseView, rows []activity.HouseRow) Table {
	p := v.P
	t := Table{Caption: p.T("house.title"), Class: "act house"}
	name, down := v.activityOrder()
	for _, c := range activityCols {
		// Names go up first; what is counted goes down first.
		sort := c.name
		if c.num || c.name == "watch" {
			sort = "-" + c.name
		}
		col := Col{Label: p.T(c.label, "year", view.Year.Span.Label()), Num: c.num}
		if c.name == name {
			col.Order, sort = "ascending", "-"+c.name
			if down {
				col.Order, sort = "descending", c.name
			}
		}
		col.Sort = v.With("sort", sort)
		t.Cols = append(t.Cols, col)
	}
	var sales, cash, available, overdue money.Cents
	watch := 0
	for _, r := range rows {
		sales, cash, available, overdue = sales+r.Sales, cash+r.Cash, available+r.Available, overdue+r.Overdue
		if len(r.Alerts) > 0 {
			watch++
		}
		why := func(figure string) string {
			if !v.s.has("/{coop}/a/{activity}/why/{figure}") || !v.can(access.ViewAccount, r.Activity) {
				return ""
			}
			return v.URL("a", r.Activity, "why", figure)
		}
		class := ""
		if r.Cash < 0 {
			class = "neg strong"
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{
			cellHTML(v.activityName(r, view.Names)), cellText(p.T(r.Status.Label())), cellStatus(v.alertStatus(r.Alerts)),
			cellHTML(figure(p.WholeEuros(whole(r.Sales)), why("invoiced-year"))), cellAmount(r.Cash, why("cash"), class),
			openZero(r.Available, why("available")), openZero(r.Overdue, why("overdue")),
		}})
	}
	t.Foot = []Cell{
		cellText(p.T("house.count", "n", len(rows))), cellText(""), cellText(p.T("house.watch_count", "n", watch)),
		cellHTML(figure(p.WholeEuros(whole(sales)), "")), cellAmount(cash, ""), cellAmount(available, ""), cellAmount(overdue, ""),
	}
	return t
}

// whole rounds to the euro, half away from zero: sales are read by their size here, and to the cent where they open.
func whole(c money.Cents) money.Cents {
	if c < 0 {
		return -whole(-c)
	}
	return (c + 50) / 100 * 100
}

// openZero is an amount of which nil says nothing: written small, and not opened.
func openZero(c money.Cents, href string) Cell {
	if c == 0 {
		href = ""
	}
	return cellAmount(c, href)
}

// activityName is the hexagon, the name and the people; on a phone the status stands behind them.
func (v *Visit) activityName(r activity.HouseRow, names map[int64]string) template.HTML {
	var people []string
	for _, id := range r.People {
		people = append(people, names[id])
	}
	who := strings.Join(people, ", ")
	if len(people) > 2 {
		who = v.P.T("house.people", "n", len(people))
	}
	m := new(markup)
	tag := "span"
	href := ""
	if v.s.has("/{coop}/a/{activity}/") && v.can(access.ViewAccount, r.Activity) {
		tag, href = "a", v.URL("a", r.Activity)+"/"
	}
	m.raw("<").raw(tag).raw(` class="who"`).attr("href", href).attr("title", r.Name).raw(">").hexagon(r.Name)
	m.raw(`<span class="mw"><b>`).text(r.Name).raw("</b><small>").text(who).raw(`<span class="phone-only">`)
	if who != "" {
		m.raw(", ")
	}
	return m.text(v.P.T(r.Status.Label())).raw("</span></small></span></").raw(tag).raw(">").html()
}

func (v *Visit) alertStatus(alerts []activity.Alert) Status {
	if len(alerts) == 0 {
		return Status{Text: v.P.T("house.nothing")}
	}
	a := alerts[0]
	s := Status{Tone: ToneWait, Icon: "clock", Text: v.P.T(a.Key, a.Args...)}
	if a.Level == activity.Late {
		s.Tone, s.Icon = ToneLate, ""
	}
	return s
}

// houseKeys says how many lines are shown and which keys walk them.
func (v *Visit) houseKeys(shown, all int) template.HTML {
	m := new(markup).raw(`<p class="fresh"><span>`).text(v.P.T("house.shown", "n", shown, "all", all))
	m.raw(`</span><span class="desk-only"><kbd>↑</kbd> <kbd>↓</kbd> `).text(v.P.T("house.key_walk")).raw(` <kbd>↵</kbd> `).text(v.P.T("house.key_open"))
	return m.raw(` <kbd>/</kbd> `).text(v.P.T("house.key_search")).raw("</span></p>").html()
}

func (v *Visit) noActivity() Empty {
	e := Empty{Title: v.P.T("house.empty"), Text: v.P.T("house.empty_text")}
	if v.can(access.ManageActivity, 0) {
		e.Acts = []Link{{Label: v.P.T("house.new"), Href: v.URL("activities", "new"), Icon: "plus"}}
	}
	return e
}

func (v *Visit) activitiesCSV(view office.HouseView, rows []activity.HouseRow) error {
	out := [][]string{{"Code", "Activité", "Personnes", "Statut", "À regarder", "Ventes HT", "Trésorerie", "Disponible paie", "Impayés", "Accompagnement"}}
	for _, r := range rows {
		var people, alerts []string
		for _, id := range r.People {
			people = append(people, view.Names[id])
		}
		for _, a := range r.Alerts {
			alerts = append(alerts, v.P.T(a.Key, a.Args...))
		}
		out = append(out, []string{r.Code, r.Name, strings.Join(people, ", "), v.P.T(r.Status.Label()), strings.Join(alerts, " ; "), plain(r.Sales), plain(r.Cash), plain(r.Available), plain(r.Overdue), view.Names[r.Advisor]})
	}
	return v.csv("activites-"+view.Year.Span.Label()+".csv", out)
}

// activityList is the table of who opens activities and sees no figure.
func (s *Server) activityList(v *Visit) error {
	all, names, err := s.office.Activities(v.Ctx(), v.Actor)
	if err != nil {
		return err
	}
	p, may := v.P, v.can(access.ManageActivity, 0)
	if v.wantsCSV() {
		out := [][]string{{"Code", "Activité", "Métier", "Personnes", "Accompagnement", "Ouverte", "Fermée"}}
		for _, a := range all {
			out = append(out, []string{a.Code, a.Name, a.Trade, v.membersOf(a, names), names[a.Advisor], dayText(a.Opened), dayText(a.Closed)})
		}
		return v.csv("activites.csv", out)
	}
	head := Head{Title: p.T("house.title")}
	page := Page{Title: p.T("house.title"), Section: "activities", Team: true, Wide: true}
	if may {
		head.Acts = []Link{{Label: p.T("house.new"), Href: v.URL("activities", "new"), Icon: "plus"}, {Label: p.T("house.export"), Href: v.csvHref(), Icon: "download"}}
		head.Go = true
	}
	h, err := v.House()
	if err != nil {
		return err
	}
	todo := v.setup(h)
	if len(all) == 0 {
		return v.Blocks(page, head, todo, v.noActivity())
	}
	t := Table{Caption: p.T("house.title"), Class: "act", Cols: []Col{{Label: p.T("house.activity")}, {Label: p.T("house.code")}, {Label: p.T("house.trade")}, {Label: p.T("house.advisor")}, {Label: p.T("house.since")}, {Label: p.T("house.state")}}}
	for _, a := range all {
		state := Status{Tone: ToneOK, Text: p.T("house.open")}
		switch {
		case a.Closed != 0 && a.Closed < v.Today():
			state = Status{Text: p.T("activity.status.ended")}
		case a.Opened > v.Today():
			state = Status{Tone: ToneWait, Text: p.T("house.soon")}
		}
		href := ""
		if may {
			href = v.URL("activities", a.ID, "edit")
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{cellActivity(a.Name, v.membersOf(a, names), href), cellText(a.Code), cellText(a.Trade), cellText(names[a.Advisor]), cellDay(a.Opened), cellStatus(state)}})
	}
	return v.Blocks(page, head, todo, t)
}

// membersOf names who shares an activity today.
func (v *Visit) membersOf(a activity.Activity, names map[int64]string) string {
	var people []string
	for _, s := range a.Members(v.Today()) {
		people = append(people, names[s.Person])
	}
	return strings.Join(people, ", ")
}

func dayText(d date.Day) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

// proof opens a figure of the house; ?account= what one account of it is made of, activity by activity.
func (s *Server) proof(v *Visit) error {
	figure, account := v.PathValue("figure"), v.Query("account")
	lines, proof, err := s.office.ProofLines(v.Ctx(), v.Actor, figure, account)
	if err != nil {
		return err
	}
	p := v.P
	title, label, total := "", "", money.Cents(0)
	switch {
	case account != "":
		h, err := v.House()
		if err != nil {
			return err
		}
		acc, _ := h.set.Chart.Find(account)
		label = account + " " + acc.Label
		for _, l := range lines {
			total += l.Amount
		}
	case figure == office.ProofBank:
		label, total = p.T("house.bank"), proof.Bank
	case figure == office.ProofActivities:
		label, total = p.T("house.to_activities"), proof.ToActivities
	case figure == office.ProofOwed:
		label, total = p.T("house.owed"), proof.Owed
	case figure == office.ProofCoverage:
		title = p.T("house.why_coverage", "rate", v.wholeRate(proof.Coverage))
		label, total = p.T("house.claims"), proof.ToActivities+proof.Owed
	default:
		label, total = p.T("house.equal"), proof.Gap
		title = p.T("house.why_gap", "amount", p.Euros(proof.Gap))
	}
	if title == "" {
		title = p.T("house.why", "amount", p.Euros(total))
	}
	w := Why{Title: title, Caption: label}
	for _, l := range lines {
		row := WhyRow{Label: l.Label, Amount: l.Amount, Href: v.proofHref(figure, l)}
		if l.Key != "" {
			row.Label = p.T(l.Key)
		}
		if l.Account != "" {
			row.Small = l.Account
		}
		w.Rows = append(w.Rows, row)
	}
	w.Rows = append(w.Rows, WhyRow{Kind: WhyResult, Label: label, Amount: total})
	w.Foot = p.T(proofFoot(figure))
	head := Head{Title: label, Acts: []Link{{Label: p.T("house.title"), Href: v.URL("activities"), Icon: "arrow-left"}}}
	page := Page{Title: title, Section: "activities", Team: true, Main: "narrow"}
	switch {
	case account != "":
		head.Acts[0] = Link{Label: p.T("house." + figure), Href: v.URL("proofs", figure), Icon: "arrow-left"}
	case figure == office.ProofCoverage:
		head.Title, w.Title = title, p.T("house.why", "amount", p.Euros(total))
		return v.Blocks(page, head, v.division(proof, total), w)
	}
	return v.Blocks(page, head, w)
}

// division is the coverage as it is computed: the bank over what it has to cover, each of which opens, and what is left.
func (v *Visit) division(proof activity.Proof, claims money.Cents) Figures {
	p := v.P
	status := Status{Tone: ToneOK, Text: p.T("house.covered")}
	label, left := p.T("house.left"), proof.Bank-claims
	if !proof.Covered {
		status = Status{Tone: ToneLate, Text: p.T("house.uncovered")}
		label = p.T("house.missing")
	}
	return Figures{
		{Label: p.T("house.bank"), Words: p.Euros(proof.Bank), Href: v.URL("proofs", office.ProofBank)},
		{Label: p.T("house.claims"), Words: "÷ " + p.Euros(claims), Href: "#pourquoi"},
		{Label: p.T("house.coverage"), Words: "= " + v.wholeRate(proof.Coverage), Status: status},
		{Label: label, Words: p.Euros(left.Abs())},
	}
}

func proofFoot(figure string) string {
	switch figure {
	case office.ProofBank:
		return "house.about_bank"
	case office.ProofActivities:
		return "house.about_activities"
	case office.ProofOwed:
		return "house.about_owed"
	case office.ProofCoverage:
		return "house.about_coverage"
	}
	return "house.about_gap"
}

// proofHref opens a line further, as far as the person sees: the books to who reads them, an account of the house activity
// by activity to the others, and then the account of the activity.
func (v *Visit) proofHref(figure string, l office.ProofLine) string {
	sees := l.Activity != 0 && v.s.has("/{coop}/a/{activity}/why/{figure}") && v.can(access.ViewAccount, l.Activity)
	switch {
	case figure == office.ProofCoverage:
		return v.URL("proofs", map[string]string{"house.to_activities": office.ProofActivities, "house.owed": office.ProofOwed}[l.Key])
	case sees && (figure == office.ProofActivities || figure == office.ProofBank):
		return v.URL("a", l.Activity, "why", "cash")
	case sees && figure == office.ProofOwed:
		return v.URL("a", l.Activity, "why", "reference-taxes")
	case l.Account != "" && v.can(access.ViewLedger, 0):
		return v.URL("books", "ledger") + "?account=" + l.Account
	case l.Account != "" && (figure == office.ProofBank || figure == office.ProofOwed):
		return v.URL("proofs", figure) + "?account=" + l.Account
	case l.Activity != 0 && v.can(access.ViewLedger, 0):
		return v.URL("books", "activities")
	}
	return ""
}
