package office_test

import (
	"slices"
	"strings"
	"testing"

	"essaim/coop"
	"essaim/fault"
	"essaim/i18n"
	"essaim/internal/store/storetest"
	"essaim/money"
	"essaim/sale"
)

// A form that brings back an invoice of a quote cannot change what was invoiced before it, the VAT of what it deducts or
// the works of the quote; and two situations written at once do not invoice the same works twice: the second is refused, and
// taking the amounts up is one gesture.
func TestStageIsTakenFromTheBooks(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		h.on("2026-11-23")
		c := services(0)
		c.Lines = []sale.Line{{Label: "Réseau", Nature: "works", Quantity: money.Unit, Price: money.Cents(4000_00).Micro(), Tax: "S20"}}
		act, err := h.Activity(t.Context(), h.system, storetest.First)
		must(t, err)
		act.Insurance = "Décennale, Assurances du Bâti, France entière"
		act.Cover = coop.Cover{Insurer: "Assurances du Bâti", Contract: "7", Zone: "France", From: h.ada.Today - 10, Until: h.ada.Today + 400}
		_, err = h.SaveActivity(t.Context(), h.system, act)
		must(t, err)
		quote := h.accepted(t, h.customer(t).ID, c)
		deposit := h.next(t, quote.ID, sale.Invoicing{Stage: sale.Deposit, Share: 300_000})

		s, err := h.StartInvoice(t.Context(), h.ada, quote.ID, sale.Invoicing{Stage: sale.Progress, Done: []money.Rate{500_000}})
		must(t, err)
		forged := s.Doc
		forged.Content.Delivered = h.ada.Today
		forged.Content.Lines = slices.Clone(forged.Content.Lines)
		forged.Content.Lines[0].Price, forged.Content.Lines[0].Before = money.Cents(1_00).Micro(), -500_00
		forged.Content.Lines[1].VAT = -480_00
		forged.Content.Before = []sale.Part{{Nature: "works", Tax: "S20", Net: -500_00, VAT: -100_00}}
		one, err := h.SaveDraft(t.Context(), h.ada, forged, "one")
		must(t, err)
		if l := one.Content.Lines; one.Totals.Net != 1400_00 || one.Totals.VAT != 280_00 || l[0].Before != 0 || l[1].VAT != -120_00 || l[1].Deposit != deposit.ID {
			t.Errorf("a forged form: %+v %+v", one.Totals, l)
		}
		one.Content.Lines[1].VAT = -1
		one, err = h.SaveDraft(t.Context(), h.ada, one, "")
		must(t, err)
		if one.Content.Lines[1].VAT != -120_00 {
			t.Errorf("forged when it was changed: %+v", one.Content.Lines[1])
		}
		seen, err := h.Preview(t.Context(), h.ada, forged)
		must(t, err)
		if seen.Doc.Totals.Gross != one.Totals.Gross || seen.Staged == nil || len(seen.Staged.Proposed) != 1 {
			t.Errorf("its preview: %+v", seen.Doc.Totals)
		}

		h.next(t, quote.ID, sale.Invoicing{Stage: sale.Progress, Done: []money.Rate{400_000}}) // another one passes first
		if _, err := h.Submit(t.Context(), h.ada, one.ID, 0); !slices.ContainsFunc(fault.All(err), func(e *fault.Error) bool { return e.Key == "sale.fault.situation_stale" }) {
			t.Errorf("what was invoiced meanwhile is invoiced again: %v", err)
		} else if words := i18n.For("fr").Fault(fault.All(err)[0]); !strings.Contains(words, "La situation n° 1 de ce devis (F-2026-") || !strings.Contains(words, "devient la n° 2") {
			t.Errorf("what came between is not told: %s", words)
		}
		one.Content.Lines[1].Price = 0 // what is proposed today
		one, err = h.SaveDraft(t.Context(), h.ada, one, "")
		must(t, err)
		if one.Content.Situation != 2 || one.Content.Lines[0].Before != 1600_00 {
			t.Errorf("taken up: %+v", one.Content)
		}
		_, err = h.Submit(t.Context(), h.ada, one.ID, 0)
		must(t, err)
		h.clean(t)

		// A credit note of the deposit is of a deposit, whatever the form says.
		dep := h.next(t, h.accepted(t, quote.Customer, c).ID, sale.Invoicing{Stage: sale.Deposit, Share: 100_000})
		cn, err := h.Start(t.Context(), h.ada, sale.CreditNote, storetest.First, dep.ID)
		must(t, err)
		cn.Doc.Content.Stage, cn.Doc.Content.Reason = "", "chantier annulé"
		d, err := h.CreateAndSubmit(t.Context(), h.ada, cn.Doc, "")
		must(t, err)
		if d.Content.Stage != sale.Deposit {
			t.Errorf("the credit note is of %q", d.Content.Stage)
		}
		if d.Status == sale.Submitted {
			_, err = h.Validate(t.Context(), h.gestionary, d.ID, 0)
			must(t, err)
		}
		h.clean(t)
	})
}
