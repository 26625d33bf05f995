package activity

import (
	"math/big"
	"slices"
	"testing"

	"essaim/date"
	"essaim/ledger"
	"essaim/member"
	"essaim/money"

	"pgregory.net/rapid"
)

func day(s string) date.Day { return date.MustParse(s) }

var year2026 = date.FiscalYear{Start: day("2026-01-01"), End: day("2026-12-31")}

func realPolicy(t testing.TB, id string) Policy {
	t.Helper()
	all := RealPolicies()
	i := slices.IndexFunc(all, func(n NamedPolicy) bool { return n.ID == id })
	if i < 0 {
		t.Fatalf("no policy %q", id)
	}
	return all[i].Policy
}

// sold is a year's turnover of one nature, invoiced and collected alike.
func sold(nature string, period int, c money.Cents) Turnover {
	return Turnover{Nature: nature, Period: period, Invoiced: c, Collected: c}
}

// The worked examples of the law notes § 1.4, by name.
func TestRealPolicies(t *testing.T) {
	for _, c := range []struct {
		name, policy string
		facts        Facts
		due          money.Cents
	}{
		{"Astrolabe 90 000", "astrolabe", Facts{Turnover: []Turnover{sold("service", 12, 90_000_00)}}, 9_300_00},
		{"Astrolabe 40 000, the end of the first bracket", "astrolabe", Facts{Turnover: []Turnover{sold("service", 12, 40_000_00)}}, 4_400_00},
		{"Optéos margin 72 000", "opteos", Facts{Turnover: []Turnover{sold("service", 12, 80_000_00)}, Deducted: 8_000_00}, 7_740_00},
		{"Optéos training 50 000", "opteos", Facts{Turnover: []Turnover{sold("training", 12, 50_000_00)}}, 2_400_00 + 2_300_00 + 1_100_00},
		{"Optéos both scales, charges off the general one", "opteos", Facts{Turnover: []Turnover{sold("training", 12, 10_000_00), sold("service", 12, 30_000_00)}, Deducted: 10_000_00}, 1_200_00 + 2_300_00},
		{"Optéos charges above the general scale", "opteos", Facts{Turnover: []Turnover{sold("training", 12, 10_000_00), sold("service", 12, 3_000_00)}, Deducted: 5_000_00}, 960_00},
		{"Coopaname 20 000 of margin, a year of contract", "coopaname", Facts{Turnover: []Turnover{sold("service", 12, 26_000_00)}, Deducted: 6_000_00, OtherMonths: 12}, 2_700_00 + 360_00},
		{"Cap Services 30 000 without 5 000 resold", "cap-services", Facts{Turnover: []Turnover{sold("goods", 12, 35_000_00)}, Deducted: 5_000_00}, 3_000_00},
		{"Équinoxe 22 000 leaves 19 360", "coodyssee-equinoxe", Facts{Turnover: []Turnover{sold("service", 12, 22_000_00)}}, 2_640_00},
		{"Tumuku Makop, exempt six months from March", "tumuku-makop", Facts{Opened: day("2026-03-15"), Turnover: []Turnover{sold("service", 3, 4_000_00), sold("service", 8, 1_000_00), sold("service", 9, 2_000_00)}, Deducted: 500_00}, 150_00},
		{"ENCOM1 50 000, marginal", "encom1", Facts{Turnover: []Turnover{{Nature: "service", Period: 12, Invoiced: 70_000_00, Collected: 50_000_00}}}, 4_600_00},
		{"ENCOM1 invoiced and not collected", "encom1", Facts{Turnover: []Turnover{{Nature: "service", Period: 12, Invoiced: 70_000_00}}}, 0},
	} {
		c.facts.Year = year2026
		got := realPolicy(t, c.policy).Due(c.facts)
		if got.Due != c.due {
			t.Errorf("%s: %s, want %s\n%+v", c.name, got.Due, c.due, got)
		}
		var steps money.Cents
		for _, s := range got.Steps {
			steps += s.Amount
		}
		if steps != got.Due {
			t.Errorf("%s: the steps sum to %s, not to %s", c.name, steps, got.Due)
		}
	}
}

func TestEveryRealPolicyIsWhole(t *testing.T) {
	all := RealPolicies()
	if len(all) != 7 {
		t.Errorf("%d policies, want seven", len(all))
	}
	for _, n := range all {
		if err := n.Policy.Check(); err != nil {
			t.Errorf("%s: %v", n.ID, err)
		}
		if n.Policy.Source == "" || len(n.Policy.Unknown) == 0 {
			t.Errorf("%s: its source and what it leaves open must be told", n.ID)
		}
		for _, d := range n.Policy.Deducts {
			if d[0] != '6' {
				t.Errorf("%s: %s is no charge", n.ID, d)
			}
		}
	}
	all[0].Policy.Scales[0].Brackets[0].Rate = 0
	if RealPolicies()[0].Policy.Scales[0].Brackets[0].Rate == 0 {
		t.Error("the models can be changed from outside")
	}
}

// The minimum (practice 38): prorated by months of contract, shown, asked monthly, or at year end.
func TestMinimum(t *testing.T) {
	p := realPolicy(t, "astrolabe")
	f := Facts{Year: year2026, On: day("2026-06-30"), CAPEMonths: 4, OtherMonths: 2, Turnover: []Turnover{sold("service", 2, 1_000_00), sold("service", 9, 90_000_00)}}
	// 1 200 × 4/12 + 2 160 × 2/12 = 760; 11 % of 1 000 is 110. September is not yet.
	if got := p.Due(f); got.Due != 110_00 || got.Minimum != 650_00 {
		t.Errorf("shown: %+v", got)
	}
	p.MinAsked = MinimumMonthly
	if got := p.Due(f); got.Due != 760_00 || got.Minimum != 0 {
		t.Errorf("monthly: %+v", got)
	}
	p.MinAsked = MinimumAtYearEnd
	if got := p.Due(f); got.Due != 110_00 || got.Minimum != 650_00 {
		t.Errorf("at year end, in June: %+v", got)
	}
	f.On, f.OtherMonths, f.Turnover = year2026.End, 8, f.Turnover[:1]
	if got := p.Due(f); got.Due != 400_00+1_440_00 || got.Minimum != 0 {
		t.Errorf("at year end, on the last day: %+v", got)
	}
	f.Turnover = append(f.Turnover, sold("service", 9, 90_000_00))
	if got := p.Due(f); got.Due != 9_390_00 || got.Minimum != 0 {
		t.Errorf("above the minimum: %+v", got)
	}
	p.ExemptMonths, f.Opened, f.CAPEMonths, f.OtherMonths, f.Turnover = 6, day("2026-03-10"), 4, 6, nil
	// From March: ten months of contract, six of them exempt; the four left are under CESA.
	if got := p.Due(f); got.Due != 720_00 {
		t.Errorf("exempt months bear no minimum: %+v", got)
	}
}

func TestNegativeBase(t *testing.T) {
	p := realPolicy(t, "astrolabe")
	f := Facts{Year: year2026, Turnover: []Turnover{sold("service", 1, -500_00)}}
	if got := p.Due(f); got.Due != 0 || got.Base != 0 {
		t.Errorf("a credit note on last year's invoice gives nothing back: %+v", got)
	}
	f.Turnover = append(f.Turnover, sold("service", 2, 800_00))
	if got := p.Due(f); got.Due != 33_00 {
		t.Errorf("it is taken off what the year brings: %+v", got)
	}
	o := realPolicy(t, "opteos")
	f.Turnover = []Turnover{sold("training", 1, -500_00), sold("service", 1, 800_00)}
	if got := o.Due(f); got.Due != 34_50 {
		t.Errorf("below zero in one scale comes off the other: %+v", got)
	}
	f.Turnover, f.Deducted = []Turnover{sold("service", 1, 1_000_00)}, -200_00
	if got := o.Due(f); got.Due != 138_00 {
		t.Errorf("a purchase given back is margin: %+v", got)
	}
}

func TestExemptNatures(t *testing.T) {
	p := realPolicy(t, "coodyssee-equinoxe")
	f := Facts{Year: year2026, Turnover: []Turnover{sold("service", 1, 2_000_00), sold("grant", 1, 5_000_00)}}
	p.ExemptNatures = []string{"grant"}
	if got := p.Due(f); got.Due != 240_00 || got.Steps[0].Key != "activity.step.exempt" {
		t.Errorf("%+v", got)
	}
}

// 3 × 33,33 at 10 %: the sum of the parts rounded one by one would be 9,99.
func TestRoundedOnce(t *testing.T) {
	p := realPolicy(t, "encom1")
	var booked money.Cents
	for i, want := range []money.Cents{3_33, 3_34, 3_33} {
		var ts []Turnover
		for k := range i + 1 {
			ts = append(ts, sold("service", k+1, 33_33))
		}
		due := p.Due(Facts{Year: year2026, Turnover: ts}).Due
		if due-booked != want {
			t.Errorf("part %d: %s, want %s", i+1, due-booked, want)
		}
		booked = due
	}
	if booked != 10_00 {
		t.Error(booked)
	}
}

func anyPolicy(t *rapid.T) Policy {
	brackets := func(label string) []Bracket {
		var bs []Bracket
		var top money.Cents
		for range rapid.IntRange(0, 4).Draw(t, label+" brackets") {
			top += money.Cents(rapid.Int64Range(1, 5_000_000).Draw(t, label+" step"))
			bs = append(bs, Bracket{UpTo: top, Rate: money.Rate(rapid.Int64Range(0, 1_000_000).Draw(t, label+" rate"))})
		}
		return append(bs, Bracket{Rate: money.Rate(rapid.Int64Range(0, 1_000_000).Draw(t, label+" rate"))})
	}
	p := Policy{
		Name: "P", When: Monthly, Deducts: []string{"60"},
		Base:         rapid.SampledFrom([]Base{Invoiced, Collected, GrossMarginInvoiced, GrossMarginCollected}).Draw(t, "base"),
		Scales:       []Scale{{Natures: []string{"training"}, Brackets: brackets("training")}, {Brackets: brackets("general")}},
		MinYearCAPE:  money.Cents(rapid.Int64Range(0, 500_000).Draw(t, "min cape")),
		MinYear:      money.Cents(rapid.Int64Range(0, 500_000).Draw(t, "min")),
		MinAsked:     rapid.SampledFrom([]Asked{MinimumShown, MinimumMonthly, MinimumAtYearEnd}).Draw(t, "asked"),
		FixedMonthly: money.Cents(rapid.Int64Range(0, 10_000).Draw(t, "fixed")),
		ExemptMonths: rapid.IntRange(0, 8).Draw(t, "exempt"),
	}
	if rapid.Bool().Draw(t, "special first") {
		p.Scales[0], p.Scales[1] = p.Scales[1], p.Scales[0]
	}
	return p
}

func anyFacts(t *rapid.T) Facts {
	f := Facts{
		Year: year2026, On: year2026.Start + date.Day(rapid.IntRange(0, 364).Draw(t, "on")), Opened: day("2025-06-01") + date.Day(rapid.IntRange(0, 500).Draw(t, "opened")),
		CAPEMonths: rapid.IntRange(0, 6).Draw(t, "cape"), OtherMonths: rapid.IntRange(0, 6).Draw(t, "other"),
		Deducted: money.Cents(rapid.Int64Range(-100_000, 3_000_000).Draw(t, "deducted")),
		Since:    year2026.Start + date.Day(rapid.IntRange(-30, 364).Draw(t, "since")),
	}
	for range rapid.IntRange(0, 8).Draw(t, "rows") {
		f.Turnover = append(f.Turnover, Turnover{
			Nature: rapid.SampledFrom([]string{"service", "training", "goods"}).Draw(t, "nature"), Period: rapid.IntRange(1, 12).Draw(t, "period"),
			Invoiced: money.Cents(rapid.Int64Range(-1_000_000, 9_000_000).Draw(t, "invoiced")), Collected: money.Cents(rapid.Int64Range(-1_000_000, 9_000_000).Draw(t, "collected")),
		})
	}
	return f
}

// A contribution never decreases when turnover grows, is never below zero, its steps sum to it, and it is the exact sum
// of the brackets rounded once (computed here with big rationals).
func TestContributionProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, f := anyPolicy(t), anyFacts(t)
		if err := p.Check(); err != nil {
			t.Fatal(err)
		}
		c := p.Due(f)
		if c.Due < 0 || c.Minimum < 0 || c.Base < 0 {
			t.Fatalf("below zero: %+v", c)
		}
		var steps money.Cents
		exactly := new(big.Rat)
		for _, s := range c.Steps {
			steps += s.Amount
			if s.Rate != 0 {
				exactly.Add(exactly, big.NewRat(int64(s.Base)*int64(s.Rate), int64(money.One)))
			}
		}
		if steps != c.Due {
			t.Fatalf("the steps sum to %s, not %s: %+v", steps, c.Due, c)
		}
		var scales money.Cents
		for _, s := range c.Steps {
			if s.Rate != 0 || s.Key == "activity.step.bracket" || s.Key == "activity.step.bracket_special" {
				scales += s.Amount
			}
		}
		gap := new(big.Rat).Sub(exactly, big.NewRat(int64(scales), 1))
		if gap.Abs(gap).Cmp(big.NewRat(1, 2)) > 0 {
			t.Fatalf("the scales give %s, exactly %s", scales, exactly.FloatString(6))
		}
		more := f
		more.Turnover = append(slices.Clone(f.Turnover), Turnover{
			Nature: rapid.SampledFrom([]string{"service", "training"}).Draw(t, "more nature"), Period: rapid.IntRange(1, 12).Draw(t, "more period"),
			Invoiced: money.Cents(rapid.Int64Range(0, 9_000_000).Draw(t, "more")), Collected: money.Cents(rapid.Int64Range(0, 9_000_000).Draw(t, "more collected")),
		})
		if d := p.Due(more); d.Due < c.Due {
			t.Fatalf("more turnover, less contribution: %s then %s", c.Due, d.Due)
		}
		less := f
		less.Deducted += money.Cents(rapid.Int64Range(0, 1_000_000).Draw(t, "charges"))
		if d := p.Due(less); d.Due > c.Due {
			t.Fatalf("more charges, more contribution: %s then %s", c.Due, d.Due)
		}
	})
}

// Booked as rounded(cumulated) − booked, the year's bookings sum to the contribution of the year, whatever the path.
func TestBookingsSumToTheYear(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, f := anyPolicy(t), anyFacts(t)
		p.MinAsked, f.On = MinimumShown, year2026.End
		whole := p.Due(f).Due
		order := rapid.Permutation(f.Turnover).Draw(t, "order")
		f.Turnover = nil
		charges := f.Deducted
		f.Deducted = 0
		var booked money.Cents
		book := func() {
			booked += p.Due(f).Due - booked // a credit note books a negative amount
		}
		for _, x := range order {
			if rapid.Bool().Draw(t, "charges now") {
				f.Deducted = charges
				book()
			}
			f.Turnover = append(f.Turnover, x)
			book()
		}
		f.Deducted = charges
		book()
		if booked != whole {
			t.Fatalf("booked %s, the year is %s", booked, whole)
		}
	})
}

func TestExactSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var e exact
		want := new(big.Rat)
		for range rapid.IntRange(1, 6).Draw(t, "n") {
			base, rate := rapid.Int64Range(0, int64(money.Max)*1000).Draw(t, "base"), rapid.Int64Range(0, 1_000_000).Draw(t, "rate")
			e.add(money.Cents(base), money.Rate(rate))
			x := big.NewRat(base, 1_000_000)
			want.Add(want, x.Mul(x, big.NewRat(rate, 1)))
		}
		want.Add(want, big.NewRat(1, 2))
		q := new(big.Int).Quo(want.Num(), want.Denom())
		if int64(e.round()) != q.Int64() {
			t.Fatalf("%d, want %s", e.round(), q)
		}
	})
}

// What the facts are taken from: months from the opening, charges of the bearing months.
func TestGather(t *testing.T) {
	p := realPolicy(t, "tumuku-makop")
	a := Activity{ID: 42, Opened: day("2026-03-15"), Shares: []Share{{Person: 7, From: day("2026-03-15"), Parts: 1}}}
	balances := []ledger.Balance{
		{Section: 42, Account: "607", Period: 4, Debit: 100_00}, // exempt month
		{Section: 42, Account: "607", Period: 9, Debit: 300_00, Credit: 20_00},
		{Section: 42, Account: "611", Period: 10, Debit: 50_00},
		{Section: 42, Account: "613", Period: 10, Debit: 999_00},
		{Section: 42, Account: "607", Period: 12, Debit: 1_000_00}, // not yet
		{Section: 42, Account: ContributionCharge, Period: 0, Debit: 7_00},
		{Section: 42, Account: ContributionCharge, Period: 10, Debit: 15_00, Credit: 1_00},
	}
	contracts := []member.Contract{{Person: 7, Kind: member.CAPE, Start: day("2026-01-01"), End: day("2026-12-31")}}
	f := Gather(Applied{Policy: p}, a, balances, nil, contracts, year2026, day("2026-11-22"))
	if f.Deducted != 330_00 || f.CAPEMonths != 9 || f.OtherMonths != 0 || f.On != day("2026-11-22") {
		t.Errorf("%+v", f)
	}
	if got, last := Booked(balances); got != 14_00 || last != 10 {
		t.Error(got, last)
	}
}

func TestContributionLinesBalance(t *testing.T) {
	e := ledger.Entry{Lines: ContributionLines(42, 100_00, "Contribution", "")}
	e.Complete()
	sums := map[ledger.Section]money.Cents{}
	for _, l := range e.Lines {
		sums[l.Section] += l.Amount
	}
	if len(e.Lines) != 4 || sums[42] != 0 || sums[ledger.Mutual] != 0 {
		t.Errorf("%+v", e.Lines)
	}
}
