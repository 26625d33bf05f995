package auth

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/netip"
	"time"

	"essaim/internal/store"
)

// pace says how failures slow tries down: so many are free, then each doubles the wait. The rule is in the package's comment.
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
	// An address may be a whole cooperative behind one router: failures are soon forgotten.
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

// back takes one failure back that was counted and was none; false when it is forgotten already. What it closed opens
// again, unless another failure has closed it since.
func (p pace) back(a store.Attempt, c counted) (store.Attempt, bool) {
	if a.Failures == 0 || a.Since != c.Since {
		return a, false
	}
	a.Failures--
	switch {
	case a.Failures < p.free:
		a.Until = 0
	case a.Until == c.Until:
		a.Until = c.Before
	}
	return a, true
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

// Unlock forgets the failures of a login, for the administrator whom someone calls.
func (s *Service) Unlock(ctx context.Context, email string) error {
	x := s.subject(paceLogin, "login", store.CleanEmail(email))
	return s.write(ctx, func(tx *store.Tx) error { return tx.ClearAttempt(x.name) })
}
