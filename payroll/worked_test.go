package payroll

import (
	"testing"

	"essaim/date"
	"essaim/money"
)

// The employer and contract of the worked figures: from 50 staff, accidents 2.08 %, health 30 + 30, no versement mobilité.
func worked() (Employer, Contract) {
	return Employer{Staff: 60, Accident: 20_800}, Contract{Regime: CESA, From: date.Of(2020, 1, 1), Cover: Cover{Health: 60_00, HealthEmployer: 500_000}}
}

func november() Inputs { m := date.MonthOf(2026, 11); return Inputs{Month: m, Paid: m.Last()} }

func exactOf(t *testing.T, gross money.Cents) (Exact, Fine) {
	t.Helper()
	e, k := worked()
	in := november()
	in.Items = []Item{{Element: "variable_advance", Amount: gross}}
	x, err := ComputeExact(Law().On(in.Month), e, k, YearToDate{}, in)
	if err != nil {
		t.Fatal(err)
	}
	return x, x.Totals.Cost
}

// From a budget to what is paid, as a cooperative shows it, nothing rounded but the coefficient and the tax.
func TestFromBudgetToPay(t *testing.T) {
	for _, c := range []struct {
		budget, gross, cost, employer money.Cents
		coefficient                   int64
		reduction, employee, net      money.Cents
		taxable                       money.Cents
		rate                          money.Rate
		tax, paid                     money.Cents
	}{
		{800_00, 738_17, 799_99, 61_82, 4021, 296_82, 186_75, 551_42, 603_33, 0, 0, 551_42},
		{1_000_00, 930_50, 999_99, 69_49, 4021, 374_15, 226_83, 703_67, 761_05, 0, 0, 703_67},
		{1_500_00, 1_411_34, 1_500_00, 88_66, 4021, 567_50, 327_04, 1_084_30, 1_155_39, 0, 0, 1_084_30},
		{2_000_00, 1_879_88, 2_000_00, 120_12, 3953, 743_12, 424_68, 1_455_20, 1_539_63, 0, 0, 1_455_20},
		{2_500_00, 2_133_93, 2_499_99, 366_06, 2856, 609_45, 477_63, 1_656_30, 1_747_97, 13_000, 22_72, 1_633_58},
		{3_000_00, 2_403_38, 3_000_00, 596_62, 2072, 497_98, 533_78, 1_869_60, 1_968_95, 29_000, 57_10, 1_812_50},
		{3_500_00, 2_686_24, 3_499_96, 813_72, 1511, 405_89, 592_73, 2_093_51, 2_200_92, 41_000, 90_24, 2_003_27},
		{4_000_00, 2_980_33, 3_999_99, 1_019_66, 1107, 329_92, 654_02, 2_326_31, 2_442_10, 53_000, 129_43, 2_196_88},
		{5_000_00, 3_596_68, 4_999_99, 1_403_31, 608, 218_68, 782_47, 2_814_21, 2_947_56, 75_000, 221_07, 2_593_14},
		// One month of a worked example: 4 200 of sales, 500 of purchases, 300 of expenses, 10 % of contribution; then with a tenth set aside.
		{3_030_00, 2_420_03, 3_029_99, 609_96, 2033, 491_99, 537_25, 1_882_78, 1_982_60, 29_000, 57_50, 1_825_28},
		{2_727_00, 2_254_56, 2_726_96, 472_40, 2468, 556_43, 502_77, 1_751_79, 1_846_90, 21_000, 38_78, 1_713_01},
	} {
		x, cost := exactOf(t, c.gross)
		if _, more := exactOf(t, c.gross+1); cost > fine(c.budget) || more <= fine(c.budget) {
			t.Errorf("%s: %s costs %s and a cent more %s", c.budget, c.gross, cost, more)
		}
		v := x.Totals
		for what, pair := range map[string][2]money.Cents{"cost": {v.Cost.Cents(), c.cost}, "employer": {v.Employer.Cents(), c.employer}, "reduction": {v.Reduction.Cents(), c.reduction}, "employee": {v.Employee.Cents(), c.employee},
			"net": {v.Net.Cents(), c.net}, "taxable": {v.NetTaxable.Cents(), c.taxable}, "tax": {v.Tax, c.tax}, "paid": {(v.Net - fine(v.Tax)).Cents(), c.paid}} {
			if pair[0] != pair[1] {
				t.Errorf("%s: %s %s, want %s", c.budget, what, pair[0], pair[1])
			}
		}
		if v.Coefficient != c.coefficient || v.TaxRate != c.rate {
			t.Errorf("%s: coefficient %d, rate %s", c.budget, v.Coefficient, v.TaxRate)
		}
	}
}

// The lines of a gross of 2 500, and four payslips held against the Urssaf's model.
func TestLinesOfAWorkedPayslip(t *testing.T) {
	x, _ := exactOf(t, 2_500_00)
	got := map[string]money.Cents{}
	for _, l := range x.Lines {
		got[l.Code+"/"+string(l.Part)] = l.Amount.Cents()
	}
	for line, want := range map[string]money.Cents{"maladie/employeur": 325_00, "csa/employeur": 7_50, "vieillesse_plafonnee/salarie": 172_50, "vieillesse_plafonnee/employeur": 213_75, "vieillesse_deplafonnee/salarie": 10_00,
		"vieillesse_deplafonnee/employeur": 52_75, "allocations_familiales/employeur": 131_25, "atmp/employeur": 52_00, "fnal/employeur": 12_50, "chomage/employeur": 100_00, "ags/employeur": 6_25,
		"agirc_arrco_t1/salarie": 78_75, "agirc_arrco_t1/employeur": 118_00, "ceg_t1/salarie": 21_50, "ceg_t1/employeur": 32_25, "formation_professionnelle/employeur": 25_00, "dialogue_social/employeur": 40, "peec/employeur": 11_25,
		"mutuelle/salarie": 30_00, "mutuelle/employeur": 30_00, "forfait_social/employeur": 2_40, "csg_deductible/salarie": 169_07, "csg_non_deductible/salarie": 59_67, "crds/salarie": 12_43, reduction26 + "/employeur": -464_00} {
		if got[line] != want {
			t.Errorf("%s: %s, want %s", line, got[line], want)
		}
	}
	if a := got["taxe_apprentissage_principale/employeur"] + got["taxe_apprentissage_solde/employeur"]; a != 17_00 {
		t.Errorf("apprenticeship %s", a)
	}
	if x.Totals.Employee.Cents() != 553_92 || (x.Totals.Employer+x.Totals.Reduction).Cents() != 1_137_30 {
		t.Errorf("employee %s, employer %s", x.Totals.Employee, x.Totals.Employer+x.Totals.Reduction)
	}
	for gross, want := range map[money.Cents][2]money.Cents{600_00: {656_32, 442_05}, 1_200_00: {1_280_23, 917_01}, 2_500_00: {3_173_30, 1_946_08}, 3_000_00: {4_032_78, 2_341_88}} {
		if x, cost := exactOf(t, gross); cost.Cents() != want[0] || x.Totals.Net.Cents() != want[1] {
			t.Errorf("%s: costs %s, net %s, want %s and %s", gross, cost, x.Totals.Net, want[0], want[1])
		}
	}
}

// allYear is the law with the SMIC of June 2026 from January on, as the worked figures of a year have it.
func allYear(t *testing.T) *Table {
	t.Helper()
	for rank, p := range Law().All() {
		if p.ID == "smic.hour" && p.From == date.Of(2026, 1, 1) {
			table, err := Law().With(rank, "12.31")
			if err != nil {
				t.Fatal(err)
			}
			return table
		}
	}
	t.Fatal("no SMIC of 2026")
	return nil
}

// exactYear computes a year month after month without rounding, and returns the cost of the year.
func exactYear(t *testing.T, table *Table, pays [12]money.Cents) (cost, reduction Fine, y YearToDate) {
	t.Helper()
	e, k := worked()
	for i, pay := range pays {
		in := Inputs{Month: date.MonthOf(2026, i+1), Paid: date.MonthOf(2026, i+1).Last(), Items: []Item{{Element: "variable_advance", Amount: pay}}}
		p := table.On(in.Month)
		x, err := ComputeExact(p, e, k, y, in)
		if err != nil {
			t.Fatal(err)
		}
		if _, y, err = Compute(p, e, k, y, in); err != nil {
			t.Fatal(err)
		}
		cost += x.Totals.Cost
		reduction += x.Totals.Reduction
	}
	return cost, reduction, y
}

// The same 26 400 of gross in a year, smoothed or not: 3 624.72 more of cost.
func TestNotSmoothingCosts(t *testing.T) {
	var smooth, late [12]money.Cents
	for i := range smooth {
		smooth[i], late[i] = 2_200_00, 1_400_00
	}
	late[11] = 11_000_00
	table := allYear(t)
	costSmooth, _, a := exactYear(t, table, smooth)
	costLate, _, b := exactYear(t, table, late)
	if a.Granted != 6_956_40 || b.Granted != 3_331_68 || (costLate-costSmooth).Cents() != 3_624_72 {
		t.Errorf("reductions %s and %s, cost %s more", a.Granted, b.Granted, costLate-costSmooth)
	}
	if s := [2]int64{a.SMIC / smicParts, b.SMIC / smicParts}; s != [2]int64{22_404_20, 17_267_01} { // 17 267.02 with the SMIC of a month rounded
		t.Errorf("reference SMIC %v", s)
	}
}

// 29 400 of cost for a year: 1 400 a month and the balance at once, or smoothed. The balance is 6 300.66 of gross, the year
// 23 100.66; smoothed it is 2 107.83 a month.
func TestTheBalanceOfAYear(t *testing.T) {
	table := allYear(t)
	var pays [12]money.Cents
	for i := range pays {
		pays[i] = 1_400_00
	}
	paid, _, _ := exactYear(t, table, pays)
	if month := paid / 12; paid.Cents() != 17_858_45 || month.Cents() != 1_488_20 {
		t.Errorf("1 400 a month costs %s, %s in the year", month, paid)
	}
	pays[11] += 6_300_66
	cost, _, y := exactYear(t, table, pays)
	pays[11]++
	more, _, _ := exactYear(t, table, pays)
	if cost > fine(29_400_00) || more <= fine(29_400_00) || y.Gross != 23_100_66 {
		t.Errorf("23 100.66 costs %s and a cent more %s", cost, more)
	}
	for i := range pays {
		pays[i] = 2_107_83
	}
	cost, _, _ = exactYear(t, table, pays)
	for i := range pays {
		pays[i]++
	}
	if more, _, _ = exactYear(t, table, pays); cost > fine(29_400_00) || more <= fine(29_400_00) {
		t.Errorf("2 107.83 a month costs %s and a cent more %s", cost, more)
	}
}

func TestPensionQuarters(t *testing.T) {
	for pay, want := range map[money.Cents]Quarters{0: {0, 4, 1_803_00, 1_803_00}, 1_802_99: {0, 4, 1_803_00, 1}, 1_803_00: {1, 4, 1_803_00, 1_803_00}, 7_211_99: {3, 4, 1_803_00, 1}, 7_212_00: {4, 4, 1_803_00, 0}, 90_000_00: {4, 4, 1_803_00, 0}, -5: {0, 4, 1_803_00, 1_803_00}} {
		if got := QuartersOf(Law(), 2026, pay); got != want {
			t.Errorf("%s: %+v, want %+v", pay, got, want)
		}
	}
	if q := QuartersOf(Law(), 2025, 0); q.Each != 1_782_00 {
		t.Errorf("2025: %s", q.Each)
	}
}
