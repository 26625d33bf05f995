package pdf

import "math/bits"

// pairs is one table of pair adjustments (GPOS, lookup of type 2): by pairs of glyphs, or by pairs of classes.
type pairs struct {
	covered []bool            // by glyph: whether it may come first
	byGlyph map[[2]uint16]int // of a table by glyphs; nil otherwise

	first, second []uint16 // class of each glyph
	byClass       [][]int
}

// value is the adjustment of the first glyph's advance, and whether this table has the last word on the pair.
func (p *pairs) value(left, right uint16) (int, bool) {
	if !p.covered[left] {
		return 0, false
	}
	if p.byGlyph != nil {
		v, ok := p.byGlyph[[2]uint16{left, right}]
		return v, ok
	}
	return p.byClass[p.first[left]][p.second[right]], true
}

// readKerning returns the tables of the "kern" feature. A script or a language never changes kerning in our fonts: the
// lookups of the first such feature hold.
func readKerning(gpos []byte, glyphs int) []pairs {
	if gpos == nil {
		return nil
	}
	features, lookups := gpos[u16(gpos, 6):], gpos[u16(gpos, 8):]
	var all []pairs
	for i := range int(u16(features, 0)) {
		record := features[2+6*i:]
		if string(record[:4]) != "kern" {
			continue
		}
		feature := features[u16(record, 4):]
		for l := range int(u16(feature, 2)) {
			lookup := lookups[u16(lookups, 2+2*int(u16(feature, 4+2*l))):]
			for s := range int(u16(lookup, 4)) {
				kind, table := u16(lookup, 0), lookup[u16(lookup, 6+2*s):]
				if kind == 9 { // a table that lies far away
					kind, table = u16(table, 2), table[u32(table, 4):]
				}
				if kind == 2 {
					all = append(all, readPairs(table, glyphs))
				}
			}
		}
		return all
	}
	return nil
}

func readPairs(t []byte, glyphs int) pairs {
	const advance = 4 // bit of the value format that announces the adjustment of the advance
	f1, f2 := u16(t, 4), u16(t, 6)
	size1, size2 := 2*bits.OnesCount16(f1), 2*bits.OnesCount16(f2)
	before := 2 * bits.OnesCount16(f1&(advance-1))
	read := func(b []byte) int {
		if f1&advance == 0 {
			return 0
		}
		return int(i16(b, before))
	}
	covered := readCoverage(t[u16(t, 2):])
	p := pairs{covered: make([]bool, glyphs)}
	for _, g := range covered {
		p.covered[g] = true
	}
	if u16(t, 0) == 1 {
		p.byGlyph = map[[2]uint16]int{}
		for i, left := range covered {
			set := t[u16(t, 10+2*i):]
			for n := range int(u16(set, 0)) {
				record := set[2+n*(2+size1+size2):]
				p.byGlyph[[2]uint16{left, u16(record, 0)}] = read(record[2:])
			}
		}
		return p
	}
	p.first, p.second = readClasses(t[u16(t, 8):], glyphs), readClasses(t[u16(t, 10):], glyphs)
	rows, columns := int(u16(t, 12)), int(u16(t, 14))
	for row := range rows {
		values := make([]int, columns)
		for column := range columns {
			values[column] = read(t[16+(row*columns+column)*(size1+size2):])
		}
		p.byClass = append(p.byClass, values)
	}
	return p
}

// readCoverage lists the glyphs of a coverage table in its order.
func readCoverage(t []byte) []uint16 {
	var all []uint16
	for i := range int(u16(t, 2)) {
		if u16(t, 0) == 1 {
			all = append(all, u16(t, 4+2*i))
			continue
		}
		for g := int(u16(t, 4+6*i)); g <= int(u16(t, 6+6*i)); g++ {
			all = append(all, uint16(g))
		}
	}
	return all
}

// readClasses returns the class of each glyph; 0 is the class of those that a table leaves out.
func readClasses(t []byte, glyphs int) []uint16 {
	classes := make([]uint16, glyphs)
	if u16(t, 0) == 1 {
		for i := range u16(t, 4) {
			classes[u16(t, 2)+i] = u16(t, 6+2*int(i))
		}
		return classes
	}
	for i := range int(u16(t, 2)) {
		record := t[4+6*i:]
		for g := int(u16(record, 0)); g <= int(u16(record, 2)); g++ {
			classes[uint16(g)] = u16(record, 4)
		}
	}
	return classes
}
