package office

import (
	"context"
	"slices"

	"essaim/access"
	"essaim/activity"
	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/member"
	"essaim/money"
	"essaim/payroll"
)

// What becomes of the results of a fiscal year: R7331-12 c. trav. makes the balance pay unless the person agrees to
// something else, and a CAPE's result is set aside. The figures are those of the books, read again each time.

// yearFacts is what the end of a year needs to know.
type yearFacts struct {
	year       ledger.FiscalYear
	rules      coop.Rules
	today      date.Day
	asked      store.YearEnd
	open       bool // people were asked
	activities map[int64]activity.Activity
	people     map[int64]member.Person
	contracts  []member.Contract
	choices    map[partKey]store.YearChoice
	booked     map[partKey][]activity.YearSum
	entries    []store.YearEntry
	reversed   map[int64]bool     // of entries, on whatever day
	rows       []activity.YearRow // closed
	result     money.Cents        // of all activities, as the books say it now
	months     []date.Month       // over which a balance may be paid
	rates      map[partKey]money.Rate
	profit     map[partKey]ProfitRight
}

type partKey struct{ activity, person int64 }

// yearAsked returns a fiscal year by its id; 0 is the last one that is over, or the first.
func yearAsked(set *store.Settings, id int64, today date.Day) (ledger.FiscalYear, error) {
	if y, ok := set.Year(id); ok {
		return y, nil
	}
	if id == 0 {
		for i := len(set.Years) - 1; i >= 0; i-- {
			if y := set.Years[i]; y.Span.End < today || i == 0 || set.Years[i].Span.Contains(today) && today > y.Span.End-62 {
				return y, nil
			}
		}
	}
	return ledger.FiscalYear{}, fault.New(fault.NotFound, "store.year_unknown")
}

// payMonths are those over which what is left of a year may be paid: from the first month after it, or today's when that has
// passed, to the one by which the regularisation is paid (assembly and a month).
func payMonths(year date.FiscalYear, today date.Day, last int) (all []date.Month) {
	first := year.End.Month() + 1
	until := first + 6
	for m := first; m < first+12; m++ {
		if int(m-date.MonthOf(m.Year(), 1))+1 == last {
			until = m
			break
		}
	}
	for m := max(first, today.Month()); m <= until; m++ {
		all = append(all, m)
	}
	if len(all) == 0 {
		all = []date.Month{today.Month()}
	}
	return all
}

// readYearEnd reads the facts and closes the rows.
func readYearEnd(tx *store.Tx, yearID int64) (f yearFacts, err error) {
	set, err := tx.Settings()
	if err != nil {
		return f, err
	}
	if f.today, err = tx.Today(); err != nil {
		return f, err
	}
	if f.year, err = yearAsked(set, yearID, f.today); err != nil {
		return f, err
	}
	if f.rules, err = set.On(f.year.Span.End); err != nil {
		return f, err
	}
	if f.asked, f.open, err = tx.YearEnd(f.year.ID); err != nil {
		return f, err
	}
	f.months = payMonths(f.year.Span, f.today, f.rules.Pay.PotMonth)
	f.activities, f.people = map[int64]activity.Activity{}, map[int64]member.Person{}
	activities, err := tx.Activities()
	if err != nil {
		return f, err
	}
	persons, err := tx.Persons()
	if err != nil {
		return f, err
	}
	for _, p := range persons {
		f.people[p.ID] = p
	}
	if f.contracts, err = tx.Contracts(); err != nil {
		return f, err
	}
	if err := f.readChoices(tx); err != nil {
		return f, err
	}
	leave := map[partKey]money.Cents{}
	f.rates = map[partKey]money.Rate{}
	if f.rules.Pay.LeaveMode == coop.LeaveProvided {
		if leave, f.rates, err = leaveOf(tx, f.year.Span); err != nil {
			return f, err
		}
	}
	balances, err := tx.BalancesBySection(f.year.ID)
	if err != nil {
		return f, err
	}
	ours, received := map[int64][]activity.YearSum{}, map[int64]money.Cents{}
	for key, sums := range f.booked {
		for _, s := range sums {
			ours[key.activity] = append(ours[key.activity], s)
			if s.Kind == activity.YearTransfer {
				received[s.To] += s.Amount
			}
		}
	}
	for _, act := range activities {
		f.activities[act.ID] = act
		row := activity.ReadYear(act.ID, balances[act.ID], f.rules.Grid.Pay, ours[act.ID], received[act.ID])
		for _, b := range balances[act.ID] {
			if b.Period > 0 && ledger.Result(b.Account) {
				f.result -= b.Net()
			}
		}
		for _, s := range act.SharesOn(f.year.Span) {
			key := partKey{act.ID, s.Person}
			p := activity.YearPart{Activity: act.ID, Person: s.Person, Parts: s.Parts, Standing: activity.StandingOf(f.contracts, s.Person, f.year.Span), Leave: leave[key]}
			if p.Standing == activity.StandsCAPE && !f.rules.YearEnd.CAPE {
				p.Standing = activity.StandsApart
			}
			if c, ok := f.choices[key]; ok && c.State == store.ChoiceSigned {
				said, err := readSaid(c)
				if err != nil {
					return f, err
				}
				p.Signed = said.Wishes
			}
			row.Parts = append(row.Parts, p)
		}
		f.rows = append(f.rows, row)
	}
	if err := f.readProfit(tx); err != nil {
		return f, err
	}
	f.rows = activity.CloseYear(f.rows, len(payMonths(f.year.Span, 0, f.rules.Pay.PotMonth)))
	return f, nil
}

// readChoices reads what was chosen and what was booked; an entry that was reversed within the year has booked nothing.
func (f *yearFacts) readChoices(tx *store.Tx) (err error) {
	f.choices, f.booked = map[partKey]store.YearChoice{}, map[partKey][]activity.YearSum{}
	choices, err := tx.YearChoices(f.year.ID)
	if err != nil {
		return err
	}
	for _, c := range choices {
		f.choices[partKey{c.Activity, c.Person}] = c
	}
	all, err := tx.YearEntries(f.year.ID)
	if err != nil {
		return err
	}
	var ids []int64
	for _, e := range all {
		ids = append(ids, e.Entry)
	}
	undone := map[int64]bool{}
	f.reversed = map[int64]bool{}
	if len(ids) > 0 {
		found, err := tx.Undoings(slices.Compact(ids))
		if err != nil {
			return err
		}
		for _, u := range found {
			undone[u.Reverses] = undone[u.Reverses] || f.year.Span.Contains(u.Day)
			f.reversed[u.Reverses] = true
		}
	}
	for _, e := range all {
		if undone[e.Entry] {
			continue
		}
		f.entries = append(f.entries, e)
		if e.Sum.Kind != store.YearReleased {
			key := partKey{e.Activity, e.Person}
			f.booked[key] = append(f.booked[key], e.Sum)
		}
	}
	return nil
}

// leaveOf is what is due for leave of a year where it is set aside and paid when it is taken: a tenth of the pay of the
// payslips issued, less what they paid for leave, with contributions in the proportion of the year's; and that proportion.
func leaveOf(tx *store.Tx, year date.FiscalYear) (map[partKey]money.Cents, map[partKey]money.Rate, error) {
	type sum struct {
		gross, cost money.Cents
		aside       payroll.LeaveAside
	}
	sums := map[partKey]sum{}
	for _, m := range year.Months() {
		law := payroll.Law().On(m)
		slips, err := tx.Slips(m)
		if err != nil {
			return nil, nil, err
		}
		for _, s := range slips {
			if !s.Real() || s.Body.Contract.Regime != payroll.CESA {
				continue
			}
			key := partKey{s.Activity, s.Person}
			x := sums[key]
			t := s.Body.Payslip.Totals
			x.gross, x.cost = x.gross+t.Gross, x.cost+t.Cost
			x.aside.Add(law, &s.Body.Payslip)
			sums[key] = x
		}
	}
	leave, rates := map[partKey]money.Cents{}, map[partKey]money.Rate{}
	for key, x := range sums {
		due := x.aside.Left()
		if due <= 0 || x.gross <= 0 {
			continue
		}
		charges := money.Cents(money.MulDiv(int64(due), int64(x.cost-x.gross), int64(x.gross)))
		leave[key], rates[key] = due+charges, money.Rate(money.MulDiv(int64(charges), int64(money.One), int64(due+charges)))
	}
	return leave, rates, nil
}

// part returns a person's part.
func (f *yearFacts) part(key partKey) (activity.YearRow, activity.YearPart, bool) {
	for _, r := range f.rows {
		if r.Activity != key.activity {
			continue
		}
		for _, p := range r.Parts {
			if p.Person == key.person {
				return r, p, true
			}
		}
	}
	return activity.YearRow{}, activity.YearPart{}, false
}

// partners are the activities that a person may give to: those they share with others, but this one.
func (f *yearFacts) partners(key partKey) (all []int64) {
	for _, r := range f.rows {
		if r.Activity == key.activity || len(r.Parts) < 2 || !f.activities[r.Activity].OpenOn(f.today) {
			continue
		}
		if slices.ContainsFunc(r.Parts, func(p activity.YearPart) bool { return p.Person == key.person }) {
			all = append(all, r.Activity)
		}
	}
	return all
}

// spread says what a budget of a person's part gives when it is paid over the first n months.
func (f *yearFacts) spread(pay *payFacts, key partKey, budget money.Cents, n int) (payroll.Spread, error) {
	c, ok := f.contractOf(key.person)
	if !ok || budget <= 0 {
		return payroll.Spread{Budget: budget}, nil
	}
	var k payroll.Contract
	var months []payroll.Inputs
	for _, m := range f.months[:min(max(n, 1), len(f.months))] {
		var in payroll.Inputs
		k, in = f.inputs(pay, c, m)
		months = append(months, in)
	}
	return payroll.SpreadOver(payroll.Law(), pay.rules, pay.employer(), k, pay.years[c.ID], months, "variable_balance", budget)
}

// inputs are a contract and what a month pays of it before what is left of the year: its fixed part.
func (f *yearFacts) inputs(pay *payFacts, c member.Contract, m date.Month) (payroll.Contract, payroll.Inputs) {
	k := pay.contract(c)
	if k.Until != 0 && k.Until < f.months[len(f.months)-1].Last() {
		k.Until = 0 // what is left is paid after the end, by a payslip of its own
	}
	if c.Kind == member.CESA {
		k.Regime, k.Hours = payroll.CESA, 0
	}
	known := pay.known[c.Person].Known
	in := payroll.Inputs{Month: m, Paid: m.Last(), Tax: known.Tax, NoHealth: exempt(known, m)}
	if gross := pay.terms[c.ID].Terms.Gross; gross != 0 && (c.End == 0 || c.End >= m.Last()) {
		in.Items = []payroll.Item{{Element: "fixed_part", Amount: gross}}
	}
	return k, in
}

// contractOf is the contract by which what is left of the year is paid.
func (f *yearFacts) contractOf(person int64) (last member.Contract, ok bool) {
	if c, in := member.InForce(f.contracts, person, f.year.Span.End); in && c.Kind == member.CESA {
		return c, true
	}
	for _, c := range f.contracts {
		if c.Person == person && c.Kind == member.CESA && c.Start <= f.year.Span.End && (!ok || c.Start > last.Start) {
			last, ok = c, true
		}
	}
	return last, ok
}

// YearEndView is the end of a year as the team sees it.
type YearEndView struct {
	Year     ledger.FiscalYear
	Years    []ledger.FiscalYear
	Rule     coop.YearEnd
	Asked    store.YearEnd
	Open     bool // people were asked
	Over     bool // the year is
	Rows     []activity.YearRow
	Result   money.Cents // of the activities, as the books say it now: with what was booked it is the sum of the rows
	Booked   money.Cents // taken of it by the year end so far
	Missing  int         // parts of which something is left to book
	Silent   []int64     // who was asked and has not answered
	Months   []date.Month
	Choices  map[int64]map[int64]store.YearChoice // by activity and person
	Aside    []AsideView
	Profit   []ProfitDue // set aside as profit-sharing
	Term     date.Day    // by which it is paid
	MayAsk   bool
	MayBook  bool
	Names    map[int64]string
	Sections map[int64]activity.Activity
}

// AsideView is what stands set aside of a CAPE.
type AsideView struct {
	Activity, Person int64
	Aside, Released  money.Cents
}

// YearEnd returns what becomes of the results of a year (0: the last that is over): the accountant's table.
func (o *Office) YearEnd(ctx context.Context, a access.Actor, yearID int64) (v YearEndView, err error) {
	if err := can(a, access.ViewPay, access.Subject{}); err != nil {
		return v, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		f, err := readYearEnd(tx, yearID)
		if err != nil {
			return err
		}
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		v = YearEndView{
			Year: f.year, Rule: f.rules.YearEnd, Asked: f.asked, Open: f.open, Over: f.year.Span.End < f.today, Result: f.result, Months: f.months, Sections: f.activities,
			MayAsk: can(a, access.RunPay, access.Subject{}) == nil, Names: map[int64]string{}, Choices: map[int64]map[int64]store.YearChoice{},
		}
		v.MayBook = v.MayAsk || can(a, access.PostEntry, access.Subject{}) == nil
		for _, y := range set.Years {
			if y.Span.Start <= a.Today {
				v.Years = append(v.Years, y)
			}
		}
		for id, p := range f.people {
			v.Names[id] = p.Name()
		}
		for _, sums := range f.booked {
			for _, s := range sums {
				if s.Kind != activity.YearTransfer { // what one gives another has
					v.Booked += s.Amount
				}
			}
		}
		for key, c := range f.choices {
			if v.Choices[key.activity] == nil {
				v.Choices[key.activity] = map[int64]store.YearChoice{}
			}
			v.Choices[key.activity][key.person] = c
		}
		for _, r := range f.rows {
			if r.Base == 0 && r.Paid == 0 && r.Balance == 0 && r.Received == 0 {
				continue
			}
			v.Rows = append(v.Rows, r)
			for _, p := range r.Parts {
				key := partKey{p.Activity, p.Person}
				if _, answered := f.choices[key]; !answered && p.Standing == activity.StandsPaid && p.Balance > 0 && !slices.Contains(v.Silent, p.Person) {
					v.Silent = append(v.Silent, p.Person)
				}
				if len(activity.Missing(p.Sums(func(activity.YearKind, money.Cents) money.Cents { return 0 }), f.booked[key])) > 0 {
					v.Missing++
				}
			}
		}
		v.Aside, v.Term = f.aside(), ProfitTerm(f.year.Span)
		v.Profit, err = f.profitDues(tx)
		return err
	})
	return v, err
}

// aside sums what was set aside of CAPEs and what was released of it. What was reversed, on whatever day, holds nothing.
func (f *yearFacts) aside() (all []AsideView) {
	for _, e := range f.entries {
		if f.reversed[e.Entry] || e.Sum.Kind != activity.YearCAPE && e.Sum.Kind != store.YearReleased {
			continue
		}
		i := slices.IndexFunc(all, func(x AsideView) bool { return x.Activity == e.Activity && x.Person == e.Person })
		if i < 0 {
			all = append(all, AsideView{Activity: e.Activity, Person: e.Person})
			i = len(all) - 1
		}
		if e.Sum.Kind == activity.YearCAPE {
			all[i].Aside += e.Sum.Amount
		} else {
			all[i].Released -= e.Sum.Amount
		}
	}
	return slices.DeleteFunc(all, func(x AsideView) bool { return x.Aside == 0 && x.Released == 0 })
}
