package web_test

import (
	"archive/zip"
	"fmt"
	"io"
	"net/url"
	"strings"
	"testing"

	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/internal/web/webtest"
	"essaim/money"
	"essaim/payroll"
)

// The officer reads who lacks what, tries a table, is told each line, takes it over, sees it on the file, and cannot take
// the same again.
func TestSumsAreTakenOverByTable(t *testing.T) {
	h := webtest.Start(t)
	paySetUp(t, h)
	paul, maelle := h.As("paul"), h.As("maelle")
	storetest.Write(t, h.DB, h.Coop.ID, func(tx *store.Tx) error {
		return tx.SavePayPerson(store.PayPerson{Person: h.Actor("maelle").Person, From: storetest.Today - 300, Known: payroll.Person{Number: "E1"}})
	})
	paul.Get(place+"/pay-files/openings").Want(t, 200, "Il manque les cumuls", "Maëlle", "de janvier 2026 à octobre 2026", "Saisir les cumuls")
	maelle.Get(place+"/pay-files/openings").Want(t, 404)
	paul.Get(place+"/pay-files/openings/table.csv").Want(t, 200, "Matricule;Nom;Contrat", "E1;Maëlle")
	at := place + "/pay-files/openings/import"
	table := "Matricule;Dernier mois payé;Brut;Net avant impôt;Net imposable;Net social;Coût employeur;Réduction générale\nE1;10/2026;7000;5500;5700;5500;9000;1200\n"
	form := paul.Get(at)
	bad := paul.Post(at, form.Form("/import", url.Values{"text": {table + "E7;10/2026;1\n"}}))
	bad.Want(t, 200, "une ligne est refusée", "E7")
	if strings.Contains(bad.Body, `value="accept"`) {
		t.Error("a table with a refused line can be taken")
	}
	paul.Post(at, form.Form("/import", url.Values{"text": {"Matricule;Salaire\nE1;2\n"}})).Want(t, 422, "la colonne « Salaire » n’est pas connue")
	tried := paul.Post(at, form.Form("/import", url.Values{"text": {table}})).Want(t, 200, "serait reprise", "Rien n’est encore écrit", "7 000,00")
	paul.Post(at, tried.Form("/import", url.Values{"do": {"accept"}})).WantTo(t, place+"/pay-files/openings")
	paul.Get(place+"/people/1/pay").Want(t, 200, "Cumuls repris", "7 000,00", "Congés payés", "le solde d’avant n’est pas saisi")
	maelle.Get(place+"/pay-file").Want(t, 200, "Congés payés").Without(t, "Cumuls repris", "Saisir un solde")
	paul.Post(at, paul.Get(at).Form("/import", url.Values{"text": {table}})).Want(t, 422, "ce fichier est déjà repris")
}

// What is wrong in the form is said on its field; leave that is typed shows on the file of the officer and of the person.
func TestSumsAndLeaveByForm(t *testing.T) {
	h := webtest.Start(t)
	paySetUp(t, h)
	paul, c := h.As("paul"), contractOf(t, h, "maelle")
	at := fmt.Sprintf("%s/people/1/opening/%d", place, c)
	form := paul.Get(at).Want(t, 200, "Cumuls de Maëlle", "Plafond cumulé", "Vide : celui de mois entiers.")
	paul.Post(at, form.Form("/opening/", url.Values{"gross": {"7000"}, "net": {"8000"}, "netTaxable": {"5700"}, "netSocial": {"5500"}, "cost": {"9000"}})).Want(t, 422, "ne dépasse pas le brut")
	paul.Post(at, form.Form("/opening/", url.Values{"gross": {"7000"}, "net": {"5500"}, "netTaxable": {"5700"}, "netSocial": {"5500"}, "cost": {"9000"}, "hours": {"583,06"}})).Want(t, 422, "la réduction accordée manque")
	paul.Post(at, form.Form("/opening/", url.Values{"gross": {"7000"}, "net": {"5500"}, "netTaxable": {"5700"}, "netSocial": {"5500"}, "cost": {"9000"}, "hours": {"583,06"}, "reduction": {"0"}})).Want(t, 303)
	if again := paul.Get(at).Want(t, 200, "Retirer ces cumuls"); again.Form("/opening/", nil).Get("reduction") == "" {
		t.Error("a reduction of 0 that was typed is not shown again")
	}
	paul.Post(at+"/drop", paul.Get(at).Form("/drop", nil)).Want(t, 303)
	paul.Get(place+"/people/1/pay").Want(t, 200, "Il manque les cumuls").Without(t, "Cumuls repris")

	leave := fmt.Sprintf("%s/people/1/leave/%d", place, c)
	form = paul.Get(leave).Want(t, 200, "Congés de Maëlle")
	paul.Post(leave, form.Form("/leave/", url.Values{"until": {"2026-10"}, "acquired": {"12,505"}})).Want(t, 422, "au centième près")
	paul.Post(leave, form.Form("/leave/", url.Values{"until": {"2026-10"}, "before": {"4,5"}, "acquired": {"12,5"}, "taken": {"3"}})).Want(t, 303)
	for _, page := range []*webtest.Page{paul.Get(place + "/people/1/pay"), h.As("maelle").Get(place + "/pay-file")} {
		page.Want(t, 200, "Acquis avant le 1er juin 2026", "4,5", "D’après le solde saisi à fin octobre 2026")
	}
	h.As("maelle").Get(place+"/a/10/pay").Want(t, 200, "Congés payés : il me reste", "Voir le détail")
}

// What one sees in the pay book is what one takes away: each amount, in the text and in the workbook.
func TestPayBookIsTakenAway(t *testing.T) {
	h := webtest.Start(t)
	slip := newPayslip(t, h)
	paul := h.As("paul")
	q := "?from=2026-10&until=2026-10"
	page := paul.Get(place+"/pay/book"+q).Want(t, 200, "Livre de paie", "Classeur XLSX", "Fichier CSV")
	csv, xlsx := paul.Get(place+"/pay/book.csv"+q), paul.Get(place+"/pay/book.xlsx"+q)
	if kind := xlsx.Header.Get("Content-Type"); xlsx.Status != 200 || kind != "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" || !strings.Contains(xlsx.Header.Get("Content-Disposition"), "livre-de-paie-2026-10-2026-10.xlsx") {
		t.Fatalf("%d %s", xlsx.Status, kind)
	}
	z, err := zip.NewReader(strings.NewReader(xlsx.Body), int64(len(xlsx.Body)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	totals := slip.Body.Payslip.Totals
	for name, c := range map[string]money.Cents{"gross": totals.Gross, "employee": totals.Employee, "net": totals.Net, "tax": totals.Tax, "paid": totals.Paid, "employer": totals.Employer, "cost": totals.Cost} {
		seen := string(c.Append(nil, ','))
		if !strings.Contains(strings.NewReplacer("\u202f", "", "\u00a0", "", " ", "").Replace(page.Text()), seen) {
			t.Errorf("%s: the page does not show %s", name, seen)
		}
		if n := strings.Count(csv.Body, ";"+seen); n < 2 { // the payslip and the sum
			t.Errorf("%s: %d times in the text", name, n)
		}
		if n := strings.Count(string(sheet), "<v>"+string(c.Append(nil, '.'))+"</v>"); n < 2 {
			t.Errorf("%s: %d times in the workbook", name, n)
		}
	}
	h.As("maelle").Get(place+"/pay/book.xlsx"+q).Want(t, 404)
}
