package office

import (
	"encoding/json"
	"errors"
	"slices"

	"essaim/date"
	"essaim/internal/store"
	"essaim/member"
	"essaim/money"
	"essaim/payroll"
)

// What the month brings is written as people say it (a subscription and the share refunded, so many vouchers, a stop of
// work) and becomes elements of a payslip here: before contributions what they bear on, after them what is kept back of
// the net pay.

// exempt says whether someone is out of the health cover in a month, by the proof they gave.
func exempt(p payroll.Person, m date.Month) bool {
	if p.Exempt == nil {
		return false
	}
	ok, _ := p.Exempt.Holds(m)
	return ok
}

// brought adds to the inputs of a contract what the month brings: elements, absences. What cannot be counted is noted in
// [payFacts.faults]: the payslip is then refused with these words.
func (f *payFacts) brought(c member.Contract, in *payroll.Inputs) {
	k := f.contract(c)
	var errs []error
	add := func(items []payroll.Item, err error) {
		in.Items, errs = append(in.Items, items...), append(errs, err)
	}
	for _, i := range f.items[c.ID] {
		b := ItemBody(i)
		switch i.Element {
		case OverrideAdvance, garnishmentItem, advanceItem, instalmentItem: // see asked, kept
		case transportItem:
			add(f.params.Transport(k, i.Amount, b.Share))
		case vouchersItem:
			add(f.params.Vouchers(b.Count, b.Value, b.Employer))
		case exitItem:
			if b.Exit != nil {
				e, err := f.end(c, *b.Exit)
				add(e.All, err)
			}
		case profitItem, profitSavedItem:
			add(f.profitBrought(i), nil)
		default:
			in.Items = append(in.Items, payroll.Item{Element: i.Element, Amount: i.Amount, Text: i.Label})
		}
	}
	if absences := f.absencesOf(c); len(absences) > 0 {
		steady := money.Cents(0)
		for _, it := range in.Items {
			if e, ok := payroll.Law().ElementOf(it.Element); ok && e.Steady {
				steady += it.Amount
			}
		}
		m, err := f.params.Absent(k, f.month, steady, absences)
		add(m.Items, err)
		in.Away += m.Away
		in.Full = m.Full
	}
	if err := errors.Join(errs...); err != nil {
		f.faults[c.ID] = err
	}
}

// absencesOf are the absences of a contract that touch the month, as the engine asks for them. The allowances and what the
// insurer pays were received in one month, which alone counts them.
func (f *payFacts) absencesOf(c member.Contract) (all []payroll.Absence) {
	for _, x := range f.absences[c.ID] {
		if x.Declared || x.Dropped {
			continue
		}
		b := AbsenceBody(x)
		a := b.Absence
		a.From, a.Until = x.From, x.Until
		a.Daily, a.Provident = 0, 0
		for _, r := range b.Received {
			if r.Month == f.month {
				a.Daily, a.Provident = a.Daily+r.Daily, a.Provident+r.Provident
			}
		}
		all = append(all, a)
	}
	return all
}

// kept adds what is kept back of a net pay: what creditors take, within what may be seized, then what was paid before
// pay. It asks the payslip of what the inputs give without it.
func (f *payFacts) kept(c member.Contract, before payroll.YearToDate, in payroll.Inputs) (payroll.Inputs, error) {
	var creditors []payroll.Creditor
	var advance, instalment money.Cents
	dependants := 0
	for _, i := range f.items[c.ID] {
		b := ItemBody(i)
		owed := i.Amount
		if i.Element != garnishmentItem || b.Rank != payroll.ForMaintenance { // maintenance is a term, the others a debt
			owed = max(0, owed-f.taken[i.ID])
		}
		switch i.Element {
		case garnishmentItem:
			dependants = max(dependants, b.Dependants)
			creditors = append(creditors, payroll.Creditor{Name: b.Creditor, Rank: b.Rank, Owed: owed})
		case advanceItem:
			advance += owed
		case instalmentItem:
			instalment += owed
		}
	}
	if len(creditors) == 0 && advance == 0 && instalment == 0 {
		return in, nil
	}
	slip, _, err := payroll.Compute(f.params, f.employer(), f.contract(c), before, in)
	if err != nil {
		return in, err
	}
	base, cash := f.params.SeizureBase(slip)
	seized, err := f.params.Seize(max(base, 0), min(cash, max(base, 0)), dependants, creditors)
	if err != nil {
		return in, err
	}
	in.Items = slices.Concat(in.Items, seized.Items, f.params.Recover(max(0, slip.Totals.Paid-seized.Total), advance, instalment))
	return in, nil
}

// takenBefore says what earlier payslips took of each debt that a month brings. What a payslip took goes to the debts that
// ran in its month, the oldest served first where several share an element and a creditor, those that have ended since
// among them: nothing is counted for two debts.
func takenBefore(tx *store.Tx, items []store.PayItem, m date.Month) (map[int64]money.Cents, error) {
	all := map[int64]money.Cents{}
	read := map[int64]bool{} // contracts
	for _, i := range items {
		if _, is := debtOf(i); !is || read[i.Contract] {
			continue
		}
		read[i.Contract] = true
		debts, err := tx.PayItemsOf(i.Contract)
		if err != nil {
			return nil, err
		}
		slips, err := tx.SlipsOf(i.Person, payroll.Begins(), m-1)
		if err != nil {
			return nil, err
		}
		for _, s := range slices.Backward(slips) { // the last first
			if s.Contract == i.Contract && s.Real() {
				serve(debts, s, all)
			}
		}
	}
	return all, nil
}

// serve adds what a payslip took to the debts that ran in its month.
func serve(debts []store.PayItem, s store.Slip, all map[int64]money.Cents) {
	for _, it := range s.Body.Payslip.Items {
		left := it.Amount
		for _, x := range slices.Backward(debts) { // the last first
			creditor, is := debtOf(x)
			if !is || x.Dropped || x.Element != it.Element || creditor != "" && creditor != it.Text || s.Month < x.Month || s.Month > x.Until {
				continue
			}
			served := min(left, x.Amount-all[x.ID])
			all[x.ID] += served
			left -= served
		}
	}
}

// debtOf says whether an element is owed until it is paid, and to whom when creditors are told apart.
func debtOf(i store.PayItem) (creditor string, is bool) {
	switch i.Element {
	case garnishmentItem:
		b := ItemBody(i)
		return b.Creditor, b.Rank != payroll.ForMaintenance
	case advanceItem, instalmentItem:
		return "", true
	}
	return "", false
}

// Received is what came for an absence in a month: the health insurance's allowances, and the insurer's beyond what is
// maintained.
type Received struct {
	Month     date.Month  `json:"month"`
	Daily     money.Cents `json:"daily,omitempty"`
	Provident money.Cents `json:"provident,omitempty"`
}

// PayAbsenceBody is what pay knows of an absence besides its days.
type PayAbsenceBody struct {
	payroll.Absence
	Received []Received `json:"received,omitempty"`
	Note     string     `json:"note,omitempty"` // of the person who declared it
}

// AbsenceBody reads what pay knows of an absence.
func AbsenceBody(x store.PayAbsence) (b PayAbsenceBody) {
	if x.Body != "" && json.Unmarshal([]byte(x.Body), &b) != nil {
		return PayAbsenceBody{} // written by this program; what cannot be read says nothing
	}
	b.From, b.Until = x.From, x.Until
	return b
}
