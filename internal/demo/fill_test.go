package demo_test

import (
	"bytes"
	"testing"
	"time"

	"essaim/date"
	"essaim/internal/demo"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

var today = date.MustParse("2026-11-22")

// filled is a small cooperative filled in a store.
type filled struct {
	*office.Office
	db     *store.DB
	clock  *demo.Clock
	result demo.Result
}

func fill(t testing.TB, address string, opt demo.Options) filled {
	t.Helper()
	clock := demo.NewClock()
	db := storetest.Open(t, store.Options{URL: address, Now: clock.Now})
	files, err := store.OpenFiles(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = files.Close() })
	opt.Clock = clock
	if opt.Today == 0 {
		opt.Today = today
	}
	o := office.New(db, files, office.Options{PublicURL: "http://localhost", Mail: demo.Outbox{}})
	began := time.Now()
	r, err := demo.Fill(t.Context(), o, opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s: %+v in %v", db.Engine(), r.Counts, time.Since(began))
	return filled{o, db, clock, r}
}

func TestX(t *testing.T) {
	f := fill(t, storetest.SQLite(t), demo.Options{Seed: 1})
	var b bytes.Buffer
	_ = b
	_ = f
}
