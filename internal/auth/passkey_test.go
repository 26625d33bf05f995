package auth

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-webauthn/webauthn/protocol/webauthncbor"

	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

// authenticator is a device that makes and uses passkeys: ES256, no attestation (WebAuthn level 3, § 6).
type authenticator struct {
	key        *ecdsa.PrivateKey
	id, handle []byte
	counter    uint32
	origin     string
	careless   bool // does not ask for a finger or a code
}

func newAuthenticator(t *testing.T) *authenticator {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	id := make([]byte, 32)
	_, _ = rand.Read(id)
	return &authenticator{key: key, id: id, origin: thePlace}
}

// asked is what a page gives to navigator.credentials.
type asked struct {
	PublicKey struct {
		Challenge string
		RP        struct{ ID string }
		RPID      string `json:"rpId"`
		User      struct{ ID, Name string }
		Exclude   []struct{ ID string } `json:"excludeCredentials"`
		Selection struct {
			ResidentKey      string `json:"residentKey"`
			UserVerification string `json:"userVerification"`
		} `json:"authenticatorSelection"`
		UserVerification string `json:"userVerification"`
		Attestation      string
	}
	Messages map[string]string
}

var b64 = base64.RawURLEncoding

func (a *authenticator) clientData(kind, challenge string) []byte {
	b, _ := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": a.origin, "crossOrigin": false}) // strings: cannot fail
	return b
}

func (a *authenticator) data(rp string, flags byte) []byte {
	h := sha256.Sum256([]byte(rp))
	if !a.careless {
		flags |= 0x04 // the user was verified
	}
	return binary.BigEndian.AppendUint32(append(h[:], flags|0x01), a.counter)
}

// create makes a passkey.
func (a *authenticator) create(t *testing.T, in asked) []byte {
	t.Helper()
	a.handle, _ = b64.DecodeString(in.PublicKey.User.ID)
	public, err := a.key.PublicKey.Bytes() // 4, x, y
	if err != nil {
		t.Fatal(err)
	}
	cose, err := webauthncbor.Marshal(map[int]any{1: 2, 3: -7, -1: 1, -2: public[1:33], -3: public[33:]})
	if err != nil {
		t.Fatal(err)
	}
	data := append(a.data(in.PublicKey.RP.ID, 0x40), make([]byte, 16)...)
	data = binary.BigEndian.AppendUint16(data, uint16(len(a.id)))
	data = append(append(data, a.id...), cose...)
	object, err := webauthncbor.Marshal(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": data})
	if err != nil {
		t.Fatal(err)
	}
	return a.credential(t, map[string]any{
		"clientDataJSON": b64.EncodeToString(a.clientData("webauthn.create", in.PublicKey.Challenge)), "attestationObject": b64.EncodeToString(object),
	})
}

// get proves that the passkey is here.
func (a *authenticator) get(t *testing.T, in asked) []byte {
	t.Helper()
	a.counter++
	client, data := a.clientData("webauthn.get", in.PublicKey.Challenge), a.data(in.PublicKey.RPID, 0)
	h := sha256.Sum256(client)
	signed := sha256.Sum256(append(bytes.Clone(data), h[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, a.key, signed[:])
	if err != nil {
		t.Fatal(err)
	}
	return a.credential(t, map[string]any{
		"clientDataJSON": b64.EncodeToString(client), "authenticatorData": b64.EncodeToString(data),
		"signature": b64.EncodeToString(signature), "userHandle": b64.EncodeToString(a.handle),
	})
}

func (a *authenticator) credential(t *testing.T, response map[string]any) []byte {
	t.Helper()
	b, err := json.Marshal(map[string]any{
		"id": b64.EncodeToString(a.id), "rawId": b64.EncodeToString(a.id), "type": "public-key",
		"clientExtensionResults": map[string]any{"credProps": map[string]any{"rk": true}}, // as some password managers add unasked
		"response":               response,
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// post calls one of the handlers as passkey.js does.
func (b *browser) post(handler http.HandlerFunc, body any) (status int, answer map[string]any, raw []byte) {
	b.h.t.Helper()
	sent, err := json.Marshal(body)
	b.h.must(err)
	r := httptest.NewRequest(http.MethodPost, thePlace+"/passkey", bytes.NewReader(sent))
	r.Header.Set("Content-Type", "application/json")
	w := b.serve(handler, r)
	raw = w.Body.Bytes()
	b.h.must(json.Unmarshal(raw, &answer))
	if w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("Content-Type") != "application/json" {
		b.h.t.Errorf("head %v", w.Header())
	}
	return w.Code, answer, raw
}

func (b *browser) begin(handler http.HandlerFunc) (in asked) {
	b.h.t.Helper()
	status, _, raw := b.post(handler, map[string]any{})
	if status != http.StatusOK {
		b.h.t.Fatalf("status %d: %s", status, raw)
	}
	b.h.must(json.Unmarshal(raw, &in))
	return in
}

type sent struct {
	Name       string          `json:"name,omitempty"`
	Credential json.RawMessage `json:"credential"`
}

// register adds a passkey to who is signed in.
func (b *browser) register(a *authenticator, name string) {
	b.h.t.Helper()
	in := b.begin(b.h.PasskeyBeginRegister)
	if status, answer, _ := b.post(b.h.PasskeyFinishRegister, sent{name, a.create(b.h.t, in)}); status != http.StatusOK || answer["ok"] != true {
		b.h.t.Fatalf("%d %v", status, answer)
	}
}

// show signs in by a passkey and returns the status and the key of the refusal.
func (b *browser) show(a *authenticator) (int, any) {
	b.h.t.Helper()
	in := b.begin(b.h.PasskeyBeginLogin)
	status, answer, _ := b.post(b.h.PasskeyFinishLogin, sent{Credential: a.get(b.h.t, in)})
	return status, answer["key"]
}

// withPasskey opens a login with a password and a passkey, in a signed-in browser.
func (h *house) withPasskey(email string) (int64, *browser, *authenticator) {
	h.t.Helper()
	login := h.person(email, phrase)
	b := h.browser(iphone)
	_, err := b.signIn(email, phrase)
	h.must(err)
	a := newAuthenticator(h.t)
	b.register(a, "")
	return login, b, a
}

func TestPasskey(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		login, b, a := h.withPasskey(ada)
		if last := h.mails()[len(h.mails())-1]; !strings.Contains(last.Text, "clé d’accès") {
			t.Errorf("letter %+v", last)
		}
		var list []Passkey
		keys := func() []Passkey {
			t.Helper()
			h.must(b.do(func(ctx context.Context) (err error) { list, err = h.Passkeys(ctx); return err }))
			return list
		}
		if keys(); len(list) != 1 || list[0].Name != "iPhone Safari" || !list[0].Used.IsZero() {
			t.Errorf("passkeys %+v", list)
		}
		h.must(b.do(h.SignOut))
		h.later(time.Hour)
		before := b.cookie
		if status, key := b.show(a); status != http.StatusOK {
			t.Fatalf("%d %v", status, key)
		}
		id, ok := b.who()
		if !ok || id.Login != login || id.Method != ByPasskey || !id.Fresh.Equal(h.now) {
			t.Errorf("identity %+v", id)
		}
		if before != nil && b.cookie.Value == before.Value {
			t.Error("the token did not change")
		}
		if keys(); !list[0].Used.Equal(h.now) {
			t.Errorf("passkeys %+v", list)
		}
		// Thirty days unseen on that device.
		h.later(30 * 24 * time.Hour)
		if !b.in(login) {
			t.Error("out at thirty days")
		}
		h.later(30*24*time.Hour + time.Microsecond)
		if b.in(login) {
			t.Error("in after thirty days unseen")
		}
	})
}

// What is done to passkeys leaves a note for the log of the cooperatives, with the deed itself; what is refused leaves none.
func TestPasskeysAreNoted(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		login, b, _ := h.withPasskey(ada)
		var list []Passkey
		h.must(b.do(func(ctx context.Context) (err error) { list, err = h.Passkeys(ctx); return err }))
		h.must(b.do(func(ctx context.Context) error { return h.RenamePasskey(ctx, list[0].ID, "téléphone") }))
		if err := b.do(func(ctx context.Context) error { return h.RenamePasskey(ctx, "AAAA", "rien") }); err == nil {
			t.Error("a passkey that is not there was renamed")
		}
		h.must(b.do(func(ctx context.Context) error { return h.DeletePasskey(ctx, list[0].ID) }))
		var got []string
		for {
			job, ok, err := h.db.ClaimJob(t.Context(), 0, time.Minute, store.JobLoginNote)
			h.must(err)
			if !ok {
				break
			}
			var n store.LoginNote
			h.must(json.Unmarshal([]byte(job.Args), &n))
			if n.Login != login { // left by another test in the same database
				continue
			}
			if n.Self != strings.HasPrefix(n.Action, "login.passkey") {
				t.Errorf("note %+v", n)
			}
			got = append(got, n.Action)
		}
		if want := []string{"login.passkey_add", "login.passkey_name", "login.passkey_remove"}; !slices.Equal(got[max(0, len(got)-3):], want) {
			t.Errorf("notes %v, want %v", got, want)
		}
	})
}

func TestPasskeyAsksForWhatItMust(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		_, b, a := h.withPasskey(ada)
		in := b.begin(h.PasskeyBeginRegister)
		p := in.PublicKey
		if p.RP.ID != "localhost" || p.User.Name != ada || p.Selection.ResidentKey != "required" || p.Selection.UserVerification != "required" ||
			p.Attestation != "none" || len(p.Challenge) < 22 || len(p.Exclude) != 1 || p.Exclude[0].ID != b64.EncodeToString(a.id) {
			t.Errorf("%+v", in)
		}
		if in.Messages["cancelled"] == "" || in.Messages["known"] == "" || in.Messages["failed"] == "" {
			t.Errorf("messages %v", in.Messages)
		}
		in = b.begin(h.PasskeyBeginLogin)
		if in.PublicKey.RPID != "localhost" || in.PublicKey.UserVerification != "required" {
			t.Errorf("%+v", in)
		}
	})
}

// A passkey is two factors in one: none is asked for besides.
func TestPasskeyStandsForBothFactors(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		login, b, a := h.withPasskey(ada)
		b.protect()
		h.must(b.do(h.SignOut))
		if status, key := b.show(a); status != http.StatusOK || !b.in(login) {
			t.Errorf("%d %v", status, key)
		}
	})
}

func TestPasskeyRefused(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		login, b, a := h.withPasskey(ada)
		h.must(b.do(h.SignOut))
		refused := func(what string, status int, key any, want string) {
			t.Helper()
			if status == http.StatusOK || key != want || b.in(login) {
				t.Errorf("%s: %d %v", what, status, key)
			}
		}
		status, key := b.show(newAuthenticator(t))
		refused("unknown passkey", status, key, "auth.passkey_failed")

		a.careless = true
		status, key = b.show(a)
		refused("no finger, no code", status, key, "auth.passkey_failed")
		a.careless = false

		a.origin = "https://essaim.example"
		status, key = b.show(a)
		refused("another site", status, key, "auth.passkey_failed")
		a.origin = thePlace

		thief := *a
		thief.key = newAuthenticator(t).key
		status, key = b.show(&thief)
		refused("another key", status, key, "auth.passkey_failed")

		thief = *a
		thief.handle = newAuthenticator(t).id
		status, key = b.show(&thief)
		refused("another holder", status, key, "auth.passkey_failed")

		// A challenge serves once, and not for ever.
		in := b.begin(h.PasskeyBeginLogin)
		h.later(5 * time.Minute)
		status, answer, _ := b.post(h.PasskeyFinishLogin, sent{Credential: a.get(t, in)})
		refused("late", status, answer["key"], "auth.start_again")
		in = b.begin(h.PasskeyBeginLogin)
		spied := a.get(t, in)
		if status, _, raw := b.post(h.PasskeyFinishLogin, sent{Credential: spied}); status != http.StatusOK {
			t.Fatalf("%d %s", status, raw)
		}
		h.must(b.do(h.SignOut))
		status, answer, _ = b.post(h.PasskeyFinishLogin, sent{Credential: spied})
		refused("replayed without a challenge", status, answer["key"], "auth.start_again")
		b.begin(h.PasskeyBeginLogin)
		status, answer, _ = b.post(h.PasskeyFinishLogin, sent{Credential: spied})
		refused("replayed to another challenge", status, answer["key"], "auth.passkey_failed")

		// A counter that goes back tells of a copy.
		a.counter = 0
		status, key = b.show(a)
		refused("copied", status, key, "auth.passkey_failed")
		a.counter = 100

		for _, body := range []string{``, `null`, `{`, `{}`, `{"credential":{}}`, `{"credential":{"id":"AA","rawId":"AA","type":"public-key","response":{}}}`, `{"credential":"x"}`} {
			b.begin(h.PasskeyBeginLogin)
			r := httptest.NewRequest(http.MethodPost, thePlace, strings.NewReader(body))
			r.Header.Set("Content-Type", "application/json")
			w := b.serve(http.HandlerFunc(h.PasskeyFinishLogin), r)
			if w.Code != http.StatusUnprocessableEntity || b.in(login) {
				t.Errorf("%s: %d %s", body, w.Code, w.Body)
			}
		}

		h.must(h.Disable(context.Background(), login, true, By{}))
		status, key = b.show(a)
		refused("disabled", status, key, "auth.passkey_failed")
	})
}

func TestPasskeysAreAddedByTheirPersonOnly(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.person(ada, phrase)
		b := h.browser(iphone)
		if status, answer, _ := b.post(h.PasskeyBeginRegister, nil); status != http.StatusForbidden || answer["key"] != "auth.nobody" {
			t.Errorf("a visitor: %d %v", status, answer)
		}
		_, err := b.signIn(ada, phrase)
		h.must(err)
		in := b.begin(h.PasskeyBeginRegister)
		h.later(15 * time.Minute)
		for _, handler := range []http.HandlerFunc{h.PasskeyBeginRegister, h.PasskeyFinishRegister} {
			if status, answer, _ := b.post(handler, sent{"x", newAuthenticator(t).create(t, in)}); status != http.StatusForbidden || answer["key"] != "auth.stale" {
				t.Errorf("stale: %d %v", status, answer)
			}
		}
		h.must(b.do(func(ctx context.Context) error { return h.Reauthenticate(ctx, phrase) }))
		a := newAuthenticator(t)
		in = b.begin(h.PasskeyBeginRegister)
		a.careless = true
		if status, answer, _ := b.post(h.PasskeyFinishRegister, sent{"x", a.create(t, in)}); status != http.StatusUnprocessableEntity || answer["key"] != "auth.passkey_failed" {
			t.Errorf("careless: %d %v", status, answer)
		}
		a.careless = false
		if status, answer, _ := b.post(h.PasskeyFinishRegister, sent{"x", a.create(t, in)}); status != http.StatusConflict || answer["key"] != "auth.start_again" {
			t.Errorf("the challenge served twice: %d %v", status, answer)
		}
		b.register(a, " Ma clé\tUSB ")
		var list []Passkey
		h.must(b.do(func(ctx context.Context) (err error) { list, err = h.Passkeys(ctx); return err }))
		if len(list) != 1 || list[0].Name != "Ma clé USB" {
			t.Errorf("passkeys %+v", list)
		}
		// The same device, made to answer again: the store keeps one, whoever's it is.
		_, other, _ := h.withPasskey("jean@trame.example")
		in = other.begin(h.PasskeyBeginRegister)
		if status, _, raw := other.post(h.PasskeyFinishRegister, sent{"x", a.create(t, in)}); status != http.StatusConflict {
			t.Errorf("another's passkey: %d %s", status, raw)
		}
		h.refused(other.do(func(ctx context.Context) error { return h.DeletePasskey(ctx, list[0].ID) }), "auth.passkey_gone")
		h.refused(other.do(func(ctx context.Context) error { return h.RenamePasskey(ctx, list[0].ID, "mienne") }), "auth.passkey_gone")
		h.must(b.do(func(ctx context.Context) error { return h.RenamePasskey(ctx, list[0].ID, "Bureau") }))
		h.refused(b.do(func(ctx context.Context) error { return h.RenamePasskey(ctx, list[0].ID, " ") }), "auth.name_empty")
		h.must(b.do(func(ctx context.Context) error { return h.DeletePasskey(ctx, list[0].ID) }))
		h.refused(b.do(func(ctx context.Context) error { return h.DeletePasskey(ctx, list[0].ID) }), "auth.passkey_gone")
		h.must(b.do(h.SignOut))
		if status, key := b.show(a); status == http.StatusOK {
			t.Errorf("withdrawn, it opens: %v", key)
		}
	})
}

func TestPasskeyAsFreshProof(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		login, b, a := h.withPasskey(ada)
		_, _, stranger := h.withPasskey("jean@trame.example")
		h.later(time.Hour)
		if status, key := b.show(stranger); status != http.StatusConflict || key != "auth.passkey_other" || !b.in(login) {
			t.Errorf("another's: %d %v", status, key)
		}
		fresh := func() (ok bool) {
			b.visit(func(ctx context.Context) { ok = h.FreshWithin(ctx, time.Minute) })
			return ok
		}
		if fresh() {
			t.Error("fresh by another's passkey")
		}
		if status, key := b.show(a); status != http.StatusOK || !fresh() || !b.in(login) {
			t.Errorf("%d %v", status, key)
		}
		if id, _ := b.who(); id.Method != ByPassword {
			t.Errorf("the session became another: %+v", id)
		}
	})
}

// Who has no password keeps the last passkey, and may choose a first password with it.
func TestPasskeyAlone(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		login, b, a := h.withPasskey(ada)
		storetest.Write(t, h.db, 0, func(tx *store.Tx) error { return tx.SetPassword(login, "") })
		_, err := h.browser(firefox).signIn(ada, "")
		h.refused(err, "auth.wrong")
		h.refused(b.do(func(ctx context.Context) error { return h.DeletePasskey(ctx, b64.EncodeToString(a.id)) }), "auth.passkey_last")
		h.later(time.Hour)
		change := func() error {
			return b.do(func(ctx context.Context) error { return h.ChangePassword(ctx, "", other) })
		}
		h.refused(change(), "auth.stale")
		if status, key := b.show(a); status != http.StatusOK {
			t.Fatalf("%d %v", status, key)
		}
		h.must(change())
		h.must(b.do(func(ctx context.Context) error { return h.DeletePasskey(ctx, b64.EncodeToString(a.id)) }))
	})
}

func TestPasskeysTakeNothingButJSON(t *testing.T) {
	db := storetest.Open(t, store.Options{URL: storetest.SQLite(t)})
	h := newHouse(t, db, Options{})
	b := h.browser(firefox)
	for kind, want := range map[string]int{
		"application/json": http.StatusOK, "application/json; charset=utf-8": http.StatusOK, "": http.StatusUnsupportedMediaType,
		"text/plain": http.StatusUnsupportedMediaType, "application/x-www-form-urlencoded": http.StatusUnsupportedMediaType,
	} {
		r := httptest.NewRequest(http.MethodPost, thePlace, strings.NewReader("{}"))
		r.Header.Set("Content-Type", kind)
		if w := b.serve(http.HandlerFunc(h.PasskeyBeginLogin), r); w.Code != want {
			t.Errorf("%q: %d", kind, w.Code)
		}
	}
	if w := b.serve(http.HandlerFunc(h.PasskeyBeginLogin), httptest.NewRequest(http.MethodGet, thePlace, nil)); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d", w.Code)
	}
	r := httptest.NewRequest(http.MethodPost, thePlace, strings.NewReader(`{"credential":"`+strings.Repeat("x", bodyMost)+`"}`))
	r.Header.Set("Content-Type", "application/json")
	if w := b.serve(http.HandlerFunc(h.PasskeyFinishLogin), r); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("too long: %d", w.Code)
	}
	numbered := newHouse(t, db, Options{PublicURL: "http://127.0.0.1:8080"})
	c := numbered.browser(firefox)
	c.lang = "en"
	if status, answer, _ := c.post(numbered.PasskeyBeginLogin, nil); status != http.StatusConflict || answer["key"] != "auth.passkeys_off" || !strings.Contains(answer["error"].(string), "domain name") {
		t.Errorf("%d %v", status, answer)
	}
}

// However many were begun, one that is finished closes nothing.
func TestPasskeysFinishedCloseNothing(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		_, _, a := h.withPasskey(ada)
		b := h.browser(firefox)
		for range paceCeremony.free {
			b.begin(h.PasskeyBeginLogin)
		}
		h.later(paceCeremony.first)
		for range 3 {
			if status, answer := h.browser(firefox).show(a); status != http.StatusOK {
				t.Fatalf("%d %v", status, answer)
			}
		}
	})
}

func TestPasskeysBegunAreFew(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.browser(firefox)
		for range paceCeremony.free {
			b.begin(h.PasskeyBeginLogin)
		}
		if status, answer, _ := b.post(h.PasskeyBeginLogin, nil); status != http.StatusServiceUnavailable || answer["key"] != "auth.too_many_asked" {
			t.Errorf("%d %v", status, answer)
		}
		elsewhere := h.browser(firefox)
		elsewhere.address = "198.51.100.7"
		elsewhere.begin(h.PasskeyBeginLogin)
	})
}
