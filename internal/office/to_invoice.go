package office

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"essaim/access"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/money"
	"essaim/sale"
)

// ToInvoice is an accepted quote of which something remains to be invoiced; its amounts are in the currency of the quote.
type ToInvoice struct {
	store.SaleRow
	Asked   money.Cents // by its invoices so far, deposits comprised
	Left    money.Cents // still to be asked; 0 when deposits have paid it whole and the balance is to be made
	Waiting bool        // a deposit waits to be deducted
	Started bool        // something was invoiced of it
	Next    *sale.Term  // what its schedule asks next; nil: it has none, or nobody looked
	Amount  money.Cents // of it, tax included
}

const (
	agreedMost = 200 // the latest accepted quotes of an activity that are looked at
	agreedNext = 20  // of how many the next step is looked up
)

// ToInvoice lists the accepted quotes of an activity, or of one customer of it, of which something remains to be invoiced,
// the oldest first. One that is being invoiced, by a draft or before a reader, is not among them.
func (o *Office) ToInvoice(ctx context.Context, a access.Actor, activityID, customer int64) (list []ToInvoice, err error) {
	if err := can(a, access.ViewDocument, access.Subject{Activity: activityID}); err != nil {
		return nil, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		list, err = toInvoice(tx, activityID, customer, agreedNext)
		return err
	})
	return list, err
}

func toInvoice(tx *store.Tx, activityID, customer int64, next int) ([]ToInvoice, error) {
	quotes, err := tx.Sales(store.SaleFilter{Activity: activityID, Customer: customer, Kind: sale.Quote, Status: []sale.Status{sale.Accepted}, Limit: agreedMost})
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(quotes))
	for i, q := range quotes {
		ids[i] = q.ID
	}
	asked, err := tx.AskedOf(ids)
	if err != nil {
		return nil, err
	}
	slices.Reverse(quotes)
	var list []ToInvoice
	for _, q := range quotes {
		x := asked[q.ID]
		left := max(0, q.Whole(q.Gross).Amount-x.Gross)
		if x.Draft || x.Last || x.Closed || left == 0 && !x.Waiting {
			continue
		}
		t := ToInvoice{SaleRow: q, Asked: x.Gross, Left: left, Waiting: x.Waiting, Started: x.Made}
		if len(list) < next {
			if err := nextOf(tx, &t); err != nil {
				return nil, err
			}
		}
		list = append(list, t)
	}
	return list, nil
}

// nextOf finds what the schedule of a quote asks next.
func nextOf(tx *store.Tx, t *ToInvoice) error {
	quote, err := tx.Sale(t.ID)
	if err != nil || len(quote.Content.Schedule) == 0 {
		return err
	}
	quote = quote.Taken()
	var made []sale.Document
	if t.Started {
		if made, err = invoicesOf(tx, quote.ID); err != nil {
			return err
		}
	}
	i := sale.NextTerm(quote, made)
	if i < 0 {
		return nil
	}
	t.Next, t.Amount = &quote.Content.Schedule[i], sale.TermAmounts(quote.Content.Schedule, quote.Totals.Own().Gross)[i]
	if t.Next.Stage == sale.Balance {
		t.Amount = t.Left
	}
	return nil
}

// CloseQuote says that nothing more will be invoiced of an accepted quote: the work was less than agreed, or the customer
// gave up. It leaves what remains to be invoiced; opening it again brings it back.
func (o *Office) CloseQuote(ctx context.Context, a access.Actor, id int64, reason string, open bool) error {
	reason = strings.TrimSpace(reason)
	if err := checkReason(reason, !open); err != nil {
		return err
	}
	return o.write(ctx, a, func(tx *store.Tx) error {
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		d, err := tx.Sale(id)
		if err != nil {
			return absent(a, access.DraftDocument, err)
		}
		if err := can(a, access.DraftDocument, of(set, d)); err != nil {
			return err
		}
		today, err := tx.Today()
		if err != nil {
			return err
		}
		deed, day := "closed", today
		if open {
			deed, day = "opened_again", date.Day(0)
		}
		switch {
		case d.Kind != sale.Quote || d.Status != sale.Accepted:
			return fault.New(fault.Conflict, "office.quote_not_accepted")
		case open == (d.Settled.Closed == 0):
			return nil // so it stands already
		}
		d.Settled.Closed = day
		if err := tx.SaveSale(&d); err != nil {
			return err
		}
		if err := tx.AddEvent(id, deed, reason, 0, a.Person, a.Name); err != nil {
			return err
		}
		return tx.Audit(a.Person, "sale."+deed, fmt.Sprintf("quote:%d", id), map[string]any{"number": d.Number, "comment": reason})
	})
}
