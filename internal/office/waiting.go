package office

import (
	"cmp"
	"context"
	"slices"

	"essaim/access"
	"essaim/internal/store"
	"essaim/sale"
)

// Waiting is what waits in an activity: what the entrepreneur has to do next, what the team is reading, what customers
// owe.
type Waiting struct {
	None      bool            // no document was ever written
	Agreed    []store.SaleRow // quotes accepted from which no invoice was made yet, the oldest first
	Returned  []Returned      // sent back by a reader, the latest first
	Drafts    []store.SaleRow // the latest first
	Submitted []store.SaleRow // being read, the latest first
	Owed      []store.SaleRow // invoices with something to receive, the oldest due day first
}

// Returned is a document sent back, with the reader's words.
type Returned struct {
	store.SaleRow
	Comment string
	Line    int // line the comment is on, from 1; 0: the whole
	By      string
}

// Bounds of what waits: the latest accepted quotes that are looked at, and the lists.
const (
	agreedMost = 30
	openMost   = 200
	owedMost   = 2000
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
		for _, r := range open {
			switch r.Status {
			case sale.Draft:
				w.Drafts = append(w.Drafts, r)
			case sale.Submitted:
				w.Submitted = append(w.Submitted, r)
			default:
				back, err := returnedOf(tx, r)
				if err != nil {
					return err
				}
				w.Returned = append(w.Returned, back)
			}
		}
		if w.Agreed, err = agreed(tx, activityID); err != nil {
			return err
		}
		if w.Owed, err = tx.Sales(store.SaleFilter{Activity: activityID, State: "unpaid", Today: a.Today, Limit: owedMost}); err != nil {
			return err
		}
		slices.SortFunc(w.Owed, func(x, y store.SaleRow) int { return cmp.Or(cmp.Compare(x.Due, y.Due), cmp.Compare(x.ID, y.ID)) })
		if len(open) == 0 && len(w.Agreed) == 0 && len(w.Owed) == 0 {
			any, err := tx.Sales(store.SaleFilter{Activity: activityID, Limit: 1})
			w.None = len(any) == 0
			return err
		}
		return nil
	})
	return w, err
}

// returnedOf finds the words with which a document was sent back last.
func returnedOf(tx *store.Tx, r store.SaleRow) (Returned, error) {
	back := Returned{SaleRow: r}
	events, err := tx.Events(r.ID)
	for _, e := range events {
		if e.Deed == string(sale.DeedReturn) {
			back.Comment, back.Line, back.By = e.Comment, e.Line, e.ByName
		}
	}
	return back, err
}

// agreed returns the accepted quotes that no invoice was made from.
func agreed(tx *store.Tx, activityID int64) ([]store.SaleRow, error) {
	quotes, err := tx.Sales(store.SaleFilter{Activity: activityID, Kind: sale.Quote, Status: []sale.Status{sale.Accepted}, Limit: agreedMost})
	if err != nil {
		return nil, err
	}
	var list []store.SaleRow
	for _, q := range quotes {
		from, err := tx.SalesFrom(q.ID)
		if err != nil {
			return nil, err
		}
		if len(from) == 0 {
			list = append(list, q)
		}
	}
	slices.Reverse(list)
	return list, nil
}
