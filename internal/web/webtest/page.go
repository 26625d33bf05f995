package webtest

import (
	"html"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// Page is an answer.
type Page struct {
	Path     string
	Status   int
	Header   http.Header
	Location string // where it leads, when it redirects
	Body     string

	t testing.TB
}

// Want checks the status and that the text of the page holds some words.
func (p *Page) Want(t testing.TB, status int, words ...string) *Page {
	t.Helper()
	text := p.Text()
	if p.Status != status {
		t.Fatalf("%s: status %d, want %d\n%s", p.Path, p.Status, status, text)
	}
	for _, w := range words {
		if !strings.Contains(text, plain(w)) {
			t.Errorf("%s: the page does not say %q:\n%s", p.Path, w, text)
		}
	}
	return p
}

// Without checks that the text of the page does not hold some words.
func (p *Page) Without(t testing.TB, words ...string) *Page {
	t.Helper()
	text := p.Text()
	for _, w := range words {
		if strings.Contains(text, plain(w)) {
			t.Errorf("%s: the page says %q:\n%s", p.Path, w, text)
		}
	}
	return p
}

// WantTo checks that the page leads to an address.
func (p *Page) WantTo(t testing.TB, address string) *Page {
	t.Helper()
	if p.Location != address {
		t.Fatalf("%s: %d, leads to %q, want %q\n%s", p.Path, p.Status, p.Location, address, p.Text())
	}
	return p
}

var (
	hiddenTags = regexp.MustCompile(`(?s)<(?:script|style|head)\b.*?</(?:script|style|head)>|<!--.*?-->`)
	tags       = regexp.MustCompile(`<[^>]*>`)
	blanks     = regexp.MustCompile(`[\s\x{00a0}\x{202f}]+`)
)

// Text is what one reads on the page, with single plain spaces.
func (p *Page) Text() string {
	return plain(html.UnescapeString(tags.ReplaceAllString(hiddenTags.ReplaceAllString(p.Body, " "), " ")))
}

func plain(s string) string { return strings.TrimSpace(blanks.ReplaceAllString(s, " ")) }

var (
	formOf   = regexp.MustCompile(`(?s)<form\b([^>]*)>(.*?)</form>`)
	actionOf = regexp.MustCompile(`\baction="([^"]*)"`)
	inputOf  = regexp.MustCompile(`<input\b[^>]*>`)
	areaOf   = regexp.MustCompile(`(?s)<textarea\b([^>]*)>(.*?)</textarea>`)
	selectOf = regexp.MustCompile(`(?s)<select\b([^>]*)>(.*?)</select>`)
	optionOf = regexp.MustCompile(`<option value="([^"]*)"( selected)?`)
	attrOf   = regexp.MustCompile(`\b([a-z-]+)(?:="([^"]*)")?`)
)

// Fields returns the fields of a POST form whose address holds part, as a browser would send them: of the one with the
// shortest address, the first of those.
func (p *Page) Fields(part string) url.Values {
	p.t.Helper()
	found, at := "", ""
	for _, m := range formOf.FindAllStringSubmatch(p.Body, -1) {
		action := ""
		if a := actionOf.FindStringSubmatch(m[1]); a != nil {
			action = html.UnescapeString(a[1])
		}
		if !strings.Contains(m[1], `method="post"`) || !strings.Contains(action, part) {
			continue
		}
		if found == "" || len(action) < len(at) {
			found, at = m[2], action
		}
	}
	if found == "" {
		p.t.Fatalf("%s: no form that goes to %q", p.Path, part)
	}
	return fields(found)
}

// Form is Fields with some changed; a nil value takes a field out.
func (p *Page) Form(part string, change url.Values) url.Values {
	p.t.Helper()
	v := p.Fields(part)
	maps.Copy(v, change)
	maps.DeleteFunc(v, func(_ string, values []string) bool { return values == nil })
	return v
}

func fields(form string) url.Values {
	v := url.Values{}
	for _, tag := range inputOf.FindAllString(form, -1) {
		a := attributes(tag)
		_, checked := a["checked"]
		switch {
		case a["name"] == "" || a["type"] == "submit":
		case a["type"] == "checkbox" || a["type"] == "radio":
			if checked {
				v.Add(a["name"], a["value"])
			}
		default:
			v.Add(a["name"], a["value"])
		}
	}
	for _, m := range areaOf.FindAllStringSubmatch(form, -1) {
		if name := attributes(m[1])["name"]; name != "" {
			v.Add(name, html.UnescapeString(strings.TrimPrefix(m[2], "\n")))
		}
	}
	for _, m := range selectOf.FindAllStringSubmatch(form, -1) {
		name, chosen, first := attributes(m[1])["name"], "", true
		for _, o := range optionOf.FindAllStringSubmatch(m[2], -1) {
			if first || o[2] != "" {
				chosen = html.UnescapeString(o[1])
			}
			first = false
		}
		if name != "" && !first {
			v.Add(name, chosen)
		}
	}
	return v
}

func attributes(tag string) map[string]string {
	a := map[string]string{}
	for _, m := range attrOf.FindAllStringSubmatch(strings.TrimPrefix(strings.Trim(tag, "<>/"), "input"), -1) {
		if _, twice := a[m[1]]; !twice {
			a[m[1]] = html.UnescapeString(m[2])
		}
	}
	return a
}
