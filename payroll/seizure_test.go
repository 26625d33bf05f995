package payroll

import (
	"testing"

	"pgregory.net/rapid"

	"essaim/date"
	"essaim/money"
)

// What each step of the scale takes in all, as published for 2025 and 2026.
func TestScaleOfSeizure(t *testing.T) {
	for year, steps := range map[int][][2]money.Cents{
		2025: {{370_00, 18_50}, {721_67, 53_67}, {1_074_17, 124_17}, {1_424_17, 211_67}, {1_775_00, 328_61}, {2_133_33, 567_50}, {2_633_33, 1_067_50}},
		2026: {{373_33, 18_67}, {727_50, 54_08}, {1_083_33, 125_25}, {1_435_83, 213_37}, {1_789_16, 331_15}, {2_150_83, 572_26}, {2_650_83, 1_072_26}},
	} {
		p := Law().On(date.MonthOf(year, 1))
		for _, s := range steps {
			if got := p.Seizable(s[0], 0); got != s[1] {
				t.Errorf("%d: %s of %s, want %s", year, got, s[0], s[1])
			}
		}
	}
	// Two dependants raise each limit by 2 × 1 740; 18 000 a year is then 7 960/20 + 4 250/10 + 4 270/5 + 1 520/4 = 2 057.
	if got := Law().On(nov2026).Seizable(1_500_00, 2); got != 171_42 {
		t.Errorf("with two dependants: %s", got)
	}
}

// 1 500 net: the scale opens 234.76; with the RSA of 651.69 kept, 613.55 beyond it belong to maintenance first. A term of
// 700 takes those and 86.45 of the rest, the creditor who seized has the 148.31 that remain.
func TestMaintenanceComesFirst(t *testing.T) {
	p := Law().On(nov2026)
	s, err := p.Seize(1_500_00, 1_500_00, 0, []Creditor{{"Banque", ForSeizure, 5_000_00}, {"Mère", ForMaintenance, 700_00}})
	if err != nil {
		t.Fatal(err)
	}
	if s.Seizable != 234_76 || s.Taken[1] != 700_00 || s.Taken[0] != 148_31 || s.Base-s.Total != 651_69 {
		t.Errorf("%+v", s)
	}
	areItems(t, s.Items, Item{Element: "garnishment", Amount: 148_31, Text: "Banque"}, Item{Element: "maintenance_pension", Amount: 700_00, Text: "Mère"})
	if s, err = p.Seize(1_500_00, 1_500_00, 0, []Creditor{{"Mère", ForMaintenance, 500_00}, {"Banque", ForSeizure, 5_000_00}}); err != nil || s.Taken[0] != 500_00 || s.Taken[1] != 234_76 {
		t.Errorf("a term within what is protected leaves the scale whole: %+v, %v", s, err)
	}
}

// The Treasury before the others; those share in proportion to what they are owed.
func TestOrderOfCreditors(t *testing.T) {
	s, err := Law().On(nov2026).Seize(1_500_00, 1_500_00, 0, []Creditor{{"A", ForSeizure, 3_000_00}, {"Impôts", ForTreasury, 34_76}, {"B", ForAssignment, 1_000_00}})
	if err != nil || s.Taken[0] != 150_00 || s.Taken[1] != 34_76 || s.Taken[2] != 50_00 {
		t.Errorf("%+v, %v", s, err)
	}
}

// The RSA stays in money: at 660 the scale says 47.33 and 8.31 are taken; what is in kind counts in the scale only.
func TestRSAIsNeverTaken(t *testing.T) {
	p := Law().On(nov2026)
	if s, _ := p.Seize(660_00, 660_00, 0, []Creditor{{"A", ForSeizure, 3_000_00}}); s.Total != 8_31 {
		t.Errorf("%+v", s)
	}
	if s, _ := p.Seize(1_500_00, 700_00, 0, []Creditor{{"A", ForSeizure, 3_000_00}}); s.Total != 48_31 {
		t.Errorf("%+v", s)
	}
	if s, _ := p.Seize(500_00, 500_00, 0, []Creditor{{"A", ForMaintenance, 3_000_00}}); s.Total != 0 || len(s.Items) != 0 {
		t.Errorf("%+v", s)
	}
}

// Whoever the creditors are: nobody goes below the RSA, none has more than owed, and the scale bounds all but maintenance.
func TestSeizureBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Law().On(nov2026)
		base := money.Cents(rapid.IntRange(0, 6_000_00).Draw(t, "base"))
		cash := base - money.Cents(rapid.IntRange(0, int(base/2)).Draw(t, "kind"))
		n := rapid.IntRange(0, 8).Draw(t, "dependants")
		all := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Creditor {
			return Creditor{Rank: rapid.SampledFrom([]Rank{ForMaintenance, ForTreasury, ForSeizure, ForAssignment}).Draw(t, "rank"), Owed: money.Cents(rapid.IntRange(0, 9_000_00).Draw(t, "owed"))}
		}), 0, 6).Draw(t, "creditors")
		s, err := p.Seize(base, cash, n, all)
		if err != nil {
			t.Fatal(err)
		}
		others, sum := money.Cents(0), money.Cents(0)
		for i, c := range all {
			if s.Taken[i] < 0 || s.Taken[i] > c.Owed {
				t.Fatalf("%s of %s", s.Taken[i], c.Owed)
			}
			if sum += s.Taken[i]; c.Rank != ForMaintenance {
				others += s.Taken[i]
			}
		}
		if sum != s.Total || others > s.Seizable || s.Total > 0 && cash-s.Total < s.Protected {
			t.Fatalf("%+v", s)
		}
	})
}

func TestSeizureRefused(t *testing.T) {
	p := Law().On(nov2026)
	_, err := p.Seize(1_500_00, 1_500_00, -1, []Creditor{{"A", "friend", 1}, {"B", ForSeizure, -1}})
	refused(t, "dependants", err, "dependants", "payroll.dependants")
	refused(t, "rank", err, "creditors[0].rank", "payroll.rank")
	refused(t, "owed", err, "creditors[1].owed", "payroll.negative")
}

// An instalment is kept back whole, an advance by a tenth of the pay due at most.
func TestAdvanceAndInstalment(t *testing.T) {
	p := Law().On(nov2026)
	areItems(t, p.Recover(1_500_00, 400_00, 200_00), Item{Element: "instalment", Amount: 200_00}, Item{Element: "advance", Amount: 150_00})
	areItems(t, p.Recover(1_500_00, 90_00, 0), Item{Element: "advance", Amount: 90_00})
	areItems(t, p.Recover(100_00, 90_00, 300_00), Item{Element: "instalment", Amount: 100_00})
	areItems(t, p.Recover(0, 90_00, 300_00))
}

// What the scale applies to: net of tax, with what is in kind and the allowances handed on, without refunds.
func TestBaseOfASeizure(t *testing.T) {
	rate := money.Rate(100_000)
	in := month(nov2026, Item{Element: "salary", Amount: 2_000_00}, Item{Element: "in_kind", Amount: 100_00}, Item{Element: "transport", Amount: 44_40}, Item{Element: "ijss", Amount: 93_30, Base: 100_00})
	in.Tax = &rate
	s, _ := paid(t, Employer{Staff: 30, Accident: 20_800}, Contract{Regime: Permanent, From: longAgo, Hours: 35_00}, YearToDate{}, in)
	base, cash := Law().On(nov2026).SeizureBase(s)
	if cash != s.Totals.Net-s.Totals.Tax+93_30 || base != cash+100_00 || s.Totals.Paid != cash+44_40 {
		t.Errorf("%s and %s of %+v", base, cash, s.Totals)
	}
}
