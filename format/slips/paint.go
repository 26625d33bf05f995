package slips

import (
	"cmp"
	"errors"
	"math"
	"slices"
	"strings"
)

// cell is a piece of text that stands by itself on a line: what a reader of the page takes for one thing.
type cell struct {
	text   string
	x0, x1 float64
}

// line is a line of a page, from left to right.
type line []cell

func (l line) String() string {
	texts := make([]string, len(l))
	for i, c := range l {
		texts[i] = c.text
	}
	return strings.Join(texts, " ")
}

// chunk is a string where it is painted: along its line from x0 to x1, at the height y, of a size, all in points and turned so that it
// reads from left to right; turn says by how many quarters.
type chunk struct {
	text         string
	x0, x1, y, h float64
	turn         int
}

type matrix [6]float64

// by is m followed by n.
func (m matrix) by(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3], m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

var errUnread = errors.New("a page that cannot be read")

const (
	maxChunks = 100_000 // of a page
	maxForms  = 12      // within each other
	maxSaved  = 64
	maxRuns   = 400     // forms painted by a page, all told
	maxText   = 1 << 18 // of a page, in bytes; a payslip has a few thousand
)

// painter goes through a content stream as a viewer does and keeps the texts (§ 9.4).
type painter struct {
	d      *document
	chunks []chunk
	text   int // bytes of the chunks
	runs   int

	ctm, tm, tlm                     matrix
	face                             any   // what the resources say of the font; no more is saved, for each font may be large
	faced                            bool  // a font was chosen
	font                             *font // the face, once it has been read
	size, char, word, scale, leading float64
	rise                             float64
}

// lines returns the lines of a page, from top to bottom.
func (d *document) lines(i int) ([]line, error) {
	content, err := d.content(d.pages[i])
	if err != nil {
		return nil, err
	}
	p := &painter{d: d, ctm: matrix{1, 0, 0, 1, 0, 0}, scale: 1}
	resources, _ := d.get(d.pages[i].resources).(dict)
	if err := p.run(content, resources, 0); err != nil {
		return nil, err
	}
	return arrange(p.chunks), nil
}

type saved struct {
	ctm                                    matrix
	face                                   any
	faced                                  bool
	size, char, word, scale, leading, rise float64
}

func (p *painter) run(content []byte, resources dict, depth int) error {
	s := p.d.scanContent(content)
	var held []any
	var stack []saved
	num := func(back int) float64 { return p.d.real(last(held, back)) }
	for {
		v, err := s.next()
		switch {
		case errors.Is(err, errEnd):
			return nil
		case errors.Is(err, errMuch):
			return err
		case err != nil:
			s.at++ // a stray sign: viewers go on
			continue
		}
		o, operator := v.(op)
		if !operator {
			if held = append(held, v); len(held) > 1000 {
				held = held[:0]
			}
			continue
		}
		switch o {
		case "q":
			if len(stack) < maxSaved {
				stack = append(stack, saved{p.ctm, p.face, p.faced, p.size, p.char, p.word, p.scale, p.leading, p.rise})
			}
		case "Q":
			if n := len(stack); n > 0 {
				t := stack[n-1]
				stack = stack[:n-1]
				p.ctm, p.size, p.char, p.word, p.scale, p.leading, p.rise = t.ctm, t.size, t.char, t.word, t.scale, t.leading, t.rise
				p.face, p.faced, p.font = t.face, t.faced, nil
			}
		case "cm":
			p.ctm = matrix{num(6), num(5), num(4), num(3), num(2), num(1)}.by(p.ctm)
		case "BT":
			p.tm = matrix{1, 0, 0, 1, 0, 0}
			p.tlm = p.tm
		case "Tf":
			n, _ := last(held, 2).(name)
			all, _ := p.d.get(resources["Font"]).(dict)
			p.face, p.faced, p.font, p.size = all[n], true, nil, num(1)
		case "Tc":
			p.char = num(1)
		case "Tw":
			p.word = num(1)
		case "Tz":
			p.scale = num(1) / 100
		case "TL":
			p.leading = num(1)
		case "Ts":
			p.rise = num(1)
		case "Td":
			p.move(num(2), num(1))
		case "TD":
			p.leading = -num(1)
			p.move(num(2), num(1))
		case "Tm":
			p.tm = matrix{num(6), num(5), num(4), num(3), num(2), num(1)}
			p.tlm = p.tm
		case "T*":
			p.move(0, -p.leading)
		case "Tj":
			p.show(last(held, 1))
		case "'":
			p.move(0, -p.leading)
			p.show(last(held, 1))
		case "\"":
			p.word, p.char = num(3), num(2)
			p.move(0, -p.leading)
			p.show(last(held, 1))
		case "TJ":
			list, _ := last(held, 1).(array)
			for _, x := range list {
				if t, ok := x.(text); ok {
					p.show(t)
				} else {
					p.tm = matrix{1, 0, 0, 1, -p.d.real(x) / 1000 * p.size * p.scale, 0}.by(p.tm)
				}
			}
		case "Do":
			n, _ := last(held, 1).(name)
			if err := p.form(resources, n, depth); err != nil {
				return err
			}
		case "ID":
			s.picture()
		}
		if p.full() {
			return errUnread
		}
		held = held[:0]
	}
}

func (p *painter) move(x, y float64) {
	p.tlm = matrix{1, 0, 0, 1, x, y}.by(p.tlm)
	p.tm = p.tlm
}

// full says whether a page has more text than is kept of one.
func (p *painter) full() bool { return len(p.chunks) > maxChunks || p.text > maxText }

// form paints a form in its place.
func (p *painter) form(resources dict, n name, depth int) error {
	all, _ := p.d.get(resources["XObject"]).(dict)
	s, ok := p.d.get(all[n]).(*stream)
	if !ok || s.dict["Subtype"] != name("Form") {
		return nil
	}
	if p.runs++; depth > maxForms || p.runs > maxRuns {
		return errUnread
	}
	b, err := p.d.decode(s)
	if err != nil {
		return err
	}
	inner, ok := p.d.get(s.dict["Resources"]).(dict)
	if !ok {
		inner = resources
	}
	before := *p
	before.font = nil
	if m, ok := p.d.get(s.dict["Matrix"]).(array); ok && len(m) == 6 {
		var t matrix
		for i := range t {
			t[i] = p.d.real(m[i])
		}
		p.ctm = t.by(p.ctm)
	}
	err = p.run(b, inner, depth+1)
	before.chunks, before.text, before.runs = p.chunks, p.text, p.runs
	*p = before
	return err
}

// show keeps a string and moves on by its width.
func (p *painter) show(v any) {
	t, ok := v.(text)
	if !ok || !p.faced || p.full() {
		return
	}
	if p.font == nil {
		p.font = p.d.face(p.face)
	}
	letters, width, codes, spaces := p.font.show(t, maxText)
	p.text += len(letters)
	p.d.work -= 4 * len(letters) // that it is looked through
	wide := (width*p.size + float64(codes)*p.char + float64(spaces)*p.word) * p.scale
	at := matrix{1, 0, 0, 1, 0, p.rise}.by(p.tm).by(p.ctm)
	p.tm = matrix{1, 0, 0, 1, wide, 0}.by(p.tm)
	long := math.Hypot(at[0], at[1])
	high := math.Abs(p.size) * math.Hypot(at[2], at[3])
	if strings.TrimSpace(letters) == "" || !(long > 0) || math.IsInf(long*wide, 0) {
		return
	}
	// Along is the direction in which the text runs.
	ax, ay := at[0]/long, at[1]/long
	along, across := at[4]*ax+at[5]*ay, at[5]*ax-at[4]*ay
	turn := int(math.Round(math.Atan2(ay, ax)/(math.Pi/2))+4) % 4
	p.chunks = append(p.chunks, chunk{letters, along, along + wide*long, across, high, turn})
}

// arrange makes lines of what was painted in any order. Strings at one height are a line; a gap between two is a space between words, or,
// when it is wide, the end of a cell. The same string painted twice, to look bold, counts once.
func arrange(chunks []chunk) []line {
	slices.SortStableFunc(chunks, func(a, b chunk) int {
		return cmp.Or(cmp.Compare(a.turn, b.turn), cmp.Compare(b.y, a.y))
	})
	var out []line
	for i := 0; i < len(chunks); {
		j := i + 1
		for j < len(chunks) && chunks[j].turn == chunks[i].turn && chunks[i].y-chunks[j].y < max(0.4*min(chunks[i].h, chunks[j].h), 0.5) {
			j++
		}
		row := chunks[i:j]
		slices.SortStableFunc(row, func(a, b chunk) int { return cmp.Compare(a.x0, b.x0) })
		out = append(out, together(row))
		i = j
	}
	return out
}

func together(row []chunk) line {
	var l line
	var b strings.Builder
	var from, end float64
	flush := func() {
		if t := strings.TrimSpace(b.String()); t != "" {
			l = append(l, cell{t, from, end})
		}
		b.Reset()
	}
	for i, c := range row {
		if i > 0 && c.text == row[i-1].text && math.Abs(c.x0-row[i-1].x0) < 0.15*c.h {
			continue
		}
		gap := c.x0 - end
		switch {
		case i == 0:
			from = c.x0
		case gap > 1.2*c.h:
			flush()
			from = c.x0
		case gap > 0.17*c.h:
			b.WriteByte(' ')
		}
		b.WriteString(c.text)
		end = max(end, c.x1)
		if i == 0 {
			end = c.x1
		}
	}
	flush()
	return l
}
