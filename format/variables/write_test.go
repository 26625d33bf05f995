package variables

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"essaim/date"
	"essaim/fault"
	"essaim/format/sheet"
	"essaim/money"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s:\n%s\nwant:\n%s", name, got, want)
	}
}

var (
	zoe   = Person{"0042", "2850175123456 78", "Martin", "Zoé"}
	yanis = Person{"0043", "190057512345691", "Le Bihan", "Yanis"}
	paule = Person{"0044", "2760229123456", "Ábel-Żak", "Paule"}
	month = date.MonthOf(2026, 11)
)

func day(s string) date.Day { return date.MustParse(s) }

// november is a month with a bit of everything.
func november() []Row {
	return []Row{
		{Person: zoe, Month: month, Element: FixedPart, Amount: 120000},
		{Person: zoe, Month: month, Element: VariableAdvance, Amount: 45050, Label: "demandé net 350,00"},
		{Person: zoe, Month: month, Element: VariableBalance, Amount: 30000, Note: "solde 2025"},
		{Person: zoe, Month: month, Element: MealVouchers, Quantity: 17 * money.Unit},
		{Person: yanis, Month: month, Element: FixedPart, Amount: 80000},
		{Person: yanis, Month: month, Element: Sickness, Quantity: 5*money.Unit + money.Unit/2, From: day("2026-11-09"), Until: day("2026-11-13"), Label: "=1+1"},
		{Person: yanis, Month: month, Element: IJSS, Amount: 21375},
		{Person: yanis, Month: month, Element: Garnishment, Amount: 10001, Note: "tiers ; « saisissant »"},
		{Person: paule, Month: month, Element: Mileage, Quantity: 120 * money.Unit, Rate: 21100},
		{Person: paule, Month: month, Element: Exit, From: day("2026-11-30"), Label: "rupture\nconventionnelle"},
	}
}

// own gives the shipped mapping of Silae the codes of a cooperative.
func own(tb testing.TB) Mapping {
	tb.Helper()
	m := shippedMapping(tb, "silae")
	for _, e := range Elements() {
		c := m.Codes[e]
		c.Example, c.Code = false, strings.Replace(c.Code, "EX-", "", 1)
		m.Codes[e] = c
	}
	c := m.Codes[Garnishment]
	c.Negate = true
	m.Codes[Garnishment] = c
	return m
}

func TestTheGenericFile(t *testing.T) {
	var b bytes.Buffer
	if err := Write(&b, shippedMapping(t, "csv"), november()); err != nil {
		t.Fatal(words(err))
	}
	golden(t, "november.csv", b.Bytes())
	if !bytes.HasPrefix(b.Bytes(), []byte("\ufeffMatricule;NIR;")) {
		t.Error("a spreadsheet would not know that this is UTF-8")
	}
	for _, cell := range []string{`;'=1+1;`, `;"tiers ; « saisissant »"`, ";rupture conventionnelle;"} {
		if !strings.Contains(b.String(), cell) {
			t.Errorf("no %s", cell)
		}
	}
}

// A rate has no column in the file for Silae: the row is told with the person's name and the others leave.
func TestTheFileForSilae(t *testing.T) {
	var b bytes.Buffer
	err := Write(&b, own(t), november())
	refused(t, err, "rows[8].rate variables.no_column")
	if got := words(err); !strings.HasPrefix(got, "ÁBEL-ŻAK Paule") || !strings.Contains(got, "Kilomètres") {
		t.Error(got)
	}
	golden(t, "november.silae.csv", b.Bytes())
	if !bytes.Contains(b.Bytes(), []byte("0043;SAISIE;-100,01;;;")) {
		t.Error("the software wants deductions negative")
	}
}

// The codes that ship are those of nobody: not one row leaves by them.
func TestAnExampleIsNotSent(t *testing.T) {
	var b bytes.Buffer
	err := Write(&b, shippedMapping(t, "silae"), november())
	if n := len(fault.All(err)); n != len(november()) || strings.Count(b.String(), "\n") != 1 {
		t.Errorf("%d told:\n%s", n, b.String())
	}
	said(t, err)
}

func TestAnElementWithoutACodeIsToldPersonByPerson(t *testing.T) {
	m := own(t)
	delete(m.Codes, FixedPart)
	var b bytes.Buffer
	err := Write(&b, m, november()[:8])
	refused(t, err, "rows[0].element variables.no_code", "rows[4].element variables.no_code")
	if got := words(err); !strings.Contains(got, "MARTIN Zoé\u00a0: «\u00a0Part fixe\u00a0»") || !strings.Contains(got, "LE BIHAN Yanis") {
		t.Error(got)
	}
	if strings.Contains(b.String(), "FIXE") || strings.Count(b.String(), "\r\n") != 7 {
		t.Error(b.String())
	}
}

func TestARowThatCannotLeaveIsTold(t *testing.T) {
	for want, r := range map[string]Row{
		"rows[0].matricule variables.required":      {Person: Person{NIR: zoe.NIR, Last: "Martin"}, Month: month, Element: Bonus, Amount: 1},
		"rows[0].matricule variables.unwritable":    {Person: Person{Matricule: "Ż1"}, Month: month, Element: Bonus, Amount: 1},
		"rows[0].element variables.unknown_element": {Person: zoe, Month: month, Element: "rent", Amount: 1},
		"rows[0].from variables.no_day":             {Person: zoe, Month: month, Element: Sickness, Quantity: 1},
		"rows[0].until variables.days_turned":       {Person: zoe, Month: month, Element: Sickness, From: 20, Until: 19},
		"rows[0].value variables.great":             {Person: zoe, Month: month, Element: Bonus, Amount: money.Max + 1},
		"rows[0].quantity variables.no_column":      {Person: zoe, Month: month, Element: Bonus, Amount: 1, Quantity: 1},
	} {
		var b bytes.Buffer
		refused(t, Write(&b, own(t), []Row{r, {Person: yanis, Month: month, Element: Bonus, Amount: 1}}), want)
		if strings.Count(b.String(), "\r\n") != 2 {
			t.Errorf("%s: the other row does not leave:\n%s", want, b.String())
		}
	}
	refused(t, Write(&bytes.Buffer{}, own(t), make([]Row, MaxRows+1)), " variables.rows")
	broken := errors.New("disk full")
	if err := Write(failing{broken}, own(t), nil); !errors.Is(err, broken) {
		t.Error(err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// wide is a mapping of one row per person, in cents, with the minus after.
func wide() Mapping {
	return Mapping{
		Name: "wide", Software: "Test", Sources: []string{"here"}, Checked: "2026-11-23", Layout: ByPerson,
		Format: Format{Separator: "\t", Decimal: ".", Charset: UTF8, Newline: "lf", Date: "YYYYMMDD", Cents: true, Negative: After, Header: true},
		Columns: []Column{
			{Title: "soc", Source: FromConstant, Constant: "001"}, {Title: "mat", Source: FromMatricule, Required: true}, {Title: "mois", Source: FromMonth, Date: "YYYYMM"},
			{Title: "fixe", Source: FromValue, Element: FixedPart}, {Title: "prime", Source: FromValue, Element: Bonus},
			{Title: "saisie", Source: FromValue, Element: Garnishment},
			{Title: "maladie", Source: FromValue, Element: Sickness}, {Title: "du", Source: FromFrom, Element: Sickness}, {Title: "au", Source: FromUntil, Element: Sickness},
		},
		Codes: map[Element]Code{Garnishment: {Negate: true}},
	}
}

func TestOneRowPerPerson(t *testing.T) {
	rows := []Row{
		{Person: zoe, Month: month, Element: FixedPart, Amount: 120000},
		{Person: zoe, Month: month, Element: Bonus, Amount: 5000},
		{Person: yanis, Month: month, Element: Sickness, Quantity: 2 * money.Unit, From: day("2026-11-02"), Until: day("2026-11-03")},
		{Person: zoe, Month: month, Element: Bonus, Amount: 2500},
		{Person: yanis, Month: month, Element: Garnishment, Amount: 100},
		{Person: yanis, Month: month, Element: Sickness, Quantity: money.Unit, From: day("2026-11-20"), Until: day("2026-11-20")},
		{Person: yanis, Month: month, Element: Transport, Amount: 100},
	}
	var b bytes.Buffer
	refused(t, Write(&b, wide(), rows), "rows[6].element variables.no_code", "rows[5] variables.same_cell")
	want := "soc\tmat\tmois\tfixe\tprime\tsaisie\tmaladie\tdu\tau\n" +
		"001\t0042\t202611\t120000\t7500\t\t\t\t\n" +
		"001\t0043\t202611\t\t\t100-\t2\t20261102\t20261103\n"
	if b.String() != want {
		t.Errorf("%q", b.String())
	}
	back, err := Read(b.Bytes(), wide())
	if err != nil || len(back) != 4 || back[1].Amount != 7500 || back[2].Element != Sickness || back[3].Amount != 100 {
		t.Errorf("%v %+v", err, back)
	}
}

// anyRow draws a row that the generic mapping carries.
func anyRow(t *rapid.T) Row {
	word := rapid.StringMatching(`[=+@'"A-Za-zéèÇŻœ€;,-]{1,3}( [=@'"\-A-Zé;,0-9]{1,4})?`)
	r := Row{
		Person:  Person{Matricule: word.Draw(t, "matricule"), NIR: rapid.StringMatching(`[12][0-9]{12}([0-9]{2})?`).Draw(t, "nir"), Last: word.Draw(t, "last"), First: word.Draw(t, "first")},
		Month:   date.MonthOf(2026, rapid.IntRange(1, 12).Draw(t, "month")),
		Element: rapid.SampledFrom(Elements()).Draw(t, "element"),
		Label:   rapid.OneOf(word, rapid.Just("")).Draw(t, "label"), Note: rapid.OneOf(word, rapid.Just("")).Draw(t, "note"),
	}
	amount := rapid.Int64Range(-int64(money.Max), int64(money.Max))
	r.Amount, r.Base = money.Cents(amount.Draw(t, "amount")), money.Cents(rapid.OneOf(amount, rapid.Just(int64(0))).Draw(t, "base"))
	r.Quantity = money.Micro(rapid.OneOf(rapid.Int64Range(-int64(money.MaxMicro), int64(money.MaxMicro)), rapid.Just(int64(0))).Draw(t, "quantity"))
	r.Rate = money.Rate(rapid.Int64Range(-10_000_000, 10_000_000).Draw(t, "rate"))
	if r.Element.Dated() || rapid.Bool().Draw(t, "dated") {
		r.From = date.Of(2026, 1, 1) + date.Day(rapid.IntRange(0, 400).Draw(t, "from"))
		if rapid.Bool().Draw(t, "ends") {
			r.Until = r.From + date.Day(rapid.IntRange(0, 40).Draw(t, "days"))
		}
	}
	return r
}

// What is written is read as the same rows, whatever the separator, the decimal sign, the encoding and the place of the minus.
func TestWrittenIsRead(t *testing.T) {
	base := shippedMapping(t, "csv")
	rapid.Check(t, func(t *rapid.T) {
		m := base
		m.Format = Format{
			Separator: rapid.SampledFrom([]string{";", ",", "\t"}).Draw(t, "separator"), Decimal: rapid.SampledFrom([]string{",", "."}).Draw(t, "decimal"),
			Charset: rapid.SampledFrom([]Charset{UTF8, UTF8BOM}).Draw(t, "charset"), Newline: rapid.SampledFrom([]string{"crlf", "lf", ""}).Draw(t, "newline"),
			Date: rapid.SampledFrom([]string{"DD/MM/YYYY", "YYYY-MM-DD", "DDMMYY", "YYYYMMDD"}).Draw(t, "date"), Cents: rapid.Bool().Draw(t, "cents"),
			Negative: rapid.SampledFrom([]Negative{"", Before, After}).Draw(t, "negative"), Header: rapid.Bool().Draw(t, "header"),
		}
		rows := rapid.SliceOfN(rapid.Custom(anyRow), 0, 8).Draw(t, "rows")
		var b bytes.Buffer
		if err := Write(&b, m, rows); err != nil {
			t.Fatal(words(err))
		}
		back, err := Read(b.Bytes(), m)
		if err != nil {
			t.Fatalf("%s\n%s", words(err), b.String())
		}
		if len(back) != len(rows) {
			t.Fatalf("%d rows of %d:\n%s", len(back), len(rows), b.String())
		}
		for i := range rows {
			if back[i] != rows[i] {
				t.Fatalf("%+v\nbecame %+v\n%s", rows[i], back[i], b.String())
			}
		}
		// No cell of text is a formula.
		table, err := sheet.Rows(b.Bytes(), m.shape())
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range table {
			for _, c := range r.Cells {
				if c != "" && strings.ContainsRune("=+-@", rune(c[0])) && !m.numeric(c) {
					t.Fatalf("a formula leaves: %q", c)
				}
			}
		}
	})
}

// Letters that Windows-1252 lacks lose their accent in names and comments.
func TestLettersOfAnotherAlphabet(t *testing.T) {
	f := Format{Charset: Windows1252}
	for in, want := range map[string]string{"Ábel-Żak": "Ábel-Zak", "Œuvre à 5 €": "Œuvre à 5 €", "Ивана": "?????", "e\u0301te\u0301": "été", "a\u200bb": "a?b"} {
		if got := f.text(in); got != want {
			t.Errorf("%q → %q, want %q", in, got, want)
		}
	}
	if got := f.text(strings.Repeat("é", 2000)); len(got) > maxText+10 || !strings.HasSuffix(got, "é…") {
		t.Errorf("%d bytes", len(got))
	}
}

func TestNumbersOfOtherPrograms(t *testing.T) {
	f := Format{Decimal: ","}
	for in, want := range map[string]money.Cents{
		"1234,56": 123456, "1 234,56": 123456, "1\u202f234,56 €": 123456, "-12,30": -1230, "12,30-": -1230, "(12,30)": -1230, "−5": -500, "+5,5": 550,
		"1.234,56": 123456, "1.234.567,8": 123456780, "0,1000": 10, ",5": 50, "12,": 1200,
	} {
		if got, err := f.readAmount(in); err != nil || got != want {
			t.Errorf("%q: %d, %v, want %d", in, got, err, want)
		}
	}
	for in, want := range map[string]error{
		"1.234": errNumber, "12.34,56": errNumber, "1,234": errFine, "12,3,4": errNumber, "": errNumber, ",": errNumber, "abc": errNumber, "--5": errNumber,
		"99999999999999999999": errGreat, "10000000000,01": errGreat, "1e5": errNumber, strings.Repeat("0", 70): errNumber, "1,23x": errNumber, "-": errNumber,
	} {
		if got, err := f.readAmount(in); !errors.Is(err, want) {
			t.Errorf("%q: %d, %v, want %v", in, got, err, want)
		}
	}
	if got, err := f.readPercent("7,50 %"); err != nil || got != 75_000 {
		t.Errorf("%d, %v", got, err)
	}
	if _, err := f.readPercent("2000"); !errors.Is(err, errGreat) {
		t.Error(err)
	}
}

func FuzzReadVariables(f *testing.F) {
	m := shippedMapping(f, "csv")
	var b bytes.Buffer
	if err := Write(&b, m, november()); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte("Matricule;Code\r\n\"1;2"))
	w := wide()
	f.Fuzz(func(_ *testing.T, b []byte) {
		for _, m := range []Mapping{m, w} {
			rows, err := Read(b, m)
			if err == nil {
				for _, r := range rows {
					if _, ok := of(r.Element); !ok {
						panic("an element that does not exist")
					}
				}
			}
		}
	})
}
