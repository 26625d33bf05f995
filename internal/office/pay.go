package office

import (
	"slices"

	"essaim/activity"
	"essaim/coop"
	"essaim/date"
	"essaim/internal/store"
	"essaim/member"
	"essaim/money"
	"essaim/payroll"
)

// payFacts is what the pay of a month needs to know of everybody: the simulator, the run, the exports and the comparison
// with a payroll software all read it, so that one question has one answer.
type payFacts struct {
	month     date.Month
	rules     coop.Pay
	params    *payroll.Parameters
	contracts []member.Contract // that run in the month, by person and first day
	people    map[int64]member.Person
	known     map[int64]store.PayPerson    // by person
	terms     map[int64]store.PayTerms     // by contract
	years     map[int64]payroll.YearToDate // by contract: after the last payslip really issued
	requests  map[int64]store.PayRequest   // by contract
	items     map[int64][]store.PayItem    // by contract
	absences  map[int64][]store.PayAbsence
	taken     map[int64]money.Cents // by item: what earlier payslips took of what it says is owed
	faults    map[int64]error       // by contract: why what the month brings could not be counted
	state     store.PayMonth
	shares    map[int64][]int64     // activities that a person shares in the month
	gross     map[int64]money.Cents // by contract of who holds several at once: of the payslip of the month, issued or decided

	accounts map[int64]activity.Input // of all activities, when they were read together

	among  []int64                  // the people it was read for, nil: everybody
	purses map[int64]*payPurse      // by activity: see decide
	priors map[date.Month]*payFacts // months before that are not paid yet, shared among the facts of a question
	exits  map[int64]exitFacts      // by contract: of the ends that the month holds
	leaves *payLeaves               // what leave is counted from, once it was asked

	followed map[int64]bool // contracts that end in the month and that another goes on from: see unprepared
}

// payRules begins the facts of a month: its rules and parameters, and nobody yet.
func payRules(tx *store.Tx, m date.Month) (f payFacts, err error) {
	set, err := tx.Settings()
	if err != nil {
		return f, err
	}
	rules, err := set.On(m.Last())
	if err != nil {
		return f, err
	}
	return payFacts{month: m, rules: rules.Pay, params: payroll.Law().On(m), people: map[int64]member.Person{}, items: map[int64][]store.PayItem{}, absences: map[int64][]store.PayAbsence{}, faults: map[int64]error{}, gross: map[int64]money.Cents{}}, nil
}

// readPay reads the facts of a month.
func readPay(tx *store.Tx, m date.Month) (f payFacts, err error) {
	if f, err = payRules(tx, m); err != nil {
		return f, err
	}
	contracts, err := tx.Contracts()
	if err != nil {
		return f, err
	}
	for _, c := range contracts {
		if c.Start <= m.Last() && (c.End == 0 || c.End >= m.First()) {
			f.contracts = append(f.contracts, c)
		}
	}
	persons, err := tx.Persons()
	if err != nil {
		return f, err
	}
	for _, p := range persons {
		f.people[p.ID] = p
	}
	if f.known, err = tx.PayPersons(m.Last()); err != nil {
		return f, err
	}
	if f.terms, err = tx.PayTerms(m.Last()); err != nil {
		return f, err
	}
	if f.years, err = tx.YearsToDate(m); err != nil {
		return f, err
	}
	f.carry(contracts)
	f.follow(contracts)
	if f.requests, err = tx.PayRequestsFor(m); err != nil {
		return f, err
	}
	items, err := tx.PayItemsFor(m)
	if err != nil {
		return f, err
	}
	for _, i := range items {
		f.items[i.Contract] = append(f.items[i.Contract], i)
	}
	if f.taken, err = takenBefore(tx, items, m); err != nil {
		return f, err
	}
	absences, err := tx.PayAbsencesOver(m.First(), m.Last())
	if err != nil {
		return f, err
	}
	for _, a := range absences {
		f.absences[a.Contract] = append(f.absences[a.Contract], a)
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

// carry begins the year of a contract with what one that ended before it leaves: both are of one employer.
func (f *payFacts) carry(all []member.Contract) {
	ended := map[int64][]member.Contract{} // by person
	for _, x := range all {
		if x.End != 0 {
			ended[x.Person] = append(ended[x.Person], x)
		}
	}
	for _, c := range f.contracts {
		if _, told := f.years[c.ID]; told {
			continue
		}
		var last member.Contract
		for _, x := range ended[c.Person] {
			if y, paid := f.years[x.ID]; paid && x.End < c.Start && x.End > last.End && y.Year == f.month.Year() {
				last = x
			}
		}
		if last.ID != 0 {
			f.years[c.ID] = f.years[last.ID].Carry()
		}
	}
}

// employer is the cooperative as the engine asks for it.
func (f *payFacts) employer() payroll.Employer {
	r := f.rules
	return payroll.Employer{Staff: r.Staff, Accident: r.Accident, Mobility: r.Mobility, MobilityExtra: r.MobilityExtra, MobilityRegion: r.MobilityRegion, Apprentices: r.Apprentices, LeaveFund: r.LeaveMode == coop.LeaveFund, LeaveFundRate: r.LeaveFundRate, Alsace: r.Alsace}
}

// contract is a contract as the engine asks for it: its kind, the terms in force in the month, the cover of the house
// unless it has its own.
func (f *payFacts) contract(c member.Contract) payroll.Contract {
	t := f.terms[c.ID].Terms
	k := payroll.Contract{From: c.Start, Until: c.End, Executive: t.Executive, Hours: t.Hours,
		Cover: payroll.Cover{Health: f.rules.Health, HealthEmployer: f.rules.HealthEmployer, ProvidentEmployer: f.rules.ProvidentEmployer, ProvidentEmployee: f.rules.ProvidentEmployee}}
	switch c.Kind {
	case member.CESA:
		k.Regime, k.Hours = payroll.CESA, 0
	case member.CAPE:
		k.Regime, k.Hours = payroll.CAPE, 0
	default:
		k.Regime = payroll.Permanent
		if k.Hours == 0 {
			k.Hours = fullTime
		}
	}
	if t.Regime != "" {
		k.Regime = t.Regime
	}
	if t.Cover != nil {
		k.Cover = *t.Cover
	}
	k.ShortTerm = k.Brief(f.month)
	return k
}

// fullTime is the legal week, in hundredths of an hour.
const fullTime = 35_00

// inputs are those of a month before any variable part: the fixed part or the salary, what the month brings, the absences,
// and what the person's other contracts of the month pay. The month that a contract begins or ends in pays its part of it.
func (f *payFacts) inputs(c member.Contract) payroll.Inputs {
	in := f.alone(c)
	in.Beside = f.beside(c)
	return in
}

// beside is the gross of the contracts that a person holds at once with one: of their payslips of the month once issued or
// decided, until then what they pay without any variable part. One ceiling is shared among them by pay ([payroll.Inputs.Beside]).
func (f *payFacts) beside(c member.Contract) (sum money.Cents) {
	for _, x := range f.besides(c) {
		gross, told := f.gross[x.ID]
		if !told {
			in := f.alone(x)
			slip, _, err := payroll.Compute(f.params, f.employer(), f.contract(x), payroll.YearToDate{}, in)
			if err != nil {
				continue // who cannot be computed is paid nothing: it is said where theirs is
			}
			gross = slip.Totals.Gross
		}
		sum += max(gross, 0)
	}
	return min(sum, payroll.MaxGross)
}

// besides are the contracts that a person holds at once with one: some day of the month is in both.
func (f *payFacts) besides(c member.Contract) (all []member.Contract) {
	for _, x := range f.contracts {
		if x.Person == c.Person && x.ID != c.ID && (x.End == 0 || x.End >= max(c.Start, f.month.First())) && (c.End == 0 || c.End >= max(x.Start, f.month.First())) {
			all = append(all, x)
		}
	}
	return all
}

// readGross reads what is already issued to those who hold several contracts at once.
func (f *payFacts) readGross(tx *store.Tx) error {
	read := map[int64]bool{}
	for _, c := range f.contracts {
		if read[c.Person] || len(f.besides(c)) == 0 {
			continue
		}
		read[c.Person] = true
		slips, err := tx.SlipsOf(c.Person, f.month, f.month)
		if err != nil {
			return err
		}
		for _, s := range slips {
			if s.Real() {
				f.gross[s.Contract] = s.Body.Payslip.Totals.Gross
			}
		}
	}
	return nil
}

// decideBeside decides what an entrepreneur is paid before the ordinary contract that they hold at once: the ceiling is
// shared by the whole of both pays, the variable part in it. The other way round an ordinary contract has none.
func (f *payFacts) decideBeside(tx *store.Tx, o *Office, today date.Day, c member.Contract) {
	if c.Kind == member.CESA {
		return
	}
	for _, x := range f.besides(c) {
		if _, told := f.gross[x.ID]; told || x.Kind != member.CESA {
			continue
		}
		if d, err := f.decide(tx, o, today, x, nil); err == nil {
			f.gross[x.ID] = d.Payslip.Totals.Gross
		}
	}
}

// alone are the inputs of a contract as if the person had no other.
func (f *payFacts) alone(c member.Contract) payroll.Inputs {
	known := f.known[c.Person].Known
	in := payroll.Inputs{Month: f.month, Paid: f.payDay(), Tax: known.Tax, NoHealth: exempt(known, f.month)}
	element := "salary"
	if c.Kind == member.CESA {
		element = "fixed_part"
	}
	if gross := f.terms[c.ID].Terms.Gross; gross != 0 {
		k := f.contract(c)
		it := payroll.Item{Element: element, Amount: k.Part(f.month, gross)}
		if days, of := k.DaysIn(f.month); days < of {
			it.Base, it.Rate = gross, money.Rate(money.MulDiv(int64(money.One), int64(days), int64(of)))
		}
		in.Items = append(in.Items, it)
	}
	f.brought(c, &in)
	return in
}

// cutOff is the last day on which the pay of the month can be asked.
func (f *payFacts) cutOff() date.Day {
	return min(f.month.First()+date.Day(f.rules.CutOff)-1, f.month.Last())
}

// payDay is the day on which the month is paid: the last working day, or the cooperative's day or the working day before.
func (f *payFacts) payDay() date.Day {
	d := f.month.Last()
	if f.rules.PayDay != 0 {
		d = min(f.month.First()+date.Day(f.rules.PayDay)-1, d)
	}
	for !d.Working() {
		d--
	}
	return d
}

// contractOf returns a contract of the month by its id.
func (f *payFacts) contractOf(id int64) (member.Contract, bool) {
	n := slices.IndexFunc(f.contracts, func(c member.Contract) bool { return c.ID == id })
	if n < 0 {
		return member.Contract{}, false
	}
	return f.contracts[n], true
}
