package office_test

import (
	"testing"

	"essaim/internal/store/storetest"
	"essaim/money"
	"essaim/sale"
)

// A cheque that is reassigned changes the invoice it pays, not where it is: on the slip it was deposited with, at the bank
// (practice 45 and 48). It comes back from there, and goes on no second slip.
func TestReassignedChequeStaysAtTheBank(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		ctx := t.Context()
		c := h.customer(t)
		one, two := h.invoiced(t, c, 100_00, "2026-11-02"), h.invoiced(t, c, 100_00, "2026-11-02")
		p, err := h.Receive(ctx, h.gestionary, sale.Payment{Customer: c.ID, Date: h.ada.Today, Amount: 120_00, Means: sale.Cheque, Allocations: []sale.Allocation{{Invoice: one.ID, Amount: 120_00}}}, "")
		must(t, err)
		desk, err := h.CashDesk(ctx, h.gestionary)
		must(t, err)
		slip, err := h.Remit(ctx, h.gestionary, h.on("2026-11-04"), desk.Loose, "", "")
		must(t, err)
		for _, to := range []int64{two.ID, one.ID, two.ID} {
			p, err = h.Reassign(ctx, h.gestionary, p.ID, 0, []sale.Allocation{{Invoice: to, Amount: 120_00}}, false)
			must(t, err)
			amounts(t, []money.Cents{h.held(t, "512"), h.held(t, "5112"), h.held(t, "411"), h.paid(t, to)}, []money.Cents{120_00, 0, 120_00, 120_00})
			if desk, err = h.CashDesk(ctx, h.gestionary); err != nil || len(desk.Loose) != 0 {
				t.Errorf("cheques to deposit: %+v, %v", desk.Loose, err)
			}
		}
		refused(t, h.UndoRecord(ctx, h.gestionary, slip.ID), "", "till.fault.bounced")
		must(t, h.Unreceive(ctx, h.gestionary, p.ID)) // the bank takes it back
		amounts(t, []money.Cents{h.held(t, "512"), h.held(t, "5112"), h.held(t, "411"), h.paid(t, two.ID)}, []money.Cents{0, 0, 240_00, 0})

		// One that is still in the drawer stays there.
		p, err = h.Receive(ctx, h.gestionary, sale.Payment{Customer: c.ID, Date: h.ada.Today, Amount: 120_00, Means: sale.Cheque, Allocations: []sale.Allocation{{Invoice: one.ID, Amount: 120_00}}}, "")
		must(t, err)
		_, err = h.Reassign(ctx, h.gestionary, p.ID, 0, []sale.Allocation{{Invoice: two.ID, Amount: 120_00}}, false)
		must(t, err)
		if desk, err = h.CashDesk(ctx, h.gestionary); err != nil || len(desk.Loose) != 1 {
			t.Errorf("cheques to deposit: %+v, %v", desk.Loose, err)
		}
		amounts(t, []money.Cents{h.held(t, "512"), h.held(t, "5112")}, []money.Cents{0, 120_00})
		h.clean(t)
	})
}

// « Les centimes » are those of an invoice, however many times they are asked for; what is undone counts no more.
func TestCentsAreBoundPerInvoice(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		inv := h.invoiced(t, h.customer(t), 10_00, "2026-11-02")
		giveUp := func(amount money.Cents) (sale.Payment, error) {
			return h.Receive(t.Context(), h.gestionary, sale.Payment{Customer: inv.Customer, Date: h.ada.Today, Amount: amount, Means: sale.GivenUp, Allocations: []sale.Allocation{{Invoice: inv.ID, Amount: amount}}}, "")
		}
		_, err := giveUp(60)
		must(t, err)
		p, err := giveUp(40)
		must(t, err)
		_, err = giveUp(1)
		refused(t, err, "amount", "sale.fault.cents_again")
		must(t, h.Unreceive(t.Context(), h.gestionary, p.ID))
		_, err = giveUp(41)
		refused(t, err, "amount", "sale.fault.cents_again")
		_, err = giveUp(40)
		must(t, err)
		if h.held(t, "658") != 1_00 {
			t.Errorf("given up: %v", h.held(t, "658"))
		}
		h.clean(t)
	})
}

// Money in euros that came before an invoice in dollars is an advance until its day; what the rates made of it is known
// then, whether it was so recorded, reassigned or used by hand (practice 45 and 56).
func TestAheadOfAnInvoiceInDollars(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		ctx := t.Context()
		h.on("2026-11-02")
		c := h.american(t)
		h.rate(t, "USD", 1_250_000)
		issue := func(net money.Cents) sale.Document {
			content := abroadServices(net, "USD", "EXS")
			content.Delivered = h.ada.Today
			return h.issue(t, sale.Document{Kind: sale.Invoice, Activity: storetest.First, Customer: c.ID, Content: content})
		}
		holds := func(want ...money.Cents) {
			t.Helper()
			amounts(t, []money.Cents{h.held(t, "512"), h.held(t, "4191"), h.held(t, "411"), h.held(t, "656") + h.held(t, "756")}, want)
			h.clean(t)
		}
		one := issue(1000_00)
		p := h.paidIn(t, one, 1000_00, 810_00)
		holds(810_00, 0, 0, -10_00)
		early := h.on("2026-11-03")
		h.on("2026-11-05")
		two, three := issue(1000_00), issue(500_00)
		to := sale.Allocation{Invoice: two.ID, Foreign: 1000_00}
		again, err := h.Reassign(ctx, h.gestionary, p.ID, 0, []sale.Allocation{to}, true)
		must(t, err)
		if again.Date != early-1 || again.Excess != 810_00 || h.paid(t, two.ID) != 800_00 || h.paid(t, one.ID) != 0 {
			t.Errorf("reassigned: %+v", again)
		}
		holds(810_00, 0, 1200_00, -10_00)
		both := sale.Payment{Customer: c.ID, Date: early, Amount: 1170_00, Means: sale.Transfer, Ahead: true, Allocations: []sale.Allocation{{Invoice: one.ID, Foreign: 1000_00}, {Invoice: three.ID, Foreign: 500_00}}}
		if tried, err := h.TryPayment(ctx, h.gestionary, both); err != nil || tried.Exchange != -30_00 {
			t.Errorf("shown: %v, %v", tried.Exchange, err)
		}
		first, err := h.Receive(ctx, h.gestionary, both, "")
		must(t, err)
		if first.Excess != 390_00 || first.Exchange != -20_00 || h.paid(t, one.ID) != 800_00 || h.paid(t, three.ID) != 400_00 {
			t.Errorf("ahead: %+v", first)
		}
		holds(1980_00, 0, 0, 20_00)

		// An advance used by hand, and its use undone.
		four := issue(100_00)
		_, err = h.Receive(ctx, h.gestionary, sale.Payment{Customer: c.ID, Date: h.ada.Today, Amount: 85_00, Excess: 85_00, Means: sale.Transfer}, "")
		must(t, err)
		use, err := h.Receive(ctx, h.gestionary, sale.Payment{Customer: c.ID, Date: h.ada.Today, Amount: 85_00, Means: sale.Advance, Allocations: []sale.Allocation{{Invoice: four.ID, Foreign: 100_00}}}, "")
		must(t, err)
		holds(2065_00, 0, 0, 15_00)
		must(t, h.Unreceive(ctx, h.gestionary, use.ID))
		holds(2065_00, -85_00, 80_00, 20_00)
	})
}
