package sale

import (
	"maps"
	"slices"

	"essaim/date"
	"essaim/fault"
	"essaim/ledger"
	"essaim/money"
)

// Lose writes off what is open of an invoice as definitely irrecoverable: the net to 654, VAT that waited undone, VAT already
// due taken back (CGI art. 272-1, with the mention that the duplicate of the invoice bears).
//
// Of a deposit, what no invoice has deducted is cancelled by a credit note: nothing was sold for it, nothing is lost. Once all
// of it is deducted the sale is made, and what is unpaid of it is lost as of any invoice.
func Lose(r Receivable, f PayFacts) (Effect, error) {
	inv := r.Invoice
	rest := min(r.Open(), Remaining(inv))
	switch {
	case inv.Kind != Invoice || inv.Number == "" || rest <= 0:
		return Effect{}, fault.New(fault.Conflict, "sale.fault.nothing_open", "invoice", inv.Number)
	case isDeposit(inv) && len(Undeducted(inv)) > 0:
		return Effect{}, fault.New(fault.Conflict, "sale.fault.deposit_lost", "invoice", inv.Number)
	case inv.Settled.LostWhole > 0:
		return Effect{}, fault.New(fault.Conflict, "sale.fault.lost_already", "invoice", inv.Number)
	}
	e := f.misc(r, "sale.entry.lost")
	gross, vats, nets := effective(inv)
	inv.Lost, inv.Settled.LostWhole = rest, rest
	inv.Settled.LostVAT, inv.Settled.LostNet = map[string]money.Cents{}, map[string]money.Cents{}
	charge := rest
	var vat []ledger.Line
	for _, tax := range slices.Sorted(maps.Keys(vats)) {
		if v := vats[tax] - paidShare(vats[tax], inv.Paid, gross); v != 0 {
			charge -= v
			inv.Settled.LostVAT[tax] = v
			vat = append(vat, ledger.Line{Account: lostVAT(inv, f.Taxes[tax]), Section: inv.Activity, Tax: tax, Amount: v})
		}
	}
	for nature, n := range nets {
		inv.Settled.LostNet[nature] = n - paidShare(n, inv.Paid, gross)
	}
	e.Lines = append([]ledger.Line{{Account: ledger.BadDebt, Section: inv.Activity, Amount: charge}}, vat...)
	for _, l := range r.take(rest) {
		l.Document = ""
		e.Lines = append(e.Lines, l)
	}
	e.Lines = slices.DeleteFunc(e.Lines, func(l ledger.Line) bool { return l.Amount == 0 })
	inv.Settled.LostVAT, inv.Settled.LostNet = nonZero(inv.Settled.LostVAT), nonZero(inv.Settled.LostNet)
	return settled(e, inv, r.Third, f)
}

// lostVAT is where the VAT that a loss takes back stands: that of a deposit on goods is due since they were delivered.
func lostVAT(inv Document, code ledger.TaxCode) string {
	if waits(inv, code) && (!isDeposit(inv) || !code.Goods) {
		return ledger.VATPending
	}
	return ledger.VATDue
}

// stillLost is what of a part of a loss has not come in the end.
func (s Settled) stillLost(v money.Cents) money.Cents { return v - v.Share(s.Recovered, s.LostWhole) }

// recover books money that came, or (negative) went back, for an invoice that was lost: an income, and its VAT due. It returns
// the lines beside those of the money.
func (d *Document) recover(amount money.Cents, taxes ledger.Taxes) []ledger.Line {
	if amount == 0 {
		return nil
	}
	after := d.Settled
	after.Recovered += amount
	income := amount
	var lines []ledger.Line
	for _, tax := range slices.Sorted(maps.Keys(d.Settled.LostVAT)) {
		whole := d.Settled.LostVAT[tax]
		if v := d.Settled.stillLost(whole) - after.stillLost(whole); v != 0 {
			income -= v
			lines = append(lines, ledger.Line{Account: lostVAT(*d, taxes[tax]), Section: d.Activity, Tax: tax, Amount: -v, Document: documentOf(*d)})
		}
	}
	if income != 0 {
		lines = append([]ledger.Line{{Account: ledger.SmallIncome, Section: d.Activity, Amount: -income, Document: documentOf(*d)}}, lines...)
	}
	d.Settled.Recovered = after.Recovered
	d.Lost -= amount
	return lines
}

// windfall shares what the exchange rates made of a payment: of a claim that was written off there is no claim left to differ
// from, the euros that come are its income.
type windfall struct {
	exchange, settled, lost, given money.Cents
}

func newWindfall(p Payment) windfall {
	w := windfall{exchange: p.Exchange}
	if p.Means == Advance { // booked with what it takes of the advance
		w.exchange = 0
	}
	for _, a := range p.Allocations {
		if a.Foreign != 0 {
			w.settled += a.Amount
		}
	}
	return w
}

// of returns the part of an allocation of which an amount had been lost, by *rounded(cumulated) − given*.
func (w *windfall) of(a Allocation, lost money.Cents) money.Cents {
	if a.Foreign == 0 || w.settled == 0 {
		return 0
	}
	w.lost += lost
	part := w.exchange.Share(w.lost, w.settled) - w.given
	w.given += part
	return part
}

// Restore undoes a loss that was a mistake: entry is the one that wrote it off. The customer owes again what was given up.
func Restore(r Receivable, entry ledger.Entry, f PayFacts) (Effect, error) {
	inv := r.Invoice
	switch {
	case inv.Settled.LostWhole == 0 || entry.ID == 0:
		return Effect{}, fault.New(fault.Conflict, "sale.fault.nothing_lost", "invoice", inv.Number)
	case inv.Settled.Recovered != 0:
		return Effect{}, fault.New(fault.Conflict, "sale.fault.lost_recovered", "invoice", inv.Number, "amount", inv.Settled.Recovered)
	}
	e := entry.Reversal(max(f.day(), entry.Date), inv.Number, french.T("sale.entry.restored", "number", inv.Number, "customer", short(f.Customer.FullName())))
	e.ValidOn = f.Today
	inv.Lost, inv.Settled.LostWhole, inv.Settled.LostVAT, inv.Settled.LostNet, inv.Settled.LossEntry = 0, 0, nil, nil, 0
	return settled(e, inv, r.Third, f)
}

// Doubt moves what is open of an invoice from 411 to 416: the customer is in difficulty, or contests it. What it is worth in
// the end is a matter of the closing (491); nothing changes for VAT.
func Doubt(r Receivable, f PayFacts) (Effect, error) {
	inv := r.Invoice
	switch {
	case inv.Settled.Doubtful != (ledger.ItemRef{}): // its item on 411 is settled: told before
		return Effect{}, fault.New(fault.Conflict, "sale.fault.doubtful_already", "invoice", inv.Number)
	case inv.Kind != Invoice || inv.Number == "" || len(r.Items) == 0 || r.Open() <= 0:
		return Effect{}, fault.New(fault.Conflict, "sale.fault.nothing_open", "invoice", inv.Number)
	case r.Items[0].Remaining <= 0:
		return Effect{}, fault.New(fault.Conflict, "sale.fault.doubt_retained", "invoice", inv.Number, "amount", r.Open())
	}
	it := r.Items[0]
	e := f.misc(r, "sale.entry.doubtful")
	e.Lines = []ledger.Line{
		{Account: ledger.Doubtful, Section: inv.Activity, Third: r.Third, Due: it.Due, Amount: it.Remaining},
		{Account: it.Account, Section: inv.Activity, Third: r.Third, Amount: -it.Remaining, Settles: it.Item},
	}
	return Effect{Entry: e, Invoices: []Document{inv}}, nil // its line 1 becomes Settled.Doubtful once it is posted
}

// Refund gives back what had been kept as an advance: 4191 to the bank. The payment's amount and excess are negative.
func Refund(p Payment, f PayFacts) (Effect, error) {
	account, ok := p.Means.account()
	switch {
	case p.Amount >= 0 || p.Excess != p.Amount || len(p.Allocations) > 0:
		return Effect{}, fault.At("amount", "sale.fault.refund_amount")
	case !ok || p.Means == Advance || p.Means == Card || p.Means == Cheque:
		return Effect{}, fault.At("means", "sale.fault.refund_means")
	case p.Means == GivenUp && -p.Amount > f.Rules.Terms.CentsUpTo:
		return Effect{}, fault.At("amount", "sale.fault.cents_above", "limit", f.Rules.Terms.CentsUpTo)
	case p.Date == 0:
		return Effect{}, fault.At("date", "sale.fault.payment_date_missing")
	case p.Date > f.Today:
		return Effect{}, fault.At("date", "sale.fault.payment_ahead", "on", p.Date)
	}
	purse := newPurse(f.Advances)
	purse.until = max(p.Date, f.Bears)
	used, err := purse.take(-p.Amount, p.Activity, f.Customer.Third, "")
	if err != nil {
		return Effect{}, err
	}
	e := ledger.Entry{
		Journal: ledger.JournalBank, Date: purse.until, DocDate: p.Date, ValidOn: f.Today, Ref: p.ref(""), Document: p.document(), By: p.By, At: p.At,
		Label: french.T("sale.entry.refund", "customer", short(f.Customer.FullName())),
	}
	if p.Means == GivenUp { // the customer does not ask for the cents
		e.Journal, account = ledger.JournalMisc, ledger.SmallIncome
	}
	e.Lines = append(used, ledger.Line{Account: account, Section: p.Activity, Amount: p.Amount})
	return Effect{Entry: e}, nil
}

// misc starts a miscellaneous entry about an invoice.
func (f PayFacts) misc(r Receivable, key string) ledger.Entry {
	inv := r.Invoice
	return ledger.Entry{
		Journal: ledger.JournalMisc, Date: f.day(), DocDate: f.day(), ValidOn: f.Today, Ref: inv.Number, Document: documentOf(inv),
		Label: french.T(key, "number", inv.Number, "customer", short(f.Customer.FullName())),
	}
}

func (f PayFacts) day() date.Day {
	if f.On != 0 {
		return f.On
	}
	return f.Today
}

// settled brings an invoice to the rule after what an entry did to it.
func settled(e ledger.Entry, inv Document, third int64, f PayFacts) (Effect, error) {
	lines, collected, err := settle(&inv, third, f.Taxes, newPurse(f.Advances))
	if err != nil {
		return Effect{}, err
	}
	e.Lines = mergeVAT(append(e.Lines, lines...))
	return Effect{Entry: e, Invoices: []Document{inv}, Collected: collected}, nil
}
