package payroll

import (
	"testing"

	"pgregory.net/rapid"

	"essaim/coop"
	"essaim/date"
	"essaim/money"
)

func monthsOf(from date.Month, n int, gross money.Cents) (all []Inputs) {
	for m := from; m < from+date.Month(n); m++ {
		all = append(all, Inputs{Month: m, Paid: m.Last(), Items: []Item{{Element: "fixed_part", Amount: gross}}})
	}
	return all
}

func closeTo(t *testing.T, what string, got, want, within money.Cents) {
	t.Helper()
	if (got - want).Abs() > within {
		t.Errorf("%s: %d, want %d", what, got, want)
	}
}

// Law notes § 1.3: BASE 29 400, of which 17 858.45 went into twelve months of 1 400; the balance of 11 541.55 taken at
// once gives 6 300.66 of gross, where smoothing the whole over the year gives 25 293.99. The example is not rounded; a
// payslip is, line by line.
func TestBalanceOfTheWorkedExample(t *testing.T) {
	table := allYear(t)
	e, k := worked()
	months := monthsOf(date.MonthOf(2026, 1), 12, 1_400_00)
	var y YearToDate
	var before YearToDate
	for _, in := range months {
		before = y
		var err error
		if _, y, err = Compute(table.On(in.Month), e, k, y, in); err != nil {
			t.Fatal(err)
		}
	}
	closeTo(t, "PAID", y.Cost, 17_858_45, 6)
	base := money.Cents(29_400_00)
	once, err := SpreadOver(table, coop.Pay{}, e, k, before, months[11:], "variable_balance", base-y.Cost)
	if err != nil {
		t.Fatal(err)
	}
	closeTo(t, "gross of the balance paid once", once.Gross, 6_300_66, 10)
	closeTo(t, "annual gross, lump sum", 12*1_400_00+once.Gross, 23_100_66, 10)
	smooth, err := SpreadOver(table, coop.Pay{}, e, k, YearToDate{}, months, "variable_balance", base-y.Cost)
	if err != nil {
		t.Fatal(err)
	}
	closeTo(t, "annual gross, smoothed", 12*1_400_00+smooth.Gross, 25_293_99, 30)
	closeTo(t, "lost by one payment", smooth.Gross-once.Gross, 2_193_33, 30)
	if once.Less <= smooth.Less {
		t.Errorf("one payment loses %d of the reduction, smoothing %d", once.Less, smooth.Less)
	}
}

// Whatever the months, no more than the budget is spent (a cent a month at most, where what was paid before makes the last
// month's own pay dearer by its rounding), the sums are those of the months, and what is left is a few cents
// a month at most unless the reduction taken back exceeds a month's part.
func TestSpreadKeepsToItsBudget(t *testing.T) {
	e, k := worked()
	rapid.Check(t, func(t *rapid.T) {
		budget := money.Cents(rapid.Int64Range(1, 60_000_00).Draw(t, "budget"))
		n := rapid.IntRange(1, 7).Draw(t, "months")
		fixed := money.Cents(rapid.Int64Range(0, 4_000_00).Draw(t, "fixed"))
		s, err := SpreadOver(Law(), coop.Pay{}, e, k, YearToDate{}, monthsOf(date.MonthOf(2027, 1), n, fixed), "variable_balance", budget)
		if err != nil {
			t.Fatal(err)
		}
		var sum SpreadMonth
		for _, m := range s.Months {
			sum.Cost, sum.Gross, sum.Net, sum.Tax, sum.Paid = sum.Cost+m.Cost, sum.Gross+m.Gross, sum.Net+m.Net, sum.Tax+m.Tax, sum.Paid+m.Paid
		}
		if s.Cost > budget+money.Cents(n) || sum.Cost != s.Cost || sum.Gross != s.Gross || sum.Net != s.Net || sum.Tax != s.Tax || sum.Paid != s.Paid || s.Paid != s.Net-s.Tax {
			t.Fatalf("%+v", s)
		}
		// Where three SMIC of the year are passed two hundredths of its pay are lost at once: no gross costs what lies between.
		if (s.Budget - s.Cost) > 3_00*money.Cents(n)+(budget+fixed*money.Cents(n))/40 {
			t.Fatalf("%d of %d are left", (s.Budget - s.Cost), budget)
		}
	})
}

// A year begins again in January: a fiscal year that ends in June spreads over two.
func TestSpreadAcrossTwoYears(t *testing.T) {
	e, k := worked()
	s, err := SpreadOver(Law(), coop.Pay{}, e, k, YearToDate{Year: 2026, Until: date.MonthOf(2026, 11)}, monthsOf(date.MonthOf(2026, 12), 3, 500_00), "variable_balance", 3_000_00)
	if err != nil || len(s.Months) != 3 || (s.Budget-s.Cost) > 5_00 || !s.Beyond {
		t.Error(s, err)
	}
}

// A budget of nothing, and a contract that is over.
func TestSpreadOfNothing(t *testing.T) {
	e, k := worked()
	if s, err := SpreadOver(Law(), coop.Pay{}, e, k, YearToDate{}, monthsOf(date.MonthOf(2027, 1), 3, 500_00), "variable_balance", 0); err != nil || s.Gross != 0 {
		t.Error(s, err)
	}
	k.Until = date.MustParse("2026-12-31")
	if _, err := SpreadOver(Law(), coop.Pay{}, e, k, YearToDate{}, monthsOf(date.MonthOf(2027, 1), 3, 500_00), "variable_balance", 1_000_00); err == nil {
		t.Error("a contract that ended pays")
	}
}

// One month of a spread is what the month itself grants of the same budget, whatever the cooperative adds: what is set aside
// at the year's end is what is released when it is paid.
func TestASpreadOfOneMonthIsItsGrant(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, e, k, y, in := anyone(t)
		rules := coop.Pay{LeaveMode: rapid.SampledFrom([]string{coop.LeaveRecorded, coop.LeaveProvided}).Draw(t, "leave"), WageTax: money.Rate(rapid.SampledFrom([]int64{0, 400_000}).Draw(t, "tax")),
			Added: []coop.PayAdded{{Label: "Médecine du travail", Amount: 9_50}, {Label: "Assurance", Rate: money.Rate(rapid.Int64Range(0, 30_000).Draw(t, "rate"))}}}
		in.Items = append(in.Items, Item{Element: "transport", Amount: 44_40})
		budget := money.Cents(rapid.Int64Range(1, 8_000_00).Draw(t, "budget"))
		s, err := SpreadOver(p.t, rules, e, k, y, []Inputs{in}, Balance, budget)
		if err != nil {
			t.Fatal(err)
		}
		g, err := Fit(p, rules, e, k, y, in, Target{ByCost, budget}, Means{Pot: budget})
		if err != nil {
			t.Fatal(err)
		}
		if got := (Three{s.Net, s.Gross, s.Cost}); got != g.Balance {
			t.Fatalf("spread %+v, granted %+v", got, g.Balance)
		}
	})
}

// A pot that was counted with what the cooperative adds pays as much when it is taken: 1 000 of cost, of which 9.50 and 1 %
// of the gross stay with the cooperative.
func TestWhatIsAddedIsInASpread(t *testing.T) {
	e, k := worked()
	months := monthsOf(nov2026, 1, 1_000_00)
	bare, err := SpreadOver(Law(), coop.Pay{}, e, k, YearToDate{}, months, Balance, 1_000_00)
	if err != nil {
		t.Fatal(err)
	}
	s, err := SpreadOver(Law(), coop.Pay{LeaveMode: coop.LeaveProvided, Added: []coop.PayAdded{{Label: "Assurance", Rate: 10_000}}}, e, k, YearToDate{}, months, Balance, 1_000_00)
	if err != nil {
		t.Fatal(err)
	}
	if s.Gross >= bare.Gross || s.Cost > 1_000_00 || (s.Budget-s.Cost) > 5 {
		t.Errorf("gross %s of %s, %s left", s.Gross, bare.Gross, (s.Budget - s.Cost))
	}
}
