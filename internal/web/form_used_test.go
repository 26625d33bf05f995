package web_test

import (
	"fmt"
	"net/url"
	"testing"

	"essaim/internal/web/webtest"
	"essaim/sale"
)

// An invoice that is chosen says whose the money is: nothing more is asked.
func TestAnnouncedInvoiceSaysWhose(t *testing.T) {
	s := newStudio(t)
	maelle, announce := s.As("maelle"), fmt.Sprintf("%s/a/%d/announce", place, webtest.Ceramique)
	form := maelle.Get(announce).Want(t, 200).Form("/announce", url.Values{"amount": {"40"}, "invoice": {""}, "word": {""}})
	maelle.Post(announce, form).Want(t, 422, "Dire de qui vient l’argent")
	form.Set("invoice", fmt.Sprint(s.owed.ID))
	maelle.Follow(maelle.Post(announce, form)).Want(t, 200, "Annoncé à l’équipe", "40,00")
}

// Who goes back to a page that was sent and sends another figure from it finds it as it was typed, is told that the first
// one is saved, and sends it once more to save both.
func TestFormSentTwiceWithSomethingElse(t *testing.T) {
	s := newStudio(t)
	maelle, announce, takings := s.As("maelle"), fmt.Sprintf("%s/a/%d/announce", place, webtest.Ceramique), fmt.Sprintf("%s/a/%d/takings", place, webtest.Ceramique)
	form := maelle.Get(announce).Form("/announce", url.Values{"amount": {"40"}, "word": {"Mme Brun"}})
	maelle.Follow(maelle.Post(announce, form)).Want(t, 200, "40,00")
	form.Set("amount", "45")
	again := maelle.Post(announce, form).Want(t, 422, "a déjà été envoyée une fois").Without(t, "clé")
	maelle.Get(takings).Without(t, "45,00")
	second := again.Form("/announce", nil)
	if second.Get("amount") != "45" || second.Get("word") != "Mme Brun" || second.Get("key") == form.Get("key") {
		t.Fatalf("%v", second)
	}
	maelle.Follow(maelle.Post(announce, second)).Want(t, 200, "40,00", "45,00")

	// A page that is only buttons keeps them, and sends them with a key of its own.
	jean, bulk := s.As("jean"), place+"/desk/bulk"
	form = jean.Get(bulk).Form("/desk/bulk", url.Values{"ok": {fmt.Sprint(s.submitted.ID)}})
	jean.Follow(jean.Post(bulk, form)).Want(t, 200)
	other := s.submit(s.save("invoice", s.odile, "Deux bols", 50_00))
	form["ok"] = []string{fmt.Sprint(other.ID)}
	form.Set(fmt.Sprintf("version.%d", other.ID), fmt.Sprint(other.Version))
	refused := jean.Post(bulk, form).Want(t, 409, "Cette page a déjà servi", "a déjà été envoyée une fois")
	jean.Follow(jean.Post(bulk, refused.Form("/desk/bulk", nil))).Want(t, 200)
	s.must(s.Office.Drain(t.Context()))
	if d, err := s.Office.Document(t.Context(), s.as("jean"), other.ID); err != nil || d.Doc.Number == "" {
		t.Errorf("%s %v", d.Doc.Status, err)
	}
}

// Money given back has words of its own; what is kept in advance is about no invoice, and its entry says no more.
func TestRefundIsToldInItsWords(t *testing.T) {
	s := newStudio(t)
	jean := s.as("jean")
	p, err := s.Office.Receive(t.Context(), jean, sale.Payment{Customer: s.town.ID, Activity: webtest.Ceramique, Date: jean.Today, Amount: 50_00, Excess: 50_00, Means: sale.Transfer}, "")
	s.must(err)
	e, _, err := s.Office.Entry(t.Context(), s.as("irene"), p.Entry)
	if err != nil || e.Label != "Règlement Commune de Valmorence" {
		t.Errorf("%q %v", e.Label, err)
	}
	s.As("jean").Get(fmt.Sprintf("%s/customers/%d", place, s.town.ID)).Want(t, 200, "Rendu le", "Espèces").Without(t, "sale_page.cash", "Reçu le")
}

// What is announced for an invoice bears its number and its customer, to the team and to its author, and no more than it waits for.
func TestAnnouncedForAnInvoice(t *testing.T) {
	s := newStudio(t)
	inv := s.invoice(s.company, "Bols", 10_00)
	maelle, announce := s.As("maelle"), fmt.Sprintf("%s/a/%d/announce", place, webtest.Ceramique)
	form := maelle.Get(announce).Form("/announce", url.Values{"amount": {"9999"}, "invoice": {fmt.Sprint(inv.ID)}, "word": {""}})
	maelle.Post(announce, form).Want(t, 422, "La facture "+inv.Number+" n’attend plus que 12,00 €")
	form.Set("amount", "12")
	maelle.Follow(maelle.Post(announce, form)).Want(t, 200, s.company.Name, inv.Number+" · Chèque")
	s.As("jean").Get(place+"/cash").Want(t, 200, inv.Number+" · "+s.company.Name)
}
