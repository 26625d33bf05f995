package demo

import (
	"sync/atomic"
	"time"

	"essaim/date"
)

// Clock is a clock that can be set: that of the store while the cooperative is filled, and afterwards the real one, or
// the real time of day on a chosen day.
type Clock struct {
	now atomic.Pointer[func() time.Time]
}

// NewClock returns a clock that follows the real time.
func NewClock() *Clock {
	c := &Clock{}
	c.Follow()
	return c
}

// Now returns the instant of the clock, for store.Options.Now.
func (c *Clock) Now() time.Time { return (*c.now.Load())() }

// Follow makes the clock follow the real time.
func (c *Clock) Follow() { c.set(time.Now) }

// Set stops the clock at an instant.
func (c *Clock) Set(t time.Time) { c.set(func() time.Time { return t }) }

// Stay makes the clock run through the hours of one day, again and again: the real time of day, the chosen day.
func (c *Clock) Stay(day date.Day, zone *time.Location) {
	y, m, d := day.Date()
	c.set(func() time.Time {
		t := time.Now().In(zone)
		return time.Date(y, time.Month(m), d, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), zone)
	})
}

func (c *Clock) set(now func() time.Time) { c.now.Store(&now) }
