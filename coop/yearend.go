package coop

import (
	"errors"

	"essaim/fault"
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
}

func defaultYearEnd() YearEnd {
	return YearEnd{
		AnswerDays: 30, Keep: true, Provision: true, Transfer: true, ProvisionCharge: "6815", ProvisionAside: "158", ProvisionIncome: "7815",
		CAPE: true, CAPECharge: "6815", CAPEAside: "158", CAPEIncome: "7815",
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
