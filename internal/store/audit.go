package store

import (
	"crypto/sha256"
	"encoding/binary"
	"strings"

	"essaim/ledger"
)

// AuditRow is one change that someone made.
type AuditRow struct {
	ID      int64
	At      int64 // microseconds UTC
	By      int64 // person, 0: the program
	Action  string
	Subject string // "invoice:12"
	Detail  string // JSON
}

// LoginNote is a change of what protects a login: its password, its passkeys, its sessions. A login belongs to no
// cooperative; the change leaves the note, in the same transaction, as work to do: it is then written in the log of each
// cooperative that the login opens.
type LoginNote struct {
	Login  int64          `json:"login"`
	Action string         `json:"action"` // "login.password"
	Detail map[string]any `json:"detail,omitempty"`
	Self   bool           `json:"self"`   // by the person
	Coop   int64          `json:"coop"`   // only in the log of this cooperative; 0: of all that the login opens
	By     int64          `json:"by"`     // person of Coop who did it, when it is another
	Person int64          `json:"person"` // whose login it is there; 0: whoever the login opens Coop for
}

// JobLoginNote is the kind of the jobs that write notes.
const JobLoginNote = "login.note"

// NoteLogin leaves a note, if this operation is committed.
func (tx *Tx) NoteLogin(n LoginNote) error {
	if tx.coop != 0 {
		return errNotGlobal
	}
	_, err := tx.AddJob(JobLoginNote, n, tx.now)
	return err
}

var insertAudit = into("audit", "coop_id, id, at, by_id, action, subject, detail, chain")

// digest is the SHA-256 of a row in a canonical form, each text with its length before it.
func (r *AuditRow) digest() [sha256.Size]byte {
	b := make([]byte, 0, 160)
	num := func(n int64) { b = binary.AppendVarint(b, n) }
	text := func(s string) { num(int64(len(s))); b = append(b, s...) }
	text("essaim audit 1")
	num(r.ID)
	num(r.At)
	num(r.By)
	text(r.Action)
	text(r.Subject)
	text(r.Detail)
	return sha256.Sum256(b)
}

// Audit records who did what to what, and links it to the chain of the log: its id is its place there. detail is kept as
// JSON; nil is none.
func (tx *Tx) Audit(by int64, action, subject string, detail any) error {
	text := ""
	if detail != nil {
		var err error
		if text, err = encode(detail); err != nil {
			return err
		}
	}
	head, err := tx.head("audit")
	if err != nil {
		return err
	}
	if head.seq == 0 { // what was written before there was a chain keeps its places
		if _, err := tx.one(`SELECT COALESCE(MAX(id), 0) FROM audit WHERE coop_id = $1`, []any{tx.coop}, &head.seq); err != nil {
			return err
		}
	}
	r := AuditRow{ID: head.seq + 1, At: tx.now, By: by, Action: action, Subject: subject, Detail: text}
	digest := r.digest()
	chain := ledger.Link(head.head, digest[:])
	tx.setHead("audit", chainState{r.ID, chain})
	return tx.stage(insertAudit, tx.coop, r.ID, r.At, r.By, r.Action, r.Subject, r.Detail, chain)
}

// Events stands for the deeds that the event journal of a software that records payments holds (CGI art. 286-I-3° bis):
// closings and openings, what is put right, exports, parameters and rights.
const Events = "events"

// MoneyEvents stands for those of them that are about money and its rules, and name nobody's rights.
const MoneyEvents = "events.money"

var events = []string{
	"closing.", "month.", "year.", "payment.reversed", "payment.reassigned", "taking.reversed", "till.reversed", "payout.reversed", "remittance.reversed", "till.count", "entry.reverse",
	"export.", "rule.", "cooperative.",
	"person.grant", "person.withdraw", "person.admit", "person.dismiss", "login.",
}

// ofMoney are the first of them.
const ofMoney = 14

// AuditFilter selects changes.
type AuditFilter struct {
	By      int64
	Subject string
	Action  string     // or its beginning followed by a point: "sale."; or [Events]
	Spans   [][2]int64 // when there are any, only of an instant from the first of one, before its second
	Before  int64      // only ids below: the last of the page before
	Limit   int        // 0: 50
}

// Audits returns changes, the newest first.
func (tx *Tx) Audits(f AuditFilter) ([]AuditRow, error) {
	w := where{args: []any{tx.coop}}
	if f.By != 0 {
		w.add("by_id = ?", f.By)
	}
	if f.Subject != "" {
		w.add("subject = ?", f.Subject)
	}
	switch n := len(f.Action); {
	case n == 0:
	case f.Action == Events || f.Action == MoneyEvents:
		of := events
		if f.Action == MoneyEvents {
			of = events[:ofMoney]
		}
		conds, args := make([]string, len(of)), make([]any, 0, 2*len(of))
		for i, e := range of {
			conds[i] = "substr(action, 1, ?) = ?"
			args = append(args, len(e), e)
		}
		w.add("("+strings.Join(conds, " OR ")+")", args...)
	case f.Action[n-1] == '.':
		w.add("substr(action, 1, ?) = ?", n, f.Action)
	default:
		w.add("action = ?", f.Action)
	}
	if len(f.Spans) > 0 {
		conds, args := make([]string, len(f.Spans)), make([]any, 0, 2*len(f.Spans))
		for i, s := range f.Spans {
			conds[i] = "at >= ? AND at < ?"
			args = append(args, s[0], s[1])
		}
		w.add("("+strings.Join(conds, " OR ")+")", args...)
	}
	if f.Before != 0 {
		w.add("id < ?", f.Before)
	}
	return list(tx, w.text(`SELECT id, at, by_id, action, subject, detail FROM audit WHERE coop_id = $1`, ` ORDER BY id DESC LIMIT CAST(? AS BIGINT)`, atMost(f.Limit)), w.args,
		func(scan func(...any) error, r *AuditRow) error {
			return scan(&r.ID, &r.At, &r.By, &r.Action, &r.Subject, &r.Detail)
		})
}
