package office

import (
	"context"

	"essaim/access"
	"essaim/internal/store"
	"essaim/sale"
)

// Waiting is what waits in an activity: what the entrepreneur has to do next, what the team is reading, what customers
// owe.
type Waiting struct {
	None      bool            // no document was ever written
	Agreed    []ToInvoice     // quotes accepted of which something remains to be invoiced, the oldest first
	Returned  []Returned      // sent back by a reader, the latest first
	Withdrawn []WithdrawnRow  // quotes that a consumer withdrew from, as long as there is something to do, the latest first
	Drafts    []store.SaleRow // the latest first
	Submitted []store.SaleRow // being read, the latest first
	Owed      []store.SaleRow // the first invoices with something to receive, the oldest due day first
	OwedCount int             // how many there are
	Late      int             // how many of them are past their day
}

// Returned is a document sent back, with the reader's words.
type Returned struct {
	store.SaleRow
	Comment string
	Line    int // line the comment is on, from 1; 0: the whole
	By      string
}

// Bounds of what waits.
const (
	agreedShown = 3 // accepted quotes of which the next step is told
	openMost    = 200
	owedMost    = 12
)

// Waiting returns what waits in an activity, in one reading.
func (o *Office) Waiting(ctx context.Context, a access.Actor, activityID int64) (w Waiting, err error) {
	if err := can(a, access.ViewDocument, access.Subject{Activity: activityID}); err != nil {
		return w, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		open, err := tx.Sales(store.SaleFilter{Activity: activityID, Status: []sale.Status{sale.Draft, sale.Submitted, sale.Returned}, Limit: openMost})
		if err != nil {
			return err
		}
		var ids []int64
		for _, r := range open {
			if r.Status == sale.Returned {
				ids = append(ids, r.ID)
			}
		}
		words, err := tx.SentBack(ids)
		if err != nil {
			return err
		}
		for _, r := range open {
			switch r.Status {
			case sale.Draft:
				w.Drafts = append(w.Drafts, r)
			case sale.Submitted:
				w.Submitted = append(w.Submitted, r)
			default:
				e := words[r.ID]
				w.Returned = append(w.Returned, Returned{SaleRow: r, Comment: e.Comment, Line: e.Line, By: e.ByName})
			}
		}
		if w.Agreed, err = toInvoice(tx, activityID, 0, agreedShown); err != nil {
			return err
		}
		if w.Withdrawn, err = withdrawnRows(tx, activityID, a.Today); err != nil {
			return err
		}
		if w.Owed, err = tx.OldestDue(activityID, owedMost); err != nil {
			return err
		}
		for state, n := range map[string]*int{"unpaid": &w.OwedCount, "overdue": &w.Late} {
			sum, err := tx.SaleTotals(store.SaleFilter{Activity: activityID, State: state, Today: a.Today})
			if err != nil {
				return err
			}
			*n = sum.Count
		}
		if len(open) == 0 && len(w.Agreed) == 0 && len(w.Withdrawn) == 0 && len(w.Owed) == 0 {
			any, err := tx.Sales(store.SaleFilter{Activity: activityID, Limit: 1})
			w.None = len(any) == 0
			return err
		}
		return nil
	})
	return w, err
}
