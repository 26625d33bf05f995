package pdf

import (
	"bytes"
	"crypto/sha256"
	"regexp"
	"strconv"
	"testing"
)

// The same paper gives the same bytes.
func TestSameBytes(t *testing.T) {
	for name := range papers {
		first := sha256.Sum256(made(t, name))
		for range 3 {
			if sha256.Sum256(made(t, name)) != first {
				t.Errorf("%s: other bytes the second time", name)
			}
		}
	}
	r := read[Report](t, "releve")
	a, err := Statement(r)
	b, err2 := Statement(r)
	if err != nil || err2 != nil || !bytes.Equal(a, b) {
		t.Errorf("releve: other bytes the second time (%v, %v)", err, err2)
	}
}

// A document is light enough to mail by the thousand.
func TestWeight(t *testing.T) {
	for name := range papers {
		if n := len(made(t, name)); n > 60_000 {
			t.Errorf("%s: %d bytes", name, n)
		}
	}
}

// Both tables of offsets lead to the objects they name, and the identifier differs from one document to another.
func TestOffsets(t *testing.T) {
	ids := map[string]string{}
	for name := range papers {
		doc := made(t, name)
		m := regexp.MustCompile(`/ID \[<([0-9a-f]{32})> <([0-9a-f]{32})>\]`).FindSubmatch(doc)
		if m == nil || !bytes.Equal(m[1], m[2]) {
			t.Fatalf("%s: no identifier", name)
		}
		if other, twice := ids[string(m[1])]; twice {
			t.Errorf("%s and %s have the same identifier", name, other)
		}
		ids[string(m[1])] = name
		at, ok := trailing(doc, "startxref\n")
		if !ok {
			t.Fatalf("%s: no start", name)
		}
		objects := 0
		for tables := 1; ; tables++ {
			objects += offsets(t, name, doc, at)
			end := doc[at:]
			if e := bytes.Index(end, []byte("startxref")); e >= 0 {
				end = end[:e]
			}
			m := regexp.MustCompile(`/Prev (\d+)`).FindSubmatch(end)
			if m == nil {
				if tables != 2 {
					t.Errorf("%s: %d tables of offsets", name, tables)
				}
				break
			}
			at, _ = strconv.Atoi(string(m[1]))
		}
		if objects < 10 {
			t.Errorf("%s: only %d objects", name, objects)
		}
	}
}

// offsets checks one table and returns how many objects it names.
func offsets(t *testing.T, name string, doc []byte, at int) int {
	t.Helper()
	rest, ok := bytes.CutPrefix(doc[at:], []byte("xref\n"))
	if !ok {
		t.Fatalf("%s: no table at %d", name, at)
	}
	objects := 0
	section := regexp.MustCompile(`^(\d+) (\d+)\n`)
	for {
		m := section.FindSubmatch(rest)
		if m == nil {
			return objects
		}
		rest = rest[len(m[0]):]
		first, _ := strconv.Atoi(string(m[1]))
		count, _ := strconv.Atoi(string(m[2]))
		for i := range count {
			entry := rest[:20]
			rest = rest[20:]
			if entry[17] != 'n' {
				continue
			}
			offset, err := strconv.Atoi(string(entry[:10]))
			if err != nil || !bytes.HasPrefix(doc[offset:], []byte(strconv.Itoa(first+i)+" 0 obj\n")) {
				t.Errorf("%s: object %d is not at %s", name, first+i, entry[:10])
			}
			objects++
		}
	}
}
