package office_test

import (
	"testing"

	"essaim/date"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/member"
	"essaim/money"
	"essaim/payroll"
)

// What the officer typed becomes the elements of the month: the pass is refunded by its share, what is declared and not
// completed does not count, an absence takes its days, allowances count in the month they came, creditors and advances
// are served on what is left, and never twice what is owed.
func TestWhatTheMonthBrings(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, ctx := open(t, db), t.Context()
		jean, c, m := h.officer(), h.employed(t, h.ada.Person, member.CESA), storetest.Today.Month()
		_, err := h.SavePayTerms(ctx, jean, nil, h.ada.Person, store.PayTerms{Contract: c.ID, From: max(c.Start, m.First()-31), Terms: payroll.Terms{Gross: 3000_00}})
		must(t, err)
		add := func(element string, amount money.Cents, b office.PayItemBody) {
			t.Helper()
			_, err := h.AddPayItem(ctx, jean, store.PayItem{Person: h.ada.Person, Contract: c.ID, Element: element, Month: m, Until: office.ForEver(), Amount: amount}, b)
			must(t, err)
		}
		add("transport", 80_00, office.PayItemBody{Share: 500_000})
		add("garnishment", 100_00, office.PayItemBody{Creditor: "Trésor", Rank: payroll.ForTreasury})
		add("advance", 5000_00, office.PayItemBody{})
		days := store.PayAbsence{Contract: c.ID, From: date.MustParse("2026-11-28"), Until: date.MustParse("2026-12-02")}
		x, err := h.DeclarePayAbsence(ctx, h.ada, days, office.PayAbsenceBody{Absence: payroll.Absence{Kind: payroll.Sickness}}, nil)
		must(t, err)
		read := func(m date.Month) (in, kept payroll.Inputs) {
			t.Helper()
			must(t, h.db.Read(ctx, h.coop, func(tx *store.Tx) (err error) {
				in, kept, err = office.PayInputs(tx, m, c)
				return err
			}))
			return in, kept
		}
		sum := func(in payroll.Inputs, element string) (s money.Cents) {
			for _, it := range in.Items {
				if it.Element == element {
					s += it.Amount
				}
			}
			return s
		}
		in, _ := read(m)
		if sum(in, "transport") != 40_00 || sum(in, "fixed_part") != 3000_00 || sum(in, "absence") != 0 || in.Away != 0 || sum(in, "garnishment") != 0 {
			t.Errorf("before it is completed: %+v", in)
		}
		_, err = h.SavePayAbsence(ctx, jean, nil, x, office.PayAbsenceBody{Absence: payroll.Absence{Kind: payroll.Sickness, Subrogated: true}, Received: []office.Received{{Month: m + 1, Daily: 60_00}}}, nil)
		must(t, err)
		in, kept := read(m)
		if in.Away != 3 || sum(in, "absence") != 300_00 || sum(in, "ijss") != 0 { // three days of thirty
			t.Errorf("November: %+v", in)
		}
		next, _ := read(m + 1)
		if next.Away != 2 || sum(next, "ijss") == 0 {
			t.Errorf("December: %+v", next)
		}
		if sum(kept, "garnishment") != 100_00 {
			t.Errorf("the creditor has %v", sum(kept, "garnishment"))
		}
		slip, _, err := payroll.Compute(payroll.Law().On(m), payroll.Employer{}, payroll.Contract{Regime: payroll.CESA, From: c.Start, Cover: payroll.Cover{HealthEmployer: 500_000}}, payroll.YearToDate{}, kept)
		must(t, err)
		if back := sum(kept, "advance"); back <= 0 || back > (slip.Totals.Paid+back+100_00)/10 || slip.Totals.Paid <= 0 {
			t.Errorf("the advance gives back %v of %v", back, slip.Totals.Paid)
		}
		must(t, h.db.Write(ctx, h.coop, func(tx *store.Tx) error { // November is issued: the debt is paid, the advance goes on
			return tx.SaveSlip(&store.Slip{Person: h.ada.Person, Contract: c.ID, Activity: storetest.First, Month: m, Origin: store.SlipOwn, State: store.SlipIssued, Body: store.SlipBody{Payslip: slip}})
		}))
		_, kept = read(m + 1)
		if sum(kept, "garnishment") != 0 || sum(kept, "advance") <= 0 {
			t.Errorf("December: %+v", kept.Items)
		}
	})
}
