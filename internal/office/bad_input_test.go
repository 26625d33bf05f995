package office_test

import (
	"fmt"
	"maps"
	"testing"

	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/i18n"
	"essaim/internal/office"
	"essaim/internal/store/storetest"
	"essaim/money"
	"essaim/sale"
)

// What people get wrong is refused in words, and nothing is lost: what was written before still stands, no chain has moved,
// and it goes through once it is put right.
func TestBadInputIsRefusedInWords(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		ctx, first, day := t.Context(), int64(storetest.First), storetest.Today
		_, err := h.SaveTaking(ctx, h.ada, first, day, market(180_00, 120_00, 35_00), "")
		must(t, err)
		customer := h.customer(t)
		stands := func() map[string]int64 {
			t.Helper()
			all := map[string]int64{}
			heads, err := h.DB().Heads(ctx)
			must(t, err)
			for _, head := range heads {
				all[head.Name] = head.N
			}
			delete(all, "audit") // what was kept before the refusal is told there
			return all
		}
		// wrong is a deed that must be refused so, in both languages.
		wrong := func(t *testing.T, field, key string, deed func() error) {
			t.Helper()
			before := stands()
			err := deed()
			refused(t, err, field, key)
			for _, e := range fault.All(err) {
				for _, lang := range []string{"fr", "en"} {
					if words := i18n.For(lang).Fault(e); words == "" || words == e.Key {
						t.Errorf("%s has no words in %s", e.Key, lang)
					}
				}
			}
			if after := stands(); !maps.Equal(before, after) {
				t.Errorf("refused, and yet %v became %v", before, after)
			}
		}
		// kept is a draft that stands as it was written, and goes once mended.
		kept := func(t *testing.T, id int64, label string) {
			t.Helper()
			sheet, err := h.Document(ctx, h.ada, id)
			if must(t, err); sheet.Doc.Status != sale.Draft || sheet.Doc.Content.Lines[0].Label != label {
				t.Errorf("the draft is %s: %+v", sheet.Doc.Status, sheet.Doc.Content.Lines)
			}
		}
		submitted := func(t *testing.T, id int64) {
			t.Helper()
			d, err := h.Submit(ctx, h.ada, id, 0)
			if must(t, err); d.Status != sale.Submitted && d.Number == "" {
				t.Errorf("put right, it is %s", d.Status)
			}
		}

		t.Run("till counted below zero", func(t *testing.T) {
			wrong(t, "counted", "till.fault.counted_negative", func() error {
				_, err := h.MoveTill(ctx, h.ada, first, day, sale.TillMove{Kind: sale.TillCount, Counted: -1, Word: "compté"}, "")
				return err
			})
			wrong(t, "", "till.fault.below", func() error {
				_, err := h.MoveTill(ctx, h.ada, first, day, sale.TillMove{Kind: sale.TillBanked, Amount: 180_01}, "")
				return err
			})
			if held := h.held(t, sale.Till); held != 180_00 {
				t.Errorf("the till holds %s", held)
			}
		})

		t.Run("payout larger than its cards", func(t *testing.T) {
			p := sale.Payout{Acquirer: "SumUp", How: sale.FeeExempt, Fee: 1_00, Net: 119_01, Parts: []sale.PayoutPart{{Activity: first, Card: 120_01}}}
			wrong(t, "parts[0].card", "till.fault.payout_more", func() error { _, err := h.SavePayout(ctx, h.gestionary, day, p, ""); return err })
			if held := h.held(t, sale.Cards); held != 120_00 {
				t.Errorf("cards hold %s", held)
			}
			p.Parts[0].Card, p.Net = 120_00, 119_00
			_, err := h.SavePayout(ctx, h.gestionary, day, p, "")
			must(t, err)
		})

		t.Run("certificate missing", func(t *testing.T) {
			act, err := h.Activity(ctx, h.system, first)
			must(t, err)
			act.Natures = append(act.Natures, "works")
			act.Cover = coop.Cover{Insurer: "Assurances du Bâti", Contract: "7 045", Zone: "France", From: date.MustParse("2026-01-01"), Until: date.MustParse("2027-12-31")}
			act.Insurance = "Décennale, Assurances du Bâti, France"
			_, err = h.SaveActivity(ctx, h.system, act)
			must(t, err)
			odile, err := h.SaveCustomer(ctx, h.ada, sale.Customer{Activity: first, Kind: sale.Consumer, FirstName: "Odile", Name: "Brun", Address: coop.Address{Line1: "3 rue Basse", Zip: "34700", City: "Lodève", Country: "FR"}}, "")
			must(t, err)
			d, err := h.SaveDraft(ctx, h.ada, sale.Document{Kind: sale.Invoice, Activity: first, Customer: odile.ID, Content: sale.Content{Title: "Tableau", DueDays: 30, Delivered: day,
				Lines:  []sale.Line{{Label: "Tableau électrique", Nature: "works", Quantity: money.Unit, Price: money.Cents(800_00).Micro(), Tax: "S10"}},
				Papers: &sale.Papers{Housing: &sale.Housing{Old: true, Address: "3 rue Basse, 34700 Lodève", Work: "improve"}},
			}}, "")
			must(t, err)
			wrong(t, "housing", "sale.fault.certificate_missing", func() error { _, err := h.Submit(ctx, h.ada, d.ID, 0); return err })
			kept(t, d.ID, "Tableau électrique")
			_, err = h.Attach(ctx, h.ada, fmt.Sprintf("sale:%d", d.ID), "certificate", office.Upload{Name: "Attestation.pdf", Body: []byte("%PDF-1.4\nsigned\nstartxref\n0\n%%EOF")})
			must(t, err)
			submitted(t, d.ID)
		})

		t.Run("customer deleted by the public register", func(t *testing.T) {
			d, err := h.SaveDraft(ctx, h.ada, sale.Document{Kind: sale.Invoice, Activity: first, Customer: customer.ID, Content: services(100_00)}, "")
			must(t, err)
			quote, err := h.SaveDraft(ctx, h.ada, sale.Document{Kind: sale.Quote, Activity: first, Customer: customer.ID, Content: services(100_00)}, "")
			must(t, err)
			ahead := customer
			ahead.Ceased = day + 1
			wrong(t, "ceased", "sale.fault.ceased_ahead", func() error { _, err := h.SaveCustomer(ctx, h.ada, ahead, ""); return err })
			customer.Ceased = day - 3
			customer, err = h.SaveCustomer(ctx, h.ada, customer, "")
			must(t, err)
			wrong(t, "customer", "sale.fault.customer_ceased", func() error { _, err := h.Submit(ctx, h.ada, d.ID, 0); return err })
			wrong(t, "customer", "sale.fault.customer_ceased", func() error { _, err := h.Submit(ctx, h.ada, quote.ID, 0); return err })
			kept(t, d.ID, services(0).Lines[0].Label)
			sheet, err := h.Document(ctx, h.ada, d.ID) // what was done before is still invoiced
			must(t, err)
			sheet.Doc.Content.Delivered = day - 4
			_, err = h.SaveDraft(ctx, h.ada, sheet.Doc, "")
			must(t, err)
			submitted(t, d.ID)
			customer.Ceased = 0
			customer, err = h.SaveCustomer(ctx, h.ada, customer, "")
			must(t, err)
		})

		t.Run("signature link replayed", func(t *testing.T) {
			quote, token := h.offered(t)
			_, err := h.SignQuote(ctx, h.coop, token, odile)
			must(t, err)
			other := odile
			other.Name = "Quelqu’un d’autre"
			wrong(t, "", "office.link_used", func() error { _, err := h.SignQuote(ctx, h.coop, token, other); return err })
			sheet, err := h.Document(ctx, h.ada, quote.ID)
			if must(t, err); sheet.Doc.Signed.Name != odile.Name {
				t.Errorf("signed by %q", sheet.Doc.Signed.Name)
			}
		})
		h.clean(t)
	})
}
