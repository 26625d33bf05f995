package web_test

import (
	"fmt"
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"essaim/i18n"
	"essaim/internal/web/webtest"
	"essaim/money"
)

func accountPath(activity int64) string { return fmt.Sprintf("%s/a/%d/", place, activity) }

// The account says what remains for pay and why, and every figure it shows opens down to its documents.
func TestAccount(t *testing.T) {
	s := newStudio(t)
	a := s.account()
	fr := i18n.For("fr")
	b := s.As("maelle")
	p := b.Get(accountPath(webtest.Ceramique)).Want(t, 200,
		"Il me reste "+fr.Euros(a.Available.Amount)+" pour ma paie", "en plus de ma part fixe déjà gardée jusqu’à fin décembre", "Pourquoi "+fr.Euros(a.Available.Amount)+" ?",
		"Ma trésorerie, passée et prévue", "Voir les chiffres du graphique", "À quoi sert l’argent de mon compte", "On me doit", "En retard de 31 à 60 jours", "600,00 €", "Ma réserve",
		"Ce qui a bougé", "Règlement Odile Martin, F-2026-0002", "Ma part à la coopérative", "Assurance de l’atelier", "2026, mois par mois", "septembre 2026", "Trois façons de regarder la trésorerie",
		"Mes relevés de chaque mois", "Poser une question à Samira")
	everyLinkOpens(t, b, p)
	_, twin, _ := strings.Cut(p.Body, `<details class="twin">`)
	twin, _, _ = strings.Cut(twin, "</details>")
	for _, key := range []string{"cash-in-10", "cash-out-10", "cash-10", "forecast-in-2026-12", "forecast-out-2026-12", "forecast-2026-12"} {
		if !strings.Contains(twin, "/why/"+key+`"`) {
			t.Errorf("the table of the chart does not open %s", key)
		}
	}
	walked := 0
	open := map[string]bool{}
	var walk func(p *webtest.Page, depth int)
	walk = func(p *webtest.Page, depth int) {
		for _, href := range links(p) {
			if !strings.Contains(href, "/why/") || open[href] || depth > 6 {
				continue
			}
			open[href] = true
			panel := b.Get(href)
			if panel.Status != 200 {
				t.Errorf("%s: %d\n%s", href, panel.Status, panel.Text())
				continue
			}
			panelSums(t, panel)
			walked++
			walk(panel, depth+1)
		}
	}
	walk(p, 0)
	if walked < 40 {
		t.Errorf("only %d figures open", walked)
	}
}

var (
	panelRow  = regexp.MustCompile(`(?s)<tr(?: class="([a-z]*)")?>.*?</tr>`)
	panelCell = regexp.MustCompile(`(?s)<td[^>]*>(.*?)</td>`)
	anyTag    = regexp.MustCompile(`<[^>]*>`)
)

// panelSums says that the lines one reads in a panel add up to its last row.
func panelSums(t *testing.T, p *webtest.Page) {
	t.Helper()
	_, table, ok := strings.Cut(p.Body, `<table class="sub">`)
	if !ok {
		t.Errorf("%s: no panel", p.Path)
		return
	}
	table, _, _ = strings.Cut(table, "</table>")
	var sum money.Cents
	results := 0
	for _, row := range panelRow.FindAllStringSubmatch(table, -1) {
		m := panelCell.FindStringSubmatch(row[0])
		if m == nil {
			t.Errorf("%s: a row without amount", p.Path)
			continue
		}
		amount, err := money.ParseCents(strings.ReplaceAll(html.UnescapeString(anyTag.ReplaceAllString(m[1], "")), "\u2212", "-"))
		if err != nil {
			t.Errorf("%s: %q: %v", p.Path, m[1], err)
		}
		switch row[1] {
		case "nest":
		case "eq", "res":
			results++
			if amount != sum {
				t.Errorf("%s: the lines sum to %s, the result says %s", p.Path, sum, amount)
			}
		default:
			sum += amount
		}
	}
	if results == 0 {
		t.Errorf("%s: no result", p.Path)
	}
}

// A panel leads to the document of each line, and comes alone to the page that puts it beside its figures.
func TestWhyLeadsToDocuments(t *testing.T) {
	s := newStudio(t)
	b := s.As("maelle")
	why := accountPath(webtest.Ceramique) + "why/"
	p := b.Get(why+"owed-31-60").Want(t, 200, "En retard de 31 à 60 jours", "Pourquoi 600,00 € ?")
	if !strings.Contains(p.Body, fmt.Sprintf(`href="%s/sales/%d"`, place, s.late.ID)) {
		t.Errorf("the late invoice does not open:\n%s", p.Body)
	}
	b.Get(why+"collected-10").Want(t, 200, "Encaissé sur F-2026-0002, Service à thé", "3 000,00 €")
	b.Get(why+"nothing").Want(t, 404)
	s.As("zoe").Get(why+"cash").Want(t, 404)
	s.As("malo").Get(why+"cash").Want(t, 404)
}

// The pay of another person is one line without a name; who keeps the books sees each.
func TestWhyHidesAColleaguesPay(t *testing.T) {
	s := newStudio(t)
	p := s.As("malo").Get(accountPath(webtest.Trio)+"why/pay-10").Want(t, 200, "Rémunération d’un·e collègue", "Paie d’octobre de malo", "Ce qu’une autre personne a touché, paie ou frais, ne s’ouvre pas", "−1 400,00 €")
	p.Without(t, "Paie d’octobre de lucie")
	panelSums(t, p)
	s.As("irene").Get(accountPath(webtest.Trio)+"why/pay-10").Want(t, 200, "Paie d’octobre de lucie", "Paie d’octobre de malo").Without(t, "collègue")
}

// Where no pay is possible the panel speaks of none: what remains is kept, for costs and for the pay to come.
func TestPanelUnderCAPE(t *testing.T) {
	s := newStudio(t)
	p := s.As("malo").Get(accountPath(webtest.Paysage)).Want(t, 200, "J’ai 0,00 € sur mon compte", "Pourquoi 0,00 € gardés ?", "Il reste, gardé pour la suite", "pas de paie sous CAPE : pour mes frais, et ma paie avec mon CESA", "Ma paie pourra commencer avec mon CESA")
	p.Without(t, "coût employeur", "Il reste pour ma paie", "Disponible pour ma paie")
	panelSums(t, p)
	panelSums(t, s.As("malo").Get(accountPath(webtest.Paysage)+"why/available").Want(t, 200, "Il reste, gardé pour la suite").Without(t, "coût employeur"))
	panelSums(t, s.As("samira").Get(accountPath(webtest.Paysage)).Want(t, 200, "pas de paie sous CAPE : pour les frais").Without(t, "ma paie", "mes frais"))
}

// A line of pay says what it is, above the words of its entry.
func TestPayIsToldLineByLine(t *testing.T) {
	s := newStudio(t)
	s.As("malo").Get(accountPath(webtest.Trio)+"why/pay-10").Want(t, 200, "Part fixe, brute", "Paie d’octobre de malo")
	s.As("malo").Get(accountPath(webtest.Trio)+"why/salaries").Want(t, 200, "Net de la paie")
}

// The team reads the same account in words about the activity, and cannot choose for its people.
func TestAccountForTheTeam(t *testing.T) {
	s := newStudio(t)
	b := s.As("samira")
	p := b.Get(accountPath(webtest.Ceramique)).Want(t, 200, "Maëlle céramique", "Maëlle Le Goff", "Il reste", "pour la paie", "Sur le compte de l’activité", "Mis de côté pour la TVA", "Dû par les clients", "Factures et devis")
	p.Without(t, "J’ai sur mon compte", "Je mets", "Je garde", "Il me reste", "Ma réserve, ", "On me doit", "Mon compte")
	everyLinkOpens(t, b, p)
	if strings.Contains(p.Body, "/reserve") {
		t.Error("the team may choose the reserve of others")
	}
	b.Post(accountPath(webtest.Ceramique)+"reserve", url.Values{"reserve": {"10"}}).Want(t, 403)
	s.As("jean").Get(accountPath(webtest.Ceramique)).Want(t, 404)
}

func TestReserve(t *testing.T) {
	s := newStudio(t)
	b := s.As("maelle")
	p := b.Get(accountPath(webtest.Ceramique))
	to := accountPath(webtest.Ceramique) + "reserve"
	b.Post(to, p.Form("/reserve", url.Values{"reserve": {"mille"}})).Want(t, 422, "Ce n’est pas un montant")
	b.Post(to, p.Form("/reserve", url.Values{"reserve": {"-5"}})).Want(t, 422, "La réserve est un montant positif.")
	b.Post(to, p.Form("/reserve", url.Values{"reserve": {""}})).Want(t, 422, "Il manque ce renseignement")
	b.Post(to, p.Form("/reserve", url.Values{"reserve": {"150,50"}})).WantTo(t, accountPath(webtest.Ceramique)+"#reserve")
	b.Get(accountPath(webtest.Ceramique)).Want(t, 200, "Réserve de 150,50 € gardée", "Je garde ma réserve", "−150,50 €", "Choisie le 22 nov. 2026")
}

// The years stand side by side; a year gone by answers with its result.
func TestAccountOfAnotherYear(t *testing.T) {
	s := newStudio(t)
	b := s.As("maelle")
	p := b.Get(accountPath(webtest.Ceramique)+"?year=1").Want(t, 200, "Mon résultat de 2025 : 0,00 €", "Rien n’a encore bougé sur ce compte.")
	p.Without(t, "Ma réserve")
	everyLinkOpens(t, b, p)
	b.Get(accountPath(webtest.Ceramique)+"?year=99").Want(t, 200, "pour ma paie") // no such year: today's
}

func TestMoves(t *testing.T) {
	s := newStudio(t)
	b := s.As("maelle")
	moves := accountPath(webtest.Ceramique) + "moves"
	p := b.Get(moves+"?month=2026-10").Want(t, 200, "Ce qui a bougé en octobre 2026", "Règlement Odile Martin", "3 000,00 €", "600,00 €", "Ma part à la coopérative", "septembre 2026", "novembre 2026", "Entré 3 600,00 €")
	everyLinkOpens(t, b, p)
	b.Get(moves).Want(t, 200, "Rien n’a bougé en novembre 2026")
	b.Get(moves+"?month=1999-01").Want(t, 200, "mars 2025") // before the activity opened: its first month
	// A payment put right is one grey line.
	s.must(s.Office.Unreceive(t.Context(), s.as("jean"), s.payment.ID))
	b.Get(moves+"?month=2026-11").Want(t, 200)
}

// The monthly statement is a PDF; months that are not there are absent.
func TestStatement(t *testing.T) {
	s := newStudio(t)
	b := s.As("maelle")
	to := accountPath(webtest.Ceramique) + "statement/"
	for _, month := range []string{"2026-10", "2026-11", "2025-03"} {
		p := b.Get(to + month + ".pdf")
		if p.Status != 200 || p.Header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(p.Body, "%PDF-") {
			t.Errorf("%s: %d %s %.20q", month, p.Status, p.Header.Get("Content-Type"), p.Body)
		}
	}
	for _, absent := range []string{"2026-12.pdf", "2025-02.pdf", "1890-01.pdf", "2026-10", "2026-13.pdf", "x.pdf"} {
		b.Get(to+absent).Want(t, 404)
	}
	s.As("jean").Get(to+"2026-10.pdf").Want(t, 404)
}
