package sale

import (
	"essaim/date"
	"essaim/i18n"
	"essaim/money"
)

// Copies of an invoice that are given to its customer after it was issued. The invoice itself never changes.

// PaidCopy is the invoice as it is given to a customer who asks for a proof: paid in full, since a day.
func PaidCopy(d Document, f Facts, p i18n.Printer, on date.Day) Paper {
	paper := Print(d, f, p)
	paper.Meta = append(paper.Meta, Pair{p.T("paper.paid_on"), p.Day(on)})
	paper.Notes = append([]string{p.T("paper.paid_copy", "on", on, "amount", d.Totals.Gross-d.Credited)}, paper.Notes...)
	return paper
}

// LostParts returns what was given up of an invoice, net and VAT, less what came in the end.
func LostParts(d Document) (net, vat money.Cents) {
	for _, v := range d.Settled.LostVAT {
		vat += d.Settled.stillLost(v)
	}
	return d.Lost - vat, vat
}

// LostCopy is the duplicate of an invoice that was never paid, which the seller sends so that the VAT can be taken back: the
// mention is that of the administration (CGI art. 272-1; BOI-TVA-DED-40-10-20).
func LostCopy(d Document, f Facts, p i18n.Printer) Paper {
	paper := Print(d, f, p)
	net, vat := LostParts(d)
	paper.Title = p.T("paper.duplicate", "title", paper.Title)
	paper.Notes = append([]string{p.T("paper.lost_mention", "net", net, "vat", vat)}, paper.Notes...)
	paper.Pay, paper.Code = nil, ""
	return paper
}
