package store_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/ledger"
	"essaim/sale"
)

// durable runs an operation b.N times from a number of clients, each answered after the commit has reached the disk.
func durable(b *testing.B, clients int, op func(n int64)) {
	b.Helper()
	var next atomic.Int64
	var wg sync.WaitGroup
	b.ResetTimer()
	for range clients {
		wg.Go(func() {
			for {
				n := next.Add(1)
				if n > int64(b.N) {
					return
				}
				op(n)
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "ops/s")
}

// engines runs a benchmark on both engines with 1, 8 and 32 clients.
func engines(b *testing.B, run func(b *testing.B, db *store.DB, coop int64, clients int)) {
	for _, engine := range []string{"sqlite", "postgres"} {
		for _, clients := range []int{1, 8, 32} {
			b.Run(fmt.Sprintf("%s/%d", engine, clients), func(b *testing.B) {
				url := storetest.SQLite
				if engine == "postgres" {
					url = storetest.Postgres
				}
				db := storetest.Open(b, store.Options{URL: url(b)})
				run(b, db, storetest.Coop(b, db), clients)
			})
		}
	}
}

// BenchmarkEntry posts a journal entry of three lines with a third party.
func BenchmarkEntry(b *testing.B) {
	engines(b, func(b *testing.B, db *store.DB, coop int64, clients int) {
		_, third := customer(b, db, coop, storetest.First, "Durand")
		durable(b, clients, func(n int64) {
			if err := db.Write(ctx, coop, func(tx *store.Tx) error {
				return tx.Post(invoice(storetest.First, third, "2026-11-20", "Facture"))
			}); err != nil {
				b.Error(err)
			}
		})
	})
}

// BenchmarkEntryWithoutThird posts an entry of three lines without a third party, in two sections.
func BenchmarkEntryWithoutThird(b *testing.B) {
	engines(b, func(b *testing.B, db *store.DB, coop int64, clients int) {
		durable(b, clients, func(n int64) {
			if err := db.Write(ctx, coop, func(tx *store.Tx) error {
				return tx.Post(&ledger.Entry{Journal: ledger.JournalMisc, Date: storetest.Today, Ref: "OD", Label: "Achat", Lines: []ledger.Line{
					{Account: "6063", Section: storetest.First + n%2, Amount: 100_00}, {Account: "44566", Section: storetest.First + n%2, Amount: 20_00}, {Account: "512", Section: storetest.First + n%2, Amount: -120_00},
				}})
			}); err != nil {
				b.Error(err)
			}
		})
	})
}

// BenchmarkInvoice creates, numbers and posts an invoice with its event, audit and job, reading what its rules ask for.
func BenchmarkInvoice(b *testing.B) {
	engines(b, func(b *testing.B, db *store.DB, coop int64, clients int) {
		who, third := customer(b, db, coop, storetest.First, "Durand")
		durable(b, clients, func(n int64) {
			if err := db.Write(ctx, coop, func(tx *store.Tx) error { return issueOne(tx, who, third) }); err != nil {
				b.Error(err)
			}
		})
	})
}

func issueOne(tx *store.Tx, who, third int64) error {
	if _, err := tx.Activity(storetest.First); err != nil {
		return err
	}
	if _, err := tx.Customer(who); err != nil {
		return err
	}
	n, err := tx.NextNumber("invoice/2026", storetest.Today)
	if err != nil {
		return err
	}
	d := issued(document(sale.Invoice, storetest.First, who, "Une table", 100_00), fmt.Sprintf("F-2026-%06d", n), "2026-11-22")
	if d.ID, err = tx.NextSale(); err != nil {
		return err
	}
	e := invoice(storetest.First, third, "2026-11-22", "Facture")
	if err := tx.Post(e); err != nil {
		return err
	}
	d.Entry = e.ID
	tx.MoveTurnover(storetest.First, storetest.Year2026, "service", 11, 100_00, 0)
	if err := tx.SaveSale(&d); err != nil {
		return err
	}
	if err := tx.AddEvent(d.ID, "validate", "", 0, 1, "Ada Morel"); err != nil {
		return err
	}
	if err := tx.Audit(1, "sale.validate", "invoice:"+itoa(d.ID), map[string]string{"number": d.Number}); err != nil {
		return err
	}
	_, err = tx.AddJob("document.render", map[string]int64{"sale": d.ID}, tx.Now())
	return err
}
