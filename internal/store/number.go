package store

import "essaim/sale"

// NumberTaken says whether a document of a kind bears a number already.
func (tx *Tx) NumberTaken(kind sale.Kind, number string) (bool, error) {
	var id int64
	return tx.one(`SELECT id FROM sale WHERE coop_id = $1 AND kind = $2 AND number = $3 AND number <> '' LIMIT 1`, []any{tx.coop, string(kind), number}, &id)
}
