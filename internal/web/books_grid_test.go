package web_test

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"essaim/internal/web/webtest"
)

// Nobody books for oneself, and is told so on the line it concerns: the rest of what was typed stays, in its rows.
func TestGridRefusesOwnOnItsLine(t *testing.T) {
	w := newWalk(t)
	worker, err := w.Office.Worker(t.Context(), w.Actor("irene"), w.Actor("maelle").Person)
	w.must(err)
	w.everyRole("maelle")
	to := "/" + webtest.Slug + "/books/entry/new"
	maelle := w.As("maelle")
	p := maelle.Get(to)
	typed := url.Values{"ref": {"L-12"}, "label": {"Loyer partagé"},
		"lines[0].account": {"6132"}, "lines[0].section": {"002"}, "lines[0].debit": {"500"}, "lines[0].label": {"Part du paysage"},
		"lines[2].account": {"6132"}, "lines[2].section": {"001"}, "lines[2].debit": {"250"},
		"lines[3].account": {"421"}, "lines[3].section": {"002"}, "lines[3].third": {worker.Code}, "lines[3].credit": {"750"}}
	got := maelle.Post(to, p.Form("/entry/new", typed)).Want(t, http.StatusUnprocessableEntity, words("access.denied.own"), words("access.denied.own_pay"))
	for _, id := range []string{"f-lines-2-section", "f-lines-3-third"} {
		if !strings.Contains(got.Body, `href="#`+id+`"`) || !strings.Contains(got.Body, `id="`+id+`"`) {
			t.Errorf("no refusal on %s", id)
		}
	}
	kept := got.Fields("/entry/new")
	for name := range typed {
		if kept.Get(name) != typed.Get(name) {
			t.Errorf("%s was %q, comes back as %q", name, typed.Get(name), kept.Get(name))
		}
	}
	// Entered for others, the same form goes through.
	maelle.Post(to, got.Form("/entry/new", url.Values{"lines[2].section": {"002"}, "lines[3].account": {"512"}, "lines[3].third": {""}})).Want(t, http.StatusSeeOther)
}

// What cannot be read on a field hides nothing of the others; a month that is closed is told to who opens it again.
func TestGridTellsEverythingAtOnce(t *testing.T) {
	s := newStudio(t)
	irene := s.As("irene")
	to := place + "/books/entry/new"
	p := irene.Get(to)
	got := irene.Post(to, p.Form("/entry/new", url.Values{"date": {"31/11/2026"}, "ref": {"L-12"}, "label": {"Loyer"},
		"lines[0].account": {""}, "lines[0].section": {"001"}, "lines[0].debit": {"500"},
		"lines[1].account": {"512"}, "lines[1].section": {"001"}, "lines[1].credit": {"12,x"}})).Want(t, 422, "Ce jour n’existe pas")
	for _, id := range []string{"f-date", "f-lines-0-account", "f-lines-1-credit"} {
		if !strings.Contains(got.Body, `href="#`+id+`"`) {
			t.Errorf("nothing is said of %s", id)
		}
	}
	if n := strings.Count(got.Body, `href="#f-lines-1-`); n != 1 {
		t.Errorf("%d refusals of an amount that cannot be read", n)
	}
	if strings.Contains(got.Body, `href="#f-lines"`) {
		t.Error("an amount that cannot be read is told as an imbalance too")
	}

	line := func(change url.Values) url.Values {
		f := irene.Get(to).Form("/entry/new", url.Values{"ref": {"L-12"}, "label": {"Loyer"}, "lines[0].account": {"6132"}, "lines[0].section": {"001"}, "lines[0].debit": {"500"},
			"lines[1].account": {"401"}, "lines[1].section": {"001"}, "lines[1].credit": {"500"}, "lines[1].third": {"Terres du Velay"}})
		maps.Copy(f, change)
		return f
	}
	s.must(s.Office.CloseMonths(t.Context(), s.as("irene"), 2, 9))
	closed := irene.Post(to, line(url.Values{"date": {"12/09/2026"}})).Want(t, 422, "septembre 2026 est clos", "ou rouvrir le mois").Without(t, "demander à la comptabilité")
	if !strings.Contains(closed.Body, `href="`+place+`/books/months"`) {
		t.Error("no way to the closing of months")
	}
	// The journals that the program keeps take no entry by hand; nothing is due before it is owed.
	for _, journal := range []string{"VE", "CI"} {
		irene.Post(to, line(url.Values{"journal": {journal}})).Want(t, 422, "Le journal "+journal+" est tenu par le programme")
	}
	irene.Post(to, line(url.Values{"lines[1].due": {"1/1/2020"}})).Want(t, 422, "L’échéance serait avant la pièce")
	irene.Post(to, line(url.Values{"lines[1].due": {"5/11/2026"}, "docDate": {"5/11/2026"}})).Want(t, 303)
	irene.Post(to, line(url.Values{"journal": {"BQ"}})).Want(t, 303)
}
