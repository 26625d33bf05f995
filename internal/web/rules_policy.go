package web

import (
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"essaim/access"
	"essaim/activity"
	"essaim/coop"
	"essaim/date"
	"essaim/i18n"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/money"
	"essaim/sale"
)

// bracketFields are the fields of one bracket of a scale.
var bracketFields = []string{"rate", "upTo"}

type policyData struct {
	F       *Form
	Rule    coop.Rule
	When    string
	Words   []string
	Scales  []template.HTML
	Unknown []string
	Source  string
	Used    []string // activities that have it
	Natures []Option
	Margin  bool
	Sum     string
	Steps   Why
	May     bool
}

// policyShort says on what and how much, in a line.
func policyShort(p i18n.Printer, pol activity.Policy) string {
	var rates []string
	for _, s := range pol.Scales {
		for _, b := range s.Brackets {
			if r := p.Rate(b.Rate); !slices.Contains(rates, r) {
				rates = append(rates, r)
			}
		}
	}
	return p.T("rules.policy_short", "rates", strings.Join(rates, ", "), "base", p.T("rules.base."+string(pol.Base)))
}

// policyWords tells everything else that a policy holds.
func policyWords(p i18n.Printer, pol activity.Policy) []string {
	words := []string{p.T("rules.policy_base", "base", p.T("rules.base."+string(pol.Base))), p.T("rules.when." + string(pol.When))}
	if pol.Deposits {
		words = append(words, p.T("rules.policy_deposits"))
	}
	if len(pol.Deducts) > 0 {
		words = append(words, p.T("rules.policy_deducts", "list", strings.Join(pol.Deducts, ", ")))
	}
	if pol.FixedMonthly != 0 {
		words = append(words, p.T("rules.policy_fixed", "amount", pol.FixedMonthly))
	}
	if pol.MinYearCAPE != 0 {
		words = append(words, p.T("rules.policy_min_cape", "amount", pol.MinYearCAPE))
	}
	if pol.MinYear != 0 {
		words = append(words, p.T("rules.policy_min", "amount", pol.MinYear))
	}
	if pol.MinYear != 0 || pol.MinYearCAPE != 0 {
		words = append(words, p.T(askedKey(pol.MinAsked)))
	}
	if pol.ExemptMonths != 0 {
		words = append(words, p.T("rules.policy_exempt", "n", pol.ExemptMonths))
	}
	if len(pol.ExemptNatures) > 0 {
		words = append(words, p.T("rules.policy_exempt_natures", "list", natureNames(p, pol.ExemptNatures)))
	}
	if key, ok := internalKeys[pol.Internal]; ok {
		words = append(words, p.T(key))
	}
	if pol.Retroactive {
		words = append(words, p.T("rules.policy_retroactive"))
	}
	return words
}

// internalKeys say how what activities do for each other counts.
var internalKeys = map[activity.Internal]string{
	activity.InternalNet: "rules.internal_net", activity.InternalNone: "rules.internal_none", activity.InternalSales: "rules.internal_sales",
}

func askedKey(a activity.Asked) string {
	switch a {
	case activity.MinimumMonthly:
		return "rules.asked_month"
	case activity.MinimumAtYearEnd:
		return "rules.asked_year"
	}
	return "rules.asked_shown"
}

func natureNames(p i18n.Printer, codes []string) string {
	var names []string
	for _, c := range codes {
		if n, ok := sale.NatureOf(c); ok {
			names = append(names, lowerFirst(p.T(n.Label)))
		}
	}
	return strings.Join(names, ", ")
}

// scaleTable shows the brackets of a scale.
func scaleTable(p i18n.Printer, s activity.Scale) template.HTML {
	title := p.T("rules.scale")
	if len(s.Natures) > 0 {
		title = p.T("rules.scale_of", "list", natureNames(p, s.Natures))
	}
	t := Table{Caption: title, Class: "plain", Wide: true, Cols: []Col{{Label: title}, {Label: p.T("rules.rate"), Num: true}}}
	var below money.Cents
	for _, b := range s.Brackets {
		words := p.T("rules.bracket", "from", p.WholeEuros(below), "to", p.WholeEuros(b.UpTo))
		switch {
		case b.UpTo == 0 && below == 0:
			words = p.T("rules.bracket_all")
		case b.UpTo == 0:
			words = p.T("rules.bracket_above", "from", p.WholeEuros(below))
		case below == 0:
			words = p.T("rules.bracket_first", "to", p.WholeEuros(b.UpTo))
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{cellText(words), cellNumber(p.Rate(b.Rate))}})
		below = b.UpTo
	}
	return t.HTML(p)
}

// policyRow returns a version of a contribution policy.
func policyRow(set *store.Settings, id int64) (coop.Rule, activity.Policy, error) {
	for _, r := range set.Rules {
		if r.ID == id && r.Kind == coop.RuleContribution {
			pol, err := activity.ReadPolicy(r.Value)
			return r, pol, err
		}
	}
	return coop.Rule{}, activity.Policy{}, errAbsent()
}

// policy is one version of a contribution policy, with what it would take of a turnover.
func (s *Server) policy(v *Visit) error {
	id, err := v.ID("id")
	if err != nil {
		return err
	}
	set, _, err := s.office.Settings(v.Ctx(), v.Actor)
	if err != nil {
		return err
	}
	r, pol, err := policyRow(set, id)
	if err != nil {
		return err
	}
	h, err := v.House()
	if err != nil {
		return err
	}
	p := v.P
	d := policyData{F: v.simulated(), Rule: r, When: v.adopted(r), Unknown: pol.Unknown, Source: pol.Source, May: v.can(access.ManageRules, 0), Margin: len(pol.Deducts) > 0}
	words := policyWords(p, pol)
	if !v.Team() { // the numbers of accounts are the team's
		plain := pol
		plain.Deducts = nil
		words = policyWords(p, plain)
	}
	d.Words = words
	for _, x := range pol.Scales {
		d.Scales = append(d.Scales, scaleTable(p, x))
	}
	for _, n := range sale.Natures() {
		d.Natures = append(d.Natures, Option{Value: n.Code, Label: p.T(n.Label)})
	}
	if v.Team() {
		for _, a := range h.activities {
			if known, _, err := policyRow(set, a.Policy); err == nil && known.Name == r.Name && a.OpenOn(v.Today()) {
				d.Used = append(d.Used, a.Name)
			}
		}
		slices.Sort(d.Used)
	}
	v.simulate(&d, pol)
	return v.Show("rules_policy", Page{Title: r.Name, Section: "rules", Team: v.Team()}, d)
}

// simulated is the small form under a policy; it changes the address.
func (v *Visit) simulated() *Form {
	f := v.NewForm()
	f.Set("amount", v.Query("amount")).Set("nature", v.Query("nature")).Set("deducted", v.Query("deducted"))
	if f.Get("amount") == "" {
		f.Set("amount", money.Cents(90_000_00))
	}
	return f
}

// simulate computes a whole year of one nature, invoiced and collected alike.
func (v *Visit) simulate(d *policyData, pol activity.Policy) {
	turnover, deducted := d.F.Cents("amount"), d.F.Cents("deducted")
	if turnover < 0 {
		d.F.Refuse("amount", "activity.policy.amount")
	}
	if !d.F.OK() {
		return
	}
	nature := d.F.Get("nature")
	if _, known := sale.NatureOf(nature); !known {
		nature = "service"
	}
	year := date.FiscalYear{Start: date.Of(v.Today().Month().Year(), 1, 1), End: date.Of(v.Today().Month().Year(), 12, 31)}
	c := pol.Due(activity.Facts{
		Year: year, Opened: date.Of(v.Today().Month().Year()-5, 1, 1), OtherMonths: 12, Deducted: deducted,
		Turnover: []activity.Turnover{{Nature: nature, Period: 12, Invoiced: turnover, Collected: turnover}},
	})
	p := v.P
	d.Sum = p.Euros(c.Due)
	d.Steps = Why{Title: p.T("rules.simulation_of", "amount", turnover), Caption: d.Rule.Name}
	for _, x := range c.Steps {
		args := x.Args
		if x.Rate != 0 {
			args = []any{"rate", p.Rate(x.Rate), "base", x.Base}
		}
		d.Steps.Rows = append(d.Steps.Rows, WhyRow{Label: p.T(x.Key, args...), Amount: x.Amount})
	}
	d.Steps.Rows = append(d.Steps.Rows, WhyRow{Kind: WhyResult, Label: p.T("rules.contribution"), Amount: c.Due})
	if c.Minimum > 0 {
		d.Steps.Foot = p.T("rules.minimum_left", "amount", c.Minimum)
	}
}

type policyForm struct {
	F        *Form
	Base     coop.Rule // the version it follows
	Models   []Link
	Bases    []Option
	Whens    []Option
	Asked    []Option
	Internal []Option
	Natures  []Option
	Scales   []scaleRows
}

type scaleRows struct {
	I    int
	At   string
	Rows []int
}

// newPolicy begins from nothing, from a version of one's own (?from=), or from the policy of a real cooperative (?model=).
func (s *Server) newPolicy(v *Visit) error {
	set, _, err := s.office.Settings(v.Ctx(), v.Actor)
	if err != nil {
		return err
	}
	pol := activity.Policy{Base: activity.Collected, When: activity.AtReceipt}
	f := v.NewForm()
	first, last := v.Today()+1, int64(0)
	if id := v.queryID("from"); id != 0 {
		var r coop.Rule
		if r, pol, err = policyRow(set, id); err != nil {
			return err
		}
		last = office.LastRule(set.Rules, r.Kind, r.Name).ID
		if y, ok := set.YearOf(v.Today()); ok {
			first = y.Span.End + 1
		}
	} else if m, ok := realPolicy(v.Query("model")); ok {
		pol = m.Policy
	}
	fillPolicy(f, pol)
	if last != 0 {
		f.Set(lastRule, last).Opened()
	}
	return s.showPolicy(v, f.Set("from", first), false)
}

func realPolicy(id string) (activity.NamedPolicy, bool) {
	for _, m := range activity.RealPolicies() {
		if m.ID == id {
			return m, true
		}
	}
	return activity.NamedPolicy{}, false
}

func fillPolicy(f *Form, pol activity.Policy) {
	f.Set("name", pol.Name).Set("base", string(pol.Base)).Set("when", string(pol.When)).Set("deducts", strings.Join(pol.Deducts, " ")).Set("minAsked", string(pol.MinAsked)).Set("internal", string(pol.Internal)).
		Set("retroactive", pol.Retroactive).Set("deposits", pol.Deposits)
	for name, c := range map[string]money.Cents{"minYear": pol.MinYear, "minYearCape": pol.MinYearCAPE, "fixedMonthly": pol.FixedMonthly} {
		if c != 0 {
			f.Set(name, c)
		}
	}
	if pol.ExemptMonths != 0 {
		f.Set("exemptMonths", pol.ExemptMonths)
	}
	f.values["exemptNatures"] = pol.ExemptNatures
	// The general scale first: it is the one every policy has.
	scales := slices.Clone(pol.Scales)
	slices.SortStableFunc(scales, func(a, b activity.Scale) int { return min(len(a.Natures), 1) - min(len(b.Natures), 1) })
	for i, x := range scales {
		f.values[fmt.Sprintf("scales[%d].natures", i)] = x.Natures
		for k, b := range x.Brackets {
			at := fmt.Sprintf("scales[%d].brackets[%d].", i, k)
			f.Set(at+"rate", b.Rate)
			if b.UpTo != 0 {
				f.Set(at+"upTo", b.UpTo)
			}
		}
	}
}

// scalesTyped is how many scales the form holds: the general one, and those for some natures of sale.
func scalesTyped(f *Form) int {
	n := 1
	for name := range f.values {
		if rest, ok := strings.CutPrefix(name, "scales["); ok {
			if index, _, ok := strings.Cut(rest, "]"); ok {
				if i, err := strconv.Atoi(index); err == nil && i < 10 {
					n = max(n, i+1)
				}
			}
		}
	}
	return n
}

func (s *Server) showPolicy(v *Visit, f *Form, again bool) error {
	set, _, err := s.office.Settings(v.Ctx(), v.Actor)
	if err != nil {
		return err
	}
	p := v.P
	d := policyForm{F: f}
	for _, x := range []activity.Internal{activity.InternalNet, activity.InternalNone, activity.InternalSales} {
		d.Internal = append(d.Internal, Option{Value: string(x), Label: p.T(internalKeys[x])})
	}
	if r, _, err := policyRow(set, v.queryID("from")); err == nil {
		d.Base = r
	} else {
		for _, m := range activity.RealPolicies() {
			d.Models = append(d.Models, Link{Label: m.Cooperative, Href: v.URL("rules", "policies", "new") + "?model=" + m.ID})
		}
	}
	for _, b := range []activity.Base{activity.Invoiced, activity.Collected, activity.GrossMarginInvoiced, activity.GrossMarginCollected} {
		d.Bases = append(d.Bases, Option{Value: string(b), Label: p.T("rules.base." + string(b))})
	}
	for _, w := range []activity.Moment{activity.AtInvoice, activity.AtReceipt, activity.Monthly} {
		d.Whens = append(d.Whens, Option{Value: string(w), Label: p.T("rules.when." + string(w))})
	}
	for _, a := range []activity.Asked{activity.MinimumShown, activity.MinimumMonthly, activity.MinimumAtYearEnd} {
		d.Asked = append(d.Asked, Option{Value: string(a), Label: p.T(askedKey(a))})
	}
	for _, n := range sale.Natures() {
		d.Natures = append(d.Natures, Option{Value: n.Code, Label: p.T(n.Label)})
	}
	for i := range max(scalesTyped(f), 2) {
		at := fmt.Sprintf("scales[%d]", i)
		spare := 1
		if len(f.Rows(at+".brackets")) == 0 {
			spare = 2
		}
		d.Scales = append(d.Scales, scaleRows{I: i, At: at, Rows: f.openRows(at+".brackets", spare)})
	}
	page := Page{Title: p.T("rules.policy_new"), Section: "rules", Team: true}
	if d.Base.ID != 0 {
		page.Title = p.T("rules.policy_version", "name", d.Base.Name)
	}
	if again {
		return v.Again("rules_policy_edit", page, d)
	}
	return v.Show("rules_policy_edit", page, d)
}

func (s *Server) policySent(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	for i := range scalesTyped(f) {
		f.pack(fmt.Sprintf("scales[%d].brackets", i), bracketFields)
	}
	if at, ok := strings.CutPrefix(f.Get("deed"), "more:"); ok {
		f.more(at)
		return s.showPolicy(v, f, false)
	}
	set, _, err := s.office.Settings(v.Ctx(), v.Actor)
	if err != nil {
		return err
	}
	pol := readPolicy(f)
	// What the source left open, and where it was read, go on with it.
	if r, old, err := policyRow(set, v.queryID("from")); err == nil {
		pol.Name, pol.Unknown, pol.Source = r.Name, old.Unknown, old.Source
	} else if m, ok := realPolicy(v.Query("model")); ok {
		pol.Source = m.Policy.Source
	} else if f.OK() {
		for _, known := range set.Rules {
			if known.Kind == coop.RuleContribution && known.Name == pol.Name && known.Decision != f.Get("decision") {
				f.Refuse("name", "rules.policy_known", "name", pol.Name)
				break
			}
		}
	}
	if err := pol.Check(); err != nil && !f.Take(err) {
		return err
	}
	r, err := office.RuleOf(coop.RuleContribution, pol.Name, f.Day("from"), pol, f.Text("decision", 250))
	if err != nil {
		return err
	}
	done, err := s.adopt(v, f, r, func(now *Form, last coop.Rule) error {
		_, pol, err := policyRow(set, last.ID)
		fillPolicy(now, pol)
		return err
	})
	if err != nil {
		return err
	}
	if !done {
		return s.showPolicy(v, f, true)
	}
	v.Say("rules.adopted", "name", pol.Name, "from", r.From)
	return v.Go(v.URL("rules") + "#policies")
}

// readPolicy reads the form. A scale without a bracket is none, except the general one, which every policy has.
func readPolicy(f *Form) activity.Policy {
	pol := activity.Policy{
		Name: f.Text("name", 120), Base: activity.Base(f.Get("base")), When: activity.Moment(f.Get("when")), Deducts: accountsTyped(f.Get("deducts")),
		MinYear: f.Cents("minYear"), MinYearCAPE: f.Cents("minYearCape"), MinAsked: activity.Asked(f.Get("minAsked")), Internal: activity.Internal(f.Get("internal")), FixedMonthly: f.Cents("fixedMonthly"),
		ExemptMonths: f.Int("exemptMonths", 0, 36), ExemptNatures: knownNatures(f.All("exemptNatures")), Retroactive: f.Bool("retroactive"), Deposits: f.Bool("deposits"),
	}
	for i := range scalesTyped(f) {
		at := fmt.Sprintf("scales[%d]", i)
		rows := f.Rows(at + ".brackets")
		if i > 0 && len(rows) == 0 {
			continue
		}
		var x activity.Scale
		if i > 0 {
			if x.Natures = knownNatures(f.All(at + ".natures")); len(x.Natures) == 0 {
				f.Refuse(at+".natures", "rules.natures_missing")
			}
		}
		for _, k := range rows {
			b := fmt.Sprintf("%s.brackets[%d].", at, k)
			if f.Get(b+"rate") == "" {
				f.Refuse(b+"rate", "web.field_needed")
			}
			x.Brackets = append(x.Brackets, activity.Bracket{Rate: f.Rate(b + "rate"), UpTo: f.Cents(b + "upTo")})
		}
		pol.Scales = append(pol.Scales, x)
	}
	return pol
}

func knownNatures(codes []string) (known []string) {
	for _, c := range codes {
		if _, ok := sale.NatureOf(c); ok && !slices.Contains(known, c) {
			known = append(known, c)
		}
	}
	return known
}
