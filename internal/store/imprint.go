package store

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"essaim/sale"
)

// Imprints are kept by what they hold: the side of the house is written once for the hundreds of documents that share it.

const imprintSide = 2 * sha256.Size // one side, in hexadecimal

// AddImprint keeps what stands around a document, and returns the name it is found by.
func (tx *Tx) AddImprint(m sale.Imprint) (string, error) {
	var name strings.Builder
	for _, side := range []any{m.House, m.Customer} {
		body, err := encode(side)
		if err != nil {
			return "", err
		}
		sum := sha256.Sum256([]byte(body))
		hash := hex.EncodeToString(sum[:])
		if err := tx.addSide(hash, body); err != nil {
			return "", err
		}
		name.WriteString(hash)
	}
	return name.String(), nil
}

func (tx *Tx) addSide(hash, body string) error {
	if !tx.write {
		return errReadOnly
	}
	key := takenKey{tx.coop, hash}
	if _, known := tx.db.imprints.Load(key); known {
		return nil
	}
	found := false
	if err := tx.peek(`SELECT hash FROM imprint WHERE coop_id = $1 AND hash = $2`, []any{tx.coop, hash}, func(scan func(...any) error) error {
		found = true
		return scan(new(string))
	}); err != nil {
		return err
	}
	switch {
	case !found:
		tx.own.imprints[key] = body
	case tx.settled():
		tx.db.imprints.Store(key, true)
	}
	return nil
}

// Imprint returns what stood around a document when it was validated; nil of one that was validated before that was kept.
func (tx *Tx) Imprint(name string) (*sale.Imprint, error) {
	if name == "" {
		return nil, nil
	}
	if len(name) != 2*imprintSide {
		return nil, fmt.Errorf("store: imprint %q", name)
	}
	var m sale.Imprint
	for i, into := range []any{&m.House, &m.Customer} {
		hash, body := name[i*imprintSide:(i+1)*imprintSide], ""
		found, err := tx.one(`SELECT body FROM imprint WHERE coop_id = $1 AND hash = $2`, []any{tx.coop, hash}, &body)
		if err == nil && !found {
			err = fmt.Errorf("store: no imprint %s", hash)
		}
		if err == nil {
			err = decode(body, into)
		}
		if err != nil {
			return nil, err
		}
	}
	return &m, nil
}

// imprints hashes each side again, and returns those that are whole.
func (v *verifier) imprints(tx *Tx) (map[string]bool, error) {
	whole := map[string]bool{}
	err := tx.rows(`SELECT hash, body FROM imprint WHERE coop_id = $1 ORDER BY hash`, []any{tx.coop}, func(scan func(...any) error) error {
		var hash, body string
		if err := scan(&hash, &body); err != nil {
			return err
		}
		sum := sha256.Sum256([]byte(body))
		whole[hash] = hex.EncodeToString(sum[:]) == hash
		return nil
	})
	return whole, err
}

// imprinted says whether what stood around a document is there, and whole.
func imprinted(name string, whole map[string]bool) bool {
	return name == "" || len(name) == 2*imprintSide && whole[name[:imprintSide]] && whole[name[imprintSide:]]
}
