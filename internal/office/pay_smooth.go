package office

import (
	"essaim/date"
	"essaim/member"
	"essaim/money"
	"essaim/payroll"
)

// smooth compares taking a sum over several payslips with taking it at once, each payslip with the year behind it, and
// advises the amount that finishes last year's pot by its last month. Without a pot, the sum is what is available of this
// year; taken at once is then taken now.
func (f *payFacts) smooth(c member.Contract, most payDecision, over int, v *PayView) error {
	sum, once := most.Means.Pot, f.potLast()
	if sum > 0 && !f.potLate() {
		v.PotSlips = f.slipsUntil(c, once)
	}
	if v.PotSlips < 2 {
		sum, once = most.Balance.Cost+most.Advance.Cost, f.month
	}
	n := v.PotSlips
	if over > 0 {
		n = min(over, smoothMost)
	}
	if n < 2 && over == 0 {
		n = 3
	}
	if n = min(n, f.slipsUntil(c, f.month+smoothMost)); n < 2 || sum <= 0 {
		if v.PotSlips == 1 && most.Means.Pot > 0 { // the last of it
			v.Advised = most.Balance.Of(payBy(v.Kind))
		}
		return nil
	}
	last := f.month + date.Month(n-1)
	s := PaySmooth{Cost: sum, Slips: n, First: f.month, Last: last, Once: min(once, last)}
	if once > f.month {
		s.Once = last
	}
	left := sum
	smoothed, err := f.plan(c, most.Before, n, func(i int) money.Cents {
		part := left / money.Cents(n-i)
		left -= part
		return part
	})
	if err != nil {
		return err
	}
	at := int(s.Once - f.month)
	all, err := f.plan(c, most.Before, n, func(i int) money.Cents {
		if i == at {
			return sum
		}
		return 0
	})
	if err != nil {
		return err
	}
	s.Net, s.OnceNet, s.Reduced, s.OnceLess = smoothed.net, all.net, smoothed.reduced, smoothed.reduced-all.reduced
	v.Smooth = s
	if v.PotSlips > 1 {
		// A little more than an equal part, in whole euros: the pot itself cuts the last one.
		v.Advised = (smoothed.first.Of(payBy(v.Kind)) + 99) / 100 * 100
	}
	return nil
}

// slipsUntil counts the payslips from the month to another, within the contract.
func (f *payFacts) slipsUntil(c member.Contract, last date.Month) int {
	if c.End != 0 {
		last = min(last, c.End.Month())
	}
	return int(last-f.month) + 1
}

// payPlan is what some months give together.
type payPlan struct {
	net, reduced money.Cents
	first        payroll.Three // the variable part of the first
}

// plan simulates months in a row, with the terms as they stand, each with a part of a sum beside the fixed part.
func (f *payFacts) plan(c member.Contract, before payroll.YearToDate, n int, part func(int) money.Cents) (p payPlan, err error) {
	now := *f
	for i := range n {
		m := f.month + date.Month(i)
		now.month, now.params = m, payroll.Law().On(m)
		if before.Year != m.Year() {
			before = payroll.YearToDate{}
		}
		in := f.inputs(c)
		if i > 0 {
			in = now.usual(c)
		}
		amount := part(i)
		g, err := payroll.Fit(now.params, f.rules, f.employer(), f.contract(c), before, in, payroll.Target{By: payroll.ByCost, Amount: amount}, payroll.Means{Account: amount})
		if err != nil {
			return p, err
		}
		p.net += g.Total.Net
		p.reduced += g.Reduced
		if i == 0 {
			p.first = g.Advance
		}
		before = g.After
	}
	return p, nil
}

// usual are the inputs of a month of which nothing but the fixed part is known: what another month brings is not in it.
func (f *payFacts) usual(c member.Contract) payroll.Inputs {
	later := *f
	later.items, later.absences, later.gross = nil, nil, nil
	return later.inputs(c)
}
