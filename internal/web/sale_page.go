package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"essaim/access"
	"essaim/coop"
	"essaim/fault"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/money"
	"essaim/sale"
)

// salePage is a document with what happened to it and what comes next.
type salePage struct {
	office.Sheet
	Taken    offer // what a quote leaves to choose, where its agreement is recorded by hand
	Paper    sale.Paper
	Title    string
	Status   Status
	Own      bool // the viewer's activity
	Reader   string
	Deeds    []deed
	Send     *Form
	Accept   *Form
	Say      *Form
	Link     string          // for the customer to sign, shown this once
	Late     int             // days past due
	Opened   string          // when the customer opened the link
	Received []Item          // payments
	Made     []Item          // documents made from this one, or the one it comes from
	Letters  []Item          // mails
	Entry    string          // its entry in the books, for who reads them
	Desk     string          // where the reader validates it
	Deed     map[string]bool // what this person may do to it now
	MayDraft bool
	Gaps     []gap     // what it will lack
	Told     string    // why what was just sent is not in it
	Lost     []change  // what that was
	Owes     sale.Late // besides, for being late, and not asked yet
	Penalise string    // where it is asked for
	Rate     string    // that it runs at
	Reminds  customerReminders
	Decided  *Form     // a decision that was refused
	Doubtful bool      // nobody knows that it will be paid
	Why      string    // it is doubtful, or was written off
	Loss     *lossForm // what the team may decide of it, and its copies
	Life     *saleLife
	Retained string // what the customer keeps until when
	Free     *Form  // to change that day; nil when this person may not
	Close    *Form  // to say that nothing more will be invoiced of it; nil when that does not arise
	Stale    string // what came between: another situation, a credit note

	Withdraw  *Form                // to record that the customer withdrew; nil when that does not arise
	Withdrawn *office.WithdrawnRow // what is left to do of it since they did
}

// sale is the page of a document.
func (s *Server) sale(v *Visit) error {
	sheet, err := v.sheet()
	if err != nil {
		return err
	}
	return s.showSale(v, &salePage{Sheet: sheet, Link: v.justMade(sheet.Doc.ID)}, http.StatusOK)
}

// showSale answers with the page; its forms are those given, or fresh ones.
func (s *Server) showSale(v *Visit, d *salePage, status int) error {
	doc, p := d.Doc, v.P
	d.Own = v.Actor.Owns(doc.Activity)
	d.Paper = v.worn(sale.Print(doc, d.Facts, v.P), doc.Activity)
	d.Reader = v.readerOf(doc.Activity)
	d.Title = v.stageWords(doc)
	d.Retained = v.retained(doc)
	if d.Free == nil && d.Can[access.RecordPayment] && sale.RetainedOpen(doc, 0) > 0 {
		d.Free = v.NewForm().Set("day", v.Actor.Today)
	}
	if d.Close == nil && d.Can[access.DraftDocument] && doc.Kind == sale.Quote && doc.Status == sale.Accepted {
		d.Close = v.NewForm()
	}
	if err := s.withdrawnOf(v, d); err != nil {
		return err
	}
	if doc.Number != "" {
		d.Title += " " + doc.Number
	}
	h, err := v.House()
	if err != nil {
		return err
	}
	row := rowOf(doc)
	d.Status = newStateWords(v, h).of(&row)
	if doc.Status == sale.Submitted && doc.OpenedBy != 0 {
		d.Status.Text = p.T("sales.state_opened", "name", h.persons[doc.OpenedBy].FirstName)
	}
	if doc.Due != 0 && doc.Due < v.Actor.Today && sale.Remaining(doc) > sale.RetainedOpen(doc, v.Actor.Today) {
		d.Late = int(v.Actor.Today - doc.Due)
	}
	d.Deed, d.MayDraft = map[string]bool{}, d.Can[access.DraftDocument]
	for _, x := range []sale.Deed{sale.DeedSubmit, sale.DeedTakeBack, sale.DeedDelete, sale.DeedSend, sale.DeedAccept, sale.DeedRefuse, sale.DeedReopen} {
		_, err := doc.Next(x)
		d.Deed[string(x)] = err == nil && d.Can[deedAction[x]]
	}
	if d.Send == nil {
		d.Send = v.NewForm().Set("to", d.Facts.Customer.Email)
		if d.Late > 0 {
			d.Send.Set("word", p.T("sale_page.remind_word", "number", doc.Number, "day", doc.Due))
		}
	}
	tried := d.Accept
	if d.Accept == nil {
		d.Accept = v.NewForm().Set("on", v.Actor.Today)
	}
	if d.Deed["accept"] {
		d.takenOf(v.P, tried)
	}
	if d.Say == nil {
		d.Say = v.NewForm()
	}
	if err := v.lateOf(d); err != nil {
		return err
	}
	d.Doubtful = doc.Settled.Doubtful.Entry != 0 && sale.Remaining(doc) > 0
	for _, e := range d.Events {
		switch e.Deed {
		case "doubtful", "lost":
			d.Why = strings.TrimRight(e.Comment, ". ") + "."
		case "restored":
			d.Why = ""
		}
	}
	if d.Reminds.May = d.Reminds.May && sale.Remaining(doc) > 0; doc.Kind != sale.Invoice {
		d.Reminds.May = false
	}
	d.Loss = v.lossOf(d, d.Decided)
	d.Deeds, d.Gaps = v.deeds(d), v.gaps(doc, d.Facts)
	unproved, err := v.unproved(doc)
	if err != nil {
		return err
	}
	d.Gaps = append(d.Gaps, unproved...)
	if err := s.around(v, d); err != nil {
		return err
	}
	if d.Life, err = v.life(d); err != nil {
		return err
	}
	page := Page{Title: d.Title, Section: "sales", Main: "docpage", Status: status}
	if !d.Own {
		page.Section = "activities"
	}
	return v.Show("sale", page, d)
}

// titledKinds begin a title: « Facture F-2026-0118 ».
var titledKinds = map[sale.Kind]string{sale.Quote: "sales.a_quote", sale.Invoice: "sales.an_invoice", sale.CreditNote: "sales.a_credit"}

// deedAction says which right a deed asks for.
var deedAction = map[sale.Deed]access.Action{
	sale.DeedSubmit: access.SubmitDocument, sale.DeedTakeBack: access.SubmitDocument, sale.DeedDelete: access.DraftDocument, sale.DeedSend: access.SendDocument,
	sale.DeedAccept: access.SendDocument, sale.DeedRefuse: access.SendDocument, sale.DeedReopen: access.DraftDocument,
}

// rowOf is a document as lists show it.
func rowOf(d sale.Document) store.SaleRow {
	r := store.SaleRow{
		ID: d.ID, Kind: d.Kind, Activity: d.Activity, Customer: d.Customer, Status: d.Status, Number: d.Number, Day: d.Date, Due: d.Due, SentAt: d.SentAt,
		Title: d.Content.Title, Net: d.Totals.Net, VAT: d.Totals.VAT, Gross: d.Totals.Gross, Paid: d.Paid, Credited: d.Credited,
		Own: store.OwnOf(d), Lost: d.Lost, Retained: sale.Retained(d), Release: sale.ReleaseDay(d),
	}
	if d.Kind == sale.Quote {
		r.Due = d.Content.ValidUntil
	}
	return r
}

// around adds what stands beside the document: payments, mails, what was made from it, its entry.
func (s *Server) around(v *Visit, d *salePage) error {
	p, doc := v.P, d.Doc
	to := v.documents(doc.Activity)
	for _, x := range d.Sheet.Payments {
		i := Item{Icon: "cash", Name: p.T(meansWords[x.Means]), About: p.Day(x.Date), Amount: new(money.Cents), Class: "pos"}
		if v.canOn(access.ViewDocument, x.Activity, x.Date) {
			i.Why = to.href("payment:"+strconv.FormatInt(x.ID, 10), 0)
		}
		for _, al := range x.Allocations {
			if al.Invoice == doc.ID {
				i.Amount = new(al.Amount)
				if al.Foreign != 0 {
					i.About += " · " + p.T("sale_page.paid_own", "own", doc.Content.Sum(al.Foreign))
				}
			}
		}
		if x.Reference != "" {
			i.About += " · " + x.Reference
		}
		switch {
		case x.Exchange > 0:
			i.Under = Status{Text: p.T("sale_page.exchange_gain", "amount", x.Exchange)}
		case x.Exchange < 0:
			i.Under = Status{Text: p.T("sale_page.exchange_loss", "amount", -x.Exchange)}
		}
		if x.Reversed != 0 {
			i.Class, i.Status = "", Status{Icon: "arrow-back-up", Text: p.T("sale_page.payment_reversed")}
		}
		d.Received = append(d.Received, i)
	}
	for _, x := range d.Sheet.Mails {
		d.Letters = append(d.Letters, v.mailItem(x))
	}
	for i := range d.Sheet.Invoices {
		r := &d.Sheet.Invoices[i]
		h, err := v.House()
		if err != nil {
			return err
		}
		i := Item{Icon: "file-invoice", Name: v.kindOf(*r), Amount: new(r.Gross), Status: newStateWords(v, h).of(r)}
		if v.canOn(access.ViewDocument, r.Activity, r.Day) {
			i.Href, i.Why = v.URL("sales", r.ID), v.URL("sales", r.ID)
		}
		d.Made = append(d.Made, i)
	}
	if from := max(doc.Origin, doc.Corrects); from != 0 {
		sheet, err := s.office.Document(v.Ctx(), v.Actor, from)
		switch {
		case err == nil:
			r := rowOf(sheet.Doc)
			d.Made = append(d.Made, Item{Icon: "file-text", Name: v.kindOf(r), Href: v.URL("sales", from), About: p.T("sale_page.comes_from"), Amount: new(r.Gross), Why: v.URL("sales", from)})
		case fault.KindOf(err) != fault.NotFound: // of a year that is closed to an auditor
			return err
		}
	}
	if doc.Entry != 0 && d.Can[access.ViewLedger] {
		d.Entry = to.href("", doc.Entry)
	}
	if doc.Status == sale.Submitted && d.Can[access.ValidateDocument] {
		if path := v.URL("desk", doc.ID); v.opens(path, doc.Activity) {
			d.Desk = path
		} else if path := v.URL("desk"); v.opens(path, 0) {
			d.Desk = path
		}
	}
	return nil
}

// meansWords name the means of payment.
var meansWords = map[sale.Means]string{
	sale.Transfer: "sale_page.transfer", sale.Cheque: "sale_page.cheque", sale.Card: "sale_page.card", sale.Cash: "sale_page.cash", sale.Debit: "sale_page.debit", sale.Advance: "sale_page.advance", sale.GivenUp: "sale_page.cents",
}

// mailItem says what became of a mail.
func (v *Visit) mailItem(m store.Mail) Item {
	p := v.P
	i := Item{Icon: "mail", Name: m.Recipient, About: m.Subject}
	changed := m.Changed
	if changed == 0 {
		changed = m.Created
	}
	when := p.Instant(v.At(changed))
	switch m.State {
	case "handed over":
		i.Under = Status{Tone: ToneOK, Icon: "check", Text: p.T("sale_page.mail_gone", "when", when)}
	case "doubtful":
		i.Under = Status{Tone: ToneWait, Icon: "alert-triangle", Text: p.T("sale_page.mail_doubtful")}
	case "failed":
		i.Under = Status{Tone: ToneLate, Icon: "alert-triangle", Text: p.T("sale_page.mail_failed")}
	default:
		i.Under = Status{Icon: "clock", Text: p.T("sale_page.mail_queued", "when", when)}
	}
	return i
}

// salePDF shows the document as it leaves the house, or saves it.
func (s *Server) salePDF(v *Visit) error {
	sheet, err := v.sheet()
	if err != nil {
		return err
	}
	name, body, err := s.office.PDF(v.Ctx(), v.Actor, sheet.Doc.ID)
	if err != nil {
		return err
	}
	return v.Send(name, body, v.Query("save") == "")
}

// deedForm reads the document and the form of a deed.
func (v *Visit) deedForm() (office.Sheet, *Form, error) {
	sheet, err := v.sheet()
	if err == nil {
		err = access.Refuse(v.Actor, v.route.action, sheet.Subject) // before the form is found wanting
	}
	if err != nil {
		return sheet, nil, err
	}
	f, err := v.Form()
	return sheet, f, err
}

// after goes back to the document, with a word.
func (v *Visit) after(d sale.Document, key string, args ...any) error {
	v.Say(key, args...)
	return v.Go(v.URL("sales", d.ID))
}

func (s *Server) submitSale(v *Visit) error {
	sheet, f, err := v.deedForm()
	if err != nil {
		return err
	}
	if sheet.Doc.Kind == sale.CreditNote && sheet.Doc.Content.Reason == "" {
		f.Refuse("reason", "form.reason_missing")
		fillSale(f, sheet.Doc)
		return s.showSaleForm(v, &saleForm{F: f, Doc: sheet.Doc, Words: wordsOf(sheet)}, http.StatusUnprocessableEntity)
	}
	sent, err := s.office.Submit(v.Ctx(), v.Actor, sheet.Doc.ID, f.ID("version"))
	if err == nil {
		v.saySent(sent)
		return v.Go(v.URL("sales", sent.ID))
	}
	if f.Take(err) { // what is missing is mended on the form
		fillSale(f, sheet.Doc)
		return s.showSaleForm(v, &saleForm{F: f, Doc: sheet.Doc, Words: wordsOf(sheet)}, http.StatusUnprocessableEntity)
	}
	if fault.KindOf(err) == fault.Conflict && sheet.Doc.Status == sale.Submitted {
		return v.Go(v.URL("sales", sheet.Doc.ID))
	}
	if stale(err) {
		return s.showSale(v, &salePage{Sheet: sheet, Stale: v.P.Fault(staleIn(err))}, http.StatusConflict)
	}
	return err
}

func (s *Server) takeBackSale(v *Visit) error {
	sheet, err := v.sheet()
	if err != nil {
		return err
	}
	d, err := s.office.TakeBack(v.Ctx(), v.Actor, sheet.Doc.ID)
	if err != nil {
		return err
	}
	v.Say("sales.said_taken_back")
	return v.Go(v.URL("sales", d.ID, "edit"))
}

func (s *Server) deleteSale(v *Visit) error {
	sheet, err := v.sheet()
	if err != nil {
		return err
	}
	if err := s.office.DeleteDraft(v.Ctx(), v.Actor, sheet.Doc.ID); err != nil {
		return err
	}
	v.Say("sales.said_deleted")
	return v.Go(v.URL("a", sheet.Doc.Activity, "sales"))
}

func (s *Server) sendSale(v *Visit) error {
	sheet, f, err := v.deedForm()
	if err != nil {
		return err
	}
	to, word := f.Need("to", 254), f.Text("word", 4000)
	if to != "" && coop.CheckEmail("to", to) != nil {
		f.Refuse("to", "office.mail_address")
	}
	if f.OK() {
		d, err := s.office.Send(v.Ctx(), v.Actor, sheet.Doc.ID, to, word)
		if err == nil {
			return v.after(d, "sales.said_sent", "to", to)
		}
		if !f.Take(err) {
			return err
		}
	}
	return s.showSale(v, &salePage{Sheet: sheet, Send: f}, http.StatusUnprocessableEntity)
}

// linkSale makes a link for the customer to sign, and shows it: only its print is kept, so it cannot be shown again.
func (s *Server) linkSale(v *Visit) error {
	sheet, err := v.sheet()
	if err != nil {
		return err
	}
	link, err := s.office.Link(v.Ctx(), v.Actor, sheet.Doc.ID)
	if err != nil {
		return err
	}
	made, err := s.lock("link", madeLink{link, sheet.Doc.ID, v.Actor.Person}, linkShown)
	if err != nil {
		return err
	}
	return v.Go(v.URL("sales", sheet.Doc.ID) + "?link=" + made)
}

// madeLink travels sealed to the page that shows it, so that loading that page again makes no other.
type madeLink struct {
	Link   string `json:"link"`
	Sale   int64  `json:"sale"`
	Person int64  `json:"person"`
}

const linkShown = 10 * time.Minute

// justMade is the link that this person has just made for a document.
func (v *Visit) justMade(id int64) string {
	var made madeLink
	text := v.Query("link")
	if text == "" || v.s.unlock("link", text, &made) != nil || made.Sale != id || made.Person != v.Actor.Person {
		return ""
	}
	v.w.Header().Set("Cache-Control", "no-store")
	return made.Link
}

func (s *Server) acceptSale(v *Visit) error {
	sheet, f, err := v.deedForm()
	if err != nil {
		return err
	}
	g := agreementOf(f)
	name, on := f.Need("name", 120), f.Day("on")
	g.Name = name
	for _, c := range sheet.Doc.Content.Choices(sheet.Facts.Taxes) {
		if c.Variant != "" && g.Variants[c.Variant] == "" {
			f.Refuse("variant", "sale.fault.variant_open", "name", c.Variant)
			break
		}
	}
	if f.OK() {
		d, err := s.office.RecordAcceptance(v.Ctx(), v.Actor, sheet.Doc.ID, g, on)
		if err == nil {
			return v.after(d, "sales.said_accepted")
		}
		if fault.KindOf(err) == fault.Conflict && sheet.Doc.Status == sale.Accepted {
			return v.Go(v.URL("sales", sheet.Doc.ID))
		}
		if !f.Take(err) {
			return err
		}
	}
	return s.showSale(v, &salePage{Sheet: sheet, Accept: f}, http.StatusUnprocessableEntity)
}

func (s *Server) refuseSale(v *Visit) error {
	sheet, err := v.sheet()
	if err != nil {
		return err
	}
	d, err := s.office.RefuseQuote(v.Ctx(), v.Actor, sheet.Doc.ID)
	if err != nil {
		return err
	}
	v.SayUndo(v.URL("sales", d.ID, "reopen"), nil, "sales.said_refused")
	return v.Go(v.URL("sales", d.ID))
}

func (s *Server) reopenSale(v *Visit) error {
	sheet, err := v.sheet()
	if err != nil {
		return err
	}
	d, err := s.office.Reopen(v.Ctx(), v.Actor, sheet.Doc.ID)
	if err != nil {
		return err
	}
	v.Say("sales.said_reopened")
	return v.Go(v.URL("sales", d.ID, "edit"))
}

func (s *Server) commentSale(v *Visit) error {
	sheet, f, err := v.deedForm()
	if err != nil {
		return err
	}
	word := f.Need("comment", 4000)
	if f.OK() {
		err := s.office.Comment(v.Ctx(), v.Actor, sheet.Doc.ID, word, f.Int("line", 0, sale.MaxLines))
		if err == nil {
			v.Say("sales.said_comment")
			return v.Go(v.URL("sales", sheet.Doc.ID) + "#suite")
		}
		if !f.Take(err) {
			return err
		}
	}
	return s.showSale(v, &salePage{Sheet: sheet, Say: f}, http.StatusUnprocessableEntity)
}

// page is the document of the screen; the functions below are asked on its page only.
func (s screen) salePage() *salePage {
	d, ok := s.D.(*salePage)
	if !ok {
		return &salePage{}
	}
	return d
}

// Returned is the last word with which the document was sent back.
func (s screen) Returned() string {
	events := s.salePage().Events
	for i := range events {
		if e := events[len(events)-1-i]; e.Deed == string(sale.DeedReturn) {
			return s.P.T("sale_page.returned_by", "name", e.ByName, "word", e.Comment)
		}
	}
	return ""
}

// SubmittedOn and SignedOn are days in words.
func (s screen) SubmittedOn() string { return s.P.Instant(s.At(s.salePage().Doc.SubmittedAt)) }

// SignedOn says when the customer agreed, and how.
func (s screen) SignedOn() string {
	g := s.salePage().Doc.Signed
	key := "sale_page.signed_link"
	if g.Recorded {
		key = "sale_page.signed_recorded"
	}
	return s.P.T(key, "when", s.P.Instant(s.At(g.At)))
}

// Remaining is what the customer still owes.
func (s screen) Remaining() money.Cents {
	d := s.salePage().Doc
	return sale.Remaining(d) - sale.RetainedOpen(d, s.Actor.Today)
}

// Creditable says whether something of the invoice is left to take back.
func (s screen) Creditable() bool {
	d := s.salePage().Doc
	return d.Credited < d.Totals.Gross
}

// SendFirst says whether sending is the next thing to do: it was never sent, or it is late, or the form was refused.
func (s screen) SendFirst() bool {
	d := s.salePage()
	return !d.Send.OK() || d.Late > 0 || d.Doc.SentAt == 0 && d.Doc.Status != sale.Accepted
}

// ReadWords say whether the document will be read before it leaves, and why.
func (s screen) ReadWords() string {
	d := s.salePage()
	return s.P.T(d.ReadKey, d.ReadArgs...)
}

// UsualAnswer tells how long readers take, as a rule.
func (s screen) UsualAnswer() string { return usualWords(s.P, s.salePage().Usual) }

// Leaves says that the document leaves by mail once it is validated, and for where.
func (s screen) Leaves() string {
	d := s.salePage()
	if !d.Doc.Content.SendWhenValidated || d.Doc.Kind == sale.Quote || d.Facts.Customer.Email == "" {
		return ""
	}
	return s.P.T("sale_page.leaves", "to", d.Facts.Customer.Email)
}

// SeesCustomer says whether the customer's page opens to who reads.
func (s screen) SeesCustomer() bool { return s.can(access.ViewCustomer, s.salePage().Doc.Activity) }

// CashHref is where money received for the invoice is recorded, for who may.
func (s screen) CashHref() string {
	d := s.salePage()
	if d.Doc.Number == "" || sale.Payable(d.Doc) == 0 || !d.Can[access.RecordPayment] {
		return ""
	}
	return s.URL("payments", "new") + "?customer=" + strconv.FormatInt(d.Doc.Customer, 10) + "&invoice=" + strconv.FormatInt(d.Doc.ID, 10)
}

// lateOf reads what an invoice owes for being late, and what was said of it.
func (v *Visit) lateOf(d *salePage) (err error) {
	doc := d.Doc
	if doc.Kind != sale.Invoice || doc.Number == "" {
		return nil
	}
	if d.Facts.Customer.Kind.OwesLate() && doc.Due != 0 && doc.Due < v.Actor.Today {
		if d.Owes, err = v.s.office.LateOf(v.Ctx(), v.Actor, doc.ID); err != nil {
			return err
		}
		if n := len(d.Owes.Spans); n > 0 {
			d.Rate = v.P.Rate(d.Owes.Spans[n-1].Rate)
		}
		if d.Owes.Total() > 0 && v.can(access.RemindCustomer, doc.Activity) && v.can(access.ViewCustomer, doc.Activity) && (!d.Own || d.Facts.Rules.Reminders.Own) {
			d.Penalise = v.URL("customers", doc.Customer, "penalties") + "?invoice=" + strconv.FormatInt(doc.ID, 10)
		}
	}
	if !v.can(access.ViewCustomer, doc.Activity) {
		return nil // an auditor reads documents
	}
	d.Reminds, err = v.remindersOf(doc.Customer, doc.Activity, doc.ID, nil)
	return err
}

// Unread tells which half-year's rates nobody has read yet.
func (s screen) Unread() string {
	return s.P.T("late_rates.unread", "half", halfOf(s.P, s.salePage().Owes.Unread))
}

// LateRates is where the rates are read, "" for who may not.
func (s screen) LateRates() string { return s.lateRatesHref(s.salePage().Owes.Unread) }
