package web

import (
	"net/http"
	"strconv"

	"essaim/access"
	"essaim/fault"
	"essaim/i18n"
	"essaim/internal/office"
	"essaim/member"
	"essaim/money"
	"essaim/payroll"
)

// payExitPages are the end of a contract: what one would receive by leaving, for oneself, which keeps nothing; and for who
// runs the pay, the same with what they decide, prepared, taken back, and its papers. Neither reason nor amount stands in
// an address.
func (s *Server) payExitPages() {
	s.page("GET", "/{coop}/pay-file/exit", "", s.ownExit)
	s.page("POST", "/{coop}/pay-file/exit", "", s.ownExitTried)
	s.page("GET", "/{coop}/people/{id}/exit/{contract}", access.RunPay, s.exitOf)
	s.page("POST", "/{coop}/people/{id}/exit/{contract}", access.RunPay, s.exitSent)
	s.page("POST", "/{coop}/people/{id}/exit/{contract}/back", access.RunPay, s.exitBack)
	s.page("POST", "/{coop}/people/{id}/exit/{contract}/papers", access.RunPay, s.exitPapers)
}

func (s *Server) ownExit(v *Visit) error {
	return s.exitPage(v, v.NewForm(), office.ExitQuestion{ExitBody: office.ExitBody{All: true}}, true)
}

func (s *Server) ownExitTried(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	q := office.ExitQuestion{Contract: f.ID("contract"), ExitBody: readExit(f)}
	q.All = true
	return s.exitPage(v, f, q, true)
}

// readExit is what the two forms share.
func readExit(f *Form) office.ExitBody {
	f.Label("end", f.P.T("payexit.end"))
	b := office.ExitBody{Reason: payroll.LeavingReason(f.Get("reason")), End: f.Day("end"), Pension: f.Bool("pension")}
	if b.Reason != payroll.Rupture { // the box is of a rupture alone
		b.Pension = false
	}
	return b
}

// exitContract is the contract of the address, of the person of the address; nobody opens their own so.
func (s *Server) exitContract(v *Visit) (q office.ExitQuestion, err error) {
	if q.Person, err = v.ID("id"); err != nil {
		return q, err
	}
	if q.Contract, err = v.ID("contract"); err != nil {
		return q, err
	}
	return q, access.Refuse(v.Actor, access.RunPay, access.Subject{Coop: v.Coop.ID, Person: q.Person})
}

func (s *Server) exitOf(v *Visit) error {
	q, err := s.exitContract(v)
	if err != nil {
		return err
	}
	q.All = true
	return s.exitPage(v, v.NewForm().Set("all", true), q, false)
}

func (s *Server) exitSent(v *Visit) error {
	q, err := s.exitContract(v)
	if err != nil {
		return err
	}
	f, err := v.Form()
	if err != nil {
		return err
	}
	q.ExitBody = readExit(f)
	q.NoBonus, q.All, q.Follow = f.Bool("noBonus"), f.Bool("all"), f.Text("follow", 120)
	if f.Get("paid") != "" {
		given := f.Cents("paid")
		q.Given = &given
	}
	if f.Get("days") != "" {
		const part = money.Unit / 100
		n := f.Micro("days")
		if n%part != 0 || n < 0 || n > 100*money.Unit {
			f.Refuse("days", "payroll.leave_days")
		} else {
			days := payroll.Days(n / part)
			q.Days = &days
		}
	}
	if f.OK() && f.Get("do") == "prepare" {
		_, err := s.office.PrepareExit(office.Keyed(v.Ctx(), f.Key), v.Actor, q)
		if err == nil {
			v.Say("payexit.said", "day", q.End)
			return v.Go(v.URL("people", q.Person, "exit", q.Contract))
		}
		if !f.takeExit(err) {
			return err
		}
	}
	return s.exitPage(v, f, q, false)
}

// takeExit notes what an end is refused for: on its field, or above the form.
func (f *Form) takeExit(err error) bool {
	if f.Take(err) {
		return true
	}
	switch kind := fault.KindOf(err); {
	case office.Changed(err), kind != fault.Conflict && kind != fault.Invalid:
		return false
	}
	for _, e := range fault.All(err) {
		f.Refuse("", e.Key, e.Args...)
	}
	return true
}

func (s *Server) exitBack(v *Visit) error {
	return s.exitDeed(v, "payexit.said_back", func(_ office.ExitView, id int64) error {
		_, err := s.office.TakeBackExit(v.Ctx(), v.Actor, id)
		return err
	})
}

func (s *Server) exitPapers(v *Visit) error {
	return s.exitDeed(v, "payexit.said_papers", func(_ office.ExitView, id int64) error { return s.office.FileExitPapers(v.Ctx(), v.Actor, id) })
}

// exitDeed does something with the end that was prepared; a second click finds it done.
func (s *Server) exitDeed(v *Visit, said string, do func(office.ExitView, int64) error) error {
	q, err := s.exitContract(v)
	if err != nil {
		return err
	}
	if _, err := v.Form(); err != nil {
		return err
	}
	x, err := s.office.Exit(v.Ctx(), v.Actor, q)
	if x.Prepared != nil {
		if err := do(x, x.Prepared.ID); err != nil {
			return err
		}
		v.Say(said)
	} else if fault.KindOf(err) == fault.NotFound || fault.KindOf(err) == fault.Forbidden {
		return err
	}
	return v.Go(v.URL("people", q.Person, "exit", q.Contract))
}

// exitWriter is the page while it is written.
type exitWriter struct {
	v   *Visit
	f   *Form
	x   office.ExitView
	own bool
	ok  bool // something was counted
}

func (w *exitWriter) T(key string, args ...any) string { return w.v.P.T(key, args...) }

// exitPage answers with the page.
func (s *Server) exitPage(v *Visit, f *Form, q office.ExitQuestion, own bool) error {
	w := &exitWriter{v: v, f: f, own: own}
	wrong := !f.OK()
	if wrong { // what was typed is kept; the rest is told of what can be
		q.ExitBody = office.ExitBody{All: true}
	}
	x, err := s.office.Exit(v.Ctx(), v.Actor, q)
	switch {
	case err == nil:
	case x.Contract.ID == 0 || !f.takeExit(err):
		return err
	}
	w.x, w.ok = x, err == nil && x.Why == "" && x.Slip == nil && !wrong
	w.fill()
	page := Page{Title: w.T("payexit.title"), Section: "pay", Team: v.Team() && len(v.Actor.Activities) == 0}
	if !own {
		page = Page{Title: w.T("payexit.title_of", "name", x.Person.Name()), Section: "people", Team: true}
	}
	if !f.OK() {
		page.Status = http.StatusUnprocessableEntity
	}
	v.w.Header().Set("Cache-Control", "no-store")
	var pieces office.Attached
	if x.Prepared != nil && !own {
		if pieces, err = s.office.Attachments(v.Ctx(), v.Actor, exitThing(x)); err != nil {
			return err
		}
	}
	return v.written(page, func(m *markup) { w.write(m, page.Title, pieces) })
}

func exitThing(x office.ExitView) string { return "pay_exit:" + strconv.FormatInt(x.Prepared.ID, 10) }

// fill puts into the form what the answer stands on; what was typed stays.
func (w *exitWriter) fill() {
	if !w.f.Has("end") || w.x.Prepared != nil {
		w.f.Set("end", w.x.ExitBody.End)
	}
	if !w.f.Has("reason") || w.x.Prepared != nil {
		w.f.Set("reason", string(w.x.Reason))
	}
	w.f.Set("contract", w.x.Contract.ID)
	if b := w.x.ExitBody; w.x.Prepared != nil {
		w.f.Set("pension", b.Pension)
	}
}

func (w *exitWriter) write(m *markup, title string, pieces office.Attached) {
	x, p := &w.x, w.v.P
	h := Head{Title: title, Lead: w.T("payexit.lead_of")}
	if !w.own {
		h.Back = Link{Label: x.Person.Name(), Href: w.v.URL("people", x.Person.ID, "pay")}
	} else {
		h.Back, h.Lead = Link{Label: w.T("mypay.slips"), Href: w.v.URL("payslips")}, w.T("payexit.lead")
	}
	if w.ok {
		mark := p.WholeEuros(x.Sum.Paid / 100 * 100)
		key := "payexit.answer"
		if !w.own {
			key = "payexit.answer_of"
		}
		before, after := around(w.T(key, "day", x.ExitBody.End, "amount", mark, "name", x.Person.FirstName), mark)
		h.Title, h.Eyebrow, h.Answer = "", title, Answer{Before: before, Mark: mark, After: after, Href: "#months"}
	}
	h.write(m, p)
	if !w.own {
		m.raw(`<p><a class="lk" href="`).text(h.Back.Href).raw(`">`).icon("arrow-left").text(h.Back.Label).raw("</a></p>")
	}
	if x.Why != "" {
		m.note(Note{Icon: "info-circle", Strong: w.T(x.Why, x.WhyArgs...), Text: w.T("access.whom.payroll")})
		return
	}
	m.put(w.f.Summary())
	w.prepared(m, pieces)
	if x.Slip != nil {
		return
	}
	m.raw(`<div class="cols cw payc"><div>`)
	w.form(m)
	if w.ok {
		w.months(m)
		w.last(m)
	}
	m.raw(`</div><div class="payr">`)
	if w.ok {
		w.counted(m)
		w.rest(m)
	}
	w.known(m)
	m.raw("</div></div>")
}

// prepared is the end that stands: when, what is left to do of it, and how it is taken back.
func (w *exitWriter) prepared(m *markup, pieces office.Attached) {
	x := &w.x
	if x.Prepared == nil {
		return
	}
	n := Note{Tone: ToneWait, Icon: "clock", Strong: w.T("payexit.prepared", "day", x.ExitBody.End), Text: w.T("payexit.prepared_about", "month", x.Prepared.Month)}
	if x.Slip != nil {
		n = Note{Tone: ToneOK, Icon: "check", Strong: w.T("payexit.paid", "day", x.ExitBody.End), Text: w.T("payexit.paid_about", "month", x.Prepared.Month)}
		if w.own {
			n.Links = []Link{{Label: w.T("mypay.slips"), Href: w.v.URL("payslips")}}
		}
	}
	m.note(n)
	if w.own {
		return
	}
	base := w.v.URL("people", x.Person.ID, "exit", x.Contract.ID)
	m.raw(`<section class="pane block"><div class="bh"><h2>`).text(w.T("payexit.todo")).raw(`</h2></div><ul class="payfacts">`)
	done := func(ok bool, key string, args ...any) {
		st := Status{Tone: ToneWait, Icon: "clock", Text: w.T("payexit.to_do")}
		if ok {
			st = Status{Tone: ToneOK, Icon: "check", Text: w.T("payexit.done")}
		}
		m.raw("<li>").status(st).text(" " + w.T(key, args...)).raw("</li>")
	}
	done(x.Slip != nil, "payexit.todo.slip", "month", x.Prepared.Month)
	done(x.Drawn, "payexit.todo.papers")
	done(x.Slip != nil && x.Owed.Count == 0 && x.Follow == "", "payexit.todo.follow", "who", orNobody(w.v.P, x.Follow))
	m.raw("<li>").text(w.T("payexit.todo.france_travail")).raw("</li><li>").text(w.T("payexit.todo.cover")).raw("</li></ul>")
	once := w.v.NewForm()
	switch {
	case x.Slip == nil:
		m.raw(`<form method="post"`).attr("action", base+"/back").raw(">").put(once.Once()).raw(`<div class="acts"><a class="b" href="`).text(w.v.URL("pay", x.Prepared.Month)).raw(`">`).text(w.T("payexit.to_month", "month", x.Prepared.Month)).raw(`</a><button class="b">`).icon("arrow-back-up").text(w.T("payexit.back")).raw("</button></div></form>")
	case !x.Drawn:
		m.raw(`<form method="post"`).attr("action", base+"/papers").raw(">").put(once.Once()).raw(`<div class="acts"><button class="b go">`).icon("file-text").text(w.T("payexit.draw_up")).raw("</button></div></form>")
	}
	if len(x.Papers) > 0 {
		m.put(w.v.pieces(once, pieces, exitThing(*x), base))
	}
	m.raw("</section>")
}

func orNobody(p i18n.Printer, name string) string {
	if name == "" {
		return p.T("payexit.nobody")
	}
	return name
}

// form is the question: why, when, and what pay decides.
func (w *exitWriter) form(m *markup) {
	x := &w.x
	if x.Prepared != nil {
		return
	}
	action := w.v.URL("pay-file", "exit")
	if !w.own {
		action = w.v.URL("people", x.Person.ID, "exit", x.Contract.ID)
	}
	m.raw(`<form method="post" class="pane wform" autocomplete="off" data-main`).attr("action", action).raw(">").put(w.f.Once())
	if w.own && len(x.Contracts) > 1 {
		var all []Option
		for _, c := range x.Contracts {
			all = append(all, Option{Value: strconv.FormatInt(c.ID, 10), Label: w.T("payexit.contract_since", "kind", w.T(c.Kind.Label()), "day", c.Start)})
		}
		m.put(w.f.Select("contract", w.T("payexit.contract"), all))
	} else {
		m.put(w.f.Hidden("contract"))
	}
	var reasons []Option
	for _, r := range x.Reasons {
		reasons = append(reasons, Option{Value: string(r), Label: w.T("payexit.reason." + string(r))})
	}
	m.raw(`<div class="frow">`).put(w.f.Select("reason", w.T("payexit.reason"), reasons)).put(w.f.Field("end", w.T("payexit.end"), "icon=calendar", "required", "hint="+w.T("payexit.end_hint", "day", x.Earliest))).raw("</div>")
	if !w.own {
		m.raw(`<div class="frow">`).put(w.f.Field("paid", w.T("payexit.paid_field"), "amount", "unit=€", "hint="+w.T("payexit.paid_hint"))).
			put(w.f.Field("days", w.T("payexit.days_field"), "inputmode=decimal", "hint="+w.T("payexit.days_hint"))).raw("</div>")
		if len(x.Reasons) > 0 && x.Reasons[0] == payroll.EndOfTerm {
			m.put(w.f.Switch("noBonus", w.T("payexit.no_bonus"), "small="+w.T("payexit.no_bonus_about")))
		}
		if x.Contract.Kind == member.CESA {
			m.put(w.f.Switch("all", w.T("payexit.all"), "small="+w.T("payexit.all_about")))
			m.put(w.f.Field("follow", w.T("payexit.follow"), "maxlength=120", "hint="+w.T("payexit.follow_hint")))
		}
	}
	if len(x.Reasons) > 0 && x.Reasons[0] == payroll.Rupture {
		label := w.T("payexit.pension")
		if !w.own {
			label = w.T("payexit.pension_of")
		}
		m.put(w.f.Switch("pension", label, "small="+w.T("payexit.pension_about")))
	}
	m.raw(`<div class="acts"><button class="b`)
	if w.own {
		m.raw(" go")
	}
	m.raw(`" name="do" value="try">`).text(w.T("payexit.try")).raw("</button>")
	if !w.own {
		m.raw(`<button class="b go" name="do" value="prepare">`).text(w.T("payexit.prepare")).raw("</button>")
	}
	m.raw("</div>")
	if w.own {
		m.raw(`<p class="hint">`).text(w.T("payexit.keeps_nothing")).raw("</p>")
	}
	m.raw("</form>")
}

// months are what is received until the end.
func (w *exitWriter) months(m *markup) {
	p, x := w.v.P, &w.x
	t := Table{Class: "plain", Caption: w.T("payexit.months"), Cols: []Col{{Label: w.T("payexit.month")}, {Label: w.T("payexit.gross"), Num: true}, {Label: w.T("payexit.net"), Num: true}, {Label: w.T("payexit.paid_col"), Num: true}, {Label: w.T("payexit.cost"), Num: true}}}
	for _, y := range x.Months {
		t.Rows = append(t.Rows, Row{Cells: []Cell{cellSub(p.Month(y.Month), w.T("payexit.state."+y.State), ""), cellAmount(y.Gross, ""), cellAmount(y.Net, ""), cellAmount(y.Paid, "", "strong"), cellAmount(y.Cost, "")}})
	}
	t.Foot = []Cell{cellText(w.T("payexit.to_come")), cellAmount(x.Sum.Gross, ""), cellAmount(x.Sum.Net, ""), cellAmount(x.Sum.Paid, "", "strong"), cellAmount(x.Sum.Cost, "")}
	m.raw(`<section class="pane block" id="months"><div class="bh"><h2>`).text(w.T("payexit.months")).raw("</h2></div>").table(p, t)
	var small []string
	if x.Estimate {
		small = append(small, w.T("mypay.estimate"))
	}
	if e := x.Even; e.Slips > 1 {
		key, by := "payexit.even_more", e.Net-e.Now
		if by < 0 {
			key, by = "payexit.even_less", -by
		}
		small = append(small, w.T(key, "n", e.Slips, "net", e.Net, "by", by, "each", e.Each))
	}
	if len(small) > 0 {
		m.raw(`<ul class="payfacts small soft">`)
		for _, s := range small {
			m.raw("<li>").text(s).raw("</li>")
		}
		m.raw("</ul>")
	}
	m.raw("</section>")
}

// last is what the last payslip is made of.
func (w *exitWriter) last(m *markup) {
	p, x := w.v.P, &w.x
	m.raw(`<section class="pane block" id="last"><div class="bh"><h2>`).text(w.T("payexit.last", "month", x.ExitBody.End.Month())).raw("</h2></div>")
	t := Table{Class: "plain", Caption: w.T("payexit.last", "month", x.ExitBody.End.Month()), Cols: []Col{{Label: w.T("payexit.what")}, {Label: w.T("payexit.amount"), Num: true}}}
	for _, it := range x.Last.Items {
		e, _ := payroll.Law().ElementOf(it.Element)
		amount := it.Amount
		if e.Sign < 0 || e.Kind == "recovery" {
			amount = -amount
		}
		if amount != 0 && e.Kind != "employer" {
			t.Rows = append(t.Rows, Row{Cells: []Cell{cellSub(w.T("slip.element."+it.Element), it.Text, ""), cellAmount(amount, "")}})
		}
	}
	m.table(p, t).raw(`<details class="twin"><summary>`).text(w.T("mypay.where")).raw("</summary>")
	slipWords(m, p, x.Last, nil, true)
	m.raw("</details></section>")
}

// counted is where each figure comes from.
func (w *exitWriter) counted(m *markup) {
	p, x, c := w.v.P, &w.x, &w.x.Count
	t := Table{Class: "plain", Caption: w.T("payexit.how"), Cols: []Col{{Label: w.T("payexit.what")}, {Label: w.T("payexit.amount"), Num: true}}}
	say := func(key, about string, value Cell, args ...any) {
		t.Rows = append(t.Rows, Row{Cells: []Cell{cellSub(w.T("payexit.row."+key), w.T(about, args...), ""), value}})
	}
	row := func(key string, value Cell, args ...any) { say(key, "payexit.about."+key, value, args...) }
	switch x.Reason {
	case payroll.Rupture, payroll.Dismissal:
		since, mean := "payexit.about.seniority", "payexit.about.reference"
		if c.Suspended > 0 {
			since = "payexit.about.seniority_less"
		}
		switch whole := min(12, c.Months); {
		case c.Known == 0:
			mean = "payexit.about.reference_none"
		case c.Known < whole:
			mean = "payexit.about.reference_few"
		}
		say("seniority", since, cellNumber(monthsWords(p, c.Months)), "day", x.ExitBody.End, "n", c.Suspended)
		say("reference", mean, cellAmount(c.Reference, ""), "twelve", c.Twelve, "three", c.Three, "n", c.Known)
		row("least", cellAmount(c.Least, ""))
		if c.Given != c.Least {
			row("given", cellAmount(c.Given, ""))
		}
		if c.Given > 0 {
			row("free", cellAmount(c.Free, ""), "all", c.FreeOfAll, "subject", c.Subject)
		}
		if c.Contribution > 0 {
			row("contribution", cellAmount(c.Contribution, ""))
		}
	case payroll.EndOfTerm:
		row("precarity", cellAmount(c.Given, ""), "base", c.Base)
	case payroll.Resignation, payroll.Trial, payroll.NotMember:
		row("none", cellAmount(c.Given, ""))
	}
	w.leave(row)
	if x.Account != nil {
		if x.Means.Pot > 0 {
			row("pot", cellAmount(x.Pot.Cost, ""), "gross", x.Pot.Gross)
		}
		row("account", cellAmount(x.Year.Cost, ""), "gross", x.Year.Gross, "means", max(x.Means.Account, 0))
		if x.Short > 0 {
			row("short", cellAmount(-x.Short, ""))
		}
	}
	m.raw(`<section class="pane block" id="how"><div class="bh"><h2>`).text(w.T("payexit.how")).raw(`</h2></div>`).table(p, t)
	if x.Account != nil && (w.own || w.v.can(access.ViewAccount, x.Section)) {
		m.raw(`<details class="twin"><summary>`).text(w.T("payexit.account_lines")).raw("</summary>")
		lines := Table{Class: "plain", Caption: w.T("payexit.account_lines"), Cols: []Col{{Label: w.T("payexit.what")}, {Label: w.T("payexit.amount"), Num: true}}}
		words := w.v.accountWords(x.Account, 0)
		for _, l := range x.Account.Available.Children {
			if l.Key == "fixed" || l.Key == "missing" || l.Key == "kept" || l.Amount == 0 { // counted month by month above
				continue
			}
			lines.Rows = append(lines.Rows, Row{Cells: []Cell{cellText(w.T(l.Label, l.Args...)), cellAmount(l.Amount, words.why(l))}})
		}
		m.table(p, lines).raw(`<p class="hint">`).text(w.T("payexit.account_about")).raw("</p></details>")
	}
	m.raw("</section>")
}

func monthsWords(p i18n.Printer, n int) string {
	if n < 12 {
		return p.T("payexit.months_n", "n", n)
	}
	years := p.T("payexit.years_n", "n", n/12)
	if n%12 == 0 {
		return years
	}
	return p.T("payexit.years_months", "years", years, "months", p.T("payexit.months_n", "n", n%12))
}

// leave tells what leave is worth, as the cooperative carries it.
func (w *exitWriter) leave(row func(string, Cell, ...any)) {
	c := &w.x.Count
	days := func(n payroll.Days) money.Micro { return money.Micro(n) * money.Unit / 100 }
	switch {
	case c.Fund:
		row("leave_fund", cellAmount(0, ""))
	case c.Old.Maintained == 0 && c.New.Maintained == 0 && c.Due > 0 && c.Old.Due+c.New.Due == 0:
		row("leave_aside", cellAmount(c.Due, ""), "tenth", c.Old.Tenth+c.New.Tenth)
	default:
		row("leave", cellAmount(c.Due, ""), "days", days(c.Days), "before", days(c.Leave.Before), "acquired", days(c.Leave.Acquired), "taken", days(c.Leave.Taken))
	}
}

// rest is what is still to come in, and what is still owed.
func (w *exitWriter) rest(m *markup) {
	p, x := w.v.P, &w.x
	if x.Account == nil && len(x.Debts) == 0 {
		return
	}
	m.raw(`<section class="pane block" id="rest"><div class="bh"><h2>`).text(w.T("payexit.rest")).raw(`</h2></div><ul class="payfacts small">`)
	say := func(key string, args ...any) { m.raw("<li>").text(w.T(key, args...)).raw("</li>") }
	if x.Account != nil {
		switch o := x.Owed; {
		case o.Count == 0:
			say("payexit.owed_none")
		case o.Late > 0:
			say("payexit.owed_late", "n", o.Count, "sum", o.Sum, "late", o.SumLate, "day", o.Oldest)
			say("payexit.owed_then")
		default:
			say("payexit.owed", "n", o.Count, "sum", o.Sum, "day", o.NextDue)
			say("payexit.owed_then")
		}
		if x.Follow != "" {
			say("payexit.followed", "who", x.Follow)
		}
	}
	for _, d := range x.Debts {
		to := w.T("payfile.element." + d.Element)
		if d.To != "" {
			to += ", " + d.To
		}
		if d.Left == 0 {
			say("payexit.debt_paid", "what", to, "owed", d.Owed)
		} else {
			say("payexit.debt_left", "what", to, "owed", d.Owed, "left", d.Left)
		}
	}
	m.raw("</ul>")
	if len(x.Notes) > 0 || len(x.Count.Notes) > 0 {
		m.raw(`<ul class="payfacts small soft">`)
		for _, n := range append(x.Notes[:len(x.Notes):len(x.Notes)], x.Count.Notes...) {
			m.raw("<li>").text(p.T(n.Key, n.Args...)).raw("</li>")
		}
		m.raw("</ul>")
	}
	m.raw("</section>")
}

// known is what is so whatever the figures.
func (w *exitWriter) known(m *markup) {
	m.raw(`<section class="pane block"><div class="bh"><h2>`).text(w.T("payexit.know")).raw(`</h2></div><ul class="payfacts small soft">`)
	keys := []string{"payexit.know.issued", "payexit.know.leave", "payexit.know.papers"}
	if w.x.Contract.Kind == member.CESA {
		keys = append(keys, "payexit.know.member", "payexit.know.customers")
	}
	for _, key := range keys {
		m.raw("<li>").text(w.T(key)).raw("</li>")
	}
	if len(w.x.Reasons) > 0 && w.x.Reasons[0] == payroll.Rupture {
		m.raw("<li>").text(w.T("payexit.know.rupture", "day", w.x.Earliest)).raw("</li>")
	}
	m.raw("</ul></section>")
}
