package office_test

import (
	"slices"
	"testing"

	"essaim/fault"
	"essaim/internal/store/storetest"
	"essaim/money"
	"essaim/sale"
)

// A site of which a situation was credited in part: what is left to invoice, what the schedule says was invoiced and what the
// next invoice is announced to come to are what happened; and a deposit asks for no more than what is left.
func TestWhatIsLeftOfASite(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		h.on("2026-11-23")
		c := services(0)
		c.Lines = []sale.Line{{Label: "Réseau", Nature: "works", Quantity: money.Unit, Price: money.Cents(3333_33).Micro(), Tax: "S20"}}
		c.Schedule = []sale.Term{{Stage: sale.Deposit, Share: 200_000}, {Stage: sale.Progress, Share: 400_000}, {Stage: sale.Balance}}
		act, err := h.Activity(t.Context(), h.system, storetest.First)
		must(t, err)
		act.Insurance = "Décennale, Assurances du Bâti, France entière"
		_, err = h.SaveActivity(t.Context(), h.system, act)
		must(t, err)
		quote := h.accepted(t, h.customer(t).ID, c)
		left := func() sale.Document { // the next invoice comes to what was announced
			t.Helper()
			all, err := h.InvoicedOf(t.Context(), h.ada, quote.ID)
			must(t, err)
			how := all.Asks(all.Next)
			d := h.next(t, quote.ID, how)
			if d.Totals.Gross != all.Comes {
				t.Errorf("announced %v, comes to %v", all.Comes, d.Totals.Gross)
			}
			return d
		}
		left()
		situation := left()
		cn, err := h.Start(t.Context(), h.ada, sale.CreditNote, storetest.First, situation.ID)
		must(t, err)
		cn.Doc.Content.Lines = []sale.Line{{Label: "Réseau", Nature: "works", Quantity: money.Unit, Price: money.Cents(100_00).Micro(), Tax: "S20"}}
		cn.Doc.Content.Reason = "mesuré trop large"
		back, err := h.CreateAndSubmit(t.Context(), h.ada, cn.Doc, "")
		must(t, err)
		if back.Status == sale.Submitted {
			_, err = h.Validate(t.Context(), h.gestionary, back.ID, 0)
			must(t, err)
		}
		h.clean(t)
		all, err := h.InvoicedOf(t.Context(), h.ada, quote.ID)
		must(t, err)
		sold, _ := sale.Sold(h.made(t, situation.ID))
		if all.Left != quote.Totals.Gross-sold || all.Whole != all.Left-all.Waiting || all.Done[0] >= situation.Content.Lines[0].Done {
			t.Errorf("left %v, whole %v, done %v", all.Left, all.Whole, all.Done)
		}
		room := quote.Totals.Gross - all.Sold - all.Waiting
		_, err = h.StartInvoice(t.Context(), h.ada, quote.ID, sale.Invoicing{Stage: sale.Deposit, Amount: room + 1})
		if e := fault.All(err); len(e) != 1 || e[0].Key != "sale.fault.deposit_left" || e[0].Field != "amount" {
			t.Errorf("a deposit beyond what is left: %v", err)
		}
		last := left()
		if all, err = h.InvoicedOf(t.Context(), h.ada, quote.ID); err != nil || all.Left != 0 || all.Sold != quote.Totals.Gross || all.Waiting != 0 || last.Totals.Gross != room {
			t.Errorf("in the end: %+v %v", all, err)
		}
		for _, how := range []sale.Invoicing{{Stage: sale.Deposit, Amount: 1_00}, {Stage: sale.Progress, Done: []money.Rate{money.One}}, {Stage: sale.Balance}} {
			_, err := h.StartInvoice(t.Context(), h.ada, quote.ID, how)
			if !slices.ContainsFunc(fault.All(err), func(e *fault.Error) bool { return e.Key == "office.quote_invoiced" }) {
				t.Errorf("%s on a quote that is invoiced whole: %v", how.Stage, err)
			}
		}
		h.clean(t)
	})
}

// made is a document as it stands.
func (h *dated) made(t *testing.T, id int64) sale.Document {
	t.Helper()
	s, err := h.Document(t.Context(), h.gestionary, id)
	must(t, err)
	return s.Doc
}

// An invoice that is doubtful already is told so, not that nothing is owed.
func TestDoubtTwice(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		inv := h.invoiced(t, h.customer(t), 1000_00, "2026-02-02")
		must(t, h.Doubt(t.Context(), h.gestionary, inv.ID, "redressement"))
		err := h.Doubt(t.Context(), h.gestionary, inv.ID, "redressement")
		if e := fault.All(err); len(e) != 1 || e[0].Key != "sale.fault.doubtful_already" {
			t.Errorf("%v", err)
		}
	})
}
