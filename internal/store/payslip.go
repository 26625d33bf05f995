package store

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"essaim/date"
	"essaim/fault"
	"essaim/money"
	"essaim/payroll"
)

// Where a payslip comes from.
const (
	SlipOwn      = "own"      // this program computed it, and it is issued
	SlipSoftware = "software" // it came back from a payroll software
	SlipEstimate = "estimate" // this program's, to be held against the software's
	SlipOpening  = "opening"  // what had been issued elsewhere this year
)

// The states of a payslip.
const (
	SlipDraft  = "draft"
	SlipIssued = "issued"
)

// Slip is one payslip of a contract and a month.
type Slip struct {
	ID       int64
	Person   int64
	Contract int64
	Activity int64 // section that bears it
	Month    date.Month
	Origin   string
	State    string
	Body     SlipBody
	Hash     string // of the body, once issued
	Entry    int64  // 0: not in the books
	File     string // SHA-256 of the PDF
	Transfer int64  // file of transfers that pays it
	By       int64
	At       int64
	// Look is why a draft is to be looked at, as it was computed; written with it, read by [Tx.SlipsBetween] alone.
	Look []payroll.Note
}

// SlipBody is what a payslip was computed from and what it gave: enough to compute it again.
type SlipBody struct {
	Employer payroll.Employer   `json:"employer"`
	Contract payroll.Contract   `json:"contract"`
	Before   payroll.YearToDate `json:"before"`
	Inputs   payroll.Inputs     `json:"inputs"`
	Payslip  payroll.Payslip    `json:"payslip"`
	After    payroll.YearToDate `json:"after"`
	// Pot is how much of the cost last year's pot bears.
	Pot money.Cents `json:"pot,omitempty"`
	// Package is the forfait social on profit-sharing, set aside with it at the end of its year.
	Package money.Cents `json:"package,omitempty"`
	// Advance is what it takes of this year's money beyond the fixed part, in cost.
	Advance money.Cents `json:"advance,omitempty"`
	// Version names the program that computed it, Law the parameters (their hash).
	Version string `json:"version,omitempty"`
	Law     string `json:"law,omitempty"`
	// What the person was asked, and why they get less: request, and keys of the reasons.
	Request int64          `json:"request,omitempty"`
	Notes   []payroll.Note `json:"notes,omitempty"`
	// Waits are the reasons for which the slip is not paid yet (no IBAN…): the run goes on without it.
	Waits []payroll.Note `json:"waits,omitempty"`
	// Opening is, of what was issued elsewhere, the sums as they were typed; After is what they make.
	Opening *payroll.Opening `json:"opening,omitempty"`
	// Leave are the counters of leave that the payslip shows, as they stood at the end of the month.
	Leave *payroll.LeaveState `json:"leave,omitempty"`
}

// Released is how much of the cost was set aside in an earlier year: it is no charge of this one.
func (b *SlipBody) Released() money.Cents { return b.Pot + b.Package }

// Real says whether a payslip is issued and is no estimate: what the year, the books and the bank count on.
func (s *Slip) Real() bool { return counts(s.State, s.Origin) }

func counts(state, origin string) bool { return state == SlipIssued && origin != SlipEstimate }

const slipColumns = `id, person_id, contract_id, activity_id, month, origin, state, body, hash, entry_id, file, transfer_id, by_id, at`

func scanSlip(scan func(...any) error, s *Slip) error {
	var month, body string
	if err := scan(&s.ID, &s.Person, &s.Contract, &s.Activity, &month, &s.Origin, &s.State, &body, &s.Hash, &s.Entry, &s.File, &s.Transfer, &s.By, &s.At); err != nil {
		return err
	}
	s.Month = monthOf(month)
	return json.Unmarshal([]byte(body), &s.Body)
}

// Slips returns the payslips of a month, by person and contract.
func (tx *Tx) Slips(m date.Month) ([]Slip, error) {
	return list(tx, `SELECT `+slipColumns+` FROM payslip WHERE coop_id = $1 AND month = $2 ORDER BY person_id, contract_id, origin`, []any{tx.coop, m.String()}, scanSlip)
}

// SlipsOf returns the payslips of a person from a month to another, the last first.
func (tx *Tx) SlipsOf(person int64, from, until date.Month) ([]Slip, error) {
	return list(tx, `SELECT `+slipColumns+` FROM payslip WHERE coop_id = $1 AND person_id = $2 AND month >= $3 AND month <= $4 ORDER BY month DESC, contract_id, origin`, []any{tx.coop, person, from.String(), until.String()}, scanSlip)
}

// Slip returns one payslip.
func (tx *Tx) Slip(id int64) (s Slip, err error) {
	rows, err := list(tx, `SELECT `+slipColumns+` FROM payslip WHERE coop_id = $1 AND id = $2`, []any{tx.coop, id}, scanSlip)
	if err == nil && len(rows) == 0 {
		err = fault.New(fault.NotFound, "store.payslip_unknown")
	}
	if len(rows) > 0 {
		s = rows[0]
	}
	return s, err
}

// YearsToDate returns, by contract, the year to date after the last payslip really issued before a month of the same
// year: ours, the software's, or what the opening said. An estimate never counts.
func (tx *Tx) YearsToDate(before date.Month) (map[int64]payroll.YearToDate, error) {
	first := date.MonthOf(before.Year(), 1)
	rows, err := list(tx, `SELECT contract_id, body FROM payslip p WHERE p.coop_id = $1 AND p.month >= $2 AND p.month < $3 AND p.state = 'issued' AND p.origin <> 'estimate'
		AND NOT EXISTS (SELECT 1 FROM payslip q WHERE q.coop_id = p.coop_id AND q.contract_id = p.contract_id AND q.month > p.month AND q.month < $3 AND q.state = 'issued' AND q.origin <> 'estimate') ORDER BY p.id`, []any{tx.coop, first.String(), before.String()}, scanAfter)
	all := map[int64]payroll.YearToDate{}
	for _, s := range rows {
		all[s.contract] = s.After
	}
	return all, err
}

// after is the year to date that a payslip leaves.
type after struct {
	contract int64
	After    payroll.YearToDate `json:"after"`
}

func scanAfter(scan func(...any) error, a *after) error {
	body := ""
	if err := scan(&a.contract, &body); err != nil {
		return err
	}
	return json.Unmarshal([]byte(body), a)
}

// SaveSlip writes a draft again, or issues it. What is issued never changes but for what is done with it: its
// PDF ([Tx.FileSlip]), the transfer that pays it ([Tx.OrderSlips]).
func (tx *Tx) SaveSlip(s *Slip) error {
	body, err := json.Marshal(s.Body)
	if err != nil {
		return err
	}
	s.Hash = ""
	if s.State == SlipIssued {
		sum := sha256.Sum256(body)
		s.Hash = hex.EncodeToString(sum[:])
	}
	look := ""
	if s.State == SlipDraft && len(s.Look) > 0 {
		b, err := json.Marshal(s.Look)
		if err != nil {
			return err
		}
		look = string(b)
	}
	s.At = tx.now
	t := s.Body.Payslip.Totals
	if s.ID == 0 {
		if s.ID, err = tx.NextID("payslip"); err != nil {
			return err
		}
		_, err = tx.exec(`INSERT INTO payslip (coop_id, id, person_id, contract_id, activity_id, month, origin, state, gross, net, paid, cost, body, hash, entry_id, file, transfer_id, by_id, at, look) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`,
			tx.coop, s.ID, s.Person, s.Contract, s.Activity, s.Month.String(), s.Origin, s.State, int64(t.Gross), int64(t.Net), int64(t.Paid), int64(t.Cost), string(body), s.Hash, s.Entry, s.File, s.Transfer, s.By, s.At, look)
		return err
	}
	n, err := tx.exec(`UPDATE payslip SET activity_id = $3, state = $4, gross = $5, net = $6, paid = $7, cost = $8, body = $9, hash = $10, entry_id = $11, by_id = $12, at = $13, look = $14 WHERE coop_id = $1 AND id = $2 AND state = 'draft'`,
		tx.coop, s.ID, s.Activity, s.State, int64(t.Gross), int64(t.Net), int64(t.Paid), int64(t.Cost), string(body), s.Hash, s.Entry, s.By, s.At, look)
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "store.payslip_issued")
	}
	return err
}

// DropDraft takes away a payslip that was never issued.
func (tx *Tx) DropDraft(id int64) error {
	_, err := tx.exec(`DELETE FROM payslip WHERE coop_id = $1 AND id = $2 AND state = 'draft'`, tx.coop, id)
	return err
}

// The states of a month of pay.
const (
	PayMonthOpen   = "open"
	PayMonthLocked = "locked"
)

// PayMonth is where a month of pay stands.
type PayMonth struct {
	Month date.Month
	State string
	Body  string // JSON of the office
	By    int64
	At    int64
}

// PayMonth returns a month of pay; one that nobody touched is open.
func (tx *Tx) PayMonth(m date.Month) (PayMonth, error) {
	p := PayMonth{Month: m, State: PayMonthOpen}
	_, err := tx.one(`SELECT state, body, by_id, at FROM pay_month WHERE coop_id = $1 AND month = $2`, []any{tx.coop, m.String()}, &p.State, &p.Body, &p.By, &p.At)
	return p, err
}

// PayMonths returns the months of pay that somebody touched, the last first.
func (tx *Tx) PayMonths() ([]PayMonth, error) {
	return list(tx, `SELECT month, state, body, by_id, at FROM pay_month WHERE coop_id = $1 ORDER BY month DESC`, []any{tx.coop}, func(scan func(...any) error, p *PayMonth) error {
		month := ""
		err := scan(&month, &p.State, &p.Body, &p.By, &p.At)
		p.Month = monthOf(month)
		return err
	})
}

// SavePayMonth writes where a month stands.
func (tx *Tx) SavePayMonth(p PayMonth) error {
	_, err := tx.exec(`INSERT INTO pay_month (coop_id, month, state, body, by_id, at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (coop_id, month) DO UPDATE SET state = excluded.state, body = excluded.body, by_id = excluded.by_id, at = excluded.at`,
		tx.coop, p.Month.String(), p.State, p.Body, p.By, tx.now)
	return err
}

// PayTransfer is a file of transfers that was made for the bank. Count and Total are of what it pays: what the bank rejected
// of it no more counts.
type PayTransfer struct {
	ID    int64
	Month date.Month
	Day   date.Day
	Count int
	Total money.Cents
	File  string
	By    int64
	At    int64

	Cancelled int64    // instant it was taken back, 0: it holds
	Sent      date.Day // on which the bank has it, as somebody said; 0: nobody did
	SentBy    int64
}

const payTransferColumns = `id, month, day, count, total, file, by_id, at, cancelled, sent, sent_by`

func scanPayTransfer(scan func(...any) error, p *PayTransfer) error {
	month := ""
	err := scan(&p.ID, &month, &p.Day, &p.Count, (*int64)(&p.Total), &p.File, &p.By, &p.At, &p.Cancelled, &p.Sent, &p.SentBy)
	p.Month = monthOf(month)
	return err
}

// PayTransfer returns one.
func (tx *Tx) PayTransfer(id int64) (p PayTransfer, err error) {
	rows, err := list(tx, `SELECT `+payTransferColumns+` FROM pay_transfer WHERE coop_id = $1 AND id = $2`, []any{tx.coop, id}, scanPayTransfer)
	if err == nil && len(rows) == 0 {
		err = fault.New(fault.NotFound, "store.pay_transfer_unknown")
	}
	if len(rows) > 0 {
		p = rows[0]
	}
	return p, err
}

// PayTransfers returns the files made for a month.
func (tx *Tx) PayTransfers(m date.Month) ([]PayTransfer, error) {
	return list(tx, `SELECT `+payTransferColumns+` FROM pay_transfer WHERE coop_id = $1 AND month = $2 ORDER BY id`, []any{tx.coop, m.String()}, scanPayTransfer)
}

// PayTransfersSince returns the files made for the months from one on.
func (tx *Tx) PayTransfersSince(m date.Month) ([]PayTransfer, error) {
	return list(tx, `SELECT `+payTransferColumns+` FROM pay_transfer WHERE coop_id = $1 AND month >= $2 ORDER BY month, id`, []any{tx.coop, m.String()}, scanPayTransfer)
}

// AddPayTransfer notes a file of transfers.
func (tx *Tx) AddPayTransfer(p *PayTransfer) error {
	id, err := tx.NextID("pay_transfer")
	if err != nil {
		return err
	}
	p.ID, p.At = id, tx.now
	_, err = tx.exec(`INSERT INTO pay_transfer (coop_id, id, month, day, count, total, file, by_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		tx.coop, p.ID, p.Month.String(), p.Day.String(), p.Count, int64(p.Total), p.File, p.By, p.At)
	return err
}

// SendPayTransfer notes the day on which a file left for the bank; day 0 takes that back.
func (tx *Tx) SendPayTransfer(id int64, day date.Day, by int64) error {
	sent := ""
	if day != 0 {
		sent = day.String()
	}
	n, err := tx.exec(`UPDATE pay_transfer SET sent = $3, sent_by = $4 WHERE coop_id = $1 AND id = $2 AND cancelled = 0`, tx.coop, id, sent, by)
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "store.pay_transfer_cancelled")
	}
	return err
}
