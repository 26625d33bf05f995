package coop

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"essaim/date"
	"essaim/fault"
)

// ParseRules returns the rules in force on a day: for each kind the row with the latest From on or before it wins over
// [Default]; of two with the same day, the one written last. Fields that a row does not name keep their default.
// Contribution policies are left to package activity. An error is a row that cannot be read: a defect, not a refusal.
func ParseRules(rows []Rule, on date.Day) (Rules, error) {
	r := Default()
	into := map[RuleKind]any{RuleTrust: &r.Trust, RuleTerms: &r.Terms, RuleGrid: &r.Grid, RuleAvailable: &r.Available, RuleVAT: &r.VAT, RuleReminders: &r.Reminders, RuleGates: &r.Gates, RuleNumbering: &r.Numbering, RuleMentions: &r.Mentions, RuleInternal: &r.Internal, RulePay: &r.Pay, RuleYearEnd: &r.YearEnd}
	best := map[RuleKind]Rule{}
	for _, row := range rows {
		if _, ours := into[row.Kind]; !ours || row.From > on {
			continue
		}
		if b, ok := best[row.Kind]; !ok || row.From > b.From || row.From == b.From && row.ID > b.ID {
			best[row.Kind] = row
		}
	}
	for kind, row := range best {
		if err := json.Unmarshal([]byte(row.Value), into[kind]); err != nil {
			return Rules{}, fmt.Errorf("rule %d (%s, from %s): %w", row.ID, kind, row.From, err)
		}
	}
	var err error
	r.Reminders.Known, err = lateHalves(rows)
	return r, err
}

// Check tells what is wrong with a rule before it is saved: its day, the decision that adopted it, and its value, read
// strictly (a field that does not exist is a refusal). A contribution policy is checked further by package activity.
func (r Rule) Check() error {
	var errs []error
	if r.From == 0 {
		errs = append(errs, fault.At("from", "coop.rule_from"))
	}
	if strings.TrimSpace(r.Decision) == "" {
		errs = append(errs, fault.At("decision", "coop.rule_decision"))
	}
	errs = append(errs, CheckText("decision", r.Decision), CheckText("name", r.Name))
	d := Default()
	switch r.Kind {
	case RuleTrust:
		errs = append(errs, value(r.Value, &d.Trust, d.Trust.check))
	case RuleTerms:
		errs = append(errs, value(r.Value, &d.Terms, d.Terms.check))
	case RuleGrid:
		errs = append(errs, value(r.Value, &d.Grid, d.Grid.check))
	case RuleAvailable:
		errs = append(errs, value(r.Value, &d.Available, d.Available.check))
	case RuleVAT:
		errs = append(errs, value(r.Value, &d.VAT, d.VAT.check))
	case RuleGates:
		errs = append(errs, value(r.Value, &d.Gates, d.Gates.check))
	case RuleNumbering:
		errs = append(errs, value(r.Value, &d.Numbering, d.Numbering.check))
	case RuleMentions:
		errs = append(errs, value(r.Value, &d.Mentions, d.Mentions.check))
	case RuleInternal:
		errs = append(errs, value(r.Value, &d.Internal, d.Internal.check))
	case RulePay:
		errs = append(errs, value(r.Value, &d.Pay, d.Pay.check))
	case RuleYearEnd:
		errs = append(errs, value(r.Value, &d.YearEnd, d.YearEnd.check))
	case RuleReminders:
		errs = append(errs, value(r.Value, &d.Reminders, d.Reminders.check))
	case RuleLateRates:
		var l LateRates
		errs = append(errs, checkHalf(r.From), value(r.Value, &l, l.check))
	case RuleContribution:
		if strings.TrimSpace(r.Name) == "" {
			errs = append(errs, fault.At("name", "coop.rule_name"))
		}
	default:
		errs = append(errs, fault.At("kind", "coop.rule_kind", "kind", string(r.Kind)))
	}
	return errors.Join(errs...)
}

// value reads text strictly into one of the structs above and checks it.
func value(text string, into any, check func() error) error {
	dec := json.NewDecoder(strings.NewReader(text))
	dec.DisallowUnknownFields()
	err := dec.Decode(into)
	if err == nil && dec.More() {
		err = errors.New("more than one value")
	}
	if err != nil {
		return fault.At("value", "coop.rule_value").Wrap(err)
	}
	return fault.Prefix("value", check())
}

func (t *Trust) check() error {
	var errs []error
	for _, f := range []struct {
		field    string
		v        int64
		min, max int64
	}{
		{"firstInvoices", int64(t.FirstInvoices), 0, 1000},
		{"answerWorkDays", int64(t.AnswerWorkDays), 0, 60},
		{"samplePercent", int64(t.SamplePercent), 0, 100},
	} {
		if f.v < f.min || f.v > f.max {
			errs = append(errs, fault.At(f.field, "coop.rule_range", "min", f.min, "max", f.max))
		}
	}
	if t.AloneUpTo < 0 {
		errs = append(errs, fault.At("aloneUpTo", "coop.rule_negative"))
	}
	if t.CreditAbove < 0 {
		errs = append(errs, fault.At("creditAbove", "coop.rule_negative"))
	}
	return errors.Join(errs...)
}

func (t *Terms) check() error {
	var errs []error
	errs = append(errs, t.checkDelays())
	if t.QuoteDays < 1 || t.QuoteDays > 365 {
		errs = append(errs, fault.At("quoteDays", "coop.rule_range", "min", 1, "max", 365))
	}
	if strings.TrimSpace(t.Discount) == "" {
		errs = append(errs, fault.At("discount", "coop.discount_missing"))
	}
	if t.CentsUpTo < 0 || t.CentsUpTo > 10_00 {
		errs = append(errs, fault.At("centsUpTo", "coop.rule_range", "min", 0, "max", 10))
	}
	if t.IssuingDuty != "" {
		if _, err := date.Parse(t.IssuingDuty); err != nil {
			errs = append(errs, fault.At("issuingDuty", "coop.rule_day"))
		}
	}
	return errors.Join(errs...)
}

func (a *Available) check() error {
	if a.HorizonMonth < 0 || a.HorizonMonth > 12 {
		return fault.At("horizonMonths", "coop.rule_range", "min", 0, "max", 12)
	}
	return nil
}

func (i *Internal) check() error {
	if i.SilentDays < 0 || i.SilentDays > 90 {
		return fault.At("silentDays", "coop.rule_range", "min", 0, "max", 90)
	}
	if i.SilentUpTo < 0 {
		return fault.At("silentUpTo", "coop.rule_negative")
	}
	return nil
}

func (v *VAT) check() error {
	if v.TrainingNumber != "" && v.TrainingFrom == 0 {
		return fault.At("trainingFrom", "coop.training_from")
	}
	return nil
}

// groups names the groups of the grid that may not share an account: those of the treasury, and those of the result.
func (g *Grid) groups() [2][]group {
	return [2][]group{
		{{"cash", g.Cash}, {"taxes", g.Taxes}, {"suppliers", g.Suppliers}, {"salaries", g.Salaries}, {"expenses", g.Expenses}, {"customers", g.Customers}},
		{{"sales", g.Sales}, {"purchases", g.Purchases}, {"charges", g.Charges}, {"pay", g.Pay}, {"internal", g.Internal}},
	}
}

type group struct {
	name string
	p    Prefixes
}

// check refuses a grid whose prefixes are no account numbers, or where an account would count twice. Two groups share an
// account exactly when one of their prefixes is selected by both, so that trying the prefixes is enough.
func (g *Grid) check() error {
	var errs []error
	for _, kind := range g.groups() {
		for i, a := range kind {
			if len(a.p.In) == 0 {
				errs = append(errs, fault.At(a.name, "coop.grid_empty"))
			}
			for _, s := range append(append([]string(nil), a.p.In...), a.p.Out...) {
				if !digits(s) || len(s) > 12 {
					errs = append(errs, fault.At(a.name, "coop.grid_prefix", "prefix", s))
				}
			}
			for _, b := range kind[i+1:] {
				for _, s := range append(append([]string(nil), a.p.In...), b.p.In...) {
					if a.p.Match(s) && b.p.Match(s) {
						errs = append(errs, fault.At(b.name, "coop.grid_twice", "prefix", s))
						break
					}
				}
			}
		}
	}
	return errors.Join(errs...)
}
