package store

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"slices"

	"essaim/ledger"
	"essaim/sale"
)

var insertValidation = into("validation", "coop_id, id, sale_id, earlier, hash, chain")

// DocumentDigest is the SHA-256 of what the validation of a document froze, in a canonical form: every field that a reader
// could rely on, each text with its length before it. What payments, sending and filing change later is not in it. buyer
// is the name of the customer as it stands on the document.
func DocumentDigest(d sale.Document, buyer string, earlier int64) [sha256.Size]byte {
	b := make([]byte, 0, 512+128*len(d.Content.Lines))
	num := func(n int64) { b = binary.AppendVarint(b, n) }
	text := func(all ...string) {
		for _, s := range all {
			num(int64(len(s)))
			b = append(b, s...)
		}
	}
	text("essaim document 1", string(d.Kind), d.Number, buyer, d.ReadRule)
	for _, n := range []int64{d.ID, int64(d.Date), int64(d.Due), d.Activity, d.Customer, d.Author, d.ValidatedBy, d.ValidatedAt, d.Origin, d.Corrects, d.Entry, flag(d.Settled.Debits), earlier} {
		num(n)
	}
	c := &d.Content
	text(c.Title, c.OrderRef, c.Service, c.Commitment, c.Contract, c.Note, c.Reason, c.Currency, c.Word)
	for _, n := range []int64{flag(c.Gross), flag(c.SendWhenValidated), int64(c.Delivered), int64(c.DeliveredFrom), int64(c.DueDays), int64(c.ValidUntil), int64(len(c.Lines))} {
		num(n)
	}
	for i := range c.Lines {
		l := &c.Lines[i]
		text(l.Label, l.Nature, l.Unit, l.Tax)
		for _, n := range [5]int64{int64(l.Quantity), int64(l.Price), int64(l.Discount), int64(l.DiscountFlat), l.Axis} {
			num(n)
		}
	}
	t := &d.Totals
	for _, n := range [5]int64{int64(t.Net), int64(t.VAT), int64(t.Gross), int64(len(t.Lines)), int64(len(t.Taxes))} {
		num(n)
	}
	for _, l := range t.Lines {
		num(int64(l.Net))
		num(int64(l.Gross))
	}
	for _, row := range t.Taxes {
		text(row.Tax)
		num(int64(row.Rate))
		num(int64(row.Net))
		num(int64(row.VAT))
	}
	b = appendStage(b, d)
	if slices.ContainsFunc(c.Lines, func(l sale.Line) bool { return l.Option != "" || l.Variant != "" || l.Chosen }) {
		text("choices") // documents without any keep the digest they had before there were choices
		for _, l := range c.Lines {
			text(l.Option, l.Variant)
			num(flag(l.Chosen))
		}
	}
	return sha256.Sum256(b)
}

// appendStage adds what only some documents have, deposits, situations, retention, schedule, currency, to what their digest
// is of; a document without any keeps the digest that it always had.
func appendStage(b []byte, d sale.Document) []byte {
	c, t := d.Content, d.Totals
	if c.Exchange == 0 && c.Stage == "" && c.Situation == 0 && c.Retention == 0 && len(c.Schedule) == 0 && c.ReleaseOn == 0 && t.Retained == 0 && t.Foreign == nil &&
		!slices.ContainsFunc(c.Lines, func(l sale.Line) bool { return l.Deposit != 0 }) {
		return b
	}
	stage := struct {
		Exchange                      int64
		ExchangeOn, ReleaseOn         int64
		Source, Stage                 string
		Situation                     int
		Before                        []sale.Part
		Retention                     int64
		Schedule                      []sale.Term
		Done, Earlier, Deposits, VATs []int64
		Retained                      int64
		Foreign                       *sale.Totals
	}{
		Exchange: int64(c.Exchange), ExchangeOn: int64(c.ExchangeOn), ReleaseOn: int64(c.ReleaseOn), Source: c.ExchangeSource, Stage: string(c.Stage),
		Situation: c.Situation, Before: c.Before, Retention: int64(c.Retention), Schedule: c.Schedule, Retained: int64(t.Retained), Foreign: t.Foreign,
	}
	for _, l := range c.Lines {
		stage.Done, stage.Earlier = append(stage.Done, int64(l.Done)), append(stage.Earlier, int64(l.Before))
		stage.Deposits, stage.VATs = append(stage.Deposits, l.Deposit), append(stage.VATs, int64(l.VAT))
	}
	text, err := json.Marshal(stage)
	if err != nil { // numbers and texts: it cannot fail
		return b
	}
	return append(b, text...)
}

// AddValidation links what a document is, as it was just validated and saved, to the chain of validations. The first one
// counts the documents that were validated before there was a chain.
func (tx *Tx) AddValidation(d *sale.Document) error {
	head, err := tx.head("validation")
	if err != nil {
		return err
	}
	earlier := int64(0)
	if head.seq == 0 {
		if _, err := tx.one(`SELECT COUNT(*) FROM sale WHERE coop_id = $1 AND number <> '' AND id <> $2`, []any{tx.coop, d.ID}, &earlier); err != nil {
			return err
		}
	}
	buyer, err := tx.buyer(d.Customer)
	if err != nil {
		return err
	}
	digest := DocumentDigest(*d, buyer, earlier)
	chain := ledger.Link(head.head, digest[:])
	if err := tx.stage(insertValidation, tx.coop, head.seq+1, d.ID, earlier, digest[:], chain); err != nil {
		return err
	}
	tx.setHead("validation", chainState{head.seq + 1, chain})
	return nil
}
