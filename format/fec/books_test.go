package fec

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"essaim/date"
	"essaim/i18n"
	"essaim/money"
)

// closing is the end of the year of every set of books made here, and fileName the name of their FEC.
var (
	closing  = date.MustParse("2026-12-31")
	fileName = FileName("123456782", closing)
)

// entryOf makes a balanced entry of two lines. Its document is its own, so that no two entries are the same.
func entryOf(journal, num string, day date.Day, amount money.Cents) []Line {
	l := Line{
		JournalCode: journal, JournalLib: "Journal " + journal, EcritureNum: num, EcritureDate: day,
		PieceRef: "P-" + journal + num, PieceDate: day, EcritureLib: "Vente", ValidDate: day,
	}
	d, c := l, l
	d.CompteNum, d.CompteLib, d.Debit = "512000", "Banque", amount
	c.CompteNum, c.CompteLib, c.Credit = "706000", "Prestations", amount
	return []Line{d, c}
}

// write returns the bytes of a FEC.
func write(t interface {
	Helper()
	Fatal(...any)
}, charset Charset, lines []Line) []byte {
	t.Helper()
	var b bytes.Buffer
	w := NewWriter(&b, charset)
	for i := range lines {
		if err := w.Write(&lines[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// check returns the findings of a file, one a line, in English.
func check(t interface {
	Helper()
	Fatal(...any)
}, file []byte, opt Options) (string, Summary) {
	t.Helper()
	var out []byte
	s, err := Check(bytes.NewReader(file), opt, func(f Finding) {
		out = append(f.Append(out, i18n.For("en")), '\n')
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(out), s
}

// codes returns the rules of findings as "rule×times", in the order they are first met.
func codes(findings string) string {
	var order []string
	times := map[string]int{}
	for line := range strings.Lines(findings) {
		rule := strings.Split(line, ";")[2]
		if times[rule]++; times[rule] == 1 {
			order = append(order, rule)
		}
	}
	for i, rule := range order {
		if n := times[rule]; n > 1 {
			order[i] = fmt.Sprintf("%s×%d", rule, n)
		}
	}
	return strings.Join(order, " ")
}

// style is a way of numbering entries.
type style func(journal string, n int, day date.Day) string

var styles = []style{
	func(_ string, n int, _ date.Day) string { return fmt.Sprint(n) },
	func(_ string, n int, _ date.Day) string { return fmt.Sprintf("%06d", n) },
	func(j string, n int, _ date.Day) string { return fmt.Sprintf("%s-2026-%05d", j, n) },
	func(_ string, n int, _ date.Day) string { return fmt.Sprintf("2026%06d", n) },
	func(_ string, n int, _ date.Day) string { return fmt.Sprintf("%d/2026", n) },
	func(j string, n int, _ date.Day) string { return fmt.Sprintf("%d-%s", n, j) },
}

// drawBooks draws books without a fault: lines in the order of validation, several journals, any legal shape.
func drawBooks(t *rapid.T, text *rapid.Generator[string]) []Line {
	numbers := rapid.SampledFrom(styles).Draw(t, "style")
	shared := rapid.Bool().Draw(t, "one sequence for all journals")
	journals := []string{"AN", "VE", "BQ", "OD"}[:rapid.IntRange(1, 4).Draw(t, "journals")]
	counts := map[string]int{}
	names := map[string]string{}
	named := func(k string) string {
		if names[k] == "" {
			names[k] = text.Draw(t, "name of "+k)
		}
		return names[k]
	}
	var lines []Line
	day := date.MustParse("2026-01-01")
	for n := range rapid.IntRange(1, 30).Draw(t, "entries") {
		day = min(day+date.Day(rapid.IntRange(0, 20).Draw(t, "days")), closing)
		j := rapid.SampledFrom(journals).Draw(t, "journal")
		series := j
		if shared {
			series = ""
		}
		counts[series]++
		l := Line{
			JournalCode: j, JournalLib: named(j), EcritureNum: numbers(j, counts[series], day),
			EcritureDate: day - date.Day(rapid.IntRange(0, int(day-date.MustParse("2026-01-01"))).Draw(t, "late")), ValidDate: day,
			PieceRef: fmt.Sprintf("P%d", n), EcritureLib: text.Draw(t, "label"),
		}
		l.PieceDate = l.EcritureDate - date.Day(rapid.IntRange(0, 90).Draw(t, "document"))
		total := money.Cents(rapid.Int64Range(1, 1_000_000_00).Draw(t, "amount"))
		d, c := l, l
		d.CompteNum, d.CompteLib, d.Debit = "411000", named("411000"), total
		if rapid.Bool().Draw(t, "third party") {
			d.CompAuxNum, d.CompAuxLib = "C1", text.Draw(t, "third party")
		}
		if rapid.Bool().Draw(t, "lettered") {
			d.EcritureLet, d.DateLet = "AA", closing
		}
		if rapid.Bool().Draw(t, "foreign") {
			d.Idevise, d.Montantdevise = "USD", total+1
		}
		part := total / 2
		c.CompteNum, c.CompteLib, c.Credit = "706000", named("706000"), total-part
		lines = append(lines, d, c)
		if part > 0 {
			c.CompteNum, c.CompteLib, c.Credit = "445710", named("445710"), part
			lines = append(lines, c)
		}
	}
	return lines
}

func TestBooksOfTestsAreSound(t *testing.T) {
	var lines []Line
	for n := range 20 {
		lines = append(lines, entryOf("VE", fmt.Sprint(n+1), date.MustParse("2026-03-01"), money.Cents(n+1))...)
	}
	if got, s := check(t, write(t, Latin9, lines), Options{Name: fileName}); got != "" || s.Entries != 20 || s.Lines != 40 || s.Debit != 210 {
		t.Errorf("%+v\n%s", s, got)
	}
}
