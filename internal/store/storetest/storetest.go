// Package storetest opens real databases for tests: every test of the store and of what stands on it runs on SQLite and on
// PostgreSQL. Nothing is simulated and nothing is skipped: without a PostgreSQL a test fails and says how to get one.
package storetest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"net/url"
	"os"
	"path/filepath"
	"strings"
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

// SQLite returns the address of a fresh file.
func SQLite(t testing.TB) string {
	return "sqlite:" + filepath.Join(t.TempDir(), "essaim.db")
}

// Postgres returns the address of a fresh database, dropped at the end of the test.
func Postgres(t testing.TB) string {
	t.Helper()
	super := os.Getenv(environment)
	if super == "" {
		t.Fatalf("%s is empty: this test needs a PostgreSQL. Run scripts/test, or scripts/with-postgres go test ./…", environment)
	}
	admin, err := sql.Open("pgx", super)
	if err != nil {
		t.Fatal(err)
	}
	name := "essaim_" + strings.ToLower(rand.Text())
	if _, err := admin.Exec("CREATE DATABASE " + name); err != nil {
		_ = admin.Close() // nothing was made
		t.Fatalf("%s: %v", environment, err)
	}
	t.Cleanup(func() {
		if _, err := admin.Exec("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
			t.Error(err)
		}
		if err := admin.Close(); err != nil {
			t.Error(err)
		}
	})
	u, err := url.Parse(super)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}

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
