package house

import (
	"slices"
	"strconv"
	"strings"
	"testing"
)

// tiers is the one table of the house: imports go from a later line to an earlier one, or stay within the line.
// A name that ends in "/..." stands for everything below it; the first line that fits counts.
var tiers = []struct {
	name     string
	packages []string
	pure     bool
}{
	{"words", []string{"money", "date", "fault", "i18n"}, true},
	{"rooms", []string{
		"coop", "member", "activity", "ledger", "sale", "joint", "purchase", "payroll", "bank", "capital", "assembly",
		"coaching", "network", "access",
	}, true},
	{"formats", []string{"format/..."}, true},
	{"means", []string{"internal/mail", "internal/mail/..."}, false}, // thin edges around a protocol, which the office uses
	{"store", []string{"internal/store", "internal/store/..."}, false},
	{"office", []string{"internal/office", "internal/office/..."}, false},
	{"edges", []string{"internal/..."}, false},
	{"commands", []string{"cmd/..."}, false},
}

// tierOf returns the line of the table that a package stands on.
func tierOf(dir string) (int, bool) {
	for i, t := range tiers {
		if slices.ContainsFunc(t.packages, func(p string) bool {
			below, all := strings.CutSuffix(p, "...")
			return p == dir || all && strings.HasPrefix(dir, below)
		}) {
			return i, true
		}
	}
	return 0, false
}

// pure says whether the package keeps away from the world.
func pure(dir string) bool {
	tier, ok := tierOf(dir)
	return ok && tiers[tier].pure
}

// Rule 2: the law lives in one room, and a room is known: a new one is added to the table with its subject.
func TestEveryPackageHasItsPlace(t *testing.T) {
	for dir, p := range house(t).packages {
		if _, ok := tierOf(dir); !ok {
			t.Errorf("%s (%s): no place in the table of tiers", dir, p.files[0].path)
		}
	}
}

// Imports go one way: words ← rooms ← formats ← means ← store ← office ← edges ← commands.
func TestImportsGoOneWay(t *testing.T) {
	s := house(t)
	seen := 0
	for dir, p := range s.packages {
		from, _ := tierOf(dir)
		for _, f := range p.files {
			if f.test {
				continue // a test may stand above what it tests
			}
			for _, spec := range f.tree.Imports {
				name, _ := strconv.Unquote(spec.Path.Value)
				target, ours := strings.CutPrefix(name, module+"/")
				if !ours {
					continue
				}
				seen++
				if to, _ := tierOf(target); to > from {
					t.Errorf("%s: %s (%s) imports %s (%s), which stands above it", s.at(spec), dir, tiers[from].name, target, tiers[to].name)
				}
			}
		}
	}
	if seen < 10 {
		t.Errorf("only %d imports looked at", seen)
	}
}
