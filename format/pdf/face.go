package pdf

import (
	"embed"
	"encoding/binary"
	"fmt"
	"slices"
	"sync"
)

//go:embed fonts/*.ttf
var fontFiles embed.FS

// The cuts of the house: text, text that stands out, and titles.
const (
	regular = iota
	semibold
	display
	cuts // how many there are
)

// faces reads the three fonts once. What it returns is never changed.
var faces = sync.OnceValue(func() [cuts]*face {
	var all [cuts]*face
	for i, name := range [cuts]string{"Inter-Regular", "Inter-SemiBold", "InterDisplay-SemiBold"} {
		b, err := fontFiles.ReadFile("fonts/" + name + ".ttf")
		if err == nil {
			all[i], err = readFace(name, b)
		}
		if err != nil {
			panic(err) // the fonts are part of the program: a test reads them
		}
	}
	all[display].thin = int(all[display].unit * 0.11)
	return all
})

// face is a TrueType font of ours: simple outlines, a character map of format 4, kerning in its GPOS table.
type face struct {
	name   string
	unit   float64 // font units per em
	tables map[string][]byte
	loca   []int    // where each outline begins in glyf, and where the last one ends
	glyphs []uint16 // by character, up to the last one that the font has
	widths []uint16 // by glyph, in font units
	kern   []pairs
	thin   int // added before a narrow space that follows a figure

	ascent, descent, capHeight, weight int // per thousand of the em, and the weight of its class (400, 600)
	box                                [4]int
}

func readFace(name string, b []byte) (*face, error) {
	f := &face{name: name, tables: map[string][]byte{}}
	if len(b) < 12 || u32(b, 0) != 0x00010000 {
		return nil, fmt.Errorf("font %s: no TrueType outlines", name)
	}
	for i := range int(u16(b, 4)) {
		record := b[12+16*i:]
		f.tables[string(record[:4])] = b[u32(record, 8):][:u32(record, 12)]
	}
	for _, table := range []string{"head", "hhea", "maxp", "hmtx", "loca", "glyf", "cmap", "OS/2"} {
		if len(f.tables[table]) == 0 {
			return nil, fmt.Errorf("font %s: no table %s", name, table)
		}
	}
	head, hhea, os2 := f.tables["head"], f.tables["hhea"], f.tables["OS/2"]
	f.unit = float64(u16(head, 18))
	mille := func(b []byte, at int) int { return int(float64(i16(b, at)) * 1000 / f.unit) }
	for i := range f.box {
		f.box[i] = mille(head, 36+2*i)
	}
	f.ascent, f.descent, f.capHeight = mille(hhea, 4), mille(hhea, 6), mille(os2, 88)
	f.weight = int(u16(os2, 4))

	count, loca := int(u16(f.tables["maxp"], 4)), f.tables["loca"]
	f.tables["hmtx"] = wholeWidths(f.tables["hmtx"], int(u16(hhea, 34)), count)
	for i := range count + 1 {
		if u16(head, 50) == 0 {
			f.loca = append(f.loca, 2*int(u16(loca, 2*i)))
		} else {
			f.loca = append(f.loca, int(u32(loca, 4*i)))
		}
	}
	for g := range count {
		f.widths = append(f.widths, u16(f.tables["hmtx"], 4*g))
		if o := f.outline(uint16(g)); len(o) > 0 && i16(o, 0) < 0 {
			return nil, fmt.Errorf("font %s: outlines made of others are not provided for", name)
		}
	}
	ok := f.readCharacters()
	if f.has('\u00ad') {
		f.glyphs['\u00ad'] = 0 // a hyphen that shows only where a line ends, which we never do: not to be drawn
	}
	if !ok {
		return nil, fmt.Errorf("font %s: no character map of format 4", name)
	}
	f.kern = readKerning(f.tables["GPOS"], count)
	return f, nil
}

// wholeWidths gives every glyph its own width: a font may write that of its last glyphs once.
func wholeWidths(t []byte, written, count int) []byte {
	if written >= count || written == 0 {
		return t
	}
	whole, last := slices.Clone(t[:4*written]), t[4*written-4:4*written-2]
	for g := range count - written {
		whole = append(append(whole, last...), t[4*written+2*g:][:2]...)
	}
	return whole
}

// readCharacters fills the character map from the cmap table.
func (f *face) readCharacters() bool {
	cmap := f.tables["cmap"]
	for i := range int(u16(cmap, 2)) {
		record := cmap[4+8*i:]
		table := cmap[u32(record, 4):]
		if u16(record, 0) != 3 || u16(record, 2) != 1 || u16(table, 0) != 4 {
			continue
		}
		n := int(u16(table, 6)) // twice the number of segments
		for s := 0; s < n; s += 2 {
			end, start := int(u16(table, 14+s)), int(u16(table, 16+n+s))
			delta, offset := u16(table, 16+2*n+s), int(u16(table, 16+3*n+s))
			for c := start; c <= end && c != 0xFFFF; c++ {
				g := uint16(c)
				if offset != 0 {
					g = u16(table, 16+3*n+s+offset+2*(c-start))
				}
				if offset == 0 || g != 0 {
					g += delta
				}
				if g != 0 {
					for len(f.glyphs) <= c {
						f.glyphs = append(f.glyphs, 0)
					}
					f.glyphs[c] = g
				}
			}
		}
		return true
	}
	return false
}

// glyph is the number of the character's glyph, 0 where the font has none.
func (f *face) glyph(r rune) uint16 {
	if int(r) < len(f.glyphs) && r >= 0 {
		return f.glyphs[r]
	}
	return 0
}

// has says whether the font draws the character.
func (f *face) has(r rune) bool { return f.glyph(r) != 0 }

// advance is the width of a glyph in font units; glyph 0 is the box that stands for what is missing.
func (f *face) advance(glyph uint16) int { return int(f.widths[glyph]) }

func (f *face) outline(glyph uint16) []byte {
	return f.tables["glyf"][f.loca[glyph]:f.loca[glyph+1]]
}

// between is the kerning of two characters in font units. Figures are never moved: amounts stand in columns. The space
// between thousands is too thin for the close figures of the display cut, and is widened there.
func (f *face) between(a, b rune) int {
	if figure(a) || figure(b) {
		if b == '\u202f' {
			return f.thin
		}
		return 0
	}
	left, right := f.glyph(a), f.glyph(b)
	for i := range f.kern {
		if v, ok := f.kern[i].value(left, right); ok {
			return v
		}
	}
	return 0
}

func figure(r rune) bool { return r >= '0' && r <= '9' }

func u16(b []byte, at int) uint16 { return binary.BigEndian.Uint16(b[at:]) }
func i16(b []byte, at int) int16  { return int16(u16(b, at)) }
func u32(b []byte, at int) uint32 { return binary.BigEndian.Uint32(b[at:]) }
