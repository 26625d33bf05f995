package fec

import (
	"cmp"
	"slices"
	"strings"
)

// tellSequences tells the holes, series by series. A series with holes is forgiven when journals share one sequence:
// their numbers, put together, are without a hole and no number stands in two journals.
func (c *checker) tellSequences() {
	q := &c.sequences
	byPool := map[*sequence][]*sequence{}
	var pools []*sequence
	all, anew := 0, 0
	for _, s := range q.order {
		if s.n == 0 || s.lost {
			continue
		}
		all++
		if s.min <= 1 {
			anew++
		}
		if byPool[s.pool] == nil {
			pools = append(pools, s.pool)
		}
		byPool[s.pool] = append(byPool[s.pool], s)
	}
	q.anew = anew > 0 && 2*anew >= all
	for _, p := range pools {
		c.tellPool(p, byPool[p])
	}
}

// tellPool tells the holes of the series that bear the same text, one for each journal: as each journal's own, or as
// those of one sequence that the journals share, whichever leaves less to tell.
func (c *checker) tellPool(pool *sequence, own []*sequence) {
	var faults uint64
	for _, s := range own {
		faults += s.faults()
	}
	var shared *sequence
	if len(own) > 1 && faults > 0 {
		shared = together(own)
		if shared == nil || shared.faults() >= faults {
			shared = among(own)
		}
	}
	if shared == nil || shared.faults() >= faults {
		for _, s := range own {
			c.tellOne(s, s.jumps, false)
		}
		return
	}
	first := own[0]
	shared.journal, shared.line = first.journal, pool.line
	shared.before, shared.after, shared.width = strings.TrimPrefix(first.before, first.journal.code), strings.TrimSuffix(first.after, first.journal.code), first.width
	c.tellOne(shared, pool.jumps, true)
	for _, s := range own { // those that number by themselves
		if !shared.has(s.min) {
			c.tellOne(s, s.jumps, false)
		}
	}
}

// faults counts what there is to tell of a sequence: missing numbers, and a beginning above 1.
func (s *sequence) faults() uint64 {
	n := min(s.holes(), 1<<40) // so that the sum over journals stays within bounds
	if s.min > 1 {
		n++
	}
	return n
}

// together puts all the series in one; nil when a number stands in two.
func together(own []*sequence) *sequence {
	all := &sequence{pages: map[uint64]*page{}}
	for _, s := range own {
		if !all.merge(s) {
			return nil
		}
	}
	return all
}

// among puts together the series with holes, then those without that fit between their numbers or follow on; nil when
// no series has holes or two of those that have share a number.
func among(own []*sequence) *sequence {
	var broken, whole []*sequence
	for _, s := range own {
		if s.holes() > 0 {
			broken = append(broken, s)
		} else {
			whole = append(whole, s)
		}
	}
	if len(broken) == 0 {
		return nil
	}
	all := together(broken)
	if all == nil {
		return nil
	}
	slices.SortStableFunc(whole, func(a, b *sequence) int { return cmp.Compare(a.min, b.min) })
	for _, s := range whole {
		if s.max+1 >= all.min && s.min <= all.max+1 {
			all.merge(s)
		}
	}
	return all
}

// startMost is the first number up to which a series may begin and be said to lack those before it, when at least half
// of the series of the file begin at 1. A series that begins higher goes on from another year, or so it may.
const startMost = 10

// tellOne tells the holes of one sequence and a first number that is not the first of a count.
func (c *checker) tellOne(s *sequence, jumps map[uint64]int, shared bool) {
	one, many := "fec.rule.number-hole.one", ruleTable[RuleNumberHole].key
	if shared {
		one, many = "fec.rule.number-hole.shared.one", "fec.rule.number-hole.shared"
	}
	switch {
	case s.min > 1 && s.min <= startMost && c.sequences.anew && !shared:
		c.tellHole(s, 1, s.min-1, s.line, one, many)
	case s.min > 1:
		c.find(s.line, EcritureNum, RuleNumberStart, "journal", shown([]byte(s.journal.code)), "num", s.text(s.min))
	}
	told, left := 0, 0
	s.gaps(func(from, to uint64) {
		if told++; told > gapsMost {
			left++
			return
		}
		line := s.line
		if l, ok := jumps[to+1]; ok {
			line = l
		}
		c.tellHole(s, from, to, line, one, many)
	})
	if left > 0 {
		c.tell(s.line, EcritureNum, RuleNumberHole, "fec.rule.number-hole.more", []any{"journal", shown([]byte(s.journal.code)), "n", left})
	}
}

// tellHole tells one run of missing numbers.
func (c *checker) tellHole(s *sequence, from, to uint64, line int, one, many string) {
	key := many
	if from == to {
		key = one
	}
	c.tell(line, EcritureNum, RuleNumberHole, key, []any{"journal", shown([]byte(s.journal.code)), "from", s.text(from), "to", s.text(to)})
}
