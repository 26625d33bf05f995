package web

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"essaim/access"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/money"
)

func sortedSections(set *store.Settings) []store.Section {
	list := make([]store.Section, 0, len(set.Sections))
	for _, s := range set.Sections {
		list = append(list, s)
	}
	slices.SortFunc(list, func(a, b store.Section) int { return cmp.Compare(a.Code, b.Code) })
	return list
}

// entryData is an entry as its page shows it.
type entryData struct {
	E        ledger.Entry
	Number   string
	By       string
	Hash     string
	Chain    string
	Table    Table
	Document string // address of what it comes from
	Reversed string // address of the entry that reverses it
	Reverses string // address of the entry it reverses
	MayUndo  bool
	F        *Form
}

func (s *Server) entry(v *Visit) error {
	id, err := v.ID("id")
	if err != nil {
		return err
	}
	e, reversed, err := s.office.Entry(v.Ctx(), v.Actor, id)
	if err != nil {
		return err
	}
	f := v.NewForm()
	f.Set("date", v.Today())
	return s.showEntry(v, e, reversed, f, false)
}

func (s *Server) showEntry(v *Visit, e ledger.Entry, reversed int64, f *Form, again bool) error {
	b, err := s.office.BooksOf(v.Ctx(), v.Actor, e.Year)
	if err != nil {
		return err
	}
	h, err := v.House()
	if err != nil {
		return err
	}
	d := entryData{E: e, Number: fmt.Sprintf("%s %d", e.Journal, e.Number), By: h.PersonName(e.By), Hash: hex.EncodeToString(e.Hash), Chain: hex.EncodeToString(e.Chain), F: f}
	if d.By == "" {
		d.By = v.P.T("books.by_program")
	}
	d.Document = v.documentURL(e.Document)
	if reversed != 0 {
		d.Reversed = v.URL("books", "entries", reversed)
	}
	if e.Reverses != 0 {
		d.Reverses = v.URL("books", "entries", e.Reverses)
	}
	d.MayUndo = reversed == 0 && d.Document == "" && e.Journal != ledger.JournalInternal && v.can(access.PostEntry, 0)
	for _, l := range e.Lines { // nobody books for oneself
		d.MayUndo = d.MayUndo && access.Can(v.Actor, access.PostEntry, access.Subject{Coop: v.Actor.Coop, Activity: l.Section}) == access.Allowed
	}
	// A column that every line leaves empty, or fills with the label of the entry, is left out.
	has := func(of func(ledger.Line) bool) bool { return slices.ContainsFunc(e.Lines, of) }
	labels, dues, taxes := has(func(l ledger.Line) bool { return l.Label != e.Label || l.Added }), has(func(l ledger.Line) bool { return l.Due != 0 }), has(func(l ledger.Line) bool { return l.Tax != "" })
	named, err := s.thirdsOfLines(v, func(yield func(int64) bool) {
		for _, l := range e.Lines {
			if l.Third != 0 && !yield(l.Third) {
				return
			}
		}
	})
	if err != nil {
		return err
	}
	cols := []Col{{Label: v.P.T("books.account"), Width: "w-code"}, {Label: v.P.T("books.account_label")}}
	if len(named) > 0 {
		cols = append(cols, Col{Label: v.P.T("books.third")})
	}
	cols = append(cols, Col{Label: v.P.T("books.section")})
	if labels {
		cols = append(cols, Col{Label: v.P.T("books.label")})
	}
	if dues {
		cols = append(cols, Col{Label: v.P.T("books.due"), Width: "w-day"})
	}
	if taxes {
		cols = append(cols, Col{Label: v.P.T("books.tax"), Width: "w-code"})
	}
	texts := len(cols)
	d.Table = Table{Caption: d.Number, Class: "plain fix", Wide: true, Cols: append(cols, Col{Label: v.P.T("books.debit"), Num: true, Width: "w-sum"}, Col{Label: v.P.T("books.credit"), Num: true, Width: "w-sum"})}
	var debit, credit money.Cents
	for _, l := range e.Lines {
		acc, _ := b.Settings.Chart.Find(l.Account)
		sec := b.Settings.Sections[l.Section]
		label := cellText(l.Label)
		if l.Added {
			label = cellSub(l.Label, v.P.T("books.added"), "")
		}
		debit += l.Debit()
		credit += l.Credit()
		href := v.URL("books", "ledger") + "?account=" + l.Account + "&section=" + sec.Code + fmt.Sprintf("&year=%d", e.Year)
		cells := []Cell{cellLink(l.Account, href), cellText(acc.Label)}
		if t := named[l.Third]; len(named) > 0 {
			cells = append(cells, v.cellThird(t, href+"&third="+url.QueryEscape(t.Code)))
		}
		cells = append(cells, cellText(sec.Code+" "+sec.Name))
		if labels {
			cells = append(cells, label)
		}
		if dues {
			due := cellText("")
			if l.Due != 0 {
				due = cellDay(l.Due)
			}
			cells = append(cells, due)
		}
		if taxes {
			cells = append(cells, cellText(l.Tax))
		}
		d.Table.Rows = append(d.Table.Rows, Row{Cells: append(cells, side(l.Debit(), href), side(l.Credit(), href))})
	}
	d.Table.Foot = []Cell{cellText(v.P.T("books.lines", "n", len(e.Lines))).Span(texts), cellAmount(debit, ""), cellAmount(credit, "")}
	page := Page{Title: d.Number, Section: "journal", Team: true, Wide: true}
	if again {
		return v.Again("books_entry", page, d)
	}
	return v.Show("books_entry", page, d)
}

// documentURL opens what a line comes from: a document, a payment.
func (v *Visit) documentURL(document string) string {
	kind, id, ok := strings.Cut(document, ":")
	if !ok {
		return ""
	}
	switch kind {
	case "invoice", "credit", "quote":
		return v.URL("sales", id)
	case "payment":
		return v.URL("payments", id)
	}
	return ""
}

func (s *Server) reverse(v *Visit) error {
	id, err := v.ID("id")
	if err != nil {
		return err
	}
	f, err := v.Form()
	if err != nil {
		return err
	}
	on, label := f.Day("date"), f.Text("label", ledger.MaxLabel)
	if f.OK() {
		r, err := s.office.ReverseEntry(v.Ctx(), v.Actor, id, on, label)
		if err == nil {
			v.Say("books.reversed_now", "number", fmt.Sprintf("%s %d", r.Journal, r.Number))
			return v.Go(v.URL("books", "entries", r.ID))
		}
		if fault.KindOf(err) == fault.Closed {
			f.Refuse("date", fault.All(err)[0].Key, fault.All(err)[0].Args...)
		} else if !f.Take(err) {
			return err
		}
	}
	e, reversed, err := s.office.Entry(v.Ctx(), v.Actor, id)
	if err != nil {
		return err
	}
	return s.showEntry(v, e, reversed, f, true)
}

// gridData is the entry grid: one line of the entry a row, filled with the keyboard.
type gridData struct {
	F        *Form
	Rows     []int
	Journals []Option
	Sections []store.Section
	Accounts []ledger.Account
	Taxes    []ledger.TaxCode
	Gap      money.Cents
	Debit    money.Cents
	Credit   money.Cents
	Last     List
	NewThird map[int]string // of a row: the words that open the third party typed there
	Pay      string         // where what was refused here is recorded
	Months   string         // where a closed month is opened again, for who may
}

// argOf returns a named value of a refusal.
func argOf(e *fault.Error, name string) string {
	for i := 0; i+1 < len(e.Args); i += 2 {
		if e.Args[i] == name {
			return fmt.Sprint(e.Args[i+1])
		}
	}
	return ""
}

const gridStart = 6

func (s *Server) entryGrid(v *Visit) error {
	f := v.NewForm()
	f.Set("date", v.Today()).Set("journal", ledger.JournalMisc)
	// After an entry the next one begins in the same journal, on the same day.
	if j := v.Query("journal"); j != "" {
		f.Set("journal", j)
	}
	if day, err := date.Parse(v.Query("date")); err == nil {
		f.Set("date", day)
	}
	return s.showGrid(v, f, gridStart, false)
}

func (s *Server) showGrid(v *Visit, f *Form, rows int, again bool) error {
	b, err := s.office.BooksOf(v.Ctx(), v.Actor, 0)
	if err != nil {
		return err
	}
	d := gridData{F: f, Sections: sortedSections(b.Settings), NewThird: map[int]string{}}
	for _, j := range b.Settings.JournalList() {
		// Sales, payments and contributions are booked by their documents.
		if j.Code != ledger.JournalSales && j.Code != ledger.JournalInternal && j.Code != ledger.JournalOpening {
			d.Journals = append(d.Journals, Option{Value: j.Code, Label: j.Code + " " + v.journalName(j)})
		}
	}
	for _, code := range b.Settings.Chart.Codes() {
		d.Accounts = append(d.Accounts, b.Settings.Chart[code])
	}
	for _, t := range ledger.France() {
		if t.Until == 0 {
			d.Taxes = append(d.Taxes, t)
		}
	}
	slices.SortFunc(d.Taxes, func(a, b ledger.TaxCode) int { return cmp.Compare(a.Code, b.Code) })
	used := f.Rows("lines")
	for i := range max(rows, len(used)+1) {
		d.Rows = append(d.Rows, i)
		if again {
			c, _ := money.ParseCents(f.Get(fmt.Sprintf("lines[%d].debit", i))) // what cannot be read is refused on its field
			d.Debit += c
			c, _ = money.ParseCents(f.Get(fmt.Sprintf("lines[%d].credit", i)))
			d.Credit += c
		}
	}
	d.Gap = d.Debit - d.Credit
	for _, i := range d.Rows {
		at := func(name string) string { return fmt.Sprintf("lines[%d].%s", i, name) }
		if name := f.Get(at("third")); name != "" && f.Refusal(at("third")) != "" && openable[thirdKind(b.Settings, f.Get(at("account")))] {
			d.NewThird[i] = v.P.T("books.third_open", "name", name)
		}
	}
	recent, err := s.office.RecentEntries(v.Ctx(), v.Actor, 8)
	if err != nil {
		return err
	}
	for _, e := range recent {
		var sum money.Cents
		for _, l := range e.Lines {
			sum += l.Debit()
		}
		href := v.URL("books", "entries", e.ID)
		d.Last.Items = append(d.Last.Items, Item{Name: fmt.Sprintf("%s %d", e.Journal, e.Number), About: v.P.Day(e.Date) + ", " + e.Label, Href: href, Amount: &sum, Why: href})
	}
	for _, e := range f.Refusals() {
		if v.closes() && (e.Key == "ledger.month_closed" || e.Key == "ledger.year_closed") {
			d.Months = v.URL("books", "months")
		}
		if e.Key == "office.invoice_by_payment" {
			d.Pay = v.URL("payments", "new") + fmt.Sprintf("?customer=%s&invoice=%s", argOf(e, "customer"), argOf(e, "sale"))
		}
	}
	page := Page{Title: v.P.T("books.grid"), Section: "entry", Team: true, Wide: true, Script: "books.js"}
	if again {
		return v.Again("books_grid", page, d)
	}
	return v.Show("books_grid", page, d)
}

// openable are the kinds of third party that the grid opens: customers and workers come from their own pages.
var openable = map[ledger.ThirdKind]bool{ledger.Supplier: true, ledger.Body: true}

// thirdKind is the kind of third party that an account asks for.
func thirdKind(set *store.Settings, account string) ledger.ThirdKind {
	code, _, _ := strings.Cut(strings.TrimSpace(account), " ")
	a, _ := set.Chart.Find(code)
	return a.Third
}

// thirdsShown bounds what the grid suggests for a row.
const thirdsShown = 20

// bookThirds suggests third parties for an account, as options: for a row of the grid, for the filter of the general ledger.
func (s *Server) bookThirds(v *Visit) error {
	b, err := s.office.BooksOf(v.Ctx(), v.Actor, 0)
	if err != nil {
		return err
	}
	all, err := s.office.ThirdsSeen(v.Ctx(), v.Actor, thirdKind(b.Settings, v.Query("account")), clip(v.Query("q"), 80), thirdsShown)
	if err != nil {
		return err
	}
	return v.Part("books_grid", "thirds", all)
}

// thirdCode finds who is meant in a row, by code or by the whole name; a part of a name could be someone else's.
func (s *Server) thirdCode(v *Visit, kind ledger.ThirdKind, typed string) (string, error) {
	all, err := s.office.Thirds(v.Ctx(), v.Actor, kind, typed, thirdsShown)
	if err != nil {
		return "", err
	}
	for _, t := range all {
		if strings.EqualFold(t.Code, typed) || strings.EqualFold(t.Name, typed) {
			return t.Code, nil
		}
	}
	return typed, nil
}

func (s *Server) entrySent(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	b, err := s.office.BooksOf(v.Ctx(), v.Actor, 0)
	if err != nil {
		return err
	}
	if row, ok := strings.CutPrefix(f.Get("deed"), "third:"); ok {
		at := func(name string) string { return fmt.Sprintf("lines[%s].%s", row, name) }
		if kind, name := thirdKind(b.Settings, f.Get(at("account"))), f.Get(at("third")); openable[kind] && name != "" {
			t, err := s.office.AddThird(v.Ctx(), v.Actor, ledger.Third{Kind: kind, Name: name}, "")
			switch refused := fault.All(err); {
			case err == nil:
				f.Set(at("third"), t.Code)
			case len(refused) == 0 || fault.KindOf(err) == fault.Forbidden || fault.KindOf(err) == fault.Busy:
				return err
			default:
				f.Refuse(at("third"), refused[0].Key, refused[0].Args...)
			}
		}
		return s.showGrid(v, f, gridStart, true)
	}
	d := office.EntryDraft{Entry: ledger.Entry{Journal: f.Get("journal"), Date: f.Day("date"), DocDate: f.Day("docDate"), Ref: f.Text("ref", ledger.MaxLabel), Label: f.Text("label", ledger.MaxLabel)}}
	var rows []int
	for _, i := range f.Rows("lines") {
		at := func(name string) string { return fmt.Sprintf("lines[%d].%s", i, name) }
		account, _, _ := strings.Cut(f.Get(at("account")), " ")
		debit, credit := f.Cents(at("debit")), f.Cents(at("credit"))
		if account == "" && debit == 0 && credit == 0 {
			continue // a row copied down and not used
		}
		section, _, _ := strings.Cut(f.Get(at("section")), " ")
		third := strings.TrimSpace(f.Get(at("third")))
		if third != "" {
			if third, err = s.thirdCode(v, thirdKind(b.Settings, account), third); err != nil {
				return err
			}
		}
		l := ledger.Line{Account: account, Amount: debit - credit, Label: f.Text(at("label"), ledger.MaxLabel), Tax: f.Get(at("tax")), Due: f.Day(at("due"))}
		if debit != 0 && credit != 0 || debit < 0 || credit < 0 {
			f.Refuse(at("debit"), "books.one_side")
		}
		d.Lines, d.Sections, d.Thirds = append(d.Lines, l), append(d.Sections, section), append(d.Thirds, third)
		rows = append(rows, i)
	}
	if f.Get("deed") == "more" {
		return s.showGrid(v, f, len(rows)+8, true)
	}
	if f.OK() {
		posted, err := s.office.PostDrafts(v.Ctx(), v.Actor, []office.EntryDraft{d}, f.Key)
		if err == nil {
			e := posted[0]
			v.Say("books.posted", "number", fmt.Sprintf("%s %d", e.Journal, e.Number))
			return v.Go(v.URL("books", "entry", "new") + "?journal=" + e.Journal + "&date=" + e.Date.String())
		}
		if err := f.takeLines(err, rows); err != nil {
			return err
		}
	} else if len(d.Lines) > 0 {
		// What cannot be read is refused already; the rest is looked at all the same, so that one comes back once.
		if d.Date == 0 {
			d.Date = v.Today()
		}
		unread := len(f.Refusals())
		if err := f.takeLines(s.office.CheckDraft(v.Ctx(), v.Actor, d), rows); err != nil {
			return err
		}
		f.keepFirst(unread)
	}
	return s.showGrid(v, f, max(gridStart, len(rows)+2), true)
}

// takeLines notes the refusals of an entry beside their fields, those of who enters it too: nobody books for oneself, and
// what was typed stays. The rows of the form may have holes; the entry's lines have none. Any other error is the request's.
func (f *Form) takeLines(err error, rows []int) error {
	refused := fault.All(err)
	if err != nil && len(refused) == 0 || fault.KindOf(err) == fault.Busy {
		return err
	}
	for _, e := range refused {
		if e.Kind == fault.Forbidden && e.Field == "" {
			return err
		}
		field := e.Field
		var n int
		var name string
		if k, err := fmt.Sscanf(strings.NewReplacer("[", " ", "].", " ").Replace(field), "lines %d %s", &n, &name); err == nil && k == 2 && n < len(rows) {
			if name == "amount" {
				name = "debit"
			}
			field = fmt.Sprintf("lines[%d].%s", rows[n], name)
		}
		f.Refuse(field, e.Key, e.Args...)
	}
	return nil
}

// keepFirst leaves out, of the refusals after the first n, those that follow from these: of the same field, and of the
// whole, which an amount or a day that cannot be read puts out of balance.
func (f *Form) keepFirst(n int) {
	unread := f.refused[:n:n]
	f.refused = append(unread, slices.DeleteFunc(slices.Clone(f.refused[n:]), func(e *fault.Error) bool {
		return e.Field == "lines" || e.Field == "date" || slices.ContainsFunc(unread, func(u *fault.Error) bool {
			row, _, _ := strings.Cut(u.Field, "].")
			return u.Field == e.Field || e.Key == "ledger.amount_nil" && strings.HasPrefix(e.Field, row+"].")
		})
	})...)
}
