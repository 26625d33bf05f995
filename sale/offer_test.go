package sale

import (
	"slices"
	"strings"
	"testing"
)

// The choices of a tax follow the nature of the line and the customer: none is offered that would be refused.
func TestTaxesFollowNatureAndCustomer(t *testing.T) {
	for _, c := range []struct {
		nature, want, not string
		kind              CustomerKind
	}{
		{"service", "S20 S10 S55 S21", "G20 EUS EUG EXS EXG AE XEDU XMED HORS XFORM", Company},
		{"goods", "G20 G10 G55 HORS", "S20 EUS EUG EXG XMED", Company},
		{"works", "S20 S10 AE", "G20 EUS XMED", Company},
		{"service", "S20 EUS", "EUG EXS EXG XEDU XMED AE", EUCompany},
		{"made", "G20 EUG HORS", "EUS S20 EXG", EUCompany},
		{"service", "S20 EXS", "EXG EUS", Foreign},
		{"goods", "G20 EXG", "EXS EUG", Foreign},
		{"service", "S20 XEDU XMED", "EUS AE", Consumer},
		{"training", "XFORM", "S20 XMED EUS", Company},
		{"recharged", "S20 HORS", "EUS EXG", Company},
		{"service", "S20 EUS EXS XEDU XMED", "G20 EUG EXG", ""},
	} {
		f, d := facts(), good()
		f.Customer.Kind = c.kind
		n, _ := NatureOf(c.nature)
		var have []string
		for _, code := range TaxesFor(d, n, f) {
			have = append(have, code.Code)
			if c.kind == "" {
				continue
			}
			f := f
			if f.Customer.VATNumber == "" {
				f.Customer.VATNumber = "?"
			}
			if err := checkTax(d, Line{Tax: code.Code}, n, code, f); err != nil {
				t.Errorf("%s to %s: %s is offered and refused: %q", c.nature, c.kind, code.Code, words(err))
			}
		}
		for code := range strings.FieldsSeq(c.want) {
			if !slices.Contains(have, code) {
				t.Errorf("%s to %s: no %s in %v", c.nature, c.kind, code, have)
			}
		}
		for code := range strings.FieldsSeq(c.not) {
			if slices.Contains(have, code) {
				t.Errorf("%s to %s: %s in %v", c.nature, c.kind, code, have)
			}
		}
	}
}

func TestFitTax(t *testing.T) {
	for _, c := range []struct {
		code, nature string
		kind         CustomerKind
		want         string
	}{
		{"S20", "goods", Company, "G20"},
		{"G55", "service", Company, "S55"},
		{"S20", "service", EUCompany, "S20"}, // French VAT may be right: told, not changed
		{"EUS", "goods", EUCompany, "EUG"},
		{"EXG", "service", Foreign, "EXS"},
		{"EUS", "service", Company, "S20"}, // no longer a company of the Union
		{"XEDU", "service", Company, "S20"},
		{"XFORM", "service", Company, "S20"},
		{"S20", "training", Company, "XFORM"},
		{"AE", "works", Company, "AE"},
		{"AE", "works", Consumer, "S20"},
	} {
		f := facts()
		f.Customer.Kind = c.kind
		n, _ := NatureOf(c.nature)
		if got := FitTax(good(), c.code, n, f); got != c.want {
			t.Errorf("%s on %s to %s becomes %s, want %s", c.code, c.nature, c.kind, got, c.want)
		}
	}
	f := facts()
	f.Activity.Tax = "S10"
	n, _ := NatureOf("goods")
	if got := FitTax(good(), "XEDU", n, f); got != "G10" {
		t.Errorf("the activity's usual rate: %s", got)
	}
}

func TestUnionWithoutVATIsTold(t *testing.T) {
	f := facts()
	for _, c := range []struct {
		kind                 CustomerKind
		vat, nature, tax, is string
	}{
		{EUCompany, "DE811569869", "service", "S20", "EUS"},
		{EUCompany, "DE811569869", "made", "G20", "EUG"},
		{EUCompany, "DE811569869", "service", "EUS", ""},
		{EUCompany, "", "service", "S20", ""},
		{Company, "FR96552100554", "service", "S20", ""},
		{Foreign, "CHE-1", "service", "S20", ""},
	} {
		f.Customer.Kind, f.Customer.VATNumber = c.kind, c.vat
		if got := UnionWithoutVAT(Line{Nature: c.nature, Tax: c.tax}, f); got != c.is {
			t.Errorf("%+v: %q", c, got)
		}
	}
}
