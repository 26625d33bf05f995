package web_test

import "maps"

func init() {
	looks = append(looks, "ToInvoice", "OwedBack")
	maps.Copy(deeds, map[string]func(w *walk) func() error{
		"CloseQuote": func(w *walk) func() error {
			id := w.newQuote()
			_, err := w.Office.RecordAcceptance(w.t.Context(), w.Actor("maelle"), id, "Odile Brun", 0)
			w.must(err)
			return func() error {
				return w.Office.CloseQuote(w.t.Context(), w.Actor("maelle"), id, "Le client s’arrête là", false)
			}
		},
	})
}
