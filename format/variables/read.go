package variables

import (
	"errors"
	"fmt"

	"essaim/date"
	"essaim/fault"
	"essaim/format/sheet"
)

// MaxBytes is the largest file read, in bytes.
const MaxBytes = 16 << 20

// shape is what is known of a file of the format.
func (f Format) shape() sheet.Shape {
	s := sheet.Shape{Bytes: MaxBytes, Rows: MaxRows + 50, Charset: f.sheetCharset()}
	if f.Separator != "" {
		s.Separator = f.Separator[0]
	}
	return s
}

// faults gathers refusals, up to a number that a page can show.
type faults struct {
	errs []error
	more int
}

const maxFaults = 200

func (f *faults) tell(err error) {
	if err == nil {
		return
	}
	if len(f.errs) >= maxFaults {
		f.more++
		return
	}
	f.errs = append(f.errs, err)
}

func (f *faults) err() error {
	if f.more > 0 {
		return errors.Join(append(f.errs, fault.New(fault.Invalid, "variables.more", "n", f.more))...)
	}
	return errors.Join(f.errs...)
}

// Read reads what [Write] wrote by the same mapping: what the file says to the payroll software, to be compared with what was meant.
// A cell that cannot be read is told with its line and column, a [fault.Error] on lines[n], and its row left out.
func Read(b []byte, m Mapping) ([]Row, error) {
	if err := m.Check(); err != nil {
		return nil, err
	}
	table, err := sheet.Rows(b, m.shape())
	if err != nil {
		return nil, err
	}
	byCode := map[string]Element{}
	twice := map[string]bool{}
	for _, e := range Elements() {
		if c, ok := m.Codes[e]; ok {
			_, there := byCode[m.text(c.Code)]
			twice[m.text(c.Code)] = twice[m.text(c.Code)] || there
			byCode[m.text(c.Code)] = e
		}
	}
	var rows []Row
	var told faults
	for i, t := range table {
		if i == 0 && m.Header {
			continue
		}
		at := fmt.Sprintf("lines[%d]", t.N)
		if len(t.Cells) != len(m.Columns) {
			told.tell(fault.At(at, "variables.cells", "line", t.N, "n", len(t.Cells), "want", len(m.Columns)))
			continue
		}
		if m.Layout == ByPerson {
			some, err := m.readPerson(t)
			told.tell(err)
			rows = append(rows, some...)
			continue
		}
		var r Row
		var unread error
		for j, c := range m.Columns {
			switch text := sheet.Plain(t.Cells[j]); c.Source {
			case FromCode:
				if e, ok := byCode[text]; ok && !twice[text] {
					r.Element = e
				} else if !ok {
					unread = fault.At(at+".code", "variables.code_unknown", "line", t.N, "code", text)
				}
			case FromElement:
				r.Element = Element(text)
				if _, ok := of(r.Element); !ok {
					unread = fault.At(at+".code", "variables.code_unknown", "line", t.N, "code", text)
				}
			}
		}
		if unread == nil && r.Element == "" {
			unread = fault.At(at+".code", "variables.code_twice", "line", t.N)
		}
		for j, c := range m.Columns {
			if unread == nil && m.take(&r, c, t.Cells[j]) != nil {
				unread = fault.At(at+"."+string(c.Source), "variables.cell", "line", t.N, "column", c.name(), "text", t.Cells[j])
			}
		}
		if told.tell(unread); unread == nil {
			rows = append(rows, r)
		}
	}
	return rows, told.err()
}

// readPerson takes a row of a person's whole month apart.
func (m Mapping) readPerson(t sheet.Row) ([]Row, error) {
	var person Row
	rows := map[Element]*Row{}
	for j, c := range m.Columns {
		into := &person
		if c.Element != "" {
			if t.Cells[j] == "" {
				continue
			}
			if rows[c.Element] == nil {
				rows[c.Element] = &Row{Element: c.Element}
			}
			into = rows[c.Element]
		}
		if m.take(into, c, t.Cells[j]) != nil {
			return nil, fault.At(fmt.Sprintf("lines[%d].%s", t.N, c.Source), "variables.cell", "line", t.N, "column", c.name(), "text", t.Cells[j])
		}
	}
	var out []Row
	for _, e := range Elements() {
		if r := rows[e]; r != nil {
			r.Person, r.Month = person.Person, person.Month
			out = append(out, *r)
		}
	}
	return out, nil
}

// take reads one cell into a row whose element is known.
func (m Mapping) take(r *Row, c Column, cell string) error {
	text := sheet.Plain(cell)
	pattern := c.Date
	if pattern == "" {
		pattern = m.Date
	}
	code := m.Codes[r.Element]
	measure := r.Element.Measure()
	if code.Value != "" {
		measure = code.Value
	}
	if text == "" && (c.Source == FromBase || c.Source == FromRate || c.Source == FromAmount || c.Source == FromQuantity) {
		return nil
	}
	var err error
	switch c.Source {
	case FromMatricule:
		r.Person.Matricule = text
	case FromNIR:
		r.Person.NIR = text
	case FromLast:
		r.Person.Last = text
	case FromFirst:
		r.Person.First = text
	case FromLabel:
		r.Label = text
	case FromNote:
		r.Note = text
	case FromName, FromElement, FromCode, FromCodeLabel, FromConstant:
	case FromMonth, FromStart, FromEnd:
		var d date.Day
		d, err = readDay(pattern, text)
		r.Month = d.Month()
	case FromFrom:
		if text != "" {
			r.From, err = readDay(pattern, text)
		}
	case FromUntil:
		if text != "" {
			r.Until, err = readDay(pattern, text)
		}
	case FromBase:
		r.Base, err = m.readAmount(text)
	case FromRate:
		r.Rate, err = m.readPercent(text)
	case FromAmount:
		measure = Euros
		err = m.takeValue(r, measure, code.Negate, text)
	case FromQuantity:
		measure = Number
		err = m.takeValue(r, measure, code.Negate, text)
	case FromValue:
		err = m.takeValue(r, measure, code.Negate, text)
	}
	return err
}

func (m Mapping) takeValue(r *Row, measure Measure, negate bool, text string) (err error) {
	switch measure {
	case Euros:
		if r.Amount, err = m.readAmount(text); negate {
			r.Amount = -r.Amount
		}
	case Number:
		if r.Quantity, err = m.readQuantity(text); negate {
			r.Quantity = -r.Quantity
		}
	case Event:
		if text != "" {
			return errNumber
		}
	}
	return err
}
