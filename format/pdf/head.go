package pdf

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The styles of a page's edges and of its plain text.
var (
	plainText = style{cut: regular, size: 9, color: ink}
	quietText = style{cut: regular, size: 9, color: ink2}
	smallText = style{cut: regular, size: 7.75, color: ink2}
	footText  = style{cut: regular, size: 7.5, color: ink3}
)

const runningHeight = 40.0 // of what tops the pages after the first

// initials are the first letters of the first two words that mean something.
func initials(name string) string {
	var out []rune
	for word := range strings.FieldsFuncSeq(letters(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		switch strings.ToLower(word) {
		case "de", "du", "des", "d", "la", "le", "les", "l", "et", "à", "au", "aux", "en", "the", "of", "and", "a":
			continue
		}
		first, _ := utf8.DecodeRuneInString(word)
		if out = append(out, unicode.ToUpper(first)); len(out) == 2 {
			break
		}
	}
	return string(out)
}

// logo is the mark of the house, three cells, within a square.
func (s *sheet) logo(x, y, size float64) {
	k := size / 20.5
	for _, cell := range []struct {
		at point
		c  paint
	}{{point{5.05, 5.6}, ink}, {point{15.45, 5.6}, grey}, {point{10.25, 14.9}, honey}} {
		s.hexagon(x+cell.at.x*k, y+cell.at.y*k, 5.6*k, 0, cell.c)
	}
}

// pill is a short word that marks the whole document; it ends at x.
func (s *sheet) pill(x, y float64, word string) {
	st := style{cut: semibold, size: 8.5, color: honeyDeep}
	w := st.width(word) + 16
	s.fill(x-w, y, w, 18, 9, honeySoft)
	s.text(x-w+8, baseline(y, 18, st), st, word)
}

// highlight is the marker under the lower half of what is set.
func (s *sheet) highlight(x, y, width float64, st style) {
	s.fill(x-3, y-0.3*st.size, width+6, 0.42*st.size, 0, marker)
}

// foot measures the foot of the pages and keeps its room. It returns what the foot has no room for.
func (l *layout) foot(texts []string) (draw func(s *sheet, page, pages int), rest []string) {
	const most, lead, indent = 5, 10.0, 22.0
	width := bodyWidth - indent - 48
	var lines []string
	for i, t := range texts {
		next := wrap(footText, t, width)
		if n := len(lines); n > 0 && len(next) == 1 { // short texts share a line
			if both := lines[n-1] + " · " + next[0]; footText.width(both) <= width {
				lines[n-1] = both
				continue
			}
		}
		if len(lines)+len(next) > most {
			rest = texts[i:]
			break
		}
		lines = append(lines, next...)
	}
	h := max(2, float64(len(lines))) * lead
	top := footEdge - h
	l.bottom = top - 22
	return func(s *sheet, page, pages int) {
		s.rule(left, top-8, rightEdge, top-8, 0.5, hairline)
		s.logo(left, top+1, 14)
		for i, t := range lines {
			s.text(left+indent, baseline(top+float64(i)*lead, lead, footText), footText, t)
		}
		st := style{cut: semibold, size: 7.5, color: ink2}
		s.right(rightEdge, baseline(top, lead, st), st, count(page, pages))
	}, rest
}
