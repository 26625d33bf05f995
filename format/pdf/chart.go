package pdf

import (
	"math"

	"essaim/money"
)

const (
	chartHeight = 150.0
	chartFoot   = 18.0 // for the names below
	chartHead   = 14.0 // for what is written above the last point
)

var (
	axisText = style{cut: regular, size: 7.5, color: ink3}
	red      = paint{0xa9, 0x2c, 0x1c}
)

// scale is the axis of amounts: from the first rule to the last, in cents.
type scale struct{ from, to, step float64 }

// newScale chooses round steps, at most five, that hold zero and every amount.
func newScale(points []Point) scale {
	low, high := 0.0, 0.0
	for _, p := range points {
		low, high = min(low, float64(p.Amount)), max(high, float64(p.Amount))
	}
	span := max(high-low, 100) // one euro: an axis without height has no steps
	unit := math.Pow(10, math.Floor(math.Log10(span/4)))
	step := 10 * unit
	for _, k := range []float64{1, 2, 2.5, 5} {
		if math.Ceil(high/(k*unit))-math.Floor(low/(k*unit)) <= 5 {
			step = k * unit
			break
		}
	}
	s := scale{math.Floor(low/step) * step, math.Ceil(high/step) * step, step}
	if s.from == s.to {
		s.to += step
	}
	return s
}

// chart draws amounts over time from p.y on, and moves p.y below.
func (p *report) chart(c Chart) {
	s := newScale(c.Points)
	top, bottom := p.y+chartHead, p.y+chartHeight-chartFoot
	at := func(v float64) float64 { return bottom - (v-s.from)/(s.to-s.from)*(bottom-top) }

	names := 0.0
	for v := s.from; v <= s.to+s.step/2; v += s.step {
		names = max(names, axisText.width(p.amount(v, s.step)))
	}
	x0 := left + names + 8
	for v := s.from; v <= s.to+s.step/2; v += s.step {
		y := at(v)
		if math.Abs(v) < s.step/2 {
			v = 0
			p.rule(x0, y, rightEdge, y, 0.8, grey)
		} else {
			p.rule(x0, y, rightEdge, y, 0.5, hairline)
		}
		p.right(left+names, y+2.7, axisText, p.amount(v, s.step))
	}

	n := float64(len(c.Points))
	slot := (rightEdge - x0) / n
	middle := func(i int) float64 { return x0 + (float64(i)+0.5)*slot }
	if c.Line {
		p.followed(c.Points, middle, at)
	} else {
		width := min(slot*0.62, 30)
		for i, point := range c.Points {
			y, zero, color := at(float64(point.Amount)), at(0), grey
			if point.Amount < 0 {
				color = red
			}
			p.fill(middle(i)-width/2, min(y, zero), width, math.Abs(y-zero), 0, color)
		}
	}

	widest := 0.0
	for _, point := range c.Points {
		widest = max(widest, axisText.width(p.name(point)))
	}
	every := max(1, int(math.Ceil((widest+8)/slot)))
	for i := (len(c.Points) - 1) % every; i < len(c.Points); i += every { // the last one always has its name
		name := p.name(c.Points[i])
		x := min(middle(i), rightEdge-axisText.width(name)/2)
		p.centre(x, bottom+13, axisText, name)
	}
	p.y += chartHeight
}

// followed is a balance: its line over its ground, and the last amount in words.
func (p *report) followed(points []Point, middle func(int) float64, at func(float64) float64) {
	line := make([]point, len(points))
	for i, q := range points {
		line[i] = point{middle(i), at(float64(q.Amount))}
	}
	last := line[len(line)-1]
	ground := append([]point{{line[0].x, at(0)}}, line...)
	p.polygon(append(ground, point{last.x, at(0)}), 0, hexagonal)
	p.path(line, 1.4, ink)
	p.dot(last.x, last.y, 3, honey)
	st := style{cut: semibold, size: 8, color: ink}
	amount := p.words.Euros(points[len(points)-1].Amount)
	p.right(min(rightEdge, last.x+st.width(amount)/2), last.y-7, st, amount)
}

// name is what stands below a point, on one line.
func (p *report) name(q Point) string { return ellipsis(axisText, q.Label, 70) }

// amount names a rule of the axis, with cents only where the steps have some.
func (p *report) amount(v, step float64) string {
	if step < 100 {
		return p.words.Euros(money.Cents(math.Round(v)))
	}
	const most = 90_000_000_000_000_000 // euros: an axis may end a step beyond what cents can count
	return p.words.WholeEuros(money.Cents(max(-most, min(most, math.Round(v/100)))) * 100)
}
