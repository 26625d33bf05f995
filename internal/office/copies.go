package office

import (
	"context"

	"essaim/access"
	"essaim/date"
	"essaim/fault"
	"essaim/i18n"
	"essaim/sale"
)

// PaidPDF returns the copy of an invoice that tells its customer that it is paid.
func (o *Office) PaidPDF(ctx context.Context, a access.Actor, id int64) (name string, b []byte, err error) {
	s, err := o.Document(ctx, a, id)
	if err != nil {
		return "", nil, err
	}
	if s.Doc.Kind != sale.Invoice || s.Doc.Number == "" || s.Doc.Lost > 0 || s.Doc.Paid <= 0 || sale.Remaining(s.Doc) > 0 {
		return "", nil, fault.New(fault.Conflict, "office.not_paid", "invoice", s.Doc.Number)
	}
	var on date.Day
	for _, p := range s.Payments {
		if p.Reversed == 0 {
			on = max(on, p.Date)
		}
	}
	b, err = o.laidOut(sale.PaidCopy(s.Doc, s.Facts, i18n.For("fr"), on))
	return "acquittee-" + fileName(s.Doc), b, err
}

// LostPDF returns the duplicate of an invoice that was lost, with the mention that the law asks for.
func (o *Office) LostPDF(ctx context.Context, a access.Actor, id int64) (name string, b []byte, err error) {
	s, err := o.Document(ctx, a, id)
	if err != nil {
		return "", nil, err
	}
	if s.Doc.Lost <= 0 {
		return "", nil, fault.New(fault.Conflict, "office.not_lost", "invoice", s.Doc.Number)
	}
	b, err = o.laidOut(sale.LostCopy(s.Doc, s.Facts, i18n.For("fr")))
	return "duplicata-" + fileName(s.Doc), b, err
}
