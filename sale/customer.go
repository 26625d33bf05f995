package sale

import (
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/i18n"
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

// Check tells what is wrong on a day in what is known of a customer: numbers that fail their key, a country that does not
// go with the kind, texts too long or that no document can write. What is missing for an invoice is told by [CheckSubmit].
func (c Customer) Check(on date.Day) error {
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
		{"email", c.Email}, {"phone", c.Phone}, {"contact", c.Contact}, {"serviceCode", c.ServiceCode}, {"contractRef", c.ContractRef},
	} {
		errs = append(errs, checkText(text[0], text[1], maxName)...)
		if text[0] != "email" && text[0] != "phone" { // neither is printed
			errs = append(errs, checkWritten(text[0], text[1])...)
		}
	}
	errs = append(errs, checkText("notes", c.Notes, maxNotes)...)
	if c.Ceased > on {
		bad("ceased", "sale.fault.ceased_ahead", "on", c.Ceased)
	}
	errs = append(errs, c.checkCountry(on), checkZip("address.zip", c.Address), checkZip("delivery.zip", c.Delivery))
	if c.Delivery.Country != "" && !i18n.IsCountry(c.Delivery.Country) {
		bad("delivery.country", "sale.fault.country")
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
	errs = append(errs, c.checkVAT(), c.checkTerms(on))
	return errors.Join(errs...)
}

// checkCountry: the kind and the country agree. They decide together which VAT is due.
func (c Customer) checkCountry(on date.Day) error {
	country := c.Address.Country
	bad := func(key string, args ...any) error { return fault.At("address.country", key, args...) }
	switch known := i18n.IsCountry(country); {
	case country != "" && !known:
		return bad("sale.fault.country")
	case c.Kind == EUCompany && (country == "FR" || !inUnion(country, on)):
		return bad("sale.fault.country_union", "customer", c.FullName())
	case c.Kind == Foreign && (country == "" || inUnion(country, on)):
		return bad("sale.fault.country_foreign", "customer", c.FullName())
	case (c.Kind == Company || c.Kind == Public) && known && !slices.Contains(withSIREN, country):
		return bad("sale.fault.country_french")
	}
	return nil
}

// checkZip: a French postcode has five digits.
func checkZip(field string, a coop.Address) error {
	if a.Zip != "" && (a.Country == "" || slices.Contains(withSIREN, a.Country)) &&
		(len(a.Zip) != 5 || strings.ContainsFunc(a.Zip, func(r rune) bool { return r < '0' || r > '9' })) {
		return fault.At(field, "coop.zip_shape")
	}
	return nil
}

// Repeats says whether a customer is most likely the same as another: the same establishment, the same company where no
// establishment is told, or the same name in the same town.
func (c Customer) Repeats(other Customer) bool {
	same := func(a, b string) bool {
		return strings.EqualFold(strings.Join(strings.Fields(a), " "), strings.Join(strings.Fields(b), " "))
	}
	switch {
	case c.SIRET != "" && other.SIRET != "":
		return coop.Digits(c.SIRET) == coop.Digits(other.SIRET)
	case c.SIREN != "" && other.SIREN != "":
		return coop.Digits(c.SIREN) == coop.Digits(other.SIREN)
	case c.VATNumber != "" && other.VATNumber != "":
		return strings.EqualFold(coop.Digits(c.VATNumber), coop.Digits(other.VATNumber))
	}
	return same(c.FullName(), other.FullName()) && (same(c.Address.City, other.Address.City) || c.Address.City == "" || other.Address.City == "")
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

// CheckFor tells what is wrong in what is known of a customer, and what is missing for a document of a kind.
func (c Customer) CheckFor(kind Kind, on date.Day) error {
	return errors.Join(append([]error{c.Check(on)}, c.missing(kind)...)...)
}

// missing tells what a document of a kind cannot be sent without, by kind of customer. Fields are those of the customer. A
// quote may go to a private person whose address is not known yet, an invoice may not (CGI ann. II 242 nonies A-I 1°).
func (c Customer) missing(k Kind) []error {
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
	case Foreign, NonTaxable, Consumer:
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

// tooLong says whether a text has more than max characters; it looks at no more bytes than it must.
func tooLong(s string, max int) bool {
	return len(s) > max && (len(s) > max*utf8.UTFMax || utf8.RuneCountInString(s) > max)
}
