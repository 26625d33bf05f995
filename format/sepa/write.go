package sepa

import (
	"bytes"
	"io"
	"strconv"
	"strings"
)

// namespace names the message and its version.
const namespace = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"

// notProvided stands where the schema wants a bank and SEPA does not.
const notProvided = "NOTPROVIDED"

// Write writes the file in UTF-8. What [File.Check] refuses is refused before the first byte. The same file always makes the
// same bytes.
func Write(w io.Writer, f File) error {
	if err := f.Check(); err != nil {
		return err
	}
	f = f.Clean()
	var x pen
	x.b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	x.in(`Document xmlns="`+namespace+`"`, func() {
		x.in("CstmrCdtTrfInitn", func() {
			x.in("GrpHdr", func() {
				x.put("MsgId", f.MessageID)
				x.put("CreDtTm", f.Created)
				x.put("NbOfTxs", strconv.Itoa(f.Count()))
				x.put("CtrlSum", f.Total().String())
				x.path("InitgPty/Nm", f.Initiator)
			})
			for _, b := range f.Batches {
				x.in("PmtInf", func() { x.batch(b) })
			}
		})
	})
	_, err := w.Write(x.b.Bytes())
	return err
}

func (x *pen) batch(b Batch) {
	x.put("PmtInfId", b.ID)
	x.put("PmtMtd", "TRF")
	x.put("BtchBookg", strconv.FormatBool(b.BatchBooking))
	x.put("NbOfTxs", strconv.Itoa(len(b.Transfers)))
	x.put("CtrlSum", b.Total().String())
	x.in("PmtTpInf", func() {
		x.path("SvcLvl/Cd", "SEPA")
		if b.Purpose != AnyPurpose {
			x.path("CtgyPurp/Cd", string(b.Purpose))
		}
	})
	x.path("ReqdExctnDt/Dt", b.Day.String())
	x.path("Dbtr/Nm", b.Debtor.Name)
	x.path("DbtrAcct/Id/IBAN", b.Debtor.IBAN)
	if b.Debtor.BIC != "" {
		x.path("DbtrAgt/FinInstnId/BICFI", b.Debtor.BIC)
	} else {
		x.path("DbtrAgt/FinInstnId/Othr/Id", notProvided)
	}
	x.put("ChrgBr", "SLEV")
	for _, t := range b.Transfers {
		x.in("CdtTrfTxInf", func() {
			x.path("PmtId/EndToEndId", t.EndToEnd)
			x.in("Amt", func() { x.put(`InstdAmt Ccy="EUR"`, t.Amount.String()) })
			if t.Creditor.BIC != "" {
				x.path("CdtrAgt/FinInstnId/BICFI", t.Creditor.BIC)
			}
			x.path("Cdtr/Nm", t.Creditor.Name)
			x.path("CdtrAcct/Id/IBAN", t.Creditor.IBAN)
			if t.Text != "" {
				x.path("RmtInf/Ustrd", t.Text)
			}
		})
	}
}

// pen writes elements, each within another two spaces further in.
type pen struct {
	b     bytes.Buffer
	depth int
}

// in writes an element that holds others.
func (x *pen) in(tag string, within func()) {
	x.indent()
	x.b.WriteString("<" + tag + ">\n")
	x.depth++
	within()
	x.depth--
	x.indent()
	x.b.WriteString("</" + name(tag) + ">\n")
}

// put writes an element that holds a value.
func (x *pen) put(tag, value string) {
	x.indent()
	x.b.WriteString("<" + tag + ">" + escaped.Replace(value) + "</" + name(tag) + ">\n")
}

// path writes a value within elements that hold nothing else.
func (x *pen) path(tags, value string) {
	outer, inner, more := strings.Cut(tags, "/")
	if !more {
		x.put(outer, value)
		return
	}
	x.in(outer, func() { x.path(inner, value) })
}

func (x *pen) indent() { x.b.WriteString(strings.Repeat("  ", x.depth)) }

// name is the name of an element without its attributes.
func name(tag string) string { n, _, _ := strings.Cut(tag, " "); return n }

// escaped guards what no check lets through today: a value never becomes markup.
var escaped = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
