package auth

import (
	"sync"
	"time"
)

// cache keeps what was read for a few seconds. Any change forgets all of it: changes are rare, and what was ended must
// not live on.
type cache[V any] struct {
	mu  sync.Mutex
	m   map[digest]cached[V]
	gen uint64 // of the last change
}

type cached[V any] struct {
	value V
	until int64
}

const cacheMost = 10_000

// get returns what is kept, or the generation to give to put after reading.
func (c *cache[V]) get(key digest, now int64) (v V, ok bool, gen uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.m[key]
	return e.value, ok && now < e.until, c.gen
}

// put keeps what was read, unless something changed since the reading began.
func (c *cache[V]) put(key digest, v V, now int64, gen uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if gen != c.gen {
		return
	}
	if c.m == nil || len(c.m) >= cacheMost {
		c.m = map[digest]cached[V]{}
	}
	c.m[key] = cached[V]{v, now + micros(cachedFor)}
}

func (c *cache[V]) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.gen++
	clear(c.m)
}

// forget drops what is kept of sessions and tokens, after a change to a login.
func (s *Service) forget() {
	s.visits.forget()
	s.tokens.forget()
}

func elapsed(since int64, d time.Duration, now int64) bool { return now-since >= micros(d) }
