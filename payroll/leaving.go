package payroll

import (
	"errors"

	"essaim/date"
	"essaim/fault"
	"essaim/money"
)

// LeavingReason is how a contract ends.
type LeavingReason string

// The ends that are counted.
const (
	Dismissal   LeavingReason = "dismissal"
	Rupture     LeavingReason = "rupture"     // rupture conventionnelle (L1237-11 c. trav.)
	Resignation LeavingReason = "resignation" //
	NotMember   LeavingReason = "not_member"  // not a member at the term (L7332-3 c. trav.): neither dismissal nor resignation
	EndOfTerm   LeavingReason = "end_of_term" // of a fixed term
	Trial       LeavingReason = "trial"       // during the trial period (L1221-19 c. trav.), whoever ends it
)

// Seniority is the whole months between two days, the last one included.
func Seniority(from, until date.Day) (months int) {
	for from.AddMonths(months+1) <= until+1 {
		months++
	}
	return months
}

// ReferencePay is the pay of a month that an indemnity is counted on: the better of the mean of the last twelve months and
// of that of the last three, a yearly bonus counting for its part of three months (R1234-4 c. trav.). Months are last
// first; with less than twelve, all of them. Both means go with it. Bonuses are what of the last three months is not monthly.
func ReferencePay(months []money.Cents, bonuses money.Cents) (reference, twelve, three money.Cents) {
	mean := func(n int, more money.Cents) money.Cents {
		n = min(n, len(months))
		if n == 0 {
			return 0
		}
		for _, m := range months[:n] {
			more += m
		}
		return money.Cents(money.MulDiv(int64(more), 1, int64(n)))
	}
	twelve, three = mean(12, 0), mean(3, money.Cents(money.MulDiv(int64(bonuses), 3, 12))-bonuses)
	return max(twelve, three), twelve, three
}

// LegalIndemnity is the legal minimum of the indemnity of dismissal: from eight months, a quarter of a month of pay for each
// year up to ten and a third beyond, years begun in proportion to their whole months (L1234-9, R1234-1, R1234-2 c. trav.).
func (p *Parameters) LegalIndemnity(reference money.Cents, months int) money.Cents {
	if int64(months) < p.count(pSettlementMonths) {
		return 0
	}
	return p.indemnity(reference, months)
}

// RuptureIndemnity is the legal minimum of the indemnity of a rupture conventionnelle: that of dismissal, in proportion to
// the months whatever the seniority (L1237-13 c. trav. as the administration reads it).
func (p *Parameters) RuptureIndemnity(reference money.Cents, months int) money.Cents {
	if int64(months) < p.count(pRuptureMonths) {
		return 0
	}
	return p.indemnity(reference, months)
}

func (p *Parameters) indemnity(reference money.Cents, months int) money.Cents {
	ten := p.count(pSettlementYears) * 12
	low := money.MulDiv(int64(reference)*min(int64(months), ten), p.v[pSettlementLow], 12*scales["coef"])
	high := money.MulDiv(int64(reference)*max(0, int64(months)-ten), p.count(pSettlementHighNum), 12*p.count(pSettlementHighDen))
	return money.Cents(low + high)
}

// Leaving is an indemnity of the end of a contract.
type Leaving struct {
	Reason LeavingReason `json:"reason"`
	End    date.Day      `json:"end"`
	Legal  money.Cents   `json:"legal"` // legal or agreed minimum
	Paid   money.Cents   `json:"paid"`
	Year   money.Cents   `json:"year"` // gross of the year before the one of the end
	// Pension: the person may draw a pension, which changes the treatment of a rupture.
	Pension bool `json:"pension,omitempty"`
}

// Settlement is how an indemnity is treated.
type Settlement struct {
	TaxFree      money.Cents `json:"taxFree"`
	Free         money.Cents `json:"free"`         // of contributions
	FreeOfAll    money.Cents `json:"freeOfAll"`    // of CSG and CRDS too
	Subject      money.Cents `json:"subject"`      // to all contributions
	Contribution money.Cents `json:"contribution"` // of the employer on what is free, in a rupture
	Items        []Item      `json:"items"`
	Notes        []Note      `json:"notes"`
}

// Settle counts the treatment of an indemnity. Tax lets the legal minimum go free, or half of what is paid, or twice the
// pay of the year before, whichever is more, the last two up to six yearly ceilings (CGI 80 duodecies). Contributions let
// go what tax does, up to two yearly ceilings; CSG and CRDS the legal minimum within it (L242-1 and L136-1-1 CSS). Beyond
// ten ceilings nothing is free. Where contributions bear on what tax lets go, the treatment is told and the items are refused:
// a payslip has no line for it here. A rupture bears the employer's contribution of L137-12 CSS on what is free.
func (t *Table) Settle(l Leaving) (Settlement, error) {
	var s Settlement
	if err := checkLeaving(l); err != nil {
		return s, err
	}
	p := t.On(l.End.Month())
	year := p.cents(pCeilingYear)
	if l.Reason == Dismissal || l.Reason == Rupture {
		least := min(l.Legal, l.Paid)
		s.TaxFree = max(least, min(max(l.Paid.Times(money.One/2), min(2*l.Year, l.Paid)), year*money.Cents(p.count(pSettlementTaxfree))))
		s.Free = min(s.TaxFree, year*money.Cents(p.count(pSettlementFree)))
		s.FreeOfAll = min(least, s.Free)
		if l.Paid > year*money.Cents(p.count(pSettlementNone)) {
			s.Free, s.FreeOfAll = 0, 0
		}
	}
	if s.TaxFree > s.Free {
		return s, fault.At("paid", "payroll.settlement_large", "limit", year*money.Cents(p.count(pSettlementFree)))
	}
	s.Subject = l.Paid - s.Free
	all, csg := "settlement", "settlement_csg"
	if l.Reason == Rupture {
		all, csg = "rupture", "rupture_csg"
		s.Contribution = s.Free.Times(p.rate(pRuptureEmp))
	}
	subject := "settlement_pay"
	if l.Reason == EndOfTerm { // precarity pay is pay (L1243-8 c. trav.)
		subject = "end_of_contract"
	}
	for _, it := range []Item{{Element: all, Amount: s.FreeOfAll}, {Element: csg, Amount: s.Free - s.FreeOfAll}, {Element: subject, Amount: s.Subject}} {
		if it.Amount != 0 {
			s.Items = append(s.Items, it)
		}
	}
	if s.Free != 0 {
		s.Notes = append(s.Notes, Note{Key: "payroll.note.settlement_social"})
	}
	return s, nil
}

func checkLeaving(l Leaving) error {
	var errs []error
	switch l.Reason {
	case Dismissal, Rupture, Resignation, NotMember, EndOfTerm, Trial:
	default:
		errs = append(errs, fault.At("reason", "payroll.leaving_reason"))
	}
	if l.End == 0 || l.End.Month() < Begins() {
		errs = append(errs, fault.At("end", "payroll.before", "first", Begins()))
	}
	if l.Legal < 0 || l.Legal > MaxGross {
		errs = append(errs, fault.At("legal", "payroll.large", "max", MaxGross))
	}
	if l.Paid < 0 || l.Paid > MaxGross {
		errs = append(errs, fault.At("paid", "payroll.large", "max", MaxGross))
	}
	if l.Year < 0 || l.Year > 12*MaxGross {
		errs = append(errs, fault.At("year", "payroll.large", "max", MaxGross))
	}
	if (l.Reason == Dismissal || l.Reason == Rupture) && l.Paid < l.Legal {
		errs = append(errs, fault.At("paid", "payroll.settlement_short", "legal", l.Legal))
	}
	if l.Reason == Rupture && l.Pension {
		errs = append(errs, fault.At("pension", "payroll.settlement_pension"))
	}
	return errors.Join(errs...)
}
