// Package auth says who is at the other end of a request: sign-in by password, passkey and second factor, sessions one
// can see and end, reset and invitation by mail, tokens of the API. Who may do what is another matter: see access.
//
// # What it relies on
//
// Cross-site requests are refused before they arrive here: the program wraps its handlers in
// [net/http.CrossOriginProtection]. The session cookie is SameSite=Lax besides, and the handlers that answer JSON take
// nothing but application/json, which no form can send.
//
// # What is kept
//
// A cookie, a link and an API token are random and known here only by their SHA-256. Passwords are argon2id (19 MiB, two
// passes), at most two computed at a time. A code of the second factor serves once. Sessions and tokens are read from the
// store at most every five seconds and touched there at most every five minutes, so what another program ends (the
// command line, a second server) ends here within five seconds; what this one ends, it ends at once.
//
// # Nobody learns who has an account
//
// Sign-in and reset answer the same, after the same work, whether the address is known, unknown or disabled. Limits
// count attempts on unknown addresses alike.
//
// # Failures slow down, successes never
//
// Failures are counted for a login and for the address they come from ([network]), each with its pace: so many are free,
// each further one closes the subject for twice as long as the one before, up to fifteen minutes, and all are forgotten a
// while after the first. Whoever guesses the passwords of one person, or one password for many persons, has a few tries
// an hour. The rule, which limit_test.go holds as a table:
//
//   - A try counts as a failure from its beginning, so that tries at once do not pass together. Where it would be one
//     too many for a closed subject it is refused before anything is compared.
//   - A success takes back what was counted for it, and what that closed is open again: it closes nothing, neither for
//     itself nor for the others of its address, however many failures were counted before. It does not forget those of
//     the address: whoever has one account could otherwise guess on for ever between two sign-ins of their own.
//   - A complete success forgets the failures of its login. The right password alone, where a code is still to come, does not.
//   - Whoever comes while a try is under way that alone closes the subject waits for its end, a tenth of a second,
//     instead of being refused. (A try under way in another program on the same database refuses.)
//   - A passkey begun counts until it is finished. A letter asked for counts always: it is what is limited.
package auth

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/go-webauthn/webauthn/webauthn"

	"essaim/fault"
	"essaim/internal/mail"
	"essaim/internal/store"
)

// How long things live.
const (
	idleShort    = 12 * time.Hour       // a session opened by password, since it was last seen
	idlePasskey  = 30 * 24 * time.Hour  // one opened by a passkey: the device locks itself
	idleWaiting  = 10 * time.Minute     // before sign-in is complete
	lifetime     = 180 * 24 * time.Hour // any session, since it was opened
	touchEvery   = 5 * time.Minute
	cachedFor    = 5 * time.Second
	resetLives   = time.Hour
	inviteLives  = 7 * 24 * time.Hour
	proofLives   = 15 * time.Minute // how fresh a proof must be to change what protects the account
	mailsAtOnce  = 4
	hashesAtOnce = 2
)

// Options say how the service meets the world.
type Options struct {
	Name      string // shown by authenticators beside the account; "": Essaim
	PublicURL string // origin that browsers see: « https://gestion.exemple.coop »
	Insecure  bool   // allow http beyond this machine: only for a network one trusts wholly

	// LinkPath is the path of the page that a reset or an invitation opens; the token follows it. "": "/password/".
	LinkPath string
	// Send hands over a letter: recipient, language, subject and text; who it is from and its identifier are the sender's.
	// It should not wait for the mail server, for an invitation waits for it. What it keeps of a letter it should keep no
	// longer than it must: a link opens the account.
	Send func(context.Context, mail.Message) error
	// Address tells who asks, behind a proxy for instance; nil: the other end of the connection.
	Address func(*http.Request) string
	// Lang tells the language of a visitor who has not signed in; nil: by Accept-Language.
	Lang func(*http.Request) string
	Now  func() time.Time // nil: the store's clock
	Log  *slog.Logger     // nil: slog.Default()
}

// Service is the one who knows.
type Service struct {
	db       *store.DB
	opt      Options
	origin   string
	key      []byte // secret under which subjects of limits are hashed
	sessions *scs.SessionManager
	webauthn *webauthn.WebAuthn // nil where passkeys cannot work
	hashing  chan struct{}
	mailing  chan struct{}
	work     sync.WaitGroup
	visits   cache[known]
	tokens   cache[tokenEntry]
	trying   trying
}

// New makes the service of a store.
func New(db *store.DB, opt Options) (*Service, error) {
	u, err := url.Parse(opt.PublicURL)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, fmt.Errorf("public address %q: write https://name or http://localhost:port", opt.PublicURL)
	}
	if u.Scheme == "http" && !loopback(u.Hostname()) && !opt.Insecure {
		return nil, fmt.Errorf("public address %q: cookies and passkeys need https, except on this machine", opt.PublicURL)
	}
	if opt.Name == "" {
		opt.Name = "Essaim"
	}
	if opt.LinkPath == "" {
		opt.LinkPath = "/password/"
	}
	if opt.Log == nil {
		opt.Log = slog.Default()
	}
	if opt.Now == nil {
		opt.Now = db.Now
	}
	if opt.Address == nil {
		opt.Address = remote
	}
	s := &Service{
		db: db, opt: opt, origin: strings.ToLower(u.Scheme + "://" + u.Host),
		hashing: make(chan struct{}, hashesAtOnce), mailing: make(chan struct{}, mailsAtOnce),
	}
	if err := db.Write(context.Background(), 0, func(tx *store.Tx) (err error) { s.key, err = tx.Secret("auth", 32); return err }); err != nil {
		return nil, fmt.Errorf("secret of sign-in: %w", err)
	}
	s.sessions = scs.New()
	s.sessions.Store, s.sessions.Codec = sessionStore{s}, codec{}
	s.sessions.Lifetime = lifetime // what a session lives for is decided here, in sessionStore
	s.sessions.Cookie.Name, s.sessions.Cookie.Secure = cookie(u)
	s.sessions.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) {
		s.opt.Log.Error("session", "err", err)
		if a, ok := w.(*answer); ok {
			a.instead(r, err)
		}
	}
	if s.webauthn, err = relyingParty(u, s.origin, opt.Name); err != nil {
		return nil, err
	}
	return s, nil
}

// cookie names the session's cookie. With https the name itself makes browsers refuse one that was set from elsewhere;
// cookies ignore ports, so two programs on one machine take two names.
func cookie(u *url.URL) (name string, secure bool) {
	switch {
	case u.Scheme == "https":
		return "__Host-essaim", true
	case u.Port() != "":
		return "essaim_" + u.Port(), false
	}
	return "essaim", false
}

func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback() || host == "localhost" || strings.HasSuffix(host, ".localhost")
}

func remote(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// Close waits for what goes on behind the answers: letters.
func (s *Service) Close() { s.work.Wait() }

// Sweep removes sessions, links and counts that have run out; call it every hour or so.
func (s *Service) Sweep(ctx context.Context) error {
	return s.write(ctx, func(tx *store.Tx) error { return tx.SweepGlobal(s.now()) })
}

// Errors one may want to know by [errors.Is].
var (
	// ErrNobody refuses what only someone signed in may do.
	ErrNobody = fault.New(fault.Forbidden, "auth.nobody")
	// ErrStale asks for a fresh proof: the page should ask for the password or the passkey and come back.
	ErrStale = fault.New(fault.Forbidden, "auth.stale")
	// ErrToken refuses an API token that is unknown, has run out or was withdrawn.
	ErrToken = fault.New(fault.Forbidden, "auth.token_wrong")
)

func (s *Service) now() int64 { return s.opt.Now().UnixMicro() }

func (s *Service) read(ctx context.Context, fn func(*store.Tx) error) error {
	return s.db.Read(ctx, 0, fn)
}

func (s *Service) write(ctx context.Context, fn func(*store.Tx) error) error {
	return s.db.Write(ctx, 0, fn)
}

// noted is write with a note of what was done, when fn says that something was.
func (s *Service) noted(ctx context.Context, n store.LoginNote, fn func(*store.Tx) (bool, error)) (done bool, err error) {
	err = s.write(ctx, func(tx *store.Tx) error {
		if done, err = fn(tx); err != nil || !done {
			return err
		}
		return tx.NoteLogin(n)
	})
	return done && err == nil, err
}

// own is the note of what a person did to their own login.
func own(login int64, action string, detail ...string) store.LoginNote {
	n := store.LoginNote{Login: login, Action: "login." + action, Self: true}
	for i := 0; i+1 < len(detail); i += 2 {
		if n.Detail == nil {
			n.Detail = map[string]any{}
		}
		n.Detail[detail[i]] = detail[i+1]
	}
	return n
}

// login reads a login that must be there.
func (s *Service) login(ctx context.Context, id int64) (l store.Login, err error) {
	err = s.read(ctx, func(tx *store.Tx) error {
		var found bool
		if l, found, err = tx.Login(id); err == nil && !found {
			err = fault.New(fault.NotFound, "auth.login_unknown")
		}
		return err
	})
	return l, err
}

type digest = [sha256.Size]byte

func hash(secret string) digest { return sha256.Sum256([]byte(secret)) }

// written is how a hash stands in addresses and forms: a name, of no use to who reads it.
func written(hash []byte) string { return base64.RawURLEncoding.EncodeToString(hash) }

func unwritten(id string) []byte {
	b, err := base64.RawURLEncoding.DecodeString(id)
	if err != nil {
		return []byte{}
	}
	return b
}

func micros(d time.Duration) int64 { return d.Microseconds() }

func instant(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}
