package store

import (
	"encoding/json"

	"essaim/date"
	"essaim/fault"
	"essaim/money"
	"essaim/payroll"
)

// PayPerson is what pay knows of a person from a day on.
type PayPerson struct {
	Person int64 // who
	From   date.Day
	Known  payroll.Person
	By     int64
	At     int64
}

// PayTerms are what a contract pays from a day on.
type PayTerms struct {
	Contract int64
	From     date.Day
	Terms    payroll.Terms
	By       int64
	At       int64
}

// The states of a request; the last of a month that is asked is the one that counts.
const (
	PayAsked     = "asked"
	PayReplaced  = "replaced"
	PayWithdrawn = "withdrawn"
)

// PayRequest is what a person asks beside the fixed part, each month from one until another.
type PayRequest struct {
	ID       int64
	Person   int64
	Contract int64
	Month    date.Month
	Until    date.Month
	Kind     string // net, gross, cost
	Amount   money.Cents
	State    string
	Body     string // JSON of what the page showed
	By       int64
	At       int64
}

// PayItem is an element that a month brings, or each month until another.
type PayItem struct {
	ID       int64
	Person   int64
	Contract int64
	Month    date.Month
	Until    date.Month
	Element  string
	Amount   money.Cents
	Label    string
	Body     string // JSON of the office: garnishment, reason
	Dropped  bool
	By       int64
	At       int64
}

// The states of an absence besides that of one that counts: declared by the person, to be completed before it does;
// dropped, when its trace alone stays.
const (
	payDeclared = "declared"
	payDropped  = "dropped"
)

// PayAbsence is days away that pay must know of.
type PayAbsence struct {
	ID       int64
	Person   int64
	Contract int64
	From     date.Day
	Until    date.Day
	Body     string // JSON of payroll.Absence
	File     string // SHA-256 of its document
	Declared bool   // by the person: it counts once pay has completed it
	Dropped  bool
	By       int64
	At       int64
}

// monthOf reads « 2026-11 ».
func monthOf(s string) date.Month { m, _ := date.ParseMonth(s); return m }

func scanPayPerson(scan func(...any) error, p *PayPerson) error {
	body := ""
	if err := scan(&p.Person, &p.From, &body, &p.By, &p.At); err != nil {
		return err
	}
	return json.Unmarshal([]byte(body), &p.Known)
}

// PayPersons returns what pay knows of everybody on a day, by person.
func (tx *Tx) PayPersons(on date.Day) (map[int64]PayPerson, error) {
	rows, err := list(tx, `SELECT person_id, from_day, body, by_id, at FROM pay_person WHERE coop_id = $1 AND from_day <= $2 ORDER BY person_id, from_day`, []any{tx.coop, on.String()}, scanPayPerson)
	all := map[int64]PayPerson{}
	for _, p := range rows {
		all[p.Person] = p
	}
	return all, err
}

// PayPersonOf returns what pay knows of one person, by day.
func (tx *Tx) PayPersonOf(person int64) ([]PayPerson, error) {
	return list(tx, `SELECT person_id, from_day, body, by_id, at FROM pay_person WHERE coop_id = $1 AND person_id = $2 ORDER BY from_day`, []any{tx.coop, person}, scanPayPerson)
}

// SavePayPerson writes what pay knows of a person from a day on, in the place of what was written for the same day.
func (tx *Tx) SavePayPerson(p PayPerson) error {
	body, err := json.Marshal(p.Known)
	if err == nil {
		_, err = tx.exec(`INSERT INTO pay_person (coop_id, person_id, from_day, body, by_id, at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (coop_id, person_id, from_day) DO UPDATE SET body = excluded.body, by_id = excluded.by_id, at = excluded.at`,
			tx.coop, p.Person, p.From.String(), string(body), p.By, tx.now)
	}
	return err
}

func scanPayTerms(scan func(...any) error, t *PayTerms) error {
	body := ""
	if err := scan(&t.Contract, &t.From, &body, &t.By, &t.At); err != nil {
		return err
	}
	return json.Unmarshal([]byte(body), &t.Terms)
}

// PayTerms returns the terms of every contract on a day, by contract.
func (tx *Tx) PayTerms(on date.Day) (map[int64]PayTerms, error) {
	rows, err := list(tx, `SELECT contract_id, from_day, body, by_id, at FROM pay_terms WHERE coop_id = $1 AND from_day <= $2 ORDER BY contract_id, from_day`, []any{tx.coop, on.String()}, scanPayTerms)
	all := map[int64]PayTerms{}
	for _, t := range rows {
		if t.Terms.Number == "" { // an amendment that says nothing of it leaves the contract its number
			t.Terms.Number = all[t.Contract].Terms.Number
		}
		all[t.Contract] = t
	}
	return all, err
}

// PayTermsOf returns the terms of one contract, by day.
func (tx *Tx) PayTermsOf(contract int64) ([]PayTerms, error) {
	rows, err := list(tx, `SELECT contract_id, from_day, body, by_id, at FROM pay_terms WHERE coop_id = $1 AND contract_id = $2 ORDER BY from_day`, []any{tx.coop, contract}, scanPayTerms)
	for i := range rows {
		if i > 0 && rows[i].Terms.Number == "" {
			rows[i].Terms.Number = rows[i-1].Terms.Number
		}
	}
	return rows, err
}

// SavePayTerms writes the terms of a contract from a day on, in the place of what was written for the same day.
func (tx *Tx) SavePayTerms(t PayTerms) error {
	body, err := json.Marshal(t.Terms)
	if err == nil {
		_, err = tx.exec(`INSERT INTO pay_terms (coop_id, contract_id, from_day, body, by_id, at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (coop_id, contract_id, from_day) DO UPDATE SET body = excluded.body, by_id = excluded.by_id, at = excluded.at`,
			tx.coop, t.Contract, t.From.String(), string(body), t.By, tx.now)
	}
	return err
}

const payRequestColumns = `id, person_id, contract_id, month, until_month, kind, amount, state, body, by_id, at`

func scanPayRequest(scan func(...any) error, r *PayRequest) error {
	var month, until string
	if err := scan(&r.ID, &r.Person, &r.Contract, &month, &until, &r.Kind, &r.Amount, &r.State, &r.Body, &r.By, &r.At); err != nil {
		return err
	}
	r.Month, r.Until = monthOf(month), monthOf(until)
	return nil
}

// PayRequestsFor returns what is asked for a month, by contract, the last asked winning.
func (tx *Tx) PayRequestsFor(m date.Month) (map[int64]PayRequest, error) {
	rows, err := list(tx, `SELECT `+payRequestColumns+` FROM pay_request WHERE coop_id = $1 AND until_month >= $2 AND month <= $2 AND state = 'asked' ORDER BY id`, []any{tx.coop, m.String()}, scanPayRequest)
	all := map[int64]PayRequest{}
	for _, r := range rows {
		all[r.Contract] = r
	}
	return all, err
}

// PayRequestsOf returns everything a contract was asked for, the last first.
func (tx *Tx) PayRequestsOf(contract int64) ([]PayRequest, error) {
	return list(tx, `SELECT `+payRequestColumns+` FROM pay_request WHERE coop_id = $1 AND contract_id = $2 ORDER BY id DESC`, []any{tx.coop, contract}, scanPayRequest)
}

// PayRequest returns one.
func (tx *Tx) PayRequest(id int64) (r PayRequest, err error) {
	rows, err := list(tx, `SELECT `+payRequestColumns+` FROM pay_request WHERE coop_id = $1 AND id = $2`, []any{tx.coop, id}, scanPayRequest)
	if err == nil && len(rows) == 0 {
		return r, fault.New(fault.NotFound, "store.pay_request_unknown")
	}
	if len(rows) > 0 {
		r = rows[0]
	}
	return r, err
}

// AddPayRequest writes what is asked.
func (tx *Tx) AddPayRequest(r *PayRequest) error {
	id, err := tx.NextID("pay_request")
	if err != nil {
		return err
	}
	r.ID, r.At = id, tx.now
	_, err = tx.exec(`INSERT INTO pay_request (coop_id, id, person_id, contract_id, month, until_month, kind, amount, state, body, by_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		tx.coop, r.ID, r.Person, r.Contract, r.Month.String(), r.Until.String(), r.Kind, int64(r.Amount), r.State, r.Body, r.By, r.At)
	return err
}

// SetPayRequest changes the last month of a request, or its state: a standing one that is replaced ends before.
func (tx *Tx) SetPayRequest(id int64, until date.Month, state string) error {
	n, err := tx.exec(`UPDATE pay_request SET until_month = $3, state = $4 WHERE coop_id = $1 AND id = $2`, tx.coop, id, until.String(), state)
	if err == nil && n == 0 {
		err = fault.New(fault.NotFound, "store.pay_request_unknown")
	}
	return err
}

const payItemColumns = `id, person_id, contract_id, month, until_month, element, amount, label, body, state, by_id, at`

func scanPayItem(scan func(...any) error, i *PayItem) error {
	var month, until, state string
	if err := scan(&i.ID, &i.Person, &i.Contract, &month, &until, &i.Element, &i.Amount, &i.Label, &i.Body, &state, &i.By, &i.At); err != nil {
		return err
	}
	i.Month, i.Until, i.Dropped = monthOf(month), monthOf(until), state != ""
	return nil
}

// PayItemsFor returns what a month brings, in the order it was written.
func (tx *Tx) PayItemsFor(m date.Month) ([]PayItem, error) {
	return list(tx, `SELECT `+payItemColumns+` FROM pay_item WHERE coop_id = $1 AND until_month >= $2 AND month <= $2 AND state = '' ORDER BY id`, []any{tx.coop, m.String()}, scanPayItem)
}

// PayItemsOf returns everything written for a contract, the last first, what was dropped included.
func (tx *Tx) PayItemsOf(contract int64) ([]PayItem, error) {
	return list(tx, `SELECT `+payItemColumns+` FROM pay_item WHERE coop_id = $1 AND contract_id = $2 ORDER BY id DESC`, []any{tx.coop, contract}, scanPayItem)
}

// AddPayItem writes an element of a month.
func (tx *Tx) AddPayItem(i *PayItem) error {
	id, err := tx.NextID("pay_item")
	if err != nil {
		return err
	}
	i.ID, i.At = id, tx.now
	_, err = tx.exec(`INSERT INTO pay_item (coop_id, id, person_id, contract_id, month, until_month, element, amount, label, body, state, by_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', $11, $12)`,
		tx.coop, i.ID, i.Person, i.Contract, i.Month.String(), i.Until.String(), i.Element, int64(i.Amount), i.Label, i.Body, i.By, i.At)
	return err
}

// PayItem returns one, dropped or not.
func (tx *Tx) PayItem(id int64) (i PayItem, err error) {
	rows, err := list(tx, `SELECT `+payItemColumns+` FROM pay_item WHERE coop_id = $1 AND id = $2`, []any{tx.coop, id}, scanPayItem)
	if err == nil && len(rows) == 0 {
		err = fault.New(fault.NotFound, "store.pay_item_unknown")
	}
	if len(rows) > 0 {
		i = rows[0]
	}
	return i, err
}

// EndPayItem makes a month the last that an element is in.
func (tx *Tx) EndPayItem(id int64, until date.Month) error {
	n, err := tx.exec(`UPDATE pay_item SET until_month = $3 WHERE coop_id = $1 AND id = $2 AND state = ''`, tx.coop, id, until.String())
	if err == nil && n == 0 {
		err = fault.New(fault.NotFound, "store.pay_item_unknown")
	}
	return err
}

// DropPayItem takes an element out of the months that are not issued yet: its trace stays.
func (tx *Tx) DropPayItem(id int64) error {
	n, err := tx.exec(`UPDATE pay_item SET state = 'dropped' WHERE coop_id = $1 AND id = $2 AND state = ''`, tx.coop, id)
	if err == nil && n == 0 {
		err = fault.New(fault.NotFound, "store.pay_item_unknown")
	}
	return err
}

const payAbsenceColumns = `id, person_id, contract_id, from_day, until_day, body, file, state, by_id, at`

func scanPayAbsence(scan func(...any) error, a *PayAbsence) error {
	state := ""
	err := scan(&a.ID, &a.Person, &a.Contract, &a.From, &a.Until, &a.Body, &a.File, &state, &a.By, &a.At)
	a.Declared, a.Dropped = state == payDeclared, state == payDropped
	return err
}

// PayAbsencesOver returns the absences that touch a stretch of days, by first day.
func (tx *Tx) PayAbsencesOver(from, until date.Day) ([]PayAbsence, error) {
	return list(tx, `SELECT `+payAbsenceColumns+` FROM pay_absence WHERE coop_id = $1 AND until_day >= $2 AND from_day <= $3 AND state = '' ORDER BY from_day, id`, []any{tx.coop, from.String(), until.String()}, scanPayAbsence)
}

// PayAbsencesSince returns every absence that a day or a later one is in, declared ones and dropped ones among them, the
// last first.
func (tx *Tx) PayAbsencesSince(from date.Day) ([]PayAbsence, error) {
	return list(tx, `SELECT `+payAbsenceColumns+` FROM pay_absence WHERE coop_id = $1 AND until_day >= $2 ORDER BY until_day DESC, id DESC`, []any{tx.coop, from.String()}, scanPayAbsence)
}

// PayAbsence returns one, dropped or not.
func (tx *Tx) PayAbsence(id int64) (a PayAbsence, err error) {
	rows, err := list(tx, `SELECT `+payAbsenceColumns+` FROM pay_absence WHERE coop_id = $1 AND id = $2`, []any{tx.coop, id}, scanPayAbsence)
	if err == nil && len(rows) == 0 {
		err = fault.New(fault.NotFound, "store.pay_absence_unknown")
	}
	if len(rows) > 0 {
		a = rows[0]
	}
	return a, err
}

// PayAbsencesOf returns the absences of a contract, the last first.
func (tx *Tx) PayAbsencesOf(contract int64) ([]PayAbsence, error) {
	return list(tx, `SELECT `+payAbsenceColumns+` FROM pay_absence WHERE coop_id = $1 AND contract_id = $2 ORDER BY from_day DESC, id DESC`, []any{tx.coop, contract}, scanPayAbsence)
}

// SavePayAbsence writes an absence.
func (tx *Tx) SavePayAbsence(a *PayAbsence) error {
	state := ""
	switch {
	case a.Dropped:
		state = payDropped
	case a.Declared:
		state = payDeclared
	}
	a.At = tx.now
	if a.ID == 0 {
		id, err := tx.NextID("pay_absence")
		if err != nil {
			return err
		}
		a.ID = id
		_, err = tx.exec(`INSERT INTO pay_absence (coop_id, id, person_id, contract_id, from_day, until_day, body, file, state, by_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
			tx.coop, a.ID, a.Person, a.Contract, a.From.String(), a.Until.String(), a.Body, a.File, state, a.By, a.At)
		return err
	}
	n, err := tx.exec(`UPDATE pay_absence SET from_day = $3, until_day = $4, body = $5, file = $6, state = $7, by_id = $8, at = $9 WHERE coop_id = $1 AND id = $2`,
		tx.coop, a.ID, a.From.String(), a.Until.String(), a.Body, a.File, state, a.By, a.At)
	if err == nil && n == 0 {
		err = fault.New(fault.NotFound, "store.pay_absence_unknown")
	}
	return err
}
