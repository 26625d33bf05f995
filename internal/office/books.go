package office

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"essaim/access"
	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/money"
)

// PostEntry books a miscellaneous entry. It is final; correction is reversal. Lines of customers, suppliers and workers
// open or settle items; liaison lines are added where the entry crosses activities. Nobody books for their own activity.
func (o *Office) PostEntry(ctx context.Context, a access.Actor, e ledger.Entry, key string) (ledger.Entry, error) {
	all, err := o.PostEntries(ctx, a, []ledger.Entry{e}, key)
	if err != nil {
		return e, err
	}
	return all[0], nil
}

// PostEntries books entries all together or not at all. key makes a repeat harmless: it returns the entries of the first
// call. In the refusals of a bulk, fields begin with "entries[i]".
func (o *Office) PostEntries(ctx context.Context, a access.Actor, entries []ledger.Entry, key string) ([]ledger.Entry, error) {
	posted := make([]ledger.Entry, len(entries))
	err := o.write(ctx, a, func(tx *store.Tx) error {
		if id, done, err := once(tx, a, "entry", key, entries); err != nil || done {
			if err == nil {
				posted, err = tx.EntriesFrom(id, len(entries))
			}
			return err
		}
		margin := map[int64]date.Day{}
		for i := range entries {
			e := entries[i]
			e.Lines = append([]ledger.Line(nil), entries[i].Lines...)
			e.By = a.Person
			err := o.postOne(tx, a, &e, margin)
			if err != nil {
				if len(entries) > 1 {
					err = fault.Prefix(fmt.Sprintf("entries[%d]", i), err)
				}
				return err
			}
			posted[i] = e
		}
		if err := o.contributeAll(tx, margin, posted[0].Ref); err != nil {
			return err
		}
		return keep(tx, a, "entry", key, entries, posted[0].ID)
	})
	return posted, err
}

func (o *Office) postOne(tx *store.Tx, a access.Actor, e *ledger.Entry, margin map[int64]date.Day) error {
	set, err := tx.Settings()
	if err != nil {
		return err
	}
	if err := mayPost(tx, a, yearOf(set, e.Date), e.Lines); err != nil {
		return err
	}
	if err := keepsSales(tx, e); err != nil {
		return err
	}
	if err := tx.Post(e); err != nil {
		return err
	}
	if err := o.margins(tx, e, margin); err != nil {
		return err
	}
	return tx.Audit(a.Person, "entry.post", fmt.Sprintf("entry:%d", e.ID), nil)
}

// margins notes the activities whose contribution bears on a margin that the entry changes.
func (o *Office) margins(tx *store.Tx, e *ledger.Entry, margin map[int64]date.Day) error {
	set, err := tx.Settings()
	if err != nil {
		return err
	}
	deducts := set.Deducts()
	if len(deducts.In) == 0 {
		return nil
	}
	for _, l := range e.Lines {
		if l.Section >= ledger.FirstActivity && deducts.Match(l.Account) {
			margin[l.Section] = e.Date
		}
	}
	return nil
}

// ReverseEntry books the reversal of an entry on a day (0: today). What a document or a payment has booked is reversed by
// the document itself: a credit note, a reversed payment.
func (o *Office) ReverseEntry(ctx context.Context, a access.Actor, id int64, on date.Day, label string) (ledger.Entry, error) {
	var r ledger.Entry
	err := o.writeOnce(ctx, a, "reverse", []any{id, on, label}, func(tx *store.Tx, id int64) (err error) {
		r, err = tx.Entry(id)
		return err
	}, func(tx *store.Tx) (int64, error) {
		e, err := tx.Entry(id)
		if err != nil {
			return 0, absent(a, access.PostEntry, err)
		}
		if err := mayPost(tx, a, e.Year, e.Lines); err != nil {
			return 0, err
		}
		if e.Journal == ledger.JournalSales || e.Journal == ledger.JournalInternal || ofPayment(e) {
			return 0, fault.New(fault.Conflict, "office.entry_of_document")
		}
		if again, found, err := tx.ReversalOf(id); err != nil {
			return 0, err
		} else if found {
			return 0, fault.New(fault.Conflict, "ledger.reversed_already", "number", fmt.Sprintf("%s %d", again.Journal, again.Number))
		}
		if on == 0 {
			on = a.Today
		}
		if on < e.Date {
			return 0, fault.At("date", "ledger.reversal_before", "date", e.Date)
		}
		if label == "" {
			label = "Contre-passation : " + e.Label
		}
		r = e.Reversal(on, e.Ref, cut(label, ledger.MaxLabel))
		r.By = a.Person
		if err := mayPost(tx, a, e.Year, r.Lines); err != nil { // what undoes a transfer owes again
			return 0, err
		}
		if err := tx.Post(&r); err != nil {
			return 0, err
		}
		margin := map[int64]date.Day{}
		if err := o.margins(tx, &r, margin); err != nil {
			return 0, err
		}
		if err := o.contributeAll(tx, margin, r.Ref); err != nil {
			return 0, err
		}
		return r.ID, tx.Audit(a.Person, "entry.reverse", fmt.Sprintf("entry:%d", id), map[string]any{"by": r.ID})
	})
	return r, err
}

func ofPayment(e ledger.Entry) bool {
	return strings.HasPrefix(e.Document, "payment:") || strings.HasPrefix(e.Document, "register:")
}

func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}

// Entry returns an entry with its lines, and the one that reverses it.
func (o *Office) Entry(ctx context.Context, a access.Actor, id int64) (e ledger.Entry, reversed int64, err error) {
	err = o.read(ctx, a, func(tx *store.Tx) error {
		if e, err = tx.Entry(id); err != nil {
			return absent(a, access.ViewLedger, err)
		}
		if err := can(a, access.ViewLedger, access.Subject{Year: e.Year}); err != nil {
			e = ledger.Entry{}
			return err
		}
		r, _, err := tx.ReversalOf(id)
		reversed = r.ID
		return err
	})
	return e, reversed, err
}

// TrialRow is one account of a trial balance.
type TrialRow struct {
	Account, Label string
	Opening        money.Cents // net, carried over
	Debit, Credit  money.Cents // of the periods asked for
	Balance        money.Cents // net, opening included
}

// Books is what the pages of the accountant need around a list: the years, the sections, the journals.
type Books struct {
	Settings *store.Settings
	Year     ledger.FiscalYear
	Years    []ledger.FiscalYear // those whose books the actor may see, the latest first
}

// BooksOf returns the settings of the books and a fiscal year: the one asked for, or (0, or one that does not exist) that
// of today when the actor may see its books, else the latest of those they may see.
func (o *Office) BooksOf(ctx context.Context, a access.Actor, yearID int64) (b Books, err error) {
	err = o.read(ctx, a, func(tx *store.Tx) error {
		if b.Settings, err = tx.Settings(); err != nil {
			return err
		}
		for i := range b.Settings.Years {
			if y := b.Settings.Years[len(b.Settings.Years)-1-i]; can(a, access.ViewLedger, access.Subject{Year: y.ID}) == nil {
				b.Years = append(b.Years, y)
			}
		}
		known := false
		if b.Year, known = b.Settings.Year(yearID); !known {
			for _, y := range b.Years {
				if b.Year.ID == 0 || y.Span.Contains(a.Today) {
					b.Year = y
				}
			}
		}
		return can(a, access.ViewLedger, access.Subject{Year: b.Year.ID})
	})
	return b, err
}

// TrialBalance returns the balance of each account of a fiscal year over periods from–to, for one section or the house
// (0), limited to accounts that begin with prefix.
func (o *Office) TrialBalance(ctx context.Context, a access.Actor, yearID, section int64, from, to int, prefix string) ([]TrialRow, error) {
	if err := can(a, access.ViewLedger, access.Subject{Year: yearID}); err != nil {
		return nil, err
	}
	var rows []TrialRow
	err := o.read(ctx, a, func(tx *store.Tx) error {
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		balances, err := tx.Balances(section, yearID)
		if err != nil {
			return err
		}
		only := coop.Prefixes{In: []string{prefix}}
		for _, b := range balances {
			if !only.Match(b.Account) || b.Period > to {
				continue
			}
			if len(rows) == 0 || rows[len(rows)-1].Account != b.Account {
				acc, _ := set.Chart.Find(b.Account)
				rows = append(rows, TrialRow{Account: b.Account, Label: acc.Label})
			}
			r := &rows[len(rows)-1]
			if b.Period < from {
				r.Opening += b.Net()
			} else {
				r.Debit += b.Debit
				r.Credit += b.Credit
			}
			r.Balance += b.Net()
		}
		return nil
	})
	return rows, err
}

// SectionRow is one activity's balance in the table of all: the sums by class that close it.
type SectionRow struct {
	Section store.Section
	Rows    map[byte]money.Cents // class → net balance; 186 and 187 count with 6 and 7
	Sum     money.Cents          // nil when the books are right
}

// BySection returns the balance of every section of a fiscal year by class, at the end of a period: the analytic balance
// sheet of each is nil.
func (o *Office) BySection(ctx context.Context, a access.Actor, yearID int64, to int) ([]SectionRow, error) {
	if err := can(a, access.ViewLedger, access.Subject{Year: yearID}); err != nil {
		return nil, err
	}
	var rows []SectionRow
	err := o.read(ctx, a, func(tx *store.Tx) error {
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		all, err := tx.BalancesBySection(yearID)
		if err != nil {
			return err
		}
		for id, balances := range all {
			if id == 0 {
				continue
			}
			r := SectionRow{Section: set.Sections[id], Rows: map[byte]money.Cents{}}
			for _, b := range balances {
				if b.Period > to {
					continue
				}
				class := b.Account[0]
				if ledger.Internal(b.Account) && ledger.Result(b.Account) {
					class = "67"[b.Account[2]-'6']
				}
				r.Rows[class] += b.Net()
				r.Sum += b.Net()
			}
			rows = append(rows, r)
		}
		return nil
	})
	sortSections(rows)
	return rows, err
}

// GeneralLedger returns the lines of accounts that begin with prefix over a range of days, in one section or all (0), of
// one third party or of all (0), and what stands before the first of them: what a filter by third party carries over.
func (o *Office) GeneralLedger(ctx context.Context, a access.Actor, yearID int64, f store.LineFilter) (lines []store.PostedLine, before money.Cents, err error) {
	if err := can(a, access.ViewLedger, access.Subject{Year: yearID}); err != nil {
		return nil, 0, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		y, ok := set.Year(yearID)
		if !ok {
			return fault.New(fault.NotFound, "office.absent")
		}
		f.From, f.To = max(f.From, y.Span.Start), min(f.To, y.Span.End)
		if f.Third != 0 {
			t, err := tx.Third(f.Third)
			if err != nil {
				return err
			}
			if !opens(a, t) {
				return fault.New(fault.NotFound, "store.third_unknown")
			}
			if f.Account == "" { // the accounts that name third parties of this kind
				f.Accounts.In = accountsOfKind(set, t.Kind)
			}
			if before, err = tx.Before(f); err != nil {
				return err
			}
		}
		lines, err = tx.Lines(f)
		return err
	})
	return lines, before, err
}

// accountsOfKind are the accounts whose lines name third parties of a kind.
func accountsOfKind(set *store.Settings, kind ledger.ThirdKind) (codes []string) {
	for _, code := range set.Chart.Codes() {
		if set.Chart[code].Third == kind {
			codes = append(codes, code)
		}
	}
	return codes
}

// Journal returns entries of a journal ("": all) of a fiscal year in the order of validation.
func (o *Office) Journal(ctx context.Context, a access.Actor, f store.JournalFilter) ([]ledger.Entry, error) {
	if err := can(a, access.ViewLedger, access.Subject{Year: f.Year}); err != nil {
		return nil, err
	}
	var all []ledger.Entry
	err := o.read(ctx, a, func(tx *store.Tx) (err error) {
		all, err = tx.Entries(f)
		return err
	})
	return all, err
}

// CloseMonths closes the months of a fiscal year up to a period, or reopens those after it. Entries then go to the first
// open day.
func (o *Office) CloseMonths(ctx context.Context, a access.Actor, yearID int64, period int) error {
	if err := can(a, access.ClosePeriod, access.Subject{Year: yearID}); err != nil {
		return err
	}
	return o.write(ctx, a, func(tx *store.Tx) error {
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		y, ok := set.Year(yearID)
		if !ok {
			return fault.New(fault.NotFound, "office.absent")
		}
		if period < 0 || period > len(y.Span.Months()) {
			return fault.At("period", "office.period")
		}
		if period > y.ClosedTo { // what is still sold or bought in a month must find it open
			if m := y.Span.Months()[period-1]; m.Last() >= a.Today {
				return fault.At("period", "office.month_running", "month", m, "from", m.Last()+1)
			}
		}
		if err := tx.SetClosedTo(yearID, period); err != nil {
			return err
		}
		return tx.Audit(a.Person, "month.close", y.Span.Label(), told(map[string]any{"closedTo": closedMonth(y, y.ClosedTo)}, map[string]any{"closedTo": closedMonth(y, period)}))
	})
}

// closedMonth is the last month that is closed, "" for none.
func closedMonth(y ledger.FiscalYear, period int) string {
	if period < 1 {
		return ""
	}
	return y.Span.Months()[period-1].String()
}

// OpenYear opens the fiscal year that follows one, ahead of its first day; by itself it opens on that day. One year at most
// is open ahead. A repeat returns the year that is there.
func (o *Office) OpenYear(ctx context.Context, a access.Actor, after int64) (y ledger.FiscalYear, err error) {
	if err := can(a, access.ClosePeriod, access.Subject{}); err != nil {
		return y, err
	}
	err = o.write(ctx, a, func(tx *store.Tx) error {
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		last := len(set.Years) - 1
		i := slices.IndexFunc(set.Years, func(y ledger.FiscalYear) bool { return y.ID == after })
		switch {
		case i < 0:
			return fault.At("after", "office.year_unknown")
		case i < last:
			y = set.Years[i+1]
			return nil
		case set.Years[i].Span.Start > a.Today:
			return &fault.Error{Kind: fault.Conflict, Field: "after", Key: "office.year_ahead", Args: []any{"year", set.Years[i].Span.Label()}}
		}
		if y, err = tx.AddYear(set.Years[i].Span.Next()); err != nil {
			return err
		}
		return tx.Audit(a.Person, "year.open", y.Span.Label(), nil)
	})
	return y, err
}

// ExportFEC writes the FEC of a fiscal year and, beside it, the file of sections. The event journal holds who took it out,
// and when (CGI art. 286-I-3° bis): what was written is handed over only when it returns no error.
func (o *Office) ExportFEC(ctx context.Context, a access.Actor, yearID int64, latin9 bool, fecTo, sectionsTo io.Writer) error {
	if err := can(a, access.ExportFEC, access.Subject{Year: yearID}); err != nil {
		return err
	}
	var year ledger.FiscalYear
	var name string
	err := o.read(ctx, a, func(tx *store.Tx) error {
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		year, _ = set.Year(yearID)
		name = FECName(set, year)
		return writeFEC(tx, yearID, latin9, fecTo, sectionsTo)
	})
	if err != nil {
		return err
	}
	return o.write(ctx, a, func(tx *store.Tx) error {
		return tx.Audit(a.Person, "export.fec", year.Span.Label(), map[string]any{"file": name})
	})
}

func sortSections(rows []SectionRow) {
	slices.SortFunc(rows, func(a, b SectionRow) int { return cmp.Compare(a.Section.Code, b.Section.Code) })
}

// RecentEntries returns the last entries validated, the latest first: what the entry grid shows below itself.
func (o *Office) RecentEntries(ctx context.Context, a access.Actor, n int) ([]ledger.Entry, error) {
	if err := can(a, access.PostEntry, access.Subject{}); err != nil {
		return nil, err
	}
	var all []ledger.Entry
	err := o.read(ctx, a, func(tx *store.Tx) error {
		last, err := tx.LastEntry()
		for id := last; id > 0 && len(all) < n && err == nil; id-- {
			var e ledger.Entry
			if e, err = tx.Entry(id); err == nil {
				all = append(all, e)
			}
		}
		return err
	})
	return all, err
}
