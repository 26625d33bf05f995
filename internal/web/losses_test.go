package web_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"essaim/internal/store/storetest"
	"essaim/sale"
)

// What was written off and comes in the end is recorded like any payment, as the invoice says: it is an income with its VAT,
// never an advance for want of a place to go.
func TestALossThatIsPaid(t *testing.T) {
	s := newStudio(t)
	s.must(s.Office.Doubt(t.Context(), s.as("jean"), s.late.ID, "redressement judiciaire"))
	jean := s.As("jean")
	jean.Get(docPath(s.late)).Want(t, 200, "Créance douteuse", "Raison : redressement judiciaire", "douteuse").Without(t, "Un courriel poli")
	jean.Get(place+"/owed").Want(t, 200, "dont 600,00 € douteux", "43 jours de retard")
	jean.Get(place+"/payments").Want(t, 200, "jours de retard · douteuse")
	to := place + "/payments/new"
	at := fmt.Sprintf("%s?customer=%d&invoice=%d", to, s.company.ID, s.late.ID)
	jean.Get(at).Want(t, 200, s.late.Number, "Reste 600,00") // doubtful: it is owed as before
	s.must(s.Office.Lose(t.Context(), s.as("jean"), s.late.ID, "liquidation judiciaire"))
	s.must(s.Office.Lose(t.Context(), s.as("jean"), s.owed.ID, "liquidation judiciaire"))
	lost := jean.Get(docPath(s.late)).Want(t, 200, "Si l’argent arrive un jour", "Raison : liquidation judiciaire").Without(t, "Mettre les relances en pause")
	if !slices.ContainsFunc(links(lost), func(l string) bool { return strings.HasSuffix(strings.ReplaceAll(l, "&amp;", "&"), at) }) {
		t.Errorf("the invoice leads to its payment: %v", links(lost))
	}
	jean.Get(to).Want(t, 200, "Brindille d’Orge, une facture passée en perte")
	p := jean.Get(at).Want(t, 200, s.late.Number, "600,00 € passés en perte").Without(t, "Aucune facture ouverte", "doit ")
	made := jean.Post(to, p.Form("/payments/new", url.Values{"amount": {"120"}, fmt.Sprintf("alloc[%d]", s.late.ID): {"120"}})).Want(t, 303)
	jean.Get(made.Location).Want(t, 200, s.late.Number).Without(t, "Gardé en avance")
	// Nothing said of where it goes: to what was lost before it is kept.
	p = jean.Get(fmt.Sprintf("%s?customer=%d", to, s.company.ID)).Want(t, 200)
	made = jean.Post(to, p.Form("/payments/new", url.Values{"amount": {"1000"}, "keep": {"1"}})).Want(t, 303)
	jean.Get(made.Location).Want(t, 200, s.late.Number, s.owed.Number, "Gardé en avance", "40,00")
	jean.Get(docPath(s.late)).Want(t, 200).Without(t, "passés en perte", "ne seront sans doute jamais payés")
	if found, err := s.DB.Verify(t.Context()); err != nil || len(found) > 0 {
		t.Errorf("verify: %v %v", found, err)
	}
}

// A refund says what it is on its own page and on that of the customer, and only undoing it is offered.
func TestARefundIsSaidToBeOne(t *testing.T) {
	s := newStudio(t)
	_, err := s.Office.Receive(t.Context(), s.as("jean"), sale.Payment{Customer: s.company.ID, Date: storetest.Today, Amount: 50_00, Excess: 50_00, Means: sale.Transfer}, "")
	s.must(err)
	jean := s.As("jean")
	customer := fmt.Sprintf("%s/customers/%d", place, s.company.ID)
	jean.Get(customer).Want(t, 200).Without(t, "Rendu au client")
	p, err := s.Office.Refund(t.Context(), s.as("jean"), sale.Payment{Customer: s.company.ID, Date: storetest.Today, Amount: -12_34, Means: sale.Transfer, Reference: "VIR 7"}, "")
	s.must(err)
	at := fmt.Sprintf("%s/payments/%d", place, p.ID)
	jean.Get(at).Want(t, 200, "Rendu à", "12,34", "Pris sur l’avance", "Annuler ce remboursement").Without(t, "a payé", "Réaffecter", "redeviennent à payer", "−12,34")
	jean.Get(customer).Want(t, 200, "Rendu au client", "VIR 7", "12,34")
	if !slices.Contains(links(jean.Get(customer)), at) {
		t.Errorf("the customer leads to their refund: %v", links(jean.Get(customer)))
	}
	jean.Get(place+"/payments?view=received").Want(t, 200, "Rendu")
	jean.Post(at+"/reverse", jean.Get(at).Form("/reverse", nil)).Want(t, 303)
	jean.Get(at).Want(t, 200, "le client a de nouveau cette avance", "Annulé").Without(t, "de nouveau à payer")
}
