package store

import (
	"encoding/json"

	"essaim/date"
	"essaim/payroll"
)

// PayLeave are the counters of leave of a contract at the end of a month, as they were typed.
type PayLeave struct {
	Contract int64
	Opening  payroll.LeaveOpening
	By       int64
	At       int64
}

func scanPayLeave(scan func(...any) error, l *PayLeave) error {
	body := ""
	if err := scan(&l.Contract, &body, &l.By, &l.At); err != nil {
		return err
	}
	return json.Unmarshal([]byte(body), &l.Opening)
}

// PayLeaves returns the counters that hold at the end of a month, by contract.
func (tx *Tx) PayLeaves(m date.Month) (map[int64]PayLeave, error) {
	rows, err := list(tx, `SELECT contract_id, body, by_id, at FROM pay_leave WHERE coop_id = $1 AND month <= $2 ORDER BY contract_id, month`, []any{tx.coop, m.String()}, scanPayLeave)
	all := map[int64]PayLeave{}
	for _, l := range rows {
		all[l.Contract] = l
	}
	return all, err
}

// PayLeavesOf returns the counters of a contract, by month.
func (tx *Tx) PayLeavesOf(contract int64) ([]PayLeave, error) {
	return list(tx, `SELECT contract_id, body, by_id, at FROM pay_leave WHERE coop_id = $1 AND contract_id = $2 ORDER BY month`, []any{tx.coop, contract}, scanPayLeave)
}

// SavePayLeave writes counters in the place of those of the same month.
func (tx *Tx) SavePayLeave(l PayLeave) error {
	body, err := json.Marshal(l.Opening)
	if err == nil {
		_, err = tx.exec(`INSERT INTO pay_leave (coop_id, contract_id, month, body, by_id, at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (coop_id, contract_id, month) DO UPDATE SET body = excluded.body, by_id = excluded.by_id, at = excluded.at`,
			tx.coop, l.Contract, l.Opening.Until.String(), string(body), l.By, tx.now)
	}
	return err
}

// DropPayLeave takes away the counters of a month.
func (tx *Tx) DropPayLeave(contract int64, m date.Month) error {
	_, err := tx.exec(`DELETE FROM pay_leave WHERE coop_id = $1 AND contract_id = $2 AND month = $3`, tx.coop, contract, m.String())
	return err
}

// FirstSlip returns the first month that a payslip or an estimate was made for a contract here; false: none was.
func (tx *Tx) FirstSlip(contract int64) (date.Month, bool, error) {
	month := ""
	ok, err := tx.one(`SELECT month FROM payslip WHERE coop_id = $1 AND contract_id = $2 AND origin <> 'opening' ORDER BY month LIMIT 1`, []any{tx.coop, contract}, &month)
	return monthOf(month), ok, err
}

// FirstSlips returns the first month of each contract that a payslip or an estimate was made for here.
func (tx *Tx) FirstSlips() (map[int64]date.Month, error) {
	type first struct {
		contract int64
		month    date.Month
	}
	rows, err := list(tx, `SELECT contract_id, MIN(month) FROM payslip WHERE coop_id = $1 AND origin <> 'opening' GROUP BY contract_id ORDER BY contract_id`, []any{tx.coop}, func(scan func(...any) error, f *first) error {
		month := ""
		err := scan(&f.contract, &month)
		f.month = monthOf(month)
		return err
	})
	all := map[int64]date.Month{}
	for _, f := range rows {
		all[f.contract] = f.month
	}
	return all, err
}
