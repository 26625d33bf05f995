package web_test

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"essaim/i18n"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/internal/web/webtest"
	"essaim/payroll"
)

// One grouping of the lines of a payslip: the page tells each purpose by the name, the amount and the parts that the second
// page on paper gives it, from what the pay costs to what is received.
func TestThePageGroupsAsThePaper(t *testing.T) {
	s := payHouse(t)
	slip := newPayslip(t, s.House)
	all := payroll.Shares(slip.Body.Payslip)
	if len(all) < 7 {
		t.Fatalf("%d shares", len(all))
	}
	fr, totals := i18n.For("fr"), slip.Body.Payslip.Totals
	b := s.As("maelle")
	p := b.Get(fmt.Sprintf("%s/payslips/%d", place, slip.ID)).Want(t, 200, "Ce que coûte ma paie", fr.Euros(totals.Cost), "Ce que je reçois", fr.Euros(totals.Paid), "La même soustraction avec les mots du bulletin", "Rémunération brute")
	for _, one := range all {
		label, why := one.Words(fr)
		row := regexp.MustCompile(`<div><dt>` + regexp.QuoteMeta(html.EscapeString(label)) + `</dt><dd class="amt">([^<]*)</dd>`).FindStringSubmatch(strings.ReplaceAll(p.Body, "&#39;", "’"))
		if row == nil || strings.TrimPrefix(html.UnescapeString(row[1]), "+") != fr.Euros(-one.Amount()) {
			t.Errorf("%s: %q, the paper says %s", label, row, fr.Euros(-one.Amount()))
		}
		p.Want(t, 200, why)
	}
	b.Get(fmt.Sprintf("%s/a/%d/pay", place, webtest.Ceramique)).Want(t, 200, "Ce que coûte ma paie", "Retraite", "Ce que je reçois").Without(t, "Ma pension plus tard")
}

// From her pay one reaches the payslips, the file, an absence; what is missing and what is to be chosen is said there and on
// the home, until it is done.
func TestAroundHerPay(t *testing.T) {
	w := newWalk(t)
	paySetUp(t, w.House)
	slip := newPayslip(t, w.House)
	maelle := w.As("maelle")
	pay := fmt.Sprintf("%s/a/%d/pay", place, webtest.Ceramique)
	page := maelle.Get(pay).Want(t, http.StatusOK, "Autour de ma paie", "Mes bulletins", "Le dernier : octobre 2026", "Mon dossier de paie", "Déclarer une absence", "Pour me payer, il manque : le numéro de sécurité sociale, l’IBAN, le titulaire du compte").Without(t, "fin d’année", "manque l’IBAN manque", "Ce mois-ci")
	for _, to := range []string{"/payslips", fmt.Sprintf("/payslips/%d", slip.ID), "/pay-file", "/pay-file/absence"} {
		if !strings.Contains(page.Body, `href="`+place+to+`"`) {
			t.Errorf("her pay does not lead to %s", to)
		}
		maelle.Get(place+to).Want(t, http.StatusOK)
	}
	home := place + "/?a=10"
	maelle.Get(home).Want(t, http.StatusOK, "Pour me payer, il manque", "Voir mon dossier")
	storetest.Write(t, w.DB, w.Coop.ID, func(tx *store.Tx) error {
		return tx.SavePayPerson(store.PayPerson{Person: w.Actor("maelle").Person, From: storetest.Today - 100, Known: payroll.Person{NIR: "285076938712345", IBAN: "FR7630006000011234567890189", Holder: "Maëlle"}})
	})
	maelle.Get(home).Want(t, http.StatusOK).Without(t, "il manque")

	w.newYear(webtest.Ceramique)
	choice := place + "/year-choice/1/10"
	for _, at := range []string{home, pay} {
		p := maelle.Get(at).Want(t, http.StatusOK, "Il reste 1 000,00 € de 2025 : dire ce que j’en fais", "Choisir")
		if !strings.Contains(p.Body, `href="`+choice+`"`) {
			t.Errorf("%s does not lead to the choice", at)
		}
	}
	w.As("malo").Get(fmt.Sprintf("%s/a/%d/pay", place, webtest.Paysage)).Want(t, http.StatusOK, "Autour de ma paie", "Mon dossier de paie").Without(t, "Déclarer une absence", "fin d’année")
	p := maelle.Get(choice)
	maelle.Follow(maelle.Post(choice, p.Form("/year-choice", url.Values{"pay": {"1000"}, "agreed": {"1"}}))).Want(t, http.StatusOK, "Votre choix est signé")
	maelle.Get(home).Want(t, http.StatusOK).Without(t, "dire ce que j’en fais")
	maelle.Get(pay).Want(t, http.StatusOK, "Mon choix de fin d’année 2025", "choix signé").Without(t, "dire ce que j’en fais")
}

// The pay answers as one types, on the page that is there, and nothing of it slides sideways on a phone, whatever the amounts.
func TestThePayAnswersInPlace(t *testing.T) {
	s := payHouse(t)
	newPayslip(t, s.House)
	c := s.Chrome(t)
	c.Size(390, 844)
	c.As("maelle")
	c.Open(fmt.Sprintf("%s/a/%d/pay", place, webtest.Ceramique))
	c.Fits()
	slides := `[...document.querySelectorAll('main .scroll')].filter(e => e.offsetParent && e.scrollWidth > e.clientWidth + 1).length`
	c.Eval(`document.querySelectorAll('details').forEach(d => d.open = true), window.here = 1`)
	if n := c.Eval(slides); n != "0" {
		t.Errorf("%s tables slide sideways", n)
	}
	type_ := func(field, v string) {
		c.Eval(fmt.Sprintf(`(() => { const f = document.querySelector('[name=%s]'); f.focus(); f.value = '%s'; f.dispatchEvent(new Event('input', {bubbles: true})); f.dispatchEvent(new Event('change', {bubbles: true})); return 1 })()`, field, v))
	}
	told := func(what string) {
		c.Until(what + ` && document.querySelectorAll('#mypay, #payform').length === 2 && !document.querySelector('.htmx-added, .htmx-settling, .htmx-swapping, .htmx-request')`)
	}
	ask := `document.querySelector('[data-send]').textContent`
	before := c.Eval(ask)
	type_("amount", "41")
	told(ask + ` !== ` + fmt.Sprintf("%q", before))
	if at := c.Eval(`document.activeElement.name + ' ' + document.activeElement.value`); at != "amount 41" {
		t.Errorf("one was typing, and is at %q", at)
	}
	type_("turnover", "2000")
	told(`document.querySelector('.pots').textContent.includes('si ce chiffre d’affaires')`)
	if c.Eval(`window.here + location.search`) != "1" {
		t.Error("the page was loaded again")
	}
}
