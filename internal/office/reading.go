package office

import (
	"context"
	"encoding/json"
	"strings"

	"essaim/access"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/sale"
)

// Reading is what a reader wrote while a document was open on the desk. It goes with the deed that ends the reading, in
// one operation: nothing that was typed is dropped by the button one presses.
type Reading struct {
	Version int64         // of the document that was read; 0 asks for none
	Mended  *sale.Content // nil: as it stands
	Word    string        // for the author
	Line    int           // that the word is about; 0: the whole document
}

// maxWord is how long a word about a document may be, in bytes.
const maxWord = 4000

// Decide is the deed of a reader on a submitted document: [sale.DeedAmend] mends it, [sale.DeedReturn] sends it back with
// a word, [sale.DeedValidate] gives it its number and date, books it and has it rendered. Whichever it is, what was mended
// comes first and is shown to the author. No one validates for oneself; of two who decide at once, the second is told.
func (o *Office) Decide(ctx context.Context, a access.Actor, id int64, deed sale.Deed, r Reading) (sale.Document, error) {
	var d sale.Document
	r.Word = strings.TrimSpace(r.Word)
	if len(r.Word) > maxWord || r.Word == "" && deed == sale.DeedReturn {
		return d, fault.At("comment", "office.comment_missing")
	}
	err := o.writeOnce(ctx, a, string(deed), struct {
		ID int64
		Reading
	}{id, r}, reread(&d), func(tx *store.Tx) (int64, error) { return id, o.decide(tx, a, &d, id, deed, r) })
	return d, err
}

func (o *Office) decide(tx *store.Tx, a access.Actor, d *sale.Document, id int64, deed sale.Deed, r Reading) error {
	var s access.Subject
	var err error
	if *d, s, err = document(tx, a, id); err != nil {
		return err
	}
	if err := can(a, access.ValidateDocument, s); err != nil {
		return err
	}
	if r.Version != 0 && r.Version != d.Version {
		return fault.New(fault.Conflict, "office.changed_meanwhile")
	}
	to, err := d.Next(deed)
	if err != nil {
		return err
	}
	if err := o.amend(tx, a, d, r.Mended, deed); err != nil {
		return err
	}
	switch deed {
	case sale.DeedValidate:
		if err := o.say(tx, a, d, r); err != nil {
			return err
		}
		if err := invoicedMeanwhile(tx, *d, false); err != nil {
			return err
		}
		f, err := o.facts(tx, *d)
		if err != nil {
			return err
		}
		if err := sale.CheckGates(*d, f); err != nil {
			return err
		}
		return o.issue(tx, a, d, f, a.Person)
	case sale.DeedReturn:
		if r.Line < 0 || r.Line > len(d.Content.Lines) {
			return fault.At("line", "office.comment_line", "n", len(d.Content.Lines))
		}
		if err := o.keepReturned(tx, a, *d); err != nil {
			return err
		}
	default:
		if err := o.say(tx, a, d, r); err != nil {
			return err
		}
		if r.Mended == nil {
			return nil // a word changes nothing of what is read
		}
		r.Word, r.Line = "", 0
	}
	d.Status = to
	if err := tx.SaveSale(d); err != nil {
		return err
	}
	return o.log(tx, a, d, string(deed), r.Word, r.Line)
}

// say writes the reader's word into the history.
func (o *Office) say(tx *store.Tx, a access.Actor, d *sale.Document, r Reading) error {
	if r.Word == "" {
		return nil
	}
	return o.log(tx, a, d, "comment", r.Word, r.Line)
}

// amend puts what a reader mended into the document and tells it line by line; with another deed it is told beside it.
func (o *Office) amend(tx *store.Tx, a access.Actor, d *sale.Document, mended *sale.Content, deed sale.Deed) error {
	if mended == nil {
		return nil
	}
	if _, err := d.Next(sale.DeedAmend); err != nil {
		return err
	}
	before := d.Content
	d.Content = *mended
	f, err := o.facts(tx, *d)
	if err != nil {
		return err
	}
	d.Content = d.Content.Fit(f.Taxes)
	if err := sale.CheckSubmit(*d, f); err != nil {
		return err
	}
	if d.Totals, err = sale.Amounts(*d, f); err != nil {
		return err
	}
	tell := func(line int, both any) error {
		b, err := json.Marshal(both)
		if err != nil {
			return err
		}
		return tx.AddEvent(d.ID, "amended", string(b), line, a.Person, a.Name)
	}
	if day := d.Content.Delivered; day != before.Delivered { // no line: the whole document's
		if err := tell(0, [2]sale.Content{{Delivered: before.Delivered}, {Delivered: day}}); err != nil {
			return err
		}
	}
	for i, l := range d.Content.Lines {
		if i >= len(before.Lines) || l == before.Lines[i] {
			continue
		}
		if err := tell(i+1, [2]sale.Line{before.Lines[i], l}); err != nil {
			return err
		}
	}
	if deed == sale.DeedAmend {
		return nil
	}
	return o.log(tx, a, d, string(sale.DeedAmend), "", 0)
}

// Amend is a reader mending a label, a rate or an amount before validating.
func (o *Office) Amend(ctx context.Context, a access.Actor, id, version int64, content sale.Content) (sale.Document, error) {
	return o.Decide(ctx, a, id, sale.DeedAmend, Reading{Version: version, Mended: &content})
}

// Return sends a submitted document back with a comment, on a line when line is not 0.
func (o *Office) Return(ctx context.Context, a access.Actor, id int64, comment string, line int) (sale.Document, error) {
	return o.Decide(ctx, a, id, sale.DeedReturn, Reading{Word: comment, Line: line})
}

// Validate gives a submitted document its number and date, books it and has it rendered.
func (o *Office) Validate(ctx context.Context, a access.Actor, id, version int64) (sale.Document, error) {
	return o.Decide(ctx, a, id, sale.DeedValidate, Reading{Version: version})
}

// SentBack is a document as its author received it back: what is submitted next is compared with it.
type SentBack struct {
	Buyer   string       `json:"buyer"`
	Content sale.Content `json:"content"`
}

// deedSentBack holds a [SentBack] in the history; it is no deed of its own.
const deedSentBack = "sent_back"

func (o *Office) keepReturned(tx *store.Tx, a access.Actor, d sale.Document) error {
	f, err := o.facts(tx, d)
	if err != nil {
		return err
	}
	b, err := json.Marshal(SentBack{Buyer: f.Customer.FullName(), Content: d.Content})
	if err != nil {
		return err
	}
	return tx.AddEvent(d.ID, deedSentBack, string(b), 0, a.Person, a.Name)
}

// SentBack is the document as it was last sent back, if it ever was.
func (s Sheet) SentBack() (was SentBack, ok bool) {
	for i := range s.Events {
		if e := s.Events[len(s.Events)-1-i]; e.Deed == deedSentBack {
			return was, json.Unmarshal([]byte(e.Comment), &was) == nil
		}
	}
	return was, false
}
