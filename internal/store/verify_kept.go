package store

import (
	"cmp"
	"strconv"

	"essaim/date"
	"essaim/i18n"
	"essaim/sale"
)

// keptSale is a document with the columns that repeat its content for lists.
type keptSale struct {
	sale.Document
	column       sale.Totals // net, VAT and gross
	title, buyer string
	due, release date.Day
	own          Own
	texts        [4]string // content, totals, settled, signed
}

const keptColumns = `id, kind, activity_id, customer_id, status, author_id, created, submitted_at, opened_by, read_rule, validated_by, validated_at, number, day, due, sent_at,
	origin, corrects, entry_id, title, buyer, net, vat, gross, paid, credited, file, content, totals, settled, signed, lost, retained, release_day, currency, own_gross, own_left, abroad, imprint`

func (k *keptSale) scan(scan func(...any) error) error {
	return scan(&k.ID, &k.Kind, &k.Activity, &k.Customer, &k.Status, &k.Author, &k.Created, &k.SubmittedAt, &k.OpenedBy, &k.ReadRule, &k.ValidatedBy, &k.ValidatedAt, &k.Number, &k.Date, &k.due, &k.SentAt,
		&k.Origin, &k.Corrects, &k.Entry, &k.title, &k.buyer, &k.column.Net, &k.column.VAT, &k.column.Gross, &k.Paid, &k.Credited, &k.File, &k.texts[0], &k.texts[1], &k.texts[2], &k.texts[3], &k.Lost, &k.column.Retained, &k.release, &k.own.Currency, (*int64)(&k.own.Gross), (*int64)(&k.own.Left), &k.own.Abroad, &k.Imprint)
}

// name is what people call a document: its number, or for a draft its title.
func (k *keptSale) name() any {
	if k.Number != "" {
		return k.Number
	}
	return i18n.Said{Key: "verify.draft." + string(k.Kind), Args: []any{"title", cmp.Or(k.title, "#"+strconv.FormatInt(k.ID, 10)), "buyer", cmp.Or(k.buyer, "–")}}
}

// read decodes what is kept as JSON and returns the parts that cannot be read.
func (k *keptSale) read() (broken []string) {
	for i, part := range []struct {
		name string
		into any
	}{{"content", &k.Content}, {"totals", &k.Totals}, {"settled", &k.Settled}, {"signed", &k.Signed}} {
		if k.texts[i] == "" || decode(k.texts[i], part.into) != nil {
			broken = append(broken, part.name)
		}
	}
	if k.Kind != sale.Quote {
		k.Document.Due = k.due
	}
	return broken
}

// validated says whether the document stands as its validation froze it.
func (k *keptSale) validated() bool {
	return k.Number != "" && k.Status != sale.Draft && k.Status != sale.Submitted && k.Status != sale.Returned
}
