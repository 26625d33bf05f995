package sale

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/ledger"
	"essaim/money"
)

// PayFacts is what the rules need to know about the world around a payment.
type PayFacts struct {
	Coop     coop.Cooperative
	Rules    coop.Rules
	Taxes    ledger.Taxes
	Today    date.Day
	Customer Customer // who paid; its third party bears what is kept as an advance
	On       date.Day // day that a reversal bears; 0: today
	Bears    date.Day // first day that the books can still bear; 0: any. A payment recorded late keeps its own day as that of the document (practice 5)

	// Advances are the open items on 4191 and below of the customer and of those whose invoices are paid, each oldest first. They are needed to use an advance, and to
	// reverse a payment that had made one, itself or through a credit note.
	Advances []ledger.OpenItem
	// Claims are what the customer owes besides invoices (see bounce.go), the oldest first; GivenBack is what was refunded
	// of advances, needed to reverse a payment.
	Claims    []ledger.OpenItem
	GivenBack []GivenBack
	// GivenUp is what was given up before of each invoice, needed to give up more: the limit is of an invoice.
	GivenUp map[int64]money.Cents
}

// account is where money arrives by a means.
func (m Means) account() (string, bool) {
	switch m {
	case Transfer, Debit:
		return ledger.Bank, true
	case Cheque:
		return "5112", true // chèques à encaisser
	case Card:
		return "5115", true // cartes bancaires à encaisser
	case Cash:
		return "530", true // caisse
	case Advance:
		return ledger.Advances, true
	case GivenUp:
		return ledger.SmallCharge, true
	}
	return "", false
}

// AllMeans returns the means of payment in the order forms show them.
func AllMeans() []Means { return []Means{Transfer, Cheque, Card, Cash, Debit, Advance} }

const (
	maxReference = 140
	maxPast      = 3653 // days a payment may lie in the past
)

// Check tells what is wrong with a payment of the given invoices. What the customer paid above what is due is kept as an
// advance only when the person says so: then Excess is the difference; the field is "keep".
func (p Payment) Check(rs []Receivable, today date.Day) error {
	var errs []error
	bad := func(field, key string, args ...any) { errs = append(errs, fault.At(field, key, args...)) }
	switch {
	case p.Amount < 0:
		bad("amount", "sale.fault.payment_negative")
	case p.Amount == 0:
		bad("amount", "sale.fault.payment_nil")
	case p.Amount > money.Max:
		bad("amount", "sale.fault.amount_large", "max", money.Max)
	}
	switch {
	case p.Date == 0:
		bad("date", "sale.fault.payment_date_missing")
	case p.Date > today:
		bad("date", "sale.fault.payment_ahead", "on", p.Date)
	case p.Date < today-maxPast:
		bad("date", "sale.fault.payment_old", "on", p.Date)
	}
	if _, ok := p.Means.account(); !ok {
		bad("means", "sale.fault.means")
	}
	errs = append(errs, checkText("reference", p.Reference, maxReference)...)
	if len(errs) > 0 {
		return errors.Join(errs...)
	}
	var allocated money.Cents
	seen := map[int64]bool{}
	for i, a := range p.Allocations {
		field := fmt.Sprintf("allocations[%d]", i)
		r, ok := receivable(rs, a.Invoice)
		switch {
		case !ok || r.Invoice.Kind != Invoice || r.Invoice.Number == "":
			bad(field+".invoice", "sale.fault.allocation_unknown")
		case seen[a.Invoice]:
			bad(field+".invoice", "sale.fault.allocation_twice", "invoice", r.Invoice.Number)
		case a.Amount <= 0:
			bad(field+".amount", "sale.fault.allocation_nil", "invoice", r.Invoice.Number)
		case r.open()+r.Invoice.Lost == 0:
			bad(field+".amount", "sale.fault.allocation_settled", "invoice", r.Invoice.Number)
		case a.Amount > r.open()+r.Invoice.Lost:
			bad(field+".amount", "sale.fault.allocation_above", "invoice", r.Invoice.Number, "rest", r.open()+r.Invoice.Lost)
		case p.Means == GivenUp && a.Amount > r.open():
			bad(field+".amount", "sale.fault.allocation_above", "invoice", r.Invoice.Number, "rest", r.open())
		case a.Foreign != 0 && (r.Invoice.Totals.Foreign == nil || a.Amount != settledBy(r.Invoice, a.Foreign)),
			a.Foreign == 0 && r.Invoice.Totals.Foreign != nil:
			bad(field+".foreign", "sale.fault.allocation_currency", "invoice", r.Invoice.Number, "currency", r.Invoice.Content.Currency)
		case p.Date < r.Invoice.Date:
			bad("date", "sale.fault.payment_before", "on", p.Date, "invoice", r.Invoice.Number, "day", r.Invoice.Date)
		default:
			allocated += a.Amount
		}
		seen[a.Invoice] = true
	}
	if len(errs) > 0 {
		return errors.Join(errs...)
	}
	switch above := p.Amount - allocated; {
	case p.Exchange != 0 && !slices.ContainsFunc(p.Allocations, func(a Allocation) bool { return a.Foreign != 0 }):
		bad("amount", "sale.fault.exchange_home")
	case above < 0 && p.Exchange >= 0:
		bad("amount", "sale.fault.payment_short", "amount", p.Amount, "allocated", allocated)
	case p.Means == GivenUp && above != 0, p.Means == Advance && above != p.Exchange:
		bad("amount", "sale.fault.advance_whole", "above", above)
	case above == p.Exchange && p.Excess != 0:
		bad("keep", "sale.fault.keep_nothing")
	case above-p.Exchange != p.Excess:
		bad("keep", "sale.fault.payment_above", "above", above-p.Exchange)
	}
	return errors.Join(errs...)
}

// Convert completes the allocations of a payment of invoices in another currency: what each settles in the books. When the
// payment says so (Exchange is to be found), the rest is what the exchange rates made of it.
func (p Payment) Convert(rs []Receivable) Payment {
	p.Allocations = slices.Clone(p.Allocations)
	p.Exchange = p.Amount - p.Excess
	abroad := false
	for i := range p.Allocations {
		a := &p.Allocations[i]
		if r, ok := receivable(rs, a.Invoice); ok && a.Foreign != 0 && r.Invoice.Totals.Foreign != nil {
			a.Amount, abroad = settledBy(r.Invoice, a.Foreign), true
		}
		p.Exchange -= a.Amount
	}
	if !abroad {
		p.Exchange = 0
	}
	return p
}

// Split parts a payment that is told to be ahead of its invoices: the money is kept as an advance on the day it came, and
// used for each invoice on the day of that invoice, not before open (the first day the books can still bear). Before its
// invoice money settles nothing: the sale, its VAT and its place in the months follow the day of the invoice. Only the
// paying activity's own invoices are parted; p is what is left to record first.
func (p Payment) Split(rs []Receivable, open func(date.Day) date.Day) (first Payment, uses []Payment) {
	first = p
	first.Ahead = false
	if !p.Ahead || p.Means == Advance {
		return first, nil
	}
	first.Allocations = nil
	rates := p.exchangeOf()
	for i, a := range p.Allocations {
		r, ok := receivable(rs, a.Invoice)
		came := a.Amount + rates[i]
		if came <= 0 || !ok || r.Invoice.Date <= p.Date || r.Invoice.Activity != p.Activity || a.Amount <= 0 {
			first.Allocations = append(first.Allocations, a)
			continue
		}
		first.Excess += came
		first.Exchange -= rates[i]
		uses = append(uses, Payment{Date: open(r.Invoice.Date), Amount: came, Exchange: rates[i], Means: Advance, Reference: p.Reference, Customer: p.Customer, Activity: p.Activity, Allocations: []Allocation{a}})
	}
	return first, uses
}

// exchangeOf parts what the exchange rates made of a payment between its allocations in another currency.
func (p Payment) exchangeOf() []money.Cents {
	weights, abroad := make([]int64, len(p.Allocations)), false
	for i, a := range p.Allocations {
		if a.Foreign != 0 && a.Amount > 0 {
			weights[i], abroad = int64(a.Amount), true
		}
	}
	if !abroad || p.Exchange == 0 {
		return make([]money.Cents, len(p.Allocations))
	}
	return money.Allocate(p.Exchange, weights)
}

// open is what can still be paid: what both the books and the invoice hold open.
func (r Receivable) open() money.Cents { return max(0, min(r.Open(), Remaining(r.Invoice))) }

func receivable(rs []Receivable, invoice int64) (Receivable, bool) {
	for _, r := range rs {
		if r.Invoice.ID == invoice {
			return r, true
		}
	}
	return Receivable{}, false
}

// Receive returns what a payment does: money in (bank, cheques, cards, till) against 411 of each invoice and 4191 for
// what is kept as an advance; VAT moved from pending to due; turnover collected. A payment by an advance kept before is a
// miscellaneous entry 4191 / 411. Every activity's money is in its own section.
//
// An over-payment bears no VAT: it pays no sale yet. (A deposit asked for by a deposit invoice does: practice 3 c.)
func Receive(p Payment, rs []Receivable, f PayFacts) (Effect, error) {
	if err := p.Check(rs, f.Today); err != nil {
		return Effect{}, err
	}
	account, _ := p.Means.account()
	key, journal := "sale.entry.payment", ledger.JournalBank
	switch p.Means {
	case Advance:
		key, journal = "sale.entry.advance", ledger.JournalMisc
	case GivenUp:
		key, journal = "sale.entry.cents", ledger.JournalMisc
		if err := p.centsWithin(f.Rules.Terms.CentsUpTo, f.GivenUp); err != nil {
			return Effect{}, err
		}
	default:
	}
	numbers := p.numbers(rs)
	e := ledger.Entry{
		Journal: journal, Date: max(p.Date, f.Bears), DocDate: p.Date, ValidOn: f.Today, Ref: p.ref(numbers), Document: p.document(), By: p.By, At: p.At,
		Label: about(key, f, numbers),
	}
	eff := Effect{}
	var debit, credit, vat []ledger.Line
	windfall := newWindfall(p)
	purse := newPurse(f.Advances)
	if p.Means == Advance {
		purse.until = e.Date
	}
	exchange := p.Exchange // still to be booked
	for _, a := range p.Allocations {
		r, _ := receivable(rs, a.Invoice)
		inv := r.Invoice
		if p.Means == Advance {
			take := a.Amount
			if a.Foreign != 0 { // what was kept is in euros of the day it came
				take = max(0, a.Amount+exchange)
				exchange -= take - a.Amount
				credit = append(credit, exchanged(inv.Activity, take-a.Amount)...)
			}
			used, err := purse.take(take, inv.Activity, r.Third, "")
			if err != nil {
				return Effect{}, err
			}
			debit = append(debit, used...)
		} else {
			debit = addCash(debit, account, inv.Activity, a.Amount)
		}
		known := min(a.Amount, r.open())
		credit = append(credit, r.take(known)...)
		credit = append(credit, inv.recover(a.Amount-known, f.Taxes)...)
		if more := windfall.of(a, a.Amount-known); more != 0 {
			debit = addCash(debit, account, inv.Activity, more)
			credit = append(credit, ledger.Line{Account: ledger.SmallIncome, Section: inv.Activity, Amount: -more})
		}
		inv.Paid += a.Amount
		inv.Settled.Foreign += a.Foreign
		lines, collected, err := settle(&inv, r.Third, f.Taxes, purse)
		if err != nil {
			return Effect{}, err
		}
		vat = append(vat, lines...)
		eff.Collected = append(eff.Collected, collected...)
		eff.Invoices = append(eff.Invoices, inv)
	}
	if p.Excess > 0 {
		third := f.Customer.Third
		if third == 0 {
			return Effect{}, fmt.Errorf("payment of customer %d: no third party to keep an advance for", p.Customer)
		}
		debit = addCash(debit, account, p.Activity, p.Excess)
		kept := []ledger.Line{{Account: ledger.Advances, Section: p.Activity, Third: third, Due: p.Date, Amount: -p.Excess}}
		if less, last := f.settleClaims(kept, p.Activity, third); last <= p.Date { // otherwise it came before what is owed
			kept = less
		}
		credit = append(credit, kept...)
	}
	exchange -= windfall.given
	if exchange != 0 { // on the money that came, in the section of the activity that was paid
		debit = addCash(debit, moneyIn(p.Means), p.Activity, exchange)
		credit = append(credit, exchanged(p.Activity, exchange)...)
	}
	e.Lines = slices.Concat(debit, credit, vat)
	if slices.ContainsFunc(credit, vatLine) { // of a loss that comes back
		e.Lines = mergeVAT(e.Lines)
	}
	eff.Entry = e
	return eff, nil
}

// centsWithin refuses to give up more than the limit, in one payment or of an invoice in all.
func (p Payment) centsWithin(limit money.Cents, before map[int64]money.Cents) error {
	if p.Amount > limit {
		return fault.At("amount", "sale.fault.cents_above", "limit", limit)
	}
	for _, a := range p.Allocations {
		if was := before[a.Invoice]; was+a.Amount > limit {
			return fault.At("amount", "sale.fault.cents_again", "limit", limit, "before", was)
		}
	}
	return nil
}

// CentsGivenUp is what payments that stand have given up of an invoice.
func CentsGivenUp(invoice int64, payments []Payment) (sum money.Cents) {
	for _, p := range payments {
		for _, a := range p.Allocations {
			if a.Invoice == invoice && p.Means == GivenUp && p.Reversed == 0 {
				sum += a.Amount
			}
		}
	}
	return sum
}

// exchanged books what the rates made of money that came, in a section.
func exchanged(section ledger.Section, amount money.Cents) []ledger.Line {
	switch {
	case amount > 0:
		return []ledger.Line{{Account: ledger.ExchangeGain, Section: section, Amount: -amount}}
	case amount < 0:
		return []ledger.Line{{Account: ledger.ExchangeLoss, Section: section, Amount: -amount}}
	}
	return nil
}

// moneyIn is the account of a means that the payment was checked to have.
func moneyIn(m Means) string { account, _ := m.account(); return account }

// addCash adds money to the section's line.
func addCash(lines []ledger.Line, account string, section ledger.Section, amount money.Cents) []ledger.Line {
	for i := range lines {
		if lines[i].Section == section {
			lines[i].Amount += amount
			return lines
		}
	}
	return append(lines, ledger.Line{Account: account, Section: section, Amount: amount})
}

func (p Payment) document() string { return "payment:" + strconv.FormatInt(p.ID, 10) }

// numbers lists the invoices a payment settles.
// about is the label of an entry about invoices of a customer; money kept in advance is about none.
func about(key string, f PayFacts, numbers string) string {
	return strings.TrimSuffix(french.T(key, "customer", short(f.Customer.FullName()), "numbers", short(numbers)), ", ")
}

func (p Payment) numbers(rs []Receivable) string {
	var list []string
	for _, a := range p.Allocations {
		if r, ok := receivable(rs, a.Invoice); ok {
			list = append(list, r.Invoice.Number)
		}
	}
	return strings.Join(list, ", ")
}

// ref is the reference of the document that proves the payment: what the bank or the cheque says, otherwise the invoices, and
// for money that goes to none (an advance, its refund) the number of the payment itself.
func (p Payment) ref(numbers string) string {
	switch r := strings.Join(strings.Fields(p.Reference), " "); {
	case r != "":
		return r
	case numbers != "":
		return short(numbers)
	}
	return "REG-" + strconv.FormatInt(p.ID, 10)
}

// purse holds the advances of a customer while an event uses them.
type purse struct {
	items []ledger.OpenItem
	until date.Day // what came later is not there yet; 0: no matter
	last  date.Day // of the advances that were used, the day of the latest
}

func newPurse(items []ledger.OpenItem) *purse {
	return &purse{items: append([]ledger.OpenItem(nil), items...)}
}

// holds returns what is left of the advances of a section and third party, of one document when it is named.
func (p *purse) holds(section ledger.Section, third int64, document string) money.Cents {
	var sum money.Cents
	for _, it := range p.items {
		if advanceOf(it, section, third, document) && p.there(it) {
			sum -= it.Remaining
		}
	}
	return sum
}

// advanceOf says whether an item is an open advance of a section and third party, of one document when it is named.
func advanceOf(it ledger.OpenItem, section ledger.Section, third int64, document string) bool {
	return openOn(it, ledger.Advances, section, third, document)
}

func openOn(it ledger.OpenItem, account string, section ledger.Section, third int64, document string) bool {
	return it.Account == account && it.Section == section && it.Third == third && it.Remaining < 0 &&
		(document == "" || it.Document == document)
}

// there says whether an advance had come by the day of its use.
func (p *purse) there(it ledger.OpenItem) bool { return p.until == 0 || it.Date <= p.until }

// lacks refuses a use: on the amount, or on the day when enough comes later.
func (p *purse) lacks(amount money.Cents, section ledger.Section, third int64, document string) error {
	held := p.holds(section, third, document)
	for _, it := range p.items {
		if !p.there(it) {
			later := purse{items: p.items, until: it.Date}
			if later.holds(section, third, document) >= amount {
				return fault.At("date", "sale.fault.advance_later", "held", held, "on", p.until, "from", it.Date)
			}
		}
	}
	return fault.At("amount", "sale.fault.advance_short", "held", held)
}

// takeFrom uses what a deposit holds on one of its accounts, oldest first, and returns the lines that do.
func (p *purse) takeFrom(account string, amount money.Cents, section ledger.Section, third int64, document string) ([]ledger.Line, error) {
	var lines []ledger.Line
	for i := range p.items {
		it := &p.items[i]
		if amount == 0 || !openOn(*it, account, section, third, document) {
			continue
		}
		used := min(amount, -it.Remaining)
		it.Remaining += used
		amount -= used
		lines = append(lines, ledger.Line{Account: account, Section: section, Third: third, Amount: used, Settles: it.Item, Document: document})
	}
	if amount != 0 {
		return nil, fmt.Errorf("%s of %s lacks %v in section %d", account, document, amount, section)
	}
	return lines, nil
}

// take uses advances, oldest first, and returns the lines that do.
func (p *purse) take(amount money.Cents, section ledger.Section, third int64, document string) ([]ledger.Line, error) {
	if p.holds(section, third, document) < amount {
		return nil, p.lacks(amount, section, third, document)
	}
	var lines []ledger.Line
	for i := range p.items {
		it := &p.items[i]
		if amount == 0 || !advanceOf(*it, section, third, document) || !p.there(*it) {
			continue
		}
		p.last = max(p.last, it.Date)
		used := min(amount, -it.Remaining)
		it.Remaining += used
		amount -= used
		lines = append(lines, ledger.Line{Account: ledger.Advances, Section: section, Third: third, Amount: used, Settles: it.Item})
	}
	return lines, nil
}
