package sepa

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"essaim/date"
	"essaim/fault"
	"essaim/money"
)

// Read reads a file as [Write] writes it, to tell field by field what a bank is asked. It takes these elements in this order
// and refuses any other, so that nothing in a file stays unseen; line breaks, comments and prefixes of names may differ. It
// holds the counts and sums against the transfers, but judges no value: [File.Check] does. A document type, and with it any
// entity of its own, is refused, as is more than [MaxBytes].
func Read(r io.Reader) (File, error) {
	b, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return File{}, err
	}
	if len(b) > MaxBytes {
		return File{}, fault.New(fault.Invalid, "sepa.read_size", "max", MaxBytes>>20)
	}
	s := &scan{d: xml.NewDecoder(bytes.NewReader(b))}
	f := s.file()
	if s.err != nil {
		return File{}, s.err
	}
	return f, nil
}

// scan reads the elements of a file one after the other. After its first refusal, kept in err, everything it returns is
// empty and it moves no further.
type scan struct {
	d    *xml.Decoder
	next xml.Token // read and not yet taken; nil when there is none
	err  error
}

func (s *scan) file() File {
	var f File
	var count int
	var sum money.Cents
	s.in("Document", func() {
		s.in("CstmrCdtTrfInitn", func() {
			s.in("GrpHdr", func() {
				f.MessageID = s.value("MsgId")
				f.Created = s.value("CreDtTm")
				count = s.count()
				sum = s.amount("CtrlSum", maxSum)
				f.Initiator = s.path("InitgPty/Nm")
			})
			for s.at("PmtInf") {
				s.in("PmtInf", func() { f.Batches = append(f.Batches, s.batch()) })
			}
		})
	})
	if s.peek() != nil { // after the document
		s.unexpected("")
	}
	s.agree(count, f.Count(), sum, f.Total())
	return f
}

func (s *scan) batch() Batch {
	b := Batch{ID: s.value("PmtInfId")}
	s.fixed("PmtMtd", "TRF")
	b.BatchBooking = s.oneOf("BtchBookg", "true", "false") == "true"
	count, sum := s.count(), s.amount("CtrlSum", maxSum)
	s.in("PmtTpInf", func() {
		s.in("SvcLvl", func() { s.fixed("Cd", "SEPA") })
		if s.at("CtgyPurp") {
			b.Purpose = Purpose(s.path("CtgyPurp/Cd"))
		}
	})
	b.Day = s.day()
	b.Debtor.Name = s.path("Dbtr/Nm")
	b.Debtor.IBAN = s.path("DbtrAcct/Id/IBAN")
	b.Debtor.BIC = s.bank("DbtrAgt")
	s.fixed("ChrgBr", "SLEV")
	for s.at("CdtTrfTxInf") {
		s.in("CdtTrfTxInf", func() { b.Transfers = append(b.Transfers, s.transfer()) })
	}
	s.agree(count, len(b.Transfers), sum, b.Total())
	return b
}

func (s *scan) transfer() Transfer {
	t := Transfer{EndToEnd: s.path("PmtId/EndToEndId")}
	s.in("Amt", func() { t.Amount = s.amount("InstdAmt", money.Max) })
	if s.at("CdtrAgt") {
		t.Creditor.BIC = s.bank("CdtrAgt")
	}
	t.Creditor.Name = s.path("Cdtr/Nm")
	t.Creditor.IBAN = s.path("CdtrAcct/Id/IBAN")
	if s.at("RmtInf") {
		t.Text = s.path("RmtInf/Ustrd")
	}
	return t
}

// bank reads a BIC, or that none is given.
func (s *scan) bank(tag string) (bic string) {
	s.in(tag, func() {
		s.in("FinInstnId", func() {
			if s.at("Othr") {
				s.in("Othr", func() { s.fixed("Id", notProvided) })
				return
			}
			bic = s.value("BICFI")
		})
	})
	return bic
}

// agree refuses a file whose counts and sums are not those of its transfers: a transfer was lost or slipped in.
func (s *scan) agree(count, counted int, sum, summed money.Cents) {
	switch {
	case s.err != nil:
	case count != counted:
		s.refuse("sepa.read_count", "want", count, "found", counted)
	case sum != summed:
		s.refuse("sepa.read_sum", "want", sum, "found", summed)
	}
}

func (s *scan) count() int {
	v := s.value("NbOfTxs")
	n, err := strconv.Atoi(v)
	if err != nil || n < 0 || len(v) > 15 {
		s.strange("NbOfTxs", v)
	}
	return n
}

// maxSum bounds the sums of a file. A transfer is bounded by [money.Max], so that what MaxBytes hold sums within an int64.
const maxSum = money.Max * MaxTransfer

// amount reads an amount of euros: digits, and at most two after a point.
func (s *scan) amount(tag string, most money.Cents) money.Cents {
	v := s.value(tag)
	whole, cents, point := strings.Cut(v, ".")
	n, err := strconv.ParseUint(whole+(cents + "00")[:2], 10, 63)
	if err != nil || whole == "" || len(cents) > 2 || point && cents == "" || n > uint64(most) {
		s.strange(tag, v)
		return 0
	}
	return money.Cents(n)
}

func (s *scan) day() (d date.Day) {
	s.in("ReqdExctnDt", func() {
		v := s.value("Dt")
		var err error
		if d, err = date.Parse(v); err != nil {
			s.strange("Dt", v)
		}
	})
	return d
}

// path reads a value within elements that hold nothing else.
func (s *scan) path(tags string) (v string) {
	outer, inner, more := strings.Cut(tags, "/")
	if !more {
		return s.value(outer)
	}
	s.in(outer, func() { v = s.path(inner) })
	return v
}

// fixed reads a value that all files have alike.
func (s *scan) fixed(tag, want string) { s.oneOf(tag, want) }

func (s *scan) oneOf(tag string, wants ...string) string {
	v := s.value(tag)
	if slices.Contains(wants, v) {
		return v
	}
	s.strange(tag, v)
	return ""
}

// value reads an element that holds a text.
func (s *scan) value(tag string) string {
	var v strings.Builder
	s.open(tag)
	for s.err == nil {
		text, ok := s.token(true).(xml.CharData)
		if !ok {
			break
		}
		v.Write(text)
		s.next = nil
	}
	s.close(tag)
	if s.err != nil {
		return ""
	}
	return v.String()
}

// in reads an element that holds others.
func (s *scan) in(tag string, within func()) {
	s.open(tag)
	if s.err == nil {
		within()
	}
	s.close(tag)
}

// at says whether the element comes next.
func (s *scan) at(tag string) bool {
	e, ok := s.peek().(xml.StartElement)
	return ok && e.Name == xml.Name{Space: namespace, Local: tag}
}

func (s *scan) open(tag string) {
	if !s.at(tag) {
		s.unexpected(tag)
		return
	}
	e, _ := s.next.(xml.StartElement)
	currency := false
	for _, a := range e.Attr {
		switch {
		case a.Name.Space == "xmlns" || a.Name == xml.Name{Local: "xmlns"}:
		case a.Name == xml.Name{Space: "http://www.w3.org/2001/XMLSchema-instance", Local: "schemaLocation"} && tag == "Document":
		case tag == "InstdAmt" && a.Name == xml.Name{Local: "Ccy"} && a.Value == "EUR" && !currency:
			currency = true
		default:
			s.strange(tag, a.Name.Local+"="+a.Value)
			return
		}
	}
	if tag == "InstdAmt" && !currency {
		s.strange(tag, "")
		return
	}
	s.next = nil
}

func (s *scan) close(tag string) {
	if _, ok := s.peek().(xml.EndElement); !ok { // of this element: the decoder holds that they match
		s.unexpected("/" + tag)
		return
	}
	s.next = nil
}

// peek returns the next element that begins or ends, or a text that has no place here; nil at the end or after a refusal.
func (s *scan) peek() xml.Token { return s.token(false) }

// token is peek; within an element that holds a text, blanks are part of it.
func (s *scan) token(text bool) xml.Token {
	for s.err == nil && s.next == nil {
		t, err := s.d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			s.refuse("sepa.read_xml", "line", s.line())
			return nil
		}
		switch t := t.(type) {
		case xml.Directive:
			s.refuse("sepa.read_doctype", "line", s.line())
		case xml.ProcInst:
			if t.Target != "xml" {
				s.refuse("sepa.read_expected", "line", s.line(), "want", "–", "found", short("?"+t.Target))
			}
		case xml.CharData:
			if text || len(bytes.TrimSpace(t)) > 0 {
				s.next = t.Copy()
			}
		case xml.StartElement, xml.EndElement:
			s.next = xml.CopyToken(t)
		}
	}
	if s.err != nil {
		return nil
	}
	return s.next
}

func (s *scan) line() int { line, _ := s.d.InputPos(); return line }

// unexpected refuses what comes next where another element was due; want is "" where nothing was.
func (s *scan) unexpected(want string) {
	found := ""
	switch t := s.peek().(type) {
	case xml.StartElement:
		found = t.Name.Local
		if t.Name.Space != namespace {
			found = t.Name.Space + " " + found // another version of the message, most often
		}
	case xml.EndElement:
		found = "/" + t.Name.Local
	case xml.CharData:
		found = string(t)
	}
	s.refuse("sepa.read_expected", "line", s.line(), "want", cmp.Or(want, "–"), "found", short(cmp.Or(found, "–")))
}

// strange refuses the value of an element.
func (s *scan) strange(tag, value string) {
	s.refuse("sepa.read_value", "line", s.line(), "name", tag, "value", short(value))
}

func (s *scan) refuse(key string, args ...any) {
	if s.err == nil {
		s.err = fault.New(fault.Invalid, key, args...)
	}
}

// short cuts what a refusal shows of a file.
func short(s string) string {
	const most = 60
	if letters := []rune(s); len(letters) > most {
		return string(letters[:most]) + "…"
	}
	return s
}
