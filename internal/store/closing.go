package store

import (
	"crypto/sha256"
	"encoding/binary"
	"time"

	"essaim/date"
	"essaim/ledger"
	"essaim/sale"
)

var insertClosing = into("closing", "coop_id, id, kind, from_day, to_day, payments, records, body, at, hash, chain")

// closingDigest is the SHA-256 of a closing in a canonical form.
func closingDigest(c sale.Closing, body string) [sha256.Size]byte {
	b := make([]byte, 0, 128+len(body))
	num := func(n int64) { b = binary.AppendVarint(b, n) }
	text := func(s string) { num(int64(len(s))); b = append(b, s...) }
	text("essaim closing 1")
	num(c.ID)
	text(string(c.Kind))
	num(int64(c.From))
	num(int64(c.To))
	num(c.Payments[1])
	num(c.Records[1])
	num(c.At)
	text(body)
	return sha256.Sum256(b)
}

// AddClosing writes a closing and links it to the chain of closings. It is final.
func (tx *Tx) AddClosing(c *sale.Closing) error {
	head, err := tx.head("closing")
	if err != nil {
		return err
	}
	c.ID, c.At = head.seq+1, tx.now
	body, err := encode(c)
	if err != nil {
		return err
	}
	digest := closingDigest(*c, body)
	chain := ledger.Link(head.head, digest[:])
	tx.setHead("closing", chainState{c.ID, chain})
	return tx.stage(insertClosing, tx.coop, c.ID, string(c.Kind), c.From.String(), c.To.String(), c.Payments[1], c.Records[1], body, c.At, digest[:], chain)
}

// ClosedAt is a closing with its seal.
type ClosedAt struct {
	sale.Closing
	Hash, Chain []byte
}

func scanClosing(scan func(...any) error, c *ClosedAt) error {
	var body string
	if err := scan(&body, &c.Hash, &c.Chain); err != nil {
		return err
	}
	return decode(body, &c.Closing)
}

// LastClosing returns the last closing of a kind; its id is 0 when there is none.
func (tx *Tx) LastClosing(kind sale.ClosingKind) (sale.Closing, error) {
	all, err := tx.Closings(kind, 0, 1, nil)
	if err != nil || len(all) == 0 {
		return sale.Closing{}, err
	}
	return all[0].Closing, nil
}

// Closings returns closings of a kind, the latest first, before an id (0: from the last); when years is not nil, only those
// of periods that end in one of them.
func (tx *Tx) Closings(kind sale.ClosingKind, before int64, limit int, years []date.FiscalYear) ([]ClosedAt, error) {
	w := where{args: []any{tx.coop}}
	w.add("kind = ?", string(kind))
	if before != 0 {
		w.add("id < ?", before)
	}
	if years != nil {
		w.within("to_day", years)
	}
	return list(tx, w.text(`SELECT body, hash, chain FROM closing WHERE coop_id = $1`, ` ORDER BY id DESC LIMIT CAST(? AS BIGINT)`, atMost(limit)), w.args, scanClosing)
}

// ClosingsAfter returns the closings of a kind after an id, the first first.
func (tx *Tx) ClosingsAfter(kind sale.ClosingKind, after int64) ([]ClosedAt, error) {
	return list(tx, `SELECT body, hash, chain FROM closing WHERE coop_id = $1 AND kind = $2 AND id > $3 ORDER BY id`, []any{tx.coop, string(kind), after}, scanClosing)
}

// Operated is a payment or takings as closings count it, with its place and the civil day on which it was recorded.
type Operated struct {
	sale.Operation
	Payment, Record int64 // its place in one of the two chains
	On              date.Day
}

// Operations returns the payments and takings after two places of the chains, in the order they were recorded.
func (tx *Tx) Operations(payments, records int64) ([]Operated, error) {
	s, err := tx.Settings()
	if err != nil {
		return nil, err
	}
	on := func(at int64) date.Day { return date.FromTime(time.UnixMicro(at).In(s.Zone)) }
	paid, err := list(tx, `SELECT id, day, amount, means, reverses, at FROM payment WHERE coop_id = $1 AND id > $2 ORDER BY id`, []any{tx.coop, payments}, func(scan func(...any) error, p *undoable) error {
		return scan(&p.ID, &p.Date, (*int64)(&p.Amount), (*string)(&p.Means), &p.reverses, &p.At)
	})
	if err != nil {
		return nil, err
	}
	parts := map[int64][]sale.Allocation{}
	if err := tx.rows(`SELECT payment_id, sale_id, amount FROM allocation WHERE coop_id = $1 AND payment_id > $2 ORDER BY payment_id, sale_id`, []any{tx.coop, payments}, func(scan func(...any) error) error {
		var id int64
		var a sale.Allocation
		err := scan(&id, &a.Invoice, (*int64)(&a.Amount))
		parts[id] = append(parts[id], a)
		return err
	}); err != nil {
		return nil, err
	}
	taxes := map[int64][]sale.TaxTotal{}
	if err := tx.rows(`SELECT s.id, s.totals FROM sale s WHERE s.coop_id = $1 AND s.id IN (SELECT a.sale_id FROM allocation a WHERE a.coop_id = $1 AND a.payment_id > $2)`, []any{tx.coop, payments}, func(scan func(...any) error) error {
		var id int64
		var text string
		var t sale.Totals
		if err := scan(&id, &text); err != nil {
			return err
		}
		if decode(text, &t) == nil { // one that cannot be read is told by verify as a document
			taxes[id] = t.Taxes
		}
		return nil
	}); err != nil {
		return nil, err
	}
	taken, err := list(tx, `SELECT `+recordColumns+recordFrom+` AND r.kind = 'taking' AND r.id > $2 ORDER BY r.id`, []any{tx.coop, records}, scanRecord)
	if err != nil {
		return nil, err
	}
	var all []Operated
	for i, k := 0, 0; i < len(paid) || k < len(taken); {
		if k == len(taken) || i < len(paid) && paid[i].At <= taken[k].At {
			p := paid[i]
			p.Allocations = parts[p.ID]
			all = append(all, Operated{Operation: sale.PaymentOperation(p.Payment, p.reverses != 0, func(id int64) []sale.TaxTotal { return taxes[id] }), Payment: p.ID, On: on(p.At)})
			i++
			continue
		}
		t := taken[k]
		if t.Taking != nil {
			all = append(all, Operated{Operation: sale.TakingOperation(*t.Taking, t.Reverses != 0), Record: t.ID, On: on(t.At)})
		}
		k++
	}
	return all, nil
}

type undoable struct {
	sale.Payment
	reverses int64
}

// Recording says whether the operation records a payment, or something in the register.
func (tx *Tx) Recording() bool {
	_, paid := tx.own.chains[takenKey{tx.coop, "payment"}]
	_, noted := tx.own.chains[takenKey{tx.coop, "register"}]
	return paid || noted
}

// Recorded returns the places of the last payment and of the last record of the register.
func (tx *Tx) Recorded() (payments, records int64, err error) {
	p, err := tx.head("payment")
	if err != nil {
		return 0, 0, err
	}
	r, err := tx.head("register")
	return p.seq, r.seq, err
}

// DaysClosedSince returns the closings of days that a closing of a longer period does not cover yet, the first first. Days
// follow each other as their numbers do: the last that it covers stands just before it, or just before those that were
// closed together with it.
func (tx *Tx) DaysClosedSince(c sale.Closing, limit int) ([]ClosedAt, error) {
	return list(tx, `SELECT body, hash, chain FROM closing WHERE coop_id = $1 AND kind = 'day'
		AND id > COALESCE((SELECT b.id FROM closing b WHERE b.coop_id = $1 AND b.kind = 'day' AND b.id < $2 AND b.to_day <= $3 ORDER BY b.id DESC LIMIT 1), 0)
		ORDER BY id LIMIT CAST($4 AS BIGINT)`, []any{tx.coop, c.ID, c.To.String(), atMost(limit)}, scanClosing)
}
