package sheet

import (
	"reflect"
	"strings"
	"testing"

	"essaim/fault"
)

func TestRead(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want [][]string
	}{
		"semicolons":      {"a;b\r\n1,5;2\r\n", [][]string{{"a", "b"}, {"1,5", "2"}}},
		"commas":          {"a,b\n1,2", [][]string{{"a", "b"}, {"1", "2"}}},
		"tabs":            {"a\tb\r1\t2\r", [][]string{{"a", "b"}, {"1", "2"}}},
		"mark of UTF-8":   {"\ufeffé;b", [][]string{{"é", "b"}}},
		"Windows-1252":    {"\xe9t\xe9;\x80", [][]string{{"été", "€"}}},
		"quoted new line": {"a;\"b\r\nc;\"\"d\"\"\";e", [][]string{{"a", "b\r\nc;\"d\"", "e"}}},
		"empty rows":      {"\n;;\n a ;\n", [][]string{{"a", ""}}},
		"quote within":    {"5\" pipe;b", [][]string{{"5\" pipe", "b"}}},
	} {
		got, err := Read([]byte(c.text))
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %q %v", name, got, err)
		}
	}
	for key, text := range map[string]string{
		"sheet.large": strings.Repeat("a;b\n", MaxBytes/4+1), "sheet.long": strings.Repeat("a;b\n", MaxRows+1), "sheet.wide": strings.Repeat(";", MaxCells+1),
		"sheet.cell": strings.Repeat("x", MaxCell+1), "sheet.binary": "PK\x00\x03", "sheet.quote": "a;\"b",
	} {
		if _, err := Read([]byte(text)); len(fault.All(err)) != 1 || fault.All(err)[0].Key != key {
			t.Errorf("%s: %v", key, err)
		}
	}
}

// Whatever comes is read or refused, within its bounds; what was read is read again as it was written.
func FuzzRead(f *testing.F) {
	for _, s := range []string{"a;b\n1;2", "\"a\"\"\n\";b", "\xe9,=1+1\r", "'x\t\"", "\ufeff-1;@a"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		rows, err := Read(b)
		if err != nil {
			if len(fault.All(err)) == 0 {
				t.Fatal(err)
			}
			return
		}
		if len(rows) > MaxRows {
			t.Fatalf("%d rows", len(rows))
		}
		again, err := Read(Write(rows))
		if err != nil {
			return // an apostrophe may make a cell too long
		}
		for i := range again {
			for j := range again[i] {
				again[i][j] = Plain(again[i][j])
			}
		}
		if len(rows) > 0 && !reflect.DeepEqual(rows, again) && !strings.ContainsAny(string(b), "\r") && len(rows[0]) > 1 {
			t.Fatalf("%q, then %q", rows, again)
		}
	})
}
