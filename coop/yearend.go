package coop

import (
	"errors"
	"strings"

	"essaim/date"
	"essaim/fault"
	"essaim/money"
)

// YearEnd is what becomes of the results of activities when a fiscal year closes (R7331-12 c. trav.; practice 15 and 16),
// adopted from a day on.
type YearEnd struct {
	// AnswerDays is how long people have to answer once they are asked; silence is pay.
	AnswerDays int `json:"answerDays"`
	// What a person may choose beside being paid. Profit-sharing has no switch of its own: without an agreement it is not
	// offered.
	Keep      bool `json:"keep"`      // leave as net result of the cooperative, by a written agreement (R7331-12)
	Provision bool `json:"provision"` // set aside for a reason
	Transfer  bool `json:"transfer"`  // give to an activity that one shares
	// The accounts of a provision that a person asks for: charge, what is set aside, and the income when it is released.
	ProvisionCharge string `json:"provisionCharge"`
	ProvisionAside  string `json:"provisionAside"`
	ProvisionIncome string `json:"provisionIncome"`
	// CAPE sets aside the whole result of whoever is under a CAPE at the end of the year. Which accounts is not settled by a
	// text that we have read: to be agreed with the auditor before the first closing.
	CAPE       bool   `json:"cape"`
	CAPECharge string `json:"capeCharge"`
	CAPEAside  string `json:"capeAside"`
	CAPEIncome string `json:"capeIncome"`
	// Profit is the agreement on profit-sharing: without one it is not offered.
	Profit Profit `json:"profit"`
}

// Profit is an agreement on profit-sharing (intéressement, L3312-1 ff. c. trav.): each activity is a work unit, which gives
// a rate of its result above a threshold.
type Profit struct {
	// From and Until bound it: it covers the fiscal years that end within. Nil: there is no agreement.
	From  date.Day    `json:"from,omitempty"`
	Until date.Day    `json:"until,omitempty"`
	Above money.Cents `json:"above,omitempty"` // of the result of a unit, before it
	Rate  money.Rate  `json:"rate,omitempty"`
	Most  money.Cents `json:"most,omitempty"` // of a unit; 0: none
	// How a unit's sum is shared by its people; the three make the whole (L3314-5).
	Even   money.Rate `json:"even,omitempty"`
	ByPay  money.Rate `json:"byPay,omitempty"`
	ByTime money.Rate `json:"byTime,omitempty"`
	// Presence is how many months with the cooperative it asks for: three at most (L3342-1).
	Presence int `json:"presence,omitempty"`
	// Plan says that there is a savings plan, which a bonus can go to free of tax (L3315-2).
	Plan bool `json:"plan,omitempty"`
	// The accounts: charge and what is due, then those of the forfait social. No text that we have read settles them.
	Charge        string `json:"charge"`
	Aside         string `json:"aside"`
	PackageCharge string `json:"packageCharge"`
	PackageAside  string `json:"packageAside"`
}

// MostPresence is how many months of presence an agreement may ask for (L3342-1 c. trav.).
const MostPresence = 3

// Covers says whether the agreement covers a fiscal year.
func (p Profit) Covers(year date.FiscalYear) bool {
	return p.From != 0 && p.From <= year.End && year.End <= p.Until
}

// The pot of the variable part is read from 4286 and 4386: profit-sharing stands beside it.
const variableAccounts = "4286, 4386"

func (p *Profit) check() error {
	var errs []error
	bad := func(field, key string, args ...any) { errs = append(errs, fault.At(field, key, args...)) }
	for _, f := range []struct {
		field, account, begins string
	}{{"profit.charge", p.Charge, "64"}, {"profit.aside", p.Aside, "42"}, {"profit.packageCharge", p.PackageCharge, "64"}, {"profit.packageAside", p.PackageAside, "43"}} {
		switch {
		case !accountOf(f.account, f.begins[:1]) || !strings.HasPrefix(f.account, f.begins):
			bad(f.field, "coop.year_account", "classes", f.begins)
		case strings.HasPrefix(f.account, "4286") || strings.HasPrefix(f.account, "4386"):
			bad(f.field, "coop.profit_apart", "accounts", variableAccounts)
		}
	}
	if p.From == 0 && p.Until == 0 {
		if p.Rate != 0 || p.Above != 0 || p.Most != 0 {
			bad("profit.from", "coop.profit_dates")
		}
		return errors.Join(errs...)
	}
	switch {
	case p.From == 0 || p.Until == 0:
		bad("profit.until", "coop.profit_dates")
	case p.Until < p.From.AddMonths(12)-1 || p.Until > p.From.AddMonths(60): // L3312-5: one to five years
		bad("profit.until", "coop.profit_years")
	}
	if p.Rate <= 0 || p.Rate > money.One {
		bad("profit.rate", "coop.profit_rate")
	}
	if p.Above < 0 {
		bad("profit.above", "coop.profit_amount")
	}
	if p.Most < 0 {
		bad("profit.most", "coop.profit_amount")
	}
	if p.Even < 0 || p.ByPay < 0 || p.ByTime < 0 || p.Even+p.ByPay+p.ByTime != money.One {
		bad("profit.even", "payroll.profit_split")
	}
	if p.Presence < 0 || p.Presence > MostPresence {
		bad("profit.presence", "coop.rule_range", "min", 0, "max", MostPresence)
	}
	return errors.Join(errs...)
}

func defaultYearEnd() YearEnd {
	return YearEnd{
		AnswerDays: 30, Keep: true, Provision: true, Transfer: true, ProvisionCharge: "6815", ProvisionAside: "158", ProvisionIncome: "7815",
		CAPE: true, CAPECharge: "6815", CAPEAside: "158", CAPEIncome: "7815",
		Profit: Profit{Charge: "6413", Aside: "4284", PackageCharge: "6458", PackageAside: "4384"},
	}
}

func (y *YearEnd) check() error {
	var errs []error
	if y.AnswerDays < 1 || y.AnswerDays > 180 {
		errs = append(errs, fault.At("answerDays", "coop.rule_range", "min", 1, "max", 180))
	}
	for _, f := range []struct {
		field, account string
		begins         string
	}{
		{"provisionCharge", y.ProvisionCharge, "6"}, {"provisionAside", y.ProvisionAside, "14"}, {"provisionIncome", y.ProvisionIncome, "7"},
		{"capeCharge", y.CAPECharge, "6"}, {"capeAside", y.CAPEAside, "14"}, {"capeIncome", y.CAPEIncome, "7"},
	} {
		if !accountOf(f.account, f.begins) {
			errs = append(errs, fault.At(f.field, "coop.year_account", "classes", f.begins))
		}
	}
	errs = append(errs, y.Profit.check())
	return errors.Join(errs...)
}

// accountOf says whether a text is an account of one of some classes.
func accountOf(code, classes string) bool {
	if len(code) < 3 || len(code) > 12 {
		return false
	}
	for i := range len(code) {
		if code[i] < '0' || code[i] > '9' {
			return false
		}
	}
	for i := range len(classes) {
		if code[0] == classes[i] {
			return true
		}
	}
	return false
}
