package store_test

import (
	"errors"
	"slices"
	"testing"

	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/sale"
)

// What is held back counts as if it were written, before anything is written.
func TestHeldSums(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		coop := storetest.Coop(t, db)
		_, third := customer(t, db, coop, storetest.First, "Durand")
		same := func(tx *store.Tx, when string) error {
			for _, prefix := range []string{"", "41", "706"} {
				held, err := tx.BalancesHeld(storetest.First, storetest.Year2026, prefix)
				if err != nil {
					return err
				}
				turn, err := tx.TurnoverHeld(storetest.First, storetest.Year2026)
				if err != nil {
					return err
				}
				// These two write what is staged first.
				all, err := tx.Balances(storetest.First, storetest.Year2026)
				if err != nil {
					return err
				}
				want := all[:0:0]
				for _, b := range all {
					if len(b.Account) >= len(prefix) && b.Account[:len(prefix)] == prefix {
						want = append(want, b)
					}
				}
				turnover, err := tx.Turnover(storetest.First, storetest.Year2026)
				if err != nil {
					return err
				}
				if len(want) == 0 || !slices.Equal(held, want) {
					t.Errorf("%s, %q: held %v, written %v", when, prefix, held, want)
				}
				if len(turnover) == 0 || !slices.Equal(turn, turnover) {
					t.Errorf("%s: turnover held %v, written %v", when, turn, turnover)
				}
			}
			return nil
		}
		for _, day := range []string{"2026-03-02", "2026-11-20"} {
			storetest.Write(t, db, coop, func(tx *store.Tx) error {
				if err := tx.Post(invoice(storetest.First, third, day, "Facture")); err != nil {
					return err
				}
				tx.MoveTurnover(storetest.First, storetest.Year2026, "service", 3, 100_00, 0)
				tx.MoveTurnover(storetest.First, storetest.Year2026, "goods", 3, 50_00, 20_00)
				return same(tx, "staged on "+day)
			})
		}
		storetest.Read(t, db, coop, func(tx *store.Tx) error { return same(tx, "read") })
	})
}

// Nothing that a rollback undoes is remembered.
func TestKnownOnlyOnceCommitted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		coop := storetest.Coop(t, db)
		buyer, _ := customer(t, db, coop, storetest.First, "Durand")
		write := func(tx *store.Tx, number string) error {
			d := issued(document(sale.Invoice, storetest.First, buyer, "Table", 100_00), number, "2026-11-20")
			return tx.SaveSale(&d)
		}
		look := func(tx *store.Tx) (known bool, issued int) {
			known, err := tx.KnownBuyer(buyer)
			if err == nil {
				issued, err = tx.IssuedUpTo(storetest.First, 1)
			}
			if err != nil {
				t.Fatal(err)
			}
			return known, issued
		}
		undone := errors.New("undone")
		err := db.Write(ctx, coop, func(tx *store.Tx) error {
			if err := write(tx, "F-1"); err != nil {
				return err
			}
			if known, n := look(tx); !known || n != 1 {
				t.Errorf("its own invoice is not seen: %v, %d", known, n)
			}
			return undone
		})
		if !errors.Is(err, undone) {
			t.Fatal(err)
		}
		see := func(want bool, count int) {
			t.Helper()
			storetest.Read(t, db, coop, func(tx *store.Tx) error {
				if known, n := look(tx); known != want || n != count {
					t.Errorf("known %v, issued %d; want %v, %d", known, n, want, count)
				}
				return nil
			})
		}
		see(false, 0)
		storetest.Write(t, db, coop, func(tx *store.Tx) error { return write(tx, "F-1") })
		see(true, 1)
		see(true, 1) // from memory
		storetest.Read(t, db, coop, func(tx *store.Tx) error {
			if n, err := tx.IssuedUpTo(storetest.First, 5); n != 1 || err != nil {
				t.Errorf("of five, %d were issued: %v", n, err)
			}
			return nil
		})
	})
}
