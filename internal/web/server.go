package web

import (
	"context"
	"crypto/cipher"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"essaim/internal/auth"
	"essaim/internal/office"
	"essaim/internal/store"
)

// Options say how the pages meet the world.
type Options struct {
	PublicURL string // origin that browsers see: « https://gestion.exemple.coop »
	Version   string // told by /healthz
	Log       *slog.Logger
	API       http.Handler // answers /api/; nil: absent
	// Address tells who asks, behind a proxy for instance; nil: the other end of the connection.
	Address func(*http.Request) string
	// Guests are shown on the sign-in page of a demonstration, one button each.
	Guests []Guest
}

// Guest is someone of the demonstration as whom a visitor may enter.
type Guest struct {
	Name, Role, Email, Password string
}

// Server answers every page of the program.
type Server struct {
	office *office.Office
	auth   *auth.Service
	opt    Options
	log    *slog.Logger
	secure bool // browsers come by https
	seal   cipher.AEAD
	routes []*route
	houses sync.Map // coop id → *house
	places sync.Map // login → placesKept
	kept   keptPages
	counts map[string]func(*Visit) string
	pages  http.Handler
}

// New makes the server of the pages. The store is open; nothing is listened to yet.
func New(o *office.Office, a *auth.Service, opt Options) (*Server, error) {
	u, err := url.Parse(opt.PublicURL)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("public address %q: write https://name or http://localhost:port", opt.PublicURL)
	}
	s := &Server{office: o, auth: a, opt: opt, log: opt.Log, secure: u.Scheme == "https", counts: map[string]func(*Visit) string{}}
	if s.log == nil {
		s.log = slog.Default()
	}
	if s.seal, err = sealer(o.DB()); err != nil {
		return nil, err
	}
	for _, add := range sections {
		add(s)
	}
	s.pages = s.mux()
	return s, nil
}

// Handler returns the whole: pages, assets and the API, behind what protects them all.
func (s *Server) Handler() http.Handler {
	signed := s.auth.Load(s.pages, s.sessionFailed)
	inner := http.NewServeMux()
	inner.HandleFunc("GET /static/{sum}/{name...}", serveAsset)
	inner.HandleFunc("GET /healthz", s.healthz)
	inner.HandleFunc("GET /robots.txt", robots)
	inner.HandleFunc("GET /manifest.webmanifest", s.manifest)
	inner.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, assetURL("favicon.svg"), http.StatusFound)
	})
	if s.opt.API != nil {
		inner.Handle("/api/", s.opt.API)
	}
	inner.Handle("/", signed)

	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.plain(w, r, http.StatusForbidden, "web.cross_title", "web.cross_text")
	}))
	return s.guard(s.headers(s.clean(cross.Handler(inner))))
}

type requestKey struct{}

// request is what the log knows of one request.
type request struct {
	id     string
	route  string // the pattern, never the address: some addresses are secrets
	login  int64
	status int
	size   int
	err    error
}

func requestOf(ctx context.Context) *request {
	if q, ok := ctx.Value(requestKey{}).(*request); ok {
		return q
	}
	return &request{}
}

// counter sees the status and the size go by.
type counter struct {
	http.ResponseWriter
	q *request
}

func (c *counter) WriteHeader(status int) {
	if c.q.status == 0 {
		c.q.status = status
	}
	c.ResponseWriter.WriteHeader(status)
}

func (c *counter) Write(b []byte) (int, error) {
	if c.q.status == 0 {
		c.q.status = http.StatusOK
	}
	n, err := c.ResponseWriter.Write(b)
	c.q.size += n
	return n, err
}

func (c *counter) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// guard gives each request its number and its line in the log, and keeps a panic from taking the others along.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		q := &request{id: newID()}
		w.Header().Set("X-Request-Id", q.id)
		c := &counter{ResponseWriter: w, q: q}
		r = r.WithContext(context.WithValue(r.Context(), requestKey{}, q))
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler { //nolint:errorlint // a panic's value, as net/http documents it
					panic(p)
				}
				s.log.Error("panic", "request", q.id, "route", q.route, "panic", p, "stack", string(debug.Stack()))
				if q.status == 0 {
					s.plain(c, r, http.StatusInternalServerError, "web.broken_title", "web.broken_text")
				}
			}
			level := slog.LevelInfo
			switch {
			case q.status >= 500:
				level = slog.LevelError
			case strings.HasPrefix(r.URL.Path, "/static/") || r.URL.Path == "/healthz":
				level = slog.LevelDebug
			}
			if !s.log.Enabled(r.Context(), level) {
				return
			}
			attrs := []any{"id", q.id, "method", r.Method, "route", q.route, "status", q.status, "bytes", q.size, "ms", float64(time.Since(began).Microseconds()) / 1000}
			if q.login != 0 {
				attrs = append(attrs, "login", q.login)
			}
			if q.err != nil {
				attrs = append(attrs, "err", q.err)
			}
			s.log.Log(r.Context(), level, "request", attrs...)
		}()
		next.ServeHTTP(c, r)
	})
}

// policy lets a page load from this origin and nothing from elsewhere, and run nothing that stands in the page itself.
const policy = "default-src 'self'; img-src 'self'; style-src 'self'; script-src 'self'; object-src 'self'; frame-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

func (s *Server) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h["Content-Security-Policy"] = []string{policy}
		h["X-Frame-Options"] = []string{"DENY"}
		h["X-Content-Type-Options"] = []string{"nosniff"}
		h["Referrer-Policy"] = []string{"same-origin"}
		h["Cross-Origin-Opener-Policy"] = []string{"same-origin"}
		h["Permissions-Policy"] = []string{"camera=(), geolocation=(), microphone=(), payment=(), usb=()"}
		if s.secure {
			h["Strict-Transport-Security"] = []string{"max-age=31536000"}
		}
		next.ServeHTTP(w, r)
	})
}

func (s *Server) healthz(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	if err := s.office.DB().Read(ctx, 0, func(*store.Tx) error { return nil }); err != nil {
		s.log.Error("health", "err", err)
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = w.Write([]byte("store unavailable\n"))
		return
	}
	_, _ = w.Write([]byte("ok " + s.opt.Version + "\n"))
}

// robots: nothing here is for search engines.
func robots(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("User-agent: *\nDisallow: /\n"))
}

// manifest stands at a fixed address, as browsers ask; what it names has its checksum.
func (s *Server) manifest(w http.ResponseWriter, r *http.Request) {
	a := assets()["manifest.webmanifest"]
	r.SetPathValue("name", a.name)
	r.SetPathValue("sum", "")
	serveAsset(w, r)
}
