package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"essaim/access"
	"essaim/fault"
	"essaim/i18n"
	"essaim/internal/office"
	"essaim/money"
	"essaim/sale"
)

// invoicingPage is « Facturer ce devis »: what is invoiced, what is left, and the ways to go on.
type invoicingPage struct {
	office.Invoiced
	F        *Form
	Customer string
	Next     *termView
	Terms    []termView
	Lines    []siteLine
	Now      string // what the situation being typed comes to
	Paid     money.Cents
	Works    bool
	Items    []Item
	Base     string // address of the form of the invoice
}

// termView is a line of the schedule with what became of it.
type termView struct {
	Name, About, Href string
	Amount            money.Cents
	Status            Status
}

// siteLine is a line of the quote with how far it is.
type siteLine struct {
	I                   int
	Name, Label, Agreed string
	Before, Now         string
}

// invoicing shows the ways to invoice a quote.
func (s *Server) invoicing(v *Visit) error {
	id, err := v.ID("id")
	if err != nil {
		return err
	}
	f := v.NewForm()
	f.values = cloned(v.r.URL.Query())
	return s.showInvoicing(v, id, f, http.StatusOK)
}

func cloned(q url.Values) url.Values {
	c := url.Values{}
	for k, v := range q {
		c[k] = append([]string(nil), v...)
	}
	return c
}

// invoicingLive answers with what a situation comes to while it is typed.
func (s *Server) invoicingLive(v *Visit) error {
	id, err := v.ID("id")
	if err != nil {
		return err
	}
	f, err := v.Form()
	if err != nil {
		return err
	}
	d, err := s.prepareInvoicing(v, id, f)
	if err != nil {
		return err
	}
	return v.Part("sale_invoicing", "live", d)
}

// invoicingRefused shows the ways again with what was refused of one.
func (s *Server) invoicingRefused(v *Visit, quote int64, err error) error {
	f := v.NewForm()
	f.values = cloned(v.r.URL.Query())
	if !f.Take(err) {
		return err
	}
	return s.showInvoicing(v, quote, f, http.StatusUnprocessableEntity)
}

func (s *Server) showInvoicing(v *Visit, id int64, f *Form, status int) error {
	d, err := s.prepareInvoicing(v, id, f)
	if err != nil {
		return err
	}
	page := Page{Title: v.P.T("invoicing.title", "number", d.Quote.Number), Section: "sales", Main: "narrow", Script: "sale.js", Status: status}
	if !v.Actor.Owns(v.Activity) {
		page.Section = "activities"
	}
	return v.Show("sale_invoicing", page, d)
}

// prepareInvoicing gathers the page.
func (s *Server) prepareInvoicing(v *Visit, id int64, f *Form) (*invoicingPage, error) {
	all, err := s.office.InvoicedOf(v.Ctx(), v.Actor, id)
	if err != nil {
		return nil, err
	}
	q, p := all.Quote, v.P
	v.Activity = q.Activity
	if err := access.Refuse(v.Actor, access.DraftDocument, access.Subject{Coop: v.Actor.Coop, Activity: q.Activity, Kind: string(sale.Invoice)}); err != nil {
		return nil, err
	}
	if q.Kind != sale.Quote || q.Status != sale.Accepted {
		return nil, fault.New(fault.Conflict, "office.quote_not_accepted")
	}
	customer, err := s.office.Customer(v.Ctx(), v.Actor, q.Customer)
	if err != nil {
		return nil, err
	}
	d := &invoicingPage{Invoiced: all, F: f, Customer: customer.FullName(), Base: v.URL("a", q.Activity, "sales/new")}
	for _, l := range q.Content.Lines {
		n, _ := sale.NatureOf(l.Nature)
		d.Works = d.Works || n.Works
	}
	if d.Items, d.Paid, err = v.lifeOf(all); err != nil {
		return nil, err
	}
	d.schedule(v)
	how := sale.Invoicing{Stage: sale.Progress, Done: append([]money.Rate(nil), all.Done...)}
	for i := range how.Done {
		name := fmt.Sprintf("lines[%d].done", i)
		if f.Get(name) != "" {
			how.Done[i] = f.Rate(name)
		} else {
			f.Set(name, how.Done[i])
		}
	}
	for i, l := range q.Content.Lines {
		d.Lines = append(d.Lines, siteLine{I: i, Name: fmt.Sprintf("lines[%d].done", i), Label: firstLine(l.Label), Before: p.Rate(all.Done[i])})
		if t := q.Totals.Own(); i < len(t.Lines) {
			agreed := t.Lines[i].Net
			if q.Content.Gross {
				agreed = t.Lines[i].Gross
			}
			d.Lines[i].Agreed = p.Sum(q.Content.Sum(agreed))
		}
	}
	if d.Left > 0 && d.Works {
		if sheet, err := s.office.StartInvoice(v.Ctx(), v.Actor, id, how); err == nil {
			for i := range d.Lines {
				if t := sheet.Doc.Totals.Own(); i < len(t.Lines) {
					now := t.Lines[i].Net
					if q.Content.Gross {
						now = t.Lines[i].Gross
					}
					d.Lines[i].Now = p.Sum(q.Content.Sum(now))
				}
			}
			now := sheet.Doc.Totals.Own()
			d.Now = p.Sum(q.Content.Sum(now.Gross - now.Retained))
		}
	}
	return d, nil
}

// schedule tells what became of each line of the schedule and proposes the next.
func (d *invoicingPage) schedule(v *Visit) {
	q, p := d.Quote, v.P
	used := map[int64]bool{}
	for i, t := range q.Content.Schedule {
		x := termView{Name: t.Label, Amount: d.Invoiced.Terms[i]}
		if x.Name == "" {
			x.Name = sale.TermName(t, p)
		}
		if x.About = t.When; t.On != 0 {
			x.About = p.T("paper.term_on", "on", t.On)
		}
		for _, inv := range d.Made {
			if inv.Content.Stage != t.Stage || used[inv.ID] || inv.Credited >= inv.Totals.Gross && inv.Totals.Gross > 0 {
				continue
			}
			used[inv.ID] = true
			x.Amount = askedIn(q, inv) // what was asked in the end, not what was planned
			x.Href, x.Status = v.URL("sales", inv.ID), Status{Tone: ToneOK, Icon: "check", Text: p.T("invoicing.term_made", "number", inv.Number)}
			break
		}
		switch {
		case x.Href != "":
		case i == d.Invoiced.Next && d.Left > 0:
			x.Href, x.Amount = d.Base+"?"+d.termQuery(i), d.Comes
			x.Status = Status{Icon: "chevron-right", Text: p.T("invoicing.term_next")}
			one := x
			d.Next = &one
		case d.Left == 0: // the sale was invoiced otherwise
			x.Status, x.Amount = Status{Icon: "check", Text: p.T("invoicing.term_done")}, 0
		default:
			x.Status = Status{Icon: "clock", Text: p.T("invoicing.term_later")}
		}
		d.Terms = append(d.Terms, x)
	}
}

// termQuery is the address of the invoice of a line of the schedule.
func (d *invoicingPage) termQuery(i int) string {
	how := d.Asks(i)
	q := url.Values{"kind": {"invoice"}, "quote": {strconv.FormatInt(d.Quote.ID, 10)}, "stage": {string(how.Stage)}}
	if how.Share != 0 {
		q.Set("share", how.Share.String())
	}
	if how.Amount != 0 {
		q.Set("amount", decimals(how.Amount))
	}
	for k, done := range how.Done {
		q.Set(fmt.Sprintf("lines[%d].done", k), done.String())
	}
	return q.Encode()
}

// lifeOf lists the invoices of a quote with what was paid of each.
func (v *Visit) lifeOf(all office.Invoiced) (items []Item, paid money.Cents, err error) {
	h, err := v.House()
	if err != nil {
		return nil, 0, err
	}
	words := newStateWords(v, h)
	for _, inv := range all.Made {
		row, own, in := rowOf(inv), inv.Own(), inv.Content.Sum
		i := Item{Icon: "file-invoice", Name: v.stageWords(inv) + " " + inv.Number, Amount: new(own.Totals.Gross), In: in(0).Currency, Under: words.of(&row)}
		if rest, _ := sale.Owing(inv); rest > 0 {
			i.About = v.P.T("invoicing.paid_of", "paid", in(own.Paid), "rest", in(rest))
		}
		if kept := sale.RetainedOpen(own, v.Actor.Today); kept > 0 {
			i.About = v.P.T("invoicing.paid_kept", "paid", in(own.Paid), "kept", in(kept), "on", sale.ReleaseDay(inv))
		}
		if v.canOn(access.ViewDocument, inv.Activity, inv.Date) {
			i.Href, i.Why = v.URL("sales", inv.ID), v.URL("sales", inv.ID)
		}
		items, paid = append(items, i), paid+paidIn(all.Quote, inv)
	}
	return items, paid, nil
}

// askedIn and paidIn are what an invoice asks, less its credit notes, and what was paid of it, in the currency of its quote.
func askedIn(quote, inv sale.Document) money.Cents {
	if quote.Content.Currency == inv.Content.Currency {
		inv = inv.Own()
	}
	return inv.Totals.Gross - inv.Credited
}

func paidIn(quote, inv sale.Document) money.Cents {
	if quote.Content.Currency == inv.Content.Currency {
		inv = inv.Own()
	}
	return inv.Paid
}

// stageWords name an invoice by its stage: « Acompte », « Situation n° 2 ».
func (v *Visit) stageWords(d sale.Document) string {
	switch c := d.Content; {
	case d.Kind != sale.Invoice:
	case c.Stage == sale.Deposit:
		return v.P.T("sales.a_deposit")
	case c.Stage == sale.Progress:
		return v.P.T("paper.situation", "n", c.Situation)
	case c.Stage == sale.Balance:
		return v.P.T("sales.a_balance")
	case c.Stage == sale.Penalty:
		return v.P.T("sales.a_penalty")
	}
	return v.P.T(titledKinds[d.Kind])
}

// startSale starts a document as its address asks: the invoice of a quote by its stage. A quote that has a schedule, or
// is invoiced in part, is asked how first: the sheet is then empty.
func (s *Server) startSale(v *Visit, kind sale.Kind, origin int64) (office.Sheet, error) {
	if kind != sale.Invoice || v.Query("quote") == "" {
		return s.office.Start(v.Ctx(), v.Actor, kind, v.Activity, origin)
	}
	all, err := s.office.InvoicedOf(v.Ctx(), v.Actor, origin)
	if err != nil {
		return office.Sheet{}, err
	}
	q := all.Quote
	if q.Activity != v.Activity {
		return office.Sheet{}, errAbsent()
	}
	if q.Kind != sale.Quote { // a copy
		return s.office.Start(v.Ctx(), v.Actor, kind, v.Activity, origin)
	}
	f := v.NewForm()
	f.values = cloned(v.r.URL.Query())
	how := sale.Invoicing{Stage: sale.Stage(f.Get("stage")), Share: f.Rate("share"), Amount: f.Cents("amount"), Label: f.Text("label", 200)}
	switch how.Stage {
	case sale.Deposit, sale.Balance:
	case sale.Progress:
		how.Done = append(how.Done, all.Done...)
		for i := range how.Done {
			if name := fmt.Sprintf("lines[%d].done", i); f.Get(name) != "" {
				how.Done[i] = f.Rate(name)
			}
		}
	default:
		if how.Stage = ""; q.Status == sale.Accepted && (len(q.Content.Schedule) > 0 || len(all.Made) > 0) && all.Left > 0 {
			return office.Sheet{}, nil
		}
	}
	if !f.OK() {
		return office.Sheet{}, faults(f)
	}
	return s.office.StartInvoice(v.Ctx(), v.Actor, origin, how)
}

// Fresh says whether nothing is invoiced yet.
func (d *invoicingPage) Fresh() bool { return len(d.Made) == 0 }

// faults are the refusals of a form as an error.
func faults(f *Form) error {
	var all []error
	for _, e := range f.Refusals() {
		all = append(all, e)
	}
	return errors.Join(all...)
}

// firstLine is the first line of a text.
func firstLine(s string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return clip(first, 80)
}

// saleLife is what became of an accepted quote, on its page.
type saleLife struct {
	Agreed, Sold, Waiting, Paid, Left money.Cents
	Whole                             money.Cents // what the balance asks: Left less the deposits that wait to be deducted
	In                                func(money.Cents) i18n.Sum
	Items                             []Item
	Href                              string // where it goes on
}

// life gathers it; nil for another document.
func (v *Visit) life(d *salePage) (*saleLife, error) {
	doc := d.Doc
	if doc.Kind != sale.Quote || doc.Status != sale.Accepted {
		return nil, nil
	}
	all, err := v.s.office.InvoicedOf(v.Ctx(), v.Actor, doc.ID)
	if err != nil {
		return nil, err
	}
	l := &saleLife{Agreed: all.Quote.Totals.Own().Gross, In: all.Quote.Content.Sum, Sold: all.Sold, Waiting: all.Waiting, Left: all.Left, Whole: all.Whole}
	if l.Items, l.Paid, err = v.lifeOf(all); err != nil {
		return nil, err
	}
	works := false
	for _, line := range doc.Content.Lines {
		n, _ := sale.NatureOf(line.Nature)
		works = works || n.Works
	}
	switch {
	case l.Left == 0 || !d.MayDraft:
	case len(all.Made) > 0 || len(doc.Content.Schedule) > 0 || works:
		l.Href = v.URL("sales", doc.ID, "invoice")
	default:
		l.Href = v.URL("a", doc.Activity, "sales/new?kind=invoice&quote="+strconv.FormatInt(doc.ID, 10))
	}
	return l, nil
}

// retained says what of an invoice its customer keeps, and until when: "" when nothing.
func (v *Visit) retained(d sale.Document) string {
	switch kept := sale.RetainedOpen(d, v.Actor.Today); {
	case kept > 0:
		return v.P.T("sale_page.retained", "amount", kept, "on", sale.ReleaseDay(d))
	case sale.RetainedOpen(d, 0) > 0:
		return v.P.T("sale_page.released", "amount", sale.RetainedOpen(d, 0), "on", sale.ReleaseDay(d))
	}
	return ""
}

// retakeSale takes into a draft what was invoiced of its quote since.
func (s *Server) retakeSale(v *Visit) error {
	sheet, _, err := v.deedForm()
	if err != nil {
		return err
	}
	doc := sheet.Doc
	doc.Content.Lines = slices.Clone(doc.Content.Lines)
	for i, l := range doc.Content.Lines {
		if l.Deposit != 0 {
			doc.Content.Lines[i].Price = 0 // as much as is proposed today
		}
	}
	d, err := s.office.SaveDraft(v.Ctx(), v.Actor, doc, "")
	if err != nil {
		return err
	}
	return v.after(d, "sales.said_retaken")
}

// freeRetention changes the day from which a retention is to be paid.
func (s *Server) freeRetention(v *Visit) error {
	sheet, f, err := v.deedForm()
	if err != nil {
		return err
	}
	day, reason := f.Day("day"), f.Need("reason", 500)
	if day == 0 && f.Refusal("day") == "" {
		f.Refuse("day", "web.field_needed")
	}
	if f.OK() {
		err := s.office.FreeRetention(v.Ctx(), v.Actor, sheet.Doc.ID, day, reason)
		if err == nil {
			return v.after(sheet.Doc, "sales.said_retention", "on", day)
		}
		if !f.Take(err) {
			return err
		}
	}
	return s.showSale(v, &salePage{Sheet: sheet, Free: f}, http.StatusUnprocessableEntity)
}

// stale says whether a document was refused because another situation came between.
func stale(err error) bool { return staleIn(err) != nil }

// staleIn is the refusal that tells what came between.
func staleIn(err error) *fault.Error {
	all := fault.All(err)
	if i := slices.IndexFunc(all, func(e *fault.Error) bool { return e.Key == "sale.fault.situation_stale" }); i >= 0 {
		return all[i]
	}
	return nil
}
