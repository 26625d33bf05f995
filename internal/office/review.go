package office

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"essaim/access"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/sale"
)

// The verdicts of a reading afterwards.
const (
	VerdictFine   = "fine"
	VerdictRemark = "remark" // with a word for the author
	VerdictCredit = "credit" // a credit note is needed; with a word too
)

// DeedReviewed tells in the history of a document that it was read afterwards; its comment is the word for the author.
const DeedReviewed = "reviewed"

// Reviews is what was picked to be read afterwards (practice 34).
type Reviews struct {
	Waiting []store.ReviewRow
	Done    []store.ReviewRow // those that deserved a word, of the last three months
	Counts  map[string]int    // by verdict, of those picked in the last three months; "" those that wait
	Percent int               // of what leaves alone
}

const reviewSpan = 92 // days

// Reviews returns what waits to be read afterwards and what was found.
func (o *Office) Reviews(ctx context.Context, a access.Actor) (r Reviews, err error) {
	if err := can(a, access.ReadDesk, access.Subject{}); err != nil {
		return r, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		rules, err := o.near.of(tx.Coop(), set).rulesOn(a.Today)
		if err != nil {
			return err
		}
		r = Reviews{Percent: rules.Trust.SamplePercent, Counts: map[string]int{}}
		since := instantOf(a.Today-reviewSpan, set.Zone)
		counts, err := tx.ReviewCounts(since)
		if err != nil {
			return err
		}
		mine := []int64{}
		for _, c := range counts {
			if mayRead(a, c.Activity, c.Author, "") {
				r.Counts[c.Verdict] += c.N
				mine = append(mine, c.Activity)
			}
		}
		slices.Sort(mine)
		mine = slices.Compact(mine)
		keep := func(rows []store.ReviewRow) []store.ReviewRow {
			return slices.DeleteFunc(rows, func(x store.ReviewRow) bool { return !mayRead(a, x.Activity, x.Author, x.Row.Kind) })
		}
		waiting, err := tx.Reviews("", mine, a.Person, 0)
		if err != nil {
			return err
		}
		r.Waiting = keep(waiting)
		for _, verdict := range []string{VerdictCredit, VerdictRemark} {
			done, err := tx.Reviews(verdict, mine, a.Person, 0)
			if err != nil {
				return err
			}
			r.Done = append(r.Done, slices.DeleteFunc(keep(done), func(x store.ReviewRow) bool { return x.Picked < since })...)
		}
		return nil
	})
	return r, err
}

// ReviewOf returns what a document's reading afterwards said; found is false when it was not picked, or is not for the actor.
func (o *Office) ReviewOf(ctx context.Context, a access.Actor, id int64) (r store.Review, found bool, err error) {
	err = o.read(ctx, a, func(tx *store.Tx) error {
		_, s, err := document(tx, a, id)
		if err != nil || can(a, access.ValidateDocument, s) != nil {
			return err
		}
		r, found, err = tx.Review(id)
		return err
	})
	return r, found, err
}

// Review says what a document that left alone is worth, once read: nobody reads their own. Its author is told the word.
func (o *Office) Review(ctx context.Context, a access.Actor, id int64, verdict, remark string) error {
	remark = strings.TrimSpace(remark)
	switch {
	case verdict != VerdictFine && verdict != VerdictRemark && verdict != VerdictCredit:
		return fault.At("verdict", "office.review_verdict")
	case len(remark) > maxWord || remark == "" && verdict != VerdictFine:
		return fault.At("remark", "office.review_remark")
	}
	var d sale.Document
	return o.writeOnce(ctx, a, DeedReviewed, [3]any{id, verdict, remark}, reread(&d), func(tx *store.Tx) (int64, error) {
		var s access.Subject
		var err error
		if d, s, err = document(tx, a, id); err != nil {
			return 0, err
		}
		if err := can(a, access.ValidateDocument, s); err != nil {
			return 0, err
		}
		r, found, err := tx.Review(id)
		switch {
		case err != nil:
			return 0, err
		case !found:
			return 0, fault.New(fault.NotFound, "office.review_none")
		case r.Verdict != "":
			return 0, fault.New(fault.Conflict, "office.review_done")
		}
		r.Verdict, r.Remark, r.By, r.At = verdict, remark, a.Person, tx.Now()
		if err := tx.SaveReview(r); err != nil {
			return 0, err
		}
		if err := tx.AddEvent(id, DeedReviewed, remark, 0, a.Person, a.Name); err != nil {
			return 0, err
		}
		return id, tx.Audit(a.Person, store.SaleReviewed, fmt.Sprintf("%s:%d", d.Kind, id), map[string]any{"number": d.Number, "comment": remark, "verdict": verdict})
	})
}
