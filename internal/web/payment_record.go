package web

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"essaim/access"
	"essaim/fault"
	"essaim/i18n"
	"essaim/internal/store"
	"essaim/money"
	"essaim/sale"
)

type newPaymentData struct {
	F          *Form
	Activities []Option
	Customers  []Option
	Customer   sale.Customer
	Chosen     bool
	Open       []openInvoice
	Total      money.Cents
	Advances   money.Cents
	OwedBack   money.Cents // besides invoices: what they were refunded of a payment that came back
	Means      []Option
	Activity   int64
	Ahead      bool           // the day typed is before that of an invoice
	Pieces     template.HTML  // of what was announced
	Shown      *shownExchange // what the exchange rates make of the payment, before it is recorded
	Abroad     string         // the currency of an invoice that can be paid
}

type openInvoice struct {
	ID                  int64
	Number, Title, When string
	Left                money.Cents
	Status              template.HTML
	Lost                bool // written off: what comes of it is an income
	Field, Href         string
	Own                 money.Cents // left in its currency
	Currency            string      // "": the euro
}

func (s *Server) newPayment(v *Visit) error {
	f := v.NewForm()
	f.Set("date", v.Today()).Set("means", string(sale.Transfer))
	for _, n := range []string{"activity", "customer"} {
		f.Set(n, v.Query(n))
	}
	if id, err := strconv.ParseInt(v.Query("invoice"), 10, 64); err == nil {
		f.Set("invoice", id)
	}
	if err := s.announcedPayment(v, f); err != nil {
		return err
	}
	return s.showNewPayment(v, f, false)
}

func (s *Server) showNewPayment(v *Visit, f *Form, again bool) error {
	return s.showNewPaymentWith(v, f, again, nil)
}

func (s *Server) showNewPaymentWith(v *Visit, f *Form, again bool, shown *shownExchange) error {
	d := newPaymentData{F: f, Shown: shown}
	var err error
	if d.Activities, err = v.activityOptions(true); err != nil {
		return err
	}
	if id := f.ID("customer"); id != 0 {
		if d.Customer, err = s.office.Customer(v.Ctx(), v.Actor, id); err != nil {
			return err
		}
		if err := access.Refuse(v.Actor, access.RecordPayment, access.Subject{Coop: v.Actor.Coop, Activity: d.Customer.Activity}); err != nil {
			return err
		}
		d.Chosen, d.Activity = true, d.Customer.Activity
		owed, advances, err := s.office.CustomerOpen(v.Ctx(), v.Actor, id)
		if err != nil {
			return err
		}
		d.Advances = advances
		back, err := s.office.OwedBack(v.Ctx(), v.Actor, id)
		if err != nil {
			return err
		}
		for _, it := range back {
			d.OwedBack += it.Remaining
		}
		if d.OwedBack > 0 && !again {
			f.Set("keep", true)
		}
		only := f.ID("invoice")
		for _, inv := range owed {
			left := sale.Payable(inv)
			field := partField(inv)
			if inv.Content.Abroad() {
				o := s.ownOpen(v, inv, &d)
				if !again && (only == inv.ID || only == 0 && len(owed) == 1) {
					f.Set(field, o.Own)
				}
				d.Total += sale.Remaining(inv)
				d.Open = append(d.Open, o)
				continue
			}
			if !again && (only == inv.ID || only == 0 && len(owed) == 1) {
				if f.Get("announced") != "" { // what was announced says how much came
					f.Set(field, min(left, f.Cents("amount")))
				} else {
					now := left - sale.RetainedOpen(inv, v.Today()) // what is retained comes later
					f.Set(field, now).Set("amount", now)
				}
			}
			d.Total += sale.Remaining(inv)
			d.Open = append(d.Open, v.openInvoice(inv, left))
		}
		for _, m := range []sale.Means{sale.Transfer, sale.Cheque, sale.Card, sale.Cash, sale.Debit} {
			d.Means = append(d.Means, Option{Value: string(m), Label: v.P.T("payments.means." + string(m))})
		}
		if advances > 0 {
			d.Means = append(d.Means, Option{Value: string(sale.Advance), Label: v.P.T("payments.means.advance")})
		}
	} else {
		d.Activity = f.ID("activity")
		if !v.mayOnActivities(access.RecordPayment, d.Activity) {
			return access.Refuse(v.Actor, access.RecordPayment, v.subject(access.RecordPayment, d.Activity))
		}
		if d.Customers, err = s.payers(v, d.Activity); err != nil {
			return err
		}
	}
	d.Ahead = f.Bool("ahead") || slices.ContainsFunc(f.Refusals(), func(e *fault.Error) bool { return e.Key == "sale.fault.payment_before" })
	if id := f.ID("announced"); id != 0 {
		d.Pieces = v.piecesShown("announcement:" + strconv.FormatInt(id, 10))
	}
	page := Page{Title: v.P.T("payments.new"), Section: "payments", Team: true, Script: "books.js"}
	if again && shown == nil {
		return v.Again("payment_new", page, d)
	}
	return v.Show("payment_new", page, d)
}

// openInvoice is an invoice that a payment may settle, with what it still takes.
func (v *Visit) openInvoice(inv sale.Document, left money.Cents) openInvoice {
	st := lateStatus(v.P, inv.Due, v.Today())
	o := openInvoice{ID: inv.ID, Number: inv.Number, Title: inv.Content.Title, When: v.P.T("payments.due", "due", inv.Due), Left: left, Status: st.HTML(),
		Field: fmt.Sprintf("alloc[%d]", inv.ID), Href: v.URL("sales", inv.ID), Lost: inv.Lost > 0}
	if o.Lost {
		o.When, o.Status = v.P.T("payments.written_off", "amount", inv.Lost), ""
	}
	return o
}

// payers are the customers to choose from: all of an activity, or everyone who owes something.
func (s *Server) payers(v *Visit, activityID int64) ([]Option, error) {
	var list []Option
	if activityID != 0 {
		customers, err := s.office.Customers(v.Ctx(), v.Actor, store.CustomerFilter{Activity: activityID, Limit: 500})
		if err != nil {
			return nil, err
		}
		for _, c := range customers {
			list = append(list, Option{Value: strconv.FormatInt(c.ID, 10), Label: c.FullName()})
		}
		return list, nil
	}
	h, err := v.House()
	if err != nil {
		return nil, err
	}
	owed, err := s.office.Owed(v.Ctx(), v.Actor, 0, 0)
	if err != nil {
		return nil, err
	}
	var ids []int64
	left, of := map[int64]money.Cents{}, map[int64]int64{}
	for _, inv := range owed {
		if left[inv.Customer] == 0 {
			ids = append(ids, inv.Customer)
		}
		left[inv.Customer] += sale.Remaining(inv)
		of[inv.Customer] = inv.Activity
	}
	lost, err := s.office.LostInvoices(v.Ctx(), v.Actor, 0)
	if err != nil {
		return nil, err
	}
	for _, inv := range lost { // who owes nothing else
		if _, owes := of[inv.Customer]; !owes {
			ids = append(ids, inv.Customer)
			of[inv.Customer] = inv.Activity
		}
	}
	names, err := s.office.CustomerNames(v.Ctx(), v.Actor, ids)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(ids, func(a, b int64) int {
		return cmp.Or(cmp.Compare(strings.ToLower(names[a]), strings.ToLower(names[b])), cmp.Compare(a, b))
	})
	for _, id := range ids {
		key := "payments.payer"
		if left[id] == 0 {
			key = "payments.payer_lost"
		}
		list = append(list, Option{Value: strconv.FormatInt(id, 10), Label: v.P.T(key, "customer", names[id], "amount", left[id], "activity", h.ActivityName(of[id]))})
	}
	return list, nil
}

// allocations reads what of a payment goes to each open invoice: as typed, or the oldest first when nothing was. What was
// written off comes last, before anything is kept in advance: the customer still owes it, and its VAT is due with the money.
func (s *Server) allocations(v *Visit, f *Form, customer int64, amount money.Cents) ([]sale.Allocation, error) {
	owed, _, err := s.office.CustomerOpen(v.Ctx(), v.Actor, customer)
	if err != nil {
		return nil, err
	}
	var list []sale.Allocation
	typed := false
	for _, inv := range owed {
		field := partField(inv)
		if part := f.Cents(field); f.Get(field) != "" {
			typed = true
			if part != 0 {
				list = append(list, partOf(inv, part))
			}
		}
	}
	if typed {
		return list, nil
	}
	for _, inv := range owed {
		if inv.Content.Abroad() { // what euros settle of it is to be said
			if amount > 0 {
				f.Refuse(partField(inv), "payments.own_missing", "currency", inv.Content.Currency, "invoice", inv.Number)
			}
			continue
		}
		part := min(amount, sale.Payable(inv))
		if part > 0 {
			list = append(list, sale.Allocation{Invoice: inv.ID, Amount: part})
			amount -= part
		}
	}
	return list, nil
}

func (s *Server) paymentSent(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	p := sale.Payment{Customer: f.ID("customer"), Date: f.Day("date"), Amount: f.Cents("amount"), Means: sale.Means(f.Get("means")), Reference: f.Text("reference", 120), Ahead: f.Bool("ahead")}
	if p.Customer == 0 {
		return s.showNewPayment(v, f, true)
	}
	if p.Allocations, err = s.allocations(v, f, p.Customer, p.Amount); err != nil {
		return err
	}
	if f.Bool("keep") {
		p.Excess = p.Amount
		for _, a := range p.Allocations {
			p.Excess -= a.Amount
			if a.Foreign != 0 {
				f.Refuse("keep", "payments.own_keep")
			}
		}
		p.Excess = max(0, p.Excess)
	}
	if ask, err := s.showExchange(v, f, &p); err != nil || ask {
		return err
	}
	if f.OK() {
		var done sale.Payment
		if id := f.ID("announced"); id != 0 {
			done, err = s.office.ReceiveAnnounced(v.Ctx(), v.Actor, id, p, f.Key)
		} else {
			done, err = s.office.Receive(v.Ctx(), v.Actor, p, f.Key)
		}
		if err == nil {
			v.SayBooked(done.Date, done.Booked, "payments.saved", "amount", done.Amount)
			return v.Go(v.URL("payments", done.ID))
		}
		for _, e := range fault.All(err) {
			if e.Kind == fault.Closed {
				f.Refuse("date", e.Key, e.Args...)
				return s.showNewPayment(v, f, true)
			}
			for i, a := range p.Allocations { // the form names the invoices, the use case their rank
				switch {
				case e.Field == fmt.Sprintf("allocations[%d].amount", i) && a.Foreign == 0:
					e.Field = fmt.Sprintf("alloc[%d]", a.Invoice)
				case e.Field == fmt.Sprintf("allocations[%d].amount", i), e.Field == fmt.Sprintf("allocations[%d].foreign", i):
					e.Field = fmt.Sprintf("own[%d]", a.Invoice)
				}
			}
		}
		if !f.Take(err) {
			return err
		}
	}
	return s.showNewPayment(v, f, true)
}

type paymentData struct {
	P        sale.Payment
	Customer sale.Customer
	Activity string
	State    Status
	Means    string
	By       string
	List     List
	Entry    string
	Undo     string
	May      bool
	F        *Form
	Open     []openInvoice

	Customers []Option // who it may be from after all
	Back      string
	Ahead     *aheadForm // what is still held of it, to be made a deposit invoice
	Theirs    string     // the page of the customer, for who may not write that invoice

	Who, Goes string      // the title, and that of what it settles or comes from
	Sum       money.Cents // without its sign
	UndoWords undoWords
}

// undoWords are those of the undoing of a payment: what invoices, an advance or a refund become.
type undoWords struct{ Title, About, Do, Said string }

func undoWordsOf(p i18n.Printer, x sale.Payment) undoWords {
	w := undoWords{p.T("payments.undo"), p.T("payments.undo_about"), p.T("payments.undo_do"), p.T("payments.undone")}
	switch {
	case x.Amount < 0:
		w = undoWords{p.T("payments.undo_back"), p.T("payments.undo_back_about"), p.T("payments.undo_back_do"), p.T("payments.undone_back")}
	case len(x.Allocations) == 0:
		w.About, w.Said = p.T("payments.undo_kept_about"), p.T("payments.undone_kept")
	}
	return w
}

func (s *Server) payment(v *Visit) error {
	id, err := v.ID("id")
	if err != nil {
		return err
	}
	return s.showPayment(v, id, v.NewForm(), false)
}

func (s *Server) showPayment(v *Visit, id int64, f *Form, again bool) error {
	p, invoices, customer, err := s.office.Payment(v.Ctx(), v.Actor, id)
	if err != nil {
		return err
	}
	h, err := v.House()
	if err != nil {
		return err
	}
	d := paymentData{P: p, Customer: customer, Activity: h.ActivityName(p.Activity), State: paymentState(v.P, p), Means: v.P.T("payments.means." + string(p.Means)), By: h.PersonName(p.By), F: f,
		Who: v.P.T("payments.paid_by", "customer", customer.FullName()), Goes: v.P.T("payments.goes_to"), Sum: p.Amount.Abs(), UndoWords: undoWordsOf(v.P, p)}
	title := v.P.T("payments.one", "amount", p.Amount)
	if p.Amount < 0 { // a refund: what was kept in advance goes back
		title = v.P.T("payments.one_back", "amount", -p.Amount)
		d.Who, d.Goes = v.P.T("payments.given_back", "customer", customer.FullName()), v.P.T("payments.comes_from")
		if p.Means == sale.GivenUp {
			d.Who = v.P.T("payments.cents_kept", "customer", customer.FullName())
		}
		d.List.Items = []Item{{Icon: "coins", Name: v.P.T("payments.from_advance"), About: v.P.T("payments.from_advance_about"), Amount: new(-p.Amount), Href: v.URL("customers", p.Customer), Why: v.URL("customers", p.Customer)}}
	}
	elsewhere := false
	for i, inv := range invoices {
		if inv.ID == 0 {
			elsewhere = true
			d.List.Items = append(d.List.Items, Item{Icon: "file-invoice", Name: v.P.T("payments.elsewhere"), About: v.P.T("payments.elsewhere_about"), Amount: new(p.Allocations[i].Amount)})
			continue
		}
		item := Item{Icon: "file-invoice", Name: inv.Number, About: inv.Content.Title, Amount: new(p.Allocations[i].Amount)}
		if own := p.Allocations[i].Foreign; own != 0 {
			item.About = joinWords(" · ", item.About, v.P.T("sale_page.paid_own", "own", inv.Content.Sum(own)))
		}
		if v.canOn(access.ViewDocument, inv.Activity, inv.Date) {
			item.Href, item.Why = v.URL("sales", inv.ID), v.URL("sales", inv.ID)
		}
		d.List.Items = append(d.List.Items, item)
	}
	if p.Excess > 0 {
		d.List.Items = append(d.List.Items, Item{Icon: "coins", Name: v.P.T("payments.kept"), About: v.P.T("payments.kept_about"), Amount: new(p.Excess)})
	}
	if p.Exchange != 0 {
		d.List.Items = append(d.List.Items, Item{Icon: "refresh", Name: v.P.T("payments.exchange"), About: v.P.T("payments.exchange_to"), Amount: new(p.Exchange)})
	}
	if v.canOn(access.ViewLedger, 0, p.Date) {
		d.Entry = v.URL("books", "entries", p.Entry)
		if p.Reversed != 0 {
			d.Undo = v.URL("books", "entries", p.Reversed)
		}
	}
	if p.Excess > 0 && p.Reversed == 0 {
		if err := s.paymentAhead(v, &d); err != nil {
			return err
		}
	}
	d.May = p.Reversed == 0 && !elsewhere && v.canOn(access.RecordPayment, p.Activity, p.Date)
	d.Back = v.URL("payments") + "?view=received"
	if p.Excess > 0 && !again {
		f.Set("keep", true)
	}
	if d.May && p.Amount > 0 {
		if d.Customers, err = s.payers(v, p.Activity); err != nil {
			return err
		}
		if !again {
			f.Set("customer", p.Customer)
		}
		owed, _, err := s.office.CustomerOpen(v.Ctx(), v.Actor, p.Customer)
		if err != nil {
			return err
		}
		paid, own := map[int64]money.Cents{}, map[int64]money.Cents{}
		for _, a := range p.Allocations {
			paid[a.Invoice], own[a.Invoice] = a.Amount, a.Foreign
		}
		// What this payment has settled is open again once it is taken back.
		for _, inv := range append(invoices, owed...) {
			left := sale.Payable(inv) + paid[inv.ID]
			if paid[inv.ID] == 0 && left == 0 || contains(d.Open, inv.ID) {
				continue
			}
			field := partField(inv)
			if inv.Content.Abroad() {
				if part := own[inv.ID]; part != 0 && !again {
					f.Set(field, part)
				}
				o := s.ownOpen(v, inv, nil)
				o.Left, o.Own = left, o.Own+own[inv.ID]
				d.Open = append(d.Open, o)
				continue
			}
			if part := paid[inv.ID]; part != 0 && !again {
				f.Set(field, part) // where it goes today; one changes what is wrong
			}
			one := v.openInvoice(inv, left)
			one.Status = ""
			d.Open = append(d.Open, one)
		}
	}
	page := Page{Title: title, Section: "payments", Team: true, Script: "books.js"}
	if again {
		return v.Again("payment", page, d)
	}
	return v.Show("payment", page, d)
}

// paymentAhead offers the deposit invoice of what a payment left in advance, as long as it is there; who may not write it is
// told that it is to be made.
func (s *Server) paymentAhead(v *Visit, d *paymentData) error {
	items, err := s.office.Ahead(v.Ctx(), v.Actor, d.Customer.ID)
	if err != nil || len(items) == 0 {
		return err
	}
	deals, err := s.office.ToInvoice(v.Ctx(), v.Actor, d.Customer.Activity, d.Customer.ID)
	if err != nil {
		return err
	}
	if d.Ahead, err = v.aheadOf(d.Customer, deals); d.Ahead == nil && err == nil {
		d.Theirs = v.URL("customers", d.Customer.ID)
	}
	return err
}

func contains(list []openInvoice, id int64) bool {
	for _, x := range list {
		if x.ID == id {
			return true
		}
	}
	return false
}

func (s *Server) paymentReverse(v *Visit) error {
	id, _, err := v.deed()
	if err != nil {
		return err
	}
	p, _, _, err := s.office.Payment(v.Ctx(), v.Actor, id)
	if err != nil {
		return err
	}
	if err := s.office.Unreceive(v.Ctx(), v.Actor, id); err != nil {
		return err
	}
	v.leave(flash{Text: undoWordsOf(v.P, p).Said})
	return v.Go(v.URL("payments", id))
}

func (s *Server) paymentReassign(v *Visit) error {
	id, f, err := v.deed()
	if err != nil {
		return err
	}
	p, invoices, _, err := s.office.Payment(v.Ctx(), v.Actor, id)
	if err != nil {
		return err
	}
	if err := access.Refuse(v.Actor, access.RecordPayment, v.subjectOn(access.RecordPayment, p.Activity, p.Date)); err != nil {
		return err
	}
	owed, _, err := s.office.CustomerOpen(v.Ctx(), v.Actor, p.Customer)
	if err != nil {
		return err
	}
	var list []sale.Allocation
	seen := map[int64]bool{}
	for _, inv := range append(invoices, owed...) {
		if part := f.Cents(partField(inv)); part != 0 && !seen[inv.ID] {
			list = append(list, partOf(inv, part))
		}
		seen[inv.ID] = true
	}
	customer := f.ID("customer")
	if customer != 0 && customer != p.Customer {
		// From someone else: their invoices, the oldest first.
		if list, err = s.allocations(v, v.NewForm(), customer, p.Amount); err != nil {
			return err
		}
	}
	if f.OK() {
		again, err := s.office.Reassign(v.Ctx(), v.Actor, id, customer, list, f.Bool("keep"))
		if err == nil {
			v.SayBooked(again.Date, again.Booked, "payments.reassigned")
			return v.Go(v.URL("payments", again.ID))
		}
		if !f.Take(err) {
			return err
		}
	}
	return s.showPayment(v, id, f, true)
}
