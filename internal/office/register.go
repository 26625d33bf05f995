package office

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"essaim/access"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/money"
	"essaim/sale"
)

// numbered are the records that bear a number, each in a series of its own per civil year of their recording.
var numbered = map[sale.RecordKind]string{sale.RecordTaking: "R", sale.RecordRemittance: "B"}

// ofRecord is what an action on a record bears on.
func ofRecord(set *store.Settings, r sale.Record) access.Subject {
	return access.Subject{Activity: r.Activity, Year: yearOf(set, r.Date), Kind: access.Payment}
}

// tillsHold refuses what leaves a till with less than nothing on some day, whatever it is: takings undone, a payment
// reversed, money banked or an entry.
func tillsHold(tx *store.Tx) error {
	tills := tx.Tills()
	for _, id := range slices.Sorted(maps.Keys(tills)) {
		before, days, err := tx.Standing(id, sale.Till, tills[id])
		if err != nil {
			return err
		}
		if err := sale.CheckTill(before, days); err != nil {
			return err
		}
	}
	return nil
}

// standing is what a section holds on an account at the end of a day, and the least it holds from then on.
func standing(tx *store.Tx, section int64, account string, day date.Day) (held, least money.Cents, err error) {
	held, days, err := tx.Standing(section, account, day+1)
	least = held
	for _, d := range days {
		least = min(least, d.Balance)
	}
	return held, least, err
}

// putIn is what a person has put in a till of their own and never taken back from the end of a day on: the least of it,
// negative when more was taken back than put in.
func putIn(tx *store.Tx, activity int64, day date.Day) (money.Cents, error) {
	held, days, err := tx.Standing(activity, sale.Pockets, day+1)
	for _, d := range days {
		held = max(held, d.Balance)
	}
	return -held, err
}

// takenBack runs what undoes a record and refuses when it leaves more taken back by a person than they have put in their till.
func takenBack(tx *store.Tx, id int64, work func() error) error {
	old, err := tx.Record(id)
	if err != nil || old.Till == nil || old.Till.Kind != sale.TillOwn {
		return work()
	}
	before, err := putIn(tx, old.Activity, old.Date)
	if err != nil {
		return err
	}
	if err := work(); err != nil {
		return err
	}
	after, err := putIn(tx, old.Activity, old.Date)
	if err == nil && after < min(before, 0) {
		err = fault.New(fault.Conflict, "till.fault.taken_back", "short", -after)
	}
	return err
}

// paidOut runs what undoes takings and refuses what takes back cards or online payments that an acquirer has paid out since:
// the account would owe them less than nothing. What a refused payment has already taken back is left as it is.
func paidOut(tx *store.Tx, id int64, work func() error) error {
	old, err := tx.Record(id)
	if err != nil || old.Taking == nil { // one that is not there is told by the work, which knows who may know
		return work()
	}
	accounts := []string{sale.Cards, sale.Onlines}
	before := make([]money.Cents, len(accounts))
	for i, account := range accounts {
		if _, before[i], err = standing(tx, old.Activity, account, old.Date); err != nil {
			return err
		}
	}
	if err := work(); err != nil {
		return err
	}
	for i, account := range accounts {
		_, after, err := standing(tx, old.Activity, account, old.Date)
		if err != nil {
			return err
		}
		if after < min(before[i], 0) {
			return fault.New(fault.Conflict, "till.fault.paid_out", "short", -after)
		}
	}
	return nil
}

// bounced refuses to undo a deposit one of whose cheques came back unpaid, which the bank has taken back already, or is
// recorded at the bank for another invoice.
func bounced(tx *store.Tx, r sale.Remittance) error {
	for _, it := range r.Items {
		_, back, err := tx.ReversalOf(it.Entry)
		if err != nil {
			return err
		}
		if back {
			return fault.New(fault.Conflict, "till.fault.bounced", "cheque", it.Label, "amount", it.Amount)
		}
	}
	return nil
}

func registerFacts(tx *store.Tx) (f sale.RegisterFacts, err error) {
	set, err := tx.Settings()
	if err != nil {
		return f, err
	}
	if f.Today, err = tx.Today(); err != nil {
		return f, err
	}
	rules, err := set.On(f.Today)
	f.VAT, f.Taxes = rules.VAT, ledger.France()
	return f, err
}

// record writes a checked record: number, entry, chain, turnover.
func (o *Office) record(tx *store.Tx, a access.Actor, r *sale.Record, f sale.RegisterFacts, action string) error {
	set, err := tx.Settings()
	if err != nil {
		return err
	}
	if r.ID, err = tx.NextRecord(); err != nil {
		return err
	}
	r.By, r.At = a.Person, tx.Now()
	if prefix := numbered[r.Kind]; prefix != "" {
		year, _, _ := f.Today.Date()
		n, err := tx.NextNumber(string(r.Kind)+"/"+strconv.Itoa(year), f.Today)
		if err != nil {
			return err
		}
		r.Number = fmt.Sprintf("%s-%d-%04d", prefix, year, n)
	}
	if r.Till == nil || r.Till.Kind != sale.TillCount { // a count is of what the books held on its day
		f.On = booksDay(set, r.Date, f.Today)
	}
	e, moves, err := sale.RecordEntry(*r, set.Sections[r.Activity].Name, f)
	if err != nil {
		return err
	}
	if moves {
		if err := tx.Post(&e); err != nil {
			return err
		}
		r.Entry, r.Booked = e.ID, e.Date
	}
	return o.enter(tx, a, r, 1, action)
}

// enter writes a record in the register with what it does to turnover; sign is -1 for one that undoes.
func (o *Office) enter(tx *store.Tx, a access.Actor, r *sale.Record, sign money.Cents, action string) error {
	if err := tx.AddRecord(r); err != nil {
		return err
	}
	if err := o.turnOver(tx, *r, sign); err != nil {
		return err
	}
	detail := map[string]any{"amount": r.Amount()}
	if r.Number != "" {
		detail["number"] = r.Number
	}
	if r.Activity != 0 {
		detail["activity"] = r.Activity
	}
	if r.Reverses != 0 {
		detail["undone"] = r.Reverses
	}
	return tx.Audit(a.Person, action, r.Document(), detail)
}

// turnOver moves the turnover of takings, invoiced and collected at once.
func (o *Office) turnOver(tx *store.Tx, r sale.Record, sign money.Cents) error {
	if r.Taking == nil {
		return nil
	}
	set, err := tx.Settings()
	if err != nil {
		return err
	}
	year, ok := set.YearOf(r.Booked)
	if !ok {
		return fault.New(fault.Closed, "office.no_year", "date", r.Booked)
	}
	period := year.Span.Period(r.Booked)
	nets := r.Taking.NetByNature()
	var rows []store.CollectedRow
	for _, nature := range slices.Sorted(maps.Keys(nets)) {
		net := sign * nets[nature]
		if net == 0 {
			continue
		}
		tx.MoveTurnover(r.Activity, year.ID, nature, period, net, net)
		rows = append(rows, store.CollectedRow{Activity: r.Activity, Year: year.ID, Period: period, Day: r.Booked, Record: r.ID, Nature: nature, Net: net})
	}
	return tx.AddCollected(rows)
}

// SaveTaking records the takings of a day. They are never edited: see [Office.RedoTaking].
func (o *Office) SaveTaking(ctx context.Context, a access.Actor, activity int64, day date.Day, t sale.Taking, key string) (sale.Record, error) {
	return o.RedoTaking(ctx, a, 0, activity, day, t, key)
}

// RedoTaking undoes takings (id; 0: none) and records them again as they should have been, in one operation. What was
// undone is undone on its own day, or on the first the books can still bear.
func (o *Office) RedoTaking(ctx context.Context, a access.Actor, id, activity int64, day date.Day, t sale.Taking, key string) (r sale.Record, err error) {
	what := struct {
		ID, Activity int64
		Day          date.Day
		Taking       sale.Taking
	}{id, activity, day, t}
	err = o.write(ctx, a, func(tx *store.Tx) error {
		done, ok, err := once(tx, a, "taking", key, what)
		if err != nil || ok {
			if err == nil {
				r, err = tx.Record(done)
			}
			return err
		}
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		r = sale.Record{Kind: sale.RecordTaking, Activity: activity, Date: day}
		if err := can(a, access.RecordTaking, ofRecord(set, r)); err != nil {
			return err
		}
		if _, ok := set.Sections[activity]; !ok || activity < ledger.FirstActivity {
			return fault.New(fault.NotFound, "office.absent")
		}
		f, err := registerFacts(tx)
		if err != nil {
			return err
		}
		checked, err := t.Check(day, f)
		if err != nil {
			return err
		}
		r.Taking = &checked
		undone := map[int64]date.Day{}
		if id == 0 {
			err = o.record(tx, a, &r, f, "taking")
		} else {
			err = paidOut(tx, id, func() error {
				old, err := o.undo(tx, a, id, sale.RecordTaking)
				if err != nil {
					return err
				}
				undone[old.Activity] = old.Booked
				return o.record(tx, a, &r, f, "taking")
			})
		}
		if err != nil {
			return err
		}
		if was, ok := undone[activity]; !ok || r.Booked < was {
			undone[activity] = r.Booked
		}
		if err := o.contributeAll(tx, undone, r.Number); err != nil {
			return err
		}
		return keep(tx, a, "taking", key, what, r.ID)
	})
	return r, err
}

// undo writes the record that undoes another, with its entry; it returns what undid it.
func (o *Office) undo(tx *store.Tx, a access.Actor, id int64, kinds ...sale.RecordKind) (sale.Record, error) {
	set, err := tx.Settings()
	if err != nil {
		return sale.Record{}, err
	}
	old, err := tx.Record(id)
	if err != nil {
		return old, absent(a, access.RecordTaking, err)
	}
	if len(kinds) > 0 && !slices.Contains(kinds, old.Kind) {
		return old, fault.New(fault.NotFound, "store.record_unknown")
	}
	if err := mayUndo(a, set, old); err != nil {
		return old, err
	}
	today, err := tx.Today()
	if err != nil {
		return old, err
	}
	var entry ledger.Entry
	if old.Entry != 0 {
		if entry, err = tx.Entry(old.Entry); err != nil {
			return old, err
		}
	}
	back, e, moves, err := sale.UndoRecord(old, entry, booksDay(set, old.Date, today), today)
	if err != nil {
		return old, err
	}
	if old.Taking != nil && old.Taking.Means.Cheque != 0 {
		in, err := tx.RemittedIn(old.Entry)
		if err != nil {
			return old, err
		}
		if in != 0 {
			return old, fault.New(fault.Conflict, "till.fault.remitted")
		}
	}
	if old.Remittance != nil {
		if err := bounced(tx, *old.Remittance); err != nil {
			return old, err
		}
	}
	if back.ID, err = tx.NextRecord(); err != nil {
		return old, err
	}
	back.By = a.Person
	if moves {
		e.Document, e.By = back.Document(), a.Person
		for i := range e.Lines {
			e.Lines[i].Document = ""
		}
		if err := tx.Post(&e); err != nil {
			return old, err
		}
		back.Entry, back.Booked = e.ID, e.Date
	}
	return back, o.enter(tx, a, &back, -1, string(old.Kind)+".reversed")
}

// mayUndo asks access about undoing a record: takings and tills are the entrepreneur's or the team's, the rest the team's.
func mayUndo(a access.Actor, set *store.Settings, r sale.Record) error {
	act, ids := access.RecordTaking, []int64{r.Activity}
	switch {
	case r.Payout != nil:
		act, ids = access.RecordPayment, nil
		for _, p := range r.Payout.Parts {
			ids = append(ids, p.Activity)
		}
	case r.Remittance != nil:
		act, ids = access.RecordPayment, nil
		for _, it := range r.Remittance.Items {
			ids = append(ids, it.Activity)
		}
	case r.Till != nil && r.Till.Kind == sale.TillArrived:
		act = access.RecordPayment
	}
	for _, id := range ids {
		s := ofRecord(set, r)
		s.Activity = id
		if err := can(a, act, s); err != nil {
			return err
		}
	}
	return nil
}

// UndoRecord undoes a record of the register.
func (o *Office) UndoRecord(ctx context.Context, a access.Actor, id int64) error {
	return o.writeOnce(ctx, a, "register.undo", id, func(*store.Tx, int64) error { return nil }, func(tx *store.Tx) (int64, error) {
		var back sale.Record
		err := paidOut(tx, id, func() error {
			return takenBack(tx, id, func() (err error) {
				back, err = o.undo(tx, a, id)
				return err
			})
		})
		if err != nil || back.Taking == nil {
			return id, err
		}
		return id, o.contributeAll(tx, map[int64]date.Day{back.Activity: back.Booked}, back.Number)
	})
}

// MoveTill records what goes in or out of the till of an activity beside sales, or a count of it.
func (o *Office) MoveTill(ctx context.Context, a access.Actor, activity int64, day date.Day, m sale.TillMove, key string) (r sale.Record, err error) {
	what := struct {
		Activity int64
		Day      date.Day
		Move     sale.TillMove
	}{activity, day, m}
	err = o.write(ctx, a, func(tx *store.Tx) error {
		done, ok, err := once(tx, a, "till", key, what)
		if err != nil || ok {
			if err == nil {
				r, err = tx.Record(done)
			}
			return err
		}
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		r = sale.Record{Kind: sale.RecordTill, Activity: activity, Date: day}
		act := access.RecordTaking
		if m.Kind == sale.TillArrived {
			act = access.RecordPayment
		}
		if err := can(a, act, ofRecord(set, r)); err != nil {
			return err
		}
		if _, ok := set.Sections[activity]; !ok || activity < ledger.FirstActivity {
			return fault.New(fault.NotFound, "office.absent")
		}
		f := sale.TillFacts{Team: can(a, access.RecordPayment, ofRecord(set, r)) == nil}
		if f.RegisterFacts, err = registerFacts(tx); err != nil {
			return err
		}
		on := day
		if on == 0 {
			on = f.Today
		}
		if f.Balance, _, err = standing(tx, activity, sale.Till, on); err != nil {
			return err
		}
		put, err := putIn(tx, activity, on)
		if err != nil {
			return err
		}
		f.Put = max(0, put)
		if f.Transit, _, err = standing(tx, activity, sale.Transit, on); err != nil {
			return err
		}
		checked, err := m.Check(day, f)
		if err != nil {
			return err
		}
		r.Till = &checked
		if err := o.record(tx, a, &r, f.RegisterFacts, "till."+string(m.Kind)); err != nil {
			return err
		}
		return keep(tx, a, "till", key, what, r.ID)
	})
	return r, err
}

// recordOnce begins a record of the house's money: who may, what it is checked with; or, of a second click, what the first
// one recorded.
func recordOnce(tx *store.Tx, a access.Actor, kind, key string, day date.Day, what any, r *sale.Record) (set *store.Settings, f sale.RegisterFacts, done bool, err error) {
	id, done, err := once(tx, a, kind, key, what)
	if err != nil || done {
		if err == nil {
			*r, err = tx.Record(id)
		}
		return nil, f, true, err
	}
	if set, err = tx.Settings(); err != nil {
		return nil, f, false, err
	}
	if err := can(a, access.RecordPayment, access.Subject{Year: yearOf(set, day), Kind: access.Payment}); err != nil {
		return nil, f, false, err
	}
	f, err = registerFacts(tx)
	return set, f, false, err
}

// SavePayout records what an acquirer paid: it clears cards and online payments of one activity or many.
func (o *Office) SavePayout(ctx context.Context, a access.Actor, day date.Day, p sale.Payout, key string) (r sale.Record, err error) {
	what := struct {
		Day    date.Day
		Payout sale.Payout
	}{day, p}
	err = o.write(ctx, a, func(tx *store.Tx) error {
		set, f, done, err := recordOnce(tx, a, "payout", key, day, what, &r)
		if err != nil || done {
			return err
		}
		var waiting []sale.Uncleared
		r = sale.Record{Kind: sale.RecordPayout, Date: day}
		for _, part := range p.Parts {
			if err := can(a, access.RecordPayment, access.Subject{Activity: part.Activity, Year: yearOf(set, day), Kind: access.Payment}); err != nil {
				return err
			}
			u := sale.Uncleared{Activity: part.Activity}
			on := booksDay(set, day, f.Today)
			if _, u.Card, err = standing(tx, part.Activity, sale.Cards, on); err != nil {
				return err
			}
			if _, u.Online, err = standing(tx, part.Activity, sale.Onlines, on); err != nil {
				return err
			}
			waiting = append(waiting, u)
		}
		checked, err := p.Check(day, waiting, f)
		if err != nil {
			return err
		}
		checked.Parts = slices.DeleteFunc(slices.Clone(checked.Parts), func(x sale.PayoutPart) bool { return x.Card == 0 && x.Online == 0 })
		if len(checked.Parts) == 1 {
			r.Activity = checked.Parts[0].Activity
		}
		r.Payout = &checked
		if err := o.record(tx, a, &r, f, "payout"); err != nil {
			return err
		}
		if err := o.contributeAll(tx, feeMargins(set, checked, r.Booked), checked.Acquirer); err != nil {
			return err
		}
		return keep(tx, a, "payout", key, what, r.ID)
	})
	return r, err
}

// feeMargins are the activities whose margin a fee changes.
func feeMargins(_ *store.Settings, p sale.Payout, day date.Day) map[int64]date.Day {
	touched := map[int64]date.Day{}
	for _, x := range p.Parts {
		touched[x.Activity] = day
	}
	return touched
}

// Remit deposits cheques: those of the entries and activities named, all of them loose.
func (o *Office) Remit(ctx context.Context, a access.Actor, day date.Day, cheques []sale.ChequeItem, word, key string) (r sale.Record, err error) {
	what := struct {
		Day     date.Day
		Cheques []sale.ChequeItem
		Word    string
	}{day, cheques, word}
	err = o.write(ctx, a, func(tx *store.Tx) error {
		set, f, done, err := recordOnce(tx, a, "remittance", key, day, what, &r)
		if err != nil || done {
			return err
		}
		loose, err := tx.LooseCheques()
		if err != nil {
			return err
		}
		m := sale.Remittance{Word: word}
		for _, want := range cheques {
			i := slices.IndexFunc(loose, func(it sale.ChequeItem) bool { return it.Entry == want.Entry && it.Activity == want.Activity })
			if i < 0 {
				return fault.New(fault.Conflict, "till.fault.cheque_gone")
			}
			if err := can(a, access.RecordPayment, access.Subject{Activity: want.Activity, Year: yearOf(set, day), Kind: access.Payment}); err != nil {
				return err
			}
			m.Items = append(m.Items, loose[i])
			loose = slices.Delete(loose, i, i+1)
		}
		if err := m.Check(booksDay(set, day, f.Today), f); err != nil {
			return err
		}
		r = sale.Record{Kind: sale.RecordRemittance, Date: day, Remittance: &m}
		if err := o.record(tx, a, &r, f, "remittance"); err != nil {
			return err
		}
		return keep(tx, a, "remittance", key, what, r.ID)
	})
	return r, err
}
