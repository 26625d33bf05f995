package office

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"strconv"

	"essaim/access"
	"essaim/internal/store"
	"essaim/sale"
)

type keyedKey struct{}

// Keyed gives the calls of a context an idempotency key, for the use cases that take none by themselves.
func Keyed(ctx context.Context, key string) context.Context {
	return context.WithValue(ctx, keyedKey{}, key)
}

// writeOnce is write under the key of the context: a repeat reads the answer of the first, by its id.
func (o *Office) writeOnce(ctx context.Context, a access.Actor, use string, what any, again func(*store.Tx, int64) error, do func(*store.Tx) (int64, error)) error {
	key, _ := ctx.Value(keyedKey{}).(string)
	return o.write(ctx, a, func(tx *store.Tx) error {
		id, done, err := once(tx, a, use, key, what)
		if err != nil {
			return err
		}
		if done {
			return again(tx, id)
		}
		if id, err = do(tx); err != nil {
			return err
		}
		return keep(tx, a, use, key, what, id)
	})
}

// reread is the repeat of a deed on a document.
func reread(d *sale.Document) func(*store.Tx, int64) error {
	return func(tx *store.Tx, id int64) (err error) {
		*d, err = tx.Sale(id)
		return err
	}
}

// request is a call under an idempotency key of a person; the zero value stands for itself each time.
type request struct {
	key    string
	digest []byte
}

// asked names a call: the person's key for a use, and what was asked.
func asked(a access.Actor, use, key string, digest []byte) request {
	return request{strconv.FormatInt(a.Person, 10) + "/" + use + "/" + key, digest}
}

// once looks for the answer given before.
func (r request) once(tx *store.Tx) (int64, bool, error) {
	if r.key == "" {
		return 0, false, nil
	}
	result, done, err := tx.Once(r.key, r.digest)
	if err != nil || !done {
		return 0, false, err
	}
	id, err := strconv.ParseInt(result, 10, 64)
	return id, true, err
}

// keep records the answer.
func (r request) keep(tx *store.Tx, id int64) error {
	if r.key == "" {
		return nil
	}
	return tx.Keep(r.key, r.digest, strconv.FormatInt(id, 10))
}

// digestOf is a digest of everything that a person gives of entries. Every text comes after its length, so that no two
// lists share their bytes; writing them out as JSON would take longer than booking them.
func digestOf(drafts []EntryDraft) []byte {
	b := make([]byte, 0, 1024)
	text := func(all ...string) {
		for _, s := range all {
			b = append(binary.AppendUvarint(b, uint64(len(s))), s...)
		}
	}
	number := func(all ...int64) {
		for _, n := range all {
			b = binary.AppendVarint(b, n)
		}
	}
	h := sha256.New()
	for _, d := range drafts {
		e := &d.Entry
		text(e.Journal, e.Ref, e.Label, e.Document)
		number(int64(e.Date), int64(e.DocDate), e.Reverses, int64(len(e.Lines)))
		for i := range e.Lines {
			l := &e.Lines[i]
			text(l.Account, l.Tax, l.Currency, l.Label, l.Document, d.Sections[i], d.Thirds[i])
			number(l.Section, l.Third, l.Axis, int64(l.Due), int64(l.Amount), l.Foreign, l.Settles.Entry, int64(l.Settles.Line))
		}
		h.Write(b) // a hash takes everything
		b = b[:0]
	}
	return h.Sum(nil)
}
