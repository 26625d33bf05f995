package web_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"essaim/internal/web/webtest"
	"essaim/ledger"
)

// What is owed says who, for what, how much, how old, and is received from its row; the file holds what is shown.
func TestOwedIsReceivedFromItsRow(t *testing.T) {
	s := newStudio(t)
	jean := s.As("jean")
	p := jean.Get(place+"/payments").Want(t, 200, "1 080,00 €", "Brindille d’Orge", s.late.Number+" · Bols et théières", "600,00 €", "sur 1 200,00 €", "43 jours de retard", "pas encore échue", "Encaisser", "2 factures")
	if !strings.Contains(p.Body, fmt.Sprintf(`payments/new?customer=%d&amp;invoice=%d`, s.company.ID, s.late.ID)) {
		t.Error("a row leads to its payment")
	}
	jean.Get(place+"/payments?late=30").Want(t, 200, "Bols et théières", "1 facture").Without(t, "Assiettes")
	for q, want := range map[string]string{"assiettes": "480,00 €", "brindille": "600,00 €", "1 200": "Bols", "480": "Assiettes", strings.ToLower(s.late.Number): "Bols"} {
		jean.Get(place+"/payments?q="+url.QueryEscape(q)).Want(t, 200, want)
	}
	jean.Get(place+"/payments?q=personne").Want(t, 200, "Aucune facture dans ce filtre", "Voir tout ce qui est dû")
	if csv := jean.Get(place + "/payments.csv?q=assiettes").Body; !strings.Contains(csv, ";Assiettes;") || strings.Contains(csv, "Bols") || !strings.Contains(csv, "\r\nTotal;;;;;;;;480,00\r\n") {
		t.Errorf("what is shown, with its total:\n%s", csv)
	}
	jean.Get(place+"/payments?view=received").Want(t, 200, "Odile Martin", "VIR 17", "3 000,00 €")
	if csv := jean.Get(place + "/payments.csv?view=received").Body; !strings.Contains(csv, ";Odile Martin;Virement;VIR 17;3000,00;") || !strings.Contains(csv, "Total;;;;;3600,00;;") {
		t.Errorf("payments:\n%s", csv)
	}
	// Who owes is in the list, with how much; an activity has all its customers.
	jean.Get(place+"/payments/new").Want(t, 200, "Brindille d’Orge, 1 080,00 € (Maëlle céramique)").Without(t, "Commune de Valmorence")
	jean.Get(fmt.Sprintf("%s/payments/new?activity=%d", place, webtest.Ceramique)).Want(t, 200, "Commune de Valmorence")
}

// Reassigning begins with where the payment goes today, and may say that someone else has paid.
func TestReassignBeginsWithWhatIs(t *testing.T) {
	s := newStudio(t)
	jean := s.As("jean")
	at := fmt.Sprintf("%s/payments/%d", place, s.payment.ID)
	p := jean.Get(at).Want(t, 200, "Ce qu’il règle", s.paid.Number)
	f := p.Fields("/reassign")
	if got := strings.ReplaceAll(f.Get(fmt.Sprintf("alloc[%d]", s.paid.ID)), "\u202f", " "); got != "3 000,00" || f.Get("customer") != fmt.Sprint(s.odile.ID) {
		t.Errorf("part %q, customer %q", got, f.Get("customer"))
	}
	done := jean.Post(at+"/reassign", p.Form("/reassign", url.Values{"customer": {fmt.Sprint(s.company.ID)}, "keep": {"1"}})).Want(t, 303)
	jean.Follow(done).Want(t, 200, "Brindille d’Orge a payé", s.late.Number, "600,00 €", "Gardé en avance", "2 400,00 €") // the other invoice came after the money
	jean.Get(at).Want(t, 200, "Annulé")
}

// What a reader mends is shown on the sheet, beside what it was; the title follows; a refusal of one form leaves the
// other as it was.
func TestDeskShowsWhatWasMended(t *testing.T) {
	s := newStudio(t)
	jean := s.As("jean")
	at := fmt.Sprintf("%s/desk/%d", place, s.submitted.ID)
	p := jean.Get(at).Want(t, 200, "Théière unique", "120,00")
	f := p.Form("/amend", url.Values{"lines[0].label": {"Théière bleue"}, "lines[0].price": {"100"}, "delivered": {"18/11/2026"}})
	jean.Post(at+"/amend", f).WantTo(t, at)
	p = jean.Get(at)
	for _, want := range []string{
		`<p class="obj"><del>Théière unique</del> <ins>Théière bleue</ins></p>`, `<del>Théière unique</del> <ins>Théière bleue</ins>`,
		"<del>144,00\u00a0€</del> <ins>120,00\u00a0€</ins>", "<del>20\u00a0nov. 2026</del> <ins>18\u00a0nov. 2026</ins>",
	} {
		if !strings.Contains(strings.ReplaceAll(p.Body, "nov.\u00a0", "nov. "), want) {
			t.Errorf("the sheet does not show %q:\n%s", want, p.Body)
		}
	}
	s.As("maelle").Get(docPath(s.submitted)).Want(t, 200, "Théière bleue", "18 nov. 2026", "20 nov. 2026")
	refused := jean.Post(at+"/return", p.Form("/amend", url.Values{"comment": {""}})).Want(t, 422, "Écrire un mot pour qui a déposé le document")
	if got := refused.Fields("/amend").Get("lines[0].label"); got != "Théière bleue" {
		t.Errorf("the mending holds %q", got)
	}
	jean.Post(at+"/return", refused.Form("/amend", url.Values{"comment": {"Quelle terre ?"}, "line": {"1"}})).WantTo(t, place+"/desk")
	// Submitted again, the sheet is the author's: nothing is struck any more.
	again, err := s.Office.Document(t.Context(), s.as("maelle"), s.submitted.ID)
	s.must(err)
	s.submit(again.Doc)
	if p := jean.Get(at).Want(t, 200, "Théière bleue"); strings.Contains(p.Body, "<del>144") {
		t.Error("what the author has sent again is struck")
	}
}

// Third parties are found as one types, by name too; one who is not there is opened from the grid.
func TestGridFindsAndOpensThirdParties(t *testing.T) {
	s := newStudio(t)
	irene := s.As("irene")
	irene.Get(place+"/books/thirds?account=401&q=velay").Want(t, 200, "Terres du Velay").Without(t, "Odile")
	irene.Get(place+"/books/thirds?account=411&q=odile").Want(t, 200, "Odile Martin").Without(t, "Velay")
	s.As("maelle").Get(place+"/books/thirds?account=401&q=velay").Want(t, 404)

	to := place + "/books/entry/new"
	p := irene.Get(to)
	line := func(third string) url.Values {
		return p.Form("/entry/new", url.Values{"ref": {"L-11"}, "label": {"Loyer"}, "lines[0].account": {"6132"}, "lines[0].section": {"001"}, "lines[0].debit": {"500"},
			"lines[1].account": {"401 Fournisseurs"}, "lines[1].section": {"001"}, "lines[1].credit": {"500"}, "lines[1].third": {third}})
	}
	// A name begun is not the name of another.
	if _, err := s.Office.AddThird(t.Context(), s.as("irene"), ledger.Third{Kind: ledger.Supplier, Name: "Bailleur Neuf et Fils"}, ""); err != nil {
		t.Fatal(err)
	}
	refused := irene.Post(to, line("Bailleur Neuf")).Want(t, 422, "n’existe pas", "Ouvrir le tiers « Bailleur Neuf »")
	opened := irene.Post(to, refused.Form("/entry/new", url.Values{"deed": {"third:1"}})).Want(t, 422)
	code := opened.Fields("/entry/new").Get("lines[1].third")
	if !strings.HasPrefix(code, "F") {
		t.Fatalf("the third party opened is %q", code)
	}
	irene.Post(to, opened.Form("/entry/new", nil)).WantTo(t, to+"?journal=OD&date=2026-11-22")
	// The name is enough the next time (and the same form twice is one entry); a customer is not opened here.
	irene.Post(to, line("bailleur neuf")).WantTo(t, to+"?journal=OD&date=2026-11-22")
	p = irene.Get(to)
	customer := line("Personne Encore")
	customer.Set("lines[1].account", "411")
	irene.Post(to, customer).Want(t, 422, "n’existe pas").Without(t, "Ouvrir le tiers")
	if got := irene.Get(to + "?journal=AC&date=2026-11-03").Fields("/entry/new"); got.Get("journal") != "AC" || !strings.HasPrefix(got.Get("date"), "3") {
		t.Errorf("the next entry begins with %q on %q", got.Get("journal"), got.Get("date"))
	}
}

// The books: a journal has its entries one under the other, an account is chosen from those there are, files have totals.
func TestBooksAreReadAndKept(t *testing.T) {
	s := newStudio(t)
	irene := s.As("irene")
	irene.Get(place+"/books/ledger").Want(t, 200, "Choisir un compte", "512", "Clients")
	irene.Get(place+"/books/ledger?account=401+Fournisseurs").Want(t, 200, "401 Fournisseurs", "Terre et émaux", "1 ligne").Without(t, "Assurance de l’atelier")
	irene.Get(place+"/books/journal?journal=VE").Want(t, 200, "VE 1", s.late.Number, "411", "44574")
	for path, total := range map[string]string{"/books/balance.csv": "Total;;0,00;", "/books/activities.csv": "Total;;", "/books/ledger.csv?account=607": "Total;;;;607;;;;;200,00;0,00;200,00", "/books/journal.csv?journal=VE": "Total;;;;;;;;;;"} {
		if csv := irene.Get(place + path).Body; !strings.Contains(csv, "\r\n"+total) {
			t.Errorf("%s has no total %q:\n%s", path, total, csv)
		}
	}
	months := irene.Get(place+"/books/months").Want(t, 200, "novembre 2026", "Ouvert", "En cours", "décembre 2026", "À venir", "1er janv. 2027", "Ouvrir l’exercice 2027")
	done := irene.Post(place+"/books/months/year", months.Form("/months/year", nil)).Want(t, 303)
	irene.Follow(done).Want(t, 200, "L’exercice 2027 est ouvert", "décembre 2027").Without(t, "Ouvrir l’exercice")
}

// Who opens activities finds their way to them.
func TestAdministratorsReachTheActivities(t *testing.T) {
	h := webtest.Start(t)
	if p := h.As("hugo").Get(place + "/audit"); !strings.Contains(p.Body, `href="`+place+`/activities"`) {
		t.Error("no door to the activities in the side bar")
	}
}
