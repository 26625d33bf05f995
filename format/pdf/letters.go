package pdf

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// letters makes a text of any origin one that the fonts draw: composed, without what has no place on paper. Line feeds
// stay.
func letters(s string) string {
	f := faces()[regular]
	if plain(f, s) && norm.NFC.IsNormalString(s) { // else a part of a text would be set otherwise than the whole
		return s
	}
	s = breaks.Replace(strings.ToValidUTF8(s, ""))
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFC.String(s) {
		switch {
		case r == '\n' || f.has(r):
			b.WriteRune(r)
		case unicode.Is(unicode.Zs, r):
			b.WriteByte(' ')
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Cs):
			// nothing to draw
		default:
			t := nearest(f, r)
			// A box is not shown for marks that found no letter, nor for pictographs: see [i18n.Unwritten], which keeps both
			// off a document.
			if plain(f, t) || !unicode.In(r, unicode.Co, unicode.M, unicode.So, unicode.Sk) {
				b.WriteString(t)
			}
		}
	}
	return b.String()
}

// plain says whether the font draws every character: so it is with nearly all texts.
func plain(f *face, s string) bool {
	for _, r := range s {
		if r != '\n' && !f.has(r) {
			return false
		}
	}
	return true
}

// breaks are the characters that end a line, or move along it, in texts that come from other programs.
var breaks = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", " ", "\v", "\n", "\f", "\n", "\u0085", "\n",
	"\u2028", "\n", "\u2029", "\n")

// nearest is what stands for a character that the font lacks: its compatible form (« ﬁ » is « fi »), or its letter with
// the marks that can be drawn, or itself, which shows as a box.
func nearest(f *face, r rune) string {
	if t := norm.NFKC.String(string(r)); t != "" && plain(f, t) {
		return t
	}
	parts := []rune(norm.NFKD.String(string(r)))
	if len(parts) > 1 && f.has(parts[0]) {
		letter := string(parts[0])
		for _, mark := range parts[1:] {
			if t := norm.NFC.String(letter + string(mark)); plain(f, t) {
				letter = t
			}
		}
		return letter
	}
	if t, ok := alike[r]; ok {
		return t
	}
	return string(r)
}

// alike are signs that the fonts lack, and the sign of theirs that says the same.
var alike = map[rune]string{
	'ꞌ': "’", '∕': "/", '⁃': "-", '⸺': "—", '∶': ":", '∗': "*", '∙': "·", '⋅': "·", '‧': "·", '‛': "‘", '‟': "“", '⟨': "‹", '⟩': "›",
	'‴': "′′′", '✔': "✓", '✖': "×", '✘': "✗", '▪': "•", '■': "•", '￭': "•", '➔': "→", '➜': "→", '➤': "→", '⌀': "Ø", '∼': "~", '≃': "≈",
}
