package payroll

import (
	"math"
	"math/big"

	"essaim/money"
)

// The general reduction of employer contributions: RGDU from 2026, the reduction « Fillon » in 2025 (L241-13 and D241-7
// CSS). The coefficient is that of the year so far: pay and reference SMIC since January, or since the formula changed.

// smicParts is what the reference SMIC is kept in: three-hundredths of a cent, since a month of it is 35 × 52/12 hours.
const smicParts = 300

// monthSMIC is the SMIC of a month of so many hours a week, in hundredths, in [smicParts] (D241-7 CSS: 52/12 of the week).
func (p *Parameters) monthSMIC(hours int64) int64 {
	const months, hundredths = 12, 100
	return money.MulDiv(int64(p.cents(pSmicHour))*hours*smicParts, p.count(pYearWeeks), months*hundredths)
}

// reference returns the reference SMIC of a month, in [smicParts]. A contract without working time keeps the equivalent
// hours of its pay: the SMIC, or its pay when that is less.
func (c *calc) reference() (s int64) {
	hours := c.p.count(pWeekHours)
	if c.contract.Hours > 0 {
		hours = min(hours, int64(c.contract.Hours))
	}
	s = c.p.monthSMIC(hours)
	// The days of a month begun or ended on the way come off first; of what is left, an absence without pay keeps the part
	// that is paid (D241-7 CSS), or its days when no pay tells it.
	days, of := c.present()
	if c.in.Full > 0 {
		days, of = c.contract.DaysIn(c.in.Month)
	}
	if days < of {
		s = money.MulDiv(s, int64(days), int64(of))
	}
	if c.in.Full > 0 {
		s = money.MulDiv(s, int64(max(0, min(c.steady, c.in.Full))), int64(c.in.Full))
	}
	if c.contract.Regime == CESA {
		s = min(s, int64(max(c.pay, 0))*smicParts)
	}
	return s
}

// smicHour is the SMIC of an hour.
func (c *calc) smicHour() money.Cents { return c.p.cents(pSmicHour) }

func (c *calc) reduce() {
	c.reduction, c.pension, c.coefficient, c.smic = 0, 0, 0, 0
	y := c.y
	if c.contract.Regime == CESA || c.contract.Regime == Permanent || c.contract.Regime == FixedTerm {
		s, formula := c.reference(), c.mostPPM()
		c.formula, c.smic = formula, s
		had, hadPension := y.Reduced, y.Pension
		if formula == y.Formula {
			c.rSMIC, c.rPay, c.rT1, c.rFour = y.RSMIC+s, y.RPay+c.pay, y.RT1+c.cumT1-y.T1, y.RFour+c.cumFour-y.Four
		} else {
			c.rSMIC, c.rPay, c.rT1, c.rFour, had, hadPension = s, c.pay, c.cumT1-y.T1, c.cumFour-y.Four, 0, 0
		}
		c.coefficient = c.coefficientOf(c.rSMIC, c.rPay)
		year := Fine(c.rPay) * Fine(c.coefficient) * (perCent / 10_000) // the pay of a year is beyond a Fine, its reduction is not
		if c.employer.LeaveFund {
			year = Fine(money.MulDiv(int64(year), c.p.count(pReductionFundNum), c.p.count(pReductionFundDen)))
		}
		year = c.round(max(0, min(year, c.covered())))
		pension := c.round(Fine(money.MulDiv(int64(year), c.p.v[pReductionPension], c.most()*scales["pct"]/100)))
		c.reduction = fine(had) - year
		c.pension = fine(hadPension) - pension
		c.reducedYear, c.pensionYear = year.Cents(), pension.Cents()
		return
	}
	c.formula, c.rSMIC, c.rPay, c.rT1, c.rFour, c.reducedYear, c.pensionYear = y.Formula, y.RSMIC, y.RPay, y.RT1, y.RFour, y.Reduced, y.Pension
}

// most is the highest coefficient, in parts per million over a hundred: 3981 is 0.3981.
func (c *calc) most() int64 { return c.mostPPM() / 100 }

func (c *calc) mostPPM() int64 {
	if c.p.v[pRgcpSmall] != 0 {
		if c.large {
			return c.p.v[pRgcpLarge]
		}
		return c.p.v[pRgcpSmall]
	}
	return c.p.v[pRgduMin] + c.delta()
}

func (c *calc) delta() int64 {
	if c.large {
		return c.p.v[pRgduDeltaLarge]
	}
	return c.p.v[pRgduDeltaSmall]
}

// covered is the contributions that the reduction may take off, year to date: one that exceeds them is cut (L241-13 V).
// The accident contribution counts up to its share.
func (c *calc) covered() Fine {
	var sum money.Rate
	accidents := min(c.employer.Accident, c.p.rate(pReductionAccident))
	var total Fine
	for i := range c.p.t.lines {
		l := &c.p.t.lines[i]
		if !l.reduced || !c.due(l) {
			continue
		}
		rate, _ := c.rate(l)
		switch {
		case l.rate.choice == fromParam && l.rate.id == pSicknessEmp && c.cumSickness != 0:
			rate = c.p.rate(pSicknessLowEmp)
		case l.rate.choice == fromParam && l.rate.id == pFamilyEmp && c.cumFamily != 0:
			rate = c.p.rate(pFamilyLowEmp)
		}
		switch {
		case l.base == onPay || l.rate.choice == fnal && c.large:
			sum += rate
		case l.base == onFour:
			total += Fine(c.rFour) * Fine(rate) * (perCent / Fine(money.One))
		default:
			total += Fine(c.rT1) * Fine(rate) * (perCent / Fine(money.One))
		}
	}
	return total + Fine(c.rPay)*Fine(sum+accidents)*(perCent/Fine(money.One))
}

// coefficientOf returns the coefficient in ten-thousandths, rounded half up (D241-7 CSS).
func (c *calc) coefficientOf(smic int64, pay money.Cents) int64 {
	if pay <= 0 || smic <= 0 {
		return 0
	}
	if c.p.v[pRgcpSmall] != 0 {
		return c.coefficient2025(smic, pay)
	}
	multiple := c.p.v[pRgduSmic] // of the SMIC, in parts per million
	one := scales["coef"]
	// x = (multiple × smic / pay − 1) / slope, as a fraction: num / den. Whether there is a reduction at all is decided in whole
	// numbers: the pay of a year in these parts is below 4 × 10¹⁷ (see [Check]).
	num := multiple*smic - one*int64(pay)*smicParts
	if num <= 0 {
		return 0
	}
	den := float64(c.p.v[pRgduSlope]) * float64(int64(pay)*smicParts)
	power := float64(c.p.v[pRgduPower]) / float64(one)
	v := (float64(c.p.v[pRgduMin]) + float64(c.delta())*math.Pow(float64(num)/den, power)) / 100
	if v >= float64(c.mostPPM())/100 {
		return (c.mostPPM() + 50) / 100
	}
	whole := math.Floor(v)
	if math.Abs(v-whole-0.5) < 1e-6 {
		if c.atLeast(smic, pay, int64(whole)) {
			return int64(whole) + 1
		}
		return int64(whole)
	}
	return int64(math.Floor(v + 0.5))
}

// atLeast decides a coefficient that stands within a millionth of a step of a half: whether it is whole and a half at
// least, in whole numbers. The power is a fraction p/q: Δ × x^(p/q) ≥ h is Δ^q × x^p ≥ h^q.
func (c *calc) atLeast(smic int64, pay money.Cents, whole int64) bool {
	one := big.NewInt(scales["coef"])
	x := new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(c.p.v[pRgduSmic]), big.NewInt(smic)), new(big.Int).Mul(one, big.NewInt(int64(pay)*smicParts)))
	x.Sub(x, big.NewRat(1, 1)).Quo(x, big.NewRat(c.p.v[pRgduSlope], scales["coef"]))
	h := big.NewRat(whole*100+50-c.p.v[pRgduMin], c.delta())
	pq := big.NewRat(c.p.v[pRgduPower], scales["coef"])
	pow := func(r *big.Rat, n *big.Int) *big.Rat {
		return new(big.Rat).SetFrac(new(big.Int).Exp(r.Num(), n, nil), new(big.Int).Exp(r.Denom(), n, nil))
	}
	if h.Sign() <= 0 {
		return true
	}
	return pow(x, pq.Num()).Cmp(pow(h, pq.Denom())) >= 0
}

// coefficient2025 is T/0.6 × (1.6 × SMIC/pay − 1), between nothing and T.
func (c *calc) coefficient2025(smic int64, pay money.Cents) int64 {
	t := c.mostPPM()
	one := scales["coef"]
	over := new(big.Int).Mul(big.NewInt(c.p.v[pRgcpSmic]), big.NewInt(smic))
	over.Sub(over, new(big.Int).Mul(big.NewInt(one), big.NewInt(int64(pay)*smicParts)))
	if over.Sign() <= 0 {
		return 0
	}
	num := over.Mul(over, big.NewInt(t))
	den := new(big.Int).Mul(big.NewInt(c.p.v[pRgcpSlope]), big.NewInt(int64(pay)*smicParts*100))
	num.Add(num.Mul(num, big.NewInt(2)), den)
	num.Quo(num, den.Mul(den, big.NewInt(2)))
	if !num.IsInt64() {
		return (t + 50) / 100
	}
	return min(num.Int64(), (t+50)/100)
}

// reductions are the lines of the reduction on a payslip: on the Urssaf and on the pension scheme.
func (c *calc) reductions() []Line {
	if c.reduction == 0 && c.pension == 0 {
		return nil
	}
	code := reduction26
	if c.p.v[pRgcpSmall] != 0 {
		code = reduction25
	}
	return []Line{{Code: code, Part: EmployerIs, Base: c.pay, Amount: c.reduction.Cents(), Body: "urssaf", Block: "relief", Charge: "6451", Debt: "431"}}
}
