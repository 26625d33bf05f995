package pdf

import (
	"slices"
	"strings"
	"unicode"

	"essaim/sale"
)

// notes are what the activity wrote under the rows.
func (d *document) notes() {
	if len(d.Notes) == 0 {
		return
	}
	d.y += 18
	for _, t := range d.Notes {
		lines := paragraph(left, bodyWidth*0.94, toLeft, plainText, 13.5, t)
		d.need(min(height(lines), 3*13.5))
		d.flow(lines)
		d.y += 4
	}
}

// payment is the tile that says how to pay: label above value, side by side while there is room.
func (d *document) payment() { d.payTile(d.Pay, d.Code) }

// payTile draws a tile that says how to pay, with the square that a phone reads at its right.
func (l *layout) payTile(pay []sale.Pair, code string) {
	if len(pay) == 0 {
		return
	}
	const pad, gap, lead = 14.0, 26.0, 14.0
	inner := bodyWidth - 2*pad
	if code != "" {
		inner -= squareSide + 10
	}
	name, value := style{cut: regular, size: 7.75, color: ink2}, style{cut: semibold, size: 9.5, color: ink}
	var rows [][]line // each row of the tile, its cells drawn abreast
	var row []line
	x := 0.0
	for _, p := range pay {
		text := account(p.Value)
		w := min(inner, max(name.width(letters(clip(p.Label, 200))), value.width(letters(clip(text, 200))))+1)
		if x > 0 && x+w > inner {
			rows, row, x = append(rows, row), nil, 0
		}
		cell := append(paragraph(left+pad+x, w, toLeft, name, 12, p.Label), paragraph(left+pad+x, w, toLeft, value, lead, text)...)
		row = abreast(row, cell)
		x += w + gap
	}
	rows = append(rows, row)
	h := 2*pad - 4
	for i, r := range rows {
		if i > 0 {
			h += 8
		}
		h += height(r)
	}
	if code != "" {
		h = max(h, squareSide+16)
	}
	l.y += 22
	l.need(h)
	top := l.y
	if l.y+h <= l.bottom { // a tile that fills more than a page does without its ground
		l.fill(left, l.y, bodyWidth, h, 8, sunken)
		if code != "" {
			l.square(rightEdge-squareSide-8, l.y+(h-squareSide)/2, squareSide, code)
		}
	}
	l.y += pad - 2
	for i, r := range rows {
		if i > 0 {
			l.y += 8
		}
		l.flow(r)
	}
	l.y += pad - 2
	if code != "" && l.y > top {
		l.y = max(l.y, top+h)
	}
}

// account groups an IBAN by four; other values stay as they are.
func account(v string) string {
	compact := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '\u202f' {
			return -1
		}
		return r
	}, v)
	if len(compact) < 15 || len(compact) > 34 {
		return v
	}
	var b strings.Builder
	for i, r := range compact {
		letter, digit := r >= 'A' && r <= 'Z', r >= '0' && r <= '9'
		if i < 2 && !letter || i >= 2 && i < 4 && !digit || !letter && !digit {
			return v
		}
		if i > 0 && i%4 == 0 {
			b.WriteRune('\u00a0')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// agreement is the box where the customer agrees, or what says that he did.
func (d *document) agreement() {
	if len(d.Sign) == 0 {
		return
	}
	const pad, lead, gap, room = 14.0, 13.5, 20.0, 30.0
	inner := bodyWidth - 2*pad
	var lines []line
	var blanks []string
	told := false // when it was agreed
	for i, t := range d.Sign {
		st := quietText
		switch told = told || strings.ContainsFunc(t, figure); {
		case i == 0:
			st = style{cut: semibold, size: 9.5, color: ink}
		case strings.HasSuffix(strings.TrimSpace(t), ":"):
			blanks = append(blanks, t)
			continue
		}
		lines = append(lines, paragraph(left+pad, inner, toLeft, st, lead, t)...)
	}
	for three := range slices.Chunk(blanks, 3) {
		w := (inner - gap*float64(len(three)-1)) / float64(len(three))
		var names []line
		lines = append(lines, space(8))
		for i, t := range three {
			names = abreast(names, paragraph(left+pad+float64(i)*(w+gap), w, toLeft, style{cut: regular, size: 7.75, color: ink2}, 11, t))
		}
		lines = append(append(lines, names...), line{room, func(s *sheet, y float64) {
			for i := range three {
				x := left + pad + float64(i)*(w+gap)
				s.rule(x, y+room-2, x+w, y+room-2, 0.5, grey)
			}
		}})
	}
	if len(blanks) == 0 && !told {
		lines = append(lines, space(room+26))
	}
	if all, ok := sale.Strokes(d.Drawn); ok && len(all) > 0 {
		lines = append(lines, space(6), drawnLine(left+pad, all))
	}
	h := height(lines) + 2*pad - 4
	d.y += 20
	d.need(h)
	whole := d.y+h <= d.bottom
	if whole { // a box that fills more than a page does without its frame
		d.frame(left, d.y, bodyWidth, h, 8, 0.8, grey)
	}
	end := d.y + h
	d.y += pad - 2
	d.flow(lines)
	if whole {
		d.y = end
	}
}

// drawnLine is a signature as it was drawn, a third of a line wide whatever was drawn.
func drawnLine(x float64, all []sale.Stroke) line {
	const width = 156.0
	const scale = width / sale.PadWidth
	return line{sale.PadHeight * scale, func(s *sheet, y float64) {
		for _, one := range all {
			from := one[0]
			for i, to := range one {
				if i == 0 && len(one) > 1 {
					continue
				}
				x0, y0 := x+float64(from[0])*scale, y+float64(from[1])*scale
				x1, y1 := x+float64(to[0])*scale, y+float64(to[1])*scale
				if x0 == x1 && y0 == y1 { // a dot
					x1 += 0.8
				}
				s.rule(x0, y0, x1, y1, 0.9, ink)
				from = to
			}
		}
	}}
}

// mentions stand in two columns at the end, low on the page while there is room.
func (d *document) mentions(texts []string) {
	const lead, between, apart = 10.5, 24.0, 4.0
	width := (bodyWidth - between) / 2
	var first, second []line // the same lines, in the one column and in the other
	var starts []int         // where a mention begins
	for _, t := range texts {
		lines := paragraph(left, width, toLeft, smallText, lead, t)
		if len(lines) == 0 {
			continue
		}
		lines[len(lines)-1].height += apart
		starts = append(starts, len(first))
		first = append(first, lines...)
		lines = paragraph(left+width+between, width, toLeft, smallText, lead, t)
		lines[len(lines)-1].height += apart
		second = append(second, lines...)
	}
	d.y += 12
	for len(first) > 0 {
		cut := halfway(first, starts, 3*lead)
		tall := max(height(first[:cut]), height(first[cut:])) - apart
		if tall <= d.bottom-d.y || tall <= d.bottom-topEdge-runningHeight && d.bottom-d.y < 8*lead {
			d.need(tall)
			d.y = d.bottom - tall
			d.flow(closed(first[:cut], lead), closed(second[cut:], lead))
			return
		}
		// As much as the page holds, and the rest overleaf.
		d.need(4 * lead)
		room := d.bottom - d.y
		n := fitting(first, room)
		m := n + fitting(second[n:], room)
		d.flow(first[:n], second[n:m])
		first, second = first[m:], second[m:]
		for i := range starts {
			starts[i] -= m
		}
		d.turn()
	}
}

// closed takes away what a column's last line keeps free below.
func closed(lines []line, lead float64) []line {
	lines = slices.Clone(lines)
	if n := len(lines); n > 0 {
		lines[n-1].height = lead
	}
	return lines
}

// halfway is where to cut lines into two columns: between two texts if that makes the longer column at most so much
// longer than it must be, or else within one.
func halfway(lines []line, starts []int, tolerance float64) int {
	above := make([]float64, len(lines)+1) // height of the lines before each
	for i, l := range lines {
		above[i+1] = above[i] + l.height
	}
	longer := func(cut int) float64 { return max(above[cut], above[len(lines)]-above[cut]) }
	best := 0
	for cut := range len(lines) + 1 {
		if longer(cut) < longer(best) || longer(cut) == longer(best) && cut <= (len(lines)+1)/2 {
			best = cut
		}
	}
	between := -1
	for _, cut := range append(slices.Clone(starts), len(lines)) {
		if cut > 0 && cut <= len(lines) && (between < 0 || longer(cut) < longer(between)) {
			between = cut
		}
	}
	if between > 0 && longer(between) <= longer(best)+tolerance {
		return between
	}
	return best
}

// fitting is how many lines fit the height.
func fitting(lines []line, room float64) int {
	h := 0.0
	for i, l := range lines {
		if h += l.height; h > room+0.01 {
			return max(i, 1)
		}
	}
	return len(lines)
}
