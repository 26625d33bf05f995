package office

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"essaim/access"
	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/format/pdf"
	"essaim/i18n"
	"essaim/internal/store"
	"essaim/joint"
	"essaim/money"
	"essaim/sale"
)

// seriesInternal names the series of internal invoices and their credits: I-2026-0001, one a civil year, without a hole.
const seriesInternal = "internal"

const jobSilence = "internal.silence"

type silenceArgs struct {
	Internal int64 `json:"internal"`
	SentAt   int64 `json:"sentAt"` // sent again since, it is another silence
}

// seesInternal says whether the actor may see an internal invoice: of their activity or one they work for, and for the
// receiver from the day it was sent on.
func seesInternal(set *store.Settings, a access.Actor, i joint.Invoice) error {
	year := yearOf(set, i.Date)
	err := can(a, access.ViewDocument, access.Subject{Activity: i.Sender, Year: year})
	if err != nil && i.Status != joint.Draft && i.Receiver != 0 {
		if can(a, access.ViewDocument, access.Subject{Activity: i.Receiver, Year: year}) == nil {
			return nil
		}
	}
	return err
}

// internal reads one that the actor may see.
func internal(tx *store.Tx, a access.Actor, id int64) (joint.Invoice, error) {
	set, err := tx.Settings()
	if err != nil {
		return joint.Invoice{}, err
	}
	i, err := tx.Internal(id)
	if err != nil {
		return i, absent(a, access.ViewDocument, err)
	}
	if err := seesInternal(set, a, i); err != nil {
		return joint.Invoice{}, err
	}
	return i, nil
}

// sending is what a deed of the sender bears on, agreeing what a « bon à payer » does.
func sending(set *store.Settings, i joint.Invoice) access.Subject {
	return access.Subject{Activity: i.Sender, Author: i.Author, Year: yearOf(set, i.Date)}
}

func agreeing(set *store.Settings, i joint.Invoice) access.Subject {
	return access.Subject{Activity: i.Receiver, Other: i.Sender, Author: i.Author, Year: yearOf(set, i.Date)}
}

// maySend, mayAgree and mayCancel say who may do what to an internal invoice.
func maySend(set *store.Settings, a access.Actor, i joint.Invoice) error {
	return can(a, access.SubmitDocument, sending(set, i))
}

func mayAgree(set *store.Settings, a access.Actor, i joint.Invoice) error {
	return can(a, access.AgreeJoint, agreeing(set, i))
}

func mayCancel(set *store.Settings, a access.Actor, i joint.Invoice) error {
	err := maySend(set, a, i)
	if err != nil && can(a, access.ValidateDocument, sending(set, i)) == nil {
		return nil
	}
	return err
}

// maySpeak: either side answers the other, the author too.
func maySpeak(set *store.Settings, a access.Actor, i joint.Invoice) error {
	err := can(a, access.DraftDocument, sending(set, i))
	receiver := agreeing(set, i)
	receiver.Other, receiver.Author = 0, 0
	if err != nil && can(a, access.AgreeJoint, receiver) == nil {
		return nil
	}
	return err
}

// logInternal writes the history of an internal invoice and the log.
func (o *Office) logInternal(tx *store.Tx, a access.Actor, i *joint.Invoice, deed, comment string) error {
	if deed != "save" {
		if err := tx.AddJointEvent(store.ThingInternal, i.ID, deed, comment, a.Person, a.Name); err != nil {
			return err
		}
	}
	detail := map[string]any{"number": i.Number, "comment": comment}
	if deed == "accept" || deed == "silence" || deed == "cancel" {
		detail["amount"] = i.Net
	}
	if i.Number != "" { // what verify holds it against
		detail["digest"] = i.Digest()
	}
	return tx.Audit(a.Person, "internal."+deed, joint.Document(i.ID), detail)
}

// SaveInternal keeps a draft, or what is put right after a refusal. A new one is opened under the key.
func (o *Office) SaveInternal(ctx context.Context, a access.Actor, i joint.Invoice, key string) (saved joint.Invoice, err error) {
	err = o.write(ctx, a, func(tx *store.Tx) error {
		saved = i
		if i.ID == 0 {
			if id, done, err := once(tx, a, "internal", key, i); err != nil || done {
				if err == nil {
					saved, err = internal(tx, a, id)
				}
				return err
			}
		}
		if err := o.saveInternal(tx, a, &saved); err != nil {
			return err
		}
		if i.ID != 0 {
			return nil
		}
		return keep(tx, a, "internal", key, i, saved.ID)
	})
	return saved, err
}

func (o *Office) saveInternal(tx *store.Tx, a access.Actor, i *joint.Invoice) error {
	if i.ID == 0 {
		i.Kind, i.Status, i.Author, i.Number, i.Date, i.SentAt, i.Paid, i.Awaits, i.Corrects, i.Silent = joint.Bill, joint.Draft, a.Person, "", 0, 0, 0, 0, 0, false
	} else {
		old, err := internal(tx, a, i.ID)
		if err != nil {
			return err
		}
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		if err := can(a, access.DraftDocument, sending(set, old)); err != nil {
			return err
		}
		if i.Version != 0 && i.Version != old.Version {
			return fault.New(fault.Conflict, "joint.fault.changed")
		}
		if _, err := old.Next(joint.DeedEdit); err != nil {
			return err
		}
		receiver, content := i.Receiver, i.Content
		*i = old
		i.Content = content
		if old.Number == "" { // once sent, it is to the same activity
			i.Receiver = receiver
		}
	}
	if err := can(a, access.DraftDocument, access.Subject{Activity: i.Sender}); err != nil {
		return err
	}
	if err := i.CheckDraft(); err != nil {
		return err
	}
	if err := o.partner(tx, i.Sender, i.Receiver, i.Content.Deal); err != nil {
		return err
	}
	i.Net = i.Content.Net()
	if err := tx.SaveInternal(i); err != nil {
		return err
	}
	return o.logInternal(tx, a, i, "save", "")
}

// partner checks that the receiver is an activity, and that the deal is one of both.
func (o *Office) partner(tx *store.Tx, sender, receiver, deal int64) error {
	set, err := tx.Settings()
	if err != nil {
		return err
	}
	if receiver != 0 {
		if _, err := o.near.of(tx.Coop(), set).seller(tx, receiver); fault.KindOf(err) == fault.NotFound {
			return fault.At("receiver", "joint.fault.receiver")
		} else if err != nil {
			return err
		}
	}
	if deal == 0 {
		return nil
	}
	d, err := tx.Deal(deal)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return err
	}
	for _, activity := range []int64{sender, receiver} {
		if _, ok := d.Of(activity); !ok && activity != 0 {
			return fault.At("deal", "joint.fault.deal_elsewhere")
		}
	}
	return nil
}

// DeleteInternal throws a draft away.
func (o *Office) DeleteInternal(ctx context.Context, a access.Actor, id int64) error {
	return o.write(ctx, a, func(tx *store.Tx) error {
		i, err := internal(tx, a, id)
		if err != nil {
			return err
		}
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		if err := can(a, access.DraftDocument, sending(set, i)); err != nil {
			return err
		}
		if _, err := i.Next(joint.DeedDelete); err != nil {
			return err
		}
		if err := tx.DeleteInternal(id); err != nil {
			return err
		}
		return tx.Audit(a.Person, "internal.delete", joint.Document(id), nil)
	})
}

// internalDeed runs one deed: reads, asks the state machine, changes, saves, logs. A repeat under the key of the context
// reads the answer of the first.
func (o *Office) internalDeed(ctx context.Context, a access.Actor, id, version int64, deed joint.Deed, comment string, may func(*store.Settings, access.Actor, joint.Invoice) error, change func(*store.Tx, *joint.Invoice) error) (i joint.Invoice, err error) {
	comment = strings.TrimSpace(comment)
	again := func(tx *store.Tx, id int64) (err error) { i, err = internal(tx, a, id); return err }
	err = o.writeOnce(ctx, a, "internal."+string(deed), []any{id, version, comment}, again, func(tx *store.Tx) (int64, error) {
		if i, err = internal(tx, a, id); err != nil {
			return 0, err
		}
		set, err := tx.Settings()
		if err != nil {
			return 0, err
		}
		if err := may(set, a, i); err != nil {
			return 0, err
		}
		switch {
		case version != 0 && version != i.Version:
			return 0, fault.New(fault.Conflict, "joint.fault.changed")
		case len(comment) > joint.MaxNote:
			return 0, fault.At("comment", "web.field_long", "n", joint.MaxNote)
		case comment == "" && (deed == joint.DeedRefuse || deed == joint.DeedCancel):
			return 0, fault.At("comment", "joint.fault.comment")
		}
		to, err := i.Next(deed)
		if err != nil {
			return 0, err
		}
		i.Status = to
		if err := change(tx, &i); err != nil {
			return 0, err
		}
		if err := tx.SaveInternal(&i); err != nil {
			return 0, err
		}
		return id, o.logInternal(tx, a, &i, string(deed), comment)
	})
	return i, err
}

// SendInternal sends an internal invoice to the other activity: it takes its number the first time.
func (o *Office) SendInternal(ctx context.Context, a access.Actor, id, version int64, word string) (joint.Invoice, error) {
	return o.internalDeed(ctx, a, id, version, joint.DeedSend, word, maySend, func(tx *store.Tx, i *joint.Invoice) error {
		today, err := tx.Today()
		if err != nil {
			return err
		}
		if err := i.CheckSend(today); err != nil {
			return err
		}
		if i.Number == "" {
			if i.Number, err = internalNumber(tx, today); err != nil {
				return err
			}
			i.Date = today
		}
		i.SentAt, i.Net = tx.Now(), i.Content.Net()
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		rules, err := o.near.of(tx.Coop(), set).rulesOn(today)
		if err != nil || !silent(rules.Internal, *i) {
			return err
		}
		_, err = tx.AddJob(jobSilence, silenceArgs{i.ID, i.SentAt}, tx.Now()+int64(rules.Internal.SilentDays)*(24*time.Hour).Microseconds())
		return err
	})
}

// silent says whether silence agrees to an internal invoice by a rule.
func silent(r coop.Internal, i joint.Invoice) bool { return r.SilentDays > 0 && i.Net <= r.SilentUpTo }

func internalNumber(tx *store.Tx, day date.Day) (string, error) {
	year, _, _ := day.Date()
	n, err := tx.NextNumber(seriesInternal+"/"+strconv.Itoa(year), day)
	return fmt.Sprintf("I-%d-%04d", year, n), err
}

// AcceptInternal is the « bon à payer »: the entry is made at once or, where the sender agreed to wait, with the payment of
// an invoice that the receiver has sent to its own customer (awaits; 0: at once).
func (o *Office) AcceptInternal(ctx context.Context, a access.Actor, id, version, awaits int64) (joint.Invoice, error) {
	return o.internalDeed(ctx, a, id, version, joint.DeedAccept, "", mayAgree, func(tx *store.Tx, i *joint.Invoice) error {
		return o.acceptInternal(tx, a, i, awaits)
	})
}

func (o *Office) acceptInternal(tx *store.Tx, a access.Actor, i *joint.Invoice, awaits int64) error {
	today, err := tx.Today()
	if err != nil {
		return err
	}
	i.Decided, i.By = tx.Now(), a.Person
	if awaits == 0 {
		return o.payInternal(tx, a.Person, i, i.Net, today, i.Number, 0, 0)
	}
	if !i.Content.MayWait {
		return fault.At("awaits", "joint.fault.no_wait")
	}
	inv, err := tx.Sale(awaits)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return err
	}
	if inv.Activity != i.Receiver || inv.Kind != sale.Invoice || inv.Number == "" || sale.Remaining(inv) <= 0 {
		return fault.At("awaits", "joint.fault.awaits")
	}
	i.Awaits = awaits
	return o.payAwaited(tx, a.Person, i, inv, today, 0)
}

// payInternal books what is still due of an internal invoice, as far as an amount says, and the contribution of both
// activities.
func (o *Office) payInternal(tx *store.Tx, by int64, i *joint.Invoice, due money.Cents, day date.Day, ref string, saleID, payment int64) error {
	delta := due - i.Paid
	i.Paid = due
	i.Status = joint.Accepted
	if due == i.Net {
		i.Status = joint.Booked
	}
	if delta == 0 {
		return nil
	}
	names, err := o.activityNames(tx, i.Sender, i.Receiver)
	if err != nil {
		return err
	}
	what := i.Content.Title + " (" + i.Number + ")"
	e := joint.Entry(day, ref, joint.Document(i.ID), french.T("joint.entry.internal", "number", i.Number, "from", names[i.Receiver], "to", names[i.Sender]),
		[]joint.Move{{From: i.Receiver, To: i.Sender, FromName: names[i.Receiver], ToName: names[i.Sender], Amount: delta, Axis: i.Content.Deal, What: what}})
	e.By = by
	if err := tx.Post(&e); err != nil {
		return err
	}
	part := store.JointPart{Entry: e.ID, Activity: i.Sender, From: i.Receiver, Internal: i.ID, Sale: saleID, Payment: payment, Day: day, Amount: delta}
	if err := tx.AddJointPart(part); err != nil {
		return err
	}
	return o.contributeAll(tx, map[int64]date.Day{i.Sender: day, i.Receiver: day}, i.Number)
}

// french speaks the language of the books.
var french = i18n.For("fr")

// activityNames returns the names of activities.
func (o *Office) activityNames(tx *store.Tx, ids ...int64) (map[int64]string, error) {
	set, err := tx.Settings()
	if err != nil {
		return nil, err
	}
	near, names := o.near.of(tx.Coop(), set), map[int64]string{}
	for _, id := range ids {
		s, err := near.seller(tx, id)
		if err != nil {
			return nil, err
		}
		names[id] = s.activity.Name
	}
	return names, nil
}

// PayInternal pays at once what waited for a customer.
func (o *Office) PayInternal(ctx context.Context, a access.Actor, id, version int64) (joint.Invoice, error) {
	return o.internalDeed(ctx, a, id, version, joint.DeedPay, "", mayAgree, func(tx *store.Tx, i *joint.Invoice) error {
		today, err := tx.Today()
		if err != nil {
			return err
		}
		i.Awaits = 0
		return o.payInternal(tx, a.Person, i, i.Net, today, i.Number, 0, 0)
	})
}

// RefuseInternal sends it back with a word: the sender answers, puts it right and sends it again.
func (o *Office) RefuseInternal(ctx context.Context, a access.Actor, id, version int64, comment string) (joint.Invoice, error) {
	return o.internalDeed(ctx, a, id, version, joint.DeedRefuse, comment, mayAgree, func(tx *store.Tx, i *joint.Invoice) error {
		i.Decided, i.By = tx.Now(), a.Person
		return nil
	})
}

// CommentInternal says something of an internal invoice to the other side.
func (o *Office) CommentInternal(ctx context.Context, a access.Actor, id int64, comment string) error {
	comment = strings.TrimSpace(comment)
	return o.writeOnce(ctx, a, "internal.comment", []any{id, comment}, func(*store.Tx, int64) error { return nil }, func(tx *store.Tx) (int64, error) {
		i, err := internal(tx, a, id)
		if err != nil {
			return 0, err
		}
		set, err := tx.Settings()
		if err != nil {
			return 0, err
		}
		if err := maySpeak(set, a, i); err != nil {
			return 0, err
		}
		if comment == "" || len(comment) > joint.MaxNote {
			return 0, fault.At("comment", "joint.fault.comment")
		}
		return id, o.logInternal(tx, a, &i, "comment", comment)
	})
}

// CancelInternal undoes an internal invoice by an internal credit, which takes a number of its own and gives back what was
// paid. It is the sender's to give back, or the team's.
func (o *Office) CancelInternal(ctx context.Context, a access.Actor, id, version int64, reason string) (credit joint.Invoice, err error) {
	_, err = o.internalDeed(ctx, a, id, version, joint.DeedCancel, reason, mayCancel, func(tx *store.Tx, i *joint.Invoice) error {
		today, err := tx.Today()
		if err != nil {
			return err
		}
		credit = joint.Invoice{Kind: joint.Credit, Sender: i.Sender, Receiver: i.Receiver, Author: a.Person, SentAt: tx.Now(), Decided: tx.Now(), By: a.Person, Date: today, Corrects: i.ID, Net: i.Net, Status: joint.Booked, Content: i.Content}
		if credit.Number, err = internalNumber(tx, today); err != nil {
			return err
		}
		if err := tx.SaveInternal(&credit); err != nil {
			return err
		}
		i.Awaits = 0
		if err := o.undoInternal(tx, a, i, &credit, today); err != nil {
			return err
		}
		if err := tx.SaveInternal(&credit); err != nil {
			return err
		}
		return tx.AddJointEvent(store.ThingInternal, credit.ID, "accept", strings.TrimSpace(reason), a.Person, a.Name)
	})
	return credit, err
}

// undoInternal books the credit: all that was paid goes back.
func (o *Office) undoInternal(tx *store.Tx, a access.Actor, i, credit *joint.Invoice, day date.Day) error {
	paid := i.Paid
	i.Status = joint.Cancelled
	if paid == 0 {
		return nil
	}
	parts, err := tx.PartsOfInternal(i.ID)
	if err != nil {
		return err
	}
	names, err := o.activityNames(tx, i.Sender, i.Receiver)
	if err != nil {
		return err
	}
	what := i.Content.Title + " (" + credit.Number + ", " + i.Number + ")"
	e := joint.Entry(day, credit.Number, joint.Document(credit.ID), french.T("joint.entry.credit", "number", credit.Number, "corrects", i.Number),
		[]joint.Move{{From: i.Receiver, To: i.Sender, FromName: names[i.Receiver], ToName: names[i.Sender], Amount: -paid, Axis: i.Content.Deal, What: what}})
	e.By = a.Person
	if len(parts) == 1 { // one entry, undone as a whole: the account folds the pair
		e.Reverses = parts[0].Entry
	}
	if err := tx.Post(&e); err != nil {
		return err
	}
	credit.Paid = -paid
	if err := tx.AddJointPart(store.JointPart{Entry: e.ID, Activity: i.Sender, From: i.Receiver, Internal: credit.ID, Day: day, Amount: -paid}); err != nil {
		return err
	}
	return o.contributeAll(tx, map[int64]date.Day{i.Sender: day, i.Receiver: day}, credit.Number)
}

// silence agrees to what nobody has answered, by the rule in force on the day.
func (o *Office) silence(ctx context.Context, coopID int64, args silenceArgs) error {
	a, err := o.System(ctx, coopID)
	if err != nil {
		return err
	}
	return o.write(ctx, a, func(tx *store.Tx) error {
		i, err := tx.Internal(args.Internal)
		if fault.KindOf(err) == fault.NotFound {
			return nil
		}
		if err != nil || i.Status != joint.Sent || i.SentAt != args.SentAt {
			return err
		}
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		rules, err := o.near.of(tx.Coop(), set).rulesOn(a.Today)
		if err != nil || !silent(rules.Internal, i) || tx.Now() < i.SentAt+int64(rules.Internal.SilentDays)*(24*time.Hour).Microseconds() {
			return err
		}
		i.Silent = true
		if err := o.acceptInternal(tx, a, &i, 0); err != nil {
			return err
		}
		if err := tx.SaveInternal(&i); err != nil {
			return err
		}
		return o.logInternal(tx, a, &i, "silence", "")
	})
}

// InternalSheet is an internal invoice with all that its page says.
type InternalSheet struct {
	Doc       joint.Invoice
	Names     map[int64]string
	Events    []store.JointEvent
	Parts     []store.JointPart
	Paper     sale.Paper
	Credit    joint.Invoice   // that undid it
	Corrected joint.Invoice   // that it undoes
	Awaited   sale.Document   // customer's invoice it waits for, for the receiver and the team
	Open      []sale.Document // the receiver's open invoices, for who may agree
	Deal      joint.Deal
	Silence   date.Day // day on which silence agrees; 0: it does not

	MayEdit, MaySend, MayAgree, MayCancel, MaySpeak bool
	NotAgree                                        error // why a receiver may not agree
}

// Internal returns an internal invoice for its page.
func (o *Office) Internal(ctx context.Context, a access.Actor, id int64) (s InternalSheet, err error) {
	err = o.read(ctx, a, func(tx *store.Tx) error {
		s = InternalSheet{}
		if s.Doc, err = internal(tx, a, id); err != nil {
			return err
		}
		return o.internalSheet(tx, a, &s)
	})
	return s, err
}

func (o *Office) internalSheet(tx *store.Tx, a access.Actor, s *InternalSheet) (err error) {
	set, err := tx.Settings()
	if err != nil {
		return err
	}
	i := s.Doc
	ids := []int64{i.Sender}
	if i.Receiver != 0 {
		ids = append(ids, i.Receiver)
	}
	if s.Names, err = o.activityNames(tx, ids...); err != nil {
		return err
	}
	if s.Events, err = tx.JointEvents(store.ThingInternal, i.ID); err != nil {
		return err
	}
	if s.Parts, err = tx.PartsOfInternal(i.ID); err != nil {
		return err
	}
	names := joint.Names{Coop: set.Coop, Sender: s.Names[i.Sender], Receiver: s.Names[i.Receiver]}
	if names.SenderPeople, err = o.peopleOf(tx, i.Sender); err != nil {
		return err
	}
	if i.Receiver != 0 {
		if names.ReceiverPeople, err = o.peopleOf(tx, i.Receiver); err != nil {
			return err
		}
	}
	if i.Corrects != 0 {
		if s.Corrected, err = tx.Internal(i.Corrects); err != nil {
			return err
		}
		names.Corrects = s.Corrected.Number
	}
	if i.Status == joint.Cancelled {
		if s.Credit, err = tx.CreditOfInternal(i.ID); err != nil {
			return err
		}
	}
	s.Paper = joint.Print(i, names, i18n.For("fr"))
	if i.Content.Deal != 0 {
		if s.Deal, err = tx.Deal(i.Content.Deal); err != nil {
			return err
		}
	}
	step := func(d joint.Deed) bool { _, err := i.Next(d); return err == nil }
	s.MayEdit = step(joint.DeedEdit) && can(a, access.DraftDocument, sending(set, i)) == nil
	s.MaySend = step(joint.DeedSend) && maySend(set, a, i) == nil
	s.MayCancel = step(joint.DeedCancel) && mayCancel(set, a, i) == nil
	s.NotAgree = mayAgree(set, a, i)
	s.MayAgree = (step(joint.DeedAccept) || step(joint.DeedPay)) && s.NotAgree == nil
	s.MaySpeak = i.Kind == joint.Bill && i.Status != joint.Draft && maySpeak(set, a, i) == nil
	if i.Awaits != 0 && can(a, access.ViewDocument, access.Subject{Activity: i.Receiver}) == nil {
		if s.Awaited, err = tx.Sale(i.Awaits); err != nil {
			return err
		}
	}
	if s.MayAgree && i.Status == joint.Sent && i.Content.MayWait && can(a, access.ViewDocument, access.Subject{Activity: i.Receiver}) == nil {
		if s.Open, err = tx.OpenInvoices(i.Receiver, 0); err != nil {
			return err
		}
	}
	if i.Status == joint.Sent {
		rules, err := o.near.of(tx.Coop(), set).rulesOn(a.Today)
		if err != nil {
			return err
		}
		if silent(rules.Internal, i) {
			s.Silence = date.FromTime(time.UnixMicro(i.SentAt).In(set.Zone)) + date.Day(rules.Internal.SilentDays)
		}
	}
	return nil
}

func (o *Office) peopleOf(tx *store.Tx, activity int64) ([]string, error) {
	set, err := tx.Settings()
	if err != nil {
		return nil, err
	}
	s, err := o.near.of(tx.Coop(), set).seller(tx, activity)
	if err != nil {
		return nil, err
	}
	today, err := tx.Today()
	if err != nil {
		return nil, err
	}
	var names []string
	for _, share := range s.activity.Members(today) {
		names = append(names, s.names[share.Person])
	}
	return names, nil
}

// InternalPDF returns an internal invoice on paper.
func (o *Office) InternalPDF(ctx context.Context, a access.Actor, id int64) (name string, b []byte, err error) {
	s, err := o.Internal(ctx, a, id)
	if err != nil {
		return "", nil, err
	}
	name = s.Doc.Number
	if name == "" {
		name = "interne-" + strconv.FormatInt(id, 10)
	}
	b, err = pdf.Document(s.Paper)
	return name + ".pdf", b, err
}
