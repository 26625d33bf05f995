package fec

import (
	"errors"
	"io"
	"math"

	"essaim/date"
	"essaim/fault"
	"essaim/money"
)

// By says what a balance is cut by.
type By uint8

// A balance by account, by section of the activity and account, or by month of the entry and account.
const (
	ByAccount By = iota
	BySection
	ByMonth
)

// Row is the sums of one account, within one section or month when the balance is cut so.
type Row struct {
	Group     string // section, or month "2026-01"; empty by account
	CompteNum string
	CompteLib string // as on the first line of the account
	Debit     money.Cents
	Credit    money.Cents
}

// Solde is the debit less the credit.
func (r Row) Solde() money.Cents { return r.Debit - r.Credit }

// Balance is the sums of a FEC, sorted by group then account, in the order of their bytes.
type Balance struct {
	By     By
	Rows   []Row
	Lines  int
	Unused int // lines of the side file that no line of the FEC asked for
	Debit  money.Cents
	Credit money.Cents
}

// ReadBalance sums a FEC in one pass, without keeping its lines. By section it needs the side file; the two are read
// side by side while they go in the same order, and once more with the side file in memory (about 25 bytes a line)
// when they do not. The error is a refusal ([fault.Error]) for content that cannot be summed: nothing is left out
// in silence.
func ReadBalance(r, sections io.ReadSeeker, by By) (*Balance, error) {
	if by != BySection {
		return sum(r, by, nil)
	}
	side, err := newSideReader(sections)
	if err != nil {
		return nil, err
	}
	b, err := sum(r, by, side)
	if !errors.Is(err, errOrder) {
		return b, err
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, readError(err)
	}
	index, err := readSideIndex(sections)
	if err != nil {
		return nil, err
	}
	return sum(r, by, index)
}

// errOrder says that the side file does not go line by line with the FEC.
var errOrder = errors.New("the side file is in another order")

// sectioner gives each line of a FEC, in turn, its section.
type sectioner interface {
	// section returns the number of the section of the next line, which is of that journal and entry. line is its
	// place in the file, for what is said of a line without a section.
	section(journal, num []byte, line int) (uint32, error)
	// finish returns how many sections were not asked for, or refuses lines that had none.
	finish() (unused int, err error)
	name(section uint32) string
}

// total is the sums under one key.
type total struct {
	group   uint32
	account uint32
	debit   money.Cents
	credit  money.Cents
}

// summer is the state of one pass.
type summer struct {
	s        *scanner
	l        layout
	cells    cells
	cal      calendar
	accounts textTable
	labels   []string
	totals   []total
	keys     pairTable
	lines    int
	debit    money.Cents
	credit   money.Cents
}

func sum(r io.Reader, by By, side sectioner) (*Balance, error) {
	b := &summer{s: newScanner(r)}
	var err error
	if b.l, err = openLayout(b.s); err != nil {
		return nil, err
	}
	for {
		line, ok := b.s.next()
		if !ok {
			break
		}
		if !b.s.long && blank(line) {
			continue
		}
		if err := b.add(line, by, side); err != nil {
			return nil, err
		}
	}
	if b.s.err != nil {
		return nil, readError(b.s.err)
	}
	out := b.result(by, side)
	if side != nil {
		if out.Unused, err = side.finish(); err != nil {
			return nil, err
		}
	}
	out.sort()
	return out, nil
}

// add sums one line.
func (b *summer) add(line []byte, by By, side sectioner) error {
	if err := cutLine(b.s, &b.cells, &b.l, line); err != nil {
		return err
	}
	debit, credit, err := readAmounts(&b.cells, &b.l, b.s.line)
	if err != nil {
		return err
	}
	num := b.cells.cell(b.l.col[CompteNum])
	account, fresh := b.accounts.put(num)
	if fresh {
		if len(num) == 0 {
			return fault.New(fault.Invalid, "fec.read.account", "line", number(b.s.line))
		}
		b.labels = append(b.labels, decode(b.cells.cell(b.l.col[CompteLib])))
	}
	var group uint32
	switch by {
	case ByMonth:
		if group, err = b.month(); err != nil {
			return err
		}
	case BySection:
		if group, err = side.section(b.cells.cell(b.l.col[JournalCode]), b.cells.cell(b.l.col[EcritureNum]), b.s.line); err != nil {
			return err
		}
	}
	i := account
	if by != ByAccount {
		i, fresh = b.keys.put(uint64(group)<<32 | uint64(account))
	}
	if fresh {
		b.totals = append(b.totals, total{group: group, account: account})
	}
	t := &b.totals[i]
	t.debit += debit
	t.credit += credit
	b.debit += debit
	b.credit += credit
	b.lines++
	const most = math.MaxInt64 / 2 // one more line cannot pass the bounds of the type
	if b.debit > most || b.debit < -most || b.credit > most || b.credit < -most {
		return fault.New(fault.Invalid, "fec.read.overflow", "line", number(b.s.line))
	}
	return nil
}

// month returns the month of the entry.
func (b *summer) month() (uint32, error) {
	cell := b.cells.cell(b.l.col[EcritureDate])
	d, ok := b.cal.parse(cell)
	if !ok {
		return 0, valueError("fec.read.date", b.s.line, EcritureDate, cell)
	}
	return uint32(d.Month()), nil
}

func (b *summer) result(by By, side sectioner) *Balance {
	out := &Balance{By: by, Rows: make([]Row, len(b.totals)), Lines: b.lines, Debit: b.debit, Credit: b.credit}
	for i, t := range b.totals {
		row := Row{
			CompteNum: decode(b.accounts.of(t.account)), CompteLib: b.labels[t.account],
			Debit: t.debit, Credit: t.credit,
		}
		switch by {
		case ByMonth:
			row.Group = date.Month(t.group).String()
		case BySection:
			row.Group = side.name(t.group)
		}
		out.Rows[i] = row
	}
	return out
}
