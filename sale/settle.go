package sale

import (
	"fmt"
	"maps"
	"slices"

	"essaim/ledger"
	"essaim/money"
)

// Receivable is an invoice with what the books hold open of it: its items in the order they are settled, on 411, on 416
// once it is doubtful, then its retention on 4117. Items that are settled are there too.
type Receivable struct {
	Invoice Document
	Items   []ledger.OpenItem
	Third   int64
}

// Open is what the books hold open of the invoice.
func (r Receivable) Open() money.Cents {
	var sum money.Cents
	for _, it := range r.Items {
		sum += it.Remaining
	}
	return sum
}

// ItemsOf returns the lines that an invoice has opened, in the order they are settled.
func ItemsOf(inv Document) []ledger.ItemRef {
	if inv.Entry == 0 || inv.Totals.Gross == 0 {
		return nil
	}
	list := []ledger.ItemRef{{Entry: inv.Entry, Line: 1}}
	if inv.Settled.Doubtful != (ledger.ItemRef{}) {
		list = append(list, inv.Settled.Doubtful)
	}
	if inv.Totals.Retained != 0 && inv.Totals.Retained != inv.Totals.Gross {
		list = append(list, ledger.ItemRef{Entry: inv.Entry, Line: 2})
	}
	return list
}

// take settles an amount of what is open, in order, and returns the lines that do.
func (r Receivable) take(amount money.Cents) []ledger.Line {
	var lines []ledger.Line
	for _, it := range r.Items {
		part := min(amount, it.Remaining)
		if part <= 0 {
			continue
		}
		amount -= part
		lines = append(lines, ledger.Line{Account: it.Account, Section: r.Invoice.Activity, Third: r.Third, Amount: -part, Settles: it.Item, Document: documentOf(r.Invoice)})
	}
	return lines
}

// credited returns what a credit note settles of what is open, and the lines that do: of a retention that the customer may
// still keep, its own share (the retention stays the share agreed of what is left of the works), the rest of what is due now.
func (r Receivable) credited(cn Document) (settled money.Cents, lines []ledger.Line) {
	gross, day, keep := cn.Totals.Gross, cn.Date, money.Cents(0)
	after := r.Invoice
	after.Settled.Credited = addParts(after.Settled.Credited, parts(cn.Content, cn.Totals))
	at := slices.IndexFunc(r.Items, func(it ledger.OpenItem) bool { return it.Account == ledger.Retention })
	if at >= 0 && ReleaseDay(r.Invoice) > day {
		keep = max(0, min(r.Items[at].Remaining, after.Totals.Retained-after.unretained()))
	}
	settled = min(max(r.Open()-keep, 0), gross)
	if at < 0 {
		return settled, r.take(settled)
	}
	less := min(r.Items[at].Remaining-keep, settled)
	own, others := r, r
	own.Items = r.Items[at : at+1]
	others.Items = slices.Delete(slices.Clone(r.Items), at, at+1)
	return settled, append(others.take(settled-less), own.take(less)...)
}

// holds says whether an item is one of the invoice's.
func (r Receivable) holds(item ledger.ItemRef) bool {
	return slices.ContainsFunc(r.Items, func(it ledger.OpenItem) bool { return it.Item == item })
}

// Effect is what an event does: one entry, the invoices it changes, and what it collects.
type Effect struct {
	Entry     ledger.Entry
	Invoices  []Document // with their Paid, Credited and Settled after the event
	Collected []Collected
}

// Collected is a change of the net turnover collected of one invoice, by nature; negative when money goes back.
type Collected struct {
	Invoice  int64
	Activity int64
	Nature   string
	Net      money.Cents
}

// effective returns an invoice less its credit notes and what was lost: gross, VAT by tax code, net by nature.
func effective(inv Document) (gross money.Cents, vat, net map[string]money.Cents) {
	vat, net = map[string]money.Cents{}, map[string]money.Cents{}
	for _, p := range remainingParts(inv) {
		vat[p.Tax] += p.VAT
		net[p.Nature] += p.Net
	}
	for tax, v := range inv.Settled.LostVAT {
		vat[tax] -= inv.Settled.stillLost(v)
	}
	for nature, n := range inv.Settled.LostNet {
		net[nature] -= inv.Settled.stillLost(n)
	}
	return inv.Totals.Gross - inv.Credited - inv.Lost, vat, net
}

// rule returns what should be booked of an invoice by now: the VAT due of the codes due on receipt, and the net turnover
// collected by nature, each the share of its effective total that has been paid, rounded. Paid in full, they are exact.
//
// Of a deposit all VAT waits for the money, that on goods at the latest for their delivery (CGI art. 269-2 a), and what
// was received counts under a nature of its own until a later invoice clears it.
func rule(inv Document, taxes ledger.Taxes) (vat, net map[string]money.Cents, err error) {
	gross, vats, nets := effective(inv)
	vat, net = map[string]money.Cents{}, map[string]money.Cents{}
	delivered := map[string]money.Cents{}
	for tax, v := range vats {
		code, ok := taxes[tax]
		if !ok {
			return nil, nil, fmt.Errorf("settle invoice %s: unknown tax code %q", inv.Number, tax)
		}
		if waits(inv, code) {
			vat[tax] = paidShare(v, inv.Paid, gross)
		}
		if isDeposit(inv) && code.Goods {
			for _, p := range inv.Settled.Deducted {
				if p.Tax == tax {
					delivered[tax] += p.VAT
				}
			}
			vat[tax] = max(vat[tax], delivered[tax])
		}
	}
	deducted := deductedNet(inv)
	for nature, n := range nets {
		if of, _ := NatureOf(nature); of.Late {
			continue
		}
		net[nature] = paidShare(n, inv.Paid, gross)
		if isDeposit(inv) {
			cleared := min(net[nature], deducted[nature])
			net[depositNature(nature)], net[nature] = net[nature]-cleared, cleared
		}
	}
	return vat, net, nil
}

// waits says whether the VAT of a code is pending until the money comes. The option for debits is for services: deposits
// on goods wait all the same (CGI art. 269-2 a and c).
func waits(inv Document, code ledger.TaxCode) bool {
	if code.Rate == 0 {
		return false
	}
	return code.OnReceipt && !inv.Settled.Debits || isDeposit(inv) && code.Goods
}

// paidShare returns the part of v that is paid, exact once nothing is left to pay (which includes an invoice that credit
// notes brought to nil).
func paidShare(v, paid, gross money.Cents) money.Cents {
	if paid == gross {
		return v
	}
	return v.Share(paid, gross)
}

// settle brings Settled up to the rule and returns the lines and the collected turnover that this takes:
// rounded(cumulated) − booked. The maps of the document it is given are left alone. third and purse are those of the
// customer, for what a deposit holds on 4191.
func settle(inv *Document, third int64, taxes ledger.Taxes, purse *purse) ([]ledger.Line, []Collected, error) {
	vat, net, err := rule(*inv, taxes)
	if err != nil {
		return nil, nil, err
	}
	var lines []ledger.Line
	for _, tax := range slices.Sorted(maps.Keys(bothKeys(vat, inv.Settled.VAT))) {
		move := vat[tax] - inv.Settled.VAT[tax]
		if move == 0 {
			continue
		}
		l := ledger.Line{Section: inv.Activity, Tax: tax, Document: documentOf(*inv)}
		l.Account, l.Amount = ledger.VATPending, move
		lines = append(lines, l)
		l.Account, l.Amount = ledger.VATDue, -move
		lines = append(lines, l)
	}
	var collected []Collected
	for _, nature := range slices.Sorted(maps.Keys(bothKeys(net, inv.Settled.Net))) {
		if move := net[nature] - inv.Settled.Net[nature]; move != 0 {
			collected = append(collected, Collected{Invoice: inv.ID, Activity: inv.Activity, Nature: nature, Net: move})
		}
	}
	inv.Settled.VAT, inv.Settled.Net = nonZero(vat), nonZero(net)
	if isDeposit(*inv) {
		moved, err := moveHeld(inv, third, purse)
		if err != nil {
			return nil, nil, err
		}
		lines = append(lines, moved...)
	}
	return lines, collected, nil
}

// Settlement returns what an invoice must hold as settled, out of what it is, what it has been paid and its validated
// credit notes, and the invoices and credit notes that clear it when it is a deposit: verify compares it with what events
// have left.
func Settlement(inv Document, credits, clearing []Document, taxes ledger.Taxes) (Settled, error) {
	was := inv.Settled
	s := Settled{
		Debits: was.Debits, Moved: was.Moved, LostWhole: was.LostWhole, LostVAT: was.LostVAT, LostNet: was.LostNet, Recovered: was.Recovered, Doubtful: was.Doubtful, Release: was.Release, Foreign: was.Foreign,
	}
	inv.Credited = 0
	for _, cn := range credits {
		s.Credited = addParts(s.Credited, parts(cn.Content, cn.Totals))
		if cn.Totals.Foreign != nil {
			s.Refunded = addParts(s.Refunded, parts(cn.Content, *cn.Totals.Foreign))
		}
		inv.Credited += cn.Totals.Gross
	}
	inv.Settled.Credited = s.Credited
	s.Unretained = inv.unretained()
	for _, d := range clearing {
		sign := money.Cents(-1)
		if d.Kind == CreditNote {
			sign = 1
		}
		for _, p := range parts(d.Content, d.Totals) {
			if p.Deposit == inv.ID {
				s.Deducted = addParts(s.Deducted, []Part{{Nature: p.Nature, Tax: p.Tax, Axis: p.Axis, Net: sign * p.Net, VAT: sign * p.VAT}})
			}
		}
	}
	if s.Deducted = slices.DeleteFunc(s.Deducted, func(p Part) bool { return p.Net == 0 && p.VAT == 0 }); len(s.Deducted) == 0 {
		s.Deducted = nil
	}
	inv.Settled = s
	if isDeposit(inv) {
		s.Held, s.Billed = held(inv)
	}
	if inv.Paid == 0 && len(credits) == 0 && len(s.Deducted) == 0 && inv.Settled.LostWhole == 0 && inv.Totals.Gross != 0 {
		return s, nil // nothing has settled anything
	}
	vat, net, err := rule(inv, taxes)
	s.VAT, s.Net = nonZero(vat), nonZero(net)
	return s, err
}

func bothKeys(a, b map[string]money.Cents) map[string]money.Cents {
	all := maps.Clone(a)
	for k, v := range b {
		if _, ok := all[k]; !ok {
			all[k] = v
		}
	}
	return all
}

// nonZero drops what is nil, so that the same state has one form.
func nonZero(m map[string]money.Cents) map[string]money.Cents {
	maps.DeleteFunc(m, func(_ string, v money.Cents) bool { return v == 0 })
	if len(m) == 0 {
		return nil
	}
	return m
}
