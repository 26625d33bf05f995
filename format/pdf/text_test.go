package pdf

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// Another program reads every text of a paper back from its pages, character for character.
func TestEveryTextIsInTheFile(t *testing.T) {
	for name, pages := range papers {
		t.Run(name, func(t *testing.T) {
			p, doc := paper(t, name), made(t, name)
			for i := range p.Pay {
				p.Pay[i].Value = account(p.Pay[i].Value)
			}
			missing(t, poppler(t, doc, "pdftotext", "-raw"), printed(p))
			if info := poppler(t, doc, "pdfinfo"); !strings.Contains(info, fmt.Sprintf("Pages:           %d\n", pages)) {
				t.Errorf("not %d pages:\n%s", pages, info)
			}
		})
	}
	t.Run("releve", func(t *testing.T) {
		r := read[Report](t, "releve")
		doc, err := Statement(r)
		if err != nil {
			t.Fatal(err)
		}
		all := append(texts(reflect.ValueOf(r)), "−500\u00a0€", "1\u202f500\u00a0€", "6\u202f250,00\u00a0€") // axis, last point
		missing(t, poppler(t, doc, "pdftotext", "-raw"), all)
	})
}

// missing tells the texts that a page does not show. Words may be cut at a hyphen or at the end of a line, and lines of
// two cells alternate: so each word is looked for on its own, as often as it was written.
func missing(t *testing.T, page string, want []string) {
	t.Helper()
	// A reader that joins lines takes the hyphen at their end for one that was added.
	squeeze := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r == '-' || r == '\f' || unicode.IsSpace(r) { // and gives back all spaces as plain ones
				return -1
			}
			return r
		}, s)
	}
	text := squeeze(page)
	const widest = 18 // what is longer may be wider than its cell and is cut anywhere
	seen := map[string]int{}
	for _, s := range want {
		for word := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == '-' || r == '/' || unicode.IsSpace(r) }) {
			seen[word]++
		}
	}
	for word, n := range seen {
		if len(word) > widest {
			continue
		}
		if got := strings.Count(text, word); got < n {
			t.Errorf("%q stands %d times, want %d", word, got, n)
		}
	}
	letters := map[rune]int{}
	for _, r := range text {
		letters[r]++
	}
	for _, s := range want {
		for _, r := range squeeze(s) {
			letters[r]--
		}
	}
	for r, n := range letters {
		if n < 0 {
			t.Errorf("%q is missing %d times", r, -n)
		}
	}
	for _, s := range want {
		long := slices.ContainsFunc(strings.FieldsFunc(s, func(r rune) bool { return r == '-' || r == ' ' }), func(w string) bool {
			return len(w) > widest
		})
		if len(s) < 30 && !long && !strings.Contains(s, "\n") && !strings.Contains(text, squeeze(s)) {
			t.Errorf("%q is not in one piece", s)
		}
	}
}

// What a reader shows about the file.
func TestDescription(t *testing.T) {
	doc := made(t, "facture")
	info := poppler(t, doc, "pdfinfo")
	for _, want := range []string{
		"Title:           Facture F-2026-0118, Maëlle céramique\n", "Author:          Maëlle céramique\n",
		"Subject:         Atelier modelage de l’automne\n", "Page size:       595.28 x 841.89 pts (A4)\n", "PDF version:     1.7\n",
	} {
		if !strings.Contains(info, want) {
			t.Errorf("no %q in\n%s", want, info)
		}
	}
	if strings.Contains(info, "Date:") {
		t.Errorf("a paper has no day of its own, so the file must not tell one:\n%s", info)
	}
	if !regexp.MustCompile(`/Lang \(fr\)`).Match(doc) {
		t.Error("no language")
	}
	r := read[Report](t, "releve")
	doc, err := Statement(r)
	if err != nil {
		t.Fatal(err)
	}
	if info := poppler(t, doc, "pdfinfo", "-isodates"); !strings.Contains(info, "CreationDate:    2026-11-22T00:00:00Z\n") {
		t.Errorf("the day of a report is not told:\n%s", info)
	}
}

// The three fonts are subsets inside the file, with the map that search and copies need.
func TestFontsAreEmbedded(t *testing.T) {
	list := poppler(t, made(t, "facture"), "pdffonts")
	for _, name := range []string{"Inter-Regular", "Inter-SemiBold", "InterDisplay-SemiBold"} {
		if !regexp.MustCompile(`(?m)^[A-Z]{6}\+` + name + ` +CID TrueType +Identity-H +yes yes yes `).MatchString(list) {
			t.Errorf("%s is not embedded as a subset with its characters:\n%s", name, list)
		}
	}
}

// Spaces that look alike have glyphs of their own, so that each is copied as what it is.
func TestSpacesStayWhatTheyAre(t *testing.T) {
	s := newSubset(faces()[regular])
	for _, r := range "1\u202f234,50\u00a0€ −" {
		s.use(r)
	}
	for _, want := range []string{"<0002> <202f>\n", "<0009> <00a0>\n", "<000b> <0020>\n", "<000c> <2212>\n"} {
		if m := string(s.characters()); !strings.Contains(m, want) {
			t.Errorf("no %q in\n%s", want, m)
		}
	}
}
