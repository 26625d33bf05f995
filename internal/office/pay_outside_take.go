package office

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"

	"essaim/access"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/money"
)

// AcceptPay writes what came back, in one operation: the payslips of everybody who was not refused are issued, booked and
// filed. seen is the digest of what was looked at. Nobody accepts their own: it is left for another.
func (o *Office) AcceptPay(ctx context.Context, a access.Actor, id int64, seen, key string) (x PayReturned, err error) {
	if err := can(a, access.RunPay, access.Subject{}); err != nil {
		return x, err
	}
	again := func(tx *store.Tx, id int64) error {
		var err error
		if x.PayExchange, err = tx.PayExchange(id); err != nil {
			return err
		}
		return json.Unmarshal([]byte(x.Body), &x.PayReturnedBody)
	}
	err = o.writeOnce(Keyed(ctx, key), a, "pay_accept", []any{id, seen}, again, func(tx *store.Tx) (int64, error) {
		v, err := o.payReturn(tx, a, id)
		if err != nil {
			return 0, absent(a, access.RunPay, err)
		}
		f, err := readPay(tx, v.Month)
		if err != nil {
			return 0, err
		}
		if err := f.payOpen(); err != nil {
			return 0, err
		}
		switch {
		case v.State != store.PayStaged && v.State != store.PayAccepted:
			return 0, fault.New(fault.Conflict, "pay_outside.fault.over")
		case v.Blocked:
			return 0, fault.New(fault.Conflict, "pay_outside.fault.blocked")
		case seen != v.Digest:
			return 0, fault.New(fault.Conflict, "pay_outside.fault.changed")
		}
		if v.State == store.PayStaged {
			if err := takenBeforeFile(tx, v.Month, v.Files); err != nil {
				return 0, fault.New(fault.Conflict, fault.All(err)[0].Key, fault.All(err)[0].Args...)
			}
		}
		n, err := o.takeRows(tx, a, &f, &v)
		if err != nil {
			return 0, err
		}
		if n == 0 {
			if v.Others > 0 {
				return 0, can(a, access.RunPay, access.Subject{Person: a.Person})
			}
			return 0, fault.New(fault.Conflict, "pay_outside.fault.nothing_ready")
		}
		v.State, v.Took, v.TookBy = store.PayAccepted, tx.Now(), a.Person
		if v.Body, err = jsonOf(v.PayReturnedBody); err != nil {
			return 0, err
		}
		if err := tx.SetPayExchange(v.PayExchange); err != nil {
			return 0, err
		}
		x = v.PayReturned
		return id, tx.Audit(a.Person, "pay.accept", payMonthSubject(v.Month), map[string]any{"n": n})
	})
	return x, err
}

// takeRows issues, books and files the rows that are ready. It returns how many were written.
func (o *Office) takeRows(tx *store.Tx, a access.Actor, f *payFacts, v *PayReturn) (n int, err error) {
	day, err := slipDay(tx, v.Month)
	if err != nil {
		return 0, err
	}
	var estimates []store.Slip
	margin := map[int64]date.Day{}
	for i := range v.Rows {
		row := &v.Rows[i]
		if row.Done && row.parted != nil && !row.Own {
			filed, err := o.fileReturned(tx, row, f.month)
			if err != nil {
				return n, err
			}
			if filed {
				n, v.Filed = n+1, v.Filed+1
			}
			continue
		}
		if !row.Ready() || row.Line == 0 {
			continue
		}
		s := row.slip
		s.By = a.Person
		if err := tx.SaveSlip(&s); err != nil {
			return n, err
		}
		e, err := f.returnedEntry(tx, row, &s, day)
		if err != nil {
			return n, err
		}
		if len(e.Lines) > 0 {
			e.By = a.Person
			if err := tx.Post(&e); err != nil {
				return n, err
			}
			if err := o.margins(tx, &e, margin); err != nil {
				return n, err
			}
			s.Entry = e.ID
		}
		s.State = store.SlipIssued
		if err := tx.SaveSlip(&s); err != nil {
			return n, err
		}
		took := payTaken{Alone: row.Ours == nil, Gaps: len(row.Gaps), Lines: len(row.LineGaps), Lined: row.Detailed}
		if row.parted != nil {
			row.slip = s
			if _, err := o.fileReturned(tx, row, f.month); err != nil {
				return n, err
			}
			took.Filed = true
		}
		if row.Ours != nil {
			ours := s
			ours.ID, ours.Origin, ours.State, ours.Entry, ours.File = 0, store.SlipEstimate, store.SlipIssued, 0, "" // it stays what it was held against
			ours.Body.Payslip, ours.Body.After = row.estimate.Payslip, row.estimate.After
			ours.Body.Before = row.estimate.Before
			estimates = append(estimates, ours)
		}
		for _, g := range row.Gaps {
			took.Sum += g.Difference().Abs()
		}
		v.take(s.ID, took)
		if err := tx.Audit(a.Person, "pay.issue", slipSubject(s.ID), nil); err != nil {
			return n, err
		}
		n++
	}
	if err := o.keepEstimates(tx, a, v.Month, estimates); err != nil {
		return n, err
	}
	return n, o.contributeAll(tx, margin, "PAIE-"+v.Month.String())
}

// returnedEntry is the entry of a payslip that came back: its lines of the journal, or what its totals make.
func (f *payFacts) returnedEntry(tx *store.Tx, row *PayReturnRow, s *store.Slip, day date.Day) (ledger.Entry, error) {
	if row.entry == nil {
		return f.slipEntry(tx, s, row.pots, day)
	}
	e := *row.entry
	e.Date, e.Ref, e.Label, e.Document = day, "PAIE-"+f.month.String()+"-"+strconv.FormatInt(s.ID, 10), "Paie "+f.month.String(), slipDocument(s.ID)
	return e, nil
}

// fileReturned puts the PDF of the payroll software in the space of its person. One that is filed keeps it.
func (o *Office) fileReturned(tx *store.Tx, row *PayReturnRow, m date.Month) (bool, error) {
	s := row.slip
	if row.Done {
		was, ok, err := tx.SlipOf(row.Contract, m, store.SlipSoftware)
		if err != nil || !ok || was.File != "" {
			return false, err
		}
		s = was
	}
	b, err := row.parted.PDF(row.page)
	if err != nil {
		return false, err
	}
	sha, err := o.files.Put(b)
	if err != nil {
		return false, err
	}
	if err := tx.AddFile(sha, paySlipName(m), "application/pdf", int64(len(b))); err != nil {
		return false, err
	}
	return true, tx.FileSlip(s.ID, sha)
}

// DropPayReturn puts a return aside that nobody accepted: nothing was written of it.
func (o *Office) DropPayReturn(ctx context.Context, a access.Actor, id int64) (m date.Month, err error) {
	if err := can(a, access.RunPay, access.Subject{}); err != nil {
		return 0, err
	}
	err = o.write(ctx, a, func(tx *store.Tx) error {
		x, err := tx.PayExchange(id)
		if err != nil {
			return absent(a, access.RunPay, err)
		}
		m = x.Month
		switch {
		case x.State == store.PayDropped:
			return nil // a second click
		case x.Kind != store.PayImport || x.State != store.PayStaged:
			return fault.New(fault.Conflict, "pay_outside.fault.over")
		}
		x.State = store.PayDropped
		if err := tx.SetPayExchange(x); err != nil {
			return err
		}
		return tx.Audit(a.Person, "pay.drop", payMonthSubject(x.Month), nil)
	})
	return m, err
}

// PayParallel is a month in which our payslips stood beside the software's.
type PayParallel struct {
	Month  date.Month
	People int
	Alone  int         // whom we could not count
	Gaps   int         // figures of the totals
	Lines  int         // lines
	Lined  int         // people compared line by line
	Sum    money.Cents // of all gaps, without their signs
	Whole  bool        // of everybody who was to come back
}

// paySame is how many months without a cent of gap, one after the other, speak for a cooperative's own payslips.
const paySame = 3

// PayParallels returns the last months that came back, the last first, and how many of them in a row hold no gap.
func (o *Office) PayParallels(ctx context.Context, a access.Actor) (all []PayParallel, run, wanted int, err error) {
	if err := can(a, access.RunPay, access.Subject{}); err != nil {
		return nil, 0, 0, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		all = nil
		imports, err := tx.PayAcceptedImports(a.Today.Month() - 12)
		if err != nil {
			return err
		}
		for _, x := range imports {
			var b PayReturnedBody
			if err := json.Unmarshal([]byte(x.Body), &b); err != nil {
				return err
			}
			n := slices.IndexFunc(all, func(p PayParallel) bool { return p.Month == x.Month })
			if n < 0 {
				n, all = len(all), append(all, PayParallel{Month: x.Month})
			}
			p := &all[n]
			p.People, p.Alone, p.Gaps, p.Sum = p.People+b.People, p.Alone+b.Alone, p.Gaps+b.Gaps, p.Sum+b.Sum
			p.Lines, p.Lined = p.Lines+b.Lines, p.Lined+b.Lined
		}
		slices.Reverse(all)
		for i := range all {
			f, err := readPay(tx, all[i].Month)
			if err != nil {
				return err
			}
			contracts, _ := f.outsidePeople("")
			all[i].Whole = all[i].People >= len(contracts)
		}
		run = 0
		for i, p := range all {
			if p.Gaps+p.Lines > 0 || p.Alone > 0 || !p.Whole || i > 0 && all[i-1].Month != p.Month+1 {
				break
			}
			run++
		}
		return nil
	})
	return all, run, paySame, err
}
