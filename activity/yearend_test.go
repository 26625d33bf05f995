package activity

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/ledger"
	"essaim/member"
	"essaim/money"
)

// worked is the section of law notes § 1.3 as its books hold it: 42 000 of turnover, 6 000 of purchases, 3 000 of other
// expenses, 3 600 of contribution, 17 858.45 of pay.
func worked() []ledger.Balance {
	return []ledger.Balance{
		{Account: "706", Period: 3, Credit: 42_000_00}, {Account: "607", Period: 4, Debit: 6_000_00}, {Account: "6251", Period: 5, Debit: 3_000_00},
		{Account: ContributionCharge, Period: 6, Debit: 3_600_00}, {Account: "6411", Period: 7, Debit: 16_800_00}, {Account: "6451", Period: 7, Debit: 1_058_45},
		{Account: "512", Period: 7, Debit: 1}, {Account: "120", Period: 0, Credit: 5_000_00},
	}
}

func TestBaseOfTheWorkedExample(t *testing.T) {
	pay := coop.Default().Grid.Pay
	r := ReadYear(10, worked(), pay, nil, 0)
	if r.Base != 29_400_00 || r.Paid != 17_858_45 || r.Balance != 11_541_55 || r.Set != 0 {
		t.Errorf("BASE %v PAID %v BAL %v", r.Base, r.Paid, r.Balance)
	}
	// Once its balance is provided, the books say nothing is left, and the year end still says what it said.
	done := append(worked(), ledger.Balance{Account: "6413", Period: 12, Debit: 6_300_66}, ledger.Balance{Account: "6451", Period: 12, Debit: 5_240_89},
		ledger.Balance{Account: "4286", Period: 12, Credit: 6_300_66}, ledger.Balance{Account: "4386", Period: 12, Credit: 5_240_89})
	again := ReadYear(10, done, pay, []YearSum{{Kind: YearVariable, Amount: 11_541_55, Charges: 5_240_89}}, 0)
	if again.Base != r.Base || again.Paid != r.Paid || again.Balance != r.Balance || again.Set != 0 {
		t.Errorf("%+v", again)
	}
	if left := ReadYear(10, done, pay, nil, 0); left.Balance != 0 || left.Set != 11_541_55 {
		t.Errorf("%+v", left)
	}
}

func refused(err error) (fields []string) {
	for _, e := range fault.All(err) {
		fields = append(fields, e.Field)
	}
	return fields
}

func TestWishesMustSumToTheBalance(t *testing.T) {
	rule := coop.Default().YearEnd
	balance := money.Cents(11_541_55)
	for _, c := range []struct {
		name string
		all  []Wish
		want []string
	}{
		{"all is paid", []Wish{{Kind: WishPay, Amount: balance, Months: 7}}, nil},
		{"in four", []Wish{{Kind: WishPay, Amount: 8_000_00, Months: 3}, {Kind: WishKeep, Amount: 1_541_55}, {Kind: WishProvision, Amount: 1_000_00, Reason: "Un four"}, {Kind: WishTransfer, Amount: 1_000_00, To: 14}}, nil},
		{"a cent too many", []Wish{{Kind: WishPay, Amount: balance + 1, Months: 7}}, []string{"sum"}},
		{"a cent too few", []Wish{{Kind: WishKeep, Amount: balance - 1}}, []string{"sum"}},
		{"eight months", []Wish{{Kind: WishPay, Amount: balance, Months: 8}}, []string{"months"}},
		{"no reason", []Wish{{Kind: WishProvision, Amount: balance}}, []string{"reason"}},
		{"an activity that is not hers", []Wish{{Kind: WishTransfer, Amount: balance, To: 15}}, []string{"to"}},
		{"twice", []Wish{{Kind: WishKeep, Amount: balance - 1}, {Kind: WishKeep, Amount: 1}}, []string{"keep"}},
		{"less than nothing", []Wish{{Kind: WishPay, Amount: balance + 5, Months: 1}, {Kind: WishKeep, Amount: -5}}, []string{"keep"}},
		{"nothing known", []Wish{{Kind: "gift", Amount: balance}}, []string{"gift"}},
	} {
		if got := refused(CheckWishes(c.all, balance, 7, rule, []int64{14}, 0)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	if got := refused(CheckWishes([]Wish{{Kind: WishKeep, Amount: balance}}, balance, 7, coop.YearEnd{}, nil, 0)); !slices.Equal(got, []string{"keep"}) {
		t.Error(got)
	}
}

// Whatever was signed and whatever the books say since, every row tells where each cent of its balance goes, each person's
// choices sum to their balance, and the activities together keep what they had.
func TestYearEndLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 5).Draw(t, "activities")
		var rows []YearRow
		for a := range int64(n) {
			r := YearRow{Activity: a + 1, Balance: money.Cents(rapid.Int64Range(-5_000_00, 40_000_00).Draw(t, "balance"))}
			for p := range int64(rapid.IntRange(0, 3).Draw(t, "people")) {
				part := YearPart{Activity: r.Activity, Person: p + 1, Parts: rapid.Int64Range(1, 4).Draw(t, "parts"), Standing: rapid.SampledFrom([]Standing{StandsPaid, StandsCAPE, StandsApart}).Draw(t, "standing"), Leave: money.Cents(rapid.SampledFrom([]int64{0, 0, 900_00}).Draw(t, "leave")), Profit: money.Cents(rapid.SampledFrom([]int64{0, 3_000_00}).Draw(t, "profit"))}
				if rapid.Bool().Draw(t, "signed") {
					for _, k := range WishKinds() {
						if rapid.Bool().Draw(t, "chosen") {
							part.Signed = append(part.Signed, Wish{Kind: k, Amount: money.Cents(rapid.Int64Range(1, 20_000_00).Draw(t, "amount")), Months: 7, To: rapid.Int64Range(1, int64(n)).Draw(t, "to")})
						}
					}
				}
				r.Parts = append(r.Parts, part)
			}
			rows = append(rows, r)
		}
		var before, after, gone money.Cents
		for _, r := range CloseYear(rows, 7) {
			before += r.Balance
			after += r.Stays
			gone += r.Leave + r.Out + r.Profit + r.Provided + r.Aside + r.Given - r.Received
			if r.Balance+r.Received != r.Leave+r.Out+r.Profit+r.Provided+r.Given+r.Aside+r.Stays {
				t.Fatalf("%+v", r)
			}
			if r.Balance >= 0 && len(r.Parts) > 0 && r.Stays < -r.Leave {
				t.Fatalf("more is taken than there is: %+v", r)
			}
			for _, p := range r.Parts {
				var sum money.Cents
				for _, w := range p.Wishes {
					if w.Amount <= 0 {
						t.Fatalf("%+v", p)
					}
					sum += w.Amount
				}
				if p.Taken(WishProfit) > p.Profit {
					t.Fatalf("profit-sharing above its limit: %+v", p)
				}
				if p.Standing == StandsPaid && sum != p.Balance {
					t.Fatalf("choices %v of %v: %+v", sum, p.Balance, p)
				}
				charges := func(_ YearKind, v money.Cents) money.Cents { return v * 22 / 100 }
				if again := Missing(p.Sums(charges), p.Sums(charges)); len(again) != 0 {
					t.Fatalf("a second run books %+v", again)
				}
			}
		}
		if before != after+gone {
			t.Fatalf("%v, then %v and %v", before, after, gone)
		}
	})
}

// Silence pays all; a balance that grew since it was signed pays the more, one that shrank pays the less.
func TestWishesFollowTheBooks(t *testing.T) {
	close := func(balance money.Cents, signed ...Wish) YearPart {
		return CloseYear([]YearRow{{Activity: 1, Balance: balance, Parts: []YearPart{{Activity: 1, Person: 7, Parts: 1, Standing: StandsPaid, Signed: signed}}}}, 7)[0].Parts[0]
	}
	if p := close(1_000_00); p.Taken(WishPay) != 1_000_00 || p.Wishes[0].Months != 7 || p.Moved {
		t.Errorf("silence: %+v", p)
	}
	half := []Wish{{Kind: WishPay, Amount: 500_00, Months: 2}, {Kind: WishKeep, Amount: 500_00}}
	if p := close(1_200_00, half...); p.Taken(WishPay) != 700_00 || p.Taken(WishKeep) != 500_00 || !p.Moved {
		t.Errorf("more: %+v", p)
	}
	if p := close(300_00, half...); p.Taken(WishPay) != 0 || p.Taken(WishKeep) != 300_00 {
		t.Errorf("less: %+v", p)
	}
	if p := close(-300_00, half...); len(p.Wishes) != 0 {
		t.Errorf("below zero: %+v", p)
	}
}

// What was booked with other rates moves nothing; what changes keeps the proportion of what was booked.
func TestMissingFollowsTheTarget(t *testing.T) {
	booked := []YearSum{{Kind: YearVariable, Amount: 1_000_00, Charges: 200_00}, {Kind: YearTransfer, To: 3, Amount: 50_00}}
	if m := Missing([]YearSum{{Kind: YearVariable, Amount: 1_000_00, Charges: 250_00}, {Kind: YearTransfer, To: 3, Amount: 50_00}}, booked); len(m) != 0 {
		t.Errorf("%+v", m)
	}
	m := Missing([]YearSum{{Kind: YearVariable, Amount: 500_00, Charges: 125_00}, {Kind: YearTransfer, To: 4, Amount: 50_00}}, booked)
	want := []YearSum{{Kind: YearVariable, Amount: -500_00, Charges: -100_00}, {Kind: YearTransfer, To: 4, Amount: 50_00}, {Kind: YearTransfer, To: 3, Amount: -50_00}}
	if !slices.Equal(m, want) {
		t.Errorf("%+v", m)
	}
}

func TestYearLinesBalance(t *testing.T) {
	r := coop.Default().YearEnd
	for _, k := range YearKinds() {
		for _, amount := range []money.Cents{1_234_56, -1_234_56} {
			e := ledger.Entry{Lines: YearSum{Kind: k, To: 12, Amount: amount, Charges: amount / 5}.Lines(10, 7, r, "Fin d’année")}
			e.Complete()
			sections := map[int64]money.Cents{}
			var taken money.Cents
			for _, l := range e.Lines {
				sections[l.Section] += l.Amount
				if l.Section == 10 && ledger.Result(l.Account) {
					taken += l.Amount
				}
			}
			if taken != amount || sections[10] != 0 || sections[12] != 0 {
				t.Errorf("%s: takes %v, sections %v", k, taken, sections)
			}
			liaison, internal := e.Nil()
			if liaison != 0 || internal != 0 {
				t.Errorf("%s: %v %v", k, liaison, internal)
			}
		}
	}
}

func TestStandingAtTheEndOfAYear(t *testing.T) {
	day := date.MustParse
	year := date.FiscalYear{Start: day("2026-01-01"), End: day("2026-12-31")}
	test := member.Contract{Person: 1, Kind: member.CAPE, Start: day("2026-01-01"), End: day("2026-08-31")}
	job := member.Contract{Person: 1, Kind: member.CESA, Start: day("2026-09-01")}
	gone := member.Contract{Person: 2, Kind: member.CESA, Start: day("2024-09-01"), End: day("2026-03-31")}
	old := member.Contract{Person: 3, Kind: member.CESA, Start: day("2024-09-01"), End: day("2025-03-31")}
	cs := []member.Contract{test, job, gone, old, {Person: 4, Kind: member.CDI, Start: day("2026-01-01")}}
	for person, want := range map[int64]Standing{1: StandsPaid, 2: StandsPaid, 3: StandsApart, 4: StandsApart, 5: StandsApart} {
		if got := StandingOf(cs, person, year); got != want {
			t.Errorf("%d: %s, want %s", person, got, want)
		}
	}
	if got := StandingOf(cs[:1], 1, year); got != StandsCAPE {
		t.Error(got)
	}
	a := Activity{Shares: []Share{{Person: 1, From: day("2026-01-01"), Until: day("2026-06-30"), Parts: 1}, {Person: 2, From: day("2026-01-01"), Until: day("2026-03-31"), Parts: 1}}}
	if s := a.SharesOn(year); len(s) != 1 || s[0].Person != 1 {
		t.Error(s)
	}
}

// Profit-sharing is offered under an agreement alone, up to its limit, and saved where there is a plan. What the limit no
// longer allows when the books have moved is paid.
func TestProfitSharingAtTheEndOfAYear(t *testing.T) {
	rule := coop.Default().YearEnd
	all := []Wish{{Kind: WishPay, Amount: 7_000_00, Months: 7}, {Kind: WishProfit, Amount: 3_000_00}}
	if got := refused(CheckWishes(all, 10_000_00, 7, rule, nil, 0)); !slices.Equal(got, []string{"profit"}) {
		t.Errorf("without an agreement: %v", got)
	}
	if err := CheckWishes(all, 10_000_00, 7, rule, nil, 3_000_00); err != nil {
		t.Error(err)
	}
	if got := refused(CheckWishes(all, 10_000_00, 7, rule, nil, 2_999_99)); !slices.Equal(got, []string{"profit"}) {
		t.Errorf("above the limit: %v", got)
	}
	all[1].Saved = true
	if got := refused(CheckWishes(all, 10_000_00, 7, rule, nil, 3_000_00)); !slices.Equal(got, []string{"saved"}) {
		t.Errorf("without a plan: %v", got)
	}
	part := YearPart{Activity: 1, Person: 7, Parts: 1, Standing: StandsPaid, Signed: all, Profit: 1_200_00}
	row := CloseYear([]YearRow{{Activity: 1, Balance: 10_000_00, Parts: []YearPart{part}}}, 7)[0]
	if row.Profit != 1_200_00 || row.Out != 8_800_00 || row.Stays != 0 || !row.Parts[0].Wishes[1].Saved {
		t.Errorf("%+v", row)
	}
	// Set aside with a forfait social of 200: the books say what they said before.
	done := append(worked(), ledger.Balance{Account: "6413", Period: 12, Debit: 1_000_00}, ledger.Balance{Account: "6458", Period: 12, Debit: 200_00},
		ledger.Balance{Account: "4284", Period: 12, Credit: 1_000_00}, ledger.Balance{Account: "4384", Period: 12, Credit: 200_00})
	r := ReadYear(10, done, coop.Default().Grid.Pay, []YearSum{{Kind: YearProfit, Amount: 1_200_00, Charges: 200_00}}, 0)
	if r.Base != 29_400_00 || r.Paid != 17_858_45 || r.Balance != 11_541_55 || r.Set != 0 {
		t.Errorf("%+v", r)
	}
}

// What the year ends took is in the treasury and for no pay: what the books set aside, and what was left as result as far as
// an assembly has not assigned it yet; it lessens no refund of expenses.
func TestAvailableKeepsWhatTheYearEndsTook(t *testing.T) {
	build := func(kept, result money.Cents) Account {
		in := maelle()
		in.Aside, in.Kept = coop.Prefixes{In: []string{"158"}}, kept
		in.Balances = append(in.Balances, bal("512", 0, 9_000_00), bal("120", 0, -result), bal("1581", 0, result-9_000_00))
		return Build(in)
	}
	plain := build(0, 9_000_00)
	for _, c := range []struct{ kept, result, left money.Cents }{
		{0, 9_000_00, 0}, {1_000_00, 9_000_00, 1_000_00}, {1_000_00, 400_00, 9_000_00}, {0, 6_000_00, 3_000_00}, {1_000_00, 0, 9_000_00},
	} {
		a := build(c.kept, c.result)
		if got := plain.Available.Amount - a.Available.Amount; got != c.left {
			t.Errorf("kept %v of a result of %v: %v less for pay, %v wanted", c.kept, c.result, got, c.left)
		}
		if a.Refundable.Amount != plain.Refundable.Amount {
			t.Errorf("refunds: %v instead of %v", a.Refundable.Amount, plain.Refundable.Amount)
		}
		var uses money.Cents
		for _, u := range a.Uses {
			uses += u.Amount
		}
		if uses != a.Cash.Amount {
			t.Errorf("uses %v of %v", uses, a.Cash.Amount)
		}
	}
}
