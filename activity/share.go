package activity

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/member"
	"essaim/money"
)

// OpenOn says whether the activity exists on a day.
func (a Activity) OpenOn(d date.Day) bool { return a.Opened <= d && (a.Closed == 0 || d <= a.Closed) }

// Members returns the shares that hold on a day.
func (a Activity) Members(on date.Day) []Share {
	var now []Share
	for _, s := range a.Shares {
		if s.From <= on && (s.Until == 0 || on <= s.Until) {
			now = append(now, s)
		}
	}
	return now
}

// Borne returns the contracts that the activity bears: those of the people who share it, cut to the days on which they
// do. One that names another activity is borne there.
func (a Activity) Borne(all []member.Contract) []member.Contract {
	var mine []member.Contract
	for _, c := range all {
		if c.Activity != 0 && c.Activity != a.ID {
			continue
		}
		for _, s := range a.Shares {
			part := c
			part.Start = max(c.Start, s.From)
			if c.End == 0 || s.Until != 0 && s.Until < c.End {
				part.End = s.Until
			}
			if s.Person == c.Person && (part.End == 0 || part.Start <= part.End) {
				mine = append(mine, part)
			}
		}
	}
	return mine
}

// Status is what the team's table says of an activity.
type Status string

// The statuses. A person's is that of the contract in force; a shared activity is « à plusieurs ».
const (
	NoContract Status = "none"
	UnderCAPE  Status = "cape"
	UnderCESA  Status = "cesa"
	Associate  Status = "associate"
	Team       Status = "team"
	Several    Status = "several"
	Ended      Status = "ended"
)

// Label returns the message key of the status.
func (s Status) Label() string {
	switch s {
	case UnderCAPE:
		return "activity.status.cape"
	case UnderCESA:
		return "activity.status.cesa"
	case Associate:
		return "activity.status.associate"
	case Team:
		return "activity.status.team"
	case Several:
		return "activity.status.several"
	case Ended:
		return "activity.status.ended"
	}
	return "activity.status.none"
}

// StatusOn returns the status of the activity on a day.
func (a Activity) StatusOn(contracts []member.Contract, on date.Day) Status {
	if a.Closed != 0 && on > a.Closed {
		return Ended
	}
	now := a.Members(on)
	if len(now) > 1 {
		return Several
	}
	if len(now) == 1 {
		if c, ok := member.InForce(contracts, now[0].Person, on); ok {
			switch {
			case c.Kind == member.CAPE:
				return UnderCAPE
			case c.Associate:
				return Associate
			case c.Kind == member.CDI:
				return Team
			}
			return UnderCESA
		}
	}
	return NoContract
}

// Check tells everything that is wrong with an activity, joined.
func (a Activity) Check() error {
	var errs []error
	bad := func(field, key string, args ...any) { errs = append(errs, fault.At(field, key, args...)) }
	if a.Code == "" || len(a.Code) > 12 || strings.Trim(a.Code, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-") != "" {
		bad("code", "activity.code_shape")
	}
	if strings.TrimSpace(a.Name) == "" {
		bad("name", "activity.name_missing")
	}
	for _, f := range []struct{ field, value string }{{"name", a.Name}, {"trade", a.Trade}, {"phone", a.Phone}, {"insurance", a.Insurance}} {
		if e := coop.CheckText(f.field, f.value); e != nil {
			errs = append(errs, e)
		}
	}
	if a.Email != "" {
		if e := coop.CheckEmail("email", a.Email); e != nil {
			errs = append(errs, e)
		}
	}
	if e := a.Cover.Check(); e != nil {
		errs = append(errs, e)
	}
	if a.Cover != (coop.Cover{}) && a.InsuranceUntil != 0 && a.InsuranceUntil != a.Cover.Until {
		bad("insuranceUntil", "activity.insured_twice", "until", a.Cover.Until)
	}
	for _, e := range []error{coop.CheckTermsCode("terms", a.Terms), coop.CheckTermsCode("termsConsumers", a.TermsConsumers)} {
		if e != nil {
			errs = append(errs, e)
		}
	}
	if a.Opened == 0 {
		bad("opened", "activity.opened_missing")
	}
	if a.Closed != 0 && a.Closed < a.Opened {
		bad("closed", "activity.closed_before")
	}
	if e := CheckReserve(a.Reserve); e != nil {
		errs = append(errs, e)
	}
	if len(a.Shares) == 0 {
		bad("shares", "activity.shares_missing")
	}
	for i, s := range a.Shares {
		at := fmt.Sprintf("shares[%d]", i)
		switch {
		case s.Person == 0:
			bad(at+".person", "activity.share_person")
		case s.From == 0:
			bad(at+".from", "activity.share_from")
		case s.Until != 0 && s.Until < s.From:
			bad(at+".until", "activity.share_until")
		case s.Parts < 1 || s.Parts > 10_000:
			bad(at+".parts", "activity.share_parts")
		case slices.ContainsFunc(a.Shares[:i], func(o Share) bool {
			return o.Person == s.Person && (o.Until == 0 || o.Until >= s.From) && (s.Until == 0 || s.Until >= o.From)
		}):
			bad(at+".person", "activity.share_twice")
		}
	}
	return errors.Join(errs...)
}

// CheckReserve refuses a reserve below zero or without measure.
func CheckReserve(c money.Cents) error {
	if c < 0 || c > money.Max/1000 {
		return fault.At("reserve", "activity.reserve_range", "max", money.Max/1000)
	}
	return nil
}
