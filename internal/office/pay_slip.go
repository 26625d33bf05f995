package office

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"

	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/member"
	"essaim/money"
	"essaim/payroll"
)

// origin is where the payslips that this program computes for the month belong: issued by the cooperative, or held against
// those of its payroll software.
func (f *payFacts) origin() string {
	if f.rules.Way == coop.PayOwn {
		return store.SlipOwn
	}
	return store.SlipEstimate
}

// bearer is the section that bears what a contract costs: its activity, the only one that the person shares in the month,
// the mutualised services for the team.
func (f *payFacts) bearer(c member.Contract) (int64, error) {
	shared := f.shares[c.Person]
	switch {
	case c.Activity != 0:
		return c.Activity, nil
	case c.Kind == member.CDI:
		return int64(ledger.Mutual), nil
	case len(shared) == 1:
		return shared[0], nil
	case len(shared) == 0:
		return 0, fault.New(fault.Conflict, "pay_month.fault.no_activity")
	}
	return 0, fault.New(fault.Conflict, "pay_month.fault.which_activity", "n", len(shared))
}

// readShares reads which activities each person shares in the month.
func readShares(tx *store.Tx, m date.Month) (map[int64][]int64, error) {
	activities, err := tx.Activities()
	if err != nil {
		return nil, err
	}
	all := map[int64][]int64{}
	for _, a := range activities {
		for _, s := range a.Shares {
			if s.From <= m.Last() && (s.Until == 0 || s.Until >= m.First()) && !slices.Contains(all[s.Person], a.ID) {
				all[s.Person] = append(all[s.Person], a.ID)
			}
		}
	}
	return all, nil
}

// slip computes what a contract is paid in the month, from what is known now.
func (f *payFacts) slip(c member.Contract) (store.Slip, error) {
	s := store.Slip{Person: c.Person, Contract: c.ID, Month: f.month, Origin: f.origin(), State: store.SlipDraft}
	b := store.SlipBody{Employer: f.employer(), Contract: f.contract(c), Before: f.years[c.ID], Version: payroll.Formulas, Law: payroll.LawHash()}
	var err error
	if s.Activity, err = f.bearer(c); err != nil {
		return s, err
	}
	if err = f.ask(c, &b); err != nil {
		return s, err
	}
	if b.Payslip, b.After, err = payroll.Compute(f.params, b.Employer, b.Contract, b.Before, b.Inputs); err != nil {
		return s, err
	}
	for _, key := range f.known[c.Person].Known.Lacks() {
		b.Waits = append(b.Waits, payroll.Note{Key: key})
	}
	s.Body = b
	return s, nil
}

// ask fills the inputs of a payslip with what the month brings and what was asked.
func (f *payFacts) ask(c member.Contract, b *store.SlipBody) error {
	b.Inputs = f.inputs(c)
	return nil
}

// sameSlip says whether two payslips are of the same figures from the same facts; what is merely said beside them may differ.
func sameSlip(a, b *store.SlipBody) bool {
	x, err := json.Marshal(figuresOf(a))
	if err != nil {
		return false
	}
	y, err := json.Marshal(figuresOf(b))
	return err == nil && bytes.Equal(x, y)
}

func figuresOf(b *store.SlipBody) store.SlipBody {
	x := *b
	x.Notes, x.Waits, x.Payslip.Notes = nil, nil, nil
	return x
}

// slipSubject names a payslip in the log, in runs and in the books.
func slipSubject(id int64) string { return "payslip:" + strconv.FormatInt(id, 10) }

// slipDocument names a payslip in the books: what begins so speaks of pay (see veil).
func slipDocument(id int64) string { return "pay:" + strconv.FormatInt(id, 10) }

// slipDay is the day that the entry of a payslip bears: the last of its month, today when that is not over, and the first
// day that is open when the month is closed in the books.
func slipDay(tx *store.Tx, m date.Month) (date.Day, error) {
	today, err := tx.Today()
	if err != nil {
		return 0, err
	}
	day := min(m.Last(), today)
	books, err := tx.Books(day)
	if err != nil {
		return 0, err
	}
	if books.Year.Span.Contains(day) && books.Year.Span.Period(day) <= books.Year.ClosedTo {
		if open := books.FirstOpen(); open != 0 && open <= today {
			day = open
		}
	}
	return day, nil
}

// slipEntry makes the entry of a payslip.
func (f *payFacts) slipEntry(tx *store.Tx, s *store.Slip, day date.Day) (ledger.Entry, error) {
	worker, err := tx.WorkerOf(s.Person)
	if err != nil {
		return ledger.Entry{}, err
	}
	p := payroll.Posting{
		Date: day, Ref: "PAIE-" + f.month.String() + "-" + strconv.FormatInt(s.ID, 10), Label: "Paie " + f.month.String(), Document: slipDocument(s.ID), Due: f.payDay(),
		Worker: worker.ID, Bearers: []payroll.Bearer{{Section: ledger.Section(s.Activity), Weight: 1}},
	}
	if s.Body.Pot > 0 {
		if p.Pots, err = potsOf(tx, s.Activity, worker.ID, s.Body.Pot, day); err != nil {
			return ledger.Entry{}, err
		}
	}
	return payroll.Entry(s.Body.Payslip, p)
}

// potsOf releases of last year's pot of a section what a payslip takes of it: off 4286 and 4386 in the proportion in which
// they were set aside, so that both end together.
func potsOf(tx *store.Tx, section, worker int64, cost money.Cents, day date.Day) ([]payroll.Pot, error) {
	items, err := tx.OpenItemsOf(worker, ledger.VariablePot)
	if err != nil {
		return nil, err
	}
	set, err := tx.Settings()
	if err != nil {
		return nil, err
	}
	year, _ := set.YearOf(day)
	balances, err := tx.Balances(section, year.ID)
	if err != nil {
		return nil, err
	}
	var pay, charges money.Cents // of the section, as they stand
	for _, b := range balances {
		switch b.Account {
		case ledger.VariablePot:
			pay -= b.Net()
		case "4386":
			charges -= b.Net()
		}
	}
	if pay <= 0 {
		return nil, fault.New(fault.Conflict, "pay_month.fault.pot")
	}
	charges = max(charges, 0)
	take := money.Cents(money.MulDiv(int64(cost), int64(pay), int64(pay+charges)))
	off := min(cost-take, charges)
	var all []payroll.Pot
	for _, it := range items {
		if it.Section != section || it.Remaining >= 0 || take == 0 {
			continue
		}
		v := min(take, -it.Remaining)
		all = append(all, payroll.Pot{Section: ledger.Section(section), Pay: v, Charges: off, Item: it.Item})
		take, off = take-v, 0
	}
	if take != 0 {
		return nil, fault.New(fault.Conflict, "pay_month.fault.pot")
	}
	return all, nil
}
