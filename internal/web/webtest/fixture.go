package webtest

import (
	"context"
	"sync"
	"testing"

	"essaim/access"
	"essaim/activity"
	"essaim/coop"
	"essaim/date"
	"essaim/internal/auth"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/member"
)

// hashed is the password of everyone, computed once: it is slow on purpose.
var hashed = sync.OnceValues(func() (string, error) { return auth.HashPassword(Password) })

type person struct {
	key, first, last, phone string
	lang                    string
	roles                   []member.Role
}

var people = []person{
	{"maelle", "Maëlle", "Le Goff", "", "fr", []member.Role{member.Entrepreneur}},
	{"malo", "Malo", "Quéré", "", "fr", []member.Role{member.Entrepreneur}},
	{"lucie", "Lucie", "Tissot", "04 00 00 00 11", "fr", []member.Role{member.Entrepreneur, member.Accountant}},
	{"anatole", "Anatole", "Beauregard-Delacroix", "", "en", []member.Role{member.Entrepreneur}},
	{"samira", "Samira", "Haddad", "04 00 00 00 00", "fr", []member.Role{member.Advisor}},
	{"jean", "Jean", "Roux", "", "fr", []member.Role{member.Gestionnaire}},
	{"irene", "Irène", "Costa", "", "fr", []member.Role{member.Accountant}},
	{"paul", "Paul", "Nguyen", "", "fr", []member.Role{member.Payroll}},
	{"nadia", "Nadia", "Berger", "", "fr", []member.Role{member.Manager}},
	{"hugo", "Hugo", "Lemaire", "", "fr", []member.Role{member.Administrator}},
	{"claire", "Claire", "Audibert", "", "en", []member.Role{member.Auditor}},
}

// Names are the people of the cooperative, as [House.As] knows them.
func Names() []string {
	var all []string
	for _, p := range people {
		all = append(all, p.key)
	}
	return all
}

func (h *House) fill() {
	t := h.T
	t.Helper()
	opened := date.MustParse("2025-03-01")
	h.Coop = coop.Cooperative{
		Slug: Slug, Name: "Trame & Sillon", LegalForm: "SCOP SARL à capital variable", SIREN: "404833048", NIC: "00022", RCS: "Lyon",
		VATNumber: "FR83404833048", Capital: "capital variable", Email: "bonjour@trame.example", Phone: "04 00 00 00 00", TimeZone: "Europe/Paris", YearStart: 1,
		IBAN: "FR7630006000011234567890189", BIC: "AGRIFRPP", Mediator: "Médiation de la consommation, 12 rue des Halles, 75001 Paris",
		Address: coop.Address{Line1: "1 place de la Croix-Rousse", Zip: "69004", City: "Lyon", Country: "FR"},
	}
	h.Other = coop.Cooperative{
		Slug: Other, Name: "Autre Rive", LegalForm: "SCOP SA à capital variable", SIREN: "732829320", NIC: "00074", RCS: "Lille", VATNumber: "FR44732829320",
		Capital: "capital variable", Email: "bonjour@rive.example", TimeZone: "Europe/Paris", YearStart: 1, Address: coop.Address{Line1: "2 quai du Wault", Zip: "59000", City: "Lille", Country: "FR"},
	}
	grants := func(roles []member.Role) []member.Grant {
		var all []member.Grant
		for _, r := range roles {
			g := member.Grant{Role: r, From: opened}
			if r == member.Auditor {
				g.Year, g.Until = storetest.Year2026, date.MustParse("2027-06-30")
			}
			all = append(all, g)
		}
		return all
	}
	h.open(&h.Coop, func(tx *store.Tx) error {
		ids := map[string]int64{}
		for _, p := range people {
			m := member.Person{
				Login: h.login(p.key, p.lang), FirstName: p.first, LastName: p.last, Email: p.key + "@trame.example", Phone: p.phone, Lang: p.lang, Grants: grants(p.roles),
			}
			if err := tx.SavePerson(&m); err != nil {
				return err
			}
			ids[p.key] = m.ID
		}
		share := func(keys ...string) []activity.Share {
			var all []activity.Share
			for _, k := range keys {
				all = append(all, activity.Share{Person: ids[k], From: opened, Parts: 1})
			}
			return all
		}
		for _, a := range []activity.Activity{
			{Code: "001", Name: "Maëlle céramique", Trade: "Céramiste", Advisor: ids["samira"], Shares: share("maelle"), Natures: []string{"made", "service"}},
			{Code: "002", Name: "Malo paysage", Trade: "Jardinier", Advisor: ids["samira"], Shares: share("malo"), Natures: []string{"service"}},
			{Code: "003", Name: "Lucie couture", Trade: "Couturière", Shares: share("lucie"), Natures: []string{"made"}},
			{Code: "004", Name: "Atelier de restauration de vitraux et de mosaïques du Val-Profond", Trade: "Vitrailliste", Shares: share("anatole"), Natures: []string{"service"}},
			{Code: "005", Name: "Trio paysage", Trade: "Décors", Shares: share("maelle", "malo", "lucie"), Natures: []string{"service"}},
		} {
			a.Opened, a.Tax = opened, "S20"
			if err := tx.SaveActivity(&a); err != nil {
				return err
			}
		}
		for _, c := range []member.Contract{
			{Person: ids["maelle"], Kind: member.CESA, Start: opened, FixedCost: 981_00},
			{Person: ids["malo"], Kind: member.CAPE, Start: date.MustParse("2026-11-22"), End: date.MustParse("2027-11-21"), Term: 1},
			{Person: ids["lucie"], Kind: member.CESA, Start: opened, FixedCost: 500_00, Associate: true},
			{Person: ids["anatole"], Kind: member.CAPE, Start: date.MustParse("2026-01-13"), End: date.MustParse("2027-01-12"), Term: 1},
		} {
			if err := tx.SaveContract(&c); err != nil {
				return err
			}
		}
		return nil
	})
	h.open(&h.Other, func(tx *store.Tx) error {
		zoe := member.Person{Login: h.login("zoe", "fr"), FirstName: "Zoé", LastName: "Vermeersch", Email: "zoe@trame.example", Lang: "fr", Grants: grants(member.Roles())}
		if err := tx.SavePerson(&zoe); err != nil {
			return err
		}
		return tx.SaveActivity(&activity.Activity{
			Code: "001", Name: "Zoé traductions", Opened: opened, Tax: "S20", Natures: []string{"service"}, Shares: []activity.Share{{Person: zoe.ID, From: opened, Parts: 1}},
		})
	})
	h.login("nobody", "fr")
}

func (h *House) open(c *coop.Cooperative, fill func(*store.Tx) error) {
	h.T.Helper()
	id, err := h.DB.FreeCoop(context.Background())
	if err != nil {
		h.T.Fatal(err)
	}
	c.ID = id
	// Logins stand in the global tables, which have their own lane: they are made before.
	for _, p := range people {
		h.login(p.key, p.lang)
	}
	h.login("zoe", "fr")
	storetest.Write(h.T, h.DB, id, func(tx *store.Tx) error {
		if err := tx.CreateCooperative(c, storetest.Year("2025"), storetest.Year("2026")); err != nil {
			return err
		}
		return fill(tx)
	})
}

// login opens a login of the fixture, or returns the one there is.
func (h *House) login(key, lang string) int64 {
	h.T.Helper()
	if id, ok := h.logins[key]; ok {
		return id
	}
	hash, err := hashed()
	if err != nil {
		h.T.Fatal(err)
	}
	var id int64
	storetest.Write(h.T, h.DB, 0, func(tx *store.Tx) error {
		l, _, err := tx.EnsureLogin(key+"@trame.example", lang)
		if err != nil {
			return err
		}
		id = l.ID
		return tx.SetPassword(l.ID, hash)
	})
	h.logins[key] = id
	return id
}

// Join makes someone of the fixture an entrepreneur of another cooperative too.
func (h *House) Join(t testing.TB, key string, c coop.Cooperative) {
	t.Helper()
	login := h.login(key, "fr")
	storetest.Write(t, h.DB, c.ID, func(tx *store.Tx) error {
		return tx.SavePerson(&member.Person{
			Login: login, FirstName: key, LastName: "Ailleurs", Email: key + "@trame.example", Lang: "fr",
			Grants: []member.Grant{{Role: member.Entrepreneur, From: date.MustParse("2026-01-01")}},
		})
	})
}

// Actor is someone of the fixture as the use cases know them.
func (h *House) Actor(key string) access.Actor {
	h.T.Helper()
	slug := Slug
	if key == "zoe" {
		slug = Other
	}
	a, _, err := h.Office.Actor(context.Background(), slug, h.login(key, "fr"))
	if err != nil {
		h.T.Fatal(err)
	}
	return a
}

// MaySee says whether someone of the fixture may see anything of an activity.
func (h *House) MaySee(key string, activity int64) bool {
	a := h.Actor(key)
	for _, act := range []access.Action{access.ViewAccount, access.ViewDocument, access.ViewCustomer} {
		if access.Can(a, act, access.Subject{Coop: a.Coop, Activity: activity, Year: storetest.Year2026}) == access.Allowed {
			return true
		}
	}
	return false
}
