package payroll

import (
	"strconv"
	"testing"
)

// Thousands of codes that nothing here corresponds to, or thousands of lines of one code, cost a few look-ups each.
func TestLinesAreGroupedOnceEach(t *testing.T) {
	const n = 20_000
	for name, code := range map[string]func(int) []string{
		"each its own": func(i int) []string { return []string{"x" + strconv.Itoa(i)} },
		"one":          func(int) []string { return []string{"x"} },
		"by pairs":     func(i int) []string { return []string{"x" + strconv.Itoa(i/2), "y" + strconv.Itoa(i)} },
	} {
		lines := make([]ReturnedLine, n)
		for i := range lines {
			lines[i] = ReturnedLine{Codes: code(i), Label: "Ligne " + strconv.Itoa(i), Part: Employee, Amount: 1}
		}
		groups := groupsOf(lines)
		for i := range lines {
			g := groups.find(Employee, code(i)[0])
			if g.part != Employee || !g.named[lines[i].Label] {
				t.Fatalf("%s: line %d is not in its group", name, i)
			}
		}
		if groups.looked > 5*n {
			t.Errorf("%s: %d look-ups for %d lines", name, groups.looked, n)
		}
	}
}

// A line that names what two others do makes one group of the three, that stands last.
func TestLinesThatShareACodeAreOneGroup(t *testing.T) {
	line := func(codes ...string) ReturnedLine {
		return ReturnedLine{Codes: codes, Code: codes[0], Part: EmployerIs, Amount: 1}
	}
	groups := groupsOf([]ReturnedLine{line("a"), line("b"), line("c"), line("d", "c", "a"), line("e")})
	g := groups.find(EmployerIs, "a")
	if g != groups.find(EmployerIs, "c") || g != groups.find(EmployerIs, "d") || g == groups.find(EmployerIs, "b") || groups.find(Employee, "a") == g {
		t.Errorf("%+v", groups.all)
	}
	if g.theirs.amount != 3 || len(g.codes) != 3 || len(g.labels) != 3 || groups.all[0] != nil || groups.all[g.place] != g {
		t.Errorf("%+v", g)
	}
}
