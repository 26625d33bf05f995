package fec

import (
	"bytes"
	"strings"
)

// Field is one of the named columns of the file, in the order of the law.
type Field uint8

// The eighteen columns, then the two that stand for Debit and Credit in the other form the law allows.
const (
	JournalCode Field = iota
	JournalLib
	EcritureNum
	EcritureDate
	CompteNum
	CompteLib
	CompAuxNum
	CompAuxLib
	PieceRef
	PieceDate
	EcritureLib
	Debit
	Credit
	EcritureLet
	DateLet
	ValidDate
	Montantdevise
	Idevise
	Montant // in the place of Debit
	Sens    // in the place of Credit: D or C, +1 or -1

	fields
	noField Field = 255 // a finding about the line, the entry or the file
)

// Columns is the number of columns the law asks for.
const Columns = 18

var names = [fields]string{
	"JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum", "CompAuxLib",
	"PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate", "Montantdevise",
	"Idevise", "Montant", "Sens",
}

// sectorNames are the further columns that the law gives to cash accounts and farmers (VIII, 3° to 8°): welcome
// after the eighteenth without a remark.
var sectorNames = [...]string{"DateRglt", "ModeRglt", "NatOp", "IdClient"}

// String returns the name of the column as the law writes it; "" for a finding about more than one column.
func (f Field) String() string {
	if f < fields {
		return names[f]
	}
	return ""
}

// layout says where the columns stand in one file.
type layout struct {
	sep   byte
	count int // cells of a line
	col   [fields]int
	sens  bool // Montant and Sens instead of Debit and Credit
}

// heading is a first line as it was read: the layout, and what is wrong with it.
type heading struct {
	layout
	known   int      // recognised names
	missing []Field  // columns of the law that are absent
	twice   []Field  // columns that stand twice
	extra   []string // names beyond the law
	ordered bool     // the columns of the law come first and in its order
	legal   bool     // the separator is a tab or a pipe
}

// readHeading finds the separator and the columns of a first line. Names are taken in any case, with or without
// accents or spaces around, as the tool of the tax administration takes them.
func readHeading(line []byte) heading {
	h := heading{ordered: true, legal: true}
	h.sep = separator(line)
	h.legal = h.sep == '\t' || h.sep == '|'
	for f := range h.col {
		h.col[f] = -1
	}
	i := 0
	for rest, more := line, true; more; i++ {
		var cell []byte
		cell, rest, more = bytes.Cut(rest, []byte{h.sep})
		if i >= maxCells {
			continue
		}
		h.column(i, strings.TrimSpace(decode(cell)))
	}
	h.count = i
	h.sens = h.col[Montant] >= 0 && h.col[Sens] >= 0 && (h.col[Debit] < 0 || h.col[Credit] < 0)
	for f := JournalCode; f <= Idevise; f++ {
		want := h.place(f)
		if h.col[want] < 0 {
			h.missing = append(h.missing, f)
		} else if h.col[want] != int(f) {
			h.ordered = false
		}
	}
	return h
}

// place returns the column that holds f in this file: Montant for Debit and Sens for Credit in the other form.
func (l *layout) place(f Field) Field {
	if l.sens {
		switch f {
		case Debit:
			return Montant
		case Credit:
			return Sens
		}
	}
	return f
}

func (h *heading) column(i int, name string) {
	plain := unaccented(name)
	for f, want := range names {
		if strings.EqualFold(plain, want) {
			if h.col[f] >= 0 {
				h.twice = append(h.twice, Field(f))
				return
			}
			h.col[f] = i
			h.known++
			return
		}
	}
	for _, s := range sectorNames {
		if strings.EqualFold(plain, s) {
			return
		}
	}
	h.extra = append(h.extra, name)
}

// lawful is the layout of a file without a first line of names.
func lawful(sep byte) layout {
	l := layout{sep: sep, count: Columns}
	for f := range l.col {
		l.col[f] = f
	}
	l.col[Montant], l.col[Sens] = -1, -1
	return l
}

// separator returns the character that cuts the line most often, tab and pipe first.
func separator(line []byte) byte {
	best, most := byte('\t'), 0
	for _, sep := range []byte{'\t', '|', ';', ','} {
		n := bytes.Count(line, []byte{sep})
		if n > most && (sep == '\t' || sep == '|' || most < Columns/2) {
			best, most = sep, n
		}
	}
	return best
}

func unaccented(s string) string {
	return strings.NewReplacer("é", "e", "è", "e", "É", "E", "È", "E").Replace(s)
}
