package store

import (
	"context"
	"time"

	"essaim/fault"
)

// Job is work that follows a commit: it is done at least once.
type Job struct {
	ID      int64
	Kind    string
	Args    string // JSON
	Attempt int    // from 1
}

var insertJob = into("job", "coop_id, id, kind, args, state, run_at, attempt, locked_until, error, created")

// AddJob leaves work to be done from an instant (microseconds UTC) on, if this operation is committed.
func (tx *Tx) AddJob(kind string, args any, runAt int64) (int64, error) {
	text, err := encode(args)
	if err != nil {
		return 0, err
	}
	id, err := tx.NextID("job")
	if err != nil {
		return 0, err
	}
	tx.Wake("jobs")
	return id, tx.stage(insertJob, tx.coop, id, kind, text, "waiting", runAt, 0, int64(0), "", tx.now)
}

// ClaimJob takes the job that has waited longest among those due, of the kinds named or of any. It is the caller's until
// the lease ends; then another may take it, so that the work of a program that died is done all the same.
func (db *DB) ClaimJob(ctx context.Context, coop int64, lease time.Duration, kinds ...string) (Job, bool, error) {
	var job Job
	found := false
	err := db.Write(ctx, coop, func(tx *Tx) error {
		job, found = Job{}, false
		w := where{args: []any{coop}}
		set := w.number(`UPDATE job SET state = 'running', attempt = attempt + 1, locked_until = ? WHERE coop_id = $1`, []any{tx.now + lease.Microseconds()})
		w.add(`(state = 'waiting' AND run_at <= ? OR state = 'running' AND locked_until <= ?)`, tx.now, tx.now)
		if len(kinds) > 0 {
			w.inTexts("kind", kinds)
		}
		due := w.text(`SELECT id FROM job WHERE coop_id = $1 AND state <> 'done'`, ` ORDER BY run_at, id LIMIT 1`)
		var err error
		found, err = tx.one(set+` AND id = (`+due+`) RETURNING id, kind, args, attempt`, w.args, &job.ID, &job.Kind, &job.Args, &job.Attempt)
		return err
	})
	return job, found, err
}

// retries are the delays before a job that failed is tried again; after the last it stays failed.
var retries = []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 12 * time.Hour}

// errorMax bounds the text kept of an error, in bytes.
const errorMax = 2000

// FinishJob records the end of an attempt: done, or to be tried again later, or failed for good. An attempt whose lease
// ended and whose job another took changes nothing.
func (db *DB) FinishJob(ctx context.Context, coop int64, job Job, failed error) error {
	return db.Write(ctx, coop, func(tx *Tx) error {
		state, told, runAt := "done", "", tx.now
		if failed != nil {
			if state, told = "failed", failed.Error(); job.Attempt <= len(retries) {
				state, runAt = "waiting", tx.now+retries[job.Attempt-1].Microseconds()
			}
		}
		_, err := tx.exec(`UPDATE job SET state = $4, error = $5, run_at = $6, locked_until = 0, args = CASE WHEN state = 'running' AND $7 = 1 THEN '' ELSE args END WHERE coop_id = $1 AND id = $2 AND attempt = $3 AND state = 'running'`,
			coop, job.ID, job.Attempt, state, cut(told, errorMax), runAt, flag(failed == nil)) // a letter's secret link does not outlive its sending
		return err
	})
}

// cut shortens a text to at most max bytes, at the start of a character.
func cut(s string, max int) string {
	if len(s) <= max {
		return s
	}
	for max > 0 && s[max]&0xc0 == 0x80 {
		max--
	}
	return s[:max]
}

// CoopsWithJobs returns the cooperatives with a job that is due.
func (db *DB) CoopsWithJobs(ctx context.Context) ([]int64, error) {
	var all []int64
	err := db.Wide(ctx, func(tx *Tx) error {
		var err error
		all, err = list(tx, `SELECT DISTINCT coop_id FROM job`+tx.db.d.using("job_waiting")+` WHERE state <> 'done' AND (state = 'waiting' AND run_at <= $1 OR state = 'running' AND locked_until <= $1) ORDER BY coop_id`, []any{tx.now},
			func(scan func(...any) error, id *int64) error { return scan(id) })
		return err
	})
	return all, err
}

// Mail is a message that left, or is about to, about a document.
type Mail struct {
	ID        int64
	Sale      int64
	Recipient string
	Subject   string
	Word      string // what the sender added before the usual text
	MessageID string
	State     string // queued, handed over, doubtful, failed
	Error     string
	Created   int64 // microseconds UTC
	Changed   int64
}

var insertMail = into("mail", "coop_id, id, sale_id, recipient, subject, word, message_id, state, error, created, changed")

const mailColumns = `id, sale_id, recipient, subject, word, message_id, state, error, created, changed`

func scanMail(scan func(...any) error, m *Mail) error {
	return scan(&m.ID, &m.Sale, &m.Recipient, &m.Subject, &m.Word, &m.MessageID, &m.State, &m.Error, &m.Created, &m.Changed)
}

// AddMail records a message to be sent.
func (tx *Tx) AddMail(m *Mail) error {
	id, err := tx.NextID("mail")
	if err != nil {
		return err
	}
	state := m.State
	if state == "" {
		state = "queued"
	}
	if err := tx.stage(insertMail, tx.coop, id, m.Sale, m.Recipient, m.Subject, m.Word, m.MessageID, state, m.Error, tx.now, tx.now); err != nil {
		return err
	}
	m.ID, m.State, m.Created, m.Changed = id, state, tx.now, tx.now
	return nil
}

// SetMail records what became of a message; told is what the other side said when it went wrong.
func (tx *Tx) SetMail(id int64, state, told string) error {
	n, err := tx.exec(`UPDATE mail SET state = $3, error = $4, changed = $5 WHERE coop_id = $1 AND id = $2`, tx.coop, id, state, cut(told, errorMax), tx.now)
	if err == nil && n == 0 {
		err = fault.New(fault.NotFound, "store.mail_unknown")
	}
	return err
}

// Mails returns the messages about a document, in order.
func (tx *Tx) Mails(sale int64) ([]Mail, error) {
	return list(tx, `SELECT `+mailColumns+` FROM mail WHERE coop_id = $1 AND sale_id = $2 ORDER BY +id`, []any{tx.coop, sale}, scanMail)
}

// MailByID returns one message.
func (tx *Tx) MailByID(id int64) (Mail, error) {
	all, err := list(tx, `SELECT `+mailColumns+` FROM mail WHERE coop_id = $1 AND id = $2`, []any{tx.coop, id}, scanMail)
	if err == nil && len(all) == 0 {
		err = fault.New(fault.NotFound, "store.mail_unknown")
	}
	if err != nil {
		return Mail{}, err
	}
	return all[0], nil
}
