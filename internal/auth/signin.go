package auth

import (
	"context"

	"essaim/fault"
	"essaim/internal/store"
)

// Result says how far a sign-in has come.
type Result struct {
	Login     int64
	NeedsTOTP bool // ask for the code of the second factor, then call [Service.TOTP]
}

// errWrong is the one answer to a wrong password, an unknown address and a disabled login.
func errWrong() error { return fault.New(fault.Invalid, "auth.wrong") }

// SignIn signs in by e-mail and password. Whoever fails often waits, up to fifteen minutes; the refusal says how long.
func (s *Service) SignIn(ctx context.Context, email, password string) (Result, error) {
	t, err := s.reserve(ctx, s.subjects(ctx, email)...)
	if err != nil {
		return Result{}, err
	}
	defer t.end()
	var l store.Login
	err = s.read(ctx, func(tx *store.Tx) error {
		found, err := false, error(nil)
		if l, found, err = tx.LoginByEmail(email); found && l.Disabled != 0 {
			l = store.Login{}
		}
		return err
	})
	if err != nil {
		return Result{}, err
	}
	ok, stale, err := s.match(ctx, password, l.Password)
	if err != nil {
		return Result{}, err
	}
	if !ok {
		return Result{}, errWrong()
	}
	if err := t.pardon(ctx, l.TOTPOn == 0); err != nil {
		return Result{}, err
	}
	if stale {
		if err := s.rehash(ctx, l, password); err != nil {
			return Result{}, err
		}
	}
	return s.admit(ctx, l)
}

// admit lets in whoever showed the first factor, or asks for the second.
func (s *Service) admit(ctx context.Context, l store.Login) (Result, error) {
	if l.TOTPOn == 0 {
		return Result{Login: l.ID}, s.enter(ctx, l.ID, ByPassword)
	}
	if err := s.renew(ctx, true); err != nil {
		return Result{}, err
	}
	s.sessions.Put(ctx, keyWaiting, l.ID)
	s.sessions.Put(ctx, keySince, s.now())
	return Result{Login: l.ID, NeedsTOTP: true}, nil
}

// rehash brings a password's hash to today's cost.
func (s *Service) rehash(ctx context.Context, l store.Login, password string) error {
	h, err := s.hash(ctx, password)
	if err != nil {
		return err
	}
	return s.write(ctx, func(tx *store.Tx) error { return tx.SetPassword(l.ID, h) })
}

// Reauthenticate takes the password of who is signed in as a fresh proof.
func (s *Service) Reauthenticate(ctx context.Context, password string) error {
	id, err := who(ctx)
	if err != nil {
		return err
	}
	l, err := s.login(ctx, id.Login)
	if err != nil {
		return err
	}
	if err := s.proof(ctx, l, password, "password"); err != nil {
		return err
	}
	s.sessions.Put(ctx, keyFresh, s.now())
	return s.renew(ctx, false)
}

// proof checks the password of a login, with the limits of sign-in; field names it in the refusal.
func (s *Service) proof(ctx context.Context, l store.Login, password, field string) error {
	t, err := s.reserve(ctx, s.subjects(ctx, l.Email)...)
	if err != nil {
		return err
	}
	defer t.end()
	ok, _, err := s.match(ctx, password, l.Password)
	if err != nil {
		return err
	}
	if !ok {
		return fault.At(field, "auth.password_wrong")
	}
	return t.pardon(ctx, true)
}
