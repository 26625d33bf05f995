package payroll

import (
	"encoding/json"
	"flag"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"essaim/date"
	"essaim/money"
)

var update = flag.Bool("update", false, "write the golden papers again")

var slipHouse = PaperHouse{
	Name: "Trame & Sillon", Address: []string{"4 rue des Tanneurs", "69007 Lyon"}, SIRET: "85212345600021", APE: "7022Z", Urssaf: "Urssaf Rhône-Alpes, compte 827 1234567890",
	Foot: []string{"Trame & Sillon, SCOP SARL à capital variable, 4 rue des Tanneurs, 69007 Lyon", "RCS Lyon 852 123 456, TVA FR12852123456"},
}

var slipPerson = PaperPerson{Name: "Maëlle Vernay", Address: []string{"12 montée de la Boucle-d’Or", "69004 Lyon"}, NIR: "285076938712345", Number: "E-0042", Job: "Céramiste", Hired: date.Of(2024, 3, 4)}

func item(element string, v money.Cents, text string) Item {
	return Item{Element: element, Amount: v, Text: text}
}

// slipCase is a payslip to be laid out, computed by the engine.
type slipCase struct {
	employer Employer
	contract Contract
	before   []money.Cents // gross of the months before, each from January on
	inputs   Inputs
	model    string
	lang     string
	person   func(*PaperPerson)
	leave    []LeaveCounter
}

var slipCases = func() map[string]slipCase {
	e := Employer{Staff: 60, Accident: 20_800, Mobility: 20_100}
	cover := Cover{Health: 60_00, HealthEmployer: 500_000}
	cesa := Contract{Regime: CESA, From: date.Of(2024, 3, 4), Cover: cover}
	month := func(m int, items ...Item) Inputs {
		mm := date.MonthOf(2026, m)
		return Inputs{Month: mm, Paid: mm.Last(), Items: items}
	}
	year := func(n int, v money.Cents) (all []money.Cents) {
		for range n {
			all = append(all, v)
		}
		return all
	}
	pots := month(3, item("fixed_part", 600_00, ""), item("variable_advance", 332_68, ""), item("variable_balance", 594_17, "2025"))
	pots.Tax = new(money.Rate(21_000))
	executive := month(11, item("salary", 4_850_00, ""), item("bonus", 400_00, "Astreintes d’octobre"), item("in_kind", 96_00, "Véhicule"), item("transport", 41_80, "Abonnement TCL, moitié"),
		item("meal_voucher_worker", 72_00, "18 titres"), item("meal_voucher_employer", 108_00, "18 titres"), item("advance_recovery", 300_00, "du 14 nov."))
	executive.Tax = new(money.Rate(78_000))
	absence := month(11, item("salary", 2_300_00, ""), item("absence", 766_67, "9 au 18 nov., maladie"), item("maintenance", 690_00, "90 %"), item("ijss_offset", 310_00, ""), item("ijss", 292_52, "6 jours"))
	long := month(12, item("fixed_part", 999_999_99, strings.Repeat("rappel et encore ", 6)))
	for _, code := range []string{"variable_advance", "variable_balance", "bonus", "leave_indemnity", "maintenance", "in_kind"} {
		long.Items = append(long.Items, item(code, 1, "L’Œuvre-du-Grand-Commun, quatrième trimestre"), item(code, 1_00, ""))
	}
	for _, code := range []string{"transport", "meal_voucher_worker", "meal_voucher_employer", "garnishment"} {
		long.Items = append(long.Items, item(code, 123_456_78, strings.Repeat("dossier ", 5)))
	}
	long.Items[0].Amount = 900_000_00
	owing := month(11, item("fixed_part", 150_00, ""), item("advance_recovery", 400_00, "du 6 nov."))
	return map[string]slipCase{
		"limites": {employer: Employer{Staff: 2_500, Accident: 1_000_000, Mobility: 32_000, MobilityExtra: 5_000, MobilityRegion: 1_500, Alsace: true}, contract: Contract{Regime: CESA, From: date.Of(2020, 1, 1), Executive: true,
			Cover: Cover{Health: 600_00, HealthEmployer: 500_000, ProvidentEmployer: 30_000, ProvidentEmployee: 30_000}}, before: year(2, 599_999_00), inputs: long, model: "renovated", lang: "fr", person: func(p *PaperPerson) {
			p.Name = "Marie-Bénédicte Charlotte de La Rochefoucauld-Montmorency-Laval"
			p.Address = []string{"Résidence Les Grands Cerisiers, bâtiment Ω, escalier 12, appartement 1204", "1284 bis, avenue du Président-de-la-République-Française", "69380 Saint-Aubin-les-Vignes-sur-Azergues"}
			p.Job, p.Executive = "Coordinatrice pédagogique des formations aux métiers du patrimoine bâti", true
		}, leave: []LeaveCounter{{Label: "2025-2026", Earned: 25_000_000, Taken: 22_000_000, Due: 3_000_000}, {Label: "Récupération du premier semestre de l’année précédente", Earned: 999_990_000, Due: 999_990_000}}},
		"dette":     {employer: e, contract: cesa, before: year(10, 150_00), inputs: owing, model: "transitional", lang: "en"},
		"appui":     {employer: e, contract: Contract{Regime: CAPE, From: date.Of(2026, 2, 1)}, inputs: month(5, item("variable_advance", 700_00, "")), model: "transitional", lang: "fr", person: func(p *PaperPerson) { p.Number = "" }},
		"cesa":      {employer: e, contract: cesa, before: []money.Cents{900_00, 1_400_00}, inputs: pots, model: "transitional", lang: "fr", leave: []LeaveCounter{{Label: "2025-2026", Earned: 22_500_000, Taken: 10_000_000, Due: 12_500_000}}},
		"cesa-2027": {employer: e, contract: cesa, before: []money.Cents{900_00, 1_400_00}, inputs: pots, model: "renovated", lang: "en"},
		"cadre": {employer: e, contract: Contract{Regime: Permanent, From: date.Of(2019, 9, 2), Executive: true, Hours: 35_00, Cover: Cover{Health: 92_40, HealthEmployer: 600_000, ProvidentEmployer: 15_000, ProvidentEmployee: 4_200}},
			before: year(10, 4_850_00), inputs: executive, model: "renovated", lang: "fr", person: func(p *PaperPerson) {
				p.Job, p.Executive, p.Class, p.Hours = "Responsable administrative et financière", true, "position 2.3, coefficient 150", 35_00
			},
			leave: []LeaveCounter{{Label: "2025-2026", Earned: 25_000_000, Taken: 22_000_000, Due: 3_000_000}, {Label: "2026-2027, en cours", Earned: 12_480_000, Due: 12_480_000}}},
		"reprise": {employer: e, contract: cesa, before: year(11, 1_200_00), inputs: month(12, item("fixed_part", 600_00, ""), item("variable_balance", 8_400_00, "2026")), model: "transitional", lang: "fr"},
		"absence": {employer: e, contract: Contract{Regime: Permanent, From: date.Of(2022, 1, 10), Hours: 28_00, Cover: cover}, before: year(10, 2_300_00), inputs: absence, model: "transitional", lang: "fr",
			person: func(p *PaperPerson) { p.Job, p.Hours = "Chargée d’accompagnement", 28_00 }},
	}
}()

// slip computes and prints a case.
func slip(tb testing.TB, c slipCase) (Paper, Payslip) {
	tb.Helper()
	var y YearToDate
	var s Payslip
	run := func(in Inputs) {
		var err error
		if s, y, err = Compute(Law().On(in.Month), c.employer, c.contract, y, in); err != nil {
			tb.Fatal(err)
		}
	}
	element := "salary"
	if c.contract.Regime == CESA {
		element = "fixed_part"
	}
	for i, v := range c.before {
		m := date.MonthOf(2026, i+1)
		run(Inputs{Month: m, Paid: m.Last(), Items: []Item{item(element, v, "")}, Tax: c.inputs.Tax})
	}
	run(c.inputs)
	m, ok := modelNamed(c.model)
	if !ok {
		tb.Fatal("no model ", c.model)
	}
	who := slipPerson
	who.Hours = 35_00 // of whoever counts hours
	if c.person != nil {
		c.person(&who)
	}
	return Print(PaperFacts{Payslip: s, Year: y, Model: m, Lang: c.lang, From: c.inputs.Month.First(), Until: c.inputs.Month.Last(), Paid: c.inputs.Paid, House: slipHouse, Person: who, Leave: c.leave}), s
}

// The golden papers are documentation: what a payslip says, to the word.
func TestGoldenPapers(t *testing.T) {
	for name, c := range slipCases {
		paper, _ := slip(t, c)
		got, err := json.MarshalIndent(paper, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, '\n')
		file := "testdata/paper/" + name + ".json"
		if *update {
			if err := os.WriteFile(file, got, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != string(want) {
			t.Errorf("%s differs from its golden paper (go test ./payroll -update writes it again):\n%s", name, got)
		}
	}
}

// words are all texts of a paper.
func (p Paper) words() []string {
	all := slices.Concat([]string{p.Title, p.Month, p.Net.Label, p.Net.Value, p.Told.Title, p.Told.Lead}, p.Dates, p.House, p.Person, p.Mentions, p.Told.Notes)
	pair := func(pairs ...PaperPair) {
		for _, one := range pairs {
			all = append(all, one.Label, one.Value)
		}
	}
	pair(p.About...)
	pair(p.Cost...)
	pair(p.Told.Steps...)
	for _, t := range append(p.Tables, p.Leave) {
		all = append(all, t.Titles...)
		for _, r := range t.Rows {
			all = append(append(all, r.Label, r.Detail), r.Cells...)
		}
	}
	for _, r := range p.Told.Rows {
		all = append(all, r.Label, r.Why)
	}
	return all
}

// An entrepreneur has no working time: whatever is known of hours, their payslip shows neither hours nor a rate of one, and
// each part of their pay stands on its own line. Whoever has hours reads them, and their rate.
func TestNoHoursForAnEntrepreneur(t *testing.T) {
	hours := regexp.MustCompile(`(?i)\d\s*h\b|heure|horaire|hourly`)
	for name, c := range slipCases {
		paper, _ := slip(t, c)
		found := slices.ContainsFunc(paper.words(), hours.MatchString)
		if counts := c.contract.Hours > 0; found != counts {
			t.Errorf("%s: hours on the payslip: %v", name, found)
		}
	}
	paper, _ := slip(t, slipCases["cesa"])
	var rows []string
	for _, r := range paper.Tables[0].Rows {
		rows = append(rows, strings.TrimSpace(r.Label+" "+r.Detail)+" "+r.Cells[2])
		if r.Cells[0] != "" || r.Cells[1] != "" {
			t.Error("a base or a rate of pay:", r)
		}
	}
	if got, want := strings.Join(rows, "; "), "Part fixe 600,00; Acompte sur part variable 332,68; Solde de part variable 2025 594,17; Rémunération brute 1\u202f526,85"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

// What R3243-1 and its order ask, on a plain payslip.
func TestMandatoryMentions(t *testing.T) {
	for _, name := range []string{"cesa", "cadre"} {
		c := slipCases[name]
		paper, s := slip(t, c)
		all := paper.words()
		for what, want := range map[string]string{
			"the employer": "Trame & Sillon", "its SIRET and APE": "SIRET 852\u00a0123\u00a0456\u00a000021 · APE 7022Z", "the Urssaf": "Urssaf Rhône-Alpes, compte 827 1234567890", "the person": "Maëlle Vernay",
			"the NIR": "2\u00a085\u00a007\u00a069\u00a0387\u00a0123\u00a045", "the number": "E-0042", "since when": "4\u00a0mars\u00a02024", "the net social": "Montant net social", "the tax": "Impôt sur le revenu prélevé à la source",
			"the year": "Cumul annuel", "the kind of rate": "taux personnalisé", "the total paid": "Total versé par l’employeur", "the relief": "Allègements de cotisations",
			"to keep it": "Dans votre intérêt et pour vous aider à faire valoir vos droits, conservez ce bulletin de paie sans limitation de durée.", "the site": "Informations sur le bulletin de paie\u00a0: www.service-public.fr",
			"the code instead of an agreement": "Sans convention collective\u00a0: congés payés et préavis selon le Code du travail (L3141-1 et L1234-1).",
		} {
			if !slices.Contains(all, want) {
				t.Errorf("%s: %s is missing", name, what)
			}
		}
		if s.Totals.Tax == 0 {
			t.Errorf("%s: no tax, so that its line is not tried", name)
		}
	}
}

// A number of another length than it should be is shown as it was entered.
func TestSpacedNumbers(t *testing.T) {
	for number, want := range map[string]string{"": "", "85212345600021": "852\u00a0123\u00a0456\u00a000021", "852 123 456 00021": "852\u00a0123\u00a0456\u00a000021", "8521": "8521", "852123456000é1": "852123456000é1"} {
		if got := spaced(number, 3, 3, 3, 5); got != want {
			t.Errorf("%q: %q", number, got)
		}
	}
}
