package activity

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/money"
)

// Base is what a contribution is computed on.
type Base string

// The bases seen in real cooperatives (law notes § 1.4).
const (
	Invoiced             Base = "invoiced"
	Collected            Base = "collected"
	GrossMarginInvoiced  Base = "gross_margin_invoiced"
	GrossMarginCollected Base = "gross_margin_collected"
)

// collected says whether turnover counts when it is paid; margin whether charges are deducted.
func (b Base) collected() bool { return b == Collected || b == GrossMarginCollected }
func (b Base) margin() bool    { return b == GrossMarginInvoiced || b == GrossMarginCollected }

// Moment is when a contribution is taken (practice 38).
type Moment string

// The moments.
const (
	AtInvoice Moment = "invoice"
	AtReceipt Moment = "receipt"
	Monthly   Moment = "monthly"
)

// Internal says how what activities do for each other counts in a base.
type Internal string

// Sales to another activity count and purchases from another are deducted, whatever the base, so that the house takes its
// part once of what a customer pays; or neither counts, and whoever bills the customer bears it all; or sales alone count.
const (
	InternalNet   Internal = ""
	InternalNone  Internal = "none"
	InternalSales Internal = "sales"
)

// NatureInternal is the nature of sale that a scale or an exemption names for sales to other activities.
const NatureInternal = "internal"

// Asked is when the yearly minimum is asked for (practice 38).
type Asked string

// The minimum is only shown (« minimum restant à prévoir ») and the cooperative asks for it itself; or it is part of
// what is due as the months pass; or it is added on the last day of the fiscal year.
const (
	MinimumShown     Asked = ""
	MinimumMonthly   Asked = "month"
	MinimumAtYearEnd Asked = "year"
)

// Bracket is one marginal bracket of a fiscal year: Rate applies to the part of the base above the previous bracket's
// UpTo and up to UpTo (0: no end). A fiscal year that is not twelve months long has the same brackets.
type Bracket struct {
	UpTo money.Cents `json:"upTo,omitempty"`
	Rate money.Rate  `json:"rate"`
}

// Scale is a list of marginal brackets for the natures it names; a scale without natures takes all the others.
type Scale struct {
	Natures  []string  `json:"natures,omitempty"`
	Brackets []Bracket `json:"brackets"`
}

// Policy is a contribution policy as dated data, adopted by a decision (the rule row that holds it has both).
type Policy struct {
	Name          string      `json:"name"`
	Base          Base        `json:"base"`
	When          Moment      `json:"when"`
	Scales        []Scale     `json:"scales"`
	Deducts       []string    `json:"deducts,omitempty"`     // account prefixes of the charges a gross margin deducts
	MinYearCAPE   money.Cents `json:"minYearCape,omitempty"` // yearly minimum while under CAPE, prorated by months of contract
	MinYear       money.Cents `json:"minYear,omitempty"`     // yearly minimum otherwise
	MinAsked      Asked       `json:"minAsked,omitempty"`    // when what the minimum adds is asked for
	FixedMonthly  money.Cents `json:"fixedMonthly,omitempty"`
	ExemptMonths  int         `json:"exemptMonths,omitempty"` // first months of an activity without contribution, the month of its opening included
	ExemptNatures []string    `json:"exemptNatures,omitempty"`
	Deposits      bool        `json:"deposits,omitempty"`    // deposits count when they are asked or paid, not with the work (practice 19)
	Internal      Internal    `json:"internal,omitempty"`    // what is sold to and bought from other activities
	Retroactive   bool        `json:"retroactive,omitempty"` // the decision makes it hold from the first day of the fiscal year it falls in
	Unknown       []string    `json:"unknown,omitempty"`     // parts of the real policy that its source does not tell
	Source        string      `json:"source,omitempty"`
}

// Check tells everything that is wrong with a policy, joined. Fields are named as the form calls them.
func (p Policy) Check() error {
	var errs []error
	bad := func(field, key string, args ...any) { errs = append(errs, fault.At(field, key, args...)) }
	if strings.TrimSpace(p.Name) == "" {
		bad("name", "activity.policy.name")
	}
	switch p.Base {
	case Invoiced, Collected, GrossMarginInvoiced, GrossMarginCollected:
	default:
		bad("base", "activity.policy.base")
	}
	if p.When != AtInvoice && p.When != AtReceipt && p.When != Monthly {
		bad("when", "activity.policy.when")
	}
	if p.When == AtInvoice && p.Base.collected() || p.When == AtReceipt && p.Base != "" && !p.Base.collected() {
		bad("when", "activity.policy.when_base") // what is taken as customers pay is computed on what they paid
	}
	if p.MinAsked != MinimumShown && p.MinAsked != MinimumMonthly && p.MinAsked != MinimumAtYearEnd {
		bad("minAsked", "activity.policy.min_asked")
	}
	if p.Internal != InternalNet && p.Internal != InternalNone && p.Internal != InternalSales {
		bad("internal", "activity.policy.internal")
	}
	general := 0
	named := map[string]bool{}
	for i, s := range p.Scales {
		at := fmt.Sprintf("scales[%d]", i)
		if len(s.Natures) == 0 {
			general++
		}
		for _, n := range s.Natures {
			if named[n] {
				bad(at+".natures", "activity.policy.nature_twice", "nature", n)
			}
			named[n] = true
		}
		if err := checkBrackets(s.Brackets); err != nil {
			errs = append(errs, fault.Prefix(at, err))
		}
	}
	if general != 1 {
		bad("scales", "activity.policy.general")
	}
	for _, n := range p.ExemptNatures {
		if named[n] {
			bad("exemptNatures", "activity.policy.nature_twice", "nature", n)
		}
	}
	if p.Base.margin() && len(p.Deducts) == 0 {
		bad("deducts", "activity.policy.deducts")
	}
	for _, d := range p.Deducts {
		if d == "" || strings.Trim(d, "0123456789") != "" {
			bad("deducts", "activity.policy.prefix", "prefix", d)
		}
	}
	for field, v := range map[string]money.Cents{"minYearCape": p.MinYearCAPE, "minYear": p.MinYear, "fixedMonthly": p.FixedMonthly} {
		if v < 0 || v > money.Max/1000 {
			bad(field, "activity.policy.amount")
		}
	}
	if p.ExemptMonths < 0 || p.ExemptMonths > 36 {
		bad("exemptMonths", "activity.policy.exempt_months")
	}
	return errors.Join(errs...)
}

func checkBrackets(bs []Bracket) error {
	if len(bs) == 0 {
		return fault.At("brackets", "activity.policy.no_bracket")
	}
	var errs []error
	var below money.Cents
	for i, b := range bs {
		field := fmt.Sprintf("brackets[%d]", i)
		if b.Rate < 0 || b.Rate > money.One {
			errs = append(errs, fault.At(field+".rate", "activity.policy.rate"))
		}
		last := i == len(bs)-1
		switch {
		case last && b.UpTo != 0:
			errs = append(errs, fault.At(field+".upTo", "activity.policy.last_open"))
		case !last && (b.UpTo <= below || b.UpTo > money.Max):
			errs = append(errs, fault.At(field+".upTo", "activity.policy.ascending"))
		}
		below = b.UpTo
	}
	return errors.Join(errs...)
}

// ReadPolicy reads the value of a contribution rule, strictly, and checks it.
func ReadPolicy(value string) (Policy, error) {
	var p Policy
	dec := json.NewDecoder(strings.NewReader(value))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&p); err != nil {
		return Policy{}, fault.At("value", "activity.policy.unreadable").Wrap(err)
	}
	return p, p.Check()
}

// Applied is the policy that holds for an activity in a fiscal year. Its rule's id is 0 when there is none.
type Applied struct {
	Policy Policy
	Rule   coop.Rule
	Since  date.Day // first day it holds when that is within the year: the months before bear nothing; 0: the whole year
}

// PolicyOf returns the policy of an activity for a fiscal year, as known on a day. Rows of the same name are the versions
// of one policy. A change is never retroactive unless the decision says so (practice 38): what is in force on the first
// day of the year holds for the whole year (for an activity opened within the year: on its first day), unless a version
// that begins within the year, by day on, says [Policy.Retroactive]. Where nothing was in force on that day, the first
// policy that begins within the year holds from its month on.
func PolicyOf(rows []coop.Rule, a Activity, year date.FiscalYear, on date.Day) (Applied, error) {
	first, last := year.Start, min(on, year.End)
	if year.Contains(a.Opened) {
		first = a.Opened
	}
	id, since := a.policyIn(first, last)
	i := slices.IndexFunc(rows, func(r coop.Rule) bool { return r.ID == id && r.Kind == coop.RuleContribution })
	if id == 0 || i < 0 {
		return Applied{}, nil
	}
	first = max(first, since)
	var best, begins Applied // what holds from the first day, and else the first to begin after it
	for _, r := range rows {
		if r.Kind != coop.RuleContribution || r.Name != rows[i].Name || r.From > last {
			continue
		}
		p, err := ReadPolicy(r.Value)
		if err != nil {
			return Applied{}, fmt.Errorf("contribution rule %d: %w", r.ID, err)
		}
		switch {
		case r.From <= first || p.Retroactive:
			if best.Rule.ID == 0 || later(r, best.Rule) {
				best = Applied{p, r, since}
			}
		case begins.Rule.ID == 0 || r.From < begins.Rule.From || r.From == begins.Rule.From && r.ID > begins.Rule.ID:
			begins = Applied{p, r, r.From}
		}
	}
	if best.Rule.ID == 0 {
		return begins, nil
	}
	return best, nil
}

// later says whether a version replaces another.
func later(a, b coop.Rule) bool { return a.From > b.From || a.From == b.From && a.ID > b.ID }
