package demo

import (
	"bytes"
	"testing"

	"essaim/date"
	"essaim/format/fec"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/sale"
)

// TestLarge fills the large cooperative at a smaller scale, the same way: history from entries, then a year of documents.
func TestLarge(t *testing.T) {
	clock := NewClock()
	db := storetest.Open(t, store.Options{URL: storetest.SQLite(t), Now: clock.Now, Filling: true})
	files, err := store.OpenFiles(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := files.Close(); err != nil {
			t.Error(err)
		}
	})
	o := office.New(db, files, office.Options{PublicURL: "http://localhost", Mail: Outbox{}})
	opt := Options{Clock: clock, Seed: 1, Today: date.MustParse("2026-06-17")}
	w, err := tell(t.Context(), o, opt)
	if err == nil {
		err = w.large(extent{activities: 70, years: 3, documents: 12, long: 300})
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", w.result.Counts)
	if per := w.result.Lines / (70 * 30); per < 30 || per > 60 {
		t.Errorf("%d lines for each activity and month", per)
	}
	if w.result.Activities != 70 || w.result.Documents < 60*5 {
		t.Errorf("%+v", w.result)
	}
	last := w.enterprises[len(w.enterprises)-1].id
	if _, sum, err := o.Sales(t.Context(), w.system, store.SaleFilter{Activity: last, Kind: sale.Invoice, Today: opt.Today}); err != nil || sum.Count < 300 || sum.Remaining <= 0 || sum.Remaining > sum.Gross/2 {
		t.Errorf("the long list: %+v %v", sum, err)
	}
	found, err := db.Verify(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		t.Errorf("verify: %s %v", f.Key, f.Args)
	}
	set, _, err := o.Settings(t.Context(), w.system)
	if err != nil {
		t.Fatal(err)
	}
	for _, y := range set.Years {
		var file, side bytes.Buffer
		if err := o.ExportFEC(t.Context(), w.system, y.ID, false, &file, &side); err != nil {
			t.Fatal(err)
		}
		sum, err := fec.Check(&file, fec.Options{Name: office.FECName(set, y)}, func(f fec.Finding) { t.Errorf("%+v", f) })
		if err != nil || !sum.Clean(true) {
			t.Errorf("%s: %v %+v", y.Span.Label(), err, sum)
		}
	}
	a := w.system
	a.Today = opt.Today - 1
	v, err := o.House(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	fine := 0
	for _, r := range v.House.Rows {
		if r.Cash > 0 {
			fine++
		}
	}
	if fine < 60 || !v.House.Proof.Right {
		t.Errorf("%d treasuries above nil, proofs %+v", fine, v.House.Proof)
	}
}
