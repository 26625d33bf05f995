package payroll

import (
	"errors"
	"fmt"

	"essaim/fault"
	"essaim/money"
)

// Added is a cost that the cooperative adds to a month of pay by its own rule: occupational health, insurance fund,
// balance of apprenticeship…
type Added struct {
	Label  string      `json:"label"`
	Rate   money.Rate  `json:"rate,omitempty"`   // of gross
	Amount money.Cents `json:"amount,omitempty"` // of the month
}

// FullRule is what a cooperative counts in the full cost of a pay.
type FullRule struct {
	Leave LeaveMode `json:"leave"`
	// WageTax is the share of the turnover of the year before that bore no VAT (CGI 231): nothing up to 10 %.
	WageTax money.Rate `json:"wageTax,omitempty"`
	Added   []Added    `json:"added,omitempty"`
}

// FullPart is one part of a full cost.
type FullPart struct {
	Key    string      `json:"key"` // of the catalogues
	Label  string      `json:"label,omitempty"`
	Amount money.Cents `json:"amount"`
}

// FullCost is what a month of pay costs, each part named; the parts sum to the total.
type FullCost struct {
	Parts []FullPart  `json:"parts"`
	Total money.Cents `json:"total"`
}

// FullCost names every part of what a payslip costs: gross, employer contributions, what is paid beside, leave set aside
// with its contributions, the tax on wages, and what the cooperative adds.
func (p *Parameters) FullCost(s Payslip, rule FullRule) (FullCost, error) {
	var f FullCost
	if err := rule.check(); err != nil {
		return f, err
	}
	add := func(key, label string, amount money.Cents) {
		if amount != 0 {
			f.Parts = append(f.Parts, FullPart{key, label, amount})
			f.Total += amount
		}
	}
	fund, cover, leave := money.Cents(0), money.Cents(0), money.Cents(0)
	for _, l := range s.Lines {
		switch {
		case l.Code == "conges_payes_caisse":
			fund += l.Amount
		case l.Part == EmployerIs && l.Charge == "6452":
			cover += l.Amount
		}
	}
	for _, it := range s.Items {
		if it.Element == "leave_indemnity" {
			leave += it.Amount
		}
	}
	t := &s.Totals
	add("payroll.full.gross", "", t.Gross)
	add("payroll.full.contributions", "", t.Employer-fund)
	add("payroll.full.leave_fund", "", fund)
	add("payroll.full.beside", "", t.Cost-t.Gross-t.Employer)
	if rule.Leave == LeaveProvided && t.Gross > 0 {
		aside := (t.Gross - leave).Times(p.rate(pLeaveTenth))
		with := func(x money.Cents) money.Cents { return x + x.Share(t.Employer, t.Gross) }
		add("payroll.full.leave", "", with(aside))
		add("payroll.full.leave_released", "", -with(leave))
	}
	add("payroll.full.wage_tax", "", p.WageTax(t.Gross+s.Excess+cover, rule.WageTax))
	for _, a := range rule.Added {
		add("payroll.full.added", a.Label, t.Gross.Times(a.Rate)+a.Amount)
	}
	return f, nil
}

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

func (r FullRule) check() error {
	var errs []error
	switch r.Leave {
	case "", LeaveRecorded, LeaveProvided, LeaveByFund:
	default:
		errs = append(errs, fault.At("leave", "payroll.leave_mode"))
	}
	if r.WageTax < 0 || r.WageTax > money.One {
		errs = append(errs, fault.At("wageTax", "payroll.rate", "rate", r.WageTax))
	}
	if len(r.Added) > 50 {
		return errors.Join(append(errs, fault.At("added", "payroll.added", "max", 50))...)
	}
	for i, a := range r.Added {
		if a.Rate < 0 || a.Rate > money.One {
			errs = append(errs, fault.At(fmt.Sprintf("added[%d].rate", i), "payroll.rate", "rate", a.Rate))
		}
		if a.Amount < 0 || a.Amount > MaxGross {
			errs = append(errs, fault.At(fmt.Sprintf("added[%d].amount", i), "payroll.large", "max", MaxGross))
		}
	}
	return errors.Join(errs...)
}
