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

// ParseCents reads an amount as people type it: "1234,5", "1 234,56 €", "-12.30". The decimal sign is a comma or a
// point; spaces (narrow and no-break too) and a trailing € are ignored; at most two decimals.
func ParseCents(s string) (Cents, error) {
	v, err := parse(s, 2)
	if err == nil && Cents(v).Abs() > Max {
		err = ErrRange
	}
	return Cents(v), err
}

// ParseMicro reads a quantity or unit price with at most six decimals.
func ParseMicro(s string) (Micro, error) {
	v, err := parse(s, 6)
	if err == nil && (Micro(v) > MaxMicro || Micro(v) < -MaxMicro) {
		err = ErrRange
	}
	return Micro(v), err
}

// ParseRate reads a percentage ("5,5", "20 %") with at most four decimals.
func ParseRate(s string) (Rate, error) {
	v, err := parse(strings.TrimSuffix(strings.TrimSpace(s), "%"), 4)
	if err == nil && (v < 0 || Rate(v) > 10*One) {
		err = ErrRange
	}
	return Rate(v), err
}

func parse(s string, scale int) (int64, error) {
	if len(s) > 64 {
		return 0, ErrSyntax
	}
	var v int64
	neg, digits, frac, seenSep, seenSign := false, 0, 0, false, false
	for _, r := range strings.TrimSuffix(strings.TrimSpace(s), "€") {
		switch {
		case r == ' ' || r == '\u00a0' || r == '\u202f' || r == '\u2009' || r == '\'' || r == '’':
		case (r == '-' || r == '−') && digits == 0 && !seenSep && !seenSign:
			neg, seenSign = true, true
		case r == '+' && digits == 0 && !seenSep && !seenSign:
			seenSign = true
		case (r == ',' || r == '.') && !seenSep:
			seenSep = true
		case r >= '0' && r <= '9':
			digits++
			if seenSep {
				if frac == scale {
					if r != '0' {
						return 0, ErrSyntax
					}
					continue
				}
				frac++
			}
			if v > (1<<62)/10 {
				return 0, ErrRange
			}
			v = v*10 + int64(r-'0')
		default:
			return 0, ErrSyntax
		}
	}
	if digits == 0 {
		return 0, ErrSyntax
	}
	for ; frac < scale; frac++ {
		if v > (1<<62)/10 {
			return 0, ErrRange
		}
		v *= 10
	}
	if neg {
		v = -v
	}
	return v, nil
}
