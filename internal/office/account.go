package office

import (
	"context"
	"fmt"
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
	BankDay date.Day      // last movement known on the bank of this activity, 0: none
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
		in, err := o.accountInput(tx, a, activityID, yearID, &v)
		if err != nil {
			return err
		}
		v.Account = activity.Build(in)
		if v.Waiting, err = tx.SubmittedCount(activityID); err != nil {
			return err
		}
		if in.Activity.Advisor != 0 {
			if v.Advisor, err = tx.Person(in.Activity.Advisor); err != nil {
				return err
			}
		}
		for _, s := range in.Activity.Members(a.Today) {
			p, err := tx.Person(s.Person)
			if err != nil {
				return err
			}
			v.People = append(v.People, p.Name())
		}
		return nil
	})
	return v, err
}

func (o *Office) accountInput(tx *store.Tx, a access.Actor, activityID, yearID int64, v *AccountView) (activity.Input, error) {
	var in activity.Input
	set, err := tx.Settings()
	if err != nil {
		return in, err
	}
	rules, err := set.On(a.Today)
	if err != nil {
		return in, err
	}
	year, ok := set.Year(yearID)
	if !ok {
		if year, ok = set.YearOf(a.Today); !ok {
			return in, fault.New(fault.Closed, "office.no_year", "date", a.Today)
		}
	}
	v.Year = year
	for i := range set.Years {
		if y := set.Years[len(set.Years)-1-i]; y.Span.Start <= a.Today {
			v.Years = append(v.Years, y)
		}
	}
	in = activity.Input{Grid: rules.Grid, Available: rules.Available, Year: year.Span, Today: a.Today}
	if in.Activity, err = tx.Activity(activityID); err != nil {
		return in, err
	}
	on := min(a.Today, year.Span.End)
	if in.Policy, err = policyOf(set, in.Activity, year.Span, on); err != nil {
		return in, err
	}
	if in.Balances, err = tx.Balances(activityID, year.ID); err != nil {
		return in, err
	}
	if in.Turnover, err = tx.Turnover(activityID, year.ID); err != nil {
		return in, err
	}
	if in.Open, err = tx.OpenItems(activityID, "41"); err != nil {
		return in, err
	}
	if in.Contracts, err = contractsOf(tx, in.Activity); err != nil {
		return in, err
	}
	if v.BankDay, err = tx.LastDay(activityID, ledger.Bank); err != nil {
		return in, err
	}
	if in.LastInvoice, err = tx.LastInvoice(activityID); err != nil {
		return in, err
	}
	if cash := cashOf(in.Balances, rules.Grid.Cash); cash < 0 {
		in.NegativeSince, err = negativeSince(tx, activityID, rules.Grid.Cash, year.Span, on)
	}
	return in, err
}

func cashOf(balances []ledger.Balance, p coop.Prefixes) (sum money.Cents) {
	for _, b := range balances {
		if p.Match(b.Account) {
			sum += b.Net()
		}
	}
	return sum
}

// negativeSince walks the treasury back to the day since when it has been below zero, within the fiscal year.
func negativeSince(tx *store.Tx, section int64, cash coop.Prefixes, year date.FiscalYear, on date.Day) (date.Day, error) {
	lines, err := tx.Lines(store.LineFilter{Section: section, Accounts: cash, From: year.Start, To: on, Limit: 20_000})
	if err != nil {
		return 0, err
	}
	set, err := tx.Settings()
	if err != nil {
		return 0, err
	}
	y, _ := set.YearOf(year.Start)
	balances, err := tx.Balances(section, y.ID)
	if err != nil {
		return 0, err
	}
	var opening money.Cents
	for _, b := range balances {
		if b.Period == 0 && cash.Match(b.Account) {
			opening += b.Net()
		}
	}
	moves := make([]activity.Movement, len(lines))
	for i, l := range lines {
		moves[i] = activity.Movement{Day: l.Date, Amount: l.Amount}
	}
	return activity.NegativeSince(opening, year.Start, moves), nil
}

// PanelLine is one line of « Pourquoi ? ».
type PanelLine struct {
	Date     date.Day
	Label    string // words for the person, or a message key when Key is set
	Key      string
	Args     []any
	Ref      string
	Document string // "invoice:12", "payment:7"; "" when nothing opens
	Entry    int64  // journal entry, for those who may see the books
	Figure   string // key of a figure that opens further
	Year     int64  // of that figure, 0: the same
	Amount   money.Cents
	Folded   bool // a pair that cancels itself, told in grey
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
// another person's pay appears as one line without document or name (practice 24).
func (o *Office) Why(ctx context.Context, a access.Actor, activityID, yearID int64, key string) (p Panel, err error) {
	if p.View, err = o.Account(ctx, a, activityID, yearID); err != nil {
		return p, err
	}
	f, ok := p.View.Account.Find(key)
	if !ok {
		return p, fault.New(fault.NotFound, "office.absent")
	}
	p.Figure = f
	if len(f.Children) > 0 {
		for _, c := range f.Children {
			p.Lines = append(p.Lines, PanelLine{Key: c.Label, Args: c.Args, Figure: c.Key, Amount: c.Amount})
		}
		return p, nil
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		switch f.Scope.Kind {
		case activity.FromLedger:
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
	if err != nil {
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
				l.Figure, l.Year = strings.TrimSuffix(p.Figure.Key, "-before"), prev.ID
			}
			p.Lines = append(p.Lines, l)
		}
	}
	months := year.Span.Months()
	from, to := max(s.FromPeriod, 1), min(s.ToPeriod, len(months))
	if from > to {
		return nil
	}
	lines, err := tx.Lines(store.LineFilter{Section: section, Accounts: s.Accounts, From: max(months[from-1].First(), year.Span.Start), To: min(months[to-1].Last(), year.Span.End), Limit: 1 << 30})
	if err != nil {
		return err
	}
	lines = slices.DeleteFunc(lines, func(l store.PostedLine) bool {
		return !s.MatchesLine(l.Account, l.Amount, year.Span.Period(l.Date))
	})
	veil, err := o.veil(tx, a)
	if err != nil {
		return err
	}
	var hidden, rest money.Cents
	masked := 0
	shown := max(0, len(lines)-panelMax)
	for i, l := range lines {
		if masks, err := veil(l); err != nil {
			return err
		} else if masks {
			hidden += sign * l.Amount
			masked++
			continue
		}
		if i < shown {
			rest += sign * l.Amount
			p.More++
			continue
		}
		p.Lines = append(p.Lines, PanelLine{Date: l.Date, Label: l.Label, Ref: l.Ref, Document: l.Document, Entry: l.Entry, Amount: sign * l.Amount})
	}
	if masked > 0 {
		p.Lines = append(p.Lines, PanelLine{Key: "office.why.colleague", Amount: hidden})
	}
	if p.More > 0 {
		p.Lines = append(p.Lines, PanelLine{Key: "office.why.more", Args: []any{"n", p.More}, Amount: rest})
	}
	return nil
}

func previous(years []ledger.FiscalYear, y ledger.FiscalYear) (ledger.FiscalYear, bool) {
	for _, x := range years {
		if x.Span.End == y.Span.Start-1 {
			return x, true
		}
	}
	return y, false
}

// veil tells which lines are another person's pay and must not be opened by the actor: those of pay entries whose worker
// is someone else, unless the actor's work is to see pay.
func (o *Office) veil(tx *store.Tx, a access.Actor) (func(store.PostedLine) (bool, error), error) {
	if access.Can(a, access.ViewPay, access.Subject{Coop: a.Coop}) == access.Allowed {
		return func(store.PostedLine) (bool, error) { return false, nil }, nil
	}
	mine := map[int64]bool{} // entry → of the actor
	return func(l store.PostedLine) (bool, error) {
		if l.Journal != ledger.JournalPay && !strings.HasPrefix(l.Document, "pay:") {
			return false, nil
		}
		own, known := mine[l.Entry]
		if !known {
			e, err := tx.Entry(l.Entry)
			if err != nil {
				return false, err
			}
			for _, x := range e.Lines {
				if x.Third == 0 {
					continue
				}
				t, err := tx.Third(x.Third)
				if err != nil {
					return false, err
				}
				if t.Kind == ledger.Worker {
					own = t.Code == WorkerCode(a.Person)
				}
			}
			mine[l.Entry] = own
		}
		return !own, nil
	}, nil
}

// WorkerCode is the third-party code of a person on the accounts of pay and refunds.
func WorkerCode(person int64) string { return "P" + fmt.Sprintf("%05d", person) }

func (o *Office) openLines(tx *store.Tx, p *Panel) error {
	items, err := tx.OpenItems(p.View.Account.Activity.ID, "41")
	if err != nil {
		return err
	}
	for _, it := range items {
		if !p.Figure.Scope.MatchesItem(it) {
			continue
		}
		amount := it.Remaining
		if p.Figure.Scope.Credit {
			amount = -amount
		}
		p.Lines = append(p.Lines, PanelLine{Date: it.Due, Label: it.Label, Ref: it.Ref, Document: it.Document, Entry: it.Item.Entry, Amount: amount})
	}
	return nil
}

func (o *Office) receiptLines(tx *store.Tx, p *Panel) error {
	rows, err := tx.Collected(p.View.Account.Activity.ID, p.View.Year.ID, p.Figure.Scope.FromPeriod, p.Figure.Scope.ToPeriod)
	if err != nil {
		return err
	}
	names := map[int64][2]string{}
	for _, r := range rows {
		n, ok := names[r.Sale]
		if !ok {
			d, err := tx.Sale(r.Sale)
			if err != nil {
				return err
			}
			n = [2]string{d.Number, d.Content.Title}
			names[r.Sale] = n
		}
		l := PanelLine{Date: r.Day, Key: "office.why.collected", Args: []any{"number", n[0], "title", n[1]}, Ref: n[0], Document: "invoice:" + strconv.FormatInt(r.Sale, 10), Amount: r.Net}
		if r.Payment != 0 {
			l.Document = "payment:" + strconv.FormatInt(r.Payment, 10)
		}
		p.Lines = append(p.Lines, l)
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
		rules, err := set.On(a.Today)
		if err != nil {
			return err
		}
		lines, err := tx.Lines(store.LineFilter{Section: activityID, Accounts: rules.Grid.Cash, From: from, To: to, Limit: 1 << 30})
		if err != nil {
			return err
		}
		veil, err := o.veil(tx, a)
		if err != nil {
			return err
		}
		folded, err := undone(tx, lines)
		if err != nil {
			return err
		}
		for i := len(lines) - 1; i >= 0 && len(moves) < limit; i-- {
			l := lines[i]
			if folded[l.Entry] == hidden {
				continue
			}
			m := PanelLine{Date: l.Date, Label: l.Label, Ref: l.Ref, Document: l.Document, Entry: l.Entry, Amount: l.Amount}
			if folded[l.Entry] == grey {
				m = PanelLine{Date: l.Date, Key: "office.move.undone", Ref: l.Ref, Document: l.Document, Entry: l.Entry, Folded: true}
			}
			if masks, err := veil(l); err != nil {
				return err
			} else if masks {
				m = PanelLine{Date: l.Date, Key: "office.why.colleague", Amount: l.Amount}
			}
			moves = append(moves, m)
		}
		return nil
	})
	return moves, err
}

// What becomes of an entry and the one that reverses it, when both stand in a list: one grey line for the pair.
const (
	grey   = 1
	hidden = 2
)

// undone finds the pairs of entries that cancel each other within lines (practice 45): the reversal is told in grey, what
// it reversed is not shown.
func undone(tx *store.Tx, lines []store.PostedLine) (map[int64]int, error) {
	sums, folded := map[int64]money.Cents{}, map[int64]int{}
	order := []int64{}
	for _, l := range lines {
		if _, seen := sums[l.Entry]; !seen {
			order = append(order, l.Entry)
		}
		sums[l.Entry] += l.Amount
	}
	for _, id := range order {
		r, found, err := tx.ReversalOf(id)
		if err != nil {
			return nil, err
		}
		if back, shown := sums[r.ID]; found && shown && back+sums[id] == 0 {
			folded[id], folded[r.ID] = hidden, grey
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
		rules, err := set.On(a.Today)
		if err != nil {
			return err
		}
		ok := false
		if v.Year, ok = set.YearOf(a.Today); !ok {
			return fault.New(fault.Closed, "office.no_year", "date", a.Today)
		}
		inputs, balances, err := o.houseInputs(tx, a, set, rules, v.Year, all)
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

func (o *Office) houseInputs(tx *store.Tx, a access.Actor, set *store.Settings, rules coop.Rules, year ledger.FiscalYear, all bool) ([]activity.Input, []ledger.Balance, error) {
	var every []ledger.Balance
	balances, err := tx.BalancesBySection(year.ID)
	if err != nil {
		return nil, nil, err
	}
	turnover, err := tx.TurnoverAll(year.ID)
	if err != nil {
		return nil, nil, err
	}
	items, err := tx.OpenItemsAll("41")
	if err != nil {
		return nil, nil, err
	}
	open := map[int64][]ledger.OpenItem{}
	for _, it := range items {
		open[it.Section] = append(open[it.Section], it)
	}
	contracts, err := tx.Contracts()
	if err != nil {
		return nil, nil, err
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
	for _, act := range activities {
		if act.Closed != 0 && act.Closed < year.Span.Start || !all && !a.Follows(act.ID) {
			continue
		}
		in := activity.Input{Activity: act, Grid: rules.Grid, Available: rules.Available, Balances: balances[act.ID], Turnover: turnover[act.ID], Open: open[act.ID], Year: year.Span, Today: a.Today, LastInvoice: last[act.ID]}
		for _, c := range contracts {
			if slices.ContainsFunc(act.Shares, func(s activity.Share) bool { return s.Person == c.Person }) {
				in.Contracts = append(in.Contracts, c)
			}
		}
		if in.Policy, err = policyOf(set, act, year.Span, a.Today); err != nil {
			return nil, nil, err
		}
		if cashOf(in.Balances, rules.Grid.Cash) < 0 {
			if in.NegativeSince, err = negativeSince(tx, act.ID, rules.Grid.Cash, year.Span, a.Today); err != nil {
				return nil, nil, err
			}
		}
		inputs = append(inputs, in)
	}
	for _, b := range balances {
		every = append(every, b...)
	}
	return inputs, every, nil
}
