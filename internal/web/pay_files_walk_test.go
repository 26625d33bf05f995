package web_test

import (
	"fmt"
	"net/url"

	"essaim/access"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/internal/web"
	"essaim/member"
	"essaim/payroll"
)

// newPayAbsence is one that a person declared for themselves, in days that no other one has.
func (w *walk) newPayAbsence(name string) int64 {
	w.away += 10
	x, err := w.Office.DeclarePayAbsence(w.t.Context(), w.Actor(name), store.PayAbsence{Contract: w.contractOf(name), From: storetest.Today + w.away, Until: storetest.Today + w.away + 2}, office.PayAbsenceBody{Absence: payroll.Absence{Kind: payroll.Sickness}}, nil)
	w.must(err)
	return x.ID
}

func (w *walk) contractOf(name string) int64 {
	_, contracts, err := w.Office.Person(w.t.Context(), w.system(), w.Actor(name).Person)
	w.must(err)
	for _, c := range contracts {
		if c.Kind == member.CESA {
			return c.ID
		}
	}
	w.t.Fatalf("%s has no employment contract", name)
	return 0
}

func (w *walk) newPayItem() store.PayItem {
	m := storetest.Today.Month()
	i, err := w.Office.AddPayItem(w.t.Context(), w.Actor("paul"), store.PayItem{Person: w.Actor("maelle").Person, Contract: w.contractOf("maelle"), Element: "bonus", Month: m, Until: m, Amount: 100_00}, office.PayItemBody{})
	w.must(err)
	return i
}

// payFileNeeds says what an address of pay files asks for; false when the address is none of them.
func (w *walk) payFileNeeds(rt web.Route, id *int64) (needs []need, ours bool) {
	switch rt.Pattern {
	case "/{coop}/pay-absences/{id}/drop", "/{coop}/pay-absences/{id}":
		*id = w.newPayAbsence("maelle")
		of := need{access.RunPay, access.Subject{Person: w.Actor("maelle").Person}}
		if rt.Action != "" { // asked of the cooperative first
			return []need{{rt.Action, access.Subject{}}, of}, true
		}
		return []need{of}, true
	case "/{coop}/pay-file", "/{coop}/pay-file/paper", "/{coop}/pay-file/absence", "/{coop}/pay-file/exit":
		return nil, true
	}
	return nil, false
}

// ownPay is what access says of the addresses that are one's own for each.
func (w *walk) ownPay(a access.Actor, rt web.Route) (access.Decision, bool) {
	maelle := w.Actor("maelle").Person
	switch rt.Pattern {
	case "/{coop}/pay-file", "/{coop}/pay-file/paper", "/{coop}/pay-file/absence", "/{coop}/pay-file/exit":
		return access.Can(a, access.AskPay, access.Subject{Coop: w.Coop.ID, Person: a.Person}), true
	case "/{coop}/pay-absences/{id}", "/{coop}/pay-absences/{id}/drop":
		if a.Person == maelle && (rt.Method == "GET" || rt.Pattern == "/{coop}/pay-absences/{id}/drop") {
			return access.Allowed, true
		}
	}
	return access.Absent, false
}

// payFileDeeds are the deeds of pay files.
var payFileDeeds = map[string]func(w *walk) func() error{
	"SavePayPerson": func(w *walk) func() error {
		return func() error {
			return w.Office.SavePayPerson(w.t.Context(), w.Actor("paul"), nil, store.PayPerson{Person: w.Actor("maelle").Person, From: storetest.Today, Known: payroll.Person{Number: "E1"}})
		}
	},
	"SetPaper": func(w *walk) func() error {
		return func() error { return w.Office.SetPaper(w.t.Context(), w.Actor("maelle"), true) }
	},
	"SavePayTerms": func(w *walk) func() error {
		return func() error {
			_, err := w.Office.SavePayTerms(w.t.Context(), w.Actor("paul"), nil, w.Actor("maelle").Person, store.PayTerms{Contract: w.contractOf("maelle"), From: storetest.Today, Terms: payroll.Terms{Gross: 1000_00}})
			return err
		}
	},
	"ImportTaxRates": func(w *walk) func() error {
		w.must(w.Office.SavePayPerson(w.t.Context(), w.Actor("paul"), nil, store.PayPerson{Person: w.Actor("malo").Person, From: storetest.Today - 30, Known: payroll.Person{Number: "E2"}}))
		return func() error {
			_, err := w.Office.ImportTaxRates(w.t.Context(), w.Actor("paul"), storetest.Today, []byte("Matricule;Taux\nE2;5,3\n"))
			return err
		}
	},
	"AddPayItem": func(w *walk) func() error { return func() error { w.newPayItem(); return nil } },
	"EndPayItem": func(w *walk) func() error {
		i := w.newPayItem()
		return func() error { return w.Office.EndPayItem(w.t.Context(), w.Actor("paul"), i.ID, i.Month-1) }
	},
	"DeclarePayAbsence": func(w *walk) func() error { return func() error { w.newPayAbsence("maelle"); return nil } },
	"SavePayAbsence": func(w *walk) func() error {
		x, err := w.Office.PayAbsence(w.t.Context(), w.Actor("paul"), w.newPayAbsence("maelle"))
		w.must(err)
		return func() error {
			_, err := w.Office.SavePayAbsence(w.t.Context(), w.Actor("paul"), &x.PayAbsence, x.PayAbsence, x.Body, nil)
			return err
		}
	},
	"DropPayAbsence": func(w *walk) func() error {
		id := w.newPayAbsence("maelle")
		return func() error { _, err := w.Office.DropPayAbsence(w.t.Context(), w.Actor("maelle"), id); return err }
	},
}

// payVersioned are the forms of pay files that change something that another may change meanwhile.
var payVersioned = map[string]twice{
	"/{coop}/people/{id}/pay/edit": {
		open: at("/people/1/pay/edit"), part: "/pay/edit", one: "paul", two: "nadia", says: []string{"Titulaire du compte", "« rien » est devenu « Mme Le Goff »"},
		theirs: url.Values{"holder": {"Mme Le Goff"}}, mine: url.Values{"city": {"Lodève"}}, both: url.Values{"holder": {"Maëlle Le Goff"}},
	},
	"/{coop}/people/{id}/terms/{contract}": {
		open: func(s *studio) string { return fmt.Sprintf("%s/people/1/terms/%d", place, s.cesaOf("maelle")) }, part: "/terms/", one: "paul", two: "nadia", says: []string{"Emploi", "« rien » est devenu « Céramiste »"},
		theirs: url.Values{"job": {"Céramiste"}}, mine: url.Values{"coverBy": {"own"}}, both: url.Values{"job": {"Potière"}},
	},
	"/{coop}/pay-absences/{id}": {
		open: func(s *studio) string {
			x, err := s.Office.DeclarePayAbsence(s.t.Context(), s.as("maelle"), store.PayAbsence{Contract: s.cesaOf("maelle"), From: storetest.Today, Until: storetest.Today + 2}, office.PayAbsenceBody{Absence: payroll.Absence{Kind: payroll.Sickness}}, nil)
			s.must(err)
			return fmt.Sprintf("%s/pay-absences/%d", place, x.ID)
		}, part: "/pay-absences/", one: "paul", two: "nadia", says: []string{"Part maintenue", "« rien » est devenu « 90 »"},
		theirs: url.Values{"keptFrom": {"8"}, "percent": {"90"}}, mine: url.Values{"until": {"25/11/2026"}}, both: url.Values{"keptFrom": {"8"}, "percent": {"80"}},
	},
}

// cesaOf is the contract of employment of someone.
func (s *studio) cesaOf(name string) int64 {
	system, err := s.Office.System(s.t.Context(), s.Coop.ID)
	s.must(err)
	_, contracts, err := s.Office.Person(s.t.Context(), system, s.as(name).Person)
	s.must(err)
	for _, c := range contracts {
		if c.Kind == member.CESA {
			return c.ID
		}
	}
	s.t.Fatalf("%s has no employment contract", name)
	return 0
}
