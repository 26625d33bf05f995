package sale

import (
	"crypto/sha256"
	"encoding/hex"

	"essaim/date"
	"essaim/fault"
	"essaim/money"
)

// Deed is what a person does to a document.
type Deed string

// The deeds.
const (
	DeedEdit     Deed = "edit"      // its author changes it
	DeedDelete   Deed = "delete"    // its author throws the draft away
	DeedSubmit   Deed = "submit"    // its author sends it to the desk
	DeedTakeBack Deed = "take_back" // its author takes it back, until a reader has opened it
	DeedOpen     Deed = "open"      // a reader opens it
	DeedAmend    Deed = "amend"     // a reader mends it, the change shown (practice 35)
	DeedReturn   Deed = "return"    // a reader sends it back with a comment
	DeedValidate Deed = "validate"  // a reader, or the program when the trust rules let it leave alone
	DeedSend     Deed = "send"      // it leaves to the customer; again as often as wanted
	DeedAccept   Deed = "accept"    // quotes: the customer signs, or the activity records the agreement
	DeedRefuse   Deed = "refuse"    // quotes: the customer declines
	DeedWithdraw Deed = "withdraw"  // quotes: a consumer withdraws from what they accepted
	DeedReopen   Deed = "reopen"    // quotes: back to a draft, to write another offer under the same number
)

// steps holds every deed that a status allows, and where it leads. What is not here is refused.
var steps = map[Status]map[Deed]Status{
	Draft:     {DeedEdit: Draft, DeedDelete: Draft, DeedSubmit: Submitted, DeedValidate: Validated},
	Returned:  {DeedEdit: Returned, DeedDelete: Returned, DeedSubmit: Submitted, DeedValidate: Validated},
	Submitted: {DeedTakeBack: Draft, DeedOpen: Submitted, DeedAmend: Submitted, DeedReturn: Returned, DeedValidate: Validated},
	Validated: {DeedSend: Sent},
	Sent:      {DeedSend: Sent},
}

// quoteSteps are those of quotes alone, beyond the steps above.
var quoteSteps = map[Status]map[Deed]Status{
	Validated: {DeedAccept: Accepted, DeedRefuse: Refused, DeedReopen: Draft},
	Sent:      {DeedAccept: Accepted, DeedRefuse: Refused, DeedReopen: Draft},
	Accepted:  {DeedSend: Accepted, DeedWithdraw: Refused},
	Refused:   {DeedReopen: Draft},
}

// Next returns the status a deed leads to. A refusal is a [fault.Conflict] whose words say what to do instead.
func Next(s Status, k Kind, d Deed) (Status, error) {
	if to, ok := steps[s][d]; ok {
		return to, nil
	}
	if k == Quote {
		if to, ok := quoteSteps[s][d]; ok {
			return to, nil
		}
	}
	return s, fault.New(fault.Conflict, refusal(s, k, d))
}

// Next returns the status a deed leads to for this document; what a reader has opened is no longer taken back.
func (d Document) Next(deed Deed) (Status, error) {
	if deed == DeedTakeBack && d.Status == Submitted && d.OpenedBy != 0 {
		return d.Status, fault.New(fault.Conflict, "sale.fault.opened")
	}
	if d.Number != "" && deed == DeedDelete { // a quote reopened keeps its number, and its place
		return d.Status, fault.New(fault.Conflict, "sale.fault.quote_kept")
	}
	return Next(d.Status, d.Kind, deed)
}

func refusal(s Status, k Kind, d Deed) string {
	numbered := s == Validated || s == Sent || s == Accepted || s == Refused
	switch d {
	case DeedEdit, DeedDelete, DeedSubmit, DeedTakeBack, DeedAmend, DeedReturn:
		switch {
		case !numbered && s == Submitted && d == DeedSubmit:
			return "sale.fault.submitted_already"
		case !numbered && s == Submitted:
			return "sale.fault.submitted"
		case !numbered:
			return "sale.fault.not_submitted"
		case k == Invoice:
			return "sale.fault.numbered_invoice"
		case k == CreditNote:
			return "sale.fault.numbered_credit"
		case s == Accepted:
			return "sale.fault.quote_accepted"
		}
		return "sale.fault.numbered_quote"
	case DeedOpen:
		if numbered {
			return "sale.fault.validated_already"
		}
		return "sale.fault.not_submitted"
	case DeedValidate:
		return "sale.fault.validated_already"
	case DeedSend:
		if s == Refused {
			return "sale.fault.quote_refused"
		}
		return "sale.fault.not_validated"
	case DeedAccept, DeedRefuse, DeedReopen, DeedWithdraw:
		switch {
		case k != Quote:
			return "sale.fault.quotes_only"
		case s == Accepted && d == DeedAccept:
			return "sale.fault.accepted_already"
		case s == Accepted:
			return "sale.fault.quote_accepted"
		case s == Refused:
			return "sale.fault.quote_refused"
		}
		return "sale.fault.not_validated"
	}
	return "sale.fault.deed"
}

// SignedHash is what a customer's agreement is bound to: the SHA-256 of number, content and amounts of a quote.
func SignedHash(d Document) (string, error) {
	b, err := SignedContent(d)
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), err
}

// Remaining returns what the customer still owes of an invoice, never below nothing; other kinds are not owed.
func Remaining(d Document) money.Cents {
	if d.Kind != Invoice {
		return 0
	}
	return max(0, d.Totals.Gross-d.Paid-d.Credited-d.Lost)
}

// Payable returns what of an invoice money may still settle: what the customer owes, and what was written off of it. A loss
// ends nothing for the customer; what comes of it is an income of its day, and its VAT due (CGI art. 272-1).
func Payable(d Document) money.Cents {
	if d.Kind != Invoice {
		return 0
	}
	return Remaining(d) + d.Lost
}

// RetainedOpen returns what of it the customer may still keep: the retention of works, which is paid last, until the day it
// is to be freed.
func RetainedOpen(d Document, today date.Day) money.Cents {
	kept := Retained(d)
	if kept == 0 || ReleaseDay(d) <= today {
		return 0
	}
	return min(kept, Remaining(d))
}

// Retained is what of an invoice its customer may retain, less what credit notes took of it: never more than the share
// agreed of what the works are still worth (loi 71-584 art. 1: 5 % at most of what is paid).
func Retained(d Document) money.Cents { return d.Totals.Retained - d.Settled.Unretained }

// unretained is what the credit notes so far take of the retention: as much as they take of the works.
func (d Document) unretained() money.Cents {
	if d.Totals.Retained == 0 {
		return 0
	}
	var left money.Cents
	for _, p := range remainingParts(d) {
		if n, _ := NatureOf(p.Nature); n.Works && p.Deposit == 0 {
			left += p.Net + p.VAT
		}
	}
	return d.Totals.Retained - max(0, d.Totals.Retained.Share(left, worksOf(d.Content, d.Totals)))
}

// ReleaseDay is the day from which a retention is to be paid: that of the document, or the one agreed since.
func ReleaseDay(d Document) date.Day {
	if d.Settled.Release != 0 {
		return d.Settled.Release
	}
	return d.Content.ReleaseOn
}

// State returns the state people read, the status and what time and payments add: draft, submitted, returned, validated,
// sent, and of invoices partly, paid, overdue, credited, lost, retained (only the retention is still to come); of quotes accepted, refused, expired.
func State(d Document, today date.Day) string {
	if d.Status != Validated && d.Status != Sent {
		return string(d.Status)
	}
	switch d.Kind {
	case Quote:
		if d.Content.ValidUntil != 0 && d.Content.ValidUntil < today {
			return "expired"
		}
	case Invoice:
		switch {
		case d.Credited >= d.Totals.Gross && d.Totals.Gross > 0:
			return "credited"
		case d.Lost > 0 && Remaining(d) == 0:
			return "lost"
		case Remaining(d) == 0:
			return "paid"
		case RetainedOpen(d, today) == Remaining(d):
			return "retained"
		case d.Due != 0 && d.Due < today:
			return "overdue"
		case d.Paid > 0 || d.Credited > 0:
			return "partly"
		}
	case CreditNote:
	}
	return string(d.Status)
}
