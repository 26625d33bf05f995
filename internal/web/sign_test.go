package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"essaim/internal/web"
	"essaim/internal/web/webtest"
)

func TestSignIn(t *testing.T) {
	h := webtest.Start(t)
	b := h.Visitor()
	b.Get("/").WantTo(t, "/sign-in")
	page := b.Get("/sign-in").Want(t, 200, "Entrer dans ma coopérative", "Adresse de courriel", "Mot de passe oublié ?")
	wrong := b.Post("/sign-in", page.Form("/sign-in", url.Values{"email": {"maelle@trame.example"}, "password": {"quatre mots sans lien"}}))
	wrong.Want(t, 422, "L’adresse ou le mot de passe ne correspond pas")
	if strings.Contains(wrong.Body, "quatre mots sans lien") {
		t.Error("a password came back in the page")
	}
	if !strings.Contains(wrong.Body, `value="maelle@trame.example"`) {
		t.Error("the address typed is lost")
	}
	b.Post("/sign-in", page.Form("/sign-in", url.Values{"email": {""}, "password": {""}})).Want(t, 422, "2 choses à revoir", "Il manque ce renseignement.")
	b.Post("/sign-in", page.Form("/sign-in", url.Values{"email": {"maelle@trame.example"}, "password": {webtest.Password}})).WantTo(t, "/")
	b.Get("/").WantTo(t, "/trame-et-sillon/")
	b.Get("/sign-in").WantTo(t, "/")
	out := b.Post("/sign-out", url.Values{})
	out.WantTo(t, "/sign-in?out=1")
	if out.Header.Get("Clear-Site-Data") == "" {
		t.Error("the pages stay in the browser after signing out")
	}
	b.Get("/me").WantTo(t, "/sign-in?next=%2Fme")
}

func TestSignInSpeaksTheVisitorsLanguage(t *testing.T) {
	h := webtest.Start(t)
	b := h.Visitor()
	b.Lang = "en-GB,fr;q=0.5"
	page := b.Get("/sign-in").Want(t, 200, "Sign in to my cooperative")
	b.Post("/language", page.Form("/language", url.Values{"lang": {"fr"}})).WantTo(t, "/sign-in")
	b.Get("/sign-in").Want(t, 200, "Entrer dans ma coopérative")
	h.As("anatole").Get("/me").Want(t, 200, "My profile", "Signed-in devices")
}

// Only addresses of this program are followed after sign-in.
func TestNextStaysHere(t *testing.T) {
	h := webtest.Start(t)
	for next, want := range map[string]string{
		"/trame-et-sillon/":       "/trame-et-sillon/",
		"/me?x=1":                 "/me?x=1",
		"//evil.example/":         "/",
		"https://evil.example":    "/",
		`/\evil.example`:          "/",
		"javascript:alert(1)":     "/",
		"/\tevil":                 "/",
		"http:/trame-et-sillon/":  "/",
		"":                        "/",
		"trame-et-sillon/":        "/",
		"/trame-et-sillon/\r\nX:": "/",
	} {
		b := h.Visitor()
		b.Post("/sign-in", url.Values{"email": {"malo@trame.example"}, "password": {webtest.Password}, "next": {next}}).WantTo(t, want)
	}
}

// The session ends in the middle of a long note: the note is kept through sign-in, shown again, and sent with one click.
// It is never shown to another person.
func TestNothingIsLostWhenTheSessionEnds(t *testing.T) {
	h := webtest.Start(t)
	note := "Une très longue note\nsur deux lignes, avec « guillemets » & <balises>."
	for _, c := range []struct {
		who  string
		sees bool
	}{{"maelle", true}, {"malo", false}} {
		b := h.As("maelle")
		me := b.Get("/me")
		form := me.Form("/me/tokens", url.Values{"name": {note}, "scopes": {"quotes", "invoices"}})
		b.Forget()
		in := b.Post("/me/tokens", form)
		in.Want(t, 401, "ce que vous avez écrit est gardé")
		if strings.Contains(in.Body, "longue note") {
			t.Error("the note is shown before anyone signed in")
		}
		back := b.Post("/sign-in", in.Form("/sign-in", url.Values{"email": {c.who + "@trame.example"}, "password": {webtest.Password}}))
		if !c.sees {
			back.WantTo(t, "/me") // the page one came from, and nothing of the other's
			continue
		}
		back.Want(t, 200, "Rien n’est perdu", "Une très longue note")
		sent := back.Fields("/me/tokens")
		if got := sent.Get("name"); got != note {
			t.Errorf("the note came back as %q", got)
		}
		if len(sent["scopes"]) != 2 || sent.Get("key") != form.Get("key") {
			t.Errorf("fields came back as %v", sent)
		}
	}
	// Too late, it is gone, and sign-in goes on as usual.
	b := h.As("maelle")
	form := b.Get("/me").Form("/me/tokens", url.Values{"name": {note}})
	b.Forget()
	in := b.Post("/me/tokens", form)
	h.Pass(61 * time.Minute)
	b.Post("/sign-in", in.Form("/sign-in", url.Values{"email": {"maelle@trame.example"}, "password": {webtest.Password}})).WantTo(t, "/me")
	// A form of passwords is not kept, sealed or not.
	b = h.As("maelle")
	form = b.Get("/me").Form("/me/password", url.Values{"old": {webtest.Password}, "password": {"cinq six sept huit"}, "again": {"cinq six sept huit"}})
	b.Forget()
	b.Post("/me/password", form).WantTo(t, "/sign-in?over=1&next=%2Fme")
	// A form that is none of ours is not kept.
	h.Visitor().Post("/me/tokens", url.Values{"name": {note}, "key": {"x"}}).WantTo(t, "/sign-in?over=1&next=%2F")
}

var linkIn = regexp.MustCompile(`http://\S+(/password/\S+)`)

func TestForgottenPassword(t *testing.T) {
	h := webtest.Start(t)
	b := h.Visitor()
	page := b.Get("/password").Want(t, 200, "Choisir un nouveau mot de passe")
	for _, email := range []string{"malo@trame.example", "personne@trame.example"} {
		b.Post("/password", page.Form("/password", url.Values{"email": {email}})).Want(t, 200, "Si cette adresse a un compte, le lien vient de partir.")
	}
	letters := h.Letters()
	if len(letters) != 1 {
		t.Fatalf("%d letters", len(letters))
	}
	link := linkIn.FindStringSubmatch(letters[0].Text)[1]
	page = b.Get(link).Want(t, 200, "Pour le compte malo@trame.example.")
	if got := page.Header.Get("Referrer-Policy"); got != "no-referrer" {
		t.Errorf("the secret address goes out as a referrer: %q", got)
	}
	b.Post(link, page.Form(link, url.Values{"password": {"motdepasse"}, "again": {"motdepasse"}})).Want(t, 422, "que l’on essaie en premier")
	b.Post(link, page.Form(link, url.Values{"password": {"un deux trois quatre"}, "again": {"un deux trois"}})).Want(t, 422, "Les deux ne sont pas pareils")
	b.Post(link, page.Form(link, url.Values{"password": {"un deux trois quatre"}, "again": {"un deux trois quatre"}})).WantTo(t, "/")
	b.Get("/").WantTo(t, "/trame-et-sillon/")
	if over := b.Get(link).Want(t, 404, "Ce lien a déjà servi"); !strings.Contains(over.Body, `<a class="b go" href="/password">Demander un nouveau lien</a>`) {
		t.Errorf("a link that is over leads nowhere:\n%s", over.Body)
	}
}

// A page that protects the account asks for the password again when the last proof is old, and then carries on.
func TestFreshProof(t *testing.T) {
	h := webtest.Start(t)
	b := h.As("nadia")
	h.Pass(20 * time.Minute)
	b.Get("/me/totp").WantTo(t, "/me/confirm?next=%2Fme%2Ftotp")
	page := b.Get("/me/confirm?next=%2Fme%2Ftotp").Want(t, 200, "C’est bien vous ?")
	b.Post("/me/confirm", page.Form("/me/confirm", url.Values{"password": {"autre chose encore"}})).Want(t, 422, "Ce n’est pas votre mot de passe actuel.")
	b.Post("/me/confirm", page.Form("/me/confirm", url.Values{"password": {webtest.Password}})).WantTo(t, "/me/totp")
	if page := b.Get("/me/totp").Want(t, 200, "Viser ce carré avec elle.", "Ouvrir l’application de ce téléphone"); !strings.Contains(page.Body, `href="otpauth://totp/Essaim:nadia@`) {
		t.Errorf("a phone cannot aim at itself:\n%s", page.Body)
	}
	if png := b.Get("/me/totp.png"); png.Status != 200 || png.Header.Get("Content-Type") != "image/png" {
		t.Errorf("%d %s", png.Status, png.Header.Get("Content-Type"))
	}

	// A form sent with a stale proof is carried out once the proof is given.
	h.Pass(20 * time.Minute)
	form := b.Get("/me").Form("/me/tokens", url.Values{"name": {"Tableur"}, "scopes": {"payments"}})
	ask := b.Post("/me/tokens", form).Want(t, 200, "C’est bien vous ?")
	made := b.Post("/me/confirm", ask.Form("/me/confirm", url.Values{"password": {webtest.Password}}))
	made.Want(t, 200, "Voici le jeton.", "Tableur", "enregistrer des paiements")
	if !strings.Contains(made.Body, "ess_") {
		t.Error("the token is not shown")
	}
	if strings.Contains(b.Get("/me").Body, "ess_") {
		t.Error("the token is shown twice")
	}
}

func TestProfile(t *testing.T) {
	h := webtest.Start(t)
	b := h.As("maelle")
	other := h.As("maelle")
	page := b.Get("/me").Want(t, 200, "Langue et apparence", "Appareils connectés", "Cet appareil", "Déconnecter tous les autres")
	b.Post("/me/look", page.Form("/me/look", url.Values{"lang": {"en"}, "theme": {"dark"}})).WantTo(t, "/me")
	page = b.Get("/me").Want(t, 200, "Choices saved", "My profile")
	if !strings.Contains(page.Body, `<html lang="en" data-theme="dark">`) {
		t.Error("the theme is not dark")
	}
	b.Get("/me").Without(t, "Choices saved")
	other.Get("/me").Want(t, 200, "My profile") // the language goes with the person, the theme does not
	if strings.Contains(other.Get("/me").Body, "data-theme") {
		t.Error("the theme followed to another device")
	}
	b.Post("/me/look", page.Form("/me/look", url.Values{"lang": {"fr"}, "theme": {""}})).WantTo(t, "/me")
	b.Post("/me/sessions/others", url.Values{}).WantTo(t, "/me#sessions")
	other.Get("/me").WantTo(t, "/sign-in?next=%2Fme")
	b.Get("/me").Want(t, 200, "1 appareil déconnecté").Without(t, "Déconnecter tous les autres")

	page = b.Get("/me")
	b.Post("/me/password", page.Form("/me/password", url.Values{"old": {"faux et long"}, "password": {"cinq six sept huit"}, "again": {"cinq six sept huit"}})).
		Want(t, 422, "Ce n’est pas votre mot de passe actuel.")
	b.Post("/me/password", page.Form("/me/password", url.Values{"old": {webtest.Password}, "password": {"cinq six sept huit"}, "again": {"cinq six sept huit"}})).
		WantTo(t, "/me#password")
	v := h.Visitor()
	v.Post("/sign-in", url.Values{"email": {"maelle@trame.example"}, "password": {"cinq six sept huit"}}).WantTo(t, "/")
	b.Post("/me/look", url.Values{"lang": {"de"}, "theme": {"pink"}}).Want(t, 422, "Choisir dans la liste.")
}

func TestSeveralCooperatives(t *testing.T) {
	h := webtest.Start(t)
	h.As("nobody").Get("/").WantTo(t, "/cooperatives")
	h.As("nobody").Get("/cooperatives").Want(t, 200, "n’est rattaché à aucune coopérative")
	h.Join(t, "maelle", h.Other)
	b := h.As("maelle")
	b.Get("/").WantTo(t, "/cooperatives")
	b.Get("/cooperatives").Want(t, 200, "Trame & Sillon", "Autre Rive")
	if p := b.Get("/autre-rive/"); p.Status >= http.StatusInternalServerError {
		t.Error(p.Status)
	}
	b.Get("/").WantTo(t, "/autre-rive/") // the last one used
}

// The second factor, from the square one points at to the code that replaces a lost phone.
func TestSecondFactor(t *testing.T) {
	h := webtest.Start(t)
	b := h.As("nadia")
	page := b.Get("/me/totp").Want(t, 200, "Activer la double vérification", "Sans appareil photo")
	secret := strings.ReplaceAll(regexp.MustCompile(`<code class="sel">([A-Z2-7 ]+)</code>`).FindStringSubmatch(page.Body)[1], " ", "")
	code := func() string {
		c, err := totp.GenerateCode(secret, h.Now())
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	b.Post("/me/totp", page.Form("/me/totp", url.Values{"code": {"000000"}})).Want(t, 422, "Ce code ne convient pas")
	codes := b.Post("/me/totp", page.Form("/me/totp", url.Values{"code": {code()}})).Want(t, 200, "Codes de secours", "Ils ne seront plus montrés.")
	recovery := regexp.MustCompile(`<li><code>([A-Z2-9-]+)</code></li>`).FindAllStringSubmatch(codes.Body, -1)
	if len(recovery) < 8 || codes.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d codes, %v", len(recovery), codes.Header)
	}
	b.Get("/me").Want(t, 200, "Activée", "8 codes de secours restants")

	enter := func(typed string) *webtest.Page {
		v := h.Visitor()
		ask := v.Post("/sign-in", url.Values{"email": {"nadia@trame.example"}, "password": {webtest.Password}, "next": {"/me?x=1"}}).Want(t, 200, "Encore un code")
		v.Get("/me").WantTo(t, "/sign-in?next=%2Fme") // the password alone opens nothing
		v.Post("/sign-in/code", ask.Form("/sign-in/code", url.Values{"code": {"123"}})).Want(t, 422, "Ce code ne convient pas")
		return v.Post("/sign-in/code", ask.Form("/sign-in/code", url.Values{"code": {typed}}))
	}
	h.Pass(time.Minute)
	enter(code()).WantTo(t, "/me?x=1")
	enter(strings.ToLower(recovery[0][1])).WantTo(t, "/me?x=1")
	enter(recovery[0][1]).Want(t, 422, "Ce code ne convient pas")
	b.Get("/me").Want(t, 200, "7 codes de secours restants")
	b.Post("/me/totp/codes", url.Values{}).Want(t, 200, "Codes de secours")
	b.Post("/me/totp/stop", url.Values{}).WantTo(t, "/me#totp")
	b.Get("/me").Want(t, 200, "Double vérification désactivée", "Un code du téléphone en plus du mot de passe")
	h.Visitor().Post("/sign-in/code", url.Values{"code": {"123456"}, "state": {"x"}}).WantTo(t, "/sign-in")
}

// A passkey signs in by script; the page's own form then leads on, and carries what was written.
func TestContinueAfterAPasskey(t *testing.T) {
	h := webtest.Start(t)
	b := h.As("maelle")
	form := b.Get("/me").Form("/me/tokens", url.Values{"name": {"Une note assez longue"}})
	b.Forget()
	in := b.Post("/me/tokens", form).Want(t, 401)
	if !strings.Contains(in.Body, `data-passkey="sign-in"`) {
		t.Fatal("no passkey to sign in with")
	}
	again := h.As("maelle")
	again.Post("/sign-in/continue", in.Fields("/sign-in/continue")).Want(t, 200, "Rien n’est perdu", "Une note assez longue")
	h.As("malo").Post("/sign-in/continue", in.Fields("/sign-in/continue")).WantTo(t, "/me")
	again.Post("/sign-in/continue", url.Values{"next": {"//evil.example"}}).WantTo(t, "/")
	again.Get("/me/passkeys/new").Want(t, 200, "Ajouter une clé d’accès", "La clé reste chez vous")
	h.Pass(time.Hour)
	again.Get("/me/passkeys/new").WantTo(t, "/me/confirm?next=%2Fme%2Fpasskeys%2Fnew")
}

func TestTokensAndSessions(t *testing.T) {
	h := webtest.Start(t)
	b := h.As("irene")
	page := b.Get("/me").Want(t, 200, "Aucun. Un jeton laisse un programme agir en votre nom")
	b.Post("/me/tokens", page.Form("/me/tokens", url.Values{"name": {""}, "scopes": nil})).Want(t, 422, "2 choses à revoir", "Cocher au moins une chose.")
	b.Post("/me/tokens", page.Form("/me/tokens", url.Values{"name": {"x"}, "scopes": {"root"}})).Want(t, 422, "Cocher au moins une chose.")
	b.Post("/me/tokens", page.Form("/me/tokens", url.Values{"name": {"Tableur <b>"}, "scopes": {"entries:read", "payments"}, "lives": {"30"}})).
		Want(t, 200, "Voici le jeton.", "Tableur <b>", "lire les écritures, enregistrer des paiements", "N’a jamais servi", "jusqu’au 22 déc. 2026")
	page = b.Get("/me").Want(t, 200, "Tableur <b>")
	b.Post("/me/tokens/delete", page.Fields("/me/tokens/delete")).WantTo(t, "/me#tokens")
	b.Get("/me").Want(t, 200, "Jeton retiré").Without(t, "Tableur <b>")

	other := h.As("irene")
	page = b.Get("/me").Want(t, 200, "Déconnecter tous les autres")
	b.Post("/me/sessions/end", page.Fields("/me/sessions/end")).WantTo(t, "/me#sessions")
	other.Get("/me").WantTo(t, "/sign-in?next=%2Fme")
	b.Get("/me").Want(t, 200, "Appareil déconnecté")
	b.Post("/me/sessions/end", url.Values{"id": {"of someone else"}}).WantTo(t, "/me#sessions")
	b.Post("/me/tokens/delete", url.Values{"id": {"of someone else"}}).WantTo(t, "/me#tokens")
}

// The pages of who comes and goes, in both languages: no word is missing in either.
func TestBothLanguages(t *testing.T) {
	h := webtest.Start(t, func(o *web.Options) {
		o.Guests = []web.Guest{{Name: "Maëlle Le Goff", Role: "Céramiste", Email: "maelle@trame.example", Password: webtest.Password}}
	})
	for lang, word := range map[string]string{"fr": "Entrer", "en": "Sign in"} {
		v := h.Visitor()
		v.Lang = lang
		page := v.Get("/sign-in").Want(t, 200, word, "Maëlle Le Goff")
		v.Get("/sign-in?over=1").Want(t, 200)
		v.Get("/sign-in?out=1").Want(t, 200)
		v.Get("/password").Want(t, 200)
		v.Post("/password", v.Get("/password").Form("/password", url.Values{"email": {"x@y.example"}})).Want(t, 200)
		v.Get("/password/nothing").Want(t, 404)
		v.Post("/sign-in", page.Fields("/sign-in")).Want(t, 422)
		for _, who := range []string{"maelle", "anatole", "hugo", "nobody"} {
			b := h.As(who)
			b.Post("/me/look", url.Values{"lang": {lang}, "theme": {""}}).WantTo(t, "/me")
			for _, path := range []string{"/me", "/me/totp", "/me/confirm", "/me/passkeys/new", "/cooperatives", "/trame-et-sillon/nothing", "/trame-et-sillon/probe/specimen"} {
				if p := b.Get(path); p.Status >= 500 {
					t.Errorf("%s in %s as %s: %d", path, lang, who, p.Status)
				}
			}
		}
	}
}
