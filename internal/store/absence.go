package store

import (
	"essaim/date"
	"essaim/fault"
	"essaim/member"
)

// Absences returns the absences that end on a day or after it, in order of their first day; 0: all.
func (tx *Tx) Absences(from date.Day) ([]member.Absence, error) {
	return list(tx, `SELECT id, person_id, substitute_id, from_day, until_day, by_id FROM absence WHERE coop_id = $1 AND until_day >= $2 ORDER BY from_day, id`, []any{tx.coop, from.String()},
		func(scan func(...any) error, a *member.Absence) error {
			return scan(&a.ID, &a.Person, &a.Substitute, &a.From, &a.Until, &a.By)
		})
}

// SaveAbsence writes an absence: who may do what changes with it.
func (tx *Tx) SaveAbsence(a *member.Absence) error {
	if a.ID == 0 {
		id, err := tx.NextID("absence")
		if err != nil {
			return err
		}
		if _, err := tx.exec(`INSERT INTO absence (coop_id, id, person_id, substitute_id, from_day, until_day, by_id) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			tx.coop, id, a.Person, a.Substitute, a.From.String(), a.Until.String(), a.By); err != nil {
			return err
		}
		a.ID = id
		return tx.Touch()
	}
	n, err := tx.exec(`UPDATE absence SET substitute_id = $3, from_day = $4, until_day = $5 WHERE coop_id = $1 AND id = $2`, tx.coop, a.ID, a.Substitute, a.From.String(), a.Until.String())
	if err == nil && n == 0 {
		err = fault.New(fault.NotFound, "store.absence_unknown")
	}
	if err != nil {
		return err
	}
	return tx.Touch()
}

// DeleteAbsence removes one that has not begun.
func (tx *Tx) DeleteAbsence(id int64) error {
	if _, err := tx.exec(`DELETE FROM absence WHERE coop_id = $1 AND id = $2`, tx.coop, id); err != nil {
		return err
	}
	return tx.Touch()
}
