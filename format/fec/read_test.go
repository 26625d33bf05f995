package fec

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"essaim/date"
	"essaim/fault"
	"essaim/money"
)

const heading18 = "JournalCode\tJournalLib\tEcritureNum\tEcritureDate\tCompteNum\tCompteLib\tCompAuxNum\tCompAuxLib\tPieceRef\t" +
	"PieceDate\tEcritureLib\tDebit\tCredit\tEcritureLet\tDateLet\tValidDate\tMontantdevise\tIdevise"

const line18 = "VE\tVentes\t7\t20260310\t411000\tClients\tC1\tSociété Œil\tFA7\t20260309\tFacture \"7\"\t1200,00\t0,00\tA\t20260402\t20260311\t-54,00\tUSD"

var want18 = Line{
	JournalCode: "VE", JournalLib: "Ventes", EcritureNum: "7", EcritureDate: date.MustParse("2026-03-10"), CompteNum: "411000",
	CompteLib: "Clients", CompAuxNum: "C1", CompAuxLib: "Société Œil", PieceRef: "FA7", PieceDate: date.MustParse("2026-03-09"),
	EcritureLib: `Facture "7"`, Debit: 1200_00, EcritureLet: "A", DateLet: date.MustParse("2026-04-02"),
	ValidDate: date.MustParse("2026-03-11"), Montantdevise: -54_00, Idevise: "USD",
}

func latin(s string) string {
	var b []byte
	for _, r := range s {
		c, ok := toLatin9(r)
		if !ok {
			panic("not ISO 8859-15: " + s)
		}
		b = append(b, c)
	}
	return string(b)
}

// One line in every form it is met in.
func TestReaderForms(t *testing.T) {
	utf := heading18 + "\r\n" + line18 + "\r\n"
	montant := strings.Replace(heading18, "Debit\tCredit", "Montant\tSens", 1) + "\n"
	for name, file := range map[string]string{
		"UTF-8":                  utf,
		"ISO 8859-15":            latin(utf),
		"Windows-1252":           strings.Replace(latin(utf), "\xbc", "\x8c", 1), // Œ
		"byte order mark":        "\ufeff" + utf,
		"pipe":                   strings.ReplaceAll(utf, "\t", "|"),
		"semicolon":              strings.ReplaceAll(utf, "\t", ";"),
		"LF":                     strings.ReplaceAll(utf, "\r\n", "\n"),
		"CR":                     strings.ReplaceAll(utf, "\r\n", "\r"),
		"CR then CRLF":           heading18 + "\r" + line18 + "\r\n",
		"no last end":            strings.TrimSuffix(utf, "\r\n"),
		"empty lines":            "\r\n" + strings.ReplaceAll(utf, "\r\n", "\r\n\r\n  \r\n"),
		"capitals":               strings.Replace(utf, heading18, strings.ToUpper(heading18), 1),
		"accents in names":       strings.NewReplacer("Debit\t", "Débit\t", "PieceRef", "PièceRef").Replace(utf),
		"spaces around":          strings.ReplaceAll(utf, "\t", " \t  "),
		"decimal points":         strings.NewReplacer("1200,00", "1200.00", "0,00\tA", "0.00\tA", "-54,00", "-54.00").Replace(utf),
		"no decimals":            strings.NewReplacer("1200,00", "1200", "0,00\tA", "\tA", "-54,00", "-54").Replace(utf),
		"plus, zeros, more":      strings.NewReplacer("1200,00", "+0001200,0000", "0,00\tA", ",0\tA").Replace(utf),
		"Montant and Sens D":     montant + strings.Replace(line18, "1200,00\t0,00", "1200,00\tD", 1),
		"Montant and Sens +1":    montant + strings.Replace(line18, "1200,00\t0,00", "1200,00\t+1", 1),
		"other order, one more":  "Extra\t" + heading18 + "\n\t" + line18 + "\n",
		"columns of other trade": heading18 + "\tDateRglt\tModeRglt\n" + line18 + "\t20260402\tCB\n",
	} {
		for how, r := range map[string]io.Reader{
			"at once": strings.NewReader(file), "byte by byte": iotest.OneByteReader(strings.NewReader(file)),
			"with its end": iotest.DataErrReader(strings.NewReader(file)),
		} {
			fr, err := NewReader(r)
			if err != nil {
				t.Errorf("%s, %s: %v", name, how, err)
				continue
			}
			if got, err := fr.Read(); err != nil || got != want18 {
				t.Errorf("%s, %s: %v\n got %+v\nwant %+v", name, how, err, got, want18)
			}
			if _, err := fr.Read(); !errors.Is(err, io.EOF) {
				t.Errorf("%s, %s: after the last line: %v", name, how, err)
			}
		}
	}
}

func TestReaderRefusals(t *testing.T) {
	for name, c := range map[string]struct{ file, key string }{
		"empty":            {"", "fec.read.empty"},
		"blank":            {"\n \n", "fec.read.empty"},
		"prose":            {"Bonjour\n", "fec.read.header"},
		"UTF-16":           {"\xff\xfeJ\x00", "fec.read.header"},
		"column missing":   {strings.Replace(heading18, "PieceRef\t", "", 1), "fec.read.header"},
		"only Montant":     {strings.Replace(heading18, "Debit", "Montant", 1), "fec.read.header"},
		"long heading":     {strings.Repeat("x", 3*window), "fec.read.header"},
		"cell missing":     {heading18 + "\nVE\tVentes\n", "fec.read.count"},
		"cell too many":    {heading18 + "\n" + line18 + "\t\n", "fec.read.count"},
		"cells by the ton": {heading18 + "\n" + strings.Repeat("\tx", 30_000), "fec.read.count"},
		"long line":        {heading18 + "\n" + strings.Repeat("x", 3*window) + "\n", "fec.read.long"},
		"long line, end":   {heading18 + "\n" + strings.Repeat("x", MaxLine+1), "fec.read.long"},
		"date":             {heading18 + "\n" + strings.Replace(line18, "20260310", "20260230", 1), "fec.read.date"},
		"amount":           {heading18 + "\n" + strings.Replace(line18, "1200,00", "1 200,00", 1), "fec.read.amount"},
		"foreign amount":   {heading18 + "\n" + strings.Replace(line18, "-54,00", "54-", 1), "fec.read.amount"},
		"third decimal":    {heading18 + "\n" + strings.Replace(line18, "1200,00", "1200,001", 1), "fec.read.amount"},
		"sens":             {strings.Replace(heading18, "Debit\tCredit", "Montant\tSens", 1) + "\n" + line18, "fec.read.sens"},
	} {
		err := func() error {
			r, err := NewReader(strings.NewReader(c.file))
			for err == nil {
				_, err = r.Read()
			}
			return err
		}()
		if all := fault.All(err); len(all) != 1 || all[0].Key != c.key || all[0].Kind != fault.Invalid {
			t.Errorf("%s: %v, want %s", name, err, c.key)
		}
	}
}

// A line of exactly the longest length passes; one byte more does not; a line after it is read well.
func TestLongestLine(t *testing.T) {
	room := MaxLine - len(line18) + len(`Facture "7"`)
	for extra, fits := range map[int]bool{0: true, 1: false} {
		long := strings.Replace(line18, `Facture "7"`, strings.Repeat("x", room+extra), 1)
		for _, end := range []string{"\n", "\r\n"} {
			r, err := NewReader(strings.NewReader(heading18 + end + long + end + line18 + end))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := r.Read(); (err == nil) != fits {
				t.Errorf("%d more, %q: %v", extra, end, err)
			}
			if got, err := r.Read(); err != nil || got != want18 || r.Line() != 3 {
				t.Errorf("after a long line: %v, line %d", err, r.Line())
			}
		}
	}
}

// A medium that fails in the middle is told as such, by all who read.
func TestFailingMedium(t *testing.T) {
	file := []byte(heading18 + "\n" + strings.Repeat(line18+"\n", 10))
	failing := func() io.Reader {
		return io.MultiReader(bytes.NewReader(file[:len(file)/2]), iotest.ErrReader(errors.New("medium gone")))
	}
	r, err := NewReader(failing())
	for err == nil {
		_, err = r.Read()
	}
	if fault.KindOf(err) != fault.Internal {
		t.Errorf("reader: %v", err)
	}
	if _, err := Check(failing(), Options{}, func(Finding) {}); err == nil || !strings.Contains(err.Error(), "medium gone") {
		t.Errorf("check: %v", err)
	}
	if _, err := sum(failing(), ByAccount, nil); fault.KindOf(err) != fault.Internal {
		t.Errorf("balance: %v", err)
	}
	if _, err := NewReader(idle{}); fault.KindOf(err) != fault.Internal {
		t.Errorf("a reader that gives nothing: %v", err)
	}
}

type idle struct{}

func (idle) Read([]byte) (int, error) { return 0, nil }

func TestParseAmount(t *testing.T) {
	for text, want := range map[string]struct {
		v    money.Cents
		form amountForm
	}{
		"": {0, amountEmpty}, "0": {0, amountPlain}, "12": {1200, amountPlain}, "12,5": {1250, amountPlain}, "12,50": {1250, amountPlain},
		"-12,05": {-1205, amountPlain}, "+3,00": {300, amountPlain}, ",50": {50, amountPlain}, "5,": {500, amountPlain},
		"12.50": {1250, amountPoint}, "12,5000": {1250, amountPlain}, "12,505": {1250, amountFine}, "12.505": {1250, amountFine},
		"-0,01": {-1, amountPlain}, "000000000000000000000,01": {1, amountPlain}, "10000000000,00": {money.Max, amountPlain},
		"10000000000,01": {0, amountWide}, "99999999999999999999999": {0, amountWide}, "-": {0, amountBad}, ",": {0, amountBad},
		"1 234,56": {0, amountBad}, "1.234,56": {0, amountBad}, "12,50-": {0, amountBad}, "1E3": {0, amountBad}, "--1": {0, amountBad},
		"12,5a": {0, amountBad}, "abc": {0, amountBad}, "12,50 €": {0, amountBad}, "١٢": {0, amountBad}, "-,": {0, amountBad},
	} {
		if v, form := parseAmount([]byte(text)); v != want.v || form != want.form {
			t.Errorf("%q: %d, form %d, want %d, form %d", text, v, form, want.v, want.form)
		}
	}
}
