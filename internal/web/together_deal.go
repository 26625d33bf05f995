package web

import (
	"strconv"
	"strings"

	"essaim/access"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/joint"
	"essaim/money"
	"essaim/sale"
)

func (s *Server) dealPages() {
	s.page("GET", "/{coop}/a/{activity}/deals/new", access.SubmitDocument, s.newDeal)
	s.page("POST", "/{coop}/a/{activity}/deals/new", access.SubmitDocument, s.newDealSent)
	s.page("GET", "/{coop}/deals/{id}", access.ViewDocument, s.deal)
	s.page("GET", "/{coop}/deals/{id}/edit", access.SubmitDocument, s.editDeal)
	s.page("POST", "/{coop}/deals/{id}/edit", access.SubmitDocument, s.editDealSent)
	s.page("POST", "/{coop}/deals/{id}/agree", access.AgreeJoint, s.agreeDeal)
	s.page("POST", "/{coop}/deals/{id}/refuse", access.AgreeJoint, s.refuseDeal)
	s.page("POST", "/{coop}/deals/{id}/close", access.SubmitDocument, s.closeDeal)
}

// dealForm is the form of a deal: the lead, then the others.
type dealForm struct {
	F        *Form
	Doc      joint.Deal
	Lead     string
	Rows     []int // of the members
	Partners []Option
	Action   string
	Back     string
}

func (s *Server) newDeal(v *Visit) error {
	return s.showDealForm(v, v.NewForm(), joint.Deal{Lead: v.Activity}, false)
}

func fillDeal(f *Form, d joint.Deal) *Form {
	f.Set("title", d.Title).Set("note", d.Note)
	for n, m := range d.Members {
		name := "members[" + strconv.Itoa(n) + "]."
		f.Set(name+"activity", m.Activity).Set(name+"weight", m.Weight).Set(name+"firstFor", m.FirstFor)
		if m.First != 0 {
			f.Set(name+"first", m.First)
		}
	}
	return f
}

// readDeal reads the form: the lead stands in row 0.
func readDeal(f *Form, d joint.Deal) joint.Deal {
	d.Title, d.Note, d.Members = f.Text("title", joint.MaxText), f.Text("note", joint.MaxNote), nil
	for _, n := range f.Rows("members") {
		name := "members[" + strconv.Itoa(n) + "]."
		m := joint.Member{Activity: f.ID(name + "activity"), Weight: f.Micro(name + "weight"), First: f.Cents(name + "first"), FirstFor: f.Text(name+"firstFor", joint.MaxText)}
		if n == 0 {
			m.Activity = d.Lead
		}
		if m.Activity == 0 && m.Weight == 0 && m.First == 0 {
			continue
		}
		d.Members = append(d.Members, m)
	}
	return d
}

func (s *Server) showDealForm(v *Visit, f *Form, x joint.Deal, again bool) error {
	page := v.frameOf(Page{Title: v.P.T("together.new_deal"), Section: "together", Main: "narrow"}, x.Lead)
	d := dealForm{F: f, Doc: x, Action: v.r.URL.Path, Back: v.URL("a", x.Lead, "together")}
	if x.ID != 0 {
		page.Title, d.Back = v.P.T("together.edit_deal"), v.URL("deals", x.ID)
	}
	h, err := v.House()
	if err != nil {
		return err
	}
	d.Lead = h.ActivityName(x.Lead)
	if d.Partners, err = s.partners(v, x.Lead); err != nil {
		return err
	}
	last := 0
	for _, n := range f.Rows("members") {
		if n > 0 {
			d.Rows = append(d.Rows, n)
		}
		last = max(last, n)
	}
	for len(d.Rows) < 2 || len(f.Rows("members")) > len(d.Rows) && len(d.Rows) < joint.MaxMembers {
		last++
		d.Rows = append(d.Rows, last)
	}
	if again {
		return v.Again("together_deal_form", page, d)
	}
	return v.Show("together_deal_form", page, d)
}

func (s *Server) newDealSent(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	return s.dealSent(v, f, joint.Deal{Lead: v.Activity})
}

func (s *Server) dealOf(v *Visit) (office.DealSheet, error) {
	id, err := v.ID("id")
	if err != nil {
		return office.DealSheet{}, err
	}
	return s.office.Deal(v.Ctx(), v.Actor, id)
}

func (s *Server) editDeal(v *Visit) error {
	sheet, err := s.dealOf(v)
	if err != nil {
		return err
	}
	if err := access.Refuse(v.Actor, access.SubmitDocument, v.subject(access.SubmitDocument, sheet.Deal.Lead)); err != nil {
		return err
	}
	if !sheet.MayEdit {
		return v.Go(v.URL("deals", sheet.Deal.ID))
	}
	return s.showDealForm(v, fillDeal(v.NewForm(), sheet.Deal).Set("version", sheet.Deal.Version), sheet.Deal, false)
}

func (s *Server) editDealSent(v *Visit) error {
	sheet, err := s.dealOf(v)
	if err != nil {
		return err
	}
	if err := access.Refuse(v.Actor, access.SubmitDocument, v.subject(access.SubmitDocument, sheet.Deal.Lead)); err != nil {
		return err
	}
	f, err := v.Form()
	if err != nil {
		return err
	}
	d := sheet.Deal
	if version := f.ID("version"); version > 0 {
		d.Version = version
	}
	return s.dealSent(v, f, d)
}

func (s *Server) dealSent(v *Visit, f *Form, d joint.Deal) error {
	typed := readDeal(f, d)
	if f.OK() {
		saved, err := s.office.SaveDeal(v.Ctx(), v.Actor, typed, f.Key)
		if err == nil {
			if saved.Status == joint.Agreed {
				v.Say("together.said_deal_saved")
			} else {
				v.Say("together.said_proposed")
			}
			return v.Go(v.URL("deals", saved.ID))
		}
		rows := f.Rows("members")
		if !f.Take(err) {
			return err
		}
		f.rename("members", rows)
	}
	return s.showDealForm(v, f, d, true)
}

// rename gives the refusals of a group, which the use case names by rank, the numbers of the form's rows.
func (f *Form) rename(group string, rows []int) {
	for i, e := range f.refused {
		rest, ok := strings.CutPrefix(e.Field, group+"[")
		if !ok {
			continue
		}
		rank, field, _ := strings.Cut(rest, "]")
		n, err := strconv.Atoi(rank)
		if err != nil || n >= len(rows) {
			continue
		}
		own := *e
		own.Field = group + "[" + strconv.Itoa(rows[n]) + "]" + field
		f.refused[i] = &own
	}
}

// dealPage is a deal: the key and who agreed to it, what it brings each, its documents, what it leaves.
type dealPage struct {
	office.DealSheet
	Status   Status
	Lead     string
	Back     string
	F        *Form
	Parts    []dealRow
	Total    dealRow
	Quotes   List
	Bills    List
	Shares   List
	Internal List
	Margin   []dealMargin
	Story    []deed
	Agree    []dealAsked
	NewQuote string
	NewBill  string
	Leads    bool
}

type dealRow struct {
	Name, Key, First, Agreed, Refused    string
	Invoiced, Collected, ToCome, Percent string
	Tone                                 string
	Share                                int // of a hundred collected
}

type dealAsked struct {
	Activity int64
	Name     string
}

type dealMargin struct {
	Name string
	Why  Why
}

func (s *Server) deal(v *Visit) error {
	sheet, err := s.dealOf(v)
	if err != nil {
		return err
	}
	return s.showDeal(v, sheet, v.NewForm(), false)
}

func (s *Server) showDeal(v *Visit, sheet office.DealSheet, f *Form, again bool) error {
	p, x := v.P, sheet.Deal
	d := dealPage{DealSheet: sheet, Status: v.dealStatus(x), F: f, Story: v.jointStory(sheet.Events)}
	ids := []int64{x.Lead}
	for _, m := range x.Members {
		ids = append(ids, m.Activity)
	}
	page := v.frameOf(Page{Title: x.Title, Section: "together"}, ids...)
	d.Back = v.togetherURL()
	d.Leads = v.can(access.DraftDocument, x.Lead)
	var weights money.Micro
	for _, m := range x.Members {
		weights += m.Weight
	}
	var invoiced, collected money.Cents
	for _, m := range sheet.Parts {
		r := dealRow{Name: m.Name, Key: p.T("together.parts", "n", m.Weight), Invoiced: p.Euros(m.Invoiced), Collected: p.Euros(m.Collected), ToCome: p.Euros(m.Invoiced - m.Collected), Share: hundredth(m.Collected, m.Invoiced), Refused: m.Refused}
		if weights > 0 {
			r.Percent = p.T("together.percent", "rate", money.Rate(money.MulDiv(int64(m.Weight), int64(money.One), int64(weights))))
		}
		if m.First > 0 {
			r.First = p.T("together.first", "amount", m.First, "what", m.FirstFor)
		}
		switch {
		case m.At != 0:
			r.Agreed, r.Tone = p.T("together.agreed_on", "name", m.ByName, "on", p.Instant(v.At(m.At))), ToneOK
		case m.Refused != "":
			r.Agreed, r.Tone = p.T("together.refused"), ToneLate
		default:
			r.Agreed, r.Tone = p.T("together.not_yet"), ToneWait
		}
		if x.Lead == m.Activity {
			d.Lead = m.Name
		}
		if m.MayAgree {
			d.Agree = append(d.Agree, dealAsked{m.Activity, m.Name})
		}
		invoiced += m.Invoiced
		collected += m.Collected
		d.Parts = append(d.Parts, r)
	}
	d.Total = dealRow{Name: p.T("together.all"), Invoiced: p.Euros(invoiced), Collected: p.Euros(collected), ToCome: p.Euros(invoiced - collected), Share: hundredth(collected, invoiced)}
	d.Quotes, d.Bills = v.dealDocuments(sheet.Quotes), v.dealDocuments(sheet.Bills)
	names := map[int64]string{}
	for _, m := range sheet.Parts {
		names[m.Activity] = m.Name
	}
	d.Shares = v.dealShares(sheet.Shares, names)
	for _, i := range sheet.Internal {
		d.Internal.Items = append(d.Internal.Items, Item{Icon: "arrows-exchange", Name: i.Content.Title, About: p.T("together.from_to", "sender", names[i.Sender], "receiver", names[i.Receiver]), Href: v.URL("internal", i.ID), Amount: new(i.Net), Why: v.URL("internal", i.ID), Status: v.internalStatus(i)})
	}
	for _, m := range sheet.Margin {
		if len(m.Lines) == 0 {
			continue
		}
		d.Margin = append(d.Margin, v.dealMargin(m))
	}
	if d.Leads && x.Status != joint.Closed {
		d.NewQuote = v.URL("a", x.Lead, "sales/new") + "?kind=quote&deal=" + idText(x.ID)
		if x.Status == joint.Agreed {
			d.NewBill = v.URL("a", x.Lead, "sales/new") + "?kind=invoice&deal=" + idText(x.ID)
		}
	}
	if again {
		return v.Again("together_deal", page, d)
	}
	return v.Show("together_deal", page, d)
}

// dealAxes are the choices of a line: everybody's of a deal that the activity leads, or one member's.
func (s *Server) dealAxes(v *Visit, d *saleForm) error {
	all, err := s.office.DealAxes(v.Ctx(), v.Actor, v.Activity)
	if err != nil || len(all) == 0 {
		return err
	}
	d.Axes = []Option{{Label: v.P.T("together.whose_mine")}}
	for _, x := range all {
		label := v.P.T("together.whose_all")
		if x.Member != "" {
			label = v.P.T("together.whose_of", "activity", x.Member)
		}
		d.Axes = append(d.Axes, Option{Value: idText(x.Axis), Label: label, Group: x.Deal})
	}
	if d.Deal == 0 { // a line more is whose the last one is
		if n := len(d.Doc.Content.Lines); n > 0 {
			d.Deal = d.Doc.Content.Lines[n-1].Axis
		}
	}
	return nil
}

// hundredth is a part of a whole in hundredths, from 0 to 100.
func hundredth(part, whole money.Cents) int {
	if whole <= 0 || part <= 0 {
		return 0
	}
	return int(min(100, money.MulDiv(int64(part), 100, int64(whole))))
}

func (v *Visit) dealDocuments(all []office.DealDocument) (l List) {
	for _, x := range all {
		i := Item{Icon: "file-invoice", Name: x.Sale.Number, Amount: new(x.Net)}
		if x.Sale.Kind == sale.Quote {
			i.Icon = "file-text"
		}
		if x.Opens {
			i.Href, i.Why = v.URL("sales", x.Sale.ID), v.URL("sales", x.Sale.ID)
			if i.Name == "" {
				i.Name = v.P.T("together.draft_of", "title", x.Sale.Content.Title)
			} else {
				i.Name += " · " + x.Sale.Content.Title
			}
		}
		switch {
		case x.Sale.Date != 0 && x.Sale.Kind == sale.Invoice:
			i.About = v.P.T("together.received_of", "day", x.Sale.Date, "amount", x.Collected)
		case x.Sale.Date != 0:
			i.About = v.P.Day(x.Sale.Date)
		}
		l.Items = append(l.Items, i)
	}
	return l
}

func (v *Visit) dealShares(all []store.JointPart, names map[int64]string) (l List) {
	for n := range all {
		x := all[len(all)-1-n]
		i := Item{Icon: "coins", Name: v.P.T("together.passed", "from", names[x.From], "to", names[x.Activity]), About: v.P.Day(x.Day), Amount: new(x.Amount), Class: "pos"}
		if x.Amount < 0 {
			i.Name, i.Class = v.P.T("together.passed_back", "from", names[x.From], "to", names[x.Activity]), ""
		}
		if v.canOn(access.ViewLedger, 0, x.Day) {
			i.Why = v.URL("books", "entries", x.Entry)
		}
		l.Items = append(l.Items, i)
	}
	return l
}

// dealMargin is what a deal leaves one activity, as a subtraction; each of its lines opens its document.
func (v *Visit) dealMargin(m office.DealMargin) dealMargin {
	p := v.P
	w := Why{ID: "-" + idText(m.Activity), Title: p.T("together.margin_of", "activity", m.Name), Caption: p.T("together.margin")}
	docs := v.documents(m.Activity)
	part := func(kind WhyKind, label string, amount money.Cents, of func(account string) bool) {
		if amount == 0 && kind != WhyStart {
			return
		}
		w.Rows = append(w.Rows, WhyRow{Kind: kind, Label: p.T(label), Amount: amount})
		for _, l := range m.Lines {
			if of(l.Account) {
				w.Rows = append(w.Rows, WhyRow{Kind: WhyNest, Label: l.Label, Small: p.Day(l.Date), Amount: -l.Amount, Href: docs.href(l.Document, l.Entry)})
			}
		}
	}
	begins := func(prefix string) func(string) bool {
		return func(a string) bool { return strings.HasPrefix(a, prefix) }
	}
	part(WhyStart, "together.margin_invoiced", m.Invoiced, begins("7"))
	part(WhyLine, "together.margin_received", m.Received, begins(joint.Sold))
	part(WhyLine, "together.margin_purchases", m.Purchases, begins("6"))
	part(WhyLine, "together.margin_given", m.Given, begins(joint.Bought))
	w.Rows = append(w.Rows, WhyRow{Kind: WhyResult, Label: p.T("together.margin_left"), Amount: m.Left})
	if m.Pending > 0 {
		w.Foot = p.T("together.margin_pending", "amount", m.Pending)
	}
	return dealMargin{Name: m.Name, Why: w}
}

// dealDeed runs a deed of the page; its refusals stand on the page.
func (s *Server) dealDeed(v *Visit, said string, do func(f *Form, d joint.Deal) error) error {
	sheet, err := s.dealOf(v)
	if err != nil {
		return err
	}
	f, err := v.Form()
	if err != nil {
		return err
	}
	d := sheet.Deal
	if version := f.ID("version"); version > 0 {
		d.Version = version
	}
	if err := do(f, d); err != nil {
		if f.Take(err) {
			return s.showDeal(v, sheet, f, true)
		}
		return err
	}
	v.Say(said)
	return v.Go(v.URL("deals", d.ID))
}

// asked is the member that an answer is for: the first beside the lead where the form says none.
func asked(f *Form, d joint.Deal) int64 {
	id := f.ID("member")
	for _, m := range d.Members {
		if id == 0 && m.Activity != d.Lead {
			return m.Activity
		}
	}
	return id
}

func (s *Server) agreeDeal(v *Visit) error {
	return s.dealDeed(v, "together.said_agreed", func(f *Form, d joint.Deal) error {
		_, err := s.office.AgreeDeal(office.Keyed(v.Ctx(), f.Key), v.Actor, d.ID, d.Version, asked(f, d))
		return err
	})
}

func (s *Server) refuseDeal(v *Visit) error {
	return s.dealDeed(v, "together.said_refused_key", func(f *Form, d joint.Deal) error {
		_, err := s.office.RefuseDeal(office.Keyed(v.Ctx(), f.Key), v.Actor, d.ID, d.Version, asked(f, d), f.Text("comment", joint.MaxNote))
		return err
	})
}

func (s *Server) closeDeal(v *Visit) error {
	return s.dealDeed(v, "together.said_closed", func(f *Form, d joint.Deal) error {
		_, err := s.office.CloseDeal(office.Keyed(v.Ctx(), f.Key), v.Actor, d.ID, d.Version)
		return err
	})
}
