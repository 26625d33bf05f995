package web_test

import (
	"fmt"
	"net/url"

	"essaim/access"
	"essaim/date"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/internal/web"
	"essaim/member"
	"essaim/money"
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

// newOpening takes over the sums of the first months of someone's year; another when there are some.
func (w *walk) newOpening(name string) {
	person, contract := w.Actor(name).Person, w.contractOf(name)
	f, err := w.Office.PayFile(w.t.Context(), w.Actor("paul"), person)
	w.must(err)
	for _, k := range f.Contracts {
		if k.Contract.ID == contract {
			gross := money.Cents(3_000_00)
			if k.Opening != nil {
				gross = k.Opening.Gross + 1
			}
			w.must(w.Office.SaveOpening(w.t.Context(), w.Actor("paul"), k.Opening, person, contract, payroll.Opening{Until: date.MonthOf(2026, 3), Gross: gross, Reduction: 600_00, Net: 2_400_00, NetTaxable: 2_500_00, NetSocial: 2_400_00, Cost: 4_000_00}))
		}
	}
}

// newLeave types the counters of leave of someone at the end of March.
func (w *walk) newLeave(name string) date.Month {
	person, contract := w.Actor(name).Person, w.contractOf(name)
	f, err := w.Office.PayFile(w.t.Context(), w.Actor("paul"), person)
	w.must(err)
	x := payroll.LeaveOpening{Until: date.MonthOf(2026, 3), LeaveCounters: payroll.LeaveCounters{Acquired: 20_00}}
	for _, k := range f.Contracts {
		if k.Contract.ID == contract {
			if k.Left != nil {
				x.Acquired = k.Left.Acquired + 1
			}
			w.must(w.Office.SaveLeave(w.t.Context(), w.Actor("paul"), k.Left, person, contract, x))
		}
	}
	return x.Until
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
	"SaveOpening": func(w *walk) func() error { return func() error { w.newOpening("maelle"); return nil } },
	"DropOpening": func(w *walk) func() error {
		w.newOpening("lucie")
		return func() error {
			return w.Office.DropOpening(w.t.Context(), w.Actor("paul"), w.Actor("lucie").Person, w.contractOf("lucie"), 2026)
		}
	},
	"ImportOpenings": func(w *walk) func() error {
		w.must(w.Office.SavePayPerson(w.t.Context(), w.Actor("paul"), nil, store.PayPerson{Person: w.Actor("lucie").Person, From: storetest.Today - 30, Known: payroll.Person{Number: "E9"}}))
		w.must(w.Office.DropOpening(w.t.Context(), w.Actor("paul"), w.Actor("lucie").Person, w.contractOf("lucie"), 2026))
		return func() error {
			_, err := w.Office.ImportOpenings(w.t.Context(), w.Actor("paul"), []byte("Matricule;Dernier mois payé;Brut;Réduction générale\nE9;03/2026;0;0\n"))
			return err
		}
	},
	"SaveLeave": func(w *walk) func() error { return func() error { w.newLeave("maelle"); return nil } },
	"DropLeave": func(w *walk) func() error {
		m := w.newLeave("lucie")
		return func() error {
			return w.Office.DropLeave(w.t.Context(), w.Actor("paul"), w.Actor("lucie").Person, w.contractOf("lucie"), m)
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
	"/{coop}/people/{id}/opening/{contract}": {
		open: func(s *studio) string { return fmt.Sprintf("%s/people/1/opening/%d", place, s.cesaOf("maelle")) }, part: "/opening/", one: "paul", two: "nadia", says: []string{"Brut", "« rien » est devenu « 900,00 »"},
		theirs: url.Values{"until": {"2026-03"}, "gross": {"900,00"}, "net": {"700,00"}, "netTaxable": {"750,00"}, "netSocial": {"700,00"}, "cost": {"990,00"}, "reduction": {"5,00"}}, mine: url.Values{"tax": {"10,00"}}, both: url.Values{"gross": {"910,00"}},
	},
	"/{coop}/people/{id}/leave/{contract}": {
		open: func(s *studio) string { return fmt.Sprintf("%s/people/1/leave/%d", place, s.cesaOf("maelle")) }, part: "/leave/", one: "paul", two: "nadia", says: []string{"Acquis sur la période", "« rien » est devenu « 20 »"},
		theirs: url.Values{"until": {"2026-03"}, "acquired": {"20"}}, mine: url.Values{"taken": {"2"}}, both: url.Values{"acquired": {"22"}},
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
