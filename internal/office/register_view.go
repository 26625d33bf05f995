package office

import (
	"cmp"
	"context"
	"slices"

	"essaim/access"
	"essaim/date"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/money"
	"essaim/sale"
)

// uncounted is how long a till may go without being counted before somebody is told.
const uncounted = 31

// TillState is what a till holds, and when it was counted.
type TillState struct {
	Activity int64
	Held     money.Cents
	Counted  date.Day // 0: never
	Moved    date.Day // first day it moved since, 0: it did not
	Put      money.Cents
	Transit  money.Cents
	Used     bool // it ever moved
}

// Late says since how many days a till that moves was not counted; 0 when that is soon enough, or when there is nothing in
// it to count.
func (t TillState) Late(today date.Day) int {
	if t.Moved == 0 || today-t.Moved <= uncounted || t.Held == 0 {
		return 0
	}
	return int(today - cmp.Or(t.Counted, t.Moved))
}

// MonthTakings is what the page of takings shows of an activity.
type MonthTakings struct {
	Till      TillState
	Month     date.Month
	Records   []sale.Record // takings and moves of the till, the latest first
	Means     sale.Tenders  // of the month, what was undone left out
	Sold      money.Cents
	Net       money.Cents
	Count     int
	Days      []sale.TillDay // of the month
	Waiting   sale.Uncleared
	Cheques   money.Cents // not deposited yet
	Announced []store.Announcement
}

// Takings returns the takings of an activity in a month with the state of its till.
func (o *Office) Takings(ctx context.Context, a access.Actor, activityID int64, month date.Month) (m MonthTakings, err error) {
	err = o.read(ctx, a, func(tx *store.Tx) error {
		m = MonthTakings{Month: month}
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		if err := can(a, access.ViewDocument, access.Subject{Activity: activityID, Year: yearOf(set, month.First()), Kind: access.Payment}); err != nil {
			return err
		}
		if m.Records, err = tx.Records(store.RecordFilter{Kinds: []sale.RecordKind{sale.RecordTaking, sale.RecordTill}, Activity: activityID, From: month.First(), To: month.Last(), Limit: 400}); err != nil {
			return err
		}
		for _, r := range m.Records {
			if r.Taking == nil || r.Reversed != 0 {
				continue
			}
			t := r.Taking.Means
			m.Means = sale.Tenders{Cash: m.Means.Cash + t.Cash, Card: m.Means.Card + t.Card, Cheque: m.Means.Cheque + t.Cheque, Online: m.Means.Online + t.Online}
			m.Sold, m.Net, m.Count = m.Sold+t.Total(), m.Net+r.Taking.Totals.Net, m.Count+r.Taking.Count
		}
		if m.Till, err = tillState(tx, activityID, a.Today); err != nil {
			return err
		}
		if m.Waiting.Card, _, err = standing(tx, activityID, sale.Cards, a.Today); err != nil {
			return err
		}
		if m.Waiting.Online, _, err = standing(tx, activityID, sale.Onlines, a.Today); err != nil {
			return err
		}
		if m.Cheques, _, err = standing(tx, activityID, sale.Cheques, a.Today); err != nil {
			return err
		}
		m.Announced, err = tx.Announcements("", activityID, 8)
		return err
	})
	return m, err
}

func tillState(tx *store.Tx, activityID int64, today date.Day) (t TillState, err error) {
	t.Activity = activityID
	before, days, err := tx.Standing(activityID, sale.Till, today.Month().First())
	if err != nil {
		return t, err
	}
	t.Held = before
	for _, d := range days {
		t.Held = d.Balance
	}
	if t.Counted, t.Moved, err = tx.LastCount(activityID); err != nil {
		return t, err
	}
	t.Used = t.Counted != 0 || t.Moved != 0
	if t.Transit, _, err = standing(tx, activityID, sale.Transit, today); err != nil {
		return t, err
	}
	put, _, err := standing(tx, activityID, sale.Pockets, today)
	t.Put = max(0, -put)
	return t, err
}

// Record returns one record of the register.
func (o *Office) Record(ctx context.Context, a access.Actor, id int64) (r sale.Record, may bool, err error) {
	err = o.read(ctx, a, func(tx *store.Tx) error {
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		if r, err = tx.Record(id); err != nil {
			return absent(a, access.ViewDocument, err)
		}
		if r.Reverses != 0 {
			if r, err = tx.Record(r.Reverses); err != nil {
				return err
			}
		}
		if err := can(a, access.ViewDocument, ofRecord(set, r)); err != nil {
			r = sale.Record{}
			return err
		}
		may = r.Reversed == 0 && mayUndo(a, set, r) == nil
		return nil
	})
	return r, may, err
}

// CashDesk is what the team sees of money that is not in the bank yet.
type CashDesk struct {
	Tills       []TillState // of every activity that has one
	Waiting     []sale.Uncleared
	Loose       []sale.ChequeItem
	Announced   []store.Announcement
	Payouts     []sale.Record
	Remittances []sale.Record
}

// CashDesk returns it.
func (o *Office) CashDesk(ctx context.Context, a access.Actor) (d CashDesk, err error) {
	if err := can(a, access.RecordPayment, access.Subject{}); err != nil {
		return d, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		d = CashDesk{}
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		year, ok := set.YearOf(a.Today)
		if !ok {
			return nil
		}
		held := map[string]map[int64]money.Cents{}
		for _, account := range []string{sale.Till, sale.Cards, sale.Onlines, sale.Transit} {
			if held[account], err = tx.HeldOn(account, year.ID); err != nil {
				return err
			}
		}
		counted, moved, err := tx.LastCounts()
		if err != nil {
			return err
		}
		var ids []int64
		for id := range set.Sections {
			if id >= ledger.FirstActivity {
				ids = append(ids, id)
			}
		}
		slices.Sort(ids)
		for _, id := range ids {
			t := TillState{Activity: id, Held: held[sale.Till][id], Counted: counted[id], Moved: moved[id], Transit: held[sale.Transit][id]}
			if t.Held != 0 || t.Counted != 0 || t.Moved != 0 || t.Transit != 0 {
				d.Tills = append(d.Tills, t)
			}
			if u := (sale.Uncleared{Activity: id, Card: held[sale.Cards][id], Online: held[sale.Onlines][id]}); u.Card != 0 || u.Online != 0 {
				d.Waiting = append(d.Waiting, u)
			}
		}
		if d.Loose, err = tx.LooseCheques(); err != nil {
			return err
		}
		if d.Announced, err = tx.Announcements(store.Announced, 0, 200); err != nil {
			return err
		}
		if d.Payouts, err = tx.Records(store.RecordFilter{Kinds: []sale.RecordKind{sale.RecordPayout}, Limit: 30}); err != nil {
			return err
		}
		d.Remittances, err = tx.Records(store.RecordFilter{Kinds: []sale.RecordKind{sale.RecordRemittance}, Limit: 30})
		return err
	})
	return d, err
}
