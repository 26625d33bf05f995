package coop

import (
	"errors"
	"fmt"

	"essaim/fault"
	"essaim/money"
)

// The ways a cooperative pays (practice 11). In every one, the year to date is that of the payslips really issued.
const (
	PaySoftware = "software" // a payroll software makes the payslips: Essaim takes requests, exports, imports back
	PayBoth     = "both"     // the software's payslips are issued, ours stand beside and every gap of a cent shows
	PayOwn      = "own"      // ours are issued
)

// What becomes of leave under a contract without hours (practice 42).
const (
	LeaveRecorded = "recorded" // counted, pay goes on
	LeaveProvided = "provided" // 10 % set aside, paid when it is taken
	LeaveFund     = "fund"     // a fund pays everybody's: contribution, reduction × 100/90
)

// Pay is how the cooperative pays, adopted from a day on.
type Pay struct {
	Way string `json:"way"`
	// The establishment. Staff is the effective headcount (L130-1 CSS: a threshold crossed counts after five years).
	Staff          int        `json:"staff"`
	Accident       money.Rate `json:"accident"` // notified rate of AT/MP
	Mobility       money.Rate `json:"mobility"` // versement mobilité of the commune
	MobilityExtra  money.Rate `json:"mobilityExtra"`
	MobilityRegion money.Rate `json:"mobilityRegion"`
	Apprentices    money.Rate `json:"apprentices"` // share in the headcount, asked from 250
	Alsace         bool       `json:"alsace"`
	// The cover of everybody who has no other.
	Health            money.Cents `json:"health"` // whole premium of a month
	HealthEmployer    money.Rate  `json:"healthEmployer"`
	ProvidentEmployer money.Rate  `json:"providentEmployer"`
	ProvidentEmployee money.Rate  `json:"providentEmployee"`
	// The month.
	CutOff int `json:"cutOff"` // last day to ask for the month: 20
	PayDay int `json:"payDay"` // day of payment, 0: the last working day
	// Last year's pot is taken until this month of the next (assembly + 1 month): 7.
	PotMonth  int    `json:"potMonth"`
	LeaveMode string `json:"leaveMode"`
	// LeaveFundRate is what the fund asks, of pay, when one pays the leave.
	LeaveFundRate money.Rate `json:"leaveFundRate"`
	Added         []PayAdded `json:"added"` // what the cooperative adds to the cost, each by its name (practice 41)
	// WageTax is the share of the turnover of the year before that bore no VAT: above 10 % it bears the tax on wages (CGI 231).
	WageTax money.Rate `json:"wageTax"`
	// Mapping is the name of the table that speaks to the payroll software.
	Mapping string `json:"mapping"`
	// Agreement is the collective agreement as the payslip names it, Urssaf the body and number contributions go to.
	Agreement string `json:"agreement"`
	Urssaf    string `json:"urssaf"`
}

// PayAdded is one thing the cooperative adds to what a payslip costs.
type PayAdded struct {
	Label  string      `json:"label"`
	Rate   money.Rate  `json:"rate"`   // of the gross
	Amount money.Cents `json:"amount"` // of a month
}

func defaultPay() Pay {
	return Pay{Way: PaySoftware, HealthEmployer: 500_000, CutOff: 20, PotMonth: 7, LeaveMode: LeaveRecorded, Mapping: "silae"}
}

func (p *Pay) check() error {
	var errs []error
	bad := func(field, key string, args ...any) { errs = append(errs, fault.At(field, key, args...)) }
	switch p.Way {
	case PaySoftware, PayBoth, PayOwn:
	default:
		bad("way", "coop.pay_way")
	}
	switch p.LeaveMode {
	case LeaveRecorded, LeaveProvided, LeaveFund:
	default:
		bad("leaveMode", "coop.pay_leave")
	}
	for _, f := range []struct {
		field    string
		v        int
		min, max int
	}{{"staff", p.Staff, 0, 10_000_000}, {"cutOff", p.CutOff, 1, 31}, {"payDay", p.PayDay, 0, 31}, {"potMonth", p.PotMonth, 1, 12}} {
		if f.v < f.min || f.v > f.max {
			bad(f.field, "coop.rule_range", "min", f.min, "max", f.max)
		}
	}
	rate := func(field string, r money.Rate) {
		if r < 0 || r > money.One {
			bad(field, "coop.pay_rate")
		}
	}
	for _, f := range []struct {
		field string
		r     money.Rate
	}{{"accident", p.Accident}, {"mobility", p.Mobility}, {"mobilityExtra", p.MobilityExtra}, {"mobilityRegion", p.MobilityRegion}, {"apprentices", p.Apprentices},
		{"healthEmployer", p.HealthEmployer}, {"providentEmployer", p.ProvidentEmployer}, {"providentEmployee", p.ProvidentEmployee}, {"leaveFundRate", p.LeaveFundRate}, {"wageTax", p.WageTax}} {
		rate(f.field, f.r)
	}
	if p.Way != PaySoftware && p.Accident == 0 {
		bad("accident", "coop.pay_accident")
	}
	if p.LeaveMode == LeaveFund && p.LeaveFundRate == 0 {
		bad("leaveFundRate", "coop.pay_leave_fund")
	}
	if p.Health < 0 || p.Health > 10_000_00 {
		bad("health", "coop.pay_health")
	}
	if len(p.Added) > 20 {
		bad("added", "coop.pay_added_many", "max", 20)
	}
	for i, a := range p.Added {
		if a.Label == "" {
			bad(fmt.Sprintf("added[%d].label", i), "coop.pay_added_label")
		}
		errs = append(errs, CheckText(fmt.Sprintf("added[%d].label", i), a.Label))
		rate(fmt.Sprintf("added[%d].rate", i), a.Rate)
		if a.Amount < 0 || a.Amount > 10_000_00 {
			bad(fmt.Sprintf("added[%d].amount", i), "coop.pay_health")
		}
	}
	errs = append(errs, CheckText("mapping", p.Mapping), CheckText("agreement", p.Agreement), CheckText("urssaf", p.Urssaf))
	return errors.Join(errs...)
}
