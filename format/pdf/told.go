package pdf

import (
	"essaim/i18n"
	"essaim/money"
	"essaim/payroll"
)

// told is the second page of a payslip: from what it costs to what is received, one step a row, each with a bar that
// begins where the one before ended, so that the eye subtracts too.
func (d *payslip) told() {
	t := d.Told
	if t.Title == "" {
		return
	}
	d.words = i18n.For(t.Lang)
	d.turn()
	d.flow(paragraph(left, bodyWidth*0.8, toLeft, style{cut: display, size: 20, color: ink, track: -0.012}, 26, t.Title))
	d.y += 6
	d.flow(paragraph(left, bodyWidth*0.86, toLeft, style{cut: regular, size: 11, color: ink}, 16, t.Lead))
	d.y += 22
	f := newFall(t)
	f.titles(d, t)
	f.step(d, payroll.ToldRow{Label: t.Cost.Label, Together: t.Cost.Value, Amount: t.Whole}, whole)
	for _, r := range t.Rows {
		f.step(d, r, piece)
	}
	f.step(d, payroll.ToldRow{Label: t.Received.Label, Together: t.Received.Value, Amount: t.Kept}, received)
	d.steps(t, f)
	for i, n := range t.Notes {
		if i == 0 {
			d.y += 14
		}
		lines := paragraph(left, bodyWidth*0.94, toLeft, quietText, 13, n)
		d.need(height(lines))
		d.flow(lines)
		d.y += 3
	}
}

// stepKind says what a step of the fall is.
type stepKind int

const (
	whole stepKind = iota // what it costs
	piece                 // what goes away, or comes back
	received
)

// fall is the chart of the second page, set as the middle column of its table.
type fall struct {
	amounts  [3]float64 // widths of the columns of amounts
	words    float64
	x, width float64 // of the bars
	low, per float64 // cents at x, points a cent
	pad      float64 // above and below a step
	now      money.Cents
}

var (
	toldText  = style{cut: regular, size: 9, color: ink}
	toldBold  = style{cut: semibold, size: 10, color: ink}
	toldSmall = style{cut: regular, size: 8, color: ink2}
)

func newFall(t payroll.Told) *fall {
	const gap, narrow, widest = 10.0, 46.0, 96.0
	f := &fall{amounts: [3]float64{narrow, narrow, narrow}, pad: 6}
	if len(t.Rows) > 8 {
		f.pad = 3
	}
	fit := func(i int, st style, text string) {
		f.amounts[i] = max(f.amounts[i], min(widest, st.width(letters(clip(text, 60)))+1))
	}
	for _, r := range t.Rows {
		fit(0, toldText, r.Employee)
		fit(1, toldText, r.Employer)
		fit(2, toldText, r.Together)
	}
	fit(2, toldBold, t.Cost.Value)
	fit(2, style{cut: display, size: 13}, t.Received.Value)
	figures := 0.0
	for _, w := range f.amounts {
		figures += w + gap
	}
	f.words = min(184, (bodyWidth-figures)*0.6)
	f.x, f.width = left+f.words+gap, bodyWidth-figures-f.words-gap
	low, high, now := min(t.Whole, t.Kept, 0), max(t.Whole, t.Kept, 0), t.Whole
	for _, r := range t.Rows {
		now -= r.Amount
		low, high = min(low, now), max(high, now)
	}
	f.low, f.now = float64(low), t.Whole
	f.per = f.width / max(float64(high)-float64(low), 1)
	return f
}

// at is where an amount stands in the column of bars.
func (f *fall) at(v money.Cents) float64 { return f.x + (float64(v)-f.low)*f.per }

// ends is where each column of amounts ends.
func (f *fall) ends(i int) float64 {
	x := rightEdge
	for n := 2; n > i; n-- {
		x -= f.amounts[n] + 10
	}
	return x
}

func (f *fall) titles(d *payslip, t payroll.Told) {
	var cells [][]line
	tallest := 0.0
	for i, title := range t.Titles {
		c := paragraph(f.ends(i)-f.amounts[i]-6, f.amounts[i]+6, toRight, slipTitle, 9.5, title)
		cells, tallest = append(cells, c), max(tallest, height(c))
	}
	for i := range cells {
		cells[i] = append([]line{space(tallest - height(cells[i]))}, cells[i]...)
	}
	d.flow(cells...)
	d.y += 3
	d.rule(left, d.y, rightEdge, d.y, 0.8, ink)
}

// step is one row and its bar.
func (f *fall) step(d *payslip, r payroll.ToldRow, kind stepKind) {
	const bar = 13.0
	pad := f.pad
	name, figure := style{cut: semibold, size: 9, color: ink}, toldText
	colour := grey
	width := f.words
	switch kind {
	case whole:
		name, figure, colour = toldBold, toldBold, ink
	case received:
		name, figure, colour = toldBold, style{cut: display, size: 13, color: ink, track: -0.006}, honey
		if r.Amount < 0 { // owed rather than received
			colour = red
		}
	}
	words := paragraph(left, width, toLeft, name, 13, r.Label)
	words = append(words, paragraph(left, width, toLeft, toldSmall, 10.5, r.Why)...)
	columns := [][]line{words}
	tall := max(height(words), bar+2)
	for i, text := range []string{r.Employee, r.Employer, r.Together} {
		st := figure
		if i < 2 {
			st = style{cut: regular, size: 9, color: ink2}
		}
		lines := paragraph(f.ends(i)-f.amounts[i], f.amounts[i], toRight, st, max(13, st.size), text)
		columns, tall = append(columns, lines), max(tall, height(lines))
	}
	d.need(tall + 2*pad)
	if kind == received {
		d.rule(left, d.y, rightEdge, d.y, 0.8, ink)
	}
	top := d.y + pad
	from, to := money.Cents(0), r.Amount
	if kind == piece {
		from, to = f.now, f.now-r.Amount
		f.now = to
		if r.Amount < 0 { // it comes back
			colour = marker
		}
	}
	a, b := f.at(from), f.at(to)
	if a > b {
		a, b = b, a
	}
	d.fill(a, top, max(b-a, 0.8), bar, 2, colour)
	if kind != received { // where the next one begins
		d.rule(f.at(f.now), top+bar, f.at(f.now), d.y+tall+2*pad+pad, 0.5, grey)
	}
	if kind == received {
		if n := len(columns[3]); n == 1 {
			w := figure.width(letters(r.Together))
			d.highlight(rightEdge-w, baseline(top, 13, figure), w, figure)
		}
	}
	d.y = top
	end := top + tall
	d.flow(columns...)
	d.y = max(d.y, end) + pad
	if kind != received {
		d.rule(left, d.y, f.x-6, d.y, 0.5, hairline)
		d.rule(f.ends(0)-f.amounts[0], d.y, rightEdge, d.y, 0.5, hairline)
	}
}

// steps is the same way by the names of the payslip.
func (d *payslip) steps(t payroll.Told, f *fall) {
	if len(t.Steps) == 0 {
		return
	}
	const lead, gap = 14.5, 36.0
	width := (bodyWidth - gap) / 2
	half := len(t.Steps)
	if half > 5 {
		half = (half + 1) / 2
	}
	var columns [2][]line
	for i, p := range t.Steps {
		name, value := quietText, plainText
		if i == 0 || i == len(t.Steps)-1 {
			name, value = style{cut: semibold, size: 9, color: ink}, style{cut: semibold, size: 9, color: ink}
		}
		n := i / half
		x := left + float64(n)*(width+gap)
		columns[n] = append(columns[n], abreast(label(x, width-82, toLeft, name, lead, 11, p.Label), paragraph(x+width-80, 80, toRight, value, lead, p.Value))...)
	}
	d.y += 8 + 2*f.pad
	d.need(20 + max(height(columns[0]), height(columns[1])))
	d.flow(paragraph(left, bodyWidth, toLeft, style{cut: semibold, size: 11, color: ink}, 16, t.StepsOf))
	d.y += 4
	d.flow(columns[0], columns[1])
}
