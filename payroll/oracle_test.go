package payroll

import (
	"encoding/json"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"essaim/date"
	"essaim/money"
)

type oracleCase struct {
	In struct {
		ID        string      `json:"id"`
		Way       string      `json:"sens"`
		Date      string      `json:"date"`
		Executive bool        `json:"cadre"`
		Staff     int         `json:"effectif"`
		Accident  json.Number `json:"tauxATMP"`
		Mobility  json.Number `json:"tauxVM"`
		Health    json.Number `json:"mutuelle"`
		Hours     json.Number `json:"heuresSemaine"`
		Gross     json.Number `json:"brut"`
		Share     json.Number `json:"ratioAlternants"`
		Tax       json.Number `json:"tauxPAS"`
		Cost      json.Number `json:"coutTotal"`
		Net       json.Number `json:"netAvantImpot"`
	} `json:"entree"`
	Totals map[string]float64 `json:"totaux"`
	Lines  []struct {
		Code   string  `json:"code"`
		Part   string  `json:"part"`
		Amount float64 `json:"montant"`
		Base   float64 `json:"base"`
	} `json:"lignes"`
	Paid map[string]float64 `json:"paie"`
}

func decimal(t *testing.T, n json.Number, scale int64) int64 {
	t.Helper()
	if n == "" {
		return 0
	}
	v, err := scaled(n.String(), scale)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func (c oracleCase) read(t *testing.T) (*Parameters, Employer, Contract, Inputs) {
	t.Helper()
	dmy := strings.Split(c.In.Date, "/")
	day := date.MustParse(dmy[2] + "-" + dmy[1] + "-" + dmy[0])
	e := Employer{Staff: c.In.Staff, Accident: money.Rate(decimal(t, c.In.Accident, 10_000)), Mobility: money.Rate(decimal(t, c.In.Mobility, 10_000)), Apprentices: money.Rate(decimal(t, c.In.Share, 10_000))}
	k := Contract{Regime: Permanent, From: date.MustParse("2020-01-01"), Executive: c.In.Executive, Hours: int(decimal(t, c.In.Hours, 100)), Cover: Cover{Health: money.Cents(decimal(t, c.In.Health, 100)), HealthEmployer: 500_000}}
	in := Inputs{Month: day.Month(), Paid: day, Items: []Item{{Element: "salary", Amount: money.Cents(decimal(t, c.In.Gross, 100))}}}
	if c.In.Tax != "" {
		r := money.Rate(decimal(t, c.In.Tax, 10_000))
		in.Tax = &r
	}
	return Law().On(day.Month()), e, k, in
}

func oracle(t *testing.T) (all []oracleCase) {
	t.Helper()
	b, err := os.ReadFile("testdata/cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var f struct {
		Cases []oracleCase `json:"cas"`
	}
	if err := json.Unmarshal(b, &f); err != nil {
		t.Fatal(err)
	}
	return f.Cases
}

func (f Fine) float(t *testing.T) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(f.String(), 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-6 }

// Every payslip that the Urssaf's model computed from a gross: each line and total within a millionth of a euro without
// rounding, and without a cent of difference as a payslip prints it.
func TestEveryCaseOfTheModel(t *testing.T) {
	for _, c := range oracle(t) {
		if c.In.Way != "brut->tout" {
			continue
		}
		p, e, k, in := c.read(t)
		x, err := ComputeExact(p, e, k, YearToDate{}, in)
		if err != nil {
			t.Fatal(c.In.ID, err)
		}
		got := map[string]Fine{}
		for _, l := range x.Lines {
			got[l.Code+"/"+string(l.Part)] = l.Amount
		}
		for _, l := range c.Lines {
			key := l.Code + "/" + l.Part
			if !near(got[key].float(t), l.Amount) {
				t.Errorf("%s %s: %s, want %v", c.In.ID, key, got[key], l.Amount)
			}
			delete(got, key)
		}
		for key, v := range got {
			if v != 0 {
				t.Errorf("%s: %s is %s, and the model has no such line", c.In.ID, key, v)
			}
		}
		for key, v := range map[string]Fine{"brut": x.Totals.Gross, "assiette": x.Totals.Pay, "plafond_proratise": x.Totals.Ceiling, "csg_base": x.Totals.CSGBase, "cotisations_salarie": x.Totals.Employee,
			"cotisations_employeur": x.Totals.Employer, "net_avant_impot": x.Totals.Net, "montant_net_social": x.Totals.NetSocial, "cout_total_employeur": x.Totals.Cost} {
			if !near(v.float(t), c.Totals[key]) {
				t.Errorf("%s %s: %s, want %v", c.In.ID, key, v, c.Totals[key])
			}
		}
		s, _, err := Compute(p, e, k, YearToDate{}, in)
		if err != nil {
			t.Fatal(c.In.ID, err)
		}
		for key, v := range map[string]money.Cents{"brut": s.Totals.Gross, "cotisations_salarie": s.Totals.Employee, "cotisations_employeur_apres_allegement": s.Totals.Employer, "net_avant_impot": s.Totals.Net,
			"montant_net_social": s.Totals.NetSocial, "net_imposable": s.Totals.NetTaxable, "pas": s.Totals.Tax, "net_paye": s.Totals.Paid, "cout_total_employeur": s.Totals.Cost} {
			if float64(v) != math.Round(c.Paid[key]*100) {
				t.Errorf("%s %s: %s, want %v", c.In.ID, key, v, c.Paid[key])
			}
		}
		if r := float64(s.Totals.TaxRate) / 1e4; !near(r, c.Paid["taux_pas"]) {
			t.Errorf("%s: rate %v, want %v", c.In.ID, r, c.Paid["taux_pas"])
		}
	}
}

// The twelve-month vectors: coefficient, reduction and first slice month by month, to the cent.
func TestYearToDateVectors(t *testing.T) {
	b, err := os.ReadFile("testdata/year_to_date.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []struct {
		Name   string `json:"nom"`
		Mode   string `json:"mode"`
		Delta  string `json:"tdelta"`
		Annual string `json:"annuel"`
		Months []struct {
			N    int    `json:"mois"`
			Pay  string `json:"brut"`
			SMIC string `json:"smic_mois"`
			Coef string `json:"coef"`
			Cum  string `json:"reduction_cumulee"`
			Of   string `json:"reduction_du_mois"`
			T1   string `json:"tranche1_du_mois"`
			T1s  string `json:"tranche1_cumulee"`
		} `json:"mois"`
	}
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	cents := func(s string) money.Cents { return money.Cents(decimal(t, json.Number(s), 100)) }
	for _, v := range all {
		e := Employer{Staff: 30, Accident: 20_800}
		if v.Delta != "0.3781" {
			e.Staff = 60
		}
		k := Contract{Regime: CESA, From: date.MustParse("2020-01-01")}
		if v.Mode != "cesa" {
			k.Regime, k.Hours = Permanent, 35_00
		}
		var y YearToDate
		for _, m := range v.Months {
			month := date.MonthOf(2026, m.N)
			var s Payslip
			s, y, err = Compute(Law().On(month), e, k, y, Inputs{Month: month, Paid: month.Last(), Items: []Item{{Element: "fixed_part", Amount: cents(m.Pay)}}})
			if err != nil {
				t.Fatal(v.Name, err)
			}
			if coef := decimal(t, json.Number(m.Coef), 10_000); s.Totals.Reduction != cents(m.Of) || y.Reduced != cents(m.Cum) || s.Coefficient != coef || y.T1 != cents(m.T1s) {
				t.Errorf("%s, %s: reduction %s, so far %s, coefficient %d, first slice %s; want %s, %s, %d, %s", v.Name, month, s.Totals.Reduction, y.Reduced, s.Coefficient, y.T1, m.Of, m.Cum, coef, m.T1s)
			}
		}
		if y.Reduced != cents(v.Annual) {
			t.Errorf("%s: %s in the year, want %s", v.Name, y.Reduced, v.Annual)
		}
	}
}
