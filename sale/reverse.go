package sale

import (
	"cmp"
	"fmt"
	"slices"

	"essaim/fault"
	"essaim/ledger"
	"essaim/money"
)

// Unreceive reverses a payment: a bounced cheque, a mistake, or the first half of « réaffecter ce paiement ». entry is
// the payment's own entry, as posted, and rs its invoices as they stand now.
//
// The money lines are the exact opposite. The VAT lines are not copied: they follow *rounded(cumulated) − booked* on what
// is paid after the reversal, so that payments reversed in another order than they came leave no cent.
//
// Where a credit note had meanwhile turned money of the invoice into an advance, the reversal takes the advance back
// first (4191 instead of 411): the customer then owes nothing for what was credited, and nothing of it is lost again. When an advance that has to go back
// has been used since, the payment cannot be reversed before that use is.
//
// It bears the day [PayFacts.On], or the day of the latest advance it takes back when that is later.
func Unreceive(p Payment, entry ledger.Entry, rs []Receivable, f PayFacts) (Effect, error) {
	if p.Reversed != 0 {
		return Effect{}, fault.New(fault.Conflict, "sale.fault.payment_reversed")
	}
	if entry.ID == 0 || entry.ID != p.Entry {
		return Effect{}, fmt.Errorf("reverse payment %d: entry %d is not its entry %d", p.ID, entry.ID, p.Entry)
	}
	numbers := p.numbers(rs)
	e := entry.Reversal(cmp.Or(f.On, f.Today), p.ref(numbers),
		about("sale.entry.reversal", f, numbers))
	e.ValidOn, e.Document = f.Today, p.document()
	e.Lines = slices.DeleteFunc(e.Lines, func(l ledger.Line) bool {
		return l.Account == ledger.VATPending || l.Account == ledger.VATDue || l.Account == ledger.DepositsHeld || l.Account == ledger.DepositsBilled
	})
	purse := newPurse(f.Advances)
	if err := takeBackExcess(&e, p, entry, purse, f); err != nil {
		return Effect{}, err
	}
	if p.Amount < 0 { // a refund that came back: what the customer owes for it is settled first
		less, last := f.settleClaims(e.Lines, p.Activity, f.Customer.Third)
		e.Lines, purse.last = less, max(purse.last, last)
	}
	eff := Effect{}
	var moved, vat []ledger.Line
	windfall := newWindfall(p)
	back := false // something of a loss goes back
	for _, a := range p.Allocations {
		r, ok := receivable(rs, a.Invoice)
		if !ok {
			return Effect{}, fmt.Errorf("reverse payment %d: invoice %d is not at hand", p.ID, a.Invoice)
		}
		var sum money.Cents
		for _, l := range e.Lines {
			if r.holds(l.Settles) {
				sum += l.Amount
			}
		}
		recovered := a.Amount - sum // of a loss
		if recovered < 0 || recovered > r.Invoice.Settled.Recovered {
			return Effect{}, fmt.Errorf("reverse payment %d: entry %d has %v for invoice %s", p.ID, entry.ID, sum, r.Invoice.Number)
		}
		inv := r.Invoice
		for i := range e.Lines { // written anew below
			if l := &e.Lines[i]; recovered != 0 && l.Account == ledger.SmallIncome && l.Section == inv.Activity {
				l.Amount = 0
			}
		}
		if more := windfall.of(a, recovered); more != 0 {
			vat = append(vat, ledger.Line{Account: ledger.SmallIncome, Section: inv.Activity, Amount: more})
		}
		lines, rest, err := takeBackMoved(&inv, a.Amount, r.Third, purse, f)
		if err != nil {
			return Effect{}, err
		}
		moved = append(moved, lines...)
		lost := max(0, recovered-(a.Amount-rest)) // what was credited since is lost no more
		vat, back = append(vat, inv.recover(-lost, f.Taxes)...), back || recovered != 0
		for i := len(e.Lines) - 1; i >= 0 && sum > rest-lost; i-- { // what went back as an advance opens nothing again
			if l := &e.Lines[i]; r.holds(l.Settles) {
				less := min(sum-(rest-lost), l.Amount)
				l.Amount -= less
				sum -= less
			}
		}
		inv.Paid -= rest
		inv.Settled.Foreign -= a.Foreign
		due, collected, err := settle(&inv, r.Third, f.Taxes, purse)
		if err != nil {
			return Effect{}, err
		}
		vat = append(vat, due...)
		eff.Collected = append(eff.Collected, collected...)
		eff.Invoices = append(eff.Invoices, inv)
	}
	e.Lines = slices.DeleteFunc(e.Lines, func(l ledger.Line) bool { return l.Amount == 0 })
	e.Lines = slices.Concat(e.Lines, moved, vat)
	if back {
		e.Lines = mergeVAT(e.Lines)
	}
	for i := range e.Lines {
		e.Lines[i].N, e.Lines[i].Label = i+1, ""
	}
	e.Date = max(e.Date, purse.last)
	eff.Entry = e
	return eff, nil
}

// takeBackExcess makes sure that what the payment kept as an advance is still there; the line that takes it back is in
// the reversal already. What was refunded meanwhile is owed by the customer instead.
func takeBackExcess(e *ledger.Entry, p Payment, entry ledger.Entry, purse *purse, f PayFacts) error {
	for _, l := range entry.Lines {
		if l.Account != ledger.Advances || l.Amount >= 0 || l.Settles != (ledger.ItemRef{}) {
			continue
		}
		ref := ledger.ItemRef{Entry: entry.ID, Line: l.N}
		there := money.Cents(0)
		if at := slices.IndexFunc(purse.items, func(it ledger.OpenItem) bool { return it.Item == ref }); at >= 0 {
			there = min(-purse.items[at].Remaining, -l.Amount)
			purse.items[at].Remaining += there
		}
		gone := -l.Amount - there
		if gone > f.givenBack(ref, l.Section, l.Third, "") {
			return fault.New(fault.Conflict, "sale.fault.advance_used", "amount", p.Excess)
		}
		if gone == 0 {
			continue
		}
		for i := range e.Lines {
			if e.Lines[i].Settles == ref {
				e.Lines[i].Amount -= gone
			}
		}
		e.Lines = append(e.Lines, owedBack(l.Section, l.Third, gone, e.Date))
	}
	return nil
}

// takeBackMoved takes back, of an amount that had paid the invoice, what credit notes made advances of it, as far as it
// is still there, and returns what is left to take from the invoice itself.
func takeBackMoved(inv *Document, amount money.Cents, third int64, purse *purse, f PayFacts) ([]ledger.Line, money.Cents, error) {
	var lines []ledger.Line
	rest := amount
	left := slices.Clone(inv.Settled.Moved)
	for i := range left {
		document := documentOf(Document{Kind: CreditNote, ID: left[i].Credit})
		x := max(0, min(rest, left[i].Amount, purse.holds(inv.Activity, third, document)))
		if x > 0 {
			used, err := purse.take(x, inv.Activity, third, document)
			if err != nil {
				return nil, 0, err
			}
			lines = append(lines, used...)
		}
		gone := max(0, min(rest-x, left[i].Amount-x, f.givenBack(ledger.ItemRef{}, inv.Activity, third, document)-left[i].Claimed))
		if over := rest - x - inv.Paid; gone > over {
			gone = max(0, over) // what still pays the invoice goes back first
		}
		if gone > 0 {
			lines = append(lines, owedBack(inv.Activity, third, gone, f.day()))
			left[i].Claimed += gone
		}
		left[i].Amount -= x + gone
		rest -= x + gone
	}
	if rest > inv.Paid {
		return nil, 0, fault.New(fault.Conflict, "sale.fault.advance_used", "amount", rest-inv.Paid)
	}
	inv.Settled.Moved = slices.DeleteFunc(left, func(m Moved) bool { return m.Amount == 0 })
	if len(inv.Settled.Moved) == 0 {
		inv.Settled.Moved = nil
	}
	return lines, rest, nil
}
