package store

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/ledger"
	"essaim/money"
)

// Balances returns the balances of a section in a fiscal year, period 0 (carried over) included, by account then period.
// Section 0 is the house.
func (tx *Tx) Balances(section, year int64) ([]ledger.Balance, error) {
	return list(tx, `SELECT account, period, debit, credit FROM balance WHERE coop_id = $1 AND section_id = $2 AND year_id = $3 ORDER BY account, period`,
		[]any{tx.coop, section, year}, func(scan func(...any) error, b *ledger.Balance) error {
			b.Section, b.Year = section, year
			return scan(&b.Account, &b.Period, &b.Debit, &b.Credit)
		})
}

// BalancesBySection returns the balances of every section of a fiscal year; section 0, the house, under 0.
func (tx *Tx) BalancesBySection(year int64) (map[int64][]ledger.Balance, error) {
	all := map[int64][]ledger.Balance{}
	err := tx.rows(`SELECT section_id, account, period, debit, credit FROM balance WHERE coop_id = $1 AND section_id IN (SELECT id FROM section WHERE coop_id = $1 UNION ALL SELECT 0) AND year_id = $2 ORDER BY section_id, account, period`,
		[]any{tx.coop, year}, func(scan func(...any) error) error {
			b := ledger.Balance{Year: year}
			if err := scan(&b.Section, &b.Account, &b.Period, &b.Debit, &b.Credit); err != nil {
				return err
			}
			all[b.Section] = append(all[b.Section], b)
			return nil
		})
	return all, err
}

// ThirdAccount is an account of third parties in a section.
type ThirdAccount struct {
	Section int64
	Account string
}

// ThirdSum is what a third party owes (debit, positive) or is owed.
type ThirdSum struct {
	Third  int64
	Amount money.Cents
}

// ThirdsBefore returns what each third party's lines before a day come to, by account and section, those at nil left out.
// It reads every line before the day: for exports, never for a page. The third party comes first in the grouping, so that
// lines are read in their order and not each through the index of sections, which takes eight times as long.
func (tx *Tx) ThirdsBefore(day date.Day) (map[ThirdAccount][]ThirdSum, error) {
	all := map[ThirdAccount][]ThirdSum{}
	err := tx.rows(`SELECT section_id, account, third_id, CAST(SUM(amount) AS BIGINT) FROM entry_line WHERE coop_id = $1 AND third_id <> 0 AND day < $2
		GROUP BY third_id, section_id, account ORDER BY section_id, account, third_id`, []any{tx.coop, day.String()}, func(scan func(...any) error) error {
		var k ThirdAccount
		var t ThirdSum
		err := scan(&k.Section, &k.Account, &t.Third, &t.Amount)
		if t.Amount != 0 {
			all[k] = append(all[k], t)
		}
		return err
	})
	return all, err
}

// PostedLine is a line with what its entry says of it.
type PostedLine struct {
	ledger.Line
	Entry   int64
	Journal string
	Number  int64
	Year    int64
	Date    date.Day
	DocDate date.Day
	Ref     string
}

// LineFilter selects lines. Section 0 means all sections; then Account must be given.
type LineFilter struct {
	Section  int64
	Accounts coop.Prefixes // by prefix; empty In: all accounts of the section
	Account  string        // or one account and its sub-accounts
	Third    int64         // of [Tx.Lines] and [Tx.Before]: only lines that name this third party, 0: all
	From, To date.Day
	Side     int      // of [Tx.Newest] and [Tx.LineSum]: 1 only what is debited, -1 only what is credited, less what [Tx.Netted] returns
	Among    []string // of the same: accounts in use that the caller has read; nil: they are looked for
	Limit    int      // 0: 10 000
}

// match says whether a filter selects an account.
func (f *LineFilter) match(account string) bool {
	if f.Account != "" {
		return strings.HasPrefix(account, f.Account)
	}
	return len(f.Accounts.In) == 0 || f.Accounts.Match(account)
}

// Lines returns lines in the order of days. It is served by the index on (section, account, day): one short query for
// each account that the section's balances name, never a scan of the ledger.
func (tx *Tx) Lines(f LineFilter) ([]PostedLine, error) {
	if f.Limit == 0 {
		f.Limit = 10_000
	}
	var all []PostedLine
	err := tx.eachAccount(f, func(section int64, account string) error {
		lines, err := list(tx, `SELECT `+postedColumns+` FROM entry_line l JOIN entry e ON e.coop_id = l.coop_id AND e.id = l.entry_id
			WHERE l.coop_id = $1 AND l.section_id = $2 AND l.account = $3 AND l.day >= $4 AND l.day <= $5 AND (CAST($6 AS BIGINT) = 0 OR l.third_id = $6) ORDER BY l.day, l.entry_id, l.n LIMIT CAST($7 AS BIGINT)`,
			[]any{tx.coop, section, account, f.From.String(), f.To.String(), f.Third, f.Limit}, scanPosted)
		all = append(all, lines...)
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(all, func(a, b PostedLine) int {
		return cmp.Or(cmp.Compare(a.Date, b.Date), cmp.Compare(a.Entry, b.Entry), cmp.Compare(a.N, b.N))
	})
	if len(all) > f.Limit {
		all = all[:f.Limit]
	}
	return all, nil
}

// eachAccount names each section and account in use that a filter selects.
func (tx *Tx) eachAccount(f LineFilter, each func(section int64, account string) error) error {
	sections := []int64{f.Section}
	if f.Section == 0 {
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		sections = slices.Sorted(maps.Keys(set.Sections))
	}
	accounts, err := tx.accountsOf(f.Section) // those of the house are read once for all sections
	if err != nil {
		return err
	}
	for _, section := range sections {
		for _, account := range accounts {
			if !f.match(account) {
				continue
			}
			if err := each(section, account); err != nil {
				return err
			}
		}
	}
	return nil
}

// Before returns what the lines of a filter that stand before its first day come to: what a third party's account carries
// over, which no balance holds. It reads the lines of the accounts asked for, through their index.
func (tx *Tx) Before(f LineFilter) (sum money.Cents, err error) {
	err = tx.eachAccount(f, func(section int64, account string) error {
		var amount int64
		_, err := tx.one(`SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM entry_line WHERE coop_id = $1 AND section_id = $2 AND account = $3 AND day < $4 AND (CAST($5 AS BIGINT) = 0 OR third_id = $5)`,
			[]any{tx.coop, section, account, f.From.String(), f.Third}, &amount)
		sum += money.Cents(amount)
		return err
	})
	return sum, err
}

// Outstanding is what the lines of a third party on an account of a section come to.
type Outstanding struct {
	ThirdAccount
	ThirdSum
}

// Outstanding returns what each third party's lines up to f.To come to, by section and account, those at nil left out. It
// reads the lines of the accounts asked for, through their index.
func (tx *Tx) Outstanding(f LineFilter) (all []Outstanding, err error) {
	err = tx.eachAccount(f, func(section int64, account string) error {
		rows, err := list(tx, `SELECT third_id, CAST(SUM(amount) AS BIGINT) FROM entry_line WHERE coop_id = $1 AND section_id = $2 AND account = $3 AND day <= $4 GROUP BY third_id HAVING CAST(SUM(amount) AS BIGINT) <> 0 ORDER BY third_id`,
			[]any{tx.coop, section, account, f.To.String()}, func(scan func(...any) error, x *Outstanding) error {
				x.ThirdAccount = ThirdAccount{section, account}
				return scan(&x.Third, (*int64)(&x.Amount))
			})
		all = append(all, rows...)
		return err
	})
	return all, err
}

// accountsOf returns the accounts that a section has ever moved.
func (tx *Tx) accountsOf(section int64) ([]string, error) {
	return list(tx, `SELECT DISTINCT account FROM balance WHERE coop_id = $1 AND section_id = $2 AND period > 0 ORDER BY account`, []any{tx.coop, section},
		func(scan func(...any) error, s *string) error { return scan(s) })
}

const postedColumns = `l.entry_id, l.n, l.account, l.section_id, l.day, l.third_id, l.axis, l.tax, l.due, l.amount, l.currency, l.foreign_minor, ` +
	`CASE WHEN l.label = '' THEN e.label ELSE l.label END, CASE WHEN l.document = '' THEN e.document ELSE l.document END, l.settles_entry, l.settles_n, l.added, ` +
	`e.journal, e.number, e.year_id, e.doc_day, e.ref`

func scanPosted(scan func(...any) error, p *PostedLine) error {
	return scan(&p.Entry, &p.N, &p.Account, &p.Section, &p.Date, &p.Third, &p.Axis, &p.Tax, &p.Due, &p.Amount, &p.Currency, &p.Foreign,
		&p.Label, &p.Document, &p.Settles.Entry, &p.Settles.Line, &p.Added, &p.Journal, &p.Number, &p.Year, &p.DocDate, &p.Ref)
}

const entryColumns = `id, journal, year_id, number, day, doc_day, ref, label, document, reverses, by_id, at, valid_day, hash, chain`

func scanEntry(scan func(...any) error, e *ledger.Entry) error {
	err := scan(&e.ID, &e.Journal, &e.Year, &e.Number, &e.Date, &e.DocDate, &e.Ref, &e.Label, &e.Document, &e.Reverses, &e.By, &e.At, &e.ValidOn, &e.Hash, &e.Chain)
	e.Seq = e.ID
	return err
}

// Entry returns an entry with its lines.
func (tx *Tx) Entry(id int64) (ledger.Entry, error) {
	var e ledger.Entry
	found, err := tx.entryBy(&e, `SELECT `+entryColumns+` FROM entry WHERE coop_id = $1 AND id = $2`, tx.coop, id)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "ledger.not_found")
	}
	return e, err
}

// ReversalOf returns the entry that reverses another, if there is one.
func (tx *Tx) ReversalOf(id int64) (ledger.Entry, bool, error) {
	var e ledger.Entry
	found, err := tx.entryBy(&e, `SELECT `+entryColumns+` FROM entry WHERE coop_id = $1 AND reverses = $2 AND reverses <> 0`, tx.coop, id)
	return e, found, err
}

func (tx *Tx) entryBy(e *ledger.Entry, text string, args ...any) (bool, error) {
	found := false
	err := tx.rows(text, args, func(scan func(...any) error) error {
		found = true
		return scanEntry(scan, e)
	})
	if err != nil || !found {
		return found, err
	}
	e.Lines, err = list(tx, `SELECT n, account, section_id, third_id, axis, tax, due, amount, currency, foreign_minor, label, document, settles_entry, settles_n, added
		FROM entry_line WHERE coop_id = $1 AND entry_id = $2 ORDER BY n`, []any{tx.coop, e.ID}, func(scan func(...any) error, l *ledger.Line) error {
		err := scan(&l.N, &l.Account, &l.Section, &l.Third, &l.Axis, &l.Tax, &l.Due, &l.Amount, &l.Currency, &l.Foreign, &l.Label, &l.Document, &l.Settles.Entry, &l.Settles.Line, &l.Added)
		l.Label, l.Document = cmp.Or(l.Label, e.Label), cmp.Or(l.Document, e.Document)
		return err
	})
	return true, err
}

// JournalFilter selects entries of a journal and fiscal year by number.
type JournalFilter struct {
	Journal  string // "" is every journal
	Year     int64
	From, To date.Day
	After    int64 // entries whose id is greater
	Limit    int   // 0: 100
}

// Entries returns entries with their lines in the order they were validated.
func (tx *Tx) Entries(f JournalFilter) ([]ledger.Entry, error) {
	if f.Limit == 0 {
		f.Limit = 100
	}
	all, err := list(tx, `SELECT `+entryColumns+` FROM entry WHERE coop_id = $1 AND id > $2 AND year_id = $3 AND ($4 = '' OR journal = $4) AND day >= $5 AND day <= $6 ORDER BY id LIMIT CAST($7 AS BIGINT)`,
		[]any{tx.coop, f.After, f.Year, f.Journal, f.From.String(), f.To.String(), f.Limit}, scanEntry)
	if err != nil || len(all) == 0 {
		return all, err
	}
	at := map[int64]int{}
	for i := range all {
		at[all[i].ID] = i
	}
	err = tx.eachLine(all[0].ID, all[len(all)-1].ID, func(entry int64, l ledger.Line) error {
		if i, ok := at[entry]; ok {
			e := &all[i]
			l.Label, l.Document = cmp.Or(l.Label, e.Label), cmp.Or(l.Document, e.Document)
			e.Lines = append(e.Lines, l)
		}
		return nil
	})
	return all, err
}

// eachLine reads the lines of entries from one id to another, in order, as stored (texts that are the entry's are empty).
func (tx *Tx) eachLine(from, to int64, each func(entry int64, l ledger.Line) error) error {
	return tx.rows(`SELECT entry_id, n, account, section_id, third_id, axis, tax, due, amount, currency, foreign_minor, label, document, settles_entry, settles_n, added
		FROM entry_line WHERE coop_id = $1 AND entry_id >= $2 AND entry_id <= $3 ORDER BY entry_id, n`, []any{tx.coop, from, to}, func(scan func(...any) error) error {
		var entry int64
		var l ledger.Line
		if err := scan(&entry, &l.N, &l.Account, &l.Section, &l.Third, &l.Axis, &l.Tax, &l.Due, &l.Amount, &l.Currency, &l.Foreign, &l.Label, &l.Document, &l.Settles.Entry, &l.Settles.Line, &l.Added); err != nil {
			return err
		}
		return each(entry, l)
	})
}

// EachEntry streams every entry of the cooperative with its lines, in the order of the chain, a block at a time.
func (tx *Tx) EachEntry(year int64, each func(*ledger.Entry) error) error {
	const block = 2000
	for after := int64(0); ; {
		all, err := list(tx, `SELECT `+entryColumns+` FROM entry WHERE coop_id = $1 AND id > $2 AND ($3 = 0 OR year_id = $3) ORDER BY id LIMIT CAST($4 AS BIGINT)`, []any{tx.coop, after, year, block}, scanEntry)
		if err != nil || len(all) == 0 {
			return err
		}
		i := 0
		err = tx.eachLine(all[0].ID, all[len(all)-1].ID, func(entry int64, l ledger.Line) error {
			for i < len(all) && all[i].ID < entry {
				i++
			}
			if i < len(all) && all[i].ID == entry {
				e := &all[i]
				l.Label, l.Document = cmp.Or(l.Label, e.Label), cmp.Or(l.Document, e.Document)
				e.Lines = append(e.Lines, l)
			}
			return nil
		})
		if err != nil {
			return err
		}
		for k := range all {
			if err := each(&all[k]); err != nil {
				return err
			}
		}
		after = all[len(all)-1].ID
		if err := tx.ctx.Err(); err != nil {
			return err
		}
	}
}
