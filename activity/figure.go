package activity

import (
	"math/bits"
	"strings"

	"essaim/coop"
	"essaim/date"
	"essaim/ledger"
	"essaim/money"
)

// ScopeKind says what a figure is made of.
type ScopeKind string

// The kinds of scope.
const (
	FromLedger   ScopeKind = "ledger"    // lines of accounts of the activity's section
	FromOpen     ScopeKind = "open"      // open items of customers
	FromReceipts ScopeKind = "collected" // net turnover collected, from payments
	FromPay      ScopeKind = "pay"       // fixed parts of contracts
	FromPolicy   ScopeKind = "policy"    // the steps of the contribution, which are its children
	FromRule     ScopeKind = "rule"      // what a rule of the cooperative makes of the figures: it opens no further
	FromChoice   ScopeKind = "choice"    // the reserve that the entrepreneur chose
	FromSum      ScopeKind = "sum"       // the sum of its children
	FromRest     ScopeKind = "rest"      // what brings the sum of its neighbours to zero
	FromEstimate ScopeKind = "estimate"  // a forecast, by the rule its label says
)

// Side of the lines that a ledger figure counts.
type Side string

// Both sides, or only one.
const (
	BothSides  Side = ""
	DebitSide  Side = "debit"
	CreditSide Side = "credit"
)

// Scope says exactly which lines or items make a figure, so that whoever opens it finds them: the sum of what matches,
// debit less credit (credit less debit when Credit is set), is the figure's amount.
type Scope struct {
	Kind       ScopeKind     `json:"kind"`
	Accounts   coop.Prefixes `json:"accounts,omitzero"`
	FromPeriod int           `json:"fromPeriod,omitempty"` // periods of the fiscal year, both included; 0 is what is carried over
	ToPeriod   int           `json:"toPeriod,omitempty"`
	Side       Side          `json:"side,omitempty"`    // open items of one side only; lines of what came in or went out: see [Flows]
	Credit     bool          `json:"credit,omitempty"`  // the figure counts credits as positive
	DueFrom    date.Day      `json:"dueFrom,omitempty"` // open items: due from this day (0: however long ago) …
	DueTo      date.Day      `json:"dueTo,omitempty"`   // … to this one (0: however late)
}

// MatchesLine says whether a line of the activity's section counts in a ledger figure. period is the month of its
// entry within the fiscal year, 0 for an entry of the years before.
func (s Scope) MatchesLine(account string, amount money.Cents, period int) bool {
	return s.Kind == FromLedger && period >= s.FromPeriod && period <= s.ToPeriod && s.Accounts.Match(account) &&
		(s.Side == BothSides || s.Side == DebitSide && amount > 0 || s.Side == CreditSide && amount < 0)
}

// MatchesItem says whether an open item counts in the figure: on the debit side what customers owe, on the credit side
// what is owed to them.
func (s Scope) MatchesItem(it ledger.OpenItem) bool {
	d := dueOf(it)
	return s.Kind == FromOpen && s.Accounts.Match(it.Account) && (s.DueFrom == 0 || d >= s.DueFrom) && (s.DueTo == 0 || d <= s.DueTo) &&
		(s.Side != CreditSide && it.Remaining > 0 || s.Side != DebitSide && it.Remaining < 0)
}

// dueOf returns the day an item is due: its own when it bears none.
func dueOf(it ledger.OpenItem) date.Day {
	if it.Due == 0 {
		return it.Date
	}
	return it.Due
}

// Figure is one amount of the account. Every figure opens: its children sum to it, or its scope says which lines do.
// Key is stable and stands in addresses: "cash", "vat", "invoiced-03". Label and Note are message keys.
type Figure struct {
	Key      string      `json:"key"`
	Label    string      `json:"label"`
	Args     []any       `json:"args,omitempty"`
	Note     string      `json:"note,omitempty"` // small print under the label
	NoteArgs []any       `json:"noteArgs,omitempty"`
	Amount   money.Cents `json:"amount"`
	Scope    Scope       `json:"scope"`
	Children []Figure    `json:"children,omitempty"`
}

// sum makes a figure of its children.
func sum(key, label string, children []Figure, args ...any) Figure {
	f := Figure{Key: key, Label: label, Args: args, Scope: Scope{Kind: FromSum}, Children: children}
	for _, c := range children {
		f.Amount += c.Amount
	}
	return f
}

// find returns the figure of a key within figures, children included.
func find(fs []Figure, key string) (Figure, bool) {
	for i := range fs {
		if f, ok := fs[i].find(key); ok {
			return f, true
		}
	}
	return Figure{}, false
}

// find returns the figure, or one below it, by its key.
func (f *Figure) find(key string) (Figure, bool) {
	if f.Key == key {
		return *f, true
	}
	return find(f.Children, key)
}

// under returns a copy of a figure whose key, and those of its children, stand under a prefix: the same amount shown in
// a second place.
func under(prefix string, f Figure) Figure {
	f.Key = prefix + f.Key
	f.Children = mapped(f.Children, func(c Figure) Figure { return under(prefix, c) })
	return f
}

// turned returns a copy of a figure, under a prefix, with the opposite sign.
func turned(prefix string, f Figure) Figure {
	f.Key, f.Amount = prefix+f.Key, -f.Amount
	if f.Scope.Kind == FromLedger || f.Scope.Kind == FromOpen {
		f.Scope.Credit = !f.Scope.Credit
	}
	f.Children = mapped(f.Children, func(c Figure) Figure { return turned(prefix, c) })
	return f
}

func mapped(fs []Figure, by func(Figure) Figure) []Figure {
	if fs == nil {
		return nil
	}
	out := make([]Figure, len(fs))
	for i, f := range fs {
		out[i] = by(f)
	}
	return out
}

// selection is a set of accounts whose sums a tally keeps.
type selection int

// tally holds the sums of balances by selection and period: each account is matched once, each balance read once.
type tally struct {
	selections []coop.Prefixes
	periods    int // periods 0 … periods
	debit      []money.Cents
	credit     []money.Cents
}

// choose adds a selection; all are added before the balances are read. There are at most 64.
func (t *tally) choose(p coop.Prefixes) selection {
	t.selections = append(t.selections, p)
	return selection(len(t.selections) - 1)
}

// read sums the balances of a section; rows of other sections do not count.
func (t *tally) read(balances []ledger.Balance, section ledger.Section, periods int) {
	for _, b := range balances {
		periods = max(periods, b.Period)
	}
	t.periods = periods
	t.debit = make([]money.Cents, len(t.selections)*(periods+1))
	t.credit = make([]money.Cents, len(t.selections)*(periods+1))
	masks := map[string]uint64{}
	account, mask := "", uint64(0)
	for _, b := range balances {
		if b.Section != section || b.Period < 0 {
			continue
		}
		if b.Account != account {
			account = b.Account
			var known bool
			if mask, known = masks[account]; !known {
				for i, p := range t.selections {
					if p.Match(account) {
						mask |= 1 << i
					}
				}
				masks[account] = mask
			}
		}
		for m := mask; m != 0; m &= m - 1 {
			n := bits.TrailingZeros64(m)*(periods+1) + b.Period
			t.debit[n] += b.Debit
			t.credit[n] += b.Credit
		}
	}
}

// figure makes a ledger figure of a selection over periods.
func (t *tally) figure(key, label string, s selection, from, to int, args ...any) Figure {
	f := Figure{Key: key, Label: label, Args: args, Scope: Scope{Kind: FromLedger, Accounts: t.selections[s], FromPeriod: from, ToPeriod: to}}
	f.Amount = t.net(s, from, to)
	return f
}

// asCredit is figure with credits positive.
func (t *tally) asCredit(key, label string, s selection, from, to int, args ...any) Figure {
	f := t.figure(key, label, s, from, to, args...)
	f.Amount, f.Scope.Credit = -f.Amount, true
	return f
}

// net is debit less credit of a selection over periods.
func (t *tally) net(s selection, from, to int) (sum money.Cents) {
	for p := max(from, 0); p <= min(to, t.periods); p++ {
		sum += t.debit[int(s)*(t.periods+1)+p] - t.credit[int(s)*(t.periods+1)+p]
	}
	return sum
}

// without returns p less the accounts of other prefixes.
func without(p coop.Prefixes, out ...string) coop.Prefixes {
	q := coop.Prefixes{In: p.In, Out: append([]string(nil), p.Out...)}
	q.Out = append(q.Out, out...)
	return q
}

// within returns the accounts of narrow that p selects too: narrow's prefixes less p's exclusions.
func within(p coop.Prefixes, narrow ...string) coop.Prefixes {
	q := coop.Prefixes{Out: append([]string(nil), p.Out...)}
	for _, n := range narrow {
		if p.Match(n) {
			q.In = append(q.In, n)
			continue
		}
		for _, in := range p.In {
			if strings.HasPrefix(in, n) {
				q.In = append(q.In, in)
			}
		}
	}
	return q
}
