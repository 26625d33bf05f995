package web_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"essaim/internal/web/webtest"
)

// A list of prices is pasted, told row by row, accepted, found in the form of an invoice without a script, and exported.
func TestCatalogueFromAFileToAnInvoice(t *testing.T) {
	h := webtest.Start(t)
	b := h.As("maelle")
	b.Lang = "fr"
	base := "/" + webtest.Slug + "/a/" + strconv.Itoa(webtest.Ceramique)
	text := "Désignation;Prix;TVA;Nature\nBol tourné;12,50;20;made\nStage;quatre-vingts;20;service\n"
	b.Post(base+"/products/import", url.Values{"text": {text}, "key": {"tried"}}).Want(t, http.StatusOK, "1 article à importer.", "1 ligne refusée.", "n’est pas un nombre")
	b.Get(base+"/products").Want(t, http.StatusOK, "Rien au catalogue") // nothing is written yet
	b.Post(base+"/products/import", url.Values{"text": {text}, "do": {"accept"}, "key": {"accepted"}}).WantTo(t, base+"/products")
	b.Get(base+"/products").Want(t, http.StatusOK, "Bol tourné", "12,50")
	form := b.Get(base + "/sales/new?kind=invoice")
	found := b.Post(base+"/sales/new", form.Form("sales/new", url.Values{"do": {"product"}, "productq": {"bol"}})).Want(t, http.StatusOK, "Bol tourné")
	_, rest, ok := strings.Cut(found.Body, `value="take`)
	if !ok {
		t.Fatal(found.Text())
	}
	id, _, _ := strings.Cut(rest, `"`)
	taken := b.Post(base+"/sales/new", found.Form("sales/new", url.Values{"do": {"take" + id}}))
	if !strings.Contains(taken.Body, "\nBol tourné</textarea>") || !strings.Contains(taken.Body, `value="12,50"`) {
		t.Error(taken.Text())
	}
	if csv := b.Get(base + "/products.csv"); !strings.Contains(csv.Body, `Bol tourné;made;G20;;1;"12,5";HT`) {
		t.Error(csv.Body)
	}
}
