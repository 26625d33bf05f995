package office

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"essaim/access"
	"essaim/activity"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/money"
)

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
			if b.Period == 0 && s.Accounts.Match(b.Account) { // what came and went, one side alone, begins with the year
				before += b.Net()
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
	lines = slices.Clone(lines) // those given are summed apart
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
		if r.Record != 0 {
			l.Key, l.Args, l.Document = "office.why.taking", []any{"number", r.Number}, "register:"+strconv.FormatInt(r.Record, 10)
		}
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
