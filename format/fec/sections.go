package fec

import (
	"bytes"
	"cmp"
	"io"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"essaim/fault"
)

// The side file tells the section of every line of a FEC, which has no column for it:
//
//	JournalCode;EcritureNum;Ligne;Section
//	VE;1;1;E0001
//
// Ligne counts the lines of one entry (journal and number) from 1, in the order of the FEC.
const sideHeader = "JournalCode;EcritureNum;Ligne;Section"

// sideRecord is one line of the side file; its texts live until the next is read.
type sideRecord struct {
	journal, num, section []byte
	ligne                 int
}

// side reads the records of a side file.
type side struct {
	s     *scanner
	cells cells
	names textTable // sections
	last  uint32    // number of the section of the last record
}

func openSide(r io.Reader) (*side, error) {
	f := &side{s: newScanner(r)}
	line, ok := f.s.next()
	for ok && !f.s.long && blank(line) {
		line, ok = f.s.next()
	}
	if f.s.err != nil {
		return nil, readError(f.s.err)
	}
	if !ok || !strings.EqualFold(strings.ReplaceAll(string(line), " ", ""), sideHeader) {
		return nil, fault.New(fault.Invalid, "fec.side.header", "header", sideHeader)
	}
	return f, nil
}

// next returns the next record, or false at the end.
func (f *side) next(rec *sideRecord) (bool, error) {
	for {
		line, ok := f.s.next()
		if !ok {
			if f.s.err != nil {
				return false, readError(f.s.err)
			}
			return false, nil
		}
		if !f.s.long && blank(line) {
			continue
		}
		f.cells.cut(line, ';')
		rec.journal, rec.num, rec.section = f.cells.cell(0), f.cells.cell(1), f.cells.cell(3)
		if rec.ligne, ok = ordinal(f.cells.cell(2)); !ok || f.cells.n != 4 || len(rec.section) == 0 {
			return false, fault.New(fault.Invalid, "fec.side.line", "line", number(f.s.line))
		}
		return true, nil
	}
}

// number returns the number of a section.
func (f *side) number(section []byte) uint32 {
	if f.names.size() > 0 && bytes.Equal(f.names.of(f.last), section) {
		return f.last
	}
	f.last, _ = f.names.put(section)
	return f.last
}

// name returns the text of a section; "" for the one of a line that has none, which finish refuses.
func (f *side) name(section uint32) string {
	if int(section) >= f.names.size() {
		return ""
	}
	return decode(f.names.of(section))
}

// ordinal reads a whole number from 1 to a billion.
func ordinal(b []byte) (int, bool) {
	n := 0
	for _, c := range b {
		if !digit(c) || n > 100_000_000 {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, n > 0
}

// sideReader follows a side file that goes in the order of the FEC, holding nothing of it.
type sideReader struct {
	*side
	rec sideRecord
	// the entry of the last line of the FEC, and how many of its lines were met
	journal, num []byte
	lines        int
}

func newSideReader(r io.Reader) (*sideReader, error) {
	f, err := openSide(r)
	return &sideReader{side: f}, err
}

func (f *sideReader) section(journal, num []byte, _ int) (uint32, error) {
	if bytes.Equal(f.num, num) && bytes.Equal(f.journal, journal) {
		f.lines++
	} else {
		f.journal, f.num, f.lines = append(f.journal[:0], journal...), append(f.num[:0], num...), 1
	}
	ok, err := f.next(&f.rec)
	if err != nil {
		return 0, err
	}
	if !ok || f.rec.ligne != f.lines || !bytes.Equal(f.rec.num, num) || !bytes.Equal(f.rec.journal, journal) {
		return 0, errOrder
	}
	return f.number(f.rec.section), nil
}

func (f *sideReader) finish() (unused int, err error) {
	for {
		ok, err := f.next(&f.rec)
		if !ok || err != nil {
			return unused, err
		}
		unused++
	}
}

// sideIndex holds a whole side file, for a FEC in another order.
type sideIndex struct {
	*side
	entries textTable // journal, a zero byte, number
	records []indexed // sorted by entry and line of the entry
	first   []uint32  // of each entry in records
	met     []uint32  // lines of each entry met in the FEC
	key     []byte
	absent  []string
	missing int
	found   int
}

type indexed struct{ entry, ligne, section uint32 }

func readSideIndex(r io.ReadSeeker) (*sideIndex, error) {
	size, err := r.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = r.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, readError(err)
	}
	f, err := openSide(r)
	if err != nil {
		return nil, err
	}
	// Room for all records at once: what is not used is never touched, and so costs nothing, while growing would leave
	// copies behind. The shortest record, "V;1;1;E" and its end, has eight bytes.
	x := &sideIndex{side: f, records: make([]indexed, 0, min(size/8+1, 1<<26))}
	var rec sideRecord
	for {
		ok, err := f.next(&rec)
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		if len(x.records) == math.MaxInt32 {
			return nil, fault.New(fault.Invalid, "fec.side.line", "line", number(f.s.line))
		}
		e, _ := x.entries.put(x.keyOf(rec.journal, rec.num))
		x.records = append(x.records, indexed{e, uint32(rec.ligne), f.number(rec.section)})
	}
	order := func(a, b indexed) int {
		return cmp.Or(cmp.Compare(a.entry, b.entry), cmp.Compare(a.ligne, b.ligne))
	}
	if !slices.IsSortedFunc(x.records, order) {
		slices.SortFunc(x.records, order)
	}
	x.first = make([]uint32, x.entries.size()+1)
	x.met = make([]uint32, x.entries.size())
	for i, r := range x.records {
		if i > 0 && order(x.records[i-1], r) == 0 {
			journal, num, _ := strings.Cut(x.entries.text(r.entry), "\x00")
			return nil, fault.New(fault.Invalid, "fec.side.twice", "journal", shown([]byte(journal)), "num", shown([]byte(num)), "ligne", number(int(r.ligne)))
		}
		x.first[r.entry+1] = uint32(i + 1)
	}
	return x, nil
}

// keyOf names an entry, in UTF-8 whatever the charset of either file.
func (x *sideIndex) keyOf(journal, num []byte) []byte {
	x.key = appendText(x.key[:0], journal)
	x.key = append(x.key, 0)
	x.key = appendText(x.key, num)
	return x.key
}

func appendText(key, b []byte) []byte {
	if utf8.Valid(b) {
		return append(key, b...)
	}
	return append(key, decode(b)...)
}

func (x *sideIndex) section(journal, num []byte, line int) (uint32, error) {
	known := len(x.first) - 1
	e, _ := x.entries.put(x.keyOf(journal, num))
	for len(x.met) <= int(e) {
		x.met = append(x.met, 0)
	}
	x.met[e]++
	ligne := x.met[e]
	if int(e) < known {
		of := x.records[x.first[e]:x.first[e+1]]
		if n := int(ligne); n <= len(of) && of[n-1].ligne == ligne {
			x.found++
			return of[n-1].section, nil
		}
		if i, ok := slices.BinarySearchFunc(of, ligne, func(r indexed, l uint32) int { return cmp.Compare(r.ligne, l) }); ok {
			x.found++
			return of[i].section, nil
		}
	}
	const most = 5
	if x.missing++; x.missing <= most {
		x.absent = append(x.absent, shown(journal)+" "+shown(num)+" / "+number(int(ligne))+" ("+number(line)+")")
	}
	return 0, nil
}

// finish refuses a FEC of which some lines have no section, and names the first of them.
func (x *sideIndex) finish() (unused int, err error) {
	if x.missing == 0 {
		return len(x.records) - x.found, nil
	}
	list := strings.Join(x.absent, ", ")
	if x.missing > len(x.absent) {
		list += ", …"
	}
	return 0, fault.New(fault.Invalid, "fec.side.missing", "n", x.missing, "list", list)
}
