package web_test

import (
	"essaim/internal/office"
	"maps"

	"essaim/internal/store/storetest"
	"essaim/sale"
)

func init() {
	looks = append(looks, "ToInvoice", "OwedBack", "Ahead")
	maps.Copy(deeds, map[string]func(w *walk) func() error{
		"DepositFromAdvance": func(w *walk) func() error {
			id := w.newQuote()
			_, err := w.Office.RecordAcceptance(w.t.Context(), w.Actor("maelle"), id, office.Agreement{Name: "Odile Brun"}, 0)
			w.must(err)
			_, err = w.Office.Receive(w.t.Context(), w.Actor("jean"), sale.Payment{Customer: w.customer, Date: storetest.Today, Amount: 10_00, Excess: 10_00, Means: sale.Transfer}, "")
			w.must(err)
			return func() error {
				_, err := w.Office.DepositFromAdvance(w.t.Context(), w.Actor("maelle"), id, 10_00, "")
				return err
			}
		},
		"CloseQuote": func(w *walk) func() error {
			id := w.newQuote()
			_, err := w.Office.RecordAcceptance(w.t.Context(), w.Actor("maelle"), id, office.Agreement{Name: "Odile Brun"}, 0)
			w.must(err)
			return func() error {
				return w.Office.CloseQuote(w.t.Context(), w.Actor("maelle"), id, "Le client s’arrête là", false)
			}
		},
	})
}
