package office

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"essaim/access"
	"essaim/fault"
	"essaim/format/piece"
	"essaim/internal/store"
	"essaim/sale"
)

// Upload is a file as a person sent it.
type Upload struct {
	Name string
	Body []byte
}

// attachMost are the pieces that one subject may show at once.
const attachMost = 30

// attachRights is what an actor may do with the pieces of a subject.
type attachRights struct {
	told   string // what the log calls the subject: "invoice:12"
	see    error  // why the pieces may not be seen
	change error  // why none may be added or taken off
	frozen int64  // instant up to which pieces are part of what was validated or signed: they stay
}

// attachables say, for each sort of subject, what an actor may do with its pieces. Whoever keeps something that pieces are
// attached to adds a line. The error is that of reading.
var attachables = map[string]func(*store.Tx, access.Actor, int64) (attachRights, error){
	"sale": func(tx *store.Tx, a access.Actor, id int64) (attachRights, error) {
		d, s, err := document(tx, a, id)
		if err != nil {
			return attachRights{}, err
		}
		r := attachRights{told: thing(string(d.Kind), id), frozen: max(d.ValidatedAt, d.Signed.At)}
		// Whoever writes it or reads it at the desk; nobody is the reader of their own, and it stays theirs to complete.
		if r.change = can(a, access.DraftDocument, s); r.change != nil && can(a, access.ValidateDocument, s) == nil {
			r.change = nil
		}
		if d.Status == sale.Submitted && r.frozen == 0 {
			r.frozen = d.SubmittedAt // the reader relies on them
		}
		return r, nil
	},
	"activity": func(tx *store.Tx, a access.Actor, id int64) (attachRights, error) {
		s := access.Subject{Activity: id}
		r := attachRights{told: thing("activity", id), see: can(a, access.ViewDocument, s)}
		if r.see != nil && can(a, access.ManageActivity, s) == nil {
			r.see = nil // who keeps the activity's insurance up to date reads its certificate; it holds no figure of the books
		}
		if r.see == nil {
			if _, err := tx.Activity(id); err != nil {
				return r, absent(a, access.ViewDocument, err)
			}
		}
		if r.change = can(a, access.DraftDocument, s); r.change != nil && can(a, access.ManageActivity, s) == nil {
			r.change = nil
		}
		return r, nil
	},
	"customer": func(tx *store.Tx, a access.Actor, id int64) (attachRights, error) {
		c, err := tx.Customer(id)
		if err != nil {
			return attachRights{}, absent(a, access.ViewCustomer, err)
		}
		s := access.Subject{Activity: c.Activity}
		return attachRights{told: thing("customer", id), see: can(a, access.ViewCustomer, s), change: can(a, access.ManageCustomer, s)}, nil
	},
	"register": func(tx *store.Tx, a access.Actor, id int64) (attachRights, error) {
		set, err := tx.Settings()
		if err != nil {
			return attachRights{}, err
		}
		rec, err := tx.Record(id)
		if err != nil {
			return attachRights{}, absent(a, access.ViewDocument, err)
		}
		s := ofRecord(set, rec)
		r := attachRights{told: thing("register", id), see: can(a, access.ViewDocument, s)}
		act := access.RecordTaking
		if rec.Payout != nil || rec.Remittance != nil || rec.Till != nil && rec.Till.Kind == sale.TillArrived {
			act = access.RecordPayment
		}
		if r.change = can(a, act, s); r.change != nil && can(a, access.RecordPayment, s) == nil {
			r.change = nil
		}
		// A picture of the ticket may be taken again the same day; the closing of the day keeps what came with its takings.
		y, m, d := a.Today.Date()
		r.frozen = time.Date(y, time.Month(m), d, 0, 0, 0, 0, set.Zone).UnixMicro()
		return r, nil
	},
	"announcement": func(tx *store.Tx, a access.Actor, id int64) (attachRights, error) {
		n, err := tx.Announcement(id)
		if err != nil {
			return attachRights{}, absent(a, access.ViewDocument, err)
		}
		s := access.Subject{Activity: n.Activity, Kind: access.Payment}
		r := attachRights{told: announcementSubject(id), see: can(a, access.ViewDocument, s)}
		if r.change = can(a, access.RecordTaking, s); r.change != nil && can(a, access.RecordPayment, s) == nil {
			r.change = nil
		}
		if n.State != store.Announced { // the team has looked at it
			r.frozen = math.MaxInt64
		}
		return r, nil
	},
	"pay_absence": payAbsenceRights,
	"pay_exit":    payExitRights,
}

func thing(sort string, id int64) string { return sort + ":" + strconv.FormatInt(id, 10) }

// attachable asks what the actor may do with the pieces of a subject ("sale:12").
func attachable(tx *store.Tx, a access.Actor, subject string) (attachRights, error) {
	sort, rest, _ := strings.Cut(subject, ":")
	id, err := strconv.ParseInt(rest, 10, 64)
	ask, known := attachables[sort]
	if err != nil || id <= 0 || !known || thing(sort, id) != subject {
		return attachRights{}, absent(a, access.ViewDocument, fault.New(fault.NotFound, "office.absent"))
	}
	r, err := ask(tx, a, id)
	if err == nil {
		err = r.see
	}
	return r, err
}

// Attached are the pieces of a subject and what the actor may do with them.
type Attached struct {
	Pieces []store.Attachment
	Add    bool           // may add
	Refuse error          // why not, when it is a matter of rights
	Remove map[int64]bool // may take off, by piece
}

// Attachments returns the pieces of a subject that are shown, in the order they came.
func (o *Office) Attachments(ctx context.Context, a access.Actor, subject string) (Attached, error) {
	at := Attached{Remove: map[int64]bool{}}
	err := o.read(ctx, a, func(tx *store.Tx) error {
		r, err := attachable(tx, a, subject)
		if err != nil {
			return err
		}
		if at.Pieces, err = tx.Attachments(subject); err != nil {
			return err
		}
		at.Refuse = r.change
		at.Add = r.change == nil && len(at.Pieces) < attachMost
		for _, p := range at.Pieces {
			at.Remove[p.ID] = r.change == nil && p.At > r.frozen
		}
		return nil
	})
	return at, err
}

// Attachment returns a piece and its content, or its small picture.
func (o *Office) Attachment(ctx context.Context, a access.Actor, id int64, thumb bool) (store.Attachment, []byte, error) {
	var p store.Attachment
	err := o.read(ctx, a, func(tx *store.Tx) (err error) {
		if p, err = tx.Attachment(id); err != nil {
			return absent(a, access.ViewDocument, err)
		}
		_, err = attachable(tx, a, p.Subject)
		return err
	})
	if err != nil {
		return p, nil, err
	}
	sha := p.SHA256
	if thumb && p.Thumb != "" {
		sha, p.Media = p.Thumb, piece.JPEG
	}
	b, err := o.files.Get(sha)
	return p, b, err
}

// Taken is an upload read, made safe and written to disk: attach names it in a transaction.
type Taken struct {
	store.Attachment
	thumbSize int64
	sum       [sha256.Size]byte // of what was sent
}

// decoding lets one picture be read at a time: each may take a few hundred megabytes for a moment.
var decoding = make(chan struct{}, 1)

// Take reads an upload and keeps its content. It comes before the operation that attaches it, so that nobody waits in the
// lane for a picture; a content that no row names harms nobody.
func (o *Office) Take(ctx context.Context, kind string, up Upload) (Taken, error) {
	if !slices.Contains(store.AttachmentKinds(), kind) {
		return Taken{}, fault.At("kind", "office.attachment_kind")
	}
	select {
	case decoding <- struct{}{}:
	case <-ctx.Done():
		return Taken{}, ctx.Err()
	}
	p, err := piece.Read(up.Body)
	<-decoding
	if err != nil {
		return Taken{}, err
	}
	t := Taken{sum: sha256.Sum256(up.Body), Attachment: store.Attachment{Kind: kind, Name: piece.Name(up.Name, p.Media), Media: p.Media, Size: int64(len(p.Body))}, thumbSize: int64(len(p.Thumb))}
	if t.SHA256, err = o.files.Put(p.Body); err != nil {
		return t, err
	}
	if p.Thumb != nil {
		t.Thumb, err = o.files.Put(p.Thumb)
	}
	return t, err
}

// attach attaches what [Office.Take] took in, within an operation that has asked access itself. The same content already
// shown under the same kind is not attached twice.
func (o *Office) attach(tx *store.Tx, a access.Actor, subject, told string, t Taken) (int64, error) {
	shown, err := tx.Attachments(subject)
	if err != nil {
		return 0, err
	}
	for _, s := range shown {
		if s.SHA256 == t.SHA256 && s.Kind == t.Kind {
			return s.ID, nil
		}
	}
	if len(shown) >= attachMost {
		return 0, fault.At("file", "office.attachment_many", "max", attachMost)
	}
	p := t.Attachment
	p.Subject, p.By = subject, a.Person
	if p.Thumb != "" {
		if err := tx.AddFile(p.Thumb, p.Name, piece.JPEG, t.thumbSize); err != nil {
			return 0, err
		}
	}
	err = tx.AddAttachment(&p, told)
	return p.ID, err
}

// Attach adds a piece to a subject.
func (o *Office) Attach(ctx context.Context, a access.Actor, subject, kind string, up Upload) (store.Attachment, error) {
	return o.attachOnce(ctx, a, subject, kind, sha256.Sum256(up.Body), func() (Taken, error) { return o.Take(ctx, kind, up) })
}

// AttachTaken is [Office.Attach] of what [Office.Take] has read already: a form first learns that its picture can be read,
// then does its deed, then attaches the picture to what that made.
func (o *Office) AttachTaken(ctx context.Context, a access.Actor, subject string, t Taken) (store.Attachment, error) {
	return o.attachOnce(ctx, a, subject, t.Kind, t.sum, func() (Taken, error) { return t, nil })
}

func (o *Office) attachOnce(ctx context.Context, a access.Actor, subject, kind string, sum [sha256.Size]byte, take func() (Taken, error)) (store.Attachment, error) {
	var p store.Attachment
	may := func(tx *store.Tx) (attachRights, error) {
		r, err := attachable(tx, a, subject)
		if err == nil {
			err = r.change
		}
		return r, err
	}
	// Asked before anything is read or written for someone who may not.
	if err := o.read(ctx, a, func(tx *store.Tx) error { _, err := may(tx); return err }); err != nil {
		return p, err
	}
	t, err := take()
	if err != nil {
		return p, err
	}
	again := func(tx *store.Tx, id int64) (err error) { p, err = tx.Attachment(id); return err }
	err = o.writeOnce(ctx, a, "attach", [3]string{subject, kind, hex.EncodeToString(sum[:])}, again, func(tx *store.Tx) (int64, error) {
		r, err := may(tx)
		if err != nil {
			return 0, err
		}
		id, err := o.attach(tx, a, subject, r.told, t)
		if err != nil {
			return 0, err
		}
		return id, again(tx, id)
	})
	return p, err
}

// Detach takes a piece off its subject. It is hidden and never lost; one that was there when the document was validated or
// signed stays.
func (o *Office) Detach(ctx context.Context, a access.Actor, id int64) (store.Attachment, error) {
	var p store.Attachment
	err := o.write(ctx, a, func(tx *store.Tx) (err error) {
		if p, err = tx.Attachment(id); err != nil {
			return absent(a, access.ViewDocument, err)
		}
		r, err := attachable(tx, a, p.Subject)
		switch {
		case err != nil:
			return err
		case r.change != nil:
			return r.change
		case p.RemovedAt != 0: // a second click
			return nil
		case p.At <= r.frozen:
			return fault.New(fault.Conflict, "office.attachment_frozen", "name", p.Name)
		}
		return tx.RemoveAttachment(&p, a.Person, r.told)
	})
	return p, err
}
