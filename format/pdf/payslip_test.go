package pdf

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"essaim/money"
	"essaim/payroll"
)

// slips are the golden payslips and the number of their pages.
var slips = map[string]int{"absence": 2, "appui": 2, "cadre": 2, "cesa": 2, "cesa-2027": 2, "dette": 2, "limites": 3, "reprise": 2}

func slip(tb testing.TB, name string) payroll.Paper {
	tb.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "payroll", "testdata", "paper", name+".json"))
	if err != nil {
		tb.Fatal(err)
	}
	var p payroll.Paper
	if err := json.Unmarshal(b, &p); err != nil {
		tb.Fatal(name, err)
	}
	return p
}

// said are the texts that a payslip must show.
func said(p payroll.Paper) []string {
	all := slices.Concat([]string{p.Title, p.Month, p.Net.Label, p.Net.Value}, p.Dates, p.House, p.Person, p.Mentions, p.Foot)
	pair := func(pairs ...payroll.PaperPair) {
		for _, one := range pairs {
			all = append(all, one.Label, one.Value)
		}
	}
	pair(p.About...)
	pair(p.Cost...)
	tables := p.Tables
	if len(p.Leave.Rows) > 0 {
		tables = append(slices.Clone(tables), p.Leave)
	}
	for _, t := range tables {
		all = append(all, t.Titles...)
		for _, r := range t.Rows {
			all = append(append(all, r.Label, r.Detail), r.Cells...)
		}
	}
	if t := p.Told; t.Title != "" {
		all = append(append(all, t.Title, t.Lead), t.Notes...)
		all = append(all, t.Titles[:]...)
		pair(t.Cost, t.Received)
		for _, r := range t.Rows {
			all = append(all, r.Label, r.Why, r.Employee, r.Employer, r.Together)
		}
		if len(t.Steps) > 0 {
			all = append(all, t.StepsOf)
			pair(t.Steps...)
		}
	}
	return all
}

// Another program reads every text of a payslip back from its pages; the page of the law is one page, save at the limits.
func TestEveryTextOfAPayslipIsInTheFile(t *testing.T) {
	for name, pages := range slips {
		t.Run(name, func(t *testing.T) {
			p := slip(t, name)
			doc, err := Payslip(p)
			if err != nil {
				t.Fatal(err)
			}
			missing(t, poppler(t, doc, "pdftotext", "-raw"), said(p))
			info := poppler(t, doc, "pdfinfo")
			if !strings.Contains(info, fmt.Sprintf("Pages:           %d\n", pages)) {
				t.Errorf("not %d pages:\n%s", pages, info)
			}
			if again, err := Payslip(p); err != nil || !bytes.Equal(doc, again) {
				t.Error("not the same bytes twice", err)
			}
			if len(doc) > 80_000 {
				t.Errorf("%d bytes", len(doc))
			}
		})
	}
}

func anySlip(t *rapid.T) payroll.Paper {
	short, long := words(4), words(40)
	texts := func(g *rapid.Generator[string], most int, name string) []string {
		return rapid.SliceOfN(g, 0, most).Draw(t, name)
	}
	pair := rapid.Custom(func(t *rapid.T) payroll.PaperPair {
		return payroll.PaperPair{Label: short.Draw(t, "label"), Value: short.Draw(t, "value")}
	})
	amount := rapid.SampledFrom([]string{"", "12,00", "999\u202f999\u202f999,99", "−1\u202f234,50", "4,01\u00a0%"})
	row := rapid.Custom(func(t *rapid.T) payroll.PaperRow {
		return payroll.PaperRow{Kind: rapid.SampledFrom([]payroll.RowKind{payroll.PlainRow, payroll.GroupRow, payroll.BlockRow, payroll.InBlock, payroll.TotalRow, payroll.NetRow}).Draw(t, "kind"),
			Label: long.Draw(t, "label"), Detail: short.Draw(t, "detail"), Cells: rapid.SliceOfN(amount, 0, 4).Draw(t, "cells")}
	})
	table := func(most int, name string) (all payroll.PaperTable) {
		all.Titles = []string{short.Draw(t, name), "Base", "Taux", "Part salarié", "Part employeur"}
		all.Rows = rapid.SliceOfN(row, 0, most).Draw(t, name)
		return all
	}
	step := rapid.Custom(func(t *rapid.T) payroll.ToldRow {
		v := rapid.Int64().Draw(t, "amount") >> 10
		return payroll.ToldRow{Label: short.Draw(t, "label"), Why: long.Draw(t, "why"), Employee: amount.Draw(t, "employee"), Employer: amount.Draw(t, "employer"), Together: amount.Draw(t, "together"), Amount: money.Cents(v)}
	})
	p := payroll.Paper{Title: short.Draw(t, "title"), Month: short.Draw(t, "month"), Dates: texts(short, 3, "dates"), House: texts(short, 6, "house"), Person: texts(words(8), 6, "person"), About: rapid.SliceOfN(pair, 0, 9).Draw(t, "about"),
		Tables: []payroll.PaperTable{table(8, "pay"), table(50, "owed"), table(9, "tax")}, Net: payroll.PaperPair{Label: "Net à payer", Value: "999\u202f999\u202f999,99\u00a0€"}, Cost: rapid.SliceOfN(pair, 0, 4).Draw(t, "cost"),
		Mentions: texts(long, 4, "mentions"), Foot: texts(words(20), 4, "foot"),
		Told: payroll.Told{Lang: rapid.SampledFrom([]string{"fr", "en", ""}).Draw(t, "lang"), Title: "Ma paie", Lead: long.Draw(t, "lead"), Cost: pair.Draw(t, "cost"), Received: pair.Draw(t, "received"), Titles: [3]string{"Retenu", "En plus", "Ensemble"},
			Rows: rapid.SliceOfN(step, 0, 20).Draw(t, "steps"), Steps: rapid.SliceOfN(pair, 0, 10).Draw(t, "words"), StepsOf: "Avec d’autres mots", Notes: texts(long, 3, "notes"), Whole: money.Cents(rapid.Int64().Draw(t, "whole") >> 10)}}
	if rapid.Bool().Draw(t, "leave") {
		p.Leave = payroll.PaperTable{Titles: []string{"Congés", "Acquis", "Pris", "Reste"}, Rows: []payroll.PaperRow{{Label: short.Draw(t, "of"), Cells: []string{"12,5", "10", "2,5"}}}}
	}
	return p
}

// Whatever a payslip says, every letter of it is on a sheet, inside its edges and above its foot, and large enough to read.
func TestNothingOfAPayslipIsLostNorOutside(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anySlip(t)
		d := drawPayslip(p)
		onSheets := map[rune]int{}
		for i, s := range d.sheets {
			for _, w := range lines(s) {
				for _, r := range w.text {
					onSheets[r]++
				}
				if w.y < topEdge-10 || w.y > footEdge+1 || math.IsNaN(w.x) || math.IsNaN(w.y) {
					t.Fatalf("sheet %d: %q at height %.1f", i+1, w.text, w.y)
				}
				if end := w.x + w.style.width(w.text); strings.TrimSpace(w.text) != "" && (w.x < 10 || end > rightEdge+1) {
					t.Fatalf("sheet %d: %q from %.1f to %.1f", i+1, w.text, w.x, end)
				}
				if w.style.size < 7.5 {
					t.Fatalf("sheet %d: %q set in %.2f points", i+1, w.text, w.style.size)
				}
			}
		}
		for _, text := range said(p) {
			for _, r := range letters(text) {
				if r != '\n' && r != ' ' {
					onSheets[r]--
				}
			}
		}
		for r, n := range onSheets {
			if n < 0 && !unicode.IsSpace(r) {
				t.Fatalf("%q is missing %d times", r, -n)
			}
		}
		if _, err := write(d.sheets[:1], description{}); err != nil {
			t.Fatal(err)
		}
	})
}

// The bars of the second page begin where the one before ended, and stay in their column whatever the amounts.
func TestBarsOfThePayslip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		told := anySlip(t).Told
		f := newFall(told)
		now := told.Whole
		for i := -1; i < len(told.Rows); i++ {
			if i >= 0 {
				now -= told.Rows[i].Amount
			}
			if x := f.at(now); x < f.x-0.01 || x > f.x+f.width+0.01 {
				t.Fatalf("%s stands at %.1f, out of %.1f to %.1f", now, x, f.x, f.x+f.width)
			}
		}
	})
}

// A payslip takes some milliseconds of one core: a thousand of them stay far below twenty seconds.
func BenchmarkPayslip(b *testing.B) {
	for _, name := range []string{"cesa", "cadre", "limites"} {
		b.Run(name, func(b *testing.B) {
			p := slip(b, name)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Payslip(p); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// Any bytes in any field make a payslip, without a panic and in bounded time.
func FuzzPayslip(f *testing.F) {
	f.Add("Bulletin", "Part fixe\nsolde", "999\u202f999\u202f999,99", "", uint8(45), int64(1)<<60)
	f.Add("\xff\x00", "👩‍🎨\u202e", "-----/////", "x", uint8(3), int64(-1)<<63)
	f.Fuzz(func(t *testing.T, a, b, c, d string, n uint8, v int64) {
		a, b, c, d = clip(a, 5_000), clip(b, 5_000), clip(c, 5_000), clip(d, 5_000)
		if len(a)+len(b)+len(c)+len(d) > 5_000 {
			n %= 10
		}
		texts, one := []string{a, b, c, d, a, b}, payroll.PaperPair{Label: a, Value: b}
		p := payroll.Paper{Title: a, Month: b, Dates: texts, House: texts, Person: texts, About: []payroll.PaperPair{one}, Net: one, Cost: []payroll.PaperPair{one, one}, Mentions: texts, Foot: texts,
			Told: payroll.Told{Lang: a, Title: b, Lead: c, Cost: one, Received: one, Whole: money.Cents(v), Kept: money.Cents(-v), Steps: []payroll.PaperPair{one}, StepsOf: d, Notes: texts}}
		table := payroll.PaperTable{Titles: texts}
		for i := range n {
			table.Rows = append(table.Rows, payroll.PaperRow{Kind: []payroll.RowKind{"", payroll.GroupRow, payroll.NetRow, payroll.RowKind(b)}[i%4], Label: texts[i%4], Detail: c, Cells: texts})
			p.Told.Rows = append(p.Told.Rows, payroll.ToldRow{Label: a, Why: d, Together: c, Amount: money.Cents(v / (int64(i) + 1))})
		}
		p.Tables, p.Leave = []payroll.PaperTable{table, {}}, table
		out, err := Payslip(p)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(out, []byte("%PDF-1.7\n")) || !bytes.HasSuffix(out, []byte("%%EOF\n")) {
			t.Error("not a whole file")
		}
	})
}
