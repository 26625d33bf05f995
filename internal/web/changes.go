package web

import (
	"strings"

	"essaim/i18n"
	"essaim/ledger"
	"essaim/sale"
)

// change is a value that differs between two states of a document: the old struck, the new marked. What was not there
// before has no old value, what is gone no new one.
type change struct {
	Line     int // 0: the whole document
	Label    string
	Old, New string
	By       string // who mended it
}

// contentChanges tells what differs between two states of a document, in the order of the paper.
func contentChanges(p i18n.Printer, was, is sale.Content) []change {
	var list []change
	add := func(key, a, b string) {
		if a != b {
			list = append(list, change{Label: p.T(key), Old: a, New: b})
		}
	}
	day := func(c sale.Content) string {
		switch {
		case c.Delivered == 0:
			return ""
		case c.DeliveredFrom != 0:
			return p.Day(c.DeliveredFrom) + " – " + p.Day(c.Delivered)
		}
		return p.Day(c.Delivered)
	}
	until := func(c sale.Content) string {
		if c.ValidUntil == 0 {
			return ""
		}
		return p.Day(c.ValidUntil)
	}
	mode := func(c sale.Content) string {
		if c.Gross {
			return p.T("form.ttc")
		}
		return p.T("form.ht")
	}
	if was.Title != titleOf(was) || is.Title != titleOf(is) { // otherwise it is the first line's
		add("form.title", was.Title, is.Title)
	}
	add("form.mode", mode(was), mode(is))
	add("form.currency", was.Currency, is.Currency)
	add("form.exchange", rateWords(p, was), rateWords(p, is))
	list = append(list, linesChanged(p, was.Lines, is.Lines)...)
	add("desk.field_delivered", day(was), day(is))
	add("form.due", was.Delay().Words(p), is.Delay().Words(p))
	add("form.valid_until", until(was), until(is))
	add("form.order", was.OrderRef, is.OrderRef)
	add("form.service", was.Service, is.Service)
	add("form.commitment", was.Commitment, is.Commitment)
	add("form.contract", was.Contract, is.Contract)
	papersChanges(p, was.Papers, is.Papers, add)
	add("form.note", was.Note, is.Note)
	add("form.reason", was.Reason, is.Reason)
	return list
}

// linesChanged sets the lines of two states side by side: those of one label answer each other, and between them those
// that stand in the same place; the rest came or went. A line bears the number it has now.
func linesChanged(p i18n.Printer, was, is []sale.Line) []change {
	var list []change
	between := func(i, to, j, end int) {
		for ; i < to && j < end; i, j = i+1, j+1 {
			list = append(list, lineChanges(p, was[i], is[j], j+1)...)
		}
		for ; i < to; i++ {
			list = append(list, change{Label: p.T("change.line_gone"), Old: lineInWords(p, was[i])})
		}
		for ; j < end; j++ {
			list = append(list, change{Line: j + 1, Label: p.T("change.line_new"), New: lineInWords(p, is[j])})
		}
	}
	// The longest run of labels that both have, as they stand.
	same := make([][]int, len(was)+1)
	for i := range same {
		same[i] = make([]int, len(is)+1)
	}
	for i := len(was) - 1; i >= 0; i-- {
		for j := len(is) - 1; j >= 0; j-- {
			if was[i].Label == is[j].Label {
				same[i][j] = same[i+1][j+1] + 1
			} else {
				same[i][j] = max(same[i+1][j], same[i][j+1])
			}
		}
	}
	i, j, a, b := 0, 0, 0, 0
	for i < len(was) && j < len(is) {
		switch {
		case was[i].Label == is[j].Label:
			between(a, i, b, j)
			list = append(list, lineChanges(p, was[i], is[j], j+1)...)
			i, j = i+1, j+1
			a, b = i, j
		case same[i+1][j] >= same[i][j+1]:
			i++
		default:
			j++
		}
	}
	between(a, len(was), b, len(is))
	return list
}

// lineInWords says what a line sells, at which price.
func lineInWords(p i18n.Printer, l sale.Line) string {
	first, _, _ := strings.Cut(l.Label, "\n")
	return clip(first, 80) + ", " + quantityWords(p, l) + " × " + p.UnitEuros(l.Price)
}

func quantityWords(p i18n.Printer, l sale.Line) string {
	if l.Unit != "" {
		return p.Micro(l.Quantity) + " " + l.Unit
	}
	return p.Micro(l.Quantity)
}

// lineChanges tells what differs between a line and what became of it.
func lineChanges(p i18n.Printer, old, now sale.Line, n int) []change {
	var list []change
	add := func(key, a, b string) {
		if a != b {
			list = append(list, change{Line: n, Label: p.T(key), Old: a, New: b})
		}
	}
	taxes := ledger.France()
	tax := func(code string) string {
		if code == "" {
			return ""
		}
		return p.T(taxes[code].Label)
	}
	nature := func(code string) string {
		n, ok := sale.NatureOf(code)
		if !ok {
			return ""
		}
		return p.T(n.Label)
	}
	discount := func(l sale.Line) string {
		switch {
		case l.DiscountFlat != 0:
			return p.Euros(l.DiscountFlat)
		case l.Discount != 0:
			return p.Rate(l.Discount)
		}
		return ""
	}
	add("form.what", old.Label, now.Label)
	add("form.quantity", quantityWords(p, old), quantityWords(p, now))
	add("form.price", p.UnitEuros(old.Price), p.UnitEuros(now.Price))
	add("form.discount", discount(old), discount(now))
	add("form.option", old.Option, now.Option)
	add("form.variant", old.Variant, now.Variant)
	add("form.nature", nature(old.Nature), nature(now.Nature))
	// Goods and services of one rate are the same to who reads.
	if taxes[old.Tax].Rate != taxes[now.Tax].Rate || nature(old.Nature) == nature(now.Nature) {
		add("form.vat", tax(old.Tax), tax(now.Tax))
	}
	return list
}

// Name is what the change is about: « Prix, ligne 2 ».
func (c change) Name(p i18n.Printer) string {
	if c.Line == 0 {
		return c.Label
	}
	return c.Label + ", " + p.T("desk.line", "n", c.Line)
}
