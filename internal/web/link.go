package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"essaim/access"
	"essaim/coop"
	"essaim/fault"
	"essaim/i18n"
	"essaim/internal/office"
	"essaim/money"
	"essaim/sale"
)

// linkPages are those that a customer opens by the link of a letter, without an account: a quote to read and to sign.
func (s *Server) linkPages() {
	s.public("GET", "/{coop}/d/{token}", s.openLink)
	s.public("POST", "/{coop}/d/{token}", s.signLink)
	s.public("GET", "/{coop}/d/{token}/withdraw", s.withdrawLink)
	s.public("POST", "/{coop}/d/{token}/withdraw", s.confirmWithdrawal)
	s.page("GET", "/{coop}/sales/{id}/proof", access.ViewDocument, s.signedProof)
	s.page("GET", "/{coop}/sales/{id}/proof.json", access.ViewDocument, s.signedContent)
	s.page("POST", "/{coop}/sales/{id}/revoke", access.SendDocument, s.revokeLinks)
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
	State string // "open", "accepted", "withdrawn", "expired", "changed", "closed", "shop"
	Until string
	On    string
	PDF   string // address of the file, while there is one

	offer
	Total money.Cents
	Told  string // why the deed was refused

	Consumer    bool
	MayWithdraw bool
	Withdraw    string // address of the page to withdraw
}

// offer is what a quote leaves to choose.
type offer struct {
	Options  []linkChoice
	Variants []linkVariant
}

// takenOf shows the choices of a quote whose agreement is recorded by hand: as it proposes them, or as they were just ticked.
// Nobody is taken to have chosen an alternative.
func (d *salePage) takenOf(p i18n.Printer, tried *Form) {
	c := d.Doc.Content
	if !c.HasChoices() {
		return
	}
	d.Taken.choices(p, c.Choices(d.Facts.Taxes))
	for k := range d.Taken.Variants {
		for i := range d.Taken.Variants[k].Among {
			d.Taken.Variants[k].Among[i].Chosen = false
		}
	}
	if tried == nil {
		return
	}
	g := agreementOf(tried)
	for i := range d.Taken.Options {
		d.Taken.Options[i].Chosen = slices.Contains(g.Options, d.Taken.Options[i].Name)
	}
	for k := range d.Taken.Variants {
		for i := range d.Taken.Variants[k].Among {
			x := &d.Taken.Variants[k].Among[i]
			x.Chosen = g.Variants[d.Taken.Variants[k].Name] == x.Name
		}
	}
}

// linkChoice is a box to tick, or one of several.
type linkChoice struct {
	Name, Amount string
	Chosen       bool
}

type linkVariant struct {
	Field, Name string
	Among       []linkChoice
}

func (s *Server) openLink(v *Visit) error {
	return s.linkPage(v, v.NewForm(), 0, "")
}

func (s *Server) linkPage(v *Visit, f *Form, status int, told string) error {
	c, err := s.office.Coop(v.Ctx(), v.r.PathValue("coop"))
	if err != nil {
		return err
	}
	var view office.LinkView
	if v.r.Method == http.MethodPost {
		view, err = s.office.TryLink(v.Ctx(), c.ID, v.r.PathValue("token"), v.P.Lang(), agreementOf(f))
	} else {
		view, err = s.office.OpenLink(v.Ctx(), c.ID, v.r.PathValue("token"), v.P.Lang())
	}
	if err != nil {
		return err
	}
	v.Coop = c
	p, doc := view.Paper, view.Doc
	if p.Look.Logo != "" {
		p.Look.Address = strings.TrimSuffix(v.r.URL.Path, "/") + "/logo"
	}
	d := linkData{F: f, Coop: c, Paper: p, Doc: doc, State: "open", Told: told, Total: view.Total, Consumer: view.Consumer}
	d.choices(v.P, view.Choices)
	today := dayIn(c, s.office.Now())
	switch {
	case doc.Signed.Withdrawn != 0 && doc.Status == sale.Refused:
		d.State, d.On, d.Until = "withdrawn", v.P.Instant(v.At(doc.Signed.Withdrawn)), v.P.Day(sale.RefundBy(dayIn(c, time.UnixMicro(doc.Signed.Withdrawn))))
	case view.Changed && doc.Status != sale.Draft && doc.Status != sale.Returned:
		d.State = "changed"
	case doc.Kind != sale.Quote || doc.Status == sale.Refused || doc.Status == sale.Draft || doc.Status == sale.Returned:
		d.State = "closed"
	case doc.Status == sale.Accepted:
		d.State = "accepted"
		d.On = v.P.Instant(v.At(doc.Signed.At))
		d.MayWithdraw = view.MayWithdraw
		if view.Until != 0 {
			d.Until = v.P.Day(view.Until)
		}
	case view.Shop:
		d.State = "shop"
	case doc.Content.ValidUntil != 0 && doc.Content.ValidUntil < today:
		d.State = "expired"
		d.Until = v.P.Day(doc.Content.ValidUntil)
	case doc.Content.ValidUntil != 0:
		d.Until = v.P.Day(doc.Content.ValidUntil)
	}
	at := "/" + c.Slug + "/d/" + v.r.PathValue("token")
	d.Withdraw = at + "/withdraw"
	if d.State == "open" || d.State == "accepted" || d.State == "withdrawn" || d.State == "shop" {
		d.PDF = at + "/pdf"
	}
	script := ""
	if d.State == "open" {
		script = "draw.js"
	}
	h := v.w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer") // the address is a secret
	return v.Show("link", Page{Title: p.Title + " · " + p.Brand, Main: "letter", Status: status, Script: script}, d)
}

// signLink is the customer's agreement: their name, and the words « Bon pour accord » in their own typing.
func (s *Server) signLink(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	if f.Get("do") == "count" { // what it comes to with what is ticked
		return s.linkPage(v, f, 0, "")
	}
	g := agreementOf(f)
	g.Name, g.Address, g.Agent = f.Need("name", 120), v.Address(), v.r.UserAgent()
	g.Words, g.Drawn, g.Shown = f.Get("agree"), f.Get("drawn"), new(f.Cents("total"))
	if agreed := f.Need("agree", 60); agreed != "" && !sameWords(agreed, v.P.T("link.agree_words")) {
		f.Refuse("agree", "link.agree_wrong", "words", v.P.T("link.agree_words"))
	}
	if f.OK() {
		c, err := s.office.Coop(v.Ctx(), v.r.PathValue("coop"))
		if err != nil {
			return err
		}
		_, err = s.office.SignQuote(v.Ctx(), c.ID, v.r.PathValue("token"), g)
		if err == nil {
			return v.Go(v.r.URL.Path)
		}
		if fault.KindOf(err) == fault.Conflict { // over, changed or answered meanwhile
			return s.linkPage(v, f, http.StatusConflict, v.P.Fault(fault.All(err)[0]))
		}
		if !f.Take(err) {
			return err
		}
	}
	return s.linkPage(v, f, http.StatusUnprocessableEntity, "")
}

// agreementOf reads what the customer took.
func agreementOf(f *Form) office.Agreement {
	g := office.Agreement{Options: f.All("option"), Variants: map[string]string{}}
	for _, i := range f.Rows("variant") {
		n := "variant[" + strconv.Itoa(i) + "]."
		g.Variants[f.Get(n+"choice")] = f.Get(n + "name")
	}
	return g
}

// choices puts what can be taken into the page.
func (d *offer) choices(p i18n.Printer, all []sale.Choice) {
	for _, c := range all {
		x := linkChoice{Name: c.Name, Chosen: c.Chosen}
		switch {
		case c.Delta < 0:
			x.Amount = p.T("link.less", "amount", -c.Delta)
		case c.Delta > 0:
			x.Amount = p.T("link.more", "amount", c.Delta)
		}
		if c.Variant == "" {
			d.Options = append(d.Options, x)
			continue
		}
		k := slices.IndexFunc(d.Variants, func(v linkVariant) bool { return v.Name == c.Variant })
		if k < 0 {
			k, d.Variants = len(d.Variants), append(d.Variants, linkVariant{Field: "variant[" + strconv.Itoa(len(d.Variants)) + "].", Name: c.Variant})
		}
		d.Variants[k].Among = append(d.Variants[k].Among, x)
	}
}

// signedProof is the page of what is kept of the agreement: who, when, from where, and the content whose hash stands on the paper.
func (s *Server) signedProof(v *Visit) error {
	id, err := v.ID("id")
	if err != nil {
		return err
	}
	x, err := s.office.Proof(v.Ctx(), v.Actor, id)
	if err != nil {
		return err
	}
	v.Activity = x.Doc.Activity
	p := v.P
	how := p.T("proof.on_link")
	switch {
	case x.Withdrawn && x.Recorded:
		how = p.T("proof.withdrawn_recorded")
	case x.Withdrawn:
		how = p.T("proof.withdrawn")
	case x.Recorded:
		how = p.T("proof.recorded")
	}
	rows := [][2]string{{p.T("proof.name"), x.Name}, {p.T("proof.at"), p.Instant(v.At(x.At))}, {p.T("proof.how"), how}, {p.T("proof.words"), x.Words}, {p.T("proof.mail"), x.Mail}, {p.T("proof.address"), x.Address}, {p.T("proof.agent"), x.Agent},
		{p.T("proof.amount"), p.Euros(x.Gross)}, {p.T("proof.hash"), x.Hash}, {p.T("proof.link"), x.Link}}
	page := Page{Title: p.T("proof.title", "number", x.Number), Section: "sales", Main: "narrow"}
	if !v.Actor.Owns(v.Activity) {
		page.Section, page.Team = "activities", true
	}
	return v.written(page, func(m *markup) {
		Head{Back: Link{Label: x.Number, Href: v.URL("sales", id)}, Title: page.Title, Lead: p.T("proof.lead")}.write(m, p)
		if x.Whole {
			m.note(Note{Tone: ToneOK, Strong: p.T("proof.whole"), Text: p.T("proof.whole_about")})
		} else {
			m.note(Note{Tone: ToneLate, Strong: p.T("proof.broken"), Text: p.T("proof.broken_about")})
		}
		m.raw(`<dl class="rest proof">`)
		for _, r := range rows {
			if r[1] != "" {
				m.raw("<div><dt>").text(r[0]).raw(`</dt><dd>`).text(r[1]).raw("</dd></div>")
			}
		}
		m.raw("</dl>")
		if x.Drawn != "" {
			m.raw(`<figure class="drawn"><svg viewBox="0 0 600 200" role="img"`).attr("aria-label", p.T("proof.drawn")).raw(`><path d="`).text(x.Drawn).raw(`"/></svg><figcaption class="muted small">`).text(p.T("proof.drawn")).raw("</figcaption></figure>")
		}
		m.raw(`<div class="acts">`).button(Link{p.T("proof.pdf"), v.URL("sales", id, "pdf"), "file-download"}, "b go").button(Link{p.T("proof.content"), v.URL("sales", id, "proof.json"), "download"}, "b").raw(`</div><p class="muted small">`).text(p.T("proof.check")).raw("</p>")
	})
}

// signedContent is what was agreed to, byte for byte: its SHA-256 is the hash on the paper.
func (s *Server) signedContent(v *Visit) error {
	id, err := v.ID("id")
	if err != nil {
		return err
	}
	x, err := s.office.Proof(v.Ctx(), v.Actor, id)
	if err != nil {
		return err
	}
	return v.Send("preuve-"+strings.ReplaceAll(x.Number, "/", "-")+".json", x.Content, false)
}

func (s *Server) revokeLinks(v *Visit) error {
	id, err := v.ID("id")
	if err != nil {
		return err
	}
	if err := s.office.RevokeLinks(v.Ctx(), v.Actor, id); err != nil {
		return err
	}
	v.Say("sale_page.said_revoked")
	return v.Go(v.URL("sales", id))
}

// sameWords compares without case, signs and double spaces: it is typed on a phone.
func sameWords(a, b string) bool {
	plain := func(s string) string {
		return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) }), " ")
	}
	return plain(a) == plain(b)
}
