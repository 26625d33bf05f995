package office

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

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
	if year.Span.Contains(a.Today) { // how fresh the figures are is said of those of today
		if v.BankDay, err = tx.BankRead(a.Today); err != nil {
			return in, nil, err
		}
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

// PanelLine is one line of « Pourquoi ? ».
type PanelLine struct {
	Date     date.Day
	Due      date.Day    // of what remains open: the day it is to be paid
	Of       money.Cents // of what remains open in part: what it was
	What     string      // message key of what a line of pay is, which its label does not say
	Label    string      // words for the person, or a message key when Key is set
	Key      string
	Args     []any
	Ref      string
	Document string // "invoice:12", "payment:7"; "" when nothing opens
	Entry    int64  // journal entry, for those who may see the books
	Figure   string // key of a figure that opens further
	Year     int64  // of that figure, 0: the same
	Amount   money.Cents
	Folded   bool // a pair that cancels itself, told in grey
	Veiled   bool // what another person is paid or refunded, of which only the sum is told
}

// Panel is the answer to « Pourquoi ce chiffre ? »: lines that sum to the figure.
type Panel struct {
	View   AccountView
	Figure activity.Figure
	Lines  []PanelLine
	More   int // lines not shown one by one, summed in the last
}

// panelMax bounds the lines shown one by one; the rest is one line with its sum, so that the panel still sums.
const panelMax = 400

// Why opens a figure of an activity account: the lines it is made of, down to their document. The sum is always complete;
// what another person is paid or refunded appears as one line without document or name (practice 24).
func (o *Office) Why(ctx context.Context, a access.Actor, activityID, yearID int64, key string) (p Panel, err error) {
	if err := can(a, access.ViewAccount, access.Subject{Activity: activityID}); err != nil {
		return p, err
	}
	// The figure and its lines are read in one transaction: nothing is booked between them.
	err = o.read(ctx, a, func(tx *store.Tx) error {
		p = Panel{}
		_, err := o.account(tx, a, activityID, yearID, &p.View)
		if err != nil {
			return err
		}
		f, ok := p.View.Account.Find(key)
		if !ok {
			if f, ok, err = o.carried(tx, a, &p.View, key); err != nil {
				return err
			}
		}
		if !ok {
			return fault.New(fault.NotFound, "office.absent")
		}
		p.Figure = f
		if len(f.Children) > 0 {
			for _, c := range f.Children {
				p.Lines = append(p.Lines, PanelLine{Key: c.Label, Args: c.Args, Figure: c.Key, Amount: c.Amount})
			}
			return nil
		}
		switch f.Scope.Kind {
		case activity.FromLedger:
			if owedToday(f.Scope, &p.View) {
				return o.owedLines(tx, a, &p)
			}
			return o.ledgerLines(tx, a, &p)
		case activity.FromOpen:
			return o.openLines(tx, &p)
		case activity.FromReceipts:
			return o.receiptLines(tx, &p)
		default:
			p.Lines = append(p.Lines, PanelLine{Key: f.Label, Args: f.Args, Amount: f.Amount, Date: p.View.Account.Activity.ReserveOn})
		}
		return nil
	})
	if err != nil || len(p.Figure.Children) > 0 {
		return p, err
	}
	return p, p.closed()
}

// closed makes sure that the lines sum to the figure: anything else is a defect, and is told as one.
func (p *Panel) closed() error {
	var sum money.Cents
	for _, l := range p.Lines {
		sum += l.Amount
	}
	if sum != p.Figure.Amount {
		return fmt.Errorf("why %s: lines sum to %s, the figure is %s", p.Figure.Key, sum, p.Figure.Amount)
	}
	return nil
}

func (o *Office) ledgerLines(tx *store.Tx, a access.Actor, p *Panel) error {
	s, year := p.Figure.Scope, p.View.Year
	section := p.View.Account.Activity.ID
	sign := money.Cents(1)
	if s.Credit {
		sign = -1
	}
	if s.FromPeriod == 0 {
		balances, err := tx.Balances(section, year.ID)
		if err != nil {
			return err
		}
		var before money.Cents
		for _, b := range balances {
			if b.Period == 0 && s.Accounts.Match(b.Account) {
				switch s.Side {
				case activity.DebitSide:
					before += b.Debit
				case activity.CreditSide:
					before -= b.Credit
				default:
					before += b.Net()
				}
			}
		}
		if before != 0 {
			l := PanelLine{Date: year.Span.Start, Key: "office.why.before", Args: []any{"year", year.Span.Label()}, Amount: sign * before}
			if prev, ok := previous(p.View.Years, year); ok {
				l.Figure, l.Year = carriedKey(p.Figure.Key), prev.ID
			}
			p.Lines = append(p.Lines, l)
		}
	}
	months := year.Span.Months()
	from, to := max(s.FromPeriod, 1), min(s.ToPeriod, len(months))
	if from > to {
		return nil
	}
	f := store.LineFilter{Section: section, Accounts: s.Accounts, From: max(months[from-1].First(), year.Span.Start), To: min(months[to-1].Last(), year.Span.End), Limit: panelMax}
	switch s.Side {
	case activity.DebitSide:
		f.Side = 1
	case activity.CreditSide:
		f.Side = -1
	}
	lines, err := tx.Newest(f)
	if err != nil {
		return err
	}
	full := len(lines) == panelMax
	older := lines
	if s.Side != activity.BothSides {
		if lines, err = o.withNet(tx, p, lines); err != nil {
			return err
		}
	}
	v, err := o.veilOver(tx, a, section, lines)
	if err != nil {
		return err
	}
	masked := veiled{}
	var shown []PanelLine
	for _, l := range slices.Backward(lines) {
		if key := v.over(l); key != "" {
			masked[key] += sign * l.Amount
			continue
		}
		shown = append(shown, panelLine(l, sign))
	}
	var rest money.Cents
	if full {
		if rest, err = o.olderLines(tx, a, f, sign, older, p, masked); err != nil {
			return err
		}
	}
	p.Lines = append(p.Lines, shown...)
	p.Lines = append(p.Lines, masked.lines()...)
	if p.More > 0 {
		p.Lines = append(p.Lines, PanelLine{Key: "office.why.more", Args: []any{"n", p.More}, Amount: rest})
	}
	return nil
}

// carried is what a figure of today's account, of all that its accounts ever bore, came to in a year before: what the
// account of that year does not tell, it opens all the same.
func (o *Office) carried(tx *store.Tx, a access.Actor, v *AccountView, key string) (f activity.Figure, ok bool, err error) {
	if v.Year.Span.Contains(a.Today) {
		return f, false, nil
	}
	var today AccountView
	if _, err := o.account(tx, a, v.Account.Activity.ID, 0, &today); err != nil {
		return f, false, err
	}
	f, ok = today.Account.Find(key)
	if !ok || f.Scope.Kind != activity.FromLedger || f.Scope.FromPeriod != 0 || f.Scope.Side != activity.BothSides || v.Year.Span.Start > today.Year.Span.Start {
		return f, false, nil
	}
	balances, err := tx.Balances(v.Account.Activity.ID, v.Year.ID)
	f.Scope.ToPeriod, f.Note, f.Amount = len(v.Year.Span.Months()), "", balanceOf(balances, f.Scope.Accounts)
	if f.Scope.Credit {
		f.Amount = -f.Amount
	}
	return f, true, err
}

// carriedKey names the figure of the year before that a figure takes over: the treasury of a month's end begins with that
// of the year's.
func carriedKey(key string) string {
	if strings.HasPrefix(key, "cash-") {
		return "cash"
	}
	return key
}

// withNet adds to the lines of one side what entries that move money around brought on that side, one line for each: they
// are few beside the others, and all are shown.
func (o *Office) withNet(tx *store.Tx, p *Panel, lines []store.PostedLine) ([]store.PostedLine, error) {
	s := p.Figure.Scope
	moved, first, err := netted(tx, p.View.Account.Activity.ID, p.View.Year)
	if err != nil {
		return nil, err
	}
	for _, flow := range activity.Flows(moved, s.Accounts) {
		if flow.Period >= s.FromPeriod && flow.Period <= s.ToPeriod && flow.Net != 0 && (flow.Net > 0) == (s.Side == activity.DebitSide) {
			l := first[flow.Entry]
			l.Amount = flow.Net
			lines = append(lines, l)
		}
	}
	slices.SortStableFunc(lines, func(a, b store.PostedLine) int { return -order(a, b) })
	return lines, nil
}

// olderLines sums what stands before the lines shown one by one, from the entries themselves; what is veiled of it joins
// what is hidden.
func (o *Office) olderLines(tx *store.Tx, a access.Actor, f store.LineFilter, sign money.Cents, lines []store.PostedLine, p *Panel, masked veiled) (rest money.Cents, err error) {
	n, sum, err := tx.LineSum(f)
	if err != nil {
		return 0, err
	}
	p.More = n - len(lines)
	for _, l := range lines {
		sum -= l.Amount
	}
	if !seesPay(a) {
		pay, err := tx.PayLines(f)
		if err != nil {
			return 0, err
		}
		v, err := o.veilOver(tx, a, f.Section, pay)
		if err != nil {
			return 0, err
		}
		first := lines[len(lines)-1]
		for _, l := range pay {
			if key := v.over(l); key != "" && before(l, first) {
				p.More--
				sum -= l.Amount
				masked[key] += sign * l.Amount
			}
		}
	}
	return sign * sum, nil
}

// before says whether a line stands before another in the order of days.
func before(l, other store.PostedLine) bool { return order(l, other) < 0 }

func order(l, other store.PostedLine) int {
	return cmp.Or(cmp.Compare(l.Date, other.Date), cmp.Compare(l.Entry, other.Entry), cmp.Compare(l.N, other.N))
}

func previous(years []ledger.FiscalYear, y ledger.FiscalYear) (ledger.FiscalYear, bool) {
	for _, x := range years {
		if x.Span.End == y.Span.Start-1 {
			return x, true
		}
	}
	return y, false
}

func (o *Office) openLines(tx *store.Tx, p *Panel) error {
	items, err := tx.OpenItems(p.View.Account.Activity.ID, "41")
	if err != nil {
		return err
	}
	var all []PanelLine
	for _, it := range items {
		if !p.Figure.Scope.MatchesItem(it) {
			continue
		}
		amount := it.Remaining
		if p.Figure.Scope.Credit {
			amount = -amount
		}
		l := PanelLine{Date: it.Date, Label: it.Label, Ref: it.Ref, Document: it.Document, Entry: it.Item.Entry, Amount: amount}
		l.due(it.Due)
		if it.Remaining != it.Amount {
			l.Of = it.Amount
			if p.Figure.Scope.Credit {
				l.Of = -it.Amount
			}
		}
		all = append(all, l)
	}
	if p.More = max(0, len(all)-panelMax); p.More > 0 {
		var rest money.Cents
		for _, l := range all[:p.More] {
			rest += l.Amount
		}
		all = append(all[p.More:], PanelLine{Key: "office.why.more", Args: []any{"n", p.More}, Amount: rest})
	}
	p.Lines = append(p.Lines, all...)
	return nil
}

func (o *Office) receiptLines(tx *store.Tx, p *Panel) error {
	rows, n, rest, err := tx.Receipts(p.View.Account.Activity.ID, p.View.Year.ID, p.Figure.Scope.FromPeriod, p.Figure.Scope.ToPeriod, panelMax)
	if err != nil {
		return err
	}
	for _, r := range slices.Backward(rows) {
		l := PanelLine{Date: r.Day, Key: "office.why.collected", Args: []any{"number", r.Number, "title", r.Title}, Ref: r.Number, Document: "invoice:" + strconv.FormatInt(r.Sale, 10), Amount: r.Net}
		if r.Payment != 0 {
			l.Document = "payment:" + strconv.FormatInt(r.Payment, 10)
		}
		p.Lines = append(p.Lines, l)
		rest -= r.Net
	}
	if p.More = n - len(rows); p.More > 0 {
		p.Lines = append(p.Lines, PanelLine{Key: "office.why.more", Args: []any{"n", p.More}, Amount: rest})
	}
	return nil
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

// HouseView is the manager's table of all activities.
type HouseView struct {
	House activity.HouseTable
	Names map[int64]string
	Year  ledger.FiscalYear
}

// House builds the account of every activity the actor may see, side by side, with the proofs of the house.
func (o *Office) House(ctx context.Context, a access.Actor) (v HouseView, err error) {
	all := access.Can(a, access.ViewHouse, access.Subject{Coop: a.Coop}) == access.Allowed
	if !all && len(a.Portfolio) == 0 {
		return v, can(a, access.ViewHouse, access.Subject{})
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		near := o.near.of(tx.Coop(), set)
		rules, err := near.rulesOn(a.Today)
		if err != nil {
			return err
		}
		ok := false
		if v.Year, ok = set.YearOf(a.Today); !ok {
			return fault.New(fault.Closed, "office.no_year", "date", a.Today)
		}
		inputs, balances, err := o.houseInputs(tx, a, near, rules, v.Year, all)
		if err != nil {
			return err
		}
		rows := make([]activity.HouseRow, 0, len(inputs))
		for _, in := range inputs {
			account := activity.Build(in)
			rows = append(rows, account.Row())
		}
		v.House = activity.House(rows)
		if all {
			v.House.Proof = activity.Prove(balances, rules.Grid)
		}
		v.Names, err = namesOf(tx)
		return err
	})
	return v, err
}

func (o *Office) houseInputs(tx *store.Tx, a access.Actor, near *near, rules coop.Rules, year ledger.FiscalYear, all bool) ([]activity.Input, []ledger.Balance, error) {
	balances, err := tx.BalancesBySection(year.ID)
	if err != nil {
		return nil, nil, err
	}
	turnover, err := tx.TurnoverAll(year.ID)
	if err != nil {
		return nil, nil, err
	}
	open, err := tx.OpenSumsAll("41")
	if err != nil {
		return nil, nil, err
	}
	contracts, err := tx.Contracts()
	if err != nil {
		return nil, nil, err
	}
	of := map[int64][]member.Contract{}
	for _, c := range contracts {
		of[c.Person] = append(of[c.Person], c)
	}
	activities, err := tx.Activities()
	if err != nil {
		return nil, nil, err
	}
	last, err := tx.LastInvoices()
	if err != nil {
		return nil, nil, err
	}
	var inputs []activity.Input
	negative := map[int64][]ledger.Balance{}
	for _, act := range activities {
		if act.Closed != 0 && act.Closed < year.Span.Start || !all && !a.Follows(act.ID) {
			continue
		}
		in := activity.Input{Activity: act, Grid: rules.Grid, Available: rules.Available, Balances: balances[act.ID], Turnover: turnover[act.ID], Open: open[act.ID], Year: year.Span, Today: a.Today, LastInvoice: last[act.ID]}
		var people []int64
		for _, share := range act.Shares {
			people = append(people, share.Person)
		}
		slices.Sort(people)
		for _, p := range slices.Compact(people) {
			in.Contracts = append(in.Contracts, of[p]...)
		}
		if in.Policy, err = near.policyOf(act, year, a.Today); err != nil {
			return nil, nil, err
		}
		if balanceOf(in.Balances, rules.Grid.Cash) < 0 {
			negative[act.ID] = in.Balances
		}
		inputs = append(inputs, in)
	}
	if len(negative) > 0 {
		since, err := negativeSince(tx, rules.Grid.Cash, year.Span, a.Today, negative)
		if err != nil {
			return nil, nil, err
		}
		for i := range inputs {
			inputs[i].NegativeSince = since[inputs[i].Activity.ID]
		}
	}
	var every []ledger.Balance
	for _, b := range balances {
		every = append(every, b...)
	}
	return inputs, every, nil
}
