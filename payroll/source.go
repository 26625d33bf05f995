package payroll

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"

	"essaim/date"
)

// Text is a legal text that a parameter stands on.
type Text struct {
	Kind TextKind
	Name string   // its number, as it is cited: « L136-8 CSS », « 2025-1446 »
	On   date.Day // of an order or an agreement
}

// TextKind is what a text is.
type TextKind string

// The kinds of text.
const (
	Article   TextKind = "article"
	Decree    TextKind = "decree"
	Order     TextKind = "order"
	Agreement TextKind = "agreement"
	Act       TextKind = "act"
	Social    TextKind = "social"  // of the financing of social security, by its year
	Finance   TextKind = "finance" // by its year
	Ordinance TextKind = "ordinance"
	Circular  TextKind = "circular"
	Doctrine  TextKind = "doctrine"
)

// citations are how sources name texts; what else they say is for whoever keeps the data. One pattern may name two.
var citations = []struct {
	kind TextKind
	is   *regexp.Regexp
}{
	{Article, regexp.MustCompile(`\b([LRD]\d[\d-]*\d(?: [IVX]+)?)(?: and ([LRD]\d[\d-]*\d(?: [IVX]+)?))? (CSS|c\. trav\.)`)},
	{Article, regexp.MustCompile(`\b(CGI \d+(?: (?:bis|ter|quinquies|duodecies|[A-H]\b|\d+°))*)`)},
	{Decree, regexp.MustCompile(`\bdécrets? (\d{4}-\d+)(?: and (\d{4}-\d+))?`)},
	{Order, regexp.MustCompile(`\barrêté of (\d\d/\d\d/\d{4})`)},
	{Agreement, regexp.MustCompile(`\bANI of (\d\d/\d\d/\d{4})`)},
	{Act, regexp.MustCompile(`\blaw (\d{4}-\d+)`)},
	{Social, regexp.MustCompile(`\bLFSS (\d{4})`)},
	{Finance, regexp.MustCompile(`\blaw of finance (\d{4})`)},
	{Ordinance, regexp.MustCompile(`\bordonnance (\d+-\d+)`)},
	{Circular, regexp.MustCompile(`\bUnédic circ\. (\d{4}-\d+)`)},
	{Circular, regexp.MustCompile(`\bcirc\. Unédic (\d{4}-\d+)`)},
	{Doctrine, regexp.MustCompile(`\b(BOI(?:-[A-Z0-9]+)+)`)},
}

// Texts are the legal texts that the source names, in their order: none when it names none, however much it says of where
// the value was read.
func (p Parameter) Texts() []Text {
	type found struct {
		at int
		Text
	}
	var all []found
	for _, c := range citations {
		for _, m := range c.is.FindAllStringSubmatchIndex(p.Source, -1) {
			group := func(n int) string {
				if 2*n >= len(m) || m[2*n] < 0 {
					return ""
				}
				return p.Source[m[2*n]:m[2*n+1]]
			}
			code := ""
			if c.kind == Article && group(3) != "" {
				code = " " + group(3)
			}
			for n := 1; n <= 2; n++ {
				name := group(n)
				if name == "" {
					continue
				}
				one := found{m[2*n], Text{Kind: c.kind, Name: name + code}}
				if c.kind == Order || c.kind == Agreement {
					one.Name, one.On = "", dayOf(name)
				}
				all = append(all, one)
			}
		}
	}
	slices.SortFunc(all, func(a, b found) int { return cmp.Compare(a.at, b.at) })
	texts := make([]Text, len(all))
	for i, f := range all {
		texts[i] = f.Text
	}
	return texts
}

// dayOf reads a day that a pattern has found, 31/12/2025.
func dayOf(s string) date.Day {
	part := func(from, to int) int { n, _ := strconv.Atoi(s[from:to]); return n }
	return date.Of(part(6, 10), part(3, 5), part(0, 2))
}
