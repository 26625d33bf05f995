package auth

import (
	"context"
	"database/sql"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"sync"
	"testing"
	"time"

	"essaim/fault"
	"essaim/internal/mail"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

const (
	ada      = "ada@trame.example"
	phrase   = "trois mots sans lien"
	other    = "une autre phrase longue"
	firefox  = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
	iphone   = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
	home     = "192.0.2.10"
	thePlace = "http://localhost:8080"
)

// house is a service with a clock that the test moves, and its letters.
type house struct {
	*Service
	t   *testing.T
	db  *store.DB
	now time.Time

	mu      sync.Mutex
	letters []mail.Message
	failed  []error // sessions that could not be read or kept
}

// fail answers for a session that failed.
func (h *house) fail(w http.ResponseWriter, _ *http.Request, err error) {
	h.failed = append(h.failed, err)
	http.Error(w, "the session failed", http.StatusServiceUnavailable)
}

// each runs a test on both engines. The tests share one PostgreSQL database and begin with no login in it: making a
// database takes longer than most of them.
func each(t *testing.T, run func(t *testing.T, h *house)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		run(t, newHouse(t, storetest.Open(t, store.Options{URL: storetest.SQLite(t)}), Options{}))
	})
	t.Run("postgres", func(t *testing.T) {
		address := postgres(t)
		defer empty(t, address)
		run(t, newHouse(t, storetest.Open(t, store.Options{URL: address}), Options{}))
	})
}

// shared is what the tests of the package share, for as long as they run. They run one after the other.
var shared struct {
	postgres string
	ends     []func()
}

// lasting is a test whose ends come after the last test.
type lasting struct{ testing.TB }

func (lasting) Cleanup(f func()) { shared.ends = append(shared.ends, f) }

// Error is called by those ends, when the test itself is over.
func (lasting) Error(args ...any) { log.Fatal(args...) }

func postgres(t *testing.T) string {
	if shared.postgres == "" {
		shared.postgres = storetest.Postgres(lasting{t})
	}
	return shared.postgres
}

func TestMain(m *testing.M) {
	code := m.Run()
	for _, end := range shared.ends {
		end()
	}
	os.Exit(code)
}

// empty removes every login and what hangs on it.
func empty(t *testing.T, address string) {
	t.Helper()
	db, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`DELETE FROM session; DELETE FROM token; DELETE FROM credential; DELETE FROM attempt; DELETE FROM login`); err != nil {
		t.Error(err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}

func newHouse(t *testing.T, db *store.DB, opt Options) *house {
	t.Helper()
	h := &house{t: t, db: db, now: storetest.Now}
	if opt.PublicURL == "" {
		opt.PublicURL = thePlace
	}
	opt.Now = func() time.Time { return h.now }
	opt.Send = func(_ context.Context, m mail.Message) error {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.letters = append(h.letters, m)
		return nil
	}
	var err error
	if h.Service, err = New(db, opt); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Close)
	return h
}

// person opens a login with a password.
func (h *house) person(email, password string) int64 {
	h.t.Helper()
	in, err := h.Invite(context.Background(), email, "fr")
	if err != nil {
		h.t.Fatal(err)
	}
	if err := h.SetPassword(context.Background(), in.Login, password); err != nil {
		h.t.Fatal(err)
	}
	h.Close() // letters
	return in.Login
}

// mails returns the letters sent so far, once those behind the answers have left.
func (h *house) mails() []mail.Message {
	h.Close()
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.letters
}

var linkIn = regexp.MustCompile(thePlace + `/password/(\S+)`)

// link returns the token in the last letter.
func (h *house) lastLink() string {
	h.t.Helper()
	all := h.mails()
	if len(all) == 0 {
		h.t.Fatal("no letter was sent")
	}
	found := linkIn.FindStringSubmatch(all[len(all)-1].Text)
	if found == nil {
		h.t.Fatalf("no link in %q", all[len(all)-1].Text)
	}
	return found[1]
}

// browser is one device with its cookie.
type browser struct {
	h       *house
	agent   string
	address string
	lang    string
	cookie  *http.Cookie
	set     *http.Cookie // by the last answer
}

func (h *house) browser(agent string) *browser {
	return &browser{h: h, agent: agent, address: home, lang: "fr"}
}

// visit runs fn within a request of this browser.
func (b *browser) visit(fn func(ctx context.Context)) {
	b.h.t.Helper()
	b.serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fn(r.Context())
		w.WriteHeader(http.StatusNoContent)
	}), httptest.NewRequest(http.MethodPost, thePlace+"/", nil))
}

func (b *browser) serve(handler http.Handler, r *http.Request) *httptest.ResponseRecorder {
	b.h.t.Helper()
	r.RemoteAddr = b.address + ":4711"
	r.Header.Set("User-Agent", b.agent)
	r.Header.Set("Accept-Language", b.lang)
	if b.cookie != nil {
		r.AddCookie(b.cookie)
	}
	w := httptest.NewRecorder()
	b.h.Load(handler, b.h.fail).ServeHTTP(w, r)
	b.set = nil
	for _, c := range w.Result().Cookies() {
		b.set = c
		if b.cookie = c; c.MaxAge < 0 {
			b.cookie = nil
		}
	}
	return w
}

// do is visit for what returns an error.
func (b *browser) do(fn func(ctx context.Context) error) (err error) {
	b.h.t.Helper()
	b.visit(func(ctx context.Context) { err = fn(ctx) })
	return err
}

func (b *browser) signIn(email, password string) (result Result, err error) {
	b.h.t.Helper()
	b.visit(func(ctx context.Context) { result, err = b.h.SignIn(ctx, email, password) })
	return result, err
}

// who returns who is signed in.
func (b *browser) who() (id Identity, ok bool) {
	b.h.t.Helper()
	b.visit(func(ctx context.Context) { id, ok = FromContext(ctx) })
	return id, ok
}

// in says whether that login is signed in.
func (b *browser) in(login int64) bool {
	b.h.t.Helper()
	id, ok := b.who()
	return ok && id.Login == login
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// refused checks that err is the refusal of that key.
func (h *house) refused(err error, key string) {
	h.t.Helper()
	for _, f := range fault.All(err) {
		if f.Key == key {
			return
		}
	}
	h.t.Fatalf("%v, want the refusal %s", err, key)
}

// later moves the clock.
func (h *house) later(d time.Duration) { h.now = h.now.Add(d) }
