package web

import (
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"essaim/access"
	"essaim/date"
	"essaim/fault"
	"essaim/i18n"
	"essaim/internal/auth"
	"essaim/internal/store"
)

// profilePages are those of one's own account: how one is addressed, how one signs in, from where, and what programs may
// do in one's name.
func (s *Server) profilePages() {
	s.signed("GET", "/me", s.profile)
	s.signed("POST", "/me/look", s.look)
	s.signed("GET", "/me/confirm", s.confirm)
	s.signed("POST", "/me/confirm", s.confirmSent)
	s.signed("POST", "/me/password", s.changePassword)
	s.signed("POST", "/me/passkeys/begin", func(v *Visit) error { s.auth.PasskeyBeginRegister(v.w, v.r); return nil })
	s.signed("POST", "/me/passkeys/finish", func(v *Visit) error { s.auth.PasskeyFinishRegister(v.w, v.r); return nil })
	s.signed("GET", "/me/passkeys/new", s.newPasskey)
	s.signed("POST", "/me/passkeys/delete", s.deletePasskey)
	s.signed("GET", "/me/totp", s.totp)
	s.signed("GET", "/me/totp.png", func(v *Visit) error { s.auth.TOTPImage(v.w, v.r); return nil })
	s.signed("POST", "/me/totp", s.totpSent)
	s.signed("POST", "/me/totp/stop", s.totpStop)
	s.signed("POST", "/me/totp/codes", s.totpCodes)
	s.signed("POST", "/me/sessions/end", s.endSession)
	s.signed("POST", "/me/sessions/others", s.endOthers)
	s.signed("POST", "/me/tokens", s.createToken)
	s.signed("POST", "/me/tokens/delete", s.revokeToken)
}

type profileData struct {
	Look     *Form
	Password *Form
	Token    *Form
	Name     string
	Keys     bool
	Passkeys []auth.Passkey
	Recovery int
	Sessions []device
	Coops    []store.Membership
	Tokens   []coopToken
	Scopes   []Option
	Secret   string // of a token just made, shown once
}

type coopToken struct {
	auth.Token
	CoopName string
}

func (s *Server) profile(v *Visit) error { return s.profilePage(v, profileData{}, http.StatusOK) }

func (s *Server) profilePage(v *Visit, d profileData, status int) error {
	v.returning()
	if d.Look == nil {
		d.Look = v.NewForm().Set("lang", v.P.Lang()).Set("theme", theme(v.r))
	}
	if d.Password == nil {
		d.Password = v.NewForm()
	}
	if d.Token == nil {
		d.Token = v.NewForm().Set("scopes", access.ScopeAccountRead)
	}
	d.Name, d.Keys, d.Scopes = v.Actor.Name, s.auth.PasskeysWork(), scopeOptions(v.P)
	var err error
	if d.Passkeys, err = s.auth.Passkeys(v.Ctx()); err != nil {
		return err
	}
	if v.Who.TOTP {
		if d.Recovery, err = s.auth.RecoveryLeft(v.Ctx()); err != nil {
			return err
		}
	}
	sessions, err := s.auth.Sessions(v.Ctx())
	if err != nil {
		return err
	}
	for _, x := range sessions {
		d.Sessions = append(d.Sessions, device{x})
	}
	if d.Coops, err = v.memberships(); err != nil {
		return err
	}
	for _, m := range d.Coops {
		tokens, err := s.auth.Tokens(v.Ctx(), v.Who.Login, m.Coop)
		if err != nil {
			return err
		}
		for _, t := range tokens {
			d.Tokens = append(d.Tokens, coopToken{t, m.Name})
		}
	}
	v.w.Header().Set("Cache-Control", "no-store")
	return v.Show("profile", Page{Title: v.P.T("sign.me_title"), Section: "me", Status: status, Script: "passkey.js"}, d)
}

// look sets language and theme: the language goes with the person, the theme with the device.
func (s *Server) look(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	lang := f.Choice("lang", "fr", "en")
	look := f.Choice("theme", "", "light", "dark")
	if !f.OK() {
		return s.profilePage(v, profileData{Look: f}, http.StatusUnprocessableEntity)
	}
	if err := s.auth.SetLang(v.Ctx(), lang); err != nil {
		return err
	}
	v.remember("lang", lang, 365*86400)
	if look == "" {
		v.remember("theme", "", -1)
	} else {
		v.remember("theme", look, 365*86400)
	}
	v.Who.Lang = lang
	v.speak()
	v.Say("sign.look_saved")
	return v.Go("/me")
}

func (s *Server) changePassword(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	password := f.values.Get("password")
	switch {
	case password == "":
		f.Refuse("password", "web.field_needed")
	case password != f.values.Get("again"):
		f.Refuse("again", "sign.password_differs")
	}
	if f.OK() {
		err := s.auth.ChangePassword(v.Ctx(), f.values.Get("old"), password)
		if err == nil {
			v.Say("sign.password_changed")
			return v.Go("/me#password")
		}
		if !s.told(f, err) {
			return err
		}
	}
	return s.profilePage(v, profileData{Password: f}, http.StatusUnprocessableEntity)
}

// newPasskey is the page on which a passkey is made; it asks for a fresh proof first.
func (s *Server) newPasskey(v *Visit) error {
	if !s.auth.FreshWithin(v.Ctx(), 10*time.Minute) {
		return v.confirmFirst()
	}
	v.returning()
	return v.Show("passkey", Page{Title: v.P.T("sign.passkey_new"), Section: "me", Script: "passkey.js"}, v.NewForm())
}

func (s *Server) deletePasskey(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	if err := s.auth.DeletePasskey(v.Ctx(), f.Get("id")); err != nil {
		return err
	}
	v.Say("sign.passkey_deleted")
	return v.Go("/me#passkeys")
}

type totpData struct {
	F     *Form
	Setup auth.Setup
	App   template.URL // opens the application that keeps the codes, on the phone that shows the page
	Codes []string
}

func (s *Server) totp(v *Visit) error { return s.totpPage(v, v.NewForm(), http.StatusOK) }

func (s *Server) totpPage(v *Visit, f *Form, status int) error {
	setup, err := s.auth.BeginTOTP(v.Ctx())
	if err != nil {
		return err
	}
	v.returning()
	v.w.Header().Set("Cache-Control", "no-store")
	return v.Show("totp", Page{Title: v.P.T("sign.totp_title"), Section: "me", Status: status}, totpData{F: f, Setup: setup, App: template.URL(setup.URL)})
}

func (s *Server) totpSent(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	code := f.Need("code", 20)
	if f.OK() {
		codes, err := s.auth.ConfirmTOTP(v.Ctx(), code)
		if err == nil {
			return s.recoveryPage(v, codes)
		}
		if !f.Take(err) {
			return err
		}
	}
	return s.totpPage(v, f, http.StatusUnprocessableEntity)
}

// recoveryPage shows recovery codes, this once.
func (s *Server) recoveryPage(v *Visit, codes []string) error {
	v.returning()
	v.w.Header().Set("Cache-Control", "no-store")
	return v.Show("totp", Page{Title: v.P.T("sign.codes_title"), Section: "me"}, totpData{Codes: codes})
}

func (s *Server) totpCodes(v *Visit) error {
	codes, err := s.auth.NewRecoveryCodes(v.Ctx())
	if err != nil {
		return err
	}
	return s.recoveryPage(v, codes)
}

func (s *Server) totpStop(v *Visit) error {
	if err := s.auth.StopTOTP(v.Ctx()); err != nil {
		return err
	}
	v.Say("sign.totp_stopped")
	return v.Go("/me#totp")
}

func (s *Server) endSession(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	if err := s.auth.EndSession(v.Ctx(), f.Get("id")); err != nil && fault.KindOf(err) != fault.NotFound {
		return err
	}
	v.Say("sign.session_ended")
	return v.Go("/me#sessions")
}

func (s *Server) endOthers(v *Visit) error {
	n, err := s.auth.EndOtherSessions(v.Ctx())
	if err != nil {
		return err
	}
	v.Say("sign.sessions_ended", "n", n)
	return v.Go("/me#sessions")
}

// createToken makes an API token, of which the secret is shown this once.
func (s *Server) createToken(v *Visit) error {
	if !s.auth.FreshWithin(v.Ctx(), 15*time.Minute) {
		return auth.ErrStale
	}
	f, err := v.Form()
	if err != nil {
		return err
	}
	all, err := v.memberships()
	if err != nil {
		return err
	}
	coopID := f.ID("coop")
	if len(all) == 1 {
		coopID = all[0].Coop
	}
	known := false
	for _, m := range all {
		known = known || m.Coop == coopID
	}
	if !known {
		f.Refuse("coop", "web.field_choice")
	}
	var scopes []string
	for _, scope := range access.Scopes() {
		for _, ticked := range f.All("scopes") {
			if ticked == scope {
				scopes = append(scopes, scope)
			}
		}
	}
	if len(scopes) == 0 {
		f.Refuse("scopes", "sign.token_no_scope")
	}
	var expires time.Time
	if f.Choice("lives", "", "30", "365") != "" {
		expires = s.office.Now().AddDate(0, 0, f.Int("lives", 1, 3650))
	}
	name := f.Need("name", 80)
	if f.OK() {
		secret, _, err := s.auth.CreateToken(v.Ctx(), v.Who.Login, coopID, name, scopes, expires)
		if err == nil {
			return s.profilePage(v, profileData{Secret: secret}, http.StatusOK)
		}
		if !f.Take(err) {
			return err
		}
	}
	return s.profilePage(v, profileData{Token: f}, http.StatusUnprocessableEntity)
}

func (s *Server) revokeToken(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	if err := s.auth.RevokeToken(v.Ctx(), v.Who.Login, f.Get("id")); err != nil && fault.KindOf(err) != fault.NotFound {
		return err
	}
	v.Say("sign.token_revoked")
	return v.Go("/me#tokens")
}

// scopeOptions are what an API token may be allowed.
func scopeOptions(p i18n.Printer) []Option {
	var all []Option
	for _, scope := range access.Scopes() {
		all = append(all, Option{Value: scope, Label: p.T(access.ScopeLabel(scope))})
	}
	return all
}

// Ticked says whether one of several boxes of a name is ticked.
func (f *Form) Ticked(name, value string) bool {
	return slices.Contains(f.values[name], value)
}

// device is a session as the list shows it.
type device struct{ auth.Session }

// Name says what it is: « Firefox, Android »; unknown when it does not tell.
func (d device) Name(unknown string) string {
	switch {
	case d.Browser == "" && d.System == "":
		return unknown
	case d.Browser == "" || d.System == "":
		return d.Browser + d.System
	}
	return d.Browser + ", " + d.System
}

// Phone says whether it is held in the hand.
func (d device) Phone() bool {
	return d.System == "Android" || d.System == "iPhone" || d.System == "iPad"
}

// Langs, Themes, Lives and CoopOptions are the choices of the profile.
func (s screen) Langs() []Option {
	return []Option{{Value: "fr", Label: "Français"}, {Value: "en", Label: "English"}}
}

// Themes are the looks of a device.
func (s screen) Themes() []Option {
	return []Option{{Value: "", Label: s.P.T("sign.theme_auto")}, {Value: "light", Label: s.P.T("sign.theme_light")}, {Value: "dark", Label: s.P.T("sign.theme_dark")}}
}

// Lives are how long an API token may live.
func (s screen) Lives() []Option {
	return []Option{{Value: "365", Label: s.P.T("sign.lives_365")}, {Value: "30", Label: s.P.T("sign.lives_30")}, {Value: "", Label: s.P.T("sign.lives_ever")}}
}

// CoopOptions are the cooperatives of the person.
func (s screen) CoopOptions() []Option {
	var all []Option
	places, err := s.memberships()
	if err != nil {
		return nil // the page was built from the same list a moment ago
	}
	for _, m := range places {
		all = append(all, Option{Value: strconv.FormatInt(m.Coop, 10), Label: m.Name})
	}
	return all
}

// Scoped names scopes in words.
func (s screen) Scoped(scopes []string) string {
	words := make([]string, len(scopes))
	for i, scope := range scopes {
		words[i] = s.P.T(access.ScopeLabel(scope))
	}
	return strings.ToLower(strings.Join(words, ", "))
}

// Local is the civil day of an instant; When says day and hour.
func (v *Visit) Local(t time.Time) date.Day { return dayIn(v.Coop, t) }
func (v *Visit) When(t time.Time) string    { return v.P.Instant(v.At(t.UnixMicro())) }
