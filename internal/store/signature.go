package store

import (
	"crypto/sha256"

	"essaim/ledger"
	"essaim/sale"
)

var insertSignature = into("signature", "coop_id, id, sale_id, body, hash, chain")

// AddSignature keeps what a customer's agreement was made of, and links it to the chain of signatures. The first counts the
// quotes that were accepted before there was a chain.
func (tx *Tx) AddSignature(p sale.Proof) error {
	head, err := tx.head("signature")
	if err != nil {
		return err
	}
	if head.seq == 0 {
		if _, err := tx.one(`SELECT COUNT(*) FROM sale WHERE coop_id = $1 AND kind = 'quote' AND status = 'accepted' AND id <> $2`, []any{tx.coop, p.Sale}, &p.Earlier); err != nil {
			return err
		}
	}
	body, err := encode(p)
	if err != nil {
		return err
	}
	digest := sha256.Sum256([]byte(body))
	chain := ledger.Link(head.head, digest[:])
	if err := tx.stage(insertSignature, tx.coop, head.seq+1, p.Sale, body, digest[:], chain); err != nil {
		return err
	}
	tx.setHead("signature", chainState{head.seq + 1, chain})
	return nil
}

// Signature returns the last proof of a document.
func (tx *Tx) Signature(id int64) (p sale.Proof, found bool, err error) {
	err = tx.rows(`SELECT body FROM signature WHERE coop_id = $1 AND sale_id = $2 ORDER BY id DESC LIMIT 1`, []any{tx.coop, id}, func(scan func(...any) error) error {
		body := ""
		found = true
		if err := scan(&body); err != nil {
			return err
		}
		return decode(body, &p)
	})
	return p, found, err
}
