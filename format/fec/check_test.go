package fec

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"essaim/date"
	"essaim/money"
)

// edited checks books of ten entries, numbered from 1, after a change, and returns the rules broken.
func edited(t *testing.T, edit func(l []Line)) (rules, findings string) {
	t.Helper()
	var lines []Line
	for n := range 10 {
		lines = append(lines, entryOf("VE", fmt.Sprint(n+1), date.MustParse("2026-03-01"), money.Cents(100+n))...)
	}
	edit(lines)
	findings, _ = check(t, write(t, Latin9, lines), Options{Name: fileName})
	return codes(findings), findings
}

func TestCheckEdges(t *testing.T) {
	dated := func(k int, day string) func(l []Line) {
		return func(l []Line) {
			for i := range l[:2*k] {
				l[i].EcritureDate, l[i].PieceDate = date.MustParse(day), date.MustParse(day)
			}
		}
	}
	accounts := func(num string) func(l []Line) { return func(l []Line) { l[0].CompteNum = num } }
	for name, c := range map[string]struct {
		edit func(l []Line)
		want string
	}{
		"first day of twelve months":      {dated(1, "2026-01-01"), ""},
		"day before twelve months":        {dated(2, "2025-12-31"), "warning:year-long"},
		"first day of twenty-four months": {dated(1, "2025-01-01"), "warning:year-long"},
		"day before twenty-four months":   {dated(1, "2024-12-31"), "warning:out-of-year×2"},
		"class 0":                         {accounts("012000"), "warning:account"},
		"class 8":                         {accounts("890000"), ""},
		"class 9":                         {accounts("912000"), "warning:account"},
		"two digits":                      {accounts("51"), "warning:account"},
		"three digits then letters":       {accounts("512BANK"), ""},
		"account with a semicolon":        {accounts("51;2"), "warning:account"},
		"label of an account, told once":  {func(l []Line) { l[2].CompteLib, l[4].CompteLib, l[6].CompteLib = "A", "B", "A" }, "warning:account-label"},
		"label of a journal, told once":   {func(l []Line) { l[2].JournalLib, l[4].JournalLib, l[6].JournalLib = "A", "B", "A" }, "warning:journal-label"},
		"currency with nil":               {func(l []Line) { l[0].Idevise = "USD" }, ""},
		"currency of account":             {func(l []Line) { l[0].Idevise, l[0].Montantdevise = "EUR", 100 }, ""},
		"minus on both sides":             {func(l []Line) { l[0].Debit, l[1].Credit = -100, -100 }, ""},
		"minus instead of the other side": {func(l []Line) { l[0].Debit, l[0].Credit, l[1].Debit, l[1].Credit = 0, -100, 0, 100 }, ""},
		"expenses nil, income not": {func(l []Line) {
			l[0].CompteNum, l[2].CompteNum, l[2].Debit, l[3].Credit = "601000", "601000", -100, -100
		}, ""},
		"valid on the day of the entry": {func(l []Line) { l[0].ValidDate, l[1].ValidDate = l[0].EcritureDate, l[0].EcritureDate }, ""},
	} {
		got, findings := edited(t, c.edit)
		if got != c.want {
			t.Errorf("%s: %q, want %q\n%s", name, got, c.want, findings)
		}
	}
}

// An amount of nil in a currency that is not named says nothing, and zeros are no day of lettering.
func TestBlanksOfOtherPrograms(t *testing.T) {
	two := strings.NewReplacer("1200,00\t0,00", "0,00\t1200,00", "411000\tClients", "706000\tVentes").Replace(line18)
	file := strings.NewReplacer("-54,00\tUSD", "0,00\t", "\tA\t20260402", "\t\t00000000", "7\t2026", "1\t2026").
		Replace(heading18 + "\r\n" + line18 + "\r\n" + two + "\r\n")
	if got, _ := check(t, []byte(file), Options{Name: fileName}); got != "" {
		t.Error(got)
	}
}

// A value of the file never adds a cell to a finding.
func TestFindingKeepsFourCells(t *testing.T) {
	_, findings := edited(t, func(l []Line) { l[0].CompteNum = "5;1" })
	if findings != "2;CompteNum;warning:account;the account “5,1” does not begin with three digits of the French chart (classes 1 to 8)\n" {
		t.Error(findings)
	}
}

// A day longer than eight digits is none, even after the day it begins with.
func TestLongDay(t *testing.T) {
	var c calendar
	if d, ok := c.parse([]byte("20260310")); !ok || d != date.MustParse("2026-03-10") {
		t.Error(d, ok)
	}
	for _, s := range []string{"2026031000", "202603101", "2026031", "", "2026-3-1", "20261310", "18991231", "2O260310"} {
		if d, ok := c.parse([]byte(s)); ok {
			t.Errorf("%q is %v", s, d)
		}
	}
}

// An unreadable line spoils the balance of no entry but those around it: neither is called unbalanced.
func TestUnreadableLineSpoilsItsNeighbours(t *testing.T) {
	var lines []Line
	for n := range 4 {
		lines = append(lines, entryOf("VE", fmt.Sprint(n+1), date.MustParse("2026-03-01"), money.Cents(100+n))...)
	}
	lines[7].Credit += 5 // the last entry does not balance
	rows := strings.SplitAfter(string(write(t, Latin9, lines)), "\r\n")
	for row, want := range map[int]string{
		3: "field-count entry-unbalanced", // first line of the second entry
		4: "field-count entry-unbalanced", // second line
	} {
		broken := append([]string{}, rows...)
		broken[row] = "\t" + broken[row]
		got, _ := check(t, []byte(strings.Join(broken, "")), Options{Name: fileName})
		if codes(got) != want {
			t.Errorf("row %d: %s", row, got)
		}
	}
}

// Entries that do not balance are told in the order of the file; a number that keeps coming back is told once while its
// entry is open.
func TestPendingEntries(t *testing.T) {
	rules, findings := edited(t, func(l []Line) {
		for i := range l {
			l[i].Debit *= 2
		}
	})
	if rules != "entry-unbalanced×10 total-unbalanced" {
		t.Error(rules)
	}
	for n := range 10 {
		if line := strings.Split(findings, "\n")[n]; !strings.HasPrefix(line, fmt.Sprintf("%d;Debit;entry-unbalanced;entry VE %d ", 2+2*n, n+1)) {
			t.Errorf("finding %d: %s", n, line)
		}
	}
	a, b := entryOf("VE", "1", closing, 300), entryOf("VE", "2", closing, 300)
	third := a[1]
	a[1].Credit, third.Credit = 100, 200
	got, _ := check(t, write(t, Latin9, []Line{a[0], b[0], a[1], b[1], third}), Options{Name: fileName})
	if codes(got) != "warning:entry-scattered×2" {
		t.Error(got)
	}
}

// More unbalanced entries than are kept: they are told early, and none is lost.
func TestMoreUnbalancedThanKept(t *testing.T) {
	var b bytes.Buffer
	w := NewWriter(&b, Latin9)
	const n = pendingMost + 10
	for i := range n {
		l := entryOf("VE", fmt.Sprint(i+1), closing, 100)[0]
		if err := w.Write(&l); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	_, s := check(t, b.Bytes(), Options{Name: fileName})
	if s.Errors != n+1 || s.Entries != n {
		t.Errorf("%+v", s)
	}
}

func TestSplitNumber(t *testing.T) {
	for text, want := range map[string]struct {
		series string
		n      uint64
	}{
		"12": {"#", 12}, "0012": {"#", 12}, "VE-2026-00012": {"VE-2026-#", 12}, "BNK1/2026/01/0003": {"BNK1/2026/01/#", 3},
		"12B": {"#B", 12}, "VE12-": {"VE#-", 12}, "12/2026": {"#/2026", 12}, "FA12/2026": {"FA#/2026", 12}, "2026": {"#", 2026},
		"2026123": {"#", 2026123}, "20260012": {"2026#y8", 12}, "202600012": {"2026#a9", 12}, "202601012": {"202601#m9", 12},
		"202613012": {"2026#b9", 13012}, "2026010012": {"202601#a10", 12}, "2026011512": {"20260115#d10", 12}, "2026013212": {"202601#b10", 3212},
		"20260115000123": {"20260115#d14", 123}, "198901012": {"#", 198901012}, "210001012": {"#", 210001012},
		"1234567890123456789012345": {"1234567#", 890123456789012345},
	} {
		c, ok := splitNumber([]byte(text), yearAtEnd([]byte(text)))
		if got := string(c.series(nil, []byte(text))); !ok || got != want.series || c.n != want.n {
			t.Errorf("%s: %s and %d, want %s and %d", text, got, c.n, want.series, want.n)
		}
	}
	for _, text := range []string{"", "A", "é"} {
		if _, ok := splitNumber([]byte(text), false); ok {
			t.Errorf("%q has a count", text)
		}
	}
}
