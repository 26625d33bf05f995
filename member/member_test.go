package member

import (
	"reflect"
	"testing"

	"essaim/date"
	"essaim/fault"
	"essaim/i18n"
)

func day(s string) date.Day { return date.MustParse(s) }

func TestRolesOfADay(t *testing.T) {
	p := Person{ID: 1, Grants: []Grant{
		{Role: Manager, From: day("2026-01-01")},
		{Role: Entrepreneur, From: day("2024-03-01"), Until: day("2026-06-30")},
		{Role: Entrepreneur, From: day("2026-06-01")},
		{Role: Auditor, From: day("2026-02-01"), Until: day("2026-06-30"), Year: 7},
		{Role: Auditor, From: day("2026-02-01"), Until: day("2026-12-31"), Year: 8},
	}}
	for on, want := range map[string][]Role{
		"2024-02-29": nil,
		"2024-03-01": {Entrepreneur},
		"2026-01-01": {Entrepreneur, Manager},
		"2026-06-30": {Entrepreneur, Manager, Auditor}, // once each, in the order they are shown
		"2027-01-01": {Entrepreneur, Manager},
	} {
		if got := p.Roles(day(on)); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, want %v", on, got, want)
		}
	}
	if got := p.AuditYears(day("2026-06-30")); !reflect.DeepEqual(got, []int64{7, 8}) {
		t.Error(got)
	}
	if got := p.AuditYears(day("2026-07-01")); !reflect.DeepEqual(got, []int64{8}) {
		t.Error(got, "an auditor's grant expires")
	}
	p.Left = day("2026-06-15")
	if p.Roles(day("2026-06-15")) == nil || p.Roles(day("2026-06-16")) != nil || p.AuditYears(day("2026-06-16")) != nil {
		t.Error("who has left holds no role from the next day on")
	}
	Roles()[0] = Auditor
	if Roles()[0] != Entrepreneur {
		t.Error("the list of roles can be changed from outside")
	}
}

func TestPersonCheck(t *testing.T) {
	ok := Person{FirstName: "Maëlle", LastName: "Le Goff", Email: "maelle@exemple.fr", Lang: "fr", Grants: []Grant{
		{Role: Entrepreneur, From: day("2025-03-01")}, {Role: Auditor, From: day("2026-01-01"), Until: day("2026-06-30"), Year: 1},
	}}
	if err := ok.Check(); err != nil {
		t.Fatal(err)
	}
	for key, spoil := range map[string]func(*Person){
		"member.first_name_missing": func(p *Person) { p.FirstName = "" },
		"member.email_missing":      func(p *Person) { p.Email = "" },
		"coop.email_shape":          func(p *Person) { p.Email = "maelle" },
		"member.lang_unknown":       func(p *Person) { p.Lang = "br" },
		"member.role_unknown":       func(p *Person) { p.Grants = []Grant{{Role: "king", From: 1}} },
		"member.grant_from":         func(p *Person) { p.Grants = []Grant{{Role: Manager}} },
		"member.grant_until":        func(p *Person) { p.Grants = []Grant{{Role: Manager, From: 9, Until: 8}} },
		"member.auditor_year":       func(p *Person) { p.Grants = []Grant{{Role: Auditor, From: 1, Until: 2}} },
		"member.auditor_until":      func(p *Person) { p.Grants = []Grant{{Role: Auditor, From: 1, Year: 2}} },
	} {
		p := ok
		spoil(&p)
		all := fault.All(p.Check())
		if len(all) != 1 || all[0].Key != key {
			t.Errorf("%s: %v", key, p.Check())
		}
	}
	if got := (Person{FirstName: "Odile"}).Name() + (Person{LastName: "Odile"}).Name() + (Person{FirstName: "O", LastName: "D"}).Name(); got != "OdileOdileO D" {
		t.Error(got)
	}
}

func TestEveryRoleAndContractHasItsWord(t *testing.T) {
	for _, lang := range []string{"fr", "en"} {
		p := i18n.For(lang)
		for _, r := range Roles() {
			if !p.Has(r.Label()) {
				t.Errorf("%s: %s", lang, r)
			}
		}
		for _, k := range []ContractKind{CAPE, CESA, CDI} {
			if !p.Has(k.Label()) {
				t.Errorf("%s: %s", lang, k)
			}
		}
	}
}
