package coop

import (
	"errors"

	"essaim/fault"
	"essaim/money"
)

// Gate is what a control before submission does when it holds: it blocks, it warns, or it is not asked (practice 33).
type Gate string

// The three choices of a cooperative.
const (
	GateBlock Gate = "block"
	GateWarn  Gate = "warn"
	GateOff   Gate = "off"
)

// Gates says what each control before submission does.
type Gates struct {
	Insurance   Gate        `json:"insurance"`   // certificate of the trade's insurance expired: warn
	Contract    Gate        `json:"contract"`    // the contract of who sells ends before the delivery: warn
	Agreement   Gate        `json:"agreement"`   // training invoiced without its agreement: warn
	Attendance  Gate        `json:"attendance"`  // training invoiced without its signed attendance sheets: warn
	Quote       Gate        `json:"quote"`       // invoice above QuoteAbove that no signed quote precedes: off
	QuoteAbove  money.Cents `json:"quoteAbove"`  // tax included: 1 500.00
	Subcontract Gate        `json:"subcontract"` // works done as a subcontractor that bear VAT: block
	Transport   Gate        `json:"transport"`   // goods that leave France without VAT, without the papers of their transport: warn
	// Certificate is no choice any more: works at a reduced rate without the customer's certificate are refused by the law
	// itself (CGI art. 279-0 bis 3). Rules that were adopted with it are still read.
	Certificate Gate `json:"certificate,omitempty"`
}

func defaultGates() Gates {
	return Gates{Insurance: GateWarn, Contract: GateWarn, Agreement: GateWarn, Attendance: GateWarn, Quote: GateOff, QuoteAbove: 1_500_00, Subcontract: GateBlock, Transport: GateWarn}
}

// Of returns the choice for a gate by the name of its field.
func (g *Gates) Of(name string) *Gate {
	switch name {
	case "insurance":
		return &g.Insurance
	case "contract":
		return &g.Contract
	case "agreement":
		return &g.Agreement
	case "attendance":
		return &g.Attendance
	case "quote":
		return &g.Quote
	case "subcontract":
		return &g.Subcontract
	case "transport":
		return &g.Transport
	}
	return nil
}

// GateNames are the gates in the order they are shown.
func GateNames() []string {
	return []string{"insurance", "contract", "agreement", "attendance", "quote", "subcontract", "transport"}
}

func (g *Gates) check() error {
	var errs []error
	for _, name := range GateNames() {
		switch *g.Of(name) {
		case GateBlock, GateWarn, GateOff:
		default:
			errs = append(errs, fault.At(name, "coop.gate_choice"))
		}
	}
	if g.QuoteAbove < 0 {
		errs = append(errs, fault.At("quoteAbove", "coop.rule_negative"))
	}
	return errors.Join(errs...)
}
