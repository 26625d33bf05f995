package payroll

import (
	"errors"
	"fmt"

	"essaim/fault"
	"essaim/money"
)

// MaxGross bounds what one month may pay: a million euros.
const MaxGross money.Cents = 1_000_000_00

// What a year to date may hold: thirteen such months, and reference SMIC far beyond what anyone has. Amounts of a year
// stay exact in [Fine] below these.
const (
	MaxYear     = 13 * MaxGross
	maxReduced  = 6 * MaxGross
	maxYearSMIC = int64(MaxGross) * smicParts
)

// Check tells everything that is wrong with what a payslip would be computed from, on its fields.
func Check(t *Table, e Employer, k Contract, y YearToDate, in Inputs) error {
	var errs []error
	bad := func(field, key string, args ...any) { errs = append(errs, fault.At(field, key, args...)) }
	switch k.Regime {
	case CESA, Permanent, FixedTerm, CAPE, Manager:
	default:
		bad("contract.regime", "payroll.regime", "regime", string(k.Regime))
	}
	switch first, last := in.Month.First(), in.Month.Last(); {
	case in.Month < Begins():
		bad("month", "payroll.before", "first", Begins())
	case k.From == 0:
		bad("contract.from", "payroll.from")
	case k.From > last:
		bad("contract.from", "payroll.not_begun", "from", k.From)
	case k.Until != 0 && k.Until < k.From:
		bad("contract.until", "payroll.until")
	case k.Until != 0 && k.Until < first:
		bad("contract.until", "payroll.ended", "until", k.Until)
	}
	switch {
	case k.Regime == CESA && k.Hours != 0:
		bad("contract.hours", "payroll.hours_cesa")
	case (k.Regime == CAPE || k.Regime == Manager) && k.Hours != 0:
		bad("contract.hours", "payroll.hours_none")
	}
	if k.ShortTerm && k.Regime != FixedTerm {
		bad("contract.shortTerm", "payroll.short_term")
	}
	if k.Hours < 0 || k.Hours > 48_00 {
		bad("contract.hours", "payroll.hours")
	}
	if (k.Regime == Permanent || k.Regime == FixedTerm) && k.Hours == 0 {
		bad("contract.hours", "payroll.hours_missing")
	}
	rate := func(field string, r money.Rate) {
		if r < 0 || r > money.One {
			bad(field, "payroll.rate", "rate", r)
		}
	}
	rate("employer.accident", e.Accident)
	rate("employer.mobility", e.Mobility)
	rate("employer.mobilityExtra", e.MobilityExtra)
	rate("employer.mobilityRegion", e.MobilityRegion)
	rate("employer.apprentices", e.Apprentices)
	rate("employer.leaveFundRate", e.LeaveFundRate)
	rate("contract.cover.healthEmployer", k.Cover.HealthEmployer)
	rate("contract.cover.providentEmployer", k.Cover.ProvidentEmployer)
	rate("contract.cover.providentEmployee", k.Cover.ProvidentEmployee)
	if e.Staff < 0 || e.Staff > 10_000_000 {
		bad("employer.staff", "payroll.staff")
	}
	if k.Cover.Health < 0 || k.Cover.Health > 10_000_00 {
		bad("contract.cover.health", "payroll.health")
	}
	if in.Tax != nil {
		rate("tax", *in.Tax)
	}
	if in.Beside < 0 || in.Beside > MaxGross {
		bad("beside", "payroll.large", "max", MaxGross)
	}
	if in.Away < 0 || in.Away > 31 {
		bad("away", "payroll.away")
	}
	if y.Year != 0 && y.Year != in.Month.Year() {
		bad("yearToDate.year", "payroll.other_year", "year", y.Year)
	}
	if y.Year != 0 && y.Until >= in.Month {
		bad("month", "payroll.already", "until", y.Until)
	}
	if !y.bounded() {
		bad("yearToDate", "payroll.year_large", "max", MaxYear)
	}
	if in.Full < 0 || in.Full > MaxGross {
		bad("full", "payroll.full", "max", MaxGross)
	}
	var gross, total money.Cents
	for i, it := range in.Items {
		e, known := t.things[it.Element]
		if it.Amount.Abs() <= MaxGross {
			total += it.Amount.Abs()
		}
		switch {
		case total > 3*MaxGross: // told once, below
		case !known:
			bad(fmt.Sprintf("items[%d].element", i), "payroll.element", "element", it.Element)
		case it.Amount < 0 && it.Element != "back_pay":
			bad(fmt.Sprintf("items[%d].amount", i), "payroll.negative")
		case it.Amount.Abs() > MaxGross:
			bad(fmt.Sprintf("items[%d].amount", i), "payroll.large", "max", MaxGross)
		case e.Kind == "pay" && e.Sign < 0:
			gross -= it.Amount
		case e.Kind == "pay" || e.Kind == "in_kind":
			gross += it.Amount
		}
	}
	switch {
	case gross > MaxGross || total > 3*MaxGross:
		bad("items", "payroll.large", "max", MaxGross)
	case gross < 0:
		bad("items", "payroll.gross_negative", "amount", -gross)
	}
	return errors.Join(errs...)
}

// bounded says whether a year to date is one that payslips can sum to.
func (y YearToDate) bounded() bool {
	within := func(most money.Cents, all ...money.Cents) bool {
		for _, v := range all {
			if v > most || v < -most {
				return false
			}
		}
		return true
	}
	return within(MaxYear, y.Pay, y.Ceiling, y.T1, y.T2, y.Four, y.CET, y.RPay, y.RT1, y.RFour) && within(maxReduced, y.Sickness, y.Family, y.Reduced, y.Pension) &&
		within(10*MaxYear, y.Gross, y.Net, y.NetTaxable, y.NetSocial, y.Tax, y.Cost, y.Granted) &&
		y.RSMIC >= 0 && y.RSMIC <= maxYearSMIC && y.SMIC >= 0 && y.SMIC <= maxYearSMIC
}
