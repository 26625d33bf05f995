package web

import (
	"slices"

	"essaim/coop"
	"essaim/date"
	"essaim/i18n"
	"essaim/internal/office"
	"essaim/money"
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

// profitAccounts are those of profit-sharing.
var profitAccounts = []struct {
	name, label string
	of          func(*coop.YearEnd) *string
}{
	{"profit.charge", "pay_year.rule.profit_charge", func(y *coop.YearEnd) *string { return &y.Profit.Charge }},
	{"profit.aside", "pay_year.rule.profit_aside", func(y *coop.YearEnd) *string { return &y.Profit.Aside }},
	{"profit.packageCharge", "pay_year.rule.profit_package_charge", func(y *coop.YearEnd) *string { return &y.Profit.PackageCharge }},
	{"profit.packageAside", "pay_year.rule.profit_package_aside", func(y *coop.YearEnd) *string { return &y.Profit.PackageAside }},
}

// profitRates are how an agreement's sum comes about and is shared.
var profitRates = []struct {
	name string
	of   func(*coop.Profit) *money.Rate
}{
	{"profit.rate", func(x *coop.Profit) *money.Rate { return &x.Rate }},
	{"profit.even", func(x *coop.Profit) *money.Rate { return &x.Even }},
	{"profit.byPay", func(x *coop.Profit) *money.Rate { return &x.ByPay }},
	{"profit.byTime", func(x *coop.Profit) *money.Rate { return &x.ByTime }},
}

func fillProfit(f *Form, x coop.Profit) {
	for name, d := range map[string]date.Day{"profit.from": x.From, "profit.until": x.Until} {
		if d != 0 {
			f.Set(name, d)
		}
	}
	for _, r := range profitRates {
		if v := *r.of(&x); v != 0 {
			f.Set(r.name, v)
		}
	}
	for name, v := range map[string]money.Cents{"profit.above": x.Above, "profit.most": x.Most} {
		if v != 0 {
			f.Set(name, v)
		}
	}
	f.Set("profit.presence", x.Presence).Set("profit.plan", x.Plan)
}

// readProfit reads the agreement; a field left empty is nil, and without dates there is none.
func readProfit(f *Form) coop.Profit {
	var x coop.Profit
	if f.Get("profit.from") != "" {
		x.From = f.Day("profit.from")
	}
	if f.Get("profit.until") != "" {
		x.Until = f.Day("profit.until")
	}
	for _, r := range profitRates {
		if f.Get(r.name) != "" {
			*r.of(&x) = f.Rate(r.name)
		}
	}
	if f.Get("profit.above") != "" {
		x.Above = f.Cents("profit.above")
	}
	if f.Get("profit.most") != "" {
		x.Most = f.Cents("profit.most")
	}
	if f.Get("profit.presence") != "" {
		x.Presence = f.Int("profit.presence", 0, coop.MostPresence)
	}
	x.Plan = f.Bool("profit.plan")
	return x
}

func fillYearRule(f *Form, y coop.YearEnd) {
	f.Set("answerDays", y.AnswerDays)
	for _, x := range yearSwitches {
		f.Set(x.name, *x.of(&y))
	}
	for _, x := range slices.Concat(yearAccounts, profitAccounts) {
		f.Set(x.name, *x.of(&y))
	}
	fillProfit(f, y.Profit)
}

func readYearRule(f *Form) coop.YearEnd {
	y := coop.YearEnd{AnswerDays: f.Int("answerDays", 1, 180), Profit: readProfit(f)}
	for _, x := range yearSwitches {
		*x.of(&y) = f.Bool(x.name)
	}
	for _, x := range slices.Concat(yearAccounts, profitAccounts) {
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
	if y.Profit.From != 0 {
		words = append(words, p.T("pay_year.rule.profit")+"\u00a0:")
		words = append(words, office.ProfitWords(p, y.Profit)...)
	}
	return words
}
