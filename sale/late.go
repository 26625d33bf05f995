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

// lateRates are the half-years known, the oldest first.
var lateRates = func() (r struct {
	Verified  date.Day   `json:"verified"`
	Source    string     `json:"source"`
	Semesters []Semester `json:"semesters"`
}) {
	read("data/late_rates.json", &r)
	return r
}()

// Semester are the rates in force on the first day of a half-year.
type Semester struct {
	From   date.Day   `json:"from"`
	ECB    money.Rate `json:"ecb"`   // main refinancing operations
	Legal  money.Rate `json:"legal"` // legal interest rate, of who is no private person
	Source string     `json:"source"`
}

// LateVerified is the last day whose rates were read in a text; those of a later day are the last ones known.
func LateVerified() date.Day { return lateRates.Verified }

// SemesterOn returns the rates of the half-year of a day: the last ones known when it is not yet; those of the
// first half-year known when it is older, which favours the customer.
func SemesterOn(day date.Day) Semester {
	all := lateRates.Semesters
	i, found := slices.BinarySearchFunc(all, day, func(s Semester, d date.Day) int { return int(s.From - d) })
	if !found {
		i = max(0, i-1)
	}
	return all[i]
}

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
		return SemesterOn(began).ECB + ecbPointsPublic
	case r.Interest == coop.LateECB:
		s := SemesterOn(day)
		return max(s.ECB+ecbPoints, 3*s.Legal)
	case r.Interest == coop.LateFixed:
		return max(r.Rate, 3*SemesterOn(day).Legal)
	}
	return 3 * SemesterOn(day).Legal
}

// LateSpan is a part of the interest: so many days on so much at one rate.
type LateSpan struct {
	From, To date.Day // both included
	Base     money.Cents
	Rate     money.Rate
}

// Days of the span.
func (s LateSpan) Days() int { return int(s.To-s.From) + 1 }

// Late is what an invoice owes on a day for being late.
type Late struct {
	Days     int // since the due day
	Spans    []LateSpan
	Interest money.Cents
	Forty    money.Cents // the indemnity; nil when nothing is owed
	Guessed  bool        // some of the days lie beyond [LateVerified]
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
// credit notes took off was never owed. Public buyers and other professionals are told apart as the law does; a consumer
// owes nothing.
func LateOf(inv Document, k CustomerKind, r coop.Reminders, forty bool, received []Received, day date.Day) (l Late) {
	if inv.Kind != Invoice || inv.Number == "" || inv.Due == 0 || day <= inv.Due || !k.OwesLate() {
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
	var sum big.Int // cents × millionths × days: beyond 64 bits for what a large customer owes
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
			span := LateSpan{From: from, To: to, Base: open, Rate: LateRate(k, r, began, from)}
			l.Spans = append(l.Spans, span)
			part := big.NewInt(int64(span.Base))
			sum.Add(&sum, part.Mul(part, big.NewInt(int64(span.Rate)*int64(span.Days()))))
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
	year := big.NewInt(int64(money.One) * 365)
	sum.Add(sum.Mul(&sum, big.NewInt(2)), year) // half away from zero; what is owed is never negative
	l.Interest = money.Cents(sum.Quo(&sum, year.Mul(year, big.NewInt(2))).Int64())
	if forty || k == Public {
		l.Forty = Recovery
	}
	l.Days = int(day - inv.Due)
	last := l.Spans[len(l.Spans)-1].To
	if k == Public {
		last = began
	}
	l.Guessed = last > lateRates.Verified
	return l
}

// semesterEnd is the last day of the half-year of a day.
func semesterEnd(d date.Day) date.Day {
	y, m, _ := d.Date()
	if m <= 6 {
		return date.Of(y, 6, 30)
	}
	return date.Of(y, 12, 31)
}
