package office

import (
	"strconv"
	"strings"

	"essaim/date"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/joint"
	"essaim/money"
	"essaim/sale"
)

// notYet begins the natures under which money was received that is no turnover yet: deposits, until they are cleared. They
// are shared when they become the nature itself.
const notYet = "deposit/"

// collectedOf is the net turnover collected of an invoice so far.
func collectedOf(inv sale.Document) (sum money.Cents) {
	for nature, net := range inv.Settled.Net {
		if !strings.HasPrefix(nature, notYet) {
			sum += net
		}
	}
	return sum
}

// effectiveNet is the net of an invoice less its credit notes.
func effectiveNet(inv sale.Document) money.Cents {
	net := inv.Totals.Net
	for _, p := range inv.Settled.Credited {
		net -= p.Net
	}
	return net
}

// passOn gives the other activities what an event collected for them, or takes it back: their part of a shared deal, and the
// internal invoices that were to be paid with it. It looks at what the invoices have become and books
// *rounded(cumulated) − booked*: the order of parts, reversals and credit notes does not matter.
func (o *Office) passOn(tx *store.Tx, effect sale.Effect, day date.Day, payment int64) error {
	for _, inv := range effect.Invoices {
		if store.HasAxis(&inv) {
			if err := o.shareInvoice(tx, inv, effect.Entry.By, day, payment); err != nil {
				return err
			}
		}
		waiting, err := tx.Awaiting(inv.ID)
		if err != nil {
			return err
		}
		for _, i := range waiting {
			if i.Status != joint.Accepted && i.Status != joint.Booked {
				continue
			}
			was := i.Paid
			if err := o.payAwaited(tx, effect.Entry.By, &i, inv, day, payment); err != nil {
				return err
			}
			if i.Paid == was {
				continue
			}
			if err := tx.SaveInternal(&i); err != nil {
				return err
			}
			if err := tx.AddJointEvent(store.ThingInternal, i.ID, "paid", (i.Paid - was).String(), effect.Entry.By, ""); err != nil {
				return err
			}
		}
	}
	return nil
}

// payAwaited brings an internal invoice up to what its receiver's customer has paid.
func (o *Office) payAwaited(tx *store.Tx, by int64, i *joint.Invoice, inv sale.Document, day date.Day, payment int64) error {
	return o.payInternal(tx, by, i, joint.Due(i.Net, collectedOf(inv), effectiveNet(inv)), day, i.Number, inv.ID, payment)
}

// shareInvoice notes what an invoice has collected on each axis, and brings each deal among them up to its key.
func (o *Office) shareInvoice(tx *store.Tx, inv sale.Document, by int64, day date.Day, payment int64) error {
	buckets, err := tx.Buckets(inv.ID)
	if err != nil || len(buckets) == 0 {
		return err
	}
	buckets = joint.Spread(buckets, collectedOf(inv))
	if err := tx.SetBuckets(inv.ID, buckets); err != nil {
		return err
	}
	done := map[int64]bool{}
	for _, b := range buckets {
		if b.Axis == 0 {
			continue
		}
		d, found, err := tx.DealOnAxis(b.Axis)
		if err != nil {
			return err
		}
		if !found || done[d.ID] {
			continue
		}
		done[d.ID] = true
		if err := o.shareDeal(tx, d, inv, by, day, payment); err != nil {
			return err
		}
	}
	return nil
}

func (o *Office) shareDeal(tx *store.Tx, d joint.Deal, inv sale.Document, by int64, day date.Day, payment int64) error {
	collected, err := tx.CollectedOn(d.ID)
	if err != nil {
		return err
	}
	booked, err := sharedSoFar(tx, d.ID)
	if err != nil {
		return err
	}
	ids := make([]int64, len(d.Members))
	for n, m := range d.Members {
		ids[n] = m.Activity
	}
	names, err := o.activityNames(tx, ids...)
	if err != nil {
		return err
	}
	var moves []joint.Move
	for n, due := range d.Parts(collected) {
		m := d.Members[n]
		if m.Activity == d.Lead || due == booked[m.Activity] {
			continue
		}
		moves = append(moves, joint.Move{From: d.Lead, To: m.Activity, FromName: names[d.Lead], ToName: names[m.Activity], Amount: due - booked[m.Activity], Axis: d.ID, What: d.Title + " (" + inv.Number + ")"})
	}
	if len(moves) == 0 {
		return nil
	}
	e := joint.Entry(day, inv.Number, joint.DealDocument(d.ID), french.T("joint.entry.share", "deal", d.Title, "number", inv.Number), moves)
	e.By = by
	if err := tx.Post(&e); err != nil {
		return err
	}
	for _, m := range moves {
		if err := tx.AddJointPart(store.JointPart{Entry: e.ID, Activity: m.To, From: m.From, Deal: d.ID, Sale: inv.ID, Payment: payment, Day: day, Amount: m.Amount}); err != nil {
			return err
		}
	}
	if !d.Begun {
		d.Begun = true
		if err := tx.SaveDeal(&d); err != nil {
			return err
		}
	}
	touched := map[int64]date.Day{d.Lead: day}
	for _, m := range moves {
		touched[m.To] = day
	}
	return o.contributeAll(tx, touched, inv.Number)
}

// sharedSoFar is what a deal has passed on to each activity.
func sharedSoFar(tx *store.Tx, deal int64) (map[int64]money.Cents, error) {
	parts, err := tx.PartsOfDeal(deal)
	if err != nil {
		return nil, err
	}
	sums := map[int64]money.Cents{}
	for _, p := range parts {
		sums[p.Activity] += p.Amount
	}
	return sums, nil
}

// checkDeals refuses a document that bears the axis of a deal led by another activity, of one who is not of it, or, for what
// asks for money, of one that not everybody has agreed to yet or that is closed.
func (o *Office) checkDeals(tx *store.Tx, d sale.Document) error {
	if !store.HasAxis(&d) || d.Kind == sale.CreditNote {
		return nil
	}
	for n, l := range d.Content.Lines {
		if l.Axis == 0 {
			continue
		}
		deal, found, err := tx.DealOnAxis(l.Axis)
		if err != nil {
			return err
		}
		field := "lines[" + strconv.Itoa(n) + "].axis"
		if _, ok := deal.On(l.Axis); !found || !ok || deal.Lead != d.Activity { // no other axis is offered on a sale
			return fault.At(field, "joint.fault.deal_elsewhere")
		}
		if d.Kind == sale.Invoice && deal.Status != joint.Agreed {
			return fault.At(field, "joint.fault.not."+string(deal.Status), "deal", deal.Title)
		}
	}
	return nil
}
