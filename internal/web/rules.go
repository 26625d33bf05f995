package web

import (
	"cmp"
	"slices"
	"strings"

	"essaim/access"
	"essaim/activity"
	"essaim/coop"
	"essaim/date"
	"essaim/i18n"
	"essaim/internal/store"
)

// rulesPages are the cooperative's own rules, in words, each with its day and the decision that adopted it.
func (s *Server) rulesPages() {
	s.page("GET", "/{coop}/rules", access.ViewRules, s.rules)
	s.page("GET", "/{coop}/rules/identity", access.ManageCooperative, s.identity)
	s.page("POST", "/{coop}/rules/identity", access.ManageCooperative, s.identitySent)
	s.page("GET", "/{coop}/rules/new/{kind}", access.ManageRules, s.newRule)
	s.page("POST", "/{coop}/rules/new/{kind}", access.ManageRules, s.ruleSent)
	s.page("POST", "/{coop}/rules/withdraw/{id}", access.ManageRules, s.ruleWithdraw)
	s.page("GET", "/{coop}/rules/policies/{id}", access.ViewRules, s.policy)
	s.page("GET", "/{coop}/rules/policies/new", access.ManageRules, s.newPolicy)
	s.page("POST", "/{coop}/rules/policies/new", access.ManageRules, s.policySent)
}

// ruleKinds are the kinds that have one rule in force at a time, in the order they are shown.
var ruleKinds = []struct {
	kind  coop.RuleKind
	label string
	icon  string
	team  bool // speaks of accounts: for those who keep the books or the rules
}{
	{coop.RuleTrust, "rules.trust", "file-check", false},
	{coop.RuleTerms, "rules.terms", "file-invoice", false},
	{coop.RuleReminders, "rules.reminders", "bell", false},
	{coop.RuleAvailable, "rules.available", "coins", false},
	{coop.RuleVAT, "rules.vat", "receipt", false},
	{coop.RuleGates, "rules.gates", "shield-check", false},
	{coop.RuleNumbering, "rules.numbering", "list-details", false},
	{coop.RuleMentions, "rules.mentions", "file-text", false},
	{coop.RuleInternal, "rules.internal", "users-group", false},
	{coop.RulePay, "rules.pay", "cash", false},
	{coop.RuleGrid, "rules.grid", "scale", true},
	{coop.RuleYearEnd, "pay_year.title", "coins", true},
}

type rulesData struct {
	Identity []fact
	Rules    []ruleCard
	Policies List
	NoPolicy bool
	History  Table
	Admin    bool // may change the identity
	May      bool // may adopt rules
}

type fact struct{ Label, Value string }

type ruleCard struct {
	Kind, Title, Icon, When string
	Words                   []string
	Facts                   []fact
	Edit                    string // where it is changed, for who may
	Soon                    string // a version that is adopted and begins later
	Withdraw                string // where it is taken back
}

func (s *Server) rules(v *Visit) error {
	set, now, err := s.office.Settings(v.Ctx(), v.Actor)
	if err != nil {
		return err
	}
	p := v.P
	d := rulesData{Admin: v.can(access.ManageCooperative, 0), May: v.can(access.ManageRules, 0), Identity: identityFacts(p, set.Coop, v.Team())}
	for _, k := range ruleKinds {
		if k.team && !v.Team() {
			continue
		}
		card := v.ruleCard(set, now, k.kind, k.label, k.icon)
		if d.May {
			card.Edit = v.URL("rules", "new", card.Kind)
		}
		d.Rules = append(d.Rules, card)
	}
	for _, r := range policiesNow(set, v.Today()) {
		pol, err := activity.ReadPolicy(r.Value)
		if err != nil {
			return err
		}
		d.Policies.Items = append(d.Policies.Items, Item{Icon: "percentage", Name: r.Name, Href: v.URL("rules", "policies", r.ID), About: policyShort(p, pol) + ". " + v.adopted(r)})
	}
	d.NoPolicy = len(d.Policies.Items) == 0
	d.History = v.rulesHistory(set)
	late := ruleCard{Kind: string(coop.RuleLateRates), Title: p.T("late_rates.title"), Icon: "percentage", When: p.T("rules.first"), Words: lateWords(p, now.Reminders)}
	if r, ok := ruleInForce(set, coop.RuleLateRates, v.Today()); ok {
		late.When = v.adopted(r)
	}
	if v.can(access.PostEntry, 0) {
		late.Edit = v.URL("books", "late-rates")
	}
	d.Rules = append(d.Rules, late)
	return v.Show("rules", Page{Title: p.T("rules.title"), Section: "rules", Team: v.Team()}, d)
}

// identityFacts are what documents print of the cooperative; the bank is for those who work there.
func identityFacts(p i18n.Printer, c coop.Cooperative, team bool) []fact {
	siret := c.SIRET()
	if len(siret) == 14 {
		siret = siret[:3] + " " + siret[3:6] + " " + siret[6:9] + " " + siret[9:]
	}
	all := []fact{
		{p.T("rules.name"), c.Name}, {p.T("rules.legal_form"), c.LegalForm}, {p.T("rules.siret"), siret}, {p.T("rules.rcs"), c.RCS},
		{p.T("rules.vat_number"), c.VATNumber}, {p.T("rules.capital"), c.Capital},
		{p.T("rules.address"), joinWords(", ", c.Address.Line1, c.Address.Line2, joinWords(" ", c.Address.Zip, c.Address.City))},
		{p.T("rules.email"), c.Email}, {p.T("rules.phone"), c.Phone}, {p.T("rules.mediator"), c.Mediator},
	}
	if team {
		all = append(all, fact{p.T("rules.iban"), spaced(c.IBAN)}, fact{p.T("rules.bic"), c.BIC})
	}
	return slices.DeleteFunc(all, func(f fact) bool { return f.Value == "" })
}

func joinWords(between string, words ...string) string {
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), between)
}

// spaced writes an IBAN in groups of four, as cheque books do.
func spaced(iban string) string {
	var b strings.Builder
	for i, r := range iban {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// ruleInForce returns the row of a kind that holds on a day; ok is false while the cooperative has its first rules.
func ruleInForce(set *store.Settings, kind coop.RuleKind, on date.Day) (row coop.Rule, ok bool) {
	for _, r := range set.Rules {
		if r.Kind == kind && r.From <= on && (!ok || r.From > row.From || r.From == row.From && r.ID > row.ID) {
			row, ok = r, true
		}
	}
	return row, ok
}

// adopted tells since when, and by which decision.
func (v *Visit) adopted(r coop.Rule) string {
	if r.From > v.Today() {
		return v.P.T("rules.from_decision", "from", r.From, "decision", r.Decision)
	}
	return v.P.T("rules.since_decision", "from", r.From, "decision", r.Decision)
}

func (v *Visit) ruleCard(set *store.Settings, now coop.Rules, kind coop.RuleKind, label, icon string) ruleCard {
	c := ruleCard{Kind: string(kind), Title: v.P.T(label), Icon: icon, When: v.P.T("rules.first")}
	if r, ok := ruleInForce(set, kind, v.Today()); ok {
		c.When = v.adopted(r)
	}
	for _, r := range set.Rules {
		if r.Kind == kind && r.From > v.Today() {
			c.Soon, c.Withdraw = v.adopted(r), v.withdrawURL(r)
		}
	}
	switch kind {
	case coop.RuleTrust:
		c.Words = trustWords(v.P, now.Trust)
	case coop.RuleTerms:
		c.Words = termsWords(v.P, now.Terms)
	case coop.RuleReminders:
		c.Words = reminderWords(v.P, now.Reminders)
	case coop.RuleAvailable:
		c.Words = availableWords(v.P, now.Available)
	case coop.RuleVAT:
		c.Words = vatWords(v.P, now.VAT)
	case coop.RuleGates:
		c.Words = gatesWords(v.P, now.Gates)
	case coop.RuleNumbering:
		c.Words = numberingWords(v.P, now.Numbering, v.Today())
	case coop.RuleMentions:
		c.Words = mentionsWords(v.P, now.Mentions)
	case coop.RuleYearEnd:
		c.Words = yearWords(v.P, now.YearEnd)
	case coop.RulePay:
		c.Words = payWords(v.P, now.Pay)
	case coop.RuleInternal:
		c.Words = []string{v.P.T("rules.internal_never")}
		if now.Internal.SilentDays > 0 {
			c.Words = []string{v.P.T("rules.internal_silent", "n", now.Internal.SilentDays, "amount", now.Internal.SilentUpTo)}
		}
	case coop.RuleGrid:
		for _, g := range gridFields {
			c.Facts = append(c.Facts, fact{v.P.T(g.label), prefixText(*g.of(&now.Grid))})
		}
	}
	return c
}

func trustWords(p i18n.Printer, t coop.Trust) []string {
	words := []string{p.T("rules.trust_first", "n", t.FirstInvoices), p.T("rules.trust_alone", "amount", t.AloneUpTo)}
	add := func(on bool, yes, no string) {
		if on {
			words = append(words, p.T(yes))
		} else if no != "" {
			words = append(words, p.T(no))
		}
	}
	add(t.AllUnderCAPE, "rules.trust_cape", "rules.trust_cape_no")
	add(t.KnownCustomers, "rules.trust_known", "rules.trust_known_no")
	add(t.AlwaysExempt, "rules.trust_exempt", "")
	add(t.AlwaysForeign, "rules.trust_foreign", "")
	words = append(words, p.T("rules.trust_credit", "amount", t.CreditAbove))
	add(t.Quotes, "rules.trust_quotes", "rules.trust_quotes_no")
	if t.SamplePercent > 0 {
		words = append(words, p.T("rules.trust_sample", "n", t.SamplePercent))
	}
	return append(words, p.T("rules.trust_answer", "n", t.AnswerWorkDays))
}

func termsWords(p i18n.Printer, t coop.Terms) []string {
	words := append(delayRuleWords(p, t), p.T("rules.terms_quote", "n", t.QuoteDays))
	if t.Discount != "" {
		words = append(words, t.Discount+".")
	}
	if d, err := date.Parse(t.IssuingDuty); err == nil {
		words = append(words, p.T("rules.terms_duty", "day", d))
	}
	if t.Insurance != "" {
		words = append(words, p.T("rules.terms_insurance", "text", t.Insurance))
	}
	return words
}

func availableWords(p i18n.Printer, a coop.Available) []string {
	var on, off []string
	for _, f := range availableFields {
		word := p.T(f.label)
		if *f.of(&a) {
			on = append(on, lowerFirst(word))
		} else {
			off = append(off, lowerFirst(word))
		}
	}
	words := []string{p.T("rules.available_on", "list", strings.Join(on, ", "))}
	if len(on) == 0 {
		words[0] = p.T("rules.available_all_off")
	}
	if len(off) > 0 {
		words = append(words, p.T("rules.available_off", "list", strings.Join(off, ", ")))
	}
	if a.FixedPay {
		words = append(words, p.T("rules.available_horizon", "n", a.HorizonMonth))
	}
	return words
}

// lowerFirst puts a label in the middle of a sentence; a word in capitals stays.
func lowerFirst(s string) string {
	r := []rune(s)
	if len(r) > 1 && strings.ToUpper(string(r[1])) != string(r[1]) {
		return strings.ToLower(string(r[0])) + string(r[1:])
	}
	return s
}

func vatWords(p i18n.Printer, t coop.VAT) []string {
	words := []string{p.T("rules.vat_receipts")}
	if t.OnDebits {
		words[0] = p.T("rules.vat_debits")
	}
	if t.TrainingNumber == "" {
		return append(words, p.T("rules.vat_no_training"))
	}
	return append(words, p.T("rules.vat_training", "number", t.TrainingNumber, "from", t.TrainingFrom))
}

func prefixText(p coop.Prefixes) string {
	var s strings.Builder
	s.WriteString(strings.Join(p.In, " "))
	for _, o := range p.Out {
		s.WriteString(" −" + o)
	}
	return s.String()
}

// policiesNow are the contribution policies by name, each as the version in force, or the first to come.
func policiesNow(set *store.Settings, on date.Day) []coop.Rule {
	best := map[string]coop.Rule{}
	for _, r := range set.Rules {
		if r.Kind != coop.RuleContribution {
			continue
		}
		b, ok := best[r.Name]
		switch {
		case !ok:
		case r.From <= on && (b.From > on || r.From > b.From || r.From == b.From && r.ID > b.ID):
		case r.From > on && b.From > on && r.From < b.From:
		default:
			continue
		}
		best[r.Name] = r
	}
	var all []coop.Rule
	for _, r := range best {
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b coop.Rule) int { return strings.Compare(store.Normal(a.Name), store.Normal(b.Name)) })
	return all
}

// rulesHistory lists everything that was ever adopted, the latest first.
func (v *Visit) rulesHistory(set *store.Settings) Table {
	p := v.P
	t := Table{Caption: p.T("rules.history"), Cols: []Col{{Label: p.T("rules.what")}, {Label: p.T("rules.from")}, {Label: p.T("rules.decision")}, {Label: p.T("rules.state")}}}
	rows := slices.Clone(set.Rules)
	slices.SortFunc(rows, func(a, b coop.Rule) int { return cmp.Or(cmp.Compare(b.From, a.From), cmp.Compare(b.ID, a.ID)) })
	current := map[int64]bool{}
	for _, k := range ruleKinds {
		if r, ok := ruleInForce(set, k.kind, v.Today()); ok {
			current[r.ID] = true
		}
	}
	for _, r := range set.Rules { // each half-year has its own
		if r.Kind == coop.RuleLateRates && r.From <= v.Today() && !slices.ContainsFunc(set.Rules, func(x coop.Rule) bool { return x.Kind == r.Kind && x.From == r.From && x.ID > r.ID }) {
			current[r.ID] = true
		}
	}
	for _, r := range policiesNow(set, v.Today()) {
		current[r.ID] = r.From <= v.Today()
	}
	for _, r := range rows {
		name, href := "", ""
		for _, k := range ruleKinds {
			if k.kind == r.Kind {
				name = p.T(k.label)
			}
			if k.kind == r.Kind && k.team && !v.Team() {
				name = ""
			}
		}
		if r.Kind == coop.RuleLateRates {
			name = p.T("late_rates.title") + ", " + halfOf(p, r.From)
		}
		if r.Kind == coop.RuleContribution {
			name, href = p.T("rules.policy_name", "name", r.Name), v.URL("rules", "policies", r.ID)
		}
		if name == "" {
			continue
		}
		state := Status{Text: p.T("rules.replaced")}
		switch {
		case current[r.ID]:
			state = Status{Tone: ToneOK, Text: p.T("rules.in_force")}
		case r.From > v.Today():
			state = Status{Tone: ToneWait, Icon: "clock", Text: p.T("people.to_come")}
		}
		last := cellStatus(state)
		if to := v.withdrawURL(r); to != "" {
			last = cellHTML(new(markup).raw(`<span class="acts">`).put(state.HTML()).deed(to, p.T("rules.withdraw"), "b sm").raw("</span>").html())
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{cellLink0(name, href), cellDay(r.From), cellText(r.Decision), last}})
	}
	return t
}

// withdrawURL is where a rule that has not begun is taken back, for who may.
func (v *Visit) withdrawURL(r coop.Rule) string {
	if r.From <= v.Today() || !v.can(access.ManageRules, 0) {
		return ""
	}
	return v.URL("rules", "withdraw", r.ID)
}

func (s *Server) ruleWithdraw(v *Visit) error {
	id, _, err := v.deed()
	if err != nil {
		return err
	}
	if err := s.office.WithdrawRule(v.Ctx(), v.Actor, id); err != nil {
		return err
	}
	v.Say("rules.withdrawn")
	return v.Go(v.URL("rules"))
}

// cellLink0 is a text that leads somewhere when there is somewhere to go.
func cellLink0(s, href string) Cell {
	if href == "" {
		return cellText(s)
	}
	return cellLink(s, href)
}
