package web

import (
	"strings"
	"unicode"

	"essaim/coop"
	"essaim/fault"
	"essaim/sale"
)

// linkPages are those that a customer opens by the link of a letter, without an account: a quote to read and to sign.
func (s *Server) linkPages() {
	s.public("GET", "/{coop}/d/{token}", s.openLink)
	s.public("POST", "/{coop}/d/{token}", s.signLink)
	s.public("GET", "/{coop}/d/{token}/pdf", s.linkPDF)
}

// linkPDF is the customer's own copy.
func (s *Server) linkPDF(v *Visit) error {
	c, err := s.office.Coop(v.Ctx(), v.r.PathValue("coop"))
	if err != nil {
		return err
	}
	name, b, err := s.office.LinkPDF(v.Ctx(), c.ID, v.r.PathValue("token"))
	if err != nil {
		return err
	}
	v.w.Header().Set("Referrer-Policy", "no-referrer")
	return v.Send(name, b, false)
}

type linkData struct {
	F     *Form
	Coop  coop.Cooperative
	Paper sale.Paper
	Doc   sale.Document
	State string // "open", "accepted", "expired", "closed"
	Until string
	On    string
	PDF   string // address of the file, while there is one
}

func (s *Server) openLink(v *Visit) error {
	return s.linkPage(v, v.NewForm(), 0)
}

func (s *Server) linkPage(v *Visit, f *Form, status int) error {
	c, err := s.office.Coop(v.Ctx(), v.r.PathValue("coop"))
	if err != nil {
		return err
	}
	p, doc, err := s.office.OpenLink(v.Ctx(), c.ID, v.r.PathValue("token"), v.P.Lang())
	if err != nil {
		return err
	}
	v.Coop = c
	d := linkData{F: f, Coop: c, Paper: p, Doc: doc, State: "open"}
	today := dayIn(c, s.office.Now())
	switch {
	case doc.Kind != sale.Quote || doc.Status == sale.Refused || doc.Status == sale.Draft || doc.Status == sale.Returned:
		d.State = "closed"
	case doc.Status == sale.Accepted:
		d.State = "accepted"
		d.On = v.P.Instant(v.At(doc.Signed.At))
	case doc.Content.ValidUntil != 0 && doc.Content.ValidUntil < today:
		d.State = "expired"
		d.Until = v.P.Day(doc.Content.ValidUntil)
	case doc.Content.ValidUntil != 0:
		d.Until = v.P.Day(doc.Content.ValidUntil)
	}
	if d.State == "open" || d.State == "accepted" {
		d.PDF = strings.TrimSuffix(v.r.URL.Path, "/") + "/pdf"
	}
	h := v.w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer") // the address is a secret
	return v.Show("link", Page{Title: p.Title + " · " + p.Brand, Main: "letter", Status: status}, d)
}

// signLink is the customer's agreement: their name, and the words « Bon pour accord » in their own typing.
func (s *Server) signLink(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	name := f.Need("name", 120)
	if agreed := f.Need("agree", 60); agreed != "" && !sameWords(agreed, v.P.T("link.agree_words")) {
		f.Refuse("agree", "link.agree_wrong", "words", v.P.T("link.agree_words"))
	}
	if f.OK() {
		c, err := s.office.Coop(v.Ctx(), v.r.PathValue("coop"))
		if err != nil {
			return err
		}
		_, err = s.office.SignQuote(v.Ctx(), c.ID, v.r.PathValue("token"), name, v.Address())
		if err == nil {
			return v.Go(v.r.URL.Path)
		}
		if fault.KindOf(err) == fault.Conflict { // expired or answered meanwhile: the page says so
			return v.Go(v.r.URL.Path)
		}
		if !f.Take(err) {
			return err
		}
	}
	return s.linkPage(v, f, 422)
}

// sameWords compares without case, signs and double spaces: it is typed on a phone.
func sameWords(a, b string) bool {
	plain := func(s string) string {
		return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) }), " ")
	}
	return plain(a) == plain(b)
}
