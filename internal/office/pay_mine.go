package office

import (
	"context"
	"slices"

	"essaim/access"
	"essaim/activity"
	"essaim/coop"
	"essaim/date"
	"essaim/internal/store"
	"essaim/member"
	"essaim/money"
	"essaim/payroll"
)

// « Combien puis-je me verser ? »: what a person reads and asks of their own pay. Nothing here speaks of anybody else.

// PayQuestion is what the page is asked.
type PayQuestion struct {
	Activity int64
	Kind     string // net, gross, cost
	Amount   money.Cents
	Given    bool        // an amount was typed; otherwise what is on file, or what is advised
	Over     int         // payslips to smooth over, 0: as advised
	Turnover money.Cents // what if this much more had been invoiced and paid, before tax
}

// PayView is the answer.
type PayView struct {
	Why     string // message key: why nothing can be asked; the rest is then empty
	WhyArgs []any
	Whom    string // message key: whom to ask, "" nobody

	Month    date.Month // that can be asked for
	Missed   date.Month // the month of today, when it is too late to ask for it; 0
	CutOff   date.Day
	PayDay   date.Day
	Contract member.Contract
	Estimate bool // a payroll software makes the payslip: this is what we expect of it

	Kind   string
	Amount money.Cents // beside the fixed part, as asked
	payroll.Grant
	Means     payroll.Means
	Notes     []payroll.Note
	Shortfall money.Cents
	Most      payroll.Three // all that could be taken, beside the fixed part
	Account   *activity.Account
	Shared    int // people who share the activity

	PotLast  date.Month // last month of last year's pot
	PotLate  bool
	PotSlips int // payslips until then, this one included

	Advised money.Cents // in Kind, beside the fixed part; 0: nothing to advise
	Smooth  PaySmooth
	Next    payroll.Three // what 100 € more on the account would give
	Tax     money.Cents   // withheld from the month as simulated
	Extra   money.Cents   // of Turnover, what remains for pay

	Year        int              // of the quarters of the basic pension
	QuartersNow int              // with the payslips issued
	Quarters    payroll.Quarters // with this one

	Leave *payroll.LeaveState // today, nil: none is counted

	Asked    *store.PayRequest // on file for the month
	Standing *store.PayRequest // the standing order in force in the month
	Before   *store.PayRequest // what is on file for the month missed
}

// PaySmooth compares a sum taken over several payslips with the same taken at once.
type PaySmooth struct {
	Cost     money.Cents // that both take
	Slips    int
	First    date.Month
	Last     date.Month
	Once     date.Month // when all of it would be taken at once
	Net      money.Cents
	OnceNet  money.Cents
	Reduced  money.Cents // reduction of contributions over these months
	OnceLess money.Cents // reduction lost by taking it at once
}

// Lost is what taking it at once costs, in net euros.
func (s PaySmooth) Lost() money.Cents { return s.Net - s.OnceNet }

// The bounds of a question.
const (
	payMost     = payroll.MaxGross
	smoothMost  = 12
	standingFor = 24 // months
)

// MyPay simulates: it writes nothing.
func (o *Office) MyPay(ctx context.Context, a access.Actor, q PayQuestion) (v PayView, err error) {
	if err := can(a, access.ViewPay, access.Subject{Person: a.Person}); err != nil {
		return v, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		v, err = o.myPay(tx, a, q)
		return err
	})
	return v, err
}

func (o *Office) myPay(tx *store.Tx, a access.Actor, q PayQuestion) (v PayView, err error) {
	f, c, err := o.payOf(tx, a, q.Activity, &v)
	if err != nil || v.Why != "" {
		return v, err
	}
	if err := o.onFile(tx, c, &v); err != nil {
		return v, err
	}
	if v.Leave, err = leaveNow(tx, f.rules, a.Today, c, f.terms[c.ID]); err != nil {
		return v, err
	}
	purse, err := f.purse(tx, o, a.Today, q.Activity)
	if err != nil {
		return v, err
	}
	v.Account, v.Shared = purse.account, len(purse.persons)
	if q.Turnover > 0 {
		if v.Extra, err = o.extra(tx, a, q.Activity, q.Turnover); err != nil {
			return v, err
		}
		purse.space += v.Extra
	}
	most, err := f.decide(tx, o, a.Today, c, &payAsk{By: payroll.ByCost, Amount: payMost})
	if err != nil {
		return v, err
	}
	v.Most = payroll.Three{Net: most.Balance.Net + most.Advance.Net, Gross: most.Balance.Gross + most.Advance.Gross, Cost: most.Balance.Cost + most.Advance.Cost}
	v.PotLast, v.PotLate = f.potLast(), f.potLate()
	v.Kind = q.Kind
	if v.Kind == "" {
		v.Kind = askNet
	}
	if err := f.smooth(c, most, q.Over, &v); err != nil {
		return v, err
	}
	ask := payAsk{By: payBy(v.Kind), Amount: q.Amount}
	switch {
	case q.Given:
	case v.Asked != nil:
		if q.Kind == "" {
			v.Kind = v.Asked.Kind
		}
		ask = payAsk{By: payBy(v.Asked.Kind), Amount: v.Asked.Amount}
	case v.Advised > 0:
		ask.Amount = v.Advised
	default:
		ask.Amount = whole(v.Most.Of(ask.By))
	}
	d, err := f.decide(tx, o, a.Today, c, &ask)
	if err != nil {
		return v, err
	}
	v.Grant, v.Means, v.Notes, v.Shortfall = d.Grant, d.Means, d.Notes, d.Shortfall
	v.Amount, v.Tax = ask.Amount, d.Payslip.Totals.Tax
	if !q.Given && q.Kind != "" && v.Asked != nil && v.Asked.Kind != v.Kind { // the same request, told in another kind
		v.Amount = d.Wished.Of(payBy(v.Kind))
	}
	granted := d.Balance.Cost + d.Advance.Cost
	next, err := f.fit(c, d.Before, payAsk{By: payroll.ByCost, Amount: max(granted, 0) + 100_00}, payroll.Means{Account: max(granted, 0) + 100_00})
	if err != nil {
		return v, err
	}
	v.Next = payroll.Three{Net: next.Total.Net - d.Total.Net, Gross: next.Total.Gross - d.Total.Gross, Cost: next.Total.Cost - d.Total.Cost}
	v.Year = f.month.Year()
	v.QuartersNow, v.Quarters = payroll.QuartersOf(payroll.Law(), v.Year, d.Before.T1).Got, payroll.QuartersOf(payroll.Law(), v.Year, d.After.T1)
	return v, nil
}

// whole is an amount without its cents.
func whole(c money.Cents) money.Cents { return max(c, 0) / 100 * 100 }

// payOf finds the contract of the actor that an activity bears and the month that can be asked for, or says why there is
// none.
func (o *Office) payOf(tx *store.Tx, a access.Actor, section int64, v *PayView) (f payFacts, c member.Contract, err error) {
	stop := func(whom, key string, args ...any) (payFacts, member.Contract, error) {
		v.Why, v.WhyArgs, v.Whom = key, args, whom
		return f, c, nil
	}
	set, err := tx.Settings()
	if err != nil {
		return f, c, err
	}
	s, err := o.near.of(tx.Coop(), set).seller(tx, section)
	if err != nil {
		return f, c, err
	}
	var persons []int64
	for _, share := range s.activity.Shares {
		if !slices.Contains(persons, share.Person) {
			persons = append(persons, share.Person)
		}
	}
	if !slices.Contains(persons, a.Person) {
		return f, c, notTheirs(a)
	}
	mine := s.contracts[a.Person]
	if key, args := unpaid(mine, a.Today); key != "" {
		return stop("mypay.whom.advisor", key, args...)
	}
	var last member.Contract // the one that was found and is too late, or over
	var found bool
	for m := a.Today.Month(); m <= a.Today.Month()+1; m++ {
		if f, err = readPayAmong(tx, m, persons); err != nil {
			return f, c, err
		}
		if c, found = f.mineIn(a.Person, section); !found {
			continue
		}
		issued, err := issuedIn(tx, c, m)
		if err != nil {
			return f, c, err
		}
		last = c
		if a.Today <= f.cutOff() && f.state.State == store.PayMonthOpen && !issued {
			break
		}
		if m == a.Today.Month() && !issued {
			v.Missed = m
			if r, ok := f.requests[c.ID]; ok {
				v.Before = &r
			}
		}
		found = false
	}
	switch {
	case found:
	case last.ID != 0 && last.End != 0 && last.End.Month() <= a.Today.Month():
		return stop("access.whom.payroll", "mypay.why.ends", "until", last.End)
	case last.ID != 0:
		return stop("access.whom.payroll", "mypay.why.locked", "month", a.Today.Month()+1)
	default:
		return stop("mypay.whom.advisor", "mypay.why.elsewhere")
	}
	v.Contract, v.Month, v.CutOff, v.PayDay, v.Estimate = c, f.month, f.cutOff(), f.payDay(), f.rules.Way != coop.PayOwn
	if !slices.ContainsFunc(set.Rules, func(r coop.Rule) bool { return r.Kind == coop.RulePay && r.From <= f.month.Last() }) {
		return stop("access.whom.manager", "mypay.why.no_rule")
	}
	if _, known := f.terms[c.ID]; !known {
		return stop("access.whom.payroll", "mypay.why.no_terms")
	}
	return f, c, nil
}

// notTheirs refuses the pay of another, or what does not exist, in the same words.
func notTheirs(a access.Actor) error { return can(a, access.AskPay, access.Subject{Person: -1}) }

// unpaid says why a person has no pay at all: a test contract, or none.
func unpaid(mine []member.Contract, on date.Day) (string, []any) {
	var test *member.Contract
	for _, c := range member.Running(mine, on) {
		if c.Kind == member.CESA {
			return "", nil
		}
		if c.Kind == member.CAPE {
			test = &c
		}
	}
	next, planned := member.Next(mine, member.CESA, on)
	switch {
	case planned && next.Start.Month() <= on.Month()+1:
		return "", nil // next month can be asked for
	case planned:
		return "mypay.why.from", []any{"from", next.Start}
	case test != nil:
		return "mypay.why.cape", []any{"until", test.End}
	}
	return "mypay.why.no_contract", nil
}

// mineIn finds the contract of a person that an activity bears in the month.
func (f *payFacts) mineIn(person, section int64) (member.Contract, bool) {
	for _, c := range f.contracts {
		if c.Person != person || c.Kind != member.CESA {
			continue
		}
		if f.bears(c) == section {
			return c, true
		}
	}
	return member.Contract{}, false
}

// issuedIn says whether the payslip of a month is out.
func issuedIn(tx *store.Tx, c member.Contract, m date.Month) (bool, error) {
	slips, err := tx.SlipsOf(c.Person, m, m)
	return slices.ContainsFunc(slips, func(s store.Slip) bool {
		return s.Contract == c.ID && s.Real()
	}), err
}

// onFile reads what is asked already for the month.
func (o *Office) onFile(tx *store.Tx, c member.Contract, v *PayView) error {
	all, err := tx.PayRequestsOf(c.ID)
	for _, r := range all { // the last first
		if r.State != store.PayAsked || r.Month > v.Month || r.Until < v.Month {
			continue
		}
		if v.Asked == nil {
			v.Asked = &r
		}
		if v.Standing == nil && r.Until > r.Month {
			v.Standing = &r
		}
	}
	return err
}

// readPayAmong reads the facts of a month for a few people.
func readPayAmong(tx *store.Tx, m date.Month, persons []int64) (payFacts, error) {
	f, err := payRules(tx, m)
	if err != nil {
		return f, err
	}
	f.among, f.known, f.terms, f.years, f.requests = persons, map[int64]store.PayPerson{}, map[int64]store.PayTerms{}, map[int64]payroll.YearToDate{}, map[int64]store.PayRequest{}
	for _, id := range persons {
		if f.people[id], err = tx.Person(id); err != nil {
			return f, err
		}
		if err := f.readOne(tx, id); err != nil {
			return f, err
		}
	}
	var items []store.PayItem
	for _, of := range f.items {
		items = append(items, of...)
	}
	if f.taken, err = takenBefore(tx, items, m); err != nil {
		return f, err
	}
	if f.shares, err = readShares(tx, m); err != nil {
		return f, err
	}
	if err := f.readExits(tx); err != nil {
		return f, err
	}
	if err := f.readGross(tx); err != nil {
		return f, err
	}
	f.state, err = tx.PayMonth(m)
	return f, err
}

// readOne adds the facts of one person.
func (f *payFacts) readOne(tx *store.Tx, id int64) error {
	m := f.month
	contracts, err := tx.ContractsOf(id)
	if err != nil {
		return err
	}
	known, err := tx.PayPersonOf(id)
	if err != nil {
		return err
	}
	for _, k := range known {
		if k.From <= m.Last() {
			f.known[id] = k
		}
	}
	slips, err := tx.SlipsOf(id, date.MonthOf(m.Year(), 1), m-1)
	if err != nil {
		return err
	}
	for _, s := range slips { // the last first
		if _, told := f.years[s.Contract]; !told && s.Real() {
			f.years[s.Contract] = s.Body.After
		}
	}
	for _, c := range contracts {
		if c.Start > m.Last() || c.End != 0 && c.End < m.First() {
			continue
		}
		f.contracts = append(f.contracts, c)
		terms, err := tx.PayTermsOf(c.ID)
		if err != nil {
			return err
		}
		for _, t := range terms {
			if t.From <= m.Last() {
				f.terms[c.ID] = t
			}
		}
		requests, err := tx.PayRequestsOf(c.ID)
		if err != nil {
			return err
		}
		for _, r := range slices.Backward(requests) {
			if r.State == store.PayAsked && r.Month <= m && r.Until >= m {
				f.requests[c.ID] = r
			}
		}
		items, err := tx.PayItemsOf(c.ID)
		if err != nil {
			return err
		}
		for _, i := range slices.Backward(items) {
			if !i.Dropped && i.Month <= m && i.Until >= m {
				f.items[c.ID] = append(f.items[c.ID], i)
			}
		}
		absences, err := tx.PayAbsencesOf(c.ID)
		if err != nil {
			return err
		}
		for _, x := range slices.Backward(absences) {
			if !x.Dropped && x.From <= m.Last() && x.Until >= m.First() {
				f.absences[c.ID] = append(f.absences[c.ID], x)
			}
		}
	}
	f.carry(contracts)
	return nil
}

// extra is what remains for pay of more turnover, invoiced and paid: the contribution of the cooperative comes off, by its
// own scale; VAT goes through.
func (o *Office) extra(tx *store.Tx, a access.Actor, section int64, turnover money.Cents) (money.Cents, error) {
	var v AccountView
	in, _, err := o.accountInput(tx, a, section, 0, &v)
	if err != nil || in.Policy == nil {
		return turnover, err
	}
	facts := activity.Gather(*in.Policy, in.Activity, in.Balances, in.Turnover, in.Contracts, in.Year, a.Today)
	before := in.Policy.Policy.Due(facts)
	nature := "service"
	if len(in.Activity.Natures) > 0 {
		nature = in.Activity.Natures[0]
	}
	facts.Turnover = append(slices.Clone(facts.Turnover), activity.Turnover{Nature: nature, Period: in.Year.Period(a.Today), Invoiced: turnover, Collected: turnover})
	after := in.Policy.Policy.Due(facts)
	more := after.Due - before.Due
	if in.Available.Minimum {
		more += after.Minimum - before.Minimum
	}
	return max(turnover-more, 0), nil
}
