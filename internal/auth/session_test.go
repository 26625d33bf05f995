package auth

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

func TestSessionsAreSeenAndEnded(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		login := h.person(ada, phrase)
		desk, phone, old := h.browser(firefox), h.browser(iphone), h.browser("curl/8.0")
		phone.address = "198.51.100.7"
		for _, b := range []*browser{old, phone, desk} {
			_, err := b.signIn(ada, phrase)
			h.must(err)
			h.later(time.Minute)
		}
		var all []Session
		list := func() {
			t.Helper()
			h.must(desk.do(func(ctx context.Context) (err error) { all, err = h.Sessions(ctx); return err }))
		}
		list()
		if len(all) != 3 || !all[0].Current || all[1].Current || all[2].Current {
			t.Fatalf("sessions %+v", all)
		}
		if s := all[0]; s.Browser != "Firefox" || s.System != "Linux" || s.Address != home || !s.Since.Equal(h.now.Add(-time.Minute)) || !s.Expires.Equal(s.Since.Add(12*time.Hour)) {
			t.Errorf("desk %+v", s)
		}
		if s := all[1]; s.Browser != "Safari" || s.System != "iPhone" || s.Address != "198.51.100.7" {
			t.Errorf("phone %+v", s)
		}
		if s := all[2]; s.Browser != "" || s.System != "" {
			t.Errorf("old %+v", s)
		}
		if !phone.in(login) {
			t.Fatal("the phone is out already")
		}
		h.must(desk.do(func(ctx context.Context) error { return h.EndSession(ctx, all[1].ID) }))
		if phone.in(login) {
			t.Error("the phone is still in")
		}
		h.refused(desk.do(func(ctx context.Context) error { return h.EndSession(ctx, all[1].ID) }), "auth.session_gone")
		h.refused(desk.do(func(ctx context.Context) error { return h.EndSession(ctx, "%%") }), "auth.session_gone")

		// One ends only one's own.
		jean := h.person("jean@trame.example", phrase)
		his := h.browser(firefox)
		_, err := his.signIn("jean@trame.example", phrase)
		h.must(err)
		h.refused(his.do(func(ctx context.Context) error { return h.EndSession(ctx, all[0].ID) }), "auth.session_gone")

		var n int64
		h.must(desk.do(func(ctx context.Context) (err error) { n, err = h.EndOtherSessions(ctx); return err }))
		if n != 1 || old.in(login) || !desk.in(login) || !his.in(jean) {
			t.Errorf("%d ended; old %v, desk %v, jean's %v", n, old.in(login), desk.in(login), his.in(jean))
		}
		list()
		h.must(desk.do(func(ctx context.Context) error { return h.EndSession(ctx, all[0].ID) }))
		if desk.cookie != nil || desk.in(login) {
			t.Error("ending one's own session did not sign out")
		}
	})
}

func TestSessionsLiveTwelveHoursUnseen(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		login := h.person(ada, phrase)
		b := h.browser(firefox)
		_, err := b.signIn(ada, phrase)
		h.must(err)
		for range 20 { // seen every eleven hours, it goes on
			h.later(11 * time.Hour)
			if !b.in(login) {
				t.Fatal("out while in use")
			}
		}
		h.later(12 * time.Hour)
		if !b.in(login) {
			t.Fatal("out at twelve hours")
		}
		h.later(12*time.Hour + time.Microsecond)
		if b.in(login) {
			t.Fatal("still in after twelve hours unseen")
		}
	})
}

func TestNoSessionLivesForEver(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		login := h.person(ada, phrase)
		b := h.browser(firefox)
		h.must(b.do(func(ctx context.Context) error { return h.enter(ctx, login, ByPasskey) }))
		for range 6 {
			h.later(30 * 24 * time.Hour)
			if !b.in(login) {
				t.Fatal("out before its time")
			}
		}
		h.later(time.Microsecond)
		if b.in(login) {
			t.Fatal("in after 180 days")
		}
	})
}

// A session is written at most every five minutes, and read at most every five seconds.
func TestSessionsSpareTheStore(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		login := h.person(ada, phrase)
		b := h.browser(firefox)
		_, err := b.signIn(ada, phrase)
		h.must(err)
		seen := func() time.Time {
			t.Helper()
			var at int64
			storetest.Read(t, h.db, 0, func(tx *store.Tx) error {
				s, _, err := tx.Session(unhex(b.cookie.Value))
				at = s.Seen
				return err
			})
			return instant(at)
		}
		first := h.now
		for range 59 {
			h.later(5 * time.Second)
			if !b.in(login) {
				t.Fatal("out")
			}
		}
		if !seen().Equal(first) {
			t.Errorf("seen at %v, first at %v", seen(), first)
		}
		h.later(5 * time.Second)
		if !b.in(login) || !seen().Equal(first.Add(5*time.Minute)) {
			t.Errorf("seen at %v, five minutes after %v", seen(), first)
		}

		// What another program ends here ends within five seconds, not before.
		storetest.Write(t, h.db, 0, func(tx *store.Tx) error { _, err := tx.EndSessions(login, nil); return err })
		h.later(5*time.Second - time.Microsecond)
		if !b.in(login) {
			t.Error("the store was asked again within five seconds")
		}
		h.later(time.Microsecond)
		if b.in(login) {
			t.Error("in after five seconds")
		}
	})
}

func unhex(cookie string) []byte {
	h := hash(cookie)
	return h[:]
}

// A request that began before its session was ended must not bring it back.
func TestAnEndedSessionStaysEnded(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		login := h.person(ada, phrase)
		b := h.browser(firefox)
		_, err := b.signIn(ada, phrase)
		h.must(err)
		b.visit(func(ctx context.Context) {
			storetest.Write(t, h.db, 0, func(tx *store.Tx) error { _, err := tx.EndSessions(login, nil); return err })
			h.sessions.Put(ctx, "note", "written after the end")
		})
		if b.in(login) {
			t.Error("the session came back")
		}
	})
}

func TestReadingGoesOnWhenNothingCanBeWritten(t *testing.T) {
	address := storetest.SQLite(t)
	db := storetest.Open(t, store.Options{URL: address})
	h := newHouse(t, db, Options{})
	login := h.person(ada, phrase)
	b := h.browser(firefox)
	_, err := b.signIn(ada, phrase)
	h.must(err)
	full := storetest.Open(t, store.Options{URL: address, MaxPages: 1})
	tight := newHouse(t, full, Options{})
	tight.now = h.now.Add(time.Hour)
	late := &browser{h: tight, agent: firefox, address: home, cookie: b.cookie}
	if !late.in(login) {
		t.Error("out because the session could not be touched")
	}
}

func TestCookieOfAPublicAddress(t *testing.T) {
	db := storetest.Open(t, store.Options{URL: storetest.SQLite(t)})
	h := newHouse(t, db, Options{PublicURL: "https://gestion.exemple.coop"})
	h.person(ada, phrase)
	b := h.browser(firefox)
	_, err := b.signIn(ada, phrase)
	h.must(err)
	if c := b.cookie; c.Name != "__Host-essaim" || !c.Secure || c.Domain != "" || c.Path != "/" || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode {
		t.Errorf("cookie %+v", c)
	}
}

func TestPublicAddresses(t *testing.T) {
	db := storetest.Open(t, store.Options{URL: storetest.SQLite(t)})
	for address, ok := range map[string]bool{
		"https://gestion.exemple.coop": true, "https://gestion.exemple.coop:8443": true, "http://localhost:8080": true, "http://127.0.0.1:8080": true,
		"http://[::1]:8080": true, "http://gestion.exemple.coop": false, "gestion.exemple.coop": false, "": false, "ftp://x": false, "https://": false,
		"http://localhost.exemple.coop": false,
	} {
		s, err := New(db, Options{PublicURL: address})
		if (err == nil) != ok {
			t.Errorf("%q: %v", address, err)
		}
		if err == nil && s.PasskeysWork() != !strings.ContainsAny(strings.TrimPrefix(address, "http://"), "[1") {
			t.Errorf("%q: passkeys %v", address, s.PasskeysWork())
		}
	}
	if _, err := New(db, Options{PublicURL: "http://gestion.exemple.coop", Insecure: true}); err != nil {
		t.Errorf("insecure on purpose: %v", err)
	}
}

func TestASessionThatCannotBeReadIsToldSo(t *testing.T) {
	db, err := store.Open(context.Background(), store.Options{URL: storetest.SQLite(t)})
	if err != nil {
		t.Fatal(err)
	}
	h := newHouse(t, db, Options{})
	h.person(ada, phrase)
	b := h.browser(firefox)
	_, err = b.signIn(ada, phrase)
	h.must(err)
	h.forget()
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	w := b.serve(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the page was served") }),
		httptest.NewRequestWithContext(ctx, http.MethodGet, thePlace+"/", nil))
	if w.Code != http.StatusServiceUnavailable || len(h.failed) != 1 {
		t.Errorf("status %d, told %d times", w.Code, len(h.failed))
	}
}

// counting counts how often the status is written: net/http warns of a second time.
type counting struct {
	*httptest.ResponseRecorder
	times int
}

func (c *counting) WriteHeader(status int) {
	c.times++
	c.ResponseRecorder.WriteHeader(status)
}

// A session that cannot be kept answers by the refusal alone: nothing of the page that would have followed.
func TestASessionThatCannotBeKeptIsToldAlone(t *testing.T) {
	url := storetest.SQLite(t)
	before := newHouse(t, storetest.Open(t, store.Options{URL: url}), Options{})
	before.person(ada, phrase)
	h := newHouse(t, storetest.Open(t, store.Options{URL: url, MaxPages: 1}), Options{}) // a full disk
	for name, handler := range map[string]http.HandlerFunc{
		"redirect": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/", http.StatusSeeOther) },
		"page":     func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("welcome")) },
		"nothing":  func(http.ResponseWriter, *http.Request) {},
	} {
		h.failed = nil
		w := &counting{ResponseRecorder: httptest.NewRecorder()}
		w.Header().Set("X-Before", "kept")
		h.Load(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			h.sessions.Put(r.Context(), "long", strings.Repeat("x", 100_000))
			handler(w, r)
		}), h.fail).ServeHTTP(w, httptest.NewRequest(http.MethodPost, thePlace+"/", nil))
		if w.Code != http.StatusServiceUnavailable || w.times != 1 || len(h.failed) != 1 || w.Header().Get("Location") != "" || w.Header().Get("X-Before") != "kept" || w.Body.String() != "the session failed\n" {
			t.Errorf("%s: %d, written %d times, %v, %v, %q", name, w.Code, w.times, h.failed, w.Header(), w.Body)
		}
	}
}

func TestLanguageOfAVisitor(t *testing.T) {
	db := storetest.Open(t, store.Options{URL: storetest.SQLite(t)})
	h := newHouse(t, db, Options{})
	for header, want := range map[string]string{"": "fr", "en-GB,en;q=0.9": "en", "fr-FR": "fr", "de,en;q=0.5": "en", "de": "fr"} {
		b := h.browser(firefox)
		b.lang = header
		b.visit(func(ctx context.Context) {
			if got := lang(ctx); got != want {
				t.Errorf("%q: %s, want %s", header, got, want)
			}
		})
	}
	login := h.person(ada, phrase)
	b := h.browser(firefox)
	_, err := b.signIn(ada, phrase)
	h.must(err)
	h.must(b.do(func(ctx context.Context) error { return h.SetLang(ctx, "en") }))
	if id, _ := b.who(); id.Lang != "en" || id.Login != login {
		t.Errorf("identity %+v", id)
	}
}

func TestDevices(t *testing.T) {
	for agent, want := range map[string][2]string{
		firefox: {"Firefox", "Linux"},
		iphone:  {"Safari", "iPhone"},
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0":   {"Edge", "Windows"},
		"Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36":           {"Chrome", "Android"},
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15":           {"Safari", "macOS"},
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/142.0 Mobile Safari/604.1": {"Chrome", "iPhone"},
		"": {"", ""},
	} {
		if browser, system := device(agent); browser != want[0] || system != want[1] {
			t.Errorf("%s: %s, %s", agent, browser, system)
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	db := storetest.Open(b, store.Options{URL: storetest.SQLite(b)})
	s, err := New(db, Options{PublicURL: thePlace})
	if err != nil {
		b.Fatal(err)
	}
	in, err := s.Invite(context.Background(), ada, "fr")
	if err != nil {
		b.Fatal(err)
	}
	w := httptest.NewRecorder()
	s.Load(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := s.enter(r.Context(), in.Login, ByPassword); err != nil {
			b.Error(err)
		}
	}), nil).ServeHTTP(w, httptest.NewRequest(http.MethodPost, thePlace, nil))
	handler := s.Load(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if _, ok := FromContext(r.Context()); !ok {
			b.Error("nobody")
		}
	}), nil)
	r := httptest.NewRequest(http.MethodGet, thePlace, nil)
	r.AddCookie(w.Result().Cookies()[0])
	for b.Loop() {
		handler.ServeHTTP(httptest.NewRecorder(), r)
	}
}
