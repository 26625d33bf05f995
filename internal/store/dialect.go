package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"database/sql/driver"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"essaim/fault"
)

// dialect is everything that differs between the engines. Anything else is one SQL text for both.
type dialect struct {
	name     string
	goose    goose.Dialect
	words    map[string]string // substituted in migrations
	readers  int
	lanePer  bool               // one lane for each cooperative, otherwise one for all
	mark     func(n int) string // placeholder number n of a generated statement
	begin    func(coop int64, write bool) string
	using    func(index string) string // after a table: the index that serves, where the engine must be told
	send     func(ctx context.Context, c *conn, list []pending, commit bool) error
	open     func(o Options) (app, wide, owner *sql.DB, err error)
	classify func(error) error
}

var sqliteDialect = dialect{
	name:  "sqlite",
	goose: goose.DialectSQLite3,
	words: map[string]string{"int": "INTEGER", "blob": "BLOB", "empty": "x''", "strict": "STRICT", "clustered": "STRICT, WITHOUT ROWID"},
	// WAL lets readers run beside the writer; four are enough for the cores such a machine has.
	readers: 4,
	// SQLite takes $1 for a name and looks each up in a list: quadratic in statements of a thousand values.
	mark: func(int) string { return "?" },
	begin: func(_ int64, write bool) string {
		if write {
			return "BEGIN IMMEDIATE"
		}
		return "BEGIN"
	},
	// SQLite knows nothing of how many rows a condition keeps; PostgreSQL gathers it by itself.
	using:    func(index string) string { return " INDEXED BY " + index },
	send:     sendEach,
	open:     openSQLite,
	classify: classifySQLite,
}

var postgresDialect = dialect{
	name:    "postgres",
	goose:   goose.DialectPostgres,
	words:   map[string]string{"int": "BIGINT", "blob": "BYTEA", "empty": "''", "strict": "", "clustered": ""},
	readers: 16,
	lanePer: true,
	mark:    func(n int) string { return "$" + strconv.Itoa(n) },
	begin: func(coop int64, write bool) string {
		set := "SET LOCAL essaim.coop = '" + strconv.FormatInt(coop, 10) + "'"
		if write {
			// Several programs share a lane by this lock; it goes with the transaction.
			return "BEGIN; " + set + "; SELECT pg_advisory_xact_lock(" + strconv.Itoa(laneLock) + ", " + strconv.FormatInt(coop, 10) + ")"
		}
		return "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; " + set
	},
	using:    func(string) string { return "" },
	send:     sendTogether,
	open:     openPostgres,
	classify: classifyPostgres,
}

// laneLock is the first key of the advisory locks that make several programs share a lane ("essa").
const laneLock = 0x65737361

// openSQLite opens the file three times: a pool for the writer and the readers, which each connection of ours leaves
// apart. The page cache is per connection; 8 MiB for each keep the whole under 100 MB resident on a file of millions of lines, whose pages the system keeps too.
func openSQLite(o Options) (app, wide, owner *sql.DB, err error) {
	path := strings.TrimPrefix(o.URL, "sqlite:")
	pragmas := []string{"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(ON)", "cache_size(-8000)", "temp_store(MEMORY)"}
	if o.Filling { // and the log goes into the file twenty times more seldom: most pages are changed again before
		pragmas[2] = "synchronous(OFF)"
		pragmas = append(pragmas, "wal_autocheckpoint(20000)")
	}
	if o.MaxPages > 0 {
		pragmas = append(pragmas, fmt.Sprintf("max_page_count(%d)", o.MaxPages))
	}
	if err := private(path); err != nil {
		return nil, nil, nil, err
	}
	dsn := "file:" + strings.NewReplacer("?", "%3f", "#", "%23").Replace(path) + "?_pragma=" + strings.Join(pragmas, "&_pragma=")
	db, err := sql.Open("sqlite", dsn)
	return db, db, db, err
}

// openPostgres opens three pools with the roles of the house: the program's, the wide one of verify and the sweep of
// jobs, and the owner of the URL for migrations. The roles are created by the owner when they are missing.
func openPostgres(o Options) (app, wide, owner *sql.DB, err error) {
	cfg, err := pgx.ParseConfig(o.URL)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("database address: %w", err)
	}
	cfg.StatementCacheCapacity = 512
	cfg.RuntimeParams["application_name"] = "essaim"
	cfg.RuntimeParams["timezone"] = "UTC"
	as := func(role string) *sql.DB {
		c := cfg.Copy()
		if role != "" {
			c.RuntimeParams["role"] = role
		}
		return stdlib.OpenDB(*c)
	}
	return as("essaim_app"), as("essaim_all"), as(""), nil
}

// rolesPostgres creates the two roles of the house and lets the owner of the URL take them.
const rolesPostgres = `DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'essaim_app') THEN CREATE ROLE essaim_app NOLOGIN; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'essaim_all') THEN CREATE ROLE essaim_all NOLOGIN; END IF;
  EXECUTE format('GRANT essaim_app, essaim_all TO %I', current_user);
EXCEPTION WHEN unique_violation OR duplicate_object THEN NULL;
END $$`

// guardPostgres gives the roles their rights on every table and forces row-level security on those of a cooperative. It
// runs after each migration, so that a new table cannot be forgotten.
const guardPostgres = `DO $$
DECLARE t record;
BEGIN
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO essaim_app, essaim_all', current_schema());
  FOR t IN SELECT c.relname, EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'coop_id' AND NOT a.attisdropped) AS scoped
           FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' LOOP
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO essaim_app, essaim_all', t.relname);
    IF t.scoped THEN
      EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t.relname);
      EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t.relname);
      EXECUTE format('DROP POLICY IF EXISTS own ON %I', t.relname);
      EXECUTE format('CREATE POLICY own ON %I TO essaim_app USING (coop_id = NULLIF(current_setting(''essaim.coop'', true), '''')::bigint) WITH CHECK (coop_id = NULLIF(current_setting(''essaim.coop'', true), '''')::bigint)', t.relname);
      EXECUTE format('DROP POLICY IF EXISTS wide ON %I', t.relname);
      EXECUTE format('CREATE POLICY wide ON %I TO essaim_all USING (true) WITH CHECK (true)', t.relname);
    END IF;
  END LOOP;
END $$`

var compared = regexp.MustCompile(`= (\$\d+)`)

// steady writes a question so that SQLite plans it once. Where there is an order or a partial index, its planner looks at
// what is bound to "column = $1", and prepares the statement anew whenever another value is; of "column = +$1", which is
// the same, it asks nothing.
func steady(text string) string {
	if !strings.HasPrefix(strings.TrimSpace(text), "SELECT") {
		return text
	}
	return compared.ReplaceAllString(text, "= +$1")
}

// sendEach runs statements one after the other, and then commits.
func sendEach(ctx context.Context, c *conn, list []pending, commit bool) error {
	for _, p := range list {
		s, err := c.prepare(ctx, p.text)
		if err == nil {
			_, err = s.ExecContext(ctx, p.args...)
		}
		if err != nil {
			return fmt.Errorf("%w in %.60s", err, p.text)
		}
	}
	if commit {
		return c.exec(ctx, "COMMIT")
	}
	return nil
}

// sendTogether sends statements, and the commit with them, in one round trip. A COMMIT that PostgreSQL answers by a
// rollback is an error.
func sendTogether(ctx context.Context, c *conn, list []pending, commit bool) error {
	return c.c.Raw(func(driver any) (err error) {
		var b pgx.Batch
		for _, p := range list {
			b.Queue(p.text, p.args...)
		}
		if commit {
			b.Queue("COMMIT")
		}
		results := driver.(*stdlib.Conn).Conn().SendBatch(ctx, &b)
		defer func() { err = errors.Join(err, results.Close()) }()
		for _, p := range list {
			if _, err := results.Exec(); err != nil {
				return fmt.Errorf("%w in %.60s", err, p.text)
			}
		}
		if commit {
			tag, err := results.Exec()
			if err != nil {
				return fmt.Errorf("commit: %w", err)
			}
			if tag.String() != "COMMIT" {
				return fmt.Errorf("commit answered by %s", tag)
			}
		}
		return nil
	})
}

func classifySQLite(err error) error {
	e, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return err
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR:
		return fault.New(fault.Busy, "store.full").Wrap(err)
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return fault.New(fault.Busy, "store.busy").Wrap(err)
	case sqlite3.SQLITE_CONSTRAINT:
		return fault.New(fault.Conflict, "store.conflict").Wrap(err)
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return fault.New(fault.Busy, "store.damaged").Wrap(err)
	case sqlite3.SQLITE_READONLY:
		return fault.New(fault.Busy, "store.readonly").Wrap(err)
	}
	return err
}

func classifyPostgres(err error) error {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		class := (e.Code + "  ")[:2]
		switch {
		case e.Code == "40001" || e.Code == "40P01" || e.Code == "55P03" || e.Code == "53300":
			return fault.New(fault.Busy, "store.busy").Wrap(err)
		case class == "08" || class == "57": // the server shuts down, or someone cut the connection
			return fault.New(fault.Busy, "store.away").Wrap(err)
		case e.Code == "53100" || e.Code == "53200" || class == "58":
			return fault.New(fault.Busy, "store.full").Wrap(err)
		case class == "23":
			return fault.New(fault.Conflict, "store.conflict").Wrap(err)
		}
		return err
	}
	if _, ok := errors.AsType[net.Error](err); ok || errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || pgconn.SafeToRetry(err) {
		return fault.New(fault.Busy, "store.away").Wrap(err)
	}
	return err
}

// migrate brings the schema to this program's version.
func (db *DB) migrate(ctx context.Context) error {
	if db.d.name == "postgres" {
		if _, err := db.owner.ExecContext(ctx, rolesPostgres); err != nil {
			return fmt.Errorf("roles: %w", err)
		}
	}
	p, err := goose.NewProvider(db.d.goose, db.owner, migrations{db.d}, goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return err
	}
	if err := db.ours(ctx, p); err != nil {
		return err
	}
	done, err := p.Up(ctx)
	if err != nil {
		return err
	}
	if db.d.name == "postgres" && (len(done) > 0) {
		if _, err := db.owner.ExecContext(ctx, guardPostgres); err != nil {
			return fmt.Errorf("row-level security: %w", err)
		}
	}
	return nil
}

// SchemaSum tells schemas apart: programs that make different ones on an engine ("sqlite", "postgres") have different sums.
func SchemaSum(engine string) (string, error) {
	d := &sqliteDialect
	if engine == postgresDialect.name {
		d = &postgresDialect
	}
	files, err := migrationFiles.ReadDir("migration")
	if err != nil {
		return "", err
	}
	h := sha256.New()
	for _, f := range files {
		b, err := migrationFiles.ReadFile("migration/" + f.Name())
		if err != nil {
			return "", err
		}
		_, _ = fmt.Fprintf(h, "%s\n%s\n", f.Name(), d.text(string(b))) // a digest never fails
	}
	_, _ = fmt.Fprint(h, guardPostgres)
	return hex.EncodeToString(h.Sum(nil)[:8]), nil
}

// ours refuses what this program must not write to: the file of another program, and a schema that a later version made.
func (db *DB) ours(ctx context.Context, p *goose.Provider) error {
	if db.d.name == "sqlite" {
		tables, err := db.tables(ctx)
		if err != nil || len(tables) == 0 {
			return err
		}
		// A migration that was cut leaves its own table alone.
		if !slices.Contains(tables, "goose_db_version") || len(tables) > 1 && !slices.Contains(tables, "cooperative") {
			return fault.New(fault.Conflict, "store.foreign")
		}
	}
	there, newest, err := p.GetVersions(ctx)
	if err == nil && there > newest {
		err = fault.New(fault.Conflict, "store.newer")
	}
	return err
}

// tables names the tables of an embedded file.
func (db *DB) tables(ctx context.Context) (all []string, err error) {
	rows, err := db.owner.QueryContext(ctx, `PRAGMA main.table_list`)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var name string
		var schema, kind, columns, rowless, strict any
		if err := rows.Scan(&schema, &name, &kind, &columns, &rowless, &strict); err != nil {
			return nil, err
		}
		if !strings.HasPrefix(name, "sqlite_") {
			all = append(all, name)
		}
	}
	return all, rows.Err()
}

// migrations is the one series of .sql files with the words of an engine put in, and with the blocks kept that are
// marked for it ("-- +sqlite" or "-- +postgres" to "-- +end").
type migrations struct{ d *dialect }

func (m migrations) Open(name string) (fs.File, error) {
	if !strings.HasSuffix(name, ".sql") {
		return migrationFiles.Open("migration/" + strings.TrimPrefix(name, "."))
	}
	b, err := migrationFiles.ReadFile("migration/" + name)
	if err != nil {
		return nil, err
	}
	return &textFile{Reader: strings.NewReader(m.d.text(string(b))), name: name}, nil
}

// ReadDir lists the series.
func (m migrations) ReadDir(string) ([]fs.DirEntry, error) {
	return migrationFiles.ReadDir("migration")
}

func (d *dialect) text(s string) string {
	if d.name == "postgres" {
		// Texts compare by their bytes, as SQLite does, whatever the language the database was created in: the order of
		// pages and the ranges of accounts depend on it.
		s = strings.ReplaceAll(s, " TEXT NOT NULL", ` TEXT COLLATE "C" NOT NULL`)
	}
	for w, v := range d.words {
		s = strings.ReplaceAll(s, "{{"+w+"}}", v)
	}
	var b strings.Builder
	skip := false
	for line := range strings.Lines(s) {
		switch tag := strings.TrimSpace(line); {
		case tag == "-- +end":
			skip = false
		case tag == "-- +sqlite" || tag == "-- +postgres":
			skip = tag != "-- +"+d.name
		case !skip:
			b.WriteString(line)
		}
	}
	return b.String()
}

type textFile struct {
	*strings.Reader
	name string
}

func (f *textFile) Close() error               { return nil }
func (f *textFile) Stat() (fs.FileInfo, error) { return f, nil }
func (f *textFile) Name() string               { return f.name }
func (f *textFile) Mode() fs.FileMode          { return 0o444 }
func (f *textFile) ModTime() (t time.Time)     { return t }
func (f *textFile) IsDir() bool                { return false }
func (f *textFile) Sys() any                   { return nil }
