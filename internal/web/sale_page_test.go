package web_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"essaim/internal/web/webtest"
	"essaim/sale"
)

func docPath(d sale.Document) string { return fmt.Sprintf("%s/sales/%d", place, d.ID) }

// Each state of a document has its page: where it stands, what happened, what comes next.
func TestSalePage(t *testing.T) {
	s := newStudio(t)
	b := s.As("maelle")
	late := b.Get(docPath(s.late)).Want(t, 200, "Facture F-2026-0001", "43 jours de retard", "600,00 € en retard de 43 jours.", "Relancer par courriel", "Sauf erreur de notre part, la facture F-2026-0001 était à payer pour le 10 oct. 2026", "Paiements reçus", "Virement", "VIR 17", "Faire un avoir", "Refaire la même", "Une facture validée ne change plus", "Validé Jean Roux", "Envoyé à la relecture", "Commencé")
	everyLinkOpens(t, b, late)
	b.Get(docPath(s.paid)).Want(t, 200, "payée", "Reste à payer 0,00 €")
	b.Get(docPath(s.returned)).Want(t, 200, "à corriger", "Jean Roux : « La date est celle du devis", "Corriger et répondre", "Ligne 1")
	b.Get(docPath(s.submitted)).Want(t, 200, "en relecture chez Samira", "Déposé le 20 nov. 2026", "Réponse sous 2 jours ouvrés.", "Reprendre")
	b.Get(docPath(s.draft)).Want(t, 200, "brouillon", "Continuer le brouillon", "Effacer le brouillon", "Numéro et date donnés à la validation")
	agreed := b.Get(docPath(s.agreed)).Want(t, 200, "Accepté par Odile Martin.", "Accord enregistré le 16 nov. 2026", "Facturer ce devis")
	everyLinkOpens(t, b, agreed)
	for _, who := range []string{"malo", "zoe"} {
		s.As(who).Get(docPath(s.late)).Want(t, 404)
	}
	b.Get(place+"/sales/0").Want(t, 404)
	b.Get(place+"/sales/x").Want(t, 404)
	// Who keeps the books is led to the entry; who only records payments is not.
	if entry := "/books/entr"; !strings.Contains(s.As("irene").Get(docPath(s.late)).Want(t, 200).Body, place+entry) || strings.Contains(late.Body, entry) {
		t.Error("the entry opens for who may see the books, and for no one else")
	}
}

func TestSalePDF(t *testing.T) {
	s := newStudio(t)
	b := s.As("maelle")
	p := b.Get(docPath(s.late)+"/pdf").Want(t, 200)
	if p.Header.Get("Content-Type") != "application/pdf" || p.Header.Get("Content-Disposition") != "inline; filename=F-2026-0001.pdf" || !strings.HasPrefix(p.Body, "%PDF-") {
		t.Errorf("%v", p.Header)
	}
	if got := b.Get(docPath(s.draft) + "/pdf?save=1").Header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment;") {
		t.Error(got)
	}
	s.As("malo").Get(docPath(s.late)+"/pdf").Want(t, 404)
}

// A document sent to the desk is taken back until someone has opened it.
func TestTakeBack(t *testing.T) {
	s := newStudio(t)
	b := s.As("maelle")
	p := b.Get(docPath(s.submitted))
	b.Post(docPath(s.submitted)+"/takeback", p.Fields("/takeback")).WantTo(t, docPath(s.submitted)+"/edit")
	b.Get(docPath(s.submitted)+"/edit").Want(t, 200, "Repris : il n’est plus en relecture", "Théière unique")
	p = b.Get(docPath(s.submitted))
	b.Post(docPath(s.submitted)+"/submit", p.Fields("/submit")).WantTo(t, docPath(s.submitted))
	// What the desk shows first to a reader who only comes by is not opened by that; what he chooses is.
	jean := s.As("jean")
	jean.Get(place+"/").WantTo(t, place+"/desk")
	jean.Get(place+"/desk").Want(t, 200, "Théière unique")
	b.Get(docPath(s.submitted)).Want(t, 200).Without(t, "ouvert par Jean")
	p = b.Get(docPath(s.submitted))
	b.Post(docPath(s.submitted)+"/takeback", p.Fields("/takeback")).WantTo(t, docPath(s.submitted)+"/edit")
	p = b.Get(docPath(s.submitted))
	b.Post(docPath(s.submitted)+"/submit", p.Fields("/submit")).WantTo(t, docPath(s.submitted))
	jean.Get(fmt.Sprintf("%s/desk/%d", place, s.submitted.ID)).Want(t, 200, "Théière unique")
	b.Get(docPath(s.submitted)).Want(t, 200, "ouvert par Jean", "il ne peut plus être repris")
	b.Post(docPath(s.submitted)+"/takeback", url.Values{}).Want(t, 409, "Quelqu’un de l’équipe l’a ouvert")
}

// What a reader mended is shown, old struck, new beside it; the words answer each other.
func TestMendedAndAnswered(t *testing.T) {
	s := newStudio(t)
	content := s.submitted.Content
	content.Lines = []sale.Line{{Label: "Théière unique, émail bleu", Nature: "service", Quantity: content.Lines[0].Quantity, Price: content.Lines[0].Price, Tax: "S10"}}
	if _, err := s.Office.Amend(t.Context(), s.as("jean"), s.submitted.ID, 0, content); err != nil {
		t.Fatal(err)
	}
	b := s.As("maelle")
	p := b.Get(docPath(s.submitted)).Want(t, 200, "Ligne 1 corrigée", "Théière unique, émail bleu", "TVA 20 %", "TVA 10 %")
	if !strings.Contains(p.Body, "<del>TVA 20\u00a0%</del> <ins>TVA 10\u00a0%</ins>") {
		t.Error(p.Body)
	}
	b.Post(docPath(s.submitted)+"/comment", p.Form("/comment", url.Values{"comment": {""}})).Want(t, 422, "Il manque ce renseignement")
	b.Post(docPath(s.submitted)+"/comment", p.Form("/comment", url.Values{"comment": {"Merci <Jean> & à demain"}})).WantTo(t, docPath(s.submitted)+"#suite")
	b.Get(docPath(s.submitted)).Want(t, 200, "Merci <Jean> & à demain", "Mot ajouté")
}

// A draft is thrown away by a button; what has a number stays.
func TestDeleteDraft(t *testing.T) {
	s := newStudio(t)
	b := s.As("maelle")
	p := b.Get(docPath(s.draft))
	b.Post(docPath(s.draft)+"/delete", p.Fields("/delete")).WantTo(t, salesPath(webtest.Ceramique))
	b.Get(docPath(s.draft)).Want(t, 404)
	b.Post(docPath(s.late)+"/delete", url.Values{}).Want(t, 409)
	s.As("malo").Post(docPath(s.returned)+"/delete", url.Values{}).Want(t, 404)
}

// A mail is told with what became of it; an address that is none is refused where it was typed.
func TestSendSale(t *testing.T) {
	s := newStudio(t)
	b := s.As("maelle")
	p := b.Get(docPath(s.owed)).Want(t, 200, "Envoyer par courriel")
	b.Post(docPath(s.owed)+"/send", p.Form("/send", url.Values{"to": {"nulle part"}, "word": {"Bonjour"}})).Want(t, 422, "il en faut une seule, comme", "Bonjour")
	b.Post(docPath(s.owed)+"/send", p.Form("/send", url.Values{"to": {"a@b.example, c@d.example"}})).Want(t, 422, "il en faut une seule, comme")
	b.Post(docPath(s.owed)+"/send", p.Form("/send", url.Values{"word": {"Merci pour l’accueil"}})).WantTo(t, docPath(s.owed))
	b.Get(docPath(s.owed)).Want(t, 200, "Courriel en route vers compta@brindille.example", "envoyée", "en attente de départ", "Envoyer de nouveau", "Envoyé par courriel à compta@brindille.example")
	b.Post(docPath(s.draft)+"/send", url.Values{"to": {"a@b.example"}}).Want(t, 409, "Il n’est pas encore validé")
}

// A quote is signed by a link shown once, or recorded; declined, reopened under its number.
func TestQuoteDeeds(t *testing.T) {
	s := newStudio(t)
	quote := s.submit(s.save(sale.Quote, s.company, "Fresque", 900_00))
	b := s.As("maelle")
	p := b.Get(docPath(quote)).Want(t, 200, "Devis D-2026-0002", "Faire un lien à signer", "Le client a dit oui autrement", "Le client a dit non")
	made := b.Post(docPath(quote)+"/link", p.Fields("/link")).Want(t, 303)
	shown := b.Get(made.Location).Want(t, 200, "Voici le lien où le client lit et signe.")
	b.Get(made.Location).Want(t, 200, "Voici le lien où le client lit et signe.") // loaded again: the same
	s.As("samira").Get(made.Location).Without(t, "Voici le lien où le client lit et signe.")
	_, link, ok := strings.Cut(shown.Text(), s.URL+place+"/d/")
	if !ok {
		t.Fatal(shown.Text())
	}
	link, _, _ = strings.Cut(link, " ")
	b.Get(docPath(quote)).Without(t, link) // this once
	s.Visitor().Get(place+"/d/"+link).Want(t, 200, "Fresque")
	b.Get(docPath(quote)).Want(t, 200, "Ouvert par le client", "Lien à signer fait")

	b.Post(docPath(quote)+"/refuse", p.Fields("/refuse")).WantTo(t, docPath(quote))
	refused := b.Get(docPath(quote)).Want(t, 200, "Devis marqué refusé", "Annuler", "refusé")
	b.Post(docPath(quote)+"/reopen", refused.Fields("/reopen")).WantTo(t, docPath(quote)+"/edit")
	edit := b.Get(docPath(quote)+"/edit").Want(t, 200, "D-2026-0002", "il garde son numéro")
	b.Post(docPath(quote)+"/edit", typed(edit, "submit", nil)).WantTo(t, docPath(quote))

	p = b.Get(docPath(quote))
	b.Post(docPath(quote)+"/accept", p.Form("/accept", url.Values{"name": {""}, "on": {"22/11/2026"}})).Want(t, 422, "Il manque ce renseignement")
	b.Post(docPath(quote)+"/accept", p.Form("/accept", url.Values{"name": {"Ida Roy"}, "on": {"1/1/2026"}})).Want(t, 422, "L’accord date d’un jour")
	accept := p.Form("/accept", url.Values{"name": {"Ida Roy"}})
	b.Post(docPath(quote)+"/accept", accept).WantTo(t, docPath(quote))
	b.Post(docPath(quote)+"/accept", accept).WantTo(t, docPath(quote)) // a double click
	b.Get(docPath(quote)).Want(t, 200, "Accepté par Ida Roy.")
	b.Post(docPath(s.late)+"/reopen", url.Values{}).Want(t, 409, "Seul un devis")
}

// Submitting from the page shows on the form what is missing.
func TestSubmitFromThePage(t *testing.T) {
	s := newStudio(t)
	b := s.As("maelle")
	p := b.Get(docPath(s.draft))
	b.Post(docPath(s.draft)+"/submit", p.Fields("/submit")).Want(t, 422, "Il manque le client.", "Bols pour le salon de thé")
	b.Post(docPath(s.submitted)+"/submit", url.Values{}).WantTo(t, docPath(s.submitted))
	s.As("samira").Post(docPath(s.draft)+"/submit", url.Values{}).Want(t, 403)
}
