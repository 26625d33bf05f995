package activity

import (
	"testing"

	"essaim/coop"
	"essaim/date"
	"essaim/ledger"
	"essaim/money"
)

// A customer's 1 000 of which 400 go to another activity, at ten percent: the house takes 100 in all, 60 and 40; or 100 and
// nothing; or 100 and 40 (practice 38, the policy says which).
func TestInternalSalesInTheBase(t *testing.T) {
	year := date.FiscalYear{Start: date.MustParse("2026-01-01"), End: date.MustParse("2026-12-31")}
	lead := []ledger.Balance{{Section: 10, Account: InternalBought, Period: 3, Debit: 400_00}}
	member := []ledger.Balance{{Section: 11, Account: InternalSold, Period: 3, Credit: 400_00}}
	turnover := []Turnover{{Nature: "service", Period: 3, Invoiced: 1_000_00, Collected: 1_000_00}}
	for _, base := range []Base{Invoiced, Collected} {
		for how, want := range map[Internal][2]money.Cents{InternalNet: {60_00, 40_00}, InternalNone: {100_00, 0}, InternalSales: {100_00, 40_00}} {
			p := Applied{Policy: Policy{Name: "Dix", Base: base, When: Monthly, Internal: how, Scales: []Scale{{Brackets: []Bracket{{Rate: 10 * money.Percent}}}}}, Rule: coop.Rule{ID: 1}}
			due := func(b []ledger.Balance, of []Turnover) money.Cents {
				return p.Policy.Due(Gather(p, Activity{}, b, of, nil, year, year.End)).Due
			}
			if a, b := due(lead, turnover), due(member, nil); a != want[0] || b != want[1] {
				t.Errorf("%s, %q: %s and %s, want %s and %s", base, how, a, b, want[0], want[1])
			}
		}
	}
}
