package demo

import (
	"container/heap"

	"essaim/date"
)

// event is something that happens at a minute of a day.
type event struct {
	day    date.Day
	minute int
	seq    int // of those of one minute, the first planned comes first
	do     func() error
}

type events []event

func (e events) Len() int { return len(e) }
func (e events) Less(i, j int) bool {
	a, b := e[i], e[j]
	switch {
	case a.day != b.day:
		return a.day < b.day
	case a.minute != b.minute:
		return a.minute < b.minute
	}
	return a.seq < b.seq
}
func (e events) Swap(i, j int) { e[i], e[j] = e[j], e[i] }
func (e *events) Push(x any)   { *e = append(*e, x.(event)) }
func (e *events) Pop() any {
	old := *e
	x := old[len(old)-1]
	old[len(old)-1] = event{}
	*e = old[:len(old)-1]
	return x
}

// agenda is what is going to happen, in order.
type agenda struct {
	events events
	seq    int
}

// at plans something for an hour and minute of a day; the past cannot be planned: it happens next.
func (a *agenda) at(day date.Day, hour, minute int, do func() error) {
	a.seq++
	heap.Push(&a.events, event{day, 60*hour + minute, a.seq, do})
}

// next takes the first event before a day; ok is false when none is left.
func (a *agenda) next(before date.Day) (e event, ok bool) {
	if len(a.events) == 0 || a.events[0].day >= before {
		return event{}, false
	}
	return heap.Pop(&a.events).(event), true
}

// open returns the day itself when people work on it, otherwise the next one.
func open(d date.Day) date.Day {
	for !d.Working() {
		d++
	}
	return d
}

// opened returns the day itself when people work on it, otherwise the one before.
func opened(d date.Day) date.Day {
	for !d.Working() {
		d--
	}
	return d
}
