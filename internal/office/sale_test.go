package office_test

import (
	"errors"
	"essaim/internal/office"
	"slices"
	"strings"
	"testing"

	"essaim/access"
	"essaim/activity"
	"essaim/coop"
	"essaim/date"
	"essaim/i18n"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/member"
	"essaim/money"
	"essaim/sale"
)

// nord is the entrepreneur of the second activity.
func (h *house) nord(t *testing.T) access.Actor {
	t.Helper()
	second, err := h.Activity(t.Context(), h.system, storetest.Second)
	must(t, err)
	second.Shares = []activity.Share{{Person: storetest.Reader, From: date.MustParse("2026-01-01"), Parts: 1}}
	_, err = h.SaveActivity(t.Context(), h.system, second)
	must(t, err)
	return access.Actor{Coop: h.coop, Person: storetest.Reader, Roles: []member.Role{member.Entrepreneur}, Activities: []int64{storetest.Second}, Today: storetest.Today}
}

func private(name string) sale.Customer {
	return sale.Customer{Activity: storetest.Second, Kind: sale.Consumer, Name: name, FirstName: "Zoé", Email: "zoe@exemple.example", Address: coop.Address{Line1: "3 rue cachée", Zip: "69001", City: "Lyon"}}
}

// The customer of another activity is refused whichever way a document is written (practice 9).
func TestCustomerOfAnotherActivity(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		c, err := h.SaveCustomer(t.Context(), h.nord(t), private("Secret"), "")
		must(t, err)
		d := sale.Document{Kind: sale.Quote, Activity: storetest.First, Customer: c.ID, Content: services(100_00)}
		_, err = h.CreateAndSubmit(t.Context(), h.ada, d, "")
		refusal(t, err, "customer", "office.customer_elsewhere")
		_, err = h.SaveDraft(t.Context(), h.ada, d, "")
		refusal(t, err, "customer", "office.customer_elsewhere")
	})
}

// A quote is invoiced in full once: then its invoice is named. In parts it goes on until the whole, and a credit note
// makes room again.
func TestQuoteIsInvoicedOnce(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		c := h.customer(t)
		quote := func(net money.Cents) sale.Document {
			d, err := h.CreateAndSubmit(t.Context(), h.ada, sale.Document{Kind: sale.Quote, Activity: storetest.First, Customer: c.ID, Content: services(net)}, "")
			must(t, err)
			d, err = h.RecordAcceptance(t.Context(), h.ada, d.ID, office.Agreement{Name: "Odile"}, storetest.Today)
			must(t, err)
			return d
		}
		from := func(q sale.Document, net money.Cents) (sale.Document, error) {
			return h.CreateAndSubmit(t.Context(), h.ada, sale.Document{Kind: sale.Invoice, Activity: storetest.First, Customer: c.ID, Origin: q.ID, Content: services(net)}, "")
		}
		q := quote(100_00)
		waits, err := h.SaveDraft(t.Context(), h.ada, sale.Document{Kind: sale.Invoice, Activity: storetest.First, Origin: q.ID, Content: services(100_00)}, "")
		must(t, err)
		inv, err := from(q, 100_00)
		must(t, err)
		_, err = from(q, 100_00)
		refusal(t, err, "origin", "office.quote_in_reading")
		inv, err = h.Validate(t.Context(), h.gestionary, inv.ID, 0)
		must(t, err)
		for _, try := range []func() error{
			func() error { _, err := from(q, 10_00); return err },
			func() error { _, err := h.Start(t.Context(), h.ada, sale.Invoice, storetest.First, q.ID); return err },
			func() error { _, err := h.Submit(t.Context(), h.ada, waits.ID, 0); return err },
		} {
			refusal(t, try(), "origin", "office.quote_invoiced")
		}
		h.credit(t, inv, 0)
		again, err := from(q, 100_00)
		must(t, err)
		_, err = h.Validate(t.Context(), h.gestionary, again.ID, 0)
		must(t, err)

		q = quote(100_00)
		for range 2 {
			_, err := from(q, 50_00)
			must(t, err)
		}
		_, err = from(q, 50_00)
		refusal(t, err, "origin", "office.quote_in_reading")
	})
}

// credit issues a credit note of an invoice: the whole, or a price for its first line.
func (h *house) credit(t *testing.T, inv sale.Document, price money.Cents) sale.Document {
	t.Helper()
	s, err := h.Start(t.Context(), h.ada, sale.CreditNote, storetest.First, inv.ID)
	must(t, err)
	s.Doc.Content.Reason = "Annulé"
	if price != 0 {
		s.Doc.Content.Lines[0].Quantity, s.Doc.Content.Lines[0].Price = money.Unit, price.Micro()
	}
	d, err := h.CreateAndSubmit(t.Context(), h.ada, s.Doc, "")
	must(t, err)
	if d.Status == sale.Submitted {
		d, err = h.Validate(t.Context(), h.gestionary, d.ID, 0)
		must(t, err)
	}
	return d
}

// Anyone of a joint activity who is under CAPE decides the mention, the reading and « CAPE over », the author first
// (Code de commerce R127-3, practice 34).
func TestJointActivityUnderCAPE(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		bob := member.Person{FirstName: "Bob", LastName: "Vidal", Email: "bob@vidal.example", Lang: "fr", Grants: []member.Grant{{Role: member.Entrepreneur, From: date.MustParse("2026-01-01")}}}
		must(t, h.db.Write(t.Context(), h.coop, func(tx *store.Tx) error { return tx.SavePerson(&bob) }))
		for _, c := range []member.Contract{
			{Person: storetest.Person, Kind: member.CESA, Start: date.MustParse("2025-01-06")},
			{Person: bob.ID, Kind: member.CAPE, Start: date.MustParse("2026-01-01"), End: date.MustParse("2026-11-30"), Term: 1},
		} {
			_, err := h.SaveContract(t.Context(), h.system, c)
			must(t, err)
		}
		act, err := h.Activity(t.Context(), h.system, storetest.First)
		must(t, err)
		act.Shares = append(act.Shares, activity.Share{Person: bob.ID, From: date.MustParse("2026-01-01"), Parts: 1})
		_, err = h.SaveActivity(t.Context(), h.system, act)
		must(t, err)
		c := h.customer(t)
		for range 5 {
			h.invoiced(t, c, 10_00, "2026-11-22")
		}
		write := func(author access.Actor) (sale.Document, error) {
			content := services(100_00)
			content.Delivered = storetest.Today
			return h.CreateAndSubmit(t.Context(), author, sale.Document{Kind: sale.Invoice, Activity: storetest.First, Customer: c.ID, Content: content}, "")
		}
		his := access.Actor{Coop: h.coop, Person: bob.ID, Roles: []member.Role{member.Entrepreneur}, Activities: []int64{storetest.First}, Today: storetest.Today}
		for _, author := range []access.Actor{h.ada, his} {
			d, err := write(author)
			must(t, err)
			s, err := h.Document(t.Context(), h.gestionary, d.ID)
			must(t, err)
			if d.Status != sale.Submitted || d.ReadRule != "sale.read.cape" {
				t.Errorf("written by %d: %s, %s", author.Person, d.Status, d.ReadRule)
			}
			paper := strings.Join(sale.Print(s.Doc, s.Facts, i18n.For("fr")).Mentions, "\n")
			if !strings.Contains(paper, "Bob Vidal bénéficie d’un contrat d’appui") || strings.Contains(paper, "Ada Morel bénéficie") {
				t.Errorf("mentions: %s", paper)
			}
			if first := map[int64]string{1: "Ada Morel", bob.ID: "Bob Vidal"}[author.Person]; s.Facts.Entrepreneur != first || len(s.Facts.Others) != 1 {
				t.Errorf("written by %d, signed by %s", author.Person, s.Facts.Entrepreneur)
			}
		}
		h.on("2026-12-01")
		_, err = write(h.ada)
		refusal(t, err, "", "sale.fault.cape_over")
		act.Shares[len(act.Shares)-1].Until = date.MustParse("2026-11-30")
		_, err = h.SaveActivity(t.Context(), h.system, act)
		must(t, err)
		d, err := write(h.ada)
		must(t, err)
		if d.Status == sale.Submitted {
			t.Errorf("he has left: %s", d.ReadRule)
		}
	})
}

// Goods are invoiced on the day of their delivery: neither their VAT nor their sale comes before it.
func TestGoodsDeliveredLater(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		content := services(1000_00)
		content.Lines[0].Nature, content.Lines[0].Tax, content.Delivered = "made", "G20", date.MustParse("2026-11-30")
		d := sale.Document{Kind: sale.Invoice, Activity: storetest.First, Customer: h.customer(t).ID, Content: content}
		_, err := h.CreateAndSubmit(t.Context(), h.ada, d, "")
		refusal(t, err, "delivered", "sale.fault.goods_ahead")
		h.on("2026-11-30")
		d, err = h.CreateAndSubmit(t.Context(), h.ada, d, "")
		must(t, err)
		_, err = h.Validate(t.Context(), h.gestionary, d.ID, 0)
		must(t, err)
		amounts(t, []money.Cents{h.moved(t, "701", 11), h.moved(t, "44571", 11)}, []money.Cents{-1000_00, -200_00})
	})
}

// Credit notes add up: what leaves alone of one invoice is bounded in all, not each.
func TestCreditNotesAddUp(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		inv := h.invoiced(t, h.customer(t), 9000_00, "2026-11-22")
		alone := func(price money.Cents) bool { return h.credit(t, inv, price).ValidatedBy == 0 }
		for i, want := range []bool{true, true, false, false} { // 250, 500, 500.01, 600.01
			if got := alone([]money.Cents{250_00, 250_00, 1, 100_00}[i]); got != want {
				t.Errorf("credit note %d leaves alone: %v", i+1, got)
			}
		}
		h.clean(t)
	})
}

// A quote that is reopened and validated again is frozen twice: the chain keeps both, and the document is compared with
// the last.
func TestReopenedQuoteIsFrozenAgain(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		clean := func(want ...string) {
			t.Helper()
			found, err := h.db.Verify(t.Context())
			must(t, err)
			var keys []string
			for _, f := range found {
				keys = append(keys, f.Key)
			}
			if !slices.Equal(keys, want) {
				t.Fatalf("verify: %+v", found)
			}
		}
		c := h.customer(t)
		d, err := h.CreateAndSubmit(t.Context(), h.ada, sale.Document{Kind: sale.Quote, Activity: storetest.First, Customer: c.ID, Content: services(100_00)}, "")
		must(t, err)
		clean()
		d, err = h.Reopen(t.Context(), h.ada, d.ID)
		must(t, err)
		clean()
		d.Content = services(120_00)
		d, err = h.SaveDraft(t.Context(), h.ada, d, "")
		must(t, err)
		clean()
		d, err = h.Submit(t.Context(), h.ada, d.ID, 0)
		must(t, err)
		clean()
		_, err = h.RecordAcceptance(t.Context(), h.ada, d.ID, office.Agreement{Name: "Odile"}, storetest.Today)
		must(t, err)
		clean()
		heads, err := h.db.Heads(t.Context())
		must(t, err)
		if i := slices.IndexFunc(heads, func(x store.Head) bool { return x.Name == "validation" }); i < 0 || heads[i].N != 2 {
			t.Errorf("heads: %+v", heads)
		}
		must(t, h.db.Write(t.Context(), h.coop, func(tx *store.Tx) error {
			d, err := tx.Sale(d.ID)
			d.ReadRule = "x"
			return errors.Join(err, tx.SaveSale(&d))
		}))
		clean("verify.document_changed")
	})
}
