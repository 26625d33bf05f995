package slips

import (
	"bytes"
	"cmp"
	"errors"
	"maps"
	"regexp"
	"slices"
	"strconv"
)

// place is where an object stands: at an offset of the file, or as the nth of an object stream.
type place struct {
	offset int // -1: nowhere
	inside int // number of the object stream that holds it; 0: none
}

// document is a PDF whose objects are found.
type document struct {
	b       []byte
	places  map[int]place
	objects map[int]any         // those that have been read
	packed  map[int]map[int]any // object streams that have been read
	reading map[int]bool
	trailer dict
	pages   []page
	nodes   map[int]bool // objects that are pages, or nodes of their tree
	values  int          // that may still be read
	work    int          // words of content streams that may still be read
	decoded int64
	reach   int   // bytes of the file that may still be gone through, see maxPasses
	ends    []int // where « endstream » stands, once it has been looked for
	fonts   map[int]*font
	codes   int // that the fonts hold
}

const (
	maxObjects = 400_000
	// maxPasses is how often a file is gone through to read its objects: once or twice, and once more when it must be searched, unless
	// objects overlap, so that each is as long as all that follow.
	maxPasses = 16
)

var (
	errEncrypted = errors.New("encrypted")
	errNoPDF     = errors.New("no PDF")
)

// open finds the objects of a file: by its cross-reference tables and streams (§ 7.5.4, 7.5.8), or by searching it when these are
// broken, as viewers do.
func open(b []byte) (*document, error) {
	head := bytes.Index(b[:min(len(b), 1024)], []byte("%PDF-"))
	if head < 0 {
		return nil, errNoPDF
	}
	d := &document{b: b[head:], values: maxValues, work: maxWork, fonts: map[int]*font{}}
	d.reach = maxPasses*len(d.b) + 1<<16
	d.forget()
	err := d.crossReferences()
	if err == nil {
		err = d.paged()
	}
	if err == nil || errors.Is(err, errEncrypted) || errors.Is(err, errMuch) || errors.Is(err, errPages) {
		return d, err
	}
	d.forget()
	if err := d.search(); err != nil {
		return nil, err
	}
	return d, d.paged()
}

func (d *document) forget() {
	d.places, d.objects, d.packed, d.reading, d.trailer = map[int]place{}, map[int]any{}, map[int]map[int]any{}, map[int]bool{}, dict{}
}

// paged finds the pages.
func (d *document) paged() error {
	if _, encrypted := d.trailer["Encrypt"]; encrypted {
		return errEncrypted
	}
	root, _ := d.get(d.trailer["Root"]).(dict)
	d.pages, d.nodes = nil, map[int]bool{}
	if err := d.tree(root["Pages"], page{}, 0); err != nil {
		return err
	}
	if len(d.pages) == 0 {
		return errSyntax
	}
	return nil
}

func (d *document) scan(at int) *scanner { return &scanner{b: d.b, at: at, values: &d.values} }

func (d *document) crossReferences() error {
	tail := max(0, len(d.b)-2048)
	i := bytes.LastIndex(d.b[tail:], []byte("startxref"))
	if i < 0 {
		return errSyntax
	}
	s := d.scan(tail + i + len("startxref"))
	s.skip()
	at, ok := s.digits()
	if !ok {
		return errSyntax
	}
	seen := map[int]bool{}
	for next := []int{at}; len(next) > 0; {
		at, next = next[0], next[1:]
		if seen[at] || len(seen) > 2000 {
			continue
		}
		seen[at] = true
		if at < 0 || at >= len(d.b) {
			return errSyntax
		}
		trailer, err := d.section(at)
		if err != nil {
			return err
		}
		for k, v := range trailer {
			if _, newer := d.trailer[k]; !newer {
				d.trailer[k] = v
			}
		}
		for _, k := range []name{"XRefStm", "Prev"} {
			if n, ok := trailer[k].(int); ok {
				next = append(next, n)
			}
		}
	}
	return nil
}

// section reads one cross-reference table or stream, and returns its trailer. What a newer section has said stays.
func (d *document) section(at int) (dict, error) {
	s := d.scan(at)
	defer func() { d.reach -= s.at - at }()
	if d.reach < 0 {
		return nil, errMuch
	}
	if !s.keyword("xref") {
		return d.crossStream(at)
	}
	for {
		if s.keyword("trailer") {
			v, err := s.value(0)
			t, ok := v.(dict)
			if err != nil || !ok {
				return nil, errSyntax
			}
			return t, nil
		}
		s.skip()
		first, ok := s.digits()
		s.skip()
		n, ok2 := s.digits()
		if !ok || !ok2 || n > maxObjects || first > 8_000_000 {
			return nil, errSyntax
		}
		for i := range n {
			s.skip()
			offset, ok := s.digits()
			s.skip()
			_, ok2 := s.digits()
			s.skip()
			if !ok || !ok2 || s.at >= len(s.b) {
				return nil, errSyntax
			}
			kind := s.b[s.at]
			s.at++
			if kind == 'n' {
				if err := d.put(first+i, place{offset: offset}); err != nil {
					return nil, err
				}
			} else if kind != 'f' {
				return nil, errSyntax
			} else if err := d.put(first+i, place{offset: -1}); err != nil {
				return nil, err
			}
		}
	}
}

// put notes where an object stands, unless a newer section has said it.
func (d *document) put(number int, p place) error {
	if _, known := d.places[number]; known {
		return nil
	}
	if len(d.places) >= maxObjects {
		return errMuch
	}
	d.places[number] = p
	return nil
}

func (d *document) crossStream(at int) (dict, error) {
	_, v, err := d.objectAt(at)
	if err != nil {
		return nil, err
	}
	s, ok := v.(*stream)
	if !ok || s.dict["Type"] != name("XRef") {
		return nil, errSyntax
	}
	b, err := d.decode(s)
	if err != nil {
		return nil, err
	}
	w, _ := s.dict["W"].(array)
	var width [3]int
	if len(w) < 3 {
		return nil, errSyntax
	}
	for i := range width {
		n, ok := w[i].(int)
		if !ok || n < 0 || n > 7 {
			return nil, errSyntax
		}
		width[i] = n
	}
	size, _ := s.dict["Size"].(int)
	index, ok := s.dict["Index"].(array)
	if !ok {
		index = array{0, size}
	}
	field := func(i, otherwise int) int {
		if width[i] == 0 {
			return otherwise
		}
		n := 0
		for _, c := range b[:width[i]] {
			n = n<<8 | int(c)
		}
		b = b[width[i]:]
		return n
	}
	entry := width[0] + width[1] + width[2]
	if entry == 0 {
		return nil, errSyntax
	}
	for i := 0; i+1 < len(index); i += 2 {
		first, ok := index[i].(int)
		n, ok2 := index[i+1].(int)
		if !ok || !ok2 || first < 0 || first > 8_000_000 {
			return nil, errSyntax
		}
		for j := 0; j < n && len(b) >= entry; j++ {
			kind, second, _ := field(0, 1), field(1, 0), field(2, 0)
			var err error
			switch kind {
			case 0:
				err = d.put(first+j, place{offset: -1})
			case 1:
				err = d.put(first+j, place{offset: second})
			case 2:
				err = d.put(first+j, place{inside: second})
			}
			if err != nil {
				return nil, err
			}
		}
	}
	return s.dict, nil
}

var header = regexp.MustCompile(`(?:^|[\s>])(\d{1,9})[ \t\r\n]+(\d{1,5})[ \t\r\n]+obj\b`)

// search finds the objects of a file whose cross-references are broken: the last of each number counts.
func (d *document) search() error {
	for _, m := range header.FindAllSubmatchIndex(d.b, maxObjects) {
		n, err := strconv.Atoi(string(d.b[m[2]:m[3]]))
		if err != nil || n > 8_000_000 {
			continue
		}
		d.places[n] = place{offset: m[2]}
	}
	for from := 0; ; {
		i := d.find("trailer", from)
		if i < 0 {
			break
		}
		from = i + len("trailer")
		s := d.scan(from)
		v, err := s.value(0)
		if d.reach -= s.at - from; d.reach < 0 {
			return errMuch
		}
		if t, ok := v.(dict); ok && err == nil {
			maps.Copy(d.trailer, t)
		}
	}
	// From the end of the file on: what was written last counts.
	found := slices.SortedFunc(maps.Keys(d.places), func(a, b int) int {
		return cmp.Compare(d.places[b].offset, d.places[a].offset)
	})
	for _, n := range found {
		_, v, err := d.objectAt(d.places[n].offset)
		if errors.Is(err, errMuch) {
			return err
		}
		switch v := v.(type) {
		case *stream:
			switch v.dict["Type"] {
			case name("XRef"):
				for _, k := range []name{"Root", "Encrypt"} {
					if x, ok := v.dict[k]; ok && d.trailer[k] == nil {
						d.trailer[k] = x
					}
				}
			case name("ObjStm"):
				for _, inner := range slices.Sorted(maps.Keys(d.unpack(n, v))) {
					if _, known := d.places[inner]; !known && len(d.places) < maxObjects {
						d.places[inner] = place{inside: n}
					}
				}
			}
		case dict:
			if v["Type"] == name("Catalog") && d.trailer["Root"] == nil {
				d.trailer["Root"] = ref{n, 0}
			}
		}
	}
	return nil
}

// objectAt reads « 12 0 obj … » at an offset.
func (d *document) objectAt(at int) (int, any, error) {
	if at < 0 || at >= len(d.b) {
		return 0, nil, errSyntax
	}
	s := d.scan(at)
	defer func() { d.reach -= s.at - at }()
	if d.reach < 0 {
		return 0, nil, errMuch
	}
	s.skip()
	n, ok := s.digits()
	s.skip()
	_, ok2 := s.digits()
	if !ok || !ok2 || !s.keyword("obj") {
		return 0, nil, errSyntax
	}
	v, err := s.value(0)
	if err != nil {
		return 0, nil, err
	}
	dictionary, ok := v.(dict)
	if !ok || !s.keyword("stream") {
		return n, v, nil
	}
	if s.at < len(s.b) && s.b[s.at] == '\r' {
		s.at++
	}
	if s.at < len(s.b) && s.b[s.at] == '\n' {
		s.at++
	}
	length, ok := d.get(dictionary["Length"]).(int)
	if ok && length >= 0 && length <= len(s.b)-s.at {
		end := d.scan(s.at + length)
		found := end.keyword("endstream")
		d.reach -= end.at - s.at - length
		if found {
			return n, &stream{dictionary, s.b[s.at : s.at+length]}, nil
		}
	}
	end, ok := d.endAfter(s.at)
	if !ok {
		return 0, nil, errSyntax
	}
	raw := s.b[s.at:end]
	raw = bytes.TrimSuffix(raw, []byte("\n"))
	return n, &stream{dictionary, bytes.TrimSuffix(raw, []byte("\r"))}, nil
}

// endAfter is where the next « endstream » stands. They are found together, for many streams may not say how long they are.
func (d *document) endAfter(at int) (int, bool) {
	if d.ends == nil {
		d.ends = []int{}
		for from := 0; len(d.ends) < maxObjects; {
			i := d.find("endstream", from)
			if i < 0 {
				break
			}
			d.ends = append(d.ends, i)
			from = i + len("endstream")
		}
	}
	i, _ := slices.BinarySearch(d.ends, at)
	if i == len(d.ends) {
		return 0, false
	}
	return d.ends[i], true
}

// find returns where a word stands next in the file, -1 when nowhere.
func (d *document) find(w string, from int) int {
	i := bytes.Index(d.b[from:], []byte(w))
	if i < 0 {
		d.reach -= len(d.b) - from
		return -1
	}
	d.reach -= i + len(w)
	return from + i
}

// get returns a value, or what a reference stands for; nil of one that leads nowhere.
func (d *document) get(v any) any {
	for range 16 {
		r, ok := v.(ref)
		if !ok {
			return v
		}
		v = d.object(r.number)
	}
	return nil
}

func (d *document) object(number int) any {
	if v, ok := d.objects[number]; ok {
		return v
	}
	p, ok := d.places[number]
	if !ok || p.offset < 0 || d.reading[number] || len(d.reading) > maxDepth {
		return nil
	}
	d.reading[number] = true
	defer delete(d.reading, number)
	var v any
	if p.inside == 0 {
		n, read, err := d.objectAt(p.offset)
		if err == nil && n == number {
			v = read
		}
	} else {
		if _, read := d.packed[p.inside]; !read {
			if s, ok := d.object(p.inside).(*stream); ok {
				d.unpack(p.inside, s)
			}
		}
		v = d.packed[p.inside][number]
	}
	d.objects[number] = v
	return v
}

// unpack reads an object stream (§ 7.5.7).
func (d *document) unpack(number int, s *stream) map[int]any {
	if known, ok := d.packed[number]; ok {
		return known
	}
	out := map[int]any{}
	d.packed[number] = out
	b, err := d.decode(s)
	n, _ := d.get(s.dict["N"]).(int)
	first, _ := d.get(s.dict["First"]).(int)
	if err != nil || first < 0 || first > len(b) || n > maxObjects {
		return out
	}
	heads := &scanner{b: b[:first], values: &d.values}
	left := 2 * len(b) // objects stand one after the other
	for range n {
		heads.skip()
		inner, ok := heads.digits()
		heads.skip()
		at, ok2 := heads.digits()
		if !ok || !ok2 || at > len(b)-first {
			break
		}
		s := &scanner{b: b, at: first + at, values: &d.values}
		v, err := s.value(0)
		if left -= s.at - first - at; left < 0 {
			d.reach = -1 // what is missing now might say whose a page is
			break
		}
		if err == nil {
			if _, operator := v.(op); !operator {
				out[inner] = v
			}
		}
	}
	return out
}
