package sale

import (
	"strings"
	"testing"

	"essaim/i18n"
	"essaim/ledger"
	"essaim/money"
)

// sitePapers are those of a building site: the quote with its schedule, the deposit, the second situation, the balance with
// its retention, and the credit note of the deposit.
func sitePapers(t *testing.T) map[string]Paper {
	s := newShop(t, signedFacts())
	s.f.Activity.Insurance = "Décennale, Assurances du Bâti, France entière"
	fr := i18n.For("fr")
	c := draft(Quote, false, line("Réseau électrique du rez-de-chaussée", "works", "S10", "1", "4000"), line("Prises et interrupteurs", "works", "S10", "24", "45"), line("Tableau", "works", "S20", "1", "1200")).Content
	c.Lines[1].Unit = "pièce"
	c.Title, c.Retention, c.ReleaseOn, c.Papers = "Rénovation électrique", 50_000, today+400, housed
	c.Schedule = []Term{
		{Stage: Deposit, Share: 300_000, When: "à la commande"}, {Stage: Progress, Share: 300_000, When: "réseau passé"},
		{Stage: Progress, Amount: 1500_00, On: today + 30}, {Stage: Balance, When: "à la réception des travaux"},
	}
	quote := s.quoted(c)
	quote.Number, quote.Date = "D-2026-0042", today-60
	papers := map[string]Paper{"site_quote": Print(quote, s.f, fr)}
	var made []Document
	issue := func(name, number string, how Invoicing, lang string) Document {
		c, err := Compose(quote, made, how)
		if err != nil {
			t.Fatal(err)
		}
		d := s.invoice(s.titled(c))
		for i := range made {
			made[i] = s.invoices[made[i].ID]
		}
		d = s.invoices[d.ID]
		d.Number, d.Content.Title = number, quote.Content.Title
		s.invoices[d.ID] = d
		made = append(made, d)
		f := s.f
		f.Deposits = made[:1]
		papers[name] = Print(d, f, i18n.For(lang))
		return d
	}
	deposit := issue("site_deposit", "F-2026-0020", Invoicing{Stage: Deposit, Share: 300_000}, "fr")
	issue("site_first", "F-2026-0021", Invoicing{Stage: Progress, Done: []money.Rate{500_000}}, "en")
	issue("site_situation", "F-2026-0022", Invoicing{Stage: Progress, Done: []money.Rate{800_000, 500_000}}, "fr")
	issue("site_balance", "F-2026-0023", Invoicing{Stage: Balance}, "fr")
	f := s.f
	f.Invoice = &deposit
	cn := Document{ID: 9000, Kind: CreditNote, Activity: 42, Customer: 7, Status: Draft, Corrects: deposit.ID, Content: CreditOf(deposit)}
	cn.Content.Reason = "chantier annulé"
	papers["site_credit"] = Print(issued(t, cn, f, "A-2026-0003"), f, fr)
	return papers
}

// A deposit says when its VAT is due; a situation and a balance take it off after the amounts of the sale, with the VAT it
// bore; the retention stands apart with its day.
func TestPapersOfASite(t *testing.T) {
	papers := sitePapers(t)
	holds(t, text(papers["site_quote"]), "Acompte de 30 %, à la commande", "Situation de travaux de 30 %, réseau passé", "Situation de travaux, le 22 déc. 2026", "1 500,00 €", "Solde, à la réception des travaux", "Retenue de garantie de 5 %")
	holds(t, text(papers["site_deposit"]), "Facture d’acompte", "la TVA est exigible à son encaissement", "Acompte de 30 % sur le devis D-2026-0042")
	without(t, text(papers["site_deposit"]), "Retenue de garantie")
	holds(t, text(papers["site_situation"]), "Situation n° 2", "Marché HT", "Avancement", "80 %", "50 %", "Déjà facturé", "Cette situation HT", "Situations précédentes HT", "24 pièces × 45,00", "Acompte F-2026-0020 du", "HT 522,00 €, TVA 52,20 €", "Retenue de garantie 5 %", "Net à payer")
	holds(t, text(papers["site_balance"]), "Facture de solde", "100 %", "Acompte F-2026-0020 du", "Net à payer", "à payer le 27 déc. 2027")
	holds(t, text(papers["site_first"]), "Progress invoice no. 1", "Deposit F-2026-0020 of")
	for _, r := range papers["site_balance"].Rows {
		if r.Label == "" || r.Done == "" {
			t.Errorf("a deduction stands among the works: %+v", r)
		}
	}
}

// The law lets a customer keep 5 % of works, of nothing else that is sold with them, whatever a deposit has paid; the paper says
// of what.
func TestRetentionIsOfTheWorksAlone(t *testing.T) {
	for _, gross := range []bool{false, true} {
		s := newShop(t, signedFacts())
		works, furniture := line("Pose", "works", "S20", "1", "1000"), line("Meubles", "goods", "G20", "1", "9000")
		if gross {
			works.Price, furniture.Price = cents("1200").Micro(), cents("10800").Micro()
		}
		c := draft(Quote, gross, works, furniture).Content
		c.Retention, c.ReleaseOn, c.Papers = 50_000, today+365, housed
		quote := s.quoted(c)
		s.invoice(s.titled(DepositOf(quote, 300_000, 0, "Acompte de 30 %")))
		d := s.invoice(s.balanceOf(quote))
		if d.Totals.Retained != cents("60") {
			t.Errorf("gross %v: 5 %% of 1,200 of works are %v", gross, d.Totals.Retained)
		}
		fr, found := i18n.For("fr"), false
		for _, x := range Print(d, s.facts(d.Content), fr).Totals {
			found = found || strings.HasPrefix(x.Label, fr.T("paper.retained_works", "rate", money.Rate(50_000), "works", cents("1200")))
		}
		if !found {
			t.Errorf("gross %v: %+v", gross, Print(d, s.facts(d.Content), fr).Totals)
		}
		back := CreditOf(d) // the works alone are taken back: nothing is left to keep
		back.Lines = back.Lines[:1]
		if _, err := s.credit(d.ID, back); err != nil {
			t.Fatal(words(err))
		}
		s.audit()
		if got := Retained(s.invoices[d.ID]); got != 0 || s.balance(42, ledger.Retention) != 0 {
			t.Errorf("gross %v: %v retained of no works, 4117 holds %v", gross, got, s.balance(42, ledger.Retention))
		}
	}
}
