package office

import (
	"cmp"
	"maps"
	"slices"
	"strings"

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

// payAsk is what is asked beside the fixed part. The order of a month is that of the requests.
type payAsk struct {
	By      payroll.By
	Amount  money.Cents
	Request int64 // 0: an override, or a question that nobody wrote down
	All     bool  // whatever is left: the contract ends
}

// payDecision is what the month makes of a contract: its payslip, and who bears it.
type payDecision struct {
	Contract member.Contract
	Section  int64 // that bears it
	Ask      payAsk
	Before   payroll.YearToDate
	payroll.Grant
	Means payroll.Means // what could be taken, once who asked before was served
	Pots  []payroll.Pot // what is released of last year's provision
	// Shortfall is what the account does not bear of the fixed part: the cooperative advances it (practice 12).
	Shortfall money.Cents
	Notes     []payroll.Note
}

// payPurse is what an activity has for the pay of a month, and who takes of it.
type payPurse struct {
	account *activity.Account
	parts   map[int64]int64 // of each person in what is available, by their share
	persons []int64         // in the order of parts
	members []payMember
	space   money.Cents           // for variable parts, below zero when the fixed parts are not borne
	took    map[int64]money.Cents // what the month's issued payslips took of it, by person: gone from space
	short   money.Cents           // of the fixed parts
}

type payMember struct {
	contract member.Contract
	before   payroll.YearToDate
	pot      money.Cents
	items    []ledger.OpenItem // its provision, on 4286
	alone    payroll.Grant
	short    money.Cents
	ask      payAsk
	order    int64
}

// asked is what is on file for a contract: what the officer set, or what the person asks.
func (f *payFacts) asked(contract int64) payAsk {
	if b, ends := f.exitIn(contract); ends && b.All {
		return payAsk{By: payroll.ByCost, Amount: payMost, All: true}
	}
	for _, i := range slices.Backward(f.items[contract]) {
		if i.Element == OverrideAdvance {
			return payAsk{By: payroll.ByGross, Amount: i.Amount}
		}
	}
	r, ok := f.requests[contract]
	if !ok {
		return payAsk{}
	}
	return payAsk{By: payBy(r.Kind), Amount: r.Amount, Request: r.ID}
}

// The kinds of a request, as they are written.
const (
	askNet   = "net"
	askGross = "gross"
	askCost  = "cost"
)

func payBy(kind string) payroll.By {
	switch kind {
	case askGross:
		return payroll.ByGross
	case askCost:
		return payroll.ByCost
	}
	return payroll.ByNet
}

// decide makes the pay of one contract in the month: the fixed part whatever the account says, last year's pot first, then
// what the activity's account bears once the others who asked before are served. ask is a question in the place of what is
// on file (nil: what is on file); it comes last in the order. The account is read as it stands on a day.
//
// What the account has available already keeps the fixed parts of its horizon aside, at the cost that contracts tell:
// those are put back, and the month's are taken at their real cost, later ones as they were, so that none counts twice.
// The money of earlier months that is not in the books yet is taken off.
func (f *payFacts) decide(tx *store.Tx, o *Office, today date.Day, c member.Contract, ask *payAsk) (payDecision, error) {
	d := payDecision{Contract: c, Ask: f.asked(c.ID)}
	if ask != nil {
		d.Ask = *ask
	}
	var err error
	d.Section = f.bears(c)
	if c.Kind != member.CESA || f.contract(c).Regime != payroll.CESA || d.Section == 0 {
		f.decideBeside(tx, o, today, c)
		d.Ask, d.Before = payAsk{}, f.years[c.ID]
		d.Grant, err = f.fit(c, d.Before, payAsk{}, payroll.Means{})
		return d, err
	}
	purse, err := f.purse(tx, o, today, d.Section)
	if err != nil {
		return d, err
	}
	members := slices.Clone(purse.members)
	for i := range members {
		if members[i].contract.ID == c.ID && ask != nil {
			members[i].ask, members[i].order = *ask, 1<<62
		}
	}
	slices.SortStableFunc(members, func(a, b payMember) int { return cmp.Compare(a.order, b.order) })
	left, took := max(purse.space, 0), maps.Clone(purse.took)
	all := left
	for _, v := range took { // who is issued first takes nothing of the others' parts
		all += v
	}
	parts, pots := purse.share(all), map[int64]payroll.Three{} // what of a person's pot is taken
	for _, x := range members {
		own := max(min(left, parts[x.contract.Person]-took[x.contract.Person]), 0)
		mine := x.contract.ID == c.ID
		if !mine && x.ask.Amount <= 0 {
			continue
		}
		x.pot, x.items = max(x.pot-pots[x.contract.Person].Cost, 0), without(x.items, pots[x.contract.Person].Gross)
		m := payroll.Means{Pot: x.pot, Account: own}
		g, err := f.fit(x.contract, x.before, x.ask, m)
		if err != nil {
			if mine {
				return d, err
			}
			continue // who cannot be computed takes nothing: it is said where theirs is
		}
		pot := pots[x.contract.Person]
		pot.Gross, pot.Cost = pot.Gross+g.Balance.Gross, pot.Cost+g.Balance.Cost
		pots[x.contract.Person] = pot
		took[x.contract.Person] += max(g.Advance.Cost, 0)
		left -= max(g.Advance.Cost, 0)
		if mine {
			d.Before, d.Grant, d.Means, d.Shortfall = x.before, g, m, x.short
			d.Pots = potsOf(d.Section, x, g.Balance)
			d.Notes = f.reasons(purse, &d)
			return d, nil
		}
	}
	d.Before = f.years[c.ID]
	d.Grant, err = f.fit(c, d.Before, payAsk{}, payroll.Means{})
	return d, err
}

// fit is [payroll.Fit] with the facts of the month.
func (f *payFacts) fit(c member.Contract, before payroll.YearToDate, ask payAsk, m payroll.Means) (payroll.Grant, error) {
	return payroll.Fit(f.params, f.rules, f.employer(), f.contract(c), before, f.inputs(c), payroll.Target{By: ask.By, Amount: ask.Amount}, m)
}

// share cuts what is available by the parts of those who share the activity (practice 49).
func (p *payPurse) share(available money.Cents) map[int64]money.Cents {
	weights := make([]int64, len(p.persons))
	for i, id := range p.persons {
		weights[i] = p.parts[id]
	}
	parts := map[int64]money.Cents{}
	for i, v := range money.Allocate(available, weights) {
		parts[p.persons[i]] = v
	}
	return parts
}

// purse reads what an activity has for the pay of the month; once for the facts of a month.
func (f *payFacts) purse(tx *store.Tx, o *Office, today date.Day, section int64) (*payPurse, error) {
	if p := f.purses[section]; p != nil {
		return p, nil
	}
	in, read := f.accounts[section]
	if !read {
		var v AccountView
		var err error
		if in, _, err = o.accountInput(tx, access.Actor{Coop: tx.Coop(), Today: today}, section, 0, &v); err != nil {
			return nil, err
		}
	}
	account := activity.Build(in)
	p := &payPurse{account: &account, parts: map[int64]int64{}, took: map[int64]money.Cents{}}
	for _, s := range in.Activity.Members(min(max(today, f.month.First()), f.month.Last())) {
		if p.parts[s.Person] == 0 {
			p.persons = append(p.persons, s.Person)
		}
		p.parts[s.Person] += s.Parts
	}
	has, later := beforeFixed(&account, f.month)
	pots, items, err := f.potsIn(tx, section, account.Pot.Amount, p)
	if err != nil {
		return nil, err
	}
	seen := map[int64]bool{}
	var fixed money.Cents
	for _, share := range in.Activity.Shares {
		if seen[share.Person] {
			continue
		}
		seen[share.Person] = true
		past, err := f.unbooked(tx, o, today, share.Person, section)
		if err != nil {
			return nil, err
		}
		has -= past.cost
		if past.took != 0 {
			p.took[share.Person] = past.took
		}
		pots[share.Person] -= past.pot
		for _, c := range f.contracts {
			if c.Person != share.Person || c.Kind != member.CESA || past.done[c.ID] {
				continue
			}
			if f.bears(c) != section {
				continue
			}
			x := payMember{contract: c, before: f.years[c.ID], pot: max(pots[c.Person], 0), items: items[c.Person], ask: f.asked(c.ID)}
			if y, ok := past.after[c.ID]; ok && y.Year == f.month.Year() {
				x.before = y
			}
			x.order = cmp.Or(x.ask.Request, 1<<61)
			if x.ask.Amount > 0 && x.ask.Request == 0 {
				x.order = 0 // what the officer set
			}
			if x.alone, err = f.fit(c, x.before, payAsk{}, payroll.Means{}); err != nil {
				x.alone = payroll.Grant{} // said where this contract is decided
			}
			fixed += max(x.alone.Alone.Cost, 0)
			p.members = append(p.members, x)
		}
	}
	has += f.released(p, today)
	p.space = has - later - fixed
	if p.short = min(fixed, fixed-has); p.short > 0 {
		weights := make([]int64, len(p.members))
		for i, x := range p.members {
			weights[i] = int64(x.alone.Alone.Cost)
		}
		for i, v := range money.Allocate(p.short, weights) {
			if i < len(p.members) {
				p.members[i].short = v
			}
		}
	}
	if f.purses == nil {
		f.purses = map[int64]*payPurse{}
	}
	f.purses[section] = p
	return p, nil
}

// beforeFixed is what an account has for pay before any fixed part is kept aside, below zero when it lacks, and the fixed
// parts that it keeps for the months after one.
func beforeFixed(a *activity.Account, m date.Month) (has, later money.Cents) {
	for _, line := range a.Available.Children {
		switch line.Key {
		case "missing":
		case "fixed":
			for _, month := range line.Children {
				if strings.TrimPrefix(month.Key, "fixed-") > m.String() {
					later -= month.Amount
				}
			}
		default:
			has += line.Amount
		}
	}
	return has, later
}

// potsIn shares last year's pot of an activity between its people: what 4286 still holds for each of them, its
// contributions on 4386 in the same proportion. A provision that names nobody is shared by their parts.
func (f *payFacts) potsIn(tx *store.Tx, section int64, total money.Cents, p *payPurse) (map[int64]money.Cents, map[int64][]ledger.OpenItem, error) {
	pots, of := map[int64]money.Cents{}, map[int64][]ledger.OpenItem{}
	if total <= 0 {
		return pots, of, nil
	}
	open, err := tx.OpenItems(section, ledger.VariablePot)
	if err != nil {
		return nil, nil, err
	}
	if len(open) == 0 {
		return p.share(total), of, nil
	}
	ids := make([]int64, 0, len(open))
	for _, i := range open {
		ids = append(ids, i.Third)
	}
	thirds, err := tx.ThirdsOf(ids)
	if err != nil {
		return nil, nil, err
	}
	weights := make([]int64, len(open))
	for n, i := range open {
		weights[n] = -int64(i.Remaining)
	}
	for n, v := range money.Allocate(total, weights) {
		person := thirds[open[n].Third].Person
		pots[person] += v
		of[person] = append(of[person], open[n])
	}
	return pots, of, nil
}

// without is what is left of provisions once a gross amount was taken of them, in their order.
func without(items []ledger.OpenItem, gross money.Cents) []ledger.OpenItem {
	if gross <= 0 {
		return items
	}
	items = slices.Clone(items)
	for i := range items {
		off := min(gross, max(-items[i].Remaining, 0))
		items[i].Remaining, gross = items[i].Remaining+off, gross-off
	}
	return items
}

// potsOf tells what is released of a person's provision: the gross off 4286, as far as it holds, the rest of the cost off
// 4386.
func potsOf(section int64, x payMember, of payroll.Three) []payroll.Pot {
	if of.Cost <= 0 {
		return nil
	}
	gross := min(of.Gross, of.Cost)
	var all []payroll.Pot
	rest := of.Cost
	for _, i := range x.items {
		pay := min(gross, max(-i.Remaining, 0))
		if pay > 0 {
			all = append(all, payroll.Pot{Section: section, Pay: pay, Item: i.Item})
			gross, rest = gross-pay, rest-pay
		}
	}
	if len(all) == 0 {
		return []payroll.Pot{{Section: section, Pay: gross, Charges: rest - gross}}
	}
	all[0].Charges = rest
	return all
}

// payPast is what a person's pay takes of an activity that its books do not hold yet, and what is settled of the month.
type payPast struct {
	cost, pot money.Cents // cost less what the pot bears; the pot
	took      money.Cents // in the month, of this year's money, booked or not
	done      map[int64]bool
	after     map[int64]payroll.YearToDate // of months that are asked and not issued
}

// unbooked reads it: payslips of the month before and of this one that have no entry, and the months from today's on that
// are still to be paid, as they would be decided.
func (f *payFacts) unbooked(tx *store.Tx, o *Office, today date.Day, person, section int64) (payPast, error) {
	past := payPast{done: map[int64]bool{}, after: map[int64]payroll.YearToDate{}}
	first := min(today.Month(), f.month) - 1
	slips, err := tx.SlipsOf(person, first, f.month)
	if err != nil {
		return past, err
	}
	for m := first; m <= f.month; m++ {
		told := map[int64]store.Slip{}
		for _, s := range slips {
			if s.Month != m || s.Activity != section || s.Origin == store.SlipOpening {
				continue
			}
			if before, ok := told[s.Contract]; ok && before.Origin != store.SlipEstimate {
				continue
			}
			told[s.Contract] = s
		}
		for id, s := range told {
			issued := s.Real()
			if m == f.month && !issued {
				continue // it is being decided
			}
			if m == f.month {
				past.done[id] = true
				past.took += s.Body.Advance
			}
			if s.Entry == 0 {
				past.cost += s.Body.Payslip.Totals.Cost - s.Body.Released()
				past.pot += s.Body.Pot
			}
		}
		if m < today.Month() || m == f.month {
			continue
		}
		if err := f.aheadOf(tx, o, today, m, person, section, told, &past); err != nil {
			return past, err
		}
	}
	return past, nil
}

// aheadOf adds what a month before this one will take, that is not issued yet.
func (f *payFacts) aheadOf(tx *store.Tx, o *Office, today date.Day, m date.Month, person, section int64, told map[int64]store.Slip, past *payPast) error {
	prior, err := f.priorOf(tx, m)
	if err != nil {
		return err
	}
	for _, c := range prior.contracts {
		if _, done := told[c.ID]; done || c.Person != person || c.Kind != member.CESA {
			continue
		}
		d, err := prior.decide(tx, o, today, c, nil)
		switch {
		case err != nil && len(fault.All(err)) == 0:
			return err
		case err != nil || d.Section != section:
			continue // who cannot be computed takes nothing yet
		}
		past.cost += d.Total.Cost - d.Balance.Cost
		past.pot += d.Balance.Cost
		past.after[c.ID] = d.After
	}
	return nil
}

// reasons tell, in words, why somebody gets less than they ask, and what else must be known.
func (f *payFacts) reasons(p *payPurse, d *payDecision) (notes []payroll.Note) {
	add := func(key string, args ...any) { notes = append(notes, payroll.Note{Key: key, Args: args}) }
	granted := payroll.Three{Net: d.Balance.Net + d.Advance.Net, Gross: d.Balance.Gross + d.Advance.Gross, Cost: d.Balance.Cost + d.Advance.Cost}
	switch {
	case d.Ask.All:
		add("payexit.note.all", "amount", granted.Gross)
	case d.Cut:
		key := "mypay.note.cut"
		if granted.Gross == 0 {
			key = "mypay.note.nothing"
		}
		add(key, "asked", d.Ask.Amount, "granted", granted.Of(d.Ask.By), "bears", d.Means.Pot+d.Means.Account)
		if granted.Gross == 0 && p.account.Why != "" {
			add(p.account.Why, p.account.WhyArgs...)
		}
		if len(p.persons) > 1 && d.Means.Account < p.space {
			add("mypay.note.shared", "n", len(p.persons), "amount", d.Means.Account)
		}
	}
	if d.Shortfall > 0 {
		add("mypay.note.advance", "amount", d.Shortfall)
	}
	if d.Means.Pot > 0 && f.potLate() {
		add("mypay.note.pot_late", "month", f.potLast())
	}
	if d.Reduced < 0 {
		add("mypay.note.taken_back", "amount", -d.Reduced)
	}
	return notes
}

// potLast is the last month in which last year's pot is to be taken.
func (f *payFacts) potLast() date.Month { return date.MonthOf(f.month.Year(), f.rules.PotMonth) }

// potLate says whether it is past: what is left is owed all the same, and taken first.
func (f *payFacts) potLate() bool { return f.month > f.potLast() }
