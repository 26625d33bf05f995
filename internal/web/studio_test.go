package web_test

import (
	"html"
	"regexp"
	"strings"
	"testing"
	"time"

	"essaim/access"
	"essaim/activity"
	"essaim/coop"
	"essaim/date"
	"essaim/internal/office"
	"essaim/internal/web/webtest"
	"essaim/ledger"
	"essaim/money"
	"essaim/sale"
)

// studio is the cooperative of the tests with a few months in Maëlle's activity: an invoice paid in part and late, one
// paid, one to come, purchases, pay, a quote agreed, a document sent back, one being read and a draft.
type studio struct {
	*webtest.House
	t         testing.TB
	company   sale.Customer
	town      sale.Customer
	odile     sale.Customer
	late      sale.Document
	paid      sale.Document
	owed      sale.Document
	agreed    sale.Document
	returned  sale.Document
	submitted sale.Document
	draft     sale.Document
	payment   sale.Payment
	workers   map[string]int64
}

func newStudio(t testing.TB) *studio {
	t.Helper()
	s := &studio{House: webtest.Start(t), t: t, workers: map[string]int64{}}
	system, err := s.Office.System(t.Context(), s.Coop.ID)
	s.must(err)
	policy := activity.Policy{Name: "Dix pour cent", Base: activity.Collected, When: activity.AtReceipt, Scales: []activity.Scale{{Brackets: []activity.Bracket{{Rate: 10 * money.Percent}}}}}
	rule, err := office.RuleOf(coop.RuleContribution, policy.Name, date.MustParse("2020-01-01"), policy, "AG du 12 juin 2019, résolution 4")
	s.must(err)
	rule, err = s.Office.SaveRule(t.Context(), system, rule)
	s.must(err)
	act, err := s.Office.Activity(t.Context(), system, webtest.Ceramique)
	s.must(err)
	act.Policy, act.PolicyFrom = rule.ID, date.MustParse("2026-01-01")
	_, err = s.Office.SaveActivity(t.Context(), system, act)
	s.must(err)

	for _, who := range []string{"maelle", "malo", "lucie"} {
		third, err := s.Office.Worker(t.Context(), s.as("irene"), s.as(who).Person)
		s.must(err)
		s.workers[who] = third.ID
	}
	s.day("2026-09-10")
	s.company = s.customer(sale.Customer{Kind: sale.Company, Name: "Brindille d’Orge", SIREN: "732829320", Email: "compta@brindille.example", Address: coop.Address{Line1: "2 rue des Tanneurs", Zip: "69001", City: "Lyon", Country: "FR"}})
	s.odile = s.customer(sale.Customer{Kind: sale.Consumer, FirstName: "Odile", Name: "Martin", Email: "odile@courriel.example", Address: coop.Address{Line1: "3 rue des Lilas", Zip: "69004", City: "Lyon", Country: "FR"}})
	s.town = s.customer(sale.Customer{Kind: sale.Public, Name: "Commune de Valmorence", SIREN: "404833048", SIRET: "40483304800022", NeedsCommitment: true, Contact: "Jeanne Roy", Phone: "04 00 00 00 09", Address: coop.Address{Line1: "Place de la Mairie", Zip: "69700", City: "Valmorence", Country: "FR"}})
	s.late = s.invoice(s.company, "Bols et théières", 1000_00)
	s.day("2026-10-05")
	s.paid = s.invoice(s.odile, "Service à thé", 2500_00)
	s.day("2026-10-20")
	s.payment = s.pay(s.paid, 3000_00)
	s.pay(s.late, 600_00)
	s.charges()
	s.day("2026-11-16")
	s.owed = s.invoice(s.company, "Assiettes", 400_00)
	s.agreed = s.save(sale.Quote, s.company, "Atelier modelage", 1150_00)
	s.agreed = s.submit(s.agreed)
	s.agreed, err = s.Office.RecordAcceptance(t.Context(), s.as("maelle"), s.agreed.ID, office.Agreement{Name: "Odile Martin"}, 0)
	s.must(err)
	s.day("2026-11-20")
	s.returned = s.submit(s.save(sale.Invoice, s.town, "Ateliers d’automne", 540_00, "E-2026-17"))
	s.returned, err = s.Office.Return(t.Context(), s.as("jean"), s.returned.ID, "La date est celle du devis : mettre celle de l’atelier.", 1)
	s.must(err)
	s.submitted = s.submit(s.save(sale.Invoice, s.odile, "Théière unique", 120_00))
	s.draft = s.save(sale.Invoice, sale.Customer{}, "Bols pour le salon de thé", 0)
	s.day("2026-11-22")
	s.must(s.Office.Drain(t.Context()))
	return s
}

func (s *studio) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// day moves the clock to half past nine of a day.
func (s *studio) day(day string) {
	at := date.MustParse(day).Time().Add(8*time.Hour + 30*time.Minute)
	s.Pass(at.Sub(s.Now()))
}

// as is who someone of the fixture is today.
func (s *studio) as(name string) access.Actor {
	s.t.Helper()
	system, err := s.Office.System(s.t.Context(), s.Coop.ID)
	s.must(err)
	persons, err := s.Office.Persons(s.t.Context(), system)
	s.must(err)
	for _, p := range persons {
		if p.Email == name+"@trame.example" {
			a, err := s.Office.ActorIn(s.t.Context(), s.Coop.ID, p.Login)
			s.must(err)
			return a
		}
	}
	s.t.Fatalf("nobody is called %s", name)
	return access.Actor{}
}

func (s *studio) customer(c sale.Customer) sale.Customer {
	s.t.Helper()
	c.Activity = webtest.Ceramique
	c, err := s.Office.SaveCustomer(s.t.Context(), s.as("maelle"), c, "")
	s.must(err)
	return c
}

// save writes a draft of one line of services at 20 %.
func (s *studio) save(kind sale.Kind, c sale.Customer, label string, net money.Cents, commitment ...string) sale.Document {
	s.t.Helper()
	a := s.as("maelle")
	content := sale.Content{Title: label, DueDays: 30, Delivered: a.Today, Lines: []sale.Line{{Label: label, Nature: "service", Quantity: money.Unit, Price: net.Micro(), Tax: "S20"}}}
	for _, no := range commitment {
		content.Commitment = no
	}
	d, err := s.Office.SaveDraft(s.t.Context(), a, sale.Document{Kind: kind, Activity: webtest.Ceramique, Customer: c.ID, Content: content}, "")
	s.must(err)
	return d
}

func (s *studio) submit(d sale.Document) sale.Document {
	s.t.Helper()
	d, err := s.Office.Submit(s.t.Context(), s.as("maelle"), d.ID, d.Version)
	s.must(err)
	return d
}

// invoice is written, read, validated.
func (s *studio) invoice(c sale.Customer, label string, net money.Cents) sale.Document {
	s.t.Helper()
	d := s.submit(s.save(sale.Invoice, c, label, net))
	if d.Status == sale.Submitted {
		var err error
		d, err = s.Office.Validate(s.t.Context(), s.as("jean"), d.ID, 0)
		s.must(err)
	}
	return d
}

func (s *studio) pay(d sale.Document, amount money.Cents) sale.Payment {
	s.t.Helper()
	a := s.as("jean")
	p, err := s.Office.Receive(s.t.Context(), a, sale.Payment{Customer: d.Customer, Date: a.Today, Amount: amount, Means: sale.Transfer, Reference: "VIR 17", Allocations: []sale.Allocation{{Invoice: d.ID, Amount: amount}}}, "")
	s.must(err)
	return p
}

// charges books a purchase that is paid, and the pay of two people who share an activity.
func (s *studio) charges() {
	s.t.Helper()
	a := s.as("irene")
	supplier, err := s.Office.AddThird(s.t.Context(), a, ledger.Third{Kind: ledger.Supplier, Name: "Terres du Velay"}, "")
	s.must(err)
	entry := func(journal, label, document string, lines ...ledger.Line) {
		_, err := s.Office.PostEntry(s.t.Context(), a, ledger.Entry{Journal: journal, Date: a.Today, Ref: "4421-2026-10", Label: label, Document: document, Lines: lines}, "")
		s.must(err)
	}
	entry(ledger.JournalMisc, "Terre et émaux", "",
		ledger.Line{Account: "607", Section: webtest.Ceramique, Amount: 200_00}, ledger.Line{Account: "44566", Section: webtest.Ceramique, Tax: "D20", Amount: 40_00},
		ledger.Line{Account: "401", Section: webtest.Ceramique, Third: supplier.ID, Amount: -240_00})
	entry(ledger.JournalMisc, "Assurance de l’atelier", "", ledger.Line{Account: "616", Section: webtest.Ceramique, Amount: 30_00}, ledger.Line{Account: "512", Section: webtest.Ceramique, Amount: -30_00})
	for _, who := range []string{"malo", "lucie"} {
		worker := s.workers[who]
		entry(ledger.JournalPay, "Paie d’octobre de "+who, "", ledger.Line{Account: "6411", Section: webtest.Trio, Amount: 700_00}, ledger.Line{Account: "421", Section: webtest.Trio, Third: worker, Amount: -700_00})
	}
}

// account is Maëlle's account as the pages know it.
func (s *studio) account() activity.Account {
	s.t.Helper()
	v, err := s.Office.Account(s.t.Context(), s.as("maelle"), webtest.Ceramique, 0)
	s.must(err)
	return v.Account
}

var hrefs = regexp.MustCompile(`<a\b[^>]*\bhref="([^"]+)"`)

// links are the addresses of this program that a page leads to, each once.
func links(p *webtest.Page) []string {
	seen := map[string]bool{}
	var all []string
	for _, m := range hrefs.FindAllStringSubmatch(p.Body, -1) {
		href, _, _ := strings.Cut(html.UnescapeString(m[1]), "#")
		if strings.HasPrefix(href, "/") && !strings.HasPrefix(href, "/static/") && !seen[href] {
			seen[href] = true
			all = append(all, href)
		}
	}
	return all
}
