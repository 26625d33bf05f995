package coop

import (
	"errors"
	"slices"

	"essaim/date"
	"essaim/fault"
	"essaim/money"
)

// RuleLateRates are the rates of one half-year, as somebody of the cooperative read them: the day of the row is the first of
// the half-year, its decision the text it was read in. They stand before those the program came with.
const RuleLateRates RuleKind = "late_rates"

// LateRates are the official rates that late payment is counted with.
type LateRates struct {
	ECB   money.Rate `json:"ecb"`   // main refinancing operations of the European Central Bank
	Legal money.Rate `json:"legal"` // legal interest rate, of who is no private person
}

// LateHalf is a row of them.
type LateHalf struct {
	From date.Day
	LateRates
	Source string
}

// maxLateRate is far above what either rate ever was: 15.82 % for the legal rate of 1989, 4.75 % for the bank's of 2000. More
// is a comma in the wrong place.
const maxLateRate = 25 * money.Percent

func (l *LateRates) check() error {
	var errs []error
	if l.ECB < 0 || l.ECB > maxLateRate { // it was nil from 2016 to 2022
		errs = append(errs, fault.At("ecb", "coop.late_range", "max", maxLateRate))
	}
	if l.Legal <= 0 || l.Legal > maxLateRate {
		errs = append(errs, fault.At("legal", "coop.late_range", "max", maxLateRate))
	}
	return errors.Join(errs...)
}

// checkHalf: both rates change on 1 January and 1 July (Code de commerce L441-10 II; Code monétaire et financier L313-2).
func checkHalf(d date.Day) error {
	if _, m, day := d.Date(); d != 0 && (day != 1 || m != 1 && m != 7) {
		return fault.At("from", "coop.late_from")
	}
	return nil
}

// lateHalves reads the half-years that rows hold, the oldest first; of two of one day, the one written last.
func lateHalves(rows []Rule) ([]LateHalf, error) {
	var all []LateHalf
	last := map[date.Day]int64{}
	for _, row := range rows {
		if row.Kind != RuleLateRates || row.ID < last[row.From] {
			continue
		}
		h := LateHalf{From: row.From, Source: row.Decision}
		if err := value(row.Value, &h.LateRates, h.check); err != nil {
			return nil, err
		}
		last[row.From] = row.ID
		all = slices.DeleteFunc(all, func(x LateHalf) bool { return x.From == h.From })
		all = append(all, h)
	}
	slices.SortFunc(all, func(a, b LateHalf) int { return int(a.From - b.From) })
	return all, nil
}
