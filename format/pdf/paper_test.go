package pdf

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"essaim/sale"
)

// papers are the documents of testdata and the number of their pages.
var papers = map[string]int{
	"avoir": 1, "brouillon": 1, "devis": 1, "devis-signe": 1, "facture": 1, "facture-longue": 3, "invoice-en": 1, "limites": 3, "recu": 1,
}

// read fills a value from a file of testdata.
func read[T any](tb testing.TB, name string) T {
	tb.Helper()
	b, err := os.ReadFile("testdata/" + name + ".json")
	if err != nil {
		tb.Fatal(err)
	}
	var v T
	if err := json.Unmarshal(b, &v); err != nil {
		tb.Fatalf("%s: %v", name, err)
	}
	return v
}

func paper(tb testing.TB, name string) sale.Paper { tb.Helper(); return read[sale.Paper](tb, name) }

func made(tb testing.TB, name string) []byte {
	tb.Helper()
	out, err := Document(paper(tb, name))
	if err != nil {
		tb.Fatal(err)
	}
	return out
}

// poppler runs a tool of poppler-utils on a document and returns what it says.
func poppler(t *testing.T, doc []byte, tool string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(tool)
	if err != nil {
		t.Fatalf("%s is missing: apt-get install poppler-utils", tool)
	}
	file := filepath.Join(t.TempDir(), "document.pdf")
	if err := os.WriteFile(file, doc, 0o600); err != nil {
		t.Fatal(err)
	}
	args = append(args, file)
	if tool == "pdftotext" {
		args = append(args, "-")
	}
	var complaint strings.Builder
	cmd := exec.Command(path, args...)
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil || complaint.Len() > 0 {
		t.Fatalf("%s: %v %s", tool, err, complaint.String())
	}
	return string(out)
}

// texts lists every text inside a value.
func texts(v reflect.Value) []string {
	var all []string
	switch v.Kind() {
	case reflect.String:
		if v.Type() == reflect.TypeFor[string]() { // a named type is a code, not a text
			all = append(all, v.String())
		}
	case reflect.Slice:
		for i := range v.Len() {
			all = append(all, texts(v.Index(i))...)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if name := v.Type().Field(i).Name; name != "Lang" {
				all = append(all, texts(v.Field(i))...)
			}
		}
	}
	return all
}

// printed lists the texts that a paper must show: all of it, without the titles of columns that no row fills.
func printed(p sale.Paper) []string {
	for _, column := range []struct {
		title *string
		of    func(sale.PaperRow) string
	}{
		{&p.Head.Quantity, func(r sale.PaperRow) string { return r.Quantity }},
		{&p.Head.Price, func(r sale.PaperRow) string { return r.Price }},
		{&p.Head.Discount, func(r sale.PaperRow) string { return r.Discount }},
		{&p.Head.Rate, func(r sale.PaperRow) string { return r.Rate }},
		{&p.Head.Amount, func(r sale.PaperRow) string { return r.Amount }},
	} {
		filled := false
		for _, r := range p.Rows {
			filled = filled || column.of(r) != ""
		}
		if !filled {
			*column.title = ""
		}
	}
	return texts(reflect.ValueOf(p))
}
