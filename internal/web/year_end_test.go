package web_test

import (
	"net/http"
	"net/url"
	"os"
	"testing"

	"essaim/coop"
	"essaim/date"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/internal/web/webtest"
	"essaim/money"
	"essaim/payroll"
)

// The team asks; a person reads her figures and signs what she wants of them.
func TestAYearEndsOnItsPages(t *testing.T) {
	w := newWalk(t)
	w.newYear(webtest.Ceramique)
	w.newYear(webtest.Couture)
	paul, maelle := w.As("paul"), w.As("maelle")
	team := paul.Get(place+"/year-end?year=1").Want(t, http.StatusOK, "Fin d’année 2025", "Maëlle", "pas de réponse", "1 000,00 €", "est le résultat des activités dans les livres : 2 000,00 €")
	if form := team.Form("/year-end/remind", url.Values{}); len(form) == 0 {
		t.Fatal("nobody can be reminded")
	}
	maelle.Get(place+"/year-choice").Want(t, http.StatusOK, "2025", "1 000,00 €", "à répondre avant le")
	page := place + "/year-choice/1/10"
	p := maelle.Get(page).Want(t, http.StatusOK, "Il reste de 2025", "1 000,00 €", "Être payé", "Laisser à la coopérative", "Mettre de côté", "Signer mon choix")
	maelle.Post(page, p.Form("/year-choice", url.Values{"pay": {"999,99"}, "agreed": {"1"}})).Want(t, http.StatusUnprocessableEntity, "Les montants font 999,99", "0,01")
	maelle.Post(page, p.Form("/year-choice", url.Values{"pay": {"1000"}})).Want(t, http.StatusUnprocessableEntity, "Cochez que vous avez lu")
	maelle.Follow(maelle.Post(page, p.Form("/year-choice", url.Values{"pay": {"600"}, "keep": {"400"}, "agreed": {"1"}}))).Want(t, http.StatusOK, "Votre choix est signé", "avec cette empreinte", "400,00 €")
	paul.Get(place+"/year-end?year=1").Want(t, http.StatusOK, "signé")
	w.As("malo").Get(page).Want(t, http.StatusNotFound)
	w.As("samira").Get(place+"/year-end").Want(t, http.StatusNotFound)
	if out := os.Getenv("ESSAIM_SHOTS"); out != "" {
		for _, x := range []struct {
			who, at, name string
		}{{"paul", "/year-end?year=1", "team"}, {"maelle", "/year-choice/1/10", "signed"}, {"lucie", "/year-choice/1/12", "form"}} {
			c := w.Chrome(t)
			c.As(x.who)
			for size, wide := range map[string]int64{"390": 390, "1440": 1440} {
				c.Size(wide, 900)
				c.Open(place + x.at)
				c.Shot(out + "/" + x.name + "-" + size + ".png")
				c.Fits()
			}
		}
	}
}

// The agreement is a dated rule with its form; under it a person chooses profit-sharing beside pay, up to its limit, and
// the team's table has it in a column.
func TestProfitSharingOnItsPages(t *testing.T) {
	w := newWalk(t)
	edit := place + "/rules/new/year_end"
	nadia := w.As("nadia")
	form := nadia.Get(edit).Want(t, http.StatusOK, "Accord d’intéressement", "faites valider l’accord").Form("/rules/", url.Values{
		"decision": {"AG du 4"}, "from": {"2026-02-01"}, "profit.from": {"2025-01-01"}, "profit.until": {"2027-12-31"}, "profit.rate": {"50"}, "profit.above": {"200"}, "profit.byPay": {"90"}, "profit.plan": {"1"}})
	nadia.Post(edit, form).Want(t, http.StatusUnprocessableEntity, "les parts de la répartition font 100")
	form.Set("profit.byPay", "100")
	form.Set("profit.aside", "42861")
	nadia.Post(edit, form).Want(t, http.StatusUnprocessableEntity, "Mettre un autre compte que 4286, 4386")
	form.Set("profit.aside", "4284")
	nadia.Follow(nadia.Post(edit, form)).Want(t, http.StatusOK, "Chaque activité donne 50\u00a0% de son résultat au-dessus de 200,00", "plan d’épargne")

	rule := coop.Default().YearEnd
	rule.Profit.From, rule.Profit.Until = date.MustParse("2025-01-01"), date.MustParse("2027-12-31")
	rule.Profit.Rate, rule.Profit.Above, rule.Profit.ByPay, rule.Profit.Plan = 500_000, 200_00, money.One, true
	r, err := office.RuleOf(coop.RuleYearEnd, "", date.MustParse("2025-01-01"), rule, "AG du 4")
	w.must(err)
	_, err = w.Office.SaveRule(t.Context(), w.system(), r)
	w.must(err)
	maelle := w.As("maelle")
	storetest.Write(t, w.DB, w.Coop.ID, func(tx *store.Tx) error {
		all, err := tx.Contracts()
		for _, c := range all {
			if err == nil && c.Person == w.Actor("maelle").Person && c.Kind == "cesa" {
				err = tx.SaveSlip(&store.Slip{Person: c.Person, Contract: c.ID, Activity: webtest.Ceramique, Month: date.MonthOf(2025, 12), Origin: store.SlipOpening, State: store.SlipIssued, Body: store.SlipBody{After: payroll.YearToDate{Year: 2025, Until: date.MonthOf(2025, 12), Gross: 1_000_00}}})
			}
		}
		return err
	})
	w.newYear(webtest.Ceramique)
	page := place + "/year-choice/1/10"
	p := maelle.Get(page).Want(t, http.StatusOK, "Recevoir en intéressement", "Placer en intéressement", "200,00 €", "votre part baisse de 200,00", "au plus tard le 31 mai 2026")
	maelle.Post(page, p.Form("/year-choice", url.Values{"pay": {"700"}, "profit": {"300"}, "agreed": {"1"}})).Want(t, http.StatusUnprocessableEntity, "L’accord permet au plus 200,00")
	maelle.Follow(maelle.Post(page, p.Form("/year-choice", url.Values{"pay": {"800"}, "profit": {"200"}, "saved": {"1"}, "agreed": {"1"}}))).Want(t, http.StatusOK, "Votre choix est signé", "Placer en intéressement sur le plan d’épargne")
	w.As("paul").Get(place+"/year-end?year=1").Want(t, http.StatusOK, "Intéressement", "est le résultat des activités dans les livres")
	maelle.Get(page+"/profit").Want(t, http.StatusNotFound)
}
