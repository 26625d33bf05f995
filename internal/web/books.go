package web

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"essaim/access"
	"essaim/date"
	"essaim/fault"
	"essaim/i18n"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/money"
)

// booksPages are the accountant's: they speak accounting. Filters stand in the address; what is shown can be kept as CSV.
func (s *Server) booksPages() {
	s.page("GET", "/{coop}/books/balance", access.ViewLedger, s.trialBalance)
	s.page("GET", "/{coop}/books/balance.csv", access.ViewLedger, s.trialBalance)
	s.page("GET", "/{coop}/books/activities", access.ViewLedger, s.bySection)
	s.page("GET", "/{coop}/books/activities.csv", access.ViewLedger, s.bySection)
	s.page("GET", "/{coop}/books/ledger", access.ViewLedger, s.generalLedger)
	s.page("GET", "/{coop}/books/ledger.csv", access.ViewLedger, s.generalLedger)
	s.page("GET", "/{coop}/books/journal", access.ViewLedger, s.journal)
	s.page("GET", "/{coop}/books/journal.csv", access.ViewLedger, s.journal)
	s.page("GET", "/{coop}/books/entries/{id}", "", s.entry)
	s.page("POST", "/{coop}/books/entries/{id}/reverse", "", s.reverse)
	s.page("GET", "/{coop}/books/entry/new", access.PostEntry, s.entryGrid)
	s.page("POST", "/{coop}/books/entry/new", access.PostEntry, s.entrySent)
	s.page("GET", "/{coop}/books/thirds", access.PostEntry, s.gridThirds)
	s.page("GET", "/{coop}/books/months", access.ClosePeriod, s.months)
	s.page("POST", "/{coop}/books/months", access.ClosePeriod, s.monthsSent)
	s.page("POST", "/{coop}/books/months/year", access.ClosePeriod, s.openYear)
	s.page("POST", "/{coop}/books/months/contributions", access.ClosePeriod, s.runContributions)
	s.page("GET", "/{coop}/books/fec", access.ExportFEC, s.fecPage)
	s.page("GET", "/{coop}/books/fec/{year}/{file}", "", s.fecFile)
}

// period is what most pages of the books are filtered by: a fiscal year, months of it, one section or all.
type period struct {
	Books    office.Books
	From, To int   // periods of the year
	Section  int64 // 0: the house
}

// period reads the filters of the address; what does not exist is left out.
func (v *Visit) period() (p period, err error) {
	id, _ := strconv.ParseInt(v.Query("year"), 10, 64) // 0: this year's
	if p.Books, err = v.s.office.BooksOf(v.Ctx(), v.Actor, id); err != nil {
		return p, err
	}
	months := len(p.Books.Year.Span.Months())
	p.From, p.To = 1, months
	if n, err := strconv.Atoi(v.Query("from")); err == nil && n >= 1 && n <= months {
		p.From = n
	}
	if n, err := strconv.Atoi(v.Query("to")); err == nil && n >= p.From && n <= months {
		p.To = n
	}
	if id, ok := p.Books.Settings.ByCode[v.Query("section")]; ok {
		p.Section = id
	}
	return p, nil
}

// first and last day of the periods chosen.
func (p period) first() date.Day {
	return max(p.Books.Year.Span.Months()[p.From-1].First(), p.Books.Year.Span.Start)
}
func (p period) last() date.Day {
	return min(p.Books.Year.Span.Months()[p.To-1].Last(), p.Books.Year.Span.End)
}

// years are the fiscal years to choose from.
func (v *Visit) years(b office.Books) Filters {
	var f Filters
	for _, y := range b.Years {
		f = append(f, Filter{Label: y.Span.Label(), Href: v.With("year", strconv.FormatInt(y.ID, 10), "from", "", "to", ""), Current: y.ID == b.Year.ID})
	}
	return f
}

// filterForm is the form above a list of the books: it changes the address (GET).
func (v *Visit) filterForm(p period) *Form {
	f := v.NewForm()
	f.Set("section", p.Books.Settings.Sections[p.Section].Code).Set("from", p.From).Set("to", p.To)
	for _, name := range []string{"account", "journal", "q"} {
		f.Set(name, v.Query(name))
	}
	return f
}

// sectionOptions are the house's sections and the activities, by code; the first is all of them.
func sectionOptions(p i18n.Printer, set *store.Settings, all bool) []Option {
	var list []Option
	if all {
		list = append(list, Option{Value: "", Label: p.T("books.all_sections")})
	}
	for _, s := range sortedSections(set) {
		list = append(list, Option{Value: s.Code, Label: s.Code + " " + s.Name})
	}
	return list
}

func monthOptions(p i18n.Printer, y ledger.FiscalYear) []Option {
	var list []Option
	for i, m := range y.Span.Months() {
		list = append(list, Option{Value: strconv.Itoa(i + 1), Label: p.Month(m)})
	}
	return list
}

// booksData is what the pages of the books have in common.
type booksData struct {
	F        *Form
	Years    Filters
	Year     string // label
	YearID   int64
	Sections []Option
	Months   []Option
	Journals []Option
	Table    Table
	CSV      string
	Totals   []Figure
	Note     Note
	Next     string
	Search   bool
	Account  bool
	Journal  bool
	Tabs     Filters // two ways to look at the same thing
	Lead     string
	Accounts []ledger.Account // to choose from
}

func (v *Visit) booksData(p period) booksData {
	d := booksData{F: v.filterForm(p), Years: v.years(p.Books), Year: p.Books.Year.Span.Label(), YearID: p.Books.Year.ID,
		Sections: sectionOptions(v.P, p.Books.Settings, true), Months: monthOptions(v.P, p.Books.Year)}
	d.CSV = v.r.URL.Path + ".csv"
	if q := v.r.URL.RawQuery; q != "" {
		d.CSV += "?" + q
	}
	return d
}

// csv answers with the rows of a table as a file a French spreadsheet opens: semicolons, decimal commas, UTF-8 with its
// mark.
func (v *Visit) csv(name string, rows [][]string) error {
	var b strings.Builder
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.Comma = ';'
	w.UseCRLF = true
	for _, r := range rows {
		for i := range r {
			// A spreadsheet must not take what someone typed for a formula.
			if r[i] != "" && strings.ContainsRune("=+@\t\r", rune(r[i][0])) {
				r[i] = "'" + r[i]
			}
		}
	}
	if err := w.WriteAll(rows); err != nil {
		return err
	}
	return v.Send(name, []byte(b.String()), false)
}

func (v *Visit) wantsCSV() bool { return strings.HasSuffix(v.r.URL.Path, ".csv") }

// plain writes an amount for a file: "1234,56".
func plain(c money.Cents) string { return string(c.Append(nil, ',')) }

func (s *Server) trialBalance(v *Visit) error {
	p, err := v.period()
	if err != nil {
		return err
	}
	rows, err := s.office.TrialBalance(v.Ctx(), v.Actor, p.Books.Year.ID, p.Section, p.From, p.To, v.Query("account"))
	if err != nil {
		return err
	}
	var sum office.TrialRow
	for _, r := range rows {
		sum.Opening += r.Opening
		sum.Debit += r.Debit
		sum.Credit += r.Credit
		sum.Balance += r.Balance
	}
	if v.wantsCSV() {
		out := [][]string{{"CompteNum", "CompteLib", "Report", "Debit", "Credit", "Solde"}}
		for _, r := range rows {
			out = append(out, []string{r.Account, r.Label, plain(r.Opening), plain(r.Debit), plain(r.Credit), plain(r.Balance)})
		}
		out = append(out, []string{"Total", "", plain(sum.Opening), plain(sum.Debit), plain(sum.Credit), plain(sum.Balance)})
		return v.csv("balance-"+p.Books.Year.Span.Label()+".csv", out)
	}
	d := v.booksData(p)
	d.Account, d.Tabs, d.Accounts = true, v.balances(p, false), p.accounts()
	d.Table = Table{Caption: v.P.T("books.balance"), Class: "plain accts", Wide: true, Cols: []Col{
		{Label: v.P.T("books.account")}, {Label: v.P.T("books.label")}, {Label: v.P.T("books.opening"), Num: true},
		{Label: v.P.T("books.debit"), Num: true}, {Label: v.P.T("books.credit"), Num: true}, {Label: v.P.T("books.balance_of"), Num: true}}}
	for _, r := range rows {
		href := v.ledgerURL(p, r.Account)
		d.Table.Rows = append(d.Table.Rows, Row{Cells: []Cell{cellLink(r.Account, href), cellText(r.Label), cellAmount(r.Opening, ""), cellAmount(r.Debit, href), cellAmount(r.Credit, href), cellAmount(r.Balance, href, "strong")}})
	}
	d.Table.Foot = []Cell{cellText(v.P.T("books.total")).Span(2), cellAmount(sum.Opening, ""), cellAmount(sum.Debit, ""), cellAmount(sum.Credit, ""), cellAmount(sum.Balance, "")}
	if sum.Balance != 0 && v.Query("account") == "" {
		d.Note = Note{Tone: ToneLate, Strong: v.P.T("books.unbalanced"), Text: v.P.Euros(sum.Balance)}
	}
	return v.Show("books_list", Page{Title: v.P.T("books.balance"), Section: "balance", Team: true, Wide: true}, d)
}

// balances are the two ways to read a balance: by account, by activity.
func (v *Visit) balances(p period, bySection bool) Filters {
	year := "?year=" + strconv.FormatInt(p.Books.Year.ID, 10)
	return Filters{{Label: v.P.T("books.by_account"), Href: v.URL("books", "balance") + year, Current: !bySection}, {Label: v.P.T("books.by_activity"), Href: v.URL("books", "activities") + year, Current: bySection}}
}

// accounts are the chart, to choose from as one types.
func (p period) accounts() []ledger.Account {
	var list []ledger.Account
	for _, code := range p.Books.Settings.Chart.Codes() {
		list = append(list, p.Books.Settings.Chart[code])
	}
	return list
}

// ledgerURL opens an account in the general ledger with the filters in hand.
func (v *Visit) ledgerURL(p period, account string) string {
	u := v.URL("books", "ledger") + "?account=" + account + "&year=" + strconv.FormatInt(p.Books.Year.ID, 10) + "&from=" + strconv.Itoa(p.From) + "&to=" + strconv.Itoa(p.To)
	if p.Section != 0 {
		u += "&section=" + p.Books.Settings.Sections[p.Section].Code
	}
	return u
}

func (s *Server) bySection(v *Visit) error {
	p, err := v.period()
	if err != nil {
		return err
	}
	rows, err := s.office.BySection(v.Ctx(), v.Actor, p.Books.Year.ID)
	if err != nil {
		return err
	}
	classes := []byte{'1', '2', '3', '4', '5', '6', '7'}
	total := map[byte]money.Cents{}
	var gap money.Cents
	if v.wantsCSV() {
		out := [][]string{{"Section", "Nom", "1", "2", "3", "4", "5", "6", "7", "Ecart"}}
		for _, r := range rows {
			line := []string{r.Section.Code, r.Section.Name}
			for _, c := range classes {
				line = append(line, plain(r.Rows[c]))
			}
			out = append(out, append(line, plain(r.Sum)))
			gap += r.Sum.Abs()
		}
		line := []string{"Total", ""}
		for _, c := range classes {
			for _, r := range rows {
				total[c] += r.Rows[c]
			}
			line = append(line, plain(total[c]))
		}
		out = append(out, append(line, plain(gap)))
		return v.csv("activites-"+p.Books.Year.Span.Label()+".csv", out)
	}
	d := v.booksData(p)
	d.Sections, d.Months, d.Tabs = nil, nil, v.balances(p, true)
	d.Table = Table{Caption: v.P.T("books.by_section"), Class: "plain sects", Wide: true, Cols: []Col{{Label: v.P.T("books.section")}}}
	for _, c := range classes {
		d.Table.Cols = append(d.Table.Cols, Col{Label: v.P.T("books.class", "class", string(c)), Num: true})
	}
	d.Table.Cols = append(d.Table.Cols, Col{Label: v.P.T("books.gap"), Num: true})
	for _, r := range rows {
		row := Row{Cells: []Cell{cellLink(r.Section.Code+" "+r.Section.Name, v.URL("books", "balance")+"?section="+r.Section.Code+"&year="+strconv.FormatInt(p.Books.Year.ID, 10))}}
		for _, c := range classes {
			row.Cells = append(row.Cells, cellAmount(r.Rows[c], ""))
			total[c] += r.Rows[c]
		}
		gap += r.Sum.Abs()
		row.Cells = append(row.Cells, cellAmount(r.Sum, ""))
		d.Table.Rows = append(d.Table.Rows, row)
	}
	foot := []Cell{cellText(v.P.T("books.total"))}
	for _, c := range classes {
		foot = append(foot, cellAmount(total[c], ""))
	}
	d.Table.Foot = append(foot, cellAmount(gap, ""))
	if gap == 0 {
		d.Note = Note{Tone: ToneOK, Strong: v.P.T("books.sections_right")}
	} else {
		d.Note = Note{Tone: ToneLate, Strong: v.P.T("books.sections_wrong"), Text: v.P.Euros(gap)}
	}
	return v.Show("books_list", Page{Title: v.P.T("books.by_section"), Section: "balance", Team: true, Wide: true}, d)
}

// ledgerRows bounds a page of the general ledger; the rest is a page further.
const ledgerRows = 500

func (s *Server) generalLedger(v *Visit) error {
	p, err := v.period()
	if err != nil {
		return err
	}
	d := v.booksData(p)
	d.Account, d.Accounts = true, p.accounts()
	account, _, _ := strings.Cut(strings.TrimSpace(v.Query("account")), " ")
	page := Page{Title: v.P.T("books.ledger"), Section: "ledger", Team: true, Wide: true}
	if account == "" && p.Section == 0 {
		if v.wantsCSV() {
			return fault.New(fault.Invalid, "books.ledger_choose")
		}
		return s.ledgerAccounts(v, p, d, page)
	}
	limit := ledgerRows * v.PageNumber()
	if v.wantsCSV() {
		limit = 1_000_000
	}
	lines, err := s.office.GeneralLedger(v.Ctx(), v.Actor, p.Books.Year.ID, store.LineFilter{Section: p.Section, Account: account, From: p.first(), To: p.last(), Limit: limit + 1})
	if err != nil {
		return err
	}
	// What stands before the first line: the balance at the end of the period before.
	before, err := s.office.TrialBalance(v.Ctx(), v.Actor, p.Books.Year.ID, p.Section, p.From, p.To, account)
	if err != nil {
		return err
	}
	var run, debit, credit money.Cents
	for _, b := range before {
		run += b.Opening
	}
	opening := run
	more := len(lines) > limit
	if more {
		lines = lines[:limit]
	}
	out := [][]string{{"Date", "Journal", "Numero", "Piece", "CompteNum", "Section", "Libelle", "Debit", "Credit", "Solde"}}
	// A column that says the same on every line says nothing.
	oneAccount := account != "" && !slices.ContainsFunc(lines, func(l store.PostedLine) bool { return l.Account != account })
	cols := []Col{{Label: v.P.T("books.date"), Width: "w-day"}, {Label: v.P.T("books.number"), Width: "w-no"}, {Label: v.P.T("books.ref"), Width: "w-ref"}}
	if !oneAccount {
		cols = append(cols, Col{Label: v.P.T("books.account"), Width: "w-code"})
	}
	if p.Section == 0 {
		cols = append(cols, Col{Label: v.P.T("books.section"), Width: "w-code"})
	}
	texts := len(cols) + 1
	cols = append(cols, Col{Label: v.P.T("books.label")}, Col{Label: v.P.T("books.debit"), Num: true, Width: "w-sum"}, Col{Label: v.P.T("books.credit"), Num: true, Width: "w-sum"}, Col{Label: v.P.T("books.running"), Num: true, Width: "w-sum"})
	d.Table = Table{Caption: v.P.T("books.ledger"), Class: "plain fix", Wide: true, Cols: cols}
	if opening != 0 {
		row := Row{Class: "carried", Cells: []Cell{cellDay(p.first())}}
		for range texts - 2 {
			row.Cells = append(row.Cells, cellText(""))
		}
		d.Table.Rows = append(d.Table.Rows, Row{Class: row.Class, Cells: append(row.Cells, cellText(v.P.T("books.carried")), cellText(""), cellText(""), cellAmount(opening, ""))})
	}
	for _, l := range lines {
		run += l.Amount
		debit += l.Debit()
		credit += l.Credit()
		number := l.Journal + " " + strconv.FormatInt(l.Number, 10)
		code := p.Books.Settings.Sections[l.Section].Code
		if v.wantsCSV() {
			out = append(out, []string{l.Date.String(), l.Journal, strconv.FormatInt(l.Number, 10), l.Ref, l.Account, code, l.Label, plain(l.Debit()), plain(l.Credit()), plain(run)})
			continue
		}
		href := v.URL("books", "entries", l.Entry)
		cells := []Cell{cellDay(l.Date), cellLink(number, href), cellText(l.Ref)}
		if !oneAccount {
			cells = append(cells, cellText(l.Account))
		}
		if p.Section == 0 {
			cells = append(cells, cellText(code))
		}
		d.Table.Rows = append(d.Table.Rows, Row{Cells: append(cells, cellText(l.Label), side(l.Debit(), href), side(l.Credit(), href), cellAmount(run, ""))})
	}
	if v.wantsCSV() {
		out = append(out, []string{"Total", "", "", "", account, "", "", plain(debit), plain(credit), plain(run)})
		return v.csv("grand-livre-"+account+"-"+p.Books.Year.Span.Label()+".csv", out)
	}
	d.Table.Foot = []Cell{cellText(v.P.T("books.lines", "n", len(lines))).Span(texts), cellAmount(debit, ""), cellAmount(credit, ""), cellAmount(run, "")}
	if more {
		d.Next = v.With("page", strconv.Itoa(v.PageNumber()+1))
		if !strings.Contains(d.Next, "page=") { // With takes the page out with any other change
			d.Next += "&page=" + strconv.Itoa(v.PageNumber()+1)
		}
	}
	if acc, ok := p.Books.Settings.Chart.Find(account); ok {
		page.Title = account + " " + acc.Label
	}
	return v.Show("books_list", page, d)
}

// ledgerAccounts is the general ledger before one has chosen: the accounts of the period, each a step away.
func (s *Server) ledgerAccounts(v *Visit, p period, d booksData, page Page) error {
	rows, err := s.office.TrialBalance(v.Ctx(), v.Actor, p.Books.Year.ID, 0, p.From, p.To, "")
	if err != nil {
		return err
	}
	d.CSV, d.Lead = "", v.P.T("books.ledger_choose")
	d.Table = Table{Caption: v.P.T("books.ledger"), Class: "plain", Wide: true, Cols: []Col{{Label: v.P.T("books.account")}, {Label: v.P.T("books.account_label")}, {Label: v.P.T("books.balance_of"), Num: true}}}
	for _, r := range rows {
		href := v.ledgerURL(p, r.Account)
		d.Table.Rows = append(d.Table.Rows, Row{Cells: []Cell{cellLink(r.Account, href), cellText(r.Label), cellAmount(r.Balance, href)}})
	}
	return v.Show("books_list", page, d)
}

// side is one column of debit or credit: nothing where there is nothing.
func side(c money.Cents, href string) Cell {
	if c == 0 {
		return cellText("")
	}
	return cellAmount(c, href)
}

// journalRows bounds a page of a journal.
const journalRows = 100

func (s *Server) journal(v *Visit) error {
	p, err := v.period()
	if err != nil {
		return err
	}
	after, _ := strconv.ParseInt(v.Query("after"), 10, 64) // 0: from the first
	f := store.JournalFilter{Journal: v.Query("journal"), Year: p.Books.Year.ID, From: p.first(), To: p.last(), After: after, Limit: journalRows}
	if v.wantsCSV() {
		f.Limit = 1_000_000
	}
	entries, err := s.office.Journal(v.Ctx(), v.Actor, f)
	if err != nil {
		return err
	}
	d := v.booksData(p)
	d.Sections, d.Journal = nil, true
	d.Journals = []Option{{Value: "", Label: v.P.T("books.all_journals")}}
	for _, j := range p.Books.Settings.JournalList() {
		d.Journals = append(d.Journals, Option{Value: j.Code, Label: j.Code + " " + j.Label})
	}
	out := [][]string{{"Journal", "Numero", "Date", "Piece", "CompteNum", "CompteLib", "Section", "Libelle", "Debit", "Credit"}}
	d.Table = Table{Caption: v.P.T("books.journal"), Class: "plain fix jr", Wide: true, Cols: []Col{
		{Label: v.P.T("books.account"), Width: "w-code"}, {Label: v.P.T("books.account_label")}, {Label: v.P.T("books.section"), Width: "w-code"}, {Label: v.P.T("books.label")},
		{Label: v.P.T("books.debit"), Num: true, Width: "w-sum"}, {Label: v.P.T("books.credit"), Num: true, Width: "w-sum"}}}
	var debit, credit money.Cents
	for _, e := range entries {
		href := v.URL("books", "entries", e.ID)
		for i, l := range e.Lines {
			acc, _ := p.Books.Settings.Chart.Find(l.Account)
			code := p.Books.Settings.Sections[l.Section].Code
			debit += l.Debit()
			credit += l.Credit()
			if v.wantsCSV() {
				out = append(out, []string{e.Journal, strconv.FormatInt(e.Number, 10), e.Date.String(), e.Ref, l.Account, acc.Label, code, l.Label, plain(l.Debit()), plain(l.Credit())})
				continue
			}
			if i == 0 { // the entry, then its lines
				head := new(markup).raw(`<a href="`).text(href).raw(`">`).text(fmt.Sprintf("%s %d", e.Journal, e.Number)).raw("</a> <span>").text(v.P.Day(e.Date)).raw("</span> <span>").text(e.Ref).raw("</span> <span>").text(e.Label).raw("</span>").html()
				d.Table.Rows = append(d.Table.Rows, Row{Class: "first", Cells: []Cell{cellHTML(head).Span(6)}})
			}
			label := l.Label
			if label == e.Label {
				label = ""
			}
			d.Table.Rows = append(d.Table.Rows, Row{Cells: []Cell{cellText(l.Account), cellText(acc.Label), cellText(code), cellText(label), side(l.Debit(), ""), side(l.Credit(), "")}})
		}
	}
	if v.wantsCSV() {
		out = append(out, []string{"Total", "", "", "", "", "", "", "", plain(debit), plain(credit)})
		return v.csv("journal-"+f.Journal+"-"+p.Books.Year.Span.Label()+".csv", out)
	}
	d.Table.Foot = []Cell{cellText(v.P.T("books.total_shown")).Span(4), cellAmount(debit, ""), cellAmount(credit, "")}
	if len(entries) == journalRows {
		d.Next = v.With("after", strconv.FormatInt(entries[len(entries)-1].ID, 10))
	}
	return v.Show("books_list", Page{Title: v.P.T("books.journal"), Section: "journal", Team: true, Wide: true}, d)
}
