package payroll

import "testing"

// The part of a reduction that comes off the pension scheme follows the reduction of the software, to the nearest cent.
func TestAReturnedReductionIsSplitToTheNearestCent(t *testing.T) {
	was := Totals{Gross: 1_000_00, Reduction: 300_00, Pension: 50_00, Cost: 1_100_00, Employer: 100_00}
	reduction, cost := was.Reduction, was.Cost
	for reduction > 299_00 {
		reduction--
		got, err := Returned{Gross: was.Gross, Paid: was.Gross, Reduction: &reduction, Cost: &cost}.totals(was)
		if want := (2*was.Pension*reduction + was.Reduction) / (2 * was.Reduction); err != nil || got.Pension != want {
			t.Fatalf("%s of %s: %s, want %s (%v)", reduction, was.Reduction, got.Pension, want, err)
		}
	}
}
