package web_test

import (
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/internal/web/webtest"
	"essaim/money"
	"essaim/sale"
)

// takings are those of a day, in three means.
func takings(cash money.Cents) sale.Taking {
	return sale.Taking{Count: 3, Means: sale.Tenders{Cash: cash, Card: 12_00, Cheque: 5_00}, Lines: []sale.TakingLine{{Nature: "goods", Tax: "S20", Gross: cash + 17_00}}}
}

func (w *walk) newTaking() sale.Record {
	w.t.Helper()
	r, err := w.Office.SaveTaking(w.t.Context(), w.Actor("maelle"), webtest.Ceramique, storetest.Today, takings(30_00), "")
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func (w *walk) newAnnouncement() store.Announcement {
	w.t.Helper()
	n, err := w.Office.Announce(w.t.Context(), w.Actor("maelle"), store.Announcement{Activity: webtest.Ceramique, Means: string(sale.Cheque), Amount: 38_00, Day: storetest.Today, Word: "Mme Roux"}, "")
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}
