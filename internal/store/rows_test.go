package store_test

import (
	"errors"
	"reflect"
	"testing"

	"essaim/activity"
	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/ledger"
	"essaim/member"
	"essaim/sale"
)

// equal fails when two values differ.
func equal(t testing.TB, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// isFault fails when an error does not tell people the message of a key.
func isFault(t testing.TB, err error, kind fault.Kind, key string) {
	t.Helper()
	if fault.KindOf(err) != kind || !store.IsFault(err, key) {
		t.Errorf("%v and not %s %s", err, kind, key)
	}
}

func TestPersons(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		coopID := storetest.Coop(t, db)
		p := member.Person{
			Login: 7, FirstName: "Éloïse", LastName: "Aubin", Email: "eloise@trame.example", Phone: "06 00 00 00 00", Lang: "fr", Left: date.MustParse("2026-10-31"),
			Grants: []member.Grant{{Role: member.Advisor, From: date.MustParse("2025-03-01")}, {Role: member.Auditor, From: date.MustParse("2026-01-01"), Until: date.MustParse("2026-06-30"), Year: storetest.Year2025}},
		}
		storetest.Write(t, db, coopID, func(tx *store.Tx) error { p.ID = 0; return tx.SavePerson(&p) })
		storetest.Read(t, db, coopID, func(tx *store.Tx) error {
			got, err := tx.Person(p.ID)
			equal(t, got, p)
			byLogin, found, err2 := tx.PersonOfLogin(7)
			equal(t, found, true)
			equal(t, byLogin, p)
			_, found, err3 := tx.PersonOfLogin(8)
			equal(t, found, false)
			_, found, err4 := tx.PersonOfLogin(0) // those without a login are not all the same person
			equal(t, found, false)
			all, err5 := tx.Persons()
			equal(t, len(all), 3)
			equal(t, all[0], p) // Aubin before Morel and Roux
			_, err6 := tx.Person(99)
			isFault(t, err6, fault.NotFound, "store.person_unknown")
			return errors.Join(err, err2, err3, err4, err5)
		})
		p.Grants, p.Left, p.LastName = p.Grants[:1], 0, "Zola"
		storetest.Write(t, db, coopID, func(tx *store.Tx) error { return tx.SavePerson(&p) })
		storetest.Read(t, db, coopID, func(tx *store.Tx) error {
			all, err := tx.Persons()
			equal(t, all[2], p)
			return err
		})
		isFault(t, db.Write(ctx, coopID, func(tx *store.Tx) error { return tx.SavePerson(&member.Person{Login: 7, LastName: "Double"}) }), fault.Conflict, "store.login_taken")
		isFault(t, db.Write(ctx, coopID, func(tx *store.Tx) error { return tx.SavePerson(&member.Person{ID: 99}) }), fault.NotFound, "store.person_unknown")

		// The same login may be someone of another cooperative too.
		other := storetest.Coop(t, db)
		q := member.Person{Login: 7, LastName: "Zola"}
		storetest.Write(t, db, other, func(tx *store.Tx) error { q.ID = 0; return tx.SavePerson(&q) })
		where, err := db.Memberships(ctx, 7)
		if err != nil || len(where) != 2 || where[0].Name != "Trame et Sillon" || where[0].Slug == where[1].Slug || where[0].Coop+where[1].Coop != coopID+other {
			t.Errorf("%+v, %v", where, err)
		}
		if none, err := db.Memberships(ctx, 0); err != nil || len(none) != 0 {
			t.Errorf("%+v, %v", none, err)
		}
	})
}

func TestContracts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		coopID := storetest.Coop(t, db)
		cape := member.Contract{Person: storetest.Person, Kind: member.CAPE, Start: date.MustParse("2025-01-06"), End: date.MustParse("2026-01-05"), Term: 1}
		cesa := member.Contract{Person: storetest.Person, Kind: member.CESA, Start: date.MustParse("2026-01-06"), FixedCost: 1_850_40, Associate: true}
		team := member.Contract{Person: storetest.Reader, Kind: member.CDI, Start: date.MustParse("2020-01-01")}
		storetest.Write(t, db, coopID, func(tx *store.Tx) error {
			cape.ID, cesa.ID, team.ID = 0, 0, 0
			return errors.Join(tx.SaveContract(&team), tx.SaveContract(&cesa), tx.SaveContract(&cape))
		})
		cesa.FixedCost = 2_000_00
		storetest.Write(t, db, coopID, func(tx *store.Tx) error { return tx.SaveContract(&cesa) })
		storetest.Read(t, db, coopID, func(tx *store.Tx) error {
			of, err := tx.ContractsOf(storetest.Person)
			equal(t, of, []member.Contract{cape, cesa})
			all, err2 := tx.Contracts()
			equal(t, all, []member.Contract{cape, cesa, team})
			return errors.Join(err, err2)
		})
		moved := cape
		moved.Person = storetest.Reader
		isFault(t, db.Write(ctx, coopID, func(tx *store.Tx) error { return tx.SaveContract(&moved) }), fault.NotFound, "store.contract_unknown")
		isFault(t, db.Write(ctx, coopID, func(tx *store.Tx) error { return tx.SaveContract(&member.Contract{Person: 99}) }), fault.Conflict, "store.conflict")
	})
}

func TestActivities(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		coopID := storetest.Coop(t, db)
		a := activity.Activity{
			Code: "000", Name: "Les Trois", Trade: "Céramistes", Email: "trois@trame.example", Phone: "06", Opened: date.MustParse("2026-02-01"), Closed: date.MustParse("2026-12-31"), Advisor: storetest.Reader,
			Policy: 3, Natures: []string{"goods"}, Tax: "G20", Gross: true, Reserve: 300_00, ReserveOn: date.MustParse("2026-03-01"), Insurance: "MAAF 12",
			Shares: []activity.Share{{Person: storetest.Person, From: date.MustParse("2026-02-01"), Parts: 1}, {Person: storetest.Reader, From: date.MustParse("2026-02-01"), Until: date.MustParse("2026-06-30"), Parts: 2}},
		}
		storetest.Write(t, db, coopID, func(tx *store.Tx) error { a.ID = 0; return tx.SaveActivity(&a) })
		equal(t, a.ID, int64(storetest.Second+1))
		storetest.Write(t, db, coopID, func(tx *store.Tx) error { return tx.SetReserve(a.ID, 500_00, date.MustParse("2026-04-01")) })
		a.Reserve, a.ReserveOn = 500_00, date.MustParse("2026-04-01")
		storetest.Read(t, db, coopID, func(tx *store.Tx) error {
			got, err := tx.Activity(a.ID)
			equal(t, got, a)
			all, err2 := tx.Activities()
			equal(t, len(all), 3)
			equal(t, all[0], a)
			equal(t, all[1].ID, int64(storetest.First))
			_, err3 := tx.Activity(99)
			isFault(t, err3, fault.NotFound, "store.activity_unknown")
			s, err4 := tx.Settings()
			equal(t, s.Sections[a.ID], store.Section{ID: a.ID, Code: "000", Name: "Les Trois"})
			equal(t, s.ByCode["CAE"], ledger.House)
			equal(t, s.ByCode["SMUT"], ledger.Mutual)
			return errors.Join(err, err2, err4)
		})
		a.Name, a.Shares = "Les Deux", a.Shares[:1]
		storetest.Write(t, db, coopID, func(tx *store.Tx) error { return tx.SaveActivity(&a) })
		storetest.Read(t, db, coopID, func(tx *store.Tx) error {
			got, err := tx.Activity(a.ID)
			equal(t, got, a)
			s, err2 := tx.Settings()
			equal(t, s.Sections[a.ID].Name, "Les Deux")
			return errors.Join(err, err2)
		})
		isFault(t, db.Write(ctx, coopID, func(tx *store.Tx) error { return tx.SaveActivity(&activity.Activity{Code: "001", Name: "Double"}) }), fault.Conflict, "store.code_taken")
		isFault(t, db.Write(ctx, coopID, func(tx *store.Tx) error { return tx.SaveActivity(&activity.Activity{Code: "SMUT", Name: "Double"}) }), fault.Conflict, "store.code_taken")
		isFault(t, db.Write(ctx, coopID, func(tx *store.Tx) error { return tx.SaveActivity(&activity.Activity{ID: 99, Code: "9"}) }), fault.NotFound, "store.activity_unknown")
		isFault(t, db.Write(ctx, coopID, func(tx *store.Tx) error { return tx.SetReserve(99, 1, 1) }), fault.NotFound, "store.activity_unknown")
	})
}

func TestCooperatives(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		if all, err := db.Cooperatives(ctx); err != nil || len(all) != 0 {
			t.Errorf("%v, %v", all, err)
		}
		a := storetest.Coop(t, db)
		c, found, err := db.CoopBySlug(ctx, "trame")
		if err != nil || !found || c.ID != a || c.SIRET() != "40483304800022" {
			t.Errorf("%+v, %v, %v", c, found, err)
		}
		if _, found, err := db.CoopBySlug(ctx, "ailleurs"); err != nil || found {
			t.Errorf("%v, %v", found, err)
		}
		c.Name, c.Slug = "Trame", "trame-nouvelle"
		storetest.Write(t, db, a, func(tx *store.Tx) error { return tx.SaveCooperative(&c) })
		storetest.Read(t, db, a, func(tx *store.Tx) error {
			s, err := tx.Settings()
			equal(t, s.Coop, c)
			equal(t, len(s.Chart), len(ledger.FrenchChart()))
			equal(t, len(s.Journals), len(ledger.FrenchJournals()))
			equal(t, len(s.Years), 2)
			return err
		})
		b := storetest.Coop(t, db) // takes the slug that is free again
		all, err := db.Cooperatives(ctx)
		if err != nil || len(all) != 2 || all[0].ID != a || all[1].ID != b {
			t.Errorf("%+v, %v", all, err)
		}
		again := c
		again.ID = 0
		isFault(t, db.Write(ctx, b+1, func(tx *store.Tx) error { return tx.CreateCooperative(&again) }), fault.Conflict, "store.slug_taken")
		d := all[1]
		d.Slug = c.Slug
		isFault(t, db.Write(ctx, b, func(tx *store.Tx) error { return tx.SaveCooperative(&d) }), fault.Conflict, "store.slug_taken")
		if err := db.Write(ctx, b, func(tx *store.Tx) error { return tx.SaveCooperative(&c) }); err == nil {
			t.Error("a cooperative is saved in the transaction of another")
		}
		if err := db.Write(ctx, 0, func(tx *store.Tx) error { return tx.CreateCooperative(&coop.Cooperative{Slug: "x"}) }); err == nil {
			t.Error("a cooperative without an id")
		}
		isFault(t, db.Read(ctx, 77, func(tx *store.Tx) error { _, err := tx.Settings(); return err }), fault.NotFound, "store.coop_unknown")
	})
}

func TestRulesAccountsAndYears(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		coopID := storetest.Coop(t, db)
		r := coop.Rule{Kind: coop.RuleTerms, From: date.MustParse("2026-06-01"), Value: `{"dueDays":45}`, Decision: "CA du 12 mai 2026"}
		storetest.Write(t, db, coopID, func(tx *store.Tx) error { r.ID = 0; return tx.SaveRule(&r) })
		days := func(day string) int {
			var n int
			storetest.Read(t, db, coopID, func(tx *store.Tx) error {
				s, err := tx.Settings()
				if err != nil {
					return err
				}
				rules, err := s.On(date.MustParse(day))
				n = rules.Terms.DueDays
				return err
			})
			return n
		}
		equal(t, days("2026-05-31"), 30)
		equal(t, days("2026-06-01"), 45)
		r.Value = `{"dueDays":60}`
		storetest.Write(t, db, coopID, func(tx *store.Tx) error { return tx.SaveRule(&r) })
		equal(t, days("2026-06-01"), 60)
		isFault(t, db.Write(ctx, coopID, func(tx *store.Tx) error { return tx.SaveRule(&coop.Rule{ID: 99}) }), fault.NotFound, "store.rule_unknown")

		storetest.Write(t, db, coopID, func(tx *store.Tx) error {
			return tx.AddAccount(ledger.Account{Code: "6063001", Label: "Petit outillage"})
		})
		isFault(t, db.Write(ctx, coopID, func(tx *store.Tx) error { return tx.AddAccount(ledger.Account{Code: "6063001"}) }), fault.Conflict, "store.account_taken")
		isFault(t, db.Write(ctx, coopID, func(tx *store.Tx) error { return tx.AddAccount(ledger.Account{Code: "411"}) }), fault.Conflict, "store.account_taken")

		storetest.Write(t, db, coopID, func(tx *store.Tx) error { return tx.SetClosedTo(storetest.Year2025, 12) })
		isFault(t, db.Write(ctx, coopID, func(tx *store.Tx) error { return tx.SetClosedTo(99, 1) }), fault.NotFound, "store.year_unknown")
		addYear := func(from, to string) error {
			return db.Write(ctx, coopID, func(tx *store.Tx) error {
				_, err := tx.AddYear(date.FiscalYear{Start: date.MustParse(from), End: date.MustParse(to)})
				return err
			})
		}
		isFault(t, addYear("2026-12-01", "2027-11-30"), fault.Conflict, "store.year_apart")
		isFault(t, addYear("2027-02-01", "2027-12-31"), fault.Conflict, "store.year_apart")
		isFault(t, addYear("2025-01-01", "2025-12-31"), fault.Conflict, "store.year_apart")
		isFault(t, addYear("2027-01-01", "2026-12-31"), fault.Invalid, "store.year_span")
		isFault(t, addYear("2027-01-01", "2029-01-31"), fault.Invalid, "store.year_span")
		if err := errors.Join(addYear("2027-01-01", "2027-09-30"), addYear("2024-01-01", "2024-12-31"), addYear("2027-10-01", "2028-12-31")); err != nil {
			t.Error(err)
		}
		storetest.Read(t, db, coopID, func(tx *store.Tx) error {
			s, err := tx.Settings()
			equal(t, len(s.Years), 5)
			equal(t, s.Years[1].ClosedTo, 12)
			for i, y := range s.Years[1:] {
				equal(t, y.Span.Start, s.Years[i].Span.End+1)
			}
			return err
		})
	})
}

func TestThirds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		coopID := storetest.Coop(t, db)
		thirds := []ledger.Third{
			{Kind: ledger.Customer, Name: "Mairie d’Écully"}, {Kind: ledger.Supplier, Name: "Papeterie Lœuil"}, {Kind: ledger.Body, Code: "MSA", Name: "Msa"},
			{Kind: ledger.Body, Code: "URSSAF", Name: "Urssaf Rhône-Alpes"}, {Kind: ledger.Customer, Code: "MINE", Name: "100 % bois_massif"},
		}
		storetest.Write(t, db, coopID, func(tx *store.Tx) error {
			for i := range thirds {
				if err := tx.AddThird(&thirds[i]); err != nil {
					return err
				}
			}
			return nil
		})
		for i, code := range []string{"C00003", "F00004", "MSA", "URSSAF", "C00007"} { // the first two are those of the people
			equal(t, thirds[i].Code, code)
		}
		isFault(t, db.Write(ctx, coopID, func(tx *store.Tx) error {
			return tx.AddThird(&ledger.Third{Kind: ledger.Body, Code: "URSSAF", Name: "Double"})
		}), fault.Conflict, "store.code_taken")
		isFault(t, db.Write(ctx, coopID, func(tx *store.Tx) error {
			return tx.AddThird(&ledger.Third{Kind: ledger.Worker, Name: "Sans personne"})
		}), fault.Invalid, "store.third_person")
		isFault(t, db.Write(ctx, coopID, func(tx *store.Tx) error { return tx.AddThird(&ledger.Third{Kind: ledger.Body, Name: "Sans code"}) }), fault.Invalid, "store.third_code")
		storetest.Read(t, db, coopID, func(tx *store.Tx) error {
			for _, c := range []struct {
				kind ledger.ThirdKind
				q    string
				want []int
			}{
				{ledger.Supplier, "", []int{1}}, {ledger.Customer, "", []int{4, 0}}, {"", "ecully", []int{0}}, {"", "LOEUIL", []int{1}}, {"", "d'écully", []int{0}},
				{"", "%", []int{4}}, {"", "_", []int{4}}, {"", "c00003", []int{0}}, {ledger.Supplier, "ada", nil}, {"", "urssaf rh", []int{3}}, {"", `\`, nil},
			} {
				got, err := tx.Thirds(c.kind, c.q, 10)
				var want []ledger.Third
				for _, i := range c.want {
					want = append(want, thirds[i])
				}
				equal(t, got, want)
				if err != nil {
					t.Error(err)
				}
			}
			got, err := tx.Thirds("", "", 2)
			equal(t, len(got), 2)
			one, err2 := tx.Third(thirds[3].ID)
			equal(t, one, thirds[3])
			_, err3 := tx.Third(99)
			isFault(t, err3, fault.NotFound, "store.third_unknown")
			return errors.Join(err, err2)
		})
	})
}

// Everyone has an account in the books from the day they come in. It is theirs by the person, whatever its number, follows
// their name, and no other worker's account is opened.
func TestWorkersAreThoseOfPersons(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		coopID := storetest.Coop(t, db)
		late := member.Person{FirstName: "Zoé", LastName: "Abbé", Email: "zoe@trame.example", Lang: "fr"}
		storetest.Write(t, db, coopID, func(tx *store.Tx) error {
			for range 5 { // numbers of third parties and of persons go apart
				if err := tx.AddThird(&ledger.Third{Kind: ledger.Customer, Name: "Durand"}); err != nil {
					return err
				}
			}
			err := tx.SavePerson(&late)
			worker, err2 := tx.WorkerOf(late.ID)
			equal(t, worker, ledger.Third{ID: 8, Kind: ledger.Worker, Code: "P00008", Name: "Abbé Zoé", Person: late.ID})
			return errors.Join(err, err2)
		})
		for range 2 { // read, then remembered
			storetest.Read(t, db, coopID, func(tx *store.Tx) error {
				for _, person := range []int64{storetest.Person, storetest.Reader, late.ID} {
					worker, err := tx.WorkerOf(person)
					if err != nil || worker.Person != person || worker.Kind != ledger.Worker {
						t.Errorf("person %d has %+v, %v", person, worker, err)
					}
				}
				for _, nobody := range []int64{0, 99} {
					_, err := tx.WorkerOf(nobody)
					isFault(t, err, fault.NotFound, "store.third_unknown")
				}
				return nil
			})
		}
		late.LastName = "Abbé-Roux"
		storetest.Write(t, db, coopID, func(tx *store.Tx) error { return tx.SavePerson(&late) })
		storetest.Read(t, db, coopID, func(tx *store.Tx) error {
			all, err := tx.Thirds(ledger.Worker, "abbe-roux zoe", 10)
			equal(t, len(all), 1)
			equal(t, all[0].Person, late.ID)
			return err
		})
		for _, wrong := range []ledger.Third{{Kind: ledger.Worker, Name: "Personne"}, {Kind: ledger.Supplier, Name: "Abbé", Person: late.ID}} {
			isFault(t, db.Write(ctx, coopID, func(tx *store.Tx) error { return tx.AddThird(&wrong) }), fault.Invalid, "store.third_person")
		}
		if err := db.Write(ctx, coopID, func(tx *store.Tx) error {
			return tx.AddThird(&ledger.Third{Kind: ledger.Worker, Name: "Double", Person: late.ID})
		}); err == nil {
			t.Error("a person has two accounts")
		}
	})
}

func TestCustomers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		coopID := storetest.Coop(t, db)
		company := sale.Customer{
			Activity: storetest.First, Kind: sale.Company, Name: "Boulangerie Été", SIREN: "404833048", SIRET: "40483304800022", VATNumber: "FR83404833048",
			Address: coop.Address{Line1: "1 rue", Zip: "69001", City: "Lyon", Country: "FR"}, Email: "contact@ete.example", Contact: "Mme Roche", Notes: "Paie tard",
		}
		private := sale.Customer{Activity: storetest.First, Kind: sale.Consumer, Name: "Abbé", FirstName: "Zoé", Address: coop.Address{City: "Lyon"}}
		elsewhere := sale.Customer{Activity: storetest.Second, Kind: sale.Company, Name: "Boulangerie Été", SIREN: "404 833 048", Notes: "Charmants"}
		gone := sale.Customer{Activity: storetest.First, Kind: sale.NonTaxable, Name: "Amicale", Archived: true}
		storetest.Write(t, db, coopID, func(tx *store.Tx) error {
			for _, c := range []*sale.Customer{&company, &private, &elsewhere, &gone} {
				c.ID = 0
				if err := tx.SaveCustomer(c); err != nil {
					return err
				}
			}
			return nil
		})
		list := func(f store.CustomerFilter) (names []string) {
			storetest.Read(t, db, coopID, func(tx *store.Tx) error {
				all, err := tx.Customers(f)
				for _, c := range all {
					names = append(names, c.FullName())
				}
				return err
			})
			return names
		}
		storetest.Read(t, db, coopID, func(tx *store.Tx) error {
			got, err := tx.Customer(company.ID)
			equal(t, got, company)
			third, err2 := tx.Third(company.Third)
			equal(t, third.Name, "Boulangerie Été")
			equal(t, third.Kind, ledger.Customer)
			_, err3 := tx.Customer(99)
			isFault(t, err3, fault.NotFound, "store.customer_unknown")
			return errors.Join(err, err2)
		})
		equal(t, list(store.CustomerFilter{Activity: storetest.First}), []string{"Boulangerie Été", "Zoé Abbé"})
		equal(t, list(store.CustomerFilter{Activity: storetest.First, Archived: true}), []string{"Amicale", "Boulangerie Été", "Zoé Abbé"})
		equal(t, list(store.CustomerFilter{}), []string{"Boulangerie Été", "Boulangerie Été", "Zoé Abbé"})
		equal(t, list(store.CustomerFilter{Activities: []int64{storetest.Second}}), []string{"Boulangerie Été"})
		equal(t, len(list(store.CustomerFilter{Activities: []int64{}})), 0)
		equal(t, list(store.CustomerFilter{Q: "ete"}), []string{"Boulangerie Été", "Boulangerie Été"})
		equal(t, list(store.CustomerFilter{Q: "ROCHE"}), []string{"Boulangerie Été"})
		// Pages follow each other without loss or repeat, also between two of the same name.
		var paged []string
		after := ""
		for range 5 {
			var page []sale.Customer
			storetest.Read(t, db, coopID, func(tx *store.Tx) (err error) {
				page, err = tx.Customers(store.CustomerFilter{Archived: true, Limit: 1, After: after})
				return err
			})
			if len(page) == 0 {
				break
			}
			paged = append(paged, page[0].FullName())
			after = itoa(page[0].ID)
		}
		equal(t, paged, []string{"Amicale", "Boulangerie Été", "Boulangerie Été", "Zoé Abbé"})
		isFault(t, db.Read(ctx, coopID, func(tx *store.Tx) error { _, err := tx.Customers(store.CustomerFilter{After: "x"}); return err }), fault.Invalid, "store.page_unknown")

		company.Name, company.Activity, company.Third, company.VATNumber = "Boulangerie Hiver", storetest.Second, 55, ""
		storetest.Write(t, db, coopID, func(tx *store.Tx) error { return tx.SaveCustomer(&company) })
		equal(t, company.Activity, int64(storetest.First)) // a relation stays with its activity
		storetest.Read(t, db, coopID, func(tx *store.Tx) error {
			third, err := tx.Third(company.Third)
			equal(t, third.Name, "Boulangerie Hiver")
			got, found, err2 := tx.CompanyBySIREN("404833048")
			equal(t, found, true)
			equal(t, got, store.Company{SIREN: "404833048", Name: "Boulangerie Hiver", Address: company.Address, VATNumber: "FR83404833048", SIRET: "40483304800022"})
			_, found, err3 := tx.CompanyBySIREN("732829320")
			equal(t, found, false)
			return errors.Join(err, err2, err3)
		})
		isFault(t, db.Write(ctx, coopID, func(tx *store.Tx) error { return tx.SaveCustomer(&sale.Customer{ID: 99}) }), fault.NotFound, "store.customer_unknown")
	})
}

// Nothing of a private person is ever shared between activities, whatever was typed in the form.
func TestPrivatePersonsAreNotShared(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		coopID := storetest.Coop(t, db)
		storetest.Write(t, db, coopID, func(tx *store.Tx) error {
			return tx.SaveCustomer(&sale.Customer{Activity: storetest.First, Kind: sale.Consumer, Name: "Abbé", FirstName: "Zoé", SIREN: "404833048", Address: coop.Address{City: "Lyon"}})
		})
		if rows := dump(t, db)["company"]; len(rows) != 0 {
			t.Errorf("%v", rows)
		}
		// The public identity holds the public part only.
		storetest.Write(t, db, coopID, func(tx *store.Tx) error {
			return tx.SaveCustomer(&sale.Customer{Activity: storetest.First, Kind: sale.Company, Name: "Boulangerie", SIREN: "404833048", Email: "secret@x.example", Phone: "0607", Contact: "Mme Secret", Notes: "secret"})
		})
		for _, row := range dump(t, db)["company"] {
			for _, private := range []string{"secret", "Secret", "0607"} {
				if contains(row, private) {
					t.Errorf("%q is shared: %s", private, row)
				}
			}
		}
	})
}
