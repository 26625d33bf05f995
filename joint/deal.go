package joint

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"essaim/fault"
	"essaim/money"
)

// DealStatus is where a deal stands.
type DealStatus string

// The statuses. A key binds once every member has agreed to it; a closed deal takes no new invoice, those it has go on
// being shared.
const (
	Proposed DealStatus = "proposed"
	Agreed   DealStatus = "agreed"
	Closed   DealStatus = "closed"
)

// MaxMembers bounds a deal.
const MaxMembers = 20

// Member is one activity of a deal, the lead first.
type Member struct {
	Activity int64       `json:"activity"`
	Axis     int64       `json:"axis"`            // second axis of the lines that are this member's alone
	Weight   money.Micro `json:"weight"`          // of the key: percents, hours, parts…
	First    money.Cents `json:"first,omitempty"` // named costs that this member gets back before the rest is shared
	FirstFor string      `json:"firstFor,omitempty"`
	By       int64       `json:"by,omitempty"` // who agreed …
	ByName   string      `json:"byName,omitempty"`
	At       int64       `json:"at,omitempty"`      // … and when, microseconds UTC
	Refused  string      `json:"refused,omitempty"` // why not, in the member's words
}

// Deal is a piece of work that several activities share: the lead bills the customer, and what the customer pays is shared
// by the agreed key on the day it comes. Its id is the second axis of the lines that are everybody's.
type Deal struct {
	ID      int64
	Lead    int64
	Status  DealStatus
	Version int64
	Author  int64
	Created int64
	Title   string
	Note    string
	Members []Member
	Begun   bool // money has been shared: the key no longer changes
}

// Of returns the member of an activity.
func (d Deal) Of(activity int64) (Member, bool) {
	i := slices.IndexFunc(d.Members, func(m Member) bool { return m.Activity == activity })
	if i < 0 {
		return Member{}, false
	}
	return d.Members[i], true
}

// On returns the member whose own lines bear an axis; 0 and true for the deal's.
func (d Deal) On(axis int64) (activity int64, ok bool) {
	if axis == d.ID {
		return 0, true
	}
	i := slices.IndexFunc(d.Members, func(m Member) bool { return m.Axis == axis })
	if i < 0 {
		return 0, false
	}
	return d.Members[i].Activity, true
}

// Axes are those of the deal: its own, then each member's.
func (d Deal) Axes() []int64 {
	all := []int64{d.ID}
	for _, m := range d.Members {
		all = append(all, m.Axis)
	}
	return all
}

// Everybody says whether every member has agreed.
func (d Deal) Everybody() bool {
	return !slices.ContainsFunc(d.Members, func(m Member) bool { return m.At == 0 })
}

// Check tells what is wrong with a proposal.
func (d Deal) Check() error {
	errs := []error{text("title", d.Title, MaxText), text("note", d.Note, MaxNote)}
	bad := func(field, key string, args ...any) { errs = append(errs, fault.At(field, key, args...)) }
	if strings.TrimSpace(d.Title) == "" {
		bad("title", "joint.fault.deal_title")
	}
	if len(d.Members) < 2 {
		bad("members[1].activity", "joint.fault.alone")
	}
	if len(d.Members) > MaxMembers {
		bad("members[1].activity", "joint.fault.members_many", "max", MaxMembers)
		return errors.Join(errs...)
	}
	var sum money.Micro
	seen := map[int64]bool{}
	for i, m := range d.Members {
		at := fmt.Sprintf("members[%d].", i)
		if m.Activity == 0 || seen[m.Activity] {
			bad(at+"activity", "joint.fault.member_twice")
		}
		seen[m.Activity] = true
		if m.Weight < 0 || m.Weight > 1_000_000*money.Unit {
			bad(at+"weight", "joint.fault.weight")
			continue
		}
		sum += m.Weight
		if m.First < 0 || m.First > money.Max/1000 {
			bad(at+"first", "joint.fault.price")
		}
		errs = append(errs, text(at+"firstFor", m.FirstFor, MaxText))
		if m.First > 0 && strings.TrimSpace(m.FirstFor) == "" {
			bad(at+"firstFor", "joint.fault.first_for")
		}
	}
	if sum == 0 {
		bad("members[0].weight", "joint.fault.no_key")
	}
	if !seen[d.Lead] {
		bad("members[0].activity", "joint.fault.lead")
	}
	return errors.Join(errs...)
}

// SameKey says whether two versions of a deal share money alike.
func SameKey(a, b Deal) bool {
	return slices.EqualFunc(a.Members, b.Members, func(x, y Member) bool {
		return x.Activity == y.Activity && x.Weight == y.Weight && x.First == y.First && x.FirstFor == y.FirstFor
	})
}

// Bucket is a part of an invoice by its second axis: 0 for the lines that are of no deal.
type Bucket struct {
	Axis      int64
	Net       money.Cents // invoiced, less credit notes
	Collected money.Cents
}

// Spread says how much of what an invoice has collected falls to each of its buckets, in proportion to their nets: exact
// once all is collected, and the sum is always what was collected. Lines that take each other away leave nothing to
// collect: such an invoice is settled as it stands. The state decides alone, whatever came before it.
func Spread(buckets []Bucket, collected money.Cents) []Bucket {
	out := slices.Clone(buckets)
	slices.SortFunc(out, func(a, b Bucket) int { return cmp.Compare(a.Axis, b.Axis) })
	var total money.Cents
	for _, b := range out {
		total += b.Net
	}
	rest, most := collected, 0
	for i := range out {
		switch {
		case collected == total:
			out[i].Collected = out[i].Net
		case total != 0:
			out[i].Collected = out[i].Net.Share(collected, total)
		default:
			out[i].Collected = 0
		}
		rest -= out[i].Collected
		if out[i].Net.Abs() > out[most].Net.Abs() {
			most = i
		}
	}
	if len(out) > 0 {
		out[most].Collected += rest // odd cents, or a payment of what is no longer owed
	}
	return out
}

// Parts returns what each member is due by now, in the order of members, out of what was collected on each axis of the
// deal. Lines of one member are that member's; the others first give back the named costs, in the order of members, and
// what is left is shared by the key without losing a cent. The parts sum to what was collected.
func (d Deal) Parts(collected map[int64]money.Cents) []money.Cents {
	parts := make([]money.Cents, len(d.Members))
	common := collected[d.ID]
	weights := make([]int64, len(d.Members))
	for i, m := range d.Members {
		parts[i] = collected[m.Axis]
		if common > 0 {
			first := min(m.First, common)
			parts[i] += first
			common -= first
		}
		weights[i] = int64(m.Weight)
	}
	for i, p := range money.Allocate(common, weights) {
		parts[i] += p
	}
	return parts
}
