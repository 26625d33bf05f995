package web

import (
	"html/template"

	"essaim/sale"
)

// paper writes a document as the customer reads it: the same [sale.Paper] as the PDF. It speaks the document's language,
// not the reader's.
func paper(d sale.Paper) template.HTML { return new(markup).paper(d).html() }

func (m *markup) paper(d sale.Paper) *markup {
	m.raw(`<article class="paper a4"`).attr("lang", d.Lang).raw(`><div class="two"><div><h3>`).text(d.Brand).raw("</h3>")
	m.lines(d.Under, "p2").raw(`</div><div class="rt"><h3>`).text(d.Title).raw("</h3>")
	if d.Number != "" {
		m.raw(`<p class="p2">`).text(d.Number).raw("</p>")
	}
	for _, x := range d.Meta {
		m.raw(`<p class="p2">`).text(x.Label).raw(" ").text(x.Value).raw("</p>")
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
		m.raw(`<p class="obj">`).text(d.Object).raw("</p>")
	}
	m.goods(d)
	if len(d.Pay) > 0 {
		m.raw(`<dl class="pay">`)
		for _, x := range d.Pay {
			m.raw("<div><dt>").text(x.Label).raw("</dt><dd>").text(x.Value).raw("</dd></div>")
		}
		m.raw("</dl>")
	}
	for _, n := range d.Notes {
		m.raw(`<p class="pn">`).text(n).raw("</p>")
	}
	if len(d.Sign) > 0 {
		m.raw(`<div class="sign">`).lines(d.Sign, "").raw("</div>")
	}
	m.raw(`<div class="legal">`).lines(d.Mentions, "").lines(d.Seller, "").raw("</div></article>")
	return m
}

// goods writes the table of lines and totals. Columns that no line fills are left out: a phone has little room.
func (m *markup) goods(d sale.Paper) *markup {
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
	for _, r := range d.Rows {
		m.raw(`<tr><td class="what">`).text(r.Label)
		if r.Quantity != "" && r.Price != "" && (r.Quantity != "1" || r.Discount != "") {
			m.raw(`<small class="p2 less">`).text(r.Quantity + " × " + r.Price)
			if r.Discount != "" {
				m.text(" · " + d.Head.Discount + " " + r.Discount)
			}
			m.raw("</small>")
		}
		m.raw("</td>")
		for _, c := range used {
			m.raw(`<td class="`).raw(c.class).raw(`">`).text(c.cell(r)).raw("</td>")
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
	foot := func(class, label, value string) {
		m.raw("<tr").attr("class", class).raw(">")
		if hidden > 0 {
			m.raw(`<td class="mid" colspan="`).int(hidden).raw(`"></td>`)
		}
		m.raw(`<td class="num`)
		if class == "" {
			m.raw(" p2")
		}
		m.raw(`" colspan="`).int(span).raw(`">`).text(label).raw(`</td><td class="num">`).text(value).raw("</td></tr>")
	}
	if len(d.Taxes) > 1 {
		for _, x := range d.Taxes {
			foot("", x.Label+" · "+x.Net, x.VAT)
		}
	}
	for _, x := range d.Totals {
		foot("", x.Label, x.Value)
	}
	if d.Due.Label != "" {
		foot("t", d.Due.Label, d.Due.Value)
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
