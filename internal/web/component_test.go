package web

import (
	"html/template"
	"io/fs"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"essaim/date"
	"essaim/i18n"
	"essaim/money"
)

// Whatever a text holds, it stays text: the markup around it has the same tags, and the text reads back whole.
func TestMarkupEscapes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringMatching(`[<>&"'/a= ]{0,20}`)).Draw(t, "text")
		m := string(new(markup).raw(`<a href="`).text(s).raw(`">`).text(s).raw("</a>").html())
		if strings.Count(m, "<") != 2 || strings.Count(m, ">") != 2 || strings.Count(m, `"`) != 2 || strings.Contains(m, "'") {
			t.Fatalf("%q became %s", s, m)
		}
		if got, want := m[strings.Index(m, ">")+1:strings.LastIndex(m, "<")], template.HTMLEscapeString(s); got != want {
			t.Fatalf("%q is written %q, html/template writes %q", s, got, want)
		}
	})
}

var (
	openTag  = regexp.MustCompile(`<([a-z][a-z0-9]*)\b[^>]*?(/?)>`)
	closeTag = regexp.MustCompile(`</([a-z][a-z0-9]*)>`)
	anyTag   = regexp.MustCompile(`</?[a-z][a-z0-9]*\b[^>]*>`)
	idOf     = regexp.MustCompile(`\bid="([^"]*)"`)
)

// closed checks that tags are closed in order; void elements and self-closed shapes need not be.
func closed(t *testing.T, what, html string) {
	t.Helper()
	void := map[string]bool{"meta": true, "link": true, "input": true, "img": true, "br": true, "hr": true}
	var open []string
	for _, tag := range anyTag.FindAllString(html, -1) {
		if m := closeTag.FindStringSubmatch(tag); m != nil {
			if len(open) == 0 || open[len(open)-1] != m[1] {
				t.Fatalf("%s: %s closes %v", what, tag, open)
			}
			open = open[:len(open)-1]
			continue
		}
		if m := openTag.FindStringSubmatch(tag); m != nil && m[2] == "" && !void[m[1]] {
			open = append(open, m[1])
		}
	}
	if len(open) > 0 {
		t.Errorf("%s: %v stay open", what, open)
	}
}

// Every component, in both languages and in hard words: well formed, no id twice, nothing inline, every word translated.
func TestSpecimen(t *testing.T) {
	for _, lang := range []string{"fr", "en"} {
		p := i18n.For(lang)
		var all strings.Builder
		for _, h := range specimen(p) {
			all.WriteString(string(h))
		}
		html := all.String()
		closed(t, lang, html)
		seen := map[string]bool{}
		for _, m := range idOf.FindAllStringSubmatch(html, -1) {
			if seen[m[1]] {
				t.Errorf("%s: id %s twice", lang, m[1])
			}
			seen[m[1]] = true
		}
		if m := regexp.MustCompile(`(?i)<script|\son[a-z]+=|\sstyle=|javascript:`).FindString(html); m != "" {
			t.Errorf("%s: something inline: %q", lang, m)
		}
		if strings.Contains(html, "<Val-Profond>") || strings.Contains(html, "<b>Terre</b>") {
			t.Errorf("%s: a name was taken for markup", lang)
		}
		if m := regexp.MustCompile(`>(web|sign|link)\.[a-z_]+<`).FindString(html); m != "" {
			t.Errorf("%s: a message without words: %s", lang, m)
		}
	}
}

func TestInitials(t *testing.T) {
	for name, want := range map[string]string{
		"Maëlle céramique": "MC", "Équipe d’appui": "ÉA", "Bruno": "B", "": "", "  -- ": "", "42 rue": "4R", "Câbles & Cie": "CC", "l'atelier": "A", "d’": "D",
	} {
		if got := initials(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func TestWhySums(t *testing.T) {
	w := Why{Rows: []WhyRow{{Kind: WhyStart, Amount: 100_00}, {Amount: -30_00}, {Kind: WhyNest, Amount: -20_00}, {Kind: WhyNest, Amount: -10_00}, {Kind: WhyEquals, Amount: 70_00}, {Amount: -5_00}, {Kind: WhyResult, Amount: 65_00}}}
	if !w.Sums() {
		t.Error("a panel that sums is refused")
	}
	w.Rows[1].Amount--
	if w.Sums() {
		t.Error("a cent is missing and nobody sees it")
	}
}

// The chart holds whatever an account may have lived: every point within the drawing, round lines, whole labels.
func TestCash(t *testing.T) {
	number := regexp.MustCompile(`\b(?:x1|x2|cx|x)="(-?[0-9.]+)"|\b(?:y1|y2|cy|y)="(-?[0-9.]+)"`)
	rapid.Check(t, func(t *rapid.T) {
		day := date.MustParse("2025-01-31")
		c := Cash{Title: "Ma trésorerie", Reserve: money.Cents(rapid.Int64Range(0, 10_000_00).Draw(t, "reserve"))}
		n := rapid.IntRange(0, 24).Draw(t, "months")
		for i := range n {
			x := CashPoint{Day: day.Month().Last(), Cents: money.Cents(rapid.OneOf(rapid.Int64Range(-5_000_00, 20_000_00), rapid.Int64Range(-int64(money.Max)/10, int64(money.Max)/10)).Draw(t, "cents")), Forecast: i > n*2/3}
			c.Points = append(c.Points, x)
			if !x.Forecast {
				c.Today = x.Day
			}
			day = (day.Month() + 1).First()
		}
		html := string(c.HTML(i18n.For(rapid.SampledFrom([]string{"fr", "en"}).Draw(t, "lang"))))
		for svg := range strings.SplitSeq(html, "<svg viewBox=\"0 0 ") {
			if !strings.HasPrefix(svg, "690 290") && !strings.HasPrefix(svg, "358 230") {
				continue
			}
			w, h := 690.0, 290.0
			if svg[0] == '3' {
				w, h = 358, 230
			}
			for _, m := range number.FindAllStringSubmatch(svg[:strings.Index(svg, "</svg>")], -1) {
				if v, ok := parseFloat(m[1]); ok && (v < -1 || v > w+1) {
					t.Fatalf("x = %v beyond %v:\n%s", v, w, svg)
				}
				if v, ok := parseFloat(m[2]); ok && (v < -1 || v > h+1) {
					t.Fatalf("y = %v beyond %v:\n%s", v, h, svg)
				}
			}
		}
		if strings.Contains(html, "NaN") || strings.Contains(html, "Inf") {
			t.Fatal(html)
		}
	})
}

// The words of the chart stand off its curve, its reserve and each other wherever there is room for them.
func TestWordsOfTheChartStandFree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := date.MustParse("2026-01-31")
		c := Cash{Title: "Ma trésorerie", Reserve: money.Cents(rapid.Int64Range(0, 2_000_00).Draw(t, "reserve"))}
		for i := range 14 {
			c.Points = append(c.Points, CashPoint{Day: day, Cents: money.Cents(rapid.Int64Range(-2_000_00, 9_000_00).Draw(t, "cents")), Forecast: i > 9})
			day = (day.Month() + 1).Last()
		}
		px := func(v float64) float64 { return (v - at(c.Points[0].Day)) * 45 }
		py := func(v money.Cents) float64 { return 200 - float64(v+2_000_00)/11_000_00*170 }
		r := roomFor(c, px, py, box{0, 0, 600, 200})
		b, ok := r.find(120, 16, []spot{{400, 100}, {300, 100}}, 100, 0, 4)
		if !ok { // the line above the highest point is always free
			t.Fatalf("no room at all: %v", c.Points)
		}
		for x := b.x0; x <= b.x1; x++ {
			for i := 1; i < len(r.xs); i++ {
				if x < r.xs[i-1] || x > r.xs[i] {
					continue
				}
				y := r.ys[i-1] + (r.ys[i]-r.ys[i-1])*(x-r.xs[i-1])/(r.xs[i]-r.xs[i-1])
				if y > b.y0 && y < b.y1 {
					t.Fatalf("the curve passes through the words at %v, %v: %+v", x, y, b)
				}
			}
		}
		if next, ok := r.find(120, 16, []spot{{b.x1, b.y0}}, b.y0, 0, 4); ok && next.meets(b) {
			t.Fatalf("%+v stands on %+v", next, b)
		}
	})
}

func TestStep(t *testing.T) {
	for span, want := range map[money.Cents]money.Cents{8214_60: 3000_00, 100: 1_00, 20_000_00: 10_000_00, 1_000_000_00: 300_000_00} {
		if got := step(span); got != want {
			t.Errorf("%s: %s, want %s", span, got, want)
		}
	}
}

// Pages hold no words of their own, no script and no style: words come from the catalogues.
func TestTemplatesHoldNoWords(t *testing.T) {
	names, err := fs.Glob(pageFiles, "page/*.html")
	if err != nil || len(names) < 5 {
		t.Fatal(names, err)
	}
	action := regexp.MustCompile(`(?s)\{\{.*?\}\}`)
	attribute := regexp.MustCompile(`\b(?:title|placeholder|alt|aria-label)="([^"]*)"`)
	word := regexp.MustCompile(`\pL*\p{Ll}\pL+`) // abbreviations in capitals are the same in both languages
	for _, name := range names {
		b, err := fs.ReadFile(pageFiles, name)
		if err != nil {
			t.Fatal(err)
		}
		bare := action.ReplaceAllString(string(b), " ")
		if m := regexp.MustCompile(`(?i)<script|<style|\son[a-z]+=|\sstyle=|javascript:`).FindString(bare); m != "" {
			t.Errorf("%s: something inline: %q", name, m)
		}
		for _, m := range attribute.FindAllStringSubmatch(bare, -1) {
			if word.MatchString(m[1]) {
				t.Errorf("%s: words of its own: %s", name, m[0])
			}
		}
		text := regexp.MustCompile(`(?s)<kbd>.*?</kbd>|<[^>]*>|&[a-z]+;`).ReplaceAllString(bare, " ")
		if m := word.FindString(text); m != "" {
			t.Errorf("%s: words of its own: %q", name, m)
		}
	}
	for name := range templates() {
		if templates()[name].Lookup("main") == nil {
			t.Errorf("%s: no main", name)
		}
	}
}

func parseFloat(s string) (float64, bool) {
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil
}
