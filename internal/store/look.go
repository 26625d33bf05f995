package store

import "essaim/activity"

var insertLook = into("look", "coop_id, id, activity_id, at, by_id, body")

// LookAt returns how the papers of an activity looked at an instant; at 0, how they look now. None was ever chosen: the zero
// value.
func (tx *Tx) LookAt(activityID, at int64) (l activity.Look, err error) {
	if at == 0 {
		at = 1<<63 - 1
	}
	var body string
	found, err := tx.one(`SELECT body FROM look WHERE coop_id = $1 AND activity_id = $2 AND at <= $3 ORDER BY id DESC LIMIT 1`, []any{tx.coop, activityID, at}, &body)
	if err == nil && found {
		err = decode(body, &l)
	}
	return l, err
}

// SaveLook changes how the papers of an activity look from now on. The picture of a logo is kept by [Files.Put] before.
func (tx *Tx) SaveLook(activityID, by int64, l activity.Look, logoSize int64) error {
	id, err := tx.NextID("look")
	if err != nil {
		return err
	}
	if l.Logo != "" && logoSize > 0 {
		if err := tx.AddFile(l.Logo, "logo.png", "image/png", logoSize); err != nil {
			return err
		}
	}
	body, err := encode(l)
	if err != nil {
		return err
	}
	return tx.stage(insertLook, tx.coop, id, activityID, tx.now, by, body)
}

// Looks returns every look that the papers of an activity had, the first one first.
func (tx *Tx) Looks(activityID int64) ([]activity.Look, error) {
	return list(tx, `SELECT body FROM look WHERE coop_id = $1 AND activity_id = $2 ORDER BY id`, []any{tx.coop, activityID}, func(scan func(...any) error, l *activity.Look) error {
		var body string
		if err := scan(&body); err != nil {
			return err
		}
		return decode(body, l)
	})
}
