package web

import (
	"html/template"
	"net/http"
	"strconv"
	"strings"

	"essaim/access"
	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/payroll"
)

// payOutsidePages are the month with a payroll software: what leaves for it, what comes back and is accepted, the codes by
// which one speaks to it, and how the months compare with ours.
func (s *Server) payOutsidePages() {
	s.page("GET", "/{coop}/pay/{month}/outside", access.RunPay, s.payOutside)
	s.page("POST", "/{coop}/pay/{month}/outside/send", access.RunPay, s.paySend)
	s.page("POST", "/{coop}/pay/{month}/outside/return", access.RunPay, s.payReturnSent)
	s.page("GET", "/{coop}/pay-sent/{id}", access.RunPay, s.paySentFile)
	s.page("GET", "/{coop}/pay-returns", access.RunPay, s.payParallel)
	s.page("GET", "/{coop}/pay-returns/{id}", access.RunPay, s.payReturn)
	s.page("POST", "/{coop}/pay-returns/{id}/accept", access.RunPay, s.payAccept)
	s.page("POST", "/{coop}/pay-returns/{id}/drop", access.RunPay, s.payReturnDrop)
	s.page("POST", "/{coop}/pay-returns/{id}/undo", access.RunPay, s.payReturnUndo)
	s.page("GET", "/{coop}/pay-codes", access.RunPay, s.payCodes)
	s.page("POST", "/{coop}/pay-codes", access.RunPay, s.payCodesSent)
	s.page("POST", "/{coop}/pay-codes/table", access.RunPay, s.payTableSent)
	s.page("GET", "/{coop}/pay-codes/{file}", access.RunPay, s.payTableFile)
}

func (s *Server) payOutside(v *Visit) error {
	m, err := v.payMonthAsked()
	if err != nil {
		return err
	}
	return s.showPayOutside(v, m, v.NewForm(), http.StatusOK)
}

func (s *Server) showPayOutside(v *Visit, m date.Month, f *Form, status int) error {
	all, err := s.office.PayOutside(v.Ctx(), v.Actor, m)
	if err != nil {
		return err
	}
	h, err := v.House()
	if err != nil {
		return err
	}
	p := v.P
	title := p.T("pay_outside.title", "month", p.Month(m))
	page := Page{Title: title, Section: "pay", Team: true, Status: status}
	head := Head{Back: Link{Label: p.T("pay_month.title_of", "month", p.Month(m)), Href: v.URL("pay", m)}, Title: title, Lead: v.payOutsideLead(&all), Fresh: []string{p.T("pay_month.cut_off", "day", all.CutOff), p.T("pay_month.pay_day", "day", all.PayDay)},
		Acts: []Link{{p.T("pay_outside.codes"), v.URL("pay-codes"), "adjustments"}, {p.T("pay_outside.parallel"), v.URL("pay-returns"), "scale"}}}
	return v.written(page, func(mk *markup) {
		head.write(mk, p)
		mk.put(f.Summary())
		if all.Way == coop.PayOwn {
			mk.note(Note{Tone: ToneWait, Strong: p.T("pay_outside.fault.own_way")})
			return
		}
		if n := len(all.Tables.Variables.Examples()); n > 0 {
			mk.note(Note{Tone: ToneLate, Strong: p.T("pay_outside.examples", "n", n), Text: p.T("pay_outside.examples_about"), Links: []Link{{Label: p.T("pay_outside.codes"), Href: v.URL("pay-codes")}}})
		}
		open := !all.Locked
		if open {
			mk.raw(`<div class="payg"><form class="pane stack" method="post" action="`).text(v.URL("pay", m, "outside", "send")).raw(`">`).put(v.NewForm().Once())
			mk.raw(`<div class="bh"><h2>`).text(p.T("pay_outside.leaves")).raw(`</h2></div><p class="soft">`).text(p.T("pay_outside.leaves_about", "n", all.Leave, "kept", all.Kept)).raw("</p>")
			mk.raw(`<div class="acts"><button class="b go">`).icon("download").text(p.T("pay_outside.send", "n", all.Leave)).raw("</button></div></form>")
			v.payReturnForm(mk, m, f)
			mk.raw("</div>")
		}
		v.payReturnsTable(mk, h, all.Returns)
		v.paySentTable(mk, h, all.Sent)
		mk.raw(`<div class="bh"><h2>`).text(p.T("pay_outside.who")).raw("</h2></div>")
		if len(all.Rows) == 0 {
			mk.put(Empty{Title: p.T("pay_outside.nobody"), Text: p.T("pay_outside.nobody_about")}.HTML())
			return
		}
		mk.put(v.paySendTable(all.Rows).HTML(p))
	})
}

// payOutsideLead says where the month stands.
func (v *Visit) payOutsideLead(all *office.PayOutside) string {
	p := v.P
	switch {
	case all.Locked:
		return p.T("pay_outside.state.locked", "n", all.Issued)
	case all.Issued > 0 && all.Issued >= all.Wanted:
		return p.T("pay_outside.state.back", "n", all.Issued)
	case all.Issued > 0:
		return p.T("pay_outside.state.partly", "n", all.Issued, "of", all.Wanted)
	case len(all.Sent) > 0:
		return p.T("pay_outside.state.sent", "at", p.Instant(v.At(all.Sent[0].At)))
	case all.Late:
		return p.T("pay_outside.state.late", "day", all.CutOff)
	}
	return p.T("pay_outside.state.open", "day", all.CutOff)
}

func (v *Visit) payReturnForm(mk *markup, m date.Month, f *Form) {
	p := v.P
	mk.raw(`<form class="pane stack" method="post" enctype="multipart/form-data" action="`).text(v.URL("pay", m, "outside", "return")).raw(`" data-main>`).put(v.NewForm().Once())
	mk.raw(`<div class="bh"><h2>`).text(p.T("pay_outside.back")).raw(`</h2></div>`)
	field := func(name, accept, more string) {
		f.Label(name, p.T("pay_outside.file."+name))
		refusal := f.Refusal(name)
		mk.raw(`<div class="f upl`)
		if refusal != "" {
			mk.raw(" bad")
		}
		mk.raw(`"><label class="lab"`).attr("for", fieldID(name)).raw(">").text(p.T("pay_outside.file."+name)).raw(`</label><input type="file"`).attr("id", fieldID(name)).attr("name", name).attr("accept", accept).raw(more).raw(`><p class="hint">`).text(p.T("pay_outside.file_hint." + name)).raw("</p>")
		if refusal != "" {
			mk.raw(`<p class="err">`).icon("alert-circle").text(refusal).raw("</p>")
		}
		mk.raw("</div>")
	}
	field("results", ".csv,.txt,text/csv", "")
	field("journal", ".csv,.txt,text/csv", "")
	field("slips", "application/pdf", " multiple")
	mk.raw(`<div class="acts"><button class="b">`).icon("arrow-up").text(p.T("pay_outside.try")).raw("</button></div></form>")
}

// returnStates are the words of what became of a return.
var returnStates = map[string]Status{
	store.PayStaged: {Tone: ToneWait, Text: "pay_outside.return.staged"}, store.PayAccepted: {Tone: ToneOK, Text: "pay_outside.return.accepted"},
	store.PayDropped: {Text: "pay_outside.return.dropped"}, store.PayUndone: {Tone: ToneLate, Text: "pay_outside.return.undone"},
}

func (v *Visit) returnStatus(state string) Status {
	st := returnStates[state]
	st.Text = v.P.T(st.Text)
	return st
}

func (v *Visit) payReturnsTable(mk *markup, h *house, all []office.PayReturned) {
	if len(all) == 0 {
		return
	}
	p := v.P
	t := Table{Caption: p.T("pay_outside.returns"), Class: "plain", Cols: []Col{{Label: p.T("pay_outside.when")}, {Label: p.T("pay_outside.files")}, {Label: p.T("pay_month.state")}, {Label: p.T("pay_month.issued"), Num: true}, {Label: p.T("pay_outside.gaps"), Num: true}}}
	for _, r := range all {
		names := make([]string, len(r.Files))
		for i, x := range r.Files {
			names[i] = x.Name
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{cellSub(p.Instant(v.At(r.At)), h.PersonName(r.By), v.URL("pay-returns", r.ID)), cellText(strings.Join(names, ", ")), cellStatus(v.returnStatus(r.State)), cellNumber(strconv.Itoa(r.People)), cellNumber(strconv.Itoa(r.Gaps))}})
	}
	mk.raw(`<div class="bh"><h2>`).text(p.T("pay_outside.returns")).raw("</h2></div>").put(t.HTML(p))
}

func (v *Visit) paySentTable(mk *markup, h *house, all []office.PaySent) {
	if len(all) == 0 {
		return
	}
	p := v.P
	t := Table{Caption: p.T("pay_outside.sent"), Class: "plain", Cols: []Col{{Label: p.T("pay_outside.file")}, {Label: p.T("pay_outside.when")}, {Label: p.T("pay_outside.people"), Num: true}, {Label: p.T("pay_outside.since")}, {Label: p.T("pay_outside.hash")}}}
	for i, x := range all {
		since := p.T("pay_outside.first")
		if i < len(all)-1 {
			since = p.T("pay_outside.since_counts", "new", x.New, "changed", x.Changed, "gone", x.Gone)
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{cellLink(x.Name, v.URL("pay-sent", x.ID)), cellSub(p.Instant(v.At(x.At)), h.PersonName(x.By), ""), cellNumber(strconv.Itoa(x.People)), cellText(since), cellText(x.File[:min(len(x.File), 12)])}})
	}
	mk.raw(`<div class="bh"><h2>`).text(p.T("pay_outside.sent")).raw("</h2></div>").put(t.HTML(p))
}

// saidFaults writes refusals as a list.
func (v *Visit) saidFaults(all []*fault.Error) template.HTML {
	m := new(markup)
	if len(all) == 0 {
		return ""
	}
	m.raw(`<ul class="plook">`)
	for _, e := range all {
		m.raw("<li>").text(v.P.Fault(e)).raw("</li>")
	}
	return m.raw("</ul>").html()
}

// faultWords says refusals in one line.
func (v *Visit) faultWords(all []*fault.Error) string {
	words := make([]string, len(all))
	for i, e := range all {
		words[i] = v.P.Fault(e)
	}
	return strings.Join(words, " ")
}

func (v *Visit) paySendTable(rows []office.PaySendRow) Table {
	p := v.P
	t := Table{Caption: p.T("pay_outside.who"), Class: "act pay", Cols: []Col{{Label: p.T("pay_month.person")}, {Label: p.T("pay_outside.what")}, {Label: p.T("pay_outside.kept")}, {Label: p.T("pay_month.gross"), Num: true}}}
	for _, r := range rows {
		m := new(markup)
		for i, x := range r.Rows {
			if i > 0 {
				m.raw("<br>")
			}
			what := p.T("variables.element." + string(x.Element))
			switch {
			case x.Amount != 0:
				what += " " + p.Amount(x.Amount)
			case x.Quantity != 0:
				what += " " + p.Micro(x.Quantity)
			}
			switch {
			case x.From != 0 && x.Until > x.From:
				what = p.T("pay_outside.days", "what", what, "from", x.From, "until", x.Until)
			case x.From != 0:
				what = p.T("pay_outside.day", "what", what, "from", x.From)
			}
			m.text(what)
		}
		since := ""
		if r.Since != "" {
			since = p.T("pay_outside.since." + r.Since)
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{cellSub(r.Person.LastName+" "+r.Person.FirstName, since, ""), cellHTML(m.html()), cellHTML(v.saidFaults(r.Refused)), cellAmount(r.Gross, "")}})
	}
	return t
}

func (s *Server) paySend(v *Visit) error {
	m, err := v.payMonthAsked()
	if err != nil {
		return err
	}
	f, err := v.Form()
	if err != nil {
		return err
	}
	sent, err := s.office.SendPay(v.Ctx(), v.Actor, m, f.Key)
	if err != nil {
		if !f.Take(err) {
			return err
		}
		return s.showPayOutside(v, m, f, http.StatusUnprocessableEntity)
	}
	v.Say("pay_outside.said_sent", "n", sent.People, "kept", sent.Kept)
	return v.Go(v.URL("pay", m, "outside"))
}

func (s *Server) paySentFile(v *Visit) error {
	id, err := v.ID("id")
	if err != nil {
		return err
	}
	name, b, err := s.office.SentPayFile(v.Ctx(), v.Actor, id)
	if err != nil {
		return err
	}
	return v.sendPiece(name, "text/csv", b)
}

func (s *Server) payReturnSent(v *Visit) error {
	m, err := v.payMonthAsked()
	if err != nil {
		return err
	}
	f, err := v.Form()
	if err != nil {
		return err
	}
	var files office.PayReturnFiles
	for i, x := range f.Files("results") {
		if i == 0 {
			files.Results = &x
		}
	}
	for i, x := range f.Files("journal") {
		if i == 0 {
			files.Journal = &x
		}
	}
	files.Slips = f.Files("slips")
	if f.OK() {
		x, err := s.office.StagePay(v.Ctx(), v.Actor, m, files, f.Key)
		if err == nil {
			return v.Go(v.URL("pay-returns", x.ID))
		}
		if !f.Take(err) {
			return err
		}
	}
	return s.showPayOutside(v, m, f, http.StatusUnprocessableEntity)
}

func (s *Server) payReturn(v *Visit) error {
	id, err := v.ID("id")
	if err != nil {
		return err
	}
	return s.showPayReturn(v, id, v.NewForm(), http.StatusOK)
}

func (s *Server) showPayReturn(v *Visit, id int64, f *Form, status int) error {
	r, err := s.office.PayReturn(v.Ctx(), v.Actor, id)
	if err != nil {
		return err
	}
	p := v.P
	title := p.T("pay_outside.return_of", "month", p.Month(r.Month))
	names := make([]string, len(r.Files))
	for i, x := range r.Files {
		names[i] = x.Name
	}
	page := Page{Title: title, Section: "pay", Team: true, Wide: true, Status: status}
	head := Head{Back: Link{Label: p.T("pay_outside.title", "month", p.Month(r.Month)), Href: v.URL("pay", r.Month, "outside")}, Title: title, Lead: v.returnStatus(r.State).Text, Fresh: names}
	return v.written(page, func(mk *markup) {
		head.write(mk, p)
		mk.put(f.Summary())
		tell := func(all []*fault.Error, key string) {
			if len(all) > 0 {
				mk.note(Note{Tone: ToneLate, Strong: p.T(key, "n", len(all))}).put(v.saidFaults(all))
			}
		}
		if r.Blocked {
			mk.note(Note{Tone: ToneLate, Strong: p.T("pay_outside.blocked"), Text: p.T("pay_outside.blocked_about")})
		}
		tell(r.Told, "pay_outside.told.results")
		tell(r.Journal, "pay_outside.told.journal")
		tell(r.PDF, "pay_outside.told.slips")
		if len(r.Missing) > 0 {
			all := make([]string, len(r.Missing))
			for i, x := range r.Missing {
				all[i] = x.Name()
			}
			mk.note(Note{Tone: ToneWait, Strong: p.T("pay_outside.missing", "n", len(all)), Text: strings.Join(all, ", ")})
		}
		v.payReturnDeeds(mk, &r)
		if len(r.Rows) == 0 {
			return
		}
		if r.Theirs != (payroll.Totals{}) {
			mk.raw(`<section class="block">`).put(v.paySumsTable(&r).HTML(p)).raw("</section>")
		}
		mk.raw(`<section class="block"><div class="bh"><h2>`).text(p.T("pay_outside.rows")).raw("</h2></div>").put(v.payReturnTable(&r).HTML(p)).raw("</section>")
		if len(r.Differ) > 0 {
			mk.raw(`<section class="block"><div class="bh"><h2>`).text(p.T("pay_outside.all_gaps", "n", len(r.Differ))).raw("</h2></div>").put(v.payGapsTable(r.Differ).HTML(p)).raw("</section>")
		}
	})
}

// payReturnDeeds are what can be done of a return.
func (v *Visit) payReturnDeeds(mk *markup, r *office.PayReturn) {
	p := v.P
	deed := func(part, label, class string) {
		mk.raw(`<form method="post" action="`).text(v.URL("pay-returns", r.ID, part)).raw(`">`).put(v.NewForm().Set("seen", r.Digest).Once())
		mk.raw(`<input type="hidden" name="seen"`).attr("value", r.Digest).raw(`><button class="`).raw(class).raw(`">`).text(label).raw("</button></form>")
	}
	if r.Others > 0 {
		mk.note(Note{Tone: ToneWait, Strong: p.T("pay_outside.own"), Text: p.T("pay_outside.own_about")})
	}
	if r.Locked {
		return
	}
	if len(r.Stay) > 0 {
		mk.note(Note{Tone: ToneWait, Strong: p.T("pay_outside.stay", "n", len(r.Stay))}).raw(`<ul class="plook">`)
		for _, x := range r.Stay {
			mk.raw("<li>").text(p.T("pay_outside.stays", "name", x.Person.Name(), "why", v.faultWords(x.Why))).raw("</li>")
		}
		mk.raw("</ul>")
	}
	mk.raw(`<div class="acts">`)
	if !r.Blocked && (r.Ready > 0 || r.Fileable() > 0) {
		deed("accept", p.T("pay_outside.accept", "n", max(r.Ready, r.Fileable())), "b go")
	}
	switch {
	case r.State == store.PayStaged:
		deed("drop", p.T("pay_outside.drop"), "b")
	case r.Back > 0:
		deed("undo", p.T("pay_outside.undo", "n", r.Back), "b")
	}
	mk.raw("</div>")
}

func (v *Visit) payReturnTable(r *office.PayReturn) Table {
	p := v.P
	t := Table{Caption: p.T("pay_outside.rows"), Class: "act pay", Wide: true, Cols: []Col{{Label: p.T("pay_month.person")}, {Label: p.T("pay_month.look")}, {Label: p.T("pay_month.gross"), Num: true}, {Label: p.T("pay_month.employee"), Num: true}, {Label: p.T("pay_month.employer"), Num: true}, {Label: p.T("pay_month.net_taxable"), Num: true}, {Label: p.T("pay_month.tax"), Num: true}, {Label: p.T("pay_month.paid"), Num: true}, {Label: p.T("pay_month.cost"), Num: true}}}
	for i := range r.Rows {
		x := &r.Rows[i]
		m := new(markup)
		say := func(s string) { m.raw("<div>").text(s).raw("</div>") }
		switch {
		case x.Done:
			say(p.T("pay_outside.row.done"))
		case x.Line == 0:
		case x.Own:
			say(p.T("pay_outside.row.own"))
		case len(x.Why) > 0:
			say(p.T("pay_outside.row.alone"))
			m.put(v.saidFaults(x.Why))
		case len(x.Gaps) > 0:
			say(p.T("pay_outside.row.gaps", "n", len(x.Gaps)))
		case len(x.Refused) == 0:
			say(p.T("pay_outside.row.same"))
		}
		if x.Pages > 0 {
			say(p.T("pay_outside.row.pages", "n", x.Pages))
		}
		if x.Lines > 0 {
			say(p.T("pay_outside.row.lines", "n", x.Lines))
		}
		m.put(v.saidFaults(x.Refused))
		sub := ""
		if x.Line > 0 {
			sub = p.T("pay_outside.row.line", "n", x.Line)
		}
		z := x.Theirs
		t.Rows = append(t.Rows, Row{Cells: []Cell{cellSub(x.Person.LastName+" "+x.Person.FirstName, sub, ""), cellHTML(m.html()), cellAmount(z.Gross, ""), cellAmount(z.Employee, ""), cellAmount(z.Employer, ""), cellAmount(z.NetTaxable, ""), cellAmount(z.Tax, ""), cellAmount(z.Paid, ""), cellAmount(z.Cost, "", "strong")}})
	}
	return t
}

// paySumsTable holds the sums of what came back against ours, of those whom we could count.
func (v *Visit) paySumsTable(r *office.PayReturn) Table {
	p := v.P
	t := Table{Caption: p.T("pay_outside.sums"), Class: "plain", Cols: []Col{{Label: p.T("pay_outside.sums")}, {Label: p.T("pay_month.gross"), Num: true}, {Label: p.T("pay_month.employee"), Num: true}, {Label: p.T("pay_month.employer"), Num: true}, {Label: p.T("pay_month.tax"), Num: true}, {Label: p.T("pay_month.paid"), Num: true}, {Label: p.T("pay_month.cost"), Num: true}}}
	row := func(label string, x payroll.Totals) {
		t.Rows = append(t.Rows, Row{Cells: []Cell{cellText(label), cellAmount(x.Gross, ""), cellAmount(x.Employee, ""), cellAmount(x.Employer, ""), cellAmount(x.Tax, ""), cellAmount(x.Paid, ""), cellAmount(x.Cost, "", "strong")}})
	}
	row(p.T("pay_outside.theirs"), r.Theirs)
	row(p.T("pay_outside.ours"), r.Ours)
	o, z := r.Ours, r.Theirs
	row(p.T("pay_outside.gap"), payroll.Totals{Gross: z.Gross - o.Gross, Employee: z.Employee - o.Employee, Employer: z.Employer - o.Employer, Tax: z.Tax - o.Tax, Paid: z.Paid - o.Paid, Cost: z.Cost - o.Cost})
	return t
}

func (v *Visit) payGapsTable(all []office.PayReturnGap) Table {
	p := v.P
	t := Table{Caption: p.T("pay_outside.gaps"), Class: "plain", Cols: []Col{{Label: p.T("pay_month.person")}, {Label: p.T("pay_outside.figure")}, {Label: p.T("pay_outside.ours"), Num: true}, {Label: p.T("pay_outside.theirs"), Num: true}, {Label: p.T("pay_outside.gap"), Num: true}}}
	const most = 500
	for _, g := range all[:min(len(all), most)] {
		t.Rows = append(t.Rows, Row{Cells: []Cell{cellText(g.Person.LastName + " " + g.Person.FirstName), cellText(p.T("pay_outside.field." + g.Field)), cellAmount(g.Ours, ""), cellAmount(g.Theirs, ""), cellAmount(g.Difference(), "", "strong")}})
	}
	return t
}

func (s *Server) payAccept(v *Visit) error {
	id, f, err := v.deed()
	if err != nil {
		return err
	}
	x, err := s.office.AcceptPay(v.Ctx(), v.Actor, id, f.Get("seen"), f.Key)
	if err != nil {
		if !f.Take(err) {
			return err
		}
		return s.showPayReturn(v, id, f, http.StatusUnprocessableEntity)
	}
	v.Say("pay_outside.said_accepted", "n", x.People, "filed", x.Filed)
	return v.Go(v.URL("pay", x.Month, "outside"))
}

func (s *Server) payReturnDrop(v *Visit) error {
	id, f, err := v.deed()
	if err != nil {
		return err
	}
	m, err := s.office.DropPayReturn(v.Ctx(), v.Actor, id)
	if err != nil {
		if m == 0 || !f.Take(err) {
			return err
		}
		return s.showPayReturn(v, id, f, http.StatusUnprocessableEntity)
	}
	v.Say("pay_outside.said_dropped")
	return v.Go(v.URL("pay", m, "outside"))
}

// payReturnUndo takes back what can be; who stays is told on the page of the return.
func (s *Server) payReturnUndo(v *Visit) error {
	id, f, err := v.deed()
	if err != nil {
		return err
	}
	done, err := s.office.UndoPayReturn(v.Ctx(), v.Actor, id)
	switch {
	case err != nil && (done.Month == 0 || !f.Take(err)):
		return err
	case err != nil:
		return s.showPayReturn(v, id, f, http.StatusUnprocessableEntity)
	case len(done.Left) > 0:
		v.Say("pay_outside.said_undone_partly", "n", done.Count, "left", len(done.Left))
		return v.Go(v.URL("pay-returns", id))
	}
	v.Say("pay_outside.said_undone", "n", done.Count)
	return v.Go(v.URL("pay", done.Month, "outside"))
}

func (s *Server) payParallel(v *Visit) error {
	all, run, wanted, err := s.office.PayParallels(v.Ctx(), v.Actor)
	if err != nil {
		return err
	}
	p := v.P
	title := p.T("pay_outside.parallel")
	return v.written(Page{Title: title, Section: "pay", Team: true}, func(mk *markup) {
		Head{Back: Link{Label: p.T("pay_month.title"), Href: v.URL("pay")}, Title: title, Lead: p.T("pay_outside.parallel_lead", "n", wanted)}.write(mk, p)
		if len(all) == 0 {
			mk.put(Empty{Title: p.T("pay_outside.parallel_none"), Text: p.T("pay_outside.parallel_none_about")}.HTML())
			return
		}
		if run >= wanted {
			mk.note(Note{Tone: ToneOK, Strong: p.T("pay_outside.ready", "n", run), Text: p.T("pay_outside.ready_about"), Links: []Link{{Label: p.T("rules.title"), Href: v.URL("rules")}}})
		} else {
			mk.note(Note{Tone: ToneWait, Strong: p.T("pay_outside.not_ready", "n", run, "of", wanted)})
		}
		t := Table{Caption: title, Class: "plain", Cols: []Col{{Label: p.T("pay_month.month")}, {Label: p.T("pay_month.state")}, {Label: p.T("pay_month.issued"), Num: true}, {Label: p.T("pay_outside.alone"), Num: true}, {Label: p.T("pay_outside.gaps"), Num: true}, {Label: p.T("pay_outside.gap_sum"), Num: true}}}
		for _, x := range all {
			st := Status{Tone: ToneOK, Text: p.T("pay_outside.zero")}
			switch {
			case x.Gaps > 0:
				st = Status{Tone: ToneLate, Text: p.T("pay_outside.some_gaps")}
			case !x.Whole || x.Alone > 0:
				st = Status{Tone: ToneWait, Text: p.T("pay_outside.not_whole")}
			}
			t.Rows = append(t.Rows, Row{Cells: []Cell{cellLink(p.Month(x.Month), v.URL("pay", x.Month, "outside")), cellStatus(st), cellNumber(strconv.Itoa(x.People)), cellNumber(strconv.Itoa(x.Alone)), cellNumber(strconv.Itoa(x.Gaps)), cellAmount(x.Sum, "")}})
		}
		mk.put(t.HTML(p))
	})
}
