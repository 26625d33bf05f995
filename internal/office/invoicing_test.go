package office_test

import (
	"fmt"
	"slices"
	"testing"

	"essaim/fault"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/ledger"
	"essaim/money"
	"essaim/sale"
)

// accepted is a quote that its customer has agreed to.
func (h *dated) accepted(t *testing.T, customer int64, c sale.Content) sale.Document {
	t.Helper()
	q, err := h.CreateAndSubmit(t.Context(), h.ada, sale.Document{Kind: sale.Quote, Activity: storetest.First, Customer: customer, Content: c}, "")
	must(t, err)
	q, err = h.RecordAcceptance(t.Context(), h.ada, q.ID, office.Agreement{Name: "Odile Martin"}, 0)
	must(t, err)
	return q
}

// next issues the next invoice of a quote.
func (h *dated) next(t *testing.T, quote int64, how sale.Invoicing) sale.Document {
	t.Helper()
	s, err := h.StartInvoice(t.Context(), h.ada, quote, how)
	must(t, err)
	if how.Stage != sale.Deposit {
		s.Doc.Content.Delivered = h.ada.Today
	}
	d, err := h.CreateAndSubmit(t.Context(), h.ada, s.Doc, "")
	must(t, err)
	if d.Status == sale.Submitted {
		d, err = h.Validate(t.Context(), h.gestionary, d.ID, 0)
		must(t, err)
	}
	return d
}

func (h *dated) settle(t *testing.T, inv sale.Document, amount money.Cents) sale.Payment {
	t.Helper()
	p, err := h.Receive(t.Context(), h.gestionary, sale.Payment{Customer: inv.Customer, Date: h.ada.Today, Amount: amount, Means: sale.Transfer, Allocations: []sale.Allocation{{Invoice: inv.ID, Amount: amount}}}, "")
	must(t, err)
	return p
}

// clean fails unless verify finds nothing.
func (h *dated) clean(t *testing.T) {
	t.Helper()
	found, err := h.db.Verify(t.Context())
	must(t, err)
	for _, f := range found {
		t.Error(f)
	}
}

// A site: 30 % in advance, two situations and the balance with 5 % retained, a payment taken back, all paid in the end.
func TestSiteFromDepositToRetention(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		h.on("2026-11-23")
		c := services(0)
		c.Lines = []sale.Line{
			{Label: "Réseau", Nature: "works", Quantity: money.Unit, Price: money.Cents(3333_33).Micro(), Tax: "S20"},
			{Label: "Tableau", Nature: "works", Quantity: 3 * money.Unit, Price: money.Cents(333_33).Micro(), Tax: "S20"},
		}
		c.Retention, c.ReleaseOn = 50_000, h.ada.Today+500
		c.Schedule = []sale.Term{{Stage: sale.Deposit, Share: 300_000}, {Stage: sale.Progress, Share: 500_000}, {Stage: sale.Balance}}
		act, err := h.Activity(t.Context(), h.system, storetest.First)
		must(t, err)
		act.Insurance = "Décennale, Assurances du Bâti, France entière"
		_, err = h.SaveActivity(t.Context(), h.system, act)
		must(t, err)
		quote := h.accepted(t, h.customer(t).ID, c)
		deposit := h.next(t, quote.ID, sale.Invoicing{Stage: sale.Deposit, Share: 300_000})
		h.clean(t)
		account := h.account(t)
		figure(t, account, "invoiced-year", 0)
		left := func(want money.Cents, next sale.Stage) {
			t.Helper()
			list, err := h.ToInvoice(t.Context(), h.ada, storetest.First, 0)
			must(t, err)
			at := slices.IndexFunc(list, func(x office.ToInvoice) bool { return x.ID == quote.ID })
			switch {
			case at < 0 && want != 0:
				t.Errorf("%v remain to be invoiced, and nobody sees it", want)
			case at >= 0 && (list[at].Left != want || list[at].Next == nil || list[at].Next.Stage != next):
				t.Errorf("left %v, next %+v", list[at].Left, list[at].Next)
			}
		}
		left(quote.Totals.Gross-deposit.Totals.Gross, sale.Progress)
		back := h.settle(t, deposit, deposit.Totals.Gross)
		figure(t, h.account(t), "contribution-year", 0)
		h.clean(t)

		h.on("2026-12-01")
		one := h.next(t, quote.ID, sale.Invoicing{Stage: sale.Progress, Done: []money.Rate{500_000}})
		h.clean(t)
		must(t, h.Unreceive(t.Context(), h.gestionary, back.ID))
		h.clean(t)
		h.settle(t, deposit, deposit.Totals.Gross)
		h.on("2026-12-08")
		two := h.next(t, quote.ID, sale.Invoicing{Stage: sale.Progress, Done: []money.Rate{900_000, 500_000}})
		if two.Content.Situation != 2 {
			t.Errorf("situation %d", two.Content.Situation)
		}
		h.on("2026-12-15")
		left(quote.Totals.Gross-deposit.Totals.Gross-one.Totals.Gross-two.Totals.Gross, sale.Balance)
		must(t, h.CloseQuote(t.Context(), h.ada, quote.ID, "travaux arrêtés", false))
		left(0, "")
		must(t, h.CloseQuote(t.Context(), h.ada, quote.ID, "", true))
		last := h.next(t, quote.ID, sale.Invoicing{Stage: sale.Balance})
		left(0, "")
		h.clean(t)
		if _, err := h.StartInvoice(t.Context(), h.ada, quote.ID, sale.Invoicing{Stage: sale.Balance}); fault.KindOf(err) != fault.Invalid && fault.KindOf(err) != fault.Conflict {
			t.Errorf("a quote is invoiced once: %v", err)
		}
		figure(t, h.account(t), "invoiced-year", quote.Totals.Net)
		figure(t, h.account(t), "contribution-year", -quote.Totals.Net.Times(100_000))
		for _, inv := range []sale.Document{one, two, last} {
			h.settle(t, inv, inv.Totals.Gross-inv.Totals.Retained)
		}
		all, err := h.InvoicedOf(t.Context(), h.ada, quote.ID)
		must(t, err)
		if all.Sold != quote.Totals.Gross || all.Waiting != 0 || all.Done[1] != money.One {
			t.Errorf("%+v", all)
		}
		must(t, h.FreeRetention(t.Context(), h.gestionary, last.ID, h.on("2026-12-20"), "caution bancaire"))
		h.clean(t) // what is open says the same day
		for _, inv := range []sale.Document{one, two, last} {
			h.settle(t, inv, inv.Totals.Retained)
		}
		h.clean(t)
		rows, err := h.TrialBalance(t.Context(), h.accountant, storetest.Year2026, 0, 0, 12, "4")
		must(t, err)
		for _, row := range rows {
			if slices.Contains([]string{"411", ledger.Retention, ledger.DepositsHeld, ledger.DepositsBilled, ledger.VATPending}, row.Account) && row.Balance != 0 {
				t.Errorf("%s still holds %v", row.Account, row.Balance)
			}
		}
	})
}

// A loss, what comes of it years later, and the refund of an advance.
func TestLossAndRefund(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		inv := h.invoiced(t, h.customer(t), 1000_00, "2026-02-02")
		h.settle(t, inv, 600_00)
		if err := h.Lose(t.Context(), h.ada, inv.ID, "liquidation"); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("an entrepreneur writes off: %v", err)
		}
		must(t, h.Doubt(t.Context(), h.gestionary, inv.ID, "redressement"))
		h.clean(t)
		for _, activity := range []int64{0, inv.Activity} {
			ages, err := h.OwedAges(t.Context(), h.gestionary, activity)
			if must(t, err); len(ages.Rows) != 1 || ages.Rows[0].Doubtful != inv.Totals.Gross-600_00 {
				t.Errorf("what is doubtful: %+v", ages.Rows)
			}
		}
		must(t, h.Lose(t.Context(), h.gestionary, inv.ID, "liquidation"))
		h.clean(t)
		must(t, h.Restore(t.Context(), h.gestionary, inv.ID, "erreur"))
		h.clean(t)
		must(t, h.Lose(t.Context(), h.gestionary, inv.ID, "liquidation"))
		h.on("2026-09-01")
		late := h.settle(t, inv, 120_00)
		h.clean(t)
		must(t, h.Unreceive(t.Context(), h.gestionary, late.ID))
		h.clean(t)
		kept, err := h.Receive(t.Context(), h.gestionary, sale.Payment{Customer: inv.Customer, Date: h.ada.Today, Amount: 80_00, Excess: 80_00, Means: sale.Transfer}, "")
		must(t, err)
		_, err = h.Refund(t.Context(), h.gestionary, sale.Payment{Customer: kept.Customer, Date: h.ada.Today, Amount: -79_50, Means: sale.Transfer, Reference: "VIR"}, "r1")
		must(t, err)
		given, err := h.Refund(t.Context(), h.gestionary, sale.Payment{Customer: kept.Customer, Date: h.ada.Today, Amount: -50, Means: sale.GivenUp}, "r2")
		must(t, err)
		for _, p := range []sale.Payment{kept, given} { // nobody gave a reference: each has its own number
			if e, _, err := h.Entry(t.Context(), h.accountant, p.Entry); err != nil || e.Ref != fmt.Sprintf("REG-%d", p.ID) {
				t.Errorf("payment %d has the reference %q %v", p.ID, e.Ref, err)
			}
		}
		if list, err := h.Payments(t.Context(), h.gestionary, store.PaymentFilter{Activity: kept.Activity, Customer: kept.Customer, Refunds: true}); err != nil || len(list) != 2 {
			t.Errorf("two refunds: %+v %v", list, err)
		}
		_, err = h.Refund(t.Context(), h.gestionary, sale.Payment{Customer: kept.Customer, Date: h.ada.Today, Amount: -1, Means: sale.Transfer}, "r3")
		if fault.KindOf(err) != fault.Invalid {
			t.Errorf("nothing is left to refund: %v", err)
		}
		h.clean(t)

		// A cheque too large, the difference sent back, then the cheque comes back.
		next := h.invoiced(t, h.customer(t), 100_00, "2026-09-02")
		whole := next.Totals.Gross
		cheque, err := h.Receive(t.Context(), h.gestionary, sale.Payment{Customer: next.Customer, Date: h.ada.Today, Amount: whole + 30_00, Excess: 30_00, Means: sale.Cheque, Allocations: []sale.Allocation{{Invoice: next.ID, Amount: whole}}}, "")
		must(t, err)
		_, err = h.Refund(t.Context(), h.gestionary, sale.Payment{Customer: next.Customer, Date: h.ada.Today, Amount: -30_00, Means: sale.Transfer, Reference: "VIR"}, "r4")
		must(t, err)
		must(t, h.Unreceive(t.Context(), h.gestionary, cheque.ID))
		h.clean(t)
		owed, err := h.OwedBack(t.Context(), h.gestionary, next.Customer)
		must(t, err)
		if len(owed) != 1 || owed[0].Remaining != 30_00 {
			t.Errorf("they owe what they were sent: %+v", owed)
		}
		_, err = h.Receive(t.Context(), h.gestionary, sale.Payment{Customer: next.Customer, Date: h.ada.Today, Amount: whole + 30_00, Excess: 30_00, Means: sale.Transfer, Allocations: []sale.Allocation{{Invoice: next.ID, Amount: whole}}}, "")
		must(t, err)
		h.clean(t)
		if owed, err = h.OwedBack(t.Context(), h.gestionary, next.Customer); err != nil || len(owed) != 0 || h.held(t, ledger.Customers) != 0 || h.held(t, ledger.Advances) != 0 {
			t.Errorf("all is paid: %+v %v", owed, err)
		}
	})
}
