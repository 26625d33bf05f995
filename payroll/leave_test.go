package payroll

import (
	"testing"

	"pgregory.net/rapid"

	"essaim/date"
)

// Two and a half working days a month from 1 June; the last day of May rounds up; four weeks make a month where that
// gives more; sickness gives two a month, leave without pay nothing.
func TestLeaveAcquired(t *testing.T) {
	k := Contract{Regime: CESA, From: longAgo}
	year := func(kind AbsenceKind, from, until date.Day) []Absence {
		return []Absence{{Kind: kind, From: from, Until: until}}
	}
	for _, c := range []struct {
		name  string
		k     Contract
		until date.Day
		away  []Absence
		want  Days
	}{
		{"six months", k, date.Of(2026, 11, 30), nil, 15_00},
		{"half a month", k, date.Of(2026, 6, 15), nil, 1_25},
		{"a whole period", k, date.Of(2026, 5, 31), nil, 30_00},
		{"came on 1 January: 12.5 go up to 13", Contract{Regime: CESA, From: date.Of(2026, 1, 1)}, date.Of(2026, 5, 31), nil, 13_00},
		{"a month without pay still makes forty-eight weeks", k, date.Of(2026, 5, 31), year(UnpaidLeave, date.Of(2026, 3, 2), date.Of(2026, 3, 30)), 30_00},
		{"three months without pay", k, date.Of(2026, 5, 31), year(UnpaidLeave, date.Of(2026, 1, 1), date.Of(2026, 3, 31)), 23_00},
		{"a year of sickness", k, date.Of(2026, 5, 31), year(Sickness, date.Of(2025, 6, 1), date.Of(2026, 5, 31)), 24_00},
		{"six months of sickness", k, date.Of(2026, 5, 31), year(Sickness, date.Of(2025, 6, 1), date.Of(2025, 11, 30)), 27_00},
		{"maternity is work", k, date.Of(2026, 5, 31), year(Maternity, date.Of(2025, 7, 1), date.Of(2025, 10, 31)), 30_00},
		{"left on 15 July: 3.71 go up to 4", Contract{Regime: CESA, From: longAgo, Until: date.Of(2026, 7, 15)}, date.Of(2026, 7, 15), nil, 4_00},
	} {
		if got := Law().LeaveAcquired(c.k, c.until, c.away); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

// Counters never fall within a period and never pass thirty.
func TestLeaveGrows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := Contract{Regime: CESA, From: date.Of(2025, 6, 1) + date.Day(rapid.IntRange(0, 300).Draw(t, "from"))}
		start := k.From + date.Day(rapid.IntRange(0, 60).Draw(t, "start"))
		away := []Absence{{Kind: rapid.SampledFrom([]AbsenceKind{Sickness, UnpaidLeave, Maternity}).Draw(t, "kind"), From: start, Until: start + date.Day(rapid.IntRange(0, 90).Draw(t, "days"))}}
		had := Days(0)
		for d := k.From; d <= date.Of(2026, 5, 31); d++ {
			now := Law().LeaveAcquired(k, d, away)
			if now < had || now > 30_00 {
				t.Fatalf("%s: %d after %d", d, now, had)
			}
			had = now
		}
	})
}

// From Monday 3 to Sunday 16 August 2026: twelve working days less Saturday 15, a public holiday.
func TestLeaveTaken(t *testing.T) {
	a := Absence{Kind: PaidLeave, From: date.Of(2026, 8, 3), Until: date.Of(2026, 8, 16)}
	if got := LeaveTaken(a); got != 11_00 {
		t.Errorf("%d", got)
	}
	a.Kind = Sickness
	if got := LeaveTaken(a); got != 0 {
		t.Errorf("sickness takes %d", got)
	}
	if left := (LeaveCounters{Before: 4_00, Acquired: 15_00, Taken: 11_00}).Left(); left != 8_00 {
		t.Errorf("%d left", left)
	}
	if from, until := LeavePeriod(date.Of(2026, 5, 31)); from != date.Of(2025, 6, 1) || until != date.Of(2026, 5, 31) {
		t.Errorf("%s to %s", from, until)
	}
}

// Twelve days of thirty: a tenth of 24 000 by 12/30 is 960, twelve twenty-sixths of 2 000 are 923.08; of a raised month of
// 2 500, 1 153.85.
func TestLeaveIndemnity(t *testing.T) {
	p := Law().On(nov2026)
	if l, err := p.LeaveIndemnity(12_00, 30_00, 24_000_00, 2_000_00); err != nil || l != (LeavePay{960_00, 923_08, 960_00}) {
		t.Errorf("%+v, %v", l, err)
	}
	if l, _ := p.LeaveIndemnity(12_00, 30_00, 24_000_00, 2_500_00); l.Due != 1_153_85 {
		t.Errorf("%+v", l)
	}
	if l, _ := p.LeaveIndemnity(3_00, 0, 24_000_00, 0); l.Due != 0 {
		t.Errorf("%+v", l)
	}
	_, err := p.LeaveIndemnity(-1, 0, 0, 0)
	refused(t, "days", err, "days", "payroll.leave_days")
}
