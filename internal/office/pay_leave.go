package office

import (
	"context"

	"essaim/access"
	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/member"
	"essaim/payroll"
)

// payLeaves is what the leave of contracts is counted from, read once for the facts of a month.
type payLeaves struct {
	openings map[int64]store.PayLeave
	firsts   map[int64]date.Month
	absences map[int64][]payroll.Absence
}

func readLeaves(tx *store.Tx, m date.Month) (*payLeaves, error) {
	var l payLeaves
	var err error
	if l.openings, err = tx.PayLeaves(m); err != nil {
		return nil, err
	}
	if l.firsts, err = tx.FirstSlips(); err != nil {
		return nil, err
	}
	absences, err := tx.PayAbsencesOver(date.Of(2000, 1, 1), m.Last())
	l.absences = map[int64][]payroll.Absence{}
	for _, x := range absences {
		if !x.Declared && !x.Dropped {
			l.absences[x.Contract] = append(l.absences[x.Contract], AbsenceBody(x).Absence)
		}
	}
	return &l, err
}

// readLeavesOf reads them for one contract.
func readLeavesOf(tx *store.Tx, m date.Month, c int64) (*payLeaves, error) {
	l := payLeaves{map[int64]store.PayLeave{}, map[int64]date.Month{}, map[int64][]payroll.Absence{}}
	rows, err := tx.PayLeavesOf(c)
	if err != nil {
		return nil, err
	}
	for _, x := range rows {
		if x.Opening.Until <= m {
			l.openings[c] = x
		}
	}
	first, paid, err := tx.FirstSlip(c)
	if err != nil {
		return nil, err
	}
	if paid {
		l.firsts[c] = first
	}
	absences, err := tx.PayAbsencesOf(c)
	for _, x := range absences {
		if !x.Declared && !x.Dropped {
			l.absences[c] = append(l.absences[c], AbsenceBody(x).Absence)
		}
	}
	return &l, err
}

// leave counts the leave of a contract up to a day of the month; nil: it earns none, or a fund counts it. slip is the
// payslip of the month where a tenth is set aside, nil: it is not made yet.
func (f *payFacts) leave(tx *store.Tx, c member.Contract, on date.Day, slip *payroll.Payslip) (*payroll.LeaveState, error) {
	k := f.contract(c)
	if !k.Regime.Employed() || f.rules.LeaveMode == coop.LeaveFund || c.Start > on {
		return nil, nil
	}
	leaves, err := f.leaves, error(nil)
	switch {
	case leaves != nil:
	case f.among != nil: // a question of a few people
		leaves, err = readLeavesOf(tx, f.month, c.ID)
	default:
		leaves, err = readLeaves(tx, f.month)
		f.leaves = leaves
	}
	if err != nil {
		return nil, err
	}
	since := k.From
	if first, paid := leaves.firsts[c.ID]; !paid || first > c.Start.Month() { // it was paid elsewhere before
		if !paid {
			first = f.month
		}
		since = max(k.From, payroll.LeaveFrom(max(first.First(), k.From)))
	}
	var open *payroll.LeaveOpening
	if x, told := leaves.openings[c.ID]; told {
		open = &x.Opening
	}
	s := payroll.Law().LeaveCount(k, since, on, leaves.absences[c.ID], open)
	if k.Regime == payroll.CESA && f.rules.LeaveMode == coop.LeaveProvided {
		aside, err := f.aside(tx, c, open, slip)
		if err != nil {
			return nil, err
		}
		s.Aside = &aside
	}
	return &s, nil
}

// aside is the tenth that payslips really issued set aside, since what was taken over.
func (f *payFacts) aside(tx *store.Tx, c member.Contract, open *payroll.LeaveOpening, slip *payroll.Payslip) (a payroll.LeaveAside, err error) {
	from := payroll.Begins()
	if open != nil {
		a.Set, from = open.Aside, max(from, open.Until+1)
	}
	until := f.month
	if slip != nil {
		a.Add(f.params, slip)
		until--
	}
	slips, err := tx.SlipsOf(c.Person, from, until)
	for i := range slips {
		if s := &slips[i]; s.Contract == c.ID && s.Real() && s.Origin != store.SlipOpening {
			a.Add(payroll.Law().On(s.Month), &s.Body.Payslip)
		}
	}
	return a, err
}

// leaveNow is the leave of a contract today, as files and one's own pages show it.
func leaveNow(tx *store.Tx, rules coop.Pay, today date.Day, c member.Contract, t store.PayTerms) (*payroll.LeaveState, error) {
	if c.End != 0 && c.End < today {
		today = c.End
	}
	m := max(today.Month(), payroll.Begins())
	leaves, err := readLeavesOf(tx, m, c.ID)
	if err != nil {
		return nil, err
	}
	f := payFacts{month: m, rules: rules, params: payroll.Law().On(m), terms: map[int64]store.PayTerms{c.ID: t}, leaves: leaves}
	s, err := f.leave(tx, c, today, nil)
	if err != nil || s == nil || c.End == 0 {
		return s, err
	}
	if i, ends, err := exitOf(tx, c.ID); err != nil || !ends {
		return s, err
	} else if paid, err := issuedIn(tx, c, i.Month); err != nil || !paid {
		return s, err
	} else {
		s.Close(ItemBody(i).Exit.Days)
	}
	return s, nil
}

// SaveLeave writes the counters of leave of a contract at the end of a month: those that another program left, or counted
// again. was is what the form began from, nil: nothing was there.
func (o *Office) SaveLeave(ctx context.Context, a access.Actor, was *payroll.LeaveOpening, person, contract int64, x payroll.LeaveOpening) error {
	if err := can(a, access.RunPay, access.Subject{Person: person}); err != nil {
		return err
	}
	return o.write(ctx, a, func(tx *store.Tx) error {
		c, err := contractOf(tx, person, contract)
		if err != nil {
			return err
		}
		rows, err := tx.PayLeavesOf(c.ID)
		if err != nil {
			return err
		}
		var now *payroll.LeaveOpening
		if n := len(rows); n > 0 {
			now = &rows[n-1].Opening
		}
		if (was == nil) != (now == nil) || was != nil && *was != *now {
			return errChanged()
		}
		if err := leaveReady(a, c, now, x); err != nil {
			return err
		}
		if err := tx.SavePayLeave(store.PayLeave{Contract: c.ID, Opening: x, By: a.Person}); err != nil {
			return err
		}
		return tx.Audit(a.Person, "pay.leave", thing("person", person), map[string]any{"until": x.Until.Last()})
	})
}

// leaveReady says why counters of leave cannot be those of a contract.
func leaveReady(a access.Actor, c member.Contract, now *payroll.LeaveOpening, x payroll.LeaveOpening) error {
	switch {
	case x.Until == 0:
		return fault.At("until", "payroll.opening_file.month_missing")
	case c.Kind == member.CAPE:
		return fault.At("until", "payopening.fault.cape_leave")
	case x.Until > a.Today.Month():
		return fault.At("until", "payopening.fault.ahead", "last", a.Today.Month())
	case x.Until < c.Start.Month():
		return fault.At("until", "payroll.not_begun", "from", c.Start)
	case now != nil && x.Until < now.Until:
		return fault.At("until", "payopening.fault.leave_before", "last", now.Until)
	}
	return x.Check()
}

// DropLeave takes away the counters of leave that were typed last for a contract.
func (o *Office) DropLeave(ctx context.Context, a access.Actor, person, contract int64, m date.Month) error {
	if err := can(a, access.RunPay, access.Subject{Person: person}); err != nil {
		return err
	}
	return o.write(ctx, a, func(tx *store.Tx) error {
		c, err := contractOf(tx, person, contract)
		if err != nil {
			return err
		}
		rows, err := tx.PayLeavesOf(c.ID)
		if n := len(rows); err != nil || n == 0 || rows[n-1].Opening.Until != m { // a second click
			return err
		}
		if err := tx.DropPayLeave(c.ID, m); err != nil {
			return err
		}
		return tx.Audit(a.Person, "pay.leave_drop", thing("person", person), map[string]any{"until": m.Last()})
	})
}
