package payroll

import (
	"testing"

	"essaim/date"
	"essaim/money"
)

// What is provided for leave: a tenth of the gross with its contributions; leave paid releases as much.
func TestFullCostOfAMonth(t *testing.T) {
	k := Contract{Regime: Permanent, From: longAgo, Hours: 35_00, Cover: Cover{Health: 40_00, HealthEmployer: 500_000}}
	e := Employer{Staff: 30, Accident: 34_000, Mobility: 32_000}
	s, _ := paid(t, e, k, YearToDate{}, month(date.MonthOf(2026, 7), Item{Element: "salary", Amount: 2_500_00}, Item{Element: "transport", Amount: 44_40}))
	if s.Totals.Employer != 758_50 { // C171 of the model
		t.Fatalf("%+v", s.Totals)
	}
	f, err := Law().On(s.Month).FullCost(s, FullRule{Leave: LeaveProvided, WageTax: 300_000, Added: []Added{{"Santé au travail", 0, 9_50}, {"Fonds d’assurance", 5_000, 0}}})
	if err != nil {
		t.Fatal(err)
	}
	// Tax on 2 520: 769.08 × 4.25 % + 766.17 × 8.5 % + 984.75 × 13.6 % = 231.74, by 30 %. Leave: 250 × (1 + 758.50/2 500).
	want := []FullPart{{"payroll.full.gross", "", 2_500_00}, {"payroll.full.contributions", "", 758_50}, {"payroll.full.beside", "", 44_40}, {"payroll.full.leave", "", 325_85},
		{"payroll.full.wage_tax", "", 69_52}, {"payroll.full.added", "Santé au travail", 9_50}, {"payroll.full.added", "Fonds d’assurance", 12_50}}
	sum := money.Cents(0)
	if len(f.Parts) != len(want) {
		t.Fatalf("%+v", f.Parts)
	}
	for i, w := range want {
		if sum += f.Parts[i].Amount; f.Parts[i] != w {
			t.Errorf("%+v, want %+v", f.Parts[i], w)
		}
	}
	if f.Total != sum || f.Total != 3_720_27 {
		t.Errorf("total %s of %s", f.Total, sum)
	}
}

// Leave paid out of what was set aside costs nothing more; a fund's contribution is named apart.
func TestFullCostByLeaveMode(t *testing.T) {
	k := Contract{Regime: CESA, From: longAgo}
	s, _ := paid(t, Employer{Staff: 30, Accident: 20_800}, k, YearToDate{}, month(nov2026, Item{Element: "leave_indemnity", Amount: 1_000_00}))
	p := Law().On(nov2026)
	if f, _ := p.FullCost(s, FullRule{Leave: LeaveProvided}); f.Total != 0 {
		t.Errorf("leave that was set aside costs %s", f.Total)
	}
	if f, _ := p.FullCost(s, FullRule{Leave: LeaveRecorded}); f.Total != s.Totals.Cost {
		t.Errorf("recorded: %s of %s", f.Total, s.Totals.Cost)
	}
	s, _ = paid(t, Employer{Staff: 30, Accident: 20_800, LeaveFund: true, LeaveFundRate: 200_000}, k, YearToDate{}, month(nov2026, Item{Element: "fixed_part", Amount: 1_000_00}))
	f, _ := p.FullCost(s, FullRule{Leave: LeaveByFund})
	if f.Total != s.Totals.Cost || len(f.Parts) != 3 || f.Parts[2] != (FullPart{"payroll.full.leave_fund", "", 200_00}) {
		t.Errorf("%+v", f)
	}
	_, err := p.FullCost(s, FullRule{Leave: "never", WageTax: -1, Added: []Added{{"", 2_000_000, -1}}})
	refused(t, "mode", err, "leave", "payroll.leave_mode")
	refused(t, "share", err, "wageTax", "payroll.rate")
	refused(t, "rate", err, "added[0].rate", "payroll.rate")
	refused(t, "amount", err, "added[0].amount", "payroll.large")
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
