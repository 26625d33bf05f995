package payroll

import (
	"testing"

	"essaim/date"
)

// A year of a CESA with its regularisation, month after month.
func BenchmarkCompute(b *testing.B) {
	e := Employer{Staff: 60, Accident: 20_800, Mobility: 20_100}
	k := Contract{Regime: CESA, From: date.Of(2020, 1, 1), Cover: Cover{Health: 40_00, HealthEmployer: 500_000}}
	p := Law().On(date.MonthOf(2026, 11))
	var y YearToDate
	in := Inputs{Month: p.Month, Paid: p.Month.Last(), Items: []Item{{Element: "fixed_part", Amount: 500_00}, {Element: "variable_advance", Amount: 1_412_57}}}
	for b.Loop() {
		y.Until = 0
		if _, _, err := Compute(p, e, k, y, in); err != nil {
			b.Fatal(err)
		}
	}
}
