package demo

import (
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"essaim/coop"
	"essaim/date"
)

func TestNumbersAreRightAndNobodys(t *testing.T) {
	seen := map[string]bool{}
	for n := range 2000 {
		s := siren(1 + n*37)
		if !coop.ValidSIREN(s) || !strings.HasPrefix(s, "00") || seen[s] {
			t.Fatalf("siren %d: %s", n, s)
		}
		seen[s] = true
		if !coop.ValidSIRET(siret(s)) {
			t.Fatalf("siret of %s: %s", s, siret(s))
		}
	}
	if !coop.ValidIBAN(iban(20_260)) {
		t.Error(iban(20_260))
	}
	for name, want := range map[string]string{"Maëlle": "maelle", "Mei-Lin": "mei-lin", "Éditions du Léman SA": "editions-du-leman-sa", "L’Encre bleue": "l-encre-bleue"} {
		if got := plain(name); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestPasswordIsReadBySignIn(t *testing.T) {
	is, params, err := argon2id.CheckHash(Password, passwordHash())
	if err != nil || !is {
		t.Fatalf("%v %v", is, err)
	}
	if params.Memory != 19*1024 || params.Iterations != 2 || params.Parallelism != 1 {
		t.Errorf("sign-in would hash it again: %+v", params)
	}
}

func TestTheCastIsWhole(t *testing.T) {
	w := &world{opt: Options{Seed: 1, Today: date.MustParse("2026-11-22")}}
	w.first = w.opt.Today.Month() - monthsTold + 1
	w.start = w.first.First()
	w.cast()
	mails := map[string]bool{}
	for _, p := range w.people {
		if mails[p.mail()] {
			t.Errorf("two people write from %s", p.mail())
		}
		mails[p.mail()] = true
		if err := coop.CheckEmail("email", p.mail()); err != nil {
			t.Error(err)
		}
	}
	for _, l := range Logins() {
		if !mails[l.Email] {
			t.Errorf("%s is nobody", l.Email)
		}
	}
	codes := map[string]bool{}
	for _, e := range w.enterprises {
		if codes[e.code] || w.byName[e.advisor] == nil {
			t.Errorf("activity %s", e.code)
		}
		codes[e.code] = true
		for i := range e.buyers {
			if _, ok := buyerKinds[e.buyers[i]]; !ok {
				t.Errorf("activity %s: no kind %q", e.code, e.buyers[i])
			}
		}
	}
}

func TestAgendaKeepsTheOrder(t *testing.T) {
	var a agenda
	var said []string
	say := func(s string) func() error { return func() error { said = append(said, s); return nil } }
	day := date.MustParse("2026-11-20")
	a.at(day+1, 9, 0, say("later"))
	a.at(day, 9, 0, say("first"))
	a.at(day, 9, 0, say("second"))
	a.at(day, 8, 59, say("early"))
	for {
		e, ok := a.next(day + 1)
		if !ok {
			break
		}
		if err := e.do(); err != nil {
			t.Fatal(err)
		}
	}
	if got := strings.Join(said, " "); got != "early first second" {
		t.Error(got)
	}
}

func TestClock(t *testing.T) {
	c := NewClock()
	at := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	c.Set(at)
	if !c.Now().Equal(at) {
		t.Error(c.Now())
	}
	c.Stay(date.MustParse("2020-02-29"), time.UTC)
	if d := date.FromTime(c.Now()); d != date.MustParse("2020-02-29") {
		t.Error(d)
	}
	c.Follow()
	if c.Now().Before(at.AddDate(-5, 0, 0)) {
		t.Error(c.Now())
	}
}
