package store

import (
	"essaim/activity"
	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/ledger"
	"essaim/money"
)

// activityBody is what no query asks for: kept as JSON.
type activityBody struct {
	Trade     string   `json:"trade"`
	Email     string   `json:"email,omitempty"`
	Phone     string   `json:"phone,omitempty"`
	Natures   []string `json:"natures,omitempty"`
	Tax       string   `json:"tax,omitempty"`
	Gross     bool     `json:"gross,omitempty"`
	Insurance string   `json:"insurance,omitempty"`

	InsuranceUntil date.Day              `json:"insuranceUntil,omitempty"`
	Cover          coop.Cover            `json:"cover,omitzero"`
	PolicyFrom     date.Day              `json:"policyFrom,omitempty"`
	Earlier        []activity.Assignment `json:"policies,omitempty"`
	Terms          string                `json:"terms,omitempty"`
	TermsConsumers string                `json:"termsConsumers,omitempty"`
}

const activityColumns = `id, code, name, opened, closed, advisor_id, policy_id, reserve, reserve_on, body`

func scanActivity(scan func(...any) error, a *activity.Activity) error {
	var text string
	if err := scan(&a.ID, &a.Code, &a.Name, &a.Opened, &a.Closed, &a.Advisor, &a.Policy, &a.Reserve, &a.ReserveOn, &text); err != nil {
		return err
	}
	var b activityBody
	err := decode(text, &b)
	a.Trade, a.Email, a.Phone, a.Natures, a.Tax, a.Gross, a.Insurance = b.Trade, b.Email, b.Phone, b.Natures, b.Tax, b.Gross, b.Insurance
	a.PolicyFrom, a.Earlier = b.PolicyFrom, b.Earlier
	a.InsuranceUntil, a.Cover = b.InsuranceUntil, b.Cover
	a.Terms, a.TermsConsumers = b.Terms, b.TermsConsumers
	return err
}

// Activities returns every activity with its shares, by code.
func (tx *Tx) Activities() ([]activity.Activity, error) {
	all, err := list(tx, `SELECT `+activityColumns+` FROM activity WHERE coop_id = $1 ORDER BY code`, []any{tx.coop}, scanActivity)
	if err != nil {
		return nil, err
	}
	at := make(map[int64]int, len(all))
	for i := range all {
		at[all[i].ID] = i
	}
	err = tx.rows(`SELECT activity_id, person_id, from_day, until_day, parts FROM activity_share WHERE coop_id = $1 ORDER BY activity_id, n`, []any{tx.coop}, func(scan func(...any) error) error {
		var id int64
		var s activity.Share
		err := scan(&id, &s.Person, &s.From, &s.Until, &s.Parts)
		if i, ok := at[id]; ok {
			all[i].Shares = append(all[i].Shares, s)
		}
		return err
	})
	return all, err
}

// Activity returns one activity with its shares.
func (tx *Tx) Activity(id int64) (activity.Activity, error) {
	var a activity.Activity
	found := false
	err := tx.rows(`SELECT `+activityColumns+` FROM activity WHERE coop_id = $1 AND id = $2`, []any{tx.coop, id}, func(scan func(...any) error) error {
		found = true
		return scanActivity(scan, &a)
	})
	if err == nil && !found {
		err = fault.New(fault.NotFound, "store.activity_unknown")
	}
	if err != nil {
		return a, err
	}
	a.Shares, err = list(tx, `SELECT person_id, from_day, until_day, parts FROM activity_share WHERE coop_id = $1 AND activity_id = $2 ORDER BY n`, []any{tx.coop, id}, func(scan func(...any) error, s *activity.Share) error {
		return scan(&s.Person, &s.From, &s.Until, &s.Parts)
	})
	return a, err
}

// SaveActivity writes an activity, its shares and its section. A new one takes the next id of the sections, from
// [ledger.FirstActivity] on.
func (tx *Tx) SaveActivity(a *activity.Activity) error {
	body, err := encode(activityBody{Trade: a.Trade, Email: a.Email, Phone: a.Phone, Natures: a.Natures, Tax: a.Tax, Gross: a.Gross, Insurance: a.Insurance,
		InsuranceUntil: a.InsuranceUntil, Cover: a.Cover, PolicyFrom: a.PolicyFrom, Earlier: a.Earlier, Terms: a.Terms, TermsConsumers: a.TermsConsumers})
	if err != nil {
		return err
	}
	if err := tx.codeFree(a.Code, a.ID); err != nil {
		return err
	}
	search := Normal(a.Code + " " + a.Name + " " + a.Trade)
	if a.ID == 0 {
		if err := tx.SkipIDs("section", ledger.FirstActivity); err != nil {
			return err
		}
		id, err := tx.NextID("section")
		if err != nil {
			return err
		}
		if _, err := tx.exec(`INSERT INTO section (coop_id, id, code, name) VALUES ($1, $2, $3, $4)`, tx.coop, id, a.Code, a.Name); err != nil {
			return err
		}
		if _, err := tx.exec(`INSERT INTO activity (coop_id, id, code, name, opened, closed, advisor_id, policy_id, reserve, reserve_on, body, search) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
			tx.coop, id, a.Code, a.Name, a.Opened.String(), a.Closed.String(), a.Advisor, a.Policy, int64(a.Reserve), a.ReserveOn.String(), body, search); err != nil {
			return err
		}
		a.ID = id
	} else {
		n, err := tx.exec(`UPDATE activity SET code = $3, name = $4, opened = $5, closed = $6, advisor_id = $7, policy_id = $8, reserve = $9, reserve_on = $10, body = $11, search = $12 WHERE coop_id = $1 AND id = $2`,
			tx.coop, a.ID, a.Code, a.Name, a.Opened.String(), a.Closed.String(), a.Advisor, a.Policy, int64(a.Reserve), a.ReserveOn.String(), body, search)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.NotFound, "store.activity_unknown")
		}
		if _, err := tx.exec(`UPDATE section SET code = $3, name = $4 WHERE coop_id = $1 AND id = $2`, tx.coop, a.ID, a.Code, a.Name); err != nil {
			return err
		}
		if _, err := tx.exec(`DELETE FROM activity_share WHERE coop_id = $1 AND activity_id = $2`, tx.coop, a.ID); err != nil {
			return err
		}
	}
	for i, s := range a.Shares {
		if _, err := tx.exec(`INSERT INTO activity_share (coop_id, activity_id, n, person_id, from_day, until_day, parts) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			tx.coop, a.ID, i+1, s.Person, s.From.String(), s.Until.String(), s.Parts); err != nil {
			return err
		}
	}
	return tx.Touch()
}

// codeFree says whether a section's code is not another's.
func (tx *Tx) codeFree(code string, id int64) error {
	var other int64
	var name string
	found, err := tx.one(`SELECT id, name FROM section WHERE coop_id = $1 AND code = $2`, []any{tx.coop, code}, &other, &name)
	if err == nil && found && other != id {
		return &fault.Error{Kind: fault.Conflict, Field: "code", Key: "store.code_taken", Args: []any{"code", code, "name", name}}
	}
	return err
}

// SetReserve keeps the reserve that the entrepreneurs of an activity chose, and the day they chose it.
func (tx *Tx) SetReserve(id int64, reserve money.Cents, on date.Day) error {
	n, err := tx.exec(`UPDATE activity SET reserve = $3, reserve_on = $4 WHERE coop_id = $1 AND id = $2`, tx.coop, id, int64(reserve), on.String())
	if err == nil && n == 0 {
		return fault.New(fault.NotFound, "store.activity_unknown")
	}
	return err
}
