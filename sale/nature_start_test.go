package sale

import (
	"testing"

	"essaim/coop"
)

// Practice 3 d: under its attestation the cooperative's training is exempt in every activity, whatever the usual rate of
// this one is; without it, the usual rate goes for it as for the rest.
func TestTaxThatALineStartsWith(t *testing.T) {
	f := facts()
	f.Activity.Tax = "S20"
	attested := f.Rules.VAT
	for _, x := range []struct {
		nature, usual string
		vat           coop.VAT
		want          string
	}{
		{"training", "S20", attested, "XFORM"},
		{"training", "", attested, "XFORM"},
		{"training", "S20", coop.VAT{}, "S20"},
		{"service", "S10", attested, "S10"},
		{"made", "S55", attested, "G55"},
	} {
		n, _ := NatureOf(x.nature)
		f.Activity.Tax, f.Rules.VAT = x.usual, x.vat
		if got := StartTax(n, f); got != x.want {
			t.Errorf("%+v: %s", x, got)
		}
	}
}
