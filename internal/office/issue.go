package office

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"essaim/access"
	"essaim/activity"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/money"
	"essaim/sale"
)

// issue validates a document within the lane: number, entry, turnover, contribution, and the job that renders and sends.
func (o *Office) issue(tx *store.Tx, a access.Actor, d *sale.Document, f sale.Facts, by int64) error {
	// What cannot be issued is told before a number is taken.
	if _, err := d.Next(sale.DeedValidate); err != nil {
		return err
	}
	if err := errors.Join(sale.CheckSubmit(*d, f), o.checkDeals(tx, *d)); err != nil {
		return err
	}
	no := d.Number
	if no == "" {
		var err error
		if no, err = number(tx, *d, f); err != nil {
			return err
		}
	}
	issued, err := sale.Issue(*d, f, no, by, tx.Now())
	if err != nil {
		return err
	}
	*d = issued
	if d.ID == 0 { // created and validated in one gesture: the entry names the document
		if d.ID, err = tx.NextSale(); err != nil {
			return err
		}
	}
	if d.Imprint, err = tx.AddImprint(sale.ImprintOf(f)); err != nil {
		return err
	}
	if err := tx.SaveAxes(d); err != nil {
		return err
	}
	switch d.Kind {
	case sale.Invoice:
		err = o.bookInvoice(tx, d, f)
	case sale.CreditNote:
		err = o.bookCredit(tx, d, f)
	case sale.Quote:
	}
	if err != nil {
		return err
	}
	mailed := mailedTo(*d, f)
	if mailed != "" {
		if d.Status, err = d.Next(sale.DeedSend); err != nil {
			return err
		}
		d.SentAt = tx.Now()
	}
	if err := tx.SaveSale(d); err != nil {
		return err
	}
	link, err := tx.AddValidation(d)
	if err != nil {
		return err
	}
	if by == 0 && d.Kind != sale.Quote && sale.Sampled(link, f.Rules.Trust.SamplePercent) {
		if err := tx.AddReview(d); err != nil {
			return err
		}
	}
	if d.Kind != sale.Quote {
		if err := o.contribute(tx, d.Activity, d.Date, d.Number); err != nil {
			return err
		}
	}
	if err := o.log(tx, a, d, string(sale.DeedValidate), "", 0); err != nil {
		return err
	}
	if d.Content.UseAdvance && d.Kind == sale.Invoice {
		if err := o.useAdvance(tx, a, d); err != nil {
			return err
		}
	}
	if err := o.later(tx, jobRender, renderArgs{Sale: d.ID}); err != nil {
		return err
	}
	switch {
	case mailed != "":
		if err := o.handOver(tx, *d, mailed, ""); err != nil {
			return err
		}
		return o.log(tx, a, d, string(sale.DeedSend), mailed, 0)
	case d.Content.SendWhenValidated: // the customer has lost the address meanwhile
		return o.log(tx, a, d, deedUnsent, "", 0)
	}
	return nil
}

// deedUnsent tells that a document that was to leave by mail did not.
const deedUnsent = "unsent"

// mailedTo is the address that a document leaves for as soon as it is validated; "" when it does not, or cannot.
func mailedTo(d sale.Document, f sale.Facts) string {
	if !d.Content.SendWhenValidated || d.Kind == sale.Quote || !strings.Contains(f.Customer.Email, "@") {
		return ""
	}
	return f.Customer.Email
}

// checkMailed: what is to leave by mail once validated has an address to leave for. A quote leaves with a link to sign,
// by a deed of its own.
func checkMailed(d sale.Document, f sale.Facts) error {
	switch {
	case !d.Content.SendWhenValidated:
		return nil
	case d.Kind == sale.Quote:
		return fault.At("sendWhenValidated", "office.mail_quote")
	case d.Customer == 0: // told by who asks for one
		return nil
	case mailedTo(d, f) == "":
		return fault.At("sendWhenValidated", "office.mail_when_missing", "customer", f.Customer.FullName())
	}
	return nil
}

func (o *Office) bookInvoice(tx *store.Tx, d *sale.Document, f sale.Facts) error {
	if d.Totals.Gross == 0 && len(f.Deposits) == 0 {
		return nil
	}
	effect, err := sale.InvoiceEffect(*d, f)
	if err != nil {
		return err
	}
	e := &effect.Entry
	e.By = d.ValidatedBy
	if err := tx.Post(e); err != nil {
		return err
	}
	d.Entry = e.ID
	effect.Invoices = slices.DeleteFunc(effect.Invoices, func(inv sale.Document) bool {
		if inv.ID == d.ID {
			d.Settled = inv.Settled
		}
		return inv.ID == d.ID // saved by who issues it
	})
	if err := invoiced(tx, d, 1); err != nil {
		return err
	}
	return o.settle(tx, effect, d.Date, 0)
}

// invoiced adds the document's net by nature to the turnover of its activity.
func invoiced(tx *store.Tx, d *sale.Document, sign money.Cents) error {
	set, err := tx.Settings()
	if err != nil {
		return err
	}
	year, ok := set.YearOf(d.Date)
	if !ok {
		return fault.New(fault.Closed, "office.no_year", "date", d.Date)
	}
	for nature, net := range d.NetByNature() {
		tx.MoveTurnover(d.Activity, year.ID, nature, year.Span.Period(d.Date), sign*net, 0)
	}
	return nil
}

func (o *Office) bookCredit(tx *store.Tx, d *sale.Document, f sale.Facts) error {
	rec, err := receivable(tx, *f.Invoice)
	if err != nil {
		return err
	}
	effect, err := sale.CreditEffect(*d, rec, f)
	if err != nil {
		return err
	}
	effect.Entry.By = d.ValidatedBy
	if err := tx.Post(&effect.Entry); err != nil {
		return err
	}
	d.Entry = effect.Entry.ID
	if err := invoiced(tx, d, -1); err != nil {
		return err
	}
	return o.settle(tx, effect, d.Date, 0)
}

// settle saves what an effect did to invoices and to the turnover collected. payment is 0 for a credit note.
func (o *Office) settle(tx *store.Tx, effect sale.Effect, day date.Day, payment int64) error {
	set, err := tx.Settings()
	if err != nil {
		return err
	}
	year, ok := set.YearOf(day)
	if !ok {
		return fault.New(fault.Closed, "office.no_year", "date", day)
	}
	for i := range effect.Invoices {
		if err := tx.SaveSale(&effect.Invoices[i]); err != nil {
			return err
		}
	}
	rows := make([]store.CollectedRow, 0, len(effect.Collected))
	for _, c := range effect.Collected {
		if c.Net == 0 {
			continue
		}
		rows = append(rows, store.CollectedRow{Activity: c.Activity, Year: year.ID, Period: year.Span.Period(day), Day: day, Sale: c.Invoice, Payment: payment, Nature: c.Nature, Net: c.Net})
		tx.MoveTurnover(c.Activity, year.ID, c.Nature, year.Span.Period(day), 0, c.Net)
	}
	if err := tx.AddCollected(rows); err != nil {
		return err
	}
	return o.passOn(tx, effect, day, payment)
}

// receivable reads what an invoice still has open on the customer's account.
func receivable(tx *store.Tx, inv sale.Document) (sale.Receivable, error) {
	r := sale.Receivable{Invoice: inv}
	for _, ref := range sale.ItemsOf(inv) {
		item, err := tx.Item(ref)
		if err != nil {
			return r, err
		}
		r.Items, r.Third = append(r.Items, item), item.Third
	}
	return r, nil
}

// contribute books *round(policy(cumulated)) − already booked* for an activity, dated day: after an invoice or a payment,
// unless its policy takes the contribution by the month. A document dated back still counts with everything of its year:
// the cumulated amounts are those known today. What comes with time counts as of its own month, so that no month bears
// what a later one owes.
func (o *Office) contribute(tx *store.Tx, activityID int64, day date.Day, ref string) error {
	set, err := tx.Settings()
	if err != nil {
		return err
	}
	year, ok := set.YearOf(day)
	if !ok {
		return nil
	}
	today, err := tx.Today()
	if err != nil {
		return err
	}
	on := min(max(day, today), year.Span.End)
	c, err := o.contribution(tx, set, activityID, year, day, on)
	if err != nil || c == nil || c.applied.Policy.When == activity.Monthly {
		return err
	}
	return c.book(tx, day, ref)
}

// contributeAll is [Office.contribute] for each of some activities on its day.
func (o *Office) contributeAll(tx *store.Tx, days map[int64]date.Day, ref string) error {
	for _, act := range slices.Sorted(maps.Keys(days)) {
		if err := o.contribute(tx, act, days[act], ref); err != nil {
			return err
		}
	}
	return nil
}

// contribution is what a policy makes of an activity's year on a day, and what is booked of it.
type contribution struct {
	activity int64
	applied  *activity.Applied
	due      money.Cents
	booked   money.Cents
	last     int // last period that bears some
}

// contribution computes what is due for a day, as known on another, on or after it; nil when the activity has no policy.
// What comes with time counts to the end of the day's month, or of the last that bears contribution, as far as it is known.
func (o *Office) contribution(tx *store.Tx, set *store.Settings, activityID int64, year ledger.FiscalYear, day, on date.Day) (*contribution, error) {
	near := o.near.of(tx.Coop(), set)
	seller, err := near.seller(tx, activityID)
	if err != nil {
		return nil, err
	}
	c := &contribution{activity: activityID}
	if c.applied, err = near.policyOf(seller.activity, year, on); err != nil || c.applied == nil {
		return nil, err
	}
	prefix := ledger.InternalPrefix
	if readsCharges(c.applied.Policy) {
		prefix = ""
	}
	balances, err := tx.BalancesHeld(activityID, year.ID, prefix)
	if err != nil {
		return nil, err
	}
	turnover, err := tx.TurnoverHeld(activityID, year.ID)
	if err != nil {
		return nil, err
	}
	carried, err := o.countedBefore(tx, set, seller.activity, year, *c.applied)
	if err != nil {
		return nil, err
	}
	turnover = append(turnover, carried...)
	c.booked, c.last = activity.Booked(balances)
	month := day.Month()
	if c.last > 0 {
		month = max(month, year.Span.Start.Month()+date.Month(c.last-1))
	}
	c.due = c.applied.Policy.Due(activity.Gather(*c.applied, seller.activity, balances, turnover, seller.everyContract(), year.Span, min(on, month.Last()))).Due
	return c, nil
}

// book posts what is due and not yet booked.
func (c *contribution) book(tx *store.Tx, day date.Day, ref string) error {
	delta := c.due - c.booked
	if delta == 0 {
		return nil
	}
	e := ledger.Entry{
		Journal: ledger.JournalInternal, Date: day, DocDate: day, Ref: ref, Label: "Contribution aux services mutualisés, " + c.applied.Policy.Name,
		Document: "policy:" + strconv.FormatInt(c.applied.Rule.ID, 10), Lines: activity.ContributionLines(c.activity, delta, "", ""),
	}
	return tx.Post(&e)
}

// RunContributions books the contribution of a month as of its last day, or today while it runs: all of it where the
// policy takes it by the month; elsewhere what comes with time, the fixed part and the minimum, of those whom no invoice
// or payment of the month has reached. An activity that already bears contribution of a later month is left as it is:
// what is due by then was taken with it.
func (o *Office) RunContributions(ctx context.Context, a access.Actor, month date.Month) error {
	if err := can(a, access.ClosePeriod, access.Subject{}); err != nil {
		return err
	}
	if month.First() > a.Today {
		return fault.At("month", "office.contribution_ahead", "month", month)
	}
	day := min(month.Last(), a.Today)
	return o.write(ctx, a, func(tx *store.Tx) error {
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		year, ok := set.YearOf(day)
		if !ok {
			return fault.New(fault.Closed, "office.no_year", "date", day)
		}
		all, err := tx.Activities()
		if err != nil {
			return err
		}
		for _, act := range all {
			c, err := o.contribution(tx, set, act.ID, year, day, day)
			if err != nil {
				return err
			}
			if c == nil || c.last > year.Span.Period(day) {
				continue
			}
			if err := c.book(tx, day, "CONTRIB-"+month.String()); err != nil {
				return err
			}
		}
		return tx.Audit(a.Person, "contribution.month", month.String(), nil)
	})
}
