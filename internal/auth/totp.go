package auth

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"image/png"
	"net/http"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"

	"essaim/fault"
	"essaim/internal/store"
)

const (
	stepLasts     = 30 * time.Second
	recoveryCount = 8
	recoveryRunes = 12
	// recoveryAlphabet has no letter that is taken for another, or for a figure.
	recoveryAlphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
	qrPixels         = 264
)

// TOTP completes a sign-in that awaits the second factor: by a code of the application, of this half minute or the one
// before or after, each once; or by a recovery code.
func (s *Service) TOTP(ctx context.Context, code string) error {
	waiting, since := s.sessions.GetInt64(ctx, keyWaiting), s.sessions.GetInt64(ctx, keySince)
	if waiting == 0 || elapsed(since, idleWaiting, s.now()) {
		return fault.New(fault.Conflict, "auth.start_again")
	}
	l, err := s.login(ctx, waiting)
	if err != nil {
		return err
	}
	if l.Disabled != 0 || l.TOTPOn == 0 {
		return fault.New(fault.Conflict, "auth.start_again")
	}
	t, err := s.reserve(ctx, s.subjects(ctx, l.Email)...)
	if err != nil {
		return err
	}
	defer t.end()
	if err := s.takeCode(ctx, l, code); err != nil {
		return err
	}
	if err := t.pardon(ctx, true); err != nil {
		return err
	}
	return s.enter(ctx, l.ID, ByPassword)
}

// takeCode accepts a code of the application or a recovery code, once.
func (s *Service) takeCode(ctx context.Context, l store.Login, code string) error {
	code = compact(code)
	var took bool
	err := s.write(ctx, func(tx *store.Tx) (err error) {
		if step := stepOf(l.TOTP, code, s.now()); step != 0 {
			took, err = tx.TakeTOTPStep(l.ID, step)
		} else if len(code) == recoveryRunes {
			h := recoveryHash(l.ID, code)
			took, err = tx.TakeToken(h[:])
		}
		return err
	})
	if err == nil && !took {
		err = fault.At("code", "auth.code_wrong")
	}
	return err
}

// stepOf returns the step whose code it is, among the three around now; 0: none. All three are computed always.
func stepOf(secret, code string, now int64) int64 {
	found := int64(0)
	at := now / micros(stepLasts)
	for step := at - 1; step <= at+1; step++ {
		want, err := hotp.GenerateCodeCustom(secret, uint64(step), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			found = step
		}
	}
	return found
}

// compact drops what people put between groups: « 123 456 », « abcd-efgh-jkmn ».
func compact(code string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' || r == '.' || r == '\u00a0' || r == '\u202f' {
			return -1
		}
		return r
	}, strings.TrimSpace(code)))
}

// Setup is a second factor about to be turned on.
type Setup struct {
	Secret string // base32, in groups of four, for who cannot read the image
	URL    string // otpauth://…
}

// BeginTOTP makes the secret of a second factor and keeps it in the session until [Service.ConfirmTOTP]; begun twice, it
// is the same. A fresh proof is needed.
func (s *Service) BeginTOTP(ctx context.Context) (Setup, error) {
	id, err := s.proven(ctx)
	if err != nil {
		return Setup{}, err
	}
	url := s.sessions.GetString(ctx, keyTOTP)
	if url == "" {
		key, err := totp.Generate(totp.GenerateOpts{Issuer: s.opt.Name, AccountName: id.Email})
		if err != nil {
			return Setup{}, fmt.Errorf("second factor: %w", err)
		}
		url = key.URL()
		s.sessions.Put(ctx, keyTOTP, url)
	}
	key, err := otp.NewKeyFromURL(url)
	if err != nil {
		return Setup{}, fmt.Errorf("second factor: %w", err)
	}
	return Setup{Secret: grouped(key.Secret(), " "), URL: url}, nil
}

func grouped(code, between string) string {
	var b strings.Builder
	for i, r := range code {
		if i > 0 && i%4 == 0 {
			b.WriteString(between)
		}
		b.WriteRune(r)
	}
	return b.String()
}

// TOTPImage serves the QR code of the second factor about to be turned on, as PNG.
func (s *Service) TOTPImage(w http.ResponseWriter, r *http.Request) {
	picture, err := s.totpImage(r.Context())
	if err != nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "image/png")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(picture) // who went away needs no picture
}

func (s *Service) totpImage(ctx context.Context) ([]byte, error) {
	if _, err := s.proven(ctx); err != nil {
		return nil, err
	}
	url := s.sessions.GetString(ctx, keyTOTP)
	if url == "" {
		return nil, fault.New(fault.Conflict, "auth.start_again")
	}
	key, err := otp.NewKeyFromURL(url)
	if err != nil {
		return nil, err
	}
	picture, err := key.Image(qrPixels, qrPixels)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = png.Encode(&b, picture)
	return b.Bytes(), err
}

// ConfirmTOTP turns the second factor on with a first code and returns the recovery codes, to be shown this once. The
// other sessions end.
func (s *Service) ConfirmTOTP(ctx context.Context, code string) ([]string, error) {
	id, err := s.proven(ctx)
	if err != nil {
		return nil, err
	}
	key, err := otp.NewKeyFromURL(s.sessions.GetString(ctx, keyTOTP))
	if err != nil || key.Secret() == "" {
		return nil, fault.New(fault.Conflict, "auth.start_again")
	}
	now := s.now()
	step := stepOf(key.Secret(), compact(code), now)
	if step == 0 {
		return nil, fault.At("code", "auth.code_wrong")
	}
	codes, hashes := recoveryCodes(id.Login)
	mine := visitOf(ctx).hash
	_, err = s.noted(ctx, own(id.Login, "totp_on"), func(tx *store.Tx) (bool, error) {
		if err := tx.SetTOTP(id.Login, key.Secret(), now, step); err != nil {
			return false, err
		}
		if err := replaceRecovery(tx, id.Login, hashes, now); err != nil {
			return false, err
		}
		_, err := tx.EndSessions(id.Login, mine)
		return true, err
	})
	s.forget()
	if err != nil {
		return nil, err
	}
	s.sessions.Remove(ctx, keyTOTP)
	return codes, s.renew(ctx, false)
}

// NewRecoveryCodes replaces the recovery codes and returns the new ones, to be shown this once. A fresh proof is needed.
func (s *Service) NewRecoveryCodes(ctx context.Context) ([]string, error) {
	id, err := s.proven(ctx)
	if err != nil {
		return nil, err
	}
	if !id.TOTP {
		return nil, fault.New(fault.Conflict, "auth.totp_off")
	}
	codes, hashes := recoveryCodes(id.Login)
	_, err = s.noted(ctx, own(id.Login, "recovery"), func(tx *store.Tx) (bool, error) {
		return true, replaceRecovery(tx, id.Login, hashes, s.now())
	})
	return codes, err
}

// RecoveryLeft returns how many recovery codes have not served.
func (s *Service) RecoveryLeft(ctx context.Context) (n int, err error) {
	id, err := who(ctx)
	if err != nil {
		return 0, err
	}
	err = s.read(ctx, func(tx *store.Tx) error {
		codes, err := tx.Tokens(id.Login, store.TokenRecovery)
		n = len(codes)
		return err
	})
	return n, err
}

// StopTOTP turns the second factor off. A fresh proof is needed.
func (s *Service) StopTOTP(ctx context.Context) error {
	id, err := s.proven(ctx)
	if err != nil {
		return err
	}
	return s.DropTOTP(ctx, id.Login)
}

// DropTOTP turns the second factor of a login off, for the administrator of someone who lost the phone and the codes.
func (s *Service) DropTOTP(ctx context.Context, login int64) error {
	l, err := s.login(ctx, login)
	if err != nil {
		return err
	}
	if l.TOTPOn == 0 {
		return fault.New(fault.Conflict, "auth.totp_off")
	}
	note := own(login, "totp_off")
	id, in := FromContext(ctx)
	note.Self = in && id.Login == login
	_, err = s.noted(ctx, note, func(tx *store.Tx) (bool, error) {
		if err := tx.SetTOTP(login, "", 0, 0); err != nil {
			return false, err
		}
		return true, tx.DeleteTokens(login, store.TokenRecovery)
	})
	s.forget()
	if err == nil {
		s.tell(ctx, l, "auth.letter_totp_off")
	}
	return err
}

// recoveryCodes makes eight codes of sixty bits: « ABCD-EFGH-JKLM ».
func recoveryCodes(login int64) (codes []string, hashes []digest) {
	for range recoveryCount {
		b := make([]byte, recoveryRunes)
		_, _ = rand.Read(b) // never fails: the program ends when the system gives no randomness
		for i := range b {
			b[i] = recoveryAlphabet[int(b[i])%len(recoveryAlphabet)] // 32 divides 256: all are as likely
		}
		codes = append(codes, grouped(string(b), "-"))
		hashes = append(hashes, recoveryHash(login, string(b)))
	}
	return codes, hashes
}

// recoveryHash binds the code to its login.
func recoveryHash(login int64, code string) digest {
	return hash(fmt.Sprintf("recovery %d %s", login, code))
}

func replaceRecovery(tx *store.Tx, login int64, hashes []digest, now int64) error {
	if err := tx.DeleteTokens(login, store.TokenRecovery); err != nil {
		return err
	}
	for _, h := range hashes {
		if err := tx.AddToken(store.Token{Hash: h[:], Kind: store.TokenRecovery, Login: login, Created: now}); err != nil {
			return err
		}
	}
	return nil
}
