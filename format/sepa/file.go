package sepa

import (
	"essaim/date"
	"essaim/money"
)

// Limits of the message: those of pain.001.001.09 where it has them narrower than SEPA, those of SEPA otherwise (EPC132-08).
const (
	MaxID       = 35                       // characters of a reference
	MaxName     = 70                       // characters of a name, once in the letters of SEPA
	MaxText     = 140                      // characters of the text for who is paid, once in the letters of SEPA
	MaxAmount   = money.Cents(99999999999) // 999 999 999,99 €, the most that one transfer carries
	MaxTransfer = 20_000                   // transfers in one file: a bound of ours, far above a year of any cooperative
	MaxBytes    = 32 << 20                 // bytes of a file that [Read] takes: above what MaxTransfer transfers fill
)

// Purpose is what all transfers of a batch are for (ISO 20022, external category purpose codes).
type Purpose string

// The purposes.
const (
	AnyPurpose Purpose = ""     // not said: suppliers, refunds
	Wages      Purpose = "SALA" // payment of salaries: the bank of the payer books it and shows it as such
)

// Party is a holder and their account.
type Party struct {
	Name string // the holder of the account, exactly as their bank knows them
	IBAN string // with or without spaces
	BIC  string // empty when it is not known
}

// Transfer is one payment.
type Transfer struct {
	EndToEnd string      // reference that follows the payment to the statements of both; once in a file, 35 characters
	Amount   money.Cents // euros, above zero
	Creditor Party       // who is paid
	Text     string      // what the person paid reads on their statement; may be empty
}

// Batch is what leaves one account on one day for one purpose.
type Batch struct {
	ID      string   // reference of the batch, once in a file, 35 characters
	Day     date.Day // when the account is to be debited; the bank moves a day that is not one of banks to the next
	Debtor  Party    // who pays
	Purpose Purpose
	// BatchBooking asks the bank for one line on the statement instead of one for each transfer. Wages want it: whoever
	// may see the account then does not read what each person earns.
	BatchBooking bool
	Transfers    []Transfer
}

// File is one message to one bank.
type File struct {
	MessageID string // reference of the message, never used before with this bank, 35 characters
	Created   string // when it was made, "2026-11-23T09:30:00" on the clock of the cooperative, a zone ("Z", "+01:00") allowed
	Initiator string // who sends it, usually the name of the cooperative
	Batches   []Batch
}

// Count returns how many transfers the file orders.
func (f File) Count() int {
	n := 0
	for _, b := range f.Batches {
		n += len(b.Transfers)
	}
	return n
}

// Total returns what the file orders to pay. It is right for a file that [File.Check] takes.
func (f File) Total() money.Cents {
	var sum money.Cents
	for _, b := range f.Batches {
		sum += b.Total()
	}
	return sum
}

// Total returns what leaves the account. It is right for a batch that [File.Check] takes.
func (b Batch) Total() money.Cents {
	var sum money.Cents
	for _, t := range b.Transfers {
		sum += t.Amount
	}
	return sum
}

// Clean returns the file as it is written: names and texts in the letters of SEPA, IBAN and BIC in capitals without spaces.
// What has no such letters stays as it is, for [File.Check] to refuse.
func (f File) Clean() File {
	f.Initiator = cleanText(f.Initiator)
	batches := make([]Batch, len(f.Batches))
	for i, b := range f.Batches {
		b.Debtor = b.Debtor.clean()
		transfers := make([]Transfer, len(b.Transfers))
		for j, t := range b.Transfers {
			t.Creditor, t.Text = t.Creditor.clean(), cleanText(t.Text)
			transfers[j] = t
		}
		b.Transfers = transfers
		batches[i] = b
	}
	f.Batches = batches
	return f
}

func (p Party) clean() Party {
	return Party{Name: cleanText(p.Name), IBAN: account(p.IBAN), BIC: account(p.BIC)}
}

func cleanText(s string) string {
	if latin, foreign := Latin(s); foreign == "" {
		return latin
	}
	return s
}
