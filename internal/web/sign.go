package web

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"essaim/fault"
	"essaim/internal/auth"
)

// signPages are those of who comes and goes: sign-in, second factor, forgotten password, the links of letters.
func (s *Server) signPages() {
	s.signed("GET", "/", s.arrive)
	s.signed("GET", "/cooperatives", s.choosePlace)
	s.public("GET", "/sign-in", s.signIn)
	s.public("POST", "/sign-in", s.signInSent)
	s.public("POST", "/sign-in/code", s.codeSent)
	s.signed("POST", "/sign-in/continue", s.signInContinue)
	s.public("POST", "/sign-out", s.signOut)
	s.public("GET", "/password", s.forgotten)
	s.public("POST", "/password", s.forgottenSent)
	s.public("GET", "/password/{token}", s.choosePassword)
	s.public("POST", "/password/{token}", s.choosePasswordSent)
	s.public("POST", "/language", s.language)
	s.public("POST", "/passkey/begin", func(v *Visit) error { s.auth.PasskeyBeginLogin(v.w, v.r); return nil })
	s.public("POST", "/passkey/finish", func(v *Visit) error { s.auth.PasskeyFinishLogin(v.w, v.r); return nil })
}

// arrive leads to the cooperative: the only one, or the last one used, or the choice.
func (s *Server) arrive(v *Visit) error {
	all, err := v.memberships()
	if err != nil {
		return err
	}
	if c, err := v.r.Cookie("coop"); err == nil {
		for _, m := range all {
			if m.Slug == c.Value {
				return v.Go("/" + m.Slug + "/")
			}
		}
	}
	if len(all) == 1 {
		return v.Go("/" + all[0].Slug + "/")
	}
	return v.Go("/cooperatives")
}

type signInData struct {
	F      *Form
	Next   string
	Kept   string // sealed form that was sent too late
	Over   bool   // the session had ended
	Out    bool   // just signed out
	Keys   bool   // passkeys work here
	Guests []Guest
}

func (s *Server) signIn(v *Visit) error {
	next := v.Query("next")
	if v.In {
		return v.Go(nextOr(next, "/"))
	}
	return s.signInPage(v, signInData{F: v.NewForm(), Next: next, Over: v.Query("over") != "", Out: v.Query("out") != ""}, http.StatusOK)
}

func (s *Server) signInPage(v *Visit, d signInData, status int) error {
	d.Keys, d.Guests = s.auth.PasskeysWork(), s.opt.Guests
	v.w.Header().Set("Cache-Control", "no-store")
	return v.Show("sign_in", Page{Title: v.P.T("sign.in_title"), Status: status, Script: "passkey.js", Main: "card"}, d)
}

func nextOr(next, otherwise string) string {
	if next != "" && local(next) {
		return next
	}
	return otherwise
}

func (s *Server) signInSent(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	d := signInData{F: f, Next: f.Get("next"), Kept: f.Get("kept")}
	email := f.Need("email", 254)
	password := f.values.Get("password")
	if password == "" {
		f.Refuse("password", "web.field_needed")
	}
	if f.OK() {
		result, err := s.auth.SignIn(v.Ctx(), email, password)
		switch {
		case err == nil && result.NeedsTOTP:
			return s.askCode(v, v.NewForm(), waiting{result.Login, d.Next, d.Kept}, http.StatusOK)
		case err == nil:
			return s.welcome(v, waiting{result.Login, d.Next, d.Kept})
		case errors.Is(err, auth.ErrNobody) || !s.told(f, err):
			return err
		}
	}
	return s.signInPage(v, d, http.StatusUnprocessableEntity)
}

// told shows a refusal on the form whatever its kind: « trop d’essais » is no reason to leave the page.
func (s *Server) told(f *Form, err error) bool {
	all := fault.All(err)
	f.refused = append(f.refused, all...)
	return len(all) > 0 && fault.KindOf(err) != fault.Internal
}

// waiting is a sign-in between its two factors.
type waiting struct {
	Login int64  `json:"login"`
	Next  string `json:"next"`
	Kept  string `json:"kept"`
}

type codeData struct {
	F     *Form
	State string
}

func (s *Server) askCode(v *Visit, f *Form, w waiting, status int) error {
	state, err := s.lock("waiting", w, keptFor)
	if err != nil {
		return err
	}
	v.w.Header().Set("Cache-Control", "no-store")
	return v.Show("sign_code", Page{Title: v.P.T("sign.code_title"), Status: status, Main: "card"}, codeData{f, state})
}

func (s *Server) codeSent(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	var w waiting
	if err := s.unlock("waiting", f.Get("state"), &w); err != nil {
		return v.Go("/sign-in")
	}
	code := f.Need("code", 40)
	if f.OK() {
		err := s.auth.TOTP(v.Ctx(), code)
		if err == nil {
			return s.welcome(v, w)
		}
		if fault.KindOf(err) == fault.Conflict { // too long ago: from the beginning
			f := v.NewForm()
			s.told(f, err)
			return s.signInPage(v, signInData{F: f, Next: w.Next, Kept: w.Kept}, http.StatusConflict)
		}
		if !s.told(f, err) {
			return err
		}
	}
	f.values.Del("code")
	return s.askCode(v, f, w, http.StatusUnprocessableEntity)
}

// welcome leads on who has just signed in: to the form that was sent too late, if it is theirs, else to the page they
// asked for.
func (s *Server) welcome(v *Visit, w waiting) error {
	var k keptForm
	if w.Kept != "" && s.unlock("kept", w.Kept, &k) == nil && k.Login == w.Login && local(k.To) {
		v.w.Header().Set("Cache-Control", "no-store")
		return v.Show("kept", Page{Title: v.P.T("sign.kept_title"), Main: "card"}, struct {
			Kept keptForm
			Next string
		}{k, nextOr(w.Next, "/")})
	}
	return v.Go(nextOr(w.Next, "/"))
}

// signInContinue is [Server.welcome] for a passkey: the script sends the page's form once the browser is signed in.
func (s *Server) signInContinue(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	return s.welcome(v, waiting{v.Who.Login, f.Get("next"), f.Get("kept")})
}

func (s *Server) signOut(v *Visit) error {
	if v.In {
		if err := s.auth.SignOut(v.Ctx()); err != nil {
			return err
		}
	}
	// The next one at this machine must not walk back through these pages.
	v.w.Header().Set("Clear-Site-Data", `"cache"`)
	return v.Go("/sign-in?out=1")
}

type forgottenData struct {
	F    *Form
	Sent bool
}

func (s *Server) forgotten(v *Visit) error {
	f := v.NewForm()
	f.Set("email", v.Query("email"))
	return v.Show("forgotten", Page{Title: v.P.T("sign.forgotten_title"), Main: "card"}, forgottenData{F: f})
}

func (s *Server) forgottenSent(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	page := Page{Title: v.P.T("sign.forgotten_title"), Main: "card"}
	email := f.Need("email", 254)
	if f.OK() {
		err := s.auth.BeginReset(v.Ctx(), email)
		if err == nil {
			return v.Show("forgotten", page, forgottenData{F: f, Sent: true})
		}
		if !s.told(f, err) {
			return err
		}
	}
	return v.Again("forgotten", page, forgottenData{F: f})
}

type passwordData struct {
	F    *Form
	Link auth.Link
	At   string
}

func (s *Server) choosePassword(v *Visit) error {
	link, err := s.auth.Link(v.Ctx(), v.r.PathValue("token"))
	if err != nil {
		return err
	}
	return s.passwordPage(v, v.NewForm(), link, http.StatusOK)
}

func (s *Server) passwordPage(v *Visit, f *Form, link auth.Link, status int) error {
	v.w.Header().Set("Cache-Control", "no-store")
	v.w.Header().Set("Referrer-Policy", "no-referrer") // the address is a secret
	title := v.P.T("sign.password_title")
	if link.Invite {
		title = v.P.T("sign.invited_title")
	}
	return v.Show("password", Page{Title: title, Status: status, Main: "card"}, passwordData{f, link, v.r.URL.Path})
}

func (s *Server) choosePasswordSent(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	token := v.r.PathValue("token")
	link, err := s.auth.Link(v.Ctx(), token)
	if err != nil {
		return err
	}
	password := f.values.Get("password")
	switch {
	case password == "":
		f.Refuse("password", "web.field_needed")
	case f.values.Get("again") != password:
		f.Refuse("again", "sign.password_differs")
	}
	if f.OK() {
		result, err := s.auth.FinishReset(v.Ctx(), token, password)
		switch {
		case err == nil && result.NeedsTOTP:
			return s.askCode(v, v.NewForm(), waiting{Login: result.Login}, http.StatusOK)
		case err == nil:
			v.Say("sign.password_chosen")
			return v.Go("/")
		case !f.Take(err):
			return err
		}
	}
	return s.passwordPage(v, f, link, http.StatusUnprocessableEntity)
}

// language is the switch of the public pages; it holds for this device, and for the person when signed in.
func (s *Server) language(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	lang := f.Get("lang")
	if lang != "en" {
		lang = "fr"
	}
	v.remember("lang", lang, 365*86400)
	if v.In {
		if err := s.auth.SetLang(v.Ctx(), lang); err != nil {
			return err
		}
	}
	return v.Go(nextOr(f.Get("back"), "/"))
}

// confirmFirst asks for a fresh proof before what changes the protection of the account, and carries on with what was
// asked once it is given.
func (v *Visit) confirmFirst() error {
	if v.r.Method == http.MethodGet {
		return v.Go("/me/confirm?next=" + url.QueryEscape(v.r.URL.RequestURI()))
	}
	return v.s.confirmPage(v, v.NewForm(), "/me", v.keep(), http.StatusOK)
}

type confirmData struct {
	F          *Form
	Next, Kept string
	Keys       bool
}

func (s *Server) confirmPage(v *Visit, f *Form, next, kept string, status int) error {
	v.w.Header().Set("Cache-Control", "no-store")
	return v.Show("confirm", Page{Title: v.P.T("sign.confirm_title"), Status: status, Script: "passkey.js", Section: "me"},
		confirmData{f, nextOr(next, "/me"), kept, s.auth.PasskeysWork()})
}

func (s *Server) confirm(v *Visit) error {
	return s.confirmPage(v, v.NewForm(), v.Query("next"), "", http.StatusOK)
}

func (s *Server) confirmSent(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	if password := f.values.Get("password"); !s.auth.FreshWithin(v.Ctx(), time.Minute) { // a passkey may have proved it just now
		if err := s.auth.Reauthenticate(v.Ctx(), password); err != nil {
			if !s.told(f, err) {
				return err
			}
			return s.confirmPage(v, f, f.Get("next"), f.Get("kept"), http.StatusUnprocessableEntity)
		}
	}
	k, ok := v.kept(f.Get("kept"))
	if !ok {
		return v.Go(nextOr(f.Get("next"), "/me"))
	}
	u, err := url.Parse(k.To)
	if err != nil {
		return v.Go("/me")
	}
	again := v.r.Clone(v.Ctx())
	again.URL, again.RequestURI, again.Body = u, k.To, http.NoBody
	again.Form, again.PostForm = k.Fields, k.Fields
	s.pages.ServeHTTP(v.w, again)
	return nil
}
