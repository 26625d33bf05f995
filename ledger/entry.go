package ledger

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"essaim/date"
	"essaim/fault"
	"essaim/money"
)

// Bounds of what an entry may hold.
const (
	MaxLines = 2000
	MaxLabel = 250 // characters of a label or reference
)

// Books is what an entry is checked against.
type Books struct {
	Chart    Chart
	Sections func(Section) bool
	Thirds   func(id int64) (Third, bool) // nil: third parties are not looked up
	Taxes    Taxes
	Year     FiscalYear
	First    bool // the first year of the books: what stood before is entered in AN, that of later years is carried over
	Journals map[string]Journal
	Today    date.Day // an entry is validated on the day it bears or later (LPF A47 A-1: ValidDate); 0: not looked at
}

// Complete adds the liaison lines on 181 that make the entry balance inside each section, one line a section, in the
// order of sections. It leaves an entry that does not balance in total as it is: [Entry.Check] tells.
func (e *Entry) Complete() {
	sums := map[Section]money.Cents{}
	var total money.Cents
	for _, l := range e.Lines {
		sums[l.Section] += l.Amount
		total += l.Amount
	}
	if total != 0 {
		return
	}
	var open []Section
	for s, v := range sums {
		if v != 0 {
			open = append(open, s)
		}
	}
	slices.Sort(open)
	for _, s := range open {
		e.Lines = append(e.Lines, Line{Account: Liaison, Section: s, Amount: -sums[s], Label: e.Label, Added: true})
	}
}

// Number the lines from 1 and give them the entry's label and document where they have none.
func (e *Entry) settle() {
	for i := range e.Lines {
		l := &e.Lines[i]
		l.N = i + 1
		if l.Label == "" {
			l.Label = e.Label
		}
		if l.Document == "" {
			l.Document = e.Document
		}
	}
}

// Prepare completes, numbers and checks an entry before it is posted. Its refusals name the fields as the entry grid
// and the API call them: "date", "lines[2].account"…
func (e *Entry) Prepare(b Books) error {
	e.Complete()
	e.settle()
	return e.Check(b)
}

// Check tells everything that is wrong with the entry, joined.
func (e *Entry) Check(b Books) error {
	var errs []error
	bad := func(field, key string, args ...any) { errs = append(errs, fault.At(field, key, args...)) }
	if _, ok := b.Journals[e.Journal]; !ok {
		bad("journal", "ledger.journal_unknown", "journal", e.Journal)
	} else if e.Journal == JournalOpening && !b.First {
		bad("journal", "ledger.journal_opening", "year", b.Year.Span.Label())
	}
	switch period := b.Year.Span.Period(e.Date); {
	case e.Date == 0:
		bad("date", "ledger.date_missing")
	case b.Today != 0 && e.Date > b.Today:
		bad("date", "ledger.date_ahead", "date", e.Date, "today", b.Today)
	case !b.Year.Span.Contains(e.Date):
		from, to := cmp.Or(b.FirstOpen(), b.Year.Span.Start), b.Year.Span.End // the days that would be taken
		if b.Today != 0 {
			to = min(to, b.Today)
		}
		bad("date", "ledger.date_outside", "date", e.Date, "from", from, "to", to)
	case period <= b.Year.ClosedTo:
		closed := &fault.Error{Kind: fault.Closed, Field: "date", Key: "ledger.month_closed", Args: []any{"month", e.Date.Month(), "open", b.FirstOpen()}}
		if b.FirstOpen() == 0 { // no day of the year is left to propose
			closed.Key, closed.Args = "ledger.year_closed", []any{"year", b.Year.Span.Label()}
		}
		errs = append(errs, closed)
	}
	if strings.TrimSpace(e.Ref) == "" {
		bad("ref", "ledger.ref_missing")
	}
	if strings.TrimSpace(e.Label) == "" {
		bad("label", "ledger.label_missing")
	}
	for _, x := range [2][2]string{{"ref", e.Ref}, {"label", e.Label}} {
		if utf8.RuneCountInString(x[1]) > MaxLabel {
			bad(x[0], "ledger.text_long", "max", MaxLabel)
		}
		if !oneLine(x[1]) {
			bad(x[0], "ledger.text_signs")
		}
	}
	if len(e.Lines) < 2 {
		bad("lines", "ledger.lines_few")
	}
	if len(e.Lines) > MaxLines {
		bad("lines", "ledger.lines_many", "max", MaxLines)
		return errors.Join(errs...)
	}
	var total, debit, credit money.Cents
	sections := map[Section]money.Cents{}
	for i := range e.Lines {
		l := &e.Lines[i]
		at := func(field, key string, args ...any) { bad(fmt.Sprintf("lines[%d].%s", i, field), key, args...) }
		b.line(e, l, at)
		total += l.Amount
		sections[l.Section] += l.Amount
		debit += l.Debit()
		credit += l.Credit()
	}
	if total != 0 {
		bad("lines", "ledger.unbalanced", "debit", debit, "credit", credit, "gap", total.Abs())
	} else {
		for _, s := range slices.Sorted(mapKeys(sections)) {
			if sections[s] != 0 {
				bad("lines", "ledger.unbalanced_section", "section", s, "gap", sections[s].Abs())
			}
		}
	}
	liaison, internal := e.Nil()
	if liaison != 0 {
		bad("lines", "ledger.liaison_open", "gap", liaison.Abs())
	}
	if internal != 0 {
		bad("lines", "ledger.internal_open", "gap", internal.Abs())
	}
	return errors.Join(errs...)
}

// Nil sums the two couples that each entry must leave at nil for the house, since published accounts and the FEC are
// without them: the liaison account 181, and 186 with 187 (practice 1).
func (e *Entry) Nil() (liaison, internal money.Cents) {
	for i := range e.Lines {
		switch l := &e.Lines[i]; {
		case !Internal(l.Account):
		case Result(l.Account):
			internal += l.Amount
		default:
			liaison += l.Amount
		}
	}
	return liaison, internal
}

// oneLine says whether a text fits in a column of the books and of the FEC: no tab, no end of line, nothing that is no text.
func oneLine(s string) bool { return fault.Plain(s) && !strings.ContainsAny(s, "\t\n\r") }

func mapKeys[K comparable, V any](m map[K]V) func(func(K) bool) {
	return func(yield func(K) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func (b Books) line(e *Entry, l *Line, at func(field, key string, args ...any)) {
	acc, known := b.Chart.Find(l.Account)
	if !known {
		at("account", "ledger.account_unknown", "account", l.Account)
	}
	if !b.Sections(l.Section) {
		at("section", "ledger.section_unknown")
	}
	switch {
	case l.Amount == 0:
		at("amount", "ledger.amount_nil")
	case l.Amount.Abs() > money.Max:
		at("amount", "ledger.amount_large", "max", money.Max)
	}
	if utf8.RuneCountInString(l.Label) > MaxLabel {
		at("label", "ledger.text_long", "max", MaxLabel)
	}
	if l.Label != e.Label && !oneLine(l.Label) {
		at("label", "ledger.text_signs")
	}
	if l.Tax != "" {
		code, ok := b.Taxes[l.Tax]
		if !ok {
			at("tax", "ledger.tax_unknown", "code", l.Tax)
		} else if _, ok := b.Taxes.On(l.Tax, e.Date); !ok && e.Document == "" {
			// A document has its rates judged on the day of delivery (CGI art. 269), which may lie before the entry.
			at("tax", "ledger.tax_not_in_force", "rate", code.Rate, "from", code.From, "until", code.Until, "date", e.Date)
		}
	}
	switch {
	case l.Third != 0 && acc.Third == NoThird:
		at("third", "ledger.third_unwanted", "account", l.Account)
	case l.Third == 0 && acc.Third != NoThird && acc.Third != Body:
		at("third", "ledger.third_missing", "account", l.Account)
	case l.Third != 0 && b.Thirds != nil:
		if third, ok := b.Thirds(l.Third); !ok {
			at("third", "ledger.third_unknown")
		} else if third.Kind != acc.Third {
			at("third", "ledger.third_kind", "account", l.Account)
		}
	}
	if l.Due != 0 && l.Third == 0 {
		at("due", "ledger.due_unwanted")
	}
	switch {
	case (l.Currency == "") != (l.Foreign == 0) || l.Currency != "" && (len(l.Currency) != 3 || strings.Trim(l.Currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != ""):
		at("currency", "ledger.currency_incomplete")
	case l.Foreign != 0 && (l.Foreign < 0) != (l.Amount < 0):
		at("foreignAmount", "ledger.foreign_sign")
	case money.Cents(l.Foreign) > money.Max || money.Cents(l.Foreign) < -money.Max:
		at("foreignAmount", "ledger.amount_large", "max", money.Max)
	}
}

// FirstOpen returns the first day entries can still bear, 0 when the whole year is closed.
func (b Books) FirstOpen() date.Day {
	months := b.Year.Span.Months()
	if b.Year.ClosedTo >= len(months) {
		return 0
	}
	return max(months[b.Year.ClosedTo].First(), b.Year.Span.Start)
}

// Reversal returns the entry that undoes e: the same lines with the other sign, on the given day. A reversed line that
// had opened an item settles that item; one that had settled an item opens it again by settling it backwards.
func (e Entry) Reversal(on date.Day, ref, label string) Entry {
	journal := e.Journal
	if journal == JournalOpening { // what is put right later is no opening balance
		journal = JournalMisc
	}
	r := Entry{Journal: journal, Date: on, DocDate: e.DocDate, Ref: ref, Label: label, Document: e.Document, Reverses: e.ID}
	r.Lines = make([]Line, len(e.Lines))
	for i, l := range e.Lines {
		if l.Third != 0 && l.Settles == (ItemRef{}) {
			l.Settles = ItemRef{Entry: e.ID, Line: l.N}
		}
		l.Amount, l.Foreign, l.Label = -l.Amount, -l.Foreign, label
		r.Lines[i] = l
	}
	return r
}
