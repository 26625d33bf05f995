package store

import (
	"fmt"
	"slices"
	"strings"

	"essaim/fault"
	"essaim/ledger"
	"essaim/member"
)

var insertThird = into("third", "coop_id, id, kind, code, name, person_id, search")

const thirdColumns = `id, kind, code, name, person_id`

func scanThird(scan func(...any) error, t *ledger.Third) error {
	return scan(&t.ID, &t.Kind, &t.Code, &t.Name, &t.Person)
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

// ThirdsOf returns third parties by id: their names as they are today.
func (tx *Tx) ThirdsOf(ids []int64) (map[int64]ledger.Third, error) {
	all := make(map[int64]ledger.Third, len(ids))
	for some := range slices.Chunk(ids, inMost) {
		w := where{args: []any{tx.coop}}
		w.in("id", some)
		err := tx.rows(w.text(`SELECT `+thirdColumns+` FROM third WHERE coop_id = $1`, ""), w.args, func(scan func(...any) error) error {
			var t ledger.Third
			err := scanThird(scan, &t)
			all[t.ID] = t
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// thirdPrefix begins the codes that the house gives (CompAuxNum of the FEC).
var thirdPrefix = map[ledger.ThirdKind]string{ledger.Customer: "C", ledger.Supplier: "F", ledger.Worker: "P"}

// ThirdsNamed returns the third parties of a kind that bear a name, written with whatever accents and capitals.
func (tx *Tx) ThirdsNamed(kind ledger.ThirdKind, name string) ([]ledger.Third, error) {
	all, err := tx.Thirds(kind, name, thirdsAlike)
	return slices.DeleteFunc(all, func(t ledger.Third) bool { return Normal(t.Name) != Normal(name) }), err
}

// thirdsAlike bounds the third parties whose names begin alike.
const thirdsAlike = 200

type workerKey struct{ coop, person int64 }

// WorkerOf returns the third party of a person on the accounts of pay and refunds. Everyone has one from the day they
// come in ([Tx.SavePerson]); it is found by the person, never by its code, and never changes hands.
func (tx *Tx) WorkerOf(person int64) (ledger.Third, error) {
	key := workerKey{tx.coop, person}
	if id, ok := tx.db.thirds.Load(key); ok {
		if t, ok := tx.third(id.(int64)); ok {
			return t, nil
		}
	}
	var t ledger.Third
	found := false
	err := tx.rows(`SELECT `+thirdColumns+` FROM third WHERE coop_id = $1 AND person_id = $2 AND person_id <> 0`, []any{tx.coop, person}, func(scan func(...any) error) error {
		found = true
		return scanThird(scan, &t)
	})
	switch {
	case err != nil:
	case !found:
		err = fault.New(fault.NotFound, "store.third_unknown")
	case tx.settled():
		tx.db.thirds.Store(key, t.ID)
	}
	return t, err
}

// worker opens the third party of someone who comes in, or follows their name.
func (tx *Tx) worker(p *member.Person) error {
	name := strings.TrimSpace(p.LastName + " " + p.FirstName)
	t, err := tx.WorkerOf(p.ID)
	if fault.KindOf(err) == fault.NotFound {
		return tx.AddThird(&ledger.Third{Kind: ledger.Worker, Person: p.ID, Name: name})
	}
	if err != nil {
		return err
	}
	return tx.renameThird(t.ID, name)
}

// AddThird adds a third party. Customers, suppliers and workers are given their code from their number (C00012); a body
// comes with its own. A worker is the account of a person.
func (tx *Tx) AddThird(t *ledger.Third) error {
	if (t.Kind == ledger.Worker) != (t.Person != 0) {
		return fault.At("person", "store.third_person")
	}
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
	if err := tx.stage(insertThird, tx.coop, id, string(t.Kind), code, t.Name, t.Person, Normal(t.Name+" "+code)); err != nil {
		return err
	}
	t.ID, t.Code = id, code
	return nil
}

// renameThird follows the name of a customer or of a person. Its kind and code never change.
func (tx *Tx) renameThird(id int64, name string) error {
	t, err := tx.Third(id)
	if err != nil || t.Name == name {
		return err
	}
	_, err = tx.exec(`UPDATE third SET name = $3, search = $4 WHERE coop_id = $1 AND id = $2`, tx.coop, id, name, Normal(name+" "+t.Code))
	return err
}
