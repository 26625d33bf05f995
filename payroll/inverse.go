package payroll

import (
	"slices"

	"essaim/fault"
	"essaim/money"
)

// By is what is wished of a payslip.
type By int

// What a payslip can be sought by.
const (
	ByCost  By = iota // what it costs the cooperative
	ByNet             // net before tax
	ByGross           // gross pay
)

// Target is an amount that a payslip must fit: at most that, to the cent.
type Target struct {
	By     By          `json:"by"`
	Amount money.Cents `json:"amount"`
}

// Of returns what a payslip has of what is wished.
func (t Target) Of(s Payslip) money.Cents {
	switch t.By {
	case ByNet:
		return s.Totals.Net
	case ByGross:
		return s.Totals.Gross
	}
	return s.Totals.Cost
}

// Left is what remains of the target beside a payslip: it stays on the activity's account.
func (t Target) Left(s Payslip) money.Cents { return t.Amount - t.Of(s) }

// Solve returns the payslip of the largest amount of one element, in whole cents, that fits the target, all else being
// as the inputs have it; an amount of that element in the inputs is replaced. When not even an amount of nothing fits,
// it refuses on "target" with what is missing.
//
// The cost does not always grow with the pay. Below the SMIC, a contract without working time has a reference SMIC that
// grows with its pay, and with months behind it the coefficient climbs by steps of a ten-thousandth, each of which lowers
// the cost of the whole year; crossing back under three SMIC gives a reduction back at once. So the amounts are cut into
// stretches on which the cost either never falls or never falls by more than its slope, and are searched from the top.
func Solve(p *Parameters, e Employer, k Contract, y YearToDate, in Inputs, element string, t Target) (Payslip, YearToDate, error) {
	in, at := vary(in, element)
	if err := Check(p.t, e, k, y, in); err != nil {
		return Payslip{}, y, err
	}
	if kind := p.t.things[element]; kind.Kind != "pay" || kind.Sign < 0 {
		return Payslip{}, y, fault.At("element", "payroll.inverse.element", "element", element)
	}
	s := newSearch(p, &e, &k, &y, &in, at, t)
	x, ok := s.largest()
	if !ok {
		s.c.at(0)
		return Payslip{}, y, s.short()
	}
	s.c.at(x)
	return s.c.payslip(), s.c.next(), nil
}

// short refuses a target that nothing fits, after a computation of nothing.
func (s *search) short() error {
	missing := s.value() - s.t.Amount
	switch s.t.By {
	case ByCost:
		return fault.At("target", "payroll.inverse.cost", "amount", s.t.Amount, "least", s.value(), "missing", missing)
	case ByGross:
		return fault.At("target", "payroll.inverse.gross", "amount", s.t.Amount, "least", s.value(), "missing", missing)
	}
	return fault.At("target", "payroll.inverse.net", "amount", s.t.Amount, "least", s.value(), "missing", missing)
}

// vary returns the inputs with one item of the element, of nothing, and its rank; the items given are left alone.
func vary(in Inputs, element string) (Inputs, int) {
	items := make([]Item, 0, len(in.Items)+1)
	at := -1
	for _, it := range in.Items {
		if it.Element == element {
			if at >= 0 {
				continue
			}
			at = len(items)
			it = Item{Element: element, Text: it.Text}
		}
		items = append(items, it)
	}
	if at < 0 {
		at = len(items)
		items = append(items, Item{Element: element})
	}
	in.Items = items
	return in, at
}

// trial is a computation whose one amount varies.
type trial struct {
	*calc
	amount *money.Cents
}

func (t trial) at(x money.Cents) { *t.amount = x; t.run() }

// search is one inversion: the payslip as it will be, and the same without rounding, whose totals have no wobble of
// rounded lines.
type search struct {
	c, exact trial
	t        Target
	top      money.Cents // largest amount that may be paid
	noise    money.Cents // that rounding makes of a total, at most
}

func newSearch(p *Parameters, e *Employer, k *Contract, y *YearToDate, in *Inputs, at int, t Target) *search {
	amount := &in.Items[at].Amount
	s := &search{c: trial{newCalc(p, e, k, y, in, true), amount}, exact: trial{newCalc(p, e, k, y, in, false), amount}, t: t}
	s.c.at(0)
	s.top = MaxGross - max(s.c.gross, 0)
	s.noise = money.Cents(len(p.t.lines)/2 + 4)
	return s
}

// value is what the payslip just computed has of the target.
func (s *search) value() money.Cents {
	switch s.t.By {
	case ByNet:
		return s.c.net
	case ByGross:
		return s.c.gross
	}
	return s.c.cost
}

func (s *search) fits(x money.Cents) bool { s.c.at(x); return s.value() <= s.t.Amount }

func (s *search) largest() (money.Cents, bool) {
	var x money.Cents
	var ok bool
	switch {
	case s.top < 1:
	case s.t.By == ByCost:
		x, ok = s.byCost()
	case s.t.By == ByGross:
		x, ok = rising(1, s.top, s.fits)
	default:
		x, ok = s.byNet()
	}
	if ok {
		return x, true
	}
	return 0, s.fits(0) // nothing at all is a case of its own: an unpaid CAPE has a flat base
}

// rising returns the last amount of from…to that holds, when those that hold come first.
func rising(from, to money.Cents, holds func(money.Cents) bool) (money.Cents, bool) {
	if from > to || !holds(from) {
		return 0, false
	}
	for from < to {
		mid := to - (to-from)/2
		if holds(mid) {
			from = mid
		} else {
			to = mid - 1
		}
	}
	return from, true
}

// first returns the first amount of from…to that holds, when those that hold come last; to+1 if none.
func first(from, to money.Cents, holds func(money.Cents) bool) money.Cents {
	for from <= to {
		mid := from + (to-from)/2
		if holds(mid) {
			to = mid - 1
		} else {
			from = mid + 1
		}
	}
	return from
}

// byCost searches the amounts from the top, stretch by stretch.
func (s *search) byCost() (money.Cents, bool) {
	s.c.at(s.top)
	most := s.c.smic
	// From here on the reference SMIC is what it is: pay more and the cost never falls.
	flat := first(1, s.top, func(x money.Cents) bool { s.c.at(x); return s.c.smic == most })
	if x, ok := rising(flat, s.top, s.fits); ok {
		return x, true
	}
	// Before, it grows with the pay: what switches at one amount is put at the edges of stretches.
	end := flat - 1
	if end < 1 {
		return 0, false
	}
	edges := []money.Cents{1, end + 1}
	for _, on := range []func() bool{
		func() bool { return s.c.cumCET != 0 },
		func() bool { return s.c.cumSickness != 0 },
		func() bool { return s.c.cumFamily != 0 },
		func() bool { return s.c.coefficient != 0 },
	} {
		s.c.at(1)
		low := on()
		s.c.at(end)
		if on() == low {
			continue
		}
		edges = append(edges, first(1, end, func(x money.Cents) bool { s.c.at(x); return on() != low }))
	}
	slices.Sort(edges)
	edges = slices.Compact(edges)
	for i := len(edges) - 2; i >= 0; i-- {
		from, to := edges[i], edges[i+1]-1
		s.c.at(from)
		low := s.c.coefficient
		s.c.at(to)
		var x money.Cents
		var ok bool
		if s.c.coefficient > low {
			x, ok = s.down(from, to)
		} else {
			x, ok = rising(from, to, s.fits) // it stands or falls: paying more never costs less
		}
		if ok {
			return x, true
		}
	}
	return 0, false
}

// down searches a stretch from its top where the coefficient climbs with the pay. Paying less only makes steps upwards in
// the cost, so an excess over the budget cannot vanish in fewer cents than the excess over the steepest slope.
func (s *search) down(from, to money.Cents) (money.Cents, bool) {
	slope := s.slope()
	for x := to; x >= from; {
		if s.fits(x) {
			return x, true
		}
		over := s.c.cost - s.t.Amount - 2*s.noise
		x -= max(1, money.Cents(money.MulDiv(int64(over), int64(money.One), int64(slope)))-1)
	}
	return 0, false
}

// slope is the most that the cost grows with the pay while the coefficient stands, as a rate.
func (s *search) slope() money.Rate {
	c := s.c.calc
	sum := c.p.rate(pSocialPackageEmp)
	for i := range c.p.t.lines {
		if l := &c.p.t.lines[i]; l.part == EmployerIs && c.due(l) && l.base != onHealth && l.base != onCover {
			r, _ := c.rate(l)
			sum += r
		}
	}
	provident := c.contract.Cover.ProvidentEmployer
	return money.One + sum + money.Rate(money.MulDiv(int64(sum), int64(provident), int64(money.One)))
}

// byNet searches by what the person has before tax. Without rounding it grows with the pay but where the contribution that
// begins above the ceiling takes its part of the whole year at once: on each side of it, rounding moves the answer by a few
// cents, which are looked at one by one.
func (s *search) byNet() (money.Cents, bool) {
	edge := first(1, s.top, func(x money.Cents) bool { s.c.at(x); return s.c.cumCET != 0 })
	if edge > 1 && edge <= s.top {
		if x, ok := s.within(edge, s.top); ok {
			return x, true
		}
		return s.within(1, edge-1)
	}
	return s.within(1, s.top)
}

// within searches amounts on one side.
func (s *search) within(low, high money.Cents) (money.Cents, bool) {
	x, ok := rising(low, high, func(x money.Cents) bool { s.exact.at(x); return s.exact.net <= s.t.Amount+s.noise })
	for ; ok && x >= low; x-- {
		if s.fits(x) {
			return x, true
		}
	}
	return 0, false
}
