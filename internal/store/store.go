// Package store keeps the cooperative's data in SQLite or PostgreSQL: one body of SQL, two doors (Read and Write), one
// lane that commits, and everything derived kept in the same transaction. DESIGN.md beside this file says why.
package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"embed"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"modernc.org/sqlite"

	"essaim/fault"
)

//go:embed migration/*.sql
var migrationFiles embed.FS

// Options say where the data are.
type Options struct {
	URL      string           // "sqlite:FILE" or "postgres://…"
	Pool     int              // PostgreSQL connections for reads; 0: 16
	Now      func() time.Time // the clock; nil: time.Now
	MaxPages int64            // SQLite: page limit, to simulate a full disk; 0: none

	// Filling is for an embedded file that is made whole or thrown away: nothing is synced, and the file is no longer
	// sound after a fall, until Close has checkpointed and synced all of it. On PostgreSQL it changes nothing.
	Filling bool
}

// DB is an open store.
type DB struct {
	d                *dialect
	app, wide, owner *sql.DB
	now              func() time.Time
	readers          chan *conn
	slots            chan struct{} // readers not yet opened

	mu        sync.RWMutex // lanes and closed; held for reading while an operation joins a line
	lanes     map[int64]*lane
	closed    bool
	work      sync.WaitGroup
	settings  sync.Map // coop id → *Settings
	imprints  sync.Map // takenKey → true
	thirds    sync.Map // thirdKey → ledger.Third, workerKey → its id
	sums      sumCache
	submitted sync.Map // coop id → submittedKept
	wake      sync.Map // kind → func(): what commits tell (jobs)
	asked     atomic.Int64

	filling    string // the embedded file that Close syncs, "" when each commit does
	statements atomic.Int64
	changed    atomic.Int64 // settings changed by this program, of any cooperative
}

// Open opens the store and brings its schema up to date.
func Open(ctx context.Context, o Options) (*DB, error) {
	d := &sqliteDialect
	switch {
	case strings.HasPrefix(o.URL, "postgres://"), strings.HasPrefix(o.URL, "postgresql://"):
		d = &postgresDialect
	case strings.HasPrefix(o.URL, "sqlite:"):
	default:
		return nil, fault.At("db", "store.address", "db", redact(o.URL))
	}
	db := &DB{d: d, now: o.Now, lanes: map[int64]*lane{}}
	if db.now == nil {
		db.now = time.Now
	}
	if o.Filling && d.name == "sqlite" {
		db.filling = strings.TrimPrefix(o.URL, "sqlite:")
	}
	var err error
	if db.app, db.wide, db.owner, err = d.open(o); err != nil {
		return nil, err
	}
	n := d.readers
	if o.Pool > 0 && d.lanePer {
		n = o.Pool
	}
	db.readers, db.slots = make(chan *conn, n), make(chan struct{}, n)
	for range n {
		db.slots <- struct{}{}
	}
	if err := db.migrate(ctx); err != nil {
		return nil, errors.Join(because(o.URL, d.classify(err)), db.Close())
	}
	return db, nil
}

// because says which database could not be opened, and why.
func because(url string, err error) error {
	if len(fault.All(err)) > 0 {
		return err
	}
	return fault.New(fault.Busy, "store.unopened", "db", redact(url)).Wrap(err)
}

// redact removes the password of an address before it is shown.
func redact(url string) string {
	if at := strings.LastIndexByte(url, '@'); at > 0 {
		if from := strings.Index(url, "://"); from > 0 {
			return url[:from+3] + "…" + url[at:]
		}
	}
	return url
}

// Engine names the engine: "sqlite" or "postgres".
func (db *DB) Engine() string { return db.d.name }

// Now returns the store's clock.
func (db *DB) Now() time.Time { return db.now() }

// Close waits for the operations under way and closes the connections. A file that was being filled is on the disk
// afterwards.
func (db *DB) Close() error {
	db.mu.Lock()
	db.closed = true
	for _, l := range db.lanes {
		close(l.ops)
	}
	db.lanes = map[int64]*lane{}
	db.mu.Unlock()
	db.work.Wait()
	var errs []error
	for {
		select {
		case c := <-db.readers:
			errs = append(errs, c.close())
			continue
		default:
		}
		break
	}
	for _, p := range []*sql.DB{db.app, db.wide, db.owner} {
		if p != nil {
			errs = append(errs, p.Close())
		}
	}
	if db.filling != "" { // its last connection has taken the log into the file
		errs = append(errs, synced(db.filling), synced(filepath.Dir(db.filling)))
	}
	return errors.Join(errs...)
}

// private leaves an embedded file to the one who runs the program: it is made so, or narrowed when it has wider rights, as
// a copy has. SQLite gives the rights of the file to what it writes beside it; what lies there already is narrowed too.
// Somebody else's file is left as it is: whoever made it decides.
func private(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		return f.Close()
	}
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		if err := narrow(name); err != nil {
			return err
		}
	}
	return nil
}

// narrow takes the rights of everyone but the owner away from a file or a directory, if it is there and can be changed.
func narrow(name string) error {
	i, err := os.Stat(name)
	if err != nil || i.Mode().Perm()&0o077 == 0 {
		return nil // what cannot be seen is told where it is opened
	}
	err = os.Chmod(name, i.Mode().Perm()&^0o077)
	if errors.Is(err, os.ErrPermission) || errors.Is(err, syscall.EROFS) {
		return nil
	}
	return err
}

// synced returns once the system has a file, or a directory's names, on the disk.
func synced(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// conn is one connection with its prepared statements.
type conn struct {
	c     *sql.Conn
	stmts map[string]*sql.Stmt
	lite  bool // SQLite: nothing of a statement is worth parsing twice, BEGIN and COMMIT included
}

func newConn(ctx context.Context, pool *sql.DB) (*conn, error) {
	c, err := pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	_, lite := pool.Driver().(*sqlite.Driver)
	return &conn{c: c, stmts: map[string]*sql.Stmt{}, lite: lite}, nil
}

// stmtsMax bounds the statements that a connection keeps prepared: the texts of the package are some hundreds, those that
// filters build are few at a time.
const stmtsMax = 1000

// prepare returns the statement of a text. No rows of another are being read: PostgreSQL would not allow it.
func (c *conn) prepare(ctx context.Context, text string) (*sql.Stmt, error) {
	if s, ok := c.stmts[text]; ok {
		return s, nil
	}
	if len(c.stmts) >= stmtsMax {
		for _, s := range c.stmts {
			_ = s.Close() // prepared again when it is needed
		}
		clear(c.stmts)
	}
	run := text
	if c.lite {
		run = steady(text)
	}
	s, err := c.c.PrepareContext(ctx, run)
	if err == nil {
		c.stmts[text] = s
	}
	return s, err
}

func (c *conn) exec(ctx context.Context, text string) error {
	if c.lite {
		s, err := c.prepare(ctx, text)
		if err == nil {
			_, err = s.ExecContext(ctx)
		}
		return err
	}
	_, err := c.c.ExecContext(ctx, text)
	return err
}

func (c *conn) close() error {
	for _, s := range c.stmts {
		_ = s.Close() // the connection goes with it: nothing is lost
	}
	return c.c.Close()
}

// drop closes a connection that broke, so that the pool does not give it out again.
func (c *conn) drop() {
	if c.lite { // SQLite's statements must go before what they were prepared on: closed afterwards they would bring the program down
		for _, s := range c.stmts {
			_ = s.Close() // it is the connection that is broken
		}
		clear(c.stmts)
	}
	_ = c.c.Raw(func(any) error { return driver.ErrBadConn }) // this is what it answers
	_ = c.close()
}

// reader takes a connection for reading; give returns it, or drops it when it broke.
func (db *DB) reader(ctx context.Context) (*conn, error) {
	select {
	case c := <-db.readers:
		return c, nil
	default:
	}
	select {
	case c := <-db.readers:
		return c, nil
	case <-db.slots:
		c, err := newConn(context.WithoutCancel(ctx), db.app)
		if err != nil {
			db.slots <- struct{}{}
		}
		return c, err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (db *DB) give(c *conn, broken bool) {
	if broken {
		c.drop()
		db.slots <- struct{}{}
		return
	}
	db.readers <- c
}

// beginReading takes a connection and opens a transaction on it. Those that broke while they waited, as when the server was
// started again, are replaced.
func (db *DB) beginReading(ctx context.Context, coop int64) (*conn, error) {
	for left := cap(db.readers); ; left-- {
		c, err := db.reader(ctx)
		if err != nil {
			return nil, err
		}
		if err = c.exec(context.WithoutCancel(ctx), db.d.begin(coop, false)); err == nil {
			return c, nil
		}
		db.give(c, true)
		if left == 0 || db.d.name == "sqlite" {
			return nil, err
		}
	}
}

// Read runs fn in a transaction that sees one state of one cooperative's data (0: the global tables).
func (db *DB) Read(ctx context.Context, coop int64, fn func(*Tx) error) error {
	c, err := db.beginReading(ctx, coop)
	if err != nil {
		return db.d.classify(err)
	}
	broken := true
	defer func() { db.give(c, broken) }()
	// A request that is cut must not cut the connection under the next one.
	ctx = context.WithoutCancel(ctx)
	tx := &Tx{db: db, ctx: ctx, c: c, coop: coop, now: db.now().UnixMicro()}
	err = tx.run(fn)
	if end := c.exec(ctx, "COMMIT"); end == nil {
		broken = false
	} else if c.exec(ctx, "ROLLBACK") == nil {
		broken = false
	}
	return db.d.classify(err)
}

// Statements counts what was asked of the engine since the store was opened, the beginning and end of transactions left
// out: tests hold that a page asks as much of a large cooperative as of a small one.
func (db *DB) Statements() int64 { return db.statements.Load() }

// Changed moves whenever this program changes the settings of a cooperative, its people among them. What is remembered
// across cooperatives is read again when it has moved.
func (db *DB) Changed() int64 { return db.changed.Load() }

// Wide reads across cooperatives with the role that may: verify, the sweep of jobs.
func (db *DB) Wide(ctx context.Context, fn func(*Tx) error) error {
	c, err := newConn(ctx, db.wide)
	if err != nil {
		return db.d.classify(err)
	}
	defer func() { _ = c.close() }()
	ctx = context.WithoutCancel(ctx)
	if err := c.exec(ctx, db.d.begin(0, false)); err != nil {
		return db.d.classify(err)
	}
	err = (&Tx{db: db, ctx: ctx, c: c, now: db.now().UnixMicro()}).run(fn)
	return db.d.classify(errors.Join(err, c.exec(ctx, "ROLLBACK")))
}
