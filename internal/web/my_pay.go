package web

import (
	"html/template"
	"net/http"
	"slices"
	"strconv"

	"essaim/date"
	"essaim/fault"
	"essaim/i18n"
	"essaim/internal/office"
	"essaim/money"
	"essaim/payroll"
)

// myPayPages are « Ma paie »: what one can pay oneself and asks for, and one's payslips. No amount stands in an address: what
// is tried is sent, and nothing of it is kept.
func (s *Server) myPayPages() {
	s.page("GET", "/{coop}/a/{activity}/pay", "", s.myPay)
	s.page("POST", "/{coop}/a/{activity}/pay", "", s.myPaySent)
	s.page("POST", "/{coop}/a/{activity}/pay/{id}/takeback", "", s.myPayTakenBack)
	s.page("GET", "/{coop}/payslips", "", s.mySlips)
	s.page("GET", "/{coop}/payslips/{id}", "", s.mySlip)
	s.page("GET", "/{coop}/payslips/{id}/file", "", s.mySlipFile)
}

func (s *Server) myPay(v *Visit) error {
	return s.myPayPage(v, nil, office.PayQuestion{Activity: v.Activity})
}

// myPaySent is the form: a question that keeps nothing, or the request.
func (s *Server) myPaySent(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	q := office.PayQuestion{Activity: v.Activity, Kind: f.Choice("kind", "net", "gross", "cost"), Given: f.Has("amount"), Over: f.Int("over", 0, 12)}
	f.Label("amount", v.P.T("mypay.amount_label"))
	f.Label("turnover", v.P.T("mypay.turnover"))
	f.Label("over", v.P.T("mypay.over"))
	q.Amount, q.Turnover = f.Cents("amount"), f.Cents("turnover")
	if q.Amount < 0 || q.Amount > payroll.MaxGross {
		f.Refuse("amount", "mypay.amount", "max", payroll.MaxGross)
	}
	if q.Turnover < 0 || q.Turnover > payroll.MaxGross {
		f.Refuse("turnover", "mypay.amount", "max", payroll.MaxGross)
	}
	if !f.OK() {
		return s.myPayPage(v, f, office.PayQuestion{Activity: v.Activity})
	}
	if was := f.Get("was"); was != "" && was != q.Kind && slices.Contains([]string{"net", "gross", "cost"}, was) {
		// The same pay told in another kind.
		before, err := s.office.MyPay(v.Ctx(), v.Actor, office.PayQuestion{Activity: v.Activity, Kind: was, Amount: q.Amount, Given: true})
		if err != nil {
			return err
		}
		q.Amount = before.Wished.Of(kindOfPay(q.Kind))
	}
	if f.Get("do") != "ask" {
		return s.myPayPage(v, f, q)
	}
	w := office.PayWish{Activity: v.Activity, Month: f.Month("month"), Kind: q.Kind, Amount: q.Amount}
	if f.Bool("standing") {
		w.Until = f.Month("until")
	}
	if f.OK() {
		r, err := s.office.AskPay(office.Keyed(v.Ctx(), f.Key), v.Actor, w)
		if err == nil {
			if r.Until > r.Month {
				v.Say("mypay.said_standing", "from", r.Month, "until", r.Until)
			} else {
				v.Say("mypay.said", "month", r.Month)
			}
			return v.Go(v.URL("a", v.Activity, "pay"))
		}
		if fault.KindOf(err) == fault.Conflict && !usedBefore(err) { // too late, or locked meanwhile: the page says for which month one asks now
			f.Refuse("", fault.All(err)[0].Key, fault.All(err)[0].Args...)
		} else if !f.Take(err) {
			return err
		}
	}
	return s.myPayPage(v, f, q)
}

func (s *Server) myPayTakenBack(v *Visit) error {
	id, err := v.ID("id")
	if err != nil {
		return err
	}
	f, err := v.Form()
	if err != nil {
		return err
	}
	r, err := s.office.TakeBackPay(office.Keyed(v.Ctx(), f.Key+"-back"), v.Actor, v.Activity, id)
	if err != nil {
		return err
	}
	if r.State == "asked" {
		v.Say("mypay.said_stopped", "until", r.Until)
	} else {
		v.Say("mypay.said_back", "month", r.Month)
	}
	return v.Go(v.URL("a", v.Activity, "pay"))
}

func kindOfPay(kind string) payroll.By {
	switch kind {
	case "gross":
		return payroll.ByGross
	case "cost":
		return payroll.ByCost
	}
	return payroll.ByNet
}

// payPage is the page while it is written.
type payPage struct {
	v *Visit
	w accountWords
	f *Form
	q office.PayQuestion
	d office.PayView
	x office.PayAround
}

// myPayPage answers with the page, or with what a question changes of it.
func (s *Server) myPayPage(v *Visit, f *Form, q office.PayQuestion) error {
	d, err := s.office.MyPay(v.Ctx(), v.Actor, q)
	if err != nil {
		return err
	}
	around, err := s.office.MyPayAround(v.Ctx(), v.Actor)
	if err != nil {
		return err
	}
	page := Page{Title: v.P.T("mypay.title"), Section: "pay", Live: true}
	if d.Why != "" {
		return v.Blocks(page, s.noPay(v, &d, &around)...)
	}
	pp := &payPage{v: v, w: v.accountWords(d.Account, 0), f: f, q: q, d: d, x: around}
	if f == nil {
		pp.f = v.NewForm()
	} else if !f.OK() {
		page.Status = http.StatusUnprocessableEntity
	}
	pp.fill()
	v.w.Header().Add("Vary", "HX-Request")
	if v.Partial() {
		v.html(http.StatusOK, pp.write(new(markup)).b)
		return nil
	}
	return v.written(page, func(m *markup) { pp.write(m).put(v.payAround(&around, true)) })
}

// noPay says why there is no pay, and whom to ask.
func (s *Server) noPay(v *Visit, d *office.PayView, x *office.PayAround) []any {
	head := Head{Eyebrow: v.P.LongDay(v.Today()), Answer: Answer{Before: v.P.T("mypay.none")}, Lead: v.P.T(d.Why, d.WhyArgs...)}
	parts := []any{head}
	if d.Whom != "" {
		parts = append(parts, Note{Icon: "info-circle", Text: v.P.T(d.Whom)})
	}
	return append(parts, v.payAround(x, true))
}

// fill puts into the form what the answer stands on: what was typed stays as it was typed when it is refused.
func (p *payPage) fill() {
	if p.f.OK() {
		p.f.Set("kind", p.d.Kind)
		if !p.q.Given || p.f.Get("was") != p.d.Kind || p.f.Get("do") == "try" {
			p.f.Set("amount", p.d.Amount) // while it is being typed it stays as it is
		}
		if p.q.Turnover != 0 {
			p.f.Set("turnover", p.q.Turnover)
		}
		if p.d.Smooth.Slips > 0 {
			p.f.Set("over", p.d.Smooth.Slips)
		}
	}
	p.f.Set("was", p.d.Kind).Set("month", p.d.Month.String())
	if !p.f.Has("until") {
		until := p.d.PotLast
		if p.d.PotSlips < 2 {
			until = date.MonthOf(p.d.Month.Year(), 12)
		}
		if s := p.d.Standing; s != nil {
			until = s.Until
			p.f.Set("standing", p.d.Asked != nil && p.d.Asked.ID == s.ID)
		}
		p.f.Set("until", max(until, p.d.Month+1).String())
	}
}

func (p *payPage) base() string { return p.v.URL("a", p.v.Activity, "pay") }

// live makes a field ask again as soon as it says something else; without scripts the button does.
func (p *payPage) live(when string) template.HTML {
	return new(markup).attr("hx-post", p.base()).attr("hx-trigger", when).html()
}

func (p *payPage) T(key string, args ...any) string { return p.v.P.T(key, args...) }

func (p *payPage) write(m *markup) *markup {
	m.raw(`<div id="mypay"><form method="post" id="payform"`).attr("action", p.base()).
		raw(` hx-target:inherited="#mypay" hx-swap:inherited="outerHTML" hx-sync:inherited="closest form:replace">`).put(p.f.Summary()).put(p.f.Once()).put(p.f.Hidden("was")).put(p.f.Hidden("month"))
	p.head(m)
	p.told(m)
	m.raw(`<div class="cols cw payc"><div>`)
	p.pots(m)
	p.question(m)
	p.detail(m)
	m.raw(`</div><div class="payr">`)
	p.smooth(m)
	p.standing(m)
	p.send(m)
	m.raw("</div></div></form>")
	if p.d.Leave != nil {
		m.raw(`<div class="block">`).put(p.v.leaveLine(p.d.Leave)).raw("</div>")
	}
	return m.raw("</div>")
}

// head is the answer, the day until which one may ask, and the day of the pay.
func (p *payPage) head(m *markup) {
	pr := p.v.P
	mark := pr.WholeEuros(p.d.Total.Net/100*100) + " " + p.T("mypay.net_word")
	before, after := around(p.T("mypay.answer", "month", pr.MonthName(p.d.Month), "amount", mark), mark)
	facts := []string{p.T("mypay.send_before", "day", pr.LongDay(p.d.CutOff)), p.T("mypay.paid_on", "day", pr.ShortDay(p.d.PayDay))}
	Head{Eyebrow: pr.LongDay(p.v.Today()), Answer: Answer{Before: before, Mark: mark, After: after, Href: "#lines"}, Fresh: facts}.write(m, pr)
}

// told is what must be known first: what is asked already, the month that is too late, why one gets less.
func (p *payPage) told(m *markup) {
	pr, d := p.v.P, &p.d
	note := func(n Note) { m.raw(`<div class="alert">`).note(n).raw("</div>") }
	if d.Missed != 0 {
		n := Note{Tone: ToneWait, Icon: "clock", Strong: p.T("mypay.missed", "month", d.Missed, "next", d.Month), Text: p.T("mypay.missed_none")}
		if d.Before != nil {
			n.Text = p.T("mypay.missed_asked", "amount", askedWords(pr, d.Before.Kind, d.Before.Amount))
		}
		note(n)
	}
	if r := d.Asked; r != nil {
		key := "mypay.asked"
		if r.Until > r.Month {
			key = "mypay.asked_standing"
		}
		if r.Amount == 0 {
			key = "mypay.asked_nothing"
		}
		note(Note{Tone: ToneOK, Icon: "send", Strong: p.T(key, "amount", askedWords(pr, r.Kind, r.Amount), "month", d.Month, "until", r.Until), Text: p.T("mypay.asked_until", "day", d.CutOff)})
	}
	for _, n := range p.v.payNotes(&p.x) {
		note(n)
	}
	for _, n := range d.Notes {
		tone := ToneWait
		switch n.Key {
		case "mypay.note.cut", "mypay.note.nothing", "mypay.note.taken_back":
			tone = ToneLate
		}
		args := n.Args
		if n.Key == "mypay.note.cut" || n.Key == "mypay.note.nothing" {
			args = kindArgs(pr, d.Kind, args)
		}
		note(Note{Tone: tone, Strong: p.T(n.Key, args...)})
	}
}

// kindArgs tells the amounts of a note in the kind that was asked, « 900,00 € net ».
func kindArgs(pr i18n.Printer, kind string, args []any) []any {
	args = slices.Clone(args)
	for i := 0; i+1 < len(args); i += 2 {
		if c, ok := args[i+1].(money.Cents); ok && (args[i] == "asked" || args[i] == "granted") {
			args[i+1] = askedWords(pr, kind, c)
		}
	}
	return args
}

func askedWords(pr i18n.Printer, kind string, c money.Cents) string {
	return pr.Euros(c) + " " + pr.T("mypay.of."+kind)
}

// pots are last year's balance and what this year has.
func (p *payPage) pots(m *markup) {
	pr, d := p.v.P, &p.d
	month := pr.MonthName(d.Month)
	pot := func(first bool, title, tag string, has, takes money.Cents, href, about, then string) {
		m.raw(`<div class="pot`)
		if first {
			m.raw(" first")
		}
		m.raw(`"><div class="ph2"><h2>`).text(title).raw("</h2>")
		if tag != "" {
			tone := ""
			if first {
				tone = ToneWait
			}
			m.put(Status{Tone: tone, Icon: map[bool]string{true: "clock"}[first], Text: tag}.Tag())
		}
		m.raw(`</div><p class="pv">`).amount(pr, has, href, "").raw(`</p><p class="small soft">`).text(about).raw("</p>")
		part := 0.0
		if has > 0 {
			part = 500 * float64(min(max(takes, 0), has)) / float64(has)
		}
		m.raw(`<svg class="sb pb" viewBox="0 0 500 10" preserveAspectRatio="none" role="img"`).attr("aria-label", p.T("mypay.bar", "amount", takes, "of", has, "month", month)).raw(`><rect class="trk" width="500" height="10" rx="5"/>`)
		if part > 0 {
			m.raw(`<rect class="seg1" width="`).px(part).raw(`" height="10" rx="5"/>`)
		}
		m.raw(`</svg><p class="small soft">`).text(then).raw("</p></div>")
	}
	m.raw(`<section class="pots"`).attr("aria-label", p.T("mypay.pots")).raw(">")
	if d.Means.Pot > 0 {
		title, tag, about := p.T("mypay.pot_by", "year", strconv.Itoa(d.Month.Year()-1), "day", pr.ShortDay(d.PotLast.Last())), p.T("mypay.pot_slips", "n", d.PotSlips), p.T("mypay.pot_about")
		if d.PotLate {
			title, tag, about = p.T("mypay.pot", "year", strconv.Itoa(d.Month.Year()-1)), p.T("mypay.pot_late"), p.T("mypay.pot_late_about", "month", d.PotLast)
		}
		pot(true, title, tag, d.Means.Pot, d.Balance.Cost, p.w.why(d.Account.Pot), about, p.T("mypay.this_month_left", "month", month, "amount", d.Balance.Cost, "left", d.Means.Pot-d.Balance.Cost))
	}
	about := p.T("mypay.year_about")
	if d.Shared > 1 {
		about = p.T("mypay.year_shared", "n", d.Shared)
	}
	if d.Extra > 0 {
		about = p.T("mypay.year_extra", "amount", d.Extra)
	}
	pot(false, p.T("mypay.year_pot", "year", strconv.Itoa(d.Month.Year())), p.T("mypay.year_since"), max(d.Means.Account, 0), d.Advance.Cost, p.w.why(d.Account.Available), about, p.T("mypay.this_month_left", "month", month, "amount", d.Advance.Cost, "left", max(d.Means.Account, 0)-d.Advance.Cost))
	m.raw("</section>")
}

// question is the amount in one of three kinds, and the three that follow from it.
func (p *payPage) question(m *markup) {
	pr, d := p.v.P, &p.d
	m.raw(`<section class="pane block"><div class="bh"><h2>`).text(p.T("mypay.how_much", "month", pr.MonthName(d.Month))).raw(`</h2></div><fieldset class="f"><legend class="sr">`).text(p.T("mypay.kind_label")).raw(`</legend><div class="seg big">`)
	for _, kind := range []string{"net", "gross", "cost"} {
		m.raw(`<label><input type="radio" name="kind" value="`).raw(kind).raw(`"`)
		if d.Kind == kind {
			m.raw(" checked")
		}
		m.put(p.live("change")).raw("><span>").text(p.T("mypay.kind." + kind)).raw("</span></label>")
	}
	m.raw(`</div></fieldset><div class="askr"><div class="in ask"><input class="amt" inputmode="decimal" autocomplete="off" name="amount" id="`).text(fieldID("amount")).raw(`"`).attr("aria-label", p.T("mypay.amount_in", "kind", p.T("mypay.of."+d.Kind))).attr("value", p.f.Get("amount")).
		put(p.live("input changed delay:400ms")).raw(`><span class="u">€ `).text(p.T("mypay.of." + d.Kind)).raw(`</span></div><button class="b big" name="do" value="try">`).text(p.T("mypay.again")).raw(`</button></div><p class="hint">`).text(p.T("mypay.beside"))
	switch {
	case d.Advised > 0 && d.PotSlips > 0:
		m.text(" " + p.T("mypay.advised", "month", pr.MonthName(d.PotLast), "amount", askedWhole(pr, d.Advised)))
	case d.Most.Of(kindOfPay(d.Kind)) > 0:
		m.text(" " + p.T("mypay.most", "amount", askedWords(pr, d.Kind, d.Most.Of(kindOfPay(d.Kind)))))
	}
	m.raw(`</p><div class="tri">`)
	for _, x := range []struct {
		kind string
		c    money.Cents
	}{{"net", d.Total.Net}, {"gross", d.Total.Gross}, {"cost", d.Total.Cost}} {
		m.raw("<div><span>").text(p.T("mypay.kind."+x.kind)).raw(`</span><b>`).amount(pr, x.c, "#lines", "").raw("</b><small>").text(p.T("mypay.about." + x.kind)).raw("</small></div>")
	}
	m.raw(`</div><details class="twin" open><summary>`).text(p.T("mypay.from")).raw("</summary>")
	year := strconv.Itoa(d.Month.Year())
	t := Table{Class: "plain tri3", Wide: d.Total.Cost < threeAbreast, Caption: p.T("mypay.from"), Cols: []Col{{Label: p.T("mypay.in_euros")}, {Label: p.T("mypay.kind.net"), Num: true}, {Label: p.T("mypay.kind.gross"), Num: true}, {Label: p.T("mypay.kind.cost"), Num: true}}}
	row := func(label string, x payroll.Three) []Cell {
		return []Cell{cellText(label), cellNumber(pr.Amount(x.Net)), cellNumber(pr.Amount(x.Gross)), cellNumber(pr.Amount(x.Cost))}
	}
	t.Rows = append(t.Rows, Row{Cells: row(p.T("mypay.fixed"), d.Alone)})
	if d.Means.Pot > 0 {
		t.Rows = append(t.Rows, Row{Cells: row(p.T("mypay.pot", "year", strconv.Itoa(d.Month.Year()-1)), d.Balance)})
	}
	t.Rows = append(t.Rows, Row{Cells: row(p.T("mypay.year_pot", "year", year), d.Advance)})
	t.Foot = row(p.T("mypay.total"), d.Total)
	m.table(pr, t).raw("</details>")
	var small []string
	if d.Left > 0 && d.Marginal {
		small = append(small, p.T("mypay.left", "amount", d.Left))
	}
	if d.Next.Net > 0 && d.Next.Cost > 0 {
		small = append(small, p.T("mypay.next", "net", d.Next.Net))
	}
	if d.Tax > 0 {
		small = append(small, p.T("mypay.tax", "month", pr.MonthName(d.Month), "amount", d.Tax, "paid", d.Payslip.Totals.Paid))
	}
	if lost := d.Without - d.Reduced; d.Reduced >= 0 && lost > 0 {
		small = append(small, p.T("mypay.reduction_less", "amount", lost))
	}
	if d.Quarters.Most > 0 {
		key := "mypay.quarters"
		if d.Quarters.Missing == 0 {
			key = "mypay.quarters_all"
		}
		small = append(small, p.T(key, "n", d.Quarters.Got, "year", strconv.Itoa(d.Year), "missing", d.Quarters.Missing))
	}
	if d.Estimate {
		small = append(small, p.T("mypay.estimate"))
	}
	for _, x := range d.Payslip.Notes {
		small = append(small, p.T(x.Key, x.Args...))
	}
	m.raw(`<ul class="payfacts small soft">`)
	for _, x := range small {
		m.raw("<li>").text(x).raw("</li>")
	}
	m.raw(`</ul><details class="twin"`)
	if p.q.Turnover > 0 || p.f.Refusal("turnover") != "" {
		m.raw(" open")
	}
	m.raw("><summary>").text(p.T("mypay.what_if")).raw("</summary>").put(p.f.Field("turnover", p.T("mypay.turnover"), "amount", "unit=€", "autocomplete=off", "hint="+p.T("mypay.turnover_hint"), "hx-post="+p.base(), "hx-trigger=change")).raw("</details></section>")
}

// threeAbreast is the cost up to which three amounts stand beside their name on a phone.
const threeAbreast money.Cents = 100_000_00

func askedWhole(pr i18n.Printer, c money.Cents) string {
	if c%100 == 0 {
		return pr.WholeEuros(c)
	}
	return pr.Euros(c)
}

// detail says where each euro goes, from what leaves the account to what is received.
func (p *payPage) detail(m *markup) {
	m.raw(`<section class="pane block" id="lines"><div class="bh"><h2>`).text(p.T("mypay.where")).raw("</h2></div>")
	slipWords(m, p.v.P, p.d.Payslip, p.d.Added, true)
	m.raw("</section>")
}

// smooth is what taking all of it at once would cost, before one decides.
func (p *payPage) smooth(m *markup) {
	pr, d := p.v.P, &p.d
	s := d.Smooth
	if s.Slips < 2 {
		return
	}
	lost := s.Lost()
	title := p.T("mypay.smooth_same", "month", pr.MonthName(s.Once))
	if lost >= 1_00 {
		title = p.T("mypay.smooth_lost", "month", pr.MonthName(s.Once), "amount", pr.WholeEuros(lost/100*100))
	}
	m.raw(`<section class="pane chart"><h2>`).text(title).raw(`</h2><p class="small soft mb">`).text(p.T("mypay.smooth_about")).raw("</p>")
	net := func(c money.Cents) string { return p.T("mypay.net_of", "amount", pr.WholeEuros(c/100*100)) }
	over, once := p.T("mypay.smooth_over", "n", s.Slips), p.T("mypay.smooth_once", "month", pr.MonthName(s.Once))
	most := max(s.Net, s.OnceNet, 1)
	a, b := 372*float64(max(s.Net, 0))/float64(most), 372*float64(max(s.OnceNet, 0))/float64(most)
	m.raw(`<svg viewBox="0 0 376 140" role="img" class="only"`).attr("aria-label", over+" : "+net(s.Net)+". "+once+" : "+net(s.OnceNet)+".").raw(`><text class="k" x="0" y="16">`).text(over).raw(`</text><text class="k" x="376" y="16" text-anchor="end">`).text(net(s.Net)).
		raw(`</text><rect class="barh" x="0" y="24" width="`).px(a).raw(`" height="26" rx="4"/><text class="k" x="0" y="84">`).text(once).raw(`</text><text class="k" x="376" y="84" text-anchor="end">`).text(net(s.OnceNet)).
		raw(`</text><rect class="bar" x="0" y="92" width="`).px(b).raw(`" height="26" rx="4"/>`)
	if lost >= 1_00 {
		if gap := a - b - 3; gap > 2 {
			m.raw(`<rect class="miss" x="`).px(b + 3).raw(`" y="93" width="`).px(gap).raw(`" height="24" rx="4"/>`)
		}
		m.raw(`<text class="red" x="376" y="136" text-anchor="end">`).text(p.T("mypay.smooth_gone", "amount", pr.WholeEuros(lost/100*100))).raw("</text>")
	}
	m.raw(`</svg><details class="twin"><summary>`).text(p.T("web.chart_twin")).raw("</summary>")
	t := Table{Class: "plain", Caption: title, Cols: []Col{{Label: p.T("mypay.smooth_way")}, {Label: p.T("mypay.smooth_cost"), Num: true}, {Label: p.T("mypay.smooth_net"), Num: true}, {Label: p.T("mypay.relief"), Num: true}}}
	t.Rows = []Row{
		{Cells: []Cell{cellText(over), cellAmount(s.Cost, ""), cellAmount(s.Net, ""), cellAmount(s.Reduced, "")}},
		{Cells: []Cell{cellText(once), cellAmount(s.Cost, ""), cellAmount(s.OnceNet, ""), cellAmount(s.Reduced-s.OnceLess, "")}},
	}
	m.table(pr, t).raw(`<p class="hint">`).text(p.T("mypay.smooth_note", "from", s.First, "to", s.Last)).raw("</p></details>")
	var over12 []Option
	for n := 2; n <= 12; n++ {
		over12 = append(over12, Option{Value: strconv.Itoa(n), Label: p.T("mypay.slips_n", "n", n)})
	}
	m.put(p.f.Select("over", p.T("mypay.over"), over12, "hx-post="+p.base(), "hx-trigger=change")).raw("</section>")
}

// standing is the same amount each month, and until when.
func (p *payPage) standing(m *markup) {
	d := &p.d
	m.raw(`<section class="pane block">`).put(p.f.Switch("standing", p.T("mypay.standing"), "small="+p.T("mypay.standing_about")))
	var months []Option
	last := d.Month + 24
	if d.Contract.End != 0 {
		last = min(last, d.Contract.End.Month())
	}
	for mo := d.Month + 1; mo <= last; mo++ {
		months = append(months, Option{Value: mo.String(), Label: p.v.P.Month(mo)})
	}
	if len(months) > 0 {
		m.put(p.f.Select("until", p.T("mypay.standing_until"), months))
	}
	m.raw(`<p class="hint">`).icon("repeat").text(p.T("mypay.standing_hint", "day", dayOf(d.CutOff))).raw("</p>")
	if s := d.Standing; s != nil {
		m.raw(`<p class="hint">`).text(p.T("mypay.standing_now", "amount", askedWords(p.v.P, s.Kind, s.Amount), "until", s.Until)).raw("</p>").put(p.back(s.ID, "mypay.stop"))
	}
	m.raw("</section>")
}

// dayOf is the day of its month.
func dayOf(d date.Day) int { _, _, n := d.Date(); return n }

// back is a button that takes a request back; it stands in the form of the page and sends it elsewhere.
func (p *payPage) back(id int64, label string) template.HTML {
	return new(markup).raw(`<button class="b q" formaction="`).text(p.v.URL("a", p.v.Activity, "pay", id, "takeback")).raw(`" data-plain>`).text(p.T(label)).raw("</button>").html()
}

// send is the request.
func (p *payPage) send(m *markup) {
	pr, d := p.v.P, &p.d
	who := p.T("mypay.service")
	if h, err := p.v.House(); err == nil {
		if a, ok := h.advisor(p.v.Activity, p.v.Today()); ok && a.ID != p.v.Actor.Person {
			who = p.T("mypay.with_advisor", "name", a.FirstName)
		}
	}
	m.raw(`<div class="send payend"><p>`).text(p.T("mypay.receives", "who", who, "day", d.CutOff)).raw(`</p><button class="b go big full" name="do" value="ask" data-send>`).icon("send").text(p.T("mypay.ask", "amount", pr.WholeEuros(d.Total.Net/100*100))).raw("</button>")
	if r := d.Asked; r != nil && r.Until == r.Month {
		m.put(p.back(r.ID, "mypay.back"))
	}
	m.raw("</div>")
}

// payAnswer is the first line of the home: what one can pay oneself beside the fixed part, or what one has asked.
func (w accountWords) payAnswer(d *office.PayView) (Answer, bool) {
	if d.Why != "" || d.Account == nil || d.Account.Cash.Amount < 0 {
		return Answer{}, false
	}
	pr := w.v.P
	c, key := d.Most.Net, "home.pay_answer"
	if d.Asked != nil {
		c, key = d.Total.Net-d.Alone.Net, "home.pay_answer_asked"
	}
	if c <= 0 && d.Asked == nil {
		return Answer{}, false
	}
	mark := pr.T("mypay.net_of", "amount", pr.WholeEuros(max(c, 0)/100*100))
	before, after := around(pr.T(key, "amount", mark, "month", pr.MonthName(d.Month)), mark)
	return Answer{Before: before, Mark: mark, After: after, Href: w.v.URL("a", w.v.Activity, "pay")}, true
}

// payLead is what stands under it.
func (w accountWords) payLead(d *office.PayView) string {
	pr := w.v.P
	if d.Asked != nil {
		return pr.T("home.pay_lead_asked", "fixed", pr.WholeEuros(d.Alone.Net), "day", pr.LongDay(d.CutOff), "paid", pr.LongDay(d.PayDay))
	}
	return pr.T("home.pay_lead", "fixed", pr.WholeEuros(d.Alone.Net), "day", pr.LongDay(d.CutOff))
}
