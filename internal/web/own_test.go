package web_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"essaim/access"
	"essaim/fault"
	"essaim/i18n"
	"essaim/internal/store/storetest"
	"essaim/internal/web/webtest"
	"essaim/ledger"
	"essaim/member"
	"essaim/sale"
)

// everyRole gives someone every role of the cooperative.
func (w *walk) everyRole(name string) {
	p, _, err := w.Office.Person(w.t.Context(), w.system(), w.Actor(name).Person)
	w.must(err)
	for _, r := range member.Roles() {
		if r != member.Auditor && !w.Actor(name).Has(r) {
			p.Grants = append(p.Grants, member.Grant{Role: r, From: storetest.Today})
		}
	}
	_, err = w.Office.SavePerson(w.t.Context(), w.system(), p)
	w.must(err)
}

// words are those of a message, with plain spaces as the text of a page has them.
func words(key string) string { return strings.Join(strings.Fields(i18n.For("fr").T(key)), " ") }

// newCredit is a credit note of an invoice of the activity, which waits to be read.
func (w *walk) newCredit() int64 {
	p, _, _, err := w.Office.Payment(w.t.Context(), w.system(), w.newPayment())
	w.must(err)
	s, err := w.Office.Start(w.t.Context(), w.Actor("maelle"), sale.CreditNote, webtest.Ceramique, p.Allocations[0].Invoice)
	w.must(err)
	s.Doc.Content.Reason = "Assiettes cassées"
	d, err := w.Office.SaveDraft(w.t.Context(), w.Actor("maelle"), s.Doc, "")
	w.must(err)
	d, err = w.Office.Submit(w.t.Context(), w.Actor("maelle"), d.ID, 0)
	w.must(err)
	if d.Status != sale.Submitted {
		w.t.Fatalf("the credit note is %s", d.Status)
	}
	return d.ID
}

// newQuoteWaiting is a quote that waits to be read.
func (w *walk) newQuoteWaiting() int64 {
	d, err := w.Office.CreateAndSubmit(w.t.Context(), w.Actor("maelle"), w.written(sale.Quote), "")
	w.must(err)
	if d.Status != sale.Submitted {
		w.t.Fatalf("the quote is %s", d.Status)
	}
	return d.ID
}

// No one validates for oneself: someone with every role meets the same refusal on every page that would do it for their
// own activity, their own pay, their own roles; the books stay as they were, and a colleague may.
func TestNoOneForOneself(t *testing.T) {
	w := newWalk(t)
	invoice, credit, quote, payment := w.newWaiting(), w.newCredit(), w.newQuoteWaiting(), w.newPayment()
	booked, err := w.Office.PostEntry(t.Context(), w.Actor("irene"), ledger.Entry{Journal: ledger.JournalMisc, Date: storetest.Today, DocDate: storetest.Today, Ref: "OD", Label: "Argile", Lines: []ledger.Line{
		{Account: "616", Section: webtest.Ceramique, Amount: 30_00}, {Account: "512", Section: webtest.Ceramique, Amount: -30_00},
	}}, "")
	w.must(err)
	worker, err := w.Office.Worker(t.Context(), w.Actor("irene"), w.Actor("maelle").Person)
	w.must(err)
	pay := ledger.Entry{Journal: ledger.JournalMisc, Date: storetest.Today, DocDate: storetest.Today, Ref: "PAIE-11", Label: "Paie", Lines: []ledger.Line{
		{Account: "6411", Section: webtest.Paysage, Amount: 900_00}, {Account: "421", Section: webtest.Paysage, Third: worker.ID, Amount: -900_00},
	}}
	paid, err := w.Office.PostEntry(t.Context(), w.Actor("irene"), pay, "")
	w.must(err)
	act, err := w.Office.Activity(t.Context(), w.system(), webtest.Ceramique)
	w.must(err)
	act.Policy = w.policy
	_, err = w.Office.SaveActivity(t.Context(), w.system(), act)
	w.must(err)
	w.everyRole("maelle")

	maelle, self := w.As("maelle"), w.Actor("maelle")
	id := func(n int64) string { return strconv.FormatInt(n, 10) }
	line := func(section, third, account string) url.Values {
		return url.Values{"journal": {"OD"}, "date": {storetest.Today.String()}, "docDate": {storetest.Today.String()}, "ref": {"X"}, "label": {"X"},
			"lines[0].account": {"6411"}, "lines[0].section": {section}, "lines[0].debit": {"10"},
			"lines[1].account": {account}, "lines[1].section": {section}, "lines[1].third": {third}, "lines[1].credit": {"10"}}
	}
	before := w.log()[0].ID
	own, ownPay, oneself := "access.denied.own", "access.denied.own_pay", "access.denied.self"
	for _, c := range []struct {
		path string
		form url.Values
		why  string
	}{
		{"/desk/" + id(invoice) + "/validate", nil, own},
		{"/desk/" + id(invoice) + "/return", url.Values{"comment": {"non"}}, own},
		{"/desk/" + id(invoice) + "/amend", nil, own},
		{"/desk/" + id(credit) + "/validate", nil, own},
		{"/desk/" + id(quote) + "/validate", nil, own},
		{"/payments/new", url.Values{"customer": {id(w.customer)}, "date": {storetest.Today.String()}, "amount": {"10"}, "means": {"transfer"}, "keep": {"1"}}, own},
		{"/payments/" + id(payment) + "/reverse", nil, own},
		{"/payments/" + id(payment) + "/reassign", nil, own},
		{"/books/entry/new", line("001", "", "512"), own},
		{"/books/entries/" + id(booked.ID) + "/reverse", url.Values{"date": {storetest.Today.String()}}, own},
		{"/books/entry/new", line("002", worker.Code, "421"), ownPay},
		{"/books/entries/" + id(paid.ID) + "/reverse", url.Values{"date": {storetest.Today.String()}}, ownPay},
		{"/activities/" + id(webtest.Ceramique) + "/edit", nil, own},
		{"/people/" + id(self.Person) + "/roles", url.Values{"grants[0].role": {"manager"}, "grants[0].from": {"2025-03-01"}}, oneself},
		{"/people/" + id(self.Person) + "/edit", nil, oneself},
		{"/people/" + id(self.Person) + "/contracts/new", nil, oneself},
		{"/people/" + id(self.Person) + "/invite", nil, oneself},
		{"/people/" + id(self.Person) + "/close", nil, oneself},
	} {
		if c.form == nil {
			c.form = url.Values{}
		}
		status := http.StatusForbidden
		if c.path == "/books/entry/new" { // on the field of the line, with what was typed
			status = http.StatusUnprocessableEntity
		}
		if p := maelle.Post("/"+webtest.Slug+c.path, c.form); p.Status != status || !strings.Contains(p.Text(), words(c.why)) {
			t.Errorf("%s %v: %d, wants the refusal %s\n%s", c.path, c.form, p.Status, c.why, p.Text())
		}
	}
	// A second sheet behind one's own login would be a way around.
	other, _ := w.newPerson()
	if err := w.Office.Admit(t.Context(), self, other, self.Login); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a second person behind one's own login: %v", err)
	}
	// What is taken of one's own activity: the next version of its policy.
	set, _, err := w.Office.Settings(t.Context(), self)
	w.must(err)
	for _, r := range set.Rules {
		if r.ID == w.policy {
			r.From, r.Value = storetest.Today+1, strings.Replace(r.Value, "1000", "100", 1)
			if _, err := w.Office.SaveRule(t.Context(), self, r); fault.KindOf(err) != fault.Forbidden {
				t.Errorf("one's own contribution: %v", err)
			}
		}
	}
	for _, r := range w.log() {
		if r.ID > before && r.By == self.Person {
			t.Errorf("%s on %s was done all the same", r.Action, r.Subject)
		}
	}
	// What a colleague may, and what one may for a colleague.
	w.As("nadia").Post("/"+webtest.Slug+"/desk/"+id(invoice)+"/validate", url.Values{}).Want(t, http.StatusSeeOther)
	w.As("irene").Post("/"+webtest.Slug+"/books/entry/new", line("001", "", "512")).Want(t, http.StatusSeeOther)
	maelle.Post("/"+webtest.Slug+"/books/entry/new", line("002", "", "512")).Want(t, http.StatusSeeOther)
	if access.Can(self, access.ValidateDocument, access.Subject{Coop: self.Coop, Activity: webtest.Paysage}) != access.Allowed {
		t.Error("with every role she validates for the others")
	}
}
