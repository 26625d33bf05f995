package web

import (
	"essaim/coop"
	"essaim/i18n"
)

// yearSwitches are what people may choose at the end of a year, and what becomes of a CAPE.
var yearSwitches = []struct {
	name, label string
	of          func(*coop.YearEnd) *bool
}{
	{"keep", "pay_year.rule.keep", func(y *coop.YearEnd) *bool { return &y.Keep }},
	{"provision", "pay_year.rule.provision", func(y *coop.YearEnd) *bool { return &y.Provision }},
	{"transfer", "pay_year.rule.transfer", func(y *coop.YearEnd) *bool { return &y.Transfer }},
	{"cape", "pay_year.rule.cape", func(y *coop.YearEnd) *bool { return &y.CAPE }},
}

// yearAccounts are its accounts.
var yearAccounts = []struct {
	name, label string
	of          func(*coop.YearEnd) *string
}{
	{"provisionCharge", "pay_year.rule.provision_charge", func(y *coop.YearEnd) *string { return &y.ProvisionCharge }},
	{"provisionAside", "pay_year.rule.provision_aside", func(y *coop.YearEnd) *string { return &y.ProvisionAside }},
	{"provisionIncome", "pay_year.rule.provision_income", func(y *coop.YearEnd) *string { return &y.ProvisionIncome }},
	{"capeCharge", "pay_year.rule.cape_charge", func(y *coop.YearEnd) *string { return &y.CAPECharge }},
	{"capeAside", "pay_year.rule.cape_aside", func(y *coop.YearEnd) *string { return &y.CAPEAside }},
	{"capeIncome", "pay_year.rule.cape_income", func(y *coop.YearEnd) *string { return &y.CAPEIncome }},
}

func fillYearRule(f *Form, y coop.YearEnd) {
	f.Set("answerDays", y.AnswerDays)
	for _, x := range yearSwitches {
		f.Set(x.name, *x.of(&y))
	}
	for _, x := range yearAccounts {
		f.Set(x.name, *x.of(&y))
	}
}

func readYearRule(f *Form) coop.YearEnd {
	y := coop.YearEnd{AnswerDays: f.Int("answerDays", 1, 180)}
	for _, x := range yearSwitches {
		*x.of(&y) = f.Bool(x.name)
	}
	for _, x := range yearAccounts {
		*x.of(&y) = f.Text(x.name, 12)
	}
	return y
}

// yearWords are what the rules page says of it.
func yearWords(p i18n.Printer, y coop.YearEnd) []string {
	words := []string{p.T("pay_year.rule.silence", "n", y.AnswerDays)}
	for _, x := range yearSwitches {
		if *x.of(&y) {
			words = append(words, p.T(x.label))
		}
	}
	return words
}
