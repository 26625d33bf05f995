package web_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"essaim/internal/web/webtest"
)

func salesPath(activity int64) string { return fmt.Sprintf("%s/a/%d/sales", place, activity) }

// partOf asks for a page as a script does, for the part of it alone.
func partOf(s *studio, b *webtest.Browser, path string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("HX-Request", "true")
	r.Header.Set("Accept-Language", "fr")
	for _, c := range b.Cookies() {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	s.Handler.ServeHTTP(w, r)
	return w
}

// A panel comes alone to the page that puts it beside its figures, with a way to close it.
func TestWhyAsAPart(t *testing.T) {
	s := newStudio(t)
	b := s.As("maelle")
	w := partOf(s, b, accountPath(webtest.Ceramique)+"why/vat")
	body := w.Body.String()
	if w.Code != 200 || !strings.HasPrefix(body, `<section class="why"`) || strings.Contains(body, "<html") || !strings.Contains(body, `aria-label="Fermer"`) {
		t.Errorf("%d %s", w.Code, body)
	}
	if w := partOf(s, b, accountPath(webtest.Ceramique)+"why/nothing"); w.Code != 404 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// The list says in words in which state each document is, and what the choices in the address keep.
func TestSalesList(t *testing.T) {
	s := newStudio(t)
	b := s.As("maelle")
	p := b.Get(salesPath(webtest.Ceramique)).Want(t, 200, "Factures et devis", "7 documents", "F-2026-0001", "43 jours de retard", "F-2026-0002", "payée", "F-2026-0003", "validée", "D-2026-0001", "accepté", "à corriger", "en relecture chez Samira", "brouillon", "Client à choisir", "1 080,00 € à encaisser")
	everyLinkOpens(t, b, p)
	list := salesPath(webtest.Ceramique)
	b.Get(list+"?kind=quote").Want(t, 200, "1 devis", "D-2026-0001", "1 380,00 €").Without(t, "F-2026")
	b.Get(list+"?kind=invoice&state=overdue").Want(t, 200, "1 facture", "F-2026-0001").Without(t, "F-2026-0002", "D-2026")
	b.Get(list+"?state=unpaid").Want(t, 200, "2 documents", "F-2026-0003").Without(t, "F-2026-0002")
	b.Get(list+"?state=paid").Want(t, 200, "F-2026-0002").Without(t, "F-2026-0001")
	b.Get(list+"?state=returned").Want(t, 200, "Commune de Valmorence").Without(t, "Brindille")
	b.Get(list+"?q=brindille").Want(t, 200, "F-2026-0001", "F-2026-0003").Without(t, "Odile")
	b.Get(list+"?q=3000").Want(t, 200, "F-2026-0002").Without(t, "F-2026-0001") // an amount, tax included
	b.Get(list+"?from=1/10/2026&to=31/10/2026").Want(t, 200, "F-2026-0002").Without(t, "F-2026-0001", "F-2026-0003")
	b.Get(list+"?state=draft&q=rien").Want(t, 200, "Rien de tel", "Tout revoir")
	b.Get(list+"?state=x&kind=y&from=z&before=w&customer=v").Want(t, 200, "7 documents") // what cannot be read is left out
	b.Get(fmt.Sprintf("%s?customer=%d", list, s.town.ID)).Want(t, 200, "Commune de Valmorence").Without(t, "Brindille")
	s.As("malo").Get(salesPath(webtest.Paysage)).Want(t, 200, "Aucun devis ni facture pour l’instant", "Faire un devis")
	s.As("malo").Get(list).Want(t, 404)
	s.As("zoe").Get(list).Want(t, 404)
	s.As("jean").Get(list).Want(t, 200, "F-2026-0001", "Maëlle céramique").Without(t, "Facturer")
}

// Beyond fifty the older ones are a page away, and none is missed or shown twice.
func TestSalesListGoesOn(t *testing.T) {
	s := newStudio(t)
	for range 60 {
		s.save("quote", s.company, "Cours", 10_00)
	}
	b := s.As("maelle")
	seen := map[string]bool{}
	at := salesPath(webtest.Ceramique)
	for n := 0; at != ""; n++ {
		p := b.Get(at).Want(t, 200, "67 documents")
		at = ""
		for _, href := range links(p) {
			if strings.Contains(href, "before=") {
				at = href
			}
			if strings.HasPrefix(href, place+"/sales/") {
				if seen[href] {
					t.Errorf("%s is shown twice", href)
				}
				seen[href] = true
			}
		}
		if n > 3 {
			t.Fatal("pages without end")
		}
	}
	if len(seen) != 67 {
		t.Errorf("%d documents on the pages", len(seen))
	}
}

// The file holds every row of the choice, with amounts that a spreadsheet adds up, and no formula of a customer's.
func TestSalesFile(t *testing.T) {
	s := newStudio(t)
	s.save("quote", s.company, "=1+1", 10_00)
	b := s.As("maelle")
	p := b.Get(salesPath(webtest.Ceramique)+".csv?before=2").Want(t, 200)
	if got := p.Header.Get("Content-Disposition"); got != "attachment; filename=001-ventes-2026-11-22.csv" {
		t.Error(got)
	}
	text, ok := strings.CutPrefix(p.Body, "\ufeff")
	if !ok {
		t.Error("no mark of UTF-8: spreadsheets would guess")
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil || len(rows) != 9 {
		t.Fatalf("%v: %v", err, rows)
	}
	if got := strings.Join(rows[len(rows)-1], "|"); got != "Facture|F-2026-0001|2026-09-10|2026-10-10|Brindille d’Orge|Bols et théières|1000,00|200,00|1200,00|600,00|600,00|43 jours de retard|EUR|1200,00" {
		t.Error(got)
	}
	if rows[1][5] != "'=1+1" {
		t.Errorf("a formula leaves: %q", rows[1][5])
	}
	if rows := strings.Count(b.Get(salesPath(webtest.Ceramique)+".csv?kind=invoice&state=paid").Want(t, 200).Body, "\n"); rows != 2 {
		t.Errorf("%d lines for one paid invoice", rows)
	}
	s.As("malo").Get(salesPath(webtest.Ceramique)+".csv").Want(t, 404)
}
