package payroll

import (
	"essaim/date"
	"essaim/fault"
	"essaim/money"
)

// Gain is what a change of budget changes in a payslip.
type Gain struct {
	Cost      money.Cents `json:"cost"` // of the payslip, to the cent that fits
	Gross     money.Cents `json:"gross"`
	Net       money.Cents `json:"net"` // before tax
	Tax       money.Cents `json:"tax"`
	Paid      money.Cents `json:"paid"`
	Reduction money.Cents `json:"reduction"` // negative: reduction lost
}

// Yield returns what going from one budget to another gives, all else equal: the marginal yield of the next hundred euros
// when they are a hundred apart, the what-if of a turnover when they are what it leaves for pay.
func Yield(p *Parameters, e Employer, k Contract, y YearToDate, in Inputs, element string, from, to money.Cents) (Gain, error) {
	a, _, err := Solve(p, e, k, y, in, element, Target{ByCost, from})
	if err != nil {
		return Gain{}, err
	}
	b, _, err := Solve(p, e, k, y, in, element, Target{ByCost, to})
	if err != nil {
		return Gain{}, err
	}
	x, z := b.Totals, a.Totals
	return Gain{x.Cost - z.Cost, x.Gross - z.Gross, x.Net - z.Net, x.Tax - z.Tax, x.Paid - z.Paid, x.Reduction - z.Reduction}, nil
}

// Relief is the general reduction of one month in the year it belongs to.
type Relief struct {
	Month money.Cents `json:"month"` // granted this month; negative: taken back from the months before
	Alone money.Cents `json:"alone"` // what this pay would have in a month without a year behind it
	Year  money.Cents `json:"year"`  // granted since 1 January, this month in it
	Idle  money.Cents `json:"idle"`  // granted since 1 January if nothing of the element were paid this month
}

// TakenBack is the « reprise » of reduction on this payslip.
func (r Relief) TakenBack() money.Cents { return max(0, -r.Month) }

// Lost is how much reduction already granted is lost by paying the element this month.
func (r Relief) Lost() money.Cents { return max(0, r.Idle-r.Year) }

// ReliefOf returns the reduction of a payslip, before anyone decides on it.
func ReliefOf(p *Parameters, e Employer, k Contract, y YearToDate, in Inputs, element string) (Relief, error) {
	s, next, err := Compute(p, e, k, y, in)
	if err != nil {
		return Relief{}, err
	}
	alone, _, err := Compute(p, e, k, YearToDate{}, in)
	if err != nil {
		return Relief{}, err
	}
	nothing, _ := vary(in, element)
	_, idle, err := Compute(p, e, k, y, nothing)
	if err != nil {
		return Relief{}, err
	}
	return Relief{s.Totals.Reduction, alone.Totals.Reduction, next.Granted, idle.Granted}, nil
}

// Plan is the same pay over several months.
type Plan struct {
	Payslips  []Payslip   `json:"payslips"`
	Gross     money.Cents `json:"gross"`
	Net       money.Cents `json:"net"`
	Paid      money.Cents `json:"paid"`
	Cost      money.Cents `json:"cost"`
	Reduction money.Cents `json:"reduction"`
}

func (p *Plan) add(s Payslip) {
	p.Payslips = append(p.Payslips, s)
	p.Gross += s.Totals.Gross
	p.Net += s.Totals.Net
	p.Paid += s.Totals.Paid
	p.Cost += s.Totals.Cost
	p.Reduction += s.Totals.Reduction
}

// Smoothing is one budget taken in equal months, beside the same taken at once in the last.
type Smoothing struct {
	Equal  Plan `json:"equal"`
	AtOnce Plan `json:"atOnce"`
}

// NetLost is the net that not smoothing costs.
func (s Smoothing) NetLost() money.Cents { return s.Equal.Net - s.AtOnce.Net }

// ReductionLost is the general reduction that not smoothing costs.
func (s Smoothing) ReductionLost() money.Cents { return s.Equal.Reduction - s.AtOnce.Reduction }

// MaxSmooth bounds the months of a smoothing.
const MaxSmooth = 24

// Smooth spends a budget, employer's cost of that many months from the inputs' month on, in equal months and at once. What
// the inputs have beside the element comes back each month; what is absent from the first month does not. What a month
// leaves by a cent goes to the next one.
func Smooth(t *Table, e Employer, k Contract, y YearToDate, in Inputs, element string, budget money.Cents, months int) (s Smoothing, err error) {
	if months < 1 || months > MaxSmooth {
		return s, fault.At("months", "payroll.advice.months", "most", MaxSmooth)
	}
	equal, once := y, y
	for n := 1; n <= months; n++ {
		p := t.On(in.Month)
		if in.Month.Year() != equal.Year {
			equal, once = YearToDate{}, YearToDate{}
		}
		share := money.Cents(money.MulDiv(int64(budget), int64(n), int64(months))) - s.Equal.Cost
		var slip Payslip
		if slip, equal, err = Solve(p, e, k, equal, in, element, Target{ByCost, share}); err != nil {
			return s, err
		}
		s.Equal.add(slip)
		if n < months {
			idle, _ := vary(in, element)
			slip, once, err = Compute(p, e, k, once, idle)
		} else {
			slip, once, err = Solve(p, e, k, once, in, element, Target{ByCost, budget - s.AtOnce.Cost})
		}
		if err != nil {
			return s, err
		}
		s.AtOnce.add(slip)
		in = following(in)
	}
	return s, nil
}

// following returns the inputs of the month after, paid as long before its end.
func following(in Inputs) Inputs {
	late := in.Paid - in.Month.Last()
	in.Month++
	in.Paid = in.Month.Last() + late
	in.Away, in.Full = 0, 0
	return in
}

// Quarters are the quarters of the basic pension that the pay of a calendar year gives (R351-9 CSS): one for each time
// the SMIC of 1 January of so many hours, up to four.
type Quarters struct {
	Got     int         `json:"got"`
	Most    int         `json:"most"`
	Each    money.Cents `json:"each"`    // pay of one quarter
	Missing money.Cents `json:"missing"` // pay until the next one; 0 when there is none left
}

// QuartersOf counts them for pay subject to the capped old-age contribution ([YearToDate.T1]).
func QuartersOf(t *Table, year int, pay money.Cents) Quarters {
	p := t.On(date.MonthOf(year, 1))
	q := Quarters{Most: int(p.count(pPensionQuarterMost)), Each: p.cents(pSmicHour) * money.Cents(p.count(pPensionQuarterHours))}
	if q.Each <= 0 {
		return q
	}
	q.Got = min(q.Most, int(max(pay, 0)/q.Each))
	if q.Got < q.Most {
		q.Missing = q.Each*money.Cents(q.Got+1) - max(pay, 0)
	}
	return q
}
