package payroll

import (
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"

	"essaim/fault"
)

type answer struct {
	ID    string `json:"id"`
	Lines []struct {
		Code   string   `json:"code"`
		Part   string   `json:"part"`
		Base   float64  `json:"base"`
		Rate   *float64 `json:"taux"`
		Amount float64  `json:"montant"`
	} `json:"lignes"`
	Totals map[string]float64     `json:"totaux"`
	Paid   map[string]json.Number `json:"paie"`
	Left   json.Number            `json:"reste"`
}

func answerTo(t *testing.T, c Case) (a answer) {
	t.Helper()
	x, s, err := c.Answer(Law())
	if err != nil {
		t.Fatalf("%s: %v", c.ID, err)
	}
	b, err := AppendAnswer(nil, c, x, s)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &a); err != nil {
		t.Fatalf("%s: %v", b, err)
	}
	return a
}

// The file of the model's cases is read as it is and answered in its own names: every line, total and printed figure.
func TestTheCasesAreAnsweredInTheirOwnNames(t *testing.T) {
	b, err := os.ReadFile("testdata/cases.json")
	if err != nil {
		t.Fatal(err)
	}
	cases, err := ReadCases(b)
	if err != nil || len(cases) != 165 {
		t.Fatal(len(cases), err)
	}
	byLaw := map[string]bool{"net_imposable": true, "taux_pas": true, "pas": true, "net_paye": true}
	for i, want := range oracle(t) {
		if cases[i].Err != nil {
			t.Fatal(want.In.ID, cases[i].Err)
		}
		got := answerTo(t, cases[i])
		if got.ID != want.In.ID {
			t.Errorf("%s in the place of %s", got.ID, want.In.ID)
		}
		if len(got.Totals) != len(want.Totals) {
			t.Errorf("%s: totals %v", got.ID, got.Totals)
		}
		if want.In.Way != "brut->tout" {
			if math.Abs(got.Totals["brut"]-want.Totals["brut"]) > 0.10 {
				t.Errorf("%s: gross %v, want %v", got.ID, got.Totals["brut"], want.Totals["brut"])
			}
			continue
		}
		for name, v := range want.Totals {
			if w, ok := got.Totals[name]; !byLaw[name] && (!ok || !near(w, v)) {
				t.Errorf("%s: %s is %v, want %v", got.ID, name, w, v)
			}
		}
		for name, v := range want.Paid {
			if w, err := got.Paid[name].Float64(); err != nil || w != v {
				t.Errorf("%s: %s is %v, want %v", got.ID, name, got.Paid[name], v)
			}
		}
		lines := map[string]float64{}
		for _, l := range got.Lines {
			lines[l.Code+"/"+l.Part] += l.Amount
			if l.Rate != nil && !near(l.Base**l.Rate/100, l.Amount) {
				t.Errorf("%s %s: %v × %v is not %v", got.ID, l.Code, l.Base, *l.Rate, l.Amount)
			}
		}
		for _, l := range want.Lines {
			if !near(lines[l.Code+"/"+l.Part], l.Amount) {
				t.Errorf("%s %s: %v, want %v", got.ID, l.Code, lines[l.Code+"/"+l.Part], l.Amount)
			}
			delete(lines, l.Code+"/"+l.Part)
		}
		for name, v := range lines {
			if v != 0 {
				t.Errorf("%s: %s of %v is too many", got.ID, name, v)
			}
		}
	}
}

// A case needs an amount and nothing else; numbers are written exactly, cents with two decimals.
func TestACaseNeedsAnAmountOnly(t *testing.T) {
	for text, want := range map[string]string{
		`{"brut": 2500}`: `"net_avant_impot":1957.05`, // health 40, half of it: that of the model's case at 2 500
		`{"brut": 1e3}`:  `"brut":1000.00`,
		`{"entree": {"brut": 2500, "note": null}, "totaux": {"brut": 1}, "paie": null}`:                   `"brut":2500.00`,
		`[{"coutTotal": 3000.00, "effectif": 30, "tauxATMP": 1.12, "tauxVM": 2.01, "sens": "cout→brut"}]`: `"cout_total_employeur":3000.00`,
		`{"netAvantImpot": 1478, "effectif": 30, "tauxATMP": 1.12, "tauxVM": 2.01}`:                       `"reste":0.00`,
		`{"brut": 1823.03, "date": "01/02/2026", "heuresSemaine": 8.75}`:                                  `"smic_rg":455.758333333333`,
		`{"brut": 1000, "regime": "cesa", "id": 7}`:                                                       `"id":7`,
		`{"brut": 4000, "regime": "mandataire", "cadre": true}`:                                           `"taux_pas":`,
		`{"brut": 2500, "alsaceMoselle": true}`:                                                           `"maladie_alsace_moselle"`,
		"\xef\xbb\xbf" + `{"cas": [{"brut": 1}], "meta": {}}`:                                             `"brut":0.01`[:7],
	} {
		cases, err := ReadCases([]byte(text))
		if err != nil || len(cases) != 1 || cases[0].Err != nil {
			t.Errorf("%s: %v %v", text, err, cases)
			continue
		}
		x, s, err := cases[0].Answer(Law())
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		b, err := AppendAnswer(nil, cases[0], x, s)
		if err != nil || !strings.Contains(string(b), want) || !json.Valid(b) {
			t.Errorf("%s: no %s in %s", text, want, b)
		}
	}
}

// What cannot be computed is told on the case's own field, and the others are computed.
func TestWhatACaseCannotSay(t *testing.T) {
	for text, want := range map[string]string{
		`{}`:                                 "brut payroll.wire.missing",
		`7`:                                  " payroll.wire.object",
		`null`:                               " payroll.wire.object",
		`{"entree": 3}`:                      " payroll.wire.object",
		`{"brut": 2500, "salaire": 1}`:       "salaire payroll.wire.unknown",
		`{"entree": {"brut": 2500}, "x": 1}`: "x payroll.wire.unknown",
		`{"brut": "2500"}`:                   "brut payroll.wire.number",
		`{"brut": 2500.001}`:                 "brut payroll.wire.number",
		`{"brut": 1e999999999}`:              "brut payroll.wire.number",
		`{"brut": -1}`:                       "brut payroll.wire.amount",
		`{"brut": 2000000}`:                  "brut payroll.large",
		`{"brut": 1, "coutTotal": 2}`:        "sens payroll.wire.way_missing",
		`{"brut": 1, "sens": "net->tout"}`:   "sens payroll.wire.way",
		`{"brut": 1, "sens": "cout->brut"}`:  "coutTotal payroll.wire.missing",
		`{"coutTotal": 10}`:                  "coutTotal payroll.inverse.cost",
		`{"brut": 1, "date": "2026-07-01"}`:  "date payroll.wire.date",
		`{"brut": 1, "date": "31/02/2026"}`:  "date payroll.wire.date",
		`{"brut": 1, "date": "01/07/2019"}`:  "date payroll.before",
		`{"brut": 1, "regime": "apprenti"}`:  "regime payroll.regime",
		`{"brut": 1, "regime": "cesa", "heuresSemaine": 35}`: "heuresSemaine payroll.hours_cesa",
		`{"brut": 1, "heuresSemaine": 1e10}`:                 "heuresSemaine payroll.hours",
		`{"brut": 1, "tauxATMP": 101}`:                       "tauxATMP payroll.rate",
		`{"brut": 1, "tauxPAS": 101}`:                        "tauxPAS payroll.rate",
		`{"brut": 1, "effectif": -3}`:                        "effectif payroll.staff",
		`{"brut": 1, "cadre": "oui"}`:                        "cadre payroll.wire.yes",
		`{"brut": 1, "mutuelle": 1e9}`:                       "mutuelle payroll.health",
		`{"brut": 1, "id": {}}`:                              "id payroll.wire.id",
		`{"brut": 1, "note": 3}`:                             "note payroll.wire.text",
	} {
		cases, err := ReadCases([]byte("[" + text + `, {"brut": 2500}]`))
		if err != nil || len(cases) != 2 {
			t.Errorf("%s: %v", text, err)
			continue
		}
		_, _, err = cases[0].Answer(Law())
		if all := fault.All(err); len(all) == 0 || all[0].Field+" "+all[0].Key != want {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
		answerTo(t, cases[1])
	}
	for _, text := range []string{"", "[", "truc", `"x"`, "3", `{"cas": 3}`, strings.Repeat("[", 20_000)} {
		if _, err := ReadCases([]byte(text)); err == nil {
			t.Errorf("%.20q is read", text)
		}
	}
}

// Whatever a file holds, answers that are JSON or a refusal.
func FuzzReadCases(f *testing.F) {
	f.Add([]byte(`[{"brut": 2500, "date": "01/02/2026", "cadre": true, "effectif": 30, "tauxATMP": 1.12, "tauxVM": 2.01, "mutuelle": 40, "heuresSemaine": 17.5, "id": "C1"}, {"coutTotal": 3000, "sens": "cout->brut"}]`))
	f.Add([]byte(`{"cas": [{"entree": {"netAvantImpot": 1e3, "tauxPAS": 7.8, "regime": "cesa", "ratioAlternants": 0.5}, "paie": {}}]}`))
	f.Add([]byte(`[{"brut": 1e-30, "id": 1e999, "effectif": 1e12}, null, [], {"entree": null}]`))
	f.Fuzz(func(t *testing.T, b []byte) {
		cases, err := ReadCases(b)
		if err != nil {
			if len(fault.All(err)) == 0 {
				t.Fatalf("%v is no refusal", err)
			}
			return
		}
		for i, c := range cases[:min(len(cases), 20)] {
			x, s, err := c.Answer(Law())
			var out []byte
			if err != nil {
				if len(fault.All(err)) == 0 {
					t.Fatalf("%v is no refusal", err)
				}
				out, err = AppendRefusal(nil, c, i+1, err.Error())
			} else {
				holds(t, s)
				out, err = AppendAnswer(nil, c, x, s)
			}
			if err != nil || !json.Valid(out) {
				t.Fatalf("%s %v", out, err)
			}
		}
	})
}
