package store_test

import (
	"bytes"
	"database/sql"
	"os"
	"strings"
	"testing"

	"essaim/fault"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

// TestNotOurs: what another program, or a later version of this one, has made is told and stays as it is.
func TestNotOurs(t *testing.T) {
	open := func(url string) error {
		db, err := store.Open(ctx, store.Options{URL: url})
		if err == nil {
			err = db.Close()
		}
		return err
	}
	for _, c := range []struct {
		key  string
		made string
	}{
		{"store.foreign", `CREATE TABLE recipe (name TEXT)`},
		{"store.foreign", `CREATE TABLE goose_db_version (id INTEGER); CREATE TABLE recipe (name TEXT)`},
	} {
		url := storetest.BareSQLite(t)
		file := strings.TrimPrefix(url, "sqlite:")
		alter(t, file, c.made)
		before := tables(t, file)
		if err := open(url); !refusedAs(err, c.key) || fault.KindOf(err) != fault.Conflict {
			t.Errorf("%s: %v", c.made, err)
		}
		if after := tables(t, file); after != before {
			t.Errorf("%d tables, before %d", after, before)
		}
	}

	for _, url := range []string{storetest.BareSQLite(t), storetest.BarePostgres(t)} {
		db, err := store.Open(ctx, store.Options{URL: url})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Owner().ExecContext(ctx, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, $1)`, true); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if err := open(url); !refusedAs(err, "store.newer") {
			t.Errorf("%s of a later version: %v", db.Engine(), err)
		}
	}
	if err := open("mysql://a:secret@host/x"); !refusedAs(err, "store.address") || strings.Contains(err.Error(), "secret") {
		t.Error(err)
	}
}

// TestDamaged: a file whose pages are overwritten is told as such; the program goes on.
func TestDamaged(t *testing.T) {
	url := storetest.BareSQLite(t)
	db := storetest.Open(t, store.Options{URL: url})
	coop := storetest.Coop(t, db)
	_, third := customer(t, db, coop, storetest.First, "Durand")
	for range 200 {
		if err := db.Write(ctx, coop, func(tx *store.Tx) error {
			return tx.Post(invoice(storetest.First, third, "2026-11-20", "damaged"))
		}); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	file := strings.TrimPrefix(url, "sqlite:")
	f, err := os.OpenFile(file, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	for at := info.Size() / 2 / 4096 * 4096; at < info.Size(); at += 4096 { // the first half holds the schema
		if _, err := f.WriteAt(bytes.Repeat([]byte{0xAA}, 4096), at); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := store.Open(ctx, store.Options{URL: url})
	if err == nil {
		defer func() { _ = again.Close() }()
		_, err = again.Verify(ctx)
	}
	if !refusedAs(err, "store.damaged") {
		t.Fatal(err)
	}
}

// TestBrokenConnection: letting one go, with what was prepared on it, harms nobody.
func TestBrokenConnection(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for range 20 { // more than there are
			if err := db.Break(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := db.Cooperatives(ctx); err != nil {
			t.Fatal(err)
		}
	})
}

func refusedAs(err error, key string) bool {
	all := fault.All(err)
	return len(all) > 0 && all[0].Key == key
}

func alter(t *testing.T, file, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(statement); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func tables(t *testing.T, file string) (n int) {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.QueryRow("SELECT count(*) FROM sqlite_schema").Scan(&n); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return n
}
