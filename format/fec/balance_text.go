package fec

import (
	"cmp"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"essaim/i18n"
	"essaim/money"
)

func (b *Balance) sort() {
	slices.SortFunc(b.Rows, func(x, y Row) int {
		return cmp.Or(strings.Compare(x.Group, y.Group), strings.Compare(x.CompteNum, y.CompteNum))
	})
}

// groupName is the title of the first column of a balance that has one more.
func (b *Balance) groupName() string {
	switch b.By {
	case BySection:
		return "Section"
	case ByMonth:
		return "Mois"
	}
	return ""
}

// WriteCSV writes the rows as UTF-8, a semicolon between the cells, a decimal comma, the names of the columns first.
func (b *Balance) WriteCSV(w io.Writer) error {
	out := &sink{w: w}
	if name := b.groupName(); name != "" {
		out.text(name + ";")
	}
	out.text("CompteNum;CompteLib;Debit;Credit;Solde\n")
	for _, r := range b.Rows {
		line := out.buf
		if b.By != ByAccount {
			line = append(quoted(line, r.Group), ';')
		}
		line = append(quoted(line, r.CompteNum), ';')
		line = append(quoted(line, r.CompteLib), ';')
		line = append(r.Debit.Append(line, ','), ';')
		line = append(r.Credit.Append(line, ','), ';')
		out.buf = append(r.Solde().Append(line, ','), '\n')
		out.more()
	}
	return out.flush()
}

// quoted appends a cell, between quotes when a reader of CSV could not take it as it stands.
func quoted(line []byte, s string) []byte {
	if !strings.ContainsAny(s, ";\"\r\n") {
		return append(line, s...)
	}
	line = append(line, '"')
	line = append(line, strings.ReplaceAll(s, `"`, `""`)...)
	return append(line, '"')
}

// labelWidth is the most characters of a label in the table for a terminal.
const labelWidth = 40

// WriteText writes an aligned table for a terminal, a sum under each group and the totals at the end.
func (b *Balance) WriteText(w io.Writer, p i18n.Printer) error {
	t := table{p: p, grouped: b.By != ByAccount}
	head := [6]string{"", p.T("fec.balance.account"), p.T("fec.balance.label"), p.T("fec.balance.debit"), p.T("fec.balance.credit"), p.T("fec.balance.balance")}
	switch b.By {
	case BySection:
		head[0] = p.T("fec.balance.section")
	case ByMonth:
		head[0] = p.T("fec.balance.month")
	}
	total := [6]string{p.T("fec.balance.total"), "", "", p.Amount(b.Debit), p.Amount(b.Credit), p.Amount(b.Debit - b.Credit)}
	t.measure(head)
	t.measure(total)
	for i := range b.Rows {
		t.measure(t.row(&b.Rows[i]))
	}
	t.out = &sink{w: w}
	t.line(head)
	t.rule()
	var debit, credit money.Cents
	for i := range b.Rows {
		r := &b.Rows[i]
		t.line(t.row(r))
		debit, credit = debit+r.Debit, credit+r.Credit
		if t.grouped && (i+1 == len(b.Rows) || b.Rows[i+1].Group != r.Group) {
			t.line([6]string{r.Group, p.T("fec.balance.sum"), "", p.Amount(debit), p.Amount(credit), p.Amount(debit - credit)})
			t.out.text("\n")
			debit, credit = 0, 0
		}
	}
	if !t.grouped {
		t.rule()
		total[1], total[0] = total[0], ""
	}
	t.line(total)
	return t.out.flush()
}

// table aligns six columns, the last three to the right.
type table struct {
	p       i18n.Printer
	grouped bool
	width   [6]int
	out     *sink
}

func (t *table) row(r *Row) [6]string {
	label := r.CompteLib
	if utf8.RuneCountInString(label) > labelWidth {
		label = string([]rune(label)[:labelWidth-1]) + "…"
	}
	return [6]string{r.Group, r.CompteNum, label, t.p.Amount(r.Debit), t.p.Amount(r.Credit), t.p.Amount(r.Solde())}
}

func (t *table) measure(row [6]string) {
	for i, s := range row {
		t.width[i] = max(t.width[i], utf8.RuneCountInString(s))
	}
}

func (t *table) line(row [6]string) {
	for i, s := range row {
		if i == 0 && !t.grouped {
			continue
		}
		pad := strings.Repeat(" ", max(0, t.width[i]-utf8.RuneCountInString(s)))
		if i < 3 {
			t.out.text(s)
			t.out.text(pad)
		} else {
			t.out.text(pad)
			t.out.text(s)
		}
		if i < 5 {
			t.out.text("  ")
		}
	}
	t.out.text("\n")
	t.out.more()
}

func (t *table) rule() {
	n := -2
	for i, w := range t.width {
		if i > 0 || t.grouped {
			n += w + 2
		}
	}
	t.out.text(strings.Repeat("─", max(0, n)))
	t.out.text("\n")
	t.out.more()
}
