package web_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"essaim/internal/web/webtest"
)

// BenchmarkRequest is a whole request without the network: session, actor, access, names of the frame, page, compression.
func BenchmarkRequest(b *testing.B) {
	h := webtest.Start(b)
	cookies := h.As("maelle").Cookies()
	for _, path := range []string{"/a/10/probe", "/probe/rows"} {
		b.Run(path[1:], func(b *testing.B) {
			r := httptest.NewRequest(http.MethodGet, h.URL+place+path, nil)
			r.Header.Set("Accept-Encoding", "gzip")
			for _, c := range cookies {
				r.AddCookie(c)
			}
			b.ReportAllocs()
			for b.Loop() {
				w := httptest.NewRecorder()
				h.Handler.ServeHTTP(w, r)
				if w.Code != http.StatusOK {
					b.Fatal(w.Code, w.Body)
				}
			}
		})
	}
}
