package office

import (
	"strings"
	"testing"

	"essaim/coop"
	"essaim/i18n"
	"essaim/internal/store"
	"essaim/sale"
)

// A letter asks for dollars where the invoice is in dollars, and bears no code for a transfer in euros.
func TestLetterInAnotherCurrency(t *testing.T) {
	p := i18n.For("fr")
	home := store.OpenSale{Number: "F-1", Gross: 120_00}
	abroad := store.OpenSale{Number: "F-2", Gross: 800_00, Paid: 320_00, Own: store.Own{Currency: "USD", Gross: 1_000_00, Left: 600_00}}
	letter := func(all ...store.OpenSale) (string, string) {
		r := reminderPaper{coop: coop.Cooperative{Name: "Trame", IBAN: "FR7630006000011234567890189"}}
		r.Customer.Kind = sale.Foreign
		for _, x := range all {
			r.Invoices, r.Items = append(r.Invoices, x), append(r.Items, store.ReminderItem{Owed: x.Left()})
			r.Owed += x.Left()
		}
		l := r.letter(p)
		return strings.ReplaceAll(l.Table.Foot[4], "\u00a0", " "), l.Code
	}
	if sum, code := letter(home); sum != "120,00 €" || code == "" {
		t.Errorf("in euros: %s, code %q", sum, code)
	}
	if sum, code := letter(abroad); sum != "600,00 USD" || code != "" {
		t.Errorf("in dollars: %s, code %q", sum, code)
	}
	if sum, code := letter(home, abroad); sum != "120,00 € et 600,00 USD" || code != "" {
		t.Errorf("in both: %s, code %q", sum, code)
	}
}
