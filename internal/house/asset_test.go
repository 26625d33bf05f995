package house

import (
	"bytes"
	"compress/gzip"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const (
	assets = "internal/web/static/"
	budget = 150_000 // bytes of all assets of a page, compressed
)

// A page on a slow network: everything it loads besides itself stays within the budget.
func TestAssetsStayLight(t *testing.T) {
	s := house(t)
	total := 0
	for _, name := range s.files {
		if !strings.HasPrefix(name, assets) {
			continue
		}
		b, err := os.ReadFile(filepath.Join(s.root, name))
		if err != nil {
			t.Fatal(err)
		}
		switch path.Ext(name) {
		case ".css", ".js", ".svg", ".webmanifest":
			var packed bytes.Buffer
			w := gzip.NewWriter(&packed)
			if _, err := w.Write(b); err != nil {
				t.Fatal(err)
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			total += packed.Len()
		case ".woff2":
			total += len(b)
		}
	}
	if total > budget || total == 0 {
		t.Errorf("the assets weigh %d bytes compressed, at most %d", total, budget)
	}
	t.Logf("%d bytes of %d", total, budget)
}

// What a style sheet, a template or the code of a page names among the assets is there, and nothing is asked of another host.
func TestAssetsNamedAreThere(t *testing.T) {
	s := house(t)
	held := map[string]bool{}
	for _, name := range s.files {
		held[name] = true
	}
	sprite, err := os.ReadFile(filepath.Join(s.root, assets+"icons.svg"))
	if err != nil {
		t.Fatal(err)
	}
	icons := map[string]bool{}
	for _, m := range regexp.MustCompile(`<symbol id="([^"]+)"`).FindAllSubmatch(sprite, -1) {
		if icons[string(m[1])] {
			t.Errorf("icons.svg has %s twice", m[1])
		}
		icons[string(m[1])] = true
	}
	if len(icons) < 50 {
		t.Errorf("only %d icons", len(icons))
	}
	named := regexp.MustCompile(`/static/([A-Za-z0-9._/-]+\.(?:css|js|svg|png|woff2|webmanifest))`)
	icon := regexp.MustCompile(`icons\.svg(?:\?[^#"]*)?#(i-[a-z0-9-]+)`)
	foreign := regexp.MustCompile(`(?i)(?:\bsrc|<link[^>]*\bhref|\baction)\s*=\s*["']?(?:https?:)?//[a-z]|url\(\s*["']?(?:https?:)?//|@import`)
	for _, name := range s.files {
		switch path.Ext(name) {
		case ".html", ".tmpl", ".css", ".webmanifest":
		case ".js":
			if strings.HasPrefix(name, assets) && strings.Contains(name, "htmx") {
				continue // not ours
			}
		case ".go":
			if !strings.HasPrefix(name, "internal/web/") || strings.HasSuffix(name, "_test.go") {
				continue
			}
		default:
			continue
		}
		if !strings.HasPrefix(name, "internal/") {
			continue
		}
		b, err := os.ReadFile(filepath.Join(s.root, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range named.FindAllSubmatch(b, -1) {
			if !held[assets+string(m[1])] {
				t.Errorf("%s names /static/%s, which is not there", name, m[1])
			}
		}
		for _, m := range icon.FindAllSubmatch(b, -1) {
			if !icons[string(m[1])] {
				t.Errorf("%s uses the icon %s, which the sprite has not (tools/icons.mjs adds it)", name, m[1])
			}
		}
		if m := foreign.Find(b); m != nil && !strings.Contains(name, "mail") {
			t.Errorf("%s asks another host: %q", name, m)
		}
	}
}

// Everything taken from others is named with its licence.
func TestLicencesAreNamed(t *testing.T) {
	s := house(t)
	notice, err := os.ReadFile(filepath.Join(s.root, assets+"LICENCES.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range s.files {
		if path.Ext(name) == ".woff2" || strings.Contains(path.Base(name), ".min.") || path.Base(name) == "icons.svg" {
			if !strings.Contains(string(notice), path.Base(name)) {
				t.Errorf("%s is not in LICENCES.md", name)
			}
		}
	}
	licence, err := os.ReadFile(filepath.Join(s.root, "LICENSE"))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"EUROPEAN UNION PUBLIC LICENCE v. 1.2", "1.Definitions", "15.Applicable Law", "Appendix", "production of a new EUPL version."} {
		if !strings.Contains(string(licence), part) {
			t.Errorf("LICENSE lacks %q", part)
		}
	}
}
