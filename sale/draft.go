package sale

import (
	"errors"
	"fmt"
	"slices"

	"essaim/date"
	"essaim/fault"
	"essaim/i18n"
	"essaim/money"
)

// Bounds of the texts of a document, in characters.
const (
	maxLabel = 2000
	maxTitle = 200
	maxUnit  = 30
	maxRef   = 100
	maxNote  = 4000
	maxDue   = 366 // days

	maxRetention money.Rate = 50_000 // loi 71-584 du 16 juillet 1971, art. 1
)

// CheckDraft tells what a draft cannot even be saved with: texts too long, unknown codes, amounts out of bounds. What is
// still missing is no fault of a draft.
func CheckDraft(d Document, f Facts) error {
	var errs []error
	bad := func(field, key string, args ...any) { errs = append(errs, fault.At(field, key, args...)) }
	switch d.Kind {
	case Quote, Invoice, CreditNote:
	default:
		bad("kind", "sale.fault.kind")
	}
	c := d.Content
	for _, text := range []struct {
		field, value string
		max          int
	}{
		{"title", c.Title, maxTitle}, {"note", c.Note, maxNote}, {"reason", c.Reason, maxNote}, {"orderRef", c.OrderRef, maxRef},
		{"service", c.Service, maxRef}, {"commitment", c.Commitment, maxRef}, {"contract", c.Contract, maxRef}, {"word", c.Word, maxNote},
	} {
		errs = append(errs, checkText(text.field, text.value, text.max)...)
	}
	if c.abroad() && !slices.Contains(currencies, c.Currency) {
		bad("currency", "sale.fault.currency", "currency", c.Currency)
	}
	if c.Exchange < 0 || c.Exchange > 1_000_000*money.Unit {
		bad("exchange", "sale.fault.exchange_range")
	}
	if c.Stage != "" && (c.Stage != Deposit && c.Stage != Progress && c.Stage != Balance && c.Stage != Penalty || d.Kind == Quote) {
		bad("stage", "sale.fault.stage")
	}
	if c.Retention < 0 || c.Retention > maxRetention {
		bad("retention", "sale.fault.retention_range", "max", maxRetention)
	}
	errs = append(errs, checkText("exchangeSource", c.ExchangeSource, maxRef)...)
	if c.DueDays < 0 || c.DueDays > maxDue {
		bad("dueDays", "sale.fault.due_range", "max", maxDue)
	} else if err := c.Delay().Check("dueDays"); err != nil {
		errs = append(errs, err)
	}
	for _, day := range []struct {
		field string
		value date.Day
	}{{"delivered", c.Delivered}, {"deliveredFrom", c.DeliveredFrom}, {"validUntil", c.ValidUntil}, {"releaseOn", c.ReleaseOn}, {"exchangeOn", c.ExchangeOn}} {
		if day.value != 0 && (day.value < f.Today-7305 || day.value > f.Today+3653) { // twenty years ago, in ten years
			bad(day.field, "sale.fault.day_absurd")
		}
	}
	if c.DeliveredFrom != 0 && c.Delivered != 0 && c.DeliveredFrom > c.Delivered {
		bad("deliveredFrom", "sale.fault.period", "from", c.DeliveredFrom, "to", c.Delivered)
	}
	errs = append(errs, checkPapersDraft(c)...)
	if len(c.Lines) > MaxLines {
		bad("lines", "sale.fault.lines_many", "max", MaxLines)
		return errors.Join(errs...)
	}
	errs = append(errs, checkChoices(d)...)
	whole := true // every line has what an amount needs
	for i, l := range c.Lines {
		lineErrs := checkLine(l, f)
		whole = whole && len(lineErrs) == 0 && l.Tax != ""
		errs = append(errs, fault.Prefix(fmt.Sprintf("lines[%d]", i), errors.Join(lineErrs...)))
	}
	var totals Totals
	if whole {
		var err error
		totals, err = Compute(c, f.Taxes)
		errs = append(errs, err)
	}
	if d.Kind == Quote {
		errs = append(errs, checkSchedule(c, totals)...)
	}
	return errors.Join(errs...)
}

func checkLine(l Line, f Facts) []error {
	var errs []error
	bad := func(field, key string, args ...any) { errs = append(errs, fault.At(field, key, args...)) }
	errs = append(errs, checkText("label", l.Label, maxLabel)...)
	errs = append(errs, checkText("unit", l.Unit, maxUnit)...)
	if _, ok := NatureOf(l.Nature); !ok && l.Nature != "" {
		bad("nature", "sale.fault.nature_unknown")
	}
	if code, ok := f.Taxes[l.Tax]; l.Tax != "" && (!ok || code.Input) {
		bad("tax", "sale.fault.tax_unknown")
	}
	if l.Quantity > money.MaxMicro || l.Quantity < -money.MaxMicro {
		bad("quantity", "sale.fault.number_large")
	}
	if l.Price > money.MaxMicro || l.Price < -money.MaxMicro {
		bad("price", "sale.fault.number_large")
	}
	if l.Discount != 0 && l.DiscountFlat != 0 {
		bad("discountFlat", "sale.fault.discount_twice")
	}
	if _, err := l.amount(); err != nil {
		errs = append(errs, err)
	}
	return errs
}

// checkText refuses what is too long, what is no text, and control characters other than a new line or a tab.
func checkText(field, s string, max int) []error {
	switch {
	case tooLong(s, max):
		return []error{fault.At(field, "sale.fault.text_long", "max", max)}
	case !fault.Plain(s):
		return []error{fault.At(field, "sale.fault.text_odd")}
	}
	return nil
}

// checkWritten refuses the characters that no paper can write: they would be printed as boxes, or not at all.
func checkWritten(field, s string) []error {
	if signs := i18n.UnwrittenIn(s); signs != "" {
		return []error{fault.At(field, "coop.text_unwritten", "signs", signs)}
	}
	return nil
}
