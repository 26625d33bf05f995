package office

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"essaim/date"
	"essaim/member"
)

// The days of presence are those that one would count one by one.
func TestPresenceIsTheCountOfDays(t *testing.T) {
	first := date.MustParse("2025-09-01")
	rapid.Check(t, func(t *rapid.T) {
		day := func(name string) date.Day { return first + date.Day(rapid.IntRange(-60, 460).Draw(t, name)) }
		var all []member.Contract
		for range rapid.IntRange(0, 6).Draw(t, "contracts") {
			c := member.Contract{Kind: rapid.SampledFrom([]member.ContractKind{member.CESA, member.CDI, member.CAPE}).Draw(t, "kind"), Start: day("start")}
			if rapid.Bool().Draw(t, "ends") {
				c.End = day("end")
			}
			all = append(all, c)
		}
		from, until := first, day("until")
		n := 0
		for d := from; d <= until; d++ {
			if slices.ContainsFunc(all, func(c member.Contract) bool { return c.Kind != member.CAPE && c.ActiveOn(d) }) {
				n++
			}
		}
		if got := employed(all, from, until); got != n {
			t.Errorf("%d days, counted %d", got, n)
		}
	})
}
