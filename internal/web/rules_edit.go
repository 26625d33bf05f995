package web

import (
	"strconv"
	"strings"

	"essaim/access"
	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/i18n"
	"essaim/internal/office"
	"essaim/internal/store"
)

// gridFields are the groups of accounts of the treasury grid.
var gridFields = []struct {
	name, label string
	of          func(*coop.Grid) *coop.Prefixes
}{
	{"cash", "rules.grid_cash", func(g *coop.Grid) *coop.Prefixes { return &g.Cash }},
	{"taxes", "rules.grid_taxes", func(g *coop.Grid) *coop.Prefixes { return &g.Taxes }},
	{"suppliers", "rules.grid_suppliers", func(g *coop.Grid) *coop.Prefixes { return &g.Suppliers }},
	{"salaries", "rules.grid_salaries", func(g *coop.Grid) *coop.Prefixes { return &g.Salaries }},
	{"expenses", "rules.grid_expenses", func(g *coop.Grid) *coop.Prefixes { return &g.Expenses }},
	{"customers", "rules.grid_customers", func(g *coop.Grid) *coop.Prefixes { return &g.Customers }},
	{"sales", "rules.grid_sales", func(g *coop.Grid) *coop.Prefixes { return &g.Sales }},
	{"purchases", "rules.grid_purchases", func(g *coop.Grid) *coop.Prefixes { return &g.Purchases }},
	{"charges", "rules.grid_charges", func(g *coop.Grid) *coop.Prefixes { return &g.Charges }},
	{"pay", "rules.grid_pay", func(g *coop.Grid) *coop.Prefixes { return &g.Pay }},
	{"internal", "rules.grid_internal", func(g *coop.Grid) *coop.Prefixes { return &g.Internal }},
}

// availableFields are the lines of « disponible » that a cooperative may switch.
var availableFields = []struct {
	name, label string
	of          func(*coop.Available) *bool
}{
	{"vat", "rules.av_vat", func(a *coop.Available) *bool { return &a.VAT }},
	{"contribution", "rules.av_contribution", func(a *coop.Available) *bool { return &a.Contribution }},
	{"minimum", "rules.av_minimum", func(a *coop.Available) *bool { return &a.Minimum }},
	{"suppliers", "rules.av_suppliers", func(a *coop.Available) *bool { return &a.Suppliers }},
	{"expenses", "rules.av_expenses", func(a *coop.Available) *bool { return &a.Expenses }},
	{"social", "rules.av_social", func(a *coop.Available) *bool { return &a.Social }},
	{"fixedPay", "rules.av_fixed", func(a *coop.Available) *bool { return &a.FixedPay }},
	{"deposits", "rules.av_deposits", func(a *coop.Available) *bool { return &a.Deposits }},
	{"reserve", "rules.av_reserve", func(a *coop.Available) *bool { return &a.Reserve }},
	{"pot", "rules.av_pot", func(a *coop.Available) *bool { return &a.Pot }},
}

// trustSwitches are the yes and no of the trust rules.
var trustSwitches = []struct {
	name, label string
	of          func(*coop.Trust) *bool
}{
	{"allUnderCape", "rules.tr_cape", func(t *coop.Trust) *bool { return &t.AllUnderCAPE }},
	{"knownCustomers", "rules.tr_known", func(t *coop.Trust) *bool { return &t.KnownCustomers }},
	{"alwaysExempt", "rules.tr_exempt", func(t *coop.Trust) *bool { return &t.AlwaysExempt }},
	{"alwaysForeign", "rules.tr_foreign", func(t *coop.Trust) *bool { return &t.AlwaysForeign }},
	{"quotes", "rules.tr_quotes", func(t *coop.Trust) *bool { return &t.Quotes }},
}

type ruleForm struct {
	Levels   *reminderForm
	Pay      *payRuleForm
	F        *Form
	Kind     string
	Title    string
	Switches []Option
	Groups   []Option
	Accounts []Option // of the year end
	// ProfitAccounts are those of its agreement on profit-sharing.
	ProfitAccounts []Option
	Gates          []Option // controls before submission
	Choices        []Option // what each may do
	Series         []Option // kinds of document that are numbered
	Resets         []Option
	SeriesHint     string   // what their templates hold
	Texts          []Option // natures that a text may be written for
	Now            string   // the version it replaces
}

func ruleLabel(kind string) (string, bool) {
	for _, k := range ruleKinds {
		if string(k.kind) == kind {
			return k.label, true
		}
	}
	return "", false
}

// newRule begins a version from the one in force: what one does not touch stays.
func (s *Server) newRule(v *Visit) error {
	set, now, err := s.office.Settings(v.Ctx(), v.Actor)
	if err != nil {
		return err
	}
	f, kind := v.NewForm(), coop.RuleKind(v.PathValue("kind"))
	fillRule(f, kind, now)
	f.Set(lastRule, office.LastRule(set.Rules, kind, "").ID).Opened().Set("from", v.Today()+1)
	return s.showRule(v, f, false)
}

// lastRule is, among what a form was filled with, the version of the rule that was adopted last: another one may begin on
// a later day than the one in force, which the fields show.
const lastRule = "version"

// sinceRule compares a form of a rule with the version adopted last, and returns its id: whoever began before it was
// adopted has not seen it. fill fills a form with a version.
func (v *Visit) sinceRule(f *Form, set *store.Settings, r coop.Rule, fill func(*Form, coop.Rule) error) (int64, error) {
	last := office.LastRule(set.Rules, r.Kind, r.Name)
	was := f.opened()[lastRule]
	if last.ID == 0 || len(was) == 1 && was[0] == strconv.FormatInt(last.ID, 10) {
		return last.ID, nil
	}
	now := v.NewForm()
	if err := fill(now, last); err != nil {
		return 0, err
	}
	now.Set(lastRule, last.ID)
	f.Label(lastRule, v.P.T("rules.decision"))
	groups := map[string]string{"scales": v.P.T("rules.scale"), "levels": v.P.T("rules.rm_levels"), "added": v.P.T("rules.pay_added")}
	if err := v.since(f, now, groups, access.ManageRules, access.Subject{}, thingOf("rule", last.ID), "rule.save"); err != nil {
		return 0, err
	}
	for _, known := range set.Rules {
		if known.Kind == r.Kind {
			f.worded(lastRule, strconv.FormatInt(known.ID, 10), v.adopted(known))
		}
	}
	for i := range f.changes {
		if f.changes[i].name == lastRule { // nobody types it
			f.changes[i].kept = false
		}
	}
	return last.ID, nil
}

func fillRule(f *Form, kind coop.RuleKind, now coop.Rules) {
	fillSaleRule(f, kind, now)
	switch kind {
	case coop.RuleTrust:
		t := now.Trust
		f.Set("firstInvoices", t.FirstInvoices).Set("aloneUpTo", t.AloneUpTo).Set("creditAbove", t.CreditAbove).Set("answerWorkDays", t.AnswerWorkDays).Set("samplePercent", t.SamplePercent)
		for _, x := range trustSwitches {
			f.Set(x.name, *x.of(&t))
		}
	case coop.RuleTerms:
		t := now.Terms
		f.setDelay("dueDays", t.Delay().Code()).setDelay("consumers", t.Consumers).Set("quoteDays", t.QuoteDays).Set("discount", t.Discount).Set("insurance", t.Insurance).Set("centsUpTo", t.CentsUpTo)
		if d, err := date.Parse(t.IssuingDuty); err == nil {
			f.Set("issuingDuty", d)
		}
	case coop.RuleReminders:
		fillReminders(f, now.Reminders)
	case coop.RuleAvailable:
		for _, x := range availableFields {
			f.Set(x.name, *x.of(&now.Available))
		}
		f.Set("horizonMonths", now.Available.HorizonMonth)
	case coop.RuleVAT:
		f.Set("onDebits", now.VAT.OnDebits).Set("trainingNumber", now.VAT.TrainingNumber)
		if now.VAT.TrainingFrom != 0 {
			f.Set("trainingFrom", now.VAT.TrainingFrom)
		}
	case coop.RulePay:
		fillPay(f, now.Pay)
	case coop.RuleInternal:
		f.Set("silentDays", now.Internal.SilentDays).Set("silentUpTo", now.Internal.SilentUpTo)
	case coop.RuleYearEnd:
		fillYearRule(f, now.YearEnd)
	case coop.RuleGrid:
		for _, x := range gridFields {
			p := *x.of(&now.Grid)
			f.Set(x.name, strings.Join(p.In, " ")).Set(x.name+"Out", strings.Join(p.Out, " "))
		}
	}
}

// readRule reads the form into the value of a rule.
func readRule(f *Form, kind coop.RuleKind) any {
	if saleRule(kind) {
		return readSaleRule(f, kind)
	}
	switch kind {
	case coop.RuleTrust:
		t := coop.Trust{FirstInvoices: f.Int("firstInvoices", 0, 1000), AloneUpTo: f.Cents("aloneUpTo"), CreditAbove: f.Cents("creditAbove"), AnswerWorkDays: f.Int("answerWorkDays", 0, 60), SamplePercent: f.Int("samplePercent", 0, 100)}
		for _, x := range trustSwitches {
			*x.of(&t) = f.Bool(x.name)
		}
		return t
	case coop.RuleTerms:
		due := f.Delay("dueDays")
		t := coop.Terms{DueDays: due.Days, DueMonth: due.Month, DueDay: due.Day, Consumers: f.DelayCode("consumers"), QuoteDays: f.Int("quoteDays", 1, 365), Discount: f.Text("discount", 250), Insurance: f.Text("insurance", 250), CentsUpTo: f.Cents("centsUpTo")}
		if d := f.Day("issuingDuty"); d != 0 {
			t.IssuingDuty = d.String()
		}
		return t
	case coop.RuleReminders:
		return readReminders(f)
	case coop.RuleAvailable:
		a := coop.Available{HorizonMonth: f.Int("horizonMonths", 0, 12)}
		for _, x := range availableFields {
			*x.of(&a) = f.Bool(x.name)
		}
		return a
	case coop.RuleVAT:
		return coop.VAT{OnDebits: f.Bool("onDebits"), TrainingNumber: f.Text("trainingNumber", 60), TrainingFrom: f.Day("trainingFrom")}
	case coop.RulePay:
		return readPay(f)
	case coop.RuleInternal:
		return coop.Internal{SilentDays: f.Int("silentDays", 0, 90), SilentUpTo: f.Cents("silentUpTo")}
	case coop.RuleYearEnd:
		return readYearRule(f)
	default:
		var g coop.Grid
		for _, x := range gridFields {
			*x.of(&g) = coop.Prefixes{In: accountsTyped(f.Get(x.name)), Out: accountsTyped(f.Get(x.name + "Out"))}
		}
		return g
	}
}

// accountsTyped reads « 60, 611 » or « 60 611 ».
func accountsTyped(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' || r == ';' || r == '\u00a0' || r == '\u202f' })
}

func (s *Server) showRule(v *Visit, f *Form, again bool) error {
	kind := v.PathValue("kind")
	label, ok := ruleLabel(kind)
	if !ok {
		return errAbsent()
	}
	set, _, err := s.office.Settings(v.Ctx(), v.Actor)
	if err != nil {
		return err
	}
	p := v.P
	d := ruleForm{F: f, Kind: kind, Title: p.T(label), Now: p.T("rules.first")}
	if r, ok := ruleInForce(set, coop.RuleKind(kind), v.Today()); ok {
		d.Now = v.adopted(r)
	}
	if coop.RuleKind(kind) == coop.RuleReminders {
		d.Levels = v.reminderForm(f)
	}
	if coop.RuleKind(kind) == coop.RulePay {
		d.Pay = v.payRuleForm(f)
	}
	d.Switches, d.Groups = ruleParts(p, coop.RuleKind(kind))
	switch coop.RuleKind(kind) {
	case coop.RuleGates:
		d.Gates, d.Choices = gateOptions(p), gateChoices(p)
	case coop.RuleNumbering:
		d.Series, d.Resets, d.SeriesHint = seriesOptions(p), resetOptions(p), seriesHint(p)
	case coop.RuleMentions:
		d.Texts = ruleTexts(p)
	case coop.RuleYearEnd:
		for _, x := range yearAccounts {
			d.Accounts = append(d.Accounts, Option{Value: x.name, Label: p.T(x.label)})
		}
		for _, x := range profitAccounts {
			d.ProfitAccounts = append(d.ProfitAccounts, Option{Value: x.name, Label: p.T(x.label)})
		}
	}
	page := Page{Title: p.T("rules.change", "name", d.Title), Section: "rules", Team: true}
	if again {
		return v.Again("rules_edit", page, d)
	}
	return v.Show("rules_edit", page, d)
}

// ruleParts are the switches and the groups of accounts of a kind, by field and label.
func ruleParts(p i18n.Printer, kind coop.RuleKind) (switches, groups []Option) {
	switch kind {
	case coop.RuleTrust:
		for _, x := range trustSwitches {
			switches = append(switches, Option{Value: x.name, Label: p.T(x.label)})
		}
	case coop.RuleAvailable:
		for _, x := range availableFields {
			switches = append(switches, Option{Value: x.name, Label: p.T(x.label)})
		}
	case coop.RuleYearEnd:
		for _, x := range yearSwitches {
			switches = append(switches, Option{Value: x.name, Label: p.T(x.label)})
		}
	case coop.RuleGrid:
		for _, x := range gridFields {
			groups = append(groups, Option{Value: x.name, Label: p.T(x.label)})
		}
	}
	return switches, groups
}

func (s *Server) ruleSent(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	kind := v.PathValue("kind")
	label, ok := ruleLabel(kind)
	if !ok {
		return errAbsent()
	}
	if group, ok := strings.CutPrefix(f.Get("deed"), "more:"); ok && (group == "levels" || group == "added") {
		f.more(group)
		return s.showRule(v, f, false)
	}
	r, err := office.RuleOf(coop.RuleKind(kind), "", f.Day("from"), readRule(f, coop.RuleKind(kind)), f.Text("decision", 250))
	if err != nil {
		return err
	}
	done, err := s.adopt(v, f, r, func(now *Form, last coop.Rule) error {
		rules, err := coop.ParseRules([]coop.Rule{last}, last.From)
		fillRule(now, last.Kind, rules)
		return err
	})
	if err != nil {
		return err
	}
	if !done {
		return s.showRule(v, f, true)
	}
	v.Say("rules.adopted", "name", v.P.T(label), "from", r.From)
	return v.Go(v.URL("rules"))
}

// adopt saves a version of a rule; false when the form is to be shown again. The same version sent twice is one.
func (s *Server) adopt(v *Visit, f *Form, r coop.Rule, fill func(*Form, coop.Rule) error) (bool, error) {
	set, _, err := s.office.Settings(v.Ctx(), v.Actor)
	if err != nil {
		return false, err
	}
	if f.OK() && hasRule(set, r) {
		return true, nil
	}
	last, err := v.sinceRule(f, set, r, fill)
	if err != nil {
		return false, err
	}
	if err := r.Check(); err != nil && f.OK() && !f.takeRule(err) {
		return false, err
	}
	if !f.OK() {
		return false, nil
	}
	if _, err = s.office.ChangeRule(v.Ctx(), v.Actor, last, r); office.Changed(err) {
		return s.adopt(v, f, r, fill)
	} else if err != nil && !f.takeRule(err) {
		return false, err
	}
	return err == nil, nil
}

func hasRule(set *store.Settings, r coop.Rule) bool {
	for _, x := range set.Rules {
		if x.ID = 0; x == r {
			return true
		}
	}
	return false
}

// takeRule notes the refusals of a rule beside the fields of its form: the room names them within the value.
func (f *Form) takeRule(err error) bool {
	n := len(f.refused)
	if !f.Take(err) {
		return false
	}
	for i, e := range f.refused[n:] {
		own := *e
		own.Field = strings.TrimPrefix(e.Field, "value.")
		f.refused[n+i] = &own
	}
	return true
}

type identityData struct{ F *Form }

// identityFields are the texts of the cooperative's identity, by the name of their field.
var identityFields = []struct {
	name string
	of   func(*coop.Cooperative) *string
}{
	{"name", func(c *coop.Cooperative) *string { return &c.Name }},
	{"legalForm", func(c *coop.Cooperative) *string { return &c.LegalForm }},
	{"siren", func(c *coop.Cooperative) *string { return &c.SIREN }},
	{"nic", func(c *coop.Cooperative) *string { return &c.NIC }},
	{"rcs", func(c *coop.Cooperative) *string { return &c.RCS }},
	{"vatNumber", func(c *coop.Cooperative) *string { return &c.VATNumber }},
	{"capital", func(c *coop.Cooperative) *string { return &c.Capital }},
	{"address.line1", func(c *coop.Cooperative) *string { return &c.Address.Line1 }},
	{"address.line2", func(c *coop.Cooperative) *string { return &c.Address.Line2 }},
	{"address.zip", func(c *coop.Cooperative) *string { return &c.Address.Zip }},
	{"address.city", func(c *coop.Cooperative) *string { return &c.Address.City }},
	{"email", func(c *coop.Cooperative) *string { return &c.Email }},
	{"phone", func(c *coop.Cooperative) *string { return &c.Phone }},
	{"iban", func(c *coop.Cooperative) *string { return &c.IBAN }},
	{"bic", func(c *coop.Cooperative) *string { return &c.BIC }},
	{"mediator", func(c *coop.Cooperative) *string { return &c.Mediator }},
}

func (s *Server) identity(v *Visit) error {
	set, _, err := s.office.Settings(v.Ctx(), v.Actor)
	if err != nil {
		return err
	}
	return v.Show("rules_identity", identityPage(v), identityData{fillIdentity(v.NewForm(), set.Coop).Opened()})
}

func fillIdentity(f *Form, c coop.Cooperative) *Form {
	for _, x := range identityFields {
		f.Set(x.name, *x.of(&c))
	}
	return f.Set("iban", spaced(c.IBAN))
}

func identityPage(v *Visit) Page {
	return Page{Title: v.P.T("rules.identity"), Section: "rules", Team: true}
}

func (s *Server) identitySent(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	set, _, err := s.office.Settings(v.Ctx(), v.Actor)
	if err != nil {
		return err
	}
	if err := v.since(f, fillIdentity(v.NewForm(), set.Coop), nil, access.ManageCooperative, access.Subject{}, office.TheCooperative, "cooperative.save"); err != nil {
		return err
	}
	c := set.Coop
	for _, x := range identityFields {
		*x.of(&c) = f.Text(x.name, coop.MaxText)
	}
	c.SIREN, c.NIC = coop.Digits(c.SIREN), coop.Digits(c.NIC)
	for _, code := range []*string{&c.IBAN, &c.BIC, &c.VATNumber} { // typed in groups, kept without
		*code = strings.ToUpper(strings.Join(accountsTyped(*code), ""))
	}
	if f.OK() {
		err := s.office.ChangeCooperative(v.Ctx(), v.Actor, set.Coop, c)
		if office.Changed(err) {
			return s.identitySent(v)
		}
		if err == nil {
			v.Say("rules.identity_saved")
			return v.Go(v.URL("rules"))
		}
		if fault.KindOf(err) != fault.Invalid || !f.Take(err) {
			return err
		}
	}
	return v.Again("rules_identity", identityPage(v), identityData{f})
}
