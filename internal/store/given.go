package store

import (
	"context"
	"time"
)

// What the store else makes by itself, random or by the machine's clock, given instead: a demonstration that comes out
// the same to the byte needs it, and so does whoever puts back what was written elsewhere.

// AddLogin records a login as it is given, its handle too; its id and instant are the store's. The address must be free.
func (tx *Tx) AddLogin(l Login) (Login, error) {
	if tx.coop != 0 {
		return Login{}, errNotGlobal
	}
	id, err := tx.NextID("login")
	if err != nil {
		return Login{}, err
	}
	l.ID, l.Email, l.Created = id, CleanEmail(l.Email), tx.now
	_, err = tx.execGlobal(`INSERT INTO login (id, email, password, totp, totp_on, totp_step, handle, lang, disabled, created) VALUES ($1, $2, $3, '', 0, 0, $4, $5, 0, $6)`,
		l.ID, l.Email, l.Password, l.Handle, l.Lang, l.Created)
	return l, err
}

// DateSchema writes an instant as that at which the schema was brought up to date, in the place of the machine's.
func (db *DB) DateSchema(ctx context.Context, at time.Time) error {
	_, err := db.owner.ExecContext(ctx, `UPDATE goose_db_version SET tstamp = $1`, at.UTC().Format("2006-01-02 15:04:05"))
	return db.d.classify(err)
}

// PassJobs marks as done, without doing them, the jobs of a kind that still wait: those whose work is done all the same
// when somebody asks for it.
func (tx *Tx) PassJobs(kind string) (int64, error) {
	return tx.exec(`UPDATE job SET state = 'done' WHERE coop_id = $1 AND kind = $2 AND state = 'waiting'`, tx.coop, kind)
}
