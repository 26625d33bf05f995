package sale

import (
	"fmt"

	"essaim/coop"
	"essaim/fault"
)

const maxNumber = 35 // characters: EN 16931 BT-1 under the French rule BR-FR-02

// ValidNumber says whether a document may bear a number: letters, digits, + - _ / only, 35 at most, which is what the
// reform lets through.
func ValidNumber(s string) bool {
	if s == "" || len(s) > maxNumber {
		return false
	}
	for _, r := range s {
		if (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && r != '+' && r != '-' && r != '_' && r != '/' {
			return false
		}
	}
	return true
}

// Issue validates a document: it takes its number, bears the date of today (practice 20), its amounts are computed for
// good and its due date set. A quote reopened under a number keeps it, whatever number is passed. by is the person who validates, 0 when the trust rules let the document leave
// alone; at is the instant, in microseconds UTC.
func Issue(d Document, f Facts, number string, by, at int64) (Document, error) {
	to, err := d.Next(DeedValidate)
	if err != nil {
		return d, err
	}
	if err := CheckSubmit(d, f); err != nil {
		return d, err
	}
	if d.Number != "" {
		number = d.Number
	}
	if !ValidNumber(number) {
		return d, fmt.Errorf("issue %s %d: %q is no number of a document", d.Kind, d.ID, number)
	}
	if d.Kind == CreditNote && f.Today < f.Invoice.Date {
		return d, fault.New(fault.Conflict, "sale.fault.credit_before", "invoice", f.Invoice.Number, "on", f.Invoice.Date)
	}
	totals, err := Amounts(d, f)
	if err != nil {
		return d, err
	}
	d.Status, d.Number, d.Date, d.ValidatedBy, d.ValidatedAt, d.Totals = to, number, f.Today, by, at, totals
	switch d.Kind {
	case Invoice:
		if d.Content.Delay().Due(f.Today) < f.PayableFrom { // nobody is asked for what may not be taken yet
			d.Content.SetDelay(coop.Delay{Days: int(f.PayableFrom - f.Today)})
		}
		d.Due = d.Content.Delay().Due(f.Today)
		d.Paid, d.Credited, d.Lost, d.Settled = 0, 0, 0, Settled{Debits: f.Rules.VAT.OnDebits}
	case Quote:
		if d.Content.ValidUntil == 0 && f.Rules.Terms.QuoteDays > 0 {
			d.Content.ValidUntil = f.Today + quoteDays(f)
		}
		d.Signed = Signature{}
	case CreditNote:
	}
	return d, nil
}
