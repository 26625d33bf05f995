package journey

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"essaim/activity"
	"essaim/coop"
	"essaim/date"
	"essaim/internal/mail"
	"essaim/internal/mail/smtptest"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/internal/web"
	"essaim/internal/web/webtest"
	"essaim/money"
)

// pageMost is what a page may weigh on its way, compressed.
const pageMost = 60 << 10

// house is the cooperative of [webtest] served as the command serves it: mails leave by SMTP, jobs run as they come.
type house struct {
	*webtest.House
	office *office.Office
	url    string
	smtp   *smtptest.Server

	mail, password string // of those who sign in

	mu    sync.Mutex
	cut   func(*http.Request) bool // whose answer is lost on the way
	pair  func(*http.Request) bool // whose sendings go in two by two
	first chan struct{}
	gone  bool     // nothing arrives
	sent  []string // every sending that arrived: "POST /…"
}

// open starts the house on an empty store. Maëlle's activity leaves a tenth of what it invoices to the cooperative.
func open(t *testing.T, address string) *house {
	t.Helper()
	h := &house{House: webtest.StartOn(t, address), smtp: smtptest.Start(t), mail: "trame.example", password: webtest.Password}
	files, err := store.OpenFiles(t.TempDir())
	must(t, err)
	t.Cleanup(func() { must(t, files.Close()) })
	sender, err := mail.New(mail.Config{URL: h.smtp.URL()})
	must(t, err)
	srv := httptest.NewUnstartedServer(nil)
	h.url = "http://localhost:" + srv.Listener.Addr().String()[strings.LastIndexByte(srv.Listener.Addr().String(), ':')+1:]
	h.office = office.New(h.DB, files, office.Options{PublicURL: h.url, Mail: sender})
	pages, err := web.New(h.office, h.Auth, web.Options{PublicURL: h.url, Version: "test", Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))})
	must(t, err)
	srv.Config.Handler = h.watch(t, pages.Handler())
	srv.Start()
	t.Cleanup(srv.Close)

	ctx, stop := context.WithCancel(context.Background())
	var work sync.WaitGroup
	work.Go(func() { h.office.Work(ctx) })
	t.Cleanup(func() { stop(); work.Wait() })

	system, err := h.office.System(t.Context(), h.Coop.ID)
	must(t, err)
	policy := activity.Policy{Name: "Dix pour cent", Base: activity.Invoiced, When: activity.AtInvoice, Scales: []activity.Scale{{Brackets: []activity.Bracket{{Rate: 10 * money.Percent}}}}}
	rule, err := office.RuleOf(coop.RuleContribution, policy.Name, date.MustParse("2020-01-01"), policy, "AG du 12 juin 2019, résolution 4")
	must(t, err)
	rule, err = h.office.SaveRule(t.Context(), system, rule)
	must(t, err)
	act, err := h.office.Activity(t.Context(), system, webtest.Ceramique)
	must(t, err)
	act.Policy = rule.ID
	_, err = h.office.SaveActivity(t.Context(), system, act)
	must(t, err)
	return h
}

// watch stands between browser and program: it weighs the pages, and loses or delays what a test asks it to.
func (h *house) watch(t *testing.T, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.mu.Lock()
		gone := h.gone
		h.mu.Unlock()
		if gone {
			panic(http.ErrAbortHandler)
		}
		if r.Method == http.MethodPost {
			h.mu.Lock()
			h.sent = append(h.sent, r.URL.Path)
			cut := h.cut != nil && h.cut(r)
			var wait chan struct{}
			if h.pair != nil && h.pair(r) {
				if h.first == nil {
					h.first = make(chan struct{})
					wait = h.first
				} else {
					close(h.first)
					h.pair = nil
				}
			}
			h.mu.Unlock()
			if wait != nil {
				// The same browser gives the first up when the second leaves; the program must not notice.
				r = r.WithContext(context.WithoutCancel(r.Context()))
				<-wait
			}
			if cut {
				next.ServeHTTP(httptest.NewRecorder(), r.WithContext(context.WithoutCancel(r.Context())))
				panic(http.ErrAbortHandler) // done, and nobody is told
			}
		}
		c := &scale{ResponseWriter: w}
		next.ServeHTTP(c, r)
		if c.status >= 500 {
			t.Errorf("%s %s: %d", r.Method, r.URL.Path, c.status)
		}
		if strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") && c.bytes > pageMost {
			t.Errorf("%s %s: %d bytes on the way", r.Method, r.URL.Path, c.bytes)
		}
	})
}

// scale weighs an answer.
type scale struct {
	http.ResponseWriter
	status, bytes int
}

func (c *scale) WriteHeader(status int) {
	if c.status == 0 {
		c.status = status
	}
	c.ResponseWriter.WriteHeader(status)
}

func (c *scale) Write(b []byte) (int, error) {
	n, err := c.ResponseWriter.Write(b)
	c.bytes += n
	return n, err
}

func (c *scale) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// lose makes the answers to some sendings get lost: the program does what was asked, and the browser never hears of it.
// nil ends it.
func (h *house) lose(which func(*http.Request) bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.cut = which
}

// cutOff makes everything get lost on its way to the program.
func (h *house) cutOff(gone bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.gone = gone
}

// together makes the first of two sendings wait until the second is there; then both go in.
func (h *house) together(which func(*http.Request) bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.pair, h.first = which, nil
}

// posted counts the sendings to an address that ends so.
func (h *house) posted(end string) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := 0
	for _, path := range h.sent {
		if strings.HasSuffix(path, end) {
			n++
		}
	}
	return n
}

// sales counts Maëlle's documents.
func (h *house) sales(t *testing.T) int {
	t.Helper()
	_, sum, err := h.office.Sales(t.Context(), h.Actor("maelle"), store.SaleFilter{Activity: webtest.Ceramique, Today: storetest.Today, Limit: 50})
	must(t, err)
	return sum.Count
}

// path is an address of the cooperative.
func path(format string, args ...any) string {
	return "/" + webtest.Slug + fmt.Sprintf(format, args...)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
