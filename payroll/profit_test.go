package payroll

import (
	"testing"

	"pgregory.net/rapid"

	"essaim/money"
)

// A unit gives 30 % of its result above 20 000: of 50 000, 9 000. By pay, 30 000 and 15 000 have 6 000 and 3 000; CSG and
// CRDS take 9.7 % of the whole; the forfait social begins at 250.
func TestProfitSharing(t *testing.T) {
	f := ProfitFormula{Above: 20_000_00, Rate: 300_000}
	if got := f.Pot(50_000_00); got != 9_000_00 {
		t.Errorf("%s", got)
	}
	if f.Pot(-5_000_00) != 0 || (ProfitFormula{Rate: 300_000, Most: 1_000_00}).Pot(50_000_00) != 1_000_00 {
		t.Error("a loss gives, or the limit does not hold")
	}
	p := Law().On(nov2026)
	people := []ProfitPerson{{"a", 30_000_00, 365, false}, {"b", 15_000_00, 365, true}}
	r, err := p.ShareProfit(9_000_00, ProfitSplit{ByPay: money.One}, 60, people)
	if err != nil {
		t.Fatal(err)
	}
	if r.Bonuses[0] != (ProfitBonus{"a", 6_000_00, 0, 552_00, 30_00, 5_418_00, 5_592_00, 0}) || r.Bonuses[1] != (ProfitBonus{"b", 3_000_00, 0, 276_00, 15_00, 2_709_00, 0, 0}) || r.Cost != 9_000_00 {
		t.Errorf("%+v", r)
	}
	if r, _ = p.ShareProfit(9_000_00, ProfitSplit{ByPay: money.One}, 250, people); r.Bonuses[0].Package != 1_200_00 || r.Cost != 10_800_00 {
		t.Errorf("from 250 on: %+v", r)
	}
	if r, _ = p.ShareProfit(9_000_00, ProfitSplit{Even: 500_000, ByTime: 500_000}, 60, []ProfitPerson{{"a", 30_000_00, 300, false}, {"b", 15_000_00, 100, false}}); r.Bonuses[0].Gross != 5_625_00 || r.Bonuses[1].Gross != 3_375_00 {
		t.Errorf("half evenly, half by time: %+v", r)
	}
}

// 20 % of all gross, and 75 % of the yearly ceiling each: 36 045 in 2026.
func TestProfitLimits(t *testing.T) {
	p := Law().On(nov2026)
	r, err := p.ShareProfit(12_000_00, ProfitSplit{ByPay: money.One}, 60, []ProfitPerson{{"a", 30_000_00, 365, false}, {"b", 15_000_00, 365, false}})
	if err != nil || r.Pot != 9_000_00 || r.Cut != 3_000_00 {
		t.Errorf("%+v, %v", r, err)
	}
	r, err = p.ShareProfit(40_000_00, ProfitSplit{ByPay: money.One}, 60, []ProfitPerson{{"a", 200_000_00, 365, false}})
	if err != nil || r.Bonuses[0].Gross != 36_045_00 || r.Bonuses[0].Cut != 3_955_00 {
		t.Errorf("%+v, %v", r, err)
	}
}

// Bonuses and what the limits cut are the pot to the cent.
func TestProfitLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		even := rapid.IntRange(0, 1_000_000).Draw(t, "even")
		pay := rapid.IntRange(0, 1_000_000-even).Draw(t, "pay")
		people := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) ProfitPerson {
			return ProfitPerson{Gross: money.Cents(rapid.IntRange(1, 300_000_00).Draw(t, "gross")), Days: rapid.IntRange(1, 365).Draw(t, "days")}
		}), 1, 12).Draw(t, "people")
		pot := money.Cents(rapid.IntRange(0, 500_000_00).Draw(t, "pot"))
		r, err := Law().On(nov2026).ShareProfit(pot, ProfitSplit{money.Rate(even), money.Rate(pay), money.Rate(1_000_000 - even - pay)}, 300, people)
		if err != nil {
			t.Fatal(err)
		}
		sum := r.Cut
		for _, b := range r.Bonuses {
			if sum += b.Gross + b.Cut; b.Gross > 36_045_00 || b.Net != b.Gross-b.CSG-b.CRDS {
				t.Fatalf("%+v", b)
			}
		}
		if sum != pot {
			t.Fatalf("%s of %s", sum, pot)
		}
	})
}

func TestProfitRefused(t *testing.T) {
	p := Law().On(nov2026)
	one := []ProfitPerson{{"a", 0, 0, false}}
	_, err := p.ShareProfit(1, ProfitSplit{ByPay: money.One}, 60, one)
	refused(t, "no pay", err, "people", "payroll.profit_nothing")
	_, err = p.ShareProfit(-1, ProfitSplit{ByPay: 1}, -1, []ProfitPerson{{"a", -1, 400, false}})
	refused(t, "pot", err, "pot", "payroll.large")
	refused(t, "split", err, "split", "payroll.profit_split")
	refused(t, "staff", err, "staff", "payroll.staff")
	refused(t, "gross", err, "people[0].gross", "payroll.large")
	refused(t, "days", err, "people[0].days", "payroll.profit_days")
	_, err = p.ShareProfit(1, ProfitSplit{ByPay: money.One}, 60, nil)
	refused(t, "nobody", err, "people", "payroll.profit_people")
}
