package office

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"essaim/access"
	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/money"
	"essaim/sale"
)

// Receive records money received from a customer: one or several invoices, in parts; what exceeds is kept as an advance
// when the person said so (payment.Excess), and so is what came before its invoice (payment.Ahead), which is then used on
// the day of the invoice. It is never edited afterwards.
func (o *Office) Receive(ctx context.Context, a access.Actor, p sale.Payment, key string) (sale.Payment, error) {
	var saved sale.Payment
	err := o.write(ctx, a, func(tx *store.Tx) error {
		saved = p
		if id, done, err := once(tx, a, "payment", key, p); err != nil || done {
			if err == nil {
				saved, err = tx.Payment(id)
			}
			return err
		}
		if err := o.receive(tx, a, &saved, undoing{}); err != nil {
			return err
		}
		return keep(tx, a, "payment", key, p, saved.ID)
	})
	return saved, err
}

// paidBy is who pays and for what, for who may record it; the payment takes the activity of its customer.
func (o *Office) paidBy(tx *store.Tx, a access.Actor, p *sale.Payment) (set *store.Settings, customer sale.Customer, recs []sale.Receivable, err error) {
	if set, err = tx.Settings(); err != nil {
		return nil, customer, nil, err
	}
	if customer, err = tx.Customer(p.Customer); err != nil {
		return nil, customer, nil, absent(a, access.RecordPayment, err)
	}
	p.Activity = customer.Activity
	if err = can(a, access.RecordPayment, ofPaid(set, *p)); err != nil {
		return nil, customer, nil, err
	}
	recs, err = o.receivables(tx, a, p.Allocations)
	return set, customer, recs, err
}

// receive records a payment and books the contribution of the activities it touched, and of those that what was undone
// for it touched on the same day. A cheque that was deposited before it was undone stays at the bank.
func (o *Office) receive(tx *store.Tx, a access.Actor, p *sale.Payment, undone undoing) error {
	set, customer, recs, err := o.paidBy(tx, a, p)
	if err != nil {
		return err
	}
	if err := paidTooSoon(tx, set, customer, p.Allocations, p.Date); err != nil {
		return err
	}
	if err := keptTooSoon(tx, set, customer, *p); err != nil {
		return err
	}
	facts, err := o.payFacts(tx, customer, recs)
	if err != nil {
		return err
	}
	if p.Means == sale.GivenUp {
		if facts.GivenUp, err = givenUp(tx, recs); err != nil {
			return err
		}
	}
	asked := p.Convert(recs)
	first, uses := asked.Split(recs, func(day date.Day) date.Day { return bearing(set, day) })
	if len(uses) > 0 { // what is refused is told of what was typed
		late := asked
		late.Date = facts.Today
		if err := late.Check(recs, facts.Today); err != nil {
			return err
		}
	}
	*p = first
	if err := p.Check(recs, facts.Today); err != nil {
		return err
	}
	facts.Bears = booksDay(set, p.Date, facts.Today)
	if p.ID, err = tx.NextPayment(); err != nil { // its entry names it
		return err
	}
	effect, err := sale.Receive(*p, recs, facts)
	if err != nil {
		return err
	}
	if undone.deposited {
		atBank(effect)
	}
	touched, err := o.bookPayment(tx, a, p, effect, 0, "payment")
	if err != nil {
		return err
	}
	maps.Copy(touched, undone.touched)
	if err := o.contributeAll(tx, touched, effect.Entry.Ref); err != nil {
		return err
	}
	for i := range uses {
		if err := o.receive(tx, a, &uses[i], undoing{}); err != nil {
			return err
		}
	}
	return nil
}

// bearing returns the first day, from a day on, that the books can still bear: the day itself when its month is open.
func bearing(set *store.Settings, day date.Day) date.Day {
	for i, y := range set.Years { // in order
		switch {
		case i == 0 && day < y.Span.Start: // before the books: refused
			return day
		case day > y.Span.End:
			continue
		}
		if open := (ledger.Books{Year: y}).FirstOpen(); open != 0 {
			return max(day, open)
		}
	}
	return day // refused by the check of the entry
}

// booksDay is [bearing] as far as that day has come: what comes to it before is refused, as its month is closed.
func booksDay(set *store.Settings, day, today date.Day) date.Day {
	if on := bearing(set, day); on <= today {
		return on
	}
	return day
}

// bookPayment returns the activities whose turnover the payment touched, and when: their contribution is still to be booked.
func (o *Office) bookPayment(tx *store.Tx, a access.Actor, p *sale.Payment, effect sale.Effect, reverses int64, action string) (touched map[int64]date.Day, err error) {
	id, err := tx.NextPayment()
	if err != nil {
		return nil, err
	}
	doc := fmt.Sprintf("payment:%d", id)
	effect.Entry.Document, effect.Entry.By = doc, a.Person
	for i := range effect.Entry.Lines {
		if l := &effect.Entry.Lines[i]; l.Account != ledger.DepositsHeld && l.Account != ledger.DepositsBilled { // known by their invoice
			l.Document = doc
		}
	}
	if err := tx.Post(&effect.Entry); err != nil {
		return nil, err
	}
	p.Entry, p.Booked, p.By, p.At = effect.Entry.ID, effect.Entry.Date, a.Person, tx.Now()
	if err := tx.AddPayment(p, reverses); err != nil {
		return nil, err
	}
	if err := o.settle(tx, effect, effect.Entry.Date, p.ID); err != nil {
		return nil, err
	}
	touched = map[int64]date.Day{}
	for _, inv := range effect.Invoices {
		if err := tx.AddEvent(inv.ID, action, p.Amount.String(), 0, a.Person, a.Name); err != nil {
			return nil, err
		}
		touched[inv.Activity] = effect.Entry.Date
	}
	if p.Means == sale.GivenUp && reverses == 0 { // recorded like a payment, and no money came
		action = "payment.cents"
	}
	return touched, tx.Audit(a.Person, action, doc, map[string]any{"customer": p.Customer, "reverses": reverses})
}

func (o *Office) receivables(tx *store.Tx, a access.Actor, allocations []sale.Allocation) ([]sale.Receivable, error) {
	set, err := tx.Settings()
	if err != nil {
		return nil, err
	}
	recs := make([]sale.Receivable, 0, len(allocations))
	for i, al := range allocations {
		inv, err := tx.Sale(al.Invoice)
		if err != nil {
			return nil, fault.Prefix(fmt.Sprintf("allocations[%d]", i), err)
		}
		if err := can(a, access.RecordPayment, of(set, inv)); err != nil {
			return nil, err
		}
		r, err := receivable(tx, inv)
		if err != nil {
			return nil, err
		}
		recs = append(recs, r)
	}
	return recs, nil
}

// payFacts reads what a payment of a customer is checked against: the advances are the customer's, and those of whoever
// else the invoices are for.
func (o *Office) payFacts(tx *store.Tx, c sale.Customer, recs []sale.Receivable) (sale.PayFacts, error) {
	set, err := tx.Settings()
	if err != nil {
		return sale.PayFacts{}, err
	}
	f := sale.PayFacts{Coop: set.Coop, Taxes: ledger.France(), Customer: c}
	if f.Today, err = tx.Today(); err != nil {
		return f, err
	}
	if f.Rules, err = set.On(f.Today); err != nil {
		return f, err
	}
	thirds := []int64{c.Third}
	for _, r := range recs {
		thirds = append(thirds, r.Third)
	}
	slices.Sort(thirds)
	for _, third := range slices.Compact(thirds) {
		items, err := tx.OpenItemsOf(third, ledger.Advances)
		if err != nil {
			return f, err
		}
		f.Advances = append(f.Advances, items...)
		if items, err = tx.OpenItemsOf(third, ledger.Customers); err != nil {
			return f, err
		}
		f.Claims = append(f.Claims, slices.DeleteFunc(items, func(it ledger.OpenItem) bool { return !owedBack(it) })...)
	}
	return f, nil
}

// givenUp is what was given up of some invoices.
func givenUp(tx *store.Tx, recs []sale.Receivable) (map[int64]money.Cents, error) {
	all := map[int64]money.Cents{}
	for _, r := range recs {
		payments, err := tx.Payments(store.PaymentFilter{Sale: r.Invoice.ID, Limit: 10_000})
		if err != nil {
			return nil, err
		}
		all[r.Invoice.ID] = sale.CentsGivenUp(r.Invoice.ID, payments)
	}
	return all, nil
}

// owedBack says whether an item is what a customer was refunded of a payment that came back (sale/bounce.go).
func owedBack(it ledger.OpenItem) bool {
	return it.Account == ledger.Customers && it.Remaining > 0 && strings.HasPrefix(it.Document, "payment:")
}

// OwedBack returns what a customer was refunded of payments that came back, and has not paid yet.
func (o *Office) OwedBack(ctx context.Context, a access.Actor, customer int64) (items []ledger.OpenItem, err error) {
	err = o.read(ctx, a, func(tx *store.Tx) error {
		c, err := tx.Customer(customer)
		if err != nil {
			return absent(a, access.ViewDocument, err)
		}
		if err := can(a, access.ViewDocument, access.Subject{Activity: c.Activity, Kind: access.Payment}); err != nil {
			return err
		}
		if items, err = tx.OpenItemsOf(c.Third, ledger.Customers); err != nil {
			return err
		}
		items = slices.DeleteFunc(items, func(it ledger.OpenItem) bool { return !owedBack(it) || it.Section != c.Activity })
		return nil
	})
	return items, err
}

// Unreceive reverses a payment: a reversal entry, the invoices as before, the trace of both kept.
func (o *Office) Unreceive(ctx context.Context, a access.Actor, id int64) error {
	return o.writeOnce(ctx, a, "unreceive", id, func(*store.Tx, int64) error { return nil }, func(tx *store.Tx) (int64, error) {
		u, err := o.unreceive(tx, a, id, "payment.reversed", nil)
		if err != nil {
			return 0, err
		}
		return id, o.contributeAll(tx, u.touched, u.ref)
	})
}

// undoing is what a reversed payment leaves to be done.
type undoing struct {
	payment sale.Payment // that was reversed
	day     date.Day     // of the reversal
	ref     string
	touched map[int64]date.Day // activities whose contribution is still to be booked

	deposited bool // a cheque that was at the bank already
}

// atBank puts on the bank what an entry moves of cheques: they were deposited.
func atBank(effect sale.Effect) {
	for i := range effect.Entry.Lines {
		if l := &effect.Entry.Lines[i]; l.Account == sale.Cheques {
			l.Account = ledger.Bank
		}
	}
}

// deposited says whether the cheque of a payment is at the bank: on a slip, or recorded there as another payment's was.
func deposited(tx *store.Tx, p sale.Payment, entry ledger.Entry) (bool, error) {
	if p.Means != sale.Cheque {
		return false, nil
	}
	in, err := tx.RemittedIn(p.Entry)
	return in != 0 || slices.ContainsFunc(entry.Lines, func(l ledger.Line) bool { return l.Account == ledger.Bank }), err
}

// unreceive reverses a payment today, or on the day that on makes of it.
func (o *Office) unreceive(tx *store.Tx, a access.Actor, id int64, action string, on func(sale.Payment) date.Day) (u undoing, err error) {
	set, err := tx.Settings()
	if err != nil {
		return u, err
	}
	p, err := tx.Payment(id)
	if err != nil {
		return u, absent(a, access.RecordPayment, err)
	}
	if err := can(a, access.RecordPayment, ofPaid(set, p)); err != nil {
		return u, err
	}
	if p.Reversed != 0 {
		return u, fault.New(fault.Conflict, "office.payment_reversed")
	}
	customer, err := tx.Customer(p.Customer)
	if err != nil {
		return u, err
	}
	recs, err := o.receivables(tx, a, p.Allocations)
	if err != nil {
		return u, err
	}
	entry, err := tx.Entry(p.Entry)
	if err != nil {
		return u, err
	}
	facts, err := o.payFacts(tx, customer, recs)
	if err != nil {
		return u, err
	}
	thirds := []int64{customer.Third}
	for _, r := range recs {
		thirds = append(thirds, r.Third)
	}
	slices.Sort(thirds)
	for _, third := range slices.Compact(thirds) {
		back, err := tx.GivenBack(third)
		if err != nil {
			return u, err
		}
		facts.GivenBack = append(facts.GivenBack, back...)
	}
	if on != nil {
		facts.On = on(p)
	}
	effect, err := sale.Unreceive(p, entry, recs, facts)
	if err != nil {
		return u, err
	}
	there, err := deposited(tx, p, entry)
	if err != nil {
		return u, err
	}
	if there { // it comes back on the bank
		atBank(effect)
	}
	back := p
	back.ID, back.Reversed = 0, 0
	back.Date = effect.Entry.Date
	u = undoing{payment: p, day: back.Date, ref: effect.Entry.Ref, deposited: there}
	u.touched, err = o.bookPayment(tx, a, &back, effect, p.ID, action)
	return u, err
}

// Reassign corrects a wrong match in one gesture: the payment is reversed and recorded again for other invoices, both on
// one day, so that no month holds money twice or less than came: the day of the payment, or the first day of the books
// that can still bear it. Where the money is does not change: a deposited cheque stays at the bank. An invoice issued since is paid on its own day by what came before.
func (o *Office) Reassign(ctx context.Context, a access.Actor, id, customer int64, allocations []sale.Allocation, keep bool) (sale.Payment, error) {
	var again sale.Payment
	err := o.write(ctx, a, func(tx *store.Tx) error {
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		recs, err := o.receivables(tx, a, allocations)
		if err != nil {
			return err
		}
		u, err := o.unreceive(tx, a, id, "payment.reassigned", func(p sale.Payment) date.Day {
			day := p.Date
			for _, r := range recs {
				if p.Means == sale.Advance { // no money came that day: the use follows the invoice
					day = max(day, r.Invoice.Date)
				}
			}
			return bearing(set, day)
		})
		if err != nil {
			return err
		}
		again = sale.Payment{Date: u.day, Amount: u.payment.Amount, Means: u.payment.Means, Reference: u.payment.Reference, Customer: customer, Allocations: allocations, Ahead: true}
		if u.payment.Means != sale.Advance && u.day == bearing(set, u.payment.Date) { // the day that the money came, which a closed month hides from the books only
			again.Date = u.payment.Date
		}
		if again.Customer == 0 {
			again.Customer = u.payment.Customer
		}
		if keep {
			again.Excess = again.Amount
			for _, al := range allocations {
				again.Excess -= al.Amount
				if al.Foreign != 0 { // the rest is what the exchange rates made of it
					again.Excess = 0
					break
				}
			}
		}
		return o.receive(tx, a, &again, u)
	})
	return again, err
}

// Payment returns a payment with its invoices, each at the rank of its allocation. What it paid of an activity that the
// actor may not see is one allocation more, the last, of no invoice.
func (o *Office) Payment(ctx context.Context, a access.Actor, id int64) (p sale.Payment, invoices []sale.Document, customer sale.Customer, err error) {
	err = o.read(ctx, a, func(tx *store.Tx) error {
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		if p, err = tx.Payment(id); err != nil {
			return absent(a, access.ViewDocument, err)
		}
		if err := can(a, access.ViewDocument, ofPaid(set, p)); err != nil {
			p = sale.Payment{}
			return err
		}
		if customer, err = tx.Customer(p.Customer); err != nil {
			return err
		}
		seen, elsewhere := p.Allocations[:0:0], sale.Allocation{}
		for _, al := range p.Allocations {
			d, err := tx.Sale(al.Invoice)
			if err != nil {
				return err
			}
			seenAs := of(set, d)
			seenAs.Kind = access.Payment
			if can(a, access.ViewDocument, seenAs) != nil {
				elsewhere.Amount += al.Amount
				continue
			}
			seen, invoices = append(seen, al), append(invoices, d)
		}
		if elsewhere.Amount != 0 {
			seen, invoices = append(seen, elsewhere), append(invoices, sale.Document{})
		}
		p.Allocations = seen
		return nil
	})
	return p, invoices, customer, err
}

// Payments lists payments the actor may see: of one activity, or of all (0).
func (o *Office) Payments(ctx context.Context, a access.Actor, f store.PaymentFilter) ([]sale.Payment, error) {
	var all []sale.Payment
	err := o.read(ctx, a, func(tx *store.Tx) error {
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		if f.Within, err = open(set, a, access.ViewDocument, access.Subject{Activity: f.Activity, Kind: access.Payment}); err != nil {
			return err
		}
		all, err = tx.Payments(f)
		return err
	})
	return all, err
}

// Owed lists the open invoices of an activity (0: of all) or of a customer, oldest due first.
func (o *Office) Owed(ctx context.Context, a access.Actor, activityID, customer int64) ([]sale.Document, error) {
	var all []sale.Document
	err := o.read(ctx, a, func(tx *store.Tx) error {
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		years, err := open(set, a, access.ViewDocument, access.Subject{Activity: activityID})
		if err != nil {
			return err
		}
		if all, err = tx.OpenInvoices(activityID, customer); err == nil && years != nil {
			all = slices.DeleteFunc(all, func(d sale.Document) bool {
				return !slices.ContainsFunc(years, func(y date.FiscalYear) bool { return y.Contains(d.Date) })
			})
		}
		return err
	})
	return all, err
}

// LostInvoices lists the invoices that were written off and may come in the end, of one activity or of all (0).
func (o *Office) LostInvoices(ctx context.Context, a access.Actor, activityID int64) (all []sale.Document, err error) {
	err = o.read(ctx, a, func(tx *store.Tx) error {
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		years, err := open(set, a, access.ViewDocument, access.Subject{Activity: activityID})
		if err != nil {
			return err
		}
		if all, err = tx.LostInvoices(activityID, 0); err == nil && years != nil {
			all = slices.DeleteFunc(all, func(d sale.Document) bool {
				return !slices.ContainsFunc(years, func(y date.FiscalYear) bool { return y.Contains(d.Date) })
			})
		}
		return err
	})
	return all, err
}

// Claim is what a customer owes by an entry, without an invoice of the house: it is settled by an entry too.
type Claim struct {
	ledger.OpenItem
	Name string // of the customer
}

// Claims lists what customers owe by entries, of one activity or of all (0), the oldest due first: with the open invoices
// of [Office.Owed] they make what the accounts say that customers owe.
func (o *Office) Claims(ctx context.Context, a access.Actor, activityID int64) (all []Claim, err error) {
	if err := can(a, access.ViewDocument, access.Subject{Activity: activityID}); err != nil {
		return nil, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		accounts, err := o.owing(tx, a)
		if err != nil {
			return err
		}
		items, err := tx.Claims(activityID, "41")
		if err != nil {
			return err
		}
		items = slices.DeleteFunc(items, func(it ledger.OpenItem) bool { return !accounts.Match(it.Account) })
		var ids []int64
		for _, it := range items {
			ids = append(ids, it.Third)
		}
		names, err := tx.ThirdsOf(slices.Compact(slices.Sorted(slices.Values(ids))))
		if err != nil {
			return err
		}
		all = make([]Claim, len(items))
		for i, it := range items {
			all[i] = Claim{it, names[it.Third].Name}
		}
		return nil
	})
	return all, err
}

// owing are the accounts of what customers owe: advances received are apart.
func (o *Office) owing(tx *store.Tx, a access.Actor) (coop.Prefixes, error) {
	set, err := tx.Settings()
	if err != nil {
		return coop.Prefixes{}, err
	}
	rules, err := o.near.of(tx.Coop(), set).rulesOn(a.Today)
	p := rules.Grid.Customers
	p.Out = append([]string{"419"}, p.Out...)
	return p, err
}

// OwedAt is what customers owed at the end of a fiscal year, or owe today while it runs.
type OwedAt struct {
	On    date.Day
	Total money.Cents
	Rows  []store.Outstanding
	Names map[int64]string // of the third parties
}

// OwedAtEnd returns what customers owed at the end of a fiscal year, as the books say it: what an auditor of the year may
// know of it, for what is owed today is of another year. Of one activity or of the house (0), the most first.
func (o *Office) OwedAtEnd(ctx context.Context, a access.Actor, activityID, yearID int64) (at OwedAt, err error) {
	if err := can(a, access.ViewLedger, access.Subject{Year: yearID}); err != nil {
		return at, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		year, ok := set.Year(yearID)
		if !ok {
			return fault.New(fault.NotFound, "office.absent")
		}
		at = OwedAt{On: min(a.Today, year.Span.End), Names: map[int64]string{}}
		f := store.LineFilter{Section: activityID, To: at.On}
		if f.Accounts, err = o.owing(tx, a); err != nil {
			return err
		}
		if at.Rows, err = tx.Outstanding(f); err != nil {
			return err
		}
		var ids []int64
		for _, r := range at.Rows {
			at.Total += r.Amount
			ids = append(ids, r.Third)
		}
		slices.SortStableFunc(at.Rows, func(x, y store.Outstanding) int { return cmp.Compare(y.Amount, x.Amount) })
		thirds, err := tx.ThirdsOf(slices.Compact(slices.Sorted(slices.Values(ids))))
		for id, t := range thirds {
			at.Names[id] = t.Name
		}
		return err
	})
	return at, err
}
