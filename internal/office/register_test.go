package office_test

import (
	"database/sql"
	"strings"
	"testing"
	"time"

	"essaim/date"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/money"
	"essaim/sale"
)

func market(cash, card, cheque money.Cents) sale.Taking {
	return sale.Taking{Count: 12, Means: sale.Tenders{Cash: cash, Card: card, Cheque: cheque}, Lines: []sale.TakingLine{{Nature: "goods", Tax: "S20", Gross: cash + card + cheque}}}
}

func (h *dated) held(t *testing.T, account string) (sum money.Cents) {
	t.Helper()
	must(t, h.DB().Read(t.Context(), h.ada.Coop, func(tx *store.Tx) error {
		before, days, err := tx.Standing(storetest.First, account, date.MustParse("2026-01-01"))
		sum = before
		for _, d := range days {
			sum = d.Balance
		}
		return err
	}))
	return sum
}

func refused(t *testing.T, err error, field, key string) {
	t.Helper()
	for _, e := range fault.All(err) {
		if e.Field == field && e.Key == key {
			return
		}
	}
	t.Errorf("refused %v, want %s on %q", err, key, field)
}

// The market day: takings in cash, by card and by cheque, a till that holds, a payout with its fee, a deposit of cheques,
// and closings that add up to what was recorded.
func TestMarketDay(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		ctx, first := t.Context(), int64(storetest.First)
		saturday := h.on("2026-11-14")
		r, err := h.SaveTaking(ctx, h.ada, first, saturday, market(180_00, 120_00, 35_00), "")
		must(t, err)
		if r.Number != "R-2026-0001" || r.Taking.Totals.Net != 279_17 || r.Taking.Totals.VAT != 55_83 {
			t.Errorf("%s: %+v", r.Number, r.Taking.Totals)
		}
		// Sums that differ are refused on their field, and so is a till below nothing.
		bad := market(10_00, 0, 0)
		bad.Lines[0].Gross = 12_00
		_, err = h.SaveTaking(ctx, h.ada, first, saturday, bad, "")
		refused(t, err, "cash", "till.fault.sums_more")
		_, err = h.SaveTaking(ctx, h.ada, first, saturday+1, market(10_00, 0, 0), "")
		refused(t, err, "date", "till.fault.date_ahead")
		_, err = h.MoveTill(ctx, h.ada, first, saturday, sale.TillMove{Kind: sale.TillBanked, Amount: 180_01}, "")
		refused(t, err, "", "till.fault.below")
		_, err = h.MoveTill(ctx, h.ada, first, saturday, sale.TillMove{Kind: sale.TillCount, Counted: -1}, "")
		refused(t, err, "counted", "till.fault.counted_negative")

		h.on("2026-11-16")
		_, err = h.MoveTill(ctx, h.ada, first, date.MustParse("2026-11-16"), sale.TillMove{Kind: sale.TillBanked, Amount: 150_00}, "")
		must(t, err)
		// What the till no longer has cannot be undone.
		refused(t, h.UndoRecord(ctx, h.ada, r.ID), "", "till.fault.below")
		_, err = h.MoveTill(ctx, h.ada, first, date.MustParse("2026-11-16"), sale.TillMove{Kind: sale.TillCount, Counted: 29_50}, "")
		refused(t, err, "word", "till.fault.count_word_less")
		_, err = h.MoveTill(ctx, h.ada, first, date.MustParse("2026-11-16"), sale.TillMove{Kind: sale.TillCount, Counted: 29_50, Word: "pièce perdue"}, "")
		must(t, err)
		if got := h.held(t, sale.Till); got != 29_50 {
			t.Errorf("till holds %s", got)
		}

		payout := sale.Payout{Acquirer: "SumUp", How: sale.FeeDomestic, Fee: 2_10, VAT: 42, Net: 117_48, Parts: []sale.PayoutPart{{Activity: first, Card: 120_00}}}
		more := payout
		more.Parts = []sale.PayoutPart{{Activity: first, Card: 120_01}}
		_, err = h.SavePayout(ctx, h.gestionary, date.MustParse("2026-11-16"), more, "")
		refused(t, err, "parts[0].card", "till.fault.payout_more")
		short := payout
		short.Net--
		_, err = h.SavePayout(ctx, h.gestionary, date.MustParse("2026-11-16"), short, "")
		refused(t, err, "net", "till.fault.net")
		_, err = h.SavePayout(ctx, h.gestionary, date.MustParse("2026-11-16"), payout, "")
		must(t, err)
		if c, f, v := h.held(t, sale.Cards), h.held(t, sale.FeeAccount), h.held(t, "44566"); c != 0 || f != 2_10 || v != 42 {
			t.Errorf("cards %s, fee %s, VAT %s", c, f, v)
		}
		if _, err := h.SavePayout(ctx, h.ada, date.MustParse("2026-11-16"), payout, ""); err == nil {
			t.Error("an entrepreneur recorded a payout")
		}

		// Cards that were paid out since are not taken back by undoing the takings, with or without others in their place.
		refused(t, h.UndoRecord(ctx, h.ada, r.ID), "", "till.fault.paid_out")
		_, err = h.RedoTaking(ctx, h.ada, r.ID, first, saturday, market(180_00, 119_99, 35_00), "")
		refused(t, err, "", "till.fault.paid_out")

		desk, err := h.CashDesk(ctx, h.gestionary)
		must(t, err)
		if len(desk.Loose) != 1 || desk.Loose[0].Amount != 35_00 {
			t.Fatalf("cheques: %+v", desk.Loose)
		}
		slip, err := h.Remit(ctx, h.gestionary, date.MustParse("2026-11-16"), desk.Loose, "", "")
		must(t, err)
		if slip.Number != "B-2026-0001" || h.held(t, sale.Cheques) != 0 {
			t.Errorf("slip %s", slip.Number)
		}
		if _, err := h.Remit(ctx, h.gestionary, date.MustParse("2026-11-16"), desk.Loose, "", ""); err == nil {
			t.Error("a cheque was deposited twice")
		}
		must(t, h.UndoRecord(ctx, h.gestionary, slip.ID))
		if got := h.held(t, sale.Cheques); got != 35_00 {
			t.Errorf("cheques hold %s", got)
		}

		// Undone and made again: two numbers, one effect.
		again, err := h.RedoTaking(ctx, h.ada, r.ID, first, saturday, market(180_00, 120_00, 20_00), "")
		must(t, err)
		if again.Number != "R-2026-0002" || h.held(t, "707") != -(again.Taking.Totals.Net) {
			t.Errorf("%s, 707 %s", again.Number, h.held(t, "707"))
		}
		if _, err := h.RedoTaking(ctx, h.ada, r.ID, first, saturday, market(1, 0, 0), ""); err == nil {
			t.Error("undone twice")
		}

		h.on("2026-12-02")
		n, err := h.CloseTakings(ctx, h.accountant)
		must(t, err)
		view, err := h.Closings(ctx, h.accountant, 0, 50)
		must(t, err)
		if n != 2 || len(view.Days) != 2 || len(view.Months) != 1 || len(view.Years) != 0 {
			t.Errorf("%d closings: %d days, %d months, %d years", n, len(view.Days), len(view.Months), len(view.Years))
		}
		if m := view.Months[0]; m.Grand != 320_00 || m.Total != 320_00 || m.Count != 3 || m.Turned != 990_00 || view.Days[0].Grand != m.Grand {
			t.Errorf("month: %+v", m)
		}
		h.clean(t)
	})
}

// A changed byte in takings, tills, deposits and closings is found, and a till that never held what it gave.
func TestRegisterChangedIsFound(t *testing.T) {
	{
		address := storetest.SQLite(t)
		h := &dated{now: storetest.Now}
		h.house = open(t, storetest.Open(t, store.Options{URL: address, Now: func() time.Time { return h.now }}))
		raw, err := sql.Open("sqlite", strings.TrimPrefix(address, "sqlite:"))
		must(t, err)
		defer func() { must(t, raw.Close()) }()
		ctx, first := t.Context(), int64(storetest.First)
		day := h.on("2026-11-14")
		_, err = h.SaveTaking(ctx, h.ada, first, day, market(180_00, 120_00, 35_00), "")
		must(t, err)
		_, err = h.MoveTill(ctx, h.ada, first, day, sale.TillMove{Kind: sale.TillBanked, Amount: 100_00}, "")
		must(t, err)
		h.on("2026-11-16")
		_, err = h.CloseTakings(ctx, h.accountant)
		must(t, err)
		h.clean(t)
		for _, c := range []struct{ change, back, find string }{
			{`UPDATE register SET body = REPLACE(body, '"count":12', '"count":13') WHERE id = 1`, `UPDATE register SET body = REPLACE(body, '"count":13', '"count":12') WHERE id = 1`, "verify.record_changed"},
			{`UPDATE register SET amount = amount + 1 WHERE id = 1`, `UPDATE register SET amount = amount - 1 WHERE id = 1`, "verify.record_changed"},
			{`UPDATE register SET day = '2026-11-13' WHERE id = 2`, `UPDATE register SET day = '2026-11-14' WHERE id = 2`, "verify.record_changed"},
			{`UPDATE register SET entry_id = entry_id + 100 WHERE id = 2`, `UPDATE register SET entry_id = entry_id - 100 WHERE id = 2`, "verify.record_entry"},
			{`UPDATE collected SET net = net + 1 WHERE record_id = 1`, `UPDATE collected SET net = net - 1 WHERE record_id = 1`, "verify.record_collected"},
			{`UPDATE closing SET body = REPLACE(body, '"count":1', '"count":7') WHERE id = 1`, `UPDATE closing SET body = REPLACE(body, '"count":7', '"count":1') WHERE id = 1`, "verify.closing_changed"},
			{`UPDATE closing SET to_day = '2026-11-15' WHERE id = 1`, `UPDATE closing SET to_day = '2026-11-14' WHERE id = 1`, "verify.closing_changed"},
			{`UPDATE closing SET records = 0 WHERE id = 1`, `UPDATE closing SET records = 1 WHERE id = 1`, "verify.closing_sums"},
			{`UPDATE chain SET seq = 2 WHERE name = 'closing'`, `UPDATE chain SET seq = 1 WHERE name = 'closing'`, "verify.head"},
			{`INSERT INTO remitted (coop_id, entry_id, activity_id, record_id) SELECT coop_id, 1, 10, 9 FROM register WHERE id = 1`, `DELETE FROM remitted`, "verify.remitted"},
			{`UPDATE entry_line SET amount = amount - 30000 WHERE account = '530' AND amount > 0`, `UPDATE entry_line SET amount = amount + 30000 WHERE account = '530' AND entry_id = (SELECT MIN(entry_id) FROM entry_line WHERE account = '530')`, "verify.till_below"},
		} {
			_, err := raw.ExecContext(ctx, c.change)
			must(t, err)
			found, err := h.DB().Verify(ctx)
			must(t, err)
			told := false
			for _, f := range found {
				told = told || f.Key == c.find
			}
			if !told {
				t.Errorf("%s: not found, %v", c.change, found)
			}
			_, err = raw.ExecContext(ctx, c.back)
			must(t, err)
		}
		h.clean(t)
	}
}

// A cheque that came back unpaid after its deposit has left the bank: undoing the deposit would put it there a second time
// to take it away, and leave a cheque nobody has.
func TestDepositOfABouncedCheque(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		day := h.on("2026-11-16")
		inv := h.invoiced(t, h.customer(t), 100_00, "2026-11-16")
		paid, err := h.Receive(t.Context(), h.gestionary, sale.Payment{Customer: inv.Customer, Date: day, Amount: 120_00, Means: sale.Cheque, Allocations: []sale.Allocation{{Invoice: inv.ID, Amount: 120_00}}}, "")
		must(t, err)
		desk, err := h.CashDesk(t.Context(), h.gestionary)
		must(t, err)
		slip, err := h.Remit(t.Context(), h.gestionary, day, desk.Loose, "", "")
		must(t, err)
		must(t, h.Unreceive(t.Context(), h.gestionary, paid.ID))
		refused(t, h.UndoRecord(t.Context(), h.gestionary, slip.ID), "", "till.fault.bounced")
		if cheques, bank := h.held(t, sale.Cheques), h.held(t, "512"); cheques != 0 || bank != 0 {
			t.Errorf("cheques %s, bank %s", cheques, bank)
		}
		h.clean(t)
	})
}
