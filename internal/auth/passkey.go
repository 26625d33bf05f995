package auth

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"essaim/fault"
	"essaim/i18n"
	"essaim/internal/store"
)

const (
	passkeysMost  = 20 // of one login
	ceremonyLasts = 5 * time.Minute
)

// relyingParty describes this program to browsers; nil where passkeys cannot work: the address is a number.
func relyingParty(u *url.URL, origin, name string) (*webauthn.WebAuthn, error) {
	if _, err := netip.ParseAddr(u.Hostname()); err == nil {
		return nil, nil
	}
	yes := true
	w, err := webauthn.New(&webauthn.Config{
		RPID: strings.ToLower(u.Hostname()), RPDisplayName: name, RPOrigins: []string{origin},
		AttestationPreference: protocol.PreferNoAttestation, // whoever made the device is not our business
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: &yes, // one signs in without typing an address
			UserVerification: protocol.VerificationRequired, // the device asks for a finger or a code: two factors in one
		},
		Timeouts: webauthn.TimeoutsConfig{
			Login:        webauthn.TimeoutConfig{Timeout: ceremonyLasts, TimeoutUVD: ceremonyLasts},
			Registration: webauthn.TimeoutConfig{Timeout: ceremonyLasts, TimeoutUVD: ceremonyLasts},
		},
		// Some password managers tell more than they were asked.
		ExtensionsUnsolicitedOutputPolicy: protocol.UnsolicitedOutputPolicyIgnore,
	})
	if err != nil {
		return nil, fmt.Errorf("passkeys for %s: %w", origin, err)
	}
	return w, nil
}

// PasskeysWork says whether browsers can keep a passkey for this address: it has a name, not a number.
func (s *Service) PasskeysWork() bool { return s.webauthn != nil }

// holder is a login as the ceremony sees it.
type holder struct {
	login       store.Login
	credentials []store.Credential
}

func (h holder) WebAuthnID() []byte          { return h.login.Handle }
func (h holder) WebAuthnName() string        { return h.login.Email }
func (h holder) WebAuthnDisplayName() string { return h.login.Email }

func (h holder) WebAuthnCredentials() []webauthn.Credential {
	var all []webauthn.Credential
	for _, c := range h.credentials {
		var w webauthn.Credential
		if json.Unmarshal([]byte(c.Body), &w) == nil { // one that cannot be read proves nothing
			all = append(all, w)
		}
	}
	return all
}

func (s *Service) holder(ctx context.Context, login int64) (h holder, err error) {
	if h.login, err = s.login(ctx, login); err != nil {
		return h, err
	}
	err = s.read(ctx, func(tx *store.Tx) error { h.credentials, err = tx.Credentials(login); return err })
	return h, err
}

// Ceremony is what goes to navigator.credentials, with the words for what goes wrong in the browser.
type Ceremony struct {
	PublicKey any               `json:"publicKey"`
	Messages  map[string]string `json:"messages"`
}

// ceremony is a Ceremony under way, kept in the session.
type ceremony struct {
	Begun   int64                `json:"begun"`
	Counted []counted            `json:"counted,omitempty"` // as a failure, until it is finished
	Data    webauthn.SessionData `json:"data"`
}

func (s *Service) keepCeremony(ctx context.Context, public any, data *webauthn.SessionData, counted []counted) (Ceremony, error) {
	b, err := json.Marshal(ceremony{s.now(), counted, *data})
	if err != nil {
		return Ceremony{}, err
	}
	s.sessions.Put(ctx, keyPasskey, b)
	p := i18n.For(lang(ctx))
	return Ceremony{PublicKey: public, Messages: map[string]string{
		"cancelled": p.T("auth.passkey_cancelled"),
		"known":     p.T("auth.passkey_known"),
		"failed":    p.T("auth.passkey_failed"),
	}}, nil
}

// takeCeremony returns the ceremony under way; a challenge serves once.
func (s *Service) takeCeremony(ctx context.Context) (ceremony, error) {
	b, _ := s.sessions.Pop(ctx, keyPasskey).([]byte)
	var c ceremony
	if b == nil || json.Unmarshal(b, &c) != nil || elapsed(c.Begun, ceremonyLasts, s.now()) {
		return ceremony{}, fault.New(fault.Conflict, "auth.start_again")
	}
	return c, nil
}

func (s *Service) noPasskeys() error {
	if s.webauthn == nil {
		return fault.New(fault.Conflict, "auth.passkeys_off")
	}
	return nil
}

// BeginRegister begins to add a passkey to who is signed in. A fresh proof is needed.
func (s *Service) BeginRegister(ctx context.Context) (Ceremony, error) {
	id, err := s.proven(ctx)
	if err = errors.Join(err, s.noPasskeys()); err != nil {
		return Ceremony{}, err
	}
	h, err := s.holder(ctx, id.Login)
	if err != nil {
		return Ceremony{}, err
	}
	if len(h.credentials) >= passkeysMost {
		return Ceremony{}, fault.New(fault.Conflict, "auth.passkeys_many", "n", passkeysMost)
	}
	had := webauthn.Credentials(h.WebAuthnCredentials()).CredentialDescriptors()
	creation, data, err := s.webauthn.BeginRegistration(h, webauthn.WithExclusions(had))
	if err != nil {
		return Ceremony{}, fmt.Errorf("passkey: %w", err)
	}
	return s.keepCeremony(ctx, creation.Response, data, nil)
}

// FinishRegister adds the passkey that the browser made. Without a name it takes the device's.
func (s *Service) FinishRegister(ctx context.Context, name string, answer []byte) error {
	id, err := s.proven(ctx)
	if err = errors.Join(err, s.noPasskeys()); err != nil {
		return err
	}
	under, err := s.takeCeremony(ctx)
	if err != nil {
		return err
	}
	h, err := s.holder(ctx, id.Login)
	if err != nil {
		return err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return errPasskey(err)
	}
	made, err := s.webauthn.CreateCredential(h, under.Data, parsed)
	if err != nil {
		return errPasskey(err)
	}
	body, err := json.Marshal(made)
	if err != nil {
		return err
	}
	if name = strings.TrimSpace(clip(name, 60)); name == "" {
		browser, system := device(visitOf(ctx).agent)
		name = strings.Join(strings.Fields(system+" "+browser), " ")
	}
	_, err = s.noted(ctx, own(id.Login, "passkey_add", "name", name), func(tx *store.Tx) (bool, error) {
		return true, tx.AddCredential(store.Credential{ID: made.ID, Login: id.Login, Name: name, Body: string(body), Created: s.now()})
	})
	if err == nil {
		s.tell(ctx, h.login, "auth.letter_passkey")
	}
	return err
}

// BeginLogin begins a sign-in by passkey, or a fresh proof by it.
func (s *Service) BeginLogin(ctx context.Context) (Ceremony, error) {
	if err := s.noPasskeys(); err != nil {
		return Ceremony{}, err
	}
	var counted []counted
	if _, ok := FromContext(ctx); !ok {
		t, err := s.reserve(ctx, s.ceremonies(ctx))
		if err != nil {
			return Ceremony{}, err
		}
		t.end() // nobody waits here for a finger on a phone
		counted = t.counted
	}
	assertion, data, err := s.webauthn.BeginDiscoverableLogin()
	if err != nil {
		return Ceremony{}, fmt.Errorf("passkey: %w", err)
	}
	return s.keepCeremony(ctx, assertion.Response, data, counted)
}

func (s *Service) ceremonies(ctx context.Context) subject {
	return s.subject(paceCeremony, "passkey", network(visitOf(ctx).address))
}

// FinishLogin signs in by the passkey that answered; for who is signed in already, it is a fresh proof. The device asked
// for a finger or a code, so no second factor is asked for.
func (s *Service) FinishLogin(ctx context.Context, answer []byte) error {
	if err := s.noPasskeys(); err != nil {
		return err
	}
	under, err := s.takeCeremony(ctx)
	if err != nil {
		return err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return errPasskey(err)
	}
	var h holder
	user, used, err := s.webauthn.ValidatePasskeyLogin(func(rawID, handle []byte) (webauthn.User, error) {
		err := s.read(ctx, func(tx *store.Tx) error {
			c, found, err := tx.Credential(rawID)
			if err != nil || !found {
				return err
			}
			h.credentials = []store.Credential{c}
			h.login, _, err = tx.Login(c.Login)
			return err
		})
		if err == nil && (h.login.ID == 0 || h.login.Disabled != 0 || !bytes.Equal(h.login.Handle, handle)) {
			err = errors.New("no such passkey")
		}
		return h, err
	}, under.Data, parsed)
	if err != nil || user == nil {
		return errPasskey(err)
	}
	if used.Authenticator.CloneWarning {
		return errPasskey(errors.New("the passkey's counter went back: it was copied"))
	}
	id, ok := FromContext(ctx)
	if ok && id.Login != h.login.ID {
		return fault.New(fault.Conflict, "auth.passkey_other")
	}
	body, err := json.Marshal(used)
	if err != nil {
		return err
	}
	x := s.subject(paceLogin, "login", h.login.Email)
	err = s.write(ctx, func(tx *store.Tx) error {
		if err := tx.UseCredential(used.ID, string(body), s.now()); err != nil {
			return err
		}
		return tx.ClearAttempt(x.name)
	})
	if err != nil {
		return err
	}
	if len(under.Counted) == 1 {
		begun := try{s: s, subjects: []subject{s.ceremonies(ctx)}, counted: under.Counted}
		if err := begun.pardon(ctx, false); err != nil {
			return err
		}
	}
	if ok {
		s.sessions.Put(ctx, keyFresh, s.now())
		return s.renew(ctx, false)
	}
	return s.enter(ctx, h.login.ID, ByPasskey)
}

func errPasskey(cause error) error {
	return fault.New(fault.Invalid, "auth.passkey_failed").Wrap(cause)
}

// Passkey is one in the list of a person's passkeys.
type Passkey struct {
	ID      string
	Name    string
	Created time.Time
	Used    time.Time // zero: never yet
}

// Passkeys returns the passkeys of who is signed in, the oldest first.
func (s *Service) Passkeys(ctx context.Context) (all []Passkey, err error) {
	id, err := who(ctx)
	if err != nil {
		return nil, err
	}
	err = s.read(ctx, func(tx *store.Tx) error {
		found, err := tx.Credentials(id.Login)
		for _, c := range found {
			all = append(all, Passkey{ID: written(c.ID), Name: c.Name, Created: instant(c.Created), Used: instant(c.Used)})
		}
		return err
	})
	return all, err
}

// RenamePasskey gives a passkey of who is signed in another name.
func (s *Service) RenamePasskey(ctx context.Context, passkey, name string) error {
	id, err := who(ctx)
	if err != nil {
		return err
	}
	if name = strings.TrimSpace(clip(name, 60)); name == "" {
		return fault.At("name", "auth.name_empty")
	}
	return s.onPasskey(ctx, own(id.Login, "passkey_name", "name", name), func(tx *store.Tx) (bool, error) { return tx.RenameCredential(id.Login, unwritten(passkey), name) })
}

// DeletePasskey withdraws a passkey of who is signed in. A fresh proof is needed. The last one stays as long as there is
// no password.
func (s *Service) DeletePasskey(ctx context.Context, passkey string) error {
	id, err := s.proven(ctx)
	if err != nil {
		return err
	}
	h, err := s.holder(ctx, id.Login)
	if err != nil {
		return err
	}
	if h.login.Password == "" && len(h.credentials) == 1 {
		return fault.New(fault.Conflict, "auth.passkey_last")
	}
	return s.onPasskey(ctx, own(id.Login, "passkey_remove"), func(tx *store.Tx) (bool, error) { return tx.DeleteCredential(id.Login, unwritten(passkey)) })
}

func (s *Service) onPasskey(ctx context.Context, note store.LoginNote, fn func(*store.Tx) (bool, error)) error {
	found, err := s.noted(ctx, note, fn)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "auth.passkey_gone")
	}
	return err
}
