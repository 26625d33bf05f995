package web

import (
	"net/http"
	"slices"
	"strings"
	"sync"

	"essaim/date"
)

// Pages that people open all day are kept, compressed, as long as nothing is written in their cooperative: a page is a
// function of what the store holds, the person, the day and the address, and the store says in one number whether it
// holds anything new ([store.Tx.Written]). A kept page is therefore never older than one made anew would be.

// keptBytes bounds what is kept, in bytes of pages.
const keptBytes = 16 << 20

// pageMost bounds a page, in bytes.
const pageMost = 4 << 20

// pageKey is all that a page depends on beside the state of the cooperative and the day.
type pageKey struct {
	coop, login int64
	uri         string
	lang, theme string
	places      string // other cooperatives of the person, which the frame leads to
}

type keptPage struct {
	written int64
	day     date.Day
	body    []byte // gzip
}

// keptPages are the pages kept, by all that they depend on.
type keptPages struct {
	mu    sync.Mutex
	pages map[pageKey]keptPage
	size  int
}

func (k *keptPages) get(key pageKey, written int64, day date.Day) ([]byte, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	p, ok := k.pages[key]
	return p.body, ok && p.written == written && p.day == day
}

func (k *keptPages) keep(key pageKey, written int64, day date.Day, body []byte) {
	if len(body) > keptBytes/16 {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.size+len(body) > keptBytes || k.pages == nil {
		k.pages, k.size = map[pageKey]keptPage{}, 0
	}
	k.size += len(body) - len(k.pages[key].body)
	k.pages[key] = keptPage{written, day, slices.Clone(body)}
}

// again answers with the page kept, or makes and keeps it. What is said once after a deed stands on a page of its
// own.
func (s *Server) again(do handler) handler {
	return func(v *Visit) error {
		key, ok := v.pageKey()
		if !ok {
			return do(v)
		}
		v.rememberCoop()
		if body, ok := s.kept.get(key, v.state, v.Today()); ok {
			return v.squeezed(http.StatusOK, body)
		}
		v.keeps = &key
		return do(v)
	}
}

func (v *Visit) pageKey() (key pageKey, ok bool) {
	if v.r.Method != http.MethodGet || v.state == 0 || v.Partial() {
		return key, false
	}
	if c, err := v.r.Cookie("flash"); err == nil && c.Value != "" {
		return key, false
	}
	others, err := v.memberships()
	if err != nil {
		return key, false
	}
	var places strings.Builder
	for _, m := range others {
		places.WriteString(m.Slug + "\n" + m.Name + "\n")
	}
	return pageKey{v.Coop.ID, v.Who.Login, v.r.URL.RequestURI(), v.P.Lang(), theme(v.r), places.String()}, true
}
