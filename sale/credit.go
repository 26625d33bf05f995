package sale

import (
	"fmt"
	"slices"

	"essaim/ledger"
	"essaim/money"
)

// CreditEffect returns what a validated credit note does: its whole entry, the corrected invoice as it stands after, and
// the turnover that is no longer collected.
//
// It settles what is open of the invoice; what goes beyond had been paid and becomes an advance of the customer. VAT due
// and turnover collected are brought to the rule on the effective totals (invoice less its credit notes) and the money
// that still pays them.
func CreditEffect(cn Document, inv Receivable, f Facts) (Effect, error) {
	doc := inv.Invoice
	if cn.Kind != CreditNote || cn.Corrects != doc.ID || doc.Kind != Invoice {
		return Effect{}, fmt.Errorf("credit note %s does not correct invoice %d", cn.Number, doc.ID)
	}
	f.Invoice = &doc
	e, err := Entry(cn, f, inv)
	if err != nil {
		return Effect{}, err
	}
	left := doc.Totals.Gross - doc.Credited - doc.Lost
	if cn.Totals.Gross > left {
		return Effect{}, fmt.Errorf("credit note %s takes %v of invoice %s, which has %v left", cn.Number, cn.Totals.Gross, doc.Number, left)
	}
	after := doc
	after.Credited += cn.Totals.Gross
	after.Settled.Credited = addParts(doc.Settled.Credited, parts(cn.Content, cn.Totals))
	if cn.Totals.Foreign != nil {
		after.Settled.Refunded = addParts(doc.Settled.Refunded, parts(cn.Content, *cn.Totals.Foreign))
	}
	after.Settled.Unretained = after.unretained()
	settled, _ := inv.credited(cn)
	if beyond := min(cn.Totals.Gross-settled, doc.Paid); beyond > 0 {
		after.Paid -= beyond
		after.Settled.Moved = append(slices.Clone(doc.Settled.Moved), Moved{Credit: cn.ID, Amount: beyond})
	}
	purse := newPurse(f.DepositItems)
	lines, collected, err := settle(&after, f.Customer.Third, f.Taxes, purse)
	if err != nil {
		return Effect{}, err
	}
	back, deposits, more, err := clearDeposits(cn, -1, f, purse)
	if err != nil {
		return Effect{}, err
	}
	e.Lines = mergeVAT(slices.Concat(e.Lines, lines, back))
	return Effect{Entry: e, Invoices: append([]Document{after}, deposits...), Collected: append(collected, more...)}, nil
}

// InvoiceEffect returns what a validated invoice does: its entry, the deposits that it clears as they stand after, and
// the turnover received before that becomes collected with it. An invoice that deposits have paid whole is
// settled at once, and a deposit stands on 41912 from then on: the invoice is then among those of the effect.
func InvoiceEffect(d Document, f Facts) (Effect, error) {
	e, err := Entry(d, f, Receivable{})
	if err != nil {
		return Effect{}, err
	}
	purse := newPurse(f.DepositItems)
	lines, deposits, collected, err := clearDeposits(d, 1, f, purse)
	if err != nil {
		return Effect{}, err
	}
	eff := Effect{Invoices: deposits, Collected: collected}
	if d.Totals.Gross == 0 || isDeposit(d) {
		more, own, err := settle(&d, f.Customer.Third, f.Taxes, purse)
		if err != nil {
			return Effect{}, err
		}
		lines, eff.Collected, eff.Invoices = append(lines, more...), append(eff.Collected, own...), append(eff.Invoices, d)
	}
	e.Lines = mergeVAT(append(e.Lines, lines...))
	eff.Entry = e
	return eff, nil
}

func noDeposit(d Document, id int64) error {
	return fmt.Errorf("%s %s deducts deposit %d, which is not at hand", d.Kind, d.Number, id)
}

// addParts adds up parts by nature and tax code.
func addParts(before, more []Part) []Part {
	sum := slices.Clone(before)
	for _, p := range more {
		k := slices.IndexFunc(sum, p.is)
		if k < 0 {
			sum = append(sum, p)
			continue
		}
		sum[k].Net += p.Net
		sum[k].VAT += p.VAT
	}
	slices.SortFunc(sum, byPart)
	return sum
}

func vatLine(l ledger.Line) bool { return l.Account == ledger.VATDue || l.Account == ledger.VATPending }

// mergeVAT makes one line of the VAT lines of one account and code, and none of those that cancel out: VAT that was due
// and is credited leaves 44571 without passing by 44574.
func mergeVAT(lines []ledger.Line) []ledger.Line {
	var merged []ledger.Line
	for _, l := range lines {
		if vatLine(l) {
			k := slices.IndexFunc(merged, func(m ledger.Line) bool {
				return m.Account == l.Account && m.Section == l.Section && m.Tax == l.Tax
			})
			if k >= 0 {
				merged[k].Amount += l.Amount
				continue
			}
			l.Document = "" // the entry's own: the credit note
		}
		merged = append(merged, l)
	}
	return slices.DeleteFunc(merged, func(l ledger.Line) bool { return l.Amount == money.Cents(0) })
}
