package store

import (
	"slices"

	"essaim/date"
	"essaim/i18n"
	"essaim/money"
	"essaim/sale"
)

// Own is what lists show of a document in another currency than the euro, and which states are told of it.
type Own struct {
	Currency string      `json:"currency,omitempty"`      // "": the euro, and no amount beside
	Gross    money.Cents `json:"currencyGross,omitempty"` // in that currency
	Left     money.Cents `json:"currencyLeft,omitempty"`  // to be received, in it
	Abroad   string      `json:"-"`                       // see [sale.Abroad]
}

// Whole is what a document comes to, in its currency: gross is what it comes to in the books.
func (o Own) Whole(gross money.Cents) i18n.Sum {
	if o.Currency == "" {
		return i18n.Sum{Amount: gross}
	}
	return i18n.Sum{Amount: o.Gross, Currency: o.Currency}
}

// OwnOf returns it of a document.
func OwnOf(d sale.Document) Own {
	own := Own{Abroad: sale.Abroad(d)}
	if d.Content.Abroad() {
		own.Currency, own.Gross = d.Content.Currency, d.Totals.Own().Gross
		if d.Kind == sale.Invoice && d.Number != "" {
			own.Left, _ = sale.Owing(d)
		}
	}
	return own
}

// Rate is what a currency was worth on a day, as the accountant keeps it.
type Rate struct {
	Currency string
	Day      date.Day
	Rate     money.Micro // its units for one euro
	Source   string
	By       int64
	At       int64 // microseconds UTC
}

const rateColumns = `currency, day, rate, source, by_id, at`

func scanRate(scan func(...any) error, r *Rate) error {
	return scan(&r.Currency, &r.Day, (*int64)(&r.Rate), &r.Source, &r.By, &r.At)
}

// SaveRate keeps a rate, in the place of what was kept for that day. Documents bear their own: none follows.
func (tx *Tx) SaveRate(r Rate) error {
	_, err := tx.exec(`INSERT INTO exchange_rate (coop_id, currency, day, rate, source, by_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (coop_id, currency, day) DO UPDATE SET rate = excluded.rate, source = excluded.source, by_id = excluded.by_id, at = excluded.at`,
		tx.coop, r.Currency, r.Day.String(), int64(r.Rate), r.Source, r.By, tx.now)
	return err
}

// RateOn returns the last rate of a currency that was known on a day.
func (tx *Tx) RateOn(currency string, day date.Day) (r Rate, found bool, err error) {
	all, err := list(tx, `SELECT `+rateColumns+` FROM exchange_rate WHERE coop_id = $1 AND currency = $2 AND day <= $3 ORDER BY day DESC LIMIT 1`, []any{tx.coop, currency, day.String()}, scanRate)
	if err != nil || len(all) == 0 {
		return r, false, err
	}
	return all[0], true, nil
}

// LastRates returns the last rate of each currency.
func (tx *Tx) LastRates() ([]Rate, error) {
	return list(tx, `SELECT `+rateColumns+` FROM exchange_rate r WHERE coop_id = $1 AND day = (SELECT MAX(day) FROM exchange_rate x WHERE x.coop_id = r.coop_id AND x.currency = r.currency) ORDER BY currency`, []any{tx.coop}, scanRate)
}

// Rates returns what is kept of a currency, the latest first.
func (tx *Tx) Rates(currency string, limit int) ([]Rate, error) {
	return list(tx, `SELECT `+rateColumns+` FROM exchange_rate WHERE coop_id = $1 AND currency = $2 ORDER BY day DESC LIMIT CAST($3 AS BIGINT)`, []any{tx.coop, currency, atMost(limit)}, scanRate)
}

// RatesOn returns what is kept of a day.
func (tx *Tx) RatesOn(day date.Day) ([]Rate, error) {
	return list(tx, `SELECT `+rateColumns+` FROM exchange_rate WHERE coop_id = $1 AND day = $2 ORDER BY currency`, []any{tx.coop, day.String()}, scanRate)
}

// SalesAbroad returns the invoices and credit notes told to other states, or proved by customs, validated within days.
func (tx *Tx) SalesAbroad(from, to date.Day) ([]sale.Document, error) {
	return list(tx, `SELECT `+saleColumns+` FROM sale`+tx.db.d.using("sale_abroad")+` WHERE coop_id = $1 AND abroad <> '' AND number <> '' AND day >= $2 AND day <= $3 AND kind <> 'quote' ORDER BY day, id`, []any{tx.coop, from.String(), to.String()}, scanSale)
}

// CollectedOf returns what was collected of some invoices of an activity, in the order it was booked.
func (tx *Tx) CollectedOf(activity int64, sales []int64) (map[int64][]sale.CollectedOn, error) {
	all := map[int64][]sale.CollectedOn{}
	for some := range slices.Chunk(sales, inMost) {
		w := where{args: []any{tx.coop, activity}}
		w.in("sale_id", some)
		if err := tx.rows(w.text(`SELECT sale_id, day, payment_id, nature, net FROM collected WHERE coop_id = $1 AND activity_id = $2`, ` ORDER BY day, id`), w.args, func(scan func(...any) error) error {
			var id int64
			var c sale.CollectedOn
			err := scan(&id, &c.Day, &c.Payment, &c.Nature, (*int64)(&c.Net))
			all[id] = append(all[id], c)
			return err
		}); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// TaxSum is revenue under a tax code in a section.
type TaxSum struct {
	Section int64
	Tax     string
	Amount  money.Cents
}

// RevenueUnder returns the revenue of some sections under some tax codes between two days, line by line.
func (tx *Tx) RevenueUnder(sections []int64, taxes []string, from, to date.Day) (all []TaxSum, err error) {
	var accounts []string
	for _, n := range sale.Natures() {
		accounts = append(accounts, n.Account)
	}
	for some := range slices.Chunk(sections, inMost) {
		w := where{args: []any{tx.coop}}
		w.in("section_id", some)
		w.inTexts("account", accounts)
		w.inTexts("tax", taxes)
		w.add("day >= ?", from.String())
		w.add("day <= ?", to.String())
		rows, err := list(tx, w.text(`SELECT section_id, tax, -amount FROM entry_line`+tx.db.d.using("entry_line_section")+` WHERE coop_id = $1`, ` ORDER BY section_id, tax`), w.args, func(scan func(...any) error, s *TaxSum) error {
			return scan(&s.Section, &s.Tax, (*int64)(&s.Amount))
		})
		if err != nil {
			return nil, err
		}
		all = append(all, rows...)
	}
	return all, nil
}

// SalesWithoutTransport returns the invoices of goods that left without VAT and have no paper of their transport attached,
// the oldest first: of an activity or of all (0).
func (tx *Tx) SalesWithoutTransport(activity int64) ([]SaleRow, error) {
	return list(tx, `SELECT `+saleRowColumns+` FROM sale s WHERE s.coop_id = $1 AND s.abroad <> '' AND s.number <> '' AND s.kind = 'invoice' AND (s.abroad LIKE '%EUG%' OR s.abroad LIKE '%EXG%')
		AND s.gross > s.credited AND (CAST($2 AS BIGINT) = 0 OR s.activity_id = $2)
		AND NOT EXISTS (SELECT 1 FROM attachment a`+tx.db.d.using("attachment_subject")+` WHERE a.coop_id = s.coop_id AND a.subject = 'sale:' || s.id AND a.kind = '`+sale.PaperTransport+`' AND a.removed_at = 0) ORDER BY s.day, s.id`,
		[]any{tx.coop, activity}, scanSaleRow)
}
