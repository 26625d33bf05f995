package demo_test

import (
	"essaim/access"
	"essaim/member"
	"essaim/money"
)

// opens says that money moved between an activity's own accounts is received once, and, of one activity in six, that every
// figure of every year opens to lines that sum to it and that each line which leads to a figure leads to one of the same
// amount, in the year before too.
func (f filled) opens() {
	f.t.Helper()
	ctx := f.t.Context()
	activities, _, err := f.Activities(ctx, f.system)
	must(f.t, err)
	set, _, err := f.Settings(ctx, f.system)
	must(f.t, err)
	a := access.Actor{Coop: f.system.Coop, Person: 9999, Roles: []member.Role{member.Manager}, Today: f.system.Today}
	back, moved := 0, 0
	for i, act := range activities {
		for _, y := range set.Years {
			if y.Span.Start > a.Today {
				continue
			}
			v, err := f.Account(ctx, a, act.ID, y.ID)
			must(f.t, err)
			for _, key := range keysOf(f.t, v.Account) {
				if i%6 != 0 {
					break
				}
				p, err := f.Why(ctx, a, act.ID, y.ID, key)
				must(f.t, err)
				for _, l := range p.Lines {
					if l.Figure == "" {
						continue
					}
					year := y.ID
					if l.Year != 0 {
						year = l.Year
						back++
					}
					q, err := f.Why(ctx, a, act.ID, year, l.Figure)
					if err != nil || q.Figure.Amount != l.Amount {
						f.t.Errorf("%s, %s, %s leads to %s of %d: %s and not %s, %v", act.Name, y.Span.Label(), key, l.Figure, year, q.Figure.Amount, l.Amount, err)
					}
				}
			}
			// What came in is what moves say: the positive ones.
			moves, err := f.Moves(ctx, a, act.ID, y.Span.Start, min(y.Span.End, a.Today), 10_000)
			must(f.t, err)
			var in money.Cents
			for _, l := range moves {
				in += max(l.Amount, 0)
			}
			if got, _ := v.Account.Find("cash-in"); got.Amount != in {
				f.t.Errorf("%s, %s: %s came in, the moves say %s", act.Name, y.Span.Label(), got.Amount, in)
			}
			if in > 0 {
				moved++
			}
		}
	}
	if back < 50 || moved == 0 {
		f.t.Errorf("%d lines lead to the year before, %d accounts have a treasury", back, moved)
	}
}
