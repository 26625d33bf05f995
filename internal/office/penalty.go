package office

import (
	"context"
	"slices"

	"essaim/access"
	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/money"
	"essaim/sale"
)

// What customers who paid late are asked for besides: computed from their invoices and payments, never typed. What is not
// asked is given up without a word.

// penaltyInvoices bounds the invoices of one document: two lines for each at most.
const penaltyInvoices = sale.MaxLines / 2

// Penalties is what a customer may be asked for having paid late.
type Penalties struct {
	Customer sale.Customer
	Owing    bool         // customers of its kind owe interest and indemnity
	Claims   []sale.Claim // of each invoice what was not asked yet, the oldest due day first
	More     int          // invoices beyond those
	Unread   date.Day     // the half-year whose rates nobody has read yet; 0: all were
	Asked    []sale.Document
}

// Total is what the claims come to.
func (p Penalties) Total() (sum money.Cents) {
	for _, c := range p.Claims {
		sum += c.Total()
	}
	return sum
}

// Penalties returns what a customer may be asked for being late today, and what was asked already.
func (o *Office) Penalties(ctx context.Context, a access.Actor, customer int64) (p Penalties, err error) {
	err = o.read(ctx, a, func(tx *store.Tx) error {
		c, rules, err := o.mayPenalise(tx, a, customer)
		if err != nil {
			return err
		}
		p, err = penalties(tx, c, rules, a.Today)
		return err
	})
	return p, err
}

// mayPenalise reads a customer whom the actor may remind, with the rules of the day.
func (o *Office) mayPenalise(tx *store.Tx, a access.Actor, customer int64) (c sale.Customer, rules coop.Rules, err error) {
	if c, err = tx.Customer(customer); err != nil {
		return c, rules, absent(a, access.RemindCustomer, err)
	}
	if rules, err = o.rulesToday(tx, a); err != nil {
		return c, rules, err
	}
	_, err = mayRemind(a, rules.Reminders, c.Activity)
	return c, rules, err
}

func penalties(tx *store.Tx, c sale.Customer, rules coop.Rules, today date.Day) (p Penalties, err error) {
	p = Penalties{Customer: c, Owing: c.Kind.OwesLate()}
	if !p.Owing {
		return p, nil
	}
	late, err := tx.LateInvoices(c.ID, today)
	if err != nil {
		return p, err
	}
	ids := make([]int64, len(late))
	for i, d := range late {
		ids[i] = d.ID
	}
	received, err := tx.ReceivedOf(ids)
	if err != nil {
		return p, err
	}
	asked, err := tx.AskedLate(ids)
	if err != nil {
		return p, err
	}
	terms, err := newLateTerms(tx, rules)
	if err != nil {
		return p, err
	}
	for _, d := range late {
		bound, err := terms.of(d.Date)
		if err != nil {
			return p, err
		}
		l := sale.LateOf(d, c.Kind, bound, received[d.ID], today)
		claim := sale.ClaimOf(d, l, asked[d.ID])
		switch {
		case claim.Total() == 0:
			continue
		case len(p.Claims) == penaltyInvoices:
			p.More++
			continue
		}
		p.Claims = append(p.Claims, claim)
		if l.Guessed && (p.Unread == 0 || l.Unread < p.Unread) {
			p.Unread = l.Unread
		}
	}
	p.Asked, err = tx.PenaltiesOf(c.ID)
	return p, err
}

// PenaltyPick is what is asked of one invoice.
type PenaltyPick struct {
	Invoice         int64
	Interest, Forty bool
}

// AskPenalties makes the document that asks a customer for what some of their invoices owe for being late; seen is the sum that
// whoever asks has read, nil for a program that reads none. Nobody reads it before it leaves: it holds what was computed.
func (o *Office) AskPenalties(ctx context.Context, a access.Actor, customer int64, picks []PenaltyPick, seen *money.Cents) (d sale.Document, err error) {
	what := struct {
		Customer int64
		Picks    []PenaltyPick
	}{customer, picks}
	err = o.writeOnce(ctx, a, "penalties", what, reread(&d), func(tx *store.Tx) (int64, error) {
		today, err := tx.Today()
		if err != nil {
			return 0, err
		}
		a.Today = today
		c, rules, err := o.mayPenalise(tx, a, customer)
		if err != nil {
			return 0, err
		}
		p, err := penalties(tx, c, rules, today)
		if err != nil {
			return 0, err
		}
		if !p.Owing {
			return 0, fault.At("customer", "sale.fault.penalty_consumer")
		}
		claims := picked(p.Claims, picks)
		if len(claims) == 0 {
			return 0, fault.At("claims", "office.penalty_none")
		}
		var sum money.Cents
		for _, x := range claims {
			sum += x.Total()
		}
		if seen != nil && *seen != sum {
			return 0, fault.At("claims", "office.penalty_changed", "amount", sum)
		}
		d, err = o.askPenalties(tx, a, c, claims, today)
		return d.ID, err
	})
	return d, err
}

// picked are the claims that are asked, without what of them is not.
func picked(all []sale.Claim, picks []PenaltyPick) (claims []sale.Claim) {
	for _, c := range all {
		i := slices.IndexFunc(picks, func(p PenaltyPick) bool { return p.Invoice == c.Invoice })
		if i < 0 {
			continue
		}
		if !picks[i].Interest {
			c.Interest = 0
		}
		if !picks[i].Forty {
			c.Forty = 0
		}
		if c.Total() > 0 {
			claims = append(claims, c)
		}
	}
	return claims
}

func (o *Office) askPenalties(tx *store.Tx, a access.Actor, c sale.Customer, claims []sale.Claim, today date.Day) (sale.Document, error) {
	d := sale.Document{Kind: sale.Invoice, Activity: c.Activity, Customer: c.ID, Status: sale.Draft, Author: a.Person, Created: tx.Now(), Content: sale.PenaltyOf(claims, today)}
	first, err := tx.Sale(claims[0].Invoice)
	if err != nil {
		return d, err
	}
	// A public buyer finds what it pays by its own references (practice 21).
	d.Content.OrderRef, d.Content.Service, d.Content.Commitment, d.Content.Contract = first.Content.OrderRef, first.Content.Service, first.Content.Commitment, first.Content.Contract
	f, err := o.facts(tx, d)
	if err != nil {
		return d, err
	}
	if err := sale.CheckSubmit(d, f); err != nil {
		return d, err
	}
	if d.Totals, err = sale.Amounts(d, f); err != nil {
		return d, err
	}
	d.ReadRule, _, _ = sale.Read(d, f)
	if err := tx.SaveSale(&d); err != nil {
		return d, err
	}
	if err := o.log(tx, a, &d, "create", "", 0); err != nil {
		return d, err
	}
	if err := o.issue(tx, a, &d, f, 0); err != nil {
		return d, err
	}
	if err := tx.AddPenalties(&d); err != nil {
		return d, err
	}
	for _, x := range claims {
		if err := tx.AddEvent(x.Invoice, "penalised", d.Number, 0, a.Person, a.Name); err != nil {
			return d, err
		}
	}
	return d, nil
}
