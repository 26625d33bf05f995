package office_test

import (
	"strings"
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

// consumer is a customer who is nobody's trade.
func (h *house) consumer(t *testing.T) sale.Customer {
	t.Helper()
	c, err := h.SaveCustomer(t.Context(), h.ada, sale.Customer{
		Activity: storetest.First, Kind: sale.Consumer, Name: "Martin", FirstName: "Odile", Email: "odile@exemple.fr",
		Address: coop.Address{Line1: "3 rue Basse", Zip: "34700", City: "Lodève", Country: "FR"},
	}, "")
	must(t, err)
	return c
}

// promised is a quote of Ada's to a consumer, on a link.
func (h *house) promised(t *testing.T, papers sale.Papers, natures ...string) (d sale.Document, token string) {
	t.Helper()
	c := services(1000_00)
	c.Lines = nil
	for _, n := range natures {
		l := sale.Line{Label: "Un " + n, Nature: n, Quantity: money.Unit, Price: money.Cents(1000_00).Micro(), Tax: "S20"}
		if n == "goods" {
			l.Tax = "G20"
		}
		c.Lines = append(c.Lines, l)
	}
	c.Papers, c.ValidUntil = &papers, h.ada.Today+30
	d, err := h.SaveDraft(t.Context(), h.ada, sale.Document{Kind: sale.Quote, Activity: storetest.First, Customer: h.consumer(t).ID, Content: c}, "")
	must(t, err)
	d, err = h.Submit(t.Context(), h.ada, d.ID, 0)
	must(t, err)
	return d, h.link(t, d.ID)
}

var (
	martin = office.Agreement{Name: "Odile Martin", Words: "Bon pour accord", Address: "192.0.2.7", Agent: "Phone/1"}
	leaves = office.Withdrawal{Name: "Odile Martin", Mail: "odile@exemple.fr", Address: "192.0.2.8", Agent: "Phone/1"}
)

// Code de la consommation L221-18, L221-19, L221-21 and D221-5: a consumer withdraws on the link as long as the period
// lasts, whatever became of the link; what they declared is chained, the quote is no longer invoiced, the activity knows
// what to give back.
func TestAConsumerWithdraws(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		h.on("2026-10-28") // 14 days later is a holiday, 11 November
		quote, token := h.promised(t, sale.Papers{Place: sale.Distance}, "service")
		refused := func(w office.Withdrawal, field, key string) {
			t.Helper()
			_, err := h.WithdrawOnLink(t.Context(), h.coop, token, w)
			if all := fault.All(err); len(all) == 0 || all[0].Field != field || all[0].Key != key {
				t.Errorf("%v and not %s on %q", err, key, field)
			}
		}
		refused(leaves, "", "office.withdraw_none") // nothing was accepted
		_, err := h.SignQuote(t.Context(), h.coop, token, martin)
		must(t, err)
		must(t, h.RevokeLinks(t.Context(), h.ada, quote.ID))
		v, err := h.OpenLink(t.Context(), h.coop, token, "fr")
		must(t, err)
		if !v.MayWithdraw || v.Until != date.MustParse("2026-11-12") || !v.Consumer || v.Mail != "odile@exemple.fr" {
			t.Errorf("%v until %v", v.MayWithdraw, v.Until)
		}
		deposit, err := h.StartInvoice(t.Context(), h.ada, quote.ID, sale.Invoicing{Stage: sale.Deposit, Amount: 300_00})
		must(t, err)
		deposit.Doc.Content.Delivered = h.ada.Today
		inv, err := h.CreateAndSubmit(t.Context(), h.ada, deposit.Doc, "")
		must(t, err)
		if inv.Status == sale.Submitted {
			inv, err = h.Validate(t.Context(), h.gestionary, inv.ID, 0)
			must(t, err)
		}
		h.on("2026-11-12")
		refused(office.Withdrawal{Name: "O", Mail: "odile@exemple.fr"}, "name", "office.sign_name")
		refused(office.Withdrawal{Name: "Odile Martin"}, "mail", "office.withdraw_mail")
		for range 2 { // a second click changes nothing
			d, err := h.WithdrawOnLink(t.Context(), h.coop, token, leaves)
			must(t, err)
			if d.Status != sale.Refused || d.Signed.Withdrawn == 0 || d.Signed.Name != "Odile Martin" {
				t.Fatalf("%s %+v", d.Status, d.Signed)
			}
		}
		p, err := h.Proof(t.Context(), h.gestionary, quote.ID)
		must(t, err)
		if !p.Withdrawn || !p.Whole || p.Mail != "odile@exemple.fr" || p.Address != "192.0.2.8" || p.Name != "Odile Martin" {
			t.Errorf("%+v", p.Proof)
		}
		if _, err := h.StartInvoice(t.Context(), h.ada, quote.ID, sale.Invoicing{Stage: sale.Balance}); fault.KindOf(err) != fault.Conflict {
			t.Errorf("it is still invoiced: %v", err)
		}
		w, err := h.Waiting(t.Context(), h.ada, storetest.First)
		must(t, err)
		if len(w.Withdrawn) != 1 || len(w.Withdrawn[0].Left) != 1 || w.Withdrawn[0].Left[0].ID != inv.ID || w.Withdrawn[0].By != date.MustParse("2026-11-26") {
			t.Errorf("%+v", w.Withdrawn)
		}
		if found := h.sound(t); len(found) != 0 {
			t.Errorf("%+v", found)
		}
		// Offered again under its number and accepted again, the books of signatures hold.
		again, err := h.Reopen(t.Context(), h.ada, quote.ID)
		must(t, err)
		_, err = h.Submit(t.Context(), h.ada, again.ID, again.Version)
		must(t, err)
		_, err = h.RecordAcceptance(t.Context(), h.ada, quote.ID, office.Agreement{Name: "Odile Martin"}, 0)
		must(t, err)
		if found := h.sound(t); len(found) != 0 {
			t.Errorf("%+v", found)
		}
		_, err = h.RecordWithdrawal(t.Context(), h.ada, quote.ID, "Odile Martin")
		must(t, err)
		if found := h.sound(t); len(found) != 0 {
			t.Errorf("%+v", found)
		}
	})
}

// The period ends; goods are apart until they are delivered; what gives no such right says so; what is signed at the shop
// is not signed on the link.
func TestWhatAConsumerMayNotWithdrawFrom(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		h.on("2026-10-28")
		_, late := h.promised(t, sale.Papers{Place: sale.Home}, "service")
		_, goods := h.promised(t, sale.Papers{Place: sale.Home}, "service", "goods")
		bespokeQuote, bespoke := h.promised(t, sale.Papers{Place: sale.Home, Waiver: "bespoke"}, "goods")
		_, shop := h.promised(t, sale.Papers{Place: sale.Shop}, "goods")
		for _, token := range []string{late, goods, bespoke} {
			_, err := h.SignQuote(t.Context(), h.coop, token, martin)
			must(t, err)
		}
		is := func(err error, key string) {
			t.Helper()
			if all := fault.All(err); len(all) == 0 || all[0].Key != key {
				t.Errorf("%v and not %s", err, key)
			}
		}
		_, err := h.SignQuote(t.Context(), h.coop, shop, martin)
		is(err, "office.link_shop")
		h.on("2026-11-13")
		_, err = h.WithdrawOnLink(t.Context(), h.coop, late, leaves)
		is(err, "office.withdraw_over")
		_, err = h.WithdrawOnLink(t.Context(), h.coop, bespoke, leaves)
		is(err, "office.withdraw_none")
		_, err = h.RecordWithdrawal(t.Context(), h.ada, bespokeQuote.ID, "Odile Martin")
		is(err, "office.withdraw_none")
		h.on("2027-03-01") // long after the link is over: the goods were never delivered
		v, err := h.OpenLink(t.Context(), h.coop, goods, "fr")
		must(t, err)
		if !v.MayWithdraw || v.Until != 0 {
			t.Errorf("%v until %v", v.MayWithdraw, v.Until)
		}
		_, err = h.OpenLink(t.Context(), h.coop, late, "fr")
		is(err, "office.link_over")
	})
}

// A withdrawal that somebody takes out of the document is found.
func TestVerifyFindsAHiddenWithdrawal(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		quote, token := h.promised(t, sale.Papers{Place: sale.Distance}, "service")
		_, err := h.SignQuote(t.Context(), h.coop, token, martin)
		must(t, err)
		_, err = h.WithdrawOnLink(t.Context(), h.coop, token, leaves)
		must(t, err)
		storetest.Write(t, db, h.coop, func(tx *store.Tx) error {
			d, err := tx.Sale(quote.ID)
			must(t, err)
			d.Signed.Withdrawn = 0
			return tx.SaveSale(&d)
		})
		told := false
		for _, f := range h.sound(t) {
			told = told || strings.HasPrefix(f.Key, "verify.signature")
		}
		if !told {
			t.Error("nothing is told")
		}
	})
}
