package office

import (
	"time"

	"essaim/access"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/sale"
)

// certified says whether the customer has certified that the dwelling is of more than two years: by accepting the quote
// that bears the certificate, or on a paper attached to the document, to its quote or to the customer (CGI 279-0 bis 3).
func certified(tx *store.Tx, d sale.Document) (bool, error) {
	if d.Origin != 0 {
		from, err := tx.Sale(d.Origin)
		if err != nil {
			return false, err
		}
		if p := from.Content.Papers; from.Status == sale.Accepted && p != nil && p.Housing != nil && p.Housing.Old {
			return true, nil
		}
	}
	for _, subject := range []string{thing("sale", d.ID), thing("sale", d.Origin), thing("customer", d.Customer)} {
		kinds, err := tx.AttachedKinds(subject)
		if err != nil || kinds["certificate"] > 0 {
			return err == nil, err
		}
	}
	return false, nil
}

// remember writes into a document what its public buyer usually asks, and keeps on the customer's sheet what the document
// is the first to tell.
func (o *Office) remember(tx *store.Tx, a access.Actor, d *sale.Document, f sale.Facts) error {
	d.Content = d.Content.WithPublic(f.Customer)
	c, news := f.Customer.Remembered(*d)
	if !news || can(a, access.ManageCustomer, access.Subject{Activity: c.Activity}) != nil {
		return nil
	}
	if err := tx.SaveCustomer(&c); err != nil {
		return err
	}
	return tx.Audit(a.Person, "customer.save", thing("customer", c.ID), map[string]any{
		"was": map[string]any{"serviceCode": f.Customer.ServiceCode, "contractRef": f.Customer.ContractRef}, "now": map[string]any{"serviceCode": c.ServiceCode, "contractRef": c.ContractRef},
	})
}

// signedOn is the day on which a quote was accepted, where the cooperative is; 0 of one that is not.
func signedOn(quote sale.Document, zone *time.Location) date.Day {
	if quote.Signed.At == 0 {
		return 0
	}
	return date.FromTime(time.UnixMicro(quote.Signed.At).In(zone))
}

// paidTooSoon refuses money dated within the seven days of a quote that a consumer signed away from the shop (Code de la
// consommation L221-10). See [keptTooSoon] for money that is for no invoice.
func paidTooSoon(tx *store.Tx, set *store.Settings, customer sale.Customer, invoices []sale.Allocation, day date.Day) error {
	if customer.Kind != sale.Consumer {
		return nil
	}
	for _, al := range invoices {
		inv, err := tx.Sale(al.Invoice)
		if err != nil || inv.Origin == 0 {
			continue // what is no invoice is refused elsewhere
		}
		quote, err := tx.Sale(inv.Origin)
		if err != nil {
			return err
		}
		if err := boughtTooSoon(set, customer, quote, day); err != nil {
			return err
		}
	}
	return nil
}

func boughtTooSoon(set *store.Settings, customer sale.Customer, quote sale.Document, day date.Day) error {
	signed := signedOn(quote, set.Zone)
	if from, soon := sale.PaidTooSoon(quote, customer, signed, day); soon {
		return fault.At("date", "office.paid_too_soon", "quote", quote.Number, "signed", signed, "from", from)
	}
	return nil
}

// keptTooSoon refuses an advance of a consumer who signed a quote away from the shop less than seven days before: « aucun
// paiement […], sous quelque forme que ce soit » (L221-10), and nothing else is there that it could pay.
func keptTooSoon(tx *store.Tx, set *store.Settings, customer sale.Customer, p sale.Payment) error {
	if customer.Kind != sale.Consumer || p.Excess <= 0 || len(p.Allocations) > 0 {
		return nil
	}
	rows, err := tx.Sales(store.SaleFilter{Activity: customer.Activity, Customer: customer.ID, Kind: sale.Quote, Status: []sale.Status{sale.Accepted}})
	if err != nil {
		return err
	}
	for _, r := range rows {
		quote, err := tx.Sale(r.ID)
		if err != nil {
			return err
		}
		if p.Date < signedOn(quote, set.Zone) { // no contract yet
			continue
		}
		if err := boughtTooSoon(set, customer, quote, p.Date); err != nil {
			return err
		}
	}
	return nil
}

// papersOf returns the kinds of papers attached to a document, to what it comes from and to its activity, as gates ask for
// them. Only of a draft that something may hold: nobody looks for the papers of a document that has left.
func papersOf(tx *store.Tx, d sale.Document) (map[string]bool, error) {
	if d.Number != "" || d.Kind != sale.Invoice {
		return nil, nil
	}
	found := map[string]bool{}
	for _, subject := range []string{thing("sale", d.ID), thing("sale", d.Origin), thing("activity", d.Activity)} {
		kinds, err := tx.AttachedKinds(subject)
		if err != nil {
			return nil, err
		}
		for kind := range kinds {
			if kind == "order" {
				kind = sale.PaperQuote
			}
			found[kind] = true
		}
	}
	return found, nil
}
