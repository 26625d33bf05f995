package pdf

import (
	"math"
	"strings"

	"essaim/sale"
)

const (
	totalsLead  = 17.0
	totalsWidth = 214.0
	totalsX     = rightEdge - totalsWidth
	taxesWidth  = totalsX - 34 - left
	dueHeight   = 40.0
)

var dueText = style{cut: display, size: 19, color: ink, track: -0.006}

// totals are the summary of VAT on the left, the sums on the right and what is to be paid, kept together.
func (d *document) totals() {
	d.need(d.totalsHeight())
	d.y += 10
	sums := d.sums()
	d.flow(d.taxes(), sums)
}

func (d *document) totalsHeight() float64 { return 10 + max(height(d.taxes()), height(d.sums())) }

// sums are the labelled amounts, then what is to be paid under the marker.
func (d *document) sums() []line {
	var lines []line
	name, value := quietText, plainText
	for i, p := range d.Totals {
		if i == len(d.Totals)-1 && d.Due == (sale.Pair{}) { // nothing is due: the last sum is the answer
			name, value = style{cut: semibold, size: 10, color: ink}, style{cut: semibold, size: 10, color: ink}
		}
		lines = append(lines, sum(p, name, value)...)
	}
	if d.Due == (sale.Pair{}) {
		return lines
	}
	return append(append(lines, space(5)), d.due()...)
}

// due is the amount under the marker, beside its name, or below where both are long. An amount of nine figures is set
// smaller rather than on two lines.
func (d *document) due() []line {
	name, st := style{cut: semibold, size: 11, color: ink}, dueText
	amount := strings.Join(wrap(st, d.Due.Value, math.Inf(1)), " ")
	if most := totalsWidth * 0.72; st.width(amount) > most {
		st.size = max(13, st.size*most/st.width(amount))
	}
	const beside = 26.0 // from the rule to the baseline
	rule := line{0, func(s *sheet, y float64) { s.rule(totalsX, y, rightEdge, y, 0.8, ink) }}
	var lines []line
	if words := wrap(name, d.Due.Label, totalsWidth-st.width(amount)-12); len(words) <= 1 && st.width(amount) < totalsWidth {
		return append(lines, rule, line{dueHeight, func(s *sheet, y float64) {
			w := st.width(amount)
			d.marked(s, rightEdge-w, y+beside, w, st)
			s.text(rightEdge-w, y+beside, st, amount)
			if len(words) > 0 {
				s.text(totalsX, y+beside, name, words[0])
			}
		}})
	}
	lines = append(lines, rule, space(6))
	lines = append(lines, paragraph(totalsX, totalsWidth, toLeft, name, 15, d.Due.Label)...)
	for _, part := range wrap(st, amount, totalsWidth) {
		lines = append(lines, line{26, func(s *sheet, y float64) {
			w, base := st.width(part), baseline(y, 26, st)
			d.marked(s, rightEdge-w, base, w, st)
			s.text(rightEdge-w, base, st, part)
		}})
	}
	return append(lines, space(10))
}

// sum is a label and its amount; a long label takes several lines.
func sum(p sale.Pair, name, value style) []line {
	amount := paragraph(totalsX, totalsWidth, toRight, value, totalsLead, p.Value)
	width := totalsWidth - 12
	if len(amount) == 1 {
		width -= value.width(letters(p.Value))
	}
	return abreast(label(totalsX, max(70, width), toLeft, name, totalsLead, 12, p.Label), amount)
}

// taxes is the summary of VAT by rate.
func (d *document) taxes() []line {
	if len(d.Taxes) == 0 {
		return nil
	}
	const gap, widest = 10.0, 78.0
	title, text := style{cut: semibold, size: 7.75, color: ink2}, style{cut: regular, size: 8.25, color: ink2}
	head := sale.PaperTax{Label: d.words.T("pdf.tax"), Net: d.words.T("pdf.tax.net"), VAT: d.words.T("pdf.tax.amount")}
	net, vat := title.width(head.Net), title.width(head.VAT)
	for _, t := range d.Taxes {
		net = max(net, min(widest, text.width(letters(clip(t.Net, 80)))))
		vat = max(vat, min(widest, text.width(letters(clip(t.VAT, 80)))))
	}
	x2 := left + taxesWidth - vat
	x1 := x2 - gap - net
	row := func(t sale.PaperTax, st style, lead float64) []line {
		return abreast(label(left, x1-left-gap, toLeft, st, lead, 11, t.Label), abreast(
			paragraph(x1-1, net+1, toRight, st, lead, t.Net), paragraph(x2-1, vat+1, toRight, st, lead, t.VAT)))
	}
	lines := row(head, title, totalsLead)
	for _, t := range d.Taxes {
		lines = append(lines, row(t, text, 14.5)...)
	}
	return lines
}
