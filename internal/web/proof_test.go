package web_test

import (
	"strings"
	"testing"

	"essaim/internal/web/webtest"
)

// The proofs open to a manager as far as she sees: an account of the house, activity by activity, then the account of the
// activity. Who reads the books goes to the lines. Coverage shows its division, and both sides of it open.
func TestProofsOpenForManagers(t *testing.T) {
	s := newStudio(t)
	nadia, irene := s.As("nadia"), s.As("irene")
	bank := nadia.Get(place+"/proofs/bank").Want(t, 200, "512", "Banques")
	further := place + "/proofs/bank?account=512"
	if !strings.Contains(bank.Body, `href="`+further+`"`) {
		t.Fatal("the bank does not open to a manager")
	}
	if p := irene.Get(place + "/proofs/bank"); !strings.Contains(p.Body, place+"/books/ledger?account=512") {
		t.Error("the accountant goes to the lines")
	}
	in := nadia.Get(further).Want(t, 200, "512 Banques", "Maëlle céramique")
	if !strings.Contains(in.Body, `href="`+place+`/a/10/why/cash"`) {
		t.Errorf("no way to the account of activity %d", webtest.Ceramique)
	}
	_, total, _ := strings.Cut(bank.Text(), "Pourquoi ")
	total, _, _ = strings.Cut(total, " ?")
	in.Want(t, 200, "Pourquoi "+total)
	nadia.Get(place+"/proofs/owed?account=44571").Want(t, 200, "44571 TVA collectée")
	for _, path := range []string{"/proofs/bank?account=607", "/proofs/bank?account=44571", "/proofs/gap?account=512"} {
		nadia.Get(place+path).Want(t, 404)
	}
	s.As("samira").Get(further).Want(t, 404)

	coverage := nadia.Get(place+"/proofs/coverage").Want(t, 200, "÷", "À rendre et à payer", "Aux activités", "TVA, cotisations, impôts", "Il manque")
	for _, href := range []string{place + "/proofs/bank", "#pourquoi", place + "/proofs/activities", place + "/proofs/owed"} {
		if !strings.Contains(coverage.Body, `href="`+href+`"`) {
			t.Errorf("%s does not open", href)
		}
	}
	for _, b := range []string{"bank", "activities", "owed"} {
		nadia.Get(place+"/proofs/"+b).Want(t, 200)
	}
}
