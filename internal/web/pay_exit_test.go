package web_test

import (
	"fmt"
	"maps"
	"net/url"
	"strings"
	"testing"

	"essaim/date"
	"essaim/i18n"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/internal/web/webtest"
	"essaim/payroll"
)

// The deeds of an end are about Irène, of the team: it ends after the months of the other deeds.
func init() {
	maps.Copy(deeds, map[string]func(w *walk) func() error{
		"PrepareExit": func(w *walk) func() error {
			q := w.noExit()
			return func() error { _, err := w.Office.PrepareExit(w.t.Context(), w.Actor("paul"), q); return err }
		},
		"TakeBackExit": func(w *walk) func() error {
			i, err := w.Office.PrepareExit(w.t.Context(), w.Actor("paul"), w.noExit())
			w.must(err)
			return func() error { _, err := w.Office.TakeBackExit(w.t.Context(), w.Actor("paul"), i.ID); return err }
		},
		"FileExitPapers": func(w *walk) func() error {
			q := w.noExit()
			s := w.payslip("2026-06", store.SlipOwn, store.SlipIssued)
			i := store.PayItem{Person: q.Person, Contract: q.Contract, Month: s.Month, Until: s.Month, Element: "exit", Body: `{"exit":{"reason":"resignation","end":"2026-06-30"}}`}
			w.must(w.Office.DB().Write(w.t.Context(), w.Coop.ID, func(tx *store.Tx) error { return tx.AddPayItem(&i) }))
			return func() error { return w.Office.FileExitPapers(w.t.Context(), w.Actor("paul"), i.ID) }
		},
	})
}

// noExit takes away whatever end Irène's contract has, and asks for another.
func (w *walk) noExit() office.ExitQuestion {
	w.t.Helper()
	s := w.payslip("2026-05", store.SlipOwn, store.SlipDraft)
	w.must(w.Office.DB().Write(w.t.Context(), w.Coop.ID, func(tx *store.Tx) error {
		all, err := tx.ContractsOf(s.Person)
		if err != nil {
			return err
		}
		for _, c := range all {
			if c.End = 0; c.ID == s.Contract {
				if err := tx.SaveContract(&c); err != nil {
					return err
				}
			}
		}
		items, err := tx.PayItemsOf(s.Contract)
		for _, i := range items {
			if err == nil && !i.Dropped && i.Element == "exit" {
				err = tx.DropPayItem(i.ID)
			}
		}
		return err
	}))
	return office.ExitQuestion{Person: s.Person, Contract: s.Contract, ExitBody: office.ExitBody{Reason: payroll.Resignation, End: date.MustParse("2027-01-31")}}
}

// She reads what leaving would pay, in words and to the cent, and nothing is written; pay prepares it, the contract ends,
// and it is taken back. What is refused is told on its field.
func TestSheReadsWhatLeavingPays(t *testing.T) {
	s := payHouse(t)
	b := s.As("maelle")
	mine := fmt.Sprintf("%s/a/%d/pay", place, webtest.Ceramique)
	b.Get(mine).Want(t, 200, "Si je partais")
	page := place + "/pay-file/exit"
	p := b.Get(page).Want(t, 200, "En partant le", "Mois par mois jusqu’à la fin", "Salaire de référence", "Congés non pris", "Contribution de l’employeur", "Ce qui reste à encaisser", "France Travail", "Rupture conventionnelle")
	for _, rule := range forbidden {
		if found := rule.FindString(withoutNumbers.ReplaceAllString(p.Text(), " ")); found != "" {
			t.Errorf("the page says %q", found)
		}
	}
	for _, key := range keysShown.FindAllString(p.Text(), -1) {
		t.Errorf("the page shows the message %s itself", key)
	}
	// What the page says is what the house counts.
	x, err := s.Office.Exit(t.Context(), s.as("maelle"), office.ExitQuestion{ExitBody: office.ExitBody{Reason: payroll.Resignation, End: date.MustParse("2026-12-31"), All: true}})
	s.must(err)
	form := func(p *webtest.Page, fill url.Values) url.Values { return p.Form("/exit", fill) }
	tried := b.Post(page, form(p, url.Values{"reason": {"resignation"}, "end": {"31/12/2026"}})).Want(t, 200, i18n.For("fr").Euros(x.Sum.Paid), "Ce motif n’en ouvre pas", "Solde de l’an dernier")
	if strings.Contains(tried.Text(), "Contribution de l’employeur") {
		t.Error("a resignation bears a contribution")
	}
	b.Post(page, form(p, url.Values{"reason": {"resignation"}, "end": {"1/1/2020"}})).Want(t, 422, "le contrat finit au plus tôt le jour où il commence")
	b.Post(page, form(p, url.Values{"reason": {"rupture"}, "pension": {"1"}})).Want(t, 422, "peut déjà prendre sa retraite")
	b.Post(page, form(p, url.Values{"end": {"demain"}})).Want(t, 422)

	team := fmt.Sprintf("%s/people/%d/exit/%d", place, s.as("maelle").Person, s.cesaOf("maelle"))
	paul := s.As("paul")
	paul.Get(fmt.Sprintf("%s/people/%d/pay", place, s.as("maelle").Person)).Want(t, 200, "Préparer la sortie")
	q := paul.Get(team).Want(t, 200, "En partant le", "Indemnité versée", "Verser tout ce qui reste")
	for _, who := range []string{"maelle", "lucie", "malo", "samira", "hugo"} {
		if r := s.As(who).Get(team); r.Status < 400 {
			t.Errorf("%s opens the page of pay: %d", who, r.Status)
		}
	}
	paul.Post(team, form(q, url.Values{"reason": {"rupture"}, "end": {"31/12/2026"}, "paid": {"0,01"}, "do": {"prepare"}})).Want(t, 422, "d’au moins")
	paul.Post(team, form(q, url.Values{"days": {"beaucoup"}, "do": {"prepare"}})).Want(t, 422)
	paul.Post(team, form(q, url.Values{"reason": {"rupture"}, "end": {"31/12/2026"}, "days": {"12,5"}, "follow": {"Nadia"}, "all": {"1"}, "do": {"prepare"}})).WantTo(t, team)
	q = paul.Get(team).Want(t, 200, "Sortie préparée pour le 31 déc. 2026", "Reprendre la sortie", "12,5 jours", "suivies par", "rien ici ne l’établit")
	paul.Get(fmt.Sprintf("%s/people/%d/pay", place, s.as("maelle").Person)).Want(t, 200, "La sortie", "Fin du contrat")
	b.Get(page).Want(t, 200, "Sortie préparée pour le 31 déc. 2026")
	b.Get(place+"/pay-file").Want(t, 200, "Fin du contrat")
	paul.Get(fmt.Sprintf("%s/people/%d/items/%d", place, s.as("maelle").Person, s.cesaOf("maelle"))).Want(t, 200)
	if c := s.contract("maelle"); c != date.MustParse("2026-12-31") {
		t.Errorf("the contract ends on %s", c)
	}
	paul.Post(team+"/papers", q.Form("/back", nil)).Want(t, 409, "qui n’est pas encore émis")
	paul.Post(team+"/back", q.Form("/back", nil)).WantTo(t, team)
	if c := s.contract("maelle"); c != 0 {
		t.Errorf("the contract ends on %s", c)
	}
	paul.Get(team).Want(t, 200, "Préparer la sortie").Without(t, "Reprendre la sortie")
	s.As("hugo").Get(place+"/audit").Want(t, 200, "A préparé la fin d’un contrat", "A repris la fin d’un contrat").Without(t, "Rupture")
}

// contract is the last day of someone's contract of employment.
func (s *studio) contract(name string) (end date.Day) {
	storetest.Read(s.t, s.DB, s.Coop.ID, func(tx *store.Tx) error {
		all, err := tx.ContractsOf(s.as(name).Person)
		for _, c := range all {
			if c.ID == s.cesaOf(name) {
				end = c.End
			}
		}
		return err
	})
	return end
}

// The papers stand with her payslips once the last is issued.
func TestPapersOfTheEndStandWithPayslips(t *testing.T) {
	s := payHouse(t)
	slip := newPayslip(t, s.House)
	i := store.PayItem{Person: slip.Person, Contract: slip.Contract, Month: slip.Month, Until: slip.Month, Element: "exit", Body: fmt.Sprintf(`{"exit":{"reason":"rupture","end":"%s"}}`, slip.Month.Last())}
	storetest.Write(t, s.DB, s.Coop.ID, func(tx *store.Tx) error { return tx.AddPayItem(&i) })
	team := fmt.Sprintf("%s/people/%d/exit/%d", place, slip.Person, slip.Contract)
	paul := s.As("paul")
	p := paul.Get(team).Want(t, 200, "Contrat fini le", "Établir les documents").Without(t, "Reprendre la sortie")
	paul.Post(team+"/papers", p.Form("/papers", nil)).WantTo(t, team)
	paul.Get(team).Want(t, 200, "certificat-de-travail.pdf").Without(t, "Établir les documents")
	p = s.As("maelle").Get(place+"/payslips").Want(t, 200, "Documents de fin de contrat", "certificat-de-travail.pdf", "recu-pour-solde-de-tout-compte.pdf")
	at := strings.Index(p.Body, place+"/attachments/")
	link := p.Body[at : at+strings.IndexByte(p.Body[at:], '"')]
	if r := s.As("maelle").Get(link); r.Status != 200 || !strings.HasPrefix(r.Body, "%PDF") {
		t.Errorf("%s: %d", link, r.Status)
	}
	for _, who := range []string{"lucie", "malo", "samira", "hugo"} {
		if r := s.As(who).Get(link); r.Status != 404 && r.Status != 403 {
			t.Errorf("%s opens %s: %d", who, link, r.Status)
		}
	}
}

// A contract that ends without an end prepared is said in the month, with the way to prepare it; to who only reads, and once
// it is prepared, there is none.
func TestTheMonthLeadsToAnEndThatLacks(t *testing.T) {
	s := payHouse(t)
	person, contract := s.as("maelle").Person, s.cesaOf("maelle")
	s.must(s.Office.DB().Write(t.Context(), s.Coop.ID, func(tx *store.Tx) error {
		all, err := tx.ContractsOf(person)
		for _, c := range all {
			if c.ID == contract && err == nil {
				c.End = date.MustParse("2026-11-30")
				err = tx.SaveContract(&c)
			}
		}
		return err
	}))
	door := fmt.Sprintf(`href="%s/people/%d/exit/%d"`, place, person, contract)
	month := place + "/pay/2026-11"
	if p := s.As("paul").Get(month).Want(t, 200, "préparer la sortie d’abord", "Préparer la sortie"); !strings.Contains(p.Body, door) {
		t.Errorf("no way to %s", door)
	}
	if p := s.As("irene").Get(month).Want(t, 200, "préparer la sortie d’abord"); strings.Contains(p.Body, door) {
		t.Error("who only reads is led to the end")
	}
	_, err := s.Office.PrepareExit(t.Context(), s.as("paul"), office.ExitQuestion{Person: person, Contract: contract, ExitBody: office.ExitBody{Reason: payroll.Resignation, End: date.MustParse("2026-11-30")}})
	s.must(err)
	if p := s.As("paul").Get(month).Want(t, 200, "Sortie le"); strings.Contains(p.Body, door) {
		t.Error("it is prepared, and the month still asks for it")
	}
}
