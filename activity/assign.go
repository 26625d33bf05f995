package activity

import (
	"slices"

	"essaim/date"
)

// Assignment is a contribution policy that an activity had from a day on.
type Assignment struct {
	Policy int64    `json:"policy"` // id of the contribution rule, 0: none
	From   date.Day `json:"from,omitempty"`
}

// assignments are all the policies of the activity, in order of time.
func (a Activity) assignments() []Assignment {
	return append(slices.Clone(a.Earlier), Assignment{a.Policy, a.PolicyFrom})
}

// Assign gives the activity a policy from a day on; what was to begin on that day or later is forgotten.
func (a *Activity) Assign(policy int64, from date.Day) {
	all := a.assignments()
	if len(a.Earlier) == 0 && a.Policy == 0 {
		all = nil // it had none so far
	}
	all = slices.DeleteFunc(all, func(x Assignment) bool { return x.From >= from && from != 0 })
	for len(all) > 0 && all[len(all)-1].Policy == policy { // it goes on
		from, all = all[len(all)-1].From, all[:len(all)-1]
	}
	a.Policy, a.PolicyFrom, a.Earlier = policy, from, all
	if len(all) == 0 {
		a.Earlier = nil
	}
}

// policyIn returns the policy that holds for a fiscal year: the one the activity has on the first day (practice 38: a
// change is never retroactive, and brackets are yearly), else the first one it is given within the year, with its day.
func (a Activity) policyIn(first, last date.Day) (id int64, since date.Day) {
	for _, x := range slices.Backward(a.assignments()) {
		if x.From <= first {
			return x.Policy, 0
		}
		if x.From <= last {
			id, since = x.Policy, x.From
		}
	}
	return id, since
}
