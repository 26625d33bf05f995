package web

import (
	"essaim/internal/office"
	"essaim/internal/store"
)

// mySlips are « Mes bulletins »: the payslips that were issued, the last first; each opens in plain words, and as its PDF
// once it is filed.
func (s *Server) mySlips(v *Visit) error {
	all, err := s.office.MySlips(v.Ctx(), v.Actor)
	if err != nil {
		return err
	}
	p := v.P
	page := Page{Title: p.T("mypay.slips"), Section: "payslips", Main: "narrow", Team: v.Team() && len(v.Actor.Activities) == 0}
	parts := []any{Head{Title: p.T("mypay.slips"), Lead: p.T("mypay.slips_lead")}}
	if len(all) == 0 {
		return v.Blocks(page, append(parts, Empty{Title: p.T("mypay.slips_none"), Text: p.T("mypay.slips_none_about")})...)
	}
	var l List
	for _, x := range all {
		l.Items = append(l.Items, v.slipItem(x))
	}
	return v.Blocks(page, append(parts, l)...)
}

func (v *Visit) slipItem(x office.MySlip) Item {
	it := Item{Icon: "file-text", Name: v.P.Month(x.Month), About: v.P.T(x.Kind), Href: v.URL("payslips", x.ID), Amount: new(x.Body.Payslip.Totals.Paid)}
	if x.Kind == "" {
		it.About = ""
	}
	if x.File != "" {
		it.Act = &Link{Label: v.P.T("mypay.pdf"), Href: v.URL("payslips", x.ID, "file"), Icon: "file-download"}
	}
	return it
}

// mySlip is one payslip in plain words.
func (s *Server) mySlip(v *Visit) error {
	id, err := v.ID("id")
	if err != nil {
		return err
	}
	x, err := s.office.PaySlip(v.Ctx(), v.Actor, id)
	if err != nil {
		return err
	}
	p := v.P
	t := x.Body.Payslip.Totals
	head := Head{Title: p.T("mypay.slip_of", "month", x.Month), Fresh: []string{p.T("mypay.slip_cost", "cost", t.Cost, "net", t.Net)}}
	if x.Person == v.Actor.Person {
		head.Back = Link{Label: p.T("mypay.slips"), Href: v.URL("payslips")}
	}
	if x.Origin == store.SlipSoftware {
		head.Fresh = append(head.Fresh, p.T("mypay.slip_software"))
	}
	if x.File != "" {
		head.Acts = []Link{{Label: p.T("mypay.pdf"), Href: v.URL("payslips", x.ID, "file"), Icon: "file-download"}}
	}
	m := new(markup).raw(`<section class="pane block">`)
	slipWords(m, p, x.Body.Payslip, nil)
	m.raw("</section>")
	return v.Blocks(Page{Title: head.Title, Section: "payslips", Main: "narrow", Team: v.Team() && len(v.Actor.Activities) == 0}, head, m.html())
}

// mySlipFile is its PDF.
func (s *Server) mySlipFile(v *Visit) error {
	id, err := v.ID("id")
	if err != nil {
		return err
	}
	name, body, err := s.office.PaySlipFile(v.Ctx(), v.Actor, id)
	if err != nil {
		return err
	}
	return v.Send(name, body, true)
}
