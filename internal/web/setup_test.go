package web_test

import (
	"strings"
	"testing"

	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/sale"
)

// What the house must fill in before its first invoice stands on the first page of who runs it, with the way there, and
// goes away when it is done; a document tells before it is validated what it will lack, its author and its reader alike.
func TestWhatMustBeFilledIn(t *testing.T) {
	s := newStudio(t)
	fill := func(iban, mediator string) {
		t.Helper()
		c := s.Coop
		c.IBAN, c.Mediator = iban, mediator
		storetest.Write(t, s.DB, s.Coop.ID, func(tx *store.Tx) error { return tx.SaveCooperative(&c) })
	}
	const title, noIBAN, noMediator = "À remplir avant la première facture", "La coopérative n’a pas rempli son IBAN.", "La coopérative n’a pas nommé son médiateur"
	private := s.save(sale.Invoice, s.odile, "Un vase", 45_00)

	fill("", "")
	s.As("nadia").Get(place+"/activities").Want(t, 200, title, "IBAN de la coopérative", "Médiateur de la consommation", "relire le SIRET 404 833 048 00022", "L’administration le remplit")
	hugo := s.As("hugo").Get(place+"/people").Want(t, 200, title, "IBAN de la coopérative", "Médiateur de la consommation")
	if !strings.Contains(hugo.Body, `href="`+place+`/rules/identity"`) || strings.Contains(hugo.Text(), "L’administration le remplit") {
		t.Error("the administrator is not led to the identity")
	}
	if p := s.As("jean").Get(place+"/people").Want(t, 200); strings.Contains(p.Body, title) {
		t.Error("it is told to who can do nothing about it")
	}
	s.As("maelle").Get(docPath(private)).Want(t, 200, noIBAN, noMediator)
	if p := s.As("maelle").Get(docPath(s.owed)).Want(t, 200); strings.Contains(p.Text(), noIBAN) {
		t.Error("a warning after the fact")
	}
	s.As("jean").Get(place+"/desk").Want(t, 200, noIBAN)

	fill(s.Coop.IBAN, "")
	s.As("maelle").Get(docPath(private)).Want(t, 200, noMediator)
	if p := s.As("maelle").Get(docPath(s.draft)).Want(t, 200); strings.Contains(p.Text(), noIBAN) || strings.Contains(p.Text(), noMediator) {
		t.Error("a warning without a reason")
	}
	fill(s.Coop.IBAN, s.Coop.Mediator)
	for who, page := range map[string]string{"nadia": place + "/activities", "hugo": place + "/people"} {
		if p := s.As(who).Get(page).Want(t, 200); strings.Contains(p.Text(), title) {
			t.Errorf("%s still reads: %s", who, p.Text())
		}
	}
}
