package payroll

import (
	"errors"
	"slices"
	"strings"

	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/money"
)

// Person is what pay must know of someone, from a day on.
type Person struct {
	Number     string   `json:"number"` // matricule, of the payroll software too
	NIR        string   `json:"nir"`    // social security number, 13 digits and key
	Birth      date.Day `json:"birth,omitempty"`
	BirthPlace string   `json:"birthPlace,omitempty"`
	Street     string   `json:"street,omitempty"`
	PostCode   string   `json:"postCode,omitempty"`
	City       string   `json:"city,omitempty"`
	// Holder is the exact name of the account's holder: the bank checks that it goes with the IBAN (since 9 October 2025).
	Holder string `json:"holder"`
	IBAN   string `json:"iban"`
	BIC    string `json:"bic,omitempty"`
	// Tax is the rate of the tax withheld that the administration gave; nil: the neutral grid.
	Tax *money.Rate `json:"tax,omitempty"`
	// Exempt is an exemption from the cooperative's health cover, with the day of its proof.
	Exempt *Exemption `json:"exempt,omitempty"`
	Paper  bool       `json:"paper,omitempty"` // refuses the electronic payslip (L3243-2 c. trav.)
}

// Check tells what is wrong with what was typed. Nothing is compulsory here: a file is filled as papers come, and what
// lacks to pay someone is told by [Person.Lacks].
func (p Person) Check() error {
	var errs []error
	bad := func(field, key string, args ...any) { errs = append(errs, fault.At(field, key, args...)) }
	if p.NIR != "" && !ValidNIR(p.NIR) {
		bad("nir", "payroll.nir")
	}
	if p.IBAN != "" {
		if err := coop.CheckIBAN("iban", p.IBAN); err != nil {
			errs = append(errs, err)
		}
	}
	if p.Tax != nil && (*p.Tax < 0 || *p.Tax > money.One) {
		bad("tax", "payroll.rate", "rate", *p.Tax)
	}
	if p.Exempt != nil {
		switch e := p.Exempt; {
		case !slices.Contains(ExemptionReasons(), e.Reason):
			bad("exempt.reason", "payroll.exemption_reason")
		case e.Asked == 0:
			bad("exempt.asked", "payroll.exemption_asked")
		case e.Until != 0 && e.Until < e.Asked:
			bad("exempt.until", "payroll.exemption_until")
		}
	}
	for _, f := range []struct{ name, v string }{{"number", p.Number}, {"birthPlace", p.BirthPlace}, {"street", p.Street}, {"postCode", p.PostCode}, {"city", p.City}, {"holder", p.Holder}, {"bic", p.BIC}} {
		if err := coop.CheckText(f.name, f.v); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// Lacks returns the message keys of what must be known before someone is paid by transfer and declared.
func (p Person) Lacks() (keys []string) {
	for _, f := range []struct {
		missing bool
		key     string
	}{
		{p.NIR == "", "payroll.lacks.nir"},
		{p.IBAN == "", "payroll.lacks.iban"},
		{p.Holder == "", "payroll.lacks.holder"},
	} {
		if f.missing {
			keys = append(keys, f.key)
		}
	}
	return keys
}

// ValidNIR says whether s is a social security number with its key: 97 less the number modulo 97, Corsica's 2A and 2B
// counted as 19 and 18.
func ValidNIR(s string) bool {
	s = strings.ToUpper(strings.ReplaceAll(s, " ", ""))
	if len(s) != 15 || s[0] < '1' || s[0] > '8' {
		return false
	}
	body := s[:13]
	switch body[5:7] {
	case "2A":
		body = body[:5] + "19" + body[7:]
	case "2B":
		body = body[:5] + "18" + body[7:]
	}
	var n, key int64
	for _, r := range body {
		if r < '0' || r > '9' {
			return false
		}
		n = n*10 + int64(r-'0')
	}
	for _, r := range s[13:] {
		if r < '0' || r > '9' {
			return false
		}
		key = key*10 + int64(r-'0')
	}
	return 97-n%97 == key
}

// Terms are what a contract pays, from a day on; a change is an amendment to it.
type Terms struct {
	// Gross is the fixed part of a CESA, or the salary of the team, of a month.
	Gross     money.Cents `json:"gross"`
	Executive bool        `json:"executive,omitempty"`
	Hours     int         `json:"hours,omitempty"` // a week, in hundredths; 0 under a CESA
	Job       string      `json:"job,omitempty"`
	Regime    Regime      `json:"regime,omitempty"` // "" : the contract's kind says it; manager, cdd
	Cover     *Cover      `json:"cover,omitempty"`  // nil: the cooperative's
	Paper     string      `json:"paper,omitempty"`  // the amendment: « avenant n° 2 du 3 mars 2026 »
	// Number is the contract's own in the payroll software; "" : the person's, or one made when it first leaves.
	Number string `json:"number,omitempty"`
}

// Check tells what is wrong with the terms of a contract of a kind.
func (t Terms) Check(cesa bool) error {
	var errs []error
	bad := func(field, key string, args ...any) { errs = append(errs, fault.At(field, key, args...)) }
	if t.Gross < 0 || t.Gross > MaxGross {
		bad("gross", "payroll.large", "max", MaxGross)
	}
	switch {
	case cesa && t.Hours != 0:
		bad("hours", "payroll.hours_cesa")
	case t.Hours < 0 || t.Hours > 48_00:
		bad("hours", "payroll.hours")
	}
	switch t.Regime {
	case "", CESA, Permanent, FixedTerm, CAPE, Manager:
	default:
		bad("regime", "payroll.regime", "regime", string(t.Regime))
	}
	if t.Cover != nil {
		errs = append(errs, fault.Prefix("cover", t.Cover.check()))
	}
	errs = append(errs, coop.CheckText("job", t.Job), coop.CheckText("paper", t.Paper), coop.CheckText("number", t.Number))
	return errors.Join(errs...)
}

func (c Cover) check() error {
	var errs []error
	for _, f := range []struct {
		name string
		r    money.Rate
	}{{"healthEmployer", c.HealthEmployer}, {"providentEmployer", c.ProvidentEmployer}, {"providentEmployee", c.ProvidentEmployee}} {
		if f.r < 0 || f.r > money.One {
			errs = append(errs, fault.At(f.name, "payroll.rate", "rate", f.r))
		}
	}
	if c.Health < 0 || c.Health > 10_000_00 {
		errs = append(errs, fault.At("health", "payroll.health"))
	}
	return errors.Join(errs...)
}
