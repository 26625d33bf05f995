package sale

import (
	"math/big"
	"slices"

	"essaim/coop"
	"essaim/date"
	"essaim/money"
)

// What a customer who pays late owes besides the invoice.
//
// Code de commerce L441-10 II: interest from the day after the due day, without any reminder, on the amount tax included
// (doctrine administrative: the tax is part of the price); the rate is that of the terms, never under three times the
// legal rate, and where the terms say nothing the refinancing rate of the European Central Bank and ten points, that of
// 1 January for the first half of the year and of 1 July for the second. D441-5: 40 € for the costs of recovery, once for
// each invoice, damages and so out of the scope of VAT (BOI-TVA-BASE-10-10-20). Public buyers: eight points
// instead of ten, the rate being that of the half-year in which the interest began to run (Code de la commande publique
// R2192-31), and the same 40 € (D2192-35). A consumer owes neither (both are of relations between professionals).

const (
	ecbPoints       money.Rate = 10 * money.Percent
	ecbPointsPublic money.Rate = 8 * money.Percent

	// Recovery is the indemnity for the costs of recovery of one invoice (Code de commerce D441-5).
	Recovery money.Cents = 40_00
)

// OwesLate says whether a kind of customer owes interest and indemnity for being late.
func (k CustomerKind) OwesLate() bool { return k != Consumer && k.Known() }

// LateRate returns the yearly rate of a kind of customer on a day, for interest that began to run on another; nil for a consumer.
func LateRate(k CustomerKind, r coop.Reminders, began, day date.Day) money.Rate {
	switch {
	case !k.OwesLate():
		return 0
	case k == Public:
		return SemesterOn(r, began).ECB + ecbPointsPublic
	case r.Interest == coop.LateECB:
		s := SemesterOn(r, day)
		return max(s.ECB+ecbPoints, 3*s.Legal)
	case r.Interest == coop.LateFixed:
		return max(r.Rate, 3*SemesterOn(r, day).Legal)
	}
	return 3 * SemesterOn(r, day).Legal
}

// LateSpan is a part of the interest: so many days on so much at one rate.
type LateSpan struct {
	From date.Day    `json:"from"`
	To   date.Day    `json:"to"` // both included
	Base money.Cents `json:"base"`
	Rate money.Rate  `json:"rate"`
}

// Days of the span.
func (s LateSpan) Days() int { return int(s.To-s.From) + 1 }

// Late is what an invoice owes on a day for being late.
type Late struct {
	Days     int // since the due day
	Spans    []LateSpan
	Interest money.Cents
	Forty    money.Cents // the indemnity; nil when nothing is owed
	Guessed  bool        // the rate of some of the days was read in no text
	Unread   date.Day    // the half-year that the first of them lies in
}

// Total is the interest and the indemnity.
func (l Late) Total() money.Cents { return l.Interest + l.Forty }

// Received is money that came for an invoice on a day; negative when it went back.
type Received struct {
	On     date.Day
	Amount money.Cents
}

// LateOf returns what an invoice owes on a day for being late: interest on what was open on each day since the day after it
// was due, a year counting 365 days, rounded once; and the indemnity, owed as soon as it is late by a day, once. What
// credit notes took off was never owed. What is asked for being late bears nothing in its turn: interest on interest takes a
// judge or an agreement, and a whole year (Code civil art. 1343-2). Public buyers and other professionals are told apart as the law does; a consumer
// owes nothing.
func LateOf(inv Document, k CustomerKind, r coop.Reminders, received []Received, day date.Day) (l Late) {
	if inv.Kind != Invoice || isPenalty(inv) || inv.Number == "" || inv.Due == 0 || day <= inv.Due || !k.OwesLate() {
		return l
	}
	pays := slices.Clone(received)
	slices.SortStableFunc(pays, func(a, b Received) int { return int(a.On - b.On) })
	whole := inv.Totals.Gross - inv.Credited - inv.Lost
	release := max(inv.Due, ReleaseDay(inv)) // what is retained is paid last, and due later
	owed := func(on date.Day) money.Cents {
		if on <= release {
			return max(0, whole-min(Retained(inv), whole))
		}
		return whole
	}
	began := inv.Due + 1
	next := 0
	for next < len(pays) && pays[next].On <= inv.Due {
		whole -= pays[next].Amount
		next++
	}
	for from := began; from <= day; {
		to := day
		if next < len(pays) {
			to = min(to, max(from, pays[next].On)) // money bears interest until the day it comes
		}
		if s := semesterEnd(from); k != Public {
			to = min(to, s)
		}
		if from <= release {
			to = min(to, release)
		}
		if open := owed(from); open > 0 {
			l.Spans = append(l.Spans, LateSpan{From: from, To: to, Base: open, Rate: LateRate(k, r, began, from)})
		}
		for next < len(pays) && pays[next].On <= to {
			whole -= pays[next].Amount
			next++
		}
		from = to + 1
	}
	if len(l.Spans) == 0 {
		return Late{}
	}
	l.Interest = InterestOf(l.Spans)
	l.Forty = Recovery
	l.Days = int(day - inv.Due)
	for _, s := range l.Spans {
		on := s.From
		if k == Public {
			on = began
		}
		if !SemesterOn(r, on).sure(k, r, on) {
			l.Guessed, l.Unread = true, semesterStart(on)
			break
		}
	}
	return l
}

// InterestOf is what spans come to, a year counting 365 days, rounded once, half away from zero.
func InterestOf(spans []LateSpan) money.Cents {
	var sum big.Int // cents × millionths × days: beyond 64 bits for what a large customer owes
	for _, s := range spans {
		part := big.NewInt(int64(s.Base))
		sum.Add(&sum, part.Mul(part, big.NewInt(int64(s.Rate)*int64(s.Days()))))
	}
	year := big.NewInt(int64(money.One) * 365)
	sum.Add(sum.Mul(&sum, big.NewInt(2)), year) // what is owed is never negative
	return money.Cents(sum.Quo(&sum, year.Mul(year, big.NewInt(2))).Int64())
}

// semesterStart and semesterEnd are the first and the last day of the half-year of a day.
func semesterStart(d date.Day) date.Day {
	y, m, _ := d.Date()
	if m <= 6 {
		return date.Of(y, 1, 1)
	}
	return date.Of(y, 7, 1)
}

func semesterEnd(d date.Day) date.Day {
	y, m, _ := d.Date()
	if m <= 6 {
		return date.Of(y, 6, 30)
	}
	return date.Of(y, 12, 31)
}
