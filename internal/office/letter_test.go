package office

import (
	"strings"
	"testing"

	"essaim/i18n"
	"essaim/sale"
)

// A customer is told of an invoice what is so: the account when there is one, what remains, and nothing when it is paid.
func TestPayWords(t *testing.T) {
	p := i18n.For("en")
	d := sale.Document{Kind: sale.Invoice, Number: "F-2026-0007", Due: 20_000, Totals: sale.Totals{Gross: 120_00}}
	const iban = "FR7630006000011234567890189"
	part, paid := d, d
	part.Paid, paid.Paid = 20_00, 120_00
	for name, c := range map[string]struct {
		d    sale.Document
		iban string
		says []string
		not  string
	}{
		"with an account":    {d, iban, []string{"To be paid by", "IBAN FR76 3000 6000 0112 3456 7890 189, with the reference F-2026-0007."}, "remain"},
		"without":            {d, "", []string{"To be paid by"}, "IBAN"},
		"partly paid":        {part, iban, []string{"€100.00 remain to be paid, by", "IBAN"}, "To be paid by"},
		"paid":               {paid, iban, []string{"Nothing remains to be paid."}, "IBAN"},
		"a quote":            {sale.Document{Kind: sale.Quote, Totals: d.Totals}, iban, nil, "paid"},
		"partly, no account": {part, "", []string{"remain to be paid"}, "IBAN"},
	} {
		got := strings.ReplaceAll(payWords(p, c.d, c.iban), "\u00a0", " ")
		for _, want := range c.says {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %q lacks %q", name, got, want)
			}
		}
		if strings.Contains(got, c.not) {
			t.Errorf("%s: %q", name, got)
		}
	}
}
