package auth

import (
	"context"
	_ "embed"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"

	"essaim/fault"
	"essaim/internal/store"
)

// PasswordLeast is the least number of characters of a password.
const PasswordLeast = 10

const passwordMost = 512 // bytes: enough for any sentence

// cost is what OWASP asks of argon2id at 19 MiB.
var cost = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// nobody is the hash compared with when there is no login, so that this takes the same time; no password fits it.
const nobody = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

//go:embed data/common.txt
var commonText string

var common = func() map[string]bool {
	m := map[string]bool{}
	for line := range strings.Lines(commonText) {
		if w := strings.TrimSpace(line); w != "" && !strings.HasPrefix(w, "#") {
			m[w] = true
		}
	}
	return m
}()

// CheckPassword refuses, in the field "password", what is too easily guessed: short, the address or its name, a word
// that everyone tries, with or without figures around it or said twice.
func CheckPassword(password, email string) error {
	password = norm.NFC.String(password)
	if utf8.RuneCountInString(password) < PasswordLeast {
		return fault.At("password", "auth.password_short", "n", PasswordLeast)
	}
	if len(password) > passwordMost {
		return fault.At("password", "auth.password_long", "n", passwordMost)
	}
	plain := fold(password)
	address := fold(store.CleanEmail(email))
	local, _, _ := strings.Cut(address, "@")
	if own := letters(local); plain == address || plain == local || own != "" && letters(plain) == own {
		return fault.At("password", "auth.password_email")
	}
	if easy(plain) {
		return fault.At("password", "auth.password_common")
	}
	return nil
}

// easy says whether a folded password is among those tried first.
func easy(plain string) bool {
	distinct := map[rune]bool{}
	for _, r := range plain {
		distinct[r] = true
	}
	if len(distinct) < 4 || run(plain) {
		return true
	}
	word := letters(plain)
	for _, w := range []string{plain, word, half(plain), half(word), letters(unleet(plain))} {
		if common[w] {
			return true
		}
	}
	return false
}

// fold takes case and accents away.
func fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// letters keeps the letters alone: « soleil2024! » is « soleil ».
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, s)
}

// unleet writes back the figures that stand for letters, and drops those that only end the word.
func unleet(s string) string {
	return strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "@", "a", "5", "s", "$", "s", "7", "t").Replace(strings.TrimRight(s, "0123456789!?.*"))
}

// half returns what is said twice in s, or s.
func half(s string) string {
	if n := len(s) / 2; n > 0 && s[:n] == s[n:] {
		return s[:n]
	}
	return s
}

// run says whether each character follows the one before, up or down: 1234567890, zyxwvutsrq.
func run(s string) bool {
	up, down := true, true
	for i := 1; i < len(s); i++ {
		step := s[i] - s[i-1]
		next := step == 1 || s[i-1] == '9' && s[i] == '0'
		back := step == 255 || s[i-1] == '0' && s[i] == '9'
		up, down = up && next, down && back
	}
	return up || down
}

// HashPassword returns the hash of a password, without asking whether it is a good one.
func HashPassword(password string) (string, error) {
	return argon2id.CreateHash(norm.NFC.String(password), cost)
}

// hash computes under the limit of computations at once.
func (s *Service) hash(ctx context.Context, password string) (h string, err error) {
	err = s.compute(ctx, func() (err error) { h, err = HashPassword(password); return err })
	return h, err
}

// match compares in the same time whether or not there is a hash; stale says that the hash was made at another cost.
func (s *Service) match(ctx context.Context, password, h string) (ok, stale bool, err error) {
	none := h == ""
	if none {
		h = nobody
	}
	if len(password) > passwordMost {
		password, none = "", true
	}
	err = s.compute(ctx, func() error {
		is, params, err := argon2id.CheckHash(norm.NFC.String(password), h)
		ok = is && !none
		stale = err == nil && *params != *cost
		return err
	})
	return ok, ok && stale, err
}

func (s *Service) compute(ctx context.Context, fn func() error) error {
	select {
	case s.hashing <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-s.hashing }()
	return fn()
}

// ChangePassword replaces the password of who is signed in; every other session ends. Who has none yet (passkey only)
// gives a fresh proof instead of the old one.
func (s *Service) ChangePassword(ctx context.Context, old, password string) error {
	id, err := who(ctx)
	if err != nil {
		return err
	}
	l, err := s.login(ctx, id.Login)
	if err != nil {
		return err
	}
	if l.Password == "" {
		if _, err := s.proven(ctx); err != nil {
			return err
		}
	} else if err := s.proof(ctx, l, old, "old"); err != nil {
		return err
	}
	if err := s.setPassword(ctx, l, password, visitOf(ctx).hash); err != nil {
		return err
	}
	s.sessions.Put(ctx, keyFresh, s.now())
	return s.renew(ctx, false)
}

// SetPassword gives a login a password it did not choose here, for the command line; every session of it ends.
func (s *Service) SetPassword(ctx context.Context, login int64, password string) error {
	l, err := s.login(ctx, login)
	if err != nil {
		return err
	}
	return s.setPassword(ctx, l, password, nil)
}

// setPassword keeps the password, ends the links and the sessions but one, and tells the person.
func (s *Service) setPassword(ctx context.Context, l store.Login, password string, but []byte) error {
	if err := CheckPassword(password, l.Email); err != nil {
		return err
	}
	h, err := s.hash(ctx, password)
	if err != nil {
		return err
	}
	note := own(l.ID, "password")
	note.Self = but != nil // otherwise it is chosen for them, from the command line
	_, err = s.noted(ctx, note, func(tx *store.Tx) (bool, error) { return true, replacePassword(tx, l.ID, h, but) })
	s.forget()
	if err == nil && l.Password != "" {
		s.tell(ctx, l, "auth.letter_password")
	}
	return err
}

func replacePassword(tx *store.Tx, login int64, h string, but []byte) error {
	if err := tx.SetPassword(login, h); err != nil {
		return err
	}
	for _, kind := range []string{store.TokenReset, store.TokenInvite} {
		if err := tx.DeleteTokens(login, kind); err != nil {
			return err
		}
	}
	_, err := tx.EndSessions(login, but)
	return err
}
