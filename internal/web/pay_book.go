package web

import (
	"strings"

	"essaim/date"
	"essaim/format/sheet"
	"essaim/internal/office"
	"essaim/money"
	"essaim/payroll"
)

// payBookColumn is an amount of the pay book. The page shows those that are seen; the files hold every one of them, in the
// same order, so that what one sees is what one takes away.
type payBookColumn struct {
	label string
	seen  bool
	of    func(*payroll.Totals) money.Cents
}

var payBookColumns = []payBookColumn{
	{"pay_month.gross", true, func(t *payroll.Totals) money.Cents { return t.Gross }},
	{"pay_month.employee", true, func(t *payroll.Totals) money.Cents { return t.Employee }},
	{"pay_month.net", true, func(t *payroll.Totals) money.Cents { return t.Net }},
	{"pay_month.net_taxable", false, func(t *payroll.Totals) money.Cents { return t.NetTaxable }},
	{"pay_month.net_social", false, func(t *payroll.Totals) money.Cents { return t.NetSocial }},
	{"pay_month.tax", true, func(t *payroll.Totals) money.Cents { return t.Tax }},
	{"pay_month.book_beside", false, func(t *payroll.Totals) money.Cents { return t.Beside }},
	{"pay_month.paid", true, func(t *payroll.Totals) money.Cents { return t.Paid }},
	{"pay_month.employer", true, func(t *payroll.Totals) money.Cents { return t.Employer }},
	{"pay_month.reduction", false, func(t *payroll.Totals) money.Cents { return t.Reduction }},
	{"pay_month.cost", true, func(t *payroll.Totals) money.Cents { return t.Cost }},
}

func (s *Server) payBook(v *Visit) error {
	until := v.Today().Month()
	if m, err := date.ParseMonth(v.Query("until")); err == nil {
		until = m
	}
	from := until
	if m, err := date.ParseMonth(v.Query("from")); err == nil {
		from = m
	}
	all, err := s.office.PayBook(v.Ctx(), v.Actor, from, until)
	if err != nil {
		return err
	}
	h, err := v.House()
	if err != nil {
		return err
	}
	switch {
	case v.wantsCSV():
		return v.csv(payBookName(&all)+".csv", plainRows(v.payBookRows(h, &all)))
	case strings.HasSuffix(v.r.URL.Path, ".xlsx"):
		b, err := sheet.Workbook([]sheet.Page{{Name: v.P.T("pay_month.book"), Rows: v.payBookRows(h, &all), Sums: true}, {Name: v.P.T("pay_month.book_proof"), Rows: v.payProofRows(h, &all), Sums: true}})
		if err != nil {
			return err
		}
		return v.Send(payBookName(&all)+".xlsx", b, false)
	}
	p := v.P
	title := p.T("pay_month.book")
	back := Link{p.T("pay_month.title"), v.URL("pay"), "arrow-left"}
	workbook := strings.Replace(v.csvHref(), ".csv", ".xlsx", 1)
	lead := p.T("pay_month.book_lead", "from", p.Month(from), "until", p.Month(until), "n", len(all.Rows))
	switch {
	case from == until && len(all.Rows) == 0:
		lead = p.T("pay_month.book_lead_month_none", "month", p.Month(until))
	case from == until:
		lead = p.T("pay_month.book_lead_month", "month", p.Month(until), "n", len(all.Rows))
	case len(all.Rows) == 0:
		lead = p.T("pay_month.book_lead_none", "from", p.Month(from), "until", p.Month(until))
	}
	head := Head{Back: back, Title: title, Lead: lead, Acts: []Link{back, {p.T("pay_month.book_xlsx"), workbook, "download"}, {p.T("pay_month.book_csv"), v.csvHref(), "download"}}}
	at := v.URL("pay", "book")
	to := func(a, b date.Month) string { return at + "?from=" + a.String() + "&until=" + b.String() }
	quarter := until - date.Month((until.Number()-1)%3)
	january := date.MonthOf(until.Year(), 1)
	return v.written(Page{Title: title, Section: "pay", Team: true, Wide: true}, func(mk *markup) {
		head.write(mk, p)
		mk.put(v.payNav("book", until))
		mk.put(Filters{{Label: p.T("pay_month.book_month"), Href: to(until, until), Current: from == until}, {Label: p.T("pay_month.book_quarter"), Href: to(quarter, until), Current: from == quarter && from != until}, {Label: p.T("pay_month.book_year"), Href: to(january, until), Current: from == january && from != quarter}}.HTML(p))
		if len(all.Rows) == 0 {
			mk.put(Empty{Title: p.T("pay_month.book_none"), Text: p.T("pay_month.book_none_about")}.HTML())
			return
		}
		v.payProof(mk, h, &all)
		mk.part(v.payBookTable(h, &all), p)
	})
}

// payBookTable is the book as the page shows it.
func (v *Visit) payBookTable(h *house, all *office.PayBook) Table {
	p := v.P
	t := Table{Caption: p.T("pay_month.book"), Class: "act pay", Cols: []Col{{Label: p.T("pay_month.person")}, {Label: p.T("pay_month.month")}}}
	amounts := func(cells []Cell, b *payroll.Totals) []Cell {
		for _, c := range payBookColumns {
			if !c.seen {
				continue
			}
			mark := negative(c.of(b))
			if c.label == "pay_month.cost" {
				mark = "strong"
			}
			cells = append(cells, cellAmount(c.of(b), "", mark))
		}
		return cells
	}
	for _, c := range payBookColumns {
		if c.seen {
			t.Cols = append(t.Cols, Col{Label: p.T(c.label), Num: true})
		}
	}
	for _, r := range all.Rows {
		t.Rows = append(t.Rows, Row{Cells: amounts([]Cell{cellSub(r.Person.LastName+" "+r.Person.FirstName, joinWords(" · ", p.T(r.Kind.Label()), h.SectionName(r.Activity)), v.URL("pay", r.Month, r.ID)), cellText(p.Month(r.Month))}, r.Body)})
	}
	t.Foot = amounts([]Cell{cellText(p.T("pay_month.slips", "n", len(all.Rows))), cellText("")}, &all.Sum)
	return t
}

// payBookRows is the book as files hold it: titles, payslips, sums.
func (v *Visit) payBookRows(h *house, all *office.PayBook) [][]sheet.Value {
	p := v.P
	text := sheet.Text
	titles := []sheet.Value{text(p.T("pay_month.month")), text(p.T("pay_month.book_last")), text(p.T("pay_month.book_first")), text(p.T("payfile.contract")), text(p.T("payments.activity"))}
	for _, c := range payBookColumns {
		titles = append(titles, text(p.T(c.label)))
	}
	rows := [][]sheet.Value{append(titles, text(p.T("pay_month.book_pot")))}
	add := func(row []sheet.Value, b *payroll.Totals, pot money.Cents) {
		for _, c := range payBookColumns {
			row = append(row, sheet.Euros(c.of(b)))
		}
		rows = append(rows, append(row, sheet.Euros(pot)))
	}
	for _, r := range all.Rows {
		add([]sheet.Value{text(r.Month.String()), text(r.Person.LastName), text(r.Person.FirstName), text(p.T(r.Kind.Label())), text(h.SectionName(r.Activity))}, r.Body, r.Pot)
	}
	add([]sheet.Value{text(p.T("pay_month.sum")), text(""), text(""), text(""), text("")}, &all.Sum, all.Pot)
	return rows
}

// payProofRows is the proof as the workbook holds it.
func (v *Visit) payProofRows(h *house, all *office.PayBook) [][]sheet.Value {
	p := v.P
	rows := [][]sheet.Value{{sheet.Text(p.T("payments.activity")), sheet.Text(p.T("pay_month.proof_slips")), sheet.Text(p.T("pay_month.proof_books"))}}
	for _, c := range all.Costs {
		rows = append(rows, []sheet.Value{sheet.Text(h.SectionName(c.Section)), sheet.Euros(c.Slips), sheet.Euros(c.Books)})
	}
	return append(rows, []sheet.Value{sheet.Text(p.T("pay_month.sum")), sheet.Euros(all.Slips), sheet.Euros(all.Books)})
}

func payBookName(all *office.PayBook) string {
	return "livre-de-paie-" + all.From.String() + "-" + all.Until.String()
}

// plainRows writes the cells of a workbook as a text file has them.
func plainRows(rows [][]sheet.Value) [][]string {
	out := make([][]string, len(rows))
	for i, row := range rows {
		for _, c := range row {
			s := c.Text
			if c.Amount {
				s = plain(c.Cents)
			}
			out[i] = append(out[i], s)
		}
	}
	return out
}

// payProof puts what the payslips cost beside what the accounts of classes 63 and 64 hold of them.
func (v *Visit) payProof(m *markup, h *house, all *office.PayBook) {
	p := v.P
	n := Note{Tone: ToneOK, Strong: p.T("pay_month.proof_ok", "amount", all.Books)}
	if all.Slips != all.Books {
		n = Note{Tone: ToneLate, Strong: p.T("pay_month.proof_gap", "gap", all.Slips-all.Books)}
	}
	if all.Unbooked > 0 {
		n.Text = p.T("pay_month.proof_unbooked", "n", all.Unbooked)
	}
	if all.Others != 0 {
		n.Text = joinWords(" ", n.Text, p.T("pay_month.proof_others", "amount", all.Others))
	}
	m.note(n)
	t := Table{Caption: p.T("pay_month.proof"), Class: "plain", Cols: []Col{{Label: p.T("payments.activity")}, {Label: p.T("pay_month.people_of")}, {Label: p.T("pay_month.proof_slips"), Num: true}, {Label: p.T("pay_month.proof_books"), Num: true}, {Label: ""}}}
	for _, c := range all.Costs {
		st := Status{Tone: ToneOK, Icon: "check", Text: p.T("pay_month.same")}
		if c.Slips != c.Books {
			st = Status{Tone: ToneLate, Icon: "alert-triangle", Text: v.signed(c.Slips - c.Books)}
		}
		var people []string
		for _, x := range c.People {
			people = append(people, h.PersonName(x.Person)+" "+p.Euros(x.Cost))
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{cellText(h.SectionName(c.Section)), cellText(strings.Join(people, ", ")), cellAmount(c.Slips, ""), cellAmount(c.Books, ""), cellStatus(st)}})
	}
	t.Foot = []Cell{cellText(p.T("pay_month.sum")), cellText(""), cellAmount(all.Slips, "", "strong"), cellAmount(all.Books, "", "strong"), cellText("")}
	m.raw(`<details class="folded"><summary>`).icon("chevron-down").raw("<span>").text(p.T("pay_month.proof")).raw("</span></summary>").part(t, p).raw("</details>")
}
