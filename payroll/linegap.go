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
	named  map[string]bool // the labels
	place  int             // in [lineGroups.all]
	ours   lineSide
	theirs lineSide
}

// partCode is what a group is found by: no code of a part is in two of them.
type partCode struct {
	part Part
	code string
}

// lineGroups are the groups of a payslip. A software may send thousands of codes that nothing here corresponds to: each is
// found without going through the others.
type lineGroups struct {
	all    []*lineGroup // nil: gathered into one that comes later
	at     map[partCode]*lineGroup
	looked int // look-ups and moves of a group: what all of it costs
}

func (gs *lineGroups) put(g *lineGroup, codes []string) {
	g.place, gs.all = len(gs.all), append(gs.all, g)
	for _, c := range codes {
		gs.looked++
		gs.at[partCode{g.part, c}] = g
	}
}

// find is the group of a code, a new one if there is none.
func (gs *lineGroups) find(part Part, code string) *lineGroup {
	gs.looked++
	g := gs.at[partCode{part, code}]
	if g == nil {
		g = &lineGroup{part: part, codes: []string{code}}
		gs.put(g, g.codes)
	}
	return g
}

// gather makes one group of those that share a code with a line, the earliest first, and puts it last.
func (gs *lineGroups) gather(part Part, codes []string) *lineGroup {
	var shared []*lineGroup
	var fresh []string
	for _, c := range codes {
		gs.looked++
		switch g := gs.at[partCode{part, c}]; {
		case g == nil && !slices.Contains(fresh, c):
			fresh = append(fresh, c)
		case g != nil && !slices.Contains(shared, g):
			shared = append(shared, g)
		}
	}
	if len(shared) == 0 {
		shared = []*lineGroup{{part: part, place: -1, named: map[string]bool{}}}
	}
	slices.SortFunc(shared, func(a, b *lineGroup) int { return a.place - b.place })
	g := shared[0]
	moved := fresh
	for _, x := range shared[1:] {
		moved = append(moved, x.codes...)
		g.codes, g.labels = append(g.codes, x.codes...), append(g.labels, x.labels...)
		for _, label := range x.labels {
			g.named[label] = true
		}
		base, rate := x.theirs.said()
		g.theirs.add(base, rate, x.theirs.amount)
		gs.all[x.place] = nil
	}
	g.codes = append(g.codes, fresh...)
	if g.place >= 0 {
		gs.all[g.place] = nil
	}
	gs.put(g, moved)
	return g
}

// LineGaps compares a payslip of ours with the lines of a payroll software: each base, rate and amount that differs by
// a cent, the greatest gap first. theirs are the software's totals, that explain bases.
func LineGaps(ours Payslip, lines []ReturnedLine, theirs Totals, ceiling *money.Cents) (all []LineGap) {
	groups := groupsOf(lines)
	for _, i := range ours.Items {
		groups.find("", i.Element).ours.add(nil, nil, i.Amount)
	}
	for _, l := range ours.Lines {
		var rate *money.Rate
		if l.Rate != 0 {
			rate = &l.Rate
		}
		groups.find(l.Part, l.Code).ours.add(&l.Base, rate, l.Amount)
	}
	for _, g := range groups.all {
		if g == nil {
			continue
		}
		if gap, differs := g.gap(&ours, theirs, ceiling); differs {
			all = append(all, gap)
		}
	}
	slices.SortStableFunc(all, func(a, b LineGap) int { return int(b.Difference().Abs() - a.Difference().Abs()) })
	return all
}

// groupsOf puts together the lines of the software that share one of ours.
func groupsOf(lines []ReturnedLine) *lineGroups {
	groups := &lineGroups{at: map[partCode]*lineGroup{}}
	for _, l := range lines {
		if len(l.Codes) == 0 {
			continue
		}
		if isElement(l.Codes[0]) {
			l.Part, l.Base, l.Rate = "", nil, nil // hours and days: an element is its amount
		}
		g := groups.gather(l.Part, l.Codes)
		label := l.Label
		if label == "" {
			label = l.Code
		}
		if !g.named[label] {
			g.named[label], g.labels = true, append(g.labels, label)
		}
		g.theirs.add(l.Base, l.Rate, l.Amount)
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
