package web

import (
	"hash/fnv"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"essaim/date"
	"essaim/i18n"
	"essaim/money"
)

// Cash is the chart of an account: what was there (solid), what is expected (dashed, hatched), the reserve one has
// chosen, today, and the lowest point to come. It is drawn here, twice (desk and phone, the stylesheet shows one), so
// that print, PDF and mail can have it too; its table says the same to those who do not see it.
type Cash struct {
	Title   string // the question it answers, as a heading
	Points  []CashPoint
	Today   date.Day
	Reserve money.Cents // 0: none
	Href    string      // where the heading's arrow leads; empty: none
	Small   bool        // the home's: one narrow drawing on every screen, without its table
}

// CashPoint is the treasury at the end of a day. In and Out (negative) are those of the period that ends there.
type CashPoint struct {
	Day      date.Day
	Cents    money.Cents
	In, Out  money.Cents
	Forecast bool

	Why, InWhy, OutWhy string // what each amount opens, from the table
}

// low returns the index of the lowest forecast, -1 when it is not below today's figure and reserve.
func (c Cash) low() int {
	low, now := -1, money.Cents(0)
	for i, p := range c.Points {
		if !p.Forecast {
			now = p.Cents
			continue
		}
		if low < 0 || p.Cents < c.Points[low].Cents {
			low = i
		}
	}
	if low >= 0 && c.Points[low].Cents >= now {
		return -1
	}
	return low
}

// HTML writes heading, drawing and table.
func (c Cash) HTML(p i18n.Printer) template.HTML { return component(c, p) }

func (c Cash) write(m *markup, p i18n.Printer) {
	m.raw(`<section class="pane chart"><div class="bh"><h2>`).text(c.Title).raw("</h2>")
	if c.Href != "" {
		m.raw(`<a class="ib sm" href="`).text(c.Href).raw(`" aria-label="`).text(p.T("web.chart_open")).raw(`">`).icon("chevron-right").raw("</a>")
	}
	m.raw("</div>")
	if len(c.Points) < 2 {
		m.raw(`<p class="muted small">`).text(p.T("web.chart_none")).raw("</p></section>")
		return
	}
	if c.Small {
		c.draw(m, p, drawing{w: 358, h: 210, left: 44, right: 14, every: 3, class: "ph only", id: c.id("s")})
		m.raw("</section>")
		return
	}
	c.draw(m, p, drawing{w: 690, h: 290, left: 54, right: 30, every: 1, class: "dk", id: c.id("d"), words: true})
	c.draw(m, p, drawing{w: 358, h: 230, left: 44, right: 14, every: 3, class: "ph", id: c.id("p")})
	c.twin(m, p)
	m.raw("</section>")
}

// id names the hatching of a drawing: two charts may stand on one page.
func (c Cash) id(which string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(c.Title)) // never fails
	return "hatch-" + which + strconv.FormatUint(uint64(h.Sum32()), 36)
}

func (c Cash) twin(m *markup, p i18n.Printer) {
	m.raw(`<details class="twin"><summary>`).text(p.T("web.chart_twin")).raw(`</summary>`)
	t := Table{Class: "plain", Wide: true, Caption: c.Title, Cols: []Col{{Label: p.T("web.chart_end")}, {Label: p.T("web.chart_in"), Num: true}, {Label: p.T("web.chart_out"), Num: true}, {Label: p.T("web.chart_cash"), Num: true}}}
	for _, x := range c.Points {
		name := p.Month(x.Day.Month())
		switch {
		case x.Day == c.Today:
			name = p.Day(x.Day)
		case x.Forecast:
			name = p.T("web.chart_expected", "month", name)
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{cellText(name), cellAmount(x.In, x.InWhy), cellAmount(x.Out, x.OutWhy), cellAmount(x.Cents, x.Why)}})
	}
	m.table(p, t).raw("</details>")
}

// A drawing is one size of the chart, in pixels.
type drawing struct {
	w, h, left, right int
	every             int // a month's name every so many
	class, id         string
	words             bool // room for more words
}

// label says in one sentence what the drawing shows.
func (c Cash) label(p i18n.Printer) string {
	first, last := c.Points[0].Day.Month(), c.Points[len(c.Points)-1].Day.Month()
	var s strings.Builder
	s.WriteString(p.T("web.chart_label", "title", c.Title, "from", p.Month(first), "to", p.Month(last)))
	for _, x := range c.Points {
		if x.Day == c.Today {
			s.WriteString(" " + p.T("web.chart_label_today", "amount", x.Cents))
		}
	}
	if i := c.low(); i >= 0 {
		s.WriteString(" " + p.T("web.chart_label_low", "amount", c.Points[i].Cents, "month", p.Month(c.Points[i].Day.Month())))
	}
	return s.String()
}

// step returns a round distance between grid lines, of which the span holds about three: 1, 2, 3 or 5 times a power of
// ten euros.
func step(span money.Cents) money.Cents {
	for unit := money.Cents(100); ; unit *= 10 {
		for _, n := range []money.Cents{1, 2, 3, 5} {
			if n*unit*4 > span {
				return n * unit
			}
		}
	}
}

// at is the place of a day on the axis, in months: the end of a month is a whole number.
func at(d date.Day) float64 {
	_, _, day := d.Date()
	y, mo := d.Month().Year(), d.Month().Number()
	return float64(d.Month()-1) + float64(day)/float64(date.DaysIn(y, mo))
}

// draw writes one SVG. Pixels are floats; amounts are not.
func (c Cash) draw(m *markup, p i18n.Printer, d drawing) {
	const top, foot = 26, 28
	bottom := d.h - foot
	high, low := c.Reserve, money.Cents(0)
	for _, x := range c.Points {
		high, low = max(high, x.Cents), min(low, x.Cents)
	}
	unit := step(max(high-low, 100))
	ceil := (high + unit - 1) / unit * unit
	floor := -((-low + unit - 1) / unit * unit)
	if ceil == floor {
		ceil += unit
	}
	for v := floor; v <= ceil; v += unit { // room for the longest figure
		d.left = max(d.left, 14+7*utf8.RuneCountInString(p.Int(int64(v/100))))
	}
	x0, x1 := at(c.Points[0].Day), at(c.Points[len(c.Points)-1].Day)
	if x1 <= x0 {
		x1 = x0 + 1
	}
	px := func(v float64) float64 { return float64(d.left) + (v-x0)/(x1-x0)*float64(d.w-d.left-d.right) }
	py := func(v money.Cents) float64 {
		return float64(bottom) - float64(v-floor)/float64(ceil-floor)*float64(bottom-top)
	}
	line := func(class string, ax, ay, bx, by float64) {
		m.raw(`<line class="`).raw(class).raw(`" x1="`).px(ax).raw(`" y1="`).px(ay).raw(`" x2="`).px(bx).raw(`" y2="`).px(by).raw(`"/>`)
	}
	words := func(class string, x, y float64, anchor, s string) {
		m.raw("<text").attr("class", class).raw(` x="`).px(x).raw(`" y="`).px(y).raw(`"`).attr("text-anchor", anchor).raw(">").text(s).raw("</text>")
	}
	left, right := float64(d.left), float64(d.w-d.right)

	m.raw(`<svg viewBox="0 0 `).int(d.w).raw(" ").int(d.h).raw(`" role="img" class="`).raw(d.class).raw(`"`).attr("aria-label", c.label(p)).raw(">")
	m.raw(`<defs><pattern id="`).raw(d.id).raw(`" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="hl" x1="0" y1="0" x2="0" y2="6"/></pattern></defs>`)
	for v := floor; v <= ceil; v += unit {
		class := "grid"
		if v == 0 {
			class = "zero"
		}
		line(class, left, py(v), right, py(v))
		words("", left-8, py(v)+4, "end", p.Int(int64(v/100)))
	}

	past, future := new(markup), new(markup) // "x y" of each
	var lastPast CashPoint
	for i, x := range c.Points {
		to := past
		if x.Forecast {
			to = future
			if len(future.b) == 0 && i > 0 {
				future.raw("M").px(px(at(lastPast.Day))).raw(" ").px(py(lastPast.Cents))
			}
		} else {
			lastPast = x
		}
		if len(to.b) == 0 {
			to.raw("M")
		} else {
			to.raw("L")
		}
		to.px(px(at(x.Day))).raw(" ").px(py(x.Cents))
	}
	zero, nowX, nowY := py(0), px(at(lastPast.Day)), py(lastPast.Cents)
	lastX := px(at(c.Points[len(c.Points)-1].Day))
	if len(past.b) > 0 {
		m.raw(`<path class="area" d="`).raw(string(past.b)).raw("L").px(nowX).raw(" ").px(zero).raw("L").px(px(x0)).raw(" ").px(zero).raw(`z"/>`)
	}
	if len(future.b) > 0 {
		m.raw(`<path fill="url(#`).raw(d.id).raw(`)" d="`).raw(string(future.b)).raw("L").px(lastX).raw(" ").px(zero).raw("L").px(nowX).raw(" ").px(zero).raw(`z"/>`)
	}
	if c.Reserve > 0 {
		line("goal", left, py(c.Reserve), right, py(c.Reserve))
	}
	if len(past.b) > 0 {
		m.raw(`<path class="past" d="`).raw(string(past.b)).raw(`"/>`)
	}
	if len(future.b) > 0 {
		m.raw(`<path class="fut" d="`).raw(string(future.b)).raw(`"/>`)
	}
	room := roomFor(c, px, py, box{left, 2, right + 6, float64(bottom) - 4})
	if lastPast.Day == c.Today {
		line("zero", nowX, min(nowY+8, zero), nowX, max(nowY-8, zero))
		room.taken = append(room.taken, box{nowX - 8, nowY - 8, nowX + 8, nowY + 8})
		text := p.T("web.chart_today", "amount", lastPast.Cents)
		at, _ := room.find(wide(text, 13), 16, []spot{{nowX - 12, nowY - 16}, {nowX + 12 + wide(text, 13), nowY - 16}}, nowY-16, 2, 4)
		if at.y1 < nowY-12 { // the curve pushed it up: a line leads to it
			line("zero", nowX, at.y1+1, nowX, nowY-7)
		}
		m.raw(`<circle class="now" cx="`).px(nowX).raw(`" cy="`).px(nowY).raw(`" r="7"/>`)
		words("k", at.x1, at.y1-4, "end", text)
	}
	if i := c.low(); i >= 0 {
		c.drawLow(m, p, d, c.Points[i], px, py, room, words, line)
	}
	if c.Reserve > 0 && d.words {
		text, y := p.T("web.chart_reserve", "amount", p.WholeEuros(c.Reserve)), py(c.Reserve)
		w := wide(text, 12)
		var spots []spot
		for x := left + 8 + w; x < right; x += 24 {
			spots = append(spots, spot{x, y - 18}, spot{x, y + 4})
		}
		if at, found := room.find(w, 14, spots, y-18, y-18, 4); found {
			words("", at.x1, at.y1-3, "end", text)
		}
	}
	c.drawMonths(p, d, px, float64(bottom+18), words)
	m.raw("</svg>")
}

// drawLow marks the lowest point to come, its two lines of words where the curve leaves room.
func (c Cash) drawLow(m *markup, p i18n.Printer, d drawing, x CashPoint, px func(float64) float64, py func(money.Cents) float64, room *room,
	words func(class string, x, y float64, anchor, s string), line func(class string, ax, ay, bx, by float64),
) {
	lx, ly := px(at(x.Day)), py(x.Cents)
	text := p.WholeEuros(x.Cents)
	if d.words {
		text = p.T("web.chart_low_when", "amount", text, "month", p.ShortMonth(x.Day.Month()))
	}
	w := max(wide(text, 12), wide(p.T("web.chart_low"), 12))
	edge := float64(d.w-d.right) + 6
	above := []spot{{min(lx+w/2, edge), ly - 44}, {min(lx+w, edge), ly - 44}, {min(lx+4, edge), ly - 44}}
	at, found := room.find(w, 32, above, ly-44, 2, 4)
	if !found { // under it, or beside
		at, _ = room.find(w, 32, []spot{{min(lx+w/2, edge), ly + 10}, {lx - 12, ly - 12}, {lx + 12 + w, ly - 12}}, ly+10, ly+10, 4)
	}
	if at.y1 < ly-14 {
		line("lead", lx, at.y1+1, lx, ly-6)
	}
	m.raw(`<circle class="low" cx="`).px(lx).raw(`" cy="`).px(ly).raw(`" r="5"/>`)
	anchor, tx := "end", at.x1
	if at.x0 < lx && lx < at.x1 && at.x1 < edge {
		anchor, tx = "middle", (at.x0+at.x1)/2
	}
	words("red", tx, at.y0+12, anchor, p.T("web.chart_low"))
	words("red", tx, at.y0+28, anchor, text)
}

// wide is about how wide a text is, in pixels: the figures and words of a chart, not any text.
func wide(s string, size float64) float64 { return float64(utf8.RuneCountInString(s)) * size * 0.575 }

// A box is where words stand on a drawing; a spot is a place to try, by its right and upper edge.
type (
	box  struct{ x0, y0, x1, y1 float64 }
	spot struct{ right, top float64 }
)

func (b box) meets(o box) bool { return b.x0 < o.x1 && o.x0 < b.x1 && b.y0 < o.y1 && o.y0 < b.y1 }

// A room is where words may stand: within its walls, off the curve, the reserve and other words.
type room struct {
	walls  box
	xs, ys []float64 // the curve
	goal   float64   // the reserve's line, below the walls when there is none
	taken  []box
}

func roomFor(c Cash, px func(float64) float64, py func(money.Cents) float64, walls box) *room {
	r := &room{walls: walls, goal: walls.y1 + 100}
	for _, x := range c.Points {
		r.xs, r.ys = append(r.xs, px(at(x.Day))), append(r.ys, py(x.Cents))
	}
	if c.Reserve > 0 {
		r.goal = py(c.Reserve)
	}
	return r
}

// free says whether nothing is drawn where a box would stand.
func (r *room) free(b box) bool {
	if b.x0 < r.walls.x0 || b.x1 > r.walls.x1 || b.y0 < r.walls.y0 || b.y1 > r.walls.y1 || b.y0 < r.goal && r.goal < b.y1 {
		return false
	}
	if slices.ContainsFunc(r.taken, b.meets) {
		return false
	}
	for i := 1; i < len(r.xs); i++ { // the part of each piece of the curve that stands over the box
		x0, x1 := max(r.xs[i-1], b.x0-3), min(r.xs[i], b.x1+3)
		if x0 > x1 || r.xs[i] == r.xs[i-1] {
			continue
		}
		slope := (r.ys[i] - r.ys[i-1]) / (r.xs[i] - r.xs[i-1])
		y0, y1 := r.ys[i-1]+slope*(x0-r.xs[i-1]), r.ys[i-1]+slope*(x1-r.xs[i-1])
		if min(y0, y1) < b.y1+2 && max(y0, y1) > b.y0-2 {
			return false
		}
	}
	return true
}

// find tries the spots, then the same ones higher and higher, and takes the first that is free; the walls leave a line
// above every curve, so that the highest is seldom wrong.
func (r *room) find(w, h float64, spots []spot, from, to, step float64) (box, bool) {
	for rise := 0.0; from-rise >= to; rise += step {
		for _, s := range spots {
			if b := (box{s.right - w, s.top - rise, s.right, s.top - rise + h}); r.free(b) {
				r.taken = append(r.taken, b)
				return b, true
			}
		}
	}
	right, top := min(max(spots[0].right, r.walls.x0+w), r.walls.x1), min(to, r.walls.y1-h)
	b := box{right - w, top, right, top + h}
	return b, false
}

// drawMonths writes the names of the months under their ends, as many as there is room for.
func (c Cash) drawMonths(p i18n.Printer, d drawing, px func(float64) float64, y float64, words func(class string, x, y float64, anchor, s string)) {
	first, last := c.Points[0].Day.Month(), c.Points[len(c.Points)-1].Day.Month()
	every := max(d.every, (int(last-first)+1)*40/(d.w-d.left-d.right)+1)
	for mo := first; mo <= last; mo++ {
		if x := px(at(mo.Last())); int(mo-first)%every == 0 && x >= float64(d.left)-1 && x <= float64(d.w-d.right)+1 {
			words("", x, y, "middle", p.ShortMonth(mo))
		}
	}
}

// px writes a pixel with at most one decimal.
func (m *markup) px(v float64) *markup {
	b := strconv.AppendFloat(nil, v, 'f', 1, 64)
	if n := len(b); b[n-1] == '0' {
		b = b[:n-2]
	}
	m.b = append(m.b, b...)
	return m
}

// Split says what a sum is for: a bar in up to four parts, and its legend.
type Split struct {
	Title string
	Total money.Cents
	Href  string // what the total opens
	Parts []SplitPart
}

// SplitPart is one part; what is negative has no place in the bar and stays in the legend.
type SplitPart struct {
	Label string
	Cents money.Cents
	Href  string
}

// HTML writes the pane.
func (s Split) HTML(p i18n.Printer) template.HTML { return component(s, p) }

func (s Split) write(m *markup, p i18n.Printer) {
	m.raw(`<section class="pane chart"><div class="bh"><h2>`).text(s.Title).raw("</h2>").amount(p, s.Total, s.Href, "strong").raw("</div>")
	var whole money.Cents
	shown := 0
	for _, x := range s.Parts {
		if x.Cents > 0 {
			whole += x.Cents
			shown++
		}
	}
	if whole > 0 {
		m.raw(`<svg viewBox="0 0 800 28" role="img" preserveAspectRatio="none" class="sb"`).attr("aria-label", p.T("web.chart_split", "amount", s.Total)).raw(">")
		gap := 3.0
		room, x := 800-gap*float64(shown-1), 0.0
		for i, part := range s.Parts {
			if part.Cents <= 0 {
				continue
			}
			w := room * float64(part.Cents) / float64(whole)
			m.raw(`<rect class="seg`).int(i%4 + 1).raw(`" x="`).px(x).raw(`" y="0" width="`).px(w).raw(`" height="28" rx="4"/>`)
			x += w + gap
		}
		m.raw("</svg>")
	}
	m.raw(`<ul class="legend">`)
	for i, x := range s.Parts {
		m.raw(`<li><i class="s`).int(i%4+1).raw(`"></i><span>`).text(x.Label).raw("</span>").amount(p, x.Cents, x.Href, "").raw("</li>")
	}
	m.raw("</ul></section>")
}
