package joint

import (
	"testing"

	"pgregory.net/rapid"

	"essaim/money"
)

// A key of 60/40 on 1 000, then with 200 of named costs first, then with a line of one member alone.
func TestPartsOfWorkedCases(t *testing.T) {
	d := Deal{ID: 1, Lead: 10, Members: []Member{{Activity: 10, Axis: 2, Weight: 60 * money.Unit}, {Activity: 11, Axis: 3, Weight: 40 * money.Unit}}}
	costs := d
	costs.Members = []Member{d.Members[0], {Activity: 11, Axis: 3, Weight: 40 * money.Unit, First: 200_00}}
	for _, x := range []struct {
		name      string
		d         Deal
		collected map[int64]money.Cents
		want      [2]money.Cents
	}{
		{"by the key", d, map[int64]money.Cents{1: 1_000_00}, [2]money.Cents{600_00, 400_00}},
		{"a cent", d, map[int64]money.Cents{1: 1}, [2]money.Cents{1, 0}},
		{"named costs first", costs, map[int64]money.Cents{1: 1_000_00}, [2]money.Cents{480_00, 520_00}},
		{"not even the costs", costs, map[int64]money.Cents{1: 150_00}, [2]money.Cents{0, 150_00}},
		{"a line of the second alone", d, map[int64]money.Cents{1: 1_000_00, 3: 250_00}, [2]money.Cents{600_00, 650_00}},
		{"nothing yet", d, nil, [2]money.Cents{}},
	} {
		if got := x.d.Parts(x.collected); got[0] != x.want[0] || got[1] != x.want[1] {
			t.Errorf("%s: %v, want %v", x.name, got, x.want)
		}
	}
}

// A line of one member that the discount of another takes away whole: there is nothing to wait for.
func TestSpreadOfWhatTakesItselfAway(t *testing.T) {
	got := Spread([]Bucket{{Axis: 1, Net: 5}, {Axis: 2, Net: -5}}, 0)
	if got[0].Collected != 5 || got[1].Collected != -5 {
		t.Errorf("%v", got)
	}
}

// What is spread is what was collected, and each bucket is exact once all is.
func TestSpreadLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []Bucket
		var total money.Cents
		for axis := range int64(rapid.IntRange(1, 6).Draw(t, "buckets")) {
			net := money.Cents(rapid.Int64Range(-50_00, 9_000_00).Draw(t, "net"))
			all = append(all, Bucket{Axis: axis, Net: net})
			total += net
		}
		part := money.Cents(rapid.Int64Range(0, max(1, int64(total))).Draw(t, "collected"))
		var sum money.Cents
		for _, b := range Spread(all, part) {
			sum += b.Collected
		}
		if sum != part {
			t.Fatalf("%s spread as %s", part, sum)
		}
		for _, b := range Spread(all, total) {
			if b.Collected != b.Net {
				t.Fatalf("all collected, %s of %s", b.Collected, b.Net)
			}
		}
	})
}
