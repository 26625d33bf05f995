package auth

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/netip"
	"time"

	"essaim/fault"
	"essaim/internal/store"
)

// pace says how tries slow down: so many failures are free, then each doubles the wait.
type pace struct {
	free   int64
	first  time.Duration
	most   time.Duration
	window time.Duration // failures are forgotten so long after the first of them
	words  string        // key of the refusal
}

var (
	// A login: five free tries a day, then 30 s, 1, 2, 4, 8, 15 minutes. The passkey and the reset by mail stay open, so
	// that nobody can lock someone else out.
	paceLogin = pace{free: 5, first: 30 * time.Second, most: 15 * time.Minute, window: 24 * time.Hour, words: "auth.too_many"}
	// An address may be a whole cooperative behind one router: successes do not count, and failures are soon forgotten.
	paceAddress = pace{free: 20, first: 30 * time.Second, most: 15 * time.Minute, window: time.Hour, words: "auth.too_many"}
	// Passkeys begun and not finished: nothing is guessed, but each leaves a session for ten minutes.
	paceCeremony = pace{free: 100, first: time.Minute, most: 15 * time.Minute, window: time.Hour, words: "auth.too_many_asked"}
	// Letters asked for: by address of the visitor, and to one mailbox.
	paceAsking  = pace{free: 10, first: time.Minute, most: 15 * time.Minute, window: time.Hour, words: "auth.too_many_asked"}
	paceMailbox = pace{free: 3, first: 15 * time.Minute, most: 15 * time.Minute, window: time.Hour, words: "auth.too_many_asked"}
)

// fail counts one more failure.
func (p pace) fail(a store.Attempt, now int64) store.Attempt {
	if elapsed(a.Since, p.window, now) {
		a = store.Attempt{Since: now}
	}
	a.Failures++
	if over := a.Failures - p.free; over >= 0 {
		wait := p.most
		if over < 16 {
			wait = min(p.first<<over, p.most)
		}
		a.Until = now + micros(wait)
	}
	return a
}

// subject is what failures are counted for.
type subject struct {
	pace
	name string
}

// subject hashes what it counts, under a secret: people type passwords where the address is asked for.
func (s *Service) subject(p pace, kind, value string) subject {
	mac := hmac.New(sha256.New, s.key)
	_, _ = mac.Write([]byte(kind + "\x00" + value)) // a hash never fails
	return subject{p, kind + ":" + base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:18])}
}

// subjects of a try to sign in.
func (s *Service) subjects(ctx context.Context, email string) []subject {
	return []subject{
		s.subject(paceLogin, "login", store.CleanEmail(email)),
		s.subject(paceAddress, "address", network(visitOf(ctx).address)),
	}
}

// network is the address, or the network of 64 bits that one IPv6 subscriber has.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is6() {
		if p, err := ip.Prefix(64); err == nil {
			return p.String()
		}
	}
	return ip.String()
}

// reserve counts a failure beforehand, so that tries at the same time cannot slip through together; pardon takes it back
// when it was a success. It refuses when it is too early to try again: seen first without a place in the line of those who
// write, so that a flood does not hold them up.
func (s *Service) reserve(ctx context.Context, subjects ...subject) error {
	if err := s.read(ctx, func(tx *store.Tx) error { _, err := s.allowed(tx, subjects); return err }); err != nil {
		return err
	}
	return s.write(ctx, func(tx *store.Tx) error {
		attempts, err := s.allowed(tx, subjects)
		if err != nil {
			return err
		}
		for i, x := range subjects {
			if err := tx.SetAttempt(x.name, x.fail(attempts[i], s.now())); err != nil {
				return err
			}
		}
		return nil
	})
}

// allowed returns the failures of the subjects, or refuses when one of them must wait.
func (s *Service) allowed(tx *store.Tx, subjects []subject) ([]store.Attempt, error) {
	now := s.now()
	until, words := now, ""
	attempts := make([]store.Attempt, len(subjects))
	for i, x := range subjects {
		var err error
		if attempts[i], err = tx.Attempt(x.name); err != nil {
			return nil, err
		}
		if attempts[i].Until > until {
			until, words = attempts[i].Until, x.words
		}
	}
	if until > now {
		const minute = int64(time.Minute / time.Microsecond)
		return nil, fault.New(fault.Busy, words, "n", (until-now+minute-1)/minute)
	}
	return attempts, nil
}

// pardon takes back what reserve counted; all forgets every failure of the first subject, the login.
func (s *Service) pardon(ctx context.Context, all bool, subjects ...subject) error {
	return s.write(ctx, func(tx *store.Tx) error {
		for i, x := range subjects {
			a, err := tx.Attempt(x.name)
			if err != nil {
				return err
			}
			a.Failures--
			if a.Failures < x.free {
				a.Until = 0
			}
			if all && i == 0 {
				a = store.Attempt{}
			}
			if err := tx.SetAttempt(x.name, a); err != nil {
				return err
			}
		}
		return nil
	})
}

// Unlock forgets the failures of a login, for the administrator whom someone calls.
func (s *Service) Unlock(ctx context.Context, email string) error {
	x := s.subject(paceLogin, "login", store.CleanEmail(email))
	return s.write(ctx, func(tx *store.Tx) error { return tx.ClearAttempt(x.name) })
}
