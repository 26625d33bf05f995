package payroll

import (
	"slices"

	"essaim/coop"
	"essaim/money"
)

// The elements of a variable part (practice 10): what is left of last year's, and what this year gives in advance.
const (
	Balance = "variable_balance"
	Advance = "variable_advance"
)

// Means are what a variable part may cost: last year's pot, taken first, and what the account bears of this year. Below
// zero is nothing.
type Means struct {
	Pot     money.Cents `json:"pot"`
	Account money.Cents `json:"account"`
}

// Three is one amount as people speak of it: what they receive before tax, what the payslip says, what leaves the account.
type Three struct {
	Net   money.Cents `json:"net"`
	Gross money.Cents `json:"gross"`
	Cost  money.Cents `json:"cost"`
}

// Of returns the one that is meant.
func (t Three) Of(b By) money.Cents {
	switch b {
	case ByGross:
		return t.Gross
	case ByCost:
		return t.Cost
	}
	return t.Net
}

func (t Three) less(u Three) Three { return Three{t.Net - u.Net, t.Gross - u.Gross, t.Cost - u.Cost} }

// Grant is what becomes of a wish: the payslip it makes and who bears it.
type Grant struct {
	Inputs  Inputs // with the variable part, on its lines
	Payslip Payslip
	After   YearToDate

	Alone    Three // the month without any variable part
	Balance  Three // last year's pot
	Advance  Three // this year's
	Total    Three // the sum of the three
	Wished   Three // the variable part as it was asked, uncut
	Cut      bool  // the means did not bear it
	Left     money.Cents
	Added    []Named     // what the cooperative adds to the cost, in Total
	Without  money.Cents // reduction of contributions of the month without any variable part
	Reduced  money.Cents // reduction of the month: less than Without is lost, below zero is taken back
	Marginal bool        // a variable part was asked
}

// Named is an amount with its name: the cooperative's own words, or a message key.
type Named struct {
	Label  string      `json:"label,omitempty"`
	Key    string      `json:"key,omitempty"`
	Amount money.Cents `json:"amount"`
}

// fit is one search for a grant.
type fit struct {
	p       *Parameters
	e       Employer
	k       Contract
	y       YearToDate
	in      Inputs
	rules   coop.Pay
	element string // what the variable part is paid as
	alone   Payslip
	after   YearToDate // of alone
}

func (f *fit) three(s Payslip) Three {
	_, added := AddedCost(f.p, f.rules, s)
	return Three{s.Totals.Net, s.Totals.Gross, s.Totals.Cost + added}
}

// Fit makes a payslip out of what a month brings and what is asked beside it, an amount of a kind (t.By; t.Amount is
// beside the rest of the month). It takes last year's pot first, then the account, and never costs more than they bear:
// what is beyond is cut. The month without any variable part is never refused, whatever it costs.
func Fit(p *Parameters, rules coop.Pay, e Employer, k Contract, y YearToDate, in Inputs, t Target, m Means) (Grant, error) {
	alone, after, err := Compute(p, e, k, y, in)
	if err != nil {
		return Grant{}, err
	}
	f := &fit{p, e, k, y, in, rules, Advance, alone, after}
	g := Grant{Inputs: in, Payslip: alone, After: after, Alone: f.three(alone), Without: alone.Totals.Reduction, Marginal: t.Amount > 0}
	g.Total, g.Reduced = g.Alone, g.Without
	g.Added, _ = AddedCost(p, rules, alone)
	m.Pot, m.Account = max(m.Pot, 0), max(m.Account, 0)
	if t.Amount <= 0 {
		return g, nil
	}
	wished, _, err := f.largest(Target{t.By, g.Alone.Of(t.By) + t.Amount})
	if err != nil {
		return g, err
	}
	g.Wished = f.three(wished).less(g.Alone)
	means := m.Pot + m.Account
	if g.Cut = g.Wished.Cost > means; g.Cut {
		if means == 0 {
			g.Left = 0
			return g, nil
		}
		if wished, _, err = f.largest(Target{ByCost, g.Alone.Cost + means}); err != nil {
			return g, err
		}
	}
	variable := f.three(wished).less(g.Alone)
	if variable.Gross <= 0 {
		return g, nil
	}
	g.Balance.Cost = max(min(m.Pot, variable.Cost), 0)
	g.Advance.Cost = variable.Cost - g.Balance.Cost
	switch {
	case g.Advance.Cost == 0:
		g.Balance.Gross = variable.Gross
	case g.Balance.Cost > 0:
		of, _, err := f.largest(Target{ByCost, g.Alone.Cost + g.Balance.Cost})
		if err != nil {
			return g, err
		}
		g.Balance.Gross = min(f.three(of).Gross-g.Alone.Gross, variable.Gross)
		g.Balance.Net = min(f.three(of).Net-g.Alone.Net, variable.Net)
	}
	g.Advance.Gross = variable.Gross - g.Balance.Gross
	if g.Advance.Gross == 0 {
		g.Balance.Net = variable.Net
	}
	g.Advance.Net = variable.Net - g.Balance.Net
	g.Inputs.Items = f.items(g.Balance.Gross, g.Advance.Gross)
	if g.Payslip, g.After, err = Compute(p, e, k, y, g.Inputs); err != nil {
		return g, err
	}
	g.Total, g.Reduced = f.three(g.Payslip), g.Payslip.Totals.Reduction
	g.Added, _ = AddedCost(p, rules, g.Payslip)
	switch {
	case g.Cut:
		g.Left = means - variable.Cost
	case t.By == ByCost:
		g.Left = t.Amount - variable.Cost
	}
	return g, nil
}

// items are those of the month with the two lines of a variable part.
func (f *fit) items(balance, advance money.Cents) []Item {
	items := slices.Clone(f.in.Items)
	if balance != 0 {
		items = append(items, Item{Element: Balance, Amount: balance})
	}
	if advance != 0 {
		items = append(items, Item{Element: Advance, Amount: advance})
	}
	return items
}

// largest is [Solve] for the variable part with what the cooperative adds in the cost; nothing but the rest of the month when
// no cent fits. What is added grows with the gross, a little: the budget of the payslip itself is what the last answer
// leaves of it, until it fits.
func (f *fit) largest(t Target) (Payslip, YearToDate, error) {
	if t.By != ByCost {
		return Solve(f.p, f.e, f.k, f.y, f.in, f.element, t)
	}
	best, after := f.alone, f.after
	_, added := AddedCost(f.p, f.rules, f.alone)
	for own, n := t.Amount-added, 0; own >= f.alone.Totals.Cost && n < 24; n++ {
		s, y, err := Solve(f.p, f.e, f.k, f.y, f.in, f.element, Target{ByCost, own})
		if err != nil {
			return s, y, err
		}
		_, added = AddedCost(f.p, f.rules, s)
		over := s.Totals.Cost + added - t.Amount
		if over <= 0 && s.Totals.Gross > best.Totals.Gross {
			best, after = s, y
		}
		next := t.Amount - added
		if n >= 12 && over > 0 { // from one side to the other of the answer: from here on, down only
			next = s.Totals.Cost - over
		}
		if next == own || n >= 12 && over <= 0 {
			break
		}
		own = next
	}
	return best, after, nil
}
