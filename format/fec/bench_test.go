package fec

import (
	"bytes"
	"fmt"
	"io"
	"testing"

	"essaim/date"
	"essaim/money"
)

// million returns a FEC of n entries of two lines in two journals, and its side file.
func million(b *testing.B, n int) (file, side []byte) {
	b.Helper()
	var out, sections bytes.Buffer
	w, s := NewWriter(&out, Latin9), NewSideWriter(&sections)
	for i := range n {
		journal := []string{"VE", "BQ"}[i%2]
		num := fmt.Sprint(i/2 + 1)
		for _, l := range entryOf(journal, num, date.MustParse("2026-01-01")+date.Day(i*364/n), money.Cents(i+1)) {
			if err := w.Write(&l); err != nil {
				b.Fatal(err)
			}
			if err := s.Write(journal, num, fmt.Sprintf("E%04d", i%500)); err != nil {
				b.Fatal(err)
			}
		}
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := s.Flush(); err != nil {
		b.Fatal(err)
	}
	return out.Bytes(), sections.Bytes()
}

func BenchmarkBalance(b *testing.B) {
	file, side := million(b, 50_000)
	for name, by := range map[string]By{"account": ByAccount, "section": BySection, "month": ByMonth} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(file)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := ReadBalance(bytes.NewReader(file), bytes.NewReader(side), by); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCheck(b *testing.B) {
	file, _ := million(b, 50_000)
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		if s, err := Check(bytes.NewReader(file), Options{Name: fileName}, func(Finding) {}); err != nil || !s.Clean(true) {
			b.Fatal(s, err)
		}
	}
}

func BenchmarkWriter(b *testing.B) {
	lines := entryOf("VE", "1", closing, 100)
	w := NewWriter(io.Discard, Latin9)
	b.ReportAllocs()
	for b.Loop() {
		if err := w.Write(&lines[0]); err != nil {
			b.Fatal(err)
		}
	}
}
