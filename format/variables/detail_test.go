package variables

import (
	"bytes"
	"testing"

	"essaim/date"
	"essaim/money"
)

// The detail that is written is the detail that is read: each part apart, with its base and its rate; a row of totals and a
// row of nobody are no lines.
func TestDetailsComeBack(t *testing.T) {
	m := shippedReturn(t, "csv", OfLines)
	base, worker, boss := money.Cents(2500_00), money.Rate(69_000), money.Rate(85_500)
	want := []Detail{{Matricule: "M7", Month: date.MonthOf(2026, 11), Code: "vieillesse_plafonnee", Base: &base, Rate: &worker, Amount: 172_50}, {Matricule: "M7", Month: date.MonthOf(2026, 11), Code: "vieillesse_plafonnee", Employer: true, Base: &base, Rate: &boss, Amount: 213_75}}
	var b bytes.Buffer
	if err := WriteDetails(&b, m, want); err != nil {
		t.Fatal(err)
	}
	b.WriteString("Total;;;;;;;;;172,50;;213,75\r\n")
	people := []Person{{Matricule: "M7", Last: "Le Goff"}}
	got, err := ReadDetails(b.Bytes(), m, people, date.MonthOf(2026, 11))
	if err != nil || len(got) != 2 {
		t.Fatalf("%v %+v", err, got)
	}
	for i, d := range got {
		if d.Person != 0 || d.Employer != want[i].Employer || *d.Base != base || *d.Rate != *want[i].Rate || d.Amount != want[i].Amount || d.Code != want[i].Code {
			t.Errorf("%+v", d)
		}
	}
	b.WriteString("M8;;;;11/2026;atmp;;10,00;;;2,00;0,20\r\nM7;;;;10/2026;atmp;;10,00;;;2,00;0,20\r\nM7;;;;11/2026;;;10,00;;;2,00;0,20\r\nM7;;;;11/2026;atmp;;dix;;;2,00;0,20\r\n")
	got, err = ReadDetails(b.Bytes(), m, people, date.MonthOf(2026, 11))
	if len(got) != 2 {
		t.Errorf("%d lines", len(got))
	}
	refused(t, err, "lines[5].matricule variables.unknown_person", "lines[6].month variables.other_month", "lines[7].code variables.cell_empty", "lines[8].base variables.cell")
	m.Codes = map[string][]string{"4500": {"fnal", "csa"}, "NET": {}}
	if err := m.Check(); err != nil || len(m.Ours("4500")) != 2 || len(m.Ours("NET")) != 0 || m.Ours("atmp")[0] != "atmp" {
		t.Errorf("%v %v", err, m.Ours("4500"))
	}
}

func FuzzReadDetails(f *testing.F) {
	m, err := ShippedReturn("csv", OfLines)
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte("Matricule;Rubrique;Base;Montant salarial\nM7;atmp;10,00;1,00\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		all, _ := ReadDetails(b, m, []Person{{Matricule: "M7"}}, 0)
		for _, d := range all {
			if d.Person != 0 || d.Code == "" || d.Amount == 0 {
				t.Errorf("%+v", d)
			}
		}
	})
}
