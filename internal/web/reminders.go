package web

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"essaim/access"
	"essaim/coop"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/money"
	"essaim/sale"
)

// reminderPages tell customers that they are late: who is due for which word, sent in one gesture, and what was said.
func (s *Server) reminderPages() {
	s.page("GET", "/{coop}/reminders", "", s.remindersHouse)
	s.page("POST", "/{coop}/reminders", "", s.remindersHouseSent)
	s.page("GET", "/{coop}/a/{activity}/reminders", access.RemindCustomer, s.remindersActivity)
	s.page("POST", "/{coop}/a/{activity}/reminders", access.RemindCustomer, s.remindersActivitySent)
	s.page("GET", "/{coop}/reminders/sent", "", s.remindersSentHouse)
	s.page("GET", "/{coop}/a/{activity}/reminders/sent", access.ViewDocument, s.remindersSentActivity)
	s.page("GET", "/{coop}/reminders/{id}", access.ViewDocument, s.reminder)
	s.page("GET", "/{coop}/reminders/{id}/pdf", access.ViewDocument, s.reminderPDF)
	s.page("POST", "/{coop}/reminders/{id}/posted", access.RemindCustomer, s.reminderPosted)
	s.page("POST", "/{coop}/customers/{id}/pause", access.RemindCustomer, s.customerPause)
	s.page("POST", "/{coop}/customers/{id}/resume", access.RemindCustomer, s.customerResume)
}

// remindersShown bounds the customers of a page: ticks beyond would not be seen.
const remindersShown = 200

// remindAlone is how many are told at once; more go by a run, which shows how far it is.
const remindAlone = 10

// remindersURL is where the reminders of an activity, or of the house (0), are.
func (v *Visit) remindersURL(activityID int64) string {
	if activityID != 0 && v.Actor.Owns(activityID) {
		return v.URL("a", activityID, "reminders")
	}
	if activityID != 0 {
		return v.URL("reminders") + "?activity=" + strconv.FormatInt(activityID, 10)
	}
	return v.URL("reminders")
}

type remindersData struct {
	F       *Form
	Answer  Answer
	Lead    string
	Warn    string // the rates are not verified yet
	Rates   string // where they are read, for who may
	Rows    []remindRow
	More    int // beyond those shown
	Held    []Item
	Levels  Filters
	Sent    string // what was said
	Owed    string
	Empty   Empty
	OneOnly bool
	Act     string // address of the form
}

type remindRow struct {
	ID       int64
	Name     string
	Href     string
	Activity string
	Level    string
	Means    string
	Icon     string
	Late     string
	Amount   money.Cents
	More     string // what is claimed besides
	Numbers  string
	Title    string
	Text     string
	Ticked   bool

	Announced string
}

func (s *Server) remindersHouse(v *Visit) error { return s.reminders(v, nil) }

func (s *Server) remindersActivity(v *Visit) error { return s.reminders(v, nil) }

func (s *Server) remindersHouseSent(v *Visit) error    { return s.remindersDo(v) }
func (s *Server) remindersActivitySent(v *Visit) error { return s.remindersDo(v) }

// reminders is the list of today: everyone ticked, the words to be read before they leave.
func (s *Server) reminders(v *Visit, f *Form) error {
	activityID := cmp.Or(v.Activity, v.queryID("activity"))
	r, err := s.office.Reminders(v.Ctx(), v.Actor, activityID)
	if err != nil {
		return err
	}
	h, err := v.House()
	if err != nil {
		return err
	}
	p := v.P
	again := f != nil
	if !again {
		f = v.NewForm()
	}
	d := remindersData{F: f, Act: v.r.URL.RequestURI(), OneOnly: activityID != 0}
	level, _ := strconv.Atoi(v.Query("level"))
	counts := make([]int, len(r.Rules.Levels)+1)
	var total money.Cents
	for _, x := range r.Due {
		counts[x.Level]++
		if level != 0 && x.Level != level {
			continue
		}
		total += x.Total()
		if len(d.Rows) >= remindersShown && x.Announced == 0 { // who announced money is always told, and ticked by hand alone
			d.More++
			continue
		}
		if x.Guessed {
			d.Warn, d.Rates = p.T("late_rates.unread", "half", halfOf(p, x.Unread)), v.lateRatesHref(x.Unread)
		}
		row := v.remindRow(h, x)
		row.Ticked = !again && x.Announced == 0 || again && slices.Contains(f.All("customers"), strconv.FormatInt(x.Customer.ID, 10))
		d.Rows = append(d.Rows, row)
	}
	if len(r.Due) > 0 {
		d.Levels = Filters{{Label: p.T("remind.all_levels"), Count: p.Int(int64(len(r.Due))), Href: v.With("level", ""), Current: level == 0}}
		for i := range r.Rules.Levels {
			if counts[i+1] > 0 {
				d.Levels = append(d.Levels, Filter{Label: p.T("remind.level", "n", i+1), Count: p.Int(int64(counts[i+1])), Href: v.With("level", strconv.Itoa(i+1)), Current: level == i+1})
			}
		}
	}
	for _, k := range r.Held {
		i := Item{Icon: "clock", Name: k.Name, About: v.pauseWords(k.Pause, k.Number), Amount: new(k.Owed)}
		if v.can(access.ViewCustomer, k.Activity) {
			i.Href = v.URL("customers", k.Customer) + "#relances"
		}
		d.Held = append(d.Held, i)
	}
	d.Answer = Answer{Before: p.T("remind.answer", "n", len(d.Rows)+d.More), Mark: p.Euros(total)}
	d.Lead = p.T("remind.lead")
	own := v.Actor.Owns(v.Activity)
	d.Sent, d.Owed = v.URL("reminders/sent"), v.URL("owed")
	if v.Activity != 0 {
		d.Sent, d.Owed = v.URL("a", v.Activity, "reminders/sent"), v.URL("a", v.Activity, "owed")
	} else if activityID != 0 {
		q := "?activity=" + strconv.FormatInt(activityID, 10)
		d.Sent, d.Owed = d.Sent+q, d.Owed+q
	}
	d.Empty = Empty{Title: p.T("remind.nobody"), Text: p.T("remind.nobody_text"), Acts: []Link{{Label: p.T("owed.see"), Href: d.Owed}}}
	page := Page{Title: p.T("remind.title"), Section: "payments", Team: !own}
	if own {
		page.Section = "sales"
	} else if v.Activity != 0 {
		page.Section = "activities"
	}
	if again {
		return v.Again("reminders", page, d)
	}
	return v.Show("reminders", page, d)
}

func (v *Visit) remindRow(h *house, x office.ToRemind) remindRow {
	p := v.P
	row := remindRow{
		ID: x.Customer.ID, Name: x.Customer.FullName(), Activity: h.ActivityName(x.Customer.Activity), Amount: x.Total(), Title: x.Title, Text: x.Text,
		Level: p.T("remind.level", "n", x.Level), Late: p.T("payments.late", "n", int(v.Today()-x.Oldest)), Means: p.T("remind.by_mail", "to", x.To), Icon: "mail",
	}
	if x.Means == coop.ByLetter {
		row.Means, row.Icon = p.T("remind.by_letter"), "printer"
		if x.Customer.Email == "" {
			row.Means = p.T("remind.by_letter_no_mail")
		}
	}
	if v.can(access.ViewCustomer, x.Customer.Activity) {
		row.Href = v.URL("customers", x.Customer.ID)
	}
	var numbers []string
	for _, it := range x.Items {
		numbers = append(numbers, it.Number)
	}
	row.Numbers = strings.Join(numbers, ", ")
	if x.Announced > 0 {
		row.Announced = p.T("remind.announced", "amount", x.Announced)
	}
	var more []string
	for _, it := range x.Items {
		if it.Currency != "" { // the amount of the row is in the euros of the books
			more = append(more, it.Number+" ("+p.Sum(it.Asked(it.Owed))+")")
		}
	}
	if x.Interest > 0 || x.Forty > 0 {
		more = append(more, p.T("remind.claimed", "interest", x.Interest, "forty", x.Forty))
	}
	row.More = strings.Join(more, " · ")
	return row
}

// remindersDo tells those who are ticked: a few at once, more by a run.
func (s *Server) remindersDo(v *Visit) error {
	activityID := cmp.Or(v.Activity, v.queryID("activity"))
	f, err := v.Form()
	if err != nil {
		return err
	}
	var ids []int64
	for _, t := range f.All("customers") {
		if id, err := strconv.ParseInt(t, 10, 64); err == nil && id > 0 {
			ids = append(ids, id)
		}
	}
	if f.Bool("rest") { // those beyond the page too
		r, err := s.office.Reminders(v.Ctx(), v.Actor, activityID)
		if err != nil {
			return err
		}
		shown := map[int64]bool{}
		for _, t := range f.All("shown") {
			if id, err := strconv.ParseInt(t, 10, 64); err == nil {
				shown[id] = true
			}
		}
		level, _ := strconv.Atoi(v.Query("level"))
		for _, x := range r.Due {
			if !shown[x.Customer.ID] && x.Announced == 0 && (level == 0 || x.Level == level) {
				ids = append(ids, x.Customer.ID)
			}
		}
	}
	if len(ids) == 0 {
		f.Refuse("customers", "remind.nobody_ticked")
		return s.reminders(v, f)
	}
	if len(ids) <= remindAlone {
		n, err := s.office.Remind(v.Ctx(), v.Actor, ids...)
		if err != nil {
			if !f.Take(err) {
				return err
			}
			return s.reminders(v, f)
		}
		v.Say("remind.said", "n", n)
		return v.Go(v.r.URL.RequestURI())
	}
	run, err := s.office.RemindAll(v.Ctx(), v.Actor, activityID, ids)
	if err != nil {
		if !f.Take(err) {
			return err
		}
		return s.reminders(v, f)
	}
	return v.Go(v.URL("runs", run.ID))
}

// pauseWords say until when and why nothing is said.
func (v *Visit) pauseWords(x store.Pause, number string) string {
	words := v.P.T("remind.pause."+string(x.Reason)) + " · " + v.P.T("owed.paused", "until", x.Until)
	if number != "" {
		words = number + " · " + words
	}
	if x.Word != "" {
		words = v.P.T("remind.paused_word", "words", words, "word", x.Word)
	}
	return words
}

// reminderStatus says what became of a reminder.
func (v *Visit) reminderStatus(r store.Reminder) Status {
	p := v.P
	if r.Means == string(coop.ByLetter) {
		if r.Posted == 0 {
			return Status{Tone: ToneWait, Icon: "printer", Text: p.T("remind.to_post")}
		}
		return Status{Tone: ToneOK, Text: p.T("remind.posted", "day", p.Instant(v.At(r.Posted)))}
	}
	switch r.MailState {
	case "handed over":
		return Status{Tone: ToneOK, Text: p.T("remind.gone")}
	case "failed":
		return Status{Tone: ToneLate, Text: p.T("remind.failed")}
	case "doubtful":
		return Status{Tone: ToneWait, Text: p.T("remind.doubtful")}
	}
	return Status{Icon: "clock", Text: p.T("remind.queued")}
}

func (v *Visit) reminderItem(r store.Reminder, name string) Item {
	i := Item{Icon: "mail", Name: cmp.Or(name, r.Title), Href: v.URL("reminders", r.ID), About: v.P.T("remind.level", "n", r.Level) + " · " + v.P.Day(r.Day), Amount: new(r.Owed + r.Interest + r.Forty), Under: v.reminderStatus(r)}
	if r.Means == string(coop.ByLetter) {
		i.Icon = "printer"
	}
	if name == "" && r.ByName != "" {
		i.About += " · " + r.ByName
	}
	return i
}

func (s *Server) remindersSentHouse(v *Visit) error {
	return s.remindersHistory(v, v.queryID("activity"))
}

func (s *Server) remindersSentActivity(v *Visit) error { return s.remindersHistory(v, v.Activity) }

// remindersHistory is what was said, the newest first; the letters that nobody has posted yet apart.
func (s *Server) remindersHistory(v *Visit, activityID int64) error {
	f := store.ReminderFilter{Activity: activityID, Before: v.queryID("before"), Limit: paymentRows, ToPost: v.Query("post") != ""}
	all, err := s.office.ReminderHistory(v.Ctx(), v.Actor, f)
	if err != nil {
		return err
	}
	ids := make([]int64, len(all))
	for i, r := range all {
		ids[i] = r.Customer
	}
	names, err := s.office.CustomerNames(v.Ctx(), v.Actor, ids)
	if err != nil {
		return err
	}
	p := v.P
	page := Page{Title: p.T("remind.sent_title"), Section: "payments", Team: true, Main: "narrow"}
	if v.Actor.Owns(v.Activity) {
		page.Section, page.Team = "sales", false
	}
	head := Head{Title: p.T("remind.sent_title"), Acts: []Link{{p.T("remind.title"), v.remindersURL(activityID), "bell"}}}
	filters := Filters{{Label: p.T("remind.sent_all"), Href: v.With("post", "", "before", ""), Current: !f.ToPost}, {Label: p.T("remind.sent_post"), Href: v.With("post", "1", "before", ""), Current: f.ToPost}}
	if len(all) == 0 {
		return v.Blocks(page, head, filters.HTML(p), Empty{Title: p.T("remind.sent_none"), Text: p.T("remind.sent_none_text")})
	}
	var list List
	for _, r := range all {
		list.Items = append(list.Items, v.reminderItem(r, names[r.Customer]))
	}
	parts := []any{head, filters.HTML(p), list}
	if len(all) == paymentRows {
		parts = append(parts, new(markup).raw(`<p class="acts"><a class="b" href="`).text(v.With("before", strconv.FormatInt(all[len(all)-1].ID, 10))).raw(`">`).text(p.T("books.next")).raw("</a></p>").html())
	}
	return v.Blocks(page, parts...)
}

// reminderAsked reads the reminder of the address; the page then belongs to its activity.
func (v *Visit) reminderAsked() (office.ReminderSheet, error) {
	return named(v, v.s.office.Reminder, func(r office.ReminderSheet) int64 { return r.Activity })
}

// reminder is one message: its words, what it is about, what became of it.
func (s *Server) reminder(v *Visit) error {
	r, err := v.reminderAsked()
	if err != nil {
		return err
	}
	p := v.P
	page, sent := Page{Title: r.Title, Section: "payments", Team: true, Main: "narrow"}, v.URL("reminders", "sent")
	if v.Actor.Owns(r.Activity) {
		page.Section, page.Team, sent = "sales", false, v.URL("a", r.Activity, "reminders", "sent")
	}
	fresh := []string{p.T("remind.level", "n", r.Level), p.Day(r.Day)}
	if r.ByName != "" {
		fresh = append(fresh, r.ByName)
	}
	var list List
	for i, it := range r.Items {
		x := r.Invoices[i]
		line := Item{Icon: "file-invoice", Name: x.Number, Href: v.URL("sales", x.ID), About: x.Title, Amount: new(it.Owed), Why: v.URL("sales", x.ID)}
		if x.Currency != "" {
			line.About = strings.TrimPrefix(line.About+" · "+p.Sum(x.Asked(it.Owed)), " · ")
		}
		if it.Interest+it.Forty > 0 {
			line.Under = Status{Icon: "percentage", Text: p.T("remind.claimed", "interest", it.Interest, "forty", it.Forty)}
		}
		list.Items = append(list.Items, line)
	}
	f := v.NewForm()
	return v.written(page, func(m *markup) {
		Head{Back: Link{Label: p.T("remind.sent_title"), Href: sent}, Title: r.Title, Lead: r.Customer.FullName(), Fresh: fresh, Acts: []Link{{p.T("remind.letter"), v.URL("reminders", r.ID, "pdf"), "file-download"}}}.write(m, p)
		m.raw(`<p class="fresh">`).put(v.reminderStatus(r.Reminder).HTML())
		if r.Recipient != "" {
			m.raw(` <span>`).text(r.Recipient).raw("</span>")
		}
		m.raw("</p>")
		if r.Means == string(coop.ByLetter) && r.Posted == 0 && v.can(access.RemindCustomer, r.Activity) {
			m.raw(`<form method="post" class="acts" action="`).text(v.URL("reminders", r.ID, "posted")).raw(`">`).put(f.Once()).raw(`<button class="b go">`).icon("check").text(p.T("remind.post")).raw("</button></form>")
		}
		m.raw(`<blockquote class="quote letter pane">`).text(r.Word).raw("</blockquote>")
		Block{Title: p.T("remind.about"), Body: list}.write(m, p)
	})
}

func (s *Server) reminderPDF(v *Visit) error {
	r, err := v.reminderAsked()
	if err != nil {
		return err
	}
	name, body, err := s.office.ReminderPDF(v.Ctx(), v.Actor, r.ID)
	if err != nil {
		return err
	}
	return v.Send(name, body, v.Query("save") == "")
}

func (s *Server) reminderPosted(v *Visit) error {
	r, err := v.reminderAsked()
	if err != nil {
		return err
	}
	if err := s.office.PostReminder(v.Ctx(), v.Actor, r.ID); err != nil {
		return err
	}
	v.Say("remind.said_posted")
	return v.Go(v.URL("reminders", r.ID))
}

// customerReminders is what stands on a customer's page: what was said, what keeps the next word back, and the form that does.
type customerReminders struct {
	F       *Form
	Act     string
	Resume  string
	Sent    []Item
	Held    []heldLine
	Reasons []Option
	May     bool
}

type heldLine struct {
	ID    int64
	Words string
}

// remindersOf reads it; f is a pause that was refused.
func (v *Visit) remindersOf(customer, activityID, invoice int64, f *Form) (d customerReminders, err error) {
	if f == nil {
		f = v.NewForm().Set("until", v.Today()+14).Set("why", string(sale.Promise)).Set("sale", invoice)
	}
	d = customerReminders{F: f, Act: v.URL("customers", customer, "pause"), Resume: v.URL("customers", customer, "resume"), May: v.can(access.RemindCustomer, activityID)}
	for _, r := range sale.PauseReasons() {
		d.Reasons = append(d.Reasons, Option{Value: string(r), Label: v.P.T("remind.pause." + string(r))})
	}
	filter := store.ReminderFilter{Customer: customer, Limit: 20}
	if invoice != 0 {
		filter.Sale = invoice
	}
	sent, err := v.s.office.ReminderHistory(v.Ctx(), v.Actor, filter)
	if err != nil {
		return d, err
	}
	for _, r := range sent {
		d.Sent = append(d.Sent, v.reminderItem(r, ""))
	}
	if !v.can(access.ViewCustomer, activityID) {
		return d, nil
	}
	pauses, err := v.s.office.PausesOf(v.Ctx(), v.Actor, customer)
	if err != nil {
		return d, err
	}
	for _, x := range pauses {
		if x.On(v.Today()) && (invoice == 0 || x.Sale == 0 || x.Sale == invoice) {
			d.Held = append(d.Held, heldLine{x.ID, v.pauseWords(x, "")})
		}
	}
	return d, nil
}

func (s *Server) customerPause(v *Visit) error {
	c, err := v.customerAsked()
	if err != nil {
		return err
	}
	f, err := v.Form()
	if err != nil {
		return err
	}
	x := store.Pause{Customer: c.ID, Sale: f.ID("sale"), Until: f.Day("until"), Reason: sale.PauseReason(f.Get("why")), Word: f.Text("note", 1000)}
	if f.OK() {
		_, err := s.office.PauseReminders(v.Ctx(), v.Actor, x)
		if err == nil {
			v.Say("remind.said_paused", "until", x.Until)
			if x.Sale != 0 {
				return v.Go(v.URL("sales", x.Sale))
			}
			return v.Go(v.URL("customers", c.ID) + "#relances")
		}
		if !f.Take(err) {
			return err
		}
	}
	d := &customerPage{F: v.NewForm(), Customer: c, Pause: f}
	fillCustomer(d.F, c)
	d.F.Opened()
	return v.showCustomer(d, 422)
}

func (s *Server) customerResume(v *Visit) error {
	c, err := v.customerAsked()
	if err != nil {
		return err
	}
	f, err := v.Form()
	if err != nil {
		return err
	}
	if err := access.Refuse(v.Actor, access.RemindCustomer, access.Subject{Coop: v.Actor.Coop, Activity: c.Activity}); err != nil {
		return err
	}
	if id := f.ID("pause"); id != 0 {
		if err := s.office.ResumeReminders(v.Ctx(), v.Actor, id); err != nil {
			return err
		}
		v.Say("remind.said_resumed")
	}
	return v.Go(v.URL("customers", c.ID) + "#relances")
}
