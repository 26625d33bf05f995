package coop

import (
	"errors"
	"strings"
	"testing"

	"essaim/date"
	"essaim/fault"
	"essaim/i18n"
)

func TestSIREN(t *testing.T) {
	for siren, want := range map[string]bool{
		"732829320": true,  // the example of INSEE's own documentation
		"356000000": true,  // La Poste
		"552100554": true,  // a SIREN of 1955
		"732829321": false, // key
		"723829320": false, // two digits swapped
		"000000000": false, // Luhn says yes
		"73282932":  false, // eight digits
		"73282932O": false, // a letter
		"":          false,
	} {
		if got := ValidSIREN(siren); got != want {
			t.Errorf("%q: %v, want %v", siren, got, want)
		}
	}
}

// One wrong digit, or two neighbours swapped (0 and 9 apart, which Luhn cannot see), is always found.
func TestSIRENFindsOneMistake(t *testing.T) {
	const right = "732829320"
	for i := range right {
		for c := byte('0'); c <= '9'; c++ {
			if s := right[:i] + string(c) + right[i+1:]; c != right[i] && ValidSIREN(s) {
				t.Errorf("%s passes", s)
			}
		}
		if i > 0 && right[i] != right[i-1] && int(right[i])+int(right[i-1]) != '0'+'9' {
			if s := right[:i-1] + string(right[i]) + string(right[i-1]) + right[i+1:]; ValidSIREN(s) {
				t.Errorf("%s passes", s)
			}
		}
	}
}

func TestSIRET(t *testing.T) {
	for siret, want := range map[string]bool{
		"73282932000074": true,
		"73282932000075": false,
		"35600000000048": true,  // La Poste's seat: passes Luhn as well
		"35600000049837": true,  // a post office: Luhn fails, its digits sum to 45
		"35600000049838": false, // 46
		"7328293200007":  false,
		"73282932100074": false, // the SIREN within is wrong
	} {
		if got := ValidSIRET(siret); got != want {
			t.Errorf("%q: %v, want %v", siret, got, want)
		}
	}
}

func TestNumbersAsPeopleReadThem(t *testing.T) {
	for _, x := range [][3]string{
		{GroupSIREN("732829320"), "732 829 320"}, {GroupSIREN("732 829.320"), "732 829 320"}, {GroupSIREN(""), ""}, {GroupSIRET("73282932000074"), "732 829 320 00074"},
		{GroupSIRET("732829320"), "732 829 320"}, {Group("FR7630006", 4), "FR76 3000 6"},
	} {
		if want := strings.ReplaceAll(x[1], " ", "\u00a0"); x[0] != want {
			t.Errorf("%q, want %q", x[0], want)
		}
	}
}

func TestVATNumber(t *testing.T) {
	if got := VATNumber("732829320"); got != "FR44732829320" {
		t.Error(got)
	}
	if got := VATNumber("404833048"); got != "FR83404833048" { // the example of the Commission's VIES pages
		t.Error(got)
	}
	if got := VATNumber("40483304x"); got != "" {
		t.Error(got)
	}
}

func TestIBAN(t *testing.T) {
	for iban, want := range map[string]bool{
		"FR7630006000011234567890189": true,
		"FR7630006000011234567890188": false,
		"FR6730006000011234567890189": false, // check digits swapped
		"BE71096123456769":            true,
		"DE91100000000123456789":      true,
		"fr7630006000011234567890189": false, // as stored: capitals
		"FR76":                        false,
		"":                            false,
	} {
		if got := ValidIBAN(iban); got != want {
			t.Errorf("%q: %v, want %v", iban, got, want)
		}
	}
}

func key(err error) string {
	if e, ok := errors.AsType[*fault.Error](err); ok {
		return e.Key
	}
	return ""
}

func TestChecksSayWhatIsWrong(t *testing.T) {
	fr := i18n.For("fr")
	for _, c := range []struct {
		err  error
		key  string
		says string
	}{
		{CheckSIREN("siren", "732 829 320"), "", ""},
		{CheckSIREN("siren", "732.829.320"), "", ""},
		{CheckSIREN("siren", ""), "coop.siren_missing", "neuf"},
		{CheckSIREN("siren", "73282932"), "coop.siren_length", "il y en a 8"},
		{CheckSIREN("siren", "732829320 00074"), "coop.siren_length", "il y en a 14"},
		{CheckSIREN("siren", "73282932A"), "coop.siren_letters", "que des chiffres"},
		{CheckSIREN("siren", "732829330"), "coop.siren_key", "732829330"},
		{CheckSIRET("siret", "732 829 320 00074", "732829320"), "", ""},
		{CheckSIRET("siret", "73282932000074", "356000000"), "coop.siret_other", "356000000"},
		{CheckSIRET("siret", "732829320", ""), "coop.siret_length", "il y en a 9"},
		{CheckSIRET("siret", "73282932000075", ""), "coop.siret_key", "clé"},
		{CheckVATNumber("vat", "FR 44 732 829 320", "732829320"), "", ""},
		{CheckVATNumber("vat", "FR45732829320", ""), "coop.vat_key", "FR44732829320"},
		{CheckVATNumber("vat", "FR83404833048", "732829320"), "coop.vat_other", "FR44732829320"},
		{CheckVATNumber("vat", "FR4473282932", ""), "coop.vat_shape", "FR44732829320"},
		{CheckVATNumber("vat", "US123", ""), "coop.vat_prefix", "US"},
		{CheckVATNumber("vat", "BE0404616494", ""), "", ""},
		{CheckVATNumber("vat", "be 0404.616.494", ""), "", ""},
		{CheckVATNumber("vat", "DE12345678", ""), "coop.vat_shape", "DE123456789"},
		{CheckIBAN("iban", "FR76 3000 6000 0112 3456 7890 189"), "", ""},
		{CheckIBAN("iban", "FR76 3000 6000 0112 3456 7890 18"), "coop.iban_length", "27 caractères\u00a0; il y en a 26"},
		{CheckIBAN("iban", "FR76 3000 6000 0112 3456 7890 198"), "coop.iban_key", "clé"},
		{CheckIBAN("iban", "7630006000011234567890189"), "coop.iban_key", "clé"},
		{CheckBIC("bic", "AGRIFRPP"), "", ""},
		{CheckBIC("bic", "AGRIFRPP882"), "", ""},
		{CheckBIC("bic", "AGRIFRP"), "coop.bic_shape", "huit"},
		{CheckEmail("email", "maelle@trame-et-sillon.example"), "", ""},
		{CheckEmail("email", "maelle@exemple"), "coop.email_shape", "courriel"},
		{CheckEmail("email", "a@b.fr\r\nBcc: x@y.fr"), "coop.email_shape", ""},
		{CheckEmail("email", "a b@c.fr"), "coop.email_shape", ""},
		{CheckEmail("email", "a@b.fr, c@d.fr"), "coop.email_shape", ""},
		{CheckEmail("email", "a@b.fr;c@d.fr"), "coop.email_shape", ""},
		{CheckEmail("email", ".a@b.fr"), "coop.email_shape", ""},
		{CheckEmail("email", "a.@b.fr"), "coop.email_shape", ""},
		{CheckEmail("email", "a..b@c.fr"), "coop.email_shape", ""},
		{CheckEmail("email", "a@b@c.fr"), "coop.email_shape", ""},
		{CheckText("name", strings.Repeat("é", MaxText)), "", ""},
		{CheckText("name", strings.Repeat("é", MaxText+1)), "coop.text_long", "250"},
		{CheckText("name", "a\nb"), "coop.text_control", ""},
	} {
		if got := key(c.err); got != c.key {
			t.Errorf("got %q (%v), want %q", got, c.err, c.key)
			continue
		}
		if e, ok := errors.AsType[*fault.Error](c.err); ok && !strings.Contains(fr.Fault(e), c.says) {
			t.Errorf("%q does not say %q", fr.Fault(e), c.says)
		}
	}
}

func example() Cooperative {
	return Cooperative{
		ID: 1, Slug: "trame-et-sillon", Name: "Trame & Sillon", LegalForm: "SCOP SARL à capital variable",
		Address: Address{Line1: "12 rue des Lices", Zip: "38000", City: "Grenoble", Country: "FR"},
		SIREN:   "732829320", NIC: "00074", RCS: "Grenoble", VATNumber: "FR44732829320", Capital: "capital variable",
		IBAN: "FR7630006000011234567890189", BIC: "AGRIFRPP", TimeZone: "Europe/Paris", YearStart: 1,
	}
}

func TestCooperativeCheck(t *testing.T) {
	if err := example().Check(); err != nil {
		t.Fatal(err)
	}
	for field, spoil := range map[string]func(*Cooperative){
		"name":         func(c *Cooperative) { c.Name = " " },
		"siren":        func(c *Cooperative) { c.SIREN = "732829321" },
		"nic":          func(c *Cooperative) { c.NIC = "00075" },
		"vatNumber":    func(c *Cooperative) { c.VATNumber = "FR83404833048" },
		"iban":         func(c *Cooperative) { c.IBAN = "FR7630006000011234567890198" },
		"address.zip":  func(c *Cooperative) { c.Address.Zip = "3800" },
		"address.city": func(c *Cooperative) { c.Address.City = "" },
		"slug":         func(c *Cooperative) { c.Slug = "Trame & Sillon" },
		"yearStart":    func(c *Cooperative) { c.YearStart = 13 },
		"mediator":     func(c *Cooperative) { c.Mediator = "a\x00b" },
	} {
		c := example()
		spoil(&c)
		all := fault.All(c.Check())
		if len(all) != 1 || all[0].Field != field {
			t.Errorf("%s: %v", field, c.Check())
		}
	}
	abroad := example()
	abroad.Address = Address{Line1: "Rue Haute 1", Zip: "1000", City: "Bruxelles", Country: "BE"}
	if err := abroad.Check(); err != nil {
		t.Error(err)
	}
}

func TestPrefixes(t *testing.T) {
	taxes := Default().Grid.Taxes
	for account, want := range map[string]bool{"43": true, "4211": false, "421": false, "425": false, "427": true, "44571": true, "4": false, "": false, "512": false} {
		if got := taxes.Match(account); got != want {
			t.Errorf("%s: %v", account, got)
		}
	}
}

func day(s string) date.Day { return date.MustParse(s) }
