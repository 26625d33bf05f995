package sale

import (
	"essaim/coop"
	"essaim/date"
	"essaim/money"
)

// Reminded is what a customer was told of an invoice so far.
type Reminded struct {
	Level int      // the highest, counted from 1; 0: nothing yet
	On    date.Day // the last day
}

// NextReminder returns the level that an invoice due on a day reaches today, counted from 1; 0 when nothing is to be said. No
// level is left out: who has heard nothing hears the first word first, however late; between two levels lie at least
// the days that the rule puts between them. After the last level nothing more is said by itself.
func NextReminder(due date.Day, last Reminded, r coop.Reminders, today date.Day) int {
	if due == 0 || due >= today || last.Level >= len(r.Levels) {
		return 0
	}
	next := r.Levels[last.Level]
	if int(today-due) < next.Days {
		return 0
	}
	if last.Level > 0 && int(today-last.On) < next.Days-r.Levels[last.Level-1].Days {
		return 0
	}
	return last.Level + 1
}

// OwedNow returns what a customer owes of an invoice without what may still be retained, and the day it was to be paid:
// that of the invoice, or that of the retention once it alone is left.
func OwedNow(d Document, today date.Day) (amount money.Cents, since date.Day) {
	left := Remaining(d)
	kept := RetainedOpen(d, today)
	if kept == 0 && Retained(d) != 0 && left <= Retained(d) {
		return left, max(d.Due, ReleaseDay(d))
	}
	return left - kept, d.Due
}

// Age is how late something is, as a list of what is owed parts it.
type Age int

// The ages: 30 days and less, and so on.
const (
	NotDue Age = iota
	To30
	To60
	To90
	Over90
	ages
)

// Ages is the number of ages.
const Ages = int(ages)

// AgeOf returns the age of what was due on a day; what has no due day is not due.
func AgeOf(due, today date.Day) Age {
	switch late := int(today - due); {
	case due == 0 || late <= 0:
		return NotDue
	case late <= 30:
		return To30
	case late <= 60:
		return To60
	case late <= 90:
		return To90
	}
	return Over90
}

// PauseReason is why a customer is not reminded.
type PauseReason string

// The reasons.
const (
	Dispute PauseReason = "dispute" // what is owed is contested
	Promise PauseReason = "promise" // the customer said when
	Other   PauseReason = "other"
)

// PauseReasons returns the reasons in the order forms show them.
func PauseReasons() []PauseReason { return []PauseReason{Promise, Dispute, Other} }
