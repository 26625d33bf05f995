package office

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"essaim/access"
	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/member"
	"essaim/payroll"
)

// The deeds of the month of pay, one payslip after the other: who cannot be computed or issued keeps the words of the
// refusal and the others go on (practice E, P).
const (
	runCompute  = "pay_compute"
	runIssue    = "pay_issue"
	jobPaySlips = "payslip.render"
)

type payRunArgs struct {
	Month date.Month `json:"month"`
}

type paySlipsArgs struct {
	Slips []int64 `json:"slips"`
}

func payMonthSubject(m date.Month) string { return "pay_month:" + m.String() }

func payRunMonth(run store.Run) (date.Month, error) {
	var args payRunArgs
	err := json.Unmarshal([]byte(run.Args), &args)
	return args.Month, err
}

// PayRunMonth returns the month that a run of pay is about.
func PayRunMonth(run store.Run) (date.Month, bool) {
	if run.Kind != runCompute && run.Kind != runIssue {
		return 0, false
	}
	m, err := payRunMonth(run)
	return m, err == nil
}

// payOpen refuses a month that is locked: what is to be mended is mended in a later payslip.
func (f *payFacts) payOpen() error {
	if f.state.State == store.PayMonthLocked {
		return fault.New(fault.Closed, "pay_month.fault.locked", "month", f.month)
	}
	return nil
}

// ComputePay starts a run that computes the drafts of a month: one for each contract that runs in it. Drafts of contracts
// that do not are taken away, what is issued stays.
func (o *Office) ComputePay(ctx context.Context, a access.Actor, m date.Month, key string) (run store.Run, err error) {
	if err := can(a, access.RunPay, access.Subject{}); err != nil {
		return run, err
	}
	err = o.writeOnce(Keyed(ctx, key), a, "pay_compute", m, func(tx *store.Tx, id int64) (err error) {
		run, err = tx.RunByID(id)
		return err
	}, func(tx *store.Tx) (int64, error) {
		f, err := readPay(tx, m)
		if err != nil {
			return 0, err
		}
		if err := f.payOpen(); err != nil {
			return 0, err
		}
		if last := a.Today.Month() + 1; m > last {
			return 0, fault.New(fault.Conflict, "pay_month.fault.far", "month", m, "last", last)
		}
		over, err := f.over(tx)
		if err != nil {
			return 0, err
		}
		var ids []int64
		for _, c := range slices.Concat(f.contracts, over) {
			ids = append(ids, c.ID)
		}
		slips, err := tx.SlipsBetween(m, m)
		if err != nil {
			return 0, err
		}
		for _, s := range slips {
			if s.State == store.SlipDraft && (s.Origin != f.origin() || !slices.Contains(ids, s.Contract)) {
				if err := tx.DropDraft(s.ID); err != nil {
					return 0, err
				}
			}
		}
		if run, err = o.startRun(tx, a, runCompute, 0, payRunArgs{m}, subjectsOf("contract", ids)); err != nil {
			return 0, err
		}
		return run.ID, tx.Audit(a.Person, "pay.compute", payMonthSubject(m), map[string]any{"total": len(ids)})
	})
	return run, err
}

// over are the contracts that ended before the month and for which something is asked or written in it: the run says why
// nothing comes of it.
func (f *payFacts) over(tx *store.Tx) ([]member.Contract, error) {
	contracts, err := tx.Contracts()
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(contracts, func(c member.Contract) bool {
		_, asked := f.requests[c.ID]
		return c.End == 0 || c.End >= f.month.First() || !asked && len(f.items[c.ID]) == 0
	}), nil
}

// contractOrOver is a contract by its id, whether it runs in the month or is over.
func (f *payFacts) contractOrOver(tx *store.Tx, id int64) (member.Contract, error) {
	if c, ok := f.contractOf(id); ok {
		return c, nil
	}
	contracts, err := tx.Contracts()
	if err != nil {
		return member.Contract{}, err
	}
	n := slices.IndexFunc(contracts, func(c member.Contract) bool { return c.ID == id })
	if n < 0 {
		return member.Contract{}, fault.New(fault.NotFound, "store.contract_unknown")
	}
	return contracts[n], nil
}

func (o *Office) runCompute(tx *store.Tx, a access.Actor, run store.Run, subject string) error {
	return o.computeSlips(tx, a, run, []string{subject}, func(_ int, err error) error { return err })
}

func (o *Office) runComputeMany(tx *store.Tx, a access.Actor, run store.Run, subjects []string) ([]bool, error) {
	return several(subjects, func(refused func(int, error) error) error { return o.computeSlips(tx, a, run, subjects, refused) })
}

// several does a deed on all subjects; those that it refuses are left to be done alone, where the words of the refusal are
// kept.
func several(subjects []string, do func(refused func(int, error) error) error) ([]bool, error) {
	did := make([]bool, len(subjects))
	for i := range did {
		did[i] = true
	}
	err := do(func(i int, err error) error {
		if len(fault.All(err)) == 0 {
			return err
		}
		did[i] = false
		return nil
	})
	return did, err
}

// computeSlips computes the drafts of contracts. The officer's own is computed with the others: it decides nothing.
func (o *Office) computeSlips(tx *store.Tx, a access.Actor, run store.Run, subjects []string, refused func(int, error) error) error {
	if err := can(a, access.RunPay, access.Subject{}); err != nil {
		return err
	}
	m, err := payRunMonth(run)
	if err != nil {
		return err
	}
	f, err := readPay(tx, m)
	if err != nil {
		return err
	}
	if err := f.payOpen(); err != nil {
		return err
	}
	sums, err := tx.SlipsBetween(m, m)
	if err != nil {
		return err
	}
	had := map[int64]store.SlipSums{}
	var ids []int64
	for _, s := range sums {
		if s.Origin == f.origin() && slices.Contains(subjects, fmt.Sprintf("contract:%d", s.Contract)) {
			had[s.Contract] = s
			ids = append(ids, s.ID)
		}
	}
	old, err := tx.SlipsIn(ids)
	if err != nil {
		return err
	}
	contracts := make([]int64, len(subjects))
	for i, subject := range subjects {
		contracts[i] = subjectID(subject, "contract")
	}
	last, err := slipsBefore(tx, m, f.rules.Way, contracts)
	if err != nil {
		return err
	}
	for i, subject := range subjects {
		c, err := f.contractOrOver(tx, subjectID(subject, "contract"))
		if err != nil {
			return err
		}
		was, drafted := had[c.ID]
		if drafted && was.State == store.SlipIssued {
			continue
		}
		s, _, err := f.slip(tx, o, a.Today, c)
		if err != nil {
			if err := refused(i, err); err != nil { // a draft of before stays, and is not issued: see issuable
				return err
			}
			continue
		}
		s.Look = lookOf(&s, last[c.ID])
		if drafted {
			before := old[was.ID]
			if sameSlip(&before.Body, &s.Body) && before.Activity == s.Activity && sameNotes(was.Look, s.Look) {
				continue
			}
			s.ID = was.ID
		}
		s.By = a.Person
		if err := tx.SaveSlip(&s); err != nil {
			return err
		}
	}
	return nil
}

// IssuePay starts a run that issues the drafts of a month, or some of them: each is booked and filed, and never changes
// again. Nobody issues their own.
func (o *Office) IssuePay(ctx context.Context, a access.Actor, m date.Month, only []int64, key string) (run store.Run, err error) {
	if err := can(a, access.RunPay, access.Subject{}); err != nil {
		return run, err
	}
	err = o.writeOnce(Keyed(ctx, key), a, "pay_issue", []any{m, only}, func(tx *store.Tx, id int64) (err error) {
		run, err = tx.RunByID(id)
		return err
	}, func(tx *store.Tx) (int64, error) {
		f, err := readPay(tx, m)
		if err != nil {
			return 0, err
		}
		switch {
		case f.rules.Way != coop.PayOwn:
			return 0, fault.New(fault.Conflict, "pay_month.fault.software")
		case m > a.Today.Month():
			return 0, fault.New(fault.Conflict, "pay_month.fault.ahead", "month", m)
		}
		if err := f.payOpen(); err != nil {
			return 0, err
		}
		slips, err := tx.SlipsBetween(m, m)
		if err != nil {
			return 0, err
		}
		var ids []int64
		var own error
		for _, s := range slips {
			if s.Origin != store.SlipOwn || s.State != store.SlipDraft || len(only) > 0 && !slices.Contains(only, s.ID) {
				continue
			}
			if err := can(a, access.RunPay, access.Subject{Person: s.Person}); err != nil {
				own = err
				continue
			}
			ids = append(ids, s.ID)
		}
		switch {
		case len(ids) == 0 && own != nil:
			return 0, own
		case len(ids) == 0:
			return 0, fault.New(fault.Conflict, "pay_month.fault.no_draft")
		}
		run, err = o.startRun(tx, a, runIssue, 0, payRunArgs{m}, subjectsOf("payslip", ids))
		return run.ID, err
	})
	return run, err
}

func (o *Office) runIssue(tx *store.Tx, a access.Actor, run store.Run, subject string) error {
	return o.issueSlips(tx, a, run, []string{subject}, func(_ int, err error) error { return err })
}

func (o *Office) runIssueMany(tx *store.Tx, a access.Actor, run store.Run, subjects []string) ([]bool, error) {
	return several(subjects, func(refused func(int, error) error) error { return o.issueSlips(tx, a, run, subjects, refused) })
}

// issueSlips issues drafts: what was computed must still be what would be, since it is what was looked at. All that can be
// refused is asked before anything is written.
func (o *Office) issueSlips(tx *store.Tx, a access.Actor, run store.Run, subjects []string, refused func(int, error) error) error {
	m, err := payRunMonth(run)
	if err != nil {
		return err
	}
	f, err := readPay(tx, m)
	if err != nil {
		return err
	}
	if err := f.payOpen(); err != nil {
		return err
	}
	order, err := f.order(tx)
	if err != nil {
		return err
	}
	day, err := slipDay(tx, m)
	if err != nil {
		return err
	}
	ids := make([]int64, len(subjects))
	for i, s := range subjects {
		ids[i] = subjectID(s, "payslip")
	}
	drafts, err := tx.SlipsIn(ids)
	if err != nil {
		return err
	}
	var issued []int64
	margin := map[int64]date.Day{}
	for i, id := range ids {
		s, found := drafts[id]
		if found && s.State == store.SlipIssued {
			continue // a second run
		}
		err := error(fault.New(fault.NotFound, "store.payslip_unknown"))
		var pots []payroll.Pot
		if found {
			pots, err = o.issuable(tx, a, &f, &s, order)
		}
		if err != nil {
			if err := refused(i, err); err != nil {
				return err
			}
			continue
		}
		if s.Body.Pot > 0 && len(subjects) > 1 { // the books may refuse what settles: alone
			if err := refused(i, fault.New(fault.Conflict, "pay_month.fault.pot")); err != nil {
				return err
			}
			continue
		}
		e, err := f.slipEntry(tx, &s, pots, day)
		if err != nil {
			if err := refused(i, err); err != nil {
				return err
			}
			continue
		}
		if len(e.Lines) > 0 {
			e.By = a.Person
			if err := tx.Post(&e); err != nil {
				return err
			}
			if err := o.margins(tx, &e, margin); err != nil {
				return err
			}
			s.Entry = e.ID
		}
		s.State, s.By = store.SlipIssued, a.Person
		if err := tx.SaveSlip(&s); err != nil {
			return err
		}
		if err := tx.Audit(a.Person, "pay.issue", slipSubject(s.ID), nil); err != nil {
			return err
		}
		issued = append(issued, s.ID)
	}
	if len(issued) == 0 {
		return nil
	}
	if err := o.contributeAll(tx, margin, "PAIE-"+m.String()); err != nil {
		return err
	}
	if err := o.later(tx, jobPaySlips, paySlipsArgs{issued}); err != nil {
		return err
	}
	return f.lockWhole(tx, a)
}

// payOrder is what stands around a month in its year: payslips follow each other, since each counts on the one before.
type payOrder struct {
	behind map[int64]date.Month // contracts of which a payslip of an earlier month waits as a draft: theirs comes first
	after  map[int64]date.Month // contracts of which a later month is issued: it has not counted on this one
}

func (f *payFacts) order(tx *store.Tx) (payOrder, error) {
	o := payOrder{map[int64]date.Month{}, map[int64]date.Month{}}
	slips, err := tx.SlipsBetween(date.MonthOf(f.month.Year(), 1), date.MonthOf(f.month.Year(), 12))
	for _, s := range slips {
		switch {
		case s.Month < f.month && s.Origin == store.SlipOwn && s.State == store.SlipDraft:
			o.behind[s.Contract] = s.Month
		case s.Month > f.month && s.Real(), s.Month == f.month && s.Origin == store.SlipOpening: // what was taken over holds it
			o.after[s.Contract] = s.Month
		}
	}
	return o, err
}

// issuable says why a draft cannot be issued; it is otherwise what would be computed now. It returns what the payslip
// releases of last year's provision.
func (o *Office) issuable(tx *store.Tx, a access.Actor, f *payFacts, s *store.Slip, order payOrder) ([]payroll.Pot, error) {
	if err := can(a, access.RunPay, access.Subject{Person: s.Person}); err != nil {
		return nil, err
	}
	if s.Origin != store.SlipOwn || s.Month != f.month {
		return nil, fault.New(fault.NotFound, "store.payslip_unknown")
	}
	if m, waits := order.behind[s.Contract]; waits {
		return nil, fault.New(fault.Conflict, "pay_month.fault.behind", "month", m)
	}
	if m, out := order.after[s.Contract]; out {
		return nil, fault.New(fault.Conflict, "pay_month.fault.later", "month", f.month, "later", m)
	}
	c, err := f.contractOrOver(tx, s.Contract)
	if err != nil {
		return nil, err
	}
	if f.unprepared(c) {
		return nil, fault.New(fault.Conflict, exitLacks, "day", c.End)
	}
	now, pots, err := f.slip(tx, o, a.Today, c)
	switch {
	case err != nil:
		return nil, err
	case now.Body.Before != f.years[c.ID]: // counted on what an earlier month will be
		return nil, fault.New(fault.Conflict, "pay_month.fault.behind", "month", f.month-1)
	case !sameSlip(&now.Body, &s.Body) || now.Activity != s.Activity:
		return nil, fault.New(fault.Conflict, "pay_month.fault.stale")
	}
	s.Body.Waits = now.Body.Waits
	return pots, nil
}

// lockWhole locks the month once a payslip of every contract that runs in it is issued.
func (f *payFacts) lockWhole(tx *store.Tx, a access.Actor) error {
	slips, err := tx.SlipsBetween(f.month, f.month)
	if err != nil {
		return err
	}
	done := map[int64]bool{}
	for _, s := range slips {
		if s.Real() {
			done[s.Contract] = true
		}
	}
	for _, c := range f.contracts {
		if !done[c.ID] {
			return nil
		}
	}
	return f.lock(tx, a)
}

func (f *payFacts) lock(tx *store.Tx, a access.Actor) error {
	f.state.State, f.state.By = store.PayMonthLocked, a.Person
	if err := tx.SavePayMonth(f.state); err != nil {
		return err
	}
	return tx.Audit(a.Person, "pay.lock", payMonthSubject(f.month), nil)
}

// LockPay ends a month in which nobody waits to be issued. Who could not be computed is paid later, with what is owed for
// the month on its own line; not so who leaves in it, whose last payslip it is.
func (o *Office) LockPay(ctx context.Context, a access.Actor, m date.Month) error {
	if err := can(a, access.RunPay, access.Subject{}); err != nil {
		return err
	}
	return o.write(ctx, a, func(tx *store.Tx) error {
		f, err := readPay(tx, m)
		if err != nil {
			return err
		}
		if f.state.State == store.PayMonthLocked {
			return nil // a second click
		}
		order, err := f.order(tx)
		if err != nil {
			return err
		}
		slips, err := tx.SlipsBetween(m, m)
		if err != nil {
			return err
		}
		drafts, done := 0, map[int64]bool{}
		for _, s := range slips {
			switch {
			case s.Real():
				done[s.Contract] = true
			case s.State == store.SlipDraft && s.Origin == store.SlipOwn:
				_, late := order.after[s.Contract]
				dropped, err := o.dropRefused(tx, a, &f, s, late)
				if err != nil {
					return err
				}
				if !dropped {
					drafts++
				}
			}
		}
		switch {
		case drafts > 0:
			return fault.New(fault.Conflict, "pay_month.fault.drafts", "n", drafts)
		case len(done) == 0:
			return fault.New(fault.Conflict, "pay_month.fault.nothing_issued")
		}
		if c, leaves := f.leaver(done, order.after); leaves {
			p := f.people[c.Person]
			return fault.New(fault.Conflict, "pay_month.fault.leaver", "name", p.Name(), "day", c.End)
		}
		return f.lock(tx, a)
	})
}

// dropRefused takes away a draft that comes too late or could not be computed any more: it can never be issued, and would
// hold the month open.
func (o *Office) dropRefused(tx *store.Tx, a access.Actor, f *payFacts, s store.SlipSums, late bool) (bool, error) {
	if !late {
		c, err := f.contractOrOver(tx, s.Contract)
		if err == nil {
			_, _, err = f.slip(tx, o, a.Today, c)
		}
		if err == nil || len(fault.All(err)) == 0 {
			return false, err
		}
	}
	if err := tx.DropDraft(s.ID); err != nil {
		return false, err
	}
	return true, tx.Audit(a.Person, "pay.drop_draft", slipSubject(s.ID), nil)
}

// aboutPay names whose contract or payslip a run was refused, to who may see their pay.
func aboutPay(tx *store.Tx, a access.Actor, subject string) (string, error) {
	person := int64(0)
	switch {
	case subjectID(subject, "contract") != 0:
		contracts, err := tx.Contracts()
		if err != nil {
			return "", err
		}
		for _, c := range contracts {
			if c.ID == subjectID(subject, "contract") {
				person = c.Person
			}
		}
	case subjectID(subject, "payslip") != 0:
		s, err := tx.Slip(subjectID(subject, "payslip"))
		if fault.KindOf(err) == fault.NotFound {
			return "", nil
		}
		if err != nil {
			return "", err
		}
		person = s.Person
	}
	if person == 0 || can(a, access.ViewPay, access.Subject{Person: person}) != nil {
		return "", nil
	}
	p, err := tx.Person(person)
	return p.Name(), err
}
