package office_test

import (
	"testing"

	"essaim/access"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/member"
)

// Whoever takes it away, and from whenever: a cooperative keeps an administrator who can sign in.
func TestNeverWithoutAdministrator(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		ctx, today := t.Context(), storetest.Today
		someone := func(name string, grants ...member.Grant) member.Person {
			var login int64
			must(t, db.Write(ctx, 0, func(tx *store.Tx) error {
				l, _, err := tx.EnsureLogin(name+"@trame.example", "fr")
				login = l.ID
				return err
			}))
			p, err := h.SavePerson(ctx, h.system, member.Person{Login: login, FirstName: name, LastName: "Gardien", Email: name + "@trame.example", Lang: "fr", Grants: grants})
			must(t, err)
			return p
		}
		grant := func(from, until int) member.Grant {
			g := member.Grant{Role: member.Administrator, From: storetest.Today + date.Day(from)}
			if until != 0 {
				g.Until = storetest.Today + date.Day(until)
			}
			return g
		}
		mathis := someone("mathis", grant(-300, 0))
		samira := someone("samira", grant(0, 1))
		actor := access.Actor{Coop: h.coop, Person: samira.ID, Roles: []member.Role{member.Administrator}, Today: today}
		refused := func(what string, err error, field string) {
			t.Helper()
			all := fault.All(err)
			if len(all) != 1 || all[0].Key != "office.last_administrator" || all[0].Field != field {
				t.Errorf("%s: %v", what, err)
			}
		}
		change := func(p member.Person, do func(*member.Person)) error {
			p, _, err := h.Person(ctx, h.system, p.ID)
			must(t, err)
			do(&p)
			_, err = h.SavePerson(ctx, actor, p)
			return err
		}
		refused("role withdrawn", change(mathis, func(p *member.Person) { p.Grants = nil }), "roles")
		refused("role ended next year", change(mathis, func(p *member.Person) { p.Grants = []member.Grant{grant(-300, 400)} }), "roles")
		refused("a day between", change(mathis, func(p *member.Person) { p.Grants = []member.Grant{grant(-300, 0-1), grant(3, 0)} }), "roles")
		refused("gone on a day", change(mathis, func(p *member.Person) { p.Left = today + 30 }), "left")
		_, _, err := h.Dismiss(ctx, actor, mathis.ID)
		refused("access closed", err, "")
		refused("login closed", h.MayClose(ctx, mathis.Login), "roles")
		must(t, change(mathis, func(p *member.Person) { p.Grants = []member.Grant{grant(-300, -1), grant(2, 0)} })) // Samira has today and tomorrow
		must(t, change(mathis, func(p *member.Person) { p.Phone = "04 00 00 00 00" }))
		must(t, h.MayClose(ctx, mathis.Login+1000))

		odile := someone("odile", grant(0, 0))
		must(t, h.MayClose(ctx, mathis.Login))
		must(t, db.Write(ctx, 0, func(tx *store.Tx) error { return tx.SetDisabled(odile.Login, 1) }))
		refused("the other's login is closed", change(mathis, func(p *member.Person) { p.Grants = nil }), "roles")
		must(t, db.Write(ctx, 0, func(tx *store.Tx) error { return tx.SetDisabled(odile.Login, 0) }))
		must(t, change(mathis, func(p *member.Person) { p.Grants = nil }))
		_, _, err = h.Dismiss(ctx, actor, odile.ID)
		refused("then odile is the last", err, "")
	})
}
