package office_test

import (
	"testing"

	"essaim/coop"
	"essaim/date"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/member"
	"essaim/payroll"
)

// gone prepares Ada's end, pays it, and returns what was told and her last payslip.
func (x *exiting) gone(t *testing.T, q office.ExitQuestion) (office.ExitView, store.Slip) {
	t.Helper()
	ctx := t.Context()
	v, err := x.Exit(ctx, x.ada, q)
	must(t, err)
	_, err = x.PrepareExit(ctx, x.officer, q)
	must(t, err)
	x.compute(t)
	if v := x.issue(t, x.officer); v.Failed != 0 {
		t.Fatalf("%+v", v.Refused)
	}
	s := x.slipOf(t, x.ada.Person)
	if s.Body.Payslip.Totals != v.Last.Totals || s.Body.Leave == nil {
		t.Fatalf("told %+v\npaid %+v, %+v", v.Last.Totals, s.Body.Payslip.Totals, s.Body.Leave)
	}
	return v, s
}

// over holds that nothing is left to take or to pay once the last payslip is out, on it and on the file.
func (x *exiting) over(t *testing.T, s store.Slip) {
	t.Helper()
	f, err := x.PayFile(t.Context(), x.officer, x.ada.Person)
	must(t, err)
	for where, l := range map[string]*payroll.LeaveState{"the payslip": s.Body.Leave, "the file": f.Contracts[0].Leave} {
		if l == nil || l.Left() != 0 || l.Aside != nil && l.Aside.Left() != 0 {
			t.Errorf("%s still owes leave: %+v", where, l)
		}
	}
	clean(t, x.db)
}

// Another program had counted 12.5 days of which 10 were taken: with those of November five are left, at a tenth of 11 200
// for fifteen: 373.33. The forty-five of the contract's dates were taken long ago.
func TestAnExitPaysTheLeaveTakenOver(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		x := exit(t, db)
		x.more(t, 6_000_00)
		must(t, x.SaveLeave(t.Context(), x.officer, nil, x.ada.Person, x.contract[x.ada.Person], payroll.LeaveOpening{Until: x.month - 1, LeaveCounters: payroll.LeaveCounters{Acquired: 12_50, Taken: 10_00}}))
		v, s := x.gone(t, x.ask(payroll.Resignation, "2026-11-30"))
		if v.Count.Days != 5_00 || v.Count.Due != 373_33 || itemsOf(s.Body.Payslip)["leave_indemnity"] != 373_33 {
			t.Errorf("%d days, %s: %+v", v.Count.Days, v.Count.Due, v.Count.New)
		}
		if l := s.Body.Leave.LeaveCounters; l != (payroll.LeaveCounters{Acquired: 15_00, Taken: 15_00}) {
			t.Errorf("%+v", l)
		}
		x.over(t, s)
	})
}

// Where a tenth is set aside, what was taken over and the tenth of the last fixed part are paid, and the counter is closed:
// the tenth of the last variable part is in that part.
func TestAnExitPaysTheTenthSetAside(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		x := exit(t, db)
		x.more(t, 6_000_00)
		x.payRule(t, func(r *coop.Pay) { r.LeaveMode = coop.LeaveProvided })
		must(t, x.SaveLeave(t.Context(), x.officer, nil, x.ada.Person, x.contract[x.ada.Person], payroll.LeaveOpening{Until: x.month - 1, LeaveCounters: payroll.LeaveCounters{Acquired: 12_50, Taken: 10_00}, Aside: 100_00}))
		v, s := x.gone(t, x.ask(payroll.Resignation, "2026-11-30"))
		if v.Count.Old.Tenth != 100_00 || v.Count.New.Tenth != 120_00 || v.Count.Due != 220_00 || itemsOf(s.Body.Payslip)["leave_indemnity"] != 220_00 || v.Year.Gross <= 0 {
			t.Errorf("%s: %+v, %+v", v.Count.Due, v.Count.Old, v.Count.New)
		}
		if a := s.Body.Leave.Aside; a == nil || *a != (payroll.LeaveAside{Set: 220_00, Paid: 220_00}) {
			t.Errorf("%+v", a)
		}
		x.over(t, s)
	})
}

// Bob's contract of September follows another of January: her service is of both, her leave of the last alone, eight days of
// three months at a tenth of 2 000, 2 000 and the fixed part of 1 201; what the first paid for leave at its end is no reference pay.
func TestAnExitOfContractsThatFollow(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		x := exit(t, db)
		bob := x.bob.Person
		c, first := x.contract[bob], member.Contract{}
		x.write(t, func(tx *store.Tx) error {
			all, err := tx.ContractsOf(bob)
			if err != nil {
				return err
			}
			first = member.Contract{Person: bob, Kind: all[0].Kind, Activity: all[0].Activity, Start: date.MustParse("2025-01-01"), End: date.MustParse("2026-08-31")}
			all[0].Start = date.MustParse("2026-09-01")
			if err := tx.SaveContract(&all[0]); err != nil {
				return err
			}
			return tx.SaveContract(&first)
		})
		x.contract[bob] = first.ID
		x.was(t, bob, 2_000_00, "2025-11", "2026-08", payroll.Item{Element: "leave_indemnity", Amount: 900_00})
		x.contract[bob] = c
		x.was(t, bob, 2_000_00, "2026-09", "2026-10")
		v, err := x.Exit(t.Context(), x.bob, office.ExitQuestion{Person: bob, Contract: c, ExitBody: office.ExitBody{Reason: payroll.Rupture, End: date.MustParse("2026-11-30")}})
		must(t, err)
		if v.Count.Months != 23 || v.Count.Reference != 2_000_00 || v.Count.Known != 12 {
			t.Errorf("%d months at %s of %d", v.Count.Months, v.Count.Reference, v.Count.Known)
		}
		if want := (payroll.LeavePay{Tenth: 520_10, Maintained: 369_54, Due: 520_10}); v.Count.Days != 8_00 || v.Count.New != want || v.Count.Due != 520_10 {
			t.Errorf("%d days: %+v, %+v", v.Count.Days, v.Count.Old, v.Count.New)
		}
	})
}
