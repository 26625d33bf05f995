package web

import (
	"html/template"
	"net/http"
	"strconv"
	"strings"

	"essaim/access"
	"essaim/date"
	"essaim/fault"
	"essaim/i18n"
	"essaim/internal/office"
	"essaim/money"
	"essaim/sale"
)

// subscriptionPages are what comes back in an activity: the invoices that are ready, sent in one gesture, and the models.
func (s *Server) subscriptionPages() {
	s.page("GET", "/{coop}/a/{activity}/subscriptions", access.ViewDocument, s.subscriptions)
	s.page("POST", "/{coop}/a/{activity}/subscriptions/send", access.SubmitDocument, s.subscriptionsSend)
	s.page("GET", "/{coop}/a/{activity}/subscriptions/new", access.DraftDocument, s.newSubscription)
	s.page("POST", "/{coop}/a/{activity}/subscriptions/new", access.DraftDocument, s.subscriptionSent)
	s.page("GET", "/{coop}/subscriptions/{id}", access.ViewDocument, s.subscription)
	s.page("POST", "/{coop}/subscriptions/{id}", access.DraftDocument, s.subscriptionSent)
	s.page("POST", "/{coop}/subscriptions/{id}/price", access.DraftDocument, s.subscriptionPrice)
	s.page("POST", "/{coop}/subscriptions/{id}/periods", access.DraftDocument, s.subscriptionPeriod)
	for _, deed := range []string{"pause", "resume", "end"} {
		s.page("POST", "/{coop}/subscriptions/{id}/"+deed, access.DraftDocument, s.subscriptionDeed(deed))
	}
}

var subscriptionStates = map[sale.SubscriptionState]struct{ tone, icon, key string }{
	sale.SubscriptionRunning: {ToneOK, "", "subs.running"},
	sale.SubscriptionPaused:  {ToneWait, "", "subs.paused"},
	sale.SubscriptionEnded:   {"", "", "subs.ended"},
}

func (v *Visit) subscriptionState(s sale.SubscriptionState) Status {
	w := subscriptionStates[s]
	return Status{Tone: w.tone, Icon: w.icon, Text: v.P.T(w.key)}
}

// every is « chaque mois », « tous les 3 mois ».
func every(p i18n.Printer, months int) string {
	if months == 12 {
		return p.T("subs.yearly")
	}
	return p.T("subs.every", "n", months)
}

func (s *Server) subscriptions(v *Visit) error {
	all, err := s.office.Subscriptions(v.Ctx(), v.Actor, v.Activity)
	if err != nil {
		return err
	}
	return s.showSubscriptions(v, all, v.NewForm(), 0)
}

func (s *Server) showSubscriptions(v *Visit, all office.Subscriptions, f *Form, status int) error {
	p, base := v.P, v.URL("a", v.Activity, "subscriptions")
	page := Page{Title: p.T("subs.title"), Section: "subscriptions", Status: status}
	if !v.Actor.Owns(v.Activity) {
		page.Section, page.Team = "activities", true
	}
	head := Head{Title: p.T("subs.title"), Lead: p.T("subs.lead")}
	if n := len(all.Ready); n > 0 {
		head.Title, head.Answer = "", Answer{Before: p.T("subs.ready_before"), Mark: p.T("subs.ready_mark", "n", n)}
	}
	if all.Draft {
		head.Acts = []Link{{p.T("subs.new"), base + "/new", "plus"}}
		head.Go = len(all.Ready) == 0
	}
	return v.written(page, func(m *markup) {
		if !v.Actor.Owns(v.Activity) {
			if h, err := v.House(); err == nil {
				m.backTo(v, h.ActivityName(v.Activity))
			}
		}
		head.write(m, p)
		m.put(v.runNotes())
		m.put(f.Summary())
		m.readySubscriptions(v, all, f)
		if len(all.All) == 0 {
			e := Empty{Title: p.T("subs.none"), Text: p.T("subs.none_about")}
			if all.Draft {
				e.Acts = []Link{{p.T("subs.new"), base + "/new", "plus"}}
			}
			e.write(m, p)
			return
		}
		var list List
		for _, x := range all.All {
			i := Item{Icon: "repeat", Name: x.Buyer, Href: v.URL("subscriptions", x.ID), About: strings.Join([]string{x.Reads(x.Content.Title), every(p, x.Months)}, " · "), Amount: new(x.Gross), Status: v.subscriptionState(x.State)}
			if x.State == sale.SubscriptionRunning {
				i.About += " · " + p.T("subs.next", "on", x.Ready(x.Next))
			}
			switch {
			case x.Trouble != "":
				i.Under = Status{Tone: ToneLate, Text: p.T("subs.trouble")}
			case len(x.Missed) > 0:
				i.Under = Status{Tone: ToneWait, Text: p.T("subs.missed", "n", len(x.Missed))}
			}
			list.Items = append(list.Items, i)
		}
		Block{Title: p.T("subs.models", "n", len(all.All)), Body: list}.write(m, p)
	})
}

// readySubscriptions is the one gesture: all of them, except those whose box is emptied.
func (m *markup) readySubscriptions(v *Visit, all office.Subscriptions, f *Form) {
	if len(all.Ready) == 0 {
		return
	}
	p := v.P
	m.raw(`<form method="post" action="`).text(v.URL("a", v.Activity, "subscriptions/send")).raw(`" class="pane" data-main>`).put(f.Once())
	m.raw(`<p class="hint"><span>`).text(p.T("subs.except")).raw(`</span></p><ul class="list pick">`)
	for _, d := range all.Ready {
		id := strconv.FormatInt(d.Sale, 10)
		m.raw(`<li><label class="ck2"><input type="checkbox" name="id" value="`).raw(id).raw(`" checked><span>`).text(d.Buyer).raw(` <small class="sub2">`).text(d.Title).raw("</small></span></label>")
		m.raw(`<div class="r">`).amount(p, d.Gross, v.URL("sales", d.Sale), "strong").raw("</div></li>")
	}
	m.raw("</ul>")
	if all.May {
		m.raw(`<div class="acts"><button class="b go big" data-send>`).icon("send").text(p.T("subs.send")).raw(` <kbd>Ctrl ↵</kbd></button></div>`)
	} else {
		m.note(Note{Strong: p.T("form.not_yours"), Text: p.T("form.not_yours_about")})
	}
	m.raw("</form>")
}

func (s *Server) subscriptionsSend(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	var ids []int64
	for _, text := range f.All("id") {
		if id, err := strconv.ParseInt(text, 10, 64); err == nil && id > 0 {
			ids = append(ids, id)
		}
	}
	run, err := s.office.SubmitAll(v.Ctx(), v.Actor, v.Activity, ids, f.Key)
	if f.Take(err) {
		all, err := s.office.Subscriptions(v.Ctx(), v.Actor, v.Activity)
		if err != nil {
			return err
		}
		return s.showSubscriptions(v, all, f, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	return v.Go(v.URL("runs", run.ID))
}

// subscriptionForm is the page of a model.
type subscriptionForm struct {
	F, Price *Form
	View     office.SubscriptionView
	Sale     *saleForm
	Choices  []sale.Customer
	Changed  bool
	v        *Visit
}

func (d *subscriptionForm) Back() string { return d.v.URL("a", d.View.Activity, "subscriptions") }
func (d *subscriptionForm) Writable() bool {
	return d.View.Draft && d.View.State != sale.SubscriptionEnded
}
func (d *subscriptionForm) Deed(what string) string {
	return d.v.URL("subscriptions", d.View.ID, what)
}
func (d *subscriptionForm) State() Status { return d.v.subscriptionState(d.View.State) }

// Hint tells what can be written between braces, and how the next invoice reads what was.
func (d *subscriptionForm) Hint(name string) string {
	p := d.v.P
	text := d.F.Get(name)
	if read := d.View.Reads(text); read != text {
		return "hint=" + p.T("subs.reads", "text", read)
	}
	if p.Lang() == "fr" {
		return "hint=" + p.T("subs.placeholders", "month", "{mois}", "period", "{période}")
	}
	return "hint=" + p.T("subs.placeholders", "month", "{month}", "period", "{period}")
}

func (d *subscriptionForm) Mailed() bool { return mailedIn(d.F) }
func (d *subscriptionForm) About() string {
	if d.View.State != sale.SubscriptionRunning {
		return ""
	}
	return d.v.P.T("subs.next_about", "on", d.View.Ready(d.View.Next), "from", d.View.Next, "to", d.View.Last(d.View.Next))
}

func (d *subscriptionForm) More() bool {
	for _, name := range []string{"note", "orderRef", "service", "commitment", "contract"} {
		if d.F.Get(name) != "" || d.F.Refusal(name) != "" {
			return true
		}
	}
	return d.F.Refusal("title") != ""
}

func (d *subscriptionForm) Periods() []Option {
	var all []Option
	for _, n := range sale.Periods() {
		all = append(all, Option{Value: strconv.Itoa(n), Label: every(d.v.P, n)})
	}
	return all
}

func (d *subscriptionForm) Whens() []Option {
	return []Option{{Value: "0", Label: d.v.P.T("subs.ahead")}, {Value: "1", Label: d.v.P.T("subs.arrears")}}
}

func (d *subscriptionForm) Modes() []Option {
	return []Option{{Value: "0", Label: d.v.P.T("form.ht")}, {Value: "1", Label: d.v.P.T("form.ttc")}}
}

func (d *subscriptionForm) Means() []Option {
	all := []Option{{Label: d.v.P.T("subs.means_any")}}
	return append(all, options(d.v.P, "payments.means.", string(sale.Transfer), string(sale.Debit), string(sale.Card), string(sale.Cheque), string(sale.Cash))...)
}

func (d *subscriptionForm) Dues() []Option {
	return delayOptions(d.v.P, d.View.Facts, d.View.Content.Delay())
}

type missedPeriod struct{ Start, Words string }

func (d *subscriptionForm) Missed() []missedPeriod {
	var all []missedPeriod
	for _, start := range d.View.Missed {
		all = append(all, missedPeriod{start.String(), d.v.P.T("paper.period", "from", start, "to", d.View.Last(start))})
	}
	return all
}

type toldPrice struct {
	Words, From string
	Line        int
}

func (d *subscriptionForm) Prices() []toldPrice {
	var all []toldPrice
	for _, c := range d.View.Prices {
		percent := d.v.P.Rate(c.Percent)
		if c.Percent > 0 {
			percent = "+" + percent
		}
		words := d.v.P.T("subs.price_by", "from", c.From, "percent", percent)
		if c.Line > 0 && c.Line <= len(d.View.Content.Lines) {
			words = d.v.P.T("subs.price_to", "from", c.From, "price", d.View.Content.UnitPrice(c.Price, d.v.P), "line", clip(d.View.Reads(d.View.Content.Lines[c.Line-1].Label), 60))
		}
		all = append(all, toldPrice{words, c.From.String(), c.Line})
	}
	return all
}

func (d *subscriptionForm) LineChoices() []Option {
	all := []Option{{Value: "0", Label: d.v.P.T("subs.price_all")}}
	for i, l := range d.View.Content.Lines {
		all = append(all, Option{Value: strconv.Itoa(i + 1), Label: clip(d.View.Reads(l.Label), 60)})
	}
	return all
}

// Deeds are what can be done with it now; Href is the end of the address.
func (d *subscriptionForm) Deeds() []Link {
	p := d.v.P
	switch d.View.State {
	case sale.SubscriptionRunning:
		return []Link{{Label: p.T("subs.pause"), Href: "pause"}, {Label: p.T("subs.stop"), Href: "end"}}
	case sale.SubscriptionPaused:
		return []Link{{Label: p.T("subs.resume"), Href: "resume"}, {Label: p.T("subs.stop"), Href: "end"}}
	}
	return nil
}

func (d *subscriptionForm) History() template.HTML {
	p := d.v.P
	if len(d.View.Periods) == 0 {
		return Note{Text: p.T("subs.history_none")}.HTML()
	}
	var list List
	for _, x := range d.View.Periods {
		i := Item{Name: p.T("paper.period", "from", x.Start, "to", d.View.Last(x.Start))}
		switch x.Sale {
		case 0:
			i.About = p.T("subs.left_out")
		default:
			i.Href, i.Amount, i.About = d.v.URL("sales", x.Sale), new(x.Gross), x.Number
			if x.Number == "" {
				i.About = p.T("subs.waits")
			}
		}
		list.Items = append(list.Items, i)
	}
	return list.HTML(p)
}

// PriceMode is the label of a price in the mode of the model.
func (s screen) PriceMode() string {
	if d, ok := s.D.(*subscriptionForm); ok && d.View.Content.Gross {
		return s.P.T("form.price_ttc")
	}
	return s.P.T("form.price_ht")
}

func (s *Server) newSubscription(v *Visit) error {
	sub := sale.Subscription{Activity: v.Activity, Months: 1, Before: 5, State: sale.SubscriptionRunning}
	sub.First = (v.Today().Month() + 1).First()
	sub.Day = 1
	from, _ := strconv.ParseInt(v.Query("invoice"), 10, 64)
	if from == 0 {
		start, err := s.office.Start(v.Ctx(), v.Actor, sale.Invoice, v.Activity, 0)
		if err != nil {
			return err
		}
		sub.Content = start.Doc.Content
		sub.Content.SendWhenValidated = true
		if id, err := strconv.ParseInt(v.Query("customer"), 10, 64); err == nil {
			if c, err := s.office.Customer(v.Ctx(), v.Actor, id); err == nil && c.Activity == v.Activity {
				sub.Customer = id
				d, err := s.office.Delay(v.Ctx(), v.Actor, v.Activity, id)
				if err != nil {
					return err
				}
				sub.Content.SetDelay(d)
				own := start.Facts
				own.Customer = c
				sale.FollowTaxes(&sub.Content, start.Facts, own)
			}
		}
	}
	view, err := s.office.SubscriptionOf(v.Ctx(), v.Actor, sub, max(0, from))
	if err != nil {
		return err
	}
	f := v.NewForm()
	fillSubscription(f, view)
	return s.showSubscription(v, &subscriptionForm{F: f, View: view}, 0)
}

func (s *Server) subscription(v *Visit) error {
	id, err := v.ID("id")
	if err != nil {
		return err
	}
	view, err := s.office.Subscription(v.Ctx(), v.Actor, id)
	if err != nil {
		return err
	}
	v.Activity = view.Activity
	f := v.NewForm()
	fillSubscription(f, view)
	return s.showSubscription(v, &subscriptionForm{F: f, View: view}, 0)
}

func fillSubscription(f *Form, view office.SubscriptionView) {
	x := view.Subscription
	fillSale(f, sale.Document{Customer: x.Customer, Content: x.Content})
	f.Set("customerName", view.Facts.Customer.FullName()).Set("months", x.Months).Set("first", x.First).Set("day", x.Day).Set("before", x.Before).Set("means", string(x.Means))
	f.values.Set("arrears", "0")
	if x.Arrears {
		f.values.Set("arrears", "1")
	}
	if x.End != 0 {
		f.Set("end", x.End)
	}
	if x.Times != 0 {
		f.Set("times", x.Times)
	}
	if x.Content.SendWhenValidated {
		f.values.Set("sendWhenValidated", "1")
	}
}

func (s *Server) showSubscription(v *Visit, d *subscriptionForm, status int) error {
	d.v = v
	if d.Price == nil {
		d.Price = v.NewForm()
	}
	doc := sale.Document{Kind: sale.Invoice, Activity: d.View.Activity, Customer: d.View.Customer, Status: sale.Draft, Content: d.View.Content}
	if len(doc.Content.Lines) == 0 {
		doc.Content.Lines = []sale.Line{{}}
	}
	d.Sale = &saleForm{F: d.F, Doc: doc}
	if d.Writable() {
		if err := s.prepareSaleForm(v, d.Sale); err != nil {
			return err
		}
	}
	title := v.P.T("subs.new")
	if d.View.ID != 0 {
		title = strings.TrimSuffix(d.View.Facts.Customer.FullName()+" · "+d.View.Reads(d.View.Content.Title), " · ")
	}
	page := Page{Title: title, Section: "subscriptions", Main: "narrow", Status: status}
	if !v.Actor.Owns(d.View.Activity) {
		page.Section, page.Team = "activities", true
	}
	return v.Show("subscription", page, d)
}

func (s *Server) subscriptionSent(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	var x sale.Subscription
	if v.PathValue("id") != "" {
		id, err := v.ID("id")
		if err != nil {
			return err
		}
		old, err := v.subscriptionToWrite(id)
		if err != nil {
			return err
		}
		x = old.Subscription
		x.Version = f.ID("version")
	} else {
		x = sale.Subscription{Activity: v.Activity, State: sale.SubscriptionRunning}
	}
	do := f.Get("do")
	f.compactLines(do)
	holder := &saleForm{F: f, Doc: sale.Document{Kind: sale.Invoice, Activity: x.Activity}}
	x.Content = readSale(f, holder.Doc)
	if err := v.customerOf(f, holder, do == "save" || do == ""); err != nil {
		return err
	}
	holder.Doc.Content = x.Content
	if err := v.followDelay(f, holder); err != nil {
		return err
	}
	if err := v.followTaxes(f, holder); err != nil {
		return err
	}
	x.Customer, x.Content = holder.Doc.Customer, holder.Doc.Content
	x.Months, x.First, x.Day = f.Int("months", 1, 12), f.Day("first"), f.Int("day", 1, 31)
	x.Before, x.End, x.Times = f.Int("before", 0, 60), f.Day("end"), f.Int("times", 0, 600)
	x.Arrears, x.Means = f.Bool("arrears"), sale.Means(f.Get("means"))
	if x.Day == 0 && x.First != 0 {
		_, _, x.Day = x.First.Date()
	}
	again := func(status int, changed bool) error {
		view, err := s.office.SubscriptionOf(v.Ctx(), v.Actor, x, 0)
		if err != nil {
			return err
		}
		return s.showSubscription(v, &subscriptionForm{F: f, View: view, Choices: holder.Choices, Changed: changed}, status)
	}
	if do != "save" && do != "" {
		f.refused = nil // the person is still typing
		return again(0, false)
	}
	if !f.OK() {
		return again(http.StatusUnprocessableEntity, false)
	}
	saved, err := s.office.SaveSubscription(v.Ctx(), v.Actor, x, f.Key)
	switch {
	case err == nil:
		v.Say("subs.said_saved")
		return v.Go(v.URL("subscriptions", saved.ID))
	case f.Take(err):
		return again(http.StatusUnprocessableEntity, false)
	case fault.KindOf(err) == fault.Conflict && x.ID != 0:
		return again(http.StatusConflict, true)
	}
	return err
}

// subscriptionToWrite reads one that the person may write; the page then belongs to its activity.
func (v *Visit) subscriptionToWrite(id int64) (office.SubscriptionView, error) {
	view, err := v.s.office.Subscription(v.Ctx(), v.Actor, id)
	if err == nil {
		v.Activity = view.Activity
		err = access.Refuse(v.Actor, access.DraftDocument, access.Subject{Coop: v.Coop.ID, Activity: view.Activity, Kind: string(sale.Invoice)})
	}
	return view, err
}

func (s *Server) subscriptionPrice(v *Visit) error {
	id, err := v.ID("id")
	if err != nil {
		return err
	}
	view, err := v.subscriptionToWrite(id)
	if err != nil {
		return err
	}
	f, err := v.Form()
	if err != nil {
		return err
	}
	c := sale.PriceChange{From: f.Day("from"), Line: f.Int("line", 0, sale.MaxLines), Percent: f.Signed("percent"), Price: f.Micro("price")}
	switch {
	case f.Get("from") == "":
		f.Refuse("from", "web.field_needed")
	case !f.Has("percent") && !f.Has("price"): // the button that takes it back
	case c.Line == 0 && c.Percent == 0 && f.Refusal("percent") == "":
		f.Refuse("percent", "sale.fault.price_percent")
	case c.Line != 0 && c.Price == 0 && f.Refusal("price") == "":
		f.Refuse("price", "sale.fault.subscription_price")
	}
	switch {
	case c.Line == 0 && c.Price != 0:
		f.Refuse("price", "sale.fault.price_whose")
	case c.Line != 0 && c.Percent != 0:
		f.Refuse("percent", "sale.fault.price_both")
	}
	if f.OK() {
		_, err := s.office.ChangePrice(office.Keyed(v.Ctx(), f.Key), v.Actor, id, f.ID("version"), c)
		if err == nil {
			v.Say("subs.said_price")
			return v.Go(v.URL("subscriptions", id))
		}
		if e := fault.All(err); len(e) > 0 && strings.HasPrefix(e[0].Field, "prices[") {
			_, field, _ := strings.Cut(e[0].Field, ".")
			err = fault.At(field, e[0].Key, e[0].Args...)
		}
		if !f.Take(err) {
			return err
		}
	}
	main := v.NewForm()
	fillSubscription(main, view)
	return s.showSubscription(v, &subscriptionForm{F: main, Price: f, View: view}, http.StatusUnprocessableEntity)
}

// Signed reads a percentage that may be below nothing.
func (f *Form) Signed(name string) money.Rate {
	s := f.Get(name)
	if rest, minus := strings.CutPrefix(strings.Replace(s, "−", "-", 1), "-"); minus {
		f.values.Set(name, rest)
		r := -f.Rate(name)
		f.values.Set(name, s)
		return r
	}
	return f.Rate(name)
}

func (s *Server) subscriptionPeriod(v *Visit) error {
	id, err := v.ID("id")
	if err != nil {
		return err
	}
	f, err := v.Form()
	if err != nil {
		return err
	}
	start, err := date.Parse(f.Get("start"))
	if err != nil {
		start = 0 // no period: the use case says so, to those who may hear it
	}
	if err := s.office.FillPeriod(v.Ctx(), v.Actor, id, start, f.Get("do") == "leave"); err != nil {
		return err
	}
	return v.Go(v.URL("subscriptions", id))
}

// subscriptionDeeds are the deeds of one button.
var subscriptionDeeds = map[string]func(o *office.Office, v *Visit, id, version int64) (sale.Subscription, error){
	"pause": func(o *office.Office, v *Visit, id, version int64) (sale.Subscription, error) {
		return o.PauseSubscription(v.Ctx(), v.Actor, id, version)
	},
	"resume": func(o *office.Office, v *Visit, id, version int64) (sale.Subscription, error) {
		return o.ResumeSubscription(v.Ctx(), v.Actor, id, version)
	},
	"end": func(o *office.Office, v *Visit, id, version int64) (sale.Subscription, error) {
		return o.EndSubscription(v.Ctx(), v.Actor, id, version)
	},
}

func (s *Server) subscriptionDeed(deed string) handler {
	return func(v *Visit) error {
		id, err := v.ID("id")
		if err != nil {
			return err
		}
		f, err := v.Form()
		if err != nil {
			return err
		}
		if _, err := subscriptionDeeds[deed](s.office, v, id, f.ID("version")); err != nil {
			return err
		}
		return v.Go(v.URL("subscriptions", id))
	}
}
