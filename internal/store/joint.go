package store

import (
	"maps"
	"slices"

	"essaim/date"
	"essaim/fault"
	"essaim/joint"
	"essaim/money"
	"essaim/sale"
)

const internalColumns = `id, kind, sender_id, receiver_id, status, version, author_id, created, sent_at, number, day, decided_at, decided_by, silent, awaits, corrects, net, paid, content`

var insertInternal = into("internal_invoice", "coop_id, "+internalColumns)

func scanInternal(scan func(...any) error, i *joint.Invoice) error {
	var silent int64
	var content string
	err := scan(&i.ID, (*string)(&i.Kind), &i.Sender, &i.Receiver, (*string)(&i.Status), &i.Version, &i.Author, &i.Created, &i.SentAt, &i.Number, &i.Date, &i.Decided, &i.By, &silent,
		&i.Awaits, &i.Corrects, (*int64)(&i.Net), (*int64)(&i.Paid), &content)
	if err != nil {
		return err
	}
	i.Silent = silent == 1
	return decode(content, &i.Content)
}

// Internal returns one internal invoice.
func (tx *Tx) Internal(id int64) (i joint.Invoice, err error) {
	found := false
	err = tx.rows(`SELECT `+internalColumns+` FROM internal_invoice WHERE coop_id = $1 AND id = $2`, []any{tx.coop, id}, func(scan func(...any) error) error {
		found = true
		return scanInternal(scan, &i)
	})
	if err == nil && !found {
		err = fault.New(fault.NotFound, "joint.absent")
	}
	return i, err
}

// SaveInternal writes an internal invoice over the version it was read at; a new one (id 0) gets its id.
func (tx *Tx) SaveInternal(i *joint.Invoice) error {
	content, err := encode(i.Content)
	if err != nil {
		return err
	}
	if i.ID == 0 {
		if i.ID, err = tx.NextID("internal"); err != nil {
			return err
		}
		i.Version, i.Created = 1, tx.now
		return tx.stage(insertInternal, tx.coop, i.ID, string(i.Kind), i.Sender, i.Receiver, string(i.Status), i.Version, i.Author, i.Created, i.SentAt, i.Number, i.Date.String(), i.Decided, i.By, flag(i.Silent),
			i.Awaits, i.Corrects, int64(i.Net), int64(i.Paid), content)
	}
	n, err := tx.exec(`UPDATE internal_invoice SET version = version + 1, receiver_id = $4, status = $5, sent_at = $6, number = $7, day = $8, decided_at = $9, decided_by = $10, silent = $11, awaits = $12,
		net = $13, paid = $14, content = $15 WHERE coop_id = $1 AND id = $2 AND version = $3`,
		tx.coop, i.ID, i.Version, i.Receiver, string(i.Status), i.SentAt, i.Number, i.Date.String(), i.Decided, i.By, flag(i.Silent), i.Awaits, int64(i.Net), int64(i.Paid), content)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.Conflict, "joint.fault.changed")
	}
	i.Version++
	return nil
}

// DeleteInternal removes a draft that never had a number.
func (tx *Tx) DeleteInternal(id int64) error {
	if _, err := tx.exec(`DELETE FROM joint_event WHERE coop_id = $1 AND thing = 'internal' AND thing_id = $2`, tx.coop, id); err != nil {
		return err
	}
	_, err := tx.exec(`DELETE FROM internal_invoice WHERE coop_id = $1 AND id = $2 AND number = ''`, tx.coop, id)
	return err
}

// InternalFilter selects internal invoices.
type InternalFilter struct {
	Activities []int64 // sender or receiver is one of these; nil: all
	Status     joint.Status
	Limit      int
}

// Internals returns internal invoices, the latest first.
func (tx *Tx) Internals(f InternalFilter) ([]joint.Invoice, error) {
	w := where{args: []any{tx.coop}}
	if f.Activities != nil {
		either := where{args: w.args}
		either.in("sender_id", f.Activities)
		either.in("receiver_id", f.Activities)
		w.args = either.args
		w.conds = append(w.conds, "("+either.conds[0]+" OR "+either.conds[1]+")")
	}
	if f.Status != "" {
		w.add("status = ?", string(f.Status))
	}
	return list(tx, w.text(`SELECT `+internalColumns+` FROM internal_invoice WHERE coop_id = $1`, ` ORDER BY id DESC LIMIT CAST(? AS BIGINT)`, atMost(f.Limit)), w.args, scanInternal)
}

// Awaiting returns the internal invoices that the payment of a customer's invoice pays.
func (tx *Tx) Awaiting(saleID int64) ([]joint.Invoice, error) {
	return list(tx, `SELECT `+internalColumns+` FROM internal_invoice`+tx.db.d.using("internal_awaits")+` WHERE coop_id = $1 AND awaits <> 0 AND awaits = $2 ORDER BY id`, []any{tx.coop, saleID}, scanInternal)
}

// CreditOfInternal returns the credit that undid an internal invoice.
func (tx *Tx) CreditOfInternal(id int64) (joint.Invoice, error) {
	all, err := list(tx, `SELECT `+internalColumns+` FROM internal_invoice WHERE coop_id = $1 AND corrects <> 0 AND corrects = $2`, []any{tx.coop, id}, scanInternal)
	if err != nil || len(all) == 0 {
		return joint.Invoice{}, err
	}
	return all[0], nil
}

// JointEvent is a deed on an internal invoice or a deal, with the words that came with it.
type JointEvent struct {
	N                     int
	At, By                int64
	ByName, Deed, Comment string
}

// The things that joint events are about.
const (
	ThingInternal = "internal"
	ThingDeal     = "deal"
)

// AddJointEvent records a deed.
func (tx *Tx) AddJointEvent(thing string, id int64, deed, comment string, by int64, byName string) error {
	_, err := tx.exec(`INSERT INTO joint_event (coop_id, thing, thing_id, n, at, by_id, by_name, deed, comment)
		SELECT $1, $2, $3, COALESCE(MAX(n), 0) + 1, $4, $5, $6, $7, $8 FROM joint_event WHERE coop_id = $1 AND thing = $2 AND thing_id = $3`, tx.coop, thing, id, tx.now, by, byName, deed, comment)
	return err
}

// JointEvents returns what happened, in order.
func (tx *Tx) JointEvents(thing string, id int64) ([]JointEvent, error) {
	return list(tx, `SELECT n, at, by_id, by_name, deed, comment FROM joint_event WHERE coop_id = $1 AND thing = $2 AND thing_id = $3 ORDER BY n`, []any{tx.coop, thing, id}, func(scan func(...any) error, e *JointEvent) error {
		return scan(&e.N, &e.At, &e.By, &e.ByName, &e.Deed, &e.Comment)
	})
}

// JointPart is what an entry passed from one activity to another.
type JointPart struct {
	Entry, Activity, From         int64
	Internal, Deal, Sale, Payment int64
	Day                           date.Day
	Amount                        money.Cents
}

const partColumns = `entry_id, activity_id, from_id, internal_id, deal_id, sale_id, payment_id, day, amount`

var insertPart = into("joint_part", "coop_id, "+partColumns)

func scanPart(scan func(...any) error, p *JointPart) error {
	return scan(&p.Entry, &p.Activity, &p.From, &p.Internal, &p.Deal, &p.Sale, &p.Payment, &p.Day, (*int64)(&p.Amount))
}

// AddJointPart records it.
func (tx *Tx) AddJointPart(p JointPart) error {
	return tx.stage(insertPart, tx.coop, p.Entry, p.Activity, p.From, p.Internal, p.Deal, p.Sale, p.Payment, p.Day.String(), int64(p.Amount))
}

// PartsOfDeal returns what a deal has shared, in order.
func (tx *Tx) PartsOfDeal(deal int64) ([]JointPart, error) {
	return list(tx, `SELECT `+partColumns+` FROM joint_part`+tx.db.d.using("joint_part_deal")+` WHERE coop_id = $1 AND deal_id <> 0 AND deal_id = $2 ORDER BY entry_id, activity_id`, []any{tx.coop, deal}, scanPart)
}

// PartsOfInternal returns what was booked of an internal invoice, in order.
func (tx *Tx) PartsOfInternal(id int64) ([]JointPart, error) {
	return list(tx, `SELECT `+partColumns+` FROM joint_part`+tx.db.d.using("joint_part_internal")+` WHERE coop_id = $1 AND internal_id <> 0 AND internal_id = $2 ORDER BY entry_id`, []any{tx.coop, id}, scanPart)
}

type dealBody struct {
	Note    string         `json:"note,omitempty"`
	Members []joint.Member `json:"members"`
}

const dealColumns = `id, lead_id, status, version, author_id, created, begun, title, body`

func scanDeal(scan func(...any) error, d *joint.Deal) error {
	var begun int64
	var text string
	if err := scan(&d.ID, &d.Lead, (*string)(&d.Status), &d.Version, &d.Author, &d.Created, &begun, &d.Title, &text); err != nil {
		return err
	}
	var b dealBody
	err := decode(text, &b)
	d.Begun, d.Note, d.Members = begun == 1, b.Note, b.Members
	return err
}

// Deal returns one deal.
func (tx *Tx) Deal(id int64) (joint.Deal, error) {
	all, err := list(tx, `SELECT `+dealColumns+` FROM deal WHERE coop_id = $1 AND id = $2`, []any{tx.coop, id}, scanDeal)
	if err == nil && len(all) == 0 {
		err = fault.New(fault.NotFound, "joint.absent")
	}
	if err != nil {
		return joint.Deal{}, err
	}
	return all[0], nil
}

// Deals returns the deals of some activities (nil: of all), the latest first.
func (tx *Tx) Deals(activities []int64) ([]joint.Deal, error) {
	w := where{args: []any{tx.coop}}
	if activities != nil {
		in := where{args: w.args}
		in.in("activity_id", activities)
		w.args = in.args
		w.conds = append(w.conds, "id IN (SELECT deal_id FROM deal_member WHERE coop_id = $1 AND "+in.conds[0]+")")
	}
	return list(tx, w.text(`SELECT `+dealColumns+` FROM deal WHERE coop_id = $1`, ` ORDER BY id DESC LIMIT CAST(? AS BIGINT)`, atMost(500)), w.args, scanDeal)
}

// DealOnAxis returns the deal that an axis belongs to, if any.
func (tx *Tx) DealOnAxis(axis int64) (joint.Deal, bool, error) {
	var id int64
	found, err := tx.one(`SELECT deal_id FROM deal_member WHERE coop_id = $1 AND axis = $2`, []any{tx.coop, axis}, &id)
	if err != nil || !found {
		return joint.Deal{}, false, err
	}
	d, err := tx.Deal(id)
	return d, err == nil, err
}

// SaveDeal writes a deal over the version it was read at. A new one gets its id, which is its axis, and each member who has
// none an axis too.
func (tx *Tx) SaveDeal(d *joint.Deal) error {
	fresh := d.ID == 0
	var err error
	if fresh {
		if d.ID, err = tx.NextID("axis"); err != nil {
			return err
		}
		if _, err := tx.exec(`INSERT INTO deal_member (coop_id, deal_id, activity_id, axis) VALUES ($1, $2, 0, $2)`, tx.coop, d.ID); err != nil {
			return err
		}
	}
	for i := range d.Members {
		m := &d.Members[i]
		if m.Axis != 0 {
			continue
		}
		// A member who left before anything was shared and comes back keeps the axis of the first time.
		if _, err := tx.one(`SELECT axis FROM deal_member WHERE coop_id = $1 AND deal_id = $2 AND activity_id = $3`, []any{tx.coop, d.ID, m.Activity}, &m.Axis); err != nil {
			return err
		}
		if m.Axis != 0 {
			continue
		}
		if m.Axis, err = tx.NextID("axis"); err != nil {
			return err
		}
		if _, err := tx.exec(`INSERT INTO deal_member (coop_id, deal_id, activity_id, axis) VALUES ($1, $2, $3, $4)`, tx.coop, d.ID, m.Activity, m.Axis); err != nil {
			return err
		}
	}
	body, err := encode(dealBody{d.Note, d.Members})
	if err != nil {
		return err
	}
	if fresh {
		d.Version, d.Created = 1, tx.now
		_, err := tx.exec(`INSERT INTO deal (coop_id, id, lead_id, status, version, author_id, created, begun, title, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
			tx.coop, d.ID, d.Lead, string(d.Status), d.Version, d.Author, d.Created, flag(d.Begun), d.Title, body)
		return err
	}
	n, err := tx.exec(`UPDATE deal SET version = version + 1, status = $4, begun = $5, title = $6, body = $7 WHERE coop_id = $1 AND id = $2 AND version = $3`,
		tx.coop, d.ID, d.Version, string(d.Status), flag(d.Begun), d.Title, body)
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "joint.fault.changed")
	}
	d.Version++
	return err
}

// HasAxis says whether a document has lines of a deal or of another second axis.
func HasAxis(d *sale.Document) bool {
	for i := range d.Content.Lines {
		if d.Content.Lines[i].Axis != 0 {
			return true
		}
	}
	return false
}

// axesOf is [Tx.SaveAxes] of what a person may still change; what an invoice bears is kept as it is issued.
func (tx *Tx) axesOf(d *sale.Document) error {
	if d.Number != "" && d.Kind != sale.Quote {
		return nil
	}
	return tx.SaveAxes(d)
}

// SaveAxes keeps what a document invoices on each axis; nothing of one without any, unless it credits an invoice that has
// some: then what it takes is of none of them.
func (tx *Tx) SaveAxes(d *sale.Document) error {
	if !HasAxis(d) {
		if d.Corrects == 0 {
			return nil
		}
		inv, err := tx.Sale(d.Corrects)
		if err != nil || !HasAxis(&inv) {
			return err
		}
	}
	nets := map[int64]money.Cents{}
	for i, l := range d.Content.Lines {
		nets[l.Axis] += 0
		if i < len(d.Totals.Lines) {
			nets[l.Axis] += d.Totals.Lines[i].Net
		}
	}
	if _, err := tx.exec(`DELETE FROM sale_axis WHERE coop_id = $1 AND sale_id = $2`, tx.coop, d.ID); err != nil {
		return err
	}
	for _, axis := range slices.Sorted(maps.Keys(nets)) {
		if _, err := tx.exec(`INSERT INTO sale_axis (coop_id, sale_id, axis, corrects, numbered, net, collected) VALUES ($1, $2, $3, $4, $5, $6, 0)`,
			tx.coop, d.ID, axis, d.Corrects, flag(d.Number != ""), int64(nets[axis])); err != nil {
			return err
		}
	}
	return nil
}

// Buckets returns what an invoice bears on each axis, less its credit notes, in the order of axes; none for one without axes.
func (tx *Tx) Buckets(saleID int64) ([]joint.Bucket, error) {
	return list(tx, `SELECT b.axis, CAST(SUM(b.net) AS BIGINT), CAST(SUM(b.collected) AS BIGINT) FROM (SELECT axis, net, collected FROM sale_axis WHERE coop_id = $1 AND sale_id = $2
		UNION ALL SELECT axis, -net AS net, collected FROM sale_axis`+tx.db.d.using("sale_axis_corrects")+` WHERE coop_id = $1 AND corrects <> 0 AND corrects = $2 AND numbered = 1) b GROUP BY b.axis ORDER BY b.axis`, []any{tx.coop, saleID}, func(scan func(...any) error, b *joint.Bucket) error {
		return scan(&b.Axis, (*int64)(&b.Net), (*int64)(&b.Collected))
	})
}

// SetBuckets keeps what was collected of an invoice on each axis.
func (tx *Tx) SetBuckets(saleID int64, all []joint.Bucket) error {
	for _, b := range all {
		// A credit note may bear an axis that its invoice does not.
		if _, err := tx.exec(`INSERT INTO sale_axis (coop_id, sale_id, axis, corrects, numbered, net, collected) VALUES ($1, $2, $3, 0, 1, 0, $4)
			ON CONFLICT (coop_id, sale_id, axis) DO UPDATE SET collected = excluded.collected`, tx.coop, saleID, b.Axis, int64(b.Collected)); err != nil {
			return err
		}
	}
	return nil
}

// CollectedOn returns what was collected on each axis of a deal.
func (tx *Tx) CollectedOn(deal int64) (map[int64]money.Cents, error) {
	all := map[int64]money.Cents{}
	err := tx.rows(`SELECT a.axis, CAST(SUM(a.collected) AS BIGINT) FROM deal_member m CROSS JOIN sale_axis a`+tx.db.d.using("sale_axis_axis")+` WHERE m.coop_id = $1 AND m.deal_id = $2 AND a.coop_id = m.coop_id AND a.axis = m.axis GROUP BY a.axis`,
		[]any{tx.coop, deal}, func(scan func(...any) error) error {
			var axis int64
			var sum money.Cents
			err := scan(&axis, (*int64)(&sum))
			all[axis] = sum
			return err
		})
	return all, err
}

// DealSale is a document of a deal with what it bears on one of its axes.
type DealSale struct {
	Sale, Axis, Corrects int64
	Numbered             bool
	Net, Collected       money.Cents
}

// SalesOfDeal returns the documents that bear an axis of a deal, in order.
func (tx *Tx) SalesOfDeal(deal int64) ([]DealSale, error) {
	return list(tx, `SELECT a.sale_id, a.axis, a.corrects, a.numbered, a.net, a.collected FROM deal_member m CROSS JOIN sale_axis a`+tx.db.d.using("sale_axis_axis")+` WHERE m.coop_id = $1 AND m.deal_id = $2 AND a.coop_id = m.coop_id AND a.axis = m.axis ORDER BY a.sale_id, a.axis`,
		[]any{tx.coop, deal}, func(scan func(...any) error, s *DealSale) error {
			var numbered int64
			err := scan(&s.Sale, &s.Axis, &s.Corrects, &numbered, (*int64)(&s.Net), (*int64)(&s.Collected))
			s.Numbered = numbered == 1
			return err
		})
}

// AxisLines returns the lines of the books that bear an axis, in order.
func (tx *Tx) AxisLines(axis int64) ([]PostedLine, error) {
	return list(tx, `SELECT `+postedColumns+` FROM entry_line l`+tx.db.d.using("entry_line_axis")+` JOIN entry e ON e.coop_id = l.coop_id AND e.id = l.entry_id WHERE l.coop_id = $1 AND l.axis <> 0 AND l.axis = $2 ORDER BY l.day, l.entry_id, l.n`,
		[]any{tx.coop, axis}, scanPosted)
}
