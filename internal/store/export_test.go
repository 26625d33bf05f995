package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/pressly/goose/v3"

	"essaim/fault"
)

// What the tests of this package see beyond what others do.

// Exec runs a statement that changes rows.
func (tx *Tx) Exec(text string, args ...any) (int64, error) { return tx.exec(text, args...) }

// One reads one row.
func (tx *Tx) One(text string, args []any, into ...any) (bool, error) {
	return tx.one(text, args, into...)
}

// Batch identifies the transaction that an operation shares with its neighbours.
func (tx *Tx) Batch() any { return tx.shared }

// Event and Mail are two rows that are staged by hand: one with a parent, one without.
var (
	StageEvent = insertEvent
	StageMail  = insertMail
	StageThird = insertThird
)

// Stage stages a row.
func (tx *Tx) Stage(i *insert, args ...any) error { return tx.stage(i, args...) }

// App and Owner are the pools of the program's role and of the owner.
func (db *DB) App() *sql.DB   { return db.app }
func (db *DB) Owner() *sql.DB { return db.owner }

// Steady is what SQLite prepares of a text.
var Steady = steady

// Waiting returns how many operations stand in the line of a cooperative.
func (db *DB) Waiting(coop int64) int {
	key := int64(0)
	if db.d.lanePer {
		key = coop
	}
	db.mu.RLock()
	defer db.mu.RUnlock()
	if l := db.lanes[key]; l != nil {
		return len(l.ops)
	}
	return 0
}

// Classify turns an engine's error into one of ours.
func (db *DB) Classify(err error) error { return db.d.classify(err) }

// Versions returns the versions of the migrations in order.
func Versions() ([]int64, error) {
	entries, err := migrationFiles.ReadDir("migration")
	var all []int64
	for _, e := range entries {
		v, err := goose.NumericComponent(e.Name())
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	slices.Sort(all)
	return all, err
}

// OpenAt opens a store and brings its schema up to a version only, to fill it as an older program would have.
func OpenAt(ctx context.Context, o Options, version int64) (*DB, error) {
	db, err := unopened(o)
	if err != nil {
		return nil, err
	}
	if db.d.name == "postgres" {
		if _, err := db.owner.ExecContext(ctx, rolesPostgres); err != nil {
			return nil, err
		}
	}
	p, err := goose.NewProvider(db.d.goose, db.owner, migrations{db.d}, goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return nil, err
	}
	_, err = p.UpTo(ctx, version)
	return db, err
}

func unopened(o Options) (*DB, error) {
	d := &sqliteDialect
	if !strings.HasPrefix(o.URL, "sqlite:") {
		d = &postgresDialect
	}
	db := &DB{d: d, lanes: map[int64]*lane{}}
	var err error
	db.app, db.wide, db.owner, err = d.open(o)
	return db, err
}

// Tables returns the tables of the schema and their columns, as the engine knows them.
func (db *DB) Tables(ctx context.Context) (map[string][]Column, error) {
	text := `SELECT m.name, c.name, lower(c.type) FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE 'goose_%' ORDER BY m.name, c.cid`
	if db.d.name == "postgres" {
		text = `SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = current_schema() AND table_name NOT LIKE 'goose_%' ORDER BY table_name, ordinal_position`
	}
	rows, err := db.owner.QueryContext(ctx, text)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	all := map[string][]Column{}
	for rows.Next() {
		var table string
		var c Column
		if err := rows.Scan(&table, &c.Name, &c.Type); err != nil {
			return nil, err
		}
		all[table] = append(all[table], c)
	}
	return all, rows.Err()
}

// Column is a column of a table; Type is the engine's word.
type Column struct{ Name, Type string }

// Dump returns every row of every table as text, in order: two stores with the same dump hold the same.
func (db *DB) Dump(ctx context.Context) (map[string][]string, error) {
	tables, err := db.Tables(ctx)
	if err != nil {
		return nil, err
	}
	all := map[string][]string{}
	for table, columns := range tables {
		rows, err := db.owner.QueryContext(ctx, "SELECT * FROM "+table)
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			values := make([]any, len(columns))
			into := make([]any, len(columns))
			for i := range values {
				into[i] = &values[i]
			}
			if err := rows.Scan(into...); err != nil {
				return nil, err
			}
			var b strings.Builder
			for i, v := range values {
				if raw, ok := v.([]byte); ok {
					v = fmt.Sprintf("%x", raw)
				}
				fmt.Fprintf(&b, "%s=%v ", columns[i].Name, v)
			}
			all[table] = append(all[table], b.String())
		}
		if err := rows.Err(); err != nil {
			return nil, err
		}
		slices.Sort(all[table])
	}
	return all, nil
}

// IsFault says whether an error tells people the message of a key.
func IsFault(err error, key string) bool {
	for _, e := range fault.All(err) {
		if e.Key == key {
			return true
		}
	}
	return false
}

// Break drops a connection that has statements, as when reading shows that the file is damaged.
func (db *DB) Break(ctx context.Context) error {
	c, err := db.reader(ctx)
	if err != nil {
		return err
	}
	if _, err := c.prepare(ctx, `SELECT 1`); err != nil {
		return err
	}
	db.give(c, true)
	return nil
}

// Redo undoes one migration and does it again, as a cooperative older than it would meet it.
func (db *DB) Redo(ctx context.Context, version int64) error {
	p, err := goose.NewProvider(db.d.goose, db.owner, migrations{db.d}, goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return err
	}
	for _, up := range []bool{false, true} {
		if _, err := p.ApplyVersion(ctx, version, up); err != nil {
			return err
		}
	}
	if db.d.name == "postgres" {
		_, err = db.owner.ExecContext(ctx, guardPostgres)
	}
	return err
}

// Prepared returns the texts that the connections for reading have been asked, which all must rest.
func (db *DB) Prepared() (all []string) {
	for range len(db.readers) {
		c := <-db.readers
		for text := range c.stmts {
			all = append(all, text)
		}
		db.readers <- c
	}
	return all
}
