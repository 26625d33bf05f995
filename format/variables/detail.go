package variables

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"essaim/date"
	"essaim/fault"
	"essaim/money"
)

// The fields of a row of the detail of payslips, beside who and when: one line of a payslip, as French payslips print it,
// with the part of each.
const (
	LineCode       Field = "code"
	Base           Field = "base"
	EmployeeRate   Field = "employee_rate"
	EmployeeAmount Field = "employee_amount"
	EmployerRate   Field = "employer_rate"
	EmployerAmount Field = "employer_amount"
)

// Detail is one line of a payslip as the payroll software counted it; a row with both parts is two.
type Detail struct {
	Line   int // row of the file, as a spreadsheet shows it
	Person int // index among the people given to [ReadDetails]

	Matricule, NIR string
	Month          date.Month
	Code, Label    string
	Employer       bool         // the part of the employer
	Base           *money.Cents // nil: the file does not say
	Rate           *money.Rate
	Amount         money.Cents
}

// ReadDetails reads the lines of the payslips of a month. It refuses as [ReadResults] does, row by row, and returns the lines of the
// people expected beside the error: what is missing is compared with nothing, and nothing is booked of it.
func ReadDetails(b []byte, m ReturnMapping, people []Person, month date.Month) (all []Detail, err error) {
	if m.Kind != OfLines {
		return nil, fault.At("kind", "variables.mapping_one_of", "value", string(m.Kind), "choices", string(OfLines))
	}
	t, err := m.find(b)
	if err != nil {
		return nil, err
	}
	var told faults
	known := gather(people)
	for _, r := range t.rows {
		if t.isTotal(r) {
			continue
		}
		if extra := t.extras(r); extra != nil {
			told.tell(extra)
			continue
		}
		d := Detail{Line: r.N, Matricule: line(t.cell(r, Matricule)), NIR: digits(t.cell(r, NIR)), Code: line(t.cell(r, LineCode)), Label: line(t.cell(r, Label))}
		who, doubt := known.find(d.Matricule, d.NIR)
		good := true
		tell := func(err error) {
			told.tell(err)
			good = false
		}
		amount := func(f Field) *money.Cents {
			text := t.cell(r, f)
			if text == "" {
				return nil
			}
			v, err := m.readAmount(text)
			if err != nil {
				tell(t.unread(r, f, text, err))
				return nil
			}
			if t.negate[f] {
				v = -v
			}
			return &v
		}
		rate := func(f Field) *money.Rate {
			text := t.cell(r, f)
			if text == "" {
				return nil
			}
			v, err := m.readPercent(text)
			if err != nil {
				tell(t.unread(r, f, text, err))
				return nil
			}
			return &v
		}
		d.Base = amount(Base)
		parts := []Detail{d, d}
		parts[1].Employer = true
		var sums [2]*money.Cents
		sums[0], parts[0].Rate = amount(EmployeeAmount), rate(EmployeeRate)
		sums[1], parts[1].Rate = amount(EmployerAmount), rate(EmployerRate)
		if text := t.cell(r, Month); text != "" {
			if day, err := t.month(text); err != nil {
				tell(t.unread(r, Month, text, err))
			} else if d.Month = day.Month(); month != 0 && d.Month != month {
				tell(fault.At(at(r, Month), "variables.other_month", "line", r.N, "month", d.Month, "want", month))
			}
		}
		switch {
		case d.Matricule == "" && nirKey(d.NIR) == "":
			tell(fault.At(at(r, Matricule), "variables.nobody", "line", r.N))
		case doubt:
			tell(fault.At(at(r, Matricule), "variables.two_people", "line", r.N, "matricule", shorten(d.Matricule)))
		case who < 0:
			tell(fault.At(at(r, Matricule), "variables.unknown_person", "line", r.N, "who", shorten(cmp.Or(d.Matricule, d.NIR))))
		case d.Code == "":
			tell(fault.At(at(r, LineCode), "variables.cell_empty", "line", r.N, "column", t.titles[LineCode]))
		}
		for i, part := range parts {
			if good && sums[i] != nil && *sums[i] != 0 {
				part.Person, part.Amount, part.Month = who, *sums[i], d.Month
				all = append(all, part)
			}
		}
	}
	return all, told.err()
}

// Ours are the codes of this program that a code of the software gathers: those of its table, else its own name. None says that the
// line is not to be compared: a subtotal, a word.
func (m ReturnMapping) Ours(code string) []string {
	if of, ok := m.Codes[code]; ok {
		return of
	}
	return []string{code}
}

// checkCodes tells what is wrong in the codes of a table of lines.
func (m ReturnMapping) checkCodes() (errs []error) {
	if len(m.Codes) > maxCodes || len(m.Codes) > 0 && m.Kind != OfLines {
		errs = append(errs, fault.At("codes", "variables.mapping_columns", "max", maxCodes))
	}
	for code, ours := range m.Codes {
		at := "codes." + code
		errs = append(errs, word(at, code, true))
		if len(ours) > maxColumns {
			errs = append(errs, fault.At(at, "variables.mapping_columns", "max", maxColumns))
		}
		for i, s := range ours {
			errs = append(errs, word(fmt.Sprintf("%s[%d]", at, i), s, true))
		}
	}
	return errs
}

const maxCodes = 2000

// WriteDetails writes lines of payslips as [ReadDetails] reads them by the same mapping.
func WriteDetails(w io.Writer, m ReturnMapping, rows []Detail) error {
	if m.Kind != OfLines {
		return fault.At("kind", "variables.mapping_one_of", "value", string(m.Kind), "choices", string(OfLines))
	}
	return m.writeTable(w, len(rows), func(i int, c ReturnColumn) string {
		r, f := rows[i], m.written()
		switch c.Field {
		case Matricule:
			return f.text(r.Matricule)
		case NIR:
			return digits(r.NIR)
		case Month:
			if r.Month != 0 {
				return writeDay(m.pattern(c), r.Month.First())
			}
		case LineCode:
			return f.text(r.Code)
		case Label:
			return f.text(r.Label)
		case Base:
			if r.Base != nil {
				return f.amount(*r.Base)
			}
		case EmployeeRate, EmployerRate:
			if r.Rate != nil && r.Employer == (c.Field == EmployerRate) {
				return f.percent(*r.Rate)
			}
		case EmployeeAmount, EmployerAmount:
			if r.Employer == (c.Field == EmployerAmount) {
				if c.Negate {
					return f.amount(-r.Amount)
				}
				return f.amount(r.Amount)
			}
		}
		return ""
	})
}

// lineFields are the fields of the detail.
func lineFields() []Field {
	return []Field{Matricule, NIR, Name, FirstName, Month, LineCode, Label, Base, EmployeeRate, EmployeeAmount, EmployerRate, EmployerAmount}
}

// lacksParts says whether the columns of a table of lines say nothing of an amount.
func lacksParts(seen map[Field]bool) bool {
	return !seen[LineCode] || !slices.ContainsFunc([]Field{EmployeeAmount, EmployerAmount}, func(f Field) bool { return seen[f] })
}
