package fec

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"essaim/date"
	"essaim/fault"
	"essaim/i18n"
	"essaim/money"
)

// slowBalance sums lines in the plainest way.
func slowBalance(lines []Line, by By, sections []string) []Row {
	rows := map[[2]string]*Row{}
	labels := map[string]string{}
	for i, l := range lines {
		if _, ok := labels[l.CompteNum]; !ok {
			labels[l.CompteNum] = l.CompteLib
		}
		k := [2]string{"", l.CompteNum}
		switch by {
		case ByMonth:
			k[0] = l.EcritureDate.Month().String()
		case BySection:
			k[0] = sections[i]
		}
		if rows[k] == nil {
			rows[k] = &Row{Group: k[0], CompteNum: k[1], CompteLib: labels[k[1]]}
		}
		rows[k].Debit += l.Debit
		rows[k].Credit += l.Credit
	}
	b := Balance{}
	for _, r := range rows {
		b.Rows = append(b.Rows, *r)
	}
	b.sort()
	return b.Rows
}

// side returns the bytes of the side file of lines.
func sideOf(t *rapid.T, lines []Line, sections []string) []byte {
	var b bytes.Buffer
	w := NewSideWriter(&b)
	for i, l := range lines {
		if err := w.Write(l.JournalCode, l.EcritureNum, sections[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The fast sums are the slow sums, by all three cuts, with the side file in the order of the FEC and in any other.
func TestBalanceProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := drawBooks(t, rapid.SampledFrom([]string{"Clients", "Divers; autres", `Dits "divers"`, "Été"}))
		sections := make([]string, len(lines))
		for i := range sections {
			sections[i] = rapid.SampledFrom([]string{"E0001", "E0002", "SMUT", "Été"}).Draw(t, "section")
		}
		side := sideOf(t, lines, sections)
		if rapid.Bool().Draw(t, "shuffled") {
			records := strings.SplitAfter(string(side), "\r\n")
			head, rest := records[0], records[1:len(records)-1]
			side = []byte(head + strings.Join(rapid.Permutation(rest).Draw(t, "order"), ""))
		}
		file := write(t, Latin9, lines)
		for _, by := range []By{ByAccount, BySection, ByMonth} {
			b, err := ReadBalance(bytes.NewReader(file), bytes.NewReader(side), by)
			if err != nil {
				t.Fatal(err)
			}
			if want := slowBalance(lines, by, sections); !slices.Equal(b.Rows, want) {
				t.Fatalf("cut %d\n got %+v\nwant %+v", by, b.Rows, want)
			}
			if b.Lines != len(lines) || b.Debit != b.Credit || b.Unused != 0 {
				t.Fatalf("%+v", b)
			}
		}
	})
}

const sections18 = "JournalCode;EcritureNum;Ligne;Section\n"

// books is a small FEC: VE 1 of three lines and BQ 1 of two.
func books(t *testing.T) []byte {
	t.Helper()
	ve := entryOf("VE", "1", date.MustParse("2026-03-01"), 120_00)
	third := ve[1]
	ve[1].Credit, third.Credit, third.CompteNum, third.CompteLib = 100_00, 20_00, "445710", "TVA; collectée"
	bq := entryOf("BQ", "1", date.MustParse("2026-04-01"), 50)
	return write(t, Latin9, append(append(ve, third), bq...))
}

func balanceOf(t *testing.T, side string, by By) (*Balance, error) {
	t.Helper()
	return ReadBalance(bytes.NewReader(books(t)), strings.NewReader(side), by)
}

func csv(t *testing.T, b *Balance) string {
	t.Helper()
	var out strings.Builder
	if err := b.WriteCSV(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestBalanceCSV(t *testing.T) {
	side := sections18 + "VE;1;1;E2\nVE;1;2;E2\nVE;1;3;E2\nBQ;1;1;E1\nBQ;1;2;E10\n"
	for by, want := range map[By]string{
		ByAccount: "CompteNum;CompteLib;Debit;Credit;Solde\n" +
			"445710;\"TVA; collectée\";0,00;20,00;-20,00\n512000;Banque;120,50;0,00;120,50\n706000;Prestations;0,00;100,50;-100,50\n",
		BySection: "Section;CompteNum;CompteLib;Debit;Credit;Solde\n" +
			"E1;512000;Banque;0,50;0,00;0,50\nE10;706000;Prestations;0,00;0,50;-0,50\n" +
			"E2;445710;\"TVA; collectée\";0,00;20,00;-20,00\nE2;512000;Banque;120,00;0,00;120,00\nE2;706000;Prestations;0,00;100,00;-100,00\n",
		ByMonth: "Mois;CompteNum;CompteLib;Debit;Credit;Solde\n" +
			"2026-03;445710;\"TVA; collectée\";0,00;20,00;-20,00\n2026-03;512000;Banque;120,00;0,00;120,00\n2026-03;706000;Prestations;0,00;100,00;-100,00\n" +
			"2026-04;512000;Banque;0,50;0,00;0,50\n2026-04;706000;Prestations;0,00;0,50;-0,50\n",
	} {
		b, err := balanceOf(t, side, by)
		if err != nil {
			t.Fatal(err)
		}
		if got := csv(t, b); got != want {
			t.Errorf("cut %d:\n%s\nwant\n%s", by, got, want)
		}
	}
}

// The side file is taken in any order, end of line and letter case of its names; lines it has too many are counted.
func TestSideFileForms(t *testing.T) {
	want, err := balanceOf(t, sections18+"VE;1;1;A\nVE;1;2;A\nVE;1;3;B\nBQ;1;1;C\nBQ;1;2;C\n", BySection)
	if err != nil {
		t.Fatal(err)
	}
	for name, side := range map[string]string{
		"CRLF":               strings.ReplaceAll(sections18+"VE;1;1;A\nVE;1;2;A\nVE;1;3;B\nBQ;1;1;C\nBQ;1;2;C\n", "\n", "\r\n"),
		"no last end":        sections18 + "VE;1;1;A\nVE;1;2;A\nVE;1;3;B\nBQ;1;1;C\nBQ;1;2;C",
		"empty lines":        "\n" + sections18 + "VE;1;1;A\n\nVE;1;2;A\nVE;1;3;B\nBQ;1;1;C\nBQ;1;2;C\n\n",
		"mark, case, spaces": "\ufeffjournalcode; ecriturenum; ligne; section\nVE ; 1;01 ;A\nVE;1;2;A\nVE;1;3;B\nBQ;1;1;C\nBQ;1;2;C\n",
		"entries swapped":    sections18 + "BQ;1;1;C\nBQ;1;2;C\nVE;1;1;A\nVE;1;2;A\nVE;1;3;B\n",
		"lines swapped":      sections18 + "VE;1;3;B\nVE;1;2;A\nVE;1;1;A\nBQ;1;2;C\nBQ;1;1;C\n",
		"mixed":              sections18 + "VE;1;3;B\nBQ;1;2;C\nVE;1;1;A\nBQ;1;1;C\nVE;1;2;A\n",
	} {
		got, err := balanceOf(t, side, BySection)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if csv(t, got) != csv(t, want) || got.Unused != 0 {
			t.Errorf("%s:\n%s", name, csv(t, got))
		}
	}
	for _, side := range []string{
		sections18 + "VE;1;1;A\nVE;1;2;A\nVE;1;3;B\nBQ;1;1;C\nBQ;1;2;C\nBQ;2;1;Z\nBQ;2;2;Z\n",
		sections18 + "BQ;2;1;Z\nVE;1;1;A\nVE;1;2;A\nVE;1;3;B\nBQ;1;1;C\nBQ;1;2;C\nBQ;1;9;Z\n",
	} {
		if got, err := balanceOf(t, side, BySection); err != nil || got.Unused != 2 || csv(t, got) != csv(t, want) {
			t.Errorf("two lines too many: %+v, %v", got, err)
		}
	}
}

func TestSideFileRefusals(t *testing.T) {
	en := i18n.For("en")
	for side, want := range map[string]string{
		"":           "the side file of sections does not begin with the line “JournalCode;EcritureNum;Ligne;Section”",
		"VE;1;1;A\n": "the side file of sections does not begin with the line “JournalCode;EcritureNum;Ligne;Section”",
		sections18 + "VE;1;1;A\nVE;1;2;A\nBQ;1;1;C\nBQ;1;2;C\n": "one line of the FEC has no section (entry / line): VE 1 / 3 (4)",
		sections18 + "VE;1;1;A\nVE;1;2;A\n":                     "3 lines of the FEC have no section (entry / line): VE 1 / 3 (4), BQ 1 / 1 (5), BQ 1 / 2 (6)",
		sections18:                                              "5 lines of the FEC have no section (entry / line): VE 1 / 1 (2), VE 1 / 2 (3), VE 1 / 3 (4), BQ 1 / 1 (5), BQ 1 / 2 (6)",
		sections18 + "VE;1;1;A\nVE;1;2;A\nVE;1;2;B\nVE;1;3;B\nBQ;1;1;C\nBQ;1;2;C\n": "side file of sections: line 2 of entry VE 1 stands in it twice",
		sections18 + "VE;1;0;A\n":                     "side file of sections, line 2: four fields are expected, JournalCode, EcritureNum, Ligne (from 1) and Section, all filled",
		sections18 + "VE;1;1;\n":                      "side file of sections, line 2: four fields are expected, JournalCode, EcritureNum, Ligne (from 1) and Section, all filled",
		sections18 + "VE;1;1\n":                       "side file of sections, line 2: four fields are expected, JournalCode, EcritureNum, Ligne (from 1) and Section, all filled",
		sections18 + "VE;1;1;A\nVE;1;99999999999;A\n": "side file of sections, line 3: four fields are expected, JournalCode, EcritureNum, Ligne (from 1) and Section, all filled",
	} {
		_, err := balanceOf(t, side, BySection)
		all := fault.All(err)
		if len(all) != 1 || en.Fault(all[0]) != want {
			t.Errorf("%q: %v\nwant %s", side, err, want)
			if len(all) == 1 {
				t.Error(en.Fault(all[0]))
			}
		}
	}
}

// Entries whose lines are scattered keep counting their lines.
func TestSectionsOfScatteredEntries(t *testing.T) {
	ve, bq := entryOf("VE", "1", closing, 100), entryOf("BQ", "1", closing, 70)
	file := write(t, Latin9, []Line{ve[0], bq[0], ve[1], bq[1]})
	for _, side := range []string{
		sections18 + "VE;1;1;A\nBQ;1;1;B\nVE;1;2;C\nBQ;1;2;D\n",
		sections18 + "VE;1;1;A\nVE;1;2;C\nBQ;1;1;B\nBQ;1;2;D\n",
	} {
		b, err := ReadBalance(bytes.NewReader(file), strings.NewReader(side), BySection)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range b.Rows {
			got = append(got, r.Group+" "+r.CompteNum+" "+r.Solde().String())
		}
		if want := []string{"A 512000 1.00", "B 512000 0.70", "C 706000 -1.00", "D 706000 -0.70"}; !slices.Equal(got, want) {
			t.Errorf("%v", got)
		}
	}
}

// Entries of the same length that change places in the side file are not taken one for the other.
func TestSectionsOfSwappedEntries(t *testing.T) {
	var lines []Line
	for i, n := range []string{"VE 1", "VE 2", "BQ 2"} {
		journal, num, _ := strings.Cut(n, " ")
		lines = append(lines, entryOf(journal, num, closing, money.Cents(100*(i+1)))...)
	}
	file := write(t, Latin9, lines)
	record := map[string]string{"VE 1": "VE;1;1;A\nVE;1;2;A\n", "VE 2": "VE;2;1;B\nVE;2;2;B\n", "BQ 2": "BQ;2;1;C\nBQ;2;2;D\n"}
	var want string
	for i, order := range [][]string{{"VE 1", "VE 2", "BQ 2"}, {"VE 2", "VE 1", "BQ 2"}, {"VE 1", "BQ 2", "VE 2"}} {
		var side strings.Builder
		side.WriteString(sections18)
		for _, k := range order {
			side.WriteString(record[k])
		}
		b, err := ReadBalance(bytes.NewReader(file), strings.NewReader(side.String()), BySection)
		if err != nil {
			t.Fatal(err)
		}
		if got := csv(t, b); i == 0 {
			want = got
		} else if got != want {
			t.Errorf("%v:\n%s\nwant\n%s", order, got, want)
		}
	}
}

// What cannot be summed is refused, never left out.
func TestBalanceRefusals(t *testing.T) {
	good := string(books(t))
	for name, c := range map[string]struct{ file, key string }{
		"empty":   {"", "fec.read.empty"},
		"amount":  {strings.Replace(good, "120,00", "12O,00", 1), "fec.read.amount"},
		"cell":    {strings.Replace(good, "VE\t", "VE\t\t", 1), "fec.read.count"},
		"account": {strings.Replace(good, "512000", "", 1), "fec.read.account"},
		"date":    {strings.Replace(good, "20260301", "2026-03-01", 1), "fec.read.date"},
	} {
		_, err := ReadBalance(strings.NewReader(c.file), nil, ByMonth)
		if all := fault.All(err); len(all) != 1 || all[0].Key != c.key {
			t.Errorf("%s: %v, want %s", name, err, c.key)
		}
	}
	b := &summer{debit: 1 << 62}
	b.l = lawful('\t')
	b.s = newScanner(strings.NewReader(good))
	b.s.next()
	line, _ := b.s.next()
	if err := b.add(line, ByAccount, nil); fault.All(err) == nil || fault.All(err)[0].Key != "fec.read.overflow" {
		t.Errorf("past the bounds: %v", err)
	}
}

func TestBalanceText(t *testing.T) {
	b, err := balanceOf(t, "", ByMonth)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := b.WriteText(&out, i18n.For("fr")); err != nil {
		t.Fatal(err)
	}
	want := `Mois     Compte  Libellé          Débit  Crédit    Solde
────────────────────────────────────────────────────────
2026-03  445710  TVA; collectée    0,00   20,00   −20,00
2026-03  512000  Banque          120,00    0,00   120,00
2026-03  706000  Prestations       0,00  100,00  −100,00
2026-03  Total                   120,00  120,00     0,00

2026-04  512000  Banque            0,50    0,00     0,50
2026-04  706000  Prestations       0,00    0,50    −0,50
2026-04  Total                     0,50    0,50     0,00

Total                            120,50  120,50     0,00
`
	if out.String() != want {
		t.Errorf("\n%s\nwant\n%s", out.String(), want)
	}
	b, err = balanceOf(t, "", ByAccount)
	if err != nil {
		t.Fatal(err)
	}
	b.Rows[0].CompteLib = strings.Repeat("é", 60)
	out.Reset()
	if err := b.WriteText(&out, i18n.For("en")); err != nil {
		t.Fatal(err)
	}
	want = `Account  Label                                      Debit  Credit  Balance
──────────────────────────────────────────────────────────────────────────
445710   ` + strings.Repeat("é", 39) + `…    0.00   20.00   −20.00
512000   Banque                                    120.50    0.00   120.50
706000   Prestations                                 0.00  100.50  −100.50
──────────────────────────────────────────────────────────────────────────
Total                                              120.50  120.50     0.00
`
	if out.String() != want {
		t.Errorf("\n%s\nwant\n%s", out.String(), want)
	}
	if err := b.WriteText(&full{}, i18n.For("en")); err == nil {
		t.Error("a full disk went unnoticed")
	}
	if err := b.WriteCSV(&full{}); err == nil {
		t.Error("a full disk went unnoticed")
	}
}

type unseekable struct{ io.ReadSeeker }

func (unseekable) Seek(int64, int) (int64, error) { return 0, errors.New("a pipe") }

// A side file in another order needs a second reading; where that cannot be had it is told.
func TestBalanceOfAPipe(t *testing.T) {
	_, err := ReadBalance(unseekable{bytes.NewReader(books(t))}, strings.NewReader(sections18), BySection)
	if fault.KindOf(err) != fault.Internal {
		t.Error(err)
	}
}

// Tables that grow keep what they hold.
func TestTables(t *testing.T) {
	var texts textTable
	var pairs pairTable
	var set hashSet
	for round := range 2 {
		for n := range 5000 {
			text := fmt.Appendf(nil, "%06d", n)
			if n%7 == 0 {
				text = fmt.Appendf(nil, "account number %d", n)
			}
			if got, fresh := texts.put(text); int(got) != n || fresh != (round == 0) {
				t.Fatalf("text %s is %d", text, got)
			}
			if got, fresh := pairs.put(uint64(n) << 32); int(got) != n || fresh != (round == 0) {
				t.Fatalf("pair %d is %d", n, got)
			}
			if got := set.put(hashWord(1, uint64(n)), n+1); got != round*(n+1) {
				t.Fatalf("hash %d was of line %d", n, got)
			}
		}
	}
}

func TestMoneyBounds(t *testing.T) {
	// A file of a million lines of the greatest amount must not reach the bound of the sums.
	if float64(money.Max)*1e6 > float64(1<<62) {
		t.Error("the greatest amount leaves no room for a million lines")
	}
}
