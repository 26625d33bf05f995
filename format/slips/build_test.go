package slips

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"essaim/date"
	"essaim/fault"
	"essaim/i18n"
)

var (
	zoe   = Person{"0042", "2 85 01 75 123 456 42", "Martin", "Zoé"}
	yanis = Person{"0043", "190057512345691", "Le Bihan", "Yanis"}
	paule = Person{"44", "276022A123456", "d’Ábel-Łak", "Paule"}
	month = date.MonthOf(2026, 11)
)

func people() []Person { return []Person{zoe, yanis, paule} }

func fixture(tb testing.TB, name string) []byte {
	tb.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name+".pdf"))
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// file writes objects, numbered from 1, as a PDF whose catalogue is the first.
func file(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var at []int
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, o := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer <</Size %d /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return b.Bytes()
}

func painted(content string) string {
	return fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(content), content)
}

func deflated(entries string, content []byte) string {
	var z bytes.Buffer
	w := zlib.NewWriter(&z)
	w.Write(content) //nolint:errcheck // a buffer
	w.Close()        //nolint:errcheck,gosec // a buffer
	return fmt.Sprintf("<<%s /Filter /FlateDecode /Length %d>>\nstream\n%s\nendstream", entries, z.Len(), z.String())
}

// texts makes a PDF of pages, each of lines; a tab parts cells. Letters are those of Windows-1252 below 256.
func texts(pages ...string) []byte {
	objects := []string{"<</Type /Catalog /Pages 2 0 R>>", "", "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding>>"}
	var kids []string
	for _, p := range pages {
		var c strings.Builder
		c.WriteString("BT /F 10 Tf 800 TL ")
		for i, l := range strings.Split(p, "\n") {
			for j, cell := range strings.Split(l, "\t") {
				var out []byte
				for _, r := range cell {
					if strings.ContainsRune(`()\`, r) {
						out = append(out, '\\')
					}
					out = append(out, byte(r))
				}
				fmt.Fprintf(&c, "1 0 0 1 %d %d Tm (%s) Tj ", 40+j*150, 800-i*14, out)
			}
		}
		c.WriteString("ET")
		objects = append(objects, fmt.Sprintf("<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources <</Font <</F 3 0 R>>>> /Contents %d 0 R>>", len(objects)+2), painted(c.String()))
		kids = append(kids, fmt.Sprintf("%d 0 R", len(objects)-1))
	}
	objects[1] = fmt.Sprintf("<</Type /Pages /Count %d /Kids [%s]>>", len(pages), strings.Join(kids, " "))
	return file(objects...)
}

func keys(err error) []string {
	var out []string
	for _, e := range fault.All(err) {
		out = append(out, strings.TrimSpace(e.Field+" "+e.Key))
	}
	return out
}

func said(t *testing.T, err error) string {
	t.Helper()
	var out []string
	for _, lang := range []string{"en", "fr"} {
		out = nil
		for _, e := range fault.All(err) {
			if !i18n.For(lang).Has(e.Key) {
				t.Errorf("%s: no words for %s", lang, e.Key)
			}
			out = append(out, i18n.For(lang).Fault(e))
		}
	}
	return strings.Join(out, "\n")
}

// poppler is what another reader of PDF finds in a document.
func poppler(t *testing.T, doc []byte) string {
	t.Helper()
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Fatal("pdftotext is missing: apt-get install poppler-utils")
	}
	name := filepath.Join(t.TempDir(), "slip.pdf")
	if err := os.WriteFile(name, doc, 0o600); err != nil {
		t.Fatal(err)
	}
	var complaints strings.Builder
	run := exec.Command(tool, "-layout", name, "-")
	run.Stderr = &complaints
	out, err := run.Output()
	if err != nil || complaints.Len() > 0 {
		t.Fatalf("%v: %s", err, complaints.String())
	}
	return string(out)
}

// all decodes every stream of a document and returns it with everything else it holds.
func all(t *testing.T, doc []byte) string {
	t.Helper()
	d, err := open(doc)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	out.WriteString(string(doc))
	for n := range d.places {
		if s, ok := d.object(n).(*stream); ok {
			if b, err := d.decode(s); err == nil {
				out.WriteString(string(b))
			}
		}
	}
	return out.String()
}
