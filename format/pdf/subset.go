package pdf

import (
	"encoding/binary"
	"maps"
	"slices"
)

// subset is what one document uses of a font. Every character has a glyph number of its own, in the order of use, even
// where the font draws two of them alike: so what is copied from the document is what was written in it.
type subset struct {
	*face
	number map[rune]uint16
	runes  []rune // by number − 1; number 0 is the box
}

func newSubset(f *face) *subset { return &subset{face: f, number: map[rune]uint16{}} }

// use returns the number of the character in the subset.
func (s *subset) use(r rune) uint16 {
	n, ok := s.number[r]
	if !ok {
		if len(s.runes) == 0xFFFE {
			return 0
		}
		s.runes = append(s.runes, r)
		n = uint16(len(s.runes))
		s.number[r] = n
	}
	return n
}

// program is the subset as a TrueType font, with the tables that a PDF asks for and no other.
func (s *subset) program() []byte {
	used := make([]uint16, 1, len(s.runes)+1)
	for _, r := range s.runes {
		used = append(used, s.glyph(r))
	}
	var glyf, loca, hmtx []byte
	for _, g := range used {
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		glyf = append(glyf, s.outline(g)...)
		for len(glyf)%4 != 0 {
			glyf = append(glyf, 0)
		}
		hmtx = append(hmtx, s.tables["hmtx"][4*int(g):4*int(g)+4]...)
	}
	loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))

	tables := map[string][]byte{"glyf": glyf, "loca": loca, "hmtx": hmtx}
	for _, name := range []string{"head", "hhea", "maxp"} {
		tables[name] = slices.Clone(s.tables[name])
	}
	put := func(table string, at, value int) { binary.BigEndian.PutUint16(tables[table][at:], uint16(value)) }
	put("hhea", 34, len(used))
	put("maxp", 4, len(used))
	put("head", 50, 1) // offsets of 32 bits
	binary.BigEndian.PutUint32(tables["head"][8:], 0)

	names := slices.Sorted(maps.Keys(tables))
	font := binary.BigEndian.AppendUint32(nil, 0x00010000)
	for _, n := range []uint16{uint16(len(names)), 64, 2, uint16(16*len(names) - 64)} { // 64 = 16 × the power of two below
		font = binary.BigEndian.AppendUint16(font, n)
	}
	at, adjust := 12+16*len(names), 0
	for _, name := range names {
		t := tables[name]
		font = append(font, name...)
		for _, n := range []uint32{checksum(t), uint32(at), uint32(len(t))} {
			font = binary.BigEndian.AppendUint32(font, n)
		}
		if name == "head" {
			adjust = at + 8
		}
		at += (len(t) + 3) &^ 3
	}
	for _, name := range names {
		font = append(font, tables[name]...)
		for len(font)%4 != 0 {
			font = append(font, 0)
		}
	}
	binary.BigEndian.PutUint32(font[adjust:], 0xB1B0AFBA-checksum(font))
	return font
}

// checksum is the sum of the table's words of 32 bits, zeros completing the last.
func checksum(t []byte) uint32 {
	var sum uint32
	for len(t) >= 4 {
		sum += binary.BigEndian.Uint32(t)
		t = t[4:]
	}
	for i, b := range t {
		sum += uint32(b) << (24 - 8*i)
	}
	return sum
}
