package pdf

import (
	"slices"
	"strconv"
	"strings"

	"essaim/i18n"
	"essaim/sale"
)

// Document lays out a quote, an invoice or a credit note and returns the file. Everything that the paper says is printed,
// in its words.
//
// A row of Sign that ends with a colon is to be filled in by hand, and stands above a rule. Where no row does, and none
// tells a day or a time either, the box leaves room for a signature; otherwise it holds the trace of one.
func Document(p sale.Paper) ([]byte, error) {
	d := draw(p)
	return write(d.sheets, description{
		lang:    d.words.Lang(),
		title:   join(", ", join(" ", p.Title, p.Number), p.Brand),
		subject: p.Object,
		author:  p.Brand,
	})
}

// join is [strings.Join] without the empty texts.
func join(sep string, texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(s string) bool { return s == "" }), sep)
}

// count says which page of how many.
func count(page, pages int) string { return strconv.Itoa(page) + "/" + strconv.Itoa(pages) }

type document struct {
	layout
	sale.Paper
}

// draw lays the paper on sheets.
func draw(p sale.Paper) *document {
	d := &document{layout: layout{words: i18n.For(p.Lang)}, Paper: p}
	if d.Draft {
		d.behind = d.words.T("pdf.draft")
	}
	foot, more := d.foot(d.Seller)
	d.running = d.runningHead
	d.turn()
	d.head()
	d.parties()
	d.rows()
	d.totals()
	d.terms()
	d.notes()
	d.payment()
	d.agreement()
	d.closing()
	d.mentions(append(slices.Clone(d.Mentions), more...))
	d.annex()
	for i, s := range d.sheets {
		foot(s, i+1, len(d.sheets))
	}
	return d
}

// annex is what goes with the document on pages of its own: a notice, a form to be filled in and sent back.
func (d *document) annex() {
	if len(d.Annex) == 0 {
		return
	}
	const lead, room = 13.5, 16.0
	d.turn()
	for i, p := range d.Annex {
		var lines []line
		if p.Label != "" {
			if i > 0 {
				lines = append(lines, space(12))
			}
			lines = append(append(lines, paragraph(left, bodyWidth, toLeft, style{cut: semibold, size: 12, color: ink}, 18, p.Label)...), space(4))
		}
		lines = append(lines, paragraph(left, bodyWidth*0.96, toLeft, plainText, lead, p.Value)...)
		if strings.HasSuffix(strings.TrimSpace(p.Value), ":") {
			lines = append(lines, line{room, func(s *sheet, y float64) { s.rule(left, y+room-2, left+bodyWidth*0.6, y+room-2, 0.5, grey) }})
		}
		lines = append(lines, space(6))
		d.need(height(lines))
		d.flow(lines)
	}
}

// half is where the right half of the page begins: the window of an envelope.
const half = 322.0

// head is the trade name and what the document is.
func (d *document) head() {
	const titleWidth = 200.0
	x := rightEdge - titleWidth
	brand := style{cut: display, size: 20, color: ink, track: -0.012}
	worn := wear(d.Look)
	worn.band(d.sheet)
	names := worn.head(d.sheet, d.y, x-20-left, d.Brand, d.Under)
	titles := paragraph(x, titleWidth, toRight, brand, 25, d.Title)
	titles = append(titles, space(4))
	titles = append(titles, paragraph(x, titleWidth, toRight, style{cut: semibold, size: 9.5, color: ink}, 14, d.Number)...)
	if d.Draft {
		titles = append(titles, space(5), line{18, func(s *sheet, y float64) { s.pill(rightEdge, y, d.behind) }})
	}
	d.flow(names, titles)
}

// runningHead tops the pages after the first: whose document, which one.
func (d *document) runningHead() {
	st := style{cut: semibold, size: 8.5, color: ink2}
	which := join(" ", d.Title, d.Number) + ", " + d.words.T("pdf.continued")
	if st.width(letters(which)) > bodyWidth*0.5 { // the number tells it from all others
		which = d.Number + ", " + d.words.T("pdf.continued")
	}
	which = ellipsis(st, which, bodyWidth*0.6)
	d.text(left, baseline(d.y, 14, st), st, ellipsis(st, d.Brand, bodyWidth-st.width(which)-20))
	d.right(rightEdge, baseline(d.y, 14, st), st, which)
	d.y += runningHeight - 6
}

// ellipsis keeps what fits of a text on one line.
func ellipsis(st style, t string, width float64) string {
	lines := wrap(st, t, width)
	switch len(lines) {
	case 0:
		return ""
	case 1:
		return lines[0]
	}
	runes := []rune(lines[0])
	for len(runes) > 0 && st.width(string(runes)+"…") > width {
		runes = runes[:len(runes)-1]
	}
	return strings.TrimRight(string(runes), " ") + "…"
}

// parties are the dates and references on one side and the buyer on the other.
func (d *document) parties() {
	const window = 142.0 // top of the address, within the window of a folded page
	d.y = max(d.y+18, window)
	var buyer []line
	address := func(name string, lines []string, named bool) {
		if len(lines) == 0 {
			return
		}
		if len(buyer) > 0 {
			buyer = append(buyer, space(10))
		}
		buyer = append(buyer, paragraph(half, rightEdge-half, toLeft, style{cut: regular, size: 8.25, color: ink2}, 13, name)...)
		for i, t := range lines {
			st := style{cut: regular, size: 9.75, color: ink}
			if i == 0 && named {
				st.cut = semibold
			}
			buyer = append(buyer, paragraph(half, rightEdge-half, toLeft, st, 14, t)...)
		}
	}
	address(d.words.T("pdf.for"), d.Buyer, true)
	address(d.words.T("pdf.delivery"), d.Delivery, false)
	d.flow(list(left, half-28-left, 14.5, 124, d.Meta), buyer)
	d.y += 30
	if d.Object != "" {
		st := style{cut: semibold, size: 11, color: ink}
		lines := paragraph(left, bodyWidth, toLeft, st, 15.5, d.Object)
		d.need(height(lines) + 60)
		d.flow(lines)
		d.y += 12
	}
}

// list sets labels in one column and their values in another.
func list(x, width, lead, widest float64, all []sale.Pair) []line {
	labels := 0.0
	for _, p := range all {
		labels = max(labels, min(widest, quietText.width(letters(clip(p.Label, 80)))+1))
	}
	var lines []line
	for _, p := range all {
		names := label(x, labels, toLeft, quietText, lead, 12, p.Label)
		values := label(x+labels+12, width-labels-12, toLeft, plainText, lead, 12, p.Value)
		lines = append(lines, abreast(names, values)...)
	}
	return lines
}

// abreast makes one column of lines of two that begin together.
func abreast(a, b []line) []line {
	lines := make([]line, max(len(a), len(b)))
	for i := range lines {
		var both []line
		if i < len(a) {
			both = append(both, a[i])
		}
		if i < len(b) {
			both = append(both, b[i])
		}
		tallest := 0.0
		for _, l := range both {
			tallest = max(tallest, l.height)
		}
		lines[i] = line{tallest, func(s *sheet, y float64) {
			for _, l := range both {
				l.draw(s, y)
			}
		}}
	}
	return lines
}

// rows is the table of goods and services. Columns that no row fills are left out.
func (d *document) rows() {
	fields := []func(sale.PaperRow) string{
		func(r sale.PaperRow) string { return r.Label },
		func(r sale.PaperRow) string { return r.Quantity },
		func(r sale.PaperRow) string { return r.Price },
		func(r sale.PaperRow) string { return r.Discount },
		func(r sale.PaperRow) string { return r.Done },
		func(r sale.PaperRow) string { return r.Before },
		func(r sale.PaperRow) string { return r.Rate },
		func(r sale.PaperRow) string { return r.Amount },
	}
	var columns []column
	var kept []func(sale.PaperRow) string
	for i, field := range fields {
		if i > 0 && !slices.ContainsFunc(d.Rows, func(r sale.PaperRow) bool { return field(r) != "" }) {
			continue
		}
		c := column{title: field(d.Head), to: toRight}
		if i == 0 {
			c.to, c.weight = toLeft, 1
		}
		columns, kept = append(columns, c), append(kept, field)
	}
	texts, rows := make([][]string, len(d.Rows)), make([]row, len(d.Rows))
	for i, r := range d.Rows {
		for _, field := range kept {
			texts[i] = append(texts[i], field(r))
		}
	}
	t := newTable(columns, texts)
	for i := range rows {
		rows[i] = row{texts: texts[i], style: t.text}
	}
	t.prepare(rows)
	t.set(&d.layout, rows, d.totalsHeight()) // the totals never stand on a page alone
}
