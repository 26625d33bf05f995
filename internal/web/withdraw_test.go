package web_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"essaim/coop"
	"essaim/internal/store/storetest"
	"essaim/internal/web/webtest"
	"essaim/money"
	"essaim/sale"
)

// A consumer accepts online, withdraws online in two steps, and keeps the trace of it (Code de la consommation L221-14,
// L221-21, D221-5); the activity finds it on its home and on the page of the quote.
func TestAConsumerWithdrawsOnThePage(t *testing.T) {
	h := webtest.Start(t)
	maelle := h.Actor("maelle")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	c, err := h.Office.SaveCustomer(t.Context(), maelle, sale.Customer{
		Activity: webtest.Ceramique, Kind: sale.Consumer, Name: "Brun", FirstName: "Odile", Email: "odile@exemple.fr", Address: coop.Address{Line1: "3 rue Basse", Zip: "34700", City: "Lodève", Country: "FR"},
	}, "")
	must(err)
	content := sale.Content{
		Title: "Cours de tour", DueDays: 30, ValidUntil: storetest.Today + 30, Papers: &sale.Papers{Place: sale.Distance, Delay: "un mois"},
		Lines: []sale.Line{{Label: "Cours", Nature: "service", Quantity: money.Unit, Price: money.Cents(300_00).Micro(), Tax: "S20"}},
	}
	d, err := h.Office.CreateAndSubmit(t.Context(), maelle, sale.Document{Kind: sale.Quote, Activity: webtest.Ceramique, Customer: c.ID, Content: content}, "")
	must(err)
	full, err := h.Office.Link(t.Context(), maelle, d.ID)
	must(err)
	link := strings.TrimPrefix(full, h.URL)
	b := h.Visitor()
	b.Get(link+"/withdraw").WantTo(t, link) // nothing was accepted
	page := b.Get(link).Want(t, 200, "Signer : commande avec obligation de paiement").Without(t, "Renoncer au contrat ici")
	b.Post(link, page.Form("#accord", url.Values{"name": {"Odile Brun"}, "agree": {"bon pour accord"}})).WantTo(t, link)
	b.Get(link).Want(t, 200, "le devis est accepté", "Renoncer au contrat ici", "sans motif et sans frais jusqu’au 7 déc. 2026") // the 6th is a Sunday
	page = b.Get(link+"/withdraw").Want(t, 200, "Je vous notifie par la présente ma rétractation", "D-2026-0001, Cours de tour", "Confirmer la rétractation")
	if !strings.Contains(page.Body, `value="odile@exemple.fr"`) || page.Header.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("%v\n%s", page.Header, page.Body)
	}
	confirm := page.Form("", nil)
	wrong := page.Form("", url.Values{"mail": {"odile"}})
	if p := b.Post(link+"/withdraw", wrong).Want(t, 422); !strings.Contains(p.Body, `value="odile"`) {
		t.Error("the address typed is lost")
	}
	for range 2 {
		b.Post(link+"/withdraw", confirm).WantTo(t, link)
	}
	b.Get(link).Want(t, 200, "Votre rétractation est enregistrée", "22 nov. 2026 à 11 h 00", "au plus tard le 6 déc. 2026").Without(t, "Renoncer au contrat ici", "Signer :")
	if file := b.Get(link + "/pdf"); file.Status != 200 || !strings.HasPrefix(file.Body, "%PDF-") {
		t.Errorf("%d", file.Status)
	}
	b.Lang = "en"
	b.Get(link).Want(t, 200, "Your withdrawal is recorded")
	own := h.As("maelle")
	own.Get("/trame-et-sillon/").Want(t, 200, "Une rétractation", "rien n’a été facturé, ne pas commencer")
	own.Get(docPath(d)).Want(t, 200, "s’est rétracté le", "Rien n’a été facturé", "Rétractation du client")
	own.Get(docPath(d)+"/proof").Want(t, 200, "Rétractation confirmée sur la page du devis", "odile@exemple.fr")
	h.Pass(20 * 24 * time.Hour)
	own = h.As("maelle") // the session is over
	own.Get("/trame-et-sillon/").Want(t, 200).Without(t, "Une rétractation")
}
