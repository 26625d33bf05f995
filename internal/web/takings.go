package web

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"essaim/access"
	"essaim/date"
	"essaim/fault"
	"essaim/i18n"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/money"
	"essaim/sale"
)

// takingPages are the takings of an activity, its till, and what is announced to the team.
func (s *Server) takingPages() {
	s.page("GET", "/{coop}/a/{activity}/takings", access.ViewDocument, s.takings)
	s.page("GET", "/{coop}/a/{activity}/takings/new", access.RecordTaking, s.newTaking)
	s.page("POST", "/{coop}/a/{activity}/takings/new", access.RecordTaking, s.takingSent)
	s.page("GET", "/{coop}/a/{activity}/till", access.RecordTaking, s.till)
	s.page("POST", "/{coop}/a/{activity}/till", access.RecordTaking, s.tillSent)
	s.page("GET", "/{coop}/a/{activity}/announce", access.RecordTaking, s.announce)
	s.page("POST", "/{coop}/a/{activity}/announce", access.RecordTaking, s.announceSent)
	s.page("POST", "/{coop}/announcements/{id}/withdraw", "", s.announcementWithdrawn)
	s.page("GET", "/{coop}/register/{id}", "", s.record)
	s.page("POST", "/{coop}/register/{id}/undo", "", s.recordUndone)
}

// monthAsked is the month of the address, the one that runs when it tells none.
func (v *Visit) monthAsked() date.Month {
	if m, err := date.ParseMonth(v.Query("month")); err == nil && m <= v.Today().Month() {
		return m
	}
	return v.Today().Month()
}

func (s *Server) takings(v *Visit) error {
	month := v.monthAsked()
	m, err := s.office.Takings(v.Ctx(), v.Actor, v.Activity, month)
	if err != nil {
		return err
	}
	p := v.P
	base := v.URL("a", v.Activity)
	head := Head{Eyebrow: p.Month(month), Answer: Answer{Before: p.T("till.held"), Mark: p.Euros(m.Till.Held)}}
	switch {
	case !m.Till.Used:
		head.Answer = Answer{Before: p.T("till.took"), Mark: p.Euros(m.Sold)}
		head.Lead = p.T("till.lead")
	case m.Till.Counted != 0:
		head.Fresh = append(head.Fresh, p.T("till.counted_on", "on", m.Till.Counted))
	case m.Till.Held == 0:
		head.Fresh = append(head.Fresh, p.T("till.nothing_to_count"))
	default:
		head.Fresh = append(head.Fresh, p.T("till.never_counted"))
	}
	if m.Till.Used {
		head.Lead = p.T("till.took_month", "amount", m.Sold, "month", p.Month(month), "n", m.Count)
	}
	may := v.can(access.RecordTaking, v.Activity)
	if may {
		head.Go, head.Acts = true, []Link{{p.T("till.new"), base + "/takings/new", "plus"}, {p.T("till.till"), base + "/till", "cash"}, {p.T("till.announce"), base + "/announce", "bell"}}
	}
	parts := []any{head}
	if late := m.Till.Late(v.Today()); late > 0 {
		n := Note{Tone: ToneWait, Strong: tillLate(p, m.Till, late), Text: p.T("till.late_about")}
		if may {
			n.Links = []Link{{Label: p.T("till.count_it"), Href: base + "/till"}}
		}
		parts = append(parts, n)
	}
	var f Figures
	for _, t := range m.Means.List() {
		if t.Amount != 0 {
			f = append(f, Figure{Label: p.T("till.means." + string(t.Means)), Words: p.Euros(t.Amount)})
		}
	}
	if w := m.Waiting.Card + m.Waiting.Online; w != 0 {
		f = append(f, Figure{Label: p.T("till.cards_waiting"), Words: p.Euros(w)})
	}
	if m.Cheques != 0 {
		f = append(f, Figure{Label: p.T("till.cheques_waiting"), Words: p.Euros(m.Cheques)})
	}
	if len(f) > 0 {
		parts = append(parts, f)
	}
	parts = append(parts, Filters{
		{Label: p.Month(month - 1), Href: v.With("month", (month - 1).String())},
		{Label: p.Month(month), Href: v.With("month", month.String()), Current: true},
	})
	if month < v.Today().Month() {
		fl := parts[len(parts)-1].(Filters)
		parts[len(parts)-1] = append(fl, Filter{Label: p.Month(month + 1), Href: v.With("month", (month + 1).String())})
	}
	var list List
	for _, r := range m.Records {
		list.Items = append(list.Items, v.recordItem(r))
	}
	if len(list.Items) == 0 {
		e := Empty{Title: p.T("till.none", "month", p.Month(month)), Text: p.T("till.none_about")}
		if may {
			e.Acts = []Link{{p.T("till.new"), base + "/takings/new", "plus"}}
		}
		parts = append(parts, e)
	} else {
		parts = append(parts, list)
	}
	if len(m.Announced) > 0 {
		parts = append(parts, Block{Title: p.T("till.announced_title"), Body: component(v.announcedList(m.Announced), p)})
	}
	return v.Blocks(Page{Title: p.T("till.title"), Section: "takings"}, parts...)
}

// recordItem is a record in a list.
func (v *Visit) recordItem(r sale.Record) Item {
	p := v.P
	it := Item{Href: v.URL("register", r.ID), Amount: new(r.Amount())}
	switch {
	case r.Taking != nil:
		it.Icon, it.Name, it.About = "building-store", p.T("till.taking_of", "on", r.Date), r.Number+" · "+p.T("till.sales", "n", r.Taking.Count)
		var means []string
		for _, t := range r.Taking.Means.List() {
			if t.Amount != 0 {
				means = append(means, p.T("till.means."+string(t.Means))+" "+p.Euros(t.Amount))
			}
		}
		it.About += " · " + strings.Join(means, ", ")
	case r.Till != nil:
		it.Icon, it.Name, it.About = "cash", p.T("till.kind."+string(r.Till.Kind)), p.Day(r.Date)
		if r.Till.Kind == sale.TillCount {
			it.Icon, it.Amount = "calculator", new(r.Till.Counted)
			if diff := r.Amount(); diff != 0 {
				it.About += " · " + p.T("till.gap", "gap", diff)
			}
		}
		if r.Till.Word != "" {
			it.About += " · " + r.Till.Word
		}
	case r.Payout != nil:
		it.Icon, it.Name, it.About, it.Amount = "credit-card", p.T("till.payout_of", "acquirer", r.Payout.Acquirer), p.Day(r.Date)+" · "+p.T("till.payout_net", "net", r.Payout.Net, "fee", r.Payout.Fee+r.Payout.VAT), new(r.Payout.Gross())
	case r.Remittance != nil:
		it.Icon, it.Name, it.About = "building-bank", p.T("till.remittance_of", "number", r.Number), p.Day(r.Date)+" · "+p.T("till.cheques", "n", len(r.Remittance.Items))
	}
	if r.Reversed != 0 {
		it.Status, it.Class = Status{Icon: "arrow-back-up", Text: p.T("till.undone")}, "undone"
	}
	return it
}

// tillLate tells since when a till waits to be counted: since the last count, or since money first came in.
func tillLate(p i18n.Printer, t office.TillState, days int) string {
	if t.Counted == 0 {
		return p.T("till.late_never", "n", days)
	}
	return p.T("till.late", "n", days)
}

func (v *Visit) announcedList(all []store.Announcement) List {
	var list List
	for _, n := range all {
		about := ""
		if n.Number != "" {
			about = n.Number + " · "
		}
		it := Item{Icon: "bell", Name: cmp.Or(n.Word, n.Buyer, v.P.T("payments.means."+n.Means)), About: about + v.P.T("payments.means."+n.Means) + " · " + v.P.Day(n.Day), Amount: new(n.Amount), Status: announcedStatus(v.P, n)}
		if n.Answer != "" {
			it.About += " · " + n.Answer
		}
		if n.State == store.Announced && n.By == v.Actor.Person && v.can(access.RecordTaking, n.Activity) {
			it.Deed = &Link{v.P.T("till.withdraw"), v.URL("announcements", n.ID, "withdraw"), "x"}
		}
		it.Href = v.URL("attached", "announcement:"+strconv.FormatInt(n.ID, 10)) + "?kind=photo&back=" + url.QueryEscape(v.r.URL.RequestURI())
		list.Items = append(list.Items, it)
	}
	return list
}

func announcedStatus(p i18n.Printer, n store.Announcement) Status {
	st := Status{Text: p.T("till.state." + string(n.State))}
	switch n.State {
	case store.Announced:
		st.Tone = ToneWait
	case store.Received:
		st.Tone = ToneOK
	case store.Declined:
		st.Tone = ToneLate
	case store.Withdrawn:
		st.Icon = "x"
	}
	return st
}

// takingRows are the lines that the form offers: few sell at more rates.
const takingRows = 4

type takingForm struct {
	F       *Form
	Back    string
	Held    money.Cents
	Usual   string // how the first line is sold
	Natures []Option
	Taxes   []Option
	Rows    []int // of the lines after the first
	More    bool  // some of them are filled
	Redo    int64
	Number  string
	Means   []tenderField
}

type tenderField struct{ Name, Label, Icon string }

func takingTaxes(p i18n.Printer) []Option {
	var list []Option
	for _, code := range []string{"S20", "S10", "S55", "S21", "XFORM", "XEDU", "XMED"} {
		list = append(list, Option{Value: code, Label: p.T(ledger.France()[code].Label)})
	}
	return list
}

// plainTax is the code of services of the same rate: the nature chooses between goods and services by itself.
func plainTax(code string) string {
	if strings.HasPrefix(code, "G") {
		return "S" + code[1:]
	}
	return code
}

func (s *Server) newTaking(v *Visit) error {
	f := v.NewForm().Set("date", v.Today())
	act, _, err := s.usual(v)
	if err != nil {
		return err
	}
	nature, tax := usualSale(act)
	for i := range takingRows {
		f.Set(fmt.Sprintf("lines[%d].nature", i), nature).Set(fmt.Sprintf("lines[%d].tax", i), tax)
	}
	if id := v.queryID("redo"); id != 0 {
		r, may, err := s.office.Record(v.Ctx(), v.Actor, id)
		if err != nil {
			return err
		}
		if r.Taking != nil && r.Activity == v.Activity && r.Reversed != 0 {
			v.Say("till.redo_undone")
			return v.Go(v.URL("register", r.ID))
		}
		if r.Taking == nil || r.Activity != v.Activity || !may {
			return fault.New(fault.NotFound, "web.absent")
		}
		f.Set("redo", id).Set("date", r.Date).Set("count", r.Taking.Count).Set("note", r.Taking.Note)
		for _, t := range r.Taking.Means.List() {
			if t.Amount != 0 {
				f.Set(string(t.Means), t.Amount)
			}
		}
		for i, l := range r.Taking.Lines {
			at := fmt.Sprintf("lines[%d].", i)
			f.Set(at+"nature", l.Nature).Set(at+"tax", plainTax(l.Tax))
			if i > 0 || len(r.Taking.Lines) > 1 {
				f.Set(at+"gross", l.Gross)
			}
		}
	}
	return s.showTaking(v, f, false)
}

// usual returns the activity of the visit.
func (s *Server) usual(v *Visit) (act usualActivity, h *house, err error) {
	if h, err = v.House(); err != nil {
		return act, nil, err
	}
	a, ok := h.activities[v.Activity]
	if !ok {
		return act, nil, errAbsent()
	}
	return usualActivity{a.Name, a.Natures, a.Tax}, h, nil
}

type usualActivity struct {
	name    string
	natures []string
	tax     string
}

// usualSale guesses nature and rate from what the activity usually sells.
func usualSale(a usualActivity) (nature, tax string) {
	nature = "goods"
	if len(a.natures) > 0 {
		nature = a.natures[0]
	}
	n, _ := sale.NatureOf(nature)
	return nature, plainTax(cmp.Or(a.tax, n.Tax))
}

func (s *Server) showTaking(v *Visit, f *Form, again bool) error {
	m, err := s.office.Takings(v.Ctx(), v.Actor, v.Activity, v.Today().Month())
	if err != nil {
		return err
	}
	act, _, err := s.usual(v)
	if err != nil {
		return err
	}
	p := v.P
	nature, tax := usualSale(act)
	n, _ := sale.NatureOf(nature)
	d := takingForm{F: f, Back: v.URL("a", v.Activity, "takings"), Held: m.Till.Held, Taxes: takingTaxes(p), Redo: f.ID("redo"),
		Usual: p.T("till.usual", "what", p.T(n.Label), "rate", p.T(ledger.France()[tax].Label))}
	var usual, others []Option
	for _, o := range natureOptions(p) {
		if slices.Contains(act.natures, o.Value) {
			usual = append(usual, o)
		} else {
			others = append(others, o)
		}
	}
	d.Natures = append(usual, others...)
	for i := 1; i < takingRows; i++ {
		d.Rows = append(d.Rows, i)
		d.More = d.More || f.Get(fmt.Sprintf("lines[%d].gross", i)) != ""
	}
	d.More = d.More || f.Get("lines[0].gross") != ""
	for _, t := range (sale.Tenders{}).List() {
		d.Means = append(d.Means, tenderField{string(t.Means), p.T("till.means." + string(t.Means)), map[sale.Means]string{sale.Cash: "cash", sale.Card: "credit-card", sale.Cheque: "ballpen", sale.Online: "world"}[t.Means]})
	}
	page := Page{Title: p.T("till.new"), Section: "takings", Main: "narrow"}
	if again {
		return v.Again("taking", page, d)
	}
	return v.Show("taking", page, d)
}

// readTaking reads the form: what was sold at the usual rate is what no other line takes, unless it was typed. rows are the
// places of the lines on the form.
func readTaking(f *Form) (t sale.Taking, rows []int) {
	t = sale.Taking{Count: f.Int("count", 0, 100_000), Note: f.Text("note", 300), Means: sale.Tenders{Cash: f.Cents("cash"), Card: f.Cents("card"), Cheque: f.Cents("cheque"), Online: f.Cents("online")}}
	rest := t.Means.Total()
	for i := range takingRows {
		at := fmt.Sprintf("lines[%d].", i)
		l := sale.TakingLine{Nature: f.Get(at + "nature"), Tax: f.Get(at + "tax"), Gross: f.Cents(at + "gross")}
		if i == 0 || f.Get(at+"gross") != "" {
			t.Lines, rows = append(t.Lines, l), append(rows, i)
		}
		if i > 0 {
			rest -= l.Gross
		}
	}
	if f.Get("lines[0].gross") == "" {
		if t.Lines[0].Gross = rest; rest <= 0 && len(t.Lines) > 1 { // below nothing: the others hold more than the money, told so
			t.Lines, rows = t.Lines[1:], rows[1:]
		}
	}
	return t, rows
}

func (s *Server) takingSent(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	day, redo := f.Day("date"), f.ID("redo")
	t, rows := readTaking(f)
	if f.OK() && t.Means.Total() == 0 {
		f.Refuse("cash", "till.fault.nothing")
	}
	photos, err := s.photos(v, f)
	if err != nil {
		return err
	}
	if f.OK() {
		r, err := s.office.RedoTaking(v.Ctx(), v.Actor, redo, v.Activity, day, t, f.Key)
		if err == nil {
			err = s.attachPhotos(v, f, "register:"+strconv.FormatInt(r.ID, 10), photos)
		}
		if err == nil {
			v.SayBooked(r.Date, r.Booked, "till.saved", "number", r.Number, "amount", r.Amount())
			return v.Go(v.URL("a", v.Activity, "takings") + "?month=" + r.Date.Month().String())
		}
		for _, e := range fault.All(err) { // the form names its rows, the use case their rank
			for k, row := range rows {
				if field, found := strings.CutPrefix(e.Field, fmt.Sprintf("lines[%d].", k)); found {
					e.Field = fmt.Sprintf("lines[%d].%s", row, field)
					break
				}
			}
		}
		if !f.takeBooks(err, "cash") {
			return err
		}
	}
	return s.showTaking(v, f, true)
}

// takeBooks is [Form.Take] for what the books refuse: a closed month stands beside the day, a till that would hold less
// than nothing beside the amount.
func (f *Form) takeBooks(err error, amount string) bool {
	for _, e := range fault.All(err) {
		switch {
		case e.Kind == fault.Closed:
			f.Refuse("date", e.Key, e.Args...)
			return true
		case e.Key == "till.fault.below":
			f.Refuse(amount, e.Key, e.Args...)
			return true
		case e.Kind == fault.Invalid && strings.HasPrefix(e.Key, "ledger.date"):
			f.Refuse("date", e.Key, e.Args...)
			return true
		}
	}
	return f.Take(err)
}

type tillForm struct {
	F     *Form
	Back  string
	State office.TillState
	Kinds []Option
	Late  int
}

func (s *Server) till(v *Visit) error {
	return s.showTill(v, v.NewForm().Set("date", v.Today()).Set("kind", cmp.Or(v.Query("kind"), string(sale.TillCount))), false)
}

func (s *Server) showTill(v *Visit, f *Form, again bool) error {
	m, err := s.office.Takings(v.Ctx(), v.Actor, v.Activity, v.Today().Month())
	if err != nil {
		return err
	}
	d := tillForm{F: f, Back: v.URL("a", v.Activity, "takings"), State: m.Till, Late: m.Till.Late(v.Today())}
	for _, k := range sale.TillKinds() {
		if k == sale.TillBack && m.Till.Put == 0 && f.Get("kind") != string(k) {
			continue
		}
		d.Kinds = append(d.Kinds, Option{Value: string(k), Label: v.P.T("till.do." + string(k))})
	}
	page := Page{Title: v.P.T("till.till"), Section: "takings", Main: "narrow"}
	if again {
		return v.Again("till", page, d)
	}
	return v.Show("till", page, d)
}

func (s *Server) tillSent(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	var kinds []string
	for _, k := range sale.TillKinds() {
		kinds = append(kinds, string(k))
	}
	m := sale.TillMove{Kind: sale.TillKind(f.Choice("kind", kinds...)), Word: f.Text("word", 300)}
	day, amount := f.Day("date"), f.Cents("amount")
	if m.Amount = amount; m.Kind == sale.TillCount {
		m.Amount, m.Counted = 0, amount
		if f.Get("amount") == "" {
			f.Refuse("amount", "till.fault.counted_missing")
		}
	}
	if f.OK() {
		r, err := s.office.MoveTill(v.Ctx(), v.Actor, v.Activity, day, m, f.Key)
		if err == nil {
			v.SayBooked(r.Date, r.Booked, "till.moved."+string(r.Till.Kind))
			return v.Go(v.URL("a", v.Activity, "takings") + "?month=" + r.Date.Month().String())
		}
		for _, e := range fault.All(err) {
			if e.Field == "counted" {
				e.Field = "amount"
			}
		}
		if !f.takeBooks(err, "amount") {
			return err
		}
	}
	return s.showTill(v, f, true)
}

type announceForm struct {
	F        *Form
	Back     string
	Means    []Option
	Invoices []Option
}

func (s *Server) announce(v *Visit) error {
	return s.showAnnounce(v, v.NewForm().Set("date", v.Today()).Set("means", string(sale.Cheque)).Set("invoice", v.Query("invoice")), false)
}

func (s *Server) showAnnounce(v *Visit, f *Form, again bool) error {
	owed, err := s.office.Owed(v.Ctx(), v.Actor, v.Activity, 0)
	if err != nil {
		return err
	}
	lost, err := s.office.LostInvoices(v.Ctx(), v.Actor, v.Activity)
	if err != nil {
		return err
	}
	owed = append(owed, slices.DeleteFunc(lost, func(inv sale.Document) bool { return sale.Remaining(inv) > 0 })...)
	var ids []int64
	for _, inv := range owed {
		ids = append(ids, inv.Customer)
	}
	names, err := s.office.CustomerNames(v.Ctx(), v.Actor, ids)
	if err != nil {
		return err
	}
	d := announceForm{F: f, Back: v.URL("a", v.Activity, "takings"), Means: options(v.P, "payments.means.", string(sale.Cheque), string(sale.Cash), string(sale.Transfer)), Invoices: []Option{{Value: "", Label: v.P.T("till.no_invoice")}}}
	for _, inv := range owed {
		d.Invoices = append(d.Invoices, Option{Value: strconv.FormatInt(inv.ID, 10), Label: inv.Number + " · " + names[inv.Customer] + " · " + bothSums(v.P, inv.Content, sale.OwnPayable(inv), sale.Payable(inv))})
	}
	page := Page{Title: v.P.T("till.announce"), Section: "takings", Main: "narrow"}
	if again {
		return v.Again("announce", page, d)
	}
	return v.Show("announce", page, d)
}

func (s *Server) announceSent(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	n := store.Announcement{Activity: v.Activity, Sale: f.ID("invoice"), Means: f.Get("means"), Amount: f.Cents("amount"), Day: f.Day("date"), Word: f.Text("word", 300)}
	photos, err := s.photos(v, f)
	if err != nil {
		return err
	}
	if f.OK() {
		saved, err := s.office.Announce(v.Ctx(), v.Actor, n, f.Key)
		if err == nil {
			err = s.attachPhotos(v, f, "announcement:"+strconv.FormatInt(saved.ID, 10), photos)
		}
		if err == nil {
			v.Say("till.announced_said")
			return v.Go(v.URL("a", v.Activity, "takings"))
		}
		if !f.Take(err) {
			return err
		}
	}
	return s.showAnnounce(v, f, true)
}

func (s *Server) announcementWithdrawn(v *Visit) error {
	id, f, err := v.deed()
	if err != nil {
		return err
	}
	n, err := s.office.Announcement(v.Ctx(), v.Actor, id)
	if err != nil {
		return err
	}
	if err := s.office.DeclineAnnouncement(v.Ctx(), v.Actor, id, f.Text("answer", 300)); err != nil {
		return err
	}
	said := "till.announced_ended"
	if n.By == v.Actor.Person {
		said = "till.withdrawn_said"
	}
	v.Say(said)
	if v.Actor.Owns(n.Activity) {
		return v.Go(v.URL("a", n.Activity, "takings"))
	}
	return v.Go(v.URL("cash"))
}
