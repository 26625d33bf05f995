package web

import (
	"strconv"
	"strings"

	"essaim/access"
	"essaim/internal/office"
	"essaim/sale"
)

// owedPages say what customers owe and for how long: to an entrepreneur in their words, to the team as a table.
func (s *Server) owedPages() {
	s.page("GET", "/{coop}/owed", "", s.owedHouse)
	s.page("GET", "/{coop}/owed.csv", "", s.owedHouse)
	s.page("GET", "/{coop}/a/{activity}/owed", access.ViewDocument, s.owedActivity)
	s.page("GET", "/{coop}/a/{activity}/owed.csv", access.ViewDocument, s.owedActivity)
}

// owedAges name the ages, in the order they grow.
var owedAges = [sale.Ages]string{"owed.not_due", "owed.to30", "owed.to60", "owed.to90", "owed.over90"}

// owedHouse leads who has an activity and no part in the house's work to what their own customers owe.
func (s *Server) owedHouse(v *Visit) error {
	if own := v.Actor.Activities; len(own) > 0 && v.queryID("activity") == 0 && !v.wantsCSV() && !v.can(access.RemindCustomer, 0) && len(v.Actor.Portfolio) == 0 {
		return v.Go(v.URL("a", own[0], "owed"))
	}
	return s.owedByAge(v, v.queryID("activity"))
}

func (s *Server) owedActivity(v *Visit) error { return s.owedByAge(v, v.Activity) }

func (s *Server) owedByAge(v *Visit, activityID int64) error {
	all, err := s.office.OwedAges(v.Ctx(), v.Actor, activityID)
	if err != nil {
		return err
	}
	h, err := v.House()
	if err != nil {
		return err
	}
	if v.Actor.Owns(v.Activity) && !v.wantsCSV() {
		return v.owedOwn(all)
	}
	age, q := -1, strings.ToLower(clip(v.Query("q"), 100))
	if n, err := strconv.Atoi(v.Query("age")); err == nil && n >= 0 && n < sale.Ages {
		age = n
	}
	var shown []office.OwedRow
	var sum office.OwedRow
	for _, r := range all.Rows {
		if age >= 0 && r.Ages[age] == 0 || q != "" && !strings.Contains(strings.ToLower(r.Name+" "+h.ActivityName(r.Activity)), q) {
			continue
		}
		shown = append(shown, r)
		for i, c := range r.Ages {
			sum.Ages[i] += c
		}
		sum.Retained += r.Retained
		sum.Total += r.Total
	}
	if v.wantsCSV() {
		return v.owedCSV(h, shown, sum)
	}
	return v.owedTeam(h, all, shown, sum, activityID, age)
}

func (v *Visit) owedCSV(h *house, shown []office.OwedRow, sum office.OwedRow) error {
	out := [][]string{{"Client", "Activité", "Retenues de garantie", "À échoir", "0 à 30 jours", "31 à 60 jours", "61 à 90 jours", "Plus de 90 jours", "Total", "Factures", "Plus ancienne échéance", "Dernière relance", "En pause jusqu’au", "En devise"}}
	ages := func(r office.OwedRow) (cells []string) {
		cells = append(cells, plain(r.Retained))
		for _, c := range r.Ages {
			cells = append(cells, plain(c))
		}
		return append(cells, plain(r.Total))
	}
	for _, r := range shown {
		row := append([]string{r.Name, h.ActivityName(r.Activity)}, ages(r)...)
		out = append(out, append(row, strconv.Itoa(r.Count), r.Oldest.String(), r.Told.On.String(), r.Until.String(), ownSums(v.P, r.Own)))
	}
	return v.csv("du-par-age-"+v.Today().String()+".csv", append(out, append(append([]string{"Total", ""}, ages(sum)...), "", "", "", "", "")))
}

// owedTold says where the reminders of a customer are.
func (v *Visit) owedTold(r office.OwedRow) Status {
	switch {
	case r.Until != 0:
		return Status{Icon: "clock", Text: v.P.T("owed.paused", "until", r.Until)}
	case r.Told.Level > 0:
		return Status{Icon: "bell", Text: v.P.T("owed.told", "n", r.Told.Level, "day", r.Told.On)}
	}
	return Status{}
}

// owedOldest says how late the oldest of it is, or when it is to be paid: on a narrow page the ages have no column.
func (v *Visit) owedOldest(r office.OwedRow) string {
	switch {
	case r.Late() > 0:
		return v.P.T("owed.oldest", "n", int(v.Today()-r.Oldest))
	case r.Oldest != 0:
		return v.P.T("owed.due", "day", r.Oldest)
	}
	return ""
}

func (v *Visit) owedDoubtful(r office.OwedRow) string {
	if r.Doubtful == 0 {
		return ""
	}
	return v.P.T("owed.doubtful", "amount", r.Doubtful)
}

func (v *Visit) owedHref(r office.OwedRow) string {
	if r.Customer == 0 || !v.can(access.ViewCustomer, r.Activity) {
		return ""
	}
	return v.URL("customers", r.Customer)
}

// owedTeam is the table of the team: a line for each customer of each activity.
func (v *Visit) owedTeam(h *house, all office.OwedAges, shown []office.OwedRow, sum office.OwedRow, activityID int64, age int) error {
	p := v.P
	page := Page{Title: p.T("owed.title"), Section: "payments", Team: true, Wide: true}
	if v.Activity != 0 {
		page.Section = "activities"
	}
	csv := v.r.URL.Path + ".csv"
	if v.r.URL.RawQuery != "" {
		csv += "?" + v.r.URL.RawQuery
	}
	acts := []Link{}
	if v.can(access.RemindCustomer, activityID) {
		acts = append(acts, Link{p.T("remind.title"), v.remindersURL(activityID), "bell"})
	}
	acts = append(acts, Link{p.T("books.export"), csv, "download"})
	head := Head{Answer: Answer{Before: p.T("owed.house"), Mark: p.Euros(all.Total)}, Acts: acts, Go: len(acts) > 1, Lead: p.T("owed.lead", "late", all.Late)}
	if all.Total == 0 {
		return v.Blocks(page, Head{Title: p.T("payments.nothing_owed")}, Empty{Title: p.T("payments.nothing_owed"), Text: p.T("payments.nothing_owed_text")})
	}
	f := Filters{{Label: p.T("owed.all"), Href: v.With("age", "", "page", ""), Current: age < 0}}
	for i, key := range owedAges {
		if all.Ages[i] != 0 {
			f = append(f, Filter{Label: p.T(key), Count: p.WholeEuros(all.Ages[i]), Href: v.With("age", strconv.Itoa(i), "page", ""), Current: age == i})
		}
	}
	t := Table{Caption: p.T("owed.title"), Class: "act ages", Wide: true, Cols: []Col{{Label: p.T("payments.customer")}}}
	if all.Retained != 0 {
		t.Cols = append(t.Cols, Col{Label: p.T("owed.retained"), Num: true})
	}
	for _, key := range owedAges {
		t.Cols = append(t.Cols, Col{Label: p.T(key), Num: true})
	}
	t.Cols = append(t.Cols, Col{Label: p.T("owed.total"), Num: true}, Col{Label: p.T("owed.reminders")})
	n, pages := v.PageNumber(), max(1, (len(shown)+owedRows-1)/owedRows)
	n = min(n, pages)
	amounts := func(r office.OwedRow, why string) (cells []Cell) {
		if all.Retained != 0 {
			kept := Cell{}
			if r.Retained != 0 {
				kept = cellAmount(r.Retained, "")
			}
			cells = append(cells, kept)
		}
		for i, c := range r.Ages {
			class := ""
			if i >= int(sale.To90) && c > 0 {
				class = "neg"
			}
			if c == 0 {
				cells = append(cells, cellNumber(""))
				continue
			}
			cells = append(cells, cellAmount(c, "", class))
		}
		return append(cells, cellAmount(r.Total, why, "strong"))
	}
	for _, r := range shown[(n-1)*owedRows : min(n*owedRows, len(shown))] {
		why := ""
		if r.Customer != 0 {
			why = v.URL("a", r.Activity, "sales") + "?kind=invoice&state=unpaid&customer=" + strconv.FormatInt(r.Customer, 10)
		}
		cells := append([]Cell{cellSub(r.Name, joinWords(" · ", h.SectionName(r.Activity), p.T("owed.invoices", "n", r.Count), v.owedOldest(r), v.owedDoubtful(r))+ownWords(p, " · ", r.Own), v.owedHref(r))}, amounts(r, why)...)
		t.Rows = append(t.Rows, Row{Cells: append(cells, cellStatus(v.owedTold(r)))})
	}
	foot := append([]Cell{cellText(p.T("owed.customers", "n", len(shown)))}, amounts(sum, "")...)
	t.Foot = append(foot, cellText(""))
	options, err := v.activityOptions(true)
	if err != nil {
		return err
	}
	return v.written(page, func(m *markup) {
		head.write(m, p)
		form := v.NewForm().Set("q", v.Query("q")).Set("activity", v.Query("activity")).Set("age", v.Query("age"))
		m.raw(`<form class="bookf" method="get">`).put(form.Hidden("age")).put(form.Field("q", p.T("payments.find"), "type=search", "icon=search", "maxlength=100", "placeholder="+p.T("owed.find_hint")))
		if v.Activity == 0 {
			m.put(form.Select("activity", p.T("payments.activity"), options))
		}
		m.raw(`<button class="b">`).text(p.T("books.show")).raw("</button></form>")
		m.put(f.HTML(p))
		if len(shown) == 0 {
			m.put(Empty{Title: p.T("payments.no_match"), Text: p.T("payments.no_match_text"), Acts: []Link{{Label: p.T("payments.see_all"), Href: v.r.URL.Path}}}.HTML())
			return
		}
		m.put(t.HTML(p))
		if pages > 1 {
			m.put(Pager{Page: n, Pages: pages, Total: len(shown), Per: owedRows, URL: func(n int) string { return v.With("page", strconv.Itoa(n)) }}.HTML(p))
		}
	})
}

// owedOwn is « On me doit … » for who sold: a line for each customer, the latest first, and the gesture.
func (v *Visit) owedOwn(all office.OwedAges) error {
	p := v.P
	page := Page{Title: p.T("owed.own_title"), Section: "sales", Main: "narrow"}
	if all.Total == 0 {
		return v.Blocks(page, Head{Title: p.T("owed.own_nothing")}, Empty{Title: p.T("owed.own_nothing"), Text: p.T("owed.own_nothing_text"), Acts: []Link{{Label: p.T("web.dock_invoice"), Href: v.URL("a", v.Activity, "sales/new?kind=invoice"), Icon: "file-invoice"}}})
	}
	head := Head{Answer: Answer{Before: p.T("owed.own_title"), Mark: p.Euros(all.Total)}, Lead: p.T("owed.own_in_time")}
	if all.Late > 0 {
		head.Lead = p.T("owed.own_late", "late", all.Late)
		head.Acts, head.Go = []Link{{p.T("remind.do"), v.remindersURL(v.Activity), "bell"}}, true
	}
	var ages List
	for i, key := range owedAges {
		if c := all.Ages[i]; c != 0 {
			ages.Items = append(ages.Items, Item{Name: p.T(key), Amount: new(c)})
		}
	}
	if all.Retained != 0 {
		ages.Items = append(ages.Items, Item{Name: p.T("owed.retained"), About: p.T("owed.retained_about"), Amount: new(all.Retained)})
	}
	var list List
	for _, r := range all.Rows {
		i := Item{Name: r.Name, Href: v.owedHref(r), About: joinWords(" · ", p.T("owed.invoices", "n", r.Count), v.owedDoubtful(r)) + ownWords(p, " · ", r.Own), Amount: new(r.Total), Under: v.owedTold(r)}
		if r.Customer != 0 {
			i.Why = v.URL("a", r.Activity, "sales") + "?kind=invoice&state=unpaid&customer=" + strconv.FormatInt(r.Customer, 10)
		}
		if r.Late() > 0 {
			i.Status = Status{Tone: ToneLate, Text: p.T("payments.late", "n", int(v.Today()-r.Oldest))}
		} else if r.Oldest != 0 {
			i.About += " · " + p.T("owed.due", "day", r.Oldest)
		}
		list.Items = append(list.Items, i)
	}
	return v.Blocks(page, head, Block{Title: p.T("owed.own_who"), Body: list}, Block{Title: p.T("owed.own_ages"), Body: ages})
}
