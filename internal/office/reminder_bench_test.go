package office_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"testing"
	"time"

	"essaim/coop"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/money"
	"essaim/sale"
)

// BenchmarkReminderRun tells 2 500 customers what they owe of 10 000 open invoices, all a fortnight late: who is due, and the
// run that writes every message and enqueues what hands it over. Letters are laid out and mails handed over behind.
//
//	scripts/with-postgres go test ./internal/office -run '^$' -bench ReminderRun -benchtime 1x
func BenchmarkReminderRun(b *testing.B) {
	const customers, each = 2_500, 4
	for _, engine := range []struct{ name, url string }{{"sqlite", storetest.SQLite(b)}, {"postgres", storetest.Postgres(b)}} {
		b.Run(engine.name, func(b *testing.B) {
			h := open(b, storetest.Open(b, store.Options{URL: engine.url}))
			ids := h.owing(b, customers, each)
			if engine.name == "postgres" { // what it does by itself within the minute
				owner, err := sql.Open("pgx", engine.url)
				must(b, err)
				_, err = owner.ExecContext(b.Context(), "ANALYZE")
				must(b, errors.Join(err, owner.Close()))
			}
			for b.Loop() {
				start := time.Now()
				due, err := h.Reminders(b.Context(), h.gestionary, storetest.First)
				must(b, err)
				if len(due.Due) != customers {
					b.Fatalf("%d due", len(due.Due))
				}
				b.ReportMetric(float64(time.Since(start).Milliseconds()), "ms/list")
				run, err := h.RemindAll(b.Context(), h.gestionary, storetest.First, ids)
				must(b, err)
				start = time.Now()
				must(b, h.GoOn(b.Context(), h.coop, run.ID, func(context.Context) {}))
				b.ReportMetric(time.Since(start).Seconds(), "s/run")
				v, err := h.Run(b.Context(), h.gestionary, run.ID)
				must(b, err)
				if v.Done != customers {
					b.Fatalf("%+v", v.Run)
				}
			}
		})
	}
}

// owing fills the first activity with customers who each have some open invoices, a fortnight late.
func (h *house) owing(t testing.TB, customers, each int) (ids []int64) {
	t.Helper()
	for from := 0; from < customers; from += 100 {
		must(t, h.db.Write(t.Context(), h.coop, func(tx *store.Tx) error {
			for i := from; i < min(from+100, customers); i++ {
				c := sale.Customer{Activity: storetest.First, Kind: sale.NonTaxable, Name: fmt.Sprintf("Association %d", i), Email: "bureau@asso.example", Address: coop.Address{Line1: "1 rue Haute", Zip: "34700", City: "Lodève", Country: "FR"}}
				if err := tx.SaveCustomer(&c); err != nil {
					return err
				}
				ids = append(ids, c.ID)
				for k := range each {
					d := sale.Document{Kind: sale.Invoice, Activity: storetest.First, Customer: c.ID, Status: sale.Sent, Number: fmt.Sprintf("T-%d-%d", i, k), Date: storetest.Today - 44, Due: storetest.Today - 14, Content: services(100_00)}
					d.Totals = sale.Totals{Net: 100_00, VAT: 20_00, Gross: money.Cents(120_00)}
					if err := tx.SaveSale(&d); err != nil {
						return err
					}
				}
			}
			return nil
		}))
	}
	return ids
}
