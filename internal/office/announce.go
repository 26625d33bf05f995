package office

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"essaim/access"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/money"
	"essaim/sale"
)

// announceable are the means that somebody may announce.
var announceable = []sale.Means{sale.Cheque, sale.Cash, sale.Transfer}

// Announce keeps what an entrepreneur says to have received. It counts nowhere until the team has it.
func (o *Office) Announce(ctx context.Context, a access.Actor, n store.Announcement, key string) (saved store.Announcement, err error) {
	err = o.write(ctx, a, func(tx *store.Tx) error {
		saved = n
		id, done, err := once(tx, a, "announce", key, n)
		if err != nil || done {
			if err == nil {
				saved, err = tx.Announcement(id)
			}
			return err
		}
		if err := can(a, access.RecordTaking, access.Subject{Activity: n.Activity, Kind: access.Payment}); err != nil {
			return err
		}
		if err := checkAnnouncement(tx, a, &saved); err != nil {
			return err
		}
		saved.By, saved.Payment, saved.Answer, saved.DoneBy = a.Person, 0, "", 0
		if err := tx.AddAnnouncement(&saved); err != nil {
			return err
		}
		if err := tx.Audit(a.Person, "announcement", announcementSubject(saved.ID), map[string]any{"activity": saved.Activity, "amount": saved.Amount}); err != nil {
			return err
		}
		return keep(tx, a, "announce", key, n, saved.ID)
	})
	return saved, err
}

func announcementSubject(id int64) string { return fmt.Sprintf("announcement:%d", id) }

func checkAnnouncement(tx *store.Tx, a access.Actor, n *store.Announcement) error {
	var errs []error
	bad := func(field, key string, args ...any) { errs = append(errs, fault.At(field, key, args...)) }
	if !slices.Contains(announceable, sale.Means(n.Means)) {
		bad("means", "sale.fault.means")
	}
	switch {
	case n.Amount <= 0:
		bad("amount", "till.fault.announced_nil")
	case n.Amount > money.Max:
		bad("amount", "sale.fault.amount_large", "max", money.Max)
	}
	switch {
	case n.Day == 0:
		bad("date", "till.fault.date_missing")
	case n.Day > a.Today:
		bad("date", "till.fault.date_ahead", "on", n.Day)
	}
	if len([]rune(n.Word)) > 300 {
		bad("word", "till.fault.word_long", "max", 300)
	}
	if !fault.Plain(n.Word) {
		bad("word", "till.fault.word_signs")
	}
	if n.Sale != 0 {
		d, err := tx.Sale(n.Sale)
		if err != nil || d.Activity != n.Activity || d.Kind != sale.Invoice || d.Number == "" {
			return fault.At("invoice", "till.fault.announced_invoice")
		}
		n.Customer = d.Customer
		if left := sale.Payable(d); n.Amount > left && d.Totals.Foreign == nil { // of another currency the euros are known once they have come
			bad("amount", "till.fault.announced_more", "invoice", d.Number, "left", left)
		}
	}
	if n.Customer == 0 && n.Word == "" {
		bad("word", "till.fault.announced_whose")
	}
	if n.Customer != 0 {
		c, err := tx.Customer(n.Customer)
		if err != nil || c.Activity != n.Activity {
			bad("customer", "till.fault.announced_customer")
		}
	}
	return errors.Join(errs...)
}

// Announcements returns what was announced, in a state ("": any), of one activity or of all that the actor may see (0).
func (o *Office) Announcements(ctx context.Context, a access.Actor, state store.AnnouncementState, activityID int64) (all []store.Announcement, err error) {
	if err := can(a, access.ViewDocument, access.Subject{Activity: activityID, Kind: access.Payment}); err != nil {
		return nil, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		all, err = tx.Announcements(state, activityID, 200)
		return err
	})
	return all, err
}

// Announcement returns one announcement.
func (o *Office) Announcement(ctx context.Context, a access.Actor, id int64) (n store.Announcement, err error) {
	err = o.read(ctx, a, func(tx *store.Tx) error {
		if n, err = tx.Announcement(id); err != nil {
			return absent(a, access.ViewDocument, err)
		}
		if err := can(a, access.ViewDocument, access.Subject{Activity: n.Activity, Kind: access.Payment}); err != nil {
			n = store.Announcement{}
			return err
		}
		return nil
	})
	return n, err
}

// ReceiveAnnounced records the payment that was announced, and says so of the announcement.
func (o *Office) ReceiveAnnounced(ctx context.Context, a access.Actor, id int64, p sale.Payment, key string) (saved sale.Payment, err error) {
	what := struct {
		ID      int64
		Payment sale.Payment
	}{id, p}
	err = o.write(ctx, a, func(tx *store.Tx) error {
		saved = p
		done, ok, err := once(tx, a, "payment", key, what)
		if err != nil || ok {
			if err == nil {
				saved, err = tx.Payment(done)
			}
			return err
		}
		n, err := tx.Announcement(id)
		if err != nil {
			return absent(a, access.RecordPayment, err)
		}
		if err := o.receive(tx, a, &saved, undoing{}); err != nil {
			return err
		}
		if saved.Activity != n.Activity {
			return fault.At("customer", "till.fault.announced_customer")
		}
		n.State, n.Payment, n.DoneBy = store.Received, saved.ID, a.Person
		if err := tx.EndAnnouncement(&n); err != nil {
			return err
		}
		if err := tx.Audit(a.Person, "announcement.received", announcementSubject(id), map[string]any{"activity": n.Activity, "amount": saved.Amount}); err != nil {
			return err
		}
		return keep(tx, a, "payment", key, what, saved.ID)
	})
	return saved, err
}

// DeclineAnnouncement says why the team does not record what was announced; whoever announced it may withdraw it.
func (o *Office) DeclineAnnouncement(ctx context.Context, a access.Actor, id int64, answer string) error {
	return o.writeOnce(ctx, a, "announcement.decline", []any{id, answer}, func(*store.Tx, int64) error { return nil }, func(tx *store.Tx) (int64, error) {
		n, err := tx.Announcement(id)
		if err != nil {
			return 0, absent(a, access.RecordTaking, err)
		}
		s := access.Subject{Activity: n.Activity, Kind: access.Payment}
		action := "announcement.declined"
		n.State, n.Answer, n.DoneBy = store.Declined, answer, a.Person
		if n.By == a.Person && can(a, access.RecordTaking, s) == nil {
			n.State, action = store.Withdrawn, "announcement.withdrawn"
		} else {
			if err := can(a, access.RecordPayment, s); err != nil {
				return 0, err
			}
			if answer == "" {
				return 0, fault.At("answer", "till.fault.answer")
			}
		}
		if len([]rune(answer)) > 300 || !fault.Plain(answer) {
			return 0, fault.At("answer", "till.fault.word_long", "max", 300)
		}
		if err := tx.EndAnnouncement(&n); err != nil {
			return 0, err
		}
		return id, tx.Audit(a.Person, action, announcementSubject(id), map[string]any{"activity": n.Activity, "comment": answer})
	})
}
