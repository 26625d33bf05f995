package pdf

import (
	"essaim/date"
	"essaim/i18n"
	"essaim/sale"
)

// Letter is a letter to one person on the paper of an activity: texts, one table, how to pay.
type Letter struct {
	Lang    string
	Brand   string // trade name of the activity
	Look    sale.Look
	Under   []string // « Une activité de … », address
	To      []string // who it is for: name first, in the window of an envelope
	Place   string   // « Lodève, le 22 novembre 2026 »
	Title   string
	Text    string // paragraphs
	Table   Block  // what it is about
	After   []string
	Pay     []sale.Pair
	Code    string // what the square says to a phone
	Closing []string
	Foot    []string
	Day     date.Day
}

type letter struct {
	layout
	Letter
}

// Write lays out a letter and returns the file.
func Write(l Letter) ([]byte, error) {
	p := &letter{layout: layout{words: i18n.For(l.Lang)}, Letter: l}
	foot, more := p.foot(l.Foot)
	p.running = p.runningHead
	p.turn()
	p.head()
	p.body()
	for _, t := range more {
		p.y += 8
		p.flow(paragraph(left, bodyWidth, toLeft, smallText, 10.5, t))
	}
	for i, s := range p.sheets {
		foot(s, i+1, len(p.sheets))
	}
	return write(p.sheets, description{lang: p.words.Lang(), title: join(", ", l.Title, l.Brand), author: l.Brand, day: l.Day})
}

// head is whose letter it is, to whom, and where and when it was written.
func (p *letter) head() {
	const window = 142.0 // as on an invoice
	worn := wear(p.Look)
	worn.band(p.sheet)
	p.flow(worn.head(p.sheet, p.y, half-20-left, p.Brand, p.Under))
	var to []line
	for i, t := range p.To {
		st := style{cut: regular, size: 9.75, color: ink}
		if i == 0 {
			st.cut = semibold
		}
		to = append(to, paragraph(half, rightEdge-half, toLeft, st, 14, t)...)
	}
	end := p.y
	p.y = max(p.y+18, window)
	p.flow(to)
	p.y = max(p.y, end) + 26
	p.flow(paragraph(half, rightEdge-half, toLeft, quietText, 13, p.Place))
	p.y += 24
}

func (p *letter) body() {
	p.flow(paragraph(left, bodyWidth, toLeft, style{cut: semibold, size: 11.5, color: ink}, 16, p.Title))
	p.y += 12
	p.flow(paragraph(left, bodyWidth*0.94, toLeft, plainText, 14.5, p.Text))
	if t, rows := p.Table.table(); t != nil {
		p.y += 14
		t.set(&p.layout, rows, 0)
	}
	for _, t := range p.After {
		p.y += 10
		p.flow(paragraph(left, bodyWidth*0.94, toLeft, quietText, 13, t))
	}
	p.payTile(p.Pay, p.Code)
	for _, t := range p.Closing {
		p.y += 12
		p.flow(paragraph(left, bodyWidth*0.94, toLeft, plainText, 14, t))
	}
}

func (p *letter) runningHead() {
	st := style{cut: semibold, size: 8.5, color: ink2}
	which := ellipsis(st, join(", ", p.Title, p.words.T("pdf.continued")), bodyWidth*0.6)
	p.text(left, baseline(p.y, 14, st), st, ellipsis(st, p.Brand, bodyWidth-st.width(which)-20))
	p.right(rightEdge, baseline(p.y, 14, st), st, which)
	p.y += runningHeight - 6
}
