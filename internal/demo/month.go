package demo

import (
	"fmt"
	"strings"

	"essaim/date"
	"essaim/i18n"
	"essaim/ledger"
	"essaim/money"
)

// month plans the routine of the team for one month of the story: what is booked in it, and what of it is declared,
// paid and closed in the next one.
func (w *world) month(m date.Month) {
	next := (m + 1).First()
	label := m.String()
	w.purchases(m)
	for _, day := range []date.Day{open(m.First() + 5), open(m.First() + 12), open(m.First() + 19), opened(m.Last())} {
		w.agenda.at(day, 15, 30, w.sitting)
	}
	w.houseCosts(m)
	w.agenda.at(open(m.First()+1), 9, 30, func() error { return w.internalCharges(m) })
	w.agenda.at(open(m.First()+9), 9, 10, func() error { return w.suppliersPaid("10") })
	w.agenda.at(open(m.First()+24), 9, 10, func() error { return w.suppliersPaid("25") })
	w.agenda.at(opened(m.Last()-3), 16, 0, func() error { return w.payRun(m) })
	w.agenda.at(opened(m.Last()), 16, 20, func() error { return w.ordered(m) })
	w.agenda.at(opened(m.Last()), 16, 40, func() error {
		return w.transfer([]string{ledger.NetPay}, w.today, "SAL-"+label, "Virement des salaires, "+inWords(m))
	})
	w.agenda.at(opened(m.Last()), 17, 30, func() error { return w.remittances(m) })
	w.agenda.at(opened(m.Last()), 17, 50, func() error {
		fee := w.chance.euros(38_00, 61_00, 10)
		_, err := w.post(accounting, ledger.Entry{Journal: ledger.JournalBank, Ref: "FB-" + label, Label: "Frais de tenue de compte, " + inWords(m), Lines: []ledger.Line{
			{Account: "627", Section: ledger.Mutual, Amount: fee}, {Account: ledger.Bank, Section: ledger.Mutual, Amount: -fee},
		}})
		return err
	})

	w.agenda.at(open(next+1), 8, 40, func() error {
		a, err := w.named(accounting)
		if err != nil {
			return err
		}
		return w.office.RunContributions(w.ctx, a, m)
	})
	w.agenda.at(open(next+14), 9, 0, func() error { return w.bodiesPaid(m, "431", "4372", "4421", "4486") })
	w.agenda.at(open(next+24), 9, 0, func() error { return w.bodiesPaid(m, "4373") })
	w.agenda.at(open(next+18), 14, 0, func() error { return w.vatReturn(m) })
	w.agenda.at(open(next+23), 9, 0, func() error { return w.vatPaid(m) })
	w.agenda.at(open(next+24), 18, 0, func() error { return w.closed(m) })
	if m.Number() == 12 {
		w.agenda.at(open(next+13), 15, 0, func() error { return w.provisions(m) })
		w.agenda.at(open(m.First()), 8, 20, w.openYear)
	}
}

// closed closes the month: late papers go to the first open day.
func (w *world) closed(m date.Month) error {
	a, err := w.named(accounting)
	if err != nil {
		return err
	}
	y, ok := w.yearOf(m.First())
	if !ok {
		return fmt.Errorf("no fiscal year for %s", m)
	}
	return w.office.CloseMonths(w.ctx, a, y.ID, y.Span.Period(m.First()))
}

// purchases plans the suppliers' invoices and the expense notes of each activity.
func (w *world) purchases(m date.Month) {
	n := int(m - w.first)
	for _, e := range w.enterprises {
		for i, b := range e.buys {
			day := open(m.First() + date.Day(e.chance.between(2, 20)))
			net, before := e.chance.euros(b.low, b.high, 5), e.chance.between(0, 5)
			if e.season != nil && b.low != b.high { // one buys as one sells
				net = money.Cents(money.MulDiv(int64(net), int64(40+e.season[m.Number()-1]*6/10), 100))
			}
			if (n+i)%b.every != 0 || day <= e.opened+4 || day.Month() != m {
				continue
			}
			w.agenda.at(day, 14, e.chance.IntN(60), func() error {
				e.bills++
				v, due, err := w.purchase(e.id, b.account, b.supplier, b.label, fmt.Sprintf("%s-%s%03d", initials(b.supplier), e.code, e.bills), net, b.tax, max(w.today-date.Day(before), w.start), 30)
				w.papers = append(w.papers, bill{w.bookkeeper(e), v, due})
				return err
			})
		}
		if e.travel > 0 {
			w.notes(e, m)
		}
	}
}

// initials makes the beginning of a supplier's numbers.
func initials(name string) string {
	var s strings.Builder
	up := true
	for _, r := range plain(name) {
		if r == '-' {
			up = true
		} else if up {
			s.WriteString(string(r - 'a' + 'A'))
			up = false
		}
	}
	return s.String()
}

// notes plans the expense note of a month: journeys and a meal with a customer, refunded on the tenth of the next.
func (w *world) notes(e *enterprise, m date.Month) {
	day := opened(m.Last() - 1)
	km := e.chance.about(e.travel)
	meal := e.chance.euros(14_00, 26_00, 10)
	lunch := e.chance.in(35)
	if day <= e.opened+10 {
		return
	}
	w.agenda.at(day, 11, 20, func() error {
		p := e.author(w.today)
		v := ledger.Entry{Journal: ledger.JournalPurchases, Ref: fmt.Sprintf("NF-%s-%s", m, e.code), Label: "Note de frais " + p.name()}
		v.Lines = []ledger.Line{{Account: "6251", Section: e.id, Amount: km, Label: "Déplacements de " + p.name()}}
		total := km
		if lunch {
			vat := meal - meal.NetOf(100_000)
			v.Lines = append(v.Lines, ledger.Line{Account: "6257", Section: e.id, Amount: meal - vat, Label: "Repas avec un client, " + p.name()}, ledger.Line{Account: ledger.VATDeductible, Section: e.id, Tax: "D10", Amount: vat})
			total += meal
		}
		due := (m + 1).First() + 9
		v.Lines = append(v.Lines, ledger.Line{Account: ledger.ExpensesDue, Section: e.id, Third: p.third, Due: due, Amount: -total})
		w.papers = append(w.papers, bill{w.bookkeeper(e), v, due})
		return nil
	})
}

// suppliersPaid is one of the two transfers of a month.
func (w *world) suppliersPaid(day string) error {
	label := w.today.Month().String() + "-" + day
	if err := w.transfer([]string{ledger.Suppliers, "404"}, w.today+7, "VIRF-"+label, "Virement aux fournisseurs, "+i18n.For("fr").Day(w.today)); err != nil {
		return err
	}
	return w.transfer([]string{ledger.ExpensesDue}, w.today+3, "NDF-"+label, "Remboursement des frais, "+i18n.For("fr").Day(w.today))
}

// internalCharges takes from each activity its part of the insurance of the house (practice 39): liability for all, and
// the cover of accidents for those under CAPE.
func (w *world) internalCharges(m date.Month) error {
	e := ledger.Entry{Journal: ledger.JournalInternal, Ref: "ASS-" + m.String(), Label: "Assurances, " + inWords(m)}
	var total money.Cents
	for _, x := range w.enterprises {
		if x.id == 0 || x.opened >= m.First() { // the first month is free
			continue
		}
		each := money.Cents(8_50)
		for _, p := range x.there(w.today) {
			if p.underCAPE(w.today) && !w.slipping(w.today.Month()) { // otherwise the contribution is booked with the pay
				each += 3_95
			}
		}
		e.Lines = append(e.Lines, ledger.Line{Account: ledger.InternalCharge, Section: x.id, Amount: each, Label: "Assurance responsabilité civile et accidents"})
		total += each
	}
	e.Lines = append(e.Lines, ledger.Line{Account: ledger.InternalIncome, Section: ledger.Mutual, Amount: -total})
	_, err := w.post(paying, e)
	return err
}

// remittances takes cheques, cards and cash of the month to the bank; the acquirer keeps its fee.
func (w *world) remittances(m date.Month) error {
	held, err := w.balances(m, "5112", "5115", "530")
	if err != nil {
		return err
	}
	for _, each := range []struct{ account, ref, label string }{
		{"5112", "REMCH", "Remise de chèques"}, {"5115", "CB", "Encaissements par carte"}, {"530", "ESP", "Versement d’espèces"},
	} {
		if each.account == "5112" && m >= w.marketFrom() {
			if err := w.deposited(); err != nil {
				return err
			}
			continue
		}
		e := ledger.Entry{Journal: ledger.JournalBank, Ref: each.ref + "-" + m.String(), Label: each.label + ", " + inWords(m)}
		for _, s := range held[each.account].sections() {
			v := held[each.account][s]
			if v <= 0 || w.ofMarket(s, m) {
				continue
			}
			fee := money.Cents(0)
			if each.account == "5115" {
				fee = v.Times(12_500)
			}
			e.Lines = append(e.Lines, ledger.Line{Account: ledger.Bank, Section: s, Amount: v - fee}, ledger.Line{Account: "627", Section: s, Amount: fee, Label: "Commission sur les cartes"}, ledger.Line{Account: each.account, Section: s, Amount: -v})
		}
		if _, err := w.post(paying, e); err != nil {
			return err
		}
	}
	return nil
}

// vatReturn clears the VAT of a month to what is paid, activity by activity; the house bears the rounding to whole
// euros (practice 2). A month that would give a credit waits for the next.
func (w *world) vatReturn(m date.Month) error {
	held, err := w.balances(m, ledger.VATDue, ledger.VATDeductible, "44562")
	if err != nil {
		return err
	}
	return w.declared(m, held)
}

// declared books the return of what each account holds by section.
func (w *world) declared(m date.Month, held map[string]purse) error {
	e := ledger.Entry{Journal: ledger.JournalMisc, Date: m.Last(), Ref: "CA3-" + m.String(), Label: "Déclaration de TVA, " + inWords(m)}
	owed := purse{}
	for _, p := range held {
		for s, v := range p {
			owed[s] -= v
		}
	}
	total := owed.total()
	if total <= 0 {
		return nil
	}
	for _, account := range []string{ledger.VATDue, ledger.VATDeductible, "44562"} {
		for _, s := range held[account].sections() {
			e.Lines = append(e.Lines, ledger.Line{Account: account, Section: s, Amount: -held[account][s]})
		}
	}
	rounded := (total + 50) / 100 * 100
	switch gap := rounded - total; {
	case gap > 0:
		e.Lines = append(e.Lines, ledger.Line{Account: "658", Section: ledger.House, Amount: gap, Label: "Arrondi de la déclaration de TVA"})
	case gap < 0:
		e.Lines = append(e.Lines, ledger.Line{Account: "758", Section: ledger.House, Amount: gap, Label: "Arrondi de la déclaration de TVA"})
	}
	owed[ledger.House] += rounded - total
	for _, s := range owed.sections() {
		e.Lines = append(e.Lines, ledger.Line{Account: "44551", Section: s, Amount: -owed[s]})
	}
	w.vat = owed
	_, err := w.post(paying, e)
	return err
}

// vatPaid pays the last return.
func (w *world) vatPaid(m date.Month) error {
	if len(w.vat) == 0 {
		return nil
	}
	owed := w.vat
	w.vat = nil
	return w.settled(owed, "44551", "TVA-"+m.String(), "TVA, "+inWords(m)+", télérèglement")
}

// inWords writes a month as the labels of the books are read: « octobre 2026 ».
func inWords(m date.Month) string { return i18n.For("fr").Month(m) }
