package member

import (
	"errors"

	"essaim/date"
	"essaim/fault"
)

// Absence is the days a person is away, with who stands in for them (practice 23).
type Absence struct {
	ID         int64    `json:"id"`
	Person     int64    `json:"person"`
	Substitute int64    `json:"substitute"`
	From       date.Day `json:"from"`
	Until      date.Day `json:"until"` // last day
	By         int64    `json:"by"`    // who declared it
}

// maxAbsence is the longest absence that is declared at once, in days: a parental leave is declared year by year.
const maxAbsence = 366

// On says whether the person is away on a day.
func (a Absence) On(day date.Day) bool { return a.From <= day && day <= a.Until }

// Check tells everything that is wrong with an absence, beside those known.
func (a Absence) Check(known []Absence) error {
	var errs []error
	bad := func(field, key string, args ...any) { errs = append(errs, fault.At(field, key, args...)) }
	if a.Person == 0 {
		bad("person", "member.absence_whose")
	}
	switch a.Substitute {
	case 0:
		bad("substitute", "member.absence_who")
	case a.Person:
		bad("substitute", "member.absence_self")
	}
	switch {
	case a.From == 0:
		bad("from", "member.absence_from")
	case a.Until == 0:
		bad("until", "member.absence_until")
	case a.Until < a.From:
		bad("until", "member.absence_order")
	case a.Until-a.From > maxAbsence:
		bad("until", "member.absence_long")
	default:
		for _, k := range known {
			switch {
			case k.ID == a.ID || k.Until < a.From || a.Until < k.From:
			case k.Person == a.Person:
				bad("from", "member.absence_twice", "from", k.From, "until", k.Until)
			case k.Person == a.Substitute:
				bad("substitute", "member.absence_away", "from", k.From, "until", k.Until)
			case k.Substitute == a.Person: // somebody else's substitute goes: their queue would wait for nobody
				bad("from", "member.absence_stands", "from", k.From, "until", k.Until)
			}
		}
	}
	return errors.Join(errs...)
}

// StandsIn returns who stands in for a person on a day, 0 when the person is there.
func StandsIn(all []Absence, person int64, day date.Day) int64 {
	for _, a := range all {
		if a.Person == person && a.On(day) {
			return a.Substitute
		}
	}
	return 0
}
