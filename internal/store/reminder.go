package store

import (
	"cmp"
	"slices"

	"essaim/date"
	"essaim/fault"
	"essaim/i18n"
	"essaim/money"
	"essaim/sale"
)

// Reminder is one message to a customer who is late, about one or several invoices.
type Reminder struct {
	ID        int64
	Activity  int64
	Customer  int64
	Level     int
	Day       date.Day
	Means     string
	Recipient string
	Title     string
	Word      string
	Owed      money.Cents
	Interest  money.Cents
	Forty     money.Cents
	Mail      int64
	File      string
	By        int64
	ByName    string
	At        int64 // microseconds UTC
	Posted    int64
	MailState string // of the mail, as it is read
	Items     []ReminderItem
}

// ReminderItem is an invoice of a reminder.
type ReminderItem struct {
	Sale     int64
	Level    int
	Day      date.Day
	Owed     money.Cents
	Interest money.Cents
	Forty    money.Cents
}

var (
	insertReminder     = into("reminder", "coop_id, id, activity_id, customer_id, level, day, means, recipient, title, word, owed, interest, forty, mail_id, file, by_id, by_name, at, posted")
	insertReminderItem = into("reminder_item", "coop_id, reminder_id, sale_id, level, day, owed, interest, forty")
	insertPause        = into("pause", "coop_id, id, activity_id, customer_id, sale_id, until, reason, word, by_id, by_name, at, lifted")
)

// AddReminder keeps a reminder with its items.
func (tx *Tx) AddReminder(r *Reminder) error {
	id, err := tx.NextID("reminder")
	if err != nil {
		return err
	}
	if err := tx.stage(insertReminder, tx.coop, id, r.Activity, r.Customer, r.Level, r.Day.String(), r.Means, r.Recipient, r.Title, r.Word, int64(r.Owed), int64(r.Interest), int64(r.Forty), r.Mail, r.File, r.By, r.ByName, tx.now, r.Posted); err != nil {
		return err
	}
	for _, it := range r.Items {
		if err := tx.stage(insertReminderItem, tx.coop, id, it.Sale, it.Level, it.Day.String(), int64(it.Owed), int64(it.Interest), int64(it.Forty)); err != nil {
			return err
		}
	}
	r.ID, r.At = id, tx.now
	return nil
}

const reminderColumns = `r.id, r.activity_id, r.customer_id, r.level, r.day, r.means, r.recipient, r.title, r.word, r.owed, r.interest, r.forty, r.mail_id, r.file, r.by_id, r.by_name, r.at, r.posted, COALESCE(m.state, '')`

const fromReminder = ` FROM reminder r LEFT JOIN mail m ON m.coop_id = r.coop_id AND m.id = r.mail_id`

func scanReminder(scan func(...any) error, r *Reminder) error {
	return scan(&r.ID, &r.Activity, &r.Customer, &r.Level, &r.Day, &r.Means, &r.Recipient, &r.Title, &r.Word, (*int64)(&r.Owed), (*int64)(&r.Interest), (*int64)(&r.Forty), &r.Mail, &r.File, &r.By, &r.ByName, &r.At, &r.Posted, &r.MailState)
}

// Reminder returns one reminder with its items.
func (tx *Tx) Reminder(id int64) (Reminder, error) {
	all, err := list(tx, `SELECT `+reminderColumns+fromReminder+` WHERE r.coop_id = $1 AND r.id = $2`, []any{tx.coop, id}, scanReminder)
	if err == nil && len(all) == 0 {
		err = fault.New(fault.NotFound, "store.reminder_unknown")
	}
	if err != nil {
		return Reminder{}, err
	}
	all[0].Items, err = list(tx, `SELECT sale_id, level, day, owed, interest, forty FROM reminder_item WHERE coop_id = $1 AND reminder_id = $2 ORDER BY sale_id`, []any{tx.coop, id}, scanReminderItem)
	return all[0], err
}

func scanReminderItem(scan func(...any) error, it *ReminderItem) error {
	return scan(&it.Sale, &it.Level, &it.Day, (*int64)(&it.Owed), (*int64)(&it.Interest), (*int64)(&it.Forty))
}

// ReminderFilter selects reminders.
type ReminderFilter struct {
	Activity int64
	Customer int64
	Sale     int64
	ToPost   bool  // letters that nobody has posted yet
	Before   int64 // id of the last of the page before; 0: from the newest
	Limit    int   // 0: 50
}

// Reminders returns reminders without their items, the newest first.
func (tx *Tx) Reminders(f ReminderFilter) ([]Reminder, error) {
	w := where{args: []any{tx.coop}}
	if f.Activity != 0 {
		w.add("r.activity_id = ?", f.Activity)
	}
	if f.Customer != 0 {
		w.add("r.customer_id = ?", f.Customer)
	}
	if f.Sale != 0 {
		w.add("r.id IN (SELECT i.reminder_id FROM reminder_item i WHERE i.coop_id = $1 AND i.sale_id = ?)", f.Sale)
	}
	if f.ToPost {
		w.add("r.means = 'letter' AND r.posted = 0")
	}
	if f.Before != 0 {
		w.add("r.id < ?", f.Before)
	}
	return list(tx, w.text(`SELECT `+reminderColumns+fromReminder+` WHERE r.coop_id = $1`, ` ORDER BY r.id DESC LIMIT CAST(? AS BIGINT)`, atMost(f.Limit)), w.args, scanReminder)
}

// FileReminder notes the letter that was laid out for a reminder.
func (tx *Tx) FileReminder(id int64, file string) error {
	_, err := tx.exec(`UPDATE reminder SET file = $3 WHERE coop_id = $1 AND id = $2`, tx.coop, id, file)
	return err
}

// PostReminder notes that a letter was posted.
func (tx *Tx) PostReminder(id int64) error {
	n, err := tx.exec(`UPDATE reminder SET posted = $3 WHERE coop_id = $1 AND id = $2 AND means = 'letter' AND posted = 0`, tx.coop, id, tx.now)
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "store.reminder_posted")
	}
	return err
}

// OpenSale is an invoice with something to receive, as lists of what is owed need it.
type OpenSale struct {
	ID       int64
	Activity int64
	Customer int64
	Number   string
	Title    string
	Buyer    string
	Day      date.Day
	Due      date.Day
	Gross    money.Cents
	Paid     money.Cents
	Credited money.Cents
	Lost     money.Cents
	Retained money.Cents // kept by the customer until Release
	Release  date.Day
	Own
}

// Document returns what [sale.LateOf] and [sale.Remaining] need of it.
func (o *OpenSale) Document() sale.Document {
	d := sale.Document{ID: o.ID, Kind: sale.Invoice, Activity: o.Activity, Customer: o.Customer, Number: o.Number, Date: o.Day, Due: o.Due, Paid: o.Paid, Credited: o.Credited, Lost: o.Lost}
	d.Totals.Gross, d.Totals.Retained, d.Settled.Release = o.Gross, o.Retained, o.Release
	return d
}

// Left is what remains to be received.
func (o *OpenSale) Left() money.Cents { return sale.Remaining(o.Document()) }

// Asked is what a customer is asked of an invoice, in its currency, when so much of it is owed in the books.
func (o *OpenSale) Asked(owed money.Cents) i18n.Sum {
	left := o.Left()
	switch {
	case o.Currency == "":
		return i18n.Sum{Amount: owed}
	case owed <= left:
		return i18n.Sum{Amount: o.Own.Left.Share(owed, left), Currency: o.Currency}
	}
	return i18n.Sum{Amount: o.Own.Gross.Share(owed, o.Gross), Currency: o.Currency} // as it was before it was paid in part
}

// OpenOf is an invoice as a list of what is owed holds it.
func OpenOf(d sale.Document) OpenSale {
	return OpenSale{
		ID: d.ID, Activity: d.Activity, Customer: d.Customer, Number: d.Number, Title: d.Content.Title, Day: d.Date, Due: d.Due, Gross: d.Totals.Gross,
		Paid: d.Paid, Credited: d.Credited, Lost: d.Lost, Retained: sale.Retained(d), Release: sale.ReleaseDay(d), Own: OwnOf(d),
	}
}

const openColumns = `id, activity_id, customer_id, number, title, buyer, day, due, gross, paid, credited, lost, retained, release_day, currency, own_gross, own_left, abroad`

func scanOpen(scan func(...any) error, o *OpenSale) error {
	return scan(&o.ID, &o.Activity, &o.Customer, &o.Number, &o.Title, &o.Buyer, &o.Day, &o.Due, (*int64)(&o.Gross), (*int64)(&o.Paid), (*int64)(&o.Credited), (*int64)(&o.Lost), (*int64)(&o.Retained), &o.Release, &o.Currency, (*int64)(&o.Own.Gross), (*int64)(&o.Own.Left), &o.Abroad)
}

// OpenSales returns the invoices with something to receive, the oldest due day first: of an activity or of all (0). It reads
// the index of what is open and no document.
func (tx *Tx) OpenSales(activity int64) (all []OpenSale, err error) {
	if activity != 0 {
		all, err = list(tx, `SELECT `+openColumns+` FROM sale`+tx.db.d.using("sale_open")+` WHERE coop_id = $1 AND activity_id = $2 AND `+unpaid, []any{tx.coop, activity}, scanOpen)
	} else {
		all, err = list(tx, `SELECT `+openColumns+` FROM sale`+tx.db.d.using("sale_unpaid")+` WHERE coop_id = $1 AND `+unpaid, []any{tx.coop}, scanOpen)
	}
	sortOpen(all)
	return all, err
}

func sortOpen(all []OpenSale) {
	slices.SortFunc(all, func(a, b OpenSale) int { return cmp.Or(cmp.Compare(a.Due, b.Due), cmp.Compare(a.ID, b.ID)) })
}

// OpenSalesOf is [Tx.OpenSales] of some customers.
func (tx *Tx) OpenSalesOf(customers []int64) (all []OpenSale, err error) {
	for some := range slices.Chunk(customers, inMost) {
		w := where{args: []any{tx.coop}}
		w.in("customer_id", some)
		rows, err := list(tx, w.text(`SELECT `+openColumns+` FROM sale`+tx.db.d.using("sale_customer")+` WHERE coop_id = $1 AND `+unpaid, ""), w.args, scanOpen)
		if err != nil {
			return nil, err
		}
		all = append(all, rows...)
	}
	sortOpen(all)
	return all, nil
}

// Reminded returns what was said of some invoices.
func (tx *Tx) Reminded(sales []int64) (map[int64]sale.Reminded, error) {
	all := map[int64]sale.Reminded{}
	for some := range slices.Chunk(sales, inMost) {
		w := where{args: []any{tx.coop}}
		w.among("sale_id", some)
		if err := tx.rows(w.text(`SELECT sale_id, level, day FROM reminder_item WHERE coop_id = $1`, ""), w.args, func(scan func(...any) error) error {
			var id int64
			var r sale.Reminded
			err := scan(&id, &r.Level, &r.On)
			all[id] = sale.Reminded{Level: max(all[id].Level, r.Level), On: max(all[id].On, r.On)}
			return err
		}); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// RemindedOpen returns what was said of every invoice that is still open.
func (tx *Tx) RemindedOpen() (map[int64]sale.Reminded, error) {
	all := map[int64]sale.Reminded{}
	err := tx.rows(`SELECT i.sale_id, MAX(i.level), MAX(i.day) FROM reminder_item i WHERE i.coop_id = $1 AND i.sale_id IN (SELECT id FROM sale WHERE coop_id = $1 AND `+unpaid+`) GROUP BY i.sale_id`, []any{tx.coop}, func(scan func(...any) error) error {
		var id int64
		var r sale.Reminded
		err := scan(&id, &r.Level, &r.On)
		all[id] = r
		return err
	})
	return all, err
}

// ReceivedOf returns the money that came for some invoices, with its days. A payment that was reversed counts as its
// reversal does: as never come.
func (tx *Tx) ReceivedOf(sales []int64) (map[int64][]sale.Received, error) {
	all := map[int64][]sale.Received{}
	for some := range slices.Chunk(sales, inMost) {
		w := where{args: []any{tx.coop}}
		w.in("a.sale_id", some)
		if err := tx.rows(w.text(`SELECT a.sale_id, p.day, a.amount FROM allocation a`+tx.db.d.using("allocation_sale")+` JOIN payment p ON p.coop_id = a.coop_id AND p.id = a.payment_id
			LEFT JOIN payment b ON b.coop_id = p.coop_id AND b.reverses = p.id AND b.reverses <> 0 WHERE a.coop_id = $1 AND p.reverses = 0 AND b.id IS NULL`, ` ORDER BY a.sale_id, p.day, p.id`), w.args, func(scan func(...any) error) error {
			var id int64
			var r sale.Received
			err := scan(&id, &r.On, (*int64)(&r.Amount))
			all[id] = append(all[id], r)
			return err
		}); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// DocumentsOf returns every document of an activity, in the order they were written: for its customer file, never for a page.
func (tx *Tx) DocumentsOf(activity int64) ([]SaleRow, error) {
	return list(tx, `SELECT `+saleRowColumns+` FROM sale WHERE coop_id = $1 AND activity_id = $2 ORDER BY kind, id`, []any{tx.coop, activity}, scanSaleRow)
}

// Pause keeps reminders back: of one invoice, or of whatever a customer owes.
type Pause struct {
	ID       int64
	Activity int64
	Customer int64
	Sale     int64    // 0: all of the customer
	Until    date.Day // the last day
	Reason   sale.PauseReason
	Word     string
	By       int64
	ByName   string
	At       int64 // microseconds UTC
	Lifted   int64 // 0: it was not
}

// On says whether the pause holds on a day.
func (p Pause) On(day date.Day) bool { return p.Lifted == 0 && day <= p.Until }

// AddPause keeps a pause.
func (tx *Tx) AddPause(p *Pause) error {
	id, err := tx.NextID("pause")
	if err != nil {
		return err
	}
	p.ID, p.At = id, tx.now
	return tx.stage(insertPause, tx.coop, id, p.Activity, p.Customer, p.Sale, p.Until.String(), string(p.Reason), p.Word, p.By, p.ByName, tx.now, 0)
}

// LiftPause ends a pause before its day.
func (tx *Tx) LiftPause(id int64) error {
	n, err := tx.exec(`UPDATE pause SET lifted = $3 WHERE coop_id = $1 AND id = $2 AND lifted = 0`, tx.coop, id, tx.now)
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "store.pause_lifted")
	}
	return err
}

const pauseColumns = `id, activity_id, customer_id, sale_id, until, reason, word, by_id, by_name, at, lifted`

func scanPause(scan func(...any) error, p *Pause) error {
	return scan(&p.ID, &p.Activity, &p.Customer, &p.Sale, &p.Until, (*string)(&p.Reason), &p.Word, &p.By, &p.ByName, &p.At, &p.Lifted)
}

// Pause returns one pause.
func (tx *Tx) Pause(id int64) (Pause, error) {
	all, err := list(tx, `SELECT `+pauseColumns+` FROM pause WHERE coop_id = $1 AND id = $2`, []any{tx.coop, id}, scanPause)
	if err == nil && len(all) == 0 {
		err = fault.New(fault.NotFound, "store.pause_unknown")
	}
	if err != nil {
		return Pause{}, err
	}
	return all[0], nil
}

// PausesOn returns the pauses that hold on a day, of an activity or of all (0).
func (tx *Tx) PausesOn(activity int64, day date.Day) ([]Pause, error) {
	return list(tx, `SELECT `+pauseColumns+` FROM pause WHERE coop_id = $1 AND lifted = 0 AND until >= $2 AND (CAST($3 AS BIGINT) = 0 OR activity_id = $3) ORDER BY until, id`, []any{tx.coop, day.String(), activity}, scanPause)
}

// PausesAmong returns the pauses of some customers that hold on a day.
func (tx *Tx) PausesAmong(customers []int64, day date.Day) (all []Pause, err error) {
	for some := range slices.Chunk(customers, inMost) {
		w := where{args: []any{tx.coop}}
		w.in("customer_id", some)
		w.add("lifted = 0 AND until >= ?", day.String())
		rows, err := list(tx, w.text(`SELECT `+pauseColumns+` FROM pause WHERE coop_id = $1`, ` ORDER BY id`), w.args, scanPause)
		if err != nil {
			return nil, err
		}
		all = append(all, rows...)
	}
	return all, nil
}

// PausesOf returns every pause of a customer, the newest first.
func (tx *Tx) PausesOf(customer int64) ([]Pause, error) {
	return list(tx, `SELECT `+pauseColumns+` FROM pause WHERE coop_id = $1 AND customer_id = $2 ORDER BY id DESC`, []any{tx.coop, customer}, scanPause)
}
