package coop

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"essaim/date"
	"essaim/fault"
)

// Numbering says how each kind of document is numbered. A number is unique and chronological, several series are allowed
// when the organisation justifies them (CGI ann. II art. 242 nonies A I 7°; BOI-TVA-DECLA-30-20-20-10 § 90): here one for
// each activity. What is written below is checked when the rule is adopted, so that no two documents ever share a number.
type Numbering struct {
	Invoice Series `json:"invoice"`
	Credit  Series `json:"credit"`
	Quote   Series `json:"quote"`
	Penalty Series `json:"penalty"` // what is asked of who paid late: no sale, and apart from them
	Why     string `json:"why"`     // the organisation that justifies a series for each activity
}

// Series is a template and when its count begins again.
type Series struct {
	// Template holds {YYYY} or {YY}, {MM}, {ANA} (code of the activity) and, once, {SEQ} or {SEQ:4} (at least four digits).
	Template string `json:"template"`
	Reset    Reset  `json:"reset"`
}

// Reset is when the count of a series begins again at 1.
type Reset string

// The resets.
const (
	ResetNever Reset = "never"
	ResetYear  Reset = "year"
	ResetMonth Reset = "month"
)

func defaultNumbering() Numbering {
	return Numbering{Invoice: Series{"F-{YYYY}-{SEQ:4}", ResetYear}, Credit: Series{"A-{YYYY}-{SEQ:4}", ResetYear}, Quote: Series{"D-{YYYY}-{SEQ:4}", ResetYear}, Penalty: Series{"PR-{YYYY}-{SEQ:4}", ResetYear}}
}

// MaxNumber is the longest a number may be: what the platforms of e-invoicing carry (BR-FR-02, XP Z12-012).
const MaxNumber = 35

const (
	maxCode   = 12 // characters of an activity's code
	maxCount  = 9  // digits a count may reach
	maxPadded = 8
)

// part is a piece of a template: a literal, or a token ("YYYY", "YY", "MM", "ANA", "SEQ").
type part struct {
	literal, token string
	pad            int
}

func (s Series) parts() ([]part, error) {
	var all []part
	for rest := s.Template; rest != ""; {
		at := strings.IndexByte(rest, '{')
		if at < 0 {
			at = len(rest)
		}
		if at > 0 {
			all = append(all, part{literal: rest[:at]})
			rest = rest[at:]
			continue
		}
		end := strings.IndexByte(rest, '}')
		if end < 0 {
			return nil, fault.At("template", "coop.number_brace", "seq", "{SEQ}")
		}
		name := rest[1:end]
		p := part{token: name, pad: 1}
		if pad, ok := strings.CutPrefix(name, "SEQ:"); ok {
			n, err := strconv.Atoi(pad)
			if err != nil || n < 1 || n > maxPadded {
				return nil, fault.At("template", "coop.number_pad", "max", maxPadded)
			}
			p = part{token: "SEQ", pad: n}
		}
		if !slices.Contains([]string{"YYYY", "YY", "MM", "ANA", "SEQ"}, p.token) {
			return nil, fault.At("template", "coop.number_token", "token", "{"+name+"}", "known", "{YYYY}, {YY}, {MM}, {ANA}, {SEQ}")
		}
		all, rest = append(all, p), rest[end+1:]
	}
	return all, nil
}

func (s Series) has(token string) bool {
	all, err := s.parts()
	return err == nil && slices.ContainsFunc(all, func(p part) bool { return p.token == token })
}

// ByActivity says whether each activity has a count of its own.
func (s Series) ByActivity() bool { return s.has("ANA") }

// Period names the count that a day belongs to: "2026", "2026-11" or "".
func (s Series) Period(day date.Day) string {
	switch s.Reset {
	case ResetNever:
		return ""
	case ResetMonth:
		return day.Month().String()
	}
	return strconv.Itoa(day.Month().Year())
}

// Number writes the number of a count on a day, in an activity of a code.
func (s Series) Number(n int64, day date.Day, code string) string {
	all, err := s.parts()
	if err != nil {
		return ""
	}
	year, month, _ := day.Date()
	var b strings.Builder
	for _, p := range all {
		switch p.token {
		case "":
			b.WriteString(p.literal)
		case "YYYY":
			fmt.Fprintf(&b, "%04d", year)
		case "YY":
			fmt.Fprintf(&b, "%02d", year%100)
		case "MM":
			fmt.Fprintf(&b, "%02d", month)
		case "ANA":
			b.WriteString(code)
		case "SEQ":
			fmt.Fprintf(&b, "%0*d", p.pad, n)
		}
	}
	return b.String()
}

// Reader returns what reads the count and the period back from a number that the series wrote, whatever the code of the
// activity; false for a number it did not write.
func (s Series) Reader() func(number string) (n int64, period string, ok bool) {
	none := func(string) (int64, string, bool) { return 0, "", false }
	all, err := s.parts()
	if err != nil {
		return none
	}
	var b strings.Builder
	b.WriteByte('^')
	at, group := map[string]int{}, 0
	for _, p := range all {
		if p.token == "" {
			b.WriteString(regexp.QuoteMeta(p.literal))
			continue
		}
		group++
		at[p.token] = group
		switch p.token {
		case "YYYY":
			b.WriteString(`([0-9]{4})`)
		case "YY", "MM":
			b.WriteString(`([0-9]{2})`)
		case "ANA":
			b.WriteString(`([0-9A-Za-z+\-_/]+)`)
		case "SEQ":
			fmt.Fprintf(&b, `([0-9]{%d,18})`, p.pad)
		}
	}
	b.WriteByte('$')
	pattern, err := regexp.Compile(b.String())
	if err != nil {
		return none
	}
	return func(number string) (int64, string, bool) {
		m := pattern.FindStringSubmatch(number)
		if m == nil {
			return 0, "", false
		}
		n, err := strconv.ParseInt(m[at["SEQ"]], 10, 64)
		year := m[at["YYYY"]]
		if at["YYYY"] == 0 {
			year = "20" + m[at["YY"]] // {YY} tells the century
		}
		switch s.Reset {
		case ResetNever:
			return n, "", err == nil
		case ResetMonth:
			return n, year + "-" + m[at["MM"]], err == nil
		}
		return n, year, err == nil
	}
}

// AllNumberings returns every numbering that documents may bear numbers of: the usual one and each that was adopted, whose
// numbers never meet (see [CheckNumbering]).
func AllNumberings(rows []Rule) ([]Numbering, error) {
	all := []Numbering{defaultNumbering()}
	for _, row := range rows {
		if row.Kind == RuleNumbering {
			rules, err := ParseRules([]Rule{row}, row.From)
			if err != nil {
				return nil, err
			}
			all = append(all, rules.Numbering)
		}
	}
	return all, nil
}

// check refuses a template under which two documents could bear the same number, or one that no document may bear.
//
// Why it is enough: every token but {SEQ} and {ANA} has a fixed width, so a number without {ANA} tells its count by its
// length, and a number with both tells it by the character that parts them, which is no digit; the day's part stands
// where the template puts it. Two documents with the same number thus have the same count, period and activity, and a
// count serves once. {YY} tells the century, for the years 2000 to 2099.
func (s Series) check() error {
	all, err := s.parts()
	if err != nil {
		return err
	}
	at := func(key string, args ...any) error { return fault.At("template", key, args...) }
	count := map[string]int{}
	length, seq, ana := 0, -1, -1
	for i, p := range all {
		count[p.token]++
		switch p.token {
		case "":
			for _, c := range []byte(p.literal) {
				if !numberByte(c) {
					return at("coop.number_letter", "letter", string(rune(c)), "signs", "+ - _ /")
				}
			}
			length += len(p.literal)
		case "YYYY":
			length += 4
		case "YY", "MM":
			length += 2
		case "ANA":
			ana, length = i, length+maxCode
		case "SEQ":
			seq, length = i, length+max(maxCount, p.pad)
		}
	}
	if count["SEQ"] != 1 {
		return at("coop.number_seq", "seq", "{SEQ}")
	}
	if count["ANA"] > 1 {
		return at("coop.number_ana_twice", "ana", "{ANA}")
	}
	if length > MaxNumber {
		return at("coop.number_long", "length", length, "max", MaxNumber)
	}
	if ana >= 0 {
		// Whatever stands between the two, what touches the count on the side of the code is no digit.
		near := seq - 1
		if ana > seq {
			near = seq + 1
		}
		touch := all[near]
		c := byte('0')
		if touch.token == "" {
			if c = touch.literal[len(touch.literal)-1]; ana > seq {
				c = touch.literal[0]
			}
		}
		if c >= '0' && c <= '9' {
			return at("coop.number_parted", "ana", "{ANA}", "seq", "{SEQ}")
		}
	}
	year := count["YYYY"]+count["YY"] > 0
	switch s.Reset {
	case ResetNever:
	case ResetYear:
		if !year {
			return at("coop.number_year", "yyyy", "{YYYY}", "yy", "{YY}")
		}
	case ResetMonth:
		if !year || count["MM"] == 0 {
			return at("coop.number_month", "mm", "{MM}")
		}
	default:
		return fault.At("reset", "coop.number_reset")
	}
	return nil
}

func numberByte(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || strings.IndexByte("+-_/", c) >= 0
}

// classes are what may stand at each place of a number: '0' a digit, 'A' what a code is made of, otherwise the character
// itself; loops says which place may repeat.
func (s Series) classes() (places []byte, loops []bool) {
	all, err := s.parts()
	if err != nil {
		return nil, nil
	}
	put := func(c byte, n int, loop bool) {
		for i := range n {
			places, loops = append(places, c), append(loops, loop && i == n-1)
		}
	}
	for _, p := range all {
		switch p.token {
		case "":
			for _, c := range []byte(p.literal) {
				put(c|literalBit, 1, false)
			}
		case "YYYY":
			put('0', 4, false)
		case "YY", "MM":
			put('0', 2, false)
		case "ANA":
			put('A', 1, true)
		case "SEQ":
			put('0', p.pad, true)
		}
	}
	return places, loops
}

// literalBit marks a place that holds one character: all are below 128.
const literalBit = 0x80

func meet(a, b byte) bool {
	class := func(c byte) func(byte) bool {
		switch {
		case c&literalBit != 0:
			return func(x byte) bool { return x == c&^literalBit }
		case c == 'A':
			return numberByte
		}
		return func(x byte) bool { return x >= '0' && x <= '9' }
	}
	in, too := class(a), class(b)
	for x := byte('+'); x <= 'z'; x++ {
		if in(x) && too(x) {
			return true
		}
	}
	return false
}

// Apart says whether no number of one series can be a number of the other, whatever their days, codes and counts: it
// walks both templates at once as the automata they are.
func (s Series) Apart(t Series) bool {
	a, la := s.classes()
	b, lb := t.classes()
	if len(a) == 0 || len(b) == 0 {
		return false
	}
	type at struct{ i, j int } // places reached by the last character read
	next := func(i int, loops []bool, n int) []int {
		var to []int
		if i >= 0 && loops[i] {
			to = append(to, i)
		}
		if i+1 < n {
			to = append(to, i+1)
		}
		return to
	}
	seen := map[at]bool{}
	todo := []at{{-1, -1}}
	for len(todo) > 0 {
		x := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if x.i == len(a)-1 && x.j == len(b)-1 {
			return false
		}
		for _, i := range next(x.i, la, len(a)) {
			for _, j := range next(x.j, lb, len(b)) {
				if y := (at{i, j}); !seen[y] && meet(a[i], b[j]) {
					seen[y] = true
					todo = append(todo, y)
				}
			}
		}
	}
	return true
}

// Follows says whether numbers of s may come after, or between, numbers of t in the same cooperative without repeating
// any: both count alike and differ by the zeros before the count at most, so that one count serves both; or no number of
// one can be a number of the other.
func (s Series) Follows(t Series) bool {
	return s.Reset == t.Reset && s.bare() == t.bare() || s.Apart(t)
}

// bare is the template without the zeros before its count.
func (s Series) bare() string {
	all, err := s.parts()
	if err != nil {
		return s.Template
	}
	var b strings.Builder
	for _, p := range all {
		if p.token != "" {
			b.WriteString("{" + p.token + "}")
		}
		b.WriteString(p.literal)
	}
	return b.String()
}

// SeriesPenalty is the name of the series of what late customers are asked.
const SeriesPenalty = "penalty"

// seriesNames are the names of the series, in the order they are told.
var seriesNames = []string{"invoice", "credit", "quote", SeriesPenalty}

// Each returns the series by the name of their field.
func (n *Numbering) Each() map[string]*Series {
	return map[string]*Series{"invoice": &n.Invoice, "credit": &n.Credit, "quote": &n.Quote, SeriesPenalty: &n.Penalty}
}

func (n *Numbering) check() error {
	var errs []error
	names := seriesNames
	each := n.Each()
	for i, name := range names {
		s := *each[name]
		if err := s.check(); err != nil {
			errs = append(errs, fault.Prefix(name, err))
			continue
		}
		for _, other := range names[:i] {
			if !s.Apart(*each[other]) {
				errs = append(errs, fault.At(name+".template", "coop.number_shared", "other", each[other].Template))
				break
			}
		}
		if s.ByActivity() && name != "quote" && strings.TrimSpace(n.Why) == "" {
			errs = append(errs, fault.At("why", "coop.number_why"))
		}
	}
	errs = append(errs, CheckText("why", n.Why))
	return errors.Join(errs...)
}

// CheckNumbering refuses a numbering that could repeat a number given under one adopted before it, whatever the day each
// begins: the numbers of a kind of document, and those of one kind against the others'.
func CheckNumbering(rows []Rule, r Rule) error {
	if r.Kind != RuleNumbering {
		return nil
	}
	rules, err := ParseRules([]Rule{r}, r.From)
	if err != nil {
		return err
	}
	now := rules.Numbering
	before, err := AllNumberings(slices.DeleteFunc(slices.Clone(rows), func(row Rule) bool { return row.ID == r.ID }))
	if err != nil {
		return err
	}
	var errs []error
	for _, name := range seriesNames {
		s := *now.Each()[name]
	versions:
		for _, was := range before {
			for other, t := range was.Each() {
				if other == name && !s.Follows(*t) || other != name && !s.Apart(*t) {
					errs = append(errs, fault.At("value."+name+".template", "coop.number_repeats", "was", t.Template))
					break versions
				}
			}
		}
	}
	return errors.Join(errs...)
}
