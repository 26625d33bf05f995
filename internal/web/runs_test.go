package web_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"essaim/internal/web/webtest"
)

// The page of a run: how far it is, asked again with and without scripts while it goes on, and not once it is over; what was
// refused with its words and the way to it; the home tells it until it was read.
func TestPageOfARun(t *testing.T) {
	w := newWalk(t)
	good, bad := w.newDraft(), w.newDraft()
	s, err := w.Office.Document(t.Context(), w.Actor("maelle"), bad)
	w.must(err)
	s.Doc.Content.Delivered = 0
	_, err = w.Office.SaveDraft(t.Context(), w.Actor("maelle"), s.Doc, "")
	w.must(err)
	run, err := w.Office.SubmitAll(t.Context(), w.Actor("maelle"), webtest.Ceramique, []int64{good, bad}, "")
	w.must(err)
	b := w.As("maelle")
	b.Lang = "fr"
	house := "/" + webtest.Slug
	at := house + "/runs/" + strconv.FormatInt(run.ID, 10)
	p := b.Get(at)
	p.Want(t, http.StatusOK, "0 sur 2", "En cours.", "Arrêter")
	if !strings.Contains(p.Body, `hx-trigger="every`) || !strings.Contains(p.Body, `http-equiv="refresh"`) {
		t.Error("the page does not ask again")
	}
	b.Get(house+"/?a="+strconv.Itoa(webtest.Ceramique)).Want(t, http.StatusOK, "Envoi à la relecture", "0 sur 2")
	w.must(w.Office.Drain(t.Context()))
	b.Get(house+"/?a="+strconv.Itoa(webtest.Ceramique)).Want(t, http.StatusOK, "1 refusé")
	p = b.Get(at)
	p.Want(t, http.StatusOK, "2 sur 2", "1 fait.", "1 refusé", "Brindille d’Orge", "Réessayer")
	if strings.Contains(p.Body, "hx-trigger") || strings.Contains(p.Body, `http-equiv="refresh"`) || !strings.Contains(p.Body, "/sales/"+strconv.FormatInt(bad, 10)) {
		t.Error("the page of a run that is over asks again, or does not lead to what was refused")
	}
	if home := b.Get(house + "/?a=" + strconv.Itoa(webtest.Ceramique)); strings.Contains(home.Text(), "1 refusé") {
		t.Error("the home tells what was read")
	}
	b.Get(house+"/runs").Want(t, http.StatusOK, "Envoi à la relecture", "1 refusé")
}
