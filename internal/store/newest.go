package store

import (
	"cmp"
	"slices"

	"essaim/date"
	"essaim/ledger"
	"essaim/money"
	"essaim/sale"
)

// What a page shows of many lines: the last ones, and what all of them sum to. Each is bounded by what is shown, not by
// what the section ever booked.

// oneSide keeps the lines of the side $6 less those that [Tx.Netted] returns; all lines when it is 0.
const oneSide = `(CAST($6 AS BIGINT) = 0 OR (CAST($6 AS BIGINT) > 0 AND l.amount > 0 OR CAST($6 AS BIGINT) < 0 AND l.amount < 0) AND NOT ` + isNetted + `)`

const isNetted = `EXISTS (SELECT 1 FROM netted u WHERE u.coop_id = l.coop_id AND u.section_id = l.section_id AND u.entry_id = l.entry_id)`

// Newest returns the last lines of one section that a filter selects, the latest first: as many as f.Limit (0: 50), read
// from the end of the index on (section, account, day).
func (tx *Tx) Newest(f LineFilter) ([]PostedLine, error) {
	f.Limit = atMost(f.Limit)
	accounts, err := tx.accountsWithin(f)
	if err != nil {
		return nil, err
	}
	var all []PostedLine
	for _, account := range accounts {
		lines, err := list(tx, `SELECT `+postedColumns+` FROM entry_line l JOIN entry e ON e.coop_id = l.coop_id AND e.id = l.entry_id
			WHERE l.coop_id = $1 AND l.section_id = $2 AND l.account = $3 AND l.day >= $4 AND l.day <= $5 AND `+oneSide+`
			ORDER BY l.day DESC, l.entry_id DESC, l.n DESC LIMIT CAST($7 AS BIGINT)`,
			[]any{tx.coop, f.Section, account, f.From.String(), f.To.String(), f.Side, f.Limit}, scanPosted)
		if err != nil {
			return nil, err
		}
		all = append(all, lines...)
	}
	if len(accounts) > 1 {
		slices.SortStableFunc(all, func(a, b PostedLine) int {
			return cmp.Or(cmp.Compare(b.Date, a.Date), cmp.Compare(b.Entry, a.Entry), cmp.Compare(b.N, a.N))
		})
	}
	return all[:min(len(all), f.Limit)], nil
}

// LineSum counts and adds up the lines of one section that a filter selects, whatever its limit.
func (tx *Tx) LineSum(f LineFilter) (n int, sum money.Cents, err error) {
	accounts, err := tx.accountsWithin(f)
	if err != nil {
		return 0, 0, err
	}
	for _, account := range accounts {
		var count, amount int64
		if _, err := tx.one(`SELECT CAST(COUNT(*) AS BIGINT), CAST(COALESCE(SUM(l.amount), 0) AS BIGINT) FROM entry_line l
			WHERE l.coop_id = $1 AND l.section_id = $2 AND l.account = $3 AND l.day >= $4 AND l.day <= $5 AND `+oneSide,
			[]any{tx.coop, f.Section, account, f.From.String(), f.To.String(), f.Side}, &count, &amount); err != nil {
			return 0, 0, err
		}
		n, sum = n+int(count), sum+money.Cents(amount)
	}
	return n, sum, nil
}

// accountsWithin returns the accounts of a section that a filter selects, those of the fiscal year alone when its days
// stand in one.
func (tx *Tx) accountsWithin(f LineFilter) ([]string, error) {
	all := f.Among
	if all == nil {
		set, err := tx.Settings()
		if err != nil {
			return nil, err
		}
		if y, ok := set.YearOf(f.From); ok && y.Span.Contains(f.To) {
			all, err = list(tx, `SELECT DISTINCT account FROM balance WHERE coop_id = $1 AND section_id = $2 AND year_id = $3 AND period > 0 ORDER BY account`, []any{tx.coop, f.Section, y.ID},
				func(scan func(...any) error, s *string) error { return scan(s) })
		} else {
			all, err = tx.accountsOf(f.Section)
		}
		if err != nil {
			return nil, err
		}
	}
	var kept []string
	for _, account := range all {
		if f.match(account) {
			kept = append(kept, account)
		}
	}
	return kept, nil
}

// DaySum is what moved on a day.
type DaySum struct {
	Day    date.Day
	Amount money.Cents
}

// Days sums by day what moved on some accounts of each section since a day, in the order of days.
func (tx *Tx) Days(sections []int64, accounts []string, from, to date.Day) (map[int64][]DaySum, error) {
	all := map[int64][]DaySum{}
	if len(accounts) == 0 {
		return all, nil
	}
	for some := range slices.Chunk(sections, inMost) {
		w := where{args: []any{tx.coop}}
		w.in("section_id", some)
		w.inTexts("account", accounts)
		w.add("day >= ?", from.String())
		w.add("day <= ?", to.String())
		if err := tx.rows(w.text(`SELECT section_id, day, amount FROM entry_line WHERE coop_id = $1`, ` ORDER BY section_id, day`), w.args, func(scan func(...any) error) error {
			var section int64
			var d DaySum
			if err := scan(&section, &d.Day, (*int64)(&d.Amount)); err != nil {
				return err
			}
			days := all[section]
			if n := len(days); n > 0 && days[n-1].Day == d.Day {
				days[n-1].Amount += d.Amount
				return nil
			}
			all[section] = append(days, d)
			return nil
		}); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// inMost bounds the values of one IN: a page names fewer.
const inMost = 256

// Undoing is an entry that reverses another.
type Undoing struct {
	Entry, Reverses int64
	Day, ReversedOn date.Day
}

// Undoings returns the reversals in which some entries take part, on either side.
func (tx *Tx) Undoings(entries []int64) ([]Undoing, error) {
	var all []Undoing
	for some := range slices.Chunk(entries, inMost) {
		// Left to itself SQLite reads every entry for more than a few values. The key of a table is named like this.
		for column, index := range map[string]string{"r.reverses": "entry_reverses", "r.id": "sqlite_autoindex_entry_1"} {
			w := where{args: []any{tx.coop}}
			w.in(column, some)
			found, err := list(tx, w.text(`SELECT r.id, r.reverses, r.day, o.day FROM entry r`+tx.db.d.using(index)+` JOIN entry o ON o.coop_id = r.coop_id AND o.id = r.reverses WHERE r.coop_id = $1 AND r.reverses <> 0`, ""), w.args,
				func(scan func(...any) error, u *Undoing) error {
					return scan(&u.Entry, &u.Reverses, &u.Day, &u.ReversedOn)
				})
			if err != nil {
				return nil, err
			}
			all = append(all, found...)
		}
	}
	return all, nil
}

// NettedLine is a line of an entry that brings its section less than its lines say.
type NettedLine struct {
	PostedLine
	Undone bool // with the entry that reverses it, within the month
}

// Netted returns, in the order of the books, the lines of one section in a fiscal year whose entries moved money between
// the section's own accounts or were undone within their month. They are few: the question is written so that SQLite, which
// would begin with all entries or read all lines of the section, begins with them and takes the lines of each.
func (tx *Tx) Netted(section, year int64) ([]NettedLine, error) {
	return list(tx, `SELECT u.undone, `+postedColumns+` FROM (SELECT entry_id, MAX(undone) AS undone FROM netted WHERE coop_id = $1 AND section_id = $2 AND year_id = $3 GROUP BY entry_id) u
		CROSS JOIN entry e CROSS JOIN entry_line l
		WHERE e.coop_id = $1 AND e.id = u.entry_id AND l.coop_id = $1 AND l.entry_id = u.entry_id AND l.section_id + 0 = $2 ORDER BY l.entry_id, l.n`,
		[]any{tx.coop, section, year}, func(scan func(...any) error, l *NettedLine) error {
			return scanPosted(func(into ...any) error { return scan(append([]any{&l.Undone}, into...)...) }, &l.PostedLine)
		})
}

// SectionLines returns what entries moved on each account of a section.
func (tx *Tx) SectionLines(section int64, entries []int64, each func(entry int64, account string, amount money.Cents)) error {
	for some := range slices.Chunk(entries, inMost) {
		w := where{args: []any{tx.coop}}
		w.in("entry_id", some)
		w.add("section_id = ?", section)
		if err := tx.rows(w.text(`SELECT entry_id, account, amount FROM entry_line WHERE coop_id = $1`, ""), w.args, func(scan func(...any) error) error {
			var entry, amount int64
			var account string
			err := scan(&entry, &account, &amount)
			each(entry, account, money.Cents(amount))
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// OpenSums is [Tx.OpenItems] summed by account, due day and side: what an account says of what customers owe, whatever
// their number.
func (tx *Tx) OpenSums(section int64, accountPrefix string) ([]ledger.OpenItem, error) {
	all := []ledger.OpenItem{}
	err := tx.openSums(`SELECT section_id, account, due, CASE WHEN due = '' THEN day ELSE '' END AS bare, CAST(SUM(remaining) AS BIGINT) FROM open_item`+tx.db.d.using("open_item_open")+`
		WHERE coop_id = $1 AND section_id = $2 AND remaining <> 0 AND account LIKE CAST($3 AS TEXT) GROUP BY section_id, account, due, CASE WHEN due = '' THEN day ELSE '' END, CASE WHEN remaining > 0 THEN 1 ELSE 0 END`,
		[]any{tx.coop, section, accountPrefix + "%"}, func(it ledger.OpenItem) { all = append(all, it) })
	return all, err
}

// OpenSumsAll is [Tx.OpenSums] of every section.
func (tx *Tx) OpenSumsAll(accountPrefix string) (map[int64][]ledger.OpenItem, error) {
	all := map[int64][]ledger.OpenItem{}
	err := tx.openSums(`SELECT section_id, account, due, CASE WHEN due = '' THEN day ELSE '' END AS bare, CAST(SUM(remaining) AS BIGINT) FROM open_item`+tx.db.d.using("open_item_open")+`
		WHERE coop_id = $1 AND remaining <> 0 AND account LIKE CAST($2 AS TEXT) GROUP BY section_id, account, due, CASE WHEN due = '' THEN day ELSE '' END, CASE WHEN remaining > 0 THEN 1 ELSE 0 END`,
		[]any{tx.coop, accountPrefix + "%"}, func(it ledger.OpenItem) { all[it.Section] = append(all[it.Section], it) })
	return all, err
}

func (tx *Tx) openSums(text string, args []any, each func(ledger.OpenItem)) error {
	return tx.rows(text, args, func(scan func(...any) error) error {
		var it ledger.OpenItem
		err := scan(&it.Section, &it.Account, &it.Due, &it.Date, (*int64)(&it.Remaining))
		it.Amount = it.Remaining
		each(it)
		return err
	})
}

// Reserve returns what the entrepreneurs of an activity keep aside, and since when.
func (tx *Tx) Reserve(activity int64) (amount money.Cents, since date.Day, err error) {
	_, err = tx.one(`SELECT reserve, reserve_on FROM activity WHERE coop_id = $1 AND id = $2`, []any{tx.coop, activity}, (*int64)(&amount), &since)
	return amount, since, err
}

// Receipt is a [CollectedRow] with the invoice it is of.
type Receipt struct {
	CollectedRow
	Number, Title string
}

// Receipts returns the last rows that make up the turnover collected, deposits apart, over periods of a fiscal year, the latest first, and
// what all of them sum to.
func (tx *Tx) Receipts(activity, year int64, from, to, limit int) (last []Receipt, n int, sum money.Cents, err error) {
	last, err = list(tx, `SELECT c.period, c.id, c.day, c.sale_id, c.payment_id, c.nature, c.net, c.record_id, COALESCE(s.number, g.number, ''), COALESCE(s.title, '')
		FROM (SELECT period, id, day, sale_id, payment_id, nature, net, record_id FROM collected WHERE coop_id = $1 AND activity_id = $2 AND year_id = $3 AND period >= $4 AND period <= $5 AND nature NOT LIKE 'deposit/%' ORDER BY day DESC, id DESC LIMIT CAST($6 AS BIGINT)) c
		LEFT JOIN sale s ON s.coop_id = $1 AND s.id = c.sale_id LEFT JOIN register g ON g.coop_id = $1 AND g.id = c.record_id ORDER BY c.day DESC, c.id DESC`,
		[]any{tx.coop, activity, year, from, to, atMost(limit)}, func(scan func(...any) error, r *Receipt) error {
			r.Activity, r.Year = activity, year
			return scan(&r.Period, &r.ID, &r.Day, &r.Sale, &r.Payment, &r.Nature, (*int64)(&r.Net), &r.Record, &r.Number, &r.Title)
		})
	if err != nil || len(last) < atMost(limit) {
		for _, r := range last {
			sum += r.Net
		}
		return last, len(last), sum, err
	}
	var count int64
	_, err = tx.one(`SELECT CAST(COUNT(*) AS BIGINT), CAST(COALESCE(SUM(net), 0) AS BIGINT) FROM collected WHERE coop_id = $1 AND activity_id = $2 AND year_id = $3 AND period >= $4 AND period <= $5 AND nature NOT LIKE 'deposit/%'`,
		[]any{tx.coop, activity, year, from, to}, &count, (*int64)(&sum))
	return last, int(count), sum, err
}

// OldestDue returns the invoices of an activity (0: of all) with something to receive, the oldest due day first; what is left
// of one may be a retention alone, which is due on the day that frees it.
func (tx *Tx) OldestDue(activity int64, limit int) ([]SaleRow, error) {
	w := where{args: []any{tx.coop}}
	w.add(unpaid)
	index := "sale_unpaid"
	if activity != 0 {
		index = "sale_open"
		w.add("activity_id = ?", activity)
	}
	return list(tx, w.text(`SELECT `+saleRowColumns+` FROM sale`+tx.db.d.using(index)+` WHERE coop_id = $1`, ` ORDER BY CASE WHEN retained > 0 AND gross - paid - credited - lost <= retained AND release_day > due THEN release_day ELSE due END, id LIMIT CAST(? AS BIGINT)`, atMost(limit)), w.args, scanSaleRow)
}

// Owing is what a customer has to pay, and how many of the invoices are late.
type Owing struct {
	Amount money.Cents
	Late   int
}

// OwedBy sums the open invoices of an activity by customer; of one customer when it is given.
func (tx *Tx) OwedBy(activity, customer int64, today date.Day) (map[int64]Owing, error) {
	all := map[int64]Owing{}
	err := tx.rows(`SELECT customer_id, gross - paid - credited - lost, due, retained, release_day FROM sale`+tx.db.d.using("sale_open")+` WHERE coop_id = $1 AND activity_id = $2 AND `+unpaid+` AND (CAST($3 AS BIGINT) = 0 OR customer_id = CAST($3 AS BIGINT))`, []any{tx.coop, activity, customer}, func(scan func(...any) error) error {
		var id int64
		var left money.Cents
		var due, release date.Day
		var retained money.Cents
		err := scan(&id, (*int64)(&left), &due, (*int64)(&retained), &release)
		o := all[id]
		o.Amount += left
		if due != 0 && due < today && (left > retained || release <= today) {
			o.Late++
		}
		all[id] = o
		return err
	})
	return all, err
}

// SentBack returns the words with which documents were sent back last.
func (tx *Tx) SentBack(ids []int64) (map[int64]SaleEvent, error) {
	all := map[int64]SaleEvent{}
	for some := range slices.Chunk(ids, inMost) {
		w := where{args: []any{tx.coop}}
		w.in("sale_id", some)
		w.add("deed = '" + string(sale.DeedReturn) + "'")
		if err := tx.rows(w.text(`SELECT sale_id, n, at, by_id, by_name, deed, comment, line FROM sale_event WHERE coop_id = $1`, ` ORDER BY sale_id, n`), w.args, func(scan func(...any) error) error {
			var id int64
			var e SaleEvent
			err := scan(&id, &e.N, &e.At, &e.By, &e.ByName, &e.Deed, &e.Comment, &e.Line)
			all[id] = e
			return err
		}); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// CustomersOf returns some customers by id.
func (tx *Tx) CustomersOf(ids []int64) (map[int64]sale.Customer, error) {
	all := map[int64]sale.Customer{}
	for some := range slices.Chunk(ids, inMost) {
		w := where{args: []any{tx.coop}}
		w.in("id", some)
		found, err := list(tx, w.text(`SELECT `+customerColumns+` FROM customer WHERE coop_id = $1`, ""), w.args, scanCustomer)
		if err != nil {
			return nil, err
		}
		for _, c := range found {
			all[c.ID] = c
		}
	}
	return all, nil
}

// OpenLine is a line that remains open, in part or whole: its Amount is what remains, Opened what it was.
type OpenLine struct {
	PostedLine
	Opened money.Cents
}

// OpenLines returns what remains open of one account of a section, the oldest due day first, as many as limit.
func (tx *Tx) OpenLines(section int64, account string, limit int) ([]OpenLine, error) {
	return list(tx, `SELECT l.entry_id, l.n, l.account, l.section_id, l.day, l.third_id, o.due, o.remaining, o.amount,
			CASE WHEN l.label = '' THEN e.label ELSE l.label END, CASE WHEN l.document = '' THEN e.document ELSE l.document END, e.journal, e.number, e.year_id, e.doc_day, e.ref
		FROM open_item o`+tx.db.d.using("open_item_open")+` JOIN entry_line l ON l.coop_id = o.coop_id AND l.entry_id = o.entry_id AND l.n = o.n JOIN entry e ON e.coop_id = o.coop_id AND e.id = o.entry_id
		WHERE o.coop_id = $1 AND o.section_id = $2 AND o.account = $3 AND o.remaining <> 0 ORDER BY o.due, o.entry_id, o.n LIMIT CAST($4 AS BIGINT)`,
		[]any{tx.coop, section, account, limit}, func(scan func(...any) error, o *OpenLine) error {
			return scan(&o.Entry, &o.N, &o.Account, &o.Section, &o.Date, &o.Third, &o.Due, (*int64)(&o.Amount), (*int64)(&o.Opened),
				&o.Label, &o.Document, &o.Journal, &o.Number, &o.Year, &o.DocDate, &o.Ref)
		})
}
