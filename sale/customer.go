package sale

import (
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"essaim/coop"
	"essaim/date"
	"essaim/fault"
)

var kinds = []CustomerKind{Company, NonTaxable, Public, Consumer, EUCompany, Foreign}

// CustomerKinds returns the six kinds in the order forms show them.
func CustomerKinds() []CustomerKind { return append([]CustomerKind(nil), kinds...) }

// Known says whether k is a kind.
func (k CustomerKind) Known() bool {
	return slices.Contains(kinds, k)
}

// FullName returns the first name, when there is one, and the name.
func (c Customer) FullName() string {
	return strings.TrimSpace(c.FirstName + " " + c.Name)
}

// Bounds of the texts of a customer, in characters.
const (
	maxName  = 200
	maxNotes = 4000
)

// Check tells what is wrong in what is known of a customer: numbers that fail their key, texts too long. What is
// missing for an invoice is told by [CheckSubmit].
func (c Customer) Check() error {
	var errs []error
	bad := func(field, key string, args ...any) { errs = append(errs, fault.At(field, key, args...)) }
	if !c.Kind.Known() {
		bad("kind", "sale.fault.customer_kind")
	}
	if strings.TrimSpace(c.Name) == "" {
		bad("name", "sale.fault.customer_name")
	}
	for _, text := range [][2]string{
		{"name", c.Name}, {"firstName", c.FirstName}, {"address.line1", c.Address.Line1}, {"address.line2", c.Address.Line2},
		{"address.zip", c.Address.Zip}, {"address.city", c.Address.City}, {"delivery.line1", c.Delivery.Line1},
		{"delivery.line2", c.Delivery.Line2}, {"delivery.zip", c.Delivery.Zip}, {"delivery.city", c.Delivery.City},
		{"email", c.Email}, {"phone", c.Phone}, {"contact", c.Contact}, {"serviceCode", c.ServiceCode},
	} {
		errs = append(errs, checkText(text[0], text[1], maxName)...)
	}
	errs = append(errs, checkText("notes", c.Notes, maxNotes)...)
	for _, at := range [][2]string{{"address.country", c.Address.Country}, {"delivery.country", c.Delivery.Country}} {
		if at[1] != "" && !isCountry(at[1]) {
			bad(at[0], "sale.fault.country")
		}
	}
	if c.Email != "" && !plausibleMail(c.Email) {
		bad("email", "sale.fault.email")
	}
	if c.SIREN != "" && !coop.ValidSIREN(coop.Digits(c.SIREN)) {
		bad("siren", "sale.fault.siren")
	}
	if c.SIRET != "" && !coop.ValidSIRET(coop.Digits(c.SIRET)) {
		bad("siret", "sale.fault.siret")
	} else if c.SIRET != "" && c.SIREN != "" && !strings.HasPrefix(coop.Digits(c.SIRET), coop.Digits(c.SIREN)) {
		bad("siret", "sale.fault.siret_other")
	}
	switch vat := strings.ToUpper(coop.Digits(c.VATNumber)); {
	case vat == "" || c.Kind == Foreign:
	case c.Kind == EUCompany:
		if !validUnionVAT(vat) {
			bad("vatNumber", "sale.fault.vat_number")
		}
	case strings.HasPrefix(vat, "FR") && (len(vat) != 13 || c.SIREN != "" && vat[4:] != coop.Digits(c.SIREN)):
		bad("vatNumber", "sale.fault.vat_number_fr")
	}
	return errors.Join(errs...)
}

// missing tells what an invoice cannot be sent without, by kind of customer. Fields are those of the customer.
func (c Customer) missing(on date.Day) []error {
	var errs []error
	bad := func(field, key string, args ...any) {
		errs = append(errs, fault.At(field, key, append([]any{"customer", c.FullName()}, args...)...))
	}
	if strings.TrimSpace(c.Address.Line1) == "" && strings.TrimSpace(c.Address.Line2) == "" && c.Kind != Consumer {
		bad("address.line1", "sale.fault.customer_address")
	} else if strings.TrimSpace(c.Address.City) == "" && c.Kind != Consumer {
		bad("address.city", "sale.fault.customer_city")
	}
	country := strings.ToUpper(c.Address.Country)
	switch c.Kind {
	case Company:
		if c.SIREN == "" {
			bad("siren", "sale.fault.siren_missing")
		}
	case Public:
		if c.SIRET == "" {
			bad("siret", "sale.fault.siret_missing")
		}
	case EUCompany:
		if c.VATNumber == "" {
			bad("vatNumber", "sale.fault.vat_number_missing")
		}
		if country == "FR" || !inUnion(country, on) {
			bad("address.country", "sale.fault.country_union")
		}
	case Foreign:
		if country == "" || inUnion(country, on) {
			bad("address.country", "sale.fault.country_foreign")
		}
	case NonTaxable, Consumer:
	}
	return errs
}

// whom names the person to ask at the customer's: the contact, with what is known to reach him.
func (c Customer) whom() string {
	var ways []string
	for _, w := range []string{c.Contact, c.Phone, c.Email} {
		if w = strings.TrimSpace(w); w != "" {
			ways = append(ways, w)
		}
	}
	return strings.Join(ways, ", ")
}

type memberState struct {
	Country string   `json:"country"` // ISO 3166-1
	VAT     string   `json:"vat"`     // prefix of its VAT numbers
	From    date.Day `json:"from"`
	Until   date.Day `json:"until"`
}

var union = func() (list []memberState) { read("data/union.json", &list); return }()

// inUnion says whether a country is a member state of the European Union on a day.
func inUnion(country string, on date.Day) bool {
	for _, s := range union {
		if s.Country == country && s.From <= on && (s.Until == 0 || on <= s.Until) {
			return true
		}
	}
	return false
}

// validUnionVAT checks the form of a VAT number of another member state: its prefix, then two to twelve letters or
// digits (directive 2006/112/CE art. 215). Only the VIES service knows whether it exists.
func validUnionVAT(n string) bool {
	if len(n) < 4 || len(n) > 14 || n[:2] == "FR" {
		return false
	}
	known := false
	for _, s := range union {
		known = known || s.VAT == n[:2] && s.Until == 0
	}
	digit := false
	for _, r := range n[2:] {
		if (r < '0' || r > '9') && (r < 'A' || r > 'Z') && r != '+' && r != '*' { // Ireland had + and *
			return false
		}
		digit = digit || r >= '0' && r <= '9'
	}
	return known && digit
}

func isCountry(s string) bool {
	return len(s) == 2 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z'
}

// plausibleMail says whether a text can be a mail address; whether it arrives is known by sending.
func plausibleMail(s string) bool {
	at := strings.LastIndexByte(s, '@')
	return at > 0 && at < len(s)-1 && !strings.ContainsAny(s, " \t\r\n,;<>") && strings.Contains(s[at:], ".")
}

// tooLong says whether a text has more than max characters; it looks at no more bytes than it must.
func tooLong(s string, max int) bool {
	return len(s) > max && (len(s) > max*utf8.UTFMax || utf8.RuneCountInString(s) > max)
}
