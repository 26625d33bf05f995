package variables

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"

	"essaim/date"
	"essaim/fault"
	"essaim/format/sheet"
	"essaim/money"
)

// maxText is where a comment is cut, in bytes: well below what a reader of tables takes.
const maxText = 1000

// Write writes the variables of a month as the mapping says. A row that the mapping cannot carry whole (an element without a code, a
// person without the number that the software knows them by, days or an amount without a column) is left out and told in the
// error, a [fault.Error] each on rows[i], with the person's name; the others are written, and the caller decides whether a file
// from which something is missing leaves. Nothing is written when the mapping itself is wrong or there are too many rows.
// Comments (label, note) are carried where the mapping has a column for them.
func Write(w io.Writer, m Mapping, rows []Row) error {
	if err := m.Check(); err != nil {
		return err
	}
	if len(rows) > MaxRows {
		return fault.New(fault.Invalid, "variables.rows", "max", MaxRows)
	}
	var errs []error
	var good []int
	for i, r := range rows {
		if err := m.carries(r); err != nil {
			errs = append(errs, fault.Prefix(fmt.Sprintf("rows[%d]", i), err))
			continue
		}
		good = append(good, i)
	}
	table := make([][]string, 0, len(good)+1)
	if m.Header {
		titles := make([]string, len(m.Columns))
		for i, c := range m.Columns {
			titles[i] = c.Title
		}
		table = append(table, titles)
	}
	if m.Layout == ByElement {
		for _, i := range good {
			table = append(table, m.cells(rows[i], nil))
		}
	} else {
		persons, err := m.byPerson(rows, good)
		errs, table = append(errs, err), append(table, persons...)
	}
	if _, err := w.Write(m.Format.encode(table)); err != nil {
		return err
	}
	return errors.Join(errs...)
}

// carries tells why a row cannot leave by this mapping; nil when all of it can.
func (m Mapping) carries(r Row) error {
	name := line(r.Person.Name())
	k, known := of(r.Element)
	if !known {
		return fault.At("element", "variables.unknown_element", "element", line(string(r.Element)), "name", name)
	}
	code, coded := m.Codes[r.Element]
	has := func(s Source) bool {
		return slices.ContainsFunc(m.Columns, func(c Column) bool {
			return c.Source == s && (m.Layout == ByElement || c.Element == r.Element)
		})
	}
	if m.Layout == ByPerson {
		coded = slices.ContainsFunc(m.Columns, func(c Column) bool { return c.Element == r.Element })
	}
	if !coded {
		return fault.At("element", "variables.no_code", "element", r.Element.said(), "name", name)
	}
	if code.Example {
		return fault.At("element", "variables.code_example", "element", r.Element.said(), "name", name, "code", code.Code)
	}
	measure := k.measure
	if code.Value != "" {
		measure = code.Value
	}
	for _, part := range []struct {
		there bool
		field string
		ok    bool
	}{
		{r.Amount != 0, "amount", has(FromAmount) || has(FromValue) && measure == Euros},
		{r.Quantity != 0, "quantity", has(FromQuantity) || has(FromValue) && measure == Number},
		{r.Base != 0, "base", has(FromBase)},
		{r.Rate != 0, "rate", has(FromRate)},
		{k.dated && r.From != 0, "from", has(FromFrom)},
		{k.dated && r.Until != 0 && r.Until != r.From, "until", has(FromUntil)},
	} {
		if part.there && !part.ok {
			return fault.At(part.field, "variables.no_column", "element", r.Element.said(), "name", name)
		}
	}
	switch {
	case k.dated && r.From == 0:
		return fault.At("from", "variables.no_day", "element", r.Element.said(), "name", name)
	case r.Until != 0 && r.Until < r.From:
		return fault.At("until", "variables.days_turned", "element", r.Element.said(), "name", name)
	case r.Amount.Abs() > money.Max || r.Base.Abs() > money.Max || r.Quantity > money.MaxMicro || r.Quantity < -money.MaxMicro ||
		r.Rate > 10*money.One || r.Rate < -10*money.One:
		return fault.At("value", "variables.great", "element", r.Element.said(), "name", name)
	}
	for _, c := range m.Columns {
		text := m.cell(c, r)
		if c.Required && text == "" && (c.Element == "" || c.Element == r.Element) {
			return fault.At(string(c.Source), "variables.required", "column", c.name(), "name", name)
		}
		// A number that someone is known by is not written otherwise than it is.
		if key := line(r.Person.Matricule); c.Source == FromMatricule && (!m.encodable(key) || len(key) > maxWords) {
			return fault.At(string(c.Source), "variables.unwritable", "column", c.name(), "name", name)
		}
	}
	return nil
}

// name is how a refusal calls the column.
func (c Column) name() string {
	if c.Title != "" {
		return c.Title
	}
	return string(c.Source)
}

// cells writes one row; only says of which element a column may speak, in a file of one row per person.
func (m Mapping) cells(r Row, only func(Column) bool) []string {
	cells := make([]string, len(m.Columns))
	for i, c := range m.Columns {
		if only == nil || only(c) {
			cells[i] = m.cell(c, r)
		}
	}
	return cells
}

// cell writes one cell.
func (m Mapping) cell(c Column, r Row) string {
	pattern := c.Date
	if pattern == "" {
		pattern = m.Date
	}
	sign := int64(1)
	code := m.Codes[r.Element]
	if code.Negate {
		sign = -1
	}
	measure := r.Element.Measure()
	if code.Value != "" {
		measure = code.Value
	}
	switch c.Source {
	case FromMatricule:
		return m.text(r.Person.Matricule)
	case FromNIR:
		return digits(r.Person.NIR)
	case FromLast:
		return m.text(r.Person.Last)
	case FromFirst:
		return m.text(r.Person.First)
	case FromName:
		return m.text(r.Person.Name())
	case FromMonth, FromStart:
		return writeDay(pattern, r.Month.First())
	case FromEnd:
		return writeDay(pattern, r.Month.Last())
	case FromCode:
		return m.text(code.Code)
	case FromElement:
		return string(r.Element)
	case FromCodeLabel:
		return m.text(code.Label)
	case FromAmount:
		if r.Amount == 0 && measure != Euros {
			return ""
		}
		return m.amount(r.Amount * money.Cents(sign))
	case FromQuantity:
		if r.Quantity == 0 && measure != Number {
			return ""
		}
		return m.quantity(r.Quantity * money.Micro(sign))
	case FromValue:
		switch measure {
		case Euros:
			return m.amount(r.Amount * money.Cents(sign))
		case Number:
			return m.quantity(r.Quantity * money.Micro(sign))
		case Event:
		}
		return ""
	case FromBase:
		if r.Base == 0 {
			return ""
		}
		return m.amount(r.Base)
	case FromRate:
		if r.Rate == 0 {
			return ""
		}
		return m.percent(r.Rate)
	case FromFrom:
		return writeDay(pattern, r.From)
	case FromUntil:
		return writeDay(pattern, r.Until)
	case FromLabel:
		return m.text(r.Label)
	case FromNote:
		return m.text(r.Note)
	case FromConstant:
		return m.text(c.Constant)
	}
	return ""
}

// byPerson folds rows into one per person and month. Amounts of the same element add up; two that have days of their own, or another
// rate or comment, cannot share a cell, and the second is told.
func (m Mapping) byPerson(rows []Row, good []int) ([][]string, error) {
	type key struct {
		matricule, nir, last, first string
		month                       date.Month
	}
	type cell struct {
		key     key
		element Element
	}
	var order []key
	table := map[key][]string{}
	sums := map[cell]Row{}
	var errs []error
	for _, i := range good {
		r := rows[i]
		k := key{r.Person.Matricule, digits(r.Person.NIR), r.Person.Last, r.Person.First, r.Month}
		if table[k] == nil {
			order = append(order, k)
			table[k] = m.cells(r, func(c Column) bool { return c.Element == "" })
		}
		at := cell{k, r.Element}
		if before, twice := sums[at]; twice {
			sum := r
			sum.Amount, sum.Quantity = before.Amount+r.Amount, before.Quantity+r.Quantity
			same := before
			same.Amount, same.Quantity = sum.Amount, sum.Quantity
			if sum != same || r.Base != 0 || sum.Amount.Abs() > money.Max || sum.Quantity > money.MaxMicro || sum.Quantity < -money.MaxMicro {
				errs = append(errs, fault.At(fmt.Sprintf("rows[%d]", i), "variables.same_cell", "element", r.Element.said(), "name", line(r.Person.Name())))
				continue
			}
			r = sum
		}
		sums[at] = r
		for j, c := range m.Columns {
			if c.Element == r.Element {
				table[k][j] = m.cell(c, r)
			}
		}
	}
	out := make([][]string, len(order))
	for i, k := range order {
		out[i] = table[k]
	}
	return out, errors.Join(errs...)
}

// text makes a text cell: one line, of letters that the encoding has, and no formula. A letter that Windows-1252 lacks loses its
// accent or becomes a question mark; that is allowed of names and comments, and not of the numbers that a person is known by.
func (f Format) text(s string) string {
	s = line(s)
	if len(s) > maxText { // a comment: what is known by its number is refused before
		s = line(strings.ToValidUTF8(s[:maxText], "")) + "…"
	}
	if f.encodable(s) {
		return s
	}
	var b strings.Builder
	for _, r := range norm.NFC.String(s) {
		if windows(r) {
			b.WriteRune(r)
			continue
		}
		plain := '?'
		for _, d := range norm.NFKD.String(string(r)) {
			if windows(d) {
				plain = d
			}
			break
		}
		b.WriteRune(plain)
	}
	return line(b.String())
}

// windows says whether Windows-1252 has the letter.
func windows(r rune) bool {
	_, ok := charmap.Windows1252.EncodeRune(r)
	return ok
}

// encode writes a table as the format says. A text that a spreadsheet would take for a formula has an apostrophe before it, which
// [sheet.Plain] takes away; a number is none.
func (f Format) encode(table [][]string) []byte {
	var b bytes.Buffer
	if f.Charset == UTF8BOM {
		b.WriteString("\ufeff")
	}
	newline := "\r\n"
	if f.Newline == "lf" {
		newline = "\n"
	}
	for _, row := range table {
		for i, c := range row {
			if i > 0 {
				b.WriteString(f.Separator)
			}
			if c != "" && strings.ContainsRune("=+-@'", rune(c[0])) && !f.numeric(c) {
				c = "'" + c
			}
			if strings.ContainsAny(c, f.Separator+"\"") {
				c = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
			}
			b.WriteString(c)
		}
		b.WriteString(newline)
	}
	if f.Charset != Windows1252 {
		return b.Bytes()
	}
	out := make([]byte, 0, b.Len())
	for _, r := range b.String() {
		c, ok := charmap.Windows1252.EncodeRune(r)
		if !ok { // cannot be: every text went through [Format.text]
			c = '?'
		}
		out = append(out, c)
	}
	return out
}

// numeric says whether a cell is a plain number of the format, which no spreadsheet computes.
func (f Format) numeric(s string) bool {
	rest := strings.TrimPrefix(s, "-")
	whole, frac, parted := strings.Cut(rest, f.Decimal)
	plain := func(s string) bool {
		return s != "" && strings.Trim(s, "0123456789") == ""
	}
	return plain(whole) && (!parted || plain(frac))
}

// sheetCharset is the encoding as [sheet.Rows] calls it.
func (f Format) sheetCharset() sheet.Charset {
	switch f.Charset {
	case UTF8, UTF8BOM:
		return sheet.UTF8
	case Windows1252:
		return sheet.Windows1252
	}
	return sheet.Guessed
}
