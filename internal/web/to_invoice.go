package web

import (
	"html/template"
	"strconv"

	"essaim/access"
	"essaim/i18n"
	"essaim/internal/office"
	"essaim/money"
	"essaim/sale"
)

// toInvoicePages list the accepted quotes of which something remains to be invoiced.
func (s *Server) toInvoicePages() {
	s.page("GET", "/{coop}/a/{activity}/to-invoice", access.ViewDocument, s.toInvoice)
	s.page("POST", "/{coop}/sales/{id}/advance", access.SubmitDocument, s.depositFromAdvance)
	s.page("POST", "/{coop}/sales/{id}/close", access.DraftDocument, s.closeQuote)
	s.page("POST", "/{coop}/sales/{id}/open-again", access.DraftDocument, s.openQuote)
}

// toInvoice is the list of an activity.
func (s *Server) toInvoice(v *Visit) error {
	all, err := s.office.ToInvoice(v.Ctx(), v.Actor, v.Activity, 0)
	if err != nil {
		return err
	}
	var left money.Cents
	for _, x := range all {
		if left += x.Left; x.Currency != "" { // at the rate of the quote; without one nobody knows yet
			left += x.Gross.Share(x.Left, x.Own.Gross) - x.Left
		}
	}
	page := Page{Title: v.P.T("to_invoice.title"), Section: "sales", Main: "narrow"}
	if !v.Actor.Owns(v.Activity) {
		page.Section = "activities"
	}
	return v.Show("to_invoice", page, struct {
		Items []Item
		Left  money.Cents
		Count int
	}{v.toInvoiceItems(all), left, len(all)})
}

// toInvoiceItems tells each deal: whose, what was asked of what was agreed, what its schedule asks next.
func (v *Visit) toInvoiceItems(all []office.ToInvoice) (items []Item) {
	for i := range all {
		x := &all[i]
		items = append(items, Item{
			Icon: "circle-check", Name: v.P.T("to_invoice.name", "customer", x.Buyer, "number", x.Number), Href: v.URL("sales", x.ID),
			AboutRaw: v.toInvoiceAbout(x, ""), Amount: new(x.Left), In: x.Currency, Why: v.URL("sales", x.ID) + "#life", Act: v.invoiceAct(x),
		})
	}
	return items
}

// toInvoiceAbout says how far a deal is.
func (v *Visit) toInvoiceAbout(x *office.ToInvoice, before string) template.HTML {
	p := v.P
	m := new(markup).text(before)
	switch {
	case x.Started && x.Left == 0:
		m.text(p.T("to_invoice.balance"))
	case x.Started:
		m.text(p.T("to_invoice.asked", "asked", i18n.Sum{Amount: x.Asked, Currency: x.Currency}, "agreed", x.Whole(x.Gross)))
	case before == "":
		m.text(p.T("to_invoice.agreed", "on", x.Day))
	}
	if n := x.Next; n != nil {
		name := n.Label
		if name == "" {
			name = sale.TermName(*n, p)
		}
		if x.Started || before == "" {
			m.text(". ")
		}
		m.text(p.T("to_invoice.next", "name", name, "amount", i18n.Sum{Amount: x.Amount, Currency: x.Currency}))
	}
	return m.html()
}

// invoiceAct goes on with a deal: straight to its invoice, or to the ways to invoice it.
func (v *Visit) invoiceAct(x *office.ToInvoice) *Link {
	if !v.can(access.DraftDocument, x.Activity) {
		return nil
	}
	if x.Started || x.Next != nil {
		return &Link{Label: v.P.T("web.dock_invoice"), Href: v.URL("sales", x.ID, "invoice")}
	}
	return &Link{Label: v.P.T("web.dock_invoice"), Href: v.URL("a", x.Activity, "sales/new?kind=invoice&quote="+strconv.FormatInt(x.ID, 10))}
}

// closeQuote says that nothing more will be invoiced of a quote.
func (s *Server) closeQuote(v *Visit) error { return s.quoteOpen(v, false) }

// openQuote brings back what remains to be invoiced.
func (s *Server) openQuote(v *Visit) error { return s.quoteOpen(v, true) }

func (s *Server) quoteOpen(v *Visit, open bool) error {
	sheet, f, err := v.deedForm()
	if err != nil {
		return err
	}
	reason, said := "", "to_invoice.said_open"
	if !open {
		reason, said = f.Need("reason", 500), "to_invoice.said_closed"
	}
	if f.OK() {
		err := s.office.CloseQuote(v.Ctx(), v.Actor, sheet.Doc.ID, reason, open)
		if err == nil {
			return v.after(sheet.Doc, said, "number", sheet.Doc.Number)
		}
		if !f.Take(err) {
			return err
		}
	}
	return s.showSale(v, &salePage{Sheet: sheet, Close: f}, 422)
}

// aheadForm makes the deposit invoice of what a customer has sent ahead.
type aheadForm struct {
	F     *Form
	Held  money.Cents
	Deals []aheadDeal
	Free  string // the form of its deposit invoice without a quote, prefilled
}

// aheadDeal is an accepted quote that it may be for, with as much as fits.
type aheadDeal struct {
	ID     int64
	Number string
	Amount money.Cents
	Typed  string
}

// aheadOf is that form, for who may write documents, where something is held. Whether there is a quote or not, the VAT of what
// was received for a sale that is agreed is due (CGI art. 269-2 a and c).
func (v *Visit) aheadOf(c sale.Customer, deals []office.ToInvoice) (*aheadForm, error) {
	if !v.can(access.DraftDocument, c.Activity) {
		return nil, nil
	}
	_, held, err := v.s.office.CustomerOpen(v.Ctx(), v.Actor, c.ID)
	if err != nil || held <= 0 {
		return nil, err
	}
	d := &aheadForm{F: v.NewForm(), Held: held, Free: v.URL("a", c.Activity, "sales/quick") + "?ahead=1&customer=" + strconv.FormatInt(c.ID, 10)}
	for _, x := range deals {
		if x.Left > 0 && x.Currency == "" && v.can(access.SubmitDocument, c.Activity) { // what came in another currency in euros is no deposit
			d.Deals = append(d.Deals, aheadDeal{x.ID, x.Number, min(held, x.Left), decimals(min(held, x.Left))})
		}
	}
	return d, nil
}

// depositFromAdvance makes the deposit invoice of a quote out of what its customer has sent ahead.
func (s *Server) depositFromAdvance(v *Visit) error {
	sheet, f, err := v.deedForm()
	if err != nil {
		return err
	}
	d, err := s.office.DepositFromAdvance(v.Ctx(), v.Actor, sheet.Doc.ID, f.Cents("amount"), f.Key)
	if err != nil {
		return err
	}
	if d.Number == "" {
		return v.after(d, "advance.said_read")
	}
	return v.after(d, "advance.said", "number", d.Number)
}
