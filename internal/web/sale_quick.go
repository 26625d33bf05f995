package web

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"essaim/fault"
	"essaim/i18n"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/money"
	"essaim/sale"
)

// An invoice in six fields, for a thumb (practice E): client, what, price tax included, when, deposit, sent to be read. It
// is the form of a document in another shape, under the same names and sent to the same addresses: all the rest lies one
// button away with what was typed. Here the customer may be new.

// quickShape is the value of the field "shape", and of the address, that says so.
const quickShape = "quick"

// What the fifth field answers.
const (
	noAdvance    = "no"
	gotAdvance   = "got"   // deduct what was asked in advance
	askedAdvance = "asked" // this is what is asked in advance
)

const (
	newField = "buyerNew" // the person said that the customer is new
	buyerOf  = "buyer."   // before the fields of a new customer
)

// quickFields are those of the short shape; what is refused elsewhere is mended on the whole form.
var quickFields = []string{"customer", "lines[0].label", "lines[0].price", "lines[0].nature", "lines[0].tax", "delivered", "advance", photoField, "sendWhenValidated"}

// quickSale starts an invoice in the short shape.
func (s *Server) quickSale(v *Visit) error {
	sheet, err := s.office.Start(v.Ctx(), v.Actor, sale.Invoice, v.Activity, 0)
	if err != nil {
		return err
	}
	d := &saleForm{Doc: sheet.Doc, F: v.NewForm(), Quick: true}
	d.Doc.Content.Gross, d.Doc.Content.Delivered = true, v.Today()
	if id, err := strconv.ParseInt(v.Query("customer"), 10, 64); err == nil {
		if c, err := s.office.Customer(v.Ctx(), v.Actor, id); err == nil && c.Activity == v.Activity {
			d.Doc.Customer = c.ID
			own := sheet.Facts
			own.Customer = c
			sale.FollowTaxes(&d.Doc.Content, sheet.Facts, own)
		}
	}
	if v.Query("ahead") != "" && d.Doc.Customer != 0 {
		if err := s.quickAhead(v, d); err != nil {
			return err
		}
	}
	fillSale(d.F, d.Doc)
	fillQuick(d.F, d.Doc)
	return s.showSaleForm(v, d, http.StatusOK)
}

// quickAhead makes it the deposit invoice of what the customer has sent ahead: whole, with the day it came, which the invoice
// states when it is another than its own (CGI ann. II art. 242 nonies A-I 10°). What it is for is still to be said.
func (s *Server) quickAhead(v *Visit, d *saleForm) error {
	items, err := s.office.Ahead(v.Ctx(), v.Actor, d.Doc.Customer)
	if err != nil || len(items) == 0 {
		return err
	}
	c := &d.Doc.Content
	c.Stage, c.Delivered, c.UseAdvance = sale.Deposit, 0, true
	if len(c.Lines) == 0 {
		return nil
	}
	var held money.Cents
	for _, it := range items {
		held -= it.Remaining
	}
	key := "advance.label"
	if items[0].Date != items[len(items)-1].Date {
		key = "advance.label_last"
	}
	c.Lines[0].Quantity, c.Lines[0].Price = money.Unit, held.Micro()
	c.Lines[0].Label = i18n.For("fr").T(key, "on", items[len(items)-1].Date)
	return nil
}

// quickFits says whether the short shape shows all that a document holds.
func quickFits(d sale.Document) bool {
	c := d.Content
	sold := slices.DeleteFunc(slices.Clone(c.Lines), func(l sale.Line) bool { return l.Deposit != 0 })
	if d.Kind != sale.Invoice || d.Origin != 0 || !c.Gross || len(sold) > 1 || c.Situation != 0 || c.Stage == sale.Progress || c.Retention != 0 || c.Currency != "" || c.DeliveredFrom != 0 {
		return false
	}
	if c.Note != "" || c.OrderRef != "" || c.Title != titleOf(c) {
		return false
	}
	for _, l := range sold {
		if l.Quantity != 0 && l.Quantity != money.Unit || l.Unit != "" || l.Discount != 0 || l.DiscountFlat != 0 || l.Axis != 0 || l.Option != "" || l.Variant != "" {
			return false
		}
	}
	return true
}

// fillQuick gives the fields that only the short shape has their first values.
func fillQuick(f *Form, d sale.Document) {
	answer := noAdvance
	switch {
	case d.Content.Stage == sale.Deposit:
		answer = askedAdvance
	case slices.ContainsFunc(d.Content.Lines, func(l sale.Line) bool { return l.Deposit != 0 }):
		answer = gotAdvance
	}
	f.Set("advance", answer)
}

// quickSent reads what only the short shape has: the answer about a deposit, the customer, who may be new, and photographs.
func (s *Server) quickSent(v *Visit, f *Form, d *saleForm, do string) ([]office.Taken, error) {
	c := &d.Doc.Content
	c.Gross, c.Lines = true, c.Lines[:min(1, len(c.Lines))]
	c.Lines = slices.DeleteFunc(c.Lines, func(l sale.Line) bool { return l.Deposit != 0 })
	f.values.Set("gross", "1")
	answer := f.Choice("advance", noAdvance, gotAdvance, askedAdvance)
	if c.Stage = ""; answer == askedAdvance {
		c.Stage, c.Delivered = sale.Deposit, 0
	}
	c.UseAdvance = c.UseAdvance && c.Stage == sale.Deposit
	kept := !v.Autosave() && (do == "save" || do == "submit" || do == "full" || strings.HasPrefix(do, "customer"))
	if err := s.quickCustomer(v, f, d, kept); err != nil {
		return nil, err
	}
	var photos []office.Taken
	if kept { // refused before anything is made
		var err error
		if photos, err = s.photos(v, f); err != nil {
			return nil, err
		}
	}
	if d.New && kept {
		if err := s.quickBuyer(v, f, d, do == "submit"); err != nil {
			return nil, err
		}
	}
	if answer == gotAdvance {
		left, err := s.quickDeducts(v, d)
		if err != nil {
			return nil, err
		}
		if do == "submit" && len(left) == 0 && d.Doc.Customer != 0 && !v.Autosave() {
			f.Refuse("advance", "quick.none_asked")
		}
	}
	return photos, nil
}

// quickCustomer finds the customer that is typed; New says that it is nobody's yet.
func (s *Server) quickCustomer(v *Visit, f *Form, d *saleForm, strict bool) error {
	name := f.Get("customerName")
	if f.Bool(newField) && f.ID("customer") == 0 {
		d.New = name != ""
		return nil
	}
	if err := v.customerOf(f, d, strict); err != nil {
		return err
	}
	if d.Doc.Customer != 0 || name == "" {
		return nil
	}
	found, err := s.office.Customers(v.Ctx(), v.Actor, store.CustomerFilter{Activity: v.Activity, Q: clip(name, 80), Limit: 1})
	if d.New = err == nil && len(found) == 0; d.New {
		f.refused = slices.DeleteFunc(f.refused, func(e *fault.Error) bool { return e.Key == "form.customer_unknown" })
	}
	return err
}

// quickBuyer keeps the new customer, when all that is typed can be read: whole when the invoice is to be sent, as far as it
// goes otherwise.
func (s *Server) quickBuyer(v *Visit, f *Form, d *saleForm, whole bool) error {
	sub := newForm(f.P, v.Today(), "")
	sub.values.Set("name", f.Get("customerName"))
	for name, values := range f.values {
		if rest, ok := strings.CutPrefix(name, buyerOf); ok {
			sub.values[rest] = values
		}
	}
	c := readCustomer(sub, sale.Customer{Activity: v.Activity})
	err := c.Check(v.Today())
	if whole {
		err = c.CheckFor(sale.Invoice, v.Today())
	}
	refuse := func(e *fault.Error) {
		own := *e
		if own.Field = buyerOf + e.Field; e.Field == "name" {
			own.Field = "customer"
		}
		f.refused = append(f.refused, &own)
	}
	for _, e := range append(sub.Refusals(), fault.All(err)...) {
		refuse(e)
	}
	if !f.OK() {
		return nil
	}
	what, err := json.Marshal(c)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(what) // what is typed otherwise after a refusal is another request
	key := f.Key + "/buyer/" + hex.EncodeToString(sum[:6])
	var saved sale.Customer
	if f.Bool("another") {
		saved, err = s.office.SaveCustomer(v.Ctx(), v.Actor, c, key)
	} else {
		var repeats bool
		if saved, repeats, err = s.office.AddCustomer(v.Ctx(), v.Actor, c, key); repeats {
			d.Like = saved
			f.Refuse("customer", "quick.like", "name", saved.FullName())
			return nil
		}
	}
	if err != nil {
		if fault.KindOf(err) != fault.Invalid {
			return err
		}
		for _, e := range fault.All(err) {
			refuse(e)
		}
		return nil
	}
	d.New, d.Doc.Customer = false, saved.ID
	f.Set("customer", saved.ID)
	f.values.Set("customerName", saved.FullName())
	f.values.Del(newField)
	return nil
}

// quickDeducts adds what can be deducted of the customer's deposits, all of it.
func (s *Server) quickDeducts(v *Visit, d *saleForm) ([]sale.Document, error) {
	if d.Doc.Customer == 0 {
		return nil, nil
	}
	seen, err := s.office.Preview(v.Ctx(), v.Actor, d.Doc)
	if err != nil || seen.Staged == nil {
		return nil, err
	}
	for _, dep := range seen.Staged.Made {
		for _, p := range sale.Undeducted(dep) {
			d.Doc.Content.Lines = append(d.Doc.Content.Lines, sale.Line{Nature: p.Nature, Tax: p.Tax, Axis: p.Axis, Quantity: money.Unit, Deposit: dep.ID})
		}
	}
	return seen.Staged.Made, nil
}

// quickDo is a button of the short shape that keeps nothing: another customer of the same name, or a company whose SIREN
// was typed.
func (s *Server) quickDo(v *Visit, f *Form, d *saleForm, do string) error {
	if do != "buyer" && !strings.HasPrefix(do, "company") {
		return nil
	}
	d.Doc.Customer, d.New = 0, true
	f.values.Del("customer")
	f.Set(newField, true)
	if siren, ok := strings.CutPrefix(do, "company"); ok {
		c, known, err := s.office.Company(v.Ctx(), v.Actor, v.Activity, siren)
		if err != nil || !known {
			return err
		}
		f.values.Set("customerName", c.Name)
		f.Set(buyerOf+"kind", string(sale.Company)).Set(buyerOf+"siren", c.SIREN).Set(buyerOf+"siret", c.SIRET)
		fillAddress(f, buyerOf+"address", c.Address)
	}
	return nil
}

// BuyerKinds are the kinds of a new customer in the short shape: those of France.
func (s screen) BuyerKinds() []Option {
	d, ok := s.D.(*saleForm)
	if ok && d.F.Get(buyerOf+"kind") == "" {
		kind := sale.Company
		if d.Sheet.Facts.Activity.Gross {
			kind = sale.Consumer
		}
		d.F.Set(buyerOf+"kind", string(kind))
	}
	var list []Option
	for _, k := range []sale.CustomerKind{sale.Consumer, sale.Company, sale.NonTaxable, sale.Public} {
		list = append(list, Option{Value: string(k), Label: s.P.T(customerKindWords[k])})
	}
	return list
}

// Advances are the answers about a deposit.
func (s screen) Advances() []Option {
	return options(s.P, "quick.advance.", noAdvance, gotAdvance, askedAdvance)
}

// advance is a deposit of the customer, as the fifth field tells it.
type advance struct{ Words, Href, Quote string }

// advances are what was asked of the customer in advance: without a quote, to be deducted here; of quotes, to be deducted by
// the invoices of the quote.
func (s screen) advances(quoted bool) (list []advance) {
	d, ok := s.D.(*saleForm)
	if !ok || d.Sheet.Staged == nil {
		return nil
	}
	from := d.Sheet.Staged.Made
	if quoted {
		from = d.Sheet.Staged.OfQuotes
	}
	for _, dep := range from {
		var left money.Cents
		for _, p := range sale.Undeducted(dep) {
			left += p.Net + p.VAT
		}
		key := "quick.deposit_waiting"
		if dep.Paid >= dep.Totals.Gross-dep.Credited {
			key = "quick.deposit_paid"
		}
		a := advance{Words: s.P.T(key, "amount", left, "on", s.P.ShortDay(dep.Date), "number", dep.Number), Href: s.URL("sales", dep.ID)}
		if quoted {
			a.Quote = s.URL("sales", dep.Origin, "invoice")
		}
		list = append(list, a)
	}
	return list
}

// OwnAdvances and QuotedAdvances are those two lists.
func (s screen) OwnAdvances() []advance    { return s.advances(false) }
func (s screen) QuotedAdvances() []advance { return s.advances(true) }

// UseAdvance asks whether what the customer sent ahead pays a deposit invoice, where something is held for them.
func (s screen) UseAdvance() any {
	d, ok := s.D.(*saleForm)
	if !ok || d.Doc.Kind != sale.Invoice || d.Doc.Customer == 0 {
		return ""
	}
	items, err := s.s.office.Ahead(s.Ctx(), s.Actor, d.Doc.Customer)
	if err != nil || len(items) == 0 {
		return ""
	}
	var held money.Cents
	for _, it := range items {
		held -= it.Remaining
	}
	return d.F.Switch("useAdvance", s.P.T("advance.use", "amount", held), "small="+s.P.T("advance.use_about"))
}

// Answer is what the fifth field says.
func (d *saleForm) Answer() string { return d.F.Get("advance") }

// QuickLine is the one line of the short shape.
func (d *saleForm) QuickLine() formLine {
	if len(d.Lines) == 0 {
		return d.Blank
	}
	return d.Lines[0]
}

// Within says which VAT lies in the price.
func (s screen) Within() string {
	d, ok := s.D.(*saleForm)
	if !ok || len(d.Doc.Content.Lines) == 0 {
		return ""
	}
	one := d.Doc.Content
	one.Lines, one.Stage, one.Before = one.Lines[:1], "", nil
	code := d.Sheet.Facts.Taxes[one.Lines[0].Tax]
	n, _ := sale.NatureOf(one.Lines[0].Nature)
	what := ""
	if n.Label != "" {
		what = s.P.T(n.Label) + ". "
	}
	t, err := sale.Compute(one, d.Sheet.Facts.Taxes)
	switch {
	case code.Exempt() && code.Code != "":
		return what + s.P.T("form.vat_none", "why", s.P.T(code.Label))
	case err == nil && t.Gross != 0 && !d.Unread:
		return what + s.P.T("form.vat_within_amount", "rate", code.Rate, "amount", t.VAT)
	}
	return what + s.P.T("form.vat_within", "rate", code.Rate)
}

// ofOneLine tells what is wrong with all the lines beside the price of the only one.
func (f *Form) ofOneLine() {
	for i, e := range f.refused {
		if e.Field == "lines" {
			own := *e
			own.Field = "lines[0].price"
			f.refused[i] = &own
		}
	}
}

// Elsewhere says whether something was refused that the short shape does not show.
func (d *saleForm) Elsewhere() bool {
	return slices.ContainsFunc(d.F.Refusals(), func(e *fault.Error) bool {
		switch {
		case slices.Contains(quickFields, e.Field), strings.HasPrefix(e.Field, buyerOf), strings.HasPrefix(e.Field, "customer."):
			return false
		case strings.HasPrefix(e.Field, "housing"), slices.Contains([]string{"service", "commitment", "contract", "orderRef", "subcontract"}, e.Field):
			return false // shown where the customer or the nature asks for them
		}
		return true
	})
}

// DueWords says until when the customer pays.
func (s screen) DueWords() string {
	d, ok := s.D.(*saleForm)
	switch {
	case !ok:
		return ""
	case d.Doc.Content.DueDays == 0:
		return s.P.T("quick.due_now")
	}
	return s.P.T("quick.due", "n", d.Doc.Content.DueDays)
}

// DraftPieces are the photographs that are there already.
func (s screen) DraftPieces() any {
	d, ok := s.D.(*saleForm)
	if !ok || d.Doc.ID == 0 {
		return ""
	}
	return s.piecesShown("sale:" + strconv.FormatInt(d.Doc.ID, 10))
}
