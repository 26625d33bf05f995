package web_test

import (
	"essaim/activity"
	"essaim/date"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/internal/web/webtest"
	"essaim/ledger"
	"essaim/member"
	"essaim/money"
)

// yearDeeds are the deeds of the end of a year.
var yearDeeds = map[string]func(w *walk) (deed func() error){
	"AskYear": func(w *walk) func() error {
		return func() error {
			return w.Office.AskYear(w.t.Context(), w.Actor("paul"), storetest.Year2025, storetest.Today+20, "")
		}
	},
	"BookYear": func(w *walk) func() error {
		w.newYear(webtest.Ceramique)
		w.must(w.signYear("maelle", webtest.Ceramique))
		return w.bookYear
	},
	"ReleaseAside": func(w *walk) func() error {
		_, err := w.Office.SaveContract(w.t.Context(), w.system(), member.Contract{Person: w.Actor("hugo").Person, Kind: member.CAPE, Start: date.MustParse("2025-04-01"), End: date.MustParse("2025-12-31"), Term: 1})
		w.must(err)
		act, err := w.Office.Activity(w.t.Context(), w.system(), webtest.Paysage)
		w.must(err)
		act.Shares = append(act.Shares, activity.Share{Person: w.Actor("hugo").Person, From: date.MustParse("2025-04-01"), Until: date.MustParse("2026-01-31"), Parts: 1})
		_, err = w.Office.SaveActivity(w.t.Context(), w.system(), act)
		w.must(err)
		w.newYear(webtest.Paysage)
		w.must(w.bookYear())
		w.must(w.Office.Drain(w.t.Context()))
		return func() error {
			return w.Office.ReleaseAside(w.t.Context(), w.Actor("paul"), storetest.Year2025, webtest.Paysage, w.Actor("hugo").Person, 1_00, office.AsideToAccount, "")
		}
	},
	"PayProfit": func(w *walk) func() error {
		entry := w.newEntry()
		storetest.Write(w.t, w.DB, w.Coop.ID, func(tx *store.Tx) error {
			return tx.AddYearEntry(store.YearEntry{Entry: entry, N: 1, Year: storetest.Year2026, Activity: webtest.Ceramique, Person: w.Actor("maelle").Person, Sum: activity.YearSum{Kind: activity.YearProfit, Amount: 100_00}})
		})
		return func() error {
			_, err := w.Office.PayProfit(w.t.Context(), w.Actor("paul"), storetest.Year2026, storetest.Today.Month()+1, "")
			return err
		}
	},
	"RemindYear": func(w *walk) func() error {
		w.newYear(webtest.Couture)
		return func() error { return w.Office.RemindYear(w.t.Context(), w.Actor("paul"), storetest.Year2025, "") }
	},
	"SignYear": func(w *walk) func() error {
		w.newYear(webtest.Couture)
		return func() error { return w.signYear("lucie", webtest.Couture) }
	},
}

// newYear is an income of the year that is over, and everyone asked what becomes of it.
func (w *walk) newYear(section int64) money.Cents {
	_, err := w.Office.PostEntry(w.t.Context(), w.system(), ledger.Entry{Journal: ledger.JournalMisc, Date: date.MustParse("2025-12-15"), Ref: "OD", Label: "Subvention", Lines: []ledger.Line{
		{Account: "706", Section: section, Amount: -1_000_00}, {Account: "512", Section: section, Amount: 1_000_00},
	}}, "")
	w.must(err)
	if v, err := w.Office.YearEnd(w.t.Context(), w.Actor("paul"), storetest.Year2025); err != nil || !v.Open {
		w.must(err)
		w.must(w.Office.AskYear(w.t.Context(), w.Actor("paul"), storetest.Year2025, storetest.Today+30, ""))
	}
	return 1_000_00
}

func (w *walk) signYear(who string, activityID int64) error {
	f, err := w.Office.YearForm(w.t.Context(), w.Actor(who), storetest.Year2025, activityID)
	w.must(err)
	_, err = w.Office.SignYear(w.t.Context(), w.Actor(who), storetest.Year2025, activityID, []activity.Wish{{Kind: activity.WishPay, Amount: f.Part.Balance, Months: 1}}, f.Part.Balance, "")
	return err
}

// bookYear books what Maëlle signed, and what is set aside of a CAPE that ended with the year.
func (w *walk) bookYear() error {
	_, err := w.Office.BookYear(w.t.Context(), w.Actor("paul"), storetest.Year2025, "")
	return err
}
