package web_test

import (
	"fmt"
	"net/url"
	"testing"
)

// A payment dated before its invoice is refused on the date; the form then offers to keep it until the invoice.
func TestMoneyBeforeItsInvoiceOnTheForm(t *testing.T) {
	s := newStudio(t)
	jean := s.As("jean")
	to := place + "/payments/new"
	at := fmt.Sprintf("%s?customer=%d&invoice=%d", to, s.company.ID, s.owed.ID)
	p := jean.Get(at).Want(t, 200).Without(t, "Garder en avance jusqu’à la facture")
	early := url.Values{"date": {(s.owed.Date - 1).String()}}
	q := jean.Post(to, p.Form("/payments/new", early)).Want(t, 422, s.owed.Number+" est du", "Corriger la date", "Garder en avance jusqu’à la facture")
	early.Set("ahead", "1")
	made := jean.Post(to, q.Form("/payments/new", early)).Want(t, 303)
	jean.Get(made.Location).Want(t, 200, "480,00")
	jean.Get(docPath(s.owed)).Want(t, 200, s.owed.Number+" payée")
}
