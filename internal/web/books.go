package web

import (
	"encoding/csv"
	"fmt"
	"iter"
	"maps"
	"net/url"
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
	s.page("GET", "/{coop}/books/thirds", access.ViewLedger, s.bookThirds)
	s.page("GET", "/{coop}/books/months", access.ClosePeriod, s.months)
	s.page("POST", "/{coop}/books/months", access.ClosePeriod, s.monthsSent)
	s.page("POST", "/{coop}/books/months/year", access.ClosePeriod, s.openYear)
	s.page("POST", "/{coop}/books/months/contributions", access.ClosePeriod, s.runContributions)
	s.page("GET", "/{coop}/books/fec", access.ExportFEC, s.fecPage)
	s.page("POST", "/{coop}/books/fec/{year}/{file}", "", s.fecFile)
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
	if n, err := strconv.Atoi(v.Query("to")); err == nil && n >= 1 && n <= months {
		p.From, p.To = min(p.From, n), max(p.From, n) // the other way round, they are the same months
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

// journalName names a journal in the language of the reader: those that every cooperative starts with; what a cooperative
// has named itself stays so. The FEC bears the name that is kept.
func (v *Visit) journalName(j ledger.Journal) string {
	if slices.Contains(ledger.FrenchJournals(), j) {
		return v.P.T("books.journal_name." + strings.ToLower(j.Code))
	}
	return j.Label
}

// filterForm is the form above a list of the books: it changes the address (GET).
func (v *Visit) filterForm(p period) *Form {
	f := v.NewForm()
	f.Set("section", p.Books.Settings.Sections[p.Section].Code).Set("from", p.From).Set("to", p.To)
	for _, name := range []string{"account", "third", "journal", "q"} {
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
	Third    bool
	Until    bool // months from the first of the year only
	Choices  List // the third parties that what was typed may mean
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
		out := [][]string{{"CompteNum", "CompteLib", "Report", "Débit", "Crédit", "Solde"}}
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

// thirdURL opens an account of a third party in the general ledger.
func (v *Visit) thirdURL(p period, account string, t ledger.Third) string {
	return v.ledgerURL(p, account) + "&third=" + url.QueryEscape(t.Code)
}

func (s *Server) bySection(v *Visit) error {
	p, err := v.period()
	if err != nil {
		return err
	}
	rows, err := s.office.BySection(v.Ctx(), v.Actor, p.Books.Year.ID, p.To)
	if err != nil {
		return err
	}
	if p.Section != 0 {
		rows = slices.DeleteFunc(rows, func(r office.SectionRow) bool { return r.Section.Code != p.Books.Settings.Sections[p.Section].Code })
	}
	classes := []byte{'1', '2', '3', '4', '5', '6', '7'}
	total := map[byte]money.Cents{}
	var gap money.Cents
	if v.wantsCSV() {
		out := [][]string{{"Section", "Nom", "1", "2", "3", "4", "5", "6", "7", "Écart"}}
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
	d.Until, d.Tabs = true, v.balances(p, true)
	d.Table = Table{Caption: v.P.T("books.by_section"), Class: "plain sects", Wide: true, Cols: []Col{{Label: v.P.T("books.section")}}}
	for _, c := range classes {
		d.Table.Cols = append(d.Table.Cols, Col{Label: v.P.T("books.class", "class", string(c)), Num: true})
	}
	d.Table.Cols = append(d.Table.Cols, Col{Label: v.P.T("books.gap"), Num: true})
	for _, r := range rows {
		row := Row{Cells: []Cell{cellLink(r.Section.Code+" "+r.Section.Name, v.URL("books", "balance")+"?section="+r.Section.Code+"&year="+strconv.FormatInt(p.Books.Year.ID, 10)+"&to="+strconv.Itoa(p.To))}}
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
	switch {
	case len(rows) == 0:
	case gap == 0 && p.Section != 0:
		d.Note = Note{Tone: ToneOK, Strong: v.P.T("books.section_right")}
	case gap == 0:
		d.Note = Note{Tone: ToneOK, Strong: v.P.T("books.sections_right")}
	default:
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
	d.Account, d.Third, d.Accounts = true, true, p.accounts()
	account, _, _ := strings.Cut(strings.TrimSpace(v.Query("account")), " ")
	page := Page{Title: v.P.T("books.ledger"), Section: "ledger", Team: true, Wide: true, Script: "books.js"}
	third, err := s.thirdAsked(v, p, account, &d)
	if err != nil {
		return err
	}
	if !d.F.OK() || len(d.Choices.Items) > 0 {
		if v.wantsCSV() {
			return fault.At("third", "books.third_none", "q", v.Query("third"))
		}
		d.CSV = ""
		return v.Show("books_list", page, d)
	}
	if account == "" && p.Section == 0 && third.ID == 0 {
		if v.wantsCSV() {
			return fault.New(fault.Invalid, "books.ledger_choose")
		}
		return s.ledgerAccounts(v, p, d, page)
	}
	limit := ledgerRows * v.PageNumber()
	if v.wantsCSV() {
		limit = 1_000_000
	}
	lines, run, err := s.office.GeneralLedger(v.Ctx(), v.Actor, p.Books.Year.ID, store.LineFilter{Section: p.Section, Account: account, Third: third.ID, From: p.first(), To: p.last(), Limit: limit + 1})
	if err != nil {
		return err
	}
	if third.ID == 0 { // what stands before the first line: the balance at the end of the period before
		before, err := s.office.TrialBalance(v.Ctx(), v.Actor, p.Books.Year.ID, p.Section, p.From, p.To, account)
		if err != nil {
			return err
		}
		for _, b := range before {
			run += b.Opening
		}
	}
	var debit, credit money.Cents
	opening := run
	more := len(lines) > limit
	if more {
		lines = lines[:limit]
	}
	named, err := s.thirdsOfLines(v, func(yield func(int64) bool) {
		for _, l := range lines {
			if l.Third != 0 && !yield(l.Third) {
				return
			}
		}
	})
	if err != nil {
		return err
	}
	out := [][]string{{"Date", "Journal", "Numéro", "Pièce", "CompteNum", "CompAuxNum", "CompAuxLib", "Section", "Libellé", "Débit", "Crédit", "Solde"}}
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
	label := v.P.T("books.label")
	if third.ID == 0 && len(named) > 0 {
		label = v.P.T("books.label_third")
	}
	cols = append(cols, Col{Label: label}, Col{Label: v.P.T("books.debit"), Num: true, Width: "w-sum"}, Col{Label: v.P.T("books.credit"), Num: true, Width: "w-sum"}, Col{Label: v.P.T("books.running"), Num: true, Width: "w-sum"})
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
			t := v.thirdWords(named[l.Third])
			out = append(out, []string{l.Date.String(), l.Journal, strconv.FormatInt(l.Number, 10), l.Ref, l.Account, t.Code, t.Name, code, l.Label, plain(l.Debit()), plain(l.Credit()), plain(run)})
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
		label := cellText(l.Label)
		if third.ID == 0 {
			label = v.cellOver(l.Label, named[l.Third], v.With("third", named[l.Third].Code, "page", ""))
		}
		d.Table.Rows = append(d.Table.Rows, Row{Cells: append(cells, label, side(l.Debit(), href), side(l.Credit(), href), cellAmount(run, ""))})
	}
	if v.wantsCSV() {
		out = append(out, []string{"Total", "", "", "", account, "", "", "", "", plain(debit), plain(credit), plain(run)})
		return v.csv(fileName("grand-livre", account, third.Code, p.Books.Year.Span.Label()), out)
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
	if third.ID != 0 {
		d.Lead = third.Code + " " + third.Name
	}
	return v.Show("books_list", page, d)
}

// thirdAsked finds the third party of the address, by code or by name: its code, the whole of its name, or a part that
// fits no other. Several are a choice on the page; none is refused on the field.
func (s *Server) thirdAsked(v *Visit, p period, account string, d *booksData) (t ledger.Third, err error) {
	typed := strings.TrimSpace(clip(v.Query("third"), 200))
	if typed == "" {
		return t, nil
	}
	all, err := s.office.ThirdsSeen(v.Ctx(), v.Actor, thirdKind(p.Books.Settings, account), typed, thirdsShown)
	if err != nil {
		return t, err
	}
	code, _, _ := strings.Cut(typed, " ")
	for _, x := range all {
		if strings.EqualFold(x.Code, typed) || strings.EqualFold(x.Name, typed) {
			all = []ledger.Third{x}
		}
	}
	if len(all) == 0 && code != typed { // « C00012 Odile Martin », as the field writes it
		if all, err = s.office.ThirdsSeen(v.Ctx(), v.Actor, thirdKind(p.Books.Settings, account), code, thirdsShown); err != nil {
			return t, err
		}
		all = slices.DeleteFunc(all, func(x ledger.Third) bool { return !strings.EqualFold(x.Code, code) })
	}
	switch len(all) {
	case 0:
		d.F.Refuse("third", "books.third_none", "q", typed)
	case 1:
		t = all[0]
		d.F.Set("third", t.Code+" "+t.Name)
	default:
		for _, x := range all {
			d.Choices.Items = append(d.Choices.Items, Item{Name: x.Name, About: x.Code, Href: v.With("third", x.Code, "page", "")})
		}
	}
	return t, nil
}

// thirdsOfLines names the third parties of lines.
func (s *Server) thirdsOfLines(v *Visit, ids iter.Seq[int64]) (map[int64]ledger.Third, error) {
	known := map[int64]bool{}
	for id := range ids {
		known[id] = true
	}
	if len(known) == 0 {
		return nil, nil
	}
	return s.office.ThirdsOf(v.Ctx(), v.Actor, slices.Collect(maps.Keys(known)))
}

// thirdWords names a third party; a person whose pay is not open to the reader by no more than that.
func (v *Visit) thirdWords(t ledger.Third) ledger.Third {
	if t.ID != 0 && t.Code == "" {
		t.Name = v.P.T("books.third_person")
	}
	return t
}

// cellThird is a third party; href opens its account.
func (v *Visit) cellThird(t ledger.Third, href string) Cell {
	if t.ID == 0 {
		return cellText("")
	}
	if t.Code == "" {
		return cellText(v.thirdWords(t).Name)
	}
	return cellLink(t.Code+" "+t.Name, href)
}

// cellOver is a text with the third party of the line under it.
func (v *Visit) cellOver(text string, t ledger.Third, href string) Cell {
	if t.ID == 0 {
		return cellText(text)
	}
	m := new(markup).text(text).raw(`<small class="sub2">`)
	if t.Code == "" {
		m.text(v.thirdWords(t).Name)
	} else {
		m.raw(`<a href="`).text(href).raw(`">`).text(t.Code + " " + t.Name).raw("</a>")
	}
	return cellHTML(m.raw("</small>").html())
}

// fileName joins what is not empty of the parts of a file's name.
func fileName(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "-") + ".csv"
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
		d.Journals = append(d.Journals, Option{Value: j.Code, Label: j.Code + " " + v.journalName(j)})
	}
	named, err := s.thirdsOfLines(v, func(yield func(int64) bool) {
		for _, e := range entries {
			for _, l := range e.Lines {
				if l.Third != 0 && !yield(l.Third) {
					return
				}
			}
		}
	})
	if err != nil {
		return err
	}
	out := [][]string{{"Journal", "Numéro", "Date", "Pièce", "CompteNum", "CompteLib", "CompAuxNum", "CompAuxLib", "Section", "Libellé", "Débit", "Crédit"}}
	d.Table = Table{Caption: v.P.T("books.journal"), Class: "plain fix jr", Wide: true, Cols: []Col{
		{Label: v.P.T("books.account"), Width: "w-code"}, {Label: v.P.T("books.account_third")}, {Label: v.P.T("books.section"), Width: "w-code"}, {Label: v.P.T("books.label")},
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
				t := v.thirdWords(named[l.Third])
				out = append(out, []string{e.Journal, strconv.FormatInt(e.Number, 10), e.Date.String(), e.Ref, l.Account, acc.Label, t.Code, t.Name, code, l.Label, plain(l.Debit()), plain(l.Credit())})
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
			d.Table.Rows = append(d.Table.Rows, Row{Cells: []Cell{cellText(l.Account), v.cellOver(acc.Label, named[l.Third], v.thirdURL(p, l.Account, named[l.Third])), cellText(code), cellText(label), side(l.Debit(), ""), side(l.Credit(), "")}})
		}
	}
	if v.wantsCSV() {
		out = append(out, []string{"Total", "", "", "", "", "", "", "", "", "", plain(debit), plain(credit)})
		return v.csv(fileName("journal", f.Journal, p.Books.Year.Span.Label()), out)
	}
	d.Table.Foot = []Cell{cellText(v.P.T("books.total_shown")).Span(4), cellAmount(debit, ""), cellAmount(credit, "")}
	if len(entries) == journalRows {
		d.Next = v.With("after", strconv.FormatInt(entries[len(entries)-1].ID, 10))
	}
	return v.Show("books_list", Page{Title: v.P.T("books.journal"), Section: "journal", Team: true, Wide: true}, d)
}
