package auth

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

func TestTokens(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		login := h.person(ada, phrase)
		secret, made, err := h.CreateToken(ctx, login, 3, " caisse ", []string{"entries", "account"}, h.now.Add(24*time.Hour))
		h.must(err)
		if !strings.HasPrefix(secret, "ess_") || len(secret) != 47 {
			t.Errorf("token %s", secret)
		}
		for _, s := range dump(t, h.db) {
			if strings.Contains(s, secret) || strings.Contains(s, secret[4:]) {
				t.Error("the token is in the database")
			}
		}
		got, err := h.Bearer(ctx, "bearer  "+secret)
		h.must(err)
		if got.ID != made.ID || got.Login != login || got.Coop != 3 || got.Name != "caisse" || !slices.Equal(got.Scopes, []string{"entries", "account"}) {
			t.Errorf("token %+v", got)
		}
		for _, wrong := range []string{"", "Bearer", "Bearer ", "Basic " + secret, secret, "Bearer " + secret + "x", "Bearer " + secret[4:], "Bearer ess_", "Bearer xxx_" + secret[4:]} {
			if _, err := h.Bearer(ctx, wrong); !errors.Is(err, ErrToken) {
				t.Errorf("%q: %v", wrong, err)
			}
		}
		list, err := h.Tokens(ctx, login, 3)
		h.must(err)
		if len(list) != 1 || !list[0].Used.Equal(h.now) || !list[0].Expires.Equal(h.now.Add(24*time.Hour)) {
			t.Errorf("list %+v", list)
		}
		if other, err := h.Tokens(ctx, login, 4); err != nil || len(other) != 0 {
			t.Errorf("in another cooperative: %v, %v", other, err)
		}
		jean := h.person("jean@trame.example", phrase)
		h.refused(h.RevokeToken(ctx, jean, made.ID), "auth.token_gone")
		_, err = h.Bearer(ctx, "Bearer "+secret)
		h.must(err)
		h.must(h.RevokeToken(ctx, login, made.ID))
		if _, err := h.Bearer(ctx, "Bearer "+secret); !errors.Is(err, ErrToken) {
			t.Errorf("withdrawn: %v", err)
		}
		h.refused(h.RevokeToken(ctx, login, made.ID), "auth.token_gone")
	})
}

func TestTokensRunOut(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		login := h.person(ada, phrase)
		_, _, err := h.CreateToken(ctx, login, 1, "caisse", nil, h.now)
		h.refused(err, "auth.expires_past")
		_, _, err = h.CreateToken(ctx, login, 1, "  ", nil, time.Time{})
		h.refused(err, "auth.name_empty")
		secret, _, err := h.CreateToken(ctx, login, 1, "caisse", nil, h.now.Add(time.Second))
		h.must(err)
		ever, _, err := h.CreateToken(ctx, login, 1, "toujours", nil, time.Time{})
		h.must(err)
		_, err = h.Bearer(ctx, "Bearer "+secret)
		h.must(err)
		h.later(time.Second) // within what is kept in memory
		if _, err := h.Bearer(ctx, "Bearer "+secret); !errors.Is(err, ErrToken) {
			t.Errorf("run out: %v", err)
		}
		h.later(10 * 365 * 24 * time.Hour)
		_, err = h.Bearer(ctx, "Bearer "+ever)
		h.must(err)
	})
}

// A link of another kind is no token of the API.
func TestALinkIsNoToken(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		login := h.person(ada, phrase)
		x := TokenPrefix + "link"
		digest := hash(x)
		storetest.Write(t, h.db, 0, func(tx *store.Tx) error {
			return tx.AddToken(store.Token{Hash: digest[:], Kind: store.TokenReset, Login: login, Created: 1, Expires: 1 << 60})
		})
		if _, err := h.Bearer(context.Background(), "Bearer "+x); !errors.Is(err, ErrToken) {
			t.Errorf("%v", err)
		}
		secret, _, err := h.CreateToken(context.Background(), login, 1, "caisse", nil, h.now.Add(time.Hour))
		h.must(err)
		_, err = h.Link(context.Background(), secret)
		h.refused(err, "auth.link_over")
	})
}

// The store is asked at most every five seconds, and told of a use at most every five minutes.
func TestTokensSpareTheStore(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		login := h.person(ada, phrase)
		secret, made, err := h.CreateToken(ctx, login, 1, "caisse", nil, time.Time{})
		h.must(err)
		first := h.now
		used := func() time.Time {
			list, err := h.Tokens(ctx, login, 1)
			h.must(err)
			return list[0].Used
		}
		for range 60 {
			_, err = h.Bearer(ctx, "Bearer "+secret)
			h.must(err)
			if !used().Equal(first) {
				t.Fatalf("used at %v, first %v", used(), first)
			}
			h.later(5 * time.Second)
		}
		_, err = h.Bearer(ctx, "Bearer "+secret)
		h.must(err)
		if !used().Equal(first.Add(5 * time.Minute)) {
			t.Errorf("used at %v", used())
		}
		storetest.Write(t, h.db, 0, func(tx *store.Tx) error { _, err := tx.DeleteToken(login, unwritten(made.ID)); return err })
		h.later(5*time.Second - time.Microsecond)
		_, err = h.Bearer(ctx, "Bearer "+secret)
		h.must(err)
		h.later(time.Microsecond)
		if _, err := h.Bearer(ctx, "Bearer "+secret); !errors.Is(err, ErrToken) {
			t.Errorf("after five seconds: %v", err)
		}
	})
}

func TestCacheForgetsWhatChangedMeanwhile(t *testing.T) {
	var c cache[string]
	key := hash("x")
	_, _, gen := c.get(key, 0)
	c.forget() // while the store was being read
	c.put(key, "old", 0, gen)
	if v, ok, _ := c.get(key, 0); ok {
		t.Errorf("%s is kept", v)
	}
	_, _, gen = c.get(key, 0)
	c.put(key, "new", 0, gen)
	if v, ok, _ := c.get(key, micros(cachedFor)-1); !ok || v != "new" {
		t.Errorf("%q, %v", v, ok)
	}
	if _, ok, _ := c.get(key, micros(cachedFor)); ok {
		t.Error("kept for longer than five seconds")
	}
	for i := range cacheMost + 1 {
		c.put(digest{byte(i), byte(i >> 8), byte(i >> 16)}, "x", 0, gen)
	}
	if len(c.m) > cacheMost {
		t.Errorf("%d are kept", len(c.m))
	}
}

func BenchmarkBearer(b *testing.B) {
	db := storetest.Open(b, store.Options{URL: storetest.SQLite(b)})
	s, err := New(db, Options{PublicURL: thePlace})
	if err != nil {
		b.Fatal(err)
	}
	ctx := context.Background()
	in, err := s.Invite(ctx, ada, "fr")
	if err != nil {
		b.Fatal(err)
	}
	secret, _, err := s.CreateToken(ctx, in.Login, 1, "caisse", []string{"entries"}, time.Time{})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := s.Bearer(ctx, "Bearer "+secret); err != nil {
			b.Fatal(err)
		}
	}
}
