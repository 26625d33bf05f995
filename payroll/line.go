package payroll

import (
	"fmt"
	"slices"

	"essaim/money"
)

// Part is who bears a line.
type Part string

// The two parts of a contribution.
const (
	Employee    Part = "salarie"
	EmployerIs  Part = "employeur"
	reduction26      = "reduction_generale_rgdu"
	reduction25      = "reduction_generale"
)

// Element is a kind of amount of a month that is no contribution: what it is paid as and what it counts in.
type Element struct {
	Code string `json:"code"`
	// Kind: pay bears contributions; in_kind bears them and is not cash; an allowance is paid beside; a recovery is kept
	// back from what is paid; employer is borne by the cooperative and never seen in cash.
	Kind        string `json:"kind"`
	Sign        int    `json:"sign,omitempty"` // -1: its amount is taken off
	Taxable     bool   `json:"taxable,omitempty"`
	HalfTaxable bool   `json:"half_taxable,omitempty"`
	Social      bool   `json:"social,omitempty"` // counts in the net social
	Cost        bool   `json:"cost,omitempty"`   // an allowance that the cooperative bears
	// Steady pay is what an absence lowers: it is compared with what the whole month would have paid for the SMIC.
	Steady bool `json:"steady,omitempty"`
	// Daily allowances are paid net of their own CSG and CRDS and taxed on their gross, which is the item's base.
	Daily bool `json:"daily,omitempty"`
	// Untaxed is free of contributions and of tax and bears CSG and CRDS without allowance; Whole is pay that bears them so.
	Untaxed bool `json:"untaxed,omitempty"`
	Whole   bool `json:"whole,omitempty"`
	// Rupture bears the employer's contribution of L137-12 CSS on what is free in a rupture conventionnelle.
	Rupture bool `json:"rupture,omitempty"`
	// Profit is profit-sharing: it bears the forfait social of its own headcount, CSG and CRDS on the whole when it is taxed
	// ([Element.Untaxed] ones bear them otherwise), counts in no contribution, and pays what was set aside a year before.
	Profit bool `json:"profit,omitempty"`
	// Refunded is pay that an insurer gives back to the cooperative.
	Refunded bool   `json:"refunded,omitempty"`
	Account  string `json:"account"`
	Against  string `json:"against,omitempty"` // the other account, where it is not what is due to the person
}

// ElementOf returns what an element is.
func (t *Table) ElementOf(code string) (Element, bool) { e, ok := t.things[code]; return e, ok }

// lineData is a contribution line as data/lines.json has it.
type lineData struct {
	Code    string   `json:"code"`
	Part    string   `json:"part"`
	Base    string   `json:"base"`
	Rate    string   `json:"rate"`
	Body    string   `json:"body"`
	Charge  string   `json:"charge"`
	Debt    string   `json:"debt"`
	Who     []string `json:"who"`
	When    string   `json:"when"`
	Reduced bool     `json:"reduced"`
	Block   string   `json:"block"`
}

type line struct {
	code    string
	part    Part
	base    base
	rate    rateOf
	when    condition
	who     uint8 // classes that pay it
	reduced bool  // covered by the general reduction
	data    lineData
}

// base is what a line is counted on.
type base int

const (
	onPay base = iota
	onT1
	onT2
	onFour
	onCET
	onCSG
	onHealth
	onProvident
	onCover
	onUntaxed
	onRupture
	onProfit     // all profit-sharing
	onProfitPaid // that which is taxed
)

var bases = map[string]base{"pay": onPay, "t1": onT1, "t2": onT2, "unemployment": onFour, "cet": onCET, "csg": onCSG, "health": onHealth, "provident": onProvident, "cover": onCover, "untaxed": onUntaxed, "rupture": onRupture, "profit": onProfit, "profit_paid": onProfitPaid}

// rateOf is where a line's rate comes from: a parameter, or a choice of the engine among several.
type rateOf struct {
	id     param
	choice choice
}

type choice int

const (
	fromParam choice = iota
	accident
	mobility
	mobilityExtra
	mobilityRegion
	healthEmp
	healthWrk
	providentEmp
	providentWrk
	fnal
	training
	apprenticeship
	apprentices
	leaveFund
)

var choices = map[string]choice{"@accident": accident, "@mobility": mobility, "@mobility_extra": mobilityExtra, "@mobility_region": mobilityRegion, "@health_emp": healthEmp, "@health_wrk": healthWrk,
	"@provident_emp": providentEmp, "@provident_wrk": providentWrk, "@fnal": fnal, "@training": training, "@apprenticeship": apprenticeship, "@apprentices": apprentices, "@leave_fund": leaveFund}

// condition is when a line is due.
type condition int

const (
	always condition = iota
	inAlsace
	outOfAlsace
	ifExecutive
	ifUncovered
	ifFixedTerm
	ifCover
	fromApprentices
	fromMobility
	fromHousing
	fromSocialPackage
	fromProfitPackage
	ifUnemployment
	ifLeaveFund
)

var conditions = map[string]condition{"": always, "alsace": inAlsace, "not_alsace": outOfAlsace, "executive": ifExecutive, "executive_uncovered": ifUncovered, "fixed_term": ifFixedTerm, "cover": ifCover,
	"staff.apprentices": fromApprentices, "staff.mobility": fromMobility, "staff.housing": fromHousing, "staff.social_package": fromSocialPackage, "staff.profit": fromProfitPackage, "unemployment": ifUnemployment, "leave_fund": ifLeaveFund}

const (
	classEmployee uint8 = 1 << iota
	classManager
	classCAPE
)

var classes = map[string]uint8{"employee": classEmployee, "manager": classManager, "cape": classCAPE}

func (r Regime) class() uint8 {
	switch r {
	case Manager:
		return classManager
	case CAPE:
		return classCAPE
	default:
		return classEmployee
	}
}

func (t *Table) line(d lineData) (line, error) {
	l := line{code: d.Code, part: Employee, reduced: d.Reduced, who: classEmployee | classManager | classCAPE, data: d}
	switch d.Part {
	case "employer":
		l.part = EmployerIs
	case "employee":
	default:
		return l, fmt.Errorf("line %s: part %q", d.Code, d.Part)
	}
	var ok, ok2 bool
	if l.base, ok = bases[d.Base]; !ok {
		return l, fmt.Errorf("line %s: base %q", d.Code, d.Base)
	}
	if l.when, ok = conditions[d.When]; !ok {
		return l, fmt.Errorf("line %s: condition %q", d.Code, d.When)
	}
	if l.rate.choice, ok = choices[d.Rate]; !ok {
		n := slices.Index(paramIDs[:], d.Rate)
		if ok2 = n >= 0; !ok2 {
			return l, fmt.Errorf("line %s: rate %q", d.Code, d.Rate)
		}
		l.rate.id = param(n)
	}
	if len(d.Who) > 0 {
		l.who = 0
	}
	for _, w := range d.Who {
		c, ok := classes[w]
		if !ok {
			return l, fmt.Errorf("line %s: who %q", d.Code, w)
		}
		l.who |= c
	}
	return l, nil
}

// rate returns the rate of a line in this month for this contract, and the parameter it is, if it is one.
func (c *calc) rate(l *line) (money.Rate, string) {
	p, e := c.p, c.employer
	at := func(id param) (money.Rate, string) { return p.rate(id), paramIDs[id] }
	switch l.rate.choice {
	case accident:
		return e.Accident, ""
	case mobility:
		return e.Mobility, ""
	case mobilityExtra:
		return e.MobilityExtra, ""
	case mobilityRegion:
		return e.MobilityRegion, ""
	case leaveFund:
		return e.LeaveFundRate, ""
	case healthEmp:
		return c.contract.Cover.HealthEmployer, ""
	case healthWrk:
		return money.One - c.contract.Cover.HealthEmployer, ""
	case providentEmp:
		return c.contract.Cover.ProvidentEmployer, ""
	case providentWrk:
		return c.contract.Cover.ProvidentEmployee, ""
	case fnal:
		if c.large {
			return at(pFnalLargeEmp)
		}
		return at(pFnalSmallEmp)
	case training:
		if c.staff(pStaffTraining) {
			return at(pTrainingEmp)
		}
		return at(pTrainingSmallEmp)
	case apprenticeship:
		if e.Alsace {
			return at(pApprenticeshipAlsaceEmp)
		}
		return at(pApprenticeshipEmp)
	case apprentices:
		switch share := e.Apprentices; {
		case share < p.rate(pApprenticesShort1Below) && c.staff(pStaffApprenticesHuge):
			return at(pApprenticesShort1HugeEmp)
		case share < p.rate(pApprenticesShort1Below):
			return at(pApprenticesShort1Emp)
		case share < p.rate(pApprenticesShort2Below):
			return at(pApprenticesShort2Emp)
		case share < p.rate(pApprenticesShort3Below):
			return at(pApprenticesShort3Emp)
		case share < p.rate(pApprenticesShort4Below):
			return at(pApprenticesShort4Emp)
		}
		return 0, ""
	}
	return at(l.rate.id)
}

// due says whether a line is asked of this contract in this month.
func (c *calc) due(l *line) bool {
	if l.who&c.contract.Regime.class() == 0 {
		return false
	}
	switch l.when {
	case inAlsace:
		return c.employer.Alsace
	case outOfAlsace:
		return !c.employer.Alsace
	case ifExecutive:
		return c.contract.Executive
	case ifUncovered:
		return c.contract.Executive && c.contract.Cover.ProvidentEmployer == 0
	case ifFixedTerm:
		return c.contract.Regime == FixedTerm
	case ifCover:
		return c.contract.Regime != CAPE
	case ifUnemployment: // whether a paid beneficiary of a CAPE bears it is told differently by different pages
		return c.contract.Regime != CAPE || c.p.count(pCapeUnemployment) != 0
	case ifLeaveFund:
		return c.employer.LeaveFund
	case fromApprentices:
		return c.staff(pStaffApprentices)
	case fromMobility:
		return c.staff(pStaffMobility)
	case fromHousing:
		return c.staff(pStaffHousing)
	case fromSocialPackage:
		return c.staff(pStaffSocialPackage)
	case fromProfitPackage:
		return c.staff(pStaffProfit)
	}
	return true
}

func (c *calc) staff(threshold param) bool { return int64(c.employer.Staff) >= c.p.count(threshold) }
