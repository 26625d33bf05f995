package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"essaim/internal/web/webtest"
)

// sample fills the parts of an address: Maëlle's activity, and ids that exist nowhere else.
var sample = strings.NewReplacer(
	"{coop}", webtest.Slug, "{activity}", "10", "{id}", "1", "{figure}", "cash", "{month}", "2026-10", "{file}", "2026-10.pdf", "{token}", "nothing", "{subject}", "customer:1", "{what}", "form", "{n}", "1",
	"{kind}", "quote", "{year}", "2", "{contract}", "1", "{slip}", "1",
)

// Every address, most with nothing behind it, as every person, as someone of another cooperative, as someone of none, and
// as a visitor: nothing breaks, and who is of elsewhere finds nothing. What each role finds where there is something is
// [TestAccessDecidesEveryAddress].
func TestEveryAddressAsEveryone(t *testing.T) {
	h := webtest.Start(t)
	browsers := map[string]*webtest.Browser{"zoe": h.As("zoe"), "nobody": h.As("nobody"), "": h.Visitor()}
	for _, name := range webtest.Names() {
		browsers[name] = h.As(name)
	}
	walked := 0
	// Looking first, then deeds of those to whom nothing is open, then deeds of the others: those may change what the walk
	// relies on.
	for _, round := range []string{"looking", "outsiders", "insiders"} {
		for _, rt := range h.Server.Routes() {
			path := sample.Replace(rt.Pattern)
			if strings.Contains(path, "{") {
				t.Fatalf("%s: no sample for a part of this address: add it", rt.Pattern)
			}
			if (rt.Method == http.MethodGet) != (round == "looking") || strings.HasPrefix(path, "/sign-out") || strings.HasPrefix(path, "/me/sessions") || strings.Contains(path, "/probe/") {
				continue // the last ones end what the walk needs
			}
			for name, b := range browsers {
				outside := name == "" || name == "zoe" || name == "nobody"
				if round != "looking" && outside != (round == "outsiders") {
					continue
				}
				var p *webtest.Page
				if rt.Method == http.MethodGet {
					p = b.Get(path)
				} else {
					p = b.Post(path, url.Values{})
				}
				walked++
				who := name
				if who == "" {
					who = "a visitor"
				}
				switch {
				case p.Status >= 500:
					t.Errorf("%s %s as %s: %d\n%s", rt.Method, path, who, p.Status, p.Text())
				case rt.Public:
				case name == "" && p.Status != http.StatusUnauthorized && !strings.HasPrefix(p.Location, "/sign-in"):
					t.Errorf("%s %s as a visitor: %d", rt.Method, path, p.Status)
				case !rt.Signed && name != "" && outside && p.Status != http.StatusNotFound:
					t.Errorf("%s %s as %s of elsewhere: %d\n%s", rt.Method, path, who, p.Status, p.Text())
				}
			}
		}
	}
	if walked < 300 {
		t.Errorf("only %d requests", walked)
	}
}
