package sepa

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"essaim/coop"
)

// signs are the characters of SEPA besides letters, digits and the space (EPC132-08).
const signs = "/-?:().,'+"

// written says whether banks must take a character.
func written(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == ' ' || strings.ContainsRune(signs, r)
}

// replaced are the characters that stand for others, besides accented letters, which lose their accent. It follows the best
// practices of the European Payments Council (EPC217-08), which banks also use to compare a name with its account, and keeps
// to what a French cooperative meets. What would be replaced there by a mere point, and other alphabets, are refused: a
// person then says what to write.
var replaced = map[rune]string{
	'œ': "oe", 'Œ': "OE", 'æ': "ae", 'Æ': "AE", 'ß': "ss", 'ẞ': "SS", 'ø': "o", 'Ø': "O", 'ł': "l", 'Ł': "L", 'đ': "d", 'Đ': "D",
	'ð': "d", 'Ð': "D", 'þ': "th", 'Þ': "TH", 'ħ': "h", 'Ħ': "H", 'ı': "i", 'ŋ': "n", 'Ŋ': "N", 'ĳ': "ij", 'Ĳ': "IJ",
	'’': "'", '‘': "'", 'ʼ': "'", '′': "'", '`': "'", '´': "'", '"': "'", '“': "'", '”': "'", '„': "'", '«': "'", '»': "'", '‹': "'", '›': "'",
	'‐': "-", '‑': "-", '‒': "-", '–': "-", '—': "-", '−': "-", '_': "-", '~': "-",
	'&': "+", ';': ",", '…': "...", '·': ".", '•': ".", '[': "(", '{': "(", ']': ")", '}': ")", '|': "/", '\\': "/",
	'°': "o", 'º': "o", 'ª': "a", '€': "EUR", '²': "2", '³': "3",
}

// Latin brings a text to the characters of SEPA: « Zoé Lœil & fils » is "Zoe Loeil + fils". Spaces of all kinds are one
// space, none stands at either end, and characters that nobody sees are left out. foreign is the first character that has no
// equivalent, as a person recognises it, or "" when there is none; text is then not to be used.
func Latin(s string) (text, foreign string) {
	var b strings.Builder
	space := false
	write := func(s string) {
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		b.WriteString(s)
	}
	for _, whole := range norm.NFC.String(s) {
		switch {
		case unicode.IsSpace(whole):
			space = true
			continue
		case whole == '\u00ad' || whole >= '\u200b' && whole <= '\u200d' || whole == '\u2060' || whole == '\ufeff':
			continue
		case whole == unicode.ReplacementChar:
			return "", "\ufffd"
		case replaced[whole] != "":
			write(replaced[whole])
			continue
		}
		for _, r := range norm.NFD.String(string(whole)) {
			switch {
			case written(r):
				write(string(r))
			case r >= '\u0300' && r <= '\u036f': // the accent
			case replaced[r] != "": // ǿ
				write(replaced[r])
			case unicode.IsGraphic(whole):
				return "", string(whole)
			default:
				return "", fmt.Sprintf("U+%04X", whole)
			}
		}
	}
	return b.String(), ""
}

// account writes an IBAN or a BIC as files want it.
func account(s string) string { return strings.ToUpper(coop.Digits(s)) }
