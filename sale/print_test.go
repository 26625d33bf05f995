package sale

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"essaim/coop"
	"essaim/date"
	"essaim/i18n"
	"essaim/member"
	"essaim/money"
)

var update = flag.Bool("update", false, "write the golden papers again")

// text is everything a paper says.
func text(p Paper) string {
	b, err := json.Marshal(p)
	if err != nil {
		panic(err)
	}
	var out bytes.Buffer
	if err := json.Compact(&out, b); err != nil {
		panic(err)
	}
	return strings.NewReplacer(`\u0026`, "&", nbsp, " ", "\u202f", " ").Replace(out.String())
}

func holds(t *testing.T, paper string, wanted ...string) {
	t.Helper()
	for _, w := range wanted {
		if !strings.Contains(paper, w) {
			t.Errorf("the paper does not say « %s »\n%s", w, paper)
		}
	}
}

func without(t *testing.T, paper string, unwanted ...string) {
	t.Helper()
	for _, w := range unwanted {
		if strings.Contains(paper, w) {
			t.Errorf("the paper says « %s »", w)
		}
	}
}

func customerOf(kind CustomerKind) Customer {
	c := facts().Customer
	c.Kind = kind
	switch kind {
	case NonTaxable:
		c.Name, c.SIREN, c.VATNumber = "Association Cerf-volant bleu", "", ""
	case Public:
		c.Name, c.SIREN, c.SIRET, c.VATNumber, c.ServiceCode = "Commune de Valmorence", "213400013", siretOf("213400013"), "", "CULTURE"
	case Consumer:
		c = Customer{ID: 7, Third: 501, Kind: Consumer, FirstName: "Aïcha", Name: "Benali", Address: coop.Address{Line1: "2 rue Haute", Zip: "34700", City: "Lodève", Country: "FR"}}
	case EUCompany:
		c.Name, c.SIREN, c.VATNumber, c.Contact = "Kunsthaus Linde", "", "DE811569869", ""
		c.Address = coop.Address{Line1: "Lindenstraße 9", Zip: "10969", City: "Berlin", Country: "DE"}
	case Foreign:
		c.Name, c.SIREN, c.VATNumber, c.Contact = "Galerie du Lac", "", "", ""
		c.Address = coop.Address{Line1: "Quai 3", Zip: "1201", City: "Genève", Country: "CH"}
	case Company:
	}
	return c
}

// Every mandatory mention, by kind of customer × CAPE × exemption (law notes § 7.4 and § 1.5).
func TestEveryMention(t *testing.T) {
	seller := []string{
		"Trame & Sillon, SCOP SARL à capital variable", "4 rue de l’Exemple", "34700 Lodève", "SIRET 732 829 320 00074",
		"RCS Montpellier 732 829 320", "TVA FR44732829320", "Maëlle céramique",
	}
	capeWords := "Maëlle Kervadec bénéficie d’un contrat d’appui au projet d’entreprise (art. L127-1 du Code de commerce) conclu avec " +
		"Trame & Sillon, siège : 4 rue de l’Exemple, 34700 Lodève, SIREN 732 829 320, jusqu’au 28 févr. 2027."
	taxed := map[CustomerKind][]Line{}
	exempt := map[CustomerKind][]Line{}
	for _, kind := range CustomerKinds() {
		taxed[kind] = []Line{line("Conseil", "service", "S20", "2", "450"), line("Bol", "goods", "G20", "1", "30")}
		exempt[kind] = []Line{line("Formation", "training", "XFORM", "2", "450")}
	}
	exempt[EUCompany] = []Line{line("Conseil", "service", "EUS", "1", "450"), line("Bol", "goods", "EUG", "1", "30")}
	exempt[Foreign] = []Line{line("Conseil", "service", "EXS", "1", "450"), line("Bol", "goods", "EXG", "1", "30")}
	grounds := map[CustomerKind][]string{
		EUCompany: {"Autoliquidation, art. 283-2 et 259-1° du CGI", "Exonération de TVA, art. 262 ter-I du CGI"},
		Foreign:   {"TVA non applicable, art. 259-1° du CGI", "Exonération de TVA, art. 262-I du CGI"},
	}
	training := []string{"Exonération de TVA, art. 261-4-4° a du CGI"}
	for _, kind := range CustomerKinds() {
		for _, cape := range []bool{false, true} {
			for _, free := range []bool{false, true} {
				f := facts()
				f.Customer = customerOf(kind)
				f.Customer.Delivery = coop.Address{Line1: "Entrepôt 4", Zip: "34000", City: "Montpellier", Country: "FR"}
				if cape {
					f.Contract = member.Contract{Kind: member.CAPE, End: date.MustParse("2027-02-28")}
				}
				d := draft(Invoice, kind == Consumer, taxed[kind]...)
				if free {
					d.Content.Lines = exempt[kind]
				}
				d.Content.OrderRef, d.Content.Commitment, d.Content.Contract = "BC-77", "EJ-2026-118", "2026-M12"
				d = issued(t, d, f, "F-2026-0012")
				paper := text(Print(d, f, i18n.For("fr")))
				t.Run(string(kind), func(t *testing.T) {
					holds(t, paper, seller...)
					holds(t, paper, "Facture", "F-2026-0012", "22 nov. 2026", "20 nov. 2026", "À payer au plus tard le", "22 déc. 2026", "BC-77", f.Customer.FullName())
					holds(t, paper, "Entrepôt 4", "34000 Montpellier", "IBAN", "FR76 3000 6000 0112 3456 7890 189", "Quantité", "Total HT", "TVA", "Total TTC")
					holds(t, paper, "Assurance professionnelle : Assurance des Coopératives")
					if f.Customer.VATNumber != "" {
						holds(t, paper, "TVA "+f.Customer.VATNumber)
					}
					if cape {
						holds(t, paper, capeWords)
					} else {
						without(t, paper, "contrat d’appui")
					}
					mentionsByKind(t, paper, kind)
					if !free {
						holds(t, paper, "Nature des opérations : livraison de biens et prestation de services.", "20 %", "TVA 20 %")
						without(t, paper, "Exonération", "Autoliquidation")
						return
					}
					if g := grounds[kind]; g != nil {
						holds(t, paper, g...)
						holds(t, paper, "livraison de biens et prestation de services")
					} else {
						holds(t, paper, training...)
						holds(t, paper, "Nature des opérations : prestation de services.")
					}
				})
			}
		}
	}
}

func mentionsByKind(t *testing.T, paper string, kind CustomerKind) {
	t.Helper()
	late := []string{"pénalités au taux de trois fois le taux d’intérêt légal", "frais de recouvrement en cas de retard : 40 €", "Pas d’escompte pour paiement anticipé."}
	switch kind {
	case Company:
		holds(t, paper, late...)
		holds(t, paper, "SIREN 552 100 554")
	case NonTaxable, EUCompany, Foreign:
		holds(t, paper, late...)
	case Public:
		holds(t, paper, "intérêts moratoires au taux de la Banque centrale européenne majoré de huit points et indemnité forfaitaire de 40 €",
			"Pas d’escompte pour paiement anticipé.", "SIRET 213 400 013", "CULTURE", "EJ-2026-118", "2026-M12")
	case Consumer:
		without(t, paper, "pénalités", "40 €", "escompte")
		holds(t, paper, "Médiateur de la consommation (art. L616-1 du Code de la consommation) : CM2C")
		if strings.Contains(paper, "livraison de biens") {
			holds(t, paper, "garantie légale de conformité de deux ans")
		}
	}
	switch kind {
	case EUCompany:
		holds(t, paper, "Berlin", "Allemagne", "DE811569869")
	case Foreign:
		holds(t, paper, "Genève", "Suisse")
	case Company, NonTaxable, Public, Consumer:
	}
}

func TestMentionsOfTheTrade(t *testing.T) {
	f := facts()
	f.Activity.Insurance = "MAAF décennale n° 12, France métropolitaine"
	housed := draft(Invoice, false, line("Tableau électrique", "works", "S10", "1", "800"))
	housed.Content.Papers, f.Certified = &Papers{Housing: &Housing{Old: true, Address: "3 rue Basse", Work: "improve"}}, true
	d := issued(t, housed, f, "F-1")
	holds(t, text(Print(d, f, i18n.For("fr"))), "MAAF décennale n° 12", "achevé depuis plus de deux ans", "279-0 bis")
	d = issued(t, draft(Invoice, false, line("Chantier Martin", "works", "AE", "1", "800")), f, "F-1")
	paper := text(Print(d, f, i18n.For("fr")))
	holds(t, paper, "Autoliquidation, art. 283-2 nonies du CGI")
	without(t, paper, "279-0 bis")

	debits := "Option pour le paiement de la taxe d’après les débits"
	services := draft(Invoice, false, line("Conseil", "service", "S20", "1", "800"))
	without(t, text(Print(services, f, i18n.For("fr"))), debits)
	f.Rules.VAT.OnDebits = true
	under := issued(t, services, f, "F-1")
	holds(t, text(Print(under, f, i18n.For("fr"))), debits)
	without(t, text(Print(draft(Invoice, false, line("Bol", "goods", "G20", "1", "8")), f, i18n.For("fr"))), debits)
	f.Rules.VAT.OnDebits = false
	holds(t, text(Print(under, f, i18n.For("fr"))), debits) // as it was issued
}

// Goods and services at 20 % are one row; the rows and totals on paper are those of the document.
func TestOneRowARate(t *testing.T) {
	f := facts()
	d := issued(t, draft(Invoice, false, line("a", "service", "S20", "1", "0.02"), line("b", "goods", "G20", "1", "0.02"), line("c", "goods", "G55", "1", "10"), line("d", "training", "XFORM", "1", "5")), f, "F-1")
	p := Print(d, f, i18n.For("fr"))
	want := []PaperTax{{"TVA 20 %", "0,04 €", "0,01 €"}, {"TVA 5,5 %", "10,00 €", "0,55 €"}, {"Exonéré, formation professionnelle", "5,00 €", "0,00 €"}}
	if len(p.Taxes) != len(want) {
		t.Fatalf("%+v", p.Taxes)
	}
	for i, w := range want {
		got := PaperTax{plain(p.Taxes[i].Label), plain(p.Taxes[i].Net), plain(p.Taxes[i].VAT)}
		if got != w {
			t.Errorf("row %d: %+v, want %+v", i, got, w)
		}
	}
}

func plain(s string) string { return strings.NewReplacer(nbsp, " ", "\u202f", " ").Replace(s) }

func TestDraftIsMarked(t *testing.T) {
	d := good()
	d.Content.DueDays = 0
	p := Print(d, facts(), i18n.For("fr"))
	if !p.Draft || p.Number != "Numéro et date donnés à la validation" || p.Due.Value == "" {
		t.Errorf("%+v", p)
	}
	holds(t, text(p), "à réception de la facture", "1 125,00 €")
	d.Content.Lines[0].Tax = "" // a draft may be incomplete
	if p = Print(d, facts(), i18n.For("en")); p.Title != "Invoice" || len(p.Rows) != 2 || p.Rows[0].Amount != "" {
		t.Errorf("%+v", p)
	}
}

// A document typed TTC shows what was typed; a buyer who is not a consumer also reads the unit price before tax.
func TestPricesTypedTTC(t *testing.T) {
	f := facts()
	d := issued(t, draft(Invoice, true, line("Bol", "made", "G20", "3", "35")), f, "F-1")
	holds(t, text(Print(d, f, i18n.For("fr"))), "Prix unitaire TTC", `"35,00"`, `"105,00"`, "87,50 €", "17,50 €", "Prix unitaire hors taxe : 29,1667 €")
	holds(t, text(Print(d, f, i18n.For("en"))), "€29.1667")
	f.Customer = customerOf(Consumer)
	without(t, text(Print(d, f, i18n.For("fr"))), "hors taxe :")
}

// What is counted is written in the plural where the language knows the word.
func TestUnitsInThePlural(t *testing.T) {
	for _, x := range []struct{ lang, n, unit, want string }{
		{"fr", "2", "personne", "personnes"}, {"fr", "1.5", "heure", "heure"}, {"fr", "2", "mois", "mois"}, {"fr", "3", "kg", "kg"}, {"fr", "12", "bouquet champêtre", "bouquet champêtre"},
		{"en", "1.5", "hour", "hours"}, {"en", "1", "hour", "hour"}, {"fr", "-2", "jour", "jour"},
	} {
		n, err := money.ParseMicro(x.n)
		if err != nil {
			t.Fatal(err)
		}
		if got := (writer{p: i18n.For(x.lang)}).unit(x.unit, n); got != x.want {
			t.Errorf("%s %s %s: %q, want %q", x.lang, x.n, x.unit, got, x.want)
		}
	}
}

func TestPaidAndCreditedOnPaper(t *testing.T) {
	f := facts()
	d := issued(t, draft(Invoice, false, line("a", "service", "S20", "1", "1000")), f, "F-1")
	d.Paid, d.Credited = cents("600"), cents("120")
	paper := text(Print(d, f, i18n.For("fr")))
	holds(t, paper, "Déjà réglé", "−600,00 €", "Avoirs", "−120,00 €", `"À payer","Value":"480,00 €"`)
	d.Paid = cents("1080")
	if p := Print(d, f, i18n.For("fr")); p.Pay != nil {
		t.Error("nothing left to pay, nothing to say how")
	}
}

// The golden papers are documentation: what each kind of buyer receives, to the word.
func TestGoldenPapers(t *testing.T) {
	fr := i18n.For("fr")
	pots := line("Bol émaillé, céladon", "made", "G20", "3", "35")
	pots.Unit = "pièces"
	advice := line("Conseil en aménagement d’atelier", "service", "S20", "1.5", "480")
	advice.Unit, advice.Discount = "jour", 10*money.Percent
	delivery := coop.Address{Line1: "Entrepôt 4, zone des Rives", Zip: "34000", City: "Montpellier", Country: "FR"}
	paper := func(kind CustomerKind, d Document, number string, p i18n.Printer, change func(*Facts)) Paper {
		f := facts()
		f.Customer = customerOf(kind)
		change(&f)
		return Print(issued(t, d, f, number), f, p)
	}
	town := draft(Invoice, false, line("Atelier modelage, trois demi-journées", "service", "S20", "3", "380"))
	town.Content.Commitment, town.Content.OrderRef, town.Content.DeliveredFrom = "EJ-2026-118", "BC-77", date.MustParse("2026-11-03")
	course := draft(Invoice, false, line("Formation aux émaux, deux jours", "training", "XFORM", "2", "450"))
	papers := map[string]Paper{
		"company": paper(Company, draft(Invoice, false, advice, line("Bol", "goods", "G20", "3", "12.50")), "F-2026-0012", fr, func(f *Facts) { f.Customer.Delivery = delivery }),
		"town_hall": paper(Public, town, "F-2026-0013", fr, func(f *Facts) {
			f.Customer.NeedsCommitment = true
		}),
		"consumer_ttc": paper(Consumer, draft(Invoice, true, pots, line("Atelier découverte", "service", "S20", "1", "9.99")), "F-2026-0014", fr, func(f *Facts) {}),
		"cape": paper(NonTaxable, draft(Invoice, false, advice), "F-2026-0015", fr, func(f *Facts) {
			f.Contract = member.Contract{Kind: member.CAPE, End: date.MustParse("2027-02-28")}
		}),
		"training": paper(Company, course, "F-2026-0016", fr, func(f *Facts) {}),
		"union":    paper(EUCompany, draft(Invoice, false, line("Ausstellungskonzept", "service", "EUS", "1", "1900")), "F-2026-0017", i18n.For("en"), func(f *Facts) {}),
		"credit":   creditPaper(t, fr), "quote_signed": quotePaper(t, fr, true), "quote": quotePaper(t, fr, false),
	}
	maps.Copy(papers, sitePapers(t))
	for name, p := range papers {
		got, err := json.MarshalIndent(p, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		got = append(bytes.ReplaceAll(got, []byte(`\u0026`), []byte("&")), '\n')
		file := filepath.Join("testdata", "paper", name+".json")
		if *update {
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s differs from its golden paper (go test ./sale -update writes it again):\n%s", name, got)
		}
	}
}

func creditPaper(t *testing.T, p i18n.Printer) Paper {
	f := facts()
	inv := issued(t, draft(Invoice, false, line("Conseil", "service", "S20", "2", "450"), line("Bol", "goods", "G20", "3", "12.50")), f, "F-2026-0012")
	f.Invoice = &inv
	cn := Document{ID: 15, Kind: CreditNote, Activity: 42, Customer: 7, Status: Draft, Corrects: inv.ID, Content: CreditOf(inv)}
	cn.Content.Lines = cn.Content.Lines[1:]
	cn.Content.Reason = "trois bols fêlés à l’arrivée"
	return Print(issued(t, cn, f, "A-2026-0002"), f, p)
}

func quotePaper(t *testing.T, p i18n.Printer, signed bool) Paper {
	f := facts()
	f.Customer = customerOf(Consumer)
	d := draft(Quote, true, line("Fontaine murale sur mesure", "made", "G20", "1", "1250"))
	d.Content.Delivered, d.Content.Papers = 0, &Papers{Place: Shop}
	d = issued(t, d, f, "D-2026-0041")
	if signed {
		d.Status = Accepted
		d.Signed = Signature{Name: "Aïcha Benali", At: 1_795_000_000_000_000, Address: "203.0.113.7", Hash: strings.Repeat("ab", 32)}
	}
	return Print(d, f, p)
}

// The terms a cooperative starts with are told in the language of the paper; its own words stand as it wrote them.
func TestTermsOfTheCooperative(t *testing.T) {
	f := facts()
	start := coop.Default().Terms
	fr, en := i18n.For("fr"), i18n.For("en")
	if plain(fr.T("paper.discount_usual")) != plain(start.Discount) {
		t.Error("the French words are those of the default terms")
	}
	paper := text(Print(good(), f, en))
	holds(t, paper, "three times the legal interest rate", "No discount for early payment.")
	without(t, paper, "trois fois", "escompte")
	f.Rules.Terms.Discount, f.Rules.Reminders.Interest, f.Rules.Reminders.Rate = "Escompte de 2 % à huit jours", coop.LateFixed, 12*money.Percent
	holds(t, text(Print(good(), f, fr)), "pénalités au taux de 12 % l’an, trois fois le taux d’intérêt légal au moins", "Escompte de 2 % à huit jours.")
}

func TestSignatureOfQuotes(t *testing.T) {
	p := quotePaper(t, i18n.For("fr"), false)
	if len(p.Sign) != 2 || p.Sign[0] != "Bon pour accord" {
		t.Errorf("%q", p.Sign)
	}
	p = quotePaper(t, i18n.For("fr"), true)
	holds(t, text(p), "Accepté par Aïcha Benali", "203.0.113.7", strings.Repeat("ab", 32), "UTC")
	f := facts()
	f.Zone = time.FixedZone("Paris", 3600)
	here := Print(Document{Kind: Quote, Status: Accepted, Number: "D-1", Content: Content{Delivered: today + 9}, Signed: Signature{Name: "Aïcha Benali", At: 1_795_000_000_000_000}}, f, i18n.For("fr"))
	holds(t, text(here), "Accepté par Aïcha Benali le 18 nov. 2026 à 12 h 06", "Prévu le")
	if strings.Contains(text(here), "UTC") || strings.Contains(text(here), "Réalisé le") {
		t.Error(text(here))
	}
	d := Document{Kind: Quote, Status: Accepted, Number: "D-1", Signed: Signature{Name: "Mme Ferrand", At: 1_795_000_000_000_000, Recorded: true}}
	holds(t, text(Print(d, f, i18n.For("fr"))), "Accord de Mme Ferrand enregistré par Maëlle céramique")
}

// Both languages say everything: no key left bare, no hole left open.
func TestPapersHaveTheirWords(t *testing.T) {
	for _, lang := range []string{"fr", "en"} {
		for _, p := range []Paper{creditPaper(t, i18n.For(lang)), quotePaper(t, i18n.For(lang), true), quotePaper(t, i18n.For(lang), false)} {
			b, err := json.Marshal(p)
			if err != nil {
				t.Fatal(err)
			}
			s := string(b)
			for _, bad := range []string{`"paper.`, `"tax.`, " paper.", "{n}", "{name}", "{number}", "{on}"} {
				if strings.Contains(s, bad) {
					t.Errorf("%s: %q in %s", lang, bad, s)
				}
			}
		}
	}
}

// In a joint activity the paper names each one who is under CAPE, its author first (Code de commerce R127-3).
func TestMentionOfEachCAPE(t *testing.T) {
	f := facts()
	f.Others = []Signer{
		{"Noé Vidal", member.Contract{Kind: member.CAPE, End: date.MustParse("2027-02-28")}},
		{"Bo Lin", member.Contract{Kind: member.CESA}},
		{"Ida Roy", member.Contract{Kind: member.CAPE, End: date.MustParse("2027-06-30")}},
	}
	var named []string
	for _, m := range Print(issued(t, good(), f, "F-2026-0015"), f, i18n.For("fr")).Mentions {
		if name, _, ok := strings.Cut(m, " bénéficie d’un contrat d’appui"); ok {
			named = append(named, name)
		}
	}
	if strings.Join(named, ", ") != "Noé Vidal, Ida Roy" {
		t.Errorf("under CAPE: %q", named)
	}
}
