package office_test

import (
	"fmt"
	"testing"

	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/money"
	"essaim/sale"
)

func hosting(c sale.Customer, first string) sale.Subscription {
	return sale.Subscription{Activity: storetest.First, Customer: c.ID, Months: 1, First: date.MustParse(first), Day: 1, Before: 5, Content: sale.Content{Title: "Hébergement {mois}", DueDays: 30, SendWhenValidated: true, Lines: []sale.Line{
		{Label: "Hébergement, {période}", Nature: "service", Quantity: money.Unit, Price: money.Cents(30_00).Micro(), Tax: "S20"},
	}}}
}

// periods tells the invoices of a subscription: « 2026-12-01 draft 36.00 ».
func (h *house) periods(t *testing.T, id int64) (all []string) {
	t.Helper()
	v, err := h.Subscription(t.Context(), h.system, id)
	must(t, err)
	for _, p := range v.Periods {
		all = append(all, fmt.Sprintf("%v %s %v", p.Start, p.Status, p.Gross))
	}
	return all
}

func same(t *testing.T, got []string, want ...string) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// A draft appears n days before, once; days on which nobody opened the program make no invoice by themselves, they are
// proposed; a price announced comes on its day; a pause makes nothing; the end ends.
func TestSubscriptionMonthAfterMonth(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		c := h.customer(t)
		s, err := h.SaveSubscription(t.Context(), h.ada, hosting(c, "2026-12-01"), "k")
		must(t, err)
		if again, err := h.SaveSubscription(t.Context(), h.ada, hosting(c, "2026-12-01"), "k"); err != nil || again.ID != s.ID {
			t.Fatalf("%d, then %d: %v", s.ID, again.ID, err)
		}
		must(t, h.Drain(t.Context()))
		same(t, h.periods(t, s.ID))
		h.on("2026-11-26") // five days before
		must(t, h.Drain(t.Context()))
		must(t, h.Drain(t.Context()))
		same(t, h.periods(t, s.ID), "2026-12-01 draft 36.00")
		s, err = h.ChangePrice(t.Context(), h.ada, s.ID, 0, sale.PriceChange{From: date.MustParse("2027-03-01"), Percent: 10 * money.Percent})
		must(t, err)
		if _, err := h.ChangePrice(t.Context(), h.ada, s.ID, 0, sale.PriceChange{From: date.MustParse("2026-12-01"), Percent: money.Percent}); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%v", err)
		}
		h.on("2027-02-26") // December to March went by without anyone
		must(t, h.Drain(t.Context()))
		same(t, h.periods(t, s.ID), "2027-03-01 draft 39.60", "2026-12-01 draft 36.00")
		v, err := h.Subscription(t.Context(), h.ada, s.ID)
		must(t, err)
		if len(v.Missed) != 2 || v.Missed[0] != date.MustParse("2027-01-01") || v.Next != date.MustParse("2027-04-01") {
			t.Fatalf("missed %v, next %v", v.Missed, v.Next)
		}
		must(t, h.FillPeriod(t.Context(), h.ada, s.ID, date.MustParse("2027-01-01"), false))
		must(t, h.FillPeriod(t.Context(), h.ada, s.ID, date.MustParse("2027-01-01"), false)) // never twice
		must(t, h.FillPeriod(t.Context(), h.ada, s.ID, date.MustParse("2027-02-01"), true))
		if err := h.FillPeriod(t.Context(), h.ada, s.ID, date.MustParse("2027-04-01"), false); fault.KindOf(err) != fault.Conflict {
			t.Errorf("a period to come: %v", err)
		}
		same(t, h.periods(t, s.ID), "2027-03-01 draft 39.60", "2027-02-01  0.00", "2027-01-01 draft 36.00", "2026-12-01 draft 36.00")
		all, err := h.Subscriptions(t.Context(), h.ada, storetest.First)
		must(t, err)
		if len(all.Ready) != 3 || len(all.All) != 1 || len(all.All[0].Missed) != 0 {
			t.Fatalf("%+v", all)
		}
		// A draft that is thrown away is proposed again.
		must(t, h.DeleteDraft(t.Context(), h.ada, all.Ready[0].Sale))
		v, err = h.Subscription(t.Context(), h.ada, s.ID)
		must(t, err)
		if len(v.Missed) != 1 {
			t.Errorf("%v", v.Missed)
		}
		_, err = h.PauseSubscription(t.Context(), h.ada, s.ID, 0)
		must(t, err)
		h.on("2027-05-28")
		must(t, h.Drain(t.Context()))
		if n := len(h.periods(t, s.ID)); n != 3 {
			t.Errorf("%d periods after a pause", n)
		}
		s, err = h.ResumeSubscription(t.Context(), h.ada, s.ID, 0)
		must(t, err)
		must(t, h.Drain(t.Context()))
		if got := h.periods(t, s.ID); got[0] != "2027-06-01 draft 39.60" || len(got) != 4 {
			t.Errorf("%q", got)
		}
		_, err = h.EndSubscription(t.Context(), h.ada, s.ID, 0)
		must(t, err)
		h.on("2027-09-28")
		must(t, h.Drain(t.Context()))
		if n := len(h.periods(t, s.ID)); n != 4 {
			t.Errorf("%d periods after the end", n)
		}
	})
}

// What ends by itself: three times, then nothing; what cannot be drafted stops with words and is not lost.
func TestSubscriptionEndsAndStops(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		c := h.customer(t)
		three := hosting(c, "2026-12-01")
		three.Times = 3
		s, err := h.SaveSubscription(t.Context(), h.ada, three, "")
		must(t, err)
		for _, day := range []string{"2026-11-28", "2026-12-28", "2027-01-28", "2027-02-28", "2027-03-28"} {
			h.on(day)
			must(t, h.Drain(t.Context()))
		}
		same(t, h.periods(t, s.ID), "2027-02-01 draft 36.00", "2027-01-01 draft 36.00", "2026-12-01 draft 36.00")
		v, err := h.Subscription(t.Context(), h.ada, s.ID)
		must(t, err)
		if v.State != sale.SubscriptionEnded || len(v.Missed) != 0 {
			t.Errorf("%s, missed %v", v.State, v.Missed)
		}
		if _, err := h.SaveSubscription(t.Context(), h.ada, v.Subscription, ""); fault.KindOf(err) != fault.Conflict {
			t.Errorf("%v", err)
		}
	})
}

// Two hundred customers in one gesture: all are validated and sent but the one left out and the one refused, in order and
// without a hole in the numbers; done once however often the button is pressed.
func TestTwoHundredSubscriptionsInOneGesture(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		_, now, err := h.Settings(t.Context(), h.system)
		must(t, err)
		now.Trust.FirstInvoices, now.Trust.KnownCustomers = 0, false
		r, err := office.RuleOf(coop.RuleTrust, "", storetest.Today, now.Trust, "CA du 20 novembre 2026")
		must(t, err)
		_, err = h.SaveRule(t.Context(), h.system, r)
		must(t, err)
		for i := range 200 {
			c, err := h.SaveCustomer(t.Context(), h.ada, sale.Customer{Activity: storetest.First, Kind: sale.Consumer, FirstName: "Ode", Name: fmt.Sprintf("Abonnée %03d", i), Email: fmt.Sprintf("a%d@x.example", i),
				Address: coop.Address{Line1: "1 rue", Zip: "69001", City: "Lyon", Country: "FR"}}, "")
			must(t, err)
			_, err = h.SaveSubscription(t.Context(), h.ada, hosting(c, "2026-11-01"), "")
			must(t, err)
		}
		must(t, h.Drain(t.Context()))
		all, err := h.Subscriptions(t.Context(), h.ada, storetest.First)
		must(t, err)
		if len(all.Ready) != 200 {
			t.Fatalf("%d ready", len(all.Ready))
		}
		var ids []int64
		for _, d := range all.Ready[1:] {
			ids = append(ids, d.Sale)
		}
		broken, err := h.Document(t.Context(), h.ada, ids[77])
		must(t, err)
		broken.Doc.Content.Delivered, broken.Doc.Content.DeliveredFrom = 0, 0
		_, err = h.SaveDraft(t.Context(), h.ada, broken.Doc, "")
		must(t, err)
		run, err := h.SubmitAll(t.Context(), h.ada, storetest.First, ids, "k")
		must(t, err)
		_, err = h.SubmitAll(t.Context(), h.ada, storetest.First, ids, "k")
		must(t, err)
		must(t, h.Drain(t.Context()))
		v := h.runOf(t, run.ID)
		if v.State != store.RunDone || v.Done != 198 || v.Failed != 1 {
			t.Fatalf("%+v", v.Run)
		}
		rows, sum, err := h.Sales(t.Context(), h.ada, store.SaleFilter{Activity: storetest.First, Kind: sale.Invoice, Status: []sale.Status{sale.Sent}, Limit: 500})
		must(t, err)
		if sum.Count != 198 || rows[0].Number != "F-2026-0198" || rows[len(rows)-1].Number != "F-2026-0001" {
			t.Errorf("%d sent, %s to %s", sum.Count, rows[len(rows)-1].Number, rows[0].Number)
		}
		if all, err = h.Subscriptions(t.Context(), h.ada, storetest.First); err != nil || len(all.Ready) != 2 {
			t.Errorf("%d left: %v", len(all.Ready), err)
		}
		h.clean(t)
	})
}
