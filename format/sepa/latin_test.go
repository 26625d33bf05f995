package sepa

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNamesInTheLettersOfBanks(t *testing.T) {
	for s, want := range map[string]string{
		"Zoé Lœil & fils":            "Zoe Loeil + fils",
		"L’Hôpital–Æther":            "L'Hopital-AEther",
		"  Anne\u00a0\u202fMarie\n ": "Anne Marie",
		"e\u0301le\u0300ve":          "eleve", // accents apart, as some keyboards write them
		"Groß Łódź Ñandú Şahin İnci": "Gross Lodz Nandu Sahin Inci",
		"Straße_1; [bis] {ter}":      "Strasse-1, (bis) (ter)",
		"Facture n° 12 – « solde »…": "Facture no 12 - ' solde '...",
		"12 €":                       "12 EUR",
		"Ǿ":                          "O", // an accent on a letter that is itself replaced
		"in\u00advi\u200bsible":      "invisible",
		"A/B-C?D:E(F).G,H'I+J":       "A/B-C?D:E(F).G,H'I+J",
		"":                           "",
	} {
		if got, foreign := Latin(s); got != want || foreign != "" {
			t.Errorf("%q: %q %q, want %q", s, got, foreign, want)
		}
	}
}

func TestWhatHasNoLettersOfBanksIsNamed(t *testing.T) {
	for s, want := range map[string]string{
		"Ελένη": "Ε", "Фёдор": "Ф", "a😀b": "😀", "50 %": "%", "a@b": "@", "a<b": "<", "a\x00b": "U+0000", "a\xffb": "\ufffd",
		"a\u202eb": "U+202E", "ㄱ": "ㄱ", "각": "각", "½": "½", "x=y": "=", "#1": "#", "≠": "≠",
	} {
		if got, foreign := Latin(s); foreign != want || got != "" {
			t.Errorf("%q: %q %q, want %q", s, got, foreign, want)
		}
	}
}

// Whatever comes in, what comes out is what banks take, and is not changed by being brought again.
func TestWhatIsLatinStaysSo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.RuneFrom([]rune("aé œ’&°\u0301\u00a0ßǿ"))), func(r []rune) string { return string(r) })).Draw(t, "text")
		text, foreign := Latin(s)
		if foreign != "" {
			return
		}
		if i := strings.IndexFunc(text, func(r rune) bool { return !written(r) }); i >= 0 {
			t.Fatalf("%q holds %q", text, text[i:])
		}
		if again, foreign := Latin(text); again != text || foreign != "" {
			t.Fatalf("%q, then %q %q", text, again, foreign)
		}
		if strings.Contains(text, "  ") || strings.TrimSpace(text) != text {
			t.Fatalf("%q has blanks", text)
		}
	})
}

// Every replacement is itself in the letters of banks, and none replaces one of them.
func TestReplacementsAreLatin(t *testing.T) {
	for r, s := range replaced {
		if written(r) || s == "" || strings.ContainsFunc(s, func(r rune) bool { return !written(r) }) {
			t.Errorf("%q by %q", r, s)
		}
	}
}
