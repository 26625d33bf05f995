package access

import (
	"testing"

	"essaim/member"
)

// Practice 23: who stands in reads what the absent person would have read, never what is their own or the absent person's.
func TestStandIn(t *testing.T) {
	const mine, theirs, followed, other = 1, 2, 3, 4
	actor := func(x Stand, roles ...member.Role) Actor {
		return Actor{Coop: 1, Person: 10, Roles: append(roles, member.Entrepreneur), Activities: []int64{mine}, Stands: []Stand{x}}
	}
	advisor := Stand{Person: 20, Portfolio: []int64{mine, theirs, followed}, Own: []int64{theirs}}
	reader := Stand{Person: 20, Own: []int64{theirs}, All: true}
	for name, c := range map[string]struct {
		a    Actor
		act  Action
		s    Subject
		want Decision
	}{
		"the advisor's activity":            {actor(advisor), ValidateDocument, Subject{Activity: followed, Author: 30}, Allowed},
		"its account":                       {actor(advisor), ViewAccount, Subject{Activity: followed}, Allowed},
		"another's activity":                {actor(advisor), ValidateDocument, Subject{Activity: other, Author: 30}, Absent},
		"one's own through the absent one":  {actor(advisor), ValidateDocument, Subject{Activity: mine, Author: 30}, Denied},
		"the absent one's own":              {actor(advisor), ValidateDocument, Subject{Activity: theirs, Author: 30}, Absent},
		"written by the absent one":         {actor(advisor), ValidateDocument, Subject{Activity: followed, Author: 20}, Denied},
		"written by oneself":                {actor(advisor), ValidateDocument, Subject{Activity: followed, Author: 10}, Denied},
		"the reader's desk":                 {actor(reader), ReadDesk, Subject{}, Allowed},
		"any activity of the reader":        {actor(reader), ValidateDocument, Subject{Activity: other, Author: 30}, Allowed},
		"the reader's own":                  {actor(reader), ValidateDocument, Subject{Activity: theirs, Author: 30}, Absent},
		"one's own for the reader":          {actor(reader), ValidateDocument, Subject{Activity: mine, Author: 30}, Denied},
		"no money through a reader":         {actor(reader), RecordPayment, Subject{Activity: other}, Denied},
		"no books through a reader":         {actor(reader), PostEntry, Subject{Activity: other}, Absent},
		"no people through an advisor":      {actor(advisor), ManagePeople, Subject{Person: 30}, Denied},
		"a substitute who also may oneself": {actor(reader, member.Gestionnaire), ValidateDocument, Subject{Activity: theirs, Author: 20}, Allowed},
	} {
		c.s.Coop = 1
		if got := Can(c.a, c.act, c.s); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	if got := actor(advisor).Followed(); len(got) != 2 {
		t.Errorf("followed: %v", got)
	}
}
