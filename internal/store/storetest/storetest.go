// Package storetest opens real databases for tests: every test of the store and of what stands on it runs on SQLite and on
// PostgreSQL. Nothing is simulated and nothing is skipped: without a PostgreSQL a test fails and says how to get one.
package storetest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the superuser's connection

	"essaim/activity"
	"essaim/coop"
	"essaim/date"
	"essaim/internal/store"
	"essaim/member"
)

// Now is the instant at which tests take place: a Sunday morning in Paris.
var Now = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

// Today is the civil day of [Now] in the cooperative of [Coop].
var Today = date.MustParse("2026-11-22")

// What [Coop] creates, in ids.
const (
	Person   = 1  // Ada Morel, entrepreneur of First
	Reader   = 2  // Jean Roux, gestionnaire
	First    = 10 // activity « Atelier Morel », code 001
	Second   = 11 // activity « Studio Nord », code 002
	Year2025 = 1
	Year2026 = 2
)

// environment names the address of a PostgreSQL superuser.
const environment = "ESSAIM_TEST_POSTGRES"

// Each runs a test on a fresh database of each engine.
func Each(t *testing.T, run func(t *testing.T, db *store.DB)) {
	EachURL(t, func(t *testing.T, address string) { run(t, Open(t, store.Options{URL: address})) })
}

// EachURL runs a test with the address of a fresh database of each engine, not yet opened.
func EachURL(t *testing.T, run func(t *testing.T, address string)) {
	t.Run("sqlite", func(t *testing.T) { run(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { run(t, Postgres(t)) })
}

// SQLite returns the address of a fresh file with the schema in it, made once and copied.
func SQLite(t testing.TB) string {
	t.Helper()
	b, err := schemaFile()
	if err != nil {
		t.Fatal(err)
	}
	address := BareSQLite(t)
	if err := os.WriteFile(strings.TrimPrefix(address, "sqlite:"), b, 0o600); err != nil {
		t.Fatal(err)
	}
	return address
}

// BareSQLite returns the address of a file that is not there yet.
func BareSQLite(t testing.TB) string {
	return "sqlite:" + filepath.Join(t.TempDir(), "essaim.db")
}

// schemaFile is a file that holds the schema and nothing else: its migrations take ten times as long as a copy.
var schemaFile = sync.OnceValues(func() (_ []byte, err error) {
	dir, err := os.MkdirTemp("", "essaim")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "essaim.db")
	if err := made(store.Options{URL: "sqlite:" + path, Filling: true}); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// made opens a store and closes it again: the schema is there.
func made(o store.Options) error {
	db, err := store.Open(context.Background(), o)
	if err != nil {
		return err
	}
	return db.Close()
}

// Postgres returns the address of a fresh database with the schema in it, dropped at the end of the test.
func Postgres(t testing.TB) string { return postgres(t, true) }

// BarePostgres returns the address of a fresh and empty database, dropped at the end of the test.
func BarePostgres(t testing.TB) string { return postgres(t, false) }

func postgres(t testing.TB, schema bool) string {
	t.Helper()
	super := os.Getenv(environment)
	if super == "" {
		t.Fatalf("%s is empty: this test needs a PostgreSQL. Run scripts/test, or scripts/with-postgres go test ./…", environment)
	}
	admin, err := sql.Open("pgx", super)
	if err != nil {
		t.Fatal(err)
	}
	fail := func(err error) {
		t.Helper()
		_ = admin.Close() // nothing was made
		t.Fatalf("%s: %v", environment, err)
	}
	name := "essaim_" + strings.ToLower(rand.Text())
	from := ""
	if schema {
		template, err := schemaDatabase()
		if err != nil {
			fail(err)
		}
		from = " TEMPLATE " + template
	}
	if _, err := admin.Exec("CREATE DATABASE " + name + from); err != nil {
		fail(err)
	}
	t.Cleanup(func() {
		if _, err := admin.Exec("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
			t.Error(err)
		}
		if err := admin.Close(); err != nil {
			t.Error(err)
		}
	})
	address, err := within(super, name)
	if err != nil {
		t.Fatal(err)
	}
	return address
}

func within(super, database string) (string, error) {
	u, err := url.Parse(super)
	if err != nil {
		return "", err
	}
	u.Path = "/" + database
	return u.String(), nil
}

// schemaDatabase names the database that holds the schema and nothing else, for all test programs that the server has: the
// first makes it, and nobody ever opens it again, because a database that is open cannot be copied.
var schemaDatabase = sync.OnceValues(func() (_ string, err error) {
	sum, err := store.SchemaSum("postgres")
	if err != nil {
		return "", err
	}
	name := "essaim_schema_" + sum
	super := os.Getenv(environment)
	admin, err := sql.Open("pgx", super)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, admin.Close()) }()
	ctx := context.Background()
	c, err := admin.Conn(ctx)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	if _, err := c.ExecContext(ctx, `SELECT pg_advisory_lock(hashtext($1))`, name); err != nil { // until the connection ends
		return "", err
	}
	var there bool
	if err := c.QueryRowContext(ctx, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`, name).Scan(&there); err != nil || there {
		return name, err
	}
	draft := "essaim_" + strings.ToLower(rand.Text())
	address, err := within(super, draft)
	if err != nil {
		return "", err
	}
	if _, err := c.ExecContext(ctx, "CREATE DATABASE "+draft); err != nil {
		return "", err
	}
	if err := made(store.Options{URL: address, Pool: 1}); err != nil {
		return "", err
	}
	_, err = c.ExecContext(ctx, "ALTER DATABASE "+draft+" RENAME TO "+name)
	return name, err
})

// Open opens a store until the end of the test. Its clock stands at [Now] unless the options bring another.
func Open(t testing.TB, o store.Options) *store.DB {
	t.Helper()
	if o.Now == nil {
		o.Now = func() time.Time { return Now }
	}
	if o.Pool == 0 {
		o.Pool = 4 // tests run side by side on one server
	}
	db, err := store.Open(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// T is what the functions below need of a test; a run of a property has it too.
type T interface {
	Helper()
	Fatal(args ...any)
}

// Write runs an operation that must succeed.
func Write(t T, db *store.DB, coopID int64, fn func(*store.Tx) error) {
	t.Helper()
	if err := db.Write(context.Background(), coopID, fn); err != nil {
		t.Fatal(err)
	}
}

// Read runs a reading that must succeed.
func Read(t T, db *store.DB, coopID int64, fn func(*store.Tx) error) {
	t.Helper()
	if err := db.Read(context.Background(), coopID, fn); err != nil {
		t.Fatal(err)
	}
}

// Coop opens a small cooperative and returns its id: the fiscal years 2025 and 2026, two people, two activities (their ids
// are the constants above). Each call opens another one.
func Coop(t T, db *store.DB) int64 {
	t.Helper()
	id, err := db.FreeCoop(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	slug := "trame"
	if id > 1 {
		slug += "-" + strings.ToLower(rand.Text()[:6])
	}
	Write(t, db, id, func(tx *store.Tx) error {
		c := coop.Cooperative{
			ID: id, Slug: slug, Name: "Trame et Sillon", LegalForm: "SCOP SARL à capital variable", SIREN: "404833048", NIC: "00022", RCS: "Lyon",
			VATNumber: "FR83404833048", Capital: "capital variable", Email: "bonjour@trame.example", TimeZone: "Europe/Paris", YearStart: 1,
			Address: coop.Address{Line1: "1 place de la Croix-Rousse", Zip: "69004", City: "Lyon", Country: "FR"},
		}
		if err := tx.CreateCooperative(&c, Year("2025"), Year("2026")); err != nil {
			return err
		}
		people := []member.Person{
			{FirstName: "Ada", LastName: "Morel", Email: "ada@trame.example", Lang: "fr", Grants: []member.Grant{{Role: member.Entrepreneur, From: date.MustParse("2025-01-06")}}},
			{FirstName: "Jean", LastName: "Roux", Email: "jean@trame.example", Lang: "fr", Grants: []member.Grant{{Role: member.Gestionnaire, From: date.MustParse("2025-01-06")}}},
		}
		for i := range people {
			if err := tx.SavePerson(&people[i]); err != nil {
				return err
			}
		}
		opened := date.MustParse("2025-01-06")
		for _, a := range []activity.Activity{
			{Code: "001", Name: "Atelier Morel", Trade: "Ébéniste", Opened: opened, Advisor: Reader, Natures: []string{"made", "service"}, Tax: "S20", Shares: []activity.Share{{Person: Person, From: opened, Parts: 1}}},
			{Code: "002", Name: "Studio Nord", Trade: "Graphiste", Opened: opened, Natures: []string{"service"}, Tax: "S20"},
		} {
			if err := tx.SaveActivity(&a); err != nil {
				return err
			}
		}
		return nil
	})
	return id
}

// Year returns the fiscal year of a civil year.
func Year(year string) date.FiscalYear {
	return date.FiscalYear{Start: date.MustParse(year + "-01-01"), End: date.MustParse(year + "-12-31")}
}
