package coop

import "strings"

// Digits returns s without spaces, dots and dashes: what people add when they copy a number.
func Digits(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '.', '-', '\u00a0', '\u202f':
			return -1
		}
		return r
	}, s)
}

// Group cuts a number in groups of n characters that no line parts: an IBAN by four.
func Group(s string, n int) string {
	var b strings.Builder
	for i := 0; i < len(s); i += n {
		if i > 0 {
			b.WriteString("\u00a0")
		}
		b.WriteString(s[i:min(i+n, len(s))])
	}
	return b.String()
}

// GroupSIREN writes « 732 829 320 ».
func GroupSIREN(s string) string { return Group(Digits(s), 3) }

// GroupSIRET writes « 732 829 320 00017 »; what has no more than nine digits as a SIREN.
func GroupSIRET(s string) string {
	s = Digits(s)
	if len(s) <= 9 {
		return Group(s, 3)
	}
	return Group(s[:9], 3) + "\u00a0" + s[9:]
}

// luhn checks the key of a SIREN or SIRET (ISO/IEC 7812-1 annex B, as INSEE uses it).
func luhn(s string) bool {
	sum := 0
	for i := range len(s) {
		c := s[len(s)-1-i]
		if c < '0' || c > '9' {
			return false
		}
		n := int(c - '0')
		if i%2 == 1 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0
}

// ValidSIREN says whether s is nine digits with a right key.
func ValidSIREN(s string) bool { return len(s) == 9 && s != "000000000" && luhn(s) }

// ValidSIRET says whether s is fourteen digits with right keys. La Poste (356 000 000) numbers its establishments so
// that the sum of the digits is a multiple of five instead (INSEE).
func ValidSIRET(s string) bool {
	if len(s) != 14 || !ValidSIREN(s[:9]) {
		return false
	}
	if luhn(s) {
		return true
	}
	if s[:9] != "356000000" {
		return false
	}
	sum := 0
	for _, c := range s {
		if c < '0' || c > '9' {
			return false
		}
		sum += int(c - '0')
	}
	return sum%5 == 0
}

// VATNumber returns the French intra-community VAT number of a SIREN: FR, key (12 + 3 × (SIREN mod 97)) mod 97, SIREN
// (CGI ann. III; BOI-TVA-DECLA-20-10).
func VATNumber(siren string) string {
	n := 0
	for _, c := range siren {
		if c < '0' || c > '9' {
			return ""
		}
		n = (n*10 + int(c-'0')) % 97
	}
	key := (12 + 3*n) % 97
	return "FR" + string([]byte{byte('0' + key/10), byte('0' + key%10)}) + siren
}

// ValidIBAN checks the key of an IBAN (ISO 13616, mod 97).
func ValidIBAN(s string) bool {
	if len(s) < 15 || len(s) > 34 {
		return false
	}
	n := 0
	for _, c := range s[4:] + s[:4] {
		switch {
		case c >= '0' && c <= '9':
			n = (n*10 + int(c-'0')) % 97
		case c >= 'A' && c <= 'Z':
			n = (n*100 + int(c-'A') + 10) % 97
		default:
			return false
		}
	}
	return n == 1
}
