package office_test

import (
	"strings"
	"testing"

	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/ledger"
	"essaim/money"
)

// What is owed opens to what remains open: the bills still to pay, in part or whole, with the day they are due; where the
// lines of an account settle nothing, what moved since it last stood at nil, less the pairs that cancel. It always sums.
func TestWhatIsOwedOpensToWhatRemainsOpen(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newTogether(t, db)
		a := h.alone
		line := func(account string, third int64, amount money.Cents) ledger.Line {
			return ledger.Line{Account: account, Section: a, Third: third, Amount: amount}
		}
		bill := func(label string, amount money.Cents) ledger.Entry {
			owed := line("401", h.paper, -amount)
			owed.Due = storetest.Today + 30
			return h.post(t, "AC", label, line("6061", 0, amount), owed)
		}
		paid, part := bill("Réglée", 100_00), bill("Entamée", 200_00)
		bill("Entière", 50_00)
		pay := func(e ledger.Entry, amount money.Cents) {
			l := line("401", h.paper, amount)
			l.Settles = ledger.ItemRef{Entry: e.ID, Line: 2}
			h.post(t, "BQ", "Virement", l, line("512", 0, -amount))
		}
		pay(paid, 100_00)
		pay(part, 80_00)
		why := func(key string) []office.PanelLine {
			t.Helper()
			p, err := h.Why(t.Context(), h.ada, a, 0, key)
			must(t, err) // the lines sum to the figure, or it fails
			return p.Lines
		}
		told := func(lines []office.PanelLine) string {
			var all []string
			for _, l := range lines {
				all = append(all, l.Label+l.Key+" "+l.Amount.String())
			}
			return strings.Join(all, ", ")
		}
		lines := why("suppliers")
		if got := told(lines); got != "Entamée -120.00, Entière -50.00" {
			t.Errorf("suppliers: %s", got)
		} else if lines[0].Of != -200_00 || lines[1].Of != 0 || lines[0].Due != storetest.Today+30 {
			t.Errorf("%+v", lines)
		}
		if got := told(why("used-suppliers")); got != "Entamée 120.00, Entière 50.00" {
			t.Errorf("turned: %s", got)
		}

		// The account of a body bears no third party here: once at nil, what is older is told no more.
		debt := func(label string, amount money.Cents) {
			h.post(t, "OD", label, line("6451", 0, amount), line("431", 0, -amount))
		}
		transfer := func(amount money.Cents) {
			h.post(t, "BQ", "Prélèvement", line("431", 0, amount), line("512", 0, -amount))
		}
		debt("Une", 30_00)
		debt("Deux", 20_00)
		transfer(50_00)
		debt("Trois", 40_00)
		debt("Quatre", 7_00)
		transfer(40_00)
		debt("Cinq", 9_00)
		if got := told(why("social-bodies")); got != "Quatre -7.00, Cinq -9.00, office.why.settled 0.00" {
			t.Errorf("bodies: %s", got)
		}
		for _, l := range why("social-bodies")[:2] {
			if l.What != "office.paid.urssaf" {
				t.Errorf("%+v", l)
			}
		}
		if l := why("pay-year"); len(l) == 0 || l[0].What != "office.paid.urssaf" {
			t.Errorf("%+v", l)
		}
	})
}

// However many lines are open, a panel shows a bounded number of them and sums.
func TestWhatIsOwedIsBounded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newTogether(t, db)
		for range 5 {
			lines := []ledger.Line{{Account: "6451", Section: h.alone, Amount: 100 * 101 * 50}}
			for n := range money.Cents(100) {
				lines = append(lines, ledger.Line{Account: "431", Section: h.alone, Amount: -(n + 1) * 100})
			}
			h.post(t, "OD", "Beaucoup", lines...)
		}
		for range 5 {
			lines := []ledger.Line{{Account: "6061", Section: h.alone, Amount: 100 * 101 * 50}}
			for n := range money.Cents(100) {
				lines = append(lines, ledger.Line{Account: "401", Section: h.alone, Third: h.paper, Due: storetest.Today, Amount: -(n + 1) * 100})
			}
			h.post(t, "AC", "Beaucoup", lines...)
		}
		for _, key := range []string{"social-bodies", "suppliers"} {
			p, err := h.Why(t.Context(), h.ada, h.alone, 0, key)
			must(t, err)
			if p.More != 100 || len(p.Lines) > 402 {
				t.Errorf("%s: %d lines, %d more", key, len(p.Lines), p.More)
			}
		}
	})
}
