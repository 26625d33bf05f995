package payroll

import (
	"essaim/coop"
	"essaim/date"
	"essaim/money"
)

// Spread is what a budget of what pay costs becomes when it is taken as pay over some months, beside what these months pay
// anyway: all its amounts are what the budget adds. The cost is that of [Fit]: what the cooperative adds is in it.
type Spread struct {
	Months []SpreadMonth `json:"months"`
	Budget money.Cents   `json:"budget"`
	Cost   money.Cents   `json:"cost"` // of the budget, what the months take
	Gross  money.Cents   `json:"gross"`
	Net    money.Cents   `json:"net"` // before tax
	Tax    money.Cents   `json:"tax"`
	Paid   money.Cents   `json:"paid"`   // into the account
	Less   money.Cents   `json:"less"`   // of the reduction: granted less than without it, positive when some is lost
	Beyond bool          `json:"beyond"` // a month lies after the last verified parameters
}

// SpreadMonth is one month of it.
type SpreadMonth struct {
	Month date.Month  `json:"month"`
	Cost  money.Cents `json:"cost"`
	Gross money.Cents `json:"gross"`
	Net   money.Cents `json:"net"`
	Tax   money.Cents `json:"tax"`
	Paid  money.Cents `json:"paid"`
}

// SpreadOver computes month by month what a budget gives when it is taken in equal parts over some months, each part on
// top of what the month pays anyway (its inputs), with the year to date of both behind it: the reduction is regularised
// over the year, so that what one large month loses only shows against the same year without it. What a month cannot
// take to the cent goes to the next.
//
// The months are given by their inputs, in their order, without a gap; the year to date begins again each January. element
// is what the budget is paid as.
func SpreadOver(t *Table, rules coop.Pay, e Employer, k Contract, y YearToDate, months []Inputs, element string, budget money.Cents) (Spread, error) {
	s := Spread{Budget: budget}
	if len(months) == 0 || budget <= 0 {
		return s, nil
	}
	with, without := y, y
	var given, aim money.Cents // of the budget: taken by earlier months, and what should have been
	for i, in := range months {
		if with.Year != 0 && with.Year != in.Month.Year() {
			with, without = YearToDate{}, YearToDate{}
		}
		p := t.On(in.Month)
		is, next, err := Compute(p, e, k, without, in)
		if err != nil {
			return s, err
		}
		aim = money.Cents(money.MulDiv(int64(budget), int64(i+1), int64(len(months))))
		f := &fit{p: p, e: e, k: k, y: with, in: in, rules: rules, element: element}
		was := f.three(is)
		if f.alone, f.after, err = Compute(p, e, k, with, in); err != nil {
			return s, err
		}
		// The months before may have made this one dearer than its part: it then takes nothing more.
		now, after, err := f.largest(Target{By: ByCost, Amount: was.Cost + aim - given})
		if err != nil {
			return s, err
		}
		without, with = next, after
		add := f.three(now).less(was)
		m := SpreadMonth{Month: in.Month, Cost: add.Cost, Gross: add.Gross, Net: add.Net, Tax: now.Totals.Tax - is.Totals.Tax, Paid: now.Totals.Paid - is.Totals.Paid}
		given += m.Cost
		s.Months = append(s.Months, m)
		s.Cost, s.Gross, s.Net, s.Tax, s.Paid = s.Cost+m.Cost, s.Gross+m.Gross, s.Net+m.Net, s.Tax+m.Tax, s.Paid+m.Paid
		s.Less += is.Totals.Reduction - now.Totals.Reduction
		s.Beyond = s.Beyond || in.Month.Last() > Verified()
	}
	return s, nil
}
