package fec

import (
	"io"

	"essaim/date"
	"essaim/fault"
	"essaim/money"
)

// Line is one line of an entry. Texts are UTF-8; a day that is not given is the zero day.
type Line struct {
	JournalCode   string
	JournalLib    string
	EcritureNum   string
	EcritureDate  date.Day
	CompteNum     string
	CompteLib     string
	CompAuxNum    string // empty when the account has no subsidiary account
	CompAuxLib    string
	PieceRef      string
	PieceDate     date.Day
	EcritureLib   string
	Debit         money.Cents
	Credit        money.Cents
	EcritureLet   string
	DateLet       date.Day
	ValidDate     date.Day
	Montantdevise money.Cents // hundredths of Idevise; nothing when Idevise is empty
	Idevise       string      // ISO 4217; empty for the currency of account
}

// Reader reads the lines of a FEC in any of the forms it comes in: tab or pipe, UTF-8, ISO 8859-15 or Windows-1252,
// any end of line, comma or point, Debit and Credit or Montant and Sens. Spaces around values are dropped; nothing
// is quoted. It holds one window of the file. It takes what can be understood; [Check] says what is unlawful.
type Reader struct {
	s *scanner
	layout
	cells cells
	cal   calendar
}

// NewReader reads the first line. The error is a refusal ([fault.Error]) when no FEC can be seen in it.
func NewReader(r io.Reader) (*Reader, error) {
	s := newScanner(r)
	l, err := openLayout(s)
	if err != nil {
		return nil, err
	}
	return &Reader{s: s, layout: l}, nil
}

// openLayout passes over empty lines and finds the columns in the first line.
func openLayout(s *scanner) (layout, error) {
	line, ok := s.next()
	for ok && !s.long && blank(line) {
		line, ok = s.next()
	}
	switch {
	case s.err != nil:
		return layout{}, readError(s.err)
	case !ok:
		return layout{}, fault.New(fault.Invalid, "fec.read.empty")
	}
	h := readHeading(line)
	if s.utf16 || s.long || len(h.missing) > 0 {
		name := JournalCode
		if len(h.missing) > 0 {
			name = h.missing[0]
		}
		return layout{}, fault.New(fault.Invalid, "fec.read.header", "name", name.String())
	}
	return h.layout, nil
}

// Line returns the number of the last line read, from 1.
func (r *Reader) Line() int { return r.s.line }

// Read returns the next line, [io.EOF] after the last, or a refusal that names the line and what is wrong with it.
func (r *Reader) Read() (Line, error) {
	for {
		line, ok := r.s.next()
		if !ok {
			if r.s.err != nil {
				return Line{}, readError(r.s.err)
			}
			return Line{}, io.EOF
		}
		if !r.s.long && blank(line) {
			continue
		}
		if err := cutLine(r.s, &r.cells, &r.layout, line); err != nil {
			return Line{}, err
		}
		return r.parse()
	}
}

// cutLine cuts a line and checks that it has the cells it should.
func cutLine(s *scanner, c *cells, l *layout, line []byte) error {
	if s.long {
		return fault.New(fault.Invalid, "fec.read.long", "line", number(s.line), "most", MaxLine/1024)
	}
	c.cut(line, l.sep)
	if c.n != l.count {
		return fault.New(fault.Invalid, "fec.read.count", "line", number(s.line), "got", number(c.n), "want", number(l.count))
	}
	return nil
}

func (r *Reader) parse() (Line, error) {
	var first error
	text := func(f Field) string { return decode(r.cells.cell(r.col[f])) }
	day := func(f Field) date.Day {
		b := r.cells.cell(r.col[f])
		if noDay(b) {
			return 0
		}
		d, ok := r.cal.parse(b)
		if !ok && first == nil {
			first = valueError("fec.read.date", r.s.line, f, b)
		}
		return d
	}
	l := Line{
		JournalCode: text(JournalCode), JournalLib: text(JournalLib), EcritureNum: text(EcritureNum),
		EcritureDate: day(EcritureDate), CompteNum: text(CompteNum), CompteLib: text(CompteLib),
		CompAuxNum: text(CompAuxNum), CompAuxLib: text(CompAuxLib), PieceRef: text(PieceRef),
		PieceDate: day(PieceDate), EcritureLib: text(EcritureLib), EcritureLet: text(EcritureLet),
		DateLet: day(DateLet), ValidDate: day(ValidDate), Idevise: text(Idevise),
	}
	foreign, form := parseAmount(r.cells.cell(r.col[Montantdevise]))
	if form > amountFine && first == nil {
		first = valueError("fec.read.amount", r.s.line, Montantdevise, r.cells.cell(r.col[Montantdevise]))
	}
	l.Montantdevise = foreign
	var err error
	if l.Debit, l.Credit, err = readAmounts(&r.cells, &r.layout, r.s.line); err != nil && first == nil {
		first = err
	}
	if first != nil {
		return Line{}, first
	}
	return l, nil
}

// readAmounts reads both amounts of a line in either form. An empty amount is nil.
func readAmounts(c *cells, l *layout, line int) (debit, credit money.Cents, err error) {
	if l.sens {
		b := c.cell(l.col[Montant])
		amount, form := parseAmount(b)
		if form > amountPoint {
			return 0, 0, valueError("fec.read.amount", line, Montant, b)
		}
		isCredit, ok := direction(c.cell(l.col[Sens]))
		switch {
		case !ok:
			return 0, 0, valueError("fec.read.sens", line, Sens, c.cell(l.col[Sens]))
		case isCredit:
			return 0, amount, nil
		}
		return amount, 0, nil
	}
	b := c.cell(l.col[Debit])
	debit, form := parseAmount(b)
	if form > amountPoint {
		return 0, 0, valueError("fec.read.amount", line, Debit, b)
	}
	b = c.cell(l.col[Credit])
	credit, form = parseAmount(b)
	if form > amountPoint {
		return 0, 0, valueError("fec.read.amount", line, Credit, b)
	}
	return debit, credit, nil
}

func valueError(key string, line int, f Field, b []byte) error {
	return fault.New(fault.Invalid, key, "line", number(line), "name", f.String(), "value", shown(b))
}

// readError is a medium that fails: not the fault of the file's content.
func readError(err error) error { return fault.New(fault.Internal, "fec.read.failed").Wrap(err) }
