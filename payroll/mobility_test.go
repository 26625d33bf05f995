package payroll

import (
	"bytes"
	"strings"
	"testing"

	"essaim/date"
	"essaim/fault"
	"essaim/money"
)

// The sample that the program carries says that it is one, and gives each rate from its day on.
func TestSampleOfMobility(t *testing.T) {
	m, err := SampleMobility()
	if err != nil || !m.Sample || m.Len() != 7 {
		t.Fatalf("%v, %+v", err, m)
	}
	for _, c := range []struct {
		commune      string
		on           date.Day
		rate, region money.Rate
		known        bool
	}{
		{"06004", date.Of(2025, 6, 30), 17_500, 0, true},
		{"06004", date.Of(2025, 7, 1), 17_500, 1_500, true},
		{"06004", date.Of(2023, 12, 31), 0, 0, false},
		{"51454", date.Of(2026, 11, 1), 20_000, 0, true},
		{"99999", date.Of(2026, 11, 1), 0, 0, false},
	} {
		got, ok := m.Of(c.commune, c.on)
		if ok != c.known || got.Rate != c.rate || got.Region != c.region {
			t.Errorf("%s on %s: %+v, %v", c.commune, c.on, got, ok)
		}
	}
}

// The three rates are three lines, from eleven on.
func TestMobilityOnAPayslip(t *testing.T) {
	m, err := ReadMobility([]byte("\ufeffCode commune;Libellé;Taux VM;Taux VMA;Taux VMRR;Date d’effet\r\n2a004;Ajaccio;2,00 %;0,50;0,15;01/01/2026\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	r, ok := m.Of("2A004", nov2026.First())
	if !ok || r.Name != "Ajaccio" {
		t.Fatalf("%+v", r)
	}
	k, in := Contract{Regime: CESA, From: longAgo}, month(nov2026, Item{Element: "fixed_part", Amount: 1_000_00})
	for staff, want := range map[int][3]money.Cents{10: {}, 11: {20_00, 5_00, 1_50}} {
		s, _ := paid(t, Employer{Staff: staff, Mobility: r.Rate, MobilityExtra: r.Extra, MobilityRegion: r.Region}, k, YearToDate{}, in)
		a := amounts(s)
		if got := [3]money.Cents{a["versement_mobilite/employeur"], a["versement_mobilite_additionnel/employeur"], a["versement_mobilite_regional/employeur"]}; got != want {
			t.Errorf("%d: %v", staff, got)
		}
	}
}

// Rows come in any order.
func TestMobilityOutOfOrder(t *testing.T) {
	m, err := ReadMobility([]byte("date,code,taux\n2026-07-01,51454,1.9\n2026-01-01,51454,1.8\n2026-01-01,01262,0.6\n"))
	if err != nil {
		t.Fatal(err)
	}
	for on, want := range map[date.Day]money.Rate{date.Of(2026, 6, 30): 18_000, date.Of(2026, 7, 1): 19_000} {
		if r, ok := m.Of("51454", on); !ok || r.Rate != want {
			t.Errorf("on %s: %+v", on, r)
		}
	}
}

func TestMobilityRefused(t *testing.T) {
	const head = "insee;nom;taux;date\n"
	for _, c := range []struct{ name, text, key string }{
		{"empty", "", "payroll.mobility_head"},
		{"no rate", "insee;nom;date\n", "payroll.mobility_column"},
		{"not UTF-8", head + "01262;Gu\xe9ret;1;2026-01-01\n", "payroll.mobility_utf8"},
		{"a code of four", head + "1262;X;1;2026-01-01\n", "payroll.mobility_insee"},
		{"letters", head + "A1262;X;1;2026-01-01\n", "payroll.mobility_insee"},
		{"no such day", head + "01262;X;1;2026-02-30\n", "payroll.mobility_day"},
		{"no rate in the row", head + "01262;X;;2026-01-01\n", "payroll.mobility_rate"},
		{"a rate of 20 %", head + "01262;X;20;2026-01-01\n", "payroll.mobility_rate"},
		{"a negative rate", head + "01262;X;-1;2026-01-01\n", "payroll.mobility_rate"},
		{"words", head + "01262;X;beaucoup;2026-01-01\n", "payroll.mobility_rate"},
		{"twice", head + "01262;X;1;2026-01-01\n01262;X;2;2026-01-01\n", "payroll.mobility_twice"},
		{"a quote left open", head + "\"01262;X;1;2026-01-01\n", "payroll.mobility_row"},
		{"a name without end", head + "01262;" + strings.Repeat("x", 500) + ";1;2026-01-01\n", "payroll.mobility_row"},
		{"a short row", head + "01262\n", "payroll.mobility_day"},
	} {
		m, err := ReadMobility([]byte(c.text))
		if m != nil {
			t.Errorf("%s: taken", c.name)
		}
		refused(t, c.name, err, "file", c.key)
	}
	if _, err := ReadMobility(bytes.Repeat([]byte("x"), MaxMobilityBytes+1)); err == nil {
		t.Error("too large is taken")
	}
	// A table of faults tells the first of them, not all.
	_, err := ReadMobility([]byte(head + strings.Repeat("bad;X;1;2026-01-01\n", 1000)))
	if n := len(fault.All(err)); n != 20 {
		t.Errorf("%d faults", n)
	}
}

func FuzzReadMobility(f *testing.F) {
	f.Add([]byte("insee;nom;taux;date\n01262;Montluel;0.60;2024-01-01\n"))
	f.Add(mobilitySample)
	f.Add([]byte("insee,taux,vma,vmrr,from\n2A004,2,0.5,0.15,01/01/2026\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := ReadMobility(b)
		if err != nil {
			if len(fault.All(err)) == 0 {
				t.Fatalf("no words for %v", err)
			}
			return
		}
		for _, r := range m.rows {
			if got, ok := m.Of(r.Commune, r.From); !ok || got != r {
				t.Fatalf("%+v is read as %+v", r, got)
			}
		}
	})
}
