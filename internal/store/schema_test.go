package store_test

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"

	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

// strangers are the indexes of a cooperative's table that do not begin with the cooperative, each with its reason.
var strangers = map[string]string{
	"person_login": "finds the cooperatives of a login, through the wide door",
}

func query(t *testing.T, db *sql.DB, text string, args ...any) [][]string {
	t.Helper()
	rows, err := db.QueryContext(ctx, text, args...)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var all [][]string
	for rows.Next() {
		row := make([]sql.NullString, len(columns))
		into := make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		line := make([]string, len(columns))
		for i := range row {
			line[i] = row[i].String
		}
		all = append(all, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// The cooperative comes first in every primary key, unique index, foreign key and index of its tables; no column of a
// cooperative's table may be absent; amounts are 64-bit integers. It is the shape that Citus distributes.
func TestShapeOfTheSchema(t *testing.T) {
	db := storetest.Open(t, store.Options{URL: storetest.SQLite(t)})
	tables, err := db.Tables(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if len(tables) < 30 {
		t.Fatalf("%d tables", len(tables))
	}
	owner := db.Owner()
	seen := map[string]bool{}
	for table, columns := range tables {
		options := query(t, owner, `SELECT strict FROM pragma_table_list WHERE name = $1`, table)
		if options[0][0] != "1" {
			t.Errorf("%s is not STRICT", table)
		}
		if slices.Contains(globals, table) {
			if columns[0].Name == "coop_id" {
				t.Errorf("%s is not global", table)
			}
			continue
		}
		if columns[0].Name != "coop_id" || columns[0].Type != "integer" {
			t.Errorf("%s: its first column is %v: a table of a cooperative begins with coop_id, a global one is listed", table, columns[0])
			continue
		}
		for _, c := range query(t, owner, `SELECT name, "notnull", dflt_value FROM pragma_table_info($1)`, table) {
			if c[1] != "1" {
				t.Errorf("%s.%s may be absent", table, c[0])
			}
		}
		key := query(t, owner, `SELECT name FROM pragma_table_info($1) WHERE pk > 0 ORDER BY pk`, table)
		if len(key) < 2 || key[0][0] != "coop_id" {
			t.Errorf("%s: primary key %v", table, key)
		}
		for _, index := range query(t, owner, `SELECT name FROM pragma_index_list($1)`, table) {
			parts := query(t, owner, `SELECT name FROM pragma_index_info($1) ORDER BY seqno`, index[0])
			if _, ok := strangers[index[0]]; ok {
				seen[index[0]] = true
			} else if parts[0][0] != "coop_id" {
				t.Errorf("%s: index %s begins with %s", table, index[0], parts[0][0])
			}
		}
		foreign := map[string][]string{}
		for _, f := range query(t, owner, `SELECT id, "table", "from", "to" FROM pragma_foreign_key_list($1) ORDER BY id, seq`, table) {
			foreign[f[0]+" "+f[1]] = append(foreign[f[0]+" "+f[1]], f[2]+">"+f[3])
		}
		for name, pairs := range foreign {
			if pairs[0] != "coop_id>coop_id" {
				t.Errorf("%s: foreign key %s: %v", table, name, pairs)
			}
		}
	}
	for name := range strangers {
		if !seen[name] {
			t.Errorf("no index %s: take it off the list", name)
		}
	}
}

// Both engines have the same tables, columns and indexes; only the words of their types differ.
func TestBothEnginesHaveOneSchema(t *testing.T) {
	lite := storetest.Open(t, store.Options{URL: storetest.SQLite(t)})
	post := storetest.Open(t, store.Options{URL: storetest.Postgres(t)})
	words := map[string]string{"integer": "bigint", "text": "text", "blob": "bytea"}
	a, err := lite.Tables(ctx)
	if err != nil {
		t.Fatal(err)
	}
	b, err := post.Tables(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for table, columns := range a {
		for i := range columns {
			columns[i].Type = words[columns[i].Type]
		}
		if !slices.Equal(columns, b[table]) {
			t.Errorf("%s: %v and %v", table, columns, b[table])
		}
	}
	if len(a) != len(b) {
		t.Errorf("%d and %d tables", len(a), len(b))
	}
	for _, c := range query(t, post.Owner(), `SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema() AND data_type = 'text'
		AND collation_name IS DISTINCT FROM 'C' AND table_name NOT LIKE 'goose%'`) {
		t.Errorf("%s.%s is not compared by bytes", c[0], c[1])
	}
	names := func(rows [][]string) string {
		var all []string
		for _, r := range rows {
			all = append(all, r[0])
		}
		slices.Sort(all)
		return strings.Join(all, " ")
	}
	x := names(query(t, lite.Owner(), `SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL`))
	y := names(query(t, post.Owner(), `SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace = current_schema()::regnamespace
		AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid) AND c.relname NOT LIKE 'goose%'`))
	if x != y {
		t.Errorf("indexes\n%s\nand\n%s", x, y)
	}
}

// A migration runs on a database that is full of rows and loses none: each version is filled before the next.
func TestMigrationsOnFilledDatabases(t *testing.T) {
	versions, err := store.Versions()
	if err != nil || len(versions) == 0 {
		t.Fatal(versions, err)
	}
	for engine, bare := range map[string]func(testing.TB) string{"sqlite": storetest.BareSQLite, "postgres": storetest.BarePostgres} {
		t.Run(engine, func(t *testing.T) {
			url := bare(t)
			counts := map[string]int{}
			for i, v := range versions {
				db, err := store.OpenAt(ctx, store.Options{URL: url}, v)
				if err != nil {
					t.Fatalf("version %d: %v", v, err)
				}
				for table, n := range counts {
					if got := query(t, db.Owner(), "SELECT COUNT(*) FROM "+table)[0][0]; got != fmt.Sprint(n) {
						t.Errorf("version %d: %s has %s rows and not %d", v, table, got, n)
					}
				}
				fill(t, db, int64(10*i+1), counts)
				if err := db.Close(); err != nil {
					t.Fatal(err)
				}
			}
			// The program opens it, twice: the second time there is nothing to do.
			for range 2 {
				db, err := store.Open(ctx, store.Options{URL: url})
				if err != nil {
					t.Fatal(err)
				}
				for table, n := range counts {
					if got := query(t, db.Owner(), "SELECT COUNT(*) FROM "+table)[0][0]; got != fmt.Sprint(n) {
						t.Errorf("%s has %s rows and not %d", table, got, n)
					}
				}
				if err := db.Close(); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// fill puts two rows into every table, every number being that of the row, so that foreign keys hold.
func fill(t *testing.T, db *store.DB, from int64, counts map[string]int) {
	t.Helper()
	tables, err := db.Tables(ctx)
	if err != nil {
		t.Fatal(err)
	}
	left := make([]string, 0, len(tables))
	for table := range tables {
		left = append(left, table)
	}
	for len(left) > 0 {
		var again []string
		var last error
		for _, table := range left {
			if err := fillTable(db, table, tables[table], from); err != nil {
				last = err // a parent may be missing yet
				again = append(again, table)
				continue
			}
			counts[table] += 2
		}
		if len(again) == len(left) {
			t.Fatalf("%v cannot be filled: %v", again, last)
		}
		left = again
	}
}

func fillTable(db *store.DB, table string, columns []store.Column, from int64) error {
	for n := from; n < from+2; n++ {
		var names, values []string
		for _, c := range columns {
			value := fmt.Sprint(n)
			switch c.Type {
			case "text":
				value = fmt.Sprintf("'t%d'", n)
			case "blob":
				value = fmt.Sprintf("x'%04x'", n)
			case "bytea":
				value = fmt.Sprintf(`'\x%04x'`, n)
			}
			names, values = append(names, c.Name), append(values, value)
		}
		if _, err := db.Owner().ExecContext(ctx, "INSERT INTO "+table+" ("+strings.Join(names, ", ")+") VALUES ("+strings.Join(values, ", ")+")"); err != nil {
			return fmt.Errorf("%s: %w", table, err)
		}
	}
	return nil
}
