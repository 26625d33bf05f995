package variables

import (
	"errors"
	"strconv"
	"strings"

	"essaim/date"
	"essaim/money"
)

// Errors of reading a number of a file.
var (
	errNumber = errors.New("not a number")
	errFine   = errors.New("more decimals than are counted")
	errGreat  = errors.New("out of range")
)

// write writes v of the given decimal places, at least keep of them, with the sign where the software wants it.
func (f Format) write(v int64, places, keep int) string {
	negative := v < 0
	u := uint64(v) //nolint:gosec // two's complement: the next line makes it the magnitude
	if negative {
		u = -u
	}
	s := strconv.FormatUint(u, 10)
	if len(s) <= places {
		s = strings.Repeat("0", places-len(s)+1) + s
	}
	whole, frac := s[:len(s)-places], s[len(s)-places:]
	for len(frac) > keep && strings.HasSuffix(frac, "0") {
		frac = frac[:len(frac)-1]
	}
	if frac != "" {
		whole += f.Decimal + frac
	}
	switch {
	case !negative:
		return whole
	case f.Negative == After:
		return whole + "-"
	}
	return "-" + whole
}

// amount writes an amount, in euros or in cents.
func (f Format) amount(c money.Cents) string {
	if f.Cents {
		return f.write(int64(c), 0, 0)
	}
	return f.write(int64(c), 2, 2)
}

// quantity writes a count with the decimals it needs.
func (f Format) quantity(m money.Micro) string { return f.write(int64(m), 6, 0) }

// percent writes a rate in percent with the decimals it needs.
func (f Format) percent(r money.Rate) string { return f.write(int64(r), 4, 0) }

// number reads a number with at most places decimals that count, in units of the last of them. Thousands may be parted by spaces
// (of any width) or apostrophes; by the other of comma and point only when the decimal sign stands too, for « 1.234 » is twelve
// hundred to one program and one and a quarter to another. A minus stands before, after, or as parentheses.
func (f Format) number(s string, places int) (int64, error) {
	if len(s) > 64 {
		return 0, errNumber
	}
	s = strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\u00a0', '\u202f', '\u2009', '\'', '’':
			return -1
		case '\u2212':
			return '-'
		}
		return r
	}, s)
	s = strings.TrimSuffix(strings.TrimPrefix(s, "€"), "€")
	negative := false
	if rest, ok := strings.CutPrefix(s, "("); ok && strings.HasSuffix(rest, ")") {
		s, negative = strings.TrimSuffix(rest, ")"), true
	} else if rest, ok := strings.CutPrefix(s, "-"); ok {
		s, negative = rest, true
	} else if rest, ok := strings.CutSuffix(s, "-"); ok {
		s, negative = rest, true
	} else {
		s = strings.TrimPrefix(s, "+")
	}
	whole, frac, parted := strings.Cut(s, f.Decimal)
	other := "."
	if f.Decimal == "." {
		other = ","
	}
	if groups := strings.Split(whole, other); len(groups) > 1 {
		if !parted {
			return 0, errNumber
		}
		for i, g := range groups {
			if i > 0 && len(g) != 3 || i == 0 && (g == "" || len(g) > 3) {
				return 0, errNumber
			}
		}
		whole = strings.Join(groups, "")
	}
	if whole == "" && frac == "" {
		return 0, errNumber
	}
	for len(frac) > places && strings.HasSuffix(frac, "0") {
		frac = frac[:len(frac)-1]
	}
	fine := len(frac) > places
	if fine {
		for _, c := range []byte(frac) {
			if c < '0' || c > '9' {
				return 0, errNumber
			}
		}
		return 0, errFine
	}
	var v int64
	for _, c := range []byte(whole + frac + strings.Repeat("0", places-len(frac))) {
		if c < '0' || c > '9' {
			return 0, errNumber
		}
		if v = v*10 + int64(c-'0'); v > int64(money.MaxMicro) {
			return 0, errGreat
		}
	}
	if negative {
		v = -v
	}
	return v, nil
}

func (f Format) readAmount(s string) (money.Cents, error) {
	places := 2
	if f.Cents {
		places = 0
	}
	v, err := f.number(s, places)
	if err == nil && money.Cents(v).Abs() > money.Max {
		return 0, errGreat
	}
	return money.Cents(v), err
}

func (f Format) readQuantity(s string) (money.Micro, error) {
	v, err := f.number(s, 6)
	return money.Micro(v), err
}

func (f Format) readPercent(s string) (money.Rate, error) {
	v, err := f.number(strings.TrimSuffix(strings.TrimSpace(s), "%"), 4)
	if err == nil && (v > int64(10*money.One) || v < -int64(10*money.One)) {
		return 0, errGreat
	}
	return money.Rate(v), err
}

// writeDay writes a day in a pattern of YYYY, YY, MM and DD.
func writeDay(pattern string, d date.Day) string {
	if d == 0 {
		return ""
	}
	s := d.String() // 2026-11-30
	return strings.NewReplacer("YYYY", s[:4], "YY", s[2:4], "MM", s[5:7], "DD", s[8:]).Replace(pattern)
}

// readDay reads what [writeDay] wrote. Without a day in the pattern it is the first of the month; two digits of a year are
// of this century.
func readDay(pattern, s string) (date.Day, error) {
	year, month, day := 0, 0, 1
	for pattern != "" {
		var into *int
		n := 2
		switch {
		case strings.HasPrefix(pattern, "YYYY"):
			into, n = &year, 4
		case strings.HasPrefix(pattern, "YY"):
			into = &year
		case strings.HasPrefix(pattern, "MM"):
			into = &month
		case strings.HasPrefix(pattern, "DD"):
			into = &day
		default:
			n = 1
		}
		if len(s) < n {
			return 0, errNumber
		}
		if into == nil {
			if s[0] != pattern[0] {
				return 0, errNumber
			}
		} else {
			v := 0
			for _, c := range []byte(s[:n]) {
				if c < '0' || c > '9' {
					return 0, errNumber
				}
				v = v*10 + int(c-'0')
			}
			if n == 2 && into == &year {
				v += 2000
			}
			*into = v
		}
		pattern, s = pattern[n:], s[n:]
	}
	if s != "" {
		return 0, errNumber
	}
	d, err := date.Check(year, month, day)
	if err != nil {
		return 0, errNumber
	}
	return d, nil
}
