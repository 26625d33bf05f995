package store

import (
	"encoding/json"

	"essaim/date"
	"essaim/fault"
	"essaim/money"
	"essaim/payroll"
)

// PayNote is what the payroll office keeps in mind about a person: it comes back each month until it is taken away.
type PayNote struct {
	Person int64
	Text   string
	By     int64
	At     int64
}

// PayNotes returns the notes by person.
func (tx *Tx) PayNotes() (map[int64]PayNote, error) {
	rows, err := list(tx, `SELECT person_id, body, by_id, at FROM pay_note WHERE coop_id = $1 ORDER BY person_id`, []any{tx.coop}, func(scan func(...any) error, n *PayNote) error {
		return scan(&n.Person, &n.Text, &n.By, &n.At)
	})
	all := map[int64]PayNote{}
	for _, n := range rows {
		all[n.Person] = n
	}
	return all, err
}

// SavePayNote writes the note of a person; an empty one takes it away.
func (tx *Tx) SavePayNote(n PayNote) error {
	if n.Text == "" {
		_, err := tx.exec(`DELETE FROM pay_note WHERE coop_id = $1 AND person_id = $2`, tx.coop, n.Person)
		return err
	}
	_, err := tx.exec(`INSERT INTO pay_note (coop_id, person_id, body, by_id, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (coop_id, person_id) DO UPDATE SET body = excluded.body, by_id = excluded.by_id, at = excluded.at`,
		tx.coop, n.Person, n.Text, n.By, tx.now)
	return err
}

// SlipSums is a payslip without what it was computed from.
type SlipSums struct {
	ID       int64
	Person   int64
	Contract int64
	Activity int64
	Month    date.Month
	Origin   string
	State    string
	Gross    money.Cents
	Net      money.Cents
	Paid     money.Cents
	Cost     money.Cents
	Entry    int64
	File     string
	Transfer int64
	At       int64
	Look     []payroll.Note // of a draft: see [Slip]
}

// Real says whether a payslip is issued and is no estimate.
func (s *SlipSums) Real() bool { return counts(s.State, s.Origin) }

// SlipsBetween returns the sums of the payslips from a month to another, by month, person and contract.
func (tx *Tx) SlipsBetween(from, until date.Month) ([]SlipSums, error) {
	return list(tx, `SELECT id, person_id, contract_id, activity_id, month, origin, state, gross, net, paid, cost, entry_id, file, transfer_id, at, look FROM payslip WHERE coop_id = $1 AND month >= $2 AND month <= $3 ORDER BY month, person_id, contract_id, id`,
		[]any{tx.coop, from.String(), until.String()}, func(scan func(...any) error, s *SlipSums) error {
			var month, look string
			err := scan(&s.ID, &s.Person, &s.Contract, &s.Activity, &month, &s.Origin, &s.State, (*int64)(&s.Gross), (*int64)(&s.Net), (*int64)(&s.Paid), (*int64)(&s.Cost), &s.Entry, &s.File, &s.Transfer, &s.At, &look)
			s.Month = monthOf(month)
			if err == nil && look != "" {
				err = json.Unmarshal([]byte(look), &s.Look)
			}
			return err
		})
}

// SlipsIn returns payslips by their ids; what is no more there is left out.
func (tx *Tx) SlipsIn(ids []int64) (map[int64]Slip, error) {
	all := map[int64]Slip{}
	for len(ids) > 0 {
		some := ids[:min(len(ids), inMost)]
		ids = ids[len(some):]
		w := where{args: []any{tx.coop}}
		w.in("id", some)
		rows, err := list(tx, w.text(`SELECT `+slipColumns+` FROM payslip WHERE coop_id = $1`, ``), w.args, scanSlip)
		if err != nil {
			return nil, err
		}
		for _, s := range rows {
			all[s.ID] = s
		}
	}
	return all, nil
}

// SlipOf returns the payslip of a contract, a month and an origin; ok is false when there is none.
func (tx *Tx) SlipOf(contract int64, m date.Month, origin string) (s Slip, ok bool, err error) {
	rows, err := list(tx, `SELECT `+slipColumns+` FROM payslip WHERE coop_id = $1 AND contract_id = $2 AND month = $3 AND origin = $4`, []any{tx.coop, contract, m.String(), origin}, scanSlip)
	if len(rows) > 0 {
		s, ok = rows[0], true
	}
	return s, ok, err
}

// FileSlip notes the PDF of a payslip. One that is filed keeps it.
func (tx *Tx) FileSlip(id int64, sha string) error {
	_, err := tx.exec(`UPDATE payslip SET file = $3 WHERE coop_id = $1 AND id = $2 AND state = 'issued' AND file = ''`, tx.coop, id, sha)
	return err
}

// OrderSlips notes that a file of transfers pays payslips. One that another file pays is refused.
func (tx *Tx) OrderSlips(transfer int64, ids []int64) error {
	n := int64(0)
	left := ids
	for len(left) > 0 {
		some := left[:min(len(left), inMost)]
		left = left[len(some):]
		w := where{args: []any{tx.coop, transfer}}
		w.in("id", some)
		k, err := tx.exec(w.text(`UPDATE payslip SET transfer_id = $2 WHERE coop_id = $1 AND state = 'issued' AND transfer_id = 0`, ``), w.args...)
		if err != nil {
			return err
		}
		n += k
	}
	if n != int64(len(ids)) {
		return fault.New(fault.Conflict, "store.payslip_ordered")
	}
	return nil
}

// CancelPayTransfer takes a file back: the payslips it paid wait again.
func (tx *Tx) CancelPayTransfer(id int64) error {
	n, err := tx.exec(`UPDATE pay_transfer SET cancelled = $3 WHERE coop_id = $1 AND id = $2 AND cancelled = 0`, tx.coop, id, tx.now)
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "store.pay_transfer_cancelled")
	}
	if err != nil {
		return err
	}
	_, err = tx.exec(`UPDATE payslip SET transfer_id = 0 WHERE coop_id = $1 AND transfer_id = $2`, tx.coop, id)
	return err
}

// PaidMeanwhile counts the payslips of a file whose net is no more owed in the books, in whole or in part: the bank has them.
func (tx *Tx) PaidMeanwhile(transfer int64) (n int, err error) {
	_, err = tx.one(`SELECT COUNT(*) FROM payslip p JOIN open_item o ON o.coop_id = p.coop_id AND o.entry_id = p.entry_id AND o.account = '421' AND o.remaining <> o.amount
		WHERE p.coop_id = $1 AND p.transfer_id = $2 AND p.entry_id <> 0`, []any{tx.coop, transfer}, &n)
	return n, err
}

// OwedSlips are the payslips of a file whose net the books owe whole: nothing shows that the bank paid them.
func (tx *Tx) OwedSlips(transfer int64) ([]int64, error) {
	return list(tx, `SELECT p.id FROM payslip p WHERE p.coop_id = $1 AND p.transfer_id = $2 AND NOT EXISTS (
		SELECT 1 FROM open_item o WHERE o.coop_id = p.coop_id AND o.entry_id = p.entry_id AND p.entry_id <> 0 AND o.account = '421' AND o.remaining <> o.amount) ORDER BY p.id`,
		[]any{tx.coop, transfer}, func(scan func(...any) error, id *int64) error { return scan(id) })
}

// ReleaseSlip takes a payslip that the bank rejected out of its file, that no more counts it: another file pays it. A file
// that is left without any is taken back.
func (tx *Tx) ReleaseSlip(transfer, slip int64, paid money.Cents) error {
	n, err := tx.exec(`UPDATE payslip SET transfer_id = 0 WHERE coop_id = $1 AND id = $2 AND transfer_id = $3`, tx.coop, slip, transfer)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.Conflict, "pay_month.fault.not_in_file")
	}
	if n, err = tx.exec(`UPDATE pay_transfer SET count = count - 1, total = total - $3 WHERE coop_id = $1 AND id = $2 AND cancelled = 0 AND count > 1`, tx.coop, transfer, int64(paid)); err != nil || n > 0 {
		return err
	}
	return tx.CancelPayTransfer(transfer)
}

// PayCost is what the entries of payslips cost a section on the accounts of charges, in a stretch of days.
type PayCost struct {
	Section int64
	Entry   int64
	Day     date.Day
	Cost    money.Cents
}

// PayCosts sums, by section and entry, what the journal of pay booked on classes 63 and 64 without the 649, in the days of
// a stretch: what the payslips cost must be there to the cent.
func (tx *Tx) PayCosts(from, until date.Day) ([]PayCost, error) {
	return list(tx, `SELECT l.section_id, l.entry_id, e.day, CAST(SUM(l.amount) AS BIGINT) FROM entry_line l JOIN entry e ON e.coop_id = l.coop_id AND e.id = l.entry_id
		WHERE l.coop_id = $1 AND l.entry_id IN (SELECT x.id FROM entry x WHERE x.coop_id = $1 AND x.journal = 'PA' AND x.day >= $2 AND x.day <= $3) AND (l.account LIKE '63%' OR l.account LIKE '64%') AND l.account NOT LIKE '649%'
		GROUP BY l.entry_id, l.section_id, e.day ORDER BY l.entry_id, l.section_id`,
		[]any{tx.coop, from.String(), until.String()}, func(scan func(...any) error, c *PayCost) error {
			return scan(&c.Section, &c.Entry, &c.Day, (*int64)(&c.Cost))
		})
}

// PayDebt is what the entries of payslips owe to bodies on an account, by section; credit positive.
type PayDebt struct {
	Account string
	Section int64
	Amount  money.Cents
}

// PayDebts sums what the pay of a month owes in the books, on accounts of third parties but the persons' own. A payslip of
// ours counts in its own month whatever the day of its entry; what else the journal of pay holds, by its day. The sum on
// the section keeps SQLite from walking all lines in the order of sections.
func (tx *Tx) PayDebts(m date.Month) ([]PayDebt, error) {
	today, err := tx.Today() // a payslip is booked on the day it is issued when its month is closed, however late
	if err != nil {
		return nil, err
	}
	return list(tx, `SELECT l.account, l.section_id + 0, -CAST(SUM(l.amount) AS BIGINT) FROM entry_line l WHERE l.coop_id = $1 AND l.entry_id IN (
		SELECT e.id FROM entry e LEFT JOIN payslip p ON p.coop_id = e.coop_id AND p.entry_id = e.id AND p.entry_id <> 0
			WHERE e.coop_id = $1 AND e.journal = 'PA' AND e.day >= $2 AND e.day <= $4 AND COALESCE(p.month, CASE WHEN e.day <= $3 THEN $5 ELSE '' END) = $5)
		AND l.account LIKE '4%' AND l.account NOT LIKE '421%' AND l.account NOT LIKE '425%' AND l.account NOT LIKE '428%' AND l.account NOT LIKE '438%' GROUP BY l.account, l.section_id + 0 ORDER BY l.account, l.section_id + 0`,
		[]any{tx.coop, m.First().String(), m.Last().String(), max(today, m.Last()).String(), m.String()}, func(scan func(...any) error, d *PayDebt) error {
			return scan(&d.Account, &d.Section, (*int64)(&d.Amount))
		})
}
