package web

import (
	"html/template"
	"slices"
	"strconv"
	"strings"

	"essaim/access"
	"essaim/activity"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/member"
	"essaim/sale"
)

// homePages is the first page of a cooperative: the answer to the person's question.
func (s *Server) homePages() {
	s.page("GET", "/{coop}/", "", s.home)
}

// firsts is where each role of the team begins its day, the widest role first.
var firsts = []struct {
	role    member.Role
	pattern string
}{
	{member.Manager, "/{coop}/activities"},
	{member.Accountant, "/{coop}/books/balance"},
	{member.Gestionnaire, "/{coop}/desk"},
	{member.Advisor, "/{coop}/desk"},
	{member.Payroll, "/{coop}/activities"},
	{member.Administrator, "/{coop}/people"},
	{member.Auditor, "/{coop}/books/balance"},
}

// home is the entrepreneur's: what remains for pay, what is owed, what to do. The team is led to its first section.
func (s *Server) home(v *Visit) error {
	if v.Activity == 0 && !v.Team() && len(v.Actor.Activities) > 0 {
		v.Activity = v.Actor.Activities[0]
	}
	if v.Activity == 0 || !v.Actor.Owns(v.Activity) {
		return s.teamHome(v)
	}
	view, err := s.office.Account(v.Ctx(), v.Actor, v.Activity, 0)
	if err != nil {
		return err
	}
	v.meet(&view)
	waiting, err := s.office.Waiting(v.Ctx(), v.Actor, v.Activity)
	if err != nil {
		return err
	}
	page := Page{Title: v.P.T("web.nav_home"), Section: "home", Home: true}
	w := v.accountWords(&view.Account, view.Year.ID)
	m := &markup{b: make([]byte, 0, 24<<10)}
	m.otherActivities(v)
	m.put(v.runNotes())
	if waiting.None && view.Account.Total.Invoiced.Amount == 0 {
		m.arrival(w, &view)
	} else {
		mine, err := s.office.MyPay(v.Ctx(), v.Actor, office.PayQuestion{Activity: v.Activity})
		if err != nil {
			return err
		}
		around, err := s.office.MyPayAround(v.Ctx(), v.Actor)
		if err != nil {
			return err
		}
		m.hero(w, &view, &mine)
		m.put(v.thumbs())
		m.raw(`<div class="cols c2 block">`).put(v.owed(w, &view, waiting)).put(v.todo(w, &view, waiting, v.payToDo(&around))).raw("</div>")
	}
	return v.Blocks(page, m.html())
}

// greeting is « Bonjour Maëlle, dimanche 22 novembre ».
func (v *Visit) greeting(key string) string {
	first, _, _ := strings.Cut(v.Actor.Name, " ")
	if h, err := v.House(); err == nil {
		if p, ok := h.persons[v.Actor.Person]; ok {
			first = p.FirstName
		}
	}
	return v.P.T(key, "name", first, "day", v.P.LongDay(v.Actor.Today))
}

// otherActivities leads to the other activities of the person, in sight.
func (m *markup) otherActivities(v *Visit) {
	if len(v.Actor.Activities) < 2 {
		return
	}
	h, err := v.House()
	if err != nil {
		return // the page is complete without: the switch at the top has them too
	}
	f := make(Filters, 0, len(v.Actor.Activities))
	for _, id := range v.Actor.Activities {
		f = append(f, Filter{Label: h.ActivityName(id), Href: v.URL("") + "?a=" + strconv.FormatInt(id, 10), Current: id == v.Activity})
	}
	m.put(f.HTML(v.P))
}

// hero is the answer with its chart beside it.
func (m *markup) hero(w accountWords, view *office.AccountView, mine *office.PayView) {
	a := &view.Account
	answer, lead := w.answer(a, true)
	why := w.v.URL("a", a.Activity.ID) + "/#pourquoi"
	pay, asks := w.payAnswer(mine)
	if answer.Href != w.why(a.Available) {
		why = answer.Href // the panel of the account's page is about another figure
	}
	answer.Big, answer.Href = true, w.v.URL("a", a.Activity.ID)+"/"
	if asks {
		pay.Big = true
		answer, lead = pay, w.payLead(mine)
	}
	m.raw(`<div class="hero"><div><p class="eyebrow">`).text(w.v.greeting("home.hello")).raw("</p>").answer(answer)
	if lead != "" {
		m.raw("<p>").text(lead).raw("</p>")
	}
	m.raw(`<div class="acts">`)
	if asks {
		key := "home.pay_ask"
		if mine.Asked != nil {
			key = "home.pay_asked"
		}
		m.button(Link{w.v.P.T(key), w.v.URL("a", a.Activity.ID, "pay"), "coins"}, "b")
	}
	m.raw(`<a class="b" href="`).text(why).raw(`">`).text(w.v.P.T("home.why")).raw("</a></div>").
		fresh(w.v.freshness(view)).raw("</div>")
	if c := accountChart(w, a); len(c.Points) > 1 {
		c.Small, c.Href = true, w.v.URL("a", a.Activity.ID)+"/"
		m.raw(`<div class="desk-only">`).put(c.HTML(w.v.P)).raw("</div>")
	}
	m.raw("</div>")
	for _, x := range a.Alerts {
		if x.Level == activity.Late && a.Cash.Amount >= 0 {
			m.raw(`<div class="alert block">`).note(Note{Tone: ToneLate, Strong: w.T(x.Key, x.Args...)}).raw("</div>")
			break
		}
	}
}

// thumbs are the deeds of every day.
func (v *Visit) thumbs() template.HTML {
	p, id := v.P, v.Activity
	last := v.Actor.Today.Month() - 1
	all := []Thumb{
		{Link{p.T("web.dock_invoice"), v.URL("a", id, "sales/quick"), "file-invoice"}, p.T("home.thumb_invoice")},
		{Link{p.T("web.dock_quote"), v.URL("a", id, "sales/new?kind=quote"), "file-text"}, p.T("home.thumb_quote")},
		{Link{p.T("web.dock_taking"), v.URL("a", id, "takings/new"), "building-store"}, p.T("home.thumb_taking")},
		{Link{p.T("home.thumb_customers"), v.URL("a", id, "customers"), "address-book"}, p.T("home.thumb_customers_about")},
	}
	if h, err := v.House(); err == nil && h.activities[id].Opened.Month() <= last {
		all = append(all, Thumb{Link{p.T("home.thumb_statement"), v.statementURL(id, last), "file-download"}, p.T("home.thumb_statement_about", "month", p.MonthName(last))})
	}
	return thumbs(p.T("web.dock"), all...)
}

// owedShown are the invoices on the home.
const owedShown = 5

// owed is « On me doit »: the oldest first, with how late they are.
func (v *Visit) owed(w accountWords, view *office.AccountView, waiting office.Waiting) template.HTML {
	p := v.P
	b := Block{Title: p.T("activity.owed.all"), First: true}
	total := view.Account.Receivable
	if len(waiting.Owed) == 0 {
		if total.Amount != 0 {
			b.Total = amount(p, total.Amount, w.why(total))
		}
		b.Body = Empty{Title: p.T("home.owed_none"), Text: p.T("home.owed_none_about"), Acts: []Link{{p.T("home.make_quote"), v.URL("a", v.Activity, "sales/new?kind=quote"), "plus"}}}.HTML()
		return b.HTML(p)
	}
	b.Total = figure(p.WholeEuros(total.Amount), w.why(total))
	var l List
	for i, r := range waiting.Owed {
		if s, about := v.dueWords(r); i < owedShown {
			l.Items = append(l.Items, Item{Name: r.Buyer, Href: v.URL("sales", r.ID), About: about, Amount: new(r.Remaining()), Why: v.URL("sales", r.ID), Status: s})
		}
	}
	if waiting.Late > 0 {
		m := new(markup).status(Status{Tone: ToneLate, Text: p.T("home.late", "n", waiting.Late)})
		if v.can(access.RemindCustomer, v.Activity) {
			m.raw(` <a class="lk" href="`).text(v.remindersURL(v.Activity)).raw(`">`).text(p.T("remind.do")).raw("</a>")
		}
		b.Side = m.html()
	}
	if waiting.OwedCount > owedShown {
		l.Act = &Link{Label: p.T("home.owed_all", "n", waiting.OwedCount), Href: v.URL("a", v.Activity, "owed")}
	}
	b.Body = l.HTML(p)
	return b.HTML(p)
}

// dueWords says when an open invoice is to be paid, and how late it is.
func (v *Visit) dueWords(r store.SaleRow) (Status, string) {
	p := v.P
	title := r.Title
	if title == "" {
		title = r.Number
	}
	now, since := r.OwedNow(v.Actor.Today)
	if now == 0 { // the customer keeps it by right
		return Status{Icon: "clock", Text: p.T("sales.state_retained")}, p.T("home.is_kept", "title", title, "day", p.ShortDay(r.Release))
	}
	if days := int(v.Actor.Today - since); since != 0 && days > 0 {
		return Status{Tone: ToneLate, Text: p.T("home.days", "n", days)}, p.T("home.was_due", "title", title, "day", p.ShortDay(since))
	}
	s := Status{Icon: "clock", Text: p.T("sales.state_validated")}
	if r.SentAt != 0 {
		s = Status{Icon: "send", Text: p.T("sales.state_sent")}
	}
	return s, p.T("home.is_due", "title", title, "day", p.ShortDay(r.Due))
}

// todoShown bounds each kind of thing to do on the home.
const todoShown = 3

// pressing is what to do first: an account below zero is talked of with who accompanies, invoices past their day are
// reminded of.
func (v *Visit) pressing(words accountWords, view *office.AccountView, w office.Waiting) (items []Item) {
	p, a := v.P, &view.Account
	if a.Cash.Amount < 0 {
		item := Item{Icon: "trending-down", Name: p.T("home.negative"), About: p.T("home.negative_about"), Act: &Link{Label: p.T("home.negative_open"), Href: words.why(a.Cash)}}
		if missing, ok := a.Find("missing"); ok && missing.Label == "activity.line.advance" {
			item.About, item.AboutRaw = "", new(markup).text(p.T("home.negative_advance")+" ").amount(p, missing.Amount, words.why(missing), "").html()
		}
		if ask := words.ask(view); ask != nil {
			item.Act = &Link{Label: p.T("home.negative_ask", "name", view.Advisor.FirstName), Href: ask.Href}
		}
		items = append(items, item)
	}
	late := func(r store.SaleRow) bool { return r.State(v.Actor.Today) == "overdue" }
	if at := slices.IndexFunc(w.Owed, late); w.Late > 0 && at >= 0 {
		oldest := w.Owed[at]
		about, to := "home.remind_one", v.URL("sales", oldest.ID)
		if w.Late > 1 {
			about, to = "home.remind_oldest", v.URL("a", v.Activity, "sales")+"?kind=invoice&state=overdue"
		}
		_, since := oldest.OwedNow(v.Actor.Today)
		late := p.T("home.days", "n", int(v.Actor.Today-since))
		items = append(items, Item{Icon: "send", Name: p.T("home.remind", "n", w.Late), About: p.T(about, "customer", oldest.Buyer, "late", late), Act: &Link{Label: p.T("home.remind_act"), Href: to}})
	}
	return items
}

// todo is « À faire »: what presses, what one's pay waits for, what the reader sent back, the quotes agreed, the drafts.
func (v *Visit) todo(words accountWords, view *office.AccountView, w office.Waiting, pay []Item) template.HTML {
	p := v.P
	l := List{Items: append(v.pressing(words, view, w), pay...)}
	pressing := len(l.Items)
	for _, r := range w.Returned[:min(len(w.Returned), todoShown)] {
		l.Items = append(l.Items, Item{
			Icon: "message-circle", Name: p.T("home.returned", "what", v.kindOf(r.SaleRow)), About: p.T("home.returned_about", "name", r.By, "word", clip(r.Comment, 90)),
			Act: &Link{Label: p.T("home.correct"), Href: v.URL("sales", r.ID, "edit")},
		})
	}
	for i := range w.Withdrawn[:min(len(w.Withdrawn), todoShown)] {
		r := &w.Withdrawn[i]
		about := p.T("home.withdrawn_none", "buyer", r.Buyer, "number", r.Number)
		if n := len(r.Left); n > 0 {
			about = p.T("home.withdrawn_left", "n", n, "buyer", r.Buyer, "number", r.Number, "day", r.By)
		}
		l.Items = append(l.Items, Item{Icon: "arrow-back-up", Name: p.T("home.withdrawn"), About: about, Act: &Link{Label: p.T("home.withdrawn_open"), Href: v.URL("sales", r.ID)}})
	}
	for i := range w.Agreed[:min(len(w.Agreed), todoShown)] {
		r := &w.Agreed[i]
		name, left := p.T("home.agreed"), r.Gross
		if r.Started {
			name, left = p.T("home.to_invoice"), r.Left
		}
		l.Items = append(l.Items, Item{
			Icon: "circle-check", Name: name, AboutRaw: new(markup).text(r.Buyer+", ").figure(p.Euros(left), v.URL("sales", r.ID), "").text(". ").put(v.toInvoiceAbout(r, " ")).html(), Act: v.invoiceAct(r),
		})
	}
	if n := len(w.Agreed); n > todoShown {
		l.Items = append(l.Items, Item{Icon: "file-invoice", Name: p.T("home.to_invoice_all", "n", n), Href: v.URL("a", v.Activity, "to-invoice")})
	}
	for _, r := range w.Drafts[:min(len(w.Drafts), todoShown)] {
		about := r.Buyer
		if about == "" {
			about = p.T("home.no_buyer")
		}
		if r.Title != "" {
			about += ", " + r.Title
		}
		l.Items = append(l.Items, Item{
			Icon: "pencil", Name: p.T("home.draft", "what", v.kindOf(r)), About: about,
			Act: &Link{Label: p.T("home.finish"), Href: v.URL("sales", r.ID, "edit")},
		})
	}
	n := pressing + len(w.Returned) + len(w.Withdrawn) + len(w.Agreed) + len(w.Drafts)
	b := Block{Title: p.T("home.todo")}
	if n == 0 {
		l.Items = append(l.Items, Item{Icon: "check", Name: p.T("home.todo_none"), About: p.T("home.todo_none_about")})
	} else {
		b.Side = new(markup).raw(`<span class="muted small">`).text(p.T("home.todo_n", "n", n)).raw("</span>").html()
	}
	b.Body = l.HTML(p)
	return b.HTML(p)
}

// kindOf is « facture », « devis » or « avoir », with its number when it has one.
func (v *Visit) kindOf(r store.SaleRow) string {
	s := v.P.T(kindWords[r.Kind])
	if r.Number != "" {
		s += " " + r.Number
	}
	return s
}

// clip cuts a text at a word.
func clip(s string, most int) string {
	s = strings.Join(strings.Fields(s), " ")
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	cut := most
	if i := slices.Index(r[most-20:most], ' '); i >= 0 {
		cut = most - 20 + i
	}
	return string(r[:cut]) + "…"
}

// arrival is the first day: what the contract means for pay, and the first steps that exist.
func (m *markup) arrival(w accountWords, view *office.AccountView) {
	v, p, a := w.v, w.v.P, &view.Account
	before, after := around(p.T("home.first", "mark", p.T("home.first_mark")), p.T("home.first_mark"))
	m.raw(`<p class="eyebrow">`).text(v.greeting("home.welcome")).raw("</p>").answer(Answer{Before: before, Mark: p.T("home.first_mark"), After: after, Big: true}).raw("<p>")
	if blocked(a) {
		m.text(p.T(a.Why, a.WhyArgs...))
	} else {
		m.text(p.T("home.first_cesa"))
	}
	m.raw("</p>")
	if a.Cash.Amount != 0 {
		m.raw(`<p class="fresh"><span>`).text(p.T("home.on_account")).raw(" ").amount(p, a.Cash.Amount, w.why(a.Cash), "").raw("</span></p>")
	}
	m.put(v.thumbs())
	newQuote, newCustomer := v.URL("a", v.Activity, "sales/new?kind=quote"), v.URL("a", v.Activity, "customers/new")
	customers, err := v.s.office.Customers(v.Ctx(), v.Actor, store.CustomerFilter{Activity: v.Activity, Limit: 1})
	known := err == nil && len(customers) > 0
	var l List
	done := 0
	if h, err := v.House(); err == nil {
		for _, c := range h.contracts[v.Actor.Person] {
			if c.ActiveOn(v.Actor.Today) {
				about := p.T("home.contract_since", "kind", p.T(c.Kind.Label()), "day", c.Start)
				if c.End != 0 {
					about = p.T("home.contract_until", "kind", p.T(c.Kind.Label()), "day", c.Start, "end", c.End)
				}
				l.Items = append(l.Items, Item{Icon: "check", Name: p.T("home.contract"), About: about, Status: Status{Tone: ToneOK, Text: p.T("home.done")}})
				done++
				break
			}
		}
	}
	customer := Item{Icon: "address-book", Name: p.T("home.first_customer"), About: p.T("home.first_customer_about"), Act: &Link{Label: p.T("home.add"), Href: newCustomer}}
	if known {
		customer.Act, customer.Status = nil, Status{Tone: ToneOK, Text: p.T("home.done")}
		customer.About = customers[0].FullName()
		done++
	}
	l.Items = append(l.Items, customer, Item{Icon: "file-text", Name: p.T("home.first_quote"), About: p.T("home.first_quote_about"), Act: &Link{Label: p.T("home.start"), Href: newQuote}})
	steps := Block{Title: p.T("home.steps"), First: true, Side: new(markup).raw(`<span class="muted small">`).text(p.T("home.steps_done", "n", done, "of", len(l.Items))).raw("</span>").html(), Body: l.HTML(p)}
	owed := Block{Title: p.T("activity.owed.all"), Body: Empty{Title: p.T("home.owed_none"), Text: p.T("home.owed_first_about"), Acts: []Link{{p.T("home.make_quote"), newQuote, "plus"}}}.HTML()}
	m.raw(`<div class="cols c2 block">`).put(steps.HTML(p)).put(owed.HTML(p)).raw("</div>")
	if c := view.Advisor; c.ID != 0 && c.ID != v.Actor.Person && (c.Phone != "" || c.Email != "") {
		reach := c.Phone
		if reach == "" {
			reach = c.Email
		}
		item := Item{Person: c.Name(), Name: c.Name(), About: p.T("home.advisor", "reach", reach)}
		if link := w.ask(view); link != nil {
			item.Href = link.Href
		}
		m.put(Block{Title: p.T("home.beside"), Body: List{Items: []Item{item}}}.HTML(p))
	}
}

// teamHome leads who works for the house to the first section of their role; where there is none yet, to what is open.
func (s *Server) teamHome(v *Visit) error {
	for _, f := range firsts {
		if v.Actor.Has(f.role) && s.has(f.pattern) {
			return v.Go(strings.Replace(f.pattern, "/{coop}", v.URL(), 1))
		}
	}
	nav, err := v.shell()
	if err != nil {
		return err
	}
	var l List
	for _, g := range nav.Groups {
		for _, i := range g.Items {
			l.Items = append(l.Items, Item{Icon: i.Icon, Name: i.Label, Href: i.Href})
		}
	}
	p := v.P
	head := Head{Eyebrow: v.greeting("home.hello"), Title: v.Coop.Name}
	page := Page{Title: p.T("web.nav_home"), Section: "home", Team: true, Main: "narrow"}
	if len(l.Items) == 0 {
		note := Note{Strong: p.T("home.no_place"), Text: p.T("home.no_place_about", "coop", v.Coop.Name)}
		if v.Coop.Email != "" {
			note.Links = append(note.Links, Link{Label: v.Coop.Email, Href: "mailto:" + v.Coop.Email})
		}
		return v.Blocks(page, head.HTML(), note.HTML())
	}
	return v.Blocks(page, head.HTML(), l.HTML(p))
}

// kindWords name the kinds of document.
var kindWords = map[sale.Kind]string{sale.Quote: "sales.quote", sale.Invoice: "sales.invoice", sale.CreditNote: "sales.credit"}
