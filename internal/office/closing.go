package office

import (
	"context"
	"math"
	"strconv"
	"time"

	"essaim/access"
	"essaim/date"
	"essaim/internal/store"
	"essaim/money"
	"essaim/sale"
)

// jobClosings closes what is over.
const jobClosings = "closings"

// closeDue closes the days, months and fiscal years that are over and in which takings or payments were recorded: at the
// first of a later day, by a job, or when somebody asks. A day without any has no closing.
func (o *Office) closeDue(tx *store.Tx, by int64) (made int, err error) {
	today, err := tx.Today()
	if err != nil {
		return 0, err
	}
	last, err := tx.LastClosing(sale.ClosingDay)
	if err != nil {
		return 0, err
	}
	payments, records, err := tx.Recorded()
	if err != nil {
		return 0, err
	}
	if payments > last.Payments[1] || records > last.Records[1] {
		all, err := tx.Operations(last.Payments[1], last.Records[1])
		if err != nil {
			return 0, err
		}
		var c *sale.Closing
		end := func() error {
			if c == nil {
				return nil
			}
			c.Seal(last.Grand)
			if err := tx.AddClosing(c); err != nil {
				return err
			}
			made++
			last, c = *c, nil
			return tx.Audit(by, "closing.day", closingSubject(last), map[string]any{"to": last.To, "amount": last.Total, "grand": last.Grand})
		}
		for _, op := range all {
			on := op.On
			if last.To != 0 {
				on = max(on, last.To+1) // a clock set back does not reopen a day
			}
			if c != nil {
				on = max(on, c.To)
			}
			if on >= today {
				break
			}
			if c != nil && on > c.To {
				if err := end(); err != nil {
					return made, err
				}
			}
			if c == nil {
				c = &sale.Closing{Kind: sale.ClosingDay, From: on, To: on, Payments: [2]int64{last.Payments[1], last.Payments[1]}, Records: [2]int64{last.Records[1], last.Records[1]}}
			}
			c.Payments[1], c.Records[1] = max(c.Payments[1], op.Payment), max(c.Records[1], op.Record)
			c.Add(op.Operation)
		}
		if err := end(); err != nil {
			return made, err
		}
	}
	for _, kind := range []sale.ClosingKind{sale.ClosingMonth, sale.ClosingYear} {
		n, err := o.closeLonger(tx, by, kind, today)
		made += n
		if err != nil {
			return made, err
		}
	}
	return made, nil
}

// closeBefore sees to it, at the first money recorded on a day, that what was recorded before is closed, and leaves a job
// that closes the day itself. It returns the day when it did.
func (o *Office) closeBefore(tx *store.Tx) (date.Day, error) {
	if !tx.Recording() {
		return 0, nil
	}
	today, err := tx.Today()
	if err != nil {
		return 0, err
	}
	if day, ok := o.closed.Load(tx.Coop()); ok && day == today {
		return 0, nil
	}
	if _, err := o.closeDue(tx, 0); err != nil {
		return 0, err
	}
	set, err := tx.Settings()
	if err != nil {
		return 0, err
	}
	y, m, d := (today + 1).Date()
	midnight := time.Date(y, time.Month(m), d, 0, 0, 1, 0, set.Zone)
	_, err = tx.AddJob(jobClosings, struct{}{}, midnight.UnixMicro())
	return today, err
}

// closeLonger adds up the closings of days into those of a month or of a fiscal year that are over.
func (o *Office) closeLonger(tx *store.Tx, by int64, kind sale.ClosingKind, today date.Day) (made int, err error) {
	set, err := tx.Settings()
	if err != nil {
		return 0, err
	}
	span := func(day date.Day) (from, to date.Day) {
		if kind == sale.ClosingYear {
			if y, ok := set.YearOf(day); ok {
				return y.Span.Start, y.Span.End
			}
			year, _, _ := day.Date()
			return date.Of(year, 1, 1), date.Of(year, 12, 31)
		}
		return day.Month().First(), day.Month().Last()
	}
	last, err := tx.LastClosing(kind)
	if err != nil {
		return 0, err
	}
	// Of all evenings but the last of a period the first day alone is read: its period is not over, so that none is.
	first, err := tx.DaysClosedSince(last, 1)
	if err != nil || len(first) == 0 {
		return 0, err
	}
	if _, to := span(first[0].To); to >= today {
		return 0, nil
	}
	days, err := tx.DaysClosedSince(last, math.MaxInt32)
	if err != nil {
		return 0, err
	}
	var c *sale.Closing
	end := func() error {
		if c == nil || c.To >= today {
			c = nil
			return nil
		}
		c.Seal(last.Grand)
		if err := tx.AddClosing(c); err != nil {
			return err
		}
		made++
		last, c = *c, nil
		return tx.Audit(by, "closing."+string(kind), closingSubject(last), map[string]any{"from": last.From, "to": last.To, "amount": last.Total, "grand": last.Grand})
	}
	for _, d := range days {
		from, to := span(d.To)
		if c != nil && to != c.To {
			if err := end(); err != nil {
				return made, err
			}
		}
		if to >= today {
			break
		}
		if c == nil {
			c = &sale.Closing{Kind: kind, From: from, To: to, Payments: [2]int64{last.Payments[1], last.Payments[1]}, Records: [2]int64{last.Records[1], last.Records[1]}}
		}
		c.Payments[1], c.Records[1] = d.Payments[1], d.Records[1]
		c.Merge(d.Closing)
	}
	return made, end()
}

func closingSubject(c sale.Closing) string { return "closing:" + strconv.FormatInt(c.ID, 10) }

// CloseTakings closes what is over, for whoever asks: what the program does by itself, at once. It returns how many
// closings were made.
func (o *Office) CloseTakings(ctx context.Context, a access.Actor) (made int, err error) {
	if err := can(a, access.ClosePeriod, access.Subject{}); err != nil {
		return 0, err
	}
	err = o.write(ctx, a, func(tx *store.Tx) error {
		made, err = o.closeDue(tx, a.Person)
		if err != nil {
			return err
		}
		return tx.Audit(a.Person, "closing.asked", TheCooperative, map[string]any{"made": made})
	})
	return made, err
}

// ClosingsView is what the page of closings shows.
type ClosingsView struct {
	Days, Months, Years []store.ClosedAt // the latest first
	Older               int64            // the last day read when there may be some before it, 0: that is all
	Open                sale.Closing     // what was recorded since the last closing of a day
	Grand               money.Cents      // since the beginning, what is open too
	Until               date.Day         // for who sees some years only, the last day that Grand is of; 0: today
}

// Closings returns the last closings of each kind, and what is not closed yet: of the days as many as limit, those before
// an id when it is given, of longer periods all.
func (o *Office) Closings(ctx context.Context, a access.Actor, before int64, limit int) (v ClosingsView, err error) {
	err = o.read(ctx, a, func(tx *store.Tx) error {
		v = ClosingsView{}
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		years, err := open(set, a, access.ViewLedger, access.Subject{})
		if err != nil {
			return err
		}
		for kind, into := range map[sale.ClosingKind]*[]store.ClosedAt{sale.ClosingDay: &v.Days, sale.ClosingMonth: &v.Months, sale.ClosingYear: &v.Years} {
			from, most := int64(0), math.MaxInt32
			if kind == sale.ClosingDay {
				from, most = before, limit
			}
			if *into, err = tx.Closings(kind, from, most, years); err != nil {
				return err
			}
			if all := *into; kind == sale.ClosingDay && len(all) == limit {
				v.Older = all[limit-1].ID
			}
		}
		if years != nil { // as it was at the last of them
			for _, all := range [][]store.ClosedAt{v.Days, v.Months, v.Years} {
				if len(all) > 0 && all[0].To > v.Until {
					v.Grand, v.Until = all[0].Grand, all[0].To
				}
			}
			return nil
		}
		last, err := tx.LastClosing(sale.ClosingDay)
		if err != nil {
			return err
		}
		ops, err := tx.Operations(last.Payments[1], last.Records[1])
		if err != nil {
			return err
		}
		for _, op := range ops {
			v.Open.Add(op.Operation)
		}
		v.Open.Seal(last.Grand)
		v.Grand = v.Open.Grand
		return nil
	})
	return v, err
}

// MoneyEvents is the event journal of what records payments (CGI art. 286-I-3° bis), the newest first before an id (0: from
// the last), for whoever reads the books: of the years that are theirs.
func (o *Office) MoneyEvents(ctx context.Context, a access.Actor, before int64, limit int) (all []store.AuditRow, names map[int64]string, called map[string]store.Called, err error) {
	err = o.read(ctx, a, func(tx *store.Tx) error {
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		years, err := open(set, a, access.ViewLedger, access.Subject{})
		if err != nil {
			return err
		}
		f := store.AuditFilter{Action: store.MoneyEvents, Before: before, Limit: limit}
		for _, y := range years {
			f.Spans = append(f.Spans, [2]int64{instantOf(y.Start, set.Zone), instantOf(y.End+1, set.Zone)})
		}
		if years != nil && len(years) == 0 {
			return nil
		}
		if all, err = tx.Audits(f); err != nil {
			return err
		}
		if called, err = calledIn(tx, all); err != nil {
			return err
		}
		names, err = namesOf(tx)
		return err
	})
	return all, names, called, err
}
