package office

import (
	"context"
	"maps"
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
)

// AccountView is an activity account with what its page says around it.
type AccountView struct {
	Account activity.Account
	Years   []ledger.FiscalYear // years the account can be read for, the latest first
	Year    ledger.FiscalYear
	BankDay date.Day      // the bank is read up to there, 0: nothing yet, or another year than that of today
	Waiting int           // documents of the activity that wait to be read
	Advisor member.Person // who accompanies, zero when nobody
	People  []string      // names of those who share the activity today
}

// Account builds the account of an activity for a fiscal year (0: today's). It moves in the same second as the books.
func (o *Office) Account(ctx context.Context, a access.Actor, activityID, yearID int64) (v AccountView, err error) {
	if err := can(a, access.ViewAccount, access.Subject{Activity: activityID}); err != nil {
		return v, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		_, err := o.account(tx, a, activityID, yearID, &v)
		return err
	})
	return v, err
}

// AccountPage is [Office.Account] with what moved last in the fiscal year, in one reading.
func (o *Office) AccountPage(ctx context.Context, a access.Actor, activityID, yearID int64, moves int) (v AccountView, latest []PanelLine, err error) {
	if err := can(a, access.ViewAccount, access.Subject{Activity: activityID}); err != nil {
		return v, nil, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		in, err := o.account(tx, a, activityID, yearID, &v)
		if err != nil {
			return err
		}
		var among []string // the balances have just told what this year moved
		for _, b := range in.Balances {
			if b.Period > 0 && (len(among) == 0 || among[len(among)-1] != b.Account) {
				among = append(among, b.Account)
			}
		}
		if len(among) > 0 {
			f := store.LineFilter{Section: activityID, Accounts: in.Grid.Cash, From: in.Year.Start, To: min(a.Today, in.Year.End), Among: among}
			latest, err = o.movesOf(tx, a, f, moves)
		}
		return err
	})
	return v, latest, err
}

// account reads what an account says and builds it.
func (o *Office) account(tx *store.Tx, a access.Actor, activityID, yearID int64, v *AccountView) (activity.Input, error) {
	in, s, err := o.accountInput(tx, a, activityID, yearID, v)
	if err != nil {
		return in, err
	}
	v.Account = activity.Build(in)
	if in.Year.Contains(a.Today) { // how fresh the figures are is said of those of today
		if v.BankDay, err = tx.BankRead(a.Today); err != nil {
			return in, err
		}
	}
	if v.Waiting, err = tx.SubmittedCount(activityID); err != nil {
		return in, err
	}
	v.Advisor = s.advisor
	for _, share := range in.Activity.Members(a.Today) {
		v.People = append(v.People, s.names[share.Person])
	}
	return in, nil
}

func (o *Office) accountInput(tx *store.Tx, a access.Actor, activityID, yearID int64, v *AccountView) (activity.Input, *seller, error) {
	var in activity.Input
	set, err := tx.Settings()
	if err != nil {
		return in, nil, err
	}
	near := o.near.of(tx.Coop(), set)
	rules, err := near.rulesOn(a.Today)
	if err != nil {
		return in, nil, err
	}
	year, ok := set.Year(yearID)
	if !ok {
		if year, ok = set.YearOf(a.Today); !ok {
			return in, nil, fault.New(fault.Closed, "office.no_year", "date", a.Today)
		}
	}
	v.Year = year
	for i := range set.Years {
		if y := set.Years[len(set.Years)-1-i]; y.Span.Start <= a.Today {
			v.Years = append(v.Years, y)
		}
	}
	s, err := near.seller(tx, activityID)
	if err != nil {
		return in, nil, err
	}
	in = activity.Input{Activity: s.activity, Contracts: s.everyContract(), Grid: rules.Grid, Available: rules.Available, Year: year.Span, Today: a.Today}
	if in.Activity.Reserve, in.Activity.ReserveOn, err = tx.Reserve(activityID); err != nil {
		return in, nil, err
	}
	if err := closedBefore(tx, rules, activityID, []*activity.Input{&in}); err != nil {
		return in, nil, err
	}
	on := min(a.Today, year.Span.End)
	if in.Policy, err = near.policyOf(in.Activity, year, on); err != nil {
		return in, nil, err
	}
	if in.Balances, err = tx.Balances(activityID, year.ID); err != nil {
		return in, nil, err
	}
	if in.Netted, _, err = netted(tx, activityID, year); err != nil {
		return in, nil, err
	}
	if in.Turnover, err = tx.Turnover(activityID, year.ID); err != nil {
		return in, nil, err
	}
	if in.Open, err = tx.OpenSums(activityID, "41"); err != nil {
		return in, nil, err
	}
	if in.LastInvoice, err = tx.LastInvoice(activityID); err != nil {
		return in, nil, err
	}
	if balanceOf(in.Balances, rules.Grid.Cash) < 0 {
		since, err := negativeSince(tx, rules.Grid.Cash, year.Span, on, map[int64][]ledger.Balance{activityID: in.Balances})
		if err != nil {
			return in, nil, err
		}
		in.NegativeSince = since[activityID]
	}
	return in, s, nil
}

// closedBefore completes what accounts are built of with what the year ends before theirs did: the day until which a
// balance is to be taken, the accounts that set aside, what was left as result. activityID is the one they are of, 0: any.
func closedBefore(tx *store.Tx, rules coop.Rules, activityID int64, inputs []*activity.Input) error {
	if len(inputs) == 0 {
		return nil
	}
	year, today := inputs[0].Year, inputs[0].Today
	choices, err := tx.ChoicesBefore(activityID, year.Start)
	if err != nil {
		return err
	}
	kept := map[int64]money.Cents{}
	for _, c := range choices {
		said, err := readSaid(c)
		if err != nil {
			return err
		}
		for _, w := range said.Wishes {
			if w.Kind == activity.WishKeep {
				kept[c.Activity] += w.Amount
			}
		}
	}
	until := date.MonthOf(today.Month().Year(), rules.Pay.PotMonth).Last()
	if until < today || rules.Pay.PotMonth == 0 { // what is left then is owed at once, see [payFacts.potLate]
		until = 0
	}
	for _, in := range inputs {
		in.PotUntil, in.Kept = until, kept[in.Activity.ID]
		in.Aside = coop.Prefixes{In: []string{rules.YearEnd.ProvisionAside, rules.YearEnd.CAPEAside}}
	}
	return nil
}

// netted returns the lines of a year whose entries bring an activity less than they say, and the first of each entry.
func netted(tx *store.Tx, section int64, year ledger.FiscalYear) (lines []activity.NettedLine, first map[int64]store.PostedLine, err error) {
	found, err := tx.Netted(section, year.ID)
	if err != nil || len(found) == 0 {
		return nil, nil, err
	}
	first = map[int64]store.PostedLine{}
	for _, l := range found {
		if _, ok := first[l.Entry]; !ok {
			first[l.Entry] = l.PostedLine
		}
		lines = append(lines, activity.NettedLine{Entry: l.Entry, Account: l.Account, Period: year.Span.Period(l.Date), Amount: l.Amount, Undone: l.Undone})
	}
	return lines, first, nil
}

func balanceOf(balances []ledger.Balance, p coop.Prefixes) (sum money.Cents) {
	for _, b := range balances {
		if p.Match(b.Account) {
			sum += b.Net()
		}
	}
	return sum
}

// negativeSince finds the day since when the treasury of some sections has been below zero, within a fiscal year, given
// their balances. The months closed below zero tell where to begin; only what moved since is read, in one question.
func negativeSince(tx *store.Tx, cash coop.Prefixes, year date.FiscalYear, on date.Day, balances map[int64][]ledger.Balance) (map[int64]date.Day, error) {
	since := map[int64]date.Day{}
	months := year.Months()
	begin, opening := map[int64]date.Day{}, map[int64]money.Cents{}
	var sections []int64
	var accounts []string
	earliest := on
	for _, section := range slices.Sorted(maps.Keys(balances)) {
		moved := make([]money.Cents, len(months)+1) // by period, 0: carried over
		for _, b := range balances[section] {
			if !cash.Match(b.Account) || b.Period > len(months) {
				continue
			}
			moved[b.Period] += b.Net()
			if !slices.Contains(accounts, b.Account) {
				accounts = append(accounts, b.Account)
			}
		}
		// The last month that did not begin below zero, or the first of the year.
		from, stand := 1, moved[0]
		begins := stand
		for p := 1; p <= len(months) && months[p-1].First() <= on; p++ {
			if stand >= 0 {
				from, begins = p, stand
			}
			stand += moved[p]
		}
		begin[section], opening[section] = max(months[from-1].First(), year.Start), begins
		earliest = min(earliest, begin[section])
		sections = append(sections, section)
	}
	days, err := tx.Days(sections, accounts, earliest, on)
	if err != nil {
		return nil, err
	}
	for _, section := range sections {
		var moves []activity.Movement
		for _, d := range days[section] {
			if d.Day >= begin[section] {
				moves = append(moves, activity.Movement{Day: d.Day, Amount: d.Amount})
			}
		}
		since[section] = activity.NegativeSince(opening[section], begin[section], moves)
	}
	return since, nil
}

// Moves returns what moved on the account between two days, the latest first: money in and out, and what the cooperative
// took. A payment recorded wrong and corrected is one folded line.
func (o *Office) Moves(ctx context.Context, a access.Actor, activityID int64, from, to date.Day, limit int) (moves []PanelLine, err error) {
	if err := can(a, access.ViewAccount, access.Subject{Activity: activityID}); err != nil {
		return nil, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		rules, err := o.near.of(tx.Coop(), set).rulesOn(a.Today)
		if err != nil {
			return err
		}
		moves, err = o.movesOf(tx, a, store.LineFilter{Section: activityID, Accounts: rules.Grid.Cash, From: from, To: to}, limit)
		return err
	})
	return moves, err
}

// movesOf reads the last lines of a filter, a few more than are asked for, and again as many when too many of them were
// undone. Money moved between the section's own accounts is no move of its account.
func (o *Office) movesOf(tx *store.Tx, a access.Actor, f store.LineFilter, limit int) ([]PanelLine, error) {
	set, err := tx.Settings()
	if err != nil {
		return nil, err
	}
	net := map[int64]money.Cents{}
	if year, ok := set.YearOf(f.From); ok {
		moved, _, err := netted(tx, f.Section, year)
		if err != nil {
			return nil, err
		}
		for _, flow := range activity.Flows(moved, f.Accounts) {
			if flow.In != 0 && flow.Out != 0 {
				net[flow.Entry] = flow.In + flow.Out
			}
		}
	}
	for f.Limit = limit + 4; ; f.Limit *= 2 {
		lines, err := tx.Newest(f)
		if err != nil {
			return nil, err
		}
		v, err := o.veilOver(tx, a, f.Section, lines)
		if err != nil {
			return nil, err
		}
		folded, err := undone(tx, f, lines)
		if err != nil {
			return nil, err
		}
		var moves []PanelLine
		told := map[int64]bool{}
		for _, l := range lines {
			if len(moves) == limit {
				break
			}
			key := v.over(l)
			if sum, ok := net[l.Entry]; ok { // one line for the entry, or none
				if told[l.Entry] || sum == 0 {
					continue
				}
				l.Amount = sum
				told[l.Entry] = folded[l.Entry] == 0
			}
			switch {
			case folded[l.Entry] == hidden:
			case folded[l.Entry] == grey && told[l.Entry]:
			case folded[l.Entry] == grey && key != "":
				told[l.Entry] = true
				moves = append(moves, PanelLine{Date: l.Date, Key: "office.move.undone", Folded: true, Veiled: true})
			case folded[l.Entry] == grey:
				told[l.Entry] = true
				moves = append(moves, PanelLine{Date: l.Date, Key: "office.move.undone", Ref: l.Ref, Document: l.Document, Entry: l.Entry, Folded: true})
			case key != "":
				moves = append(moves, PanelLine{Date: l.Date, Key: key, Amount: l.Amount, Veiled: true})
			default:
				moves = append(moves, PanelLine{Date: l.Date, Label: l.Label, Ref: l.Ref, Document: l.Document, Entry: l.Entry, Amount: l.Amount})
			}
		}
		if len(moves) == limit || len(lines) < f.Limit || f.Limit >= linesMost {
			return moves, nil
		}
	}
}

// linesMost bounds the lines read for a page.
const linesMost = 10_000

// What becomes of an entry and the one that reverses it, when both stand between the same two days: one grey line for the
// pair.
const (
	grey   = 1
	hidden = 2
)

// undone finds the pairs of entries that cancel each other among those that a filter selects (practice 45): the reversal
// is told in grey, what it reversed is not shown. A pair folds wherever its other half stands, shown or further back; and a
// reversal that was itself reversed stays the half of its first pair.
func undone(tx *store.Tx, f store.LineFilter, lines []store.PostedLine) (map[int64]int, error) {
	known := map[int64]store.Undoing{} // by the entry that reverses
	asked := map[int64]bool{}
	var ask []int64
	for _, l := range lines {
		if !asked[l.Entry] {
			asked[l.Entry] = true
			ask = append(ask, l.Entry)
		}
	}
	for len(ask) > 0 { // again for the other halves, which nearly always have no other
		found, err := tx.Undoings(ask)
		if err != nil {
			return nil, err
		}
		ask = nil
		for _, u := range found {
			known[u.Entry] = u
			for _, id := range []int64{u.Entry, u.Reverses} {
				if !asked[id] {
					asked[id] = true
					ask = append(ask, id)
				}
			}
		}
	}
	if len(known) == 0 {
		return nil, nil
	}
	sums, touched := map[int64]money.Cents{}, map[int64]bool{}
	var ids []int64
	for id, u := range known {
		ids = append(ids, id, u.Reverses)
	}
	slices.Sort(ids)
	if err := tx.SectionLines(f.Section, slices.Compact(ids), func(entry int64, account string, amount money.Cents) {
		if f.Accounts.Match(account) {
			sums[entry], touched[entry] = sums[entry]+amount, true
		}
	}); err != nil {
		return nil, err
	}
	within := func(d date.Day) bool { return f.From <= d && d <= f.To }
	folded := map[int64]int{}
	for _, id := range slices.Sorted(maps.Keys(known)) {
		u := known[id]
		if folded[u.Reverses] == 0 && within(u.Day) && within(u.ReversedOn) && touched[u.Entry] && touched[u.Reverses] && sums[u.Entry]+sums[u.Reverses] == 0 {
			folded[u.Reverses], folded[u.Entry] = hidden, grey
		}
	}
	return folded, nil
}
