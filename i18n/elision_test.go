package i18n

import (
	"testing"

	"essaim/money"
)

func TestFrenchElides(t *testing.T) {
	fr, en := For("fr"), For("en")
	for name, want := range map[string]string{"Awa Diop": "Contrat d’Awa Diop", "Élise": "Contrat d’Élise", "Karim": "Contrat de Karim"} {
		if got := fr.T("people.contract_of", "name", name); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := en.T("people.contract_of", "name", "Awa"); got != "Contract of Awa" {
		t.Error(got)
	}
}

func TestRateGroupsThousands(t *testing.T) {
	if got := For("fr").Rate(-106607*money.Percent - money.Percent/2); got != "−106\u202f607,5\u00a0%" {
		t.Errorf("%q", got)
	}
	if got := For("en").Rate(1194 * money.Percent); got != "1,194%" {
		t.Errorf("%q", got)
	}
}
