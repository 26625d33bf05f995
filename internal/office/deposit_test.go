package office_test

import (
	"testing"

	"essaim/activity"
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
		refused(t, h.Lose(t.Context(), h.gestionary, dep.ID, "liquidation"), "", "sale.fault.deposit_lost") // nothing was sold for it yet
		balance := h.next(t, q.ID, sale.Invoicing{Stage: sale.Balance})
		_, err := h.Start(t.Context(), h.ada, sale.CreditNote, storetest.First, dep.ID)
		refused(t, err, "", "sale.fault.credit_deducted")
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

// A policy that changes between a deposit and its balance, or between an invoice and its payment, takes its part once of each
// euro, whichever way it changes (practice 19 and 38).
func TestEachEuroBearsOneContribution(t *testing.T) {
	for _, c := range []struct {
		was, is       activity.Base
		before, after bool // deposits count
	}{
		{activity.Invoiced, activity.Invoiced, true, false},
		{activity.Invoiced, activity.Invoiced, false, true},
		{activity.Invoiced, activity.Collected, false, false},
		{activity.Collected, activity.Invoiced, false, true},
	} {
		eachDated(t, func(t *testing.T, h *dated) {
			moment := map[activity.Base]activity.Moment{activity.Invoiced: activity.AtInvoice, activity.Collected: activity.AtReceipt}
			was, is := tenth("Un", c.was, moment[c.was]), tenth("Deux", c.is, moment[c.is])
			was.Deposits, is.Deposits = c.before, c.after
			must(t, h.adopt(t, was, "2020-01-01", "2026-01-01"))
			other := h.invoiced(t, h.customer(t), 500_00, "2026-12-10")
			q := h.accepted(t, other.Customer, services(1000_00))
			dep := h.next(t, q.ID, sale.Invoicing{Stage: sale.Deposit, Share: 300_000})
			h.settle(t, dep, 60_00)
			must(t, h.adopt(t, is, "2027-01-01", "2027-01-01"))
			h.on("2027-01-10")
			balance := h.next(t, q.ID, sale.Invoicing{Stage: sale.Balance})
			h.settle(t, dep, dep.Totals.Gross-60_00)
			h.settle(t, balance, balance.Totals.Gross)
			h.settle(t, other, other.Totals.Gross)
			if got := h.held(t, activity.ContributionCharge); got != 150_00 {
				t.Errorf("%+v: ten per cent of 1,500 are %v", c, got)
			}
			h.clean(t)
		})
	}
}

// A quote in another currency is compared with its invoices in that currency, whatever rates did between them.
func TestForeignQuoteIsInvoicedWhole(t *testing.T) {
	for _, known := range []bool{false, true} { // the rate on the day of the quote
		eachDated(t, func(t *testing.T, h *dated) {
			h.on("2026-11-02")
			if known {
				h.rate(t, "GBP", 870_000)
			}
			q := h.accepted(t, h.american(t).ID, abroadServices(1000_00, "GBP", "EXS"))
			h.on("2026-11-03")
			h.rate(t, "GBP", 850_000)
			first := h.next(t, q.ID, sale.Invoicing{Stage: sale.Progress, Done: []money.Rate{900_000}}) // 1,058.82 €
			all, err := h.InvoicedOf(t.Context(), h.ada, q.ID)
			must(t, err)
			if all.Sold != 900_00 || all.Left != 100_00 || all.Whole != 100_00 {
				t.Errorf("of 1,000 GBP, 900 invoiced: %v sold, %v left, %v to invoice", all.Sold, all.Left, all.Whole)
			}
			list, err := h.ToInvoice(t.Context(), h.ada, storetest.First, 0)
			must(t, err)
			if len(list) != 1 || list[0].Left != 100_00 || list[0].Currency != "GBP" {
				t.Errorf("to invoice: %+v", list)
			}
			_, err = h.StartInvoice(t.Context(), h.ada, q.ID, sale.Invoicing{Stage: sale.Deposit, Amount: 100_01})
			refused(t, err, "amount", "sale.fault.deposit_left")
			last := h.next(t, q.ID, sale.Invoicing{Stage: sale.Balance})
			if sum := first.Totals.Foreign.Gross + last.Totals.Foreign.Gross; sum != 1000_00 {
				t.Errorf("%v GBP invoiced of 1,000", sum)
			}
			_, err = h.StartInvoice(t.Context(), h.ada, q.ID, sale.Invoicing{Stage: sale.Deposit, Amount: 1})
			refused(t, err, "origin", "office.quote_invoiced")
			h.clean(t)
		})
	}
}

// Euros that came ahead are no deposit on a quote in dollars: it is said before an invoice stands that nobody could validate.
func TestAdvanceOnAForeignQuote(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		h.on("2026-11-02")
		c := h.american(t)
		h.rate(t, "USD", 1_100_000)
		q := h.accepted(t, c.ID, abroadServices(1000_00, "USD", "EXS"))
		h.receive(t, c, 300_00, "2026-11-02")
		_, err := h.DepositFromAdvance(t.Context(), h.ada, q.ID, 300_00, "")
		refused(t, err, "amount", "office.advance_currency")
	})
}
