package variables

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"essaim/fault"
	"essaim/format/sheet"
)

// Kind is what a file that comes back holds.
type Kind string

// The kinds.
const (
	OfResults Kind = "results" // one row per payslip
	OfJournal Kind = "journal" // one row per line of the entries of pay
	OfLines   Kind = "lines"   // one row per line of a payslip
)

// Field is what a column of a file that comes back holds.
type Field string

// The fields of a payslip's row.
const (
	Matricule    Field = "matricule"
	NIR          Field = "nir"
	Name         Field = "name"
	FirstName    Field = "first_name" // when the name stands in two columns
	Month        Field = "month"
	Gross        Field = "gross"
	Employee     Field = "employee" // contributions of the employee
	Employer     Field = "employer" // contributions of the employer, before their reduction or after: the software's own sense
	Reduction    Field = "reduction"
	NetBeforeTax Field = "net_before_tax"
	PAS          Field = "pas"
	PASRate      Field = "pas_rate"
	NetPaid      Field = "net_paid"
	Cost         Field = "cost"
	NetTaxable   Field = "net_taxable"
	NetSocial    Field = "net_social"
	Ceiling      Field = "ceiling"
	LeaveUsed    Field = "leave_taken"
	LeaveLeft    Field = "leave_left"
)

// The fields of a journal's row, beside the matricule.
const (
	Journal   Field = "journal"
	Day       Field = "date"
	Account   Field = "account"
	Section   Field = "section"
	Reference Field = "reference"
	Label     Field = "label"
	Debit     Field = "debit"
	Credit    Field = "credit"
	Amount    Field = "amount" // one column of amounts, with the side in another, or with a sign (credit negative)
	Side      Field = "side"   // D or C
)

// amounts are the fields in euros, which a row of totals adds up.
func (k Kind) amounts() []Field {
	switch k {
	case OfJournal:
		return []Field{Debit, Credit}
	case OfLines:
		return []Field{EmployeeAmount, EmployerAmount}
	case OfResults:
	}
	return []Field{Gross, Employee, Employer, Reduction, NetBeforeTax, PAS, NetPaid, Cost, NetTaxable, NetSocial, Ceiling}
}

func (k Kind) fields() []Field {
	if k == OfLines {
		return lineFields()
	}
	if k == OfJournal {
		return []Field{Journal, Day, Account, Section, Matricule, NIR, Name, Reference, Label, Debit, Credit, Amount, Side}
	}
	return append(k.amounts(), Matricule, NIR, Name, FirstName, Month, PASRate, LeaveUsed, LeaveLeft)
}

// ReturnColumn says where a field stands in a file that comes back.
type ReturnColumn struct {
	Field    Field    `json:"field"`
	Titles   []string `json:"titles,omitempty"`   // what the column may be called; the first one is written
	Position int      `json:"position,omitempty"` // of a file without titles, from 1
	Date     string   `json:"date,omitempty"`     // pattern of its own
	Required bool     `json:"required,omitempty"` // the file is no such file without it, and no row may leave it empty
	Negate   bool     `json:"negate,omitempty"`   // the software writes it with the other sign
}

// ReturnMapping is how a file that comes back from one payroll software is read.
type ReturnMapping struct {
	Name     string         `json:"name"`
	Software string         `json:"software"`
	Label    string         `json:"label,omitempty"`
	Kind     Kind           `json:"kind"`
	Sources  []string       `json:"sources"`
	Checked  string         `json:"checked"`
	Columns  []ReturnColumn `json:"columns"`
	Totals   []string       `json:"totals,omitempty"` // words that begin a row of totals
	// Codes are, by code of the software, which lines of ours it gathers; of a table of lines.
	Codes map[string][]string `json:"codes,omitempty"`
	Format
}

// ShippedReturn returns a mapping of returns that the package ships with.
func ShippedReturn(name string, kind Kind) (ReturnMapping, error) {
	b, err := open(name, string(kind))
	if err != nil {
		return ReturnMapping{}, err
	}
	return ParseReturnMapping(b)
}

// ParseReturnMapping reads a mapping of returns from JSON and checks it.
func ParseReturnMapping(b []byte) (ReturnMapping, error) {
	var m ReturnMapping
	if err := decode(b, &m); err != nil {
		return ReturnMapping{}, err
	}
	if err := m.Check(); err != nil {
		return ReturnMapping{}, err
	}
	return m, nil
}

// Check tells everything that is wrong in a mapping of returns.
func (m ReturnMapping) Check() error {
	errs := append(sourced(m.Name, m.Software, m.Checked, m.Sources), m.Format.check(true)...)
	errs = append(errs, word("label", m.Label, false))
	if m.Kind != OfResults && m.Kind != OfJournal && m.Kind != OfLines {
		return errors.Join(append(errs, fault.At("kind", "variables.mapping_one_of", "value", string(m.Kind), "choices", "results | journal | lines"))...)
	}
	if len(m.Columns) == 0 || len(m.Columns) > maxColumns {
		return errors.Join(append(errs, fault.At("columns", "variables.mapping_columns", "max", maxColumns))...)
	}
	errs = append(errs, m.checkCodes()...)
	if len(m.Totals) > 50 {
		errs = append(errs, fault.At("totals", "variables.mapping_columns", "max", 50))
	}
	for i, t := range m.Totals {
		errs = append(errs, word(fmt.Sprintf("totals[%d]", i), t, true))
		if fold(t) == "" {
			errs = append(errs, fault.At(fmt.Sprintf("totals[%d]", i), "variables.mapping_empty"))
		}
	}
	seen, titles, positions := map[Field]bool{}, map[string]bool{}, map[int]bool{}
	for i, c := range m.Columns {
		at := fmt.Sprintf("columns[%d]", i)
		switch {
		case !slices.Contains(m.Kind.fields(), c.Field):
			errs = append(errs, fault.At(at+".field", "variables.mapping_source", "source", string(c.Field)))
		case seen[c.Field]:
			errs = append(errs, fault.At(at+".field", "variables.mapping_twice", "source", string(c.Field)))
		}
		seen[c.Field] = true
		if c.Date != "" {
			if err := pattern(at+".date", c.Date, c.Field != Month); err != nil {
				errs = append(errs, err)
			}
		}
		if !m.Header {
			if c.Position < 1 || c.Position > maxColumns || positions[c.Position] {
				errs = append(errs, fault.At(at+".position", "variables.mapping_position", "max", maxColumns))
			}
			positions[c.Position] = true
			continue
		}
		if len(c.Titles) == 0 || len(c.Titles) > 20 {
			errs = append(errs, fault.At(at+".titles", "variables.mapping_empty"))
		}
		for j, t := range c.Titles {
			errs = append(errs, word(fmt.Sprintf("%s.titles[%d]", at, j), t, true))
			if f := fold(t); f == "" || titles[f] {
				errs = append(errs, fault.At(fmt.Sprintf("%s.titles[%d]", at, j), "variables.mapping_title", "title", t))
			} else {
				titles[f] = true
			}
		}
	}
	switch {
	case m.Kind != OfJournal && !seen[Matricule] && !seen[NIR]:
		errs = append(errs, fault.At("columns", "variables.mapping_who"))
	case m.Kind == OfResults && !slices.ContainsFunc(m.Kind.amounts(), func(f Field) bool { return seen[f] }):
		errs = append(errs, fault.At("columns", "variables.mapping_what"))
	case m.Kind == OfLines && lacksParts(seen):
		errs = append(errs, fault.At("columns", "variables.mapping_what"))
	case m.Kind == OfJournal && (!seen[Account] || seen[Debit] != seen[Credit] || seen[Debit] == seen[Amount] || seen[Side] && !seen[Amount]):
		errs = append(errs, fault.At("columns", "variables.mapping_sides"))
	}
	return errors.Join(errs...)
}

// fold makes titles comparable: small letters and digits alone, without accents.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFKD.String(s))
}

// table is a file whose columns have been found.
type table struct {
	mapping ReturnMapping
	columns map[Field]int    // where each field stands, from 0
	titles  map[Field]string // how the file calls it
	negate  map[Field]bool
	dates   map[Field]string
	rows    []sheet.Row
	width   int // of the row of titles; 0 without one
}

// find reads the file and finds its columns.
func (m ReturnMapping) find(b []byte) (table, error) {
	if err := m.Check(); err != nil {
		return table{}, err
	}
	rows, err := sheet.Rows(b, m.shape())
	if err != nil {
		return table{}, err
	}
	if len(rows) == 0 {
		return table{}, fault.New(fault.Invalid, "variables.empty")
	}
	t := table{mapping: m, rows: rows, columns: map[Field]int{}, titles: map[Field]string{}, negate: map[Field]bool{}, dates: map[Field]string{}}
	for _, c := range m.Columns {
		t.negate[c.Field] = c.Negate
		if t.dates[c.Field] = c.Date; c.Date == "" {
			t.dates[c.Field] = m.Date
		}
	}
	if !m.Header {
		for _, c := range m.Columns {
			t.columns[c.Field], t.titles[c.Field] = c.Position-1, fmt.Sprint(c.Position)
		}
		return t, nil
	}
	return t, t.head()
}

// preamble is how many rows may stand above the titles: the name of the company, of the edition, of the month.
const preamble = 20

// head finds the row of titles, which is the one that names the most of what is looked for.
func (t *table) head() error {
	wanted := map[string]ReturnColumn{}
	for _, c := range t.mapping.Columns {
		for _, title := range c.Titles {
			wanted[fold(title)] = c
		}
	}
	best, most := 0, 0
	for i, r := range t.rows[:min(preamble, len(t.rows))] {
		n := 0
		for _, cell := range r.Cells {
			if _, ok := wanted[fold(sheet.Plain(cell))]; ok {
				n++
			}
		}
		if n > most {
			best, most = i, n
		}
	}
	var errs []error
	row := t.rows[best]
	for j, cell := range row.Cells {
		c, ok := wanted[fold(sheet.Plain(cell))]
		if !ok {
			continue
		}
		if before, twice := t.columns[c.Field]; twice {
			errs = append(errs, fault.At(fmt.Sprintf("lines[%d].%s", row.N, c.Field), "variables.title_twice",
				"line", row.N, "column", cell, "other", row.Cells[before]))
			continue
		}
		t.columns[c.Field], t.titles[c.Field] = j, sheet.Plain(cell)
	}
	for _, c := range t.mapping.Columns {
		if _, ok := t.columns[c.Field]; c.Required && !ok {
			errs = append(errs, fault.At("columns."+string(c.Field), "variables.title_missing", "column", c.Titles[0]))
		}
	}
	_, matricule := t.columns[Matricule]
	_, nir := t.columns[NIR]
	if t.mapping.Kind != OfJournal && !matricule && !nir {
		errs = append(errs, fault.At("columns."+string(Matricule), "variables.title_who"))
	}
	t.rows, t.width = t.rows[best+1:], len(row.Cells)
	return errors.Join(errs...)
}

// cell is the text of a field in a row; "" when the file has no such column or the row ends before it.
func (t *table) cell(r sheet.Row, f Field) string {
	i, ok := t.columns[f]
	if !ok || i >= len(r.Cells) {
		return ""
	}
	return sheet.Plain(r.Cells[i])
}

// has says whether the file has a column of the field.
func (t *table) has(f Field) bool { _, ok := t.columns[f]; return ok }

// at is the place of a cell, as refusals name it.
func at(r sheet.Row, f Field) string { return fmt.Sprintf("lines[%d].%s", r.N, f) }

// isTotal says whether a row is one of totals: it names nobody and no account, and a word of totals begins one of its cells. What
// has an account is a line, even if its label says « Total ».
func (t *table) isTotal(r sheet.Row) bool {
	keys := []Field{Matricule, NIR}
	if t.mapping.Kind == OfJournal {
		keys = []Field{Account}
	}
	for _, f := range keys {
		if c := t.cell(r, f); c != "" && !t.totals(c) {
			return false
		}
	}
	return slices.ContainsFunc(r.Cells, func(c string) bool { return t.totals(sheet.Plain(c)) })
}

// totals says whether a text begins with a word of totals.
func (t *table) totals(text string) bool {
	words := strings.Fields(text)
	for n := min(len(words), 4); n > 0; n-- {
		said := fold(strings.Join(words[:n], " "))
		if slices.ContainsFunc(t.mapping.Totals, func(w string) bool { return fold(w) == said }) {
			return true
		}
	}
	return false
}

// extras tells the cells of a row that stand beyond the titles: a separator too many moves every amount by a column.
func (t *table) extras(r sheet.Row) error {
	for i := t.width; t.width > 0 && i < len(r.Cells); i++ {
		if r.Cells[i] != "" {
			return fault.At(fmt.Sprintf("lines[%d]", r.N), "variables.cells", "line", r.N, "n", len(r.Cells), "want", t.width)
		}
	}
	return nil
}
