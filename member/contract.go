package member

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"essaim/date"
	"essaim/fault"
)

// What the law sets for a CAPE (L127-1 and L127-2 Code de commerce; law notes § 1.5).
const (
	CAPEMonths = 12 // most months of one term
	CAPETerms  = 3  // the first term and two renewals
)

// rank orders contracts of one day: the one that decides a person's status first.
func (k ContractKind) rank() int {
	switch k {
	case CESA:
		return 0
	case CDI:
		return 1
	case CAPE:
		return 2
	}
	return 3
}

// Known says whether k is a kind of contract.
func (k ContractKind) Known() bool { return k.rank() < 3 }

// Running returns the contracts that run on a day, the one that decides the status first (a CESA before the team's
// contract, that before a CAPE; of two alike the one begun last).
func Running(cs []Contract, on date.Day) []Contract {
	var now []Contract
	for _, c := range cs {
		if c.ActiveOn(on) {
			now = append(now, c)
		}
	}
	slices.SortStableFunc(now, func(a, b Contract) int {
		return cmp.Or(cmp.Compare(a.Kind.rank(), b.Kind.rank()), cmp.Compare(b.Start, a.Start))
	})
	return now
}

// InForce returns the contract that decides a person's status on a day; ok is false when none runs.
func InForce(cs []Contract, person int64, on date.Day) (c Contract, ok bool) {
	for _, c := range Running(cs, on) {
		if c.Person == person {
			return c, true
		}
	}
	return Contract{}, false
}

// Over returns the last contract of someone, when it has ended and no other is in force: work may go on, and nobody is bound
// to do it.
func Over(cs []Contract, person int64, on date.Day) (last Contract, ok bool) {
	for _, c := range cs {
		switch {
		case c.Person != person || c.Start > on:
		case c.ActiveOn(on):
			return Contract{}, false
		case c.End >= last.End:
			last, ok = c, true
		}
	}
	return last, ok
}

// Next returns the first contract of a kind that begins after a day; ok is false when none is planned.
func Next(cs []Contract, kind ContractKind, after date.Day) (c Contract, ok bool) {
	for _, x := range cs {
		if x.Kind == kind && x.Start > after && (!ok || x.Start < c.Start) {
			c, ok = x, true
		}
	}
	return c, ok
}

// Months counts the months of a fiscal year, up to a day, in which at least one of the contracts runs for at least one
// day: those that are CAPE throughout, and the others. A month counts once, however many people or contracts share it
// (practice 38: shared activities once); a month in which a CAPE gives way to a CESA counts as other.
func Months(cs []Contract, y date.FiscalYear, on date.Day) (cape, other int) {
	end := min(on, y.End)
	for m := y.Start.Month(); m <= y.End.Month() && m.First() <= end; m++ {
		from, to := max(m.First(), y.Start), min(m.Last(), end)
		test, job := false, false
		for _, c := range cs {
			if c.Start <= to && (c.End == 0 || c.End >= from) {
				test = test || c.Kind == CAPE
				job = job || c.Kind != CAPE
			}
		}
		switch {
		case job:
			other++
		case test:
			cape++
		}
	}
	return cape, other
}

// Clock is where a person stands in the time the law gives to a CAPE.
type Clock struct {
	Term      int      `json:"term"`      // 1 first term, 2 and 3 renewals
	Renewals  int      `json:"renewals"`  // renewals still possible
	Ends      date.Day `json:"ends"`      // end of the present term, or of the last one
	Days      int      `json:"days"`      // days left on the day asked: 0 on the last day, negative when over
	Longest   date.Day `json:"longest"`   // last day reachable with full renewals
	Continues bool     `json:"continues"` // another contract, or the next term, follows at once
}

// lastOf returns the last day of a term of n months, counted from day to day: the eve of the same day n months later, and
// when the month has no such day its last one (a year from 29 February 2024 ends on 28 February 2025).
func lastOf(start date.Day, n int) date.Day {
	return max(start.AddMonths(n)-1, (start - 1).AddMonths(n))
}

// CAPEClock returns the clock of a person's CAPE on a day: the term that runs, or the last one when all are over. ok is
// false when the person has no CAPE begun by then.
func CAPEClock(cs []Contract, person int64, on date.Day) (k Clock, ok bool) {
	var last Contract
	for _, c := range cs {
		if c.Person == person && c.Kind == CAPE && c.Start <= on && c.Start >= last.Start {
			last, ok = c, true
		}
	}
	if !ok {
		return Clock{}, false
	}
	term := max(last.Term, 1)
	k = Clock{Term: term, Renewals: max(CAPETerms-term, 0), Ends: last.End, Days: int(last.End - on)}
	k.Longest = last.End
	if k.Renewals > 0 {
		k.Longest = lastOf(last.End+1, CAPEMonths*k.Renewals)
	}
	for _, c := range cs {
		if c.Person == person && c.ID != last.ID && c.Start > last.Start && c.Start <= last.End+1 && (c.End == 0 || c.End > last.End) {
			k.Continues = true
		}
	}
	return k, true
}

// CheckContracts tells everything that is wrong with the contracts of one person, joined: dates; a CAPE of more than
// twelve months, renewed more than twice, whose terms are not numbered in order or overlap; a CAPE beside an
// employment contract (its holder may not be a full-time employee, L127-1).
func CheckContracts(cs []Contract) error {
	var errs []error
	sorted := make([]int, len(cs))
	for i := range cs {
		sorted[i] = i
	}
	slices.SortStableFunc(sorted, func(a, b int) int { return cmp.Compare(cs[a].Start, cs[b].Start) })
	bad := func(i int, field, key string, args ...any) {
		errs = append(errs, fault.At(fmt.Sprintf("contracts[%d].%s", i, field), key, args...))
	}
	terms := 0
	for n, i := range sorted {
		c := cs[i]
		switch {
		case !c.Kind.Known():
			bad(i, "kind", "member.contract_kind", "kind", string(c.Kind))
			continue
		case c.Start == 0:
			bad(i, "start", "member.contract_start")
			continue
		case c.End != 0 && c.End < c.Start:
			bad(i, "end", "member.contract_end")
			continue
		case c.FixedCost < 0:
			bad(i, "fixedCost", "member.fixed_negative")
		}
		if c.Kind == CAPE {
			terms++
			switch longest := lastOf(c.Start, CAPEMonths); {
			case c.End == 0:
				bad(i, "end", "member.cape_endless")
			case c.End > longest:
				bad(i, "end", "member.cape_long", "until", longest)
			}
			if terms > CAPETerms {
				bad(i, "start", "member.cape_renewed", "n", CAPETerms-1)
			} else if c.Term != terms {
				bad(i, "term", "member.cape_term", "term", terms)
			}
			if c.FixedCost != 0 {
				bad(i, "fixedCost", "member.cape_fixed")
			}
		}
		for _, j := range sorted[:n] {
			d := cs[j]
			if (c.Kind == CAPE || d.Kind == CAPE || c.Kind == d.Kind) && d.Start != 0 && (d.End == 0 || d.End >= c.Start) && d.Person == c.Person {
				bad(i, "start", "member.contracts_overlap", "start", d.Start)
				break
			}
		}
	}
	return errors.Join(errs...)
}
