package sale

import (
	"strings"
	"unicode/utf8"

	"essaim/coop"
	"essaim/money"
)

// The bounds of a transfer in the code (EPC069-12, version 2.1, § 2: name 70, unstructured remittance 140, 331 bytes in all;
// from 0.01 to 999 999 999.99 euros).
const (
	epcName  = 70
	epcText  = 140
	epcBytes = 331
	epcMost  = money.Cents(999_999_999_99)
)

// TransferCode returns what a phone reads from the square on an invoice to prepare a SEPA transfer (EPC069-12 version 002:
// within the European Economic Area the BIC may be left out); "" when there is nothing to pay, no account to pay to, or the
// invoice is not in euros.
func TransferCode(d Document, c coop.Cooperative) string {
	iban := coop.Digits(c.IBAN)
	amount := Remaining(d)
	if d.Kind != Invoice || d.Number == "" || iban == "" || amount <= 0 || amount > epcMost || d.Content.Currency != "" && d.Content.Currency != "EUR" {
		return ""
	}
	code := strings.Join([]string{
		"BCD", "002", "1", "SCT", strings.ToUpper(coop.Digits(c.BIC)), cutTo(oneLine(c.Name), epcName), iban, "EUR" + amount.String(), "", "", cutTo(oneLine(d.Number), epcText),
	}, "\n")
	if len(code) > epcBytes {
		return ""
	}
	return code
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// cutTo keeps the first n characters.
func cutTo(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return strings.TrimSpace(string([]rune(s)[:n]))
}
