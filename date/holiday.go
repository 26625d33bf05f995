package date

import "time"

// Holiday says whether the day is a public holiday in metropolitan France (Code du travail, art. L3133-1): the
// eleven « jours fériés », Easter-based ones by the Meeus/Jones/Butcher computation.
func (d Day) Holiday() bool {
	y, m, dd := d.Date()
	switch [2]int{m, dd} {
	case [2]int{1, 1}, [2]int{5, 1}, [2]int{5, 8}, [2]int{7, 14}, [2]int{8, 15}, [2]int{11, 1}, [2]int{11, 11}, [2]int{12, 25}:
		return true
	}
	switch d - Easter(y) {
	case 1, 39, 50: // Easter Monday, Ascension, Whit Monday
		return true
	}
	return false
}

// Easter returns Easter Sunday of a Gregorian year.
func Easter(y int) Day {
	a, b, c := y%19, y/100, y%100
	d, e := b/4, b%4
	f := (b + 8) / 25
	g := (b - f + 1) / 3
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return Of(y, n/31, n%31+1)
}

// Working says whether the day is a « jour ouvré »: neither Saturday, Sunday nor holiday.
func (d Day) Working() bool {
	w := d.Weekday()
	return w != time.Saturday && w != time.Sunday && !d.Holiday()
}

// WorkingUntil counts the working days after d, up to and including e: how long one waits, today being 0.
func (d Day) WorkingUntil(e Day) int {
	n := 0
	for d++; d <= e; d++ {
		if d.Working() {
			n++
		}
	}
	return n
}

// AddWorking returns the day n working days later.
func (d Day) AddWorking(n int) Day {
	for n > 0 {
		d++
		if d.Working() {
			n--
		}
	}
	return d
}
