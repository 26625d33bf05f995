package web

import (
	"net/http"

	"essaim/access"
	"essaim/fault"
	"essaim/internal/office"
	"essaim/sale"
)

// A consumer's withdrawal from what they accepted: on the link, in the two steps and with the words that the Code de la
// consommation asks (D221-5), or recorded by the activity when it came by other means.

type withdrawData struct {
	F        *Form
	Coop     string
	Doc      sale.Document
	By, On   string // who accepted, and when
	Back     string
	Activity string
}

// withdrawLink is the declaration, before it is confirmed.
func (s *Server) withdrawLink(v *Visit) error { return s.withdrawPage(v, nil, http.StatusOK) }

func (s *Server) withdrawPage(v *Visit, f *Form, status int) error {
	c, err := s.office.Coop(v.Ctx(), v.r.PathValue("coop"))
	if err != nil {
		return err
	}
	back := "/" + c.Slug + "/d/" + v.r.PathValue("token")
	view, err := s.office.OpenLink(v.Ctx(), c.ID, v.r.PathValue("token"), v.P.Lang())
	if err != nil {
		return err
	}
	if !view.MayWithdraw {
		return v.Go(back) // which says what became of it
	}
	v.Coop = c
	if f == nil {
		f = v.NewForm().Set("name", view.Doc.Signed.Name).Set("mail", view.Mail)
	}
	h := v.w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	d := withdrawData{F: f, Coop: c.Name, Doc: view.Doc, By: view.Doc.Signed.Name, On: v.P.Instant(v.At(view.Doc.Signed.At)), Back: back, Activity: view.Paper.Brand}
	return v.Show("withdraw", Page{Title: v.P.T("link.withdraw_title") + " · " + view.Paper.Brand, Main: "letter", Status: status}, d)
}

func (s *Server) confirmWithdrawal(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	w := office.Withdrawal{Name: f.Need("name", 120), Mail: f.Text("mail", 200), Address: v.Address(), Agent: v.r.UserAgent()}
	if f.OK() {
		c, err := s.office.Coop(v.Ctx(), v.r.PathValue("coop"))
		if err != nil {
			return err
		}
		_, err = s.office.WithdrawOnLink(v.Ctx(), c.ID, v.r.PathValue("token"), w)
		if err == nil {
			return v.Go("/" + c.Slug + "/d/" + v.r.PathValue("token"))
		}
		if fault.KindOf(err) == fault.Conflict { // the time is over, or it was answered meanwhile
			return s.linkPage(v, v.NewForm(), http.StatusConflict, v.P.Fault(fault.All(err)[0]))
		}
		if !f.Take(err) {
			return err
		}
	}
	return s.withdrawPage(v, f, http.StatusUnprocessableEntity)
}

// withdrawnOf adds to the page of a quote the form to record a withdrawal, or what is left to do of one.
func (s *Server) withdrawnOf(v *Visit, d *salePage) error {
	if d.Doc.Signed.Withdrawn != 0 {
		r, err := s.office.Withdrawn(v.Ctx(), v.Actor, d.Doc.ID)
		d.Withdrawn = &r
		return err
	}
	if d.Withdraw == nil && d.Can[access.SendDocument] && d.Doc.Status == sale.Accepted && sale.Withdrawable(d.Doc, d.Facts.Customer) {
		d.Withdraw = v.NewForm().Set("name", d.Doc.Signed.Name)
	}
	return nil
}

// withdrawSale records a withdrawal that came by other means than the link.
func (s *Server) withdrawSale(v *Visit) error {
	sheet, f, err := v.deedForm()
	if err != nil {
		return err
	}
	name := f.Need("name", 120)
	if f.OK() {
		_, err := s.office.RecordWithdrawal(office.Keyed(v.Ctx(), f.Key), v.Actor, sheet.Doc.ID, name)
		if err == nil {
			v.Say("sale_page.said_withdrawn")
			return v.Go(v.URL("sales", sheet.Doc.ID))
		}
		if !f.Take(err) {
			return err
		}
	}
	return s.showSale(v, &salePage{Sheet: sheet, Withdraw: f}, http.StatusUnprocessableEntity)
}

// WithdrawnOn says when the customer withdrew.
func (s screen) WithdrawnOn() string { return s.P.Instant(s.At(s.salePage().Doc.Signed.Withdrawn)) }
