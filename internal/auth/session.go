package auth

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"essaim/internal/store"
)

// Values kept in a session.
const (
	keyLogin   = "login"   // int64
	keyMethod  = "method"  // "password" or "passkey"
	keyFresh   = "fresh"   // int64: instant of the last proof
	keyWaiting = "waiting" // int64: login whose second factor is awaited
	keySince   = "since"   // int64: instant its password was right
	keyTOTP    = "totp"    // string: secret being set up
	keyPasskey = "passkey" // []byte: ceremony under way
)

// How one signed in.
const (
	ByPassword = "password"
	ByPasskey  = "passkey"
)

// Identity is who is at the other end.
type Identity struct {
	Login   int64
	Email   string
	Lang    string // "fr" or "en"
	Method  string // ByPassword or ByPasskey
	Since   time.Time
	Fresh   time.Time // when they last proved who they are
	Session string    // id of the session in the list of [Service.Sessions]
	TOTP    bool      // a second factor is on
}

// visit is what one request carries to the session's store and back.
type visit struct {
	address, agent, lang string
	hash                 []byte // of the session it came with or was given; nil: none
	known                known
}

// known is a session with its login, as last read.
type known struct {
	session store.Session
	login   store.Login // zero when nobody is signed in, or the login is gone or disabled
	touched bool
}

type (
	visitKey    struct{}
	identityKey struct{}
)

func visitOf(ctx context.Context) *visit {
	v, ok := ctx.Value(visitKey{}).(*visit)
	if !ok {
		panic("auth: no session in this context: Service.Load must stand around the handler")
	}
	return v
}

// FromContext returns who is signed in; false for a visitor.
func FromContext(ctx context.Context) (Identity, bool) {
	id, ok := ctx.Value(identityKey{}).(Identity)
	return id, ok
}

// Load reads the session of each request and puts who it is in its context; the pages and the forms of sign-in stand
// within it. A new or changed session's cookie goes out with the answer.
// When the session cannot be read or kept, fail answers, and it alone: what the handler had begun to say is dropped, for
// it is not so.
func (s *Service) Load(next http.Handler, fail func(http.ResponseWriter, *http.Request, error)) http.Handler {
	inner := s.sessions.LoadAndSave(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		if id, ok := s.identify(ctx); ok {
			r = r.WithContext(context.WithValue(ctx, identityKey{}, id))
		}
		next.ServeHTTP(w, r)
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := &visit{address: s.opt.Address(r), agent: clip(r.UserAgent(), 300), lang: s.visitorLang(r)}
		inner.ServeHTTP(&answer{ResponseWriter: w, before: w.Header().Clone(), fail: fail}, r.WithContext(context.WithValue(r.Context(), visitKey{}, v)))
	})
}

// answer is what a request is answered, until its session fails.
type answer struct {
	http.ResponseWriter
	before http.Header // what was said before the handler
	fail   func(http.ResponseWriter, *http.Request, error)
	failed bool
}

// instead answers that the session failed. It is kept when the handler begins to write, so that nothing has left yet.
func (a *answer) instead(r *http.Request, err error) {
	h := a.Header()
	clear(h)
	maps.Copy(h, a.before)
	a.fail(a.ResponseWriter, r, err)
	a.failed = true
}

// WriteHeader is the handler's; dropped once the session has failed.
func (a *answer) WriteHeader(status int) {
	if !a.failed {
		a.ResponseWriter.WriteHeader(status)
	}
}

func (a *answer) Write(b []byte) (int, error) {
	if a.failed {
		return len(b), nil
	}
	return a.ResponseWriter.Write(b)
}

// Unwrap lets [http.ResponseController] through.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

func (s *Service) identify(ctx context.Context) (Identity, bool) {
	login := s.sessions.GetInt64(ctx, keyLogin)
	if login == 0 {
		return Identity{}, false
	}
	v := visitOf(ctx)
	l := v.known.login
	if l.ID != login { // gone or disabled since
		if err := s.sessions.Destroy(ctx); err != nil {
			s.opt.Log.Error("ending a session", "err", err)
		}
		return Identity{}, false
	}
	return Identity{
		Login: l.ID, Email: l.Email, Lang: l.Lang, Method: s.sessions.GetString(ctx, keyMethod),
		Since: instant(v.known.session.Created), Fresh: instant(s.sessions.GetInt64(ctx, keyFresh)),
		Session: written(v.hash), TOTP: l.TOTPOn != 0,
	}, true
}

// visitorLang is the first language of the request that we speak.
func (s *Service) visitorLang(r *http.Request) string {
	if s.opt.Lang != nil {
		return s.opt.Lang(r)
	}
	for tag := range strings.SplitSeq(strings.ToLower(r.Header.Get("Accept-Language")), ",") {
		switch tag = strings.TrimSpace(tag); {
		case strings.HasPrefix(tag, "fr"):
			return "fr"
		case strings.HasPrefix(tag, "en"):
			return "en"
		}
	}
	return "fr"
}

// lang is the language to answer in.
func lang(ctx context.Context) string {
	if id, ok := FromContext(ctx); ok {
		return id.Lang
	}
	return visitOf(ctx).lang
}

// who returns the identity, or refuses.
func who(ctx context.Context) (Identity, error) {
	id, ok := FromContext(ctx)
	if !ok {
		return id, ErrNobody
	}
	return id, nil
}

// FreshWithin says whether the person proved who they are less than d ago.
func (s *Service) FreshWithin(ctx context.Context, d time.Duration) bool {
	_, ok := FromContext(ctx)
	fresh := s.sessions.GetInt64(ctx, keyFresh)
	return ok && fresh != 0 && !elapsed(fresh, d, s.now())
}

// proven returns the identity of someone who proved it lately, or refuses.
func (s *Service) proven(ctx context.Context) (Identity, error) {
	id, err := who(ctx)
	if err == nil && !s.FreshWithin(ctx, proofLives) {
		err = ErrStale
	}
	return id, err
}

// enter signs a login in, in a session of its own.
func (s *Service) enter(ctx context.Context, login int64, method string) error {
	if err := s.renew(ctx, true); err != nil {
		return err
	}
	s.sessions.Put(ctx, keyLogin, login)
	s.sessions.Put(ctx, keyMethod, method)
	s.sessions.Put(ctx, keyFresh, s.now())
	return nil
}

// renew gives the session another token, as whenever it comes to mean more; clear empties it too.
func (s *Service) renew(ctx context.Context, clear bool) error {
	if clear {
		if err := s.sessions.Clear(ctx); err != nil {
			return err
		}
	}
	return s.sessions.RenewToken(ctx)
}

// SignOut ends the session of this request.
func (s *Service) SignOut(ctx context.Context) error { return s.sessions.Destroy(ctx) }

// sessionStore is the store of sessions as scs asks for it. What scs calls a token is hashed at once.
type sessionStore struct{ s *Service }

var _ scs.CtxStore = sessionStore{}

// Find, Commit and Delete without a context are never called: scs prefers the others.
func (sessionStore) Find(string) ([]byte, bool, error)      { return nil, false, errNoContext }
func (sessionStore) Commit(string, []byte, time.Time) error { return errNoContext }
func (sessionStore) Delete(string) error                    { return errNoContext }

var errNoContext = errors.New("auth: session asked for without a context")

func (st sessionStore) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	s, v, key, now := st.s, visitOf(ctx), hash(token), st.s.now()
	k, ok, gen := s.visits.get(key, now)
	if !ok {
		err := s.read(ctx, func(tx *store.Tx) (err error) {
			var found bool
			if k.session, found, err = tx.Session(key[:]); err != nil || !found || k.session.Login == 0 {
				return err
			}
			k.login, found, err = tx.Login(k.session.Login)
			if !found || k.login.Disabled != 0 {
				k.login = store.Login{}
			}
			return err
		})
		if err != nil {
			return nil, false, err
		}
		if k.session.Token == nil {
			return nil, false, nil
		}
	}
	if k.session.Expires < now {
		return nil, false, nil
	}
	if k.session.Login != 0 && elapsed(k.session.Seen, touchEvery, now) && !k.touched {
		idle := k.session.Expires - k.session.Seen
		k.session.Seen = now
		k.session.Expires = min(now+idle, k.session.Created+micros(lifetime))
		if err := s.write(ctx, func(tx *store.Tx) error { return tx.TouchSession(key[:], k.session.Seen, k.session.Expires) }); err != nil {
			s.opt.Log.Error("touching a session", "err", err) // a full disk must not keep anyone from reading
			k.touched = true                                  // and not be asked again by every request
		}
		ok = false
	}
	if !ok {
		s.visits.put(key, k, now, gen)
	}
	v.hash, v.known = bytes.Clone(key[:]), k
	return k.session.Data, true, nil
}

// CommitCtx keeps a session. The time that scs gives is the cookie's; how long the session lives follows from how it was
// opened. One that was ended while this request ran stays ended.
func (st sessionStore) CommitCtx(ctx context.Context, token string, data []byte, _ time.Time) error {
	s, v, key, now := st.s, visitOf(ctx), hash(token), st.s.now()
	_, values, err := s.sessions.Codec.Decode(data)
	if err != nil {
		return err
	}
	next := store.Session{Token: key[:], Data: data, Created: now, Seen: now, Agent: v.agent, Address: v.address}
	next.Login, _ = values[keyLogin].(int64)
	idle := idleShort
	switch {
	case next.Login == 0:
		idle = idleWaiting
	case values[keyMethod] == ByPasskey:
		idle = idlePasskey
	}
	again := bytes.Equal(v.hash, key[:])
	if again {
		next.Created = v.known.session.Created
	}
	next.Expires = min(now+micros(idle), next.Created+micros(lifetime))
	err = s.write(ctx, func(tx *store.Tx) error {
		if again {
			_, err := tx.SaveSession(next)
			return err
		}
		return tx.AddSession(next)
	})
	s.visits.forget()
	v.hash, v.known.session = key[:], next
	return err
}

func (st sessionStore) DeleteCtx(ctx context.Context, token string) error {
	key := hash(token)
	err := st.s.write(ctx, func(tx *store.Tx) error { return tx.DeleteSession(key[:]) })
	st.s.visits.forget()
	visitOf(ctx).hash = nil
	return err
}

// clip keeps the first n bytes of a text, whole characters only.
func clip(text string, n int) string {
	if len(text) > n {
		text = text[:n]
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, ""))
}
