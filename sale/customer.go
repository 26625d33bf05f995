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
	if c.Email != "" && coop.CheckEmail("email", c.Email) != nil {
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
	errs = append(errs, c.checkVAT())
	if (c.Kind == Company || c.Kind == Public) && c.Address.Country != "" && !slices.Contains(withSIREN, c.Address.Country) {
		bad("address.country", "sale.fault.country_french")
	}
	return errors.Join(errs...)
}

// withSIREN are the countries, in the sense of ISO 3166-1, of the bodies that have a SIREN.
var withSIREN = []string{"FR", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "MC"}

// checkVAT: the number has the form of its state, and its key where there is one; it is French for who has a SIREN, of the
// state of the address for a company of another member state. Only the VIES service knows whether it exists.
func (c Customer) checkVAT() error {
	vat := strings.ToUpper(coop.Digits(c.VATNumber))
	switch {
	case vat == "" || c.Kind == Foreign:
		return nil
	case c.Kind != EUCompany && !strings.HasPrefix(vat, "FR"):
		return fault.At("vatNumber", "sale.fault.vat_number_fr")
	case c.Kind != EUCompany:
		return coop.CheckVATNumber("vatNumber", vat, c.SIREN)
	case strings.HasPrefix(vat, "FR"):
		return fault.At("vatNumber", "sale.fault.vat_number")
	}
	if err := coop.CheckVATNumber("vatNumber", vat, ""); err != nil {
		return err
	}
	for _, s := range union {
		if s.Country == c.Address.Country && s.VAT != vat[:2] {
			return fault.At("vatNumber", "sale.fault.vat_number_country", "prefix", s.VAT)
		}
	}
	return nil
}

// missing tells what a document of a kind cannot be sent without, by kind of customer. Fields are those of the customer. A
// quote may go to a private person whose address is not known yet, an invoice may not (CGI ann. II 242 nonies A-I 1°).
func (c Customer) missing(k Kind, on date.Day) []error {
	var errs []error
	bad := func(field, key string, args ...any) {
		errs = append(errs, fault.At(field, key, append([]any{"customer", c.FullName()}, args...)...))
	}
	needed := c.Kind != Consumer || k == Invoice
	if strings.TrimSpace(c.Address.Line1) == "" && strings.TrimSpace(c.Address.Line2) == "" && needed {
		bad("address.line1", "sale.fault.customer_address")
	} else if strings.TrimSpace(c.Address.City) == "" && needed {
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
	VAT     string   `json:"vat"`     // prefix of its VAT numbers (directive 2006/112/CE art. 215)
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

func isCountry(s string) bool {
	return len(s) == 2 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z'
}

// tooLong says whether a text has more than max characters; it looks at no more bytes than it must.
func tooLong(s string, max int) bool {
	return len(s) > max && (len(s) > max*utf8.UTFMax || utf8.RuneCountInString(s) > max)
}
