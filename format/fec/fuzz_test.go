package fec

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"essaim/fault"
	"essaim/i18n"
)

// seed adds the documents of testdata, short of the long ones.
func seed(f *testing.F) {
	f.Helper()
	files, err := filepath.Glob("testdata/check/*/*.txt")
	if err != nil || len(files) == 0 {
		f.Fatal(len(files), err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		if len(b) < 6_000 {
			f.Add(b)
		}
	}
}

// Whatever the bytes: no panic, every finding of four cells on one line of valid text, and the same verdict twice.
func FuzzCheck(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, file []byte) {
		run := func() (string, Summary) {
			var out []byte
			s, err := Check(bytes.NewReader(file), Options{Name: fileName, PerRule: 20}, func(found Finding) {
				out = append(found.Append(out, i18n.For("fr")), '\n')
			})
			if err != nil {
				t.Fatal(err)
			}
			return string(out), s
		}
		out, s := run()
		for line := range strings.Lines(out) {
			if strings.Count(line, ";") != 3 || !utf8.ValidString(line) || strings.ContainsAny(line, "\r\t\x00") {
				t.Fatalf("finding %q", line)
			}
		}
		if again, _ := run(); again != out {
			t.Fatalf("two checks of one file:\n%s\n%s", out, again)
		}
		if (out == "") != s.Clean(true) {
			t.Fatalf("%+v with\n%s", s, out)
		}
	})
}

// Whatever the bytes: the reader ends, and where it reads a file to its end the balance is the sum of its lines.
func FuzzReadAndBalance(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, file []byte) {
		var lines []Line
		r, err := NewReader(bytes.NewReader(file))
		for err == nil {
			var l Line
			if l, err = r.Read(); err == nil {
				lines = append(lines, l)
			}
		}
		b, sumErr := ReadBalance(bytes.NewReader(file), nil, ByAccount)
		if !errors.Is(err, io.EOF) {
			if fault.KindOf(err) != fault.Invalid {
				t.Fatalf("not a refusal: %v", err)
			}
			return
		}
		if sumErr != nil {
			if all := fault.All(sumErr); len(all) != 1 || all[0].Key != "fec.read.account" {
				t.Fatalf("the lines can be read but not summed: %v", sumErr)
			}
			return
		}
		var want Balance
		for _, l := range lines {
			want.Debit += l.Debit
			want.Credit += l.Credit
		}
		if b.Lines != len(lines) || b.Debit != want.Debit || b.Credit != want.Credit {
			t.Fatalf("%+v, want %d lines, %d and %d", b, len(lines), want.Debit, want.Credit)
		}
	})
}

// Whatever the side file: no panic, and a balance of all lines or a refusal.
func FuzzSections(f *testing.F) {
	f.Add([]byte(sections18 + "VE;1;1;A\nVE;1;2;A\nVE;1;3;B\nBQ;1;1;C\nBQ;1;2;C\n"))
	f.Add([]byte(sections18 + "BQ;1;1;C\r\nBQ;1;2;C\r\nVE;1;3;B\r\nVE;1;1;A\r\nVE;1;2;A"))
	f.Add([]byte("\ufeff" + sections18 + "V\xe9;1;1;\x00\n"))
	f.Fuzz(func(t *testing.T, side []byte) {
		ve, bq := entryOf("VE", "1", closing, 120_00), entryOf("BQ", "1", closing, 50)
		file := write(t, Latin9, append(append(ve, ve[0]), bq...))
		b, err := ReadBalance(bytes.NewReader(file), bytes.NewReader(side), BySection)
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Fatalf("not a refusal: %v", err)
			}
			return
		}
		if b.Debit != 240_50 || b.Credit != 120_50 {
			t.Fatalf("%+v", b)
		}
	})
}
