package fec

import (
	"fmt"
	"math/bits"
	"slices"
	"strings"
)

// The numbers of the entries must be « une séquence continue » (LPF A47 A-1, VII, 3rd field), over the whole file or
// within each journal (BOI-CF-IOR-60-40-20, § 100). A number such as VE-2026-00012 is a count within a series: the
// count is its last run of digits, the series is the text around it. A year, year and month, or day that a long run
// begins with belongs to the series (20260100012 is 12 within 202601), and so does a year at the end when another run
// stands before it (12/2026), so that numbers that begin anew every year, month or day are followed within it.
//
// Each series keeps one bit for each number seen, in pages of 512, so that order does not matter and a million
// entries take 130 kB.

const (
	pageBits   = 512
	pagesMost  = 1 << 17 // over all series; numbers so scattered are no sequence
	serieMost  = 1 << 14 // series over all journals
	jumpsMost  = 1 << 16 // lines remembered where a sequence jumped
	gapsMost   = 100     // holes told for one series
	seriesText = 128     // bytes of the text of a series
)

type page [pageBits / 64]uint64

// sequence is the numbers of one series of one journal, or of several journals put together.
type sequence struct {
	journal  *journal
	prefix   string    // the text of the series
	before   string    // what stands before the count
	after    string    // and after
	width    int       // digits of the count when it is written with zeros in front
	pool     *sequence // the series of all journals together
	pages    map[uint64]*page
	last     uint64 // last number met
	line     int    // of its first number
	jumps    map[uint64]int
	min, max uint64
	n        int   // distinct numbers
	lost     bool  // numbers too scattered: no longer followed
	hot      *page // page of the last number
	hotIndex uint64
}

// holes returns how many numbers are missing between the first and the last.
func (s *sequence) holes() uint64 { return s.max - s.min + 1 - uint64(s.n) }

// sequences is all the series of a file.
type sequences struct {
	series  map[entryKey]*sequence // by journal and series
	order   []*sequence
	pools   map[string]*sequence
	pages   int
	ownJump int
	allJump int
	key     []byte
	anew    bool // at least half of the series begin at 1
}

func (q *sequences) init() {
	q.series, q.pools = map[entryKey]*sequence{}, map[string]*sequence{}
}

// number notes the number of an entry that begins at the line being read, and says whether it was met before.
func (c *checker) number(j *journal, num []byte) bool {
	q := &c.sequences
	if !j.started {
		j.started = true
		j.tail = yearAtEnd(num)
	}
	cut, ok := splitNumber(num, j.tail)
	q.key = cut.series(q.key[:0], num)
	n := cut.n
	var s *sequence
	if ok && len(q.key) <= seriesText {
		if s = j.sequence; s == nil || s.prefix != string(q.key) {
			s = q.of(j, num, cut, c.n)
		}
	}
	if s == nil {
		if !j.oddTold {
			j.oddTold = true
			c.find(c.n, EcritureNum, RuleNumberUnreadable, "journal", shown([]byte(j.code)), "num", shown(num))
		}
		return c.lost.put(hashBytes(hashWord(3, uint64(j.id)), num), c.n) != 0
	}
	j.sequence = s
	fresh, full := q.mark(s, n)
	if full {
		s.lost = true
		if !j.oddTold {
			j.oddTold = true
			c.find(c.n, EcritureNum, RuleNumberUnreadable, "journal", shown([]byte(j.code)), "num", shown(num))
		}
		return c.lost.put(hashBytes(hashWord(3, uint64(j.id)), num), c.n) != 0
	}
	if !fresh {
		return true
	}
	if s.n > 1 && n < s.last && !j.orderTold {
		j.orderTold = true
		c.find(c.n, EcritureNum, RuleNumberOrder, "journal", shown([]byte(j.code)), "num", shown(num))
	}
	q.follow(s, n, c.n, &q.ownJump)
	q.follow(s.pool, n, c.n, &q.allJump)
	return false
}

// of returns the series, whose text is in q.key, of a journal; nil when there are too many.
func (q *sequences) of(j *journal, num []byte, cut cut, line int) *sequence {
	k := entryKey{j.id, string(q.key)}
	s := q.series[k]
	if s == nil && len(q.series) < serieMost {
		s = &sequence{
			journal: j, prefix: k.num, pages: map[uint64]*page{}, line: line,
			before: string(num[:cut.from]), after: string(num[cut.to:]), width: cut.width(num),
		}
		// The common series is the same text without the code of the journal around it.
		common := strings.TrimSuffix(strings.TrimPrefix(s.before, j.code)+"#"+string(cut.class)+"#"+s.after, j.code)
		if s.pool = q.pools[common]; s.pool == nil {
			s.pool = &sequence{line: line}
			q.pools[common] = s.pool
		}
		q.series[k] = s
		q.order = append(q.order, s)
	}
	return s
}

// mark notes one number; full says that no more can be noted.
func (q *sequences) mark(s *sequence, n uint64) (fresh, full bool) {
	i := n / pageBits
	p := s.hot
	if p == nil || s.hotIndex != i {
		if p = s.pages[i]; p == nil {
			if q.pages >= pagesMost {
				return false, true
			}
			q.pages++
			p = new(page)
			s.pages[i] = p
		}
		s.hot, s.hotIndex = p, i
	}
	word, bit := &p[n%pageBits/64], uint64(1)<<(n%64)
	if *word&bit != 0 {
		return false, false
	}
	*word |= bit
	if s.n == 0 {
		s.min, s.max = n, n
	}
	s.min, s.max = min(s.min, n), max(s.max, n)
	s.n++
	return true, false
}

// follow remembers the line where a number does not follow the one before it.
func (q *sequences) follow(s *sequence, n uint64, line int, jumps *int) {
	if s.last != 0 && n > s.last+1 && *jumps < jumpsMost {
		*jumps++
		if s.jumps == nil {
			s.jumps = map[uint64]int{}
		}
		s.jumps[n] = line
	}
	s.last = n
}

// has says whether the number was met.
func (s *sequence) has(n uint64) bool {
	p := s.pages[n/pageBits]
	return p != nil && p[n%pageBits/64]&(1<<(n%64)) != 0
}

// merge adds the numbers of o, or reports false, having changed nothing, when both hold the same number.
func (s *sequence) merge(o *sequence) bool {
	for i, p := range o.pages {
		if mine := s.pages[i]; mine != nil {
			for w := range p {
				if p[w]&mine[w] != 0 {
					return false
				}
			}
		}
	}
	for i, p := range o.pages {
		mine := s.pages[i]
		if mine == nil {
			mine = new(page)
			s.pages[i] = mine
		}
		for w := range p {
			mine[w] |= p[w]
		}
	}
	if s.n == 0 {
		s.min, s.max = o.min, o.max
	}
	s.min, s.max = min(s.min, o.min), max(s.max, o.max)
	s.n += o.n
	return true
}

// text writes a number of the series as the file writes it.
func (s *sequence) text(n uint64) string {
	return shown([]byte(s.before)) + fmt.Sprintf("%0*d", s.width, n) + shown([]byte(s.after))
}

// gaps calls f with each run of missing numbers, in order.
func (s *sequence) gaps(f func(from, to uint64)) {
	index := make([]uint64, 0, len(s.pages))
	for i := range s.pages {
		index = append(index, i)
	}
	slices.Sort(index)
	next := s.min
	for _, i := range index {
		for w, word := range s.pages[i] {
			for ; word != 0; word &= word - 1 {
				n := i*pageBits + uint64(w)*64 + uint64(bits.TrailingZeros64(word))
				if n > next {
					f(next, n-1)
				}
				next = n + 1
			}
		}
	}
}
