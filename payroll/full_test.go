package payroll

import (
	"slices"
	"testing"

	"essaim/coop"
	"essaim/date"
	"essaim/money"
)

// Every part of what C171 of the model costs, named; what is refunded earns no leave and bears no tax.
func TestFullCostOfAMonth(t *testing.T) {
	e := Employer{Staff: 30, Accident: 34_000, Mobility: 32_000}
	cover := Cover{Health: 40_00, HealthEmployer: 500_000}
	rules := coop.Pay{LeaveMode: coop.LeaveProvided, WageTax: 300_000, Added: []coop.PayAdded{{Label: "Santé au travail", Amount: 9_50}, {Label: "Fonds d’assurance", Rate: 5_000}}}
	july := date.MonthOf(2026, 7)
	p := Law().On(july)
	items := []Item{{Element: "salary", Amount: 2_500_00}, {Element: "transport", Amount: 44_40}}
	s, _ := paid(t, e, Contract{Regime: Permanent, From: longAgo, Hours: 35_00, Cover: cover}, YearToDate{}, month(july, items...))
	if s.Totals.Employer != 758_50 || s.Totals.Reduction != 459_75 {
		t.Fatalf("%+v", s.Totals)
	}
	// Tax on 2 520: 769.08 × 4.25 % + 766.17 × 8.5 % + 984.75 × 13.6 % = 231.74, by 30 %. A salary has its leave in it.
	want := []Named{{Key: "payroll.full.gross", Amount: 2_500_00}, {Key: "payroll.full.contributions", Amount: 1_218_25}, {Key: "payroll.full.reduction", Amount: -459_75}, {Key: "payroll.full.beside", Amount: 44_40},
		{Label: "Santé au travail", Amount: 9_50}, {Label: "Fonds d’assurance", Amount: 12_50}, {Key: "payroll.added.wage_tax", Amount: 69_52}}
	all, sum := FullCost(p, rules, s)
	if !slices.Equal(all, want) || sum != 3_394_42 {
		t.Errorf("%+v, in all %s", all, sum)
	}
	// A tenth is set aside for a contract without hours, with its contributions, and none of the 44.40: (2 500 + 758.50) / 10.
	s, _ = paid(t, e, Contract{Regime: CESA, From: longAgo, Cover: cover}, YearToDate{}, month(july, items...))
	all, sum = FullCost(p, rules, s)
	if want = slices.Insert(want, 6, Named{Key: "payroll.added.leave", Amount: 325_85}); !slices.Equal(all, want) || sum != 3_720_27 {
		t.Errorf("%+v, in all %s", all, sum)
	}
}

// A fund's contribution is named apart, and nothing is set aside beside it.
func TestFullCostWithALeaveFund(t *testing.T) {
	e := Employer{Staff: 30, Accident: 20_800, LeaveFund: true, LeaveFundRate: 200_000}
	s, _ := paid(t, e, Contract{Regime: CESA, From: longAgo}, YearToDate{}, month(nov2026, Item{Element: "fixed_part", Amount: 1_000_00}))
	all, sum := FullCost(Law().On(nov2026), coop.Pay{LeaveMode: coop.LeaveFund, LeaveFundRate: 200_000}, s)
	if sum != s.Totals.Cost || len(all) != 4 || all[2] != (Named{Key: "payroll.full.leave_fund", Amount: 200_00}) {
		t.Errorf("%+v, in all %s of %s", all, sum, s.Totals.Cost)
	}
	owed := OwedTo(s)
	if n := slices.IndexFunc(owed, func(o Owed) bool { return o.Body == bodyLeaveFund }); n < 0 || owed[n].Amount != 200_00 {
		t.Errorf("%+v", owed)
	}
}

// The tax on wages of 2 000 a month in 2026, and none where VAT bears on nine tenths of the turnover.
func TestWageTax(t *testing.T) {
	p := Law().On(nov2026)
	if got := p.WageTax(2_000_00, money.One); got != 161_02 {
		t.Errorf("%s", got)
	}
	if got := Law().On(date.MonthOf(2025, 3)).WageTax(2_000_00, money.One); got != 162_00 {
		t.Errorf("2025: %s", got)
	}
	if got := p.WageTax(2_000_00, 100_000); got != 0 {
		t.Errorf("at 10 %%: %s", got)
	}
}
