package web

import (
	"html/template"

	"essaim/i18n"
	"essaim/money"
)

// Why is the subtraction: a figure opens as a column that one can read aloud, down to its result. The rows that are
// neither nested nor a result sum to the next result; [Why.Sums] says whether they do.
type Why struct {
	Title   string // « Pourquoi 812 € ? »
	Caption string // for those who hear it
	Close   string // address of the page without the panel; empty: it stays open
	Rows    []WhyRow
	Foot    string
	Ask     *Link  // « Poser une question à Samira »
	ID      string // where a page holds several
}

// WhyKind says how a row counts.
type WhyKind string

// The kinds of row. A plain row is added to what stands above it.
const (
	WhyLine   WhyKind = ""
	WhyStart  WhyKind = "start" // « J'ai… »: added too, and printed strong
	WhyNest   WhyKind = "nest"  // a part of the row above: not added again
	WhyEquals WhyKind = "eq"    // what remains so far
	WhyResult WhyKind = "res"   // the answer
)

// WhyRow is a line; Href opens its own lines or its document.
type WhyRow struct {
	Kind   WhyKind
	Label  string
	Small  string
	Amount money.Cents
	Href   string
}

// Sums says whether the panel keeps its promise: every result is the sum of the lines above it.
func (w Why) Sums() bool {
	var sum money.Cents
	for _, r := range w.Rows {
		switch r.Kind {
		case WhyNest:
		case WhyEquals, WhyResult:
			if r.Amount != sum {
				return false
			}
		default:
			sum += r.Amount
		}
	}
	return true
}

// HTML writes the panel.
func (w Why) HTML(p i18n.Printer) template.HTML { return component(w, p) }

func (w Why) write(m *markup, p i18n.Printer) {
	m.raw(`<section class="why" id="pourquoi`).text(w.ID).raw(`" aria-labelledby="why-title`).text(w.ID).raw(`"><header><h2 id="why-title`).text(w.ID).raw(`">`).text(w.Title).raw("</h2>")
	if w.Close != "" {
		m.raw(`<a class="ib" href="`).text(w.Close).raw(`" aria-label="`).text(p.T("web.close")).raw(`">`).icon("x").raw("</a>")
	}
	m.raw(`</header><table class="sub"><caption class="sr">`).text(w.Caption).raw("</caption>")
	for _, r := range w.Rows {
		m.raw("<tr")
		m.attr("class", string(r.Kind))
		tag := "span"
		if r.Href != "" {
			tag = "a"
		}
		m.raw(`><th scope="row"><`).raw(tag).raw(` class="row"`).attr("href", r.Href).raw(">").text(r.Label)
		if r.Small != "" {
			m.raw("<small>").text(r.Small).raw("</small>")
		}
		m.raw("</").raw(tag).raw("></th>")
		if r.Href != "" {
			m.raw("<td>").amount(p, r.Amount, r.Href, "").raw("</td></tr>")
		} else {
			m.raw(`<td class="amt">`).text(p.Euros(r.Amount)).raw("</td></tr>")
		}
	}
	m.raw("</table>")
	if w.Foot != "" || w.Ask != nil {
		m.raw("<footer>").text(w.Foot)
		if w.Ask != nil {
			m.raw(` <a class="lk" href="`).text(w.Ask.Href).raw(`">`).icon("message-circle").text(w.Ask.Label).raw("</a>")
		}
		m.raw("</footer>")
	}
	m.raw("</section>")
}
