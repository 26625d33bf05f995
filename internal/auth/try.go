package auth

import (
	"context"
	"sync"
	"time"

	"essaim/fault"
	"essaim/internal/store"
)

// try is one attempt under way: counted beforehand as a failure, until it shows that it is none.
type try struct {
	s        *Service
	subjects []subject
	counted  []counted
}

// counted is what counting a failure did to a subject: exactly this is taken back, not what others did meanwhile.
type counted struct {
	Since, Until int64 // of the count as it was written
	Before       int64 // Until before it
}

// reserve counts a failure beforehand, so that tries at the same time cannot slip through together. It refuses when it is
// too early to try again: seen first without a place in the line of those who write, so that a flood does not hold them
// up. What only a try still under way closes is waited for, because that one may be right. The caller ends the try, and
// before that takes back what was counted when it was no failure.
func (s *Service) reserve(ctx context.Context, subjects ...subject) (*try, error) {
	t := &try{s: s, subjects: subjects, counted: make([]counted, len(subjects))}
	for {
		under := s.trying.of(subjects)
		var closed []int
		err := s.read(ctx, func(tx *store.Tx) (err error) { _, closed, err = s.allowed(tx, subjects); return err })
		if err == nil {
			s.trying.begin(subjects)
			if err = s.write(ctx, func(tx *store.Tx) (err error) { closed, err = t.count(tx); return err }); err == nil {
				return t, nil
			}
			t.end()
		}
		var ended <-chan struct{}
		for _, i := range closed {
			if ended = under[i]; ended == nil {
				ended = s.trying.of(subjects[i : i+1])[0]
			}
			if ended == nil { // by failures
				break
			}
		}
		if ended == nil {
			return nil, err
		}
		select {
		case <-ended:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// allowed returns the failures of the subjects, or refuses and says which of them must wait.
func (s *Service) allowed(tx *store.Tx, subjects []subject) (attempts []store.Attempt, closed []int, err error) {
	now := s.now()
	until, words := now, ""
	attempts = make([]store.Attempt, len(subjects))
	for i, x := range subjects {
		if attempts[i], err = tx.Attempt(x.name); err != nil {
			return nil, nil, err
		}
		if attempts[i].Until > now {
			closed = append(closed, i)
		}
		if attempts[i].Until > until {
			until, words = attempts[i].Until, x.words
		}
	}
	if until > now {
		const minute = int64(time.Minute / time.Microsecond)
		err = fault.New(fault.Busy, words, "n", (until-now+minute-1)/minute)
	}
	return attempts, closed, err
}

func (t *try) count(tx *store.Tx) (closed []int, err error) {
	attempts, closed, err := t.s.allowed(tx, t.subjects)
	if err != nil {
		return closed, err
	}
	for i, x := range t.subjects {
		a := x.fail(attempts[i], t.s.now())
		t.counted[i] = counted{Since: a.Since, Until: a.Until, Before: attempts[i].Until}
		if err := tx.SetAttempt(x.name, a); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// pardon takes back what was counted; all forgets every failure of the first subject, the login. It does so even when
// whoever tried has gone away.
func (t *try) pardon(ctx context.Context, all bool) error {
	return t.s.write(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		for i, x := range t.subjects {
			if all && i == 0 {
				if err := tx.ClearAttempt(x.name); err != nil {
					return err
				}
				continue
			}
			a, err := tx.Attempt(x.name)
			if err != nil {
				return err
			}
			if a, ok := x.back(a, t.counted[i]); ok {
				if err := tx.SetAttempt(x.name, a); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// end lets those go on who wait for this try.
func (t *try) end() { t.s.trying.end(t.subjects) }

// trying knows the tries of this program that are under way, by the name of their subject.
type trying struct {
	mu  sync.Mutex
	all map[string]*flight
}

type flight struct {
	n     int
	ended chan struct{} // closed when one of them has ended
}

// of returns, for each subject, what tells the end of a try that is under way; nil where there is none.
func (g *trying) of(subjects []subject) []<-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	ends := make([]<-chan struct{}, len(subjects))
	for i, x := range subjects {
		if f := g.all[x.name]; f != nil {
			ends[i] = f.ended
		}
	}
	return ends
}

func (g *trying) begin(subjects []subject) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, x := range subjects {
		f := g.all[x.name]
		if f == nil {
			if g.all == nil {
				g.all = map[string]*flight{}
			}
			f = &flight{ended: make(chan struct{})}
			g.all[x.name] = f
		}
		f.n++
	}
}

func (g *trying) end(subjects []subject) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, x := range subjects {
		f := g.all[x.name]
		close(f.ended)
		if f.n--; f.n == 0 {
			delete(g.all, x.name)
		} else {
			f.ended = make(chan struct{})
		}
	}
}
