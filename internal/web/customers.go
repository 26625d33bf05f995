package web

import (
	"context"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"essaim/access"
	"essaim/coop"
	"essaim/i18n"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/sale"
)

// customersPages are an activity's own customers: the list, the form, the page of each.
func (s *Server) customersPages() {
	s.page("GET", "/{coop}/a/{activity}/customers", access.ViewCustomer, s.customers)
	s.page("GET", "/{coop}/a/{activity}/customers/new", access.ManageCustomer, s.newCustomer)
	s.page("POST", "/{coop}/a/{activity}/customers/new", access.ManageCustomer, s.newCustomerSent)
	s.page("GET", "/{coop}/a/{activity}/customers/suggest", access.ManageCustomer, s.suggestCustomers)
	s.page("GET", "/{coop}/customers/{id}", access.ViewCustomer, s.customer)
	s.page("POST", "/{coop}/customers/{id}", access.ManageCustomer, s.customerSent)
}

// customerKindWords name the six kinds.
var customerKindWords = map[sale.CustomerKind]string{
	sale.Company: "customers.company", sale.NonTaxable: "customers.nontaxable", sale.Public: "customers.public",
	sale.Consumer: "customers.consumer", sale.EUCompany: "customers.eu", sale.Foreign: "customers.foreign",
}

// customersShown are the customers on a page of the list.
const customersShown = 50

// customers lists the customers of an activity by name, with what each owes.
func (s *Server) customers(v *Visit) error {
	f := store.CustomerFilter{Activity: v.Activity, Q: clip(v.Query("q"), 100), Archived: v.Query("archived") != "", Limit: customersShown, After: v.Query("after")}
	if _, err := strconv.ParseInt(f.After, 10, 64); err != nil {
		f.After = ""
	}
	rows, err := s.office.Customers(v.Ctx(), v.Actor, f)
	if err != nil {
		return err
	}
	owed, err := s.office.OwedBy(v.Ctx(), v.Actor, v.Activity, 0)
	if err != nil {
		return err
	}
	h, err := v.House()
	if err != nil {
		return err
	}
	p, base := v.P, v.URL("a", v.Activity, "customers")
	page := Page{Title: p.T("customers.title"), Section: "customers", Main: "narrow"}
	if !v.Actor.Owns(v.Activity) {
		page.Section, page.Team = "activities", true
	}
	m := &markup{b: make([]byte, 0, 4<<10+len(rows)*500)}
	m.raw(`<div class="head"><div>`)
	if !v.Actor.Owns(v.Activity) {
		m.backTo(v, h.ActivityName(v.Activity))
	}
	m.raw(`<h1 class="ttl">`).text(p.T("customers.title")).raw("</h1></div>")
	if v.can(access.ManageCustomer, v.Activity) {
		m.raw(`<div class="deskact both">`).button(Link{p.T("customers.new"), base + "/new", "plus"}, "b go").raw("</div>")
	}
	m.raw("</div>")
	if len(rows) == 0 && f.Q == "" && f.After == "" && !f.Archived {
		e := Empty{Title: p.T("customers.none"), Text: p.T("customers.none_about")}
		if v.can(access.ManageCustomer, v.Activity) {
			e.Acts = []Link{{p.T("customers.new"), base + "/new", "plus"}}
		}
		return v.Blocks(page, m.put(e.HTML()).html())
	}
	m.raw(`<form class="find" role="search" action="`).text(base).raw(`">`)
	m.findField("q", "search", p.T("customers.find"), f.Q, p.T("customers.find_hint"))
	m.raw(`<button class="b">`).icon("search").text(p.T("sales.look")).raw("</button>")
	if f.Q != "" {
		m.raw(`<a class="lk" href="`).text(v.With("q", "", "after", "")).raw(`">`).text(p.T("sales.clear")).raw("</a>")
	}
	m.raw("</form>")
	if len(rows) == 0 {
		m.put(Empty{Title: p.T("customers.none_such"), Text: p.T("customers.none_such_about")}.HTML())
	} else {
		var l List
		for _, c := range rows {
			i := Item{Icon: customerIcons[c.Kind], Name: c.FullName(), Href: v.URL("customers", c.ID), About: v.customerAbout(c)}
			if o := owed[c.ID]; o.Amount != 0 {
				i.Amount, i.Why = new(o.Amount), v.URL("a", v.Activity, "sales")+"?kind=invoice&state=unpaid&customer="+strconv.FormatInt(c.ID, 10)
				if o.Late > 0 {
					i.Status = Status{Tone: ToneLate, Text: p.T("customers.late", "n", o.Late)}
				}
			}
			l.Items = append(l.Items, i)
		}
		m.raw(`<div data-rows>`).list(p, l).raw("</div>")
	}
	m.raw(`<nav class="pager"`).attr("aria-label", p.T("web.pages")).raw(`><a class="lk" href="`)
	if f.Archived {
		m.text(v.With("archived", "", "after", "")).raw(`">`).text(p.T("customers.hide_archived"))
	} else {
		m.text(v.With("archived", "1", "after", "")).raw(`">`).text(p.T("customers.show_archived"))
	}
	m.raw(`</a><span class="acts">`)
	if v.can(access.ViewCustomer, v.Activity) {
		label := "customers.file"
		if !v.Actor.Owns(v.Activity) {
			label = "customers.file_for"
		}
		m.raw(`<form method="post" action="`).text(base).raw(`/file"><button class="b">`).icon("download").text(p.T(label)).raw("</button></form>")
	}
	if f.After != "" {
		m.raw(`<a class="b" href="`).text(v.With("after", "")).raw(`">`).text(p.T("customers.begin")).raw("</a>")
	}
	if len(rows) == customersShown {
		m.raw(`<a class="b" rel="next" href="`).text(v.With("after", strconv.FormatInt(rows[len(rows)-1].ID, 10))).raw(`">`).text(p.T("customers.further")).icon("chevron-right").raw("</a>")
	}
	m.raw("</span></nav>")
	return v.Blocks(page, m.html())
}

var customerIcons = map[sale.CustomerKind]string{
	sale.Company: "building-store", sale.NonTaxable: "users-group", sale.Public: "building-bank", sale.Consumer: "user", sale.EUCompany: "world", sale.Foreign: "world",
}

// customerAbout is the kind and the town.
func (v *Visit) customerAbout(c sale.Customer) string {
	parts := []string{v.P.T(customerKindWords[c.Kind])}
	if c.Address.City != "" {
		parts = append(parts, c.Address.City)
	}
	if c.Archived {
		parts = append(parts, v.P.T("customers.archived"))
	}
	if c.Ceased != 0 {
		parts = append(parts, v.P.T("customers.ceased_since", "on", c.Ceased))
	}
	return strings.Join(parts, " · ")
}

// customerPage is a customer's form, and what it belongs to.
type customerPage struct {
	F         *Form
	Customer  sale.Customer
	Action    string
	Draft     int64 // the document that waits for this customer
	Asked     string
	Companies []store.Company
	Owed      store.Owing
	OwedOwn   []i18n.Sum // of it, in other currencies
	Docs      []Item
	ToInvoice []Item        // accepted quotes of which something remains to be invoiced
	Ahead     *aheadForm    // what they have sent ahead of any invoice
	Like      sale.Customer // already there, and most likely the same
	Edit      bool          // the form stands open
	CanEdit   bool
	More      bool              // documents beyond those shown
	Refused   *Form             // a refund that was
	Refund    *refundForm       // of what is kept in advance
	Refunds   []Item            // what was given back
	Pause     *Form             // one that was refused
	Agreed    string            // the delay that documents propose, and whose it is
	Habit     []string          // how they pay
	Reminds   customerReminders // what was said of what is owed
	Penalise  string            // where what they owe for being late is asked
}

// newCustomer is the form of a new customer, filled by what the cooperative knows of a company when its SIREN is given.
func (s *Server) newCustomer(v *Visit) error {
	d := &customerPage{F: v.NewForm(), Asked: clip(v.Query("q"), 80), Edit: true}
	kind := sale.CustomerKind(v.Query("kind"))
	if !kind.Known() {
		kind = sale.Company
	}
	d.F.Set("kind", string(kind))
	d.F.values.Set("name", v.Query("name"))
	d.Draft, _ = strconv.ParseInt(v.Query("draft"), 10, 64)
	if siren := v.Query("siren"); siren != "" {
		c, known, err := s.office.Company(v.Ctx(), v.Actor, v.Activity, siren)
		if err != nil {
			return err
		}
		if known {
			fillCompany(d.F, c)
		}
	} else if siren := sirenIn(d.Asked); siren != "" {
		c, known, err := s.office.Company(v.Ctx(), v.Actor, v.Activity, siren)
		if err != nil {
			return err
		}
		if known {
			d.Companies = []store.Company{c}
		} else {
			d.F.Set("siren", siren)
		}
	}
	return v.showCustomer(d, http.StatusOK)
}

// sirenIn returns the whole SIREN that a text is, or begins with as a SIRET does; otherwise "".
func sirenIn(text string) string {
	digits := coop.Digits(text)
	if len(digits) == 14 && coop.ValidSIRET(digits) {
		digits = digits[:9]
	}
	if !coop.ValidSIREN(digits) {
		return ""
	}
	return digits
}

// SIRENAsked says whether what was looked up is a whole SIREN.
func (d *customerPage) SIRENAsked() bool { return sirenIn(d.Asked) != "" }

// fillCompany writes a public identity into the form.
func fillCompany(f *Form, c store.Company) {
	f.Set("name", c.Name).Set("siren", c.SIREN).Set("siret", c.SIRET).Set("vatNumber", c.VATNumber)
	fillAddress(f, "address", c.Address)
}

func fillAddress(f *Form, name string, a coop.Address) {
	f.Set(name+".line1", a.Line1).Set(name+".line2", a.Line2).Set(name+".zip", a.Zip).Set(name+".city", a.City).Set(name+".country", a.Country)
}

func fillCustomer(f *Form, c sale.Customer) {
	f.Set("kind", string(c.Kind)).Set("name", c.Name).Set("firstName", c.FirstName).Set("siren", c.SIREN).Set("siret", c.SIRET).Set("vatNumber", c.VATNumber).
		Set("email", c.Email).Set("phone", c.Phone).Set("contact", c.Contact).Set("notes", c.Notes).Set("serviceCode", c.ServiceCode).Set("contractRef", c.ContractRef).
		Set("needsService", c.NeedsService).Set("needsCommitment", c.NeedsCommitment).Set("needsContract", c.NeedsContract).Set("archived", c.Archived)
	f.setDelay("terms", c.Terms).Set("public", string(c.Public))
	if c.Ceased != 0 {
		f.Set("ceased", c.Ceased)
	}
	fillAddress(f, "address", c.Address)
	fillAddress(f, "delivery", c.Delivery)
}

// readCustomer reads the form. The kind decides what is kept: a private person has no number.
func readCustomer(f *Form, c sale.Customer) sale.Customer {
	c.Kind = sale.CustomerKind(f.Get("kind"))
	c.Name, c.Email, c.Phone, c.Contact, c.Notes = f.Text("name", 200), f.Text("email", 200), f.Text("phone", 200), f.Text("contact", 200), f.Text("notes", 4000)
	c.Address, c.Delivery = readAddress(f, "address"), readAddress(f, "delivery")
	c.Archived, c.Ceased = f.Bool("archived"), 0
	c.Terms, c.Public = f.DelayCode("terms"), sale.Administration
	c.FirstName, c.SIREN, c.SIRET, c.VATNumber, c.ServiceCode, c.ContractRef = "", "", "", "", "", ""
	c.NeedsService, c.NeedsCommitment, c.NeedsContract = false, false, false
	switch c.Kind {
	case sale.Consumer:
		c.FirstName, c.Contact = f.Text("firstName", 200), ""
	case sale.Company:
		c.SIREN, c.VATNumber = coop.Digits(f.Text("siren", 40)), coop.Digits(f.Text("vatNumber", 40))
	case sale.NonTaxable:
		c.SIREN = coop.Digits(f.Text("siren", 40))
	case sale.Public:
		c.SIRET, c.ServiceCode, c.ContractRef = coop.Digits(f.Text("siret", 40)), f.Text("serviceCode", 200), f.Text("contractRef", 100)
		c.NeedsService, c.NeedsCommitment, c.NeedsContract = f.Bool("needsService"), f.Bool("needsCommitment"), f.Bool("needsContract")
		c.Public = sale.PublicBuyer(f.Get("public"))
		if len(c.SIRET) == 14 {
			c.SIREN = c.SIRET[:9]
		}
	case sale.EUCompany:
		c.VATNumber = coop.Digits(f.Text("vatNumber", 40))
	case sale.Foreign:
	}
	if c.Kind != sale.EUCompany && c.Kind != sale.Foreign {
		c.Address.Country = "FR"
	}
	if c.Kind != sale.Consumer && f.Get("ceased") != "" {
		c.Ceased = f.Day("ceased")
	}
	if c.Delivery.Line1 == "" && c.Delivery.Line2 == "" && c.Delivery.City == "" {
		c.Delivery = coop.Address{}
	} else if c.Delivery.Country == "" {
		c.Delivery.Country = c.Address.Country
	}
	return c
}

func readAddress(f *Form, name string) coop.Address {
	return coop.Address{Line1: f.Text(name+".line1", 200), Line2: f.Text(name+".line2", 200), Zip: f.Text(name+".zip", 20), City: f.Text(name+".city", 200), Country: strings.ToUpper(f.Get(name + ".country"))}
}

func (s *Server) newCustomerSent(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	return s.saveCustomer(v, f, sale.Customer{Activity: v.Activity})
}

func (s *Server) customerSent(v *Visit) error {
	c, err := v.customerAsked()
	if err != nil {
		return err
	}
	f, err := v.Form()
	if err != nil {
		return err
	}
	return s.saveCustomer(v, f, c)
}

// customerAsked reads the customer of the address; the page then belongs to its activity.
func (v *Visit) customerAsked() (sale.Customer, error) {
	return named(v, v.s.office.Customer, func(c sale.Customer) int64 { return c.Activity })
}

// named reads the thing whose id the address holds; the page then belongs to its activity.
func named[T any](v *Visit, read func(context.Context, access.Actor, int64) (T, error), activity func(T) int64) (T, error) {
	var none T
	id, err := v.ID("id")
	if err != nil {
		return none, err
	}
	x, err := read(v.Ctx(), v.Actor, id)
	if err == nil {
		v.Activity = activity(x)
	}
	return x, err
}

// saveCustomer keeps a customer, and goes back to the document that waited for it.
func (s *Server) saveCustomer(v *Visit, f *Form, old sale.Customer) error {
	d := &customerPage{F: f, Customer: old, Draft: f.ID("draft"), Edit: true}
	if old.ID != 0 {
		now := v.NewForm()
		fillCustomer(now, old)
		if err := v.since(f, now, nil, access.ManageCustomer, access.Subject{Activity: old.Activity}, thingOf("customer", old.ID), "customer.save"); err != nil {
			return err
		}
	}
	c := readCustomer(f, old)
	if !f.OK() {
		return v.showCustomer(d, http.StatusUnprocessableEntity)
	}
	if taken := f.ID("take"); taken != 0 && d.Draft != 0 { // the one that is already there
		c, err := s.office.Customer(v.Ctx(), v.Actor, taken)
		if err != nil {
			return err
		}
		return s.backToDraft(v, d.Draft, c)
	}
	var saved sale.Customer
	var err error
	switch {
	case old.ID != 0: // saving the same again changes nothing
		saved, err = s.office.ChangeCustomer(v.Ctx(), v.Actor, old, c)
	case f.Bool("another"):
		saved, err = s.office.SaveCustomer(v.Ctx(), v.Actor, c, f.Key)
	default:
		var repeats bool
		if saved, repeats, err = s.office.AddCustomer(v.Ctx(), v.Actor, c, f.Key); repeats {
			d.Like = saved
			return v.showCustomer(d, http.StatusUnprocessableEntity)
		}
	}
	if office.Changed(err) {
		return s.customerSent(v)
	}
	if err != nil {
		if !f.Take(err) {
			return err
		}
		return v.showCustomer(d, http.StatusUnprocessableEntity)
	}
	if d.Draft != 0 {
		return s.backToDraft(v, d.Draft, saved)
	}
	v.Say("customers.saved", "name", saved.FullName())
	if old.ID == 0 {
		return v.Go(v.URL("customers", saved.ID))
	}
	return v.Go(v.URL("customers", old.ID))
}

// backToDraft puts the customer on the draft that waited for it.
func (s *Server) backToDraft(v *Visit, draft int64, c sale.Customer) error {
	sheet, err := s.office.Document(v.Ctx(), v.Actor, draft)
	if err != nil {
		return err
	}
	if sheet.Doc.Customer != c.ID && editable(sheet.Doc) && sheet.Doc.Corrects == 0 {
		sheet.Doc.Customer = c.ID
		if sheet.Doc.Origin == 0 && sheet.Doc.Content.Gross == usuallyGross(sheet.Facts) { // nobody chose otherwise
			sheet.Doc.Content.Gross = sheet.Facts.Activity.Gross || c.Kind == sale.Consumer
		}
		if sheet.Doc.Origin == 0 {
			own := sheet.Facts
			own.Customer = c
			sale.FollowDelay(&sheet.Doc.Content, sheet.Facts, own)
			sale.FollowTaxes(&sheet.Doc.Content, sheet.Facts, own)
		}
		if sheet.Doc, err = s.office.SaveDraft(v.Ctx(), v.Actor, sheet.Doc, ""); err != nil {
			return err
		}
	}
	v.Say("customers.saved", "name", c.FullName())
	return v.Go(v.URL("sales", sheet.Doc.ID, "edit"))
}

// customerFor is where a draft sends for a customer: a new one ("" or a SIREN), or the one it has, to be completed.
func (v *Visit) customerFor(d sale.Document, name, what string) string {
	q := url.Values{"draft": {strconv.FormatInt(d.ID, 10)}}
	if what == "edit" && d.Customer != 0 {
		return v.URL("customers", d.Customer) + "?" + q.Encode() + "#fiche"
	}
	if siren := coop.Digits(what); coop.ValidSIREN(siren) {
		q.Set("siren", siren)
	} else if name != "" && d.Customer == 0 {
		q.Set("name", name)
	}
	return v.URL("a", d.Activity, "customers/new") + "?" + q.Encode()
}

// customer is a customer's page: what it owes, its documents, and its form.
func (s *Server) customer(v *Visit) error {
	c, err := v.customerAsked()
	if err != nil {
		return err
	}
	d := &customerPage{F: v.NewForm(), Customer: c}
	d.Draft, _ = strconv.ParseInt(v.Query("draft"), 10, 64)
	d.Edit = d.Draft != 0
	fillCustomer(d.F, c)
	d.F.Opened()
	return v.showCustomer(d, http.StatusOK)
}

// customerDocs are the documents on a customer's page.
const customerDocs = 20

func (v *Visit) showCustomer(d *customerPage, status int) error {
	p := v.P
	page := Page{Title: p.T("customers.new"), Section: "customers", Script: "sale.js", Status: status, Main: "narrow"}
	if !v.Actor.Owns(v.Activity) {
		page.Section = "activities"
	}
	d.Action, d.CanEdit = v.URL("a", v.Activity, "customers/new"), v.can(access.ManageCustomer, v.Activity)
	if d.Customer.ID == 0 {
		return v.Show("customer", page, d)
	}
	page.Title, page.Main, d.Action = d.Customer.FullName(), "", v.URL("customers", d.Customer.ID)
	owed, err := v.s.office.OwedBy(v.Ctx(), v.Actor, v.Activity, d.Customer.ID)
	if err != nil {
		return err
	}
	d.Owed = owed[d.Customer.ID]
	if d.Owed.Amount != 0 && v.can(access.ViewCustomer, v.Activity) {
		open, _, err := v.s.office.CustomerOpen(v.Ctx(), v.Actor, d.Customer.ID)
		if err != nil {
			return err
		}
		for _, inv := range open {
			left, currency := sale.Owing(inv)
			d.OwedOwn = office.AddOwn(d.OwedOwn, left, currency)
		}
	}
	if d.Refund, err = v.refundOf(d.Customer, d.Refused); err != nil {
		return err
	}
	if d.Refunds, err = v.refundsOf(d.Customer); err != nil {
		return err
	}
	if d.Reminds, err = v.remindersOf(d.Customer.ID, v.Activity, 0, d.Pause); err != nil {
		return err
	}
	if d.Penalise, err = v.penaliseHref(d.Customer); err != nil {
		return err
	}
	if err := v.customerPays(d); err != nil {
		return err
	}
	rows, sum, err := v.s.office.Sales(v.Ctx(), v.Actor, store.SaleFilter{Activity: v.Activity, Customer: d.Customer.ID, Limit: customerDocs})
	if err != nil {
		return err
	}
	h, err := v.House()
	if err != nil {
		return err
	}
	words := newStateWords(v, h)
	for i := range rows {
		r := &rows[i]
		about := r.Title
		if r.Day != 0 {
			about = strings.TrimSuffix(p.Day(r.Day)+" · "+about, " · ")
		}
		gross := r.Gross
		if r.Kind == sale.CreditNote {
			gross = -gross
		}
		d.Docs = append(d.Docs, Item{Name: v.kindOf(*r), Href: v.URL("sales", r.ID), About: about, Amount: new(gross), Why: v.URL("sales", r.ID), Status: words.of(r)})
	}
	d.More = sum.Count > len(rows)
	deals, err := v.s.office.ToInvoice(v.Ctx(), v.Actor, v.Activity, d.Customer.ID)
	if err != nil {
		return err
	}
	d.ToInvoice = v.toInvoiceItems(deals)
	if d.Ahead, err = v.aheadOf(d.Customer, deals); err != nil {
		return err
	}
	return v.Show("customer", page, d)
}

// suggestCustomers answers what is being typed: one's own customers, and the company that the cooperative knows by a whole
// SIREN.
func (s *Server) suggestCustomers(v *Visit) error {
	d := struct {
		Own       []sale.Customer
		Companies []store.Company
		Name      string
	}{Name: clip(v.Query("q"), 80)}
	page := "sale_form"
	if v.Query("shape") == quickShape {
		page = "sale_quick"
	}
	if len([]rune(d.Name)) < 2 {
		return v.Part(page, "suggest", d)
	}
	var err error
	if d.Own, err = s.office.Customers(v.Ctx(), v.Actor, store.CustomerFilter{Activity: v.Activity, Q: d.Name, Limit: 8}); err != nil {
		return err
	}
	if siren := sirenIn(d.Name); siren != "" && !slices.ContainsFunc(d.Own, func(o sale.Customer) bool { return coop.Digits(o.SIREN) == siren }) {
		c, known, err := s.office.Company(v.Ctx(), v.Actor, v.Activity, siren)
		if err != nil {
			return err
		}
		if known {
			d.Companies = []store.Company{c}
		}
	}
	return v.Part(page, "suggest", d)
}

// Kinds are the six kinds of customer.
func (s screen) Kinds() []Option {
	var list []Option
	for _, k := range sale.CustomerKinds() {
		list = append(list, Option{Value: string(k), Label: s.P.T(customerKindWords[k])})
	}
	return list
}

// KindAbout says what a kind of customer means for the documents.
func (s screen) KindAbout(k string) string { return s.P.T(customerKindAbout[sale.CustomerKind(k)]) }

var customerKindAbout = map[sale.CustomerKind]string{
	sale.Company: "customers.company_about", sale.NonTaxable: "customers.nontaxable_about", sale.Public: "customers.public_about",
	sale.Consumer: "customers.consumer_about", sale.EUCompany: "customers.eu_about", sale.Foreign: "customers.foreign_about",
}

// KindWord names the kind of a customer.
func (s screen) KindWord(k sale.CustomerKind) string { return s.P.T(customerKindWords[k]) }

// Owes says whose customer it is that owes.
func (s screen) Owes() string {
	if s.Actor.Owns(s.Activity) {
		return s.P.T("customers.owes")
	}
	return s.P.T("customers.owes_team")
}

// OwedLate says how many invoices of a customer are late.
func (s screen) OwedLate(n int) string { return s.P.T("customers.late", "n", n) }

// OwedOwn says what of it is in other currencies.
func (s screen) OwedOwn() string {
	d, ok := s.D.(*customerPage)
	if !ok {
		return ""
	}
	return ownWords(s.P, "", d.OwedOwn)
}

// OwedURL lists what a customer owes.
func (s screen) OwedURL(customer int64) string {
	return s.URL("a", s.Activity, "sales") + "?kind=invoice&state=unpaid&customer=" + strconv.FormatInt(customer, 10)
}

// Tel is the address that dials a number.
func (s screen) Tel(phone string) template.URL { return Contact{Phone: phone}.Tel() }

// Sheet is what is known of a customer, for who may read and not write.
func (s screen) Sheet() []sale.Pair {
	d, ok := s.D.(*customerPage)
	if !ok {
		return nil
	}
	c := d.Customer
	var list []sale.Pair
	for _, x := range [][2]string{
		{"customers.siren", coop.GroupSIREN(c.SIREN)}, {"customers.siret", coop.GroupSIRET(c.SIRET)}, {"customers.vat_number", c.VATNumber}, {"customers.contact", c.Contact}, {"customers.phone", c.Phone}, {"customers.email", c.Email},
		{"customers.address", strings.Join(slices.DeleteFunc([]string{c.Address.Line1, c.Address.Line2, strings.TrimSpace(c.Address.Zip + " " + c.Address.City)}, func(t string) bool { return t == "" }), ", ")},
	} {
		if x[1] != "" {
			list = append(list, sale.Pair{Label: s.P.T(x[0]), Value: x[1]})
		}
	}
	return list
}
