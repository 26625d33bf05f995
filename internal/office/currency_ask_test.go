package office_test

import (
	"strings"
	"testing"

	"essaim/internal/store/storetest"
	"essaim/money"
	"essaim/sale"
)

// What an American customer is asked is what the invoice says, in dollars, in the message as in its letter; cents that are
// left of it are given up for what the books hold of them.
func TestReminderAsksInTheCurrencyOfTheInvoice(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		h.on("2026-09-01")
		h.rate(t, "USD", 1_250_000)
		c := h.american(t)
		inv := h.issue(t, sale.Document{Kind: sale.Invoice, Activity: storetest.First, Customer: c.ID, Content: abroadServices(1_000_00, "USD", "EXS")})
		h.paidIn(t, inv, 400_00, 330_00)
		h.on("2026-11-23")
		r, err := h.Reminders(t.Context(), h.gestionary, storetest.First)
		must(t, err)
		if len(r.Due) != 1 || r.Due[0].Owed != 480_00 {
			t.Fatalf("due %+v", r.Due)
		}
		text := strings.ReplaceAll(r.Due[0].Title+" "+r.Due[0].Text, "\u00a0", " ")
		if !strings.Contains(text, "600,00 USD") || strings.Contains(text, "480,00") {
			t.Errorf("asked: %s", text)
		}
	})
}

func TestCentsOfAnInvoiceInAnotherCurrency(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		h.on("2026-11-23")
		h.rate(t, "USD", 1_250_000)
		inv := h.issue(t, sale.Document{Kind: sale.Invoice, Activity: storetest.First, Customer: h.american(t).ID, Content: abroadServices(100_00, "USD", "EXS")})
		h.paidIn(t, inv, 99_50, 79_60)
		giveUp := func(a sale.Allocation, euros money.Cents) error {
			a.Invoice = inv.ID
			_, err := h.Receive(t.Context(), h.gestionary, sale.Payment{Customer: inv.Customer, Date: h.ada.Today, Amount: euros, Means: sale.GivenUp, Allocations: []sale.Allocation{a}}, "")
			return err
		}
		refusal(t, giveUp(sale.Allocation{Amount: 40}, 40), "allocations[0].foreign", "sale.fault.allocation_currency")
		must(t, giveUp(sale.Allocation{Foreign: 50}, 40))
		s, err := h.Document(t.Context(), h.gestionary, inv.ID)
		must(t, err)
		if left, _ := sale.Owing(s.Doc); left != 0 || sale.Remaining(s.Doc) != 0 {
			t.Errorf("left %v, %v in the books", left, sale.Remaining(s.Doc))
		}
		h.clean(t)
	})
}
