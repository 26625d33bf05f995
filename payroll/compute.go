package payroll

import (
	"slices"

	"essaim/date"
	"essaim/money"
)

// Line is one contribution of a payslip. What the employer bears is positive, and so is what is kept back from the
// employee; a reduction is negative.
type Line struct {
	Code   string      `json:"code"`
	Part   Part        `json:"part"`
	Base   money.Cents `json:"base"`
	Rate   money.Rate  `json:"rate"` // 0: the amount is not base × rate (the reduction)
	Amount money.Cents `json:"amount"`
	Body   string      `json:"body"`             // who it is owed to
	Block  string      `json:"block"`            // of the payslip
	Charge string      `json:"charge,omitempty"` // account, for the employer's part
	Debt   string      `json:"debt"`             // account
	Param  string      `json:"param,omitempty"`  // parameter its rate is, see [Table.Source]
}

// Totals are sums of rounded lines.
type Totals struct {
	Gross      money.Cents `json:"gross"`
	Employee   money.Cents `json:"employee"`  // contributions kept back
	Employer   money.Cents `json:"employer"`  // contributions, less the reduction
	Reduction  money.Cents `json:"reduction"` // positive when it is granted
	Pension    money.Cents `json:"pension"`   // of which comes off the pension scheme
	Net        money.Cents `json:"net"`       // before tax and before what is paid or kept back beside
	Beside     money.Cents `json:"beside"`    // allowances less recoveries
	NetTaxable money.Cents `json:"netTaxable"`
	NetSocial  money.Cents `json:"netSocial"`
	Tax        money.Cents `json:"tax"`
	TaxBase    money.Cents `json:"taxBase"`
	TaxRate    money.Rate  `json:"taxRate"`
	TaxNeutral bool        `json:"taxNeutral"`
	Paid       money.Cents `json:"paid"`
	Cost       money.Cents `json:"cost"`
}

// Payslip is what a month gives.
type Payslip struct {
	Month  date.Month `json:"month"`
	Regime Regime     `json:"regime"`
	Items  []Item     `json:"items"`
	Lines  []Line     `json:"lines"`
	Totals Totals     `json:"totals"`

	Ceiling     money.Cents `json:"ceiling"`     // of the month, after its proportions
	SMIC        int64       `json:"smic"`        // reference of the reduction in the month, in three-hundredths of a cent
	Coefficient int64       `json:"coefficient"` // of the reduction, year to date, in ten-thousandths
	Excess      money.Cents `json:"excess"`      // employer cover above what is free of contributions, put back into the base
	Notes       []Note      `json:"notes,omitempty"`
}

// Note is something to say beside a payslip: a key of the catalogues with its arguments.
type Note struct {
	Key  string `json:"key"`
	Args []any  `json:"args,omitempty"`
}

// Compute makes the payslip of one month, and the year to date with it. What it refuses is told by [Check], on the field;
// it holds no other judgement: what a person may be paid is asked before.
func Compute(p *Parameters, e Employer, k Contract, y YearToDate, in Inputs) (Payslip, YearToDate, error) {
	if err := Check(p.t, e, k, y, in); err != nil {
		return Payslip{}, y, err
	}
	c := newCalc(p, &e, &k, &y, &in, true)
	c.run()
	return c.payslip(), c.next(), nil
}

// maxLines bounds the lines of a payslip: those of the data, their two regularisations, the reduction.
const maxLines = 64

type result struct {
	code   string
	l      *line
	base   Fine
	rate   money.Rate
	param  string
	amount Fine
}

// calc is one computation. It allocates nothing, so that a search over thousands of grosses is quick.
type calc struct {
	p        *Parameters
	employer *Employer
	contract *Contract
	y        *YearToDate
	in       *Inputs
	rounded  bool // to the cent, line by line
	large    bool // effective headcount of the higher FNAL

	lines [maxLines]result
	n     int

	gross, inKind, excess            money.Cents
	allowances, recoveries, borne    money.Cents
	besideTaxable, besideSocial      money.Cents
	steady, untaxed, whole, rupture  money.Cents
	profit, profitPaid               money.Cents
	pay                              money.Cents // subject to contributions
	ceiling                          money.Cents
	cumPay, cumCeiling               money.Cents
	cumT1, cumT2, cumFour, cumCET    money.Cents
	cumSickness, cumFamily           money.Cents
	health, provident                Fine // employer's shares
	csg                              Fine
	employee, employerSum, other     Fine // other: CSG and CRDS that stay taxable
	apart                            Fine // those on what is no income of the net social
	formula                          int64
	smic                             int64
	rSMIC                            int64
	rPay, rT1, rFour                 money.Cents
	coefficient                      int64
	reducedYear, pensionYear         money.Cents
	reduction, pension               Fine
	taxable, social, taxBase         money.Cents
	taxRate                          money.Rate
	neutral                          bool
	tax, net, paid, cost             money.Cents
	fineNet, fineTaxable, fineEmpTot Fine
}

func newCalc(p *Parameters, e *Employer, k *Contract, y *YearToDate, in *Inputs, rounded bool) *calc {
	return &calc{p: p, employer: e, contract: k, y: y, in: in, rounded: rounded}
}

// round is the one rounding: a line of a payslip is in cents.
func (c *calc) round(f Fine) Fine {
	if c.rounded {
		return fine(f.Cents())
	}
	return f
}

func (c *calc) run() {
	c.n = 0
	c.large = c.staff(pStaffFnal)
	c.items()
	c.ceilings()
	c.cover()
	c.bases()
	c.contributions()
	c.reduce()
	c.sum()
}

// items sorts what the month brings by what it counts in.
func (c *calc) items() {
	c.gross, c.inKind, c.allowances, c.recoveries, c.borne, c.besideTaxable, c.besideSocial = 0, 0, 0, 0, 0, 0, 0
	c.steady, c.untaxed, c.whole, c.rupture, c.profit, c.profitPaid = 0, 0, 0, 0, 0, 0
	for i := range c.in.Items {
		it := &c.in.Items[i]
		e := c.p.t.things[it.Element]
		v := it.Amount
		if e.Sign < 0 {
			v = -v
		}
		switch e.Kind {
		case "pay":
			c.gross += v
			if e.Steady {
				c.steady += v
			}
			if e.Whole {
				c.whole += v
			}
			if e.Refunded {
				c.borne -= v
			}
		case "in_kind":
			c.gross += v
			c.inKind += v
		case "allowance":
			c.allowances += v
			taxed := v
			if e.Daily && it.Base != 0 {
				taxed = it.Base - it.Base.Times(c.p.rate(pIjssCsgDeductible))
			}
			switch {
			case e.Taxable:
				c.besideTaxable += taxed
			case e.HalfTaxable:
				c.besideTaxable += money.Cents(money.MulDiv(int64(taxed), 1, 2))
			}
			if e.Untaxed {
				c.untaxed += v
			}
			if e.Rupture {
				c.rupture += v
			}
			if e.Profit {
				c.profit += v
				if e.Taxable {
					c.profitPaid += v
				}
			}
			if e.Social {
				c.besideSocial += v
			}
			if e.Cost {
				c.borne += v
			}
		case "recovery":
			c.recoveries += v
		case "employer":
			c.borne += v
		}
	}
}

// present returns the days of the month in the contract with pay, and the days of the month.
func (c *calc) present() (days, of int) {
	days, of = c.contract.DaysIn(c.in.Month)
	least := 0
	if c.gross > 0 { // a month that pays is not wholly without pay
		least = 1
	}
	return max(days-c.in.Away, least), of
}

// ceilings proportions the ceiling of the month to the days with pay and to part time (R242-2 CSS). A contract without
// working time has no part time.
func (c *calc) ceilings() {
	days, of := c.present()
	num, den := int64(days), int64(of)
	switch {
	case c.in.Beside > 0 && c.p.count(pCeilingShared) != 0: // instead of part time (L242-3, second paragraph)
		num, den = num*int64(c.gross), den*int64(c.gross+c.in.Beside)
	case c.contract.Hours > 0 && int64(c.contract.Hours) < c.p.count(pWeekHours):
		num, den = num*int64(c.contract.Hours), den*c.p.count(pWeekHours)
	}
	c.ceiling = money.Cents(money.MulDiv(c.p.v[pCeilingMonth], num, den))
	if days > 0 {
		c.ceiling = max(c.ceiling, 1_00)
	}
	c.cumCeiling = c.y.Ceiling + c.ceiling
}

// cover counts the employer's shares of the cover and puts what exceeds the free part back into the pay (D242-1 CSS).
func (c *calc) cover() {
	k := c.contract
	c.health, c.provident, c.excess = 0, 0, 0
	if k.Regime == CAPE {
		return
	}
	if !c.in.NoHealth {
		c.health = c.round(fine(k.Cover.Health).times(k.Cover.HealthEmployer))
	}
	t1 := c.t1(c.gross)
	switch {
	case k.Cover.ProvidentEmployer != 0:
		c.provident = c.round(fine(t1).times(k.Cover.ProvidentEmployer))
	case k.Executive:
		c.provident = c.round(fine(t1).times(c.p.rate(pExecutiveCoverEmp)))
	}
	year := money.Cents(money.MulDiv(c.p.v[pCeilingYear], 1, 12))
	free := min(year.Times(c.p.rate(pCoverFreeCeiling))+c.gross.Times(c.p.rate(pCoverFreePay)), year.Times(c.p.rate(pCoverFreeMost)))
	if over := (c.health + c.provident).Cents() - free; over > 0 {
		c.excess = over
	}
}

// t1 is the part of a month's pay up to the ceiling, regularised.
func (c *calc) t1(pay money.Cents) money.Cents {
	return min(c.y.Pay+pay, c.cumCeiling) - c.y.T1
}

// bases counts the bases of the year so far; those of the month are what is new in them.
func (c *calc) bases() {
	c.pay = c.gross + c.excess
	c.cumPay = c.y.Pay + c.pay
	c.cumT1 = min(c.cumPay, c.cumCeiling)
	most := c.cumCeiling * money.Cents(c.p.count(pPensionCeilings))
	c.cumT2 = max(0, min(c.cumPay, most)-c.cumCeiling)
	c.cumFour = min(c.cumPay, c.cumCeiling*money.Cents(c.p.count(pUnemploymentCeilings)))
	c.cumCET = 0
	if c.cumPay > c.cumCeiling {
		c.cumCET = min(c.cumPay, most)
	}
	// The allowance for expenses of the CSG is on pay up to four ceilings; the employer's cover is counted whole.
	four := min(c.cumPay, c.cumCeiling*money.Cents(c.p.count(pCsgCeilings))) - min(c.y.Pay, c.y.Ceiling*money.Cents(c.p.count(pCsgCeilings)))
	under := four - min(c.excess, max(four, 0))
	c.csg = c.round(fine(under).times(c.p.rate(pCsgShare)) + fine(min(c.whole, max(under, 0))).times(money.One-c.p.rate(pCsgShare)) + fine(c.pay-four-(c.excess-(four-under))) + c.health + c.provident)
}

func (c *calc) base(b base) Fine {
	switch b {
	case onPay:
		return fine(c.pay)
	case onT1:
		return fine(c.cumT1 - c.y.T1)
	case onT2:
		return fine(c.cumT2 - c.y.T2)
	case onFour:
		return fine(c.cumFour - c.y.Four)
	case onCET:
		return fine(c.cumCET - c.y.CET)
	case onCSG:
		return c.csg
	case onHealth:
		if c.in.NoHealth {
			return 0
		}
		return fine(c.contract.Cover.Health)
	case onProvident:
		return fine(c.t1(c.gross))
	case onCover:
		return c.health + c.provident
	case onUntaxed:
		return fine(c.untaxed)
	case onRupture:
		return fine(c.rupture)
	case onProfit:
		return fine(c.profit)
	case onProfitPaid:
		return fine(c.profitPaid)
	}
	return 0
}

func (c *calc) add(code string, l *line, base Fine, rate money.Rate, param string, amount Fine) {
	amount = c.round(amount)
	c.lines[c.n] = result{code, l, base, rate, param, amount}
	c.n++
	if l.part == Employee {
		c.employee += amount
		if l.data.Block == "csg_other" || l.base == onUntaxed {
			c.other += amount
		}
		if l.base == onUntaxed || l.base == onProfitPaid {
			c.apart += amount
		}
		return
	}
	c.employerSum += amount
}

// contributions makes the lines. The employee's share of the health premium is what the employer's leaves of it.
func (c *calc) contributions() {
	c.employee, c.employerSum, c.other, c.apart = 0, 0, 0, 0
	lines := c.p.t.lines
	if c.contract.Regime == CAPE && c.gross == 0 { // unpaid: accidents alone, on a flat base, a month begun counts whole
		for i := range lines {
			if l := &lines[i]; l.rate.choice == accident {
				base := fine(money.Cents(money.MulDiv(c.p.v[pCapeUnpaidHour], c.p.v[pCapeUnpaidMonthHours], 100)))
				c.add(l.code, l, base, c.employer.Accident, "", base.times(c.employer.Accident))
			}
		}
		return
	}
	for i := range lines {
		l := &lines[i]
		if !c.due(l) {
			continue
		}
		base := c.base(l.base)
		if l.rate.choice == fnal && c.large { // from fifty on, of the whole pay
			base = fine(c.pay)
		}
		rate, param := c.rate(l)
		switch {
		case l.rate.choice == fromParam && l.rate.id == pSicknessEmp:
			c.lowered(l, base, pSicknessLowEmp, pSicknessLowSmic, c.y.Sickness, &c.cumSickness)
			continue
		case l.rate.choice == fromParam && l.rate.id == pFamilyEmp:
			c.lowered(l, base, pFamilyLowEmp, pFamilyLowSmic, c.y.Family, &c.cumFamily)
			continue
		case l.rate.choice == healthWrk:
			c.add(l.code, l, base, rate, param, base-c.share())
			continue
		}
		c.add(l.code, l, base, rate, param, base.times(rate))
	}
}

// share is the employer's share of the health premium.
func (c *calc) share() Fine { return c.health }

// lowered adds a line whose rate is lower as long as the year's pay stays below a number of SMIC (2025: L241-2-1 and
// L241-6-1 CSS). When the year passes the limit, or comes back below it, a second line makes good the months before.
func (c *calc) lowered(l *line, base Fine, low, limit param, was money.Cents, cum *money.Cents) {
	full, lower := c.p.rate(l.rate.id), c.p.rate(low)
	rate, param := full, paramIDs[l.rate.id]
	*cum = 0
	if c.contract.Regime.Employed() && c.below(limit) {
		rate, param, *cum = lower, paramIDs[low], c.y.LowPay+c.pay
	}
	c.add(l.code, l, base, rate, param, base.times(rate))
	// Earlier months at the rate of today: what they had at the other.
	before := c.y.LowPay - was
	back := fine(before)
	diff := lower - full
	if *cum == 0 {
		back, diff = fine(was), full-lower
	}
	if back != 0 && diff != 0 {
		c.add(l.code+"_regularisation", l, back, diff, param, back.times(diff))
	}
}

// has says whether the month has an element, counted at more than a rate.
func (c *calc) has(element string, above money.Rate) bool {
	return slices.ContainsFunc(c.in.Items, func(it Item) bool { return it.Element == element && (above == 0 || it.Rate > above) })
}

// below says whether the pay of the year so far is below a number of reference SMIC of the same time.
func (c *calc) below(limit param) bool {
	smic := c.y.SMIC + c.reference()
	return c.p.v[limit] != 0 && money.Cents(money.MulDiv(smic, c.p.v[limit], smicParts*scales["coef"])) > c.y.LowPay+c.pay
}

// sum makes the totals out of the lines.
func (c *calc) sum() {
	c.fineEmpTot = c.employerSum + c.reduction
	c.fineNet = fine(c.gross-c.inKind) - c.employee
	c.fineTaxable = fine(c.gross) - c.employee + c.other + c.share() + fine(c.besideTaxable)
	if c.excess > 0 {
		c.fineTaxable += fine(c.excess) - min(fine(c.excess), c.share())
	}
	c.net = c.fineNet.Cents()
	c.taxable = c.fineTaxable.Cents()
	c.social = (fine(c.gross+c.besideSocial) - c.employee + c.apart).Cents()
	c.withhold()
	c.paid = c.net + c.allowances - c.recoveries - c.tax
	c.cost = c.gross + c.fineEmpTot.Cents() + c.borne
}

// withhold counts the tax (CGI 204 A ff.): the rate given, or the neutral one of the grid of the day of payment.
func (c *calc) withhold() {
	c.taxBase, c.taxRate, c.neutral = max(c.taxable, 0), 0, c.in.Tax == nil
	if c.neutral {
		if c.contract.ShortTerm {
			c.taxBase = max(c.taxBase-c.p.cents(pTaxShortAbatement), 0)
		}
		c.taxRate = c.p.t.Neutral(c.taxBase, c.in.Paid)
	} else {
		c.taxRate = *c.in.Tax
	}
	c.tax = c.taxBase.Times(c.taxRate)
}

func (c *calc) payslip() Payslip {
	s := Payslip{Month: c.in.Month, Regime: c.contract.Regime, Items: c.in.Items, Ceiling: c.ceiling, SMIC: c.smic, Coefficient: c.coefficient, Excess: c.excess}
	s.Lines = make([]Line, 0, c.n+1)
	for i := range c.lines[:c.n] {
		r := &c.lines[i]
		if r.amount == 0 {
			continue
		}
		d := &r.l.data
		s.Lines = append(s.Lines, Line{Code: r.code, Part: r.l.part, Base: r.base.Cents(), Rate: r.rate, Amount: r.amount.Cents(), Body: d.Body, Block: d.Block, Charge: d.Charge, Debt: d.Debt, Param: r.param})
	}
	s.Lines = append(s.Lines, c.reductions()...)
	s.Totals = Totals{Gross: c.gross, Employee: c.employee.Cents(), Employer: c.fineEmpTot.Cents(), Reduction: -c.reduction.Cents(), Pension: -c.pension.Cents(), Net: c.net, Beside: c.allowances - c.recoveries, NetTaxable: c.taxable,
		NetSocial: c.social, Tax: c.tax, TaxBase: c.taxBase, TaxRate: c.taxRate, TaxNeutral: c.neutral, Paid: c.paid, Cost: c.cost}
	s.Notes = c.notes()
	return s
}

// next is the year to date with this month in it.
func (c *calc) next() YearToDate {
	y := *c.y
	y.Year, y.Until = c.in.Month.Year(), c.in.Month
	y.Pay, y.Ceiling, y.T1, y.T2, y.Four, y.CET = c.cumPay, c.cumCeiling, c.cumT1, c.cumT2, c.cumFour, c.cumCET
	y.Sickness, y.Family = c.cumSickness, c.cumFamily
	y.LowPay += c.pay
	y.SMIC += c.smic
	y.Formula, y.RSMIC, y.RPay, y.RT1, y.RFour, y.Reduced, y.Pension = c.formula, c.rSMIC, c.rPay, c.rT1, c.rFour, c.reducedYear, c.pensionYear
	y.Gross += c.gross
	y.Net += c.net
	y.NetTaxable += c.taxable
	y.NetSocial += c.social
	y.Tax += c.tax
	y.Cost += c.cost
	y.Granted -= c.reduction.Cents()
	return y
}

func (c *calc) notes() (all []Note) {
	if c.p.Late {
		all = append(all, Note{"payroll.note.late", []any{"until", Verified()}})
	}
	for _, u := range c.p.Unsure {
		if key := c.unsure(u.ID); key != "" {
			all = append(all, Note{Key: key})
		}
	}
	if c.contract.Regime == CESA && c.reduction != 0 {
		all = append(all, Note{Key: "payroll.note.equivalent_hours"})
	}
	if c.paid < 0 {
		all = append(all, Note{"payroll.note.negative", []any{"amount", -c.paid}})
	}
	return all
}

// unsure returns what to say of a parameter that was not verified, when it made a figure of this payslip; of the others
// the table of parameters speaks ([Parameters.Unsure]).
func (c *calc) unsure(id string) string {
	switch {
	case id == paramIDs[pTaxShortAbatement] && c.contract.ShortTerm && c.neutral:
		return "payroll.note.unsure_short_term"
	case id == paramIDs[pCapeUnpaidHour] && c.contract.Regime == CAPE && c.gross == 0:
		return "payroll.note.unsure_cape"
	case id == paramIDs[pCapeUnemployment] && c.contract.Regime == CAPE && c.gross != 0:
		return "payroll.note.unsure_cape_unemployment"
	case id == paramIDs[pCeilingShared] && c.in.Beside > 0:
		return "payroll.note.unsure_ceiling"
	case id == paramIDs[pAwayBasis] && c.contract.Hours == 0 && c.has("absence", 0):
		return "payroll.note.unsure_absence"
	case id == paramIDs[pTransportFree] && c.has("transport", c.p.rate(pTransportDue)):
		return "payroll.note.unsure_transport"
	}
	return ""
}
