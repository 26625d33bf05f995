package store

import (
	"slices"

	"essaim/date"
	"essaim/money"
	"essaim/sale"
)

// SaleFilter selects documents.
type SaleFilter struct {
	Activity   int64         // 0: any
	Activities []int64       // when not nil, only of these (a portfolio)
	Kind       sale.Kind     // "": all
	Status     []sale.Status // empty: all
	State      string        // of invoices: unpaid (something remains), partly (and something was paid), overdue (and it is past), paid, credited; of quotes: expired
	Customer   int64
	Q          string   // part of number, buyer or title; or an amount, tax included
	From, To   date.Day // day of validation
	Today      date.Day // what overdue and expired are judged by
	Before     int64    // only ids below: the last of the page before
	Limit      int      // 0: 50
}

// SaleRow is a document as a list shows it.
type SaleRow struct {
	ID          int64
	Kind        sale.Kind
	Activity    int64
	Customer    int64
	Status      sale.Status
	Version     int64
	Author      int64
	Created     int64 // microseconds UTC
	SubmittedAt int64
	OpenedBy    int64
	ReadRule    string
	ValidatedBy int64
	Number      string
	Day         date.Day
	Due         date.Day // of a quote: last day of the offer
	SentAt      int64
	Origin      int64
	Corrects    int64
	Entry       int64
	Title       string
	Buyer       string
	Net         money.Cents
	VAT         money.Cents
	Gross       money.Cents
	Paid        money.Cents
	Credited    money.Cents
}

// State is [sale.State] of the document.
func (r SaleRow) State(today date.Day) string {
	return sale.State(r.document(), today)
}

// Remaining is [sale.Remaining] of the document.
func (r SaleRow) Remaining() money.Cents { return sale.Remaining(r.document()) }

func (r SaleRow) document() sale.Document {
	d := sale.Document{Kind: r.Kind, Status: r.Status, Number: r.Number, Due: r.Due, Paid: r.Paid, Credited: r.Credited}
	d.Totals.Gross = r.Gross
	if r.Kind == sale.Quote {
		d.Content.ValidUntil = r.Due
	}
	return d
}

const saleRowColumns = `id, kind, activity_id, customer_id, status, version, author_id, created, submitted_at, opened_by, read_rule, validated_by, ` +
	`number, day, due, sent_at, origin, corrects, entry_id, title, buyer, net, vat, gross, paid, credited`

func scanSaleRow(scan func(...any) error, r *SaleRow) error {
	return scan(&r.ID, (*string)(&r.Kind), &r.Activity, &r.Customer, (*string)(&r.Status), &r.Version, &r.Author, &r.Created, &r.SubmittedAt, &r.OpenedBy, &r.ReadRule, &r.ValidatedBy,
		&r.Number, &r.Day, &r.Due, &r.SentAt, &r.Origin, &r.Corrects, &r.Entry, &r.Title, &r.Buyer, (*int64)(&r.Net), (*int64)(&r.VAT), (*int64)(&r.Gross), (*int64)(&r.Paid), (*int64)(&r.Credited))
}

// unpaid is the condition of the partial indexes on invoices with something to receive; it must stand word for word.
const unpaid = `kind = 'invoice' AND number <> '' AND paid + credited < gross`

func (f SaleFilter) where(coop int64) where {
	w := where{args: []any{coop}}
	if f.Activity != 0 {
		w.add("activity_id = ?", f.Activity)
	}
	if f.Activities != nil {
		w.in("activity_id", f.Activities)
	}
	if f.Customer != 0 {
		w.add("customer_id = ?", f.Customer)
	}
	if f.Kind != "" {
		w.add("kind = ?", string(f.Kind))
	}
	if len(f.Status) > 0 {
		w.inTexts("status", texts(f.Status))
	}
	switch f.State {
	case "":
	case "unpaid":
		w.add(unpaid)
	case "partly":
		w.add(unpaid + ` AND paid + credited > 0`)
	case "overdue":
		w.add(unpaid+` AND due <> '' AND due < ?`, f.Today.String())
	case "paid":
		w.add(`kind = 'invoice' AND number <> '' AND paid + credited >= gross AND credited < gross`)
	case "credited":
		w.add(`kind = 'invoice' AND number <> '' AND credited >= gross`)
	case "expired":
		w.add(`kind = 'quote' AND status IN ('validated', 'sent') AND due <> '' AND due < ?`, f.Today.String())
	default:
		w.add("1 = 0")
	}
	if f.Q != "" {
		if amount, ok := amountIn(f.Q); ok {
			w.add(`(search LIKE ? ESCAPE '\' OR gross = ?)`, holding(f.Q), int64(amount))
		} else {
			w.add(`search LIKE ? ESCAPE '\'`, holding(f.Q))
		}
	}
	if f.From != 0 || f.To != 0 {
		w.add(`number <> ''`) // a document has a day once it has a number: the index on days holds only those
	}
	if f.From != 0 {
		w.add("day >= ?", f.From.String())
	}
	if f.To != 0 {
		w.add("day <= ?", f.To.String())
	}
	return w
}

func texts[T ~string](values []T) []string {
	all := make([]string, len(values))
	for i, v := range values {
		all[i] = string(v)
	}
	return all
}

// Sales returns documents, the newest first.
func (tx *Tx) Sales(f SaleFilter) ([]SaleRow, error) {
	w := f.where(tx.coop)
	if f.Before != 0 {
		w.add("id < ?", f.Before)
	}
	return list(tx, w.text(`SELECT `+saleRowColumns+` FROM sale WHERE coop_id = $1`, ` ORDER BY id DESC LIMIT ?`, atMost(f.Limit)), w.args, scanSaleRow)
}

// SaleSum is what a list adds up to. A credit note counts in minus, unless the list holds nothing else.
type SaleSum struct {
	Count     int
	Net       money.Cents
	Gross     money.Cents
	Remaining money.Cents // of invoices
}

// SaleTotals sums every document of a filter, whatever its page.
func (tx *Tx) SaleTotals(f SaleFilter) (SaleSum, error) {
	w := f.where(tx.coop)
	sign := `CASE WHEN kind = 'credit' THEN -1 ELSE 1 END * `
	if f.Kind != "" {
		sign = ""
	}
	var s SaleSum
	_, err := tx.one(w.text(`SELECT COUNT(*), CAST(COALESCE(SUM(`+sign+`net), 0) AS BIGINT), CAST(COALESCE(SUM(`+sign+`gross), 0) AS BIGINT),
		CAST(COALESCE(SUM(CASE WHEN `+unpaid+` THEN gross - paid - credited ELSE 0 END), 0) AS BIGINT) FROM sale WHERE coop_id = $1`, ""), w.args,
		&s.Count, (*int64)(&s.Net), (*int64)(&s.Gross), (*int64)(&s.Remaining))
	return s, err
}

// Desk returns what waits for a reader, the oldest submission first; nil activities: of the whole cooperative.
func (tx *Tx) Desk(activities []int64) ([]SaleRow, error) {
	w := where{args: []any{tx.coop}}
	w.add("kind IN ('quote', 'invoice', 'credit') AND status = 'submitted'") // in the order of the index on (kind, status)
	if activities != nil {
		w.in("activity_id", activities)
	}
	return list(tx, w.text(`SELECT `+saleRowColumns+` FROM sale WHERE coop_id = $1`, ` ORDER BY submitted_at, id`), w.args, scanSaleRow)
}

// issuedMax bounds what [Tx.IssuedCount] counts: no trust rule looks further.
const issuedMax = 1000

// IssuedCount returns how many invoices of an activity have been validated, up to 1 000.
func (tx *Tx) IssuedCount(activity int64) (int, error) {
	n := 0
	_, err := tx.one(`SELECT COUNT(*) FROM (SELECT id FROM sale WHERE coop_id = $1 AND activity_id = $2 AND kind = 'invoice' AND number <> '' LIMIT $3) t`, []any{tx.coop, activity, issuedMax}, &n)
	return n, err
}

// CustomerInvoiced says whether a customer has had a validated invoice.
func (tx *Tx) CustomerInvoiced(customer int64) (bool, error) {
	var id int64
	return tx.one(`SELECT id FROM sale WHERE coop_id = $1 AND customer_id = $2 AND kind = 'invoice' AND number <> '' LIMIT 1`, []any{tx.coop, customer}, &id)
}

// OpenInvoices returns the invoices with something to receive, the oldest due day first; of one activity or all (0), of
// one customer or all (0).
func (tx *Tx) OpenInvoices(activity, customer int64) ([]sale.Document, error) {
	w := where{args: []any{tx.coop}}
	w.add(unpaid)
	if activity != 0 {
		w.add("activity_id = ?", activity)
	}
	if customer != 0 {
		w.add("customer_id = ?", customer)
	}
	all, err := list(tx, w.text(`SELECT `+saleColumns+` FROM sale WHERE coop_id = $1`, ""), w.args, scanSale)
	slices.SortFunc(all, func(a, b sale.Document) int {
		if a.Due != b.Due {
			return int(a.Due - b.Due)
		}
		return int(a.ID - b.ID)
	})
	return all, err
}
