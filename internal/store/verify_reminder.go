package store

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"essaim/coop"
	"essaim/money"
	"essaim/sale"
)

// The deeds of the log that what follows is compared with.
const (
	ReminderSent   = "reminder.send"
	ReminderPosted = "reminder.post"
	SaleReviewed   = "sale.reviewed"
)

// ReminderNote is what the log, which is chained, keeps of a reminder that was sent or posted.
type ReminderNote struct {
	Level    int    `json:"level"`
	Reminder int64  `json:"reminder"`
	Digest   string `json:"digest,omitempty"` // of what was said, in hexadecimal
}

// Note returns it.
func (r *Reminder) Note() ReminderNote { return ReminderNote{r.Level, r.ID, r.digest()} }

// digest is the SHA-256 of what a customer was told, in a canonical form, each text with its length before it. The letter
// that is laid out later bears its own, and so is the day it was posted left out.
func (r *Reminder) digest() string {
	b := make([]byte, 0, 512+len(r.Word))
	num := func(all ...int64) {
		for _, n := range all {
			b = binary.AppendVarint(b, n)
		}
	}
	text := func(all ...string) {
		for _, s := range all {
			num(int64(len(s)))
			b = append(b, s...)
		}
	}
	text("essaim reminder 1", r.Means, r.Recipient, r.Title, r.Word, r.ByName)
	num(r.ID, r.Activity, r.Customer, int64(r.Level), int64(r.Day), int64(r.Owed), int64(r.Interest), int64(r.Forty), r.Mail, r.By, r.At, int64(len(r.Items)))
	for _, it := range slices.SortedFunc(slices.Values(r.Items), func(a, b ReminderItem) int { return cmp.Compare(a.Sale, b.Sale) }) {
		num(it.Sale, int64(it.Level), int64(it.Day), int64(it.Owed), int64(it.Interest), int64(it.Forty))
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// heard is what the log tells of reminders and of readings afterwards.
type heard struct {
	sent     map[int64]ReminderNote
	posted   map[int64]int64 // reminder → instant
	reviewed map[int64]heardReview
	adopted  map[int64]int64 // rule → instant
}

type heardReview struct {
	at, by  int64
	Verdict string `json:"verdict"`
	Comment string `json:"comment"`
}

// hear keeps of a row of the log what is compared later. A detail that cannot be read is told by the chain.
func (h *heard) hear(r *AuditRow) {
	switch r.Action {
	case ReminderSent, ReminderPosted:
		var n ReminderNote
		if json.Unmarshal([]byte(r.Detail), &n) != nil || n.Reminder == 0 {
			return // of before the log named it
		}
		if r.Action == ReminderPosted {
			h.posted[n.Reminder] = r.At
		} else {
			h.sent[n.Reminder] = n
		}
	case "rule.save":
		if n, err := strconv.ParseInt(strings.TrimPrefix(r.Subject, "rule:"), 10, 64); err == nil {
			h.adopted[n] = r.At
		}
	case SaleReviewed:
		_, id, _ := strings.Cut(r.Subject, ":")
		var v heardReview
		if n, err := strconv.ParseInt(id, 10, 64); err == nil && json.Unmarshal([]byte(r.Detail), &v) == nil {
			v.at, v.by = r.At, r.By
			h.reviewed[n] = v
		}
	}
}

// reminders compares each with what the log says that it said, with its invoices and with itself.
func (v *verifier) reminders(tx *Tx) error {
	items, wrong := map[int64][]ReminderItem{}, map[int64]bool{}
	if err := tx.rows(`SELECT i.reminder_id, i.sale_id, i.level, i.day, i.owed, i.interest, i.forty, COALESCE(s.gross, 0), COALESCE(s.customer_id, 0), COALESCE(r.customer_id, 0)
		FROM reminder_item i LEFT JOIN sale s ON s.coop_id = i.coop_id AND s.id = i.sale_id AND s.kind = 'invoice' AND s.number <> '' LEFT JOIN reminder r ON r.coop_id = i.coop_id AND r.id = i.reminder_id
		WHERE i.coop_id = $1 ORDER BY i.reminder_id, i.sale_id`, []any{tx.coop}, func(scan func(...any) error) error {
		var id, customer, told int64
		var it ReminderItem
		var gross money.Cents
		err := scan(&id, &it.Sale, &it.Level, &it.Day, (*int64)(&it.Owed), (*int64)(&it.Interest), (*int64)(&it.Forty), (*int64)(&gross), &customer, &told)
		items[id] = append(items[id], it)
		wrong[id] = wrong[id] || customer != told || it.Owed <= 0 || it.Owed > gross || it.Interest < 0 || it.Forty != 0 && it.Forty != sale.Recovery
		return err
	}); err != nil {
		return err
	}
	named := int64(0) // the first that the log names: those before it are compared with themselves alone
	for id := range v.heard.sent {
		if named == 0 || id < named {
			named = id
		}
	}
	if err := tx.rows(`SELECT r.id, r.activity_id, r.customer_id, r.level, r.day, r.means, r.recipient, r.title, r.word, r.owed, r.interest, r.forty, r.mail_id, r.file, r.by_id, r.by_name, r.at, r.posted, COALESCE(f.sha256, ''), COALESCE(c.name, ''), COALESCE(c.activity_id, 0)
		FROM reminder r LEFT JOIN file f ON f.coop_id = r.coop_id AND f.sha256 = r.file LEFT JOIN customer c ON c.coop_id = r.coop_id AND c.id = r.customer_id WHERE r.coop_id = $1 ORDER BY r.id`, []any{tx.coop}, func(scan func(...any) error) error {
		var r Reminder
		var filed, name string
		var activity int64
		if err := scan(&r.ID, &r.Activity, &r.Customer, &r.Level, &r.Day, &r.Means, &r.Recipient, &r.Title, &r.Word, (*int64)(&r.Owed), (*int64)(&r.Interest), (*int64)(&r.Forty), &r.Mail, &r.File, &r.By, &r.ByName, &r.At, &r.Posted, &filed, &name, &activity); err != nil {
			return err
		}
		r.Items = items[r.ID]
		delete(items, r.ID)
		note, found := v.heard.sent[r.ID]
		delete(v.heard.sent, r.ID)
		key := ""
		switch {
		case named != 0 && r.ID >= named && !found:
			key = "verify.reminder_untold"
		case found && note.Digest != r.digest():
			key = "verify.reminder_changed"
		case wrong[r.ID] || activity != r.Activity || !r.sums():
			key = "verify.reminder_sums"
		case found && r.Posted != v.heard.posted[r.ID]:
			key = "verify.reminder_posted"
		case r.File != filed:
			key = "verify.reminder_file"
		default:
			return nil
		}
		return v.tell(key, "reminder", r.ID, "name", name, "day", r.Day)
	}); err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(v.heard.sent)) {
		if err := v.tell("verify.reminder_missing", "reminder", id); err != nil {
			return err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(items)) {
		if _, told := v.heard.sent[id]; told {
			continue
		}
		if err := v.tell("verify.reminder_missing", "reminder", id); err != nil {
			return err
		}
	}
	return nil
}

// sums says whether a reminder claims what its invoices come to, at the level that the highest of them reached.
func (r *Reminder) sums() bool {
	var owed, interest, forty money.Cents
	level := 0
	for _, it := range r.Items {
		owed, interest, forty, level = owed+it.Owed, interest+it.Interest, forty+it.Forty, max(level, it.Level)
		if it.Day != r.Day {
			return false
		}
	}
	return owed == r.Owed && interest == r.Interest && forty == r.Forty && level == r.Level && level > 0
}

// drawn is a document that left alone, whose link picks it by the largest share that the rules have ever asked for.
type drawn struct {
	at, author, activity int64
	link                 []byte
}

// pick keeps what may be to be read afterwards (practice 34).
func (v *verifier) pick(k *keptSale, link []byte) {
	if k.Kind == sale.Quote || k.ValidatedBy != 0 || len(link) == 0 {
		return
	}
	if v.share == 0 {
		v.share = coop.Default().Trust.SamplePercent
		for _, r := range v.set.Rules {
			if one, err := coop.ParseRules([]coop.Rule{r}, r.From); err == nil {
				v.share = max(v.share, one.Trust.SamplePercent)
			}
		}
	}
	if sale.Sampled(link, v.share) {
		v.drawn[k.ID] = drawn{k.ValidatedAt, k.Author, k.Activity, link}
	}
}

// picked draws again by the rules of the day, those that were adopted by then.
func (v *verifier) picked(d drawn) (bool, error) {
	var rows []coop.Rule
	for _, r := range v.set.Rules {
		if r.Kind == coop.RuleTrust && v.heard.adopted[r.ID] <= d.at {
			rows = append(rows, r)
		}
	}
	rules, err := coop.ParseRules(rows, v.dayOf(d.at))
	return sale.Sampled(d.link, rules.Trust.SamplePercent), err
}

// reviews compares what was picked with what is drawn again, and each verdict with the log.
func (v *verifier) reviews(tx *Tx) error {
	first := int64(0) // nothing was picked before the first
	err := tx.rows(`SELECT r.sale_id, r.activity_id, r.author_id, r.picked, r.verdict, r.remark, r.by_id, r.at, COALESCE(s.number, ''), COALESCE(n.id, 0) FROM review r
		LEFT JOIN sale s ON s.coop_id = r.coop_id AND s.id = r.sale_id LEFT JOIN validation n ON n.coop_id = r.coop_id AND n.sale_id = r.sale_id WHERE r.coop_id = $1 ORDER BY r.sale_id`, []any{tx.coop}, func(scan func(...any) error) error {
		var r Review
		var number string
		var link int64
		if err := scan(&r.Sale, &r.Activity, &r.Author, &r.Picked, &r.Verdict, &r.Remark, &r.By, &r.At, &number, &link); err != nil {
			return err
		}
		if first == 0 || r.Picked < first {
			first = r.Picked
		}
		d := v.drawn[r.Sale]
		delete(v.drawn, r.Sale)
		mine, err := v.picked(d)
		if err != nil {
			return err
		}
		said, spoken := v.heard.reviewed[r.Sale]
		switch {
		case link != 0 && (!mine || r.Picked != d.at || r.Author != d.author || r.Activity != d.activity):
			return v.tell("verify.review_picked", "document", number)
		case spoken != (r.Verdict != "") || spoken && (said.at != r.At || said.by != r.By || said.Comment != r.Remark || said.Verdict != "" && said.Verdict != r.Verdict):
			return v.tell("verify.review_changed", "document", number)
		}
		return nil
	})
	if err != nil || first == 0 {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(v.drawn)) {
		d := v.drawn[id]
		if mine, err := v.picked(d); err != nil {
			return err
		} else if d.at < first || !mine {
			continue
		}
		number := "#" + strconv.FormatInt(id, 10)
		if _, err := tx.one(`SELECT number FROM sale WHERE coop_id = $1 AND id = $2 AND number <> ''`, []any{tx.coop, id}, &number); err != nil {
			return err
		}
		if err := v.tell("verify.review_missing", "document", number); err != nil {
			return err
		}
	}
	return nil
}
