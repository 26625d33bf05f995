package activity

import (
	"cmp"
	"slices"
	"strings"

	"essaim/coop"
	"essaim/ledger"
	"essaim/money"
)

// HouseRow is one activity in the team's table.
type HouseRow struct {
	Activity  int64       `json:"activity"`
	Code      string      `json:"code"`
	Name      string      `json:"name"`
	People    []int64     `json:"people"` // who shares it today
	Advisor   int64       `json:"advisor,omitempty"`
	Status    Status      `json:"status"`
	Alerts    []Alert     `json:"alerts,omitempty"` // the first is the one to show
	Sales     money.Cents `json:"sales"`            // of the year, net
	Cash      money.Cents `json:"cash"`
	Available money.Cents `json:"available"`
	Overdue   money.Cents `json:"overdue"`
}

// HouseTable is all activities side by side, and the three proofs of the month (practice 25): the bank covers what the
// house owes, and the sum of activities is the house.
type HouseTable struct {
	Rows      []HouseRow  `json:"rows"`
	Watch     int         `json:"watch"`  // rows with an alert
	Urgent    int         `json:"urgent"` // of these, with a red one
	Sales     money.Cents `json:"sales"`
	Cash      money.Cents `json:"cash"`
	Available money.Cents `json:"available"`
	Overdue   money.Cents `json:"overdue"`

	Proof Proof `json:"proof"`
}

// Row puts an account on one line of the table.
func (a *Account) Row() HouseRow {
	r := HouseRow{
		Activity: a.Activity.ID, Code: a.Activity.Code, Name: a.Activity.Name, Advisor: a.Activity.Advisor, Status: a.Status, Alerts: a.Alerts,
		Sales: a.Total.Invoiced.Amount, Cash: a.Cash.Amount, Available: a.Available.Amount, Overdue: a.Overdue.Amount,
	}
	for _, s := range a.Activity.Members(a.Today) {
		r.People = append(r.People, s.Person)
	}
	return r
}

// House makes the team's table of rows, the most pressing first (red before honey, then the longest lasting, then the
// name), with totals.
func House(rows []HouseRow) HouseTable {
	t := HouseTable{Rows: slices.Clone(rows)}
	slices.SortStableFunc(t.Rows, func(a, b HouseRow) int {
		return cmp.Or(cmp.Compare(pressing(a), pressing(b)), cmp.Compare(lasting(b), lasting(a)), cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), cmp.Compare(a.Activity, b.Activity))
	})
	for _, r := range t.Rows {
		t.Sales += r.Sales
		t.Cash += r.Cash
		t.Available += r.Available
		t.Overdue += r.Overdue
		if len(r.Alerts) > 0 {
			t.Watch++
			if r.Alerts[0].Level == Late {
				t.Urgent++
			}
		}
	}
	return t
}

func pressing(r HouseRow) int {
	if len(r.Alerts) == 0 {
		return 2
	}
	return rank(r.Alerts[0].Level)
}

func lasting(r HouseRow) int {
	if len(r.Alerts) == 0 {
		return 0
	}
	return r.Alerts[0].Days
}

// Proof is what the house can show at any time.
type Proof struct {
	Bank         money.Cents `json:"bank"`         // class 5 of the house
	ToActivities money.Cents `json:"toActivities"` // treasuries of activities that are above zero
	Owed         money.Cents `json:"owed"`         // taxes and social debts of the house, VAT still pending apart
	Coverage     money.Rate  `json:"coverage"`     // Bank ÷ (ToActivities + Owed); 100 % when nothing is owed
	Covered      bool        `json:"covered"`
	Gap          money.Cents `json:"gap"` // by how much activities and house differ: nil when the books are right
	Right        bool        `json:"right"`
}

// Prove computes the proof from the balances of a fiscal year, all periods: those of every section, and the house's own
// totals, which the store keeps under section 0.
//
// The gap sums what ought to be nil: the difference, account by account, between the house and the sum of its sections
// (when totals of section 0 are given); the analytic balance of each section; and, for the house, 181, and the couple
// 186/187.
func Prove(balances []ledger.Balance, grid coop.Grid) Proof {
	type sums struct{ all, cash money.Cents }
	sections := map[ledger.Section]*sums{}
	gaps := map[string]money.Cents{}
	totals := false
	owed := coop.Prefixes{In: grid.Taxes.In, Out: append([]string{"44564", "44574", "44586", "44587"}, grid.Taxes.Out...)}
	var p Proof
	var liaison, internal, debt money.Cents
	for _, b := range balances {
		n := b.Net()
		if b.Section == 0 {
			totals = true
			gaps[b.Account] -= n
			continue
		}
		gaps[b.Account] += n
		s := sections[b.Section]
		if s == nil {
			s = &sums{}
			sections[b.Section] = s
		}
		s.all += n
		switch {
		case strings.HasPrefix(b.Account, ledger.Liaison):
			liaison += n
		case strings.HasPrefix(b.Account, ledger.InternalCharge), strings.HasPrefix(b.Account, ledger.InternalIncome):
			internal += n
		}
		if grid.Cash.Match(b.Account) {
			s.cash += n
			if !strings.HasPrefix(b.Account, ledger.Liaison) {
				p.Bank += n
			}
		}
		if owed.Match(b.Account) {
			debt -= n
		}
	}
	p.Gap = liaison.Abs() + internal.Abs()
	for id, s := range sections {
		p.Gap += s.all.Abs()
		if id >= ledger.FirstActivity && s.cash > 0 {
			p.ToActivities += s.cash
		}
	}
	if totals {
		for _, n := range gaps {
			p.Gap += n.Abs()
		}
	}
	p.Owed = max(debt, 0)
	p.Right = p.Gap == 0
	claims := p.ToActivities + p.Owed
	p.Covered = p.Bank >= claims
	p.Coverage = money.One
	if claims > 0 {
		p.Coverage = money.Rate(money.MulDiv(int64(p.Bank), int64(money.One), int64(claims)))
	}
	return p
}
