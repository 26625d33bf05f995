package payroll

import (
	"essaim/coop"
	"essaim/money"
)

// AddedCost is what the cooperative adds to the cost of a payslip (practice 41), each by its name: its own rates and
// amounts, the leave of a CESA when it sets a tenth of it aside, with the contributions that will bear on it (L3141-24 c.
// trav.), and the tax on wages. What is refunded (travel, meals) earns no leave and bears no tax.
func AddedCost(p *Parameters, r coop.Pay, s Payslip) (all []Named, sum money.Cents) {
	add := func(n Named) {
		if n.Amount != 0 {
			all, sum = append(all, n), sum+n.Amount
		}
	}
	for _, a := range r.Added {
		add(Named{Label: a.Label, Amount: s.Totals.Gross.Times(a.Rate) + a.Amount})
	}
	if r.LeaveMode == coop.LeaveProvided && s.Regime == CESA {
		add(Named{Key: "payroll.added.leave", Amount: (s.Totals.Gross + s.Totals.Employer).Times(p.rate(pLeaveTenth))})
	}
	if r.WageTax > 0 {
		base := s.Totals.Gross + s.Excess
		for _, l := range s.Lines {
			if l.Part == EmployerIs && l.Charge == coverCharge {
				base += l.Amount
			}
		}
		add(Named{Key: "payroll.added.wage_tax", Amount: p.WageTax(base, r.WageTax)})
	}
	return all, sum
}

// coverCharge is the account of the employer's share of health and provident cover.
const coverCharge = "6452"

// FullCost names every part of what a payslip costs the cooperative: gross, employer's contributions before the reduction and
// the reduction, the leave fund, what is paid beside, and what the cooperative adds ([AddedCost]). The parts sum to what the
// account is asked for ([Three.Cost]).
func FullCost(p *Parameters, r coop.Pay, s Payslip) (all []Named, sum money.Cents) {
	add := func(key string, v money.Cents) {
		if v != 0 {
			all, sum = append(all, Named{Key: key, Amount: v}), sum+v
		}
	}
	var fund money.Cents
	for _, l := range s.Lines {
		if l.Body == bodyLeaveFund {
			fund += l.Amount
		}
	}
	t := &s.Totals
	add("payroll.full.gross", t.Gross)
	add("payroll.full.contributions", t.Employer+t.Reduction-fund)
	add("payroll.full.leave_fund", fund)
	add("payroll.full.reduction", -t.Reduction)
	add("payroll.full.beside", t.Cost-t.Gross-t.Employer)
	added, more := AddedCost(p, r, s)
	return append(all, added...), sum + more
}

// bodyLeaveFund is who the contribution for paid leave is owed to.
const bodyLeaveFund = "leave_fund"

// WageTax is the tax on wages of a month of pay (CGI 231, 231 A): by steps of the year over twelve, in the share of the
// turnover that bore no VAT, when it is above 10 %. The base has the employer's part of the cover in it (CSG's base
// without its allowance).
func (p *Parameters) WageTax(base money.Cents, share money.Rate) money.Cents {
	if share <= p.rate(pWageTaxFrom) || base <= 0 {
		return 0
	}
	const months = 12
	year, t1, t2 := int64(base)*months, p.v[pWageTaxT1], p.v[pWageTaxT2]
	sum := min(year, t1)*p.v[pWageTaxRate1] + max(0, min(year, t2)-t1)*p.v[pWageTaxRate2] + max(0, year-t2)*p.v[pWageTaxRate3]
	return money.Cents(money.MulDiv(sum, 1, months*int64(money.One))).Times(share)
}
