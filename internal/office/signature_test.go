package office_test

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"strings"
	"testing"

	"essaim/fault"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/money"
	"essaim/sale"
)

// offered is a quote of Ada's with an option and a variant, sent on a link.
func (h *house) offered(t *testing.T) (d sale.Document, token string) {
	t.Helper()
	c := services(1000_00)
	priced := func(label, variant, option string, net money.Cents) sale.Line {
		return sale.Line{Label: label, Nature: "service", Quantity: money.Unit, Price: net.Micro(), Tax: "S20", Variant: variant, Option: option}
	}
	c.Lines = append(c.Lines, priced("Livret", "", "Livret", 100_00), priced("Terre blanche", "Terre", "blanche", 50_00), priced("Terre noire", "Terre", "noire", 80_00))
	c.ValidUntil = storetest.Today + 30
	d, err := h.SaveDraft(t.Context(), h.ada, sale.Document{Kind: sale.Quote, Activity: storetest.First, Customer: h.customer(t).ID, Content: c}, "")
	must(t, err)
	d, err = h.Submit(t.Context(), h.ada, d.ID, 0)
	must(t, err)
	if d.Totals.Gross != 1260_00 {
		t.Fatalf("the quote comes to %v", d.Totals.Gross)
	}
	return d, h.link(t, d.ID)
}

func (h *house) link(t *testing.T, id int64) string {
	t.Helper()
	link, err := h.Link(t.Context(), h.ada, id)
	must(t, err)
	return link[strings.LastIndex(link, "/")+1:]
}

var odile = office.Agreement{Name: "Odile Martin", Words: "Bon pour accord", Address: "192.0.2.7", Agent: "Phone/1", Drawn: "M10 20L30 40", Options: []string{"Livret"}, Variants: map[string]string{"Terre": "noire"}}

// sound fails when verify finds something.
func (h *house) sound(t *testing.T) []store.Finding {
	t.Helper()
	found, err := h.db.Verify(t.Context())
	must(t, err)
	return found
}

// The customer takes an option and an alternative and signs: what was taken is what was hashed, what is invoiced, and what
// the evidence holds.
func TestCustomerChoosesAndSigns(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		quote, token := h.offered(t)
		for field, g := range map[string]office.Agreement{
			"variant": {Name: "Odile Martin"}, "option": {Name: "Odile Martin", Options: []string{"Rien"}, Variants: odile.Variants}, "drawn": {Name: "Odile Martin", Drawn: `"/><script>`},
		} {
			_, err := h.SignQuote(t.Context(), h.coop, token, g)
			if all := fault.All(err); len(all) == 0 || all[0].Field != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		signed, err := h.SignQuote(t.Context(), h.coop, token, odile)
		must(t, err)
		if signed.Totals.Gross != 1000_00*6/5+120_00+96_00 || signed.Status != sale.Accepted {
			t.Fatalf("%s %v", signed.Status, signed.Totals.Gross)
		}
		p, err := h.Proof(t.Context(), h.gestionary, quote.ID)
		must(t, err)
		sum := sha256.Sum256(p.Content)
		if !p.Whole || hex.EncodeToString(sum[:]) != p.Hash || p.Name != "Odile Martin" || p.Address != "192.0.2.7" || p.Agent != "Phone/1" || p.Words != "Bon pour accord" || p.Drawn != odile.Drawn || p.Gross != signed.Totals.Gross || p.At == 0 || len(p.Link) != 64 {
			t.Errorf("%+v", p.Proof)
		}
		if !strings.Contains(string(p.Content), `"chosen":true`) {
			t.Errorf("%s", p.Content)
		}
		if found := h.sound(t); len(found) != 0 {
			t.Errorf("%+v", found)
		}
		inv, err := h.Start(t.Context(), h.ada, sale.Invoice, storetest.First, quote.ID)
		must(t, err)
		if len(inv.Doc.Content.Lines) != 3 || inv.Doc.Content.HasChoices() {
			t.Errorf("%+v", inv.Doc.Content.Lines)
		}
	})
}

// A link that has served, was withdrawn, is over, or was made for another content is refused in words, and nothing changes.
func TestLinksAreNotReplayed(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		refused := func(token string, g office.Agreement, kind fault.Kind, key string) {
			t.Helper()
			_, err := h.SignQuote(t.Context(), h.coop, token, g)
			if fault.KindOf(err) != kind || fault.All(err)[0].Key != key {
				t.Errorf("%v and not %s", err, key)
			}
		}
		quote, first := h.offered(t)
		_, err := h.RefuseQuote(t.Context(), h.ada, quote.ID)
		must(t, err)
		d, err := h.Reopen(t.Context(), h.ada, quote.ID)
		must(t, err)
		d.Content.Lines[0].Price = money.Cents(900_00).Micro()
		d, err = h.SaveDraft(t.Context(), h.ada, d, "")
		must(t, err)
		_, err = h.Submit(t.Context(), h.ada, d.ID, d.Version)
		must(t, err)
		refused(first, odile, fault.Conflict, "office.link_changed")
		if v, err := h.OpenLink(t.Context(), h.coop, first, "fr"); err != nil || !v.Changed {
			t.Errorf("%v %v", v.Changed, err)
		}
		second := h.link(t, quote.ID)
		must(t, h.RevokeLinks(t.Context(), h.ada, quote.ID))
		refused(second, odile, fault.NotFound, "office.link_revoked")
		third := h.link(t, quote.ID)
		signed, err := h.SignQuote(t.Context(), h.coop, third, odile)
		must(t, err)
		again, err := h.SignQuote(t.Context(), h.coop, third, odile) // a second click
		must(t, err)
		if again.Signed != signed.Signed {
			t.Errorf("%+v, then %+v", signed.Signed, again.Signed)
		}
		other := odile
		other.Name = "Quelqu’un d’autre"
		refused(third, other, fault.Conflict, "office.link_used")
		h.on("2027-06-01")
		refused(third, other, fault.NotFound, "office.link_over")
		if found := h.sound(t); len(found) != 0 {
			t.Errorf("%+v", found)
		}
	})
}

// A changed byte of what was signed, or of its trace, is found.
func TestVerifyFindsAChangedSignature(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, address string) {
		h := open(t, storetest.Open(t, store.Options{URL: address}))
		_, token := h.offered(t)
		_, err := h.SignQuote(t.Context(), h.coop, token, odile)
		must(t, err)
		driver := "pgx"
		if file, lite := strings.CutPrefix(address, "sqlite:"); lite {
			driver, address = "sqlite", file
		}
		owner, err := sql.Open(driver, address)
		must(t, err)
		defer func() { must(t, owner.Close()) }()
		alter := func(text string) {
			t.Helper()
			if _, err := owner.ExecContext(t.Context(), text); err != nil {
				t.Fatal(err)
			}
		}
		column := func(table, name string) (value string) {
			t.Helper()
			must(t, owner.QueryRowContext(t.Context(), "SELECT "+name+" FROM "+table+" WHERE coop_id = 1 ORDER BY id DESC LIMIT 1").Scan(&value))
			return value
		}
		for _, x := range []struct{ table, column, from, to, key string }{
			{"sale", "content", "Terre noire", "Terre brune", "verify.signed_changed"},
			{"sale", "signed", "192.0.2.7", "192.0.2.8", "verify.signature_other"},
			{"sale", "signed", "Odile", "Odila", "verify.signature_other"},
			{"signature", "body", "M10 20", "M10 21", "verify.signature_broken"},
			{"signature", "body", "Odile", "Odila", "verify.signature_other"},
		} {
			was := column(x.table, x.column)
			now := strings.Replace(was, x.from, x.to, 1)
			if now == was {
				t.Fatalf("%s of %s does not hold %q: %s", x.column, x.table, x.from, was)
			}
			quote := func(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
			alter("UPDATE " + x.table + " SET " + x.column + " = " + quote(now) + " WHERE " + x.column + " = " + quote(was))
			told := false
			for _, f := range h.sound(t) {
				told = told || f.Key == x.key
			}
			if !told {
				t.Errorf("%s of %s: %s is not told: %+v", x.column, x.table, x.key, h.sound(t))
			}
			alter("UPDATE " + x.table + " SET " + x.column + " = " + quote(was) + " WHERE " + x.column + " = " + quote(now))
		}
		alter("DELETE FROM signature")
		alter("DELETE FROM chain WHERE name = 'signature'")
		if found := h.sound(t); len(found) != 0 { // as one that was signed before there was a chain: its head, kept elsewhere, tells
			t.Errorf("%+v", found)
		}
	})
}

// A quote accepted on paper or by phone is what its customer took of it, as on the link; which alternative is to be said.
func TestAcceptedByHandIsWhatWasTaken(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		quote, _ := h.offered(t)
		_, err := h.RecordAcceptance(t.Context(), h.ada, quote.ID, office.Agreement{Name: "Odile Martin"}, 0)
		if all := fault.All(err); len(all) == 0 || all[0].Field != "variant" {
			t.Fatalf("no alternative: %v", err)
		}
		d, err := h.RecordAcceptance(t.Context(), h.ada, quote.ID, office.Agreement{Name: "Odile Martin", Options: []string{"Livret"}, Variants: map[string]string{"Terre": "noire"}}, 0)
		must(t, err)
		if d.Totals.Gross != 1000_00*6/5+120_00+96_00 || d.Status != sale.Accepted || !d.Signed.Recorded {
			t.Errorf("%s %v", d.Status, d.Totals.Gross)
		}
		if found := h.sound(t); len(found) != 0 {
			t.Errorf("%+v", found)
		}
		inv, err := h.Start(t.Context(), h.ada, sale.Invoice, storetest.First, quote.ID)
		must(t, err)
		if lines := inv.Doc.Content.Lines; len(lines) != 3 || lines[2].Label != "Terre noire" {
			t.Errorf("%+v", lines)
		}
	})
}
