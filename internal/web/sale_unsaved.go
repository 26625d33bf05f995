package web

import (
	"slices"
	"strconv"
	"strings"

	"essaim/date"
	"essaim/fault"
	"essaim/sale"
)

// keepReadable keeps the draft of a form that was refused, all but the fields that could not be read: those stay in the draft
// as they were. What was typed in them stays on the page, and on the device where there is a script. was is the content
// that the draft had, rows the numbers that the lines had in the page.
func (s *Server) keepReadable(v *Visit, f *Form, d *saleForm, was sale.Content, rows []int) error {
	d.Unsaved = true
	c := d.Doc.Content
	c.Lines = slices.Clone(c.Lines)
	for _, e := range f.Refusals() {
		keepWas(&c, was, e.Field, rows)
	}
	if len(f.changes) > 0 || d.Doc.ID == 0 && d.Doc.Customer == 0 && titleOf(c) == "" { // a draft of nothing helps nobody
		return nil
	}
	doc := d.Doc
	doc.Content = c
	saved, err := s.keepDraft(v, f, doc)
	switch kind := fault.KindOf(err); {
	case err == nil && editable(saved):
		d.Doc.ID, d.Doc.Version, d.Doc.Number = saved.ID, saved.Version, saved.Number
		d.Partly = true
		return nil
	case err == nil, kind == fault.Invalid, kind == fault.Conflict: // told when it is sent again
		return nil
	}
	return err
}

// keepWas puts a field of the draft back as it was.
func keepWas(c *sale.Content, was sale.Content, field string, rows []int) {
	days := map[string][2]*date.Day{
		"delivered": {&c.Delivered, &was.Delivered}, "deliveredFrom": {&c.DeliveredFrom, &was.DeliveredFrom},
		"validUntil": {&c.ValidUntil, &was.ValidUntil}, "releaseOn": {&c.ReleaseOn, &was.ReleaseOn}, "exchangeOn": {&c.ExchangeOn, &was.ExchangeOn},
	}
	texts := map[string][2]*string{
		"title": {&c.Title, &was.Title}, "note": {&c.Note, &was.Note}, "reason": {&c.Reason, &was.Reason}, "orderRef": {&c.OrderRef, &was.OrderRef},
		"service": {&c.Service, &was.Service}, "commitment": {&c.Commitment, &was.Commitment}, "contract": {&c.Contract, &was.Contract}, "word": {&c.Word, &was.Word},
	}
	switch day, text := days[field], texts[field]; {
	case day[0] != nil:
		*day[0] = *day[1]
	case text[0] != nil:
		*text[0] = *text[1]
	case field == "retention":
		c.Retention = was.Retention
	case field == "exchange":
		c.Exchange = was.Exchange
	}
	rest, ok := strings.CutPrefix(field, "lines[")
	index, name, _ := strings.Cut(rest, "].")
	i, err := strconv.Atoi(index)
	if !ok || err != nil || i >= len(c.Lines) || i >= len(rows) || rows[i] >= len(was.Lines) {
		return
	}
	l, old := &c.Lines[i], was.Lines[rows[i]]
	switch name {
	case "label":
		l.Label = old.Label
	case "quantity":
		l.Quantity = old.Quantity
	case "unit":
		l.Unit = old.Unit
	case "price":
		l.Price = old.Price
	case "discount":
		l.Discount = old.Discount
	case "discountFlat":
		l.DiscountFlat = old.DiscountFlat
	case "done":
		l.Done = old.Done
	case "option":
		l.Option = old.Option
	case "variant":
		l.Variant = old.Variant
	}
}

// SavedWords say whether the draft holds what the page shows.
func (s screen) SavedWords() string {
	d, ok := s.D.(*saleForm)
	switch {
	case !ok:
		return ""
	case d.Unsaved && d.Partly:
		return s.P.T("form.saved_partly")
	case d.Unsaved:
		return s.P.T("form.not_saved")
	case d.Doc.ID != 0:
		return s.P.T("form.is_saved")
	}
	return s.P.T("form.saves_itself")
}
