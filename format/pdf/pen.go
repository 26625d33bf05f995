package pdf

import (
	"math"
	"strconv"

	"codeberg.org/go-pdf/fpdf"
)

// All lengths are points (1/72 inch), from the top left corner of an A4 page.
const (
	paperWidth  = 595.28
	paperHeight = 841.89
)

// paint is a colour, as in the tokens of the interface.
type paint struct{ r, g, b uint8 }

var (
	ink       = paint{0x21, 0x1e, 0x19}
	ink2      = paint{0x5c, 0x56, 0x4d}
	ink3      = paint{0x6b, 0x65, 0x5b}
	hairline  = paint{0xdd, 0xd8, 0xce}
	sunken    = paint{0xf6, 0xf5, 0xf2}
	hexagonal = paint{0xef, 0xed, 0xe8}
	grey      = paint{0x8a, 0x83, 0x76}
	honey     = paint{0xf2, 0xb1, 0x34}
	honeySoft = paint{0xfc, 0xf0, 0xd3}
	honeyDeep = paint{0x7d, 0x52, 0x07}
	marker    = paint{0xf9, 0xd3, 0x86}
	ghost     = paint{0xf7, 0xf5, 0xf1} // words behind the text
)

// style is how a text is set. Track is the space added between characters, in ems.
type style struct {
	cut   int
	size  float64
	color paint
	track float64
}

func (s style) in(p paint) style { s.color = p; return s }

// width of a text set on one line.
func (s style) width(t string) float64 {
	f, sum, n := faces()[s.cut], 0, 0
	before := rune(-1)
	for _, r := range t {
		sum += f.advance(f.glyph(r))
		if before >= 0 {
			sum += f.between(before, r)
		}
		before = r
		n++
	}
	return (float64(sum)/f.unit + float64(n)*s.track) * s.size
}

// sheet is one page: what will be drawn on it, in order.
type sheet struct{ strokes []stroke }

type stroke interface{ draw(p *pen) }

// shape is a stroke that is no text.
type shape func(p *pen)

func (s shape) draw(p *pen) { s(p) }

// written is a line of text whose baseline begins at x, y and goes in the direction (cos, sin).
type written struct {
	x, y, cos, sin float64
	style          style
	text           string
}

// pen draws on the pages of the library and remembers the characters used.
type pen struct {
	*fpdf.Fpdf
	fonts [cuts]*subset
	buf   []byte
}

func (s *sheet) add(draw shape) { s.strokes = append(s.strokes, draw) }

// text sets a line whose baseline begins at x, y.
func (s *sheet) text(x, y float64, st style, t string) {
	s.slanted(x, y, 1, 0, st, t)
}

// right sets a line that ends at x.
func (s *sheet) right(x, y float64, st style, t string) { s.text(x-st.width(t), y, st, t) }

// centre sets a line around x.
func (s *sheet) centre(x, y float64, st style, t string) { s.text(x-st.width(t)/2, y, st, t) }

// slanted sets a line along the direction (cos, sin) of an angle.
func (s *sheet) slanted(x, y, cos, sin float64, st style, t string) {
	if t != "" {
		s.strokes = append(s.strokes, written{x, y, cos, sin, st, t})
	}
}

func (s *sheet) rule(x1, y1, x2, y2, width float64, c paint) {
	s.add(func(p *pen) { p.stroke(c, width); p.Line(x1, y1, x2, y2) })
}

func (s *sheet) fill(x, y, w, h, radius float64, c paint) {
	s.add(func(p *pen) {
		p.ink(c)
		if radius == 0 {
			p.Rect(x, y, w, h, "F")
		} else {
			p.RoundedRect(x, y, w, h, radius, "1234", "F")
		}
	})
}

func (s *sheet) frame(x, y, w, h, radius, width float64, c paint) {
	s.add(func(p *pen) { p.stroke(c, width); p.RoundedRect(x, y, w, h, radius, "1234", "D") })
}

type point struct{ x, y float64 }

// shape fills a polygon whose corners are rounded by the given length.
func (s *sheet) polygon(corners []point, round float64, c paint) {
	s.add(func(p *pen) {
		p.ink(c)
		n := len(corners)
		for i, at := range corners {
			a, b := toward(at, corners[(i+n-1)%n], round), toward(at, corners[(i+1)%n], round)
			if i == 0 {
				p.MoveTo(a.x, a.y)
			} else {
				p.LineTo(a.x, a.y)
			}
			p.CurveTo(at.x, at.y, b.x, b.y)
		}
		p.ClosePath()
		p.DrawPath("F")
	})
}

// hexagon stands on a point, as tall as twice the radius.
func (s *sheet) hexagon(x, y, radius, round float64, c paint) {
	const half = 0.8660254 // √3 / 2
	w, h := radius*half, radius/2
	s.polygon([]point{{x, y - radius}, {x + w, y - h}, {x + w, y + h}, {x, y + radius}, {x - w, y + h}, {x - w, y - h}}, round, c)
}

// path strokes a line through points.
func (s *sheet) path(points []point, width float64, c paint) {
	s.add(func(p *pen) {
		p.stroke(c, width)
		p.SetLineJoinStyle("round")
		for i, at := range points {
			if i == 0 {
				p.MoveTo(at.x, at.y)
			} else {
				p.LineTo(at.x, at.y)
			}
		}
		p.DrawPath("D")
	})
}

func (s *sheet) dot(x, y, radius float64, c paint) {
	s.add(func(p *pen) { p.ink(c); p.Circle(x, y, radius, "F") })
}

// toward is the point that lies the given length from a to b, at most half way.
func toward(a, b point, length float64) point {
	dx, dy := b.x-a.x, b.y-a.y
	d := math.Hypot(dx, dy)
	if d == 0 {
		return a
	}
	k := min(length/d, 0.5)
	return point{a.x + k*dx, a.y + k*dy}
}

func (p *pen) ink(c paint) { p.SetFillColor(int(c.r), int(c.g), int(c.b)) }

func (p *pen) stroke(c paint, width float64) {
	p.SetDrawColor(int(c.r), int(c.g), int(c.b))
	p.SetLineWidth(width)
}

// draw writes the operators of the line.
func (w written) draw(p *pen) {
	st, font := w.style, p.fonts[w.style.cut]
	b := append(p.buf[:0], "q "...)
	for _, v := range []uint8{st.color.r, st.color.g, st.color.b} {
		b = append(number(b, float64(v)/255, 3), ' ')
	}
	b = append(b, "rg BT /"...)
	b = append(b, fontName(st.cut)...)
	b = append(number(append(b, ' '), st.size, 2), " Tf "...)
	if st.track != 0 {
		b = append(number(b, st.track*st.size, 3), " Tc "...)
	}
	for _, v := range []float64{w.cos, w.sin, -w.sin, w.cos} {
		b = append(number(b, v, 4), ' ')
	}
	b = append(number(b, w.x, 2), ' ')
	b = append(number(b, paperHeight-w.y, 2), " Tm [<"...)
	before := rune(-1)
	for _, r := range w.text {
		if before >= 0 {
			if k := font.between(before, r); k != 0 {
				b = append(number(append(b, '>'), -float64(k)*1000/font.unit, 0), '<')
			}
		}
		before = r
		const digits = "0123456789abcdef"
		n := font.use(r)
		b = append(b, digits[n>>12], digits[n>>8&15], digits[n>>4&15], digits[n&15])
	}
	p.buf = append(b, ">] TJ ET Q"...)
	p.RawWriteStr(string(p.buf))
}

// number appends a number with at most the given decimals.
func number(b []byte, v float64, decimals int) []byte {
	from := len(b)
	b = strconv.AppendFloat(b, v, 'f', decimals, 64)
	if decimals > 0 {
		for b[len(b)-1] == '0' {
			b = b[:len(b)-1]
		}
		if b[len(b)-1] == '.' {
			b = b[:len(b)-1]
		}
	}
	if string(b[from:]) == "-0" {
		b = append(b[:from], '0')
	}
	return b
}
