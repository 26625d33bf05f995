package slips

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"essaim/date"
	"essaim/payroll"
)

// Person is who a payslip may be for.
type Person struct {
	Matricule string // number in the payroll software
	NIR       string // number of the social security: 13 digits, or 15 with the key
	Last      string
	First     string
}

// Name is the person as a list shows them: « MARTIN Zoé ».
func (p Person) Name() string { return strings.TrimSpace(strings.ToUpper(p.Last) + " " + p.First) }

// called says whether two people have the same name.
func (p Person) called(q Person) bool {
	return slices.Equal(words(p.Last+" "+p.First), words(q.Last+" "+q.First))
}

// crowd finds people by what a page says of them.
type crowd struct {
	nir       map[string][]int
	matricule map[string][]int
	names     map[string][]called // by the first word
}

type called struct {
	words []string
	who   int
}

func gather(people []Person) crowd {
	c := crowd{map[string][]int{}, map[string][]int{}, map[string][]called{}}
	for i, p := range people {
		if n := numbers(p.NIR); len(n) == 13 || len(n) == 15 {
			c.nir[n[:13]] = append(c.nir[n[:13]], i)
		}
		if m := matricule(p.Matricule); m != "" {
			c.matricule[m] = append(c.matricule[m], i)
		}
		last, first := words(p.Last), words(p.First)
		if len(last) == 0 || len(first) == 0 {
			continue
		}
		for _, full := range [][]string{append(slices.Clone(last), first...), append(slices.Clone(first), last...)} {
			c.names[full[0]] = append(c.names[full[0]], called{full, i})
		}
	}
	return c
}

// words takes a text apart into words of small letters without accents, and digits.
func words(s string) []string {
	return strings.FieldsFunc(strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFKD.String(s))), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// matricule makes numbers comparable: programs differ about the zeros before them.
func matricule(s string) string {
	s = strings.ToUpper(strings.TrimSpace(s))
	if rest := strings.TrimLeft(s, "0"); rest != "" {
		return rest
	}
	return s
}

// numbers keeps the digits, and the A and B of Corsica.
func numbers(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == 'A' || r == 'B' {
			return r
		}
		return -1
	}, strings.ToUpper(s))
}

// identity is what one page says of whose it is.
type identity struct {
	byNIR, byMatricule, byName []int
	strangers                  []string     // numbers of the social security of nobody known
	unknown                    []string     // numbers beside « matricule » of nobody known
	page, of                   int          // « page 2 sur 3 »; 0 when it does not say
	blank                      bool         // no text at all: a scan
	months                     []date.Month // that it speaks of
	periods                    []date.Month // that it says it is about
	looked                     int          // cells gone through below the word « matricule »
}

// maxLooked is how many cells of a page are gone through below the word « matricule »: a page that has it everywhere is no payslip.
const maxLooked = 100_000

// strong is who the numbers of the page mean.
func (x identity) strong() []int { return union(x.byNIR, x.byMatricule) }

func union(a, b []int) []int {
	out := append(slices.Clone(a), b...)
	slices.Sort(out)
	return slices.Compact(out)
}

var (
	// spread is a run of digits that may be parted by single spaces, points or hyphens: 2 85 01 75 123 456 78.
	spread  = regexp.MustCompile(`[0-9](?:[ .\x{00a0}\x{202f}-]?[0-9ABab])+`)
	pageOf  = regexp.MustCompile(`(?i)\b(?:page|p\.|feuillet)\s*(?:n°\s*)?(\d{1,3})\s*(?:/|sur|de|of)\s*(\d{1,3})\b`)
	pageOne = regexp.MustCompile(`(?i)^(?:page|feuillet)\s*(?:n°\s*)?:?\s*(\d{1,3})$`)
	// A payslip of October that is paid in November speaks of both, and says which one it is about.
	period = regexp.MustCompile(`\b(?:periode|bulletin|mois)\b|\bdu [0-9]+ [0-9]+ [0-9]+ au [0-9]+ `)
	alone  = regexp.MustCompile(`^(\d{1,2})\s*/\s*(\d{1,2})$`)
)

// identify reads what a page says of whose it is.
func (c crowd) identify(lines []line) identity {
	x := identity{blank: len(lines) == 0}
	for i, l := range lines {
		whole := l.String()
		c.numbersOf(whole, &x)
		c.nameIn(words(whole), &x)
		c.matriculeAt(lines, i, &x)
		x.months = append(x.months, months(whole)...)
		if period.MatchString(strings.Join(words(whole), " ")) {
			x.periods = append(x.periods, months(whole)...)
		}
		if m := pageOf.FindStringSubmatch(whole); m != nil && x.page == 0 {
			x.page, x.of = natural(m[1]), natural(m[2])
		}
		for _, cell := range l {
			if m := pageOne.FindStringSubmatch(cell.text); m != nil && x.page == 0 {
				x.page = natural(m[1])
			}
			if m := alone.FindStringSubmatch(cell.text); m != nil && x.page == 0 && natural(m[1]) >= 1 && natural(m[1]) <= natural(m[2]) {
				x.page, x.of = natural(m[1]), natural(m[2])
			}
		}
	}
	for _, list := range []*[]int{&x.byNIR, &x.byMatricule, &x.byName} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	slices.Sort(x.strangers)
	x.strangers = slices.Compact(x.strangers)
	return x
}

func natural(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// numbersOf looks for numbers of the social security.
func (c crowd) numbersOf(s string, x *identity) {
	for _, run := range spread.FindAllString(s, -1) {
		n := numbers(run)
		if len(n) < 13 || len(n) > 200 {
			continue
		}
		known := false
		for i := 0; i+13 <= len(n); i++ {
			if who := c.nir[n[i:i+13]]; len(who) > 0 {
				x.byNIR = append(x.byNIR, who...)
				known = true
			}
		}
		if !known && len(n) == 15 && validNIR(n) {
			x.strangers = append(x.strangers, n[:13])
		}
	}
}

// validNIR says whether 15 digits found on a page are surely a number of the social security: its sex and month exist, its key is right.
func validNIR(n string) bool {
	if !strings.ContainsAny(n[:1], "123478") {
		return false
	}
	if month := natural(n[3:5]); month < 1 || month > 12 && month < 20 || month > 42 && month < 50 {
		return false
	}
	return payroll.ValidNIR(n)
}

// nameIn looks for names: the first and the last, one after the other in any order.
func (c crowd) nameIn(said []string, x *identity) {
	for i, w := range said {
		for _, n := range c.names[w] {
			if len(said)-i >= len(n.words) && slices.Equal(said[i:i+len(n.words)], n.words) {
				x.byName = append(x.byName, n.who)
			}
		}
	}
}

// matriculeAt looks for the number beside the word « matricule »: after it in its cell, in the next cell, or below it.
func (c crowd) matriculeAt(lines []line, i int, x *identity) {
	for j, label := range lines[i] {
		tokens := strings.FieldsFunc(label.text, func(r rune) bool { return unicode.IsSpace(r) || r == ':' })
		at := slices.IndexFunc(tokens, func(t string) bool {
			w := words(t)
			return len(w) == 1 && (w[0] == "matricule" || w[0] == "mat")
		})
		if at < 0 || x.looked > maxLooked {
			continue
		}
		rest := slices.DeleteFunc(slices.Clone(tokens[at+1:]), func(t string) bool {
			w := words(t)
			return len(w) == 0 || len(w) == 1 && slices.Contains([]string{"salarie", "salariee", "agent", "interne", "n", "no", "numero"}, w[0])
		})
		if len(rest) > 0 { // « Matricule Urssaf 0043 » is the employer's, and says nothing of 0043
			if !c.found(rest[0], x) && strings.ContainsAny(rest[0], "0123456789") {
				x.unknown = append(x.unknown, rest[0])
			}
			continue
		}
		if j+1 < len(lines[i]) && c.found(strings.Fields(lines[i][j+1].text)[0], x) {
			continue
		}
		below := false
		for k := i + 1; k < len(lines) && k <= i+3 && !below; k++ {
			x.looked += len(lines[k])
			for _, v := range lines[k] {
				if v.x0 < label.x1+10 && v.x1 > label.x0-10 && c.found(strings.Fields(v.text)[0], x) {
					below = true
				}
			}
		}
	}
}

// found notes whose number a word is.
func (c crowd) found(word string, x *identity) bool {
	who := c.matricule[matricule(strings.Trim(word, ".,;:()[]"))]
	x.byMatricule = append(x.byMatricule, who...)
	return len(who) > 0
}

var (
	inDigits = regexp.MustCompile(`\b(?:\d{1,2}[/.-])?(\d{1,2})[/.-]((?:19|20)\d{2})\b`)
	reversed = regexp.MustCompile(`\b((?:19|20)\d{2})-(\d{2})(?:-\d{2})?\b`)
	short    = regexp.MustCompile(`\b\d{2}/(\d{2})/(\d{2})\b`)
)

// months returns the months that a line speaks of: « novembre 2026 », « 11/2026 », « 30/11/2026 », « 30/11/26 », « 2026-11 ».
func months(s string) []date.Month {
	var out []date.Month
	add := func(year, month int) {
		if month >= 1 && month <= 12 && year > 1900 {
			out = append(out, date.MonthOf(year, month))
		}
	}
	for _, m := range inDigits.FindAllStringSubmatch(s, -1) {
		add(natural(m[2]), natural(m[1]))
	}
	for _, m := range reversed.FindAllStringSubmatch(s, -1) {
		add(natural(m[1]), natural(m[2]))
	}
	for _, m := range short.FindAllStringSubmatch(s, -1) {
		add(2000+natural(m[2]), natural(m[1]))
	}
	said := words(s)
	for i, w := range said {
		if i+1 < len(said) {
			add(natural(said[i+1]), named(w))
		}
	}
	return out
}

// named is the number of a month that is written out, in French or in short; 0 of another word.
func named(w string) int {
	for i, names := range []string{
		"janvier janv jan", "fevrier fevr fev", "mars mar", "avril avr", "mai", "juin", "juillet juil", "aout", "septembre sept sep",
		"octobre oct", "novembre nov", "decembre dec",
	} {
		if slices.Contains(strings.Fields(names), w) {
			return i + 1
		}
	}
	return 0
}
