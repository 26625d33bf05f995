package office_test

import (
	"testing"

	"essaim/access"
	"essaim/activity"
	"essaim/coop"
	"essaim/date"
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
			d, err = h.RecordAcceptance(t.Context(), h.ada, d.ID, "Odile", storetest.Today)
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
