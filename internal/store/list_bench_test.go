package store_test

import (
	"fmt"
	"testing"

	"essaim/activity"
	"essaim/date"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/money"
	"essaim/sale"
)

// trade fills a cooperative with activities, customers and 10 000 invoices (and as many other documents) over ten years.
func trade(b *testing.B, db *store.DB, invoices int) (coop int64, activities []int64) {
	b.Helper()
	coop = storetest.Coop(b, db)
	const count, buyers = 100, 20
	storetest.Write(b, db, coop, func(tx *store.Tx) error {
		for i := range count {
			a := activity.Activity{Code: fmt.Sprintf("A%03d", i), Name: fmt.Sprintf("Activité %d", i), Opened: date.MustParse("2025-01-01")}
			if err := tx.SaveActivity(&a); err != nil {
				return err
			}
			activities = append(activities, a.ID)
			for k := range buyers {
				if err := tx.SaveCustomer(&sale.Customer{Activity: a.ID, Kind: sale.Consumer, Name: fmt.Sprintf("Client %d de %d", k, i)}); err != nil {
					return err
				}
			}
		}
		return nil
	})
	start, end := date.MustParse("2017-01-01"), storetest.Today
	for from := 0; from < invoices; from += 1000 {
		storetest.Write(b, db, coop, func(tx *store.Tx) error {
			for i := from; i < from+1000; i++ {
				a := i * 7919 % count
				who := int64(a*buyers + i%buyers + 1)
				day := start + date.Day(int64(end-start)*int64(i)/int64(invoices))
				net := money.Cents(100_00 + i*7919%300_000)
				q := issued(document(sale.Quote, activities[a], who, "Travaux d’aménagement de la cuisine", net), fmt.Sprintf("D-%06d", i), day.String())
				d := issued(document(sale.Invoice, activities[a], who, "Travaux d’aménagement de la cuisine", net), fmt.Sprintf("F-%06d", i), day.String())
				if day < end-60 && i%50 != 0 {
					d.Paid = d.Totals.Gross
				}
				if i%100 == 99 {
					q = document(sale.Quote, activities[a], who, "Brouillon", net)
					q.Status = []sale.Status{sale.Draft, sale.Submitted}[i/100%2]
				}
				for _, doc := range []*sale.Document{&q, &d} {
					if err := tx.SaveSale(doc); err != nil {
						return err
					}
				}
			}
			return nil
		})
	}
	return coop, activities
}

// BenchmarkSales reads pages of 50 among 10 000 invoices, filtered in every way, and what each filter adds up to.
func BenchmarkSales(b *testing.B) {
	for _, engine := range []string{"sqlite", "postgres"} {
		url := storetest.SQLite
		if engine == "postgres" {
			url = storetest.Postgres
		}
		db := storetest.Open(b, store.Options{URL: url(b)})
		coop, activities := trade(b, db, 10_000)
		if engine == "postgres" {
			if _, err := db.Owner().ExecContext(ctx, "ANALYZE"); err != nil {
				b.Fatal(err)
			}
		}
		day := date.MustParse
		for _, c := range []struct {
			name string
			f    store.SaleFilter
		}{
			{"invoices", store.SaleFilter{Kind: sale.Invoice}},
			{"deep", store.SaleFilter{Kind: sale.Invoice, Before: 5000}},
			{"activity", store.SaleFilter{Kind: sale.Invoice, Activity: activities[7]}},
			{"portfolio", store.SaleFilter{Kind: sale.Invoice, Activities: activities[10:30]}},
			{"sent", store.SaleFilter{Kind: sale.Invoice, Status: []sale.Status{sale.Sent}}},
			{"drafts", store.SaleFilter{Kind: sale.Quote, Status: []sale.Status{sale.Draft, sale.Returned}}},
			{"unpaid", store.SaleFilter{Kind: sale.Invoice, State: "unpaid", Today: storetest.Today}},
			{"overdue", store.SaleFilter{Kind: sale.Invoice, State: "overdue", Today: storetest.Today}},
			{"overdue of one", store.SaleFilter{Activity: activities[7], Kind: sale.Invoice, State: "overdue", Today: storetest.Today}},
			{"partly", store.SaleFilter{Kind: sale.Invoice, State: "partly", Today: storetest.Today}},
			{"paid", store.SaleFilter{Kind: sale.Invoice, State: "paid"}},
			{"customer", store.SaleFilter{Kind: sale.Invoice, Customer: 151}},
			{"month", store.SaleFilter{Kind: sale.Invoice, From: day("2019-03-01"), To: day("2019-03-31")}},
			{"year", store.SaleFilter{Kind: sale.Invoice, From: day("2019-01-01"), To: day("2019-12-31")}},
			{"month of one", store.SaleFilter{Activity: activities[7], Kind: sale.Invoice, From: day("2019-03-01"), To: day("2019-03-31")}},
			{"buyer", store.SaleFilter{Kind: sale.Invoice, Q: "client 3 de 5"}},
			{"nothing", store.SaleFilter{Kind: sale.Invoice, Q: "introuvable"}},
		} {
			b.Run(engine+"/page/"+c.name, func(b *testing.B) {
				for b.Loop() {
					storetest.Read(b, db, coop, func(tx *store.Tx) error { _, err := tx.Sales(c.f); return err })
				}
			})
			b.Run(engine+"/sum/"+c.name, func(b *testing.B) {
				for b.Loop() {
					storetest.Read(b, db, coop, func(tx *store.Tx) error { _, err := tx.SaleTotals(c.f); return err })
				}
			})
		}
		b.Run(engine+"/desk", func(b *testing.B) {
			for b.Loop() {
				storetest.Read(b, db, coop, func(tx *store.Tx) error { _, err := tx.Desk(store.DeskFilter{}); return err })
			}
		})
		b.Run(engine+"/known", func(b *testing.B) {
			for b.Loop() {
				storetest.Read(b, db, coop, func(tx *store.Tx) error {
					_, err := tx.CustomerInvoiced(151)
					if err == nil {
						_, err = tx.IssuedCount(activities[7])
					}
					return err
				})
			}
		})
		b.Run(engine+"/search", func(b *testing.B) {
			for b.Loop() {
				storetest.Read(b, db, coop, func(tx *store.Tx) error { _, err := tx.Search("client 3 de 50", nil, 30); return err })
			}
		})
	}
}
