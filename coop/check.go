package coop

import (
	"embed"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"unicode/utf8"

	"essaim/fault"
	"essaim/i18n"
)

//go:embed data/*.json
var data embed.FS

func read(name string, into any) {
	b, err := data.ReadFile(name)
	if err == nil {
		err = json.Unmarshal(b, into)
	}
	if err != nil {
		panic("coop: " + name + ": " + err.Error())
	}
}

// MaxText bounds every short text of an identity: names, address lines, mentions.
const MaxText = 250

// CheckSIREN tells what is wrong with a SIREN as typed (spaces and points allowed): how many digits there are, or that
// the key is wrong. Source: INSEE, key of ISO/IEC 7812-1.
func CheckSIREN(field, s string) error {
	d := Digits(s)
	switch {
	case d == "":
		return fault.At(field, "coop.siren_missing")
	case !digits(d):
		return fault.At(field, "coop.siren_letters")
	case len(d) != 9:
		return fault.At(field, "coop.siren_length", "n", len(d))
	case !ValidSIREN(d):
		return fault.At(field, "coop.siren_key", "siren", d)
	}
	return nil
}

// CheckSIRET is [CheckSIREN] for the fourteen digits of an establishment; siren, when not empty, must be its first nine.
func CheckSIRET(field, s, siren string) error {
	d, siren := Digits(s), Digits(siren)
	switch {
	case d == "":
		return fault.At(field, "coop.siret_missing")
	case !digits(d):
		return fault.At(field, "coop.siret_letters")
	case len(d) != 14:
		return fault.At(field, "coop.siret_length", "n", len(d))
	case siren != "" && d[:9] != siren:
		return fault.At(field, "coop.siret_other", "siren", siren)
	case !ValidSIRET(d):
		return fault.At(field, "coop.siret_key", "siret", d)
	}
	return nil
}

// vatShape is how a state writes its VAT numbers (European Commission, VIES, structure of VAT numbers).
type vatShape struct {
	Prefix  string `json:"prefix"`
	Pattern string `json:"pattern"`
	Example string `json:"example"`
	shape   *regexp.Regexp
}

var vatShapes = func() map[string]vatShape {
	var list struct {
		States []vatShape `json:"states"`
	}
	read("data/vat_numbers.json", &list)
	m := map[string]vatShape{}
	for _, v := range list.States {
		v.shape = regexp.MustCompile("^" + v.Pattern + "$")
		m[v.Prefix] = v
	}
	return m
}()

// CheckVATNumber tells what is wrong with an intra-community VAT number: an unknown prefix, a wrong shape for its
// state, or, for a French one, a key that is not that of its SIREN. siren, when not empty, must be the one within.
func CheckVATNumber(field, s, siren string) error {
	d, siren := strings.ToUpper(Digits(s)), Digits(siren)
	if d == "" {
		return fault.At(field, "coop.vat_missing")
	}
	if len(d) < 3 {
		return fault.At(field, "coop.vat_prefix", "prefix", d)
	}
	v, ok := vatShapes[d[:2]]
	if !ok {
		return fault.At(field, "coop.vat_prefix", "prefix", d[:2])
	}
	if !v.shape.MatchString(d[2:]) {
		return fault.At(field, "coop.vat_shape", "prefix", v.Prefix, "example", v.Example)
	}
	if v.Prefix != "FR" {
		return nil
	}
	within := d[4:]
	if siren != "" && within != siren {
		return fault.At(field, "coop.vat_other", "expected", VATNumber(siren))
	}
	// Companies without a SIREN have a key of letters (Monaco, some public bodies): only the shape can be checked.
	if digits(d[2:4]) && VATNumber(within) != d {
		return fault.At(field, "coop.vat_key", "expected", VATNumber(within))
	}
	return nil
}

// ibanLength is the length of an IBAN where it is fixed and often met (ISO 13616 registry, SEPA).
var ibanLength = func() map[string]int {
	m := map[string]int{}
	read("data/iban_lengths.json", &m)
	return m
}()

// CheckIBAN tells what is wrong with an IBAN: its length for its country, or its key.
func CheckIBAN(field, s string) error {
	d := strings.ToUpper(Digits(s))
	if d == "" {
		return fault.At(field, "coop.iban_missing")
	}
	if len(d) < 5 {
		return fault.At(field, "coop.iban_key")
	}
	if want, ok := ibanLength[d[:2]]; ok && len(d) != want {
		return fault.At(field, "coop.iban_length", "n", len(d), "want", want)
	}
	if !ValidIBAN(d) || !letters(d[:2]) || !digits(d[2:4]) {
		return fault.At(field, "coop.iban_key")
	}
	return nil
}

// CheckBIC checks the shape of a BIC: eight or eleven characters (ISO 9362).
func CheckBIC(field, s string) error {
	d := strings.ToUpper(Digits(s))
	if (len(d) != 8 && len(d) != 11) || !letters(d[:6]) || !alphanumeric(d[6:]) {
		return fault.At(field, "coop.bic_shape")
	}
	return nil
}

// CheckEmail refuses what can be no e-mail address: one @, a domain with a point, nothing that a mail header would
// break on. Only a mail that arrives proves the rest.
func CheckEmail(field, s string) error {
	local, domain, ok := strings.Cut(s, "@")
	bad := !ok || local == "" || len(s) > 254 || len(local) > 64 || strings.Contains(domain, "@") ||
		!strings.Contains(domain, ".") || strings.HasPrefix(domain, ".") || strings.HasSuffix(domain, ".") ||
		strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") || strings.Contains(s, "..") || strings.ContainsAny(s, " \t\r\n\"<>(),;:\\[]\u00a0\u202f") || !utf8.ValidString(s)
	for _, r := range s {
		bad = bad || r < 0x20 || r == 0x7f
	}
	if bad {
		return fault.At(field, "coop.email_shape")
	}
	return nil
}

// Check tells what is missing in an address; a French one has a postcode of five digits.
func (a Address) Check() error {
	var errs []error
	text := func(field, s string, needed bool) {
		if needed && strings.TrimSpace(s) == "" {
			errs = append(errs, fault.At(field, "coop.address_missing"))
		}
		if e := CheckText(field, s); e != nil {
			errs = append(errs, e)
		}
	}
	text("line1", a.Line1, true)
	text("line2", a.Line2, false)
	text("city", a.City, true)
	text("zip", a.Zip, false)
	if a.Country == "" || a.Country == "FR" {
		if len(a.Zip) != 5 || !digits(a.Zip) {
			errs = append(errs, fault.At("zip", "coop.zip_shape"))
		}
	} else if !i18n.IsCountry(a.Country) {
		errs = append(errs, fault.At("country", "coop.country_shape"))
	}
	return errors.Join(errs...)
}

// CheckText refuses a short text that is too long, that holds a line break or a control character, or what no document
// can write: nearly all of them are printed.
func CheckText(field, s string) error {
	if utf8.RuneCountInString(s) > MaxText {
		return fault.At(field, "coop.text_long", "max", MaxText)
	}
	if !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return r < 0x20 || r == 0x7f }) {
		return fault.At(field, "coop.text_control")
	}
	if signs := i18n.UnwrittenIn(s); signs != "" {
		return fault.At(field, "coop.text_unwritten", "signs", signs)
	}
	return nil
}

var slugShape = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// Check tells everything that is wrong with the identity of a cooperative, joined: what an invoice must print (CGI
// ann. II art. 242 nonies A, R123-237 Code de commerce) is compulsory, the bank account is checked when given.
func (c Cooperative) Check() error {
	var errs []error
	add := func(e error) {
		if e != nil {
			errs = append(errs, e)
		}
	}
	for _, f := range []struct{ field, value string }{
		{"name", c.Name}, {"legalForm", c.LegalForm}, {"rcs", c.RCS}, {"capital", c.Capital},
	} {
		if strings.TrimSpace(f.value) == "" {
			add(fault.At(f.field, "coop.field_missing"))
		}
		add(CheckText(f.field, f.value))
	}
	add(CheckText("mediator", c.Mediator))
	if len(c.Slug) > 60 || !slugShape.MatchString(c.Slug) {
		add(fault.At("slug", "coop.slug_shape"))
	}
	add(fault.Prefix("address", c.Address.Check()))
	siren := CheckSIREN("siren", c.SIREN)
	add(siren)
	if siren == nil {
		if d := Digits(c.NIC); len(d) != 5 || !digits(d) {
			add(fault.At("nic", "coop.nic_shape"))
		} else {
			add(CheckSIRET("nic", c.SIREN+c.NIC, c.SIREN))
		}
		add(CheckVATNumber("vatNumber", c.VATNumber, c.SIREN))
	}
	if c.Email != "" {
		add(CheckEmail("email", c.Email))
	}
	if c.IBAN != "" {
		add(CheckIBAN("iban", c.IBAN))
	}
	if c.BIC != "" {
		add(CheckBIC("bic", c.BIC))
	}
	if c.YearStart < 1 || c.YearStart > 12 {
		add(fault.At("yearStart", "coop.year_start"))
	}
	return errors.Join(errs...)
}

func every(s string, ok func(byte) bool) bool {
	for i := range len(s) {
		if !ok(s[i]) {
			return false
		}
	}
	return s != ""
}

func isDigit(c byte) bool   { return c >= '0' && c <= '9' }
func isLetter(c byte) bool  { return c >= 'A' && c <= 'Z' }
func digits(s string) bool  { return every(s, isDigit) }
func letters(s string) bool { return every(s, isLetter) }
func alphanumeric(s string) bool {
	return every(s, func(c byte) bool { return isDigit(c) || isLetter(c) })
}
