package web

import (
	"fmt"
	"strconv"
	"strings"

	"essaim/coop"
	"essaim/date"
	"essaim/i18n"
	"essaim/money"
)

// The rule of pay: how the cooperative pays, what its establishment owes, the cover of everybody, the month, and what it
// adds to the cost.

// payAddedFields are the fields of one thing that the cooperative adds to the cost.
var payAddedFields = []string{"label", "rate", "amount"}

// payRates are the rates of the rule, by field, in the order of the form.
var payRates = []struct {
	name, label string
	of          func(*coop.Pay) *money.Rate
}{
	{"accident", "rules.pay_accident", func(r *coop.Pay) *money.Rate { return &r.Accident }},
	{"mobility", "rules.pay_mobility", func(r *coop.Pay) *money.Rate { return &r.Mobility }},
	{"mobilityExtra", "rules.pay_mobility_extra", func(r *coop.Pay) *money.Rate { return &r.MobilityExtra }},
	{"mobilityRegion", "rules.pay_mobility_region", func(r *coop.Pay) *money.Rate { return &r.MobilityRegion }},
	{"apprentices", "rules.pay_apprentices", func(r *coop.Pay) *money.Rate { return &r.Apprentices }},
	{"healthEmployer", "rules.pay_health_employer", func(r *coop.Pay) *money.Rate { return &r.HealthEmployer }},
	{"providentEmployer", "rules.pay_provident_employer", func(r *coop.Pay) *money.Rate { return &r.ProvidentEmployer }},
	{"providentEmployee", "rules.pay_provident_employee", func(r *coop.Pay) *money.Rate { return &r.ProvidentEmployee }},
	{"leaveFundRate", "rules.pay_leave_fund_rate", func(r *coop.Pay) *money.Rate { return &r.LeaveFundRate }},
	{"wageTax", "rules.pay_wage_tax", func(r *coop.Pay) *money.Rate { return &r.WageTax }},
}

// payMappings are the tables that speak to a payroll software, each under its own name.
var payMappings = []Option{{Value: "silae", Label: "Silae"}, {Value: "csv", Label: "CSV"}}

func fillPay(f *Form, r coop.Pay) {
	f.Set("way", r.Way).Set("mapping", r.Mapping).Set("leaveMode", r.LeaveMode).Set("staff", r.Staff).Set("cutOff", r.CutOff).Set("payDay", r.PayDay).Set("potMonth", r.PotMonth)
	f.Set("alsace", r.Alsace).Set("health", r.Health).Set("agreement", r.Agreement).Set("urssaf", r.Urssaf)
	for _, x := range payRates {
		f.Set(x.name, *x.of(&r))
	}
	for i, a := range r.Added {
		at := fmt.Sprintf("added[%d].", i)
		f.Set(at+"label", a.Label)
		if a.Rate != 0 {
			f.Set(at+"rate", a.Rate)
		}
		if a.Amount != 0 {
			f.Set(at+"amount", a.Amount)
		}
	}
}

func readPay(f *Form) coop.Pay {
	r := coop.Pay{
		Way: f.Choice("way", coop.PaySoftware, coop.PayBoth, coop.PayOwn), Mapping: f.Text("mapping", 60), LeaveMode: f.Choice("leaveMode", coop.LeaveRecorded, coop.LeaveProvided, coop.LeaveFund),
		Staff: f.Int("staff", 0, 10_000_000), CutOff: f.Int("cutOff", 1, 31), PayDay: f.Int("payDay", 0, 31), PotMonth: f.Int("potMonth", 1, 12),
		Alsace: f.Bool("alsace"), Health: f.Cents("health"), Agreement: f.Text("agreement", 250), Urssaf: f.Text("urssaf", 250),
	}
	for _, x := range payRates {
		*x.of(&r) = f.Rate(x.name)
	}
	f.pack("added", payAddedFields)
	for _, i := range f.Rows("added") {
		at := fmt.Sprintf("added[%d].", i)
		r.Added = append(r.Added, coop.PayAdded{Label: f.Text(at+"label", 120), Rate: f.Rate(at + "rate"), Amount: f.Cents(at + "amount")})
	}
	return r
}

// payRuleForm is what the form of the rule shows besides its fields.
type payRuleForm struct {
	Ways, Leaves, Mappings, Months []Option
	About                          []fact // each way in words
	LeaveAbout                     []fact
	Rows                           []int // of what is added
}

func (v *Visit) payRuleForm(f *Form) *payRuleForm {
	p := v.P
	d := &payRuleForm{
		Ways:     options(p, "rules.pay_way.", coop.PaySoftware, coop.PayBoth, coop.PayOwn),
		Leaves:   options(p, "rules.pay_leave.", coop.LeaveRecorded, coop.LeaveProvided, coop.LeaveFund),
		Mappings: payMappings, Rows: f.openRows("added", 1),
	}
	for _, o := range d.Ways {
		d.About = append(d.About, fact{o.Label, p.T("rules.pay_about." + o.Value)})
	}
	for _, o := range d.Leaves {
		d.LeaveAbout = append(d.LeaveAbout, fact{o.Label, p.T("rules.pay_leave_about." + o.Value)})
	}
	for n := 1; n <= 12; n++ {
		d.Months = append(d.Months, Option{Value: strconv.Itoa(n), Label: p.MonthName(date.MonthOf(2026, n))})
	}
	return d
}

// payWords tells the rule in force, what lacks to it among the rest.
func payWords(p i18n.Printer, r coop.Pay) []string {
	words := []string{p.T("rules.pay_about." + r.Way)}
	day := p.T("rules.pay_last_day")
	if r.PayDay != 0 {
		day = p.T("rules.pay_on_day", "n", r.PayDay)
	}
	words = append(words, p.T("rules.pay_month", "cut", r.CutOff, "day", day))
	if r.Accident == 0 {
		words = append(words, p.T("rules.pay_no_rates"))
	} else {
		words = append(words, p.T("rules.pay_rates", "accident", r.Accident, "mobility", r.Mobility+r.MobilityExtra+r.MobilityRegion, "staff", r.Staff))
	}
	if r.Health != 0 {
		words = append(words, p.T("rules.pay_cover", "health", r.Health, "share", r.HealthEmployer))
	} else {
		words = append(words, p.T("rules.pay_no_cover"))
	}
	words = append(words, p.T("rules.pay_pot", "month", p.MonthName(date.MonthOf(2026, max(1, r.PotMonth)))), p.T("rules.pay_leave_about."+r.LeaveMode))
	if r.LeaveMode == coop.LeaveFund {
		words = append(words, p.T("rules.pay_leave_fund_says", "rate", r.LeaveFundRate))
	}
	for _, a := range r.Added {
		words = append(words, payAddedWords(p, a))
	}
	if r.WageTax != 0 {
		words = append(words, p.T("rules.pay_wage_tax_says", "rate", r.WageTax))
	}
	return words
}

func payAddedWords(p i18n.Printer, a coop.PayAdded) string {
	switch {
	case a.Rate != 0 && a.Amount != 0:
		return p.T("rules.pay_added_both", "label", a.Label, "rate", a.Rate, "amount", a.Amount)
	case a.Rate != 0:
		return p.T("rules.pay_added_rate", "label", a.Label, "rate", a.Rate)
	}
	return p.T("rules.pay_added_amount", "label", a.Label, "amount", a.Amount)
}

// payAuditFields are the other fields of the rule in the log.
var payAuditFields = map[string]string{
	"way": "rules.pay_way", "mapping": "rules.pay_mapping", "leaveMode": "rules.pay_leave", "staff": "rules.pay_staff", "cutOff": "rules.pay_cut_off", "payDay": "rules.pay_day", "potMonth": "rules.pay_pot_month",
	"alsace": "rules.pay_alsace", "health": "rules.pay_health", "agreement": "rules.pay_agreement", "urssaf": "rules.pay_urssaf", "added": "rules.pay_added",
}

// payAuditField names a field of the rule in the log; "" when it is none.
func payAuditField(p i18n.Printer, name string) string {
	if key, ok := payAuditFields[name]; ok {
		return p.T(key)
	}
	for _, x := range payRates {
		if x.name == name {
			return p.T(x.label)
		}
	}
	return ""
}

// payAuditValue tells a value of the rule as the log holds it; false when it is none of this rule.
func payAuditValue(p i18n.Printer, name string, x any) (string, bool) {
	name, ours := strings.CutPrefix(name, "value.")
	if !ours {
		return "", false
	}
	switch x := x.(type) {
	case string:
		switch name {
		case "way":
			return p.T("rules.pay_way." + x), true
		case "leaveMode":
			return p.T("rules.pay_leave." + x), true
		}
	case float64:
		for _, r := range payRates {
			if r.name == name {
				return p.Rate(money.Rate(x)), true
			}
		}
		if name == "health" {
			return p.Euros(money.Cents(x)), true
		}
	case []any:
		if name != "added" {
			return "", false
		}
		var all []string
		for _, one := range x {
			fields, _ := one.(map[string]any)
			label, _ := fields["label"].(string)
			rate, _ := fields["rate"].(float64)
			amount, _ := fields["amount"].(float64)
			all = append(all, payAddedWords(p, coop.PayAdded{Label: label, Rate: money.Rate(rate), Amount: money.Cents(amount)}))
		}
		return strings.Join(all, " "), true
	}
	return "", false
}
