package web

import (
	"html/template"

	"essaim/date"
	"essaim/i18n"
	"essaim/money"
	"essaim/sale"
)

// specimen is every component once, in words that are hard: sixty letters, nine digits, signs of HTML.
func specimen(p i18n.Printer) []template.HTML {
	const long = "Atelier de restauration de vitraux & de mosaïques du <Val-Profond> « d’Orge »"
	today := date.MustParse("2026-11-22")
	f := newForm(p, today, "k")
	f.Set("price", money.Cents(1150_00)).Set("when", "31/11").Set("what", "Atelier modelage,\n3 demi-journées").Set("kind", "company").Set("mode", "net").Set("paid", true).Set("note", long)
	f.Day("when")
	f.Refuse("mode", "web.field_choice")
	statuses := new(markup)
	for _, s := range []Status{{Icon: "pencil", Text: "Brouillon"}, {Tone: ToneWait, Icon: "clock", Text: "En relecture"}, {Icon: "send", Text: "Envoyée"}, {Tone: ToneOK, Text: "Payée"}, {Tone: ToneLate, Text: "12 jours de retard"}} {
		statuses.status(s).raw(" ").put(s.Tag()).raw(" ")
	}
	var points []CashPoint
	cash := []money.Cents{3120_00, 2740_00, 3900_00, 4470_00, 4030_00, 5390_00, 4800_00, 3260_00, 4710_00, 6240_00}
	for i, c := range cash {
		points = append(points, CashPoint{Day: date.MonthOf(2026, i+1).Last(), Cents: c, In: 1240_00, Out: -277_00})
	}
	points = append(points, CashPoint{Day: today, Cents: 8214_60})
	for i, c := range []money.Cents{6890_00, 4150_00, 1120_00, 2480_00} {
		points = append(points, CashPoint{Day: (date.MonthOf(2026, 11) + date.Month(i)).Last(), Cents: c, Forecast: true})
	}
	negative := []CashPoint{
		{Day: date.MustParse("2026-08-31"), Cents: 1200_00}, {Day: date.MustParse("2026-09-30"), Cents: -400_00}, {Day: date.MustParse("2026-10-31"), Cents: -1_842_30},
		{Day: today, Cents: 300_00}, {Day: date.MustParse("2026-12-31"), Cents: -2_900_00, Forecast: true},
	}
	why := Why{Title: "Pourquoi 812 € ?", Caption: long, Close: "#", Rows: []WhyRow{
		{Kind: WhyStart, Label: "J’ai sur mon compte", Small: "tout ce que j’ai encaissé, moins ce qui est déjà sorti", Amount: 8214_60, Href: "#"},
		{Label: "Je mets de côté pour la TVA", Amount: -1043_52, Href: "#"},
		{Kind: WhyNest, Label: "TVA de mes ventes encaissées", Amount: 1390_20},
		{Kind: WhyNest, Label: "TVA récupérée sur mes achats", Amount: -346_68},
		{Label: "Je verse ma part à la coopérative", Small: "10 % de mes ventes", Amount: -486_30, Href: "#"},
		{Label: "Je garde ma réserve", Small: "choisie le 3 sept.", Amount: -5355_35},
		{Kind: WhyEquals, Label: "Il reste pour ma paie", Amount: 1329_43, Href: "#"},
		{Label: "Je paie les cotisations de cette paie", Amount: -517_43},
		{Kind: WhyResult, Label: "Je peux me verser", Small: "net, avant impôt", Amount: 812_00, Href: "#"},
	}, Foot: "Le mois dernier : 640,00 € net.", Ask: &Link{Label: "Poser une question à Samira", Href: "#"}}
	table := Table{Caption: "Activités", Class: "act", Cols: []Col{{Label: "Activité", Sort: "#"}, {Label: "Depuis"}, {Label: "À regarder", Sort: "#", Order: "descending"}, {Label: "Trésorerie", Num: true}, {Label: "Impayés", Num: true}}}
	for i := range 6 {
		name := "Maëlle céramique"
		if i == 1 {
			name = long
		}
		s := Status{Text: "Rien à signaler"}
		if i < 2 {
			s = Status{Tone: ToneLate, Text: "Compte négatif depuis 34 jours"}
		}
		table.Rows = append(table.Rows, Row{Current: i == 2, Cells: []Cell{cellActivity(name, "Maëlle", "#"), cellDay(today), cellStatus(s), cellAmount(123_456_789_00, "#"), cellAmount(0, "")}})
	}
	table.Foot = []Cell{cellText("6 activités").Span(3), cellAmount(740_740_734_00, "#", "strong"), cellText("")}
	list := List{Items: []Item{
		{Name: "Boutique Brindille d’Orge", About: "Bols et théières, échue le 10 nov.", Amount: new(money.Cents(486_00)), Why: "#", Status: Status{Tone: ToneLate, Text: "12 jours"}},
		{Activity: long, Name: long, Href: "#", About: "Anatole, CAPE", Amount: new(money.Cents(-1842_30)), Why: "#", Class: "neg", Under: Status{Tone: ToneWait, Text: "2 tickets sans photo"}},
		{Icon: "circle-check", Name: "Un devis accepté", About: "Association Cerf-volant bleu", Act: &Link{Label: "Facturer", Href: "#"}},
		{Person: "Samira Haddad", Name: "Rendez-vous avec Samira", Href: "#", About: "Jeudi 26 nov. à 10 h"},
		{Name: "15 nov. · Correction sans effet", Fold: true, Amount: new(money.Cents)},
	}, Act: &Link{Label: "Relancer les 2 retards", Href: "#", Icon: "send"}}
	return []template.HTML{
		Head{Eyebrow: "Bonjour Maëlle, dimanche 22 novembre", Answer: Answer{Before: "Je peux me verser", Mark: p.WholeEuros(812_00) + " net", After: "en novembre", Href: "#", Big: true}, Lead: "En plus de ma part fixe de 600 € net, déjà comptée.", Fresh: []string{"Banque relevée jusqu’au 20 nov.", "2 dépenses en attente"}, Acts: []Link{{Label: "Pourquoi ce chiffre ?", Href: "#"}}}.HTML(),
		thumbs("Gestes du jour", Thumb{Link{"Facturer", "#", "file-invoice"}, "six lignes à remplir"}, Thumb{Link{"Devis", "#", "file-text"}, ""}),
		`<div class="cols cw compte"><div>`,
		Cash{Title: "Ma trésorerie, passée et prévue", Points: points, Today: today, Reserve: 1400_00, Href: "#"}.HTML(p),
		`<div class="block"></div>`,
		Cash{Title: "Un compte négatif", Points: negative, Today: today}.HTML(p),
		`<div class="block"></div>`,
		Split{Title: "À quoi sert l’argent de mon compte", Total: 8214_60, Href: "#", Parts: []SplitPart{{"Disponible pour ma paie", 1329_43, "#"}, {"Mis de côté", 2141_92, "#"}, {"Promis", 3343_25, "#"}, {"Réserve", 1400_00, "#"}}}.HTML(p),
		`</div><div class="whycol">`, why.HTML(p), `</div></div>`,
		Block{Title: "On me doit", Total: amount(p, 1240_00, "#"), Side: Status{Tone: ToneLate, Text: "2 en retard"}.HTML(), Body: list}.HTML(p),
		Figures{{Label: "En banque", Words: p.Euros(1_284_310_42), Href: "#"}, {Label: "Couverture", Words: "118 %", Status: Status{Tone: ToneOK, Text: "couvert"}}, {Label: "Écart", Words: p.Euros(0), Href: "#"}}.HTML(),
		Filters{{Label: "Toutes", Count: "142", Href: "#", Current: true}, {Label: "CAPE", Count: "38", Href: "#"}, {Label: "À regarder", Href: "#"}}.HTML(p),
		table.HTML(p),
		Pager{Page: 2, Pages: 200, Total: 10_000, Per: 50, URL: func(int) string { return "#" }}.HTML(p),
		`<div class="cols c2 block"><section class="pane">`, f.Summary(),
		f.Field("price", "Prix TTC", "amount", "unit=€", "class=ttc", "n=3", "hint=TVA 20 %, comptée dans le prix : 191,67 €."), f.Field("when", "Fait ou livré le", "icon=calendar"),
		f.Area("what", "Quoi", "rows=2"), f.Select("kind", "Sorte de client", []Option{{Value: "company", Label: "Entreprise"}, {Value: "public", Label: "Commune", Group: "Publics"}}),
		f.Segment("mode", "Prix", []Option{{Value: "net", Label: "HT"}, {Value: "gross", Label: "TTC"}}), f.Switch("paid", "Acompte déjà reçu", "small=345,00 € le 2 nov."), f.Field("note", long, "small=facultatif"),
		`</section><section class="pane block">`, statuses.html(), `<div class="block"></div>`,
		Note{Icon: "user", Strong: "Samira la relit avant l’envoi.", Text: "Réponse sous 2 jours ouvrés."}.HTML(), Note{Tone: ToneWait, Strong: "Ce chiffre est provisoire.", Links: []Link{{Label: "Les voir", Href: "#"}}}.HTML(),
		Note{Tone: ToneLate, Strong: "Il manque le numéro d’engagement.", Text: long}.HTML(), Note{Tone: ToneOK, Strong: "Payée."}.HTML(),
		`</section></div>`,
		Block{Title: "Rien", Body: Empty{Title: "Personne ne me doit rien", Text: "Ici, mes factures envoyées et pas encore payées.", Acts: []Link{{Label: "Faire un devis", Href: "#", Icon: "plus"}}}.HTML()}.HTML(p),
		`<div class="block"></div>`, paper(samplePaper(p.Lang())),
	}
}

func samplePaper(lang string) sale.Paper {
	return sale.Paper{
		Kind: sale.Quote, Lang: lang, Title: "Devis", Number: "D-2026-0041", Brand: "Maëlle céramique", Under: []string{"Une activité de Trame & Sillon", "SCOP à capital variable", "1 place de la Croix-Rousse, 69004 Lyon"},
		Buyer: []string{"Association Cerf-volant bleu", "12 place du Marché", "69000 Ville"}, Meta: []sale.Pair{{Label: "Date", Value: "20 nov. 2026"}, {Label: "Valable jusqu’au", Value: "20 déc. 2026"}}, Object: "Ateliers d’automne",
		Head:   sale.PaperRow{Label: "Quoi", Quantity: "Qté", Price: "Prix", Discount: "Remise", Rate: "TVA", Amount: "Total HT"},
		Rows:   []sale.PaperRow{{Label: "Atelier modelage, 3 demi-journées,\ncuisson de 25 pièces comprise", Quantity: "3", Price: "300,00 €", Rate: "20 %", Amount: "900,00 €"}, {Label: "<b>Terre</b>", Quantity: "1", Price: "58,33 €", Rate: "20 %", Amount: "58,33 €"}},
		Taxes:  []sale.PaperTax{{Label: "TVA 20 %", Net: "958,33 €", VAT: "191,67 €"}},
		Totals: []sale.Pair{{Label: "Total HT", Value: "958,33 €"}, {Label: "TVA 20 %", Value: "191,67 €"}}, Due: sale.Pair{Label: "À payer", Value: "1 150,00 €"},
		Mentions: []string{"À payer sous 30 jours, par virement.", "Pas d’escompte."}, Seller: []string{"Trame & Sillon, SIREN 404 833 048"},
	}
}
