package sale

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"essaim/date"
	"essaim/i18n"
	"essaim/ledger"
	"essaim/money"
)

// Entry returns the journal entry of a validated invoice or credit note, in the journal of sales, every line in the
// section of the activity.
//
// Invoice: 411 for the gross, with its due date / revenue by nature and tax code / VAT by code, due at once (44571) for
// goods and under the option for debits, pending (44574) for what is due on receipt. An exempt line has no VAT line; its
// code stands on the revenue.
//
// The retention of works stands on 4117. Revenue is the whole of the lines: what a balance deducts of deposits comes off
// 4191, and a deposit invoice has no revenue; both are added by [InvoiceEffect].
//
// Credit note: the mirror. corrected is the invoice with what is open of it: the credit note settles that, and what goes
// beyond becomes an advance of the customer (4191). What the credit note does to VAT already due and to deposits is added
// by [CreditEffect].
func Entry(d Document, f Facts, corrected Receivable) (ledger.Entry, error) {
	if d.Kind == Quote || d.Number == "" || d.Totals.Gross < 0 || d.Totals.Gross == 0 && !deducts(d.Content) {
		return ledger.Entry{}, fmt.Errorf("entry of %s %d: not a numbered invoice or credit note", d.Kind, d.ID)
	}
	if f.Customer.Third == 0 {
		return ledger.Entry{}, fmt.Errorf("entry of %s %s: customer %d has no third party", d.Kind, d.Number, f.Customer.ID)
	}
	e := ledger.Entry{
		Journal: ledger.JournalSales, Date: d.Date, DocDate: d.Date, ValidOn: d.Date, Ref: d.Number, Document: documentOf(d),
		By: d.ValidatedBy, At: d.ValidatedAt,
	}
	line := func(l ledger.Line) {
		if l.Amount != 0 {
			l.Section = d.Activity
			e.Lines = append(e.Lines, l)
		}
	}
	sign, debits := money.Cents(1), d.Settled.Debits
	if d.Kind == Invoice {
		e.Label = french.T("sale.entry.invoice", "number", d.Number, "customer", short(f.Customer.FullName()))
		line(ledger.Line{Account: ledger.Customers, Third: f.Customer.Third, Due: d.Due, Amount: d.Totals.Gross - d.Totals.Retained})
		line(ledger.Line{Account: ledger.Retention, Third: f.Customer.Third, Due: d.Content.ReleaseOn, Amount: d.Totals.Retained})
	} else {
		if f.Invoice == nil || f.Invoice.ID != d.Corrects {
			return ledger.Entry{}, fmt.Errorf("entry of credit note %s: its invoice %d is not at hand", d.Number, d.Corrects)
		}
		sign, debits = -1, f.Invoice.Settled.Debits
		e.Label = french.T("sale.entry.credit", "number", d.Number, "invoice", f.Invoice.Number, "customer", short(f.Customer.FullName()))
		settled, taken := corrected.credited(d)
		for _, l := range taken {
			l.Third, l.Document = f.Customer.Third, ""
			line(l)
		}
		line(ledger.Line{Account: ledger.Advances, Third: f.Customer.Third, Due: d.Date, Amount: settled - d.Totals.Gross})
	}
	revenue, err := revenues(d)
	if err != nil {
		return ledger.Entry{}, err
	}
	for _, l := range revenue {
		l.Amount *= -sign
		line(l)
	}
	for _, row := range d.Totals.Taxes {
		code, ok := f.Taxes[row.Tax]
		if !ok {
			return ledger.Entry{}, fmt.Errorf("entry of %s %s: unknown tax code %q", d.Kind, d.Number, row.Tax)
		}
		account := ledger.VATDue
		if waits(Document{Content: d.Content, Settled: Settled{Debits: debits}}, code) {
			account = ledger.VATPending
		}
		line(ledger.Line{Account: account, Tax: row.Tax, Amount: -sign * row.VAT})
	}
	return e, f.inCurrency(d, &e)
}

// deducts says whether a document deducts deposits.
func deducts(c Content) bool {
	return slices.ContainsFunc(c.Lines, func(l Line) bool { return l.Deposit != 0 })
}

// revenues returns the revenue of a document by account, tax code and second axis, as positive amounts.
func revenues(d Document) ([]ledger.Line, error) {
	var list []ledger.Line
	for i, l := range d.Content.Lines {
		if l.Deposit != 0 || isDeposit(d) {
			continue
		}
		n, ok := NatureOf(l.Nature)
		if !ok || i >= len(d.Totals.Lines) {
			return nil, fmt.Errorf("entry of %s %s: line %d has no nature or no amount", d.Kind, d.Number, i)
		}
		k := slices.IndexFunc(list, func(x ledger.Line) bool { return x.Account == n.Account && x.Tax == l.Tax && x.Axis == l.Axis })
		if k < 0 {
			k = len(list)
			list = append(list, ledger.Line{Account: n.Account, Tax: l.Tax, Axis: l.Axis})
		}
		list[k].Amount += d.Totals.Lines[i].Net
	}
	slices.SortStableFunc(list, func(a, b ledger.Line) int {
		return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Tax, b.Tax), cmp.Compare(a.Axis, b.Axis))
	})
	return list, nil
}

// french speaks the language of the books (Code de commerce L123-22).
var french = i18n.For("fr")

// documentOf names a document on the lines of entries: "invoice:12", "credit:15".
func documentOf(d Document) string { return string(d.Kind) + ":" + strconv.FormatInt(d.ID, 10) }

// short cuts a name so that a label of the books has room for it.
func short(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 120 {
		return string(r[:119]) + "…"
	}
	return s
}

func quoteDays(f Facts) date.Day { return date.Day(f.Rules.Terms.QuoteDays) }
