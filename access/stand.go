package access

import (
	"slices"

	"essaim/member"
)

// Stand is what an actor does today in the place of someone who is away (practice 23). It opens what that person may do and
// nothing of what no role lifts: what is one's own stays unread by oneself, and what is the absent person's own is not
// read through their substitute either.
type Stand struct {
	Person    int64   // who is away
	Portfolio []int64 // the activities they accompany
	Own       []int64 // the activities they are an entrepreneur of
	All       bool    // they read for the whole cooperative
}

// Reads says whether a role reads documents: who holds one may be replaced, and may replace.
func Reads(r member.Role) bool {
	return r == member.Advisor || r == member.Gestionnaire || r == member.Manager
}

// permits says whether standing in opens an action on a subject.
func (x Stand) permits(act Action, s Subject) bool {
	if slices.Contains(x.Own, s.Activity) || act == ValidateDocument && s.Author == x.Person {
		return false
	}
	switch table[member.Advisor][act] {
	case portfolio:
		if slices.Contains(x.Portfolio, s.Activity) {
			return true
		}
	case anywhere:
		if len(x.Portfolio) > 0 {
			return true
		}
	}
	switch act {
	case ReadDesk, ViewDocument, ValidateDocument, SendDocument, ViewCustomer:
		return x.All
	}
	return false
}

// Followed are the activities that the actor accompanies today, those of absent people included.
func (a Actor) Followed() []int64 {
	all := slices.Clone(a.Portfolio)
	for _, x := range a.Stands {
		for _, id := range x.Portfolio {
			if !slices.Contains(all, id) && !slices.Contains(x.Own, id) {
				all = append(all, id)
			}
		}
	}
	return all
}
