package activity

import (
	"testing"

	"essaim/ledger"
)

// Practice 19 and 47: a deposit received in December for work invoiced in January is apart from turnover; it is deducted in
// « disponible » as the cooperative chose, and the contribution on it is taken when the policy says.
func TestDepositInDecemberWorkInJanuary(t *testing.T) {
	in := maelle()
	in.Balances = append(in.Balances, bal("41911", 11, -1_000_00), bal("41912", 11, -500_00))
	in.Turnover = append(in.Turnover, Turnover{Nature: DepositNature + "service", Period: 11, Invoiced: 1_500_00, Collected: 1_000_00})
	before, a := Build(maelle()), Build(in)
	if a.Deposits.Amount != before.Deposits.Amount+1_000_00 {
		t.Errorf("deposits received: %v, was %v", a.Deposits.Amount, before.Deposits.Amount)
	}
	if a.Total.Collected.Amount != before.Total.Collected.Amount {
		t.Errorf("a deposit counts as collected: %v", a.Total.Collected.Amount)
	}
	line := func(a Account) Figure { f, _ := find(a.Available.Children, "deposits"); return f }
	if line(a).Amount != line(before).Amount-1_000_00 {
		t.Errorf("kept: %v", line(a).Amount)
	}
	in.Available.Deposits = false
	if got := line(Build(in)); got.Key != "" {
		t.Errorf("the cooperative does not keep deposits: %+v", got)
	}
	if f := a.Deposits; !f.Scope.MatchesLine(ledger.DepositsHeld, -1, 11) || f.Scope.MatchesLine(ledger.DepositsBilled, -1, 11) {
		t.Errorf("what opens: %+v", f.Scope)
	}

	december := []Turnover{{Nature: DepositNature + "service", Period: 12, Invoiced: 300_00, Collected: 300_00}}
	january := []Turnover{{Nature: DepositNature + "service", Period: 1, Invoiced: -300_00, Collected: -300_00}, {Nature: "service", Period: 1, Invoiced: 1_000_00, Collected: 300_00}}
	for _, x := range []struct {
		deposits      bool
		base          Base
		first, second int64
	}{{false, Invoiced, 0, 100_00}, {true, Invoiced, 30_00, 70_00}, {false, Collected, 0, 30_00}, {true, Collected, 30_00, 0}} {
		p := Policy{Base: x.base, Deposits: x.deposits, Scales: []Scale{{Brackets: []Bracket{{Rate: 100_000}}}}}
		due := func(list []Turnover, on string) int64 {
			return int64(p.Due(Facts{Year: year2026, On: day(on), Turnover: list}).Due)
		}
		if got := due(december, "2026-12-31"); got != x.first {
			t.Errorf("%+v: %d in December", x, got)
		}
		if got := due(january, "2026-01-31"); got != x.second {
			t.Errorf("%+v: %d with the work", x, got)
		}
	}
}

// Practice 37: what a customer retained is not late before its day, and one is told when it comes.
func TestRetentionIsAskedForInTime(t *testing.T) {
	for _, x := range []struct {
		due, key string
		late     bool
	}{{"2027-11-22", "", false}, {"2026-12-10", "activity.alert.retention_soon", false}, {"2026-11-01", "activity.alert.retention_due", true}} {
		in := maelle()
		before := Build(in)
		in.Open = append(in.Open, ledger.OpenItem{Account: ledger.Retention, Section: section, Date: day("2025-11-22"), Due: day(x.due), Amount: 60_00, Remaining: 60_00})
		a := Build(in)
		key := ""
		for _, al := range a.Alerts {
			if al.Figure == "owed" && al.Amount == 60_00 {
				key = al.Key
			}
		}
		if key != x.key {
			t.Errorf("due %s: told %q, want %q", x.due, key, x.key)
		}
		if late := a.Overdue.Amount > before.Overdue.Amount; late != x.late || a.Receivable.Amount != before.Receivable.Amount+60_00 {
			t.Errorf("due %s: late %t, owed %v", x.due, late, a.Receivable.Amount)
		}
	}
}
