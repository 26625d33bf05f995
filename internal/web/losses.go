package web

import (
	"bytes"
	"context"
	"net/http"

	"essaim/access"
	"essaim/fault"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/money"
	"essaim/sale"
)

// lossPages are what the team decides of an invoice that nobody pays, what it gives back, and the copies a customer may ask for.
func (s *Server) lossPages() {
	s.page("POST", "/{coop}/sales/{id}/doubt", access.RecordPayment, s.saleDoubt)
	s.page("POST", "/{coop}/sales/{id}/lose", access.RecordPayment, s.saleLose)
	s.page("POST", "/{coop}/sales/{id}/restore", access.RecordPayment, s.saleRestore)
	s.page("POST", "/{coop}/sales/{id}/cents", access.RecordPayment, s.saleCents)
	s.page("GET", "/{coop}/sales/{id}/paid", access.ViewDocument, s.salePaidCopy)
	s.page("GET", "/{coop}/sales/{id}/duplicate", access.ViewDocument, s.saleDuplicate)
	s.page("POST", "/{coop}/a/{activity}/customers/file", access.ViewCustomer, s.customerFile)
	s.page("POST", "/{coop}/customers/{id}/refund", access.RecordPayment, s.customerRefund)
}

// lossForm is what the team may decide of an invoice now.
type lossForm struct {
	F                           *Form
	Doubt, Lose, Restore, Cents bool
	Left, Lost                  money.Cents
	Paid, Duplicate             string // copies
}

func (v *Visit) lossOf(d *salePage, f *Form) *lossForm {
	doc := d.Doc
	if doc.Kind != sale.Invoice || doc.Number == "" {
		return nil
	}
	if f == nil {
		f = v.NewForm()
	}
	l := &lossForm{F: f, Left: sale.Remaining(doc), Lost: doc.Lost}
	if l.Left == 0 && doc.Paid > 0 && doc.Lost == 0 {
		l.Paid = v.URL("sales", doc.ID, "paid")
	}
	if doc.Lost > 0 {
		l.Duplicate = v.URL("sales", doc.ID, "duplicate")
	}
	if d.Can[access.RecordPayment] {
		open := l.Left > 0 && (doc.Content.Stage != sale.Deposit || len(sale.Undeducted(doc)) == 0)
		l.Cents = l.Left > 0 && l.Left+sale.CentsGivenUp(doc.ID, d.Payments) <= d.Facts.Rules.Terms.CentsUpTo
		l.Doubt = open && d.Late > 0 && doc.Settled.Doubtful.Entry == 0
		l.Lose = open && d.Late > 0 && doc.Settled.LostWhole == 0
		l.Restore = doc.Settled.LostWhole > 0 && doc.Settled.Recovered == 0
	}
	if !l.Cents && !l.Doubt && !l.Lose && !l.Restore && l.Paid == "" && l.Duplicate == "" {
		return nil
	}
	return l
}

// decideLoss does what was decided of an invoice, with its reason.
func (s *Server) decideLoss(v *Visit, said string, do func(id int64, reason string) error) error {
	sheet, f, err := v.deedForm()
	if err != nil {
		return err
	}
	reason := f.Need("reason", 500)
	if f.OK() {
		err := do(sheet.Doc.ID, reason)
		if err == nil {
			v.Say(said, "number", sheet.Doc.Number)
			return v.Go(v.URL("sales", sheet.Doc.ID))
		}
		if !f.Take(err) {
			return err
		}
	}
	return s.showSale(v, &salePage{Sheet: sheet, Decided: f}, http.StatusUnprocessableEntity)
}

func (s *Server) saleDoubt(v *Visit) error {
	return s.decideLoss(v, "loss.said_doubt", func(id int64, reason string) error { return s.office.Doubt(v.Ctx(), v.Actor, id, reason) })
}

func (s *Server) saleLose(v *Visit) error {
	return s.decideLoss(v, "loss.said_lost", func(id int64, reason string) error { return s.office.Lose(v.Ctx(), v.Actor, id, reason) })
}

func (s *Server) saleRestore(v *Visit) error {
	return s.decideLoss(v, "loss.said_restored", func(id int64, reason string) error { return s.office.Restore(v.Ctx(), v.Actor, id, reason) })
}

// saleCents gives up the cents that are left of an invoice, within the cooperative's limit.
func (s *Server) saleCents(v *Visit) error {
	sheet, f, err := v.deedForm()
	if err != nil {
		return err
	}
	left := sale.Remaining(sheet.Doc)
	p := sale.Payment{Customer: sheet.Doc.Customer, Date: v.Today(), Amount: left, Means: sale.GivenUp, Allocations: []sale.Allocation{wholeOf(sheet.Doc)}}
	if _, err := s.office.Receive(v.Ctx(), v.Actor, p, f.Key); err != nil {
		if !f.Take(err) {
			return err
		}
		return s.showSale(v, &salePage{Sheet: sheet, Decided: f}, http.StatusUnprocessableEntity)
	}
	v.Say("loss.said_cents", "amount", left)
	return v.Go(v.URL("sales", sheet.Doc.ID))
}

func (s *Server) salePaidCopy(v *Visit) error { return s.saleCopy(v, (*office.Office).PaidPDF) }

func (s *Server) saleDuplicate(v *Visit) error { return s.saleCopy(v, (*office.Office).LostPDF) }

// copyOf makes a copy of an invoice.
type copyOf func(o *office.Office, ctx context.Context, a access.Actor, id int64) (string, []byte, error)

func (s *Server) saleCopy(v *Visit, of copyOf) error {
	sheet, err := v.sheet()
	if err != nil {
		return err
	}
	name, body, err := of(s.office, v.Ctx(), v.Actor, sheet.Doc.ID)
	if err != nil {
		return err
	}
	return v.Send(name, body, v.Query("save") == "")
}

// refundForm gives back to a customer what is kept in advance.
type refundForm struct {
	F     *Form
	Act   string
	Held  money.Cents
	Means []Option
}

// refundOf is that form, for who may record payments and where something is held.
func (v *Visit) refundOf(c sale.Customer, f *Form) (*refundForm, error) {
	if !v.can(access.RecordPayment, c.Activity) {
		return nil, nil
	}
	_, held, err := v.s.office.CustomerOpen(v.Ctx(), v.Actor, c.ID)
	if err != nil || held <= 0 {
		return nil, err
	}
	if f == nil {
		f = v.NewForm().Set("amount", held).Set("date", v.Today()).Set("means", string(sale.Transfer))
	}
	d := &refundForm{F: f, Act: v.URL("customers", c.ID, "refund"), Held: held}
	for _, m := range []sale.Means{sale.Transfer, sale.Cash} {
		d.Means = append(d.Means, Option{Value: string(m), Label: v.P.T("payments.means." + string(m))})
	}
	return d, nil
}

// refundsOf are the refunds of a customer, the newest first.
func (v *Visit) refundsOf(c sale.Customer) (items []Item, err error) {
	all, err := v.s.office.Payments(v.Ctx(), v.Actor, store.PaymentFilter{Activity: c.Activity, Customer: c.ID, Refunds: true})
	if fault.KindOf(err) == fault.Forbidden { // who reads the customer and not the money
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for _, p := range all {
		i := Item{Icon: "arrow-back-up", Name: v.P.T(meansWords[p.Means]), About: joinWords(" · ", v.P.Day(p.Date), p.Reference), Amount: new(-p.Amount), Href: v.URL("payments", p.ID), Why: v.URL("payments", p.ID)}
		if p.Reversed != 0 {
			i.Status = paymentState(v.P, p)
		}
		items = append(items, i)
	}
	return items, nil
}

func (s *Server) customerRefund(v *Visit) error {
	c, err := v.customerAsked()
	if err != nil {
		return err
	}
	if err := access.Refuse(v.Actor, access.RecordPayment, access.Subject{Coop: v.Actor.Coop, Activity: c.Activity}); err != nil {
		return err
	}
	f, err := v.Form()
	if err != nil {
		return err
	}
	p := sale.Payment{Customer: c.ID, Date: f.Day("date"), Amount: -f.Cents("amount"), Means: sale.Means(f.Choice("means", string(sale.Transfer), string(sale.Cash))), Reference: f.Text("reference", 140)}
	if f.OK() {
		done, err := s.office.Refund(v.Ctx(), v.Actor, p, f.Key)
		if err == nil {
			v.SayBooked(done.Date, done.Booked, "loss.said_refund", "amount", -p.Amount, "name", c.FullName())
			return v.Go(v.URL("customers", c.ID))
		}
		if !f.Take(err) {
			return err
		}
	}
	d := &customerPage{F: v.NewForm(), Customer: c, Refused: f}
	fillCustomer(d.F, c)
	d.F.Opened()
	return v.showCustomer(d, http.StatusUnprocessableEntity)
}

// customerFile is the customer file of an activity, which leaves with who made it, or is made for them by the team.
func (s *Server) customerFile(v *Visit) error {
	var b bytes.Buffer
	if err := s.office.CustomerFile(v.Ctx(), v.Actor, v.Activity, &b); err != nil {
		return err
	}
	return v.Send("fichier-clients.zip", b.Bytes(), false)
}
