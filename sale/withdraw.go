package sale

import (
	"essaim/date"
)

// A consumer's right to withdraw from a quote that they accepted at a distance or away from the shop.
//
// Sources: Code de la consommation L221-18 (fourteen days, from the contract or, for goods, from their delivery), L221-1 II
// (a sale of goods with their services is a sale), L221-19 (the day itself does not count; a period that would end on a
// Saturday, a Sunday or a holiday lasts until the next working day), L221-21 and D221-5 as of 19 June 2026 (ordonnance
// 2026-2 and décret 2026-3 of 5 January 2026: who accepts online withdraws online, for nothing and as long as the period
// lasts, by « renoncer au contrat ici » then « confirmer la rétractation », and receives what they declared with its day and
// hour), L221-24 (their money back within fourteen days).
const (
	withdrawalDays = 14
	refundDays     = 14
)

// Withdrawable says whether the customer of a quote has a right to withdraw from it once it is accepted.
func Withdrawable(d Document, c Customer) bool {
	p := d.Content.papers()
	return d.Kind == Quote && c.Kind == Consumer && (p.Place == Home || p.Place == Distance) && p.Waiver == ""
}

// SignsOnline says whether the customer may accept the quote on its link. What a consumer accepts online is made at a
// distance, with the right and the notice that go with it: a quote that says it is signed at the shop is signed there.
func SignsOnline(d Document, c Customer) bool {
	return c.Kind != Consumer || d.Content.papers().Place != Shop
}

// WithdrawUntil returns the last day on which a consumer withdraws from a quote accepted on a day: 0 as long as the goods
// that it sells are not all delivered.
func WithdrawUntil(d Document, f Facts, signed, delivered date.Day) date.Day {
	from := signed
	if goods, _ := (writer{d: d, f: f}).sells(); goods {
		if delivered == 0 {
			return 0
		}
		from = max(signed, delivered)
	}
	until := from + withdrawalDays
	for !until.Working() {
		until++
	}
	return until
}

// RefundBy is the day on which the money of a consumer who withdrew is back at the latest.
func RefundBy(on date.Day) date.Day { return on + refundDays }
