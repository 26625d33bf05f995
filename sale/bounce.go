package sale

import (
	"slices"

	"essaim/date"
	"essaim/ledger"
	"essaim/money"
)

// A payment that comes back after what it had left over was refunded: the customer holds money of the house without having
// paid any. That is owed again, on 411, by an item that no invoice opened; what the customer pays above their invoices
// settles it first (Code civil 1302-1: what was received without being due is given back).

// GivenBack is how much of an advance went back to the customer, less the refunds that were undone.
type GivenBack struct {
	Item   ledger.OpenItem
	Amount money.Cents
}

// givenBack returns what went back of the advances of a section and third party, of one item or, when none is named, of one
// document.
func (f PayFacts) givenBack(item ledger.ItemRef, section ledger.Section, third int64, document string) (sum money.Cents) {
	for _, g := range f.GivenBack {
		if g.Item.Section == section && g.Item.Third == third && (item == g.Item.Item || item == ledger.ItemRef{} && document == g.Item.Document) {
			sum += g.Amount
		}
	}
	return sum
}

// owedBack is the line by which a customer owes what was refunded of a payment that came back.
func owedBack(section ledger.Section, third int64, amount money.Cents, due date.Day) ledger.Line {
	return ledger.Line{Account: ledger.Customers, Section: section, Third: third, Due: due, Amount: amount}
}

// settleClaims turns credits of 4191 of a section and third party into the settlement of what they owe besides their
// invoices, the oldest first. last is the latest day of what is settled.
func (f PayFacts) settleClaims(lines []ledger.Line, section ledger.Section, third int64) (after []ledger.Line, last date.Day) {
	claims := slices.Clone(f.Claims)
	for _, l := range lines {
		if l.Account == ledger.Advances && l.Amount < 0 && l.Section == section && l.Third == third {
			for i := range claims {
				it := &claims[i]
				part := min(-l.Amount, it.Remaining)
				if it.Account != ledger.Customers || it.Section != section || it.Third != third || part <= 0 {
					continue
				}
				it.Remaining -= part
				l.Amount += part
				last = max(last, it.Date)
				after = append(after, ledger.Line{Account: it.Account, Section: section, Third: third, Amount: -part, Settles: it.Item})
			}
			if l.Amount == 0 {
				continue
			}
		}
		after = append(after, l)
	}
	return after, last
}
