package store

import (
	"essaim/date"
	"essaim/fault"
	"essaim/money"
)

// Announcement is money that somebody says to have received: it counts nowhere until the team has it (practice 48).
type Announcement struct {
	ID       int64
	Activity int64
	Customer int64 // 0: told in words
	Sale     int64 // invoice it pays, 0: not told
	Means    string
	Amount   money.Cents
	Day      date.Day
	Word     string
	State    AnnouncementState
	Payment  int64
	Answer   string // why it was declined
	By, At   int64
	DoneBy   int64
	DoneAt   int64

	Number string `json:"-"` // of that invoice, as it is read
	Buyer  string `json:"-"` // and who is to pay it
}

// AnnouncementState says what became of it.
type AnnouncementState string

// The states.
const (
	Announced AnnouncementState = "announced"
	Received  AnnouncementState = "received"
	Declined  AnnouncementState = "declined"
	Withdrawn AnnouncementState = "withdrawn"
)

var insertAnnouncement = into("announcement", "coop_id, id, activity_id, customer_id, sale_id, means, amount, day, word, state, payment_id, answer, by_id, at, done_by, done_at")

const announcementColumns = `id, activity_id, customer_id, sale_id, means, amount, day, word, state, payment_id, answer, by_id, at, done_by, done_at,
	COALESCE((SELECT number FROM sale s WHERE s.coop_id = $1 AND s.id = announcement.sale_id), ''),
	COALESCE((SELECT buyer FROM sale s WHERE s.coop_id = $1 AND s.id = announcement.sale_id), '')`

func scanAnnouncement(scan func(...any) error, a *Announcement) error {
	return scan(&a.ID, &a.Activity, &a.Customer, &a.Sale, &a.Means, (*int64)(&a.Amount), &a.Day, &a.Word, (*string)(&a.State), &a.Payment, &a.Answer, &a.By, &a.At, &a.DoneBy, &a.DoneAt, &a.Number, &a.Buyer)
}

// AddAnnouncement keeps what somebody announces.
func (tx *Tx) AddAnnouncement(a *Announcement) error {
	id, err := tx.NextID("announcement")
	if err != nil {
		return err
	}
	a.ID, a.At, a.State = id, tx.now, Announced
	return tx.stage(insertAnnouncement, tx.coop, a.ID, a.Activity, a.Customer, a.Sale, a.Means, int64(a.Amount), a.Day.String(), a.Word, string(a.State), a.Payment, a.Answer, a.By, a.At, a.DoneBy, a.DoneAt)
}

// EndAnnouncement notes what became of one that was waiting.
func (tx *Tx) EndAnnouncement(a *Announcement) error {
	a.DoneAt = tx.now
	n, err := tx.exec(`UPDATE announcement SET state = $3, payment_id = $4, answer = $5, done_by = $6, done_at = $7 WHERE coop_id = $1 AND id = $2 AND state = 'announced'`,
		tx.coop, a.ID, string(a.State), a.Payment, a.Answer, a.DoneBy, a.DoneAt)
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "till.fault.announced_done")
	}
	return err
}

// Announcement returns one.
func (tx *Tx) Announcement(id int64) (Announcement, error) {
	all, err := list(tx, `SELECT `+announcementColumns+` FROM announcement WHERE coop_id = $1 AND id = $2`, []any{tx.coop, id}, scanAnnouncement)
	if err == nil && len(all) == 0 {
		err = fault.New(fault.NotFound, "store.announcement_unknown")
	}
	if err != nil {
		return Announcement{}, err
	}
	return all[0], nil
}

// Announcements returns those in a state ("": any), of one activity or of all (0), the latest first.
func (tx *Tx) Announcements(state AnnouncementState, activity int64, limit int) ([]Announcement, error) {
	w := where{args: []any{tx.coop}}
	if state != "" {
		w.add("state = ?", string(state))
	}
	if activity != 0 {
		w.add("activity_id = ?", activity)
	}
	return list(tx, w.text(`SELECT `+announcementColumns+` FROM announcement WHERE coop_id = $1`, ` ORDER BY id DESC LIMIT CAST(? AS BIGINT)`, atMost(limit)), w.args, scanAnnouncement)
}
