package payroll_test

import (
	"slices"
	"testing"

	"essaim/date"
	"essaim/money"
	"essaim/payroll"
)

// A payslip is compared line by line: the same lines hold no gap, and each thing that differs is said with its reason.
func TestLineGapsSayWhy(t *testing.T) {
	ours, _, err := payroll.Compute(payroll.Law().On(date.MonthOf(2026, 11)), payroll.Employer{Staff: 30, Accident: 20_800}, payroll.Contract{Regime: payroll.CESA, From: date.MustParse("2026-01-05")},
		payroll.YearToDate{}, payroll.Inputs{Month: date.MonthOf(2026, 11), Items: []payroll.Item{{Element: "fixed_part", Amount: 2500_00}, {Element: "bonus", Amount: 200_00}}})
	if err != nil {
		t.Fatal(err)
	}
	same := func() (all []payroll.ReturnedLine) {
		for _, i := range ours.Items {
			all = append(all, payroll.ReturnedLine{Codes: []string{i.Element}, Code: i.Element, Part: payroll.Employee, Amount: i.Amount})
		}
		for _, l := range ours.Lines {
			base, rate := l.Base, l.Rate
			x := payroll.ReturnedLine{Codes: []string{l.Code}, Code: l.Code, Part: l.Part, Base: &base, Amount: l.Amount}
			if rate != 0 {
				x.Rate = &rate
			}
			all = append(all, x)
		}
		return all
	}
	at := func(all []payroll.ReturnedLine, code string, part payroll.Part) *payroll.ReturnedLine {
		n := slices.IndexFunc(all, func(l payroll.ReturnedLine) bool { return l.Code == code && l.Part == part })
		if n < 0 {
			t.Fatalf("no line %s", code)
		}
		return &all[n]
	}
	if gaps := payroll.LineGaps(ours, same(), ours.Totals, nil); len(gaps) != 0 {
		t.Fatalf("the same lines differ: %+v", gaps)
	}
	ceiling := ours.Ceiling - 100_00
	for _, x := range []struct {
		key    string
		code   string
		part   payroll.Part
		change func(l *payroll.ReturnedLine)
		totals func(*payroll.Totals)
		gap    money.Cents
	}{
		{"payroll.line_gap.rounding", "vieillesse_plafonnee", payroll.Employee, func(l *payroll.ReturnedLine) { l.Amount++ }, nil, 1},
		{"payroll.line_gap.product", "vieillesse_plafonnee", payroll.Employee, func(l *payroll.ReturnedLine) { l.Amount += 9_00 }, nil, 9_00},
		{"payroll.line_gap.rate", "atmp", payroll.EmployerIs, func(l *payroll.ReturnedLine) { *l.Rate += 1_000; l.Amount = l.Base.Times(*l.Rate) }, nil, 2_70},
		{"payroll.line_gap.base", "atmp", payroll.EmployerIs, func(l *payroll.ReturnedLine) { *l.Base += 50_00; l.Amount = l.Base.Times(*l.Rate) }, nil, 1_04},
		{"payroll.line_gap.gross", "atmp", payroll.EmployerIs, func(l *payroll.ReturnedLine) { *l.Base += 50_00; l.Amount = l.Base.Times(*l.Rate) }, func(s *payroll.Totals) { s.Gross += 50_00 }, 1_04},
		{"payroll.line_gap.ceiling", "vieillesse_plafonnee", payroll.EmployerIs, func(l *payroll.ReturnedLine) { *l.Base -= 100_00; l.Amount = l.Base.Times(*l.Rate) }, nil, -8_55},
		{"payroll.line_gap.both", "atmp", payroll.EmployerIs, func(l *payroll.ReturnedLine) { *l.Base += 50_00; *l.Rate += 1_000; l.Amount += 7 }, nil, 7},
		{"payroll.line_gap.silent", "vieillesse_plafonnee", payroll.Employee, func(l *payroll.ReturnedLine) { l.Base, l.Rate = nil, nil; l.Amount -= 3_00 }, nil, -3_00},
		{"payroll.line_gap.element", "bonus", payroll.Employee, func(l *payroll.ReturnedLine) { l.Amount -= 20_00 }, nil, -20_00},
		{"payroll.line_gap.ours", "atmp", payroll.EmployerIs, func(l *payroll.ReturnedLine) { l.Codes = nil }, nil, 0},
	} {
		lines, totals := same(), ours.Totals
		x.change(at(lines, x.code, x.part))
		if x.totals != nil {
			x.totals(&totals)
		}
		var said *money.Cents
		if x.key == "payroll.line_gap.ceiling" {
			said = &ceiling
		}
		gaps := payroll.LineGaps(ours, lines, totals, said)
		if len(gaps) != 1 || gaps[0].Why.Key != x.key || x.gap != 0 && gaps[0].Difference() != x.gap {
			t.Errorf("%s: %+v", x.key, gaps)
		}
	}
	// A code that is none of ours, a line of ours that we have not, and one line of theirs for several of ours.
	lines := append(same(), payroll.ReturnedLine{Codes: []string{"4500"}, Code: "4500", Label: "Divers", Part: payroll.Employee, Amount: 5_00}, payroll.ReturnedLine{Codes: []string{"apec"}, Code: "apec", Part: payroll.Employee, Amount: 3_00})
	keys := map[string]bool{}
	for _, g := range payroll.LineGaps(ours, lines, ours.Totals, nil) {
		keys[g.Why.Key] = true
	}
	if len(keys) != 2 || !keys["payroll.line_gap.unknown"] || !keys["payroll.line_gap.theirs"] {
		t.Errorf("reasons %v", keys)
	}
	lines = slices.DeleteFunc(same(), func(l payroll.ReturnedLine) bool { return l.Code == "fnal" || l.Code == "csa" })
	var sum money.Cents
	for _, l := range ours.Lines {
		if l.Code == "fnal" || l.Code == "csa" {
			sum += l.Amount
		}
	}
	lines = append(lines, payroll.ReturnedLine{Codes: []string{"fnal", "csa"}, Code: "500", Part: payroll.EmployerIs, Amount: sum})
	if gaps := payroll.LineGaps(ours, lines, ours.Totals, nil); sum == 0 || len(gaps) != 0 {
		t.Errorf("two lines in one: %+v", gaps)
	}
	if part, ok := payroll.LinesSum(same(), payroll.Employee); !ok || part != ours.Totals.Employee {
		t.Errorf("the employee's lines sum to %s, the total is %s", part, ours.Totals.Employee)
	}
}
