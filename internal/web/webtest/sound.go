package webtest

import (
	"bytes"
	"compress/gzip"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"essaim/i18n"
)

var (
	ids      = regexp.MustCompile(`\bid="([^"]*)"`)
	inline   = regexp.MustCompile(`(?i)<script(?:[^>]*)>[^<]|<style|\son[a-z]+=|\sstyle=|javascript:`)
	outside  = regexp.MustCompile(`(?i)\b(?:src|action)="(?:https?:)?//|<link[^>]*href="(?:https?:)?//`)
	labelFor = regexp.MustCompile(`<label\b[^>]*\bfor="([^"]*)"`)
	key      = regexp.MustCompile(`>\s*([a-z0-9]+(?:\.[a-z0-9_-]+)+)\s*<|="([a-z0-9]+(?:\.[a-z0-9_-]+)+)"`)
	nothing  = regexp.MustCompile(`<(?:a|button)\b([^>]*)>\s*(?:<svg\b[^>]*><use[^>]*/></svg>\s*)?</(?:a|button)>`)
	holes    = regexp.MustCompile(`\{[a-z_]+\}|%!|ZgotmplZ|&lt;nil&gt;`)
)

// typed are the signs between braces that people write themselves: the labels of what comes back each month.
var typed = strings.NewReplacer("{mois}", "", "{month}", "", "{period}", "")

// pageMost is the weight of a page, compressed: what a slow network carries at once.
const pageMost = 60_000

// sound checks what every page promises: one answer a page, nothing inline, nothing from elsewhere, every word
// translated, every control named. It is asked of each page that a test sees.
func (p *Page) sound(t testing.TB) {
	t.Helper()
	if !strings.HasPrefix(p.Header.Get("Content-Type"), "text/html") || p.Status == http.StatusSeeOther || p.Status == http.StatusFound || !strings.HasPrefix(p.Body, "<!doctype html>") {
		return
	}
	if len(p.Body) > pageMost { // otherwise it is light even so
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		_, _ = w.Write([]byte(p.Body)) // to memory
		_ = w.Close()
		if packed.Len() > pageMost {
			t.Errorf("%s: weighs %d bytes compressed", p.Path, packed.Len())
		}
	}
	seen := map[string]bool{}
	for _, m := range ids.FindAllStringSubmatch(p.Body, -1) {
		if seen[m[1]] {
			t.Errorf("%s: id %q twice", p.Path, m[1])
		}
		seen[m[1]] = true
	}
	if m := inline.FindString(p.Body); m != "" {
		t.Errorf("%s: something inline: %q", p.Path, m)
	}
	if m := outside.FindString(p.Body); m != "" {
		t.Errorf("%s: asks another host: %q", p.Path, m)
	}
	if m := holes.FindString(typed.Replace(p.Body)); m != "" {
		t.Errorf("%s: a value is missing: %q", p.Path, m)
	}
	for _, m := range key.FindAllStringSubmatch(p.Body, -1) {
		if k := m[1] + m[2]; i18n.For("fr").Has(k) {
			t.Errorf("%s: a message without words: %s", p.Path, k)
		}
	}
	named := map[string]bool{}
	for _, m := range labelFor.FindAllStringSubmatch(p.Body, -1) {
		named[html.UnescapeString(m[1])] = true
	}
	for _, tag := range inputOf.FindAllString(p.Body, -1) {
		a := attributes(tag)
		_, hidden := a["hidden"]
		if a["type"] == "hidden" || hidden || a["type"] == "submit" || a["aria-label"] != "" || named[a["id"]] || within(p.Body, tag) {
			continue
		}
		t.Errorf("%s: a field without a label: %s", p.Path, tag)
	}
	for _, m := range nothing.FindAllStringSubmatch(p.Body, -1) {
		if !strings.Contains(m[1], "aria-label=") {
			t.Errorf("%s: a link or button without a name: %s", p.Path, m[0])
		}
	}
	if n := strings.Count(p.Body, "<h1"); n != 1 {
		t.Errorf("%s: %d first headings", p.Path, n)
	}
	if n := strings.Count(p.Body, `class="mark"`); n > 1 {
		t.Errorf("%s: %d answers marked, at most one", p.Path, n)
	}
}

// within says whether a field stands inside its label.
func within(body, tag string) bool {
	at := strings.Index(body, tag)
	open, shut := strings.LastIndex(body[:at], "<label"), strings.LastIndex(body[:at], "</label>")
	return open > shut
}
