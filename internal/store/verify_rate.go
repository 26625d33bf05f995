package store

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"essaim/date"
	"essaim/sale"
)

// RateDigest is what a set of rates says, in the order of their currencies and days.
func RateDigest(rates []sale.DayRate) string {
	var b []byte
	for _, r := range slices.SortedFunc(slices.Values(rates), sale.DayRate.Compare) {
		b = fmt.Appendf(b, "%s %s %d\n", r.Currency, r.Day, int64(r.Rate))
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// rates compares the exchange rates that are kept with what the log, which is chained, says of them: each was saved by
// somebody, or came with a file. Documents bear their own.
func (v *verifier) rates(tx *Tx) error {
	type key struct {
		currency string
		day      date.Day
	}
	type note struct {
		Currency, Day, Rate, Source, From, Until, Digest string
		N                                                int
		at, by                                           int64
	}
	saved, files := map[key]note{}, map[int64]note{}
	if err := tx.rows(`SELECT at, by_id, action, detail FROM audit WHERE coop_id = $1 AND action IN ('rate.save', 'rate.import') ORDER BY id`, []any{tx.coop}, func(scan func(...any) error) error {
		var n note
		var action, detail string
		if err := scan(&n.at, &n.by, &action, &detail); err != nil {
			return err
		}
		if json.Unmarshal([]byte(detail), &n) != nil {
			return nil // the chain of the log tells it
		}
		if action == "rate.import" {
			files[n.at] = n
		} else if day, err := date.Parse(n.Day); err == nil {
			saved[key{n.Currency, day}] = n
		}
		return nil
	}); err != nil {
		return err
	}
	came := map[int64][]sale.DayRate{} // with the file of an instant
	tell := func(k key) error { return v.tell("verify.rate", "currency", k.currency, "on", k.day) }
	if err := tx.rows(`SELECT `+rateColumns+` FROM exchange_rate WHERE coop_id = $1 ORDER BY currency, day`, []any{tx.coop}, func(scan func(...any) error) error {
		var r Rate
		if err := scanRate(scan, &r); err != nil {
			return err
		}
		k := key{r.Currency, r.Day}
		last, ok := saved[k]
		if ok && last.at <= r.At { // otherwise it is gone
			delete(saved, k)
		}
		if ok && last.at == r.At && last.Rate == r.Rate.String() && last.Source == r.Source && last.by == r.By {
			return nil
		}
		n, ok := files[r.At]
		if !ok || r.Source != sale.RateSource || n.by != r.By || r.Day.String() < n.From || r.Day.String() > n.Until {
			return tell(k)
		}
		came[r.At] = append(came[r.At], sale.DayRate{Currency: r.Currency, Day: r.Day, Rate: r.Rate})
		return nil
	}); err != nil {
		return err
	}
	for _, k := range slices.SortedFunc(maps.Keys(saved), func(a, b key) int {
		return sale.DayRate{Currency: a.currency, Day: a.day}.Compare(sale.DayRate{Currency: b.currency, Day: b.day})
	}) {
		if err := tell(k); err != nil {
			return err
		}
	}
	for _, at := range slices.Sorted(maps.Keys(files)) { // whole until something was put in the place of a rate of it
		if n := files[at]; n.Digest != "" && len(came[at]) == n.N && RateDigest(came[at]) != n.Digest {
			if err := v.tell("verify.rates", "from", n.From, "until", n.Until); err != nil {
				return err
			}
		}
	}
	return nil
}
