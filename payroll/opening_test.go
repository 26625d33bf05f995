package payroll

import (
	"testing"

	"pgregory.net/rapid"

	"essaim/date"
	"essaim/fault"
	"essaim/money"
)

// openingOf is what the foot of the last payslip says of a year.
func openingOf(y YearToDate) Opening {
	return Opening{Until: y.Until, Gross: y.Gross, Base: y.Pay, Ceiling: y.Ceiling, T1: y.T1, T2: y.T2, Reduction: y.Granted, Net: y.Net, NetTaxable: y.NetTaxable, NetSocial: y.NetSocial, Tax: y.Tax, Cost: y.Cost, NoReduction: y.Granted == 0}
}

// Whoever is paid here from a month on gets the payslips that they would have got here since January: the sums at the foot
// of the last payslip made elsewhere are enough, to the cent and in every counter.
func TestAnOpeningGoesOnAsTheYearDid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := Contract{Regime: rapid.SampledFrom([]Regime{Permanent, FixedTerm, CESA, Manager}).Draw(t, "regime"), From: rapid.SampledFrom([]date.Day{longAgo, date.Of(2026, 2, 10)}).Draw(t, "from"), Executive: rapid.Bool().Draw(t, "executive"),
			Cover: Cover{Health: 60_00, HealthEmployer: 500_000}}
		if k.Regime == Permanent || k.Regime == FixedTerm {
			k.Hours = rapid.SampledFrom([]int{3500, 2450}).Draw(t, "hours")
		}
		e := Employer{Staff: rapid.SampledFrom([]int{8, 60}).Draw(t, "staff"), Accident: 20_800}
		least := 800_00
		if k.Regime == CESA { // of what it paid below the SMIC month by month, sums do not tell
			least = 1_900_00
		}
		y, until := YearToDate{}, date.MonthOf(2026, rapid.IntRange(2, 11).Draw(t, "until"))
		pay := func(m date.Month, y YearToDate) (Payslip, YearToDate) {
			in := Inputs{Month: m, Paid: m.Last(), Items: []Item{{Element: steadyOf(k), Amount: money.Cents(rapid.IntRange(least, 6_500_00).Draw(t, "gross"))}}}
			s, after, err := Compute(Law().On(m), e, k, y, in)
			if err != nil {
				t.Fatal(err)
			}
			return s, after
		}
		for m := max(date.MonthOf(2026, 1), k.From.Month()); m <= until; m++ {
			_, y = pay(m, y)
		}
		o := openingOf(y)
		if rapid.Bool().Draw(t, "no t1") {
			o.T1 = 0
		}
		if rapid.Bool().Draw(t, "no t2") {
			o.T2 = 0
		}
		got, err := o.YearToDate(Law(), e, k)
		if err != nil {
			t.Fatal(err)
		}
		if k.Regime == Manager { // without a reduction its counters stand still
			y.LowPay, y.SMIC = got.LowPay, got.SMIC
		}
		if gap := y.Pension - got.Pension; gap.Abs() <= 1 { // of a sum, of rounded months
			got.Pension = y.Pension
		}
		if got != y {
			t.Fatalf("%+v\nwants %+v", got, y)
		}
	})
}

// The hours of the months give the reference SMIC at the SMIC of each of them: five months of 12.02 € and one of 12.31 €.
func TestHoursOfAnOpening(t *testing.T) {
	k := Contract{Regime: Permanent, From: longAgo, Hours: 1750}
	o := Opening{Until: date.MonthOf(2026, 6), Gross: 6_000_00, Hours: 600_00, Reduction: 900_00, Net: 4_700_00, NetTaxable: 4_900_00, NetSocial: 4_700_00, Cost: 6_700_00}
	y, err := o.YearToDate(Law(), Employer{Staff: 8}, k)
	if err != nil || money.Cents(y.RSMIC/smicParts) != 7_241_00 { // 500 × 12.02 + 100 × 12.31
		t.Errorf("%v %s", err, money.Cents(y.RSMIC/smicParts))
	}
	if y.Ceiling != 6*2_002_50 || y.T1 != 6_000_00 || y.T2 != 0 || y.Reduced != 900_00 || y.Granted != 900_00 || y.Until != o.Until {
		t.Errorf("%+v", y)
	}
}

// What cannot be the sums of a year is refused on its field.
func TestOpeningRefused(t *testing.T) {
	good := Opening{Until: date.MonthOf(2026, 5), Gross: 10_000_00, Net: 7_800_00, NetTaxable: 8_100_00, NetSocial: 7_800_00, Tax: 300_00, Cost: 12_500_00, NoReduction: true}
	k := Contract{Regime: CESA, From: longAgo}
	for _, c := range []struct {
		field, key string
		change     func(*Opening)
	}{
		{"until", "payroll.before", func(o *Opening) { o.Until = date.MonthOf(2024, 12) }},
		{"net", "payroll.opening.net", func(o *Opening) { o.Net = 10_000_01 }},
		{"net", "payroll.opening.missing", func(o *Opening) { o.Net = 0 }},
		{"tax", "payroll.opening.tax", func(o *Opening) { o.Tax = 8_100_01 }},
		{"tax", "payroll.opening.negative", func(o *Opening) { o.Tax = -1 }},
		{"cost", "payroll.opening.cost", func(o *Opening) { o.Cost = 9_999_99 }},
		{"ceiling", "payroll.opening.ceiling", func(o *Opening) { o.Ceiling = 5*4_005_00 + 1 }},
		{"t1", "payroll.opening.t1", func(o *Opening) { o.T1 = 10_001_01 }},
		{"t1", "payroll.opening.t1", func(o *Opening) { o.T1 = 9_998_99 }},
		{"t2", "payroll.opening.t2", func(o *Opening) { o.T2 = 1_01 }},
		{"t2", "payroll.opening.t2_rest", func(o *Opening) { o.T1, o.T2 = 9_000_00, 1_001_01 }},
		{"t2", "payroll.opening.t2_rest", func(o *Opening) { o.T1, o.T2 = 9_000_00, 998_99 }},
		{"reduction", "payroll.opening.reduction_missing", func(o *Opening) { o.NoReduction = false }},
		{"smic", "payroll.opening.smic", func(o *Opening) { o.SMIC = 9_117_17 }}, // 5 × 151.67 h × 12.02 €, and more than a euro
		{"hours", "payroll.opening.hours_or_smic", func(o *Opening) { o.Hours, o.SMIC = 1, 1 }},
		{"reduction", "payroll.opening.reduction", func(o *Opening) { o.Reduction = 4_022_01 }}, // 0.4021 of the pay, and more than a euro
		{"gross", "payroll.year_large", func(o *Opening) { o.Gross = MaxYear + 1 }},
		{"net", "payroll.opening.no_gross", func(o *Opening) { *o = Opening{Until: o.Until, Net: 1} }},
	} {
		o := good
		c.change(&o)
		_, err := o.YearToDate(Law(), Employer{}, k)
		refused(t, c.field+" "+c.key, err, c.field, c.key)
	}
	if y, err := (Opening{Until: good.Until}).YearToDate(Law(), Employer{}, k); err != nil || y.Ceiling != 5*4_005_00 || y.Pay != 0 {
		t.Errorf("nothing was paid: %v %+v", err, y)
	}
	o := good
	o.Reduction = 1
	_, err := o.YearToDate(Law(), Employer{}, Contract{Regime: Manager, From: longAgo})
	refused(t, "manager", err, "reduction", "payroll.opening.no_reduction")
}

// A table is read by its titles, whatever their order; each line says all that is wrong with it.
func TestOpeningTable(t *testing.T) {
	rows := [][]string{{"Brut", "Matricule", "Dernier mois payé", "Tranche 1", "Tranche 2", "PAS", "Heures", "Début du contrat", "Réduction générale"},
		{"10 000,50", "E 1", "2026-05", "9000", "1000,50", "300", "758,35", "01/02/2026", "0,00"},
		{"1", "", "mai", "", "", "x", "", "", ""},
		{"2", "E3", "31/05/2026"}}
	lines, err := ReadOpeningLines(rows)
	if err != nil || len(lines) != 3 {
		t.Fatal(lines, err)
	}
	l := lines[0]
	if l.Who != "E1" || l.N != 2 || l.Gross != 10_000_50 || l.T1 != 9_000_00 || l.T2 != 1_000_50 || l.Tax != 300_00 || l.Hours != 758_35 || l.Until != date.MonthOf(2026, 5) || l.Start != date.Of(2026, 2, 1) || !l.NoReduction || l.Refuse != nil {
		t.Errorf("%+v", l)
	}
	if n := len(fault.All(lines[1].Refuse)); n != 3 {
		t.Errorf("%d refusals: %v", n, lines[1].Refuse)
	}
	if lines[2].Until != date.MonthOf(2026, 5) || lines[2].NoReduction || lines[2].Refuse != nil {
		t.Errorf("%+v", lines[2])
	}
	for _, c := range []struct {
		titles []string
		key    string
	}{{[]string{"Matricule", "Brut", "Dernier mois payé", "Brutt"}, "payroll.opening_file.column"}, {[]string{"Matricule", "Brut", "Dernier mois payé", "Cumul brut"}, "payroll.opening_file.column_twice"}, {[]string{"Matricule", "Brut"}, "payroll.opening_file.column_missing"}, {[]string{"Matricule", "Brut", "Dernier mois payé"}, "payroll.opening_file.column_missing"}} {
		_, err := ReadOpeningLines([][]string{c.titles, {"E1"}})
		refused(t, c.key, err, "file", c.key)
	}
	if lines, err := ReadOpeningLines([][]string{OpeningTitles(), {"E1"}}); err != nil || len(lines) != 1 {
		t.Errorf("its own titles: %v", err)
	}
}

// Five months of 12 500.00 € with 2 000.00 € of reduction granted: June is granted the rest of the year's. Nothing is granted
// again because a field was left empty.
func TestReductionOfAnOpeningIsTold(t *testing.T) {
	k, e := Contract{Regime: Permanent, Hours: 3500, From: longAgo}, Employer{Staff: 8, Accident: 20_800}
	o := Opening{Until: date.MonthOf(2026, 5), Gross: 12_500_00, Net: 9_800_00, NetTaxable: 10_000_00, NetSocial: 9_800_00, Cost: 16_000_00}
	june := func(o Opening) money.Cents {
		y, err := o.YearToDate(Law(), e, k)
		if err != nil {
			t.Fatal(err)
		}
		s, _, err := Compute(Law().On(o.Until+1), e, k, y, Inputs{Month: o.Until + 1, Paid: (o.Until + 1).Last(), Items: []Item{{Element: "salary", Amount: 2_500_00}}})
		if err != nil {
			t.Fatal(err)
		}
		return s.Totals.Reduction
	}
	_, err := o.YearToDate(Law(), e, k)
	refused(t, "left empty", err, "reduction", "payroll.opening.reduction_missing")
	if _, err := o.YearToDate(Law(), e, Contract{Regime: Manager, From: longAgo}); err != nil {
		t.Errorf("a manager has none: %v", err)
	}
	told, none := o, o
	told.Reduction, none.NoReduction = 2_000_00, true
	if a, b := june(told), june(none); a != 608_50 || b != 2_608_50 {
		t.Errorf("%s %s", a, b)
	}
}

// Brackets told both, or one of them, make the same payslip: 45 000.00 € until May above a ceiling of 20 025.00 €.
func TestBracketsOfAnOpening(t *testing.T) {
	k, e := Contract{Regime: Permanent, Hours: 3500, From: longAgo, Executive: true}, Employer{Staff: 8, Accident: 20_800}
	for _, told := range [][2]money.Cents{{20_025_00, 24_975_00}, {20_025_00, 0}, {0, 24_975_00}, {0, 0}} {
		o := Opening{Until: date.MonthOf(2026, 5), Gross: 45_000_00, Ceiling: 20_025_00, T1: told[0], T2: told[1], NoReduction: true, Net: 35_000_00, NetTaxable: 36_000_00, NetSocial: 35_000_00, Cost: 64_000_00}
		y, err := o.YearToDate(Law(), e, k)
		if err != nil {
			t.Fatal(told, err)
		}
		s, _, err := Compute(Law().On(o.Until+1), e, k, y, Inputs{Month: o.Until + 1, Paid: (o.Until + 1).Last(), Items: []Item{{Element: "salary", Amount: 9_000_00}}})
		if err != nil || s.Totals.Employee != 1_836_78 {
			t.Errorf("%s: %s %v", told, s.Totals.Employee, err)
		}
	}
}
