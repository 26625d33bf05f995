package activity

import (
	"slices"
	"strings"

	"essaim/coop"
	"essaim/date"
	"essaim/ledger"
	"essaim/member"
	"essaim/money"
)

// The accounts of the contribution: a charge of the activity, an income of mutualised services. They are sub-accounts
// of the PCG's couple 186/187; [ledger.Entry.Complete] adds the liaison lines (practice 1).
const (
	ContributionCharge = "1861"
	ContributionIncome = "1871"
)

// DepositNature begins the natures under which deposits count until the work is invoiced: what later invoices deduct of them
// counts below zero there, so that with the nature itself nothing counts twice.
const DepositNature = "deposit/"

// OfDeposit says whether turnover counts under the nature of a deposit: it is none yet.
func OfDeposit(nature string) bool { return strings.HasPrefix(nature, DepositNature) }

// The accounts of what activities do for each other, apart from the contribution's.
const (
	InternalBought = "1862"
	InternalSold   = "1872"
)

// Turnover is what one nature of sale brought in one month, net of tax. Period is the month within the fiscal year,
// from 1. Credit notes and reversals make it smaller, negative if need be.
type Turnover struct {
	Nature    string      `json:"nature"`
	Period    int         `json:"period"`
	Invoiced  money.Cents `json:"invoiced"`
	Collected money.Cents `json:"collected"`
}

// Facts are what a policy is applied to, from the first day of a fiscal year. [Gather] takes them from the books.
type Facts struct {
	Turnover    []Turnover      // of the fiscal year, exchanges with other activities included; months after On do not count
	Deducted    money.Cents     // charges that a gross margin deducts, of the months that bear contribution: [Policy.DeductedIn]
	Year        date.FiscalYear // its months are the periods
	On          date.Day        // 0: the end of the year
	Opened      date.Day        // first day of the activity, for the exempt months
	Since       date.Day        // [Applied.Since]: the months before its own bear nothing
	CAPEMonths  int             // months of the year up to On under CAPE only
	OtherMonths int             // months under another contract: see [member.Months]
}

// Step is one line of the explanation of a contribution. Key is a message key with Args; the Amounts of the steps sum
// to what is due.
type Step struct {
	Key    string      `json:"key"`
	Args   []any       `json:"args,omitempty"`
	Base   money.Cents `json:"base,omitempty"`
	Rate   money.Rate  `json:"rate,omitempty"`
	Amount money.Cents `json:"amount"`
}

// Contribution is what a policy makes of the facts.
type Contribution struct {
	Due     money.Cents `json:"due"`     // since the first day of the fiscal year, rounded once; book Due − already booked
	Base    money.Cents `json:"base"`    // what the scales were applied to, all natures together, never below zero
	Minimum money.Cents `json:"minimum"` // what the prorated minimum still adds and Due does not hold: « minimum restant à prévoir »
	Steps   []Step      `json:"steps"`
}

// exact is a sum of products base × rate without rounding: cents, and millionths of a cent.
type exact struct{ cents, millionths int64 }

func (e *exact) add(base money.Cents, r money.Rate) {
	// base × r / 1 000 000 with base = q × 1 000 000 + rest: neither product can leave an int64, since r ≤ 1 000 000.
	q, rest := int64(base)/int64(money.One), int64(base)%int64(money.One)
	e.cents += q * int64(r)
	e.millionths += rest * int64(r)
	e.cents += e.millionths / int64(money.One)
	e.millionths %= int64(money.One)
}

func (e exact) round() money.Cents {
	return money.Cents(e.cents) + money.Cents(1).Times(money.Rate(e.millionths))
}

// Due applies the policy to the facts.
//
// Brackets are marginal, per fiscal year, each scale on its own base. Charges that a margin deducts, and natures whose
// credit notes exceed their sales, come off the general scale first, then off the others in the order of the policy; so
// that a contribution never decreases when turnover grows. A base below zero is zero: a contribution may go back to
// zero within the year, never below (a credit note on an invoice of the year before gives nothing back beyond what the
// year has taken). The rounding is done once, on the sum of all brackets: whatever the path, the increments of Due sum
// to the total.
//
// The minimum is prorated by twelfths for the months of contract. What it adds to the scales and the fixed part is in
// Due only when the policy asks for it ([MinimumMonthly]; [MinimumAtYearEnd] on the last day); otherwise it stands in
// Minimum. Exempt months bear neither scale, fixed part nor minimum.
func (p Policy) Due(f Facts) Contribution {
	var c Contribution
	if f.On == 0 || f.On > f.Year.End {
		f.On = f.Year.End
	}
	bases, deducted, exempt, before := p.bases(f)
	if deducted != 0 {
		c.Steps = append(c.Steps, Step{Key: "activity.step.deducted", Args: []any{"base", deducted}, Base: deducted})
	}
	if exempt != 0 {
		c.Steps = append(c.Steps, Step{Key: "activity.step.exempt", Args: []any{"base", exempt}, Base: exempt})
	}
	if before != 0 {
		c.Steps = append(c.Steps, Step{Key: "activity.step.before", Args: []any{"base", before, "from", f.Since}, Base: before})
	}
	var sum exact
	for i, s := range p.Scales {
		key := "activity.step.bracket"
		if len(s.Natures) > 0 {
			key = "activity.step.bracket_special"
		}
		c.Base += bases[i]
		var below money.Cents
		for _, b := range s.Brackets {
			part := bases[i] - below
			if b.UpTo != 0 {
				part = min(part, b.UpTo-below)
			}
			below = b.UpTo
			if part <= 0 {
				break
			}
			before := sum.round()
			sum.add(part, b.Rate)
			c.Steps = append(c.Steps, Step{Key: key, Args: []any{"rate", b.Rate, "base", part}, Base: part, Rate: b.Rate, Amount: sum.round() - before})
		}
	}
	c.Due = sum.round()

	free := p.exemptMonths(f, f.Year.Period(f.On))
	cape := max(f.CAPEMonths-free, 0)
	other := max(f.OtherMonths-max(free-f.CAPEMonths, 0), 0)
	if fixed := p.FixedMonthly * money.Cents(cape+other); fixed != 0 {
		c.Due += fixed
		c.Steps = append(c.Steps, Step{Key: "activity.step.fixed", Args: []any{"n", cape + other, "amount", p.FixedMonthly}, Amount: fixed})
	}
	least := money.Cents(money.MulDiv(int64(p.MinYearCAPE)*int64(cape)+int64(p.MinYear)*int64(other), 1, 12))
	if c.Minimum = max(least-c.Due, 0); c.Minimum == 0 {
		return c
	}
	if p.MinAsked == MinimumMonthly || p.MinAsked == MinimumAtYearEnd && f.On == f.Year.End {
		c.Steps = append(c.Steps, Step{Key: "activity.step.minimum", Args: []any{"least", least}, Base: least, Amount: c.Minimum})
		c.Due, c.Minimum = c.Due+c.Minimum, 0
	}
	return c
}

// bases returns the base of each scale, what was deducted from them, what was exempt and what came before the policy.
func (p Policy) bases(f Facts) (bases []money.Cents, deducted, exempt, before money.Cents) {
	bases = make([]money.Cents, len(p.Scales))
	general := slices.IndexFunc(p.Scales, func(s Scale) bool { return len(s.Natures) == 0 })
	last := f.Year.Period(f.On)
	for _, t := range f.Turnover {
		if t.Period < 1 || t.Period > last {
			continue
		}
		nature, deposit := strings.CutPrefix(t.Nature, DepositNature)
		if deposit && !p.Deposits {
			continue
		}
		v := t.Invoiced
		if p.Base.collected() {
			v = t.Collected
		}
		if t.Period < f.first() {
			before += v
			continue
		}
		i := slices.IndexFunc(p.Scales, func(s Scale) bool { return slices.Contains(s.Natures, nature) })
		if i < 0 {
			i = general
		}
		if i < 0 || slices.Contains(p.ExemptNatures, nature) || t.Period <= p.exemptTo(f) {
			exempt += v
			continue
		}
		bases[i] += v
	}
	if p.Base.margin() {
		deducted = f.Deducted
	}
	// What is below zero in one scale, and the charges, come off what stands above zero in the others.
	over := deducted
	if over < 0 && general >= 0 { // charges given back: they are margin
		bases[general] -= over
		over = 0
	}
	for i, b := range bases {
		if b < 0 {
			over, bases[i] = over-b, 0
		}
	}
	take := func(i int) {
		part := min(over, bases[i])
		bases[i], over = bases[i]-part, over-part
	}
	if general >= 0 {
		take(general)
	}
	for i := range bases {
		take(i)
	}
	return bases, deducted, exempt, before
}

// first is the first period that bears contribution: that of the policy's first day, when it began within the year.
func (f Facts) first() int {
	if f.Since <= f.Year.Start {
		return 1
	}
	return f.Year.Period(f.Since)
}

// exemptTo returns the last period of the year that lies within the exempt months of the activity; 0 or less when none does.
func (p Policy) exemptTo(f Facts) int {
	if p.ExemptMonths == 0 || f.Opened == 0 {
		return 0
	}
	return int(f.Opened.Month()-f.Year.Start.Month()) + p.ExemptMonths
}

// exemptMonths counts the exempt months from the opening of the activity, within the year and up to a period.
func (p Policy) exemptMonths(f Facts, last int) int {
	before := max(int(f.Opened.Month()-f.Year.Start.Month()), f.first()-1)
	return max(min(p.exemptTo(f), last)-before, 0)
}

// DeductedIn sums the charges that the policy's margin deducts, from the balances of one section and fiscal year: those
// of the months up to day on that bear contribution. It is nil for a policy that deducts nothing.
func (p Policy) DeductedIn(balances []ledger.Balance, year date.FiscalYear, opened, since, on date.Day) money.Cents {
	if !p.Base.margin() {
		return 0
	}
	last := year.Period(min(on, year.End))
	f := Facts{Year: year, Opened: opened, Since: since}
	first := max(p.exemptTo(f)+1, f.first())
	sel := coop.Prefixes{In: p.Deducts}
	var sum money.Cents
	for _, b := range balances {
		if b.Period >= first && b.Period <= last && sel.Match(b.Account) {
			sum += b.Net()
		}
	}
	return sum
}

// Gather takes the facts of an activity's policy from its books: balances of its section and of the fiscal year,
// turnover of the year by nature and month, and the contracts of its entrepreneurs (the past ones too).
func Gather(p Applied, a Activity, balances []ledger.Balance, turnover []Turnover, contracts []member.Contract, year date.FiscalYear, on date.Day) Facts {
	if on > year.End {
		on = year.End
	}
	f := Facts{Turnover: append(slices.Clone(turnover), p.Policy.exchanged(balances)...), Year: year, On: on, Opened: a.Opened, Since: p.Since, Deducted: p.Policy.DeductedIn(balances, year, a.Opened, p.Since, on)}
	span := year
	span.Start = max(span.Start, a.Opened, p.Since)
	f.CAPEMonths, f.OtherMonths = member.Months(a.Borne(contracts), span, on)
	return f
}

// exchanged returns what an activity sold to others less what it bought from them, month by month, as turnover of a nature
// of its own: the entry that books it also pays it, so that it is invoiced and collected at once.
func (p Policy) exchanged(balances []ledger.Balance) []Turnover {
	if p.Internal == InternalNone {
		return nil
	}
	var list []Turnover
	for _, b := range balances {
		sold := strings.HasPrefix(b.Account, InternalSold)
		if b.Period < 1 || !sold && (p.Internal == InternalSales || !strings.HasPrefix(b.Account, InternalBought)) {
			continue
		}
		if net := -b.Net(); net != 0 {
			list = append(list, Turnover{Nature: NatureInternal, Period: b.Period, Invoiced: net, Collected: net})
		}
	}
	return list
}

// Booked returns the contribution already booked to an activity in a fiscal year, from the balances of its section, and
// the last period that bears some.
func Booked(balances []ledger.Balance) (sum money.Cents, last int) {
	for _, b := range balances {
		if b.Period > 0 && contributions.Match(b.Account) {
			sum += b.Net()
			last = max(last, b.Period)
		}
	}
	return sum, last
}

var contributions = coop.Prefixes{In: []string{ContributionCharge}}

// ContributionLines returns the two lines that book an amount of contribution (negative: give it back); completing the
// entry adds the liaison lines.
func ContributionLines(section ledger.Section, amount money.Cents, label, document string) []ledger.Line {
	return []ledger.Line{
		{Account: ContributionCharge, Section: section, Amount: amount, Label: label, Document: document},
		{Account: ContributionIncome, Section: ledger.Mutual, Amount: -amount, Label: label, Document: document},
	}
}
