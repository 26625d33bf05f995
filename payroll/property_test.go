package payroll

import (
	"testing"

	"pgregory.net/rapid"

	"essaim/date"
	"essaim/money"
)

// holds proves the sums of a payslip: nothing is kept back, borne or paid that no line says.
func holds(t interface{ Fatalf(string, ...any) }, s Payslip) {
	var employee, employer, gross, inKind, beside money.Cents
	for _, l := range s.Lines {
		if l.Part == Employee {
			employee += l.Amount
		} else {
			employer += l.Amount
		}
	}
	for _, it := range s.Items {
		e, ok := Law().ElementOf(it.Element)
		v := it.Amount
		if e.Sign < 0 {
			v = -v
		}
		switch {
		case !ok:
			t.Fatalf("no element %q", it.Element)
		case e.Kind == "pay":
			gross += v
		case e.Kind == "in_kind":
			gross += v
			inKind += v
		case e.Kind == "allowance":
			beside += v
		case e.Kind == "recovery":
			beside -= v
		}
	}
	v := s.Totals
	if v.Gross != gross || v.Employee != employee || v.Employer != employer || v.Beside != beside {
		t.Fatalf("lines sum to %s and %s, items to %s and %s; totals %+v", employee, employer, gross, beside, v)
	}
	if v.Net+v.Employee+inKind != v.Gross {
		t.Fatalf("net %s + employee %s + in kind %s is not gross %s", v.Net, v.Employee, inKind, v.Gross)
	}
	if v.Paid != v.Net+v.Beside-v.Tax || v.Tax != v.TaxBase.Times(v.TaxRate) {
		t.Fatalf("paid %s of net %s, beside %s, tax %s", v.Paid, v.Net, v.Beside, v.Tax)
	}
	if v.Cost < v.Gross+v.Employer {
		t.Fatalf("cost %s below gross %s and employer's part %s", v.Cost, v.Gross, v.Employer)
	}
}

// In one month alone, and in a year when working time does not hang on the pay, more pay never costs less.
func TestTheCostGrowsWithThePay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, e, k, y, in := anyone(t)
		if k.Regime == CESA {
			y = YearToDate{}
		}
		if k.Regime == CAPE { // unpaid, it bears a flat base that paid it does not
			k.Regime = Manager
		}
		varied, at := vary(in, "variable_advance")
		c := trial{newCalc(p, &e, &k, &y, &varied, true), &varied.Items[at].Amount}
		x := money.Cents(rapid.Int64Range(0, 20_000_00).Draw(t, "pay"))
		c.at(x)
		was := c.cost
		for range 200 {
			x += money.Cents(rapid.SampledFrom([]int64{1, 1, 7, 100, 33_33}).Draw(t, "more"))
			if c.at(x); c.cost < was {
				t.Fatalf("%s costs %s, less than before: %s", x, c.cost, was)
			}
			was = c.cost
		}
	})
}

// The months sum to the year: ceilings, slices and reduction to the cent, each contribution within half a cent a month.
func TestTheMonthsSumToTheYear(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		year := rapid.SampledFrom([]int{2025, 2026}).Draw(t, "year")
		e := Employer{Staff: rapid.SampledFrom([]int{5, 30, 80}).Draw(t, "staff"), Accident: 20_800, Mobility: 20_000}
		k := Contract{Regime: rapid.SampledFrom([]Regime{CESA, Permanent, Manager}).Draw(t, "regime"), From: date.Of(year, 1, 1), Executive: rapid.Bool().Draw(t, "executive"), Cover: Cover{Health: 40_00, HealthEmployer: 500_000}}
		if k.Regime == Permanent {
			k.Hours = rapid.SampledFrom([]int{35_00, 24_00}).Draw(t, "hours")
		}
		var y YearToDate
		exact := map[string]Fine{}
		sums := map[string]money.Cents{}
		var t1, t2, four, cet money.Cents
		var last Payslip
		var p *Parameters
		for m := 1; m <= 12; m++ {
			at := date.MonthOf(year, m)
			p = Law().On(at)
			pay := money.Cents(rapid.OneOf(rapid.Just(int64(0)), rapid.Int64Range(0, 3_000_00), rapid.Int64Range(0, 45_000_00)).Draw(t, "pay"))
			in := Inputs{Month: at, Paid: at.Last(), Items: []Item{{Element: "salary", Amount: pay}}}
			x, err := ComputeExact(p, e, k, y, in)
			if err != nil {
				t.Fatal(err)
			}
			was := y
			if last, y, err = Compute(p, e, k, y, in); err != nil {
				t.Fatal(err)
			}
			holds(t, last)
			for _, l := range x.Lines {
				if l.Code != reduction25 && l.Code != reduction26 {
					exact[l.Code+string(l.Part)] += l.Amount
				}
			}
			for _, l := range last.Lines {
				if l.Code != reduction25 && l.Code != reduction26 {
					sums[l.Code+string(l.Part)] += l.Amount
				}
			}
			t1, t2, four, cet = t1+y.T1-was.T1, t2+y.T2-was.T2, four+y.Four-was.Four, cet+y.CET-was.CET
		}
		most := y.Ceiling * 8
		want := [4]money.Cents{min(y.Pay, y.Ceiling), max(0, min(y.Pay, most)-y.Ceiling), min(y.Pay, y.Ceiling*4), 0}
		if y.Pay > y.Ceiling {
			want[3] = min(y.Pay, most)
		}
		if got := [4]money.Cents{t1, t2, four, cet}; got != want {
			t.Fatalf("slices of the months sum to %v, those of the year are %v", got, want)
		}
		if k.Hours != 24_00 && y.Ceiling != p.cents(pCeilingMonth)*12 {
			t.Fatalf("ceiling of the year %s", y.Ceiling)
		}
		for key, f := range exact {
			if gap := f - fine(sums[key]); gap > 12*perCent/2 || gap < -12*perCent/2 {
				t.Fatalf("%s: %s on payslips, %s in the year", key, sums[key], f)
			}
		}
		// The reduction of the year is that of its formula on the sums of the year.
		if y.Granted != 0 && year == 2026 {
			c := newCalc(p, &e, &k, &YearToDate{}, &Inputs{Month: p.Month}, true)
			c.large = c.staff(pStaffFnal)
			if whole := (fine(y.Pay) / 10_000 * Fine(c.coefficientOf(y.SMIC, y.Pay))).Cents(); whole != y.Granted {
				t.Fatalf("%s in twelve months, %s in the year", y.Granted, whole)
			}
		}
	})
}

// In 2025 the reduced rates go by the pay of the whole year: a pay that stays below 2.25 SMIC keeps them in June, when the
// formula of the reduction has just changed.
func TestReducedRatesOutliveAChangeOfFormula(t *testing.T) {
	e, k := Employer{Staff: 30, Accident: 20_800}, Contract{Regime: Permanent, From: date.Of(2020, 1, 1), Hours: 35_00}
	var y YearToDate
	for m := 1; m <= 12; m++ {
		at := date.MonthOf(2025, m)
		s, next, err := Compute(Law().On(at), e, k, y, Inputs{Month: at, Paid: at.Last(), Items: []Item{{Element: "salary", Amount: 2_500_00}}})
		if err != nil {
			t.Fatal(err)
		}
		y = next
		for _, l := range s.Lines {
			if l.Code == "maladie" && l.Rate != 70_000 || l.Code == "allocations_familiales" && l.Rate != 34_500 || l.Code == "maladie_regularisation" {
				t.Errorf("%s: %+v", at, l)
			}
		}
	}
	// A large balance in December passes both limits: eleven months are made good.
	at := date.MonthOf(2025, 12)
	y.Until = date.MonthOf(2025, 11)
	y.Pay, y.Sickness, y.Family = 27_500_00, 27_500_00, 27_500_00
	y.SMIC = 11 * 1_801_80 * smicParts
	s, _, err := Compute(Law().On(at), e, k, y, Inputs{Month: at, Paid: at.Last(), Items: []Item{{Element: "salary", Amount: 60_000_00}}})
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, l := range s.Lines {
		if l.Code == "maladie_regularisation" && l.Base == 27_500_00 && l.Rate == 60_000 && l.Amount == 1_650_00 || l.Code == "allocations_familiales_regularisation" && l.Amount == 495_00 {
			found++
		}
	}
	if found != 2 {
		t.Errorf("%+v", s.Lines)
	}
}

// Whatever is asked, a payslip whose sums hold or a refusal: never a panic.
func FuzzCompute(f *testing.F) {
	f.Add(uint8(0), int32(24311), int64(2_500_00), int64(0), int64(20_000_00), int64(15_000_00), int64(40_00), int64(20_800), int64(500_000), int32(3500), int32(30), uint8(0))
	f.Add(uint8(3), int32(24300), int64(-1), int64(99_999_999_99), int64(1)<<62, int64(-1)<<63, int64(1)<<40, int64(1_000_000), int64(1_000_000), int32(-1), int32(1)<<30, uint8(255))
	f.Add(uint8(4), int32(24321), int64(1_000_000_00), int64(1_000_000_00), int64(6_000_000_00), int64(6_000_000_00), int64(10_000_00), int64(1_000_000), int64(1_000_000), int32(4800), int32(9_000_000), uint8(7))
	f.Fuzz(func(t *testing.T, regime uint8, month int32, pay, other, yearPay, yearSMIC, health, rate, share int64, hours, staff int32, flags uint8) {
		e := Employer{Staff: int(staff), Accident: money.Rate(rate), Mobility: money.Rate(share), MobilityExtra: money.Rate(rate), Apprentices: money.Rate(share), LeaveFund: flags&1 != 0, Alsace: flags&2 != 0}
		k := Contract{Regime: []Regime{CESA, Permanent, FixedTerm, CAPE, Manager, "stage"}[regime%6], From: date.Of(2020, 1, 1), Executive: flags&4 != 0, Hours: int(hours), ShortTerm: flags&8 != 0,
			Cover: Cover{Health: money.Cents(health), HealthEmployer: money.Rate(share), ProvidentEmployer: money.Rate(rate), ProvidentEmployee: money.Rate(share)}}
		m := date.Month(month)
		in := Inputs{Month: m, Items: []Item{{Element: "salary", Amount: money.Cents(pay)}, {Element: []string{"in_kind", "absence", "ijss", "garnishment", "back_pay", "meal_voucher_employer", "nothing"}[regime%7], Amount: money.Cents(other)}}, Away: int(flags >> 3), Full: money.Cents(other)}
		if flags&16 != 0 {
			r := money.Rate(rate)
			in.Tax = &r
		}
		var y YearToDate
		if month >= 0 && month < 12*10_000 { // what a calendar holds
			in.Paid = m.Last()
			y = YearToDate{Year: m.Year(), Until: m - 1, Pay: money.Cents(yearPay), Ceiling: money.Cents(yearSMIC), T1: money.Cents(min(yearPay, yearSMIC)), RSMIC: yearSMIC, SMIC: yearSMIC, RPay: money.Cents(yearPay), Formula: 398_100, Sickness: money.Cents(yearPay)}
		}
		s, next, err := Compute(Law().On(m), e, k, y, in)
		if err != nil {
			return
		}
		holds(t, s)
		if next.Pay != y.Pay+s.Totals.Gross+s.Excess || next.Gross != y.Gross+s.Totals.Gross || next.Cost != y.Cost+s.Totals.Cost {
			t.Fatalf("year to date %+v", next)
		}
		for _, by := range []By{ByCost, ByNet, ByGross} {
			target := Target{by, money.Cents(pay)}
			if s, _, err := Solve(Law().On(m), e, k, y, in, "salary", target); err == nil && target.Left(s) < 0 {
				t.Fatalf("%s beyond %s", target.Left(s), target.Amount)
			}
		}
	})
}
