package store

import (
	"slices"
	"strconv"
	"strings"

	"essaim/date"
	"essaim/fault"
	"essaim/ledger"
	"essaim/money"
)

var (
	insertEntry  = into("entry", "coop_id, id, journal, year_id, number, day, doc_day, ref, label, document, reverses, by_id, at, valid_day, hash, chain")
	insertLine   = into("entry_line", "coop_id, entry_id, n, account, section_id, day, third_id, axis, tax, due, amount, currency, foreign_minor, label, document, settles_entry, settles_n, added")
	insertNetted = into("netted", "coop_id, section_id, entry_id, year_id, undone")
	insertItem   = into("open_item", "coop_id, entry_id, n, account, section_id, third_id, day, due, amount, remaining, ref, label, document")
)

// Books returns what an entry of a day is checked against.
func (tx *Tx) Books(day date.Day) (ledger.Books, error) {
	s, err := tx.Settings()
	if err != nil {
		return ledger.Books{}, err
	}
	today, err := tx.Today()
	if err != nil {
		return ledger.Books{}, err
	}
	year, ok := s.YearOf(day)
	if !ok && len(s.Years) > 0 { // the check tells that the day is outside, and which days are not
		if year, ok = s.YearOf(today); !ok {
			year = s.Years[len(s.Years)-1]
		}
	}
	return ledger.Books{
		Chart:    s.Chart,
		Sections: func(id ledger.Section) bool { _, ok := s.Sections[id]; return ok },
		Thirds:   tx.third,
		Taxes:    ledger.France(),
		Year:     year,
		First:    len(s.Years) > 0 && year.ID == s.Years[0].ID,
		Journals: s.Journals,
		Today:    today,
	}, nil
}

type thirdKey struct{ coop, id int64 }

// third looks a third party up; its kind and whose it is never change, so that it is kept in memory once read.
func (tx *Tx) third(id int64) (ledger.Third, bool) {
	key := thirdKey{tx.coop, id}
	if t, ok := tx.db.thirds.Load(key); ok {
		return t.(ledger.Third), true
	}
	var t ledger.Third
	found, err := tx.one(`SELECT `+thirdColumns+` FROM third WHERE coop_id = $1 AND id = $2`, []any{tx.coop, id}, &t.ID, &t.Kind, &t.Code, &t.Name, &t.Person)
	if err != nil || !found {
		return t, false
	}
	if !tx.write || !tx.shared.wrote { // not one that a rollback may yet undo
		tx.db.thirds.Store(key, t)
	}
	return t, true
}

// Post completes and checks an entry, gives it its number and its place in the chain, and keeps balances and open items
// in step. The entry is final: nothing changes it.
func (tx *Tx) Post(e *ledger.Entry) error {
	books, err := tx.Books(e.Date)
	if err != nil {
		return err
	}
	if err := e.Prepare(books); err != nil {
		return err
	}
	if e.DocDate == 0 {
		e.DocDate = e.Date
	}
	e.ValidOn = books.Today // never before the day of the entry: one dated ahead is refused
	e.Year, e.At = books.Year.ID, tx.now
	if e.Number, err = tx.NextNumber("entry/"+e.Journal+"/"+strconv.FormatInt(e.Year, 10), 0); err != nil {
		return err
	}
	head, err := tx.head("entry")
	if err != nil {
		return err
	}
	e.Seq = head.seq + 1
	e.ID = e.Seq
	digest := e.Digest()
	e.Hash = digest[:]
	e.Chain = ledger.Link(head.head, e.Hash)
	tx.setHead("entry", chainState{e.Seq, e.Chain})

	if err := tx.stage(insertEntry, tx.coop, e.ID, e.Journal, e.Year, e.Number, e.Date.String(), e.DocDate.String(), e.Ref, e.Label, e.Document, e.Reverses, e.By, e.At, e.ValidOn.String(), e.Hash, e.Chain); err != nil {
		return err
	}
	day := e.Date.String()
	for i := range e.Lines {
		l := &e.Lines[i]
		if err := tx.stage(insertLine, tx.coop, e.ID, l.N, l.Account, l.Section, day, l.Third, l.Axis, l.Tax, l.Due.String(), int64(l.Amount), l.Currency, l.Foreign,
			unless(l.Label, e.Label), unless(l.Document, e.Document), l.Settles.Entry, l.Settles.Line, flag(l.Added)); err != nil {
			return err
		}
	}
	s, err := tx.Settings()
	if err != nil {
		return err
	}
	tx.move(s, e)
	tx.till(e)
	if err := tx.net(s, e); err != nil {
		return err
	}
	return tx.items(e)
}

// net notes in which sections an entry brings no money, or less than its lines say: where it moves money between the
// section's own accounts, and where it reverses an entry of its month. A reversal that is itself reversed stays the half of
// its first pair.
func (tx *Tx) net(s *Settings, e *ledger.Entry) error {
	undone, err := tx.undoes(s, e)
	if err != nil {
		return err
	}
	for _, section := range sections(e) {
		if undone {
			for _, id := range [2]int64{e.Reverses, e.ID} {
				if err := tx.stage(insertNetted, tx.coop, section, id, e.Year, 1); err != nil {
					return err
				}
			}
		}
		if shifts(e, section) {
			if err := tx.stage(insertNetted, tx.coop, section, e.ID, e.Year, 0); err != nil {
				return err
			}
		}
	}
	return nil
}

// undoes says whether an entry reverses one of its month that no other entry of the month is the half of.
func (tx *Tx) undoes(s *Settings, e *ledger.Entry) (bool, error) {
	if e.Reverses == 0 {
		return false, nil
	}
	var day date.Day
	var year, paired int64
	if found, err := tx.one(`SELECT day, year_id FROM entry WHERE coop_id = $1 AND id = $2`, []any{tx.coop, e.Reverses}, &day, &year); err != nil || !found || !together(s, e.Year, e.Date, year, day) {
		return false, err
	}
	found, err := tx.one(`SELECT entry_id FROM netted WHERE coop_id = $1 AND section_id = $2 AND entry_id = $3 AND undone = 1`, []any{tx.coop, e.Lines[0].Section, e.Reverses}, &paired)
	return !found, err
}

// sections returns the sections that an entry touches, in the order of its lines.
func sections(e *ledger.Entry) []int64 {
	all := make([]int64, 0, 4)
	for i := range e.Lines {
		if !slices.Contains(all, e.Lines[i].Section) {
			all = append(all, e.Lines[i].Section)
		}
	}
	return all
}

// shifts says whether an entry both debits and credits what a section has: class 5 and its account with the house.
// The house and its services have no such account.
func shifts(e *ledger.Entry, section int64) bool {
	if section < ledger.FirstActivity {
		return false
	}
	var in, out bool
	for i := range e.Lines {
		if l := &e.Lines[i]; l.Section == section && (strings.HasPrefix(l.Account, "5") || strings.HasPrefix(l.Account, ledger.Liaison)) {
			in, out = in || l.Amount > 0, out || l.Amount < 0
		}
	}
	return in && out
}

// together says whether two days stand in one month of one fiscal year.
func together(s *Settings, year int64, day date.Day, other int64, on date.Day) bool {
	y, ok := s.Year(year)
	return ok && year == other && y.Span.Period(day) == y.Span.Period(on)
}

func unless(s, same string) string {
	if s == same {
		return ""
	}
	return s
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// move adds the entry to the balances of its sections and of the house, and to what the later years carry over.
func (tx *Tx) move(s *Settings, e *ledger.Entry) {
	year, _ := s.Year(e.Year)
	period := year.Span.Period(e.Date)
	for i := range e.Lines {
		l := &e.Lines[i]
		for _, section := range [2]int64{l.Section, 0} {
			tx.add(section, e.Year, l.Account, period, l.Amount)
			for _, y := range s.Years {
				if y.Span.Start > year.Span.End {
					tx.add(section, y.ID, Carried(l.Account), 0, l.Amount)
				}
			}
		}
	}
}

// Carried names the account that bears an account's balance in the years after: its own for classes 1 to 5, the result
// of the section otherwise.
func Carried(account string) string {
	if ledger.Result(account) {
		return ledger.ProfitOfYear
	}
	return account
}

func (tx *Tx) add(section, year int64, account string, period int, amount money.Cents) {
	k := balanceKey{tx.coop, section, year, account, period}
	v := tx.own.balances[k]
	if amount > 0 {
		v.a += amount
	} else {
		v.b -= amount
	}
	tx.own.balances[k] = v
}

// items opens an item for each line with a third party that settles nothing, and settles those that the others name.
func (tx *Tx) items(e *ledger.Entry) error {
	for i := range e.Lines {
		l := &e.Lines[i]
		if l.Third == 0 {
			continue
		}
		if l.Settles == (ledger.ItemRef{}) {
			if err := tx.stage(insertItem, tx.coop, e.ID, l.N, l.Account, l.Section, l.Third, e.Date.String(), l.Due.String(), int64(l.Amount), int64(l.Amount), e.Ref, l.Label, l.Document); err != nil {
				return err
			}
			continue
		}
		var remaining, amount int64
		found, err := tx.one(`UPDATE open_item SET remaining = remaining + $4 WHERE coop_id = $1 AND entry_id = $2 AND n = $3 AND account = $5 AND section_id = $6 AND third_id = $7 RETURNING remaining, amount`,
			[]any{tx.coop, l.Settles.Entry, l.Settles.Line, int64(l.Amount), l.Account, l.Section, l.Third}, &remaining, &amount)
		if err != nil {
			return err
		}
		if !found {
			return fault.At("lines["+strconv.Itoa(i)+"].settles", "ledger.item_unknown")
		}
		if amount > 0 && (remaining < 0 || remaining > amount) || amount < 0 && (remaining > 0 || remaining < amount) {
			return &fault.Error{Kind: fault.Conflict, Field: "lines[" + strconv.Itoa(i) + "].amount", Key: "ledger.item_over", Args: []any{"remaining", money.Cents(remaining - int64(l.Amount)).Abs()}}
		}
	}
	return nil
}
