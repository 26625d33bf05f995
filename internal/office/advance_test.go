package office_test

import (
	"testing"

	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/store/storetest"
	"essaim/ledger"
	"essaim/sale"
)

// What came before any invoice is an advance without VAT; its deposit invoice is made of it in one gesture, paid as soon as
// it is validated, its VAT due (CGI art. 269-2 c).
func TestDepositOfWhatCame(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		quote := h.accepted(t, h.customer(t).ID, services(1000_00))
		_, err := h.Receive(t.Context(), h.gestionary, sale.Payment{Customer: quote.Customer, Date: h.ada.Today, Amount: 360_00, Excess: 360_00, Means: sale.Transfer}, "")
		must(t, err)
		if _, err := h.DepositFromAdvance(t.Context(), h.ada, quote.ID, 360_01, "a0"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("more than came: %v", err)
		}
		d, err := h.DepositFromAdvance(t.Context(), h.ada, quote.ID, 360_00, "a1")
		must(t, err)
		if d.Status == sale.Submitted {
			d, err = h.Validate(t.Context(), h.gestionary, d.ID, 0)
			must(t, err)
		}
		again, err := h.DepositFromAdvance(t.Context(), h.ada, quote.ID, 360_00, "a1")
		must(t, err)
		if again.ID != d.ID || again.Content.Stage != sale.Deposit || again.Paid != 360_00 || sale.Remaining(again) != 0 {
			t.Errorf("%+v", again)
		}
		if h.held(t, ledger.Advances) != 0 || h.held(t, ledger.DepositsHeld) != -300_00 || h.held(t, ledger.VATDue) != -60_00 {
			t.Errorf("4191 %v, 41911 %v, 44571 %v", h.held(t, ledger.Advances), h.held(t, ledger.DepositsHeld), h.held(t, ledger.VATDue))
		}
		h.clean(t)
		list, err := h.ToInvoice(t.Context(), h.ada, storetest.First, quote.Customer)
		must(t, err)
		if len(list) != 1 || list[0].Left != 840_00 {
			t.Errorf("%+v", list)
		}
	})
}

// Without a quote too: the invoice says itself that what came pays it, through a reader as well, and as far as it goes.
func TestDepositOfWhatCameWithoutQuote(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		customer := h.customer(t)
		_, err := h.Receive(t.Context(), h.gestionary, sale.Payment{Customer: customer.ID, Date: h.ada.Today, Amount: 360_00, Excess: 360_00, Means: sale.Transfer}, "")
		must(t, err)
		items, err := h.Ahead(t.Context(), h.ada, customer.ID)
		must(t, err)
		if len(items) != 1 || items[0].Remaining != -360_00 || items[0].Date != h.ada.Today {
			t.Fatalf("%+v", items)
		}
		c := services(300_00)
		c.Stage, c.Delivered, c.UseAdvance = sale.Deposit, 0, true
		d, err := h.CreateAndSubmit(t.Context(), h.ada, sale.Document{Kind: sale.Invoice, Activity: storetest.First, Customer: customer.ID, Content: c}, "")
		must(t, err)
		if d.Status == sale.Submitted {
			d, err = h.Validate(t.Context(), h.gestionary, d.ID, 0)
			must(t, err)
		}
		if d.Paid != 360_00 || sale.Remaining(d) != 0 || h.held(t, ledger.Advances) != 0 || h.held(t, ledger.DepositsHeld) != -300_00 || h.held(t, ledger.VATDue) != -60_00 {
			t.Errorf("paid %v, 4191 %v, 41911 %v, 44571 %v", d.Paid, h.held(t, ledger.Advances), h.held(t, ledger.DepositsHeld), h.held(t, ledger.VATDue))
		}
		if items, err = h.Ahead(t.Context(), h.ada, customer.ID); err != nil || len(items) != 0 {
			t.Errorf("%+v %v", items, err)
		}
		h.clean(t)
	})
}

// No money for seven days of a contract signed at the customer's, under any form (Code de la consommation L221-10): neither
// kept ahead, nor used for its deposit invoice, nor asked for on a day before.
func TestSevenDaysHoldForAdvances(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		ctx := t.Context()
		h.on("2026-10-20")
		c, err := h.SaveCustomer(ctx, h.ada, sale.Customer{Activity: storetest.First, Kind: sale.Consumer, Name: "Roux", FirstName: "Zoé", Address: coop.Address{Line1: "3 rue basse", Zip: "69001", City: "Lyon", Country: "FR"}}, "")
		must(t, err)
		keep := func() error {
			_, err := h.Receive(ctx, h.gestionary, sale.Payment{Customer: c.ID, Date: h.ada.Today, Amount: 100_00, Excess: 100_00, Means: sale.Cheque}, "")
			return err
		}
		must(t, keep()) // of nothing yet
		signed := h.on("2026-11-02")
		content := services(1000_00)
		content.Papers = &sale.Papers{Place: sale.Home, Delay: "trois semaines"}
		quote := h.accepted(t, c.ID, content)
		refused(t, keep(), "date", "office.paid_too_soon")
		_, err = h.DepositFromAdvance(ctx, h.ada, quote.ID, 100_00, "")
		refused(t, err, "date", "office.paid_too_soon")
		start, err := h.StartInvoice(ctx, h.ada, quote.ID, sale.Invoicing{Stage: sale.Deposit, Share: 300_000})
		must(t, err)
		start.Doc.Content.SetDelay(coop.Delay{})
		if d := h.issue(t, start.Doc); d.Due != signed+8 {
			t.Errorf("deposit of a contract of %s, due on %s", signed, d.Due)
		}
		h.on("2026-11-10")
		must(t, keep())
		d, err := h.DepositFromAdvance(ctx, h.ada, quote.ID, 200_00, "")
		must(t, err)
		if d.Status == sale.Submitted {
			d, err = h.Validate(ctx, h.gestionary, d.ID, 0)
			must(t, err)
		}
		if d = h.made(t, d.ID); d.Paid != 200_00 || d.Due != d.Date+date.Day(d.Content.DueDays) {
			t.Errorf("once they are over: %v paid, due on %s", d.Paid, d.Due)
		}
		h.clean(t)
	})
}
