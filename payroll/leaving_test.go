package payroll

import (
	"testing"

	"pgregory.net/rapid"

	"essaim/date"
	"essaim/money"
)

// A quarter of a month a year up to ten years, a third beyond, from eight months on.
func TestLegalIndemnity(t *testing.T) {
	p := Law().On(nov2026)
	for _, c := range []struct {
		months int
		want   money.Cents
	}{{7, 0}, {8, 333_33}, {12, 500_00}, {120, 5_000_00}, {147, 6_500_00}, {240, 11_666_67}} {
		if got := p.LegalIndemnity(2_000_00, c.months); got != c.want {
			t.Errorf("%d months: %s, want %s", c.months, got, c.want)
		}
	}
}

func TestSeniority(t *testing.T) {
	for _, c := range []struct {
		from, until date.Day
		want        int
	}{{date.Of(2026, 1, 1), date.Of(2026, 8, 31), 8}, {date.Of(2026, 1, 1), date.Of(2026, 8, 30), 7}, {date.Of(2014, 3, 15), date.Of(2026, 6, 30), 147}, {date.Of(2026, 1, 31), date.Of(2026, 2, 26), 0}} {
		if got := Seniority(c.from, c.until); got != c.want {
			t.Errorf("%s to %s: %d, want %d", c.from, c.until, got, c.want)
		}
	}
}

// The better of twelve months and of three; of a yearly bonus of 1 200 within the three, 300 count.
func TestReferencePay(t *testing.T) {
	months := []money.Cents{3_000_00, 3_000_00, 3_000_00, 2_000_00, 2_000_00, 2_000_00, 2_000_00, 2_000_00, 2_000_00, 2_000_00, 2_000_00, 2_000_00}
	if got, _, _ := ReferencePay(months, 0); got != 3_000_00 {
		t.Errorf("%s", got)
	}
	if got, _, _ := ReferencePay(months, 1_200_00); got != 2_700_00 {
		t.Errorf("with a bonus: %s", got)
	}
	months[0], months[1], months[2] = 500_00, 500_00, 500_00
	if got, _, _ := ReferencePay(months, 0); got != 1_625_00 {
		t.Errorf("twelve months: %s", got)
	}
	if got, _, _ := ReferencePay(nil, 0); got != 0 {
		t.Errorf("none: %s", got)
	}
}

// A rupture at 10 000 for a minimum of 6 500, after a year of 24 000: all free of tax and contributions; CSG and CRDS on
// 3 500; the employer bears 40 % of the whole, 30 % for a contract that ended in 2025. The payslip says the same.
func TestRuptureConventionnelle(t *testing.T) {
	l := Leaving{Reason: Rupture, End: date.Of(2026, 6, 30), Legal: 6_500_00, Paid: 10_000_00, Year: 24_000_00}
	s, err := Law().Settle(l)
	if err != nil {
		t.Fatal(err)
	}
	if s.TaxFree != 10_000_00 || s.Free != 10_000_00 || s.FreeOfAll != 6_500_00 || s.Subject != 0 || s.Contribution != 4_000_00 {
		t.Errorf("%+v", s)
	}
	areItems(t, s.Items, Item{Element: "rupture", Amount: 6_500_00}, Item{Element: "rupture_csg", Amount: 3_500_00})
	e, k := Employer{Staff: 30, Accident: 20_800}, Contract{Regime: CESA, From: longAgo, Until: l.End}
	m := date.MonthOf(2026, 6)
	without, _ := paid(t, e, k, YearToDate{}, month(m, Item{Element: "fixed_part", Amount: 1_000_00}))
	with, _ := paid(t, e, k, YearToDate{}, month(m, append(s.Items, Item{Element: "fixed_part", Amount: 1_000_00})...))
	a := amounts(with)
	if a["contribution_rupture/employeur"] != 4_000_00 || a["csg_revenus_non_imposables/salarie"] != 322_00 || a["crds_revenus_non_imposables/salarie"] != 17_50 {
		t.Errorf("%v", a)
	}
	x, y := with.Totals, without.Totals
	if x.NetTaxable != y.NetTaxable || x.NetSocial != y.NetSocial || x.Paid != y.Paid+10_000_00-339_50 || x.Cost != y.Cost+14_000_00 || x.Gross != y.Gross || x.Reduction != y.Reduction {
		t.Errorf("%+v, %+v", x, y)
	}
	l.End = date.Of(2025, 12, 31)
	if s, err = Law().Settle(l); err != nil || s.Contribution != 3_000_00 {
		t.Errorf("2025: %s, %v", s.Contribution, err)
	}
}

// A dismissal of someone whose year was short: half of what is paid is the limit, the rest is pay, with CSG on all of it.
func TestDismissalBeyondTheLimit(t *testing.T) {
	s, err := Law().Settle(Leaving{Reason: Dismissal, End: date.Of(2026, 6, 30), Legal: 1_000_00, Paid: 10_000_00, Year: 2_000_00})
	if err != nil || s.Free != 5_000_00 || s.Subject != 5_000_00 || s.Contribution != 0 {
		t.Errorf("%+v, %v", s, err)
	}
	areItems(t, s.Items, Item{Element: "settlement", Amount: 1_000_00}, Item{Element: "settlement_csg", Amount: 4_000_00}, Item{Element: "settlement_pay", Amount: 5_000_00})
	k := Contract{Regime: CESA, From: longAgo}
	p, _ := paid(t, Employer{Staff: 30, Accident: 20_800}, k, YearToDate{}, month(date.MonthOf(2026, 6), Item{Element: "settlement_pay", Amount: 1_000_00}))
	if a := amounts(p); a["csg_deductible/salarie"] != 68_00 || a["vieillesse_plafonnee/salarie"] != 69_00 {
		t.Errorf("%v", a)
	}
}

// What ends otherwise is pay: precarity pay, what is given to one who resigns or is not a member at the term.
func TestOtherEndsArePay(t *testing.T) {
	for reason, element := range map[LeavingReason]string{EndOfTerm: "end_of_contract", Resignation: "settlement_pay", NotMember: "settlement_pay"} {
		s, err := Law().Settle(Leaving{Reason: reason, End: date.Of(2026, 6, 30), Paid: 1_200_00, Year: 12_000_00})
		if err != nil || s.Subject != 1_200_00 || len(s.Items) != 1 || s.Items[0].Element != element {
			t.Errorf("%s: %+v, %v", reason, s, err)
		}
	}
}

// The items of an indemnity are what is paid, whatever it is; what is free is within two ceilings.
func TestSettlementSumsToWhatIsPaid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		legal := money.Cents(rapid.IntRange(0, 60_000_00).Draw(t, "legal"))
		l := Leaving{Reason: rapid.SampledFrom([]LeavingReason{Dismissal, Rupture, Resignation, NotMember, EndOfTerm}).Draw(t, "reason"), End: date.Of(2026, 6, 30), Legal: legal,
			Paid: legal + money.Cents(rapid.IntRange(0, 36_000_00).Draw(t, "more")), Year: money.Cents(rapid.IntRange(0, 90_000_00).Draw(t, "year"))}
		s, err := Law().Settle(l)
		if err != nil {
			t.Fatal(err)
		}
		sum := money.Cents(0)
		for _, it := range s.Items {
			sum += it.Amount
		}
		if sum != l.Paid || s.Free > 96_120_00 || s.FreeOfAll > s.Free {
			t.Fatalf("%+v", s)
		}
	})
}

func TestLeavingRefused(t *testing.T) {
	end := date.Of(2026, 6, 30)
	for _, c := range []struct {
		name, field, key string
		l                Leaving
	}{
		{"unknown", "reason", "payroll.leaving_reason", Leaving{Reason: "moon", End: end}},
		{"no day", "end", "payroll.before", Leaving{Reason: Dismissal}},
		{"below the minimum", "paid", "payroll.settlement_short", Leaving{Reason: Dismissal, End: end, Legal: 100, Paid: 99}},
		{"pension", "pension", "payroll.settlement_pension", Leaving{Reason: Rupture, End: end, Pension: true}},
		{"beyond two ceilings", "paid", "payroll.settlement_large", Leaving{Reason: Dismissal, End: end, Legal: 100_000_00, Paid: 100_000_00, Year: 80_000_00}},
		{"negative", "legal", "payroll.large", Leaving{Reason: Dismissal, End: end, Legal: -1}},
	} {
		_, err := Law().Settle(c.l)
		refused(t, c.name, err, c.field, c.key)
	}
}
