package variables

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"essaim/date"
	"essaim/fault"
	"essaim/format/sheet"
	"essaim/money"
)

// Result is what the payroll software says of one payslip. Amounts are in euros with the sign of the payslip; what the file does not
// say is nil and is not in [Results.Fields].
type Result struct {
	Line   int // row of the file, as a spreadsheet shows it
	Person int // index among the people given to [ReadResults]; -1 of nobody among them

	Matricule, NIR, Name string // as the file says
	Month                date.Month

	Gross, Employee, Employer, Reduction, NetBeforeTax, PAS, NetPaid, Cost, NetTaxable, NetSocial, Ceiling money.Cents

	PASRate               money.Rate
	LeaveTaken, LeaveLeft money.Micro // days
}

// Amount returns a field in euros; false of a field that is not in euros.
func (r *Result) Amount(f Field) (money.Cents, bool) {
	if p := r.amount(f); p != nil {
		return *p, true
	}
	return 0, false
}

func (r *Result) amount(f Field) *money.Cents {
	switch f {
	case Gross:
		return &r.Gross
	case Employee:
		return &r.Employee
	case Employer:
		return &r.Employer
	case Reduction:
		return &r.Reduction
	case NetBeforeTax:
		return &r.NetBeforeTax
	case PAS:
		return &r.PAS
	case NetPaid:
		return &r.NetPaid
	case Cost:
		return &r.Cost
	case NetTaxable:
		return &r.NetTaxable
	case NetSocial:
		return &r.NetSocial
	case Ceiling:
		return &r.Ceiling
	}
	return nil
}

// Results is what a file of payslips' amounts holds.
type Results struct {
	Fields []Field  // what the file has columns of
	Rows   []Result // of the people expected, one each
	Aside  []Result // of nobody expected, or of someone who stands twice: shown, not to be posted
}

// crowd finds people by what a file calls them.
type crowd struct {
	people []Person
	by     map[string][]int // "m:" and the matricule, "n:" and the 13 digits
}

func gather(people []Person) crowd {
	c := crowd{people, map[string][]int{}}
	for i, p := range people {
		for _, key := range []string{matriculeKey(p.Matricule), nirKey(p.NIR)} {
			if key != "" && !slices.Contains(c.by[key], i) {
				c.by[key] = append(c.by[key], i)
			}
		}
	}
	return c
}

// matriculeKey makes matricules comparable: a spreadsheet takes the zeros before a number away.
func matriculeKey(s string) string {
	s = strings.ToUpper(line(s))
	if rest := strings.TrimLeft(s, "0"); rest != "" {
		s = rest
	}
	if s == "" {
		return ""
	}
	return "m:" + s
}

// nirKey makes numbers of the social security comparable: the key at the end may be there or not.
func nirKey(s string) string {
	if s = digits(s); len(s) != 13 && len(s) != 15 {
		return ""
	}
	return "n:" + s[:13]
}

// find returns who is meant; -1 when nobody is, and whether the two numbers speak of different people or of several.
func (c crowd) find(matricule, nir string) (who int, doubt bool) {
	m, n := c.by[matriculeKey(matricule)], c.by[nirKey(nir)]
	switch {
	case len(m) == 0 && len(n) == 0:
		return -1, false
	case len(m) == 0:
		return n[0], len(n) > 1
	case len(n) == 0:
		return m[0], len(m) > 1
	}
	var both []int
	for _, i := range m {
		if slices.Contains(n, i) {
			both = append(both, i)
		}
	}
	if len(both) != 1 {
		return -1, true
	}
	return both[0], false
}

// ReadResults reads the amounts of the payslips of a month that came back. people are those whose payslips are expected, month is the one
// expected (0: any). What is refused is told, all of it and each with its line and column: a cell that is no amount, an empty one
// where one must be, a row of nobody, of two people, of another month, a person who stands twice or not at all, a total that is not
// the sum of the rows above it. The rest is returned beside the error, for a page that shows it: a caller posts nothing unless the
// error is nil.
func ReadResults(b []byte, m ReturnMapping, people []Person, month date.Month) (Results, error) {
	if m.Kind != OfResults {
		return Results{}, fault.At("kind", "variables.mapping_one_of", "value", string(m.Kind), "choices", string(OfResults))
	}
	t, err := m.find(b)
	if err != nil {
		return Results{}, err
	}
	var out Results
	for _, f := range m.Kind.fields() {
		if t.has(f) {
			out.Fields = append(out.Fields, f)
		}
	}
	var told faults
	known := gather(people)
	sums := newTotals(&t)
	lines, unread := map[int][]int{}, map[int]bool{} // by person: indices of rows, a row that was told
	for _, r := range t.rows {
		if t.isTotal(r) {
			sums.check(r, &told)
			continue
		}
		if extra := t.extras(r); extra != nil {
			told.tell(extra)
			sums.lost(m.Kind.amounts()...)
			continue
		}
		res, good := t.result(r, &told, sums)
		who, doubt := known.find(res.Matricule, res.NIR)
		if !good {
			unread[who] = true
			continue
		}
		res.Person = who
		switch {
		case res.Matricule == "" && nirKey(res.NIR) == "":
			told.tell(fault.At(at(r, Matricule), "variables.nobody", "line", r.N))
		case doubt:
			told.tell(fault.At(at(r, Matricule), "variables.two_people", "line", r.N, "matricule", shorten(res.Matricule)))
			res.Person = -1
		case who < 0:
			told.tell(fault.At(at(r, Matricule), "variables.unknown_person", "line", r.N, "who", shorten(cmp.Or(res.Matricule, res.NIR)+" "+res.Name)))
		case month != 0 && res.Month != 0 && res.Month != month:
			told.tell(fault.At(at(r, Month), "variables.other_month", "line", r.N, "month", res.Month, "want", month))
			unread[who] = true
		default:
			lines[who] = append(lines[who], len(out.Rows))
			out.Rows = append(out.Rows, res)
			continue
		}
		out.Aside = append(out.Aside, res)
	}
	out.twice(lines, known, &told)
	for i, p := range people {
		if len(lines[i]) == 0 && !unread[i] {
			told.tell(fault.At(fmt.Sprintf("people[%d]", i), "variables.no_row", "name", line(p.Name()), "matricule", p.Matricule))
		}
	}
	return out, told.err()
}

// twice puts aside every row of whoever has several: nothing says which one is right.
func (out *Results) twice(lines map[int][]int, known crowd, told *faults) {
	kept := out.Rows[:0:0]
	for i, r := range out.Rows {
		of := lines[r.Person]
		if len(of) == 1 {
			kept = append(kept, r)
			continue
		}
		if i != of[0] {
			told.tell(fault.At(fmt.Sprintf("lines[%d].%s", r.Line, Matricule), "variables.person_twice", "line", r.Line,
				"other", out.Rows[of[0]].Line, "name", line(known.people[r.Person].Name())))
		}
		out.Aside = append(out.Aside, r)
	}
	out.Rows = kept
	slices.SortFunc(out.Aside, func(a, b Result) int { return a.Line - b.Line })
}

// result reads one row. What cannot be read is told, and the row is not good.
func (t *table) result(r sheet.Row, told *faults, sums *totals) (Result, bool) {
	res := Result{Line: r.N, Person: -1, Matricule: line(t.cell(r, Matricule)), NIR: digits(t.cell(r, NIR)), Name: line(t.cell(r, Name) + " " + t.cell(r, FirstName))}
	good := true
	for _, c := range t.mapping.Columns {
		text := t.cell(r, c.Field)
		p := res.amount(c.Field)
		if text == "" {
			if c.Required && t.has(c.Field) {
				told.tell(fault.At(at(r, c.Field), "variables.cell_empty", "line", r.N, "column", t.titles[c.Field]))
				sums.lost(c.Field)
				good = false
			}
			continue
		}
		var err error
		switch {
		case p != nil:
			if *p, err = t.mapping.readAmount(text); t.negate[c.Field] {
				*p = -*p
			}
			if err == nil {
				sums.add(c.Field, *p)
			} else {
				sums.lost(c.Field)
			}
		case c.Field == Month:
			var d date.Day
			if d, err = t.month(text); err == nil {
				res.Month = d.Month()
			}
		case c.Field == PASRate:
			res.PASRate, err = t.mapping.readPercent(text)
		case c.Field == LeaveUsed:
			res.LeaveTaken, err = t.mapping.readQuantity(text)
		case c.Field == LeaveLeft:
			res.LeaveLeft, err = t.mapping.readQuantity(text)
		}
		if err != nil {
			told.tell(t.unread(r, c.Field, text, err))
			good = false
		}
	}
	return res, good
}

// month reads the month by the column's pattern, or the day of a whole date.
func (t *table) month(text string) (date.Day, error) {
	d, err := readDay(t.dates[Month], text)
	if err != nil {
		return readDay(t.mapping.Date, text)
	}
	return d, nil
}

// unread tells a cell that cannot be read.
func (t *table) unread(r sheet.Row, f Field, text string, err error) error {
	key := "variables.cell"
	switch {
	case errors.Is(err, errFine):
		key = "variables.cell_fine"
	case errors.Is(err, errGreat):
		key = "variables.cell_great"
	}
	return fault.At(at(r, f), key, "line", r.N, "column", t.titles[f], "text", shorten(text))
}

// shorten keeps a cell shown in a refusal short.
func shorten(s string) string {
	const most = 60
	if r := []rune(line(s)); len(r) > most {
		return string(r[:most]) + "…"
	}
	return line(s)
}

// totals adds up the amounts of a file as its rows are read.
type totals struct {
	t         *table
	all, part map[Field]money.Cents // since the beginning, since the last row of totals
	unsure    map[Field]bool        // a row of it could not be read
}

func newTotals(t *table) *totals {
	return &totals{t, map[Field]money.Cents{}, map[Field]money.Cents{}, map[Field]bool{}}
}

func (s *totals) add(f Field, c money.Cents) {
	s.all[f] += c
	s.part[f] += c
}

func (s *totals) lost(fields ...Field) {
	for _, f := range fields {
		s.unsure[f] = true
	}
}

// check compares a row of totals with the rows above: all of them, or those since the row of totals before.
func (s *totals) check(r sheet.Row, told *faults) {
	for _, f := range s.t.mapping.Kind.amounts() {
		text := s.t.cell(r, f)
		if text == "" || s.t.totals(text) {
			continue
		}
		c, err := s.t.mapping.readAmount(text)
		if err != nil {
			told.tell(s.t.unread(r, f, text, err))
			continue
		}
		if s.t.negate[f] {
			c = -c
		}
		if c != s.all[f] && c != s.part[f] && !s.unsure[f] {
			told.tell(fault.At(at(r, f), "variables.total", "line", r.N, "column", s.t.titles[f], "total", c, "sum", s.all[f]))
		}
	}
	s.part = map[Field]money.Cents{}
}

// WriteResults writes amounts of payslips as [ReadResults] reads them by the same mapping: all its columns, by their first titles. It is how a
// cooperative that makes its payslips here hands them to another program.
func WriteResults(w io.Writer, m ReturnMapping, rows []Result) error {
	if m.Kind != OfResults {
		return fault.At("kind", "variables.mapping_one_of", "value", string(m.Kind), "choices", string(OfResults))
	}
	return m.writeTable(w, len(rows), func(i int, c ReturnColumn) string {
		r := rows[i]
		f := m.written()
		if p := r.amount(c.Field); p != nil {
			if c.Negate {
				return f.amount(-*p)
			}
			return f.amount(*p)
		}
		switch c.Field {
		case Matricule:
			return f.text(r.Matricule)
		case NIR:
			return digits(r.NIR)
		case Name:
			return f.text(r.Name)
		case Month:
			if r.Month == 0 {
				return ""
			}
			return writeDay(m.pattern(c), r.Month.First())
		case PASRate:
			return f.percent(r.PASRate)
		case LeaveUsed:
			return f.quantity(r.LeaveTaken)
		case LeaveLeft:
			return f.quantity(r.LeaveLeft)
		}
		return ""
	})
}

func (m ReturnMapping) pattern(c ReturnColumn) string {
	if c.Date != "" {
		return c.Date
	}
	return m.Date
}

// written is the format with what a reader may leave to be guessed decided.
func (m ReturnMapping) written() Format {
	f := m.Format
	if f.Separator == "" {
		f.Separator = ";"
	}
	if f.Charset == "" {
		f.Charset = UTF8BOM
	}
	return f
}

func (m ReturnMapping) writeTable(w io.Writer, n int, cell func(int, ReturnColumn) string) error {
	if err := m.Check(); err != nil {
		return err
	}
	if n > MaxRows {
		return fault.New(fault.Invalid, "variables.rows", "max", MaxRows)
	}
	width := len(m.Columns)
	place := func(i int) int { return i }
	if !m.Header {
		width = 0
		for _, c := range m.Columns {
			width = max(width, c.Position)
		}
		place = func(i int) int { return m.Columns[i].Position - 1 }
	}
	out := make([][]string, 0, n+1)
	if m.Header {
		titles := make([]string, width)
		for i, c := range m.Columns {
			titles[i] = c.Titles[0]
		}
		out = append(out, titles)
	}
	for i := range n {
		row := make([]string, width)
		for j, c := range m.Columns {
			row[place(j)] = cell(i, c)
		}
		out = append(out, row)
	}
	_, err := io.Copy(w, bytes.NewReader(m.written().encode(out)))
	return err
}
