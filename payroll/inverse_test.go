package payroll

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"essaim/date"
	"essaim/fault"
	"essaim/money"
)

// What the Urssaf's model finds from a cost or a net: ours within ten cents of it, and the largest that fits.
func TestInversesOfTheModel(t *testing.T) {
	n := 0
	for _, c := range oracle(t) {
		var target Target
		switch c.In.Way {
		case "cout->brut":
			target = Target{ByCost, money.Cents(decimal(t, c.In.Cost, 100))}
		case "net->brut":
			target = Target{ByNet, money.Cents(decimal(t, c.In.Net, 100))}
		default:
			continue
		}
		n++
		p, e, k, in := c.read(t)
		s, _, err := Solve(p, e, k, YearToDate{}, in, "salary", target)
		if err != nil {
			t.Fatal(c.In.ID, err)
		}
		if gap := float64(s.Totals.Gross)/100 - c.Totals["brut"]; math.Abs(gap) > 0.10 {
			t.Errorf("%s: gross %s, the model finds %v", c.In.ID, s.Totals.Gross, c.Totals["brut"])
		}
		if left := target.Left(s); left < 0 || left > 40 {
			t.Errorf("%s: %s left", c.In.ID, left)
		}
	}
	if n != 12 {
		t.Errorf("%d inverses", n)
	}
}

// irregular is the year to date before November of the irregular vector: cumulated pay 19 967.02, reference 12 247.12.
func irregular(t testing.TB, e Employer, k Contract) YearToDate {
	t.Helper()
	var y YearToDate
	for i, pay := range []money.Cents{600_00, 0, 1_500_00, 2_600_00, 4_200_00, 900_00, 1_867_02, 0, 3_100_00, 5_200_00} {
		m := date.MonthOf(2026, i+1)
		var err error
		if _, y, err = Compute(Law().On(m), e, k, y, Inputs{Month: m, Paid: m.Last(), Items: []Item{{Element: "variable_advance", Amount: pay}}}); err != nil {
			t.Fatal(err)
		}
	}
	return y
}

// Below the SMIC with a year behind it, a cent more can cost two euros less: each step of the coefficient is of the year.
func TestTheCostOfNovemberFalls(t *testing.T) {
	e, k := Employer{Staff: 30, Accident: 20_800}, Contract{Regime: CESA, From: date.Of(2020, 1, 1), Cover: Cover{Health: 40_00, HealthEmployer: 500_000}}
	y := irregular(t, e, k)
	if y.Pay != 19_967_02 || money.Cents(money.MulDiv(y.RSMIC, 1, smicParts)) != 12_247_12 {
		t.Fatalf("cumulated pay %s, reference %s", y.Pay, money.Cents(y.RSMIC/smicParts))
	}
	y.RSMIC = 12_247_12 * smicParts // without the third of a cent of each month
	november := date.MonthOf(2026, 11)
	cost := func(pay money.Cents) money.Cents {
		s, _, err := Compute(Law().On(november), e, k, y, Inputs{Month: november, Paid: november.Last(), Items: []Item{{Element: "variable_advance", Amount: pay}}})
		if err != nil {
			t.Fatal(err)
		}
		return s.Totals.Cost
	}
	before, after := cost(1_857_21), cost(1_857_22)
	if before != 2_106_45 || after != 2_104_27 {
		t.Errorf("1 857.21 costs %s and 1 857.22 costs %s, want 2106.45 and 2104.27", before, after)
	}
	// A budget between the two: the larger gross fits, though a smaller one does not.
	s, _, err := Solve(Law().On(november), e, k, y, Inputs{Month: november, Paid: november.Last()}, "variable_advance", Target{ByCost, after})
	if err != nil || s.Totals.Gross < 1_857_22 {
		t.Errorf("%s %v", s.Totals.Gross, err)
	}
}

// anyone draws an employer, a contract and a year behind it.
func anyone(t *rapid.T) (*Parameters, Employer, Contract, YearToDate, Inputs) {
	year := rapid.SampledFrom([]int{2025, 2026, 2026, 2026}).Draw(t, "year")
	e := Employer{Staff: rapid.SampledFrom([]int{3, 10, 11, 30, 49, 50, 80, 260, 2500}).Draw(t, "staff"), Accident: money.Rate(rapid.Int64Range(0, 60_000).Draw(t, "accident")), Mobility: money.Rate(rapid.Int64Range(0, 32_000).Draw(t, "mobility")),
		LeaveFund: rapid.IntRange(0, 5).Draw(t, "fund") == 0, Alsace: rapid.IntRange(0, 5).Draw(t, "alsace") == 0}
	k := Contract{Regime: rapid.SampledFrom([]Regime{CESA, CESA, CESA, Permanent, FixedTerm, CAPE, Manager}).Draw(t, "regime"), From: date.Of(2020, 1, 1), Executive: rapid.Bool().Draw(t, "executive"),
		Cover: Cover{Health: money.Cents(rapid.SampledFrom([]int64{0, 40_00, 133_33}).Draw(t, "health")), HealthEmployer: 500_000, ProvidentEmployer: money.Rate(rapid.SampledFrom([]int64{0, 0, 15_000, 90_000}).Draw(t, "provident"))}}
	if k.Regime == Permanent || k.Regime == FixedTerm {
		k.Hours = rapid.SampledFrom([]int{35_00, 35_00, 17_50, 28_00}).Draw(t, "hours")
	}
	pay := rapid.Custom(func(t *rapid.T) money.Cents {
		return money.Cents(rapid.OneOf(rapid.Just(int64(0)), rapid.Int64Range(0, 2_500_00), rapid.Int64Range(0, 9_000_00), rapid.Int64Range(0, 40_000_00)).Draw(t, "pay"))
	})
	month := rapid.IntRange(1, 12).Draw(t, "month")
	var y YearToDate
	for m := range month - 1 {
		at := date.MonthOf(year, m+1)
		var err error
		_, y, err = Compute(Law().On(at), e, k, y, Inputs{Month: at, Paid: at.Last(), Items: []Item{{Element: "fixed_part", Amount: pay.Draw(t, "earlier")}}})
		if err != nil {
			t.Fatal(err)
		}
	}
	at := date.MonthOf(year, month)
	in := Inputs{Month: at, Paid: at.Last(), Items: []Item{{Element: "fixed_part", Amount: money.Cents(rapid.SampledFrom([]int64{0, 0, 500_00, 1_500_00}).Draw(t, "fixed"))}}}
	if rapid.IntRange(0, 4).Draw(t, "rated") == 0 {
		r := money.Rate(rapid.Int64Range(0, 430_000).Draw(t, "tax"))
		in.Tax = &r
	}
	if rapid.IntRange(0, 5).Draw(t, "beside") == 0 {
		in.Beside = money.Cents(rapid.Int64Range(1, 6_000_00).Draw(t, "besides"))
	}
	return Law().On(at), e, k, y, in
}

// The inverse is that of an exhaustive search, whatever the year behind it: no larger amount fits, down to the cent.
func TestTheInverseIsTheLargest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, e, k, y, in := anyone(t)
		by := rapid.SampledFrom([]By{ByCost, ByCost, ByNet, ByGross}).Draw(t, "by")
		// A target near a payslip that exists, or any.
		varied, at := vary(in, "variable_advance")
		c := newCalc(p, &e, &k, &y, &varied, true)
		near := money.Cents(rapid.OneOf(rapid.Int64Range(0, 2_500_00), rapid.Int64Range(0, 12_000_00)).Draw(t, "near"))
		trial{c, &varied.Items[at].Amount}.at(near)
		value := func() money.Cents {
			return [...]money.Cents{ByCost: c.cost, ByNet: c.net, ByGross: c.gross}[by]
		}
		target := Target{by, max(0, value()+money.Cents(rapid.Int64Range(-3_00, 3_00).Draw(t, "off")))} // nobody wishes for less than nothing
		s, _, err := Solve(p, e, k, y, in, "variable_advance", target)
		got := money.Cents(-1)
		if err == nil {
			got = s.Items[slices.IndexFunc(s.Items, func(i Item) bool { return i.Element == "variable_advance" })].Amount
			if target.Left(s) < 0 {
				t.Fatalf("%s beyond the target", target.Left(s))
			}
		} else if all := fault.All(err); len(all) != 1 || all[0].Field != "target" {
			t.Fatalf("refused with %v", err)
		}
		// Every cent above it for sixty euros, and farther up one in a hundred and one.
		for x := got + 1; x < got+4_000_00; {
			varied.Items[at].Amount = x
			if c.run(); value() <= target.Amount {
				t.Fatalf("%s (%v) for a target of %s, and %s gives %s", got, err, target.Amount, x, value())
			}
			if x++; x > got+60_00 {
				x += 100
			}
		}
	})
}

func BenchmarkSolve(b *testing.B) {
	e, k := Employer{Staff: 30, Accident: 20_800}, Contract{Regime: CESA, From: date.Of(2020, 1, 1), Cover: Cover{Health: 40_00, HealthEmployer: 500_000}}
	y := irregular(b, e, k)
	m := date.MonthOf(2026, 11)
	for _, c := range []struct {
		name string
		t    Target
	}{{"cost", Target{ByCost, 2_000_00}}, {"cost high", Target{ByCost, 4_000_00}}, {"net", Target{ByNet, 2_000_00}}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if _, _, err := Solve(Law().On(m), e, k, y, Inputs{Month: m, Paid: m.Last()}, "variable_advance", c.t); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
