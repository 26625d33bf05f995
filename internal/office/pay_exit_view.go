package office

import (
	"context"
	"maps"
	"slices"

	"essaim/access"
	"essaim/activity"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/member"
	"essaim/money"
	"essaim/payroll"
)

// ExitQuestion is an end of a contract that is tried, or prepared. What is left out is answered: the contract that runs,
// the first reason, the first day it can be.
type ExitQuestion struct {
	Person   int64 // 0: the actor
	Contract int64
	ExitBody
}

// ExitView is what somebody would receive by leaving, until the last payslip.
type ExitView struct {
	Person    member.Person
	Own       bool
	Contracts []member.Contract // that can end
	Contract  member.Contract   // as it is, its end as it was before one was prepared
	Reasons   []payroll.LeavingReason
	ExitBody
	Why      string // message key: why nothing can be counted; the rest is then empty
	WhyArgs  []any
	Earliest date.Day // of a rupture signed today
	Estimate bool     // a payroll software makes the payslips

	Count   payroll.End
	Section int64
	Account *activity.Account // nil for the team
	Months  []ExitPay         // from today's until the last
	Last    payroll.Payslip
	Pot     payroll.Three // of what is left: last year's
	Year    payroll.Three // and this year's
	Means   payroll.Means // what the last payslip could take
	Short   money.Cents   // of it, advanced by the cooperative
	Sum     ExitPay       // of the months
	Notes   []payroll.Note
	Even    ExitEven
	Owed    ExitOwed
	Debts   []ExitDebt

	Prepared *store.PayItem     // the end that stands
	Slip     *store.SlipSums    // the last payslip, once it is issued
	Papers   []store.Attachment // what is attached to the end
	Drawn    bool               // the papers that the end gives are among them
}

// The states of a month until the end.
const (
	ExitIssued = "issued" // paid
	ExitDraft  = "draft"  // counted by pay
	ExitAhead  = "ahead"  // as it is asked for now
	ExitLast   = "last"
)

// ExitPay is a month until the end, or their sum.
type ExitPay struct {
	Month                  date.Month
	State                  string
	Gross, Net, Paid, Cost money.Cents
}

// ExitEven compares taking what is left in equal parts on each payslip with what the months are to pay.
type ExitEven struct {
	Slips int
	Each  money.Cents // net of the first, beside the fixed part
	Net   money.Cents
	Now   money.Cents // net of the months as they stand
}

// ExitOwed is what customers still owe the activity.
type ExitOwed struct {
	Count, Late     int
	Sum, SumLate    money.Cents // tax included
	Oldest, NextDue date.Day    // due days: the oldest that is past, the first to come
}

// ExitDebt is what is still owed after the last payslip.
type ExitDebt struct {
	Element, To string
	Owed, Left  money.Cents
}

// exitFar bounds how far ahead an end is counted: the budget of every month until then is guessed from today's.
const exitFar = 731

// Exit simulates the end of a contract; it writes nothing. What is refused comes with what the page still knows.
func (o *Office) Exit(ctx context.Context, a access.Actor, q ExitQuestion) (v ExitView, err error) {
	if q.Person == 0 {
		q.Person = a.Person
	}
	if err := mayPayFile(a, q.Person); err != nil {
		return v, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		v, err = o.exit(tx, a, q)
		return err
	})
	return v, err
}

func (o *Office) exit(tx *store.Tx, a access.Actor, q ExitQuestion) (v ExitView, err error) {
	v.Own = q.Person == a.Person
	if v.Person, err = tx.Person(q.Person); err != nil {
		return v, err
	}
	if err := v.choose(tx, a, q); err != nil || v.Why != "" {
		return v, err
	}
	if v.Slip != nil { // it is paid
		v.Section = v.Slip.Activity
		return v, v.customers(tx, a.Today)
	}
	if err := v.check(tx, a); err != nil {
		return v, err
	}
	f, c, err := o.exitMonth(tx, a, &v)
	if err != nil {
		return v, err
	}
	return v, o.exitCount(tx, a, f, c, &v)
}

// choose finds the contract and completes the question; what was prepared answers for what is not asked.
func (v *ExitView) choose(tx *store.Tx, a access.Actor, q ExitQuestion) error {
	contracts, err := tx.ContractsOf(q.Person)
	if err != nil {
		return err
	}
	for _, c := range contracts {
		item, prepared, err := exitOf(tx, c.ID)
		if err != nil {
			return err
		}
		asked := c.ID == q.Contract
		if c.Kind == member.CAPE || c.End != 0 && c.End < a.Today && !prepared && !asked {
			continue
		}
		v.Contracts = append(v.Contracts, c)
		if !asked && (q.Contract != 0 || v.Contract.ID != 0) {
			continue
		}
		v.Contract, v.Prepared = c, nil
		if prepared {
			v.Prepared = &item
			v.Contract.End = ItemBody(item).Exit.Was
		}
	}
	if v.Contract.ID == 0 {
		if q.Contract != 0 && !slices.ContainsFunc(contracts, func(c member.Contract) bool { return c.ID == q.Contract }) {
			return fault.New(fault.NotFound, "payfile.contract_unknown")
		}
		v.Why, v.WhyArgs = "payexit.why.none", nil
		if key, args := unpaid(contracts, a.Today); key == "mypay.why.cape" {
			v.Why, v.WhyArgs = "payexit.why.cape", args
		}
		return nil
	}
	return v.complete(tx, a, q)
}

func (v *ExitView) complete(tx *store.Tx, a access.Actor, q ExitQuestion) error {
	v.ExitBody = q.ExitBody
	if v.Prepared != nil {
		v.ExitBody = *ItemBody(*v.Prepared).Exit
	}
	v.Was = v.Contract.End
	v.Earliest = payroll.Law().On(a.Today.Month()).EarliestRupture(a.Today)
	terms, err := tx.PayTermsOf(v.Contract.ID)
	if err != nil {
		return err
	}
	if len(terms) == 0 {
		v.Why = "mypay.why.no_terms"
		return nil
	}
	k := (&payFacts{terms: map[int64]store.PayTerms{v.Contract.ID: onDay(terms, max(a.Today, v.Contract.Start), func(t store.PayTerms) date.Day { return t.From })}}).contract(v.Contract)
	if v.Reasons = payroll.LeavingReasons(k); len(v.Reasons) == 0 {
		v.Why = "payexit.why.manager"
		return nil
	}
	if v.Reason == "" {
		v.Reason = v.Reasons[0]
	}
	slips, err := tx.SlipsOf(v.Contract.Person, payroll.Begins(), a.Today.Month()+exitFar/28)
	if err != nil {
		return err
	}
	last := date.Month(0) // that is issued
	for i := range slips {
		s := &slips[i]
		if s.Contract != v.Contract.ID || !s.Real() {
			continue
		}
		last = max(last, s.Month)
		if v.Prepared != nil && s.Month >= v.ExitBody.End.Month() && v.Slip == nil {
			v.Slip = sumsOf(s)
		}
	}
	if v.Prepared != nil {
		v.Papers, err = tx.Attachments(exitSubject(v.Prepared.ID))
		v.Drawn = drawnUp(v.Papers) != 0
	}
	if v.ExitBody.End == 0 {
		v.ExitBody.End = max(a.Today.Month(), last+1, v.Contract.Start.Month()).Last()
		if v.Reason == payroll.Rupture {
			v.ExitBody.End = max(v.ExitBody.End, v.Earliest.Month().Last())
		}
		if v.Was != 0 {
			v.ExitBody.End = min(v.ExitBody.End, v.Was)
			if v.Reason == payroll.EndOfTerm && v.Was <= a.Today+exitFar { // it runs to its term
				v.ExitBody.End = v.Was
			}
		}
	}
	return err
}

// exitSubject names an end for the papers that are attached to it.
func exitSubject(id int64) string { return thing("pay_exit", id) }

// check refuses a day on which the contract cannot end any more, or not yet.
func (v *ExitView) check(tx *store.Tx, a access.Actor) error {
	end := v.ExitBody.End
	switch {
	case end < v.Contract.Start:
		return fault.At("end", "payroll.leaving_end", "from", v.Contract.Start)
	case v.Was != 0 && end > v.Was:
		return fault.At("end", "payexit.fault.after", "end", v.Was)
	case end > a.Today+exitFar:
		return fault.At("end", "payexit.fault.far", "last", a.Today+exitFar)
	case end.Month() < payroll.Begins():
		return fault.At("end", "payroll.before", "first", payroll.Begins())
	case !slices.Contains(v.Reasons, v.Reason):
		return fault.At("reason", "payroll.leaving_reason")
	}
	state, err := tx.PayMonth(end.Month())
	if err != nil {
		return err
	}
	if state.State == store.PayMonthLocked {
		return fault.At("end", "payfile.locked", "month", end.Month())
	}
	slips, err := tx.SlipsOf(v.Contract.Person, end.Month(), max(end, a.Today).Month()+1)
	for _, s := range slips {
		if s.Contract == v.Contract.ID && s.Real() {
			return fault.At("end", "payfile.issued", "month", s.Month, "next", s.Month+1)
		}
	}
	return err
}

// exitMonth reads the facts of the last month as if the contract ended in it.
func (o *Office) exitMonth(tx *store.Tx, a access.Actor, v *ExitView) (*payFacts, member.Contract, error) {
	month := v.ExitBody.End.Month()
	rules := payFacts{}
	var err error
	if rules.shares, err = readShares(tx, month); err != nil {
		return nil, v.Contract, err
	}
	if v.Section, err = rules.bearer(v.Contract); err != nil {
		return nil, v.Contract, err
	}
	persons := []int64{v.Person.ID}
	accounts := map[int64]activity.Input{}
	c := v.Contract
	c.End = v.ExitBody.End
	if v.Section >= ledger.FirstActivity {
		var none AccountView
		in, _, err := o.accountInput(tx, a, v.Section, 0, &none)
		if err != nil {
			return nil, c, err
		}
		in.Contracts = slices.Clone(in.Contracts)
		for i := range in.Contracts {
			if in.Contracts[i].ID == c.ID {
				in.Contracts[i].End = c.End
			}
		}
		for _, s := range in.Activity.Shares {
			if !slices.Contains(persons, s.Person) {
				persons = append(persons, s.Person)
			}
		}
		accounts[v.Section] = in
	}
	f, err := readPayAmong(tx, month, persons)
	if err != nil {
		return nil, c, err
	}
	f.accounts = accounts
	for i := range f.contracts {
		if f.contracts[i].ID == c.ID {
			f.contracts[i].End = c.End
		}
	}
	f.items[c.ID] = slices.DeleteFunc(slices.Clone(f.items[c.ID]), func(i store.PayItem) bool { return i.Element == exitItem })
	body, err := jsonOf(PayItemBody{Exit: &v.ExitBody})
	if err != nil {
		return nil, c, err
	}
	f.items[c.ID] = append(f.items[c.ID], store.PayItem{Person: c.Person, Contract: c.ID, Month: month, Until: month, Element: exitItem, Body: body})
	return &f, c, f.readExit(tx, c, v.ExitBody)
}

// exitCount counts the months until the last, each with those before it behind it, as the run will.
func (o *Office) exitCount(tx *store.Tx, a access.Actor, f *payFacts, c member.Contract, v *ExitView) (err error) {
	if v.Count, err = f.end(c, v.ExitBody); err != nil {
		return err
	}
	v.Estimate = f.estimated()
	ahead := map[int64]money.Cents{} // what the months to come take of each debt
	debts, err := tx.PayItemsOf(c.ID)
	if err != nil {
		return err
	}
	debts = slices.DeleteFunc(debts, func(i store.PayItem) bool { _, is := debtOf(i); return !is || i.Dropped })
	even := evenly{o: o, tx: tx, today: a.Today}
	for m := a.Today.Month(); m < f.month; m++ {
		g, err := f.priorOf(tx, m)
		if err != nil {
			return err
		}
		k, runs := g.contractOf(c.ID)
		if !runs {
			continue
		}
		s, state, err := o.exitSlip(tx, a, g, k, ahead)
		if err != nil {
			return err
		}
		serveAhead(g, debts, s, ahead, state != ExitIssued)
		v.add(s, state)
		if state == ExitAhead {
			if err := even.add(g, k); err != nil {
				return err
			}
		}
	}
	for id, taken := range ahead {
		f.taken[id] += taken
	}
	s, _, err := f.slip(tx, o, a.Today, c)
	if err != nil {
		return err
	}
	v.add(s, ExitLast)
	v.Last, v.Notes = s.Body.Payslip, s.Body.Notes
	d, err := f.decide(tx, o, a.Today, c, nil)
	if err != nil {
		return err
	}
	v.Pot, v.Year, v.Means, v.Short = d.Balance, d.Advance, d.Means, d.Shortfall
	if p := f.purses[v.Section]; p != nil {
		v.Account = p.account
	}
	taken := maps.Clone(f.taken)
	serve(debts, s, taken)
	for _, i := range slices.Backward(debts) {
		if owed := i.Amount - f.taken[i.ID] + ahead[i.ID]; owed > 0 && i.Month <= f.month {
			v.Debts = append(v.Debts, ExitDebt{Element: i.Element, To: ItemBody(i).Creditor, Owed: owed, Left: max(0, i.Amount-taken[i.ID])})
		}
	}
	if err := even.add(f, c); err != nil {
		return err
	}
	if v.ExitBody.All && c.Kind == member.CESA {
		if v.Even, err = even.spread(); err != nil {
			return err
		}
	}
	return v.customers(tx, a.Today)
}

// add adds a month to the sum of those to come.
func (v *ExitView) add(s store.Slip, state string) {
	t := s.Body.Payslip.Totals
	p := ExitPay{s.Month, state, t.Gross, t.Net, t.Paid, t.Cost}
	v.Months = append(v.Months, p)
	if state != ExitIssued {
		v.Sum.Gross, v.Sum.Net, v.Sum.Paid, v.Sum.Cost = v.Sum.Gross+p.Gross, v.Sum.Net+p.Net, v.Sum.Paid+p.Paid, v.Sum.Cost+p.Cost
	}
}

// exitSlip is the payslip of a month before the last: as it was issued, as pay has it, as it would be.
func (o *Office) exitSlip(tx *store.Tx, a access.Actor, g *payFacts, c member.Contract, ahead map[int64]money.Cents) (s store.Slip, state string, err error) {
	slips, err := tx.SlipsOf(c.Person, g.month, g.month)
	if err != nil {
		return s, "", err
	}
	for _, x := range slips {
		switch {
		case x.Contract != c.ID || x.Origin == store.SlipOpening:
		case x.Real():
			return x, ExitIssued, nil
		case x.Origin == g.origin():
			s, state = x, ExitDraft
		}
	}
	if state != "" {
		return s, state, nil
	}
	for id, taken := range ahead {
		g.taken[id] += taken
	}
	s, _, err = g.slip(tx, o, a.Today, c)
	return s, ExitAhead, err
}

// serveAhead adds what a month to come takes of debts.
func serveAhead(g *payFacts, debts []store.PayItem, s store.Slip, ahead map[int64]money.Cents, counts bool) {
	if !counts {
		return
	}
	before := maps.Clone(g.taken)
	for _, i := range debts { // those that begin later stand at nil
		before[i.ID] += 0
	}
	after := maps.Clone(before)
	serve(debts, s, after)
	for id := range after {
		ahead[id] += after[id] - before[id]
	}
}

// evenly compares months as they stand with the same cost in equal parts.
type evenly struct {
	o      *Office
	tx     *store.Tx
	today  date.Day
	months []evenMonth
}

type evenMonth struct {
	f *payFacts
	c member.Contract
	d payDecision
}

// add takes a month in that one can still ask for: what the others pay is settled.
func (e *evenly) add(f *payFacts, c member.Contract) error {
	if e.today > f.cutOff() {
		return nil
	}
	d, err := f.decide(e.tx, e.o, e.today, c, nil)
	e.months = append(e.months, evenMonth{f, c, d})
	return err
}

// spread counts the parts; nothing to compare when there is one payslip, or nothing to share. What is shared is what the
// months cost beyond what they would without any variable part, with that year behind each: the reduction is regularised
// over the year.
func (e *evenly) spread() (x ExitEven, err error) {
	n := len(e.months)
	if n < 2 {
		return x, nil
	}
	last := e.months[n-1]
	k, employer := last.f.contract(last.c), last.f.employer()
	var inputs []payroll.Inputs
	var budget, net money.Cents
	y := e.months[0].d.Before
	for _, m := range e.months {
		in := m.f.inputs(m.c)
		if y.Year != in.Month.Year() {
			y = payroll.YearToDate{}
		}
		var is payroll.Payslip
		if is, y, err = payroll.Compute(m.f.params, employer, k, y, in); err != nil {
			return x, err
		}
		inputs, net = append(inputs, in), net+is.Totals.Net
		_, added := payroll.AddedCost(m.f.params, m.f.rules, is)
		budget += m.d.Total.Cost - is.Totals.Cost - added
		x.Now += m.d.Payslip.Totals.Net
	}
	if budget <= 0 {
		return ExitEven{}, nil
	}
	s, err := payroll.SpreadOver(payroll.Law(), last.f.rules, employer, k, e.months[0].d.Before, inputs, payroll.Advance, budget)
	if err != nil {
		return ExitEven{}, err
	}
	x.Slips, x.Each, x.Net = n, s.Months[0].Net, net+s.Net
	return x, nil
}

// customers sums what is still to come in.
func (v *ExitView) customers(tx *store.Tx, today date.Day) error {
	if v.Section < ledger.FirstActivity {
		return nil
	}
	items, err := tx.OpenItems(v.Section, "411")
	for _, i := range items {
		if i.Remaining <= 0 {
			continue
		}
		o, due := &v.Owed, max(i.Due, i.Date)
		o.Count, o.Sum = o.Count+1, o.Sum+i.Remaining
		switch {
		case due < today:
			o.Late, o.SumLate = o.Late+1, o.SumLate+i.Remaining
			if o.Oldest == 0 || due < o.Oldest {
				o.Oldest = due
			}
		case o.NextDue == 0 || due < o.NextDue:
			o.NextDue = due
		}
	}
	return err
}
