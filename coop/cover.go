package coop

import (
	"errors"

	"essaim/date"
	"essaim/fault"
)

// Cover is a ten-year insurance as quotes and invoices of works must name it: the insurer, the contract, where it holds
// (Code des assurances L243-2, loi 96-603 art. 22-2) and from when to when.
type Cover struct {
	Insurer  string   `json:"insurer,omitempty"`
	Contract string   `json:"contract,omitempty"`
	Zone     string   `json:"zone,omitempty"` // « France métropolitaine »
	From     date.Day `json:"from,omitempty"`
	Until    date.Day `json:"until,omitempty"`
}

// On says whether it covers a day.
func (c Cover) On(day date.Day) bool {
	return c != (Cover{}) && c.From <= day && (c.Until == 0 || day <= c.Until)
}

// Check tells what an insurance lacks; one that is not told at all lacks nothing.
func (c Cover) Check() error {
	if c == (Cover{}) {
		return nil
	}
	var errs []error
	for _, f := range [][2]string{{"cover.insurer", c.Insurer}, {"cover.contract", c.Contract}, {"cover.zone", c.Zone}} {
		if f[1] == "" {
			errs = append(errs, fault.At(f[0], "coop.cover_missing"))
		}
		errs = append(errs, CheckText(f[0], f[1]))
	}
	if c.From == 0 {
		errs = append(errs, fault.At("cover.from", "coop.cover_missing"))
	}
	if c.Until == 0 {
		errs = append(errs, fault.At("cover.until", "coop.cover_missing"))
	} else if c.Until < c.From {
		errs = append(errs, fault.At("cover.until", "coop.cover_days"))
	}
	return errors.Join(errs...)
}
