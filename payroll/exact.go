package payroll

import (
	"essaim/money"
)

// Exact is a payslip without any rounding but that of the coefficient: what models that do not round give.
type Exact struct {
	Lines  []ExactLine
	Totals ExactTotals
}

// ExactLine is one line of it.
type ExactLine struct {
	Code   string
	Part   Part
	Base   Fine
	Rate   money.Rate
	Amount Fine
}

// ExactTotals are its sums.
type ExactTotals struct {
	Gross, Pay, Ceiling, CSGBase, Employee, Employer, Net, NetTaxable, NetSocial, Cost, Reduction Fine
	TaxRate                                                                                       money.Rate
	Tax, Paid, Excess, SMICHour                                                                   money.Cents
	CeilingMonth                                                                                  money.Cents
	SMIC                                                                                          int64 // three-hundredths of a cent
	Coefficient                                                                                   int64
}

// ComputeExact runs the formulas of [Compute] without rounding lines.
func ComputeExact(p *Parameters, e Employer, k Contract, y YearToDate, in Inputs) (Exact, error) {
	if err := Check(p.t, e, k, y, in); err != nil {
		return Exact{}, err
	}
	c := newCalc(p, &e, &k, &y, &in, false)
	c.run()
	x := Exact{Totals: ExactTotals{Gross: fine(c.gross), Pay: fine(c.pay), Ceiling: fine(c.ceiling), CSGBase: c.csg, Employee: c.employee, Employer: c.fineEmpTot, Net: c.fineNet, NetTaxable: c.fineTaxable,
		NetSocial: fine(c.gross+c.besideSocial) - c.employee + c.apart, Cost: fine(c.gross+c.borne) + c.fineEmpTot, Reduction: -c.reduction, TaxRate: c.taxRate, Tax: c.tax, Paid: c.paid, Excess: c.excess, SMICHour: c.smicHour(), CeilingMonth: c.p.cents(pCeilingMonth), SMIC: c.smic, Coefficient: c.coefficient}}
	for i := range c.lines[:c.n] {
		r := &c.lines[i]
		x.Lines = append(x.Lines, ExactLine{r.code, r.l.part, r.base, r.rate, r.amount})
	}
	for _, l := range c.reductions() {
		x.Lines = append(x.Lines, ExactLine{l.Code, l.Part, fine(l.Base), 0, c.reduction})
	}
	return x, nil
}
