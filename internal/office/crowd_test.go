package office_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/money"
	"essaim/sale"
)

// TestCrowdOfValidators has 64 clients validate thousands of invoices at once: no refusal, no hole in the numbers, the
// numbers in the order of their entries.
func TestCrowdOfValidators(t *testing.T) {
	const clients = 64
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		invoices := 2500
		switch {
		case raced:
			invoices = 200
		case db.Engine() == "postgres": // each answer crosses a socket: fewer show the same
			invoices = 1000
		}
		h := open(t, db)
		customer := h.customer(t)
		// Drafts are submitted by their author, several at once too.
		ids := make([]int64, invoices)
		h.crowd(t, clients, invoices, func(i int) error {
			d, err := h.SaveDraft(t.Context(), h.ada, sale.Document{Kind: sale.Invoice, Activity: storetest.First, Customer: customer.ID, Content: services(money.Cents(3_100_00 + i))}, "")
			if err == nil {
				d, err = h.Submit(t.Context(), h.ada, d.ID, 0)
			}
			ids[i] = d.ID
			if err == nil && d.Status != sale.Submitted {
				err = fmt.Errorf("invoice %d left alone", d.ID)
			}
			return err
		})
		h.crowd(t, clients, invoices, func(i int) error {
			_, err := h.Validate(t.Context(), h.gestionary, ids[i], 0)
			return err
		})
		seen := map[string]bool{}
		for _, id := range ids {
			storetest.Read(t, db, h.coop, func(tx *store.Tx) error {
				d, err := tx.Sale(id)
				seen[d.Number] = true
				return err
			})
		}
		for n := 1; n <= invoices; n++ {
			if number := fmt.Sprintf("F-2026-%04d", n); !seen[number] {
				t.Fatalf("number %s is missing", number)
			}
		}
		h.clean(t)
	})
}

// crowd runs n deeds from several clients.
func (h *house) crowd(t *testing.T, clients, n int, deed func(i int) error) {
	t.Helper()
	var next atomic.Int64
	var wait sync.WaitGroup
	for range clients {
		wait.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if err := deed(i); err != nil {
					t.Errorf("%d: %v", i, err)
					return
				}
			}
		})
	}
	wait.Wait()
}
