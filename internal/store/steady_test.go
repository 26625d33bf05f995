package store_test

import (
	"strings"
	"testing"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"

	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

// SQLite plans each question once, whatever is bound to it: a plan made anew costs more than most answers. The library's
// own count of plans is read, which database/sql does not reach.
func TestNoTextIsPlannedTwice(t *testing.T) {
	url := storetest.SQLite(t)
	storetest.Coop(t, storetest.Open(t, store.Options{URL: url}))
	tls := libc.NewTLS()
	defer tls.Close()
	text := func(s string) uintptr {
		p, err := libc.CString(s)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	out := libc.Xmalloc(tls, 8)
	defer libc.Xfree(tls, out)
	read := func() uintptr { return libc.AtomicLoadPUintptr(out) }
	if rc := sqlite3.Xsqlite3_open_v2(tls, text(strings.TrimPrefix(url, "sqlite:")), out, sqlite3.SQLITE_OPEN_READWRITE, 0); rc != sqlite3.SQLITE_OK {
		t.Fatal(rc)
	}
	db := read()
	defer sqlite3.Xsqlite3_close_v2(tls, db)
	plans := func(sql string) int32 {
		if rc := sqlite3.Xsqlite3_prepare_v2(tls, db, text(sql), -1, out, 0); rc != sqlite3.SQLITE_OK {
			t.Fatalf("%d in %s", rc, sql)
		}
		stmt := read()
		defer sqlite3.Xsqlite3_finalize(tls, stmt)
		for value := range int64(3) {
			for k := range sqlite3.Xsqlite3_bind_parameter_count(tls, stmt) {
				sqlite3.Xsqlite3_bind_int64(tls, stmt, k+1, value+1)
			}
			sqlite3.Xsqlite3_step(tls, stmt)
			sqlite3.Xsqlite3_reset(tls, stmt)
		}
		return sqlite3.Xsqlite3_stmt_status(tls, stmt, sqlite3.SQLITE_STMTSTATUS_REPREPARE, 0)
	}
	asked := 0
	for _, s := range source(t) {
		if s.partial || !strings.HasPrefix(strings.TrimSpace(s.text), "SELECT") {
			continue
		}
		asked++
		if n := plans(store.Steady(numbered(s.text))); n != 0 {
			t.Errorf("%s: planned %d times more: %s", s.at, n, s.text)
		}
	}
	if asked < 50 {
		t.Errorf("only %d texts asked", asked)
	}
	if plans("SELECT account FROM balance WHERE coop_id = $1 ORDER BY account") == 0 {
		t.Log("this version of SQLite no longer looks at what is bound: the rewriting can go")
	}
}
