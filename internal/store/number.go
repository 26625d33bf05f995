package store

import "essaim/sale"

// NumberTaken says whether a document of a kind bears a number already.
func (tx *Tx) NumberTaken(kind sale.Kind, number string) (bool, error) {
	var id int64
	return tx.one(`SELECT id FROM sale WHERE coop_id = $1 AND kind = `+literal(kind)+` AND number = $2 AND number <> '' LIMIT 1`, []any{tx.coop, number}, &id)
}
