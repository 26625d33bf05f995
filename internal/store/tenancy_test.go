package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

// On PostgreSQL the tenant is held by the engine, not only by our queries: the program's role owns nothing, sees no row
// without naming a cooperative and cannot write for another one.
func TestTenantsOnPostgres(t *testing.T) {
	db := storetest.Open(t, store.Options{URL: storetest.Postgres(t)})
	a, b := storetest.Coop(t, db), storetest.Coop(t, db)
	for _, coop := range []int64{a, b} {
		_, third := customer(t, db, coop, storetest.First, "Durand")
		storetest.Write(t, db, coop, func(tx *store.Tx) error {
			return tx.Post(invoice(storetest.First, third, "2026-11-20", "x"))
		})
	}
	app, err := db.App().Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = app.Close() }()
	count := func(text string, args ...any) int {
		t.Helper()
		var n int
		if err := app.QueryRowContext(ctx, text, args...).Scan(&n); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		return n
	}
	run := func(text string) error { _, err := app.ExecContext(ctx, text); return err }

	var super, bypass bool
	if err := app.QueryRowContext(ctx, `SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user`).Scan(&super, &bypass); err != nil || super || bypass {
		t.Errorf("superuser %v, bypasses security %v, %v", super, bypass, err)
	}
	if n := count(`SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname IN ('essaim_app', 'essaim_all')`); n != 0 {
		t.Errorf("the program's roles own %d objects", n)
	}
	tables, err := db.Tables(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for table, columns := range tables {
		if columns[0].Name != "coop_id" {
			continue
		}
		var on, forced bool
		if err := app.QueryRowContext(ctx, `SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = $1::regclass`, table).Scan(&on, &forced); err != nil || !on || !forced {
			t.Errorf("%s: row security %v, forced %v, %v", table, on, forced, err)
		}
		if n := count(`SELECT count(*) FROM ` + table); n != 0 {
			t.Errorf("%s: %d rows without naming a cooperative", table, n)
		}
	}
	// Within one cooperative, the other's rows are not there: not to read, change, remove, nor add.
	if err := run("BEGIN; SET LOCAL essaim.coop = '" + fmt.Sprint(a) + "'"); err != nil {
		t.Fatal(err)
	}
	if n := count(`SELECT count(*) FROM entry`); n != 1 {
		t.Errorf("%d entries in the cooperative", n)
	}
	for _, text := range []string{`UPDATE customer SET name = 'x' WHERE coop_id = %d`, `DELETE FROM allocation WHERE coop_id = %d`, `DELETE FROM customer WHERE coop_id = %d`} {
		r, err := app.ExecContext(ctx, fmt.Sprintf(text, b))
		if err != nil {
			t.Fatal(err)
		}
		if n, err := r.RowsAffected(); n != 0 || err != nil {
			t.Errorf("%s: %d rows of another cooperative, %v", text, n, err)
		}
	}
	refused(t, run(fmt.Sprintf(`SAVEPOINT s; INSERT INTO section (coop_id, id, code, name) VALUES (%d, 77, 'x', '')`, b)), "42501")
	if err := run("ROLLBACK TO s"); err != nil {
		t.Fatal(err)
	}
	refused(t, run(fmt.Sprintf(`UPDATE customer SET coop_id = %d`, b)), "42501")
	if err := run("ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	// The setting went with the transaction, and the role can change neither tables nor policies.
	if n := count(`SELECT count(*) FROM entry`); n != 0 {
		t.Errorf("the setting outlived its transaction: %d rows", n)
	}
	for _, text := range []string{`ALTER TABLE entry DISABLE ROW LEVEL SECURITY`, `DROP POLICY own ON entry`, `CREATE POLICY mine ON entry USING (true)`, `TRUNCATE entry`, `DROP TABLE entry`, `CREATE TABLE mine (x int)`} {
		if err := run(text); err == nil {
			t.Errorf("the program's role may %s", text)
		}
	}
	// A Wide reading sees both, and writes nothing.
	if err := db.Wide(ctx, func(tx *store.Tx) error {
		var n int
		if _, err := tx.One(`SELECT COUNT(DISTINCT coop_id) FROM entry`, nil, &n); err != nil || n != 2 {
			t.Errorf("%d cooperatives, %v", n, err)
		}
		if _, err := tx.Exec(`DELETE FROM allocation`); err == nil {
			t.Error("a wide reading writes")
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}

func refused(t *testing.T, err error, code string) {
	t.Helper()
	e, ok := errors.AsType[*pgconn.PgError](err)
	if !ok || e.Code != code {
		t.Errorf("%v and not refused with %s", err, code)
	}
}

// What one cooperative does is not seen by another, on both engines, with the same ids in both.
func TestCooperativesDoNotMeet(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		a, b := storetest.Coop(t, db), storetest.Coop(t, db)
		before := others(t, db, b)
		id, third := customer(t, db, a, storetest.First, "Durand")
		storetest.Write(t, db, a, func(tx *store.Tx) error {
			if err := tx.Post(invoice(storetest.First, third, "2026-11-20", "x")); err != nil {
				return err
			}
			if _, err := tx.AddJob("x", nil, 0); err != nil {
				return err
			}
			return tx.SetReserve(storetest.First, 5_00, storetest.Today)
		})
		if after := others(t, db, b); after != before {
			t.Errorf("the other cooperative changed:\n%s\nwas\n%s", after, before)
		}
		storetest.Read(t, db, b, func(tx *store.Tx) error {
			if _, err := tx.Customer(id); !store.IsFault(err, "store.customer_unknown") {
				t.Error(err)
			}
			if hits, err := tx.Search("durand", nil, 10); err != nil || len(hits) != 0 {
				t.Errorf("%v, %v", hits, err)
			}
			return nil
		})
		// A line of one cooperative cannot name a third party or a section of the other.
		if err := db.Write(ctx, b, func(tx *store.Tx) error { return tx.Post(invoice(storetest.First, third, "2026-11-20", "x")) }); err == nil {
			t.Error("a third party of another cooperative is accepted")
		}
	})
}

// others returns the rows of one cooperative as text.
func others(t *testing.T, db *store.DB, coop int64) string {
	var b strings.Builder
	for table, rows := range dump(t, db) {
		for _, r := range rows {
			if strings.HasPrefix(r, fmt.Sprintf("coop_id=%d ", coop)) {
				b.WriteString(table + " " + r + "\n")
			}
		}
	}
	lines := strings.Split(b.String(), "\n")
	return fmt.Sprint(len(lines), sum(lines))
}

func sum(lines []string) (n uint64) {
	for _, l := range lines {
		h := uint64(14695981039346656037)
		for _, c := range []byte(l) {
			h = (h ^ uint64(c)) * 1099511628211
		}
		n += h
	}
	return n
}
