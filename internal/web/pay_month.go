package web

import (
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"essaim/access"
	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/money"
	"essaim/payroll"
)

// payMonthPages are the month of pay as its officer works through it: the table with what is to be looked at first, each
// payslip, what the bank and the bodies are paid, the pay book.
func (s *Server) payMonthPages() {
	s.page("GET", "/{coop}/pay", access.ViewPay, s.payMonths)
	s.page("GET", "/{coop}/pay/book", access.ViewPay, s.payBook)
	s.page("GET", "/{coop}/pay/book.csv", access.ViewPay, s.payBook)
	s.page("GET", "/{coop}/pay/book.xlsx", access.ViewPay, s.payBook)
	s.page("GET", "/{coop}/pay/{month}", access.ViewPay, s.payMonth)
	s.page("GET", "/{coop}/pay/{month}/table.csv", access.ViewPay, s.payMonth)
	s.page("POST", "/{coop}/pay/{month}/compute", access.RunPay, s.payCompute)
	s.page("POST", "/{coop}/pay/{month}/issue", access.RunPay, s.payIssue)
	s.page("POST", "/{coop}/pay/{month}/lock", access.RunPay, s.payLock)
	s.page("POST", "/{coop}/pay/{month}/note", access.RunPay, s.payNote)
	s.page("GET", "/{coop}/pay/{month}/transfers", access.ViewPay, s.payTransfers)
	s.page("POST", "/{coop}/pay/{month}/transfers", access.RunPay, s.payOrder)
	s.page("GET", "/{coop}/pay/{month}/transfers/{id}/file", access.RunPay, s.payOrderFile)
	s.page("POST", "/{coop}/pay/{month}/transfers/{id}/cancel", access.RunPay, s.payOrderCancel)
	s.page("POST", "/{coop}/pay/{month}/transfers/{id}/sent", access.RunPay, s.payOrderLeft)
	s.page("POST", "/{coop}/pay/{month}/transfers/{id}/kept", access.RunPay, s.payOrderKept)
	s.page("POST", "/{coop}/pay/{month}/transfers/{id}/rejected", access.RunPay, s.payOrderRejected)
	s.page("GET", "/{coop}/pay/{month}/dues", access.ViewPay, s.payDues)
	s.page("GET", "/{coop}/pay/{month}/dues.csv", access.ViewPay, s.payDues)
	s.page("GET", "/{coop}/pay/{month}/{slip}", "", s.paySlipPage)
	s.page("GET", "/{coop}/pay/{month}/{slip}/pdf", "", s.paySlipPDF)
}

// payMonthAsked reads the month of the address.
func (v *Visit) payMonthAsked() (date.Month, error) {
	m, err := date.ParseMonth(v.PathValue("month"))
	if err != nil || m < payroll.Begins() || m > v.Today().Month()+12 {
		return 0, errAbsent()
	}
	return m, nil
}

func (s *Server) payMonths(v *Visit) error {
	all, err := s.office.PayMonths(v.Ctx(), v.Actor)
	if err != nil {
		return err
	}
	p := v.P
	page := Page{Title: p.T("pay_month.title"), Section: "pay", Team: true}
	head := Head{Title: p.T("pay_month.title"), Lead: p.T("pay_month.way." + all.Way)}
	t := Table{Caption: p.T("pay_month.title"), Class: "plain", Cols: []Col{{Label: p.T("pay_month.month")}, {Label: p.T("pay_month.state")}, {Label: p.T("pay_month.issued"), Num: true}, {Label: p.T("pay_month.gross"), Num: true}, {Label: p.T("pay_month.paid"), Num: true}, {Label: p.T("pay_month.cost"), Num: true}}}
	for _, m := range all.Months {
		t.Rows = append(t.Rows, Row{Cells: []Cell{cellLink(p.Month(m.Month), v.URL("pay", m.Month)), cellStatus(v.payMonthState(m)), cellNumber(strconv.Itoa(m.Issued)), cellAmount(m.Gross, ""), cellAmount(m.Paid, ""), cellAmount(m.Cost, "", "strong")}})
	}
	return v.written(page, func(mk *markup) {
		head.write(mk, p)
		mk.put(v.payNav("months", v.Today().Month())).table(p, t)
	})
}

func (v *Visit) payMonthState(m office.PayMonthSum) Status {
	switch {
	case m.Locked && m.Unpaid > 0:
		return Status{Tone: ToneWait, Text: v.P.T("pay_month.state.unpaid", "n", m.Unpaid)}
	case m.Locked && m.Prepared > 0:
		return Status{Tone: ToneWait, Text: v.P.T("pay_month.state.prepared", "n", m.Prepared)}
	case m.Locked:
		return Status{Tone: ToneOK, Icon: "lock", Text: v.P.T("pay_month.state.locked")}
	case m.Issued > 0:
		return Status{Tone: ToneWait, Text: v.P.T("pay_month.state.issued", "issued", m.Issued, "left", m.Drafts)}
	case m.Drafts > 0:
		return Status{Tone: ToneWait, Text: v.P.T("pay_month.state.drafts", "n", m.Drafts)}
	}
	return Status{Text: v.P.T("pay_month.state.none")}
}

// payFilters are the parts of the table that can be shown alone.
var payFilters = []struct {
	name, label string
	keep        func(*office.PayRow) bool
}{
	{"", "pay_month.filter.all", func(*office.PayRow) bool { return true }},
	{"look", "pay_month.filter.look", (*office.PayRow).First},
	{"none", "pay_month.filter.none", func(r *office.PayRow) bool { return r.Issued == nil && r.Slip == nil }},
	{"draft", "pay_month.filter.draft", func(r *office.PayRow) bool { return r.Issued == nil && r.Slip != nil }},
	{"issued", "pay_month.filter.issued", func(r *office.PayRow) bool { return r.Issued != nil }},
	{"unpaid", "pay_month.filter.unpaid", func(r *office.PayRow) bool {
		return r.Issued != nil && r.Sent == 0 && r.Issued.Paid != 0
	}},
}

// payRowsShown is how many rows a page of the table holds.
const payRowsShown = 100

func (s *Server) payMonth(v *Visit) error {
	m, err := v.payMonthAsked()
	if err != nil {
		return err
	}
	return s.showPayMonth(v, m, nil, http.StatusOK)
}

// payShown is what the page of a month shows of it.
type payShown struct {
	h          *house
	asked, now string // what is looked for; the filter
	page       int
	whole      bool // no pages: a file is made of it

	counts []int
	rows   []*office.PayRow // of the page
	found  int              // rows of all pages
	sum    office.PaySums   // of them
	pages  int
}

// pick chooses the rows; it may be asked again, of rows read anew.
func (x *payShown) pick(all *office.PayMonthView) []*office.PayRow {
	x.rows, x.sum, x.counts = nil, office.PaySums{}, make([]int, len(payFilters))
	for i := range all.Rows {
		r, keep := &all.Rows[i], false
		for i, f := range payFilters {
			if f.keep(r) {
				x.counts[i]++
				keep = keep || f.name == x.now
			}
		}
		if !keep || x.asked != "" && !strings.Contains(strings.ToLower(r.Person.Name()+" "+x.h.SectionName(r.Activity)), x.asked) {
			continue
		}
		x.rows = append(x.rows, r)
		x.sum.Add(r)
	}
	x.found, x.pages = len(x.rows), max(1, (len(x.rows)+payRowsShown-1)/payRowsShown)
	if !x.whole {
		x.page = min(x.page, x.pages)
		x.rows = x.rows[(x.page-1)*payRowsShown : min(x.page*payRowsShown, len(x.rows))]
	}
	return x.rows
}

func (s *Server) showPayMonth(v *Visit, m date.Month, f *Form, status int) error {
	h, err := v.House()
	if err != nil {
		return err
	}
	x := payShown{h: h, asked: strings.ToLower(clip(v.Query("q"), 100)), now: v.Query("show"), page: v.PageNumber(), whole: v.wantsCSV()}
	all, err := s.office.PayMonth(v.Ctx(), v.Actor, m, x.pick)
	if err != nil {
		return err
	}
	if v.wantsCSV() {
		return v.payMonthCSV(h, all, x.rows, x.sum)
	}
	p := v.P
	title := p.T("pay_month.title_of", "month", p.Month(m))
	page := Page{Title: title, Section: "pay", Team: true, Wide: true, Status: status}
	fresh := []string{p.T("pay_month.pay_day", "day", all.PayDay)}
	if all.Locked {
		fresh = append(fresh, p.T("pay_month.locked_at", "name", h.PersonName(all.LockedBy), "at", p.Instant(v.At(all.LockedAt))))
	} else {
		fresh = append(fresh, p.T("pay_month.cut_off", "day", all.CutOff))
	}
	csv := v.URL("pay", m, "table.csv")
	if raw := v.r.URL.RawQuery; raw != "" {
		csv += "?" + raw
	}
	lead := p.T("pay_month.lead."+all.Way, "n", x.counts[1])
	if x.counts[1] == 0 {
		lead = p.T("pay_month.lead_none")
	}
	head := Head{Back: Link{Label: p.T("pay_month.title"), Href: v.URL("pay")}, Title: title, Lead: lead, Fresh: fresh, Acts: []Link{
		{p.T("pay_month.transfers"), v.URL("pay", m, "transfers"), "cash"}, {p.T("pay_month.dues"), v.URL("pay", m, "dues"), "building-bank"}, {p.T("books.export"), csv, "download"}}}
	if all.Way != coop.PayOwn && all.MayRun {
		head.Acts = append([]Link{{p.T("pay_outside.door"), v.URL("pay", m, "outside"), "refresh"}}, head.Acts...)
	}
	sent := all.Sent
	if all.Unpaid+all.Prepared > 0 {
		sent = 0
	}
	t := v.payMonthTable(h, m, x.rows, x.sum, all.MayRun, sent)
	return v.written(page, func(mk *markup) {
		head.write(mk, p)
		mk.put(v.payNav("months", m))
		v.payMonthNav(mk, m)
		if all.Run != nil {
			mk.note(Note{Tone: ToneWait, Strong: p.T("run.kind." + all.Run.Kind), Text: v.runStatus(*all.Run).Text, Links: []Link{{Label: p.T("run.see"), Href: v.URL("runs", all.Run.ID)}}})
		}
		if all.Late {
			mk.note(Note{Tone: ToneWait, Strong: p.T("payroll.note.late", "until", payroll.Verified())})
		}
		if f != nil {
			mk.put(f.Summary())
		}
		v.payMonthDeeds(mk, m, &all)
		if id := v.queryID("note"); id != 0 && all.MayRun {
			v.payNoteForm(mk, m, id, all.Rows)
		}
		form := v.NewForm().Set("q", v.Query("q")).Set("show", x.now)
		mk.raw(`<form class="bookf" method="get">`).put(form.Hidden("show")).put(form.Field("q", p.T("pay_month.find"), "type=search", "icon=search", "maxlength=100")).raw(`<button class="b">`).text(p.T("books.show")).raw("</button></form>")
		var filters Filters
		for i, f := range payFilters {
			if i < 2 || x.counts[i] > 0 {
				filters = append(filters, Filter{Label: p.T(f.label), Count: strconv.Itoa(x.counts[i]), Href: v.With("show", f.name, "page", "", "note", ""), Current: f.name == x.now})
			}
		}
		mk.put(filters.HTML(p))
		if x.found == 0 {
			mk.put(Empty{Title: p.T("pay_month.nobody"), Text: p.T("pay_month.nobody_about")}.HTML())
		} else {
			mk.put(t.HTML(p))
		}
		if x.pages > 1 {
			mk.put(Pager{Page: x.page, Pages: x.pages, Total: x.found, Per: payRowsShown, URL: func(n int) string { return v.With("page", strconv.Itoa(n)) }}.HTML(p))
		}
		v.payCharges(mk, h, m, &all)
	})
}

// payCharges are the CAPEs without pay: they get no payslip, and their activity bears a contribution.
func (v *Visit) payCharges(m *markup, h *house, month date.Month, all *office.PayMonthView) {
	if len(all.Charges) == 0 {
		return
	}
	p := v.P
	state := p.T("pay_month.charge.computed")
	switch {
	case all.Passed == len(all.Charges):
		state = p.T("pay_month.charge.booked")
	case all.Charged == 0:
		state = p.T("pay_month.charge.none")
	}
	t := Table{Caption: p.T("pay_month.charges"), Class: "plain", Cols: []Col{{Label: p.T("pay_month.person")}, {Label: p.T("payments.activity")}, {Label: p.T("pay_month.charge"), Num: true}}}
	for _, r := range all.Charges {
		href, s := "", r.Slip
		if r.Issued != nil {
			s = r.Issued
		}
		if s != nil {
			href = v.URL("pay", month, s.ID)
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{cellLink(r.Person.LastName+" "+r.Person.FirstName, href), cellText(h.SectionName(r.Activity)), cellAmount(r.Cost, "")}})
	}
	t.Foot = []Cell{cellText(p.T("pay_month.people", "n", len(all.Charges))), cellText(""), cellAmount(all.Charged, "", "strong")}
	m.raw(`<details class="folded payx"><summary>`).icon("chevron-down").raw("<span>").text(p.T("pay_month.charges")).raw(`</span> <span class="soft small">`).text(p.T("pay_month.people", "n", len(all.Charges))+" · "+p.Euros(all.Charged)).raw(`</span></summary><p class="small soft">`).text(joinWords(" ", p.T("pay_month.charge.about"), state)).raw("</p>").part(t, p).raw("</details>")
}

// payMonthNav leads to the months beside.
func (v *Visit) payMonthNav(m *markup, month date.Month) {
	m.raw(`<nav class="acts abm paym"`).attr("aria-label", v.P.T("pay_month.month")).raw(`>`)
	if month > payroll.Begins() {
		m.raw(`<a class="b" href="`).text(v.URL("pay", month-1)).raw(`">`).icon("chevron-left").text(v.P.Month(month - 1)).raw("</a>")
	}
	if month <= v.Today().Month() {
		m.raw(`<a class="b" href="`).text(v.URL("pay", month+1)).raw(`">`).text(v.P.Month(month + 1)).icon("chevron-right").raw("</a>")
	}
	m.raw("</nav>")
}

// payMonthDeeds are the gestures of the month, in their order, and where it stands.
func (v *Visit) payMonthDeeds(m *markup, month date.Month, all *office.PayMonthView) {
	p := v.P
	if all.Issued > 0 {
		words := []string{p.T("pay_month.stands.issued", "n", all.Issued)}
		if !all.Locked && all.Filed < all.Issued {
			words = append(words, p.T("pay_month.stands.filed", "n", all.Filed))
		}
		if all.Unpaid > 0 {
			words = append(words, p.T("pay_month.stands.unpaid", "n", all.Unpaid))
		}
		if all.Prepared > 0 {
			words = append(words, p.T("pay_month.stands.prepared", "n", all.Prepared))
		}
		if all.Unpaid+all.Prepared == 0 && all.Sent != 0 {
			words = append(words, p.T("pay_month.row.sent", "day", all.Sent))
		}
		m.raw(`<p class="soft small">`).text(joinWords(" · ", words...)).raw("</p>")
	}
	if all.Others > 0 && all.Drafts == 0 {
		m.note(Note{Tone: ToneWait, Strong: p.T("pay_month.own"), Text: p.T("pay_month.own_about")})
	}
	if !all.MayRun || all.Locked {
		return
	}
	deed := func(part, label, class string) {
		m.raw(`<form method="post" action="`).text(v.URL("pay", month, part)).raw(`">`).put(v.NewForm().Once()).raw(`<button class="`).raw(class).raw(`">`).text(label).raw("</button></form>")
	}
	m.raw(`<div class="acts">`)
	issues := all.Way == coop.PayOwn && all.Drafts+all.Pending > 0 && month <= v.Today().Month()
	class := "b go"
	if issues {
		class = "b"
	}
	deed("compute", p.T("pay_month.do.compute"), class)
	switch {
	case issues && all.Drafts > 0:
		deed("issue", p.T("pay_month.do.issue", "n", all.Drafts), "b go")
	case issues:
		deed("issue", p.T("pay_month.do.charge", "n", all.Pending), "b go")
	}
	if all.Issued > 0 && all.Drafts+all.Others+all.Pending == 0 {
		deed("lock", p.T("pay_month.do.lock"), "b")
	}
	m.raw("</div>")
}

func (v *Visit) payNoteForm(m *markup, month date.Month, person int64, rows []office.PayRow) {
	for _, r := range rows {
		if r.Person.ID != person || r.Own {
			continue
		}
		f := v.NewForm().Set("person", person).Set("note", r.Note.Text)
		m.raw(`<form class="bookf" method="post" action="`).text(v.URL("pay", month, "note")).raw(`">`).put(f.Hidden("person"))
		m.put(f.Field("note", v.P.T("pay_month.note_of", "name", r.Person.Name()), "maxlength=200", "autofocus")).raw(`<button class="b">`).text(v.P.T("pay_month.note_save")).raw("</button></form>")
		return
	}
}

// payWords says notes of pay.
func (v *Visit) payWords(notes []payroll.Note) (all []string) {
	var lacks []string
	for _, n := range notes {
		if strings.HasPrefix(n.Key, "payroll.lacks.") {
			lacks = append(lacks, v.P.T(n.Key))
			continue
		}
		all = append(all, v.P.T(n.Key, n.Args...))
	}
	if len(lacks) > 0 {
		all = append(all, v.P.T("pay_month.lacks", "what", strings.Join(lacks, ", ")))
	}
	return all
}

// payLook says why a row is to be looked at.
func (v *Visit) payLook(r *office.PayRow) []string {
	var all []string
	for _, e := range r.Refused {
		all = append(all, v.P.Fault(e))
	}
	if r.Stale && len(r.Refused) == 0 {
		all = append(all, v.P.T("pay_month.look.stale"))
	}
	return append(append(all, v.payWords(r.Look)...), v.payWords(r.Waits)...)
}

// payMonthTable is one row for each contract. A column that says nothing of anybody is left out, and so is the day on which
// all were paid (sent).
func (v *Visit) payMonthTable(h *house, month date.Month, rows []*office.PayRow, sum office.PaySums, run bool, sent date.Day) Table {
	p := v.P
	asked := slices.ContainsFunc(rows, func(r *office.PayRow) bool { return r.Asked != nil })
	bears := slices.ContainsFunc(rows, func(r *office.PayRow) bool { return r.Available != nil })
	none := cellText("")
	t := Table{Caption: p.T("pay_month.title_of", "month", p.Month(month)), Class: "act pay"}
	columns := []struct {
		key  string
		kept bool
		cell func(*office.PayRow) Cell
		foot Cell
	}{
		{"pay_month.person", true, func(r *office.PayRow) Cell { return v.payPerson(h, month, r, sent) }, cellText(p.T("pay_month.people", "n", sum.Rows))},
		{"pay_month.look", true, func(r *office.PayRow) Cell { return cellHTML(v.payLookCell(month, r, run)) }, none},
		{"pay_month.fixed", true, func(r *office.PayRow) Cell { return cellAmount(r.Fixed, "") }, cellAmount(sum.Fixed, "")},
		{"pay_month.asked", asked, v.payAsked, none},
		{"pay_month.available", bears, func(r *office.PayRow) Cell { return payMaybe(r.Available) }, none},
		{"pay_month.gross", true, func(r *office.PayRow) Cell { return cellAmount(r.Gross, "") }, cellAmount(sum.Gross, "")},
		{"pay_month.paid", true, func(r *office.PayRow) Cell { return cellAmount(r.Paid, "", negative(r.Paid)) }, cellAmount(sum.Paid, "")},
		{"pay_month.cost", true, func(r *office.PayRow) Cell { return cellAmount(r.Cost, "", "strong") }, cellAmount(sum.Cost, "", "strong")},
		{"pay_month.gap", true, v.payGap, cellNumber(v.gapOf(sum))},
	}
	for i, c := range columns {
		if c.kept {
			t.Cols, t.Foot = append(t.Cols, Col{Label: p.T(c.key), Num: i > 1}), append(t.Foot, c.foot)
		}
	}
	for _, r := range rows {
		row := Row{}
		for _, c := range columns {
			if c.kept {
				row.Cells = append(row.Cells, c.cell(r))
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// gapOf is how much all rows cost more than those of the month before, when there were any.
func (v *Visit) gapOf(sum office.PaySums) string {
	if sum.Is == 0 || sum.Cost == 0 {
		return ""
	}
	return v.signed(sum.Cost - sum.Is)
}

func negative(c money.Cents) string {
	if c < 0 {
		return "neg"
	}
	return ""
}

func payMaybe(c *money.Cents) Cell {
	if c == nil {
		return cellNumber("")
	}
	return cellAmount(*c, "", negative(*c))
}

// payPerson names the person, their contract and who bears it, and opens the payslip, or what pay knows of them.
func (v *Visit) payPerson(h *house, month date.Month, r *office.PayRow, sent date.Day) Cell {
	state := v.payState(r)
	if sent != 0 && r.Sent == sent {
		state = ""
	}
	href := ""
	switch {
	case r.Issued != nil:
		href = v.URL("pay", month, r.Issued.ID)
	case r.Slip != nil:
		href = v.URL("pay", month, r.Slip.ID)
	case v.s.has("/{coop}/people/{id}/pay") && v.can(access.RunPay, 0) && !r.Own:
		href = v.URL("people", r.Person.ID, "pay")
	}
	return cellSub(r.Person.LastName+" "+r.Person.FirstName, joinWords(" · ", v.P.T(r.Contract.Kind.Label()), h.SectionName(r.Activity), state), href)
}

func (v *Visit) payState(r *office.PayRow) string {
	switch {
	case r.Sent != 0:
		return v.P.T("pay_month.row.sent", "day", r.Sent)
	case r.Issued != nil && r.Issued.Transfer != 0:
		return v.P.T("pay_month.row.ordered")
	case r.Issued != nil:
		return v.P.T("pay_month.row.issued")
	case r.Slip != nil && r.Slip.Origin == store.SlipEstimate:
		return v.P.T("pay_month.row.estimate")
	case r.Slip != nil:
		return v.P.T("pay_month.row.draft")
	}
	return v.P.T("pay_month.row.none")
}

// payLookCell tells what to look at, the documents of absences and the note that comes back each month.
func (v *Visit) payLookCell(month date.Month, r *office.PayRow, run bool) template.HTML {
	m := new(markup)
	if all := v.payLook(r); len(all) > 0 {
		m.raw(`<ul class="plook">`)
		for _, text := range all {
			m.raw("<li>").text(text).raw("</li>")
		}
		m.raw("</ul>")
	}
	if run && !r.Own && r.Unprepared {
		m.raw(`<a class="lk" href="`).text(v.URL("people", r.Person.ID, "exit", r.Contract.ID)).raw(`">`).icon("logout").text(v.P.T("payexit.link_of")).raw("</a>")
	}
	if r.Note.Text != "" {
		m.raw(`<p class="small soft">`).icon("notes").text(r.Note.Text).raw("</p>")
	}
	if run && !r.Own {
		words := v.P.T("pay_month.note_of", "name", r.Person.Name())
		m.raw(`<a class="ib pnote" href="`).text(v.URL("pay", month)+"?note="+idText(r.Person.ID)).raw(`"`).attr("aria-label", words).attr("title", words).raw(">").icon("edit").raw("</a>")
	}
	return m.html()
}

func (v *Visit) payAsked(r *office.PayRow) Cell {
	if r.Asked == nil {
		return cellNumber("")
	}
	return Cell{kind: kindNumber, text: v.P.T("pay_month.asked."+r.Asked.Kind, "amount", r.Asked.Amount)}
}

func (v *Visit) payGap(r *office.PayRow) Cell {
	if r.Last == nil || r.Cost == 0 {
		return cellNumber("")
	}
	return cellNumber(v.signed(r.Gap()))
}

// signed writes a difference: what is more says so.
func (v *Visit) signed(c money.Cents) string {
	if c > 0 {
		return "+" + v.P.Euros(c)
	}
	return v.P.Euros(c)
}

func (v *Visit) payMonthCSV(h *house, all office.PayMonthView, shown []*office.PayRow, sum office.PaySums) error {
	out := [][]string{{"Nom", "Prénom", "Contrat", "Activité", "État", "Fixe", "Demandé", "Nature", "Disponible", "À regarder", "Brut", "Net avant impôt", "Net payé", "Coût", "Écart M-1", "Note"}}
	for _, r := range shown {
		asked, kind, available, gap := "", "", "", ""
		if r.Asked != nil {
			asked, kind = plain(r.Asked.Amount), v.P.T("pay_month.kind."+r.Asked.Kind)
		}
		if r.Available != nil {
			available = plain(*r.Available)
		}
		if r.Last != nil {
			gap = plain(r.Gap())
		}
		out = append(out, []string{r.Person.LastName, r.Person.FirstName, v.P.T(r.Contract.Kind.Label()), h.SectionName(r.Activity), v.payState(r), plain(r.Fixed), asked, kind, available, strings.Join(v.payLook(r), " "), plain(r.Gross), plain(r.Net), plain(r.Paid), plain(r.Cost), gap, r.Note.Text})
	}
	out = append(out, []string{"Total", "", "", "", "", plain(sum.Fixed), "", "", "", "", plain(sum.Gross), plain(sum.Net), plain(sum.Paid), plain(sum.Cost), "", ""})
	return v.csv("paie-"+all.Month.String()+".csv", out)
}

// payDeed does a deed of a month; what refuses it is told on the page of the month.
func (s *Server) payDeed(v *Visit, do func(m date.Month, f *Form) (to string, err error)) error {
	m, err := v.payMonthAsked()
	if err != nil {
		return err
	}
	f, err := v.Form()
	if err != nil {
		return err
	}
	to, err := do(m, f)
	if err == nil {
		return v.Go(to)
	}
	if kind := fault.KindOf(err); kind == fault.Forbidden || kind == fault.NotFound || !f.Take(err) {
		return err
	}
	return s.showPayMonth(v, m, f, http.StatusUnprocessableEntity)
}

func (s *Server) payCompute(v *Visit) error {
	return s.payDeed(v, func(m date.Month, f *Form) (string, error) {
		run, err := s.office.ComputePay(v.Ctx(), v.Actor, m, f.Get("key"))
		return v.URL("runs", run.ID), err
	})
}

func (s *Server) payIssue(v *Visit) error {
	return s.payDeed(v, func(m date.Month, f *Form) (string, error) {
		var only []int64
		if id := f.ID("slip"); id != 0 {
			only = []int64{id}
		}
		run, err := s.office.IssuePay(v.Ctx(), v.Actor, m, only, f.Get("key"))
		return v.URL("runs", run.ID), err
	})
}

func (s *Server) payLock(v *Visit) error {
	return s.payDeed(v, func(m date.Month, _ *Form) (string, error) {
		return v.URL("pay", m), s.office.LockPay(v.Ctx(), v.Actor, m)
	})
}

func (s *Server) payNote(v *Visit) error {
	return s.payDeed(v, func(m date.Month, f *Form) (string, error) {
		if f.ID("person") == 0 {
			return "", fault.At("person", "pay_month.fault.note_person")
		}
		return v.URL("pay", m) + "?q=" + url.QueryEscape(v.Query("q")), s.office.NotePay(v.Ctx(), v.Actor, f.ID("person"), f.Text("note", 200))
	})
}
