package payroll

import (
	"testing"

	"pgregory.net/rapid"

	"essaim/date"
	"essaim/money"
)

// months are payslips before a month, the last first.
func months(before date.Month, n int, pay money.Cents) (all []PaidMonth) {
	for i := range n {
		all = append(all, PaidMonth{Month: before - 1 - date.Month(i), Pay: pay})
	}
	return all
}

// ending counts an end whose leave was paid here since the period before.
func ending(f EndFacts) (End, error) {
	k := f.Contract
	s := Law().LeaveCount(k, LeaveFrom(LeaveFrom(k.Until)-1), k.Until, f.Absences, nil)
	f.Leave = &s
	return Law().End(f)
}

// A CESA of 1 March 2022 ends on 30 November 2026 by a rupture: 57 months at a mean of 2 000 give 2 375.00, the employer
// bears 40 % of it; 15 days of this period at a tenth of 12 000 (five months and the last) are 1 200.00.
func TestEndOfACESA(t *testing.T) {
	f := EndFacts{Reason: Rupture, Contract: Contract{Regime: CESA, From: date.Of(2022, 3, 1), Until: date.Of(2026, 11, 30)}, Paid: months(date.MonthOf(2026, 11), 12, 2_000_00),
		Steady: 2_000_00, Whole: 1_000_00, Year: 24_000_00, Absences: []Absence{{Kind: PaidLeave, From: date.Of(2026, 6, 1), Until: date.Of(2026, 7, 5)}}}
	e, err := ending(f)
	if err != nil {
		t.Fatal(err)
	}
	if e.Months != 57 || e.Reference != 2_000_00 || e.Twelve != 2_000_00 || e.Three != 2_000_00 || e.Known != 12 {
		t.Errorf("%d months at %s", e.Months, e.Reference)
	}
	if e.Least != 2_375_00 || e.Given != 2_375_00 || e.Contribution != 950_00 || e.Free != 2_375_00 {
		t.Errorf("indemnity %s, given %s, contribution %s", e.Least, e.Given, e.Contribution)
	}
	// Five weeks of leave are thirty working days: all of the period before.
	if e.Leave != (LeaveCounters{30_00, 15_00, 30_00}) || e.Days != 15_00 || e.OldDays != 0 || e.New != (LeavePay{1_200_00, 576_92, 1_200_00}) || e.Due != 1_200_00 {
		t.Errorf("%+v: %d days, %+v, %+v", e.Leave, e.Days, e.Old, e.New)
	}
	areItems(t, e.All, Item{Element: "rupture", Amount: 2_375_00}, Item{Element: "leave_indemnity", Amount: 1_200_00})
	// Half of the leave is left of each period: each is worth what its own period paid.
	f.Absences[0].Until = date.Of(2026, 6, 17) // fifteen
	f.Paid = append(f.Paid[:5:5], months(date.MonthOf(2026, 6), 12, 1_000_00)...)
	if e, err = ending(f); err != nil || e.OldDays != 15_00 || e.Old.Due != 600_00 || e.New.Due != 1_200_00 {
		t.Errorf("%d, %+v, %+v, %v", e.OldDays, e.Old, e.New, err)
	}
	// What the officer types stands in the place of what is counted.
	f.Days = new(Days)
	if e, err = ending(f); err != nil || e.Due != 0 || len(e.All) != 1 {
		t.Errorf("%+v, %v", e.All, err)
	}
}

// A month of sickness and one without pay do not count in the seniority, an accident does.
func TestSuspendedMonthsAreNoSeniority(t *testing.T) {
	f := EndFacts{Reason: Dismissal, Contract: Contract{Regime: CESA, From: date.Of(2026, 1, 1), Until: date.Of(2026, 8, 31)}, Paid: months(date.MonthOf(2026, 8), 7, 2_000_00)}
	e, err := ending(f)
	if err != nil || e.Months != 8 || e.Least != 333_33 || e.Known != 7 {
		t.Errorf("%+v, %v", e, err)
	}
	f.Absences = []Absence{{Kind: Accident, From: date.Of(2026, 3, 1), Until: date.Of(2026, 3, 31)}}
	if e, _ = ending(f); e.Months != 8 {
		t.Errorf("an accident: %d months", e.Months)
	}
	f.Absences[0].Kind = Sickness
	if e, _ = ending(f); e.Months != 7 || e.Suspended != 31 || e.Least != 0 {
		t.Errorf("sickness: %d months, %s", e.Months, e.Least)
	}
	// Service goes on from a contract to the next.
	f.Since = date.Of(2025, 1, 1)
	if e, _ = ending(f); e.Months != 19 {
		t.Errorf("service without a break: %d months", e.Months)
	}
}

// Last year's variable part of 1 200 within the last three months counts for a quarter of it there.
func TestReferenceOfAVariablePart(t *testing.T) {
	f := EndFacts{Reason: Rupture, Contract: Contract{Regime: CESA, From: date.Of(2020, 1, 1), Until: date.Of(2026, 11, 30)}, Paid: months(date.MonthOf(2026, 11), 12, 2_000_00)}
	f.Paid[1].Pay, f.Paid[1].Bonus = 3_200_00, 1_200_00
	e, err := ending(f)
	if err != nil || e.Twelve != 2_100_00 || e.Three != 2_100_00 || e.Reference != 2_100_00 {
		t.Errorf("%+v, %v", e, err)
	}
	if f.Paid, f.Whole = nil, 1_000_00; true { // no payslip is known: what the contract pays
		if e, err = ending(f); err != nil || e.Reference != 1_000_00 || e.Known != 0 {
			t.Errorf("%+v, %v", e, err)
		}
	}
}

// A fixed term of six months at 2 000: 1 200.00 of precarity pay, 1 320.00 for its leave, and none when a permanent
// contract follows.
func TestEndOfAFixedTerm(t *testing.T) {
	f := EndFacts{Reason: EndOfTerm, Contract: Contract{Regime: FixedTerm, From: date.Of(2026, 6, 1), Until: date.Of(2026, 11, 30), Hours: 3500}, Paid: months(date.MonthOf(2026, 11), 5, 2_000_00),
		Steady: 2_000_00, Whole: 2_000_00}
	e, err := ending(f)
	if err != nil || e.Base != 12_000_00 || e.Given != 1_200_00 || e.Days != 15_00 || e.New.Tenth != 1_320_00 || e.Due != 1_320_00 {
		t.Errorf("%+v, %v", e, err)
	}
	areItems(t, e.All, Item{Element: "end_of_contract", Amount: 1_200_00}, Item{Element: "leave_indemnity", Amount: 1_320_00})
	short := money.Cents(1_199_99)
	f.Give = &short
	_, err = ending(f)
	refused(t, "short", err, "paid", "payroll.settlement_short")
	f.Give, f.NoBonus = nil, true
	if e, err = ending(f); err != nil || e.Given != 0 || e.Due != 1_200_00 {
		t.Errorf("%s, %s, %v", e.Given, e.Due, err)
	}
}

// Days that were taken over are what is paid: 15 acquired of which 10 are taken, at a tenth of 11 200, not the 45 that the
// contract's dates would give. The counters are closed then.
func TestLeaveTakenOverIsWhatIsPaid(t *testing.T) {
	s := LeaveState{LeaveCounters: LeaveCounters{0, 15_00, 10_00}}
	f := EndFacts{Reason: Resignation, Contract: Contract{Regime: CESA, From: date.Of(2025, 1, 1), Until: date.Of(2026, 11, 30)}, Paid: months(date.MonthOf(2026, 11), 12, 2_000_00), Steady: 1_200_00, Whole: 1_200_00, Leave: &s}
	e, err := Law().End(f)
	if err != nil || e.Days != 5_00 || e.OldDays != 0 || e.New != (LeavePay{373_33, 230_77, 373_33}) || e.Due != 373_33 {
		t.Errorf("%+v, %v", e, err)
	}
	// What the contracts before paid is no pay of this one's days.
	f.Paid[3].Before, f.Paid[4].Before = 2_000_00, 2_000_00
	if e, err = Law().End(f); err != nil || e.New.Tenth != 240_00 || e.Due != 240_00 || e.Reference != 2_000_00 {
		t.Errorf("%+v, %v", e, err)
	}
	s.Aside = &LeaveAside{Set: 900_00, Paid: 700_00}
	s.Close(nil)
	if s.Left() != 0 || s.Taken != 15_00 || s.Aside.Left() != 0 || s.Aside.Paid != 700_00 {
		t.Errorf("%+v, %+v", s, s.Aside)
	}
	ahead := LeaveState{LeaveCounters: LeaveCounters{0, 5_00, 8_00}}
	if ahead.Close(nil); ahead.Left() != -3_00 { // taken ahead: told, not wiped
		t.Errorf("%+v", ahead)
	}
	if ahead.Close(new(Days)); ahead.Left() != 0 {
		t.Errorf("%+v", ahead)
	}
}

// Seven months at 2 000: a rupture owes them in proportion, a dismissal owes nothing before eight.
func TestRuptureUnderEightMonths(t *testing.T) {
	for reason, want := range map[LeavingReason]money.Cents{Rupture: 291_67, Dismissal: 0} {
		f := EndFacts{Reason: reason, Contract: Contract{Regime: CESA, From: date.Of(2026, 5, 1), Until: date.Of(2026, 11, 30)}, Paid: months(date.MonthOf(2026, 11), 6, 2_000_00)}
		if e, err := ending(f); err != nil || e.Months != 7 || e.Least != want {
			t.Errorf("%s: %d months, %s, %v", reason, e.Months, e.Least, err)
		}
	}
}

// A tenth that was set aside, 500 paid of it, and that of the last month; a fund pays by itself.
func TestLeaveSetAside(t *testing.T) {
	f := EndFacts{Reason: Resignation, Contract: Contract{Regime: CESA, From: date.Of(2025, 6, 1), Until: date.Of(2026, 11, 30)}, Paid: months(date.MonthOf(2026, 11), 17, 1_000_00), Steady: 1_000_00,
		Leave: &LeaveState{LeaveCounters: LeaveCounters{30_00, 15_00, 6_00}, Aside: &LeaveAside{Set: 1_700_00, Paid: 500_00}}}
	e, err := Law().End(f)
	if err != nil || e.Old.Tenth != 1_200_00 || e.New.Tenth != 100_00 || e.Due != 1_300_00 {
		t.Errorf("%+v, %v", e, err)
	}
	f.Leave.Aside.Paid = 2_000_00 // more than was set aside: nobody owes leave
	if e, err = Law().End(f); err != nil || e.Due != 0 {
		t.Errorf("%+v, %v", e, err)
	}
	f.Leave = nil
	if e, err = Law().End(f); err != nil || e.Due != 0 || !e.Fund || e.Days != 0 || len(e.All) != 0 {
		t.Errorf("%+v, %v", e, err)
	}
}

// Signed on Monday 2 November 2026: retracted until Tuesday 17, asked on the 18th, fifteen working days to 5 December: the
// contract ends on the 6th at the earliest. Signed on Friday 4 December, the fifteenth day is a
// Saturday that goes on to Monday, and two holidays fall in the rest.
func TestEarliestRupture(t *testing.T) {
	p := Law().On(nov2026)
	for signed, want := range map[date.Day]date.Day{date.Of(2026, 11, 2): date.Of(2026, 12, 6), date.Of(2026, 12, 4): date.Of(2027, 1, 12)} {
		if got := p.EarliestRupture(signed); got != want {
			t.Errorf("%s: %s, want %s", signed, got, want)
		}
	}
}

func TestEndRefused(t *testing.T) {
	k := Contract{Regime: CESA, From: date.Of(2026, 3, 1), Until: date.Of(2026, 11, 30)}
	less, days := money.Cents(1_00), Days(-1)
	for _, c := range []struct {
		name, field, key string
		change           func(*EndFacts)
	}{
		{"before it begins", "end", "payroll.leaving_end", func(f *EndFacts) { f.Contract.Until = date.Of(2026, 2, 28) }},
		{"short", "paid", "payroll.settlement_short", func(f *EndFacts) { f.Give = &less }},
		{"pension", "pension", "payroll.settlement_pension", func(f *EndFacts) { f.Pension = true }},
		{"of a fixed term", "reason", "payroll.leaving_reason", func(f *EndFacts) { f.Reason = EndOfTerm }},
		{"a manager", "reason", "payroll.leaving_reason", func(f *EndFacts) { f.Contract.Regime = Manager }},
		{"days", "days", "payroll.leave_days", func(f *EndFacts) { f.Days = &days }},
	} {
		f := EndFacts{Reason: Rupture, Contract: k, Paid: months(date.MonthOf(2026, 11), 8, 2_000_00)}
		c.change(&f)
		_, err := ending(f)
		refused(t, c.name, err, c.field, c.key)
	}
}

// What is paid is what was given and what leave is worth, whatever they are; nobody owes leave at their end.
func TestTheEndSums(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := date.Of(2025, 1, 1) + date.Day(rapid.IntRange(0, 500).Draw(t, "from"))
		end := from + date.Day(rapid.IntRange(0, 600).Draw(t, "days"))
		k := Contract{Regime: CESA, From: from, Until: end}
		away := from + date.Day(rapid.IntRange(0, 300).Draw(t, "away"))
		f := EndFacts{Reason: rapid.SampledFrom(LeavingReasons(k)).Draw(t, "reason"), Contract: k, Steady: 500_00, Whole: 500_00,
			Paid:     months(end.Month(), int(end.Month()-from.Month()), money.Cents(rapid.IntRange(0, 4_000_00).Draw(t, "pay"))),
			Absences: []Absence{{Kind: rapid.SampledFrom(AbsenceKinds()).Draw(t, "kind"), From: away, Until: away + date.Day(rapid.IntRange(0, 80).Draw(t, "long"))}}}
		mode := rapid.SampledFrom([]LeaveMode{LeaveRecorded, LeaveProvided, LeaveByFund}).Draw(t, "mode")
		if s := Law().LeaveCount(k, k.From, end, f.Absences, nil); mode != LeaveByFund {
			f.Leave = &s
		}
		if mode == LeaveProvided {
			f.Leave.Aside = &LeaveAside{money.Cents(rapid.IntRange(0, 4_000_00).Draw(t, "set")), money.Cents(rapid.IntRange(0, 4_000_00).Draw(t, "paid"))}
		}
		e, err := Law().End(f)
		if err != nil {
			t.Fatal(err)
		}
		sum := money.Cents(0)
		for _, it := range e.All {
			sum += it.Amount
		}
		if sum != e.Given+e.Due || e.Due < 0 || e.Given < e.Least || e.Days < 0 || e.OldDays < 0 || e.OldDays > e.Days || e.Known > 0 && e.Reference != max(e.Twelve, e.Three) {
			t.Fatalf("%+v", e)
		}
	})
}
