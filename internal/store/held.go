package store

import (
	"cmp"
	"slices"

	"essaim/activity"
	"essaim/ledger"
)

// What an operation of the lane asks again and again is answered here without writing what is staged first: rows and what
// the transaction holds back are added up. A flush for each operation of a batch would cost more than the question.

// BalancesHeld is [Tx.Balances] limited to the accounts that begin with prefix ("" is all).
func (tx *Tx) BalancesHeld(section, year int64, prefix string) ([]ledger.Balance, error) {
	var all []ledger.Balance
	// ":" follows "9": accounts are digits. A bare parameter at the end of a range makes SQLite plan the query again each time.
	err := tx.peek(`SELECT account, period, debit, credit FROM balance WHERE coop_id = $1 AND section_id = $2 AND year_id = $3 AND account >= CAST($4 AS TEXT) AND account < CAST($5 AS TEXT) ORDER BY account, period`,
		[]any{tx.coop, section, year, prefix, prefix + ":"}, func(scan func(...any) error) error {
			b := ledger.Balance{Section: section, Year: year}
			err := scan(&b.Account, &b.Period, &b.Debit, &b.Credit)
			all = append(all, b)
			return err
		})
	if err != nil || !tx.write {
		return all, err
	}
	added := false
	for _, s := range [2]*stage{tx.shared, tx.own} {
		for k, v := range s.balances {
			if k.coop != tx.coop || k.section != section || k.year != year || len(k.account) < len(prefix) || k.account[:len(prefix)] != prefix {
				continue
			}
			i := slices.IndexFunc(all, func(b ledger.Balance) bool { return b.Account == k.account && b.Period == k.period })
			if i < 0 {
				all, i, added = append(all, ledger.Balance{Section: section, Year: year, Account: k.account, Period: k.period}), len(all), true
			}
			all[i].Debit += v.a
			all[i].Credit += v.b
		}
	}
	if added {
		slices.SortFunc(all, func(a, b ledger.Balance) int {
			return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Period, b.Period))
		})
	}
	return all, nil
}

// TurnoverHeld is [Tx.Turnover].
func (tx *Tx) TurnoverHeld(id, year int64) ([]activity.Turnover, error) {
	var all []activity.Turnover
	err := tx.peek(`SELECT nature, period, invoiced, collected FROM turnover WHERE coop_id = $1 AND activity_id = $2 AND year_id = $3 ORDER BY period, nature`, []any{tx.coop, id, year}, func(scan func(...any) error) error {
		var t activity.Turnover
		err := scan(&t.Nature, &t.Period, (*int64)(&t.Invoiced), (*int64)(&t.Collected))
		all = append(all, t)
		return err
	})
	if err != nil || !tx.write {
		return all, err
	}
	added := false
	for _, s := range [2]*stage{tx.shared, tx.own} {
		for k, v := range s.turnover {
			if k.coop != tx.coop || k.activity != id || k.year != year {
				continue
			}
			i := slices.IndexFunc(all, func(t activity.Turnover) bool { return t.Nature == k.nature && t.Period == k.period })
			if i < 0 {
				all, i, added = append(all, activity.Turnover{Nature: k.nature, Period: k.period}), len(all), true
			}
			all[i].Invoiced += v.a
			all[i].Collected += v.b
		}
	}
	if added {
		slices.SortFunc(all, func(a, b activity.Turnover) int {
			return cmp.Or(cmp.Compare(a.Period, b.Period), cmp.Compare(a.Nature, b.Nature))
		})
	}
	return all, nil
}

// A validated invoice stays: that there is one, or that there are so many, is remembered once a commit has made it true.
type (
	invoicedKey struct{ coop, customer int64 }
	issuedKey   struct{ coop, activity int64 }
)

// settled says whether what the transaction reads is what commits have made true.
func (tx *Tx) settled() bool { return !tx.write || !tx.shared.wrote && !tx.saved }

// staged says whether the operation or those before it have rows of a table that no statement has seen yet.
func (tx *Tx) staged(table string) bool {
	return tx.write && (tx.own.holds(table) || tx.shared.holds(table))
}

// KnownBuyer is [Tx.CustomerInvoiced].
func (tx *Tx) KnownBuyer(customer int64) (bool, error) {
	key := invoicedKey{tx.coop, customer}
	if _, ok := tx.db.thirds.Load(key); ok {
		return true, nil
	}
	found := false
	err := tx.peek(`SELECT id FROM sale WHERE coop_id = $1 AND customer_id = $2 AND kind = 'invoice' AND number <> '' LIMIT 1`, []any{tx.coop, customer}, func(scan func(...any) error) error {
		var id int64
		found = true
		return scan(&id)
	})
	switch {
	case err != nil:
		return false, err
	case found:
		if tx.settled() {
			tx.db.thirds.Store(key, true)
		}
		return true, nil
	case tx.staged("sale"): // perhaps of this very batch
		return tx.CustomerInvoiced(customer)
	}
	return false, nil
}

// IssuedUpTo returns how many invoices of an activity have been validated, counted up to enough: a rule that asks whether
// there are five needs no more.
func (tx *Tx) IssuedUpTo(activity int64, enough int) (int, error) {
	if enough <= 0 {
		return 0, nil
	}
	key := issuedKey{tx.coop, activity}
	if n, ok := tx.db.thirds.Load(key); ok && n.(int) >= enough {
		return enough, nil
	}
	n := 0
	err := tx.peek(`SELECT COUNT(*) FROM (SELECT id FROM sale WHERE coop_id = $1 AND activity_id = $2 AND kind = 'invoice' AND number <> '' LIMIT CAST($3 AS BIGINT)) t`, []any{tx.coop, activity, enough},
		func(scan func(...any) error) error { return scan(&n) })
	switch {
	case err != nil:
		return 0, err
	case n >= enough:
		if tx.settled() {
			tx.db.thirds.Store(key, n)
		}
	case tx.staged("sale"):
		n, err = tx.IssuedCount(activity)
		return min(n, enough), err
	}
	return n, nil
}
