package store

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"essaim/date"
	"essaim/money"
	"essaim/sale"
)

var insertPenalty = into("penalty", "coop_id, sale_id, invoice_id, interest, forty")

// AddPenalties keeps what a document asks of which invoices.
func (tx *Tx) AddPenalties(d *sale.Document) error {
	for _, c := range d.Content.Late {
		if err := tx.stage(insertPenalty, tx.coop, d.ID, c.Invoice, int64(c.Interest), int64(c.Forty)); err != nil {
			return err
		}
	}
	return nil
}

// AskedLate returns what was asked of some invoices for being late. A document that credit notes took back whole asks for
// nothing any more; one taken back in part was given up in part, and what it asked is not asked again.
func (tx *Tx) AskedLate(invoices []int64) (map[int64]sale.Asked, error) {
	all := map[int64]sale.Asked{}
	for some := range slices.Chunk(invoices, inMost) {
		w := where{args: []any{tx.coop}}
		w.in("p.invoice_id", some)
		if err := tx.rows(w.text(`SELECT p.invoice_id, p.interest, p.forty FROM penalty p JOIN sale s ON s.coop_id = p.coop_id AND s.id = p.sale_id WHERE p.coop_id = $1 AND s.credited < s.gross`, ""), w.args, func(scan func(...any) error) error {
			var id int64
			var a sale.Asked
			err := scan(&id, (*int64)(&a.Interest), (*int64)(&a.Forty))
			all[id] = sale.Asked{Interest: all[id].Interest + a.Interest, Forty: all[id].Forty + a.Forty}
			return err
		}); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// PenaltiesAmong says which of some invoices ask for what was owed for being late: they bear nothing in their turn.
func (tx *Tx) PenaltiesAmong(invoices []int64) (map[int64]bool, error) {
	all := map[int64]bool{}
	for some := range slices.Chunk(invoices, inMost) {
		w := where{args: []any{tx.coop}}
		w.in("sale_id", some)
		if err := tx.rows(w.text(`SELECT sale_id FROM penalty WHERE coop_id = $1`, ""), w.args, func(scan func(...any) error) error {
			var id int64
			err := scan(&id)
			all[id] = true
			return err
		}); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// LateInvoices returns the invoices of a customer whose day has passed, the oldest first, settled or not, penalties left out:
// those that may owe something for being late.
func (tx *Tx) LateInvoices(customer int64, today date.Day) ([]sale.Document, error) {
	ids, err := list(tx, `SELECT s.id FROM sale s`+tx.db.d.using("sale_customer")+` WHERE s.coop_id = $1 AND s.customer_id = $2 AND s.kind = 'invoice' AND s.number <> '' AND s.due <> '' AND s.due < $3
		AND NOT EXISTS (SELECT 1 FROM penalty p WHERE p.coop_id = s.coop_id AND p.sale_id = s.id) ORDER BY s.due, s.id`, []any{tx.coop, customer, today.String()}, func(scan func(...any) error, id *int64) error { return scan(id) })
	if err != nil {
		return nil, err
	}
	return tx.salesNamed(ids)
}

// PenaltiesOf returns the documents by which a customer was asked for being late, the newest first.
func (tx *Tx) PenaltiesOf(customer int64) ([]sale.Document, error) {
	ids, err := list(tx, `SELECT s.id FROM sale s`+tx.db.d.using("sale_customer")+` WHERE s.coop_id = $1 AND s.customer_id = $2 AND s.kind = 'invoice'
		AND EXISTS (SELECT 1 FROM penalty p WHERE p.coop_id = s.coop_id AND p.sale_id = s.id) ORDER BY s.id DESC LIMIT 50`, []any{tx.coop, customer}, func(scan func(...any) error, id *int64) error { return scan(id) })
	if err != nil {
		return nil, err
	}
	return tx.salesNamed(ids)
}

func (tx *Tx) salesNamed(ids []int64) (all []sale.Document, err error) {
	all = make([]sale.Document, len(ids))
	for i, id := range ids {
		if all[i], err = tx.Sale(id); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// penaltyRow is what one document asks of one invoice.
type penaltyRow struct{ sale, invoice int64 }

// asks remembers a document of penalties.
func (w *documentary) asks(k *keptSale) {
	if k.Kind == sale.Invoice && k.Content.Stage == sale.Penalty {
		w.asking = append(w.asking, k)
	}
}

// penalties compares what is kept of penalties with the documents that ask for them, whose lines must come to what their
// claims say; and of no invoice is the indemnity asked twice (Code de commerce D441-5: once for each).
func (v *verifier) penalties(tx *Tx, asking []*keptSale) error {
	want := map[penaltyRow]sale.Claim{}
	forty := map[int64]money.Cents{}
	names := map[int64]string{}
	for _, k := range asking {
		if !sale.PenaltyAddsUp(k.Document) {
			if err := v.tell("verify.document_totals", "document", k.name()); err != nil {
				return err
			}
		}
		names[k.ID] = k.Number
		for _, c := range k.Content.Late {
			want[penaltyRow{k.ID, c.Invoice}] = c
			if k.Credited < k.Totals.Gross {
				forty[c.Invoice] += c.Forty
			}
			if forty[c.Invoice] > sale.Recovery {
				if err := v.tell("verify.penalty_twice", "document", k.name(), "invoice", c.Number); err != nil {
					return err
				}
			}
		}
	}
	differs := func(k penaltyRow) error {
		return v.tell("verify.penalty", "document", cmp.Or(names[k.sale], "#"+strconv.FormatInt(k.sale, 10)), "invoice", "#"+strconv.FormatInt(k.invoice, 10))
	}
	if err := tx.rows(`SELECT sale_id, invoice_id, interest, forty FROM penalty WHERE coop_id = $1 ORDER BY sale_id, invoice_id`, []any{tx.coop}, func(scan func(...any) error) error {
		var k penaltyRow
		var interest, forty money.Cents
		if err := scan(&k.sale, &k.invoice, (*int64)(&interest), (*int64)(&forty)); err != nil {
			return err
		}
		c, ok := want[k]
		delete(want, k)
		if !ok || c.Interest != interest || c.Forty != forty {
			return differs(k)
		}
		return nil
	}); err != nil {
		return err
	}
	for _, k := range slices.SortedFunc(maps.Keys(want), func(a, b penaltyRow) int {
		return cmp.Or(cmp.Compare(a.sale, b.sale), cmp.Compare(a.invoice, b.invoice))
	}) {
		if err := differs(k); err != nil {
			return err
		}
	}
	return nil
}
