package web

import (
	"html/template"
	"strconv"

	"essaim/format/qr"
	"essaim/i18n"
	"essaim/sale"
)

// paper writes a document as the customer reads it: the same [sale.Paper] as the PDF. It speaks the document's language,
// not the reader's.
func paper(d sale.Paper) template.HTML { return new(markup).paper(d, nil).html() }

// paperChanged writes it with what a reader has changed: the old struck, the new marked.
func paperChanged(d, was sale.Paper) template.HTML { return new(markup).paper(d, &was).html() }

// now writes a text, after the one it took the place of.
func (m *markup) now(text, was string, compare bool) *markup {
	if !compare || text == was {
		return m.text(text)
	}
	if was != "" {
		m.raw("<del>").text(was).raw("</del> ")
	}
	return m.raw("<ins>").text(text).raw("</ins>")
}

func (m *markup) paper(d sale.Paper, was *sale.Paper) *markup {
	if was != nil && (len(was.Rows) != len(d.Rows) || len(was.Totals) != len(d.Totals) || len(was.Meta) != len(d.Meta)) {
		was = nil // not the same shape: nothing stands beside anything
	}
	before := sale.Paper{Rows: make([]sale.PaperRow, len(d.Rows)), Totals: make([]sale.Pair, len(d.Totals)), Meta: make([]sale.Pair, len(d.Meta))}
	if was != nil {
		before = *was
	}
	m.raw(`<article class="paper a4"`).attr("lang", d.Lang).raw(`>`).worn(d.Look, d.Brand).raw(`<div class="two"><div><h3>`).text(d.Brand).raw("</h3>")
	m.lines(d.Under, "p2").raw(`</div><div class="rt"><h3>`).text(d.Title).raw("</h3>")
	if d.Number != "" {
		m.raw(`<p class="p2">`).text(d.Number).raw("</p>")
	}
	for i, x := range d.Meta {
		m.raw(`<p class="p2">`).text(x.Label).raw(" ").now(x.Value, before.Meta[i].Value, was != nil).raw("</p>")
	}
	m.raw(`</div></div><div class="two dest"><div>`)
	if len(d.Delivery) > 0 {
		m.lines(d.Delivery, "p2")
	}
	m.raw("</div><div>")
	if len(d.Buyer) > 0 {
		m.raw(`<p class="strong">`).text(d.Buyer[0]).raw("</p>").lines(d.Buyer[1:], "")
	}
	m.raw("</div></div>")
	if d.Object != "" {
		m.raw(`<p class="obj">`).now(d.Object, before.Object, was != nil).raw("</p>")
	}
	m.goods(d, before, was != nil)
	m.paperTerms(d)
	if len(d.Pay) > 0 {
		m.raw(`<dl class="pay">`)
		for _, x := range d.Pay {
			m.raw("<div><dt>").text(x.Label).raw("</dt><dd>").text(x.Value).raw("</dd></div>")
		}
		m.raw("</dl>").square(d.Code, i18n.For(d.Lang).T("paper.square"))
	}
	for _, n := range d.Notes {
		m.raw(`<p class="pn">`).text(n).raw("</p>")
	}
	if len(d.Sign) > 0 {
		m.raw(`<div class="sign">`).lines(d.Sign, "")
		if d.Drawn != "" {
			m.raw(`<svg class="drawn" viewBox="0 0 600 200" role="img"`).attr("aria-label", i18n.For(d.Lang).T("proof.drawn")).raw(`><path d="`).text(d.Drawn).raw(`"/></svg>`)
		}
		m.raw("</div>")
	}
	if d.Closing != "" {
		m.raw(`<p class="pn">`).text(d.Closing).raw("</p>")
	}
	m.raw(`<div class="legal">`).lines(d.Mentions, "").lines(d.Seller, "").raw("</div></article>")
	return m
}

// paperTerms writes how a quote will be invoiced.
func (m *markup) paperTerms(d sale.Paper) {
	if len(d.Terms) == 0 {
		return
	}
	p := i18n.For(d.Lang)
	m.raw(`<table class="terms"><thead><tr><th>`).text(p.T("paper.terms_title")).raw(`</th><th class="num">`).text(p.T("paper.terms_amount")).raw("</th></tr></thead><tbody>")
	for _, x := range d.Terms {
		m.raw(`<tr><td class="what">`).text(x.Label).raw(`</td><td class="num">`).text(x.Value).raw("</td></tr>")
	}
	m.raw("</tbody></table>")
}

// goods writes the table of lines and totals, beside what they were when that is compared. Columns that no line fills are
// left out: a phone has little room.
func (m *markup) goods(d, before sale.Paper, compare bool) *markup {
	type column struct {
		head, class string // "num mid": told in a line under the label on a phone
		cell        func(sale.PaperRow) string
	}
	columns := []column{
		{d.Head.Quantity, "num mid", func(r sale.PaperRow) string { return r.Quantity }},
		{d.Head.Price, "num mid", func(r sale.PaperRow) string { return r.Price }},
		{d.Head.Discount, "num mid", func(r sale.PaperRow) string { return r.Discount }},
		{d.Head.Rate, "num", func(r sale.PaperRow) string { return r.Rate }},
		{d.Head.Amount, "num", func(r sale.PaperRow) string { return r.Amount }},
	}
	if d.Head.Done != "" { // works that advance: told in a line under the label, whatever the room
		columns = columns[3:]
	}
	var used []column
	for _, c := range columns {
		filled := len(d.Rows) == 0 && c.class == "num" // nothing typed yet: the head is that of the shortest document
		for _, r := range d.Rows {
			filled = filled || c.cell(r) != ""
		}
		if filled {
			used = append(used, c)
		}
	}
	m.raw("<table><thead><tr><th>").text(d.Head.Label).raw("</th>")
	for _, c := range used {
		m.raw(`<th class="`).raw(c.class).raw(`">`).text(c.head).raw("</th>")
	}
	m.raw("</tr></thead><tbody>")
	for i, r := range d.Rows {
		b := before.Rows[i]
		m.raw("<tr")
		if compare && r != b {
			m.raw(` class="changed"`)
		}
		m.raw(`><td class="what">`).now(r.Label, b.Label, compare)
		if r.Quantity != "" && r.Price != "" && (r.Quantity != "1" || r.Discount != "" || r != b) {
			m.raw(`<small class="p2 less">`).now(r.Quantity+" × "+r.Price, b.Quantity+" × "+b.Price, compare)
			if r.Discount != "" {
				m.text(" · " + d.Head.Discount + " " + r.Discount)
			}
			m.raw("</small>")
		}
		if r.Done != "" {
			m.raw(`<small class="p2 step">`).text(d.Head.Done + " " + r.Done + " · " + d.Head.Price + " " + r.Price)
			if r.Before != "" {
				m.text(" · " + d.Head.Before + " " + r.Before)
			}
			m.raw("</small>")
		}
		m.raw("</td>")
		for _, c := range used {
			m.raw(`<td class="`).raw(c.class).raw(`">`).now(c.cell(r), c.cell(b), compare).raw("</td>")
		}
		m.raw("</tr>")
	}
	m.raw("</tbody><tfoot>")
	hidden := 0 // on a phone; a cell of the foot of their own goes with them, so that the sums stay under the amounts
	for _, c := range used {
		if c.class == "num mid" {
			hidden++
		}
	}
	span := max(1, len(used)-hidden)
	foot := func(class, label, value, was string, compare bool) {
		m.raw("<tr").attr("class", class).raw(">")
		if hidden > 0 {
			m.raw(`<td class="mid" colspan="`).int(hidden).raw(`"></td>`)
		}
		m.raw(`<td class="num lb`)
		if class == "" {
			m.raw(" p2")
		}
		m.raw(`" colspan="`).int(span).raw(`">`).text(label).raw(`</td><td class="num">`).now(value, was, compare).raw("</td></tr>")
	}
	if len(d.Taxes) > 1 {
		for _, x := range d.Taxes {
			foot("", x.Label+" · "+x.Net, x.VAT, "", false)
		}
	}
	for i, x := range d.Totals {
		foot("", x.Label, x.Value, before.Totals[i].Value, compare)
	}
	if d.Due.Label != "" {
		foot("t", d.Due.Label, d.Due.Value, before.Due.Value, compare)
	}
	return m.raw("</tfoot></table>")
}

// lines writes one paragraph with line breaks.
func (m *markup) lines(lines []string, class string) *markup {
	if len(lines) == 0 {
		return m
	}
	m.raw("<p").attr("class", class).raw(">")
	for i, l := range lines {
		if i > 0 {
			m.raw("<br>")
		}
		m.text(l)
	}
	return m.raw("</p>")
}

// square draws what a phone reads to prepare a transfer; nothing without a text, or with one that no square holds.
func (m *markup) square(text, label string) *markup {
	if text == "" {
		return m
	}
	code, err := qr.Of(text)
	if err != nil {
		return m
	}
	side := strconv.Itoa(code.Side + 2*qr.Quiet)
	return m.raw(`<figure class="sq"><svg role="img" viewBox="0 0 `).text(side+" "+side).raw(`" width="132" height="132" shape-rendering="crispEdges"`).attr("aria-label", label).
		raw(`><path fill="#fff" d="M0 0h`).text(side).raw("v").text(side).raw("H0z").raw(`"/><path fill="#000" d="`).text(code.Path()).raw(`"/></svg><figcaption>`).text(label).raw("</figcaption></figure>")
}
