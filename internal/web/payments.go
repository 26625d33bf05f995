package web

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"essaim/access"
	"essaim/date"
	"essaim/i18n"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/money"
	"essaim/sale"
)

// paymentPages record what customers paid. Nothing recorded is edited: it is reversed, or reassigned in one gesture.
func (s *Server) paymentPages() {
	s.page("GET", "/{coop}/payments", "", s.payments)
	s.page("GET", "/{coop}/payments.csv", "", s.payments)
	s.page("GET", "/{coop}/payments/new", "", s.newPayment)
	s.page("POST", "/{coop}/payments/new", "", s.paymentSent)
	s.page("GET", "/{coop}/payments/{id}", "", s.payment)
	s.page("POST", "/{coop}/payments/{id}/reverse", "", s.paymentReverse)
	s.page("POST", "/{coop}/payments/{id}/reassign", "", s.paymentReassign)
}

// paymentRows bounds a page of payments, owedRows one of what is owed.
const (
	paymentRows = 100
	owedRows    = 200
)

type paymentsData struct {
	F          *Form
	Activities []Option
	Views      Filters // what is owed, what was received
	Ages       Filters // of what is owed
	Received   bool
	Table      Table
	Pager      *Pager
	CSV        string
	Next       string
	May        bool
	Empty      Empty
	Title      string      // what is owed, or was at the end of a year
	OwedTotal  money.Cents // 0: the title says it all
	Lead       string
	Years      Filters // those of an auditor
	ByAge      string  // where what is owed is by customer and age
	Remind     string  // where customers are reminded
}

// owedLine is one line of what is owed: an open invoice, or an entry that no invoice of the house stands for.
type owedLine struct {
	sale  sale.Document // of an invoice
	who   string
	about string
	words []string // looked for
	of    string   // the activity
	due   date.Day
	gross money.Cents
	left  money.Cents
	href  string // "": it does not open to this person
}

// owedLines are the open invoices and what entries alone say is owed, the oldest due day first: together what the accounts
// say that customers owe.
func (s *Server) owedLines(v *Visit, h *house, activityID int64) (lines []owedLine, byEntry money.Cents, err error) {
	all, err := s.office.Owed(v.Ctx(), v.Actor, activityID, 0)
	if err != nil {
		return nil, 0, err
	}
	ids := make([]int64, len(all))
	for i, inv := range all {
		ids[i] = inv.Customer
	}
	names, err := s.office.CustomerNames(v.Ctx(), v.Actor, ids)
	if err != nil {
		return nil, 0, err
	}
	for _, inv := range all {
		of := h.ActivityName(inv.Activity)
		l := owedLine{sale: inv, who: cmp.Or(names[inv.Customer], of), about: inv.Number, words: []string{names[inv.Customer], of, inv.Number, inv.Content.Title}, of: of,
			due: inv.Due, gross: inv.Totals.Gross, left: sale.Remaining(inv), href: v.URL("sales", inv.ID)}
		if l.left <= sale.Retained(inv) { // only the retention is left, and nobody owes it before its own day
			l.due = max(inv.Due, sale.ReleaseDay(inv))
		}
		if inv.Content.Title != "" {
			l.about += " · " + inv.Content.Title
		}
		lines = append(lines, l)
	}
	claims, err := s.office.Claims(v.Ctx(), v.Actor, activityID)
	if err != nil {
		return nil, 0, err
	}
	for _, c := range claims {
		l := owedLine{who: c.Name, about: c.Ref, words: []string{c.Name, c.Ref, c.Label, h.SectionName(c.Section)}, of: h.SectionName(c.Section), due: cmp.Or(c.Due, c.Date), gross: c.Amount, left: c.Remaining}
		if c.Label != "" && c.Label != c.Ref {
			l.about += " · " + c.Label
		}
		if v.can(access.ViewLedger, 0) {
			l.href = v.URL("books", "entries", c.Item.Entry)
		}
		byEntry += c.Remaining
		lines = append(lines, l)
	}
	slices.SortStableFunc(lines, func(a, b owedLine) int { return cmp.Compare(a.due, b.due) })
	return lines, byEntry, nil
}

// audits says whether the person sees documents of the years of an audit only.
func (v *Visit) audits(activityID int64) bool {
	return v.Actor.Year() != 0 && access.Can(v.Actor, access.ViewDocument, access.Subject{Coop: v.Coop.ID, Activity: activityID}) != access.Allowed
}

// activityOptions are the activities the person may see, by code.
func (v *Visit) activityOptions(all bool) ([]Option, error) {
	list, _, err := v.s.office.Activities(v.Ctx(), v.Actor)
	if err != nil {
		return nil, err
	}
	var options []Option
	if all {
		options = append(options, Option{Value: "", Label: v.P.T("payments.all_activities")})
	}
	for _, a := range list {
		options = append(options, Option{Value: strconv.FormatInt(a.ID, 10), Label: a.Code + " " + a.Name})
	}
	return options, nil
}

// payments shows what waits to be received (?view=owed), or what was (?view=received).
func (s *Server) payments(v *Visit) error {
	activityID, _ := strconv.ParseInt(v.Query("activity"), 10, 64) // 0: all
	h, err := v.House()
	if err != nil {
		return err
	}
	d := paymentsData{F: v.NewForm(), CSV: v.r.URL.Path + ".csv?" + v.r.URL.RawQuery, May: v.mayOnActivities(access.RecordPayment, activityID)}
	// Who receives payments begins with what is owed; who only reads them, with what was paid.
	d.Received = v.Query("view") == "received" || v.Query("view") == "" && !d.May
	for _, n := range []string{"activity", "q", "view"} {
		d.F.Set(n, v.Query(n))
	}
	var lines []owedLine
	var at office.OwedAt
	waiting := v.P.T("payments.waiting")
	if v.audits(activityID) {
		if at, err = s.owedAtEnd(v, &d, activityID); err != nil {
			return err
		}
		waiting = v.P.T("payments.owed_on", "date", at.On)
	} else {
		byEntry := money.Cents(0)
		if lines, byEntry, err = s.owedLines(v, h, activityID); err != nil {
			return err
		}
		for _, l := range lines {
			d.OwedTotal += l.left
		}
		d.Title = v.P.T("payments.nothing_owed")
		switch n := len(lines); {
		case byEntry != 0:
			d.Title, d.Lead = v.P.T("payments.owed_all", "n", n), v.P.T("payments.by_entry", "amount", byEntry)
		case n > 0:
			d.Title = v.P.T("payments.owed", "n", n)
		}
	}
	count := v.P.Int(int64(len(lines) + len(at.Rows)))
	d.Views = Filters{
		{Label: waiting, Count: count, Href: v.With("view", "owed", "before", "", "late", ""), Current: !d.Received},
		{Label: v.P.T("payments.title_received"), Href: v.With("view", "received", "late", "", "q", "", "page", ""), Current: d.Received},
	}
	if !v.audits(activityID) {
		d.ByAge = v.URL("owed")
		if activityID != 0 {
			d.ByAge += "?activity=" + strconv.FormatInt(activityID, 10)
		}
		if v.can(access.RemindCustomer, activityID) {
			d.Remind = v.remindersURL(activityID)
		}
	}
	if d.Activities, err = v.activityOptions(true); err != nil {
		return err
	}
	switch {
	case d.Received:
		err = s.receivedList(v, &d, h, activityID)
	case at.On != 0:
		err = s.owedAtList(v, &d, h, at)
	default:
		err = s.owedList(v, &d, lines)
	}
	if err != nil || v.wantsCSV() {
		return err
	}
	return v.Show("payments", Page{Title: v.P.T("payments.title"), Section: "payments", Team: true, Wide: true}, d)
}

// owedAtEnd is what an auditor may know of what customers owe: how it stood at the end of the year audited.
func (s *Server) owedAtEnd(v *Visit, d *paymentsData, activityID int64) (office.OwedAt, error) {
	asked, _ := strconv.ParseInt(v.Query("year"), 10, 64) // 0: the latest of theirs
	if !slices.Contains(v.Actor.AuditYears, asked) {
		asked = v.Actor.Year()
	}
	b, err := s.office.BooksOf(v.Ctx(), v.Actor, asked)
	if err != nil {
		return office.OwedAt{}, err
	}
	at, err := s.office.OwedAtEnd(v.Ctx(), v.Actor, activityID, asked)
	if err != nil {
		return at, err
	}
	if len(b.Years) > 1 {
		d.Years = v.years(b)
	}
	d.F.Set("year", asked)
	d.OwedTotal, d.Title, d.Lead = at.Total, v.P.T("payments.owed_at", "date", at.On), v.P.T("payments.owed_at_about")
	if at.Total == 0 {
		d.Title = v.P.T("payments.nothing_owed_at", "date", at.On)
	}
	return at, nil
}

// owedAtList is what each customer owed at the end of a year, the most first; the lines of each are in the general ledger.
func (s *Server) owedAtList(v *Visit, d *paymentsData, h *house, at office.OwedAt) error {
	d.F.Set("q", "")
	year := v.Actor.Year()
	if id := d.F.ID("year"); id != 0 {
		year = id
	}
	if v.wantsCSV() {
		out := [][]string{{"Client", "Activité", "Compte", "Dû au " + at.On.String()}}
		for _, r := range at.Rows {
			out = append(out, []string{at.Names[r.Third], h.SectionName(r.Section), r.Account, plain(r.Amount)})
		}
		return v.csv("creances-"+at.On.String()+".csv", append(out, []string{"Total", "", "", plain(at.Total)}))
	}
	var ids []int64
	for _, r := range at.Rows {
		ids = append(ids, r.Third)
	}
	thirds, err := s.thirdsOfLines(v, slices.Values(ids))
	if err != nil {
		return err
	}
	d.Table = Table{Caption: v.P.T("payments.owed_on", "date", at.On), Class: "act owed", Cols: []Col{{Label: v.P.T("payments.customer")}, {Label: v.P.T("payments.activity")}, {Label: v.P.T("books.account")}, {Label: v.P.T("payments.left_to_pay"), Num: true}}}
	for _, r := range at.Rows {
		href := v.URL("books", "ledger") + "?account=" + r.Account + "&section=" + h.set.Sections[r.Section].Code + "&year=" + strconv.FormatInt(year, 10)
		if t := thirds[r.Third]; t.Code != "" {
			href += "&third=" + url.QueryEscape(t.Code)
		}
		d.Table.Rows = append(d.Table.Rows, Row{Cells: []Cell{cellLink(cmp.Or(at.Names[r.Third], h.SectionName(r.Section)), href), cellText(h.SectionName(r.Section)), cellText(r.Account), cellAmount(r.Amount, href, "strong")}})
	}
	d.Table.Foot = []Cell{cellText(v.P.T("books.lines", "n", len(at.Rows))).Span(3), cellAmount(at.Total, "")}
	d.Empty = Empty{Title: v.P.T("payments.nothing_owed_at", "date", at.On), Text: v.P.T("payments.owed_at_about")}
	return nil
}

// owedList is what waits to be received, the oldest first: who owes, how much, for how long, and the deed.
func (s *Server) owedList(v *Visit, d *paymentsData, all []owedLine) error {
	today, q := v.Today(), strings.ToLower(v.Query("q"))
	days := map[string]int{"1": 1, "30": 31, "90": 91}
	counts := map[string]int{}
	var shown []owedLine
	var total money.Cents
	for _, l := range all {
		late := 0
		if l.due != 0 && l.due < today {
			late = int(today - l.due)
		}
		for k, n := range days {
			if late >= n {
				counts[k]++
			}
		}
		if q != "" && !l.matches(q) || late < days[v.Query("late")] {
			continue
		}
		shown = append(shown, l)
		total += l.left
	}
	if v.wantsCSV() {
		out := [][]string{{"Client", "Numéro", "Objet", "Activité", "Date", "Échéance", "Jours de retard", "Total TTC", "Reste dû"}}
		for _, l := range shown {
			late := ""
			if l.due != 0 && l.due < today {
				late = strconv.Itoa(int(today - l.due))
			}
			number, title, on := l.sale.Number, l.sale.Content.Title, l.sale.Date.String()
			if l.sale.ID == 0 {
				title, on = l.about, ""
			}
			out = append(out, []string{l.who, number, title, l.of, on, l.due.String(), late, plain(l.gross), plain(l.left)})
		}
		return v.csv("a-encaisser.csv", append(out, []string{"Total", "", "", "", "", "", "", "", plain(total)}))
	}
	for _, k := range []string{"", "1", "30", "90"} {
		if k != "" && counts[k] == 0 {
			continue
		}
		n := len(all)
		if k != "" {
			n = counts[k]
		}
		d.Ages = append(d.Ages, Filter{Label: v.P.T("payments.late_filter." + cmp.Or(k, "all")), Count: v.P.Int(int64(n)), Href: v.With("late", k, "page", ""), Current: v.Query("late") == k})
	}
	d.Table = Table{Caption: v.P.T("payments.waiting"), Class: "act fix owed", Cols: []Col{{Label: v.P.T("payments.customer")}, {Label: v.P.T("payments.activity"), Width: "w-act"}, {Label: v.P.T("payments.due_day"), Width: "w-day"}, {Label: v.P.T("payments.age"), Width: "w-age"}, {Label: v.P.T("payments.left_to_pay"), Num: true, Width: "w-sum"}, {Width: "w-deed"}}}
	page := v.PageNumber()
	pages := max(1, (len(shown)+owedRows-1)/owedRows)
	page = min(page, pages)
	for _, l := range shown[(page-1)*owedRows : min(page*owedRows, len(shown))] {
		deed := Cell{}
		if d.May && l.sale.ID != 0 {
			deed = cellHTML(new(markup).raw(`<a class="b sm" href="`).text(v.URL("payments", "new") + "?customer=" + strconv.FormatInt(l.sale.Customer, 10) + "&invoice=" + strconv.FormatInt(l.sale.ID, 10)).raw(`">`).text(v.P.T("payments.receive")).raw("</a>").html())
		}
		age := lateStatus(v.P, l.due, today)
		if age.Text == "" {
			age = Status{Text: v.P.T("payments.not_due")}
		}
		if l.sale.Settled.Doubtful.Entry != 0 {
			age.Text += " · " + v.P.T("payments.doubtful")
		}
		amount := cellAmount(l.left, l.href, "strong")
		if l.left != l.gross {
			amount = cellHTML(new(markup).amount(v.P, l.left, l.href, "strong").raw(`<small class="sub2">`).text(v.P.T("payments.of", "amount", l.gross)).raw("</small>").html())
		}
		d.Table.Rows = append(d.Table.Rows, Row{Cells: []Cell{cellSub(l.who, l.about, l.href), cellText(l.of), cellDay(l.due), cellStatus(age), amount, deed}})
	}
	counted := "payments.owed_shown"
	if slices.ContainsFunc(shown, func(l owedLine) bool { return l.sale.ID == 0 }) {
		counted = "books.lines"
	}
	d.Table.Foot = []Cell{cellText(v.P.T(counted, "n", len(shown))).Span(4), cellAmount(total, ""), cellText("")}
	if pages > 1 {
		d.Pager = &Pager{Page: page, Pages: pages, Total: len(shown), Per: owedRows, URL: func(n int) string { return v.With("page", strconv.Itoa(n)) }}
	}
	d.Empty = Empty{Title: v.P.T("payments.nothing_owed"), Text: v.P.T("payments.nothing_owed_text")}
	if len(all) > 0 {
		d.Empty = Empty{Title: v.P.T("payments.no_match"), Text: v.P.T("payments.no_match_text"), Acts: []Link{{Label: v.P.T("payments.see_all"), Href: v.URL("payments")}}}
	}
	return nil
}

// matches says whether what is owed is looked for: by who pays, what for, its number, or an amount as one types it.
func (l owedLine) matches(q string) bool {
	for _, text := range l.words {
		if strings.Contains(strings.ToLower(text), q) {
			return true
		}
	}
	digits := strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "€", "", ".", ",").Replace(q)
	if digits == "" || strings.Trim(digits, "0123456789,") != "" {
		return false
	}
	return strings.HasPrefix(plain(l.left), digits) || strings.HasPrefix(plain(l.gross), digits)
}

// receivedList is what customers have paid, the last first.
func (s *Server) receivedList(v *Visit, d *paymentsData, h *house, activityID int64) error {
	before, _ := strconv.ParseInt(v.Query("before"), 10, 64) // 0: from the last
	f := store.PaymentFilter{Activity: activityID, Before: before, Limit: paymentRows}
	if v.wantsCSV() {
		f.Limit, f.Before = 100_000, 0
	}
	all, err := s.office.Payments(v.Ctx(), v.Actor, f)
	if err != nil {
		return err
	}
	ids := make([]int64, len(all))
	for i, p := range all {
		ids[i] = p.Customer
	}
	names, err := s.office.CustomerNames(v.Ctx(), v.Actor, ids)
	if err != nil {
		return err
	}
	if v.wantsCSV() {
		var total money.Cents // of those that count: a payment reversed was given back
		out := [][]string{{"Date", "Activité", "Client", "Moyen", "Référence", "Montant", "Avance", "État"}}
		for _, p := range all {
			if p.Reversed == 0 {
				total += p.Amount
			}
			out = append(out, []string{p.Date.String(), h.ActivityName(p.Activity), names[p.Customer], v.P.T("payments.means." + string(p.Means)), p.Reference, plain(p.Amount), plain(p.Excess), paymentState(v.P, p).Text})
		}
		return v.csv("paiements.csv", append(out, []string{"Total", "", "", "", "", plain(total), "", ""}))
	}
	d.Table = Table{Caption: v.P.T("payments.title"), Class: "act fix owed got", Cols: []Col{{Label: v.P.T("payments.customer")}, {Label: v.P.T("payments.activity"), Width: "w-act"}, {Label: v.P.T("payments.day"), Width: "w-day"}, {Label: v.P.T("payments.means"), Width: "w-age"}, {Label: v.P.T("payments.amount"), Num: true, Width: "w-sum"}, {Label: v.P.T("payments.state"), Width: "w-age"}}}
	for _, p := range all {
		href := v.URL("payments", p.ID)
		d.Table.Rows = append(d.Table.Rows, Row{Cells: []Cell{cellSub(names[p.Customer], p.Reference, href), cellText(h.ActivityName(p.Activity)), cellDay(p.Date), cellText(v.P.T("payments.means." + string(p.Means))), cellAmount(p.Amount, href, "strong"), cellStatus(paymentState(v.P, p))}})
	}
	if len(all) == paymentRows {
		d.Next = v.With("before", strconv.FormatInt(all[len(all)-1].ID, 10))
	}
	d.Empty = Empty{Title: v.P.T("payments.none"), Text: v.P.T("payments.none_text")}
	return nil
}

// mayOnActivities says whether the person may do an action on an activity, or on any (0).
func (v *Visit) mayOnActivities(act access.Action, activityID int64) bool {
	return v.can(act, activityID)
}

func paymentState(p i18n.Printer, x sale.Payment) Status {
	if x.Reversed != 0 {
		return Status{Text: p.T("payments.reversed"), Tone: ToneWait}
	}
	if x.Amount < 0 {
		key := "payments.refunded"
		if x.Means == sale.GivenUp {
			key = "payments.cents_left"
		}
		return Status{Text: p.T(key), Tone: ToneOK}
	}
	if x.Excess > 0 {
		return Status{Text: p.T("payments.with_advance"), Tone: ToneOK}
	}
	return Status{Text: p.T("payments.recorded"), Tone: ToneOK}
}

// lateStatus tells how late an open invoice is.
func lateStatus(p i18n.Printer, due, today date.Day) Status {
	if due == 0 || due >= today {
		return Status{}
	}
	return Status{Text: p.T("payments.late", "n", int(today-due)), Tone: ToneLate}
}
