package fec

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"essaim/date"
	"essaim/fault"
)

// latinText draws texts that ISO 8859-15 can hold. A text whose bytes happen to be UTF-8 as well ("Ã©") would be
// read as UTF-8, which no reader can help: it is left out.
func latinText() *rapid.Generator[string] {
	var all []rune
	for c := rune(' '); c < 0x100; c++ {
		if r := latin9(byte(c)); (c < 0x7f || c >= 0xa0) && r != '|' && r != 0xad {
			all = append(all, r)
		}
	}
	return rapid.Map(rapid.StringOfN(rapid.SampledFrom(all), 0, 30, -1), func(s string) string { return tidy("x" + s + "y") }).
		Filter(func(s string) bool {
			var b []byte
			for _, r := range s {
				c, _ := toLatin9(r)
				b = append(b, c)
			}
			return len(b) == len(s) || !utf8.Valid(b)
		})
}

// What is written is read again to the letter, and the check finds nothing, in both charsets and whatever numbers look
// like.
func TestWriteReadCheck(t *testing.T) {
	for name, charset := range map[string]Charset{"ISO 8859-15": Latin9, "UTF-8": UTF8} {
		t.Run(name, func(t *testing.T) {
			text := latinText()
			if charset == UTF8 {
				text = rapid.Map(rapid.StringN(0, 30, -1), func(s string) string { return tidy("x" + s + "y") })
			}
			rapid.Check(t, func(t *rapid.T) {
				lines := drawBooks(t, text)
				file := write(t, charset, lines)
				if got, _ := check(t, file, Options{Name: fileName}); got != "" {
					t.Fatalf("findings:\n%s\nin\n%s", got, file)
				}
				r, err := NewReader(bytes.NewReader(file))
				if err != nil {
					t.Fatal(err)
				}
				for i, want := range lines {
					got, err := r.Read()
					if err != nil {
						t.Fatal(err)
					}
					if got != want {
						t.Fatalf("line %d: read %+v, written %+v", i, got, want)
					}
				}
				if _, err := r.Read(); !errors.Is(err, io.EOF) {
					t.Fatalf("after the last line: %v", err)
				}
			})
		})
	}
}

// Any text at all, whatever its bytes, leaves a file that the reader cuts as it was written.
func TestAnyTextLeavesTheFormWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")) + rapid.String().Draw(t, "text")
		l := entryOf("VE", "1", date.MustParse("2026-03-01"), 100)
		for i := range l {
			l[i].EcritureLib = "x" + text
		}
		for _, charset := range []Charset{Latin9, UTF8} {
			file := write(t, charset, l)
			// Bytes at 0x80 to 0x9f do not occur in what we write as ISO 8859-15.
			if got, _ := check(t, file, Options{Name: fileName}); got != "" {
				t.Fatalf("%q: %s", file, got)
			}
		}
	})
}

func TestTransliteration(t *testing.T) {
	for in, want := range map[string]string{
		"l’œuvre — « n° 3 »":             "l'\xbduvre - \xab n\xb0 3 \xbb",
		"1\u202f234,56\u00a0€":           "1 234,56\xa0\xa4",
		"Ősz, Łódź, Škoda, naïve":        "Osz, L\xf3dz, \xa6koda, na\xefve",
		"e\u0301te\u0301":                "\xe9t\xe9",
		"\ta|b\r\nc\u2028d  e\u200b ":    "a b c d e",
		"½ ± ¤ ¦ 東 ﬁn ㎡":                 "1/2 \xb1 ? ? ? fin m2",
		"…→≤“x” №\u00ad4 \u202ebidi":     `...-><="x" No4 ?bidi`,
		"bad \xff byte":                  "bad ? byte",
		"ASCII stays, even ;,\"'#=+ @é~": "ASCII stays, even ;,\"'#=+ @\xe9~",
	} {
		w := NewWriter(io.Discard, Latin9)
		w.text(in)
		if got := string(w.out.buf); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// Every byte of ISO 8859-15 is the byte of its own character.
func TestLatin9IsItsOwnInverse(t *testing.T) {
	for c := range 256 {
		if c >= 0x80 && c < 0xa0 {
			continue
		}
		if got, ok := toLatin9(latin9(byte(c))); !ok || int(got) != c {
			t.Errorf("%#x is %q, which is %#x", c, latin9(byte(c)), got)
		}
	}
}

func TestFirstLineOfAnEmptyYear(t *testing.T) {
	file := string(write(t, Latin9, nil))
	if want := strings.Join(names[:18], "\t") + "\r\n"; file != want {
		t.Errorf("%q", file)
	}
}

type full struct{ after int }

func (f *full) Write(b []byte) (int, error) {
	if f.after -= len(b); f.after < 0 {
		return 0, errors.New("disk full")
	}
	return len(b), nil
}

// A disk that fills is told by Write once what is gathered goes out, or by Flush at the latest.
func TestWriteErrorIsTold(t *testing.T) {
	w := NewWriter(&full{after: 100_000}, Latin9)
	lines := entryOf("VE", "1", closing, 100)
	var err error
	for range 5000 {
		if err = w.Write(&lines[0]); err != nil {
			break
		}
	}
	if err == nil || w.Flush() == nil {
		t.Error("a full disk went unnoticed")
	}
}

func TestSideWriter(t *testing.T) {
	var b strings.Builder
	w := NewSideWriter(&b)
	for _, rec := range [][3]string{{"VE", "1", "E0001"}, {"VE", "1", "E0001"}, {"VE", "2", "E0002"}, {"BQ", "2", "SMUT"}} {
		if err := w.Write(rec[0], rec[1], rec[2]); err != nil {
			t.Fatal(err)
		}
	}
	for _, section := range []string{"", "a;b", "a\nb", "\xff"} {
		if err := w.Write("VE", "3", section); fault.KindOf(err) != fault.Invalid {
			t.Errorf("section %q: %v", section, err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	want := "JournalCode;EcritureNum;Ligne;Section\r\nVE;1;1;E0001\r\nVE;1;2;E0001\r\nVE;2;1;E0002\r\nBQ;2;1;SMUT\r\n"
	if b.String() != want {
		t.Errorf("%q", b.String())
	}
}

func TestFileName(t *testing.T) {
	if got := FileName("123456782", closing); got != "123456782FEC20261231.txt" {
		t.Error(got)
	}
	if got := SectionsName("123456782", closing); got != "123456782FEC20261231-sections.csv" {
		t.Error(got)
	}
	for name, want := range map[string]struct {
		end date.Day
		ok  bool
	}{
		"123456782FEC20261231.txt":   {closing, true},
		"123456782FEC20261231.TXT":   {closing, true},
		"732829320FEC20260630.txt":   {date.MustParse("2026-06-30"), true},
		"123456783FEC20261231.txt":   {closing, false}, // key
		"12345678AFEC20261231.txt":   {closing, false},
		"000000000FEC20261231.txt":   {closing, false},
		"123456782fec20261231.txt":   {closing, false},
		"123456782FEC20261231.csv":   {closing, false},
		"123456782FEC20261231":       {closing, true},
		"123456782FEC20261231_1.txt": {closing, true},
		"123456782FEC20261231_a.txt": {0, false},
		"123456782FEC20260229.txt":   {0, false},
		"123456782FEC2026123.txt":    {0, false},
		"123456782_FEC_20261231.txt": {0, false},
		"123456782FEC20261231-1.txt": {0, false},
		"":                           {0, false},
		".txt":                       {0, false},
	} {
		if _, end, ok := ParseFileName(name); end != want.end || ok != want.ok {
			t.Errorf("%q: %v %v", name, end, ok)
		}
	}
}
