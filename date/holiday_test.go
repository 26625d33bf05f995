package date

import (
	"slices"
	"testing"
)

// Known Easter Sundays (tables of the Gregorian computus), the earliest and the latest possible among them.
func TestEaster(t *testing.T) {
	for _, text := range []string{
		"1913-03-23", "1943-04-25", "1961-04-02", "1981-04-19", "1999-04-04", "2000-04-23", "2008-03-23", "2011-04-24",
		"2016-03-27", "2019-04-21", "2020-04-12", "2021-04-04", "2022-04-17", "2023-04-09", "2024-03-31", "2025-04-20",
		"2026-04-05", "2027-03-28", "2028-04-16", "2029-04-01", "2030-04-21", "2031-04-13", "2032-03-28", "2033-04-17",
		"2034-04-09", "2035-03-25", "2038-04-25", "2049-04-18", "2076-04-19", "2160-03-23",
	} {
		want := MustParse(text)
		y, _, _ := want.Date()
		if got := Easter(y); got != want {
			t.Errorf("Easter of %d is %s, want %s", y, got, want)
		}
	}
}

func TestTheElevenHolidays(t *testing.T) {
	for year, want := range map[int][]string{
		2025: {"01-01", "04-21", "05-01", "05-08", "05-29", "06-09", "07-14", "08-15", "11-01", "11-11", "12-25"},
		2026: {"01-01", "04-06", "05-01", "05-08", "05-14", "05-25", "07-14", "08-15", "11-01", "11-11", "12-25"},
		2027: {"01-01", "03-29", "05-01", "05-06", "05-08", "05-17", "07-14", "08-15", "11-01", "11-11", "12-25"},
		2008: {"01-01", "03-24", "05-01", "05-08", "05-12", "07-14", "08-15", "11-01", "11-11", "12-25"}, // Ascension fell on 1 May
	} {
		var got []string
		for d := Of(year, 1, 1); d <= Of(year, 12, 31); d++ {
			if d.Holiday() {
				got = append(got, d.String()[5:])
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("holidays of %d: %v, want %v", year, got, want)
		}
	}
}

func TestWorkingDays(t *testing.T) {
	for text, want := range map[string]bool{
		"2026-11-20": true, "2026-11-21": false, "2026-11-22": false, "2026-11-11": false, "2026-12-25": false, "2026-12-24": true,
	} {
		if got := MustParse(text).Working(); got != want {
			t.Errorf("%s: working %v", text, got)
		}
	}
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-11-20", 1, "2026-11-23"}, {"2026-11-20", 0, "2026-11-20"}, {"2026-12-24", 1, "2026-12-28"},
		{"2026-04-30", 1, "2026-05-04"}, {"2026-05-07", 5, "2026-05-18"}, {"2026-11-22", 1, "2026-11-23"},
	} {
		if got := MustParse(c.from).AddWorking(c.n); got != MustParse(c.want) {
			t.Errorf("%s and %d working days: %s, want %s", c.from, c.n, got, c.want)
		}
	}
	worked := 0 // 2026: 365 days, 104 of a week-end, nine holidays on other days
	for d := Of(2026, 1, 1); d <= Of(2026, 12, 31); d++ {
		if d.Working() {
			worked++
		}
	}
	if worked != 252 {
		t.Errorf("%d working days in 2026", worked)
	}
}
