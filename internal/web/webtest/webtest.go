// Package webtest runs the pages for tests: a server on a real store with a small cooperative and one person per role, and
// browsers that sign in, follow links and send forms. Nothing is simulated between the browser and the file.
//
//	h := webtest.Start(t)
//	maelle := h.As("maelle")
//	page := maelle.Get("/trame-et-sillon/")
//	page.Want(t, 200, "Bonjour Maëlle")
//	page = maelle.Post("/trame-et-sillon/a/10/customers", page.Form(url.Values{"name": {"Odile"}}))
package webtest

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"essaim/coop"
	"essaim/internal/auth"
	"essaim/internal/mail"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/internal/web"
)

// Password opens every login of the fixture.
const Password = "trois mots sans lien"

// Slug is the address of the cooperative; Other that of the one next door.
const (
	Slug  = "trame-et-sillon"
	Other = "autre-rive"
)

// Activities of the fixture.
const (
	Ceramique = 10 // Maëlle's, advised by Samira
	Paysage   = 11 // Malo's: under CAPE, nothing has happened yet
	Couture   = 12 // Lucie's, who is the accountant too
	Vitraux   = 13 // Anatole's, of a name of sixty-six letters
	Trio      = 14 // shared by Maëlle, Malo and Lucie
)

// House is a running server.
type House struct {
	T       testing.TB
	URL     string // "http://localhost:PORT"
	Server  *web.Server
	Handler http.Handler
	DB      *store.DB
	Office  *office.Office
	Auth    *auth.Service
	Coop    coop.Cooperative
	Other   coop.Cooperative
	Files   *store.Files

	logins  map[string]int64
	mu      sync.Mutex
	now     time.Time
	letters []mail.Message
}

// Start runs a server until the end of the test. Its clock stands at [storetest.Now].
func Start(t testing.TB, change ...func(*web.Options)) *House {
	t.Helper()
	return StartOn(t, storetest.SQLite(t), change...)
}

// StartOn is [Start] on a store of one's choice (an empty one: [storetest.SQLite], [storetest.Postgres]).
func StartOn(t testing.TB, address string, change ...func(*web.Options)) *House {
	t.Helper()
	h := &House{T: t, now: storetest.Now, logins: map[string]int64{}}
	h.DB = storetest.Open(t, store.Options{URL: address, Now: h.Now})
	files, err := store.OpenFiles(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := files.Close(); err != nil {
			t.Error(err)
		}
	})
	srv := httptest.NewUnstartedServer(nil)
	public := "http://localhost:" + port(srv.Listener.Addr().String())
	h.URL = public
	h.Files = files
	h.Office = office.New(h.DB, files, office.Options{PublicURL: public})
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	h.Auth, err = auth.New(h.DB, auth.Options{PublicURL: public, Now: h.Now, Lang: web.VisitorLang, Send: h.receive, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Auth.Close)
	h.fill()
	opt := web.Options{PublicURL: public, Version: "test", Log: log}
	for _, c := range change {
		c(&opt)
	}
	if h.Server, err = web.New(h.Office, h.Auth, opt); err != nil {
		t.Fatal(err)
	}
	h.Handler = h.Server.Handler()
	srv.Config.Handler = h.Handler
	srv.Start()
	t.Cleanup(srv.Close)
	return h
}

func port(addr string) string { return addr[strings.LastIndexByte(addr, ':')+1:] }

// Now is the clock of the house.
func (h *House) Now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

// Pass moves the clock on.
func (h *House) Pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

func (h *House) receive(_ context.Context, m mail.Message) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.letters = append(h.letters, m)
	return nil
}

// Letters returns the mails of sign-in sent so far.
func (h *House) Letters() []mail.Message {
	h.Auth.Close()
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]mail.Message(nil), h.letters...)
}

// Browser is one device: its cookies, its language.
type Browser struct {
	h      *House
	client *http.Client
	Lang   string // Accept-Language; "" is French
	at     string // address of the last page, sent as Referer
}

// Visitor is a browser that nobody has signed in with.
func (h *House) Visitor() *Browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.T.Fatal(err)
	}
	return &Browser{h: h, client: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// As signs in as someone of the fixture: "maelle", "malo", "lucie", "anatole", "samira" (advisor), "jean" (gestionnaire),
// "irene" (accountant), "paul" (payroll), "nadia" (manager), "hugo" (administrator), "claire" (auditor); "zoe" holds every
// role of the cooperative next door, "nobody" has a login and no cooperative.
func (h *House) As(name string) *Browser {
	h.T.Helper()
	b := h.Visitor()
	p := b.Post("/sign-in", url.Values{"email": {name + "@trame.example"}, "password": {Password}})
	if p.Status != http.StatusSeeOther {
		h.T.Fatalf("signing in as %s: %d\n%s", name, p.Status, p.Body)
	}
	return b
}

// Get asks for a page. Redirects are not followed: see [Browser.Follow].
func (b *Browser) Get(path string) *Page { return b.do(http.MethodGet, path, nil, nil) }

// Ask is Get with headers of one's choice (name, value …).
func (b *Browser) Ask(path string, headers ...string) *Page {
	return b.do(http.MethodGet, path, nil, headers)
}

// Post sends a form.
func (b *Browser) Post(path string, form url.Values) *Page {
	return b.do(http.MethodPost, path, form, nil)
}

// Send is Post with headers of one's choice (name, value …): "HX-Request", "X-Autosave".
func (b *Browser) Send(path string, form url.Values, headers ...string) *Page {
	return b.do(http.MethodPost, path, form, headers)
}

// Follow asks for a page and follows its redirects.
func (b *Browser) Follow(p *Page) *Page {
	b.h.T.Helper()
	for range 10 {
		if p.Location == "" {
			return p
		}
		p = b.Get(p.Location)
	}
	b.h.T.Fatalf("redirects without end, at %s", p.Location)
	return nil
}

// Upload sends a form that brings files, as a browser has written it ("Content-Type" says how).
func (b *Browser) Upload(path, body, kind string) *Page {
	return b.sent(http.MethodPost, path, strings.NewReader(body), kind, nil)
}

func (b *Browser) do(method, path string, form url.Values, headers []string) *Page {
	b.h.T.Helper()
	if form == nil {
		return b.sent(method, path, nil, "", headers)
	}
	return b.sent(method, path, strings.NewReader(form.Encode()), "application/x-www-form-urlencoded", headers)
}

func (b *Browser) sent(method, path string, body io.Reader, kind string, headers []string) *Page {
	t := b.h.T
	t.Helper()
	if !strings.HasPrefix(path, "http") {
		path = b.h.URL + path
	}
	r, err := http.NewRequestWithContext(context.Background(), method, path, body)
	if err != nil {
		t.Fatal(err)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
		r.Header.Set("Origin", b.h.URL)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		if b.at != "" {
			r.Header.Set("Referer", b.at)
		}
	}
	lang := b.Lang
	if lang == "" {
		lang = "fr"
	}
	r.Header.Set("Accept-Language", lang)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := b.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(resp.Body)
	if err == nil {
		err = resp.Body.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	if method == http.MethodGet && resp.StatusCode == http.StatusOK {
		b.at = path
	}
	page := &Page{t: t, Path: path, Status: resp.StatusCode, Header: resp.Header, Location: resp.Header.Get("Location"), Body: string(text)}
	page.sound(t)
	return page
}

// Forget drops the cookies: the session is gone, the page still stands open.
func (b *Browser) Forget() {
	jar, err := cookiejar.New(nil)
	if err != nil {
		b.h.T.Fatal(err)
	}
	b.client.Jar = jar
}

// Cookies are what the browser would send to the house.
func (b *Browser) Cookies() []*http.Cookie {
	u, err := url.Parse(b.h.URL)
	if err != nil {
		b.h.T.Fatal(err)
	}
	return b.client.Jar.Cookies(u)
}
