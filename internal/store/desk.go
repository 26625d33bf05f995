package store

import (
	"essaim/sale"
)

// DeskFilter selects what waits for a reader.
type DeskFilter struct {
	Kind       sale.Kind // "": all
	Activities []int64   // when not nil, only of these
	NotAuthor  int64     // a reader does not read their own
	Before     int64     // submitted before this instant; 0: any
	After      DeskPlace // only what comes after the last of the page before
	Limit      int       // 0: 50
}

// DeskPlace is where a document stands in the queue.
type DeskPlace struct{ At, ID int64 }

// where follows the columns of the index sale_desk, whose condition must stand word for word.
func (f DeskFilter) where(tx *Tx) where {
	w := where{args: []any{tx.coop}}
	w.add("status = 'submitted'")
	if f.Before != 0 {
		w.add("submitted_at < ?", f.Before)
	}
	if f.Kind != "" {
		w.add("kind = " + literal(f.Kind))
	}
	if f.Activities != nil {
		w.in("activity_id", f.Activities)
	}
	if f.NotAuthor != 0 {
		w.add("author_id <> ?", f.NotAuthor)
	}
	return w
}

// Desk returns a page of what waits for a reader, the oldest submission first.
func (tx *Tx) Desk(f DeskFilter) ([]SaleRow, error) {
	w := f.where(tx)
	if f.After != (DeskPlace{}) {
		w.add("(submitted_at, id) > (?, ?)", f.After.At, f.After.ID)
	}
	return list(tx, w.text(`SELECT `+saleRowColumns+` FROM sale`+tx.db.d.using("sale_desk")+` WHERE coop_id = $1`, ` ORDER BY submitted_at, id LIMIT CAST(? AS BIGINT)`, atMost(f.Limit)), w.args, scanSaleRow)
}

// DeskSize is how many documents [Tx.Desk] goes through, whatever the page; upTo counts those up to a place, it included.
func (tx *Tx) DeskSize(f DeskFilter, upTo DeskPlace) (n int, err error) {
	w := f.where(tx)
	if upTo != (DeskPlace{}) {
		w.add("(submitted_at, id) <= (?, ?)", upTo.At, upTo.ID)
	}
	_, err = tx.one(w.text(`SELECT COUNT(*) FROM sale`+tx.db.d.using("sale_desk")+` WHERE coop_id = $1`, ""), w.args, &n)
	return n, err
}

// Answer is one answer of a reader: when the document came, and when it was answered.
type Answer struct{ Submitted, At int64 }

// Answers returns the latest answers of readers, of those since an instant; what left alone was never waited for.
func (tx *Tx) Answers(since int64, limit int) ([]Answer, error) {
	return list(tx, `SELECT e.at, COALESCE((SELECT MAX(s.at) FROM sale_event s WHERE s.coop_id = e.coop_id AND s.sale_id = e.sale_id AND s.n < e.n AND s.deed = 'submit'), 0)
		FROM sale_event e`+tx.db.d.using("sale_event_answer")+` WHERE e.coop_id = $1 AND e.deed IN ('validate', 'return') AND e.at >= $2 ORDER BY e.at DESC, e.sale_id DESC LIMIT CAST($3 AS BIGINT)`,
		[]any{tx.coop, since, limit}, func(scan func(...any) error, a *Answer) error { return scan(&a.At, &a.Submitted) })
}

// AnswerStamp moves whenever a document changes: what was told from [Tx.Answers] is still true while it does not.
func (tx *Tx) AnswerStamp() (int64, error) { return tx.stampOf("sale") }

// Review is a document that left alone, picked to be read afterwards (practice 34).
type Review struct {
	Sale     int64
	Activity int64
	Author   int64
	Picked   int64  // microseconds UTC
	Verdict  string // "", fine, remark, credit
	Remark   string
	By       int64
	At       int64
}

// ReviewRow is a review with its document as a list shows it.
type ReviewRow struct {
	Review
	Row SaleRow
}

var insertReview = into("review", "coop_id, sale_id, activity_id, author_id, picked, verdict, remark, by_id, at")

// AddReview picks a document.
func (tx *Tx) AddReview(d *sale.Document) error {
	return tx.stage(insertReview, tx.coop, d.ID, d.Activity, d.Author, tx.now, "", "", int64(0), int64(0))
}

const reviewColumns = `sale_id, activity_id, author_id, picked, verdict, remark, by_id, at`

func scanReview(scan func(...any) error, r *Review) error {
	return scan(&r.Sale, &r.Activity, &r.Author, &r.Picked, &r.Verdict, &r.Remark, &r.By, &r.At)
}

// Review returns the review of a document.
func (tx *Tx) Review(id int64) (r Review, found bool, err error) {
	err = tx.rows(`SELECT `+reviewColumns+` FROM review WHERE coop_id = $1 AND sale_id = $2`, []any{tx.coop, id}, func(scan func(...any) error) error {
		found = true
		return scanReview(scan, &r)
	})
	return r, found, err
}

// SaveReview writes what a reader said.
func (tx *Tx) SaveReview(r Review) error {
	_, err := tx.exec(`UPDATE review SET verdict = $3, remark = $4, by_id = $5, at = $6 WHERE coop_id = $1 AND sale_id = $2`, tx.coop, r.Sale, r.Verdict, r.Remark, r.By, r.At)
	return err
}

// Reviews returns the reviews of a verdict ("": those that wait), the oldest picked first, of some activities when they
// are not nil.
func (tx *Tx) Reviews(verdict string, activities []int64, notAuthor int64, limit int) ([]ReviewRow, error) {
	w := where{args: []any{tx.coop, verdict}}
	if activities != nil && len(activities) == 0 {
		return nil, nil
	}
	if activities != nil {
		w.in("activity_id", activities)
	}
	if notAuthor != 0 {
		w.add("author_id <> ?", notAuthor)
	}
	all, err := list(tx, w.text(`SELECT `+reviewColumns+` FROM review WHERE coop_id = $1 AND verdict = $2`, ` ORDER BY picked, sale_id LIMIT CAST(? AS BIGINT)`, atMost(limit)), w.args, scanReview)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	ids := make([]int64, len(all))
	for i, r := range all {
		ids[i] = r.Sale
	}
	w = where{args: []any{tx.coop}}
	w.in("id", ids)
	found := map[int64]SaleRow{}
	rows, err := list(tx, w.text(`SELECT `+saleRowColumns+` FROM sale WHERE coop_id = $1`, ""), w.args, scanSaleRow)
	for _, r := range rows {
		found[r.ID] = r
	}
	full := make([]ReviewRow, len(all))
	for i, r := range all {
		full[i] = ReviewRow{r, found[r.Sale]}
	}
	return full, err
}

// ReviewCount is how many reviews of an activity and an author have a verdict.
type ReviewCount struct {
	Activity, Author int64
	Verdict          string
	N                int
}

// ReviewCounts counts those picked since an instant, and those that wait whenever they were picked.
func (tx *Tx) ReviewCounts(since int64) ([]ReviewCount, error) {
	return list(tx, `SELECT activity_id, author_id, verdict, COUNT(*) FROM review`+tx.db.d.using("review_waiting")+` WHERE coop_id = $1 AND verdict IN ('fine', 'remark', 'credit') AND picked >= $2 GROUP BY activity_id, author_id, verdict
		UNION ALL SELECT activity_id, author_id, verdict, COUNT(*) FROM review`+tx.db.d.using("review_waiting")+` WHERE coop_id = $1 AND verdict = '' GROUP BY activity_id, author_id, verdict ORDER BY 1, 2, 3`,
		[]any{tx.coop, since}, func(scan func(...any) error, c *ReviewCount) error {
			return scan(&c.Activity, &c.Author, &c.Verdict, &c.N)
		})
}
