package payroll

import (
	"fmt"
	"math/big"
	"slices"
	"testing"

	"essaim/date"
	"essaim/money"
)

// probe is one payslip of the fixed set.
type probe struct {
	month date.Month
	e     Employer
	k     Contract
	in    Inputs
	after bool // with the year to date of the probe before it
}

// probes are payslips of every regime, headcount, place and year: what no parameter may leave as they are.
func probes() (all []probe) {
	add := func(year, month int, e Employer, k Contract, after bool, pays ...money.Cents) {
		m := date.MonthOf(year, month)
		k.From = date.Of(2020, 1, 1)
		for _, pay := range pays {
			all = append(all, probe{m, e, k, Inputs{Month: m, Paid: m.Last(), Items: []Item{{Element: "salary", Amount: pay}}}, after})
			m, after = m+1, true
		}
	}
	cover := Cover{Health: 40_00, HealthEmployer: 500_000}
	rich := Cover{Health: 400_00, HealthEmployer: 1_000_000, ProvidentEmployer: 90_000, ProvidentEmployee: 10_000}
	months := [][2]int{{2025, 1}, {2025, 3}, {2025, 5}, {2025, 9}, {2026, 1}, {2026, 3}, {2026, 5}, {2026, 7}, {2026, 11}}
	for _, ym := range months {
		for _, staff := range []int{5, 10, 11, 49, 50, 249, 250, 1999, 2000} {
			e := Employer{Staff: staff, Accident: 20_800, Mobility: 20_000, MobilityExtra: 1_000, MobilityRegion: 1_500}
			add(ym[0], ym[1], e, Contract{Regime: Permanent, Hours: 35_00, Cover: cover}, false, 2_500_00)
		}
		for _, share := range []money.Rate{5_000, 10_500, 21_000, 31_000, 52_000} {
			add(ym[0], ym[1], Employer{Staff: 300, Accident: 20_800, Apprentices: share}, Contract{Regime: Permanent, Hours: 35_00, Cover: cover}, false, 2_500_00)
		}
		e := Employer{Staff: 60, Accident: 20_800, Mobility: 20_000}
		small := Employer{Staff: 20, Accident: 20_800}
		fund := Employer{Staff: 20, Accident: 20_800, LeaveFund: true, LeaveFundRate: 200_000}
		alsace := Employer{Staff: 60, Accident: 3_000, Alsace: true, LeaveFund: true}
		for _, k := range []Contract{{Regime: CESA, Cover: cover}, {Regime: Permanent, Hours: 35_00, Cover: cover, Executive: true}, {Regime: FixedTerm, Hours: 17_50, Cover: cover, ShortTerm: true}, {Regime: Manager, Cover: rich, Executive: true}, {Regime: CAPE, Cover: cover}} {
			for _, pay := range []money.Cents{0, 600_00, 1_000_00, 1_900_00, 4_150_00, 4_300_00, 6_200_00, 7_000_00, 16_500_00, 33_000_00} {
				add(ym[0], ym[1], e, k, false, pay)
				add(ym[0], ym[1], small, k, false, pay)
				add(ym[0], ym[1], alsace, k, false, pay)
				add(ym[0], ym[1], fund, k, false, pay)
			}
		}
		add(ym[0], ym[1], e, Contract{Regime: Permanent, Hours: 35_00, Cover: rich}, false, 500_00, 3_000_00)
		add(ym[0], ym[1], e, Contract{Regime: Permanent, Hours: 35_00, Cover: Cover{Health: 10_000_00, HealthEmployer: 1_000_000}}, false, 40_000_00)
	}
	// The grids: every taxable by steps narrower than their rows.
	for _, m := range []date.Month{date.MonthOf(2025, 2), date.MonthOf(2025, 8), date.MonthOf(2026, 8)} {
		for pay := money.Cents(1_800_00); pay < 90_000_00; pay += pay / 90 {
			add(m.Year(), m.Number(), Employer{Staff: 5}, Contract{Regime: Permanent, Hours: 35_00}, false, pay)
		}
	}
	return all
}

// seen is what is compared of a probe.
type seen struct {
	totals Totals
	next   YearToDate
	lines  []Line
	err    string
}

func (s seen) same(o seen) bool {
	return s.totals == o.totals && s.next == o.next && s.err == o.err && slices.Equal(s.lines, o.lines)
}

func (t *Table) look(all []probe, i int, before YearToDate) seen {
	p := all[i]
	if !p.after {
		before = YearToDate{}
	}
	s, y, err := Compute(t.On(p.month), p.e, p.k, before, p.in)
	if err != nil {
		return seen{err: err.Error()}
	}
	return seen{s.Totals, y, s.Lines, ""}
}

// Every value of the law that the program carries decides a figure: changed alone, it changes a payslip that is computed, or
// what a calculation beside payslips gives. A refusal is no figure.
func TestEveryParameterMatters(t *testing.T) {
	all := probes()
	was := make([]seen, len(all))
	for i := range all {
		before := YearToDate{}
		if i > 0 {
			before = was[i-1].next
		}
		if was[i] = Law().look(all, i, before); was[i].err != "" {
			t.Fatalf("%+v: %s", all[i], was[i].err)
		}
	}
	beside := measured(Law())
	start := 0
	matters := func(table *Table) bool {
		for n := range all { // from the last probe that answered: what changes one often changes the next
			i := (start + n) % len(all)
			before := YearToDate{}
			if i > 0 {
				before = was[i-1].next
			}
			if now := table.look(all, i, before); now.err == "" && !now.same(was[i]) {
				start = i
				return true
			}
		}
		for i, now := range measured(table) {
			if now != "" && beside[i] != "" && now != beside[i] {
				return true
			}
		}
		return false
	}
	if matters(Law()) {
		t.Fatal("the same law gives other payslips")
	}
	for rank, p := range Law().All() {
		moved := false
		for _, other := range nudged(p) {
			table, err := Law().With(rank, other)
			if err != nil {
				t.Fatal(err)
			}
			moved = moved || matters(table)
		}
		if !moved {
			t.Errorf("%s from %s: %s instead of %s changes nothing", p.ID, p.From, nudged(p), p.Value)
		}
	}
	for g := range Law().grids {
		for row := range Law().grids[g].rates {
			table := Law().copyOf(g)
			if table.grids[g].rates[row] += 1_000; !matters(table) {
				t.Errorf("grid from %s: the rate of row %d changes nothing", table.grids[g].from, row)
			}
		}
		for row, limit := range Law().grids[g].below {
			table := Law().copyOf(g)
			next := limit + limit/10
			if row+1 < len(table.grids[g].below) {
				next = table.grids[g].below[row+1]
			}
			if table.grids[g].below[row] = (limit + next) / 2; !matters(table) {
				t.Errorf("grid from %s: the limit %s changes nothing", table.grids[g].from, limit)
			}
		}
	}
	for i, l := range Law().lines {
		table := *Law()
		if table.lines = slices.Delete(slices.Clone(Law().lines), i, i+1); !matters(&table) {
			t.Errorf("line %s of %s: no payslip misses it", l.code, l.part)
		}
		if l.reduced {
			table.lines = slices.Clone(Law().lines)
			if table.lines[i].reduced = false; !matters(&table) {
				t.Errorf("line %s of %s: its being covered by the reduction changes nothing", l.code, l.part)
			}
		}
	}
}

// copyOf is the table with a grid of its own.
func (t *Table) copyOf(g int) *Table {
	c := *t
	c.grids = slices.Clone(t.grids)
	c.grids[g].below, c.grids[g].rates = slices.Clone(c.grids[g].below), slices.Clone(c.grids[g].rates)
	return &c
}

// nudged is other values of a parameter: a tenth more and a tenth less, or one.
func nudged(p Parameter) (all []string) {
	v, ok := new(big.Rat).SetString(p.Value)
	if !ok {
		return nil
	}
	by := new(big.Rat).Mul(v, big.NewRat(1, 10))
	if v.Sign() == 0 || p.Unit == "count" {
		by = big.NewRat(1, 1)
	}
	decimals := len(fmt.Sprint(scales[p.Unit])) - 1
	return []string{new(big.Rat).Add(v, by).FloatString(decimals), new(big.Rat).Sub(v, by).FloatString(decimals)}
}
