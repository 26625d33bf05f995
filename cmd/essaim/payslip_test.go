package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func payslips(t *testing.T, lang speech, text string) (exit int, all []map[string]json.RawMessage) {
	t.Helper()
	var out bytes.Buffer
	exit, err := (&PayslipCmd{File: "-", Lang: lang, Stdin: strings.NewReader(text)}).Run(&out)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out.Bytes(), &all); err != nil {
		t.Fatalf("%s: %v", out.Bytes(), err)
	}
	return exit, all
}

// Cases are answered in their order; one that cannot be computed is told in the person's language and stops nothing.
func TestPayslipsOfAFile(t *testing.T) {
	text := `[{"id": "A", "brut": 2500, "effectif": 30, "tauxATMP": 3.4, "tauxVM": 3.2, "date": "01/07/2026"}, {"id": "B", "brut": 2500, "cadre": "oui", "salaire": 1}, {"id": "C", "sens": "cout->brut", "coutTotal": 10}, {"id": "D", "netAvantImpot": 1478}]`
	exit, all := payslips(t, "fr", text)
	if exit != exitFound || len(all) != 4 {
		t.Fatalf("exit %d, %v", exit, all)
	}
	for i, id := range []string{`"A"`, `"B"`, `"C"`, `"D"`} {
		if string(all[i]["id"]) != id {
			t.Errorf("%s in the place of %s", all[i]["id"], id)
		}
	}
	var paid map[string]json.RawMessage
	if err := json.Unmarshal(all[0]["paie"], &paid); err != nil || string(paid["cout_total_employeur"]) != "3258.50" || string(paid["pas"]) != "59.42" || string(paid["taux_pas"]) != "2.9" {
		t.Errorf("%s %v", all[0]["paie"], err)
	}
	said := func(i int) (s string) {
		if err := json.Unmarshal(all[i]["erreur"], &s); err != nil {
			t.Fatal(err)
		}
		return s
	}
	if s := said(1); !strings.Contains(s, "cadre\u00a0: true ou false est attendu.") || !strings.Contains(s, "«\u00a0salaire\u00a0» n’existe pas") {
		t.Error(s)
	}
	if s := said(2); !strings.Contains(s, "coutTotal\u00a0:") || !strings.Contains(s, "Il manque 10,00") {
		t.Error(s)
	}
	if string(all[1]["rang"]) != "2" || all[1]["paie"] != nil || all[3]["paie"] == nil {
		t.Errorf("%v", all)
	}
	if _, all = payslips(t, "en", text); !strings.Contains(said(2), "is missing") {
		t.Error(said(2))
	}
	if exit, all := payslips(t, "fr", "[]"); exit != exitClean || len(all) != 0 {
		t.Errorf("exit %d, %v", exit, all)
	}
	if exit, all := payslips(t, "fr", `{"brut": 1}`); exit != exitClean || len(all) != 1 {
		t.Errorf("exit %d, %v", exit, all)
	}
}

// The cases of the model go through the command as they are; what is no file of cases is refused whole.
func TestPayslipFiles(t *testing.T) {
	var out, stderr bytes.Buffer
	if exit := run([]string{"payslip", filepath.Join("..", "..", "payroll", "testdata", "cases.json")}, &out, &stderr); exit != exitClean {
		t.Fatalf("exit %d: %s", exit, stderr.String())
	}
	var all []map[string]json.RawMessage
	if err := json.Unmarshal(out.Bytes(), &all); err != nil || len(all) != 165 {
		t.Fatal(len(all), err)
	}
	broken := filepath.Join(t.TempDir(), "broken.json")
	if err := os.WriteFile(broken, []byte(`[{"brut": 1`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"payslip"}, {"payslip", broken}, {"payslip", broken + ".absent"}, {"payslip", t.TempDir()}} {
		stderr.Reset()
		if exit := run(args, &out, &stderr); exit != exitUsage || stderr.Len() == 0 {
			t.Errorf("%v: exit %d, %q", args, exit, stderr.String())
		}
	}
}
