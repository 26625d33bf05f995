package payroll

import (
	"testing"

	"essaim/coop"
	"essaim/date"
	"essaim/money"

	"pgregory.net/rapid"
)

// A wish, whatever it is asked in, never costs more than the pot and the account bear; the three lines sum to the payslip;
// the pot goes first.
func TestAGrantStaysWithinItsMeans(t *testing.T) {
	e := Employer{Staff: 60, Accident: 20_800, Mobility: 20_100}
	rapid.Check(t, func(t *rapid.T) {
		k := Contract{Regime: CESA, From: date.Of(2024, 1, 1), Cover: Cover{Health: 40_00, HealthEmployer: 500_000}}
		rules := coop.Pay{LeaveMode: rapid.SampledFrom([]string{coop.LeaveRecorded, coop.LeaveProvided}).Draw(t, "leave")}
		if rapid.Bool().Draw(t, "added") {
			rules.Added = []coop.PayAdded{{Label: "Médecine du travail", Amount: 9_50}, {Label: "Assurance", Rate: 12_000}}
		}
		in := Inputs{Items: []Item{{Element: "fixed_part", Amount: money.Cents(rapid.IntRange(0, 3_000_00).Draw(t, "fixed"))}}}
		var y YearToDate
		for m := date.MonthOf(2026, 1); m < date.MonthOf(2026, 1+rapid.IntRange(0, 11).Draw(t, "behind")); m++ {
			in.Month, in.Paid = m, m.Last()
			month := in
			month.Items = append(month.Items[:1:1], Item{Element: Advance, Amount: money.Cents(rapid.IntRange(0, 5_000_00).Draw(t, "past"))})
			var err error
			if _, y, err = Compute(Law().On(m), e, k, y, month); err != nil {
				t.Fatal(err)
			}
		}
		in.Month = max(y.Until+1, date.MonthOf(2026, 1))
		in.Paid = in.Month.Last()
		by := rapid.SampledFrom([]By{ByNet, ByGross, ByCost}).Draw(t, "by")
		asked := money.Cents(rapid.IntRange(0, 12_000_00).Draw(t, "asked"))
		means := Means{money.Cents(rapid.IntRange(-100_00, 5_000_00).Draw(t, "pot")), money.Cents(rapid.IntRange(-2_000_00, 5_000_00).Draw(t, "account"))}
		g, err := Fit(Law().On(in.Month), rules, e, k, y, in, Target{by, asked}, means)
		if err != nil {
			t.Fatal(err)
		}
		pot, account := max(means.Pot, 0), max(means.Account, 0)
		if g.Balance.Cost > pot || g.Advance.Cost > account || g.Total.Cost-g.Alone.Cost > pot+account {
			t.Fatalf("%v asked %v, granted %+v and %+v of %+v", by, asked, g.Balance, g.Advance, means)
		}
		if g.Advance.Cost > 0 && g.Balance.Cost != pot {
			t.Fatalf("the account pays %v while the pot keeps %v", g.Advance.Cost, pot-g.Balance.Cost)
		}
		if sum := (Three{g.Alone.Net + g.Balance.Net + g.Advance.Net, g.Alone.Gross + g.Balance.Gross + g.Advance.Gross, g.Alone.Cost + g.Balance.Cost + g.Advance.Cost}); sum != g.Total {
			t.Fatalf("lines sum to %+v, the payslip to %+v", sum, g.Total)
		}
		if g.Payslip.Totals.Gross != g.Total.Gross || g.Payslip.Totals.Net != g.Total.Net {
			t.Fatalf("payslip %+v, told %+v", g.Payslip.Totals, g.Total)
		}
		if !g.Cut && asked > 0 {
			granted := g.Total.less(g.Alone).Of(by)
			if granted > asked || by != ByCost && granted < asked-2 {
				t.Fatalf("asked %v, granted %v", asked, granted)
			}
		}
		if g.Cut && g.Left < 0 {
			t.Fatalf("%v beyond the means", -g.Left)
		}
	})
}
