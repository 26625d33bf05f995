package payroll

import (
	"slices"
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

// What is offered and what a payslip pays are the same to the cent: 1 234.56 bears CSG of 6.8 % (83.95, off the taxable
// income) and of 2.4 % (29.63), CRDS of 0.5 % (6.17); saved, CSG of 9.2 % at once (113.58) and no tax.
func TestProfitOnAPayslip(t *testing.T) {
	e, k := Employer{Staff: 250, Accident: 20_800}, Contract{Regime: CESA, From: longAgo}
	rate := money.Rate(100_000)
	pay := func(items ...Item) Payslip {
		in := month(nov2026, append([]Item{{Element: "fixed_part", Amount: 1_000_00}}, items...)...)
		in.Tax = &rate
		s, _ := paid(t, e, k, YearToDate{}, in)
		return s
	}
	none := pay()
	p := Law().On(nov2026)
	b := p.Bonus(1_234_56, false, 250)
	if b != (ProfitBonus{Gross: 1_234_56, CSG: 83_95 + 29_63, CRDS: 6_17, Net: 1_114_81, Taxable: 1_150_61, Package: 246_91}) {
		t.Errorf("%+v", b)
	}
	s := pay(Item{Element: "profit_sharing", Amount: 1_234_56})
	tax := s.Totals.NetTaxable.Times(rate) - none.Totals.NetTaxable.Times(rate)
	if s.Totals.Paid-none.Totals.Paid != b.Net-tax || s.Totals.NetTaxable-none.Totals.NetTaxable != b.Taxable || s.Totals.Employer-none.Totals.Employer != b.Package || s.Totals.NetSocial != none.Totals.NetSocial || s.Totals.Gross != none.Totals.Gross || s.Totals.Reduction != none.Totals.Reduction {
		t.Errorf("%+v", s.Totals)
	}
	b = p.Bonus(1_234_56, true, 249)
	if b != (ProfitBonus{Gross: 1_234_56, CSG: 113_58, CRDS: 6_17, Net: 1_114_81}) {
		t.Errorf("saved, under 250: %+v", b)
	}
	s = pay(Item{Element: "profit_saved", Amount: 1_234_56}, Item{Element: "profit_plan", Amount: b.Net})
	if s.Totals.Paid != none.Totals.Paid || s.Totals.NetTaxable != none.Totals.NetTaxable || s.Totals.Tax != none.Totals.Tax {
		t.Errorf("saved: %+v", s.Totals)
	}
	// Nothing of it is a charge of the year that pays: what was set aside bears it, the forfait social with it.
	entry, err := Entry(pay(Item{Element: "profit_sharing", Amount: 1_234_56}), Posting{Bearers: []Bearer{{Section: 10}}, Profit: []ProfitAside{{Pay: "4284", Package: "4384"}}})
	if err != nil {
		t.Fatal(err)
	}
	var charges, aside, pack money.Cents
	for _, l := range entry.Lines {
		switch {
		case l.Account[0] == '6':
			charges += l.Amount
		case l.Account == "4284":
			aside += l.Amount
		case l.Account == "4384":
			pack += l.Amount
		}
	}
	if charges != none.Totals.Cost || aside != 1_234_56 || pack != 246_91 {
		t.Errorf("charges %s, aside %s, package %s", charges, aside, pack)
	}
}

// A month that pays two years of profit-sharing clears the accounts of each, the forfait social in proportion; a line of
// which nothing is said stays on the account of the element, its forfait social a charge.
func TestProfitOfTwoYearsOnAPayslip(t *testing.T) {
	e, k := Employer{Staff: 250, Accident: 20_800}, Contract{Regime: CESA, From: longAgo}
	s, _ := paid(t, e, k, YearToDate{}, month(nov2026, Item{Element: "fixed_part", Amount: 1_000_00}, Item{Element: "profit_sharing", Amount: 600_00}, Item{Element: "profit_saved", Amount: 400_00}, Item{Element: "profit_sharing", Amount: 100_00}))
	entry, err := Entry(s, Posting{Bearers: []Bearer{{Section: 10}}, Profit: []ProfitAside{{Pay: "42841", Package: "43841"}, {Pay: "42842", Package: "43842"}}})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]money.Cents{}
	for _, l := range entry.Lines {
		got[l.Account] += l.Amount
	}
	for account, want := range map[string]money.Cents{"42841": 600_00, "42842": 400_00, "4284": 100_00, "43841": 120_00, "43842": 80_00, "6458": 20_00} {
		if got[account] != want {
			t.Errorf("%s: %v, want %v", account, got[account], want)
		}
	}
}

// Two units give 9 000 and 3 000; the pay of all allows 6 000: each gives half. Ada, of both, keeps what three quarters of
// the ceiling leave.
func TestProfitOffers(t *testing.T) {
	p := Law().On(nov2026)
	f := ProfitFormula{Above: 20_000_00, Rate: 300_000}
	ada, bea := ProfitPerson{ID: "ada", Gross: 20_000_00, Days: 365}, ProfitPerson{ID: "bea", Gross: 10_000_00, Days: 365}
	units := []ProfitUnit{{1, 50_000_00, []ProfitPerson{ada, bea}}, {2, 30_000_00, []ProfitPerson{ada}}, {3, 90_000_00, nil}, {4, -5_000_00, []ProfitPerson{bea}}}
	got := p.OfferProfit(f, ProfitSplit{ByPay: money.One}, 30_000_00, units)
	want := []ProfitOffer{{1, "ada", 3_000_00, 3_000_00, 0}, {1, "bea", 1_500_00, 1_500_00, 0}, {2, "ada", 1_500_00, 1_500_00, 0}}
	if !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
	units[0].Result, units[1].Result = 170_000_00, 30_000_00
	got = p.OfferProfit(f, ProfitSplit{ByPay: money.One}, 900_000_00, units[:2])
	want = []ProfitOffer{{1, "ada", 30_000_00, 0, 0}, {1, "bea", 15_000_00, 0, 0}, {2, "ada", 3_000_00, 0, 0}}
	if !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
	if units[0].Result = 200_000_00; !slices.Equal(p.OfferProfit(f, ProfitSplit{ByPay: money.One}, 900_000_00, units[:2]), []ProfitOffer{{1, "ada", 36_000_00, 0, 0}, {1, "bea", 18_000_00, 0, 0}, {2, "ada", 45_00, 0, 2_955_00}}) {
		t.Error("the limit of one person is not shared by the units")
	}
}

// What is offered stays within 20 % of all pay, within the formula of each unit and within three quarters of the ceiling.
func TestProfitOffersStayWithinTheLimits(t *testing.T) {
	p := Law().On(nov2026)
	rapid.Check(t, func(t *rapid.T) {
		f := ProfitFormula{Above: money.Cents(rapid.IntRange(0, 30_000_00).Draw(t, "above")), Rate: money.Rate(rapid.IntRange(0, 1_000_000).Draw(t, "rate")), Most: money.Cents(rapid.SampledFrom([]int{0, 5_000_00}).Draw(t, "most"))}
		units := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) ProfitUnit {
			return ProfitUnit{Result: money.Cents(rapid.IntRange(-10_000_00, 300_000_00).Draw(t, "result")), People: rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) ProfitPerson {
				return ProfitPerson{ID: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "who"), Gross: money.Cents(rapid.IntRange(0, 90_000_00).Draw(t, "gross")), Days: rapid.IntRange(0, 365).Draw(t, "days")}
			}), 0, 3, func(x ProfitPerson) string { return x.ID }).Draw(t, "people")}
		}), 1, 5).Draw(t, "units")
		for i := range units {
			units[i].ID = int64(i)
		}
		gross := money.Cents(rapid.IntRange(0, 500_000_00).Draw(t, "all"))
		even := money.Rate(rapid.IntRange(0, 1_000_000).Draw(t, "even"))
		var sum money.Cents
		unit, one := map[int64]money.Cents{}, map[string]money.Cents{}
		for _, o := range p.OfferProfit(f, ProfitSplit{Even: even, ByPay: money.One - even}, gross, units) {
			if o.Gross < 0 || o.Cut < 0 || o.CutAll < 0 {
				t.Fatalf("%+v", o)
			}
			sum += o.Gross
			unit[o.Unit] += o.Gross
			one[o.ID] += o.Gross
		}
		if sum > gross.Times(200_000) {
			t.Fatalf("%s of %s", sum, gross)
		}
		for id, v := range unit {
			if v > f.Pot(units[id].Result) {
				t.Fatalf("unit %d: %s", id, v)
			}
		}
		for id, v := range one {
			if v > 36_045_00 {
				t.Fatalf("%s: %s", id, v)
			}
		}
		budget := money.Cents(rapid.IntRange(0, 100_000_00).Draw(t, "budget"))
		g := p.BonusFor(budget, 250)
		if b, more := p.Bonus(g, true, 250), p.Bonus(g+1, true, 250); b.Gross+b.Package > budget || more.Gross+more.Package <= budget {
			t.Fatalf("%s costs %s, %s is left", g, b.Gross+b.Package, budget)
		}
	})
}
