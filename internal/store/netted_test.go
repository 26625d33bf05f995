package store_test

import (
	"reflect"
	"strconv"
	"testing"

	"essaim/date"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/ledger"
)

// What moves money around, or was undone within its month, is the same whether each posting notes it or the migration finds it in books that are
// there already: pairs are taken two by two along a chain of reversals, and no pair crosses a month.
func TestNetted(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		db := storetest.Open(t, store.Options{URL: url})
		coop := storetest.Coop(t, db)
		chain := func(days ...string) []int64 {
			var ids []int64
			storetest.Write(t, db, coop, func(tx *store.Tx) error {
				ids = nil
				e := &ledger.Entry{Journal: ledger.JournalMisc, Date: date.MustParse(days[0]), Ref: "P", Label: "Papier", By: storetest.Person, Lines: []ledger.Line{
					{Account: "606", Section: storetest.First, Amount: 80_00}, {Account: "512", Section: ledger.House, Amount: -80_00}}}
				for i := range days {
					if i > 0 {
						r := e.Reversal(date.MustParse(days[i]), "P", "Annulation")
						r.By = storetest.Person
						e = &r
					}
					if err := tx.Post(e); err != nil {
						return err
					}
					ids = append(ids, e.ID)
				}
				return nil
			})
			return ids
		}
		a := chain("2026-10-02", "2026-10-03")                                           // one pair
		b := chain("2026-09-02", "2026-10-03", "2026-10-04", "2026-10-05", "2026-10-06") // the second and the third, the fourth and the fifth
		c := chain("2026-10-02", "2026-10-03", "2026-10-04")                             // the third stays
		chain("2025-10-02", "2026-10-02")                                                // another month
		shift := &ledger.Entry{Journal: ledger.JournalMisc, Date: date.MustParse("2026-10-09"), Ref: "V", Label: "Versement d’espèces", By: storetest.Person, Lines: []ledger.Line{
			{Account: "512", Section: storetest.First, Amount: 50_00}, {Account: "514", Section: storetest.First, Amount: -50_00}}}
		storetest.Write(t, db, coop, func(tx *store.Tx) error { e := *shift; err := tx.Post(&e); shift.ID = e.ID; return err })
		want := [][]string{}
		for _, id := range []int64{a[0], a[1], b[1], b[2], b[3], b[4], c[0], c[1]} {
			want = append(want, query(t, db.Owner(), "SELECT DISTINCT section_id, entry_id, year_id FROM entry_line JOIN entry ON entry.coop_id = entry_line.coop_id AND id = entry_id WHERE entry_id = "+strconv.FormatInt(id, 10)+" ORDER BY section_id")...)
		}
		shifted := [][]string{{strconv.FormatInt(storetest.First, 10), strconv.FormatInt(shift.ID, 10)}}
		const moved = "SELECT section_id, entry_id FROM netted WHERE undone = 0 ORDER BY entry_id, section_id"
		if got := query(t, db.Owner(), moved); !reflect.DeepEqual(got, shifted) {
			t.Fatalf("moved: %v and not %v", got, shifted)
		}
		const kept = "SELECT section_id, entry_id, year_id FROM netted WHERE undone = 1 ORDER BY entry_id, section_id"
		if got := query(t, db.Owner(), kept); !reflect.DeepEqual(got, want) {
			t.Fatalf("noted: %v and not %v", got, want)
		}
		if err := db.Redo(ctx, 4); err != nil {
			t.Fatal(err)
		}
		again := storetest.Open(t, store.Options{URL: url})
		if got := query(t, again.Owner(), kept); !reflect.DeepEqual(got, want) {
			t.Fatalf("found: %v and not %v", got, want)
		}
		if got := query(t, again.Owner(), moved); !reflect.DeepEqual(got, shifted) {
			t.Fatalf("moved, found: %v and not %v", got, shifted)
		}
		if found, err := again.Verify(ctx); err != nil || len(found) > 0 {
			t.Fatal(found, err)
		}
	})
}
