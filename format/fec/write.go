package fec

import (
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"essaim/date"
	"essaim/fault"
	"essaim/money"
)

// Writer writes a FEC: the names of the columns, a tab between the cells, CRLF after each line, a decimal comma.
//
// Texts lose what the form has no room for: tabs, ends of lines, other control characters and vertical bars become
// spaces, runs of spaces one, and none is left around. In ISO 8859-15 a character that does not exist there becomes
// the nearest that does (’ is ', — is -, a narrow no-break space is a space, ő is o), else a question mark.
type Writer struct {
	out     sink
	charset Charset
	started bool
	days    [32]struct { // days lately written: neighbours share them
		day  date.Day
		text string
	}
}

// NewWriter makes a writer of the given charset. Nothing is written before the first line or Flush.
func NewWriter(w io.Writer, charset Charset) *Writer {
	return &Writer{out: sink{w: w}, charset: charset}
}

// Write writes one line.
func (w *Writer) Write(l *Line) error {
	w.start()
	w.cell(l.JournalCode)
	w.cell(l.JournalLib)
	w.cell(l.EcritureNum)
	w.day(l.EcritureDate)
	w.cell(l.CompteNum)
	w.cell(l.CompteLib)
	w.cell(l.CompAuxNum)
	w.cell(l.CompAuxLib)
	w.cell(l.PieceRef)
	w.day(l.PieceDate)
	w.cell(l.EcritureLib)
	w.amount(l.Debit)
	w.amount(l.Credit)
	w.cell(l.EcritureLet)
	w.day(l.DateLet)
	w.day(l.ValidDate)
	if l.Idevise != "" {
		w.out.buf = l.Montantdevise.Append(w.out.buf, ',')
	}
	w.out.text("\t")
	w.text(l.Idevise)
	w.out.text("\r\n")
	w.out.more()
	return w.out.err
}

// Flush writes what is gathered. A file without entries has its first line all the same.
func (w *Writer) Flush() error {
	w.start()
	return w.out.flush()
}

func (w *Writer) start() {
	if !w.started {
		w.started = true
		w.out.text(strings.Join(names[:Columns], "\t") + "\r\n")
	}
}

func (w *Writer) cell(s string) {
	w.text(s)
	w.out.text("\t")
}

func (w *Writer) day(d date.Day) {
	if d != 0 {
		known := &w.days[uint32(d)%uint32(len(w.days))]
		if known.day != d {
			known.day, known.text = d, d.Compact()
		}
		w.out.text(known.text)
	}
	w.out.text("\t")
}

func (w *Writer) amount(c money.Cents) { w.out.buf = append(c.Append(w.out.buf, ','), '\t') }

// text appends the text in the charset of the file.
func (w *Writer) text(s string) {
	plain := true // printable ASCII with single spaces within
	for i := 0; i < len(s) && plain; i++ {
		c := s[i]
		plain = c > ' ' && c < 0x7f && c != '|' || c == ' ' && i > 0 && i < len(s)-1 && s[i+1] != ' '
	}
	if plain {
		w.out.text(s)
		return
	}
	s = tidy(s)
	if w.charset == UTF8 {
		w.out.text(s)
		return
	}
	for _, r := range s {
		w.out.buf = appendLatin9(w.out.buf, r)
	}
}

// tidy turns into a space what may not stand in a cell, leaves single spaces between words, and composes accents.
func tidy(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range strings.ToValidUTF8(s, "?") {
		switch {
		case r == '|' || r == ' ' || unicode.IsControl(r) || r == '\u2028' || r == '\u2029':
			gap = true
			continue
		case r == '\u200b' || r == '\u200c' || r == '\u200d' || r == '\ufeff' || r == '\u00ad':
			continue // seen by nobody
		}
		if gap && b.Len() > 0 {
			b.WriteByte(' ')
		}
		gap = false
		b.WriteRune(r)
	}
	return norm.NFC.String(b.String())
}

// appendLatin9 appends the character, or the nearest that ISO 8859-15 has.
func appendLatin9(b []byte, r rune) []byte {
	if c, ok := toLatin9(r); ok {
		return append(b, c)
	}
	if near := nearest(r); near != "" {
		return append(b, near...)
	}
	// An accent that ISO 8859-15 has not is dropped: ő is o. What is left must all exist.
	start := len(b)
	for _, part := range norm.NFKD.String(string(r)) {
		if unicode.Is(unicode.Mn, part) {
			continue
		}
		c, ok := toLatin9(part)
		if !ok || part < ' ' || part == '|' {
			return append(b[:start], '?')
		}
		b = append(b, c)
	}
	if len(b) == start && !unicode.Is(unicode.Mn, r) {
		b = append(b, '?')
	}
	return b
}

// nearest returns what stands for a character without a decomposition; "" when there is none.
func nearest(r rune) string {
	switch r {
	case '’', '‘', '‚', '‛', '′', 'ʼ', 0xb4:
		return "'"
	case '“', '”', '„', '‟', '″':
		return `"`
	case '–', '—', '―', '‐', '‑', '‒', '−':
		return "-"
	case '…':
		return "..."
	case '•':
		return "-"
	case '→':
		return "->"
	case '≤':
		return "<="
	case '≥':
		return ">="
	case '‹':
		return "<"
	case '›':
		return ">"
	case '\u202f', '\u2009', '\u2007', '\u2008', '\u200a', '\u2002', '\u2003', '\u3000':
		return " "
	case 'ł':
		return "l"
	case 'Ł':
		return "L"
	case 'đ':
		return "d"
	case 'Đ':
		return "D"
	case 'ı':
		return "i"
	case '™':
		return "TM"
	case '№':
		return "No"
	case 0xbc:
		return "1/4"
	case 0xbd:
		return "1/2"
	case 0xbe:
		return "3/4"
	}
	return ""
}

// SideWriter writes the side file of sections, one record for each line of the FEC and in its order, UTF-8, CRLF.
type SideWriter struct {
	out          sink
	started      bool
	journal, num string
	ligne        int
}

// NewSideWriter makes a writer of a side file.
func NewSideWriter(w io.Writer) *SideWriter { return &SideWriter{out: sink{w: w}} }

// Write writes the section of the next line of the FEC, which is of that journal and number; lines of one entry
// follow each other, and their place within it is counted here. A text that holds a semicolon or a control character
// is refused: it would not be found again.
func (w *SideWriter) Write(journal, num, section string) error {
	for _, s := range [...]string{journal, num, section} {
		if s == "" || strings.ContainsFunc(s, func(r rune) bool { return r == ';' || r == utf8.RuneError || unicode.IsControl(r) }) {
			return fault.New(fault.Invalid, "fec.side.text", "value", shown([]byte(s)))
		}
	}
	w.start()
	if journal == w.journal && num == w.num {
		w.ligne++
	} else {
		w.journal, w.num, w.ligne = journal, num, 1
	}
	w.out.text(journal + ";" + num + ";" + strconv.Itoa(w.ligne) + ";" + section + "\r\n")
	w.out.more()
	return w.out.err
}

// Flush writes what is gathered.
func (w *SideWriter) Flush() error {
	w.start()
	return w.out.flush()
}

func (w *SideWriter) start() {
	if !w.started {
		w.started = true
		w.out.text(sideHeader + "\r\n")
	}
}
