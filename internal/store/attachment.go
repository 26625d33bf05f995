package store

import (
	"encoding/json"
	"maps"
	"slices"

	"essaim/fault"
)

// Attachment is a piece attached to something of the cooperative.
type Attachment struct {
	ID        int64
	Subject   string // "sale:12", "activity:7"
	Kind      string // see [AttachmentKinds]
	SHA256    string
	Thumb     string // SHA-256 of a small picture of it, "" when there is none
	Name      string
	Media     string
	Size      int64 // bytes
	By        int64
	At        int64 // microseconds UTC
	RemovedAt int64 // 0: still shown
	RemovedBy int64
}

// AttachmentKinds are what a piece may be, in the order forms show them.
func AttachmentKinds() []string {
	return []string{"photo", "certificate", "agreement", "attendance", "order", "insurance", "transport", "other"}
}

// The deeds of the log that tell of attachments: verify compares the rows with them.
const (
	AttachmentAdded   = "attachment.add"
	AttachmentRemoved = "attachment.remove"
)

var insertAttachment = into("attachment", "coop_id, id, subject, kind, file_sha, thumb_sha, name, media, size, by_id, at, removed_at, removed_by")

const attachmentColumns = `id, subject, kind, file_sha, thumb_sha, name, media, size, by_id, at, removed_at, removed_by`

func scanAttachment(scan func(...any) error, a *Attachment) error {
	return scan(&a.ID, &a.Subject, &a.Kind, &a.SHA256, &a.Thumb, &a.Name, &a.Media, &a.Size, &a.By, &a.At, &a.RemovedAt, &a.RemovedBy)
}

// attachmentNote is what the log says of an attachment: who takes the row away, or puts another piece in its place, is
// found.
type attachmentNote struct {
	ID    int64  `json:"id"`
	To    string `json:"attached"`
	Name  string `json:"name"`
	Kind  string `json:"piece"`
	SHA   string `json:"sha"`
	Thumb string `json:"thumb,omitempty"`
}

func note(a Attachment) attachmentNote {
	return attachmentNote{a.ID, a.Subject, a.Name, a.Kind, a.SHA256, a.Thumb}
}

// AddAttachment attaches a piece whose contents [Files.Put] keeps, and writes it in the log as a deed on told ("invoice:12").
func (tx *Tx) AddAttachment(a *Attachment, told string) error {
	var err error
	if a.ID, err = tx.NextID("attachment"); err != nil {
		return err
	}
	a.At = tx.now
	if err := tx.AddFile(a.SHA256, a.Name, a.Media, a.Size); err != nil {
		return err
	}
	if err := tx.stage(insertAttachment, tx.coop, a.ID, a.Subject, a.Kind, a.SHA256, a.Thumb, a.Name, a.Media, a.Size, a.By, a.At, int64(0), int64(0)); err != nil {
		return err
	}
	return tx.Audit(a.By, AttachmentAdded, told, note(*a))
}

// RemoveAttachment hides a piece from now on; it stays, with who took it off.
func (tx *Tx) RemoveAttachment(a *Attachment, by int64, told string) error {
	a.RemovedAt, a.RemovedBy = tx.now, by
	if _, err := tx.exec(`UPDATE attachment SET removed_at = $3, removed_by = $4 WHERE coop_id = $1 AND id = $2`, tx.coop, a.ID, a.RemovedAt, by); err != nil {
		return err
	}
	return tx.Audit(by, AttachmentRemoved, told, note(*a))
}

// Attachment returns one piece, shown or not.
func (tx *Tx) Attachment(id int64) (Attachment, error) {
	var a Attachment
	all, err := list(tx, `SELECT `+attachmentColumns+` FROM attachment WHERE coop_id = $1 AND id = $2`, []any{tx.coop, id}, scanAttachment)
	switch {
	case err != nil:
	case len(all) == 0:
		err = fault.New(fault.NotFound, "store.attachment_unknown")
	default:
		a = all[0]
	}
	return a, err
}

// Attachments returns the pieces of a subject that are shown, in the order they came.
func (tx *Tx) Attachments(subject string) ([]Attachment, error) {
	return list(tx, `SELECT `+attachmentColumns+` FROM attachment`+tx.db.d.using("attachment_subject")+` WHERE coop_id = $1 AND subject = $2 AND removed_at = 0 ORDER BY id`, []any{tx.coop, subject}, scanAttachment)
}

// AttachedKinds counts the pieces of a subject that are shown, by kind.
func (tx *Tx) AttachedKinds(subject string) (map[string]int, error) {
	all, err := tx.Attachments(subject)
	kinds := map[string]int{}
	for _, a := range all {
		kinds[a.Kind]++
	}
	return kinds, err
}

// attachments compares each row with the file it names and with what the log, which is chained, says of it.
func (v *verifier) attachments(tx *Tx) error {
	rows := map[int64]Attachment{}
	if err := tx.rows(`SELECT `+attachmentColumns+` FROM attachment WHERE coop_id = $1 ORDER BY id`, []any{tx.coop}, func(scan func(...any) error) error {
		var a Attachment
		err := scanAttachment(scan, &a)
		rows[a.ID] = a
		return err
	}); err != nil {
		return err
	}
	filed := map[string]File{}
	if len(rows) > 0 {
		if err := tx.EachFile(func(f File) error { filed[f.SHA256] = f; return nil }); err != nil {
			return err
		}
	}
	removed, told := map[int64]int64{}, map[int64]bool{}
	if err := tx.rows(`SELECT at, by_id, action, detail FROM audit WHERE coop_id = $1 AND action IN ('attachment.add', 'attachment.remove') ORDER BY id`, []any{tx.coop}, func(scan func(...any) error) error {
		var at, by int64
		var action, detail string
		if err := scan(&at, &by, &action, &detail); err != nil {
			return err
		}
		var n attachmentNote
		if json.Unmarshal([]byte(detail), &n) != nil {
			return nil // the chain of the log tells it
		}
		if action == AttachmentRemoved {
			removed[n.ID] = at
			return nil
		}
		told[n.ID] = true
		a, found := rows[n.ID]
		switch f := filed[n.SHA]; {
		case !found:
			return v.tell("verify.attachment_missing", "name", n.Name, "subject", n.To)
		case note(a) != n || a.At != at || a.By != by:
			return v.tell("verify.attachment_changed", "name", n.Name, "subject", n.To)
		case f.SHA256 == "" || f.Size != a.Size || f.Media != a.Media || a.Thumb != "" && filed[a.Thumb].SHA256 == "":
			return v.tell("verify.attachment_unfiled", "name", n.Name, "subject", n.To)
		}
		return nil
	}); err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(rows)) {
		var err error
		switch a := rows[id]; {
		case !told[id]:
			err = v.tell("verify.attachment_untold", "name", a.Name, "subject", a.Subject)
		case a.RemovedAt != removed[id]:
			err = v.tell("verify.attachment_changed", "name", a.Name, "subject", a.Subject)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
