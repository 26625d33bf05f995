package slips

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"essaim/date"
)

func refused(t *testing.T, b []byte, want string) {
	t.Helper()
	p, err := Split(b, people(), month)
	if got := keys(err); p != nil || len(got) != 1 || got[0] != want {
		t.Errorf("%v, want %s", got, want)
	}
	said(t, err)
}

func TestWhatIsNoFileOfPayslipsIsRefused(t *testing.T) {
	refused(t, nil, "slips.no_pdf")
	refused(t, []byte("GIF89a"), "slips.no_pdf")
	refused(t, make([]byte, MaxBytes+1), "slips.large")
	refused(t, fixture(t, "encrypted"), "slips.encrypted")
	refused(t, []byte("%PDF-1.4\n"), "slips.broken")
	refused(t, fixture(t, "winansi")[:800], "slips.broken")
	refused(t, file("<</Type /Catalog>>"), "slips.broken")
	refused(t, file("<</Type /Catalog /Pages 2 0 R>>", "<</Type /Pages /Kids [2 0 R]>>"), "slips.broken")
	page := strings.Repeat("<</Type /Page>> ", MaxPages+1)
	refused(t, file("<</Type /Catalog /Pages 2 0 R>>", "<</Type /Pages /Kids ["+page+"]>>"), "slips.pages")
	if p, err := Split(file("<</Type /Catalog /Pages 2 0 R>>", "<</Type /Pages /Kids ["+page[16:]+"]>>"), nil, 0); err == nil || p.Pages != MaxPages {
		t.Errorf("%v", err)
	}
}

// A file whose cross-references are wrong is searched, as viewers do: here its table is cut off, moved, or lies.
func TestADamagedFileIsStillRead(t *testing.T) {
	for _, name := range []string{"winansi", "truetype", "packed", "cairo", "linear"} {
		b := fixture(t, name)
		for what, damaged := range map[string][]byte{
			"no end":        b[:bytes.LastIndex(b, []byte("startxref"))],
			"moved":         append([]byte("%PDF-1.7\n% a line more\n"), bytes.TrimPrefix(b, []byte("%PDF-1."))...),
			"far":           append(bytes.Clone(b[:bytes.LastIndex(b, []byte("startxref"))]), "startxref\n999999999\n%%EOF"...),
			"before a mail": append([]byte("From: x\n\n"), b...),
		} {
			p, err := Split(damaged, people(), month)
			if err != nil || len(p.Slips) != 3 {
				t.Errorf("%s, %s: %s", name, what, said(t, err))
				continue
			}
			if doc, err := p.PDF(1); err != nil || !strings.Contains(poppler(t, doc), "0043") {
				t.Errorf("%s, %s: %v", name, what, err)
			}
		}
	}
}

// A few bytes that ask for very much are told soon, and the other pages are read.
func TestBombs(t *testing.T) {
	page := func(contents string, more ...string) []byte {
		return file(append([]string{
			"<</Type /Catalog /Pages 2 0 R>>", "<</Type /Pages /Kids [3 0 R]>>",
			"<</Type /Page /Contents 4 0 R /Resources <</XObject <</X 5 0 R /Y 6 0 R>> /Font <</F 5 0 R>>>>>>", contents,
		}, more...)...)
	}
	zeros := deflated("", make([]byte, maxStream+100))
	form := func(content string) string {
		return fmt.Sprintf("<</Subtype /Form /Resources <</XObject <</X 5 0 R /Y 6 0 R>>>> /Length %d>>\nstream\n%s\nendstream", len(content), content)
	}
	// Two forms that paint each other twice: 2 to the power of the depth.
	twice := form("/Y Do /Y Do")
	for name, b := range map[string][]byte{
		"a stream of zeros":   page(zeros),
		"zeros within zeros":  page(deflated("", []byte(zeros))),
		"forms without end":   page(painted("/X Do"), twice, form("/X Do /X Do")),
		"a form of itself":    page(painted("/X Do"), form("/X Do"), form("/X Do")),
		"a length of itself":  page("<</Length 4 0 R>>\nstream\nBT\nendstream"),
		"arrays without end":  page(painted(strings.Repeat("[", 1<<20))),
		"strings without end": page(painted(strings.Repeat("(", 1<<20))),
		"names of one sign":   page(painted(strings.Repeat("/", 1<<20))),
		"many strings":        page(painted("BT /F 9 Tf "+strings.Repeat("(x)Tj 9 0 Td ", 200_000)), "<</Type /Font /Subtype /Type1>>"),
		"a range of letters":  page(painted("BT /F 9 Tf (x) Tj"), "<</Type /Font /Subtype /Type0 /ToUnicode 6 0 R>>", painted(strings.Repeat("<0000> <ffff> <0041> endbfrange ", 5000))),
		"a wide font":         page(painted("BT /F 9 Tf (x) Tj"), "<</Type /Font /Subtype /Type0 /DescendantFonts [<</W ["+strings.Repeat("0 2000000000 1 ", 5000)+"]>>]>>"),
		"a kid of itself":     file("<</Type /Catalog /Pages 2 0 R>>", "<</Type /Pages /Kids [<</Kids [2 0 R]>>]>>"),
		"a deep tree":         file("<</Type /Catalog /Pages " + strings.Repeat("<</Kids [", 60) + strings.Repeat("]>>", 60) + ">>"),
		"deep values":         file("<</Type /Catalog /Pages 2 0 R>>", strings.Repeat("[", 2_000_000)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := Split(b, people(), month)
			if err == nil || p != nil && len(p.Slips) > 0 {
				t.Errorf("%+v", p)
			}
			said(t, err)
		})
	}
	// A chain of lengths, each the length of the next.
	var chain []string
	for i := range 3000 {
		chain = append(chain, fmt.Sprintf("<</Length %d 0 R>>\nstream\nx\nendstream", i+4))
	}
	objects := append([]string{"<</Type /Catalog /Pages 2 0 R>>", "<</Type /Pages /Kids [<</Type /Page /Contents 3 0 R>>]>>"}, chain...)
	if _, err := Split(file(objects...), people(), month); err == nil {
		t.Error("taken")
	}
}

// What a content may hold beside texts: pictures within it, comments, broken signs.
func TestContentsAsTheyCome(t *testing.T) {
	content := "q 1 0 0 1 0 0 cm BI /W 2 /H 2 /BPC 8 /CS /G ID \x00(\xffEI\x01 EI\nQ % (a comment\n) >> BT /F 10 Tf 14 TL 40 700 Td " +
		"[(M\\141r) -20 (tin) -400 <5a6fe9>] TJ T* (novembre 2026) ' 0 0 (matricule 0042) \" ET"
	b := file("<</Type /Catalog /Pages 2 0 R>>", "<</Type /Pages /Kids [3 0 R]>>",
		"<</Type /Page /Contents [4 0 R 99 0 R] /Resources <</Font <</F <</Type /Font /Subtype /Type1 /Encoding /WinAnsiEncoding>>>>>>>>", painted(content))
	d, err := open(b)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := d.lines(0)
	if err != nil || !strings.Contains(fmt.Sprint(lines), "Martin Zoé") || !strings.Contains(fmt.Sprint(lines), "novembre 2026") {
		t.Errorf("%v %v", err, lines)
	}
	p, err := Split(b, people()[:1], month)
	if err != nil {
		t.Fatal(said(t, err))
	}
	if doc, err := p.PDF(0); err != nil || !bytes.Contains(doc, []byte("0042")) {
		t.Errorf("%v", err)
	}
}

func TestFilters(t *testing.T) {
	d := &document{values: 1000}
	for kind, c := range map[name][2]string{
		"ASCIIHexDecode": {"48 65 6C6C 6f>", "Hello"}, "ASCII85Decode": {"<~87cURDZ~>", "Hello"}, "RunLengthDecode": {"\x01He\xffl\x00o\x80", "Hello"[:2] + "ll" + "o"},
		"LZWDecode": {"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01", "-----A---B"},
	} {
		if got, err := d.undo(kind, nil, []byte(c[0])); err != nil || string(got) != c[1] {
			t.Errorf("%s: %q, %v", kind, got, err)
		}
	}
	// The rows of a table with each predictor of PNG.
	rows := "\x00\x01\x02\x01\x01\x01\x02\x01\x01\x03\x01\x01\x04\x01\x01"
	got, err := d.unpredict(dict{"Predictor": 15, "Columns": 2}, []byte(rows))
	if want := "\x01\x02\x01\x02\x02\x03\x02\x03\x03\x04"; err != nil || string(got) != want {
		t.Errorf("%q, %v, want %q", got, err, want)
	}
	for _, parm := range []dict{{"Predictor": 2}, {"Predictor": 12, "Columns": -1}, {"Predictor": 12, "Colors": 1 << 40}, {"Predictor": 12, "Columns": 1 << 30}} {
		if _, err := d.unpredict(parm, []byte(rows)); err == nil {
			t.Errorf("%v is taken", parm)
		}
	}
	if _, err := d.undo("DCTDecode", nil, nil); err == nil {
		t.Error("a picture is decoded")
	}
}

func TestMonthsOfALine(t *testing.T) {
	for s, want := range map[string]string{
		"novembre 2026": "2026-11", "Nov. 2026": "2026-11", "du 01/11/2026 au 30/11/2026": "2026-11 2026-11", "11-2026": "2026-11", "2026-11-30": "2026-11",
		"30/11/26": "2026-11", "AOÛT 2026": "2026-08", "13/2026": "", "1 483,36": "", "mai": "", "n° 2026": "",
	} {
		var got []string
		for _, m := range months(s) {
			got = append(got, m.String())
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %v, want %q", s, got, want)
		}
	}
}

func FuzzSplit(f *testing.F) {
	for _, name := range []string{"winansi", "packed", "linear", "cairo", "chromium", "encrypted"} {
		f.Add(fixture(f, name))
	}
	f.Add(texts(zoes, yaniss+"page 1/2", "page 2/2"))
	f.Fuzz(func(t *testing.T, b []byte) {
		// Without the net that [Split] spreads, so that a panic is seen.
		d, err := open(b)
		if err != nil {
			return
		}
		for i := range d.pages {
			if lines, err := d.lines(i); err == nil {
				gather(people()).identify(lines)
			}
			if doc, err := d.extract([]int{i}); err == nil {
				if part, err := open(doc); err != nil || len(part.pages) != 1 {
					t.Errorf("a part that cannot be read: %v", err)
				}
			}
		}
		if p, err := Split(b, people(), date.MonthOf(2026, 11)); err == nil && len(p.Slips) != 3 {
			t.Errorf("%d slips without a word", len(p.Slips))
		}
	})
}

// A month of a thousand people.
func BenchmarkSplit(b *testing.B) {
	var pages []string
	var who []Person
	for i := range 1000 {
		p := Person{Matricule: fmt.Sprintf("%04d", i), Last: "Nom", First: "Prénom"}
		who = append(who, p)
		pages = append(pages, "Bulletin de paie novembre 2026\nMatricule : "+p.Matricule+strings.Repeat("\nCotisation\t1 234,56\t7,30\t89,01", 40))
	}
	doc := texts(pages...)
	for b.Loop() {
		p, err := Split(doc, who, month)
		if err != nil || len(p.Slips) != 1000 {
			b.Fatal(err)
		}
		for i := range p.Slips {
			if _, err := p.PDF(i); err != nil {
				b.Fatal(err)
			}
		}
	}
}
