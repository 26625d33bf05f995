package office

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"essaim/access"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/sale"
)

// EntryDraft is an entry whose sections and third parties are given by their codes, line by line.
type EntryDraft struct {
	ledger.Entry
	Sections []string
	Thirds   []string
}

// PostDrafts books entries given by codes, all together or not at all.
func (o *Office) PostDrafts(ctx context.Context, a access.Actor, drafts []EntryDraft, key string) ([]ledger.Entry, error) {
	var posted []ledger.Entry
	var request request
	if key != "" { // outside the lane, which serves one at a time
		request = asked(a, "entry", key, digestOf(drafts))
	}
	err := o.write(ctx, a, func(tx *store.Tx) error {
		posted = make([]ledger.Entry, len(drafts))
		if id, done, err := request.once(tx); err != nil || done {
			if err == nil {
				posted, err = tx.EntriesFrom(id, len(drafts))
			}
			return err
		}
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		margin := map[int64]date.Day{}
		for i, d := range drafts {
			// Who may not book does not learn which codes exist.
			if err := can(a, access.PostEntry, access.Subject{Year: yearOf(set, d.Date)}); err != nil {
				return err
			}
			e := d.Entry
			e.By = a.Person
			e.Lines = append([]ledger.Line(nil), d.Lines...)
			err := errors.Join(named(tx, set, e.Lines, d), byHand(&e))
			if err == nil {
				err = o.postOne(tx, a, &e, margin)
			}
			if err != nil {
				if len(drafts) > 1 {
					err = fault.Prefix(fmt.Sprintf("[%d]", i), err)
				}
				return err
			}
			posted[i] = e
		}
		if err := o.contributeAll(tx, margin, posted[0].Ref); err != nil {
			return err
		}
		return request.keep(tx, posted[0].ID)
	})
	return posted, err
}

// CheckDraft tells what is wrong with an entry given by codes, and books nothing: for a form that has fields it cannot
// read yet.
func (o *Office) CheckDraft(ctx context.Context, a access.Actor, d EntryDraft) error {
	if err := can(a, access.PostEntry, access.Subject{}); err != nil {
		return err
	}
	return o.read(ctx, a, func(tx *store.Tx) error {
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		e := d.Entry
		e.Lines = append([]ledger.Line(nil), d.Lines...)
		if err := errors.Join(named(tx, set, e.Lines, d), byHand(&e)); err != nil {
			return err
		}
		if err := mayPost(tx, a, yearOf(set, e.Date), e.Lines); err != nil {
			return err
		}
		if err := keepsSales(tx, &e); err != nil {
			return err
		}
		books, err := tx.Books(e.Date)
		if err != nil {
			return err
		}
		return e.Prepare(books)
	})
}

// byHand refuses what nobody enters: the journals that the program keeps, invoices and contributions, whose entries come
// from their documents alone; and a debt that would have been due before it was incurred. What stood before the first
// year is entered as it was.
func byHand(e *ledger.Entry) error {
	var refused []error
	if e.Journal == ledger.JournalSales || e.Journal == ledger.JournalInternal {
		refused = append(refused, fault.At("journal", "office.journal_kept", "journal", e.Journal))
	}
	incurred := cmp.Or(e.DocDate, e.Date)
	for i, l := range e.Lines {
		if l.Due != 0 && l.Due < incurred && l.Settles == (ledger.ItemRef{}) && e.Journal != ledger.JournalOpening {
			refused = append(refused, fault.At(fmt.Sprintf("lines[%d].due", i), "office.due_before", "date", incurred))
		}
	}
	return errors.Join(refused...)
}

// named puts ids in the place of codes.
func named(tx *store.Tx, set *store.Settings, lines []ledger.Line, d EntryDraft) error {
	var refused []error
	for i := range lines {
		id, ok := set.ByCode[d.Sections[i]]
		if !ok {
			key := "ledger.section_code"
			if d.Sections[i] == "" {
				key = "ledger.section_missing"
			}
			refused = append(refused, fault.At(fmt.Sprintf("lines[%d].section", i), key, "code", d.Sections[i]))
		}
		lines[i].Section = id
		if code := d.Thirds[i]; code != "" {
			third, ok, err := tx.ThirdByCode(code)
			if err != nil {
				return err
			}
			if !ok {
				refused = append(refused, fault.At(fmt.Sprintf("lines[%d].third", i), "ledger.third_code", "code", code))
			}
			lines[i].Third = third
		}
	}
	return errors.Join(refused...)
}

// CreateAndSubmit writes a document and submits it in one transaction: when the trust rules let it leave alone, it is
// numbered and booked at once.
func (o *Office) CreateAndSubmit(ctx context.Context, a access.Actor, d sale.Document, key string) (sale.Document, error) {
	if err := can(a, access.DraftDocument, access.Subject{Activity: d.Activity, Kind: string(d.Kind)}); err != nil {
		return d, err
	}
	if err := can(a, access.SubmitDocument, access.Subject{Activity: d.Activity, Kind: string(d.Kind)}); err != nil {
		return d, err
	}
	var saved sale.Document
	var request request
	if key != "" {
		request = asked(a, "submit", key, digest(d))
	}
	err := o.write(ctx, a, func(tx *store.Tx) error {
		saved = d
		if id, done, err := request.once(tx); err != nil || done {
			if err == nil {
				saved, err = tx.Sale(id)
			}
			return err
		}
		if err := o.prepare(tx, a, &saved); err != nil {
			return err
		}
		if _, err := recompose(tx, &saved); err != nil {
			return err
		}
		if err := atRate(tx, &saved, false); err != nil {
			return err
		}
		if err := o.submit(tx, a, &saved); err != nil {
			return err
		}
		return request.keep(tx, saved.ID)
	})
	return saved, err
}
