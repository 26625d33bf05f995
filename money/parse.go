package money

import (
	"errors"
	"strings"
)

// Errors of reading what a person typed or a file holds.
var (
	ErrSyntax = errors.New("not an amount")
	ErrRange  = errors.New("amount out of range")
)

// ParseCents reads an amount as people type it: "1234,5", "1 234,56 €", "€1,234.56", "-12.30". The decimal sign is a
// comma or a point; spaces (narrow and no-break too), apostrophes and a € on either side are ignored. Where both signs
// stand, the last is the decimal one and the other parts thousands. At most two decimals: « 1.200 » could be twelve
// hundred to one reader and one and a fifth to another, so it is refused.
func ParseCents(s string) (Cents, error) {
	v, err := parse(s, 2)
	if err == nil && Cents(v).Abs() > Max {
		return 0, ErrRange
	}
	return Cents(v), err
}

// ParseMicro reads a quantity or unit price with at most six decimals.
func ParseMicro(s string) (Micro, error) {
	v, err := parse(s, 6)
	if err == nil && (Micro(v) > MaxMicro || Micro(v) < -MaxMicro) {
		return 0, ErrRange
	}
	return Micro(v), err
}

// ParseRate reads a percentage ("5,5", "20 %") with at most four decimals.
func ParseRate(s string) (Rate, error) {
	v, err := parse(strings.TrimSuffix(strings.TrimSpace(s), "%"), 4)
	if err == nil && (v < 0 || Rate(v) > 10*One) {
		return 0, ErrRange
	}
	return Rate(v), err
}

func parse(s string, scale int) (int64, error) {
	if len(s) > 64 {
		return 0, ErrSyntax
	}
	s, neg, signed := sign(strings.TrimSpace(s))
	s = strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(s, "€"), "€"))
	if !signed {
		s, neg, _ = sign(s) // "€-12" as well as "-€12"
	}
	whole, frac, ok := split(s)
	if !ok || whole+frac == "" || len(frac) > scale {
		return 0, ErrSyntax
	}
	var v int64
	for _, c := range whole + frac + strings.Repeat("0", scale-len(frac)) {
		if v > (1<<62)/10 {
			return 0, ErrRange
		}
		v = v*10 + int64(c-'0')
	}
	if neg {
		v = -v
	}
	return v, nil
}

// sign takes the sign off and says which it was, if any.
func sign(s string) (rest string, negative, signed bool) {
	for _, minus := range []string{"-", "\u2212"} {
		if rest, ok := strings.CutPrefix(s, minus); ok {
			return strings.TrimSpace(rest), true, true
		}
	}
	rest, signed = strings.CutPrefix(s, "+")
	return strings.TrimSpace(rest), false, signed
}

// split returns the digits before and after the decimal sign, without what parts thousands.
func split(s string) (whole, frac string, ok bool) {
	s = blanks.Replace(s)
	decimal := strings.LastIndexAny(s, ",.")
	if decimal < 0 {
		return s, "", digits(s)
	}
	whole, frac = s[:decimal], s[decimal+1:]
	if at := strings.IndexAny(whole, ",."); at >= 0 {
		// "1,234,567.89": one kind of sign before another kind, groups of three digits.
		groups := strings.Split(whole, whole[at:at+1])
		for i, g := range groups {
			if !digits(g) || len(g) > 3 || i == 0 && g == "" || i > 0 && len(g) != 3 {
				return "", "", false
			}
		}
		if whole[at] == s[decimal] {
			return "", "", false
		}
		whole = strings.Join(groups, "")
	}
	return whole, frac, digits(whole) && digits(frac)
}

// blanks are the signs that part thousands and change nothing.
var blanks = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "\u2009", "", "'", "", "\u2019", "")

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
