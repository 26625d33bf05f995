package sheet

import (
	"slices"
	"testing"

	"essaim/fault"
)

// A table of another program keeps the numbers of its rows, and is read with the separator and the encoding that are known of it.
func TestRowsOfAProgram(t *testing.T) {
	shape := Shape{Bytes: 1000, Rows: 3, Separator: ',', Charset: Windows1252}
	rows, err := Rows([]byte("a;b,\xe9\n\n,\n\"c\nd\",e\n"), shape)
	if err != nil || len(rows) != 2 || rows[0].N != 1 || rows[1].N != 4 || !slices.Equal(rows[0].Cells, []string{"a;b", "é"}) || rows[1].Cells[0] != "c\nd" {
		t.Errorf("%v %v", err, rows)
	}
	if rows, err := Rows([]byte("Ã©"), shape); err != nil || rows[0].Cells[0] != "ÃƒÂ©" {
		t.Errorf("%v %v: what could be UTF-8 is not guessed when it is known", err, rows)
	}
	shape.Charset = UTF8
	for name, b := range map[string]string{"sheet.binary": "\xe9", "sheet.long": "1\n2\n3\n4\n", "sheet.large": string(make([]byte, 1001))} {
		if _, err := Rows([]byte(b), shape); len(fault.All(err)) != 1 || fault.All(err)[0].Key != name {
			t.Errorf("%s: %v", name, err)
		}
	}
}
