package fec

import (
	"strings"
	"unicode/utf8"
)

// Charset is how the texts of a file are written as bytes.
type Charset uint8

// The two charsets one meets. LPF A47 A-1 names ASCII, ISO 8859-15 and EBCDIC; the tax administration's tool also
// takes UTF-8. EBCDIC is not read here.
const (
	Latin9 Charset = iota // ISO 8859-15, the default
	UTF8
)

// cp1252 holds what Windows writes at 0x80 to 0x9f, where ISO 8859-15 has control characters.
var cp1252 = [32]rune{
	'€', utf8.RuneError, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', utf8.RuneError, 'Ž', utf8.RuneError,
	utf8.RuneError, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', utf8.RuneError, 'ž', 'Ÿ',
}

// latin9 returns the character of a byte in ISO 8859-15; bytes of its control area are read as Windows meant them.
func latin9(b byte) rune {
	switch b {
	case 0xa4:
		return '€'
	case 0xa6:
		return 'Š'
	case 0xa8:
		return 'š'
	case 0xb4:
		return 'Ž'
	case 0xb8:
		return 'ž'
	case 0xbc:
		return 'Œ'
	case 0xbd:
		return 'œ'
	case 0xbe:
		return 'Ÿ'
	}
	if b >= 0x80 && b < 0xa0 {
		return cp1252[b-0x80]
	}
	return rune(b)
}

// toLatin9 returns the byte of a character in ISO 8859-15.
func toLatin9(r rune) (byte, bool) {
	switch r {
	case '€':
		return 0xa4, true
	case 'Š':
		return 0xa6, true
	case 'š':
		return 0xa8, true
	case 'Ž':
		return 0xb4, true
	case 'ž':
		return 0xb8, true
	case 'Œ':
		return 0xbc, true
	case 'œ':
		return 0xbd, true
	case 'Ÿ':
		return 0xbe, true
	case 0xa4, 0xa6, 0xa8, 0xb4, 0xb8, 0xbc, 0xbd, 0xbe:
		return 0, false // signs of ISO 8859-1 that gave way to those above
	}
	if r < 0x80 || r >= 0xa0 && r <= 0xff {
		return byte(r), true
	}
	return 0, false
}

// decode reads a cell: UTF-8 when its bytes are, else ISO 8859-15 with the signs of Windows. One cell is judged at
// a time, so that a file sewn together from two sources reads well too.
func decode(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	var s strings.Builder
	s.Grow(len(b) + 8)
	for _, c := range b {
		s.WriteRune(latin9(c))
	}
	return s.String()
}

// shown is a value inside a message: short, on one line, without the separator of the report.
func shown(b []byte) string {
	const most = 60
	s := strings.ToValidUTF8(decode(b[:min(len(b), 4*most)]), "?")
	n := 0
	return strings.Map(func(r rune) rune {
		n++
		switch {
		case n > most:
			return -1
		case n == most:
			return '…'
		case r == ';':
			return ','
		case r < ' ' || r >= 0x7f && r < 0xa0:
			return '·'
		}
		return r
	}, s)
}
