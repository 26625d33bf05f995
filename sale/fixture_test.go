package sale

import (
	"testing"

	"essaim/activity"
	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/i18n"
	"essaim/ledger"
	"essaim/member"
	"essaim/money"
)

var today = date.MustParse("2026-11-22")

// facts is a cooperative, a potter's activity long known to it, and a company that has been invoiced before.
func facts() Facts {
	r := coop.Default()
	r.VAT.TrainingNumber, r.VAT.TrainingFrom = "3511-2024-017", date.MustParse("2024-01-01")
	r.Terms.Insurance = "Assurance des Coopératives, responsabilité civile, France entière"
	return Facts{
		Coop: coop.Cooperative{
			ID: 1, Name: "Trame & Sillon", LegalForm: "SCOP SARL à capital variable", Capital: "capital variable",
			Address: coop.Address{Line1: "4 rue de l’Exemple", Zip: "34700", City: "Lodève", Country: "FR"},
			SIREN:   "732829320", NIC: "00074", RCS: "Montpellier", VATNumber: "FR44732829320", Email: "bonjour@trame.example",
			IBAN: "FR7630006000011234567890189", BIC: "AGRIFRPP", Mediator: "CM2C, 49 rue de Ponthieu, 75008 Paris",
		},
		Rules:    r,
		Activity: activity.Activity{ID: 42, Code: "042", Name: "Maëlle céramique", Email: "maelle@trame.example", Opened: date.MustParse("2020-01-06")},
		Customer: Customer{
			ID: 7, Activity: 42, Third: 501, Kind: Company, Name: "Atelier Nord-Sud", SIREN: "552100554", VATNumber: "FR96552100554",
			Address: coop.Address{Line1: "8 quai des Modèles", Zip: "69002", City: "Lyon", Country: "FR"}, Contact: "Dominique Ferrand",
		},
		Contract:     member.Contract{Kind: member.CESA, Start: date.MustParse("2021-01-01")},
		Entrepreneur: "Maëlle Kervadec", Taxes: ledger.France(), Today: today, IssuedBefore: 12, CustomerKnown: true, Certified: true,
	}
}

func line(label, nature, tax, qty, price string) Line {
	q, err := money.ParseMicro(qty)
	if err != nil {
		panic(err)
	}
	p, err := money.ParseMicro(price)
	if err != nil {
		panic(err)
	}
	return Line{Label: label, Nature: nature, Tax: tax, Quantity: q, Price: p}
}

func draft(kind Kind, gross bool, lines ...Line) Document {
	d := Document{ID: 12, Kind: kind, Activity: 42, Customer: 7, Status: Draft, Content: Content{
		Title: "Atelier", Lines: lines, Gross: gross, Delivered: date.MustParse("2026-11-20"), DueDays: 30,
	}}
	if NeedsHousing(d, Facts{Taxes: ledger.France()}) {
		d.Content.Papers = &Papers{Housing: &Housing{Old: true, Address: "3 rue Basse, 34700 Lodève", Work: "improve"}}
	}
	return d
}

func issued(t testing.TB, d Document, f Facts, number string) Document {
	t.Helper()
	out, err := Issue(d, f, number, 3, 1)
	if err != nil {
		t.Fatalf("issue %s: %v", number, words(err))
	}
	return out
}

// words returns what the person reads.
func words(err error) []string {
	var list []string
	for _, e := range fault.All(err) {
		list = append(list, e.Field+" "+i18n.For("fr").Fault(e))
	}
	if list == nil && err != nil {
		list = []string{err.Error()}
	}
	return list
}

// refused fails unless the error holds a refusal of that key on that field.
// refused says that an error refuses a field by a key.
func refused(t *testing.T, err error, field, key string) {
	t.Helper()
	_ = refusedAs(t, err, field, key)
}

// refusedAs is refused, and returns the refusal.
func refusedAs(t *testing.T, err error, field, key string) *fault.Error {
	t.Helper()
	for _, e := range fault.All(err) {
		if e.Key == key && e.Field == field {
			for _, lang := range []string{"fr", "en"} {
				if p := i18n.For(lang); !p.Has(key) {
					t.Errorf("no %s words for %s", lang, key)
				}
			}
			return e
		}
	}
	t.Errorf("want %s at %q, got %q", key, field, words(err))
	return nil
}

func cents(s string) money.Cents {
	c, err := money.ParseCents(s)
	if err != nil {
		panic(err)
	}
	return c
}

// row returns the row of a tax code, empty when the document has none.
func (t Totals) row(tax string) TaxTotal {
	for _, r := range t.Taxes {
		if r.Tax == tax {
			return r
		}
	}
	return TaxTotal{Tax: tax}
}
