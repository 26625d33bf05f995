package office

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"essaim/access"
	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/member"
	"essaim/money"
	"essaim/payroll"
)

// PayFile is what pay knows of someone before a month is run: to the person, and to who runs their pay.
type PayFile struct {
	Person    member.Person
	Own       bool              // the reader is the person
	Versions  []store.PayPerson // by day
	Now       store.PayPerson   // in force today, or the first to come
	Lacks     []string          // message keys of what pay waits for
	Contracts []PayContract     // the last first
	Rates     bool              // the establishment's rates are set: without them a cost is too low
	Leave     string            // what becomes of leave, by the rules of today
	Locked    []date.Month      // months of pay in which nothing is written any more
}

// PayContract is a contract with what pay knows of it.
type PayContract struct {
	Contract member.Contract
	Terms    []store.PayTerms   // by day
	Now      store.PayTerms     // in force today, or the first to come
	Set      bool               // there are terms
	Items    []store.PayItem    // the last first
	Absences []store.PayAbsence // the last first
	Lacks    []string           // message keys
	Shut     []date.Month       // of the last quarter and the next month: locked, or the payslip is out; nothing more is written in them
	Leave    *payroll.LeaveState
	Left     *payroll.LeaveOpening // counters of leave that were typed last, nil: none
	Opening  *payroll.Opening      // sums of the year that were taken over, nil: none
	Used     date.Month            // first payslip here of the year, that counts on them; 0: none
	Missing  *PayMissing           // months of the year of which nothing is known
}

// mayPayFile opens a pay file to the person and to who runs their pay: it holds more than a payslip does.
func mayPayFile(a access.Actor, person int64) error {
	act := access.RunPay
	if person == a.Person {
		act = access.AskPay
	}
	return can(a, act, access.Subject{Person: person})
}

// PayFile returns the pay file of someone.
func (o *Office) PayFile(ctx context.Context, a access.Actor, person int64) (f PayFile, err error) {
	if err := mayPayFile(a, person); err != nil {
		return f, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		f, err = payFile(tx, a, person)
		return err
	})
	return f, err
}

func payFile(tx *store.Tx, a access.Actor, person int64) (f PayFile, err error) {
	if f.Person, err = tx.Person(person); err != nil {
		return f, err
	}
	f.Own = a.Person == person
	set, err := tx.Settings()
	if err != nil {
		return f, err
	}
	rules, err := set.On(a.Today)
	if err != nil {
		return f, err
	}
	f.Rates, f.Leave = rules.Pay.Accident != 0, rules.Pay.LeaveMode
	if f.Versions, err = tx.PayPersonOf(person); err != nil {
		return f, err
	}
	months, err := tx.PayMonths()
	if err != nil {
		return f, err
	}
	for _, m := range months {
		if m.State == store.PayMonthLocked {
			f.Locked = append(f.Locked, m.Month)
		}
	}
	f.Now = onDay(f.Versions, a.Today, func(p store.PayPerson) date.Day { return p.From })
	f.Lacks = f.Now.Known.Lacks()
	contracts, err := tx.ContractsOf(person)
	if err != nil {
		return f, err
	}
	slices.SortFunc(contracts, func(x, y member.Contract) int { return int(y.Start - x.Start) })
	for _, c := range contracts {
		k := PayContract{Contract: c}
		if k.Terms, err = tx.PayTermsOf(c.ID); err != nil {
			return f, err
		}
		k.Now, k.Set = onDay(k.Terms, a.Today, func(t store.PayTerms) date.Day { return t.From }), len(k.Terms) > 0
		k.Lacks = lacksOfTerms(c, k.Now.Terms, k.Set)
		if k.Items, err = tx.PayItemsOf(c.ID); err != nil {
			return f, err
		}
		if k.Absences, err = tx.PayAbsencesOf(c.ID); err != nil {
			return f, err
		}
		if k.Shut, err = shutMonths(tx, c, a.Today.Month()); err != nil {
			return f, err
		}
		if err := k.year(tx, rules.Pay, a.Today); err != nil {
			return f, err
		}
		f.Contracts = append(f.Contracts, k)
	}
	return f, nil
}

// shutMonths are the months around this one in which nothing more is written for a contract.
func shutMonths(tx *store.Tx, c member.Contract, this date.Month) (all []date.Month, err error) {
	for m := this - 3; m <= this+1; m++ {
		state, err := tx.PayMonth(m)
		if err != nil {
			return nil, err
		}
		out, err := issuedIn(tx, c, m)
		if err != nil {
			return nil, err
		}
		if out || state.State == store.PayMonthLocked {
			all = append(all, m)
		}
	}
	return all, nil
}

// year adds what was taken over of the year, and the leave.
func (k *PayContract) year(tx *store.Tx, rules coop.Pay, today date.Day) error {
	kept, used, err := openingOf(tx, k.Contract, today.Month().Year())
	if err != nil {
		return err
	}
	k.Used = used
	var y payroll.YearToDate
	if kept != nil {
		k.Opening, y = kept.Body.Opening, kept.Body.After
	}
	first := today.Month()
	if used != 0 {
		first = used
	}
	if miss, lacks := missingBefore(k.Contract, first, y); lacks {
		k.Missing = &miss
	}
	rows, err := tx.PayLeavesOf(k.Contract.ID)
	if n := len(rows); n > 0 {
		k.Left = &rows[n-1].Opening
	}
	if err != nil || k.Contract.Start > today {
		return err
	}
	k.Leave, err = leaveNow(tx, rules, today, k.Contract, k.Now)
	return err
}

// onDay picks among versions by day the one in force, or the first to come.
func onDay[T any](versions []T, on date.Day, from func(T) date.Day) (now T) {
	for i, v := range versions {
		if i == 0 || from(v) <= on {
			now = v
		}
	}
	return now
}

// lacksOfTerms are what a contract must say before it is paid. A CAPE pays nothing until something is earned.
func lacksOfTerms(c member.Contract, t payroll.Terms, set bool) (keys []string) {
	switch {
	case c.Kind == member.CAPE:
	case !set || t.Gross == 0:
		keys = append(keys, "payroll.lacks.gross")
	case c.Kind == member.CDI && t.Hours == 0 && t.Regime != payroll.Manager:
		keys = append(keys, "payroll.lacks.hours")
	}
	return keys
}

// PayFileLine is someone of the list of pay files.
type PayFileLine struct {
	Person   member.Person
	Contract member.Contract // the last that runs, or that ran this year
	Known    payroll.Person
	Terms    payroll.Terms
	Lacks    []string // message keys
	Declared int      // absences that wait to be completed
}

// PayFiles lists who is paid, or was in the last three months, by name, with what lacks to pay them.
func (o *Office) PayFiles(ctx context.Context, a access.Actor) (all []PayFileLine, rates bool, err error) {
	if err := can(a, access.RunPay, access.Subject{}); err != nil {
		return nil, false, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		all = nil
		f, err := readPay(tx, a.Today.Month())
		if err != nil {
			return err
		}
		rates = f.rules.Accident != 0
		contracts, err := tx.Contracts()
		if err != nil {
			return err
		}
		absences, err := tx.PayAbsencesSince(a.Today - declaredFor)
		if err != nil {
			return err
		}
		last := map[int64]member.Contract{}
		for _, c := range contracts {
			if c.End != 0 && c.End < a.Today-goneFor || c.Start < last[c.Person].Start {
				continue
			}
			last[c.Person] = c
		}
		for id, c := range last {
			terms, set := f.terms[c.ID]
			l := PayFileLine{Person: f.people[id], Contract: c, Known: f.known[id].Known, Terms: terms.Terms}
			if c.Kind != member.CAPE {
				l.Lacks = append(l.Known.Lacks(), lacksOfTerms(c, terms.Terms, set)...)
			}
			for _, x := range absences {
				if x.Person == id && x.Declared {
					l.Declared++
				}
			}
			all = append(all, l)
		}
		slices.SortFunc(all, func(x, y PayFileLine) int {
			return strings.Compare(store.Normal(x.Person.LastName+" "+x.Person.FirstName), store.Normal(y.Person.LastName+" "+y.Person.FirstName))
		})
		return nil
	})
	return all, rates, err
}

const (
	goneFor     = 92  // days during which who left stays in the list: a last payslip may be corrected
	declaredFor = 400 // days that a declared absence is looked for in
)

// SavePayPerson writes what pay knows of someone from a day on. was is what the form began from, the last version by day;
// nil writes over whatever there is. A version begins no earlier than the last: what was typed later would hide it.
func (o *Office) SavePayPerson(ctx context.Context, a access.Actor, was *payroll.Person, p store.PayPerson) error {
	if err := can(a, access.RunPay, access.Subject{Person: p.Person}); err != nil {
		return err
	}
	p.Known.NIR, p.Known.IBAN, p.Known.BIC = bare(p.Known.NIR), bare(p.Known.IBAN), bare(p.Known.BIC)
	if err := checkPayPerson(p); err != nil {
		return err
	}
	return o.write(ctx, a, func(tx *store.Tx) error {
		if _, err := tx.Person(p.Person); err != nil {
			return err
		}
		versions, err := tx.PayPersonOf(p.Person)
		if err != nil {
			return err
		}
		var last store.PayPerson
		if n := len(versions); n > 0 {
			last = versions[n-1]
		}
		if was != nil && !same(*was, last.Known) {
			return errChanged()
		}
		switch {
		case p.From < last.From:
			return fault.At("from", "payfile.from_before", "last", last.From)
		case p.From > a.Today+fileAhead:
			return fault.At("from", "payfile.from_far", "last", a.Today+fileAhead)
		}
		if err := aloneUnder(tx, p); err != nil {
			return err
		}
		p.By = a.Person
		if err := tx.SavePayPerson(p); err != nil {
			return err
		}
		return tx.Audit(a.Person, "pay.person", thing("person", p.Person), toldPay("pay", last.Known, p.Known, p.From))
	})
}

// fileAhead is how many days ahead what pay knows may be written: a version cannot be taken back, and one that begins decades
// on would close the file until then.
const fileAhead = 366

func checkPayPerson(p store.PayPerson) error {
	if p.From == 0 {
		return fault.At("from", "ledger.date_missing")
	}
	return p.Known.Check()
}

// aloneUnder refuses a matricule or a NIR that somebody else has: a file of the payroll software would pay the wrong one.
func aloneUnder(tx *store.Tx, p store.PayPerson) error {
	all, err := tx.PayPersons(date.Of(2199, 12, 31))
	if err != nil {
		return err
	}
	for id, other := range all {
		field := ""
		switch {
		case id == p.Person:
			continue
		case p.Known.Number != "" && strings.EqualFold(p.Known.Number, other.Known.Number):
			field = "number"
		case p.Known.NIR != "" && p.Known.NIR == other.Known.NIR:
			field = "nir"
		default:
			continue
		}
		x, err := tx.Person(id)
		if err != nil {
			return err
		}
		return fault.At(field, "payfile.taken", "name", x.Name())
	}
	return nil
}

// aloneNumbered refuses a number in the payroll software that another contract or another person has.
func aloneNumbered(tx *store.Tx, person int64, t store.PayTerms) error {
	if t.Terms.Number == "" {
		return nil
	}
	contracts, err := tx.Contracts()
	if err != nil {
		return err
	}
	terms, err := tx.PayTerms(date.Of(2199, 12, 31))
	if err != nil {
		return err
	}
	for _, c := range contracts {
		if c.ID == t.Contract || !sameNumber(terms[c.ID].Terms.Number, t.Terms.Number) {
			continue
		}
		x, err := tx.Person(c.Person)
		if err != nil {
			return err
		}
		return fault.At("number", "payfile.taken", "name", x.Name())
	}
	return aloneUnder(tx, store.PayPerson{Person: person, Known: payroll.Person{Number: t.Terms.Number}})
}

// bare takes the spaces out of a number typed in groups.
func bare(s string) string { return strings.ToUpper(strings.Join(strings.Fields(s), "")) }

// toldPay is what the log keeps of a change of pay: which fields, from when, and nothing of what they hold. The log is
// read by people who may not know what anybody earns.
func toldPay(of string, was, now any, from date.Day) map[string]any {
	d := told(was, now)
	var names []string
	for _, side := range []string{"was", "now"} {
		fields, _ := d[side].(map[string]any)
		for name := range fields {
			if name, _, _ = strings.Cut(name, "."); !slices.Contains(names, of+"."+name) {
				names = append(names, of+"."+name)
			}
		}
	}
	slices.Sort(names)
	return map[string]any{"from": from, "fields": names}
}

// SetPaper is the right of each to have payslips on paper (L3243-2 c. trav.), or to come back to the electronic ones: the
// person's own deed, in every version of their file that counts from today on.
func (o *Office) SetPaper(ctx context.Context, a access.Actor, paper bool) error {
	if err := can(a, access.AskPay, access.Subject{Person: a.Person}); err != nil {
		return err
	}
	return o.write(ctx, a, func(tx *store.Tx) error {
		if _, err := tx.Person(a.Person); err != nil {
			return err
		}
		versions, err := tx.PayPersonOf(a.Person)
		if err != nil {
			return err
		}
		today := store.PayPerson{Person: a.Person, From: a.Today}
		write := []store.PayPerson{}
		for _, v := range versions {
			if v.From <= a.Today {
				today.Known = v.Known
			} else {
				write = append(write, v)
			}
		}
		if today.Known.Paper == paper {
			return nil
		}
		for _, v := range append(write, today) {
			v.Known.Paper, v.By = paper, a.Person
			if err := tx.SavePayPerson(v); err != nil {
				return err
			}
		}
		return tx.Audit(a.Person, "pay.paper", thing("person", a.Person), map[string]any{"paper": paper})
	})
}

// SavePayTerms writes what a contract pays from a day on: an amendment. The cost of the fixed part of a CESA, which the
// activity's account keeps apart, follows in the same operation; cost is that, 0 for other contracts.
func (o *Office) SavePayTerms(ctx context.Context, a access.Actor, was *payroll.Terms, person int64, t store.PayTerms) (cost money.Cents, err error) {
	if err := can(a, access.RunPay, access.Subject{Person: person}); err != nil {
		return 0, err
	}
	if t.From == 0 {
		return 0, fault.At("from", "ledger.date_missing")
	}
	err = o.write(ctx, a, func(tx *store.Tx) error {
		c, err := contractOf(tx, person, t.Contract)
		if err != nil {
			return err
		}
		if err := t.Terms.Check(c.Kind == member.CESA); err != nil {
			return err
		}
		if c.Kind == member.CAPE && t.Terms.Gross != 0 {
			return fault.At("gross", "payfile.cape_gross")
		}
		versions, err := tx.PayTermsOf(c.ID)
		if err != nil {
			return err
		}
		var last store.PayTerms
		if n := len(versions); n > 0 {
			last = versions[n-1]
		}
		switch {
		case was != nil && !same(*was, last.Terms):
			return errChanged()
		case t.From < last.From:
			return fault.At("from", "payfile.from_before", "last", last.From)
		case t.From > max(a.Today, c.Start)+fileAhead:
			return fault.At("from", "payfile.from_far", "last", max(a.Today, c.Start)+fileAhead)
		case t.From < c.Start:
			return fault.At("from", "payfile.from_contract", "start", c.Start)
		case c.End != 0 && t.From > c.End:
			return fault.At("from", "payfile.from_ended", "end", c.End)
		}
		if err := aloneNumbered(tx, person, t); err != nil {
			return err
		}
		t.By = a.Person
		if err := tx.SavePayTerms(t); err != nil {
			return err
		}
		if cost, err = keepFixed(tx, a.Today, c); err != nil {
			return err
		}
		return tx.Audit(a.Person, "pay.terms", thing("person", person), toldPay("terms", last.Terms, t.Terms, t.From))
	})
	return cost, err
}

// contractOf is a contract of someone; another's is none of theirs.
func contractOf(tx *store.Tx, person, id int64) (member.Contract, error) {
	all, err := tx.ContractsOf(person)
	for _, c := range all {
		if c.ID == id {
			return c, err
		}
	}
	if err == nil {
		err = fault.New(fault.NotFound, "payfile.contract_unknown")
	}
	return member.Contract{}, err
}

// keepFixed counts again what the fixed part of a CESA costs in a whole month alone, from the terms in force at the end of
// the current month (or the first to come), and keeps it with the contract: the account takes it out of what is available
// in the months to come.
func keepFixed(tx *store.Tx, today date.Day, c member.Contract) (money.Cents, error) {
	if c.Kind != member.CESA {
		return 0, nil
	}
	versions, err := tx.PayTermsOf(c.ID)
	if err != nil || len(versions) == 0 {
		return c.FixedCost, err
	}
	set, err := tx.Settings()
	if err != nil {
		return 0, err
	}
	m := max(today.Month(), c.Start.Month(), payroll.Begins())
	rules, err := set.On(m.Last())
	if err != nil {
		return 0, err
	}
	terms := onDay(versions, m.Last(), func(t store.PayTerms) date.Day { return t.From })
	cost, err := fixedCost(rules.Pay, c, terms, m)
	if err != nil || cost == c.FixedCost {
		return cost, err
	}
	c.FixedCost = cost
	return cost, tx.SaveContract(&c)
}

// fixedCost is what the fixed part of a CESA costs in a month that stands alone.
func fixedCost(rules coop.Pay, c member.Contract, t store.PayTerms, m date.Month) (money.Cents, error) {
	if t.Terms.Gross == 0 {
		return 0, nil
	}
	c.Start, c.End = min(c.Start, m.First()), 0
	f := payFacts{month: m, rules: rules, params: payroll.Law().On(m), terms: map[int64]store.PayTerms{c.ID: t}, faults: map[int64]error{}}
	slip, _, err := payroll.Compute(f.params, f.employer(), f.contract(c), payroll.YearToDate{}, f.inputs(c))
	return slip.Totals.Cost, err
}

// keepFixedAll is [keepFixed] for every CESA that has terms: the rates of the cooperative have changed, or a month began.
func keepFixedAll(tx *store.Tx, today date.Day) error {
	contracts, err := tx.Contracts()
	if err != nil {
		return err
	}
	for _, c := range contracts {
		if c.Kind != member.CESA || c.End != 0 && c.End < today {
			continue
		}
		if _, err := keepFixed(tx, today, c); err != nil {
			return err
		}
	}
	return nil
}

// jsonOf writes a body that the store keeps as text.
func jsonOf(x any) (string, error) {
	b, err := json.Marshal(x)
	return string(b), err
}
