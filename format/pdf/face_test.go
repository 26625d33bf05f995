package pdf

import (
	"encoding/binary"
	"testing"
)

// What French, English and the neighbours write, and what amounts are made of.
const needed = " !\"#%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]_abcdefghijklmnopqrstuvwxyz{|}~" +
	"«»“”‘’…–—·•°§©®™€£¥‰½¼¾²³×÷±≤≥≠≈−ÀÂÄÆÇÈÉÊËÎÏÔÖŒÙÛÜŸàâäæçèéêëîïôöœùûüÿÁÍÓÚÑáíóúñÃÕãõÅåØøßÐðÞþŁłĄąĘęŚśŹźŻżĆćŃńŐőŰű" +
	"ČčĎďĚěŇňŘřŠšŤťŮůŽžĂăȘșȚțĐđĞğİıŞşĀāĒēĢģĪīĶķĻļŅņŪūĖėĮįŲųĊċĠġĦħŻż\u00a0\u202f\u2009№✓"

func TestFacesDrawWhatIsNeeded(t *testing.T) {
	for _, f := range faces() {
		for _, r := range needed {
			if !f.has(r) {
				t.Errorf("%s lacks %q", f.name, r)
			}
		}
	}
	// What one text passes through must not depend on the cut: [letters] asks the regular one.
	for r := range rune(0x3000) {
		for _, f := range faces() {
			if f.has(r) != faces()[regular].has(r) {
				t.Logf("%q: only some cuts have it", r)
			}
		}
	}
}

func TestFiguresAreOfOneWidth(t *testing.T) {
	for _, cut := range []int{regular, semibold} {
		f := faces()[cut]
		for r := '1'; r <= '9'; r++ {
			if f.advance(f.glyph(r)) != f.advance(f.glyph('0')) {
				t.Errorf("%s: %c is not as wide as 0", f.name, r)
			}
		}
		st := style{cut: cut, size: 9}
		if a, b := st.width("1\u202f111,11\u00a0€"), st.width("8\u202f547,92\u00a0€"); a != b {
			t.Errorf("%s: amounts of the same length are %v and %v wide", f.name, a, b)
		}
	}
}

func TestKerning(t *testing.T) {
	for _, f := range faces() {
		for _, pair := range []string{"AV", "To", "Ta", "L’", "P."} {
			r := []rune(pair)
			if k := f.between(r[0], r[1]); k >= 0 || float64(k) < -0.3*f.unit {
				t.Errorf("%s: %q is moved by %d of %v", f.name, pair, k, f.unit)
			}
		}
		if k := f.between('n', 'n'); k != 0 {
			t.Errorf("%s: nn is moved by %d", f.name, k)
		}
	}
}

func TestSubsetIsAFont(t *testing.T) {
	for _, f := range faces() {
		s := newSubset(f)
		for _, r := range "Maëlle céramique\u00a0\u202f€Ж" {
			s.use(r)
		}
		if s.use('M') != 1 || s.use('€') != 16 {
			t.Errorf("%s: numbers are not in the order of use: M %d, € %d", f.name, s.use('M'), s.use('€'))
		}
		font := s.program()
		if sum := checksum(font); sum != 0xB1B0AFBA {
			t.Errorf("%s: sum %x", f.name, sum)
		}
		tables := map[string][]byte{}
		for i := range int(binary.BigEndian.Uint16(font[4:])) {
			record := font[12+16*i:]
			table := font[u32(record, 8):][:u32(record, 12)]
			tables[string(record[:4])] = table
			if string(record[:4]) != "head" && checksum(table) != u32(record, 4) {
				t.Errorf("%s: wrong sum of %s", f.name, record[:4])
			}
		}
		n := len(s.runes) + 1
		if len(tables["loca"]) != 4*(n+1) || len(tables["hmtx"]) != 4*n || int(u16(tables["maxp"], 4)) != n {
			t.Errorf("%s: tables do not hold %d glyphs", f.name, n)
		}
		if u32(tables["loca"], 4*n) != uint32(len(tables["glyf"])) {
			t.Errorf("%s: the outlines do not end where they should", f.name)
		}
	}
}

func TestBrokenFontsAreRefused(t *testing.T) {
	for name, b := range map[string][]byte{"empty": nil, "other": []byte("OTTO\x00\x00\x00\x00\x00\x00\x00\x00"), "without tables": {0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}} {
		if _, err := readFace(name, b); err == nil {
			t.Errorf("%s: taken for a font", name)
		}
	}
}
