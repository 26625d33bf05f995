package store

import (
	"crypto/sha256"
	"encoding/hex"

	"essaim/activity"
	"essaim/date"
	"essaim/fault"
	"essaim/money"
)

// YearEnd says that people are asked what becomes of their part of a year's results, and until when.
type YearEnd struct {
	Year     int64
	Deadline date.Day
	By       int64
	At       int64
}

// The states of a choice.
const (
	ChoiceSigned   = "signed"
	ChoiceSilent   = "silent"   // nobody answered by the deadline: it is pay
	ChoiceReplaced = "replaced" // another came after it
)

// YearChoice is what a person chose for their part of an activity's result.
type YearChoice struct {
	ID       int64
	Year     int64
	Activity int64
	Person   int64
	State    string
	Balance  money.Cents
	Body     string // JSON of the office
	Hash     string // of the body
	By       int64
	At       int64
}

// YearEntry is what an entry of the year end took of a person's part.
type YearEntry struct {
	Entry, N int64
	Year     int64
	Activity int64
	Person   int64
	Sum      activity.YearSum
	By       int64
	At       int64
}

// YearReleased is the kind of a row that releases what was set aside of a CAPE.
const YearReleased activity.YearKind = "released"

// YearEnd returns what is asked for a year; not found: nobody was asked yet.
func (tx *Tx) YearEnd(year int64) (e YearEnd, found bool, err error) {
	e.Year = year
	found, err = tx.one(`SELECT deadline, by_id, at FROM year_end WHERE coop_id = $1 AND year_id = $2`, []any{tx.coop, year}, &e.Deadline, &e.By, &e.At)
	return e, found, err
}

// YearEnds returns the years that people were asked for, the last first.
func (tx *Tx) YearEnds() ([]YearEnd, error) {
	return list(tx, `SELECT year_id, deadline, by_id, at FROM year_end WHERE coop_id = $1 ORDER BY year_id DESC`, []any{tx.coop}, func(scan func(...any) error, e *YearEnd) error {
		return scan(&e.Year, &e.Deadline, &e.By, &e.At)
	})
}

// SaveYearEnd asks, or moves the deadline.
func (tx *Tx) SaveYearEnd(e YearEnd) error {
	_, err := tx.exec(`INSERT INTO year_end (coop_id, year_id, deadline, by_id, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (coop_id, year_id) DO UPDATE SET deadline = excluded.deadline, by_id = excluded.by_id, at = excluded.at`,
		tx.coop, e.Year, e.Deadline.String(), e.By, tx.now)
	return err
}

const yearChoiceColumns = `id, year_id, activity_id, person_id, state, balance, body, hash, by_id, at`

func scanYearChoice(scan func(...any) error, c *YearChoice) error {
	return scan(&c.ID, &c.Year, &c.Activity, &c.Person, &c.State, &c.Balance, &c.Body, &c.Hash, &c.By, &c.At)
}

// YearChoices returns the choices of a year that count, by activity and person.
func (tx *Tx) YearChoices(year int64) ([]YearChoice, error) {
	return list(tx, `SELECT `+yearChoiceColumns+` FROM year_choice WHERE coop_id = $1 AND year_id = $2 AND state <> 'replaced' ORDER BY activity_id, person_id, id`, []any{tx.coop, year}, scanYearChoice)
}

// YearChoicesOf returns what a person chose for a year and an activity, the last first, replaced choices included.
func (tx *Tx) YearChoicesOf(year, activityID, person int64) ([]YearChoice, error) {
	return list(tx, `SELECT `+yearChoiceColumns+` FROM year_choice WHERE coop_id = $1 AND year_id = $2 AND activity_id = $3 AND person_id = $4 ORDER BY id DESC`, []any{tx.coop, year, activityID, person}, scanYearChoice)
}

// ChoicesBefore returns what was chosen for an activity, or for all (0), at the ends of years that were over on a day.
func (tx *Tx) ChoicesBefore(activityID int64, day date.Day) ([]YearChoice, error) {
	return list(tx, `SELECT `+yearChoiceColumns+` FROM year_choice WHERE coop_id = $1 AND state <> 'replaced' AND ($2 = 0 OR activity_id = $2) AND year_id IN (SELECT id FROM fiscal_year WHERE coop_id = $1 AND end_day < $3) ORDER BY id`, []any{tx.coop, activityID, day.String()}, scanYearChoice)
}

// EveryYearChoice returns all choices ever written, for who verifies them.
func (tx *Tx) EveryYearChoice() ([]YearChoice, error) {
	return list(tx, `SELECT `+yearChoiceColumns+` FROM year_choice WHERE coop_id = $1 ORDER BY id`, []any{tx.coop}, scanYearChoice)
}

// YearChoice returns one.
func (tx *Tx) YearChoice(id int64) (c YearChoice, err error) {
	rows, err := list(tx, `SELECT `+yearChoiceColumns+` FROM year_choice WHERE coop_id = $1 AND id = $2`, []any{tx.coop, id}, scanYearChoice)
	if err == nil && len(rows) == 0 {
		err = fault.New(fault.NotFound, "store.year_choice_unknown")
	}
	if len(rows) > 0 {
		c = rows[0]
	}
	return c, err
}

// HashOf is the digest of a signed body, in hexadecimal.
func HashOf(body string) string {
	sum := sha256.Sum256([]byte(body))
	return hex.EncodeToString(sum[:])
}

// AddYearChoice writes a choice in the place of the one that counted.
func (tx *Tx) AddYearChoice(c *YearChoice) error {
	if _, err := tx.exec(`UPDATE year_choice SET state = 'replaced' WHERE coop_id = $1 AND year_id = $2 AND activity_id = $3 AND person_id = $4 AND state <> 'replaced'`, tx.coop, c.Year, c.Activity, c.Person); err != nil {
		return err
	}
	id, err := tx.NextID("year_choice")
	if err != nil {
		return err
	}
	c.ID, c.At, c.Hash = id, tx.now, HashOf(c.Body)
	_, err = tx.exec(`INSERT INTO year_choice (coop_id, id, year_id, activity_id, person_id, state, balance, body, hash, by_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		tx.coop, c.ID, c.Year, c.Activity, c.Person, c.State, int64(c.Balance), c.Body, c.Hash, c.By, c.At)
	return err
}

// YearEntries returns what was booked for a year.
func (tx *Tx) YearEntries(year int64) ([]YearEntry, error) {
	return list(tx, `SELECT entry_id, n, year_id, activity_id, person_id, kind, to_id, amount, charges, by_id, at FROM year_entry WHERE coop_id = $1 AND year_id = $2 ORDER BY entry_id, n`, []any{tx.coop, year}, func(scan func(...any) error, e *YearEntry) error {
		return scan(&e.Entry, &e.N, &e.Year, &e.Activity, &e.Person, &e.Sum.Kind, &e.Sum.To, &e.Sum.Amount, &e.Sum.Charges, &e.By, &e.At)
	})
}

// AddYearEntry notes what an entry took.
func (tx *Tx) AddYearEntry(e YearEntry) error {
	_, err := tx.exec(`INSERT INTO year_entry (coop_id, entry_id, n, year_id, activity_id, person_id, kind, to_id, amount, charges, by_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		tx.coop, e.Entry, e.N, e.Year, e.Activity, e.Person, string(e.Sum.Kind), e.Sum.To, int64(e.Sum.Amount), int64(e.Sum.Charges), e.By, tx.now)
	return err
}
