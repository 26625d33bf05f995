package office_test

import (
	"testing"

	"essaim/date"
	"essaim/internal/store/storetest"
	"essaim/ledger"
	"essaim/money"
)

// typed is a miscellaneous entry as the accountant types it: a charge of the first activity paid from its bank.
func typed(day date.Day, amount money.Cents) ledger.Entry {
	return ledger.Entry{Journal: ledger.JournalMisc, Date: day, Ref: "OD1", Label: "Fournitures", Lines: []ledger.Line{
		{Account: "6064", Section: storetest.First, Amount: amount}, {Account: ledger.Bank, Section: storetest.First, Amount: -amount},
	}}
}

// The FEC says on which day an entry was validated: that is the day it happened, so that none is dated ahead.
func TestEntryIsNotDatedAhead(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		today := h.on("2026-11-24")
		_, err := h.PostEntry(t.Context(), h.accountant, typed(today+1, 10_00), "")
		refusal(t, err, "date", "ledger.date_ahead")
		for day := today - 2; day <= today; day++ {
			e, err := h.PostEntry(t.Context(), h.accountant, typed(day, 10_00), "")
			must(t, err)
			if e.ValidOn != today {
				t.Errorf("the entry of %s is validated on %s", day, e.ValidOn)
			}
		}
		h.clean(t)
	})
}
