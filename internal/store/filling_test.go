package store_test

import (
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

// TestFilling: a file that was filled without a sync for each commit is whole once the store is closed, the log taken into
// it; opened again, it syncs as any other.
func TestFilling(t *testing.T) {
	url := storetest.SQLite(t)
	file := strings.TrimPrefix(url, "sqlite:")
	db, err := store.Open(ctx, store.Options{URL: url, Filling: true})
	if err != nil {
		t.Fatal(err)
	}
	c := storetest.Coop(t, db)
	before := stat(t, file+"-wal")
	for range 200 {
		if err := db.Write(ctx, c, func(tx *store.Tx) error { return tx.Audit(0, "year.open", strings.Repeat("x", 5000), nil) }); err != nil {
			t.Fatal(err)
		}
	}
	if after := stat(t, file+"-wal"); after.Size() < before.Size()+200*4096 {
		t.Errorf("the log was taken into the file while it was filled: %d bytes", after.Size())
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(file + "-wal"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a log is left beside the file: %v", err)
	}
	raw, err := sql.Open("sqlite", "file:"+file+"?mode=ro&immutable=1") // what a log beside it would hold is not seen
	if err != nil {
		t.Fatal(err)
	}
	var rows int
	if err := raw.QueryRow(`SELECT count(*) FROM audit WHERE action = 'year.open'`).Scan(&rows); err != nil || rows < 200 {
		t.Errorf("%d rows in the file: %v", rows, err)
	}
	if err := raw.Close(); err != nil {
		t.Fatal(err)
	}
}

func stat(t *testing.T, name string) os.FileInfo {
	t.Helper()
	i, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	return i
}
