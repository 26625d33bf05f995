package payroll

import (
	"testing"

	"pgregory.net/rapid"

	"essaim/date"
	"essaim/money"
)

func absent(t *testing.T, k Contract, m date.Month, steady money.Cents, all ...Absence) AbsentMonth {
	t.Helper()
	r, err := Law().On(m).Absent(k, m, steady, all)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func areItems(t *testing.T, got []Item, want ...Item) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%+v, want %+v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%+v, want %+v", got[i], want[i])
		}
	}
}

// with is a month of pay with its absences.
func (r AbsentMonth) with(m date.Month, items ...Item) Inputs {
	return Inputs{Month: m, Paid: m.Last(), Items: append(items, r.Items...), Away: r.Away, Full: r.Full}
}

// Ten days of sickness out of thirty, a fixed part of 600 without hours, maintained at 90 % from the fourth day, seven
// allowances of 10.00 subrogated: 600 × 10/30 off, 140 × 90 % back, of which 70 are the health insurance's. Allowances
// are handed on net of 6.7 %; what is taxed of them is 96.2 %; three days without pay shorten the ceiling.
func TestSickTenDaysMaintainedFromTheFourth(t *testing.T) {
	k := Contract{Regime: CESA, From: longAgo}
	r := absent(t, k, nov2026, 600_00, Absence{Kind: Sickness, From: date.Of(2026, 11, 10), Until: date.Of(2026, 11, 19), Daily: 70_00, Subrogated: true,
		Maintenance: Maintenance{From: 4, Percent: 900_000, Bearer: ByActivity}})
	areItems(t, r.Items, Item{Element: "absence", Amount: 200_00}, Item{Element: "maintenance", Amount: 126_00}, Item{Element: "ijss_offset", Amount: 70_00}, Item{Element: "ijss", Amount: 65_31, Base: 70_00})
	if r.Away != 3 || r.Full != 0 || r.Borne.Activity != 56_00 {
		t.Fatalf("%+v", r)
	}
	s, _ := paid(t, Employer{Staff: 30, Accident: 20_800}, k, YearToDate{}, r.with(nov2026, Item{Element: "fixed_part", Amount: 600_00}))
	tot := s.Totals
	if tot.Gross != 456_00 || s.Ceiling != 3_604_50 || s.SMIC != 13_680_000 {
		t.Errorf("gross %s, ceiling %s, SMIC %d", tot.Gross, s.Ceiling, s.SMIC)
	}
	if tot.Employee != 95_02 || tot.Net != 360_98 || tot.NetSocial != 426_29 || tot.NetTaxable != 441_31 || tot.Paid != 426_29 {
		t.Errorf("%+v", tot)
	}
	if !noted(s, "payroll.note.unsure_absence") {
		t.Error("calendar days are not told as unsure")
	}
}

// The same when the insurer bears what is maintained: it is pay like any other, and comes back.
func TestSickMaintainedByTheInsurer(t *testing.T) {
	k := Contract{Regime: CESA, From: longAgo}
	r := absent(t, k, nov2026, 600_00, Absence{Kind: Sickness, From: date.Of(2026, 11, 10), Until: date.Of(2026, 11, 19), Daily: 70_00,
		Maintenance: Maintenance{From: 4, Percent: 900_000, Bearer: ByInsurer}})
	areItems(t, r.Items, Item{Element: "absence", Amount: 200_00}, Item{Element: "provident_pay", Amount: 56_00})
	e := Employer{Staff: 30, Accident: 20_800}
	s, _ := paid(t, e, k, YearToDate{}, r.with(nov2026, Item{Element: "fixed_part", Amount: 600_00}))
	if s.Totals.Gross != 456_00 || s.Totals.Cost != 400_00+s.Totals.Employer || r.Borne.Insurer != 56_00 {
		t.Errorf("%+v", s.Totals)
	}
}

// Five working days of the twenty-two of October 2026, a contract with hours, nothing maintained: 2 400 × 5/22 off, five
// days off the ceiling, the SMIC kept in proportion to what is paid. A bonus beside changes nothing to that.
func TestSickFiveWorkingDays(t *testing.T) {
	october := date.MonthOf(2026, 10)
	k := Contract{Regime: Permanent, From: longAgo, Hours: 35_00}
	r := absent(t, k, october, 2_400_00, Absence{Kind: Sickness, From: date.Of(2026, 10, 5), Until: date.Of(2026, 10, 9)})
	areItems(t, r.Items, Item{Element: "absence", Amount: 545_45})
	e := Employer{Staff: 30, Accident: 20_800}
	s, _ := paid(t, e, k, YearToDate{}, r.with(october, Item{Element: "salary", Amount: 2_400_00}))
	if s.Totals.Gross != 1_854_55 || s.Ceiling != 3_359_03 || s.SMIC != 43_280_947 { // 4 005 × 26/31; 56 010 500 × 1 854.55/2 400
		t.Errorf("gross %s, ceiling %s, SMIC %d", s.Totals.Gross, s.Ceiling, s.SMIC)
	}
	bonus, _ := paid(t, e, k, YearToDate{}, r.with(october, Item{Element: "salary", Amount: 2_400_00}, Item{Element: "bonus", Amount: 500_00}))
	if bonus.SMIC != s.SMIC {
		t.Errorf("a bonus moves the SMIC to %d", bonus.SMIC)
	}
}

// All maintained, allowances included: the ceiling and the SMIC stay whole (BOSS 840).
func TestWhollyMaintained(t *testing.T) {
	k := Contract{Regime: Permanent, From: longAgo, Hours: 35_00}
	r := absent(t, k, nov2026, 2_100_00, Absence{Kind: Sickness, From: date.Of(2026, 11, 2), Until: date.Of(2026, 11, 8), Daily: 160_00, Subrogated: true, Maintenance: Maintenance{From: 1, Percent: money.One}})
	if r.Deducted != 500_00 || r.Maintained != 500_00 || r.Away != 0 || r.Full != 0 { // 2 100 × 5/21
		t.Fatalf("%+v", r)
	}
	s, _ := paid(t, Employer{Staff: 30, Accident: 20_800}, k, YearToDate{}, r.with(nov2026, Item{Element: "salary", Amount: 2_100_00}))
	if s.Totals.Gross != 1_940_00 || s.Ceiling != 4_005_00 || s.SMIC != 56_010_500 {
		t.Errorf("gross %s, ceiling %s, SMIC %d", s.Totals.Gross, s.Ceiling, s.SMIC)
	}
}

// Allowances of an accident are taxed by half: 100.00 gross, 96.20 less deductible CSG, 48.10 taxed; those of sickness and
// maternity whole. All of them are in the net social for what is handed on.
func TestTaxOfDailyAllowances(t *testing.T) {
	k := Contract{Regime: CESA, From: longAgo}
	for kind, want := range map[AbsenceKind]money.Cents{Accident: 48_10, Sickness: 96_20, Maternity: 96_20, Paternity: 96_20} {
		r := absent(t, k, nov2026, 600_00, Absence{Kind: kind, From: date.Of(2026, 11, 1), Until: date.Of(2026, 11, 30), Daily: 100_00, Subrogated: true})
		if r.Away != 30 || r.Deducted != 600_00 {
			t.Fatalf("%s: %+v", kind, r)
		}
		s, _ := paid(t, Employer{Staff: 30}, k, YearToDate{}, r.with(nov2026, Item{Element: "fixed_part", Amount: 600_00}))
		if s.Totals.NetTaxable != want || s.Totals.NetSocial != 93_30 || s.Totals.Paid != 93_30 || s.Totals.Gross != 0 {
			t.Errorf("%s: %+v", kind, s.Totals)
		}
	}
}

// Maintenance goes on in the next month: an absence is counted from its own first day, and ends with the rule's last.
func TestAbsenceOverTwoMonths(t *testing.T) {
	k := Contract{Regime: CESA, From: longAgo}
	a := Absence{Kind: Sickness, From: date.Of(2026, 10, 27), Until: date.Of(2026, 11, 20), Maintenance: Maintenance{From: 3, Until: 10, Percent: 500_000}}
	// October has its days 1 to 5, the last three at half; November 6 to 25, the first five at half.
	if r := absent(t, k, date.MonthOf(2026, 10), 620_00, a); r.Deducted != 100_00 || r.Maintained != 30_00 || r.Away != 2 {
		t.Errorf("October: %+v", r)
	}
	if r := absent(t, k, nov2026, 600_00, a); r.Deducted != 400_00 || r.Maintained != 50_00 || r.Away != 15 {
		t.Errorf("November: %+v", r)
	}
}

// Part time for health at 60 % of each day: the pay falls by it, no day is without pay.
func TestPartTimeForHealth(t *testing.T) {
	k := Contract{Regime: Permanent, From: longAgo, Hours: 35_00}
	r := absent(t, k, nov2026, 2_100_00, Absence{Kind: HealthPartTime, From: date.Of(2026, 11, 1), Until: date.Of(2026, 11, 30), Share: 400_000, Daily: 300_00})
	if r.Deducted != 840_00 || r.Away != 0 || r.Full != 2_100_00 {
		t.Errorf("%+v", r)
	}
}

// The insurer's allowances beyond what is maintained: subject for the part that the employer's premium bought.
func TestProvidentAllowances(t *testing.T) {
	k := Contract{Regime: CESA, From: longAgo, Cover: Cover{ProvidentEmployer: 9_000, ProvidentEmployee: 3_000}}
	r := absent(t, k, nov2026, 600_00, Absence{Kind: Sickness, From: date.Of(2026, 11, 1), Until: date.Of(2026, 11, 30), Provident: 400_00})
	areItems(t, r.Items, Item{Element: "absence", Amount: 600_00}, Item{Element: "provident_pay", Amount: 300_00}, Item{Element: "provident", Amount: 100_00})
}

// Paid leave moves nothing: pay is maintained and days are counted.
func TestPaidLeaveMovesNothing(t *testing.T) {
	r := absent(t, Contract{Regime: CESA, From: longAgo}, nov2026, 600_00, Absence{Kind: PaidLeave, From: date.Of(2026, 11, 2), Until: date.Of(2026, 11, 14)})
	if len(r.Items) != 0 || r.Away != 0 || r.Full != 0 {
		t.Errorf("%+v", r)
	}
}

// A month without a day of pay that pays a variable part all the same keeps one day of the ceiling and of the SMIC.
func TestVariablePartOfAMonthAway(t *testing.T) {
	k := Contract{Regime: CESA, From: longAgo}
	r := absent(t, k, nov2026, 600_00, Absence{Kind: UnpaidLeave, From: nov2026.First(), Until: nov2026.Last()})
	s, y := paid(t, Employer{Staff: 30, Accident: 20_800}, k, YearToDate{}, r.with(nov2026, Item{Element: "fixed_part", Amount: 600_00}, Item{Element: "variable_advance", Amount: 1_000_00}))
	if r.Away != 30 || s.Totals.Gross != 1_000_00 || s.Ceiling != 133_50 || y.T1 != 133_50 || y.T2 != 866_50 || s.SMIC != 1_867_017 {
		t.Errorf("away %d, ceiling %s, slices %s and %s, SMIC %d", r.Away, s.Ceiling, y.T1, y.T2, s.SMIC)
	}
}

// Thirtieths instead of calendar days: a parameter.
func TestAbsenceByThirtieths(t *testing.T) {
	other, err := Law().With(rankOf(t, "away.basis", 0), "2")
	if err != nil {
		t.Fatal(err)
	}
	m := date.MonthOf(2026, 10)
	r, err := other.On(m).Absent(Contract{Regime: CESA, From: longAgo}, m, 620_00, []Absence{{Kind: UnpaidLeave, From: m.First(), Until: m.First() + 2}})
	if err != nil || r.Deducted != 62_00 {
		t.Errorf("%s, %v", r.Deducted, err)
	}
}

// However a month is cut into absences, they take what one would take, and never more than there is.
func TestPiecesOfAMonthSumToIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := Contract{Regime: CESA, From: longAgo}
		if rapid.Bool().Draw(t, "hours") {
			k = Contract{Regime: Permanent, From: longAgo, Hours: 35_00}
		}
		m := date.MonthOf(2026, rapid.IntRange(1, 12).Draw(t, "month"))
		steady := money.Cents(rapid.IntRange(0, 9_000_00).Draw(t, "steady"))
		var all []Absence
		for d := m.First(); d <= m.Last(); {
			until := min(m.Last(), d+date.Day(rapid.IntRange(0, 9).Draw(t, "days")))
			all = append(all, Absence{Kind: Sickness, From: d, Until: until, Maintenance: Maintenance{From: rapid.IntRange(0, 3).Draw(t, "from"), Percent: money.Rate(rapid.IntRange(0, 1_000_000).Draw(t, "percent"))}})
			d = until + 1
		}
		r, err := Law().On(m).Absent(k, m, steady, all)
		if err != nil {
			t.Fatal(err)
		}
		if r.Deducted != steady || r.Maintained > r.Deducted || r.Maintained < 0 || r.Away > int(m.Last()-m.First())+1 {
			t.Fatalf("%+v", r)
		}
		e := Employer{Staff: 30, Accident: 20_800}
		if _, _, err := Compute(Law().On(m), e, k, YearToDate{}, r.with(m, Item{Element: "fixed_part", Amount: steady})); err != nil {
			t.Fatal(err)
		}
	})
}

func TestAbsencesRefused(t *testing.T) {
	cesa := Contract{Regime: CESA, From: longAgo}
	day := date.Of(2026, 11, 2)
	good := Absence{Kind: Sickness, From: day, Until: day}
	for _, c := range []struct {
		name, field, key string
		k                Contract
		all              []Absence
	}{
		{"unknown", "absences[0].kind", "payroll.absence_kind", cesa, []Absence{{Kind: "moon", From: day, Until: day}}},
		{"ends before", "absences[0].until", "payroll.absence_until", cesa, []Absence{{Kind: Sickness, From: day, Until: day - 1}}},
		{"no end", "absences[0].until", "payroll.absence_until", cesa, []Absence{{Kind: Sickness, From: day}}},
		{"ages", "absences[0].until", "payroll.absence_long", cesa, []Absence{{Kind: Sickness, From: day, Until: day + 1_000_000}}},
		{"twice", "absences[1].from", "payroll.absence_twice", cesa, []Absence{good, good}},
		{"no share", "absences[0].share", "payroll.absence_share", cesa, []Absence{{Kind: HealthPartTime, From: day, Until: day}}},
		{"allowances of leave", "absences[0].daily", "payroll.absence_daily", cesa, []Absence{{Kind: UnpaidLeave, From: day, Until: day, Daily: 1}}},
		{"more than all", "absences[0].maintenance", "payroll.maintenance", cesa, []Absence{{Kind: Sickness, From: day, Until: day, Maintenance: Maintenance{From: 1, Percent: money.One + 1}}}},
		{"a CAPE", "absences", "payroll.absence_regime", Contract{Regime: CAPE, From: longAgo}, []Absence{good}},
		{"a hundred", "absences", "payroll.absences", cesa, make([]Absence, 100)},
	} {
		_, err := Law().On(nov2026).Absent(c.k, nov2026, 600_00, c.all)
		refused(t, c.name, err, c.field, c.key)
	}
}

// The certificate: three months up to 1.4 SMIC of the month of the stop, over 91.25, by half: 3 × 2 613.82 / 91.25 / 2.
func TestSalaryCertificate(t *testing.T) {
	a := Absence{Kind: Sickness, From: date.Of(2026, 11, 10), Until: date.Of(2026, 11, 19), Subrogated: true}
	past := []MonthlyPay{{date.MonthOf(2026, 7), 9_000_00}, {date.MonthOf(2026, 8), 3_000_00}, {date.MonthOf(2026, 9), 3_000_00}, {date.MonthOf(2026, 10), 3_000_00}}
	c := Law().CertificateOf(a, past)
	if c.LastWorked != date.Of(2026, 11, 9) || c.Months[0] != past[3] || c.Months[2] != past[1] || c.Reference != 7_841_46 || c.Daily != 42_97 || c.Wait != 3 || !c.Subrogated {
		t.Errorf("%+v", c)
	}
	if c = Law().CertificateOf(a, past[:3]); c.Months[0].Gross != 0 || c.Reference != 5_227_64 {
		t.Errorf("%+v", c)
	}
	if c = Law().CertificateOf(Absence{Kind: Maternity, From: a.From}, past); c.Daily != 0 {
		t.Errorf("an allowance of maternity is guessed: %s", c.Daily)
	}
}
