package pdf

import (
	"essaim/date"
	"essaim/i18n"
	"essaim/money"
	"essaim/sale"
)

// Report is a statement or a list: the monthly statement of an activity (R7331-5 Code du travail), a balance, a
// register. Texts and amounts are written by whoever draws it up.
type Report struct {
	Lang     string // "fr" or "en"
	Title    string
	Subtitle string // « Octobre 2026, arrêté au 22 nov. 2026 »
	Look     sale.Look
	Brand    string    // trade name of the activity, or name of the cooperative
	Day      date.Day  // when it was drawn up, for the description of the file; none leaves it out
	Answer   sale.Pair // what the reader came for, under the marker: « Il me reste pour ma paie », « 1 329,43 € »
	Foot     []string  // legal identity, on each page
	Blocks   []Block
}

// Block is one part of a report, in this order; what is empty is left out.
type Block struct {
	Heading string
	Text    string
	Chart   Chart
	Columns []Column
	Rows    []Row
	Foot    []string // cells of the row of totals
}

// Column of a table. One without weight is as wide as its content; the others share what is left by weight.
type Column struct {
	Title  string
	Right  bool // amounts
	Weight int
}

// Row of a table.
type Row struct {
	Cells  []string
	Strong bool // a subtotal or a result: below a rule, in bold
	Detail bool // nested below the row before it, quieter
}

// Chart shows amounts over time, as bars or as a line. The same amounts belong in a table beside it.
type Chart struct {
	Line   bool // a balance, followed from day to day or month to month; otherwise bars
	Points []Point
}

// Point is one amount of a chart.
type Point struct {
	Label  string
	Amount money.Cents
}

// report is a [Report] on its way to the pages.
type report struct {
	layout
	Report
}

// Statement lays out a [Report] and returns the file.
func Statement(r Report) ([]byte, error) {
	p := r.draw()
	return write(p.sheets, description{
		lang:   p.words.Lang(),
		title:  join(", ", r.Title, r.Subtitle, r.Brand),
		author: r.Brand,
		day:    r.Day,
	})
}

// draw lays the report on sheets.
func (r Report) draw() *report {
	p := &report{layout: layout{words: i18n.For(r.Lang)}, Report: r}
	foot, more := p.foot(r.Foot)
	p.running = p.runningHead
	p.turn()
	p.head()
	for _, b := range r.Blocks {
		p.block(b)
	}
	for _, t := range more {
		p.y += 8
		p.flow(paragraph(left, bodyWidth, toLeft, smallText, 10.5, t))
	}
	for i, s := range p.sheets {
		foot(s, i+1, len(p.sheets))
	}
	return p
}

// head is the title, whose it is, and the answer.
func (p *report) head() {
	const brandWidth = 180.0
	title := style{cut: display, size: 20, color: ink, track: -0.012}
	worn := wear(p.Look)
	worn.band(p.sheet)
	if p.Brand != "" && worn.logo == nil {
		p.badgeIn(left-23, p.y+13, 15, p.Brand, worn)
	}
	x := rightEdge - brandWidth
	titles := paragraph(left, x-20-left, toLeft, title, 25, p.Title)
	titles = append(titles, space(3))
	titles = append(titles, paragraph(left, x-20-left, toLeft, quietText, 13, p.Subtitle)...)
	brand := append([]line{space(5)}, paragraph(x, brandWidth, toRight, style{cut: semibold, size: 10, color: ink}, 14, p.Brand)...)
	if worn.logo != nil {
		k := min(1, brandWidth/worn.wide, 30/worn.tall)
		w, h := k*worn.wide, k*worn.tall
		brand = append([]line{{h, func(s *sheet, y float64) { s.picture(rightEdge-w, y, w, h, worn.logo) }}}, brand...)
	}
	p.flow(titles, brand)
	if p.Answer != (sale.Pair{}) {
		p.y += 24
		p.answer()
	}
	p.y += 8
}

// answer is a sentence whose amount bears the marker.
func (p *report) answer() {
	st := style{cut: display, size: 17, color: ink, track: -0.008}
	value := ellipsis(st, p.Answer.Value, bodyWidth)
	lines := wrap(st, p.Answer.Label, bodyWidth)
	x := left
	if n := len(lines); n > 0 {
		p.flow(paragraph(left, bodyWidth, toLeft, st, 24, p.Answer.Label))
		x += st.width(lines[n-1]) + 6
		if x+st.width(value) > rightEdge {
			x = left
		} else {
			p.y -= 24
		}
	}
	p.need(24)
	base := baseline(p.y, 24, st)
	p.highlight(x, base, st.width(value), st)
	p.text(x, base, st, value)
	p.y += 24
}

func (p *report) runningHead() {
	st := style{cut: semibold, size: 8.5, color: ink2}
	which := ellipsis(st, join(", ", p.Title, p.words.T("pdf.continued")), bodyWidth*0.6)
	p.text(left, baseline(p.y, 14, st), st, ellipsis(st, p.Brand, bodyWidth-st.width(which)-20))
	p.right(rightEdge, baseline(p.y, 14, st), st, which)
	p.y += runningHeight - 6
}

func (p *report) block(b Block) {
	p.y += 20
	heading := paragraph(left, bodyWidth, toLeft, style{cut: semibold, size: 12, color: ink}, 17, b.Heading)
	text := paragraph(left, bodyWidth*0.9, toLeft, quietText, 13, b.Text)
	t, rows := b.table()
	following := 0.0 // a heading never ends a page
	switch {
	case len(b.Chart.Points) > 0:
		following = 8 + chartHeight
	case t != nil:
		following = 8 + t.room(rows, 0)
	}
	p.need(height(heading) + 2 + min(height(text), 39) + following)
	p.flow(heading)
	if len(text) > 0 {
		p.y += 2
		p.flow(text)
	}
	if len(b.Chart.Points) > 0 {
		p.y += 8
		p.need(chartHeight)
		p.chart(b.Chart)
	}
	if t != nil {
		p.y += 8
		t.set(&p.layout, rows, 0)
	}
}

// table is the table of a block, its totals last; none without columns.
func (b Block) table() (*table, []row) {
	if len(b.Columns) == 0 {
		return nil, nil
	}
	columns := make([]column, len(b.Columns))
	for i, c := range b.Columns {
		columns[i] = column{title: c.Title, weight: float64(max(0, c.Weight))}
		if c.Right {
			columns[i].to = toRight
		}
	}
	var texts [][]string
	for _, r := range b.Rows {
		texts = append(texts, r.Cells)
	}
	if len(b.Foot) > 0 {
		texts = append(texts, b.Foot)
	}
	t := newTable(columns, texts)
	t.pad = 4.5
	rows := make([]row, len(texts))
	for i := range rows {
		rows[i] = row{texts: texts[i], style: t.text}
		switch r := &rows[i]; {
		case i == len(b.Rows) || b.Rows[i].Strong:
			r.style, r.result = t.strong, true
		case b.Rows[i].Detail:
			r.style, r.indent = style{cut: regular, size: 8.25, color: ink2}, 10
		}
	}
	t.prepare(rows)
	return t, rows
}
