package office

import (
	"context"
	"encoding/json"
	"slices"

	"essaim/access"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/member"
	"essaim/money"
)

// PayStay is a payslip that cannot be taken back, and why.
type PayStay struct {
	Person member.Person
	Why    []*fault.Error
}

// PayUndone is what became of a return that was taken back.
type PayUndone struct {
	Month date.Month
	Count int       // payslips taken back
	Left  []PayStay // the others
}

// UndoPayReturn takes an accepted return back while its month is not locked, person by person: the entry of a payslip is
// reversed and the payslip taken away. What the bank was asked to pay, what a later payslip was counted on and one's own
// stay, each with its reason; the return then holds of those alone, and what was taken back can be accepted again.
func (o *Office) UndoPayReturn(ctx context.Context, a access.Actor, id int64) (done PayUndone, err error) {
	if err := can(a, access.RunPay, access.Subject{}); err != nil {
		return done, err
	}
	err = o.write(ctx, a, func(tx *store.Tx) error {
		x, err := tx.PayExchange(id)
		if err != nil {
			return absent(a, access.RunPay, err)
		}
		done = PayUndone{Month: x.Month}
		switch {
		case x.State == store.PayUndone:
			return nil // a second click
		case x.Kind != store.PayImport || x.State != store.PayAccepted:
			return fault.New(fault.Conflict, "pay_outside.fault.not_accepted")
		}
		f, err := readPay(tx, x.Month)
		if err != nil {
			return err
		}
		if err := f.payOpen(); err != nil {
			return err
		}
		var body PayReturnedBody
		if err := json.Unmarshal([]byte(x.Body), &body); err != nil {
			return err
		}
		back, left, err := undoable(tx, a, &f, body.Slips)
		if err != nil {
			return err
		}
		if done.Count, done.Left = len(back), left; len(back) == 0 && len(left) > 0 {
			return left[0].Why[0]
		}
		if err := o.undoSlips(tx, a, &f, back); err != nil {
			return err
		}
		for _, s := range back {
			body.giveBack(s.ID)
		}
		if len(left) == 0 {
			x.State = store.PayUndone
		}
		if x.Body, err = jsonOf(body); err != nil {
			return err
		}
		if err := tx.SetPayExchange(x); err != nil {
			return err
		}
		return tx.Audit(a.Person, "pay.undo", payMonthSubject(x.Month), map[string]any{"n": len(back)})
	})
	return done, err
}

// undoable parts the payslips of a return: those that can be taken back, and those that stay.
func undoable(tx *store.Tx, a access.Actor, f *payFacts, ids []int64) (back []store.Slip, left []PayStay, err error) {
	all, err := tx.SlipsIn(ids)
	if err != nil {
		return nil, nil, err
	}
	later, err := tx.SlipsBetween(f.month+1, date.MonthOf(f.month.Year(), 12))
	if err != nil {
		return nil, nil, err
	}
	for _, id := range ids {
		s, found := all[id]
		if !found {
			continue
		}
		why := can(a, access.RunPay, access.Subject{Person: s.Person})
		next := slices.IndexFunc(later, func(l store.SlipSums) bool { return l.Contract == s.Contract && l.Real() })
		switch {
		case why != nil:
		case s.Transfer != 0:
			why = fault.New(fault.Conflict, "pay_outside.fault.ordered")
		case next >= 0:
			why = fault.New(fault.Conflict, "pay_outside.fault.later", "month", later[next].Month)
		case s.Entry != 0:
			_, reversed, err := tx.ReversalOf(s.Entry)
			if err != nil {
				return nil, nil, err
			}
			paid, err := tx.EntryTouched(s.Entry)
			if err != nil {
				return nil, nil, err
			}
			if paid && !reversed {
				why = fault.New(fault.Conflict, "pay_outside.fault.paid")
			}
		}
		if why == nil {
			back = append(back, s)
			continue
		}
		left = append(left, PayStay{f.people[s.Person], fault.All(why)})
	}
	return back, left, nil
}

func (o *Office) undoSlips(tx *store.Tx, a access.Actor, f *payFacts, all []store.Slip) error {
	day, err := slipDay(tx, f.month)
	if err != nil {
		return err
	}
	margin := map[int64]date.Day{}
	for _, s := range all {
		if s.Entry != 0 {
			if err := o.undoEntry(tx, a, s.Entry, day, margin); err != nil {
				return err
			}
		}
		if err := tx.TakeBackSlip(s.ID); err != nil {
			return err
		}
		if err := tx.ThawEstimate(s.Contract, s.Month); err != nil {
			return err
		}
		if err := tx.Audit(a.Person, "pay.take_back", slipSubject(s.ID), nil); err != nil {
			return err
		}
	}
	return o.contributeAll(tx, margin, "PAIE-"+f.month.String())
}

// undoEntry reverses the entry of a payslip, once.
func (o *Office) undoEntry(tx *store.Tx, a access.Actor, id int64, day date.Day, margin map[int64]date.Day) error {
	if _, reversed, err := tx.ReversalOf(id); err != nil || reversed {
		return err
	}
	e, err := tx.Entry(id)
	if err != nil {
		return err
	}
	r := e.Reversal(max(day, e.Date), e.Ref, cut("Contre-passation : "+e.Label, ledger.MaxLabel))
	r.By = a.Person
	if err := tx.Post(&r); err != nil {
		return err
	}
	return o.margins(tx, &r, margin)
}

// payTaken is what one payslip adds to the counts of its return.
type payTaken struct {
	Gaps  int         `json:"gaps,omitempty"`
	Lines int         `json:"lines,omitempty"`
	Lined bool        `json:"lined,omitempty"`
	Sum   money.Cents `json:"sum,omitempty"`
	Alone bool        `json:"alone,omitempty"`
	Filed bool        `json:"filed,omitempty"`
}

func (b *PayReturnedBody) take(slip int64, t payTaken) {
	if b.Each == nil {
		b.Each = map[int64]payTaken{}
	}
	b.Slips, b.Each[slip] = append(b.Slips, slip), t
	b.add(t, 1)
}

func (b *PayReturnedBody) giveBack(slip int64) {
	b.Slips = slices.DeleteFunc(b.Slips, func(id int64) bool { return id == slip })
	b.add(b.Each[slip], -1)
	delete(b.Each, slip)
}

func (b *PayReturnedBody) add(t payTaken, sign int) {
	b.People += sign
	b.Gaps, b.Sum = b.Gaps+sign*t.Gaps, b.Sum+money.Cents(sign)*t.Sum
	b.Lines += sign * t.Lines
	if t.Lined {
		b.Lined += sign
	}
	if t.Alone {
		b.Alone += sign
	}
	if t.Filed {
		b.Filed += sign
	}
}
