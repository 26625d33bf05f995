package office

import (
	"cmp"
	"maps"
	"slices"

	"essaim/access"
	"essaim/activity"
	"essaim/date"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/money"
)

// What is owed today, to suppliers, bodies or people, is made of what remains open, not of all that ever came and went:
// four bills to pay, not the year's bills and transfers that answer each other.

// owedToday says whether a figure is a balance of today on accounts of third parties.
func owedToday(s activity.Scope, v *AccountView) bool {
	if s.Kind != activity.FromLedger || s.FromPeriod != 0 || s.ToPeriod < len(v.Year.Span.Months()) || s.Side != activity.BothSides || !v.Year.Span.Contains(v.Account.Today) {
		return false
	}
	return !slices.ContainsFunc(s.Accounts.In, func(prefix string) bool { return prefix == "" || prefix[0] != '4' })
}

// owed is what the accounts of a figure still hold, one after the other.
type owed struct {
	office  *Office
	tx      *store.Tx
	actor   access.Actor
	panel   *Panel
	sign    money.Cents
	lines   []store.OpenLine // shown, the last of them without what was folded
	carried money.Cents      // of the years before, not yet settled
	rest    money.Cents      // beyond the bound, with the sign of the figure
	folded  bool             // something is left out, which cancels itself
	masked  veiled
}

// owedLines tells what remains open where the lines of an account settle each other; elsewhere what has moved since the
// account last stood at nil, without the pairs that cancel.
func (o *Office) owedLines(tx *store.Tx, a access.Actor, p *Panel) error {
	w := &owed{office: o, tx: tx, actor: a, panel: p, sign: 1, masked: veiled{}}
	if p.Figure.Scope.Credit {
		w.sign = -1
	}
	balances, err := tx.Balances(p.View.Account.Activity.ID, p.View.Year.ID)
	if err != nil {
		return err
	}
	stands, opened, before := map[string]money.Cents{}, map[string]money.Cents{}, money.Cents(0)
	for _, b := range balances {
		if !p.Figure.Scope.Accounts.Match(b.Account) {
			continue
		}
		stands[b.Account] += b.Net()
		if b.Period == 0 {
			opened[b.Account] += b.Net()
			before += b.Net()
		}
	}
	for _, account := range slices.Sorted(maps.Keys(stands)) {
		if err := w.account(account, stands[account], opened[account]); err != nil {
			return err
		}
	}
	if w.carried != 0 {
		year := p.View.Year
		l := PanelLine{Date: year.Span.Start, Key: "office.why.before", Args: []any{"year", year.Span.Label()}, Amount: w.sign * w.carried}
		if prev, ok := previous(p.View.Years, year); ok && w.carried == before {
			l.Figure, l.Year = p.Figure.Key, prev.ID
		}
		p.Lines = append(p.Lines, l)
	}
	if err := w.show(); err != nil {
		return err
	}
	if p.More > 0 {
		p.Lines = append(p.Lines, PanelLine{Key: "office.why.more", Args: []any{"n", p.More}, Amount: w.rest})
	}
	if w.folded {
		p.Lines = append(p.Lines, PanelLine{Key: "office.why.settled", Folded: true})
	}
	return nil
}

// show adds the lines, in the order of the day they are due or booked, less what is veiled.
func (w *owed) show() error {
	slices.SortStableFunc(w.lines, func(a, b store.OpenLine) int {
		return cmp.Or(cmp.Compare(cmp.Or(a.Due, a.Date), cmp.Or(b.Due, b.Date)), cmp.Compare(a.Entry, b.Entry), cmp.Compare(a.N, b.N))
	})
	posted := make([]store.PostedLine, len(w.lines))
	for i, l := range w.lines {
		posted[i] = l.PostedLine
	}
	v, err := w.office.veilOver(w.tx, w.actor, w.panel.View.Account.Activity.ID, posted)
	if err != nil {
		return err
	}
	for _, l := range w.lines {
		if key := v.over(l.PostedLine); key != "" {
			w.masked[key] += w.sign * l.Amount
			continue
		}
		shown := panelLine(l.PostedLine, w.sign)
		shown.due(l.Due)
		if l.Opened != l.Amount {
			shown.Of = w.sign * l.Opened
		}
		w.panel.Lines = append(w.panel.Lines, shown)
	}
	w.panel.Lines = append(w.panel.Lines, w.masked.lines()...)
	return nil
}

// account adds what one account still holds: stand, of which opened comes from the years before.
func (w *owed) account(account string, stand, opened money.Cents) error {
	section, year := w.panel.View.Account.Activity.ID, w.panel.View.Year
	open, err := w.tx.OpenLines(section, account, panelMax+1)
	if err != nil {
		return err
	}
	left := stand
	for _, l := range open {
		left -= l.Amount
	}
	if left == 0 && len(open) <= panelMax {
		w.lines = append(w.lines, open...)
		return nil
	}
	f := store.LineFilter{Section: section, Account: account, Among: []string{account}, From: year.Span.Start, To: year.Span.End, Limit: panelMax}
	lines, err := w.tx.Newest(f)
	if err != nil {
		return err
	}
	// Back from today, to the moment when the account stood at nil: what is older has cancelled itself.
	left, shown := stand, len(lines)
	for i, l := range lines {
		if left == 0 {
			shown, w.folded = i, true
			break
		}
		left -= l.Amount
	}
	switch {
	case left == 0:
	case shown < panelMax:
		w.carried += left
	default:
		n := w.panel.More
		rest, err := w.office.olderLines(w.tx, w.actor, f, w.sign, lines, w.panel, w.masked)
		if err != nil {
			return err
		}
		w.panel.More += n
		w.rest += rest
		w.carried += opened
	}
	for _, l := range w.unpaired(lines[:shown]) {
		w.lines = append(w.lines, store.OpenLine{PostedLine: l, Opened: l.Amount})
	}
	return nil
}

// unpaired leaves out the lines that cancel each other two by two, the same amount of the same third party, the oldest
// first. Lines come the latest first, as they are read.
func (w *owed) unpaired(lines []store.PostedLine) (kept []store.PostedLine) {
	type half struct {
		third  int64
		amount money.Cents
	}
	waits := map[half][]int{}
	folded := make([]bool, len(lines))
	for i := len(lines) - 1; i >= 0; i-- {
		l := lines[i]
		other := half{l.Third, -l.Amount}
		if at := waits[other]; len(at) > 0 {
			folded[at[0]], folded[i] = true, true
			waits[other] = at[1:]
			w.folded = true
			continue
		}
		waits[half{l.Third, l.Amount}] = append(waits[half{l.Third, l.Amount}], i)
	}
	for i, l := range lines {
		if !folded[i] {
			kept = append(kept, l)
		}
	}
	return kept
}

// panelLine is a line of the books as a panel tells it.
func panelLine(l store.PostedLine, sign money.Cents) PanelLine {
	return PanelLine{Date: l.Date, Label: l.Label, What: paidAs(l.Line), Ref: l.Ref, Document: l.Document, Entry: l.Entry, Amount: sign * l.Amount}
}

// due tells when a line is to be paid; one that is due on its own day, as a payment is, tells the day alone.
func (l *PanelLine) due(on date.Day) {
	if on != l.Date {
		l.Due = on
	}
}

// paid names in plain words what a line of pay is, by the account it stands on, the longest prefix first: one entry has
// many, under one label.
var paid = []struct{ prefix, what string }{
	{"6411", "office.paid.fixed"},
	{"6412", "office.paid.leave"},
	{"6413", "office.paid.variable"},
	{"6414", "office.paid.allowances"},
	{"6417", "office.paid.kind"},
	{"641", "office.paid.gross"},
	{"6451", "office.paid.urssaf"},
	{"6452", "office.paid.health"},
	{"6453", "office.paid.retirement"},
	{"6454", "office.paid.health"},
	{"645", "office.paid.contributions"},
	{"6475", "office.paid.medicine"},
	{"649", "office.paid.back"},
	{"6332", "office.paid.housing"},
	{"6333", "office.paid.training"},
	{"6334", "office.paid.housing"},
	{"6335", "office.paid.apprentices"},
	{"6312", "office.paid.apprentices"},
	{"631", "office.paid.taxes"},
	{"633", "office.paid.taxes"},
	{"64", "office.paid.other"},
	{ledger.NetPay, "office.paid.net"},
	{"427", "office.paid.seized"},
	{"4282", "office.paid.leave_kept"},
	{"4382", "office.paid.leave_charges"},
	{ledger.VariablePot, "office.paid.variable_kept"},
	{"4386", "office.paid.variable_charges"},
	{"431", "office.paid.urssaf"},
	{"4372", "office.paid.health"},
	{"4373", "office.paid.retirement"},
	{"4375", "office.paid.health"},
	{"437", "office.paid.contributions"},
	{"4421", "office.paid.tax"},
}

// paidAs is the message key of what a line of pay is, "" for any other line.
func paidAs(l ledger.Line) string {
	for _, p := range paid {
		if len(l.Account) >= len(p.prefix) && l.Account[:len(p.prefix)] == p.prefix {
			return p.what
		}
	}
	return ""
}
