package payroll

import (
	"errors"
	"fmt"

	"essaim/fault"
	"essaim/money"
)

// Rank is the place of a creditor before what a pay may lose.
type Rank string

// The ranks. A maintenance creditor comes first, on what no one else may seize (L3252-5 c. trav.); the Treasury has its
// privilege; those who seize and those to whom pay was assigned share the rest in proportion to what they are owed.
const (
	ForMaintenance Rank = "maintenance"
	ForTreasury    Rank = "treasury"
	ForSeizure     Rank = "seizure"
	ForAssignment  Rank = "assignment"
)

// Ranks returns them in the order in which they are served.
func Ranks() []Rank { return []Rank{ForMaintenance, ForTreasury, ForSeizure, ForAssignment} }

// Creditor is one who is paid out of a person's pay.
type Creditor struct {
	Name string `json:"name"`
	Rank Rank   `json:"rank"`
	// Owed is what may be taken this month: the term for maintenance, the debt that remains for the others.
	Owed money.Cents `json:"owed"`
}

// Seizure is what a pay loses to creditors.
type Seizure struct {
	Base       money.Cents   `json:"base"`       // net of contributions and of tax, with what is paid in kind
	Protected  money.Cents   `json:"protected"`  // the RSA of one person
	Seizable   money.Cents   `json:"seizable"`   // by the scale
	Taken      []money.Cents `json:"taken"`      // by creditor
	Total      money.Cents   `json:"total"`      //
	Items      []Item        `json:"items"`      // for the payslip
	Dependants int           `json:"dependants"` //
}

const seizureSteps = 6

// Seizable is the part of a month's net pay that creditors may take, by the scale of the year divided by twelve (R3252-2
// to R3252-4 c. trav.), whatever must be left.
func (p *Parameters) Seizable(net money.Cents, dependants int) money.Cents {
	const sixtieths, months = 60, 12
	year, sum, from := int64(max(net, 0))*months, int64(0), int64(0)
	for i := range seizureSteps {
		until := p.v[pSeizureT1+param(i)] + int64(dependants)*p.v[pSeizureDependant]
		if year <= from {
			break
		}
		sum += (min(year, until) - from) * p.v[pSeizureShare1+param(i)]
		from = until
	}
	if year > from {
		sum += (year - from) * p.v[pSeizureShare1+seizureSteps]
	}
	return money.Cents(money.MulDiv(sum, 1, sixtieths*months))
}

// SeizureBase is the pay of a payslip that the scale applies to: net of contributions and tax, with what is paid in kind
// and the daily allowances handed on, without expenses refunded (L3252-3 c. trav.). Cash is what of it is paid in money.
func (p *Parameters) SeizureBase(s Payslip) (base, cash money.Cents) {
	cash = s.Totals.Net - s.Totals.Tax
	kind := money.Cents(0)
	for _, it := range s.Items {
		switch e := p.t.things[it.Element]; {
		case e.Kind == "in_kind":
			kind += it.Amount
		case e.Daily:
			cash += it.Amount
		}
	}
	return cash + kind, cash
}

// Seize shares out what a pay loses: the RSA of one person always stays (R3252-5 c. trav.); a maintenance creditor takes
// what the scale protects first, and only then what it does not; the others by rank within the scale.
func (p *Parameters) Seize(base, cash money.Cents, dependants int, all []Creditor) (Seizure, error) {
	s := Seizure{Base: base, Protected: p.cents(pSeizureKept), Dependants: dependants, Taken: make([]money.Cents, len(all))}
	if err := checkSeizure(base, cash, dependants, all); err != nil {
		return s, err
	}
	room := max(0, cash-s.Protected) // nobody goes below
	s.Seizable = min(p.Seizable(base, dependants), room)
	beyond, within := room-s.Seizable, s.Seizable
	for _, rank := range []Rank{ForMaintenance, ForTreasury, ForSeizure} {
		var who []int
		var owed []int64
		sum := money.Cents(0)
		for i, c := range all {
			if c.Rank == rank || rank == ForSeizure && c.Rank == ForAssignment {
				who, owed, sum = append(who, i), append(owed, int64(c.Owed)), sum+c.Owed
			}
		}
		if len(who) == 0 || sum == 0 {
			continue
		}
		take := min(sum, within)
		if rank == ForMaintenance {
			first := min(sum, beyond)
			take = first + min(sum-first, within)
			beyond -= first
			within -= take - first
		} else {
			within -= take
		}
		for n, part := range money.Allocate(take, owed) {
			s.Taken[who[n]] = part
		}
	}
	for i, c := range all {
		if s.Taken[i] == 0 {
			continue
		}
		s.Total += s.Taken[i]
		element := "garnishment"
		if c.Rank == ForMaintenance {
			element = "maintenance_pension"
		}
		s.Items = append(s.Items, Item{Element: element, Amount: s.Taken[i], Text: c.Name})
	}
	return s, nil
}

func checkSeizure(base, cash money.Cents, dependants int, all []Creditor) error {
	var errs []error
	if base < 0 || base > MaxGross || cash > base {
		errs = append(errs, fault.At("base", "payroll.large", "max", MaxGross))
	}
	if dependants < 0 || dependants > 30 {
		errs = append(errs, fault.At("dependants", "payroll.dependants"))
	}
	if len(all) > 50 {
		return errors.Join(append(errs, fault.At("creditors", "payroll.creditors", "max", 50))...)
	}
	for i, c := range all {
		if c.Owed < 0 || c.Owed > 100*MaxGross {
			errs = append(errs, fault.At(fmt.Sprintf("creditors[%d].owed", i), "payroll.negative"))
		}
		switch c.Rank {
		case ForMaintenance, ForTreasury, ForSeizure, ForAssignment:
		default:
			errs = append(errs, fault.At(fmt.Sprintf("creditors[%d].rank", i), "payroll.rank"))
		}
	}
	return errors.Join(errs...)
}

// Recover is what a payment gives back of money lent on pay not yet earned: a tenth of the pay due at most, beside what
// is seizable (L3251-3 c. trav.), and of instalments of pay already earned: all of them, as far as the pay goes.
func (p *Parameters) Recover(due, advance, instalment money.Cents) []Item {
	var items []Item
	due = max(due, 0)
	if x := min(max(instalment, 0), due); x > 0 {
		items = append(items, Item{Element: "instalment", Amount: x})
	}
	tenth := money.Cents(money.MulDiv(int64(due), p.v[pRecoveryMost], int64(money.One)))
	if x := min(max(advance, 0), tenth, due-min(max(instalment, 0), due)); x > 0 {
		items = append(items, Item{Element: "advance", Amount: x})
	}
	return items
}
