package web

import "essaim/sale"

// followTaxes gives the lines the taxes of the customer just chosen, where the form still holds what it proposed for another.
// The form names that one; an invoice of a quote and a credit note name nobody.
func (v *Visit) followTaxes(f *Form, d *saleForm) error {
	if !f.Has("taxFor") || f.ID("taxFor") == d.Doc.Customer || d.Doc.Kind == sale.CreditNote || d.Doc.Origin != 0 {
		return nil
	}
	c, err := v.s.office.FollowCustomer(v.Ctx(), v.Actor, d.Doc, f.ID("taxFor"))
	if err == nil {
		d.Doc.Content = c
	}
	return err
}
