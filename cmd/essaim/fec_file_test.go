package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"essaim/date"
	"essaim/fault"
	"essaim/format/fec"
	"essaim/money"
)

// fecFile writes a FEC of two entries and its side file, changed by edit, and returns both names.
func fecFile(t *testing.T, edit func(lines []fec.Line)) (file, side string) {
	t.Helper()
	var lines []fec.Line
	for n, num := range []string{"1", "2"} {
		l := fec.Line{
			JournalCode: "VE", JournalLib: "Ventes", EcritureNum: num, EcritureDate: date.MustParse("2026-03-10"), PieceRef: "FA" + num,
			PieceDate: date.MustParse("2026-03-10"), EcritureLib: "Facture FA" + num, ValidDate: date.MustParse("2026-03-11"),
		}
		d, c := l, l
		d.CompteNum, d.CompteLib, d.Debit = "411000", "Clients", money.Cents(100_00*(n+1))
		c.CompteNum, c.CompteLib, c.Credit = "706000", "Études", d.Debit
		lines = append(lines, d, c)
	}
	if edit != nil {
		edit(lines)
	}
	var main, sections bytes.Buffer
	w, s := fec.NewWriter(&main, fec.Latin9), fec.NewSideWriter(&sections)
	for i := range lines {
		err := errors.Join(w.Write(&lines[i]), s.Write(lines[i].JournalCode, lines[i].EcritureNum, "E000"+lines[i].EcritureNum))
		if err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	end := date.MustParse("2026-12-31")
	file, side = filepath.Join(dir, fec.FileName("123456782", end)), filepath.Join(dir, fec.SectionsName("123456782", end))
	err := errors.Join(w.Flush(), s.Flush(), os.WriteFile(file, main.Bytes(), 0o600), os.WriteFile(side, sections.Bytes(), 0o600))
	if err != nil {
		t.Fatal(err)
	}
	return file, side
}

func TestFECCheck(t *testing.T) {
	t.Setenv("LC_ALL", "")
	t.Setenv("LC_MESSAGES", "")
	t.Setenv("LANG", "C.UTF-8")
	warned := func(l []fec.Line) { l[0].PieceDate++ }
	for name, c := range map[string]struct {
		edit   func([]fec.Line)
		strict bool
		lang   speech
		exit   int
		out    string
		errout string
	}{
		"clean":   {nil, true, "", 0, "", "4 lignes, 2 écritures : aucune anomalie\n"},
		"warning": {warned, false, "en", 0, "2;PieceDate;warning:piece-after-entry;the document of 11 Mar 2026 is later than the entry of 10 Mar 2026\n", "0 errors, 1 warning\n"},
		"strict":  {warned, true, "fr", 1, "2;PieceDate;warning:piece-after-entry;la pièce du 11 mars 2026 est postérieure à l’écriture du 10 mars 2026\n", "0 erreur, 1 alerte\n"},
		"error":   {func(l []fec.Line) { l[3].EcritureLib = "" }, false, "", 1, "5;EcritureLib;field-empty;la zone obligatoire EcritureLib est vide\n", "1 erreur, 0 alerte\n"},
	} {
		t.Run(name, func(t *testing.T) {
			file, _ := fecFile(t, c.edit)
			var out, errout strings.Builder
			cmd := FECCheckCmd{File: file, Strict: c.strict, Lang: c.lang, Stderr: &errout}
			exit, err := cmd.Run(&out)
			if err != nil || exit != c.exit || strings.ReplaceAll(out.String(), "\u00a0", " ") != c.out || !strings.HasSuffix(strings.ReplaceAll(errout.String(), "\u00a0", " "), c.errout) {
				t.Errorf("exit %d, %v\n%s%s", exit, err, out.String(), errout.String())
			}
		})
	}
}

func TestFECBalance(t *testing.T) {
	file, side := fecFile(t, nil)
	for name, c := range map[string]struct {
		cmd FECBalanceCmd
		out string
	}{
		"account": {FECBalanceCmd{CSV: true}, "CompteNum;CompteLib;Debit;Credit;Solde\n411000;Clients;300,00;0,00;300,00\n706000;Études;0,00;300,00;-300,00\n"},
		"month": {FECBalanceCmd{CSV: true, By: "month"}, "Mois;CompteNum;CompteLib;Debit;Credit;Solde\n" +
			"2026-03;411000;Clients;300,00;0,00;300,00\n2026-03;706000;Études;0,00;300,00;-300,00\n"},
		"activity": {FECBalanceCmd{CSV: true, By: "activity", Sections: side}, "Section;CompteNum;CompteLib;Debit;Credit;Solde\n" +
			"E0001;411000;Clients;100,00;0,00;100,00\nE0001;706000;Études;0,00;100,00;-100,00\n" +
			"E0002;411000;Clients;200,00;0,00;200,00\nE0002;706000;Études;0,00;200,00;-200,00\n"},
		"table": {FECBalanceCmd{By: "account", Lang: "en"}, "Account  Label     Debit  Credit  Balance\n─────────────────────────────────────────\n" +
			"411000   Clients  300.00    0.00   300.00\n706000   Études     0.00  300.00  −300.00\n" +
			"─────────────────────────────────────────\nTotal             300.00  300.00     0.00\n"},
	} {
		t.Run(name, func(t *testing.T) {
			c.cmd.File = file
			var out, errout strings.Builder
			c.cmd.Stderr = &errout
			if exit, err := c.cmd.Run(&out); exit != 0 || err != nil || out.String() != c.out || errout.Len() > 0 {
				t.Errorf("exit %d, %v, %s\n%s", exit, err, errout.String(), out.String())
			}
		})
	}
}

// A side file that tells of more than the FEC is summed and remarked upon.
func TestFECBalanceUnusedSections(t *testing.T) {
	file, side := fecFile(t, nil)
	text, err := os.ReadFile(side)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(side, append(text, "VE;3;1;E0001\r\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errout strings.Builder
	cmd := FECBalanceCmd{File: file, By: "activity", Sections: side, CSV: true, Lang: "en", Stderr: &errout}
	if exit, err := cmd.Run(&out); exit != 0 || err != nil || errout.String() != "1 line of the side file of sections is not in the FEC\n" {
		t.Errorf("exit %d, %v, %s", exit, err, errout.String())
	}
}

// Wrong use is 2, wrong content is 1.
func TestFECExitCodes(t *testing.T) {
	file, side := fecFile(t, nil)
	broken := filepath.Join(t.TempDir(), "broken.txt")
	if err := os.WriteFile(broken, []byte("Bonjour\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	short := filepath.Join(t.TempDir(), "short.csv")
	if err := os.WriteFile(short, []byte("JournalCode;EcritureNum;Ligne;Section\nVE;1;1;E0001\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		run  func() (int, error)
		exit int
		key  string
	}{
		"check, absent": {func() (int, error) {
			return (&FECCheckCmd{File: file + "x", Stderr: &strings.Builder{}}).Run(&strings.Builder{})
		}, 2, "fec.cmd.absent"},
		"check, directory": {func() (int, error) {
			return (&FECCheckCmd{File: t.TempDir(), Stderr: &strings.Builder{}}).Run(&strings.Builder{})
		}, 2, "fec.cmd.absent"},
		"check, broken": {func() (int, error) {
			return (&FECCheckCmd{File: broken, Stderr: &strings.Builder{}}).Run(&strings.Builder{})
		}, 1, ""},
		"check, disk full": {func() (int, error) { return (&FECCheckCmd{File: broken, Stderr: &strings.Builder{}}).Run(full{}) }, 2, ""},
		"balance, absent":  {func() (int, error) { return (&FECBalanceCmd{File: file + "x"}).Run(&strings.Builder{}) }, 2, "fec.cmd.absent"},
		"balance, broken":  {func() (int, error) { return (&FECBalanceCmd{File: broken}).Run(&strings.Builder{}) }, 1, "fec.read.header"},
		"balance, by what": {func() (int, error) { return (&FECBalanceCmd{File: file, By: "year"}).Run(&strings.Builder{}) }, 2, "fec.cmd.by"},
		"balance, no side": {func() (int, error) { return (&FECBalanceCmd{File: file, By: "activity"}).Run(&strings.Builder{}) }, 2, "fec.cmd.sections"},
		"balance, side gone": {func() (int, error) {
			return (&FECBalanceCmd{File: file, By: "activity", Sections: side + "x"}).Run(&strings.Builder{})
		}, 2, "fec.cmd.absent"},
		"balance, side short": {func() (int, error) {
			return (&FECBalanceCmd{File: file, By: "activity", Sections: short}).Run(&strings.Builder{})
		}, 1, "fec.side.missing"},
		"balance, disk full": {func() (int, error) { return (&FECBalanceCmd{File: file}).Run(full{}) }, 2, ""},
	} {
		exit, err := c.run()
		if exit != c.exit {
			t.Errorf("%s: exit %d, want %d (%v)", name, exit, c.exit, err)
		}
		if all := fault.All(err); c.key != "" && (len(all) != 1 || all[0].Key != c.key) {
			t.Errorf("%s: %v, want %s", name, err, c.key)
		}
	}
}

// full is an output with no room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestLanguageOfTheEnvironment(t *testing.T) {
	for _, c := range []struct{ flag, all, messages, lang, want string }{
		{"", "", "", "", "fr"}, {"", "", "", "C.UTF-8", "fr"}, {"", "", "", "en_GB.UTF-8", "en"}, {"", "", "fr_FR.UTF-8", "en_GB.UTF-8", "fr"},
		{"", "en_US", "fr_FR", "fr_FR", "en"}, {"fr", "en_US", "", "", "fr"}, {"en", "", "", "fr_FR.UTF-8", "en"},
	} {
		t.Setenv("LC_ALL", c.all)
		t.Setenv("LC_MESSAGES", c.messages)
		t.Setenv("LANG", c.lang)
		if got := printer(speech(c.flag)).Lang(); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}
