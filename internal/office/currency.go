package office

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"

	"essaim/access"
	"essaim/date"
	"essaim/fault"
	"essaim/format/sheet"
	"essaim/internal/store"
	"essaim/sale"
)

// atRate gives a document that is still written in another currency the last rate kept, when it has none or, fresh, when
// the one it was copied with is older: what is invoiced bears the rate of its day (CGI art. 266-1 bis), not that of its quote.
// A credit note keeps that of its invoice.
func atRate(tx *store.Tx, d *sale.Document, fresh bool) error {
	c := d.Content
	if !c.Abroad() || d.Kind == sale.CreditNote || c.Exchange != 0 && !fresh {
		return nil
	}
	today, err := tx.Today()
	if err != nil {
		return err
	}
	if r, found, err := tx.RateOn(c.Currency, today); err != nil {
		return err
	} else if day := dayRate(r); found && c.Fresh(day) {
		d.Content = c.At(day, r.Source)
	}
	return nil
}

func dayRate(r store.Rate) sale.DayRate {
	return sale.DayRate{Currency: r.Currency, Day: r.Day, Rate: r.Rate}
}

// newerRate is a rate that the author of a document may want in the place of the one it bears.
func newerRate(tx *store.Tx, d sale.Document) (*store.Rate, error) {
	if !d.Content.Abroad() || d.Kind == sale.CreditNote || d.Number != "" {
		return nil, nil
	}
	today, err := tx.Today()
	if err != nil {
		return nil, err
	}
	r, found, err := tx.RateOn(d.Content.Currency, today)
	if err != nil || !found || !d.Content.Fresh(dayRate(r)) {
		return nil, err
	}
	return &r, nil
}

// Rates is what the house keeps of currencies.
type Rates struct {
	Last []store.Rate // the last of each currency
	Of   []store.Rate // of the one that was asked for, the latest first
}

// ratesShown bounds the rates of one currency that a page shows.
const ratesShown = 60

// Rates returns the rates of the day that are kept; currency may be "".
func (o *Office) Rates(ctx context.Context, a access.Actor, currency string) (r Rates, err error) {
	if err := can(a, access.PostEntry, access.Subject{}); err != nil {
		return r, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		if r.Last, err = tx.LastRates(); err != nil || currency == "" {
			return err
		}
		r.Of, err = tx.Rates(currency, ratesShown)
		return err
	})
	return r, err
}

// SaveRate keeps the rate of a day, in the place of the one kept for it.
func (o *Office) SaveRate(ctx context.Context, a access.Actor, r sale.DayRate, source, key string) error {
	if err := can(a, access.PostEntry, access.Subject{}); err != nil {
		return err
	}
	return o.writeOnce(Keyed(ctx, key), a, "rate", []any{r, source}, func(*store.Tx, int64) error { return nil }, func(tx *store.Tx) (int64, error) {
		today, err := tx.Today()
		if err != nil {
			return 0, err
		}
		if err := errors.Join(r.Check(source, today)...); err != nil {
			return 0, err
		}
		was, _, err := tx.RateOn(r.Currency, r.Day)
		if err != nil {
			return 0, err
		}
		if err := tx.SaveRate(store.Rate{Currency: r.Currency, Day: r.Day, Rate: r.Rate, Source: source, By: a.Person}); err != nil {
			return 0, err
		}
		note := map[string]any{"currency": r.Currency, "day": r.Day.String(), "rate": r.Rate.String(), "source": source}
		if was.Day == r.Day && was.Rate != r.Rate {
			note["rateWas"] = was.Rate.String()
		}
		return 1, tx.Audit(a.Person, "rate.save", "rate:"+r.Currency, note)
	})
}

// RateFile is what a file of rates brings.
type RateFile struct {
	Rates    []sale.DayRate
	From, To date.Day
	New      int // not kept yet
	Changed  int // kept with another value
}

// TryRates reads the file of reference rates of the European Central Bank. Nothing is written.
func (o *Office) TryRates(ctx context.Context, a access.Actor, file []byte) (rf RateFile, err error) {
	if err := can(a, access.PostEntry, access.Subject{}); err != nil {
		return rf, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		rf, _, err = readRates(tx, file)
		return err
	})
	return rf, err
}

// ImportRates keeps what a file brings: what is new, and what it corrects.
func (o *Office) ImportRates(ctx context.Context, a access.Actor, file []byte, key string) (rf RateFile, err error) {
	if err := can(a, access.PostEntry, access.Subject{}); err != nil {
		return rf, err
	}
	sum := sha256.Sum256(file)
	err = o.writeOnce(Keyed(ctx, key), a, "rates", sum[:], func(*store.Tx, int64) error { return nil }, func(tx *store.Tx) (int64, error) {
		var fresh []sale.DayRate
		if rf, fresh, err = readRates(tx, file); err != nil {
			return 0, err
		}
		for _, r := range fresh {
			if err := tx.SaveRate(store.Rate{Currency: r.Currency, Day: r.Day, Rate: r.Rate, Source: sale.RateSource, By: a.Person}); err != nil {
				return 0, err
			}
		}
		return 1, tx.Audit(a.Person, "rate.import", "rate:"+sale.RateSource, map[string]any{"from": rf.From.String(), "until": rf.To.String(), "n": len(fresh), "sha": fmt.Sprintf("%x", sum), "digest": store.RateDigest(fresh)})
	})
	return rf, err
}

// readRates reads a file and tells what of it is new or differs.
func readRates(tx *store.Tx, file []byte) (rf RateFile, fresh []sale.DayRate, err error) {
	refuse := func(err error) error {
		e := fault.All(err)
		if len(e) == 0 {
			return err
		}
		return fault.At("file", e[0].Key, e[0].Args...)
	}
	text, err := sheet.Head(file, sale.RateDays+1)
	if err != nil {
		return rf, nil, refuse(err)
	}
	rows, err := sheet.Read(text)
	if err != nil {
		return rf, nil, refuse(err)
	}
	today, err := tx.Today()
	if err != nil {
		return rf, nil, err
	}
	if rf.Rates, err = sale.ReadRates(rows, today); err != nil {
		return rf, nil, err
	}
	days := map[date.Day]map[string]store.Rate{}
	for _, r := range rf.Rates {
		if rf.From == 0 || r.Day < rf.From {
			rf.From = r.Day
		}
		rf.To = max(rf.To, r.Day)
		if days[r.Day] == nil {
			days[r.Day] = map[string]store.Rate{}
			kept, err := tx.RatesOn(r.Day)
			if err != nil {
				return rf, nil, err
			}
			for _, k := range kept {
				days[r.Day][k.Currency] = k
			}
		}
		switch k, has := days[r.Day][r.Currency]; {
		case !has:
			rf.New++
		case k.Rate != r.Rate:
			rf.Changed++
		default:
			continue
		}
		fresh = append(fresh, r)
	}
	slices.SortFunc(rf.Rates, func(a, b sale.DayRate) int { return int(b.Day - a.Day) })
	return rf, fresh, nil
}

// TryPayment returns a payment as it would be recorded: what each part settles in the books, and what the exchange rates
// make of the rest. Nothing is written.
func (o *Office) TryPayment(ctx context.Context, a access.Actor, p sale.Payment) (sale.Payment, error) {
	err := o.read(ctx, a, func(tx *store.Tx) error {
		_, _, recs, err := o.paidBy(tx, a, &p)
		if err != nil {
			return err
		}
		today, err := tx.Today()
		if err != nil {
			return err
		}
		p = p.Convert(recs)
		tried := p
		if p.Ahead && p.Date <= today { // kept until the day of its invoice
			tried.Date = today
		}
		return tried.Check(recs, today)
	})
	return p, err
}
