package web

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"essaim/access"
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
	d.MayUndo = reversed == 0 && d.Document == "" && e.Journal != ledger.JournalInternal && access.Can(v.Actor, access.PostEntry, access.Subject{Coop: v.Actor.Coop}) == access.Allowed
	d.Table = Table{Caption: d.Number, Class: "plain", Wide: true, Cols: []Col{
		{Label: v.P.T("books.account")}, {Label: v.P.T("books.account_label")}, {Label: v.P.T("books.section")}, {Label: v.P.T("books.label")}, {Label: v.P.T("books.due")},
		{Label: v.P.T("books.tax")}, {Label: v.P.T("books.debit"), Num: true}, {Label: v.P.T("books.credit"), Num: true}}}
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
		d.Table.Rows = append(d.Table.Rows, Row{Cells: []Cell{cellLink(l.Account, href), cellText(acc.Label), cellText(sec.Code + " " + sec.Name), label, cellDay(l.Due), cellText(l.Tax), side(l.Debit(), ""), side(l.Credit(), "")}})
	}
	d.Table.Foot = []Cell{cellText(v.P.T("books.total")).Span(6), cellAmount(debit, ""), cellAmount(credit, "")}
	page := Page{Title: d.Number, Section: "journal", Team: true}
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
	Last     []gridEntry
	Pay      string // where what was refused here is recorded
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

type gridEntry struct {
	Number, Label, Href string
	Amount              template.HTML
}

const gridStart = 6

func (s *Server) entryGrid(v *Visit) error {
	f := v.NewForm()
	f.Set("date", v.Today()).Set("journal", ledger.JournalMisc)
	return s.showGrid(v, f, gridStart, false)
}

func (s *Server) showGrid(v *Visit, f *Form, rows int, again bool) error {
	b, err := s.office.BooksOf(v.Ctx(), v.Actor, 0)
	if err != nil {
		return err
	}
	d := gridData{F: f, Sections: sortedSections(b.Settings)}
	for _, j := range b.Settings.JournalList() {
		// Sales, payments and contributions are booked by their documents.
		if j.Code != ledger.JournalSales && j.Code != ledger.JournalInternal && j.Code != ledger.JournalOpening {
			d.Journals = append(d.Journals, Option{Value: j.Code, Label: j.Code + " " + j.Label})
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
	recent, err := s.office.RecentEntries(v.Ctx(), v.Actor, 8)
	if err != nil {
		return err
	}
	for _, e := range recent {
		var sum money.Cents
		for _, l := range e.Lines {
			sum += l.Debit()
		}
		d.Last = append(d.Last, gridEntry{Number: fmt.Sprintf("%s %d", e.Journal, e.Number), Label: e.Label, Href: v.URL("books", "entries", e.ID), Amount: amount(v.P, sum, v.URL("books", "entries", e.ID))})
	}
	for _, e := range f.Refusals() {
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

func (s *Server) entrySent(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
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
		third, _, _ := strings.Cut(f.Get(at("third")), " ")
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
			return v.Go(v.URL("books", "entry", "new"))
		}
		refused := fault.All(err)
		if len(refused) == 0 || fault.KindOf(err) == fault.Forbidden || fault.KindOf(err) == fault.Busy {
			return err
		}
		for _, e := range refused {
			// The rows of the form may have holes; the entry's lines have none.
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
	}
	return s.showGrid(v, f, max(gridStart, len(rows)+2), true)
}
