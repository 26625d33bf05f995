package office

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"essaim/access"
	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/format/piece"
	"essaim/internal/store"
	"essaim/member"
	"essaim/money"
	"essaim/payroll"
)

// PayAbsenceView is an absence as a page shows it.
type PayAbsenceView struct {
	store.PayAbsence
	Body      PayAbsenceBody
	Person    member.Person
	Contract  member.Contract
	Documents int  // attached
	Complete  bool // the reader may say what pay needs of it
	Drop      bool // the reader may take it back
	// Missed is the first month of it whose payslip was out before it was written: that payslip does not count it; 0: none.
	Missed date.Month
}

// absenceSubject names an absence for what is attached to it.
func absenceSubject(id int64) string { return thing("pay_absence", id) }

// PayAbsences lists the absences that are not long over, the declared ones first, to who runs the pay.
func (o *Office) PayAbsences(ctx context.Context, a access.Actor) (all []PayAbsenceView, err error) {
	if err := can(a, access.RunPay, access.Subject{}); err != nil {
		return nil, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		all = nil
		rows, err := tx.PayAbsencesSince(a.Today - declaredFor)
		if err != nil {
			return err
		}
		for _, x := range rows {
			if x.Dropped {
				continue
			}
			v, err := viewAbsence(tx, a, x)
			if err != nil {
				return err
			}
			all = append(all, v)
		}
		slices.SortStableFunc(all, func(x, y PayAbsenceView) int {
			switch {
			case x.Declared == y.Declared:
				return 0
			case x.Declared:
				return -1
			}
			return 1
		})
		return nil
	})
	return all, err
}

// PayAbsence returns one, to the person and to who runs their pay.
func (o *Office) PayAbsence(ctx context.Context, a access.Actor, id int64) (v PayAbsenceView, err error) {
	err = o.read(ctx, a, func(tx *store.Tx) error {
		x, err := absenceFor(tx, a, id)
		if err != nil {
			return err
		}
		if v, err = viewAbsence(tx, a, x); err != nil {
			return err
		}
		slips, err := tx.SlipsOf(x.Person, x.From.Month(), x.Until.Month())
		for _, s := range slips { // the last first
			if s.Contract == x.Contract && s.Real() && s.At < x.At {
				v.Missed = s.Month
			}
		}
		return err
	})
	return v, err
}

func absenceFor(tx *store.Tx, a access.Actor, id int64) (store.PayAbsence, error) {
	x, err := tx.PayAbsence(id)
	if err != nil {
		return x, absent(a, access.RunPay, err)
	}
	if err := mayPayFile(a, x.Person); err != nil {
		return store.PayAbsence{}, err
	}
	return x, nil
}

func viewAbsence(tx *store.Tx, a access.Actor, x store.PayAbsence) (v PayAbsenceView, err error) {
	v = PayAbsenceView{PayAbsence: x, Body: AbsenceBody(x)}
	v.Complete = !x.Dropped && can(a, access.RunPay, access.Subject{Person: x.Person}) == nil
	v.Drop = v.Complete || x.Person == a.Person && x.Declared && !x.Dropped
	if v.Person, err = tx.Person(x.Person); err != nil {
		return v, err
	}
	if v.Contract, err = contractOf(tx, x.Person, x.Contract); err != nil {
		return v, err
	}
	kinds, err := tx.AttachedKinds(absenceSubject(x.ID))
	for _, n := range kinds {
		v.Documents += n
	}
	return v, err
}

// DeclarePayAbsence is a person's own word that they are away, with its document when there is one already: it counts once
// pay has completed it.
func (o *Office) DeclarePayAbsence(ctx context.Context, a access.Actor, x store.PayAbsence, b PayAbsenceBody, doc *Taken) (store.PayAbsence, error) {
	if err := can(a, access.AskPay, access.Subject{Person: a.Person}); err != nil {
		return x, err
	}
	x.ID, x.Person, x.Declared = 0, a.Person, true
	b = PayAbsenceBody{Absence: payroll.Absence{Kind: b.Kind, Share: b.Share}, Note: b.Note} // what is paid is not theirs to say
	return o.addAbsence(ctx, a, x, b, doc, "pay.absence_declare")
}

// SavePayAbsence writes an absence whole (ID 0), or completes and changes one: from then on it counts. was is what the form
// began from.
func (o *Office) SavePayAbsence(ctx context.Context, a access.Actor, was *store.PayAbsence, x store.PayAbsence, b PayAbsenceBody, doc *Taken) (store.PayAbsence, error) {
	if err := can(a, access.RunPay, access.Subject{Person: x.Person}); err != nil {
		return x, err
	}
	x.Declared = false
	if x.ID == 0 {
		return o.addAbsence(ctx, a, x, b, doc, "pay.absence")
	}
	asked := x
	err := o.write(ctx, a, func(tx *store.Tx) error {
		x = asked
		old, err := absenceFor(tx, a, x.ID)
		switch {
		case err != nil:
			return err
		case old.Dropped:
			return fault.New(fault.Conflict, "payfile.absence_dropped")
		case was != nil && *was != old:
			return errChanged()
		}
		x.Person, x.Contract, x.File = old.Person, old.Contract, old.File
		if b.Note == "" {
			b.Note = AbsenceBody(old).Note
		}
		return o.keepAbsence(tx, a, &x, b, doc, "pay.absence")
	})
	return x, err
}

func (o *Office) addAbsence(ctx context.Context, a access.Actor, x store.PayAbsence, b PayAbsenceBody, doc *Taken, deed string) (store.PayAbsence, error) {
	sha := ""
	if doc != nil {
		sha = doc.SHA256
	}
	asked := x
	err := o.writeOnce(ctx, a, "pay.absence", []any{x.Person, x.Contract, x.From, x.Until, b, sha}, func(tx *store.Tx, id int64) (err error) {
		x, err = tx.PayAbsence(id)
		return err
	}, func(tx *store.Tx) (int64, error) {
		x = asked
		err := o.keepAbsence(tx, a, &x, b, doc, deed)
		return x.ID, err
	})
	return x, err
}

// keepAbsence checks and writes an absence, attaches its document, and leaves its trace: the days, never why.
func (o *Office) keepAbsence(tx *store.Tx, a access.Actor, x *store.PayAbsence, b PayAbsenceBody, doc *Taken, deed string) error {
	c, err := contractOf(tx, x.Person, x.Contract)
	if err != nil {
		return err
	}
	if err := checkAbsence(tx, c, *x, b); err != nil {
		return err
	}
	b.From, b.Until, b.Daily, b.Provident = x.From, x.Until, 0, 0
	if x.Body, err = jsonOf(b); err != nil {
		return err
	}
	x.By = a.Person
	if x.ID == 0 || doc == nil {
		if err := tx.SavePayAbsence(x); err != nil {
			return err
		}
	}
	if doc != nil {
		t := *doc
		t.Name = piece.Name("absence", t.Media) // the log names pieces: a file is often named after what one has
		if _, err := o.attach(tx, a, absenceSubject(x.ID), thing("person", x.Person), t); err != nil {
			return err
		}
		x.File = t.SHA256
		if err := tx.SavePayAbsence(x); err != nil {
			return err
		}
	}
	return tx.Audit(a.Person, deed, thing("person", x.Person), map[string]any{"from": x.From, "until": x.Until})
}

// checkAbsence asks the engine what it would refuse, with the other absences of the contract.
func checkAbsence(tx *store.Tx, c member.Contract, x store.PayAbsence, b PayAbsenceBody) error {
	switch {
	case x.From == 0:
		return fault.At("from", "ledger.date_missing")
	case x.Until == 0:
		return fault.At("until", "ledger.date_missing")
	case x.From < c.Start:
		return fault.At("from", "payfile.from_contract", "start", c.Start)
	case c.End != 0 && x.From > c.End:
		return fault.At("from", "payfile.from_ended", "end", c.End)
	case len(b.Received) > 60:
		return fault.At("received", "payfile.received_many", "max", 60)
	}
	known, err := tx.PayAbsencesOf(c.ID)
	if err != nil {
		return err
	}
	var all []payroll.Absence
	for _, k := range known {
		if k.ID != x.ID && !k.Dropped {
			other := AbsenceBody(k).Absence
			other.Daily, other.Provident = 0, 0
			all = append(all, other)
		}
	}
	one := b.Absence
	one.From, one.Until, one.Daily, one.Provident = x.From, x.Until, 0, 0
	for i, r := range b.Received {
		at := fmt.Sprintf("received[%d].", i)
		switch {
		case r.Month < x.From.Month():
			return fault.At(at+"month", "payfile.received_month", "from", x.From)
		case r.Daily < 0 || r.Daily > payroll.MaxGross || r.Daily > 0 && !one.Kind.Allowed():
			return fault.At(at+"daily", "payroll.absence_daily")
		case r.Provident < 0 || r.Provident > payroll.MaxGross:
			return fault.At(at+"provident", "payfile.amount")
		}
	}
	if err := coop.CheckText("note", b.Note); err != nil {
		return err
	}
	all = append(all, one)
	f := payFacts{}
	k := f.contract(c)
	m := max(x.From.Month(), payroll.Begins())
	_, err = payroll.Law().On(m).Absent(k, m, 0, all)
	return onLast(err, fmt.Sprintf("absences[%d].", len(all)-1))
}

// onLast puts refusals of the last of a list on the fields of its form; those of the others were taken before.
func onLast(err error, prefix string) error {
	if err == nil {
		return nil
	}
	var errs []error
	for _, e := range fault.All(err) {
		if !strings.Contains(e.Field, "[") || strings.HasPrefix(e.Field, prefix) {
			errs = append(errs, fault.At(strings.TrimPrefix(e.Field, prefix), e.Key, e.Args...))
		}
	}
	if len(errs) == 0 {
		return err
	}
	return errors.Join(errs...)
}

// DropPayAbsence takes an absence back: its trace stays. The person takes back what pay has not completed.
func (o *Office) DropPayAbsence(ctx context.Context, a access.Actor, id int64) (store.PayAbsence, error) {
	var x store.PayAbsence
	err := o.write(ctx, a, func(tx *store.Tx) (err error) {
		if x, err = absenceFor(tx, a, id); err != nil || x.Dropped {
			return err
		}
		if x.Person == a.Person && !x.Declared {
			return can(a, access.RunPay, access.Subject{Person: a.Person})
		}
		x.Dropped, x.Declared, x.By = true, false, a.Person
		if err := tx.SavePayAbsence(&x); err != nil {
			return err
		}
		return tx.Audit(a.Person, "pay.absence_drop", thing("person", x.Person), map[string]any{"from": x.From, "until": x.Until})
	})
	return x, err
}

// payAbsenceRights say who sees the document of an absence: it is about health.
func payAbsenceRights(tx *store.Tx, a access.Actor, id int64) (attachRights, error) {
	x, err := absenceFor(tx, a, id)
	if err != nil {
		return attachRights{}, err
	}
	r := attachRights{told: thing("person", x.Person)}
	if x.Person != a.Person || !x.Declared {
		r.change = can(a, access.RunPay, access.Subject{Person: x.Person})
	}
	if r.change == nil && x.Dropped {
		r.change = fault.New(fault.Conflict, "payfile.absence_dropped")
	}
	return r, nil
}

// MonthsOf are the months that an absence touches, as far as its allowances may still come: the form offers them.
func (v PayAbsenceView) MonthsOf(today date.Day) (all []date.Month) {
	for m := v.From.Month(); m <= max(v.Until.Month(), today.Month()) && len(all) < 36; m++ {
		all = append(all, m)
	}
	return all
}

// Sum is what was received for an absence in all.
func (b PayAbsenceBody) Sum() (sum money.Cents) {
	for _, r := range b.Received {
		sum += r.Daily + r.Provident
	}
	return sum
}
