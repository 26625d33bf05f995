package web_test

import (
	"net/url"
	"strings"
	"testing"

	"essaim/ledger"
)

// third is the code of a customer on the accounts of third parties.
func (s *studio) third(name string) string {
	s.t.Helper()
	all, err := s.Office.Thirds(s.t.Context(), s.as("irene"), ledger.Customer, name, 2)
	s.must(err)
	if len(all) != 1 {
		s.t.Fatalf("%d third parties are called %s", len(all), name)
	}
	return all[0].Code
}

// Whoever a line names is on the entry, in the journal, in the general ledger and in both files; the general ledger of one
// third party is asked for by its address, by code, by name, or by a part that fits no other.
func TestBooksNameTheThirdParty(t *testing.T) {
	s := newStudio(t)
	irene := s.As("irene")
	all := irene.Get(place+"/books/ledger?account=411").Want(t, 200, "Tiers", "Brindille d’Orge", "Odile Martin")
	irene.Get(place+"/books/journal?journal=VE").Want(t, 200, "Intitulé, tiers", "Brindille d’Orge", "Odile Martin")
	for _, path := range []string{"/books/ledger.csv?account=411", "/books/journal.csv?journal=VE"} {
		if csv := irene.Get(place + path).Body; !strings.Contains(csv, ";CompAuxNum;CompAuxLib;") || !strings.Contains(csv, ";Odile Martin;") {
			t.Errorf("%s names nobody:\n%s", path, csv)
		}
	}
	code := s.third("Odile Martin")
	if !strings.Contains(all.Body, "third="+code) {
		t.Errorf("no way from the line to the account of %s", code)
	}
	one := irene.Get(place+"/books/ledger?account=411&third="+code).Want(t, 200, code+" Odile Martin", s.paid.Number).Without(t, "Brindille")
	if !strings.Contains(one.Body, `value="`+code+` Odile Martin"`) {
		t.Error("the field does not say who is shown")
	}
	for _, q := range []string{"odile", "ODILE MARTIN", strings.ToLower(code), code + " Odile Martin"} {
		irene.Get(place+"/books/ledger?account=411&third="+url.QueryEscape(q)).Want(t, 200, s.paid.Number).Without(t, s.late.Number)
		irene.Get(place+"/books/ledger?third="+url.QueryEscape(q)).Want(t, 200, s.paid.Number).Without(t, s.late.Number)
	}
	irene.Get(place+"/books/ledger?account=411&third=personne").Want(t, 200, "Aucun tiers de ce nom")
	irene.Get(place+"/books/ledger?account=411&third=r").Want(t, 200, "Plusieurs tiers répondent", "Odile Martin", "Brindille").Without(t, s.paid.Number)
	if csv := irene.Get(place + "/books/ledger.csv?account=411&third=" + code); !strings.Contains(csv.Body, s.paid.Number) || strings.Contains(csv.Body, s.late.Number) || !strings.Contains(csv.Header.Get("Content-Disposition"), "grand-livre-411-"+code+"-2026.csv") {
		t.Errorf("the file of one third party: %s\n%s", csv.Header.Get("Content-Disposition"), csv.Body)
	}
	irene.Get(place+"/books/ledger.csv?account=411&third=personne").Want(t, 422)
	if csv := irene.Get(place + "/books/journal.csv"); !strings.Contains(csv.Header.Get("Content-Disposition"), `journal-2026.csv`) {
		t.Errorf("the file of all journals is called %s", csv.Header.Get("Content-Disposition"))
	}
	// The statutory auditor reads the books of the year and is told nobody's pay.
	claire := s.As("claire")
	claire.Get(place+"/books/ledger?account=411").Want(t, 200, "Odile Martin")
	claire.Get(place+"/books/ledger?account=421").Want(t, 200, "a person").Without(t, "P00")
	claire.Get(place+"/books/ledger?account=421&third=kerbrat").Want(t, 200, "No third party")
	claire.Get(place+"/books/thirds?account=421&q=").Want(t, 200).Without(t, "option")
	claire.Get(place+"/books/thirds?account=411&q=odile").Want(t, 200, "Odile Martin")
}
