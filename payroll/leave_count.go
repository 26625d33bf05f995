package payroll

import (
	"errors"

	"essaim/date"
	"essaim/fault"
	"essaim/i18n"
	"essaim/money"
)

// LeaveOpening are the counters of leave of a contract as another program left them at the end of a month, or as they were
// counted again.
type LeaveOpening struct {
	Until date.Month `json:"until"` // whose last day they are of
	LeaveCounters
	// Aside is what a cooperative that sets a tenth aside ([LeaveProvided]) still owes for leave, in gross pay.
	Aside money.Cents `json:"aside,omitempty"`
}

// Check tells what cannot be counters of leave.
func (o LeaveOpening) Check() error {
	var errs []error
	for _, f := range []struct {
		field string
		v     Days
		most  Days
	}{{"before", o.Before, 200_00}, {"acquired", o.Acquired, 100_00}, {"taken", o.Taken, 200_00}} {
		if f.v < 0 && f.field != "before" || f.v < -f.most || f.v > f.most {
			errs = append(errs, fault.At(f.field, "payroll.leave_range", "most", int64(f.most/100)))
		}
	}
	if o.Aside < 0 || o.Aside > MaxYear {
		errs = append(errs, fault.At("aside", "payroll.large", "max", MaxYear))
	}
	return errors.Join(errs...)
}

// LeaveState are the counters of leave at the end of a month, in the period of acquisition that it lies in.
type LeaveState struct {
	From  date.Day `json:"from"`
	Until date.Day `json:"until"`
	LeaveCounters
	// Known: the counters were taken over, or the contract began here; otherwise what was acquired before From is not
	// in them.
	Known bool        `json:"known,omitempty"`
	Spans []LeaveSpan `json:"spans,omitempty"` // leave of the month
	Aside *LeaveAside `json:"aside,omitempty"` // where a tenth is set aside
}

// Close is how the counters stand once the last payslip paid what was left: nothing is. The tenth of the last variable part
// is paid in that part, which takes whatever the account holds.
func (s *LeaveState) Close(typed *Days) {
	if left := s.Left(); left > 0 || typed != nil {
		s.Taken += left
	}
	if a := s.Aside; a != nil {
		a.Set = min(a.Set, a.Paid)
	}
}

// LeaveSpan is leave taken in a month, in working days.
type LeaveSpan struct {
	From  date.Day `json:"from"`
	Until date.Day `json:"until"`
	Days  Days     `json:"days"`
}

// LeaveAside is what is set aside for leave and paid when it is taken, in gross pay.
type LeaveAside struct {
	Set  money.Cents `json:"set"`
	Paid money.Cents `json:"paid"`
}

// Left is what is still owed for leave.
func (a LeaveAside) Left() money.Cents { return a.Set - a.Paid }

// Add counts a payslip: a tenth of its pay, but of what it paid for leave (L3141-24 c. trav.).
func (a *LeaveAside) Add(p *Parameters, s *Payslip) {
	var paid money.Cents
	for _, it := range s.Items {
		if it.Element == leaveIndemnity {
			paid += it.Amount
		}
	}
	a.Set += max(s.Totals.Gross-paid, 0).Times(p.rate(pLeaveTenth))
	a.Paid += paid
}

// leaveIndemnity is the element by which leave is paid.
const leaveIndemnity = "leave_indemnity"

// LeaveFrom is the first day of the period of acquisition that a day lies in.
func LeaveFrom(d date.Day) date.Day {
	from, _ := LeavePeriod(d)
	return from
}

// LeaveCount counts the leave of a contract up to a day. It begins with what was taken over, or on since without: the first
// day of the contract, or of the period in which it was first paid here. What a period leaves goes on into the next.
func (t *Table) LeaveCount(k Contract, since, on date.Day, all []Absence, open *LeaveOpening) (s LeaveState) {
	if open != nil && open.Until.Last() > on {
		open = nil
	}
	start := max(since, k.From)
	s.Known = start == k.From || open != nil
	had := Days(0) // acquired in the period of the opening, by what is known here
	if open != nil {
		day := open.Until.Last()
		s.LeaveCounters = open.LeaveCounters
		had = t.LeaveAcquired(k, day, all)
		s.From, s.Until = LeavePeriod(day)
		s.count(t, k, day+1, on, all, had, open.Acquired)
	} else {
		s.From, s.Until = LeavePeriod(start)
		s.count(t, k, start, on, all, 0, 0)
	}
	for on > s.Until {
		s.LeaveCounters = LeaveCounters{Before: s.Left()}
		s.From, s.Until = LeavePeriod(s.Until + 1)
		s.count(t, k, s.From, on, all, 0, 0)
	}
	for _, a := range leaveWithin(all, on.Month().First(), min(on.Month().Last(), on)) {
		s.Spans = append(s.Spans, LeaveSpan{a.From, a.Until, LeaveTaken(a)})
	}
	return s
}

// count adds to the counters what a period gives up to a day: what was acquired beyond had, and the leave taken since a
// day.
func (s *LeaveState) count(t *Table, k Contract, since, on date.Day, all []Absence, had, opened Days) {
	end := min(s.Until, on)
	last := end
	if k.Until != 0 {
		last = min(last, k.Until)
	}
	if last >= s.From {
		s.Acquired = opened + max(t.LeaveAcquired(k, last, all)-had, 0)
	}
	for _, a := range leaveWithin(all, since, end) {
		s.Taken += LeaveTaken(a)
	}
}

// leaveWithin are the parts of paid leave that lie between two days.
func leaveWithin(all []Absence, from, until date.Day) (in []Absence) {
	for _, a := range all {
		a.From, a.Until = max(a.From, from), min(a.Until, until)
		if a.Kind == PaidLeave && a.From <= a.Until {
			in = append(in, a)
		}
	}
	return in
}

// LeaveRows are the counters as a payslip and the pages tell them: what was left of the periods before, this period, and
// the tenth set aside. What is taken comes off the oldest first.
func LeaveRows(p i18n.Printer, s *LeaveState) []LeaveCounter {
	if s == nil {
		return nil
	}
	unit := func(d Days) money.Micro { return money.Micro(d) * (money.Unit / 100) }
	var rows []LeaveCounter
	taken := s.Taken
	if s.Before != 0 {
		old := min(taken, max(s.Before, 0))
		taken -= old
		rows = append(rows, LeaveCounter{Label: p.T("slip.leave_before", "day", s.From), Earned: unit(s.Before), Taken: unit(old), Due: unit(s.Before - old)})
	}
	rows = append(rows, LeaveCounter{Label: p.T("slip.leave_period", "from", s.From, "until", s.Until), Earned: unit(s.Acquired), Taken: unit(taken), Due: unit(s.Acquired - taken)})
	if a := s.Aside; a != nil {
		micro := func(c money.Cents) money.Micro { return money.Micro(c) * (money.Unit / 100) }
		rows = append(rows, LeaveCounter{Label: p.T("slip.leave_aside"), Earned: micro(a.Set), Taken: micro(a.Paid), Due: micro(a.Left()), Euros: true})
	}
	return rows
}
