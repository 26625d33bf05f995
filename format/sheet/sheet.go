// Package sheet reads the tables that people save from a spreadsheet as text, and writes them so that a spreadsheet opens
// them: UTF-8 or Windows-1252, semicolons, commas or tabs, quoted cells that hold separators and new lines (RFC 4180, and
// what Excel and LibreOffice make of it). What is hostile is refused: it is bounded before it is understood.
package sheet

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"essaim/fault"
)

// Bounds of a table.
const (
	MaxBytes = 2 << 20
	MaxRows  = 5000
	MaxCells = 64   // of a row
	MaxCell  = 4000 // bytes of a cell
)

// Read returns the rows of a table; empty ones are left out. Rows may be of different lengths.
func Read(b []byte) ([][]string, error) {
	rows, err := Rows(b, Shape{Bytes: MaxBytes, Rows: MaxRows})
	if err != nil {
		return nil, err
	}
	cells := make([][]string, len(rows))
	for i, r := range rows {
		cells[i] = r.Cells
	}
	return cells, nil
}

// Charset is the encoding of a file's letters.
type Charset string

// The encodings. Guessed takes for UTF-8 what could be, and for Windows-1252 what could not.
const (
	Guessed     Charset = ""
	UTF8        Charset = "utf-8"
	Windows1252 Charset = "windows-1252" // what a French Windows writes
)

// Shape is what is known of a table before it is read: its bounds, and what another program writes it with.
type Shape struct {
	Bytes, Rows int
	Separator   byte // 0: guessed from the first row
	Charset     Charset
}

// Row is one row that is not empty, and where a spreadsheet shows it.
type Row struct {
	N     int // from 1, empty rows counted
	Cells []string
}

// Rows is [Read] for the tables of programs, which are larger and whose separator and encoding are known.
func Rows(b []byte, shape Shape) ([]Row, error) {
	if len(b) > shape.Bytes {
		return nil, fault.New(fault.Invalid, "sheet.large", "max", shape.Bytes>>20)
	}
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	if bytes.ContainsRune(b, 0) {
		return nil, fault.New(fault.Invalid, "sheet.binary")
	}
	valid := utf8.Valid(b)
	switch {
	case shape.Charset == UTF8 && !valid:
		return nil, fault.New(fault.Invalid, "sheet.binary")
	case shape.Charset == Windows1252, !valid:
		var err error
		if b, err = charmap.Windows1252.NewDecoder().Bytes(b); err != nil {
			return nil, fault.New(fault.Invalid, "sheet.binary").Wrap(err)
		}
	}
	sep := shape.Separator
	if sep == 0 {
		sep = separator(string(b))
	}
	return split(string(b), sep, shape.Rows)
}

// separator is the sign that stands most often outside quotes in the first row.
func separator(s string) byte {
	count := map[byte]int{}
	quoted := false
	for i := 0; i < len(s) && (quoted || s[i] != '\n' && s[i] != '\r'); i++ {
		switch c := s[i]; {
		case c == '"':
			quoted = !quoted
		case !quoted:
			count[c]++
		}
	}
	best := byte(';')
	for _, c := range []byte{',', '\t'} {
		if count[c] > count[best] {
			best = c
		}
	}
	return best
}

func split(s string, sep byte, most int) ([]Row, error) {
	var rows []Row
	var row []string
	var cell []byte
	n := 1
	end := func() error {
		if len(cell) > MaxCell {
			return fault.New(fault.Invalid, "sheet.cell", "n", n, "max", MaxCell)
		}
		if row = append(row, strings.TrimSpace(string(cell))); len(row) > MaxCells {
			return fault.New(fault.Invalid, "sheet.wide", "n", n, "max", MaxCells)
		}
		cell = cell[:0]
		return nil
	}
	line := func() error {
		if err := end(); err != nil {
			return err
		}
		for _, c := range row {
			if c != "" {
				rows = append(rows, Row{n, row})
				break
			}
		}
		row = nil
		n++
		if len(rows) > most {
			return fault.New(fault.Invalid, "sheet.long", "max", most)
		}
		return nil
	}
	quoted := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		var err error
		switch {
		case quoted && c == '"' && i+1 < len(s) && s[i+1] == '"':
			cell = append(cell, '"')
			i++
		case quoted && c == '"':
			quoted = false
		case quoted:
			cell = append(cell, c)
		case c == '"' && len(bytes.TrimSpace(cell)) == 0:
			quoted, cell = true, cell[:0]
		case c == sep:
			err = end()
		case c == '\n':
			err = line()
		case c == '\r':
			if i+1 >= len(s) || s[i+1] != '\n' {
				err = line()
			}
		default:
			cell = append(cell, c)
		}
		if err == nil && len(cell) > MaxCell {
			err = fault.New(fault.Invalid, "sheet.cell", "n", n, "max", MaxCell)
		}
		if err != nil {
			return nil, err
		}
	}
	if quoted {
		return nil, fault.New(fault.Invalid, "sheet.quote", "n", n)
	}
	if err := line(); err != nil {
		return nil, err
	}
	return rows, nil
}

// Write writes rows as a French spreadsheet opens them: semicolons, UTF-8 with its mark. What a spreadsheet would take for
// a formula has an apostrophe before it; [Plain] takes it away again.
func Write(rows [][]string) []byte {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	for _, row := range rows {
		for i, c := range row {
			if i > 0 {
				b.WriteByte(';')
			}
			if c != "" && strings.ContainsRune("=+-@'", rune(c[0])) {
				c = "'" + c
			}
			if strings.ContainsAny(c, ";,\t\"\r\n") {
				c = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
			}
			b.WriteString(c)
		}
		b.WriteString("\r\n")
	}
	return b.Bytes()
}

// Plain takes away the apostrophe that keeps a cell from being a formula.
func Plain(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && rest != "" && strings.ContainsRune("=+-@'", rune(rest[0])) {
		return rest
	}
	return cell
}
