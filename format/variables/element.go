package variables

import (
	"slices"

	"essaim/i18n"
)

// Element is what a variable of pay is, in the words of this program.
type Element string

// The elements.
const (
	FixedPart        Element = "fixed_part"
	VariableAdvance  Element = "variable_advance"
	VariableBalance  Element = "variable_balance"
	Salary           Element = "salary"
	Bonus            Element = "bonus"
	Hours            Element = "hours"
	Overtime         Element = "overtime"
	LeaveTaken       Element = "leave_taken"
	LeavePaid        Element = "leave_paid" // untaken leave paid at the end of a contract
	Sickness         Element = "sickness"
	WorkAccident     Element = "work_accident"
	Maternity        Element = "maternity"
	Paternity        Element = "paternity"
	Child            Element = "child"
	PartTimeHealth   Element = "part_time_health"
	Unpaid           Element = "unpaid"
	IJSS             Element = "ijss" // daily allowances of the health insurance received for the person
	MealVouchers     Element = "meal_vouchers"
	Transport        Element = "transport"
	Mileage          Element = "mileage"
	Expenses         Element = "expenses"
	BenefitInKind    Element = "benefit_in_kind"
	Garnishment      Element = "garnishment"
	AdvanceRecovery  Element = "advance_recovery"
	ShareWithholding Element = "share_withholding" // paid up on the person's shares of the cooperative
	Settlement       Element = "settlement"        // indemnity of the end of a contract
	ProfitSharing    Element = "profit_sharing"    // paid and taxed
	ProfitSaved      Element = "profit_saved"      // to a savings plan, free of tax
	Entry            Element = "entry"
	Exit             Element = "exit"
)

// Measure is what the value of an element counts.
type Measure string

// The measures. Of an event only the day matters, which is in From.
const (
	Euros  Measure = "amount"
	Number Measure = "quantity" // days, hours, kilometres, vouchers
	Event  Measure = "none"
)

// kind is what is known of an element.
type kind struct {
	element Element
	measure Measure
	dated   bool // says nothing without its days
}

// kinds is the one list of elements, in the order in which a file names them.
func kinds() []kind {
	return []kind{
		{Entry, Event, true}, {FixedPart, Euros, false}, {VariableAdvance, Euros, false}, {VariableBalance, Euros, false},
		{Salary, Euros, false}, {Bonus, Euros, false}, {Hours, Number, false}, {Overtime, Number, false},
		{LeaveTaken, Number, true}, {LeavePaid, Euros, false}, {Sickness, Number, true}, {WorkAccident, Number, true},
		{Maternity, Number, true}, {Paternity, Number, true}, {Child, Number, true}, {PartTimeHealth, Number, true},
		{Unpaid, Number, true}, {IJSS, Euros, false}, {MealVouchers, Number, false}, {Transport, Euros, false},
		{Mileage, Number, false}, {Expenses, Euros, false}, {BenefitInKind, Euros, false}, {Garnishment, Euros, false},
		{AdvanceRecovery, Euros, false}, {ShareWithholding, Euros, false}, {Settlement, Euros, false},
		{ProfitSharing, Euros, false}, {ProfitSaved, Euros, false}, {Exit, Event, true},
	}
}

// Elements returns every element, in the order in which a file names them.
func Elements() []Element {
	all := kinds()
	names := make([]Element, len(all))
	for i, k := range all {
		names[i] = k.element
	}
	return names
}

// of returns what is known of an element.
func of(e Element) (kind, bool) {
	all := kinds()
	i := slices.IndexFunc(all, func(k kind) bool { return k.element == e })
	if i < 0 {
		return kind{}, false
	}
	return all[i], true
}

// Measure says what the value of the element counts; "" of an unknown one.
func (e Element) Measure() Measure {
	k, _ := of(e)
	return k.measure
}

// Dated says whether the element says nothing without its days: an absence, an entry, an exit.
func (e Element) Dated() bool {
	k, _ := of(e)
	return k.dated
}

// said names the element in the reader's language.
func (e Element) said() i18n.Said { return i18n.Said{Key: "variables.element." + string(e)} }
