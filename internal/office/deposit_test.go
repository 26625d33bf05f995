package office_test

import (
	"testing"

	"essaim/fault"
	"essaim/internal/store/storetest"
	"essaim/ledger"
	"essaim/money"
	"essaim/sale"
)

// A customer who goes bankrupt after the work owes the balance and the deposit that it deducted: both are lost whole. A credit
// note of the deposit alone would leave the balance deducting what no longer is: it is told before it is written.
func TestDepositOfADoneWorkIsLost(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		h.on("2026-11-02")
		q := h.accepted(t, h.customer(t).ID, services(1000_00))
		dep := h.next(t, q.ID, sale.Invoicing{Stage: sale.Deposit, Share: 300_000})
		if err := h.Lose(t.Context(), h.gestionary, dep.ID, "liquidation"); !refusedFor(err, "sale.fault.deposit_lost") {
			t.Errorf("nothing was sold for it yet: %v", err)
		}
		balance := h.next(t, q.ID, sale.Invoicing{Stage: sale.Balance})
		if _, err := h.Start(t.Context(), h.ada, sale.CreditNote, storetest.First, dep.ID); !refusedFor(err, "sale.fault.credit_deducted") {
			t.Errorf("a credit note without a line: %v", err)
		}
		for _, id := range []int64{balance.ID, dep.ID} {
			must(t, h.Lose(t.Context(), h.gestionary, id, "liquidation"))
		}
		for account, want := range map[string]money.Cents{ledger.BadDebt: 1000_00, ledger.Customers: 0, ledger.VATPending: 0, ledger.VATDue: 0, ledger.DepositsBilled: 0} {
			if got := h.held(t, account); got != want {
				t.Errorf("%s holds %v, want %v", account, got, want)
			}
		}
		h.clean(t)
	})
}

func refusedFor(err error, key string) bool {
	for _, f := range fault.All(err) {
		if f.Key == key {
			return true
		}
	}
	return false
}
