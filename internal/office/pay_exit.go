package office

import (
	"cmp"
	"slices"

	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/member"
	"essaim/money"
	"essaim/payroll"
)

// exitItem is the end of a contract, an element of its last month. What it pays is counted each time that the month is, from
// the payslips really issued until then: prepared in September for December, it knows of October.
const exitItem = "exit"

// exitLacks says that a contract ends and that its end was not prepared.
const exitLacks = "pay_month.fault.exit"

// ExitBody is what an end of a contract holds.
type ExitBody struct {
	Reason  payroll.LeavingReason `json:"reason"`
	End     date.Day              `json:"end"`               // last day of the contract
	Was     date.Day              `json:"was,omitempty"`     // the one it had before
	Given   *money.Cents          `json:"given,omitempty"`   // indemnity; nil: what the law wants
	Days    *payroll.Days         `json:"days,omitempty"`    // of leave left; nil: as they are counted
	NoBonus bool                  `json:"noBonus,omitempty"` // no precarity pay is due
	Pension bool                  `json:"pension,omitempty"` // a pension may be drawn
	All     bool                  `json:"all,omitempty"`     // the last payslip takes whatever is left
	Follow  string                `json:"follow,omitempty"`  // who follows the invoices that are still to be paid
}

// exitFacts is what payslips and absences tell of a service that ends.
type exitFacts struct {
	since    date.Day
	paid     []payroll.PaidMonth
	year     money.Cents
	absences []payroll.Absence
	leave    *payroll.LeaveState // on the last day, before the last payslip
}

// exitIn is the end of a contract that the month holds, if it does.
func (f *payFacts) exitIn(contract int64) (ExitBody, bool) {
	for _, i := range f.items[contract] {
		if b := ItemBody(i); i.Element == exitItem && b.Exit != nil {
			return *b.Exit, true
		}
	}
	return ExitBody{}, false
}

// readExits reads what the ends of the month are counted from.
func (f *payFacts) readExits(tx *store.Tx) error {
	for _, c := range f.contracts {
		b, ends := f.exitIn(c.ID)
		if !ends {
			continue
		}
		if err := f.readExit(tx, c, b); err != nil {
			return err
		}
	}
	return nil
}

// readExit reads the service that a contract ends: contracts of employment that follow each other without a day between
// are one; a fixed term stands alone, and the leave of each is its own. A payslip that opened the books tells a sum, which is shared among its months.
func (f *payFacts) readExit(tx *store.Tx, c member.Contract, b ExitBody) error {
	x := exitFacts{since: c.Start}
	contracts, err := tx.ContractsOf(c.Person)
	if err != nil {
		return err
	}
	chain := []member.Contract{c}
	for again := b.Reason != payroll.EndOfTerm; again; {
		again = false
		for _, k := range contracts {
			if k.Kind != member.CAPE && k.End != 0 && k.End+1 == x.since && k.Start < x.since {
				x.since, chain, again = k.Start, append(chain, k), true
			}
		}
	}
	for _, k := range chain {
		all, err := tx.PayAbsencesOf(k.ID)
		if err != nil {
			return err
		}
		for _, a := range all {
			if a.Declared || a.Dropped {
				continue
			}
			x.absences = append(x.absences, payroll.Absence{Kind: AbsenceBody(a).Kind, From: a.From, Until: a.Until})
		}
	}
	slips, err := tx.SlipsOf(c.Person, payroll.Begins(), b.End.Month()-1)
	if err != nil {
		return err
	}
	for i := range slips {
		s := &slips[i]
		if !s.Real() {
			continue
		}
		n := slices.IndexFunc(chain, func(k member.Contract) bool { return k.ID == s.Contract })
		months := []payroll.PaidMonth{paidMonth(s)}
		if s.Origin == store.SlipOpening {
			since := x.since
			if n >= 0 {
				since = chain[n].Start
			}
			months = openedMonths(s, since)
		}
		for _, m := range months {
			if m.Month.Year() == b.End.Month().Year()-1 {
				x.year += m.Pay
			}
			if n > 0 {
				if m.Month >= chain[n].End.Month() { // what its own end paid for leave is no pay of the month
					m.Pay, m.Leave = m.Pay-m.Leave, 0
				}
				m.Before = m.Pay
			}
			if n >= 0 {
				x.add(m)
			}
		}
	}
	if c.End == b.End { // else nothing is counted, see end
		if x.leave, err = f.leave(tx, c, c.End, &payroll.Payslip{}); err != nil {
			return err
		}
	}
	slices.SortFunc(x.paid, func(a, b payroll.PaidMonth) int { return cmp.Compare(b.Month, a.Month) })
	if f.exits == nil {
		f.exits = map[int64]exitFacts{}
	}
	f.exits[c.ID] = x
	return nil
}

func (x *exitFacts) add(m payroll.PaidMonth) {
	for i := range x.paid {
		if p := &x.paid[i]; p.Month == m.Month {
			p.Pay, p.Bonus, p.Leave, p.Before = p.Pay+m.Pay, p.Bonus+m.Bonus, p.Leave+m.Leave, p.Before+m.Before
			return
		}
	}
	x.paid = append(x.paid, m)
}

// paidMonth is what a payslip paid, as the end of a contract counts it.
func paidMonth(s *store.Slip) payroll.PaidMonth {
	m := payroll.PaidMonth{Month: s.Month, Pay: s.Body.Payslip.Totals.Gross}
	for _, it := range s.Body.Payslip.Items {
		switch it.Element {
		case "settlement_pay", "end_of_contract":
			m.Pay -= it.Amount
		case "bonus", payroll.Balance:
			m.Bonus += it.Amount
		case leaveItem:
			m.Leave += it.Amount
		}
	}
	return m
}

// leaveItem is what pays for leave that was set aside, or that nobody took.
const leaveItem = "leave_indemnity"

// openedMonths shares what a payslip that opened the books sums to among the months of the year that it covers.
func openedMonths(s *store.Slip, since date.Day) (all []payroll.PaidMonth) {
	first := min(max(date.MonthOf(s.Month.Year(), 1), since.Month()), s.Month)
	weights := make([]int64, s.Month-first+1)
	for i := range weights {
		weights[i] = 1
	}
	for i, pay := range money.Allocate(s.Body.After.Gross, weights) {
		all = append(all, payroll.PaidMonth{Month: first + date.Month(i), Pay: pay})
	}
	return all
}

// ends says whether a contract of employment has its last day in the month: no later payslip is of it.
func (f *payFacts) ends(c member.Contract) bool {
	return c.Kind != member.CAPE && c.End != 0 && c.End.Month() == f.month
}

// follow notes the contracts that end in the month and that another goes on from the day after: the service is one, and its
// end counts it whole (see readExit).
func (f *payFacts) follow(all []member.Contract) {
	f.followed = map[int64]bool{}
	for _, c := range f.contracts {
		if f.ends(c) {
			f.followed[c.ID] = slices.ContainsFunc(all, func(x member.Contract) bool {
				return x.Person == c.Person && x.Kind != member.CAPE && x.Start == c.End+1
			})
		}
	}
}

// unprepared says whether a contract ends in the month without anybody having prepared what its end pays: its last payslip
// would leave it out, and none comes after. Who is no employee is owed nothing for an end.
func (f *payFacts) unprepared(c member.Contract) bool {
	if f.estimated() || !f.ends(c) || f.followed[c.ID] || len(payroll.LeavingReasons(f.contract(c))) == 0 {
		return false
	}
	_, prepared := f.exitIn(c.ID)
	return !prepared
}

// leaver is a contract that ends in the month and of which no payslip of it is issued: once the month is locked, nothing can
// be paid on it any more. One of which a later month is issued waits for nothing (after).
func (f *payFacts) leaver(done map[int64]bool, after map[int64]date.Month) (member.Contract, bool) {
	if f.estimated() {
		return member.Contract{}, false
	}
	for _, c := range f.contracts {
		if _, late := after[c.ID]; f.ends(c) && !done[c.ID] && !late {
			return c, true
		}
	}
	return member.Contract{}, false
}

// end counts the end of a contract in the month.
func (f *payFacts) end(c member.Contract, b ExitBody) (payroll.End, error) {
	if c.End != b.End { // somebody moved the last day since
		return payroll.End{}, fault.New(fault.Conflict, "payexit.fault.moved", "end", b.End)
	}
	x, k, whole := f.exits[c.ID], f.contract(c), f.terms[c.ID].Terms.Gross
	return payroll.Law().End(payroll.EndFacts{
		Reason: b.Reason, Contract: k, Since: x.since, Paid: x.paid, Steady: k.Part(f.month, whole), Whole: whole, Year: x.year, Absences: x.absences, Leave: x.leave,
		Days: b.Days, Give: b.Given, NoBonus: b.NoBonus, Pension: b.Pension,
	})
}

// released is what nothing keeps on an account any more: its reserve once everybody leaves with all that is left, and what
// stands aside because nobody has a contract that pays today, when the contract that the month pays has just ended.
func (f *payFacts) released(p *payPurse, today date.Day) (back money.Cents) {
	leaving, over := 0, false
	for _, x := range p.members {
		if x.ask.All {
			leaving++
		}
		over = over || x.contract.End != 0 && x.contract.End < today
	}
	for _, line := range p.account.Available.Children {
		if line.Key == "kept" && over || line.Key == "reserve" && leaving > 0 && leaving == len(p.persons) {
			back -= line.Amount
		}
	}
	return back
}

// priorOf are the facts of a month before this one that is not paid yet, read once for all the months of a question.
func (f *payFacts) priorOf(tx *store.Tx, m date.Month) (*payFacts, error) {
	if f.priors == nil {
		f.priors = map[date.Month]*payFacts{}
	}
	if p := f.priors[m]; p != nil {
		return p, nil
	}
	var prior payFacts
	var err error
	if f.among != nil {
		prior, err = readPayAmong(tx, m, f.among)
	} else {
		prior, err = readPay(tx, m)
	}
	if err != nil {
		return nil, err
	}
	prior.priors = f.priors
	f.priors[m] = &prior
	return &prior, nil
}

// exitOf is the end that was prepared for a contract and stands.
func exitOf(tx *store.Tx, contract int64) (store.PayItem, bool, error) {
	all, err := tx.PayItemsOf(contract)
	for _, i := range all {
		if i.Element == exitItem && !i.Dropped && ItemBody(i).Exit != nil {
			return i, true, err
		}
	}
	return store.PayItem{}, false, err
}

// estimated says whether a payroll software makes the payslips: what is counted here is what is expected of it.
func (f *payFacts) estimated() bool { return f.rules.Way != coop.PayOwn }
