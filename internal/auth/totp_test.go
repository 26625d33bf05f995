package auth

import (
	"bytes"
	"context"
	"image/png"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

// protect turns the second factor on in a signed-in browser and returns its secret and the recovery codes.
func (b *browser) protect() (secret string, codes []string) {
	b.h.t.Helper()
	h := b.h
	var setup Setup
	h.must(b.do(func(ctx context.Context) (err error) { setup, err = h.BeginTOTP(ctx); return err }))
	secret = strings.ReplaceAll(setup.Secret, " ", "")
	h.must(b.do(func(ctx context.Context) (err error) { codes, err = h.ConfirmTOTP(ctx, h.code(secret, 0)); return err }))
	h.later(time.Minute) // past the code that has served
	return secret, codes
}

// code is what the application shows, so long from now.
func (h *house) code(secret string, from time.Duration) string {
	h.t.Helper()
	code, err := totp.GenerateCode(secret, h.now.Add(from))
	if err != nil {
		h.t.Fatal(err)
	}
	return code
}

func (b *browser) second(code string) error {
	b.h.t.Helper()
	return b.do(func(ctx context.Context) error { return b.h.TOTP(ctx, code) })
}

func TestSecondFactor(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		login := h.person(ada, phrase)
		desk, phone := h.browser(firefox), h.browser(iphone)
		for _, b := range []*browser{desk, phone} {
			_, err := b.signIn(ada, phrase)
			h.must(err)
		}
		secret, codes := desk.protect()
		if len(codes) != 8 || !desk.in(login) || phone.in(login) {
			t.Errorf("%d codes, desk %v, phone %v", len(codes), desk.in(login), phone.in(login))
		}
		if id, _ := desk.who(); !id.TOTP {
			t.Errorf("identity %+v", id)
		}
		result, err := phone.signIn(ada, phrase)
		h.must(err)
		if !result.NeedsTOTP || phone.in(login) {
			t.Fatalf("the password alone opens: %+v", result)
		}
		h.refused(phone.second("000000"), "auth.code_wrong")
		h.refused(phone.second(h.code(secret, time.Minute)), "auth.code_wrong")
		h.refused(phone.second(h.code(secret, -31*time.Second)), "auth.code_wrong")
		before := phone.cookie.Value
		code := h.code(secret, 0)
		h.must(phone.second(" " + code[:3] + " " + code[3:]))
		if !phone.in(login) {
			t.Fatal("the right code does not open")
		}
		if phone.cookie.Value == before {
			t.Error("the token did not change")
		}
	})
}

// A code serves once, and none of an earlier step after a later one.
func TestACodeServesOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.person(ada, phrase)
		b := h.browser(firefox)
		_, err := b.signIn(ada, phrase)
		h.must(err)
		secret, _ := b.protect()
		spied, earlier := h.code(secret, 0), h.code(secret, -30*time.Second)
		for _, try := range []struct {
			code string
			ok   bool
		}{{spied, true}, {spied, false}, {earlier, false}, {h.code(secret, 30*time.Second), true}, {h.code(secret, 30*time.Second), false}} {
			_, err := b.signIn(ada, phrase)
			h.must(err)
			if err := b.second(try.code); (err == nil) != try.ok {
				t.Errorf("%s: %v", try.code, err)
			}
		}
	})
}

func TestTheCodeThatConfirmedHasServed(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.person(ada, phrase)
		b := h.browser(firefox)
		_, err := b.signIn(ada, phrase)
		h.must(err)
		secret, _ := b.protect()
		h.later(-time.Minute)
		_, err = b.signIn(ada, phrase)
		h.must(err)
		h.refused(b.second(h.code(secret, 0)), "auth.code_wrong")
	})
}

func TestRecoveryCodes(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		login := h.person(ada, phrase)
		b := h.browser(firefox)
		_, err := b.signIn(ada, phrase)
		h.must(err)
		_, codes := b.protect()
		seen := map[string]bool{}
		for _, c := range codes {
			if len(c) != 14 || seen[c] {
				t.Errorf("code %q", c)
			}
			seen[c] = true
			for _, s := range dump(t, h.db) {
				if strings.Contains(s, c) || strings.Contains(s, strings.ReplaceAll(c, "-", "")) {
					t.Error("a recovery code is in the database")
				}
			}
		}
		_, err = b.signIn(ada, phrase)
		h.must(err)
		h.must(b.second(strings.ToLower(strings.ReplaceAll(codes[3], "-", " "))))
		if !b.in(login) {
			t.Fatal("the code does not open")
		}
		left := func() (n int) {
			t.Helper()
			h.must(b.do(func(ctx context.Context) (err error) { n, err = h.RecoveryLeft(ctx); return err }))
			return n
		}
		if left() != 7 {
			t.Errorf("%d left", left())
		}
		_, err = b.signIn(ada, phrase)
		h.must(err)
		h.refused(b.second(codes[3]), "auth.code_wrong")
		h.must(b.second(codes[4]))

		// New ones replace the old.
		var renewed []string
		h.must(b.do(func(ctx context.Context) (err error) { renewed, err = h.NewRecoveryCodes(ctx); return err }))
		if left() != 8 {
			t.Errorf("%d left", left())
		}
		_, err = b.signIn(ada, phrase)
		h.must(err)
		h.refused(b.second(codes[0]), "auth.code_wrong")
		h.must(b.second(renewed[0]))

		// One's codes open no one else's account.
		h.person("jean@trame.example", phrase)
		his := h.browser(firefox)
		_, err = his.signIn("jean@trame.example", phrase)
		h.must(err)
		his.protect()
		_, err = his.signIn("jean@trame.example", phrase)
		h.must(err)
		h.refused(his.second(renewed[1]), "auth.code_wrong")
	})
}

func TestGuessingCodesIsSlowedDown(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.person(ada, phrase)
		b := h.browser(firefox)
		_, err := b.signIn(ada, phrase)
		h.must(err)
		secret, _ := b.protect()
		tried := 0
		for range 50 { // who knows the password comes back with it each time
			if _, err := b.signIn(ada, phrase); err != nil {
				h.refused(err, "auth.too_many")
				break
			}
			if err := b.second("000000"); err != nil {
				if tried++; tried > 5 {
					t.Fatal("more than five codes were tried")
				}
			}
		}
		h.refused(b.second(h.code(secret, 0)), "auth.too_many")
	})
}

func TestSecondFactorIsNotAwaitedForEver(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		login := h.person(ada, phrase)
		b := h.browser(firefox)
		h.refused(b.second("123456"), "auth.start_again")
		_, err := b.signIn(ada, phrase)
		h.must(err)
		secret, _ := b.protect()
		_, err = b.signIn(ada, phrase)
		h.must(err)
		h.later(10*time.Minute + time.Microsecond)
		h.refused(b.second(h.code(secret, 0)), "auth.start_again")
		// Keeping the session busy does not make it last.
		_, err = b.signIn(ada, phrase)
		h.must(err)
		h.later(6 * time.Minute)
		b.begin(h.PasskeyBeginLogin)
		h.later(4 * time.Minute)
		h.refused(b.second(h.code(secret, 0)), "auth.start_again")
		_, err = b.signIn(ada, phrase)
		h.must(err)
		h.must(h.Disable(context.Background(), login, true, By{}))
		h.refused(b.second(h.code(secret, 0)), "auth.start_again")
	})
}

func TestSettingUpTheSecondFactor(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		login := h.person(ada, phrase)
		b := h.browser(firefox)
		_, err := b.signIn(ada, phrase)
		h.must(err)
		image := func() *httptest.ResponseRecorder {
			return b.serve(http.HandlerFunc(h.TOTPImage), httptest.NewRequest(http.MethodGet, thePlace, nil))
		}
		if w := image(); w.Code != http.StatusNotFound {
			t.Errorf("an image before there is a secret: %d", w.Code)
		}
		h.refused(b.do(func(ctx context.Context) error { _, err := h.ConfirmTOTP(ctx, "123456"); return err }), "auth.start_again")
		h.refused(b.do(func(ctx context.Context) error { _, err := h.NewRecoveryCodes(ctx); return err }), "auth.totp_off")
		var first, second Setup
		h.must(b.do(func(ctx context.Context) (err error) { first, err = h.BeginTOTP(ctx); return err }))
		h.must(b.do(func(ctx context.Context) (err error) { second, err = h.BeginTOTP(ctx); return err }))
		if first != second || !strings.HasPrefix(first.URL, "otpauth://totp/Essaim:ada@trame.example?") || len(first.Secret) != 39 {
			t.Errorf("%+v and %+v", first, second)
		}
		w := image()
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "image/png" || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("image %d, %v", w.Code, w.Header())
		}
		if p, err := png.Decode(bytes.NewReader(w.Body.Bytes())); err != nil || p.Bounds().Dx() != qrPixels {
			t.Errorf("image: %v", err)
		}
		h.refused(b.do(func(ctx context.Context) error { _, err := h.ConfirmTOTP(ctx, "000000"); return err }), "auth.code_wrong")
		l, err := h.login(context.Background(), login)
		h.must(err)
		if l.TOTPOn != 0 || l.TOTP != "" {
			t.Errorf("on before it was confirmed: %+v", l)
		}
		b.protect()
		h.must(b.do(h.StopTOTP))
		h.refused(b.do(h.StopTOTP), "auth.totp_off")
		result, err := b.signIn(ada, phrase)
		h.must(err)
		if result.NeedsTOTP {
			t.Error("still asked for")
		}
		storetest.Read(t, h.db, 0, func(tx *store.Tx) error {
			codes, err := tx.Tokens(login, store.TokenRecovery)
			if len(codes) != 0 {
				t.Errorf("%d recovery codes are left", len(codes))
			}
			return err
		})
		if last := h.mails()[len(h.mails())-1]; !strings.Contains(last.Text, "double vérification") {
			t.Errorf("letter %+v", last)
		}
	})
}
