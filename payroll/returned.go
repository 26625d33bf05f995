package payroll

import (
	"slices"

	"essaim/fault"
	"essaim/money"
)

// Returned is what a payroll software says of a payslip that it made; nil is what it does not say. Amounts bear the sign of
// the payslip.
type Returned struct {
	Gross money.Cents `json:"gross"`
	Paid  money.Cents `json:"paid"`

	Employee     *money.Cents `json:"employee,omitempty"`
	Employer     *money.Cents `json:"employer,omitempty"` // before the reduction or after, as the software counts
	Reduction    *money.Cents `json:"reduction,omitempty"`
	NetBeforeTax *money.Cents `json:"netBeforeTax,omitempty"` // to be paid, refunds and recoveries in it
	Tax          *money.Cents `json:"tax,omitempty"`
	TaxRate      *money.Rate  `json:"taxRate,omitempty"`
	Cost         *money.Cents `json:"cost,omitempty"`
	NetTaxable   *money.Cents `json:"netTaxable,omitempty"`
	NetSocial    *money.Cents `json:"netSocial,omitempty"`
	Ceiling      *money.Cents `json:"ceiling,omitempty"`
	// Booked says that the software's own entries are booked: nothing has to be counted from this payslip.
	Booked bool `json:"booked,omitempty"`
}

// Gap is a figure that a payroll software counts otherwise than this program.
type Gap struct {
	Field  string      `json:"field"` // of [Gaps]
	Ours   money.Cents `json:"ours"`
	Theirs money.Cents `json:"theirs"`
}

// Difference is theirs less ours.
func (g Gap) Difference() money.Cents { return g.Theirs - g.Ours }

// The lines by which a payslip made elsewhere differs from what was counted here: what is owed beside goes to the Urssaf,
// which most of it goes to.
const outsideLine = "outside_gap"

// Adopt makes a payslip of what a payroll software says, and the year to date that really follows: its totals are the
// software's. ours is what was counted here for the same inputs, nil when it could not be.
//
// A software gives totals, and the books want lines. They are ours, with one line for each part that says by how much the
// software counts otherwise; a gross that differs is on the steady element of the contract. Of the year to date, what the
// software gives (gross, contributions, reduction, nets, tax, cost, ceiling) is what counts; the bases that it does not
// give are those of our formulas on its gross and its ceiling. What does not add up is refused, on the field.
func Adopt(p *Parameters, e Employer, k Contract, before YearToDate, in Inputs, ours *Payslip, r Returned) (Payslip, YearToDate, error) {
	s := Payslip{Month: in.Month, Regime: k.Regime}
	if ours != nil {
		s = *ours
		s.Items, s.Lines = slices.Clone(ours.Items), slices.Clone(ours.Lines)
	}
	was := s.Totals
	t, err := r.totals(was)
	if err != nil {
		return s, before, err
	}
	if !r.Booked && t.Beside != was.Beside {
		return s, before, fault.At("net_paid", "payroll.returned.beside", "theirs", t.Beside, "ours", was.Beside)
	}
	if r.Ceiling != nil {
		s.Ceiling = *r.Ceiling
	}
	if gap := t.Gross - was.Gross; gap != 0 {
		s.Items = s.raise(steadyOf(k), gap)
		in.Items = (&Payslip{Items: in.Items}).raise(steadyOf(k), gap)
	}
	s.owe(Employee, t.Employee-was.Employee)
	s.owe(EmployerIs, t.Employer-was.Employer)
	s.Notes = append(slices.Clone(s.Notes), Note{Key: "payroll.returned.note"})

	// The bases: what our formulas make of their gross. Whom they cannot count has no more than what the software says.
	counted, after, err := Compute(p, e, k, before, in)
	if err != nil {
		counted, after = Payslip{Ceiling: p.cents(pCeilingMonth)}, before
		after.Year, after.Until = in.Month.Year(), in.Month
		after.Pay += t.Gross
		after.Ceiling += counted.Ceiling
		after.bases(p)
	}
	if r.Ceiling != nil && *r.Ceiling != counted.Ceiling {
		after.Ceiling += *r.Ceiling - counted.Ceiling
		t1, four := after.T1, after.Four
		after.bases(p)
		after.RT1, after.RFour = after.RT1+after.T1-t1, after.RFour+after.Four-four
	}
	after.Reduced += t.Reduction - counted.Totals.Reduction
	after.Pension += t.Pension - counted.Totals.Pension
	after.Gross, after.Net, after.Tax = before.Gross+t.Gross, before.Net+t.Net, before.Tax+t.Tax
	after.NetTaxable, after.NetSocial = before.NetTaxable+t.NetTaxable, before.NetSocial+t.NetSocial
	after.Cost, after.Granted = before.Cost+t.Cost, before.Granted+t.Reduction
	s.Totals = t
	return s, after, nil
}

// bases counts again what the sums of pay and of ceilings make.
func (y *YearToDate) bases(p *Parameters) {
	most := y.Ceiling * money.Cents(p.count(pPensionCeilings))
	y.T1 = min(y.Pay, y.Ceiling)
	y.T2 = max(0, min(y.Pay, most)-y.Ceiling)
	y.Four = min(y.Pay, y.Ceiling*money.Cents(p.count(pUnemploymentCeilings)))
	y.CET = 0
	if y.Pay > y.Ceiling {
		y.CET = min(y.Pay, most)
	}
}

// steadyOf is the element that a contract pays each month.
func steadyOf(k Contract) string {
	if k.Regime == CESA || k.Regime == CAPE {
		return "fixed_part"
	}
	return "salary"
}

// raise adds an amount to the first item of an element, or another one.
func (s *Payslip) raise(element string, by money.Cents) []Item {
	items := slices.Clone(s.Items)
	n := slices.IndexFunc(items, func(i Item) bool { return i.Element == element })
	if n < 0 {
		return append(items, Item{Element: element, Amount: by})
	}
	items[n].Amount += by
	return items
}

func (s *Payslip) owe(part Part, gap money.Cents) {
	if gap == 0 {
		return
	}
	l := Line{Code: outsideLine, Part: part, Amount: gap, Body: BodyUrssaf, Block: "other", Debt: urssafDebt}
	if part == EmployerIs {
		l.Charge = urssafCharge
	}
	s.Lines = append(s.Lines, l)
}

// totals are those of the payslip as the software says it; was are ours, that say what it does not.
func (r Returned) totals(was Totals) (Totals, error) {
	t := Totals{Gross: r.Gross, Paid: r.Paid, Tax: was.Tax, TaxBase: was.TaxBase, TaxRate: was.TaxRate, TaxNeutral: was.TaxNeutral, Reduction: was.Reduction, Pension: was.Pension}
	switch {
	case r.Tax != nil:
		t.Tax = *r.Tax
	case r.NetBeforeTax != nil:
		t.Tax = *r.NetBeforeTax - r.Paid
	}
	if r.NetBeforeTax != nil && *r.NetBeforeTax-t.Tax != r.Paid {
		return t, fault.At("net_paid", "payroll.returned.sum", "before", *r.NetBeforeTax, "tax", t.Tax, "paid", r.Paid)
	}
	if r.TaxRate != nil {
		t.TaxRate, t.TaxNeutral = *r.TaxRate, was.TaxNeutral && *r.TaxRate == was.TaxRate
	}
	if r.Reduction != nil {
		t.Reduction = r.Reduction.Abs() // some write it as what it is, others as what it takes away
		if was.Reduction < 0 && *r.Reduction < 0 {
			t.Reduction = *r.Reduction
		}
		if was.Reduction != 0 && t.Reduction != was.Reduction {
			t.Pension = was.Pension.Share(t.Reduction, was.Reduction)
		}
	}
	t.Employee = t.Gross + was.Beside - t.Tax - t.Paid
	if r.Employee != nil {
		t.Employee = *r.Employee
	}
	t.Net = t.Gross - t.Employee
	t.Beside = t.Paid + t.Tax - t.Net
	borne := was.Cost - was.Gross - was.Employer // what costs and is no contribution
	switch {
	case r.Employer != nil:
		t.Employer = *r.Employer
		less := *r.Employer - t.Reduction
		if r.Cost != nil && less+t.Gross+borne == *r.Cost || r.Cost == nil && (less-was.Employer).Abs() < (t.Employer-was.Employer).Abs() {
			t.Employer = less
		}
		t.Cost = t.Gross + t.Employer + borne
		if r.Cost != nil {
			t.Cost = *r.Cost
		}
	case r.Cost != nil:
		t.Cost = *r.Cost
		t.Employer = t.Cost - t.Gross - borne
	default:
		return t, fault.At("cost", "payroll.returned.cost")
	}
	if !r.Booked && t.Cost != t.Gross+t.Employer+borne {
		return t, fault.At("cost", "payroll.returned.cost_sum", "cost", t.Cost, "gross", t.Gross, "employer", t.Employer)
	}
	t.NetTaxable, t.NetSocial = was.NetTaxable+t.Net-was.Net, was.NetSocial+t.Net-was.Net
	if r.NetTaxable != nil {
		t.NetTaxable = *r.NetTaxable
	}
	if r.NetSocial != nil {
		t.NetSocial = *r.NetSocial
	}
	if t.NetTaxable != was.NetTaxable {
		t.TaxBase = t.NetTaxable
	}
	return t, nil
}

// Gaps lists every figure by which a payslip of a payroll software differs from ours by a cent or more, the largest first.
// Only what the software says is held against ours.
func Gaps(ours, theirs Totals, r Returned) (all []Gap) {
	for _, f := range []struct {
		field        string
		said         bool
		ours, theirs money.Cents
	}{
		{"gross", true, ours.Gross, theirs.Gross},
		{"employee", r.Employee != nil, ours.Employee, theirs.Employee},
		{"employer", r.Employer != nil, ours.Employer, theirs.Employer},
		{"reduction", r.Reduction != nil, ours.Reduction, theirs.Reduction},
		{"net_before_tax", r.NetBeforeTax != nil, ours.Net + ours.Beside, theirs.Net + theirs.Beside},
		{"net_taxable", r.NetTaxable != nil, ours.NetTaxable, theirs.NetTaxable},
		{"net_social", r.NetSocial != nil, ours.NetSocial, theirs.NetSocial},
		{"pas", r.Tax != nil, ours.Tax, theirs.Tax},
		{"net_paid", true, ours.Paid, theirs.Paid},
		{"cost", r.Cost != nil, ours.Cost, theirs.Cost},
	} {
		if f.said && f.ours != f.theirs {
			all = append(all, Gap{f.field, f.ours, f.theirs})
		}
	}
	slices.SortStableFunc(all, func(a, b Gap) int { return int(b.Difference().Abs() - a.Difference().Abs()) })
	return all
}
