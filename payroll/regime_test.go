package payroll

import (
	"errors"
	"slices"
	"testing"

	"essaim/date"
	"essaim/fault"
	"essaim/money"
)

// paid computes one month that must be computed.
func paid(t *testing.T, e Employer, k Contract, y YearToDate, in Inputs) (Payslip, YearToDate) {
	t.Helper()
	s, next, err := Compute(Law().On(in.Month), e, k, y, in)
	if err != nil {
		t.Fatal(err)
	}
	return s, next
}

// amounts are the lines of a payslip by code and part.
func amounts(s Payslip) map[string]money.Cents {
	all := map[string]money.Cents{}
	for _, l := range s.Lines {
		all[l.Code+"/"+string(l.Part)] += l.Amount
	}
	return all
}

// same holds the lines of a payslip against all that are due.
func same(t *testing.T, s Payslip, want map[string]money.Cents) {
	t.Helper()
	got := amounts(s)
	for key, v := range want {
		if got[key] != v {
			t.Errorf("%s is %s, want %s", key, got[key], v)
		}
		delete(got, key)
	}
	for key, v := range got {
		t.Errorf("%s is %s and is not due", key, v)
	}
}

func noted(s Payslip, key string) bool {
	return slices.ContainsFunc(s.Notes, func(n Note) bool { return n.Key == key })
}

var (
	nov2026 = date.MonthOf(2026, 11)
	longAgo = date.Of(2020, 1, 1)
)

func month(m date.Month, items ...Item) Inputs { return Inputs{Month: m, Paid: m.Last(), Items: items} }

// A beneficiary of a CAPE who is not paid costs the accident contribution on the flat base, whole for a month begun:
// 1.71 × 151.67 = 259.36, and nothing else.
func TestUnpaidCAPE(t *testing.T) {
	k := Contract{Regime: CAPE, From: nov2026.Last()}
	s, y := paid(t, Employer{Staff: 60, Accident: 20_800, Mobility: 20_000}, k, YearToDate{}, month(nov2026))
	same(t, s, map[string]money.Cents{"atmp/employeur": 5_39})
	if s.Lines[0].Base != 259_36 || s.Totals.Cost != 5_39 || s.Totals.Paid != 0 || y.Pay != 0 {
		t.Errorf("%+v", s.Totals)
	}
	if !noted(s, "payroll.note.unsure_cape") {
		t.Error("the base of 2019 is not told as unsure")
	}
}

// One who is paid bears the general scheme at its usual rates, unemployment by the pages read, neither AGS nor pension
// scheme, and has no reduction.
func TestPaidCAPE(t *testing.T) {
	k := Contract{Regime: CAPE, From: longAgo}
	s, _ := paid(t, Employer{Staff: 60, Accident: 20_800, Mobility: 20_000}, k, YearToDate{}, month(nov2026, Item{Element: "salary", Amount: 1_000_00}))
	want := map[string]money.Cents{"maladie/employeur": 130_00, "vieillesse_plafonnee/employeur": 85_50, "vieillesse_deplafonnee/employeur": 21_10, "allocations_familiales/employeur": 52_50, "atmp/employeur": 20_80,
		"chomage/employeur": 40_00, "fnal/employeur": 5_00, "csa/employeur": 3_00, "versement_mobilite/employeur": 20_00,
		"vieillesse_plafonnee/salarie": 69_00, "vieillesse_deplafonnee/salarie": 4_00, "csg_deductible/salarie": 66_81, "csg_non_deductible/salarie": 23_58, "crds/salarie": 4_91}
	same(t, s, want)
	if s.Totals.Employer != 377_90 || s.Totals.Net != 831_70 || s.Totals.NetTaxable != 860_19 || s.Totals.NetSocial != 831_70 || s.Totals.Reduction != 0 {
		t.Errorf("%+v", s.Totals)
	}
	if !noted(s, "payroll.note.unsure_cape_unemployment") {
		t.Error("unemployment is not told as unsure")
	}
	other, err := Law().With(rankOf(t, "cape.unemployment", 0), "0")
	if err != nil {
		t.Fatal(err)
	}
	s, _, err = Compute(other.On(nov2026), Employer{Staff: 60, Accident: 20_800, Mobility: 20_000}, k, YearToDate{}, month(nov2026, Item{Element: "salary", Amount: 1_000_00}))
	if err != nil {
		t.Fatal(err)
	}
	delete(want, "chomage/employeur")
	same(t, s, want)
}

// rankOf is the rank of the nth value of a parameter.
func rankOf(t *testing.T, id string, nth int) int {
	t.Helper()
	for i, p := range Law().All() {
		if p.ID == id {
			if nth == 0 {
				return i
			}
			nth--
		}
	}
	t.Fatalf("no parameter %s", id)
	return 0
}

// A manager: no unemployment, AGS, APEC, social dialogue nor reduction; training and apprenticeship are due (Urssaf, since
// May 2024), the executive's cover too, and the housing contribution from fifty on.
func TestManager(t *testing.T) {
	k := Contract{Regime: Manager, From: longAgo, Executive: true}
	in := month(nov2026, Item{Element: "salary", Amount: 4_000_00})
	s, _ := paid(t, Employer{Staff: 30, Accident: 20_800}, k, YearToDate{}, in)
	same(t, s, map[string]money.Cents{"maladie/employeur": 520_00, "vieillesse_plafonnee/employeur": 342_00, "vieillesse_deplafonnee/employeur": 84_40, "allocations_familiales/employeur": 210_00, "atmp/employeur": 83_20,
		"agirc_arrco_t1/employeur": 188_80, "ceg_t1/employeur": 51_60, "fnal/employeur": 4_00, "csa/employeur": 12_00, "formation_professionnelle/employeur": 40_00,
		"taxe_apprentissage_principale/employeur": 23_60, "taxe_apprentissage_solde/employeur": 3_60, "prevoyance_cadre/employeur": 60_00, "forfait_social/employeur": 4_80,
		"vieillesse_plafonnee/salarie": 276_00, "vieillesse_deplafonnee/salarie": 16_00, "agirc_arrco_t1/salarie": 126_00, "ceg_t1/salarie": 34_40,
		"csg_deductible/salarie": 271_32, "csg_non_deductible/salarie": 95_76, "crds/salarie": 19_95})
	if s.Totals.Employer != 1_628_00 || s.Totals.Net != 3_160_57 {
		t.Errorf("%+v", s.Totals)
	}
	s, _ = paid(t, Employer{Staff: 50, Accident: 20_800}, k, YearToDate{}, in)
	if got := amounts(s)["peec/employeur"]; got != 18_00 {
		t.Errorf("housing is %s", got)
	}
}

// A fixed term bears one per cent more for training, and the neutral rate of a short one takes 748 euros off first.
func TestFixedTerm(t *testing.T) {
	e, in := Employer{Staff: 30, Accident: 20_800}, month(nov2026, Item{Element: "salary", Amount: 2_000_00})
	permanent, _ := paid(t, e, Contract{Regime: Permanent, From: longAgo, Hours: 35_00}, YearToDate{}, in)
	fixed, _ := paid(t, e, Contract{Regime: FixedTerm, From: longAgo, Hours: 35_00, ShortTerm: true}, YearToDate{}, in)
	want := amounts(permanent)
	want["cpf_cdd/employeur"] = 20_00
	same(t, fixed, want)
	if p := permanent.Totals; p.NetTaxable != 1_640_18 || p.TaxBase != 1_640_18 || p.TaxRate != 5_000 || p.Tax != 8_20 {
		t.Errorf("permanent: %+v", p)
	}
	if f := fixed.Totals; f.NetTaxable != 1_640_18 || f.TaxBase != 892_18 || f.Tax != 0 || f.Cost != permanent.Totals.Cost+20_00 {
		t.Errorf("fixed term: %+v", f)
	}
}

// Half time has half the ceiling and half the SMIC: 4 005 / 2 and 1 867.02 / 2.
func TestPartTimeExecutive(t *testing.T) {
	k := Contract{Regime: Permanent, From: longAgo, Hours: 17_50, Executive: true}
	s, y := paid(t, Employer{Staff: 30, Accident: 20_800}, k, YearToDate{}, month(nov2026, Item{Element: "salary", Amount: 2_500_00}))
	if s.Ceiling != 2_002_50 || y.T1 != 2_002_50 || y.T2 != 497_50 || s.SMIC != 28_005_250 {
		t.Errorf("ceiling %s, slices %s and %s, SMIC %d", s.Ceiling, y.T1, y.T2, s.SMIC)
	}
	// APEC is up to four ceilings: 2 500 × 0.036 %; the ANI's cover is on the first slice: 2 002.50 × 1.5 %.
	if a := amounts(s); a["apec/employeur"] != 90 || a["prevoyance_cadre/employeur"] != 30_04 || a["agirc_arrco_t2/employeur"] != 64_43 {
		t.Errorf("%v", a)
	}
}

// Who enters on the 16th of a month of thirty days has half its ceiling and half its SMIC; who leaves on the 10th a third.
func TestEntryAndExitInTheMonth(t *testing.T) {
	e := Employer{Staff: 30, Accident: 20_800}
	in := month(nov2026, Item{Element: "salary", Amount: 3_000_00})
	for _, c := range []struct {
		name        string
		from, until date.Day
		ceiling     money.Cents
		smic        int64
	}{
		{"entry on the 16th", date.Of(2026, 11, 16), 0, 2_002_50, 28_005_250},
		{"exit on the 10th", longAgo, date.Of(2026, 11, 10), 1_335_00, 18_670_167},
		{"both, six days", date.Of(2026, 11, 5), date.Of(2026, 11, 10), 801_00, 11_202_100},
	} {
		s, y := paid(t, e, Contract{Regime: Permanent, From: c.from, Until: c.until, Hours: 35_00}, YearToDate{}, in)
		if s.Ceiling != c.ceiling || s.SMIC != c.smic || y.T1 != c.ceiling {
			t.Errorf("%s: ceiling %s, SMIC %d, first slice %s", c.name, s.Ceiling, s.SMIC, y.T1)
		}
	}
}

// A contract after another with the same employer: the ceilings go on, the reduction begins again. Six months at 1 000
// leave room for 10 000 in July under the ceiling of seven months, and what was granted is not taken back.
func TestNextContractOfTheYear(t *testing.T) {
	e := Employer{Staff: 30, Accident: 20_800}
	first := Contract{Regime: CESA, From: longAgo, Until: date.Of(2026, 6, 30)}
	var y YearToDate
	for m := date.MonthOf(2026, 1); m <= date.MonthOf(2026, 6); m++ {
		_, y = paid(t, e, first, y, month(m, Item{Element: "fixed_part", Amount: 1_000_00}))
	}
	if y.Granted != 2_388_60 { // 6 000 × 0.3981
		t.Fatalf("granted %s", y.Granted)
	}
	july := month(date.MonthOf(2026, 7), Item{Element: "salary", Amount: 10_000_00})
	s, next := paid(t, e, Contract{Regime: Permanent, From: date.Of(2026, 7, 1), Hours: 35_00}, y.Carry(), july)
	if next.T1 != 16_000_00 || next.T2 != 0 || next.Ceiling != 28_035_00 {
		t.Errorf("slices %s and %s of %s", next.T1, next.T2, next.Ceiling)
	}
	if s.Totals.Reduction != 0 || next.Granted != 2_388_60 || next.RPay != 10_000_00 {
		t.Errorf("reduction %s, granted %s, counted on %s", s.Totals.Reduction, next.Granted, next.RPay)
	}
	if s, _ = paid(t, e, Contract{Regime: Permanent, From: date.Of(2026, 7, 1), Hours: 35_00}, y, july); s.Totals.Reduction >= 0 {
		t.Errorf("one contract all year would give back: %s", s.Totals.Reduction)
	}
}

// The reduced rates of 2025 are judged by contract: 9 000 a month from January to March had 13 % for sickness, 2 000 from
// April in another contract have 7 %, and neither is counted again. The other way round nothing is taken back.
func TestReducedRatesOf2025ByContract(t *testing.T) {
	e := Employer{Staff: 30, Accident: 20_800}
	first, next := Contract{Regime: Permanent, From: longAgo, Until: date.Of(2025, 3, 31), Hours: 35_00}, Contract{Regime: Permanent, From: date.Of(2025, 4, 1), Hours: 35_00}
	for _, c := range []struct{ before, after, sickness, family money.Cents }{{9_000_00, 2_000_00, 140_00, 69_00}, {2_000_00, 9_000_00, 1_170_00, 472_50}} {
		var y YearToDate
		for m := date.MonthOf(2025, 1); m <= date.MonthOf(2025, 3); m++ {
			_, y = paid(t, e, first, y, month(m, Item{Element: "salary", Amount: c.before}))
		}
		s, y := paid(t, e, next, y.Carry(), month(date.MonthOf(2025, 4), Item{Element: "salary", Amount: c.after}))
		a := amounts(s)
		if a["maladie/employeur"] != c.sickness || a["allocations_familiales/employeur"] != c.family || a["maladie_regularisation/employeur"] != 0 || a["allocations_familiales_regularisation/employeur"] != 0 {
			t.Errorf("%s then %s: %v", c.before, c.after, a)
		}
		// In May the formula of the reduction changes, what the rates are judged on does not.
		s, _ = paid(t, e, next, y, month(date.MonthOf(2025, 5), Item{Element: "salary", Amount: c.after}))
		if a = amounts(s); a["maladie/employeur"] != c.sickness || a["maladie_regularisation/employeur"] != 0 {
			t.Errorf("May, %s then %s: %v", c.before, c.after, a)
		}
	}
}

// Two contracts at once share one ceiling in proportion to pay: 1 000 and 4 000 have 801 and 3 204 of 4 005.
func TestTwoContractsAtOnce(t *testing.T) {
	e := Employer{Staff: 30, Accident: 20_800}
	in := month(nov2026, Item{Element: "fixed_part", Amount: 1_000_00})
	in.Beside = 4_000_00
	a, ya := paid(t, e, Contract{Regime: CESA, From: longAgo}, YearToDate{}, in)
	in = month(nov2026, Item{Element: "salary", Amount: 4_000_00})
	in.Beside = 1_000_00
	b, yb := paid(t, e, Contract{Regime: Permanent, From: longAgo, Hours: 28_00}, YearToDate{}, in)
	if a.Ceiling != 801_00 || b.Ceiling != 3_204_00 || ya.T1+yb.T1 != 4_005_00 || ya.T2+yb.T2 != 995_00 {
		t.Errorf("ceilings %s and %s, slices %s and %s", a.Ceiling, b.Ceiling, ya.T1+yb.T1, ya.T2+yb.T2)
	}
	if !noted(a, "payroll.note.unsure_ceiling") {
		t.Error("the shared ceiling is not told as unsure")
	}
}

// The headcount passes fifty in July: FNAL goes to the whole pay, and the reduction is counted apart from July on.
func TestRatesThatChangeInTheYear(t *testing.T) {
	k := Contract{Regime: Permanent, From: longAgo, Hours: 35_00}
	var y YearToDate
	for m := date.MonthOf(2026, 1); m <= date.MonthOf(2026, 6); m++ {
		_, y = paid(t, Employer{Staff: 49, Accident: 20_800}, k, y, month(m, Item{Element: "salary", Amount: 5_000_00}))
	}
	granted := y.Granted
	s, y := paid(t, Employer{Staff: 50, Accident: 34_000}, k, y, month(date.MonthOf(2026, 7), Item{Element: "salary", Amount: 1_867_02}))
	if s.Totals.Reduction != 750_73 || s.Coefficient != 4_021 || y.Granted != granted+750_73 {
		t.Errorf("reduction %s at %d", s.Totals.Reduction, s.Coefficient)
	}
	if a := amounts(s); a["fnal/employeur"] != 9_34 || a["atmp/employeur"] != 63_48 {
		t.Errorf("%v", a)
	}
}

// The fund of paid leave: its contribution is a line, and the reduction is raised by 100/90.
func TestLeaveFund(t *testing.T) {
	k := Contract{Regime: Permanent, From: longAgo, Hours: 35_00}
	in := month(nov2026, Item{Element: "salary", Amount: 2_500_00})
	without, _ := paid(t, Employer{Staff: 30, Accident: 20_800}, k, YearToDate{}, in)
	with, _ := paid(t, Employer{Staff: 30, Accident: 20_800, LeaveFund: true, LeaveFundRate: 200_000}, k, YearToDate{}, in)
	if a := amounts(with); a["conges_payes_caisse/employeur"] != 500_00 || without.Totals.Reduction != 459_75 || with.Totals.Reduction != 510_83 {
		t.Errorf("%v: %s and %s", a["conges_payes_caisse/employeur"], without.Totals.Reduction, with.Totals.Reduction)
	}
}

// A month begun on the way has its days' part of the reference SMIC, and an absence without pay keeps of it what is paid: from
// 16 September, half of 1 867.02, and nine tenths of that.
func TestAnAbsenceInAMonthBegunOnTheWay(t *testing.T) {
	sept := date.MonthOf(2026, 9)
	k := Contract{Regime: Permanent, From: date.Of(2026, 9, 16), Hours: 35_00}
	in := month(sept, Item{Element: "salary", Amount: 1_000_00})
	whole, _ := paid(t, Employer{Staff: 30, Accident: 20_800}, k, YearToDate{}, in)
	in.Items = append(in.Items, Item{Element: "absence", Amount: 100_00})
	in.Away, in.Full = 1, 1_000_00
	s, _ := paid(t, Employer{Staff: 30, Accident: 20_800}, k, YearToDate{}, in)
	cents := func(parts int64) money.Cents { return money.Cents(money.MulDiv(parts, 1, smicParts)) }
	if cents(whole.SMIC) != 933_51 || cents(s.SMIC) != 840_16 {
		t.Errorf("reference %s, then %s", cents(whole.SMIC), cents(s.SMIC))
	}
	if whole.Ceiling != 2_002_50 || s.Ceiling != 1_869_00 { // 15 and 14 days of 30
		t.Errorf("ceilings %s and %s", whole.Ceiling, s.Ceiling)
	}
	k.From = longAgo // the whole month: the absence alone
	if s, _ = paid(t, Employer{Staff: 30, Accident: 20_800}, k, YearToDate{}, in); cents(s.SMIC) != 1_680_31 && cents(s.SMIC) != 1_680_32 {
		t.Errorf("a whole month: %s", cents(s.SMIC))
	}
}

// The days of the contract proportion a month's pay as they do its ceiling; who is away all of them is paid nothing.
func TestAMonthBegunOrEndedOnTheWay(t *testing.T) {
	for _, c := range []struct {
		from, until date.Day
		month       date.Month
		want        money.Cents // of 2 400
	}{
		{longAgo, 0, nov2026, 2_400_00},
		{date.Of(2026, 11, 1), date.Of(2026, 11, 30), nov2026, 2_400_00},
		{date.Of(2026, 11, 16), 0, nov2026, 1_200_00},
		{longAgo, date.Of(2026, 11, 18), nov2026, 1_440_00},
		{date.Of(2026, 2, 10), date.Of(2026, 2, 20), date.MonthOf(2026, 2), 942_86}, // 11 days of 28
		{date.Of(2026, 12, 1), 0, nov2026, 0},
	} {
		k := Contract{Regime: Permanent, From: c.from, Until: c.until, Hours: 35_00}
		if got := k.Part(c.month, 2_400_00); got != c.want {
			t.Errorf("%s to %s: %s, want %s", c.from, c.until, got, c.want)
		}
	}
	p := Law().On(nov2026)
	for day := range date.Day(30) {
		for _, k := range []Contract{{Regime: Permanent, From: nov2026.First() + day, Hours: 35_00}, {Regime: CESA, From: nov2026.First() + day}} {
			steady := k.Part(nov2026, 2_400_00)
			r, err := p.Absent(k, nov2026, steady, []Absence{{Kind: UnpaidLeave, From: k.From, Until: nov2026.Last()}})
			if err != nil {
				t.Fatal(err)
			}
			if days, _ := k.DaysIn(nov2026); r.Away != days || r.Deducted != steady && p.units(k, nov2026) > 0 {
				t.Errorf("from the %d: %s of %s, %d days", day+1, r.Deducted, steady, r.Away)
			}
		}
	}
}

// A fixed term of two months has the abatement, of two months and a day it has not; without a known end, its first two.
func TestAShortContract(t *testing.T) {
	k := Contract{Regime: FixedTerm, From: date.Of(2026, 9, 16), Hours: 35_00}
	for _, c := range []struct {
		until date.Day
		month int
		want  bool
	}{{date.Of(2026, 11, 15), 11, true}, {date.Of(2026, 11, 16), 9, false}, {0, 9, true}, {0, 11, true}, {0, 12, false}} {
		k.Until = c.until
		if got := k.Brief(date.MonthOf(2026, c.month)); got != c.want {
			t.Errorf("until %s, month %d: %v", c.until, c.month, got)
		}
	}
	k.Regime, k.Until = Permanent, date.Of(2026, 10, 1)
	if k.Brief(date.MonthOf(2026, 9)) {
		t.Error("a permanent contract is short")
	}
}

// What is not computed is refused in words, on its field.
func TestRegimesRefused(t *testing.T) {
	for _, c := range []struct {
		name, field, key string
		k                Contract
	}{
		{"apprentice", "contract.regime", "payroll.regime", Contract{Regime: "apprentice", From: longAgo, Hours: 35_00}},
		{"intern", "contract.regime", "payroll.regime", Contract{Regime: "intern", From: longAgo}},
		{"hours of a CESA", "contract.hours", "payroll.hours_cesa", Contract{Regime: CESA, From: longAgo, Hours: 35_00}},
		{"hours of a manager", "contract.hours", "payroll.hours_none", Contract{Regime: Manager, From: longAgo, Hours: 35_00}},
		{"no hours", "contract.hours", "payroll.hours_missing", Contract{Regime: FixedTerm, From: longAgo}},
		{"short and permanent", "contract.shortTerm", "payroll.short_term", Contract{Regime: Permanent, From: longAgo, Hours: 35_00, ShortTerm: true}},
	} {
		_, _, err := Compute(Law().On(nov2026), Employer{}, c.k, YearToDate{}, month(nov2026))
		refused(t, c.name, err, c.field, c.key)
	}
}

// refused holds an error against the refusal that it must be.
func refused(t *testing.T, name string, err error, field, key string) {
	t.Helper()
	var f *fault.Error
	for _, one := range fault.All(err) {
		if one.Field == field && one.Key == key {
			return
		}
		f = one
	}
	if errors.As(err, &f) || err == nil {
		t.Errorf("%s: %v, want %s on %s", name, err, key, field)
	}
}
