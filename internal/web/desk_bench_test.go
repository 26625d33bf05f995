package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/internal/web/webtest"
	"essaim/money"
	"essaim/sale"
)

// BenchmarkDesk opens the page of the reading desk, rights, session and compression included, while 2 000 documents wait: once
// more, and after something was written. On a busy machine the least time says more than the median.
//
//	scripts/with-postgres go test ./internal/web -run '^$' -bench Desk -benchtime 200x
func BenchmarkDesk(b *testing.B) {
	for _, engine := range []struct{ name, url string }{{"sqlite", storetest.SQLite(b)}, {"postgres", storetest.Postgres(b)}} {
		h := webtest.StartOn(b, engine.url)
		waiting(b, h, 2_000)
		jean := h.As("jean")
		address := "/" + webtest.Slug + "/desk"
		for _, c := range []struct {
			name, path string
			anew       bool
		}{{"again", address, false}, {"anew", address, true}, {"late", address + "?age=late&kind=invoice", true}} {
			b.Run(engine.name+"/"+c.name, func(b *testing.B) {
				var took []time.Duration
				body := 0
				for b.Loop() {
					if c.anew {
						b.StopTimer()
						storetest.Write(b, h.DB, h.Coop.ID, func(tx *store.Tx) error { return tx.Audit(0, "sale.opened", "sale:1", nil) })
						b.StartTimer()
					}
					r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, h.URL+c.path, nil)
					r.Header.Set("Accept-Encoding", "gzip")
					for _, cookie := range jean.Cookies() {
						r.AddCookie(cookie)
					}
					w := httptest.NewRecorder()
					start := time.Now()
					h.Handler.ServeHTTP(w, r)
					took = append(took, time.Since(start))
					if w.Code != http.StatusOK {
						b.Fatal(w.Code)
					}
					body = w.Body.Len()
				}
				slices.Sort(took)
				b.ReportMetric(float64(body)/1000, "kB-gzip")
				b.ReportMetric(float64(took[0].Microseconds())/1000, "ms-least")
				b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-p50")
				b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "ms-p99")
			})
		}
	}
}

// waiting writes documents that wait to be read, an hour after the other.
func waiting(t testing.TB, h *webtest.House, n int) {
	t.Helper()
	for from := 0; from < n; from += 500 {
		storetest.Write(t, h.DB, h.Coop.ID, func(tx *store.Tx) error {
			c := sale.Customer{Activity: webtest.Ceramique, Kind: sale.Consumer, Name: fmt.Sprintf("Client %d", from)}
			if err := tx.SaveCustomer(&c); err != nil {
				return err
			}
			for i := from; i < from+500; i++ {
				net := money.Cents(100_00 + i)
				d := sale.Document{
					Kind: sale.Invoice, Activity: webtest.Ceramique, Customer: c.ID, Status: sale.Submitted, Author: h.Actor("maelle").Person, SubmittedAt: h.Now().UnixMicro() - int64(n-i)*3_600_000_000, ReadRule: "sale.read.cape",
					Content: sale.Content{Title: fmt.Sprint("Travail ", i), DueDays: 30, Delivered: storetest.Today, Lines: []sale.Line{{Label: "Travail", Nature: "service", Quantity: money.Unit, Price: net.Micro(), Tax: "S20"}}},
					Totals:  sale.Totals{Net: net, VAT: net / 5, Gross: net + net/5},
				}
				if err := tx.SaveSale(&d); err != nil {
					return err
				}
			}
			return nil
		})
	}
}
