package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"essaim/access"
	"essaim/fault"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/money"
	"essaim/sale"
)

// saleForm is the form of a document: what was typed, and what the rules say of it so far.
type saleForm struct {
	F         *Form
	Sheet     office.Sheet
	Doc       sale.Document
	Lines     []formLine
	Blank     formLine        // a line to be added without asking the server
	Known     []sale.Customer // suggested where there is no script
	Choices   []sale.Customer // several have the name that was typed
	Faults    []*fault.Error  // what is missing on the customer's own page
	Reader    string          // who reads it
	Words     []lineWord      // said since it was sent back
	Top       []lineWord      // of them, those that stand above the form
	Follows   bool            // nature, customer or mode may just have changed: what follows from them does
	Changed   bool            // someone saved it meanwhile
	Unread    bool            // an amount cannot be read: what follows from it is not told
	CanSend   bool            // this person may submit it
	Found     []sale.Product  // of the catalogue, under the words that were sought
	Sought    bool            // they were
	Paper     sale.Paper
	WithPaper bool
	Axes      []Option    // of the deals that the activity leads; none: there is no deal
	Deal      int64       // whose lines new ones are
	Deducts   []deductRow // what can be deducted of deposits
	Quick     bool        // in the short shape: see sale_quick.go
	New       bool        // the customer that is typed is nobody's yet
	Unsaved   bool        // the draft does not hold all that the page shows
	Partly    bool        // it holds the rest of it
	Like      sale.Customer
}

// formLine is one line of the form.
type formLine struct {
	I        int    // its number
	Name     string // "lines[2]."
	Sentence string // « TVA 20 %, comptée dans le prix »
	Natures  []Option
	Taxes    []Option
	Right    string // the taxes that go, when this one was refused
	Union    string // a company of the Union that is charged French VAT
	Open     bool   // its details hold a refusal
	Words    []lineWord
	Axis     int64
	Axes     []Option // whose it is, in the deals that the activity leads
}

// newSale starts a document: empty, from a quote (an invoice), from an invoice (a credit note), or as a copy.
func (s *Server) newSale(v *Visit) error {
	kind := sale.Kind(v.Query("kind"))
	if kindWords[kind] == "" {
		kind = sale.Invoice
	}
	var origin int64
	for _, name := range []string{"quote", "invoice"} {
		if text := v.Query(name); text != "" {
			id, err := strconv.ParseInt(text, 10, 64)
			if err != nil || id <= 0 {
				return errAbsent()
			}
			origin = id
		}
	}
	if kind == sale.CreditNote && origin == 0 {
		return fault.New(fault.Conflict, "sale.fault.credit_of_nothing")
	}
	sheet, err := s.startSale(v, kind, origin)
	for _, e := range fault.All(err) {
		if strings.HasPrefix(e.Field, "share") || strings.HasPrefix(e.Field, "amount") || strings.HasSuffix(e.Field, ".done") {
			return s.invoicingRefused(v, origin, err)
		}
		if e.Field == "origin" { // invoiced already: there it is
			v.Say(e.Key, e.Args...)
			return v.Go(v.URL("sales", argOf(e, "sale")))
		}
	}
	if err != nil {
		return err
	}
	if sheet.Doc.Activity == 0 { // the way to invoice this quote is to be chosen
		return v.Go(v.URL("sales", origin, "invoice"))
	}
	d := sheet.Doc
	if id, err := strconv.ParseInt(v.Query("customer"), 10, 64); err == nil && d.Customer == 0 {
		if c, err := s.office.Customer(v.Ctx(), v.Actor, id); err == nil && c.Activity == v.Activity {
			d.Customer = c.ID
			d.Content.Gross = d.Content.Gross || c.Kind == sale.Consumer && origin == 0
			if origin == 0 {
				own := sheet.Facts
				own.Customer = c
				sale.FollowDelay(&d.Content, sheet.Facts, own)
				sale.FollowTaxes(&d.Content, sheet.Facts, own)
			}
			if usual := usualCurrency(c); origin == 0 && usual != "EUR" {
				d.Content.Currency = usual
			}
		}
	}
	for i, l := range d.Content.Lines {
		if l.Quantity == 0 && l.Price == 0 {
			d.Content.Lines[i].Quantity = money.Unit
		}
	}
	x := &saleForm{Doc: d}
	if id, err := strconv.ParseInt(v.Query("deal"), 10, 64); err == nil && id > 0 {
		x.Deal = id
		for i := range x.Doc.Content.Lines {
			if x.Doc.Content.Lines[i].Axis == 0 {
				x.Doc.Content.Lines[i].Axis = id
			}
		}
	}
	x.F = v.NewForm()
	fillSale(x.F, x.Doc)
	return s.showSaleForm(v, x, http.StatusOK)
}

// editSale opens a draft, or a document sent back.
func (s *Server) editSale(v *Visit) error {
	sheet, err := v.sheet()
	if err != nil {
		return err
	}
	if err := access.Refuse(v.Actor, access.DraftDocument, sheet.Subject); err != nil {
		return err
	}
	if !editable(sheet.Doc) {
		return v.Go(v.URL("sales", sheet.Doc.ID))
	}
	f := v.NewForm()
	fillSale(f, sheet.Doc)
	d := &saleForm{F: f, Doc: sheet.Doc, Words: wordsOf(sheet), Quick: v.Query("shape") == quickShape && quickFits(sheet.Doc)}
	if d.Quick {
		fillQuick(f, sheet.Doc)
	}
	return s.showSaleForm(v, d, http.StatusOK)
}

func editable(d sale.Document) bool { return d.Status == sale.Draft || d.Status == sale.Returned }

// lineWord is something said of a document, with the line it is about as the speaker saw it.
type lineWord struct {
	store.SaleEvent
	Label string
}

// wordsOf are what readers and the author said since the document was last sent back.
func wordsOf(sheet office.Sheet) []lineWord {
	var list []lineWord
	back, _ := sheet.SentBack()
	for _, e := range sheet.Events {
		switch e.Deed {
		case "submit":
			list = nil
		case "return", "comment":
			w := lineWord{SaleEvent: e}
			if n := e.Line - 1; n >= 0 && n < len(back.Content.Lines) {
				w.Label = back.Content.Lines[n].Label
			}
			list = append(list, w)
		}
	}
	return list
}

// about finds the line that a word is about: the one that still has the same words, otherwise the one in its place; -1
// when there is none, or when it is about the whole.
func (w lineWord) about(lines []sale.Line) int {
	if w.Line == 0 {
		return -1
	}
	if at := w.Line - 1; at < len(lines) && lines[at].Label == w.Label {
		return at
	}
	if at := slices.IndexFunc(lines, func(l sale.Line) bool { return l.Label == w.Label && w.Label != "" }); at >= 0 {
		return at
	}
	if w.Line > len(lines) {
		return -1
	}
	return w.Line - 1
}

// sheet reads the document of the address; the page then belongs to its activity.
func (v *Visit) sheet() (office.Sheet, error) {
	id, err := v.ID("id")
	if err != nil {
		return office.Sheet{}, err
	}
	sheet, err := v.s.office.Document(v.Ctx(), v.Actor, id)
	if err == nil {
		v.Activity = sheet.Doc.Activity
	}
	return sheet, err
}

func (s *Server) newSaleSent(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	d := sale.Document{Activity: v.Activity, Status: sale.Draft, Kind: sale.Kind(f.Choice("kind", string(sale.Quote), string(sale.Invoice), string(sale.CreditNote)))}
	if !f.OK() {
		return fault.New(fault.Invalid, "sale.fault.kind")
	}
	switch d.Kind {
	case sale.Invoice:
		d.Origin = f.ID("origin")
	case sale.CreditNote:
		d.Corrects = f.ID("corrects")
	case sale.Quote:
	}
	return s.saleSent(v, f, &saleForm{F: f, Doc: d})
}

func (s *Server) editSaleSent(v *Visit) error {
	sheet, err := v.sheet()
	if err != nil {
		return err
	}
	f, err := v.Form()
	if err != nil {
		return err
	}
	if !editable(sheet.Doc) { // a second click, or another window: it has already left
		if v.Autosave() {
			_, err := sheet.Doc.Next(sale.DeedEdit)
			return err
		}
		f.compactLines("")
		return s.saleTooLate(v, f, sheet)
	}
	if version := f.ID("version"); version > 0 {
		sheet.Doc.Version = version
	}
	return s.saleSent(v, f, &saleForm{F: f, Doc: sheet.Doc, Words: wordsOf(sheet)})
}

// saleSent is any button of the form: a line more or less, the amounts again, the draft kept, or the document sent to be
// read.
func (s *Server) saleSent(v *Visit, f *Form, d *saleForm) error {
	do := f.Get("do")
	rows := f.compactLines(do)
	f.compactTerms(do)
	was := d.Doc.Content
	d.Doc.Content = readSale(f, d.Doc)
	auto := v.Autosave()
	var photos []office.Taken
	if d.Quick = f.Get("shape") == quickShape; d.Quick {
		var err error
		if photos, err = s.quickSent(v, f, d, do); err != nil {
			return err
		}
	} else if err := v.customerOf(f, d, !auto && (do == "save" || do == "submit")); err != nil {
		return err
	}
	if err := v.followDelay(f, d); err != nil {
		return err
	}
	if err := v.followTaxes(f, d); err != nil {
		return err
	}
	if do == "submit" && d.Doc.Kind == sale.CreditNote && d.Doc.Content.Reason == "" {
		f.Refuse("reason", "form.reason_missing")
	}
	switch {
	case auto:
	case do == "save", do == "submit", do == "full", strings.HasPrefix(do, "customer"):
	default: // add, drop, count
		f.refused = nil // the person is still typing
		if d.Quick {
			if err := s.quickDo(v, f, d, do); err != nil {
				return err
			}
		} else if do == "product" || strings.HasPrefix(do, "take") {
			if err := s.productDo(v, f, d, do); err != nil {
				return err
			}
		}
		d.Follows = true
		if do == "rate" {
			d.Doc.Content.Exchange, d.Doc.Content.ExchangeOn, d.Doc.Content.ExchangeSource = 0, 0, ""
		}
		return s.showSaleForm(v, d, http.StatusOK)
	}
	if !f.OK() {
		if auto {
			return v.NotSaved(f, rows...)
		}
		if err := s.keepReadable(v, f, d, was, rows); err != nil {
			return err
		}
		d.Quick = d.Quick && (do != "full" || d.New)
		return s.showSaleForm(v, d, http.StatusUnprocessableEntity)
	}
	d.Doc.Content.SendWhenValidated = d.Doc.Content.SendWhenValidated && f.Has("sendWhenValidated")
	fresh := d.Doc.ID == 0
	saved, err := s.keepDraft(v, f, d.Doc)
	switch {
	case err == nil:
	case f.Take(err):
		if auto {
			return v.NotSaved(f, rows...)
		}
		d.Unsaved = true
		return s.showSaleForm(v, d, http.StatusUnprocessableEntity)
	case fault.KindOf(err) == fault.Conflict:
		return s.saleConflict(v, d, err)
	default:
		return err
	}
	edit := v.URL("sales", saved.ID, "edit")
	if !editable(saved) { // the first click had already sent it
		sheet, err := s.office.Document(v.Ctx(), v.Actor, saved.ID)
		if err != nil {
			return err
		}
		return s.saleTooLate(v, f, sheet)
	}
	d.Doc.ID, d.Doc.Version, d.Doc.Number = saved.ID, saved.Version, saved.Number
	if err := s.attachPhotos(v, f, "sale:"+strconv.FormatInt(saved.ID, 10), photos); err != nil {
		return err
	}
	switch {
	case auto && d.Quick:
		return v.SavedPart(edit+"?shape="+quickShape, saved.Version, d.New)
	case auto:
		return v.Saved(edit, saved.Version)
	case do == "full":
		return v.Go(edit)
	case do == "save" && d.Quick:
		v.Say("sales.said_saved")
		return v.Go(edit + "?shape=" + quickShape)
	case strings.HasPrefix(do, "customer"):
		return v.Go(v.customerFor(saved, f.Get("customerName"), strings.TrimPrefix(do, "customer")))
	case do == "save":
		v.Say("sales.said_saved")
		return v.Go(edit)
	}
	version := saved.Version
	if fresh {
		version = 0 // only the same form, sent twice, can have changed it since
	}
	sent, err := s.office.Submit(v.Ctx(), v.Actor, saved.ID, version)
	switch {
	case err == nil:
		v.saySent(sent)
		return v.Go(v.URL("sales", sent.ID))
	case f.Take(err):
		return s.showSaleForm(v, d, http.StatusUnprocessableEntity)
	case fresh && fault.KindOf(err) == fault.Conflict: // the first click has just sent it
		return v.Go(v.URL("sales", saved.ID))
	}
	return err
}

// saleTooLate answers a form whose document has left already. A second click brings the same again and goes to the
// document; what was changed since, on a page that came back from the browser's memory, is shown there with what can be
// done instead.
func (s *Server) saleTooLate(v *Visit, f *Form, sheet office.Sheet) error {
	doc := sheet.Doc
	typed := readSale(f, doc).Fit(sheet.Facts.Taxes)
	lost := contentChanges(v.P, doc.Content, typed)
	if name, is := f.Get("customerName"), sheet.Facts.Customer.FullName(); name != "" && !sameName(name, is) {
		lost = append(lost, change{Label: v.P.T("form.customer"), Old: is, New: name})
	}
	if len(lost) == 0 {
		return v.Go(v.URL("sales", doc.ID))
	}
	f.refused = nil
	_, err := doc.Next(sale.DeedEdit)
	d := &salePage{Sheet: sheet, Lost: lost}
	for _, e := range fault.All(err) {
		d.Told = v.P.Fault(e)
	}
	return s.showSale(v, d, http.StatusConflict)
}

// keepDraft saves what was typed. A new document is first opened under the form's key, empty, so that the same form sent
// twice, or saved by itself while it is being sent, is one document; whoever comes second in the same moment saves upon
// the first.
func (s *Server) keepDraft(v *Visit, f *Form, d sale.Document) (sale.Document, error) {
	if d.ID != 0 {
		return s.office.SaveDraft(v.Ctx(), v.Actor, d, "")
	}
	for try := 1; ; try++ {
		opened, err := s.office.SaveDraft(v.Ctx(), v.Actor, sale.Document{Kind: d.Kind, Activity: d.Activity, Origin: d.Origin, Corrects: d.Corrects}, f.Key)
		if err != nil || !editable(opened) {
			return opened, err
		}
		d.ID, d.Version = opened.ID, opened.Version
		saved, err := s.office.SaveDraft(v.Ctx(), v.Actor, d, "")
		if fault.KindOf(err) != fault.Conflict || try == 5 {
			return saved, err
		}
	}
}

// saleConflict answers a form whose document someone else has saved meanwhile: what was typed stays on the page, and the
// person chooses.
func (s *Server) saleConflict(v *Visit, d *saleForm, err error) error {
	now, gone := s.office.Document(v.Ctx(), v.Actor, d.Doc.ID)
	if gone != nil || !editable(now.Doc) || v.Autosave() {
		return err
	}
	d.Changed, d.Unsaved, d.Doc.Version = true, true, now.Doc.Version
	return s.showSaleForm(v, d, http.StatusConflict)
}

// saySent tells what became of a document that was submitted.
func (v *Visit) saySent(d sale.Document) {
	if d.Status == sale.Submitted {
		v.Say("sales.said_submitted")
		return
	}
	if d.SentAt != 0 {
		v.Say("sales.said_validated_mailed", "number", d.Number)
		return
	}
	v.Say("sales.said_validated", "number", d.Number)
}

// showSaleForm answers with the form, as typed.
func (s *Server) showSaleForm(v *Visit, d *saleForm, status int) error {
	if err := s.prepareSaleForm(v, d); err != nil {
		return err
	}
	d.WithPaper = true
	if d.Quick {
		d.F.ofOneLine()
	}
	title := v.P.T(saleTitles[d.Doc.Kind].edit)
	if d.Doc.ID == 0 {
		title = v.P.T(saleTitles[d.Doc.Kind].fresh)
	}
	if d.Doc.Kind == sale.Invoice && d.Doc.Content.Stage != "" {
		title = d.Paper.Title
	}
	page := Page{Title: title, Section: "sales", Main: "inv", NoDock: true, Script: "sale.js", Status: status}
	if !v.Actor.Owns(v.Activity) {
		page.Section = "activities"
	}
	if d.Quick {
		page.Main = "narrow quick"
		return v.Show("sale_quick", page, d)
	}
	return v.Show("sale_form", page, d)
}

// saleTitles are the titles of the form.
var saleTitles = map[sale.Kind]struct{ fresh, edit string }{
	sale.Quote:      {"form.new_quote", "form.edit_quote"},
	sale.Invoice:    {"form.new_invoice", "form.edit_invoice"},
	sale.CreditNote: {"form.new_credit", "form.edit_credit"},
}

// previewSale answers with the parts of the form that follow from what is typed.
func (s *Server) previewSale(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	kind := sale.Kind(f.Get("kind"))
	if kindWords[kind] == "" {
		kind = sale.Invoice // as on the form itself
	}
	d := &saleForm{F: f, Doc: sale.Document{ID: f.ID("id"), Activity: v.Activity, Kind: kind, Status: sale.Draft, Origin: f.ID("origin"), Corrects: f.ID("corrects")}}
	d.Follows = true
	numbers := f.compactLines("look")
	f.compactTerms("")
	d.Doc.Content = readSale(f, d.Doc)
	if d.Quick = f.Get("shape") == quickShape; d.Quick {
		if _, err := s.quickSent(v, f, d, "look"); err != nil {
			return err
		}
	} else if err := v.customerOf(f, d, false); err != nil {
		return err
	}
	if err := v.followDelay(f, d); err != nil {
		return err
	}
	if err := v.followTaxes(f, d); err != nil {
		return err
	}
	d.Unread = !f.OK()
	f.refused = nil
	if err := s.prepareSaleForm(v, d); err != nil {
		return err
	}
	if f.Bool("lacking") { // what its customer lacks was told: it stays in sight until it is there
		for _, e := range fault.All(sale.CheckSubmit(d.Doc, d.Sheet.Facts)) {
			if strings.HasPrefix(e.Field, "customer.") {
				d.Faults = append(d.Faults, e)
			}
		}
	}
	for i := range d.Lines {
		if i < len(numbers) {
			d.Lines[i].I = numbers[i] // as the page of the browser has them
		}
	}
	d.WithPaper = f.Bool("paper")
	if d.Quick {
		return v.Part("sale_quick", "live", d)
	}
	return v.Part("sale_form", "live", d)
}

// prepareSaleForm adds what the rules say to what was typed.
func (s *Server) prepareSaleForm(v *Visit, d *saleForm) error {
	var err error
	if d.Sheet, err = s.office.Preview(v.Ctx(), v.Actor, d.Doc); err != nil {
		return err
	}
	if d.Follows && d.follow() { // what follows changes the amounts
		if d.Sheet, err = s.office.Preview(v.Ctx(), v.Actor, d.Doc); err != nil {
			return err
		}
	}
	version := d.Doc.Version
	d.Doc = d.Sheet.Doc
	if version > 0 {
		d.Doc.Version = version
	}
	d.showRate()
	if err := s.dealAxes(v, d); err != nil {
		return err
	}
	d.CanSend = v.can(access.SubmitDocument, v.Activity)
	d.Reader = v.readerOf(v.Activity)
	typed := d.Doc
	typed.Content.Lines = slices.DeleteFunc(slices.Clone(typed.Content.Lines), func(l sale.Line) bool { return l.Label == "" && l.Price == 0 })
	d.Paper = v.worn(sale.Print(typed, d.Sheet.Facts, v.P), typed.Activity)
	for _, e := range d.F.Refusals() {
		if strings.HasPrefix(e.Field, "customer.") {
			d.Faults = append(d.Faults, e)
		}
	}
	d.prepareStage(v)
	for i, l := range d.Doc.Content.Lines {
		if l.Deposit == 0 || d.Credit() {
			d.Lines = append(d.Lines, v.formLine(d, i, l))
		}
	}
	for _, w := range d.Words {
		if at := w.about(d.Doc.Content.Lines); at >= 0 {
			d.Lines[at].Words = append(d.Lines[at].Words, w)
		} else {
			d.Top = append(d.Top, w)
		}
	}
	d.Blank = v.formLine(d, -1, sale.Line{Nature: d.usualNature()})
	if d.Doc.Kind != sale.CreditNote {
		d.Known, err = s.office.Customers(v.Ctx(), v.Actor, store.CustomerFilter{Activity: v.Activity, Limit: 100})
	}
	return err
}

// follow gives the document what follows from its customer and the natures of its lines: the mode in which prices are
// typed, unless the person chose it, and the tax of each line. It says whether anything changed.
func (d *saleForm) follow() bool {
	if d.Doc.Kind == sale.CreditNote {
		return false
	}
	changed := d.followCurrency()
	usual := usuallyGross(d.Sheet.Facts)
	if mode := d.F.Get("mode"); mode != "" && mode == d.F.Get("gross") && d.Doc.Origin == 0 && d.Doc.Content.Gross != usual {
		d.Doc.Content.Gross, changed = usual, true
		d.F.values.Set("gross", "0")
		if usual {
			d.F.values.Set("gross", "1")
		}
	}
	d.Doc.Content.Lines = slices.Clone(d.Doc.Content.Lines)
	for i, l := range d.Doc.Content.Lines {
		n, ok := sale.NatureOf(l.Nature)
		if !ok || l.Tax == "" || l.Deposit != 0 || d.Locked() {
			continue
		}
		if tax := sale.FitTax(d.Doc, l.Tax, n, d.Sheet.Facts); tax != l.Tax {
			d.Doc.Content.Lines[i].Tax, changed = tax, true
		}
	}
	return changed
}

// readerOf names who reads the documents of an activity: its advisor, or "" for the team.
func (v *Visit) readerOf(activityID int64) string {
	h, err := v.House()
	if err != nil {
		return ""
	}
	if p, ok := h.advisor(activityID, v.Today()); ok && p.ID != v.Actor.Person {
		return p.FirstName
	}
	return ""
}

func (d *saleForm) usualNature() string {
	if n := d.Sheet.Facts.Activity.Natures; len(n) > 0 {
		return n[0]
	}
	return "service"
}

// Mailed says whether the document is to leave by mail once validated: as ticked; unless anyone was asked yes, since a
// document without a customer who has an address has no box.
func (d *saleForm) Mailed() bool {
	switch {
	case d.Quote():
		return false
	case d.F.Has("sendWhenValidated"), d.F.Has("sendUnseen"):
		return mailedIn(d.F)
	}
	return d.Doc.ID == 0 || d.Doc.Content.SendWhenValidated || d.Buyer().Email == ""
}

// mailedIn reads the box: a hidden 0 stands before it, for an empty box sends nothing.
func mailedIn(f *Form) bool {
	if all := f.All("sendWhenValidated"); len(all) > 0 {
		return all[len(all)-1] == "1"
	}
	return f.Bool("sendUnseen")
}

// Answerer names who sent the document back, to whom its author may say a word.
func (d *saleForm) Answerer() string {
	for _, w := range slices.Backward(d.Words) {
		if w.Deed == string(sale.DeedReturn) {
			return w.ByName
		}
	}
	return ""
}

// Public says whether the customer is a public body, which asks for its own references.
func (d *saleForm) Public() bool { return d.Sheet.Facts.Customer.Kind == sale.Public }

// Credit and Quote say which kind the document is.
func (d *saleForm) Credit() bool { return d.Doc.Kind == sale.CreditNote }
func (d *saleForm) Quote() bool  { return d.Doc.Kind == sale.Quote }

// Buyer is the chosen customer, zero while there is none.
func (d *saleForm) Buyer() sale.Customer { return d.Sheet.Facts.Customer }

// More says whether the further details hold something to be seen at once.
func (d *saleForm) More() bool {
	c := d.Doc.Content
	if c.Note != "" || c.OrderRef != "" || c.DeliveredFrom != 0 {
		return true
	}
	for _, name := range []string{"note", "orderRef", "deliveredFrom", "title"} {
		if d.F.Refusal(name) != "" {
			return true
		}
	}
	return false
}
