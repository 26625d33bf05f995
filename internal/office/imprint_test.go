package office_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"essaim/coop"
	"essaim/i18n"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/sale"
)

// What a document says never changes once it is validated, on the page, on the link and in the file, whatever becomes of its
// customer, of the cooperative and of its terms: the file that is laid out late is the one that would have been laid out at
// once. What is tampered with of it is found.
func TestADocumentStaysAsItWasValidated(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		h.on("2026-11-02")
		c := h.customer(t)
		inv := h.invoiced(t, c, 100_00, "2026-11-02")
		quote, token := h.offered(t)
		print := func(id int64) string {
			t.Helper()
			s, err := h.Document(t.Context(), h.ada, id)
			must(t, err)
			b, err := json.Marshal(sale.Print(s.Doc, s.Facts, i18n.For("fr")))
			must(t, err)
			return string(b)
		}
		link := func() string {
			t.Helper()
			v, err := h.OpenLink(t.Context(), h.coop, token, "fr")
			must(t, err)
			b, err := json.Marshal(v.Paper)
			must(t, err)
			return string(b)
		}
		invoice, offer, page := print(inv.ID), print(quote.ID), link()
		if !strings.Contains(invoice, "trois fois le taux") || !strings.Contains(invoice, "Brindille") {
			t.Fatal(invoice)
		}
		h.on("2026-11-20")
		storetest.Write(t, h.db, h.coop, func(tx *store.Tx) error {
			for _, id := range []int64{inv.Customer, quote.Customer} {
				x, err := tx.Customer(id)
				must(t, err)
				x.Name, x.Address.Line1, x.Kind, x.SIREN = "Autre nom", "99 rue Nouvelle", sale.Consumer, ""
				must(t, tx.SaveCustomer(&x))
			}
			set, err := tx.Settings()
			must(t, err)
			house := set.Coop
			house.Name, house.IBAN = "Nouveau nom", ""
			must(t, tx.SaveCooperative(&house))
			rules := coop.Default()
			rules.Terms.Discount = "Escompte de 2 % sous huit jours"
			rules.Reminders = coop.UsualReminders()
			rules.Reminders.Interest, rules.Reminders.Rate = coop.LateFixed, 150_000
			rules.Mentions.ByNature = map[string]string{"service": "Toute prestation commencée est due."}
			for kind, value := range map[coop.RuleKind]any{coop.RuleTerms: rules.Terms, coop.RuleReminders: rules.Reminders, coop.RuleMentions: rules.Mentions} {
				b, err := json.Marshal(value)
				must(t, err)
				must(t, tx.SaveRule(&coop.Rule{Kind: kind, From: h.ada.Today, Decision: "AG", Value: string(b)}))
			}
			return nil
		})
		for name, pair := range map[string][2]string{"invoice": {invoice, print(inv.ID)}, "quote": {offer, print(quote.ID)}, "link": {page, link()}} {
			if pair[0] != pair[1] {
				t.Errorf("%s:\n%s\n%s", name, pair[0], pair[1])
			}
		}
		fresh := h.invoiced(t, c, 100_00, "2026-11-20")
		if p := print(fresh.ID); !strings.Contains(p, "Nouveau nom") || !strings.Contains(p, "Autre nom") || !strings.Contains(p, "commencée") {
			t.Errorf("a new one is as things are: %s", p)
		}
		if found := h.sound(t); len(found) != 0 {
			t.Errorf("%+v", found)
		}
		storetest.Write(t, h.db, h.coop, func(tx *store.Tx) error {
			d, err := tx.Sale(inv.ID)
			must(t, err)
			other, err := tx.Sale(fresh.ID)
			must(t, err)
			d.Imprint = other.Imprint
			return tx.SaveSale(&d)
		})
		if !slices.ContainsFunc(h.sound(t), func(f store.Finding) bool { return f.Key == "verify.document_changed" }) {
			t.Errorf("%+v", h.sound(t))
		}
	})
}
