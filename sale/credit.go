package sale

import (
	"cmp"
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
	e, err := Entry(cn, f, inv.Item, inv.Remaining)
	if err != nil {
		return Effect{}, err
	}
	left := doc.Totals.Gross - doc.Credited
	if cn.Totals.Gross > left {
		return Effect{}, fmt.Errorf("credit note %s takes %v of invoice %s, which has %v left", cn.Number, cn.Totals.Gross, doc.Number, left)
	}
	after := doc
	after.Credited += cn.Totals.Gross
	after.Settled.Credited = addParts(doc.Settled.Credited, parts(cn.Content, cn.Totals))
	if beyond := min(cn.Totals.Gross-max(inv.Remaining, 0), doc.Paid); beyond > 0 {
		after.Paid -= beyond
		after.Settled.Moved = append(slices.Clone(doc.Settled.Moved), Moved{Credit: cn.ID, Amount: beyond})
	}
	lines, collected, err := settle(&after, f.Taxes)
	if err != nil {
		return Effect{}, err
	}
	e.Lines = mergeVAT(append(e.Lines, lines...))
	return Effect{Entry: e, Invoices: []Document{after}, Collected: collected}, nil
}

// addParts adds up parts by nature and tax code.
func addParts(before, more []Part) []Part {
	sum := slices.Clone(before)
	for _, p := range more {
		k := slices.IndexFunc(sum, func(s Part) bool { return s.Nature == p.Nature && s.Tax == p.Tax })
		if k < 0 {
			sum = append(sum, p)
			continue
		}
		sum[k].Net += p.Net
		sum[k].VAT += p.VAT
	}
	slices.SortFunc(sum, func(a, b Part) int { return cmp.Or(cmp.Compare(a.Tax, b.Tax), cmp.Compare(a.Nature, b.Nature)) })
	return sum
}

// mergeVAT makes one line of the VAT lines of one account and code, and none of those that cancel out: VAT that was due
// and is credited leaves 44571 without passing by 44574.
func mergeVAT(lines []ledger.Line) []ledger.Line {
	var merged []ledger.Line
	for _, l := range lines {
		if l.Account == ledger.VATDue || l.Account == ledger.VATPending {
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
