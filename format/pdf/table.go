package pdf

import (
	"slices"
	"strings"
)

// column is one column of a table: texts to the left, amounts to the right.
type column struct {
	title    string
	to       side
	weight   float64 // share of the width left over; 0 takes what the content asks
	x, width float64
}

// table sets rows under a head that every page repeats.
type table struct {
	columns []column
	title   style
	text    style
	strong  style
	lead    float64
	pad     float64 // above and below the text of a row
	gap     float64 // between columns
}

// newTable measures the columns. rows are all that will be set, for the width of the amounts.
func newTable(columns []column, rows [][]string) *table {
	t := &table{
		columns: columns,
		title:   style{cut: semibold, size: 7.75, color: ink2},
		text:    style{cut: regular, size: 9, color: ink},
		strong:  style{cut: semibold, size: 9, color: ink},
		lead:    13,
		pad:     6,
	}
	t.measure(rows)
	return t
}

// measure gives the amounts the width they ask and the words what is left.
func (t *table) measure(rows [][]string) {
	const (
		widest   = 104.0 // amounts beyond it wrap
		narrow   = 24.0
		longHead = 74.0 // up to which a title stands on one line
		fewWords = 110.0
		enough   = 190.0 // for words: then amounts stand apart and titles on one line
	)
	fixed, weights := 0.0, 0.0
	for i := range t.columns {
		c := &t.columns[i]
		weights += c.weight
		if c.weight > 0 {
			continue
		}
		c.width = narrow
		for word := range strings.FieldsSeq(clip(letters(c.title), 80)) {
			c.width = max(c.width, min(longHead, t.title.width(word)))
		}
		for _, row := range rows {
			if i < len(row) {
				c.width = max(c.width, min(widest, t.strong.width(letters(clip(row[i], 60)))))
			}
		}
		c.width++ // so that rounding never wraps the widest
		fixed += c.width
	}
	if weights == 0 && len(t.columns) > 0 {
		weights, t.columns[0].weight = 1, 1
		fixed -= t.columns[0].width
	}
	gaps := float64(len(t.columns) - 1)
	t.gap = 14
	if bodyWidth-fixed-gaps*t.gap < enough {
		t.gap = 9
	}
	for i := range t.columns {
		c := &t.columns[i]
		if grow := min(longHead, t.title.width(letters(c.title))+1) - c.width; c.weight == 0 && grow > 0 &&
			bodyWidth-fixed-gaps*t.gap-grow >= enough {
			c.width += grow
			fixed += grow
		}
	}
	for fixed+gaps*t.gap > bodyWidth-min(fewWords, bodyWidth*0.3) { // the widest amounts give way
		widest := -1
		for i, c := range t.columns {
			if c.weight == 0 && c.width > 12 && (widest < 0 || c.width > t.columns[widest].width) {
				widest = i
			}
		}
		if widest < 0 {
			break
		}
		cut := min(4, t.columns[widest].width-12)
		t.columns[widest].width -= cut
		fixed -= cut
	}
	x := left
	for i := range t.columns {
		c := &t.columns[i]
		if c.weight > 0 {
			c.width = max(12, (bodyWidth-fixed-gaps*t.gap)*c.weight/weights)
		}
		c.x = x
		x += c.width + t.gap
	}
}

// clip keeps the first bytes of a text that is only measured.
func clip(s string, n int) string {
	if len(s) > n {
		return s[:n]
	}
	return s
}

// row is one row of a table, measured.
type row struct {
	texts  []string
	style  style
	indent float64 // of the first column
	result bool    // stands below a rule of its own

	cells  [][]line
	height float64
}

// prepare sets the texts of the rows.
func (t *table) prepare(rows []row) {
	for n := range rows {
		r := &rows[n]
		r.cells, r.height = make([][]line, len(t.columns)), t.lead
		for i, c := range t.columns {
			if i >= len(r.texts) {
				break
			}
			if i == 0 {
				c.x += r.indent
				c.width = max(12, c.width-r.indent)
			}
			title, detail, _ := strings.Cut(r.texts[i], "\n") // what follows the first line explains it
			r.cells[i] = paragraph(c.x, c.width, c.to, r.style, t.lead, title)
			r.cells[i] = append(r.cells[i], paragraph(c.x, c.width, c.to, r.style.in(ink2), t.lead, detail)...)
			r.height = max(r.height, height(r.cells[i]))
		}
		r.height += 2 * t.pad
	}
}

// head is the row of titles, which stand on a rule.
func (t *table) head() ([][]line, float64) {
	cells, tallest := make([][]line, len(t.columns)), 0.0
	for i, c := range t.columns {
		cells[i] = paragraph(c.x, c.width, c.to, t.title, 10.5, c.title)
		tallest = max(tallest, height(cells[i]))
	}
	for i := range cells {
		cells[i] = slices.Insert(cells[i], 0, space(tallest-height(cells[i])))
	}
	return cells, tallest + headRule
}

const (
	headRule = 5.0                                                                   // from the titles to the rule below
	page     = paperHeight - topEdge - runningHeight - (paperHeight - footEdge) - 50 // height of the least body
)

// room is what the table needs where it begins: all of it if that is little, or the head and a few rows.
func (t *table) room(rows []row, after float64) float64 {
	_, h := t.head()
	few := h
	for i, r := range rows {
		h += r.height
		if i < 3 {
			few = h
		}
	}
	if h+after <= 0.4*page {
		return h + after
	}
	return min(few, 0.5*page)
}

// set lays the rows from here on, below a head that every page repeats. Only a row taller than half a page goes on
// from one to the next; the last two rows stay together, and with what comes after the table.
func (t *table) set(l *layout, rows []row, after float64) {
	titles, headHeight := t.head()
	head := func() {
		l.flow(slices.Clone(titles)...)
		l.y += headRule
		l.rule(left, l.y, rightEdge, l.y, 0.8, ink)
	}
	l.need(t.room(rows, after))
	head()
	l.tableHead = head
	following := make([]float64, len(rows)) // what must stand on the same page as a row
	for i := len(rows) - 1; i >= 0 && i >= len(rows)-2; i-- {
		following[i] = after
		if i+1 < len(rows) {
			following[i] = rows[i+1].height + following[i+1]
		}
	}
	whole := l.bottom - topEdge - runningHeight - headHeight // below the heads of a page
	for i, r := range rows {
		room := l.bottom - l.y
		switch tall := r.height > whole/2; { // to keep a tall row whole would leave half a page empty
		case r.height+following[i] <= room:
		case tall && room < 4*t.lead+2*t.pad, !tall && (r.height > room || r.height+following[i] <= whole):
			l.turn()
		}
		if r.result && i > 0 {
			l.rule(left, l.y, rightEdge, l.y, 0.8, ink)
		}
		l.y += t.pad
		l.inset = t.pad
		l.flow(r.cells...)
		l.inset = 0
		l.y += t.pad
		l.rule(left, l.y, rightEdge, l.y, 0.5, hairline)
	}
	l.tableHead = nil
}
