package store

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"slices"

	"essaim/coop"
	"essaim/date"
	"essaim/ledger"
	"essaim/money"
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
	if d.Imprint != "" {
		text("imprint", d.Imprint)
	}
	for _, n := range []int64{d.ID, int64(d.Date), int64(d.Due), d.Activity, d.Customer, d.Author, d.ValidatedBy, d.ValidatedAt, d.Origin, d.Corrects, d.Entry, flag(d.Settled.Debits), earlier} {
		num(n)
	}
	c := &d.Content
	text(c.Title, c.OrderRef, c.Service, c.Commitment, c.Contract, c.Note, c.Reason, c.Currency, c.Word)
	for _, n := range []int64{flag(c.Gross), flag(c.SendWhenValidated), int64(c.Delivered), int64(c.DeliveredFrom), int64(c.DueDays), int64(c.ValidUntil), int64(len(c.Lines))} {
		num(n)
	}
	if p := c.Papers; p != nil {
		text("papers", string(p.Place), p.Waiver, p.Delay)
		num(flag(p.Subcontract))
		num(flag(p.Early))
		if p.Prompt != "" {
			text("prompt", p.Prompt)
		}
		if h := p.Housing; h != nil {
			text("housing", h.Address, h.Work)
			num(flag(h.Old))
		}
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
	type line struct {
		Done           money.Rate  `json:",omitempty"`
		Before         money.Cents `json:",omitempty"`
		Deposit        int64       `json:",omitempty"`
		VAT, Deduction money.Cents `json:",omitempty"`
	}
	more := struct {
		Exchange       money.Micro  `json:",omitempty"`
		ExchangeOn     date.Day     `json:",omitempty"`
		ExchangeSource string       `json:",omitempty"`
		Stage          sale.Stage   `json:",omitempty"`
		Situation      int          `json:",omitempty"`
		Before         []sale.Part  `json:",omitempty"`
		Retention      money.Rate   `json:",omitempty"`
		ReleaseOn      date.Day     `json:",omitempty"`
		Schedule       []sale.Term  `json:",omitempty"`
		Lines          map[int]line `json:",omitempty"`
		Retained       money.Cents  `json:",omitempty"`
		Foreign        *sale.Totals `json:",omitempty"`

		DueMonth coop.MonthEnd `json:",omitempty"`
		DueDay   int           `json:",omitempty"`

		UseAdvance bool `json:",omitempty"`

		Late []sale.Claim `json:",omitempty"`
	}{
		c.Exchange, c.ExchangeOn, c.ExchangeSource, c.Stage, c.Situation, c.Before, c.Retention, c.ReleaseOn, c.Schedule, map[int]line{}, t.Retained, t.Foreign, c.DueMonth, c.DueDay, c.UseAdvance, c.Late,
	}
	for i, l := range c.Lines {
		x := line{Done: l.Done, Before: l.Before, Deposit: l.Deposit, VAT: l.VAT}
		if i < len(t.Lines) {
			x.Deduction = t.Lines[i].VAT
		}
		if x != (line{}) {
			more.Lines[i] = x
		}
	}
	text, err := json.Marshal(more)
	if err != nil || string(text) == "{}" { // numbers and texts: it cannot fail
		return b
	}
	return append(b, text...)
}

// AddValidation links what a document is, as it was just validated and saved, to the chain of validations. The first one
// counts the documents that were validated before there was a chain. It returns the link.
func (tx *Tx) AddValidation(d *sale.Document) ([]byte, error) {
	head, err := tx.head("validation")
	if err != nil {
		return nil, err
	}
	earlier := int64(0)
	if head.seq == 0 {
		if _, err := tx.one(`SELECT COUNT(*) FROM sale WHERE coop_id = $1 AND number <> '' AND id <> $2`, []any{tx.coop, d.ID}, &earlier); err != nil {
			return nil, err
		}
	}
	buyer, err := tx.buyer(d.Customer)
	if err != nil {
		return nil, err
	}
	digest := DocumentDigest(*d, buyer, earlier)
	chain := ledger.Link(head.head, digest[:])
	if err := tx.stage(insertValidation, tx.coop, head.seq+1, d.ID, earlier, digest[:], chain); err != nil {
		return nil, err
	}
	tx.setHead("validation", chainState{head.seq + 1, chain})
	return chain, nil
}
