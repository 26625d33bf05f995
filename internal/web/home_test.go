package web_test

import (
	"fmt"
	"strings"
	"testing"

	"essaim/i18n"
	"essaim/internal/store/storetest"
	"essaim/internal/web/webtest"
	"essaim/ledger"
)

// The home answers first, then tells what is owed, oldest first, and what to do, each thing with its deed.
func TestHomeAnswers(t *testing.T) {
	s := newStudio(t)
	fr := i18n.For("fr")
	left := s.account().Available.Amount
	if left <= 0 {
		t.Fatalf("the fixture leaves %s", left)
	}
	b := s.As("maelle")
	p := b.Get(place+"/").Want(t, 200,
		"Bonjour Maëlle, dimanche 22 novembre", "Il me reste "+fr.WholeEuros(left-left%100)+" pour ma paie", "Pourquoi ce chiffre ?", "Banque relevée jusqu’au 20 oct.", "1 document en relecture",
		"On me doit "+fr.WholeEuros(1080_00), "1 en retard", "Brindille d’Orge", "Bols et théières, à payer pour le 10 oct.", "600,00 €", "43 jours", "Assiettes, à payer pour le 16 déc.",
		"À faire", "4 choses", "1 facture en retard", "Brindille d’Orge, 43 jours de retard", "Relancer", "Un devis accepté", "1 380,00 €", "À corriger : Facture", "Jean Roux : « La date est celle du devis", "Brouillon : Facture", "Client à choisir, Bols pour le salon de thé", "Facturer", "Mon relevé")
	everyLinkOpens(t, b, p)
	b.Get(fmt.Sprintf("%s/?a=%d", place, webtest.Trio)).Want(t, 200, "Trio paysage", "Bienvenue Maëlle").Without(t, "Brindille")
	b.Get(fmt.Sprintf("%s/?a=%d", place, webtest.Paysage)).Want(t, 200, "Brindille d’Orge") // not hers: her first one
}

// An account below zero is told with its cents, what the cooperative advances in one figure, and with the step there is.
func TestHomeBelowZero(t *testing.T) {
	s := newStudio(t)
	have := s.account().Cash.Amount
	_, err := s.Office.PostEntry(t.Context(), s.as("irene"), ledger.Entry{Journal: ledger.JournalMisc, Date: storetest.Today, Ref: "FOUR", Label: "Four", Lines: []ledger.Line{
		{Account: "6063", Section: webtest.Ceramique, Amount: have + 500_45}, {Account: "512", Section: webtest.Ceramique, Amount: -have - 500_45},
	}}, "")
	s.must(err)
	a := s.account()
	missing, ok := a.Find("missing")
	if !ok || a.Cash.Amount != -500_45 {
		t.Fatal(a.Cash.Amount)
	}
	fr := i18n.For("fr")
	b := s.As("maelle")
	p := b.Get(place+"/").Want(t, 200, "Mon compte est à "+fr.Euros(-500_45), "Mon compte est sous zéro", "La coopérative avance "+fr.Euros(missing.Amount), "Parler à Samira").Without(t, "Rien à faire pour l’instant")
	everyLinkOpens(t, b, p)
	p = b.Get(accountPath(webtest.Ceramique)).Want(t, 200, "Compte négatif", "La coopérative avance "+fr.Euros(missing.Amount), "Avance de la coopérative", "Avancé par la coopérative", "Poser une question à Samira")
	if n := strings.Count(p.Text(), "Poser une question à Samira"); n != 2 {
		t.Errorf("the step is told %d times", n)
	}
	panelSums(t, b.Get(accountPath(webtest.Ceramique)+"why/missing").Want(t, 200, "Ce qui manque déjà sur le compte", "500,45 €", "La part fixe des mois à venir"))
}

// On the first day the home says what the contract means for pay, and shows only steps that exist.
func TestHomeOfANewArrival(t *testing.T) {
	s := newStudio(t)
	b := s.As("malo")
	p := b.Get(place+"/").Want(t, 200, "Bienvenue Malo", "Tout commence par mon premier devis", "Sous CAPE, jusqu’au 21 nov. 2027, on ne se verse pas de paie", "À faire pour démarrer", "1 sur 3", "Contrat signé", "CAPE du 22 nov. 2026 au 21 nov. 2027", "Mon premier client", "Mon premier devis", "Personne ne me doit rien", "Samira Haddad", "04 00 00 00 00")
	everyLinkOpens(t, b, p)
	en := s.As("anatole")
	p = en.Get(place+"/").Want(t, 200, "Welcome Anatole", "It all begins with my first quote", "Under a CAPE")
	everyLinkOpens(t, en, p)
}

// everyLinkOpens follows each link of a page: no step is dead.
func everyLinkOpens(t *testing.T, b *webtest.Browser, p *webtest.Page) {
	t.Helper()
	for _, href := range links(p) {
		if strings.Contains(href, "//") { // the router would send it elsewhere first
			t.Errorf("%s has a link to %s", p.Path, href)
		}
		if got := b.Follow(b.Get(href)); got.Status != 200 {
			t.Errorf("%s leads to %s: %d\n%s", p.Path, href, got.Status, got.Text())
		}
	}
}

// Who works for the house is led to their work; who also has an activity finds both.
func TestHomeOfTheTeam(t *testing.T) {
	s := newStudio(t)
	for _, who := range []string{"samira", "jean", "irene", "paul", "nadia", "hugo", "claire", "lucie"} {
		b := s.As(who)
		if p := b.Follow(b.Get(place + "/")); p.Status != 200 {
			t.Errorf("%s: %d at %s\n%s", who, p.Status, p.Path, p.Text())
		}
	}
	s.As("lucie").Get(fmt.Sprintf("%s/?a=%d", place, webtest.Couture)).Want(t, 200, "Lucie couture")
}

// An amount of nine digits and a name of sixty-six letters stay whole.
func TestHomeOfLargeThings(t *testing.T) {
	s := newStudio(t)
	s.pay(s.invoice(s.company, "Restauration de la grande verrière de l’ancienne abbaye royale de Saint-Antoine-du-Rocher", 200_000_000_00), 240_000_000_00)
	whole := s.account().Available.Amount
	fr := i18n.For("fr")
	if whole < 100_000_000_00 {
		t.Fatal(whole)
	}
	s.As("maelle").Get(place+"/").Want(t, 200, fr.WholeEuros(whole-whole%100))
}
