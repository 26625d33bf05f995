package office

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"essaim/access"
	"essaim/date"
	"essaim/fault"
	"essaim/format/variables"
	"essaim/i18n"
	"essaim/internal/store"
	"essaim/member"
	"essaim/money"
	"essaim/payroll"
)

// What leaves for the payroll software is what it needs to make the payslip, and nothing that it counts by itself: the
// amounts before contributions that were decided, what is refunded and kept back, the days away. What an absence takes off
// and what is maintained are its business.

// outsideElements are the elements of a payslip as a payroll software is told of them; "" is counted there.
func outsideElement(code string) (e variables.Element, known bool) {
	switch code {
	case "fixed_part":
		return variables.FixedPart, true
	case "salary":
		return variables.Salary, true
	case "variable_advance":
		return variables.VariableAdvance, true
	case "variable_balance":
		return variables.VariableBalance, true
	case "bonus", "back_pay":
		return variables.Bonus, true
	case "leave_indemnity":
		return variables.LeavePaid, true
	case "settlement", "settlement_csg", "settlement_pay", "rupture", "rupture_csg", "end_of_contract":
		return variables.Settlement, true
	case "profit_sharing":
		return variables.ProfitSharing, true
	case "profit_saved":
		return variables.ProfitSaved, true
	case "profit_plan": // what of the bonus goes to the plan is the software's business
		return "", true
	case "in_kind":
		return variables.BenefitInKind, true
	case "transport", "transport_excess":
		return variables.Transport, true
	case "garnishment", "maintenance_pension":
		return variables.Garnishment, true
	case "advance_recovery", "advance", "instalment":
		return variables.AdvanceRecovery, true
	case "absence", "maintenance", "ijss_offset", "ijss", "ijss_accident", "meal_voucher_worker", "meal_voucher_employer", "meal_voucher_excess":
		return "", true // from the days away, the allowances and the vouchers, which are sent as such
	}
	return "", false
}

func outsideAbsence(k payroll.AbsenceKind) variables.Element {
	switch k {
	case payroll.Sickness:
		return variables.Sickness
	case payroll.Accident:
		return variables.WorkAccident
	case payroll.Maternity:
		return variables.Maternity
	case payroll.Paternity:
		return variables.Paternity
	case payroll.Child:
		return variables.Child
	case payroll.PaidLeave:
		return variables.LeaveTaken
	case payroll.HealthPartTime:
		return variables.PartTimeHealth
	case payroll.UnpaidLeave:
	}
	return variables.Unpaid
}

// outsidePerson is someone as the payroll software knows them by a contract.
func (f *payFacts) outsidePerson(c member.Contract, prefix string) variables.Person {
	p, known := f.people[c.Person], f.known[c.Person].Known
	return variables.Person{Matricule: f.outsideNumber(c, prefix), NIR: known.NIR, Last: p.LastName, First: p.FirstName}
}

// outsideNumber is the number of a contract in the payroll software: its own; else the person's, which the first of their
// contracts of the month without one of its own bears; else one made of the contract, that it keeps once it has left
// ([keepNumbers]). Who has no number there cannot leave.
func (f *payFacts) outsideNumber(c member.Contract, prefix string) string {
	if own := f.terms[c.ID].Terms.Number; own != "" {
		return own
	}
	number := f.known[c.Person].Known.Number
	if number == "" {
		return ""
	}
	first := c
	for _, x := range f.contracts {
		switch own := f.terms[x.ID].Terms.Number; {
		case x.Person != c.Person || x.ID == c.ID || !f.goesOut(x):
		case own != "":
			if sameNumber(own, number) {
				first = member.Contract{} // typed on another
			}
		case first.ID != 0 && cmp.Or(cmp.Compare(x.Start, first.Start), cmp.Compare(x.ID, first.ID)) < 0:
			first = x
		}
	}
	if first.ID == c.ID {
		return number
	}
	return cmp.Or(prefix, number+"-") + strconv.FormatInt(c.ID, 10)
}

// sameNumber says whether a payroll software could take two numbers for one.
func sameNumber(a, b string) bool {
	return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b))
}

// keepNumbers writes the numbers that were made with the terms of their contracts: what a software was told once stays so,
// whatever becomes of the other contracts of the person.
func (f *payFacts) keepNumbers(tx *store.Tx, a access.Actor, people []PaySendRow) error {
	for _, p := range people {
		if len(p.Rows) == 0 {
			continue
		}
		t, set := f.terms[p.Contract]
		number := p.Rows[0].Person.Matricule
		if !set || number == t.Terms.Number || number == f.known[p.Person.ID].Known.Number {
			continue
		}
		t.Terms.Number, t.By = number, a.Person
		if err := tx.SavePayTerms(t); err != nil {
			return err
		}
	}
	return nil
}

// twiceNumbered refuses contracts that would leave under one number: the return could not tell them apart.
func twiceNumbered(people []PaySendRow) {
	by := map[string]int{}
	for i := range people {
		p := &people[i]
		if len(p.Rows) == 0 || p.Rows[0].Person.Matricule == "" {
			continue
		}
		key := strings.ToUpper(strings.TrimSpace(p.Rows[0].Person.Matricule))
		n, taken := by[key]
		if !taken {
			by[key] = i
			continue
		}
		p.Refused = append(p.Refused, fault.At("number", "pay_outside.fault.number", "number", key, "name", people[n].Person.Name()))
		p.Rows = nil
	}
}

// outsideRows are the variables of a contract in the month, by the payslip that was decided. What no software can be told
// is refused, element by element; the rest goes on.
func (f *payFacts) outsideRows(c member.Contract, s *store.Slip, prefix string) (rows []variables.Row, refused []*fault.Error) {
	who := f.outsidePerson(c, prefix)
	add := func(r variables.Row) {
		r.Person, r.Month = who, f.month
		rows = append(rows, r)
	}
	if c.Start.Month() == f.month {
		add(variables.Row{Element: variables.Entry, From: c.Start})
	}
	for _, it := range s.Body.Payslip.Items {
		e, known := outsideElement(it.Element)
		switch {
		case !known:
			refused = append(refused, fault.At("element", "pay_outside.fault.element", "element", i18n.Said{Key: "slip.element." + it.Element}, "amount", it.Amount))
		case e == "" || it.Amount == 0:
		default:
			// Two elements that the software calls the same way are one amount, unless they are two things by their words.
			n := slices.IndexFunc(rows, func(r variables.Row) bool { return r.Element == e && r.Label == it.Text })
			if n >= 0 {
				rows[n].Amount += it.Amount
				continue
			}
			add(variables.Row{Element: e, Amount: it.Amount, Label: it.Text})
		}
	}
	for _, i := range f.items[c.ID] {
		if b := ItemBody(i); i.Element == vouchersItem && b.Count > 0 {
			add(variables.Row{Element: variables.MealVouchers, Quantity: money.Micro(b.Count) * money.Unit, Label: i.Label})
		}
	}
	for _, a := range f.absencesOf(c) {
		from, until := max(a.From, f.month.First()), min(a.Until, f.month.Last())
		if from <= until {
			add(variables.Row{Element: outsideAbsence(a.Kind), Quantity: money.Micro(until-from+1) * money.Unit, From: from, Until: until})
		}
		if a.Daily != 0 {
			add(variables.Row{Element: variables.IJSS, Amount: a.Daily, From: a.From, Until: a.Until})
		}
		if a.Provident != 0 {
			refused = append(refused, fault.At("element", "pay_outside.fault.provident", "amount", a.Provident))
		}
	}
	for _, x := range f.absences[c.ID] {
		if x.Declared && !x.Dropped {
			refused = append(refused, fault.At("absence", "pay_outside.fault.declared", "from", max(x.From, f.month.First()), "until", min(x.Until, f.month.Last())))
		}
	}
	if c.End != 0 && c.End.Month() == f.month {
		add(variables.Row{Element: variables.Exit, From: c.End})
	}
	return rows, refused
}

// goesOut says whether a contract has something to be paid in the month: who is under a CAPE and earns nothing has no
// payslip.
func (f *payFacts) goesOut(c member.Contract) bool {
	return c.Kind != member.CAPE || f.terms[c.ID].Terms.Gross != 0 || len(f.items[c.ID]) > 0
}

// outsidePeople are the contracts of which the software makes a payslip, with how it knows their people.
func (f *payFacts) outsidePeople(prefix string) (contracts []member.Contract, people []variables.Person) {
	for _, c := range f.contracts {
		if f.goesOut(c) {
			contracts, people = append(contracts, c), append(people, f.outsidePerson(c, prefix))
		}
	}
	return contracts, people
}

// lateFor says whether a day is past the last on which the month could be asked for.
func (f *payFacts) lateFor(today date.Day) bool { return today > f.cutOff() }
