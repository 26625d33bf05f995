package fec_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"essaim/format/fec"
	"essaim/i18n"
)

var update = flag.Bool("update", false, "write the findings of testdata/check anew")

// Each directory of testdata/check holds one document and the findings that it must give, no more and no less. Those
// whose name begins with "valid" have none; those named after a rule break it.
func TestDocuments(t *testing.T) {
	dirs, err := os.ReadDir("testdata/check")
	if err != nil {
		t.Fatal(err)
	}
	if len(dirs) < 60 {
		t.Fatalf("only %d documents", len(dirs))
	}
	broken := map[string]bool{}
	for _, dir := range dirs {
		t.Run(dir.Name(), func(t *testing.T) {
			home := filepath.Join("testdata/check", dir.Name())
			files, err := filepath.Glob(home + "/*.txt")
			if err != nil || len(files) != 1 {
				t.Fatalf("%d documents, %v", len(files), err)
			}
			got, rules := findings(t, files[0])
			golden := filepath.Join(home, "findings.csv")
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("findings\n%s\nwant\n%s", got, want)
			}
			if strings.HasPrefix(dir.Name(), "valid") && !strings.HasPrefix(dir.Name(), "valid-before") && dir.Name() != "valid-order" && len(got) > 0 {
				t.Errorf("a valid document has findings:\n%s", got)
			}
			for rule := range rules {
				if strings.HasPrefix(dir.Name(), rule) {
					broken[rule] = true
				}
			}
		})
	}
	for _, r := range fec.Rules() {
		if !broken[r.String()] {
			t.Errorf("no document breaks the rule %s", r)
		}
	}
}

// findings checks a document and returns what is printed and the rules broken.
func findings(t *testing.T, file string) ([]byte, map[string]bool) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []byte
	rules := map[string]bool{}
	s, err := fec.Check(bytes.NewReader(text), fec.Options{Name: filepath.Base(file)}, func(found fec.Finding) {
		out = append(found.Append(out, i18n.For("fr")), '\n')
		rules[found.Rule.String()] = true
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(out, []byte("\n")); n != s.Errors+s.Warnings {
		t.Errorf("%d findings printed, %d errors and %d warnings counted", n, s.Errors, s.Warnings)
	}
	for line := range bytes.Lines(out) {
		if bytes.Count(line, []byte(";")) != 3 {
			t.Errorf("not four cells: %s", line)
		}
	}
	return out, rules
}

// The table of the package comment names every rule with its severity, in the order of the code.
func TestRuleTableOfTheComment(t *testing.T) {
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for line := range strings.Lines(string(text)) {
		cells := strings.Fields(strings.TrimPrefix(line, "//"))
		if len(cells) > 3 && strings.HasPrefix(line, "//\t") && (cells[1] == "error" || cells[1] == "warning") {
			told = append(told, cells[0]+" "+cells[1])
		}
	}
	var want []string
	for _, r := range fec.Rules() {
		severity := "error"
		if r.Severity() == fec.Warning {
			severity = "warning"
		}
		want = append(want, r.String()+" "+severity)
	}
	if a, b := strings.Join(told, "\n"), strings.Join(want, "\n"); a != b {
		t.Errorf("the comment tells\n%s\nthe code has\n%s", a, b)
	}
	for _, lang := range []string{"fr", "en"} {
		for _, r := range fec.Rules() {
			if !i18n.For(lang).Has("fec.rule." + r.String()) {
				t.Errorf("%s has no words for the rule %s", lang, r)
			}
		}
	}
}
