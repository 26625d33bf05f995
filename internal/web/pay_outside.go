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
		v.payOutsideSteps(mk, m, &all, f)
		fold := func(title string, t Table) {
			if len(t.Rows) > 0 {
				mk.raw(`<details class="folded"><summary>`).icon("chevron-down").raw("<span>").text(title).raw("</span></summary>").part(t, p).raw("</details>")
			}
		}
		who := p.T("pay_outside.who_all", "n", len(all.Rows))
		if all.Kept > 0 {
			who = p.T("pay_outside.who_counts", "n", len(all.Rows), "kept", all.Kept)
		}
		fold(who, v.paySendTable(all.Rows))
		fold(p.T("pay_outside.returns_n", "n", len(all.Returns)), v.payReturnsTable(h, all.Returns))
		fold(p.T("pay_outside.sent_n", "n", len(all.Sent)), v.paySentTable(h, all.Sent))
	})
}

// payOutsideSteps are what one does with the software, in order: a step that cannot be taken says why, and has no button.
func (v *Visit) payOutsideSteps(mk *markup, m date.Month, all *office.PayOutside, f *Form) {
	p, now := v.P, v.Today().Month()
	mk.raw(`<ol class="steps">`)
	step := func(title, text string) {
		mk.raw("<li><p>").text(title).raw(`</p><p class="soft">`).text(text).raw("</p>")
	}
	// Prepare.
	class := "b go"
	if len(all.Sent) > 0 {
		class = "b"
		step(p.T("pay_outside.step.prepare"), p.T("pay_outside.step.sent", "n", all.Sent[0].People, "at", p.Instant(v.At(all.Sent[0].At))))
		mk.raw(`<p><a class="lk" href="`).text(v.URL("pay-sent", all.Sent[0].ID)).raw(`">`).icon("download").text(all.Sent[0].Name).raw("</a></p>")
	} else if len(all.Rows) == 0 {
		step(p.T("pay_outside.step.prepare"), p.T("pay_outside.nobody"))
	} else {
		about := p.T("pay_outside.leaves_all", "n", all.Leave)
		if all.Kept > 0 {
			about = p.T("pay_outside.leaves_about", "n", all.Leave, "kept", all.Kept)
		}
		step(p.T("pay_outside.step.prepare"), about)
	}
	if !all.Locked && all.Leave > 0 && m <= now+1 {
		mk.raw(`<form method="post" action="`).text(v.URL("pay", m, "outside", "send")).raw(`">`).put(v.NewForm().Once())
		mk.raw(`<button class="`).raw(class).raw(`">`).icon("download").text(p.T("pay_outside.send", "n", all.Leave)).raw("</button></form>")
	}
	mk.raw("</li>")
	// Load.
	var staged *office.PayReturned
	for i := range all.Returns {
		if staged == nil && all.Returns[i].State == store.PayStaged {
			staged = &all.Returns[i]
		}
	}
	switch {
	case all.Locked:
		step(p.T("pay_outside.step.load"), p.T("pay_outside.step.locked"))
	case m > now:
		step(p.T("pay_outside.step.load"), p.T("pay_outside.step.ahead", "month", p.Month(m)))
	default:
		step(p.T("pay_outside.step.load"), p.T("pay_outside.step.load_about"))
		v.payReturnForm(mk, m, f, staged == nil && len(all.Sent) > 0 && all.Issued < all.Wanted)
	}
	mk.raw("</li>")
	// Accept.
	if staged != nil && !all.Locked {
		step(p.T("pay_outside.step.accept"), p.T("pay_outside.step.staged"))
		mk.raw(`<p><a class="b go" href="`).text(v.URL("pay-returns", staged.ID)).raw(`">`).text(p.T("pay_outside.step.see")).raw("</a></p>")
	} else {
		step(p.T("pay_outside.step.accept"), p.T("pay_outside.step.issued", "n", all.Issued, "of", all.Wanted))
	}
	mk.raw("</li></ol>")
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

// payReturnForm takes the files in: the amounts are enough, the rest is folded.
func (v *Visit) payReturnForm(mk *markup, m date.Month, f *Form, next bool) {
	p := v.P
	mk.raw(`<form class="stack" method="post" enctype="multipart/form-data" action="`).text(v.URL("pay", m, "outside", "return")).raw(`" data-main>`).put(v.NewForm().Once())
	bad := false
	field := func(m *markup, name, accept, more string) {
		f.Label(name, p.T("pay_outside.file."+name))
		refusal := f.Refusal(name)
		m.raw(`<div class="f upl`)
		if refusal != "" {
			m.raw(" bad")
			bad = true
		}
		m.raw(`"><label class="lab"`).attr("for", fieldID(name)).raw(">").text(p.T("pay_outside.file."+name)).raw(`</label><input type="file"`).attr("id", fieldID(name)).attr("name", name).attr("accept", accept).raw(more).raw(`><p class="hint">`).text(p.T("pay_outside.file_hint." + name)).raw("</p>")
		if refusal != "" {
			m.raw(`<p class="err">`).icon("alert-circle").text(refusal).raw("</p>")
		}
		m.raw("</div>")
	}
	field(mk, "results", ".csv,.txt,text/csv", "")
	bad = false
	rest := new(markup)
	field(rest, "lines", ".csv,.txt,text/csv", "")
	field(rest, "journal", ".csv,.txt,text/csv", "")
	field(rest, "slips", "application/pdf", " multiple")
	mk.raw(`<details class="folded"`)
	if bad {
		mk.raw(" open")
	}
	mk.raw(`><summary>`).icon("chevron-down").raw("<span>").text(p.T("pay_outside.step.more")).raw("</span></summary>").put(rest.html()).raw("</details>")
	class := "b"
	if next {
		class = "b go"
	}
	mk.raw(`<div class="acts"><button class="`).raw(class).raw(`">`).icon("arrow-up").text(p.T("pay_outside.try")).raw("</button></div></form>")
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

func (v *Visit) payReturnsTable(h *house, all []office.PayReturned) Table {
	p := v.P
	t := Table{Caption: p.T("pay_outside.returns"), Class: "plain", Cols: []Col{{Label: p.T("pay_outside.when")}, {Label: p.T("pay_outside.files")}, {Label: p.T("pay_month.state")}, {Label: p.T("pay_month.issued"), Num: true}, {Label: p.T("pay_outside.gaps"), Num: true}}}
	for _, r := range all {
		names := make([]string, len(r.Files))
		for i, x := range r.Files {
			names[i] = x.Name
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{cellSub(p.Instant(v.At(r.At)), h.PersonName(r.By), v.URL("pay-returns", r.ID)), cellText(strings.Join(names, ", ")), cellStatus(v.returnStatus(r.State)), cellNumber(strconv.Itoa(r.People)), cellNumber(strconv.Itoa(r.Gaps))}})
	}
	return t
}

func (v *Visit) paySentTable(h *house, all []office.PaySent) Table {
	p := v.P
	t := Table{Caption: p.T("pay_outside.sent"), Class: "plain", Cols: []Col{{Label: p.T("pay_outside.file")}, {Label: p.T("pay_outside.when")}, {Label: p.T("pay_outside.people"), Num: true}, {Label: p.T("pay_outside.since")}, {Label: p.T("pay_outside.hash")}}}
	for i, x := range all {
		since := p.T("pay_outside.first")
		if i < len(all)-1 {
			since = p.T("pay_outside.since_counts", "new", x.New, "changed", x.Changed, "gone", x.Gone)
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{cellLink(x.Name, v.URL("pay-sent", x.ID)), cellSub(p.Instant(v.At(x.At)), h.PersonName(x.By), ""), cellNumber(strconv.Itoa(x.People)), cellText(since), cellText(x.File[:min(len(x.File), 12)])}})
	}
	return t
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
	for i, x := range f.Files("lines") {
		if i == 0 {
			files.Lines = &x
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
