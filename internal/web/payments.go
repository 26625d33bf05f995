package web

import (
	"fmt"
	"html/template"
	"slices"
	"strconv"

	"essaim/access"
	"essaim/date"
	"essaim/fault"
	"essaim/i18n"
	"essaim/internal/store"
	"essaim/money"
	"essaim/sale"
)

// paymentPages record what customers paid. Nothing recorded is edited: it is reversed, or reassigned in one gesture.
func (s *Server) paymentPages() {
	s.page("GET", "/{coop}/payments", "", s.payments)
	s.page("GET", "/{coop}/payments.csv", "", s.payments)
	s.page("GET", "/{coop}/payments/new", "", s.newPayment)
	s.page("POST", "/{coop}/payments/new", "", s.paymentSent)
	s.page("GET", "/{coop}/payments/{id}", "", s.payment)
	s.page("POST", "/{coop}/payments/{id}/reverse", "", s.paymentReverse)
	s.page("POST", "/{coop}/payments/{id}/reassign", "", s.paymentReassign)
}

// paymentRows bounds a page of payments.
const paymentRows = 50

type paymentsData struct {
	F          *Form
	Activities []Option
	Table      Table
	CSV        string
	Next       string
	May        bool
	Owed       List
	OwedTotal  money.Cents
	OwedCount  int
}

// activityOptions are the activities the person may see, by code.
func (v *Visit) activityOptions(all bool) ([]Option, error) {
	list, _, err := v.s.office.Activities(v.Ctx(), v.Actor)
	if err != nil {
		return nil, err
	}
	var options []Option
	if all {
		options = append(options, Option{Value: "", Label: v.P.T("payments.all_activities")})
	}
	for _, a := range list {
		options = append(options, Option{Value: strconv.FormatInt(a.ID, 10), Label: a.Code + " " + a.Name})
	}
	return options, nil
}

func (s *Server) payments(v *Visit) error {
	activityID, _ := strconv.ParseInt(v.Query("activity"), 10, 64) // 0: all
	before, _ := strconv.ParseInt(v.Query("before"), 10, 64)       // 0: from the last
	f := store.PaymentFilter{Activity: activityID, Before: before, Limit: paymentRows}
	if v.wantsCSV() {
		f.Limit = 100_000
	}
	all, err := s.office.Payments(v.Ctx(), v.Actor, f)
	if err != nil {
		return err
	}
	h, err := v.House()
	if err != nil {
		return err
	}
	names, err := s.office.CustomerNames(v.Ctx(), v.Actor, all)
	if err != nil {
		return err
	}
	if v.wantsCSV() {
		out := [][]string{{"Date", "Activite", "Client", "Moyen", "Reference", "Montant", "Avance", "Etat"}}
		for _, p := range all {
			out = append(out, []string{p.Date.String(), h.ActivityName(p.Activity), names[p.Customer], v.P.T("payments.means." + string(p.Means)), p.Reference, plain(p.Amount), plain(p.Excess), paymentState(v.P, p).Text})
		}
		return v.csv("paiements.csv", out)
	}
	d := paymentsData{F: v.NewForm(), CSV: v.r.URL.Path + ".csv?" + v.r.URL.RawQuery}
	d.F.Set("activity", v.Query("activity"))
	if d.Activities, err = v.activityOptions(true); err != nil {
		return err
	}
	d.May = v.mayOnActivities(access.RecordPayment, activityID)
	d.Table = Table{Caption: v.P.T("payments.title"), Cols: []Col{{Label: v.P.T("payments.day")}, {Label: v.P.T("payments.customer")}, {Label: v.P.T("payments.activity")}, {Label: v.P.T("payments.means")}, {Label: v.P.T("payments.state")}, {Label: v.P.T("payments.amount"), Num: true}}}
	for _, p := range all {
		d.Table.Rows = append(d.Table.Rows, Row{Cells: []Cell{cellLink(v.P.Day(p.Date), v.URL("payments", p.ID)), cellSub(names[p.Customer], p.Reference, ""), cellText(h.ActivityName(p.Activity)), cellText(v.P.T("payments.means." + string(p.Means))), cellStatus(paymentState(v.P, p)), cellAmount(p.Amount, v.URL("payments", p.ID))}})
	}
	if len(all) == paymentRows {
		d.Next = v.With("before", strconv.FormatInt(all[len(all)-1].ID, 10))
	}
	owed, err := s.office.Owed(v.Ctx(), v.Actor, activityID, 0)
	if err != nil {
		return err
	}
	for i, inv := range owed {
		left := sale.Remaining(inv)
		d.OwedTotal += left
		d.OwedCount++
		if i >= 12 {
			continue
		}
		item := Item{Name: names0(inv, h), Href: v.URL("sales", inv.ID), About: inv.Number + ", " + v.P.T("payments.due", "due", inv.Due), Amount: new(left), Why: v.URL("sales", inv.ID), Status: lateStatus(v.P, inv, v.Today())}
		if d.May {
			item.Act = &Link{Label: v.P.T("payments.received"), Href: v.URL("payments", "new") + "?customer=" + strconv.FormatInt(inv.Customer, 10) + "&invoice=" + strconv.FormatInt(inv.ID, 10)}
		}
		d.Owed.Items = append(d.Owed.Items, item)
	}
	return v.Show("payments", Page{Title: v.P.T("payments.title"), Section: "payments", Team: true}, d)
}

// names0 names an open invoice: what it is for, and whose.
func names0(d sale.Document, h *house) string {
	if d.Content.Title == "" {
		return h.ActivityName(d.Activity)
	}
	return d.Content.Title + " · " + h.ActivityName(d.Activity)
}

// mayOnActivities says whether the person may do an action on an activity, or on any (0).
func (v *Visit) mayOnActivities(act access.Action, activityID int64) bool {
	return access.Can(v.Actor, act, access.Subject{Coop: v.Actor.Coop, Activity: activityID}) == access.Allowed
}

func paymentState(p i18n.Printer, x sale.Payment) Status {
	if x.Reversed != 0 {
		return Status{Text: p.T("payments.reversed"), Tone: ToneWait}
	}
	if x.Excess > 0 {
		return Status{Text: p.T("payments.with_advance"), Tone: ToneOK}
	}
	return Status{Text: p.T("payments.recorded"), Tone: ToneOK}
}

// lateStatus tells how late an open invoice is.
func lateStatus(p i18n.Printer, d sale.Document, today date.Day) Status {
	if d.Due == 0 || d.Due >= today {
		return Status{}
	}
	return Status{Text: p.T("payments.late", "n", int(today-d.Due)), Tone: ToneLate}
}

type newPaymentData struct {
	F          *Form
	Activities []Option
	Customers  []Option
	Customer   sale.Customer
	Chosen     bool
	Open       []openInvoice
	Total      money.Cents
	Advances   money.Cents
	Means      []Option
	Activity   int64
	Ahead      bool // the day typed is before that of an invoice
}

type openInvoice struct {
	ID                  int64
	Number, Title, When string
	Left                money.Cents
	Status              template.HTML
	Field               string
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
	return s.showNewPayment(v, f, false)
}

func (s *Server) showNewPayment(v *Visit, f *Form, again bool) error {
	d := newPaymentData{F: f}
	var err error
	if d.Activities, err = v.activityOptions(false); err != nil {
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
		only := f.ID("invoice")
		for _, inv := range owed {
			left := sale.Remaining(inv)
			field := fmt.Sprintf("alloc[%d]", inv.ID)
			if !again && (only == inv.ID || only == 0 && len(owed) == 1) {
				f.Set(field, left).Set("amount", left)
			}
			d.Total += left
			st := lateStatus(v.P, inv, v.Today())
			d.Open = append(d.Open, openInvoice{ID: inv.ID, Number: inv.Number, Title: inv.Content.Title, When: v.P.T("payments.due", "due", inv.Due), Left: left, Status: st.HTML(), Field: field})
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
			return access.Refuse(v.Actor, access.RecordPayment, access.Subject{Coop: v.Actor.Coop, Activity: d.Activity})
		}
		if d.Activity != 0 {
			customers, err := s.office.Customers(v.Ctx(), v.Actor, store.CustomerFilter{Activity: d.Activity, Limit: 500})
			if err != nil {
				return err
			}
			for _, c := range customers {
				d.Customers = append(d.Customers, Option{Value: strconv.FormatInt(c.ID, 10), Label: c.FullName()})
			}
		}
	}
	d.Ahead = f.Bool("ahead") || slices.ContainsFunc(f.Refusals(), func(e *fault.Error) bool { return e.Key == "sale.fault.payment_before" })
	page := Page{Title: v.P.T("payments.new"), Section: "payments", Team: true}
	if again {
		return v.Again("payment_new", page, d)
	}
	return v.Show("payment_new", page, d)
}

// allocations reads what of a payment goes to each open invoice: as typed, or the oldest first when nothing was.
func (s *Server) allocations(v *Visit, f *Form, customer int64, amount money.Cents) ([]sale.Allocation, error) {
	owed, _, err := s.office.CustomerOpen(v.Ctx(), v.Actor, customer)
	if err != nil {
		return nil, err
	}
	var list []sale.Allocation
	typed := false
	for _, inv := range owed {
		field := fmt.Sprintf("alloc[%d]", inv.ID)
		if part := f.Cents(field); f.Get(field) != "" {
			typed = true
			if part != 0 {
				list = append(list, sale.Allocation{Invoice: inv.ID, Amount: part})
			}
		}
	}
	if typed {
		return list, nil
	}
	for _, inv := range owed {
		part := min(amount, sale.Remaining(inv))
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
		}
		p.Excess = max(0, p.Excess)
	}
	if f.OK() {
		done, err := s.office.Receive(v.Ctx(), v.Actor, p, f.Key)
		if err == nil {
			v.Say("payments.saved", "amount", done.Amount)
			return v.Go(v.URL("payments", done.ID))
		}
		for _, e := range fault.All(err) {
			if e.Kind == fault.Closed {
				f.Refuse("date", e.Key, e.Args...)
				return s.showNewPayment(v, f, true)
			}
			for i, a := range p.Allocations { // the form names the invoices, the use case their rank
				if e.Field == fmt.Sprintf("allocations[%d].amount", i) {
					e.Field = fmt.Sprintf("alloc[%d]", a.Invoice)
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
	d := paymentData{P: p, Customer: customer, Activity: h.ActivityName(p.Activity), State: paymentState(v.P, p), Means: v.P.T("payments.means." + string(p.Means)), By: h.PersonName(p.By), F: f}
	elsewhere := false
	for i, inv := range invoices {
		if inv.ID == 0 {
			elsewhere = true
			d.List.Items = append(d.List.Items, Item{Icon: "file-invoice", Name: v.P.T("payments.elsewhere"), About: v.P.T("payments.elsewhere_about"), Amount: new(p.Allocations[i].Amount)})
			continue
		}
		d.List.Items = append(d.List.Items, Item{Icon: "file-invoice", Name: inv.Number, Href: v.URL("sales", inv.ID), About: inv.Content.Title, Amount: new(p.Allocations[i].Amount), Why: v.URL("sales", inv.ID)})
	}
	if p.Excess > 0 {
		d.List.Items = append(d.List.Items, Item{Icon: "coins", Name: v.P.T("payments.kept"), About: v.P.T("payments.kept_about"), Amount: new(p.Excess)})
	}
	if access.Can(v.Actor, access.ViewLedger, access.Subject{Coop: v.Actor.Coop}) == access.Allowed {
		d.Entry = v.URL("books", "entries", p.Entry)
		if p.Reversed != 0 {
			d.Undo = v.URL("books", "entries", p.Reversed)
		}
	}
	d.May = p.Reversed == 0 && !elsewhere && v.mayOnActivities(access.RecordPayment, p.Activity)
	if d.May {
		owed, _, err := s.office.CustomerOpen(v.Ctx(), v.Actor, p.Customer)
		if err != nil {
			return err
		}
		paid := map[int64]money.Cents{}
		for _, a := range p.Allocations {
			paid[a.Invoice] = a.Amount
		}
		// What this payment has settled is open again once it is taken back.
		for _, inv := range append(invoices, owed...) {
			left := sale.Remaining(inv) + paid[inv.ID]
			if paid[inv.ID] == 0 && left == 0 || contains(d.Open, inv.ID) {
				continue
			}
			d.Open = append(d.Open, openInvoice{ID: inv.ID, Number: inv.Number, Title: inv.Content.Title, Left: left, Field: fmt.Sprintf("alloc[%d]", inv.ID)})
		}
	}
	page := Page{Title: v.P.T("payments.one", "amount", p.Amount), Section: "payments", Team: true}
	if again {
		return v.Again("payment", page, d)
	}
	return v.Show("payment", page, d)
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
	if err := s.office.Unreceive(v.Ctx(), v.Actor, id); err != nil {
		return err
	}
	v.Say("payments.undone")
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
	owed, _, err := s.office.CustomerOpen(v.Ctx(), v.Actor, p.Customer)
	if err != nil {
		return err
	}
	var list []sale.Allocation
	seen := map[int64]bool{}
	for _, inv := range append(invoices, owed...) {
		if part := f.Cents(fmt.Sprintf("alloc[%d]", inv.ID)); part != 0 && !seen[inv.ID] {
			list = append(list, sale.Allocation{Invoice: inv.ID, Amount: part})
		}
		seen[inv.ID] = true
	}
	if f.OK() {
		again, err := s.office.Reassign(v.Ctx(), v.Actor, id, 0, list, f.Bool("keep"))
		if err == nil {
			v.Say("payments.reassigned")
			return v.Go(v.URL("payments", again.ID))
		}
		if !f.Take(err) {
			return err
		}
	}
	return s.showPayment(v, id, f, true)
}
