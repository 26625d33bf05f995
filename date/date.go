// Package date holds civil days, months and fiscal years: no clock, no time zone. The office turns an instant into
// a civil day once, with the time zone of the cooperative; from there on everything is a [Day].
package date

import (
	"errors"
	"fmt"
	"strconv"
	"time"
)

// Day is a civil day, counted from 1899-12-31. The zero Day is "no day": the count begins before every day that can be
// read, so that someone born on 1 January 1970 has a birthday.
type Day int32

// epoch is 1970-01-01 as a Day.
const epoch = 25568

// Month is a civil month: year × 12 + (month − 1).
type Month int32

// ErrSyntax says that a text is not a day that exists.
var ErrSyntax = errors.New("not a day of the calendar")

// Of returns the day of a year, month (1 to 12) and day of the month; out-of-range values carry over as in [time.Date].
func Of(year, month, day int) Day {
	return Day(time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).Unix()/86400) + epoch
}

// FromTime returns the civil day of an instant, in the instant's own location.
func FromTime(t time.Time) Day { y, m, d := t.Date(); return Of(y, int(m), d) }

// Parse reads "2026-11-22".
func Parse(s string) (Day, error) {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return 0, ErrSyntax
	}
	return fields(s[0:4], s[5:7], s[8:10])
}

// ParseCompact reads "20261122", the form of the FEC.
func ParseCompact(s string) (Day, error) {
	if len(s) != 8 {
		return 0, ErrSyntax
	}
	return fields(s[0:4], s[4:6], s[6:8])
}

func fields(ys, ms, ds string) (Day, error) {
	y, ok1 := number(ys)
	m, ok2 := number(ms)
	d, ok3 := number(ds)
	if !ok1 || !ok2 || !ok3 {
		return 0, ErrSyntax
	}
	return Check(y, m, d)
}

func number(s string) (int, bool) {
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}

// Check returns the day, or [ErrSyntax] when the calendar has no such day (31 November) or the year is not within
// 1900 to 2199.
func Check(y, m, d int) (Day, error) {
	if y < 1900 || y > 2199 || m < 1 || m > 12 || d < 1 || d > DaysIn(y, m) {
		return 0, ErrSyntax
	}
	return Of(y, m, d), nil
}

// DaysIn returns the number of days of a month.
func DaysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// MustParse is [Parse] for constants of tests and embedded tables.
func MustParse(s string) Day {
	d, err := Parse(s)
	if err != nil {
		panic("date: " + s)
	}
	return d
}

// Time returns midnight UTC of the day.
func (d Day) Time() time.Time { return time.Unix((int64(d)-epoch)*86400, 0).UTC() }

// Date returns year, month and day of the month.
func (d Day) Date() (year, month, day int) {
	y, m, dd := d.Time().Date()
	return y, int(m), dd
}

// String writes "2026-11-22", or "" for no day.
func (d Day) String() string {
	if d == 0 {
		return ""
	}
	y, m, dd := d.Date()
	b := append(appendPadded(nil, y, 4), '-')
	b = append(appendPadded(b, m, 2), '-')
	return string(appendPadded(b, dd, 2))
}

// Compact writes "20261122".
func (d Day) Compact() string {
	if d == 0 {
		return ""
	}
	y, m, dd := d.Date()
	return string(appendPadded(appendPadded(appendPadded(nil, y, 4), m, 2), dd, 2))
}

func appendPadded(b []byte, n, width int) []byte {
	s := strconv.Itoa(n)
	for i := len(s); i < width; i++ {
		b = append(b, '0')
	}
	return append(b, s...)
}

// Scan reads a day from a database column of ISO text; the empty text is no day.
func (d *Day) Scan(src any) error {
	var s string
	switch v := src.(type) {
	case string:
		s = v
	case []byte:
		s = string(v)
	case nil:
	default:
		return fmt.Errorf("date: cannot read %T as a day", src)
	}
	if s == "" {
		*d = 0
		return nil
	}
	var err error
	*d, err = Parse(s)
	return err
}

// MarshalText writes the ISO form.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the ISO form; the empty text is no day.
func (d *Day) UnmarshalText(b []byte) error { return d.Scan(b) }

// Month returns the month of the day.
func (d Day) Month() Month { y, m, _ := d.Date(); return MonthOf(y, m) }

// Weekday returns the day of the week.
func (d Day) Weekday() time.Weekday { return d.Time().Weekday() }

// AddMonths returns the same day n months later, or the last day of that month when it is shorter.
func (d Day) AddMonths(n int) Day {
	_, _, dd := d.Date()
	m := d.Month() + Month(n)
	return min(m.First()+Day(dd)-1, m.Last())
}

// MonthOf returns the month of a year.
func MonthOf(year, month int) Month { return Month(year*12 + month - 1) }

// ParseMonth reads "2026-11".
func ParseMonth(s string) (Month, error) {
	d, err := Parse(s + "-01")
	return d.Month(), err
}

// Year and Number (1 to 12) of the month.
func (m Month) Year() int   { return int(m) / 12 }
func (m Month) Number() int { return int(m)%12 + 1 }

// First and Last day of the month.
func (m Month) First() Day { return Of(m.Year(), m.Number(), 1) }
func (m Month) Last() Day  { return (m + 1).First() - 1 }

// String writes "2026-11".
func (m Month) String() string { return m.First().String()[:7] }

// FiscalYear is a period of account of one to twenty-four months.
type FiscalYear struct {
	Start Day `json:"start"`
	End   Day `json:"end"`
}

// Contains says whether the day is within the year.
func (y FiscalYear) Contains(d Day) bool { return y.Start <= d && d <= y.End }

// Period returns the number of the day's month within the year, from 1.
func (y FiscalYear) Period(d Day) int { return int(d.Month()-y.Start.Month()) + 1 }

// Months returns the months of the year in order.
func (y FiscalYear) Months() []Month {
	var ms []Month
	for m := y.Start.Month(); m <= y.End.Month(); m++ {
		ms = append(ms, m)
	}
	return ms
}

// Next returns the year that follows: twelve months from the day after the last.
func (y FiscalYear) Next() FiscalYear {
	start := y.End + 1
	return FiscalYear{Start: start, End: start.AddMonths(12) - 1}
}

// Label names the year: "2026", or "2026-2027" when it spans two civil years.
func (y FiscalYear) Label() string {
	a, _, _ := y.Start.Date()
	b, _, _ := y.End.Date()
	if a == b {
		return strconv.Itoa(a)
	}
	return strconv.Itoa(a) + "-" + strconv.Itoa(b)
}
