package demo

import (
	"cmp"
	"strconv"

	"essaim/activity"
	"essaim/coop"
	"essaim/date"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/money"
)

// founded opens the cooperative on the first day of the story, in the fiscal year that holds it.
func (w *world) founded(slug, name string) error {
	id, err := w.office.DB().FreeCoop(w.ctx)
	if err != nil {
		return err
	}
	w.coop = coop.Cooperative{
		ID: id, Slug: slug, Name: name, LegalForm: "SCOP SARL à capital variable", SIREN: siren(1936), RCS: "Lyon", Capital: "capital variable",
		Address: coop.Address{Line1: "17 montée de la Boucle-d’Or", Zip: "69004", City: "Lyon", Country: "FR"},
		Email:   "bonjour@" + mailDomain, Phone: "04 65 71 00 17", IBAN: iban(20_260), BIC: "TRSIFRP1XXX", TimeZone: w.zone.String(),
		Mediator: "Médiation des métiers (fictive), 5 quai des Mariniers, 69009 Lyon, mediation-metiers.example", YearStart: 1,
	}
	w.coop.VATNumber = coop.VATNumber(w.coop.SIREN)
	w.coop.NIC = siret(w.coop.SIREN)[9:]
	if err := w.coop.Check(); err != nil {
		return err
	}
	if err := w.direct(func(tx *store.Tx) error { return tx.CreateCooperative(&w.coop, civilYear(w.start)) }); err != nil {
		return err
	}
	if w.system, err = w.office.System(w.ctx, id); err != nil {
		return err
	}
	return w.readYears()
}

func civilYear(d date.Day) date.FiscalYear {
	y, _, _ := d.Date()
	return date.FiscalYear{Start: date.Of(y, 1, 1), End: date.Of(y, 12, 31)}
}

func (w *world) readYears() error {
	set, _, err := w.office.Settings(w.ctx, w.system)
	if err == nil {
		w.years = set.Years
	}
	return err
}

// openYear opens the next fiscal year beside the one that ends: both are worked on until the assembly (practice 5).
func (w *world) openYear() error {
	a, err := w.named(accounting)
	if err != nil {
		return err
	}
	if _, err := w.office.OpenYear(w.ctx, a, w.years[len(w.years)-1].ID); err != nil {
		return err
	}
	return w.readYears()
}

// adopted writes the rules of the cooperative with the decisions that adopted them.
func (w *world) adopted() error {
	from := w.years[0].Span.Start
	year, _, _ := from.Date()
	decided := "AG du 14 juin " + strconv.Itoa(year-1)
	save := func(kind coop.RuleKind, name string, day date.Day, value any, resolution string) (int64, error) {
		r, err := office.RuleOf(kind, name, cmp.Or(day, from), value, decided+", "+resolution)
		if err == nil {
			r, err = w.office.SaveRule(w.ctx, w.system, r)
		}
		return r.ID, err
	}
	for i, p := range policies() {
		id, err := save(coop.RuleContribution, p.Name, w.rulesFrom, p, []string{"résolution 4", "résolution 5", "résolution 6"}[i])
		if err != nil {
			return err
		}
		w.policies = append(w.policies, id)
	}
	terms := coop.Default().Terms
	terms.Insurance = "Responsabilité civile professionnelle : Mutuelle des Bâtisseurs (fictive), police n° 7 044 900"
	if _, err := save(coop.RuleTerms, "", 0, terms, "résolution 9"); err != nil {
		return err
	}
	w.pay = housePay(34)
	if _, err := save(coop.RulePay, "", 0, w.pay, "résolution 11"); err != nil {
		return err
	}
	_, err := save(coop.RuleVAT, "", 0, coop.VAT{TrainingNumber: "84 69 00017 69", TrainingFrom: from.AddMonths(-30)}, "attestation 3511 délivrée à la coopérative")
	return err
}

// policies are the three contribution policies of the house, in the manner of those of real cooperatives
// ([activity.RealPolicies]): by position house, margin, scale.
func policies() []activity.Policy {
	flat := func(r money.Rate) []activity.Scale {
		return []activity.Scale{{Brackets: []activity.Bracket{{Rate: r}}}}
	}
	return []activity.Policy{
		{Name: "Dix pour cent du facturé", Base: activity.Invoiced, When: activity.AtInvoice, Scales: flat(10 * money.Percent), MinYearCAPE: 480_00, MinYear: 900_00},
		{Name: "Douze pour cent de la marge", Base: activity.GrossMarginInvoiced, When: activity.Monthly, Scales: flat(12 * money.Percent), Deducts: []string{"60", "611"}, MinYearCAPE: 480_00, MinYear: 900_00},
		{Name: "Barème par tranches sur l’encaissé", Base: activity.Collected, When: activity.AtReceipt, Scales: []activity.Scale{{Brackets: []activity.Bracket{
			{UpTo: 35_000_00, Rate: 10 * money.Percent}, {UpTo: 45_000_00, Rate: 8 * money.Percent}, {Rate: 6 * money.Percent},
		}}}},
	}
}

// broughtAlong books what stood in the books on the first day: the equity of the house, and the treasury of each activity
// that was already there.
func (w *world) broughtAlong() error {
	e := ledger.Entry{Journal: ledger.JournalOpening, Ref: "REPRISE", Label: "Reprise des soldes"}
	add := func(account string, section int64, amount money.Cents) {
		e.Lines = append(e.Lines, ledger.Line{Account: account, Section: section, Amount: amount})
	}
	const paidUp, legal, fund, gear, worn, deposit = 41_250_00, 18_640_00, 52_380_00, 12_400_00, 7_910_00, 2_300_00
	add("1013", ledger.House, -paidUp)
	add("1061", ledger.House, -legal)
	add("1063", ledger.House, -fund)
	add("2183", ledger.House, gear)
	add("28183", ledger.House, -worn)
	add("275", ledger.House, deposit)
	add(ledger.Bank, ledger.House, paidUp+legal+fund-gear+worn-deposit)
	for _, x := range w.enterprises {
		if x.id != 0 && x.opening > 0 {
			add(ledger.Bank, x.id, x.opening)
			add("110", x.id, -x.opening)
		}
	}
	_, err := w.post(paying, e)
	return err
}
