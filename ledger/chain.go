package ledger

import (
	"crypto/sha256"
	"encoding/binary"
)

// Digest is the SHA-256 of the entry's content in a canonical form: every field that a reader could rely on, each text
// with its length before it, so that no two contents share a form. The chain of a cooperative links these digests.
func (e *Entry) Digest() [sha256.Size]byte {
	b := make([]byte, 0, 256+96*len(e.Lines))
	num := func(n int64) { b = binary.AppendVarint(b, n) }
	text := func(s string) { num(int64(len(s))); b = append(b, s...) }
	text("essaim entry 1")
	num(e.ID)
	text(e.Journal)
	num(e.Year)
	num(e.Number)
	num(int64(e.Date))
	num(int64(e.DocDate))
	text(e.Ref)
	text(e.Label)
	text(e.Document)
	num(e.Reverses)
	num(e.By)
	num(e.At)
	num(int64(e.ValidOn))
	num(int64(len(e.Lines)))
	for i := range e.Lines {
		l := &e.Lines[i]
		num(int64(l.N))
		text(l.Account)
		num(l.Section)
		num(l.Third)
		num(l.Axis)
		text(l.Tax)
		num(int64(l.Due))
		num(int64(l.Amount))
		text(l.Currency)
		num(l.Foreign)
		text(l.Label)
		text(l.Document)
		num(l.Settles.Entry)
		num(int64(l.Settles.Line))
		added := int64(0)
		if l.Added {
			added = 1
		}
		num(added)
	}
	return sha256.Sum256(b)
}

// Link returns the next head of a chain: SHA-256 of the head before and the digest of what is added.
func Link(head, digest []byte) []byte {
	h := sha256.New()
	h.Write(head)
	h.Write(digest)
	return h.Sum(nil)
}
