package web_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"essaim/internal/store"
)

// The parts of pay lead to each other, each for who may open it.
func TestThePartsOfPayLeadToEachOther(t *testing.T) {
	w := newWalk(t)
	w.payslip("2026-10", store.SlipOwn, store.SlipIssued)
	doors := []string{"/pay-files", "/pay-absences", "/pay/2026-10/transfers", "/pay/book", "/year-end", "/rules#pay"}
	page := w.As("paul").Get(place+"/pay/2026-10").Want(t, http.StatusOK, "Mois", "Dossiers", "Absences", "Virements", "Livre de paie", "Fin d’année", "Règles")
	for _, to := range doors {
		if !strings.Contains(page.Body, `href="`+place+to) {
			t.Errorf("who runs the pay finds no way to %s", to)
		}
	}
	for _, to := range []string{"/pay", "/pay-files", "/pay-files/rates", "/pay-absences", "/pay/2026-10/transfers", "/pay/2026-10/dues", "/pay/book", "/year-end"} {
		if !strings.Contains(w.As("paul").Get(place+to).Want(t, http.StatusOK).Body, "payn") {
			t.Errorf("%s leads nowhere", to)
		}
	}
	reads := w.As("irene").Get(place+"/pay/2026-10").Want(t, http.StatusOK, "Virements", "Fin d’année").Body
	if strings.Contains(reads, place+"/pay-files") || strings.Contains(reads, place+"/pay-absences") {
		t.Error("who only reads is led to what is closed to them")
	}
}

// « viré » is said once the file has left, and not when it is made.
func TestAFileThatIsPreparedIsNotPaid(t *testing.T) {
	w := newWalk(t)
	s := w.payslip("2026-10", store.SlipOwn, store.SlipIssued)
	at := place + "/pay/2026-10/transfers"
	paul := w.As("paul")
	made := paul.Follow(paul.Post(at, paul.Get(at).Form("/transfers", url.Values{}))).Want(t, http.StatusOK, "Fichier préparé, à déposer à la banque", "Le virement est parti")
	paul.Get(place+"/pay/2026-10").Want(t, http.StatusOK, "fichier préparé", "pas encore parti")
	if strings.Contains(paul.Get(place+"/pay/2026-10").Body, "viré le") {
		t.Error("a file that is only prepared is said to be paid")
	}
	all, err := w.Office.PayTransfers(t.Context(), w.Actor("paul"), s.Month)
	w.must(err)
	file := at + "/" + strconv.FormatInt(all.Files[0].ID, 10)
	paul.Post(file+"/sent", made.Form("/sent", url.Values{"day": {""}})).Want(t, http.StatusUnprocessableEntity, "Il manque le jour où le virement est parti")
	paul.Follow(paul.Post(file+"/sent", made.Form("/sent", url.Values{}))).Want(t, http.StatusOK, "Parti le", "Il n’est pas parti")
	paul.Get(place+"/pay/2026-10").Want(t, http.StatusOK, "viré le")
	// The bank rejects it: the next file pays it, once a reason is said.
	slip, list := strconv.FormatInt(s.ID, 10), paul.Get(at).Want(t, http.StatusOK, "Un virement que les comptes ne montrent pas payé", "La banque l’a rejeté")
	paul.Post(file+"/rejected", list.Form("/rejected", url.Values{"reason" + slip: {""}})).Want(t, http.StatusUnprocessableEntity, "Il manque le motif du rejet")
	paul.Follow(paul.Post(file+"/rejected", list.Form("/rejected", url.Values{"reason" + slip: {"Compte clos"}}))).Want(t, http.StatusOK, "Le virement rejeté attend le prochain fichier", "Préparer un virement")
	paul.Follow(paul.Post(at, paul.Get(at).Form("/transfers", url.Values{})))
	all, err = w.Office.PayTransfers(t.Context(), w.Actor("paul"), s.Month)
	w.must(err)
	file = at + "/" + strconv.FormatInt(all.Files[1].ID, 10)
	paul.Follow(paul.Post(file+"/sent", paul.Get(at).Form("/sent", url.Values{}))).Want(t, http.StatusOK, "Parti le")
	paul.Follow(paul.Post(file+"/kept", made.Form("/sent", url.Values{"day": nil}))).Want(t, http.StatusOK, "Fichier préparé, à déposer à la banque")
}
