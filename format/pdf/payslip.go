package pdf

import (
	"slices"
	"strings"

	"essaim/i18n"
	"essaim/payroll"
	"essaim/sale"
)

// Payslip lays out a payslip and returns the file: the page that the law wants, in the words of its model (arrêté du 25
// février 2016), then a page that tells the same in plain words ([payroll.Told]). A payslip of many lines is set closer
// before it goes on to a further page.
func Payslip(p payroll.Paper) ([]byte, error) {
	d := drawPayslip(p)
	house, person := firstOf(p.House), firstOf(p.Person)
	return write(d.sheets, description{lang: "fr", title: join(", ", p.Title, p.Month, person), author: house})
}

type payslip struct {
	layout
	payroll.Paper
	density
	columns [4]float64 // widths of the columns of figures
}

// density is how close a payslip is set.
type density struct {
	pad  float64 // above and below the text of a row
	lead float64
	size float64
}

var densities = []density{{2.6, 10.5, 8.25}, {2, 10.5, 8.25}, {1.3, 10.5, 8.25}, {0.9, 10, 8}, {0.3, 9.6, 7.75}}

// least is a height below which no payslip of so many rows comes: no use to lay it out so.
func (d density) least(p payroll.Paper) (h float64) {
	for _, t := range p.Tables {
		h += 14 + float64(len(t.Rows))*(d.lead+2*d.pad)
	}
	return h + 9*float64(len(p.About))
}

const slipGap = 9.0

var slipTitle = style{cut: semibold, size: 7.75, color: ink2}

func (d density) plain() style  { return style{cut: regular, size: d.size, color: ink} }
func (d density) strong() style { return style{cut: semibold, size: d.size, color: ink} }

func drawPayslip(p payroll.Paper) *payslip {
	var d *payslip
	for i, close := range densities { // the widest that is one page, if any is
		if i < len(densities)-1 && close.least(p) > paperHeight-topEdge-150 {
			continue
		}
		d = &payslip{layout: layout{words: i18n.For("fr")}, Paper: p, density: close}
		foot, more := d.foot(p.Foot)
		d.running = d.runningHead
		d.turn()
		d.head()
		d.measure()
		for n, t := range p.Tables {
			if n > 0 {
				d.y += 1.5 + 2.5*d.pad
			}
			d.table(t)
		}
		d.net()
		d.closing(more)
		if len(d.sheets) > 1 && i < len(densities)-1 {
			continue
		}
		d.told()
		for i, s := range d.sheets {
			foot(s, i+1, len(d.sheets))
		}
		break
	}
	return d
}

func firstOf(texts []string) string {
	if len(texts) == 0 {
		return ""
	}
	return texts[0]
}

func (d *payslip) runningHead() {
	st := style{cut: semibold, size: 8.5, color: ink2}
	which := ellipsis(st, join(", ", d.Title, strings.ToLower(d.Month), firstOf(d.Person)), bodyWidth*0.62)
	d.text(left, baseline(d.y, 14, st), st, ellipsis(st, firstOf(d.House), bodyWidth-st.width(which)-20))
	d.right(rightEdge, baseline(d.y, 14, st), st, which)
	d.y += runningHeight - 10
}

// head is who pays, the month, who is paid.
func (d *payslip) head() {
	const titleWidth, window, lead = 210.0, 136.0, 12.0
	x := rightEdge - titleWidth
	name := style{cut: display, size: 14, color: ink, track: -0.008}
	small := style{cut: regular, size: 8.25, color: ink2}
	var house []line
	for i, t := range d.House {
		st, height := small, 11.0
		if i == 0 {
			st, height = name, 19
		}
		house = append(house, paragraph(left, x-20-left, toLeft, st, height, t)...)
	}
	d.badgeIn(left-23, d.y+10, 13, firstOf(d.House), dress{})
	titles := paragraph(x, titleWidth, toRight, style{cut: display, size: 20, color: ink, track: -0.012}, 25, d.Title)
	titles = append(titles, paragraph(x, titleWidth, toRight, style{cut: semibold, size: 11, color: ink}, 16, d.Month)...)
	for _, t := range d.Dates {
		titles = append(titles, paragraph(x, titleWidth, toRight, small, 11.5, t)...)
	}
	end := d.y
	d.flow(titles)
	var person []line
	for i, t := range d.Person {
		st := style{cut: regular, size: 9.75, color: ink}
		if i == 0 {
			st.cut = semibold
		}
		person = append(person, paragraph(half, rightEdge-half, toLeft, st, 13.5, t)...)
	}
	// Who is paid stands in the window of an envelope; what is to know of them below who pays.
	end, d.y = max(d.y, end), end
	own := append(append(house, space(9)), list(left, half-28-left, lead, 96, salePairs(d.About))...)
	d.flow(own, append([]line{space(max(window, end+8) - d.y)}, person...))
	d.y += 8 + 1.5*d.pad
}

func salePairs(all []payroll.PaperPair) []sale.Pair {
	out := make([]sale.Pair, len(all))
	for i, p := range all {
		out[i] = sale.Pair(p)
	}
	return out
}

// measure gives the columns of figures one width for all tables, so that they stand below one another.
func (d *payslip) measure() {
	const widest = 92.0
	d.columns = [4]float64{50, 42, 54, 58}
	for _, t := range d.Tables {
		for i := range d.columns {
			if i+1 < len(t.Titles) {
				d.columns[i] = max(d.columns[i], min(66, slipTitle.width(letters(clip(t.Titles[i+1], 60)))+1))
			}
			for _, r := range t.Rows {
				if i < len(r.Cells) {
					st := d.strong()
					if r.Kind == payroll.NetRow {
						st.size = 10
					}
					d.columns[i] = max(d.columns[i], min(widest, st.width(letters(clip(r.Cells[i], 60)))+1))
				}
			}
		}
	}
}

// place is where a column of figures ends.
func (d *payslip) place(i int) float64 {
	x := rightEdge - 5
	for n := 3; n > i; n-- {
		x -= d.columns[n] + slipGap
	}
	return x
}

// words is the width of the column of words.
func (d *payslip) wordsWidth() float64 { return d.place(0) - d.columns[0] - slipGap - left - 5 }

// table is one table of the first page; its titles stand again where it goes on.
func (d *payslip) table(t payroll.PaperTable) {
	head := func() {
		var cells [][]line
		tallest := 0.0
		for i, title := range t.Titles {
			var c []line
			if i == 0 {
				c = paragraph(left+5, d.wordsWidth(), toLeft, style{cut: semibold, size: 9, color: ink}, 12, title)
			} else if i <= 4 {
				c = paragraph(d.place(i-1)-d.columns[i-1], d.columns[i-1], toRight, slipTitle, 9.5, title)
			}
			cells, tallest = append(cells, c), max(tallest, height(c))
		}
		for i := range cells { // titles stand on the rule
			cells[i] = append([]line{space(tallest - height(cells[i]))}, cells[i]...)
		}
		d.flow(cells...)
		d.y += 2.5
		d.rule(left, d.y, rightEdge, d.y, 0.8, ink)
		d.y += 1
	}
	d.need(14 + 3*d.lead)
	head()
	d.tableHead = head
	for i, r := range t.Rows {
		d.row(r, i == 0)
	}
	d.tableHead = nil
}

func (d *payslip) row(r payroll.PaperRow, first bool) {
	st, figures, indent, pad := d.plain(), d.plain(), 0.0, d.pad
	switch r.Kind {
	case payroll.GroupRow:
		st = style{cut: semibold, size: 7.75, color: honeyDeep}
	case payroll.BlockRow:
		st = d.strong()
	case payroll.InBlock:
		indent = 9
	case payroll.TotalRow:
		st, figures = d.strong(), d.strong()
	case payroll.NetRow:
		st, figures, pad = style{cut: semibold, size: 9.5, color: ink}, style{cut: semibold, size: 10, color: ink}, d.pad+1.7
	}
	words := paragraph(left+5+indent, d.wordsWidth()-indent, toLeft, st, d.lead, r.Label)
	if r.Detail != "" {
		quiet := style{cut: regular, size: 7.75, color: ink2}
		beside := letters(r.Detail)
		if n := len(words); n == 1 && st.width(letters(r.Label))+8+quiet.width(beside) <= d.wordsWidth()-indent {
			x := left + 5 + indent + st.width(letters(r.Label)) + 8
			words = abreast(words, paragraph(x, d.wordsWidth(), toLeft, quiet, d.lead, beside))
		} else {
			words = append(words, paragraph(left+5+indent, d.wordsWidth()-indent, toLeft, quiet, d.lead, r.Detail)...)
		}
	}
	columns := [][]line{words}
	tall := max(d.lead, height(words))
	for i, c := range r.Cells {
		if c != "" && i < 4 {
			lines := paragraph(d.place(i)-d.columns[i], d.columns[i], toRight, figures, d.lead, c)
			columns, tall = append(columns, lines), max(tall, height(lines))
		}
	}
	if d.y+tall+2*pad > d.bottom {
		d.turn()
		first = true
	}
	switch {
	case r.Kind == payroll.NetRow:
		d.y += 1.5
		d.fill(left, d.y, bodyWidth, tall+2*pad, 4, sunken)
	case r.Kind == payroll.TotalRow && !first:
		d.rule(left, d.y, rightEdge, d.y, 0.8, ink)
	case r.Kind != payroll.InBlock && !first:
		d.rule(left, d.y, rightEdge, d.y, 0.5, hairline)
	}
	end := d.y + tall + 2*pad
	d.y += pad
	d.flow(columns...)
	d.y = max(d.y+pad, end)
	if r.Kind == payroll.NetRow {
		d.y += 1.5
	}
}

// net is what is paid, under the marker.
func (d *payslip) net() {
	tall := 31 + d.pad
	name, st := style{cut: semibold, size: 12, color: ink}, style{cut: display, size: 19, color: ink, track: -0.006}
	d.y += 2
	d.need(tall)
	d.rule(left, d.y, rightEdge, d.y, 0.8, ink)
	value := ellipsis(st, d.Net.Value, bodyWidth*0.6)
	base, w := d.y+23, st.width(value)
	d.highlight(rightEdge-5-w, base, w, st)
	d.text(rightEdge-5-w, base, st, value)
	d.text(left+5, base-1, name, ellipsis(name, d.Net.Label, bodyWidth-w-30))
	d.y += tall
}

// closing is what stands below the net: what the employer pays, leave, what the law wants said.
func (d *payslip) closing(more []string) {
	quiet, strong := style{cut: regular, size: 7.75, color: ink2}, style{cut: semibold, size: 9, color: ink}
	d.y += 2 + d.pad
	if n := len(d.Cost); n > 0 {
		w := (bodyWidth - 20 - float64(n-1)*12) / float64(n)
		var cells [][]line
		tallest := 0.0
		for i, p := range d.Cost {
			x := left + 10 + float64(i)*(w+12)
			label := paragraph(x, w, toLeft, quiet, 9.5, p.Label)
			cells, tallest = append(cells, label), max(tallest, height(label))
		}
		for i, p := range d.Cost {
			x := left + 10 + float64(i)*(w+12)
			cells[i] = append(append(cells[i], space(tallest-height(cells[i]))), paragraph(x, w, toLeft, strong, 12.5, p.Value)...)
		}
		for _, c := range cells {
			tallest = max(tallest, height(c))
		}
		d.need(tallest + 11)
		d.fill(left, d.y, bodyWidth, tallest+11, 6, sunken)
		d.y += 5
		d.flow(cells...)
		d.y += 6
	}
	// What the law wants said stands to the left of the counters of leave.
	words := bodyWidth
	var leave []line
	if len(d.Leave.Rows) > 0 {
		words = bodyWidth*0.54 - 14
		leave = d.leave(left+bodyWidth*0.54, bodyWidth*0.46)
	}
	var said []line
	for _, t := range append(slices.Clone(d.Mentions), more...) {
		said = append(said, paragraph(left, words, toLeft, smallText, 9.5, t)...)
		said = append(said, space(1.5))
	}
	d.y += 3 + d.pad
	d.need(max(height(said), height(leave)))
	d.flow(said, leave)
}

// leave is the counters of leave.
func (d *payslip) leave(x, width float64) (lines []line) {
	const figures, lead = 39.0, 12.0
	row := func(cells []string, words, figure style) {
		all := paragraph(x, width-3*figures-8, toLeft, words, lead, firstOf(cells))
		for i, c := range cells[min(1, len(cells)):] {
			if i < 3 {
				all = abreast(all, paragraph(x+width-5-float64(3-i)*figures, figures, toRight, figure, lead, c))
			}
		}
		lines = append(lines, all...)
	}
	row(d.Leave.Titles, style{cut: semibold, size: 8.25, color: ink}, slipTitle)
	lines = append(lines, line{2, func(s *sheet, y float64) { s.rule(x, y+0.5, x+width, y+0.5, 0.5, grey) }})
	for _, r := range d.Leave.Rows {
		row(append([]string{r.Label}, r.Cells...), density{size: 8.25}.plain(), density{size: 8.25}.plain())
	}
	return lines
}
