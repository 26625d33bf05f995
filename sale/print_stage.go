package sale

import (
	"slices"

	"essaim/money"
)

// What the paper of a deposit, of a situation or of a balance says beside that of any invoice: the amounts of the sale,
// then the deposits taken off them, then what the customer keeps until the works are received.

// stageTitle is the title of an invoice of a stage, "" of any other document.
func (w writer) stageTitle() string {
	switch c := w.d.Content; c.Stage {
	case Deposit:
		return w.p.T("paper.deposit")
	case Progress:
		return w.p.T("paper.situation", "n", c.Situation)
	case Balance:
		return w.p.T("paper.balance")
	case Penalty:
		return w.p.T("paper.penalty")
	}
	return ""
}

// advances says whether the lines are works invoiced as they advance.
func (w writer) advances() bool { return w.d.Content.Situation != 0 && w.d.Kind == Invoice }

// sold are the lines other than deductions of deposits, with their places.
func (w writer) sold() (places []int) {
	for i, l := range w.d.Content.Lines {
		if l.Deposit == 0 {
			places = append(places, i)
		}
	}
	return places
}

// before are the totals before deposits are deducted.
func (w writer) before() Totals {
	t := w.d.Totals
	t.Taxes = slices.Clone(t.Taxes)
	for i, l := range w.d.Content.Lines {
		if l.Deposit == 0 || i >= len(t.Lines) {
			continue
		}
		net, vat := t.Lines[i].Net, t.Lines[i].VAT
		t.Net, t.VAT, t.Gross = t.Net-net, t.VAT-vat, t.Gross-net-vat
		for k := range t.Taxes {
			if t.Taxes[k].Tax == l.Tax {
				t.Taxes[k].Net -= net
				t.Taxes[k].VAT -= vat
			}
		}
	}
	t.Taxes = slices.DeleteFunc(t.Taxes, func(r TaxTotal) bool {
		return r.Net == 0 && r.VAT == 0 && (w.advances() && t.Gross != 0 || !slices.ContainsFunc(w.d.Content.Lines, func(l Line) bool { return l.Tax == r.Tax && l.Deposit == 0 }))
	})
	return t
}

// worksRow writes a line of works that advance: what was agreed, how far it is, what was invoiced before.
func (w writer) worksRow(r PaperRow, l Line) PaperRow {
	p := w.p
	if l.Quantity != money.Unit || l.Unit != "" || l.Discount != 0 || l.DiscountFlat != 0 {
		r.Label += "\n" + r.Quantity + " × " + r.Price
		if r.Discount != "" {
			r.Label += ", " + p.T("paper.head_discount") + " " + r.Discount
		}
	}
	r.Quantity, r.Discount = "", ""
	if whole, err := l.amount(); err == nil {
		r.Price = p.Amount(whole)
	}
	r.Done, r.Before = p.Rate(l.Done), p.Amount(l.Before)
	return r
}

// worksHead is the head of a table of works that advance.
func (w writer) worksHead(h PaperRow) PaperRow {
	p := w.p
	h.Quantity, h.Discount, h.Done, h.Before = "", "", p.T("paper.head_done"), p.T("paper.head_before")
	h.Price, h.Amount = p.T("paper.head_market_net"), p.T("paper.head_now_net")
	if w.d.Content.Gross {
		h.Price, h.Amount = p.T("paper.head_market_gross"), p.T("paper.head_now_gross")
	}
	return h
}

// works are the sums of a situation: what was agreed, what is done, what was invoiced before.
func (w writer) works() []Pair {
	if !w.advances() {
		return nil
	}
	var market, done, before money.Cents
	for _, i := range w.sold() {
		l := w.d.Content.Lines[i]
		whole, err := l.amount()
		if err != nil {
			return nil
		}
		market, done, before = market+whole, done+whole.Times(l.Done), before+l.Before
	}
	p, words := w.p, [3]string{"paper.works_market_net", "paper.works_done_net", "paper.works_before_net"}
	if w.d.Content.Gross {
		words = [3]string{"paper.works_market_gross", "paper.works_done_gross", "paper.works_before_gross"}
	}
	list := []Pair{{p.T(words[0]), w.sum(market)}, {p.T(words[1]), w.sum(done)}}
	if before != 0 {
		list = append(list, Pair{p.T(words[2]), w.sum(-before)})
	}
	return list
}

// deductions are the deposits that are taken off, one row each with its net and its VAT.
func (w writer) deductions() (list []Pair) {
	var ids []int64
	sums := map[int64]Part{}
	for i, l := range w.d.Content.Lines {
		if l.Deposit == 0 || i >= len(w.d.Totals.Lines) {
			continue
		}
		sum, seen := sums[l.Deposit]
		if !seen {
			ids = append(ids, l.Deposit)
		}
		sum.Net, sum.VAT = sum.Net+w.d.Totals.Lines[i].Net, sum.VAT+w.d.Totals.Lines[i].VAT
		sums[l.Deposit] = sum
	}
	for _, id := range ids {
		sum := sums[id]
		key, args := "paper.deducted_some", []any{}
		if at := slices.IndexFunc(w.f.Deposits, func(d Document) bool { return d.ID == id }); at >= 0 {
			key, args = "paper.deducted", []any{"number", w.f.Deposits[at].Number, "on", w.f.Deposits[at].Date}
			if w.d.Kind == CreditNote {
				key = "paper.deducted_back"
			}
		}
		list = append(list, Pair{w.p.T(key, args...) + "\n" + w.p.T("paper.deducted_of", "net", w.d.Content.Sum(sum.Net.Abs()), "vat", w.d.Content.Sum(sum.VAT.Abs())), w.sum(sum.Net + sum.VAT)})
	}
	return list
}

// kept is what the customer keeps of the invoice today, 0 once it is to be paid.
func (w writer) kept() money.Cents {
	if day := ReleaseDay(w.d); w.d.Kind != Invoice || day != 0 && day <= w.f.Today {
		return 0
	}
	return min(Retained(w.d), Remaining(w.d))
}

// retention tells what the customer keeps and until when.
func (w writer) retention() []Pair {
	kept := w.kept()
	if kept == 0 {
		return nil
	}
	label := w.p.T("paper.retained", "rate", w.d.Content.Retention)
	if works := worksOf(w.d.Content, w.d.Totals); works != w.before().Gross { // something else is sold with them
		label = w.p.T("paper.retained_works", "rate", w.d.Content.Retention, "works", w.d.Content.Sum(works))
	}
	if day := ReleaseDay(w.d); day != 0 {
		label += "\n" + w.p.T("paper.retained_until", "on", day)
	}
	return []Pair{{label, w.sum(-kept)}}
}

// schedule is how a quote will be invoiced.
func (w writer) schedule() (list []Pair) {
	c := w.d.Content
	if w.d.Kind != Quote || len(c.Schedule) == 0 {
		return nil
	}
	for i, amount := range TermAmounts(c.Schedule, w.d.Totals.Gross) {
		list = append(list, Pair{w.termLabel(c.Schedule[i]), w.sum(amount)})
	}
	return list
}

// termLabel names a line of a schedule: « Acompte de 30 %, à la commande ».
func (w writer) termLabel(t Term) string {
	label := t.Label
	if label == "" {
		label = TermName(t, w.p)
	}
	switch {
	case t.On != 0:
		label += ", " + w.p.T("paper.term_on", "on", t.On)
	case t.When != "":
		label += ", " + t.When
	}
	return label
}

// stageNotes are said of works on a quote and of deposits.
func (w writer) stageNotes() (list []string) {
	c := w.d.Content
	if w.d.Kind == Quote && c.Retention != 0 {
		key := "paper.quote_retention"
		if c.ReleaseOn != 0 {
			key = "paper.quote_retention_on"
		}
		list = append(list, w.p.T(key, "rate", c.Retention, "on", c.ReleaseOn))
	}
	return list
}

// depositDue says when the VAT of a deposit is due: at receipt, goods and services alike (CGI art. 269-2 a and c), unless
// the option for debits bears on it.
func (w writer) depositDue() string {
	if w.d.Kind != Invoice || w.d.Content.Stage != Deposit || w.d.Totals.VAT == 0 || w.onDebits() && w.receipt() {
		return ""
	}
	return w.p.T("paper.deposit_vat")
}

// code is what a phone reads to pay: without what the customer keeps today.
func (w writer) code() string {
	d := w.d
	d.Paid += w.kept()
	return TransferCode(d, w.f.Coop)
}
