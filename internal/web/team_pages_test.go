package web_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"essaim/internal/web/webtest"
)

func TestActivitiesSideBySide(t *testing.T) {
	h := webtest.Start(t)
	nadia := h.As("nadia")
	nadia.Get(place+"/activities").Want(t, 200, "Sur 5 activités,", "En banque", "écart 0,00 €", "Activités = maison", "Maëlle céramique", "Toutes 5", "Ventes 2026 HT", "Ouvrir une activité")
	nadia.Get(place+"/activities?show=several").Want(t, 200, "Trio paysage", "1 activité").Without(t, "Lucie couture")
	nadia.Get(place+"/activities?show=associate&sort=name").Want(t, 200, "Lucie couture").Without(t, "Malo paysage")
	down := nadia.Get(place + "/activities?sort=-name").Body
	if strings.Index(down, "Trio paysage") > strings.Index(down, "Lucie couture") {
		t.Error("sorted by name, the last first: Trio comes before Lucie")
	}
	csv := nadia.Get(place + "/activities.csv?show=several")
	if !strings.Contains(csv.Body, "005;Trio paysage;") || strings.Contains(csv.Body, "Lucie couture;") || csv.Header.Get("Content-Type") != "text/csv; charset=utf-8" {
		t.Errorf("what is exported is what is shown:\n%s", csv.Body)
	}
	for _, figure := range []string{"bank", "activities", "owed", "coverage", "gap"} {
		nadia.Get(place+"/proofs/"+figure).Want(t, 200, "0,00 €")
	}
	nadia.Get(place+"/proofs/else").Want(t, 404)
	// An advisor sees the activities they accompany, and no figure of the house.
	h.As("samira").Get(place+"/activities").Want(t, 200, "Sur 2 activités que j’accompagne,", "Malo paysage").Without(t, "Lucie couture", "En banque", "Ouvrir une activité")
	h.As("samira").Get(place+"/proofs/bank").Want(t, 404)
	// Who opens activities and sees no figure has the list without them.
	h.As("hugo").Get(place+"/activities").Want(t, 200, "Lucie couture", "Ouvrir une activité").Without(t, "€")
	for _, who := range []string{"maelle", "claire", "zoe"} {
		h.As(who).Get(place+"/activities").Want(t, 404)
	}
}

func TestAnActivityIsOpened(t *testing.T) {
	h := webtest.Start(t)
	b := h.As("nadia")
	p := b.Get(place+"/activities/new").Want(t, 200, "Qui la partage")
	if got := p.Fields("/activities/").Get("code"); got != "006" {
		t.Errorf("the next code is proposed: %q", got)
	}
	to := place + "/activities/new"
	b.Post(to, p.Form("/activities/", url.Values{"code": {"006"}})).Want(t, 422, "Il manque le nom de l’activité.", "Une activité a au moins une personne.")
	b.Post(to, p.Form("/activities/", url.Values{"name": {"Deux mains"}, "opened": {"31/11"}})).Want(t, 422, "Ce jour n’existe pas")
	b.Post(to, p.Form("/activities/", url.Values{"name": {"Deux mains"}, "code": {"001"}, "shares[0].person": {"2"}, "shares[0].from": {"22/11"}})).Want(t, 422, "Le code 001 est déjà pris.")
	// Rows are numbered as the refusal counts them, whatever was left out above.
	again := b.Post(to, p.Form("/activities/", url.Values{"name": {"Deux mains"}, "shares[4].person": {"2"}, "shares[7].person": {"1"}, "shares[7].from": {"22/11"}, "shares[7].until": {"1/11"}})).Want(t, 422, "Il manque le jour à partir duquel", "La personne sortirait avant d’entrer.")
	if !strings.Contains(again.Body, `href="#f-shares-1-until"`) || !strings.Contains(again.Body, `id="f-shares-1-until"`) {
		t.Error("the refusal leads to its field")
	}
	more := b.Post(to, p.Form("/activities/", url.Values{"name": {"Deux mains"}, "deed": {"more"}})).Want(t, 200)
	if !strings.Contains(more.Body, `name="shares[1].person"`) || more.Fields("/activities/").Get("name") != "Deux mains" {
		t.Error("a row more, and what was typed is kept")
	}
	good := p.Form("/activities/", url.Values{"name": {"Deux mains"}, "shares[0].person": {"2"}, "shares[0].from": {"22/11"}, "shares[0].parts": {"2"}, "nature": {"made"}, "natures": {"service"}, "tax": {"S20"}})
	for range 2 { // a double click opens one
		b.Post(to, good).WantTo(t, place+"/activities")
	}
	b.Get(place+"/activities").Want(t, 200, "Sur 6 activités,", "Deux mains")
	edit := b.Get(place+"/activities/15/edit").Want(t, 200, "Code 006, pour toujours")
	f := edit.Fields("/activities/")
	if f.Get("shares[0].person") != "2" || f.Get("shares[0].parts") != "2" || f.Get("nature") != "made" || f.Get("natures") != "service" || f.Get("tax") != "S20" {
		t.Errorf("what was saved comes back: %v", f)
	}
	b.Post(place+"/activities/15/edit", edit.Form("/activities/", url.Values{"closed": {"1/11/2026"}})).Want(t, 422, "L’activité fermerait avant d’ouvrir.")
	b.Post(place+"/activities/15/edit", edit.Form("/activities/", url.Values{"name": {"Quatre mains"}})).WantTo(t, place+"/activities")
	h.As("samira").Get(to).Want(t, 403)
	h.As("maelle").Get(to).Want(t, 404)
	h.As("zoe").Get(to).Want(t, 404)
	b.Get(place+"/activities/99/edit").Want(t, 404)
	// Nobody changes the shares of their own activity, whatever their roles.
	zoe := h.As("zoe")
	zoe.Get("/autre-rive/activities/10/edit").Want(t, 403)
	zoe.Post("/autre-rive/activities/10/edit", url.Values{"name": {"À moi"}}).Want(t, 403)
}

func TestPeopleAreAddedInvitedAndLeave(t *testing.T) {
	h := webtest.Start(t)
	hugo := h.As("hugo")
	hugo.Get(place+"/people").Want(t, 200, "11 personnes dans la maison", "Commissariat aux comptes", "CAPE jusqu’au 21 nov. 2027", "CAPE finit dans 51 jours, sans suite prévue", "Malo paysage, Trio paysage")
	hugo.Get(place+"/people?show=watch").Want(t, 200, "Anatole").Without(t, "Malo Quéré")
	p := hugo.Get(place+"/people/new").Want(t, 200, "Inviter à se connecter")
	to := place + "/people/new"
	hugo.Post(to, p.Form("/people/new", url.Values{"email": {"pas une adresse"}})).Want(t, 422, "Il manque le prénom.", "Ce n’est pas une adresse de courriel")
	hugo.Post(to, p.Form("/people/new", url.Values{"firstName": {"Rose"}, "lastName": {"Petit"}, "email": {"MALO@trame.example"}})).Want(t, 422, "Cette adresse est celle de Malo Quéré")
	good := p.Form("/people/new", url.Values{"firstName": {"Rose"}, "lastName": {"Petit"}, "email": {"rose@trame.example"}})
	sheet := hugo.Post(to, good)
	hugo.Follow(sheet).Want(t, 200, "Rose Petit", "Invitation envoyée à rose@trame.example.", "mot de passe pas encore choisi", "Entrepreneur·e")
	if l := h.Letters(); len(l) == 0 || l[len(l)-1].To[0] != "rose@trame.example" || !strings.Contains(l[len(l)-1].Text, "/password/") {
		t.Errorf("the letter: %v", l)
	}
	hugo.Post(to, good) // the same form twice is one person
	hugo.Get(place+"/people").Want(t, 200, "12 personnes dans la maison")

	// Access closes at once, on the devices too; it opens again with an invitation.
	jean := h.As("jean")
	jean.Get(place+"/people").Want(t, 200)
	page := hugo.Get(place+"/people/6").Want(t, 200, "Jean Roux", "Se connecte avec cette adresse")
	hugo.Follow(hugo.Post(place+"/people/6/close", page.Fields("/close"))).Want(t, 200, "Jean Roux ne peut plus entrer.", "ne peut pas encore se connecter")
	if got := jean.Get(place + "/people"); got.Status == 200 {
		t.Error("a session outlives the access")
	}
	hugo.Follow(hugo.Post(place+"/people/6/invite", url.Values{})).Want(t, 200, "l’accès est ouvert")
	h.As("jean").Get(place+"/people").Want(t, 200)

	for _, path := range []string{"/people", "/people/2", "/people/new"} {
		h.As("zoe").Get(place+path).Want(t, 404)
		h.As("maelle").Get(place+path).Want(t, 404)
	}
	h.As("nadia").Get(place+"/people/2").Want(t, 200, "Malo Quéré").Without(t, "Fermer l’accès")
	h.As("nadia").Post(place+"/people/2/close", url.Values{}).Want(t, 403)
	hugo.Get(place+"/people/99").Want(t, 404)
}

// Someone of two cooperatives keeps the way into the other.
func TestClosingAccessHereLeavesTheOther(t *testing.T) {
	h := webtest.Start(t)
	h.Join(t, "malo", h.Other)
	h.As("hugo").Post(place+"/people/2/close", url.Values{}).WantTo(t, place+"/people/2")
	malo := h.As("malo")
	malo.Get(place+"/rules").Want(t, 404)
	malo.Get("/autre-rive/rules").Want(t, 200)
}

func TestNobodyGivesThemselvesARole(t *testing.T) {
	h := webtest.Start(t)
	hugo := h.As("hugo")
	hugo.Get(place+"/people/10").Want(t, 200, "C’est votre fiche.").Without(t, "Fermer l’accès", "Changer")
	for _, path := range []string{"/people/10/roles", "/people/10/edit", "/people/10/contracts/new"} {
		hugo.Get(place+path).Want(t, 403)
		hugo.Post(place+path, url.Values{"grants[0].role": {"manager"}, "grants[0].from": {"1/1/2026"}}).Want(t, 403)
	}
	hugo.Post(place+"/people/10/close", url.Values{}).Want(t, 403)

	roles := hugo.Get(place+"/people/2/roles").Want(t, 200)
	to := place + "/people/2/roles"
	hugo.Post(to, roles.Form("/roles", url.Values{"grants[3].role": {"auditor"}, "grants[3].from": {"1/11"}})).Want(t, 422, "porte sur un exercice")
	bad := hugo.Post(to, roles.Form("/roles", url.Values{"grants[1].role": {"advisor"}, "grants[1].from": {"1/11/2026"}, "grants[1].until": {"1/10/2026"}})).Want(t, 422, "Le rôle finirait avant de commencer.")
	if !strings.Contains(bad.Body, `id="f-grants-1-until"`) {
		t.Error("beside its field")
	}
	hugo.Post(to, roles.Form("/roles", url.Values{"grants[1].role": {"advisor"}, "grants[1].from": {"1/11/2026"}, "grants[0].drop": {"1"}})).WantTo(t, place+"/people/2")
	hugo.Get(place+"/people/2").Want(t, 200, "Accompagnement", "depuis le 1er nov. 2026")
	h.As("malo").Get(place+"/people").Want(t, 200)
}

func TestContractsKeepTheClockOfTheLaw(t *testing.T) {
	h := webtest.Start(t)
	hugo := h.As("hugo")
	hugo.Get(place+"/people/4").Want(t, 200, "Le CAPE finit le 12 janv. 2027, dans 51 jours.", "Encore 2 renouvellements possibles, jusqu’au 12 janv. 2029 au plus.")
	to := place + "/people/4/contracts/new"
	p := hugo.Get(to).Want(t, 200)
	if got := p.Fields("/contracts/").Get("start"); strings.ReplaceAll(got, "\u00a0", " ") != "13 janv. 2027" {
		t.Errorf("the next term begins on the next day: %q", got)
	}
	hugo.Post(to, p.Form("/contracts/", url.Values{"kind": {"cape"}, "end": {"13/1/2028"}})).Want(t, 422, "Un CAPE dure douze mois au plus")
	hugo.Post(to, p.Form("/contracts/", url.Values{"kind": {"cape"}, "end": {"12/1/2028"}, "fixedCost": {"100"}})).Want(t, 422, "Un CAPE n’a pas de part fixe")
	hugo.Post(to, p.Form("/contracts/", url.Values{"kind": {"cape"}, "start": {"1/1/2027"}, "end": {"31/12/2027"}})).Want(t, 422, "chevauche")
	good := p.Form("/contracts/", url.Values{"kind": {"cape"}, "end": {"12/1/2028"}})
	for range 2 {
		hugo.Post(to, good).WantTo(t, place+"/people/4")
	}
	hugo.Get(place+"/people/4").Want(t, 200, "CAPE, période 2", "La suite est prévue.")
	hugo.Get(place+"/people/4").Without(t, "CAPE, période 3")
	hugo.Post(to, p.Form("/contracts/", url.Values{"kind": {"cesa"}, "start": {"13/1/2028"}, "end": nil, "fixedCost": {"900"}, "activity": {"10"}})).Want(t, 422, "ne partage pas cette activité")
	// What a colleague costs is not for everyone who sees the list.
	h.As("samira").Get(place+"/people/1").Want(t, 200, "CESA").Without(t, "981")
	h.As("irene").Get(place+"/people/1").Want(t, 200, "part fixe : 981,00 €")
}

func TestRulesInWords(t *testing.T) {
	h := webtest.Start(t)
	maelle := h.As("maelle")
	maelle.Get(place+"/rules").Want(t, 200, "Les 5 premières factures d’une activité sont relues.", "Règle de départ").Without(t, "Grille de trésorerie", "181", "IBAN", "Modifier", "relues après coup")
	maelle.Get(place+"/rules/new/trust").Want(t, 403)
	h.As("zoe").Get(place+"/rules").Want(t, 404)
	nadia := h.As("nadia")
	nadia.Get(place+"/rules").Want(t, 200, "Grille de trésorerie", "5 181")
	to := place + "/rules/new/trust"
	p := nadia.Get(to).Want(t, 200)
	nadia.Post(to, p.Form("/rules/", url.Values{"firstInvoices": {"8"}})).Want(t, 422, "Il manque la décision")
	nadia.Post(to, p.Form("/rules/", url.Values{"decision": {"AG"}, "firstInvoices": {"9999"}})).Want(t, 422, "Mettre un nombre de 0 à 1 000.")
	good := p.Form("/rules/", url.Values{"decision": {"AG du 20 novembre 2026, résolution 2"}, "from": {"22/11/2026"}, "firstInvoices": {"8"}, "quotes": {"1"}})
	for range 2 {
		nadia.Post(to, good).WantTo(t, place+"/rules")
	}
	page := nadia.Get(place+"/rules").Want(t, 200, "Les 8 premières factures", "Les devis sont relus aussi.", "Depuis le 22 nov. 2026 : AG du 20 novembre 2026, résolution 2")
	if n := strings.Count(page.Text(), "En vigueur"); n != 1 {
		t.Errorf("%d rules in force, want the one adopted once", n)
	}
	grid := nadia.Get(place+"/rules/new/grid").Want(t, 200)
	nadia.Post(place+"/rules/new/grid", grid.Form("/rules/", url.Values{"decision": {"CA"}, "suppliers": {"40 41"}})).Want(t, 422, "compteraient deux fois")
	nadia.Get(place+"/rules/new/else").Want(t, 404)
	nadia.Get(place+"/rules/identity").Want(t, 404)
	hugo := h.As("hugo")
	id := hugo.Get(place+"/rules/identity").Want(t, 200)
	hugo.Post(place+"/rules/identity", id.Form("/rules/", url.Values{"siren": {"404833049"}, "iban": {"FR76"}})).Want(t, 422, "sa clé ne tombe pas juste")
	hugo.Post(place+"/rules/identity", id.Form("/rules/", url.Values{"name": {"Trame et Sillon"}})).WantTo(t, place+"/rules")
	hugo.Get(place+"/rules").Want(t, 200, "Trame et Sillon", "FR76 3000 6000")
}

// Astrolabe: 90 000 → 9 300,00.
func TestContributionPolicies(t *testing.T) {
	h := webtest.Start(t)
	nadia := h.As("nadia")
	to := place + "/rules/policies/new?model=astrolabe"
	p := nadia.Get(to).Want(t, 200, "Partir du barème publié", "Optéos")
	nadia.Post(to, p.Form("/policies/new", url.Values{"scales[0].brackets[1].upTo": {"10"}, "decision": {"AG"}})).Want(t, 422, "Chaque tranche finit plus haut que celle d’avant.")
	nadia.Post(to, p.Form("/policies/new", url.Values{"scales[1].brackets[0].rate": {"5"}, "decision": {"AG"}})).Want(t, 422, "Dire à quelles ventes ce barème s’applique.")
	more := nadia.Post(to, p.Form("/policies/new", url.Values{"deed": {"more:scales[0].brackets"}})).Want(t, 200)
	if !strings.Contains(more.Body, `name="scales[0].brackets[3].rate"`) {
		t.Error("a row more")
	}
	nadia.Post(to, p.Form("/policies/new", url.Values{"decision": {"AG du 12 juin 2026, résolution 4"}, "from": {"1/1/2026"}})).WantTo(t, place+"/rules#policies")
	list := nadia.Get(place+"/rules").Want(t, 200, "AG du 12 juin 2026, résolution 4")
	_, rest, _ := strings.Cut(list.Body, `href="`+place+`/rules/policies/`)
	for rest != "" && (rest[0] < '0' || rest[0] > '9') {
		_, rest, _ = strings.Cut(rest, `href="`+place+`/rules/policies/`)
	}
	id, _, _ := strings.Cut(rest, `"`)
	nadia.Get(place+"/rules/policies/"+id).Want(t, 200, "La part à la coopérative est de 9 300,00 €")
	nadia.Get(place+"/rules/policies/"+id+"?amount=40+000").Want(t, 200, "4 400,00 €")
	nadia.Get(place+"/rules/policies/"+id+"?amount=beaucoup").Want(t, 200, "Ce n’est pas un montant").Without(t, "La part à la coopérative est de")
	next := place + "/rules/policies/new?from=" + id
	v := nadia.Get(next).Want(t, 200, "nouvelle version")
	nadia.Post(next, v.Form("/policies/new", url.Values{"decision": {"AG du 14 juin 2026"}, "scales[0].brackets[0].rate": {"10"}})).WantTo(t, place+"/rules#policies")
	nadia.Get(place+"/rules").Want(t, 200, "AG du 14 juin 2026", "1er janv. 2027", "Pas encore")
	h.As("maelle").Get(place+"/rules/policies/"+id).Want(t, 200, "9 300,00 €").Without(t, "Nouvelle version")
}

func TestAuditLog(t *testing.T) {
	h := webtest.Start(t)
	hugo := h.As("hugo")
	hugo.Get(place+"/audit").Want(t, 200, "Rien dans ce filtre")
	edit := hugo.Get(place + "/people/2/edit")
	hugo.Post(place+"/people/2/edit", edit.Form("/edit", url.Values{"phone": {"06 00 00 00 01"}}))
	h.Pass(48 * time.Hour)
	hugo = h.As("hugo")
	hugo.Post(place+"/people/6/close", url.Values{})
	hugo.Get(place+"/audit").Want(t, 200, "Hugo Lemaire", "A fermé un accès", "A enregistré une personne", "Malo Quéré")
	hugo.Get(place+"/audit?to=22/11/2026").Want(t, 200, "Malo Quéré", "1 ligne").Without(t, "Jean Roux")
	hugo.Get(place+"/audit?from=23/11/2026").Want(t, 200, "1 ligne").Without(t, "22 nov. 2026")
	hugo.Get(place+"/audit?action=person.dismiss").Want(t, 200, "1 ligne")
	hugo.Get(place+"/audit?action=person.").Want(t, 200, "2 lignes")
	hugo.Get(place+"/audit?subject=personne+2").Want(t, 200, "1 ligne")
	hugo.Get(place+"/audit?by=1").Want(t, 200, "Rien dans ce filtre")
	hugo.Get(place+"/audit?from=31/11").Want(t, 422, "Ce jour n’existe pas")
	if csv := hugo.Get(place + "/audit.csv?action=person.dismiss").Body; !strings.Contains(csv, "person.dismiss") || strings.Contains(csv, "person.save") {
		t.Error(csv)
	}
	for _, who := range []string{"nadia", "maelle", "irene", "zoe"} {
		h.As(who).Get(place+"/audit").Want(t, 404)
	}
}

// A search shows what one may see, and nothing of the rest.
func TestSearchShowsWhatIsOpen(t *testing.T) {
	h := webtest.Start(t)
	h.As("nadia").Get(place+"/search?q=lucie").Want(t, 200, "2 résultats", "Lucie Tissot", "Lucie couture")
	h.As("hugo").Get(place+"/search?q=quere").Want(t, 200, "Malo Quéré")
	h.As("maelle").Get(place+"/search?q=quere").Want(t, 200, "Rien pour « quere »").Without(t, "Malo")
	h.As("maelle").Get(place+"/search?q=couture").Want(t, 200, "Rien pour")
	h.As("maelle").Get(place+"/search?q=paysage").Want(t, 200, "Trio paysage").Without(t, "Malo paysage")
	h.As("maelle").Get(place+"/search?q=1240").Want(t, 200, "Aucun document de 1 240,00 € TTC")
	h.As("maelle").Get(place+"/search").Want(t, 200, "Un nom, un client")
	h.As("zoe").Get(place+"/search?q=lucie").Want(t, 404)
}
