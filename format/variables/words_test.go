package variables

import (
	"slices"
	"strings"
	"testing"

	"essaim/fault"
	"essaim/i18n"
)

// keys returns where and why each refusal is, in order.
func keys(err error) []string {
	var out []string
	for _, e := range fault.All(err) {
		out = append(out, e.Field+" "+e.Key)
	}
	return out
}

// refused checks what is refused, and that each refusal has its words in both languages.
func refused(t *testing.T, err error, want ...string) {
	t.Helper()
	if got := keys(err); !slices.Equal(got, want) {
		t.Errorf("refused:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	said(t, err)
}

func said(t *testing.T, err error) {
	t.Helper()
	for _, lang := range []string{"fr", "en"} {
		p := i18n.For(lang)
		for _, e := range fault.All(err) {
			if !p.Has(e.Key) {
				t.Errorf("%s: no words for %s", lang, e.Key)
			}
			if words := p.Fault(e); strings.Contains(words, "{") || strings.Contains(words, "variables.") {
				t.Errorf("%s: %q", lang, words)
			}
		}
	}
}

// words returns what a refusal says in French.
func words(err error) string {
	var out []string
	for _, e := range fault.All(err) {
		out = append(out, i18n.For("fr").Fault(e))
	}
	return strings.Join(out, "\n")
}
