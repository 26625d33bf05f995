package joint

import (
	"strings"

	"essaim/coop"
	"essaim/i18n"
	"essaim/sale"
)

// Names are what a paper says of the two activities and of their cooperative.
type Names struct {
	Coop             coop.Cooperative
	Sender, Receiver string
	SenderPeople     []string
	ReceiverPeople   []string
	Corrects         string // number of what a credit undoes
}

// Print writes an internal invoice as paper. It says that it has no fiscal value: nobody may deduct a VAT from it.
func Print(i Invoice, n Names, p i18n.Printer) sale.Paper {
	paper := sale.Paper{
		Kind: sale.Invoice, Lang: p.Lang(), Title: p.T("joint.paper.bill"), Number: i.Number, Draft: i.Number == "" || i.Status == Draft,
		Brand: n.Sender, Under: append([]string{p.T("paper.under", "coop", n.Coop.Name)}, n.SenderPeople...),
		Buyer: append([]string{n.Receiver}, n.ReceiverPeople...), Object: i.Content.Title,
		Head:     sale.PaperRow{Label: p.T("paper.head_label"), Quantity: p.T("paper.head_quantity"), Price: p.T("paper.head_price_net"), Amount: p.T("paper.head_amount_net")},
		Due:      sale.Pair{Label: p.T("joint.paper.due"), Value: p.Euros(i.Net)},
		Mentions: []string{p.T("joint.paper.internal"), p.T("joint.paper.no_vat", "coop", n.Coop.Name)},
		Seller:   []string{n.Coop.Name + " · " + n.Coop.LegalForm},
	}
	if i.Kind == Credit {
		paper.Title = p.T("joint.paper.credit")
		paper.Due.Label = p.T("joint.paper.given_back")
		paper.Meta = append(paper.Meta, sale.Pair{Label: p.T("joint.paper.undoes"), Value: n.Corrects})
	}
	if i.Number == "" {
		paper.Number = p.T("paper.number_later")
	}
	if i.Date != 0 {
		paper.Meta = append(paper.Meta, sale.Pair{Label: p.T("paper.date"), Value: p.Day(i.Date)})
	}
	if i.Content.Done != 0 {
		paper.Meta = append(paper.Meta, sale.Pair{Label: p.T("joint.paper.done"), Value: p.Day(i.Content.Done)})
	}
	for _, l := range i.Content.Lines {
		r := sale.PaperRow{Label: l.Label, Quantity: p.Micro(l.Quantity), Price: p.UnitPrice(l.Price), Amount: p.Euros(l.Net())}
		if l.Unit != "" {
			r.Quantity += "\u00a0" + l.Unit
		}
		paper.Rows = append(paper.Rows, r)
	}
	paper.Totals = []sale.Pair{{Label: p.T("joint.paper.total"), Value: p.Euros(i.Content.Net())}}
	if note := strings.TrimSpace(i.Content.Note); note != "" {
		paper.Notes = strings.Split(note, "\n")
	}
	if i.Content.MayWait && i.Kind == Bill {
		paper.Notes = append(paper.Notes, p.T("joint.paper.may_wait"))
	}
	return paper
}
