package web

import (
	"html/template"
	"slices"

	"essaim/date"
	"essaim/i18n"
	"essaim/money"
)

// Table is a table of the team: sticky head and foot, sortable columns, rows that the keyboard walks (J, K, arrows; Enter
// opens the row's link). It is written by hand (see markup): a list of fifty rows is the page asked for most.
type Table struct {
	Caption string // for those who hear it
	Class   string // "act": tall rows; "plain": low ones
	Cols    []Col
	Rows    []Row
	Foot    []Cell
	Wide    bool // slides sideways on a phone; otherwise each row becomes a block there
}

// Col is a column.
type Col struct {
	Label string
	Num   bool   // aligned to the right
	Sort  string // address that sorts by it; empty: it does not sort
	Order string // "ascending" or "descending" when the table is sorted by it
	Width string // class of its width in a table whose columns are fixed: "w-day", "w-code", "w-ref", "w-sum" …
}

// Row is a row; its first cell is its name.
type Row struct {
	Cells   []Cell
	Current bool // in hand
	Class   string
}

// Cell is a cell; make it with the functions below.
type Cell struct {
	kind   cellKind
	text   string
	sub    string
	href   string
	class  string
	cents  money.Cents
	day    date.Day
	status Status
	raw    template.HTML
	span   int
}

type cellKind uint8

const (
	kindText cellKind = iota
	kindNumber
	kindAmount
	kindDay
	kindStatus
	kindActivity
	kindPerson
	kindRaw
)

func cellText(s string) Cell        { return Cell{text: s} }
func cellLink(s, href string) Cell  { return Cell{text: s, href: href} }
func cellNumber(s string) Cell      { return Cell{kind: kindNumber, text: s} }
func cellDay(d date.Day) Cell       { return Cell{kind: kindDay, day: d} }
func cellStatus(s Status) Cell      { return Cell{kind: kindStatus, status: s} }
func cellHTML(h template.HTML) Cell { return Cell{kind: kindRaw, raw: h} }
func cellPerson(name, sub, h string) Cell {
	return Cell{kind: kindPerson, text: name, sub: sub, href: h}
}

// cellAmount is an amount that opens its lines; class "neg" or "strong". A zero is written quietly.
func cellAmount(c money.Cents, href string, class ...string) Cell {
	x := Cell{kind: kindAmount, cents: c, href: href}
	if len(class) > 0 {
		x.class = class[0]
	}
	return x
}

// cellActivity is the hexagon, name and people of an activity.
func cellActivity(name, sub, href string) Cell {
	return Cell{kind: kindActivity, text: name, sub: sub, href: href}
}

// cellSub is a text with a smaller one under it.
func cellSub(s, sub, href string) Cell { return Cell{text: s, sub: sub, href: href} }

// Span makes a cell of the foot cover n columns.
func (c Cell) Span(n int) Cell { c.span = n; return c }

// without takes a column out.
func (t Table) without(n int) Table {
	t.Cols = slices.Delete(slices.Clone(t.Cols), n, n+1)
	for i := range t.Rows {
		t.Rows[i].Cells = slices.Delete(t.Rows[i].Cells, n, n+1)
	}
	if n < len(t.Foot) {
		t.Foot = slices.Delete(slices.Clone(t.Foot), n, n+1)
	}
	return t
}

// HTML writes the table.
func (t Table) HTML(p i18n.Printer) template.HTML { return component(t, p) }

func (t Table) write(m *markup, p i18n.Printer) { m.table(p, t) }

func (m *markup) table(p i18n.Printer, t Table) *markup {
	m.raw(`<div class="scroll`)
	if !t.Wide {
		m.raw(" stack")
	}
	m.raw(`" tabindex="0"`)
	if t.Caption != "" {
		m.raw(` role="region"`).attr("aria-label", t.Caption)
	}
	m.raw(`><table class="tb`)
	if t.Class != "" {
		m.raw(" ").text(t.Class)
	}
	m.raw(`" data-rows>`)
	if t.Caption != "" {
		m.raw(`<caption class="sr">`).text(t.Caption).raw("</caption>")
	}
	m.raw("<thead><tr>")
	for _, c := range t.Cols {
		m.head(c)
	}
	m.raw("</tr></thead><tbody>")
	for _, r := range t.Rows {
		m.raw("<tr").attr("class", r.Class)
		if r.Current {
			m.raw(` aria-current="true"`)
		}
		m.raw(">")
		for i, c := range r.Cells {
			label := ""
			if i > 0 && i < len(t.Cols) && !t.Wide {
				label = t.Cols[i].Label
			}
			m.cell(p, c, i == 0, i < len(t.Cols) && t.Cols[i].Num, label)
		}
		m.raw("</tr>")
	}
	m.raw("</tbody>")
	if len(t.Foot) > 0 {
		m.raw("<tfoot><tr>")
		at := 0
		for i, c := range t.Foot {
			label := ""
			if i > 0 && at < len(t.Cols) && !t.Wide {
				label = t.Cols[at].Label
			}
			m.cell(p, c, i == 0, at < len(t.Cols) && t.Cols[at].Num, label)
			at += max(1, c.span)
		}
		m.raw("</tr></tfoot>")
	}
	return m.raw("</table></div>")
}

func (m *markup) head(c Col) {
	m.raw(`<th scope="col"`)
	switch {
	case c.Num && c.Width != "":
		m.raw(` class="num `).raw(c.Width).raw(`"`)
	case c.Num:
		m.raw(` class="num"`)
	case c.Width != "":
		m.raw(` class="`).raw(c.Width).raw(`"`)
	}
	if c.Order != "" {
		m.attr("aria-sort", c.Order)
	}
	m.raw(">")
	arrow := map[string]string{"ascending": " ↑", "descending": " ↓"}[c.Order]
	if c.Sort != "" {
		m.raw(`<a href="`).text(c.Sort).raw(`">`).text(c.Label).raw(arrow).raw("</a>")
	} else {
		m.text(c.Label).raw(arrow)
	}
	m.raw("</th>")
}

func (m *markup) cell(p i18n.Printer, c Cell, first, num bool, label string) {
	tag := "td"
	if first {
		tag = "th"
		m.raw(`<th scope="row"`)
	} else {
		m.raw("<td")
	}
	if num || c.kind == kindAmount || c.kind == kindNumber {
		m.raw(` class="num"`)
	}
	if c.span > 1 {
		m.raw(` colspan="`).int(c.span).raw(`"`)
	}
	if label != "" && (c.kind != kindText || c.text != "") { // an empty cell vanishes on a phone
		m.attr("data-l", label)
	}
	m.raw(">")
	switch c.kind {
	case kindAmount:
		switch {
		case c.cents == 0 && c.href == "":
			m.raw(`<span class="muted">`).text(p.Euros(0)).raw("</span>")
		case c.cents == 0:
			m.amount(p, 0, c.href, "zero")
		default:
			m.amount(p, c.cents, c.href, c.class)
		}
	case kindDay:
		m.raw(`<span class="nowrap">`).text(p.Day(c.day)).raw("</span>")
	case kindStatus:
		if c.status.Tone == "" && c.status.Icon == "" {
			m.raw(`<span class="muted small">`).text(c.status.Text).raw("</span>")
		} else {
			m.status(c.status)
		}
	case kindActivity, kindPerson:
		m.who(c)
	case kindRaw:
		m.put(c.raw)
	default:
		if c.href != "" {
			m.raw(`<a href="`).text(c.href).raw(`">`).text(c.text).raw("</a>")
		} else {
			m.text(c.text)
		}
		if c.sub != "" {
			m.raw(`<small class="sub2">`).text(c.sub).raw("</small>")
		}
	}
	m.raw("</").raw(tag).raw(">")
}

func (m *markup) who(c Cell) {
	tag := "span"
	if c.href != "" {
		tag = "a"
	}
	m.raw("<").raw(tag).raw(` class="who"`).attr("href", c.href).raw(">")
	if c.kind == kindActivity {
		m.hexagon(c.text)
	} else {
		m.avatar(c.text)
	}
	m.raw(`<span class="mw"><b>`).text(c.text).raw("</b>")
	if c.sub != "" {
		m.raw("<small>").text(c.sub).raw("</small>")
	}
	m.raw("</span></").raw(tag).raw(">")
}
