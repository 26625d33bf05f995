package fec

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"essaim/date"
	"essaim/money"
)

// numbered checks a file whose entries bear these numbers, "journal number" each, and returns the findings about them.
func numbered(t interface {
	Helper()
	Fatal(...any)
}, numbers ...string) string {
	t.Helper()
	var lines []Line
	for i, n := range numbers {
		journal, num, _ := strings.Cut(n, " ")
		e := entryOf(journal, num, date.MustParse("2026-03-01"), 100)
		for k := range e { // a document of its own, for numbers that come twice
			e[k].PieceRef = fmt.Sprint("P", i)
		}
		lines = append(lines, e...)
	}
	got, _ := check(t, write(t, Latin9, lines), Options{Name: fileName})
	return got
}

func TestHoles(t *testing.T) {
	many := func(journal, format string, from, to int) []string {
		var all []string
		for n := from; n <= to; n++ {
			all = append(all, journal+" "+fmt.Sprintf(format, n))
		}
		return all
	}
	for name, c := range map[string]struct {
		numbers []string
		want    string // rules, then the words of the holes
	}{
		"one journal":               {many("VE", "%d", 1, 20), ""},
		"from another year on":      {many("VE", "%d", 1201, 1220), "warning:number-start"},
		"hole":                      {append(many("VE", "%d", 1, 4), many("VE", "%d", 6, 9)...), "number-hole: 5"},
		"first missing":             {many("VE", "%d", 2, 9), "warning:number-start"},
		"first missing, others not": {append(many("VE", "%d", 2, 9), "BQ 1", "BQ 2"), "number-hole: 1"},
		"first nine missing":        {append(many("VE", "%d", 10, 19), "BQ 1"), "number-hole: 1 to 9"},
		"first ten missing":         {append(many("VE", "%d", 11, 19), "BQ 1"), "warning:number-start"},
		"one of three begins at 1":  {append(many("VE", "%d", 2, 9), "BQ 1", "AC 3", "AC 4"), "warning:number-start×2"},
		"a month begins at 2":       {[]string{"BQ 2026/01-1", "BQ 2026/01-2", "BQ 2026/02-2"}, "number-hole: 2026/02-1"},
		"wide hole":                 {append(many("VE", "%d", 1, 4), many("VE", "%d", 16, 19)...), "number-hole: 5 to 15"},
		"two holes":                 {[]string{"VE 1", "VE 3", "VE 5"}, "number-hole×2: 2; 4"},
		"each journal from 1":       {append(many("VE", "%d", 1, 9), many("BQ", "%d", 1, 4)...), ""},
		"hole beside whole journal": {append(many("BQ", "%d", 1, 9), "VE 1", "VE 2", "VE 4"), "number-hole: 3"},
		"interleaved journals":      {[]string{"VE 1", "BQ 1", "VE 2", "AC 1", "BQ 2", "VE 3"}, ""},
		"one sequence":              {[]string{"VE 1", "BQ 2", "VE 3", "AC 4", "BQ 5", "VE 6"}, ""},
		"one sequence from 1201":    {[]string{"VE 1201", "BQ 1202", "VE 1203", "AC 1204"}, "warning:number-start"},
		"hole in one sequence":      {[]string{"VE 1", "BQ 2", "VE 3", "AC 5", "BQ 6", "VE 7"}, "number-hole: 4"},
		"some share, one does not":  {[]string{"VE 1", "AV 2", "VE 3", "AV 4", "VE 5", "BQ 1", "BQ 2", "BQ 3"}, ""},
		"some share, one goes on":   {[]string{"VE 1", "AV 2", "VE 3", "AV 4", "BQ 701", "BQ 702"}, "warning:number-start"},
		"twenty-five digits":        {many("VE", "9999999%018d", 1, 9), ""},
		"lone entry fills":          {[]string{"VE 1", "VE 2", "OD 3", "VE 4", "BQ 1"}, ""},
		"hole of whole journals":    {append(many("VE", "%d", 1, 3), "BQ 1", "BQ 3"), "number-hole: 2"},
		"prefix":                    {append(many("VE", "VE-2026-%05d", 1, 3), many("BQ", "BQ-2026-%05d", 1, 3)...), ""},
		"prefix, hole":              {append(many("VE", "VE-2026-%05d", 1, 3), "VE VE-2026-00005"), "number-hole: VE-2026-00004"},
		"prefix, one sequence":      {[]string{"VE VE-2026-01", "BQ BQ-2026-02", "VE VE-2026-03"}, ""},
		"prefix, hole in one":       {[]string{"VE VE-01", "BQ BQ-02", "VE VE-04", "BQ BQ-05", "VE VE-06"}, "number-hole: -03"},
		"anew each month":           {append(many("BQ", "BNK1/2026/01/%04d", 1, 4), many("BQ", "BNK1/2026/02/%04d", 1, 4)...), ""},
		"anew each month, hole":     {append(many("BQ", "BNK1/2026/01/%04d", 1, 4), "BQ BNK1/2026/02/0001", "BQ BNK1/2026/02/0003"), "number-hole: BNK1/2026/02/0002"},
		"month in front":            {append(many("BQ", "202601%04d", 1, 4), many("BQ", "202602%04d", 1, 4)...), ""},
		"month in front, hole":      {append(many("BQ", "202601%04d", 1, 4), "BQ 2026010006"), "number-hole: 2026010005"},
		"day in front":              {append(many("BQ", "20260131%03d", 1, 4), many("BQ", "20260201%03d", 1, 4)...), ""},
		"year in front":             {append(many("BQ", "2025%05d", 1, 4), many("BQ", "2026%05d", 1, 4)...), ""},
		"year in front, past month": {many("BQ", "2026%06d", 9_990, 10_020), "warning:number-start"},
		"year behind":               {many("VE", "%d/2026", 1, 12), ""},
		"year behind, hole":         {append(many("VE", "FA%03d-2026", 1, 3), "VE FA005-2026"), "number-hole: FA004-2026"},
		"letters behind":            {many("VE", "%dB", 1, 12), ""},
		"past a power of ten":       {many("VE", "%d", 1, 120), ""},
		"past a page":               {many("VE", "%d", 1, 1100), ""},
		"backwards":                 {[]string{"VE 3", "VE 2", "VE 1"}, "warning:number-order"},
		"no count":                  {[]string{"VE A", "VE B"}, "warning:number-unreadable"},
		"no count, twice":           {[]string{"VE A", "VE B", "VE A"}, "warning:number-unreadable number-twice"},
		"twice":                     {[]string{"VE 1", "VE 2", "VE 1"}, "number-twice"},
		"twice, with zeros":         {[]string{"VE 1", "VE 2", "VE 01"}, "number-twice"},
		"nineteen digits":           {[]string{"VE 9999999999999999999", "VE 9999999999999999998"}, "warning:number-order warning:number-start"},
		"zero first":                {many("VE", "%d", 0, 5), ""},
	} {
		got := numbered(t, c.numbers...)
		var holes []string
		for line := range strings.Lines(got) {
			if f := strings.Split(strings.TrimSpace(line), ";"); f[2] == "number-hole" {
				holes = append(holes, f[3][strings.LastIndex(f[3], ": ")+2:])
			}
		}
		have := codes(got)
		if len(holes) > 0 {
			have += ": " + strings.Join(holes, "; ")
		}
		if have != c.want {
			t.Errorf("%s: got %q, want %q\n%s", name, have, c.want, got)
		}
	}
}

// The line of a hole is that of the entry after it.
func TestLineOfAHole(t *testing.T) {
	got := numbered(t, "VE 1", "BQ 1", "VE 2", "VE 4", "BQ 2")
	if want := "8;EcritureNum;number-hole;number missing from journal VE: 3\n"; got != want {
		t.Errorf("%q", got)
	}
	got = numbered(t, "VE 1", "BQ 2", "VE 4", "BQ 5", "VE 6")
	if want := "6;EcritureNum;number-hole;number missing from the sequence the journals share: 3\n"; got != want {
		t.Errorf("%q", got)
	}
}

// However numbers look, a sequence without a hole has none, in any order; and each number taken away but the first and
// the last is told, unless it stood at the edge of a piece that looks like a date.
func TestSequenceProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := rapid.OneOf(rapid.Uint64Range(1, 2000), rapid.Uint64Range(19_899_990, 20_000_100),
			rapid.Uint64Range(202_600_900, 202_613_100), rapid.Uint64Range(2026_00_9990, 2026_01_0200),
			rapid.Uint64Range(20260131_90, 20260201_10), rapid.Uint64Range(2026_12_3090, 2027_01_0110)).Draw(t, "from")
		format := rapid.SampledFrom([]string{"VE %d", "VE %012d", "VE X%d", "VE %d/2026", "VE A-%dB"}).Draw(t, "format")
		n := rapid.IntRange(3, 60).Draw(t, "n")
		gone := rapid.IntRange(1, n-2).Draw(t, "gone")
		var whole, holed []string
		for i := range n {
			text := fmt.Sprintf(format, from+uint64(i))
			whole = append(whole, text)
			if i != gone {
				holed = append(holed, text)
			}
		}
		if rapid.Bool().Draw(t, "shuffled") {
			whole = rapid.Permutation(whole).Draw(t, "order")
		}
		if got := numbered(t, whole...); strings.Contains(got, "number-hole") {
			t.Fatalf("hole where none is:\n%s", got)
		}
		got := strings.Count(numbered(t, holed...), "number-hole")
		want := 0
		if seriesOf(t, format, from+uint64(gone)-1) == seriesOf(t, format, from+uint64(gone)+1) {
			want = 1
		}
		if got != want {
			t.Fatalf("%d holes told, want %d", got, want)
		}
	})
}

// seriesOf returns the series of a number.
func seriesOf(t *rapid.T, format string, n uint64) string {
	_, text, _ := strings.Cut(fmt.Sprintf(format, n), " ")
	c, ok := splitNumber([]byte(text), yearAtEnd([]byte(text)))
	if !ok {
		t.Fatalf("%s has no count", text)
	}
	return string(c.series(nil, []byte(text)))
}

// A file whose numbers are scattered over all the room there is costs a bounded memory and is told so.
func TestScatteredNumbersAreBounded(t *testing.T) {
	q := &sequences{}
	q.init()
	j := &journal{code: "VE"}
	c, _ := splitNumber([]byte("1"), false)
	q.key = c.series(nil, []byte("1"))
	s := q.of(j, []byte("1"), c, 1)
	full := 0
	for i := range uint64(pagesMost + 100) {
		if _, f := q.mark(s, i*1_000_003); f {
			full++
		}
	}
	if q.pages != pagesMost || full == 0 {
		t.Errorf("%d pages, %d refused", q.pages, full)
	}
}

func TestPerRule(t *testing.T) {
	var lines []Line
	for n := range 30 {
		e := entryOf("VE", fmt.Sprint(n+1), date.MustParse("2026-03-01"), money.Cents(n+1))
		e[0].CompteLib = ""
		lines = append(lines, e...)
	}
	got, s := check(t, write(t, Latin9, lines), Options{Name: fileName, PerRule: 10})
	all := slices.Collect(strings.Lines(got))
	if s.Errors != 30 || len(all) != 11 || all[10] != "0;;field-empty;20 more findings of this rule are not shown\n" {
		t.Errorf("%d errors\n%s", s.Errors, got)
	}
}

// Entries whose lines are scattered are judged whole, and told once each.
func TestScatteredEntries(t *testing.T) {
	var first, second []Line
	for n := range 50 {
		e := entryOf("VE", fmt.Sprint(n+1), date.MustParse("2026-03-01"), money.Cents(100+n))
		first, second = append(first, e[0]), append(second, e[1])
	}
	second[7].Credit++
	got, _ := check(t, write(t, Latin9, append(first, second...)), Options{Name: fileName})
	if c := codes(got); c != "warning:entry-scattered×50 entry-unbalanced total-unbalanced" {
		t.Errorf("%s\n%s", c, got)
	}
	if !strings.Contains(got, "9;Debit;entry-unbalanced;entry VE 8 does not balance: debit €1.07, credit €1.08, gap −€0.01\n") {
		t.Error(got)
	}
}
