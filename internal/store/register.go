package store

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"

	"essaim/date"
	"essaim/fault"
	"essaim/ledger"
	"essaim/money"
	"essaim/sale"
)

var (
	insertRecord   = into("register", "coop_id, id, kind, number, activity_id, day, amount, entry_id, reverses, by_id, at, body, hash, chain")
	insertRemitted = into("remitted", "coop_id, entry_id, activity_id, record_id")
)

// recordDigest is the SHA-256 of a record in a canonical form, each text with its length before it.
func recordDigest(r sale.Record, body string) [sha256.Size]byte {
	b := make([]byte, 0, 256+len(body))
	num := func(n int64) { b = binary.AppendVarint(b, n) }
	text := func(s string) { num(int64(len(s))); b = append(b, s...) }
	text("essaim register 1")
	num(r.ID)
	text(string(r.Kind))
	text(r.Number)
	num(r.Activity)
	num(int64(r.Date))
	num(r.Entry)
	num(r.Reverses)
	num(r.By)
	num(r.At)
	text(body)
	return sha256.Sum256(b)
}

// recordBody is what the columns do not tell of a record.
type recordBody struct {
	Taking     *sale.Taking     `json:"taking,omitempty"`
	Till       *sale.TillMove   `json:"till,omitempty"`
	Payout     *sale.Payout     `json:"payout,omitempty"`
	Remittance *sale.Remittance `json:"remittance,omitempty"`
}

// NextRecord returns the id that the next record of the register gets, so that its entry can name it.
func (tx *Tx) NextRecord() (int64, error) {
	head, err := tx.head("register")
	return head.seq + 1, err
}

// AddRecord writes a record in the register and links it to the chain. It is final.
func (tx *Tx) AddRecord(r *sale.Record) error {
	if r.Reverses != 0 {
		old, err := tx.Record(r.Reverses)
		if err != nil {
			return err
		}
		if old.Reversed != 0 {
			return fault.New(fault.Conflict, "till.fault.reversed")
		}
	}
	head, err := tx.head("register")
	if err != nil {
		return err
	}
	r.ID, r.At = head.seq+1, tx.now
	body, err := encode(recordBody{r.Taking, r.Till, r.Payout, r.Remittance})
	if err != nil {
		return err
	}
	digest := recordDigest(*r, body)
	chain := ledger.Link(head.head, digest[:])
	tx.setHead("register", chainState{r.ID, chain})
	if err := tx.stage(insertRecord, tx.coop, r.ID, string(r.Kind), r.Number, r.Activity, r.Date.String(), int64(r.Amount()), r.Entry, r.Reverses, r.By, r.At, body, digest[:], chain); err != nil {
		return err
	}
	if r.Remittance == nil {
		return nil
	}
	if r.Reverses != 0 {
		_, err := tx.exec(`DELETE FROM remitted WHERE coop_id = $1 AND record_id = $2`, tx.coop, r.Reverses)
		return err
	}
	for _, it := range r.Remittance.Items {
		if err := tx.stage(insertRemitted, tx.coop, it.Entry, it.Activity, r.ID); err != nil {
			return err
		}
	}
	return nil
}

const recordColumns = `r.id, r.kind, r.number, r.activity_id, r.day, r.entry_id, r.reverses, r.by_id, r.at, r.body, COALESCE(u.id, 0)`

const recordFrom = ` FROM register r LEFT JOIN register u ON u.coop_id = r.coop_id AND u.reverses = r.id AND u.reverses <> 0 WHERE r.coop_id = $1`

func scanRecord(scan func(...any) error, r *sale.Record) error {
	var body string
	if err := scan(&r.ID, (*string)(&r.Kind), &r.Number, &r.Activity, &r.Date, &r.Entry, &r.Reverses, &r.By, &r.At, &body, &r.Reversed); err != nil {
		return err
	}
	return readRecord(body, r)
}

func readRecord(body string, r *sale.Record) error {
	var b recordBody
	err := decode(body, &b)
	r.Taking, r.Till, r.Payout, r.Remittance = b.Taking, b.Till, b.Payout, b.Remittance
	return err
}

// Record returns one record of the register.
func (tx *Tx) Record(id int64) (sale.Record, error) {
	all, err := list(tx, `SELECT `+recordColumns+recordFrom+` AND r.id = $2`, []any{tx.coop, id}, scanRecord)
	if err == nil && len(all) == 0 {
		err = fault.New(fault.NotFound, "store.record_unknown")
	}
	if err != nil {
		return sale.Record{}, err
	}
	return all[0], nil
}

// RecordFilter selects records of the register.
type RecordFilter struct {
	Kinds    []sale.RecordKind
	Activity int64 // 0: any
	From, To date.Day
	Within   []date.FiscalYear // when not nil, only of a day in one of these
	Standing bool              // only what was not undone
	Before   int64             // only what follows this record: the last of the page before
	Limit    int               // 0: 50
}

// Records returns records, the latest day first. Those that only undo one are left out: the record they undo tells.
func (tx *Tx) Records(f RecordFilter) ([]sale.Record, error) {
	w := where{args: []any{tx.coop}}
	w.add("r.reverses = 0")
	switch len(f.Kinds) {
	case 0:
	case 1:
		w.add("r.kind = ?", string(f.Kinds[0]))
	default:
		w.add("r.kind IN (?, ?)", string(f.Kinds[0]), string(f.Kinds[1]))
	}
	if f.Activity != 0 {
		w.add("r.activity_id = ?", f.Activity)
	}
	if f.From != 0 {
		w.add("r.day >= ?", f.From.String())
	}
	if f.To != 0 {
		w.add("r.day <= ?", f.To.String())
	}
	if f.Within != nil {
		w.within("r.day", f.Within)
	}
	if f.Standing {
		w.add("u.id IS NULL")
	}
	if f.Before != 0 {
		w.add("(r.day, r.id) < (SELECT b.day, b.id FROM register b WHERE b.coop_id = $1 AND b.id = ?)", f.Before)
	}
	index := "register_day"
	switch {
	case f.Activity != 0:
		index = "register_activity"
	case len(f.Kinds) > 0:
		index = "register_kind"
	}
	from := strings.Replace(recordFrom, "FROM register r", "FROM register r"+tx.db.d.using(index), 1)
	return list(tx, w.text(`SELECT `+recordColumns+from, ` ORDER BY r.day DESC, r.id DESC LIMIT CAST(? AS BIGINT)`, atMost(f.Limit)), w.args, scanRecord)
}

// Standing returns what a section holds on an account before a day, and what moved there on each day since.
func (tx *Tx) Standing(section int64, account string, from date.Day) (before money.Cents, days []sale.TillDay, err error) {
	s, err := tx.Settings()
	if err != nil {
		return 0, nil, err
	}
	start := from // what the balances do not tell is read line by line: from the first of the month
	if year, ok := s.YearOf(from); ok {
		period := year.Span.Period(from)
		start = max(from.Month().First(), year.Span.Start)
		if _, err := tx.one(`SELECT CAST(COALESCE(SUM(debit - credit), 0) AS BIGINT) FROM balance WHERE coop_id = $1 AND section_id = $2 AND year_id = $3 AND account = $4 AND period < $5`,
			[]any{tx.coop, section, year.ID, account, period}, (*int64)(&before)); err != nil {
			return 0, nil, err
		}
	}
	all, err := list(tx, `SELECT day, CAST(SUM(amount) AS BIGINT) FROM entry_line WHERE coop_id = $1 AND section_id = $2 AND account = $3 AND day >= $4 GROUP BY day ORDER BY day`,
		[]any{tx.coop, section, account, start.String()}, func(scan func(...any) error, d *sale.TillDay) error {
			return scan(&d.Day, (*int64)(&d.Moved))
		})
	if err != nil {
		return 0, nil, err
	}
	held := before
	for _, d := range all {
		held += d.Moved
		if d.Day < from {
			before = held
			continue
		}
		d.Balance = held
		days = append(days, d)
	}
	return before, days, nil
}

// HeldOn is what stands on an account in every section today, nil ones left out.
func (tx *Tx) HeldOn(account string, year int64) (map[int64]money.Cents, error) {
	all := map[int64]money.Cents{}
	err := tx.rows(`SELECT section_id, CAST(SUM(debit - credit) AS BIGINT) FROM balance WHERE coop_id = $1 AND section_id IN (SELECT id FROM section WHERE coop_id = $1) AND year_id = $2 AND account = $3 GROUP BY section_id HAVING CAST(SUM(debit - credit) AS BIGINT) <> 0`,
		[]any{tx.coop, year, account}, func(scan func(...any) error) error {
			var section int64
			var held money.Cents
			err := scan(&section, (*int64)(&held))
			all[section] = held
			return err
		})
	return all, err
}

// Tills returns the activities whose till was touched by what the operation has posted, each with the first day.
func (tx *Tx) Tills() map[int64]date.Day { return tx.tills }

// till notes that an entry takes money out of tills.
func (tx *Tx) till(e *ledger.Entry) {
	for i := range e.Lines {
		l := &e.Lines[i]
		if l.Account != sale.Till || l.Section < ledger.FirstActivity || l.Amount > 0 {
			continue
		}
		if tx.tills == nil {
			tx.tills = map[int64]date.Day{}
		}
		if first, ok := tx.tills[l.Section]; !ok || e.Date < first {
			tx.tills[l.Section] = e.Date
		}
	}
}

// LastCount returns the last day on which the till of an activity was counted and the first day on which it moved since;
// 0 when there is none.
func (tx *Tx) LastCount(activity int64) (counted, moved date.Day, err error) {
	counts, err := list(tx, `SELECT `+recordColumns+recordFrom+` AND r.activity_id = $2 AND r.kind = 'till' AND r.reverses = 0 AND u.id IS NULL ORDER BY r.day DESC, r.id DESC`, []any{tx.coop, activity}, scanRecord)
	if err != nil {
		return 0, 0, err
	}
	for _, r := range counts {
		if r.Till != nil && r.Till.Kind == sale.TillCount {
			counted = r.Date
			break
		}
	}
	_, err = tx.one(`SELECT COALESCE(MIN(day), '') FROM entry_line WHERE coop_id = $1 AND section_id = $2 AND account = '530' AND day > $3`, []any{tx.coop, activity, counted.String()}, &moved)
	return counted, moved, err
}

// LastCounts is [Tx.LastCount] of every activity.
func (tx *Tx) LastCounts() (counted, moved map[int64]date.Day, err error) {
	counted, moved = map[int64]date.Day{}, map[int64]date.Day{}
	s, err := tx.Settings()
	if err != nil {
		return nil, nil, err
	}
	if err = tx.rows(`SELECT s.id, COALESCE((SELECT l.day FROM entry_line l WHERE l.coop_id = s.coop_id AND l.section_id = s.id AND l.account = '530' ORDER BY l.day LIMIT 1), '') FROM section s WHERE s.coop_id = $1`, []any{tx.coop}, func(scan func(...any) error) error {
		var id int64
		var d date.Day
		err := scan(&id, &d)
		if id >= ledger.FirstActivity {
			moved[id] = d
		}
		return err
	}); err != nil {
		return nil, nil, err
	}
	used := map[int64]bool{}
	if err = tx.rows(`SELECT DISTINCT activity_id FROM register`+tx.db.d.using("register_kind")+` WHERE coop_id = $1 AND kind = 'till'`, []any{tx.coop}, func(scan func(...any) error) error {
		var id int64
		err := scan(&id)
		used[id] = true
		return err
	}); err != nil {
		return nil, nil, err
	}
	for id := range s.Sections { // most activities have no till: they need no question of their own
		if id < ledger.FirstActivity || moved[id] == 0 && !used[id] {
			continue
		}
		if counted[id], moved[id], err = tx.LastCount(id); err != nil {
			return nil, nil, err
		}
	}
	return counted, moved, nil
}

// chequeDays is how far back cheques are looked for: after a year and eight days a cheque is worth nothing (Code monétaire
// et financier L131-59).
const chequeDays = 374

// LooseCheques returns what entries brought in cheques that no deposit holds yet, the oldest first. An entry that was
// undone is left out, and so is what an entry of the books has already moved on: no more is loose than the account holds.
func (tx *Tx) LooseCheques() ([]sale.ChequeItem, error) {
	today, err := tx.Today()
	if err != nil {
		return nil, err
	}
	s, err := tx.Settings()
	if err != nil {
		return nil, err
	}
	year, ok := s.YearOf(today)
	if !ok {
		return nil, nil
	}
	held, err := tx.HeldOn(sale.Cheques, year.ID)
	if err != nil {
		return nil, err
	}
	all, err := list(tx, `SELECT l.entry_id, l.section_id, l.document, e.document, e.day, e.label, e.ref, l.amount FROM entry_line l`+tx.db.d.using("entry_line_section")+` JOIN entry e ON e.coop_id = l.coop_id AND e.id = l.entry_id
		WHERE l.coop_id = $1 AND l.section_id IN (SELECT id FROM section WHERE coop_id = $1) AND l.account = '5112' AND l.day >= $2 AND l.amount > 0 AND e.reverses = 0 AND e.journal <> 'AN'
		AND NOT EXISTS (SELECT 1 FROM remitted m WHERE m.coop_id = l.coop_id AND m.entry_id = l.entry_id AND m.activity_id = l.section_id)
		AND NOT EXISTS (SELECT 1 FROM entry u WHERE u.coop_id = l.coop_id AND u.reverses = e.id AND u.reverses <> 0)
		ORDER BY e.day DESC, l.entry_id DESC, l.section_id DESC`, []any{tx.coop, (today - chequeDays).String()}, func(scan func(...any) error, it *sale.ChequeItem) error {
		var own string
		err := scan(&it.Entry, &it.Activity, &own, &it.Document, &it.Date, &it.Label, &it.Ref, (*int64)(&it.Amount))
		if own != "" {
			it.Document = own
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(it sale.ChequeItem) bool {
		if it.Amount > held[it.Activity] {
			return true
		}
		held[it.Activity] -= it.Amount
		return false
	})
	slices.Reverse(all)
	return all, nil
}

// RemittedIn returns the deposit that holds the cheques of an entry, 0 for none.
func (tx *Tx) RemittedIn(entry int64) (id int64, err error) {
	_, err = tx.one(`SELECT record_id FROM remitted WHERE coop_id = $1 AND entry_id = $2 ORDER BY activity_id LIMIT 1`, []any{tx.coop, entry}, &id)
	return id, err
}
