package pdf

// terms are how a quote will be invoiced: one row each, the amount to the right.
func (d *document) terms() {
	if len(d.Terms) == 0 {
		return
	}
	var texts [][]string
	for _, p := range d.Terms {
		texts = append(texts, []string{p.Label, p.Value})
	}
	t := newTable([]column{
		{title: d.words.T("paper.terms_title"), to: toLeft, weight: 1},
		{title: d.words.T("paper.terms_amount"), to: toRight},
	}, texts)
	t.pad = 4
	rows := make([]row, len(texts))
	for i := range rows {
		rows[i] = row{texts: texts[i], style: t.text}
	}
	t.prepare(rows)
	d.y += 18
	t.set(&d.layout, rows, 0)
}
