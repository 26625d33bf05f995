package web_test

import (
	"fmt"
	"net/url"
	"testing"

	"essaim/coop"
	"essaim/internal/store"
	"essaim/internal/web/webtest"
	"essaim/sale"
)

// abroad adds a company of the Union and one outside it to the customers of the potter.
func (s *studio) abroad() (union, outside sale.Customer) {
	s.t.Helper()
	var err error
	union, err = s.Office.SaveCustomer(s.t.Context(), s.as("maelle"), sale.Customer{Activity: webtest.Ceramique, Kind: sale.EUCompany, Name: "Werkstatt Beispiel GmbH", VATNumber: "DE811569869", Address: coop.Address{Line1: "Musterstraße 1", Zip: "10115", City: "Berlin", Country: "DE"}}, "")
	s.must(err)
	outside, err = s.Office.SaveCustomer(s.t.Context(), s.as("maelle"), sale.Customer{Activity: webtest.Ceramique, Kind: sale.Foreign, Name: "Galerie Muster SA", Address: coop.Address{Line1: "1 rue du Modèle", Zip: "1201", City: "Genève", Country: "CH"}}, "")
	s.must(err)
	return union, outside
}

// On every form the lines of a customer abroad start without French VAT and follow the customer, without a script too, as
// long as nobody chose their rate.
func TestLinesFollowTheCustomer(t *testing.T) {
	s := newStudio(t)
	union, outside := s.abroad()
	b := s.As("maelle")
	to := salesPath(webtest.Ceramique) + "/new"
	at := func(c sale.Customer) string { return fmt.Sprint("customer=", c.ID) }
	tax := func(p *webtest.Page, want string) {
		t.Helper()
		if got := typed(p, "", nil).Get("lines[0].tax"); got != want {
			t.Errorf("%s: %s, want %s", p.Path, got, want)
		}
	}
	for _, kind := range []string{"invoice", "quote"} {
		tax(b.Get(to+"?kind="+kind), "G20")
		tax(b.Get(to+"?kind="+kind+"&"+at(union)), "EUG")
		tax(b.Get(to+"?kind="+kind+"&"+at(outside)), "EXG")
		// The customer is typed afterwards, then changed, by a button and by keeping the draft.
		p := b.Post(to, typed(b.Get(to+"?kind="+kind), "count", url.Values{"customerName": {union.Name}, "lines[0].label": {"Bol"}, "lines[0].price": {"40"}}))
		tax(p, "EUG")
		q := b.Post(to, typed(p, "save", url.Values{"customer": {""}, "customerName": {outside.Name}}))
		tax(b.Get(q.Location), "EXG")
		p = b.Post(q.Location, typed(b.Get(q.Location), "count", url.Values{"customer": {""}, "customerName": {s.company.FullName()}}))
		tax(p, "G20")
		// Chosen, it stays.
		p = b.Post(q.Location, typed(p, "count", url.Values{"lines[0].tax": {"G55"}}))
		tax(b.Post(q.Location, typed(p, "count", url.Values{"customer": {""}, "customerName": {union.Name}})), "G55")
	}
	quick := salesPath(webtest.Ceramique) + "/quick"
	tax(b.Get(quick+"?"+at(outside)), "EXG")
	p := b.Post(to, typed(b.Get(quick), "count", url.Values{"customerName": {union.Name}, "lines[0].label": {"Bol"}, "lines[0].price": {"40"}}))
	tax(p, "EUG")
	q := b.Post(to, typed(p, "save", url.Values{"customer": {""}, "customerName": {outside.Name}}))
	tax(b.Get(q.Location), "EXG")
	subtax := func(p *webtest.Page, want string) {
		t.Helper()
		if got := p.Form("", nil).Get("lines[0].tax"); got != want {
			t.Errorf("%s: %s, want %s", p.Path, got, want)
		}
	}
	subs := fmt.Sprintf("%s/a/%d/subscriptions/new", place, webtest.Ceramique)
	subtax(b.Get(subs+"?"+at(union)), "EUG")
	again := b.Get(subs).Form("", url.Values{"do": {"count"}, "customerName": {outside.Name}, "lines[0].label": {"Location"}, "lines[0].price": {"40"}})
	subtax(b.Post(subs, again), "EXG")
	// What the catalogue holds is put on the document of a customer abroad without French VAT.
	_, err := s.Office.SaveProduct(t.Context(), s.as("maelle"), sale.Product{Activity: webtest.Ceramique, Label: "Grand plat", Gross: true, Lines: []sale.Line{{Label: "Grand plat", Nature: "made", Tax: "G20", Quantity: 1e6, Price: 120e6}}}, "")
	s.must(err)
	all, err := s.Office.Products(t.Context(), s.as("maelle"), store.ProductFilter{Activity: webtest.Ceramique, Limit: 5})
	s.must(err)
	p = b.Post(to, typed(b.Get(to+"?kind=invoice&"+at(union)), fmt.Sprint("take", all[0].ID), nil))
	tax(p, "EUG")
	if got := typed(p, "", nil).Get("lines[0].price"); got != "100" && got != "100,00" {
		t.Errorf("price %q", got)
	}
}
