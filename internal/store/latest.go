package store

import (
	"maps"
	"slices"

	"essaim/coop"
	"essaim/date"
	"essaim/ledger"
	"essaim/money"
	"essaim/sale"
)

// BankRead returns the last day, today at most, that the bank's account bears in any section: up to there its statements are
// in the books, those of an activity where nothing moved too. One seek a section, never a scan.
func (tx *Tx) BankRead(today date.Day) (date.Day, error) {
	var d date.Day
	_, err := tx.one(`SELECT coalesce(MAX(m.day), '') FROM (SELECT (SELECT l.day FROM entry_line l WHERE l.coop_id = s.coop_id AND l.section_id = s.id AND l.account = $2 AND l.day <= $3 ORDER BY l.day DESC LIMIT 1) AS day
		FROM section s WHERE s.coop_id = $1) m`, []any{tx.coop, ledger.Bank, today.String()}, &d)
	return d, err
}

// LastInvoice returns the day of an activity's last validated invoice, 0 when there is none.
func (tx *Tx) LastInvoice(activity int64) (date.Day, error) {
	var d date.Day
	_, err := tx.one(`SELECT day FROM sale WHERE coop_id = $1 AND activity_id = $2 AND kind = 'invoice' AND number <> '' ORDER BY id DESC LIMIT 1`, []any{tx.coop, activity}, &d)
	return d, err
}

// LastInvoices is [Tx.LastInvoice] of each activity that has one: a seek for each.
func (tx *Tx) LastInvoices() (map[int64]date.Day, error) {
	all := map[int64]date.Day{}
	err := tx.rows(`SELECT a.id, COALESCE((SELECT s.day FROM sale s WHERE s.coop_id = a.coop_id AND s.activity_id = a.id AND s.kind = 'invoice' AND s.number <> '' ORDER BY s.id DESC LIMIT 1), '') FROM activity a WHERE a.coop_id = $1`, []any{tx.coop}, func(scan func(...any) error) error {
		var id int64
		var d date.Day
		err := scan(&id, &d)
		if d != 0 {
			all[id] = d
		}
		return err
	})
	return all, err
}

// SubmittedCount returns how many documents of an activity wait to be read.
func (tx *Tx) SubmittedCount(activity int64) (n int, err error) {
	all, err := tx.SubmittedBy()
	for _, s := range all {
		if s.Activity == activity {
			n += s.N
		}
	}
	return n, err
}

// AllThirds returns every third party of the books by id: the export names them on each line.
func (tx *Tx) AllThirds() (map[int64]ledger.Third, error) {
	all := map[int64]ledger.Third{}
	err := tx.rows(`SELECT `+thirdColumns+` FROM third WHERE coop_id = $1`, []any{tx.coop}, func(scan func(...any) error) error {
		var t ledger.Third
		err := scanThird(scan, &t)
		all[t.ID] = t
		return err
	})
	return all, err
}

// EntriesFrom returns n entries that follow each other in the chain.
func (tx *Tx) EntriesFrom(id int64, n int) ([]ledger.Entry, error) {
	all := make([]ledger.Entry, n)
	for i := range all {
		var err error
		if all[i], err = tx.Entry(id + int64(i)); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Deducts returns the accounts whose charges lower the base of some contribution policy: an entry that moves them moves
// a contribution.
func (s *Settings) Deducts() coop.Prefixes { return s.deducts }

// SalesFrom returns the documents made from another: the invoices of a quote, the credit notes of an invoice.
func (tx *Tx) SalesFrom(id int64) ([]SaleRow, error) {
	// Two questions of one index each: asked for either at once, PostgreSQL reads every document made later.
	const same = ` AND activity_id = (SELECT o.activity_id FROM sale o WHERE o.coop_id = $1 AND o.id = $2) AND id > $2`
	return list(tx, `SELECT `+saleRowColumns+` FROM sale`+tx.db.d.using("sale_origin")+` WHERE coop_id = $1 AND origin <> 0 AND origin = $2`+same+`
		UNION ALL SELECT `+saleRowColumns+` FROM sale`+tx.db.d.using("sale_corrects")+` WHERE coop_id = $1 AND corrects <> 0 AND corrects = $2 AND origin <> $2`+same+` ORDER BY 1`,
		[]any{tx.coop, id}, scanSaleRow)
}

// WithdrawnSale is a quote that its customer withdrew from.
type WithdrawnSale struct {
	SaleRow
	At int64 // microseconds UTC
}

// WithdrawnSales returns the quotes of an activity that a consumer withdrew from, the latest first.
func (tx *Tx) WithdrawnSales(activity int64) ([]WithdrawnSale, error) {
	at := map[int64]int64{}
	if err := tx.rows(`SELECT sale_id, at FROM sale_event WHERE coop_id = $1 AND deed = 'withdraw'`, []any{tx.coop}, func(scan func(...any) error) error {
		var id, on int64
		err := scan(&id, &on)
		at[id] = on
		return err
	}); err != nil || len(at) == 0 {
		return nil, err
	}
	var all []WithdrawnSale
	for some := range slices.Chunk(slices.Sorted(maps.Keys(at)), inMost) {
		w := where{args: []any{tx.coop, activity}}
		w.in("id", some)
		w.add("status = 'refused'")
		rows, err := list(tx, w.text(`SELECT `+saleRowColumns+` FROM sale WHERE coop_id = $1 AND activity_id = $2`, ` ORDER BY id`), w.args, scanSaleRow)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			all = append(all, WithdrawnSale{r, at[r.ID]})
		}
	}
	slices.Reverse(all)
	return all, nil
}

type codeKey struct {
	coop int64
	code string
}

// ThirdByCode returns the id of a third party by its code, which never changes and is kept in memory once read.
func (tx *Tx) ThirdByCode(code string) (id int64, ok bool, err error) {
	key := codeKey{tx.coop, code}
	if id, ok := tx.db.thirds.Load(key); ok {
		return id.(int64), true, nil
	}
	ok, err = tx.one(`SELECT id FROM third WHERE coop_id = $1 AND code = $2`, []any{tx.coop, code}, &id)
	if err == nil && ok && !tx.saved {
		tx.db.thirds.Store(key, id)
	}
	return id, ok, err
}

// LastEntry returns the id of the last entry of the chain, 0 when there is none.
func (tx *Tx) LastEntry() (int64, error) {
	s, err := tx.head("entry")
	return s.seq, err
}

// Asked is what the invoices of a quote have asked so far, in the currency of the quote.
type Asked struct {
	Gross   money.Cents // of those with a number, less their credit notes
	Waiting bool        // a deposit that no invoice has deducted yet
	Made    bool        // one has a number
	Draft   bool        // one is being written or read
	Last    bool        // the balance was invoiced
	Closed  bool        // nothing more will be: see sale.Settled.Closed
}

// AskedOf returns what was asked of some quotes.
func (tx *Tx) AskedOf(ids []int64) (map[int64]Asked, error) {
	all := map[int64]Asked{}
	for some := range slices.Chunk(ids, inMost) {
		w := where{args: []any{tx.coop}}
		w.add("origin <> 0")
		w.in("origin", some)
		if err := tx.rows(w.text(`SELECT origin, number, gross, credited, CASE WHEN content LIKE '%"stage":"balance"%' THEN 1 ELSE 0 END, settled, CASE WHEN totals LIKE '%"foreign":%' THEN totals ELSE '' END FROM sale WHERE coop_id = $1`, ""), w.args, func(scan func(...any) error) error {
			var id, last int64
			var d sale.Document
			var settled, totals string
			if err := scan(&id, &d.Number, (*int64)(&d.Totals.Gross), (*int64)(&d.Credited), &last, &settled, &totals); err != nil {
				return err
			}
			a := all[id]
			if d.Number == "" {
				a.Draft = true
				all[id] = a
				return nil
			}
			if err := decode(settled, &d.Settled); err != nil {
				return err
			}
			gross := d.Totals.Gross - d.Credited
			if totals != "" {
				if err := decode(totals, &d.Totals); err != nil {
					return err
				}
				gross = d.Totals.Foreign.Gross
				for _, p := range d.Settled.Refunded {
					gross -= p.Net + p.VAT
				}
			}
			a.Made = a.Made || gross > 0
			a.Gross += gross
			a.Waiting = a.Waiting || d.Settled.Held+d.Settled.Billed > 0
			a.Last = a.Last || last == 1 && (d.Credited < d.Totals.Gross || d.Totals.Gross == 0)
			all[id] = a
			return nil
		}); err != nil {
			return nil, err
		}
		w = where{args: []any{tx.coop}}
		w.in("id", some)
		if err := tx.rows(w.text(`SELECT id FROM sale WHERE coop_id = $1`, ` AND settled LIKE '%"closed":%'`), w.args, func(scan func(...any) error) error {
			var id int64
			err := scan(&id)
			a := all[id]
			a.Closed = true
			all[id] = a
			return err
		}); err != nil {
			return nil, err
		}
	}
	return all, nil
}
