package store

import (
	"slices"

	"essaim/date"
	"essaim/fault"
	"essaim/sale"
)

var insertSale = into("sale", "coop_id, id, kind, activity_id, customer_id, status, version, author_id, created, submitted_at, opened_by, read_rule, validated_by, validated_at, "+
	"number, day, due, sent_at, origin, corrects, entry_id, title, buyer, net, vat, gross, paid, credited, file, content, totals, settled, signed, search, lost, retained, release_day, currency, own_gross, own_left, abroad, imprint")

const saleColumns = `id, kind, activity_id, customer_id, status, version, author_id, created, submitted_at, opened_by, read_rule, validated_by, validated_at, ` +
	`number, day, due, sent_at, origin, corrects, entry_id, paid, credited, file, content, totals, settled, signed, lost, imprint`

func scanSale(scan func(...any) error, d *sale.Document) error {
	var content, totals, settled, signed string
	err := scan(&d.ID, (*string)(&d.Kind), &d.Activity, &d.Customer, (*string)(&d.Status), &d.Version, &d.Author, &d.Created, &d.SubmittedAt, &d.OpenedBy, &d.ReadRule, &d.ValidatedBy, &d.ValidatedAt,
		&d.Number, &d.Date, &d.Due, &d.SentAt, &d.Origin, &d.Corrects, &d.Entry, (*int64)(&d.Paid), (*int64)(&d.Credited), &d.File, &content, &totals, &settled, &signed, (*int64)(&d.Lost), &d.Imprint)
	if err != nil {
		return err
	}
	if d.Kind == sale.Quote {
		d.Due = 0 // the column holds the end of the offer, which the content has
	}
	for _, part := range []struct {
		text string
		into any
	}{{content, &d.Content}, {totals, &d.Totals}, {settled, &d.Settled}, {signed, &d.Signed}} {
		if err := decode(part.text, part.into); err != nil {
			return err
		}
	}
	return nil
}

// Sale returns one document.
func (tx *Tx) Sale(id int64) (sale.Document, error) {
	d, found, err := tx.saleBy(`SELECT `+saleColumns+` FROM sale WHERE coop_id = $1 AND id = $2`, tx.coop, id)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "store.sale_unknown")
	}
	return d, err
}

func (tx *Tx) saleBy(text string, args ...any) (d sale.Document, found bool, err error) {
	err = tx.rows(text, args, func(scan func(...any) error) error {
		found = true
		return scanSale(scan, &d)
	})
	return d, found, err
}

// NextSale takes the id of a document that is not written yet, for an entry that names it before.
func (tx *Tx) NextSale() (int64, error) { return tx.NextID("sale") }

// SaveSale writes a document. A new one (version 0) gets its id, unless it has taken one, and version 1. Another is written only over the version it was
// read at, and its version grows: who saves over a change they have not seen is told so.
//
// The customer's name, and what a search finds, stand as they were when the document was validated.
func (tx *Tx) SaveSale(d *sale.Document) error {
	if !tx.write {
		return errReadOnly
	}
	var parts [4]string
	for i, v := range []any{d.Content, d.Totals, d.Settled, d.Signed} {
		var err error
		if parts[i], err = encode(v); err != nil {
			return err
		}
	}
	due := d.Due
	if d.Kind == sale.Quote {
		due = d.Content.ValidUntil
	}
	buyer, err := tx.buyer(d.Customer)
	if err != nil {
		return err
	}
	own := OwnOf(*d)
	search := Normal(d.Number+" "+buyer+" "+d.Content.Title) + amountToken(d.Totals.Gross)
	tx.own.stamps[takenKey{tx.coop, "sale"}] = true
	if d.Version == 0 {
		id := d.ID
		if id == 0 {
			var err error
			if id, err = tx.NextSale(); err != nil {
				return err
			}
		}
		created := d.Created
		if created == 0 {
			created = tx.now
		}
		if err := tx.stage(insertSale, tx.coop, id, string(d.Kind), d.Activity, d.Customer, string(d.Status), int64(1), d.Author, created, d.SubmittedAt, d.OpenedBy, d.ReadRule, d.ValidatedBy, d.ValidatedAt,
			d.Number, d.Date.String(), due.String(), d.SentAt, d.Origin, d.Corrects, d.Entry, d.Content.Title, buyer, int64(d.Totals.Net), int64(d.Totals.VAT), int64(d.Totals.Gross), int64(d.Paid), int64(d.Credited),
			d.File, parts[0], parts[1], parts[2], parts[3], search, int64(d.Lost), int64(sale.Retained(*d)), sale.ReleaseDay(*d).String(), own.Currency, int64(own.Gross), int64(own.Left), own.Abroad, d.Imprint); err != nil {
			return err
		}
		tx.own.events[eventKey{tx.coop, id}] = 0
		d.ID, d.Created, d.Version = id, created, 1
		return tx.axesOf(d)
	}
	n, err := tx.exec(`UPDATE sale SET customer_id = $4, status = $5, version = version + 1, author_id = $6, submitted_at = $7, opened_by = $8, read_rule = $9, validated_by = $10, validated_at = $11,
		number = $12, day = $13, due = $14, sent_at = $15, origin = $16, corrects = $17, entry_id = $18, title = $19, net = $20, vat = $21, gross = $22, paid = $23, credited = $24,
		file = $25, content = $26, totals = $27, settled = $28, signed = $29, lost = $32, retained = $33, release_day = $34, currency = $35, own_gross = $36, own_left = $37, abroad = $38, imprint = $39,
		buyer = CASE WHEN status IN ('draft', 'submitted', 'returned') THEN $30 ELSE buyer END,
		search = CASE WHEN status IN ('draft', 'submitted', 'returned') THEN $31 ELSE search END
		WHERE coop_id = $1 AND id = $2 AND version = $3`,
		tx.coop, d.ID, d.Version, d.Customer, string(d.Status), d.Author, d.SubmittedAt, d.OpenedBy, d.ReadRule, d.ValidatedBy, d.ValidatedAt,
		d.Number, d.Date.String(), due.String(), d.SentAt, d.Origin, d.Corrects, d.Entry, d.Content.Title, int64(d.Totals.Net), int64(d.Totals.VAT), int64(d.Totals.Gross), int64(d.Paid), int64(d.Credited),
		d.File, parts[0], parts[1], parts[2], parts[3], buyer, search, int64(d.Lost), int64(sale.Retained(*d)), sale.ReleaseDay(*d).String(), own.Currency, int64(own.Gross), int64(own.Left), own.Abroad, d.Imprint)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.Conflict, "sale.changed_meanwhile")
	}
	d.Version++
	return tx.axesOf(d)
}

// buyer returns the name of a customer, which the transaction often knows already.
func (tx *Tx) buyer(customer int64) (string, error) {
	if customer == 0 {
		return "", nil
	}
	if name, ok := tx.buyers[customer]; ok {
		return name, nil
	}
	c, err := tx.Customer(customer)
	return c.FullName(), err
}

// BuyerName is the name of a customer.
func (tx *Tx) BuyerName(customer int64) (string, error) { return tx.buyer(customer) }

// DeleteDraft removes a document that never had a number, with its events. What was sent to the desk is taken back first.
func (tx *Tx) DeleteDraft(id int64) error {
	d, err := tx.Sale(id)
	if err != nil {
		return err
	}
	if d.Number != "" || d.Status != sale.Draft && d.Status != sale.Returned {
		return fault.New(fault.Conflict, "store.draft_only")
	}
	for _, text := range []string{
		`DELETE FROM link WHERE coop_id = $1 AND sale_id = $2`,
		`DELETE FROM sale_event WHERE coop_id = $1 AND sale_id = $2`,
		`DELETE FROM subscription_period WHERE coop_id = $1 AND sale_id = $2`, // it is proposed again
		`DELETE FROM sale WHERE coop_id = $1 AND id = $2`,
	} {
		if _, err := tx.exec(text, tx.coop, id); err != nil {
			return err
		}
	}
	delete(tx.own.events, eventKey{tx.coop, id})
	tx.own.stamps[takenKey{tx.coop, "sale"}] = true
	return nil
}

// SaleEvent is one deed on a document, with the words that came with it.
type SaleEvent struct {
	N       int
	At      int64 // microseconds UTC
	By      int64 // person, 0: the program or the customer
	ByName  string
	Deed    string
	Comment string
	Line    int // line the comment is on, from 1; 0: the whole
}

var insertEvent = into("sale_event", "coop_id, sale_id, n, at, by_id, by_name, deed, comment, line")

type eventKey struct{ coop, sale int64 }

// AddEvent records a deed on a document.
func (tx *Tx) AddEvent(id int64, deed, comment string, line int, by int64, byName string) error {
	k := eventKey{tx.coop, id}
	n, ok := tx.own.events[k]
	if !ok {
		if n, ok = tx.shared.events[k]; !ok {
			if err := tx.peek(`SELECT COALESCE(MAX(n), 0) FROM sale_event WHERE coop_id = $1 AND sale_id = $2`, []any{tx.coop, id}, func(scan func(...any) error) error { return scan(&n) }); err != nil {
				return err
			}
		}
	}
	if err := tx.stage(insertEvent, tx.coop, id, n+1, tx.now, by, byName, deed, comment, line); err != nil {
		return err
	}
	tx.own.events[k] = n + 1
	return nil
}

// ReadEvents reads where the events of several documents stand, so that [Tx.AddEvent] asks for none of them.
func (tx *Tx) ReadEvents(ids []int64) error {
	if !tx.write {
		return errReadOnly
	}
	ids = slices.DeleteFunc(slices.Clone(ids), func(id int64) bool {
		_, own := tx.own.events[eventKey{tx.coop, id}]
		_, shared := tx.shared.events[eventKey{tx.coop, id}]
		return own || shared
	})
	last := map[int64]int{}
	for some := range slices.Chunk(ids, inMost) {
		w := where{args: []any{tx.coop}}
		w.among("sale_id", some)
		// What others staged is of documents that stand above: nothing needs to be written for this.
		if err := tx.peek(w.text(`SELECT sale_id, n FROM sale_event WHERE coop_id = $1`, ""), w.args, func(scan func(...any) error) error {
			var id int64
			n := 0
			err := scan(&id, &n)
			last[id] = max(last[id], n)
			return err
		}); err != nil {
			return err
		}
	}
	for _, id := range ids {
		tx.own.events[eventKey{tx.coop, id}] = last[id]
	}
	return nil
}

// Events returns what happened to a document, in order.
func (tx *Tx) Events(id int64) ([]SaleEvent, error) {
	return list(tx, `SELECT n, at, by_id, by_name, deed, comment, line FROM sale_event WHERE coop_id = $1 AND sale_id = $2 ORDER BY n`, []any{tx.coop, id}, func(scan func(...any) error, e *SaleEvent) error {
		return scan(&e.N, &e.At, &e.By, &e.ByName, &e.Deed, &e.Comment, &e.Line)
	})
}

var insertLink = into("link", "coop_id, hash, sale_id, expires, content, used, revoked")

// Link is a random reference that opens a document to who holds it.
type Link struct {
	Hash    []byte // SHA-256 of the reference
	Sale    int64
	Expires date.Day // the last day it opens; the caller compares it with today
	Content string   // what it was made for, as [sale.SignedHash]; "" of links made before they knew
	Used    int64    // instant it served to sign, microseconds UTC
	Revoked int64    // instant it was withdrawn
}

// AddLink opens a document to who holds a random reference, of which only the SHA-256 is kept, until a day.
func (tx *Tx) AddLink(id int64, hash []byte, content string, expires date.Day) error {
	return tx.stage(insertLink, tx.coop, hash, id, expires.String(), content, int64(0), int64(0))
}

// SaleByLink returns the document a reference opens, and the link.
func (tx *Tx) SaleByLink(hash []byte) (sale.Document, Link, error) {
	l := Link{Hash: hash}
	found, err := tx.one(`SELECT sale_id, expires, content, used, revoked FROM link WHERE coop_id = $1 AND hash = $2`, []any{tx.coop, hash}, &l.Sale, &l.Expires, &l.Content, &l.Used, &l.Revoked)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "store.link_unknown")
	}
	if err != nil {
		return sale.Document{}, l, err
	}
	d, err := tx.Sale(l.Sale)
	return d, l, err
}

// UseLink notes that a link served to sign.
func (tx *Tx) UseLink(hash []byte) error {
	_, err := tx.exec(`UPDATE link SET used = $3 WHERE coop_id = $1 AND hash = $2`, tx.coop, hash, tx.now)
	return err
}

// RevokeLinks withdraws every link of a document, and says how many opened it until then.
func (tx *Tx) RevokeLinks(id int64) (int64, error) {
	return tx.exec(`UPDATE link SET revoked = $3 WHERE coop_id = $1 AND sale_id = $2 AND revoked = 0`, tx.coop, id, tx.now)
}

// OpenLinks counts the links that open a document on a day.
func (tx *Tx) OpenLinks(id int64, today date.Day) (n int, err error) {
	_, err = tx.one(`SELECT COUNT(*) FROM link WHERE coop_id = $1 AND sale_id = $2 AND revoked = 0 AND expires >= $3`, []any{tx.coop, id, today.String()}, &n)
	return n, err
}
