package web_test

import (
	"net/http"
	"net/url"
	"os"
	"testing"

	"essaim/internal/web/webtest"
)

// The team asks; a person reads her figures and signs what she wants of them.
func TestAYearEndsOnItsPages(t *testing.T) {
	w := newWalk(t)
	w.newYear(webtest.Ceramique)
	w.newYear(webtest.Couture)
	paul, maelle := w.As("paul"), w.As("maelle")
	team := paul.Get(place+"/year-end?year=1").Want(t, http.StatusOK, "Fin d’année 2025", "Maëlle", "pas de réponse", "1 000,00 €", "est le résultat des activités dans les livres : 2 000,00 €")
	if form := team.Form("/year-end/remind", url.Values{}); len(form) == 0 {
		t.Fatal("nobody can be reminded")
	}
	maelle.Get(place+"/year-choice").Want(t, http.StatusOK, "2025", "1 000,00 €", "à répondre avant le")
	page := place + "/year-choice/1/10"
	p := maelle.Get(page).Want(t, http.StatusOK, "Il reste de 2025", "1 000,00 €", "Être payé", "Laisser à la coopérative", "Mettre de côté", "Signer mon choix")
	maelle.Post(page, p.Form("/year-choice", url.Values{"pay": {"999,99"}, "agreed": {"1"}})).Want(t, http.StatusUnprocessableEntity, "Les montants font 999,99", "0,01")
	maelle.Post(page, p.Form("/year-choice", url.Values{"pay": {"1000"}})).Want(t, http.StatusUnprocessableEntity, "Cochez que vous avez lu")
	maelle.Follow(maelle.Post(page, p.Form("/year-choice", url.Values{"pay": {"600"}, "keep": {"400"}, "agreed": {"1"}}))).Want(t, http.StatusOK, "Votre choix est signé", "avec cette empreinte", "400,00 €")
	paul.Get(place+"/year-end?year=1").Want(t, http.StatusOK, "signé")
	w.As("malo").Get(page).Want(t, http.StatusNotFound)
	w.As("samira").Get(place+"/year-end").Want(t, http.StatusNotFound)
	if out := os.Getenv("ESSAIM_SHOTS"); out != "" {
		for _, x := range []struct {
			who, at, name string
		}{{"paul", "/year-end?year=1", "team"}, {"maelle", "/year-choice/1/10", "signed"}, {"lucie", "/year-choice/1/12", "form"}} {
			c := w.Chrome(t)
			c.As(x.who)
			for size, wide := range map[string]int64{"390": 390, "1440": 1440} {
				c.Size(wide, 900)
				c.Open(place + x.at)
				c.Shot(out + "/" + x.name + "-" + size + ".png")
				c.Fits()
			}
		}
	}
}
