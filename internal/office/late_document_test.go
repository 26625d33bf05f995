package office_test

import (
	"testing"

	"essaim/date"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/money"
	"essaim/sale"
)

// What comes to the team once its month is closed goes to the first open day of the books, its own day kept as the
// document's and in the register (practice 5 and 7), and stays in the order in which it was recorded for the closings.
func TestLateDocuments(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		ctx, first := t.Context(), int64(storetest.First)
		c := h.customer(t)
		inv := h.invoiced(t, c, 100_00, "2026-10-20")
		last := h.on("2026-10-31")
		r, err := h.SaveTaking(ctx, h.ada, first, last, market(100_00, 0, 20_00), "")
		must(t, err)
		h.on("2026-11-10")
		must(t, h.CloseMonths(ctx, h.accountant, storetest.Year2026, 10))
		open := date.MustParse("2026-11-01")
		booked := func(what string, entry int64, day, on date.Day) {
			t.Helper()
			must(t, h.DB().Read(ctx, h.ada.Coop, func(tx *store.Tx) error {
				e, err := tx.Entry(entry)
				if err == nil && (e.Date != on || e.DocDate != day) {
					t.Errorf("%s: entry of %s for a document of %s", what, e.Date, e.DocDate)
				}
				return err
			}))
		}
		late, err := h.SaveTaking(ctx, h.ada, first, last-1, market(40_00, 10_00, 5_00), "")
		must(t, err)
		if late.Date != last-1 || late.Booked != open {
			t.Errorf("takings: %+v", late)
		}
		booked("takings", late.Entry, last-1, open)
		p, err := h.Receive(ctx, h.gestionary, transfer(c, 100_00, last-2, sale.Allocation{Invoice: inv.ID, Amount: 100_00}), "")
		must(t, err)
		if p.Date != last-2 || p.Booked != open {
			t.Errorf("payment: %+v", p)
		}
		booked("payment", p.Entry, last-2, open)
		amounts(t, []money.Cents{h.moved(t, "512", 10), h.moved(t, "512", 11), h.moved(t, "530", 10), h.moved(t, "530", 11)}, []money.Cents{0, 100_00, 100_00, 40_00})
		h.clean(t)

		// Takings made again: undone and recorded on their own day, for what is told of it.
		again, err := h.RedoTaking(ctx, h.ada, r.ID, first, last, market(90_00, 0, 20_00), "")
		must(t, err)
		if again.Date != last || again.Booked != open {
			t.Errorf("again: %+v", again)
		}
		must(t, h.DB().Read(ctx, h.ada.Coop, func(tx *store.Tx) error {
			back, err := tx.Record(again.ID - 1)
			if err == nil && (back.Reverses != r.ID || back.Date != last) {
				t.Errorf("undone: %+v", back)
			}
			return err
		}))
		amounts(t, []money.Cents{h.moved(t, "530", 10), h.moved(t, "530", 11), h.held(t, "530")}, []money.Cents{100_00, 30_00, 130_00})

		// Money kept ahead and its use, what is given back of it, what goes to the bank.
		_, err = h.Receive(ctx, h.gestionary, sale.Payment{Customer: c.ID, Date: last - 2, Amount: 50_00, Excess: 50_00, Means: sale.Transfer}, "")
		must(t, err)
		_, err = h.Receive(ctx, h.gestionary, sale.Payment{Customer: c.ID, Date: last, Amount: 20_00, Means: sale.Advance, Allocations: []sale.Allocation{{Invoice: inv.ID, Amount: 20_00}}}, "")
		must(t, err)
		_, err = h.Refund(ctx, h.gestionary, sale.Payment{Customer: c.ID, Date: last, Amount: -30_00, Means: sale.Transfer, Reference: "VIR"}, "")
		must(t, err)
		_, err = h.MoveTill(ctx, h.ada, first, last, sale.TillMove{Kind: sale.TillBanked, Amount: 90_00}, "")
		must(t, err)
		desk, err := h.CashDesk(ctx, h.gestionary)
		must(t, err)
		slip, err := h.Remit(ctx, h.gestionary, last, desk.Loose, "", "")
		must(t, err)
		payout, err := h.SavePayout(ctx, h.gestionary, last, sale.Payout{Acquirer: "SumUp", How: sale.FeeExempt, Parts: []sale.PayoutPart{{Activity: first, Card: 10_00}}, Net: 10_00}, "")
		must(t, err)
		must(t, h.UndoRecord(ctx, h.gestionary, payout.ID))
		must(t, h.UndoRecord(ctx, h.gestionary, slip.ID))
		must(t, h.UndoRecord(ctx, h.ada, late.ID)) // its cards and cheques are there again

		// A count is of what the books held that day, and before the books there is nothing.
		_, err = h.MoveTill(ctx, h.ada, first, last, sale.TillMove{Kind: sale.TillCount, Counted: 99_00, Word: "oubli"}, "")
		refused(t, err, "date", "ledger.month_closed")
		_, err = h.SaveTaking(ctx, h.ada, first, date.MustParse("2019-12-31"), market(1_00, 0, 0), "")
		refused(t, err, "date", "ledger.date_outside")
		h.clean(t)
		if _, err := h.CloseTakings(ctx, h.accountant); err != nil {
			t.Error(err)
		}
		h.clean(t)
	})
}

// What a person put in their till is taken back once, and after it was put in.
func TestOwnMoneyIsTakenBackOnce(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		ctx, first := t.Context(), int64(storetest.First)
		day := h.on("2026-11-14")
		_, err := h.SaveTaking(ctx, h.ada, first, day-4, market(100_00, 0, 0), "")
		must(t, err)
		own, err := h.MoveTill(ctx, h.ada, first, day, sale.TillMove{Kind: sale.TillOwn, Amount: 50_00}, "")
		must(t, err)
		_, err = h.MoveTill(ctx, h.ada, first, day-3, sale.TillMove{Kind: sale.TillBack, Amount: 50_00}, "")
		refused(t, err, "amount", "till.fault.back_more")
		back, err := h.MoveTill(ctx, h.ada, first, day, sale.TillMove{Kind: sale.TillBack, Amount: 30_00}, "")
		must(t, err)
		refused(t, h.UndoRecord(ctx, h.ada, own.ID), "", "till.fault.taken_back")
		amounts(t, []money.Cents{h.held(t, "530"), h.held(t, "467")}, []money.Cents{120_00, -20_00})
		must(t, h.UndoRecord(ctx, h.ada, back.ID))
		must(t, h.UndoRecord(ctx, h.ada, own.ID))
		amounts(t, []money.Cents{h.held(t, "530"), h.held(t, "467")}, []money.Cents{100_00, 0})
		h.clean(t)
	})
}
