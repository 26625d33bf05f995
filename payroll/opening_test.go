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
	return Opening{Until: y.Until, Gross: y.Gross, Base: y.Pay, Ceiling: y.Ceiling, T1: y.T1, T2: y.T2, Reduction: y.Granted, Net: y.Net, NetTaxable: y.NetTaxable, NetSocial: y.NetSocial, Tax: y.Tax, Cost: y.Cost}
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
		got, err := openingOf(y).YearToDate(Law(), e, k)
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
	good := Opening{Until: date.MonthOf(2026, 5), Gross: 10_000_00, Net: 7_800_00, NetTaxable: 8_100_00, NetSocial: 7_800_00, Tax: 300_00, Cost: 12_500_00}
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
		{"t1", "payroll.opening.t1", func(o *Opening) { o.T1 = 10_000_01 }},
		{"t2", "payroll.opening.t2", func(o *Opening) { o.T1, o.T2 = 9_000_00, 1_000_01 }},
		{"hours", "payroll.opening.hours_or_smic", func(o *Opening) { o.Hours, o.SMIC = 1, 1 }},
		{"reduction", "payroll.opening.reduction", func(o *Opening) { o.Reduction = 10_000_01 }},
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
	rows := [][]string{{"Brut", "Matricule", "Dernier mois payé", "Tranche 1", "Tranche 2", "PAS", "Heures", "Début du contrat"},
		{"10 000,50", "E 1", "2026-05", "9000", "1000,50", "300", "758,35", "01/02/2026"},
		{"1", "", "mai", "", "", "x", "", ""},
		{"2", "E3", "31/05/2026"}}
	lines, err := ReadOpeningLines(rows)
	if err != nil || len(lines) != 3 {
		t.Fatal(lines, err)
	}
	l := lines[0]
	if l.Who != "E1" || l.N != 2 || l.Gross != 10_000_50 || l.T1 != 9_000_00 || l.T2 != 1_000_50 || l.Tax != 300_00 || l.Hours != 758_35 || l.Until != date.MonthOf(2026, 5) || l.Start != date.Of(2026, 2, 1) || l.Refuse != nil {
		t.Errorf("%+v", l)
	}
	if n := len(fault.All(lines[1].Refuse)); n != 3 {
		t.Errorf("%d refusals: %v", n, lines[1].Refuse)
	}
	if lines[2].Until != date.MonthOf(2026, 5) || lines[2].Refuse != nil {
		t.Errorf("%+v", lines[2])
	}
	for _, c := range []struct {
		titles []string
		key    string
	}{{[]string{"Matricule", "Brut", "Dernier mois payé", "Brutt"}, "payroll.opening_file.column"}, {[]string{"Matricule", "Brut", "Dernier mois payé", "Cumul brut"}, "payroll.opening_file.column_twice"}, {[]string{"Matricule", "Brut"}, "payroll.opening_file.column_missing"}} {
		_, err := ReadOpeningLines([][]string{c.titles, {"E1"}})
		refused(t, c.key, err, "file", c.key)
	}
	if lines, err := ReadOpeningLines([][]string{OpeningTitles(), {"E1"}}); err != nil || len(lines) != 1 {
		t.Errorf("its own titles: %v", err)
	}
}
