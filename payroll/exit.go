package payroll

import (
	"errors"
	"slices"

	"essaim/date"
	"essaim/fault"
	"essaim/money"
)

// The end of a contract, counted from the payslips really issued: what is owed whatever the account says. What remains
// on the account is taken beside it, by [Fit].

// LeavingReasons are the ends that a contract may have: one of a fixed term ends with it, and nobody but an associate can
// fail to become a member.
func LeavingReasons(k Contract) []LeavingReason {
	switch k.Regime {
	case CESA:
		return []LeavingReason{Rupture, Resignation, Dismissal, Trial, NotMember}
	case Permanent:
		return []LeavingReason{Rupture, Resignation, Dismissal, Trial}
	case FixedTerm:
		return []LeavingReason{EndOfTerm}
	case CAPE, Manager: // not employees: none of these indemnities is theirs
	}
	return nil
}

// PaidMonth is what the payslips issued of a month paid.
type PaidMonth struct {
	Month  date.Month  `json:"month"`
	Pay    money.Cents `json:"pay"`    // gross, without what the end of a contract pays
	Bonus  money.Cents `json:"bonus"`  // of it, not monthly: a bonus, last year's variable part
	Leave  money.Cents `json:"leave"`  // of it, paid for leave that had been set aside
	Before money.Cents `json:"before"` // of it, paid by the contracts before the one that ends
}

// EndFacts is what the end of a contract is counted from.
type EndFacts struct {
	Reason   LeavingReason
	Contract Contract    // Until is its last day
	Since    date.Day    // first day of service without a break
	Paid     []PaidMonth // before the month of the end, the last first
	Steady   money.Cents // what the month of the end pays before any variable part
	Whole    money.Cents // what a whole month pays now
	Year     money.Cents // gross of the year before that of the end
	Absences []Absence
	Leave    *LeaveState  // on the last day, before the last payslip; nil: a fund pays
	Days     *Days        // of leave left, when it is not what is counted
	Give     *money.Cents // indemnity given; nil: the least
	NoBonus  bool         // no precarity pay: a permanent contract follows, or was refused (L1243-8, L1243-10 c. trav.)
	Pension  bool         // a pension may be drawn already
}

// End is what the end of a contract pays beside the pay of its last month, each figure that it comes from with it.
type End struct {
	Months    int         `json:"months"`    // of seniority, what was suspended taken off
	Suspended int         `json:"suspended"` // days that do not count in it
	Reference money.Cents `json:"reference"` // pay of a month that the indemnity is counted on
	Twelve    money.Cents `json:"twelve"`    // mean of the last twelve months
	Three     money.Cents `json:"three"`     // mean of the last three
	Known     int         `json:"known"`     // months that the payslips tell, twelve at most
	Least     money.Cents `json:"least"`     // legal minimum of the indemnity
	Given     money.Cents `json:"given"`     // indemnity
	Settlement
	Fund    bool          `json:"fund"` // of leave: it pays by itself
	Leave   LeaveCounters `json:"leave"`
	Days    Days          `json:"days"`    // of leave that are paid for
	Old     LeavePay      `json:"old"`     // of them, those of the periods before; of a tenth set aside, what was until the last payslip
	New     LeavePay      `json:"new"`     // those of this one; of a tenth set aside, that of the last payslip
	OldDays Days          `json:"oldDays"` //
	Due     money.Cents   `json:"due"`     // for leave
	Base    money.Cents   `json:"base"`    // pay of the whole contract, that precarity pay is counted on
	All     []Item        `json:"all"`     // of the payslip of the last month
}

// Precarity is what a fixed term is owed at its end: a tenth of its whole pay (L1243-8 c. trav.).
func (p *Parameters) Precarity(gross money.Cents) money.Cents { return gross.Times(p.rate(pPrecarity)) }

// EarliestRupture is the first day after which a contract can end when a rupture conventionnelle is signed on a day:
// fifteen calendar days to retract, one that ends on a day without work going on to the next (L1237-13 c. trav.); the
// request the day after, and fifteen working days to approve it (L1237-14). The contract ends on the following day at the
// earliest.
func (p *Parameters) EarliestRupture(signed date.Day) date.Day {
	d := signed + date.Day(p.count(pRuptureRetract))
	for !d.Working() {
		d++
	}
	d++
	for n := int64(0); n < p.count(pRuptureApprove); {
		if d++; d.Weekday() != 0 && !d.Holiday() {
			n++
		}
	}
	return d + 1
}

// End counts the end of a contract.
func (t *Table) End(f EndFacts) (e End, err error) {
	end := f.Contract.Until
	if err := f.check(); err != nil {
		return e, err
	}
	p := t.On(end.Month())
	e.seniority(f)
	e.reference(f)
	switch f.Reason {
	case Dismissal:
		e.Least = p.LegalIndemnity(e.Reference, e.Months)
	case Rupture:
		e.Least = p.RuptureIndemnity(e.Reference, e.Months)
	case EndOfTerm:
		e.Base = f.Steady
		for _, m := range f.Paid {
			e.Base += m.Pay - m.Leave
		}
		if !f.NoBonus {
			e.Least = p.Precarity(e.Base)
		}
	case Resignation, NotMember, Trial:
	}
	e.Given = e.Least
	if f.Give != nil {
		e.Given = *f.Give
	}
	if f.Reason == EndOfTerm && e.Given < e.Least {
		return e, fault.At("paid", "payroll.settlement_short", "legal", e.Least)
	}
	if e.Settlement, err = t.Settle(Leaving{Reason: f.Reason, End: end, Legal: e.Least, Paid: e.Given, Year: f.Year, Pension: f.Pension}); err != nil {
		return e, err
	}
	if err := e.leave(t, f); err != nil {
		return e, err
	}
	e.All = slices.Clone(e.Items)
	if e.Due > 0 {
		e.All = append(e.All, Item{Element: "leave_indemnity", Amount: e.Due})
	}
	return e, nil
}

func (f EndFacts) check() error {
	k := f.Contract
	var errs []error
	if !slices.Contains(LeavingReasons(k), f.Reason) {
		errs = append(errs, fault.At("reason", "payroll.leaving_reason"))
	}
	switch {
	case k.Until == 0 || k.Until < k.From:
		errs = append(errs, fault.At("end", "payroll.leaving_end", "from", k.From))
	case k.Until.Month() < Begins():
		errs = append(errs, fault.At("end", "payroll.before", "first", Begins()))
	}
	if f.Days != nil && (*f.Days < 0 || *f.Days > 100_00) {
		errs = append(errs, fault.At("days", "payroll.leave_days"))
	}
	if f.Steady < 0 || f.Steady > MaxGross || f.Whole < 0 || f.Whole > MaxGross {
		errs = append(errs, fault.At("gross", "payroll.large", "max", MaxGross))
	}
	return errors.Join(errs...)
}

// seniority counts the months of service: what suspended the contract does not break it and does not count (L1234-11 c.
// trav.), but for what the law counts as work: an accident, maternity, paternity, paid leave.
func (e *End) seniority(f EndFacts) {
	from := min(f.Since, f.Contract.From)
	if f.Since == 0 {
		from = f.Contract.From
	}
	for _, a := range f.Absences {
		if a.Kind != Sickness && a.Kind != UnpaidLeave {
			continue
		}
		if first, last := max(a.From, from), min(a.Until, f.Contract.Until); first <= last {
			e.Suspended += int(last-first) + 1
		}
	}
	e.Months = Seniority(from+date.Day(e.Suspended), f.Contract.Until)
}

// reference is the pay of a month, with the two means it is the better of.
func (e *End) reference(f EndFacts) {
	months := make([]money.Cents, 0, 12)
	var bonus money.Cents
	for i, m := range f.Paid[:min(12, len(f.Paid))] {
		months = append(months, m.Pay)
		if i < 3 {
			bonus += m.Bonus
		}
	}
	e.Known = len(months)
	e.Reference, e.Twelve, e.Three = ReferencePay(months, bonus)
	if e.Known == 0 { // no payslip is known yet: what the contract says
		e.Reference = f.Whole
	}
}

// leave values what the counters of the last payslip leave, or what is typed in their place (L3141-28 c. trav.): days of the
// periods before by what the last of them paid, those of this one by what it paid, and both by this contract alone, whose
// days they are. Where a tenth of pay is set aside and paid when leave is taken, what is left of it is owed, with that of the
// month of the end; a fund pays by itself.
func (e *End) leave(t *Table, f EndFacts) error {
	if e.Fund = f.Leave == nil; e.Fund {
		return nil
	}
	k, end := f.Contract, f.Contract.Until
	e.Leave = f.Leave.LeaveCounters
	e.Days = max(0, e.Leave.Left())
	if f.Days != nil {
		e.Days = *f.Days
	}
	fresh := min(e.Days, max(0, e.Leave.Acquired-max(0, e.Leave.Taken-e.Leave.Before)))
	e.OldDays = e.Days - fresh
	p := t.On(end.Month())
	if a := f.Leave.Aside; a != nil {
		e.Old.Tenth, e.New.Tenth = a.Left(), f.Steady.Times(p.rate(pLeaveTenth))
		e.Due = max(0, e.Old.Tenth+e.New.Tenth)
		return nil
	}
	now, _ := LeavePeriod(end)
	then, _ := LeavePeriod(now - 1)
	before := Days(0)
	if k.From < now {
		before = t.LeaveAcquired(k, now-1, f.Absences)
	}
	var old, pay money.Cents
	for _, m := range f.Paid {
		switch {
		case m.Month >= now.Month():
			pay += m.Pay - m.Before
		case m.Month >= then.Month():
			old += m.Pay - m.Before
		}
	}
	pay += f.Steady
	if f.Reason == EndOfTerm { // the whole pay of the contract, precarity pay in it (L1242-16 c. trav.)
		pay += e.Given
	}
	var err error
	if e.Old, err = p.LeaveIndemnity(e.OldDays, before, old, f.Whole); err != nil {
		return err
	}
	if e.New, err = p.LeaveIndemnity(fresh, e.Leave.Acquired, pay, f.Whole); err != nil {
		return err
	}
	e.Due = e.Old.Due + e.New.Due
	return nil
}
