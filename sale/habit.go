package sale

import (
	"slices"

	"essaim/date"
)

// Payoff is when an invoice was wholly paid.
type Payoff struct {
	Date date.Day // of the invoice
	Due  date.Day
	Paid date.Day // of the last payment
}

// Habit is how a customer usually pays: medians, which one forgotten invoice does not move.
type Habit struct {
	Invoices int // that it is made of
	Days     int // from the invoice to the last payment
	Late     int // from the due day, negative when it is earlier
}

// HabitOf returns how the invoices were paid.
func HabitOf(list []Payoff) Habit {
	h := Habit{Invoices: len(list)}
	if len(list) == 0 {
		return h
	}
	days, late := make([]int, len(list)), make([]int, len(list))
	for i, s := range list {
		days[i], late[i] = max(0, int(s.Paid-s.Date)), int(s.Paid-s.Due)
	}
	slices.Sort(days)
	slices.Sort(late)
	h.Days, h.Late = days[len(days)/2], late[len(late)/2]
	return h
}
