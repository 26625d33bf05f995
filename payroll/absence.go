package payroll

import (
	"errors"
	"fmt"
	"time"

	"essaim/date"
	"essaim/fault"
	"essaim/money"
)

// AbsenceKind is why a person is away.
type AbsenceKind string

// The kinds of absence.
const (
	Sickness       AbsenceKind = "sickness"
	Accident       AbsenceKind = "accident" // at work or on the way, or illness of the trade
	Maternity      AbsenceKind = "maternity"
	Paternity      AbsenceKind = "paternity"
	Child          AbsenceKind = "child" // a sick child
	PaidLeave      AbsenceKind = "leave"
	UnpaidLeave    AbsenceKind = "unpaid"
	HealthPartTime AbsenceKind = "part_time" // temps partiel thérapeutique
)

// AbsenceKinds returns them in the order in which they are met.
func AbsenceKinds() []AbsenceKind {
	return []AbsenceKind{Sickness, Accident, Maternity, Paternity, Child, PaidLeave, UnpaidLeave, HealthPartTime}
}

// Allowed says whether the health insurance pays daily allowances for it.
func (k AbsenceKind) Allowed() bool { return k.daily() }

// daily says whether the health insurance pays allowances for it.
func (k AbsenceKind) daily() bool {
	switch k {
	case Sickness, Accident, Maternity, Paternity, HealthPartTime:
		return true
	case Child, PaidLeave, UnpaidLeave:
	}
	return false
}

func (k AbsenceKind) known() bool {
	return k.daily() || k == Child || k == PaidLeave || k == UnpaidLeave
}

// KeptBy is who bears what is maintained beyond the daily allowances.
type KeptBy string

// The bearers.
const (
	ByActivity KeptBy = "activity"
	ByFund     KeptBy = "fund" // the mutual fund of the cooperative
	ByInsurer  KeptBy = "insurer"
)

// Maintenance is the rule of an agreement: from which calendar day of the absence pay is maintained, until which, at
// what part of gross pay, daily allowances included, and who bears it.
type Maintenance struct {
	From    int        `json:"from"`            // 1 is the first day; 0: nothing is maintained
	Until   int        `json:"until,omitempty"` // last day, 0: as long as it lasts
	Percent money.Rate `json:"percent"`
	Bearer  KeptBy     `json:"bearer,omitempty"`
}

// covers says whether the nth day of an absence is maintained.
func (m Maintenance) covers(n int) bool {
	return m.From > 0 && m.Percent > 0 && n >= m.From && (m.Until == 0 || n <= m.Until)
}

// Absence is one absence, whole: its first and last day may lie in other months.
type Absence struct {
	Kind  AbsenceKind `json:"kind"`
	From  date.Day    `json:"from"`
	Until date.Day    `json:"until"`
	// Share is what is not worked of each day, for part time for health; 0 is all of it.
	Share money.Rate `json:"share,omitempty"`
	// Daily is the gross of the health insurance's allowances for the days of the month, as its statement says.
	Daily money.Cents `json:"daily,omitempty"`
	// Subrogated: they are paid to the cooperative, that hands them on.
	Subrogated bool `json:"subrogated,omitempty"`
	// Provident is the gross of the insurer's allowances for the month, beyond what is maintained.
	Provident   money.Cents `json:"provident,omitempty"`
	Maintenance Maintenance `json:"maintenance"`
}

// AbsentMonth is what the absences of a month make of its inputs.
type AbsentMonth struct {
	Items []Item      `json:"items"`
	Away  int         `json:"away"` // for [Inputs.Away]
	Full  money.Cents `json:"full"` // for [Inputs.Full]

	Deducted   money.Cents `json:"deducted"`
	Maintained money.Cents `json:"maintained"` // allowances included
	Offset     money.Cents `json:"offset"`     // of which come from the health insurance
	Borne      struct {
		Activity money.Cents `json:"activity"`
		Fund     money.Cents `json:"fund"`
		Insurer  money.Cents `json:"insurer"`
	} `json:"borne"`
	Notes []Note `json:"notes,omitempty"`
}

// Absent counts what a month's absences take off the steady part of the pay, what is maintained of it, and their effect
// on the ceiling and on the reference SMIC. Steady is what [Element.Steady] elements pay for the contract's part of the
// month, [Contract.Part] of a month's: who is away all of it loses all of it.
//
// A contract without hours loses calendar days of the month, one with hours the working days of the absence over those
// of the month (Cass. soc., real hours: a public holiday is one of them). Maintained pay is cut by the gross of the daily
// allowances; those that are subrogated are handed on net of the CSG and CRDS that the health insurance kept. Only days
// without any pay shorten the ceiling (R242-2 CSS); the SMIC is kept whole when all is maintained, in the proportion paid
// for a contract with hours otherwise (BOSS 840–850), and by days with pay for one without, whose SMIC never exceeds it.
func (p *Parameters) Absent(k Contract, m date.Month, steady money.Cents, all []Absence) (AbsentMonth, error) {
	var r AbsentMonth
	if err := checkAbsences(k, steady, all); err != nil {
		return r, err
	}
	lost := 0 // units lost so far: the pieces of a month sum to it
	for _, a := range all {
		if a.Kind == PaidLeave {
			continue
		}
		first, last := max(a.From, m.First(), k.From), min(a.Until, m.Last())
		if k.Until != 0 {
			last = min(last, k.Until)
		}
		if first > last {
			continue
		}
		deducted, maintained, before := money.Cents(0), money.Cents(0), lost
		kept := 0
		for d := first; d <= last; d++ {
			paid := a.Maintenance.covers(int(d-a.From) + 1)
			if !paid && a.Kind != HealthPartTime {
				r.Away++
			}
			if p.counts(k, d) {
				lost++
				if paid {
					kept++
				}
			}
		}
		of := p.units(k, m)
		part := func(n int) money.Cents {
			if of == 0 {
				return 0
			}
			return money.Cents(money.MulDiv(int64(steady), int64(min(n, of)), int64(of)))
		}
		deducted = part(lost) - part(before)
		if a.Kind == HealthPartTime {
			deducted = deducted.Times(a.Share)
		}
		if lost > before {
			maintained = money.Cents(money.MulDiv(int64(deducted), int64(kept), int64(lost-before))).Times(a.Maintenance.Percent)
		}
		p.absence(&r, k, a, deducted, maintained)
	}
	if r.Maintained != r.Deducted && k.Hours > 0 {
		r.Full = steady
	}
	return r, nil
}

// counts says whether a day is one of those that the pay of a month is divided by.
func (p *Parameters) counts(k Contract, d date.Day) bool {
	if k.Hours == 0 {
		return true
	}
	w := d.Weekday()
	return w != time.Saturday && w != time.Sunday
}

// units is how many of them the contract's part of a month has.
func (p *Parameters) units(k Contract, m date.Month) (n int) {
	if days, of := k.DaysIn(m); k.Hours == 0 && days == of && p.count(pAwayBasis) == 2 {
		return 30
	}
	for d := max(m.First(), k.From); d <= m.Last() && (k.Until == 0 || d <= k.Until); d++ {
		if p.counts(k, d) {
			n++
		}
	}
	return n
}

// absence adds the items of one absence.
func (p *Parameters) absence(r *AbsentMonth, k Contract, a Absence, deducted, maintained money.Cents) {
	add := func(element string, amount, base money.Cents) {
		if amount != 0 {
			r.Items = append(r.Items, Item{Element: element, Amount: amount, Base: base})
		}
	}
	offset := min(a.Daily, maintained)
	add("absence", deducted, 0)
	element := "maintenance"
	switch a.Maintenance.Bearer {
	case ByFund:
		r.Borne.Fund += maintained - offset
	case ByInsurer: // pay like any other, that comes back
		element = "provident_pay"
		r.Borne.Insurer += maintained - offset
	default:
		r.Borne.Activity += maintained - offset
	}
	if element == "maintenance" {
		add(element, maintained, 0)
		add("ijss_offset", offset, 0)
	} else {
		add(element, maintained-offset, 0)
	}
	if a.Subrogated && a.Daily != 0 {
		kind := "ijss"
		if a.Kind == Accident {
			kind = "ijss_accident"
		}
		add(kind, p.NetDaily(a.Daily), a.Daily)
	}
	if a.Provident != 0 { // subject to contributions for the part that the employer's premium bought
		pay := a.Provident
		if c := k.Cover; c.ProvidentEmployer+c.ProvidentEmployee > 0 {
			pay = money.Cents(money.MulDiv(int64(a.Provident), int64(c.ProvidentEmployer), int64(c.ProvidentEmployer+c.ProvidentEmployee)))
		}
		add("provident_pay", pay, 0)
		add("provident", a.Provident-pay, 0)
		r.Notes = append(r.Notes, Note{Key: "payroll.note.provident"})
	}
	r.Deducted += deducted
	r.Maintained += maintained
	r.Offset += offset
}

// NetDaily is what the health insurance pays of a gross of daily allowances: less CSG and CRDS.
func (p *Parameters) NetDaily(gross money.Cents) money.Cents {
	return gross - gross.Times(p.rate(pIjssCsgDeductible)+p.rate(pIjssCsgOther)) - gross.Times(p.rate(pIjssCrds))
}

func checkAbsences(k Contract, steady money.Cents, all []Absence) error {
	var errs []error
	if steady < 0 || steady > MaxGross {
		errs = append(errs, fault.At("steady", "payroll.large", "max", MaxGross))
	}
	if len(all) > 62 {
		return errors.Join(append(errs, fault.At("absences", "payroll.absences", "max", 62))...)
	}
	for i, a := range all {
		bad := func(field, key string, args ...any) {
			errs = append(errs, fault.At(fmt.Sprintf("absences[%d].%s", i, field), key, args...))
		}
		if !a.Kind.known() {
			bad("kind", "payroll.absence_kind")
		}
		if a.From == 0 || a.Until < a.From {
			bad("until", "payroll.absence_until")
		}
		if a.Until-a.From > 3660 {
			bad("until", "payroll.absence_long")
		}
		if (a.Kind == HealthPartTime) != (a.Share != 0) || a.Share < 0 || a.Share > money.One {
			bad("share", "payroll.absence_share")
		}
		if a.Daily < 0 || a.Daily > MaxGross || a.Daily > 0 && !a.Kind.daily() {
			bad("daily", "payroll.absence_daily")
		}
		if a.Provident < 0 || a.Provident > MaxGross {
			bad("provident", "payroll.large", "max", MaxGross)
		}
		mt := a.Maintenance
		if mt.Percent < 0 || mt.Percent > money.One || mt.From < 0 || mt.Until < 0 || mt.Until > 0 && mt.Until < mt.From {
			bad("maintenance", "payroll.maintenance")
		}
		switch mt.Bearer {
		case "", ByActivity, ByFund, ByInsurer:
		default:
			bad("maintenance", "payroll.maintenance")
		}
		for _, b := range all[:i] {
			if a.From <= b.Until && b.From <= a.Until {
				bad("from", "payroll.absence_twice", "from", b.From, "until", b.Until)
			}
		}
	}
	if !k.Regime.Employed() && len(all) > 0 {
		errs = append(errs, fault.At("absences", "payroll.absence_regime"))
	}
	return errors.Join(errs...)
}

// Certificate is what a salary certificate of a stop of work holds (attestation de salaire, R323-10 CSS).
type Certificate struct {
	Kind       AbsenceKind   `json:"kind"`
	LastWorked date.Day      `json:"lastWorked"`
	Subrogated bool          `json:"subrogated"`
	Months     [3]MonthlyPay `json:"months"` // the three before the stop, last first
	Reference  money.Cents   `json:"reference"`
	Daily      money.Cents   `json:"daily"` // estimated, for sickness alone
	Wait       int           `json:"wait"`  // days without allowance
}

// MonthlyPay is what a payslip paid.
type MonthlyPay struct {
	Month date.Month  `json:"month"`
	Gross money.Cents `json:"gross"`
}

// CertificateOf makes the certificate of an absence out of the payslips really issued; a month without one paid nothing.
// The daily allowance of sickness is half of a ninety-one and a quarter part of three months, each up to a multiple of
// the SMIC (R323-4 and R323-5 CSS); it is an estimate: the health insurance alone decides.
func (t *Table) CertificateOf(a Absence, past []MonthlyPay) Certificate {
	c := Certificate{Kind: a.Kind, LastWorked: a.From - 1, Subrogated: a.Subrogated}
	at := t.On(a.From.Month())
	for i := range c.Months {
		m := a.From.Month() - date.Month(1+i)
		c.Months[i].Month = m
		for _, x := range past {
			if x.Month == m {
				c.Months[i].Gross += x.Gross
			}
		}
		most := money.Cents(money.MulDiv(at.monthSMIC(at.count(pWeekHours)), at.v[pIjssSmic], smicParts*scales["coef"]))
		c.Reference += min(c.Months[i].Gross, most)
	}
	if a.Kind == Sickness {
		c.Daily = money.Cents(money.MulDiv(int64(c.Reference), 100, at.v[pIjssDays])).Times(at.rate(pIjssShare))
		c.Wait = int(at.count(pIjssWait))
	}
	return c
}
