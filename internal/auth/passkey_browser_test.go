package auth

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"

	"essaim/i18n"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

// The script that the pages load, in a real browser with an authenticator of its own, under a policy that allows nothing
// inline: add a passkey, sign in by it, and be told what went wrong.
func TestPasskeyInABrowser(t *testing.T) {
	script, err := os.ReadFile(filepath.FromSlash("../web/static/passkey.js"))
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	place := fmt.Sprintf("http://localhost:%d", listener.Addr().(*net.TCPAddr).Port)
	h := newHouse(t, storetest.Open(t, store.Options{URL: storetest.SQLite(t)}), Options{PublicURL: place})
	login := h.person(ada, phrase)

	mux := http.NewServeMux()
	mux.HandleFunc("GET /passkey.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		_, _ = w.Write(script) // to our own browser
	})
	mux.HandleFunc("GET /enter", func(_ http.ResponseWriter, r *http.Request) {
		if _, err := h.SignIn(r.Context(), ada, phrase); err != nil {
			t.Error(err)
		}
	})
	mux.HandleFunc("GET /leave", func(_ http.ResponseWriter, r *http.Request) {
		if err := h.SignOut(r.Context()); err != nil {
			t.Error(err)
		}
	})
	mux.HandleFunc("GET /page", func(w http.ResponseWriter, r *http.Request) {
		id, _ := FromContext(r.Context())
		fmt.Fprintf(w, `<!doctype html><title>%d %s</title><script src="/passkey.js" defer></script><h1 id="at-%s">Essaim</h1><input id="name" value="Mon téléphone">
<button type="button" hidden id="add" data-passkey="register" data-begin="/register/begin" data-finish="/register/finish" data-next="/page?added" data-name="name">+</button>
<button type="button" hidden id="in" data-passkey="sign-in" data-begin="/begin" data-finish="/finish" data-next="/page?in">→</button>`, id.Login, id.Method, r.URL.RawQuery)
	})
	mux.HandleFunc("POST /register/begin", h.PasskeyBeginRegister)
	mux.HandleFunc("POST /register/finish", h.PasskeyFinishRegister)
	mux.HandleFunc("POST /begin", h.PasskeyBeginLogin)
	mux.HandleFunc("POST /finish", h.PasskeyFinishLogin)
	protected := http.NewCrossOriginProtection().Handler(h.Load(mux, nil))
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'self'")
		protected.ServeHTTP(w, r)
	}))
	if err := server.Listener.Close(); err != nil {
		t.Fatal(err)
	}
	server.Listener = listener
	server.Start()
	t.Cleanup(server.Close)

	allocator, cancel := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(cmp.Or(os.Getenv("ESSAIM_TEST_CHROMIUM"), "/usr/bin/chromium")), chromedp.NoSandbox)...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)

	do := func(steps ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		if err := chromedp.Do(ctx, steps...); err != nil {
			t.Fatal(err)
		}
	}
	var device webauthn.AuthenticatorID
	do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		if _, err := cdp.Call(ctx, target, webauthn.Enable, webauthn.EnableParams{}); err != nil {
			return err
		}
		made, err := cdp.Call(ctx, target, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
			Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal, HasResidentKey: true, HasUserVerification: true,
			IsUserVerified: true, AutomaticPresenceSimulation: true, DefaultBackupEligibility: true, DefaultBackupState: true, // as phones keep them
		}})
		device = made.AuthenticatorID
		return err
	}))
	finger := func(right bool) {
		t.Helper()
		do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
			_, err := cdp.Call(ctx, target, webauthn.SetUserVerified, webauthn.SetUserVerifiedParams{AuthenticatorID: device, IsUserVerified: right})
			return err
		}))
	}
	open := func(path string) { t.Helper(); do(chromedp.Navigate(place + path)) }
	click := func(button string) {
		t.Helper()
		open("/page")
		do(chromedp.WaitVisible(button), chromedp.Click(button))
	}
	// arrived waits for the page that the script goes to, and returns who is signed in there.
	arrived := func(query string) string {
		t.Helper()
		do(chromedp.WaitVisible("#at-" + query))
		title, err := chromedp.Run(ctx, chromedp.Title())
		if err != nil {
			t.Fatal(err)
		}
		return title
	}
	told := func() string {
		t.Helper()
		do(chromedp.WaitVisible(`.passkey-says[role="alert"] p`))
		words, err := chromedp.Run(ctx, chromedp.Text(`.passkey-says p`))
		if err != nil {
			t.Fatal(err)
		}
		return words
	}
	french, english := i18n.For("fr"), i18n.For("en")
	says := func(key string) {
		t.Helper()
		if words := told(); words != french.T(key) && words != english.T(key) {
			t.Errorf("told %q, want %s", words, key)
		}
	}

	open("/enter")
	click("#add")
	if who := arrived("added"); who != fmt.Sprint(login, " password") {
		t.Errorf("signed in as %q", who)
	}
	storetest.Read(t, h.db, 0, func(tx *store.Tx) error {
		all, err := tx.Credentials(login)
		if len(all) != 1 || all[0].Name != "Mon téléphone" {
			t.Errorf("passkeys %+v", all)
		}
		return err
	})
	click("#add") // the same device again
	says("auth.passkey_known")
	open("/leave")
	click("#in")
	if who := arrived("in"); who != fmt.Sprint(login, " passkey") {
		t.Errorf("signed in as %q", who)
	}
	open("/leave")
	finger(false)
	click("#in")
	says("auth.passkey_cancelled")
	finger(true)
	h.must(h.Disable(context.Background(), login, true, By{}))
	click("#in") // what the program refuses is told in its words
	says("auth.passkey_failed")
}
