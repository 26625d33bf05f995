package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/pquerna/otp/totp"

	"essaim/i18n"
	"essaim/internal/store"
	"essaim/internal/web/webtest"
)

// What protects a login is in the log of the cooperative: who changed their password, their second factor, their sessions
// and tokens, whose roles and way in an administrator changed. The administrator reads it at /audit, nobody else.
func TestSignInIsInTheLog(t *testing.T) {
	h := webtest.Start(t)
	maelle, hugo := h.As("maelle"), h.As("hugo")
	other := h.As("maelle") // a second device
	const next = "quatre mots sans aucun lien"
	house := "/" + webtest.Slug
	did := func(p *webtest.Page, wants ...string) {
		t.Helper()
		if p.Status >= 400 {
			t.Fatalf("%s: %d\n%s", p.Path, p.Status, p.Text())
		}
		if err := h.Office.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		system, err := h.Office.System(t.Context(), h.Coop.ID)
		if err != nil {
			t.Fatal(err)
		}
		rows, _, err := h.Office.Audits(t.Context(), system, store.AuditFilter{Limit: len(wants)})
		if err != nil || len(rows) != len(wants) {
			t.Fatalf("%s: %d rows, %v", p.Path, len(rows), err)
		}
		log := hugo.Get(house + "/audit")
		for i, want := range wants {
			by, action, _ := strings.Cut(want, " ")
			subject := "person:" + strconv.FormatInt(h.Actor("maelle").Person, 10)
			if r := rows[i]; r.Action != action || r.By != h.Actor(by).Person || r.Subject != subject {
				t.Errorf("%s leaves %s by %d on %s, want %s by %s on %s", p.Path, r.Action, r.By, r.Subject, action, by, subject)
			}
			log.Want(t, http.StatusOK, i18n.For("fr").T("audit.action."+action))
		}
	}
	me := func(form string, change url.Values) url.Values { return maelle.Get("/me").Form(form, change) }
	did(maelle.Post("/me/tokens", me("/me/tokens", url.Values{"name": {"caisse"}, "scopes": {"quotes"}})), "maelle login.token_add")
	did(maelle.Post("/me/tokens/delete", me("/me/tokens/delete", nil)), "maelle login.token_revoke")
	did(maelle.Post("/me/sessions/others", url.Values{}), "maelle login.sessions")
	if p := other.Get("/me"); p.Status == http.StatusOK {
		t.Error("the other device is still in")
	}
	did(maelle.Post("/me/password", me("/me/password", url.Values{"old": {webtest.Password}, "password": {next}, "again": {next}})), "maelle login.password")
	page := maelle.Get("/me/totp")
	secret := regexp.MustCompile(`<code class="sel">([A-Z2-7 ]+)</code>`).FindStringSubmatch(page.Body)
	if secret == nil {
		t.Fatalf("no secret on the page\n%s", page.Body)
	}
	code, err := totp.GenerateCode(strings.ReplaceAll(secret[1], " ", ""), h.Now())
	if err != nil {
		t.Fatal(err)
	}
	did(maelle.Post("/me/totp", page.Form("/me/totp", url.Values{"code": {code}})), "maelle login.totp_on")
	did(maelle.Post("/me/totp/codes", me("/me/totp/codes", nil)), "maelle login.recovery")
	did(maelle.Post("/me/totp/stop", me("/me/totp/stop", nil)), "maelle login.totp_off")

	// What an administrator does to somebody's roles and way in.
	sheet := house + "/people/" + strconv.FormatInt(h.Actor("maelle").Person, 10)
	roles := hugo.Get(sheet + "/roles")
	did(hugo.Post(sheet+"/roles", roles.Form("/roles", url.Values{"grants[0].role": {"gestionnaire"}})), "hugo person.grant", "hugo person.withdraw", "hugo person.save")
	kept := h.Actor("maelle").Person
	p := hugo.Post(sheet+"/close", hugo.Get(sheet).Form("/close", nil))
	if p.Status >= 400 {
		t.Fatalf("%d\n%s", p.Status, p.Text())
	}
	if err := h.Office.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	rows, _, err := h.Office.Audits(t.Context(), h.Actor("hugo"), store.AuditFilter{Limit: 2, Subject: "person:" + strconv.FormatInt(kept, 10)})
	if err != nil || len(rows) != 2 || rows[0].Action != "login.close" || rows[0].By != h.Actor("hugo").Person || rows[1].Action != "person.dismiss" {
		t.Errorf("the closed way in leaves %+v, %v", rows, err)
	}
	for _, name := range webtest.Names() {
		if name != "hugo" && name != "maelle" {
			h.As(name).Get(house+"/audit").Want(t, http.StatusNotFound)
		}
	}
}
