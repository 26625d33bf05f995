package date

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestDaysThatExistAndDaysThatDoNot(t *testing.T) {
	for _, text := range []string{"2026-11-22", "2024-02-29", "2000-02-29", "1900-01-01", "2199-12-31", "1969-07-21"} {
		d, err := Parse(text)
		if err != nil || d.String() != text {
			t.Errorf("Parse(%q) = %s, %v", text, d, err)
		}
		compact := text[:4] + text[5:7] + text[8:]
		if d2, err := ParseCompact(compact); err != nil || d2 != d || d.Compact() != compact {
			t.Errorf("ParseCompact(%q) = %s, %v; written %q", compact, d2, err, d.Compact())
		}
	}
	for _, text := range []string{
		"", "2026-11-31", "2026-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "2026-01-00", "1899-12-31", "2200-01-01",
		"2026-1-1", "2026/11/22", "+026-11-22", "2026-11-22T", " 2026-11-2", "２０２６",
	} {
		if d, err := Parse(text); !errors.Is(err, ErrSyntax) || d != 0 {
			t.Errorf("Parse(%q) = %s, %v", text, d, err)
		}
	}
	for _, text := range []string{"", "20261131", "2026112", "2026-1-1", "202611222"} {
		if d, err := ParseCompact(text); !errors.Is(err, ErrSyntax) || d != 0 {
			t.Errorf("ParseCompact(%q) = %s, %v", text, d, err)
		}
	}
	if Day(0).String() != "" || Day(0).Compact() != "" {
		t.Error("no day is written as a day")
	}
}

func TestADayIsTheDayOfThePlace(t *testing.T) {
	paris := time.FixedZone("Paris", 3600)
	instant := time.Date(2026, 11, 22, 23, 30, 0, 0, time.UTC)
	if got := FromTime(instant); got != Of(2026, 11, 22) {
		t.Errorf("in London: %s", got)
	}
	if got := FromTime(instant.In(paris)); got != Of(2026, 11, 23) {
		t.Errorf("in Paris: %s", got)
	}
	if got := Of(2026, 11, 22).Weekday(); got != time.Sunday {
		t.Errorf("22 November 2026 is a %s", got)
	}
}

// The calendar agrees with the standard library on every day from 1900 to 2199.
func TestEveryDayOfTheCalendar(t *testing.T) {
	day := MustParse("1900-01-01")
	for at := time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() < 2200; at = at.AddDate(0, 0, 1) {
		y, m, d := day.Date()
		if y != at.Year() || m != int(at.Month()) || d != at.Day() || day.Weekday() != at.Weekday() {
			t.Fatalf("%s is %s", at.Format(time.DateOnly), day)
		}
		if back, err := Parse(day.String()); err != nil || back != day || day == 0 {
			t.Fatalf("%s is read as %s, %v", day, back, err)
		}
		day++
	}
	if day != Of(2200, 1, 1) {
		t.Errorf("the last day is %s", day-1)
	}
}

func TestAddMonthsStaysInTheMonth(t *testing.T) {
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-01-31", 1, "2026-02-28"}, {"2024-01-31", 1, "2024-02-29"}, {"2026-11-30", 3, "2027-02-28"},
		{"2026-03-31", -1, "2026-02-28"}, {"2026-01-15", -1, "2025-12-15"}, {"2026-11-22", 0, "2026-11-22"},
		{"2026-11-22", 12, "2027-11-22"}, {"2024-02-29", 12, "2025-02-28"}, {"2026-11-22", -24, "2024-11-22"},
		{"2025-11-23", 36, "2028-11-23"}, // a CAPE of three years at the longest
	} {
		if got := MustParse(c.from).AddMonths(c.n); got != MustParse(c.want) {
			t.Errorf("%s and %d months: %s, want %s", c.from, c.n, got, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		d := Day(rapid.Int32Range(int32(Of(1901, 1, 1)), int32(Of(2198, 1, 1))).Draw(t, "day"))
		n := rapid.IntRange(-240, 240).Draw(t, "months")
		got := d.AddMonths(n)
		if got.Month() != d.Month()+Month(n) {
			t.Fatalf("%s and %d months: %s", d, n, got)
		}
		_, _, before := d.Date()
		_, _, after := got.Date()
		if after > before || after < before && got != got.Month().Last() {
			t.Fatalf("%s and %d months: %s", d, n, got)
		}
	})
}

func TestMonths(t *testing.T) {
	m, err := ParseMonth("2026-12")
	if err != nil || m != MonthOf(2026, 12) || m.Year() != 2026 || m.Number() != 12 || m.String() != "2026-12" {
		t.Errorf("%s, %v", m, err)
	}
	if m.First() != Of(2026, 12, 1) || m.Last() != Of(2026, 12, 31) || (m+1).String() != "2027-01" || (m-12).String() != "2025-12" {
		t.Errorf("%s to %s, then %s", m.First(), m.Last(), m+1)
	}
	if _, err := ParseMonth("2026-13"); err == nil {
		t.Error("2026 has thirteen months")
	}
	if MonthOf(2028, 2).Last() != Of(2028, 2, 29) || DaysIn(2100, 2) != 28 || DaysIn(2000, 2) != 29 {
		t.Error("February has lost or won a day")
	}
}

func TestFiscalYears(t *testing.T) {
	for _, c := range []struct {
		start, end, label string
		months            int
		inside            string
		period            int
		before, after     string
	}{
		{"2026-01-01", "2026-12-31", "2026", 12, "2026-11-22", 11, "2025-12-31", "2027-01-01"},
		{"2026-07-01", "2027-06-30", "2026-2027", 12, "2027-01-01", 7, "2026-06-30", "2027-07-01"},
		{"2025-10-15", "2026-12-31", "2025-2026", 15, "2025-10-31", 1, "2025-10-14", "2027-01-01"}, // a first year, begun in the middle of a month
	} {
		y := FiscalYear{MustParse(c.start), MustParse(c.end)}
		if y.Label() != c.label {
			t.Errorf("%s to %s is called %s", c.start, c.end, y.Label())
		}
		months := y.Months()
		if len(months) != c.months || months[0] != y.Start.Month() || months[len(months)-1] != y.End.Month() {
			t.Errorf("%s has the months %v", y.Label(), months)
		}
		for i, m := range months {
			if got := y.Period(m.Last()); got != i+1 {
				t.Errorf("%s is month %d of %s", m, got, y.Label())
			}
		}
		if got := y.Period(MustParse(c.inside)); got != c.period || !y.Contains(MustParse(c.inside)) {
			t.Errorf("%s is in month %d of %s", c.inside, got, y.Label())
		}
		if !y.Contains(y.Start) || !y.Contains(y.End) || y.Contains(MustParse(c.before)) || y.Contains(MustParse(c.after)) {
			t.Errorf("the bounds of %s are wrong", y.Label())
		}
		if next := y.Next(); next.Start != y.End+1 || len(next.Months()) != 12 || next.End+1 != next.Start.AddMonths(12) {
			t.Errorf("%s is followed by %s to %s", y.Label(), next.Start, next.End)
		}
	}
}

func TestDaysInTheDatabaseAndInJSON(t *testing.T) {
	for _, src := range []any{"2026-11-22", []byte("2026-11-22")} {
		var d Day
		if err := d.Scan(src); err != nil || d != Of(2026, 11, 22) {
			t.Errorf("Scan(%T) = %s, %v", src, d, err)
		}
	}
	for _, src := range []any{nil, "", []byte{}} {
		d := Of(2026, 1, 1)
		if err := d.Scan(src); err != nil || d != 0 {
			t.Errorf("Scan(%#v) = %s, %v", src, d, err)
		}
	}
	for _, src := range []any{7, "2026-11-31", time.Now} {
		var d Day
		if err := d.Scan(src); err == nil {
			t.Errorf("Scan(%T) = %s", src, d)
		}
	}
	type form struct{ Due, None Day }
	b, err := json.Marshal(form{Due: Of(2026, 11, 22)})
	if err != nil || string(b) != `{"Due":"2026-11-22","None":""}` {
		t.Errorf("%s, %v", b, err)
	}
	var back form
	if err := json.Unmarshal(b, &back); err != nil || back.Due != Of(2026, 11, 22) || back.None != 0 {
		t.Errorf("%+v, %v", back, err)
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{"2026-11-22", "20261122", "2026-02-30", "9999-99-99", ""} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if d, err := Parse(text); err == nil && d.String() != text {
			t.Errorf("Parse(%q) = %s", text, d)
		}
		if d, err := ParseCompact(text); err == nil && d.Compact() != text {
			t.Errorf("ParseCompact(%q) = %s", text, d.Compact())
		}
	})
}
