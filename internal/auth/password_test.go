package auth

import (
	"context"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"essaim/fault"
)

func TestPasswordsRefused(t *testing.T) {
	for password, want := range map[string]string{
		"":                            "auth.password_short",
		"court":                       "auth.password_short",
		"123456789":                   "auth.password_short",
		"éèàùçôîêâ":                   "auth.password_short", // nine characters in eighteen bytes
		"motdepasse":                  "auth.password_common",
		"MotDePasse2026!":             "auth.password_common",
		"Azertyuiop":                  "auth.password_common",
		"azertyazerty":                "auth.password_common",
		"1234567890":                  "auth.password_common",
		"0123456789":                  "auth.password_common",
		"9876543210":                  "auth.password_common",
		"abcdefghijklm":               "auth.password_common",
		"aaaaaaaaaaaaaaaa":            "auth.password_common",
		"ababababababab":              "auth.password_common",
		"Soleil123456":                "auth.password_common",
		"chocolat*2026":               "auth.password_common",
		"P4ssw0rd2026":                "auth.password_common",
		"iloveyouforever":             "auth.password_common",
		"Cooperative1":                "auth.password_common",
		"Coopérative2026":             "auth.password_common",
		"correcthorsebatterystaple":   "auth.password_common",
		"marie.durand@ruche.coop":     "auth.password_email",
		"Marie.Durand@Ruche.coop":     "auth.password_email",
		"mariedurand1980":             "auth.password_email",
		"Marie-Durand!":               "auth.password_email",
		strings.Repeat("é", 257):      "auth.password_long",
		phrase:                        "",
		"éèàùçôîêâû":                  "",
		"4821 9375 2046":              "",
		"le vélo de ma tante":         "",
		"correct horse marie battery": "",
		"marie.durand aime le miel":   "",
	} {
		err := CheckPassword(password, "marie.durand@ruche.coop")
		if want == "" {
			if err != nil {
				t.Errorf("%q: %v", password, err)
			}
			continue
		}
		f := fault.All(err)
		if len(f) != 1 || f[0].Key != want || f[0].Field != "password" || f[0].Kind != fault.Invalid {
			t.Errorf("%q: %v, want %s", password, err, want)
		}
	}
	if err := CheckPassword("4821 9375 2046", "123@456.fr"); err != nil {
		t.Errorf("an address without letters: %v", err)
	}
}

func TestCommonPasswordsAreFolded(t *testing.T) {
	if len(common) < 500 {
		t.Errorf("%d words only", len(common))
	}
	for w := range common {
		if w != fold(w) {
			t.Errorf("%q is written %q", w, fold(w))
		}
	}
}

// A password opens only by itself, in whatever form its accents are typed.
func TestHashes(t *testing.T) {
	s := &Service{hashing: make(chan struct{}, hashesAtOnce)}
	ctx := context.Background()
	for _, password := range []string{phrase, "éclair à la crème brûlée", "Ünïcode ₂ ﬁn", "x"} {
		h, err := s.hash(ctx, password)
		if err != nil {
			t.Fatal(err)
		}
		for _, form := range []string{password, norm.NFC.String(password), norm.NFD.String(password)} {
			if ok, stale, err := s.match(ctx, form, h); !ok || stale || err != nil {
				t.Errorf("%q does not open: %v, %v", form, stale, err)
			}
		}
		for _, wrong := range []string{password + "x", "", strings.ToUpper(password)} {
			if ok, _, err := s.match(ctx, wrong, h); ok || err != nil {
				t.Errorf("%q opens: %v", wrong, err)
			}
		}
	}
	for _, password := range []string{"", "x", strings.Repeat("x", 5000)} {
		if ok, _, err := s.match(ctx, password, ""); ok || err != nil {
			t.Errorf("%.10q opens nothing: %v, %v", password, ok, err)
		}
	}
}

func TestTwoHashesAtOnce(t *testing.T) {
	s := &Service{hashing: make(chan struct{}, hashesAtOnce)}
	ctx, cancel := context.WithCancel(context.Background())
	s.hashing <- struct{}{}
	s.hashing <- struct{}{}
	cancel()
	if _, err := s.hash(ctx, phrase); err == nil {
		t.Error("a third was computed beside two")
	}
	<-s.hashing
	if _, err := s.hash(context.Background(), phrase); err != nil {
		t.Error(err)
	}
}

func TestChangePassword(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		login := h.person(ada, phrase)
		desk, phone := h.browser(firefox), h.browser(iphone)
		for _, b := range []*browser{desk, phone} {
			_, err := b.signIn(ada, phrase)
			h.must(err)
		}
		change := func(old, password string) error {
			return desk.do(func(ctx context.Context) error { return h.ChangePassword(ctx, old, password) })
		}
		err := change(other, "encore une autre phrase")
		h.refused(err, "auth.password_wrong")
		if fault.All(err)[0].Field != "old" {
			t.Errorf("field of %v", err)
		}
		h.refused(change(phrase, "soleil2024"), "auth.password_common")
		if !phone.in(login) {
			t.Fatal("a refused change ended the other sessions")
		}
		before := desk.cookie.Value
		h.must(change(phrase, other))
		if !desk.in(login) || phone.in(login) {
			t.Errorf("desk %v, phone %v", desk.in(login), phone.in(login))
		}
		if desk.cookie.Value == before {
			t.Error("the token did not change")
		}
		_, err = phone.signIn(ada, phrase)
		h.refused(err, "auth.wrong")
		_, err = phone.signIn(ada, other)
		h.must(err)
		last := h.mails()[len(h.mails())-1]
		if last.To[0] != ada || !strings.Contains(last.Text, "vient d’être changé") {
			t.Errorf("letter %+v", last)
		}
		h.refused(h.browser(firefox).do(func(ctx context.Context) error { return h.ChangePassword(ctx, other, phrase) }), "auth.nobody")
		// The command line ends every session, at once.
		if !desk.in(login) || !phone.in(login) {
			t.Fatal("out")
		}
		h.must(h.SetPassword(context.Background(), login, phrase))
		if desk.in(login) || phone.in(login) {
			t.Errorf("desk %v, phone %v", desk.in(login), phone.in(login))
		}
	})
}

// Guessing the old password from an open session is slowed down like signing in.
func TestChangingIsNoWayAroundTheLimits(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.person(ada, phrase)
		b := h.browser(firefox)
		_, err := b.signIn(ada, phrase)
		h.must(err)
		for i := range 5 {
			err := b.do(func(ctx context.Context) error {
				if i%2 == 0 {
					return h.Reauthenticate(ctx, other)
				}
				return h.ChangePassword(ctx, other, "encore une autre phrase")
			})
			h.refused(err, "auth.password_wrong")
		}
		h.refused(b.do(func(ctx context.Context) error { return h.Reauthenticate(ctx, phrase) }), "auth.too_many")
	})
}
