package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"essaim/access"
	"essaim/internal/web/api"
	"essaim/internal/web/webtest"
	"essaim/sale"
)

// refused reads a refusal: the field and the key of each thing that is wrong.
func (c client) refused(status int, method, path string, body any, headers ...string) string {
	c.t.Helper()
	var p api.Problem
	c.call(status, method, path, body, &p, headers...)
	var all []string
	for _, e := range p.Errors {
		if e.Message == "" || e.Message == e.Key {
			c.t.Errorf("%s %s: no words for %s", method, path, e.Key)
		}
		all = append(all, e.Field+" "+e.Key)
	}
	return strings.Join(all, ", ")
}

// What a body may not hold is told on its field and nothing is written: a misspelt discount leaves no invoice at its full
// price, and no text that one engine keeps and the other refuses gets in.
func TestBodiesAreReadStrictly(t *testing.T) {
	h := webtest.Start(t)
	maelle, irene, jean := as(t, h, "maelle", access.Scopes()...), as(t, h, "irene", access.Scopes()...), as(t, h, "jean", access.Scopes()...)
	line := map[string]any{"label": "Bols", "nature": "made", "price": "35.00", "tax": "G20"}
	with := func(m map[string]any, name string, v any) map[string]any {
		all := map[string]any{name: v}
		for k, x := range m {
			if k != name {
				all[k] = x
			}
		}
		return all
	}
	invoice := map[string]any{"activity": webtest.Ceramique, "customer": 1, "title": "Vaisselle", "submit": true, "lines": []any{line}}
	second := with(entry(1, 1), "lines", []any{entry(1, 1)["lines"].([]map[string]any)[0], with(entry(1, 1)["lines"].([]map[string]any)[1], "settles", map[string]any{"entry": 1, "lin": 1})})
	for _, c := range []struct {
		client client
		path   string
		body   any
		want   string
	}{
		{maelle, "invoices", with(invoice, "discunt", "50"), "discunt api.unknown"},
		{maelle, "invoices", with(invoice, "lines", []any{line, with(line, "discunt", "50")}), "lines[1].discunt api.unknown"},
		{maelle, "quotes", with(with(invoice, "a", 1), "b", 2), "a api.unknown, b api.unknown"},
		{maelle, "credit-notes", with(invoice, "note", "a\x00b"), "note api.signs"},
		{maelle, "customers", map[string]any{"activity": webtest.Ceramique, "kind": "company", "address": map[string]any{"ligne1": "x"}}, "address.ligne1 api.unknown"},
		{irene, "thirds", map[string]any{"kind": "supplier", "name": "Kiln\u0007"}, "name api.signs"},
		{irene, "thirds", map[string]any{"kind": "supplier", "nom": "Kiln"}, "nom api.unknown"},
		{irene, "entries", with(entry(1, 1), "foo", 1), "foo api.unknown"},
		{irene, "entries", with(entry(1, 1), "label", "a\x00b"), "label api.signs"},
		{irene, "entries", with(entry(1, 1), "label", "a\tb"), "label ledger.text_signs"},
		{irene, "entries", with(entry(1, 1), "ref", "a\nb"), "ref ledger.text_signs"},
		{irene, "entries", second, "lines[1].settles.lin api.unknown"},
		{irene, "entries", `{"journal":"OD","label":"` + "\xff" + `"}`, "label api.signs"},
		{irene, "entries", `{"journal":"OD"} {}`, " api.json"},
		{irene, "entries", `{"journal":5}`, "journal api.json"},
		{irene, "entries/bulk", []any{entry(1, 1), with(entry(1, 1), "lable", "x")}, "[1].lable api.unknown"},
		{irene, "entries/bulk", []any{with(entry(1, 1), "label", "\u0085")}, "[0].label api.signs"},
		{irene, "entries/1/reverse", map[string]any{"lable": "x"}, "lable api.unknown"},
		{jean, "payments", map[string]any{"amount": 1, "allocations": []any{map[string]any{"invoice": 1, "amunt": 1}}}, "allocations[0].amunt api.unknown"},
	} {
		if got := c.client.refused(http.StatusUnprocessableEntity, "POST", "/api/v1/"+c.path, c.body); got != c.want {
			t.Errorf("%s: %q, want %q", c.path, got, c.want)
		}
	}
	for _, path := range []string{"/api/v1/entries", "/api/v1/entries/bulk", "/api/v1/thirds"} {
		if got := irene.refused(422, "POST", path, []any{}, "Idempotency-Key", strings.Repeat("k", 201)); got != "Idempotency-Key api.key_long" {
			t.Errorf("%s with a long key: %q", path, got)
		}
		if got := irene.refused(422, "POST", path, []any{}, "Idempotency-Key", "\xff"); got != "Idempotency-Key api.signs" {
			t.Errorf("%s with an odd key: %q", path, got)
		}
	}
	for _, q := range []string{"%00", "%ff", "%07"} {
		if got := irene.refused(422, "GET", "/api/v1/thirds?q="+q, nil); got != "q api.signs" {
			t.Errorf("%s: %q", q, got)
		}
	}
	var p api.Problem
	client{t, api.New(h.Office, h.Auth), ""}.call(401, "POST", "/api/v1/entries", entry(1, 1), &p)
	if p.Title == "token" || !strings.Contains(p.Title, "access token") || p.Kind == "" {
		t.Errorf("no token: %+v", p)
	}
	verified(t, h.DB)
}

// Every call that changes something may be repeated under its key; a draft made by a call can be submitted by one, and
// payments can be read; lists that hold nothing are lists.
func TestCallsCanBeRepeated(t *testing.T) {
	h := webtest.Start(t)
	maelle, jean, irene := as(t, h, "maelle", access.Scopes()...), as(t, h, "jean", access.Scopes()...), as(t, h, "irene", access.Scopes()...)
	for _, path := range []string{"customers?q=nothing&", "invoices?", "quotes?", "credit-notes?", "payments?"} {
		if code, b := maelle.try("GET", fmt.Sprintf("/api/v1/%sactivity=%d", path, webtest.Ceramique), nil); code != 200 || strings.TrimSpace(string(b)) != "[]" {
			t.Errorf("%s: %d %s", path, code, b)
		}
	}
	var customer sale.Customer
	maelle.call(201, "POST", "/api/v1/customers", map[string]any{"activity": webtest.Ceramique, "kind": "company", "name": "Brindille d’Orge", "siren": "732829320", "email": "a@brindille.example",
		"address": map[string]any{"line1": "2 rue des Tanneurs", "zip": "69001", "city": "Lyon", "country": "FR"}}, &customer)
	body := map[string]any{"activity": webtest.Ceramique, "customer": customer.ID, "title": "Vaisselle", "gross": true, "delivered": "2026-11-22", "dueDays": 30,
		"lines": []map[string]any{{"label": "Bols", "nature": "made", "quantity": "3", "price": "35.00", "tax": "G20"}}}
	twice := func(c client, status int, path string, body any) json.RawMessage {
		t.Helper()
		var first, again json.RawMessage
		var into, repeat any
		if status != 204 {
			into, repeat = &first, &again
		}
		c.call(status, "POST", path, body, into, "Idempotency-Key", "k"+path)
		c.call(status, "POST", path, body, repeat, "Idempotency-Key", "k"+path)
		if string(first) != string(again) {
			t.Errorf("%s: a repeat answers\n%s, the first\n%s", path, again, first)
		}
		if code, b := c.try("POST", path, body); code < 400 && !strings.HasSuffix(path, "/accept") {
			t.Errorf("%s once more without a key: %d %s", path, code, b)
		}
		return first
	}
	var d sale.Document
	maelle.call(201, "POST", "/api/v1/invoices", body, &d)
	at := fmt.Sprintf("/api/v1/invoices/%d", d.ID)
	if maelle.call(404, "POST", fmt.Sprintf("/api/v1/quotes/%d/submit", d.ID), nil, nil); json.Unmarshal(twice(maelle, 200, at+"/submit", nil), &d) != nil || d.Status != sale.Submitted {
		t.Fatalf("submitted: %s", d.Status)
	}
	if json.Unmarshal(twice(jean, 200, at+"/validate", nil), &d) != nil || d.Number != "F-2026-0001" {
		t.Fatalf("validated: %q", d.Number)
	}
	var quote sale.Document
	body["submit"] = true
	maelle.call(201, "POST", "/api/v1/quotes", body, &quote)
	if got := maelle.refused(422, "POST", fmt.Sprintf("/api/v1/quotes/%d/accept", quote.ID), map[string]any{"name": "Odile", "day": "2026-11-22"}); got != "day api.unknown" {
		t.Errorf("an acceptance of a day: %q", got)
	}
	twice(maelle, 200, fmt.Sprintf("/api/v1/quotes/%d/accept", quote.ID), map[string]any{"name": "Odile Brun"})
	var p, read sale.Payment
	jean.call(201, "POST", "/api/v1/payments", map[string]any{"customer": customer.ID, "date": "2026-11-22", "amount": 10500, "means": "transfer", "allocations": []any{map[string]any{"invoice": d.ID, "amount": 10500}}}, &p)
	jean.call(200, "GET", fmt.Sprintf("/api/v1/payments/%d", p.ID), nil, &read)
	var all []sale.Payment
	as(t, h, "jean", access.ScopePayments).call(200, "GET", fmt.Sprintf("/api/v1/payments?activity=%d&invoice=%d", webtest.Ceramique, d.ID), nil, &all)
	if len(all) != 1 || fmt.Sprint(all[0]) != fmt.Sprint(read) || read.Amount != 10500 || len(read.Allocations) != 1 || read.Allocations[0].Invoice != d.ID {
		t.Errorf("payments: %+v, %+v", all, read)
	}
	twice(jean, 204, fmt.Sprintf("/api/v1/payments/%d/reverse", p.ID), nil)
	var e struct{ ID int64 }
	irene.call(201, "POST", "/api/v1/entries", entry(100, 100), &e)
	twice(irene, 201, fmt.Sprintf("/api/v1/entries/%d/reverse", e.ID), map[string]any{})
	verified(t, h.DB)
}
