package office

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"essaim/access"
	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/i18n"
	"essaim/internal/store"
	"essaim/money"
	"essaim/sale"
)

// How customers who are late hear of it: who is due for which word today, one message for each customer with all their
// late invoices, and what keeps it back.

// ToRemind is what a customer would be told today.
type ToRemind struct {
	Customer sale.Customer
	Level    int // the highest that one of the invoices reaches, counted from 1
	Means    coop.ReminderMeans
	To       string // mail address
	Title    string
	Text     string
	Items    []RemindItem
	Owed     money.Cents
	Interest money.Cents // claimed
	Forty    money.Cents
	Guessed  bool     // the interest stands on rates that are not verified yet
	Unread   date.Day // the first half-year of those
	Oldest   date.Day // the earliest due day
	Last     date.Day // of the last word; 0: none yet

	Announced money.Cents // said to have been received of them, not recorded yet
}

// Total is what the message asks for.
func (r ToRemind) Total() money.Cents { return r.Owed + r.Interest + r.Forty }

// RemindItem is a late invoice of a message.
type RemindItem struct {
	store.OpenSale
	Owed     money.Cents // past its day: what a customer may still retain is not
	Since    date.Day    // its day
	Level    int         // that it reaches today; 0: it is listed with the others
	Interest money.Cents
	Forty    money.Cents
}

// KeptBack is a customer whose reminder a pause keeps back.
type KeptBack struct {
	store.Pause
	Name   string
	Number string // of the invoice; "": whatever is owed
	Owed   money.Cents
}

// Reminders is what can be said to customers today.
type Reminders struct {
	Rules coop.Reminders
	Due   []ToRemind // the highest level first, then the most owed
	Held  []KeptBack
}

// mayRemind says of which activities the actor may remind customers: nil for all.
func mayRemind(a access.Actor, rules coop.Reminders, activityID int64) ([]int64, error) {
	own := func(id int64) bool { return !rules.Own && a.Owns(id) }
	if activityID != 0 {
		if err := can(a, access.RemindCustomer, access.Subject{Activity: activityID}); err != nil {
			return nil, err
		}
		if own(activityID) {
			return nil, fault.New(fault.Forbidden, "office.remind_team")
		}
		return []int64{activityID}, nil
	}
	err := can(a, access.RemindCustomer, access.Subject{})
	if err == nil {
		return nil, nil
	}
	some := []int64{}
	for _, id := range slices.Concat(a.Activities, a.Portfolio) {
		if can(a, access.RemindCustomer, access.Subject{Activity: id}) == nil && !own(id) && !slices.Contains(some, id) {
			some = append(some, id)
		}
	}
	if len(some) == 0 {
		return nil, err
	}
	return some, nil
}

// Reminders returns who is due for which word today, of an activity or of all that the actor may remind (0).
func (o *Office) Reminders(ctx context.Context, a access.Actor, activityID int64) (r Reminders, err error) {
	err = o.read(ctx, a, func(tx *store.Tx) error {
		rules, err := o.rulesToday(tx, a)
		if err != nil {
			return err
		}
		within, err := mayRemind(a, rules.Reminders, activityID)
		if err != nil {
			return err
		}
		open, err := tx.OpenSales(activityID)
		if err != nil {
			return err
		}
		if within != nil {
			open = slices.DeleteFunc(open, func(x store.OpenSale) bool { return !slices.Contains(within, x.Activity) })
		}
		pauses, err := tx.PausesOn(activityID, a.Today)
		if err != nil {
			return err
		}
		told, err := tx.RemindedOpen()
		if err != nil {
			return err
		}
		r.Rules = rules.Reminders
		r.Due, err = toRemind(tx, rules, a.Today, open, told, pauses)
		if err != nil {
			return err
		}
		if err := tellAnnounced(tx, activityID, r.Due); err != nil {
			return err
		}
		r.Held, err = keptBack(tx, open, pauses)
		return err
	})
	return r, err
}

// tellAnnounced says of each customer what was announced of their money and is not recorded yet.
func tellAnnounced(tx *store.Tx, activityID int64, due []ToRemind) error {
	if len(due) == 0 {
		return nil
	}
	all, err := tx.Announcements(store.Announced, activityID, 1000)
	if err != nil {
		return err
	}
	by := map[int64]money.Cents{}
	for _, n := range all {
		by[n.Customer] += n.Amount
	}
	for i := range due {
		due[i].Announced = by[due[i].Customer.ID]
	}
	return nil
}

func (o *Office) rulesToday(tx *store.Tx, a access.Actor) (coop.Rules, error) {
	set, err := tx.Settings()
	if err != nil {
		return coop.Rules{}, err
	}
	return o.near.of(tx.Coop(), set).rulesOn(a.Today)
}

// heldBack says whether a pause keeps an invoice back.
func heldBack(x store.OpenSale, pauses []store.Pause) bool {
	return slices.ContainsFunc(pauses, func(p store.Pause) bool { return p.Customer == x.Customer && (p.Sale == 0 || p.Sale == x.ID) })
}

// toRemind groups the late invoices of each customer that has at least one due for a word today.
func toRemind(tx *store.Tx, rules coop.Rules, today date.Day, open []store.OpenSale, told map[int64]sale.Reminded, pauses []store.Pause) (all []ToRemind, err error) {
	by := map[int64]*ToRemind{}
	held := map[int64][]store.Pause{}
	for _, p := range pauses {
		held[p.Customer] = append(held[p.Customer], p)
	}
	for _, x := range open {
		owed, since := sale.OwedNow(x.Document(), today)
		if owed == 0 || since == 0 || since >= today || x.Customer == 0 || heldBack(x, held[x.Customer]) {
			continue
		}
		r := by[x.Customer]
		if r == nil {
			r = &ToRemind{}
			by[x.Customer] = r
		}
		last := told[x.ID]
		it := RemindItem{OpenSale: x, Owed: owed, Since: since, Level: sale.NextReminder(since, last, rules.Reminders, today)}
		r.Items = append(r.Items, it)
		r.Level, r.Last = max(r.Level, it.Level), max(r.Last, last.On)
		r.Owed += owed
		if r.Oldest == 0 || since < r.Oldest {
			r.Oldest = since
		}
	}
	maps.DeleteFunc(by, func(_ int64, r *ToRemind) bool { return r.Level == 0 })
	ids := slices.Sorted(maps.Keys(by))
	customers, err := tx.CustomersOf(ids)
	if err != nil {
		return nil, err
	}
	var claimed []int64
	for _, id := range ids {
		c, r := customers[id], by[id]
		level := rules.Reminders.Levels[r.Level-1]
		r.Customer, r.Means, r.To = c, level.Means, c.Email
		if r.To == "" {
			r.Means = coop.ByLetter
		}
		if r.Means == coop.ByLetter {
			r.To = ""
		}
		if (level.Penalties || level.Forty) && c.Kind.OwesLate() {
			for _, it := range r.Items {
				claimed = append(claimed, it.ID)
			}
		}
	}
	received, err := tx.ReceivedOf(claimed)
	if err != nil {
		return nil, err
	}
	asked, err := tx.AskedLate(claimed) // a document of its own asks for it
	if err != nil {
		return nil, err
	}
	penalties, err := tx.PenaltiesAmong(claimed)
	if err != nil {
		return nil, err
	}
	terms, err := newLateTerms(tx, rules)
	if err != nil {
		return nil, err
	}
	p := i18n.For("fr")
	names := newSellers(tx)
	for _, id := range ids {
		r := by[id]
		if r.Customer.ID == 0 {
			continue
		}
		level := rules.Reminders.Levels[r.Level-1]
		for i := range r.Items {
			it := &r.Items[i]
			if !r.Customer.Kind.OwesLate() || penalties[it.ID] || !level.Penalties && !level.Forty {
				continue
			}
			bound, err := terms.of(it.Day)
			if err != nil {
				return nil, err
			}
			late := sale.LateOf(it.Document(), r.Customer.Kind, bound, received[it.ID], today).Less(asked[it.ID])
			if level.Penalties {
				it.Interest = late.Interest
				if late.Guessed && (!r.Guessed || late.Unread < r.Unread) {
					r.Guessed, r.Unread = true, late.Unread
				}
			}
			if level.Forty {
				it.Forty = late.Forty
			}
			r.Interest += it.Interest
			r.Forty += it.Forty
		}
		with, err := names.fill(p, r, today)
		if err != nil {
			return nil, err
		}
		r.Title, r.Text = coop.Fill(level.Title, with), coop.Fill(level.Text, with)
		all = append(all, *r)
	}
	slices.SortStableFunc(all, func(a, b ToRemind) int { return cmp.Or(cmp.Compare(b.Level, a.Level), cmp.Compare(b.Owed, a.Owed)) })
	return all, nil
}

// sellers names who asks for the money.
type sellers struct {
	tx    *store.Tx
	names map[int64]string
}

func newSellers(tx *store.Tx) *sellers { return &sellers{tx, map[int64]string{}} }

// fill returns what the placeholders of a message stand for.
func (s *sellers) fill(p i18n.Printer, r *ToRemind, today date.Day) (map[string]string, error) {
	set, err := s.tx.Settings()
	if err != nil {
		return nil, err
	}
	name, known := s.names[r.Customer.Activity]
	if !known {
		act, err := s.tx.Activity(r.Customer.Activity)
		if err != nil {
			return nil, err
		}
		name = act.Name
		s.names[act.ID] = name
	}
	numbers := make([]string, len(r.Items))
	for i, it := range r.Items {
		numbers[i] = it.Number
	}
	return map[string]string{
		"client": cmp.Or(r.Customer.Contact, r.Customer.FullName()), "activité": name, "coopérative": set.Coop.Name, "numéros": invoiceNumbers(p, numbers),
		"montant": askedFor(p, r.Items, 0), "échéance": p.Day(r.Oldest), "retard": p.T("office.reminder_late", "n", int(today-r.Oldest)), "pénalités": p.Euros(r.Interest),
		"indemnité": p.Euros(r.Forty), "total": askedFor(p, r.Items, r.Interest+r.Forty), "iban": coop.Group(coop.Digits(set.Coop.IBAN), 4), "jour": p.Day(today),
	}, nil
}

// invoiceNumbers writes some numbers: « facture F-2026-0012 », « factures A, B, C et 4 autres ».
func invoiceNumbers(p i18n.Printer, numbers []string) string {
	const most = 4
	if len(numbers) > most+1 {
		return p.T("office.reminder_invoices_more", "numbers", strings.Join(numbers[:most], ", "), "n", len(numbers)-most)
	}
	if len(numbers) == 1 {
		return p.T("office.reminder_invoice", "number", numbers[0])
	}
	return p.T("office.reminder_invoices", "numbers", strings.Join(numbers, ", "))
}

// keptBack tells what is owed by those whom a pause keeps back.
func keptBack(tx *store.Tx, open []store.OpenSale, pauses []store.Pause) (all []KeptBack, err error) {
	var ids []int64
	owed := map[int64]money.Cents{} // by customer
	bySale := map[int64]store.OpenSale{}
	for _, x := range open {
		owed[x.Customer] += x.Left()
		bySale[x.ID] = x
	}
	for _, p := range pauses {
		k := KeptBack{Pause: p, Owed: owed[p.Customer]}
		if p.Sale != 0 {
			x := bySale[p.Sale]
			k.Owed, k.Number = x.Left(), x.Number
		}
		if k.Owed > 0 {
			all, ids = append(all, k), append(ids, p.Customer)
		}
	}
	slices.Sort(ids)
	customers, err := tx.CustomersOf(slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	for i := range all {
		all[i].Name = customers[all[i].Customer].FullName()
	}
	return all, nil
}

// Remind tells customers what they owe today, each in the words of the level that is due; those who are not due for any, or
// are paused, are left out. Asked twice, it says nothing twice: what was said counts. It returns how many were told. For
// more than a few, see [Office.RemindAll].
func (o *Office) Remind(ctx context.Context, a access.Actor, customers ...int64) (told int, err error) {
	customers = slices.Compact(slices.Sorted(slices.Values(customers)))
	err = o.write(ctx, a, func(tx *store.Tx) (err error) {
		who, err := o.remind(tx, a, customers)
		told = len(who)
		return err
	})
	return told, err
}

// remind writes the messages of some customers and enqueues what hands them over. It returns whom it told.
func (o *Office) remind(tx *store.Tx, a access.Actor, customers []int64) (told []int64, err error) {
	today, err := tx.Today()
	if err != nil {
		return nil, err
	}
	a.Today = today
	rules, err := o.rulesToday(tx, a)
	if err != nil {
		return nil, err
	}
	open, err := tx.OpenSalesOf(customers)
	if err != nil {
		return nil, err
	}
	var ids []int64
	asked := map[int64]bool{}
	for _, x := range open {
		if !asked[x.Activity] {
			if _, err := mayRemind(a, rules.Reminders, x.Activity); err != nil {
				return nil, err
			}
			asked[x.Activity] = true
		}
		ids = append(ids, x.ID)
	}
	before, err := tx.Reminded(ids)
	if err != nil {
		return nil, err
	}
	pauses, err := tx.PausesAmong(customers, today)
	if err != nil {
		return nil, err
	}
	due, err := toRemind(tx, rules, today, open, before, pauses)
	if err != nil {
		return nil, err
	}
	var owed []int64
	for _, r := range due {
		for _, it := range r.Items {
			owed = append(owed, it.ID)
		}
	}
	if err := tx.ReadEvents(owed); err != nil {
		return nil, err
	}
	for i := range due {
		if err := o.tell(tx, a, &due[i], today); err != nil {
			return nil, err
		}
		told = append(told, due[i].Customer.ID)
	}
	return told, nil
}

// tell writes one message.
func (o *Office) tell(tx *store.Tx, a access.Actor, r *ToRemind, today date.Day) error {
	row := store.Reminder{
		Activity: r.Customer.Activity, Customer: r.Customer.ID, Level: r.Level, Day: today, Means: string(r.Means), Recipient: r.To, Title: r.Title, Word: r.Text,
		Owed: r.Owed, Interest: r.Interest, Forty: r.Forty, By: a.Person, ByName: a.Name,
	}
	for _, it := range r.Items {
		row.Items = append(row.Items, store.ReminderItem{Sale: it.ID, Level: it.Level, Day: today, Owed: it.Owed, Interest: it.Interest, Forty: it.Forty})
	}
	if r.Means == coop.ByMail {
		m := store.Mail{Recipient: r.To, Subject: r.Title}
		if err := tx.AddMail(&m); err != nil {
			return err
		}
		row.Mail = m.ID
	}
	if err := tx.AddReminder(&row); err != nil {
		return err
	}
	for _, it := range row.Items {
		if err := tx.AddEvent(it.Sale, "reminded", r.Title, 0, a.Person, a.Name); err != nil {
			return err
		}
	}
	if err := o.later(tx, jobReminder, reminderArgs{row.ID}); err != nil {
		return err
	}
	return tx.Audit(a.Person, store.ReminderSent, "customer:"+strconv.FormatInt(row.Customer, 10), row.Note())
}

// ReminderSheet is a reminder with what it is about.
type ReminderSheet struct {
	store.Reminder
	Customer sale.Customer
	Invoices []store.OpenSale // at the rank of the items
}

// Reminder returns one reminder.
func (o *Office) Reminder(ctx context.Context, a access.Actor, id int64) (s ReminderSheet, err error) {
	err = o.read(ctx, a, func(tx *store.Tx) error {
		if s.Reminder, err = tx.Reminder(id); err != nil {
			return absent(a, access.RemindCustomer, err)
		}
		if err := can(a, access.ViewDocument, access.Subject{Activity: s.Activity}); err != nil {
			s = ReminderSheet{}
			return err
		}
		if s.Customer, err = tx.Customer(s.Reminder.Customer); err != nil {
			return err
		}
		s.Invoices, err = reminded(tx, s.Items)
		return err
	})
	return s, err
}

// reminded are the invoices of a reminder.
func reminded(tx *store.Tx, items []store.ReminderItem) ([]store.OpenSale, error) {
	all := make([]store.OpenSale, len(items))
	for i, it := range items {
		d, err := tx.Sale(it.Sale)
		if err != nil {
			return nil, err
		}
		all[i] = store.OpenOf(d)
	}
	return all, nil
}

// ReminderHistory lists the reminders that were sent, the newest first.
func (o *Office) ReminderHistory(ctx context.Context, a access.Actor, f store.ReminderFilter) (all []store.Reminder, err error) {
	err = o.read(ctx, a, func(tx *store.Tx) error {
		switch {
		case f.Sale != 0:
			d, err := tx.Sale(f.Sale)
			if err != nil {
				return absent(a, access.ViewDocument, err)
			}
			f.Activity = d.Activity
		case f.Customer != 0:
			c, err := tx.Customer(f.Customer)
			if err != nil {
				return absent(a, access.ViewDocument, err)
			}
			f.Activity = c.Activity
		}
		if err := can(a, access.ViewDocument, access.Subject{Activity: f.Activity}); err != nil {
			return err
		}
		all, err = tx.Reminders(f)
		return err
	})
	return all, err
}

// PostReminder notes that a letter was posted.
func (o *Office) PostReminder(ctx context.Context, a access.Actor, id int64) error {
	return o.write(ctx, a, func(tx *store.Tx) error {
		r, err := tx.Reminder(id)
		if err != nil {
			return absent(a, access.RemindCustomer, err)
		}
		if err := can(a, access.RemindCustomer, access.Subject{Activity: r.Activity}); err != nil {
			return err
		}
		if err := tx.PostReminder(id); err != nil {
			return err
		}
		return tx.Audit(a.Person, store.ReminderPosted, "customer:"+strconv.FormatInt(r.Customer, 10), store.ReminderNote{Level: r.Level, Reminder: r.ID})
	})
}

// pauseMost bounds a pause, in days.
const pauseMost = 366

// PauseReminders keeps the reminders of a customer back until a day, or those of one invoice.
func (o *Office) PauseReminders(ctx context.Context, a access.Actor, p store.Pause) (store.Pause, error) {
	err := o.writeOnce(ctx, a, "pause", p, func(tx *store.Tx, id int64) (err error) {
		p, err = tx.Pause(id)
		return err
	}, func(tx *store.Tx) (int64, error) {
		c, err := tx.Customer(p.Customer)
		if err != nil {
			return 0, absent(a, access.RemindCustomer, err)
		}
		if err := can(a, access.RemindCustomer, access.Subject{Activity: c.Activity}); err != nil {
			return 0, err
		}
		p.Activity, p.By, p.ByName = c.Activity, a.Person, a.Name
		today, err := tx.Today()
		if err != nil {
			return 0, err
		}
		switch {
		case p.Until < today:
			return 0, fault.At("until", "office.pause_past")
		case p.Until > today+pauseMost:
			return 0, fault.At("until", "office.pause_long", "max", pauseMost)
		case !slices.Contains(sale.PauseReasons(), p.Reason):
			return 0, fault.At("why", "office.pause_reason")
		case len(p.Word) > 1000:
			return 0, fault.At("note", "ledger.text_long", "max", 1000)
		}
		if p.Sale != 0 {
			d, err := tx.Sale(p.Sale)
			if err != nil {
				return 0, err
			}
			if d.Customer != p.Customer || d.Kind != sale.Invoice || d.Number == "" {
				return 0, fault.At("sale", "office.absent")
			}
			if err := tx.AddEvent(p.Sale, "paused", p.Word, 0, a.Person, a.Name); err != nil {
				return 0, err
			}
		}
		if err := tx.AddPause(&p); err != nil {
			return 0, err
		}
		return p.ID, tx.Audit(a.Person, "reminder.pause", fmt.Sprintf("customer:%d", p.Customer), map[string]any{"until": p.Until.String(), "reason": string(p.Reason), "comment": p.Word})
	})
	return p, err
}

// ResumeReminders ends a pause before its day.
func (o *Office) ResumeReminders(ctx context.Context, a access.Actor, id int64) error {
	return o.write(ctx, a, func(tx *store.Tx) error {
		p, err := tx.Pause(id)
		if err != nil {
			return absent(a, access.RemindCustomer, err)
		}
		if err := can(a, access.RemindCustomer, access.Subject{Activity: p.Activity}); err != nil {
			return err
		}
		if err := tx.LiftPause(id); err != nil {
			return err
		}
		return tx.Audit(a.Person, "reminder.resume", fmt.Sprintf("customer:%d", p.Customer), map[string]any{"until": p.Until.String()})
	})
}

// PausesOf lists the pauses of a customer, the newest first.
func (o *Office) PausesOf(ctx context.Context, a access.Actor, customer int64) (all []store.Pause, err error) {
	err = o.read(ctx, a, func(tx *store.Tx) error {
		c, err := tx.Customer(customer)
		if err != nil {
			return absent(a, access.ViewCustomer, err)
		}
		if err := can(a, access.ViewCustomer, access.Subject{Activity: c.Activity}); err != nil {
			return err
		}
		all, err = tx.PausesOf(customer)
		return err
	})
	return all, err
}

// LateOf returns what an invoice owes today for being late, less what was asked of it already.
func (o *Office) LateOf(ctx context.Context, a access.Actor, id int64) (l sale.Late, err error) {
	err = o.read(ctx, a, func(tx *store.Tx) error {
		d, _, err := document(tx, a, id)
		if err != nil {
			return err
		}
		if d.Kind != sale.Invoice || d.Number == "" {
			return nil
		}
		rules, err := o.rulesToday(tx, a)
		if err != nil {
			return err
		}
		c, err := tx.Customer(d.Customer)
		if err != nil {
			return err
		}
		received, err := tx.ReceivedOf([]int64{id})
		if err != nil {
			return err
		}
		asked, err := tx.AskedLate([]int64{id})
		if err != nil {
			return err
		}
		terms, err := newLateTerms(tx, rules)
		if err != nil {
			return err
		}
		bound, err := terms.of(d.Date)
		if err != nil {
			return err
		}
		l = sale.LateOf(d, c.Kind, bound, received[id], a.Today).Less(asked[id])
		return nil
	})
	return l, err
}
