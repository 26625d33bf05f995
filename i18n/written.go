package i18n

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Unwritten returns the characters of a text that no paper of ours can write, each once, as a person recognises them: what
// goes on a document is asked for them first, so that nothing is printed as a box nor left out. Papers write Latin, Greek
// and Cyrillic; controls and marks of direction have nothing to show.
func Unwritten(text string) []string {
	if written(text) {
		return nil
	}
	var list []string
	for _, r := range norm.NFC.String(text) {
		if writes(r) || unicode.In(r, unicode.Z, unicode.Cc, unicode.Cf, unicode.Variation_Selector) || written(norm.NFKC.String(string(r))) {
			continue
		}
		sign := string(r)
		switch {
		case !unicode.IsGraphic(r):
			sign = fmt.Sprintf("U+%04X", r)
		case unicode.Is(unicode.M, r):
			sign = "◌" + sign
		}
		if !slices.Contains(list, sign) {
			list = append(list, sign)
		}
	}
	return list
}

// unwrittenShown bounds how many characters a refusal names: a whole sentence in another script is told by its beginning.
const unwrittenShown = 8

// UnwrittenIn is [Unwritten] as a refusal names it: « 🎨 漢 字 », or "" when the text can be written.
func UnwrittenIn(text string) string {
	list := Unwritten(text)
	if len(list) > unwrittenShown {
		list = append(list[:unwrittenShown], "…")
	}
	return strings.Join(list, " ")
}

func written(text string) bool {
	for _, r := range text {
		if !writes(r) && r != '\n' {
			return false
		}
	}
	return true
}

func writes(r rune) bool { return r < unicode.MaxASCII && r >= ' ' || unicode.Is(paperSigns, r) }

// paperSigns are what the fonts of format/pdf draw, and the signs for which it has another of the same meaning. A test
// there holds both to be the same.
var paperSigns = &unicode.RangeTable{
	LatinOffset: 1,
	R16: []unicode.Range16{
		{0x0020, 0x007E, 1}, {0x00A0, 0x0148, 1}, {0x014A, 0x01C3, 1}, {0x01C5, 0x024F, 1}, {0x0251, 0x0251, 1},
		{0x0253, 0x0254, 1}, {0x0256, 0x0257, 1}, {0x0259, 0x0259, 1}, {0x025B, 0x025B, 1}, {0x0260, 0x0260, 1},
		{0x0263, 0x0263, 1}, {0x0268, 0x0269, 1}, {0x026F, 0x026F, 1}, {0x0272, 0x0272, 1}, {0x0275, 0x0275, 1},
		{0x0280, 0x0280, 1}, {0x0283, 0x0283, 1}, {0x0288, 0x0288, 1}, {0x028A, 0x028C, 1}, {0x0292, 0x0292, 1},
		{0x0294, 0x0294, 1}, {0x02B9, 0x02BC, 1}, {0x02C6, 0x02C7, 1}, {0x02D8, 0x02DD, 1}, {0x0370, 0x0377, 1},
		{0x037A, 0x037F, 1}, {0x0384, 0x038A, 1}, {0x038C, 0x038C, 1}, {0x038E, 0x03A1, 1}, {0x03A3, 0x03E1, 1},
		{0x03F4, 0x03F4, 1}, {0x0400, 0x049D, 1}, {0x04A0, 0x04FF, 1}, {0x052F, 0x052F, 1}, {0x1E00, 0x1EFF, 1},
		{0x2000, 0x200A, 1}, {0x2010, 0x2015, 1}, {0x2018, 0x2022, 1}, {0x2026, 0x2027, 1}, {0x202F, 0x2030, 1},
		{0x2032, 0x2034, 1}, {0x2039, 0x203A, 1}, {0x2043, 0x2044, 1}, {0x2070, 0x2070, 1}, {0x2074, 0x2079, 1},
		{0x2080, 0x2084, 1}, {0x20A0, 0x20BE, 1}, {0x2116, 0x2117, 1}, {0x2120, 0x2120, 1}, {0x2122, 0x2122, 1},
		{0x2190, 0x2194, 1}, {0x2197, 0x2197, 1}, {0x2212, 0x2212, 1}, {0x2215, 0x2215, 1}, {0x2217, 0x2217, 1},
		{0x2219, 0x2219, 1}, {0x221E, 0x221E, 1}, {0x2236, 0x2236, 1}, {0x223C, 0x223C, 1}, {0x2243, 0x2243, 1},
		{0x2248, 0x2248, 1}, {0x2260, 0x2260, 1}, {0x2264, 0x2265, 1}, {0x22C5, 0x22C5, 1}, {0x2300, 0x2300, 1},
		{0x25A0, 0x25A0, 1}, {0x25AA, 0x25AA, 1}, {0x25CB, 0x25CB, 1}, {0x25CF, 0x25CF, 1}, {0x2713, 0x2714, 1},
		{0x2716, 0x2718, 1}, {0x2794, 0x2794, 1}, {0x279C, 0x279C, 1}, {0x27A4, 0x27A4, 1}, {0x27E8, 0x27E9, 1},
		{0x2E3A, 0x2E3A, 1}, {0xA78C, 0xA78C, 1},
	},
}
