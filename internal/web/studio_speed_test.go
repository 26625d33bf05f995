package web_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"essaim/internal/web/webtest"
)

// sink takes an answer without keeping it.
type sink struct {
	header http.Header
	status int
	size   int
}

func (s *sink) Header() http.Header { return s.header }
func (s *sink) WriteHeader(n int)   { s.status = n }
func (s *sink) Write(b []byte) (int, error) {
	s.size += len(b)
	return len(b), nil
}

// BenchmarkEntrepreneur measures whole pages through the handler: session, access, reading, writing, compression.
func BenchmarkEntrepreneur(b *testing.B) {
	s := newStudio(b)
	for range 120 {
		s.submit(s.save("quote", s.company, "Atelier modelage, trois demi-journées", 1150_00))
	}
	cookies := s.As("maelle").Cookies()
	for name, path := range map[string]string{
		"home": place + "/", "account": accountPath(webtest.Ceramique), "why": accountPath(webtest.Ceramique) + "why/vat",
		"sales": salesPath(webtest.Ceramique), "form": newPath("invoice"), "document": docPath(s.late), "customers": customersPath(webtest.Ceramique),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			var size int
			for b.Loop() {
				r := httptest.NewRequest(http.MethodGet, path, nil)
				r.Header.Set("Accept-Encoding", "gzip")
				for _, c := range cookies {
					r.AddCookie(c)
				}
				w := &sink{header: http.Header{}}
				s.Handler.ServeHTTP(w, r)
				if w.status != http.StatusOK {
					b.Fatalf("%s: %d", path, w.status)
				}
				size = w.size
			}
			b.ReportMetric(float64(size), "gzip-bytes")
		})
	}
}
