package payroll_test

import (
	"strings"
	"testing"

	"essaim/fault"
	"essaim/format/sheet"
	"essaim/money"
	"essaim/payroll"
)

func taxLines(t *testing.T, text string) []payroll.TaxLine {
	t.Helper()
	rows, err := sheet.Read([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	lines, err := payroll.ReadTaxLines(rows)
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// A rate above 100 %, a rate that is none, a line without anybody and a person who stands twice are refused by line; the
// other lines are taken.
func TestTaxFileRefusesByLine(t *testing.T) {
	lines := taxLines(t, "Matricule;Nom;Taux PAS\nE001;Le Goff;5,3\nE002;Quéré;130\n;Tissot;2\nE004;Roux;douze\nE005;Costa;neutre\nE006;A;1\nE 006;A;2\nE007;B;\n")
	for i, want := range []string{"", "payroll.tax_file.rate_range", "payroll.tax_file.nobody", "payroll.tax_file.rate_odd", "", "payroll.tax_file.twice", "payroll.tax_file.twice", "payroll.tax_file.rate_missing"} {
		got := ""
		if all := fault.All(lines[i].Refuse); len(all) > 0 {
			got = all[0].Key
		}
		if got != want || lines[i].N != i+2 {
			t.Errorf("line %d: %q, wants %q", lines[i].N, got, want)
		}
	}
	if lines[0].Tax == nil || *lines[0].Tax != 5_3000 {
		t.Errorf("5,3 %% is read %v", lines[0].Tax)
	}
	if lines[4].Tax != nil || lines[4].Refuse != nil {
		t.Error("the neutral grid is not read")
	}
}

// Without titles the first column says who and the second the rate; a title row that lacks one of them is refused, since
// what stands there cannot be guessed.
func TestTaxFileColumns(t *testing.T) {
	lines := taxLines(t, "E001;5,3 %\n2 55 08 99 123 456 12;0\n")
	if len(lines) != 2 || lines[0].Who != "E001" || lines[1].Who != "255089912345612" || lines[1].Tax == nil || *lines[1].Tax != 0 {
		t.Errorf("%+v", lines)
	}
	for text, key := range map[string]string{"Matricule;Nom\nE1;x\n": "payroll.tax_file.no_rate", "Nom;Taux\nx;1\n": "payroll.tax_file.no_who", "Matricule;Taux\n": "sheet.nothing"} {
		rows, err := sheet.Read([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if _, err = payroll.ReadTaxLines(rows); err == nil || fault.All(err)[0].Key != key {
			t.Errorf("%q: %v, wants %s", text, err, key)
		}
	}
}

// A person is named by matricule, by NIR with or without its key, however it is spaced, and by nothing when there is none.
func TestTaxFileNames(t *testing.T) {
	p := payroll.Person{Number: "e-12", NIR: "255081416802538"}
	for who, want := range map[string]bool{"E12": true, "2 55 08 14 168 025 38": true, "2550814168025": true, "25508141680253": false, "": false, "E1": false} {
		if p.Same(who) != want {
			t.Errorf("%q: %v", who, !want)
		}
	}
	if (payroll.Person{}).Same("") {
		t.Error("nobody is named by nothing")
	}
}

func FuzzTaxFile(f *testing.F) {
	f.Add("Matricule;Taux\nE1;5,3\n")
	f.Add("E1\t101\nE1\tneutre")
	f.Fuzz(func(t *testing.T, text string) {
		rows, err := sheet.Read([]byte(text))
		if err != nil {
			return
		}
		lines, err := payroll.ReadTaxLines(rows)
		if err != nil {
			return
		}
		taken := map[string]bool{}
		for _, l := range lines {
			if l.Refuse != nil {
				continue
			}
			if l.Tax != nil && (*l.Tax < 0 || *l.Tax > money.One) {
				t.Errorf("a rate of %v is taken", *l.Tax)
			}
			if l.Who == "" || strings.ContainsAny(l.Who, " \t") || taken[l.Who] {
				t.Errorf("%q is taken", l.Who)
			}
			taken[l.Who] = true
		}
	})
}
