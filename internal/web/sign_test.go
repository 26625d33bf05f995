package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

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
	b.Get(link).Want(t, 404, "Ce lien a déjà servi")
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
	b.Get("/me/totp").Want(t, 200, "Viser ce carré avec elle.")
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
