package auth

import (
	"context"
	"strings"
	"time"

	"essaim/fault"
	"essaim/internal/store"
)

// TokenPrefix begins every API token, so that people and scanners know one that leaked.
const TokenPrefix = "ess_"

// Token is what a request of the API may do: what its person may, within the scopes, in one cooperative.
type Token struct {
	ID      string // in addresses and forms; not the secret
	Login   int64
	Coop    int64
	Name    string
	Scopes  []string
	Created time.Time
	Used    time.Time // to five minutes; zero: never
	Expires time.Time // zero: never
}

// tokenEntry is a token as last read.
type tokenEntry struct {
	token   Token
	expires int64
}

func tokenOf(t store.Token) Token {
	return Token{
		ID: written(t.Hash), Login: t.Login, Coop: t.Coop, Name: t.Name, Scopes: strings.Fields(t.Scopes),
		Created: instant(t.Created), Used: instant(t.Used), Expires: instant(t.Expires),
	}
}

// CreateToken makes an API token and returns its secret, to be shown this once. Scopes are words that the API defines;
// expires zero means never.
func (s *Service) CreateToken(ctx context.Context, login, coop int64, name string, scopes []string, expires time.Time) (string, Token, error) {
	name = strings.TrimSpace(clip(name, 80))
	if name == "" {
		return "", Token{}, fault.At("name", "auth.name_empty")
	}
	now := s.now()
	t := store.Token{Kind: store.TokenAPI, Login: login, Coop: coop, Name: name, Scopes: strings.Join(scopes, " "), Created: now}
	if !expires.IsZero() {
		if t.Expires = expires.UnixMicro(); t.Expires <= now {
			return "", Token{}, fault.At("expires", "auth.expires_past")
		}
	}
	secret := TokenPrefix + newToken()
	h := hash(secret)
	t.Hash = h[:]
	note := own(login, "token_add", "name", name, "scopes", t.Scopes)
	note.Coop = coop
	_, err := s.noted(ctx, note, func(tx *store.Tx) (bool, error) { return true, tx.AddToken(t) })
	return secret, tokenOf(t), err
}

// Tokens returns the API tokens of a login in a cooperative, the newest first.
func (s *Service) Tokens(ctx context.Context, login, coop int64) (all []Token, err error) {
	err = s.read(ctx, func(tx *store.Tx) error {
		ts, err := tx.Tokens(login, store.TokenAPI)
		for _, t := range ts {
			if t.Coop == coop {
				all = append(all, tokenOf(t))
			}
		}
		return err
	})
	return all, err
}

// RevokeToken withdraws an API token of a login, at once.
func (s *Service) RevokeToken(ctx context.Context, login int64, id string) error {
	found, err := s.noted(ctx, own(login, "token_revoke"), func(tx *store.Tx) (bool, error) { return tx.DeleteToken(login, unwritten(id)) })
	s.tokens.forget()
	if err == nil && !found {
		err = fault.New(fault.NotFound, "auth.token_gone")
	}
	return err
}

// Bearer returns what an Authorization header allows; [ErrToken] when it allows nothing. It is quick: the store is asked
// at most every few seconds.
func (s *Service) Bearer(ctx context.Context, header string) (Token, error) {
	scheme, secret, _ := strings.Cut(header, " ")
	secret = strings.TrimSpace(secret)
	if !strings.EqualFold(scheme, "Bearer") || !strings.HasPrefix(secret, TokenPrefix) {
		return Token{}, ErrToken
	}
	h, now := hash(secret), s.now()
	e, ok, gen := s.tokens.get(h, now)
	if !ok {
		var t store.Token
		err := s.read(ctx, func(tx *store.Tx) error {
			found, err := false, error(nil)
			if t, found, err = tx.Token(h[:]); err != nil || !found || t.Kind != store.TokenAPI {
				t = store.Token{}
				return err
			}
			l, found, err := tx.Login(t.Login)
			if !found || l.Disabled != 0 {
				t = store.Token{}
			}
			return err
		})
		if err != nil {
			return Token{}, err
		}
		if t.Hash == nil {
			return Token{}, ErrToken
		}
		if elapsed(t.Used, touchEvery, now) {
			if err := s.write(ctx, func(tx *store.Tx) error { return tx.UseToken(h[:], now) }); err != nil {
				s.opt.Log.Error("touching a token", "err", err) // a full disk must not keep anyone from reading
			}
		}
		e = tokenEntry{tokenOf(t), t.Expires}
		s.tokens.put(h, e, now, gen)
	}
	if e.expires != 0 && e.expires <= now {
		return Token{}, ErrToken
	}
	return e.token, nil
}
