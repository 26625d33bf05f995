package payroll

import (
	"fmt"

	"essaim/date"
	"essaim/money"
)

// measured is everything that the calculations beside a payslip give, over the months in which their parameters change, each
// at its own rank; "" where it is refused: a refusal is no result.
func measured(law *Table) (all []string) {
	add := func(v any) { all = append(all, fmt.Sprintf("%+v", v)) }
	say := func(v any, err error) {
		if err != nil {
			all = append(all, "")
			return
		}
		add(v)
	}
	cesa, worker, cape := Contract{Regime: CESA, From: longAgo}, Contract{Regime: Permanent, From: longAgo, Hours: 35_00}, Contract{Regime: CAPE, From: longAgo}
	for _, m := range []date.Month{date.MonthOf(2025, 1), date.MonthOf(2025, 5), date.MonthOf(2026, 1), date.MonthOf(2026, 11)} {
		p := law.On(m)
		compute := func(k Contract, in Inputs) {
			s, _, err := Compute(p, Employer{Staff: 60, Accident: 20_800}, k, YearToDate{}, in)
			say([]any{s.Lines, s.Totals, s.Ceiling}, err)
		}
		compute(cape, month(m, Item{Element: "salary", Amount: 1_000_00}))
		compute(cesa, month(m, Item{Element: "fixed_part", Amount: 1_000_00}, Item{Element: "ijss", Amount: 93_30, Base: 100_00}, Item{Element: "rupture_csg", Amount: 1_000_00}))
		shared, _, err := Compute(p, Employer{Staff: 250, Accident: 20_800}, cesa, YearToDate{}, month(m, Item{Element: "fixed_part", Amount: 1_000_00}, Item{Element: "profit_sharing", Amount: 1_000_00}))
		say([]any{shared.Lines, shared.Totals}, err)
		in := month(m, Item{Element: "salary", Amount: 3_000_00})
		in.Beside = 3_000_00
		compute(worker, in)
		sick := Absence{Kind: Sickness, From: m.First(), Until: m.First() + 9, Daily: 100_00, Subrogated: true}
		r, err := p.Absent(cesa, m, 620_00, []Absence{sick})
		say(r, err)
		add(law.CertificateOf(sick, []MonthlyPay{{m - 1, 9_000_00}, {m - 2, 1_000_00}}))
		for _, net := range []money.Cents{500_00, 1_000_00, 1_400_00, 1_700_00, 2_000_00, 3_000_00} {
			add([]money.Cents{p.Seizable(net, 0), p.Seizable(net, 2)})
		}
		seizure, err := p.Seize(900_00, 900_00, 0, []Creditor{{"A", ForMaintenance, 9_000_00}})
		say(seizure, err)
		add(p.Recover(1_000_00, 500_00, 0))
		for _, part := range []money.Cents{4_90, 5_00, 6_00, 6_10, 8_00} {
			items, err := p.Vouchers(10, 10_00, part)
			say(items, err)
			items, err = p.Vouchers(10, 16_00, part)
			say(items, err)
		}
		items, err := p.Transport(cesa, 100_00, money.One)
		say(items, err)
		items, err = p.Transport(cesa, 100_00, 0)
		say(items, err)
		pay, err := p.LeaveIndemnity(6_00, 30_00, 24_000_00, 0)
		say(pay, err)
		pay, err = p.LeaveIndemnity(6_00, 30_00, 0, 2_000_00)
		say(pay, err)
		for _, share := range []money.Rate{100_000, 105_000, money.One} {
			add([]money.Cents{p.WageTax(700_00, share), p.WageTax(1_200_00, share), p.WageTax(3_000_00, share)})
		}
		for _, months := range []int{1, 7, 8, 9, 100, 125, 200} {
			add([]money.Cents{p.LegalIndemnity(2_000_00, months), p.RuptureIndemnity(2_000_00, months)})
		}
		for _, l := range []Leaving{{Reason: Rupture, Legal: 1_000_00, Paid: 90_000_00, Year: 70_000_00}, {Reason: Rupture, Legal: 1_000_00, Paid: 140_000_00, Year: 60_000_00}, {Reason: Dismissal, Legal: 470_000_00, Paid: 478_000_00, Year: 1},
			{Reason: Rupture, Legal: 0, Paid: 300_000_00, Year: 290_000_00}} {
			l.End = m.Last()
			s, err := law.Settle(l)
			say(s, err)
			add([]money.Cents{s.TaxFree, s.Free, s.FreeOfAll}) // told of what is refused too
		}
		say(p.Precarity(12_345_00), nil)
		say(p.EarliestRupture(m.First()), nil)
		for _, staff := range []int{249, 250, 251} {
			profit, err := p.ShareProfit(100_000_00, ProfitSplit{ByPay: money.One}, staff, []ProfitPerson{{"a", 400_000_00, 365, false}, {"b", 10_000_00, 365, false}})
			say(profit, err)
		}
	}
	for _, until := range []date.Day{date.Of(2025, 5, 31), date.Of(2026, 1, 20), date.Of(2026, 5, 31)} {
		for _, away := range []Absence{{Kind: Sickness, From: date.Of(2024, 5, 1), Until: date.Of(2026, 6, 1)}, {Kind: Sickness, From: date.Of(2025, 7, 1), Until: date.Of(2025, 9, 15)}, {Kind: UnpaidLeave, From: date.Of(2026, 3, 2), Until: date.Of(2026, 3, 30)}, {Kind: UnpaidLeave, From: date.Of(2025, 1, 2), Until: date.Of(2025, 3, 30)}} {
			add(law.LeaveAcquired(cesa, until, []Absence{away}))
		}
	}
	for _, year := range []int{2025, 2026} {
		add([]Quarters{QuartersOf(law, year, 100_000_00), QuartersOf(law, year, 0)})
	}
	return all
}
