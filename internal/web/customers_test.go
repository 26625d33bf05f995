package web_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"essaim/coop"
	"essaim/internal/store"
	"essaim/internal/web/webtest"
	"essaim/sale"
)

func customersPath(activity int64) string { return fmt.Sprintf("%s/a/%d/customers", place, activity) }

func (s *studio) customers() []sale.Customer {
	s.t.Helper()
	all, err := s.Office.Customers(s.t.Context(), s.as("maelle"), store.CustomerFilter{Activity: webtest.Ceramique, Archived: true})
	s.must(err)
	return all
}

func TestCustomersList(t *testing.T) {
	s := newStudio(t)
	b := s.As("maelle")
	p := b.Get(customersPath(webtest.Ceramique)).Want(t, 200, "Clients", "Brindille d’Orge", "Entreprise · Lyon", "1 080,00 €", "1 facture en retard", "Odile Martin", "Particulier", "Commune de Valmorence")
	everyLinkOpens(t, b, p)
	b.Get(customersPath(webtest.Ceramique)+"?q=valmo").Want(t, 200, "Commune de Valmorence").Without(t, "Brindille")
	b.Get(customersPath(webtest.Ceramique)+"?q=zzz").Want(t, 200, "Personne de ce nom")
	s.As("malo").Get(customersPath(webtest.Paysage)).Want(t, 200, "Aucun client pour l’instant").Without(t, "Brindille")
	s.As("malo").Get(customersPath(webtest.Ceramique)).Want(t, 404)
	s.As("nadia").Get(customersPath(webtest.Ceramique)).Want(t, 200, "Brindille d’Orge").Without(t, "Nouveau client")
}

// The kind decides what is kept; numbers are checked by their key; the second click makes no second customer.
func TestNewCustomer(t *testing.T) {
	s := newStudio(t)
	b := s.As("maelle")
	to := customersPath(webtest.Ceramique) + "/new"
	p := b.Get(to).Want(t, 200, "Quelle sorte de client ?", "jamais partagé avec d’autres", "SIRET")
	b.Post(to, p.Form("customers/new", url.Values{"name": {"Ortie"}, "siren": {"732829321"}, "email": {"nulle part"}})).Want(t, 422, "2 choses à revoir", "Ce SIREN est faux : neuf chiffres dont le dernier vérifie les autres.", "courriel n’est pas complète")
	b.Post(to, p.Form("customers/new", url.Values{"name": {""}})).Want(t, 422, "Il manque le nom du client.")
	if got := b.Post(to, p.Form("customers/new", url.Values{"name": {"Ortie & fils"}, "siren": {"1"}})).Fields("customers/new").Get("name"); got != "Ortie & fils" {
		t.Errorf("the name typed is %q", got)
	}
	before := len(s.customers())
	form := p.Form("customers/new", url.Values{"name": {"Maison Ortie"}, "siren": {"123 456 782"}, "address.city": {"Annecy"}})
	first, second := b.Post(to, form).Want(t, 303), b.Post(to, form).Want(t, 303)
	if first.Location != second.Location || len(s.customers()) != before+1 {
		t.Errorf("%s, %s, %d customers more", first.Location, second.Location, len(s.customers())-before)
	}
	// A private person has no number, whatever stands in the fields that the page hides.
	p = b.Get(to + "?kind=consumer")
	made := b.Post(to, p.Form("customers/new", url.Values{"kind": {"consumer"}, "firstName": {"Léa"}, "name": {"Roux"}, "siren": {"732829320"}, "vatNumber": {"FR44732829320"}})).Want(t, 303)
	b.Get(made.Location).Want(t, 200, "Léa Roux est enregistré", "Particulier")
	for _, c := range s.customers() {
		if c.Name == "Roux" && (c.SIREN != "" || c.VATNumber != "" || c.FirstName != "Léa") {
			t.Errorf("%+v", c)
		}
	}
	p = b.Get(to + "?kind=eu")
	made = b.Post(to, p.Form("customers/new", url.Values{"kind": {"eu"}, "name": {"Töpferei"}, "vatNumber": {"DE 811 907 980"}, "address.country": {"DE"}, "address.line1": {"Weg 1"}, "address.city": {"Köln"}})).Want(t, 303)
	b.Get(made.Location).Want(t, 200, "Töpferei")
	for _, c := range s.customers() {
		if c.Name == "Töpferei" && (c.Address.Country != "DE" || c.VATNumber != "DE811907980") {
			t.Errorf("%+v", c)
		}
	}
	s.As("malo").Get(to).Want(t, 404)
	s.As("jean").Get(to).Want(t, 403)
}

// The cooperative knows a company by its whole SIREN for all. By a name, a town or the first digits no one learns whose
// customer it is; of a private person, nothing at all.
func TestCompanyIsSuggestedByItsWholeSIRENOnly(t *testing.T) {
	s := newStudio(t)
	malo := s.As("malo")
	to := customersPath(webtest.Paysage) + "/new"
	for _, whole := range []string{"732829320", "732 829 320", "73282932000074"} {
		malo.Get(to+"?q="+url.QueryEscape(whole)).Want(t, 200, "Brindille d’Orge", "SIREN 732\u00a0829\u00a0320", "Reprendre").Without(t, "Maëlle", "compta@brindille.example")
		part := partOf(s, malo, customersPath(webtest.Paysage)+"/suggest?q="+url.QueryEscape(whole)).Body.String()
		if !strings.Contains(part, `value="customer732829320"`) {
			t.Errorf("%s: %s", whole, part)
		}
	}
	for _, less := range []string{"brindille", "Brindille d’Orge", "Lyon", "73282", "732 829 32", "732829321", "odile"} {
		malo.Get(to+"?q="+url.QueryEscape(less)).Want(t, 200, "par son SIREN entier").Without(t, "Reprendre", "Odile Martin")
		part := partOf(s, malo, customersPath(webtest.Paysage)+"/suggest?q="+url.QueryEscape(less)).Body.String()
		if strings.Contains(part, "customer7") || strings.Contains(part, "Martin") || !strings.Contains(part, "Personne ne s’appelle") {
			t.Errorf("%s: %s", less, part)
		}
	}
	malo.Get(to+"?q=123456782").Want(t, 200, "ne connaît pas encore cette entreprise")
	filled := malo.Get(to + "?siren=732829320")
	if v := filled.Fields("customers/new"); v.Get("name") != "Brindille d’Orge" || v.Get("address.line1") != "2 rue des Tanneurs" || v.Get("email") != "" {
		t.Errorf("%v", v)
	}
	if v := malo.Get(to + "?siren=73282").Fields("customers/new"); v.Get("name") != "" {
		t.Errorf("%v", v)
	}
}

// The same customer a second time is asked about, once: open the first, or say that it is someone else.
func TestSameCustomerTwiceIsAskedAbout(t *testing.T) {
	s := newStudio(t)
	b := s.As("maelle")
	to := customersPath(webtest.Ceramique) + "/new"
	p := b.Get(to + "?kind=consumer")
	lea := url.Values{"kind": {"consumer"}, "firstName": {"Léa"}, "name": {"Roux"}, "address.city": {"Annecy"}}
	first := b.Post(to, p.Form("customers/new", lea)).Want(t, 303)
	again := b.Get(to + "?kind=consumer")
	lea.Set("name", "ROUX")
	asked := b.Post(to, again.Form("customers/new", lea)).Want(t, 422, "Léa Roux est déjà client", "L’ouvrir")
	if !strings.Contains(asked.Body, `href="`+first.Location+`"`) {
		t.Error("the first one cannot be opened")
	}
	before := len(s.customers())
	b.Post(to, asked.Form("customers/new", url.Values{"another": {"1"}})).Want(t, 303)
	if n := len(s.customers()); n != before+1 {
		t.Errorf("%d customers more", n-before)
	}
	// Elsewhere it is someone else; a company is known by its number, whatever its name.
	lea.Set("address.city", "Toulon")
	b.Post(to, b.Get(to).Form("customers/new", lea)).Want(t, 303)
	b.Post(to, b.Get(to).Form("customers/new", url.Values{"name": {"Les Brindilles"}, "siren": {"732 829 320"}})).Want(t, 422, "Brindille d’Orge est déjà client")
	// From a draft, the first one is taken for it.
	away := b.Post(salesPath(webtest.Ceramique)+"/new", typed(b.Get(newPath("quote")), "customer", url.Values{"customerName": {"Brindille"}, "lines[0].label": {"Enseigne"}})).Want(t, 303)
	asked = b.Post(to, b.Get(away.Location).Form("customers/new", url.Values{"name": {"Les Brindilles"}, "siren": {"732829320"}})).Want(t, 422, "Le prendre pour ce document")
	back := b.Post(to, asked.Form("customers/new", url.Values{"take": {fmt.Sprint(s.company.ID)}})).Want(t, 303)
	b.Get(back.Location).Want(t, 200, "Devis en brouillon", "Brindille d’Orge", "Enseigne")
	// Another's customer is not taken.
	malo := s.As("malo")
	other := malo.Post(salesPath(webtest.Paysage)+"/new", typed(malo.Get(fmt.Sprintf("%s/a/%d/sales/new?kind=quote", place, webtest.Paysage)), "customer", url.Values{"customerName": {"x"}, "lines[0].label": {"Haie"}})).Want(t, 303)
	malo.Post(customersPath(webtest.Paysage)+"/new", malo.Get(other.Location).Form("customers/new", url.Values{"name": {"x"}, "take": {fmt.Sprint(s.company.ID)}})).Want(t, 404)
}

// Kind and country agree on the customer's own form, and the country is one of today's.
func TestCountryGoesWithTheKind(t *testing.T) {
	s := newStudio(t)
	b := s.As("maelle")
	to := customersPath(webtest.Ceramique) + "/new"
	p := b.Get(to+"?kind=foreign").Want(t, 200, "Choisir un pays").Without(t, "Nations Unies", `value="DD"`, `value="UK"`)
	if n := strings.Count(p.Body, ">Allemagne<"); n != 1 {
		t.Errorf("Allemagne stands %d times", n)
	}
	for country, words := range map[string]string{"": "est hors de l’Union européenne : choisir son pays", "FR": "est hors de l’Union européenne", "DE": "est hors de l’Union européenne", "DD": "Choisir le pays dans la liste", "UK": "Choisir le pays dans la liste"} {
		refused := b.Post(to, p.Form("customers/new", url.Values{"kind": {"foreign"}, "name": {"Weit"}, "address.country": {country}})).Want(t, 422, words)
		if !strings.Contains(refused.Body, `<div class="f bad"><label for="f-address-country"`) {
			t.Errorf("%q is not refused on its field", country)
		}
	}
	b.Post(to, p.Form("customers/new", url.Values{"kind": {"eu"}, "name": {"Weit"}, "address.country": {"CH"}})).Want(t, 422, "est une entreprise d’un autre pays de l’Union : choisir son pays")
	b.Post(to, p.Form("customers/new", url.Values{"kind": {"company"}, "name": {"Brume"}, "address.zip": {"6900"}})).Want(t, 422, "Un code postal français a cinq chiffres")
	b.Post(to, p.Form("customers/new", url.Values{"kind": {"company"}, "name": {"北京 Kiln 🎨"}})).Want(t, 422, "ne peut pas écrire 北 京 🎨")
	b.Post(to, p.Form("customers/new", url.Values{"kind": {"foreign"}, "name": {"Weit"}, "address.country": {"CH"}, "address.zip": {"1204"}})).Want(t, 303)
	// A code of the past, kept from before: it is shown, and another asked for.
	s.must(s.DB.Write(t.Context(), s.Coop.ID, func(tx *store.Tx) error {
		return tx.SaveCustomer(&sale.Customer{Activity: webtest.Ceramique, Kind: sale.EUCompany, Name: "Altwerk", VATNumber: "DE811907980", Address: coop.Address{Line1: "Weg 1", City: "Jena", Country: "DD"}})
	}))
	for _, c := range s.customers() {
		if c.Name == "Altwerk" {
			at := fmt.Sprintf("%s/customers/%d", place, c.ID)
			p := b.Get(at).Want(t, 200, "DD, qui n’existe plus")
			if got := p.Fields("/customers/").Get("address.country"); got != "DD" {
				t.Errorf("%q is chosen", got)
			}
			b.Post(at, p.Form("/customers/", url.Values{"phone": {"1"}})).Want(t, 422, "Choisir le pays dans la liste")
			b.Post(at, p.Form("/customers/", url.Values{"address.country": {"DE"}})).Want(t, 303)
			return
		}
	}
	t.Error("no Altwerk")
}

// A new customer comes back to the draft that waited for it, which kept what was typed.
func TestNewCustomerForADraft(t *testing.T) {
	s := newStudio(t)
	b := s.As("maelle")
	p := b.Get(newPath("quote"))
	away := b.Post(salesPath(webtest.Ceramique)+"/new", typed(p, "customer", url.Values{"customerName": {"Vélo Citron"}, "lines[0].label": {"Enseigne"}, "lines[0].price": {"250"}})).Want(t, 303)
	sheet := b.Get(away.Location).Want(t, 200, "Le brouillon est gardé", "Enregistrer et revenir au document")
	if got := sheet.Fields("customers/new").Get("name"); got != "Vélo Citron" {
		t.Errorf("the name typed is %q", got)
	}
	back := b.Post(customersPath(webtest.Ceramique)+"/new", sheet.Form("customers/new", url.Values{"kind": {"consumer"}})).Want(t, 303)
	b.Get(back.Location).Want(t, 200, "Devis en brouillon", "Vélo Citron", "Enseigne", "250,00")
	// What a customer lacks is mended on its page, and one comes back.
	q := b.Get(back.Location)
	edit := b.Post(back.Location, typed(q, "customeredit", nil)).Want(t, 303)
	sheet = b.Get(edit.Location).Want(t, 200, "Revenir au brouillon")
	b.Post(strings.SplitN(edit.Location, "?", 2)[0], sheet.Form("/customers/", url.Values{"email": {"velo@citron.example"}})).WantTo(t, back.Location)
}

func TestCustomerPage(t *testing.T) {
	s := newStudio(t)
	b := s.As("maelle")
	at := fmt.Sprintf("%s/customers/%d", place, s.company.ID)
	p := b.Get(at).Want(t, 200, "Brindille d’Orge", "Me doit 1 080,00 €", "1 facture en retard", "Facture F-2026-0001", "43 jours de retard", "Devis D-2026-0001", "compta@brindille.example")
	everyLinkOpens(t, b, p)
	b.Post(at, p.Form("/customers/", url.Values{"siren": {"1"}})).Want(t, 422, "Ce SIREN est faux", "Me doit")
	b.Post(at, p.Form("/customers/", url.Values{"phone": {"04 00 00 00 77"}, "archived": {"1"}})).WantTo(t, at)
	b.Get(at).Want(t, 200, "04 00 00 00 77")
	b.Get(customersPath(webtest.Ceramique)).Want(t, 200).Without(t, "Brindille")
	b.Get(customersPath(webtest.Ceramique)+"?archived=1").Want(t, 200, "Brindille d’Orge", "rangé")
	nadia := s.As("nadia").Get(at).Want(t, 200, "Sa fiche", "732\u00a0829\u00a0320")
	if strings.Contains(nadia.Body, `name="siren"`) {
		t.Error("who may only read is given a form")
	}
	s.As("nadia").Post(at, url.Values{"name": {"x"}}).Want(t, 403)
	s.As("malo").Get(at).Want(t, 404)
	s.As("malo").Post(at, url.Values{"name": {"x"}}).Want(t, 404)
	b.Get(place+"/customers/99999").Want(t, 404)
}
