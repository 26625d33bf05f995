package store

// AuditRow is one change that someone made.
type AuditRow struct {
	ID      int64
	At      int64 // microseconds UTC
	By      int64 // person, 0: the program
	Action  string
	Subject string // "invoice:12"
	Detail  string // JSON
}

var insertAudit = into("audit", "coop_id, id, at, by_id, action, subject, detail")

// Audit records who did what to what. detail is kept as JSON; nil is none.
func (tx *Tx) Audit(by int64, action, subject string, detail any) error {
	text := ""
	if detail != nil {
		var err error
		if text, err = encode(detail); err != nil {
			return err
		}
	}
	id, err := tx.NextID("audit")
	if err != nil {
		return err
	}
	return tx.stage(insertAudit, tx.coop, id, tx.now, by, action, subject, text)
}

// AuditFilter selects changes.
type AuditFilter struct {
	By      int64
	Subject string
	Action  string // or its beginning followed by a point: "sale."
	Before  int64  // only ids below: the last of the page before
	Limit   int    // 0: 50
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
	case f.Action[n-1] == '.':
		w.add("substr(action, 1, ?) = ?", n, f.Action)
	default:
		w.add("action = ?", f.Action)
	}
	if f.Before != 0 {
		w.add("id < ?", f.Before)
	}
	return list(tx, w.text(`SELECT id, at, by_id, action, subject, detail FROM audit WHERE coop_id = $1`, ` ORDER BY id DESC LIMIT CAST(? AS BIGINT)`, atMost(f.Limit)), w.args,
		func(scan func(...any) error, r *AuditRow) error {
			return scan(&r.ID, &r.At, &r.By, &r.Action, &r.Subject, &r.Detail)
		})
}
