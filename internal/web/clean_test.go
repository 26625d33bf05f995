package web_test

import (
	"net/http"
	"net/url"
	"testing"

	"essaim/internal/store/storetest"
	"essaim/internal/web/webtest"
)

// Signs that are no text get in nowhere, whichever engine keeps the books: not by the parts of an address, not by what it
// asks for, and not by any field of a form, shown or hidden.
func TestSignsThatAreNoText(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, address string) {
		h := webtest.StartOn(t, address)
		irene, maelle := h.As("irene"), h.As("maelle")
		for path, status := range map[string]int{
			place + "/books/journal?journal=%ff": http.StatusBadRequest, place + "/books/journal?journal=%00": http.StatusBadRequest, place + "/books/ledger?account=%07": http.StatusBadRequest,
			place + "/books/journal.csv?journal=%ff": http.StatusBadRequest, place + "/books/journal?%00=VE": http.StatusBadRequest,
			"/%00/": http.StatusNotFound, "/p%ff/": http.StatusNotFound, place + "/books/%7f": http.StatusNotFound, "/d/%00": http.StatusNotFound,
		} {
			if p := irene.Get(path); p.Status != status {
				t.Errorf("%s: %d, want %d", path, p.Status, status)
			}
		}
		irene.Get(place+"/books/journal?journal=%ff").Want(t, 400, "Cette adresse ne se lit pas")
		irene.Get(place+"/books/journal?journal=%C3%A9").Want(t, 200)

		to := customersPath(webtest.Ceramique) + "/new"
		form := maelle.Get(to)
		for name := range form.Fields("customers/new") {
			for _, odd := range []string{"a\x00b", "a\xffb", "\x1b"} {
				maelle.Post(to, form.Form("customers/new", url.Values{"name": {"Ortie"}, name: {odd}})).Want(t, 422, "Ce texte contient un caractère invisible : le retaper.")
			}
		}
		visitor := h.Visitor()
		for _, v := range []url.Values{{"email": {"a\x00@b"}, "password": {"x"}}, {"email": {"a@b.example"}, "password": {"\xff"}}} {
			if p := visitor.Post("/sign-in", v); p.Status != http.StatusUnprocessableEntity {
				t.Errorf("sign-in with %q: %d", v, p.Status)
			}
		}
	})
}
