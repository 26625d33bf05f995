package store

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"essaim/activity"
	"essaim/date"
	"essaim/fault"
	"essaim/ledger"
	"essaim/money"
	"essaim/sale"
)

var (
	insertPayment    = into("payment", "coop_id, id, day, amount, means, reference, customer_id, activity_id, excess, entry_id, reverses, by_id, at, hash, chain, exchange")
	insertAllocation = into("allocation", "coop_id, payment_id, sale_id, amount, foreign_minor")
	insertCollected  = into("collected", "coop_id, activity_id, year_id, period, id, day, sale_id, payment_id, nature, net, record_id")
)

// PaymentDigest is the SHA-256 of a payment's content in a canonical form: every field that a reader could rely on, each
// text with its length before it. reverses is the id of the payment that this one undoes, 0 otherwise.
func PaymentDigest(p sale.Payment, reverses int64) [sha256.Size]byte {
	b := make([]byte, 0, 128+16*len(p.Allocations))
	num := func(n int64) { b = binary.AppendVarint(b, n) }
	text := func(s string) { num(int64(len(s))); b = append(b, s...) }
	text("essaim payment 1")
	num(p.ID)
	num(int64(p.Date))
	num(int64(p.Amount))
	text(string(p.Means))
	text(p.Reference)
	num(p.Customer)
	num(p.Activity)
	num(int64(p.Excess))
	num(p.Entry)
	num(reverses)
	num(p.By)
	num(p.At)
	num(int64(len(p.Allocations)))
	for _, a := range p.Allocations {
		num(a.Invoice)
		num(int64(a.Amount))
	}
	if p.Exchange != 0 || slices.ContainsFunc(p.Allocations, func(a sale.Allocation) bool { return a.Foreign != 0 }) {
		text("currency")
		num(int64(p.Exchange))
		for _, a := range p.Allocations {
			num(int64(a.Foreign))
		}
	}
	return sha256.Sum256(b)
}

// NextPayment returns the id that the next payment recorded in this transaction gets, so that its entry can name it.
func (tx *Tx) NextPayment() (int64, error) {
	head, err := tx.head("payment")
	return head.seq + 1, err
}

// AddPayment records a payment, or the reversal of one (reverses, its id), and links it to the chain of payments. It is
// final. Allocations are kept in the order of invoices, one for each.
func (tx *Tx) AddPayment(p *sale.Payment, reverses int64) error {
	if reverses != 0 {
		old, err := tx.Payment(reverses)
		if err != nil {
			return err
		}
		if old.Reversed != 0 {
			return fault.New(fault.Conflict, "store.payment_reversed")
		}
	}
	head, err := tx.head("payment")
	if err != nil {
		return err
	}
	rec := *p
	rec.ID, rec.Seq, rec.At = head.seq+1, head.seq+1, tx.now
	rec.Allocations = mergeAllocations(p.Allocations)
	digest := PaymentDigest(rec, reverses)
	chain := ledger.Link(head.head, digest[:])
	if err := tx.stage(insertPayment, tx.coop, rec.ID, rec.Date.String(), int64(rec.Amount), string(rec.Means), rec.Reference, rec.Customer, rec.Activity, int64(rec.Excess), rec.Entry, reverses, rec.By, rec.At, digest[:], chain, int64(rec.Exchange)); err != nil {
		return err
	}
	for _, a := range rec.Allocations {
		if err := tx.stage(insertAllocation, tx.coop, rec.ID, a.Invoice, int64(a.Amount), int64(a.Foreign)); err != nil {
			return err
		}
	}
	tx.setHead("payment", chainState{rec.Seq, chain})
	*p = rec
	return nil
}

// mergeAllocations sums the parts of each invoice, in the order of their ids: what the table can hold and what the digest
// of a payment read back must equal.
func mergeAllocations(parts []sale.Allocation) []sale.Allocation {
	var all []sale.Allocation
	for _, p := range parts {
		i := 0
		for i < len(all) && all[i].Invoice < p.Invoice {
			i++
		}
		if i < len(all) && all[i].Invoice == p.Invoice {
			all[i].Amount += p.Amount
			all[i].Foreign += p.Foreign
			continue
		}
		all = append(all, sale.Allocation{})
		copy(all[i+1:], all[i:])
		all[i] = p
	}
	return all
}

const paymentColumns = `p.id, p.day, p.amount, p.means, p.reference, p.customer_id, p.activity_id, p.excess, p.entry_id, p.by_id, p.at, p.exchange, COALESCE(r.entry_id, 0)`

func scanPayment(scan func(...any) error, p *sale.Payment) error {
	err := scan(&p.ID, &p.Date, (*int64)(&p.Amount), (*string)(&p.Means), &p.Reference, &p.Customer, &p.Activity, (*int64)(&p.Excess), &p.Entry, &p.By, &p.At, (*int64)(&p.Exchange), &p.Reversed)
	p.Seq = p.ID
	return err
}

const paymentFrom = ` FROM payment p LEFT JOIN payment r ON r.coop_id = p.coop_id AND r.reverses = p.id AND r.reverses <> 0 WHERE p.coop_id = $1`

// Payment returns one payment with its allocations and, when it was reversed, the entry that did.
func (tx *Tx) Payment(id int64) (sale.Payment, error) {
	all, err := list(tx, `SELECT `+paymentColumns+paymentFrom+` AND p.id = $2`, []any{tx.coop, id}, scanPayment)
	if err == nil && len(all) == 0 {
		err = fault.New(fault.NotFound, "store.payment_unknown")
	}
	if err != nil {
		return sale.Payment{}, err
	}
	err = tx.allocations(all)
	return all[0], err
}

// allocations completes payments with their parts.
func (tx *Tx) allocations(all []sale.Payment) error {
	at := make(map[int64]int, len(all))
	ids := make([]int64, len(all))
	for i := range all {
		at[all[i].ID], ids[i] = i, all[i].ID
	}
	for some := range slices.Chunk(ids, 64) {
		w := where{args: []any{tx.coop}}
		w.in("payment_id", some)
		if err := tx.rows(w.text(`SELECT payment_id, sale_id, amount, foreign_minor FROM allocation WHERE coop_id = $1`, ` ORDER BY payment_id, sale_id`), w.args, func(scan func(...any) error) error {
			var id int64
			var a sale.Allocation
			err := scan(&id, &a.Invoice, (*int64)(&a.Amount), (*int64)(&a.Foreign))
			if i, ok := at[id]; ok {
				all[i].Allocations = append(all[i].Allocations, a)
			}
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// Reverses returns the payment that a record undoes, 0 when it is a payment of its own.
func (tx *Tx) Reverses(id int64) (int64, error) {
	var reverses int64
	found, err := tx.one(`SELECT reverses FROM payment WHERE coop_id = $1 AND id = $2`, []any{tx.coop, id}, &reverses)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "store.payment_unknown")
	}
	return reverses, err
}

// PaymentFilter selects payments.
type PaymentFilter struct {
	Activity   int64   // 0: any
	Activities []int64 // when not nil, only of these
	Customer   int64
	Sale       int64 // allocated to this invoice
	Refunds    bool  // only what was given back
	From, To   date.Day
	Within     []date.FiscalYear // when not nil, only of a day in one of these
	Before     int64             // only ids below: the last of the page before
	Limit      int               // 0: 50
}

// Payments returns payments, the newest first. The records that only reverse one are left out: the payment they undo
// tells ([sale.Payment.Reversed]).
func (tx *Tx) Payments(f PaymentFilter) ([]sale.Payment, error) {
	w := where{args: []any{tx.coop}}
	w.add("p.reverses = 0")
	if f.Activity != 0 {
		w.add("p.activity_id = ?", f.Activity)
	}
	if f.Activities != nil {
		w.in("p.activity_id", f.Activities)
	}
	if f.Customer != 0 {
		w.add("p.customer_id = ?", f.Customer)
	}
	if f.Sale != 0 {
		w.add("p.id IN (SELECT a.payment_id FROM allocation a WHERE a.coop_id = $1 AND a.sale_id = ?)", f.Sale)
	}
	if f.Refunds {
		w.add("p.amount < 0")
	}
	if f.From != 0 {
		w.add("p.day >= ?", f.From.String())
	}
	if f.To != 0 {
		w.add("p.day <= ?", f.To.String())
	}
	if f.Within != nil {
		w.within("p.day", f.Within)
	}
	if f.Before != 0 {
		w.add("p.id < ?", f.Before)
	}
	all, err := list(tx, w.text(`SELECT `+paymentColumns+paymentFrom, ` ORDER BY p.id DESC LIMIT CAST(? AS BIGINT)`, atMost(f.Limit)), w.args, scanPayment)
	if err != nil {
		return nil, err
	}
	return all, tx.allocations(all)
}

// CollectedRow is net turnover that a payment, its reversal or a credit note moved in one nature of sale.
type CollectedRow struct {
	ID       int64
	Activity int64
	Year     int64 // fiscal year
	Period   int   // month within it, from 1
	Day      date.Day
	Sale     int64
	Payment  int64 // 0: a credit note changed the share
	Record   int64 // takings, which no invoice stands for; 0: not
	Nature   string
	Net      money.Cents
}

// AddCollected keeps what makes up the turnover collected; the sums themselves are moved by [Tx.MoveTurnover].
func (tx *Tx) AddCollected(rows []CollectedRow) error {
	for i := range rows {
		r := &rows[i]
		id, err := tx.NextID("collected")
		if err != nil {
			return err
		}
		if err := tx.stage(insertCollected, tx.coop, r.Activity, r.Year, r.Period, id, r.Day.String(), r.Sale, r.Payment, r.Nature, int64(r.Net), r.Record); err != nil {
			return err
		}
		r.ID = id
	}
	return nil
}

// Collected returns what makes up the turnover that an activity collected from one period of a fiscal year to another.
func (tx *Tx) Collected(activity, year int64, from, to int) ([]CollectedRow, error) {
	return list(tx, `SELECT period, id, day, sale_id, payment_id, nature, net FROM collected WHERE coop_id = $1 AND activity_id = $2 AND year_id = $3 AND period >= $4 AND period <= $5 ORDER BY day, id`,
		[]any{tx.coop, activity, year, from, to}, func(scan func(...any) error, r *CollectedRow) error {
			r.Activity, r.Year = activity, year
			return scan(&r.Period, &r.ID, &r.Day, &r.Sale, &r.Payment, &r.Nature, (*int64)(&r.Net))
		})
}

// MoveTurnover adds to the turnover of an activity in one nature and period.
func (tx *Tx) MoveTurnover(activity, year int64, nature string, period int, invoiced, collected money.Cents) {
	k := turnoverKey{tx.coop, activity, year, nature, period}
	v := tx.own.turnover[k]
	tx.own.turnover[k] = amounts{v.a + invoiced, v.b + collected}
}

// Turnover returns the turnover of an activity in a fiscal year, by period then nature.
func (tx *Tx) Turnover(id, year int64) ([]activity.Turnover, error) {
	return list(tx, `SELECT nature, period, invoiced, collected FROM turnover WHERE coop_id = $1 AND activity_id = $2 AND year_id = $3 ORDER BY period, nature`, []any{tx.coop, id, year}, func(scan func(...any) error, t *activity.Turnover) error {
		return scan(&t.Nature, &t.Period, (*int64)(&t.Invoiced), (*int64)(&t.Collected))
	})
}

// TurnoverAll returns the turnover of every activity in a fiscal year, each by period then nature.
func (tx *Tx) TurnoverAll(year int64) (map[int64][]activity.Turnover, error) {
	all := map[int64][]activity.Turnover{}
	err := tx.rows(`SELECT activity_id, nature, period, invoiced, collected FROM turnover WHERE coop_id = $1 AND activity_id IN (SELECT id FROM activity WHERE coop_id = $1) AND year_id = $2 ORDER BY activity_id, period, nature`, []any{tx.coop, year}, func(scan func(...any) error) error {
		var id int64
		var t activity.Turnover
		err := scan(&id, &t.Nature, &t.Period, (*int64)(&t.Invoiced), (*int64)(&t.Collected))
		all[id] = append(all[id], t)
		return err
	})
	return all, err
}

const itemColumns = `entry_id, n, account, section_id, third_id, day, due, amount, remaining, ref, label, document`

func scanItem(scan func(...any) error, o *ledger.OpenItem) error {
	return scan(&o.Item.Entry, &o.Item.Line, &o.Account, &o.Section, &o.Third, &o.Date, &o.Due, (*int64)(&o.Amount), (*int64)(&o.Remaining), &o.Ref, &o.Label, &o.Document)
}

// Item returns one open item, settled or not.
func (tx *Tx) Item(ref ledger.ItemRef) (ledger.OpenItem, error) {
	all, err := list(tx, `SELECT `+itemColumns+` FROM open_item WHERE coop_id = $1 AND entry_id = $2 AND n = $3`, []any{tx.coop, ref.Entry, ref.Line}, scanItem)
	if err == nil && len(all) == 0 {
		err = fault.New(fault.NotFound, "store.item_unknown")
	}
	if err != nil {
		return ledger.OpenItem{}, err
	}
	return all[0], nil
}

// OpenItems returns what remains open in a section on accounts of a prefix, the oldest due day first.
func (tx *Tx) OpenItems(section int64, accountPrefix string) ([]ledger.OpenItem, error) {
	return list(tx, `SELECT `+itemColumns+` FROM open_item`+tx.db.d.using("open_item_open")+` WHERE coop_id = $1 AND section_id = $2 AND remaining <> 0 AND account LIKE CAST($3 AS TEXT) ORDER BY due, entry_id, n`, []any{tx.coop, section, accountPrefix + "%"}, scanItem)
}

// OpenItemsAll is [Tx.OpenItems] of every section.
func (tx *Tx) OpenItemsAll(accountPrefix string) ([]ledger.OpenItem, error) {
	return list(tx, `SELECT `+itemColumns+` FROM open_item`+tx.db.d.using("open_item_open")+` WHERE coop_id = $1 AND remaining <> 0 AND account LIKE CAST($2 AS TEXT) ORDER BY due, entry_id, n`, []any{tx.coop, accountPrefix + "%"}, scanItem)
}

// GivenBack returns how much of each advance of a third party was refunded, less the refunds that were undone.
func (tx *Tx) GivenBack(third int64) ([]sale.GivenBack, error) {
	return list(tx, `SELECT o.entry_id, o.n, o.account, o.section_id, o.third_id, o.day, o.due, o.amount, o.remaining, o.ref, o.label, o.document, CAST(SUM(l.amount) AS BIGINT)
		FROM customer c JOIN payment p`+tx.db.d.using("payment_refund")+` ON p.coop_id = c.coop_id AND p.customer_id = c.id AND p.amount < 0 AND p.means <> 'cents'
		JOIN entry_line l ON l.coop_id = p.coop_id AND l.entry_id = p.entry_id AND l.account = '4191'
		JOIN open_item o ON o.coop_id = l.coop_id AND o.entry_id = l.settles_entry AND o.n = l.settles_n
		WHERE c.coop_id = $1 AND c.third_id = $2
		GROUP BY o.entry_id, o.n, o.account, o.section_id, o.third_id, o.day, o.due, o.amount, o.remaining, o.ref, o.label, o.document ORDER BY o.entry_id, o.n`,
		[]any{tx.coop, third}, func(scan func(...any) error, g *sale.GivenBack) error {
			o := &g.Item
			return scan(&o.Item.Entry, &o.Item.Line, &o.Account, &o.Section, &o.Third, &o.Date, &o.Due, (*int64)(&o.Amount), (*int64)(&o.Remaining), &o.Ref, &o.Label, &o.Document, (*int64)(&g.Amount))
		})
}

// DueItem changes the day from which an open item is to be paid: a retention is freed earlier or later than its document
// said. What the document holds is the source; verify compares.
func (tx *Tx) DueItem(ref ledger.ItemRef, due date.Day) error {
	_, err := tx.exec(`UPDATE open_item SET due = $4 WHERE coop_id = $1 AND entry_id = $2 AND n = $3`, tx.coop, ref.Entry, ref.Line, due.String())
	return err
}

// Claims returns what customers owe that no invoice of the house holds: items opened by entries, on accounts of a prefix, of
// one section or of all (0), the oldest due day first.
func (tx *Tx) Claims(section int64, accountPrefix string) ([]ledger.OpenItem, error) {
	return list(tx, `SELECT `+itemColumns+` FROM open_item`+tx.db.d.using("open_item_open")+` WHERE coop_id = $1 AND (CAST($2 AS BIGINT) = 0 OR section_id = $2) AND remaining > 0 AND remaining <> 0 AND account LIKE CAST($3 AS TEXT) AND document NOT LIKE 'invoice:%' ORDER BY due, entry_id, n`, []any{tx.coop, section, accountPrefix + "%"}, scanItem)
}

// OpenItemsOf returns what remains open of a third party on accounts of a prefix, in the order it was posted. The bounds
// keep it from reading all that a customer owes when only their deposits are asked for; no account holds a letter above z.
func (tx *Tx) OpenItemsOf(third int64, accountPrefix string) ([]ledger.OpenItem, error) {
	return list(tx, `SELECT `+itemColumns+` FROM open_item`+tx.db.d.using("open_item_third")+` WHERE coop_id = $1 AND third_id = $2 AND remaining <> 0 AND account >= CAST($3 AS TEXT) AND account < CAST($4 AS TEXT) ORDER BY entry_id, n`,
		[]any{tx.coop, third, accountPrefix, accountPrefix + "z"}, scanItem)
}
