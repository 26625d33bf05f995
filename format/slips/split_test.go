package slips

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"essaim/date"
	"essaim/format/pdf"
)

// Files as payroll software and its like write them: base fonts of Windows, subsets with a map to Unicode, codes of two bytes, the
// streams of objects of PDF 1.5, a linear file.
func TestPayslipsAreParted(t *testing.T) {
	for _, name := range []string{"winansi", "truetype", "cairo", "packed", "linear", "chromium"} {
		t.Run(name, func(t *testing.T) {
			p, err := Split(fixture(t, name), people(), month)
			if err != nil {
				t.Fatal(said(t, err))
			}
			want := []Slip{{0, [][2]int{{1, 2}}}, {1, [][2]int{{3, 3}}}, {2, [][2]int{{4, 4}}}}
			if !slices.EqualFunc(p.Slips, want, func(a, b Slip) bool { return a.Person == b.Person && slices.Equal(a.Ranges, b.Ranges) }) || len(p.Aside) != 0 || p.Pages != 4 {
				t.Fatalf("%+v, aside %v", p.Slips, p.Aside)
			}
			for i, own := range []string{"0042", "0043", "Paule"} {
				doc, err := p.PDF(i)
				if err != nil {
					t.Fatal(err)
				}
				text := poppler(t, doc)
				if !strings.Contains(text, own) || i == 0 && (!strings.Contains(text, "1 483,36") || strings.Count(text, "\f") != 2) {
					t.Errorf("%s is not in the slip:\n%s", own, text)
				}
				for j, other := range []string{"85 01 75", "90 05 75", "76 02 2A"} {
					if i != j && strings.Contains(all(t, doc), other) {
						t.Errorf("slip %d holds the number of person %d", i, j)
					}
				}
				if again, err := p.PDF(i); err != nil || !bytes.Equal(doc, again) {
					t.Error("not the same bytes when it is written again")
				}
				// The part is a document that is parted in turn.
				if part, err := Split(doc, people()[i:i+1], month); err != nil || len(part.Slips) != 1 {
					t.Errorf("the part cannot be read: %v", said(t, err))
				}
			}
		})
	}
}

// A part looks as the page did.
func TestAPartLooksTheSame(t *testing.T) {
	tool, err := exec.LookPath("pdftoppm")
	if err != nil {
		t.Fatal("pdftoppm is missing: apt-get install poppler-utils")
	}
	picture := func(doc []byte, page int) []byte {
		name := filepath.Join(t.TempDir(), "x.pdf")
		if err := os.WriteFile(name, doc, 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(tool, "-r", "40", "-gray", "-f", fmt.Sprint(page), "-l", fmt.Sprint(page), name).Output()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for _, name := range []string{"winansi", "cairo", "packed", "chromium"} {
		b := fixture(t, name)
		p, err := Split(b, people(), month)
		if err != nil {
			t.Fatal(said(t, err))
		}
		doc, err := p.PDF(1)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := picture(doc, 1), picture(b, 3); len(got) < 1000 || !bytes.Equal(got, want) {
			t.Errorf("%s: the third page is painted otherwise", name)
		}
	}
}

const (
	heading = "Bulletin de paie\tNovembre 2026\n"
	zoes    = heading + "Matricule\tSécurité sociale\n0042\t2 85 01 75 123 456 42\nMme Zoé MARTIN\n"
	yaniss  = heading + "Matricule : 0043\tN° SS : 190057512345691\nM. Yanis LE BIHAN\n"
	paules  = heading + "Matricule salarié\t0044\nPaule\n"
	unknown = heading + "Matricule : 0099\nAna Ailleurs\n"
)

func TestAPageIsGivenToWhoItNames(t *testing.T) {
	for name, c := range map[string]struct {
		pages []string
		slips string
		aside []int
		want  []string
	}{
		"one page each":              {[]string{zoes, yaniss, paules}, "0:[1 1] 1:[2 2] 2:[3 3]", nil, nil},
		"in another order":           {[]string{paules, zoes, yaniss}, "0:[2 2] 1:[3 3] 2:[1 1]", nil, nil},
		"the number alone":           {[]string{zoes, yaniss, heading + "276022A123456"}, "0:[1 1] 1:[2 2] 2:[3 3]", nil, nil},
		"the name alone":             {[]string{zoes, heading + "Monsieur Yanis Le Bihan", paules}, "0:[1 1] 1:[2 2] 2:[3 3]", nil, nil},
		"two pages of one":           {[]string{zoes + "page 1/2", "suite\npage 2/2", yaniss, paules}, "0:[1 2] 1:[3 3] 2:[4 4]", nil, nil},
		"the first alone says two":   {[]string{zoes + "Page 1 sur 2", "suite", yaniss, paules}, "0:[1 1] 1:[3 3] 2:[4 4]", []int{2}, []string{"pages[2] slips.page_nobody"}},
		"the second says so":         {[]string{zoes, "Page : 2", yaniss, paules}, "0:[1 2] 1:[3 3] 2:[4 4]", nil, nil},
		"a mark alone":               {[]string{zoes + "1 / 2", "suite\n2 / 2", yaniss, paules}, "0:[1 2] 1:[3 3] 2:[4 4]", nil, nil},
		"both pages name them":       {[]string{zoes + "page 1/2", zoes + "page 2/2", yaniss, paules}, "0:[1 2] 1:[3 3] 2:[4 4]", nil, nil},
		"two contracts":              {[]string{zoes + "page 1/1", zoes + "page 1/1", yaniss, paules, zoes}, "0:[1 1] 0:[2 2] 0:[5 5] 1:[3 3] 2:[4 4]", nil, nil},
		"a page of nobody":           {[]string{zoes, "Récapitulatif des charges", yaniss, paules}, "0:[1 1] 1:[3 3] 2:[4 4]", []int{2}, []string{"pages[2] slips.page_nobody"}},
		"a page of a stranger":       {[]string{zoes, unknown, yaniss, paules}, "0:[1 1] 1:[3 3] 2:[4 4]", []int{2}, []string{"pages[2] slips.page_stranger"}},
		"after a stranger":           {[]string{zoes, unknown + "page 1/2", "page 2/2", yaniss, paules}, "0:[1 1] 1:[4 4] 2:[5 5]", []int{2, 3}, []string{"pages[2] slips.page_stranger", "pages[3] slips.page_nobody"}},
		"a stranger's number":        {[]string{zoes, heading + "Yanis Le Bihan 2 55 08 14 168 025 38", paules}, "0:[1 1] 2:[3 3]", []int{2}, []string{"pages[2] slips.page_stranger", "people[1] slips.person_none"}},
		"and a stranger's number":    {[]string{zoes + "2 55 08 14 168 025 38", yaniss, paules}, "1:[2 2] 2:[3 3]", []int{1}, []string{"pages[1] slips.page_also", "people[0] slips.person_none"}},
		"two on a page":              {[]string{zoes + yaniss, paules}, "2:[2 2]", []int{1}, []string{"pages[1] slips.page_two", "people[0] slips.person_none", "people[1] slips.person_none"}},
		"numbers that disagree":      {[]string{heading + "Matricule : 0042\n190057512345691", paules}, "2:[2 2]", []int{1}, []string{"pages[1] slips.page_two", "people[0] slips.person_none", "people[1] slips.person_none"}},
		"two names":                  {[]string{heading + "Zoé Martin, Yanis Le Bihan", paules}, "2:[2 2]", []int{1}, []string{"pages[1] slips.page_two", "people[0] slips.person_none", "people[1] slips.person_none"}},
		"the one who signs":          {[]string{zoes, yaniss + "La gérante : Zoé Martin", paules}, "0:[1 1] 1:[2 2] 2:[3 3]", nil, nil},
		"a page that is only signed": {[]string{zoes, yaniss + "La gérante : Zoé Martin", "La gérante : Zoé Martin", paules}, "0:[1 1] 1:[2 2] 2:[4 4]", []int{3}, []string{"pages[3] slips.page_nobody"}},
		"the employer's number":      {[]string{strings.Replace(zoes, "0042", "0041", 1) + "Matricule Urssaf : 0043", yaniss, paules}, "0:[1 1] 1:[2 2] 2:[3 3]", nil, nil},
		"only the employer's":        {[]string{zoes, heading + "Matricule employeur 0043", yaniss, paules}, "0:[1 1] 1:[3 3] 2:[4 4]", []int{2}, []string{"pages[2] slips.page_nobody"}},
		"the number of the person":   {[]string{zoes, heading + "Matricule salarié n° : 43", paules}, "0:[1 1] 1:[2 2] 2:[3 3]", nil, nil},
		"a picture":                  {[]string{zoes, "", yaniss, paules}, "0:[1 1] 1:[3 3] 2:[4 4]", []int{2}, []string{"pages[2] slips.page_blank"}},
		"someone is missing":         {[]string{zoes, paules}, "0:[1 1] 2:[2 2]", nil, []string{"people[1] slips.person_none"}},
		"another month":              {[]string{strings.Replace(zoes, "Novembre", "Octobre", 1) + "Payé le 05/11/2026", yaniss, paules}, "1:[2 2] 2:[3 3]", []int{1}, []string{"pages[1] slips.other_month"}},
		"no month":                   {[]string{strings.Replace(zoes, "Novembre 2026", "", 1), yaniss, paules}, "1:[2 2] 2:[3 3]", []int{1}, []string{"pages[1] slips.other_month"}},
		"a gap in the pages":         {[]string{zoes + "page 1/3", "page 3/3", yaniss, paules}, "0:[1 1] 1:[3 3] 2:[4 4]", []int{2}, []string{"pages[2] slips.page_nobody"}},
		"an amount is no matricule":  {[]string{zoes, heading + "Total\t0043", paules}, "0:[1 1] 2:[3 3]", []int{2}, []string{"pages[2] slips.page_nobody", "people[1] slips.person_none"}},
		"the next begins":            {[]string{zoes + "page 1/2", heading + "Page 1/1", yaniss, paules}, "0:[1 1] 1:[3 3] 2:[4 4]", []int{2}, []string{"pages[2] slips.page_nobody"}},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := Split(texts(c.pages...), people(), month)
			if got := keys(err); !slices.Equal(got, c.want) {
				t.Errorf("told:\n%s", said(t, err))
			}
			said(t, err)
			var got []string
			for _, s := range p.Slips {
				for _, r := range s.Ranges {
					got = append(got, fmt.Sprint(s.Person, ":", r))
				}
			}
			if strings.Join(got, " ") != c.slips || !slices.Equal(p.Aside, c.aside) {
				t.Errorf("%v, aside %v", got, p.Aside)
			}
		})
	}
}

// Two people of one name are told apart by their numbers, and are nobody when the page has only the name.
func TestNamesakes(t *testing.T) {
	who := []Person{zoe, {"0077", "", "Martin", "Zoé"}}
	p, err := Split(texts(zoes, heading+"Matricule 77\nZoé Martin", heading+"Zoé Martin"), who, month)
	if got := keys(err); !slices.Equal(got, []string{"pages[3] slips.page_two"}) || len(p.Slips) != 2 {
		t.Errorf("%v, %+v", got, p.Slips)
	}
	// One person with two contracts: the same number of the social security, two matricules.
	who = []Person{zoe, {"0077", zoe.NIR, "Martin", "Zoé"}}
	p, err = Split(texts(zoes, strings.Replace(zoes, "0042\t", "0077\t", 1), heading+zoe.NIR), who, month)
	if got := keys(err); !slices.Equal(got, []string{"pages[3] slips.page_two"}) || len(p.Slips) != 2 || p.Slips[1].Ranges[0] != [2]int{2, 2} {
		t.Errorf("%v, %+v", got, p.Slips)
	}
}

// Programs share the resources of all pages, and link one page to another: neither takes anything of someone else's along.
func TestNothingOfAnotherPersonGoesAlong(t *testing.T) {
	form := func(s string) string {
		c := "BT /F 10 Tf 40 800 Td (" + s + ") Tj ET"
		return fmt.Sprintf("<</Type /XObject /Subtype /Form /BBox [0 0 595 842] /Private 10 0 R /Length %d>>\nstream\n%s\nendstream", len(c), c)
	}
	b := file(
		"<</Type /Catalog /Pages 2 0 R /Outlines 11 0 R /Names 11 0 R>>",
		"<</Type /Pages /Count 2 /Kids [3 0 R 4 0 R] /MediaBox [0 0 595 842] /Resources 5 0 R>>",
		"<</Type /Page /Parent 2 0 R /Contents 6 0 R /Annots [<</Type /Annot /Subtype /Link /Rect [0 0 9 9] /Dest [4 0 R /Fit]>>] /PieceInfo 11 0 R>>",
		"<</Parent 2 0 R /Contents 7 0 R /B 11 0 R>>",
		"<</Font <</F 8 0 R>> /XObject <</A 9 0 R /P 10 0 R>> /Properties <</M 11 0 R>> /ExtGState <</G <</LW 1 /Private 4 0 R>>>>>>",
		painted("/OC /M BDC q /G gs /A Do Q EMC"), painted("q /P Do Q"),
		"<</Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding>>",
		form("novembre 2026 matricule 0042 SECRET-ZOE"), form("novembre 2026 matricule 0043 SECRET-YANIS"),
		"<</Title (SECRET-YANIS SECRET-ZOE)>>",
	)
	p, err := Split(b, people()[:2], month)
	if err != nil {
		t.Fatal(said(t, err))
	}
	for i, names := range [][2]string{{"SECRET-ZOE", "SECRET-YANIS"}, {"SECRET-YANIS", "SECRET-ZOE"}} {
		doc, err := p.PDF(i)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(all(t, doc), names[0]) || strings.Contains(all(t, doc), names[1]) {
			t.Errorf("slip %d:\n%s", i, doc)
		}
		if text := poppler(t, doc); !strings.Contains(text, names[0]) {
			t.Errorf("slip %d is painted without its form: %s", i, text)
		}
	}
}

// A document of our own, with the fonts that we embed, is read like any other.
func TestALetterOfOurs(t *testing.T) {
	b, err := pdf.Write(pdf.Letter{
		Lang: "fr", Brand: "Coopérative", To: []string{"Mme Zoé Martin", "1 rue de l’Exemple"}, Title: "Bulletin de novembre 2026", Place: "Lodève, le 30 novembre 2026",
		Text: "Matricule : 0042, numéro 2 85 01 75 123 456 42. Efficace et affecté.", Day: date.Of(2026, 11, 30),
	})
	if err != nil {
		t.Fatal(err)
	}
	p, err := Split(b, people()[:1], month)
	if err != nil {
		t.Fatal(said(t, err))
	}
	doc, err := p.PDF(0)
	if err != nil {
		t.Fatal(err)
	}
	if text := poppler(t, doc); !strings.Contains(text, "Efficace et affecté") || !strings.Contains(text, "Lodève") {
		t.Errorf("%s", text)
	}
}

// Whoever the pages are for, each page goes to one person or to nobody, and to whom it names.
func TestEachPageGoesToOneAtMost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kinds := []string{zoes, yaniss, paules, unknown, "suite\npage 2/2", "", zoes + "page 1/2", zoes + yaniss}
		owners := [][]int{{0}, {1}, {2}, nil, {0, 1, 2}, nil, {0}, nil}
		drawn := rapid.SliceOfN(rapid.IntRange(0, len(kinds)-1), 1, 12).Draw(t, "pages")
		pages := make([]string, len(drawn))
		for i, k := range drawn {
			pages[i] = kinds[k]
		}
		p, _ := Split(texts(pages...), people(), month)
		seen := map[int]bool{}
		for _, s := range p.Slips {
			for _, r := range s.Ranges {
				for n := r[0]; n <= r[1]; n++ {
					if seen[n] || !slices.Contains(owners[drawn[n-1]], s.Person) {
						t.Fatalf("page %d (%q) goes to %d", n, pages[n-1], s.Person)
					}
					seen[n] = true
				}
			}
		}
		for _, n := range p.Aside {
			if seen[n] {
				t.Fatalf("page %d is given and put aside", n)
			}
			seen[n] = true
		}
		if len(seen) != len(pages) {
			t.Fatalf("%d pages of %d", len(seen), len(pages))
		}
	})
}

func TestNumbersOfTheSocialSecurity(t *testing.T) {
	for n, want := range map[string]bool{"255081416802538": true, "255081416802539": false, "255131416802538": false, "555081416802538": false} {
		if got := validNIR(n); got != want {
			t.Errorf("%s: %v", n, got)
		}
	}
	body := int64(2760219123456)
	if n := fmt.Sprintf("276022A123456%02d", 97-body%97); !validNIR(n) {
		t.Errorf("%s of Corsica is one", n)
	}
}
