package pdf

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"strconv"
	"time"
	"unicode/utf16"

	"codeberg.org/go-pdf/fpdf"

	"essaim/date"
)

// description is what a reader of documents shows about the file.
type description struct {
	lang, title, subject, author string
	day                          date.Day // none: the file does not say when it was made
}

// write draws the sheets.
func write(sheets []*sheet, d description) ([]byte, error) {
	f := fpdf.New("P", "pt", "A4", "")
	f.SetAutoPageBreak(false, 0)
	f.SetCatalogSort(true)
	f.SetLang(d.lang)
	describe := func(set func(string, bool), text string) {
		if text = meta(text); text != "" {
			set(text, true)
		}
	}
	describe(f.SetTitle, d.title)
	describe(f.SetSubject, d.subject)
	describe(f.SetAuthor, d.author)
	f.SetCreator("Essaim", false)
	f.SetProducer("Essaim", false)
	made := time.Unix(0, 0).UTC()
	if d.day != 0 {
		made = d.day.Time()
	}
	f.SetCreationDate(made)
	f.SetModificationDate(made)
	p := &pen{Fpdf: f}
	for i, face := range faces() {
		p.fonts[i] = newSubset(face)
	}
	for _, s := range sheets {
		f.AddPage()
		for _, stroke := range s.strokes {
			stroke.draw(p)
		}
	}
	var b bytes.Buffer
	if err := f.Output(&b); err != nil {
		return nil, fmt.Errorf("pdf: %w", err)
	}
	return finish(b.Bytes(), p.fonts, d.day != 0)
}

// meta keeps a text of the description short and within what the library encodes: the Basic Multilingual Plane.
func meta(s string) string {
	var out []rune
	for _, r := range letters(s) {
		if r == '\n' {
			r = ' '
		}
		if r <= 0xFFFF && len(out) < 200 {
			out = append(out, r)
		}
	}
	return string(out)
}

func fontName(cut int) string { return [cuts]string{"R", "S", "D"}[cut] }

// update is a body of objects added behind a finished file.
type update struct {
	bytes.Buffer
	offsets []int // of new objects
	first   int   // number of the first one
}

// add opens the next object and returns its number.
func (u *update) add() int {
	u.offsets = append(u.offsets, u.Len())
	n := u.first + len(u.offsets) - 1
	fmt.Fprintf(u, "%d 0 obj\n", n)
	return n
}

// finish gives the library's file our fonts, its identifier and its version. dated says whether the date in the file is
// one: if not it is blanked, for the library always writes one.
func finish(doc []byte, fonts [cuts]*subset, dated bool) ([]byte, error) {
	size, ok1 := trailing(doc, "/Size ")
	root, ok2 := trailing(doc, "/Root ")
	info, ok3 := trailing(doc, "/Info ")
	previous, ok4 := trailing(doc, "startxref\n")
	if !ok1 || !ok2 || !ok3 || !ok4 || !bytes.HasPrefix(doc, []byte("%PDF-1.")) {
		return nil, fmt.Errorf("pdf: the library's file ends in an unknown way")
	}
	doc[len("%PDF-1.")] = '7' // the library names the oldest version that knows its own operators
	if !dated {
		for _, key := range []string{"/CreationDate (", "/ModDate ("} {
			if at := bytes.LastIndex(doc, []byte(key)); at >= 0 {
				for i := at; doc[i] != '\n'; i++ {
					doc[i] = ' '
				}
			}
		}
	}

	u := &update{first: size}
	u.Write(doc)
	resources := u.Len()
	images := pictures(doc)
	kinds := "/PDF /Text"
	if images != "" {
		kinds += " /ImageC"
	}
	fmt.Fprintf(u, "2 0 obj\n<</ProcSet [%s] %s/Font <<", kinds, images)
	at := size
	for cut, s := range fonts {
		if len(s.runes) > 0 {
			fmt.Fprintf(u, "/%s %d 0 R ", fontName(cut), at)
			at += objectsPerFont
		}
	}
	u.WriteString(">>>>\nendobj\n")
	var pack bytes.Buffer
	z := zlib.NewWriter(&pack)
	for _, s := range fonts {
		if len(s.runes) == 0 {
			continue
		}
		if err := u.font(s, z, &pack); err != nil {
			return nil, fmt.Errorf("pdf: %w", err)
		}
	}

	id := sha256.Sum256(u.Bytes())
	start := u.Len()
	fmt.Fprintf(u, "xref\n2 1\n%010d 00000 n \n%d %d\n", resources, u.first, len(u.offsets))
	for _, offset := range u.offsets {
		fmt.Fprintf(u, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(u, "trailer\n<</Size %d /Root %d 0 R /Info %d 0 R /Prev %d /ID [<%x> <%x>]>>\nstartxref\n%d\n%%%%EOF\n",
		u.first+len(u.offsets), root, info, previous, id[:16], id[:16], start)
	return u.Bytes(), nil
}

// trailing reads the number that follows a key's last occurrence.
func trailing(doc []byte, key string) (int, bool) {
	at := bytes.LastIndex(doc, []byte(key))
	if at < 0 {
		return 0, false
	}
	digits := doc[at+len(key):]
	if end := bytes.IndexAny(digits, " \n>"); end >= 0 {
		digits = digits[:end]
	}
	n, err := strconv.Atoi(string(digits))
	return n, err == nil
}

const objectsPerFont = 5

// font adds a composite font (ISO 32000-1, 9.7): the font, its descendant, its descriptor, its program, its character map.
func (u *update) font(s *subset, z *zlib.Writer, pack *bytes.Buffer) error {
	stream := func(data []byte, extra string) error {
		pack.Reset()
		z.Reset(pack)
		if _, err := z.Write(data); err != nil {
			return err
		}
		if err := z.Close(); err != nil {
			return err
		}
		fmt.Fprintf(u, "<</Filter /FlateDecode /Length %d%s>>\nstream\n", pack.Len(), extra)
		u.Write(pack.Bytes())
		u.WriteString("\nendstream\nendobj\n")
		return nil
	}
	program := s.program()
	name := tag(program) + "+" + s.name
	n := u.add()
	fmt.Fprintf(u, "<</Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H /DescendantFonts [%d 0 R] /ToUnicode %d 0 R>>\nendobj\n",
		name, n+1, n+4)
	u.add()
	fmt.Fprintf(u, "<</Type /Font /Subtype /CIDFontType2 /BaseFont /%s /CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) "+
		"/Supplement 0>> /CIDToGIDMap /Identity /FontDescriptor %d 0 R /W [0 [", name, n+2)
	width := func(g uint16) { fmt.Fprintf(u, "%d ", int(math.Round(float64(s.advance(g))*1000/s.unit))) }
	width(0)
	for _, r := range s.runes {
		width(s.glyph(r))
	}
	u.WriteString("]]>>\nendobj\n")
	u.add()
	fmt.Fprintf(u, "<</Type /FontDescriptor /FontName /%s /Flags 4 /FontBBox [%d %d %d %d] /ItalicAngle 0 /Ascent %d /Descent %d "+
		"/CapHeight %d /StemV %d /FontFile2 %d 0 R>>\nendobj\n", name, s.box[0], s.box[1], s.box[2], s.box[3],
		s.ascent, s.descent, s.capHeight, 50+(s.weight/65)*(s.weight/65), n+3)
	u.add()
	if err := stream(program, " /Length1 "+strconv.Itoa(len(program))); err != nil {
		return err
	}
	u.add()
	return stream(s.characters(), "")
}

// tag is the six letters that mark a subset and differ from one to another.
func tag(program []byte) string {
	sum := sha256.Sum256(program)
	v := binary.BigEndian.Uint64(sum[:])
	var b [6]byte
	for i := range b {
		b[i] = 'A' + byte(v%26)
		v /= 26
	}
	return string(b[:])
}

// characters maps the glyphs back to what was written (ISO 32000-1, 9.10.3), for search, copies and voices.
func (s *subset) characters() []byte {
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) " +
		"/Supplement 0>> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n")
	const most = 100 // lines that one block may hold
	for from := 0; from < len(s.runes); from += most {
		block := s.runes[from:min(from+most, len(s.runes))]
		fmt.Fprintf(&b, "%d beginbfchar\n", len(block))
		for i, r := range block {
			fmt.Fprintf(&b, "<%04x> <", from+i+1)
			for _, unit := range utf16.Encode([]rune{r}) {
				fmt.Fprintf(&b, "%04x", unit)
			}
			b.WriteString(">\n")
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return b.Bytes()
}
