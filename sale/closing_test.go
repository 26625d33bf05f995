package sale

import (
	"testing"

	"essaim/money"
)

// A closing says what was collected: 99,30 came of 100,00 and 0,70 was given up, then 12,34 of an advance went back.
func TestClosingCountsNoCentsGivenUp(t *testing.T) {
	taxes := func(int64) []TaxTotal { return []TaxTotal{{Rate: 2000_00, Net: 83_33, VAT: 16_67}} }
	var c Closing
	for _, p := range []Payment{
		{Amount: 99_30, Means: Transfer, Allocations: []Allocation{{Invoice: 1, Amount: 99_30}}},
		{Amount: 70, Means: GivenUp, Allocations: []Allocation{{Invoice: 1, Amount: 70}}},
		{Amount: 12_84, Excess: 12_84, Means: Transfer},
		{Amount: -12_34, Excess: -12_34, Means: Transfer},
		{Amount: -50, Excess: -50, Means: GivenUp},
	} {
		c.Add(PaymentOperation(p, false, taxes))
	}
	c.Seal(0)
	var rates money.Cents
	for _, r := range c.Rates {
		rates += r.Gross
		if want := map[money.Rate]money.Cents{2000_00: 99_30, NoRate: 50}[r.Rate]; r.Gross != want {
			t.Errorf("%v: %v, want %v", r.Rate, r.Gross, want)
		}
	}
	if rates != c.Total || c.Total != 99_80 || len(c.Means) != 1 || c.Means[0].Amount != c.Total {
		t.Errorf("rates sum to %v, means %v, total %v", rates, c.Means, c.Total)
	}
}
