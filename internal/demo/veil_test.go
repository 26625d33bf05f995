package demo_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"essaim/access"
	"essaim/activity"
	"essaim/internal/office"
	"essaim/member"
)

// apart says that whoever shares an activity reads of no colleague's pay or expenses on it: every figure of every year, every
// movement, and what a search finds.
func (f filled) apart() {
	f.t.Helper()
	ctx := f.t.Context()
	activities, _, err := f.Activities(ctx, f.system)
	must(f.t, err)
	persons, err := f.Persons(ctx, f.system)
	must(f.t, err)
	set, _, err := f.Settings(ctx, f.system)
	must(f.t, err)
	joint, veiled, own := 0, 0, 0
	for _, act := range activities {
		members := act.Members(f.system.Today)
		if len(members) < 2 {
			continue
		}
		joint++
		for _, m := range members {
			a := access.Actor{Coop: f.system.Coop, Person: m.Person, Roles: []member.Role{member.Entrepreneur}, Activities: []int64{act.ID}, Today: f.system.Today}
			me := ""
			var others []string
			for _, p := range persons {
				if p.ID == m.Person {
					me = p.LastName
				} else if slices.ContainsFunc(members, func(s activity.Share) bool { return s.Person == p.ID }) {
					others = append(others, p.LastName)
				}
			}
			read := func(where string, l office.PanelLine) {
				if l.Veiled {
					veiled++
				}
				if strings.Contains(l.Label, me) {
					own++
				}
				for _, name := range others {
					if strings.Contains(l.Label, name) {
						f.t.Errorf("%s reads on %s, %s: %q", me, act.Name, where, l.Label)
					}
				}
			}
			for _, y := range set.Years {
				v, err := f.Account(ctx, a, act.ID, y.ID)
				must(f.t, err)
				for _, key := range keysOf(f.t, v.Account) {
					p, err := f.Why(ctx, a, act.ID, y.ID, key)
					must(f.t, err)
					for _, l := range p.Lines {
						read("why "+key, l)
					}
				}
				moves, err := f.Moves(ctx, a, act.ID, y.Span.Start, y.Span.End, 5000)
				must(f.t, err)
				for _, l := range moves {
					read("moves", l)
				}
			}
			for _, name := range others {
				hits, err := f.Find(ctx, a, name)
				must(f.t, err)
				for _, h := range hits {
					if h.Kind == "person" {
						f.t.Errorf("%s finds %s: %+v", me, name, h)
					}
				}
			}
		}
	}
	if joint == 0 || veiled < 100 || own < 100 {
		f.t.Errorf("%d shared activities, %d lines veiled, %d of one's own", joint, veiled, own)
	}
}

// keysOf returns the key of everything that an account holds and that opens.
func keysOf(t *testing.T, account any) (keys []string) {
	t.Helper()
	b, err := json.Marshal(account)
	must(t, err)
	var whole any
	must(t, json.Unmarshal(b, &whole))
	seen := map[string]bool{}
	var walk func(any)
	walk = func(x any) {
		switch x := x.(type) {
		case []any:
			for _, each := range x {
				walk(each)
			}
		case map[string]any:
			if key, ok := x["key"].(string); ok && x["scope"] != nil && !seen[key] {
				seen[key] = true
				keys = append(keys, key)
			}
			for _, each := range x {
				walk(each)
			}
		}
	}
	walk(whole)
	return keys
}
