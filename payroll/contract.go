package payroll

import (
	"essaim/date"
	"essaim/money"
)

// Regime is what a contract makes of the person paid, for contributions.
type Regime string

// The regimes that are computed; every other (apprentices, interns, artists…) is refused in words by [Contract.Check].
const (
	CESA      Regime = "cesa"    // entrepreneur salarié associé: no working time (L7331-2 c. trav.)
	Permanent Regime = "cdi"     //
	FixedTerm Regime = "cdd"     //
	CAPE      Regime = "cape"    // contrat d'appui: not an employee, assimilated once paid (L127-4 c. com.)
	Manager   Regime = "manager" // mandataire assimilé salarié (L311-3 CSS): no unemployment, no general reduction
)

// Employed says whether the regime is an employment contract.
func (r Regime) Employed() bool { return r == CESA || r == Permanent || r == FixedTerm }

// Contract is what a payslip needs to know of the one it is for, as it stands in the month paid.
type Contract struct {
	Regime    Regime   `json:"regime"`
	From      date.Day `json:"from"`            // first day
	Until     date.Day `json:"until,omitempty"` // last day, 0: none known
	Executive bool     `json:"executive"`       // cadre
	// Hours a week in hundredths: 3500 is full time. 0 for a contract without working time.
	Hours int `json:"hours,omitempty"`
	// ShortTerm is a fixed term of at most two months, or the first two of one without a known end: the neutral rate has
	// its abatement (CGI 204 H, III). See [Contract.Brief].
	ShortTerm bool  `json:"shortTerm,omitempty"`
	Cover     Cover `json:"cover"`
}

// DaysIn returns the days of a month that lie in the contract, and the days of the month: what the ceiling (R242-2 CSS), the
// reference SMIC and the pay of a month of entry or exit are all proportioned by.
func (k *Contract) DaysIn(m date.Month) (days, of int) {
	first, last := m.First(), m.Last()
	from, until := max(first, k.From), last
	if k.Until != 0 {
		until = min(last, k.Until)
	}
	return max(int(until-from)+1, 0), int(last-first) + 1
}

// Part is what a month's pay is worth in the contract's part of a month. L3242-1 c. trav. pays a whole month the same
// however many days it has; of a month begun or ended on the way it says nothing, and the days are calendar days, as for
// the ceiling, so that pay, ceiling and reference SMIC all shrink alike.
func (k *Contract) Part(m date.Month, pay money.Cents) money.Cents {
	days, of := k.DaysIn(m)
	if days >= of {
		return pay
	}
	return money.Cents(money.MulDiv(int64(pay), int64(days), int64(of)))
}

// Brief says whether the contract has the abatement of short contracts in a month: a fixed term of at most two months, or,
// when its end is not known, a month that begins within two months of its first day (CGI 204 H, III).
func (k *Contract) Brief(m date.Month) bool {
	if k.Regime != FixedTerm || k.From == 0 {
		return false
	}
	last := k.From.AddMonths(shortMonths) - 1
	if k.Until != 0 {
		return k.Until <= last
	}
	return m.First() <= last
}

// shortMonths is how long a short contract is at most: no amount of the law, it defines what the abatement is of.
const shortMonths = 2

// Cover is the complementary cover of a contract: the health insurance and the provident scheme.
type Cover struct {
	Health         money.Cents `json:"health"`         // whole premium of a month
	HealthEmployer money.Rate  `json:"healthEmployer"` // the employer's share of it, half at least (L911-7 CSS)
	// The provident scheme, of pay up to a ceiling. An executive without one bears the 1.50 % of the ANI of 2017.
	ProvidentEmployer money.Rate `json:"providentEmployer,omitempty"`
	ProvidentEmployee money.Rate `json:"providentEmployee,omitempty"`
}

// Employer is what a payslip needs to know of the cooperative in the month paid.
type Employer struct {
	Staff          int        `json:"staff"`    // effective headcount of L130-1 CSS, after the five years' rule
	Accident       money.Rate `json:"accident"` // notified rate of AT/MP of the establishment
	Mobility       money.Rate `json:"mobility"` // versement mobilité of the commune
	MobilityExtra  money.Rate `json:"mobilityExtra,omitempty"`
	MobilityRegion money.Rate `json:"mobilityRegion,omitempty"` // VMRR
	Apprentices    money.Rate `json:"apprentices,omitempty"`    // share of apprentices in the headcount, from 250
	LeaveFund      bool       `json:"leaveFund,omitempty"`      // paid leave is paid by a fund: the reduction × 100/90
	LeaveFundRate  money.Rate `json:"leaveFundRate,omitempty"`  // what the fund asks, of pay
	Alsace         bool       `json:"alsace,omitempty"`         // Alsace-Moselle
}

// Inputs are what a month brings.
type Inputs struct {
	Month date.Month `json:"month"`
	// Paid is the day of payment: it decides the grid of the tax withheld.
	Paid date.Day `json:"paid"`
	// Items are what is paid and kept back, each under an element of [Elements].
	Items []Item `json:"items"`
	// Away are the days of the month without pay, out of its calendar days: they shorten the ceiling (R242-2 CSS). Days
	// before the contract and after it are counted by the engine.
	Away int `json:"away,omitempty"`
	// Full is what the elements that an absence lowers ([Element.Steady]) would have paid for the contract's part of the
	// month, when they do not and the contract counts hours: the reference SMIC of that part is kept in the proportion
	// paid/full (D241-7 CSS, BOSS 850). 0: nothing is missing.
	Full money.Cents `json:"full,omitempty"`
	// Beside is the gross of the month under the other contracts that the person holds at once, with other employers as she
	// declares it or with the cooperative: one ceiling is shared among them in proportion to pay (L242-3 CSS).
	Beside money.Cents `json:"beside,omitempty"`
	// Tax is the rate of the tax withheld that the administration gave; nil: the neutral grid.
	Tax *money.Rate `json:"tax,omitempty"`
	// NoHealth is an exemption from the health cover, with its yearly proof (D911-2 CSS).
	NoHealth bool `json:"noHealth,omitempty"`
}

// Item is one amount of a month.
type Item struct {
	Element string      `json:"element"`
	Amount  money.Cents `json:"amount"` // as the element says it: pay and allowances positive, what is kept back too
	Text    string      `json:"text,omitempty"`
	// Base and Rate are how the amount came to be, for the line of the payslip, when it was counted from them.
	Base money.Cents `json:"base,omitempty"`
	Rate money.Rate  `json:"rate,omitempty"`
}

// YearToDate is what the payslips really issued since 1 January, or since the contract began, sum to. The zero value
// begins a year.
type YearToDate struct {
	Year  int        `json:"year"`
	Until date.Month `json:"until"` // last month in it

	Pay      money.Cents `json:"pay"`      // subject to contributions
	Ceiling  money.Cents `json:"ceiling"`  // sum of the months' ceilings
	T1       money.Cents `json:"t1"`       // up to the ceiling
	T2       money.Cents `json:"t2"`       // above it, up to eight
	Four     money.Cents `json:"four"`     // up to four ceilings: unemployment, and the limit of the CSG's allowance
	CET      money.Cents `json:"cet"`      //
	Sickness money.Cents `json:"sickness"` // of Pay, at the reduced rate of sickness (2025)
	Family   money.Cents `json:"family"`   // of Pay, at the reduced rate of family allowances (2025)
	SMIC     int64       `json:"smic"`     // reference SMIC of the whole year, in three-hundredths of a cent

	// The reduced rates of 2025 are judged over the contract's part of the year, whatever becomes of the reduction.
	LowPay money.Cents `json:"lowPay,omitempty"` // pay

	// The reduction is regularised over the months that share one formula: a change of rate splits the year as if there
	// were two contracts (circ. DSS/5B/2019/141, Q 2.19).
	Formula int64       `json:"formula"` // which, by its highest coefficient in parts per million
	RSMIC   int64       `json:"rSmic"`   // reference SMIC, in three-hundredths of a cent
	RPay    money.Cents `json:"rPay"`    //
	RT1     money.Cents `json:"rT1"`     //
	RFour   money.Cents `json:"rFour"`   //
	Reduced money.Cents `json:"reduced"` // reduction granted
	Pension money.Cents `json:"pension"` // of which on the pension scheme

	Gross      money.Cents `json:"gross"`
	Net        money.Cents `json:"net"`        // before tax
	NetTaxable money.Cents `json:"netTaxable"` //
	NetSocial  money.Cents `json:"netSocial"`  //
	Tax        money.Cents `json:"tax"`        //
	Cost       money.Cents `json:"cost"`       //
	Granted    money.Cents `json:"granted"`    // reduction of the whole year, every formula
}
