package office

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"essaim/access"
	"essaim/date"
	"essaim/fault"
	"essaim/format/sepa"
	"essaim/internal/store"
	"essaim/member"
	"essaim/money"
	"essaim/payroll"
)

// PayWait is an issued payslip that no file of transfers pays yet.
type PayWait struct {
	Slip   store.SlipSums
	Person member.Person
	Why    []payroll.Note // empty: the next file pays it
}

// PayTransfersView is what the bank was asked to pay for a month, and what it was not.
type PayTransfersView struct {
	Month   date.Month
	Day     date.Day // proposed
	Files   []PayTransferFile
	Ready   []PayWait
	Waiting []PayWait
	Total   money.Cents // of Ready
	NoIBAN  bool        // the cooperative has given no account to pay from
	MayRun  bool
}

// PayTransferFile is a file that was made.
type PayTransferFile struct {
	store.PayTransfer
	Executed bool // what it pays is no more owed in the books
	// Unpaid are, of a file that left, the payslips that the books owe whole.
	Unpaid []PayUnpaid
}

// PayUnpaid is a payslip that nothing shows the bank to have paid.
type PayUnpaid struct {
	Slip   store.SlipSums
	Person member.Person
	Mine   bool // of who asks: another says that the bank rejected it
}

// Left is the day on which it left: as somebody said, or its own once the books show that the bank paid. 0: it has not.
func (t *PayTransferFile) Left() date.Day {
	switch {
	case t.Cancelled != 0:
		return 0
	case t.Sent != 0:
		return t.Sent
	case t.Executed:
		return t.Day
	}
	return 0
}

// transferFile completes a file with what the books say of it.
func transferFile(tx *store.Tx, t store.PayTransfer) (PayTransferFile, error) {
	f := PayTransferFile{PayTransfer: t}
	if t.Cancelled != 0 {
		return f, nil
	}
	n, err := tx.PaidMeanwhile(t.ID)
	f.Executed = n > 0
	return f, err
}

// leftDays are the days on which files of transfers left, by file; the books are asked of those alone of which nobody spoke.
func leftDays(tx *store.Tx, files []store.PayTransfer) (map[int64]date.Day, error) {
	all := map[int64]date.Day{}
	for _, t := range files {
		f := PayTransferFile{PayTransfer: t}
		if t.Sent == 0 {
			var err error
			if f, err = transferFile(tx, t); err != nil {
				return nil, err
			}
		}
		if day := f.Left(); day != 0 {
			all[t.ID] = day
		}
	}
	return all, nil
}

// PayTransfers returns the files of a month and who waits.
func (o *Office) PayTransfers(ctx context.Context, a access.Actor, m date.Month) (v PayTransfersView, err error) {
	if err := can(a, access.ViewPay, access.Subject{}); err != nil {
		return v, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		f, err := readPay(tx, m)
		if err != nil {
			return err
		}
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		v = PayTransfersView{Month: m, Day: f.orderDay(a.Today), NoIBAN: set.Coop.IBAN == "", MayRun: can(a, access.RunPay, access.Subject{}) == nil}
		files, err := tx.PayTransfers(m)
		if err != nil {
			return err
		}
		for _, t := range files {
			x, err := transferFile(tx, t)
			if err != nil {
				return err
			}
			if x.Left() != 0 {
				if x.Unpaid, err = f.unpaid(tx, a, t); err != nil {
					return err
				}
			}
			v.Files = append(v.Files, x)
		}
		all, err := f.toPay(tx, a)
		for _, w := range all {
			if len(w.Why) > 0 {
				v.Waiting = append(v.Waiting, w)
				continue
			}
			v.Ready = append(v.Ready, w)
			v.Total += w.Slip.Paid
		}
		return err
	})
	return v, err
}

// unpaid are the payslips of a file that the books owe whole, by name.
func (f *payFacts) unpaid(tx *store.Tx, a access.Actor, t store.PayTransfer) (all []PayUnpaid, err error) {
	owed, err := tx.OwedSlips(t.ID)
	if err != nil || len(owed) == 0 {
		return nil, err
	}
	slips, err := tx.SlipsBetween(t.Month, t.Month)
	if err != nil {
		return nil, err
	}
	for _, s := range slips {
		if _, in := slices.BinarySearch(owed, s.ID); in {
			all = append(all, PayUnpaid{Slip: s, Person: f.people[s.Person], Mine: s.Person == a.Person})
		}
	}
	slices.SortStableFunc(all, func(x, y PayUnpaid) int { return byName(x.Person, y.Person) })
	return all, nil
}

func byName(x, y member.Person) int {
	return cmp.Compare(store.Normal(x.LastName+" "+x.FirstName), store.Normal(y.LastName+" "+y.FirstName))
}

// orderDay is the day of payment, or the first working day from today when that is past.
func (f *payFacts) orderDay(today date.Day) date.Day {
	d := max(f.payDay(), today)
	for !d.Working() {
		d++
	}
	return d
}

// toPay are the issued payslips of the month that no file pays, each with why it waits.
func (f *payFacts) toPay(tx *store.Tx, a access.Actor) ([]PayWait, error) {
	slips, err := tx.SlipsBetween(f.month, f.month)
	if err != nil {
		return nil, err
	}
	set, err := tx.Settings()
	if err != nil {
		return nil, err
	}
	runs := can(a, access.RunPay, access.Subject{}) == nil
	var all []PayWait
	for _, s := range slips {
		if !s.Real() || s.Origin == store.SlipOpening || s.Transfer != 0 || s.Paid == 0 {
			continue
		}
		w := PayWait{Slip: s, Person: f.people[s.Person]}
		known := f.known[s.Person].Known
		say := func(key string) { w.Why = append(w.Why, payroll.Note{Key: key}) }
		switch {
		case s.Paid < 0:
			say("pay_month.wait.negative")
		case runs && can(a, access.RunPay, access.Subject{Person: s.Person}) != nil: // who only reads is told what waits for all
			say("pay_month.wait.own")
		case known.IBAN == "" || known.Holder == "":
			if known.IBAN == "" {
				say("payroll.lacks.iban")
			}
			if known.Holder == "" {
				say("payroll.lacks.holder")
			}
		default:
			// Alone in a file, so that one name too long keeps nobody else waiting.
			one := sepa.File{Batches: []sepa.Batch{{Debtor: sepa.Party{IBAN: set.Coop.IBAN}, Transfers: []sepa.Transfer{f.transfer(s, known)}}}}
			for _, e := range fault.All(one.Clean().Check()) {
				if strings.Contains(e.Field, "transfers[0]") {
					w.Why = append(w.Why, payroll.Note{Key: e.Key, Args: e.Args})
				}
			}
		}
		all = append(all, w)
	}
	slices.SortStableFunc(all, func(x, y PayWait) int { return byName(x.Person, y.Person) })
	return all, nil
}

func (f *payFacts) transfer(s store.SlipSums, known payroll.Person) sepa.Transfer {
	return sepa.Transfer{EndToEnd: "PAIE-" + f.month.String() + "-" + strconv.FormatInt(s.ID, 10), Amount: s.Paid, Creditor: sepa.Party{Name: known.Holder, IBAN: known.IBAN, BIC: known.BIC}, Text: "PAIE " + f.month.String()}
}

// OrderPay makes the file of transfers of all that is issued for a month and that no file pays. Who cannot be paid so
// waits with the reason; nobody pays themselves.
func (o *Office) OrderPay(ctx context.Context, a access.Actor, m date.Month, day date.Day, key string) (t store.PayTransfer, err error) {
	if err := can(a, access.RunPay, access.Subject{}); err != nil {
		return t, err
	}
	err = o.writeOnce(Keyed(ctx, key), a, "pay_order", []any{m, day}, func(tx *store.Tx, id int64) (err error) {
		t, err = tx.PayTransfer(id)
		return err
	}, func(tx *store.Tx) (int64, error) {
		f, err := readPay(tx, m)
		if err != nil {
			return 0, err
		}
		set, err := tx.Settings()
		if err != nil {
			return 0, err
		}
		switch {
		case set.Coop.IBAN == "":
			return 0, fault.New(fault.Conflict, "pay_month.fault.no_iban")
		case day < a.Today:
			return 0, fault.At("day", "pay_month.fault.day_past", "today", a.Today)
		case day > a.Today+60:
			return 0, fault.At("day", "pay_month.fault.day_far", "last", a.Today+60)
		}
		all, err := f.toPay(tx, a)
		if err != nil {
			return 0, err
		}
		batch := sepa.Batch{Day: day, Debtor: sepa.Party{Name: set.Coop.Name, IBAN: set.Coop.IBAN, BIC: set.Coop.BIC}, Purpose: sepa.Wages, BatchBooking: true}
		var ids []int64
		for _, w := range all {
			if len(w.Why) > 0 {
				continue
			}
			batch.Transfers = append(batch.Transfers, f.transfer(w.Slip, f.known[w.Slip.Person].Known))
			ids = append(ids, w.Slip.ID)
		}
		if len(ids) == 0 {
			return 0, fault.New(fault.Conflict, "pay_month.fault.nothing_to_pay")
		}
		t = store.PayTransfer{Month: m, Day: day, Count: len(ids), Total: batch.Total(), By: a.Person}
		at := time.UnixMicro(tx.Now()).UTC()
		name := "PAIE-" + m.String() + "-" + strconv.FormatInt(at.UnixMilli(), 36)
		batch.ID = name
		file := sepa.File{MessageID: name, Created: at.Format("2006-01-02T15:04:05Z"), Initiator: set.Coop.Name, Batches: []sepa.Batch{batch}}
		var b bytes.Buffer
		if err := sepa.Write(&b, file); err != nil {
			return 0, err
		}
		if t.File, err = o.files.Put(b.Bytes()); err != nil {
			return 0, err
		}
		if err := tx.AddFile(t.File, transferName(t), "application/xml", int64(b.Len())); err != nil {
			return 0, err
		}
		if err := tx.AddPayTransfer(&t); err != nil {
			return 0, err
		}
		if err := tx.OrderSlips(t.ID, ids); err != nil {
			return 0, err
		}
		return t.ID, tx.Audit(a.Person, "pay.order", payMonthSubject(m), map[string]any{"n": t.Count, "day": t.Day})
	})
	return t, err
}

func transferName(t store.PayTransfer) string { return fmt.Sprintf("virements-%s.xml", t.Month) }

// PayTransferFile returns the file that a bank reads, once more.
func (o *Office) PayTransferFile(ctx context.Context, a access.Actor, id int64) (name string, b []byte, err error) {
	if err := can(a, access.RunPay, access.Subject{}); err != nil {
		return "", nil, err
	}
	var t store.PayTransfer
	if err := o.read(ctx, a, func(tx *store.Tx) (err error) { t, err = tx.PayTransfer(id); return err }); err != nil {
		return "", nil, err
	}
	b, err = o.files.Get(t.File)
	return transferName(t), b, err
}

// CancelPayTransfer takes a file back as long as the bank has not executed it: what it pays waits for another.
func (o *Office) CancelPayTransfer(ctx context.Context, a access.Actor, id int64) (t store.PayTransfer, err error) {
	if err := can(a, access.RunPay, access.Subject{}); err != nil {
		return t, err
	}
	err = o.write(ctx, a, func(tx *store.Tx) error {
		if t, err = tx.PayTransfer(id); err != nil || t.Cancelled != 0 {
			return err
		}
		n, err := tx.PaidMeanwhile(id)
		if err != nil {
			return err
		}
		if n > 0 {
			return fault.New(fault.Conflict, "pay_month.fault.executed", "n", n)
		}
		if t.Sent != 0 {
			return fault.New(fault.Conflict, "pay_month.fault.sent", "day", t.Sent)
		}
		if err := tx.CancelPayTransfer(id); err != nil {
			return err
		}
		return tx.Audit(a.Person, "pay.order_cancel", payMonthSubject(t.Month), map[string]any{"n": t.Count, "day": t.Day})
	})
	return t, err
}

// SendPayTransfer says on which day a file left for the bank: until then its payslips are prepared, not paid.
func (o *Office) SendPayTransfer(ctx context.Context, a access.Actor, id int64, day date.Day) (t store.PayTransfer, err error) {
	return o.sendTransfer(ctx, a, id, "pay.order_sent", func(tx *store.Tx, t *PayTransferFile) (date.Day, error) {
		set, err := tx.Settings()
		if err != nil {
			return 0, err
		}
		made := date.FromTime(time.UnixMicro(t.At).In(set.Zone))
		switch {
		case t.Cancelled != 0:
			return 0, fault.New(fault.Conflict, "store.pay_transfer_cancelled")
		case day < made:
			return 0, fault.At("day", "pay_month.fault.sent_before", "made", made)
		case day > a.Today:
			return 0, fault.At("day", "pay_month.fault.sent_ahead", "today", a.Today)
		}
		return day, nil
	})
}

// KeepPayTransfer takes back that a file left, as long as the books do not show that the bank paid and the day on which it
// was to pay has not passed: from then on the bank may have paid, and the next file would pay twice.
func (o *Office) KeepPayTransfer(ctx context.Context, a access.Actor, id int64) (t store.PayTransfer, err error) {
	return o.sendTransfer(ctx, a, id, "pay.order_kept", func(_ *store.Tx, t *PayTransferFile) (date.Day, error) {
		if t.Executed {
			return 0, fault.New(fault.Conflict, "pay_month.fault.paid")
		}
		if t.Sent != 0 && !t.Keepable(a.Today) {
			return 0, fault.New(fault.Conflict, "pay_month.fault.kept_late", "day", t.Day)
		}
		return 0, nil
	})
}

// Keepable says whether it may be taken back on a day that the file left.
func (t *PayTransferFile) Keepable(today date.Day) bool {
	return t.Sent != 0 && t.Cancelled == 0 && !t.Executed && today <= t.Day
}

// RejectPay says that the bank rejected a payslip of a file that left: the next file pays it. The books must owe it whole;
// nobody says so of their own pay. The reason is of 250 signs at most.
func (o *Office) RejectPay(ctx context.Context, a access.Actor, transfer, slip int64, reason string) error {
	if err := can(a, access.RunPay, access.Subject{}); err != nil {
		return err
	}
	reason = strings.TrimSpace(reason)
	switch {
	case reason == "":
		return fault.At("reason", "pay_month.fault.reject_reason")
	case utf8.RuneCountInString(reason) > 250 || !fault.Plain(reason):
		return fault.At("reason", "office.reason_text")
	}
	return o.write(ctx, a, func(tx *store.Tx) error {
		t, err := tx.PayTransfer(transfer)
		if err != nil {
			return err
		}
		s, err := tx.Slip(slip)
		if err != nil {
			return err
		}
		if err := can(a, access.RunPay, access.Subject{Person: s.Person}); err != nil {
			return err
		}
		if s.Transfer != t.ID {
			return fault.New(fault.Conflict, "pay_month.fault.not_in_file")
		}
		f, err := transferFile(tx, t)
		if err != nil {
			return err
		}
		owed, err := tx.OwedSlips(t.ID)
		if err != nil {
			return err
		}
		switch _, open := slices.BinarySearch(owed, s.ID); {
		case f.Left() == 0:
			return fault.New(fault.Conflict, "pay_month.fault.not_sent")
		case !open:
			return fault.New(fault.Conflict, "pay_month.fault.slip_paid")
		}
		if err := tx.ReleaseSlip(t.ID, s.ID, s.Body.Payslip.Totals.Paid); err != nil {
			return err
		}
		return tx.Audit(a.Person, "pay.order_rejected", payMonthSubject(t.Month), map[string]any{"person": s.Person, "day": t.Day, "comment": reason})
	})
}

func (o *Office) sendTransfer(ctx context.Context, a access.Actor, id int64, action string, on func(*store.Tx, *PayTransferFile) (date.Day, error)) (t store.PayTransfer, err error) {
	if err := can(a, access.RunPay, access.Subject{}); err != nil {
		return t, err
	}
	err = o.write(ctx, a, func(tx *store.Tx) error {
		if t, err = tx.PayTransfer(id); err != nil {
			return err
		}
		f, err := transferFile(tx, t)
		if err != nil {
			return err
		}
		day, err := on(tx, &f)
		if err != nil || day == t.Sent { // a second click
			return err
		}
		if err := tx.SendPayTransfer(id, day, a.Person); err != nil {
			return err
		}
		t.Sent, t.SentBy = day, a.Person
		return tx.Audit(a.Person, action, payMonthSubject(t.Month), map[string]any{"n": t.Count, "day": cmp.Or(day, t.Day)})
	})
	return t, err
}
