package web

import (
	"strconv"
	"strings"

	"essaim/access"
	"essaim/fault"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/joint"
	"essaim/money"
	"essaim/sale"
)

type jointEvent = store.JointEvent

// jointDeeds say what happened to an internal invoice or a deal, with the icon of it.
var jointDeeds = map[string][2]string{
	"send": {"send", "together.did_send"}, "accept": {"check", "together.did_accept"}, "silence": {"clock", "together.did_silence"}, "refuse": {"x", "together.did_refuse"},
	"pay": {"coins", "together.did_pay"}, "paid": {"coins", "together.did_paid"}, "cancel": {"receipt-refund", "together.did_cancel"}, "comment": {"message-circle", "together.did_comment"},
	"propose": {"users-group", "together.did_propose"}, "change": {"edit", "together.did_change"}, "agree": {"signature", "together.did_agree"}, "close": {"lock", "together.did_close"},
}

func (s *Server) internalPages() {
	s.page("GET", "/{coop}/a/{activity}/internal/new", access.DraftDocument, s.newInternal)
	s.page("POST", "/{coop}/a/{activity}/internal/new", access.DraftDocument, s.newInternalSent)
	s.page("GET", "/{coop}/internal/{id}", access.ViewDocument, s.internal)
	s.page("GET", "/{coop}/internal/{id}/pdf", access.ViewDocument, s.internalPDF)
	s.page("GET", "/{coop}/internal/{id}/edit", access.DraftDocument, s.editInternal)
	s.page("POST", "/{coop}/internal/{id}/edit", access.DraftDocument, s.editInternalSent)
	s.page("POST", "/{coop}/internal/{id}/delete", access.DraftDocument, s.deleteInternal)
	s.page("POST", "/{coop}/internal/{id}/accept", access.AgreeJoint, s.acceptInternal)
	s.page("POST", "/{coop}/internal/{id}/pay", access.AgreeJoint, s.payInternal)
	s.page("POST", "/{coop}/internal/{id}/refuse", access.AgreeJoint, s.refuseInternal)
	s.page("POST", "/{coop}/internal/{id}/comment", access.ViewDocument, s.commentInternal)
	s.page("POST", "/{coop}/internal/{id}/cancel", access.SubmitDocument, s.cancelInternal)
}

func idText(id int64) string { return strconv.FormatInt(id, 10) }

// internalForm is the form of an internal invoice.
type internalForm struct {
	F        *Form
	Doc      joint.Invoice
	Lines    []int
	Partners []Option
	Deals    []Option
	Receiver string // once sent, it is to the same activity
	Net      money.Cents
	CanSend  bool
	Action   string
	Back     string
	Word     string // why it was refused
}

// blankLines are the empty lines below those that are filled: enough for a phone, and one can always save and go on.
const blankLines = 2

func (s *Server) newInternal(v *Visit) error {
	f := v.NewForm().Set("done", v.Today())
	if id, err := strconv.ParseInt(v.Query("to"), 10, 64); err == nil {
		f.Set("receiver", id)
	}
	if id, err := strconv.ParseInt(v.Query("deal"), 10, 64); err == nil {
		f.Set("deal", id)
	}
	return s.showInternalForm(v, f, joint.Invoice{Sender: v.Activity, Status: joint.Draft, Kind: joint.Bill}, false)
}

func fillInternal(f *Form, i joint.Invoice) *Form {
	c := i.Content
	f.Set("receiver", i.Receiver).Set("title", c.Title).Set("note", c.Note).Set("mayWait", c.MayWait).Set("deal", c.Deal)
	if c.Done != 0 {
		f.Set("done", c.Done)
	}
	for n, l := range c.Lines {
		name := "lines[" + strconv.Itoa(n) + "]."
		f.Set(name+"label", l.Label).Set(name+"quantity", l.Quantity).Set(name+"unit", l.Unit)
		f.values.Set(name+"price", f.P.UnitPrice(l.Price))
	}
	return f
}

func readInternal(f *Form, i joint.Invoice) joint.Invoice {
	c := joint.Content{Title: f.Text("title", joint.MaxText), Done: f.Day("done"), Note: f.Text("note", joint.MaxNote), MayWait: f.Bool("mayWait"), Deal: f.ID("deal")}
	for _, n := range f.Rows("lines") {
		name := "lines[" + strconv.Itoa(n) + "]."
		l := joint.Line{Label: f.Text(name+"label", joint.MaxText), Quantity: f.Micro(name + "quantity"), Unit: f.Text(name+"unit", 30), Price: f.Micro(name + "price")}
		if l.Label == "" && l.Price == 0 {
			continue
		}
		if f.Get(name+"quantity") == "" {
			l.Quantity = money.Unit
		}
		c.Lines = append(c.Lines, l)
	}
	if i.Number == "" {
		i.Receiver = f.ID("receiver")
	}
	i.Content = c
	return i
}

func (s *Server) showInternalForm(v *Visit, f *Form, i joint.Invoice, again bool) error {
	d := internalForm{F: f, Doc: i, Action: v.r.URL.Path, Net: i.Content.Net()}
	page := v.frameOf(Page{Title: v.P.T("together.new_bill"), Section: "together", Main: "narrow"}, i.Sender)
	if i.ID != 0 {
		page.Title = v.P.T("together.edit_bill")
	}
	d.Back = v.URL("a", i.Sender, "together")
	d.CanSend = v.can(access.SubmitDocument, i.Sender)
	var err error
	if d.Partners, err = s.partners(v, i.Sender); err != nil {
		return err
	}
	if i.Number != "" {
		h, err := v.House()
		if err != nil {
			return err
		}
		d.Receiver = h.ActivityName(i.Receiver)
	}
	t, err := s.office.Together(v.Ctx(), v.Actor, i.Sender)
	if err != nil {
		return err
	}
	d.Deals = []Option{{Label: v.P.T("together.no_deal")}}
	for _, x := range t.Deals {
		if x.Status == joint.Agreed || x.ID == i.Content.Deal {
			d.Deals = append(d.Deals, Option{Value: idText(x.ID), Label: x.Title})
		}
	}
	last := -1
	for _, n := range f.Rows("lines") {
		d.Lines, last = append(d.Lines, n), n
	}
	for range blankLines {
		last++
		d.Lines = append(d.Lines, last)
	}
	if again {
		return v.Again("together_bill_form", page, d)
	}
	return v.Show("together_bill_form", page, d)
}

func (s *Server) newInternalSent(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	return s.internalSent(v, f, joint.Invoice{Sender: v.Activity, Status: joint.Draft, Kind: joint.Bill})
}

func (s *Server) editInternal(v *Visit) error {
	sheet, err := s.internalOf(v)
	if err != nil {
		return err
	}
	if !sheet.MayEdit {
		if err := access.Refuse(v.Actor, access.DraftDocument, v.subject(access.DraftDocument, sheet.Doc.Sender)); err != nil {
			return err
		}
		return v.Go(v.URL("internal", sheet.Doc.ID))
	}
	return s.showInternalForm(v, fillInternal(v.NewForm(), sheet.Doc).Set("version", sheet.Doc.Version), sheet.Doc, false)
}

func (s *Server) editInternalSent(v *Visit) error {
	sheet, err := s.internalOf(v)
	if err != nil {
		return err
	}
	if err := access.Refuse(v.Actor, access.DraftDocument, v.subject(access.DraftDocument, sheet.Doc.Sender)); err != nil {
		return err
	}
	f, err := v.Form()
	if err != nil {
		return err
	}
	i := sheet.Doc
	if version := f.ID("version"); version > 0 {
		i.Version = version
	}
	return s.internalSent(v, f, i)
}

// internalSent keeps what was typed, and sends it when that was the button.
func (s *Server) internalSent(v *Visit, f *Form, i joint.Invoice) error {
	i = readInternal(f, i)
	send := f.Get("do") == "send"
	if send && f.OK() {
		if err := i.CheckSend(v.Today()); err != nil && !f.Take(err) {
			return err
		}
	}
	if !f.OK() {
		return s.showInternalForm(v, f, i, true)
	}
	saved, err := s.office.SaveInternal(v.Ctx(), v.Actor, i, f.Key)
	if err != nil {
		if f.Take(err) {
			return s.showInternalForm(v, f, i, true)
		}
		return err
	}
	if !send {
		v.Say("together.said_saved")
		return v.Go(v.URL("internal", saved.ID, "edit"))
	}
	if saved.Status == joint.Sent { // the first click had sent it
		return v.Go(v.URL("internal", saved.ID))
	}
	sent, err := s.office.SendInternal(office.Keyed(v.Ctx(), f.Key), v.Actor, saved.ID, 0, f.Text("word", joint.MaxNote))
	if err != nil {
		if f.Take(err) {
			return s.showInternalForm(v, f, saved, true)
		}
		return err
	}
	h, err := v.House()
	if err != nil {
		return err
	}
	v.Say("together.said_sent", "number", sent.Number, "activity", h.ActivityName(sent.Receiver))
	return v.Go(v.URL("internal", sent.ID))
}

// internalOf reads the internal invoice of the address.
func (s *Server) internalOf(v *Visit) (office.InternalSheet, error) {
	id, err := v.ID("id")
	if err != nil {
		return office.InternalSheet{}, err
	}
	return s.office.Internal(v.Ctx(), v.Actor, id)
}

// internalPage is an internal invoice with what happened to it and what comes next.
type internalPage struct {
	office.InternalSheet
	Title    string
	Status   Status
	Sender   string
	Receiver string
	Back     string
	Story    []deed
	F        *Form
	Accept   *Form
	Waits    []Option // the receiver's invoices that it may wait for
	Booked   List
	Told     string // why the receiver's side may not agree
	Await    string // page of the invoice it waits for
	Own      bool
	Mine     bool // of the receiver's
}

func (s *Server) internal(v *Visit) error {
	sheet, err := s.internalOf(v)
	if err != nil {
		return err
	}
	return s.showInternal(v, sheet, v.NewForm(), false)
}

func (s *Server) showInternal(v *Visit, sheet office.InternalSheet, f *Form, again bool) error {
	i := sheet.Doc
	d := internalPage{InternalSheet: sheet, Sender: sheet.Names[i.Sender], Receiver: sheet.Names[i.Receiver], F: f, Status: v.internalStatus(i), Story: v.jointStory(sheet.Events)}
	first := []int64{i.Sender, i.Receiver}
	if d.Mine = v.Actor.Owns(i.Receiver) && !v.Actor.Owns(i.Sender); d.Mine || i.Status == joint.Sent && v.Actor.Owns(i.Receiver) {
		first = []int64{i.Receiver, i.Sender}
	}
	d.Own = v.Actor.Owns(i.Sender)
	d.Title = v.P.T("together.bill_title", "number", i.Number)
	switch {
	case i.Kind == joint.Credit:
		d.Title = v.P.T("together.credit_title", "number", i.Number)
	case i.Number == "":
		d.Title = v.P.T("together.draft_title")
	}
	page := v.frameOf(Page{Title: d.Title, Section: "together", Main: "inv"}, first...)
	d.Back = v.togetherURL()
	if i.Status == joint.Sent && !sheet.MayAgree && (v.Actor.Owns(i.Receiver) || v.Team() && !d.Own) {
		for _, e := range fault.All(sheet.NotAgree) {
			d.Told = v.P.Fault(e)
		}
	}
	d.Waits = []Option{{Value: "0", Label: v.P.T("together.pay_now")}}
	for _, inv := range sheet.Open {
		if inv.Kind == sale.Invoice {
			d.Waits = append(d.Waits, Option{Value: idText(inv.ID), Label: v.P.T("together.pay_when", "number", inv.Number, "title", clip(inv.Content.Title, 60))})
		}
	}
	if !f.Has("awaits") {
		f.Set("awaits", int64(0))
	}
	if sheet.Awaited.ID != 0 {
		d.Await = v.URL("sales", sheet.Awaited.ID)
	}
	for _, p := range sheet.Parts {
		item := Item{Icon: "coins", Name: v.P.T("together.passed", "from", sheet.Names[p.From], "to", sheet.Names[p.Activity]), About: v.P.Day(p.Day), Amount: new(p.Amount)}
		if p.Amount < 0 {
			item.Name = v.P.T("together.passed_back", "from", sheet.Names[p.From], "to", sheet.Names[p.Activity])
		}
		if v.canOn(access.ViewLedger, 0, p.Day) {
			item.Why = v.URL("books", "entries", p.Entry)
		}
		d.Booked.Items = append(d.Booked.Items, item)
	}
	if again {
		return v.Again("together_bill", page, d)
	}
	return v.Show("together_bill", page, d)
}

func (s *Server) internalPDF(v *Visit) error {
	id, err := v.ID("id")
	if err != nil {
		return err
	}
	name, b, err := s.office.InternalPDF(v.Ctx(), v.Actor, id)
	if err != nil {
		return err
	}
	return v.Send(name, b, true)
}

func (s *Server) deleteInternal(v *Visit) error {
	sheet, err := s.internalOf(v)
	if err != nil {
		return err
	}
	if err := s.office.DeleteInternal(v.Ctx(), v.Actor, sheet.Doc.ID); err != nil {
		return err
	}
	v.Say("together.said_deleted")
	return v.Go(v.URL("a", sheet.Doc.Sender, "together"))
}

// internalDeed runs a deed of the page; its refusals stand on the page.
func (s *Server) internalDeed(v *Visit, said string, do func(f *Form, i joint.Invoice) (joint.Invoice, error)) error {
	sheet, err := s.internalOf(v)
	if err != nil {
		return err
	}
	f, err := v.Form()
	if err != nil {
		return err
	}
	i := sheet.Doc
	if version := f.ID("version"); version > 0 {
		i.Version = version
	}
	done, err := do(f, i)
	if err != nil {
		if f.Take(err) {
			return s.showInternal(v, sheet, f, true)
		}
		return err
	}
	v.Say(said, "number", strings.TrimSpace(done.Number))
	return v.Go(v.URL("internal", i.ID))
}

func (s *Server) acceptInternal(v *Visit) error {
	return s.internalDeed(v, "together.said_accepted", func(f *Form, i joint.Invoice) (joint.Invoice, error) {
		return s.office.AcceptInternal(office.Keyed(v.Ctx(), f.Key), v.Actor, i.ID, i.Version, f.ID("awaits"))
	})
}

func (s *Server) payInternal(v *Visit) error {
	return s.internalDeed(v, "together.said_paid", func(f *Form, i joint.Invoice) (joint.Invoice, error) {
		return s.office.PayInternal(office.Keyed(v.Ctx(), f.Key), v.Actor, i.ID, i.Version)
	})
}

func (s *Server) refuseInternal(v *Visit) error {
	return s.internalDeed(v, "together.said_refused", func(f *Form, i joint.Invoice) (joint.Invoice, error) {
		return s.office.RefuseInternal(office.Keyed(v.Ctx(), f.Key), v.Actor, i.ID, i.Version, f.Text("comment", joint.MaxNote))
	})
}

func (s *Server) commentInternal(v *Visit) error {
	return s.internalDeed(v, "together.said_comment", func(f *Form, i joint.Invoice) (joint.Invoice, error) {
		word := f.Text("comment", joint.MaxNote)
		return i, s.office.CommentInternal(office.Keyed(v.Ctx(), f.Key), v.Actor, i.ID, word)
	})
}

func (s *Server) cancelInternal(v *Visit) error {
	return s.internalDeed(v, "together.said_cancelled", func(f *Form, i joint.Invoice) (joint.Invoice, error) {
		return s.office.CancelInternal(office.Keyed(v.Ctx(), f.Key), v.Actor, i.ID, i.Version, f.Text("comment", joint.MaxNote))
	})
}
