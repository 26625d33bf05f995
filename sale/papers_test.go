package sale

import (
	"fmt"
	"testing"

	"essaim/coop"
	"essaim/date"
	"essaim/i18n"
)

func works(tax string) (Document, Facts) {
	f := facts()
	f.Certified = false
	f.Customer = Customer{ID: 7, Activity: 42, Third: 501, Kind: Consumer, FirstName: "Odile", Name: "Brun", Address: coop.Address{Line1: "3 rue Basse", Zip: "34700", City: "Lodève", Country: "FR"}}
	d := draft(Invoice, false, line("Tableau électrique", "works", tax, "1", "800"))
	d.Content.Papers = &Papers{Place: Shop, Housing: &Housing{Old: true, Address: "3 rue Basse, 34700 Lodève", Work: "improve"}}
	return d, f
}

// Practice 31: a reduced rate on works asks for a dwelling of more than two years, and the invoice for the certificate.
func TestHousingAtReducedRate(t *testing.T) {
	d, f := works("S10")
	refused(t, CheckSubmit(d, f), "housing", "sale.fault.certificate_missing")
	f.Certified = true
	if err := CheckSubmit(d, f); err != nil {
		t.Errorf("certified: %q", words(err))
	}
	quote := d
	quote.Kind, f.Certified = Quote, false
	if err := CheckSubmit(quote, f); err != nil {
		t.Errorf("the customer certifies by signing the quote: %q", words(err))
	}
	for field, change := range map[string]func(*Housing){
		"housing.old": func(h *Housing) { h.Old = false }, "housing.address": func(h *Housing) { h.Address = " " }, "housing.work": func(h *Housing) { h.Work = "" },
	} {
		for _, kind := range []Kind{Quote, Invoice} {
			d := d
			d.Kind = kind
			h := *d.Content.Papers.Housing
			change(&h)
			d.Content.Papers = &Papers{Housing: &h}
			key := map[string]string{"housing.old": "sale.fault.housing_old", "housing.address": "sale.fault.housing_address", "housing.work": "sale.fault.housing_work"}[field]
			refused(t, CheckSubmit(d, f), field, key)
		}
	}
	d.Content.Papers = nil
	refused(t, CheckSubmit(d, f), "housing.old", "sale.fault.housing_old")

	// 5.5 % is for energy; 20 % asks nothing, and neither do meals at 10 %.
	d, f = works("S55")
	f.Certified = true
	refused(t, CheckSubmit(d, f), "lines[0].tax", "sale.fault.housing_energy")
	d.Content.Papers.Housing.Work = "energy"
	if err := CheckSubmit(d, f); err != nil {
		t.Errorf("energy: %q", words(err))
	}
	holds(t, text(Print(d, f, i18n.For("fr"))), "Odile Brun certifie", "rénovation énergétique", "3 rue Basse, 34700 Lodève")
	d, f = works("S20")
	d.Content.Papers = nil
	if err := CheckSubmit(d, f); err != nil {
		t.Errorf("20 %%: %q", words(err))
	}
	d.Content.Lines[0] = line("Buffet", "service", "S10", "1", "800")
	if err := CheckSubmit(d, f); err != nil {
		t.Errorf("meals: %q", words(err))
	}
}

// The insurance in force on the day the site opens answers for ten years (Code des assurances L241-1).
func TestTenYearInsurance(t *testing.T) {
	d, f := works("S20")
	d.Content.Papers, f.Rules.Terms.Insurance = &Papers{Place: Shop}, ""
	refused(t, CheckSubmit(d, f), "", "sale.fault.insurance_missing")
	f.Activity.Cover = coop.Cover{Insurer: "Mutuelle des Bâtisseurs", Contract: "D 44-17", Zone: "France métropolitaine", From: date.MustParse("2026-01-01"), Until: date.MustParse("2026-12-31")}
	if err := CheckSubmit(d, f); err != nil {
		t.Errorf("insured: %q", words(err))
	}
	holds(t, text(Print(d, f, i18n.For("fr"))), "Assurance décennale : Mutuelle des Bâtisseurs, contrat D 44-17, couverture géographique : France métropolitaine.")
	for _, x := range []struct {
		from, to, key string
	}{
		{"", "2026-12-31", ""}, {"", "2027-01-01", "sale.fault.cover_over"}, {"2026-12-31", "2027-02-01", ""}, {"2025-12-31", "2026-01-15", "sale.fault.cover_ahead"},
	} {
		d.Kind, d.Content.Delivered, d.Content.DeliveredFrom = Quote, date.MustParse(x.to), 0
		if x.from != "" {
			d.Content.DeliveredFrom = date.MustParse(x.from)
		}
		if err := CheckSubmit(d, f); x.key != "" {
			refused(t, err, "", x.key)
		} else if err != nil {
			t.Errorf("%v: %q", x, words(err))
		}
	}
	d.Content.Lines[0].Nature = "service" // no works, no insurance asked
	if err := CheckSubmit(d, f); err != nil {
		t.Errorf("a service: %q", words(err))
	}
}

// Practice 32: what a consumer's quote says depends on where it is signed.
func TestConsumersQuotes(t *testing.T) {
	d, f := works("S20")
	d.Kind = Quote
	p := i18n.For("fr")
	say := func(x Papers) (string, Paper) {
		d.Content.Papers = &x
		paper := Print(d, f, p)
		return text(paper), paper
	}
	paper, whole := say(Papers{Place: Home, Early: true})
	holds(t, paper, "quatorze jours", "L221-10", "L221-25", "CM2C", "Modèle de formulaire de rétractation", "Rayez la mention inutile", "4 rue de l’Exemple")
	if len(whole.Annex) == 0 {
		t.Error("no form")
	}
	paper, _ = say(Papers{Place: Distance})
	holds(t, paper, "quatorze jours", "Modèle de formulaire")
	without(t, paper, "L221-10")
	paper, _ = say(Papers{Place: Shop})
	holds(t, paper, "n’ouvre pas de droit de rétractation")
	without(t, paper, "Modèle de formulaire")
	paper, _ = say(Papers{Place: Home, Waiver: "urgent"})
	holds(t, paper, "art. L221-28, 8°")
	without(t, paper, "Modèle de formulaire", "L221-10")
	f.Customer.Kind = NonTaxable
	if _, whole := say(Papers{Place: Home}); len(whole.Annex) != 0 {
		t.Error("an association does not withdraw")
	}
	f.Customer.Kind = Consumer
	d.Content.Delivered, d.Content.Papers = 0, &Papers{Place: Home}
	refused(t, CheckSubmit(d, f), "delay", "sale.fault.delay_missing")
	d.Content.Papers = &Papers{Place: Home, Delay: "trois semaines après l’accord"}
	if err := CheckSubmit(d, f); err != nil {
		t.Errorf("%q", words(err))
	}
	for _, p := range []*Papers{nil, {}, {Waiver: "urgent"}} {
		d.Content.Papers = p
		refused(t, CheckSubmit(d, f), "place", "sale.fault.place_missing")
	}
	d.Content.Papers = &Papers{Waiver: "no", Place: "moon"}
	refused(t, CheckDraft(d, f), "waiver", "sale.fault.waiver")
	refused(t, CheckDraft(d, f), "place", "sale.fault.place")
}

// L221-10: nothing for seven days away from the shop.
func TestPaidTooSoon(t *testing.T) {
	d, f := works("S20")
	signed := date.MustParse("2026-11-02")
	for _, x := range []struct {
		papers Papers
		kind   CustomerKind
		day    string
		soon   bool
	}{
		{Papers{Place: Home}, Consumer, "2026-11-02", true}, {Papers{Place: Home}, Consumer, "2026-11-08", true}, {Papers{Place: Home}, Consumer, "2026-11-09", true}, {Papers{Place: Home}, Consumer, "2026-11-10", false}, {Papers{Place: Home, Prompt: "meeting"}, Consumer, "2026-11-02", false},
		{Papers{Place: Home, Waiver: "urgent"}, Consumer, "2026-11-02", false}, {Papers{Place: Home, Waiver: "bespoke"}, Consumer, "2026-11-02", true},
		{Papers{Place: Distance}, Consumer, "2026-11-02", false}, {Papers{Place: Shop}, Consumer, "2026-11-02", false}, {Papers{Place: Home}, NonTaxable, "2026-11-02", false},
	} {
		d.Content.Papers, f.Customer.Kind = &x.papers, x.kind
		if from, soon := PaidTooSoon(d, f.Customer, signed, date.MustParse(x.day)); soon != x.soon || soon && from != date.MustParse("2026-11-10") {
			t.Errorf("%+v: %v from %v", x, soon, from)
		}
	}
}

// Subcontracted works: the main contractor owes the VAT, and its number is printed (CGI 283-2 nonies).
func TestSubcontractedWorks(t *testing.T) {
	f := facts()
	d := draft(Invoice, false, line("Câblage du lot 4", "works", "S20", "1", "800"), line("Étude", "study", "S20", "1", "10"))
	d.Content.Papers = &Papers{Subcontract: true}
	refused(t, CheckSubmit(d, f), "lines[0].tax", "sale.fault.subcontract_taxed")
	d.Content.Lines[0].Tax = "AE"
	if err := CheckSubmit(d, f); err != nil {
		t.Errorf("%q", words(err))
	}
	holds(t, text(Print(d, f, i18n.For("fr"))), "Autoliquidation", "FR96552100554")
}

func TestPublicBuyerIsRemembered(t *testing.T) {
	c := Customer{Kind: Public, ServiceCode: "CULTURE"}
	d := Document{Content: Content{Contract: "2026-M12"}.WithPublic(c)}
	if d.Content.Service != "CULTURE" {
		t.Errorf("%+v", d.Content)
	}
	got, news := c.Remembered(d)
	if !news || got.ContractRef != "2026-M12" || got.ServiceCode != "CULTURE" {
		t.Errorf("%+v, %v", got, news)
	}
	if _, news := got.Remembered(d); news {
		t.Error("it is known already")
	}
	if _, news := (Customer{Kind: Company}).Remembered(d); news {
		t.Error("a company has no service code")
	}
}

func ExamplePaidTooSoon() {
	quote := Document{Content: Content{Papers: &Papers{Place: Home}}}
	from, soon := PaidTooSoon(quote, Customer{Kind: Consumer}, date.MustParse("2026-11-02"), date.MustParse("2026-11-05"))
	fmt.Println(from, soon)
	// Output: 2026-11-10 true
}
