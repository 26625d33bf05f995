package store

import (
	"fmt"

	"essaim/fault"
	"essaim/ledger"
)

var insertThird = into("third", "coop_id, id, kind, code, name, search")

const thirdColumns = `id, kind, code, name`

func scanThird(scan func(...any) error, t *ledger.Third) error {
	return scan(&t.ID, &t.Kind, &t.Code, &t.Name)
}

// Thirds returns third parties of a kind ("" is any) whose code or name holds q, by name.
func (tx *Tx) Thirds(kind ledger.ThirdKind, q string, limit int) ([]ledger.Third, error) {
	return list(tx, `SELECT `+thirdColumns+` FROM third WHERE coop_id = $1 AND ($2 = '' OR kind = $2) AND search LIKE CAST($3 AS TEXT) ESCAPE '\' ORDER BY search, id LIMIT CAST($4 AS BIGINT)`,
		[]any{tx.coop, string(kind), holding(q), atMost(limit)}, scanThird)
}

// Third returns one third party.
func (tx *Tx) Third(id int64) (ledger.Third, error) {
	var t ledger.Third
	found := false
	err := tx.rows(`SELECT `+thirdColumns+` FROM third WHERE coop_id = $1 AND id = $2`, []any{tx.coop, id}, func(scan func(...any) error) error {
		found = true
		return scanThird(scan, &t)
	})
	if err == nil && !found {
		err = fault.New(fault.NotFound, "store.third_unknown")
	}
	return t, err
}

// thirdPrefix begins the codes that the house gives (CompAuxNum of the FEC).
var thirdPrefix = map[ledger.ThirdKind]string{ledger.Customer: "C", ledger.Supplier: "F"}

// AddThird adds a third party. Customers and suppliers are given their code from their number (C00012); a body comes with
// its own, and a worker with that of their person, by which one's own pay is told from a colleague's.
func (tx *Tx) AddThird(t *ledger.Third) error {
	id, err := tx.NextID("third")
	if err != nil {
		return err
	}
	code := t.Code
	if prefix, ok := thirdPrefix[t.Kind]; ok {
		code = fmt.Sprintf("%s%05d", prefix, id)
	} else {
		if code == "" {
			return fault.At("code", "store.third_code")
		}
		var other string
		found, err := tx.one(`SELECT name FROM third WHERE coop_id = $1 AND code = $2`, []any{tx.coop, code}, &other)
		if err != nil {
			return err
		}
		if found {
			return &fault.Error{Kind: fault.Conflict, Field: "code", Key: "store.code_taken", Args: []any{"code", code, "name", other}}
		}
	}
	if err := tx.stage(insertThird, tx.coop, id, string(t.Kind), code, t.Name, Normal(t.Name+" "+code)); err != nil {
		return err
	}
	t.ID, t.Code = id, code
	return nil
}

// renameThird follows the name of a customer or supplier. Its kind and code never change.
func (tx *Tx) renameThird(id int64, name string) error {
	t, err := tx.Third(id)
	if err != nil || t.Name == name {
		return err
	}
	_, err = tx.exec(`UPDATE third SET name = $3, search = $4 WHERE coop_id = $1 AND id = $2`, tx.coop, id, name, Normal(name+" "+t.Code))
	return err
}
