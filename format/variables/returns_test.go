package variables

import (
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"essaim/date"
	"essaim/money"
)

func people() []Person { return []Person{zoe, yanis, paule} }

const silaeMonth = "Coopérative Exemple;;;;;;;;;;;;;;;;;;\r\n" +
	"Édition d'historique;novembre 2026;;;;;;;;;;;;;;;;;\r\n" +
	"\r\n" +
	"Matricule;NIR;Nom;Prénom;Mois;Brut;Cotisations salariales;Cotisations patronales;Net à payer avant impôt;PAS;Taux PAS;Net à payer;Coût global;Net imposable;Montant net social;Plafond;Réduction générale;Solde CP;Divers\r\n" +
	"0042;285017512345678;MARTIN;Zoé;11/2026;1 950,50;429,11;612,40;1521,39;38,03;2,5;1483,36;2562,90;1.560,40;1521,39;4005,00;-310,12;12,5;x\r\n" +
	"0043;190057512345691;LE BIHAN;Yanis;11/2026;800,00;176,00;251,20;624,00;0,00;0;624,00;1051,20;640,00;624,00;4005,00;-127,00;0;\r\n" +
	"44;;ABEL-ZAK;Paule;11/2026;0,00;0,00;0,00;0,00;0,00;0;0,00;0,00;0,00;0,00;0,00;0,00;0;\r\n" +
	"Total général;;;;;2750,50;605,11;863,60;2145,39;38,03;;2107,36;3614,10;2200,40;2145,39;8010,00;-437,12;;\r\n"

func TestTheMonthThatSilaeGivesBack(t *testing.T) {
	m := shippedReturn(t, "silae", OfResults)
	for name, b := range map[string][]byte{"utf-8": []byte(silaeMonth), "windows-1252": ansi(silaeMonth)} {
		got, err := ReadResults(b, m, people(), month)
		if err != nil {
			t.Fatalf("%s: %s", name, words(err))
		}
		if len(got.Rows) != 3 || len(got.Aside) != 0 || len(got.Fields) != 18 {
			t.Fatalf("%s: %d rows, %d aside, fields %v", name, len(got.Rows), len(got.Aside), got.Fields)
		}
		want := Result{
			Line: 5, Person: 0, Matricule: "0042", NIR: "285017512345678", Name: "MARTIN Zoé", Month: month, Gross: 195050, Employee: 42911, Employer: 61240,
			Reduction: -31012, NetBeforeTax: 152139, PAS: 3803, NetPaid: 148336, Cost: 256290, NetTaxable: 156040, NetSocial: 152139, Ceiling: 400500,
			PASRate: 25000, LeaveLeft: 12_500_000,
		}
		if got.Rows[0] != want {
			t.Errorf("%s:\n%+v\nwant\n%+v", name, got.Rows[0], want)
		}
		if got.Rows[2].Person != 2 { // « 44 » of a spreadsheet is « 0044 »
			t.Errorf("%s: %+v", name, got.Rows[2])
		}
	}
}

func ansi(s string) []byte {
	var b []byte
	for _, r := range s {
		b = append(b, byte(r)) // Latin-1 is enough here
	}
	return b
}

// Each thing that is wrong is told with its row and column; the rest is returned.
func TestAReturnThatIsWrong(t *testing.T) {
	m := shippedReturn(t, "silae", OfResults)
	row := func(n int) string { return strings.SplitAfter(silaeMonth, "\r\n")[n-1] }
	for name, c := range map[string]struct {
		text        string
		rows, aside int
		want        []string
		said        string
	}{
		"one line too many": {
			strings.Replace(silaeMonth, row(7), row(7)+"0099;2990175123456;INCONNUE;Ana;11/2026;10;0;0;10;0;0;10;10;10;10;0;0;0;\r\n", 1), 3, 1,
			[]string{
				"lines[8].matricule variables.unknown_person", "lines[9].gross variables.total", "lines[9].net_before_tax variables.total", "lines[9].net_paid variables.total",
				"lines[9].cost variables.total", "lines[9].net_taxable variables.total", "lines[9].net_social variables.total",
			}, "Ligne 8\u00a0: «\u00a00099 INCONNUE Ana",
		},
		"the same person twice": {
			strings.Replace(strings.Replace(silaeMonth, row(8), "", 1), row(7), row(7)+row(5), 1), 2, 2,
			[]string{"lines[8].matricule variables.person_twice"}, "MARTIN Zoé est déjà à la ligne 5",
		},
		"someone is missing":       {strings.Replace(silaeMonth, row(7), "", 1), 2, 0, []string{"people[2] variables.no_row"}, "ÁBEL-ŻAK Paule (matricule 0044)"},
		"two people in one row":    {strings.Replace(silaeMonth, "0042;285017512345678", "0042;190057512345691", 1), 2, 1, []string{"lines[5].matricule variables.two_people", "people[0] variables.no_row"}, ""},
		"nobody":                   {strings.Replace(silaeMonth, "44;;", ";;", 1), 2, 1, []string{"lines[7].matricule variables.nobody", "people[2] variables.no_row"}, ""},
		"another month":            {strings.Replace(silaeMonth, "Yanis;11/2026", "Yanis;10/2026", 1), 2, 1, []string{"lines[6].month variables.other_month"}, "octobre 2026"},
		"a cell that is no amount": {strings.Replace(silaeMonth, "1 950,50", "1950.5O", 1), 2, 0, []string{"lines[5].gross variables.cell"}, "Ligne 5, Brut\u00a0: «\u00a01950.5O\u00a0»"},
		"a third of a cent":        {strings.Replace(silaeMonth, "1 950,50", "1950,501", 1), 2, 0, []string{"lines[5].gross variables.cell_fine"}, ""},
		"an empty net":             {strings.Replace(silaeMonth, "2,5;1483,36", "2,5;", 1), 2, 0, []string{"lines[5].net_paid variables.cell_empty"}, "Ligne 5"},
		"a total of one cent":      {strings.Replace(silaeMonth, "3614,10", "3614,11", 1), 3, 0, []string{"lines[8].cost variables.total"}, "3\u202f614,11"},
		"a separator too many":     {strings.Replace(silaeMonth, "LE BIHAN;", "LE;BIHAN;", 1), 2, 0, nil, ""},
		"a rate above all":         {strings.Replace(silaeMonth, "38,03;2,5;", "38,03;1001;", 1), 2, 0, []string{"lines[5].pas_rate variables.cell_great"}, ""},
		"a column missing":         {strings.Replace(silaeMonth, ";Brut;", ";Brute;", 1), 0, 0, []string{"columns.gross variables.title_missing"}, ""},
		"a column twice":           {strings.Replace(silaeMonth, ";Divers", ";Salaire brut", 1), 0, 0, []string{"lines[4].gross variables.title_twice"}, ""},
		"no number of people":      {strings.Replace(silaeMonth, "Matricule;NIR", "Ident;Numéro", 1), 0, 0, []string{"columns.matricule variables.title_who"}, ""},
		"nothing at all":           {"", 0, 0, []string{" variables.empty"}, ""},
		"a picture":                {"\x89PNG\x00", 0, 0, []string{" sheet.binary"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ReadResults([]byte(c.text), m, people(), month)
			if len(got.Rows) != c.rows || len(got.Aside) != c.aside {
				t.Errorf("%d rows, %d aside, want %d and %d", len(got.Rows), len(got.Aside), c.rows, c.aside)
			}
			if c.want == nil {
				if err == nil {
					t.Error("taken")
				}
				said(t, err)
			} else {
				refused(t, err, c.want...)
			}
			if !strings.Contains(words(err), c.said) {
				t.Errorf("says:\n%s", words(err))
			}
		})
	}
}

// A total of each service and one of all, as a software writes them.
func TestTotalsOfParts(t *testing.T) {
	m := shippedReturn(t, "csv", OfResults)
	text := "Matricule;Brut;Net à payer\n42;100,00;80,00\nTotal;100,00;80,00\n43;200,00;160,00\n44;1,00;1,00\nTotal service 2;201,00;161,00\nTOTAL GÉNÉRAL;301,00;241,00\n"
	if got, err := ReadResults([]byte(text), m, people(), month); err != nil || len(got.Rows) != 3 {
		t.Errorf("%d rows: %s", len(got.Rows), words(err))
	}
	_, err := ReadResults([]byte(strings.Replace(text, "201,00", "202,00", 1)), m, people(), month)
	refused(t, err, "lines[6].gross variables.total")
}

const silaeJournal = "Journal;Date;Compte;Section;Matricule;Pièce;Libellé;Débit;Crédit\r\n" +
	"PAIE;30/11/2026;641100;042;0042;P11;Salaires bruts;1950,50;\r\n" +
	"PAIE;30/11/2026;421000;042;0042;P11;Total net à payer;;1483,36\r\n" +
	"PAIE;30/11/2026;442100;042;0042;P11;Prélèvement à la source;;38,03\r\n" +
	"PAIE;30/11/2026;431000;042;0042;P11;Urssaf;;1 041,51\r\n" +
	"PAIE;30/11/2026;645100;042;0042;P11;Urssaf, part patronale;922,52;\r\n" +
	"PAIE;30/11/2026;645900;042;0042;P11;Réduction générale;-310,12;\r\n" +
	";;;;;;Total;2562,90;2562,90\r\n"

func TestTheJournalThatSilaeGivesBack(t *testing.T) {
	m := shippedReturn(t, "silae", OfJournal)
	got, err := ReadJournal([]byte(silaeJournal), m, Expected{People: people(), Sections: []string{"042"}, Month: month})
	if err != nil {
		t.Fatal(words(err))
	}
	if len(got.Lines) != 6 || got.Debit != got.Credit || got.Debit != 195050+92252 {
		t.Errorf("%d lines, %d, %d", len(got.Lines), got.Debit, got.Credit)
	}
	want := Line{Line: 7, Person: 0, Journal: "PAIE", Day: day("2026-11-30"), Account: "645900", Section: "042", Matricule: "0042", Reference: "P11", Label: "Réduction générale", Credit: 31012}
	if got.Lines[5] != want {
		t.Errorf("a negative debit is a credit:\n%+v\nwant\n%+v", got.Lines[5], want)
	}
}

func TestAJournalThatIsWrong(t *testing.T) {
	m := shippedReturn(t, "silae", OfJournal)
	change := func(from, to string) string { return strings.Replace(silaeJournal, from, to, 1) }
	for name, c := range map[string]struct {
		text  string
		lines int
		want  []string
		said  string
	}{
		"a cent":          {change("1483,36", "1483,35"), 6, []string{"lines[8].credit variables.total", "pieces.P11 variables.piece_unbalanced"}, "écart 0,01"},
		"without a piece": {strings.ReplaceAll(change("1483,36", "1483,35"), ";P11;", ";;"), 6, []string{"lines[8].credit variables.total", " variables.unbalanced"}, ""},
		"unknown section": {change("641100;042", "641100;043"), 6, []string{"lines[2].section variables.section_unknown"}, "«\u00a0043\u00a0»"},
		"unknown person":  {change("042;0042;P11;Urssaf;", "042;0052;P11;Urssaf;"), 6, []string{"lines[5].matricule variables.unknown_person"}, ""},
		"no account":      {change("641100", ""), 5, []string{"lines[2].account variables.cell_empty"}, ""},
		"a bad account":   {change("641100", "P-411"), 5, []string{"lines[2].account variables.account"}, ""},
		"both sides":      {change("1950,50;", "1950,50;1"), 5, []string{"lines[2].debit variables.both_sides", "lines[8].credit variables.total"}, ""},
		"neither side":    {change("1950,50;", ";"), 5, []string{"lines[2].debit variables.no_side", "lines[8].debit variables.total"}, ""},
		"no day":          {change("30/11/2026", "31/11/2026"), 5, []string{"lines[2].date variables.cell"}, ""},
		"another month":   {change("30/11/2026", "30/10/2026"), 6, []string{"lines[2].date variables.other_month", "pieces.P11 variables.piece_unbalanced", "pieces.P11 variables.piece_unbalanced"}, ""},
		"too many cells":  {change("1950,50;", "1950;50;5"), 5, []string{"lines[2] variables.cells"}, ""},
		"only its titles": {silaeJournal[:strings.Index(silaeJournal, "\n")+1], 0, []string{" variables.empty"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ReadJournal([]byte(c.text), m, Expected{People: people(), Sections: []string{"042"}, Month: month})
			refused(t, err, c.want...)
			if len(got.Lines) != c.lines || !strings.Contains(words(err), c.said) {
				t.Errorf("%d lines, want %d: %s", len(got.Lines), c.lines, words(err))
			}
		})
	}
	_, err := ReadJournal(nil, shippedReturn(t, "silae", OfResults), Expected{})
	refused(t, err, "kind variables.mapping_one_of")
	_, err = ReadResults(nil, m, nil, 0)
	refused(t, err, "kind variables.mapping_one_of")
}

// One column of amounts with the side in another, by position, as a fixed software gives it.
func TestAJournalWithSides(t *testing.T) {
	m := ReturnMapping{
		Name: "sides", Software: "Test", Sources: []string{"here"}, Checked: "2026-11-23", Kind: OfJournal,
		Format:  Format{Separator: ",", Decimal: ".", Date: "YYYYMMDD"},
		Columns: []ReturnColumn{{Field: Day, Position: 1}, {Field: Account, Position: 2}, {Field: Side, Position: 4}, {Field: Amount, Position: 5}},
	}
	got, err := ReadJournal([]byte("20261130,6411,x,D,10.00\n20261130,421,x,C,10.00\n"), m, Expected{})
	if err != nil || got.Lines[0].Debit != 1000 || got.Lines[1].Credit != 1000 {
		t.Errorf("%s %+v", words(err), got)
	}
	_, err = ReadJournal([]byte("20261130,6411,x,d,10.00\n20261130,421,x,H,10.00\n"), m, Expected{})
	refused(t, err, "lines[2].side variables.cell")
}

// No more refusals than a page can show.
func TestRefusalsAreBounded(t *testing.T) {
	text := "Matricule;Brut;Net à payer\n" + strings.Repeat("99;1,00;1,00\n", 1000)
	_, err := ReadResults([]byte(text), shippedReturn(t, "csv", OfResults), nil, 0)
	if got := keys(err); len(got) != maxFaults+1 || got[maxFaults] != " variables.more" || !strings.Contains(words(err), "800") {
		t.Errorf("%d: %s", len(got), got[len(got)-1])
	}
}

func TestWrittenReturnsAreRead(t *testing.T) {
	results, journal := shippedReturn(t, "silae", OfResults), shippedReturn(t, "csv", OfJournal)
	rapid.Check(t, func(t *rapid.T) {
		amount := rapid.Map(rapid.Int64Range(-100_000_000, 100_000_000), func(v int64) money.Cents { return money.Cents(v) })
		var rows []Result
		var who []Person
		for i := range rapid.IntRange(1, 6).Draw(t, "people") {
			p := Person{Matricule: string(rune('A'+i)) + "1", Last: "X"}
			who = append(who, p)
			r := Result{
				Line: i + 2, Person: i, Matricule: p.Matricule, Month: month, Name: rapid.SampledFrom([]string{"", "=Zoé", "MARTIN ; Zoé"}).Draw(t, "name"),
				PASRate: money.Rate(rapid.IntRange(0, 430_000).Draw(t, "rate")), LeaveTaken: money.Micro(rapid.IntRange(0, 30_000_000).Draw(t, "taken")),
			}
			for _, f := range OfResults.amounts() {
				*r.amount(f) = amount.Draw(t, string(f))
			}
			rows = append(rows, r)
		}
		var b bytes.Buffer
		if err := WriteResults(&b, results, rows); err != nil {
			t.Fatal(words(err))
		}
		back, err := ReadResults(b.Bytes(), results, who, month)
		if err != nil || len(back.Rows) != len(rows) {
			t.Fatalf("%s\n%s", words(err), b.String())
		}
		for i := range rows {
			if back.Rows[i] != rows[i] {
				t.Fatalf("%+v\nbecame %+v", rows[i], back.Rows[i])
			}
		}

		var lines []Line
		var sum money.Cents
		for i := range rapid.IntRange(1, 6).Draw(t, "lines") {
			c := money.Cents(rapid.Int64Range(1, 1_000_000).Draw(t, "debit"))
			sum += c
			lines = append(lines, Line{Line: i + 2, Person: -1, Journal: "P", Day: date.Of(2026, 11, 30), Account: "6411", Section: "042", Label: "-x", Reference: "R", Debit: c})
		}
		lines = append(lines, Line{Line: len(lines) + 2, Person: -1, Journal: "P", Day: date.Of(2026, 11, 30), Account: "421", Label: "net", Reference: "R", Credit: sum})
		b.Reset()
		if err := WriteJournal(&b, journal, lines); err != nil {
			t.Fatal(words(err))
		}
		entries, err := ReadJournal(b.Bytes(), journal, Expected{Month: month})
		if err != nil || len(entries.Lines) != len(lines) || entries.Debit != sum {
			t.Fatalf("%s\n%s", words(err), b.String())
		}
		for i := range lines {
			if entries.Lines[i] != lines[i] {
				t.Fatalf("%+v\nbecame %+v", lines[i], entries.Lines[i])
			}
		}
	})
}

func FuzzReadResults(f *testing.F) {
	f.Add([]byte(silaeMonth))
	f.Add([]byte("Matricule;Brut;Net à payer\n42;1;1\nTotal;1;2\n"))
	m := shippedReturn(f, "silae", OfResults)
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := ReadResults(b, m, people(), month)
		if err == nil && len(got.Rows) != 3 {
			t.Errorf("%d rows without a word", len(got.Rows))
		}
	})
}

func FuzzReadJournal(f *testing.F) {
	f.Add([]byte(silaeJournal))
	m := shippedReturn(f, "csv", OfJournal)
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := ReadJournal(b, m, Expected{People: people()})
		if err == nil && (got.Debit != got.Credit || len(got.Lines) == 0) {
			t.Errorf("taken: %d, %d", got.Debit, got.Credit)
		}
		for _, l := range got.Lines {
			if l.Debit < 0 || l.Credit < 0 || (l.Debit == 0) == (l.Credit == 0) {
				t.Errorf("%+v", l)
			}
		}
	})
}
