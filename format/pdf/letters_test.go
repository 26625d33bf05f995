package pdf

import "testing"

func TestLetters(t *testing.T) {
	for in, want := range map[string]string{
		"Œuvre à 1\u202f234,50\u00a0€": "Œuvre à 1\u202f234,50\u00a0€",
		"e\u0301te\u0301":              "été", // composed
		"Nguyễn Thị Hồng":              "Nguyên Thi Hông",
		"ﬁn eﬃcace":                    "fin efficace",
		"Ａ４":                           "A4",
		"a\tb\r\nc\rd\u2028e":          "a b\nc\nd\ne",
		"a\x00\x07\x1bb":               "ab",
		"\u202egnp.exe":                "gnp.exe", // direction overrides would turn an amount around
		"co\u00adopérative":            "coopérative",
		"Atelier 🎨 couleurs 👩‍🎨":       "Atelier  couleurs ",
		"abc\xff\xfe":                  "abc",
		"100\u3000%":                   "100 %",
		"Ɓangré":                       "Bangré",
		"Жанна Ελένη 日本 שלום":          "Жанна Ελένη 日本 שלום", // boxes, but still there to copy
		"1\u2011er":                    "1\u2011er",
		"":                             "",
	} {
		if got := letters(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
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
