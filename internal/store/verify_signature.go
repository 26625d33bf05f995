package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"

	"essaim/ledger"
	"essaim/sale"
)

// signatures follows their chain, and compares each accepted quote with what its customer agreed to: the content is hashed
// again, and who agreed, when and from where is what the proof holds. One that its customer withdrew from says so, and
// since when.
func (v *verifier) signatures(tx *Tx) error {
	proofs, withdrawn := map[int64]sale.Proof{}, map[int64]sale.Proof{}
	var head []byte
	var seq, earlier, bare int64
	err := tx.rows(`SELECT id, sale_id, body, hash, chain FROM signature WHERE coop_id = $1 ORDER BY id`, []any{tx.coop}, func(scan func(...any) error) error {
		var id, document int64
		var body string
		var hash, chain []byte
		if err := scan(&id, &document, &body, &hash, &chain); err != nil {
			return err
		}
		seq++
		digest := sha256.Sum256([]byte(body))
		head = ledger.Link(head, digest[:])
		if id != seq || !bytes.Equal(head, chain) || !bytes.Equal(digest[:], hash) {
			head, seq = chain, id // tell each break once
			if err := v.tell("verify.signature_broken", "n", id); err != nil {
				return err
			}
		}
		var p sale.Proof
		if decode(body, &p) != nil || p.Sale != document {
			return v.tell("verify.signature_broken", "n", id)
		}
		earlier += p.Earlier
		if !p.Withdrawn {
			proofs[document] = p
			delete(withdrawn, document)
			return nil
		}
		if _, proven := proofs[document]; !proven {
			bare++ // accepted before proofs were kept
		}
		withdrawn[document] = p
		delete(proofs, document)
		return nil
	})
	if err != nil {
		return err
	}
	state, err := tx.head("signature")
	if err != nil {
		return err
	}
	if err := v.head("signature", state, seq, head); err != nil {
		return err
	}
	quotes, err := list(tx, `SELECT `+saleColumns+` FROM sale WHERE coop_id = $1 AND kind = 'quote' AND status = 'accepted' ORDER BY id`, []any{tx.coop}, scanSale)
	if err != nil {
		return err
	}
	for _, d := range quotes {
		content, err := sale.SignedContent(d)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(content)
		if d.Signed.Hash != hex.EncodeToString(sum[:]) {
			if err := v.tell("verify.signed_changed", "document", d.Number); err != nil {
				return err
			}
		}
		p, proven := proofs[d.ID]
		if !proven {
			bare++
			continue
		}
		delete(proofs, d.ID)
		if p.Hash != d.Signed.Hash || p.Number != d.Number || p.Name != d.Signed.Name || p.At != d.Signed.At || p.Address != d.Signed.Address || p.Recorded != d.Signed.Recorded || p.Gross != d.Totals.Gross {
			if err := v.tell("verify.signature_other", "document", d.Number); err != nil {
				return err
			}
		}
	}
	refused, err := list(tx, `SELECT `+saleColumns+` FROM sale WHERE coop_id = $1 AND kind = 'quote' AND status = 'refused' ORDER BY id`, []any{tx.coop}, scanSale)
	if err != nil {
		return err
	}
	for _, d := range refused {
		if p := withdrawn[d.ID]; p.At != d.Signed.Withdrawn || p.At != 0 && p.Hash != d.Signed.Hash {
			if err := v.tell("verify.signature_other", "document", d.Number); err != nil {
				return err
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(proofs)) { // an accepted quote is never opened again
		if err := v.tell("verify.signature_alone", "document", proofs[id].Number); err != nil {
			return err
		}
	}
	if seq > 0 && bare != earlier {
		return v.tell("verify.signature_missing", "n", bare-earlier)
	}
	return nil
}
