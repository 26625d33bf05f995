package sale

import (
	"strings"
	"testing"

	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/i18n"
	"essaim/member"
	"essaim/money"
)

func good() Document {
	return draft(Invoice, false, line("Conseil", "service", "S20", "2", "450"), line("Bol", "goods", "G20", "3", "12.50"))
}

func TestGoodInvoicePasses(t *testing.T) {
	if err := CheckSubmit(good(), facts()); err != nil {
		t.Fatal(words(err))
	}
	if err := CheckDraft(Document{Kind: Invoice}, facts()); err != nil {
		t.Errorf("an empty draft can be saved: %q", words(err))
	}
}

// The last day of each bound still passes.
func TestBoundsAreIncluded(t *testing.T) {
	for name, change := range map[string]func(*Document, *Facts){
		"served in 366 days":         func(d *Document, f *Facts) { d.Content.Delivered, d.Content.Lines = today+366, d.Content.Lines[:1] },
		"goods delivered today":      func(d *Document, f *Facts) { d.Content.Delivered = today },
		"goods of a quote, later":    func(d *Document, f *Facts) { d.Kind, d.Content.Delivered = Quote, today+60 },
		"delivered on the first day": func(d *Document, f *Facts) { d.Content.Delivered = f.Activity.Opened },
		"closes today":               func(d *Document, f *Facts) { f.Activity.Closed = today },
		"opens today":                func(d *Document, f *Facts) { f.Activity.Opened, d.Content.Delivered = today, today },
		"last day of the CAPE":       func(d *Document, f *Facts) { f.Contract = member.Contract{Kind: member.CAPE, End: today} },
		"quote to a private person without address": func(d *Document, f *Facts) {
			d.Kind, f.Customer, d.Content.Papers = Quote, Customer{ID: 7, Kind: Consumer, Name: "Durand"}, &Papers{Place: Shop}
		},
		"all that is left to a private person": func(d *Document, f *Facts) { f.Customer.Kind, d.Content.DueDays = Consumer, 48 },
		"sixty days for an association":        func(d *Document, f *Facts) { f.Customer.Kind, d.Content.DueDays = NonTaxable, 60 },
		"care of a patient": func(d *Document, f *Facts) {
			d.Content.Lines, f.Customer.Kind = []Line{line("Séance", "service", "XMED", "1", "60")}, Consumer
		},
		"expenses paid for the customer": func(d *Document, f *Facts) { d.Content.Lines[0].Nature, d.Content.Lines[0].Tax = "recharged", "HORS" },
		"a company of Saint-Denis":       func(d *Document, f *Facts) { f.Customer.Address.Country = "RE" },
		"names in Greek and Cyrillic": func(d *Document, f *Facts) {
			f.Customer.Name, d.Content.Title, d.Content.Lines[0].Label = "Όλγα Παπαδοπούλου", "Щербань і сини", "Nguyễn, ½ journée, 4 m²"
		},
		"postcode abroad": func(d *Document, f *Facts) {
			f.Customer.Kind, f.Customer.VATNumber, f.Customer.Address.Country, f.Customer.Address.Zip = EUCompany, "BE0403170701", "BE", "1000"
		},
		"an emoji in one's own notes": func(d *Document, f *Facts) { f.Customer.Notes, f.Customer.Email = "🎨 aime le bleu", "" },
		"sixty days":                  func(d *Document, f *Facts) { d.Content.DueDays = 60 },
		"quote valid until today":     func(d *Document, f *Facts) { d.Kind, d.Content.ValidUntil = Quote, today },
		"first day of the attestation": func(d *Document, f *Facts) {
			d.Content.Lines[0].Nature, d.Content.Lines[0].Tax, f.Rules.VAT.TrainingFrom = "training", "XFORM", d.Content.Delivered
		},
		"training taxed the day before": func(d *Document, f *Facts) {
			d.Content.Lines[0].Nature, f.Rules.VAT.TrainingFrom = "training", d.Content.Delivered+1
		},
		"last day of 19.6 %": func(d *Document, f *Facts) {
			d.Content.Lines[0].Tax, d.Content.Lines[1].Tax, d.Content.Delivered, f.Activity.Opened = "S196", "G196", date.MustParse("2013-12-31"), 0
		},
	} {
		d, f := good(), facts()
		change(&d, &f)
		if err := CheckSubmit(d, f); err != nil {
			t.Errorf("%s: %q", name, words(err))
		}
	}
}

func TestDraftRefuses(t *testing.T) {
	for _, c := range []struct {
		field, key string
		change     func(*Document)
	}{
		{"kind", "sale.fault.kind", func(d *Document) { d.Kind = "letter" }},
		{"lines[1].label", "sale.fault.text_long", func(d *Document) { d.Content.Lines[1].Label = strings.Repeat("é", 2001) }},
		{"lines[0].label", "sale.fault.text_long", func(d *Document) { d.Content.Lines[0].Label = strings.Repeat("a", 10<<20) }},
		{"lines[0].label", "sale.fault.text_odd", func(d *Document) { d.Content.Lines[0].Label = "a\x00b" }},
		{"lines[0].unit", "sale.fault.text_odd", func(d *Document) { d.Content.Lines[0].Unit = "\xff" }},
		{"title", "sale.fault.text_long", func(d *Document) { d.Content.Title = strings.Repeat("a", 201) }},
		{"note", "sale.fault.text_long", func(d *Document) { d.Content.Note = strings.Repeat("a", 4001) }},
		{"commitment", "sale.fault.text_long", func(d *Document) { d.Content.Commitment = strings.Repeat("a", 101) }},
		{"currency", "sale.fault.currency", func(d *Document) { d.Content.Currency = "JPY" }},
		{"dueDays", "sale.fault.due_range", func(d *Document) { d.Content.DueDays = -1 }},
		{"dueDays", "sale.fault.due_range", func(d *Document) { d.Content.DueDays = 367 }},
		{"delivered", "sale.fault.day_absurd", func(d *Document) { d.Content.Delivered = date.MustParse("1926-11-22") }},
		{"deliveredFrom", "sale.fault.period", func(d *Document) { d.Content.DeliveredFrom = d.Content.Delivered + 1 }},
		{"lines", "sale.fault.lines_many", func(d *Document) { d.Content.Lines = make([]Line, MaxLines+1) }},
		{"lines[0].nature", "sale.fault.nature_unknown", func(d *Document) { d.Content.Lines[0].Nature = "magic" }},
		{"lines[1].tax", "sale.fault.tax_unknown", func(d *Document) { d.Content.Lines[1].Tax = "T99" }},
		{"lines[1].tax", "sale.fault.tax_unknown", func(d *Document) { d.Content.Lines[1].Tax = "D20" }},
		{"lines[0].quantity", "sale.fault.number_large", func(d *Document) { d.Content.Lines[0].Quantity = money.MaxMicro + 1 }},
		{"lines[0].price", "sale.fault.number_large", func(d *Document) { d.Content.Lines[0].Price = -money.MaxMicro - 1 }},
		{"lines[0].price", "sale.fault.amount_large", func(d *Document) {
			d.Content.Lines[0].Quantity, d.Content.Lines[0].Price = money.MaxMicro, money.MaxMicro
		}},
		{"lines[0].discount", "sale.fault.discount_range", func(d *Document) { d.Content.Lines[0].Discount = -1 }},
		{"lines[0].discountFlat", "sale.fault.discount_twice", func(d *Document) {
			d.Content.Lines[0].Discount, d.Content.Lines[0].DiscountFlat = money.Percent, 100
		}},
	} {
		d := good()
		c.change(&d)
		refused(t, CheckDraft(d, facts()), c.field, c.key)
		if CheckSubmit(d, facts()) == nil {
			t.Errorf("%s: submitted all the same", c.key)
		}
	}
	d := good()
	d.Content.Lines[0].Label = strings.Repeat("é", 2000)
	if err := CheckDraft(d, facts()); err != nil {
		t.Errorf("2 000 characters are as many as may be: %q", words(err))
	}
}

func TestSubmitRefuses(t *testing.T) {
	for _, c := range []struct {
		name, field, key string
		change           func(*Document, *Facts)
	}{
		{"no line", "lines", "sale.fault.no_line", func(d *Document, f *Facts) { d.Content.Lines = nil }},
		{"no label", "lines[0].label", "sale.fault.label_missing", func(d *Document, f *Facts) { d.Content.Lines[0].Label = " \n" }},
		{"no quantity", "lines[0].quantity", "sale.fault.quantity_missing", func(d *Document, f *Facts) { d.Content.Lines[0].Quantity = 0 }},
		{"no nature", "lines[0].nature", "sale.fault.nature_missing", func(d *Document, f *Facts) { d.Content.Lines[0].Nature = "" }},
		{"no tax", "lines[0].tax", "sale.fault.tax_missing", func(d *Document, f *Facts) { d.Content.Lines[0].Tax = "" }},
		{"no delivery", "delivered", "sale.fault.delivered_missing", func(d *Document, f *Facts) { d.Content.Delivered = 0 }},
		{"delivery in two years", "delivered", "sale.fault.delivered_ahead", func(d *Document, f *Facts) { d.Content.Delivered = today + 367 }},
		{"goods delivered tomorrow", "delivered", "sale.fault.goods_ahead", func(d *Document, f *Facts) { d.Content.Delivered = today + 1 }},
		{"postage of goods delivered tomorrow", "delivered", "sale.fault.goods_ahead", func(d *Document, f *Facts) {
			d.Content.Delivered, d.Content.Lines = today+1, []Line{line("Port", "recharged", "G20", "1", "8")}
		}},
		{"CAPE of another one over", "", "sale.fault.cape_over", func(d *Document, f *Facts) {
			f.Others = []Signer{{"Bo", member.Contract{Kind: member.CESA}}, {"Noé", member.Contract{Kind: member.CAPE, End: today - 1}}}
		}},
		{"delivery before the activity", "delivered", "sale.fault.delivered_before", func(d *Document, f *Facts) { d.Content.Delivered = f.Activity.Opened - 1 }},
		{"rate of 2013 now", "lines[0].tax", "sale.fault.tax_over", func(d *Document, f *Facts) { d.Content.Lines[0].Tax = "S196" }},
		{"rate of 2014 in 2013", "lines[0].tax", "sale.fault.tax_ahead", func(d *Document, f *Facts) { d.Content.Delivered, f.Activity.Opened = date.MustParse("2013-12-31"), 0 }},
		{"goods at the rate of services", "lines[1].tax", "sale.fault.tax_of_services", func(d *Document, f *Facts) { d.Content.Lines[1].Tax = "S20" }},
		{"services at the rate of goods", "lines[0].tax", "sale.fault.tax_of_goods", func(d *Document, f *Facts) { d.Content.Lines[0].Tax = "G20" }},
		{"advice as training", "lines[0].tax", "sale.fault.exempt_training_only", func(d *Document, f *Facts) { d.Content.Lines[0].Tax = "XFORM" }},
		{"training without attestation", "lines[0].tax", "sale.fault.training_none", func(d *Document, f *Facts) {
			d.Content.Lines[0].Nature, d.Content.Lines[0].Tax, f.Rules.VAT.TrainingNumber = "training", "XFORM", ""
		}},
		{"training before the attestation", "lines[0].tax", "sale.fault.training_ahead", func(d *Document, f *Facts) {
			d.Content.Lines[0].Nature, d.Content.Lines[0].Tax, f.Rules.VAT.TrainingFrom = "training", "XFORM", d.Content.Delivered+1
		}},
		{"training taxed by a holder", "lines[0].tax", "sale.fault.training_exempt", func(d *Document, f *Facts) { d.Content.Lines[0].Nature = "training" }},
		{"lessons to a company", "lines[0].tax", "sale.fault.exempt_lessons", func(d *Document, f *Facts) { d.Content.Lines[0].Tax = "XEDU" }},
		{"reverse charge of advice", "lines[0].tax", "sale.fault.reverse_works", func(d *Document, f *Facts) { d.Content.Lines[0].Tax = "AE" }},
		{"reverse charge without number", "lines[0].tax", "sale.fault.reverse_vat_number", func(d *Document, f *Facts) {
			d.Content.Lines[0].Nature, d.Content.Lines[0].Tax, f.Customer.VATNumber = "works", "AE", ""
		}},
		{"a French company without French VAT", "lines[0].tax", "sale.fault.exempt_union", func(d *Document, f *Facts) { d.Content.Lines[0].Tax = "EUS" }},
		{"export to Lyon", "lines[1].tax", "sale.fault.exempt_abroad", func(d *Document, f *Facts) { d.Content.Lines[1].Tax = "EXG" }},
		{"works uninsured", "", "sale.fault.insurance_missing", func(d *Document, f *Facts) {
			d.Content.Lines[0].Nature, f.Rules.Terms.Insurance = "works", ""
		}},
		{"nothing to pay", "lines", "sale.fault.total_nil", func(d *Document, f *Facts) { d.Content.Lines[0].Price, d.Content.Lines[1].Price = 0, 0 }},
		{"money back", "lines", "sale.fault.total_negative", func(d *Document, f *Facts) { d.Content.Lines[0].Price *= -1 }},
		{"three months between companies", "dueDays", "sale.fault.due_company", func(d *Document, f *Facts) { d.Content.DueDays = 90 }},
		{"activity closed", "", "sale.fault.activity_closed", func(d *Document, f *Facts) { f.Activity.Closed = today - 1 }},
		{"activity to come", "", "sale.fault.activity_ahead", func(d *Document, f *Facts) { f.Activity.Opened = today + 1 }},
		{"CAPE over (practice 16)", "", "sale.fault.cape_over", func(d *Document, f *Facts) { f.Contract = member.Contract{Kind: member.CAPE, End: today - 1} }},
		{"no customer", "customer", "sale.fault.customer_missing", func(d *Document, f *Facts) { d.Customer, f.Customer = 0, Customer{} }},
		{"a SIREN that fails its key", "customer.siren", "sale.fault.siren", func(d *Document, f *Facts) { f.Customer.SIREN = "552100555" }},
		{"a company without SIREN", "customer.siren", "sale.fault.siren_missing", func(d *Document, f *Facts) { f.Customer.SIREN = "" }},
		{"no address", "customer.address.line1", "sale.fault.customer_address", func(d *Document, f *Facts) { f.Customer.Address.Line1 = "" }},
		{"no town", "customer.address.city", "sale.fault.customer_city", func(d *Document, f *Facts) { f.Customer.Address.City = " " }},
		{"another one's VAT number", "customer.vatNumber", "coop.vat_other", func(d *Document, f *Facts) { f.Customer.VATNumber = "FR44732829320" }},
		{"a VAT number with the wrong key", "customer.vatNumber", "coop.vat_key", func(d *Document, f *Facts) { f.Customer.VATNumber = "FR00552100554" }},
		{"a French company with an Italian number", "customer.vatNumber", "sale.fault.vat_number_fr", func(d *Document, f *Facts) { f.Customer.VATNumber = "IT12345678901" }},
		{"a French company in Berlin", "customer.address.country", "sale.fault.country_french", func(d *Document, f *Facts) { f.Customer.Address.Country = "DE" }},
		{"a town hall in London", "customer.address.country", "sale.fault.country_french", func(d *Document, f *Facts) {
			f.Customer.Kind, f.Customer.Address.Country = Public, "GB"
		}},
		{"a German firm with an Italian number", "customer.vatNumber", "sale.fault.vat_number_country", func(d *Document, f *Facts) {
			f.Customer.Kind, f.Customer.Address.Country, f.Customer.VATNumber = EUCompany, "DE", "IT12345678901"
		}},
		{"a German number too short", "customer.vatNumber", "coop.vat_shape", func(d *Document, f *Facts) {
			f.Customer.Kind, f.Customer.Address.Country, f.Customer.VATNumber = EUCompany, "DE", "DE123"
		}},
		{"an EU company with a French number", "customer.vatNumber", "sale.fault.vat_number", func(d *Document, f *Facts) {
			f.Customer.Kind, f.Customer.Address.Country = EUCompany, "DE"
		}},
		{"a private person without address", "customer.address.line1", "sale.fault.customer_address", func(d *Document, f *Facts) {
			f.Customer = Customer{ID: 7, Kind: Consumer, Name: "Durand"}
		}},
		{"a private person without town", "customer.address.city", "sale.fault.customer_city", func(d *Document, f *Facts) {
			f.Customer = Customer{ID: 7, Kind: Consumer, Name: "Durand", Address: coop.Address{Line1: "1 rue du Pont"}}
		}},
		{"ten months for an association", "dueDays", "sale.fault.due_body", func(d *Document, f *Facts) { f.Customer.Kind, d.Content.DueDays = NonTaxable, 300 }},
		{"a month and a day for a town hall", "dueDays", "sale.fault.due_public", func(d *Document, f *Facts) { f.Customer.Kind, d.Content.DueDays = Public, 31 }},
		{"care to a company", "lines[0].tax", "sale.fault.exempt_care_whom", func(d *Document, f *Facts) { d.Content.Lines[0].Tax = "XMED" }},
		{"care abroad", "lines[0].tax", "sale.fault.exempt_care_whom", func(d *Document, f *Facts) {
			d.Content.Lines[0].Tax, f.Customer.Kind, f.Customer.Address.Country = "XMED", Foreign, "GB"
		}},
		{"works as care", "lines[0].tax", "sale.fault.exempt_care", func(d *Document, f *Facts) {
			d.Content.Lines[0].Tax, d.Content.Lines[0].Nature, f.Customer.Kind = "XMED", "works", Consumer
		}},
		{"advice out of scope", "lines[0].tax", "sale.fault.exempt_outside", func(d *Document, f *Facts) { d.Content.Lines[0].Tax = "HORS" }},
		{"EU company without number", "customer.vatNumber", "sale.fault.vat_number_missing", func(d *Document, f *Facts) { f.Customer.Kind, f.Customer.VATNumber = EUCompany, "" }},
		{"EU company in France", "customer.address.country", "sale.fault.country_union", func(d *Document, f *Facts) { f.Customer.Kind = EUCompany }},
		{"Briton after 2020", "customer.address.country", "sale.fault.country_union", func(d *Document, f *Facts) {
			f.Customer.Kind, f.Customer.Address.Country, f.Customer.VATNumber = EUCompany, "GB", "GB123456789"
		}},
		{"EU number of no form", "customer.vatNumber", "coop.vat_prefix", func(d *Document, f *Facts) {
			f.Customer.Kind, f.Customer.Address.Country, f.Customer.VATNumber = EUCompany, "DE", "XX1"
		}},
		{"foreigner in Berlin", "customer.address.country", "sale.fault.country_foreign", func(d *Document, f *Facts) { f.Customer.Kind, f.Customer.Address.Country = Foreign, "DE" }},
		{"EU company of nowhere", "customer.address.country", "sale.fault.country_union", func(d *Document, f *Facts) { f.Customer.Kind, f.Customer.Address.Country = EUCompany, "" }},
		{"foreigner in France", "customer.address.country", "sale.fault.country_foreign", func(d *Document, f *Facts) { f.Customer.Kind, f.Customer.Address.Country = Foreign, "FR" }},
		{"foreigner of a state of the past", "customer.address.country", "sale.fault.country", func(d *Document, f *Facts) { f.Customer.Kind, f.Customer.Address.Country = Foreign, "DD" }},
		{"postcode of four digits", "customer.address.zip", "coop.zip_shape", func(d *Document, f *Facts) { f.Customer.Address.Zip = "6900" }},
		{"postcode with a letter, on Réunion", "customer.address.zip", "coop.zip_shape", func(d *Document, f *Facts) { f.Customer.Address.Country, f.Customer.Address.Zip = "RE", "9740O" }},
		{"name in Chinese", "customer.name", "coop.text_unwritten", func(d *Document, f *Facts) { f.Customer.Name = "北京 Kiln" }},
		{"street in Arabic", "customer.address.line1", "coop.text_unwritten", func(d *Document, f *Facts) { f.Customer.Address.Line1 = "شارع" }},
		{"title with an emoji", "title", "coop.text_unwritten", func(d *Document, f *Facts) { d.Content.Title = "Atelier 🎨" }},
		{"label in Japanese", "lines[1].label", "coop.text_unwritten", func(d *Document, f *Facts) { d.Content.Lines[1].Label = "Bol 金継ぎ" }},
		{"note with an emoji", "note", "coop.text_unwritten", func(d *Document, f *Facts) { d.Content.Note = "Merci 🙏" }},
		{"town hall without SIRET", "customer.siret", "sale.fault.siret_missing", func(d *Document, f *Facts) { f.Customer.Kind = Public }},
		{"SIRET that fails its key", "customer.siret", "sale.fault.siret", func(d *Document, f *Facts) { f.Customer.SIRET = "55210055400014" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, f := good(), facts()
			c.change(&d, &f)
			if e := refusedAs(t, CheckSubmit(d, f), c.field, c.key); e != nil {
				for _, lang := range []string{"fr", "en"} {
					if w := i18n.For(lang).Fault(e); strings.ContainsAny(w, "{}") {
						t.Errorf("%s words with a hole: %s", lang, w)
					}
				}
			}
			if _, err := Issue(d, f, "F-1", 3, 1); err == nil {
				t.Error("issued all the same")
			}
		})
	}
}

// Practice 21: a public buyer's fields, each required or not, and the words say whom to ask.
func TestPublicBuyersFields(t *testing.T) {
	f := facts()
	f.Customer.Kind, f.Customer.SIREN, f.Customer.SIRET = Public, "213400013", siretOf("213400013")
	f.Customer.Name, f.Customer.VATNumber = "Commune de Valmorence", ""
	d := good()
	if err := CheckSubmit(d, f); err != nil {
		t.Fatalf("nothing is asked for by this buyer: %q", words(err))
	}
	f.Customer.NeedsService, f.Customer.NeedsCommitment, f.Customer.NeedsContract = true, true, true
	err := CheckSubmit(d, f)
	refused(t, err, "service", "sale.fault.service_missing")
	refused(t, err, "contract", "sale.fault.contract_missing")
	if e := refusedAs(t, err, "commitment", "sale.fault.commitment_missing"); e != nil {
		if w := i18n.For("fr").Fault(e); !strings.Contains(w, "Dominique Ferrand") || !strings.Contains(w, "Commune de Valmorence") {
			t.Errorf("whom to ask: %s", w)
		}
	}
	f.Customer.Contact = ""
	refused(t, CheckSubmit(d, f), "commitment", "sale.fault.commitment_missing_whom")
	f.Customer.ServiceCode = "CULTURE"
	d.Content.Commitment, d.Content.Contract = "EJ-2026-118", "2026-M12"
	if err := CheckSubmit(d, f); err != nil {
		t.Errorf("complete: %q", words(err))
	}
	quote := d
	quote.Kind, quote.Content.Commitment = Quote, ""
	if err := CheckSubmit(quote, f); err != nil {
		t.Errorf("a quote comes before the commitment: %q", words(err))
	}
}

// siretOf completes a SIREN into a SIRET whose key holds.
func siretOf(siren string) string {
	for i := range 100000 {
		nic := "0000" + string(rune('0'+i%10))
		if i >= 10 {
			nic = "000" + string(rune('0'+i/10%10)) + string(rune('0'+i%10))
		}
		if coop.ValidSIRET(siren + nic) {
			return siren + nic
		}
	}
	return ""
}

func TestQuotesAskLess(t *testing.T) {
	d, f := good(), facts()
	d.Kind, d.Content.Delivered = Quote, 0
	if err := CheckSubmit(d, f); err != nil {
		t.Errorf("a quote has no delivery yet: %q", words(err))
	}
	d.Content.ValidUntil = today - 1
	refused(t, CheckSubmit(d, f), "validUntil", "sale.fault.valid_past")
	d.Content.ValidUntil = today + 800
	refused(t, CheckSubmit(d, f), "validUntil", "sale.fault.valid_long")
	f.Contract = member.Contract{Kind: member.CAPE, End: today - 1}
	refused(t, CheckSubmit(d, f), "", "sale.fault.cape_over")
}

func TestConsumersNeedOnlyNameAndAddress(t *testing.T) {
	f := facts()
	f.Customer = Customer{ID: 7, Kind: Consumer, Third: 501, FirstName: "Aïcha", Name: "Benali", Address: coop.Address{Line2: "Le Bourg", City: "Lodève"}}
	d := good()
	d.Content.DueDays = 45
	if err := CheckSubmit(d, f); err != nil {
		t.Error(words(err))
	}
	f.Customer.Name = ""
	refused(t, CheckSubmit(d, f), "customer.name", "sale.fault.customer_name")
}

// Abroad: a German company without French VAT, a Swiss one, and outside the scope.
func TestBuyersAbroad(t *testing.T) {
	f := facts()
	f.Customer.Kind, f.Customer.SIREN, f.Customer.VATNumber, f.Customer.Address.Country = EUCompany, "", "DE811569869", "DE"
	d := draft(Invoice, false, line("Beratung", "service", "EUS", "1", "100"), line("Schale", "goods", "EUG", "1", "30"), line("Pfand", "goods", "HORS", "1", "3"))
	if err := CheckSubmit(d, f); err != nil {
		t.Error(words(err))
	}
	f.Customer.Address.Country, f.Customer.Kind, f.Customer.VATNumber = "CH", Foreign, "CHE-123.456.788"
	refused(t, CheckSubmit(d, f), "lines[0].tax", "sale.fault.exempt_union")
	d.Content.Lines[0].Tax, d.Content.Lines[1].Tax = "EXS", "EXG"
	if err := CheckSubmit(d, f); err != nil {
		t.Error(words(err))
	}
}

func TestCustomerCheckIsStable(t *testing.T) {
	c := Customer{Kind: "x", SIREN: "1", SIRET: "2", Email: "a", Address: coop.Address{Country: "france", Line1: strings.Repeat("a", 300)}}
	first := strings.Join(words(c.Check(today)), "|")
	for range 20 {
		if again := strings.Join(words(c.Check(today)), "|"); again != first {
			t.Fatalf("%s, then %s", first, again)
		}
	}
	for _, e := range fault.All(c.Check(today)) {
		if e.Kind != fault.Invalid || e.Field == "" {
			t.Errorf("%+v", e)
		}
	}
	other := Customer{Kind: Company, Name: "a", SIREN: "552100554", SIRET: "73282932000074"}
	refused(t, other.Check(today), "siret", "sale.fault.siret_other")
	if len(CustomerKinds()) != 6 {
		t.Error("six kinds")
	}
}
