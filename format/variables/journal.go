package variables

import (
	"cmp"
	"io"
	"slices"
	"strings"

	"essaim/date"
	"essaim/fault"
	"essaim/format/sheet"
	"essaim/money"
)

// Line is one line of the entries of pay that came back. One of Debit and Credit is above zero and the other nil: a negative debit of
// the file, as some programs write a correction, has become a credit.
type Line struct {
	Line   int // row of the file, as a spreadsheet shows it
	Person int // index among the people given to [ReadJournal]; -1 when the line names nobody, or nobody expected

	Journal       string
	Day           date.Day
	Account       string
	Section       string
	Matricule     string
	NIR           string
	Reference     string
	Label         string
	Debit, Credit money.Cents
}

// Entries is what a file of entries holds.
type Entries struct {
	Fields        []Field
	Lines         []Line
	Debit, Credit money.Cents // of Lines
}

// Expected is what a journal is read against.
type Expected struct {
	People   []Person
	Sections []string // codes of sections that may stand on a line; nil: any
	Month    date.Month
}

// ReadJournal reads the entries of pay of a month. It refuses as [ReadResults] does, and a journal, or a piece of it, whose debits are not its
// credits. What can be read is returned beside the error, to be shown; a caller posts nothing unless the error is nil, for a journal
// without one of its lines is no journal.
func ReadJournal(b []byte, m ReturnMapping, want Expected) (Entries, error) {
	if m.Kind != OfJournal {
		return Entries{}, fault.At("kind", "variables.mapping_one_of", "value", string(m.Kind), "choices", string(OfJournal))
	}
	t, err := m.find(b)
	if err != nil {
		return Entries{}, err
	}
	var out Entries
	for _, f := range m.Kind.fields() {
		if t.has(f) {
			out.Fields = append(out.Fields, f)
		}
	}
	var told faults
	known, sums := gather(want.People), newTotals(&t)
	whole := true
	for _, r := range t.rows {
		if t.isTotal(r) {
			sums.check(r, &told)
			continue
		}
		if extra := t.extras(r); extra != nil {
			told.tell(extra)
			sums.lost(Debit, Credit)
			whole = false
			continue
		}
		l, good := t.journalLine(r, &told, sums)
		if !good {
			whole = false
			continue
		}
		if want.Month != 0 && l.Day != 0 && l.Day.Month() != want.Month {
			told.tell(fault.At(at(r, Day), "variables.other_month", "line", r.N, "month", l.Day.Month(), "want", want.Month))
		}
		if l.Section != "" && want.Sections != nil && !slices.Contains(want.Sections, l.Section) {
			told.tell(fault.At(at(r, Section), "variables.section_unknown", "line", r.N, "section", shorten(l.Section)))
		}
		if l.Matricule != "" || nirKey(l.NIR) != "" {
			who, doubt := known.find(l.Matricule, l.NIR)
			switch {
			case doubt:
				told.tell(fault.At(at(r, Matricule), "variables.two_people", "line", r.N, "matricule", shorten(l.Matricule)))
			case who < 0:
				told.tell(fault.At(at(r, Matricule), "variables.unknown_person", "line", r.N, "who", shorten(cmp.Or(l.Matricule, l.NIR))))
			default:
				l.Person = who
			}
		}
		out.Lines = append(out.Lines, l)
		out.Debit += l.Debit
		out.Credit += l.Credit
	}
	if len(out.Lines) == 0 && whole {
		told.tell(fault.New(fault.Invalid, "variables.empty"))
	}
	if whole { // else the lines that could not be read are told, and the difference would say the same again
		out.balance(&told)
	}
	return out, told.err()
}

// balance tells a journal, and each of its pieces, whose debits are not its credits.
func (out *Entries) balance(told *faults) {
	type piece struct {
		journal, reference string
		day                date.Day
	}
	type sum struct {
		first         int
		debit, credit money.Cents
	}
	sums := map[piece]*sum{}
	var order []piece
	for _, l := range out.Lines {
		if l.Reference == "" {
			continue
		}
		p := piece{l.Journal, l.Reference, l.Day}
		if sums[p] == nil {
			sums[p] = &sum{first: l.Line}
			order = append(order, p)
		}
		sums[p].debit += l.Debit
		sums[p].credit += l.Credit
	}
	pieces := 0
	for _, p := range order {
		if s := sums[p]; s.debit != s.credit {
			pieces++
			told.tell(fault.At("pieces."+p.reference, "variables.piece_unbalanced", "reference", shorten(p.reference), "line", s.first,
				"debit", s.debit, "credit", s.credit, "gap", (s.debit - s.credit).Abs()))
		}
	}
	if pieces == 0 && out.Debit != out.Credit {
		told.tell(fault.New(fault.Invalid, "variables.unbalanced", "debit", out.Debit, "credit", out.Credit, "gap", (out.Debit - out.Credit).Abs()))
	}
}

// journalLine reads one row. What cannot be read is told, and the line is not good.
func (t *table) journalLine(r sheet.Row, told *faults, sums *totals) (Line, bool) {
	l := Line{
		Line: r.N, Person: -1, Journal: line(t.cell(r, Journal)), Account: line(t.cell(r, Account)), Section: line(t.cell(r, Section)),
		Matricule: line(t.cell(r, Matricule)), NIR: digits(t.cell(r, NIR)), Reference: line(t.cell(r, Reference)), Label: line(t.cell(r, Label)),
	}
	good := true
	tell := func(err error) {
		told.tell(err)
		good = false
	}
	if text := t.cell(r, Day); text != "" {
		d, err := readDay(t.dates[Day], text)
		if err != nil {
			tell(t.unread(r, Day, text, err))
		}
		l.Day = d
	}
	for _, c := range t.mapping.Columns {
		// One of debit and credit is empty on every line.
		if c.Required && c.Field != Debit && c.Field != Credit && t.cell(r, c.Field) == "" {
			tell(fault.At(at(r, c.Field), "variables.cell_empty", "line", r.N, "column", t.titles[c.Field]))
		}
	}
	if l.Account != "" && !account(l.Account) {
		tell(fault.At(at(r, Account), "variables.account", "line", r.N, "account", shorten(l.Account)))
	}
	debit, credit, err := t.sides(r)
	if err != nil {
		sums.lost(Debit, Credit)
		tell(err)
		return l, false
	}
	sums.add(Debit, debit)
	sums.add(Credit, credit)
	if debit < 0 {
		debit, credit = 0, credit-debit
	}
	if credit < 0 {
		debit, credit = debit-credit, 0
	}
	switch {
	case debit != 0 && credit != 0:
		tell(fault.At(at(r, Debit), "variables.both_sides", "line", r.N))
	case debit == 0 && credit == 0:
		tell(fault.At(at(r, Debit), "variables.no_side", "line", r.N))
	}
	l.Debit, l.Credit = debit, credit
	return l, good
}

// account says whether a text can be an account: a digit from 1 to 8, then letters and digits, at least two and at most twelve.
func account(s string) bool {
	if len(s) < 2 || len(s) > 12 || s[0] < '1' || s[0] > '8' {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
}

// sides reads the amounts of a line, as the file writes them.
func (t *table) sides(r sheet.Row) (debit, credit money.Cents, err error) {
	read := func(f Field) (c money.Cents, err error) {
		text := t.cell(r, f)
		if text == "" {
			return 0, nil
		}
		if c, err = t.mapping.readAmount(text); err != nil {
			return 0, t.unread(r, f, text, err)
		}
		if t.negate[f] {
			c = -c
		}
		return c, nil
	}
	if !t.has(Amount) {
		if debit, err = read(Debit); err == nil {
			credit, err = read(Credit)
		}
		return debit, credit, err
	}
	c, err := read(Amount)
	if err != nil {
		return 0, 0, err
	}
	if !t.has(Side) {
		return max(c, 0), max(-c, 0), nil
	}
	switch side := t.cell(r, Side); strings.ToUpper(side) {
	case "D":
		return c, 0, nil
	case "C":
		return 0, c, nil
	default:
		return 0, 0, t.unread(r, Side, side, errNumber)
	}
}

// WriteJournal writes entries as [ReadJournal] reads them by the same mapping.
func WriteJournal(w io.Writer, m ReturnMapping, lines []Line) error {
	if m.Kind != OfJournal {
		return fault.At("kind", "variables.mapping_one_of", "value", string(m.Kind), "choices", string(OfJournal))
	}
	side := slices.ContainsFunc(m.Columns, func(c ReturnColumn) bool { return c.Field == Side })
	return m.writeTable(w, len(lines), func(i int, c ReturnColumn) string {
		l, f := lines[i], m.written()
		amount := func(v money.Cents) string {
			if c.Negate {
				v = -v
			}
			return f.amount(v)
		}
		switch c.Field {
		case Journal:
			return f.text(l.Journal)
		case Day:
			return writeDay(m.pattern(c), l.Day)
		case Account:
			return f.text(l.Account)
		case Section:
			return f.text(l.Section)
		case Matricule:
			return f.text(l.Matricule)
		case NIR:
			return digits(l.NIR)
		case Reference:
			return f.text(l.Reference)
		case Label:
			return f.text(l.Label)
		case Debit:
			if l.Debit == 0 {
				return ""
			}
			return amount(l.Debit)
		case Credit:
			if l.Credit == 0 {
				return ""
			}
			return amount(l.Credit)
		case Amount:
			if side {
				return amount(l.Debit + l.Credit)
			}
			return amount(l.Debit - l.Credit)
		case Side:
			if l.Credit != 0 {
				return "C"
			}
			return "D"
		}
		return ""
	})
}
