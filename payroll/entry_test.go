package payroll

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"essaim/date"
	"essaim/fault"
	"essaim/ledger"
	"essaim/money"
)

// drawn is a year of payslips of anybody, month after month, with whatever a month may bring.
func drawn(t *rapid.T) []Payslip {
	regime := rapid.SampledFrom([]Regime{CESA, Permanent, FixedTerm, CAPE, Manager}).Draw(t, "regime")
	year := rapid.SampledFrom([]int{2025, 2026}).Draw(t, "year")
	rate := func(name string, most int) money.Rate {
		return money.Rate(rapid.IntRange(0, most).Draw(t, name))
	}
	e := Employer{Staff: rapid.SampledFrom([]int{1, 10, 11, 30, 49, 50, 80, 249, 250, 2500}).Draw(t, "staff"), Accident: rate("accident", 60_000), Mobility: rate("mobility", 32_000),
		MobilityExtra: rate("extra", 5_000), MobilityRegion: rate("region", 1_500), Apprentices: rate("apprentices", 60_000), Alsace: rapid.Bool().Draw(t, "alsace"), LeaveFund: rapid.Bool().Draw(t, "fund")}
	k := Contract{Regime: regime, From: date.Of(year-1, 5, 4), Executive: rapid.Bool().Draw(t, "executive"),
		Cover: Cover{Health: money.Cents(rapid.IntRange(0, 600_00).Draw(t, "health")), HealthEmployer: rate("share", 1_000_000), ProvidentEmployer: rate("provident", 30_000), ProvidentEmployee: rate("provident_wrk", 20_000)}}
	if regime == Permanent || regime == FixedTerm {
		k.Hours = rapid.IntRange(1, 39_00).Draw(t, "hours")
	}
	var y YearToDate
	var all []Payslip
	for m := range rapid.IntRange(1, 5).Draw(t, "months") {
		month := date.MonthOf(year, 4+m)
		in := Inputs{Month: month, Paid: month.Last(), NoHealth: rapid.Bool().Draw(t, "exempt"), Away: rapid.IntRange(0, 31).Draw(t, "away")}
		if rapid.Bool().Draw(t, "rated") {
			r := rate("tax", 430_000)
			in.Tax = &r
		}
		item := func(code string, most int) {
			if v := money.Cents(rapid.IntRange(0, most).Draw(t, code)); v != 0 {
				in.Items = append(in.Items, Item{Element: code, Amount: v})
			}
		}
		if regime == CESA {
			item("fixed_part", 3_000_00)
			item("variable_advance", 15_000_00)
			item("variable_balance", 9_000_00)
		} else {
			item("salary", 30_000_00)
		}
		for _, code := range rapid.SliceOfN(rapid.SampledFrom([]string{"bonus", "leave_indemnity", "in_kind", "ijss", "ijss_accident", "transport", "meal_voucher_worker", "meal_voucher_employer", "advance_recovery", "garnishment", "back_pay", "provident_pay", "provident", "transport_excess", "meal_voucher_excess", "advance", "instalment", "maintenance_pension", "settlement", "settlement_csg", "rupture", "rupture_csg", "settlement_pay", "end_of_contract", "profit_sharing", "profit_saved", "profit_plan"}), 0, 5).Draw(t, "more") {
			item(code, 900_00)
		}
		s, next, err := Compute(Law().On(month), e, k, y, in)
		if err != nil {
			t.Fatalf("%v", err)
		}
		y = next
		all = append(all, s)
	}
	return all
}

var books = func() ledger.Chart {
	c := ledger.Chart{}
	for _, a := range ledger.FrenchChart() {
		c[a.Code] = a
	}
	return c
}()

const (
	potter  = ledger.Section(10)
	trainer = ledger.Section(11)
	person  = int64(7)
)

// Whatever the payslip and whoever bears it: debit equals credit in total and in each section without any liaison line,
// charges are what it costs, each body is owed what its lines say, the person what they are paid; no account is unknown to
// the chart, and a line names a third party where the account wants one.
func TestEntryOfAnyPayslip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Posting{Date: date.Of(2026, 11, 30), Ref: "BS-1", Label: "Paie", Due: date.Of(2026, 12, 1), Worker: person, Bearers: []Bearer{{potter, 1}}}
		if rapid.Bool().Draw(t, "two") {
			p.Bearers = []Bearer{{potter, int64(rapid.IntRange(0, 9).Draw(t, "a"))}, {trainer, int64(rapid.IntRange(1, 9).Draw(t, "b"))}}
		}
		for _, s := range drawn(t) {
			var variable money.Cents
			for _, it := range s.Items {
				if e, _ := law.ElementOf(it.Element); e.Account == variableCharge {
					variable += it.Amount
				}
			}
			p.Pots = nil
			if len(p.Bearers) == 1 && variable > 0 && rapid.Bool().Draw(t, "pot") {
				p.Pots = []Pot{{Section: potter, Pay: money.Cents(rapid.Int64Range(0, int64(variable)).Draw(t, "pot_pay")), Charges: money.Cents(rapid.IntRange(0, 300_00).Draw(t, "pot_charges")), Item: ledger.ItemRef{Entry: 3, Line: 3}}}
			}
			e, err := Entry(s, p)
			if err != nil {
				t.Fatal(err)
			}
			var total, charges, net money.Cents
			sections, debts := map[ledger.Section]money.Cents{}, map[string]money.Cents{}
			for _, l := range e.Lines {
				total += l.Amount
				sections[l.Section] += l.Amount
				account, known := books.Find(l.Account)
				if !known {
					t.Fatalf("account %s is not in the chart", l.Account)
				}
				if account.Code != l.Account {
					t.Fatalf("account %s is only known by %s", l.Account, account.Code)
				}
				if l.Amount == 0 {
					t.Fatalf("a line of nothing on %s", l.Account)
				}
				if (account.Third == ledger.Worker) != (l.Third == person) {
					t.Fatalf("%s: third party %d", l.Account, l.Third)
				}
				switch {
				case l.Account == "649":
				case l.Account[:2] == "63" || l.Account[:2] == "64":
					charges += l.Amount
				case l.Account == ledger.NetPay:
					net -= l.Amount
				case l.Account != ledger.VariablePot && l.Account != potCharges:
					debts[l.Account] -= l.Amount
				}
			}
			if total != 0 {
				t.Fatalf("debit and credit differ by %s", total)
			}
			for n, v := range sections {
				if v != 0 {
					t.Fatalf("section %d is open by %s", n, v)
				}
			}
			var released money.Cents
			for _, pot := range p.Pots {
				released += pot.Pay + pot.Charges
			}
			if charges != s.Totals.Cost-released {
				t.Fatalf("charges are %s, the payslip costs %s and the pot gives %s", charges, s.Totals.Cost, released)
			}
			if net != s.Totals.Paid {
				t.Fatalf("%s owed to the person, %s paid", net, s.Totals.Paid)
			}
			for _, o := range OwedTo(s) {
				debts[o.Account] -= o.Amount
			}
			for _, account := range []string{"431", "4373", "4372", "4486", "4421"} {
				if debts[account] != 0 {
					t.Fatalf("%s differs by %s from what is owed", account, debts[account])
				}
			}
			var owed money.Cents
			for _, o := range OwedTo(s) {
				owed += o.Amount
			}
			if owed != s.Totals.Employee+s.Totals.Employer+s.Totals.Tax {
				t.Fatalf("%s owed to bodies, %s in the totals", owed, s.Totals.Employee+s.Totals.Employer+s.Totals.Tax)
			}
		}
	})
}

// gross2500 is the worked payslip of an entrepreneur: fifty people, accidents 2.08 %, health cover 30 + 30.
func gross2500(t *testing.T, items ...Item) Payslip {
	t.Helper()
	month := date.MonthOf(2026, 11)
	if items == nil {
		items = []Item{{Element: "fixed_part", Amount: 2_500_00}}
	}
	s, _, err := Compute(Law().On(month), Employer{Staff: 50, Accident: 20_800}, Contract{Regime: CESA, From: date.Of(2024, 1, 1), Cover: Cover{Health: 60_00, HealthEmployer: 500_000}},
		YearToDate{}, Inputs{Month: month, Paid: month.Last(), Items: items})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A gross of 2 500 €, line by line. Of the reduction of 464.00, 69.35 come off the pension scheme.
func TestEntryOfAWorkedPayslip(t *testing.T) {
	s := gross2500(t)
	e, err := Entry(s, Posting{Date: s.Month.Last(), Ref: "BS-2026-11-007", Label: "Paie, novembre 2026", Worker: person, Bodies: map[string]int64{"urssaf": 21}, Bearers: []Bearer{{Section: potter}}, Due: s.Month.Last() + 1})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, l := range e.Lines {
		got[l.Account] += l.Amount.String()
		if l.Account == "431" && l.Third != 21 {
			t.Error("the Urssaf is not named")
		}
		if l.Account == ledger.NetPay && (l.Third != person || l.Due != s.Month.Last()+1) {
			t.Error("the person is not owed their net on its day", l)
		}
	}
	for account, want := range map[string]string{
		"6411": "2500.00", "6451": "486.35", "6453": "80.90", "6458": "2.40", "6452": "30.00", "6332": "12.50", "6338": "7.90", "6333": "25.00", "6312": "17.00", "6334": "11.25",
		"421": "-1886.68", "431": "-974.82", "4373": "-181.15", "4372": "-60.00", "4486": "-11.25", "4421": "-59.40",
	} {
		if got[account] != want {
			t.Errorf("%s: %s, want %s", account, got[account], want)
		}
		delete(got, account)
	}
	for account, v := range got {
		t.Errorf("%s: %s is nowhere in the worked entry", account, v)
	}
}

// The part that last year pays is no charge of this one; more than is paid of it is refused, and so is a pot of another
// activity.
func TestEntryReleasesThePot(t *testing.T) {
	s := gross2500(t, Item{Element: "fixed_part", Amount: 500_00}, Item{Element: "variable_balance", Amount: 2_000_00, Text: "2025"})
	p := Posting{Date: s.Month.Last(), Ref: "BS-1", Label: "Paie", Worker: person, Bearers: []Bearer{{Section: potter}}, Pots: []Pot{{Section: potter, Pay: 1_500_00, Charges: 300_00, Item: ledger.ItemRef{Entry: 4, Line: 3}}}}
	e, err := Entry(s, p)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]money.Cents{}
	for _, l := range e.Lines {
		got[l.Account] += l.Amount
		if l.Account == ledger.VariablePot && (l.Third != person || l.Settles != p.Pots[0].Item) {
			t.Error("the provision is not settled:", l)
		}
	}
	if got["6413"] != 500_00 || got["4286"] != 1_500_00 || got["4386"] != 300_00 || got["6411"] != 500_00 || got["6451"] != 186_35 {
		t.Error(got)
	}
	for name, pot := range map[string]Pot{"larger than what is paid": {Section: potter, Pay: 2_000_01}, "of another activity": {Section: trainer, Pay: 1}, "negative": {Section: potter, Pay: -1}} {
		p.Pots = []Pot{pot}
		var f *fault.Error
		if _, err := Entry(s, p); !errors.As(err, &f) || f.Field != "pots" {
			t.Errorf("a pot %s: %v", name, err)
		}
	}
	if _, err := Entry(s, Posting{}); err == nil {
		t.Error("an entry that nobody bears")
	}
}

// Every account of pay is in the chart, and what names a person stands where the veil looks.
func TestAccountsOfPayAreInTheChart(t *testing.T) {
	var accounts []string
	for _, l := range law.lines {
		accounts = append(accounts, l.data.Debt)
		if l.data.Charge != "" {
			accounts = append(accounts, l.data.Charge)
		}
	}
	for _, e := range law.things {
		accounts = append(accounts, e.Account)
		if e.Against != "" {
			accounts = append(accounts, e.Against)
		}
	}
	for _, a := range accounts {
		if _, whole := books.Find(a); !whole {
			t.Errorf("%s is not in the chart", a)
		}
	}
	if ledger.Refund(ledger.PayAdvance) || !ledger.Refund(ledger.ExpensesDue) || !ledger.Refund("4258") {
		t.Error("an advance on pay is told as a refund of expenses")
	}
}
