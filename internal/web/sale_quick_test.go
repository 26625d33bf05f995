package web_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"essaim/internal/store"
	"essaim/internal/web/webtest"
	"essaim/sale"
)

// Six fields, someone new as customer, no script: what is missing is told on its field, nothing is made twice, and a photograph comes
// along to whoever reads it.
func TestQuickInvoice(t *testing.T) {
	s := newStudio(t)
	b := s.As("maelle")
	invoices := len(s.documents(sale.Invoice))
	p := b.Get(salesPath(webtest.Ceramique)+"/quick").Want(t, 200, "Nouvelle facture", "Client", "Quoi", "Prix TTC", "Fait ou livré le", "Acompte ?", "Envoyer à la relecture")
	to := salesPath(webtest.Ceramique) + "/new"
	fill := url.Values{"customerName": {"Odile Marchand"}, "lines[0].label": {"Deux bols"}, "lines[0].price": {"soixante"}, "delivered": {"20/11"}, "buyer.kind": {"consumer"}}

	// Another name than any of the customers': what the law asks of a new one is told on its fields, with the price.
	p = b.Post(to, typed(p, "submit", fill)).Want(t, 422, "Ce n’est pas un nombre", "« Odile Marchand » est un nouveau client", "Il manque l’adresse")
	if got := len(s.documents(sale.Invoice)); got != invoices+1 || s.named("Odile Marchand") != 0 { // a draft of what could be read
		t.Errorf("%d documents", got-invoices)
	}
	p = b.Post(to, typed(p, "count", url.Values{"lines[0].price": {"60"}})).Want(t, 200, "TVA 20 %, comptée dans le prix : 10,00 €", "60,00 €")

	whole := typed(p, "submit", url.Values{"buyer.address.line1": {"3 rue Haute"}, "buyer.address.zip": {"69001"}, "buyer.address.city": {"Lyon"}})
	var parts []sent
	for name, values := range whole {
		for _, v := range values {
			parts = append(parts, sent{field: name, body: v})
		}
	}
	send := func(photo string) *webtest.Page {
		body, kind := withFiles(t, append(parts, sent{"photo", "bols.png", "image/png", photo})...)
		return b.Upload(to, body, kind)
	}
	send("not a picture").Want(t, 422, "Photo")
	if got := s.named("Odile Marchand"); got != 0 {
		t.Fatalf("%d customers", got)
	}
	first := send(string(aPNG(t)))
	again := send(string(aPNG(t)))
	if first.Location == "" || first.Location != again.Location || strings.Contains(first.Location, "edit") {
		t.Fatalf("sent twice: %d %q, %q\n%s", first.Status, first.Location, again.Location, first.Text())
	}
	if got := len(s.documents(sale.Invoice)); got != invoices+1 || s.named("Odile Marchand") != 1 {
		t.Errorf("%d documents, %d customers", got-invoices, s.named("Odile Marchand"))
	}
	b.Get(first.Location).Want(t, 200, "En relecture", "Odile Marchand", "60,00 €", "bols.png")
	s.As("samira").Get(strings.Replace(first.Location, "/sales/", "/desk/", 1)).Want(t, 200, "Odile Marchand", "bols.png")

	// The same name again: is it the same?
	p = b.Get(salesPath(webtest.Ceramique) + "/quick")
	fill.Set("lines[0].price", "60")
	fill.Set("buyerNew", "1")
	for _, f := range []string{"line1", "zip", "city"} {
		fill.Set("buyer.address."+f, whole.Get("buyer.address."+f))
	}
	b.Post(to, typed(p, "submit", fill)).Want(t, 422, "est déjà dans mes clients", "Non, c’est quelqu’un d’autre")

	// All the rest is one button away, and a draft that holds more than six fields stays there.
	p = b.Get(salesPath(webtest.Ceramique) + "/quick?customer=" + fmt.Sprint(s.company.ID))
	q := b.Post(to, typed(p, "full", url.Values{"lines[0].label": {"Grand plat"}, "lines[0].price": {"90"}}))
	b.Get(q.Location).Want(t, 200, "Facture en brouillon", "Grand plat", "Autres précisions", s.company.Name)
	b.Get(q.Location+"?shape=quick").Want(t, 200, "Grand plat", "Acompte ?").Without(t, "Autres précisions")
	full := b.Get(q.Location)
	b.Post(q.Location, typed(full, "save", url.Values{"note": {"Merci"}}))
	b.Get(q.Location+"?shape=quick").Want(t, 200, "Autres précisions", "Merci")
}

// Nothing to pay is told beside the price, which is on the page.
func TestQuickWithoutPrice(t *testing.T) {
	s := newStudio(t)
	b := s.As("maelle")
	p := b.Get(salesPath(webtest.Ceramique) + "/quick?customer=" + fmt.Sprint(s.company.ID))
	p = b.Post(salesPath(webtest.Ceramique)+"/new", typed(p, "submit", url.Values{"lines[0].label": {"Deux bols"}})).Want(t, 422, "Le total est nul").Without(t, "Il manque quelque chose qui n’est pas sur cette page")
	if !strings.Contains(p.Body, `href="#f-lines-0-price"`) {
		t.Errorf("the price is not named:\n%s", p.Text())
	}
}

// A deposit: asked, then deducted by the next invoice; nothing to deduct is told.
func TestQuickDeposit(t *testing.T) {
	s := newStudio(t)
	b := s.As("maelle")
	to, page := salesPath(webtest.Ceramique)+"/new", salesPath(webtest.Ceramique)+"/quick?customer="+fmt.Sprint(s.company.ID)
	fill := url.Values{"lines[0].label": {"Vaisselle sur mesure"}, "lines[0].price": {"345"}, "delivered": {""}, "advance": {"got"}}
	p := b.Post(to, typed(b.Get(page), "submit", fill)).Want(t, 422, "Aucun acompte n’est facturé à ce client")
	edit := s.lastDraft()
	r := b.Post(edit, typed(p, "submit", url.Values{"advance": {"asked"}}))
	b.Get(r.Location).Want(t, 200, "Facture d’acompte", "345,00 €")
	_, err := s.Office.Validate(t.Context(), s.as("samira"), s.documents(sale.Invoice)[0].ID, 0)
	s.must(err)

	fill.Set("lines[0].price", "1150")
	fill.Set("advance", "no")
	fill.Set("delivered", "20/11")
	p = b.Post(to, typed(b.Get(page), "count", fill)).Want(t, 200, "Choisir « Déjà reçu »", "pas encore payée", "1 150,00 €")
	p = b.Post(to, typed(p, "count", url.Values{"advance": {"got"}})).Want(t, 200, "À payer par le client 805,00 €", "TVA 20 %, comptée dans le prix : 191,67 €")
	r = b.Post(to, typed(p, "submit", nil))
	b.Get(r.Location).Want(t, 200, "805,00 €", "345,00 €")
}

func (s *studio) named(name string) (n int) {
	s.t.Helper()
	all, err := s.Office.Customers(s.t.Context(), s.as("maelle"), store.CustomerFilter{Activity: webtest.Ceramique, Q: name, Limit: 10})
	s.must(err)
	return len(all)
}

func (s *studio) lastDraft() string {
	s.t.Helper()
	return place + "/sales/" + fmt.Sprint(s.documents(sale.Invoice)[0].ID) + "/edit"
}
