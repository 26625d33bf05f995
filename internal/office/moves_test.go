package office_test

import (
	"fmt"
	"testing"

	"essaim/access"
	"essaim/date"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/ledger"
	"essaim/member"
	"essaim/money"
	"essaim/sale"
)

// received books money that came in on the bank of the first activity.
func (h *house) received(t testing.TB, day date.Day, ref string, amount money.Cents) ledger.Entry {
	t.Helper()
	e, err := h.PostEntry(t.Context(), h.accountant, ledger.Entry{Journal: ledger.JournalBank, Date: day, Ref: ref, Label: "Subvention " + ref, Lines: []ledger.Line{
		{Account: ledger.Bank, Section: storetest.First, Amount: amount}, {Account: "740", Section: storetest.First, Amount: -amount},
	}}, "")
	must(t, err)
	return e
}

// told writes movements in short: a reference, in parentheses when it is told in grey.
func told(moves []office.PanelLine) (refs []string, sum money.Cents) {
	for _, m := range moves {
		if m.Folded {
			refs = append(refs, "("+m.Ref+")")
		} else {
			refs = append(refs, m.Ref)
		}
		sum += m.Amount
	}
	return refs, sum
}

// A pair that cancels itself is one grey line where its reversal stands, wherever the other half is; half a pair is not
// folded; and what was put back by reversing a reversal is shown.
func TestMovesFold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		first := storetest.Today.Month().First()
		today := storetest.Today
		wrong := h.received(t, first, "FAUX", 100_00)
		h.received(t, first+1, "UN", 10_00)
		again := h.received(t, first+1, "REMIS", 7_00)
		back, err := h.ReverseEntry(t.Context(), h.accountant, again.ID, first+2, "")
		must(t, err)
		_, err = h.ReverseEntry(t.Context(), h.accountant, back.ID, first+3, "")
		must(t, err)
		h.received(t, first+4, "DEUX", 20_00)
		_, err = h.ReverseEntry(t.Context(), h.accountant, wrong.ID, first+5, "")
		must(t, err)
		for _, c := range []struct {
			from, to date.Day
			limit    int
			want     string
			sum      money.Cents
		}{
			{first, today, 50, "[(FAUX) DEUX REMIS (REMIS) UN]", 37_00},
			{first, today, 2, "[(FAUX) DEUX]", 20_00},
			{first, today, 5, "[(FAUX) DEUX REMIS (REMIS) UN]", 37_00},
			{first + 1, today, 50, "[FAUX DEUX REMIS (REMIS) UN]", -63_00}, // its other half is before
			{first, first + 4, 50, "[DEUX REMIS (REMIS) UN FAUX]", 137_00},
		} {
			moves, err := h.Moves(t.Context(), h.ada, storetest.First, c.from, c.to, c.limit)
			must(t, err)
			if refs, sum := told(moves); fmt.Sprint(refs) != c.want || sum != c.sum {
				t.Errorf("%s to %s, %d at most: %v %s, not %s %s", c.from, c.to, c.limit, refs, sum, c.want, c.sum)
			}
		}
		// Many that were undone do not keep the ones before them from being found.
		for i := range 12 {
			e := h.received(t, first+6, fmt.Sprint("N", i), 1_00)
			_, err := h.ReverseEntry(t.Context(), h.accountant, e.ID, first+6, "")
			must(t, err)
		}
		moves, err := h.Moves(t.Context(), h.ada, storetest.First, first, today, 15)
		must(t, err)
		if refs, _ := told(moves); len(refs) != 15 || refs[12] != "(FAUX)" || refs[13] != "DEUX" {
			t.Errorf("beyond twelve pairs: %v", refs)
		}
	})
}

// A page asks as many questions of an activity with a hundred movements and invoices as of one with a few.
func TestPagesAskAsMuchOfMany(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		ctx := t.Context()
		customer := h.customer(t)
		trade := func(from, to int) {
			for i := from; i < to; i++ {
				e := h.received(t, storetest.Today.Month().First()+date.Day(i%15), fmt.Sprint("V", i), 10_00)
				if i%2 == 0 {
					_, err := h.ReverseEntry(ctx, h.accountant, e.ID, e.Date, "")
					must(t, err)
				}
				d := h.invoice(t, customer, 100_00)
				_, err := h.Receive(ctx, h.gestionary, sale.Payment{Customer: customer.ID, Date: storetest.Today, Amount: 120_00, Means: sale.Transfer, Allocations: []sale.Allocation{{Invoice: d.ID, Amount: 120_00}}}, "")
				must(t, err)
				h.invoice(t, customer, 50_00)
			}
		}
		director := h.accountant
		director.Roles = append(director.Roles, member.Manager)
		pages := []struct {
			name string
			ask  func() error
		}{
			{"account", func() error { _, _, err := h.AccountPage(ctx, h.ada, storetest.First, 0, 8); return err }},
			{"moves", func() error {
				_, err := h.Moves(ctx, h.ada, storetest.First, storetest.Today.Month().First(), storetest.Today, 60)
				return err
			}},
			{"why invoiced", func() error { _, err := h.Why(ctx, h.ada, storetest.First, 0, "invoiced-year"); return err }},
			{"why collected", func() error { _, err := h.Why(ctx, h.ada, storetest.First, 0, "collected-year"); return err }},
			{"why owed", func() error { _, err := h.Why(ctx, h.ada, storetest.First, 0, "owed-not-due"); return err }},
			{"home", func() error { _, err := h.Waiting(ctx, h.ada, storetest.First); return err }},
			{"house", func() error { _, err := h.House(ctx, director); return err }},
			{"desk's count", func() error { _, err := h.DeskCount(ctx, h.gestionary); return err }},
			{"what is owed", func() error { _, err := h.Owed(ctx, h.gestionary, 0, 0); return err }},
			{"by customer", func() error { _, err := h.OwedBy(ctx, h.ada, storetest.First, 0); return err }},
			{"payments", func() error {
				all, err := h.Payments(ctx, h.gestionary, store.PaymentFilter{Limit: 50})
				if err == nil {
					ids := make([]int64, len(all))
					for i, p := range all {
						ids[i] = p.Customer
					}
					_, err = h.CustomerNames(ctx, h.gestionary, ids)
				}
				return err
			}},
		}
		count := func() map[string]int64 {
			all := map[string]int64{}
			for _, p := range pages {
				must(t, p.ask()) // what is remembered is
				before := db.Statements()
				must(t, p.ask())
				all[p.name] = db.Statements() - before
			}
			return all
		}
		trade(0, 3)
		few := count()
		trade(3, 40)
		many := count()
		for name, n := range few {
			if many[name] > n || n > 25 {
				t.Errorf("%s: %d statements, with more to show %d", name, n, many[name])
			}
		}
		t.Log(few)
	})
}

// What waits at the desk is counted exactly, at once after a deed.
func TestDeskCount(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		count := func(want int) {
			t.Helper()
			for range 2 { // the second is remembered
				n, err := h.DeskCount(t.Context(), h.gestionary)
				must(t, err)
				desk, err := h.Desk(t.Context(), h.gestionary, office.DeskFilter{})
				must(t, err)
				if n != want || len(desk.Rows) != want {
					t.Fatalf("%d counted, %d shown, not %d", n, len(desk.Rows), want)
				}
			}
		}
		count(0)
		d, err := h.SaveDraft(t.Context(), h.ada, sale.Document{Kind: sale.Invoice, Activity: storetest.First, Customer: h.customer(t).ID, Content: services(100_00)}, "")
		must(t, err)
		_, err = h.Submit(t.Context(), h.ada, d.ID, d.Version)
		must(t, err)
		count(1)
		_, err = h.Validate(t.Context(), h.gestionary, d.ID, 0)
		must(t, err)
		count(0)
		if _, err := h.DeskCount(t.Context(), access.Actor{Coop: h.coop, Person: storetest.Person, Today: storetest.Today}); err == nil {
			t.Error("someone without a role counts what waits")
		}
	})
}
