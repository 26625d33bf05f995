package payroll

import (
	"slices"
	"strings"

	"essaim/money"
)

// ReturnedLine is a line of a payslip that a payroll software made; nil is what it does not say.
type ReturnedLine struct {
	Codes  []string // lines of ours that it gathers: [Line.Code], [Item.Element]; empty: not to be compared
	Code   string   // of the software
	Label  string
	Part   Part // who pays it; of no meaning for an element of pay
	Base   *money.Cents
	Rate   *money.Rate
	Amount money.Cents
}

// LineGap is what a payroll software counts otherwise than this program, line by line: base, rate or amount, with the
// reason in words. What one of the two has in one line and the other in several is one gap.
type LineGap struct {
	Codes              []string `json:"codes"`  // ours; empty: nothing of ours corresponds
	Theirs             []string `json:"theirs"` // labels, or codes, of the software; empty: it has no such line
	Part               Part     `json:"part"`   // "" : an element of pay
	OurBase, TheirBase *money.Cents
	OurRate, TheirRate *money.Rate
	Ours, Said         money.Cents
	Why                Note
}

// Difference is theirs less ours.
func (g LineGap) Difference() money.Cents { return g.Said - g.Ours }

// lineSide is one side of what is compared.
type lineSide struct {
	n      int
	base   *money.Cents
	rate   *money.Rate
	amount money.Cents
	mixed  bool // several bases: none of them is the base
	silent bool // a line says no rate: none of them is the rate
}

func (s *lineSide) add(base *money.Cents, rate *money.Rate, amount money.Cents) {
	switch {
	case base == nil, s.base != nil && *s.base != *base:
		s.mixed = true
	default:
		s.base = base
	}
	switch {
	case rate == nil:
		s.silent = true
	case s.rate != nil:
		sum := *s.rate + *rate // several contributions on one base
		s.rate = &sum
	default:
		s.rate = rate
	}
	s.n++
	s.amount += amount
}

// said is the base and the rate, as far as there is one of each.
func (s *lineSide) said() (*money.Cents, *money.Rate) {
	base, rate := s.base, s.rate
	if s.mixed {
		base = nil
	}
	if s.silent || s.mixed && s.n > 1 {
		rate = nil
	}
	return base, rate
}

// lineGroup are lines that are compared as one.
type lineGroup struct {
	part   Part
	codes  []string
	labels []string
	ours   lineSide
	theirs lineSide
}

// LineGaps compares a payslip of ours with the lines of a payroll software: each base, rate and amount that differs by
// a cent, the greatest gap first. theirs are the software's totals, that explain bases.
func LineGaps(ours Payslip, lines []ReturnedLine, theirs Totals, ceiling *money.Cents) (all []LineGap) {
	groups := groupsOf(lines)
	find := func(part Part, code string) *lineGroup {
		n := slices.IndexFunc(groups, func(g *lineGroup) bool { return g.part == part && slices.Contains(g.codes, code) })
		if n < 0 {
			n, groups = len(groups), append(groups, &lineGroup{part: part, codes: []string{code}})
		}
		return groups[n]
	}
	for _, i := range ours.Items {
		find("", i.Element).ours.add(nil, nil, i.Amount)
	}
	for _, l := range ours.Lines {
		var rate *money.Rate
		if l.Rate != 0 {
			rate = &l.Rate
		}
		find(l.Part, l.Code).ours.add(&l.Base, rate, l.Amount)
	}
	for _, g := range groups {
		if gap, differs := g.gap(&ours, theirs, ceiling); differs {
			all = append(all, gap)
		}
	}
	slices.SortStableFunc(all, func(a, b LineGap) int { return int(b.Difference().Abs() - a.Difference().Abs()) })
	return all
}

// groupsOf puts together the lines of the software that share one of ours.
func groupsOf(lines []ReturnedLine) (groups []*lineGroup) {
	for _, l := range lines {
		if len(l.Codes) == 0 {
			continue
		}
		if isElement(l.Codes[0]) {
			l.Part, l.Base, l.Rate = "", nil, nil // hours and days: an element is its amount
		}
		g := &lineGroup{part: l.Part}
		groups = slices.DeleteFunc(groups, func(x *lineGroup) bool {
			if x.part != g.part || !slices.ContainsFunc(x.codes, func(c string) bool { return slices.Contains(l.Codes, c) }) {
				return false
			}
			g.codes, g.labels = append(g.codes, x.codes...), append(g.labels, x.labels...)
			if g.theirs.n == 0 {
				g.theirs = x.theirs
				return true
			}
			base, rate := x.theirs.said()
			g.theirs.add(base, rate, x.theirs.amount)
			return true
		})
		for _, c := range l.Codes {
			if !slices.Contains(g.codes, c) {
				g.codes = append(g.codes, c)
			}
		}
		label := l.Label
		if label == "" {
			label = l.Code
		}
		if !slices.Contains(g.labels, label) {
			g.labels = append(g.labels, label)
		}
		g.theirs.add(l.Base, l.Rate, l.Amount)
		groups = append(groups, g)
	}
	return groups
}

// gap is what differs in a group, and why.
func (g *lineGroup) gap(ours *Payslip, theirs Totals, ceiling *money.Cents) (LineGap, bool) {
	x := LineGap{Codes: g.codes, Theirs: g.labels, Part: g.part, Ours: g.ours.amount, Said: g.theirs.amount}
	// What is taken off is written with either sign.
	if x.Said == -x.Ours && (g.part == "" || strings.HasPrefix(g.codes[0], reduction25)) {
		x.Said = x.Ours
	}
	x.OurBase, x.OurRate = g.ours.said()
	x.TheirBase, x.TheirRate = g.theirs.said()
	gap := x.Difference().Abs()
	base := x.OurBase != nil && x.TheirBase != nil && *x.OurBase != *x.TheirBase && x.OurRate != nil
	rate := x.OurRate != nil && x.TheirRate != nil && *x.OurRate != *x.TheirRate
	switch {
	case gap == 0 && !rate && !base:
		return x, false
	case g.theirs.n == 0:
		x.Why = Note{Key: "payroll.line_gap.ours"}
	case g.ours.n == 0 && !slices.ContainsFunc(g.codes, isLine) && g.part != "":
		x.Codes, x.Why = nil, Note{Key: "payroll.line_gap.unknown"}
	case g.ours.n == 0:
		x.Why = Note{Key: "payroll.line_gap.theirs"}
	case base && rate:
		x.Why = Note{Key: "payroll.line_gap.both", Args: []any{"base", *x.OurBase, "their_base", *x.TheirBase, "rate", *x.OurRate, "their_rate", *x.TheirRate}}
	case rate:
		x.Why = Note{Key: "payroll.line_gap.rate", Args: []any{"rate", *x.OurRate, "their_rate", *x.TheirRate}}
	case base:
		x.Why = baseGap(*x.OurBase, *x.TheirBase, ours, theirs, ceiling)
	case x.TheirBase != nil && x.TheirRate != nil && gap <= money.Cents(max(g.ours.n, g.theirs.n)):
		x.Why = Note{Key: "payroll.line_gap.rounding"}
	case x.TheirBase != nil && x.TheirRate != nil && x.OurRate != nil:
		x.Why = Note{Key: "payroll.line_gap.product", Args: []any{"product", x.TheirBase.Times(*x.TheirRate)}}
	case g.part == "":
		x.Why = Note{Key: "payroll.line_gap.element"}
	case strings.HasPrefix(g.codes[0], reduction25):
		x.Why = Note{Key: "payroll.line_gap.reduction"}
	default:
		x.Why = Note{Key: "payroll.line_gap.silent"}
	}
	return x, true
}

// baseGap says why a base differs: the gross does, the ceiling does, or neither.
func baseGap(ours, said money.Cents, s *Payslip, theirs Totals, ceiling *money.Cents) Note {
	args := []any{"base", ours, "their_base", said}
	switch gross := theirs.Gross - s.Totals.Gross; {
	case gross != 0 && said-ours == gross:
		return Note{Key: "payroll.line_gap.gross", Args: append(args, "gap", gross)}
	case ceiling != nil && *ceiling != s.Ceiling && (said-ours).Abs() <= (*ceiling-s.Ceiling).Abs():
		return Note{Key: "payroll.line_gap.ceiling", Args: append(args, "ceiling", s.Ceiling, "their_ceiling", *ceiling)}
	}
	return Note{Key: "payroll.line_gap.base", Args: args}
}

// LinesSum holds the lines of a payroll software against its own total of a part: a detail that is not whole cannot be
// compared whole. ok is false when nothing of that part came.
func LinesSum(lines []ReturnedLine, part Part) (sum money.Cents, ok bool) {
	for _, l := range lines {
		if l.Part == part && len(l.Codes) > 0 && !isElement(l.Codes[0]) {
			sum, ok = sum+l.Amount, true
		}
	}
	return sum, ok
}

// isElement says whether a code is of what is paid or kept back, isLine whether it is of a contribution.
func isElement(code string) bool { _, ok := Law().ElementOf(code); return ok }

func isLine(code string) bool {
	code = strings.TrimSuffix(code, "_regularisation")
	return strings.HasPrefix(code, reduction25) || slices.ContainsFunc(Law().lines, func(l line) bool { return l.code == code })
}
