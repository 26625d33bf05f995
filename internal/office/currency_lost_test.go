package office_test

import (
	"testing"

	"essaim/internal/store/storetest"
	"essaim/ledger"
	"essaim/money"
	"essaim/sale"
)

// An invoice in dollars that was written off is paid after all: it is offered in dollars, and the euros that come are the
// income of their day, whatever the rate did; before the loss the difference is one of exchange.
func TestLossInAnotherCurrencyComesAfterAll(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		h.on("2026-11-23")
		h.rate(t, "USD", 1_250_000)
		inv := h.issue(t, sale.Document{Kind: sale.Invoice, Activity: storetest.First, Customer: h.american(t).ID, Content: abroadServices(1_000_00, "USD", "EXS")})
		if p := h.paidIn(t, inv, 200_00, 165_00); p.Exchange != 5_00 {
			t.Errorf("exchange %v", p.Exchange)
		}
		must(t, h.Lose(t.Context(), h.accountant, inv.ID, "faillite"))
		h.clean(t)
		open := func(want money.Cents) sale.Document {
			t.Helper()
			owed, _, err := h.CustomerOpen(t.Context(), h.gestionary, inv.Customer)
			must(t, err)
			if want == 0 {
				if len(owed) != 0 {
					t.Errorf("still offered: %+v", owed[0].Number)
				}
				return sale.Document{}
			}
			if len(owed) != 1 || sale.OwnPayable(owed[0]) != want {
				t.Fatalf("%d offered, %v", len(owed), want)
			}
			if left, _ := sale.Owing(owed[0]); left != 0 {
				t.Errorf("owed %v", left)
			}
			return owed[0]
		}
		open(800_00)
		h.paidIn(t, inv, 400_00, 350_00) // 320.00 in the books
		h.clean(t)
		open(400_00)
		back := h.paidIn(t, inv, 400_00, 300_00)
		h.clean(t)
		open(0)
		must(t, h.Unreceive(t.Context(), h.gestionary, back.ID))
		h.clean(t)
		open(400_00)
		h.paidIn(t, inv, 400_00, 300_00)
		h.clean(t)
		rows, err := h.TrialBalance(t.Context(), h.accountant, storetest.Year2026, 0, 0, 12, "")
		must(t, err)
		want := map[string]money.Cents{"411": 0, ledger.BadDebt: 640_00, ledger.SmallIncome: -650_00, ledger.ExchangeGain: -5_00, ledger.ExchangeLoss: 0, "706": -800_00, ledger.Bank: 815_00}
		for _, row := range rows {
			if w, ok := want[row.Account]; ok && row.Balance != w {
				t.Errorf("%s holds %v, want %v", row.Account, row.Balance, w)
			}
			delete(want, row.Account)
		}
		for account, w := range want {
			if w != 0 {
				t.Errorf("%s holds nothing, want %v", account, w)
			}
		}
	})
}
