package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"essaim/access"
	"essaim/coop"
	"essaim/internal/office"
	"essaim/internal/store/storetest"
	"essaim/internal/web/api"
	"essaim/internal/web/webtest"
	"essaim/ledger"
	"essaim/sale"
)

// stock is what the walk calls for: something real behind each address, made by those who may.
type stock struct {
	suppliers                       int // added so far
	t                               *testing.T
	h                               *webtest.House
	customer, quote, invoice, entry int64
	payed                           int64 // a payment to be read
}

func newStock(t *testing.T) *stock {
	s := &stock{t: t, h: webtest.Start(t)}
	c := as(t, s.h, "maelle", access.Scopes()...)
	var customer sale.Customer
	c.call(201, "POST", "/api/v1/customers", map[string]any{"activity": webtest.Ceramique, "kind": "company", "name": "Brindille d’Orge", "siren": "732829320", "email": "a@brindille.example",
		"address": map[string]any{"line1": "2 rue des Tanneurs", "zip": "69001", "city": "Lyon", "country": "FR"}}, &customer)
	s.customer = customer.ID
	system, err := s.h.Office.System(t.Context(), s.h.Coop.ID)
	if err != nil {
		t.Fatal(err)
	}
	_, now, err := s.h.Office.Settings(t.Context(), system)
	if err != nil {
		t.Fatal(err)
	}
	now.Trust.FirstInvoices = 10_000 // every invoice is read
	rule, err := office.RuleOf(coop.RuleTrust, "", storetest.Today, now.Trust, "CA du 20 novembre 2026")
	if err == nil {
		_, err = s.h.Office.SaveRule(t.Context(), system, rule)
	}
	if err != nil {
		t.Fatal(err)
	}
	var d sale.Document
	c.call(201, "POST", "/api/v1/quotes", s.written(false), &d)
	s.quote = d.ID
	s.invoice = s.issued()
	var e struct{ ID int64 }
	as(t, s.h, "irene", access.Scopes()...).call(201, "POST", "/api/v1/entries", entry(1000, 1000), &e)
	s.entry = e.ID
	return s
}

func (s *stock) written(submit bool) map[string]any {
	return map[string]any{"activity": webtest.Ceramique, "customer": s.customer, "title": "Vaisselle", "delivered": "2026-11-22", "dueDays": 30, "submit": submit,
		"lines": []map[string]any{{"label": "Bols", "nature": "made", "quantity": "3", "price": "35.00", "tax": "G20"}}}
}

// issued is an invoice with a number and a day.
func (s *stock) issued() int64 {
	var d sale.Document
	as(s.t, s.h, "maelle", access.Scopes()...).call(201, "POST", "/api/v1/invoices", s.written(true), &d)
	as(s.t, s.h, "nadia", access.Scopes()...).call(200, "POST", fmt.Sprintf("/api/v1/invoices/%d/validate", d.ID), nil, nil)
	return d.ID
}

func (s *stock) waiting() int64 {
	var d sale.Document
	as(s.t, s.h, "maelle", access.Scopes()...).call(201, "POST", "/api/v1/invoices", s.written(true), &d)
	return d.ID
}

func (s *stock) paid() int64 {
	d := s.issued()
	var p sale.Payment
	as(s.t, s.h, "jean", access.Scopes()...).call(201, "POST", "/api/v1/payments", s.payment(d), &p)
	return p.ID
}

func (s *stock) payment(invoice int64) map[string]any {
	return map[string]any{"customer": s.customer, "date": "2026-11-22", "amount": 100, "means": "transfer", "allocations": []any{map[string]any{"invoice": invoice, "amount": 100}}}
}

// An operation of the API with a call of it, what it asks for, and the scopes of which any one suffices.
type operation struct {
	call   func(s *stock) (path string, body any)
	action access.Action
	on     func(s *stock, author int64) access.Subject
	scopes []string
}

func of(activity int64) func(*stock, int64) access.Subject {
	return func(*stock, int64) access.Subject {
		return access.Subject{Activity: activity, Year: storetest.Year2026}
	}
}

// nobodys is what belongs to no activity and no year.
func nobodys(*stock, int64) access.Subject { return access.Subject{} }

func document(kind sale.Kind, dated bool) func(*stock, int64) access.Subject {
	return func(_ *stock, author int64) access.Subject {
		sub := access.Subject{Activity: webtest.Ceramique, Author: author, Kind: string(kind)}
		if dated {
			sub.Year = storetest.Year2026
		}
		return sub
	}
}

func payment(*stock, int64) access.Subject {
	return access.Subject{Activity: webtest.Ceramique, Kind: access.Payment, Year: storetest.Year2026}
}

func to(path string) func(*stock) (string, any) {
	return func(*stock) (string, any) { return path, nil }
}

// operations are all of the API: one that is not here fails the walk.
var operations = map[string]operation{
	"POST /api/v1/entries": {func(*stock) (string, any) {
		e := entry(1, 1)
		e["lines"].([]map[string]any)[0]["section"] = "002"
		return "/api/v1/entries", e
	}, access.PostEntry, of(webtest.Paysage), []string{access.ScopeEntriesWrite}},
	"POST /api/v1/entries/bulk": {func(*stock) (string, any) {
		e := entry(1, 1)
		e["lines"].([]map[string]any)[0]["section"] = "002"
		return "/api/v1/entries/bulk", []any{e, e}
	}, access.PostEntry, of(webtest.Paysage), []string{access.ScopeEntriesWrite}},
	"GET /api/v1/entries/{id}": {func(s *stock) (string, any) { return fmt.Sprintf("/api/v1/entries/%d", s.entry), nil }, access.ViewLedger, of(webtest.Paysage), []string{access.ScopeEntriesRead}},
	"POST /api/v1/entries/{id}/reverse": {func(s *stock) (string, any) {
		e, err := s.h.Office.PostDrafts(s.t.Context(), s.h.Actor("irene"), []office.EntryDraft{{Entry: ledger.Entry{Journal: ledger.JournalMisc, Date: storetest.Today, DocDate: storetest.Today, Ref: "OD", Label: "Assurance", Lines: []ledger.Line{
			{Account: "616", Amount: 10_00}, {Account: "512", Amount: -10_00},
		}}, Sections: []string{"002", "002"}, Thirds: []string{"", ""}}}, "")
		if err != nil {
			s.t.Fatal(err)
		}
		return fmt.Sprintf("/api/v1/entries/%d/reverse", e[0].ID), map[string]any{}
	}, access.PostEntry, of(webtest.Paysage), []string{access.ScopeEntriesWrite}},
	"GET /api/v1/thirds": {to("/api/v1/thirds?kind=supplier"), access.PostEntry, nobodys, []string{access.ScopeEntriesWrite}},
	"POST /api/v1/thirds": {func(s *stock) (string, any) {
		s.suppliers++ // one of each name
		return "/api/v1/thirds", map[string]any{"kind": "supplier", "name": fmt.Sprintf("Kiln et Cie %d", s.suppliers)}
	}, access.PostEntry, nobodys, []string{access.ScopeEntriesWrite}},
	"POST /api/v1/customers": {func(s *stock) (string, any) {
		return "/api/v1/customers", map[string]any{"activity": webtest.Ceramique, "kind": "consumer", "name": "Odile Brun", "email": "odile@brun.example", "address": map[string]any{"line1": "1 rue", "zip": "69001", "city": "Lyon", "country": "FR"}}
	}, access.ManageCustomer, of(webtest.Ceramique), []string{access.ScopeCustomers}},
	"GET /api/v1/customers": {to(fmt.Sprintf("/api/v1/customers?activity=%d", webtest.Ceramique)), access.ViewCustomer, of(webtest.Ceramique), []string{access.ScopeCustomers}},
	"POST /api/v1/quotes":   {func(s *stock) (string, any) { return "/api/v1/quotes", s.written(false) }, access.DraftDocument, document(sale.Quote, false), []string{access.ScopeQuotes}},
	"POST /api/v1/invoices": {func(s *stock) (string, any) { return "/api/v1/invoices", s.written(false) }, access.DraftDocument, document(sale.Invoice, false), []string{access.ScopeInvoices}},
	"POST /api/v1/credit-notes": {func(s *stock) (string, any) {
		b := s.written(false)
		b["origin"], b["reason"] = s.invoice, "Cassés"
		return "/api/v1/credit-notes", b
	}, access.DraftDocument, document(sale.CreditNote, false), []string{access.ScopeInvoices}},
	"GET /api/v1/quotes":                  {to(fmt.Sprintf("/api/v1/quotes?activity=%d", webtest.Ceramique)), access.ViewDocument, document(sale.Quote, true), []string{access.ScopeQuotes}},
	"GET /api/v1/invoices":                {to(fmt.Sprintf("/api/v1/invoices?activity=%d", webtest.Ceramique)), access.ViewDocument, document(sale.Invoice, true), []string{access.ScopeInvoices}},
	"GET /api/v1/credit-notes":            {to(fmt.Sprintf("/api/v1/credit-notes?activity=%d", webtest.Ceramique)), access.ViewDocument, document(sale.CreditNote, true), []string{access.ScopeInvoices}},
	"GET /api/v1/quotes/{id}":             {func(s *stock) (string, any) { return fmt.Sprintf("/api/v1/quotes/%d", s.quote), nil }, access.ViewDocument, document(sale.Quote, false), []string{access.ScopeQuotes}},
	"GET /api/v1/invoices/{id}":           {func(s *stock) (string, any) { return fmt.Sprintf("/api/v1/invoices/%d", s.invoice), nil }, access.ViewDocument, document(sale.Invoice, true), []string{access.ScopeInvoices}},
	"GET /api/v1/credit-notes/{id}":       {nil, "", nil, nil}, // as an invoice
	"POST /api/v1/invoices/{id}/validate": {func(s *stock) (string, any) { return fmt.Sprintf("/api/v1/invoices/%d/validate", s.waiting()), nil }, access.ValidateDocument, document(sale.Invoice, false), []string{access.ScopeInvoices}},
	"POST /api/v1/quotes/{id}/validate":   {nil, "", nil, nil}, // as an invoice
	"POST /api/v1/quotes/{id}/accept": {func(s *stock) (string, any) {
		var d sale.Document
		as(s.t, s.h, "maelle", access.Scopes()...).call(201, "POST", "/api/v1/quotes", s.written(true), &d)
		return fmt.Sprintf("/api/v1/quotes/%d/accept", d.ID), map[string]any{"name": "Odile Brun"}
	}, access.SendDocument, document(sale.Quote, true), []string{access.ScopeQuotes}},
	"POST /api/v1/credit-notes/{id}/validate": {nil, "", nil, nil},
	"POST /api/v1/payments":                   {func(s *stock) (string, any) { return "/api/v1/payments", s.payment(s.issued()) }, access.RecordPayment, of(webtest.Ceramique), []string{access.ScopePayments}},
	"GET /api/v1/payments":                    {to(fmt.Sprintf("/api/v1/payments?activity=%d", webtest.Ceramique)), access.ViewDocument, payment, []string{access.ScopePayments}},
	"GET /api/v1/payments/{id}": {func(s *stock) (string, any) {
		if s.payed == 0 {
			s.payed = s.paid()
		}
		return fmt.Sprintf("/api/v1/payments/%d", s.payed), nil
	}, access.ViewDocument, payment, []string{access.ScopePayments}},
	"POST /api/v1/invoices/{id}/submit": {func(s *stock) (string, any) {
		var d sale.Document
		as(s.t, s.h, "maelle", access.Scopes()...).call(201, "POST", "/api/v1/invoices", s.written(false), &d)
		return fmt.Sprintf("/api/v1/invoices/%d/submit", d.ID), nil
	}, access.SubmitDocument, document(sale.Invoice, false), []string{access.ScopeInvoices}},
	"POST /api/v1/quotes/{id}/submit":       {nil, "", nil, nil}, // as an invoice
	"POST /api/v1/credit-notes/{id}/submit": {nil, "", nil, nil},
	"POST /api/v1/payments/{id}/reverse":    {func(s *stock) (string, any) { return fmt.Sprintf("/api/v1/payments/%d/reverse", s.paid()), nil }, access.RecordPayment, of(webtest.Ceramique), []string{access.ScopePayments}},
	"GET /api/v1/activities/{id}/account":   {to(fmt.Sprintf("/api/v1/activities/%d/account", webtest.Ceramique)), access.ViewAccount, of(webtest.Ceramique), []string{access.ScopeAccountRead}},
}

// Every operation of the API as everyone, with every scope, with none, with each scope alone, and as someone of the
// cooperative next door: the answer is what access decides of the person and the scopes, 404 for what is absent and 403
// for what is seen and refused, in words.
func TestEveryOperationAsEveryone(t *testing.T) {
	s := newStock(t)
	var spec struct {
		Paths map[string]map[string]any
	}
	client{t, api.New(s.h.Office, s.h.Auth), ""}.call(200, "GET", "/api/openapi.json", nil, &spec)
	described := 0
	for path, methods := range spec.Paths {
		for method := range methods {
			described++
			if _, known := operations[strings.ToUpper(method)+" "+path]; !known {
				t.Errorf("%s %s is not walked", strings.ToUpper(method), path)
			}
		}
	}
	if described != len(operations) {
		t.Errorf("%d operations are walked, %d are described", len(operations), described)
	}
	handler := api.New(s.h.Office, s.h.Auth)
	token := func(who string, scopes ...string) client {
		a := s.h.Actor(who)
		secret, _, err := s.h.Auth.CreateToken(t.Context(), a.Login, a.Coop, "essai", scopes, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		return client{t, handler, secret}
	}
	author, counted := s.h.Actor("maelle").Person, map[access.Decision]int{}
	try := func(name string, op operation, who string, scopes []string) {
		a := s.h.Actor(who)
		a.Token, a.Scopes = true, scopes
		sub := op.on(s, author)
		sub.Coop = s.h.Coop.ID
		want := access.Can(a, op.action, sub)
		path, body := op.call(s)
		method, _, _ := strings.Cut(name, " ")
		status, answer := token(who, scopes...).try(method, path, body)
		got := access.Allowed
		switch {
		case status == http.StatusNotFound:
			got = access.Absent
		case status == http.StatusForbidden:
			got = access.Denied
		case status >= 300 && status != http.StatusUnprocessableEntity && status != http.StatusConflict:
			t.Errorf("%s as %s with %v: %d %s", name, who, scopes, status, answer)
		}
		counted[want]++
		if got != want {
			t.Errorf("%s as %s with %v: %d (%s), access says %s\n%s", name, who, scopes, status, got, want, answer)
		}
		var p api.Problem
		if got != access.Allowed && (json.Unmarshal(answer, &p) != nil || len(p.Errors) == 0 || p.Errors[0].Message == "" || p.Errors[0].Message == p.Errors[0].Key) {
			t.Errorf("%s as %s with %v: the refusal has no words: %s", name, who, scopes, answer)
		}
	}
	for name, op := range operations {
		if op.call == nil {
			continue
		}
		for _, who := range webtest.Names() {
			try(name, op, who, access.Scopes())
			try(name, op, who, nil)
		}
		for _, scope := range access.Scopes() {
			for _, who := range []string{"maelle", "nadia", "irene"} {
				try(name, op, who, []string{scope})
			}
		}
		method, _, _ := strings.Cut(name, " ")
		path, body := op.call(s)
		// Of the cooperative next door: with a token of theirs nothing of this one is found, and a token for this one
		// opens nothing.
		if _, answer := token("zoe", access.Scopes()...).try(method, path, body); strings.Contains(string(answer), "Brindille") || strings.Contains(string(answer), "Fournitures") {
			t.Errorf("%s as someone of next door: %s", name, answer)
		}
		if status, answer := as(t, s.h, "zoe", access.Scopes()...).try(method, path, body); status != http.StatusNotFound {
			t.Errorf("%s as someone of next door, for this cooperative: %d %s", name, status, answer)
		}
		if status, _ := (client{t, handler, ""}).try(method, path, body); status != http.StatusUnauthorized {
			t.Errorf("%s without a token: %d", name, status)
		}
	}
	for _, d := range []access.Decision{access.Allowed, access.Denied, access.Absent} {
		if counted[d] < 50 {
			t.Errorf("only %d calls %s", counted[d], d)
		}
	}
	verified(t, s.h.DB)
}
