package web

import (
	"net/http"
	"net/url"
	"strings"

	"essaim/fault"
)

// clean lets no address through that holds signs no text has: PostgreSQL would refuse them where SQLite keeps them. The
// API tells its callers in its own words.
func (s *Server) clean(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, "/api/"):
		case !fault.Plain(r.URL.Path):
			s.plain(w, r, http.StatusNotFound, "web.address_title", "web.address_text")
			return
		case !plainQuery(r.URL.RawQuery):
			s.plain(w, r, http.StatusBadRequest, "web.address_title", "web.address_text")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// plainQuery says whether every name and value of a query is a text. Escapes that cannot be read are no matter: what reads
// the query leaves them out.
func plainQuery(raw string) bool {
	if !strings.ContainsAny(raw, "%") && fault.Plain(raw) {
		return true
	}
	values, _ := url.ParseQuery(raw)
	for name, all := range values {
		if !fault.Plain(name) {
			return false
		}
		for _, v := range all {
			if !fault.Plain(v) {
				return false
			}
		}
	}
	return true
}

// tidy takes out of a form the signs that no text has, and refuses the fields that held some: nothing that reads a value
// by itself can pass them on.
func (f *Form) tidy() {
	for name, all := range f.values {
		if !fault.Plain(name) {
			delete(f.values, name)
			continue
		}
		for i, v := range all {
			if !fault.Plain(v) {
				f.Refuse(name, "web.field_signs")
				all[i] = strings.Map(func(r rune) rune {
					if !fault.Plain(string(r)) {
						return -1
					}
					return r
				}, strings.ToValidUTF8(v, ""))
			}
		}
	}
}
