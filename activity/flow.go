package activity

import (
	"essaim/coop"
	"essaim/money"
)

// NettedLine is a line of an entry that brings the activity less than its lines say: it moves money between the
// activity's own accounts, or was undone within its month.
type NettedLine struct {
	Entry   int64
	Account string
	Period  int
	Amount  money.Cents // debit positive
	Undone  bool
}

// Flow is what such an entry brought to the treasury, or took from it: Net, where its lines say that In came and Out
// (negative) went.
type Flow struct {
	Entry        int64
	Period       int
	In, Out, Net money.Cents
}

// Flows nets the lines of each entry on the accounts of the treasury. An undone entry brings nothing: its other half
// takes back all of it. Lines of an entry stand together.
func Flows(lines []NettedLine, cash coop.Prefixes) []Flow {
	var all []Flow
	for _, l := range lines {
		if !cash.Match(l.Account) {
			continue
		}
		if len(all) == 0 || all[len(all)-1].Entry != l.Entry {
			all = append(all, Flow{Entry: l.Entry, Period: l.Period})
		}
		f := &all[len(all)-1]
		if l.Amount > 0 {
			f.In += l.Amount
		} else {
			f.Out += l.Amount
		}
		if !l.Undone {
			f.Net += l.Amount
		}
	}
	return all
}

// flow makes the figure of what came into the treasury (DebitSide), or of what went out (CreditSide, negative), over
// periods: money that moved between the activity's own accounts neither came nor went.
func (b *builder) flow(side Side, key, label string, from, to int, args ...any) Figure {
	f := b.figure(key, label, b.cash, from, to, args...)
	f.Amount, f.Scope.Side = 0, side
	for p := from; p <= min(to, b.periods); p++ {
		n := int(b.cash)*(b.periods+1) + p
		if side == DebitSide {
			f.Amount += b.debit[n]
		} else {
			f.Amount -= b.credit[n]
		}
	}
	for _, x := range b.flows {
		switch {
		case x.Period < from || x.Period > to:
		case side == DebitSide:
			f.Amount += max(x.Net, 0) - x.In
		default:
			f.Amount += min(x.Net, 0) - x.Out
		}
	}
	return f
}
