package office

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"essaim/access"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/member"
	"essaim/money"
	"essaim/payroll"
)

// PayDue is what is owed to a body on its account.
type PayDue struct {
	Account string
	Key     string   // of its name
	On      date.Day // when the month's is to be paid, 0: its contract says
	Month   money.Cents
	Balance money.Cents // of the account in the books, all months: what is still owed
	Shares  []PayDueShare
}

// PayDueShare is what an activity bears of it in the month.
type PayDueShare struct {
	Section int64
	Amount  money.Cents
}

// PayDues are the contributions of a month.
type PayDues struct {
	Month   date.Month
	Rows    []PayDue
	Sum     money.Cents
	Balance money.Cents
}

// payBody is an account of social debts with the day of the following month on which it is paid: 0, the 5th or the 15th by
// the headcount (R243-6 CSS; CGI art. 1671, ann. III art. 369); −1, as the contract says.
type payBody struct {
	account, key string
	day          int
}

var payBodies = []payBody{
	{"431", "pay_month.body.urssaf", 0},
	{"4373", "pay_month.body.pension", 25}, // ANI du 17 novembre 2017, art. 43: the 25th of the month that follows
	{"4372", "pay_month.body.cover", -1},
	{"4421", "pay_month.body.tax", 0},
	{"4378", "pay_month.body.other", -1},
	{"427", "pay_month.body.garnishments", -1},
	{"4486", "pay_month.body.state", -1},
}

// payEarly is the headcount from which contributions are paid on the 5th instead of the 15th (R243-6 CSS).
const payEarly = 50

// PayDues returns what the pay of a month owes to each body, from the books, with what is still owed on its account.
func (o *Office) PayDues(ctx context.Context, a access.Actor, m date.Month) (v PayDues, err error) {
	if err := can(a, access.ViewPay, access.Subject{}); err != nil {
		return v, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		f, err := readPay(tx, m)
		if err != nil {
			return err
		}
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		v = PayDues{Month: m}
		sums, err := tx.PayDebts(m)
		if err != nil {
			return err
		}
		year, ok := set.YearOf(min(a.Today, m.Last()))
		if !ok {
			return fault.New(fault.Closed, "office.no_year", "date", m.Last())
		}
		balances, err := tx.Balances(0, year.ID)
		if err != nil {
			return err
		}
		for _, b := range payBodies {
			row := PayDue{Account: b.account, Key: b.key}
			switch next := m + 1; {
			case b.day > 0:
				row.On = workingOn(next.First() + date.Day(b.day) - 1)
			case b.day == 0 && f.rules.Staff >= payEarly:
				row.On = workingOn(next.First() + 4)
			case b.day == 0:
				row.On = workingOn(next.First() + 14)
			}
			for _, s := range sums {
				if strings.HasPrefix(s.Account, b.account) {
					row.Month += s.Amount
					row.Shares = append(row.Shares, PayDueShare{s.Section, s.Amount})
				}
			}
			for _, x := range balances {
				if strings.HasPrefix(x.Account, b.account) {
					row.Balance -= x.Net()
				}
			}
			if row.Month != 0 || row.Balance != 0 {
				v.Rows = append(v.Rows, row)
				v.Sum, v.Balance = v.Sum+row.Month, v.Balance+row.Balance
			}
		}
		return nil
	})
	return v, err
}

// workingOn is a day, or the working day that follows.
func workingOn(d date.Day) date.Day {
	for !d.Working() {
		d++
	}
	return d
}

// PayBookRow is a payslip in the pay book.
type PayBookRow struct {
	store.SlipSums
	Person member.Person
	Kind   member.ContractKind
	Body   *payroll.Totals
	Pot    money.Cents
}

// PayBook is the payslips issued from a month to another, and the proof that they are in the books.
type PayBook struct {
	From, Until date.Month
	Rows        []PayBookRow
	Sum         payroll.Totals
	Pot         money.Cents
	Costs       []PayBookCost // by activity
	Slips       money.Cents   // what the payslips in the books cost, less what was set aside for them
	Books       money.Cents   // what the accounts of charges hold of them
	Unbooked    int           // issued without an entry of ours: their journal came from elsewhere
	Others      money.Cents   // of the accounts 63 and 64, from entries of the journal that are of no payslip here
}

// PayBookCost is what the payslips of an activity cost, and what its accounts 63 and 64 hold of them.
type PayBookCost struct {
	Section      int64
	Slips, Books money.Cents
	People       []PayBookPerson
}

// PayBookPerson is a person's part in it.
type PayBookPerson struct {
	Person int64
	Cost   money.Cents
}

// payBookMost bounds the months of a pay book.
const payBookMost = 12

// PayBook returns the payslips really issued from a month to another, at most a year, with the proof of their cost.
func (o *Office) PayBook(ctx context.Context, a access.Actor, from, until date.Month) (v PayBook, err error) {
	if err := can(a, access.ViewPay, access.Subject{}); err != nil {
		return v, err
	}
	if until < from || until-from >= payBookMost {
		return v, fault.At("until", "pay_month.fault.book", "max", payBookMost)
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		v = PayBook{From: from, Until: until}
		persons, err := tx.Persons()
		if err != nil {
			return err
		}
		people := map[int64]member.Person{}
		for _, p := range persons {
			people[p.ID] = p
		}
		contracts, err := tx.Contracts()
		if err != nil {
			return err
		}
		kinds := map[int64]member.ContractKind{}
		for _, c := range contracts {
			kinds[c.ID] = c.Kind
		}
		booked := map[int64]payBooked{}
		for m := from; m <= until; m++ {
			slips, err := tx.Slips(m)
			if err != nil {
				return err
			}
			for i := range slips {
				s := &slips[i]
				if !s.Real() || s.Origin == store.SlipOpening {
					continue
				}
				if noPaper(s) { // in the books, and in no list of payslips
					booked[s.Entry] = payBooked{s.Person, s.Activity, s.Body.Payslip.Totals.Cost - s.Body.Pot}
					continue
				}
				v.add(s, people[s.Person], kinds[s.Contract])
				if s.Entry == 0 {
					v.Unbooked++
					continue
				}
				booked[s.Entry] = payBooked{s.Person, s.Activity, s.Body.Payslip.Totals.Cost - s.Body.Released()}
			}
		}
		slices.SortStableFunc(v.Rows, func(x, y PayBookRow) int {
			return cmp.Or(cmp.Compare(x.Month, y.Month), cmp.Compare(store.Normal(x.Person.LastName+" "+x.Person.FirstName), store.Normal(y.Person.LastName+" "+y.Person.FirstName)), cmp.Compare(x.Contract, y.Contract))
		})
		return v.prove(tx, booked)
	})
	return v, err
}

// payBooked is a payslip by its entry.
type payBooked struct {
	person, section int64
	cost            money.Cents
}

func (v *PayBook) add(s *store.Slip, p member.Person, kind member.ContractKind) {
	t := s.Body.Payslip.Totals
	v.Rows = append(v.Rows, PayBookRow{*sumsOf(s), p, kind, &t, s.Body.Pot})
	v.Pot += s.Body.Pot
	x := &v.Sum
	x.Gross, x.Employee, x.Employer, x.Reduction = x.Gross+t.Gross, x.Employee+t.Employee, x.Employer+t.Employer, x.Reduction+t.Reduction
	x.Net, x.NetTaxable, x.NetSocial, x.Tax = x.Net+t.Net, x.NetTaxable+t.NetTaxable, x.NetSocial+t.NetSocial, x.Tax+t.Tax
	x.Beside, x.Paid, x.Cost = x.Beside+t.Beside, x.Paid+t.Paid, x.Cost+t.Cost
}

// prove puts what the payslips cost beside what the accounts of classes 63 and 64 hold of them, by activity.
func (v *PayBook) prove(tx *store.Tx, booked map[int64]payBooked) error {
	// An entry may bear a later day than its month, when that was closed, never an earlier one.
	today, err := tx.Today()
	if err != nil {
		return err
	}
	costs, err := tx.PayCosts(v.From.First(), max(today, v.Until.Last()))
	if err != nil {
		return err
	}
	by := map[int64]*PayBookCost{}
	section := func(id int64) *PayBookCost {
		if by[id] == nil {
			by[id] = &PayBookCost{Section: id}
		}
		return by[id]
	}
	for _, c := range costs {
		if _, ours := booked[c.Entry]; ours {
			section(c.Section).Books += c.Cost
			v.Books += c.Cost
		} else if c.Day <= v.Until.Last() {
			v.Others += c.Cost
		}
	}
	for _, b := range booked {
		x := section(b.section)
		x.Slips += b.cost
		v.Slips += b.cost
		if n := slices.IndexFunc(x.People, func(p PayBookPerson) bool { return p.Person == b.person }); n >= 0 {
			x.People[n].Cost += b.cost
		} else {
			x.People = append(x.People, PayBookPerson{b.person, b.cost})
		}
	}
	for _, x := range by {
		slices.SortFunc(x.People, func(p, q PayBookPerson) int { return cmp.Compare(p.Person, q.Person) })
		v.Costs = append(v.Costs, *x)
	}
	slices.SortFunc(v.Costs, func(x, y PayBookCost) int { return cmp.Compare(x.Section, y.Section) })
	return nil
}

// PaySlipView is a payslip with what stands around it.
type PaySlipView struct {
	Slip    store.Slip
	Person  member.Person
	Kind    member.ContractKind
	Entry   ledger.Entry
	Last    *store.Slip // of the month before
	Other   *store.Slip // ours beside the software's, or the software's beside ours
	MayRun  bool        // on this one
	Own     bool
	Waits   []payroll.Note
	Now     bool // a draft that is still what would be computed
	Locked  bool
	Charge  bool             // no payslip: a contribution of the activity
	File    *PayTransferFile // of transfers, that pays it
	Refused []*fault.Error
	Full    []payroll.Named // what it costs the cooperative by the rules of the month, each part named
	Cost    money.Cents     // their sum
}

// SlipOfMonth returns a payslip of a month. Who may not see the person's pay does not learn that it exists.
func (o *Office) SlipOfMonth(ctx context.Context, a access.Actor, m date.Month, id int64) (v PaySlipView, err error) {
	err = o.read(ctx, a, func(tx *store.Tx) error {
		s, err := o.slipOf(tx, a, id)
		if err != nil {
			return err
		}
		if s.Month != m {
			return fault.New(fault.NotFound, "store.payslip_unknown")
		}
		f, err := readPay(tx, m)
		if err != nil {
			return err
		}
		v = PaySlipView{Slip: s, Person: f.people[s.Person], MayRun: can(a, access.RunPay, access.Subject{Person: s.Person}) == nil, Own: s.Person == a.Person, Locked: f.state.State == store.PayMonthLocked}
		c, err := f.contractOrOver(tx, s.Contract)
		if err != nil {
			return err
		}
		v.Kind, v.Charge = c.Kind, noPaper(&s)
		if s.Transfer != 0 {
			t, err := tx.PayTransfer(s.Transfer)
			if err != nil {
				return err
			}
			f, err := transferFile(tx, t)
			if err != nil {
				return err
			}
			v.File = &f
		}
		v.Full, v.Cost = payroll.FullCost(f.params, f.rules, s.Body.Payslip)
		if s.Entry != 0 {
			if v.Entry, err = tx.Entry(s.Entry); err != nil {
				return err
			}
		}
		if s.State == store.SlipDraft && !v.Locked {
			now, _, err := f.slip(tx, o, a.Today, c)
			v.Refused = fault.All(err)
			v.Now = err == nil && sameSlip(&now.Body, &s.Body) && now.Activity == s.Activity
		}
		if s.Transfer == 0 {
			for _, key := range f.known[s.Person].Known.Lacks() {
				v.Waits = append(v.Waits, payroll.Note{Key: key})
			}
		}
		all, err := tx.SlipsOf(s.Person, m-1, m)
		if err != nil {
			return err
		}
		for i := range all {
			x := &all[i]
			switch {
			case x.Contract != s.Contract || x.ID == s.ID || x.Origin == store.SlipOpening:
			case x.Month == m:
				v.Other = x
			case x.Real() || v.Last == nil:
				v.Last = x
			}
		}
		return nil
	})
	return v, err
}

// slipOf reads a payslip that the actor may see.
func (o *Office) slipOf(tx *store.Tx, a access.Actor, id int64) (store.Slip, error) {
	s, err := tx.Slip(id)
	if err != nil {
		return s, absent(a, access.ViewPay, err)
	}
	if err := can(a, access.ViewPay, access.Subject{Person: s.Person}); err != nil {
		return store.Slip{}, err
	}
	if !shown(s) && can(a, access.ViewPay, access.Subject{}) != nil { // a draft is the payroll office's
		return store.Slip{}, fault.New(fault.NotFound, "store.payslip_unknown")
	}
	return s, nil
}
