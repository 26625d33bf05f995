package store

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

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
	Q          string            // part of number, buyer or title; or an amount, tax included
	From, To   date.Day          // day of validation
	Within     []date.FiscalYear // when not nil, only validated in one of these
	Today      date.Day          // what overdue and expired are judged by
	Before     int64             // only ids below: the last of the page before
	Limit      int               // 0: 50
}

// SaleRow is a document as a list shows it.
type SaleRow struct {
	ID          int64       `json:"id"`
	Kind        sale.Kind   `json:"kind"`
	Activity    int64       `json:"activity"`
	Customer    int64       `json:"customer"`
	Status      sale.Status `json:"status"`
	Version     int64       `json:"version"`
	Author      int64       `json:"author"`
	Created     int64       `json:"created"` // microseconds UTC
	SubmittedAt int64       `json:"submittedAt,omitempty"`
	OpenedBy    int64       `json:"openedBy,omitempty"`
	ReadRule    string      `json:"readRule,omitempty"`
	ValidatedBy int64       `json:"validatedBy,omitempty"`
	Number      string      `json:"number,omitempty"`
	Day         date.Day    `json:"date,omitempty"`
	Due         date.Day    `json:"due,omitempty"` // of a quote: last day of the offer
	SentAt      int64       `json:"sentAt,omitempty"`
	Origin      int64       `json:"origin,omitempty"`
	Corrects    int64       `json:"corrects,omitempty"`
	Entry       int64       `json:"entry,omitempty"`
	Title       string      `json:"title"`
	Buyer       string      `json:"buyer"`
	Net         money.Cents `json:"net"`
	VAT         money.Cents `json:"vat"`
	Gross       money.Cents `json:"gross"`
	Paid        money.Cents `json:"paid"`
	Credited    money.Cents `json:"credited"`
	Lost        money.Cents `json:"lost,omitempty"`
	Retained    money.Cents `json:"retained,omitempty"` // what the customer keeps of it until Release
	Release     date.Day    `json:"release,omitempty"`
	Own
}

// State is [sale.State] of the document.
func (r SaleRow) State(today date.Day) string {
	return sale.State(r.document(), today)
}

// OwedNow is [sale.OwedNow] of the document.
func (r SaleRow) OwedNow(today date.Day) (money.Cents, date.Day) {
	return sale.OwedNow(r.document(), today)
}

// Remaining is [sale.Remaining] of the document.
func (r SaleRow) Remaining() money.Cents { return sale.Remaining(r.document()) }

func (r SaleRow) document() sale.Document {
	d := sale.Document{Kind: r.Kind, Status: r.Status, Number: r.Number, Due: r.Due, Paid: r.Paid, Credited: r.Credited, Lost: r.Lost}
	d.Totals.Retained, d.Settled.Release = r.Retained, r.Release
	d.Totals.Gross = r.Gross
	if r.Kind == sale.Quote {
		d.Content.ValidUntil = r.Due
	}
	return d
}

const saleRowColumns = `id, kind, activity_id, customer_id, status, version, author_id, created, submitted_at, opened_by, read_rule, validated_by, ` +
	`number, day, due, sent_at, origin, corrects, entry_id, title, buyer, net, vat, gross, paid, credited, lost, retained, release_day, currency, own_gross, own_left, abroad`

func scanSaleRow(scan func(...any) error, r *SaleRow) error {
	return scan(&r.ID, (*string)(&r.Kind), &r.Activity, &r.Customer, (*string)(&r.Status), &r.Version, &r.Author, &r.Created, &r.SubmittedAt, &r.OpenedBy, &r.ReadRule, &r.ValidatedBy,
		&r.Number, &r.Day, &r.Due, &r.SentAt, &r.Origin, &r.Corrects, &r.Entry, &r.Title, &r.Buyer, (*int64)(&r.Net), (*int64)(&r.VAT), (*int64)(&r.Gross), (*int64)(&r.Paid), (*int64)(&r.Credited), (*int64)(&r.Lost), (*int64)(&r.Retained), &r.Release, &r.Currency, (*int64)(&r.Own.Gross), (*int64)(&r.Left), &r.Abroad)
}

// unpaid is the condition of the partial indexes on invoices with something to receive; it must stand word for word.
const unpaid = `kind = 'invoice' AND number <> '' AND gross > paid + credited + lost`

// where adds the conditions of the filter, save those that its plan has already set.
func (f SaleFilter) where(w *where) {
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
		w.add("kind = " + literal(f.Kind))
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
		w.add(unpaid+` AND due <> '' AND due < ? AND (gross > paid + credited + lost + retained OR release_day <= ?)`, f.Today.String(), f.Today.String())
	case "paid":
		w.add(`kind = 'invoice' AND number <> '' AND paid + credited + lost >= gross AND (credited < gross OR gross = 0) AND lost = 0`)
	case "credited":
		w.add(`kind = 'invoice' AND number <> '' AND credited >= gross AND gross > 0`)
	case "lost":
		w.add(`kind = 'invoice' AND number <> '' AND lost > 0`)
	case "expired":
		w.add(`kind = 'quote' AND status IN ('validated', 'sent') AND due <> '' AND due < ?`, f.Today.String())
	default:
		w.add("1 = 0")
	}
	if f.Q != "" {
		w.search(f.Q, amountToken)
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
	if f.Within != nil {
		w.add(`number <> ''`)
		w.within("day", f.Within)
	}
	if f.Before != 0 {
		w.add("id < ?", f.Before)
	}
}

// literal writes a kind into the text: SQLite compares a bound one with the conditions of the partial indexes, and plans
// the statement anew for each value.
func literal(k sale.Kind) string {
	switch k {
	case sale.Quote, sale.Invoice, sale.CreditNote:
		return "'" + string(k) + "'"
	}
	return "''" // there is no such document
}

func texts[T ~string](values []T) []string {
	all := make([]string, len(values))
	for i, v := range values {
		all[i] = string(v)
	}
	return all
}

// from names the table, and the index that serves the filter best: in the order of ids, except over a span of days.
func (f SaleFilter) from(d *dialect) string {
	index := ""
	switch {
	case f.Customer != 0:
		index = "sale_customer"
	case f.Activity != 0:
		index = "sale_activity"
	case f.State == "unpaid" || f.State == "partly" || f.State == "overdue":
		index = "sale_unpaid"
	case f.Kind != "" && len(f.Status) == 1:
		index = "sale_kind"
	case f.Kind != "" && (f.From != 0 || f.To != 0):
		index = "sale_day"
	case f.Q != "":
		index = "sale_search"
	default:
		return ` FROM sale`
	}
	return ` FROM sale` + d.using(index)
}

// branchesMax bounds the branches of a plan; a portfolio of more activities is dense enough for one scan.
const branchesMax = 32

// branches splits a filter into filters that an index serves: one for each activity of a portfolio, for each kind of an
// activity, for each kind and status, for each kind within a span of days. The newest of each together hold the newest.
func (f SaleFilter) branches() []SaleFilter {
	var all []SaleFilter
	kinds := []sale.Kind{f.Kind}
	if f.Kind == "" {
		kinds = []sale.Kind{sale.Quote, sale.Invoice, sale.CreditNote}
	}
	byKind := func() {
		for _, k := range kinds {
			b := f
			b.Kind = k
			all = append(all, b)
		}
	}
	switch {
	case f.Customer != 0:
	case f.Activity != 0 && f.Kind == "":
		byKind()
	case f.Activity != 0:
	case len(f.Activities) > 0 && len(f.Activities) <= branchesMax:
		// As many branches as the next power of two, so that few texts are prepared; the last find nothing.
		n := 1
		for n < len(f.Activities) {
			n *= 2
		}
		for i := range n {
			b := f
			b.Activity, b.Activities = -1, nil
			if i < len(f.Activities) && !slices.Contains(f.Activities[:i], f.Activities[i]) {
				b.Activity = f.Activities[i]
			}
			all = append(all, b)
		}
	case f.State == "unpaid" || f.State == "partly" || f.State == "overdue":
	case len(f.Status) > 0 && len(f.Status)*len(kinds) <= branchesMax:
		for _, k := range kinds {
			for _, s := range f.Status {
				b := f
				b.Kind, b.Status = k, []sale.Status{s}
				all = append(all, b)
			}
		}
	case f.From != 0 || f.To != 0:
		byKind()
	}
	return all
}

// Sales returns documents, the newest first.
func (tx *Tx) Sales(f SaleFilter) ([]SaleRow, error) {
	const newest = ` ORDER BY id DESC LIMIT CAST(? AS BIGINT)`
	w := where{args: []any{tx.coop}}
	branches := f.branches()
	if len(branches) == 0 && f.Q == "" {
		f.where(&w)
		return list(tx, w.text(`SELECT `+saleRowColumns+f.from(tx.db.d)+` WHERE coop_id = $1`, newest, atMost(f.Limit)), w.args, scanSaleRow)
	}
	// The ids first, out of indexes alone where they hold enough; then the rows of one page.
	if len(branches) == 0 {
		branches = []SaleFilter{f}
	}
	var ids strings.Builder
	for i, b := range branches {
		if i > 0 {
			ids.WriteString(` UNION ALL `)
		}
		w.conds = nil
		b.where(&w)
		ids.WriteString(`SELECT id FROM (` + w.text(`SELECT id`+b.from(tx.db.d)+` WHERE coop_id = $1`, newest, atMost(f.Limit)) + `) b` + strconv.Itoa(i))
	}
	w.conds = nil
	text := w.text(`SELECT `+saleRowColumns+` FROM sale WHERE coop_id = $1`, ` AND id IN (SELECT id FROM (`+ids.String()+`) u`+newest+`)`+` ORDER BY id DESC`, atMost(f.Limit))
	return list(tx, text, w.args, scanSaleRow)
}

// SaleSum is what a list adds up to. A credit note counts in minus, unless the list holds nothing else.
type SaleSum struct {
	Count     int
	Net       money.Cents
	Gross     money.Cents
	Remaining money.Cents // of invoices
}

// SaleTotals sums every document of a filter, whatever its page. What was summed before is remembered until a document of
// the cooperative changes.
func (tx *Tx) SaleTotals(f SaleFilter) (SaleSum, error) {
	f.Before, f.Limit = 0, 0
	if tx.write { // what is not yet committed is not remembered
		return tx.sumSales(f)
	}
	stamp, err := tx.stampOf("sale")
	if err != nil {
		return SaleSum{}, err
	}
	key := fmt.Sprintf("%d %#v", tx.coop, f) // tells "none" (an empty list) from "any" (nil)
	if s, ok := tx.db.sums.get(key, stamp); ok {
		return s, nil
	}
	s, err := tx.sumSales(f)
	if err == nil {
		tx.db.sums.put(key, stamp, s)
	}
	return s, err
}

func (tx *Tx) sumSales(f SaleFilter) (SaleSum, error) {
	w := where{args: []any{tx.coop}}
	f.where(&w)
	sign := `CASE WHEN kind = 'credit' THEN -1 ELSE 1 END * `
	if f.Kind != "" {
		sign = ""
	}
	table := f.from(tx.db.d)
	if f.Activity != 0 && f.Customer == 0 && (f.State == "unpaid" || f.State == "partly" || f.State == "overdue") {
		table = ` FROM sale` + tx.db.d.using("sale_open") // those with something to receive, of however many
	}
	var s SaleSum
	_, err := tx.one(w.text(`SELECT COUNT(*), CAST(COALESCE(SUM(`+sign+`net), 0) AS BIGINT), CAST(COALESCE(SUM(`+sign+`gross), 0) AS BIGINT),
		CAST(COALESCE(SUM(CASE WHEN `+unpaid+` THEN gross - paid - credited - lost ELSE 0 END), 0) AS BIGINT)`+table+` WHERE coop_id = $1`, ""), w.args,
		&s.Count, (*int64)(&s.Net), (*int64)(&s.Gross), (*int64)(&s.Remaining))
	return s, err
}

// sumCache remembers sums by filter, each with the stamp it was true at.
type sumCache struct {
	mu   sync.Mutex
	sums map[string]stampedSum
}

type stampedSum struct {
	stamp int64
	sum   SaleSum
}

// sumsMax bounds the sums remembered: some hundred kilobytes.
const sumsMax = 2000

func (c *sumCache) get(key string, stamp int64) (SaleSum, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s, ok := c.sums[key]
	return s.sum, ok && s.stamp == stamp
}

func (c *sumCache) put(key string, stamp int64, s SaleSum) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.sums == nil || len(c.sums) >= sumsMax {
		c.sums = map[string]stampedSum{}
	}
	c.sums[key] = stampedSum{stamp, s}
}

// Submitted is how many documents of a kind, an activity and an author wait for a reader, and since when the oldest does.
type Submitted struct {
	Activity, Author int64
	Kind             sale.Kind
	N                int
	Oldest           int64
}

// SubmittedBy counts what waits for a reader by kind, activity and author: [Tx.Desk] without its documents, remembered until a
// document of the cooperative changes.
func (tx *Tx) SubmittedBy() ([]Submitted, error) {
	stamp, err := tx.stampOf("sale")
	if err != nil {
		return nil, err
	}
	if k, ok := tx.db.submitted.Load(tx.coop); ok && !tx.write && k.(submittedKept).stamp == stamp {
		return k.(submittedKept).all, nil
	}
	all, err := list(tx, `SELECT activity_id, author_id, kind, CAST(COUNT(*) AS BIGINT), MIN(submitted_at) FROM sale`+tx.db.d.using("sale_desk")+` WHERE coop_id = $1 AND status = 'submitted' GROUP BY activity_id, author_id, kind ORDER BY activity_id, author_id, kind`,
		[]any{tx.coop}, func(scan func(...any) error, s *Submitted) error {
			return scan(&s.Activity, &s.Author, (*string)(&s.Kind), &s.N, &s.Oldest)
		})
	if err == nil && !tx.write { // what is not yet committed is not remembered
		tx.db.submitted.Store(tx.coop, submittedKept{stamp, all})
	}
	return all, err
}

type submittedKept struct {
	stamp int64
	all   []Submitted
}

// issuedMax bounds what [Tx.IssuedCount] counts: no trust rule looks further.
const issuedMax = 1000

// IssuedCount returns how many invoices of an activity have been validated, up to 1 000.
func (tx *Tx) IssuedCount(activity int64) (int, error) {
	n := 0
	_, err := tx.one(`SELECT COUNT(*) FROM (SELECT id FROM sale WHERE coop_id = $1 AND activity_id = $2 AND kind = 'invoice' AND number <> '' LIMIT CAST($3 AS BIGINT)) t`, []any{tx.coop, activity, issuedMax}, &n)
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
	all, err := tx.invoicesThat(unpaid, activity, customer, "")
	slices.SortFunc(all, func(a, b sale.Document) int {
		if a.Due != b.Due {
			return int(a.Due - b.Due)
		}
		return int(a.ID - b.ID)
	})
	return all, err
}

// written is the condition of the partial index on invoices that were written off, in whole or in part; it must stand word
// for word.
const written = `lost > 0`

// LostInvoices returns the invoices with something written off that has not come, the oldest first; of one activity or all
// (0), of one customer or all (0).
func (tx *Tx) LostInvoices(activity, customer int64) ([]sale.Document, error) {
	return tx.invoicesThat(written, activity, customer, " ORDER BY id")
}

// invoicesThat reads the invoices that the condition of a partial index keeps; of one activity or all (0), of one customer
// or all (0).
func (tx *Tx) invoicesThat(kept string, activity, customer int64, order string) ([]sale.Document, error) {
	w := where{args: []any{tx.coop}}
	w.add(kept)
	if activity != 0 {
		w.add("activity_id = ?", activity)
	}
	if customer != 0 {
		w.add("customer_id = ?", customer)
	}
	return list(tx, w.text(`SELECT `+saleColumns+` FROM sale WHERE coop_id = $1`, order), w.args, scanSale)
}
