package web_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"essaim/access"
	"essaim/activity"
	"essaim/coop"
	"essaim/date"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/internal/web"
	"essaim/internal/web/webtest"
	"essaim/ledger"
	"essaim/member"
	"essaim/money"
	"essaim/sale"
)

// walk is the house with something behind every kind of address, made anew for each sending: a deed changes what it is
// done to.
type walk struct {
	*webtest.House
	t        *testing.T
	customer int64
	entry    int64
	payment  int64
	draft    int64
	waits    int64 // an invoice that waits to be read
	policy   int64
	piece    int64  // attached to the customer
	logo     string // of the papers of the activity
	record   int64  // takings of a day

	announcement int64
	people       int
	pieces       int
	away         date.Day // days ahead that absences are declared for so far
}

func newWalk(t *testing.T) *walk {
	w := &walk{House: webtest.Start(t), t: t}
	maelle, system := w.Actor("maelle"), w.system()
	c, err := w.Office.SaveCustomer(t.Context(), maelle, sale.Customer{
		Activity: webtest.Ceramique, Kind: sale.Company, Name: "Brindille d’Orge", SIREN: "552032534", Email: "compta@brindille.example",
		Address: coop.Address{Line1: "2 rue des Tanneurs", Zip: "69001", City: "Lyon", Country: "FR"},
	}, "")
	w.must(err)
	w.customer = c.ID
	_, now, err := w.Office.Settings(t.Context(), system)
	w.must(err)
	now.Trust.FirstInvoices, now.Trust.CreditAbove, now.Trust.Quotes = 10_000, 0, true // everything is read: the walk needs documents that wait
	rule, err := office.RuleOf(coop.RuleTrust, "", storetest.Today, now.Trust, "CA du 20 novembre 2026")
	w.must(err)
	_, err = w.Office.SaveRule(t.Context(), system, rule)
	w.must(err)
	rule, err = office.RuleOf(coop.RuleContribution, "Dix pour cent", storetest.Today, activity.Policy{
		Name: "Dix pour cent", Base: activity.Invoiced, When: activity.AtInvoice, Scales: []activity.Scale{{Brackets: []activity.Bracket{{Rate: 10 * money.Percent}}}},
	}, "AG du 12 juin 2019, résolution 4")
	w.must(err)
	rule, err = w.Office.SaveRule(t.Context(), system, rule)
	w.must(err)
	w.policy = rule.ID
	w.draft, w.waits, w.payment, w.entry = w.newDraft(), w.newWaiting(), w.newPayment(), w.newEntry()
	w.record, w.announcement = w.newTaking().ID, w.newAnnouncement().ID
	w.piece = w.newPiece()
	look, err := w.Office.SaveLook(t.Context(), w.Actor("maelle"), webtest.Ceramique, activity.Look{Accent: "#1f6f5c"}, aPNG(t), false)
	w.must(err)
	w.logo = look.Logo
	return w
}

func (w *walk) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *walk) system() access.Actor {
	a, err := w.Office.System(w.t.Context(), w.Coop.ID)
	w.must(err)
	return a
}

func (w *walk) newDraft() int64 {
	d, err := w.Office.SaveDraft(w.t.Context(), w.Actor("maelle"), sale.Document{Kind: sale.Invoice, Activity: webtest.Ceramique, Customer: w.customer, Content: sale.Content{
		Title: "Vaisselle", DueDays: 30, Delivered: storetest.Today, Lines: []sale.Line{{Label: "Assiettes", Nature: "service", Quantity: money.Unit, Price: money.Cents(100_00).Micro(), Tax: "S20"}},
	}}, "")
	w.must(err)
	return d.ID
}

func (w *walk) newPiece() int64 {
	w.pieces++
	p, err := w.Office.Attach(w.t.Context(), w.Actor("maelle"), "customer:"+strconv.FormatInt(w.customer, 10), "agreement", aPDF("walk "+strconv.Itoa(w.pieces)))
	w.must(err)
	return p.ID
}

func (w *walk) newWaiting() int64 {
	d, err := w.Office.Submit(w.t.Context(), w.Actor("maelle"), w.newDraft(), 0)
	w.must(err)
	if d.Status != sale.Submitted {
		w.t.Fatalf("the invoice is %s, the walk wants one that waits", d.Status)
	}
	return d.ID
}

// newRun is a run of Maëlle's that nobody has begun.
func (w *walk) newRun() int64 {
	run, err := w.Office.SubmitAll(w.t.Context(), w.Actor("maelle"), webtest.Ceramique, []int64{w.newDraft()}, "")
	w.must(err)
	return run.ID
}

func (w *walk) newProduct() int64 {
	p, err := w.Office.SaveProduct(w.t.Context(), w.Actor("maelle"), sale.Product{
		Activity: webtest.Ceramique, Label: "Bol", Lines: []sale.Line{{Label: "Bol tourné", Nature: "made", Quantity: money.Unit, Price: money.Cents(12_50).Micro(), Tax: "G20"}},
	}, "")
	w.must(err)
	return p.ID
}

// newSubscription began in September and was never invoiced.
func (w *walk) newSubscription() int64 {
	s, err := w.Office.SaveSubscription(w.t.Context(), w.Actor("maelle"), sale.Subscription{
		Activity: webtest.Ceramique, Customer: w.customer, Months: 1, First: date.MustParse("2026-09-01"), Day: 1,
		Content: sale.Content{Title: "Location du four", DueDays: 30, Lines: []sale.Line{{Label: "Four, {mois}", Nature: "service", Quantity: money.Unit, Price: money.Cents(80_00).Micro(), Tax: "S20"}}},
	}, "")
	w.must(err)
	return s.ID
}

// newReview is an invoice that was picked to be read afterwards.
func (w *walk) newReview() int64 {
	d, err := w.Office.Validate(w.t.Context(), w.Actor("nadia"), w.newWaiting(), 0)
	w.must(err)
	w.must(w.Office.DB().Write(w.t.Context(), w.Coop.ID, func(tx *store.Tx) error { return tx.AddReview(&d) }))
	return d.ID
}

// newAbsence is one of Jean's, in days to come that no other one has.
func (w *walk) newAbsence() int64 {
	w.away += 10
	x, err := w.Office.SaveAbsence(w.t.Context(), w.system(), member.Absence{Person: w.Actor("jean").Person, Substitute: w.Actor("samira").Person, From: storetest.Today + w.away, Until: storetest.Today + w.away + 5})
	w.must(err)
	return x.ID
}

// lateCustomer is a customer who has an invoice a month late.
func (w *walk) lateCustomer() int64 {
	id := w.newUnpaid(0)
	w.must(w.Office.DB().Write(w.t.Context(), w.Coop.ID, func(tx *store.Tx) error {
		d, err := tx.Sale(id)
		if err != nil {
			return err
		}
		d.Due = storetest.Today - 60
		return tx.SaveSale(&d)
	}))
	return w.customer
}

// newReminder is a letter that nobody has posted.
func (w *walk) newReminder() int64 {
	id := w.lateCustomer()
	address := func(email string) (was string) {
		w.must(w.Office.DB().Write(w.t.Context(), w.Coop.ID, func(tx *store.Tx) error {
			c, err := tx.Customer(id)
			if err != nil {
				return err
			}
			was, c.Email = c.Email, email
			return tx.SaveCustomer(&c)
		}))
		return was
	}
	was := address("")
	_, err := w.Office.Remind(w.t.Context(), w.Actor("jean"), id)
	w.must(err)
	address(was)
	all, err := w.Office.ReminderHistory(w.t.Context(), w.Actor("jean"), store.ReminderFilter{Limit: 1})
	w.must(err)
	return all[0].ID
}

func (w *walk) newPause() int64 {
	p, err := w.Office.PauseReminders(w.t.Context(), w.Actor("maelle"), store.Pause{Customer: w.customer, Sale: w.newUnpaid(0), Until: storetest.Today + 10, Reason: sale.Promise})
	w.must(err)
	return p.ID
}

// newSoonRule is a rule of tomorrow.
func (w *walk) newSoonRule() int64 {
	_, now, err := w.Office.Settings(w.t.Context(), w.system())
	w.must(err)
	r, err := office.RuleOf(coop.RuleTrust, "", storetest.Today+1, now.Trust, "CA")
	w.must(err)
	r, err = w.Office.SaveRule(w.t.Context(), w.system(), r)
	w.must(err)
	return r.ID
}

func (w *walk) newPayment() int64 {
	d, err := w.Office.Validate(w.t.Context(), w.Actor("nadia"), w.newWaiting(), 0)
	w.must(err)
	p, err := w.Office.Receive(w.t.Context(), w.Actor("jean"), sale.Payment{
		Customer: w.customer, Date: storetest.Today, Amount: d.Totals.Gross, Means: sale.Transfer, Allocations: []sale.Allocation{{Invoice: d.ID, Amount: d.Totals.Gross}},
	}, "")
	w.must(err)
	return p.ID
}

func (w *walk) newEntry() int64 {
	e, err := w.Office.PostEntry(w.t.Context(), w.Actor("irene"), ledger.Entry{Journal: ledger.JournalMisc, Date: storetest.Today, DocDate: storetest.Today, Ref: "OD", Label: "Assurance", Lines: []ledger.Line{
		{Account: "616", Section: webtest.Paysage, Amount: 10_00}, {Account: "512", Section: webtest.Paysage, Amount: -10_00},
	}}, "")
	w.must(err)
	return e.ID
}

func (w *walk) newPerson() (person, contract int64) {
	w.people++
	p, err := w.Office.AddPerson(w.t.Context(), w.system(), member.Person{
		FirstName: "Camille", LastName: "Passage", Email: "camille" + strconv.Itoa(w.people) + "@trame.example", Lang: "fr", Grants: []member.Grant{{Role: member.Entrepreneur, From: storetest.Today}},
	}, "")
	w.must(err)
	c, err := w.Office.SaveContract(w.t.Context(), w.system(), member.Contract{Person: p.ID, Kind: member.CESA, Start: storetest.Today})
	w.must(err)
	return p.ID, c.ID
}

// need is what an address asks for: each in turn, the first that is not allowed is the answer.
type need struct {
	action access.Action
	on     access.Subject
}

// of returns the address of a route filled with something real, and what it asks for.
func (w *walk) of(rt web.Route) (path string, needs []need) {
	post := rt.Method == http.MethodPost
	year := access.Subject{Year: storetest.Year2026}
	mine := access.Subject{Activity: webtest.Ceramique, Year: storetest.Year2026}
	doc := access.Subject{Activity: webtest.Ceramique, Author: w.Actor("maelle").Person, Kind: string(sale.Invoice)} // a draft is of no year
	id, contract := int64(0), int64(0)
	pick := func(shown int64, fresh func() int64) {
		if id = shown; post {
			id = fresh()
		}
	}
	payNeeds, pay := w.payFileNeeds(rt, &id)
	switch p := strings.TrimPrefix(rt.Pattern, "/{coop}"); {
	case pay:
		needs = payNeeds
	case p == "/", p == "/search", p == "/runs", strings.HasPrefix(p, "/year-choice"):
	case strings.HasPrefix(p, "/products/{id}"):
		id = w.newProduct()
		on := access.Subject{Activity: webtest.Ceramique, Kind: string(sale.Quote)}
		needs = []need{{access.ViewDocument, on}, {rt.Action, on}}
	case strings.HasPrefix(p, "/subscriptions/{id}"):
		id = w.newSubscription()
		on := access.Subject{Activity: webtest.Ceramique, Kind: string(sale.Invoice)}
		needs = []need{{access.ViewDocument, on}, {rt.Action, on}}
	case strings.HasPrefix(p, "/runs/{id}"):
		id = w.newRun()
		needs = []need{{access.ViewDocument, access.Subject{Activity: webtest.Ceramique}}}
		if post { // who started it, alone
			needs = append(needs, need{access.SubmitDocument, access.Subject{Activity: webtest.Ceramique}})
		}
	case p == "/a/{activity}/owed", p == "/a/{activity}/owed.csv", p == "/a/{activity}/reminders/sent": // today, of no year
		needs = []need{{rt.Action, access.Subject{Activity: webtest.Ceramique}}}
	case p == "/a/{activity}/to-invoice": // quotes are of no year
		needs = []need{{rt.Action, access.Subject{Activity: webtest.Ceramique}}}
	case p == "/a/{activity}/logo": // who chooses it, or who sees the documents that bear it: see below
		rt.Pattern += "?sha=" + w.logo
	case strings.HasPrefix(p, "/a/{activity}/pay"):
		paySetUp(w.t, w.House)
		if strings.Contains(p, "{id}") {
			id = w.newPayRequest()
		}
		needs = []need{{access.AskPay, access.Subject{Person: w.Actor("maelle").Person}}}
	case p == "/payslips": // one's own: see below
	case strings.HasPrefix(p, "/payslips/{id}"):
		id = newPayslip(w.t, w.House).ID
		needs = []need{{access.ViewPay, access.Subject{Person: w.Actor("maelle").Person}}}
	case strings.HasPrefix(p, "/a/{activity}/"):
		needs = []need{{rt.Action, mine}}
	case strings.HasPrefix(p, "/sales/{id}"):
		pick(w.draft, w.newDraft)
		needs = []need{{access.ViewDocument, doc}, {rt.Action, doc}}
	case strings.HasPrefix(p, "/customers/{id}"):
		id = w.customer
		needs = []need{{access.ViewCustomer, mine}, {rt.Action, mine}}
	case strings.HasPrefix(p, "/internal/{id}"):
		id = w.newInternal()
	case strings.HasPrefix(p, "/deals/{id}"):
		id = w.newDeal()
	case p == "/desk":
		needs = []need{{access.ReadDesk, access.Subject{}}}
	case strings.HasPrefix(p, "/desk/{id}"):
		pick(w.waits, w.newWaiting)
		needs = []need{{access.ReadDesk, access.Subject{}}, {access.ViewDocument, doc}}
		if post {
			needs = append(needs, need{access.ValidateDocument, doc})
		}
	case strings.HasPrefix(p, "/reviews/{id}"):
		id = w.newReview()
		needs = []need{{access.ReadDesk, access.Subject{}}, {access.ValidateDocument, doc}}
	case p == "/absences": // one's own, or anyone's: see below
	case strings.HasPrefix(p, "/absences/{id}"):
		id = w.newAbsence()
		needs = []need{{access.DeclareAbsence, access.Subject{Person: w.Actor("jean").Person}}}
	case p == "/payments", p == "/payments.csv":
		needs = []need{{access.ViewDocument, year}}
	case p == "/payments/new":
		needs = []need{{access.RecordPayment, year}}
	case strings.HasPrefix(p, "/payments/{id}"):
		pick(w.payment, w.newPayment)
		needs = []need{{access.ViewDocument, mine}}
		if post {
			needs = append(needs, need{access.RecordPayment, mine})
		}
	case strings.HasPrefix(p, "/announcements/{id}"):
		pick(w.announcement, func() int64 { return w.newAnnouncement().ID })
		of := access.Subject{Activity: mine.Activity, Kind: access.Payment} // of no year: nothing is booked yet
		needs = []need{{access.ViewDocument, of}, {access.RecordTaking, of}}
	case strings.HasPrefix(p, "/cash"):
		needs = []need{{access.RecordPayment, access.Subject{}}}
	case strings.HasPrefix(p, "/closings"):
		needs = []need{{access.ViewLedger, year}}
		if post {
			needs = append(needs, need{access.ClosePeriod, year})
		}
	case strings.HasPrefix(p, "/register/{id}"):
		pick(w.record, func() int64 { return w.newTaking().ID })
		needs = []need{{access.ViewDocument, mine}}
		if post {
			needs = append(needs, need{access.RecordTaking, mine})
		}
	case strings.HasPrefix(p, "/books/entries/{id}"):
		pick(w.entry, w.newEntry)
		needs = []need{{access.ViewLedger, year}}
		if post {
			needs = append(needs, need{access.PostEntry, access.Subject{Activity: webtest.Paysage, Year: storetest.Year2026}})
		}
	case strings.HasPrefix(p, "/books/fec/{year}"):
		needs = []need{{access.ExportFEC, year}}
	case strings.HasPrefix(p, "/books/"):
		needs = []need{{rt.Action, year}}
	case p == "/owed", p == "/owed.csv", p == "/reminders": // the whole house, or one's own: see below
	case p == "/reminders/sent":
		needs = []need{{access.ViewDocument, access.Subject{}}}
	case strings.HasPrefix(p, "/reminders/{id}"):
		id = w.newReminder()
		needs = []need{{rt.Action, access.Subject{Activity: webtest.Ceramique}}}
	case p == "/activities", p == "/activities.csv":
		needs = nil // the whole house, one's portfolio or the bare list: see below
	case strings.HasPrefix(p, "/activities/{id}"):
		id = webtest.Vitraux
		needs = []need{{access.ManageActivity, access.Subject{Activity: id}}}
	case p == "/pay-sent/{id}":
		id = w.newPaySent()
		needs = []need{{rt.Action, access.Subject{}}}
	case strings.HasPrefix(p, "/pay-returns/{id}"):
		id = w.newPayReturn()
		needs = []need{{rt.Action, access.Subject{}}}
	case strings.Contains(p, "{slip}"):
		id = w.payslip("2026-09", store.SlipOwn, store.SlipIssued).ID
		needs = []need{{access.ViewPay, access.Subject{Person: w.Actor("irene").Person}}}
	case strings.HasPrefix(p, "/pay/{month}/transfers/{id}"):
		id = w.newPayTransfer()
		needs = []need{{rt.Action, access.Subject{}}}
	case strings.HasPrefix(p, "/people/{id}"):
		id, contract = w.newPerson()
		needs = []need{{rt.Action, access.Subject{Person: id}}}
	case p == "/rules/withdraw/{id}":
		id = w.newSoonRule()
		needs = []need{{rt.Action, access.Subject{}}}
	case strings.HasPrefix(p, "/rules/policies/{id}"):
		id = w.policy
		needs = []need{{rt.Action, access.Subject{}}}
	case strings.HasPrefix(p, "/attached/{subject}"), strings.HasPrefix(p, "/attachments/{id}"):
		if strings.Contains(p, "{id}") {
			pick(w.piece, w.newPiece)
		}
		needs = []need{{access.ViewCustomer, mine}}
		if post {
			needs = append(needs, need{access.ManageCustomer, mine})
		}
	case rt.Action == "":
		w.t.Fatalf("%s %s: whom is it for? Tell the walk", rt.Method, rt.Pattern)
	default:
		needs = []need{{rt.Action, access.Subject{}}}
	}
	file := "utf8"
	if strings.Contains(rt.Pattern, "/statement/") {
		file = "2026-10.pdf"
	}
	if rt.Pattern == "/{coop}/pay-codes/{file}" {
		file = "variables.json"
	}
	kind := string(coop.RuleTrust)
	path = strings.NewReplacer("{coop}", webtest.Slug, "{activity}", strconv.Itoa(webtest.Ceramique), "{id}", strconv.FormatInt(id, 10), "{contract}", strconv.FormatInt(contract, 10),
		"{figure}", "cash", "{file}", file, "{subject}", "customer:"+strconv.FormatInt(w.customer, 10), "{year}", strconv.Itoa(storetest.Year2026), "{kind}", kind, "{month}", "2026-09", "{slip}", strconv.FormatInt(id, 10)).Replace(rt.Pattern)
	if strings.HasPrefix(rt.Pattern, "/{coop}/proofs/") {
		path = strings.Replace(path, "cash", "bank", 1)
	}
	if strings.Contains(path, "{") {
		w.t.Fatalf("%s: something of the address is not filled: %s", rt.Pattern, path)
	}
	return path, needs
}

// decide is what access says of an address.
func (w *walk) decide(a access.Actor, rt web.Route, needs []need) access.Decision {
	if strings.HasPrefix(rt.Pattern, "/{coop}/activities") && rt.Action == "" {
		for _, act := range []access.Action{access.ViewHouse, access.ViewPortfolio, access.ManageActivity} {
			if access.Can(a, act, access.Subject{Coop: a.Coop}) == access.Allowed {
				return access.Allowed
			}
		}
		return access.Absent
	}
	if strings.HasPrefix(rt.Pattern, "/{coop}/year-choice/{year}/{id}") { // nobody was asked
		return access.Absent
	}
	if d, ours := w.betweenTwo(a, rt); ours {
		return d
	}
	if d, ours := w.ownPay(a, rt); ours {
		return d
	}
	if rt.Pattern == "/{coop}/a/{activity}/logo" {
		on := access.Subject{Coop: w.Coop.ID, Activity: webtest.Ceramique}
		if access.Can(a, access.ManageLook, on) == access.Allowed {
			return access.Allowed
		}
		return access.Can(a, access.ViewDocument, on)
	}
	if rt.Pattern == "/{coop}/payslips" {
		needs = []need{{access.ViewPay, access.Subject{Person: a.Person}}}
	}
	if rt.Pattern == "/{coop}/absences" {
		needs = []need{{access.DeclareAbsence, access.Subject{Person: a.Person}}}
	}
	if p := strings.TrimSuffix(strings.TrimPrefix(rt.Pattern, "/{coop}"), ".csv"); p == "/owed" || p == "/reminders" {
		act := access.ViewDocument
		if p == "/reminders" {
			act = access.RemindCustomer
		}
		for _, id := range slices.Concat([]int64{0}, a.Activities, a.Portfolio) {
			if access.Can(a, act, access.Subject{Coop: w.Coop.ID, Activity: id}) == access.Allowed {
				return access.Allowed
			}
		}
		return access.Can(a, act, access.Subject{Coop: w.Coop.ID})
	}
	for _, n := range needs {
		n.on.Coop = w.Coop.ID
		if d := access.Can(a, n.action, n.on); d != access.Allowed {
			return d
		}
	}
	return access.Allowed
}

// Every address of the cooperative, with something real behind it, as everyone: the page answers exactly what access
// decides, what is absent says whom to ask, and someone of the cooperative next door finds nothing anywhere.
func TestAccessDecidesEveryAddress(t *testing.T) {
	w := newWalk(t)
	browsers, actors := map[string]*webtest.Browser{}, map[string]access.Actor{}
	for _, name := range append(webtest.Names(), "zoe") {
		browsers[name], actors[name] = w.As(name), w.Actor(name)
	}
	counted := map[access.Decision]int{}
	for _, rt := range w.Server.Routes() {
		if rt.Public || rt.Signed || strings.Contains(rt.Pattern, "/probe") {
			continue
		}
		for _, name := range append(webtest.Names(), "zoe") {
			path, needs := w.of(rt)
			want := w.decide(actors[name], rt, needs)
			if name == "zoe" {
				want = access.Absent
			}
			var p *webtest.Page
			if rt.Method == http.MethodGet {
				p = browsers[name].Get(path)
			} else {
				p = browsers[name].Post(path, url.Values{})
			}
			counted[want]++
			got := access.Allowed
			switch {
			case p.Status >= 500, p.Status == http.StatusUnauthorized:
				t.Errorf("%s %s as %s: %d\n%s", rt.Method, path, name, p.Status, p.Text())
				continue
			case p.Status == http.StatusNotFound:
				got = access.Absent
			case p.Status == http.StatusForbidden:
				got = access.Denied
			}
			if got != want {
				t.Errorf("%s %s as %s: %d (%s), access says %s\n%s", rt.Method, path, name, p.Status, got, want, p.Text())
			}
			if name != "zoe" && want != access.Allowed && !asks(p.Text()) {
				t.Errorf("%s %s as %s: does not say whom to ask\n%s", rt.Method, path, name, p.Text())
			}
		}
	}
	for _, d := range []access.Decision{access.Allowed, access.Denied, access.Absent} {
		if counted[d] < 50 {
			t.Errorf("only %d addresses %s", counted[d], d)
		}
	}
}

// The auditor of one year works in it: their pages begin there, its books, documents, payments and files open, the switch of
// years shows theirs alone; nothing of another year does, be it asked for by its address or by the search.
func TestAuditorOfOneYear(t *testing.T) {
	w := newWalk(t)
	paid, _, _, err := w.Office.Payment(t.Context(), w.system(), w.payment)
	w.must(err)
	invoice := paid.Allocations[0].Invoice
	e, err := w.Office.PostEntry(t.Context(), w.system(), ledger.Entry{Journal: ledger.JournalMisc, Date: storetest.Today - 365, DocDate: storetest.Today - 365, Ref: "OD-AN-PASSE", Label: "Assurance", Lines: []ledger.Line{
		{Account: "616", Section: webtest.Paysage, Amount: 77_77}, {Account: "512", Section: webtest.Paysage, Amount: -77_77},
	}}, "")
	w.must(err)
	before, year := storetest.Year2026-1, strconv.Itoa(storetest.Year2026)
	house := "/" + webtest.Slug
	sheet := house + "/sales/" + strconv.FormatInt(invoice, 10)
	opens := func(b *webtest.Browser, path string, words ...string) {
		t.Helper()
		b.Get(path).Want(t, http.StatusOK, words...)
	}
	shut := func(b *webtest.Browser, path string) {
		t.Helper()
		if p := b.Get(path); p.Status != http.StatusNotFound || !asks(p.Text()) {
			t.Errorf("%s: %d, wants an absent page that says whom to ask\n%s", path, p.Status, p.Text())
		}
	}
	of2026 := []string{
		sheet, sheet + "/pdf", house + "/payments/" + strconv.FormatInt(w.payment, 10), house + "/books/entries/" + strconv.FormatInt(w.entry, 10),
		house + "/books/balance?year=" + year, house + "/books/balance.csv?year=" + year, house + "/books/activities?year=" + year, house + "/books/ledger?account=616&year=" + year,
		house + "/books/journal?year=" + year, house + "/books/journal.csv?year=" + year,
	}
	of2025 := []string{
		house + "/books/entries/" + strconv.FormatInt(e.ID, 10), house + "/books/balance?year=" + strconv.Itoa(before), house + "/books/journal.csv?year=" + strconv.Itoa(before),
	}

	claire := w.As("claire")
	claire.Lang = "fr"
	if p := claire.Follow(claire.Get(house + "/")); p.Status != http.StatusOK || !strings.HasSuffix(p.Path, "/books/balance") {
		t.Fatalf("the day begins at %s with %d", p.Path, p.Status)
	}
	for _, path := range of2026 {
		opens(claire, path)
	}
	for _, path := range of2025 {
		shut(claire, path)
	}
	for of, want := range map[int]int{storetest.Year2026: http.StatusOK, before: http.StatusNotFound} {
		for _, file := range []string{"utf8", "sections"} {
			if p := claire.Post(house+"/books/fec/"+strconv.Itoa(of)+"/"+file, nil); p.Status != want {
				t.Errorf("the file %s of %d: %d", file, of, p.Status)
			}
		}
	}
	number := claire.Get(sheet).Text()
	number = number[strings.Index(number, "F-2026-"):][:len("F-2026-0001")]
	opens(claire, house+"/search?q="+number, number)
	opens(claire, house+"/a/"+strconv.Itoa(webtest.Ceramique)+"/sales", number)
	opens(claire, house+"/payments", "Brindille d’Orge")
	shut(claire, house+"/sales/"+strconv.FormatInt(w.draft, 10)) // of no year
	shut(claire, house+"/customers/"+strconv.FormatInt(w.customer, 10))
	shut(claire, house+"/audit")

	if p := claire.Get(house + "/books/balance"); strings.Contains(p.Body, "year="+strconv.Itoa(before)) {
		t.Error("the switch shows a year that does not open")
	}
	if p := claire.Get(house + "/books/fec"); strings.Contains(p.Body, "/fec/"+strconv.Itoa(before)+"/") || !strings.Contains(p.Body, "/fec/"+year+"/") {
		t.Error("the files offered are not those of the year")
	}

	// The same person with the year before instead.
	x, _, err := w.Office.Person(t.Context(), w.system(), w.Actor("claire").Person)
	w.must(err)
	x.Grants[0].Year = int64(before)
	_, err = w.Office.SavePerson(t.Context(), w.system(), x)
	w.must(err)
	for _, path := range of2026 {
		shut(claire, path)
	}
	for _, path := range of2025 {
		opens(claire, path)
	}
	opens(claire, house+"/books/balance", "77.77") // the latest of theirs, not today's
	opens(claire, house+"/books/journal", "OD-AN-PASSE")
	claire.Get(house+"/search?q="+number).Want(t, http.StatusOK).Without(t, "Vaisselle")
	claire.Get(house+"/a/"+strconv.Itoa(webtest.Ceramique)+"/sales").Want(t, http.StatusOK).Without(t, number)
	claire.Get(house+"/a/"+strconv.Itoa(webtest.Ceramique)+"/sales.csv").Want(t, http.StatusOK).Without(t, number)
	claire.Get(house+"/payments").Want(t, http.StatusOK).Without(t, "Brindille d’Orge", number)
	claire.Get(house+"/payments.csv").Want(t, http.StatusOK).Without(t, "Brindille d’Orge")

	// And once the grant has ended.
	x.Grants[0].Until = storetest.Today - 1
	_, err = w.Office.SavePerson(t.Context(), w.system(), x)
	w.must(err)
	for _, path := range append(of2026, of2025...) {
		if p := claire.Get(path); p.Status != http.StatusNotFound {
			t.Errorf("%s after the grant ended: %d", path, p.Status)
		}
	}
}

var linkOf = regexp.MustCompile(`href="([^"]*)"`)

// leadsTo are the addresses that a page leads to.
func leadsTo(body string) []string {
	var all []string
	for _, m := range linkOf.FindAllStringSubmatch(body, -1) {
		all = append(all, html.UnescapeString(m[1]))
	}
	return all
}

// A colleague's pay never opens: the joint activity shows it as one masked line, without a name, an entry or a way there.
func TestPayOfAColleagueStaysClosed(t *testing.T) {
	w := newWalk(t)
	lucie, err := w.Office.Worker(t.Context(), w.Actor("irene"), w.Actor("lucie").Person)
	w.must(err)
	pay, err := w.Office.PostEntry(t.Context(), w.system(), ledger.Entry{Journal: ledger.JournalPay, Date: storetest.Today, DocDate: storetest.Today, Ref: "PAIE-11", Label: "Paie de Lucie Tissot", Lines: []ledger.Line{
		{Account: "6411", Section: webtest.Trio, Amount: 1234_56, Label: "Salaire Lucie Tissot"}, {Account: "421", Section: webtest.Trio, Third: lucie.ID, Amount: -1234_56, Label: "Net Lucie Tissot"},
	}}, "")
	w.must(err)
	maelle := w.As("maelle")
	trio := "/" + webtest.Slug + "/a/" + strconv.Itoa(webtest.Trio)
	secret := []string{"Lucie Tissot", "PAIE-11", "entries/" + strconv.FormatInt(pay.ID, 10)}
	masked := 0
	seen := map[string]bool{}
	var open func(path string)
	open = func(path string) {
		if seen[path] {
			return
		}
		seen[path] = true
		p := maelle.Get(path)
		if p.Status != http.StatusOK {
			t.Errorf("%s: %d", path, p.Status)
			return
		}
		for _, s := range secret {
			if strings.Contains(p.Body, s) && !strings.Contains(path, "/customers") {
				t.Errorf("%s shows %q", path, s)
			}
		}
		if strings.Contains(path, "/why/") {
			n := strings.Count(p.Text(), "Rémunération d’un·e collègue")
			if n > 1 {
				t.Errorf("%s: %d masked lines, one hides how many there are", path, n)
			}
			masked += n
		}
		for _, href := range leadsTo(p.Body) {
			if strings.HasPrefix(href, trio+"/why/") || href == trio+"/moves" {
				open(href)
			}
		}
	}
	open(trio + "/")
	if masked == 0 {
		t.Error("no figure shows the masked line: the test proves nothing")
	}
	for _, path := range []string{"/books/journal", "/books/ledger", "/books/balance", "/books/entries/" + strconv.FormatInt(pay.ID, 10)} {
		if p := maelle.Get("/" + webtest.Slug + path); p.Status != http.StatusNotFound {
			t.Errorf("%s: %d", path, p.Status)
		}
	}
	// The one who pays sees it: the line is there, only hidden from the colleague.
	if p := w.As("paul").Get(trio + "/why/cash"); strings.Contains(p.Text(), "collègue") {
		t.Errorf("payroll meets the mask:\n%s", p.Text())
	}
}
