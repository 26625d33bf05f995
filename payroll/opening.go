package payroll

import (
	"errors"

	"essaim/date"
	"essaim/fault"
	"essaim/money"
)

// Opening is what the payslips that another program made say of a year: the sums that stand at the foot of the last of
// them. A cooperative that begins to pay here in mid-year gives them once, so that ceilings and reduction go on.
type Opening struct {
	Until date.Month  `json:"until"` // of the last payslip made elsewhere
	Gross money.Cents `json:"gross"`
	// Base is the pay subject to contributions; 0: the gross.
	Base money.Cents `json:"base,omitempty"`
	// Ceiling, T1 and T2 are the ceiling of the months and what of the base lies below and above it; 0: those of whole
	// months, and what they make of the base.
	Ceiling money.Cents `json:"ceiling,omitempty"`
	T1      money.Cents `json:"t1,omitempty"`
	T2      money.Cents `json:"t2,omitempty"`
	// SMIC is the reference SMIC of the reduction; Hours, in hundredths, give it when it is not said: those worked, or the
	// equivalent hours of a contract without any. Both 0: whole months.
	SMIC      money.Cents `json:"smic,omitempty"`
	Hours     int64       `json:"hours,omitempty"`
	Reduction money.Cents `json:"reduction,omitempty"` // general reduction granted
	// NoReduction is a 0 that was typed: what is left empty would grant the reduction of these months once more.
	NoReduction bool `json:"noReduction,omitempty"`

	Net        money.Cents `json:"net"` // before tax
	NetTaxable money.Cents `json:"netTaxable"`
	NetSocial  money.Cents `json:"netSocial"`
	Tax        money.Cents `json:"tax"`
	Cost       money.Cents `json:"cost"`
}

// openingSlack is by how much the sums of another program may stand off, that rounds each month and counts 151.67 hours in it.
const openingSlack money.Cents = 1_00

// maxOpeningHours bounds the hours of a year: forty-eight a week.
const maxOpeningHours = 2_600_00

// Since is the first month that an opening sums for a contract: January, or the month in which it begins.
func (o Opening) Since(k Contract) date.Month {
	return max(date.MonthOf(o.Until.Year(), 1), k.From.Month())
}

// YearToDate makes the counters that the first payslip made here goes on from. What does not add up is refused, on its
// field.
func (o Opening) YearToDate(t *Table, e Employer, k Contract) (YearToDate, error) {
	if err := o.check(k); err != nil {
		return YearToDate{}, err
	}
	first := o.Since(k)
	p := t.On(o.Until)
	whole := k // the months as if each were worked whole, whatever it paid
	if whole.Regime == CESA {
		whole.Regime, whole.Hours = Permanent, 0
	}
	var ceiling money.Cents
	var smic, hourly, formula, most int64
	for m := first; m <= o.Until; m++ {
		in := Inputs{Month: m}
		c := newCalc(t.On(m), &e, &whole, &YearToDate{}, &in, true)
		c.large = c.staff(pStaffFnal)
		c.ceilings()
		ceiling += c.ceiling
		smic += c.reference()
		hourly += int64(c.smicHour())
		if f := c.mostPPM(); formula != 0 && f != formula && o.Reduction != 0 {
			return YearToDate{}, fault.At("reduction", "payroll.opening.formula", "month", m)
		} else {
			formula = f
		}
		for _, c.large = range []bool{false, true} { // of either size: the staff may have changed in the year
			most = max(most, c.mostPPM())
		}
	}
	y := YearToDate{Year: o.Until.Year(), Until: o.Until, Pay: o.Base, Ceiling: o.Ceiling, Gross: o.Gross, Net: o.Net, NetTaxable: o.NetTaxable, NetSocial: o.NetSocial, Tax: o.Tax, Cost: o.Cost, Granted: o.Reduction}
	if y.Pay == 0 {
		y.Pay = o.Gross
	}
	switch {
	case o.Ceiling > ceiling:
		return y, fault.At("ceiling", "payroll.opening.ceiling", "most", ceiling, "from", first, "until", o.Until)
	case o.Ceiling == 0:
		y.Ceiling = ceiling
	}
	if err := y.brackets(p, o.T1, o.T2); err != nil {
		return y, err
	}
	if !k.Regime.Employed() {
		if o.Reduction != 0 {
			return y, fault.At("reduction", "payroll.opening.no_reduction")
		}
		return y, nil
	}
	if o.Gross != 0 && o.Reduction == 0 && !o.NoReduction {
		return y, fault.At("reduction", "payroll.opening.reduction_missing")
	}
	if e.LeaveFund {
		most = money.MulDiv(most, p.count(pReductionFundNum), p.count(pReductionFundDen))
	}
	if most := money.Cents(money.MulDiv(int64(y.Pay), most, scales["coef"])); o.Reduction > most+openingSlack {
		return y, fault.At("reduction", "payroll.opening.reduction", "most", most)
	}
	if most := money.Cents(smic / smicParts); o.SMIC > most+openingSlack {
		return y, fault.At("smic", "payroll.opening.smic", "most", most, "from", first, "until", o.Until)
	}
	months := int64(o.Until-first) + 1
	switch {
	case o.SMIC != 0:
		y.SMIC = int64(o.SMIC) * smicParts
	case o.Hours != 0:
		y.SMIC = money.MulDiv(hourly, o.Hours*(smicParts/100), months)
	default:
		y.SMIC = smic
	}
	if k.Regime == CESA { // equivalent hours are those of the pay, at most
		y.SMIC = min(y.SMIC, int64(max(y.Pay, 0))*smicParts)
	}
	in := Inputs{Month: o.Until}
	c := newCalc(p, &e, &k, &y, &in, true)
	c.large = c.staff(pStaffFnal)
	y.Formula, y.RSMIC, y.RPay, y.RT1, y.RFour, y.Reduced = formula, y.SMIC, y.Pay, y.T1, y.Four, o.Reduction
	y.Pension = money.Cents(money.MulDiv(int64(o.Reduction), p.v[pReductionPension], c.most()*scales["pct"]/100))
	y.LowPay = y.Pay
	below := func(limit param) bool {
		return p.v[limit] != 0 && money.Cents(money.MulDiv(y.SMIC, p.v[limit], smicParts*scales["coef"])) > y.Pay
	}
	if below(pSicknessLowSmic) {
		y.Sickness = y.Pay
	}
	if below(pFamilyLowSmic) {
		y.Family = y.Pay
	}
	if !y.bounded() {
		return y, fault.At("gross", "payroll.year_large", "max", MaxYear)
	}
	return y, nil
}

// brackets are those that the sums of pay and of ceilings make, or those that were told, 0: not. Told alone, one is what
// they make: the other follows from them, and would be charged again. Told both, they may have been left unregularised,
// but are the whole base together.
func (y *YearToDate) brackets(p *Parameters, t1, t2 money.Cents) error {
	y.bases(p)
	off := func(a, b money.Cents) bool { return (a - b).Abs() > openingSlack }
	sum := y.T1 + y.T2
	switch {
	case t1 > y.T1+openingSlack, t1 != 0 && t2 == 0 && off(t1, y.T1):
		return fault.At("t1", "payroll.opening.t1", "pay", y.Pay, "ceiling", y.Ceiling, "makes", y.T1)
	case t1 == 0 && t2 != 0 && off(t2, y.T2):
		return fault.At("t2", "payroll.opening.t2", "pay", y.Pay, "ceiling", y.Ceiling, "makes", y.T2)
	case t1 != 0 && t2 != 0 && off(t1+t2, sum):
		return fault.At("t2", "payroll.opening.t2_rest", "t1", t1, "sum", sum, "makes", sum-t1)
	}
	if t1 != 0 {
		y.T1 = t1
	}
	if t2 != 0 {
		y.T2 = t2
	}
	return nil
}

// check tells what cannot be the sums of a year.
func (o Opening) check(k Contract) error {
	var errs []error
	bad := func(field, key string, args ...any) { errs = append(errs, fault.At(field, key, args...)) }
	switch {
	case o.Until < Begins():
		return fault.At("until", "payroll.before", "first", Begins())
	case k.From == 0:
		return fault.At("until", "payroll.from")
	case o.Until < k.From.Month():
		return fault.At("until", "payroll.not_begun", "from", k.From)
	case k.Until != 0 && k.Until < date.MonthOf(o.Until.Year(), 1).First():
		return fault.At("until", "payroll.ended", "until", k.Until)
	}
	for _, f := range []struct {
		field string
		v     money.Cents
	}{{"gross", o.Gross}, {"base", o.Base}, {"ceiling", o.Ceiling}, {"t1", o.T1}, {"t2", o.T2}, {"smic", o.SMIC}, {"reduction", o.Reduction}, {"net", o.Net}, {"netTaxable", o.NetTaxable}, {"netSocial", o.NetSocial}, {"tax", o.Tax}, {"cost", o.Cost}} {
		switch {
		case f.v < 0:
			bad(f.field, "payroll.opening.negative")
		case f.v > MaxYear:
			bad(f.field, "payroll.year_large", "max", MaxYear)
		}
	}
	switch {
	case o.Hours < 0 || o.Hours > maxOpeningHours:
		bad("hours", "payroll.opening.hours")
	case o.Hours != 0 && o.SMIC != 0:
		bad("hours", "payroll.opening.hours_or_smic")
	}
	if len(errs) > 0 {
		return errors.Join(errs...)
	}
	if o.Gross == 0 { // nothing was paid: only the ceiling went on
		for _, f := range []struct {
			field string
			v     money.Cents
		}{{"base", o.Base}, {"reduction", o.Reduction}, {"net", o.Net}, {"cost", o.Cost}} {
			if f.v != 0 {
				bad(f.field, "payroll.opening.no_gross")
			}
		}
		return errors.Join(errs...)
	}
	for _, f := range []struct {
		field string
		v     money.Cents
	}{{"net", o.Net}, {"netTaxable", o.NetTaxable}, {"netSocial", o.NetSocial}, {"cost", o.Cost}} {
		if f.v == 0 {
			bad(f.field, "payroll.opening.missing")
		}
	}
	switch {
	case o.Net > o.Gross:
		bad("net", "payroll.opening.net", "gross", o.Gross)
	case o.Cost != 0 && o.Cost < o.Gross:
		bad("cost", "payroll.opening.cost", "gross", o.Gross)
	}
	if o.Tax > o.NetTaxable && o.NetTaxable != 0 {
		bad("tax", "payroll.opening.tax", "base", o.NetTaxable)
	}
	return errors.Join(errs...)
}
