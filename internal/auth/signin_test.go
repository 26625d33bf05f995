package auth

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"essaim/fault"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

func TestSignInByPassword(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		login := h.person(ada, phrase)
		b := h.browser(firefox)
		if _, ok := b.who(); ok || b.set != nil {
			t.Fatalf("a visitor is someone, or got a cookie: %v", b.set)
		}
		result, err := b.signIn(" Ada@Trame.Example ", phrase)
		h.must(err)
		if result != (Result{Login: login}) {
			t.Errorf("result %+v", result)
		}
		c := b.cookie
		if c == nil || c.Name != "essaim_8080" || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Secure || c.Path != "/" || len(c.Value) < 40 {
			t.Fatalf("cookie %+v", c)
		}
		id, ok := b.who()
		want := Identity{Login: login, Email: ada, Lang: "fr", Method: ByPassword, Since: h.now, Fresh: h.now, Session: id.Session}
		if !ok || id != want || id.Session == "" {
			t.Errorf("identity %+v, want %+v", id, want)
		}
		for _, s := range dump(t, h.db) {
			if strings.Contains(s, c.Value) {
				t.Error("the cookie's token is in the database")
			}
		}
		h.must(b.do(h.SignOut))
		if b.cookie != nil || b.in(login) {
			t.Error("still signed in, or the cookie was kept")
		}
		b.cookie = c // a copy of the cookie is worth nothing
		if b.in(login) {
			t.Error("the old cookie still opens")
		}
	})
}

// dump returns the secrets of the database that a test may look for.
func dump(t *testing.T, db *store.DB) (all []string) {
	t.Helper()
	storetest.Read(t, db, 0, func(tx *store.Tx) error {
		logins, err := tx.Logins()
		for _, l := range logins {
			all = append(all, l.Password)
			sessions, err := tx.Sessions(l.ID, 0)
			if err != nil {
				return err
			}
			for _, s := range sessions {
				all = append(all, string(s.Token), string(s.Data))
			}
			for _, kind := range []string{store.TokenAPI, store.TokenReset, store.TokenInvite, store.TokenRecovery} {
				tokens, err := tx.Tokens(l.ID, kind)
				if err != nil {
					return err
				}
				for _, x := range tokens {
					all = append(all, string(x.Hash))
				}
			}
		}
		return err
	})
	return all
}

func TestTheTokenChangesWhenSomeoneSignsIn(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		login := h.person(ada, phrase)
		b := h.browser(firefox)
		// A session set before sign-in, as an attacker would plant it.
		b.visit(func(ctx context.Context) { h.sessions.Put(ctx, "planted", "x") })
		planted := b.cookie
		_, err := b.signIn(ada, phrase)
		h.must(err)
		if b.cookie.Value == planted.Value {
			t.Fatal("the session kept its token")
		}
		b.visit(func(ctx context.Context) {
			if h.sessions.GetString(ctx, "planted") != "" {
				t.Error("what was planted is still in the session")
			}
		})
		thief := h.browser(firefox)
		thief.cookie = planted
		if thief.in(login) {
			t.Error("the planted session is signed in")
		}
	})
}

// What is told of a wrong password, an unknown address and a disabled login is the same, to the last word and field.
func TestNobodyLearnsWhoHasAnAccount(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.person(ada, phrase)
		closed := h.person("jean@trame.example", phrase)
		h.must(h.Disable(context.Background(), closed, true, By{}))
		invited, err := h.Invite(context.Background(), "new@trame.example", "fr")
		h.must(err)
		if invited.Login == 0 {
			t.Fatal("no login")
		}
		b := h.browser(firefox)
		var told []string
		for _, try := range [][2]string{{ada, other}, {"nobody@trame.example", phrase}, {"jean@trame.example", phrase}, {"new@trame.example", ""}, {"", ""}, {ada, strings.Repeat("x", 5000)}} {
			_, err := b.signIn(try[0], try[1])
			h.refused(err, "auth.wrong")
			told = append(told, err.Error())
		}
		for _, x := range told[1:] {
			if x != told[0] {
				t.Errorf("%q and %q", told[0], x)
			}
		}
	})
}

func TestFailuresSlowDownALogin(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		login := h.person(ada, phrase)
		b := h.browser(firefox)
		for range 5 {
			_, err := b.signIn(ada, other)
			h.refused(err, "auth.wrong")
		}
		// The right password does not help now, nor another device.
		_, err := b.signIn(ada, phrase)
		h.refused(err, "auth.too_many")
		elsewhere := h.browser(iphone)
		elsewhere.address = "198.51.100.7"
		_, err = elsewhere.signIn(strings.ToUpper(ada), phrase)
		h.refused(err, "auth.too_many")
		// Someone else from the same place is not held up.
		jean := h.person("jean@trame.example", phrase)
		if result, err := h.browser(firefox).signIn("jean@trame.example", phrase); err != nil || result.Login != jean {
			t.Errorf("jean: %v", err)
		}
		for _, wait := range []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 15 * time.Minute, 15 * time.Minute} {
			h.later(wait - time.Second)
			_, err := b.signIn(ada, other)
			h.refused(err, "auth.too_many")
			h.later(time.Second)
			_, err = b.signIn(ada, other)
			h.refused(err, "auth.wrong")
		}
		_, err = b.signIn(ada, phrase)
		h.refused(err, "auth.too_many")
		f := fault.All(err)[0]
		if f.Kind != fault.Busy || f.Args[0] != "n" || f.Args[1] != int64(15) {
			t.Errorf("refusal %+v, want 15 minutes", f)
		}
		h.later(15 * time.Minute)
		if _, err = b.signIn(ada, phrase); err != nil || !b.in(login) {
			t.Fatalf("after the wait: %v", err)
		}
		// And a success forgets it all.
		for range 4 {
			_, err = h.browser(firefox).signIn(ada, other)
			h.refused(err, "auth.wrong")
		}
		_, err = h.browser(firefox).signIn(ada, phrase)
		h.must(err)
	})
}

func TestUnknownAddressesSlowDownAlike(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.browser(firefox)
		for range 5 {
			_, err := b.signIn("nobody@trame.example", phrase)
			h.refused(err, "auth.wrong")
		}
		_, err := b.signIn("nobody@trame.example", phrase)
		h.refused(err, "auth.too_many")
		storetest.Read(t, h.db, 0, func(tx *store.Tx) error {
			a, err := tx.Attempt(h.subject(paceLogin, "login", "nobody@trame.example").name)
			if err == nil && a.Failures != 5 {
				t.Errorf("attempts %+v", a)
			}
			return err
		})
		if name := h.subject(paceLogin, "login", "my secret phrase").name; strings.Contains(name, "secret") {
			t.Errorf("%s: what was typed for an address is kept", name)
		}
	})
}

func TestFailuresSlowDownAnAddress(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.person(ada, phrase)
		bad, good := h.browser(firefox), h.browser(firefox)
		bad.address, good.address = "2001:db8:1:2::7", "2001:db8:1:3::7"
		for i := range 20 {
			_, err := bad.signIn(string(rune('a'+i))+"@trame.example", phrase)
			h.refused(err, "auth.wrong")
			_, err = good.signIn(ada, phrase) // successes do not count
			h.must(err)
		}
		bad.address = "2001:db8:1:2:ffff::1" // the same subscriber
		_, err := bad.signIn(ada, phrase)
		h.refused(err, "auth.too_many")
		_, err = good.signIn(ada, phrase)
		h.must(err)
		h.later(time.Hour)
		_, err = bad.signIn(ada, phrase)
		h.must(err)
	})
}

// Tries at the same moment count one by one: none slips through because it looked before the others had failed.
func TestTriesAtOnceCountOneByOne(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.person(ada, phrase)
		answers := make(chan error)
		for range 16 {
			b := h.browser(firefox)
			go func() {
				_, err := b.signIn(ada, other)
				answers <- err
			}()
		}
		wrong := 0
		for range 16 {
			if err := <-answers; fault.All(err)[0].Key == "auth.wrong" {
				wrong++
			} else {
				h.refused(err, "auth.too_many")
			}
		}
		if wrong != 5 {
			t.Errorf("%d passwords were tried, want 5", wrong)
		}
	})
}

func TestUnlock(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.person(ada, phrase)
		b := h.browser(firefox)
		for range 5 {
			_, err := b.signIn(ada, other)
			h.refused(err, "auth.wrong")
		}
		h.must(h.Unlock(context.Background(), "ADA@trame.example"))
		_, err := b.signIn(ada, phrase)
		h.must(err)
	})
}

func TestFreshProof(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		login := h.person(ada, phrase)
		b := h.browser(firefox)
		fresh := func() (ok bool) {
			b.visit(func(ctx context.Context) { ok = h.FreshWithin(ctx, 15*time.Minute) })
			return ok
		}
		if fresh() {
			t.Error("a visitor is fresh")
		}
		_, err := b.signIn(ada, phrase)
		h.must(err)
		h.later(15*time.Minute - time.Microsecond)
		if !fresh() {
			t.Error("not fresh any more")
		}
		h.later(time.Microsecond)
		if fresh() {
			t.Error("still fresh")
		}
		err = b.do(func(ctx context.Context) error { _, err := h.BeginTOTP(ctx); return err })
		if !errors.Is(err, ErrStale) {
			t.Errorf("%v, want ErrStale", err)
		}
		h.refused(b.do(func(ctx context.Context) error { return h.Reauthenticate(ctx, other) }), "auth.password_wrong")
		if fresh() {
			t.Error("a wrong password made it fresh")
		}
		before := b.cookie.Value
		h.must(b.do(func(ctx context.Context) error { return h.Reauthenticate(ctx, phrase) }))
		if !fresh() || !b.in(login) {
			t.Error("the right password did not make it fresh")
		}
		if b.cookie.Value == before {
			t.Error("the token did not change with what it allows")
		}
		err = h.browser(firefox).do(func(ctx context.Context) error { return h.Reauthenticate(ctx, phrase) })
		if !errors.Is(err, ErrNobody) {
			t.Errorf("%v, want ErrNobody", err)
		}
	})
}

func TestDisabledLoginIsOutAtOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		login := h.person(ada, phrase)
		b := h.browser(firefox)
		_, err := b.signIn(ada, phrase)
		h.must(err)
		secret, _, err := h.CreateToken(context.Background(), login, 1, "caisse", nil, time.Time{})
		h.must(err)
		_, err = h.Bearer(context.Background(), "Bearer "+secret)
		h.must(err)
		h.must(h.Disable(context.Background(), login, true, By{}))
		if b.in(login) {
			t.Error("still signed in")
		}
		if _, err := h.Bearer(context.Background(), "Bearer "+secret); !errors.Is(err, ErrToken) {
			t.Errorf("token: %v", err)
		}
		_, err = b.signIn(ada, phrase)
		h.refused(err, "auth.wrong")
		h.must(h.Disable(context.Background(), login, false, By{}))
		_, err = b.signIn(ada, phrase)
		h.must(err)
	})
}

// A login that another program closed, without ending its sessions, is out as soon as the store is asked again.
func TestLoginDisabledElsewhere(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		login := h.person(ada, phrase)
		b := h.browser(firefox)
		_, err := b.signIn(ada, phrase)
		h.must(err)
		storetest.Write(t, h.db, 0, func(tx *store.Tx) error { return tx.SetDisabled(login, 1) })
		h.later(cachedFor)
		if _, ok := b.who(); ok || b.cookie != nil {
			t.Errorf("still someone: cookie %v", b.cookie)
		}
	})
}

// The old hash of a password made at a lesser cost is replaced when the password is next shown.
func TestHashesKeepUpWithTheCost(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		login := h.person(ada, phrase)
		before := *cost
		cost.Iterations = 1
		weak, err := HashPassword(phrase)
		*cost = before
		h.must(err)
		storetest.Write(t, h.db, 0, func(tx *store.Tx) error { return tx.SetPassword(login, weak) })
		_, err = h.browser(firefox).signIn(ada, phrase)
		h.must(err)
		l, err := h.login(context.Background(), login)
		h.must(err)
		if l.Password == weak || !strings.HasPrefix(l.Password, "$argon2id$v=19$m=19456,t=2,p=1$") {
			t.Errorf("hash %s", l.Password)
		}
		_, err = h.browser(firefox).signIn(ada, phrase)
		h.must(err)
	})
}
