package payroll

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"essaim/date"
	"essaim/i18n"
	"essaim/money"
)

func modelNamed(code string) (Model, bool) {
	for _, m := range Models() {
		if m.Code == code {
			return m, true
		}
	}
	return Model{}, false
}

// The transitional model ends the day before the renovated one is the only one.
func TestModelsByDay(t *testing.T) {
	for day, want := range map[string]string{"2025-03-31": "transitional", "2026-12-31": "transitional", "2027-01-01": "renovated", "2031-05-05": "renovated"} {
		if got := ModelOn(date.MustParse(day)).Code; got != want {
			t.Errorf("%s: %s, want %s", day, got, want)
		}
	}
	a, ok := modelNamed("transitional")
	b, ok2 := modelNamed("renovated")
	if _, ok3 := modelNamed("clear"); !ok || !ok2 || ok3 || a.Until+1 != b.From || b.Until != 0 {
		t.Error("the two models do not follow one another")
	}
	if a.Unsure == "" || b.Unsure == "" {
		t.Error("what was not read in the text is not said")
	}
}

// Each line there is has one row in each model and one purpose, and each label is a text in both languages.
func TestEveryLineHasItsRow(t *testing.T) {
	codes := []string{reduction25, reduction26, "maladie_regularisation", "allocations_familiales_regularisation"}
	for _, l := range law.lines {
		if !slices.Contains(codes, l.code) {
			codes = append(codes, l.code)
		}
	}
	key := func(k string) {
		for _, lang := range []string{"fr", "en"} {
			if !i18n.For(lang).Has(k) {
				t.Errorf("%s: no text for %s", lang, k)
			}
		}
	}
	for _, m := range Models() {
		rows := map[string]int{}
		for _, b := range m.Blocks {
			key(b.Label)
			if b.Group != "" {
				key(b.Group)
			}
			for _, r := range b.Rows {
				if r.Label != "" {
					key(r.Label)
				}
				for _, c := range r.Lines {
					rows[c]++
					if !slices.Contains(codes, c) {
						t.Errorf("%s: a row for %s, which is no line", m.Code, c)
					}
				}
			}
		}
		for _, c := range codes {
			if rows[c] != 1 {
				t.Errorf("%s: %d rows for %s", m.Code, rows[c], c)
			}
		}
		key(m.Beside)
		key(m.BeforeTax)
		key(m.Net)
	}
	purposes := map[string]int{}
	for _, p := range models.Purposes {
		key("slip.purpose." + p.Code)
		for _, c := range p.Lines {
			purposes[c]++
		}
	}
	for _, c := range codes {
		if purposes[c] != 1 {
			t.Errorf("%d purposes for %s", purposes[c], c)
		}
	}
	for code := range law.things {
		key("slip.element." + code)
	}
}

// Whatever the payslip and the model: rows sum to the totals, a base times its rate is the employee's part up to the
// roundings of its lines, and what goes where sums to the difference between cost and pay.
func TestGroupedRowsAreTheTotals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.SampledFrom(Models()).Draw(t, "model")
		for _, s := range drawn(t) {
			var gross, employee, employer, beside, borne money.Cents
			for _, b := range Group(s, m) {
				for _, r := range b.Rows {
					switch b.Code {
					case BlockGross:
						gross += r.Employee
						continue
					case BlockBeside:
						beside += r.Employee
						borne += r.Employer
						continue
					}
					employee += r.Employee
					employer += r.Employer
					if r.Rate != 0 {
						if gap := (r.Base.Times(r.Rate) - r.Employee).Abs(); gap > money.Cents(len(r.Lines)) {
							t.Fatalf("%s %s: %s × %s is not %s", b.Code, r.Label, r.Base, r.Rate, r.Employee)
						}
					}
				}
			}
			if gross != s.Totals.Gross || employee != s.Totals.Employee || employer != s.Totals.Employer {
				t.Fatalf("rows %s, %s, %s; totals %+v", gross, employee, employer, s.Totals)
			}
			if v := gross - employee + beside; v != s.Totals.Net+s.Totals.Beside || v-s.Totals.Tax != s.Totals.Paid {
				t.Fatalf("rows lead to %s before tax, totals to %s", v, s.Totals.Net+s.Totals.Beside)
			}
			var shares money.Cents
			for _, one := range Shares(s) {
				shares += one.Amount()
			}
			if shares != s.Totals.Cost-s.Totals.Paid {
				t.Fatalf("shares sum to %s, cost less pay is %s", shares, s.Totals.Cost-s.Totals.Paid)
			}
		}
	})
}

// A line that a model says nothing of is read among the other contributions rather than lost.
func TestStrangeLineIsRead(t *testing.T) {
	s := gross2500(t)
	s.Lines = append(s.Lines, Line{Code: "new_tax", Part: EmployerIs, Base: 1_000_00, Rate: 10_000, Amount: 10_00})
	for _, m := range Models() {
		found := false
		for _, b := range Group(s, m) {
			found = found || b.Code == blockOther && slices.ContainsFunc(b.Rows[0].Lines, func(l Line) bool { return l.Code == "new_tax" })
		}
		if !found {
			t.Errorf("%s: the line is nowhere", m.Code)
		}
	}
}

// In 2025 what the lower rates of sickness and family spare is relief too: 6 % and 1.80 % of the pay; when a month carries
// the year beyond the limit, what earlier months had is taken back.
func TestReliefCountsTheLowerRates(t *testing.T) {
	e, k := Employer{Staff: 30, Accident: 20_800}, Contract{Regime: Permanent, From: date.Of(2020, 1, 1), Hours: 35_00}
	pay := func(m int, v money.Cents, y YearToDate) (Payslip, YearToDate) {
		month := date.MonthOf(2025, m)
		s, y, err := Compute(Law().On(month), e, k, y, Inputs{Month: month, Paid: month.Last(), Items: []Item{{Element: "salary", Amount: v}}})
		if err != nil {
			t.Fatal(err)
		}
		return s, y
	}
	s, y := pay(1, 3_000_00, YearToDate{})
	if got := Relieved(s) - s.Totals.Reduction; got != 180_00+54_00 {
		t.Errorf("January: %s beyond the reduction", got)
	}
	s, _ = pay(2, 20_000_00, y)
	if got := Relieved(s) - s.Totals.Reduction; got != -(180_00 + 54_00) {
		t.Errorf("February: %s beyond the reduction", got)
	}
}
