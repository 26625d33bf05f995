package payroll

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"essaim/date"
	"essaim/fault"
	"essaim/i18n"
	"essaim/money"
)

// From 1 January 2026 to the end of November: five months of the first period go up to 13 days, six of the second make 15;
// eleven days of August and the four of November come off.
func TestLeaveCount(t *testing.T) {
	k := Contract{Regime: Permanent, Hours: 3500, From: date.Of(2026, 1, 1)}
	all := []Absence{{Kind: PaidLeave, From: date.Of(2026, 8, 3), Until: date.Of(2026, 8, 16)}, {Kind: Sickness, From: date.Of(2026, 9, 1), Until: date.Of(2026, 9, 30)}, {Kind: PaidLeave, From: date.Of(2026, 11, 26), Until: date.Of(2026, 12, 2)}}
	got := Law().LeaveCount(k, k.From, date.Of(2026, 11, 30), all, nil)
	if got.LeaveCounters != (LeaveCounters{13_00, 14_50, 15_00}) || !got.Known || got.From != date.Of(2026, 6, 1) || got.Until != date.Of(2027, 5, 31) {
		t.Errorf("%+v", got)
	}
	if want := []LeaveSpan{{date.Of(2026, 11, 26), date.Of(2026, 11, 30), 4_00}}; !slices.Equal(got.Spans, want) {
		t.Errorf("%+v", got.Spans)
	}
	rows := LeaveRows(i18n.For("fr"), &got)
	if len(rows) != 2 || rows[0].Due != 0 || rows[0].Taken != 13*money.Unit || rows[1].Taken != 2*money.Unit || rows[1].Due != 12_500_000 {
		t.Errorf("%+v", rows)
	}
	// Paid here since September only: what was acquired before June is not known.
	late := Law().LeaveCount(k, date.Of(2026, 6, 1), date.Of(2026, 11, 30), all, nil)
	if late.LeaveCounters != (LeaveCounters{0, 14_50, 15_00}) || late.Known {
		t.Errorf("%+v", late)
	}
	// Taken over at the end of August, when another program had counted 7.5 acquired and 11 taken of 20 left before.
	open := &LeaveOpening{Until: date.MonthOf(2026, 8), LeaveCounters: LeaveCounters{20_00, 7_50, 11_00}}
	if got := Law().LeaveCount(k, date.Of(2026, 6, 1), date.Of(2026, 11, 30), all, open); got.LeaveCounters != (LeaveCounters{20_00, 14_50, 15_00}) || !got.Known {
		t.Errorf("%+v", got)
	}
	if got := Law().LeaveCount(k, k.From, date.Of(2026, 7, 31), all, open); got.Before != 13_00 || got.Acquired != 5_00 || got.Taken != 0 {
		t.Errorf("an opening of a later day counts: %+v", got)
	}
	// The next period begins with what this one left: 20 + 29.5, that go up to 30, − 11 − 4 − 2.
	if got := Law().LeaveCount(k, k.From, date.Of(2027, 6, 30), all, open); got.LeaveCounters != (LeaveCounters{33_00, 2_50, 0}) {
		t.Errorf("%+v", got)
	}
}

// Whether counters are taken over or counted here makes no difference, when both counted alike.
func TestLeaveTakenOverGoesOn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := Contract{Regime: CESA, From: date.Of(2024, 1, 1) + date.Day(rapid.IntRange(0, 600).Draw(t, "from"))}
		var all []Absence
		at := k.From
		for range rapid.IntRange(0, 4).Draw(t, "n") {
			from := at + date.Day(rapid.IntRange(0, 200).Draw(t, "start"))
			at = from + date.Day(rapid.IntRange(1, 40).Draw(t, "days"))
			all = append(all, Absence{Kind: rapid.SampledFrom([]AbsenceKind{PaidLeave, Sickness, UnpaidLeave}).Draw(t, "kind"), From: from, Until: at - 1})
		}
		m := k.From.Month() + date.Month(rapid.IntRange(0, 20).Draw(t, "month"))
		then := Law().LeaveCount(k, k.From, m.Last(), all, nil)
		on := (m + date.Month(rapid.IntRange(0, 14).Draw(t, "later"))).Last()
		want := Law().LeaveCount(k, k.From, on, all, nil)
		got := Law().LeaveCount(k, LeaveFrom(m.Last()), on, all, &LeaveOpening{Until: m, LeaveCounters: then.LeaveCounters})
		if got.LeaveCounters != want.LeaveCounters || got.From != want.From {
			t.Fatalf("%+v, wants %+v", got, want)
		}
		if want.Left() != want.Before+want.Acquired-want.Taken {
			t.Fatal("what is left does not add up")
		}
	})
}

// A tenth of what is paid but the leave itself.
func TestLeaveAside(t *testing.T) {
	a := LeaveAside{Set: 500_00}
	p := Law().On(nov2026)
	a.Add(p, &Payslip{Items: []Item{{Element: "fixed_part", Amount: 1_200_00}}, Totals: Totals{Gross: 1_200_00}})
	a.Add(p, &Payslip{Items: []Item{{Element: "fixed_part", Amount: 1_200_00}, {Element: "leave_indemnity", Amount: 300_00}}, Totals: Totals{Gross: 1_500_00}})
	if a != (LeaveAside{740_00, 300_00}) || a.Left() != 440_00 {
		t.Errorf("%+v", a)
	}
	for field, o := range map[string]LeaveOpening{"before": {LeaveCounters: LeaveCounters{Before: 200_01}}, "acquired": {LeaveCounters: LeaveCounters{Acquired: -1}}, "taken": {LeaveCounters: LeaveCounters{Taken: -1}}, "aside": {Aside: -1}} {
		if all := fault.All(o.Check()); len(all) != 1 || all[0].Field != field {
			t.Errorf("%s: %v", field, all)
		}
	}
}

// A payslip with leave in its month says which days, and its counters; one without counters says nothing.
func TestPayslipTellsLeave(t *testing.T) {
	s := &LeaveState{From: date.Of(2026, 6, 1), Until: date.Of(2027, 5, 31), LeaveCounters: LeaveCounters{4_00, 15_00, 6_00}, Spans: []LeaveSpan{{date.Of(2026, 11, 2), date.Of(2026, 11, 7), 6_00}}, Aside: &LeaveAside{740_00, 300_00}}
	for _, m := range []Model{ModelOn(date.Of(2026, 11, 30)), ModelOn(date.Of(2027, 1, 31))} {
		paper := Print(PaperFacts{Payslip: Payslip{Month: nov2026, Regime: CESA}, Model: m, Lang: "fr", State: s})
		if len(paper.Leave.Rows) != 3 || paper.Leave.Rows[0].Cells[2] != "0" || paper.Leave.Rows[1].Cells[2] != "13" || paper.Leave.Rows[2].Cells[2] != "440,00\u00a0€" && paper.Leave.Rows[2].Cells[2] != "440,00\u202f€" {
			t.Errorf("%+q", paper.Leave.Rows)
		}
		want := i18n.For("fr").T("slip.leave_days", "from", date.Of(2026, 11, 2), "until", date.Of(2026, 11, 7), "n", 6*money.Unit)
		if !slices.Contains(paper.Mentions, want) {
			t.Errorf("%q, wants %q", paper.Mentions, want)
		}
	}
	if paper := Print(PaperFacts{Payslip: Payslip{Month: nov2026, Regime: CESA}, Model: ModelOn(date.Of(2026, 11, 30)), Lang: "fr"}); len(paper.Leave.Rows) != 0 {
		t.Errorf("%+v", paper.Leave)
	}
}
