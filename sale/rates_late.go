package sale

import (
	"essaim/coop"
	"essaim/date"
	"essaim/money"
)

// The official rates that late payment is counted with: those the cooperative read itself come before those the program
// came with, and the last ones known stand for a half-year that nobody has read yet.

// lateRates are the half-years the program came with, the oldest first.
var lateRates = func() (r struct {
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
	// The bank's rate was not read in a table of the bank: the cooperative confirms it.
	Confirm bool `json:"confirm"`
	Own     bool `json:"-"` // the cooperative read it
}

// Until is the last day of the half-year.
func (s Semester) Until() date.Day { return semesterEnd(s.From) }

// Semesters returns the half-years known to a cooperative, the oldest first.
func Semesters(r coop.Reminders) []Semester {
	var all []Semester
	own := r.Known
	for _, s := range lateRates.Semesters {
		for len(own) > 0 && own[0].From < s.From {
			all, own = append(all, ownSemester(own[0])), own[1:]
		}
		if len(own) > 0 && own[0].From == s.From {
			s, own = ownSemester(own[0]), own[1:]
		}
		all = append(all, s)
	}
	for _, h := range own {
		all = append(all, ownSemester(h))
	}
	return all
}

func ownSemester(h coop.LateHalf) Semester {
	return Semester{From: h.From, ECB: h.ECB, Legal: h.Legal, Source: h.Source, Own: true}
}

// SemesterOn returns the rates of the half-year of a day: the last ones known when it is not yet; those of the
// first half-year known when it is older, which favours the customer.
func SemesterOn(r coop.Reminders, day date.Day) Semester {
	built := lateRates.Semesters
	best := built[0]
	for i := len(built) - 1; i > 0; i-- {
		if built[i].From <= day {
			best = built[i]
			break
		}
	}
	for i := len(r.Known) - 1; i >= 0; i-- {
		if h := r.Known[i]; h.From <= day {
			if h.From >= best.From || best.From > day {
				return ownSemester(h)
			}
			break
		}
	}
	return best
}

// sure says whether the rate of a kind of customer on a day was read in a text.
func (s Semester) sure(k CustomerKind, r coop.Reminders, day date.Day) bool {
	return day <= s.Until() && (!s.Confirm || k != Public && r.Interest != coop.LateECB)
}
