package web_test

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"essaim/activity"
	"essaim/coop"
	"essaim/internal/office"
	"essaim/internal/store/storetest"
	"essaim/internal/web/webtest"
	"essaim/ledger"
	"essaim/member"
	"essaim/sale"
)

// Whatever the program writes into its log is told in words: the name or the number people know, and fields with what
// they were and what they are, never what a machine wrote.
func TestTheLogSpeaks(t *testing.T) {
	s := newStudio(t)
	ctx := t.Context()
	system, err := s.Office.System(ctx, s.Coop.ID)
	s.must(err)
	admin(s, "paul")
	set, _, err := s.Office.Settings(ctx, system)
	s.must(err)
	change := func(err error) { t.Helper(); s.must(err) }
	c := set.Coop
	c.Phone, c.Mediator, c.Address.Line2, c.IBAN, c.BIC = "04 11 11 11 11", "Médiation", "Bât. B", "", ""
	change(s.Office.SaveCooperative(ctx, s.as("hugo"), c))
	for kind, value := range map[coop.RuleKind]any{
		coop.RuleTrust:     coop.Trust{FirstInvoices: 8, AllUnderCAPE: true, AloneUpTo: 2000_00, KnownCustomers: true, AlwaysExempt: true, AlwaysForeign: true, CreditAbove: 1, Quotes: true, AnswerWorkDays: 3},
		coop.RuleTerms:     coop.Terms{DueDays: 45, Discount: "aucun", QuoteDays: 20, Insurance: "MAIF", IssuingDuty: "2027-01-01"},
		coop.RuleVAT:       coop.VAT{OnDebits: true, TrainingNumber: "84", TrainingFrom: storetest.Today},
		coop.RuleAvailable: coop.Available{VAT: true, Contribution: true, Minimum: true, Suppliers: true, Expenses: true, Social: true, FixedPay: true, Deposits: true, Reserve: true, Pot: true, HorizonMonth: 2},
		coop.RuleGrid:      coop.Grid{Cash: coop.Prefixes{In: []string{"5"}, Out: []string{"58"}}, Charges: coop.Prefixes{In: []string{"6"}}, Internal: coop.Prefixes{In: []string{"186"}}},
	} {
		for _, decision := range []string{"CA du 3", "CA du 4"} {
			r, err := office.RuleOf(kind, "", storetest.Today+1, value, decision)
			s.must(err)
			_, err = s.Office.SaveRule(ctx, s.as("nadia"), r)
			change(err)
		}
	}
	policy := activity.RealPolicies()[0].Policy
	r, err := office.RuleOf(coop.RuleContribution, "Dix pour cent", storetest.Today+1, policy, "AG")
	s.must(err)
	_, err = s.Office.SaveRule(ctx, s.as("nadia"), r)
	change(err)
	act, err := s.Office.Activity(ctx, system, webtest.Paysage)
	s.must(err)
	act.Trade, act.Gross, act.Tax, act.Insurance, act.Policy, act.Advisor, act.Natures = "Paysagiste", true, "S10", "Décennale", r.ID, 0, []string{"works", "goods"}
	act.Policy = office.LastRule(set.Rules, coop.RuleContribution, "Dix pour cent").ID
	act.Shares = append(act.Shares, activity.Share{Person: s.as("lucie").Person, From: storetest.Today, Parts: 2})
	_, err = s.Office.SaveActivity(ctx, s.as("nadia"), act)
	change(err)
	change(s.Office.SetReserve(ctx, s.as("malo"), webtest.Paysage, 50_00))
	p, _, err := s.Office.Person(ctx, system, s.as("claire").Person)
	s.must(err)
	p.Phone, p.Lang, p.Left = "04 22 22 22 22", "fr", storetest.Today+30
	p.Grants = append(p.Grants, member.Grant{Role: member.Auditor, From: storetest.Today, Until: storetest.Today + 9, Year: storetest.Year2025})
	_, err = s.Office.SavePerson(ctx, s.as("hugo"), p)
	change(err)
	k, err := s.Office.SaveContract(ctx, s.as("hugo"), member.Contract{Person: s.as("irene").Person, Kind: member.CDI, Start: storetest.Today, FixedCost: 2000_00})
	s.must(err)
	k.End, k.Associate = storetest.Today+90, true
	_, err = s.Office.SaveContract(ctx, s.as("hugo"), k)
	change(err)
	for _, x := range []sale.Customer{s.company, s.town, s.odile} {
		x.Phone, x.Archived, x.Notes, x.Delivery = "04 33 33 33 33", true, "Sonner", coop.Address{Line1: "Quai", City: "Lyon", Zip: "69000", Country: "FR"}
		_, err = s.Office.SaveCustomer(ctx, s.as("maelle"), x, "")
		change(err)
	}
	_, err = s.Office.AddThird(ctx, s.as("irene"), ledger.Third{Kind: ledger.Supplier, Name: "Bois du Pilat"}, "")
	change(err)
	entry, err := s.Office.PostEntry(ctx, s.as("irene"), ledger.Entry{Journal: ledger.JournalMisc, Date: storetest.Today, DocDate: storetest.Today, Ref: "OD", Label: "Assurance", Lines: []ledger.Line{
		{Account: "616", Section: webtest.Paysage, Amount: 10_00}, {Account: "512", Section: webtest.Paysage, Amount: -10_00},
	}}, "")
	s.must(err)
	hugo := s.As("hugo")
	irene := s.As("irene")
	reverse := irene.Get(fmt.Sprintf("%s/books/entries/%d", place, entry.ID))
	irene.Post(fmt.Sprintf("%s/books/entries/%d/reverse", place, entry.ID), reverse.Form("/reverse", nil)).Want(t, 303)
	change(s.Office.CloseMonths(ctx, s.as("irene"), storetest.Year2026, 2))
	change(s.Office.CloseMonths(ctx, s.as("irene"), storetest.Year2026, 0))
	jean := s.As("jean")
	at := fmt.Sprintf("%s/payments/%d", place, s.payment.ID)
	page := jean.Get(at)
	jean.Post(at+"/reverse", page.Form("/reverse", nil)).Want(t, 303)
	hugo.Post(place+"/people/6/close", url.Values{}).Want(t, 303)
	s.must(s.Office.Drain(ctx))

	machine := regexp.MustCompile(`[{}\[\]]|": |[;"] ?[a-z][A-Za-z]*(\.[a-z0-9]+)* : |\b(invoice|quote|credit|customer|entry|payment|person|third|rule):\d`)
	file := hugo.Get(place + "/audit.csv").Body
	for line := range strings.Lines(file) {
		if found := machine.FindString(line); found != "" {
			t.Errorf("%q in: %s", found, line)
		}
	}
	for _, words := range []string{s.late.Number, "Brindille d’Orge", "Bois du Pilat", entry.Journal + " " + fmt.Sprint(entry.Number), "Paiement du 20 oct. 2026", "Client particulier de l’activité Maëlle céramique", "Champs changés"} {
		if !strings.Contains(strings.ReplaceAll(file, "\u00a0", " "), words) {
			t.Errorf("the log does not say %q:\n%s", words, file)
		}
	}
	for line := range strings.Lines(file) { // who accepted a quote is part of the deed
		if strings.Contains(line, "Odile") && !strings.Contains(line, "sale.accept") {
			t.Errorf("a private person is named to who may not open the activity: %s", line)
		}
	}
	hugo.Get(place+"/audit").Want(t, 200, "champs", "« Jardinier » est devenu « Paysagiste »", "Métier", "Lucie Tissot").Without(t, "{", "shares", "firstName")
	hugo.Get(place+"/audit?action=contract.save").Want(t, 200, "20 févr. 2027")
}
