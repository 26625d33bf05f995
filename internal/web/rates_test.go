package web_test

import (
	"essaim/internal/store/storetest"
	"essaim/sale"
)

func init() {
	deeds["SaveRate"] = func(w *walk) func() error {
		return func() error {
			return w.Office.SaveRate(w.t.Context(), w.Actor("irene"), sale.DayRate{Currency: "USD", Day: storetest.Today, Rate: 1_100_000}, "BCE", "")
		}
	}
	deeds["ImportRates"] = func(w *walk) func() error {
		return func() error {
			_, err := w.Office.ImportRates(w.t.Context(), w.Actor("irene"), []byte("Date,USD\n"+(storetest.Today-1).String()+",1.1"), "")
			return err
		}
	}
}
