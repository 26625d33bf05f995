package web

import (
	"html/template"

	"essaim/access"
	"essaim/coop"
	"essaim/sale"
)

// setup is what the house has to fill in before its first invoice goes out, for those who run it; "" when nothing is
// missing. It stands on the first page of the manager and of the administrator until it is done.
func (v *Visit) setup(h *house) template.HTML {
	if !v.can(access.ManageCooperative, 0) && !v.can(access.ManageRules, 0) {
		return ""
	}
	p, c := v.P, h.set.Coop
	var l List
	add := func(missing bool, may access.Action, icon, name, about string, href ...any) {
		if !missing {
			return
		}
		i := Item{Icon: icon, Name: name, About: about}
		if v.can(may, 0) {
			i.Act = &Link{Label: p.T("setup.fill"), Href: v.URL(href...)}
		} else {
			i.About += " " + p.T("setup.ask")
		}
		l.Items = append(l.Items, i)
	}
	add(c.IBAN == "", access.ManageCooperative, "building-bank", p.T("setup.iban"), p.T("setup.iban_about", "siret", coop.GroupSIREN(c.SIREN)+" "+c.NIC, "vat", c.VATNumber), "rules", "identity")
	add(c.Mediator == "", access.ManageCooperative, "scale", p.T("setup.mediator"), p.T("setup.mediator_about"), "rules", "identity")
	add(len(policiesNow(h.set, v.Today())) == 0, access.ManageRules, "percentage", p.T("setup.policy"), p.T("setup.policy_about"), "rules", "policies", "new")
	add(len(h.activities) == 0, access.ManageActivity, "hexagon", p.T("setup.activity"), p.T("setup.activity_about"), "activities", "new")
	if len(l.Items) == 0 {
		return ""
	}
	side := new(markup).raw(`<span class="muted small">`).text(p.T("setup.n", "n", len(l.Items))).raw("</span>").html()
	return Block{Title: p.T("setup.title"), Side: side, Body: l.HTML(p)}.HTML(p)
}

// A gap is what the cooperative has not filled in and a document will go out without.
type gap struct {
	Strong, Text, Href string
	Act                string // what the way there is called; empty: to fill it in
	Block              bool   // nothing goes on before
}

// gaps tell, before a document is validated, what it will lack, with the way to mend it for who may.
func (v *Visit) gaps(d sale.Document, f sale.Facts) []gap {
	if d.Number != "" {
		return nil
	}
	var all []gap
	for _, name := range sale.Missing(d, f) {
		g := gap{Strong: v.P.T("setup.gap." + name), Text: v.P.T("setup.gap_about." + name)}
		if v.can(access.ManageCooperative, 0) {
			g.Href = v.URL("rules", "identity")
		} else {
			g.Text += " " + v.P.T("setup.ask")
		}
		all = append(all, g)
	}
	return append(v.findings(d, f), all...)
}
