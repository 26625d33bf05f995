package office_test

import (
	"bytes"
	"slices"
	"testing"

	"essaim/coop"
	"essaim/date"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/member"
	"essaim/payroll"
)

// issued is a payslip of Ada's that is out and whose document is not filed.
func (h *paid) issued(t *testing.T, m date.Month) store.Slip {
	t.Helper()
	k := payroll.Contract{Regime: payroll.CESA, From: h.adaCESA.Start}
	in := payroll.Inputs{Month: m, Paid: m.Last(), Items: []payroll.Item{{Element: "fixed_part", Amount: 500_00}}}
	e := payroll.Employer{Staff: 60, Accident: 20_800}
	slip, after, err := payroll.Compute(payroll.Law().On(m), e, k, payroll.YearToDate{}, in)
	must(t, err)
	s := store.Slip{Person: storetest.Person, Contract: h.adaCESA.ID, Activity: storetest.First, Month: m, Origin: store.SlipOwn, State: store.SlipIssued,
		Body: store.SlipBody{Employer: e, Contract: k, Inputs: in, Payslip: slip, After: after, Version: payroll.Formulas, Law: payroll.LawHash()}}
	storetest.Write(t, h.db, h.coop, func(tx *store.Tx) error { return tx.SaveSlip(&s) })
	return s
}

// A payslip whose document was not filed when it was issued is laid out when its person opens it, and filed then.
func TestAnOldPayslipOpensAsAPaper(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newPaid(t, db)
		s := h.issued(t, date.MonthOf(2026, 9))
		name, b, err := h.PaySlipFile(t.Context(), h.ada, s.ID)
		must(t, err)
		if name != "bulletin-2026-09.pdf" || !bytes.HasPrefix(b, []byte("%PDF")) {
			t.Errorf("%q, %d bytes", name, len(b))
		}
		if now, err := h.PaySlip(t.Context(), h.ada, s.ID); err != nil || now.File == "" {
			t.Errorf("it is not filed: %v", err)
		}
		_, again, err := h.PaySlipFile(t.Context(), h.ada, s.ID)
		must(t, err)
		if !bytes.Equal(b, again) {
			t.Error("another paper the second time")
		}
		_, _, err = h.PaySlipFile(t.Context(), h.bob, s.ID)
		absentTo(t, err)
	})
}

// What stands around one's pay: the last payslip, what the file lacks where the cooperative pays by itself, whether an
// absence may be declared.
func TestAroundMyPay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newPaid(t, db)
		ctx := t.Context()
		x, err := h.MyPayAround(ctx, h.ada)
		must(t, err)
		if !x.Paid || x.Last != nil || !slices.Equal(x.Lacks, []string{"payroll.lacks.nir", "payroll.lacks.iban", "payroll.lacks.holder"}) || len(x.Years) != 0 {
			t.Errorf("before: %+v", x)
		}
		h.issued(t, date.MonthOf(2026, 9))
		last := h.issued(t, date.MonthOf(2026, 10))
		storetest.Write(t, db, h.coop, func(tx *store.Tx) error {
			return tx.SavePayPerson(store.PayPerson{Person: storetest.Person, From: date.MustParse("2026-01-01"), Known: payroll.Person{NIR: payNIR(1), Holder: "Ada"}})
		})
		x, err = h.MyPayAround(ctx, h.ada)
		must(t, err)
		if x.Last == nil || x.Last.ID != last.ID || !slices.Equal(x.Lacks, []string{"payroll.lacks.iban"}) {
			t.Errorf("%+v, lacks %v", x.Last, x.Lacks)
		}
		if bob, err := h.MyPayAround(ctx, h.bob); err != nil || bob.Last != nil {
			t.Errorf("Bob sees %+v %v", bob.Last, err)
		}
		rules := coop.Default().Pay
		rules.Way = coop.PaySoftware
		rule, err := office.RuleOf(coop.RulePay, "", date.MustParse("2026-02-01"), rules, "AG")
		must(t, err)
		_, err = h.SaveRule(ctx, h.system, rule)
		must(t, err)
		if x, err = h.MyPayAround(ctx, h.ada); err != nil || len(x.Lacks) != 0 { // the software has its own file
			t.Errorf("lacks %v %v", x.Lacks, err)
		}
		_, err = h.SaveContract(ctx, h.system, member.Contract{ID: h.adaCESA.ID, Person: storetest.Person, Kind: member.CESA, Start: h.adaCESA.Start, End: date.MustParse("2026-10-31"), FixedCost: 500_00, Activity: storetest.First})
		must(t, err)
		if x, err = h.MyPayAround(ctx, h.ada); err != nil || x.Paid {
			t.Errorf("an absence from a contract that is over: %v", err)
		}
	})
}

// What an account bears today is told of payslips to come; of one that is out, or of a month that is locked, it would be
// another day's.
func TestAvailableIsOfToday(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newPaid(t, db)
		h.earned(t, 4000_00)
		october := date.MonthOf(2026, 10)
		officer := h.system
		officer.Today = h.ada.Today
		row := func(person int64) office.PayRow {
			t.Helper()
			v, err := h.PayMonth(t.Context(), officer, october, nil)
			must(t, err)
			for _, r := range v.Rows {
				if r.Person.ID == person {
					return r
				}
			}
			t.Fatal("no row")
			return office.PayRow{}
		}
		if row(storetest.Person).Available == nil || row(h.bob.Person).Available == nil {
			t.Error("nobody knows what may be paid")
		}
		h.issued(t, october)
		if row(storetest.Person).Available != nil || row(h.bob.Person).Available == nil {
			t.Error("a payslip that is out is set beside the account of today")
		}
		storetest.Write(t, db, h.coop, func(tx *store.Tx) error {
			return tx.SavePayMonth(store.PayMonth{Month: october, State: store.PayMonthLocked})
		})
		if row(h.bob.Person).Available != nil {
			t.Error("a month that is locked is set beside the account of today")
		}
	})
}

// Nothing is offered to be written in a month that is locked, or whose payslip is out.
func TestShutMonths(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newPaid(t, db)
		h.issued(t, date.MonthOf(2026, 10))
		f, err := h.PayFile(t.Context(), h.ada, storetest.Person)
		must(t, err)
		for _, k := range f.Contracts {
			if k.Contract.ID == h.adaCESA.ID && !slices.Equal(k.Shut, []date.Month{date.MonthOf(2026, 10)}) {
				t.Errorf("shut %v", k.Shut)
			}
		}
	})
}
