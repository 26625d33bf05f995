package pdf

import (
	"testing"
	"unicode"

	"essaim/i18n"
)

func TestLetters(t *testing.T) {
	for in, want := range map[string]string{
		"Œuvre à 1\u202f234,50\u00a0€": "Œuvre à 1\u202f234,50\u00a0€",
		"e\u0301te\u0301":              "été", // composed
		"Nguyễn Thị Hồng":              "Nguyễn Thị Hồng",
		"ﬁn eﬃcace":                    "fin efficace",
		"Ａ４":                           "A4",
		"a\tb\r\nc\rd\u2028e":          "a b\nc\nd\ne",
		"a\x00\x07\x1bb":               "ab",
		"\u202egnp.exe":                "gnp.exe", // direction overrides would turn an amount around
		"co\u00adopérative":            "coopérative",
		"Atelier 🎨 couleurs 👩‍🎨":       "Atelier  couleurs ",
		"abc\xff\xfe":                  "abc",
		"100\u3000%":                   "100 %",
		"Ɓangré":                       "Ɓangré",
		"Жанна Ελένη 日本 שלום":          "Жанна Ελένη 日本 שלום", // the last two are boxes, but still there to copy
		"1\u2011er":                    "1\u2011er",
		"a\u037e":                      "a;", // the Greek question mark, alone or beside what has to be composed
		"":                             "",
	} {
		if got := letters(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// What may go on a document is told without the fonts, by i18n: both must agree, character by character, and in each cut.
func TestWhatIsToldWrittenIsDrawn(t *testing.T) {
	for r := range rune(0x20000) {
		if !unicode.Is(unicode.Cs, r) && !unicode.In(r, unicode.Cc, unicode.Cf, unicode.Z, unicode.Variation_Selector) {
			drawn := letters(string(r))
			all := drawn != ""
			for _, f := range faces() {
				all = all && plain(f, drawn)
			}
			if told := i18n.Unwritten(string(r)) == nil; told && !all {
				t.Errorf("%U %c: told to be written, drawn as %q", r, r, drawn)
			} else if !told && faces()[regular].has(r) && all {
				t.Errorf("%U %c: drawn, told not to be", r, r)
			}
		}
	}
	// Names as people have them.
	for _, name := range []string{"Τσιάπλας Γιώργος", "Андрій Щербань", "Ґалина Їжакевич", "Đorđe Šimić", "Nguyễn Thị Hồng", "Łukasz Żółć", "Ștefan Țuțea", "Ɓamako Ŋgɔla", "Ђура Љубић", "Ақмарал Әлия"} {
		if no := i18n.Unwritten(name); no != nil || letters(name) != name {
			t.Errorf("%s: %q, drawn as %q", name, no, letters(name))
		}
	}
}

// Greek and Cyrillic are of the same cut as Latin: their outlines are there, as wide as letters are.
func TestOtherScriptsHaveOutlines(t *testing.T) {
	for _, f := range faces() {
		for _, r := range "ΑΩαωάΐϋАЯаяґЇщЂљẼễŐșΞЖ" {
			if g := f.glyph(r); g == 0 || len(f.outline(g)) == 0 || float64(f.advance(g)) < f.unit/6 {
				t.Errorf("%s: %c has no outline", f.name, r)
			}
		}
	}
}

func TestInitials(t *testing.T) {
	for in, want := range map[string]string{
		"Maëlle céramique": "MC", "L’Établi de Soizic": "ÉS", "Ombre et lierre, jardins": "OL", "Zoé": "Z", "3D & Cie": "3C", "": "", "…": "",
		"de la": "", "élan": "É",
	} {
		if got := initials(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestAccount(t *testing.T) {
	const nb = "\u00a0"
	for in, want := range map[string]string{
		"FR7630006000011234567890189":       "FR76" + nb + "3000" + nb + "6000" + nb + "0112" + nb + "3456" + nb + "7890" + nb + "189",
		"FR76 3000 6000 0112 3456 7890 189": "FR76" + nb + "3000" + nb + "6000" + nb + "0112" + nb + "3456" + nb + "7890" + nb + "189",
		"XXXXFRPP":                          "XXXXFRPP",
		"F-2026-0118":                       "F-2026-0118",
		"Virement sous trente jours":        "Virement sous trente jours",
	} {
		if got := account(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestWrap(t *testing.T) {
	st := plainText
	for _, c := range []struct {
		text  string
		width float64
		want  []string
	}{
		{"", 100, nil},
		{" \n ", 100, nil},
		{"un deux", 1000, []string{"un deux"}},
		{"un deux", st.width("un deux") - 1, []string{"un", "deux"}},
		{"un\n\ndeux\n", 1000, []string{"un", "", "deux"}},
		{"rendez-vous", st.width("rendez-vou"), []string{"rendez-", "vous"}},
		{"2026-0118", st.width("2026-011"), []string{"2026-011", "8"}}, // a number is not cut at its hyphen
		{"abcdef", st.width("abc"), []string{"abc", "def"}},
		{"12\u00a0345,00\u00a0€ ici", st.width("12\u00a0345,00\u00a0€"), []string{"12\u00a0345,00\u00a0€", "ici"}},
	} {
		got := wrap(st, c.text, c.width)
		if len(got) != len(c.want) {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%q: %q, want %q", c.text, got, c.want)
			}
		}
	}
}
