package house

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// outside is what nothing in the repository may mention: places of one machine, numbers of a tracker that a reader of a
// clone does not have, and hosts of package registries. (Written in halves, or this file would find itself.)
var outside = regexp.MustCompile(strings.Join([]string{
	`(?:^|[^\w.])/(?:wo` + `rk|ro` + `ot)/`,
	`(?i)\biss` + `ues?\s*(?:#\s*\d*|n[o°]\s*\d+|\d+)`,
	`(?i)\bproxy\.go` + `lang\.org|\bsum\.go` + `lang\.org|\bregistry\.np` + `mjs\.org|\bpy` + `pi\.org|\bpython` +
		`hosted\.org|\bcrat` + `es\.io|\brepo1?\.ma` + `ven|\bdeb\.deb` + `ian\.org`,
}, "|"))

// binaries hold no text to look at.
var binaries = []string{".png", ".woff2", ".ttf", ".pdf", ".icc", ".ico", ".jpg", ".xlsx"}

func TestNothingPointsOutside(t *testing.T) {
	s := house(t)
	if len(s.files) < 50 {
		t.Fatalf("only %d files found", len(s.files))
	}
	for _, name := range s.files {
		if slices.Contains(binaries, path.Ext(name)) {
			continue
		}
		b, err := os.ReadFile(filepath.Join(s.root, name))
		if err != nil {
			t.Fatal(err)
		}
		if !outside.Match(b) {
			continue
		}
		for i, line := range strings.Split(string(b), "\n") {
			if found := outside.FindString(line); found != "" {
				t.Errorf("%s:%d: mentions %q", name, i+1, found)
			}
		}
	}
}

func TestOutsideIsSeen(t *testing.T) {
	for text, want := range map[string]bool{
		"see /wo" + "rk/shared/house.md":        true,
		"HOME=/ro" + "ot/x":                     true,
		"essaim/wo" + "rk/file":                 false,
		"fixes iss" + "ue #12":                  true,
		"(Iss" + "ue 2)":                        true,
		"an iss" + "ue of 2026":                 false,
		"GOPROXY=https://proxy.go" + "lang.org": true,
		"https://go.dev/doc":                    false,
		"the iss" + "ued invoice 12":            false,
		"a framework/library of work":           false,
	} {
		if got := outside.MatchString(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
