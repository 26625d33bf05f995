package fec

import "strconv"

// span is a run of digits of a number.
type span struct{ from, to int }

func digit(b byte) bool { return b >= '0' && b <= '9' }

// runBefore returns the last run of digits of b before end; from == to when there is none.
func runBefore(b []byte, end int) span {
	to := end
	for to > 0 && !digit(b[to-1]) {
		to--
	}
	from := to
	for from > 0 && digit(b[from-1]) {
		from--
	}
	return span{from, to}
}

// yearAtEnd says whether a number ends with a year after another run of digits, as 12/2026 does.
func yearAtEnd(num []byte) bool {
	last := runBefore(num, len(num))
	if last.to != len(num) || last.to-last.from != 4 || !century(num[last.from:last.to]) {
		return false
	}
	before := runBefore(num, last.from)
	return before.from < before.to
}

// century says whether four digits look like a year of these times.
func century(b []byte) bool { return string(b) >= "1990" && string(b) <= "2099" }

// cut is a number taken apart: its count stands at from to to.
type cut struct {
	from, to int
	digits   int // of the whole run
	class    byte
	n        uint64
}

// splitNumber finds the count of a number; tail says that the journal writes the year after the count. ok is false
// when there is no digit.
//
// What belongs to the series is decided by the leading digits and the length of the run alone. Numbers that share
// them are neighbours, so a plain count that happens to look like dates is cut into pieces that are each without a
// hole: no hole is ever told that is none.
func splitNumber(num []byte, tail bool) (_ cut, ok bool) {
	run := runBefore(num, len(num))
	if tail && yearAtEnd(num) {
		run = runBefore(num, run.from)
	}
	if run.from == run.to {
		return cut{}, false
	}
	run.from = max(run.from, run.to-18)
	d := num[run.from:run.to]
	lead, class := leading(d)
	n, err := strconv.ParseUint(string(d[lead:]), 10, 64)
	return cut{run.from + lead, run.to, len(d), class, n}, err == nil
}

// series appends the text that the numbers of one series share.
func (c cut) series(key, num []byte) []byte {
	key = append(key, num[:c.from]...)
	key = append(key, '#')
	if c.class != 0 {
		key = append(key, c.class)
		key = strconv.AppendInt(key, int64(c.digits), 10)
	}
	return append(key, num[c.to:]...)
}

// width returns the digits of a count that is written with zeros in front, else 0.
func (c cut) width(num []byte) int {
	if c.to-c.from > 1 && num[c.from] == '0' {
		return c.to - c.from
	}
	return 0
}

// leading returns how many digits of a long run are a year (4), a month (6) or a day (8), and a letter that keeps
// apart the runs before the first and after the last month or day of the same year or month.
func leading(d []byte) (int, byte) {
	if len(d) < 8 || !century(d[:4]) {
		return 0, 0
	}
	if len(d) < 9 {
		return 4, 'y'
	}
	switch m := string(d[4:6]); {
	case m == "00":
		return 4, 'a'
	case m > "12":
		return 4, 'b'
	}
	if len(d) < 10 {
		return 6, 'm'
	}
	switch j := string(d[6:8]); {
	case j == "00":
		return 6, 'a'
	case j > "31":
		return 6, 'b'
	}
	return 8, 'd'
}
