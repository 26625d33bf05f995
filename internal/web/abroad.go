package web

import (
	"slices"
	"strings"

	"essaim/access"
	"essaim/date"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/sale"
)

// abroadPages are what the team tells of sales to other member states, month by month, and the goods that left France whose
// transport is still to be proved.
func (s *Server) abroadPages() {
	s.page("GET", "/{coop}/books/abroad", access.ViewLedger, s.abroad)
	s.page("GET", "/{coop}/books/abroad.csv", access.ViewLedger, s.abroad)
	s.page("GET", "/{coop}/books/exports", access.ViewLedger, s.exports)
	s.page("GET", "/{coop}/a/{activity}/exports", access.ViewDocument, s.exports)
}

func (s *Server) abroad(v *Visit) error {
	what := sale.UnionServices
	if v.Query("what") == string(sale.UnionGoods) {
		what = sale.UnionGoods
	}
	month := v.Today().Month() - 1 // what is declared now is last month's
	if m, err := date.ParseMonth(v.Query("month")); err == nil && m.First() <= v.Today() {
		month = m
	}
	h, err := v.House()
	if err != nil {
		return err
	}
	if y, ok := h.set.Year(v.Actor.Year()); ok && v.Query("month") == "" && !v.canOn(access.ViewLedger, 0, month.First()) { // an auditor begins with the end of theirs
		month = min(y.Span.End, v.Today()).Month()
	}
	all, err := s.office.AbroadOf(v.Ctx(), v.Actor, what, month)
	if err != nil {
		return err
	}
	if v.wantsCSV() {
		return v.abroadCSV(all)
	}
	p := v.P
	to := func(what sale.Statement, m date.Month) string {
		return v.URL("books", "abroad") + "?what=" + string(what) + "&month=" + m.String()
	}
	head := Head{Title: p.T("abroad.title"), Lead: p.T("abroad.lead." + string(what)), Acts: []Link{{p.T("books.export"), v.csvHref(), "download"}}}
	page := Page{Title: p.T("abroad.title"), Section: "abroad", Team: true}
	return v.written(page, func(m *markup) {
		head.write(m, p)
		var f Filters
		for _, x := range sale.Statements() {
			f = append(f, Filter{Label: p.T("abroad.what." + string(x)), Href: to(x, month), Current: x == what})
		}
		m.put(f.HTML(p))
		m.raw(`<nav class="acts abm"`).attr("aria-label", p.T("abroad.month")).raw(`>`)
		if v.canOn(access.ViewLedger, 0, (month - 1).First()) {
			m.raw(`<a class="b" href="`).text(to(what, month-1)).raw(`">`).icon("chevron-left").text(p.Month(month - 1)).raw("</a>")
		}
		m.raw("<h2>").text(p.Month(month)).raw("</h2>")
		if (month+1).First() <= v.Today() && v.canOn(access.ViewLedger, 0, (month+1).First()) {
			m.raw(`<a class="b" href="`).text(to(what, month+1)).raw(`">`).text(p.Month(month + 1)).icon("chevron-right").raw("</a>")
		}
		m.raw("</nav>")
		if len(all.Rows) == 0 {
			m.put(Empty{Title: p.T("abroad.none"), Text: p.T("abroad.none_about")}.HTML())
		} else {
			m.part(abroadTable(v, all), p)
		}
		if len(all.Sections) > 0 {
			m.raw(`<div class="bh"><h2>`).text(p.T("abroad.books")).raw("</h2></div>").part(abroadBooks(v, h, all), p)
		}
		m.raw(`<p class="soft small">`).text(p.T("abroad.source")).raw(` <a href="`).text(v.URL("books", "exports")).raw(`">`).text(p.T("exports.title")).raw("</a></p>")
	})
}

// abroadTable is the list itself: what the form asks, and the documents of each customer.
func abroadTable(v *Visit, all office.AbroadMonth) Table {
	p := v.P
	title := p.T("abroad.what." + string(all.Statement))
	t := Table{Caption: title, Class: "plain", Cols: []Col{{Label: p.T("payments.customer")}, {Label: p.T("rules.vat_number")}, {Label: p.T("abroad.documents")}, {Label: p.T("abroad.sold"), Num: true}, {Label: p.T("abroad.back"), Num: true}, {Label: p.T("abroad.sum"), Num: true}}}
	for _, r := range all.Rows {
		var numbers []string
		for _, x := range r.Told {
			if !slices.Contains(numbers, x.Number) {
				numbers = append(numbers, x.Number)
			}
		}
		name, href := r.Customer.FullName(), ""
		if v.can(access.ViewCustomer, r.Customer.Activity) {
			href = v.URL("customers", r.Customer.ID)
		}
		number := cellText(r.Customer.VATNumber)
		if r.Customer.VATNumber == "" {
			number = cellStatus(Status{Tone: ToneLate, Icon: "alert-triangle", Text: p.T("abroad.no_number")})
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{cellLink(name, href), number, cellText(strings.Join(numbers, ", ")), cellAmount(r.Sold, ""), cellAmount(r.Back, ""), cellAmount(r.Sold+r.Back, "", "strong")}})
	}
	t.Foot = []Cell{cellText(p.T("owed.customers", "n", len(all.Rows))), cellText(""), cellText(""), cellAmount(all.Sold, ""), cellAmount(all.Back, ""), cellAmount(all.Sold+all.Back, "", "strong")}
	return t
}

// abroadBooks sets the list beside the revenue of the month, activity by activity.
func abroadBooks(v *Visit, h *house, all office.AbroadMonth) Table {
	p := v.P
	t := Table{Caption: p.T("abroad.books"), Class: "plain", Cols: []Col{{Label: p.T("payments.activity")}, {Label: p.T("abroad.booked"), Num: true}, {Label: p.T("abroad.other"), Num: true}, {Label: p.T("abroad.else"), Num: true}, {Label: p.T("abroad.told"), Num: true}, {Label: ""}}}
	for _, x := range all.Sections {
		st := Status{Tone: ToneOK, Icon: "check", Text: p.T("abroad.agrees")}
		if !x.Agrees() {
			st = Status{Tone: ToneLate, Icon: "alert-triangle", Text: p.T("abroad.differs", "amount", x.Told-x.Booked-x.Other+x.Else)}
		}
		why := v.URL("books", "ledger") + "?section=" + idText(x.Section)
		t.Rows = append(t.Rows, Row{Cells: []Cell{cellText(h.SectionName(x.Section)), cellAmount(x.Booked, why), cellAmount(x.Other, ""), cellAmount(-x.Else, ""), cellAmount(x.Told, "", "strong"), cellStatus(st)}})
	}
	return t
}

// abroadCSV holds the fields of the form (CGI art. 289 B): the number of who sold, of the customer, the amount of the month
// and what was taken back.
func (v *Visit) abroadCSV(all office.AbroadMonth) error {
	h, err := v.House()
	if err != nil {
		return err
	}
	out := [][]string{{"Période", "Numéro de TVA du vendeur", "Numéro de TVA du client", "Client", "Montant en euros", "Régularisations en euros", "Total en euros", "Documents"}}
	for _, r := range all.Rows {
		var numbers []string
		for _, x := range r.Told {
			if !slices.Contains(numbers, x.Number) {
				numbers = append(numbers, x.Number)
			}
		}
		out = append(out, []string{all.Month.String(), h.set.Coop.VATNumber, r.Customer.VATNumber, r.Customer.FullName(), plain(r.Sold), plain(r.Back), plain(r.Sold + r.Back), strings.Join(numbers, " ")})
	}
	name := "des-"
	if all.Statement == sale.UnionGoods {
		name = "etat-recapitulatif-tva-"
	}
	return v.csv(name+all.Month.String()+".csv", out)
}

// exports lists the goods that left France without VAT and whose transport no paper proves yet.
func (s *Server) exports(v *Visit) error {
	all, err := s.office.ExportsToProve(v.Ctx(), v.Actor, v.Activity)
	if err != nil {
		return err
	}
	h, err := v.House()
	if err != nil {
		return err
	}
	p := v.P
	page := Page{Title: p.T("exports.title"), Section: "sales"}
	if !v.Actor.Owns(v.Activity) {
		page.Section, page.Team = "activities", true
	}
	if v.Activity == 0 {
		page.Section = "abroad"
	}
	return v.written(page, func(m *markup) {
		Head{Title: p.T("exports.title"), Lead: p.T("exports.lead")}.write(m, p)
		if len(all) == 0 {
			m.put(Empty{Title: p.T("exports.none"), Text: p.T("exports.none_about")}.HTML())
			return
		}
		t := Table{Caption: p.T("exports.title"), Class: "plain", Cols: []Col{{Label: p.T("sales.col_document")}, {Label: p.T("sales.col_buyer")}, {Label: p.T("sales.col_day")}, {Label: p.T("exports.of")}, {Label: p.T("sales.col_gross"), Num: true}, {Label: ""}}}
		for _, r := range all {
			sub := ""
			if v.Activity == 0 {
				sub = h.ActivityName(r.Activity)
			}
			href := v.URL("sales", r.ID)
			t.Rows = append(t.Rows, Row{Cells: []Cell{cellSub(r.Number, sub, href), cellText(r.Buyer), cellDay(r.Day), cellText(exportWords(v, r)), cellAmount(r.Gross, ""), cellLink(p.T("exports.attach"), href+"#papers")}})
		}
		m.part(t, p)
	})
}

func exportWords(v *Visit, r store.SaleRow) string {
	if strings.Contains(r.Abroad, "EXG") {
		return v.P.T("exports.outside")
	}
	return v.P.T("exports.union")
}

// unproved is what an invoice of goods that left France still lacks.
func (v *Visit) unproved(d sale.Document) ([]gap, error) {
	if d.Number == "" || d.Kind != sale.Invoice || d.Content.Stage == sale.Deposit || d.Credited >= d.Totals.Gross || !sale.Leaves(d) {
		return nil, nil
	}
	pieces, err := v.s.office.Attachments(v.Ctx(), v.Actor, "sale:"+idText(d.ID))
	if err != nil || slices.ContainsFunc(pieces.Pieces, func(x store.Attachment) bool { return x.Kind == sale.PaperTransport }) {
		return nil, err
	}
	return []gap{{Strong: v.P.T("exports.missing"), Text: v.P.T("exports.missing_about"), Href: "#papers", Act: v.P.T("exports.attach")}}, nil
}
