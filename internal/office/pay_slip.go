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
		return ledger.Mutual, nil
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

// bears is the section that bears a contract, 0: nobody knows. Of several activities it is the first: who issues is told
// to choose, see bearer.
func (f *payFacts) bears(c member.Contract) int64 {
	section, err := f.bearer(c)
	if err == nil {
		return section
	}
	if all := f.shares[c.Person]; len(all) > 0 {
		return all[0]
	}
	return 0
}

// slip computes what a contract is paid in the month, from what is known now.
func (f *payFacts) slip(tx *store.Tx, o *Office, today date.Day, c member.Contract) (s store.Slip, pots []payroll.Pot, err error) {
	s = store.Slip{Person: c.Person, Contract: c.ID, Month: f.month, Origin: f.origin(), State: store.SlipDraft}
	if s.Activity, err = f.bearer(c); err != nil {
		return s, nil, err
	}
	d, err := f.decide(tx, o, today, c, nil)
	if err == nil {
		err = f.faults[c.ID] // what the month brings could not be counted: said on its row, nothing is paid by halves
	}
	if err != nil {
		return s, nil, err
	}
	in, err := f.kept(c, d.Before, d.Inputs)
	if err != nil {
		return s, nil, err
	}
	if len(in.Items) != len(d.Inputs.Items) { // creditors and advances are kept back of what has just been decided
		d.Inputs = in
		if d.Payslip, d.After, err = payroll.Compute(f.params, f.employer(), f.contract(c), d.Before, in); err != nil {
			return s, nil, err
		}
	}
	s.Body = store.SlipBody{Employer: f.employer(), Contract: f.contract(c), Before: d.Before, Inputs: d.Inputs, Payslip: d.Payslip, After: d.After, Pot: d.Balance.Cost, Advance: max(d.Advance.Cost, 0),
		Version: payroll.Formulas, Law: payroll.LawHash(), Request: d.Ask.Request, Notes: d.Notes}
	for _, l := range d.Payslip.Lines {
		if l.Code == payroll.ProfitPackage {
			s.Body.Package += l.Amount
		}
	}
	last := f.month.Last()
	if c.End != 0 {
		last = min(last, max(c.End, f.month.First()))
	}
	if s.Body.Leave, err = f.leave(tx, c, last, &s.Body.Payslip); err != nil {
		return s, nil, err
	}
	if b, ends := f.exitIn(c.ID); ends && s.Body.Leave != nil {
		s.Body.Leave.Close(b.Days)
	}
	for _, key := range f.known[c.Person].Known.Lacks() {
		s.Body.Waits = append(s.Body.Waits, payroll.Note{Key: key})
	}
	return s, d.Pots, nil
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

// sameNotes says whether two payslips are looked at for the same reasons.
func sameNotes(a, b []payroll.Note) bool {
	x, err := json.Marshal(slices.Concat(a, nil))
	if err != nil {
		return false
	}
	y, err := json.Marshal(slices.Concat(b, nil))
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

// slipEntry makes the entry of a payslip; pots is what it releases of last year's provision.
func (f *payFacts) slipEntry(tx *store.Tx, s *store.Slip, pots []payroll.Pot, day date.Day) (ledger.Entry, error) {
	worker, err := tx.WorkerOf(s.Person)
	if err != nil {
		return ledger.Entry{}, err
	}
	aside, err := f.profitAside(tx, s)
	if err != nil {
		return ledger.Entry{}, err
	}
	return payroll.Entry(s.Body.Payslip, payroll.Posting{
		Date: day, Ref: "PAIE-" + f.month.String() + "-" + strconv.FormatInt(s.ID, 10), Label: "Paie " + f.month.String(), Document: slipDocument(s.ID), Due: f.payDay(),
		Worker: worker.ID, Bearers: []payroll.Bearer{{Section: s.Activity, Weight: 1}}, Pots: pots, Profit: aside,
	})
}
