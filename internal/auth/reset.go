package auth

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"net/mail"
	"strings"
	"time"

	"essaim/fault"
	"essaim/internal/store"
)

// BeginReset sends a link to choose a new password, if the address is that of an open login. The answer is the same in
// any case and does not wait; only who asks too often, for whomever, is told to wait.
func (s *Service) BeginReset(ctx context.Context, email string) error {
	asked, err := s.reserve(ctx, s.subject(paceAsking, "ask", network(visitOf(ctx).address)))
	if err != nil {
		return err
	}
	asked.end()
	s.behind(ctx, func(ctx context.Context) error {
		var l store.Login
		err := s.read(ctx, func(tx *store.Tx) (err error) { l, _, err = tx.LoginByEmail(email); return err })
		if err != nil || l.ID == 0 || l.Disabled != 0 {
			return err
		}
		written, err := s.reserve(ctx, s.subject(paceMailbox, "mailbox", l.Email))
		if err != nil {
			return nil // three letters an hour are enough in anybody's mailbox
		}
		written.end()
		kind, lives := store.TokenReset, resetLives
		if l.Password == "" && l.TOTPOn == 0 {
			kind, lives = store.TokenInvite, inviteLives // invited, and the letter was lost
		}
		link, err := s.link(ctx, l.ID, kind, lives)
		if err != nil {
			return err
		}
		return s.send(ctx, s.linkLetter(l, kind, link, lives))
	})
	return nil
}

// Invitation is the way in of someone new.
type Invitation struct {
	Login int64
	New   bool   // there was no login of this address
	Link  string // to choose a password, for seven days; "" when the login has one already: nothing was sent
}

// Invite opens a login for an e-mail address, unless there is one, and sends the link to choose a password. Who may
// invite is for the caller to ask.
func (s *Service) Invite(ctx context.Context, email, lang string) (Invitation, error) {
	email = store.CleanEmail(email)
	if a, err := mail.ParseAddress(email); err != nil || a.Address != email || len(email) > 254 || !strings.Contains(email, "@") {
		return Invitation{}, fault.At("email", "auth.email_wrong")
	}
	if lang != "en" {
		lang = "fr"
	}
	var l store.Login
	var in Invitation
	err := s.write(ctx, func(tx *store.Tx) (err error) { l, in.New, err = tx.EnsureLogin(email, lang); return err })
	in.Login = l.ID
	if err != nil || l.Password != "" || l.Disabled != 0 {
		return in, err
	}
	token, err := s.link(ctx, l.ID, store.TokenInvite, inviteLives)
	if err != nil {
		return in, err
	}
	in.Link = s.origin + s.opt.LinkPath + token
	return in, s.send(ctx, s.linkLetter(l, store.TokenInvite, token, inviteLives))
}

// link makes the token of a link. Earlier ones keep working until one has served: people click the first letter.
func (s *Service) link(ctx context.Context, login int64, kind string, lives time.Duration) (string, error) {
	token := newToken()
	h, now := hash(token), s.now()
	return token, s.write(ctx, func(tx *store.Tx) error {
		return tx.AddToken(store.Token{Hash: h[:], Kind: kind, Login: login, Created: now, Expires: now + micros(lives)})
	})
}

// newToken is 256 bits of randomness, as text.
func newToken() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails: the program ends when the system gives no randomness
	return base64.RawURLEncoding.EncodeToString(b)
}

// Link is what the page behind a link shows.
type Link struct {
	Email  string
	Lang   string
	Invite bool // a first password, not a new one
}

// Link returns what a link is for; refused when it has served or has run out.
func (s *Service) Link(ctx context.Context, token string) (Link, error) {
	t, l, err := s.linked(ctx, token)
	return Link{Email: l.Email, Lang: l.Lang, Invite: t.Kind == store.TokenInvite}, err
}

func (s *Service) linked(ctx context.Context, token string) (t store.Token, l store.Login, err error) {
	h := hash(token)
	err = s.read(ctx, func(tx *store.Tx) error {
		found, err := false, error(nil)
		if t, found, err = tx.Token(h[:]); err != nil {
			return err
		}
		if !found || (t.Kind != store.TokenReset && t.Kind != store.TokenInvite) || t.Expires < s.now() {
			return errLink()
		}
		if l, found, err = tx.Login(t.Login); err == nil && (!found || l.Disabled != 0) {
			err = errLink()
		}
		return err
	})
	if err != nil {
		return store.Token{}, store.Login{}, err
	}
	return t, l, nil
}

func errLink() error { return fault.New(fault.NotFound, "auth.link_over") }

// FinishReset chooses the password by a link, which serves once; the login's sessions and other links end. It signs in,
// after the second factor where there is one. A refused password leaves the link as it was.
func (s *Service) FinishReset(ctx context.Context, token, password string) (Result, error) {
	_, l, err := s.linked(ctx, token)
	if err != nil {
		return Result{}, err
	}
	if err := CheckPassword(password, l.Email); err != nil {
		return Result{}, err
	}
	ph, err := s.hash(ctx, password)
	if err != nil {
		return Result{}, err
	}
	h, x := hash(token), s.subject(paceLogin, "login", l.Email)
	_, err = s.noted(ctx, own(l.ID, "password", "by", "link"), func(tx *store.Tx) (bool, error) {
		took, err := tx.TakeToken(h[:])
		if err != nil {
			return false, err
		}
		if !took { // by another click
			return false, errLink()
		}
		if err := tx.ClearAttempt(x.name); err != nil {
			return false, err
		}
		return true, replacePassword(tx, l.ID, ph, nil)
	})
	s.forget()
	if err != nil {
		return Result{}, err
	}
	if l.Password != "" {
		s.tell(ctx, l, "auth.letter_password")
	}
	return s.admit(ctx, l)
}
