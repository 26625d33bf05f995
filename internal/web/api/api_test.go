package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"essaim/access"
	"essaim/internal/store"
	"essaim/internal/web/api"
	"essaim/internal/web/webtest"
	"essaim/sale"
)

// client calls the API as a person.
type client struct {
	t     *testing.T
	h     http.Handler
	token string
}

func as(t *testing.T, h *webtest.House, who string, scopes ...string) client {
	t.Helper()
	secret, _, err := h.Auth.CreateToken(t.Context(), h.Actor(who).Login, h.Coop.ID, "essai", scopes, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	return client{t, api.New(h.Office, h.Auth), secret}
}

// call sends a body and reads the answer; status says what is expected.
func (c client) call(status int, method, path string, body, into any, headers ...string) {
	c.t.Helper()
	code, answer := c.try(method, path, body, headers...)
	if code != status {
		c.t.Fatalf("%s %s: %d, want %d: %s", method, path, code, status, answer)
	}
	if into != nil {
		if err := json.Unmarshal(answer, into); err != nil {
			c.t.Fatalf("%s %s: %v: %s", method, path, err, answer)
		}
	}
}

// try sends a body and returns what is answered.
func (c client) try(method, path string, body any, headers ...string) (int, []byte) {
	c.t.Helper()
	var b bytes.Buffer
	if text, ok := body.(string); ok {
		b.WriteString(text)
	} else if body != nil {
		if err := json.NewEncoder(&b).Encode(body); err != nil {
			c.t.Fatal(err)
		}
	}
	r := httptest.NewRequest(method, path, &b)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept-Language", "en")
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	c.h.ServeHTTP(w, r)
	return w.Code, w.Body.Bytes()
}

func entry(debit, credit int) map[string]any {
	return map[string]any{"journal": "OD", "date": "2026-11-22", "ref": "OD-1", "label": "Fournitures", "lines": []map[string]any{
		{"account": "6064", "section": "001", "debit": debit}, {"account": "467", "section": "SMUT", "credit": credit}}}
}

func TestEntries(t *testing.T) {
	h := webtest.Start(t)
	c := as(t, h, "irene", access.ScopeEntriesWrite, access.ScopeEntriesRead)
	var one, again struct {
		ID, Number int64
		Hash       string
	}
	c.call(201, "POST", "/api/v1/entries", entry(6000, 6000), &one, "Idempotency-Key", "a")
	c.call(201, "POST", "/api/v1/entries", entry(6000, 6000), &again, "Idempotency-Key", "a")
	if one != again || one.Number != 1 || len(one.Hash) != 64 {
		t.Errorf("a repeat answers %+v, the first %+v", again, one)
	}
	var p api.Problem
	c.call(409, "POST", "/api/v1/entries", entry(7000, 7000), &p, "Idempotency-Key", "a")
	c.call(422, "POST", "/api/v1/entries", entry(6000, 5999), &p)
	if len(p.Errors) == 0 || p.Errors[0].Key != "ledger.unbalanced" || !strings.Contains(p.Title, "does not balance") {
		t.Errorf("unbalanced: %+v", p)
	}
	c.call(422, "POST", "/api/v1/entries", `{"journal":`, &p)
	bad := entry(1, 1)
	bad["lines"].([]map[string]any)[1]["section"] = "999"
	c.call(422, "POST", "/api/v1/entries", bad, &p)
	if p.Errors[0].Field != "lines[1].section" {
		t.Errorf("field %q", p.Errors[0].Field)
	}
	// A bulk is booked whole or not at all.
	c.call(422, "POST", "/api/v1/entries/bulk", []any{entry(1, 1), entry(2, 3)}, &p)
	if p.Errors[0].Field != "[1].lines" {
		t.Errorf("field of a bulk: %q", p.Errors[0].Field)
	}
	var many []struct{ ID, Number int64 }
	c.call(201, "POST", "/api/v1/entries/bulk", []any{entry(1, 1), entry(2, 2), entry(3, 3)}, &many)
	if len(many) != 3 || many[0].Number != 2 || many[2].Number != 4 {
		t.Errorf("bulk: %+v", many)
	}
	var read struct {
		Lines []struct {
			Account string
			Amount  int64
			Added   bool
		}
	}
	c.call(200, "GET", fmt.Sprintf("/api/v1/entries/%d", one.ID), nil, &read)
	if len(read.Lines) != 4 || !read.Lines[3].Added {
		t.Errorf("an entry across activities shows its liaison lines: %+v", read.Lines)
	}
	c.call(201, "POST", fmt.Sprintf("/api/v1/entries/%d/reverse", one.ID), map[string]any{}, nil)
	c.call(409, "POST", fmt.Sprintf("/api/v1/entries/%d/reverse", one.ID), map[string]any{}, nil)
	verified(t, h.DB)
}

func TestScopesAndStrangers(t *testing.T) {
	h := webtest.Start(t)
	client{t, api.New(h.Office, h.Auth), ""}.call(401, "POST", "/api/v1/entries", entry(1, 1), nil)
	client{t, api.New(h.Office, h.Auth), "ess_wrong"}.call(401, "GET", "/api/v1/invoices", nil, nil)
	w := httptest.NewRecorder()
	api.New(h.Office, h.Auth).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/api/v1/invoices", nil))
	if kind := w.Result().Header.Get("Content-Type"); kind != "application/problem+json" { // what was set when the status left
		t.Error(kind)
	}
	as(t, h, "irene", access.ScopeEntriesRead).call(403, "POST", "/api/v1/entries", entry(1, 1), nil)
	as(t, h, "maelle", access.ScopeEntriesWrite).call(404, "POST", "/api/v1/entries", entry(1, 1), nil)
	// The accountant is an entrepreneur too: nobody books for their own activity.
	own := entry(1, 1)
	own["lines"].([]map[string]any)[0]["section"] = "003"
	var told struct {
		Errors []struct{ Field string } `json:"errors"`
	}
	as(t, h, "lucie", access.ScopeEntriesWrite).call(403, "POST", "/api/v1/entries", own, &told)
	if len(told.Errors) != 1 || told.Errors[0].Field != "lines[0].section" {
		t.Errorf("the line is not named: %+v", told.Errors)
	}
	as(t, h, "lucie", access.ScopeEntriesWrite).call(403, "POST", "/api/v1/entries/bulk", []any{entry(1, 1), own}, &told)
	if told.Errors[0].Field != "[1].lines[0].section" {
		t.Errorf("the line of a bulk is not named: %+v", told.Errors)
	}
	// The journals that the program keeps take no entry by hand.
	kept := entry(1, 1)
	kept["journal"] = "VE"
	as(t, h, "irene", access.ScopeEntriesWrite).call(422, "POST", "/api/v1/entries", kept, &told)
	if told.Errors[0].Field != "journal" {
		t.Errorf("sales by hand: %+v", told.Errors)
	}
}

func TestFromQuoteToAccount(t *testing.T) {
	h := webtest.Start(t)
	all := access.Scopes()
	maelle, jean := as(t, h, "maelle", all...), as(t, h, "jean", all...)
	var customer sale.Customer
	maelle.call(201, "POST", "/api/v1/customers", map[string]any{"activity": webtest.Ceramique, "kind": "company", "name": "Brindille d’Orge", "siren": "732829320", "email": "a@brindille.example",
		"address": map[string]any{"line1": "2 rue des Tanneurs", "zip": "69001", "city": "Lyon", "country": "FR"}}, &customer)
	body := map[string]any{"activity": webtest.Ceramique, "customer": customer.ID, "title": "Vaisselle", "gross": true, "delivered": "2026-11-22", "dueDays": 30, "submit": true,
		"lines": []map[string]any{{"label": "Bols", "nature": "made", "quantity": "3", "price": "35.00", "tax": "G20"}}}
	var d sale.Document
	maelle.call(201, "POST", "/api/v1/invoices", body, &d, "Idempotency-Key", "f1")
	if d.Status != sale.Submitted || d.Totals.Gross != 105_00 || d.Totals.Net != 87_50 {
		t.Fatalf("%s %+v", d.Status, d.Totals)
	}
	var twice sale.Document
	maelle.call(201, "POST", "/api/v1/invoices", body, &twice, "Idempotency-Key", "f1")
	if twice.ID != d.ID {
		t.Errorf("a repeat made document %d", twice.ID)
	}
	maelle.call(403, "POST", fmt.Sprintf("/api/v1/invoices/%d/validate", d.ID), nil, nil)
	jean.call(200, "POST", fmt.Sprintf("/api/v1/invoices/%d/validate", d.ID), nil, &d)
	if d.Number != "F-2026-0001" {
		t.Errorf("number %q", d.Number)
	}
	jean.call(422, "POST", "/api/v1/payments", map[string]any{"customer": customer.ID, "date": "2026-11-22", "amount": 20000, "means": "transfer", "allocations": []any{map[string]any{"invoice": d.ID, "amount": 10500}}}, nil)
	jean.call(201, "POST", "/api/v1/payments", map[string]any{"customer": customer.ID, "date": "2026-11-22", "amount": 10500, "means": "transfer", "allocations": []any{map[string]any{"invoice": d.ID, "amount": 10500}}}, nil)
	var account struct {
		Cash struct{ Amount int64 }
	}
	maelle.call(200, "GET", fmt.Sprintf("/api/v1/activities/%d/account", webtest.Ceramique), nil, &account)
	if account.Cash.Amount != 105_00 {
		t.Errorf("cash %d", account.Cash.Amount)
	}
	var rows []struct{ Number string }
	maelle.call(200, "GET", fmt.Sprintf("/api/v1/invoices?activity=%d&state=paid", webtest.Ceramique), nil, &rows)
	if len(rows) != 1 || rows[0].Number != "F-2026-0001" {
		t.Errorf("paid invoices: %+v", rows)
	}
	as(t, h, "malo", all...).call(404, "GET", fmt.Sprintf("/api/v1/invoices/%d", d.ID), nil, nil)
	verified(t, h.DB)
}

func verified(t *testing.T, db *store.DB) {
	t.Helper()
	found, err := db.Verify(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		t.Errorf("verify: %s %v", f.Key, f.Args)
	}
}

// TestOpenAPI: the program describes what it answers.
func TestOpenAPI(t *testing.T) {
	h := webtest.Start(t)
	c := client{t, api.New(h.Office, h.Auth), ""}
	var doc struct {
		OpenAPI string
		Paths   map[string]map[string]any
	}
	c.call(200, "GET", "/api/openapi.json", nil, &doc)
	for _, want := range []string{"POST /api/v1/entries", "POST /api/v1/entries/bulk", "POST /api/v1/customers", "POST /api/v1/quotes", "POST /api/v1/invoices", "POST /api/v1/credit-notes", "POST /api/v1/payments", "GET /api/v1/activities/{id}/account"} {
		method, path, _ := strings.Cut(want, " ")
		if doc.Paths[path][strings.ToLower(method)] == nil {
			t.Errorf("%s is not described", want)
		}
	}
}

// A supplier is added once, whoever repeats the call; an entry names it by its code.
func TestThirds(t *testing.T) {
	h := webtest.Start(t)
	c := as(t, h, "irene", access.ScopeEntriesWrite)
	var added, again api.Third
	c.call(201, "POST", "/api/v1/thirds", map[string]any{"kind": "supplier", "name": "Papeterie Lœuil"}, &added)
	if added.Code == "" || added.Kind != "supplier" || added.Name != "Papeterie Lœuil" {
		t.Fatalf("%+v", added)
	}
	c.call(409, "POST", "/api/v1/thirds", map[string]any{"kind": "supplier", "name": "papeterie loeuil"}, nil)
	c.call(422, "POST", "/api/v1/thirds", map[string]any{"kind": "supplier", "name": ""}, nil)
	c.call(422, "POST", "/api/v1/thirds", map[string]any{"kind": "worker", "name": "Bob"}, nil)
	c.call(201, "POST", "/api/v1/thirds", map[string]any{"kind": "body", "code": "MSA", "name": "Mutualité"}, &again)
	var all []api.Third
	c.call(200, "GET", "/api/v1/thirds?kind=supplier&q=loeuil", nil, &all)
	if len(all) != 1 || all[0] != added {
		t.Errorf("%+v", all)
	}
	c.call(200, "GET", "/api/v1/thirds?kind=worker&limit=500", nil, &all)
	if len(all) < 5 {
		t.Errorf("%d workers: everyone has an account", len(all))
	}
	c.call(201, "POST", "/api/v1/entries", map[string]any{"journal": "AC", "date": "2026-11-22", "ref": "F-1", "label": "Papier", "lines": []map[string]any{
		{"account": "606", "section": "002", "debit": 900}, {"account": "401", "section": "002", "third": added.Code, "credit": 900},
	}}, nil)
}
