package store

import (
	"essaim/date"
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
