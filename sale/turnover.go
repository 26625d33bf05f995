package sale

import "essaim/money"

// NetByNature returns the net total of a document by nature of sale, in the amounts of its validation: what its activity's
// turnover moves by (a credit note moves it the other way). A deposit, and what later invoices deduct of it, count under a
// nature of their own; what a late customer owes is no turnover.
func (d Document) NetByNature() map[string]money.Cents {
	nets := map[string]money.Cents{}
	for i, l := range d.Content.Lines {
		if i < len(d.Totals.Lines) {
			nature := l.Nature
			if n, _ := NatureOf(nature); n.Late {
				continue
			}
			if l.Deposit != 0 || isDeposit(d) {
				nature = depositNature(nature)
			}
			nets[nature] += d.Totals.Lines[i].Net
		}
	}
	return nets
}
