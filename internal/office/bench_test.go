package office_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	"essaim/access"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/ledger"
	"essaim/member"
	"essaim/money"
	"essaim/sale"
)

// sold is the entry of a small sale, as the journal bears thousands of them.
func sold(k int64, third string) office.EntryDraft {
	net := money.Cents(15_000 + k*7919%250_000)
	return office.EntryDraft{
		Entry: ledger.Entry{Journal: ledger.JournalMisc, Date: storetest.Today, Ref: fmt.Sprintf("FA-%d", k), Label: "Facture", Lines: []ledger.Line{
			{Account: "467", Amount: net + net/5}, {Account: "706", Amount: -net, Tax: "S20"}, {Account: "44571", Amount: -net / 5, Tax: "S20"}}},
		Sections: []string{"001", "001", "001"}, Thirds: []string{third, "", ""},
	}
}

// BenchmarkEntry books entries one by one from 1, 8 and 32 clients. Entries a second: see docs/performance.md.
func BenchmarkEntry(b *testing.B) {
	for _, clients := range []int{1, 8, 32} {
		b.Run(fmt.Sprintf("sqlite/%d", clients), func(b *testing.B) {
			h := bench(b)
			var k atomic.Int64
			b.SetParallelism(max(1, clients/2))
			b.ReportAllocs()
			if clients == 1 {
				for b.Loop() {
					h.post(b, k.Add(1))
				}
				return
			}
			b.RunParallel(func(p *testing.PB) {
				for p.Next() {
					h.post(b, k.Add(1))
				}
			})
		})
	}
}

// BenchmarkInvoice writes, numbers and books invoices in one gesture.
func BenchmarkInvoice(b *testing.B) {
	h := bench(b)
	c := h.customer(b)
	for range 6 { // beyond the first five, and to a customer already known: it leaves alone
		h.invoice(b, c, 100_00)
	}
	k := 0
	b.ReportAllocs()
	for b.Loop() {
		k++
		d, err := h.CreateAndSubmit(b.Context(), h.ada, sale.Document{Kind: sale.Invoice, Activity: storetest.First, Customer: c.ID, Content: services(100_00)}, fmt.Sprint(k))
		if err != nil || d.Number == "" {
			b.Fatal(err, d.Status)
		}
	}
}

func bench(b *testing.B) *house {
	h := open(b, storetest.Open(b, store.Options{URL: storetest.SQLite(b)}))
	h.accountant = access.Actor{Coop: h.coop, Person: storetest.Reader, Name: "Jean Roux", Roles: []member.Role{member.Accountant}, Today: storetest.Today}
	return h
}

func (h *house) post(b *testing.B, k int64) {
	if _, err := h.PostDrafts(b.Context(), h.accountant, []office.EntryDraft{sold(k, "")}, fmt.Sprint(k)); err != nil {
		b.Fatal(err)
	}
}
