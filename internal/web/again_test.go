package web_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"essaim/internal/web/webtest"
	"essaim/sale"
)

// A page is kept while nothing is written in its cooperative, and made anew as soon as anything that it depends on is
// another: the books, a word of its activity, the person, the language, the theme, the day.
func TestKeptPages(t *testing.T) {
	s := newStudio(t)
	maelle := s.As("maelle")
	account := accountPath(webtest.Ceramique)
	// The key of the reserve's form is drawn anew with each page that is made.
	made := func(b *webtest.Browser) string { return b.Get(account).Want(t, 200).Form("/reserve", nil).Get("key") }

	first := made(maelle)
	if made(maelle) != first {
		t.Fatal("made twice, though nothing changed")
	}
	changed := func(why string) {
		t.Helper()
		now := made(maelle)
		if now == first {
			t.Errorf("kept: %s", why)
		}
		if first = made(maelle); first != now {
			t.Errorf("not kept after: %s", why)
		}
	}

	if plain := maelle.Ask(account, "Accept-Encoding", "identity"); plain.Header.Get("Content-Encoding") != "" || plain.Want(t, 200).Form("/reserve", nil).Get("key") != first {
		t.Error("a browser that takes no compressed page gets another one")
	}
	maelle.Get(account).Without(t, "Théière unique")
	_, err := s.Office.Validate(t.Context(), s.as("jean"), s.submitted.ID, 0)
	s.must(err)
	changed("an invoice was validated")
	s.pay(s.owed, 480_00)
	changed("a payment came")
	maelle.Get(salesPath(webtest.Ceramique)).Want(t, 200, s.agreed.Number)
	s.submit(s.save(sale.Quote, s.company, "Grandes jarres", 900_00))
	maelle.Get(salesPath(webtest.Ceramique)).Want(t, 200, "Grandes jarres")
	changed("a quote was written")
	act, err := s.Office.Activity(t.Context(), s.as("nadia"), webtest.Ceramique)
	s.must(err)
	act.Name = "Maëlle porcelaine"
	_, err = s.Office.SaveActivity(t.Context(), s.as("nadia"), act)
	s.must(err)
	maelle.Get(account).Want(t, 200, "Maëlle porcelaine")
	changed("the activity has another name")

	// What a deed says is said once, on a page of its own.
	done := maelle.Post(account+"reserve", maelle.Get(account).Form("/reserve", url.Values{"reserve": {"321"}})).Want(t, 303)
	maelle.Follow(done).Want(t, 200, "Réserve de 321,00 € gardée")
	maelle.Get(account).Want(t, 200, "321").Without(t, "Réserve de 321,00 € gardée")
	changed("an amount is kept aside")

	maelle.Get("/me")
	maelle.Post("/me/look", maelle.Get("/me").Form("/me/look", url.Values{"lang": {"en"}, "theme": {"dark"}})).Want(t, 303)
	maelle.Get(account) // what the deed says
	if page := maelle.Get(account).Want(t, 200, "left for my pay"); !strings.Contains(page.Body, `data-theme="dark"`) {
		t.Error("by day")
	}
	changed("another language")
	s.Pass(24 * time.Hour)
	maelle = s.As("maelle")
	changed("another day")

	// Nobody is shown another's page, and who lost the right is shown none.
	if made(s.As("maelle")) == "" || strings.Contains(s.As("samira").Get(account).Body, `action="`+account+`reserve"`) {
		t.Error("the advisor has the page of the entrepreneur")
	}
	s.As("malo").Get(account).Want(t, 404)
}
