package slips

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"
)

// font says what the codes of a string are, and how wide (§ 9.5 to 9.10).
type font struct {
	letters   map[int]string // by code
	widths    map[int]float64
	width     float64 // of a code that widths does not know
	scale     float64 // of widths, to the size of the font
	bytes     int     // of the letters that a map of codes has set
	long      bool    // codes of two bytes
	composite bool    // codes are of several bytes: a space of one byte is none of theirs
}

const (
	maxCodes = 70_000    // of one font: a code has two bytes
	maxHeld  = 1_000_000 // of all fonts that a document holds at once, see [font.held]
)

// held is what a font weighs in memory: its codes, of which those that stand for many letters weigh more.
func (f *font) held() int { return 1 + len(f.letters) + len(f.widths) + f.bytes/16 }

// face reads a font. Those that are objects are kept for the pages that follow, until there are too many: then all are let go, for the
// pages to come rarely use them all, and those that are asked for again are read again.
func (d *document) face(v any) *font {
	r, object := v.(ref)
	if !object {
		return d.font(v)
	}
	f, known := d.fonts[r.number]
	if !known {
		f = d.font(r)
		if d.codes+f.held() > maxHeld {
			clear(d.fonts)
			d.codes = 0
		}
		d.fonts[r.number] = f
		d.codes += f.held()
	}
	return f
}

func (d *document) font(v any) *font {
	d.work -= 1000 // what reading a font costs, however often a content asks for it
	entries, _ := d.get(v).(dict)
	f := &font{letters: map[int]string{}, widths: map[int]float64{}, width: 500, scale: 0.001}
	if entries["Subtype"] == name("Type0") {
		d.compositeFont(f, entries)
	} else {
		d.simpleFont(f, entries)
	}
	if s, ok := d.get(entries["ToUnicode"]).(*stream); ok {
		if b, err := d.decode(s); err == nil {
			d.unicodes(f, b)
		}
	}
	return f
}

func (d *document) simpleFont(f *font, entries dict) {
	encoding := d.get(entries["Encoding"])
	base, _ := encoding.(name)
	differences, _ := encoding.(dict)
	if differences != nil {
		base, _ = d.get(differences["BaseEncoding"]).(name)
	}
	page := charmap.Windows1252
	if base == "MacRomanEncoding" {
		page = charmap.Macintosh
	}
	for c := 32; c < 256; c++ {
		if r := page.DecodeByte(byte(c)); r != '\ufffd' {
			f.letters[c] = string(r)
		}
	}
	if base == "" && entries["Subtype"] == name("Type1") && differences == nil {
		for i, r := range []rune(standard) {
			if r != '\ufffd' {
				f.letters[0xa1+i] = string(r)
			}
		}
	}
	if list, ok := d.get(differences["Differences"]).(array); ok {
		known, code := glyphs(), 0
		for _, x := range list[:min(len(list), 1000)] {
			switch x := d.get(x).(type) {
			case int:
				code = x
			case name:
				if s := letter(x, known); s != "" {
					f.letters[code] = s
				} else {
					delete(f.letters, code)
				}
				code++
			}
		}
	}
	if matrix, ok := d.get(entries["FontMatrix"]).(array); ok && entries["Subtype"] == name("Type3") && len(matrix) == 6 {
		f.scale = d.real(matrix[0])
	}
	first, _ := d.get(entries["FirstChar"]).(int)
	widths, ok := d.get(entries["Widths"]).(array)
	if !ok {
		for c := 32; c < 256; c++ {
			if w, err := strconv.ParseUint(helvetica[(c-32)*3:(c-32)*3+3], 16, 16); err == nil {
				f.widths[c] = float64(w)
			}
		}
		return
	}
	for i, w := range widths[:min(len(widths), 256)] {
		f.widths[first+i] = d.real(w)
	}
}

// letter is what a name of a glyph stands for: one of the Latin names, or its number (« uni00E9 », « u1F600 »).
func letter(n name, known map[name]rune) string {
	base, _, _ := strings.Cut(string(n), ".") // « e.sc » is an e
	if r, ok := known[name(base)]; ok {
		return string(r)
	}
	for _, prefix := range []string{"uni", "u"} {
		if digits, ok := strings.CutPrefix(base, prefix); ok && len(digits) >= 4 && len(digits) <= 6 {
			if v, err := strconv.ParseUint(digits, 16, 21); err == nil {
				return string(rune(v)) //nolint:gosec // 21 bits
			}
		}
	}
	return ""
}

func (d *document) compositeFont(f *font, entries dict) {
	f.long, f.composite, f.width = true, true, 1000
	below, _ := d.list(entries["DescendantFonts"])
	if len(below) == 0 {
		return
	}
	cid, _ := d.get(below[0]).(dict)
	if w := d.get(cid["DW"]); w != nil {
		f.width = d.real(w)
	}
	list, _ := d.get(cid["W"]).(array)
	for i := 0; i+1 < len(list) && len(f.widths) < maxCodes; {
		first, _ := d.get(list[i]).(int)
		switch x := d.get(list[i+1]).(type) {
		case array:
			d.work -= len(x)
			for j, w := range x[:min(len(x), maxCodes-len(f.widths))] {
				f.widths[first+j] = d.real(w)
			}
			i += 2
		case int:
			if i+2 >= len(list) {
				return
			}
			w := d.real(list[i+2])
			d.work -= max(0, min(x-first, maxCodes))
			for c := first; c <= x && c-first < maxCodes && len(f.widths) < maxCodes; c++ {
				f.widths[c] = w
			}
			i += 3
		default:
			return
		}
	}
}

func (d *document) real(v any) float64 {
	switch v := d.get(v).(type) {
	case int:
		return float64(v)
	case float64:
		return v
	}
	return 0
}

// unicodes reads a ToUnicode map (§ 9.10.3): beginbfchar <01> <0041>, beginbfrange <01> <05> <0041> or <01> <02> [<0041> <0042>].
func (d *document) unicodes(f *font, b []byte) {
	s := d.scanContent(b)
	steps := 2 * maxCodes // letters that are set: a map says each code once
	var held []any
	for {
		v, err := s.next()
		if err != nil {
			return
		}
		o, operator := v.(op)
		if !operator {
			if held = append(held, v); len(held) > maxCodes {
				return
			}
			continue
		}
		switch o {
		case "endcodespacerange":
			// A composite font may have codes of one byte, which its map of codes says; a simple one always has.
			if low, ok := last(held, 2).(text); ok && f.composite {
				f.long = len(low) != 1
			}
		case "endbfchar":
			for i := 0; i+1 < len(held); i += 2 {
				if to, ok := held[i+1].(text); ok {
					f.set(code(held[i]), utf(to))
				}
			}
		case "endbfrange":
			for i := 0; i+2 < len(held); i += 3 {
				from, until := code(held[i]), code(held[i+1])
				switch to := held[i+2].(type) {
				case text:
					steps -= d.span(f, from, until, to, steps)
				case array:
					for j, x := range to {
						if t, ok := x.(text); ok && from+j <= until {
							f.set(from+j, utf(t))
						}
					}
				}
			}
		}
		held = held[:0]
	}
}

// last returns the nth value from the end.
func last(held []any, n int) any {
	if len(held) < n {
		return nil
	}
	return held[len(held)-n]
}

// span says a range of codes, of at most so many letters: the last letter counts up. It returns how many it has set.
func (d *document) span(f *font, from, until int, to text, most int) int {
	letters := []rune(utf(to))
	if len(letters) == 0 || from < 0 {
		return 0
	}
	end := len(letters) - 1
	n := max(0, min(until-from+1, most))
	d.work -= n
	for c := from; c < from+n; c++ {
		f.set(c, string(letters))
		letters[end]++
	}
	return n
}

func (f *font) set(code int, s string) {
	if code >= 0 && len(f.letters) < maxCodes {
		f.bytes += len(s) - len(f.letters[code])
		f.letters[code] = s
	}
}

// code is the number that a short string of bytes is.
func code(v any) int {
	t, ok := v.(text)
	if !ok || len(t) == 0 || len(t) > 3 {
		return -1
	}
	n := 0
	for _, c := range []byte(t) {
		n = n<<8 | int(c)
	}
	return n
}

// utf reads UTF-16 with the high byte first.
func utf(t text) string {
	if len(t) == 1 {
		return string(rune(t[0]))
	}
	units := make([]uint16, 0, len(t)/2)
	for i := 0; i+1 < len(t) && i < 64; i += 2 {
		units = append(units, uint16(t[i])<<8|uint16(t[i+1]))
	}
	return string(utf16.Decode(units))
}

// show reads a string: its letters, of which no more are kept when there are more bytes than most, its width at size one, and how many
// codes and spaces of one byte it has.
func (f *font) show(t text, most int) (letters string, width float64, codes, spaces int) {
	var b bytes.Buffer
	for i := 0; i < len(t) && b.Len() <= most; {
		c := int(t[i])
		i++
		if f.long {
			if c <<= 8; i < len(t) {
				c |= int(t[i])
			}
			i++
		} else if c == ' ' && !f.composite {
			spaces++
		}
		w, ok := f.widths[c]
		if !ok {
			w = f.width
		}
		width += w * f.scale
		codes++
		if s, ok := f.letters[c]; ok {
			b.WriteString(s)
		} else {
			b.WriteRune('\ufffd')
		}
	}
	return b.String(), width, codes, spaces
}
