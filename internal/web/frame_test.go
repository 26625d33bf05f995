package web_test

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"essaim/internal/web"
	"essaim/internal/web/webtest"
)

const place = "/" + webtest.Slug

func TestHeadersProtectEveryPage(t *testing.T) {
	h := webtest.Start(t)
	for _, b := range []*webtest.Browser{h.Visitor(), h.As("maelle")} {
		for _, path := range []string{"/sign-in", place + "/probe/form", place + "/probe/broken", place + "/nothing", "/static/x/app.css", "/healthz", "/robots.txt", "/nothing/at/all"} {
			p := b.Get(path)
			csp := p.Header.Get("Content-Security-Policy")
			for _, want := range []string{"default-src 'self'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'", "object-src 'self'"} {
				if !strings.Contains(csp, want) {
					t.Errorf("%s: the policy lacks %s: %s", path, want, csp)
				}
			}
			if strings.Contains(csp, "unsafe") || p.Header.Get("X-Content-Type-Options") != "nosniff" || p.Header.Get("X-Frame-Options") != "DENY" || len(p.Header.Get("X-Request-Id")) != 12 {
				t.Errorf("%s: %v", path, p.Header)
			}
		}
	}
	b := h.As("maelle")
	pdf := b.Get(place+"/probe/pdf").Want(t, 200)
	if pdf.Header.Get("X-Frame-Options") != "SAMEORIGIN" || pdf.Header.Get("Content-Security-Policy") != "frame-ancestors 'self'" || pdf.Header.Get("Content-Disposition") != `inline; filename=F-2026-0012.pdf` {
		t.Errorf("a PDF beside its form: %v", pdf.Header)
	}
	csv := b.Get(place+"/probe/csv").Want(t, 200)
	if got := csv.Header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment; filename*=utf-8''journal%20d") {
		t.Errorf("a file to keep: %s", got)
	}
}

// Each way to fail has its status, its words and a way on.
func TestRefusalsAreTold(t *testing.T) {
	h := webtest.Start(t)
	b := h.As("maelle")
	for what, want := range map[string]struct {
		status int
		words  []string
	}{
		"conflict":  {409, []string{"Cela a changé entre-temps", "Encore un instant"}},
		"closed":    {409, []string{"C’est déjà clos"}},
		"forbidden": {403, []string{"Ce n’est pas à vous de le faire", "Demander à la comptabilité.", "Demander à Samira Haddad", "04 00 00 00 00"}},
		"absent":    {404, []string{"Rien à voir ici", "n’existe pas ou ne vous est pas ouverte", "Demander à Samira Haddad", "04 00 00 00 00"}},
		"busy":      {503, []string{"Encore un instant"}},
		"invalid":   {422, []string{"Cela ne peut pas être pris"}},
		"broken":    {500, []string{"Quelque chose s’est cassé chez nous", "Numéro de la demande : "}},
		"panic":     {500, []string{"Quelque chose s’est cassé chez nous", "Numéro de la demande : "}},
	} {
		p := b.Get(place+"/probe/"+what).Want(t, want.status, want.words...)
		p.Without(t, "secret")
		if want.status == 500 && !strings.Contains(p.Body, p.Header.Get("X-Request-Id")) {
			t.Errorf("%s: the page does not give its number", what)
		}
	}
	b.Get(place+"/probe/nothing").Want(t, 404, "Demander à Samira")
	b.Get("/pas-une-coop/").Want(t, 404, "n’existe pas ou ne vous est pas ouverte")
	h.As("anatole").Get(place+"/probe/conflict").Want(t, 409, "This has changed meanwhile")
	// A form that meets a broken machine is not lost: it may be sent again with the same key.
	form := b.Get(place+"/probe/form").Form("/password", url.Values{"note": {"Une très longue note"}, "email": {"x"}})
	p := b.Post(place+"/probe/busy", form).Want(t, 503, "Ce que vous aviez écrit", "Une très longue note", "Envoyer de nouveau")
	if again := p.Fields("/probe/busy"); again.Get("key") != form.Get("key") || again.Get("note") != "Une très longue note" {
		t.Errorf("sent again: %v", again)
	}
	b.Post(place+"/probe/conflict", form).Want(t, 409, "Une très longue note").Without(t, "Envoyer de nouveau")
	// Ten megabytes of label.
	b.Post(place+"/probe/save", url.Values{"note": {strings.Repeat("é", 5<<20)}}).Want(t, 413, "C’est trop volumineux")
}

// What another cooperative's user, a colleague and a visitor see of an address.
func TestAddressesOpenToTheirPeople(t *testing.T) {
	h := webtest.Start(t)
	for _, c := range []struct {
		who, path string
		status    int
	}{
		{"maelle", "/a/10/probe", 200},
		{"malo", "/a/10/probe", 404},
		{"samira", "/a/10/probe", 200},
		{"samira", "/a/12/probe", 404},
		{"irene", "/a/10/probe", 200},
		{"hugo", "/a/10/probe", 404},
		{"maelle", "/a/999/probe", 404},
		{"maelle", "/a/x/probe", 404},
		{"maelle", "/a/-10/probe", 404},
		{"maelle", "/a/10%20/probe", 404},
		{"nadia", "/probe/list", 200},
		{"maelle", "/probe/list", 404},
		{"zoe", "/probe/list", 404},
		{"zoe", "/a/10/probe", 404},
		{"zoe", "/probe/specimen", 404},
		{"nobody", "/probe/specimen", 404},
	} {
		if p := h.As(c.who).Get(place + c.path); p.Status != c.status {
			t.Errorf("%s at %s: %d, want %d", c.who, c.path, p.Status, c.status)
		}
	}
	h.Visitor().Get(place+"/a/10/probe").WantTo(t, "/sign-in?next=%2Ftrame-et-sillon%2Fa%2F10%2Fprobe")
	// Existing or not, an address looks the same to those it is not open to.
	b := h.As("zoe")
	if one, two := b.Get(place+"/a/10/probe").Text(), b.Get("/no-such-place/a/10/probe").Text(); one != two {
		t.Errorf("a cooperative tells that it exists:\n%s\n%s", one, two)
	}
}

func TestNavigationShowsWhatOpens(t *testing.T) {
	h := webtest.Start(t)
	for _, name := range webtest.Names() {
		b := h.As(name)
		p := b.Get(place+"/probe/form").Want(t, 200)
		for _, m := range regexp.MustCompile(`<nav class="side".*?</nav>`).FindAllString(p.Body, -1) {
			for _, link := range regexp.MustCompile(`href="(/[^"]*)"`).FindAllStringSubmatch(m, -1) {
				if got := b.Follow(b.Get(strings.ReplaceAll(link[1], "&amp;", "&"))); got.Status != 200 {
					t.Errorf("%s: the side bar leads to %s: %d", name, link[1], got.Status)
				}
			}
		}
	}
	h.As("lucie").Get(place+"/probe/form").Want(t, 200, "Équipe d’appui", "Lucie couture", "Trio paysage", "5 activités")
	h.As("lucie").Get(place+"/probe/form?a=12").Want(t, 200, "CESA, depuis mars 2025")
	h.As("malo").Get(place+"/probe/form").Want(t, 200, "CAPE, jusqu’au 21 nov. 2027", "Samira m’accompagne", "à 3 personnes")
	h.Join(t, "malo", h.Other)
	h.Pass(2 * time.Minute) // the list of cooperatives is read once a minute
	h.As("malo").Get(place+"/probe/form").Want(t, 200, "Autre Rive", "Une autre coopérative")
}

func TestOtherSitesSendNothing(t *testing.T) {
	h := webtest.Start(t)
	b := h.As("maelle")
	for _, headers := range [][]string{{"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"}, {"Sec-Fetch-Site", "", "Origin", "https://evil.example"}} {
		p := b.Send("/me/look", url.Values{"lang": {"en"}}, headers...)
		p.Want(t, 403, "Cette demande vient d’un autre site")
	}
	b.Get("/me").Want(t, 200, "Mon profil")
}

func TestFlashIsSaidOnce(t *testing.T) {
	h := webtest.Start(t)
	b := h.As("maelle")
	b.Follow(b.Post(place+"/probe/say", url.Values{})).Want(t, 200, "Jeton retiré").Without(t, "Annuler")
	b.Get(place+"/probe/form").Without(t, "Jeton retiré")
	p := b.Follow(b.Post(place+"/probe/undo", url.Values{})).Want(t, 200, "Clé d’accès retirée", "Annuler")
	if got := p.Fields("/probe/say").Get("id"); got != "<12>" {
		t.Errorf("the way back carries %q", got)
	}
}

func TestDraftsSaveThemselves(t *testing.T) {
	h := webtest.Start(t)
	b := h.As("maelle")
	p := b.Send(place+"/probe/save", url.Values{"amount": {"12,50"}}, "X-Autosave", "1").Want(t, 200)
	var said map[string]string
	if err := json.Unmarshal([]byte(p.Body), &said); err != nil || said["action"] != place+"/probe/save?id=7" || said["version"] != "1250" || !strings.Contains(said["saved"], "11\u00a0h\u00a000") {
		t.Errorf("%v %v", said, err)
	}
	b.Send(place+"/probe/save", url.Values{"amount": {"douze"}}, "X-Autosave", "1").Want(t, 422, "Ce n’est pas un montant")
	b.Post(place+"/probe/save", url.Values{"amount": {"douze"}}).Want(t, 422, "Une chose à revoir", "Ce n’est pas un montant")
	b.Forget()
	b.Send(place+"/probe/save", url.Values{"amount": {"12"}}, "X-Autosave", "1").Want(t, 401, "Votre session est terminée")
	if p := b.Send(place+"/probe/save", url.Values{}, "HX-Request", "true"); p.Status != 204 || !strings.HasPrefix(p.Header.Get("HX-Redirect"), "/sign-in?next=") {
		t.Errorf("htmx after the session: %d %v", p.Status, p.Header)
	}
}

// A page read by a browser that takes gzip is the same, smaller.
func TestPagesAreCompressed(t *testing.T) {
	h := webtest.Start(t)
	get := func(path, encoding string) (*http.Response, string) {
		r := httptest.NewRequest("GET", h.URL+path, nil)
		r.Header.Set("Accept-Encoding", encoding)
		w := httptest.NewRecorder()
		h.Handler.ServeHTTP(w, r)
		body := io.Reader(w.Body)
		if w.Result().Header.Get("Content-Encoding") == "gzip" {
			z, err := gzip.NewReader(body)
			if err != nil {
				t.Fatal(err)
			}
			body = z
		}
		b, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		return w.Result(), string(b)
	}
	key := regexp.MustCompile(`name="key" value="[^"]*"`)
	for _, path := range []string{"/sign-in", "/static/x/app.css", "/static/x/icons.svg"} {
		small, one := get(path, "br;q=1, gzip")
		plain, two := get(path, "gzip;q=0, identity")
		if small.Header.Get("Content-Encoding") != "gzip" || plain.Header.Get("Content-Encoding") != "" || small.ContentLength >= plain.ContentLength {
			t.Errorf("%s: %v and %v", path, small.Header, plain.Header)
		}
		if !strings.Contains(strings.Join(small.Header.Values("Vary"), ","), "Accept-Encoding") {
			t.Errorf("%s: no Vary", path)
		}
		if key.ReplaceAllString(one, "") != key.ReplaceAllString(two, "") {
			t.Errorf("%s: differs", path)
		}
	}
}

func TestAssetsAreKeptForever(t *testing.T) {
	h := webtest.Start(t)
	b := h.Visitor()
	page := b.Get("/sign-in")
	names := regexp.MustCompile(`"(/static/[0-9a-f]{10}/[^"#]+)`).FindAllStringSubmatch(page.Body, -1)
	if len(names) < 5 {
		t.Fatalf("assets of the page: %v", names)
	}
	total := 0
	css := ""
	for _, m := range names {
		p := b.Get(m[1]).Want(t, 200)
		if got := p.Header.Get("Cache-Control"); !strings.Contains(got, "immutable") {
			t.Errorf("%s: %s", m[1], got)
		}
		if strings.HasSuffix(m[1], ".css") {
			css = p.Body
		}
		total++
	}
	for _, m := range regexp.MustCompile(`url\((/static/[^)]+)\)`).FindAllStringSubmatch(css, -1) {
		if p := b.Get(m[1]).Want(t, 200); !strings.Contains(p.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s is not kept", m[1])
		}
		total++
	}
	if total < 8 {
		t.Errorf("only %d assets seen", total)
	}
	// An old address gets today's file, without the promise.
	if p := b.Get("/static/0000000000/app.css").Want(t, 200); strings.Contains(p.Header.Get("Cache-Control"), "immutable") {
		t.Error("a wrong checksum is kept forever")
	}
	b.Get("/static/x/..%2f..%2fgo.mod").Want(t, 404)
	b.Get("/static/x/LICENCES.md").Want(t, 404)
	var manifest struct {
		Icons []struct{ Src string }
	}
	if err := json.Unmarshal([]byte(b.Get("/manifest.webmanifest").Want(t, 200).Body), &manifest); err != nil || len(manifest.Icons) == 0 {
		t.Fatal(err)
	}
	for _, i := range manifest.Icons {
		b.Get(i.Src).Want(t, 200)
	}
	b.Get("/robots.txt").Want(t, 200, "Disallow: /")
	b.Get("/healthz").Want(t, 200, "ok test")
	b.Follow(b.Get("/favicon.ico")).Want(t, 200)
}

// The log tells who asked what, how it went, and no secret.
func TestLogKeepsSecrets(t *testing.T) {
	var log strings.Builder
	h := webtest.Start(t, func(o *web.Options) {
		o.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelInfo}))
	})
	b := h.As("maelle")
	b.Get(place + "/probe/broken")
	b.Get("/password/a-secret-token")
	b.Get(place + "/d/a-secret-token")
	b.Post("/sign-in", url.Values{"email": {"x@y.example"}, "password": {"a-secret-password"}})
	text := log.String()
	for _, want := range []string{"status=500", "a secret of the store", "/password/{token}", "/{coop}/d/{token}", "login="} {
		if !strings.Contains(text, want) {
			t.Errorf("the log does not say %q:\n%s", want, text)
		}
	}
	for _, never := range []string{"a-secret-token", "a-secret-password", "x@y.example"} {
		if strings.Contains(text, never) {
			t.Errorf("the log says %q", never)
		}
	}
}

func TestReservedSlugs(t *testing.T) {
	for _, word := range []string{"static", "api", "me", "sign-in", "password", "cooperatives", "passkey"} {
		if !web.Reserved(word) {
			t.Errorf("a cooperative may be called %s", word)
		}
	}
	if web.Reserved(webtest.Slug) {
		t.Error("no cooperative may have a name")
	}
}
