package office_test

import (
	"database/sql"
	"strings"
	"testing"

	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/money"
	"essaim/sale"
)

// What the log says of an internal invoice, and of the rates that somebody kept, holds verify: no row of either changes unseen.
func TestVerifyReadsInternalInvoicesAndRates(t *testing.T) {
	address := storetest.SQLite(t) // the rows are changed from outside; the questions are asked of both engines by the others
	h := &dated{now: storetest.Now}
	h.house = open(t, storetest.Open(t, store.Options{URL: address}))
	raw, err := sql.Open("sqlite", strings.TrimPrefix(address, "sqlite:"))
	must(t, err)
	defer func() { must(t, raw.Close()) }()
	nord := h.nord(t)
	h.bill(t, nord, 100_00, false)
	back := h.bill(t, nord, 50_00, false)
	_, err = h.AcceptInternal(t.Context(), h.ada, back.ID, 0, 0)
	must(t, err)
	_, err = h.CancelInternal(t.Context(), nord, back.ID, 0, "faite deux fois")
	must(t, err)
	must(t, h.SaveRate(t.Context(), h.accountant, sale.DayRate{Currency: "USD", Day: storetest.Today, Rate: money.Micro(1_100_000)}, "BCE", ""))
	h.clean(t)
	for _, change := range [][2]string{
		{`UPDATE internal_invoice SET receiver_id = receiver_id + 10 WHERE id = 1`, `UPDATE internal_invoice SET receiver_id = receiver_id - 10 WHERE id = 1`},
		{`UPDATE internal_invoice SET sender_id = sender_id + 10 WHERE corrects <> 0`, `UPDATE internal_invoice SET sender_id = sender_id - 10 WHERE corrects <> 0`},
		{`UPDATE internal_invoice SET content = REPLACE(content, 'salon', 'salun') WHERE id = 1`, `UPDATE internal_invoice SET content = REPLACE(content, 'salun', 'salon')`},
		{`UPDATE internal_invoice SET number = number || 'x' WHERE id = 1`, `UPDATE internal_invoice SET number = REPLACE(number, 'x', '')`},
		{`UPDATE exchange_rate SET rate = rate + 50000`, `UPDATE exchange_rate SET rate = rate - 50000`},
		{`UPDATE exchange_rate SET source = 'x'`, `UPDATE exchange_rate SET source = 'BCE'`},
		{`UPDATE exchange_rate SET day = '2026-01-05'`, `UPDATE exchange_rate SET day = '` + storetest.Today.String() + `'`},
	} {
		_, err := raw.Exec(change[0])
		must(t, err)
		found, err := h.db.Verify(t.Context())
		must(t, err)
		if len(found) == 0 {
			t.Errorf("%s is not seen", change[0])
		}
		_, err = raw.Exec(change[1])
		must(t, err)
	}
	h.clean(t)
}
