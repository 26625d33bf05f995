package sale

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/ledger"
	"essaim/money"
)

// RecordKind says what a record of the register is.
type RecordKind string

// The kinds of record.
const (
	RecordTaking     RecordKind = "taking"     // takings of a day
	RecordTill       RecordKind = "till"       // what goes in or out of a till beside sales, and its counts
	RecordPayout     RecordKind = "payout"     // an acquirer pays what cards and online payments brought
	RecordRemittance RecordKind = "remittance" // cheques deposited together
)

// Record is one line of the register of money: takings, tills, payouts and deposits of cheques. The register only grows
// (CGI art. 286-I-3° bis): each record is chained to the one before, and what was wrong is undone by another record.
type Record struct {
	ID       int64      `json:"id"` // also its place in the chain
	Kind     RecordKind `json:"kind"`
	Number   string     `json:"number,omitempty"`
	Activity int64      `json:"activity,omitempty"` // 0: several
	Date     date.Day   `json:"date"`
	Entry    int64      `json:"entry,omitempty"`    // 0: nothing moved, a count that was right
	Booked   date.Day   `json:"-"`                  // day of its entry, told as it is recorded: later than Date when its month was closed
	Reverses int64      `json:"reverses,omitempty"` // record that this one undoes
	Reversed int64      `json:"reversed,omitempty"` // record that undid this one
	By       int64      `json:"by"`
	At       int64      `json:"at"` // microseconds UTC

	Taking     *Taking     `json:"taking,omitempty"`
	Till       *TillMove   `json:"till,omitempty"`
	Payout     *Payout     `json:"payout,omitempty"`
	Remittance *Remittance `json:"remittance,omitempty"`
}

// Online is payment on the internet: takings only.
const Online Means = "online"

// The accounts that money stands on before it is in the bank.
const (
	Till    = "530"  // caisse: the section says whose
	Cheques = "5112" // chèques à encaisser
	Cards   = "5115" // cartes bancaires à encaisser
	Onlines = "5116" // paiements en ligne à encaisser
	Transit = "580"  // virements internes: between a till and the bank
	Pockets = "467"  // what people put into their till of their own
)

// RegisterFacts is what the rules need to know about the world around a record.
type RegisterFacts struct {
	VAT   coop.VAT
	Taxes ledger.Taxes
	Today date.Day
	On    date.Day // first day that the books can still bear; 0: any. What is recorded late keeps its own day as that of the document (practice 5)
}

const (
	maxWord  = 300
	maxCount = 100_000
)

// checkDay judges the day of a record; the month being open is for the books to say.
func checkDay(day, today date.Day) error {
	switch {
	case day == 0:
		return fault.At("date", "till.fault.date_missing")
	case day > today:
		return fault.At("date", "till.fault.date_ahead", "on", day)
	case day < today-maxPast:
		return fault.At("date", "sale.fault.payment_old", "on", day)
	}
	return nil
}

func checkWord(field, s string) error {
	switch {
	case utf8.RuneCountInString(s) > maxWord:
		return fault.At(field, "till.fault.word_long", "max", maxWord)
	case !fault.Plain(s):
		return fault.At(field, "till.fault.word_signs")
	}
	return nil
}

// Document names a record on the lines of entries: "register:12".
func (r Record) Document() string { return fmt.Sprintf("register:%d", r.ID) }

// Ref is the reference of the entry of a record: its number, or for a till what it is.
func (r Record) ref() string {
	if r.Number != "" {
		return r.Number
	}
	return strings.ToUpper(string(r.Kind[:1])) + fmt.Sprintf("-%d", r.ID)
}

// Lines returns the lines that a record makes in the books, none for a count that was right.
func (r Record) Lines(taxes ledger.Taxes) ([]ledger.Line, error) {
	switch {
	case r.Taking != nil:
		return r.Taking.lines(r.Activity, taxes)
	case r.Till != nil:
		return r.Till.lines(r.Activity), nil
	case r.Payout != nil:
		return r.Payout.lines(), nil
	case r.Remittance != nil:
		return r.Remittance.lines(), nil
	}
	return nil, fmt.Errorf("record %d of the register: nothing in it", r.ID)
}

// RecordEntry returns the entry of a record; false when nothing moves.
func RecordEntry(r Record, name string, f RegisterFacts) (ledger.Entry, bool, error) {
	lines, err := r.Lines(f.Taxes)
	if err != nil || len(lines) == 0 {
		return ledger.Entry{}, false, err
	}
	e := ledger.Entry{Journal: ledger.JournalBank, Date: max(r.Date, f.On), DocDate: r.Date, ValidOn: f.Today, Ref: r.ref(), Document: r.Document(), By: r.By, At: r.At, Lines: lines}
	switch {
	case r.Taking != nil:
		e.Journal = ledger.JournalSales
		e.Label = french.T("till.entry.taking", "number", r.Number, "activity", short(name), "n", r.Taking.Count)
	case r.Till != nil:
		e.Label = french.T("till.entry."+string(r.Till.Kind), "activity", short(name))
		if r.Till.Word != "" {
			e.Label += " : " + short(r.Till.Word)
		}
	case r.Payout != nil:
		e.Label = french.T("till.entry.payout", "acquirer", short(r.Payout.Acquirer))
	case r.Remittance != nil:
		e.Label = french.T("till.entry.remittance", "number", r.Number, "n", len(r.Remittance.Items))
	}
	return e, true, nil
}

// UndoRecord returns the record that undoes another on its own day, as what is told of that day must be, and its entry, on
// the day that the books can bear; false when nothing moves.
func UndoRecord(r Record, entry ledger.Entry, on, today date.Day) (Record, ledger.Entry, bool, error) {
	if r.Reversed != 0 || r.Reverses != 0 {
		return Record{}, ledger.Entry{}, false, fault.New(fault.Conflict, "till.fault.reversed")
	}
	back := r
	back.ID, back.Entry, back.Reverses, back.At = 0, 0, r.ID, 0
	if r.Entry == 0 {
		return back, ledger.Entry{}, false, nil
	}
	if entry.ID != r.Entry {
		return Record{}, ledger.Entry{}, false, fmt.Errorf("undo record %d: entry %d is not its entry %d", r.ID, entry.ID, r.Entry)
	}
	e := entry.Reversal(on, r.ref(), french.T("till.entry.reversal", "label", short(entry.Label)))
	e.ValidOn = today
	return back, e, true, nil
}

// Amount is the money that a record tells of.
func (r Record) Amount() money.Cents {
	switch {
	case r.Taking != nil:
		return r.Taking.Means.Total()
	case r.Till != nil:
		return r.Till.Moved()
	case r.Payout != nil:
		return r.Payout.Gross()
	case r.Remittance != nil:
		return r.Remittance.Total()
	}
	return 0
}
